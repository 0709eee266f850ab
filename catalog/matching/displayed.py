"""Places in pictures as displayed, and in their gray copies, which is where pictures are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from catalog.index import Size
from catalog.matching.pixels import Box, Floats, combine_transforms, invert_transform


def reverse(transform: Sequence[float]) -> tuple[float, ...]:
    """The transform of a match the other way round.

    >>> reverse((2.0, 0.0, 10.0, 0.0, 2.0, 20.0))
    (0.5, 0.0, -5.0, 0.0, 0.5, -10.0)
    """
    return _flatten_matrix(invert_transform(np.array(transform, dtype=np.float64).reshape(2, 3)))


def chain(last: Sequence[float], first: Sequence[float]) -> tuple[float, ...]:
    """The transform of a match that does `first` and then `last`.

    >>> chain((1.0, 0.0, 10.0, 0.0, 1.0, 20.0), (2.0, 0.0, 0.0, 0.0, 2.0, 0.0))
    (2.0, 0.0, 10.0, 0.0, 2.0, 20.0)
    """
    one, other = (np.array(each, dtype=np.float64).reshape(2, 3) for each in (last, first))
    return _flatten_matrix(combine_transforms(one, other))


def _flatten_matrix(matrix: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) + 0.0 for value in matrix.ravel())


def scale_matrix(matrix: Floats, before: Size, after: Size) -> Floats:
    """A transform from pixels of one gray copy of a picture as one from those of another copy of it."""
    across, down = before.gray_width / after.gray_width, before.gray_height / after.gray_height
    return combine_transforms(matrix, np.array([[across, 0.0, 0.0], [0.0, down, 0.0]]))


def to_displayed(matrix: Floats, query: Size, asset: Size, *, mirrored: bool) -> tuple[float, ...]:
    """A transform between gray copies, the query's flipped if `mirrored`, as one between the pictures as displayed."""
    whole = combine_transforms(
        invert_transform(_units(asset)), combine_transforms(matrix, _units(query, mirrored=mirrored))
    )
    return _flatten_matrix(whole)


def in_gray(transform: Sequence[float], query: Size, asset: Size, *, mirrored: bool) -> Floats:
    """The reverse of `to_displayed`."""
    whole = np.array(transform, dtype=np.float64).reshape(2, 3)
    return combine_transforms(
        _units(asset), combine_transforms(whole, invert_transform(_units(query, mirrored=mirrored)))
    )


def _units(size: Size, *, mirrored: bool = False) -> Floats:
    """The transform (2, 3) from a picture as displayed to its gray copy, or the mirror image of that."""
    across, down = size.gray_width / size.width, size.gray_height / size.height
    if mirrored:
        return np.array([[-across, 0.0, size.gray_width], [0.0, down, 0.0]])
    return np.array([[across, 0.0, 0.0], [0.0, down, 0.0]])


def box_in_pixels(box: Box, size: Size, *, flip: bool) -> tuple[int, int, int, int]:
    """A box in the gray copy's pixels in those of the picture itself, mirrored back if need be."""
    across, down = size.width / size.gray_width, size.height / size.gray_height
    left, right = max(0.0, box.x * across), min(float(size.width), (box.x + box.width) * across)
    top, bottom = max(0.0, box.y * down), min(float(size.height), (box.y + box.height) * down)
    if flip:
        left, right = size.width - right, size.width - left
    x, y = round(left), round(top)
    return x, y, max(0, round(right) - x), max(0, round(bottom) - y)
