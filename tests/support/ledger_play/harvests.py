"""A harvest in this process, as quick as it can be had: no workers to start, no pauses, no waiting for the disk.

What a kill leaves is what lies on the disk at some moment. So the catalog's folder is copied at that moment, the
harvest is ended, and its folder is thrown away: the copy is what `kill -9` would have left.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, ClassVar, Self
from unittest import mock

from servers import Request
from wordpress.server import Face

from assets import Failure, HarvestWorkers, Inspector, Limits, Picture, Politeness, RunHere
from assets.originals import batching
from assets.pictures import inspect_task
from catalog.harvest import Harvest, HarvestOptions
from catalog.harvest import collector as collecting
from catalog.harvest.collector import HarvestSummary
from catalog.store import open_catalog

# Patience for a server in this very loop; one attempt, since what fails here fails until it is told not to.
LIMITS = Limits(attempts=1, backoff_seconds=0.0)

# Small batches, so that a kill lies between many of them; none is written for time that went by.
RESULTS_PER_BATCH = 4
SECONDS_PER_BATCH = 3600.0

# Few tasks to start, and none that waits for company: a small site has no use for more.
JOBS_AT_ONCE = 4
SECONDS_TOGETHER = 0.0


# The options of a harvest that compares every picture's file again, and of one that goes by a list of the day before.
SWEEP: dict[str, Any] = {"check_files": timedelta(0)}
QUICK: dict[str, Any] = {"reconcile": timedelta(days=1)}


class QuickInspector(Inspector):
    """Looks at pictures in this process, and at each file's bytes once."""

    _known: ClassVar[dict[bytes, Picture | Failure]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    async def picture(self, path: Path, address: str) -> Picture | Failure:
        body = path.read_bytes()  # noqa: ASYNC240 - it is in memory
        if body not in self._known:
            self._known[body] = inspect_task.inspect(str(path))
        return self._known[body]


@dataclass(slots=True)
class Ending:
    """When a harvest is to end early: before it is answered for the so-manieth time, or at the so-manieth fsync.

    `kill` loses what is not on the disk, else it is stopped as by Ctrl-C.
    """

    at_request: int = 0
    at_sync: int = 0
    kill: bool = False


@dataclass(slots=True)
class Harvested:
    """What came of a harvest: its summary, None where it was killed, and the requests it made."""

    summary: HarvestSummary | None
    requests: list[Request] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether it came to its end."""
        return self.summary is not None and not self.summary.interrupted


class Harvester:
    """Harvests one site into one catalog again and again."""

    def __init__(self, runner: asyncio.Runner, face: Face, folder: Path, connections: int = 1) -> None:
        self._runner = runner
        self._face = face
        self.catalog = folder / "catalog"
        self._copy = folder / "copy"
        self._politeness = Politeness(
            pause_seconds=0,
            connections=connections,
            connections_per_host=connections,
            allow_addresses=frozenset({face.host_port}),
        )

    def harvest(
        self, source: str, ending: Ending | None = None, more: Mapping[str, Any] = MappingProxyType({})
    ) -> Harvested:
        """One harvest of an address or a file, with more options."""
        self._face.requests.clear()
        return self._runner.run(self._harvest(source, ending or Ending(), more))

    async def _harvest(self, source: str, ending: Ending, more: Mapping[str, Any]) -> Harvested:
        options = HarvestOptions(politeness=self._politeness, limits=LIMITS, workers=1, **more)
        async with self._face.answering():
            with open_catalog(self.catalog) as opened:
                workers = HarvestWorkers(QuickInspector(1), RunHere(), RunHere())
                harvest = Harvest(opened, options, workers=workers)
                with self._ended_early(ending, harvest):
                    summary = await harvest.run([source], io.BytesIO())
        is_killed = self._copy.exists()
        if is_killed:
            shutil.rmtree(self.catalog)
            self._copy.rename(self.catalog)
        return Harvested(None if is_killed else summary, list(self._face.requests))

    @contextmanager
    def _ended_early(self, ending: Ending, harvest: Harvest) -> Iterator[None]:
        """Have the harvest end where it is to; fsync is counted and not done."""
        counts = {"requests": 0, "syncs": 0}
        before, loop = self._face.before, asyncio.get_running_loop()
        thread = threading.current_thread()

        def end() -> None:
            if ending.kill and not self._copy.exists():
                _copy_catalog(self.catalog, self._copy)
            loop.call_soon(harvest.stop)

        def before_answer(request: Request) -> None:
            counts["requests"] += 1
            if counts["requests"] == ending.at_request:
                end()
            if before is not None:
                before(request)

        def sync(_descriptor: int) -> None:
            # What is kept in threads meanwhile is not known before the loop's own thread has written it.
            if threading.current_thread() is not thread:
                return
            counts["syncs"] += 1
            if counts["syncs"] == ending.at_sync:
                end()

        self._face.before = before_answer
        try:
            with mock.patch.object(os, "fsync", sync), mock.patch.object(os, "fdatasync", sync):
                yield
        finally:
            self._face.before = before


def _copy_catalog(catalog: Path, copy: Path) -> None:
    """Copy records before originals: threads may add to these meanwhile, which are kept before records tell of them."""
    copy.mkdir()
    for path in sorted(catalog.iterdir(), key=lambda path: path.is_dir()):
        if path.is_dir():
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("incoming"))
        else:
            shutil.copy2(path, copy / path.name)


@contextmanager
def small_batches() -> Iterator[None]:
    """Have harvests write often, and at moments that no clock decides."""
    with (
        mock.patch.object(collecting, "RESULTS_PER_BATCH", RESULTS_PER_BATCH),
        mock.patch.object(collecting, "SECONDS_PER_BATCH", SECONDS_PER_BATCH),
        mock.patch.object(collecting, "JOBS_AT_ONCE", JOBS_AT_ONCE),
        mock.patch.object(batching, "SECONDS_TOGETHER", SECONDS_TOGETHER),
    ):
        yield


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the system has such, removed at the end."""
    memory = Path("/dev/shm")  # noqa: S108 - it is made for this
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)
