"""What an address is, found by asking it: a site, a part of its API, a page, a picture; and featured pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from downloads import downloader
from fake_rest import HOME, MONDAY, ROOT, UPLOADS, Came, FakeRest, came, failed, media, post, refusal
from pictures import jpeg_bytes, photo
from wordpress.model import DOSSIER, PAGE, POST, REPORT
from wordpress.server import serving
from wordpress.site import Site, figures_of

from assets.articles import page_links
from assets.model import (
    Failure,
    Fetch,
    ImageReference,
    Page,
    PageKind,
    Reading,
    Reason,
    Role,
    SourceKind,
    Stage,
)
from assets.sources.live import LiveOptions, LiveReader, find_announced_root, is_home
from assets.sources.site import KnownPost, KnownSite, SiteRead

ANNOUNCES = b"<html><head><link rel='https://api.w.org/' href='/wp-json/'></head><body>News</body></html>"
GENERATOR = b"<html><head><meta name='generator' content='WordPress 6.5'></head><body>News</body></html>"
PLAIN_ROOT = f"{HOME}?rest_route=/"
INDEX = {"name": "News", "namespaces": ["wp/v2"], "routes": {"/": {}}}
STORY = f"{HOME}7/"
RECORD = f"{ROOT}wp/v2/posts/7"
KIM = f"<p>News.</p><img class='wp-image-3' src='{UPLOADS}kim.jpg' alt='Kim'>"


@dataclass
class FakeWeb:
    """A downloader that brings what a fake site answers, and keeps what was asked for how."""

    site: FakeRest
    is_own: bool = False
    accepted: dict[str, str] = field(default_factory=dict)

    async def document(self, url: str, accept: str = "") -> Came:
        self.accepted[url] = accept
        return await self.site.ask(url)

    async def list_sitemaps(self, _address: str) -> tuple[str, ...]:
        return ()

    def has_credentials(self, _address: str) -> bool:
        return self.is_own


@dataclass(frozen=True, slots=True)
class Read:
    """What an address gave, and the documents that were told."""

    readings: list[Reading]
    failures: list[Failure]
    ends: list[SiteRead]
    told: list[Fetch]
    accepted: dict[str, str]

    @property
    def numbers(self) -> list[int | None]:
        return sorted(one.page.post_id or 0 for one in self.readings)

    @property
    def urls(self) -> list[str]:
        return [reference.url for one in self.readings for reference in one.references]


@pytest.fixture
def site() -> FakeRest:
    """A site with a post and a page, whose home announces its API."""
    site = FakeRest()
    site.add(post(7, KIM), post(8, type="page"), media(3, "kim.jpg"))
    site.answers[HOME] = came(ANNOUNCES)
    return site


def read(site: FakeRest, address: str = HOME, *, is_own: bool = False, **options: Any) -> Read:  # noqa: ANN401
    web, told = FakeWeb(site, is_own), list[Fetch]()

    async def go() -> list[object]:
        return [part async for part in LiveReader(web, LiveOptions(**options), told.append).read(address)]

    parts = asyncio.run(go())
    return Read(
        [part for part in parts if isinstance(part, Reading)],
        [part for part in parts if isinstance(part, Failure)],
        [part for part in parts if isinstance(part, SiteRead)],
        told,
        web.accepted,
    )


# Where the API is


@pytest.mark.parametrize("rel", ['rel="https://api.w.org/"', "rel='https://api.w.org/'; title=API"])
def test_the_api_is_announced_by_a_header(rel: str) -> None:
    answer = came(b"", address=HOME, link=f'<{HOME}a.css>; rel="preload", <{ROOT}>; {rel}')
    assert find_announced_root(answer, page_links(b"", HOME)) == ROOT


def test_the_api_is_announced_by_a_link_in_the_head() -> None:
    assert find_announced_root(came(ANNOUNCES, address=HOME), page_links(ANNOUNCES, HOME)) == ROOT


def test_the_header_comes_before_the_head() -> None:
    answer = came(ANNOUNCES, address=HOME, link='</index.php/wp-json/>; rel="https://api.w.org/"')
    assert find_announced_root(answer, page_links(ANNOUNCES, HOME)) == f"{HOME}index.php/wp-json/"


def test_another_link_announces_no_api() -> None:
    answer = came(b"", address=HOME, link=f'<{ROOT}>; rel="alternate"')
    assert find_announced_root(answer, page_links(b"", HOME)) == ""


@pytest.mark.parametrize(
    ("address", "root", "expected"),
    [
        (HOME, ROOT, True),
        ("http://news.example", PLAIN_ROOT, True),
        (STORY, ROOT, False),
        (f"{HOME}uk/", f"{HOME}uk/wp-json/", True),
        (HOME, f"{HOME}uk/wp-json/", False),
        (HOME, "https://api.example/v1/", False),
    ],
)
def test_a_home_is_where_the_api_hangs(address: str, root: str, *, expected: bool) -> None:
    assert is_home(address, root) is expected


# A whole site


def test_a_home_stands_for_its_whole_site(site: FakeRest) -> None:
    found = read(site)
    assert (found.numbers, [one.api_root for one in found.ends]) == ([7, 8], [ROOT])


def test_a_home_whose_header_announces_the_api_stands_for_its_site(site: FakeRest) -> None:
    site.answers[HOME] = came(b"<p>News</p>", link=f'<{ROOT}>; rel="https://api.w.org/"')
    assert read(site).numbers == [7, 8]


def test_the_root_of_an_api_stands_for_its_site(site: FakeRest) -> None:
    site.answers[ROOT] = came(INDEX)
    assert read(site, ROOT).numbers == [7, 8]


def test_readings_of_a_site_are_of_the_address_that_was_given(site: FakeRest) -> None:
    assert {one.page.source for one in read(site).readings} == {HOME}


def test_what_is_known_of_a_site_is_asked_for_by_its_root(site: FakeRest) -> None:
    known = {ROOT: KnownSite({7: KnownPost(f"{MONDAY}Z", STORY, "post", 0)})}
    assert read(site, known_site=known.__getitem__).numbers == [8]


def test_types_narrow_a_site(site: FakeRest) -> None:
    found = read(site, types=("pages",))
    assert (found.numbers, found.ends[0].passed_over) == ([8], {"post": 1})


def test_an_account_of_the_users_shows_drafts(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(9, status="draft"))
    assert read(site, is_own=True).numbers == [7, 8, 9]


def test_every_document_is_told(site: FakeRest) -> None:
    assert [fetch.url for fetch in read(site).told] == site.asked


def test_the_api_is_asked_for_json_and_an_address_for_a_page(site: FakeRest) -> None:
    accepted = read(site).accepted
    assert (accepted[HOME].startswith("text/html"), accepted[f"{ROOT}wp/v2/types"]) == (
        True,
        "application/json",
    )


def test_noise_around_json_is_named(site: FakeRest) -> None:
    noisy = b'Notice: late in /www/a.php on line 1\n{"post": {"rest_base": "posts"}}'
    site.answers["wp/v2/types"] = came(noisy, content_type="application/json")
    found = read(site)
    assert found.numbers == [7]
    assert "Notice: late in /www/a.php on line 1" in {fetch.detail for fetch in found.told}


# An API that is not announced


def plainly(site: FakeRest, home: bytes, root: Came, status: int = 404) -> None:
    """Have the site behind `?rest_route=/`, which announces nothing, and refuses its posts."""
    there = {None: came(home), "/": root}
    site.answers[HOME] = lambda query: there.get(query.get("rest_route"), failed(status))


def test_a_bare_address_is_tried_for_an_api(site: FakeRest) -> None:
    plainly(site, b"<p>News</p>", came(INDEX))
    read(site)
    assert f"{PLAIN_ROOT}wp/v2/types" in site.asked


def test_behind_a_query_the_query_of_a_list_goes_on(site: FakeRest) -> None:
    plainly(site, b"<p>News</p>", came(INDEX))
    read(site, types=("post",))
    assert f"{PLAIN_ROOT}wp/v2/pages&per_page=1&_fields=id" in site.asked


@pytest.mark.parametrize("root", [failed(404), came({"id": 1}), came(b"<p>News</p>"), failed(401)])
def test_a_bare_address_without_an_api_is_a_page(site: FakeRest, root: Came) -> None:
    plainly(site, b"<p>News</p>", root)
    found = read(site)
    assert ([one.page.kind for one in found.readings], found.ends) == ([PageKind.ARTICLE], [])


def test_a_wordpress_that_keeps_its_api_to_itself_is_its_home(site: FakeRest) -> None:
    plainly(site, GENERATOR, failed(401), 401)
    assert [one.address for one in read(site).failures] == [PLAIN_ROOT]


@pytest.mark.parametrize(
    ("address", "page", "expected"),
    [
        (STORY, b"<p>News</p>", False),
        (STORY, GENERATOR, True),
        (f"{HOME}?p=7", GENERATOR, False),
    ],
)
def test_a_page_is_tried_for_an_api_where_wordpress_shows(
    site: FakeRest, address: str, page: bytes, *, expected: bool
) -> None:
    site.answers[address] = came(page)
    read(site, address)
    assert any("rest_route" in asked for asked in site.asked) is expected


# A page of a site


def announcing(site: FakeRest, record: str = RECORD) -> None:
    link = f"<link rel='alternate' type='application/json' href='{record}'>".encode()
    site.answers[STORY] = came(ANNOUNCES.replace(b"</head>", link + b"</head>"))


def test_a_page_stands_for_its_own_record(site: FakeRest) -> None:
    announcing(site)
    found = read(site, STORY)
    (reading,) = found.readings
    assert (reading.page.post_id, reading.page.source_kind, found.ends) == (7, SourceKind.REST, [])


def test_a_record_is_asked_for_with_its_featured_picture(site: FakeRest) -> None:
    announcing(site)
    read(site, STORY)
    assert f"{RECORD}?_embed=wp%3Afeaturedmedia" in site.asked


def test_a_record_is_completed_by_the_library(site: FakeRest) -> None:
    announcing(site)
    (reading,) = read(site, STORY).readings
    assert (reading.references[0].uploaded, reading.is_settled) == (f"{MONDAY}Z", True)


def test_a_record_whose_picture_the_library_does_not_tell_is_not_settled(site: FakeRest) -> None:
    announcing(site)
    site.answers["wp/v2/media"] = failed(503)
    assert not read(site, STORY).readings[0].is_settled


def test_a_record_that_was_modified_just_now_is_not_settled(site: FakeRest) -> None:
    announcing(site)
    site.add(post(7, KIM, modified_gmt="2025-08-23T11:59:59"))
    assert not read(site, STORY).readings[0].is_settled


@pytest.mark.parametrize("record", [failed(401), came([]), came({"id": 7, "name": "Kim"}), came(post(7))])
def test_a_page_whose_record_does_not_serve_is_read_itself(site: FakeRest, record: Came) -> None:
    announcing(site)
    site.answers[RECORD] = record
    assert [one.page.source_kind for one in read(site, STORY).readings] == [SourceKind.PAGE]


def test_a_record_outside_the_api_is_not_asked_for(site: FakeRest) -> None:
    announcing(site, f"{HOME}7.json")
    read(site, STORY)
    assert f"{HOME}7.json" not in site.asked


# Parts of an API


def test_a_record_as_an_address_is_one_post(site: FakeRest) -> None:
    assert read(site, RECORD).numbers == [7]


@pytest.mark.parametrize("query", ["", "?per_page=5", "?page=2&per_page=5", "?_embed=1"])
def test_all_posts_of_a_type_are_the_sites(site: FakeRest, query: str) -> None:
    site.answers[f"{ROOT}wp/v2/posts?page=2&per_page=5"] = came([post(7)])
    found = read(site, f"{ROOT}wp/v2/posts{query}")
    assert (found.numbers, [one.types for one in found.ends]) == ([7], [{"post": 1}])


def test_all_posts_of_a_type_of_ones_own_are_the_sites(site: FakeRest) -> None:
    site.add_type("report", "long-reads", 12)
    assert [one.types for one in read(site, f"{ROOT}wp/v2/long-reads").ends] == [{"report": 1}]


def test_all_posts_of_a_site_that_has_none_are_none(site: FakeRest) -> None:
    site.lists["posts"].clear()
    found = read(site, f"{ROOT}wp/v2/posts")
    assert ([one.types for one in found.ends], found.failures) == ([{"post": 0}], [])


def test_a_category_without_posts_says_so(site: FakeRest) -> None:
    site.lists["posts"].clear()
    (failure,) = read(site, f"{ROOT}wp/v2/posts?categories=3").failures
    assert failure.detail == "it lists no post and no picture"


def test_an_empty_list_outside_an_api_says_so(site: FakeRest) -> None:
    site.answers[STORY] = came([])
    assert [one.reason for one in read(site, STORY).failures] == [Reason.EMPTY]


@pytest.mark.parametrize("query", ["categories=3", "per_page=5&categories=3"])
def test_a_category_is_a_list(site: FakeRest, query: str) -> None:
    found = read(site, f"{ROOT}wp/v2/posts?{query}")
    assert (found.numbers, found.ends) == ([7], [])
    assert site.asked_for("wp/v2/posts")[-1]["categories"] == "3"


def test_a_list_may_be_limited(site: FakeRest) -> None:
    site.add(post(9))
    assert read(site, f"{ROOT}wp/v2/posts?categories=3", limit=1).numbers == [7]


def test_the_library_as_an_address_is_its_pictures(site: FakeRest) -> None:
    found = read(site, f"{ROOT}wp/v2/media")
    assert ([one.page.kind for one in found.readings], found.ends) == ([PageKind.ATTACHMENT], [])


def test_a_search_as_an_address_is_the_posts_that_it_finds(site: FakeRest) -> None:
    hit = {"id": 7, "title": "Kim", "url": STORY, "type": "post", "subtype": "post", "_links": {}}
    site.answers["wp/v2/search"] = came([hit], x_wp_totalpages="1")
    assert read(site, f"{ROOT}wp/v2/search?search=kim").numbers == [7]


def test_tags_as_an_address_are_no_posts(site: FakeRest) -> None:
    site.answers["wp/v2/tags"] = came([{"id": 1, "taxonomy": "post_tag", "name": "x", "_links": {}}])
    assert [one.detail for one in read(site, f"{ROOT}wp/v2/tags").failures] == [
        "it lists no post and no picture, but post_tag"
    ]


# Other addresses


def test_the_name_of_a_picture_is_a_picture_and_not_asked_for(site: FakeRest) -> None:
    found = read(site, f"{UPLOADS}kim.jpg")
    assert (found.urls, site.asked) == ([f"{UPLOADS}kim.jpg"], [])


def test_what_turns_out_to_be_a_picture_is_one(site: FakeRest) -> None:
    site.answers[f"{HOME}kim"] = came(jpeg_bytes(photo(1)), content_type="image/jpeg")
    assert read(site, f"{HOME}kim").urls == [f"{HOME}kim"]


def test_a_page_that_announces_nothing_is_read_as_a_page(site: FakeRest) -> None:
    site.answers["https://other.example/story/"] = came(f"<article>{KIM}</article>".encode())
    found = read(site, "https://other.example/story/")
    assert ([one.page.source_kind for one in found.readings], found.ends) == ([SourceKind.PAGE], [])


@pytest.mark.parametrize("address", [STORY, f"{ROOT}wp/v2/posts"])
def test_an_address_that_does_not_answer_is_told(site: FakeRest, address: str) -> None:
    site.answers[address] = failed(503)
    assert read(site, address).failures == [Failure(Stage.DOWNLOAD, Reason.SERVER_ERROR, address, "HTTP 503")]


@pytest.mark.parametrize("status", [401, 403])
def test_a_page_that_is_closed_is_a_failure_of_its_own(site: FakeRest, status: int) -> None:
    site.answers[STORY] = failed(status)
    assert [one.detail for one in read(site, STORY).failures] == [f"HTTP {status}"]


def test_places_that_are_guessed_are_told_only_if_they_answer(site: FakeRest) -> None:
    site.answers |= {f"wp/v2/{base}": failed(401) for base in ("types", "posts", "pages")}
    site.answers[f"{HOME}wp-sitemap.xml"] = failed(404)
    found = read(site)
    assert f"{HOME}wp-sitemap.xml" in site.asked
    assert f"{HOME}wp-sitemap.xml" not in {fetch.url for fetch in found.told}


# Featured pictures that are not embedded


UNRESOLVED = ImageReference(f"{ROOT}wp/v2/media/3", role=Role.FEATURED, media_id=3, resolved=False)
OG_IMAGE = f"<meta property='og:image' content='{HOME}og.jpg'>".encode()


def resolve(site: FakeRest, reference: ImageReference = UNRESOLVED, url: str = STORY) -> ImageReference:
    reader = LiveReader(FakeWeb(site), LiveOptions())
    resolved = asyncio.run(reader.resolve(Reading(Page(HOME, url), (reference,))))
    return resolved.references[0]


def test_a_featured_picture_is_told_by_its_record(site: FakeRest) -> None:
    found = resolve(site)
    assert (found.url, found.resolved, found.role) == (f"{UPLOADS}kim.jpg", True, Role.FEATURED)


def test_a_picture_that_is_resolved_is_not_asked_after(site: FakeRest) -> None:
    reference = ImageReference(f"{UPLOADS}kim.jpg")
    assert (resolve(site, reference), site.asked) == (reference, [])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (refusal("rest_post_invalid_id", 404), Reason.GONE),
        (refusal("rest_forbidden", 401), Reason.UNAUTHORIZED),
        (failed(503), Reason.SERVER_ERROR),
        (failed(None), Reason.TIMEOUT),
        (came(media(3, "kim.pdf", mime_type="application/pdf")), Reason.NO_PICTURE),
    ],
)
def test_a_record_that_does_not_serve_is_the_diagnosis(site: FakeRest, record: Came, reason: Reason) -> None:
    site.answers["wp/v2/media/3"] = record
    found = resolve(site)
    assert found.diagnosis is not None
    assert (found.diagnosis.reason, found.resolved) == (reason, False)


def test_the_pages_own_picture_stands_for_a_record_that_is_gone(site: FakeRest) -> None:
    site.answers |= {"wp/v2/media/3": failed(404), STORY: came(OG_IMAGE)}
    found = resolve(site)
    assert found.diagnosis is not None
    assert (found.url, found.resolved, found.diagnosis.reason) == (f"{HOME}og.jpg", True, Reason.GONE)


def test_what_is_known_to_be_gone_is_not_asked_for(site: FakeRest) -> None:
    site.answers[STORY] = came(OG_IMAGE)
    diagnosis = Failure(Stage.DISCOVER, Reason.GONE, UNRESOLVED.url)
    reference = ImageReference(UNRESOLVED.url, role=Role.FEATURED, resolved=False, diagnosis=diagnosis)
    assert (resolve(site, reference).url, site.asked) == (f"{HOME}og.jpg", [STORY])


@pytest.mark.parametrize("page", [failed(404), came(b"<p>No picture.</p>")])
def test_without_the_pages_own_picture_it_stays_unresolved(site: FakeRest, page: Came) -> None:
    site.answers |= {"wp/v2/media/3": failed(404), STORY: page}
    assert not resolve(site).resolved


def test_a_page_without_an_address_is_not_asked_for(site: FakeRest) -> None:
    site.answers["wp/v2/media/3"] = failed(404)
    assert (resolve(site, url="").resolved, len(site.asked)) == (False, 1)


def test_the_pages_own_picture_stands_for_none_of_its_content(site: FakeRest) -> None:
    site.answers |= {"wp/v2/media/3": failed(404), STORY: came(OG_IMAGE)}
    reference = ImageReference(UNRESOLVED.url, media_id=3, resolved=False)
    assert (resolve(site, reference).resolved, STORY in site.asked) == (False, False)


# A whole WordPress on a real server


def test_a_whole_site_is_read_over_http() -> None:
    played = Site()
    photos = [played.upload() for _ in range(3)]
    shown = figures_of(played, photos)
    numbers = [played.publish(kind.name, figures=shown) for kind in (POST, PAGE, REPORT, DOSSIER)]
    played.draft()
    ask: Callable[..., Any] = downloader

    async def go(face: Any) -> list[object]:  # noqa: ANN401 - a face is no `Server`, and answers as one
        async with ask(face) as web:
            return [part async for part in LiveReader(web, LiveOptions()).read(face.url())]

    with serving(played) as face:
        parts = asyncio.run(go(face))
    readings = [part for part in parts if isinstance(part, Reading)]
    assert sorted(one.page.post_id or 0 for one in readings) == numbers
    assert [one.uploaded for reading in readings for one in reading.references] == [
        "2025-01-15T12:00:00Z"
    ] * 12
