"""Collecting the pictures of readings: each address once, each result written in a batch.

What was written is acknowledged. Nothing is taken for done before that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Self

from assets import (
    Collected,
    Failure,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    PageKind,
    Pipeline,
    PostGone,
    PostMoved,
    Reading,
    Reason,
    SiteRead,
    Stage,
    StrayAnswered,
    host_of,
)
from catalog.harvest.job_queue import JOBS_AT_ONCE, Again, HostQueue, Job
from catalog.harvest.known_site import reference_of
from catalog.harvest.ledger import Ledger
from catalog.harvest.page_keys import PagesUnderWay
from catalog.harvest.pauses import Pauses, failure_of_paused
from catalog.harvest.results import (
    TROUBLE,
    Result,
    explain_unreadable,
    is_before,
    is_unchanged,
    may_pass,
    notice_of,
    was_not_asked,
)
from catalog.harvest.summary import HarvestSummary
from catalog.index import FeatureStore
from catalog.model import FetchRecord, UsageRecord
from catalog.store import Store

# One fsync for so many results, or for what came in so many seconds: the most that a kill can cost.
RESULTS_PER_BATCH = 200
SECONDS_PER_BATCH = 0.5

# A page has thousands in a gallery; what else is under way has its turn between.
REFERENCES_AT_ONCE = 100

# After the best address failed, so many other addresses of the same picture are tried.
MAX_OTHER_ADDRESSES = 3

logger = logging.getLogger(__name__)


class _NotAskedYet(Exception):
    """An address was not asked, since its host wants to be left alone for now."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class Collector:
    """Collects what readings refer to; an async context manager that leaves everything done written."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        feature_store: FeatureStore,
        pipeline: Pipeline,
        summary: HarvestSummary,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._feature_store = feature_store
        self._pipeline = pipeline
        self._summary = summary
        self._jobs = HostQueue(pipeline.closed_seconds, pipeline.is_refusing)
        self._pages = PagesUnderWay()
        self._results: dict[str, asyncio.Task[Result] | Result] = {}
        # Kept in order: a page comes before its usages, an asset before what uses it.
        self._pending: list[Callable[[], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._sites: list[SiteRead] = []
        self._paused: dict[str, FetchRecord] = {}
        self.takes_uploads = False
        self.pauses = Pauses(store)

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._work()) for _ in range(JOBS_AT_ONCE)]
        self._tasks.append(asyncio.create_task(self._write_regularly()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        under_way = [task for task in self._results.values() if isinstance(task, asyncio.Task)]
        for task in [*self._tasks, *under_way]:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, *under_way, return_exceptions=True)
        # One error is raised, and the same one ends the task of an address and whoever waits for it.
        died = [end for end in ends if isinstance(end, Exception) and not isinstance(end, _NotAskedYet)]
        others = {id(end): end for end in died if end is not error}
        for other in others.values():
            logger.warning("a part of the harvest died too: %r", other)
        self._jobs.close()
        self.write()

    async def finish(self) -> None:
        """Wait until everything taken is collected and written; raises what stopped a worker, if anything did."""
        waiting = asyncio.create_task(self._jobs.join())
        try:
            await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        # What stops the worker of the last job ends the waiting too.
        for task in self._tasks:
            if task.done():
                task.result()
        for address, fetch in self._paused.items():
            if address not in self._results:
                self._summary.fail(failure_of_paused(fetch))
        for site in self._sites:
            self._write_later(partial(self._ledger.note_site, site))
        self.write()

    # Taking

    async def take(self, reading: Reading) -> None:
        """Have a reading's pictures collected; returns when there is room for more."""
        self._summary.pages += 1
        self._summary.references += len(reading.references)
        for failure in reading.failures:
            self._summary.fail(failure)
        await self._wait_for_room()
        if self._pages.may_begin(reading):
            await self._begin(reading)

    async def take_again(self, usage: UsageRecord) -> None:
        """Have a picture asked for again whose page is as it was."""
        self._summary.references += 1
        await self._wait_for_room()
        self._jobs.put(Again(host_of(usage.url), usage))

    async def _begin(self, reading: Reading) -> None:
        """Write a page, and queue its pictures; what it showed before is on record by then."""
        begun = [reading]
        while begun:
            one = begun.pop()
            await self._queue(one)
            if not one.references:
                self._note_read(one.page, is_settled=one.is_settled)
                begun += self._pages.end(one.page)

    async def _queue(self, reading: Reading) -> None:
        paused = self.pauses.list_paused(reading)
        self._write_later(lambda: self._ledger.note_page(reading))
        is_settled = reading.is_settled and not any(map(may_pass, reading.references))
        for place, one in enumerate(reading.references, 1):
            if place % REFERENCES_AT_ONCE == 0:
                await asyncio.sleep(0)
            own = {url: paused[url] for url in (one.url, *one.variants) if url in paused}
            host = host_of(one.url) if one.resolved else ""
            self._jobs.put(Job(host, reading.page, one, own, is_settled))

    def _note_read(self, page: Page, *, is_settled: bool) -> None:
        """Nothing of a page counts as read before all of it is on record."""
        if is_settled:
            self._write_later(lambda: self._ledger.note_read(page))

    async def _wait_for_room(self) -> None:
        """A worker that stopped with an error is heard of here, not waited for; the others have their turn."""
        await asyncio.sleep(0)
        while True:
            if broken := [task for task in self._tasks if task.done()]:
                broken[0].result()
            if not (self._jobs.is_full or self._pages.is_full):
                return
            await asyncio.sleep(SECONDS_PER_BATCH / 10)

    def note_failure(self, failure: Failure, source: str = "") -> None:
        """Count and write what could not be read, of which web address that a user gave."""
        self._summary.fail(failure)
        if failure.stage is Stage.READ:
            # The others are known by the fetch of their address.
            self._write_later(lambda: self._ledger.note_failure(failure))
        if source:
            self._write_later(lambda: self._ledger.note_unread(failure.address, source))

    def note_document(self, fetch: Fetch) -> None:
        """Write how a page, a feed or an API address ended."""
        if (notice := notice_of(fetch)) is not None:
            self._summary.note(notice)
        self._write_later(lambda: self._ledger.note_document(fetch))

    def note_moved(self, moved: PostMoved) -> None:
        """Write that a post has another address."""
        self._summary.moved += 1
        self._write_later(lambda: self._ledger.note_moved(moved))

    def note_gone(self, gone: PostGone) -> None:
        """Write that a post is open to nobody any more."""
        self._summary.gone += 1
        self._write_later(lambda: self._ledger.note_gone(gone))

    def note_stray(self, answered: StrayAnswered) -> None:
        """Write whether a page that is in no list is still there."""
        self._summary.gone += bool(answered.status)
        self._write_later(lambda: self._ledger.note_stray(answered))

    def note_site(self, site: SiteRead) -> None:
        """Write, when all that was read from it is collected, that a site was gone through."""
        self._sites.append(site)

    # Collecting

    async def _work(self) -> None:
        while True:
            job = await self._jobs.get()
            try:
                reason = await (
                    self._collect_job(job) if isinstance(job, Job) else self._collect_again(job.usage)
                )
            except _NotAskedYet as error:
                self._jobs.put_back(job, error.host)
                continue
            self._summary.settled += 1
            self._jobs.done(job, was_trouble=reason in TROUBLE)

    async def _collect_job(self, job: Job) -> Reason | None:
        page, reference = job.page, job.reference
        result = Result("")
        if reference.resolved:
            result = await self._collect_any(reference, page, job.paused)
        else:
            # There is no address to ask: the use is on record all the same.
            unknown = Failure(Stage.DISCOVER, Reason.NOT_EMBEDDED, reference.url)
            self._summary.fail(reference.diagnosis or unknown)
        gave = result.address if result.sha256 else ""
        self._write_later(lambda: self._ledger.note_usage(page, reference, result.sha256, gave))
        if self.takes_uploads and result.sha256:
            await self._collect_upload(page, reference, result.sha256)
        if self._pages.is_last_of(page):
            self._note_read(page, is_settled=job.is_settled)
            for reading in self._pages.end(page):
                await self._begin(reading)
        return result.reason

    async def _collect_again(self, usage: UsageRecord) -> Reason | None:
        result = await self._collect_any(reference_of(usage), Page(usage.page, url=usage.page), {})
        if result.sha256:
            self._write_later(lambda: self._ledger.note_asset(usage.key, result.sha256, result.address))
        return result.reason

    async def _collect_any(
        self, reference: ImageReference, page: Page, paused: Mapping[str, FetchRecord]
    ) -> Result:
        """What the best address of a picture came to, or else one of the others; best what can be compared."""
        result = Result("")
        for address in (reference.url, *reference.variants[:MAX_OTHER_ADDRESSES]):
            if address in paused and address not in self._results:
                self._paused[address] = paused[address]
                other = Result(address, reason=Reason(paused[address].reason))
            else:
                other = await self._collect_once(address, page, reference.media_modified)
            if not result.sha256 or other.is_comparable:
                result = other
            if other.is_final:
                break
        return result

    async def _collect_upload(self, page: Page, reference: ImageReference, variant: str) -> None:
        """Try the upload behind a size variant; both are kept, and related."""
        for address in reference.uploads:
            upload = await self._collect_once(address, page)
            if upload.sha256 and upload.sha256 != variant:
                self._write_later(partial(self._ledger.note_upload, variant, upload.sha256, address))
            if upload.sha256:
                return

    async def _collect_once(self, address: str, page: Page, changed: str = "") -> Result:
        """What an address came to; however many pages use it, it is asked once a run, for the first of them.

        It is asked again where its site says that it `changed` after that, and had not said so before.
        """
        known = self._results.get(address)
        is_old = isinstance(known, Result) and changed != known.changed and is_before(known.at, changed)
        if known is None or is_old:
            known = self._results[address] = asyncio.create_task(self._collect_anew(address, page, changed))
        if isinstance(known, Result):
            return known
        try:
            result = await asyncio.shield(known)
        except _NotAskedYet:
            if self._results.get(address) is known:
                del self._results[address]
            raise
        self._results[address] = result
        return result

    async def _collect_anew(self, address: str, page: Page, changed: str) -> Result:
        return replace(await self._collect(address, page, changed), changed=changed)

    async def _collect(self, address: str, page: Page, changed: str) -> Result:
        known = self._ledger.fetch_of(address)
        if known is not None and not await self._pipeline.holds(known.last_good_sha256):
            known = None
        if known is not None and self._ledger.is_acknowledged(known) and not is_before(known.at, changed):
            return self._keep_known(address, known, known.at)
        if page.kind is PageKind.FILE:
            if known is not None and is_unchanged(address, known):
                return self._keep_known(address, known)
            collected = await self._pipeline.import_file(address)
        else:
            validators = known.validators if known is not None else None
            collected = await self._pipeline.collect(address, validators, page.url)
            if was_not_asked(collected.fetch) and self._jobs.may_wait(host := host_of(address)):
                raise _NotAskedYet(host)
        return self._conclude(address, collected, known)

    def _keep_known(self, address: str, known: FetchRecord, at: str = "") -> Result:
        self._summary.unchanged += 1
        told = self._ledger.unreadable(known.last_good_sha256)
        return Result(address, known.last_good_sha256, at=at, unreadable=told)

    def _conclude(self, address: str, collected: Collected, known: FetchRecord | None) -> Result:
        fetch, summary = collected.fetch, self._summary
        self._write_later(partial(self._note_collected, collected))
        if fetch.outcome is Outcome.UNCHANGED and known is not None:
            return self._keep_known(address, known, fetch.at)
        picture = collected.picture
        told = explain_unreadable(picture) if picture is not None else self._ledger.unreadable(fetch.sha256)
        if fetch.outcome is not Outcome.FETCHED:
            reason, stage = fetch.reason or Reason.INTERNAL, fetch.stage or Stage.DOWNLOAD
            summary.fail(Failure(stage, reason, fetch.url, fetch.detail))
            kept = fetch.sha256 if picture is not None else ""
            return Result(address, kept, fetch.reason, fetch.at, told)
        summary.fetched += 1
        summary.bytes += fetch.length
        summary.unreadable.update([told] if told else [])
        return Result(address, fetch.sha256, at=fetch.at, unreadable=told)

    def _note_collected(self, collected: Collected) -> None:
        self._ledger.note_collected(collected)
        if collected.picture is not None:
            self._feature_store.add(collected.fetch.sha256, collected.picture)

    # Writing

    def _write_later(self, write: Callable[[], None]) -> None:
        self._pending.append(write)
        if len(self._pending) >= RESULTS_PER_BATCH:
            self.write()

    async def _write_regularly(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_PER_BATCH)
            self.write()

    def write(self) -> None:
        """Write what is pending as one batch: acknowledged when this returns."""
        pending, self._pending = self._pending, []
        if pending:
            self._summary.assets_new += self._store.write_batch(partial(self._write_all, pending)).new_assets
            self._feature_store.flush()

    def _write_all(self, pending: Sequence[Callable[[], None]]) -> None:
        self._ledger.begin_batch()
        for write in pending:
            write()
