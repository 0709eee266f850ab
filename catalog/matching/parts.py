"""What was found for a photograph on a page, told of the page.

A page that is looked up has its photographs as parts, each compared as a query of its own and with more pixels than
the page as a whole leaves it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catalog.index import Floats, Size
from catalog.matching.match import Match
from catalog.matching.pixels import Box, move_box
from catalog.matching.relation import Relation

# x, y, width and height in pixels as displayed, as a match has them.
PictureBox = tuple[int, int, int, int]

# What the whole query is of an asset, where it is more than a page with the asset on it.
_OF_WHOLE = (Relation.IDENTICAL, Relation.COPY, Relation.CROP)


def place_in_page(match: Match, part: PictureBox, asset: Size) -> Match:
    """The match of a page, by that of its part: the photo, or what the part shows of it, lies inside the page.

    >>> match = Match("5f0c", Relation.COPY, transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0))
    >>> found = place_in_page(match, (100, 50, 230, 150), Size(460, 300, 460, 300))
    >>> found.relation, found.transform
    (<Relation.CONTAINED: 'contained'>, (2.0, 0.0, -200.0, 0.0, 2.0, -100.0))
    """
    a, b, c, d, e, f = match.transform
    x, y = part[:2]
    # Rounded, and without a negative nought, as all transforms are.
    moved = tuple(round(value, 6) + 0.0 for value in (a, b, c - a * x - b * y, d, e, f - d * x - e * y))
    if not match.relation.is_same_photo:
        return _in_page_pixels(replace(match, transform=moved), part)
    inside = replace(match, relation=Relation.CONTAINED, transform=moved)
    return inside if match.larger == "asset" else _in_asset_pixels(inside, match.transform, asset)


def _in_page_pixels(match: Match, part: PictureBox) -> Match:
    """The match with its boxes moved from the part into the page, if they are the query's."""
    if match.larger == "asset":
        return match
    return replace(
        match,
        crop_box=_shift(match.crop_box, part),
        overlays=tuple(_shift(box, part) for box in match.overlays),
    )


def _shift(box: PictureBox, part: PictureBox) -> PictureBox:
    return box[0] + part[0], box[1] + part[1], box[2], box[3]


def _in_asset_pixels(match: Match, transform: tuple[float, ...], asset: Size) -> Match:
    """The match of a part that shows more than the catalogued crop, as one that shows all of that."""
    matrix = np.array(transform, dtype=np.float64).reshape(2, 3)
    return replace(
        match,
        kept=round(1 - match.beyond, 3),
        beyond=0.0,
        larger="asset",
        crop_box=_move(match.crop_box, matrix, asset),
        overlays=tuple(_move(box, matrix, asset) for box in match.overlays),
    )


def _move(box: PictureBox, matrix: Floats, asset: Size) -> PictureBox:
    """A box of the part in the asset, and no larger than that."""
    moved = move_box(matrix, Box(*box))
    left, top = max(0, round(moved.x)), max(0, round(moved.y))
    right = min(asset.width, round(moved.x + moved.width))
    bottom = min(asset.height, round(moved.y + moved.height))
    return left, top, max(0, right - left), max(0, bottom - top)


def is_better_of_page(part: Match, whole: Match) -> bool:
    """Whether a part's match with a picture, as the page's, says more than that of the page as a whole.

    The part has more pixels: what is another frame in them is no copy, though it seemed one in fewer. What the page as
    a whole is of a picture, as one with a bar below is, its part does not say.
    """
    if whole.relation.is_same_photo and not part.relation.is_same_photo:
        return part.relation is Relation.SIBLING and part.blocks_compared >= whole.blocks_compared
    if part.relation.is_same_photo and whole.relation in _OF_WHOLE:
        return False
    return _says(part) > _says(whole)


def _says(match: Match) -> tuple[bool, bool, int, int]:
    same, sibling = match.relation.is_same_photo, match.relation is Relation.SIBLING
    return same, sibling, match.blocks_agreeing, match.inliers
