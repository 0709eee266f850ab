"""Measure searching: all near pairs and single queries among made hashes, and whole look-ups in a large catalog.

Beside it stand faiss (flat, which is exact, and HNSW) and, where VENV has it, imagededup's search. Peers are measured
up to --most-for-peers hashes: at a million they take minutes. `--sizes 10000000` takes three minutes and 5 GB. The
catalog of so many made-up pictures takes a quarter of an hour to make; `--catalog` keeps it for the next time, and
`--pictures 0` leaves it out. The exit code is 1 where less than 0.99 of planted pairs are found.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.hashes import measured as among_hashes
from benchmarks.looking_up import measured as among_pictures

SIZES = (10_000, 100_000, 1_000_000)

# Bits of a hash, and in how many of them near ones differ at most.
KINDS = ((64, 10), (256, 31))

LEAST_RECALL = 0.99

Json = dict[str, Any]


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench searching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, metavar="N", help="hashes")
    parser.add_argument(
        "--most-for-peers", type=int, default=100_000, metavar="N", help="hashes (default: 100000)"
    )
    parser.add_argument(
        "--peers", type=Path, metavar="VENV", help="a virtual environment that has imagededup"
    )
    parser.add_argument(
        "--pictures", type=int, default=100_000, metavar="N", help="catalogued (default: 100000)"
    )
    parser.add_argument("--catalog", type=Path, metavar="FOLDER", help="where the catalog is made, and kept")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    result: Json = {"hashes": [], "pictures": None}
    for size in options.sizes:
        for bits, most in KINDS:
            # At ten million pairs of 64 bits are near by chance in their hundreds of thousands.
            if bits == 256 or size <= max(SIZES):
                print(f"{size} hashes of {bits} bits", file=sys.stderr)
                with_peers = size <= options.most_for_peers
                result["hashes"].append(
                    among_hashes(size, bits, most, with_peers=with_peers, peers=options.peers)
                )
    if options.pictures:
        with tempfile.TemporaryDirectory() as name:
            folder = options.catalog or Path(name) / "catalog"
            result["pictures"] = among_pictures(folder, options.pictures)
    result["passed"] = all(
        one["recall"] >= LEAST_RECALL
        for row in result["hashes"]
        for one in row["all_pairs"]
        if one["name"] == "photodesk"
    )
    print(json.dumps(result) if options.json else as_text(result))
    return 0 if result["passed"] else 1


def as_text(result: Json) -> str:
    """The figures as tables in Markdown."""
    lines = [
        "| hashes | bits, at most | all pairs by | s | CPU s | peak MB | pairs | recall |",
        "|---:|---|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['hashes']:,} | {row['bits']}, {row['most_bits']} | {one['name']} | {one['seconds']:.2f} "
        f"| {one['cpu_seconds'] or math.nan:.2f} | {one['peak_mb']} | {one['pairs']:,} | {down(one['recall'])} |"
        for row in result["hashes"]
        for one in row["all_pairs"]
    ]
    lines += ["", "| hashes | bits, at most | one query by | ms | recall |", "|---:|---|---|---:|---:|"]
    lines += [
        f"| {row['hashes']:,} | {row['bits']}, {row['most_bits']} | {one['name']} | {one['ms']:.3f} "
        f"| {down(one['recall'])} |"
        for row in result["hashes"]
        for one in row["queries"]
    ]
    pictures = result["pictures"]
    if pictures:
        lines += ["", f"{pictures['pictures']:,} pictures with {pictures['features']:,} features", ""]
        lines += ["| what | figure |", "|---|---:|"]
        lines += [f"| {name} | {figure} |" for name, figure in pictures["figures"].items()]
    return "\n".join(lines)


def down(share: float) -> str:
    """A share, rounded down, so that 1.000 is all."""
    return f"{math.floor(1000 * share) / 1000:.3f}"
