from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assets.parsing.dates import (
    as_utc,
    http_moment,
    in_utc,
    iso_time,
    mail_date_as_utc,
    modified_time,
    moment_of,
    second_before,
    wordpress_time,
)

NOON = datetime(2024, 4, 26, 12, 0, tzinfo=UTC)


# As moments


@pytest.mark.parametrize(
    "value", ["2024-04-26T12:00", "2024-04-26T12:00:00Z", "2024-04-26 14:00:00+02:00", "20240426T120000"]
)
def test_a_moment_is_in_utc_where_it_names_no_zone(value: str) -> None:
    assert moment_of(value) == NOON


def test_a_moment_keeps_the_zone_it_names() -> None:
    moment = moment_of("2024-04-26T14:00:00+02:00")
    assert moment is not None
    assert moment.isoformat() == "2024-04-26T14:00:00+02:00"


@pytest.mark.parametrize("value", ["", "yesterday", "2024-02-30", "2024", "Fri, 26 Apr 2024 12:00:00 GMT"])
def test_what_tells_no_moment_is_none(value: str) -> None:
    assert moment_of(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "Fri, 26 Apr 2024 12:00:00 GMT",
        "Friday, 26-Apr-24 12:00:00 GMT",
        "Fri Apr 26 12:00:00 2024",
        "Fri, 26 Apr 2024 14:00:00 +0200",
        "Fri, 26 Apr 2024 12:00:00 -0000",
    ],
)
def test_each_form_of_an_http_date_is_a_moment(value: str) -> None:
    assert http_moment(value) == NOON


@pytest.mark.parametrize("value", ["", "120", "soon", "Fri, 99 Apr 2024 12:00:00 GMT", ",", "2024-04-26"])
def test_what_is_no_http_date_is_none(value: str) -> None:
    assert http_moment(value) is None


# In UTC


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-04-26", "2024-04-26T00:00:00Z"),
        ("2024-04-26T12:00", "2024-04-26T12:00:00Z"),
        ("2024-04-26T12:00:00-05:30", "2024-04-26T17:30:00Z"),
        ("2024-04-26T12:00:00.9Z", "2024-04-26T12:00:00Z"),
        ("0001-01-01T00:00:00+02:00", ""),
        ("9999-12-31T23:59:59-02:00", ""),
        ("soon", ""),
    ],
)
def test_a_date_is_taken_for_utc_where_it_has_no_offset(value: str, told: str) -> None:
    assert in_utc(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-04-26T14:00:00+02:00", "2024-04-26T12:00:00Z"),
        (" 2024-04-26T12:00:00 ", "2024-04-26T12:00:00"),
        ("9999-12-31T23:59:59-02:00", ""),
        (None, ""),
        (20240426, ""),
    ],
)
def test_a_feed_s_date_without_an_offset_stays_as_it_stands(value: object, told: str) -> None:
    assert as_utc(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("Fri, 26 Apr 2024 14:00:00 +0200", "2024-04-26T12:00:00Z"),
        ("Fri, 31 Dec 9999 23:59:59 -0200", ""),
        ("Fri,", ""),
        ("yesterday", ""),
    ],
)
def test_a_date_of_mail_is_told_in_utc(value: str, told: str) -> None:
    assert mail_date_as_utc(value) == told


@pytest.mark.parametrize(
    ("moment", "before"),
    [
        ("2024-03-01T00:00:00Z", "2024-02-29T23:59:59Z"),
        ("0999-01-01T00:00:01Z", "0999-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_second_is_taken_off_as_long_as_the_calendar_has_one(moment: str, before: str) -> None:
    assert second_before(moment) == before


# With the offset that they have


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-04-26", "2024-04-26"),
        ("2024-04-26T20:44", "2024-04-26T20:44"),
        ("2024-04-26T20:44:00", "2024-04-26T20:44:00"),
        ("2024-04-26T20:44:00Z", "2024-04-26T20:44:00Z"),
        ("2024-04-26T20:44Z", "2024-04-26T20:44Z"),
        ("2024-04-26T20:44:00.123Z", "2024-04-26T20:44:00.123Z"),
        ("2024-04-26T20:44:00+02:00", "2024-04-26T20:44:00+02:00"),
        ("2024-04-26T20:44:00-0530", "2024-04-26T20:44:00-0530"),
        (" 2024-04-26\n", "2024-04-26"),
        ("2024-04-26T20:44:00 +02:00", "2024-04-26T20:44:00+02:00"),
        ("2024-04-26T20:44:00 +0200", "2024-04-26T20:44:00+0200"),
        ("2024-04-26 20:44:00", "2024-04-26T20:44:00"),
        ("2024-04-26 20:44", "2024-04-26T20:44:00"),
        ("2024-04-26 20:44:00 -05:30", "2024-04-26T20:44:00-05:30"),
        ("2024-04-26 20:44:00.123456", "2024-04-26T20:44:00"),
        ("20240426", "2024-04-26T00:00:00"),
        ("20240426T204400Z", "2024-04-26T20:44:00+00:00"),
        ("Fri, 26 Apr 2024 20:44:00 +0200", "2024-04-26T20:44:00+02:00"),
        ("Fri, 26 Apr 2024 20:44:00 GMT", "2024-04-26T20:44:00+00:00"),
        ("26 Apr 2024 20:44", "2024-04-26T20:44:00"),
    ],
)
def test_a_time_becomes_iso_8601_with_the_offset_it_has(value: str, told: str) -> None:
    assert iso_time(value) == told


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "2024",
        "2024-13-01",
        "2024-02-30",
        "2024-04-26T25:00",
        "2024-04-26T20:44:00+25:00",
        "1714164240",
        "26/04/2024",
        "Fri, 99 Apr 2024 20:44:00 GMT",
        "Fri, 26 Apr 2024 20:44:00 +9999999",
        "Fri, 26 Apr 99999999999 20:44:00 GMT",
        "0000-00-00T00:00:00",
        ",",
        "Fri,",
        ":",
        "9" * 5000,
    ],
)
def test_what_is_no_time_is_none(value: str) -> None:
    assert iso_time(value) == ""


# Of WordPress


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({"date": "2024-04-26T14:00:00", "date_gmt": "2024-04-26T12:00:00"}, "2024-04-26T12:00:00Z"),
        ({"date": "2024-04-26 14:00:00", "date_gmt": "2024-04-26 12:00:00"}, "2024-04-26T12:00:00Z"),
        ({"date": "2024-04-26T14:00:00", "date_gmt": "0000-00-00T00:00:00"}, "2024-04-26T14:00:00"),
        ({"date": "2024-04-26T14:00:00", "date_gmt": "2024-00-26T12:00:00"}, "2024-04-26T14:00:00"),
        ({"date_gmt": "2024-04-26T14:00:00+02:00"}, "2024-04-26T12:00:00Z"),
        ({"date_gmt": "2024-04-26T12:00:00.000Z"}, "2024-04-26T12:00:00Z"),
        ({"date": "2024-04-26T14:00:00", "date_gmt": False}, "2024-04-26T14:00:00"),
        ({"date": "2024-04-26T14:00:00+02:00"}, "2024-04-26T14:00:00+02:00"),
        ({"modified": "2024-04-26T14:00:00"}, ""),
    ],
)
def test_the_utc_twin_of_a_date_is_taken_where_it_is_sane(item: dict[str, object], told: str) -> None:
    assert wordpress_time(item, "date") == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2024-04-26T12:00:00", "2024-04-26T12:00:00Z"),
        ("2024-04-26T12:00:00Z", ""),
        ("0000-00-00T00:00:00", ""),
        ("2024-13-45T00:00:00", ""),
        (None, ""),
    ],
)
def test_a_post_was_modified_when_a_calendar_knows_it(value: object, told: str) -> None:
    assert modified_time({"modified_gmt": value}) == told
