"""What a lookup answers: the photos that were found with all their copies and uses, and what else was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalog.clusters import Cluster, Copy, Extent, Use
from catalog.decisions import SAME
from catalog.lookup.coverage import Coverage
from catalog.matching import Match
from catalog.model import AssetRecord, PageRecord, UsageRecord, use_time_of


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
    """A picture that was found, and its usages in order of time.

    `match` is there where pixels were compared, `explanation` always. `substitute` says that a host probably gave it in
    place of others; the explanation says so too. Of what is the same photo no usages are told: its cluster has them.
    """

    asset: AssetRecord
    explanation: str
    usages: tuple[PlacedUsage, ...]
    match: Match | None = None
    decision: str = ""
    substitute: str = ""

    @property
    def extent(self) -> Extent:
        """How far this one picture is known to have spread."""
        uses = [Use(one.usage, one.page, use_time_of(one.usage)) for one in self.usages]
        return Extent(
            uses=len(uses),
            sites=len({use.site for use in uses}),
            copies=1,
            earliest=uses[0].time if uses else "",
            earliest_site=uses[0].site if uses else "",
        )

    @property
    def is_same_photo(self) -> bool:
        """Whether it is the photo that was asked for, by decision or by comparison."""
        return self.decision == SAME or (self.match is not None and self.match.relation.is_same_photo)


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A copy of a photo that was found, and how the query shows it.

    `match` and `decision` are there where the query itself was found to show it, else `through` names the copy by which
    it does. `transform` takes places of the query to the copy, `()` where it is not known.
    """

    copy: Copy
    explanation: str
    match: Match | None = None
    decision: str = ""
    through: str = ""
    transform: tuple[float, ...] = ()

    @property
    def is_direct(self) -> bool:
        """Whether the query itself was found to show it."""
        return self.match is not None or self.decision == SAME


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph that the query shows: its cluster, and each of its copies, in the cluster's order."""

    cluster: Cluster
    copies: tuple[FoundCopy, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of what was asked. `set_aside` matches were decided to be different pictures.

    `photos` are those that the query shows, each by itself. `found` are pictures of which that is not known: other
    frames, an element in common, what a hash or words lead to. `decoded` is the share of a picture's rows that could be
    read: less than 1.0 where its file is cut short.
    """

    query: str
    finding: LookupVerdict
    coverage: Coverage
    photos: tuple[Photo, ...] = ()
    found: tuple[Found, ...] = ()
    set_aside: int = 0
    decoded: float = 1.0
