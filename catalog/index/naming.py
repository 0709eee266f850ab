"""Which rows a search of a query's features names: those that several of them vote for, and agree on how they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assets import measure_keypoints
from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable, Ints
from catalog.index.votes import Votes, count_support

# A feature further away than this says nothing; of the pairs that belong together nine in ten are nearer.
MOST_VOTE_BITS = 64

# Share of the features that are near to a row from which it leaves others their say.
COPY_SHARE = 0.05

# Votes of a row that must agree.
LEAST_SUPPORT = 3

# Rows whose keypoints are kept in memory, 2.4 kB each: pictures that are compared one after the other name the same.
KEYPOINTS_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Effort:
    """How many of a query's features, the strongest, are looked for, and which of their neighbours count.

    Of `neighbours` that are found those of rows which very many features are near to, as copies of the query are,
    count always, and of all others the `counted` nearest. At most `named` rows are named, those on which most votes
    agree: one photo among letters and templates may come late.
    """

    features: int
    neighbours: int
    counted: int
    named: int


# Few features name nearly everything; all of them name what is left. A crop of a thumbnail is named by 400 and not by
# 200.
QUICK = Effort(200, 4, 2, 12)
THOROUGH = Effort(800, 6, 2, 20)
TOGETHER = Effort(400, 6, 2, 24)


@dataclass(frozen=True, slots=True)
class Asked:
    """Features to look for, of one orientation of a query, and the row that is the query itself, if any."""

    table: FeatureTable
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: which features were looked for, and of each its neighbours, (features, neighbours).

    `bits` says how far they are, `ids` which of all features they are, -1 for none; `starts` where each row's begin.
    """

    chosen: Ints
    bits: npt.NDArray[np.int32]
    ids: Ints
    starts: Ints


class Namer:
    """Names rows of a catalog's studies."""

    def __init__(self, feature_store: FeatureStore) -> None:
        self._feature_store = feature_store
        self._stand_ins: Ints | None = None
        self._keypoints = lru_cache(KEYPOINTS_KEPT)(feature_store.keypoints)

    def count_as(self, stand_ins: Mapping[int, int]) -> None:
        """Count votes for some rows, which are whole copies, as votes for the row that each is a copy of."""
        rows = np.arange(len(self._feature_store))
        rows[list(stand_ins)] = list(stand_ins.values())
        self._stand_ins = rows if stand_ins else None

    def name(self, asked: Asked, effort: Effort, search: Found) -> list[int]:
        """The rows that several features vote for and agree on how they lie, those with most votes that agree first."""
        rows, meant, of_query, ids, bits = self._choose_votes(search, effort)
        voted, which, counts = np.unique(meant, return_inverse=True, return_counts=True)
        counts[voted == (-1 if asked.own is None else asked.own)] = 0
        enough = np.flatnonzero((counts >= LEAST_SUPPORT)[which])
        enough = enough[np.argsort(rows[enough], kind="stable")]
        rows, meant = rows[enough], meant[enough]
        of_asset = ids[enough] - search.starts[rows]
        keypoints = self._read_keypoints(rows, of_asset)
        votes = Votes(rows, of_query[enough], of_asset, bits[enough], keypoints)
        if (meant != rows).any():
            votes = votes.count_as(meant, self._feature_store.gray_sizes)
        named, support = count_support(asked.table, votes)
        named, support = named[support >= LEAST_SUPPORT], support[support >= LEAST_SUPPORT]
        order = np.lexsort((named, -counts[np.searchsorted(voted, named)], -support))
        return [int(row) for row in named[order][: effort.named]]

    def _choose_votes(self, search: Found, effort: Effort) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """The votes that count: their rows, the rows that are meant, the query's features, ids and bits."""
        near = (search.ids >= 0) & (search.bits <= MOST_VOTE_BITS)
        rows = np.searchsorted(search.starts, search.ids, side="right") - 1
        meant = self._find_meant(rows)
        counts = np.bincount(meant[near], minlength=1)
        others = near & (counts[np.where(near, meant, 0)] < COPY_SHARE * len(search.chosen))
        counted = near & (~others | (np.cumsum(others, axis=1) <= effort.counted))
        of_query = np.broadcast_to(search.chosen[:, None], near.shape)[counted]
        bits = search.bits[counted].astype(np.int64)
        return rows[counted], meant[counted], of_query, search.ids[counted], bits

    def _find_meant(self, rows: Ints) -> Ints:
        """The rows that votes for some rows are votes for."""
        known = self._stand_ins
        if known is None:
            return rows
        # What came since stands for itself.
        return np.where(rows < len(known), known[np.minimum(rows, len(known) - 1)], rows)

    def _read_keypoints(self, rows: Ints, of_asset: Ints) -> npt.NDArray[np.float64]:
        """The keypoints of features, by their rows, which are in order, and their numbers there."""
        of, begins = np.unique(rows, return_index=True)
        parts = np.split(of_asset, begins[1:])
        found = [self._keypoints(row)[part] for row, part in zip(of.tolist(), parts, strict=False)]
        return measure_keypoints(np.concatenate([np.zeros((0, 4), dtype=np.uint16), *found]))
