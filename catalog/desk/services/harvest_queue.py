"""Harvests that the desk runs: one at a time, the others queued, each to be watched and cancelled."""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

from assets import AssetsError, Progress
from catalog.desk import DeskSettings, busy, not_found
from catalog.desk.services.background_comparison import Comparing
from catalog.desk.services.background_tasks import begin, lines_of
from catalog.desk.services.catalog_view import View
from catalog.desk.services.failure_texts import failure_record
from catalog.errors import CatalogError, CatalogLocked
from catalog.harvest import Harvest, HarvestOptions, HarvestSummary, now_text
from catalog.index import study_missing
from catalog.model import Json
from catalog.store import Catalog, open_catalog

MOST_QUEUED = 20
MOST_REMEMBERED = 100

# While another process writes, the next harvest waits; it looks so often whether it may begin.
RETRY_SECONDS = 1.0

# A line without meaning now and then tells a browser, and what lies between, that the connection is alive.
HEARTBEAT_SECONDS = 15.0

END_SECONDS = 10.0

logger = logging.getLogger(__name__)


class JobState(StrEnum):
    """How far a harvest is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPARING = "comparing"
    DONE = "done"
    SOME_FAILED = "done with failures"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (JobState.DONE, JobState.SOME_FAILED, JobState.FAILED, JobState.CANCELLED)


@dataclass(slots=True)
class Job:
    """One harvest: what was asked, how far it is, what came of it, and which addresses failed first."""

    id: str
    inputs: tuple[str, ...]
    since: str
    limit: int | None
    asked: str
    state: JobState = JobState.QUEUED
    detail: str = ""
    progress: Json = field(default_factory=dict)
    summary: Json | None = None
    failures: list[Json] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    harvest: Harvest | None = None
    cancelled: bool = False

    def to_json(self) -> Json:
        """The harvest as the API tells it."""
        return {
            "id": self.id,
            "inputs": list(self.inputs),
            "since": self.since or None,
            "limit": self.limit,
            "asked": self.asked,
            "state": self.state.value,
            "detail": self.detail,
            "progress": self.progress,
            "summary": self.summary,
            "failures": self.failures,
        }

    def tell(self, state: JobState | None = None, detail: str | None = None) -> None:
        """Note something new and wake who watches."""
        self.state = self.state if state is None else state
        self.detail = self.detail if detail is None else detail
        self.changed.set()
        self.changed = asyncio.Event()


class Harvests:
    """The queue of harvests; an async context manager that works it off while its block runs."""

    def __init__(self, view: View, comparing: Comparing, settings: DeskSettings) -> None:
        self._view = view
        self._comparing = comparing
        self._settings = settings
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queue: asyncio.Queue[Job] = asyncio.Queue(MOST_QUEUED)
        self._runner: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def __aenter__(self) -> Self:
        self._runner = begin(self._work(), "the queue of harvests")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The harvest that runs ends with everything kept, and no other is started.
        for job in self._jobs.values():
            self.cancel(job.id)
        if self._runner is not None:
            # A harvest that was stopped ends by itself, with all that it brought in written.
            with suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await self._idle.wait()
            self._runner.cancel()
            with suppress(asyncio.CancelledError):
                await self._runner

    @property
    def all(self) -> list[Job]:
        """Every harvest that is remembered, the latest first."""
        return list(reversed(self._jobs.values()))

    @property
    def current(self) -> Job | None:
        """The harvest that runs or waits next."""
        return next((job for job in self._jobs.values() if job.state not in ENDED), None)

    def get(self, id: str) -> Job:  # noqa: A002
        """A harvest by its id."""
        job = self._jobs.get(id)
        if job is None:
            raise not_found(f"{id}: no such harvest")
        return job

    def add(self, inputs: tuple[str, ...], since: str, limit: int | None) -> Job:
        """Queue a harvest."""
        job = Job(secrets.token_urlsafe(9), inputs, since, limit, now_text())
        try:
            self._queue.put_nowait(job)
        except asyncio.QueueFull:
            raise busy(f"{MOST_QUEUED} harvests are waiting already") from None
        self._jobs[job.id] = job
        for id, old in list(self._jobs.items()):  # noqa: A001
            if len(self._jobs) > MOST_REMEMBERED and old.state in ENDED:
                del self._jobs[id]
        return job

    def cancel(self, id: str) -> Job:  # noqa: A002
        """End a harvest; what it brought in is kept."""
        job = self.get(id)
        if job.state in ENDED:
            return job
        job.cancelled = True
        if job.harvest is not None:
            job.harvest.stop()
        if job.state is JobState.QUEUED:
            job.tell(JobState.CANCELLED, "")
        return job

    async def watch(self, job: Job) -> AsyncIterator[Json | None]:
        """The harvest each time something changes, until it has ended; None when nothing did for a while."""
        while True:
            changed = job.changed
            yield job.to_json()
            if job.state in ENDED:
                return
            while True:
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
                    break
                except TimeoutError:
                    yield None

    async def _work(self) -> None:
        while True:
            job = await self._queue.get()
            if job.state is not JobState.QUEUED:
                continue
            self._idle.clear()
            try:
                await self._run_when_free(job)
            except (AssetsError, CatalogError) as error:
                job.tell(JobState.FAILED, str(error))
                logger.warning("harvest %s failed: %r", job.id, error)
            # The edge of one harvest: the next one must run, and the visitor must learn what happened.
            except Exception as error:
                job.tell(JobState.FAILED, f"{type(error).__name__}: {error}")
                logger.warning("harvest %s failed: %r\n%s", job.id, error, lines_of(error))
            self._idle.set()
            self._view.refresh(at_once=True)
            self._view.recount()

    async def _run_when_free(self, job: Job) -> None:
        while not job.cancelled:
            try:
                opened = await asyncio.to_thread(open_catalog, self._settings.catalog)
            except CatalogLocked as error:
                job.tell(detail=f"waiting: {error}")
                await asyncio.sleep(RETRY_SECONDS)
                continue
            with opened as catalog:
                # A large catalog takes seconds to open, and somebody may have thought better of it.
                if not job.cancelled:
                    await self._run(job, catalog)
            return

    async def _run(self, job: Job, catalog: Catalog) -> None:
        options = HarvestOptions(
            since=job.since,
            limit=job.limit,
            workers=self._settings.workers,
            politeness=self._settings.politeness,
            limits=self._settings.limits,
        )

        def report(progress: Progress) -> None:
            job.progress = asdict(progress)
            job.tell()

        job.harvest = Harvest(catalog, options, report)
        job.tell(JobState.RUNNING, "")
        summary = await job.harvest.run(job.inputs, io.BytesIO())
        job.harvest = None
        job.summary = summary.to_json()
        job.failures = [failure_record(one) for one in summary.failures]
        job.tell(JobState.COMPARING)
        await self._compare(job, catalog)
        job.tell(JobState.CANCELLED if job.cancelled else _end_of(summary))

    async def _compare(self, job: Job, catalog: Catalog) -> None:
        """Look the new pictures up among the others, so that the clusters show them."""
        workers = self._settings.workers

        def report(done: int, wanted: int) -> None:
            job.progress = {"stage": "comparing", "done": done, "total": wanted}
            job.tell()

        await study_missing(catalog, workers=workers)
        if not job.cancelled:
            await self._comparing.compare_new(catalog, report)


def _end_of(summary: HarvestSummary) -> JobState:
    """How a harvest ended that came to its end: the command's code is 1 for the last two."""
    if not summary.failed:
        return JobState.DONE
    return JobState.SOME_FAILED if summary.fetched or summary.unchanged else JobState.FAILED
