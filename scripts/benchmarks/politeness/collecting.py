"""The pictures of many hosts collected once, by the program that stands first in the path: its own turns and store.

Reads a plan from standard input and prints what it took, both as JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assets import ImageReference, Page, Pipeline, PipelineOptions, Politeness, Reading
from assets.http import ssrf_guard
from assets.originals import LocalOriginals
from catalog.harvest.collector import Collector
from catalog.harvest.ledger import Ledger
from catalog.harvest.summary import HarvestSummary
from catalog.index import FeatureStore
from catalog.store.catalog import open_store

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps a tmpfs for everybody


def read_pages(plan: dict[str, Any]) -> Iterator[Reading]:
    """The pages in their order, each with its pictures."""
    for host, number, pictures in plan["pages"]:
        root = f"http://{host}:{plan['port']}"
        references = tuple(ImageReference(f"{root}/{number}-{one}.png") for one in range(pictures))
        yield Reading(Page(root, url=f"{root}/{number}/", site=host), references)


class Watched(Pipeline):
    """A pipeline that notes when each host gave its last picture."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        super().__init__(PipelineOptions(LocalOriginals(folder / "originals"), Politeness()), ledger.is_known)
        self.last: dict[str, float] = {}

    async def collect(self, url: str, *options: Any, **named: Any) -> Any:  # noqa: ANN401 - as the pipeline has it
        """Collect one picture."""
        collected = await super().collect(url, *options, **named)
        self.last[url.split("/")[2].partition(":")[0]] = time.monotonic()
        return collected


async def collect(plan: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What it took."""
    summary = HarvestSummary()
    with open_store(folder) as store, FeatureStore(folder / "derived", read_only=False) as features:
        with store.batch():
            ledger = Ledger(store, "hosts", ())
        async with Watched(folder, ledger) as pipeline:
            begun, cpu = time.monotonic(), time.process_time()
            async with Collector(store, ledger, features, pipeline, summary) as collector:
                for reading in read_pages(plan):
                    await collector.take(reading)
                await collector.finish()
            seconds = time.monotonic() - begun
            return {
                "seconds": seconds,
                "cpu_seconds": time.process_time() - cpu,
                "peak_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "fetched": summary.fetched,
                "last": {host: at - begun for host, at in pipeline.last.items()},
            }


if __name__ == "__main__":
    # To the program these hosts are strangers' ones: it leaves pauses between requests to them.
    ssrf_guard.is_public = lambda _ip: True
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        print(json.dumps(asyncio.run(collect(json.load(sys.stdin), Path(name)))))
