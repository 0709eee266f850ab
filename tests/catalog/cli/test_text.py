"""The lines that a harvest ends with."""

from __future__ import annotations

from collections import Counter

from assets import Failure, Reason, Stage
from catalog.cli.console.text import summary_text
from catalog.harvest.summary import HarvestSummary


def failed(number: int) -> HarvestSummary:
    """The summary of a harvest in which so many addresses failed."""
    summary = HarvestSummary()
    for one in range(number):
        summary.fail(Failure(Stage.DOWNLOAD, Reason.GONE, f"https://a.example/{one}.jpg", "HTTP 404"))
    return summary


def test_the_first_ten_failures_are_named() -> None:
    named = [line for line in summary_text(failed(12)).splitlines() if ".jpg" in line]
    assert named == [f"  https://a.example/{one}.jpg: gone (HTTP 404)" for one in range(10)]


def test_how_to_see_the_other_failures_is_told() -> None:
    assert "  and 2 more: `photodesk failures` says" in summary_text(failed(12))


def test_a_harvest_without_failures_tells_of_none() -> None:
    assert "photodesk failures" not in summary_text(failed(0))


def test_types_that_were_not_read_are_told_with_their_numbers() -> None:
    summary = HarvestSummary(passed_over=Counter({"page": 34, "recipe": 0}))
    assert "passed over, by type: 34 page, recipe" in summary_text(summary)


def test_posts_that_moved_or_are_gone_are_told() -> None:
    told = summary_text(HarvestSummary(moved=3, gone=1))
    assert "posts: 3 moved to another address, 1 deleted or open to nobody any more" in told


def test_a_site_that_was_not_listed_whole_is_told() -> None:
    told = summary_text(HarvestSummary(listed={"https://a.example/wp-json/": "2025-08-01T06:00:00Z"}))
    assert "https://a.example/wp-json/: only what is new or changed was listed" in told
    assert "2025-08-01 06:00 UTC" in told
