from __future__ import annotations

import pytest

from assets.http.bodies import Kept
from assets.http.exchange import Exchange, Taken, build_failed_fetch, build_fetch
from assets.http.responses import Headers
from assets.model import Fetch, Outcome, Reason, Stage, Validators

URL = "https://news.example/a"
FINAL = "https://cdn.example/a.jpg"
AT = "2025-01-01T12:00:00+00:00"
HEADERS = Headers.of([("Content-Type", "image/jpeg"), ("ETag", '"b"'), ("Set-Cookie", "id=1")])
TAKEN = Taken(Kept(10, "5f0c"))
UNCHANGED = Taken(is_unchanged=True)


def exchange(headers: Headers = HEADERS, status: int = 200) -> Exchange:
    """A question that was asked twice and came to its end behind a redirect."""
    return Exchange(FINAL, attempts=2, status=status, headers=headers)


# An attempt after another


def test_a_new_attempt_forgets_the_answer() -> None:
    trail = Exchange(FINAL, 1, 503, HEADERS, has_error_body=True)
    trail.restart()
    assert (trail.status, trail.headers, trail.has_error_body) == (None, Headers(), False)


def test_a_new_attempt_counts_with_those_before() -> None:
    trail = Exchange(FINAL, attempts=1, status=503)
    trail.restart()
    assert trail.attempts == 1


def test_a_new_attempt_remembers_how_far_it_had_gone() -> None:
    trail = Exchange(FINAL, attempts=1, status=503)
    trail.restart()
    assert trail.address == FINAL


# Good ends


def test_a_body_ends_as_fetched() -> None:
    assert build_fetch(URL, AT, exchange(), TAKEN, Validators()) == Fetch(
        URL,
        Outcome.FETCHED,
        AT,
        status=200,
        final_url=FINAL,
        validators=Validators('"b"', "", FINAL),
        content_type="image/jpeg",
        length=10,
        sha256="5f0c",
        attempts=2,
        headers=(("content-type", "image/jpeg"), ("etag", '"b"')),
    )


def test_a_body_ends_the_old_validators() -> None:
    before = Validators('"a"', "yesterday", FINAL)
    assert build_fetch(URL, AT, exchange(Headers()), TAKEN, before).validators == Validators()


def test_word_that_nothing_changed_ends_as_unchanged() -> None:
    fetch = build_fetch(URL, AT, exchange(status=304), UNCHANGED, Validators())
    assert (fetch.outcome, fetch.status, fetch.length, fetch.sha256) == (Outcome.UNCHANGED, 304, 0, "")


def test_validators_that_are_not_repeated_go_on_holding() -> None:
    before = Validators('"a"', "yesterday", FINAL)
    assert build_fetch(URL, AT, exchange(Headers()), UNCHANGED, before).validators == before


def test_a_new_entity_tag_takes_the_place_of_the_old() -> None:
    before = Validators('"a"', "yesterday", FINAL)
    found = build_fetch(URL, AT, exchange(), UNCHANGED, before).validators
    assert found == Validators('"b"', "yesterday", FINAL)


def test_a_new_time_takes_the_place_of_the_old() -> None:
    before = Validators('"a"', "yesterday", FINAL)
    headers = Headers.of([("Last-Modified", "today")])
    assert build_fetch(URL, AT, exchange(headers), UNCHANGED, before).validators == Validators(
        '"a"', "today", FINAL
    )


def test_validators_belong_to_where_they_were_found_to_hold() -> None:
    before = Validators('"a"', "", "https://old.example/a.jpg")
    assert build_fetch(URL, AT, exchange(Headers()), UNCHANGED, before).validators == Validators(
        '"a"', "", FINAL
    )


# Bad ends


def test_a_fault_ends_as_failed() -> None:
    trail = exchange(Headers.of([("Content-Type", "text/html"), ("Server", "nginx")]), status=404)
    assert build_failed_fetch(URL, AT, trail, Reason.GONE, "HTTP 404") == Fetch(
        URL,
        Outcome.FAILED,
        AT,
        status=404,
        reason=Reason.GONE,
        stage=Stage.DOWNLOAD,
        detail="HTTP 404",
        final_url=FINAL,
        content_type="text/html",
        attempts=2,
        headers=(("server", "nginx"), ("content-type", "text/html")),
    )


@pytest.mark.parametrize(
    "reason", [Reason.BAD_ADDRESS, Reason.ADDRESS_REFUSED, Reason.ROBOTS, Reason.ROBOTS_TAG]
)
def test_what_was_not_asked_or_may_not_be_kept_ends_as_refused(reason: Reason) -> None:
    assert build_failed_fetch(URL, AT, Exchange(), reason, "").outcome is Outcome.REFUSED


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.FORBIDDEN, Reason.TOO_LARGE, Reason.DNS])
def test_all_else_ends_as_failed(reason: Reason) -> None:
    assert build_failed_fetch(URL, AT, Exchange(), reason, "").outcome is Outcome.FAILED


def test_what_was_never_answered_has_no_status() -> None:
    assert build_failed_fetch(URL, AT, Exchange(FINAL, attempts=3), Reason.TIMEOUT, "").status is None


def test_the_detail_is_clean_text() -> None:
    assert (
        build_failed_fetch(URL, AT, Exchange(), Reason.DNS, " no such\n\tname\x00 ").detail == "no such name"
    )


def test_the_detail_is_of_bounded_length() -> None:
    assert build_failed_fetch(URL, AT, Exchange(), Reason.DNS, "x" * 501).detail == "x" * 500
