"""Whether two pictures that lie one over the other are the same photo: one judgement for the pair.

A wrong "same photo" costs more than a miss. What is the same agrees block by block wherever it is not covered, and
what covers it looks drawn or begins at a straight seam. Then it is asked what speaks against it: something moved, a
drawing has other data, only what is drawn agrees, another person stands before the same wall. And where much differs,
whether it was cut along an outline, all that remains agreeing to the pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from catalog.matching.holes import Holes
from catalog.matching.pixels import (
    Bools,
    Comparison,
    Displacement,
    Outline,
    Photographic,
    Planes,
    measure_displacement,
    measure_photographic,
    measure_recoloured,
    measure_replaced,
)
from catalog.matching.relation import (
    DRAWN,
    LEAST_AGREEING,
    RATHER_DRAWN,
    SURE_BLOCKS,
    SURE_INLIERS,
    UNSURE_SHARE,
    Relation,
    Verdict,
    View,
)

# The whole of a simple drawing has few blocks with detail: they are enough where none differs and features agree.
SIMPLE_AGREEING = 4
SIMPLE_INLIERS = 20

# Share of the compared blocks that must agree. Republishers' edits leave 0.54 and more, tiled watermarks included;
# documents and charts that are drawn alike agree in more.
LEAST_SHARE = 0.50
LEAST_SHARE_OF_DRAWN = 0.85

# Another frame of a scene is told by so many inliers: unrelated photographs reach 11.
SIBLING_INLIERS = 14

# Share of the detail that lies together with its neighbours, and points that were asked about, in another frame of a
# scene: of 28 such frames 20 have as much, of two other pictures that were as alike neither.
SCENE_SHARE = 0.2
SCENE_POINTS = 100

# Share of a drawing's cells that were replaced, from which it has other data: of 50 charts, cards and maps all, of 94
# edits of graphics three.
REPLACED_SHARE = 0.03

# Levels by which a block's colour is another one where gray agrees, and the share of the frame that one region of such
# blocks takes. In drawings: of 16 maps by party all have one, of 384 edits of graphics one at most. In photographs,
# where nothing hangs on it, less is told: of 373 edits three at most.
OTHER_COLOUR = 14.0
RECOLOURED_SHARE = 0.02
OTHER_COLOUR_OF_PHOTOGRAPH = 12.0
RECOLOURED_SHARE_OF_PHOTOGRAPH = 0.01

# Share of the photographic cells that must agree, of so many that say anything: a text panel over another photo leaves
# 0.21 at most, a cut-out 0.26 and more.
PHOTOGRAPHIC_SHARE = 0.22
PHOTOGRAPHIC_CELLS = 20

# Photographic cells that must agree where little else does.
LEAST_PHOTOGRAPHIC = 24

# What agrees is drawn where its slopes are less even than this in the median of blocks, and its levels are few; where
# they are less even than the lower it needs no more.
DRAWN_EVENNESS = 0.42
SURELY_DRAWN_EVENNESS = 0.26

# Photographic cells that are lost in a drawing, from which another photograph stands in it.
OTHER_PHOTOGRAPHIC = 12
ONLY_DRAWN = "only what is drawn agrees"
REPLACED = "a part of it was replaced"

# Under letters fewer are enough, where they are all that is left.
UNDER_LETTERS = 12

# So many blocks in which a photograph differs from a photograph make a difference that is natural.
NATURAL_BLOCKS = 4

# How far points may be off in a picture that was cut, in frame pixels.
CUT_PIXELS = 0.3

# Gain in likeness by a displacement from which what seems lost has moved.
CUT_GAIN = 0.1

# Where a displacement is told of the whole, share of the points that moved together from which what is lost has moved,
# and gain in likeness from which what agrees has: of other frames none had less than 0.11 and 0.020, of what was cut
# or pasted none more than 0.05 and 0.008.
CUT_MOVED = 0.08
STILL_GAIN = 0.012

# Pictures that share fewer pixels along the long side do not tell motion; with less than the second it is told badly,
# and what gains this much likeness by a displacement may have moved: of 34 small copies none gains as much, of 18 small
# other frames that nothing else tells all but two do.
LEAST_SIDE = 90
SMALL_SIDE = 170
SMALL_GAIN = 0.005

# Of two pictures the planes of their colours; None for one that is gray.
Chroma = tuple[Planes | None, Planes | None]


def judge(
    comparison: Comparison,
    inliers: int,
    chroma: Chroma = (None, None),
    *,
    swapped: bool = False,
    uncovered: bool = False,
    decoded: tuple[float, float] = (1.0, 1.0),
) -> Verdict | None:
    """What the comparison of two gray pictures means; None where they have nothing in common.

    `chroma` are the colours of the comparison's query and asset, `decoded` the shares of them that their files hold.
    With `swapped` it is told as it is for the comparison's asset, as if that were the query. Of `uncovered` pictures
    letters were painted over: what is no photograph then has nothing to be compared.
    """
    if not len(comparison.blocks.corners):
        return None
    view = View(comparison, swapped=swapped, decoded=decoded)
    evidence = _Evidence(comparison, view, chroma)
    if uncovered and (evidence.is_drawn or evidence.photographic.agreeing < UNDER_LETTERS):
        return None
    is_enough = view.is_real_share or evidence.is_exact_part
    if _is_proven(view, inliers) and not view.is_drawn_part and not view.has_moved and is_enough:
        doubt = evidence.doubt()
        if doubt is None:
            return view.make_same_photo_verdict(evidence.name_edits())
        is_sibling = doubt.relation is Relation.SIBLING
        return (evidence.find_cut() if is_sibling else None) or doubt
    return evidence.find_cut() or _find_other(view, evidence, inliers)


def _is_proven(view: View, inliers: int) -> bool:
    """Whether enough blocks agree."""
    agreeing, differing = int(view.agreeing.sum()), int(view.differing.sum())
    is_sure = inliers >= SURE_INLIERS and agreeing + differing >= SURE_BLOCKS
    needed = LEAST_SHARE if is_sure else UNSURE_SHARE
    if view.drawnness >= DRAWN:
        needed = max(needed, LEAST_SHARE_OF_DRAWN)
    simple = view.is_whole and not differing and inliers >= SIMPLE_INLIERS
    least = SIMPLE_AGREEING if simple else LEAST_AGREEING
    return agreeing >= least and agreeing >= needed * (agreeing + differing)


def _find_other(view: View, evidence: _Evidence, inliers: int) -> Verdict | None:
    """The verdict on what is not the same photo: another frame, a shared element, or nothing."""
    is_element = view.has_shared_element
    is_alike = inliers >= SIBLING_INLIERS and (view.is_scattered or _is_proven(view, inliers))
    if is_alike and not (view.is_drawn_part and is_element) and evidence.shows_scene:
        # One template with other data is no scene.
        if evidence.is_drawn:
            return view.make_other_verdict(Relation.SHARED_ELEMENT, ONLY_DRAWN)
        return view.make_other_verdict(Relation.SIBLING, evidence.tell_displacement())
    if is_element:
        return view.make_other_verdict(Relation.SHARED_ELEMENT)
    return None


@dataclass
class _Evidence:
    """What speaks for and against one photo, each measured when it is asked for."""

    comparison: Comparison
    view: View
    chroma: Chroma = (None, None)

    @cached_property
    def displacement(self) -> Displacement:
        frame = self.comparison.frame
        return measure_displacement(frame.query, frame.asset, self.view.shown)

    @cached_property
    def outline(self) -> Outline:
        frame = self.comparison.frame
        return Outline(frame.query, frame.asset, frame.shared)

    @cached_property
    def holes(self) -> Holes:
        return Holes(self.outline)

    @cached_property
    def photographic(self) -> Photographic:
        frame = self.comparison.frame
        return measure_photographic(frame.query, frame.asset, self.outline)

    @property
    def is_exact_part(self) -> bool:
        """Whether the small part that both show is a photograph's and lies exactly, as in two crops of one."""
        view = self.view
        return view.is_part_of_both and view.lies_exactly and not self.is_drawn and not view.is_cut

    @property
    def is_drawn(self) -> bool:
        """Whether what agrees is drawn: an object on white has few levels too, but even slopes."""
        evenness = self.view.evenness
        has_few_levels = evenness <= DRAWN_EVENNESS and self.view.drawnness_of_agreed >= RATHER_DRAWN
        return has_few_levels or evenness <= SURELY_DRAWN_EVENNESS

    @property
    def has_drawn_colours(self) -> bool:
        """Whether colours are what a drawing tells: many small districts of a map look like a photograph's detail."""
        return self.is_drawn or self.view.drawnness >= DRAWN

    @property
    def is_recoloured(self) -> bool:
        """Whether a region has other colours though gray agrees."""
        free = self.view.shown if self.view.is_undisturbed else self.view.shown & ~self.outline.lost
        found = measure_recoloured(self.comparison, self.chroma, free)
        if found is None:
            return False
        if self.has_drawn_colours:
            return found.share(OTHER_COLOUR) >= RECOLOURED_SHARE
        return found.share(OTHER_COLOUR_OF_PHOTOGRAPH) >= RECOLOURED_SHARE_OF_PHOTOGRAPH

    def doubt(self) -> Verdict | None:
        """Another verdict on what agrees as the same photo does, where something speaks against it."""
        if not self.view.lies_exactly:
            if self.displacement.is_another_frame:
                return self.view.make_other_verdict(Relation.SIBLING, self.tell_displacement())
            if self._is_too_small and not self.is_drawn:
                return self.view.make_other_verdict(Relation.POSSIBLE, self._tell_size())
        why = self._doubt_drawing() if self.is_drawn else self._doubt_photograph()
        if not why and self.has_drawn_colours and self.is_recoloured:
            why = "a drawing in other colours"
        if why:
            return self.view.make_other_verdict(Relation.SHARED_ELEMENT, why)
        if not self.is_drawn and self._has_natural_difference and self.holes.has_foreign_part:
            return self.view.make_other_verdict(Relation.POSSIBLE, REPLACED)
        return None

    @property
    def _is_too_small(self) -> bool:
        """Whether both show too few pixels to tell what moved, and may have moved."""
        side = max(self.comparison.frame.shared.shape)
        return side < LEAST_SIDE or (side < SMALL_SIDE and self.displacement.gain_of_moved >= SMALL_GAIN)

    def _doubt_drawing(self) -> str:
        """What makes a drawing another one than that it agrees with."""
        if self.photographic.lost >= OTHER_PHOTOGRAPHIC:
            return ONLY_DRAWN
        is_replaced = self.view.is_mostly_hidden or (
            measure_replaced(self.outline, self.view.shown) >= REPLACED_SHARE
        )
        return "a drawing with other data" if is_replaced else ""

    def _doubt_photograph(self) -> str:
        """What makes a photograph another one than that it agrees with; nothing where nothing differs."""
        if self.view.is_undisturbed:
            return ""
        if self._is_only_drawn_alike():
            return ONLY_DRAWN
        is_other = self.outline.is_loss_pure and self.holes.has_other_subject
        return "another subject before it" if is_other else ""

    def _tell_size(self) -> str:
        height, width = self.comparison.frame.shared.shape
        return (
            f"both show no more than {width} × {height} pixels of it, too few to tell it from another frame"
        )

    def _is_only_drawn_alike(self) -> bool:
        found = self.photographic
        return found.agreeing + found.lost >= PHOTOGRAPHIC_CELLS and found.share < PHOTOGRAPHIC_SHARE

    @property
    def _has_natural_difference(self) -> bool:
        """Whether a photograph differs from a photograph in some places."""
        if int(self.view.differing.sum()) < NATURAL_BLOCKS:
            return False
        return int((self.view.natural & self.view.differing).sum()) >= NATURAL_BLOCKS

    def find_cut(self) -> Verdict | None:
        """The same photo of which a part was cut out, split off, laid over or cloned; possible where it is not sure."""
        if not self._has_outline() or (self.displacement.is_another_frame and not self._is_still_within):
            return None
        view = self.view.restricted(self.outline.within)
        agreeing, differing = int(view.agreeing.sum()), int(view.differing.sum())
        if agreeing < max(LEAST_AGREEING, LEAST_SHARE * (agreeing + differing)):
            return None
        return self._judge_holes(view)

    @property
    def _is_still_within(self) -> bool:
        """Whether nothing moved on the side of the outline that agrees; what lies over the rest pulls at the whole."""
        frame = self.comparison.frame
        within: Bools = self.view.shown & (self.outline.within > 0)
        found = measure_displacement(frame.query, frame.asset, within)
        return self.displacement.moved < CUT_MOVED and found.gain < STILL_GAIN and not found.is_another_frame

    def _has_outline(self) -> bool:
        """Whether a photograph agrees wholly up to an outline."""
        if self.is_drawn or int(self.view.agreeing.sum()) < LEAST_AGREEING:
            return False
        found = self.photographic
        if found.agreeing < LEAST_PHOTOGRAPHIC or found.share < PHOTOGRAPHIC_SHARE:
            return False
        return self.outline.is_crisp and self.outline.is_of_one_piece and self.view.is_part_of_both

    def _judge_holes(self, view: View) -> Verdict | None:
        """The verdict on a picture that agrees up to an outline, by what is beyond it."""
        holes = self.holes
        if holes.has_foreign_subject or (holes.has_plain_subject and self._has_natural_difference):
            return None
        if holes.is_cut:
            if self.displacement.typical >= CUT_PIXELS or self.displacement.gain >= CUT_GAIN:
                return None
            return view.make_same_photo_verdict((holes.name_cut(),))
        edit = holes.name_filling()
        if edit:
            return view.make_same_photo_verdict((edit,))
        return view.make_other_verdict(Relation.POSSIBLE, REPLACED)

    def name_edits(self) -> tuple[str, ...]:
        """What was done to the picture, where it agrees as the same photo does."""
        if self.view.differing.any() and (self.view.natural & self.view.differing).any():
            return ("recoloured or retouched",)
        return ("recoloured",) if not self.has_drawn_colours and self.is_recoloured else ()

    @property
    def shows_scene(self) -> bool:
        """Whether both show one scene: enough of the detail of both lies together, however displaced."""
        found = self.displacement
        return found.points >= SCENE_POINTS and found.explained >= SCENE_SHARE

    def tell_displacement(self) -> str:
        """What lies elsewhere, and by how much."""
        found = self.displacement
        if found.has_moved and found.moved:
            told = f"{found.moved:.0%} of its detail lies off by {found.length:.1%} of its length"
        elif found.is_another_frame:
            told = "many parts lie off by a little"
        else:
            told = f"{found.explained:.0%} of its detail is found again, displaced"
        return told.replace("%", " %")
