"""A photograph under large letters, as quote cards and news cards have it, made fit to be compared.

The photograph is dimmed, or fades into black, so that letters can be read. They are what has contrast there, and take
all features. Without them, and with its levels stretched, the photograph is found as any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from assets.picture_model import Features, Gray
from assets.pictures.local_features import (
    QUERY_FEATURES,
    extract_features_both_ways,
    keypoints_of,
    pixels_of,
)

Pixels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# What is smaller has letters that are too small to be told from anything else.
LEAST_SIDE = 160

# Strokes of letters are narrower than this, in pixels of a picture of 640, and stand so many levels apart from what
# they lie on, near white or black.
STROKE_SIDE = 27
STROKE_LEVELS = 70
WHITE, BLACK = 200, 60

# Letters are of one colour, give or take so many levels: so much of all that is as narrow and as bright or dark has
# it. In photographs it is twigs, reflections and stripes, which have many.
ONE_LEVEL = 4
LEAST_OF_ONE_LEVEL = 0.5

# A first look is taken at half the size, in which edges of letters are softer.
LEAST_AT_HALF = 0.3

# Pixels that differ less from the letters' level belong to them.
LETTER_LEVELS = 30

# What a letter may take of the picture's height, and of its width with those that it runs into, and of its own box.
LEAST_HEIGHT = 8
LEAST_AREA = 20
MOST_HEIGHT_SHARE = 0.2
MOST_WIDTH_SHARE = 0.3
LEAST_FILL, MOST_FILL = 0.12, 0.95

# Letters stand on lines, so many on each, and a card has so many of them: of 662 photographs eight have as many.
LINE_LETTERS = 4
LEAST_LETTERS = 12

# Around a letter's stroke there are its soft edge and the marks of compression.
EDGE_SIDE = 9

# What letters stand on is a panel where so much of it is of one level, as wide as this everywhere, and fills so much
# of a rectangle: a night sky is of one level as well.
PANEL_SHARE = 0.08
PANEL_SIDE = 9
PANEL_FILL = 0.85

# What is left must be a photograph: its levels deviate by so many, and it takes so much of the picture.
LEAST_DEVIATION = 5.0
LEAST_LEFT = 0.35

# This share of what is left may become all black, and all white.
END_SHARE = 0.01

# Letters are painted over with the mean of squares of so many pixels, where a smaller one has nothing else.
PAINT_SIDES = (15, 61)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A picture with its letters painted over and its levels stretched, and where it shows what it showed before.

    `features` are those of the picture and of its mirror image, off the letters.
    """

    gray: Gray
    there: Bools
    features: tuple[Features, Features]


def uncover(gray: Gray) -> Uncovered | None:
    """The photograph under the letters of a picture; None where there are no letters, or nothing but letters."""
    pixels = pixels_of(gray)
    letters = find_letters(pixels)
    if letters is None:
        return None
    there = ~letters
    if there.mean() < LEAST_LEFT or pixels[there].std() < LEAST_DEVIATION:
        return None
    painted = _paint_over(_stretch(pixels, there), there)
    uncovered = Gray(gray.width, gray.height, painted.tobytes())
    as_it_is, mirrored = extract_features_both_ways(uncovered, QUERY_FEATURES)
    features = _keep(as_it_is, there), _keep(mirrored, there[:, ::-1])
    shown = there & ~_find_panels(pixels, letters)
    return Uncovered(uncovered, shown if shown.mean() >= LEAST_LEFT else there, features)


def find_letters(gray: Pixels) -> Bools | None:
    """Where a picture of 640 pixels has letters, with their edges; None where it has no lines of them."""
    if min(gray.shape) < LEAST_SIDE:
        return None
    half = np.asarray(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    for white in (True, False):
        if _strokes(half, STROKE_SIDE // 2, white=white)[1] < LEAST_AT_HALF:
            continue
        strokes, share = _strokes(gray, STROKE_SIDE, white=white)
        if share >= LEAST_OF_ONE_LEVEL:
            letters = _letters(strokes)
            if letters is not None:
                return letters
    return None


def _strokes(gray: Pixels, side: int, *, white: bool) -> tuple[Pixels, float]:
    """1 where there are narrow strokes of the commonest level of such, white or black, and how common it is."""
    operation = cv2.MORPH_TOPHAT if white else cv2.MORPH_BLACKHAT
    apart = np.asarray(cv2.morphologyEx(gray, operation, np.ones((side, side), np.uint8))) >= STROKE_LEVELS
    narrow = apart & ((gray >= WHITE) if white else (gray <= BLACK))
    counts = np.bincount(gray[narrow], minlength=256)
    near = np.convolve(counts, np.ones(2 * ONE_LEVEL + 1), "same")
    level, total = int(near.argmax()), int(counts.sum())
    strokes = narrow & (cv2.absdiff(gray, np.full_like(gray, level)) <= LETTER_LEVELS)
    return strokes.astype(np.uint8), float(near[level]) / max(1, total)


def _letters(strokes: Pixels) -> Bools | None:
    """The strokes that are letters, with their edges; None where too few of them stand on lines."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    top, width, height, area = (
        stats[:, which].astype(np.int64)
        for which in (cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA)
    )
    fill = area / (width * height)
    may_be = (height <= MOST_HEIGHT_SHARE * strokes.shape[0]) & (width <= MOST_WIDTH_SHARE * strokes.shape[1])
    may_be[0] = False
    is_letter = may_be & (height >= LEAST_HEIGHT) & (area >= LEAST_AREA)
    is_letter &= (fill >= LEAST_FILL) & (fill <= MOST_FILL)
    if _count_on_lines((top + height)[is_letter]) < LEAST_LETTERS:
        return None
    # What is too small for one is its dot, or a letter of a smaller text.
    kernel = np.ones((EDGE_SIDE, EDGE_SIDE), np.uint8)
    found: Bools = np.asarray(cv2.dilate(may_be.astype(np.uint8)[labels], kernel)) > 0
    return found


def _count_on_lines(feet: Ints) -> int:
    """How many letters stand at the height, give or take a pixel, of enough others."""
    counts = np.bincount(feet, minlength=3)
    near = np.convolve(counts, np.ones(3), "same")
    return int(counts[near >= LINE_LETTERS].sum())


def _find_panels(gray: Pixels, letters: Bools) -> Bools:
    """The boxes, bars and black fades of one colour that some of the letters stand on."""
    near = np.asarray(cv2.dilate(letters.astype(np.uint8), np.ones((EDGE_SIDE, EDGE_SIDE), np.uint8))) > 0
    counts = np.bincount(gray[near & ~letters], minlength=256)
    around = np.convolve(counts, np.ones(3), "same")
    levels = np.flatnonzero(around >= PANEL_SHARE * max(1, int(counts.sum())))
    if not len(levels):
        return np.zeros(gray.shape, dtype=np.bool_)
    is_of_panel = np.abs(np.arange(256)[:, None] - levels).min(axis=1) <= 1
    plain = np.asarray(cv2.LUT(gray, is_of_panel.astype(np.uint8)), dtype=np.uint8) | letters
    opened = cv2.morphologyEx(plain, cv2.MORPH_OPEN, np.ones((PANEL_SIDE, PANEL_SIDE), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    boxes = stats[:, cv2.CC_STAT_WIDTH] * stats[:, cv2.CC_STAT_HEIGHT]
    is_panel = stats[:, cv2.CC_STAT_AREA] >= PANEL_FILL * boxes
    is_panel[0] = False
    edged = cv2.dilate(is_panel[labels].astype(np.uint8), np.ones((EDGE_SIDE, EDGE_SIDE), np.uint8))
    found: Bools = np.asarray(edged) > 0
    return found


def _stretch(gray: Pixels, there: Bools) -> Pixels:
    """The picture with its levels from black to white where it shows something."""
    ends = np.cumsum(np.bincount(gray[there], minlength=256)) / max(1, int(there.sum()))
    low, high = (int(np.searchsorted(ends, share)) for share in (END_SHARE, 1 - END_SHARE))
    steps = np.clip((np.arange(256) - low) * (255 / max(1, high - low)), 0, 255)
    return np.asarray(cv2.LUT(gray, steps.astype(np.uint8)), dtype=np.uint8)


def _paint_over(gray: Pixels, there: Bools) -> Pixels:
    """The picture with what is not there filled by the mean of what is near."""
    painted, missing = gray.copy(), ~there
    say = there.astype(np.float32)
    for side in PAINT_SIDES:
        weights = np.asarray(cv2.blur(say, (side, side)))
        near = np.asarray(cv2.blur(gray * say, (side, side))) / np.maximum(weights, 1e-6)
        filled = missing & (weights > 1e-3)
        painted[filled] = near[filled]
        missing = missing & ~filled
    return painted


def _keep(features: Features, there: Bools) -> Features:
    """The features of a picture that lie where it shows something."""
    column, row = keypoints_of(features)[:, :2].astype(np.int64).T
    height, width = there.shape
    kept = there[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
    return replace(
        features,
        count=int(kept.sum()),
        keypoints=_rows(features.keypoints, features.count)[kept].tobytes(),
        descriptors=_rows(features.descriptors, features.count)[kept].tobytes(),
    )


def _rows(stored: bytes, count: int) -> Pixels:
    return np.frombuffer(stored, dtype=np.uint8).reshape(count, -1 if count else 1)
