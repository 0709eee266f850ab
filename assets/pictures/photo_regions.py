"""Rectangles of a page, a screenshot or a contact sheet that look like photographs.

A page has a few colours of its own: what is neither in one of them nor as thin as letters, and ends at straight edges,
is a picture on it. A photograph has no such colours, and is told so after a few comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

# x, y, width and height in pixels.
Box = tuple[int, int, int, int]

# What one page may cost: a contact sheet of four by four.
MOST_REGIONS = 16

# A page's colours are those of so many cells that are flat, or of lines that are so from one edge to the other: the
# gaps of a contact sheet are narrower than a cell.
CELL_SIDE = 8
FLAT_LEVELS = 3
PAGE_SHARE = 0.04
MOST_PAGE_LEVELS = 5
LINE_LEVELS = 12
LEAST_LINES = 2

# Marks of compression around letters and pictures change a page's colour by so many levels.
PAGE_LEVELS = 3

# Strokes of letters are thinner than this share of the short side, and lines of a headline are lower than a picture.
STROKE_SHARE = 1 / 45
LEAST_STROKE = 5

# A picture fills its box, but for what of it has the page's colour.
LEAST_FILL = 0.6

# Sides of a box, of those that do not lie at the edge of the page, at which the picture begins along so much of it, and
# how far off it may begin, as it does where corners are rounded.
STRAIGHT_SHARE = 0.85
MEAN_SHARE = 0.6
STRAIGHT_PIXELS = 3
STRAIGHT_SIDES = 2

# What sticks out of a rectangle, as a stroke of a wallpaper does, is thinner than its short side divided by this.
TRUNK = 3

# Letters and drawings have few levels: in so much of a photograph a pixel's level is none of the two commonest.
BETWEEN_SHARE = 0.15
BETWEEN_LEVELS = 12
LEAST_DEVIATION = 10.0

# A panel with letters is of one level in so much of it.
PANEL_SHARE = 0.6

# Between two photographs there are so many pixels at most, of one colour but for marks of compression, and another
# than theirs.
MOST_GAP = 40
GAP_LEVELS = 6.0
SEAM_LEVELS = 12.0

# In a small copy edges are blurred: the page may begin so many times further within than a pixel of it.
TRIMMED = 4

# What takes so much of the page, and is so large in its gray copy, is seen in it as well.
MOST_OF_PAGE = 0.8


def find_regions(gray: Pixels, least_side: int) -> list[Box]:
    """The photograph-like rectangles of a gray picture, the largest first; none in nearly all photographs.

    >>> find_regions(np.zeros((480, 640), dtype=np.uint8), 20)
    []
    """
    if min(gray.shape) < 4 * CELL_SIDE:
        return []
    levels = _find_page_levels(gray)
    if not levels:
        return []
    filled = _fill(gray, levels)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(filled, connectivity=4)
    boxes = []
    for label in range(1, count):
        box = _box_of(stats[label])
        if min(box[2:]) < least_side:
            continue
        rectangle = _find_rectangle(labels[_inside(box)] == label, box, gray.shape)
        if (
            rectangle
            and _is_part(rectangle, gray.shape, least_side)
            and _is_photographic(gray[_inside(rectangle)])
        ):
            boxes.append(rectangle)
    return sorted(boxes, key=by_size)[:MOST_REGIONS]


def by_size(box: Box) -> tuple[int, Box]:
    """What sorts the largest of some boxes to the front."""
    return -box[2] * box[3], box


def split_region(page: Pixels, box: Box, margin: int) -> list[Box]:
    """A region found in a small copy of a page as one or more in the page itself.

    A pixel of the copy is `margin` pixels of the page, and edges are where the page's colour ends near by. Photographs
    with a narrow gap between them are one in the copy, as is one with its caption on a panel of another colour.
    """
    x, y, width, height = box
    left, top = max(0, x - margin), max(0, y - margin)
    right, bottom = min(page.shape[1], x + width + margin), min(page.shape[0], y + height + margin)
    parts = []
    for begin, end in _between_gaps(page[top:bottom, left:right], 0, TRIMMED * margin):
        column = page[top:bottom, left + begin : left + end]
        for first, last in _between_gaps(column, 1, TRIMMED * margin):
            parts.append((left + begin, top + first, end - begin, last - first))
    return [one for one in parts if _is_photographic(page[_inside(one)])]


def _between_gaps(gray: Pixels, axis: int, margin: int) -> list[tuple[int, int]]:
    """Where columns (axis 0) or rows (axis 1) are not of one colour: the stretches between such gaps.

    Only gaps at the edges and such as separate two pictures count: a calm sky may be one colour, too.
    """
    mean, deviation = _along(gray, axis)
    plain = deviation <= GAP_LEVELS
    edges = np.flatnonzero(np.diff(np.concatenate([[True], plain, [True]]).astype(np.int8)))
    stretches = [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    if not stretches:
        return []
    length = len(mean)
    joined = [(0 if stretches[0][0] > margin else stretches[0][0], stretches[0][1])]
    for begin, end in stretches[1:]:
        before = joined[-1][1]
        gap = mean[before:begin]
        if begin - before > MOST_GAP or float(np.ptp(gap)) > GAP_LEVELS or not _is_seam(mean, before, begin):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    if length - joined[-1][1] > margin:
        joined[-1] = joined[-1][0], length
    return joined


def _is_seam(mean: Floats, begin: int, end: int) -> bool:
    """Whether the levels leap where a gap begins or ends."""
    before, within, after = (
        mean[max(0, begin - 2)],
        mean[(begin + end) // 2],
        mean[min(len(mean) - 1, end + 1)],
    )
    return bool(max(abs(before - within), abs(after - within)) >= SEAM_LEVELS)


def _find_page_levels(gray: Pixels) -> list[int]:
    """The levels of gray that a page is made of; none where the picture is no page."""
    return list(dict.fromkeys([*_levels_of_cells(gray), *_levels_of_lines(gray)]))


def _levels_of_cells(gray: Pixels) -> list[int]:
    kernel = np.ones((CELL_SIDE, CELL_SIDE), np.uint8)
    # The extremes around every eighth pixel: OpenCV takes them of all pixels in less time than NumPy of cells.
    middle = slice(CELL_SIDE // 2, None, CELL_SIDE)
    low = np.asarray(cv2.erode(gray, kernel))[middle, middle].astype(np.int16)
    high = np.asarray(cv2.dilate(gray, kernel))[middle, middle].astype(np.int16)
    counts = np.bincount(((low + high) // 2)[high - low <= FLAT_LEVELS], minlength=256)
    found: list[int] = []
    while len(found) < MOST_PAGE_LEVELS:
        level = int(np.convolve(counts, np.ones(2 * PAGE_LEVELS - 1), "same").argmax())
        near = slice(max(0, level - PAGE_LEVELS + 1), level + PAGE_LEVELS)
        if counts[near].sum() < PAGE_SHARE * low.size:
            break
        found.append(level)
        counts[near] = 0
    return found


def _levels_of_lines(gray: Pixels) -> list[int]:
    """The levels of rows and columns that are of one colour from edge to edge."""
    found: list[int] = []
    for axis in (0, 1):
        low, high = gray.min(axis=axis).astype(np.int16), gray.max(axis=axis).astype(np.int16)
        counts = np.bincount((low + high)[high - low <= LINE_LEVELS] // 2, minlength=256)
        if counts.max() >= LEAST_LINES:
            found.append(int(counts.argmax()))
    return found


def _along(gray: Pixels, axis: int) -> tuple[Floats, Floats]:
    """Mean and deviation of all columns (axis 0) or rows (axis 1)."""
    values = gray.astype(np.float32)
    mean = values.mean(axis=axis)
    squares = np.asarray(cv2.reduce(values * values, axis, cv2.REDUCE_AVG)).ravel()
    return mean.astype(np.float64), np.sqrt(np.maximum(squares - mean**2, 0)).astype(np.float64)


def _fill(gray: Pixels, levels: Sequence[int]) -> Pixels:
    """1 where the picture is not of the page's colours, with what they enclose, and without letters."""
    is_of_page = np.abs(np.arange(256)[:, None] - np.array(levels)).min(axis=1) <= PAGE_LEVELS
    page = cv2.LUT(gray, is_of_page.astype(np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(page, connectivity=8)
    is_page = stats[:, cv2.CC_STAT_AREA] >= max(CELL_SIDE**2, PAGE_SHARE / 8 * gray.size)
    is_page[0] = False
    filled = (~is_page[labels]).astype(np.uint8)
    stroke = max(LEAST_STROKE, round(STROKE_SHARE * min(gray.shape)))
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((stroke, stroke), np.uint8)))


def _box_of(row: npt.NDArray[np.int32]) -> Box:
    x, y, width, height = (int(value) for value in row[:4])
    return x, y, width, height


def _inside(box: Box) -> tuple[slice, slice]:
    x, y, width, height = box
    return slice(y, y + height), slice(x, x + width)


def _is_part(box: Box, shape: tuple[int, ...], least_side: int) -> bool:
    """Whether a box is as large as a picture, and not all of the page."""
    return min(box[2:]) >= least_side and box[2] * box[3] <= MOST_OF_PAGE * shape[0] * shape[1]


def _find_rectangle(part: Bools, box: Box, shape: tuple[int, ...]) -> Box | None:
    """The box of what is not of the page's colour, if need be without what sticks out of it; None for no rectangle."""
    if _is_rectangle(part, box, shape):
        return box
    side = max(3, min(box[2:]) // TRUNK)
    trunk = cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    x, y, width, height = cv2.boundingRect(trunk)
    if not width:
        return None
    inner = box[0] + x, box[1] + y, width, height
    return inner if _is_rectangle(trunk[y : y + height, x : x + width] > 0, inner, shape) else None


def _is_rectangle(part: Bools, box: Box, shape: tuple[int, ...]) -> bool:
    """Whether what is not of the page's colour has a rectangle's straight sides and fills it."""
    if part.mean() < LEAST_FILL:
        return False
    x, y, width, height = box
    reach = STRAIGHT_PIXELS
    sides = (
        (x > 0, part[:, :reach].any(axis=1)),
        (y > 0, part[:reach].any(axis=0)),
        (x + width < shape[1], part[:, -reach:].any(axis=1)),
        (y + height < shape[0], part[-reach:].any(axis=0)),
    )
    shares = sorted(float(begins.mean()) for is_inside, begins in sides if is_inside)
    return (
        len(shares) >= STRAIGHT_SIDES
        and shares[-2] >= STRAIGHT_SHARE
        and sum(shares) >= MEAN_SHARE * len(shares)
    )


def _is_photographic(gray: Pixels) -> bool:
    """Whether a part has more levels than letters and drawings have."""
    if gray.std() < LEAST_DEVIATION:
        return False
    counts = np.bincount(gray.ravel(), minlength=256)
    if np.convolve(counts, np.ones(2 * PAGE_LEVELS + 1), "same").max() > PANEL_SHARE * gray.size:
        return False
    between = 1.0
    for _ in range(2):
        level = int(np.convolve(counts, np.ones(2 * BETWEEN_LEVELS + 1), "same").argmax())
        near = slice(max(0, level - BETWEEN_LEVELS), level + BETWEEN_LEVELS + 1)
        between -= float(counts[near].sum()) / gray.size
        counts[near] = 0
    return between >= BETWEEN_SHARE
