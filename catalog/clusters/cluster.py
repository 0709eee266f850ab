"""A cluster as a report tells it: one photograph, its copies, every use of them in order of time, what they say.

Plain values without rules of their own: `clusters` decides who belongs together, `duplicates` puts a cluster together,
and the table, JSON, CSV and pages show it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from assets import PageKind
from catalog.matching import Match
from catalog.model import AssetRecord, PageRecord, UsageRecord


@dataclass(frozen=True, slots=True)
class Copy:
    """One asset of a cluster.

    `match` tells how it shows the best copy, which is the match's asset; None for the best copy itself and where only
    a person says that both are the same. `explanation` is the sentence for it, `decision` "same" where a person said
    so. `upload` names the copy that is the upload of which this is a size variant on the same site, `""` for none,
    and `variant_evidence` says what shows it. `substitute` says that a host probably gave it in place of others.
    """

    asset: AssetRecord
    explanation: str
    match: Match | None = None
    decision: str = ""
    upload: str = ""
    variant_evidence: str = ""
    substitute: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a copy. `time` is when it was published, or seen where that is unknown; `hours_after` the earliest.

    `is_reuse` is false for another size of an upload that the same page uses already, and where the site's server
    probably gave a `substitute` for what the page uses.
    """

    usage: UsageRecord
    page: PageRecord | None
    time: str
    hours_after: float | None = None
    is_reuse: bool = True
    substitute: str = ""

    @property
    def site(self) -> str:
        """The site; a folder of picture files counts as one, else what has none by its address or source."""
        if not self.usage.site and self.page is not None and self.page.kind == PageKind.FILE:
            return os.path.dirname(self.usage.page) or self.usage.page
        return self.usage.site or self.usage.page


@dataclass(frozen=True, slots=True)
class SiteSpread:
    """When one site was first observed to use the photograph, how many hours after the earliest, and how often."""

    site: str
    time: str
    hours_after: float | None
    uses: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of a photograph somewhere: `usage` is the usage's key, `""` where the asset itself says so.

    `field` names the source: "caption", "alt", a credit's field, or an embedded one ("IPTC 2:110").
    """

    text: str
    field: str
    asset: str
    usage: str = ""
    site: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of words of a diff: `change` is "same", "added" or "removed"."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One thing that captions say, or one credit, and everywhere it is said.

    `diff` holds what changed against the first wording; empty for the first itself and for credits.
    """

    text: str
    statements: tuple[Statement, ...]
    diff: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Where uses of one photograph disagree.

    `captions` and `credits` hold the wordings, the earliest first; two or more of either are a conflict.
    `credit_missing` are keys of usages without a credit while others have one, and `recovered` is the credit that
    stripped copies should have, with where it comes from.
    """

    captions: tuple[Wording, ...] = ()
    credits: tuple[Wording, ...] = ()
    credit_missing: tuple[str, ...] = ()
    recovered: Statement | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which kinds of conflict there are: "caption", "credit", "credit missing"."""
        found = {
            "caption": len(self.captions) > 1,
            "credit": len(self.credits) > 1,
            "credit missing": bool(self.credit_missing),
        }
        return tuple(kind for kind, is_there in found.items() if is_there)


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a photograph is known to have spread: one line of figures. `earliest` is the time of that use."""

    uses: int
    sites: int
    copies: int
    earliest: str = ""
    earliest_site: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One photograph and all that is known of it. The best copy is the first of `copies`; `uses` are in order of time.

    `id` is how the best copy's SHA-256 begins.
    """

    id: str
    why_best: str
    copies: tuple[Copy, ...]
    uses: tuple[Use, ...]
    sites: tuple[SiteSpread, ...]
    conflicts: Conflicts

    @property
    def best(self) -> AssetRecord:
        """The best copy: the largest uncropped one, with its metadata."""
        return self.copies[0].asset

    @property
    def earliest(self) -> Use | None:
        """The earliest use that was observed: there may be earlier ones that nobody harvested."""
        shown = (use for use in self.uses if not use.substitute)
        return next(shown, None) or next(iter(self.uses), None)

    @property
    def extent(self) -> Extent:
        """How far it is known to have spread."""
        first = self.earliest
        return Extent(
            uses=len(self.uses),
            sites=len(self.sites),
            copies=len(self.copies),
            earliest=first.time if first is not None else "",
            earliest_site=first.site if first is not None else "",
        )
