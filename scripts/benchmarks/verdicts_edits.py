"""Make edits, other frames and drawings from a folder of photographs, with a table of what is true of each.

OUT gets `edits/`, `catalog/` with the photographs and what else is catalogued, `truth.csv` (file, source, expected,
kind, family) and `catalog.csv` (what each catalogued picture shows). Expected is `same`, `other`, `element` (at most
that) or `any`. The same seed makes the same pictures.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.edits.making import FAMILIES, Plan, make


def add_making(parser: argparse.ArgumentParser) -> None:
    """The arguments that say what is made."""
    parser.add_argument("--photos", type=int, default=12, metavar="N", help="edit so many (default: 12)")
    parser.add_argument(
        "--siblings",
        type=int,
        default=400,
        metavar="N",
        help="so many edits of photographs that share a group in the folder's manifest.csv (default: 400)",
    )
    parser.add_argument(
        "--designs", type=int, default=8, metavar="N", help="so many of each template (default: 8)"
    )
    parser.add_argument(
        "--family", action="append", choices=FAMILIES, help="only these, may be given again (default: all)"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")


def plan_of(options: argparse.Namespace, out: Path) -> Plan:
    families = tuple(options.family or FAMILIES)
    return Plan(
        options.folder, out, options.seed, options.photos, options.siblings, options.designs, families
    )


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench verdicts-edits",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder that is not there yet")
    parser.add_argument("--seed", default="1", help="any text (default: 1)")
    add_making(parser)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if not options.folder.is_dir():
        print(f"{options.folder}: no such folder", file=sys.stderr)
        return 2
    if options.out.exists() and any(options.out.iterdir()):
        print(f"{options.out}: not empty", file=sys.stderr)
        return 2
    rows = make(plan_of(options, options.out), options.jobs)
    counted = Counter((row.family, row.expected) for row in rows)
    for (family, expected), count in sorted(counted.items()):
        print(f"{count:6}  {family}: {expected}")
    return 0
