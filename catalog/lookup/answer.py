"""What a lookup answers: what was found, how each matches, and what the catalog covers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from catalog.decisions import SAME
from catalog.index import FeatureStore
from catalog.matching import Match
from catalog.model import AssetRecord, PageRecord, UsageRecord
from catalog.store import Store

if TYPE_CHECKING:
    pass


class LookupVerdict(StrEnum):
    """What a lookup came to."""

    USED = "used"
    POSSIBLE = "possible"
    NOT_IN_CATALOG = "not in this catalog"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a catalog covers; `since` is when its first page was seen.

    `not_compared` pictures have no study, as after a crash: `photodesk index` makes them. `incomparable` ones, such as
    drawings, never have: only the same file is found.
    """

    pictures: int
    pages: int
    sites: int
    since: str
    not_compared: int = 0
    incomparable: int = 0


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
    """What is known of what was asked. `set_aside` matches were decided to be different pictures."""

    query: str
    finding: LookupVerdict
    coverage: Coverage
    found: tuple[Found, ...] = ()
    set_aside: int = 0


def coverage_of(store: Store, feature_store: FeatureStore | None = None) -> Coverage:
    """What a catalog covers; without studies every picture counts as compared."""
    pages, sites, since = store.coverage()
    digests = store.sha256s()
    missing = [one for one in digests if one not in feature_store] if feature_store is not None else []
    # Only the records of these few are read.
    incomparable = sum(bool((asset := store.asset(sha256)) and asset.reason) for sha256 in missing)
    return Coverage(
        pictures=len(digests),
        pages=pages,
        sites=len(sites),
        since=since,
        not_compared=len(missing) - incomparable,
        incomparable=incomparable,
    )
