"""The clusters of the catalog as the desk lists them: worked out beside the answers, kept until something changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from catalog.clusters import (
    ID_DIGITS,
    Cluster,
    ClusterBuilder,
    ClusterFilter,
    Group,
    find_group,
    photograph,
    relations_of,
)
from catalog.desk.services.catalog_view import View
from catalog.model import Json
from catalog.reports import find_cluster_text, spread
from catalog.store import fold_text, open_catalog

SORTS = ("uses", "copies", "sites", "earliest", "hours", "conflicts")


@dataclass(frozen=True, slots=True)
class ListedCluster:
    """A cluster in a list, with what it is found and chosen by."""

    record: Json
    words: str
    sites: frozenset[str]
    relations: frozenset[str]
    times: tuple[str, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Every cluster at one moment; `version` is the view's. It `is_final` where all pictures had been compared."""

    version: int
    is_final: bool = True
    rows: tuple[ListedCluster, ...] = ()
    groups: tuple[Group, ...] = ()
    cluster_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which clusters to list, in which order, from which on."""

    words: str = ""
    site: str = ""
    since: str = ""
    relation: str = ""
    conflict: str = ""
    across_sites: bool = False
    sort: str = "uses"
    descending: bool = True
    offset: int = 0
    limit: int = 50

    def has(self, row: ListedCluster) -> bool:
        """Whether a row is asked for."""
        return (
            all(word in row.words for word in fold_text(self.words).split())
            and (not self.site or self.site in row.sites)
            and (not self.relation or self.relation in row.relations)
            and (not self.conflict or self.conflict in row.conflicts)
            and (not self.across_sites or len(row.sites) > 1)
            and (not self.since or any(time >= self.since for time in row.times))
        )


class Clustering:
    """Lists clusters; what is listed may be a moment old while it is worked out anew.

    An async context manager, whose end waits for what is being worked out.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._listing: Listing | None = None
        self._making: asyncio.Task[Listing] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._making is not None:
            await asyncio.wait([self._making])

    async def listing(self) -> Listing:
        """The clusters; somebody waits for them the first time, and when all pictures have been compared since."""
        listing = await self._take_listing()
        if not listing.is_final and not self._view.coverage.uncompared:
            while listing.version != self._view.version:
                await asyncio.shield(self._begin())
                listing = await self._take_listing()
        return listing

    async def _take_listing(self) -> Listing:
        if self._making is not None and self._making.done():
            # Where it failed the next who asks has it made anew.
            ended, self._making = self._making, None
            self._listing = ended.result()
        if self._listing is None or self._listing.version != self._view.version:
            making = self._begin()
            if self._listing is None:
                self._listing = await asyncio.shield(making)
        return self._listing

    def _begin(self) -> asyncio.Task[Listing]:
        """What is being worked out, begun if it is not."""
        if self._making is None:
            made = asyncio.to_thread(_make_listing, self._view.catalog.location, self._view.version)
            self._making = asyncio.create_task(made)
        return self._making

    def known_cluster_of(self, sha256: str) -> str | None:
        """The id of the cluster that a picture is in, as far as that has been worked out."""
        return self._listing.cluster_of.get(sha256) if self._listing is not None else None

    async def page(self, asked: Asked) -> Json:
        """A page of the list."""
        listing = await self.listing()
        rows = [row.record for row in listing.rows if asked.has(row)]
        rows.sort(key=lambda row: (row[asked.sort], row["id"]), reverse=asked.descending)
        shown = rows[asked.offset : asked.offset + asked.limit]
        return {"total": len(rows), "offset": asked.offset, "clusters": shown}

    async def cluster(self, id: str) -> Cluster:  # noqa: A002
        """One cluster with all that is known of it now."""
        listing = await self.listing()
        group = find_group(listing.groups, id)
        with self._view.reading():
            return ClusterBuilder(self._view.catalog).cluster(group)

    async def photograph(self, text: str) -> str:
        """The id of a cluster, or of a picture that is in none: what its evidence is packed by."""
        listing = await self.listing()
        with self._view.reading() as store:
            group = photograph(store, listing.groups, text, is_final=listing.is_final)
            return group.members[0].sha256[:ID_DIGITS]


def _make_listing(location: str, version: int) -> Listing:
    # A store of its own: the desk's moves on while this one is gone through.
    with open_catalog(location, read_only=True) as catalog:
        work = ClusterBuilder(catalog)
        is_final = work.is_final()
        groups = tuple(work.groups())
        rows = tuple(_row(cluster) for cluster in work.clusters(groups, ClusterFilter()))
    listed = {row.record["id"] for row in rows}
    cluster_of = {
        member.sha256: name
        for group in reversed(groups)
        if (name := group.members[0].sha256[:ID_DIGITS]) in listed
        for member in group.members
    }
    return Listing(version, is_final, rows, groups, cluster_of)


def _row(cluster: Cluster) -> ListedCluster:
    uses = cluster.uses
    texts = [
        text
        for use in uses
        for text in (use.usage.caption, use.usage.alt, use.usage.credit, use.page.title if use.page else "")
    ]
    hours = [use.hours_after for use in uses if use.hours_after is not None]
    record = {
        "id": cluster.id,
        "best": cluster.best.sha256,
        "format": cluster.best.format,
        "reason": cluster.best.reason or None,
        "width": cluster.best.width,
        "height": cluster.best.height,
        "copies": len(cluster.copies),
        "uses": len(uses),
        "sites": len(cluster.sites),
        "earliest": cluster.earliest.time if cluster.earliest else "",
        "earliest_site": cluster.earliest.site if cluster.earliest else "",
        "hours": spread(hours) or 0.0,
        "conflicts": list(cluster.conflicts.kinds),
        "text": find_cluster_text(cluster),
    }
    return ListedCluster(
        record=record,
        words=fold_text("\n".join(texts)),
        sites=frozenset(use.site for use in uses),
        relations=frozenset(relations_of(cluster)),
        times=tuple(use.time for use in uses),
        conflicts=cluster.conflicts.kinds,
    )
