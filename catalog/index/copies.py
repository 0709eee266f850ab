"""Pictures that seem to be copies of one whole picture, by their fingerprints alone: in groups around the best of each.

Only candidates: pixels decide whether a picture shows what the best of its group does, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import Ints
from catalog.index.near_hashes import find_near_pairs

# Fingerprints of copies of a whole picture differ in so many of 256 bits at most.
COPY_BITS = 31


def find_copies(
    feature_store: FeatureStore,
    wanted: Collection[int],
    least: int,
    sort: Callable[[Sequence[int]], Sequence[int]],
) -> list[list[int]]:
    """Groups of `least` rows or more, among them some that are wanted: the best first, then those near to it.

    `sort` puts rows that seem to be copies in order, the best first.
    """
    distinct = np.flatnonzero(feature_store.distinct)
    words = feature_store.words("phash", 256)[distinct]
    labels = _connect(words)
    is_wanted = np.isin(distinct, np.fromiter(wanted, dtype=np.int64))
    order = np.argsort(labels, kind="stable")
    begins = np.flatnonzero(np.diff(labels[order], prepend=-1))
    groups = []
    for part in np.split(order, begins[1:]):
        if len(part) >= least and is_wanted[part].any():
            places = {int(distinct[place]): place for place in part.tolist()}
            groups += _gather(sort(list(places)), words, places, least)
    return groups


def find_repeated(feature_store: FeatureStore) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows have a fingerprint near another's, as copies of a whole picture have."""
    distinct = np.flatnonzero(feature_store.distinct)
    labels = _connect(feature_store.words("phash", 256)[distinct])
    found = np.zeros(len(feature_store), dtype=np.bool_)
    found[distinct] = (np.bincount(labels) > 1)[labels] if len(labels) else False
    return found


def _connect(words: np.ndarray[tuple[int, int], np.dtype[np.uint64]]) -> Ints:
    """A number for each of some fingerprints, the same for those that near ones lead to."""
    found = find_near_pairs(words, COPY_BITS)
    labels = found.first.copy()
    while True:
        least = np.minimum(labels[found.left], labels[found.right])
        lowered = labels.copy()
        np.minimum.at(lowered, found.left, least)
        np.minimum.at(lowered, found.right, least)
        # Those with equal fingerprints take what the first of them has.
        lowered = lowered[lowered][found.first]
        if (lowered == labels).all():
            return labels
        labels = lowered


def _gather(
    rows: Sequence[int],
    words: np.ndarray[tuple[int, int], np.dtype[np.uint64]],
    places: dict[int, int],
    least: int,
) -> list[list[int]]:
    """Groups of rows that are near to the best of each, which come in order."""
    left = np.array(rows, dtype=np.int64)
    hashes = words[[places[row] for row in rows]]
    groups = []
    while len(left):
        near = np.bitwise_count(hashes ^ hashes[0]).sum(axis=1, dtype=np.int64) <= COPY_BITS
        if near.sum() >= least:
            groups.append([int(row) for row in left[near]])
        left, hashes = left[~near], hashes[~near]
    return groups
