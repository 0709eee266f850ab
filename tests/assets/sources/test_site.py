"""A site held against what is known of it: which posts are read again, which moved, which are gone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from fake_rest import HOME, MONDAY, ROOT, UPLOADS, Came, FakeRest, came, failed, media, post, refusal

from assets.model import Failure, Reading, Reason
from assets.sources.inventory import PostType
from assets.sources.live import LiveOptions
from assets.sources.site import (
    DELETED,
    NOT_PUBLIC,
    KnownPost,
    KnownSite,
    PostGone,
    PostMoved,
    SiteRead,
    SiteReader,
    StrayAnswered,
)

READ = f"{MONDAY}Z"
LATER, EARLIER, FUTURE = "2025-08-20T08:00:00", "2024-01-01T08:00:00", "2031-01-01T08:00:00"
MARK = "2025-08-19T00:00:00Z"
KIM = f"<img class='wp-image-3' src='{UPLOADS}kim.jpg'>"


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk over a site told."""

    readings: list[Reading] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    moved: list[PostMoved] = field(default_factory=list)
    gone: list[PostGone] = field(default_factory=list)
    strays: list[StrayAnswered] = field(default_factory=list)
    ends: list[SiteRead] = field(default_factory=list)

    @property
    def numbers(self) -> list[int | None]:
        return [reading.page.post_id for reading in self.readings]

    @property
    def end(self) -> SiteRead:
        (end,) = self.ends
        return end


@pytest.fixture
def site() -> FakeRest:
    """A site with the posts 1 to 3 and the page 4."""
    site = FakeRest()
    site.add(*(post(number) for number in (1, 2, 3)), post(4, type="page"))
    return site


def known_post(number: int, **fields: Any) -> KnownPost:  # noqa: ANN401 - the post's own
    told = {"read": READ, "url": f"{HOME}{number}/", "post_type": "post", "featured_media": 0}
    return KnownPost(**{**told, **fields})


def known(posts: Mapping[int, KnownPost] | None = None, **fields: Any) -> KnownSite:  # noqa: ANN401
    """All posts of the site as they are, but for those that a test says otherwise."""
    there = {number: known_post(number) for number in (1, 2, 3)} | {4: known_post(4, post_type="page")}
    return KnownSite(posts=there | dict(posts or {}), **fields)


def walk(
    site: FakeRest,
    told: KnownSite | None = None,
    only: PostType | None = None,
    *,
    is_own: bool = False,
    **options: Any,  # noqa: ANN401 - LiveOptions's own
) -> Walk:
    reader = SiteReader(
        site.ask, HOME, ROOT, LiveOptions(**options), told or KnownSite(), only, is_own=is_own
    )
    found = Walk()
    lists: dict[type, list[Any]] = {
        Reading: found.readings,
        Failure: found.failures,
        PostMoved: found.moved,
        PostGone: found.gone,
        StrayAnswered: found.strays,
        SiteRead: found.ends,
    }

    async def go() -> None:
        async for part in reader.read():
            lists[type(part)].append(part)

    asyncio.run(go())
    return found


# New and changed posts


def test_all_posts_of_an_unknown_site_are_read(site: FakeRest) -> None:
    assert sorted(walk(site).numbers, key=str) == [1, 2, 3, 4]


def test_a_site_that_is_as_it_was_has_nothing_to_read(site: FakeRest) -> None:
    found = walk(site, known())
    assert (found.numbers, found.moved, found.gone, found.failures) == ([], [], [], [])


def test_a_site_that_is_as_it_was_costs_its_lists_alone(site: FakeRest) -> None:
    walk(site, known())
    assert [address.partition("?")[0].removeprefix(ROOT) for address in site.asked] == [
        "wp/v2/types",
        "wp/v2/posts",
        "wp/v2/pages",
        "wp/v2/media",
    ]


def test_a_new_post_is_read_whatever_its_dates(site: FakeRest) -> None:
    site.add(post(5, date_gmt=EARLIER, modified_gmt=EARLIER))
    assert walk(site, known()).numbers == [5]


@pytest.mark.parametrize("modified", [LATER, EARLIER, FUTURE])
def test_another_time_of_modification_is_a_change(site: FakeRest, modified: str) -> None:
    site.add(post(2, modified_gmt=modified))
    assert walk(site, known()).numbers == [2]


def test_a_post_that_does_not_tell_its_modification_is_read(site: FakeRest) -> None:
    site.add(post(2, modified_gmt=None))
    assert walk(site, known({2: known_post(2, read="")})).numbers == [2]


def test_a_post_that_was_not_read_completely_is_read(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, read="")})).numbers == [2]


def test_another_featured_picture_is_a_change(site: FakeRest) -> None:
    site.add(post(2, featured_media=9))
    assert walk(site, known()).numbers == [2]


def test_a_featured_picture_that_was_taken_away_is_a_change(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, featured_media=9)})).numbers == [2]


def test_a_site_that_does_not_tell_featured_pictures_has_changed_none(site: FakeRest) -> None:
    site.add(post(2, featured_media=None))
    assert walk(site, known()).numbers == []


@pytest.mark.parametrize("modified", [LATER, EARLIER])
def test_another_modification_of_a_picture_is_a_change(site: FakeRest, modified: str) -> None:
    site.add(media(9, "kim.jpg", modified_gmt=modified))
    assert walk(site, known({2: known_post(2, media={9: READ})})).numbers == [2]


def test_a_picture_that_is_gone_from_the_library_is_a_change(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, media={9: READ})})).numbers == [2]


def test_a_picture_that_is_as_it_was_is_no_change(site: FakeRest) -> None:
    site.add(media(9, "kim.jpg"))
    assert walk(site, known({2: known_post(2, media={9: READ})})).numbers == []


def test_one_of_several_pictures_is_enough(site: FakeRest) -> None:
    site.add(media(8, "sam.jpg"), media(9, "kim.jpg", modified_gmt=LATER))
    assert walk(site, known({2: known_post(2, media={8: READ, 9: READ})})).numbers == [2]


@pytest.mark.parametrize("status", [401, 503])
def test_a_library_that_does_not_come_has_changed_nothing(site: FakeRest, status: int) -> None:
    site.answers["wp/v2/media"] = failed(status)
    assert walk(site, known({2: known_post(2, media={9: READ})})).numbers == []


@pytest.mark.parametrize(
    ("known_alt", "alt", "expected"),
    [("Kim", "Kim", False), ("Kim", "Kim waves", True), ("", "Kim", True), (None, "Kim", False)],
)
def test_another_alt_text_of_the_featured_picture_is_a_change(
    site: FakeRest, known_alt: str | None, alt: str, *, expected: bool
) -> None:
    site.add(post(2, featured_media=9), media(9, "kim.jpg", alt_text=alt))
    told = known_post(2, featured_media=9, featured_alt=known_alt, media={9: READ})
    assert bool(walk(site, known({2: told})).numbers) is expected


def test_an_alt_text_that_is_not_told_is_no_change(site: FakeRest) -> None:
    site.add(post(2, featured_media=9), media(9, "kim.jpg"))
    told = known_post(2, featured_media=9, featured_alt="Kim", media={9: READ})
    assert walk(site, known({2: told})).numbers == []


def test_a_post_that_lacks_its_featured_picture_is_read_where_its_page_has_another_address(
    site: FakeRest,
) -> None:
    site.add(post(2, link=f"{HOME}two/"), post(3, link=f"{HOME}three/"))
    assert walk(site, known({2: known_post(2, lacks_featured=True)})).numbers == [2]


def test_a_post_that_lacks_its_featured_picture_is_left_alone_where_it_is(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, lacks_featured=True)})).numbers == []


def test_a_post_that_is_back_is_read(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, is_gone=True)})).numbers == [2]


def test_the_newest_are_read_first(site: FakeRest) -> None:
    site.add(post(1, date_gmt=LATER), post(5, date_gmt=EARLIER))
    told = known({number: known_post(number, read="") for number in (1, 2, 3)})
    assert walk(site, told).numbers == [1, 3, 2, 5]


def test_a_limit_takes_the_newest(site: FakeRest) -> None:
    site.add(post(1, date_gmt=LATER))
    assert walk(site, limit=1).numbers == [1]


def test_a_limit_goes_on_where_it_ended(site: FakeRest) -> None:
    told = KnownSite({number: known_post(number) for number in (2, 3)} | {4: known_post(4, post_type="page")})
    assert walk(site, told, limit=2).numbers == [1]


@pytest.mark.parametrize(("limit", "is_complete"), [(3, False), (4, True)])
def test_a_limit_leaves_a_site_incomplete_if_it_leaves_posts_out(
    site: FakeRest, limit: int, *, is_complete: bool
) -> None:
    found = walk(site, limit=limit)
    assert (len(found.numbers), found.end.is_complete) == (limit, is_complete)


def test_readings_are_of_the_source_and_of_the_site(site: FakeRest) -> None:
    site.add(post(1, _links={"self": [{"href": "https://cdn.example/wp-json/wp/v2/posts/1"}]}))
    page = next(one.page for one in walk(site).readings if one.page.post_id == 1)
    assert (page.source, page.api_root) == (HOME, ROOT)


def test_what_the_library_says_is_in_the_reading(site: FakeRest) -> None:
    site.add(post(5, KIM), media(3, "kim.jpg"))
    (reading,) = walk(site, known()).readings
    assert reading.references[0].uploaded == READ


@pytest.mark.parametrize(("status", "expected"), [(200, False), (401, True), (503, True)])
def test_featured_pictures_are_embedded_where_the_library_does_not_come(
    site: FakeRest, status: int, *, expected: bool
) -> None:
    site.add(post(5))
    if status != 200:
        site.answers["wp/v2/media"] = failed(status)
    walk(site, known())
    assert ("_embed" in site.asked_for("wp/v2/posts")[-1]) is expected


# What is settled


def test_what_was_modified_long_ago_is_settled(site: FakeRest) -> None:
    assert [one.is_settled for one in walk(site).readings] == [True] * 4


def test_a_post_that_was_modified_just_now_is_not_settled(site: FakeRest) -> None:
    site.add(post(5, modified_gmt="2025-08-23T11:59:59"))
    assert [one.is_settled for one in walk(site, known()).readings] == [False]


def test_a_picture_that_was_modified_just_now_is_not_settled(site: FakeRest) -> None:
    site.add(post(5, KIM), media(3, "kim.jpg", modified_gmt="2025-08-23T11:59:59"))
    assert [one.is_settled for one in walk(site, known()).readings] == [False]


def test_a_post_whose_picture_the_library_does_not_tell_is_not_settled(site: FakeRest) -> None:
    site.add(post(5, KIM))
    site.answers["wp/v2/media"] = failed(503)
    found = walk(site, known())
    assert ([one.is_settled for one in found.readings], found.end.is_complete) == ([False], False)


def test_whose_file_an_address_is_is_asked_again_where_the_list_did_not_come(site: FakeRest) -> None:
    site.add(post(5, f"<img src='{UPLOADS}kim.jpg'>"), post(6))
    site.answers["wp/v2/media"] = failed(503)
    settled = {one.page.post_id: one.is_settled for one in walk(site, known()).readings}
    assert settled == {5: False, 6: True}


def test_an_item_that_cannot_be_made_hides_no_change_of_another(site: FakeRest) -> None:
    site.add(media(8, "sam.jpg"), media(9, "kim.jpg", modified_gmt=LATER))
    site.broken = {8}
    assert walk(site, known({2: known_post(2, media={9: READ})})).numbers == [2]


def test_an_item_that_cannot_be_made_leaves_pictures_of_others_settled(site: FakeRest) -> None:
    site.add(post(5, f"<img src='{UPLOADS}kim.jpg'>"), media(8, "sam.jpg"), media(9, "kim.jpg"))
    site.broken = {8}
    (reading,) = walk(site, known()).readings
    assert (reading.is_settled, reading.references[0].uploaded) == (True, READ)


def test_a_closed_library_leaves_a_site_complete(site: FakeRest) -> None:
    site.add(post(5, KIM))
    site.answers["wp/v2/media"] = failed(401)
    found = walk(site, known())
    assert (found.failures, found.readings[0].is_settled, found.end.is_complete) == ([], True, True)


# Moved


def test_a_post_with_another_address_has_moved(site: FakeRest) -> None:
    site.add(post(2, link=f"{HOME}two/"))
    found = walk(site, known())
    assert (found.moved, found.numbers) == ([PostMoved(ROOT, 2, f"{HOME}two/")], [])


def test_a_post_that_moved_is_told_beside_new_ones(site: FakeRest) -> None:
    site.add(post(2, link=f"{HOME}two/"))
    told = KnownSite({2: known_post(2)})
    assert walk(site, told).moved == [PostMoved(ROOT, 2, f"{HOME}two/")]


def test_a_post_that_is_back_has_not_moved(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, url=f"{HOME}two/", is_gone=True)})).moved == []


def test_a_post_that_was_a_draft_has_not_moved(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, url=f"{HOME}?p=2", is_draft=True)})).moved == []


def test_a_post_that_is_a_draft_has_not_moved(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(2, status="draft", link=f"{HOME}?p=2"))
    assert walk(site, known(), is_own=True).moved == []


def test_a_draft_that_is_gone_is_not_back(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(2, status="draft"))
    assert walk(site, known({2: known_post(2, is_gone=True)}), is_own=True).numbers == []


def test_a_post_that_does_not_tell_its_address_has_not_moved(site: FakeRest) -> None:
    site.add(post(2, link=None))
    assert walk(site, known()).moved == []


# What the site says at the end


def test_a_site_that_was_listed_and_read_is_whole_and_complete(site: FakeRest) -> None:
    assert walk(site).end == SiteRead(ROOT, "2025-08-23T12:00:00Z", True, True, {"post": 3, "page": 1}, {})


def test_a_site_without_a_clock_has_no_mark(site: FakeRest) -> None:
    site.clock = ""
    assert walk(site).end.mark == ""


def test_a_part_of_the_types_is_not_the_whole(site: FakeRest) -> None:
    end = walk(site, types=("pages",)).end
    assert (end.is_whole, end.is_complete, end.types, end.passed_over) == (
        False,
        True,
        {"page": 1},
        {"post": 3},
    )


def test_a_single_type_is_not_the_whole(site: FakeRest) -> None:
    found = walk(site, only=PostType("page", "wp/v2/pages"))
    assert (found.numbers, found.end.is_whole) == ([4], False)


def test_a_list_that_fails_leaves_a_site_neither_whole_nor_complete(site: FakeRest) -> None:
    site.answers["wp/v2/pages"] = failed(None)
    found = walk(site, known())
    assert {one.reason for one in found.failures} == {Reason.TIMEOUT}
    assert (found.end.is_whole, found.end.is_complete) == (False, False)


@pytest.mark.parametrize("answer", [failed(503), failed(None)])
def test_a_library_that_fails_leaves_a_site_incomplete(site: FakeRest, answer: Came) -> None:
    site.answers["wp/v2/media"] = answer
    found = walk(site, known())
    assert (bool(found.failures), found.end.is_complete, found.end.is_whole) == (True, False, True)


def test_a_post_that_cannot_be_made_leaves_a_site_incomplete(site: FakeRest) -> None:
    plain = [post(number) for number in (1, 2, 3)]
    site.answers["wp/v2/posts"] = lambda query: (
        failed(500) if "include" in query else came(plain, x_wp_total="3", x_wp_totalpages="1")
    )
    found = walk(site, known({2: known_post(2, read="")}))
    assert (len(found.failures), found.end.is_complete) == (1, False)


def test_a_post_that_went_between_list_and_reading_leaves_a_site_incomplete(site: FakeRest) -> None:
    site.before = lambda address: site.lists["posts"].pop(2, None) if "include" in address else None
    assert not walk(site).end.is_complete


# Gone


@pytest.mark.parametrize(
    ("status", "word"), [(404, DELETED), (410, DELETED), (401, NOT_PUBLIC), (403, NOT_PUBLIC)]
)
def test_a_post_is_gone_as_its_id_says(site: FakeRest, status: int, word: str) -> None:
    site.answers["wp/v2/posts/9"] = refusal("rest_error", status)
    found = walk(site, known({9: known_post(9)}))
    assert (found.gone, found.end.is_complete) == ([PostGone(ROOT, 9, word)], True)


@pytest.mark.parametrize("answer", [failed(503), failed(None), failed(429), came(b"<p>Sorry.</p>"), came({})])
def test_an_id_that_does_not_answer_says_nothing(site: FakeRest, answer: Came) -> None:
    site.answers["wp/v2/posts/9"] = answer
    found = walk(site, known({9: known_post(9)}))
    assert (found.gone, len(found.failures), found.end.is_complete) == ([], 1, False)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_page_that_answers_where_the_api_was_says_nothing(site: FakeRest, status: int) -> None:
    def move(address: str) -> None:
        if address.endswith("posts/9"):
            site.answers |= {f"wp/v2/{route}": failed(status) for route in ("posts/9", "posts", "pages")}

    site.before = move
    found = walk(site, known({9: known_post(9)}))
    assert (found.gone, len(found.failures), found.end.is_complete) == ([], 1, False)


@pytest.mark.parametrize(("status", "word"), [(404, DELETED), (403, NOT_PUBLIC)])
def test_an_api_that_goes_on_listing_is_believed_without_words(
    site: FakeRest, status: int, word: str
) -> None:
    site.answers["wp/v2/posts/9"] = failed(status)
    assert walk(site, known({9: known_post(9)})).gone == [PostGone(ROOT, 9, word)]


def test_a_post_that_slipped_from_the_list_is_there(site: FakeRest) -> None:
    site.answers["wp/v2/posts/9"] = came(post(9))
    found = walk(site, known({9: known_post(9)}))
    assert (found.gone, found.numbers, found.failures) == ([], [], [])


def test_a_post_that_slipped_from_the_list_may_have_changed(site: FakeRest) -> None:
    site.answers["wp/v2/posts/9"] = came(post(9, modified_gmt=LATER, link=f"{HOME}nine/"))
    site.before = lambda address: site.add(post(9)) if "include" in address else None
    found = walk(site, known({9: known_post(9)}))
    assert (found.numbers, found.moved) == ([9], [PostMoved(ROOT, 9, f"{HOME}nine/")])


def test_a_post_that_the_site_shows_as_a_draft_is_gone(site: FakeRest) -> None:
    site.add(post(9, status="draft"))
    assert walk(site, known({9: known_post(9)})).gone == [PostGone(ROOT, 9, "draft")]


def test_a_post_that_went_to_another_type_is_not_gone(site: FakeRest) -> None:
    assert walk(site, known({4: known_post(4, post_type="post")})).gone == []


def test_a_post_of_unknown_type_is_looked_for_in_each(site: FakeRest) -> None:
    found = walk(site, known({9: known_post(9, post_type="")}))
    assert site.asked[4:] == [f"{ROOT}wp/v2/posts/9", f"{ROOT}wp/v2/pages/9"]
    assert found.gone == [PostGone(ROOT, 9, DELETED)]


def test_a_post_that_one_type_hides_is_not_deleted(site: FakeRest) -> None:
    site.answers["wp/v2/posts/9"] = refusal("rest_forbidden", 401)
    found = walk(site, known({9: known_post(9, post_type="")}))
    assert found.gone == [PostGone(ROOT, 9, NOT_PUBLIC)]


def test_a_post_is_looked_for_in_its_own_type_alone(site: FakeRest) -> None:
    walk(site, known({9: known_post(9, post_type="page")}))
    assert site.asked[4:] == [f"{ROOT}wp/v2/pages/9"]


def test_a_post_of_a_type_that_was_not_listed_is_not_gone(site: FakeRest) -> None:
    found = walk(site, known({9: known_post(9, post_type="report")}))
    assert (found.gone, len(site.asked)) == ([], 4)


def test_what_was_gone_before_is_not_told_again(site: FakeRest) -> None:
    assert walk(site, known({9: known_post(9, is_gone=True)})).gone == []


def test_posts_of_a_list_that_came_in_part_are_not_looked_for(site: FakeRest) -> None:
    site.broken = {2}
    found = walk(site, known({9: known_post(9)}))
    assert (found.gone, f"{ROOT}wp/v2/posts/9" in site.asked) == ([], False)


def test_posts_of_unknown_type_are_looked_for_if_all_lists_came(site: FakeRest) -> None:
    site.broken = {4}
    found = walk(site, known({9: known_post(9, post_type="")}))
    assert (found.gone, f"{ROOT}wp/v2/posts/9" in site.asked) == ([], False)


def test_what_is_gone_of_a_type_is_told_where_another_failed(site: FakeRest) -> None:
    site.answers["wp/v2/pages"] = failed(None)
    assert walk(site, known({9: known_post(9)})).gone == [PostGone(ROOT, 9, DELETED)]


# A quick run, and since a time


@pytest.mark.parametrize("how", ["mark", "since"])
def test_only_what_was_modified_after_is_listed(site: FakeRest, how: str) -> None:
    site.add(post(2, modified_gmt=LATER))
    found = walk(site, known(mark=MARK)) if how == "mark" else walk(site, known(), since=MARK)
    assert (found.numbers, found.end.is_whole) == ([2], False)
    assert {query["modified_after"] for query in site.asked_for("wp/v2/media")} == {MARK}


def test_a_time_that_is_asked_for_comes_before_the_mark(site: FakeRest) -> None:
    walk(site, known(mark=MARK), since="2025-08-21T00:00:00Z")
    assert site.asked_for("wp/v2/posts")[0]["modified_after"] == "2025-08-21T00:00:00Z"


def test_a_quick_run_says_of_nothing_that_it_is_gone(site: FakeRest) -> None:
    found = walk(site, known({9: known_post(9)}, mark=MARK))
    assert (found.gone, f"{ROOT}wp/v2/posts/9" in site.asked) == ([], False)


def test_a_run_since_a_time_says_of_nothing_that_it_is_gone(site: FakeRest) -> None:
    assert walk(site, known({9: known_post(9)}), since=MARK).gone == []


def test_a_quick_run_goes_on_with_what_was_under_way(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, read="")}, mark=MARK)).numbers == [2]


def test_a_quick_run_reads_what_was_under_way_once(site: FakeRest) -> None:
    site.add(post(2, modified_gmt=LATER))
    assert walk(site, known({2: known_post(2, read="")}, mark=MARK)).numbers == [2]


def test_a_quick_run_leaves_what_is_gone(site: FakeRest) -> None:
    assert walk(site, known({2: known_post(2, read="", is_gone=True)}, mark=MARK)).numbers == []


def test_a_quick_run_goes_on_with_wanted_types_alone(site: FakeRest) -> None:
    told = known({2: known_post(2, read="")}, mark=MARK)
    assert walk(site, told, types=("page",)).numbers == []


def test_a_quick_run_sees_a_picture_that_was_edited(site: FakeRest) -> None:
    site.knows_modified_after = False
    site.add(media(9, "kim.jpg", modified_gmt=LATER))
    assert walk(site, known({2: known_post(2, media={9: READ})}, mark=MARK)).numbers == [2]


def test_a_run_since_a_time_reads_known_posts_too(site: FakeRest) -> None:
    site.add(post(2, modified_gmt=LATER))
    told = known({2: known_post(2, read=f"{LATER}Z")})
    assert walk(site, told, since=MARK).numbers == [2]


def test_a_site_that_lists_everything_is_filtered(site: FakeRest) -> None:
    site.knows_modified_after = False
    site.add(post(2, modified_gmt=LATER))
    assert walk(site, since=MARK).numbers == [2]


def test_a_post_without_a_time_of_modification_is_read_since_any_time(site: FakeRest) -> None:
    site.knows_modified_after = False
    site.add(post(5, modified_gmt=None))
    assert walk(site, known(), since=MARK).numbers == [5]


# With an account


def test_a_draft_is_read_with_an_account(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(5, status="draft"))
    (reading,) = walk(site, known(), is_own=True).readings
    assert (reading.page.status, reading.page.published) == ("draft", "")


# Pages that are known from elsewhere


STRAY = f"{HOME}stray/"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (came(b"<p>Here.</p>"), StrayAnswered(STRAY, "", STRAY)),
        (came(b"<p>Here.</p>", final_url=HOME), StrayAnswered(STRAY, "", HOME)),
        (failed(404), StrayAnswered(STRAY, DELETED)),
        (failed(410), StrayAnswered(STRAY, DELETED)),
        (failed(403), StrayAnswered(STRAY, NOT_PUBLIC)),
    ],
)
def test_a_page_that_is_in_no_list_is_asked_for(
    site: FakeRest, answer: Came, expected: StrayAnswered
) -> None:
    site.answers[STRAY] = answer
    assert walk(site, known(strays=[STRAY])).strays == [expected]


def test_a_page_that_does_not_answer_says_nothing(site: FakeRest) -> None:
    site.answers[STRAY] = failed(503)
    assert walk(site, known(strays=[STRAY])).strays == []


def test_a_page_that_is_in_a_list_is_not_asked_for(site: FakeRest) -> None:
    assert walk(site, known(strays=["http://news.example/2/"])).strays == []
    assert "http://news.example/2/" not in site.asked


@pytest.mark.parametrize("options", [{"types": ("post",)}, {"since": MARK}])
def test_pages_are_not_asked_for_where_a_part_was_listed(site: FakeRest, options: dict[str, Any]) -> None:
    assert walk(site, known(strays=[STRAY]), **options).strays == []
    assert STRAY not in site.asked


def test_pages_are_not_asked_for_in_a_quick_run(site: FakeRest) -> None:
    walk(site, known(strays=[STRAY], mark=MARK))
    assert STRAY not in site.asked
