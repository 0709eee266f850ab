"""Two pictures laid one over the other and compared block by block.

The proof behind every match: features may agree by chance, pixels under one transform do not. Places are in
pixels from a picture's upper left corner, so that the middle of the first pixel is at (0.5, 0.5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from catalog.matching.pixels.arrays import Bools, Floats, Ints, Pixels, Singles
from catalog.matching.pixels.framing import LEAST_BLOCK_SIDE, Frame, There, corners_of, frame_pictures
from catalog.matching.pixels.transforms import (
    combine_transforms,
    fit_transform,
    invert_transform,
    transform_places,
)

T = TypeVar("T", np.float32, np.float64)

# A block is a 24 pixel square, in small frames a fifth of the short side, but never so small that noise decides.
BLOCK_SIDE = 24
BLOCKS_ACROSS = 5

# How far, in frame pixels, a block's other half is looked for: wide while the transform is still that of the
# features, narrow once it has been refined by what was found.
SEARCHES = (8, 4, 2)

# When refining moved no corner by more frame pixels than this, the narrowest search finds the rest.
NEAR_ENOUGH = 1.0

# Share of a block that must lie where both pictures have pixels.
WHOLE_SHARE = 0.98

# Then all blocks correct it, from a start in whole pixels: two pictures that are compared from either side, and so come
# to transforms that differ by some hundredths of a pixel, go the same way from there. So many blocks are needed for it.
SETTLINGS = 3
LEAST_AREA = 1e-4
LEAST_SETTLING = 6

# Blocks that refining the transform looks at.
REFINING_BLOCKS = 40

# With fewer blocks alike after the first look, and less than this share of those looked at, it is another picture.
LEAST_ALIKE = 3
LEAST_ALIKE_SHARE = 0.08

# Both pictures are smoothed a little, against noise and the marks of compression.
SMOOTHING = 0.8

# A block's deviation, in levels of gray, below which it shows nothing.
FLAT_LEVELS = 4.0

# Normalised cross-correlation from which two blocks show the same: compression to JPEG quality 10 and blur leave
# 0.7 and more, unrelated blocks reach it in one of 300.
ALIKE = 0.7

# A block whose best place lies further off shows something that moved, in frame pixels.
AT_ITS_PLACE = 1.0

# A block agrees only if it has so much detail in two directions: an edge alone fits along any other.
LEAST_DETAIL = 1.0

# With this likeness in 19 of 20 blocks, and that far off at most, nothing has moved: of 370 other frames and
# look-alikes none is so near, of 315 edits two in three are.
LEAST_EXACT = 6
EXACTLY_ALIKE = 0.9
EXACT_PIXELS = 0.3


@dataclass(frozen=True, slots=True)
class Blocks:
    """Blocks of the common frame, one a row: upper left corners (n, 2), deviations of both, likeness, offset (n, 2).

    `flat` blocks show nothing in either picture; `likeness` is normalised cross-correlation at the best place,
    which is off by `offsets` frame pixels.
    """

    side: int
    corners: Floats
    query_levels: Floats
    asset_levels: Floats
    detail: Floats
    likeness: Floats
    offsets: Floats

    @property
    def flat(self) -> Bools:
        """Which blocks show nothing in either picture."""
        empty: Bools = (self.query_levels < FLAT_LEVELS) & (self.asset_levels < FLAT_LEVELS)
        return empty

    @property
    def lie_exactly(self) -> bool:
        """Whether nearly all are alike where they are, to a fraction of a pixel: nothing can have moved."""
        shows = ~self.flat
        detailed = shows & (self.detail.min(axis=0) >= LEAST_DETAIL)
        if int(detailed.sum()) < LEAST_EXACT:
            return False
        off = np.hypot(self.offsets[detailed, 0], self.offsets[detailed, 1])
        likeness = float(np.percentile(self.likeness[shows], 5))
        return likeness >= EXACTLY_ALIKE and float(np.percentile(off, 95)) <= EXACT_PIXELS

    @property
    def agreeing(self) -> Bools:
        """Which blocks show the same in both, at the same place."""
        at_its_place = np.hypot(self.offsets[:, 0], self.offsets[:, 1]) <= AT_ITS_PLACE
        same: Bools = ~self.flat & (self.likeness >= ALIKE) & at_its_place
        return same


@dataclass(frozen=True, slots=True)
class Comparison:
    """What laying the query over the asset showed. `matrix` (2, 3) takes query pixels to asset pixels.

    `tone` is by what the query's contrast is multiplied, and how many levels are added, where both pictures agree.
    """

    query: Pixels
    asset: Pixels
    matrix: Floats
    frame: Frame
    blocks: Blocks
    tone: tuple[float, float]


def decode_preview(preview: bytes) -> Pixels:
    """The levels of a study's preview."""
    return np.asarray(
        cv2.imdecode(np.frombuffer(preview, dtype=np.uint8), cv2.IMREAD_GRAYSCALE), dtype=np.uint8
    )


def compare(query: Pixels, asset: Pixels, matrix: Floats, there: There = (None, None)) -> Comparison | None:
    """The comparison under the transform, refined; None where the two pictures show nothing in common.

    Where a picture shows only part of what it is, `there` marks the pixels of query and asset that have a say.
    """
    for search in SEARCHES[:-1]:
        frame = frame_pictures(query, asset, matrix, there)
        if frame is None:
            return None
        blocks = _blocks(frame, search, REFINING_BLOCKS)
        steady = _find_steady(blocks, search)
        if steady.sum() < max(LEAST_ALIKE, LEAST_ALIKE_SHARE * len(blocks.likeness)):
            return None
        before, matrix = matrix, _correct_transform(matrix, frame, blocks, steady)
        if _measure_moved(query, before, matrix) * frame.to_frame[0, 0] < NEAR_ENOUGH:
            break
    frame = frame_pictures(query, asset, matrix, there)
    if frame is None:
        return None
    found = Comparison(query, asset, matrix, frame, _blocks(frame, SEARCHES[-1]), (1.0, 0.0))
    for step in range(SETTLINGS):
        steady = _find_steady(found.blocks, SEARCHES[-1])
        if steady.sum() < LEAST_SETTLING or (not step and found.blocks.lie_exactly):
            break
        settled = _correct_transform(found.matrix, found.frame, found.blocks, steady)
        if not step:
            settled = _snap(settled, query)
        framed = frame_pictures(query, asset, settled, there)
        if framed is None:
            break
        found = replace(found, matrix=settled, frame=framed, blocks=_blocks(framed, SEARCHES[-1]))
    return replace(found, tone=_tone(found.frame, found.blocks))


def _snap(matrix: Floats, picture: Pixels) -> Floats:
    """The transform that takes three corners of a picture to whole pixels, nearest to one."""
    corners = corners_of(picture)[[0, 1, 3]]
    goal = np.round(transform_places(matrix, corners))
    found = np.linalg.solve(np.column_stack([corners, np.ones(3)]), goal).T
    return np.asarray(found if abs(np.linalg.det(found[:, :2])) > LEAST_AREA else matrix, dtype=np.float64)


def _measure_moved(picture: Pixels, before: Floats, after: Floats) -> float:
    """By how much at most a corner of the picture lies elsewhere under one transform than under another."""
    corners = corners_of(picture)
    return float(np.abs(transform_places(after, corners) - transform_places(before, corners)).max())


def _blocks(frame: Frame, search: int, limit: int = 0) -> Blocks:
    """The blocks of a frame, or with a `limit` only so many that show most."""
    height, width = frame.shared.shape
    short = min(height, width)
    side = min(short, max(LEAST_BLOCK_SIDE, min(BLOCK_SIDE, short // BLOCKS_ACROSS)))
    left, top = (grid.ravel() for grid in np.meshgrid(_steps(width, side), _steps(height, side)))
    whole = means(frame.shared.astype(np.float32), left, top, side) > WHOLE_SHARE
    left, top = left[whole], top[whole]
    query, asset = (
        cv2.GaussianBlur(one, (0, 0), SMOOTHING).astype(np.float32) for one in (frame.query, frame.asset)
    )
    # To choose blocks, half the size shows enough and takes a quarter of the time.
    parts = 2 if limit else 1
    shown = [
        _measure_shown(_shrink(one, parts), left // parts, top // parts, side // parts)
        for one in (query, asset)
    ]
    levels, detail = (np.array([one[part] for one in shown]) for part in (0, 1))
    chosen = np.arange(len(left))
    if limit:
        chosen = np.sort(np.argsort(-detail.min(axis=0), kind="stable")[:limit])
    found = np.zeros((len(chosen), 3))
    for row, index in enumerate(chosen):
        if levels[:, index].max() >= FLAT_LEVELS:
            found[row] = _search_block(query, asset, (int(left[index]), int(top[index])), side, search)
    return Blocks(
        side=side,
        corners=np.column_stack([left, top])[chosen].astype(np.float64),
        query_levels=levels[0, chosen],
        asset_levels=levels[1, chosen],
        detail=detail[:, chosen],
        likeness=found[:, 0],
        offsets=found[:, 1:],
    )


def _shrink(picture: Singles, parts: int) -> Singles:
    if parts == 1:
        return picture
    size = (-(-picture.shape[1] // parts), -(-picture.shape[0] // parts))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _measure_shown(picture: Singles, left: Ints, top: Ints, side: int) -> tuple[Floats, Floats]:
    """What blocks show: the deviation of their levels, and the slope of their levels along the flattest direction.

    The second is the root of the smaller eigenvalue of the structure tensor (Shi and Tomasi, "Good features to
    track", CVPR 1994): an edge alone has none, and fits wherever it is laid along another edge.
    """
    centred = picture - picture.mean()
    mean = means(centred, left, top, side)
    levels = np.sqrt(np.maximum(means(centred**2, left, top, side) - mean**2, 0))
    across, down = (cv2.Sobel(picture, -1, x, 1 - x, ksize=1, scale=0.5) for x in (1, 0))
    xx, yy, xy = (means(one, left, top, side) for one in (across * across, down * down, across * down))
    return levels, flattest_slope(xx, yy, xy)


def flattest_slope(xx: npt.NDArray[T], yy: npt.NDArray[T], xy: npt.NDArray[T]) -> npt.NDArray[T]:
    """The slope along the flattest direction, of structure tensors."""
    smaller = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    return np.asarray(np.sqrt(np.maximum(smaller, 0)))


def means(values: Singles, left: Ints, top: Ints, side: int) -> Floats:
    """The mean over each block."""
    means = cv2.boxFilter(values, cv2.CV_32F, (side, side), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(means[top, left], dtype=np.float64)


def measure_likeness(
    left: Singles, right: Singles, window: int, floor: float
) -> tuple[Singles, tuple[Singles, Singles]]:
    """Per pixel the normalised cross-correlation of the window around it in both pictures, and both variances in it.

    Variances below the `floor`, in squares of levels, count as that much: noise is alike to nothing.
    """
    size = (window, window)
    of_left, of_right = cv2.boxFilter(left, -1, size), cv2.boxFilter(right, -1, size)
    spread_left = np.maximum(cv2.boxFilter(left * left, -1, size) - of_left * of_left, 0)
    spread_right = np.maximum(cv2.boxFilter(right * right, -1, size) - of_right * of_right, 0)
    together = cv2.boxFilter(left * right, -1, size) - of_left * of_right
    likeness = together / np.sqrt(np.maximum(spread_left, floor) * np.maximum(spread_right, floor))
    return np.asarray(likeness), (spread_left, spread_right)


def _steps(length: int, side: int) -> Ints:
    """Where blocks begin along a side, spread evenly over the whole of it."""
    return np.linspace(0, length - side, max(1, round(length / side))).round().astype(np.int64)


def _search_block(
    query: Singles,
    asset: Singles,
    corner: tuple[int, int],
    side: int,
    search: int,
) -> tuple[float, float, float]:
    """How alike the asset's block and the query are at the best place near it, and how far off that is (x, y)."""
    left, top = corner
    start_x, start_y = max(0, left - search), max(0, top - search)
    window = query[start_y : top + side + search, start_x : left + side + search]
    likeness = cv2.matchTemplate(window, asset[top : top + side, left : left + side], cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(likeness)
    if not np.isfinite(best):
        return 0.0, 0.0, 0.0
    finer_x = _interpolate_peak(likeness[y, x - 1 : x + 2]) if x > 0 else 0.0
    finer_y = _interpolate_peak(likeness[y - 1 : y + 2, x]) if y > 0 else 0.0
    return float(best), start_x + x + finer_x - left, start_y + y + finer_y - top


def _interpolate_peak(three: npt.NDArray[np.generic]) -> float:
    """Where the top of a parabola through three values lies, from the middle one."""
    if len(three) < 3:
        return 0.0
    before, peak, after = (float(value) for value in three)
    bend = before - 2 * peak + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _find_steady(blocks: Blocks, search: int) -> Bools:
    """Blocks found again and not at the search's edge, where the true place may be beyond."""
    shows = np.minimum(blocks.query_levels, blocks.asset_levels) >= FLAT_LEVELS
    inside = np.abs(blocks.offsets).max(axis=1, initial=0) < search - 0.5
    steady: Bools = shows & (blocks.likeness >= ALIKE) & inside
    return steady


def _correct_transform(matrix: Floats, frame: Frame, blocks: Blocks, steady: Bools) -> Floats:
    """The transform after the offsets that were found."""
    here = blocks.corners[steady] + blocks.side / 2
    correction = fit_transform(here, here + blocks.offsets[steady])
    from_frame = invert_transform(frame.to_frame)
    return combine_transforms(
        from_frame,
        combine_transforms(invert_transform(correction), combine_transforms(frame.to_frame, matrix)),
    )


def _tone(frame: Frame, blocks: Blocks) -> tuple[float, float]:
    agreeing = blocks.agreeing
    if not agreeing.any():
        return 1.0, 0.0
    gain = np.median(blocks.query_levels[agreeing] / np.maximum(blocks.asset_levels[agreeing], 1.0))
    left, top = blocks.corners[agreeing].astype(np.int64).T
    query, asset = (
        means(one.astype(np.float32), left, top, blocks.side) for one in (frame.query, frame.asset)
    )
    return float(gain), float(np.median(query - gain * asset))
