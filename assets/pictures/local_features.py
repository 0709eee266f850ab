"""Local features of a gray picture: what finds a crop, where fingerprints of the whole picture are blind.

Features are ORB's: Rublee, Rabaud, Konolige, Bradski, "ORB: an efficient alternative to SIFT or SURF", ICCV 2011,
as OpenCV computes them. Each is a point with a size, an angle and 256 bits of which some 20 to 50 differ when the
same point is seen in another copy of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter

import cv2
import numpy as np
import numpy.typing as npt

from assets.picture_model import Features, Gray

Pixels = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

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


@dataclass(frozen=True, slots=True)
class _Level:
    """A picture at one of the sizes it is searched at, `scale` times smaller, with points in pixels of that size."""

    pixels: Pixels
    scale: float
    points: Sequence[cv2.KeyPoint] = ()


def features(gray: Gray, count: int) -> Features:
    """Up to `count` local features of a gray picture, spread over it, the strongest of each part of it.

    Points are in pixels of the picture given, from its upper left corner, whatever size it was looked at in.
    """
    pixels, scale = _enlarge(pixels_of(gray))
    return _describe_keypoints(_detect_keypoints(pixels, count), gray, scale)


def extract_features_both_ways(gray: Gray, count: int) -> tuple[Features, Features]:
    """The features of a gray picture and of the mirrored picture, whose descriptors are others at the same points."""
    pixels, scale = _enlarge(pixels_of(gray))
    levels = _detect_keypoints(pixels, count)
    return _describe_keypoints(levels, gray, scale), _describe_keypoints(
        [_mirror_level(one) for one in levels], gray, scale
    )


def _detect_keypoints(pixels: Pixels, count: int) -> list[_Level]:
    """The picture at all sizes, with the points whose features are taken.

    OpenCV would look at all sizes by itself, but make them a second time to describe what it found.
    """
    levels = _levels(pixels)
    shares = _shares(count * OVERSAMPLING)
    found = [_orb(share).detect(one.pixels, None) for one, share in zip(levels, shares, strict=False)]
    points = [point for some in found for point in some]
    if not points:
        return []
    level_of = np.repeat(np.arange(len(levels)), [len(some) for some in found])
    scales = np.array([one.scale for one in levels])[level_of]
    places = np.asarray(cv2.KeyPoint.convert(points)) * scales[:, None]
    taken = _spread(places, _strengths(points), pixels.shape, count)
    of_levels = (taken[level_of[taken] == number].tolist() for number in range(len(levels)))
    return [
        replace(one, points=[points[index] for index in of])
        for one, of in zip(levels, of_levels, strict=True)
    ]


def _levels(pixels: Pixels) -> list[_Level]:
    """The picture at each of its sizes, each made of the one before, as long as there is more than edge."""
    height, width = pixels.shape
    levels: list[_Level] = []
    for number in range(_LEVELS):
        scale = _LEVEL_RATIO**number
        size = (round(width / scale), round(height / scale))
        if min(size) <= 2 * EDGE_PIXELS:
            break
        if levels:
            pixels = _resize(pixels, size, cv2.INTER_LINEAR_EXACT)
        levels.append(_Level(pixels, scale))
    return levels


@cache
def _shares(count: int) -> tuple[int, ...]:
    """How many points are looked for at each size: as ORB has it, so many times fewer as the size is smaller."""
    shares = [
        round(count * (1 - 1 / _LEVEL_RATIO) / (1 - _LEVEL_RATIO**-_LEVELS) * _LEVEL_RATIO**-number)
        for number in range(_LEVELS - 1)
    ]
    return (*shares, max(0, count - sum(shares)))


def _mirror_level(level: _Level) -> _Level:
    """The mirrored picture with the same points."""
    width = level.pixels.shape[1]
    points = [_mirror_point(one, width) for one in level.points]
    return replace(level, pixels=np.ascontiguousarray(level.pixels[:, ::-1]), points=points)


def _mirror_point(point: cv2.KeyPoint, width: int) -> cv2.KeyPoint:
    x, y = point.pt
    angle = (540 - point.angle) % 360
    return cv2.KeyPoint(width - 1 - x, y, point.size, angle, point.response, point.octave, point.class_id)


def _describe_keypoints(levels: Sequence[_Level], gray: Gray, scale: float) -> Features:
    """The features at the points of the levels of a picture, which is the gray picture `scale` times enlarged."""
    tables, descriptors = [np.empty((0, 4))], [b""]
    for level in levels:
        if level.points:
            points, found = _orb(0).compute(level.pixels, level.points)
            part = np.empty((len(points), 4))
            part[:, :2] = cv2.KeyPoint.convert(points)
            part[:, 2] = _PATCH
            part[:, :3] *= level.scale
            part[:, 3] = [one.angle for one in points]
            tables.append(part)
            descriptors.append(found.tobytes())
    table = np.concatenate(tables)
    # OpenCV counts from the middle of the first pixel, we from its corner.
    table[:, :2] += 0.5
    table[:, :3] *= _STEPS / scale
    table[:, 3] *= _TURN_STEPS / 360
    return Features(
        width=gray.width,
        height=gray.height,
        count=len(table),
        keypoints=np.rint(table).astype(np.int64).astype("<u2").tobytes(),
        descriptors=b"".join(descriptors),
    )


def move_features(found: Features, offset: tuple[int, int], size: tuple[int, int]) -> Features:
    """Features of a part of a gray picture as those of the whole, by where the part begins and the whole's size.

    >>> part = Features(640, 400, 1, bytes([64, 0, 128, 0, 0, 8, 0, 128]))
    >>> keypoints_of(move_features(part, (0, 80), (640, 480)))[0, :2].tolist()
    [1.0, 82.0]
    """
    table = np.frombuffer(found.keypoints, dtype="<u2").reshape(-1, 4).astype(np.int64)
    table[:, :2] += np.multiply(offset, _STEPS)
    return replace(found, width=size[0], height=size[1], keypoints=table.astype("<u2").tobytes())


def keypoints_of(found: Features) -> npt.NDArray[np.float64]:
    """A row for each feature: x, y and size in pixels, angle in radians.

    >>> keypoints_of(Features(640, 480, 1, bytes([64, 0, 128, 0, 0, 8, 0, 128]))).round(3).tolist()
    [[1.0, 2.0, 32.0, 3.142]]
    """
    return measure_keypoints(np.frombuffer(found.keypoints, dtype="<u2").reshape(-1, 4))


def measure_keypoints(stored: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    """As `keypoints_of`, of keypoints as they are stored, (count, 4)."""
    table = stored.astype(np.float64)
    table[:, :3] /= _STEPS
    table[:, 3] *= 2 * np.pi / _TURN_STEPS
    return table


def descriptors_of(found: Features) -> npt.NDArray[np.uint8]:
    """A row of 32 bytes for each feature."""
    return np.frombuffer(found.descriptors, dtype=np.uint8).reshape(-1, DESCRIPTOR_BYTES)


def pixels_of(gray: Gray) -> Pixels:
    """The picture's levels of gray, one row a line."""
    return np.frombuffer(gray.pixels, dtype=np.uint8).reshape(gray.height, gray.width)


@cache
def _orb(count: int) -> cv2.ORB:
    """ORB at one size; the count limits what it finds, not what it describes."""
    return cv2.ORB.create(
        nfeatures=count,
        nlevels=1,
        edgeThreshold=EDGE_PIXELS,
        patchSize=_PATCH,
        fastThreshold=FAST_THRESHOLD,
    )


def _enlarge(pixels: Pixels) -> tuple[Pixels, float]:
    """The picture at a size where ORB finds something, and how many times enlarged that is."""
    height, width = pixels.shape
    scale = min(MAX_ENLARGEMENT, LEAST_SIDE / max(height, width))
    if scale <= 1:
        return np.ascontiguousarray(pixels), 1.0
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return _resize(pixels, size, cv2.INTER_CUBIC), scale


def _resize(pixels: Pixels, size: tuple[int, int], interpolation: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=interpolation), dtype=np.uint8)


def _strengths(points: Sequence[cv2.KeyPoint]) -> npt.NDArray[np.float64]:
    return np.fromiter(map(attrgetter("response"), points), np.float64, len(points))


def _spread(
    places: npt.NDArray[np.float64], strengths: npt.NDArray[np.float64], shape: tuple[int, ...], count: int
) -> Ints:
    """Which points to take: the strongest of each cell, then the second of each, and so on until there are enough."""
    across = np.minimum(places[:, 0] * GRID // shape[1], GRID - 1)
    down = np.minimum(places[:, 1] * GRID // shape[0], GRID - 1)
    order = np.argsort(-strengths, kind="stable")
    # Of small integers NumPy sorts the digits, in no time.
    cells = (down * GRID + across).astype(np.uint8)[order]
    by_cell = np.argsort(cells, kind="stable")
    sizes = np.bincount(cells, minlength=GRID * GRID)
    rank_in_cell = np.empty(len(order), dtype=np.uint16)
    rank_in_cell[by_cell] = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken: Ints = order[np.argsort(rank_in_cell, kind="stable")[:count]]
    return taken
