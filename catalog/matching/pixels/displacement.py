"""Whether something moved between two pictures that lie one over the other.

A republished photo, however compressed and graded, lies on its source to a fraction of a pixel. In another frame of
the scene, or another object of the same make, parts lie elsewhere by a little: a smooth displacement is left when the
one that all have in common is taken away. It is found by dense optical flow: Kroeger, Timofte, Dai, Van Gool, "Fast
Optical Flow using Dense Inverse Search", ECCV 2016, between pictures without their local brightness and contrast, so
that grading, shading and watermarks do not pull at it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Bools, Floats, Pixels, Singles
from catalog.matching.pixels.common_motion import take_common_away
from catalog.matching.pixels.pixel_comparison import flattest_slope, measure_likeness

# Long side of what is looked at, in pixels.
MOST_SIDE = 288

# Smoothing against noise, and how far around a pixel its brightness and contrast are taken away.
SMOOTHING = 0.8
LOCAL = 6.0

# A point is asked about in a window of a fourteenth of the short side, within these bounds in pixels.
WINDOWS = (7, 15)
WINDOW_SHARE = 14

# A point counts where both pictures show this much, in levels of gray, and slope in two directions, in levels a pixel;
# where they are alike once the displacement is undone; and where the way there and back ends where it began.
LEAST_LEVELS = 5.0
LEAST_SLOPE = 1.0
ALIKE = 0.85
RETURN_PIXELS = 1.0

# What shows so much, in levels of gray and levels a pixel, and is less alike than this once displaced, is not there.
DETAILED_LEVELS = 8.0
DETAILED_SLOPE = 2.0
LOST = 0.7

# Fewer points tell nothing.
LEAST_POINTS = 30

# A point moved by more than this in frame pixels, and by so many times what a quarter of the points do not exceed.
MOVED_PIXELS = 0.5
TIMES_NOISE = 6.0

# A displacement is smooth where it is off the mean of its neighbours by no more than this share of its length.
SMOOTH_SHARE = 0.2
SMOOTH_PIXELS = 0.1
LEAST_NEIGHBOURS = 4
TOGETHER_PIXELS = 0.5
LEAST_REGION = 6

# A region moved by at least this share of the frame's long side, and is so much more alike when that is undone: what
# strong compression pulls about is as alike before.
LEAST_LENGTH = 0.0045
LEAST_GAIN = 0.03

# Rows and columns along a picture's edges whose levels deviate less are a border, which may be cut in another way.
PLAIN_LEVELS = 4.0

# Detail beyond which a point has no more say, in levels a pixel.
MOST_SLOPE = 8.0


# The logarithm of the odds that it is another frame, where nothing large moved: fitted by logistic regression to 301
# pairs of pictures that look alike, told apart by eye, and to 374 edits of photographs. Objects of one make, and
# reproductions of one drawing, are off in many places by little.
ODDS_OF_TYPICAL, ODDS_OF_GAIN, ODDS_OF_WEAKEST, ODDS_OF_LOST, ODDS_OF_MOVED, ODDS = (
    3.1,
    1.4,
    2.6,
    10.7,
    8.7,
    3.3,
)
ANOTHER_FRAME = -0.4

# Share of the points that one region holds, and that all regions hold, from which something moved for certain, and gain
# in likeness from which it did; and the same where half of the points lie within a tenth of a pixel, as in exact
# copies: of 374 edits none has more than 0.015, 0.027 and 0.009.
MOVED_REGION, MOVED_SHARE, MOVED_GAIN = 0.03, 0.06, 0.04
OFF_PIXELS = 0.4
EXACT_PIXELS = 0.1
EXACT_REGION, EXACT_SHARE, EXACT_GAIN = 0.02, 0.03, 0.012


@dataclass(frozen=True, slots=True)
class Displacement:
    """What is left of the displacement between two pictures when what all points have in common is taken away.

    Half of the `points` are off by no more than `typical` frame pixels. Likeness grows in the mean by `gain` when the
    displacement is undone, by `gain_of_moved` where it is more than some tenths of a pixel; one point in ten has a
    likeness of no more than `weakest` before. Of what shows detail the share `lost` is not alike even then, and the
    share `explained` lies where its neighbours do. The largest region that moved smoothly holds the share `region` of
    the points, all together `moved`; it moved by the share `length` of the frame's long side.
    """

    points: int = 0
    typical: float = 0.0
    gain: float = 0.0
    gain_of_moved: float = 0.0
    weakest: float = 1.0
    lost: float = 0.0
    region: float = 0.0
    moved: float = 0.0
    length: float = 0.0
    explained: float = 0.0

    @property
    def has_moved(self) -> bool:
        """Whether a region moved for certain."""
        # Where no region moved, likeness is gained in what was painted anew, as another colour is.
        gain = EXACT_GAIN if self.moved else MOVED_GAIN
        is_exact = self.typical < EXACT_PIXELS
        return self._exceeds(MOVED_REGION, MOVED_SHARE, MOVED_GAIN) or (
            is_exact and self._exceeds(EXACT_REGION, EXACT_SHARE, gain)
        )

    def _exceeds(self, region: float, moved: float, gain: float) -> bool:
        return self.region >= region or self.moved >= moved or self.gain_of_moved >= gain

    @property
    def odds(self) -> float:
        """The logarithm of the odds that many places are off by little, as in another object of the same make."""
        if self.points < LEAST_POINTS:
            return -math.inf
        return (
            ODDS
            + ODDS_OF_TYPICAL * math.log(self.typical + 0.05)
            + ODDS_OF_GAIN * math.log(max(0.0, self.gain) + 0.003)
            + ODDS_OF_WEAKEST * self.weakest
            + ODDS_OF_LOST * math.sqrt(self.lost)
            + ODDS_OF_MOVED * math.sqrt(self.moved)
        )

    @property
    def is_another_frame(self) -> bool:
        """Whether it is what another frame of the scene leaves, and no copy."""
        return self.has_moved or self.odds >= ANOTHER_FRAME


@dataclass(frozen=True, slots=True)
class _Lattice:
    """Points of a frame on a lattice, and the flow at each."""

    places: Singles
    flow: Singles
    before: Singles
    after: Singles
    slope: Singles
    tensor: Singles
    good: Bools
    detailed: Bools


def measure_displacement(query: Pixels, asset: Pixels, shared: Bools) -> Displacement:
    """The displacement left between two pictures of one shape, where `shared` says that both have pixels."""
    query, asset, shared = _shrink(query, asset, shared)
    lattice = _lattice(query, asset, shared)
    good = lattice.good
    points = int(good.sum())
    if points < LEAST_POINTS:
        return Displacement(points=points, explained=_measure_explained(lattice))
    left = take_common_away(lattice.places[good], lattice.flow[good])
    lengths = np.linalg.norm(left, axis=1)
    noise = float(np.percentile(lengths, 25))
    say = np.minimum(lattice.slope[good], MOST_SLOPE)
    gains = np.clip((lattice.after - lattice.before)[good], -0.1, 0.5)
    moved = _find_moved(lattice, left, max(MOVED_PIXELS, TIMES_NOISE * noise), max(asset.shape))
    detailed = lattice.detailed if lattice.detailed.any() else good
    return Displacement(
        points=points,
        typical=float(np.median(_lengths_along_detail(left, lattice.tensor[good]))),
        gain=float((say * gains).sum() / say.sum()),
        gain_of_moved=float(gains[lengths > OFF_PIXELS].sum() / points),
        weakest=float(np.percentile(lattice.before[detailed], 10)),
        lost=float((lattice.after[detailed] < LOST).mean()),
        region=moved.largest / points,
        moved=moved.all / points,
        length=moved.length,
        explained=_measure_explained(lattice),
    )


def _measure_explained(lattice: _Lattice) -> float:
    """Which share of what shows detail lies where its neighbours do, however far that is."""
    detailed = int(lattice.detailed.sum())
    if not detailed:
        return 0.0
    near, mean = _look_around(lattice.good, lattice.flow)
    off = np.linalg.norm(lattice.flow - mean, axis=2)
    together = lattice.detailed & lattice.good & (near >= LEAST_NEIGHBOURS) & (off < TOGETHER_PIXELS)
    return float(together.sum() / detailed)


def _look_around(good: Bools, field: Singles) -> tuple[Singles, Singles]:
    """How many good points there are around each of a lattice, itself among them, and the mean of a field over them."""
    ones = np.ones((3, 3), dtype=np.float32)
    near = cv2.filter2D(good.astype(np.float32), -1, ones, borderType=cv2.BORDER_CONSTANT)
    known = np.where(good[..., None], field, 0).astype(np.float32)
    total = cv2.filter2D(known, -1, ones, borderType=cv2.BORDER_CONSTANT)
    mean = total / np.maximum(near, 1)[..., None]
    return np.asarray(near, dtype=np.float32), np.asarray(mean, dtype=np.float32)


def _shrink(query: Pixels, asset: Pixels, shared: Bools) -> tuple[Pixels, Pixels, Bools]:
    """All three at a size that is quick to look at, and shows what moved as well."""
    scale = MOST_SIDE / max(asset.shape)
    if scale >= 1:
        return query, asset, shared
    size = (max(1, round(asset.shape[1] * scale)), max(1, round(asset.shape[0] * scale)))
    left, right = (
        np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        for one in (query, asset)
    )
    there = cv2.resize(shared.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    return left, right, np.asarray(there) > 0


def _lattice(query: Pixels, asset: Pixels, shared: Bools) -> _Lattice:
    height, width = asset.shape
    left, right = (_smooth(one) for one in (query, asset))
    there, back = _flows(_normalise(left), _normalise(right))
    down, across = np.mgrid[:height, :width].astype(np.float32)
    to_x, to_y = across + there[..., 0], down + there[..., 1]
    warped = np.asarray(
        cv2.remap(left, to_x, to_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
    )
    returned = there + cv2.remap(back, to_x, to_y, cv2.INTER_LINEAR)
    window = int(np.clip(round(min(height, width) / WINDOW_SHARE) // 2 * 2 + 1, *WINDOWS))
    levels_left, levels_warped, levels_right = (one.astype(np.float32) for one in (left, warped, right))
    before, spreads = measure_likeness(levels_left, levels_right, window, 4.0)
    after, _ = measure_likeness(levels_warped, levels_right, window, 4.0)
    levels = np.sqrt(np.minimum(*spreads))
    tensor, slope = _slopes(right, window)
    good = shared & _find_within_borders(query, asset, window)
    good &= (levels >= LEAST_LEVELS) & (slope >= LEAST_SLOPE)
    good &= (after >= ALIKE) & (np.hypot(returned[..., 0], returned[..., 1]) < RETURN_PIXELS)
    step = max(2, window // 3)
    at = (slice(step // 2, None, step), slice(step // 2, None, step))
    return _Lattice(
        places=np.dstack([across, down])[at],
        flow=there[at],
        before=before[at],
        after=after[at],
        slope=slope[at],
        tensor=tensor[at],
        good=good[at],
        detailed=(shared & (levels >= DETAILED_LEVELS) & (slope >= DETAILED_SLOPE))[at],
    )


def _find_within_borders(query: Pixels, asset: Pixels, margin: int) -> Bools:
    """What lies further than a margin within the plain borders that either picture has."""
    within = np.zeros(asset.shape, dtype=np.bool_)
    tops, lefts, bottoms, rights = zip(*(_trim(one, margin) for one in (query, asset)), strict=True)
    within[max(tops) : min(bottoms), max(lefts) : min(rights)] = True
    return within


def _trim(picture: Pixels, margin: int) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of what is within a picture's plain borders and a margin; all of it without any."""
    height, width = picture.shape
    rows, columns = (np.flatnonzero(picture.std(axis=axis) > PLAIN_LEVELS) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return 0, 0, height, width
    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    return (
        int(top) + margin if top else 0,
        int(left) + margin if left else 0,
        int(bottom) - margin if bottom < height else height,
        int(right) - margin if right < width else width,
    )


def _flows(query: Pixels, asset: Pixels) -> tuple[Singles, Singles]:
    """From every pixel of the asset to the query, and the other way."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    start = np.zeros((*asset.shape, 2), dtype=np.float32)
    there, back = (
        np.asarray(search.calc(one, other, start.copy()), dtype=np.float32)
        for one, other in ((asset, query), (query, asset))
    )
    return there, back


def _smooth(picture: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), SMOOTHING), dtype=np.uint8)


def _normalise(picture: Pixels) -> Pixels:
    """Levels less their local mean, by their local deviation."""
    single = picture.astype(np.float32)
    mean = cv2.GaussianBlur(single, (0, 0), LOCAL)
    variance = cv2.GaussianBlur(single * single, (0, 0), LOCAL) - mean * mean
    scaled = 128 + 40 * (single - mean) / (np.sqrt(np.maximum(variance, 0)) + 4)
    return np.asarray(np.clip(scaled, 0, 255), dtype=np.uint8)


def _slopes(picture: Pixels, window: int) -> tuple[Singles, Singles]:
    """Per pixel the structure tensor (xx, yy, xy) of what is around it, and the slope along its flattest direction."""
    across, down = (cv2.Sobel(picture, cv2.CV_32F, x, 1 - x, ksize=1, scale=0.5) for x in (1, 0))
    size = (window, window)
    xx, yy, xy = (
        np.asarray(cv2.boxFilter(one, -1, size), dtype=np.float32)
        for one in (across * across, down * down, across * down)
    )
    return np.dstack([xx, yy, xy]), flattest_slope(xx, yy, xy)


def _lengths_along_detail(left: Floats, tensor: Singles) -> Floats:
    """The lengths of displacements, each direction counting as much as levels slope along it: an edge slides."""
    xx, yy, xy = tensor.astype(np.float64).T
    squares = xx * left[:, 0] ** 2 + yy * left[:, 1] ** 2 + 2 * xy * left[:, 0] * left[:, 1]
    lengths: Floats = np.sqrt(np.maximum(squares, 0) / np.maximum((xx + yy) / 2, 1e-6))
    return lengths


# What moved


@dataclass(slots=True)
class _Moved:
    """What moved smoothly: points of the largest region and of all, and by which share of the long side that moved."""

    largest: int = 0
    all: int = 0
    length: float = 0.0


def _find_moved(lattice: _Lattice, left: Floats, least: float, long_side: int) -> _Moved:
    """The regions that moved smoothly, by more than `least` frame pixels."""
    field = np.zeros((*lattice.good.shape, 2), dtype=np.float32)
    field[lattice.good] = left
    near, mean = _look_around(lattice.good, field)
    size = np.linalg.norm(field, axis=2)
    # Two subjects may move in two directions: no region need have a single one.
    smooth = np.linalg.norm(field - mean, axis=2) < SMOOTH_SHARE * size + SMOOTH_PIXELS
    moved = lattice.good & (size > least) & (near >= LEAST_NEIGHBOURS) & smooth
    count, labels, stats, _ = cv2.connectedComponentsWithStats(moved.astype(np.uint8), connectivity=4)
    areas = np.asarray(stats)[:, cv2.CC_STAT_AREA]
    gains = lattice.after - lattice.before
    found = _Moved()
    for label in range(1, count):
        if areas[label] < LEAST_REGION:
            continue
        region = np.asarray(labels) == label
        length, gain = float(size[region].mean()) / long_side, float(gains[region].mean())
        if length < LEAST_LENGTH or gain < LEAST_GAIN:
            continue
        found.all += int(areas[label])
        if areas[label] > found.largest:
            found.largest, found.length = int(areas[label]), length
    return found
