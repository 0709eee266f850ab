"""Measure a harvest beside what a desk could assemble instead: pictures a second, CPU, memory, and where time goes.

Serves pictures of 1200 x 800 from this machine, with nginx where that is installed, and has each contender in turn
bring them in, hash them and group them. Everything lies in memory (tmpfs) where there is such a folder; Photodesk's
figure on disk stands beside. Photodesk runs with its defaults: robots.txt, hashes, features, fsync. VENV is a virtual
environment that has peers: `python3 -m venv VENV && VENV/bin/pip install img2dataset imagededup czkawka`. The exit
code is 1 where a contender lost a picture.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.assembling import contenders
from benchmarks.picture_server import serving
from benchmarks.running import Ran, ran
from benchmarks.shooting import WIDTH, make_pictures
from benchmarks.stages import stages

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps a tmpfs for everybody

OURS, OURS_ON_DISK, BOUND = "photodesk", "photodesk, on disk", "decode, hashes and features alone"

Json = dict[str, Any]


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench harvesting",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pictures", type=int, default=1200, metavar="N", help="so many (default: 1200)")
    parser.add_argument("--photographs", type=Path, metavar="FOLDER", help="of these, instead of drawn ones")
    parser.add_argument("--peers", type=Path, metavar="VENV", help="a virtual environment that has peers")
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="each contender so often (default: 3)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    result = measured(options)
    print(json.dumps(result) if options.json else as_text(result))
    return 1 if result["lost"] else 0


def measured(options: argparse.Namespace) -> Json:
    """Every contender, the median of its rounds, and what each stage of ours costs."""
    with ExitStack() as stack:
        quick = Path(
            stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None))
        )
        disk = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pictures = make_pictures(quick / "pictures", options.pictures, options.photographs)
        root, server = stack.enter_context(serving(quick / "pictures", quick))
        addresses = quick / "addresses.txt"
        addresses.write_text("".join(f"{root}/{path.name}\n" for path in pictures))
        rounds: dict[str, list[Ran]] = {}
        for number in range(options.rounds):
            for at, one in enumerate(contenders(addresses, quick / "pictures", options.peers)):
                # A folder of its own each time: no earlier round's caches are there.
                work = (disk if one.name == OURS_ON_DISK else quick) / f"work-{number}-{at}"
                told(f"round {number + 1}: {one.name}")
                rounds.setdefault(one.name, []).append(ran(one, work))
                shutil.rmtree(work)
        return {
            "pictures": len(pictures),
            "kilobytes": round(sum(path.stat().st_size for path in pictures) / len(pictures) / 1000),
            "server": server,
            "contenders": {name: figures(some, len(pictures)) for name, some in rounds.items()},
            "lost": sum(len(pictures) - one.kept for some in rounds.values() for one in some),
            "stages": stages(pictures, addresses, quick / "stages"),
        }


def told(text: str) -> None:
    if sys.stderr.isatty() or os.environ.get("CI"):
        print(text, file=sys.stderr)


def figures(rounds: Sequence[Ran], pictures: int) -> Json:
    """The median round of a contender."""
    middle = sorted(rounds, key=lambda one: one.seconds)[len(rounds) // 2]
    return {
        "pictures_a_second": round(pictures / middle.seconds, 1),
        "cpu_ms_a_picture": round(1000 * statistics.median(one.cpu_seconds for one in rounds) / pictures, 1),
        "peak_mb": round(max(one.peak_bytes for one in rounds) / 1e6),
        "rounds": [asdict(one) for one in rounds],
    }


def as_text(result: Json) -> str:
    """The figures as two tables in Markdown."""
    rows = result["contenders"]
    ours = rows[OURS]["pictures_a_second"]
    lines = [
        f"{result['pictures']} pictures, {WIDTH} pixels wide, {result['kilobytes']} kB each, from {result['server']}",
        "",
        "| contender | pictures a second | CPU ms a picture | peak MB | photodesk is quicker by |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {name} | {row['pictures_a_second']:.0f} | {row['cpu_ms_a_picture']:.1f} | {row['peak_mb']} "
        f"| {ours / row['pictures_a_second']:.2f} |"
        for name, row in rows.items()
    ]
    lines += ["", "| stage | CPU ms a picture |", "|---|---:|"]
    lines += [f"| {name} | {cost:.2f} |" for name, cost in result["stages"].items()]
    return "\n".join(lines)
