"""Which pictures the features of a query vote for, and how many of the votes agree on one way to lay it on a picture.

A vote is a feature of the query and a catalogued one that looks like it. Each proposes a whole transform by itself, as
in Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004, section 7; here only few are at hand,
for thousands of pictures, so that all proposals of all pictures are held against each other in one go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from catalog.index.feature_table import FeatureTable, Floats, Ints

# Votes of a picture that are held against each other, the nearest: the right one has hundreds.
MOST_HELD = 24

# How votes agree: as when pairs of two pictures are aligned, where all that is written here is weighed closely.
SCALE_TOLERANCE_OCTAVES = 0.55
TURN_TOLERANCE_COSINE = 0.87
PLACE_TOLERANCE_PIXELS = 6.0
PLACE_TOLERANCE_SHARE = 0.22

# Features of the query this near to each other, in pixels, are one point that is seen twice.
SAME_POINT_PIXELS = 3.0

LEAST_SIZE = 1 / 64


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes of one query's features: the row of each, its feature (`of_query`), the row's feature, bits between them.

    `keypoints` (votes, 4) has x, y and size in pixels and the angle in radians of the catalogued ones.
    """

    rows: Ints
    of_query: Ints
    of_asset: Ints
    bits: Ints
    keypoints: Floats

    def choose(self, which: npt.NDArray[np.bool_] | Ints) -> Votes:
        """Some of the votes."""
        return Votes(
            self.rows[which],
            self.of_query[which],
            self.of_asset[which],
            self.bits[which],
            self.keypoints[which],
        )

    def count_as(self, meant: Ints, sizes: Floats) -> Votes:
        """The votes as those of other rows, whole copies of which they are for; `sizes` (rows, 2) has all pictures'."""
        scales = sizes[meant] / sizes[self.rows]
        keypoints = self.keypoints.copy()
        keypoints[:, :2] *= scales
        keypoints[:, 2] *= np.sqrt(scales.prod(axis=1))
        # A point that several copies have is one point, wherever each of them has it in its list.
        places = np.round(keypoints[:, :2] / SAME_POINT_PIXELS).astype(np.int64)
        points = places[:, 0] + 2**20 * places[:, 1]
        _, once = np.unique(np.stack([meant, self.of_query, points]), axis=1, return_index=True)
        return Votes(meant, self.of_query, points, self.bits, keypoints).choose(once)


def choose_strongest(table: FeatureTable, count: int) -> Ints:
    """Which features are the strongest of each size, so many in all.

    Sizes are stored one after the other, the strongest of each part of the picture first.

    >>> places = np.zeros((6, 2))
    >>> sizes, none = np.array([31.0, 31, 31, 31, 40.3, 40.3]), np.zeros((6, 32), dtype=np.uint8)
    >>> choose_strongest(FeatureTable(places, sizes, np.zeros(6), none), 3).tolist()
    [0, 1, 4]
    """
    total = len(table.sizes)
    if total <= count:
        return np.arange(total)
    begins = np.flatnonzero(np.diff(table.sizes, prepend=-1.0))
    counts = np.diff(begins, append=total)
    place = np.arange(total) - np.repeat(begins, counts)
    taken: Ints = np.sort(np.argsort((place + 0.5) / np.repeat(counts, counts), kind="stable")[:count])
    return taken


def count_support(table: FeatureTable, votes: Votes) -> tuple[Ints, Ints]:
    """The rows that are voted for, and how many points of each agree with its best vote, that vote among them."""
    if not len(votes.rows):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    votes = votes.choose(np.lexsort((votes.bits, votes.rows)))
    rows, begins, counts = np.unique(votes.rows, return_index=True, return_counts=True)
    held = np.minimum(counts, MOST_HELD)
    one, other = _pair_up(begins, held)
    agreeing = _agree(table, votes, one, other)
    support = np.bincount(one, agreeing, minlength=len(votes.rows)).astype(np.int64)
    return rows, np.maximum.reduceat(support, begins)


def _pair_up(begins: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Every two positions, both ways round, of each of some runs."""
    squares = counts * counts
    within = np.arange(squares.sum()) - np.repeat(np.cumsum(squares) - squares, squares)
    count, begin = np.repeat(counts, squares), np.repeat(begins, squares)
    return begin + within // count, begin + within % count


def _agree(table: FeatureTable, votes: Votes, one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """Whether one vote's proposal lays the other where it is; two that are one point have one voice."""
    query = (table.places[votes.of_query] @ (1, 1j)).astype(np.complex64)
    asset = (votes.keypoints[:, :2] @ (1, 1j)).astype(np.complex64)
    # A damaged study may have features without a size.
    sizes = np.maximum(votes.keypoints[:, 2], LEAST_SIZE)
    octaves = np.log2(sizes / table.sizes[votes.of_query]).astype(np.float32)
    angles = votes.keypoints[:, 3] - table.angles[votes.of_query]
    headings = np.exp(1j * angles).astype(np.complex64)
    apart = asset[one] - asset[other]
    between = query[one] - query[other]
    misses = np.abs(apart - (2**octaves * headings)[one] * between)
    tolerance = PLACE_TOLERANCE_PIXELS + PLACE_TOLERANCE_SHARE * np.abs(apart)
    same_scale = np.abs(octaves[one] - octaves[other]) < SCALE_TOLERANCE_OCTAVES
    same_turn = (headings[one] * np.conj(headings[other])).real > TURN_TOLERANCE_COSINE
    is_another = (votes.of_asset[one] != votes.of_asset[other]) & (np.abs(between) > SAME_POINT_PIXELS)
    agreeing: npt.NDArray[np.bool_] = (misses < tolerance) & same_scale & same_turn & is_another
    agreeing |= one == other
    return agreeing
