"""What is looked up, in arrays: the picture as it is and mirrored, a photograph on it, the one under its letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import cv2
import numpy as np

from assets import (
    Fingerprint,
    Gray,
    Query,
    QueryPart,
    missing_side,
    negative_of,
    pixels_of,
    preview_of,
    uncover,
)
from catalog.index import FeatureTable, Size
from catalog.matching.pixels import Bools, Pixels, decode_chroma, decode_preview
from catalog.matching.placement import GrayPicture


@dataclass(frozen=True)
class QueryView:
    """The query in arrays, as it is and mirrored; without features only fingerprints find anything.

    `there` marks the pixels that have a say; None for all of them.
    """

    gray: Pixels
    size: Size
    sha256: str = ""
    features: tuple[FeatureTable, ...] = ()
    fingerprints: tuple[tuple[Fingerprint, ...], ...] = ()
    there: Bools | None = None
    is_part: bool = False
    chroma: bytes = b""

    @classmethod
    def of(cls, query: Query, sha256: str = "") -> Self:
        """The view of a query."""
        picture = query.picture
        size = Size(
            picture.width,
            picture.height,
            query.gray.width,
            query.gray.height,
            picture.decoded,
            missing_side(picture.orientation),
        )
        features = tuple(FeatureTable.of(one) for one in query.features)
        seen = pixels_of(query.gray)
        return cls(seen, size, sha256, features, query.fingerprints, chroma=query.chroma)

    @classmethod
    def of_part(cls, part: QueryPart) -> Self:
        """The view of a photograph on a page, as if it were all that is looked up."""
        size = Size(part.box[2], part.box[3], part.gray.width, part.gray.height)
        features = tuple(FeatureTable.of(one) for one in part.features)
        seen = pixels_of(part.gray)
        return cls(seen, size, "", features, part.fingerprints, is_part=True, chroma=part.chroma)

    def without_letters(self, gray: Gray) -> Self | None:
        """The view of the query's photograph under large letters; None where there are none."""
        uncovered = uncover(gray)
        if uncovered is None:
            return None
        features = tuple(FeatureTable.of(one) for one in uncovered.features)
        seen = pixels_of(uncovered.gray)
        return replace(self, gray=seen, features=features, fingerprints=(), there=uncovered.there)

    def as_negative(self) -> Self:
        """The view of the query's negative, without features: whether all of it is one is what is asked."""
        fingerprints = tuple(tuple(negative_of(one) for one in of) for of in self.fingerprints)
        return replace(self, gray=255 - self.gray, features=(), fingerprints=fingerprints)

    @cached_property
    def catalogued(self) -> GrayPicture:
        """The query as the catalog would keep it, to be compared with what it keeps."""
        height, width = self.gray.shape
        copy = Gray(width, height, self.gray.tobytes())
        kept = decode_preview(preview_of(copy, self.size.width, self.size.height))
        there = self.there
        if there is not None:
            size = (kept.shape[1], kept.shape[0])
            there = cv2.resize(there.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        size_kept = replace(self.size, gray_width=kept.shape[1], gray_height=kept.shape[0])
        return GrayPicture.of(kept, size_kept, self.sha256, there, decode_chroma(self.chroma))
