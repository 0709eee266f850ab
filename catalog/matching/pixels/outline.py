"""What agrees to the pixel between two pictures and what is lost: whether its outline is crisp, what fills the holes.

What was cut out, split or pasted agrees wholly on one side of an outline and not at all on the other. In another frame
of a scene agreement fades, since what moved is like its surroundings in places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Bools, Pixels, Singles
from catalog.matching.pixels.pixel_comparison import measure_likeness

SMOOTHING = 0.8

# Pixels are alike or not in a window of this side; from these likenesses they agree, or are lost.
WINDOW = 9
AGREEING = 0.8
LOST = 0.5

# Levels of gray that the one that shows more, and the other, must deviate by to agree or differ.
SHOWN_LEVELS = 5.0
LEAST_LEVELS = 3.0

# Cells are a fortieth of the short side; one is known where this share of its pixels says something.
CELLS = 40
LEAST_CELL = 4
KNOWN = 0.25

# Cells whose share of agreement is further from a half than this are all or nothing.
ALL_OR_NOTHING = 0.35

# An outline is crisp with these shares: of all or nothing cells, of agreement within what agrees, of loss within what
# is lost, where what is lost is more than a twentieth.
CRISP_CELLS = 0.90
CRISP_AGREEMENT = 0.97
CRISP_LOSS = 0.90
SMALL_LOSS = 0.95

# Share of what agrees that the largest piece of it holds.
ONE_PIECE = 0.6

# A hole holds this share of the cells, and at least so many.
LEAST_HOLE = 0.01
LEAST_HOLE_CELLS = 6

# A rectangle fills this share of its box; what it shows without its border, made so much smaller, is found with this
# likeness where it is a part of the picture enlarged. Detail alone is compared, without what varies over more pixels
# than this: of 60 rectangles with another photograph none is as alike, of 60 enlarged parts 54 are.
RECTANGULAR = 0.8
INSET_BORDER = 8
INSET_SCALES = tuple(0.9 * 0.93**step for step in range(16))
LEAST_INSET_SIDE = 10
INSET_DETAIL = 3.0
INSET_ALIKE = 0.6

# What fills a hole is looked for elsewhere in windows a third of the hole wide, and found with this likeness, further
# off than this share of the long side; in so many windows of one displacement it was copied from there.
CLONE_PARTS = 3
LEAST_CLONE_SIDE = 14
CLONE_LEVELS = 6.0
CLONE_ALIKE = 0.85
CLONE_SOURCE = 0.8
CLONE_FAR = 0.08
CLONE_STEP = 4
CLONE_WINDOWS = 5
CLONE_SHARE = 0.2

# What is found elsewhere too, but for this much of its likeness, is a pattern, and does not say where it is from.
CLONE_AHEAD = 0.1

# A hole was blurred where that is all that changed: smoothed over so many pixels both pictures are this alike in it. It
# was painted out where one picture deviates by less than so many levels in it.
BLURRED_OVER = 6.0
BLURRED_ALIKE = 0.7
PAINTED_LEVELS = 6.0


@dataclass(frozen=True, slots=True)
class Hole:
    """A region in which the pictures differ: the shares of all cells and of its box that it fills, edges it touches.

    `detail` is the lesser detail of both pictures in it by the greater: near 0 where one of them was wiped out. `box`
    is left, top, width, height in frame pixels.
    """

    area: float
    filled: float
    detail: float
    edges: int
    box: tuple[int, int, int, int]


class Outline:
    """Where two pictures of one shape agree and where they differ; `shared` says where both have pixels."""

    def __init__(self, query: Pixels, asset: Pixels, shared: Bools) -> None:
        self._query, self._asset = query, asset
        agree, lost, self.levels = _measure(query, asset, shared)
        self.agree, self.lost = agree, lost
        height, width = asset.shape
        self._cell = max(LEAST_CELL, min(height, width) // CELLS)
        self._size = max(1, width // self._cell), max(1, height // self._cell)
        agreeing, missing = (self._shrink(one) for one in (agree, lost))
        said = agreeing + missing
        self._known = said > KNOWN
        self._purity = agreeing / np.maximum(said, 1e-6)
        known = self._known.astype(np.float32)
        near = cv2.boxFilter(known, -1, (3, 3), normalize=False)
        smooth = cv2.boxFilter(self._purity * known, -1, (3, 3), normalize=False) / np.maximum(near, 1e-6)
        self._agreeing: Bools = (near > 0) & (smooth >= 0.5)
        self._lost: Bools = (near > 0) & (smooth < 0.5)

    @property
    def share(self) -> float:
        """The share of the cells that agree."""
        return float(self._agreeing.sum() / max(1, int((self._agreeing | self._lost).sum())))

    @property
    def is_crisp(self) -> bool:
        """Whether agreement is all or nothing, up to an outline."""
        if not self._known.any():
            return False
        cells = float((np.abs(self._purity[self._known] - 0.5) > ALL_OR_NOTHING).mean())
        inside = self._purity_within(self._agreeing, self._lost)
        outside = 1 - self._purity_within(self._lost, self._agreeing)
        is_pure = outside >= CRISP_LOSS or self.share >= SMALL_LOSS
        return cells >= CRISP_CELLS and inside >= CRISP_AGREEMENT and is_pure

    @property
    def is_loss_pure(self) -> bool:
        """Whether nothing agrees within what is lost."""
        return 1 - self._purity_within(self._lost, self._agreeing) > CRISP_LOSS

    @property
    def is_of_one_piece(self) -> bool:
        """Whether most of what agrees hangs together, as it does on one side of an outline."""
        count, _, stats, _ = cv2.connectedComponentsWithStats(self._agreeing.astype(np.uint8), connectivity=4)
        largest = max((int(stats[label][cv2.CC_STAT_AREA]) for label in range(1, count)), default=0)
        return largest >= ONE_PIECE * max(1, int(self._agreeing.sum()))

    @property
    def within(self) -> Singles:
        """1 for the frame pixels on the side of the outline that agrees, else 0."""
        size = self._asset.shape[1], self._asset.shape[0]
        spread = cv2.resize(self._agreeing.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
        return np.asarray(spread, dtype=np.float32)

    def _purity_within(self, some: Bools, others: Bools) -> float:
        core = cv2.erode((~others).astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) > 0
        core &= self._known & some
        return float(self._purity[core].mean()) if core.any() else 0.0

    def _shrink(self, values: Bools) -> Singles:
        small = cv2.resize(values.astype(np.float32), self._size, interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.float32)

    @cached_property
    def holes(self) -> tuple[Hole, ...]:
        """Where the pictures differ, the largest region first."""
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            self._lost.astype(np.uint8), connectivity=4
        )
        rows, columns = self._lost.shape
        found = []
        for label in range(1, count):
            left, top, width, height, cells = (int(value) for value in stats[label])
            if cells < max(LEAST_HOLE_CELLS, LEAST_HOLE * rows * columns):
                continue
            region = np.asarray(labels) == label
            edges = sum(bool(one.any()) for one in (region[:2], region[-2:], region[:, :2], region[:, -2:]))
            box = (left * self._cell, top * self._cell, width * self._cell, height * self._cell)
            found.append(
                Hole(cells / (rows * columns), cells / (width * height), self._detail(region), edges, box)
            )
        return tuple(sorted(found, key=lambda hole: -hole.area))

    def _detail(self, region: Bools) -> float:
        size = self._asset.shape[1], self._asset.shape[0]
        within = cv2.resize(region.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        # In the median: the rim of what lies over a picture is no detail of it.
        of_both = [float(np.median(one[within])) for one in self.levels]
        return min(of_both) / max(*of_both, 1e-6)

    def is_cloned(self, hole: Hole) -> bool:
        """Whether what fills a hole in either picture is found elsewhere in the other, which has it there still.

        What moved is found elsewhere too, but is gone from where it came from.
        """
        pictures = self._query, self._asset
        return any(_is_copied(one, other, hole.box) for one, other in (pictures, pictures[::-1]))

    def is_wiped(self, hole: Hole) -> bool:
        """Whether a hole was blurred, or painted out, in either picture."""
        left, top, width, height = hole.box
        # The middle of the box lies in the hole, whatever its shape.
        down, across = height // 4, width // 4
        box = slice(top + down, top + height - down), slice(left + across, left + width - across)
        if min(float(one[box].std()) for one in (self._query, self._asset)) < PAINTED_LEVELS:
            return True
        left_one, right_one = (
            np.asarray(cv2.GaussianBlur(one[box], (0, 0), BLURRED_OVER), dtype=np.float64).ravel()
            for one in (self._query, self._asset)
        )
        if min(left_one.std(), right_one.std()) < 1:
            return False
        return bool(np.corrcoef(left_one, right_one)[0, 1] >= BLURRED_ALIKE)

    def is_inset(self, hole: Hole) -> bool:
        """Whether a rectangle of either picture holds an enlarged part of the other."""
        pictures = self._query, self._asset
        return hole.filled >= RECTANGULAR and any(
            _is_enlarged(one, other, hole.box) for one, other in (pictures, pictures[::-1])
        )


def _is_enlarged(picture: Pixels, other: Pixels, box: tuple[int, int, int, int]) -> bool:
    left, top, width, height = box
    # The rectangle may have a border.
    across, down = width // INSET_BORDER, height // INSET_BORDER
    part = picture[top + down : top + height - down, left + across : left + width - across]
    where = _take_detail(other)
    for scale in INSET_SCALES:
        size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
        if min(size) < LEAST_INSET_SIDE:
            continue
        small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        if small.std() >= CLONE_LEVELS:
            likeness = cv2.matchTemplate(where, _take_detail(small), cv2.TM_CCOEFF_NORMED)
            if float(np.asarray(likeness).max()) >= INSET_ALIKE:
                return True
    return False


def _take_detail(picture: Pixels | cv2.typing.MatLike) -> Singles:
    """A picture without what varies over many pixels: sky is alike to any wall, its detail is not."""
    levels = np.asarray(picture, dtype=np.float32)
    return np.asarray(levels - cv2.GaussianBlur(levels, (0, 0), INSET_DETAIL), dtype=np.float32)


def _measure(query: Pixels, asset: Pixels, shared: Bools) -> tuple[Bools, Bools, tuple[Singles, Singles]]:
    """Where both agree, where one shows what the other does not, and how much both deviate."""
    left, right = (cv2.GaussianBlur(one, (0, 0), SMOOTHING).astype(np.float32) for one in (query, asset))
    likeness, spreads = measure_likeness(left, right, WINDOW, 2.0)
    levels = np.sqrt(spreads[0]), np.sqrt(spreads[1])
    shows = (np.maximum(*levels) >= SHOWN_LEVELS) & shared
    agree: Bools = shows & (np.minimum(*levels) >= LEAST_LEVELS) & (likeness >= AGREEING)
    lost: Bools = shows & (likeness < LOST)
    return agree, lost, levels


def _is_copied(picture: Pixels, other: Pixels, box: tuple[int, int, int, int]) -> bool:
    left, top, width, height = box
    side = max(LEAST_CLONE_SIDE, min(width, height) // CLONE_PARTS)
    step = max(6, side // 2)
    asked = 0
    found: dict[tuple[int, int], int] = {}
    for y in range(top, top + height - side + 1, step):
        for x in range(left, left + width - side + 1, step):
            part = picture[y : y + side, x : x + side]
            if part.shape != (side, side) or part.std() < CLONE_LEVELS:
                continue
            asked += 1
            if (shift := _find_source(picture, other, part, (x, y))) is not None:
                found[shift] = found.get(shift, 0) + 1
    most = max(
        (
            sum(
                votes
                for near, votes in found.items()
                if max(abs(near[0] - one[0]), abs(near[1] - one[1])) <= 1
            )
            for one in found
        ),
        default=0,
    )
    return most >= CLONE_WINDOWS and most >= CLONE_SHARE * asked


def _find_source(
    picture: Pixels, other: Pixels, part: Pixels, place: tuple[int, int]
) -> tuple[int, int] | None:
    """How far off, in steps, a part of a picture lies in the other, where both still agree there."""
    alike = np.asarray(cv2.matchTemplate(other, part, cv2.TM_CCOEFF_NORMED))
    _, likeness, _, (x, y) = cv2.minMaxLoc(alike)
    across, down = x - place[0], y - place[1]
    if likeness < CLONE_ALIKE or np.hypot(across, down) < CLONE_FAR * max(other.shape):
        return None
    side = part.shape[0]
    near = side // 2
    alike[max(0, y - near) : y + near + 1, max(0, x - near) : x + near + 1] = -1
    if float(alike.max()) > likeness - CLONE_AHEAD:
        return None
    source = [one[y : y + side, x : x + side].astype(np.float64).ravel() for one in (picture, other)]
    if min(one.std() for one in source) < 1 or np.corrcoef(source[0], source[1])[0, 1] < CLONE_SOURCE:
        return None
    return round(across / CLONE_STEP), round(down / CLONE_STEP)
