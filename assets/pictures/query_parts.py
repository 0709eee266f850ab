"""The photographs on a page that is looked up, each as a query of its own, from the pixels of the file itself."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from assets.picture_model import Gray, QueryPart
from assets.pictures.decode import GRAY_SIDE, Decoded, compress_chroma, decode
from assets.pictures.local_features import CATALOG_FEATURES, extract_features_both_ways
from assets.pictures.perceptual_hash import fingerprints_of_orientations
from assets.pictures.photo_regions import MOST_REGIONS, Box, Pixels, by_size, find_regions, split_region

# Pixels of the page itself in the short side of a photograph on it. With fewer even a catalogued picture of that size
# is found by chance, and letters of a headline are as large.
LEAST_SIDE = 80

# The same in the gray copy in which photographs are looked for.
LEAST_GRAY_SIDE = 18

# The page is decoded once more with so many pixels at most: the tallest screenshots have no more.
MOST_PIXELS = 16_000_000

# Long side of the planes of the page's colours: a part is rarely smaller than an eighth of it.
COLOUR_SIDE = 512

# A part is one photograph, and no larger than a catalogued one.
PART_SIDE = GRAY_SIDE
PART_FEATURES = CATALOG_FEATURES


def find_parts(path: Path, decoded: Decoded) -> tuple[QueryPart, ...]:
    """The photographs on a page, the largest first; none on what is no page.

    `decoded` is the file in the size in which the whole of it is compared. Only where that shows photographs are the
    pixels themselves asked for.
    """
    small = np.asarray(decoded.gray)
    share = max(small.shape) / max(decoded.width, decoded.height)
    regions = find_regions(small, max(LEAST_GRAY_SIDE, round(LEAST_SIDE * share)))
    if not regions:
        return ()
    whole = _decode_page(path, decoded)
    if whole is None:
        return ()
    page = np.asarray(whole.gray)
    grown = page.shape[1] / small.shape[1]
    boxes = [box for region in regions for box in split_region(page, _grow(region, grown), round(grown))]
    unit = decoded.width / page.shape[1]
    large = sorted((box for box in boxes if min(box[2:]) * unit >= LEAST_SIDE), key=by_size)
    return tuple(_take_part(page, box, unit, whole.colours) for box in large[:MOST_REGIONS])


def _decode_page(path: Path, decoded: Decoded) -> Decoded | None:
    """The page with as many of its pixels as may be; None where it does not decode a second time."""
    long = max(decoded.width, decoded.height)
    scale = min(1.0, (MOST_PIXELS / (decoded.width * decoded.height)) ** 0.5)
    if max(decoded.gray.size) >= long:
        return decoded
    found = decode(path, int(long * scale), COLOUR_SIDE)
    return found if isinstance(found, Decoded) else None


def _grow(box: Box, scale: float) -> Box:
    x, y, width, height = (round(value * scale) for value in box)
    return x, y, width, height


def _take_part(page: Pixels, box: Box, unit: float, colours: Image.Image | None) -> QueryPart:
    """What comparing needs of a part of a page, whose box is in its own pixels, each of `unit` of the picture's."""
    x, y, width, height = box
    pixels = page[y : y + height, x : x + width]
    scale = min(1.0, PART_SIDE / max(width, height))
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    gray = Gray(pixels.shape[1], pixels.shape[0], pixels.tobytes())
    return QueryPart(
        box=_grow(box, unit),
        gray=gray,
        fingerprints=fingerprints_of_orientations(Image.fromarray(pixels)),
        features=extract_features_both_ways(gray, PART_FEATURES),
        chroma=compress_chroma(colours and _crop_colours(colours, box, page.shape)),
    )


def _crop_colours(colours: Image.Image, box: Box, shape: tuple[int, ...]) -> Image.Image:
    """The colours of a part, whose box is in pixels of a page of a shape."""
    across, down = colours.width / shape[1], colours.height / shape[0]
    left, top = int(box[0] * across), int(box[1] * down)
    right, bottom = round((box[0] + box[2]) * across), round((box[1] + box[3]) * down)
    return colours.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
