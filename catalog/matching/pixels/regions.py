"""Where two pictures laid one over the other agree: a rectangle of blocks, up to the seams of what was added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from catalog.matching.pixels.arrays import Bools, Floats
from catalog.matching.pixels.pixel_comparison import LEAST_DETAIL, Blocks
from catalog.matching.pixels.transforms import transform_places

# A block that differs must show this much in levels of gray, or noise and compression make the difference.
STRONG_LEVELS = 8.0

# Likeness below which a block truly differs; between this and agreement compression may be to blame.
DIFFERENT = 0.5

# A block that is found again so many frame pixels off, along either axis, differs.
ELSEWHERE = 1.5

# What blocks count when the rectangle of agreement is looked for.
DISAGREEMENT_WEIGHT = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of one picture, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def pixels(self) -> tuple[slice, slice]:
        """The rows and columns it takes."""
        return (
            slice(round(self.y), round(self.y + self.height)),
            slice(round(self.x), round(self.x + self.width)),
        )


@dataclass(frozen=True, slots=True)
class Region:
    """Rows and columns of blocks, as half-open ranges on the grid."""

    top: int
    bottom: int
    left: int
    right: int


class Grid:
    """The blocks of a comparison on their grid, and what each says."""

    def __init__(self, blocks: Blocks, shape: tuple[int, ...]) -> None:
        self.blocks = blocks
        self._ends = float(shape[1]), float(shape[0])
        self.xs, column = np.unique(blocks.corners[:, 0], return_inverse=True)
        self.ys, row = np.unique(blocks.corners[:, 1], return_inverse=True)
        self.cells = (row, column)
        levels = np.maximum(blocks.query_levels, blocks.asset_levels)
        # Without detail in two directions a block has many places that are as good.
        detailed = blocks.detail.min(axis=0) >= LEAST_DETAIL
        elsewhere = detailed & (np.abs(blocks.offsets).max(axis=1, initial=0) > ELSEWHERE)
        differing = (blocks.likeness < DIFFERENT) | elsewhere
        self.agreeing = blocks.agreeing & detailed
        self.differing = ~blocks.agreeing & differing & (levels >= STRONG_LEVELS)

    def lay_out(self, values: npt.NDArray[np.generic]) -> Floats:
        """Values of blocks on the grid; 0 where there is no block."""
        grid = np.zeros((len(self.ys), len(self.xs)))
        grid[self.cells] = values
        return grid

    def find_inside(self, region: Region) -> Bools:
        """Which blocks lie in a region."""
        row, column = self.cells
        rows = (row >= region.top) & (row < region.bottom)
        within: Bools = rows & (column >= region.left) & (column < region.right)
        return within

    def box(self, region: Region) -> Box:
        """A region in frame pixels, to the frame's edges where it reaches the outermost blocks."""
        side, (width, height) = self.blocks.side, self._ends
        left = float(self.xs[region.left]) if region.left else 0.0
        top = float(self.ys[region.top]) if region.top else 0.0
        right = float(self.xs[region.right - 1]) + side if region.right < len(self.xs) else width
        bottom = float(self.ys[region.bottom - 1]) + side if region.bottom < len(self.ys) else height
        return Box(left, top, right - left, bottom - top)

    def rectangle_of_agreement(self) -> Region:
        """The rectangle with most agreement and least difference; of equal ones the largest."""
        weights = self.lay_out(
            self.blocks.agreeing - DISAGREEMENT_WEIGHT * self.differing + 1e-6 * np.ones(len(self.differing))
        )
        rows, columns = weights.shape
        sums = np.zeros((rows + 1, columns + 1))
        sums[1:, 1:] = weights.cumsum(axis=0).cumsum(axis=1)
        best, found = -np.inf, Region(0, rows, 0, columns)
        for top in range(rows):
            for bottom in range(top + 1, rows + 1):
                # The best stretch of columns: the largest difference of two prefix sums, the earlier subtracted.
                prefix = sums[bottom] - sums[top]
                lowest = np.minimum.accumulate(prefix)
                gains = prefix[1:] - lowest[:-1]
                right = int(gains.argmax())
                if gains[right] > best:
                    best = float(gains[right])
                    found = Region(top, bottom, int(prefix[: right + 1].argmin()), right + 1)
        return found


def corners_of_box(box: Box) -> Floats:
    """The corners of a box, clockwise from its upper left."""
    right, bottom = box.x + box.width, box.y + box.height
    return np.array([[box.x, box.y], [right, box.y], [right, bottom], [box.x, bottom]])


def move_box(matrix: Floats, box: Box) -> Box:
    """The upright rectangle around a box taken through a transform."""
    corners = transform_places(matrix, corners_of_box(box))
    low, high = corners.min(axis=0), corners.max(axis=0)
    return Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
