"""Give the decode workers malformed pictures: cut off, bits flipped, headers that lie, bombs, polyglots.

Each file is inspected as a harvest does it and must end as a picture or with a reason, its worker ended after 10 s, the
main process below 300 MB. The exit code is 1 where one does not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assets import Failure, Inspector, Picture
from assets.workers import DEADLINE_SECONDS
from trials.breaking import Made, malformed

# A worker is ended after ten; the rest is the way there and back on a busy machine.
MOST_SECONDS = 11.0
MOST_MEMORY_MB = 300

# What a worker that died, was ended or took too long is told as.
CRASHED = ("decode crashed", "decode timeout")


@dataclass(slots=True)
class Run:
    """What the files came to, by reason; `pictures` were read all the same."""

    reasons: Counter[str] = field(default_factory=Counter)
    without_reason: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    crashed: list[str] = field(default_factory=list)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial malformed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--files", type=int, default=10_000, metavar="N", help="so many (default: 10000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="other files")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        run = asyncio.run(inspected(Path(name), malformed(options.files, options.seed)))
    seconds, slowest = run.slowest
    figures = {
        "files": sum(run.reasons.values()),
        "reasons": dict(run.reasons.most_common()),
        "without_reason": run.without_reason,
        "crashed": run.crashed,
        "slowest_seconds": round(seconds, 2),
        "slowest": slowest,
        "main_process_mb": round(peak_memory() / 1e6),
        "seconds": round(time.monotonic() - started),
    }
    figures["passed"] = (
        not run.without_reason and seconds <= MOST_SECONDS and figures["main_process_mb"] < MOST_MEMORY_MB
    )
    print(json.dumps(figures) if options.json else as_text(figures))
    return 0 if figures["passed"] else 1


async def inspected(
    folder: Path, files: Iterable[Made], workers: int = 0, deadline_seconds: float = DEADLINE_SECONDS
) -> Run:
    """Each file inspected, as many at once as there are workers."""
    run = Run()
    waiting = iter(files)
    async with Inspector(workers, deadline_seconds) as inspector:

        async def work(slot: int) -> None:
            path = folder / f"{slot}.jpg"
            for name, body in waiting:
                path.write_bytes(body)
                started = time.monotonic()
                found = await inspector.picture(path, name)
                _take(run, name, found, time.monotonic() - started)

        await asyncio.gather(*(work(slot) for slot in range(workers or os.cpu_count() or 1)))
    return run


def _take(run: Run, name: str, found: Picture | Failure, seconds: float) -> None:
    run.slowest = max(run.slowest, (seconds, name))
    if isinstance(found, Picture):
        run.reasons[found.reason or "read all the same"] += 1
        return
    run.reasons[found.reason.value] += 1
    if not found.reason.value:
        run.without_reason.append(name)
    if found.reason.value in CRASHED:
        run.crashed.append(f"{name}: {found.reason.value} ({found.detail})")


def peak_memory() -> int:
    """Bytes that this process took at most."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return 1024 * int(found[1]) if found else 0


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        ("files", f"{figures['files']:,}"),
        ("without a reason", str(len(figures["without_reason"]))),
        ("workers that died or were ended", str(len(figures["crashed"]))),
        ("slowest", f"{figures['slowest_seconds']:.2f} s ({figures['slowest'].partition('-')[2]})"),
        ("main process at most", f"{figures['main_process_mb']} MB"),
        *((reason, f"{count:,}") for reason, count in figures["reasons"].items()),
    ]
    table = "\n".join(
        ["| malformed pictures | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in lines)]
    )
    return "\n".join([table, "", *figures["crashed"][:20]]).rstrip()
