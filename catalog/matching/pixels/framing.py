"""Two pictures brought into one frame: at one scale, over the part that both show.

Places are in pixels from a picture's upper left corner, so that the middle of the first pixel is at (0.5, 0.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Bools, Floats, Pixels
from catalog.matching.pixels.transforms import (
    combine_transforms,
    count_from_middle,
    scale_of,
    transform_places,
)

# Long side of the common frame, in which both are compared. More shows no more: the pictures have 480 pixels.
FRAME_SIDE = 384

# The smallest block that pictures are compared by must find room in the frame.
LEAST_BLOCK_SIDE = 8

# Frame pixels around the asset in which its frame, if it has one, is looked for.
MARGIN = 12

# Of two pictures which pixels have a say; None for all of them.
There = tuple[Bools | None, Bools | None]


@dataclass(frozen=True, slots=True)
class Frame:
    """Both pictures at one scale over the part of the asset that both show.

    `to_frame` (2, 3) takes asset pixels to frame pixels; `shared` marks where both have pixels.
    """

    query: Pixels
    asset: Pixels
    shared: Bools
    to_frame: Floats


def frame_pictures(query: Pixels, asset: Pixels, matrix: Floats, there: There = (None, None)) -> Frame | None:
    """Both pictures in a common frame, no larger than either is; None where they do not overlap."""
    height, width = asset.shape
    corners = transform_places(matrix, corners_of(query))
    low = np.maximum(corners.min(axis=0), 0)
    high = np.minimum(corners.max(axis=0), (width, height))
    size = high - low
    short, long = float(size.min()), float(size.max())
    if short < 1:
        return None
    scale = min(1.0, 1.0 / scale_of(matrix), FRAME_SIDE / long)
    # The block at least must find room, if by enlarging.
    scale = max(scale, LEAST_BLOCK_SIDE / short)
    if scale * long > 2 * FRAME_SIDE:
        return None
    shape = (int(np.ceil(size[0] * scale)), int(np.ceil(size[1] * scale)))
    to_frame = np.array([[scale, 0, -low[0] * scale], [0, scale, -low[1] * scale]])
    seen_query, has_query = _warp(query, combine_transforms(to_frame, matrix), shape, there[0])
    seen_asset, has_asset = _warp(asset, to_frame, shape, there[1])
    return Frame(seen_query, seen_asset, has_query & has_asset, to_frame)


@dataclass(frozen=True, slots=True)
class Margins:
    """The query where the asset lies in it, with a margin around, and where it has pixels there."""

    pixels: Pixels
    there: Bools


def frame_wider(query: Pixels, asset: Pixels, matrix: Floats) -> tuple[Margins | None, int, tuple[int, int]]:
    """The query around the asset, the margin's width and the asset's height and width, all in the same pixels."""
    height, width = asset.shape
    scale = min(1.0, 1 / scale_of(matrix), FRAME_SIDE / max(height, width))
    shape = max(1, round(height * scale)), max(1, round(width * scale))
    if min(shape) < 2 * MARGIN:
        return None, MARGIN, shape
    to_frame = np.array([[scale, 0, MARGIN], [0, scale, MARGIN]])
    size = (shape[1] + 2 * MARGIN, shape[0] + 2 * MARGIN)
    return Margins(*_warp(query, combine_transforms(to_frame, matrix), size)), MARGIN, shape


def corners_of(picture: Pixels) -> Floats:
    """The corners of a picture, clockwise from its upper left."""
    height, width = picture.shape
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)


def _warp(
    picture: Pixels, matrix: Floats, shape: tuple[int, int], has_say: Bools | None = None
) -> tuple[Pixels, Bools]:
    """The picture taken through a transform, and where it has pixels there, or such as have a say."""
    scale = min(1.0, scale_of(matrix))
    small = picture
    if scale < 1.0:
        # Warping takes single pixels: what is made smaller must be averaged before.
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        grown = np.array([[picture.shape[1] / size[0], 0.0, 0.0], [0.0, picture.shape[0] / size[1], 0.0]])
        matrix = combine_transforms(matrix, grown)
    centred = count_from_middle(matrix)
    seen = cv2.warpAffine(small, centred, shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    filled = np.full_like(small, 255)
    if has_say is not None:
        size = (small.shape[1], small.shape[0])
        filled[cv2.resize(has_say.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) == 0] = 0
    there = cv2.warpAffine(filled, centred, shape, flags=cv2.INTER_NEAREST, borderValue=0)
    return np.asarray(seen, dtype=np.uint8), np.asarray(there) > 0
