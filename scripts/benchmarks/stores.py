"""Measure the catalog: what adding, opening, one look-up and a search of texts cost, the more records there are.

Beside it stand TinyDB's own storage, sqlite3 and a file of JSON lines, with the same records in the same run. The
exit code is 1 where adding to the largest catalog costs more than half as much again as to the smallest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import re
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from tinydb import TinyDB, where

from catalog.index.text_index import TextIndex
from catalog.lookup.text_search import TextSearch
from catalog.model import AssetRecord, UsageRecord
from catalog.store.base import fold_text
from catalog.store.catalog import open_store

SIZES = (1000, 10_000, 100_000, 300_000)

# Usages of each asset, as in a catalog of republished pictures.
USES = 3

# Records that are written, and acknowledged, together.
BATCH = 100
TIMED_BATCHES = 10
LOOK_UPS = 200

# TinyDB rewrites its file for each batch: beyond this it takes hours.
MOST_FOR_TINYDB = 10_000

MOST_GROWTH = 1.5

Record = dict[str, Any]


class Kept(Protocol):
    """A way to keep records of usages."""

    def add(self, usages: Sequence[Record]) -> None:
        """Write some, so that they are on the disk when this returns."""

    def uses_of(self, asset: str) -> int:
        """How many usages an asset has."""

    def saying(self, word: str) -> int:
        """How many usages have a word in their caption."""

    def finish(self) -> None:
        """What is done once after many were added."""

    def close(self) -> None:
        """Let go of the file."""


class _Photodesk:
    """The catalog, assets and usages."""

    def __init__(self, path: Path) -> None:
        self._store = open_store(path)
        self._words = TextIndex(path / "derived")

    def add(self, usages: Sequence[Record]) -> None:
        with self._store.batch():
            for usage in usages:
                if usage["is_first"]:
                    self._store.put_asset(AssetRecord.from_json({**ASSET, "sha256": usage["asset"]}))
                self._store.put_usage(UsageRecord.from_json(usage))

    def uses_of(self, asset: str) -> int:
        return len(self._store.usages_of_asset(asset))

    def saying(self, word: str) -> int:
        return sum(1 for _ in TextSearch(self._store, word, self._words).usages())

    def finish(self) -> None:
        # As a harvest does at its end.
        self._words.update(self._store)

    def close(self) -> None:
        self._store.close()


class _TinyDB(Kept):
    """TinyDB with its own storage."""

    def __init__(self, path: Path) -> None:
        self._db = TinyDB(path)

    def add(self, usages: Sequence[Record]) -> None:
        self._db.insert_multiple(usages)

    def uses_of(self, asset: str) -> int:
        return self._db.count(where("asset") == asset)

    def saying(self, word: str) -> int:
        return self._db.count(where("caption").test(lambda caption: word in fold_text(caption)))

    def close(self) -> None:
        self._db.close()


class _Sqlite(Kept):
    """sqlite3 with a write-ahead log, synchronous at each batch, an index over the assets."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute(
            "create table if not exists usages (key text primary key, asset text, caption text, rest text)"
        )
        self._db.execute("create index if not exists by_asset on usages (asset)")

    def add(self, usages: Sequence[Record]) -> None:
        rows = [(one["key"], one["asset"], one["caption"], json.dumps(one)) for one in usages]
        with self._db:
            self._db.executemany("insert or replace into usages values (?, ?, ?, ?)", rows)

    def uses_of(self, asset: str) -> int:
        found = self._db.execute("select rest from usages where asset = ?", (asset,)).fetchall()
        return len([json.loads(rest) for (rest,) in found])

    def saying(self, word: str) -> int:
        return sum(
            word in fold_text(caption) for (caption,) in self._db.execute("select caption from usages")
        )

    def close(self) -> None:
        self._db.close()


class _JsonLines(Kept):
    """A file that is appended to, and read whole into memory."""

    def __init__(self, path: Path) -> None:
        self._by_asset: dict[str, list[Record]] = defaultdict(list)
        self._file = path.open("a+b")
        self._file.seek(0)
        for line in self._file:
            self._note(json.loads(line))

    def _note(self, usage: Record) -> None:
        self._by_asset[usage["asset"]].append(usage)

    def add(self, usages: Sequence[Record]) -> None:
        self._file.write(b"".join(json.dumps(usage).encode() + b"\n" for usage in usages))
        self._file.flush()
        os.fsync(self._file.fileno())
        for usage in usages:
            self._note(usage)

    def uses_of(self, asset: str) -> int:
        return len(self._by_asset[asset])

    def saying(self, word: str) -> int:
        return sum(word in fold_text(usage["caption"]) for uses in self._by_asset.values() for usage in uses)

    def close(self) -> None:
        self._file.close()


CONTENDERS: dict[str, Callable[[Path], Kept]] = {
    "photodesk": _Photodesk,
    "sqlite3": _Sqlite,
    "JSON lines": _JsonLines,
    "TinyDB": _TinyDB,
}

ASSET: Record = {
    "length": 187_000,
    "format": "JPEG",
    "width": 1200,
    "height": 800,
    "mode": "RGB",
    "fingerprints": {"phash64": "8f3c1e0ba5d49c27", "dhash64": "d994a869b56df3ca", "phash256": "92bb" * 16},
    "embedded": {"caption": {"text": "As the agency describes it, at some length.", "field": "iptc 2:120"}},
    "original": "5f/5f.jpg",
    "first_seen": "2026-01-01T00:00:00Z",
}


def asset_of(number: int) -> str:
    """The asset of a usage's number."""
    return hashlib.sha256(str(number // USES).encode()).hexdigest()


def usage(number: int) -> Record:
    """One record of some 1.3 kB."""
    site = f"site-{number % 120}.example"
    return {
        "key": hashlib.sha256(f"usage {number}".encode()).hexdigest()[:32],
        "page": f"https://{site}/2025/08/{number}/",
        "site": site,
        "url": f"https://{site}/wp-content/uploads/2025/08/picture-{number}-1200x800.jpg",
        "variants": [
            f"https://{site}/wp-content/uploads/2025/08/picture-{number}-{width}.jpg" for width in (300, 768)
        ],
        "role": "featured",
        "alt": "Kim at the ceremony",
        "caption": f"What can be seen in picture {number}, as the agency describes it, at some length. (Photo: KCNA)",
        "credit": "KCNA",
        "credit_field": "caption",
        "published": "2025-08-01T00:00:00Z",
        "asset": asset_of(number),
        "first_seen": "2026-01-01T00:00:00Z",
        "last_seen": "2026-01-01T00:00:00Z",
        "is_first": number % USES == 0,
    }


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench stores", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="records")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    sizes = sorted(options.sizes)
    figures = {name: measured(name, sizes) for name in CONTENDERS}
    ours = figures["photodesk"]
    growth = ours[-1]["add_cpu_us"] / ours[0]["add_cpu_us"]
    result = {"contenders": figures, "growth": round(growth, 2), "passed": growth <= MOST_GROWTH}
    print(json.dumps(result) if options.json else as_text(result))
    return 0 if result["passed"] else 1


def measured(name: str, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """One contender at every size; each step in a process of its own, so that memory can be told."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept"
        filled = 0
        for size in sizes:
            if name == "TinyDB" and size > MOST_FOR_TINYDB:
                break
            _fresh(_fill, name, path, filled, size)
            filled = size + BATCH * TIMED_BATCHES
            found.append({"records": size, **_fresh(_ask, name, path, size)})
    return found


def _fresh(work: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _fill(name: str, path: Path, first: int, end: int) -> None:
    kept = CONTENDERS[name](path)
    # TinyDB writes its file anew for each batch: one is enough.
    step = end - first if name == "TinyDB" else BATCH
    for start in range(first, end, step):
        kept.add([usage(number) for number in range(start, min(end, start + step))])
    kept.finish()
    kept.close()


def _ask(name: str, path: Path, size: int) -> dict[str, float]:
    """Opening, then look-ups, a search and adding, in a process that has done nothing else."""
    before = _memory()
    clock, cpu = time.perf_counter(), time.process_time()
    kept = CONTENDERS[name](path)
    opened, opened_cpu = time.perf_counter() - clock, time.process_time() - cpu
    kept.uses_of(asset_of(0))
    clock = time.perf_counter()
    for number in range(LOOK_UPS):
        kept.uses_of(asset_of(number * 7919 % size))
    look_up = (time.perf_counter() - clock) / LOOK_UPS
    clock = time.perf_counter()
    found = kept.saying(f"picture {size // 2},".split()[1])
    search = time.perf_counter() - clock
    if not found:
        raise AssertionError(f"{name} does not find picture {size // 2}")
    batches = [
        [usage(size + BATCH * batch + number) for number in range(BATCH)] for batch in range(TIMED_BATCHES)
    ]
    cpu = time.process_time()
    for batch in batches if name != "TinyDB" else batches[:1]:
        kept.add(batch)
    written = BATCH * (TIMED_BATCHES if name != "TinyDB" else 1)
    adding = (time.process_time() - cpu) / written
    cpu = time.process_time()
    kept.finish()
    finishing = (time.process_time() - cpu) / written
    memory = _memory() - before
    kept.close()
    return {
        "open_seconds": round(opened, 3),
        "open_cpu_seconds": round(opened_cpu, 3),
        "look_up_ms": round(1000 * look_up, 3),
        "search_seconds": round(search, 3),
        "add_cpu_us": round(1e6 * adding, 1),
        "finish_cpu_us": round(1e6 * finishing, 1),
        "memory_mb": round(memory / 1e6, 1),
        "file_mb": round(_size(path) / 1e6, 1),
    }


def _memory() -> int:
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return 1024 * int(found[1]) if found else 0


def _size(path: Path) -> int:
    return sum(one.stat().st_size for one in path.rglob("*")) if path.is_dir() else path.stat().st_size


def as_text(result: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        "| records | kept in | add, CPU µs | at the end, CPU µs | open, s | look-up, ms | search, s | memory, MB "
        "| file, MB |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    rows = [(row["records"], name, row) for name, rows in result["contenders"].items() for row in rows]
    for records, name, row in sorted(rows, key=lambda one: one[0]):
        lines.append(
            f"| {records:,} | {name} | {row['add_cpu_us']:.0f} | {row['finish_cpu_us']:.0f} "
            f"| {row['open_seconds']:.2f} | {row['look_up_ms']:.2f} | {row['search_seconds']:.3f} "
            f"| {row['memory_mb']:.0f} | {row['file_mb']:.0f} |"
        )
    lines += ["", f"Adding to the largest costs {result['growth']:.2f} times what it costs in the smallest."]
    return "\n".join(lines)
