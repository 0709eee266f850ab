"""Walking a REST collection: every post once, however the site counts, caps, fails or repeats itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from assets import Failure, Fetch, Outcome, Reason
from assets.posts.wordpress_collection import MAX_STALE_PAGES_ON_END, Collection

ENDPOINT = "https://news.example/wp-json/wp/v2/posts"


@dataclass
class Answer:
    """The answer to one request."""

    fetch: Fetch
    data: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def headers_all(self, name: str) -> tuple[str, ...]:
        return (self.headers[name],) if name in self.headers else ()


def answer(posts: list[int], total_pages: int | None = None) -> Answer:
    headers = {"x-wp-totalpages": str(total_pages)} if total_pages is not None else {}
    data = json.dumps([{"id": number} for number in posts]).encode()
    return Answer(Fetch(ENDPOINT, Outcome.FETCHED, "now"), data, headers)


def refused(code: str, reason: Reason = Reason.CLIENT_ERROR, message: str = "") -> Answer:
    fetch = Fetch(ENDPOINT, Outcome.FAILED, "now", reason=reason)
    body = {"code": code, "message": message, "data": {"status": 400, "params": {"per_page": message}}}
    return Answer(fetch, json.dumps(body).encode())


def walked(site: Callable[[int, int], Answer]) -> tuple[list[int], list[Failure], int]:
    """The posts, the failures and the number of requests of a walk; a site is asked by page and size."""
    asked = 0

    async def ask(url: str) -> Answer:
        nonlocal asked
        asked += 1
        query = parse_qs(urlsplit(url).query)
        return site(int(query["page"][0]), int(query["per_page"][0]))

    async def walk() -> list[object]:
        return [item async for item in Collection(ask, ENDPOINT, []).items()]

    found = asyncio.run(walk())
    posts = [int(str(item["id"])) for item in found if isinstance(item, dict)]
    return posts, [item for item in found if isinstance(item, Failure)], asked


def sliced(posts: list[int], page: int, size: int) -> list[int]:
    return posts[(page - 1) * size : page * size]


def test_every_page_is_read_and_no_more() -> None:
    posts = list(range(250))
    assert walked(lambda page, size: answer(sliced(posts, page, size), 3)) == (posts, [], 3)


def test_a_list_that_shifts_gives_each_post_once() -> None:
    shifted = {1: list(range(100)), 2: list(range(99, 199)), 3: list(range(198, 250))}
    assert walked(lambda page, _: answer(shifted[page], 3))[0] == list(range(250))


def test_without_a_count_the_first_page_with_nothing_new_ends_it() -> None:
    assert walked(lambda _page, _size: answer([1, 2])) == ([1, 2], [], 2)


def test_a_server_that_repeats_itself_for_ever_is_left() -> None:
    posts, failures, asked = walked(lambda _page, _size: answer([1, 2], 999_999_999))
    assert posts == [1, 2]
    assert asked == 1 + MAX_STALE_PAGES_ON_END
    assert [failure.reason for failure in failures] == [Reason.BAD_RESPONSE]
    assert "nothing new" in failures[0].detail


def test_a_cap_on_the_page_size_is_heeded() -> None:
    posts = list(range(60))

    def capped(page: int, size: int) -> Answer:
        if size > 25:
            return refused(
                "rest_invalid_param", message="per_page must be between 1 (inclusive) and 25 (inclusive)"
            )
        return answer(sliced(posts, page, size), 3)

    assert walked(capped) == (posts, [], 4)


def test_one_broken_post_costs_itself_only() -> None:
    posts = list(range(100))

    def broken(page: int, size: int) -> Answer:
        part = sliced(posts, page, size)
        return refused("internal", Reason.SERVER_ERROR) if 42 in part else answer(part, 1)

    found, failures, _ = walked(broken)
    assert sorted(found) == [number for number in posts if number != 42]
    assert [failure.reason for failure in failures] == [Reason.SERVER_ERROR]


@pytest.mark.parametrize("reason", [Reason.FORBIDDEN, Reason.TIMEOUT])
def test_a_site_that_does_not_answer_is_asked_once(reason: Reason) -> None:
    posts, failures, asked = walked(lambda _page, _size: refused("no", reason))
    assert (posts, [failure.reason for failure in failures], asked) == ([], [reason], 1)


def test_a_page_beyond_the_end_is_the_end() -> None:
    first = list(range(100))
    assert walked(
        lambda page, _: answer(first) if page == 1 else refused("rest_post_invalid_page_number")
    ) == (first, [], 2)
