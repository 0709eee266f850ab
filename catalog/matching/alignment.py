"""From features that look alike to the transform that lays one picture over the other.

Each pair of features proposes a whole transform by itself, since a feature has a place, a size and an angle. The
proposal that most other pairs agree with is refined by least squares: Hough voting as Lowe does it ("Distinctive
Image Features from Scale-Invariant Keypoints", IJCV 2004, section 7), with every proposal tried instead of bins,
so that the outcome does not depend on chance as that of RANSAC does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from catalog.index import (
    MAX_FEATURE_DISTANCE,
    Bools,
    FeaturePairs,
    FeatureTable,
    Floats,
    find_nearest_features,
)

# A catalogued feature is paired with so many of the query's: the right one is not always the nearest.
NEIGHBOURS = 2

# Proposals cost the square of their number. The nearest pairs are kept; true ones are seldom beyond.
MAX_PAIRS = 320

# Sizes of features come in steps of a quarter of an octave, angles are off by some degrees.
SCALE_TOLERANCE_OCTAVES = 0.55
TURN_TOLERANCE_COSINE = 0.87

# How far from its place a pair may lie under another's proposal: the error of angle and size grows with the distance.
PLACE_TOLERANCE_PIXELS = 6.0
PLACE_TOLERANCE_SHARE = 0.22

# Tolerances in pixels of the catalogued picture while a proposal is refined by least squares.
REFINING_PIXELS = (12.0, 8.0, 5.0, 4.0, 4.0)

# Proposals that are refined; the best is nearly always the first or second.
MAX_PROPOSALS = 6

# Features this near to each other, in pixels, are one point of the picture seen twice.
SAME_POINT_PIXELS = 3.0

# Fewer points fit a transform by chance.
LEAST_POINTS = 3

# Points that lie together, or are laid together, tell no transform.
LEAST_SPREAD = 1e-9
LEAST_SCALE = 1e-3


@dataclass(frozen=True, slots=True)
class Alignment:
    """How the query lies on the asset: `matrix` (2, 3) takes query pixels to asset pixels.

    `inliers` counts distinct points that agree with it, not pairs.
    """

    matrix: Floats
    inliers: int


def pairs_of(query: FeatureTable, asset: FeatureTable) -> FeaturePairs:
    """For each feature of the asset the query's nearest, within the largest distance at which it means anything."""
    nearest, distances = find_nearest_features(asset.descriptors, query.descriptors, NEIGHBOURS)
    of_asset = np.repeat(np.arange(len(nearest)), nearest.shape[1])
    near = distances.ravel() <= MAX_FEATURE_DISTANCE
    return FeaturePairs(nearest.ravel()[near], of_asset[near], distances.ravel()[near])


class Proposals:
    """The transforms that pairs propose, as complex numbers: asset = turn * query + shift."""

    def __init__(self, query: FeatureTable, asset: FeatureTable, pairs: FeaturePairs) -> None:
        keep = np.argsort(pairs.distance, kind="stable")[:MAX_PAIRS]
        of_query, self._of_asset = pairs.query[keep], pairs.asset[keep]
        self._query = query.places[of_query] @ (1, 1j)
        self._asset = asset.places[self._of_asset] @ (1, 1j)
        self._octaves = np.log2(asset.sizes[self._of_asset] / query.sizes[of_query])
        self._angles = asset.angles[self._of_asset] - query.angles[of_query]

    @property
    def most_votes(self) -> float:
        """How many features of the asset at most agree on one transform: good enough to rank candidates."""
        return 0.0 if len(self._query) < LEAST_POINTS else float(self._votes.max())

    def align(self) -> Alignment | None:
        """The transform most pairs agree on: a similarity, no stretching or shearing; None where there is none."""
        strongest = self._find_strongest()
        found = self._refine(np.array(strongest)) if strongest else []
        # Of equals the first, which had most votes.
        return max(found, key=lambda one: one.inliers, default=None)

    @cached_property
    def _votes(self) -> Floats:
        # One feature of the asset that looks like many of the query's, as letters do, has one voice.
        votes: Floats = self._supporters @ (1 / np.bincount(self._of_asset)[self._of_asset])
        return votes

    def _find_strongest(self) -> list[Bools]:
        """The supporters of the best proposals, each unlike those before it."""
        if len(self._query) < LEAST_POINTS:
            return []
        supporters, votes = self._supporters, self._votes
        taken: list[Bools] = []
        covered = np.zeros(len(votes), dtype=np.bool_)
        for index in np.argsort(-votes, kind="stable"):
            if covered[index]:
                continue
            covered |= supporters[index]
            taken.append(supporters[index])
            if len(taken) == MAX_PROPOSALS:
                break
        return [one for one in taken if one.sum() >= LEAST_POINTS]

    @cached_property
    def _supporters(self) -> Bools:
        """Which pairs (columns) agree with the transform that a pair (row) proposes."""
        # Single precision is exact enough to count votes and takes half the time.
        query, asset = self._query.astype(np.complex64), self._asset.astype(np.complex64)
        octaves = self._octaves.astype(np.float32)
        headings = np.exp(1j * self._angles).astype(np.complex64)
        turns = 2**octaves * headings
        misses = np.abs(np.outer(turns, query) + (asset - turns * query)[:, None] - asset)
        tolerance = PLACE_TOLERANCE_PIXELS + PLACE_TOLERANCE_SHARE * np.abs(asset - asset[:, None])
        same_scale = np.abs(octaves - octaves[:, None]) < SCALE_TOLERANCE_OCTAVES
        cosines = np.outer(headings.real, headings.real) + np.outer(headings.imag, headings.imag)
        agreeing: Bools = (misses < tolerance) & same_scale & (cosines > TURN_TOLERANCE_COSINE)
        return agreeing

    def _refine(self, supporters: Bools) -> list[Alignment]:
        """The least squares transforms of what agrees with each of some proposals, (proposals, pairs), as they hold."""
        turns = shifts = np.zeros(0, dtype=np.complex128)
        for tolerance in REFINING_PIXELS:
            turns, shifts, holds = self._fit(supporters)
            turns, shifts = turns[holds], shifts[holds]
            misses = np.abs(turns[:, None] * self._query + shifts[:, None] - self._asset)
            same_scale = np.abs(self._octaves - np.log2(np.abs(turns))[:, None]) < SCALE_TOLERANCE_OCTAVES
            same_turn = np.cos(self._angles - np.angle(turns)[:, None]) > TURN_TOLERANCE_COSINE
            supporters = (misses < tolerance) & same_scale & same_turn
            enough = supporters.sum(axis=1) >= LEAST_POINTS
            turns, shifts, supporters = turns[enough], shifts[enough], supporters[enough]
            if not len(turns):
                break
        return [
            self._describe(complex(turn), complex(shift), of)
            for turn, shift, of in zip(turns, shifts, supporters, strict=True)
        ]

    def _fit(self, supporters: Bools) -> tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128], Bools]:
        """The transform of each set of supporters, and whether it is one: points lie apart, and stay so."""
        weights = supporters / supporters.sum(axis=1, keepdims=True)
        centres, targets = weights @ self._query, weights @ self._asset
        query = (self._query - centres[:, None]) * weights
        spreads = np.einsum("ij,ij->i", np.abs(query), np.abs(self._query - centres[:, None]))
        crosses = np.einsum("ij,ij->i", self._asset - targets[:, None], np.conj(query))
        turns = crosses / np.maximum(spreads, LEAST_SPREAD)
        holds = (spreads * supporters.sum(axis=1) >= 1.0) & (np.abs(turns) >= LEAST_SCALE)
        return turns, targets - turns * centres, holds

    def _describe(self, turn: complex, shift: complex, supporters: Bools) -> Alignment:
        inliers = min(
            count_distinct(self._query[supporters] * abs(turn)), count_distinct(self._asset[supporters])
        )
        matrix = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
        return Alignment(matrix, inliers)


def count_distinct(places: npt.NDArray[np.complexfloating]) -> int:
    """How many places there are when those that lie together count once."""
    return len(np.unique(np.round(places / SAME_POINT_PIXELS)))
