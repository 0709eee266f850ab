"""Posts asked for by their ids: however few a site gives at a time, and whatever it cannot make."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from fake_rest import NOON, ROOT, Came, FakeRest, Query, came, failed, post, refusal

from assets.model import Failure, Reason
from assets.posts.wordpress_collection import MAX_BROKEN_POSTS_ON_END
from assets.sources.inventory import PostType
from assets.sources.post_fetcher import POSTS_AT_ONCE, FetchedPosts, PostFetcher

POSTS = PostType("post", "wp/v2/posts")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetcher brought."""

    parts: list[FetchedPosts]
    failures: list[Failure]
    is_whole: bool

    @property
    def numbers(self) -> list[int]:
        return [number for part in self.parts for number in numbers_of(part)]


def numbers_of(part: FetchedPosts) -> list[int]:
    return [int(str(item["id"])) for item in part.items]


@pytest.fixture
def site() -> FakeRest:
    return with_posts(*range(1, 21))


def with_posts(*numbers: int) -> FakeRest:
    site = FakeRest()
    site.add(*(post(number) for number in numbers))
    return site


def fetch(site: FakeRest, *numbers: int, **options: Any) -> Fetched:  # noqa: ANN401 - the fetcher's own
    fetcher = PostFetcher(site.ask, ROOT, POSTS, **options)

    async def go() -> list[FetchedPosts | Failure]:
        return [part async for part in fetcher.fetch(numbers)]

    came = asyncio.run(go())
    parts = [part for part in came if isinstance(part, FetchedPosts)]
    return Fetched(parts, [part for part in came if isinstance(part, Failure)], fetcher.is_whole)


def included(site: FakeRest) -> list[list[int]]:
    """The ids that were asked for, request by request; empty where all were."""
    asked = (query.get("include", "") for query in site.asked_for("wp/v2/posts"))
    return [[int(number) for number in numbers.split(",") if number] for numbers in asked]


# By ids


def test_posts_come_by_their_ids(site: FakeRest) -> None:
    found = fetch(site, 7, 3)
    assert (sorted(found.numbers), found.failures, found.is_whole) == ([3, 7], [], True)


def test_no_ids_are_no_request(site: FakeRest) -> None:
    assert fetch(site) == Fetched([], [], True)
    assert site.asked == []


def test_a_hundred_are_asked_for_at_a_time() -> None:
    site = with_posts(*range(1, 251))
    assert len(fetch(site, *range(1, 251)).numbers) == 250
    assert [len(part) for part in included(site)] == [POSTS_AT_ONCE, POSTS_AT_ONCE, 50]


def test_posts_are_asked_for_in_the_order_in_which_they_are_wanted(site: FakeRest) -> None:
    fetch(site, 7, 3, embeds=False)
    assert site.asked_for("wp/v2/posts") == [{"include": "7,3", "orderby": "include", "per_page": "2"}]


def test_featured_pictures_are_embedded_if_they_are_wanted(site: FakeRest) -> None:
    fetch(site, 7)
    assert site.asked_for("wp/v2/posts")[0]["_embed"] == "wp:featuredmedia"


def test_with_an_account_what_is_not_public_comes_too(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(21, status="draft"))
    assert fetch(site, 7, 21, statuses=("status", "publish,draft")).numbers == [7, 21]


def test_each_part_has_the_clock_of_its_answer() -> None:
    site = with_posts(*range(1, 102))

    def wait(_address: str) -> None:
        site.clock = NOON if not site.asked else "Sat, 23 Aug 2025 12:00:05 GMT"

    site.before = wait
    clocks = [part.clock for part in fetch(site, *range(1, 102)).parts]
    assert clocks == [NOON, "Sat, 23 Aug 2025 12:00:05 GMT"]


# Fewer than were asked for


def test_a_cap_that_is_named_is_kept_to(site: FakeRest) -> None:
    site.most = 5
    found = fetch(site, *range(1, 21))
    assert (found.numbers, found.failures, found.is_whole) == (list(range(1, 21)), [], True)
    assert [len(part) for part in included(site)] == [20, 5, 5, 5, 5]


def test_a_cap_that_is_named_holds_for_all_that_follow() -> None:
    site = with_posts(*range(1, 151))
    site.most = 40
    fetch(site, *range(1, 151))
    assert [len(part) for part in included(site)] == [100, 40, 40, 20, 40, 10]


def test_a_cap_that_is_silent_is_found_by_the_total(site: FakeRest) -> None:
    site.most, site.caps_silently = 8, True
    found = fetch(site, *range(1, 21))
    assert (found.numbers, found.is_whole) == (list(range(1, 21)), True)
    assert [len(part) for part in included(site)] == [20, 8, 4]


def test_a_silent_cap_without_a_total_is_found_too(site: FakeRest) -> None:
    site.most, site.caps_silently, site.tells_totals = 8, True, False
    found = fetch(site, *range(1, 21))
    assert (found.numbers, found.is_whole) == (list(range(1, 21)), True)


def test_a_post_that_is_not_there_is_missed_and_not_asked_for_again(site: FakeRest) -> None:
    found = fetch(site, 7, 99)
    assert (found.numbers, found.failures, found.is_whole) == ([7], [], False)
    assert len(site.asked) == 1


def test_posts_none_of_which_are_there_are_asked_for_once(site: FakeRest) -> None:
    found = fetch(site, 98, 99)
    assert (found.numbers, found.is_whole, len(site.asked)) == ([], False, 1)


def test_a_silent_cap_and_a_post_that_is_not_there_come_to_an_end(site: FakeRest) -> None:
    site.most, site.caps_silently, site.tells_totals = 8, True, False
    found = fetch(site, *range(1, 21), 99)
    assert (found.numbers, found.is_whole) == (list(range(1, 21)), False)


def test_a_miss_does_not_keep_what_follows_from_being_asked_for() -> None:
    site = with_posts(*range(2, 151))
    assert fetch(site, *range(1, 151)).numbers == list(range(2, 151))


# What cannot be made


def test_a_post_that_its_server_cannot_make_costs_itself_alone(site: FakeRest) -> None:
    site.broken = {7}
    found = fetch(site, *range(1, 21))
    assert found.numbers == [number for number in range(1, 21) if number != 7]
    assert ([one.reason for one in found.failures], found.is_whole) == ([Reason.SERVER_ERROR], False)


@pytest.mark.parametrize("answer", [failed(400), failed(500), came(b"<p>Sorry.</p>"), came({"id": 1})])
def test_a_part_that_did_not_come_is_asked_for_in_smaller_ones(site: FakeRest, answer: Came) -> None:
    site.answers["wp/v2/posts"] = lambda query: (
        answer if query["per_page"] != "1" else came([post(int(query["include"]))], x_wp_total="1")
    )
    assert fetch(site, 7, 8).numbers == [7, 8]
    assert included(site) == [[7, 8], [7], [8]]


@pytest.mark.parametrize("status", [401, 403, 404, None])
def test_a_part_that_is_refused_is_one_failure(site: FakeRest, status: int | None) -> None:
    site.answers["wp/v2/posts"] = failed(status)
    found = fetch(site, *range(1, 21))
    assert (found.numbers, len(found.failures), found.is_whole, len(site.asked)) == ([], 1, False, 1)


def test_a_part_that_is_refused_costs_no_other() -> None:
    site = with_posts(*range(1, 102))

    def refuse_first(query: Query) -> Came:
        if len(site.asked) == 1:
            return failed(401)
        return came([post(int(number)) for number in query["include"].split(",")], x_wp_total="1")

    site.answers["wp/v2/posts"] = refuse_first
    found = fetch(site, *range(1, 102))
    assert (found.numbers, len(found.failures), found.is_whole) == ([101], 1, False)


def test_a_single_post_that_fails_is_told_with_its_address(site: FakeRest) -> None:
    site.broken = {7}
    (failure,) = fetch(site, 7).failures
    assert "include=7&" in failure.address


def test_a_parameter_that_is_not_understood_has_posts_asked_for_singly(site: FakeRest) -> None:
    site.answers["wp/v2/posts"] = lambda query: (
        came([post(int(query["include"]))], x_wp_total="1")
        if query["per_page"] == "1"
        else refusal("rest_invalid_param", params={"include": "include is too long"})
    )
    assert fetch(site, 7, 8, 9, 10).numbers == [7, 8, 9, 10]


# A server that does not know include


def test_a_server_that_ignores_include_has_all_its_posts_gone_through(site: FakeRest) -> None:
    site.knows_include = False
    found = fetch(site, 3, 17)
    assert (found.numbers, found.is_whole) == ([3, 17], True)
    assert included(site) == [[3, 17], []]


def test_a_post_that_came_unasked_is_not_handed_on(site: FakeRest) -> None:
    site.knows_include = False
    assert fetch(site, 1).numbers == [1]


def test_what_came_at_first_is_not_handed_on_again(site: FakeRest) -> None:
    site.knows_include = False
    assert [numbers_of(part) for part in fetch(site, 1, 2, 17).parts] == [[1, 2], [17]]


def test_all_that_waits_is_taken_from_one_walk() -> None:
    site = with_posts(*range(1, 301))
    site.knows_include = False
    found = fetch(site, *range(2, 252))
    assert (sorted(found.numbers), found.is_whole) == (list(range(2, 252)), True)
    assert len(site.asked) == 4


def test_a_walk_hands_on_a_hundred_at_a_time() -> None:
    site = with_posts(*range(1, 401))
    site.knows_include = False
    assert max(len(part.items) for part in fetch(site, *range(101, 351)).parts) == POSTS_AT_ONCE


def test_what_a_walk_does_not_find_is_missed(site: FakeRest) -> None:
    site.knows_include = False
    found = fetch(site, 3, 99)
    assert (found.numbers, found.is_whole) == ([3], False)


def test_what_fails_in_a_walk_is_told(site: FakeRest) -> None:
    site.knows_include = False
    site.lists["posts"] = {number: post(number) for number in range(1, 151)}
    site.broken = {120}
    found = fetch(site, 3, 149)
    assert (found.numbers, len(found.failures), found.is_whole) == ([3, 149], 1, False)


def test_the_walk_asks_for_what_is_not_public_too(site: FakeRest) -> None:
    site.knows_include, site.knows_account = False, True
    site.add(post(21, status="draft"))
    assert fetch(site, 21, statuses=("status", "publish,draft")).numbers == [21]


def test_parts_of_a_walk_have_the_clock_of_its_beginning(site: FakeRest) -> None:
    site.knows_include = False
    assert [part.clock for part in fetch(site, 17).parts] == [NOON, NOON]


def test_a_site_that_makes_no_post_is_left_alone_after_a_few(site: FakeRest) -> None:
    site.broken = set(range(1, 21))
    got = fetch(site, *range(1, 21))
    assert (got.numbers, got.is_whole, len(got.failures)) == ([], False, MAX_BROKEN_POSTS_ON_END)
