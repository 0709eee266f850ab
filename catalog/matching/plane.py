"""A print or a screen photographed at an angle: the picture laid flat again, as the other one shows it.

A similarity leaves large residuals there, and a homography does not. It is found by MAGSAC++: Barath, Noskova,
Ivashechkin, Matas, "MAGSAC++, a fast, reliable and accurate robust estimator", CVPR 2020, as OpenCV has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catalog.index import FeaturePairs, FeatureTable
from catalog.matching.alignment import count_distinct
from catalog.matching.pixels import Bools, Floats, Pixels, Planes, corners_of, transform_places

# Pairs of features are asked that lie this near to their place under the similarity, as a share of the long side.
LOOSE_SHARE = 0.10
LEAST_PAIRS = 12

# How far from its place a pair may lie under the homography, in pixels.
TIGHT_PIXELS = 3.0
ITERATIONS = 2000
CONFIDENCE = 0.999

# So many times the points that the similarity explains as well must lie on the plane.
PLANE_GAIN = 1.2

# The far edge may be so many times further away than the near one.
MOST_FORESHORTENED = 3.0

# Share of the other picture's size beyond its edges up to which the plane is laid out.
BEYOND = 0.5
MOST_SIDE = 640


@dataclass(frozen=True, slots=True)
class LaidFlat:
    """A picture laid flat: its pixels, which of them it has, and the transform (2, 3) from them to the other's.

    `plane` (3, 3) takes pixels of the picture as it is to those of it laid flat.
    """

    pixels: Pixels
    there: Bools
    matrix: Floats
    plane: Floats


def find_plane(
    tables: tuple[FeatureTable, FeatureTable], pairs: FeaturePairs, matrix: Floats, side: int
) -> Floats | None:
    """The homography (3, 3) that explains clearly more features than a similarity; None where there is none.

    `tables` are the features of two pictures, `pairs` those that are alike, `matrix` (2, 3) is the similarity, `side`
    the long side of the second in pixels.
    """
    query, asset = tables[0].places[pairs.query], tables[1].places[pairs.asset]
    off = np.linalg.norm(transform_places(matrix, query) - asset, axis=1)
    near = off < LOOSE_SHARE * side
    if int(near.sum()) < LEAST_PAIRS:
        return None
    plane, inside = cv2.findHomography(
        query[near],
        asset[near],
        cv2.USAC_MAGSAC,
        TIGHT_PIXELS,
        maxIters=ITERATIONS,
        confidence=CONFIDENCE,
    )
    if plane is None:
        return None
    on_plane = np.flatnonzero(near)[np.asarray(inside).ravel() > 0]
    explained = np.flatnonzero(off < TIGHT_PIXELS)
    inliers, known = (
        min(count_distinct(one[which] @ (1, 1j)) for one in (query, asset)) for which in (on_plane, explained)
    )
    if inliers < max(LEAST_PAIRS, PLANE_GAIN * known):
        return None
    return np.asarray(plane, dtype=np.float64)


def _is_seen_flat(plane: Floats, picture: Pixels) -> bool:
    """Whether the picture's outline stays convex, without a fold, and is not foreshortened beyond what is seen."""
    corners = corners_of(picture)
    depths = np.column_stack([corners, np.ones(4)]) @ plane[2]
    if depths.min() <= 0 or depths.max() > MOST_FORESHORTENED * depths.min():
        return False
    laid = cv2.perspectiveTransform(corners[None], plane)[0]
    return bool(cv2.isContourConvex(laid.astype(np.float32)))


def lay_flat(picture: Pixels, plane: Floats, shape: tuple[int, ...]) -> LaidFlat | None:
    """The picture laid flat on another of a shape (height, width); None where it would be folded, or is far off."""
    if not _is_seen_flat(plane, picture):
        return None
    corners = cv2.perspectiveTransform(corners_of(picture)[None], plane)[0]
    size = np.array(shape[::-1], dtype=np.float64)
    low = np.maximum(corners.min(axis=0), -BEYOND * size)
    high = np.minimum(corners.max(axis=0), (1 + BEYOND) * size)
    if (high - low).min() < 1:
        return None
    scale = min(1.0, MOST_SIDE / float((high - low).max()))
    out = (max(1, round(float(high[0] - low[0]) * scale)), max(1, round(float(high[1] - low[1]) * scale)))
    to_flat = np.array([[scale, 0, -low[0] * scale], [0, scale, -low[1] * scale], [0, 0, 1]])
    centred = _count_from_middle(to_flat @ plane)
    flat = cv2.warpPerspective(picture, centred, out, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    there = cv2.warpPerspective(np.full_like(picture, 255), centred, out, flags=cv2.INTER_NEAREST)
    back = np.linalg.inv(to_flat)[:2]
    return LaidFlat(np.asarray(flat, dtype=np.uint8), np.asarray(there) > 0, back, to_flat @ plane)


def lay_planes_flat(planes: Planes, picture: Pixels, flat: LaidFlat) -> Planes:
    """The colours of a picture laid flat as the picture was."""
    share = planes.shape[2] / picture.shape[1], planes.shape[1] / picture.shape[0]
    # As many points along the long side as before.
    size = tuple(
        max(1, round(side * max(planes.shape[1:]) / max(flat.pixels.shape))) for side in flat.pixels.shape
    )
    after = np.diag([size[1] / flat.pixels.shape[1], size[0] / flat.pixels.shape[0], 1.0])
    before = np.diag([1 / share[0], 1 / share[1], 1.0])
    centred = _count_from_middle(after @ flat.plane @ before)
    laid = [cv2.warpPerspective(one, centred, size[::-1], borderMode=cv2.BORDER_REPLICATE) for one in planes]
    return np.asarray(laid, dtype=np.uint8)


def _count_from_middle(plane: Floats) -> Floats:
    """A homography as OpenCV has it, which counts from the middle of the first pixel."""
    middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    centred: Floats = np.linalg.inv(middle) @ plane @ middle
    return centred
