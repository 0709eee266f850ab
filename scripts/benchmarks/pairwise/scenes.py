"""What made files show, for pairs that the truth has no row of: photographs, and by them scenes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.edits.truth_table import ANY, OTHER, SAME, Row
from benchmarks.pairwise.small_catalogs import Told

SIBLING = "sibling"

# What is drawn shows no scene: another frame of it there cannot be.
DRAWN = ("template", "drawing")

# What was told of (query, catalogued picture), and of (made file, source) whichever of them was the query.
Answers = Mapping[tuple[str, str], Told]
Pairs = Sequence[tuple[str, str, Told]]


@dataclass(frozen=True, slots=True)
class Scenes:
    """What files and catalogued pictures show: photographs, and by them scenes."""

    shown: Mapping[str, frozenset[str]]
    group_of: Mapping[str, str]

    def of(self, photographs: frozenset[str]) -> frozenset[str]:
        """The scenes of photographs; one without a group is a scene by itself."""
        return frozenset(self.group_of.get(name, name) for name in photographs)


def made_pairs(there: Answers, back: Answers) -> Pairs:
    """What was told in both directions, the made file first."""
    forth = [(file, source, told) for (file, source), told in sorted(there.items())]
    return [*forth, *((file, source, told) for (source, file), told in sorted(back.items()))]


class Shows:
    """What each made file shows by the rows of the truth."""

    def __init__(self, rows: Sequence[Row], scenes: Scenes) -> None:
        self._scenes = scenes
        self._listed = {(row.file, row.source) for row in rows}
        self._drawn = {row.file for row in rows if row.family in DRAWN}
        self._photographs: dict[str, frozenset[str]] = defaultdict(frozenset)
        self._near: dict[str, frozenset[str]] = defaultdict(frozenset)
        for row in rows:
            shown = scenes.shown[row.source]
            if row.expected in (SAME, ANY):
                self._photographs[row.file] |= shown
            if row.expected in (SAME, ANY, OTHER):
                self._near[row.file] |= shown

    def unlisted(self, told: Pairs) -> tuple[list[str], list[str]]:
        """Pairs told to be the same photo that no row names and that have no photograph in common.

        First those of one scene, then those that have nothing in common.
        """
        frames: list[str] = []
        unrelated: list[str] = []
        for file, source, one in told:
            if not one.is_same or (file, source) in self._listed:
                continue
            if self._photographs[file].isdisjoint(self._scenes.shown[source]):
                some = frames if self._is_one_scene(file, source) else unrelated
                some.append(f"{file} and {source}: {one.relation}")
        return frames, unrelated

    def siblings(self, told: Pairs) -> dict[str, dict[str, Any]]:
        """How many pairs were told to be other frames of a scene, and which have none in common."""
        figures: dict[str, dict[str, Any]] = {
            name: {"rows": 0, "false": []} for name in ("photographs", "drawings")
        }
        for file, source, one in told:
            if one.relation == SIBLING:
                row = figures["drawings" if file in self._drawn else "photographs"]
                row["rows"] += 1
                if not self._is_one_scene(file, source):
                    row["false"].append(f"{file} and {source}")
        return figures

    def _is_one_scene(self, file: str, source: str) -> bool:
        mine, theirs = (self._scenes.of(one) for one in (self._near[file], self._scenes.shown[source]))
        return not mine.isdisjoint(theirs)
