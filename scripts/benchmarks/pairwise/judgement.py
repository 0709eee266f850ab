"""What look-ups said in both directions, judged by what is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.edits.truth_table import ANY, SAME, Row
from benchmarks.pairwise.scenes import SIBLING, Answers, Scenes, Shows, made_pairs
from benchmarks.pairwise.small_catalogs import Told

NOTHING = Told("nothing", is_same=False)


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


def judge(rows: Sequence[Row], there: Answers, back: Answers) -> list[Judged]:
    """Every row with what was told of it."""
    return [
        Judged(row, there.get((row.file, row.source), NOTHING), back.get((row.source, row.file), NOTHING))
        for row in rows
    ]


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
    told = made_pairs(there, back)
    shown = Shows([one.row for one in judged], scenes)
    frames, unrelated = shown.unlisted(told)
    return {
        "families": list(families(judged)),
        "kinds": list(kinds(judged)),
        "wrong": [str(one) for one in judged if one.is_wrong],
        "unrelated": unrelated,
        "frames": frames,
        "disagree": [str(one) for one in judged if one.disagrees],
        "siblings": shown.siblings(told),
    }
