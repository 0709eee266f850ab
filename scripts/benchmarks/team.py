"""Measure a team's catalog: many processes write one database, somebody decides meanwhile, uses are asked for.

ADDRESS names an empty, migrated catalog of PostgreSQL, which is filled. Each writer writes batches of usages through
`write_batch`, as a harvest does, on pages of its own and, once in twenty, on one page that all share; one writer's
records a second come first, then those of several at once. Decisions are made while four write. The exit code is 1
where a figure is beyond its limit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from catalog.model import AssetRecord, DecisionRecord, UsageRecord, decision_key
from catalog.store import Store, open_catalog

BATCH = 100
BATCHES_BETWEEN_SHARED = 20
SECONDS = 8.0
DECISIONS = 200
LOOK_UPS = 1_000
WRITERS_AT_A_DECISION = 4

# Limits: the 99th of a hundred decisions, the median of uses of one asset, what many writers do beside one.
MOST_DECISION_MS = 300.0
MOST_USES_MS = 1.0
LEAST_TIMES = 2.0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench team", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", metavar="ADDRESS", help="postgresql://…")
    parser.add_argument("--writers", type=int, default=16, metavar="N", help="at once (default: 16)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(argv)
    figures = measured(options.address, options.writers)
    if options.json:
        print(json.dumps(figures))
    else:
        print("| figure | |\n|---|---:|")
        for name, value in figures.items():
            print(f"| {name} | {value:,.2f} |")
    beyond = [
        name
        for name, is_within in (
            ("a decision while four write, p99 ms", lambda value: value <= MOST_DECISION_MS),
            ("uses of an asset, median ms", lambda value: value <= MOST_USES_MS),
            ("times one writer's records", lambda value: value >= LEAST_TIMES),
        )
        if not is_within(figures[name])
    ]
    for name in beyond:
        print(f"beyond its limit: {name}", file=sys.stderr)
    return 1 if beyond else 0


def measured(address: str, writers: int) -> dict[str, float]:
    """Every figure."""
    one = sum(_write_at_once(address, 1))
    many = sum(_write_at_once(address, writers))
    decisions = _decide_while(address, WRITERS_AT_A_DECISION)
    uses = _ask_uses(address)
    return {
        "records a second, one writer": one / SECONDS,
        f"records a second, {writers} writers": many / SECONDS,
        "times one writer's records": many / one,
        "a decision while four write, median ms": float(np.percentile(decisions, 50)),
        "a decision while four write, p99 ms": float(np.percentile(decisions, 99)),
        "uses of an asset, median ms": float(np.percentile(uses, 50)),
        "uses of an asset, p99 ms": float(np.percentile(uses, 99)),
    }


def digest(*parts: object) -> str:
    """A digest that depends on the parts."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def write(address: str, name: str, seconds: float) -> int:
    """Write batches for so long; how many records were acknowledged."""
    written = number = 0
    with open_catalog(address) as catalog:
        store = catalog.records
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            number += 1
            _write_batch(store, name, number)
            written += 2 * BATCH
    return written


def _write_batch(store: Store, name: str, batch: int) -> None:
    def work() -> None:
        for place in range(BATCH):
            sha256 = digest(name, batch, place)
            store.put_asset(AssetRecord(sha256=sha256))
            # Now and then one is of a page that everybody writes.
            is_shared = not place and batch % BATCHES_BETWEEN_SHARED == 0
            page = "https://all.example/" if is_shared else f"https://{name}.example/{batch}/"
            key = f"{page} {place}"
            with store.changing(UsageRecord, key) as row:
                said = row.record or UsageRecord(key=key, page=page, site=f"{name}.example")
                row.record = replace(said, asset=sha256, caption=f"Fishermen mend their nets, {place}")

    store.write_batch(work)


def _write_at_once(address: str, writers: int) -> list[int]:
    with multiprocessing.get_context("spawn").Pool(writers) as pool:
        # All have loaded what they need before any begins.
        pool.starmap(write, [(address, f"warm{number}", 0.0) for number in range(writers)], chunksize=1)
        return pool.starmap(
            write, [(address, f"w{writers}-{number}", SECONDS) for number in range(writers)], chunksize=1
        )


def _decide_while(address: str, writers: int) -> list[float]:
    """Milliseconds of each decision, while so many write."""
    taken = []
    with multiprocessing.get_context("spawn").Pool(writers) as pool:
        pool.starmap(write, [(address, f"warm{number}", 0.0) for number in range(writers)], chunksize=1)
        jobs = [(address, f"d{number}", SECONDS) for number in range(writers)]
        going = pool.starmap_async(write, jobs, chunksize=1)
        with open_catalog(address) as catalog:
            number = 0
            while not going.ready() and number < DECISIONS:
                number += 1
                first, second = digest("first", number), digest("second", number)
                started = time.monotonic()
                key = decision_key(first, second)
                with catalog.records.changing(DecisionRecord, key) as row:
                    row.record = DecisionRecord(
                        key=key, first=first, second=second, decision="same", at="2026-01-01T00:00:00Z"
                    )
                taken.append(1000 * (time.monotonic() - started))
                time.sleep(0.02)
        going.wait()
    return taken


def _ask_uses(address: str) -> list[float]:
    taken = []
    with open_catalog(address, read_only=True) as catalog:
        some = catalog.records.sha256s()[:: max(1, len(catalog.records.sha256s()) // LOOK_UPS)][:LOOK_UPS]
        for sha256 in some:
            started = time.monotonic()
            catalog.records.usages_of_asset(sha256)
            taken.append(1000 * (time.monotonic() - started))
    return taken
