"""Which failures pass, and when an address that failed is asked again.

What fails for a passing reason is asked again at the next harvest of its site, whatever else is new there; what fails
for good after a pause that doubles each time.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime, timedelta

from assets import Outcome, Reason, moment_of
from catalog.model import FetchRecord

# A server or a network in trouble, or a decoder of ours: the next answer may be another.
PASSING = frozenset(
    {
        Reason.SERVER_ERROR,
        Reason.RATE_LIMITED,
        Reason.TIMEOUT,
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.CONNECTION_LOST,
        Reason.BAD_RESPONSE,
        Reason.TRUNCATED,
        Reason.EMPTY,
        Reason.DECODE_TIMEOUT,
        Reason.DECODE_CRASHED,
        Reason.READ_TIMEOUT,
        Reason.READ_CRASHED,
        Reason.INTERNAL,
    }
)

# To find that an address is refused costs nobody a request for it, and what a user allows may be another the next time.
FREE = frozenset({Reason.BAD_ADDRESS, Reason.ADDRESS_REFUSED, Reason.ROBOTS})

# A former version dropped these files; asked again they are kept.
KEPT_BY_NOW = frozenset({Reason.UNSUPPORTED_PICTURE, Reason.TOO_MANY_PIXELS})

FIRST_PAUSE = timedelta(days=1)
LONGEST_PAUSE = timedelta(days=64)


def is_passing(reason: str) -> bool:
    """Whether what failed for this reason may work the next time.

    >>> is_passing("server error"), is_passing("gone")
    (True, False)
    """
    return any(reason == passing.value for passing in PASSING)


def has_failed(fetch: FetchRecord | None) -> bool:
    """Whether an address ended without what it was asked for."""
    return fetch is not None and fetch.outcome in (Outcome.FAILED.value, Outcome.REFUSED.value)


def next_try(fetch: FetchRecord) -> datetime | None:
    """From when on an address that failed is asked again, None for at the next harvest.

    >>> gone = FetchRecord(url="u", outcome="failed", reason="gone", at="2025-08-01T00:00:00Z", failures=3)
    >>> next_try(gone).isoformat()
    '2025-08-05T00:00:00+00:00'
    """
    failed = moment_of(fetch.at)
    is_free = any(fetch.reason == one.value for one in FREE | KEPT_BY_NOW)
    # What answers meanwhile, for another use of it, has not failed.
    if failed is None or is_free or is_passing(fetch.reason) or not has_failed(fetch):
        return None
    doublings = min(max(fetch.failures - 1, 0), 10)
    return failed + min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def is_due(fetch: FetchRecord | None, now: datetime, lifted: Container[str] = ()) -> bool:
    """Whether an address that gave no picture is to be asked again; `lifted` are reasons that hold no longer."""
    if fetch is None or fetch.reason in lifted:
        return True
    at = next_try(fetch)
    return at is None or at <= now


def to_the_minute(moment: datetime) -> str:
    """A moment as a person reads it.

    >>> to_the_minute(datetime.fromisoformat("2025-08-05T06:42:31+00:00"))
    '2025-08-05 06:42 UTC'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
