"""How two pictures are related, and what a comparison shows of it: which blocks agree, which part of which picture.

Where a photograph disagrees with a photograph, something moved, or was replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import cv2
import numpy as np

from catalog.matching.pixels import (
    DIFFERENT,
    Bools,
    Box,
    Comparison,
    Floats,
    Grid,
    Singles,
    block_means,
    combine_transforms,
    drawnness,
    find_natural,
    gradient_evenness,
    invert_transform,
    measure_hidden,
    move_box,
    scale_of,
)
from catalog.matching.surroundings import continues

# Blocks that must agree, each with detail in two directions: of 5,000 wrong candidates that looked alike to
# features, none with more than chance inliers came near.
LEAST_AGREEING = 6

# From this drawnness on a picture is a drawing, and from the lower it may be one. Of 662 press photographs one is
# beyond the first, things on white paper are between; of 142 graphics half and two in three.
DRAWN = 0.5
RATHER_DRAWN = 0.4

# Letters with a photograph around them have gradients less even than this, in the median of blocks.
EVENNESS_OF_LETTERS = 0.4

# With fewer inliers than SURE_INLIERS the features may agree by chance, and in so few blocks, as thumbnails have, what
# moved is one or two of them: then nearly every block must agree.
SURE_INLIERS = 8
SURE_BLOCKS = 25
UNSURE_SHARE = 0.80

# A block of which strips hide more has no say.
HIDDEN_OF_BLOCK = 0.15

# Share and number of the compared blocks in which photograph differs from photograph, from which something moved.
MOVED_SHARE = 0.07
MOVED_BLOCKS = 4

# Share of a picture from which the whole of it counts as there.
WHOLE = 0.97
NEARLY_WHOLE = 0.93

# The agreeing part must be this share of one of the pictures, or it is an element that both have: one headline over
# two photographs covers up to a quarter, and frames of one scene that overlap at an edge have a wall in common.
REAL_SHARE = 0.35
REAL_SHARE_OF_DRAWN = 0.30
LEAST_SHARE_OF_PICTURE = 0.03

# A bar over the picture may hide this much of it; what hides more is another picture beside it.
BAR_SHARE = 0.40


class Relation(Enum):
    """How a catalogued picture is related to the one looked up."""

    IDENTICAL = "identical"
    COPY = "copy"
    CROP = "crop"
    CONTAINED = "contained"
    POSSIBLE = "possible"
    SIBLING = "sibling"
    SHARED_ELEMENT = "shared element"

    @property
    def is_same_photo(self) -> bool:
        """Whether both are the same photo."""
        return self not in (Relation.POSSIBLE, Relation.SIBLING, Relation.SHARED_ELEMENT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison came to.

    `kept` is the share of the larger picture that the other shows; `larger` says which that is, "asset" or "query".
    Of two crops of one photo each shows some of what the other lacks: `beyond` is the share of the smaller that lies
    beyond the larger. `edits` are what was done to it beyond that, `why` is what the verdict rests on. `crop_box` and
    `overlays` are in pixels of the gray picture that `larger` names.
    """

    relation: Relation
    kept: float
    larger: str
    crop_box: Box
    overlays: tuple[Box, ...]
    agreeing: int
    compared: int
    beyond: float = 0.0
    edits: tuple[str, ...] = ()
    why: str = ""


class View:
    """A comparison seen through its rectangle of agreement, as it is for the picture that is asked for.

    With `swapped` that is the comparison's asset. `decoded` are the shares of query and asset that their files hold.
    """

    def __init__(
        self, comparison: Comparison, *, swapped: bool = False, decoded: tuple[float, float] = (1.0, 1.0)
    ) -> None:
        self._decoded = dict(zip(("query", "asset"), decoded, strict=True))
        self._asked, self._other = ("asset", "query") if swapped else ("query", "asset")
        self._grid = grid = Grid(comparison.blocks, comparison.frame.shared.shape)
        self._region = grid.rectangle_of_agreement()
        self._agreed = grid.box(self._region)
        self._comparison = comparison
        self._query, self._asset = comparison.query, comparison.asset
        self._frame = comparison.frame
        self._hidden = measure_hidden(comparison, self._agreed)
        self._area = _visible_box(self._hidden)
        self.is_cut = bool((self._hidden > 0).any())
        inside = block_means(self._hidden, comparison.blocks) <= HIDDEN_OF_BLOCK
        self.agreeing = grid.agreeing & inside
        self.differing = grid.differing & inside
        self._covering = grid.differing
        self._inside = inside
        self.drawnness = max(drawnness(self._frame.asset), drawnness(self._frame.query))
        self.is_drawn_part = self._is_drawn_part()
        self._measure()

    @property
    def _areas(self) -> tuple[float, float]:
        """The areas of query and asset in frame pixels."""
        asset_scale = float(self._frame.to_frame[0, 0])
        query_scale = scale_of(self._comparison.matrix) * asset_scale
        return self._query.size * query_scale**2, self._asset.size * asset_scale**2

    def _measure(self) -> None:
        """The shares of both pictures that the geometry lets overlap, and that are left where nothing is hidden."""
        frame = self._frame
        overlap = float(frame.shared.sum())
        left = float((1 - self._hidden)[frame.shared].sum())
        # Of a file that is cut short only a part can be there.
        whole = dict(zip(("query", "asset"), self._areas, strict=True))
        areas = {one: area * self._decoded[one] for one, area in whole.items()}
        self._overlaps = {one: overlap / area for one, area in areas.items()}
        self._shares = {one: left / area for one, area in areas.items()}

    def _is_drawn_part(self) -> bool:
        """Whether what agrees is a small part that looks drawn: one headline may lie over two photographs."""
        smaller = min(self._areas)
        is_small = self._agreed.width * self._agreed.height < REAL_SHARE_OF_DRAWN * smaller
        if not is_small or not self._grid.agreeing.any():
            return False
        if self.drawnness_of_agreed >= RATHER_DRAWN:
            return True
        return float(np.median(self._evenness[self._grid.agreeing])) <= EVENNESS_OF_LETTERS

    @property
    def has_moved(self) -> bool:
        """Whether a photograph differs from a photograph in more than chance places."""
        differing = int(self.differing.sum())
        enough = max(MOVED_BLOCKS, MOVED_SHARE * (int(self.agreeing.sum()) + differing))
        return differing >= enough and int((self.natural & self.differing).sum()) >= enough

    @cached_property
    def drawnness_of_agreed(self) -> float:
        """How much the rectangle that agrees looks drawn, in the picture in which it looks so more."""
        return max(drawnness(one[self._agreed.pixels]) for one in (self._frame.asset, self._frame.query))

    @cached_property
    def _evenness(self) -> Floats:
        """How even the slopes of each block are, in the picture in which they are more so."""
        pictures = self._frame.asset, self._frame.query
        return np.maximum(*(gradient_evenness(one, self._comparison.blocks) for one in pictures))

    @cached_property
    def evenness(self) -> float:
        """How even the slopes of what agrees are, in the median of blocks: 1 is a slope, near 0 letters on paper."""
        return float(np.median(self._evenness[self.agreeing])) if self.agreeing.any() else 1.0

    @cached_property
    def natural(self) -> Bools:
        """Which blocks look like a photograph in both pictures."""
        return find_natural(self._comparison)

    def restricted(self, within: Singles) -> View:
        """The view in which only the blocks have a say that lie where `within` is 1 in most frame pixels."""
        view = copy(self)
        view.restrict(block_means(within, self._comparison.blocks) > 0.5)
        return view

    def restrict(self, inside: Bools) -> None:
        """Leave a say to these blocks alone."""
        self.agreeing = self.agreeing & inside
        self.differing = self.differing & inside
        self._covering = self._covering & inside

    @property
    def shown(self) -> Bools:
        """Which pixels of the frame both pictures have and no strip hides."""
        shown: Bools = self._frame.shared & (self._hidden <= HIDDEN_OF_BLOCK)
        return shown

    @property
    def is_undisturbed(self) -> bool:
        """Whether no block differs, and no strip hides a part."""
        return not self.is_cut and not self.differing.any()

    @property
    def lies_exactly(self) -> bool:
        """Whether nothing can have moved."""
        return not self.differing.any() and self._grid.blocks.lie_exactly

    @property
    def is_whole(self) -> bool:
        """Whether both pictures are seen whole."""
        return min(self._shares.values()) >= WHOLE

    @property
    def is_real_share(self) -> bool:
        """Whether what agrees is enough of both pictures to be more than an element of each."""
        shares = self._shares.values()
        is_cut = self.is_cut and not (self._has_bar("query") or self._has_bar("asset"))
        if self.drawnness >= RATHER_DRAWN and not is_cut:
            return min(shares) >= REAL_SHARE_OF_DRAWN
        return max(shares) >= REAL_SHARE and min(shares) >= LEAST_SHARE_OF_PICTURE

    @property
    def is_part_of_both(self) -> bool:
        """Whether what both show is more than a speck of either."""
        return min(self._shares.values()) >= LEAST_SHARE_OF_PICTURE

    @property
    def is_mostly_hidden(self) -> bool:
        """Whether strips hide more than a bar does, though both pictures lie on each other as wholes."""
        overlaps, left = min(self._overlaps.values()), min(self._shares.values())
        return self.is_cut and overlaps >= NEARLY_WHOLE and left < 1 - BAR_SHARE

    def _has_bar(self, one: str) -> bool:
        """Whether what hides a part of the picture is a bar over it."""
        return self.is_cut and self._overlaps[one] >= NEARLY_WHOLE and self._shares[one] >= 1 - BAR_SHARE

    @property
    def is_scattered(self) -> bool:
        """Whether likeness, though not agreement, is found over the picture, as in another frame of a scene."""
        return bool((self._grid.blocks.likeness[~self._grid.blocks.flat] >= DIFFERENT).mean() >= 0.2)

    @property
    def has_shared_element(self) -> bool:
        """Whether at least one part agrees as a whole."""
        inside = self._grid.find_inside(self._region)
        agreeing = int((self._grid.agreeing & inside).sum())
        return agreeing >= LEAST_AGREEING and agreeing >= UNSURE_SHARE * (
            agreeing + int((self._grid.differing & inside).sum())
        )

    def make_other_verdict(self, relation: Relation, why: str = "") -> Verdict:
        """The verdict for what is not the same photo, or not for certain, and why."""
        return replace(self._verdict(relation, self._other), why=why)

    def make_same_photo_verdict(self, edits: Sequence[str] = ()) -> Verdict:
        """The verdict for the same photo: which is the larger, and what the smaller shows of it."""
        return replace(self._make_same_photo_verdict(), edits=tuple(edits))

    def _make_same_photo_verdict(self) -> Verdict:
        asked, other = self._asked, self._other
        of_asked, of_other = self._overlaps[asked], self._overlaps[other]
        if of_asked >= NEARLY_WHOLE and (self._has_bar(asked) or not self.is_cut):
            return self._verdict(Relation.COPY if of_other >= WHOLE else Relation.CROP, other)
        if self.is_cut or not self._goes_on():
            return self._verdict(Relation.CONTAINED, other)
        if of_other >= of_asked:
            relation = Relation.COPY if of_asked >= WHOLE else Relation.CROP
            return self._verdict(relation, asked, beyond=1 - of_other)
        return self._verdict(Relation.CROP, other, beyond=1 - of_asked)

    def _goes_on(self) -> bool:
        """Whether the picture asked for shows the same scene beyond the other's edges."""
        if self._decoded[self._other] < 1:
            return True
        matrix = self._comparison.matrix
        if self._asked == "query":
            return continues(matrix, self._query, self._asset)
        return continues(invert_transform(matrix), self._asset, self._query)

    def _verdict(self, relation: Relation, larger: str, beyond: float = 0.0) -> Verdict:
        to_larger = self._to_larger(larger)
        return Verdict(
            relation=relation,
            kept=min(1.0, self._shares[larger]),
            larger="query" if larger == self._asked else "asset",
            crop_box=self._box_in_larger(larger),
            overlays=tuple(move_box(to_larger, box) for box in self._overlays()),
            agreeing=int(self.agreeing.sum()),
            compared=int(self.agreeing.sum() + self.differing.sum()),
            beyond=max(0.0, beyond),
        )

    def _to_larger(self, larger: str) -> Floats:
        """From frame pixels to those of the larger picture."""
        to_asset = invert_transform(self._frame.to_frame)
        return (
            to_asset
            if larger == "asset"
            else combine_transforms(invert_transform(self._comparison.matrix), to_asset)
        )

    def _box_in_larger(self, larger: str) -> Box:
        """What both show, in pixels of the larger picture."""
        picture = self._asset if larger == "asset" else self._query
        box = move_box(self._to_larger(larger), self._area)
        left, top = max(0.0, box.x), max(0.0, box.y)
        right, bottom = min(picture.shape[1], box.x + box.width), min(picture.shape[0], box.y + box.height)
        return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))

    def _overlays(self) -> list[Box]:
        """Boxes around neighbouring blocks that differ, in frame pixels."""
        grid, side = self._grid, self._comparison.blocks.side
        # Where a photograph differs from a photograph nothing is laid over it.
        if not self._covering.any():
            return []
        covering = self._covering & ~(self.natural & self._inside)
        mask = grid.lay_out(covering).astype(np.uint8)
        count, labels = cv2.connectedComponents(mask, connectivity=8)
        boxes = []
        for label in range(1, count):
            rows, columns = np.nonzero(np.asarray(labels) == label)
            if len(rows) < 2:
                continue
            left, top = float(grid.xs[columns.min()]), float(grid.ys[rows.min()])
            right, bottom = float(grid.xs[columns.max()]) + side, float(grid.ys[rows.max()]) + side
            boxes.append(Box(left, top, right - left, bottom - top))
        return boxes


def _visible_box(hidden: Singles) -> Box:
    """The box around what is not hidden at all, in frame pixels."""
    shown = hidden == 0
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if not len(rows):
        return Box(0, 0, 0, 0)
    left, top = float(columns[0]), float(rows[0])
    return Box(left, top, float(columns[-1]) + 1 - left, float(rows[-1]) + 1 - top)
