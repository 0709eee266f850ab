"""Milliseconds of CPU to keep a picture and to look one up, with the program of this checkout or of another.

Run by the interpreter of a checkout, with its folder in front of PYTHONPATH and this one's scripts behind it, it
prints the costs of that checkout.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.edits.truth_table import CATALOG, EDITS, read_rows

SCRIPTS = Path(__file__).resolve().parents[2]

# Pictures in the catalog, photographs that are inspected, and queries of each sort: a minute for all.
CATALOGUED, INSPECTED, QUERIES = 160, 60, 30

# Of each picture or query the quickest of so many runs counts: what else runs on the machine makes others slower.
RUNS = 2

# Checkouts are measured in turn, so many times each.
TURNS = 3

# Edits that are no larger than a photograph, and screenshots of pages.
ORDINARY = ("still, plain", "still, half", "crop 60", "graded", "flop")
PAGES = ("news page", "chat")

Costs = dict[str, float]


def compared(out: Path, against: Path | None) -> dict[str, Costs]:
    """The costs of this checkout, and where there is another, its costs and how many times theirs ours are."""
    if against is None:
        return {"this": of_checkout(out, SCRIPTS.parent)}
    turns: dict[str, list[Costs]] = {"this": [], "against": []}
    for _ in range(TURNS):
        for name, checkout in (("this", SCRIPTS.parent), ("against", against)):
            turns[name].append(of_checkout(out, checkout))
    told = {name: _medians(some) for name, some in turns.items()}
    ratios = [
        {name: mine[name] / theirs[name] for name in mine}
        for mine, theirs in zip(turns["this"], turns["against"], strict=True)
    ]
    return told | {"ratio": _medians(ratios)}


def of_checkout(out: Path, checkout: Path) -> Costs:
    """The costs with the program of a checkout, run by its own interpreter."""
    python = checkout / ".venv" / "bin" / "python"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (checkout.resolve(), SCRIPTS))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
    }
    command = [
        str(python if python.exists() else sys.executable),
        "-m",
        "benchmarks.pairwise.costs",
        str(out.resolve()),
    ]
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            command, cwd=empty, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    costs: Costs = json.loads(done.stdout)
    return costs


def measured(out: Path) -> Costs:
    """The costs of whatever `assets` and `catalog` this interpreter imports."""
    from assets.pictures.inspect_task import inspect
    from benchmarks.pairwise.small_catalogs import build, inspected

    pictures = _in_order(out / CATALOG)
    rows = [row for row in read_rows(out) if row.expected == "same"]
    wanted = {row.source for row in rows if row.kind in (*ORDINARY, *PAGES)}
    known = [path for path in pictures if path.name in wanted]
    others = [path for path in pictures if path.name not in wanted]
    catalogued = [*known, *others[: max(0, CATALOGUED - len(known))]]
    unknown = others[len(catalogued) - len(known) :][:QUERIES]
    with tempfile.TemporaryDirectory(prefix="bench-costs-") as name:
        read = ((path, inspected(path)) for path in catalogued)
        build(Path(name), ((path, picture) for path, picture in read if picture is not None))
        return {
            "catalogued_picture_ms": _mean(catalogued[:INSPECTED], lambda path: inspect(str(path))),
        } | _queries(
            Path(name),
            {
                "edited_photograph_ms": _edits(out, ORDINARY),
                "unknown_photograph_ms": unknown,
                "page_screenshot_ms": _edits(out, PAGES),
            },
        )


def _queries(catalog: Path, sorts: Mapping[str, Sequence[Path]]) -> Costs:
    from assets import Query
    from assets.pictures.inspect_task import inspect_query
    from catalog.index.candidates import CandidateIndex
    from catalog.index.feature_store import FeatureStore
    from catalog.matching.matcher import Matcher
    from catalog.store.layout import DERIVED

    with FeatureStore(catalog / DERIVED) as studies:
        matcher = Matcher(studies, CandidateIndex(catalog / DERIVED, studies))

        def look_up(path: Path) -> None:
            query = inspect_query(str(path))
            if isinstance(query, Query):
                matcher.matches(query)

        return {name: _mean(paths, look_up) for name, paths in sorts.items() if paths}


def _mean(paths: Sequence[Path], work: Callable[[Path], object]) -> float:
    return 1000 * float(np.mean([min(_seconds(path, work) for _ in range(RUNS)) for path in paths]))


def _seconds(path: Path, work: Callable[[Path], object]) -> float:
    started = time.process_time()
    work(path)
    return time.process_time() - started


def _edits(out: Path, kinds: Sequence[str]) -> list[Path]:
    files = {row.file for row in read_rows(out) if row.kind in kinds}
    return [path for path in _in_order(out / EDITS) if path.name in files][:QUERIES]


def _in_order(folder: Path) -> list[Path]:
    """The files of a folder in an order without meaning."""
    return sorted(folder.iterdir(), key=lambda path: hashlib.sha256(path.name.encode()).digest())


def _medians(turns: Sequence[Costs]) -> Costs:
    return {name: statistics.median(turn[name] for turn in turns) for name in turns[0]}


if __name__ == "__main__":
    import cv2

    cv2.setNumThreads(1)
    print(json.dumps(measured(Path(sys.argv[1]))))
