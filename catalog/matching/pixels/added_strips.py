"""What was added to a picture in straight strips: bars with a headline, borders, another picture beside it.

A strip lies between straight seams that one of two pictures has and the other has not, or beyond a line at which
what both show ends at once; nothing of the other picture is seen in it, or only faintly. Letters and gradients laid
over a picture leave it seen between and beneath them: they hide nothing of it by this measure.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from catalog.matching.pixels.arrays import Bools, Floats, Pixels, Singles
from catalog.matching.pixels.framing import Frame, frame_pictures
from catalog.matching.pixels.overlay_bars import (
    BLEEDING,
    MIXED,
    SAME_LEVELS,
    find_dulled,
    measure_dimmed,
    measure_plain,
)
from catalog.matching.pixels.overlays import LETTER_SIDE, find_alike_nearby, find_natural
from catalog.matching.pixels.pixel_comparison import BLOCK_SIDE, Comparison
from catalog.matching.pixels.regions import STRONG_LEVELS, Box
from catalog.matching.pixels.transforms import combine_transforms, invert_transform, transform_places

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

# Narrower strips, in frame pixels, are the blur of an edge.
LEAST_WIDTH = 3

# A strip hides nothing if more than this share of its blocks agrees. Through a bar some light may come.
AGREEING_IN_BAR = 0.3
AGREEING_IN_OTHER = 0.05

# Beside a line that divides what is seen from what is not, this share of a band is seen on one side and not more than
# that on the other, in each third of the line; and so is all that lies on either side. What moved has no such edge.
BAND = 24
SEEN_WITHIN = 0.98
SEEN_WITHIN_PART = 0.95
SEEN_BEYOND = 0.10
SEEN_BEYOND_PART = 0.15

# Share of the blocks that show much, beyond such a line, that must look like a photograph in both pictures.
NATURAL_IN_STRIP = 0.4

# Where fewer of a strip's pixels are in both pictures, as beyond the end of a file that is cut short, nothing hides.
LEAST_SHARED = 0.05

# Contrast that one picture has at least beside the other.
LEAST_GAIN = 0.1

# Shares of all pixels, and of those of each line, that have the same levels in both where nothing is hidden.
SEEN_ALL = 0.9
SEEN_IN_LINE = 0.6

# From this angle on, in radians, strips along the query's edges are aslant in the asset's frame.
ASLANT = 0.005

T = TypeVar("T", bound=np.generic)


def measure_hidden(comparison: Comparison, agreeing: Box) -> Singles:
    """Per frame pixel which share of the picture strips hide; `agreeing` is the part of the frame that agrees.

    Strips are looked for along the asset's axes and, where the query is turned against them, along the query's.
    """
    frame, blocks = comparison.frame, comparison.blocks
    if _is_seen_everywhere(frame, comparison.tone):
        return np.zeros(frame.shared.shape, dtype=np.float32)
    places = blocks.corners + blocks.side / 2
    mask = _Strips(comparison, frame, comparison.tone, places).measure_hidden(agreeing)
    matrix = comparison.matrix
    turn = np.arctan2(matrix[1, 0], matrix[0, 0])
    if abs(np.sin(2 * turn)) < 2 * ASLANT:
        return mask
    # The same with the pictures in each other's place, back in the frame.
    swapped = frame_pictures(comparison.asset, comparison.query, invert_transform(matrix))
    if swapped is None:
        return mask
    gain, lift = comparison.tone
    to_frame = combine_transforms(
        frame.to_frame, combine_transforms(matrix, invert_transform(swapped.to_frame))
    )
    back = transform_places(invert_transform(to_frame), places)
    of_tone = (1 / max(gain, 0.1), -lift / max(gain, 0.1))
    aslant = _Strips(comparison, swapped, of_tone, back).measure_hidden(_box_of_frame(swapped))
    if not aslant.any():
        return mask
    turned = cv2.warpAffine(aslant, to_frame, (mask.shape[1], mask.shape[0]), flags=cv2.INTER_LINEAR)
    return np.maximum(mask, np.asarray(turned, dtype=np.float32))


def _is_seen_everywhere(frame: Frame, tone: tuple[float, float]) -> bool:
    """Whether the levels of one picture are those of the other all over it: then nothing can be hidden."""
    gain, lift = tone
    off = np.abs(frame.query.astype(np.float32) - (gain * frame.asset.astype(np.float32) + lift))
    seen: Bools = (off <= SAME_LEVELS) | ~frame.shared
    lines = seen.mean(axis=0).min(), seen.mean(axis=1).min()
    return bool(seen.mean() >= SEEN_ALL and min(lines) >= SEEN_IN_LINE)


def _box_of_frame(frame: Frame) -> Box:
    height, width = frame.shared.shape
    return Box(0, 0, width, height)


class _Strips:
    """The strips of a frame along its axes; `places` (n, 2) are the middles of the comparison's blocks in it."""

    def __init__(
        self, comparison: Comparison, frame: Frame, of_tone: tuple[float, float], places: Floats
    ) -> None:
        self._comparison = comparison
        self._frame = frame
        self._places = places
        self._gain, self._lift = of_tone
        self._map: Bools | None = None

    def measure_hidden(self, agreeing: Box) -> Singles:
        """Per pixel the share that is hidden. Seams need only be as long as the part that agrees."""
        mask = np.zeros(self._frame.shared.shape, dtype=np.float32)
        rows, columns = agreeing.pixels
        for start, end, share in self._strips(rows, turned=False):
            mask[:, start:end] = np.maximum(mask[:, start:end], share)
        for start, end, share in self._strips(columns, turned=True):
            mask[start:end] = np.maximum(mask[start:end], share)
        return mask

    def _strips(self, along: slice, *, turned: bool) -> list[tuple[int, int, float]]:
        """Upright strips, or with `turned` level ones: first and last column, share that is hidden."""
        query, asset = (self._view(one, along, turned) for one in (self._frame.query, self._frame.asset))
        shared = self._view(self._frame.shared, along, turned)
        seen = self._view(self._find_seen(), along, turned)
        found = []
        lines = _seams_of_one(query, asset)
        for start, end in itertools.pairwise([0, *lines, query.shape[1]] if lines else []):
            if end - start < LEAST_WIDTH or shared[:, start:end].mean() < LEAST_SHARED:
                continue
            inner = _trim_to_inside(start, end, query.shape[1])
            parts = query[:, inner], asset[:, inner], shared[:, inner]
            is_bar = max(measure_plain(*parts)) >= MIXED
            limit = AGREEING_IN_BAR if is_bar else AGREEING_IN_OTHER
            if self._count_agreeing(start, end, turned) > self._count_allowed(limit, seen[:, start:end]):
                continue
            # Between seams further in, only a bar is believed: rows of letters have seams above and below.
            at_edge = start == 0 or end == query.shape[1]
            if (is_bar or at_edge) and _hides(seen[:, inner], parts[2]):
                found.append((start, end, 1.0))
            elif share := self._measure_dimmed(*parts):
                found.append((start, end, share))
        for start, end in self._find_dulled(query, asset, shared):
            inner = _trim_to_inside(start, end, query.shape[1])
            parts = query[:, inner], asset[:, inner], shared[:, inner]
            if parts[2].mean() >= SEEN_WITHIN_PART and (share := self._measure_dimmed(*parts)):
                found.append((start, end, share))
        for start, end in _find_divided(seen, shared):
            few = self._count_agreeing(start, end, turned) <= self._count_allowed(
                AGREEING_IN_OTHER, seen[:, start:end]
            )
            if (
                few
                and self._is_photograph(start, end, turned)
                and not _is_explained(start, end, found, seen, shared)
            ):
                found.append((start, end, 1.0))
        return found

    def _measure_dimmed(self, query: Pixels, asset: Pixels, shared: Bools) -> float:
        """How much a bar over either picture dims."""
        of_query = measure_dimmed(query, asset, shared, self._gain)
        return of_query or measure_dimmed(asset, query, shared, 1 / max(self._gain, LEAST_GAIN))

    def _find_dulled(self, query: Pixels, asset: Pixels, shared: Bools) -> list[tuple[int, int]]:
        """Where bars over either picture may dim it."""
        of_query = find_dulled(query, asset, shared, self._gain)
        return [*of_query, *find_dulled(asset, query, shared, 1 / max(self._gain, LEAST_GAIN))]

    def _count_agreeing(self, start: int, end: int, turned: bool) -> int:
        """The number of blocks in a strip that agree."""
        return int((self._find_lying(start, end, turned) & self._comparison.blocks.agreeing).sum())

    def _is_photograph(self, start: int, end: int, turned: bool) -> bool:
        """Whether photograph lies over photograph in a strip: between letters the picture is there."""
        blocks = self._comparison.blocks
        strong = self._find_lying(start, end, turned)
        strong &= np.minimum(blocks.query_levels, blocks.asset_levels) >= STRONG_LEVELS
        return int((find_natural(self._comparison) & strong).sum()) > NATURAL_IN_STRIP * int(strong.sum())

    def _find_lying(self, start: int, end: int, turned: bool) -> Bools:
        """Which blocks lie in a strip."""
        across = self._places[:, int(turned)]
        lying: Bools = (across >= start) & (across < end)
        return lying

    @staticmethod
    def _count_allowed(limit: float, strip: Bools) -> float:
        """The number of blocks that may agree by chance in a strip."""
        return max(1.0, limit * strip.size / BLOCK_SIDE**2)

    @staticmethod
    def _view(values: npt.NDArray[T], along: slice, turned: bool) -> npt.NDArray[T]:
        return (values.T if turned else values)[along]

    def _find_seen(self) -> Bools:
        """Where both pictures are the same."""
        if self._map is None:
            query, asset = self._frame.query, self._frame.asset
            alike, shows = find_alike_nearby(query, asset)
            off = np.abs(query.astype(np.float32) - self._gain * asset.astype(np.float32) - self._lift)
            self._map = np.where(shows > 0, alike > 0, off <= SAME_LEVELS)
        return self._map


def _trim_to_inside(start: int, end: int, length: int) -> slice:
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


def _find_divided(seen: Bools, shared: Bools) -> list[tuple[int, int]]:
    """First and last columns of the strips along either edge in which nothing is seen, while all beside them is.

    The line between needs no seam: two pictures side by side may be of the same gray along most of it.
    """
    height, width = seen.shape
    gap = LETTER_SIDE // 2
    if width < 2 * (BAND + gap) or height < BAND:
        return []
    rows = np.linspace(0, height, 4).astype(int)
    # Columns of the counts up to each column, one row for each third of the line.
    counts, pixels = (
        np.stack(
            [np.append(0, one[top:bottom].sum(axis=0).cumsum()) for top, bottom in itertools.pairwise(rows)]
        )
        for one in (seen & shared, shared)
    )

    def share(start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Floats:
        there: Floats = (counts[:, end] - counts[:, start]) / np.maximum(1, pixels[:, end] - pixels[:, start])
        return there

    lines = np.arange(BAND + gap, width - BAND - gap + 1)
    before, after = share(lines - BAND - gap, lines - gap), share(lines + gap, lines + gap + BAND)
    ends, starts = np.full_like(lines, width), np.zeros_like(lines)
    all_before, all_after = share(starts, lines - gap), share(lines + gap, ends)
    found = []
    for near, far, all_near, all_far, is_last in (
        (before, after, all_before, all_after, True),
        (after, before, all_after, all_before, False),
    ):
        fits = (near.min(axis=0) >= SEEN_WITHIN_PART) & (near.mean(axis=0) >= SEEN_WITHIN)
        fits &= (far.max(axis=0) <= SEEN_BEYOND_PART) & (far.mean(axis=0) <= SEEN_BEYOND)
        fits &= (all_near.mean(axis=0) >= SEEN_WITHIN_PART) & (all_far.max(axis=0) <= SEEN_IN_PART)
        fits &= all_far.mean(axis=0) <= SEEN
        if fits.any():
            line = int(lines[fits][(near - far).mean(axis=0)[fits].argmax()])
            found.append((line, width) if is_last else (0, line))
    return found


def _is_explained(
    start: int, end: int, found: list[tuple[int, int, float]], seen: Bools, shared: Bools
) -> bool:
    """Whether narrower strips hide all that is not seen: beyond a bar the picture may go on."""
    rest = np.zeros(seen.shape[1], dtype=np.bool_)
    rest[start:end] = True
    for first, last, _ in found:
        rest[max(0, first - BLEEDING) : last + BLEEDING] = False
    if rest[start:end].all():
        return False
    return not rest.any() or _share(seen[:, rest], shared[:, rest]) > SEEN_IN_PART


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
