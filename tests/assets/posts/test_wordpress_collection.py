"""Walking a REST collection: every post once, however the site counts, caps, fails or repeats itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from assets import Failure, Fetch, Outcome, Reason
from assets.posts.wordpress_collection import MAX_STALE_PAGES_ON_END, Collection, choose_smaller_size

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


def walk(site: Callable[[int, int], Answer]) -> Collection:
    """A collection that was walked to its end."""

    async def ask(url: str) -> Answer:
        query = parse_qs(urlsplit(url).query)
        return site(int(query["page"][0]), int(query["per_page"][0]))

    async def run() -> Collection:
        collection = Collection(ask, ENDPOINT, [])
        async for _ in collection.items():
            pass
        return collection

    return asyncio.run(run())


def test_a_walk_without_faults_has_failed_at_nothing() -> None:
    assert walk(lambda _page, _size: answer([1, 2], 1)).failed == 0


def test_each_broken_post_is_counted() -> None:
    def site(page: int, size: int) -> Answer:
        part = sliced(list(range(100)), page, size)
        return refused("internal", Reason.SERVER_ERROR) if {4, 42} & {*part} else answer(part, 1)

    assert walk(site).failed == 2


def test_a_server_that_repeats_itself_has_failed_once() -> None:
    assert walk(lambda _page, _size: answer([1, 2], 999)).failed == 1


@pytest.mark.parametrize(
    ("broken", "failed"), [({0, 1, 2, 3}, 4), ({0, 1, 2, 3, 4}, 5), (set(range(100)), 5)]
)
def test_a_site_is_left_after_five_broken_posts_on_end(broken: set[int], failed: int) -> None:
    def site(page: int, size: int) -> Answer:
        part = sliced(list(range(100)), page, size)
        return refused("internal", Reason.SERVER_ERROR) if broken & {*part} else answer(part, 1)

    assert walk(site).failed == failed


def test_five_broken_posts_end_the_walk() -> None:
    def site(page: int, size: int) -> Answer:
        part = sliced(list(range(100)), page, size)
        return refused("internal", Reason.SERVER_ERROR) if {0, 1, 2, 3, 4} & {*part} else answer(part, 1)

    assert walked(site)[0] == []


def test_broken_posts_between_others_do_not_end_the_walk() -> None:
    broken = set(range(0, 100, 2))

    def site(page: int, size: int) -> Answer:
        part = sliced(list(range(100)), page, size)
        return refused("internal", Reason.SERVER_ERROR) if broken & {*part} else answer(part, 1)

    assert len(walked(site)[0]) == 50


def test_an_answer_that_is_no_list_is_a_failure() -> None:
    failures = walked(lambda _page, _size: Answer(Fetch(ENDPOINT, Outcome.FETCHED, "now"), b'{"id": 1}'))[1]
    assert failures[0].reason is Reason.BAD_RESPONSE


def test_a_list_that_came_with_an_error_is_not_read() -> None:
    fetch = Fetch(ENDPOINT, Outcome.FAILED, "now", reason=Reason.FORBIDDEN)
    assert walked(lambda _page, _size: Answer(fetch, b'[{"id": 1}]'))[0] == []


def test_what_is_no_object_in_a_list_is_passed_over() -> None:
    data = b'[1, {"id": 2}, null]'
    assert walked(lambda _page, _size: Answer(Fetch(ENDPOINT, Outcome.FETCHED, "now"), data))[0] == [2]


def test_a_count_that_is_no_number_is_none() -> None:
    first = answer([1, 2])
    first.headers["x-wp-totalpages"] = "-3"
    assert walked(lambda _page, _size: first) == ([1, 2], [], 2)


def test_no_more_pages_are_asked_for_than_any_site_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.posts.wordpress_collection.MAX_PAGES", 3)
    assert walked(lambda page, _size: answer([page], 9)) == ([1, 2, 3], [], 3)


def test_a_stale_page_among_others_does_not_end_the_walk() -> None:
    pages = {page: [1] if page < 6 else [page] for page in range(1, 8)}
    assert walked(lambda page, _size: answer(pages[page], 7))[0] == [1, 6, 7]


@pytest.mark.parametrize(
    ("size", "smaller"), [(100, 50), (50, 25), (25, 5), (10, 5), (9, 3), (7, 1), (2, 1), (1, 0)]
)
def test_a_smaller_page_tiles_the_larger_one(size: int, smaller: int) -> None:
    assert choose_smaller_size(size) == smaller


@pytest.mark.parametrize(
    ("limit", "smaller"), [("1", 1), ("9", 9), ("10", 5), ("25", 5), ("0", 5), ("1000", 5), ("many", 5)]
)
def test_a_limit_that_a_site_names_counts_where_it_is_smaller(limit: str, smaller: int) -> None:
    told = {"data": {"params": {"per_page": f"per_page must be between 1 (inclusive) and {limit}."}}}
    assert choose_smaller_size(10, told) == smaller


def test_a_page_that_does_not_exist_ends_what_was_promised() -> None:
    def site(page: int, _size: int) -> Answer:
        return answer([1, 2], 9) if page == 1 else refused("rest_post_invalid_page_number")

    assert walked(site) == ([1, 2], [], 2)


def test_a_page_that_cannot_be_made_is_asked_for_in_two_halves() -> None:
    posts = list(range(150))

    def site(page: int, size: int) -> Answer:
        if size == 100 and page == 1:
            return refused("internal", Reason.SERVER_ERROR)
        return answer(sliced(posts, page, size), 2 if size == 100 else 3)

    assert walked(site) == (posts, [], 4)


def test_the_count_of_smaller_pages_is_not_that_of_the_larger() -> None:
    posts = list(range(150))

    def site(page: int, size: int) -> Answer:
        if size == 100 and page == 2:
            return refused("internal", Reason.SERVER_ERROR)
        return answer(sliced(posts, page, size), 2 if size == 100 else 9)

    assert walked(site)[2] == 4


def test_a_page_of_nothing_but_a_broken_post_is_not_the_end() -> None:
    def site(page: int, size: int) -> Answer:
        if size == 100:
            return answer([7] if page == 2 else []) if page > 1 else refused("internal", Reason.SERVER_ERROR)
        return refused("internal", Reason.SERVER_ERROR) if page == 1 else answer([])

    posts, failures, _ = walked(site)
    assert (posts, len(failures)) == ([7], 1)


def test_a_server_that_repeats_itself_is_asked_five_times_more() -> None:
    assert walked(lambda _page, _size: answer([1, 2], 999))[2] == 6


def test_a_refusal_of_five_posts_ends_the_walk() -> None:
    def site(_page: int, size: int) -> Answer:
        return refused("internal", Reason.SERVER_ERROR if size > 5 else Reason.FORBIDDEN)

    posts, failures, asked = walked(site)
    assert (posts, [one.reason for one in failures], asked) == ([], [Reason.FORBIDDEN], 4)


def test_a_parameter_that_is_not_allowed_is_not_asked_for_in_smaller_pages() -> None:
    fetch = Fetch(ENDPOINT, Outcome.FAILED, "now", reason=Reason.CLIENT_ERROR)
    body = {
        "code": "rest_invalid_param",
        "data": {"status": 400, "params": {"status": "Status is forbidden."}},
    }
    forbidden = Answer(fetch, json.dumps(body).encode())
    posts, failures, asked = walked(lambda _page, _size: forbidden)
    assert (posts, len(failures), asked) == ([], 1, 1)
