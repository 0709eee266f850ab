"""What a harvest did, counted as it goes."""

from __future__ import annotations

import json

from ledgers import HOME, ROOT

from assets import Failure, Notice, Reason, SiteRead, Stage
from catalog.harvest.summary import MOST_FAILURES, HarvestSummary


def failure(reason: Reason = Reason.GONE, name: str = "a.jpg") -> Failure:
    return Failure(Stage.DOWNLOAD, reason, f"{HOME}{name}")


def noticed(*notices: tuple[str, str]) -> list[tuple[str, str]]:
    """What is told of these notices, each an address and a text."""
    summary = HarvestSummary()
    for address, text in notices:
        summary.note(Notice(address, text))
    return [(notice.address, notice.text) for notice in summary.notices]


def test_failures_are_counted_by_their_reasons() -> None:
    summary = HarvestSummary()
    for reason in (Reason.GONE, Reason.TIMEOUT, Reason.GONE):
        summary.fail(failure(reason))
    assert (summary.failed, summary.reasons) == (3, {"gone": 2, "timeout": 1})


def test_a_file_that_was_passed_over_is_skipped_and_has_not_failed() -> None:
    summary = HarvestSummary()
    summary.fail(failure(Reason.PASSED_OVER))
    assert (summary.skipped, summary.failed, summary.failures) == (1, 0, [])


def test_the_first_failures_are_kept_and_all_are_counted() -> None:
    summary = HarvestSummary()
    for number in range(MOST_FAILURES + 5):
        summary.fail(failure(name=str(number)))
    assert (len(summary.failures), summary.failed) == (MOST_FAILURES, MOST_FAILURES + 5)
    assert summary.failures[0].address == f"{HOME}0"


def test_what_a_whole_site_says_is_told_once_with_the_first_address() -> None:
    assert noticed((f"{HOME}1", "a BOM"), (f"{HOME}2", "a BOM")) == [(f"{HOME}1", "a BOM")]


def test_two_sites_or_two_oddities_are_told_each() -> None:
    notices = [(f"{HOME}1", "a BOM"), ("https://b.example/", "a BOM"), (f"{HOME}1", "a comment")]
    assert noticed(*notices) == notices


def test_not_more_notices_are_kept_than_are_read() -> None:
    assert len(noticed(*((f"https://{number}.example/", "a BOM") for number in range(99)))) == MOST_FAILURES


def test_types_that_were_not_read_are_added_up_over_the_sites() -> None:
    summary = HarvestSummary()
    for passed_over in ({"page": 2}, {"page": 3, "report": 1}):
        summary.note_site(SiteRead(ROOT, passed_over=passed_over), "")
    assert summary.passed_over == {"page": 5, "report": 1}


def test_a_site_that_was_not_gone_through_whole_says_when_it_was() -> None:
    summary = HarvestSummary()
    summary.note_site(SiteRead(ROOT), "2025-08-01T06:00:00Z")
    summary.note_site(SiteRead("https://b.example/wp-json/"), "")
    assert summary.listed == {ROOT: "2025-08-01T06:00:00Z"}


def test_a_script_reads_the_most_frequent_reason_first() -> None:
    summary = HarvestSummary()
    for reason in (Reason.TIMEOUT, Reason.GONE, Reason.GONE):
        summary.fail(failure(reason))
    assert list(summary.to_json()["reasons"]) == ["gone", "timeout"]


def test_a_script_does_not_read_what_is_only_for_a_running_harvest() -> None:
    summary = HarvestSummary(settled=3)
    summary.fail(failure())
    assert summary.to_json().keys().isdisjoint({"failures", "settled"})


def test_a_summary_is_plain_json() -> None:
    summary = HarvestSummary()
    summary.fail(failure())
    summary.note(Notice(HOME, "a BOM"))
    summary.note_site(SiteRead(ROOT, passed_over={"page": 1}), "2025-08-01")
    told = summary.to_json()
    assert json.loads(json.dumps(told)) == told
