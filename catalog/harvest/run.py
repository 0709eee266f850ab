"""A harvest: every input read, every picture collected, every use written to the catalog.

What is written to the store in one batch is acknowledged: a run that is killed goes on where the last batch ended,
and asks no acknowledged address again.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import BinaryIO

from assets import (
    DocumentReader,
    Downloader,
    Failure,
    Fetch,
    HarvestWorkers,
    Inspector,
    KnownSite,
    Limits,
    LiveOptions,
    LivePart,
    LiveReader,
    Notice,
    Pipeline,
    PipelineOptions,
    Politeness,
    PostGone,
    PostMoved,
    Progress,
    Reading,
    Reason,
    SiteRead,
    StrayAnswered,
    is_web_address,
    read_documents,
    read_documents_apart,
    read_sources,
    site_key,
)
from catalog.harvest.collector import Collector
from catalog.harvest.known_site import is_recent, known_page, known_site, list_again
from catalog.harvest.ledger import Ledger
from catalog.harvest.pauses import Pauses
from catalog.harvest.results import notice_of
from catalog.harvest.summary import HarvestSummary
from catalog.index import FeatureStore, IndexUpdater, TextIndex
from catalog.store import CATALOG_MARKS, Catalog

# Live addresses read at once, for each connection: each is another site, and has none while it pauses, which is more
# than half of its time, or while what it answered is read. What is known of each lies in memory meanwhile.
SITES_PER_CONNECTION = 4

# Often enough to look alive, seldom enough to cost nothing.
SECONDS_BETWEEN_REPORTS = 0.2


@dataclass(frozen=True, slots=True)
class HarvestOptions:
    """What to read and how to ask. `workers` 0 means one decode process a core.

    `types` are the types of posts to read, all without any. `reconcile` is how long a site's whole list may be old
    before it is gone through again, None for always; `check_files` how long ago its pictures' files may have been
    compared with those that are kept, None for ever.
    """

    since: str = ""
    limit: int | None = None
    types: tuple[str, ...] = ()
    reconcile: timedelta | None = None
    check_files: timedelta | None = None
    base_url: str = ""
    originals: bool = False
    workers: int = 0
    politeness: Politeness = field(default_factory=Politeness)
    limits: Limits = field(default_factory=Limits)

    @property
    def lifted(self) -> frozenset[str]:
        """Reasons for which an address failed that hold no longer."""
        ignored = () if self.politeness.respect_robots_tag else (Reason.ROBOTS_TAG.value,)
        return frozenset(ignored)


async def plan(
    inputs: Sequence[str], stdin: BinaryIO, options: HarvestOptions
) -> AsyncIterator[Reading | Failure | Notice]:
    """What a harvest would read and fetch; asks live addresses for their pages, nobody for a picture."""
    local = [text for text in inputs if not is_web_address(text)]
    for part in read_documents(read_sources(local, stdin, options.base_url, CATALOG_MARKS)):
        yield part
    live = [text for text in inputs if is_web_address(text)]
    if not live:
        return
    async with Downloader(options.politeness, options.limits) as downloader:
        notices: list[Notice] = []
        reader = LiveReader(
            downloader, LiveOptions(options.since, options.limit, options.types), partial(_note, notices)
        )
        for address in live:
            async for found in reader.read(address):
                if isinstance(found, Reading):
                    yield await reader.resolve(found)
                elif isinstance(found, Failure | Notice):
                    yield found
            for notice in notices:
                yield notice
            notices.clear()


def _note(notices: list[Notice], fetch: Fetch) -> None:
    """Take note of what a document was read in spite of."""
    if (notice := notice_of(fetch)) is not None:
        notices.append(notice)


class Harvest:
    """One run over inputs into a catalog; `run` does it, `stop` ends it early with everything kept.

    `workers` whose processes have been started already are taken over.
    """

    def __init__(
        self,
        catalog: Catalog,
        options: HarvestOptions,
        report: Callable[[Progress], None] = lambda _progress: None,
        workers: HarvestWorkers | None = None,
    ) -> None:
        self._workers = workers or HarvestWorkers(Inspector(options.workers))
        self._catalog = catalog
        self._store = catalog.records
        self._options = options
        self._report = report
        self._summary = HarvestSummary()
        self._started = time.monotonic()
        self._current = ""
        self._is_reading = True
        self._task: asyncio.Task[None] | None = None

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._summary.interrupted

    def stop(self) -> None:
        """End the run as soon as possible; what is done is kept."""
        self._summary.interrupted = True
        if self._task is not None:
            self._task.cancel()

    async def run(self, inputs: Sequence[str], stdin: BinaryIO) -> HarvestSummary:
        """Read the inputs, collect their pictures, and say what came of it."""
        with self._store.batch():
            ledger = Ledger(self._store, inputs_key(inputs, self._options), inputs)
        self._task = asyncio.create_task(self._work(ledger, inputs, stdin))
        try:
            await self._task
        except asyncio.CancelledError:
            if not self.stopping:
                raise
        self._summary.seconds = round(time.monotonic() - self._started, 3)
        with self._store.batch():
            ledger.note_end(self._summary.to_json(), finished=not self.stopping)
        if not self.stopping:
            # In a thread, so that a signal is heard.
            await asyncio.to_thread(TextIndex(self._catalog.derived).update, self._store, self._tell_of_texts)
        return self._summary

    async def _work(self, ledger: Ledger, inputs: Sequence[str], stdin: BinaryIO) -> None:
        options = PipelineOptions(
            self._catalog.originals,
            self._options.politeness,
            self._options.limits,
            self._options.workers,
        )
        derived = self._catalog.derived
        with self._catalog.writing_derived(), FeatureStore(derived, read_only=False) as feature_store:
            async with IndexUpdater(derived, feature_store, lambda: self._summary.assets_new):
                await self._collect(options, ledger, feature_store, inputs, stdin)

    async def _collect(
        self,
        options: PipelineOptions,
        ledger: Ledger,
        feature_store: FeatureStore,
        inputs: Sequence[str],
        stdin: BinaryIO,
    ) -> None:
        async with (
            Pipeline(options, ledger.is_known, self._workers.pictures) as pipeline,
            Collector(self._store, ledger, feature_store, pipeline, self._summary) as collector,
            self._workers.pages,
            self._workers.files,
        ):
            collector.takes_uploads = self._options.originals
            collector.pauses = Pauses(
                self._store, self._options.lifted, asks_all=self._options.check_files == timedelta(0)
            )
            live = LiveOptions(
                self._options.since,
                self._options.limit,
                self._options.types,
                self._known_site,
                self._known_page,
            )
            reader = LiveReader(
                pipeline.downloader, live, collector.note_document, DocumentReader(self._workers.pages)
            )
            files = DocumentReader(self._workers.files)
            gate = asyncio.Semaphore(SITES_PER_CONNECTION * self._options.politeness.connections)
            ticker = asyncio.create_task(self._tell_regularly())
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._read_local(inputs, stdin, files, reader, collector))
                    for address in dict.fromkeys(text for text in inputs if is_web_address(text)):
                        group.create_task(self._read_live(address, reader, collector, gate))
                self._is_reading = False
                await collector.finish()
            except ExceptionGroup as group_error:
                # One cause is enough to tell: the others are cancelled readers.
                raise group_error.exceptions[0] from None
            finally:
                ticker.cancel()

    async def _read_local(
        self,
        inputs: Sequence[str],
        stdin: BinaryIO,
        files: DocumentReader,
        reader: LiveReader,
        collector: Collector,
    ) -> None:
        local = [text for text in inputs if not is_web_address(text)]
        found = read_sources(local, stdin, self._options.base_url, CATALOG_MARKS)
        async for part in read_documents_apart(found, files):
            await self._take(part, reader, collector)

    async def _read_live(
        self, address: str, reader: LiveReader, collector: Collector, gate: asyncio.Semaphore
    ) -> None:
        async with gate:
            async for part in reader.read(address):
                await self._take(part, reader, collector, address)

    def _known_site(self, api_root: str) -> KnownSite:
        return known_site(self._store, api_root, self._options.reconcile, datetime.now(UTC))

    def _known_page(self, address: str) -> str:
        return known_page(self._store, address, datetime.now(UTC))

    async def _take(
        self, part: LivePart, reader: LiveReader, collector: Collector, address: str = ""
    ) -> None:
        """Have a part of what was read taken; `address` is the live one that it was read of."""
        if isinstance(part, Failure):
            collector.note_failure(part, address)
        elif isinstance(part, Notice):
            self._summary.note(part)
        elif isinstance(part, Reading):
            reading = await reader.resolve(part)
            self._current = reading.page.url or reading.page.source
            await collector.take(reading)
        elif isinstance(part, PostMoved):
            collector.note_moved(part)
        elif isinstance(part, PostGone):
            collector.note_gone(part)
        elif isinstance(part, StrayAnswered):
            collector.note_stray(part)
        else:
            await self._ask_again(part, collector)

    async def _ask_again(self, site: SiteRead, collector: Collector) -> None:
        """Take up what failed on the site's pages that are as they were, and see to their files when it is time."""
        now, state, options = (
            datetime.now(UTC),
            self._store.site_state(site_key(site.api_root)),
            self._options,
        )
        listed = state.listed if state is not None else ""
        is_quick = not site.is_whole and is_recent(listed, options.reconcile, now)
        self._summary.note_site(site, listed if is_quick else "")
        checked = state.files_checked if state is not None else ""
        all_files = options.check_files is not None and not is_recent(checked, options.check_files, now)
        collector.write()
        for usage in list_again(self._store, site.api_root, now, all_files=all_files, lifted=options.lifted):
            await collector.take_again(usage)
        collector.note_site(replace(site, are_files_checked=all_files))

    def _tell_of_texts(self, done: int, wanted: int) -> None:
        """Of a large catalog the first reading of its texts takes a minute."""
        self._report(Progress("texts", references=wanted, settled=done))

    async def _tell_regularly(self) -> None:
        while True:
            self._tell()
            await asyncio.sleep(SECONDS_BETWEEN_REPORTS)

    def _tell(self) -> None:
        summary = self._summary
        self._report(
            Progress(
                "harvest",
                pages=summary.pages,
                references=summary.references,
                settled=summary.settled,
                is_reading=self._is_reading,
                done=summary.fetched + summary.unchanged,
                failed=summary.failed,
                bytes=summary.bytes,
                elapsed_seconds=time.monotonic() - self._started,
                current=self._current,
            )
        )


def inputs_key(inputs: Sequence[str], options: HarvestOptions) -> str:
    """What makes two runs the same work: their inputs and what they take from them."""
    parts = [
        *inputs,
        *options.types,
        options.since,
        str(options.limit),
        options.base_url,
        str(options.originals),
    ]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]
