"""Which failures pass, and when an address that failed is asked again.

What fails for a passing reason is asked again at the next harvest of its site, whatever else is new there; what fails
for good after a pause that doubles each time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from assets import Reason, moment_of
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
        Reason.INTERNAL,
    }
)

FIRST_PAUSE = timedelta(days=1)
LONGEST_PAUSE = timedelta(days=64)


def is_passing(reason: str) -> bool:
    """Whether what failed for this reason may work the next time.

    >>> is_passing("server error"), is_passing("gone")
    (True, False)
    """
    return any(reason == passing.value for passing in PASSING)


def next_try(fetch: FetchRecord) -> datetime | None:
    """From when on an address that failed is asked again, None for at the next harvest.

    >>> gone = FetchRecord(url="u", outcome="failed", reason="gone", at="2025-08-01T00:00:00Z", failures=3)
    >>> next_try(gone).isoformat()
    '2025-08-05T00:00:00+00:00'
    """
    failed = moment_of(fetch.at)
    # What answers meanwhile, for another use of it, has no reason.
    if not fetch.reason or is_passing(fetch.reason) or failed is None:
        return None
    doublings = min(max(fetch.failures - 1, 0), 10)
    return failed + min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def is_due(fetch: FetchRecord | None, now: datetime) -> bool:
    """Whether an address that gave no picture is to be asked again."""
    at = next_try(fetch) if fetch is not None else None
    return at is None or at <= now
