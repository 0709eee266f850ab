"""Lists of an API that are not all posts of a type: a category, a search, the library, a mixture."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from fake_rest import HOME, MONDAY, ROOT, UPLOADS, FakeRest, came, failed, media, post

from assets.documents import DocumentReader
from assets.model import Failure, PageKind, Reading, Reason
from assets.sources.post_fetcher import POSTS_AT_ONCE
from assets.sources.site_lists import read_collection

CATEGORY = f"{ROOT}wp/v2/posts?categories=3"
SEARCH = f"{ROOT}wp/v2/search?search=kim"
LIBRARY = f"{ROOT}wp/v2/media"
KIM = f"<img class='wp-image-3' src='{UPLOADS}kim.jpg'>"


@dataclass(frozen=True, slots=True)
class Read:
    """What an address gave."""

    readings: list[Reading]
    failures: list[Failure]

    @property
    def numbers(self) -> list[int | None]:
        return [reading.page.post_id for reading in self.readings]


@pytest.fixture
def site() -> FakeRest:
    return FakeRest()


def read(site: FakeRest, address: str, limit: int | None = None) -> Read:
    async def go() -> list[Reading | Failure]:
        return [
            part async for part in read_collection(site.ask, DocumentReader(), HOME, ROOT, address, limit)
        ]

    parts = asyncio.run(go())
    return Read(
        [part for part in parts if isinstance(part, Reading)],
        [part for part in parts if isinstance(part, Failure)],
    )


def answer(site: FakeRest, *items: object) -> None:
    """Have a search for Kim find these."""
    site.answers["wp/v2/search"] = came(list(items), x_wp_total=str(len(items)), x_wp_totalpages="1")


def hit(number: int, subtype: str = "post", **fields: Any) -> dict[str, object]:  # noqa: ANN401
    told = {"id": number, "title": "Kim", "url": f"{HOME}{number}/", "type": "post", "subtype": subtype}
    return {**told, **fields}


# Posts


def test_the_posts_of_a_list_are_read(site: FakeRest) -> None:
    site.add(post(7), post(8))
    assert read(site, CATEGORY).numbers == [7, 8]


def test_what_the_address_asks_for_is_asked_for_on_every_page(site: FakeRest) -> None:
    site.add(*(post(number) for number in range(1, 151)))
    read(site, CATEGORY)
    asked = site.asked_for("wp/v2/posts")
    assert [(query["categories"], query["page"]) for query in asked] == [("3", "1"), ("3", "2")]


def test_posts_of_a_list_have_their_featured_pictures_with_them(site: FakeRest) -> None:
    read(site, CATEGORY)
    assert site.asked_for("wp/v2/posts")[0]["_embed"] == "wp:featuredmedia"


def test_readings_are_of_the_source_and_of_the_site(site: FakeRest) -> None:
    site.add(post(7))
    page = read(site, CATEGORY).readings[0].page
    assert (page.source, page.api_root) == (HOME, ROOT)


def test_pictures_of_a_list_are_completed_by_the_library(site: FakeRest) -> None:
    site.add(post(7, KIM), media(3, "kim.jpg"))
    assert read(site, CATEGORY).readings[0].references[0].uploaded == f"{MONDAY}Z"


def test_the_library_is_asked_for_a_hundred_posts_at_once(site: FakeRest) -> None:
    site.add(*(post(number, KIM) for number in range(1, 151)), media(3, "kim.jpg"))
    assert len(read(site, CATEGORY).readings) == 150
    kinds = [address.removeprefix(f"{ROOT}wp/v2/")[:5] for address in site.asked]
    assert (POSTS_AT_ONCE, kinds) == (100, ["posts", "media", "posts"])


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_limit_bounds_what_is_taken(site: FakeRest, limit: int) -> None:
    site.add(*(post(number) for number in range(1, 6)))
    assert read(site, CATEGORY, limit).numbers == list(range(1, limit + 1))


def test_what_fails_in_a_list_is_told(site: FakeRest) -> None:
    site.add(*(post(number) for number in range(1, 6)))
    site.broken = {2}
    found = read(site, CATEGORY)
    assert (found.numbers, [one.reason for one in found.failures]) == ([1, 3, 4, 5], [Reason.SERVER_ERROR])


# What is settled


@pytest.mark.parametrize("address", [CATEGORY, SEARCH])
def test_posts_whose_pictures_the_library_does_not_tell_are_not_settled(site: FakeRest, address: str) -> None:
    site.answers["wp/v2/media"] = failed(503)
    site.add(post(7, KIM))
    answer(site, hit(7))
    assert [one.is_settled for one in read(site, address).readings] == [False]


@pytest.mark.parametrize("address", [CATEGORY, SEARCH])
def test_posts_that_were_modified_just_now_are_not_settled(site: FakeRest, address: str) -> None:
    site.add(post(7, modified_gmt="2025-08-23T11:59:59"))
    answer(site, hit(7))
    assert [one.is_settled for one in read(site, address).readings] == [False]


@pytest.mark.parametrize("address", [CATEGORY, SEARCH])
def test_posts_that_are_told_in_full_are_settled(site: FakeRest, address: str) -> None:
    site.add(post(7, KIM), media(3, "kim.jpg"))
    answer(site, hit(7))
    assert [one.is_settled for one in read(site, address).readings] == [True]


def test_a_library_that_fails_is_told(site: FakeRest) -> None:
    site.answers["wp/v2/media"] = failed(503)
    site.add(post(7, KIM))
    assert [one.reason for one in read(site, CATEGORY).failures] == [Reason.SERVER_ERROR]


# The library


def test_the_pictures_of_the_library_are_read(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "sam.jpg"))
    found = read(site, LIBRARY)
    assert [one.references[0].url for one in found.readings] == [f"{UPLOADS}kim.jpg", f"{UPLOADS}sam.jpg"]


def test_a_picture_of_the_library_is_a_page_of_its_own(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"))
    page = read(site, LIBRARY).readings[0].page
    assert (page.kind, page.url, page.source) == (PageKind.ATTACHMENT, f"{HOME}?attachment_id=3", HOME)


def test_a_file_of_the_library_that_is_no_picture_is_told(site: FakeRest) -> None:
    site.add(media(3, "kim.pdf", mime_type="application/pdf"), media(4, "sam.jpg"))
    found = read(site, LIBRARY)
    assert ([one.reason for one in found.failures], len(found.readings)) == ([Reason.NO_PICTURE], 1)


def test_a_limit_bounds_the_pictures_of_the_library(site: FakeRest) -> None:
    site.add(media(3, "kim.jpg"), media(4, "sam.jpg"))
    assert read(site, LIBRARY, 1).numbers == [3]


# A search


def test_the_posts_that_a_search_finds_are_asked_for_by_their_ids(site: FakeRest) -> None:
    site.add(post(7), post(8), post(9))
    answer(site, hit(7), hit(9))
    assert read(site, SEARCH).numbers == [7, 9]
    assert site.asked_for("wp/v2/posts")[0]["include"] == "7,9"


def test_a_search_finds_posts_of_several_types(site: FakeRest) -> None:
    site.add_type("report", "reports", 12)
    site.add(post(7), post(8, type="page"))
    answer(site, hit(12, "report"), hit(8, "page"), hit(7))
    assert read(site, SEARCH).numbers == [7, 8, 12]


def test_types_of_which_a_search_finds_nothing_are_not_asked_for(site: FakeRest) -> None:
    site.add(post(7))
    answer(site, hit(7))
    read(site, SEARCH)
    assert site.asked_for("wp/v2/pages") == []


def test_what_a_search_finds_on_a_site_that_does_not_tell_its_types_is_read(site: FakeRest) -> None:
    site.answers["wp/v2/types"] = failed(401)
    site.add(post(7))
    answer(site, hit(7))
    assert read(site, SEARCH).numbers == [7]


def test_a_post_that_is_found_twice_is_read_once(site: FakeRest) -> None:
    site.add(post(7))
    site.answers["wp/v2/search"] = lambda query: came([hit(7)], x_wp_totalpages="2")
    assert read(site, SEARCH).numbers == [7]


def test_what_a_search_finds_is_completed_by_the_library(site: FakeRest) -> None:
    site.add(post(7, KIM), media(3, "kim.jpg"))
    answer(site, hit(7))
    reading = read(site, SEARCH).readings[0]
    assert (reading.references[0].uploaded, reading.page.api_root) == (f"{MONDAY}Z", ROOT)


def test_a_limit_bounds_what_a_search_finds(site: FakeRest) -> None:
    site.add(post(7), post(8))
    answer(site, hit(7), hit(8))
    assert read(site, SEARCH, 1).numbers == [7]


def test_a_post_that_was_found_and_does_not_come_is_told(site: FakeRest) -> None:
    site.answers["wp/v2/posts"] = failed(500)
    answer(site, hit(7))
    assert [one.reason for one in read(site, SEARCH).failures] == [Reason.SERVER_ERROR]


def test_a_search_that_finds_no_posts_asks_for_no_types(site: FakeRest) -> None:
    site.add(post(7))
    read(site, CATEGORY)
    assert site.asked_for("wp/v2/types") == []


# A mixture, and nothing


def test_a_list_may_have_posts_and_pictures(site: FakeRest) -> None:
    answer(site, post(7), media(3, "kim.jpg"))
    assert sorted(one.page.kind for one in read(site, SEARCH).readings) == [
        PageKind.ATTACHMENT,
        PageKind.POST,
    ]


def test_what_is_neither_is_left_out_and_not_counted(site: FakeRest) -> None:
    answer(site, {"id": 1, "taxonomy": "category", "name": "Kim"}, post(7), post(8))
    found = read(site, SEARCH, 1)
    assert (found.numbers, found.failures) == ([7], [])


@pytest.mark.parametrize(
    ("item", "what"),
    [
        ({"id": 1, "taxonomy": "category", "name": "Kim"}, "category"),
        ({"id": 1, "type": "term", "subtype": "category", "url": f"{HOME}c/"}, "term"),
        ({"id": 1, "name": "Kim", "avatar_urls": {}}, "other"),
    ],
)
def test_a_list_of_other_things_says_what_they_are(site: FakeRest, item: object, what: str) -> None:
    answer(site, item)
    (failure,) = read(site, SEARCH).failures
    assert (failure.reason, failure.address, failure.detail) == (
        Reason.NO_PICTURE,
        HOME,
        f"it lists no post and no picture, but {what}",
    )


def test_an_empty_list_says_so(site: FakeRest) -> None:
    (failure,) = read(site, CATEGORY).failures
    assert failure.detail == "it lists no post and no picture"
