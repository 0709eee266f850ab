"""What was added to a picture in straight strips: bars with a headline, borders, another picture beside it.

A strip lies between straight seams that one of two pictures has and the other has not, and nothing of the other
picture is seen in it, or only faintly. Letters and gradients laid over a picture leave it seen between and beneath
them: they hide nothing of it by this measure.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from catalog.covering import alike_nearby, tone
from catalog.pixels import (
    BLOCK_SIDE,
    Bools,
    Comparison,
    Floats,
    Frame,
    Pixels,
    Singles,
    combined,
    framed,
    inverted,
    transformed,
)
from catalog.regions import Box

# A seam is a line across which levels jump this many times more than between the lines around it, and by so much.
SEAM_RATIO = 2.5
SEAM_LEVELS = 8.0
SEAM_NEIGHBOURS = 24

# Share of the lines across it that must jump at a seam.
SEAM_ALONG = 0.7
SEAM_LEAST_JUMP = 5.0

# At a seam the other picture jumps by less than this share; a horizon is in both.
SEAM_IN_OTHER = 0.5

# Share of a strip in which the other picture may seem to be seen by chance; the same for each third of it.
SEEN = 0.2
SEEN_IN_PART = 0.35

# Through a strip that lets light through the other picture is seen with this share of its contrast at most.
FAINT = 0.5

# Share of a bar that is of one colour, or a mixture of the picture with one; the rest are letters.
MIXED = 0.45
LEAST_PIXELS = 50

# Narrower strips, in frame pixels, are the blur of an edge.
LEAST_WIDTH = 3

# Within this distance of a seam the small windows that tell what is seen look beyond it.
BLEEDING = 5

# A strip hides nothing if more than this share of its blocks agrees. Through a bar some light may come.
AGREEING_IN_BAR = 0.3
AGREEING_IN_OTHER = 0.05

# Pixels that show nothing are the same when their levels differ by no more.
SAME_LEVELS = 10.0

# From this angle on, in radians, strips along the query's edges are aslant in the asset's frame.
ASLANT = 0.005

T = TypeVar("T", bound=np.generic)


def hidden(comparison: Comparison, agreeing: Box) -> Singles:
    """Per frame pixel which share of the picture strips hide; `agreeing` is the part of the frame that agrees.

    Strips are looked for along the asset's axes and, where the query is turned against them, along the query's.
    """
    frame, blocks = comparison.frame, comparison.blocks
    places = blocks.corners[blocks.agreeing] + blocks.side / 2
    mask = _Strips(frame, tone(comparison), places).hidden(agreeing)
    matrix = comparison.matrix
    turn = np.arctan2(matrix[1, 0], matrix[0, 0])
    if abs(np.sin(2 * turn)) < 2 * ASLANT:
        return mask
    # The same with the pictures in each other's place, back in the frame.
    swapped = framed(comparison.asset, comparison.query, inverted(matrix))
    if swapped is None:
        return mask
    gain, lift = tone(comparison)
    to_frame = combined(frame.to_frame, combined(matrix, inverted(swapped.to_frame)))
    back = transformed(inverted(to_frame), places)
    of_tone = (1 / max(gain, 0.1), -lift / max(gain, 0.1))
    aslant = _Strips(swapped, of_tone, back).hidden(_whole(swapped))
    if not aslant.any():
        return mask
    turned = cv2.warpAffine(aslant, to_frame, (mask.shape[1], mask.shape[0]), flags=cv2.INTER_LINEAR)
    return np.maximum(mask, np.asarray(turned, dtype=np.float32))


def _whole(frame: Frame) -> Box:
    height, width = frame.shared.shape
    return Box(0, 0, width, height)


class _Strips:
    """The strips of a frame along its axes; `places` (n, 2) are the middles of blocks that agree."""

    def __init__(self, frame: Frame, of_tone: tuple[float, float], places: Floats) -> None:
        self._frame = frame
        self._places = places
        self._gain, self._lift = of_tone
        self._map: Bools | None = None

    def hidden(self, agreeing: Box) -> Singles:
        """Per pixel the share that is hidden. Seams need only be as long as the part that agrees."""
        mask = np.zeros(self._frame.shared.shape, dtype=np.float32)
        rows = slice(round(agreeing.y), round(agreeing.y + agreeing.height))
        columns = slice(round(agreeing.x), round(agreeing.x + agreeing.width))
        for start, end, share in self._strips(rows, turned=False):
            mask[:, start:end] = np.maximum(mask[:, start:end], share)
        for start, end, share in self._strips(columns, turned=True):
            mask[start:end] = np.maximum(mask[start:end], share)
        return mask

    def _strips(self, along: slice, *, turned: bool) -> list[tuple[int, int, float]]:
        """Upright strips, or with `turned` level ones: first and last column, share that is hidden."""
        query, asset = (self._view(one, along, turned) for one in (self._frame.query, self._frame.asset))
        lines = _seams_of_one(query, asset)
        if not lines:
            return []
        shared = self._view(self._frame.shared, along, turned)
        seen = self._view(self._seen(), along, turned)
        found = []
        for start, end in itertools.pairwise([0, *lines, query.shape[1]]):
            if end - start < LEAST_WIDTH:
                continue
            inner = _inside(start, end, query.shape[1])
            parts = query[:, inner], asset[:, inner], shared[:, inner]
            is_bar = max(_plain(*parts)) >= MIXED
            across = self._places[:, int(turned)]
            agreeing = int(((across >= start) & (across < end)).sum())
            blocks = (end - start) * len(query) / BLOCK_SIDE**2
            if agreeing > max(1, (AGREEING_IN_BAR if is_bar else AGREEING_IN_OTHER) * blocks):
                continue
            # Between seams further in, only a bar is believed: rows of letters have seams above and below.
            at_edge = start == 0 or end == query.shape[1]
            if (is_bar or at_edge) and _hides(seen[:, inner], parts[2]):
                found.append((start, end, 1.0))
            elif share := _dimmed(*parts, self._gain):
                found.append((start, end, share))
        return found

    @staticmethod
    def _view(values: npt.NDArray[T], along: slice, turned: bool) -> npt.NDArray[T]:
        return (values.T if turned else values)[along]

    def _seen(self) -> Bools:
        """Where both pictures are the same."""
        if self._map is None:
            query, asset = self._frame.query, self._frame.asset
            alike, shows = alike_nearby(query, asset)
            off = np.abs(query.astype(np.float32) - self._gain * asset.astype(np.float32) - self._lift)
            self._map = np.where(shows > 0, alike > 0, off <= SAME_LEVELS)
        return self._map


def _inside(start: int, end: int, length: int) -> slice:
    """A strip's columns without those near its seams."""
    low = start + BLEEDING if start else 0
    high = end - BLEEDING if end < length else end
    return slice(low, high) if high > low else slice((start + end) // 2, (start + end) // 2 + 1)


def _hides(seen: Bools, shared: Bools) -> bool:
    """Whether nothing of the other picture is seen, anywhere from the left to the right."""
    width = seen.shape[1]
    edges = np.linspace(0, width, min(4, width + 1)).astype(int)
    parts = (slice(first, last) for first, last in itertools.pairwise(edges))
    return _share(seen, shared) <= SEEN and all(
        _share(seen[:, part], shared[:, part]) <= SEEN_IN_PART for part in parts
    )


def _plain(query: Pixels, asset: Pixels, shared: Bools) -> tuple[float, float]:
    """Which share of each picture's strip is of one colour, the background of a bar."""
    query_share, asset_share = (
        max(
            np.convolve(np.bincount(one[shared], minlength=256), np.ones(2 * int(SAME_LEVELS) + 1), "same"),
            default=0.0,
        )
        / max(1, int(shared.sum()))
        for one in (query, asset)
    )
    return float(query_share), float(asset_share)


def _dimmed(query: Pixels, asset: Pixels, shared: Bools, gain: float) -> float:
    """Which share a bar that lets some light through hides: one colour is mixed with the picture all over it."""
    left, right = (one[shared].astype(np.float64) for one in (query, asset))
    if len(left) < LEAST_PIXELS or right.std() < SAME_LEVELS:
        return 0.0
    slope = float(np.cov(left, right)[0, 1] / right.var())
    level = np.median(left - slope * right)
    mixed = (np.abs(left - slope * right - level) <= SAME_LEVELS).mean()
    through = max(0.0, slope / gain)
    return 1.0 - through if through <= FAINT and mixed >= MIXED else 0.0


def _share(seen: Bools, shared: Bools) -> float:
    return float((seen & shared).sum() / max(1, int(shared.sum())))


@dataclass(frozen=True, slots=True)
class Jumps:
    """By how many levels pixels jump from each column to the next, and in which share of the rows."""

    levels: Floats
    along: Floats

    @classmethod
    def of(cls, picture: Pixels) -> Jumps:
        """The jumps of a picture."""
        jumps = np.abs(np.diff(picture.astype(np.int16), axis=1))
        return cls(jumps.mean(axis=0), (jumps >= SEAM_LEAST_JUMP).mean(axis=0))

    @property
    def seams(self) -> npt.NDArray[np.bool_]:
        """Between which columns there is a seam."""
        found = (self.levels >= SEAM_LEVELS) & (self.along >= SEAM_ALONG)
        for at in np.flatnonzero(found).tolist():
            around = self.levels[max(0, at - SEAM_NEIGHBOURS) : at + SEAM_NEIGHBOURS + 1]
            found[at] = self.levels[at] >= SEAM_RATIO * np.median(around)
        return found


def _seams_of_one(query: Pixels, asset: Pixels) -> list[int]:
    """The columns at which one picture has a seam and the other has not."""
    both = [Jumps.of(one) for one in (query, asset)]
    lines = set()
    for one, other in (both, both[::-1]):
        for at in np.flatnonzero(one.seams).tolist():
            if other.levels[max(0, at - 2) : at + 3].max() <= SEAM_IN_OTHER * one.levels[at]:
                lines.add(at + 1)
    return sorted(lines)


def has_seam(picture: Pixels, place: int, reach: int) -> bool:
    """Whether a vertical seam lies within `reach` columns of a place."""
    low = max(0, place - reach - 1)
    return bool(Jumps.of(picture).seams[low : place + reach].any())
