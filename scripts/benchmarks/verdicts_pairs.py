"""Judge pairs that people labelled: each looked up in both directions, and joined or not by `photodesk duplicates`.

FOLDER holds pictures and a table (a, b, label, ...). Labels of `--same` are the same photo, those of `--other` are not,
all others do not count; every picture that the table names is catalogued, and each is looked up among all of them.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks import duplicates
from benchmarks.judging import reported
from benchmarks.pairwise.both_ways import Answers, look_up
from benchmarks.pairwise.judgement import NOTHING
from benchmarks.pairwise.small_catalogs import build, digest_of, inspected

FIGURES = "pairs", "same_there", "same_back", "disagree", "joined"

# Pictures that a command line takes.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures and what people said of them."""

    one: str
    other: str
    label: str


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench verdicts-pairs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="pictures, and a table of pairs")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="the table (default: FOLDER/labels.csv)")
    parser.add_argument("--same", default="S,R", metavar="LABELS", help="the same photo (default: S,R)")
    parser.add_argument("--other", default="N,T", metavar="LABELS", help="another (default: N,T)")
    parser.add_argument("--no-clusters", action="store_true", help="look up only, which is quicker")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    labels = options.labels or options.folder / "labels.csv"
    if not labels.is_file():
        print(f"{labels}: no such file", file=sys.stderr)
        return 2
    result = measured(options, read_pairs(labels))
    print(json.dumps(result) if options.json else as_text(result))
    return 0


def read_pairs(labels: Path) -> list[Pair]:
    """The labelled pairs of a table."""
    with labels.open(newline="", encoding="utf-8") as file:
        return [Pair(row["a"], row["b"], row["label"]) for row in csv.DictReader(file)]


def measured(options: argparse.Namespace, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Every figure of the benchmark."""
    names = sorted({name for pair in pairs for name in (pair.one, pair.other)})
    with tempfile.TemporaryDirectory(prefix="bench-pairs-") as work:
        answers = _look_up_all(options, names, Path(work))
        joined = None if options.no_clusters else _joined(options, names, Path(work))
    return judged(pairs, answers, joined, options.same.split(","), options.other.split(","))


def judged(
    pairs: Sequence[Pair],
    answers: Answers,
    joined: frozenset[tuple[str, str]] | None,
    same: Sequence[str],
    other: Sequence[str],
) -> dict[str, Any]:
    """Figures by label and by what is true, and the pairs that were told wrongly."""
    rows: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    wrong, disagree = [], []
    for pair in pairs:
        there = answers.get((pair.one, pair.other), NOTHING)
        back = answers.get((pair.other, pair.one), NOTHING)
        is_joined = bool(joined) and _pair(pair.one, pair.other) in (joined or ())
        truth = "same" if pair.label in same else "other" if pair.label in other else "not counted"
        for name in (f"label {pair.label}", truth):
            figures = (1, there.is_same, back.is_same, there.is_same != back.is_same, is_joined)
            for key, figure in zip(FIGURES, figures, strict=True):
                rows[name][key] += int(figure)
        told = f"{pair.label} {pair.one} and {pair.other}: there {there.relation}, back {back.relation}"
        told += ", joined" if is_joined else ""
        says = (there.is_same, back.is_same, *([is_joined] if joined is not None else []))
        if (truth == "other" and any(says)) or (truth == "same" and not all(says)):
            wrong.append(told)
        if there.is_same != back.is_same:
            disagree.append(told)
    return {"rows": dict(sorted(rows.items())), "wrong": wrong, "disagree": disagree}


def _look_up_all(options: argparse.Namespace, names: Sequence[str], work: Path) -> Answers:
    paths = [options.folder / name for name in names]
    with ProcessPoolExecutor(options.jobs) as pool:
        read = zip(paths, pool.map(inspected, paths, chunksize=8), strict=True)
        known = build(work / "small", ((path, picture) for path, picture in read if picture is not None))
    return look_up(work / "small", known, options.folder, names, options.jobs)


def _joined(options: argparse.Namespace, names: Sequence[str], work: Path) -> frozenset[tuple[str, str]]:
    """Pairs that the command's clusters hold both."""
    catalog = work / "catalog"
    for start in range(0, len(names), AT_ONCE):
        paths = [(options.folder / name).resolve() for name in names[start : start + AT_ONCE]]
        duplicates.run("harvest", "--catalog", catalog, *paths)
    document, _ = duplicates.clustered(catalog, work / "duplicates.json", len(names))
    by_digest: Mapping[str, str] = {digest_of(options.folder / name): name for name in names}
    return frozenset(
        _pair(by_digest[one], by_digest[other])
        for cluster in reported(document)
        for one, other in combinations(cluster.copies, 2)
        if one in by_digest and other in by_digest
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def as_text(result: Mapping[str, Any]) -> str:
    """The figures as a table in Markdown, and the pairs by name."""
    lines = ["| | " + " | ".join(name.replace("_", ", ") for name in FIGURES) + " |", "|" + "---|" * 6]
    for name, row in result["rows"].items():
        lines.append("| " + " | ".join([name, *(str(row[key]) for key in FIGURES)]) + " |")
    for title in ("wrong", "disagree"):
        lines += ["", f"{title}: {len(result[title])}", *(f"- {one}" for one in result[title])]
    return "\n".join(lines)
