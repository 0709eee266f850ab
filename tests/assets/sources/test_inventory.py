"""What a site holds as lists of ids: complete, or said not to be."""

from __future__ import annotations

import asyncio

import pytest
from fake_rest import HOME, MONDAY, NOON, ROOT, UPLOADS, Came, FakeRest, came, failed, media, post, refusal

from assets.markup import upload_key
from assets.model import Failure, Reason
from assets.sources.inventory import (
    MOST_WALKS,
    ListedMedia,
    ListedPost,
    Listing,
    PostType,
    as_items,
    endpoint,
    is_refused,
    list_collection,
    list_media,
    list_posts,
    list_types,
    read_listed,
)

POSTS = PostType("post", "wp/v2/posts")


@pytest.fixture
def site() -> FakeRest:
    return FakeRest()


def with_posts(site: FakeRest, *numbers: int) -> None:
    site.add(*(post(number) for number in numbers))


def collect(site: FakeRest) -> Listing:
    return asyncio.run(list_collection(site.ask, f"{ROOT}wp/v2/posts", []))


def types(site: FakeRest) -> tuple[list[PostType], Failure | None]:
    return asyncio.run(list_types(site.ask, ROOT))


def posts(site: FakeRest, since: str = "", statuses: tuple[str, str] | None = None) -> dict[int, ListedPost]:
    return asyncio.run(list_posts(site.ask, ROOT, POSTS, since, statuses))[0]


def library(site: FakeRest, since: str = "") -> ListedMedia:
    listed, _ = asyncio.run(list_media(site.ask, ROOT, since))
    assert listed is not None
    return listed


# A collection


def test_every_object_is_listed_by_its_id(site: FakeRest) -> None:
    with_posts(site, *range(1, 251))
    assert list(collect(site).found) == list(range(1, 251))


def test_a_list_that_rests_is_walked_once(site: FakeRest) -> None:
    with_posts(site, *range(1, 251))
    collect(site)
    assert len(site.asked) == 3


def test_what_slipped_between_two_pages_is_found_by_another_walk(site: FakeRest) -> None:
    with_posts(site, *range(1, 151))
    site.before = lambda address: site.lists["posts"].pop(1, None) if address.endswith("&page=2") else None
    assert 101 in collect(site).found


def test_walks_are_joined(site: FakeRest) -> None:
    with_posts(site, *range(1, 151))
    site.before = lambda address: site.lists["posts"].pop(1, None) if address.endswith("&page=2") else None
    assert sorted(collect(site).found) == list(range(1, 151))


def test_a_later_walk_tells_what_an_object_has_become(site: FakeRest) -> None:
    with_posts(site, *range(1, 151))

    def edit(address: str) -> None:
        if address.endswith("&page=2"):
            site.add(post(2, status="publish", slug="new"), post(151))

    site.before = edit
    assert collect(site).found[2]["slug"] == "new"


def test_a_list_that_never_rests_is_walked_so_often(site: FakeRest) -> None:
    with_posts(site, *range(1, 151))

    def publish(_address: str) -> None:
        with_posts(site, 1000 + len(site.asked))

    site.before = publish
    collect(site)
    assert sum(query["page"] == "1" for query in site.asked_for("wp/v2/posts")) == MOST_WALKS


def test_a_cap_that_is_named_is_kept_to(site: FakeRest) -> None:
    with_posts(site, *range(1, 31))
    site.most = 20
    assert list(collect(site).found) == list(range(1, 31))
    assert [query["per_page"] for query in site.asked_for("wp/v2/posts")] == ["100", "20", "20"]


def test_a_cap_that_is_silent_is_gone_by(site: FakeRest) -> None:
    with_posts(site, *range(1, 31))
    site.most, site.caps_silently = 20, True
    assert list(collect(site).found) == list(range(1, 31))


def test_a_page_that_answers_500_is_split(site: FakeRest) -> None:
    with_posts(site, *range(1, 21))
    site.broken = {7}
    assert list(collect(site).found) == [number for number in range(1, 21) if number != 7]


def test_an_object_that_cannot_be_made_is_one_failure(site: FakeRest) -> None:
    with_posts(site, *range(1, 21))
    site.broken = {7}
    listing = collect(site)
    assert ([one.reason for one in listing.failures], listing.is_whole) == ([Reason.SERVER_ERROR], False)


def test_a_list_that_came_is_whole(site: FakeRest) -> None:
    assert collect(site).is_whole


def test_what_failed_in_a_walk_and_not_in_the_next_is_no_failure(site: FakeRest) -> None:
    with_posts(site, *range(1, 151))
    site.broken = {7}

    def mend(address: str) -> None:
        if address.endswith("per_page=100&page=2"):
            site.broken.clear()
            with_posts(site, 151)

    site.before = mend
    assert collect(site).is_whole


def test_what_has_no_id_is_left_out(site: FakeRest) -> None:
    site.answers["wp/v2/posts"] = came([{"id": 0}, {"title": "x"}, {"id": "7"}], x_wp_totalpages="1")
    assert list(collect(site).found) == [7]


def test_the_clock_is_that_of_the_beginning(site: FakeRest) -> None:
    with_posts(site, *range(1, 151))

    def publish(address: str) -> None:
        if address.endswith("&page=2") and len(site.asked) < 2:
            site.clock = "Sat, 23 Aug 2025 13:00:00 GMT"
            with_posts(site, 151)

    site.before = publish
    assert (collect(site).clock, len(site.asked)) == (NOON, 4)


@pytest.mark.parametrize(
    ("status", "expected"), [(401, True), (403, True), (404, True), (400, True), (410, False)]
)
def test_a_list_that_is_not_given_is_refused(site: FakeRest, status: int, *, expected: bool) -> None:
    site.answers["wp/v2/posts"] = failed(status)
    listing = collect(site)
    assert (listing.refusal, is_refused(listing)) == (status, expected)


def test_a_site_that_is_down_refuses_nothing(site: FakeRest) -> None:
    site.answers["wp/v2/posts"] = failed(503)
    assert not is_refused(collect(site))


def test_a_list_that_came_is_not_refused(site: FakeRest) -> None:
    assert not is_refused(collect(site))


# Types


def test_types_are_told_with_their_routes(site: FakeRest) -> None:
    site.types = {"report": {"rest_base": "long-reads", "rest_namespace": "wp/v2"}}
    assert types(site) == ([PostType("report", "wp/v2/long-reads")], None)


def test_a_type_may_lie_in_a_namespace_of_its_own(site: FakeRest) -> None:
    site.types = {"event": {"rest_base": "/events/", "rest_namespace": "/gigs/v1/"}}
    assert types(site)[0] == [PostType("event", "gigs/v1/events")]


@pytest.mark.parametrize(
    "name", ["attachment", "wp_block", "nav_menu_item", "wp_template", "wp_global_styles", "wp_font_face"]
)
def test_what_is_a_part_of_the_site_is_left_out(site: FakeRest, name: str) -> None:
    site.types[name] = {"rest_base": "parts"}
    assert [one.name for one in types(site)[0]] == ["post", "page"]


@pytest.mark.parametrize("base", ["", False, "font-families/(?P<font_family_id>[\\d]+)/font-faces"])
def test_a_type_without_a_list_of_its_own_is_left_out(site: FakeRest, base: object) -> None:
    site.types["odd"] = {"rest_base": base}
    assert [one.name for one in types(site)[0]] == ["post", "page"]


@pytest.mark.parametrize("answer", [failed(404), failed(401), came([]), came(b"<p>Hello.</p>")])
def test_a_site_that_does_not_tell_its_types_has_none_and_no_failure(site: FakeRest, answer: Came) -> None:
    site.answers["wp/v2/types"] = answer
    assert types(site) == ([], None)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (failed(503), Reason.SERVER_ERROR),
        (failed(500, {"post": {"rest_base": "posts"}}), Reason.SERVER_ERROR),
        (failed(None), Reason.TIMEOUT),
    ],
)
def test_types_that_did_not_come_are_a_failure(site: FakeRest, answer: Came, reason: Reason) -> None:
    site.answers["wp/v2/types"] = answer
    found, failure = types(site)
    assert failure is not None
    assert (found, failure.reason, failure.address) == ([], reason, f"{ROOT}wp/v2/types")


# Posts


def test_posts_are_asked_for_in_order_of_their_ids_with_what_is_compared(site: FakeRest) -> None:
    posts(site)
    assert site.asked_for("wp/v2/posts") == [
        {
            "_fields": "id,type,status,link,date_gmt,modified_gmt,featured_media",
            "orderby": "id",
            "order": "asc",
            "per_page": "100",
            "page": "1",
        }
    ]


def test_only_what_was_modified_after_a_time_is_asked_for(site: FakeRest) -> None:
    site.add(post(7, modified_gmt="2025-08-20T08:00:00"), post(8))
    assert list(posts(site, since="2025-08-19T00:00:00Z")) == [7]


def test_more_than_what_is_public_is_asked_for_by_its_status(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(7, status="draft"), post(8))
    assert list(posts(site, statuses=("status", "publish,draft"))) == [7, 8]


def test_a_post_is_what_the_list_tells_of_it() -> None:
    item = post(7, status="future", modified_gmt="2025-08-20T08:00:00", featured_media=3)
    assert read_listed(item, POSTS) == ListedPost(
        7, POSTS, f"{HOME}7/", "future", f"{MONDAY}Z", "2025-08-20T08:00:00Z", 3
    )


@pytest.mark.parametrize(("told", "expected"), [(0, 0), (None, None), ("3", 3)])
def test_no_featured_picture_is_not_the_same_as_none_told(told: object, expected: int | None) -> None:
    assert read_listed(post(7, featured_media=told), POSTS).featured_media == expected


def test_a_site_may_tell_nothing_but_ids() -> None:
    assert read_listed({"id": 7}, POSTS) == ListedPost(7, POSTS)


@pytest.mark.parametrize(
    ("status", "expected"), [("publish", True), ("", True), ("draft", False), ("private", False)]
)
def test_what_is_published_is_public(status: str, *, expected: bool) -> None:
    assert ListedPost(7, POSTS, status=status).is_public is expected


# The library


def test_the_library_tells_when_each_item_was_modified(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "sam.jpg", modified_gmt="2025-08-20T08:00:00"))
    assert library(site).modified == {3: f"{MONDAY}Z", 4: "2025-08-20T08:00:00Z"}


def test_the_library_tells_the_alt_texts(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg", alt_text="Kim &amp; Sam"), media(4, "sam.jpg"))
    assert library(site).alts == {3: "Kim & Sam"}


def test_the_library_tells_whose_file_an_address_is(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"))
    assert library(site).by_upload == {upload_key(f"{UPLOADS}kim-300x200.jpg"): 3}


def test_of_two_items_of_one_file_the_first_has_it(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "kim-300x200.jpg"))
    assert list(library(site).by_upload.values()) == [3]


def test_an_item_without_a_file_is_listed(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg", source_url=None))
    assert (library(site).by_upload, list(library(site).modified)) == ({}, [3])


def test_the_library_is_asked_for_in_order_of_its_ids_with_what_is_compared(site: FakeRest) -> None:
    library(site)
    assert site.asked_for("wp/v2/media") == [
        {
            "_fields": "id,modified_gmt,source_url,alt_text",
            "orderby": "id",
            "order": "asc",
            "per_page": "100",
            "page": "1",
        }
    ]


def test_only_what_was_modified_in_the_library_after_a_time_is_asked_for(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "sam.jpg", modified_gmt="2025-08-20T08:00:00"))
    assert list(library(site, since="2025-08-19T00:00:00Z").modified) == [4]


@pytest.mark.parametrize("answer", [failed(401), failed(503)])
def test_a_library_that_does_not_come_is_none(site: FakeRest, answer: Came) -> None:
    site.answers["wp/v2/media"] = answer
    assert asyncio.run(list_media(site.ask, ROOT))[0] is None


def test_a_library_that_comes_in_part_tells_what_came(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "sam.jpg"))
    site.broken = {4}
    assert list(library(site).modified) == [3]


def test_what_is_not_in_a_part_of_the_library_has_not_changed(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "sam.jpg"))
    site.broken = {4}
    assert not library(site).has_changed(4, f"{MONDAY}Z")


def test_a_library_without_items_is_not_none(site: FakeRest) -> None:
    assert library(site) == ListedMedia()


@pytest.mark.parametrize(
    ("number", "read", "expected"),
    [
        (3, "2025-08-18", False),
        (3, "2025-08-17", True),
        (3, "2025-08-19", True),
        (3, "", True),
        (4, "2025-08-18", True),
        (4, "", False),
    ],
)
def test_an_item_has_changed_if_it_is_another_or_gone(number: int, read: str, *, expected: bool) -> None:
    assert ListedMedia({3: "2025-08-18"}).has_changed(number, read) is expected


def test_what_is_in_no_list_of_changes_has_not_changed(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"))
    assert not library(site, since="2025-08-19T00:00:00Z").has_changed(3, f"{MONDAY}Z")


# Small things


def test_a_root_may_lack_its_slash() -> None:
    assert (
        endpoint("https://news.example/wp-json", "wp/v2/posts") == "https://news.example/wp-json/wp/v2/posts"
    )


def test_items_are_the_objects_of_a_list() -> None:
    assert as_items([{"id": 7}, None, "x"]) == [{"id": 7}]


def test_what_is_no_list_has_no_items() -> None:
    assert as_items({"id": 7}) == []


def test_a_refusal_in_words_is_a_refusal(site: FakeRest) -> None:
    site.answers["wp/v2/posts"] = refusal("rest_forbidden", 401)
    assert is_refused(collect(site))
