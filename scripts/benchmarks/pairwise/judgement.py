"""What look-ups said in both directions, judged by what is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.edits.truth_table import ANY, OTHER, SAME, Row
from benchmarks.pairwise.small_catalogs import Told

NOTHING = Told("nothing", is_same=False)

SIBLING = "sibling"

Answers = Mapping[tuple[str, str], Told]


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of the truth and what was told of it there and back."""

    row: Row
    there: Told
    back: Told

    @property
    def disagrees(self) -> bool:
        """Whether it is the same photo when asked one way and not when asked the other."""
        return self.there.is_same != self.back.is_same

    @property
    def contradicts(self) -> bool:
        """Whether it is the same photo when asked one way and something else, not nothing, when asked the other."""
        return self.disagrees and NOTHING not in (self.there, self.back)

    @property
    def is_wrong(self) -> bool:
        """Whether what is not the same photo was told to be, either way."""
        return self.row.expected not in (SAME, ANY) and (self.there.is_same or self.back.is_same)

    def __str__(self) -> str:
        told = f"there {self.there.relation}, back {self.back.relation}"
        return f"{self.row.kind}: {self.row.file} and {self.row.source}: {told}"


@dataclass(frozen=True, slots=True)
class Scenes:
    """What files and catalogued pictures show: photographs, and by them scenes."""

    shown: Mapping[str, frozenset[str]]
    group_of: Mapping[str, str]

    def of(self, photographs: frozenset[str]) -> frozenset[str]:
        """The scenes of photographs; one without a group is a scene by itself."""
        return frozenset(self.group_of.get(name, name) for name in photographs)


def judge(rows: Sequence[Row], there: Answers, back: Answers) -> list[Judged]:
    """Every row with what was told of it."""
    return [
        Judged(row, there.get((row.file, row.source), NOTHING), back.get((row.source, row.file), NOTHING))
        for row in rows
    ]


def unrelated(rows: Sequence[Row], answers: Answers, scenes: Scenes, *, is_back: bool) -> list[str]:
    """Pairs told to be the same photo of which the truth has no row and that have no photograph in common."""
    listed = {(row.file, row.source) for row in rows}
    photographs = _photographs(rows, scenes, (SAME, ANY))
    near = _photographs(rows, scenes, (SAME, ANY, OTHER))
    found = []
    for (query, asset), told in sorted(answers.items()):
        file, source = (asset, query) if is_back else (query, asset)
        if not told.is_same or (file, source) in listed:
            continue
        if photographs[file].isdisjoint(scenes.shown[source]):
            is_near = not scenes.of(near[file]).isdisjoint(scenes.of(scenes.shown[source]))
            found.append(f"{file} and {source}: {told.relation}" + (", one scene" if is_near else ""))
    return found


def siblings(
    rows: Sequence[Row], answers: Answers, scenes: Scenes, *, is_back: bool
) -> tuple[int, list[str]]:
    """How many pairs were told to be other frames of a scene, and those that have no scene in common."""
    photographs = _photographs(rows, scenes, (SAME, ANY, OTHER))
    count, false = 0, []
    for (query, asset), told in sorted(answers.items()):
        file, source = (asset, query) if is_back else (query, asset)
        if told.relation != SIBLING:
            continue
        count += 1
        if scenes.of(photographs[file]).isdisjoint(scenes.of(scenes.shown[source])):
            false.append(f"{file} and {source}")
    return count, false


def _photographs(rows: Sequence[Row], scenes: Scenes, expected: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The photographs that each file shows, by rows that expect one of these."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for row in rows:
        if row.expected in expected:
            found[row.file] |= scenes.shown[row.source]
    return found


def kinds(judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """Figures of each family and kind, and of what was expected of it."""
    groups: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.row.family, one.row.kind, one.row.expected].append(one)
    for (family, kind, expected), some in sorted(groups.items()):
        yield {"family": family, "kind": kind, "expected": expected} | figures(some)


def families(judged: Sequence[Judged]) -> Iterator[dict[str, Any]]:
    """Figures of each family, and of what was expected of it."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.row.family, one.row.expected].append(one)
    for (family, expected), some in sorted(groups.items()):
        yield {"family": family, "expected": expected} | figures(some)


def figures(some: Sequence[Judged]) -> dict[str, int]:
    """How many pairs were told to be what, there and back."""
    return {
        "pairs": len(some),
        "same_there": sum(one.there.is_same for one in some),
        "same_back": sum(one.back.is_same for one in some),
        "disagree": sum(one.disagrees for one in some),
        "contradict": sum(one.contradicts for one in some),
        "possible": sum(one.there.relation == "possible" for one in some),
        "sibling": sum(one.there.relation == SIBLING for one in some),
        "shared_element": sum(one.there.relation == "shared element" for one in some),
    }


def summary(judged: Sequence[Judged], there: Answers, back: Answers, scenes: Scenes) -> dict[str, Any]:
    """Every figure, and by name what was wrong."""
    rows = [one.row for one in judged]
    told = [siblings(rows, there, scenes, is_back=False), siblings(rows, back, scenes, is_back=True)]
    return {
        "families": list(families(judged)),
        "kinds": list(kinds(judged)),
        "wrong": [str(one) for one in judged if one.is_wrong],
        "unrelated": [
            *unrelated(rows, there, scenes, is_back=False),
            *unrelated(rows, back, scenes, is_back=True),
        ],
        "disagree": [str(one) for one in judged if one.disagrees],
        "siblings": {
            "rows": sum(count for count, _ in told),
            "false": [pair for _, some in told for pair in some],
        },
    }
