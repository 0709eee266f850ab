"""Which failures pass, and when an address that failed is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from assets import Reason
from catalog.harvest.failures import (
    FREE,
    KEPT_BY_NOW,
    LONGEST_PAUSE,
    PASSING,
    has_failed,
    is_due,
    is_passing,
    next_try,
    to_the_minute,
)
from catalog.model import FetchRecord

NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)


def failed(reason: Reason = Reason.GONE, failures: int = 1, outcome: str = "failed") -> FetchRecord:
    return FetchRecord(
        url="u", outcome=outcome, reason=reason.value, at="2025-08-01T12:00:00Z", failures=failures
    )


def pause_after(failures: int) -> timedelta:
    at = next_try(failed(failures=failures))
    assert at is not None
    return at - NOON


@pytest.mark.parametrize("reason", sorted(PASSING))
def test_what_failed_for_a_passing_reason_is_asked_at_the_next_harvest(reason: Reason) -> None:
    assert next_try(failed(reason, failures=9)) is None


@pytest.mark.parametrize("reason", sorted(FREE))
def test_what_costs_no_request_is_asked_at_the_next_harvest(reason: Reason) -> None:
    assert next_try(failed(reason, outcome="refused")) is None


@pytest.mark.parametrize("reason", sorted(KEPT_BY_NOW))
def test_what_a_former_version_did_not_keep_is_asked_at_the_next_harvest(reason: Reason) -> None:
    assert next_try(failed(reason)) is None


@pytest.mark.parametrize("reason", sorted(frozenset(Reason) - PASSING - FREE - KEPT_BY_NOW))
def test_what_failed_for_any_other_reason_is_asked_after_a_day(reason: Reason) -> None:
    assert next_try(failed(reason)) == NOON + timedelta(days=1)


def test_the_pause_doubles_with_each_failure_and_is_capped() -> None:
    assert [pause_after(number).days for number in range(1, 10)] == [1, 2, 4, 8, 16, 32, 64, 64, 64]


def test_a_thousand_failures_make_the_longest_pause() -> None:
    assert pause_after(1000) == LONGEST_PAUSE


def test_what_failed_before_failures_were_counted_has_the_first_pause() -> None:
    assert pause_after(0) == timedelta(days=1)


@pytest.mark.parametrize("outcome", ["fetched", "unchanged", "skipped", ""])
def test_what_did_not_fail_has_no_pause(outcome: str) -> None:
    assert next_try(failed(outcome=outcome)) is None


def test_what_failed_at_no_known_time_has_no_pause() -> None:
    assert next_try(FetchRecord(url="u", outcome="failed", reason="gone", at="once")) is None


@pytest.mark.parametrize(
    ("outcome", "is_failure"),
    [("failed", True), ("refused", True), ("fetched", False), ("unchanged", False), ("skipped", False)],
)
def test_failed_is_what_ended_without_what_it_was_asked_for(outcome: str, is_failure: bool) -> None:
    assert has_failed(failed(outcome=outcome)) is is_failure


def test_what_was_never_asked_has_not_failed() -> None:
    assert not has_failed(None)


def test_what_was_never_asked_is_due() -> None:
    assert is_due(None, NOON)


def test_what_failed_for_good_is_due_when_its_pause_is_over() -> None:
    later = (timedelta(hours=23, minutes=59), timedelta(days=1))
    assert [is_due(failed(), NOON + passed) for passed in later] == [False, True]


def test_what_failed_for_a_reason_that_was_lifted_is_due() -> None:
    assert is_due(failed(Reason.ROBOTS_TAG), NOON, {"robots tag"})


def test_a_lifted_reason_lifts_no_other() -> None:
    assert not is_due(failed(Reason.GONE), NOON, {"robots tag"})


@pytest.mark.parametrize("reason", ["", "no such reason"])
def test_a_reason_that_is_not_known_does_not_pass(reason: str) -> None:
    assert not is_passing(reason)


def test_a_moment_is_told_in_utc() -> None:
    assert to_the_minute(NOON.astimezone(timezone(timedelta(hours=9)))) == "2025-08-01 12:00 UTC"
