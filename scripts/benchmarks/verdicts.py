"""Measure verdicts: edits, other frames and drawings looked up in both directions, told kind by kind.

Makes what `scripts/bench verdicts-edits` makes, looks each file up among the photographs and each photograph up among
the files, and counts what was told to be the same photo, there and back, where the two disagree, what was wrong, and
how many siblings share the scene. `--against CHECKOUT` also compares the CPU with that of another checkout.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.edits.library import read_library
from benchmarks.edits.making import Plan, make
from benchmarks.edits.truth_table import CATALOG, EDITS, TRUTH, read_rows, read_shown
from benchmarks.pairwise import costs, judgement
from benchmarks.pairwise.both_ways import look_up_back, look_up_there
from benchmarks.pairwise.scenes import Scenes
from benchmarks.pairwise.tables import as_text
from benchmarks.verdicts_edits import add_making, plan_of


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench verdicts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="photographs; a manifest.csv may name groups of one scene"
    )
    parser.add_argument("seed", metavar="SEED", help="any text; the same seed makes the same edits")
    add_making(parser)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the edits there; what is there is not made anew"
    )
    parser.add_argument(
        "--against", type=Path, metavar="CHECKOUT", help="compare the CPU with this checkout's"
    )
    parser.add_argument("--only-costs", action="store_true", help="measure nothing but the CPU")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    for folder in filter(None, (options.folder, options.against)):
        if not folder.is_dir():
            print(f"{folder}: no such folder", file=sys.stderr)
            return 2
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory() as name:
        result = measured(options, Path(name))
    print(json.dumps(result) if options.json else as_text(result))
    return 0


def measured(options: argparse.Namespace, out: Path) -> dict[str, Any]:
    """Every figure of the benchmark."""
    plan = plan_of(options, out)
    if not (out / TRUTH).exists():
        tell("making edits")
        make(plan, options.jobs)
    result = {} if options.only_costs else judged(plan, options.jobs)
    if options.against or options.only_costs:
        tell("measuring the CPU")
        result["costs"] = costs.compared(out, options.against)
    return result


def made_and_judged(plan: Plan, jobs: int) -> dict[str, Any]:
    """What is told of all that a plan asks for."""
    make(plan, jobs)
    return judged(plan, jobs)


def judged(plan: Plan, jobs: int) -> dict[str, Any]:
    """What was told of what a plan made, there and back."""
    rows = read_rows(plan.out)
    files = sorted({row.file for row in rows})
    tell(f"looking up {len(files)} files")
    there = look_up_there(plan.out, files, jobs)
    tell("looking up what they are made of")
    back = look_up_back(plan.out / EDITS, plan.out / CATALOG, rows, jobs)
    groups = read_library(plan.folder).groups
    scenes = Scenes(
        read_shown(plan.out), {name: group for group, members in groups.items() for name in members}
    )
    every = judgement.judge(rows, there, back)
    return {"seed": plan.seed} | judgement.summary(every, there, back, scenes)


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
