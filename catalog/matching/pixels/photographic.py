"""Which parts of a picture look photographic, and how much of what two pictures have in common is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from catalog.matching.pixels.arrays import Bools, Pixels
from catalog.matching.pixels.outline import Outline
from catalog.matching.pixels.overlays import steepness

CELL = 16

T = TypeVar("T", bound=np.generic)

# A photographic cell has few flat pixels, and no two windows of 16 levels hold nearly all of them, as paper and ink do;
# but where it is soft they may.
FLAT_SLOPE = 1.0
MOST_FLAT = 0.5
FEW_FLAT = 0.15
LEVELS_A_BIN = 8
MOST_IN_TWO_WINDOWS = 0.75
LEAST_LEVELS = 3.0
SOFT_LEVELS = 10.0

# Squared mean of its slopes over their mean square: letters' are steep or none.
LEAST_EVENNESS = 0.3

# Share of a cell's pixels that must agree, or be lost, for it to count.
LEAST_SAYING = 0.2


def find_photographic(picture: Pixels) -> Bools:
    """Per whole cell of a picture whether it looks photographic."""
    cells = _cells(picture)
    slopes = _cells(steepness(picture))
    flat = (slopes < FLAT_SLOPE).mean(axis=2)
    evenness = slopes.mean(axis=2) ** 2 / np.maximum((slopes * slopes).mean(axis=2), 1e-6)
    bins = (cells // LEVELS_A_BIN).astype(np.int64)
    rows, columns, pixels = bins.shape
    count = 256 // LEVELS_A_BIN
    at = np.arange(rows * columns).repeat(pixels) * count + bins.ravel()
    levels = np.bincount(at, minlength=rows * columns * count).reshape(rows, columns, count)
    pairs = levels[..., :-1] + levels[..., 1:]
    first = pairs.argmax(axis=2)
    held = pairs.max(axis=2)
    row, column = np.indices(first.shape)
    levels[row, column, first] = 0
    levels[row, column, first + 1] = 0
    held = held + (levels[..., :-1] + levels[..., 1:]).max(axis=2)
    deviation = cells.std(axis=2)
    is_soft = (deviation < SOFT_LEVELS) & (flat < FEW_FLAT)
    is_varied = (held < MOST_IN_TWO_WINDOWS * pixels) | is_soft
    photographic: Bools = (flat < MOST_FLAT) & is_varied & (deviation >= LEAST_LEVELS)
    photographic &= evenness >= LEAST_EVENNESS
    return photographic


@dataclass(frozen=True, slots=True)
class Photographic:
    """How many of the `cells` that say anything agree and are photographic in both, or are lost and so in either."""

    agreeing: int
    lost: int
    cells: int

    @property
    def share(self) -> float:
        """The share that agrees of the cells that say anything."""
        return self.agreeing / max(1, self.agreeing + self.lost)


def measure_photographic(query: Pixels, asset: Pixels, outline: Outline) -> Photographic:
    """What of two pictures of one shape is photographic, and whether it agrees."""
    if min(asset.shape) < CELL:
        return Photographic(0, 0, 0)
    of_query, of_asset = find_photographic(query), find_photographic(asset)
    agree, lost = (_cells(one).mean(axis=2) for one in (outline.agree, outline.lost))
    said = (agree > LEAST_SAYING) | (lost > LEAST_SAYING)
    agreeing = of_query & of_asset & (agree > lost) & (agree > LEAST_SAYING)
    losing = (of_query | of_asset) & (lost > agree) & (lost > LEAST_SAYING)
    return Photographic(int(agreeing.sum()), int(losing.sum()), int(said.sum()))


def _cells(values: npt.NDArray[T]) -> npt.NDArray[T]:
    """The whole cells of an array: rows, columns, values of each."""
    rows, columns = values.shape[0] // CELL, values.shape[1] // CELL
    whole = values[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    return whole.transpose(0, 2, 1, 3).reshape(rows, columns, CELL * CELL)
