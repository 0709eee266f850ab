"""Measure the photo desk: many look-ups at once over a large catalog, how long each takes, and in how much memory.

Makes a catalog of drawn photographs and made-up ones, starts `photodesk serve` over it and uploads crops, mirrored
and smaller copies and photographs that are not there, all different, so many at once. An answer must be 200 or 503,
and right; the exit code is 1 where one is not.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from PIL import Image, ImageOps

from assets import Picture
from assets.pictures.inspect_task import inspect
from benchmarks.catalogs import KINDS, PHOTOGRAPHS, SITES, digest, drawn_photographs, made_catalog
from benchmarks.large import Maker
from benchmarks.processes import memory_of
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.store.layout import ORIGINALS

ROOT = Path(__file__).resolve().parents[2]

# How often the memory of the desk and its workers is looked at.
SAMPLE_SECONDS = 0.25

# Look-ups from which on memory may no longer grow much: what workers open once is open by then.
WARM_SHARE = 0.25

# One in so many look-ups is of a photograph that is not in the catalog.
UNKNOWN_EVERY = 4

MIB = 1024 * 1024


@dataclass(slots=True)
class Run:
    """What came of the look-ups."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: int = 0
    missed: int = 0
    memory: list[int] = field(default_factory=list)
    elapsed: float = 0.0


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench desk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--pictures", type=int, default=10_000, metavar="N", help="catalogued (default: 10000)"
    )
    parser.add_argument("--at-once", type=int, default=50, metavar="N", help="look-ups (default: 50)")
    parser.add_argument("--look-ups", type=int, default=600, metavar="N", help="in all (default: 600)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if options.pictures < len(KINDS) * PHOTOGRAPHS or min(options.at_once, options.look_ups) < 1:
        print(f"at least {len(KINDS) * PHOTOGRAPHS} pictures and one look-up are needed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        catalog = Path(name) / "catalog"
        print(f"making a catalog of {options.pictures} pictures", file=sys.stderr)
        make(catalog, options.pictures)
        run = asyncio.run(measured(catalog, options.at_once, options.look_ups))
    figures = told(run, options)
    print(json.dumps(figures) if options.json else as_text(figures))
    return 0 if figures["passed"] else 1


def make(folder: Path, pictures: int) -> None:
    """A catalog of so many pictures: drawn ones that can be found, and features of made-up ones."""
    made_catalog(folder, pictures // len(KINDS))
    drawn: list[tuple[str, Picture]] = []
    for number in range(PHOTOGRAPHS):
        for at, kind in enumerate(KINDS):
            found = inspect(str(folder / ORIGINALS / "drawn" / f"{number}-{kind.name}.jpg"))
            if not isinstance(found, Picture):
                raise TypeError(f"{number}-{kind.name}: {found}")
            drawn.append((digest(number, at), found))
    maker = Maker([picture for _, picture in drawn])
    with FeatureStore(folder / "derived", read_only=False) as studies:
        for sha256, picture in drawn:
            studies.add(sha256, picture)
        for number in range(PHOTOGRAPHS, pictures // len(KINDS)):
            for at in range(len(KINDS)):
                studies.add(digest(number, at), maker.picture()[1])
    with FeatureStore(folder / "derived") as studies:
        CandidateIndex(folder / "derived", studies).save(at_once=True)


def queries(count: int) -> list[tuple[bytes, int | None]]:
    """So many files, all different, each with the number of the photograph it shows, None where it is unknown."""
    random = np.random.default_rng(7)
    known = drawn_photographs(PHOTOGRAPHS)
    unknown = drawn_photographs(PHOTOGRAPHS, seed=2)
    made = []
    for number in range(count):
        is_unknown = number % UNKNOWN_EVERY == UNKNOWN_EVERY - 1
        which = int(random.integers(PHOTOGRAPHS))
        image = (unknown if is_unknown else known)[which]
        made.append((_republished(image, random), None if is_unknown else which))
    return made


def _republished(image: Image.Image, random: np.random.Generator) -> bytes:
    width, height = (int(side * random.uniform(0.65, 1)) for side in image.size)
    left, top = int(random.integers(image.width - width + 1)), int(random.integers(image.height - height + 1))
    edited = image.crop((left, top, left + width, top + height))
    if random.random() < 0.3:
        edited = ImageOps.mirror(edited)
    edited.thumbnail([int(random.integers(500, 1200))] * 2)
    body = io.BytesIO()
    edited.save(body, "JPEG", quality=int(random.integers(60, 92)))
    return body.getvalue()


async def measured(catalog: Path, at_once: int, look_ups: int) -> Run:
    """The look-ups done, so many at once."""
    run = Run()
    waiting = iter(queries(look_ups))
    async with running(catalog) as (address, pid):
        sampling = asyncio.create_task(_sample(pid, run))
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(address, connector=connector) as session:
            started = time.perf_counter()
            visitors = [asyncio.create_task(_visit(session, waiting, run)) for _ in range(at_once)]
            await asyncio.gather(*visitors)
            run.elapsed = time.perf_counter() - started
        sampling.cancel()
    return run


async def _visit(session: aiohttp.ClientSession, waiting: Any, run: Run) -> None:  # noqa: ANN401
    for body, shown in waiting:
        started = time.perf_counter()
        headers = {"Content-Type": "image/jpeg"}
        async with session.post("/api/v1/lookups", data=body, headers=headers) as answer:
            run.statuses[answer.status] += 1
            if answer.status != HTTPStatus.OK:
                await answer.read()
                continue
            photos = (await answer.json())["photos"]
            found = {copy["sha256"] for photo in photos for copy in photo["copies"]}
        run.seconds.append(time.perf_counter() - started)
        right = {digest(shown, at) for at in range(len(KINDS))} if shown is not None else set()
        run.wrong += bool(found - right)
        run.missed += shown is not None and digest(shown, 0) not in found


@asynccontextmanager
async def running(catalog: Path) -> AsyncIterator[tuple[str, int]]:
    """`photodesk serve` as a process: its address and process id."""
    command = [sys.executable, "-m", "catalog.cli", "serve", "--port", "0", "--catalog", str(catalog)]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        assert process.stdout is not None  # noqa: S101
        yield (await process.stdout.readline()).decode().strip(), process.pid
    finally:
        process.terminate()
        await process.wait()


async def _sample(pid: int, run: Run) -> None:
    while True:
        run.memory.append(memory_of(pid))
        await asyncio.sleep(SAMPLE_SECONDS)


def told(run: Run, options: argparse.Namespace) -> dict[str, Any]:
    """The figures, and whether every answer was one that may be."""
    warm = run.memory[int(WARM_SHARE * len(run.memory)) :]
    seconds = np.array(run.seconds or [0.0])
    return {
        "pictures": options.pictures,
        "sites": SITES,
        "at_once": options.at_once,
        "statuses": {str(status): count for status, count in sorted(run.statuses.items())},
        "look_ups_a_second": round(len(run.seconds) / run.elapsed, 2),
        "p50_seconds": round(float(np.quantile(seconds, 0.5)), 3),
        "p95_seconds": round(float(np.quantile(seconds, 0.95)), 3),
        "slowest_seconds": round(float(seconds.max()), 3),
        "missed": run.missed,
        "wrong": run.wrong,
        "memory_mib": round(max(run.memory) / MIB, 1),
        "memory_growth": round(max(warm) / max(1, warm[0]) - 1, 3),
        "passed": set(run.statuses) <= {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE} and not run.wrong,
    }


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    answers = ", ".join(f"{count} x {status}" for status, count in figures["statuses"].items())
    lines = [
        ("look-ups at once", str(figures["at_once"])),
        ("pictures in the catalog", f"{figures['pictures']:,}"),
        ("answers", answers),
        ("missed, wrong", f"{figures['missed']}, {figures['wrong']}"),
        ("look-ups a second", f"{figures['look_ups_a_second']:.1f}"),
        ("seconds, median", f"{figures['p50_seconds']:.2f}"),
        ("seconds, p95", f"{figures['p95_seconds']:.2f}"),
        ("seconds, slowest", f"{figures['slowest_seconds']:.2f}"),
        ("memory, the desk and its workers", f"{figures['memory_mib']:.0f} MiB"),
        ("memory's growth after the first quarter", f"{100 * figures['memory_growth']:.1f} %"),
    ]
    return "\n".join(["| figure | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in lines)])
