"""Verdicts in both directions as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

HEADS = {
    "pairs": "pairs",
    "same_there": "same, there",
    "same_back": "same, back",
    "disagree": "disagree",
    "contradict": "of them contradict",
    "possible": "possible",
    "sibling": "sibling",
    "shared_element": "shared element",
}

# Lines that are printed of a list; JSON has all.
LINES_TOLD = 60


def as_text(result: Mapping[str, Any]) -> str:
    """Every figure of the measurement."""
    if "kinds" not in result:
        return "\n".join(costs_told(result["costs"]))
    lines = [*_table(("family", "expected"), result["families"]), ""]
    lines += [*_table(("kind", "expected"), result["kinds"]), ""]
    for name, row in result["siblings"].items():
        right = row["rows"] - len(row["false"])
        lines.append(f"sibling, {name}: {row['rows']} rows, {right} share the scene")
    for title, some in (
        ("wrong", result["wrong"]),
        ("the same photo as a picture of nothing in common", result["unrelated"]),
        ("the same photo as a part of another frame", result["frames"]),
        ("directions disagree", result["disagree"]),
        ("sibling without a scene in common", result["siblings"]["photographs"]["false"]),
    ):
        lines += ["", f"{title}: {len(some)}", *_listed(some)]
    return "\n".join([*lines, *costs_told(result.get("costs", {}))])


def costs_told(costs: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Milliseconds of CPU, a line a sort of work; a column for each checkout and for the ratio."""
    if not costs:
        return []
    lines = ["", "| CPU | " + " | ".join(costs) + " |", "|" + "---|" * (1 + len(costs))]
    for name in next(iter(costs.values())):
        cells = [f"{one[name]:.2f}" for one in costs.values()]
        lines.append("| " + " | ".join([name.replace("_", " "), *cells]) + " |")
    return lines


def _table(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> list[str]:
    heads = [*names, *HEADS.values()]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(str(row[name]) for name in (*names, *HEADS)) + " |" for row in rows]
    return lines


def _listed(some: Sequence[str]) -> list[str]:
    more = [f"- and {len(some) - LINES_TOLD} more"] if len(some) > LINES_TOLD else []
    return [*(f"- {one}" for one in some[:LINES_TOLD]), *more]
