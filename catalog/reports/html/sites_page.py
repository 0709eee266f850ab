"""Who shares photographs with whom: counted cluster by cluster, in memory that grows with sites a cluster only."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from sys import intern

from catalog.clusters import Cluster
from catalog.reports import plain
from catalog.reports.html.rows import sites_of

# A larger matrix is read by nobody: 60 columns fill a wide screen.
MOST_IN_MATRIX = 60

# Shades of the matrix that the style sheet knows.
SHADES = 5


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site: its clusters, in how many it was observed earliest, how many it shares, and with whom most."""

    site: str
    clusters: int
    earliest: int
    shared: int
    partner: str = ""
    partner_shares: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """How many clusters two sites share; `shade` from 0, none, to the darkest."""

    shares: int
    shade: int
    says: str
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """The sites with the most clusters, and what each shares with each."""

    sites: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class SiteCounts:
    """Which clusters each site has."""

    def __init__(self) -> None:
        self._clusters: dict[str, array[int]] = {}
        self._earliest: Counter[str] = Counter()
        self._members: list[tuple[str, ...]] = []

    def __len__(self) -> int:
        return len(self._clusters)

    def add(self, cluster: Cluster) -> None:
        """Count one cluster."""
        sites = sites_of(cluster)
        for site in sites:
            self._clusters.setdefault(site, array("I")).append(len(self._members))
        self._members.append(tuple(map(intern, sites)))
        if cluster.earliest is not None:
            self._earliest[plain(cluster.earliest.site, 120)] += 1

    def rows(self) -> list[SiteRow]:
        """All sites, those with the most clusters first."""
        return [self._row(site) for site in self._rank_sites()]

    def matrix(self) -> Matrix:
        """The sites with the most clusters against each other."""
        sites = self._rank_sites()[:MOST_IN_MATRIX]
        sets = {site: set(self._clusters[site]) for site in sites}
        shares = {(one, other): len(sets[one] & sets[other]) for one in sites for other in sites}
        most = max((number for (one, other), number in shares.items() if one != other), default=0)
        rows = tuple(tuple(_cell(one, other, shares[one, other], most) for other in sites) for one in sites)
        return Matrix(tuple(sites), rows)

    def _rank_sites(self) -> list[str]:
        return sorted(self._clusters, key=lambda site: (-len(self._clusters[site]), site))

    def _row(self, site: str) -> SiteRow:
        partners: Counter[str] = Counter()
        shared = 0
        for number in self._clusters[site]:
            others = [other for other in self._members[number] if other != site]
            partners.update(others)
            shared += bool(others)
        partner, shares = min(partners.items(), key=lambda one: (-one[1], one[0]), default=("", 0))
        return SiteRow(site, len(self._clusters[site]), self._earliest[site], shared, partner, shares)


def _cell(one: str, other: str, shares: int, most: int) -> Cell:
    if one == other:
        return Cell(shares, 0, f"{one} has {shares:,}", is_own=True)
    shade = -(-SHADES * shares // most) if most else 0
    return Cell(shares, shade, f"{one} and {other} share {shares:,}")
