"""What a lookup answers: what was found, and how each matches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalog.decisions import SAME
from catalog.lookup.coverage import Coverage
from catalog.matching import Match
from catalog.model import AssetRecord, PageRecord, UsageRecord


class LookupVerdict(StrEnum):
    """What a lookup came to."""

    USED = "used"
    POSSIBLE = "possible"
    NOT_IN_CATALOG = "not in this catalog"


@dataclass(frozen=True, slots=True)
class PlacedUsage:
    """A usage, and the page it is on."""

    usage: UsageRecord
    page: PageRecord | None


@dataclass(frozen=True, slots=True)
class Found:
    """A picture that was found, and its usages. `match` is there where pixels were compared, `explanation` always.

    `substitute` says that a host probably gave it in place of others; the explanation says so too.
    """

    asset: AssetRecord
    explanation: str
    usages: tuple[PlacedUsage, ...]
    match: Match | None = None
    decision: str = ""
    substitute: str = ""

    @property
    def is_same_photo(self) -> bool:
        """Whether it is the photo that was asked for, by decision or by comparison."""
        return self.decision == SAME or (self.match is not None and self.match.relation.is_same_photo)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of what was asked. `set_aside` matches were decided to be different pictures.

    `decoded` is the share of a picture's rows that could be read: less than 1.0 where its file is cut short.
    """

    query: str
    finding: LookupVerdict
    coverage: Coverage
    found: tuple[Found, ...] = ()
    set_aside: int = 0
    decoded: float = 1.0
