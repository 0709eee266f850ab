from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from assets.http import responses
from assets.http.responses import (
    Headers,
    content_type,
    evidence,
    reason_for_status,
    redirect_target,
    retry_after_seconds,
    sanitize_value,
    strip_credentials,
    validators_of,
)
from assets.model import Reason, Validators

ADDRESS = "https://news.example/a.jpg"
NOON = datetime(2025, 1, 1, 12, 0, 0, tzinfo=UTC)

# Headers


def test_names_of_headers_are_the_same_in_any_case() -> None:
    assert Headers.of([("ETag", "x")]).get_first("etAG") == "x"


def test_repeated_headers_keep_their_order() -> None:
    headers = Headers.of([("X-Robots-Tag", "noai"), ("Age", "3"), ("x-robots-tag", "none")])
    assert headers.get_all("X-Robots-Tag") == ("noai", "none")


def test_the_first_of_repeated_headers_is_the_first() -> None:
    assert Headers.of([("Age", "3"), ("Age", "4")]).get_first("age") == "3"


def test_a_header_that_is_absent_is_empty() -> None:
    assert Headers().get_first("age") == ""


def test_of_a_header_that_is_absent_there_are_no_values() -> None:
    assert Headers().get_all("age") == ()


# Statuses


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (203, None),
        (100, Reason.BAD_RESPONSE),
        (202, Reason.BAD_RESPONSE),
        (204, Reason.EMPTY),
        (205, Reason.EMPTY),
        (206, Reason.BAD_RESPONSE),
        (304, Reason.BAD_RESPONSE),
        (399, Reason.BAD_RESPONSE),
        (400, Reason.CLIENT_ERROR),
        (401, Reason.UNAUTHORIZED),
        (403, Reason.FORBIDDEN),
        (404, Reason.GONE),
        (410, Reason.GONE),
        (429, Reason.RATE_LIMITED),
        (451, Reason.CLIENT_ERROR),
        (499, Reason.CLIENT_ERROR),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (599, Reason.SERVER_ERROR),
        (600, Reason.BAD_RESPONSE),
    ],
)
def test_a_status_has_its_reason(status: int, reason: Reason | None) -> None:
    assert reason_for_status(status) is reason


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_status_that_sends_elsewhere_is_a_redirect(status: int) -> None:
    assert status in responses.REDIRECTS


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_other_statuses_from_300_on_are_no_redirects(status: int) -> None:
    assert status not in responses.REDIRECTS


@pytest.mark.parametrize("status", [429, 503])
def test_an_overloaded_server_says_so_by_its_status(status: int) -> None:
    assert status in responses.OVERLOADED


# Evidence


def test_evidence_has_an_order_of_its_own() -> None:
    headers = Headers.of([("ETag", '"a"'), ("Server", "nginx"), ("Date", "Wed, 01 Jan 2025 12:00:00 GMT")])
    assert evidence(headers) == (
        ("date", "Wed, 01 Jan 2025 12:00:00 GMT"),
        ("server", "nginx"),
        ("etag", '"a"'),
    )


@pytest.mark.parametrize(
    "name",
    [
        "Date",
        "Server",
        "Content-Type",
        "Content-Length",
        "Content-Encoding",
        "Content-Location",
        "Content-Disposition",
        "Last-Modified",
        "ETag",
        "Age",
        "Cache-Control",
        "X-Robots-Tag",
    ],
)
def test_what_tells_of_a_pictures_origin_is_evidence(name: str) -> None:
    assert evidence(Headers.of([(name, "x")])) == ((name.lower(), "x"),)


@pytest.mark.parametrize("name", ["Set-Cookie", "Authorization", "X-Powered-By"])
def test_other_headers_are_no_evidence(name: str) -> None:
    assert evidence(Headers.of([(name, "x")])) == ()


def test_repeated_headers_are_one_piece_of_evidence() -> None:
    assert evidence(Headers.of([("X-Robots-Tag", "noai"), ("X-Robots-Tag", "none")])) == (
        ("x-robots-tag", "noai, none"),
    )


def test_evidence_is_clean_text() -> None:
    assert evidence(Headers.of([("Server", " nginx\x00\t 1 ")])) == (("server", "nginx 1"),)


def test_a_header_without_a_value_is_no_evidence() -> None:
    assert evidence(Headers.of([("Server", "  ")])) == ()


def test_evidence_is_of_bounded_length() -> None:
    assert evidence(Headers.of([("Server", "x" * 501)])) == (("server", "x" * 500),)


def test_the_media_type_keeps_its_parameters() -> None:
    assert content_type(Headers.of([("Content-Type", " text/html;  charset=utf-8 ")])) == (
        "text/html; charset=utf-8"
    )


def test_the_media_type_is_of_bounded_length() -> None:
    assert content_type(Headers.of([("Content-Type", "x" * 501)])) == "x" * 500


def test_without_a_media_type_there_is_none() -> None:
    assert content_type(Headers()) == ""


# Validators


def test_validators_are_those_of_the_address() -> None:
    headers = Headers.of([("ETag", 'W/"a"'), ("Last-Modified", "Wed, 01 Jan 2025 12:00:00 GMT")])
    assert validators_of(headers, ADDRESS) == Validators('W/"a"', "Wed, 01 Jan 2025 12:00:00 GMT", ADDRESS)


def test_one_validator_is_enough() -> None:
    assert validators_of(Headers.of([("Last-Modified", "x")]), ADDRESS) == Validators("", "x", ADDRESS)


def test_an_entity_tag_alone_is_enough() -> None:
    assert validators_of(Headers.of([("ETag", '"a"')]), ADDRESS) == Validators('"a"', "", ADDRESS)


def test_without_validators_no_address_is_kept() -> None:
    assert validators_of(Headers(), ADDRESS) == Validators()


def test_validators_that_cannot_be_sent_back_are_left_out() -> None:
    assert validators_of(Headers.of([("ETag", '"a"\r\nX: 1')]), ADDRESS) == Validators()


@pytest.mark.parametrize("value", ["x", '"a"', 'W/"a b"', "!", "~", "x" * 256, "a" + " " * 254 + "a"])
def test_short_printable_text_can_be_sent_back(value: str) -> None:
    assert sanitize_value(value) == value


@pytest.mark.parametrize(
    "value", ["", " ", " a", "a ", "a\n", "a\r\nb", "a\x00b", "\x7f", "é", "a\tb", "x" * 257]
)
def test_all_else_cannot_be_sent_back(value: str) -> None:
    assert sanitize_value(value) == ""


def test_a_body_is_asked_for_only_if_it_changed() -> None:
    assert responses.conditions(Validators('"a"', "yesterday", ADDRESS)) == (
        ("If-None-Match", '"a"'),
        ("If-Modified-Since", "yesterday"),
    )


def test_a_validator_that_is_none_makes_no_condition() -> None:
    assert responses.conditions(Validators("", "yesterday", ADDRESS)) == (("If-Modified-Since", "yesterday"),)


def test_a_kept_validator_that_cannot_be_sent_makes_no_condition() -> None:
    assert responses.conditions(Validators('"a"\n', "", ADDRESS)) == ()


# Where it sends us


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b.jpg", "https://news.example/b.jpg"),
        ("b.jpg?w=1", "https://news.example/b.jpg?w=1"),
        ("//cdn.example/b.jpg", "https://cdn.example/b.jpg"),
        ("http://cdn.example/b.jpg", "http://cdn.example/b.jpg"),
        (" /b.jpg ", "https://news.example/b.jpg"),
        ("https://user:pass@cdn.example/b.jpg", "https://cdn.example/b.jpg"),
    ],
)
def test_a_location_is_read_against_its_address(location: str, target: str) -> None:
    assert redirect_target(location, ADDRESS) == target


@pytest.mark.parametrize(
    "location", ["", "  ", "ftp://news.example/a.jpg", "javascript:alert(1)", "https://"]
)
def test_a_location_that_is_no_web_address_leads_nowhere(location: str) -> None:
    assert redirect_target(location, ADDRESS) == ""


def test_raw_bytes_of_a_location_are_percent_encoded() -> None:
    location = b"/caf\xe9.jpg".decode("utf-8", "surrogateescape")
    assert redirect_target(location, ADDRESS) == "https://news.example/caf%E9.jpg"


def test_the_lowest_raw_byte_is_percent_encoded_too() -> None:
    location = b"/\x80.jpg".decode("utf-8", "surrogateescape")
    assert redirect_target(location, ADDRESS) == "https://news.example/%80.jpg"


def test_an_address_loses_its_user() -> None:
    assert strip_credentials("https://user@news.example/a.jpg") == ADDRESS


def test_what_is_no_address_has_none_without_credentials() -> None:
    assert strip_credentials("a.jpg") == ""


# When to come back


def test_patience_is_asked_for_in_seconds() -> None:
    assert retry_after_seconds(" 120 ", NOON) == 120.0


def test_patience_is_asked_for_until_a_moment() -> None:
    assert retry_after_seconds("Wed, 01 Jan 2025 12:01:30 GMT", NOON) == 90.0


def test_the_moment_is_in_its_own_zone() -> None:
    now = NOON.astimezone(timezone(timedelta(hours=9)))
    assert retry_after_seconds("Wed, 01 Jan 2025 14:01:00 +0200", now) == 60.0


def test_a_moment_without_a_zone_is_universal_time() -> None:
    assert retry_after_seconds("Wed, 01 Jan 2025 12:01:00 -0000", NOON) == 60.0


def test_a_moment_that_has_passed_asks_for_no_patience() -> None:
    assert retry_after_seconds("Wed, 01 Jan 2025 11:00:00 GMT", NOON) == 0.0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٣", "Wed, 99 Jan 2025 12:00:00 GMT"])
def test_what_makes_no_sense_asks_for_nothing(value: str) -> None:
    assert retry_after_seconds(value, NOON) is None
