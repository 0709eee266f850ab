"""Times as feeds, pages and servers write them, in ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from assets.parsing import text


def as_utc(value: object) -> str:
    """An ISO 8601 date in UTC, or as it stands where it has no offset; `""` where it is no date.

    >>> as_utc("2010-02-07T14:04:00-05:00"), as_utc("2010-02-07T14:04:00"), as_utc("soon")
    ('2010-02-07T19:04:00Z', '2010-02-07T14:04:00', '')
    """
    try:
        return _written(datetime.fromisoformat(value.strip())) if isinstance(value, str) else ""
    except (ValueError, OverflowError):
        return ""


def mail_date_as_utc(value: str) -> str:
    """An RFC 822 date, as RSS has it, in UTC; `""` where it is no date.

    >>> mail_date_as_utc("Sat, 02 Nov 2013 23:02:32 +0100"), mail_date_as_utc("")
    ('2013-11-02T22:02:32Z', '')
    """
    try:
        return _written(parsedate_to_datetime(value))
    except (TypeError, ValueError, OverflowError):
        return ""


def _written(moment: datetime) -> str:
    if moment.tzinfo is None:
        return moment.isoformat(timespec="seconds")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")

_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")


def iso_time(value: str) -> str:
    """A date or time as ISO 8601, with the offset it has; `""` where it is none.

    >>> iso_time("2024-04-26T20:44:00+0200"), iso_time("2018-12-21 12:55:00"), iso_time("yesterday")
    ('2024-04-26T20:44:00+0200', '2018-12-21T12:55:00', '')
    """
    told = _SPACED_OFFSET.sub("", text.clean(value))
    try:
        moment = datetime.fromisoformat(told)
    except (ValueError, OverflowError):
        return _mail_time(told)
    return told if _ISO_DATE.fullmatch(told) else moment.isoformat(timespec="seconds")


def _mail_time(told: str) -> str:
    try:
        return parsedate_to_datetime(told).isoformat(timespec="seconds")
    except (TypeError, ValueError, OverflowError, IndexError):
        return ""
