"""Measure the report: a catalog of many clusters, the pages that are made of it, and how soon a browser can use them.

Makes two catalogs in code, the second with a tenth of the clusters, four copies each; runs `photodesk duplicates` on
both, with pages and without, and opens the larger index in Chromium without a window. Ends with 1 where the memory
that the pages take grows with their number, or where the index is not usable within two seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.catalogs import KINDS, made_catalog
from benchmarks.chromium import NoBrowser, opened

ROOT = Path(__file__).resolve().parents[2]

# The smaller catalog has a tenth of the clusters.
SMALLER = 10

# The memory that pages take may grow by so much from the smaller catalog to the larger: what sites share with whom,
# and what an allocator keeps.
MOST_GROWTH_MIB = 32

MOST_SECONDS_TO_OPEN = 2.0

MIB = 1024 * 1024

# Runs the command and tells what it took. What the system keeps of a process's memory from before it became this
# program, `ru_maxrss` counts too; its status file does not.
COMMAND = """
import json, re, resource, sys
from pathlib import Path
from catalog.cli import main

code = main(sys.argv[1:])
usage, status = resource.getrusage(resource.RUSAGE_SELF), Path("/proc/self/status")
found = re.search(r"VmHWM:\\s*(\\d+) kB", status.read_text()) if status.exists() else None
peak = int(found[1]) if found else usage.ru_maxrss
print(json.dumps({"peak_mib": peak / 1024, "cpu_seconds": usage.ru_utime + usage.ru_stime}))
sys.exit(code)
"""


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench report", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clusters", type=int, default=5000, metavar="N", help="so many (default: 5000)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep catalogs and reports there")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if options.clusters < SMALLER:
        print(f"at least {SMALLER} clusters are needed", file=sys.stderr)
        return 2
    if options.keep and options.keep.exists() and any(options.keep.iterdir()):
        print(f"{options.keep}: not empty", file=sys.stderr)
        return 2
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory() as name:
        result = measured(Path(name), options.clusters)
    print(json.dumps(result) if options.json else as_text(result))
    return 0 if result["passed"] else 1


def measured(work: Path, clusters: int) -> dict[str, Any]:
    """Every figure of the benchmark."""
    smaller = reported(work / "smaller", clusters // SMALLER)
    larger = reported(work / "larger", clusters)
    growth = larger["pages_mib"] - smaller["pages_mib"]
    try:
        browser = opened(work / "larger" / "report" / "index.html", f"picture {clusters // 2},")
    except NoBrowser as error:
        print(f"not opened in a browser: {error}", file=sys.stderr)
        browser = None
    is_soon = browser is not None and browser["opened"] <= 1000 * MOST_SECONDS_TO_OPEN
    return {
        "smaller": smaller,
        "larger": larger,
        "growth_mib": growth,
        "browser": browser,
        "passed": growth <= MOST_GROWTH_MIB and is_soon,
    }


def reported(folder: Path, clusters: int) -> dict[str, Any]:
    """A catalog made, its clusters told without pages and with them: seconds, peak memory, the files that come out."""
    print(f"{clusters} clusters: making the catalog", file=sys.stderr, flush=True)
    made_catalog(folder / "catalog", clusters)
    print(f"{clusters} clusters: writing the report", file=sys.stderr, flush=True)
    plain = run(folder, "-o", os.devnull, "--format", "json")
    costs = run(folder, "--html", folder / "report")
    files = [path for path in (folder / "report").rglob("*") if path.is_file()]
    sizes = {path: path.stat().st_size for path in files}
    largest = max(sizes, key=lambda path: sizes[path])
    pages = {path: size for path, size in sizes.items() if path.suffix == ".html"}
    report = folder / "report"
    return {
        "clusters": clusters,
        "copies": clusters * len(KINDS),
        **costs,
        "cpu_ms_a_cluster": 1000 * costs["cpu_seconds"] / clusters,
        "without_pages": plain,
        "pages_mib": costs["peak_mib"] - plain["peak_mib"],
        "files": len(files),
        "bytes": sum(sizes.values()),
        "largest": {"name": largest.relative_to(report).as_posix(), "bytes": sizes[largest]},
        "largest_page_bytes": max(pages.values()),
        "index_bytes": sizes[report / "index.html"] + sizes[report / "data" / "index.js"],
    }


def run(folder: Path, *options: str | Path) -> dict[str, float]:
    """What `photodesk duplicates` takes on a catalog; where it fails, the benchmark ends."""
    catalog: str | Path = (folder / "catalog").resolve()
    command = [sys.executable, "-c", COMMAND, "duplicates", "--catalog", catalog]
    words = [word.resolve() if isinstance(word, Path) else word for word in options]
    started = time.monotonic()
    done = subprocess.run([*command, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(f"photodesk duplicates ended with {done.returncode}")
    costs: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return costs | {"seconds": seconds}


def as_text(result: dict[str, Any]) -> str:
    """The figures, in Markdown."""
    lines = [
        "| copies | clusters | report | CPU a cluster | peak memory | of it for pages | files | largest | index |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in (result["smaller"], result["larger"]):
        cells = (
            f"{row['copies']:,}",
            f"{row['clusters']:,}",
            f"{row['seconds']:.0f} s",
            f"{row['cpu_ms_a_cluster']:.0f} ms",
            f"{row['peak_mib']:.0f} MiB",
            f"{row['pages_mib']:.0f} MiB",
            f"{row['files']:,}, {row['bytes'] / MIB:.0f} MiB",
            f"{row['largest']['name']}, {row['largest']['bytes'] / MIB:.2f} MiB",
            f"{row['index_bytes'] / MIB:.2f} MiB",
        )
        lines.append(f"| {' | '.join(cells)} |")
    browser = result["browser"]
    if browser is not None:
        lines += [
            "",
            f"In the browser: usable after {browser['opened'] / 1000:.2f} s with {browser['shown']} rows "
            f"({browser['nodes']:,} elements); a word finds its photograph in {browser['filtered']:.0f} ms, "
            f"sorting all takes {browser['sorted']:.0f} ms.",
        ]
    lines += ["", f"Memory for pages grows by {result['growth_mib']:.0f} MiB from the one to the other."]
    return "\n".join(lines)
