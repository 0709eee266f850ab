"""The ledger: what a harvest finds, written as records and merged with what was known before."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assets import (
    Collected,
    Failure,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    Reading,
    Reason,
    is_web_address,
    upload_key,
)
from catalog.model import (
    AssetRecord,
    FetchRecord,
    Json,
    PageRecord,
    RunRecord,
    SiteState,
    UsageRecord,
    update_usage,
)
from catalog.store import Store

# Pages whose pictures are under way at once are fewer.
PAGES_REMEMBERED = 1000

_GOOD = (Outcome.FETCHED.value, Outcome.UNCHANGED.value)


def now_text() -> str:
    """This moment, UTC, ISO 8601 in whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_key(page: Page) -> str:
    """What a page is known by: its address, else its source, made absolute, and its id there.

    >>> page_key(Page("post.json", url="https://news.example/7/"))
    'https://news.example/7/'
    """
    if page.url:
        return page.url
    source = page.source if page.source == "-" or "://" in page.source else os.path.abspath(page.source)
    return f"{source}#{page.post_id}" if page.post_id is not None else source


def usage_key(page: str, reference: ImageReference) -> str:
    """What a usage new to the ledger is known by: its page and the upload behind the address."""
    text = f"{page}\0{upload_key(reference.url)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Ledger:
    """Writes into a store on behalf of one run; the caller batches."""

    def __init__(
        self, store: Store, inputs_key: str, inputs: Sequence[str], now: Callable[[], str] = now_text
    ) -> None:
        self._store = store
        self._now = now
        self._known: dict[str, _Known] = {}
        self._run = store.find_unfinished_run(inputs_key) or RunRecord(
            key=secrets.token_hex(16), inputs_key=inputs_key, inputs=list(inputs), started=now()
        )
        store.put_run(self._run)

    # Asked

    def is_known(self, sha256: str) -> bool:
        """Whether the catalog holds this asset."""
        return self._store.asset(sha256) is not None

    def modified_after(self, api_root: str) -> str:
        """The time up to which a site was read completely before, `""` for never."""
        state = self._store.site_state(api_root)
        return state.newest_modified if state is not None else ""

    def fetch_of(self, address: str) -> FetchRecord | None:
        """The record of an address whose picture the catalog holds."""
        record = self._store.fetch(address)
        return record if record is not None and self.is_known(record.last_good_sha256) else None

    def is_acknowledged(self, record: FetchRecord) -> bool:
        """Whether this very run, before it was interrupted, had got the address."""
        return record.run == self._run.key and record.outcome in _GOOD

    # Written

    def note_page(self, reading: Reading) -> None:
        """Write the page; usages it no longer has are marked withdrawn."""
        now, key = self._now(), page_key(reading.page)
        with self._store.changing(PageRecord, key) as row:
            known, record = row.record, PageRecord.of(reading, key, now)
            if known is not None:
                first, last = min(known.first_seen, now), max(known.last_seen, now)
                record = replace(record, first_seen=first, last_seen=last)
            row.record = record
        if reading.failures and not reading.has_bare_story:
            # What could not be read cannot be said to be gone.
            return
        before = self._store.usages_of_page(key)
        usages = self._usages_of(key, before)
        present = {usages.key_of(reference) for reference in reading.references}
        for usage in before:
            if usage.key not in present and not usage.withdrawn:
                with self._store.changing(UsageRecord, usage.key) as gone:
                    gone.record = replace(gone.record or usage, withdrawn=now)

    def note_usage(self, page: Page, reference: ImageReference, sha256: str) -> None:
        """Write one use of a picture, and in its history what it said before."""
        key = page_key(page)
        usages = self._usages_of(key)
        own_key = usages.key_of(reference) or usage_key(key, reference)
        usages.add(own_key, reference.url, reference.media_id)
        record = UsageRecord.of(page, reference, keys=(own_key, key), asset=sha256, at=self._now())
        with self._store.changing(UsageRecord, record.key) as row:
            row.record = update_usage(row.record, record) if row.record else record

    def _usages_of(self, page: str, usages: Sequence[UsageRecord] | None = None) -> _Known:
        """What is known of a page's usages, read from the store once for all its pictures."""
        known = self._known.pop(page, None) if usages is None else None
        if known is None:
            known = _Known(self._store.usages_of_page(page) if usages is None else usages)
        self._known[page] = known
        if len(self._known) > PAGES_REMEMBERED:
            del self._known[next(iter(self._known))]
        return known

    def note_collected(self, collected: Collected) -> None:
        """Write how an address ended, and the asset when it is new."""
        fetch = collected.fetch
        if collected.picture is not None:
            with self._store.changing(AssetRecord, fetch.sha256) as row:
                row.record = row.record or AssetRecord.of(
                    collected.picture, fetch, collected.original, self._now()
                )
        self._put_fetch(FetchRecord.of(fetch, self._run.key, (collected.size, collected.mtime_ns)))

    def note_document(self, fetch: Fetch) -> None:
        """Write how a page, a feed or an API address ended."""
        self._put_fetch(FetchRecord.of(fetch, self._run.key))

    def note_failure(self, failure: Failure) -> None:
        """Write an input that could not be read as the fetch it was."""
        outcome = Outcome.SKIPPED if failure.reason is Reason.PASSED_OVER else Outcome.FAILED
        address = failure.address
        if failure.reason is not Reason.BAD_ADDRESS and not is_web_address(address):
            # A picture's path is its address: so is that of a file which is none.
            address = os.path.abspath(address)
        self.note_document(
            Fetch(
                address,
                outcome,
                self._now(),
                reason=failure.reason,
                stage=failure.stage,
                detail=failure.detail,
            )
        )

    def _put_fetch(self, record: FetchRecord) -> None:
        """Keep the record; an earlier success of the address stays known, whatever came now."""
        with self._store.changing(FetchRecord, record.url) as row:
            known = row.record
            if known is not None:
                record = replace(
                    record,
                    first_at=known.first_at,
                    last_good_at=known.last_good_at,
                    last_good_sha256=known.last_good_sha256,
                    etag=record.etag or (known.etag if record.outcome not in _GOOD else ""),
                    last_modified=record.last_modified
                    or (known.last_modified if record.outcome not in _GOOD else ""),
                )
            if record.outcome in _GOOD:
                good = record.sha256 or record.last_good_sha256
                record = replace(record, last_good_at=record.at, last_good_sha256=good)
            row.record = record

    def note_upload(self, variant: str, upload: str, address: str) -> None:
        """Write that one asset is the upload behind another, a size variant."""
        pairs = ((variant, upload, "size variant of"), (upload, variant, "upload of"))
        for sha256, other, relation in pairs:
            related = {"asset": other, "relation": relation, "evidence": address}
            with self._store.changing(AssetRecord, sha256) as row:
                asset = row.record
                if asset is not None and related not in asset.related:
                    row.record = replace(asset, related=[*asset.related, related])

    def note_site(self, api_root: str, newest_modified: str) -> None:
        """Write up to which modification a site has been read completely."""
        self._store.put_site_state(
            SiteState(api_root=api_root, newest_modified=newest_modified, at=self._now())
        )

    def note_end(self, summary: Json, *, finished: bool) -> None:
        """Write what the run came to; one that was interrupted may be gone on with."""
        run = replace(self._run, summary=summary, finished=self._now() if finished else "")
        self._store.put_run(run)


class _Known:
    """The usages that a page is known to have, to be found whatever size variant of a picture it shows today.

    A featured picture that could not be looked up before is known by its media id alone.
    """

    def __init__(self, usages: Iterable[UsageRecord]) -> None:
        self._by_upload: dict[str, str] = {}
        self._by_media_id: dict[int, str] = {}
        for usage in usages:
            self.add(usage.key, usage.url, usage.media_id)

    def add(self, key: str, address: str, media_id: int | None) -> None:
        """Know a usage by its address and its media id."""
        self._by_upload.setdefault(upload_key(address), key)
        if media_id is not None:
            self._by_media_id.setdefault(media_id, key)

    def key_of(self, reference: ImageReference) -> str:
        """The key of the usage that a reference is to, `""` for a new one."""
        if reference.media_id is not None and reference.media_id in self._by_media_id:
            return self._by_media_id[reference.media_id]
        keys = (self._by_upload.get(upload_key(one)) for one in (reference.url, *reference.variants))
        return next((key for key in keys if key is not None), "")
