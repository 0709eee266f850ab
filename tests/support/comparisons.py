"""Gray pictures and blocks of them, for the tests of what is laid one over the other."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from pictures import photo

from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.pixels.pixel_comparison import Blocks, Comparison, compare

SAME_PLACE = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def scene(seed: int, width: int = 240, height: int = 160) -> Pixels:
    """A drawn photograph in gray."""
    return np.array(photo(seed, width, height).convert("L"))


def textured(seed: int, width: int = 480, height: int = 320) -> Pixels:
    """A drawn photograph in gray with texture everywhere, as grass, cloth and walls have."""
    grain = np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(grain, (0, 0), 1.2))
    return np.clip(scene(seed, width, height) + 12 * soft / soft.std(), 0, 255).astype(np.uint8)


def smooth(width: int, height: int) -> Pixels:
    """Waves in both directions without an edge: levels from 68 to 188."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return (128 + 30 * np.sin(x / 6) + 30 * np.cos(y / 7)).astype(np.uint8)


def laid(query: Pixels, asset: Pixels, matrix: Floats = SAME_PLACE) -> Comparison:
    """The comparison of two pictures of which something must agree."""
    comparison = compare(query, asset, matrix)
    assert comparison is not None
    return comparison


def blocks_at(
    corners: Sequence[tuple[float, float]],
    *,
    side: int = 10,
    query_levels: npt.ArrayLike = 20.0,
    asset_levels: npt.ArrayLike = 20.0,
    detail: npt.ArrayLike = 5.0,
    likeness: npt.ArrayLike = 1.0,
    offsets: npt.ArrayLike = (0.0, 0.0),
) -> Blocks:
    """Blocks that show much and agree, but for what is given, for each of them or for all."""
    count = len(corners)

    def each(values: npt.ArrayLike, *shape: int) -> Floats:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), shape).copy()

    return Blocks(
        side=side,
        corners=np.array(corners, dtype=np.float64).reshape(-1, 2),
        query_levels=each(query_levels, count),
        asset_levels=each(asset_levels, count),
        detail=each(detail, 2, count),
        likeness=each(likeness, count),
        offsets=each(offsets, count, 2),
    )


def corners_of_grid(columns: int, rows: int, side: int = 10) -> list[tuple[float, float]]:
    """The upper left corners of so many blocks side by side, row by row."""
    return [(float(column * side), float(row * side)) for row in range(rows) for column in range(columns)]
