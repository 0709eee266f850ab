"""What asking an address came to, and whether to ask again: a picture, one that cannot be compared, or none."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta

from assets import Fetch, ImageReference, Notice, Outcome, Picture, Reason, moment_of
from catalog.harvest.failures import is_passing
from catalog.model import AssetRecord, FetchRecord

# What was asked so shortly after its site says that it changed may have been asked before.
CLOCKS_APART = timedelta(seconds=2)

# These will be the same for every address of the picture.
SAME_EVERYWHERE = frozenset(
    {
        Reason.ADDRESS_REFUSED,
        Reason.ROBOTS,
        Reason.ROBOTS_TAG,
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.RATE_LIMITED,
    }
)

# These take a host's time, and that of whoever waits for it; other failures are answers.
TROUBLE = frozenset(
    {
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.TIMEOUT,
        Reason.CONNECTION_LOST,
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
    }
)


@dataclass(frozen=True, slots=True)
class Result:
    """What an address came to: the SHA-256 of its picture, or why there is none, and when it was asked.

    `changed` is what its site had said then of its last change. `unreadable` says why its picture cannot be
    compared.
    """

    address: str
    sha256: str = ""
    reason: Reason | None = None
    at: str = ""
    unreadable: str = ""
    changed: str = ""

    @property
    def is_comparable(self) -> bool:
        """Whether there is a picture, and it can be compared."""
        return bool(self.sha256) and not self.unreadable

    @property
    def is_final(self) -> bool:
        """Whether no other address of the picture would come to more."""
        return self.is_comparable or self.reason in SAME_EVERYWHERE


def is_before(at: str, changed: str) -> bool:
    """Whether an address was asked before its file may have changed, as far as two clocks can be compared.

    >>> is_before("2025-08-01T00:00:01Z", "2025-08-01T00:00:00Z"), is_before("2025-08-01T00:00:01Z", "")
    (True, False)
    """
    asked, change = moment_of(at), moment_of(changed)
    return asked is not None and change is not None and asked <= change + CLOCKS_APART


def is_unchanged(path: str, known: FetchRecord) -> bool:
    """Whether a local file is as it was when it was read, by size and time of change."""
    try:
        state = os.stat(path)
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns) == (known.size, known.mtime_ns)


def explain_unreadable(one: AssetRecord | Picture | None) -> str:
    """What a file is and why it cannot be compared, `""` where it can.

    >>> explain_unreadable(AssetRecord(sha256="5f", format="SVG", reason="unsupported picture"))
    'SVG, unsupported picture'
    """
    return f"{one.format}, {one.reason}" if one is not None and one.reason else ""


def explain_cut(decoded: float) -> str:
    """What is told of a file of which this share decoded, `""` where it is whole.

    >>> explain_cut(0.937), explain_cut(0.999), explain_cut(1.0)
    ('only 93 % of this file decoded', 'only 99 % of this file decoded', '')
    """
    return f"only {int(100 * decoded)} % of this file decoded" if decoded < 1 else ""


def look_again(known: AssetRecord, seen: AssetRecord) -> AssetRecord:
    """An asset's record after its file came again: what could not be decoded may be by now.

    >>> known = AssetRecord(sha256="5f", format="JPEG", reason="decode timeout", first_seen="2025-08-01")
    >>> seen = look_again(known, AssetRecord(sha256="5f", format="JPEG", width=640, first_seen="2025-08-02"))
    >>> seen.width, seen.reason, seen.first_seen
    (640, '', '2025-08-01')
    """
    if not known.reason or seen.reason == known.reason:
        return known
    return replace(seen, first_seen=known.first_seen, related=known.related)


def may_pass(reference: ImageReference) -> bool:
    """Whether a featured picture was not to be looked up for a reason that may pass."""
    return reference.diagnosis is not None and is_passing(reference.diagnosis.reason.value)


def was_not_asked(fetch: Fetch) -> bool:
    """Whether an address was not asked because its host wants to be left alone."""
    return fetch.reason is Reason.RATE_LIMITED and not fetch.attempts


def notice_of(fetch: Fetch) -> Notice | None:
    """What a document was read in spite of, as its fetch tells."""
    is_noisy = fetch.outcome is Outcome.FETCHED and fetch.detail
    return Notice(fetch.url, fetch.detail) if is_noisy else None
