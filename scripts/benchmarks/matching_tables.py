"""The tables of `scripts/bench matching`, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.pairwise import tables


def percent(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def rows_told(rows: Sequence[tuple[str, dict[str, Any], dict[str, float | None]]]) -> list[str]:
    """A table of edits in Markdown: each with its name, its figures and the peers' recall."""
    heads = [
        "edit",
        "n",
        "recall",
        "wrong",
        "relation",
        "mirror",
        "kept ±0.05",
        "back",
        "disagree",
        *rows[-1][2],
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for name, row, recalls in rows:
        shares = [row["relation_right"], row["mirror_right"], row["kept_within_0.05"]]
        cells = [name, str(row["edits"]), percent(row["recall"]), str(row["wrong"]), *map(percent, shares)]
        cells += [percent(row["recall_back"]), str(row["disagree"]), *map(percent, recalls.values())]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def as_text(result: dict[str, Any]) -> str:
    """The tables, in Markdown: by families of edits, then by edit and strength."""
    peers = result["peers"]
    everything = ("**all**", result["overall"], {kind: one["recall"] for kind, one in peers.items()})
    families = [(name, row, row["peers"]) for name, row in result["families"].items()]
    edits = [
        (name, row, {kind: one["edits"].get(name) for kind, one in peers.items()})
        for name, row in result["edits"].items()
    ]
    lines = [*rows_told([*families, everything]), "", *rows_told([*edits, everything])]
    lines += [
        "",
        "Distances in bits: " + ", ".join(f"{name} {one['distance']}" for name, one in peers.items()),
        "",
    ]
    scene = result["same_scene"]
    lines.append(
        f"Other pictures of the scene: {scene['pairs']} pairs, {scene['taken_for_the_same']} taken for the same photo"
    )
    for title in ("costs", "large"):
        if title in result:
            lines += [
                "",
                f"| {title} | |",
                "|---|---|",
                *(f"| {name.replace('_', ' ')} | {value:,.1f} |" for name, value in result[title].items()),
            ]
    if "verdicts" in result:
        lines += ["", tables.as_text(result["verdicts"])]
    return "\n".join(lines)
