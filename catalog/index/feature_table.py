"""Local features as arrays, and which of two pictures' features look alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assets import Features, descriptors_of, keypoints_of

Floats = npt.NDArray[np.float64]

Ints = npt.NDArray[np.int64]

Bools = npt.NDArray[np.bool_]

# Of 256 bits. Of the pairs that truly belong together nine in ten are within this, of chance pairs one in 10,000.
MAX_FEATURE_DISTANCE = 68


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Features in arrays: places (n, 2) and sizes (n) in pixels, angles (n) in radians, descriptors (n, 32)."""

    places: Floats
    sizes: Floats
    angles: Floats
    descriptors: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, features: Features) -> FeatureTable:
        """The arrays of features as they are stored."""
        table = keypoints_of(features)
        return cls(table[:, :2], table[:, 2], table[:, 3], descriptors_of(features))


@dataclass(frozen=True, slots=True)
class FeaturePairs:
    """Features of the query (`query`) that look like features of the asset (`asset`), by `distance` in bits."""

    query: Ints
    asset: Ints
    distance: Ints
