"""Times as feeds, pages, posts, servers and people write them: as moments, and in ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from assets.parsing import text

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")

_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")

# In the API with a T, in exports with a space.
_WORDPRESS_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(Z|[+-]\d\d:?\d\d)?")
_API_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


# As moments


def moment_of(value: str) -> datetime | None:
    """The moment that an ISO 8601 text tells, in UTC where it names no zone; None where it tells none.

    >>> moment_of("2025-08-01T06:30").isoformat(), moment_of("last May")
    ('2025-08-01T06:30:00+00:00', None)
    """
    try:
        return _add_zone(datetime.fromisoformat(value))
    except ValueError:
        return None


def http_moment(value: str) -> datetime | None:
    """The moment of an HTTP date (RFC 9110, section 5.6.7); None where it is none.

    >>> http_moment("Wed, 01 Jan 2025 12:01:00 GMT").isoformat(), http_moment("soon")
    ('2025-01-01T12:01:00+00:00', None)
    """
    moment = _mail_moment(value)
    return _add_zone(moment) if moment is not None else None


def _mail_moment(value: str) -> datetime | None:
    """The moment of an RFC 822 date, without a zone where it names none."""
    # Workers that read pictures have no such dates, and are started while somebody waits.
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _add_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


# In UTC


def in_utc(value: str) -> str:
    """An ISO 8601 date in UTC, for which it is taken where it has no offset; `""` where it is no date.

    >>> in_utc("2025-08-01T06:30+02:00"), in_utc("2025-08-01"), in_utc("soon")
    ('2025-08-01T04:30:00Z', '2025-08-01T00:00:00Z', '')
    """
    moment = moment_of(value)
    return _format_moment(moment) if moment is not None else ""


def as_utc(value: object) -> str:
    """An ISO 8601 date in UTC, or as it stands where it has no offset; `""` where it is no date.

    >>> as_utc("2010-02-07T14:04:00-05:00"), as_utc("2010-02-07T14:04:00"), as_utc("soon")
    ('2010-02-07T19:04:00Z', '2010-02-07T14:04:00', '')
    """
    try:
        return _format_moment(datetime.fromisoformat(value.strip())) if isinstance(value, str) else ""
    except ValueError:
        return ""


def mail_date_as_utc(value: str) -> str:
    """An RFC 822 date, as RSS has it, in UTC; `""` where it is no date.

    >>> mail_date_as_utc("Sat, 02 Nov 2013 23:02:32 +0100"), mail_date_as_utc("")
    ('2013-11-02T22:02:32Z', '')
    """
    moment = _mail_moment(value)
    return _format_moment(moment) if moment is not None else ""


def second_before(moment: str) -> str:
    """A time in UTC a second earlier, as long as the calendar has one.

    >>> second_before("2025-08-23T04:41:00Z"), second_before("0001-01-01T00:00:00Z")
    ('2025-08-23T04:40:59Z', '0001-01-01T00:00:00Z')
    """
    try:
        return _format_moment(datetime.fromisoformat(moment) - timedelta(seconds=1))
    except OverflowError:
        return moment


def _format_moment(moment: datetime) -> str:
    """A moment in whole seconds, in UTC where it has a zone; `""` where no calendar has it there."""
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds")
    try:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except OverflowError:
        return ""


# With the offset that they have


def iso_time(value: str) -> str:
    """A date or time as ISO 8601, with the offset it has; `""` where it is none.

    >>> iso_time("2024-04-26T20:44:00+0200"), iso_time("2018-12-21 12:55:00"), iso_time("yesterday")
    ('2024-04-26T20:44:00+0200', '2018-12-21T12:55:00', '')
    """
    told = _SPACED_OFFSET.sub("", text.clean(value))
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        mailed = _mail_moment(told)
        return mailed.isoformat(timespec="seconds") if mailed is not None else ""
    return told if _ISO_DATE.fullmatch(told) else moment.isoformat(timespec="seconds")


# Of WordPress


def wordpress_time(item: Mapping[str, object], name: str) -> str:
    """A date field in ISO 8601: its UTC twin where that is sane, else as the site's own clock has it.

    >>> wordpress_time({"date": "2024-11-07T10:36:54", "date_gmt": "2024-11-07T15:36:54"}, "date")
    '2024-11-07T15:36:54Z'
    >>> wordpress_time({"date": "2024-11-07 10:36:54", "date_gmt": "0000-00-00 00:00:00"}, "date")
    '2024-11-07T10:36:54'
    """
    told = _wordpress_date(item.get(f"{name}_gmt"), "Z")
    # Some plugins add an offset to what is in UTC by its name.
    return (in_utc(told) or told) if told else _wordpress_date(item.get(name))


def _wordpress_date(value: object, offset: str = "") -> str:
    found = _WORDPRESS_DATE.match(value) if isinstance(value, str) else None
    if found is None or found.group(1).startswith("0000") or "-00" in found.group(1):
        return ""
    return f"{found.group(1)}T{found.group(2)}{found.group(3) or offset}"


def modified_time(item: Mapping[str, object]) -> str:
    """When a post was last modified, UTC; `""` where the site does not say.

    >>> modified_time({"modified_gmt": "2025-08-23T04:41:03"}), modified_time({"modified_gmt": "2025-13-45T00:00:00"})
    ('2025-08-23T04:41:03Z', '')
    """
    value = item.get("modified_gmt")
    if not isinstance(value, str) or not _API_DATE.fullmatch(value) or moment_of(value) is None:
        return ""
    return f"{value}Z"
