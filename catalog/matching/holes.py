"""What fills the holes between two pictures that agree around them: another subject, the picture itself, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from catalog.matching.pixels import Hole, Outline

# A hole that touches at most one edge and has detail in both pictures is natural; from this share of the picture on it
# is a subject, from the next a part that may have moved, from the last it must be explained.
INNER_EDGES = 1
NATURAL_DETAIL = 0.35
SUBJECT_AREA = 0.12
PART_AREA = 0.05
HOLE_AREA = 0.02

# Insets take less than a quarter of the picture.
INSET_AREA = 0.25

# With less than this share agreeing the rest was taken away, or replaced by another picture.
CUT_SHARE = 0.6

# What was cloned is looked for in so many of the largest holes.
MOST_ASKED = 3


class Holes:
    """Where two pictures differ that agree up to an outline."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    @property
    def has_other_subject(self) -> bool:
        """Whether there are subjects inside the picture, none of them from the picture itself."""
        subjects = self._natural(SUBJECT_AREA)
        return bool(subjects) and not any(map(self._is_own, subjects))

    @property
    def has_foreign_subject(self) -> bool:
        """Whether a subject inside the picture is not from the picture itself."""
        return not all(map(self._is_own, self._natural(SUBJECT_AREA)))

    @property
    def has_foreign_part(self) -> bool:
        """Whether a part inside the picture, which may be smaller, is not from the picture itself."""
        return not all(map(self._is_own, self._natural(PART_AREA)))

    @property
    def has_plain_subject(self) -> bool:
        """Whether a subject shows little in one of the pictures, but was neither blurred nor painted out."""
        return any(
            hole.detail < NATURAL_DETAIL and not self._outline.is_wiped(hole)
            for hole in self._inner(SUBJECT_AREA)
        )

    @property
    def is_cut(self) -> bool:
        """Whether what is lost is all around, or along one side, and no hole inside the picture."""
        return self._outline.share < CUT_SHARE or not self._unexplained

    def name_cut(self) -> str:
        """What became of the part that is lost: nothing is there in one of the pictures, or another picture is."""
        lost = self._outline.holes
        if lost and lost[0].detail < NATURAL_DETAIL:
            return "cut out"
        return "beside or over another picture"

    def name_filling(self) -> str:
        """How holes were filled from the picture itself; nothing where they were not."""
        asked = self._unexplained
        if any(map(self._outline.is_cloned, asked[:MOST_ASKED])):
            return "retouched"
        is_inset = all(map(self._outline.is_inset, asked)) and sum(hole.area for hole in asked) < INSET_AREA
        return "with an inset" if is_inset else ""

    @cached_property
    def _unexplained(self) -> Sequence[Hole]:
        return self._natural(HOLE_AREA)

    def _is_own(self, hole: Hole) -> bool:
        """Whether a hole was filled from the picture itself."""
        return self._outline.is_cloned(hole) or self._outline.is_inset(hole)

    def _natural(self, area: float) -> Sequence[Hole]:
        """The holes inside the picture that show something in both."""
        return [hole for hole in self._inner(area) if hole.detail >= NATURAL_DETAIL]

    def _inner(self, area: float) -> Sequence[Hole]:
        return [hole for hole in self._outline.holes if hole.area >= area and hole.edges <= INNER_EDGES]
