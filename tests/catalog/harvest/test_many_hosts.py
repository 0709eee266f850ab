"""Pictures of many hosts at the pace that pauses and connections allow: the collector, its queue and the turns.

The clock leaps over what nobody works in, so that only the order of things counts. `scripts/bench hosts` measures the
same over real connections.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import cast

import clocks
import pytest
from benchmarks.hosts import BY_HOST, MIXED, MOST, SLOW, Plan, shortest_seconds

from assets import (
    Collected,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    Picture,
    Pipeline,
    Politeness,
    Reading,
    Validators,
    host_of,
)
from assets.http.throttle import Throttle
from catalog.harvest.collector import Collector
from catalog.harvest.ledger import Ledger
from catalog.harvest.summary import HarvestSummary
from catalog.index import FeatureStore
from catalog.store.embedded import EmbeddedStore

MANNERS = Politeness()


class Network:
    """A pipeline with the program's own turns, whose hosts answer after a while: robots.txt first."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._turns = Throttle(MANNERS.connections, MANNERS.connections_per_host)
        self._rulings: dict[str, asyncio.Task[None]] = {}
        self.last: dict[str, float] = {}

    def closed_seconds(self, host: str) -> float:
        return self._turns.closed_seconds(host)

    def is_refusing(self, host: str) -> bool:
        return self._turns.is_refusing(host)

    async def holds(self, _sha256: str) -> bool:
        return True

    async def _ask(self, host: str) -> None:
        async with self._turns.turn(host, MANNERS.pause_seconds):
            await asyncio.sleep(self._plan.seconds_of(host))

    async def collect(self, address: str, _validators: Validators | None, _referer: str) -> Collected:
        host = host_of(address)
        if host not in self._rulings:
            self._rulings[host] = asyncio.create_task(self._ask(host))
        await asyncio.shield(self._rulings[host])
        await self._ask(host)
        self.last[host] = asyncio.get_running_loop().time()
        sha256 = hashlib.sha256(address.encode()).hexdigest()
        fetch = Fetch(address, Outcome.FETCHED, "2025-08-01T06:00:00Z", sha256=sha256, attempts=1)
        return Collected(fetch, Picture("JPEG", 300, 200), "file")


def collect(plan: Plan, folder: Path) -> tuple[float, float, int]:
    """The seconds that all took, that all but the slow host took, and how many pictures came."""
    network, summary = Network(plan), HarvestSummary()

    async def work() -> float:
        with EmbeddedStore() as store, FeatureStore(folder, read_only=False) as features:
            ledger = Ledger(store, "hosts", ())
            async with Collector(store, ledger, features, cast("Pipeline", network), summary) as collector:
                for host, number, pictures in plan.list_pages():
                    root = f"http://{host}"
                    shown = tuple(ImageReference(f"{root}/{number}-{one}.jpg") for one in range(pictures))
                    await collector.take(Reading(Page(root, url=f"{root}/{number}/", site=host), shown))
                await collector.finish()
                return asyncio.get_running_loop().time()

    seconds = clocks.run(work())
    others = max(at for host, at in network.last.items() if plan.seconds_of(host) == plan.seconds)
    return seconds, others, summary.fetched


# Runs so short that their beginning and their end count say nothing of the order of things.
@pytest.mark.parametrize(
    ("hosts", "pictures", "order"),
    [
        (20, 20, BY_HOST),
        (60, 20, BY_HOST),
        (60, 20, MIXED),
        (60, 20, SLOW),
        (200, 20, BY_HOST),
        (200, 20, SLOW),
        (1000, 4, BY_HOST),
    ],
)
def test_hosts_are_asked_as_quickly_as_manners_allow(
    hosts: int, pictures: int, order: str, tmp_path: Path
) -> None:
    plan = Plan(hosts, order, pictures, 0.1, 2.0)
    seconds, others, fetched = collect(plan, tmp_path)
    assert fetched == hosts * pictures
    assert 0.99 < seconds / shortest_seconds(plan, MANNERS) < MOST
    assert others / shortest_seconds(plan, MANNERS, without_slow=True) < MOST
