"""All posts of a site listed type by type: which types are read, which passed over, and what a site refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Container
from dataclasses import dataclass

import pytest
from fake_rest import NOON, ROOT, Came, FakeRest, came, failed, post, refusal

from assets.model import Failure, Reason, Stage
from assets.sources.inventory import PostType
from assets.sources.site_listing import ClosedApi, SiteListing

REPORTS = PostType("report", "wp/v2/reports")


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing gone through, and what it told on the way."""

    listing: SiteListing
    failures: list[Failure]

    @property
    def numbers(self) -> list[int]:
        return list(self.listing.posts)

    @property
    def types(self) -> list[str]:
        return [one.name for one in self.listing.types]


@pytest.fixture
def site() -> FakeRest:
    """A site with two posts, a page and a report."""
    site = FakeRest()
    site.add(post(1), post(2), post(3, type="page"))
    site.add_type("report", "reports", 4)
    return site


def go_through(
    site: FakeRest,
    *wanted: str,
    known: Container[str] = (),
    only: PostType | None = None,
    since: str = "",
    is_own: bool = False,
) -> Listed:
    listing = SiteListing(site.ask, ROOT, since, is_own=is_own)

    async def go() -> list[Failure]:
        return [failure async for failure in listing.go_through(wanted, known, only)]

    return Listed(listing, asyncio.run(go()))


def asked_with(site: FakeRest, route: str, name: str) -> list[str]:
    return [query[name] for query in site.asked_for(route) if name in query]


# Types


def test_posts_of_all_types_are_listed(site: FakeRest) -> None:
    assert go_through(site).numbers == [1, 2, 3, 4]


def test_types_are_counted(site: FakeRest) -> None:
    assert go_through(site).listing.counts == {"post": 2, "page": 1, "report": 1}


def test_a_listing_in_which_nothing_failed_is_whole_and_complete(site: FakeRest) -> None:
    found = go_through(site)
    assert (found.failures, found.listing.is_whole, found.listing.is_complete) == ([], True, True)


def test_the_clock_is_the_sites_own(site: FakeRest) -> None:
    assert go_through(site).listing.clock == NOON


def test_a_site_that_does_not_tell_its_types_has_posts_and_pages(site: FakeRest) -> None:
    site.answers["wp/v2/types"] = failed(404)
    found = go_through(site)
    assert (found.types, found.numbers, found.listing.is_whole) == (["post", "page"], [1, 2, 3], True)


def test_types_that_did_not_come_leave_posts_and_pages_and_a_failure(site: FakeRest) -> None:
    site.answers["wp/v2/types"] = failed(503)
    found = go_through(site)
    assert (found.numbers, [one.reason for one in found.failures]) == ([1, 2, 3], [Reason.SERVER_ERROR])


def test_without_its_types_a_listing_is_neither_whole_nor_complete(site: FakeRest) -> None:
    site.answers["wp/v2/types"] = failed(503)
    listing = go_through(site).listing
    assert (listing.is_whole, listing.is_complete) == (False, False)


def test_the_parts_of_the_site_are_not_asked_for(site: FakeRest) -> None:
    site.types["wp_block"] = {"rest_base": "blocks"}
    go_through(site)
    assert site.asked_for("wp/v2/blocks") == []


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_type_that_is_refused_is_passed_over(site: FakeRest, status: int) -> None:
    site.answers["wp/v2/reports"] = failed(status)
    found = go_through(site)
    assert (found.types, found.listing.passed_over, found.failures) == (["post", "page"], {"report": 0}, [])


def test_a_type_that_is_refused_leaves_the_listing_whole(site: FakeRest) -> None:
    site.answers["wp/v2/reports"] = failed(401)
    listing = go_through(site).listing
    assert (listing.is_whole, listing.is_complete) == (True, True)


def test_a_refused_type_that_the_site_did_not_tell_of_is_not_counted(site: FakeRest) -> None:
    site.answers |= {"wp/v2/types": failed(404), "wp/v2/pages": failed(404)}
    found = go_through(site)
    assert (found.types, found.listing.passed_over) == (["post"], {})


def test_a_type_that_fails_is_told(site: FakeRest) -> None:
    site.answers["wp/v2/reports"] = failed(None)
    found = go_through(site)
    assert {one.reason for one in found.failures} == {Reason.TIMEOUT}
    assert (found.listing.is_whole, found.listing.is_complete) == (False, False)


def test_what_came_of_a_type_that_fails_in_part_is_kept(site: FakeRest) -> None:
    site.broken = {1}
    found = go_through(site)
    assert (found.numbers, len(found.failures), found.listing.is_whole) == ([2, 3, 4], 1, False)


def test_types_whose_lists_came_whole_are_named(site: FakeRest) -> None:
    site.broken = {1}
    assert go_through(site).listing.whole_types == {"page", "report"}


# Types at which nobody can look


def test_a_type_that_the_sites_search_does_not_know_is_passed_over(site: FakeRest) -> None:
    site.hidden = {"report"}
    found = go_through(site)
    assert (found.numbers, found.types) == ([1, 2, 3], ["post", "page"])
    assert found.listing.passed_over == {"report": 1}


def test_a_type_that_is_passed_over_leaves_the_listing_whole(site: FakeRest) -> None:
    site.hidden = {"report"}
    listing = go_through(site).listing
    assert (listing.is_whole, listing.is_complete) == (True, True)


@pytest.mark.parametrize(
    "search", [refusal("rest_no_route", 404), failed(401), failed(503), came(b"<p>No.</p>")]
)
def test_a_site_without_a_search_hides_no_type(site: FakeRest, search: Came) -> None:
    site.answers["wp/v2/search"] = search
    assert go_through(site).numbers == [1, 2, 3, 4]


def test_the_search_is_asked_for_types_that_are_not_known_alone(site: FakeRest) -> None:
    go_through(site)
    assert site.asked_for("wp/v2/search") == [{"subtype": "report", "per_page": "1", "_fields": "id"}]


def test_a_type_that_is_known_is_not_asked_after(site: FakeRest) -> None:
    site.hidden = {"report"}
    assert go_through(site, known=["report"]).numbers == [1, 2, 3, 4]


def test_posts_and_pages_are_taken_as_they_are(site: FakeRest) -> None:
    site.hidden = {"post", "page"}
    assert go_through(site).numbers == [1, 2, 3, 4]


def test_a_type_without_posts_is_not_asked_after(site: FakeRest) -> None:
    site.lists["reports"] = {}
    go_through(site)
    assert site.asked_for("wp/v2/search") == []


def test_a_type_without_posts_is_read(site: FakeRest) -> None:
    site.lists["reports"] = {}
    found = go_through(site)
    assert (found.types, found.listing.counts["report"]) == (["post", "page", "report"], 0)


# What is wanted


@pytest.mark.parametrize("wanted", ["report", "reports"])
def test_types_are_wanted_by_name_or_by_the_end_of_their_address(site: FakeRest, wanted: str) -> None:
    assert go_through(site, wanted).numbers == [4]


def test_several_types_may_be_wanted(site: FakeRest) -> None:
    assert go_through(site, "page", "post").numbers == [1, 2, 3]


def test_types_that_are_not_wanted_are_counted(site: FakeRest) -> None:
    assert go_through(site, "report").listing.passed_over == {"post": 2, "page": 1}


def test_types_that_are_not_wanted_cost_one_small_answer_each(site: FakeRest) -> None:
    go_through(site, "report")
    assert site.asked_for("wp/v2/posts") == [{"per_page": "1", "_fields": "id"}]


def test_a_type_whose_number_the_site_does_not_tell_counts_as_none(site: FakeRest) -> None:
    site.tells_totals = False
    assert go_through(site, "report").listing.passed_over == {"post": 0, "page": 0}


def test_a_type_that_the_site_does_not_have_is_none_of_its_posts(site: FakeRest) -> None:
    found = go_through(site, "events")
    assert (found.numbers, found.listing.passed_over) == ([], {"post": 2, "page": 1, "report": 1})


def test_the_only_type_is_listed_alone(site: FakeRest) -> None:
    found = go_through(site, only=REPORTS)
    assert (found.numbers, found.listing.passed_over) == ([4], {})


def test_for_the_only_type_the_others_are_not_asked_for(site: FakeRest) -> None:
    go_through(site, only=REPORTS)
    assert site.asked_for("wp/v2/types") == []


# A closed API


def test_a_site_that_refuses_all_types_is_closed(site: FakeRest) -> None:
    site.answers |= {f"wp/v2/{base}": failed(401) for base in ("types", "posts", "pages")}
    with pytest.raises(ClosedApi) as closed:
        go_through(site)
    assert (closed.value.failure.reason, str(closed.value)) == (Reason.UNAUTHORIZED, "HTTP 401")


def test_a_closed_api_is_told_by_its_first_refusal(site: FakeRest) -> None:
    site.answers |= {"wp/v2/types": failed(401), "wp/v2/posts": failed(403), "wp/v2/pages": failed(404)}
    with pytest.raises(ClosedApi) as closed:
        go_through(site)
    assert closed.value.failure.reason is Reason.FORBIDDEN


def test_a_site_that_tells_its_types_and_nothing_else_is_closed(site: FakeRest) -> None:
    site.answers |= {f"wp/v2/{base}": failed(401) for base in ("posts", "pages", "reports")}
    with pytest.raises(ClosedApi):
        go_through(site)


def test_a_site_that_gives_one_type_is_not_closed(site: FakeRest) -> None:
    site.answers |= {f"wp/v2/{base}": failed(401) for base in ("posts", "reports")}
    assert go_through(site).numbers == [3]


def test_a_site_that_is_down_is_not_closed(site: FakeRest) -> None:
    site.answers |= {f"wp/v2/{base}": failed(503) for base in ("types", "posts", "pages")}
    assert {one.reason for one in go_through(site).failures} == {Reason.SERVER_ERROR}


@pytest.mark.parametrize("status", [401, 403])
def test_what_is_wanted_may_be_behind_a_closed_door(site: FakeRest, status: int) -> None:
    site.answers |= {f"wp/v2/{base}": failed(status) for base in ("types", "posts", "pages")}
    with pytest.raises(ClosedApi):
        go_through(site, "report")


def test_what_is_not_wanted_may_be_closed_where_the_types_are_told(site: FakeRest) -> None:
    site.answers |= {f"wp/v2/{base}": failed(401) for base in ("posts", "pages")}
    site.types.pop("report")
    assert go_through(site, "report").listing.passed_over == {"post": 0, "page": 0}


def test_a_wanted_type_that_is_not_told_of_closes_no_open_site(site: FakeRest) -> None:
    site.answers["wp/v2/types"] = failed(404)
    assert go_through(site, "report").numbers == []


# With an account


def test_with_an_account_what_is_not_public_is_asked_for_too(site: FakeRest) -> None:
    site.knows_account = True
    site.add(post(5, status="draft"), post(6, status="private"))
    found = go_through(site, is_own=True)
    assert (found.numbers, found.listing.is_own) == ([1, 2, 5, 6, 3, 4], True)


def test_what_lies_in_the_trash_is_not_asked_for(site: FakeRest) -> None:
    site.knows_account = True
    go_through(site, is_own=True)
    assert set(asked_with(site, "wp/v2/posts", "status")) == {"publish,future,draft,pending,private"}


def test_without_an_account_no_status_is_asked_for(site: FakeRest) -> None:
    assert go_through(site).listing.statuses is None
    assert asked_with(site, "wp/v2/posts", "status") == []


@pytest.mark.parametrize(
    "refused",
    [refusal("rest_invalid_param", params={"status": "Status is forbidden."}), failed(401), failed(403)],
)
def test_a_site_that_does_not_know_the_account_shows_what_is_public(site: FakeRest, refused: Came) -> None:
    plain = came([post(1), post(2)], x_wp_total="2", x_wp_totalpages="1")
    site.answers["wp/v2/posts"] = lambda query: refused if "status" in query else plain
    found = go_through(site, is_own=True)
    assert (found.numbers, found.listing.is_own, found.listing.statuses) == ([1, 2, 3, 4], False, None)


def test_an_account_that_is_not_known_is_told_once(site: FakeRest) -> None:
    (failure,) = go_through(site, is_own=True).failures
    detail = "the site does not take the account given for one that may see drafts: public posts only"
    assert failure == Failure(Stage.DISCOVER, Reason.UNAUTHORIZED, ROOT, detail)


def test_once_an_account_is_not_known_it_is_not_tried_again(site: FakeRest) -> None:
    go_through(site, is_own=True)
    assert asked_with(site, "wp/v2/pages", "status") == []


def test_public_posts_are_the_whole_of_a_site_that_does_not_know_the_account(site: FakeRest) -> None:
    listing = go_through(site, is_own=True).listing
    assert (listing.is_whole, listing.is_complete) == (True, True)


# Since a time


def test_since_a_time_only_what_was_modified_is_listed(site: FakeRest) -> None:
    site.add(post(2, modified_gmt="2025-08-20T08:00:00"))
    assert go_through(site, since="2025-08-19T00:00:00Z").numbers == [2]


def test_a_list_since_a_time_is_not_the_whole(site: FakeRest) -> None:
    listing = go_through(site, since="2025-08-19T00:00:00Z").listing
    assert (listing.is_whole, listing.is_complete) == (False, True)
