"""What became of a drawing: what lies over it was added to one picture; other data add here and take away there."""

from __future__ import annotations

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Bools
from catalog.matching.pixels.outline import Outline

CELL = 8

# Share of a cell's pixels that must say something, and levels of gray below which it shows nothing, and from which
# it shows something.
KNOWN = 0.15
EMPTY_LEVELS = 4.0
SHOWN_LEVELS = 8.0


def measure_replaced(outline: Outline, free: Bools) -> float:
    """Share of the compared cells that were replaced; `free` marks the pixels that no strip hides.

    As many as were added to the one picture and taken away from it, whichever are fewer, and those that show something
    else in both.
    """
    height, width = free.shape
    size = (max(1, width // CELL), max(1, height // CELL))
    agree, lost, of_query, of_asset = (
        np.asarray(cv2.resize(one.astype(np.float32), size, interpolation=cv2.INTER_AREA))
        for one in (outline.agree & free, outline.lost & free, *outline.levels)
    )
    known = agree + lost > KNOWN
    changed = known & (lost > agree)
    added = changed & (of_asset < EMPTY_LEVELS) & (of_query >= SHOWN_LEVELS)
    gone = changed & (of_query < EMPTY_LEVELS) & (of_asset >= SHOWN_LEVELS)
    other = changed & (of_query >= EMPTY_LEVELS) & (of_asset >= EMPTY_LEVELS)
    replaced = min(int(added.sum()), int(gone.sum())) + int(other.sum())
    return replaced / max(1, int(known.sum()))
