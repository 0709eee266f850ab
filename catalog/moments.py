"""When a use counts: the one meaning that "earliest observed" has in every command, report and answer."""

from __future__ import annotations

from datetime import UTC, datetime

from catalog.model import UsageRecord


def used_at(usage: UsageRecord) -> str:
    """When a picture is taken to have been used: when its page was published, or first seen where no date is told.

    >>> seen = UsageRecord(key="u", page="p", first_seen="2025-08-09T06:00:00Z")
    >>> used_at(seen)
    '2025-08-09T06:00:00Z'
    """
    return usage.published or usage.first_seen


def in_time(usage: UsageRecord) -> tuple[datetime, str, str, int, str]:
    """What uses are ordered by, whatever zone their times are told in; what no calendar knows comes last."""
    time = used_at(usage)
    moment = moment_of(time) or datetime.max.replace(tzinfo=UTC)
    return moment, time, usage.page, usage.position, usage.key


def moment_of(text: str) -> datetime | None:
    """The moment that a text tells, in UTC where it names no zone; None where it tells none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
