"""Two pictures in one order: whichever is asked for, the same one is laid over the same other.

So the question whether they show one photograph has one answer. Both are looked at as the catalog keeps them; the one
with fewer pixels as displayed is the base, of equal ones that whose SHA-256 comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from catalog.index import Size
from catalog.matching.pixels import (
    Bools,
    Box,
    Comparison,
    Floats,
    Pixels,
    Planes,
    combine_transforms,
    corners_of,
    corners_of_box,
    invert_transform,
)
from catalog.matching.plane import LaidFlat, lay_planes_flat


@dataclass(frozen=True, slots=True)
class GrayPicture:
    """One of two pictures: its gray copy, its sizes, its digest where that is known, its colours where it has any.

    `there` marks the pixels of the gray copy that have a say; None for all of them.
    """

    gray: Pixels
    size: Size
    sha256: str = ""
    there: Bools | None = None
    chroma: Planes | None = None

    @property
    def rank(self) -> tuple[int, str, bytes]:
        """What decides which of two is the base: the lower one is."""
        return self.size.width * self.size.height, self.sha256, self.gray.tobytes()

    @classmethod
    def of(
        cls,
        gray: Pixels,
        size: Size,
        sha256: str = "",
        there: Bools | None = None,
        chroma: Planes | None = None,
    ) -> Self:
        """A picture of which only a part may have been decoded, or may have a say."""
        if size.decoded < 1:
            left, top, right, bottom = size.there
            decoded = np.zeros(gray.shape, dtype=np.bool_)
            # What lies at the edge was smoothed into what is not there.
            decoded[max(0, top + bool(top)) : bottom - 1, max(0, left + bool(left)) : right - 1] = True
            there = decoded if there is None else there & decoded
        return cls(gray, size, sha256, there, chroma)

    def mirror(self) -> GrayPicture:
        """The mirror image."""
        there = None if self.there is None else np.ascontiguousarray(self.there[:, ::-1])
        chroma = None if self.chroma is None else np.ascontiguousarray(self.chroma[:, :, ::-1])
        return GrayPicture(np.ascontiguousarray(self.gray[:, ::-1]), self.size, self.sha256, there, chroma)


@dataclass(frozen=True, slots=True)
class Placement:
    """Which of two pictures is laid over the other, and how.

    `matrix` (2, 3) takes pixels of `laid`, which is flipped where the pictures are mirror images, to those of `base`.
    With `swapped` the picture that was asked for is the base. `plane` (3, 3) takes pixels of the laid picture as it is
    to those of it laid flat, where it was photographed at an angle.
    """

    laid: GrayPicture
    base: GrayPicture
    matrix: Floats
    swapped: bool
    mirrored: bool
    plane: Floats | None = None

    def matrix_of_asked(self, comparison: Comparison) -> Floats:
        """The transform of a comparison, from pixels of the picture asked for, flipped if mirrored, to the other's.

        For what was laid flat it is the affine transform that comes nearest.
        """
        matrix = comparison.matrix
        if self.plane is not None:
            matrix = _nearest_affine(matrix, self.plane, self.laid.gray)
        if not self.swapped:
            return matrix
        back = invert_transform(matrix)
        if not self.mirrored:
            return back
        return combine_transforms(flip_of(self.laid.gray), combine_transforms(back, flip_of(self.base.gray)))

    def box_in_laid(self, box: Box) -> Box:
        """A box of the laid picture as it was compared, in the laid picture as it is."""
        if self.plane is None:
            return box
        places = cv2.perspectiveTransform(corners_of_box(box)[None], np.linalg.inv(self.plane))[0]
        low = np.maximum(places.min(axis=0), 0)
        high = np.minimum(places.max(axis=0), self.laid.gray.shape[::-1])
        return Box(float(low[0]), float(low[1]), *(float(side) for side in np.maximum(high - low, 0)))


def place(asked: GrayPicture, other: GrayPicture, matrix: Floats, *, mirrored: bool) -> Placement:
    """Both in their order; `matrix` takes pixels of the one asked for, flipped where `mirrored`, to the other's."""
    if other.rank <= asked.rank:
        laid = asked.mirror() if mirrored else asked
        return Placement(laid, other, matrix, swapped=False, mirrored=mirrored)
    back = invert_transform(matrix)
    if mirrored:
        back = combine_transforms(flip_of(asked.gray), combine_transforms(back, flip_of(other.gray)))
    laid = other.mirror() if mirrored else other
    return Placement(laid, asked, back, swapped=True, mirrored=mirrored)


def _nearest_affine(matrix: Floats, plane: Floats, picture: Pixels) -> Floats:
    """The transform (2, 3) nearest to one after a homography, over a picture's corners."""
    corners = corners_of(picture)
    flat = cv2.perspectiveTransform(corners[None], plane)[0]
    goal = flat @ matrix[:, :2].T + matrix[:, 2]
    found = np.linalg.lstsq(np.column_stack([corners, np.ones(len(corners))]), goal, rcond=None)[0]
    return np.asarray(found.T, dtype=np.float64)


def flip_of(gray: Pixels) -> Floats:
    """The transform from a picture's pixels to those of its mirror image, and back."""
    return np.array([[-1.0, 0.0, gray.shape[1]], [0.0, 1.0, 0.0]])


def lay_flat_over(placement: Placement, flat: LaidFlat) -> tuple[Placement, GrayPicture]:
    """The placement with the laid picture on a plane, and that picture laid flat."""
    placed = replace(placement, matrix=flat.matrix, plane=flat.plane)
    laid = placement.laid
    chroma = None if laid.chroma is None else lay_planes_flat(laid.chroma, laid.gray, flat)
    return placed, GrayPicture(flat.pixels, laid.size, laid.sha256, flat.there, chroma)
