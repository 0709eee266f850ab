"""A judgement of clusters as text, in Markdown."""

from __future__ import annotations

import math
from typing import Any

# Wrong pairs that are printed of a cluster; JSON has all.
PAIRS_TOLD = 5


def figure(value: float | None) -> str:
    """A share; rounded down, so that 1.000 is all."""
    return "" if value is None else f"{math.floor(1000 * value) / 1000:.3f}"


def as_text(result: dict[str, Any]) -> str:
    """The figures and tables, in Markdown."""
    pairs_, costs = result["pairs"], result["costs"]
    lines = [
        "{photographs} photographs, {sites} sites, {pages} pages, {usages} usages "
        "({usages_missing} missing from the ledger), {assets} assets".format_map(result),
        "{clusters} clusters, {exactly_right} exactly right".format_map(result),
        f"precision {figure(result['precision'])}, recall {figure(result['recall'])}",
        "pairs: {true} true, {reported} reported, {wrong} wrong (of them {same_scene} of one scene), "
        "{missed} missed".format_map(pairs_),
        f"uses that their cluster does not list: {result['uses_not_listed']}",
        "{seconds:.1f} s, {ms_an_asset:.1f} ms an asset; {cpu_seconds:.1f} s of CPU, {cpu_ms_an_asset:.1f} ms an "
        "asset".format_map(costs),
        "",
        f"split: {len(result['split'])}",
    ]
    lines += [
        f"- {one['photograph']}: " + " | ".join(", ".join(part) for part in one["parts"])
        for one in result["split"]
    ]
    lines.append(f"glued: {len(result['glued'])}")
    for one in result["glued"]:
        told = "; ".join(" with ".join(pair) for pair in one["pairs"][:PAIRS_TOLD])
        lines.append(f"- {one['cluster']}, {len(one['pairs'])} pairs: {told}")
    lines += ["", "| edit | files | with the photograph |", "|---|---|---|"]
    lines += [
        f"| {name} | {row['files']} | {figure(row['together'])} |" for name, row in result["edits"].items()
    ]
    lines += ["", "| size variant | files | with the upload | folded |", "|---|---|---|---|"]
    for kind, row in result["size_variants"].items():
        lines.append(f"| {kind} | {row['files']} | {figure(row['together'])} | {figure(row['folded'])} |")
    lines += ["", f"folded wrongly: {len(result['folded_wrongly'])}"]
    lines += [f"- {name}" for name in result["folded_wrongly"]]
    if "members" in result:
        lines += ["", *(f"{one['id']}: {', '.join(one['members'])}" for one in result["members"])]
    return "\n".join(lines)
