"""Local features of a gray picture: what finds a crop, where fingerprints of the whole picture are blind.

Features are ORB's: Rublee, Rabaud, Konolige, Bradski, "ORB: an efficient alternative to SIFT or SURF", ICCV 2011,
as OpenCV computes them. Each is a point with a size, an angle and 256 bits of which some 20 to 50 differ when the
same point is seen in another copy of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from assets.model import Features, Gray

# Features of a catalogued picture. With 250 a crop to 35 % of a soft picture shares as few as 8 with its original,
# as many as two unrelated pictures do; with 300 it shares 10 and more.
CATALOG_FEATURES = 300

# Features of a picture that is looked up: it may hold the catalogued one as a part of it, beside much else.
QUERY_FEATURES = 800

# Features are taken in turn from this many cells across and down, so that text and foliage do not take them all.
GRID = 6

# So many times the wanted number are found first, or cells without strong corners would have none to give.
OVERSAMPLING = 3

# FAST's threshold in levels of gray, low so that soft and dark pictures have features too.
FAST_THRESHOLD = 8

# Points nearer to the edge are passed over. ORB's patch has a radius of 15, and pictures that are cut show
# something else beyond.
EDGE_PIXELS = 16

# Pictures smaller than this are enlarged first: ORB sees nothing in a margin of its patch's size.
LEAST_SIDE = 400

# A hostile or merely extreme shape must not become a picture of a million columns.
MAX_ENLARGEMENT = 4.0

# A picture is searched at this many sizes, each so many times smaller than the one before. OpenCV's own 8 sizes with a
# ratio of 1.2 reach as far and find no more edits, for 1.3 times the time; at 5, letters agree by chance too often.
_LEVELS = 6
_LEVEL_RATIO = 1.3
_PATCH = 31

DESCRIPTOR_BYTES = 32

# How `Features.keypoints` are stored: parts of a pixel and parts of a turn.
_STEPS = 64
_TURN_STEPS = 65536


def features(gray: Gray, count: int) -> Features:
    """Up to `count` local features of a gray picture, spread over it, the strongest of each part of it.

    Points are in pixels of the picture given, from its upper left corner, whatever size it was looked at in.
    """
    pixels, scale = _large_enough(pixels_of(gray))
    orb, points = _points(pixels, count)
    return _described(orb, pixels, points, gray, scale)


def features_and_mirrored(gray: Gray, count: int) -> tuple[Features, Features]:
    """The features of a gray picture and of the mirrored picture, whose descriptors are others at the same points."""
    pixels, scale = _large_enough(pixels_of(gray))
    orb, points = _points(pixels, count)
    turned = [_mirrored_point(one, pixels.shape[1]) for one in points]
    return (
        _described(orb, pixels, points, gray, scale),
        _described(orb, np.ascontiguousarray(pixels[:, ::-1]), turned, gray, scale),
    )


def _points(pixels: npt.NDArray[np.uint8], count: int) -> tuple[cv2.ORB, list[cv2.KeyPoint]]:
    orb = _orb(count * OVERSAMPLING)
    if min(pixels.shape) <= 2 * EDGE_PIXELS:
        # All edge; and OpenCV fails on the smallest, of which its pyramid leaves nothing.
        return orb, []
    return orb, _spread(orb.detect(pixels, None), pixels.shape, count)


def _mirrored_point(point: cv2.KeyPoint, width: int) -> cv2.KeyPoint:
    x, y = point.pt
    angle = (540 - point.angle) % 360
    return cv2.KeyPoint(width - 1 - x, y, point.size, angle, point.response, point.octave, point.class_id)


def _described(
    orb: cv2.ORB, pixels: npt.NDArray[np.uint8], points: Sequence[cv2.KeyPoint], gray: Gray, scale: float
) -> Features:
    """The features at points of the pixels, which are the gray picture `scale` times enlarged."""
    if not points:
        return Features(gray.width, gray.height)
    # Computing drops points it cannot describe, and keeps the order of the others.
    kept, descriptors = orb.compute(pixels, points)
    if descriptors is None:
        return Features(gray.width, gray.height)
    table = np.empty((len(kept), 4))
    table[:, :2] = cv2.KeyPoint.convert(kept)
    table[:, 2] = [one.size for one in kept]
    table[:, 3] = [one.angle for one in kept]
    # OpenCV counts from the middle of the first pixel, we from its corner.
    table[:, :2] += 0.5
    table[:, :3] *= _STEPS / scale
    table[:, 3] *= _TURN_STEPS / 360
    return Features(
        width=gray.width,
        height=gray.height,
        count=len(table),
        keypoints=np.rint(table).astype(np.int64).astype("<u2").tobytes(),
        descriptors=descriptors.tobytes(),
    )


def keypoints_of(found: Features) -> npt.NDArray[np.float64]:
    """A row for each feature: x, y and size in pixels, angle in radians.

    >>> keypoints_of(Features(640, 480, 1, bytes([64, 0, 128, 0, 0, 8, 0, 128]))).round(3).tolist()
    [[1.0, 2.0, 32.0, 3.142]]
    """
    table = np.frombuffer(found.keypoints, dtype="<u2").reshape(-1, 4).astype(np.float64)
    table[:, :3] /= _STEPS
    table[:, 3] *= 2 * np.pi / _TURN_STEPS
    return table


def descriptors_of(found: Features) -> npt.NDArray[np.uint8]:
    """A row of 32 bytes for each feature."""
    return np.frombuffer(found.descriptors, dtype=np.uint8).reshape(-1, DESCRIPTOR_BYTES)


def pixels_of(gray: Gray) -> npt.NDArray[np.uint8]:
    """The picture's levels of gray, one row a line."""
    return np.frombuffer(gray.pixels, dtype=np.uint8).reshape(gray.height, gray.width)


@cache
def _orb(count: int) -> cv2.ORB:
    return cv2.ORB.create(
        nfeatures=count,
        scaleFactor=_LEVEL_RATIO,
        nlevels=_LEVELS,
        edgeThreshold=EDGE_PIXELS,
        patchSize=_PATCH,
        fastThreshold=FAST_THRESHOLD,
    )


def _large_enough(pixels: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], float]:
    """The picture at a size where ORB finds something, and how many times enlarged that is."""
    height, width = pixels.shape
    scale = min(MAX_ENLARGEMENT, LEAST_SIDE / max(height, width))
    if scale <= 1:
        return np.ascontiguousarray(pixels), 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8), scale


def _spread(keypoints: Sequence[cv2.KeyPoint], shape: tuple[int, ...], count: int) -> list[cv2.KeyPoint]:
    """The strongest of each cell, then the second of each, and so on until there are enough."""
    if not keypoints:
        return []
    points = np.asarray(cv2.KeyPoint.convert(keypoints))
    strength = np.array([one.response for one in keypoints])
    across = np.minimum(points[:, 0] * GRID // shape[1], GRID - 1)
    down = np.minimum(points[:, 1] * GRID // shape[0], GRID - 1)
    cells = (down * GRID + across).astype(np.int64)
    order = np.lexsort((-strength, cells))
    sizes = np.bincount(cells, minlength=GRID * GRID)
    rank_in_cell = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken = order[np.lexsort((-strength[order], rank_in_cell))][:count]
    return [keypoints[index] for index in taken]
