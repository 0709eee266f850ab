"""The ledger: what a harvest finds, written as records and merged with what was known before."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assets import (
    Collected,
    Failure,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    PostGone,
    PostMoved,
    Reading,
    Reason,
    SiteRead,
    SourceKind,
    StrayAnswered,
    is_web_address,
    site_key,
    upload_key,
)
from catalog.harvest.failures import has_failed, is_passing
from catalog.harvest.observations import observe, source_kind_of, update_usage, withdraw, withdraw_for
from catalog.harvest.page_history import update_page
from catalog.harvest.page_keys import find_page_key, merge_page, move_page, settle_page
from catalog.harvest.results import explain_unreadable, look_again
from catalog.model import (
    AssetRecord,
    FetchRecord,
    Json,
    PageRecord,
    RunRecord,
    SiteState,
    UsageRecord,
)
from catalog.store import Store

# Of each host a page or two are under way at once; what is known of one that is forgotten is read from the store again.
PAGES_REMEMBERED = 5000

_GOOD = (Outcome.FETCHED.value, Outcome.UNCHANGED.value)


def now_text() -> str:
    """This moment, UTC, ISO 8601 in whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def usage_key(page: str, reference: ImageReference) -> str:
    """What a usage new to the ledger is known by: its page, or that one's post, and the upload behind the address."""
    text = f"{page}\0{upload_key(reference.url)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Ledger:
    """Writes into a store on behalf of one run; the caller batches, and says so with `begin_batch`."""

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
        """Whether the catalog holds this asset, and has not to look at it again."""
        asset = self._store.asset(sha256)
        return asset is not None and not is_passing(asset.reason)

    def unreadable(self, sha256: str) -> str:
        """What an asset is and why it cannot be compared, `""` where it can."""
        return explain_unreadable(self._store.asset(sha256))

    def fetch_of(self, address: str) -> FetchRecord | None:
        """The record of an address whose picture the catalog holds."""
        record = self._store.fetch(address)
        return record if record is not None and self.is_known(record.last_good_sha256) else None

    def is_acknowledged(self, record: FetchRecord) -> bool:
        """Whether this very run, before it was interrupted, had got the address."""
        return record.run == self._run.key and record.outcome in _GOOD

    # Written

    def begin_batch(self) -> None:
        """Forget what others may have changed since it was read, where there are others who write."""
        if self._store.is_shared:
            self._known.clear()

    def note_page(self, reading: Reading) -> None:
        """Write the page; usages that its kind of source would have shown are withdrawn."""
        page, now = reading.page, self._now()
        key = self._find_key(page, now)
        # Another page may have stood there.
        self._known.pop(key, None)
        with self._store.changing(PageRecord, key) as row:
            known = row.record
            row.record = seen = update_page(known, PageRecord.of(reading, key, now))
        if known is not None and seen.gone and not known.gone:
            self._withdraw_all(key, now)
            return
        if reading.failures and not reading.has_bare_story:
            # What could not be read cannot be said to be gone.
            return
        before = self._usages_at(key)
        usages = self._usages_of(key, before)
        present = {usages.key_of(reference) for reference in reading.references}
        self._withdraw(before, page.source_kind.value, now, present)
        if known is not None and known.protected and not seen.protected:
            self._withdraw_exported(before, known.protected, now, present)

    def _find_key(self, page: Page, now: str) -> str:
        """The key of a page, which moves where its post has another address; usages are known by it no longer then."""
        return find_page_key(self._store, page, now, self._known.clear)

    def _withdraw(
        self, usages: Iterable[UsageRecord], source_kind: str, now: str, but: Container[str] = ()
    ) -> None:
        for usage in usages:
            if usage.key not in but:
                with self._store.changing(UsageRecord, usage.key) as row:
                    row.record = withdraw(self._with_source_kind(row.record or usage), source_kind, now)

    def _withdraw_exported(
        self, usages: Iterable[UsageRecord], since: str, now: str, but: Container[str]
    ) -> None:
        """Withdraw what an export told of a post that asked for a password `since` then, and that it has not, open."""
        for usage in usages:
            is_only_exported = usage.source_kind == SourceKind.WXR.value and usage.first_seen >= since
            if is_only_exported and usage.key not in but:
                with self._store.changing(UsageRecord, usage.key) as row:
                    row.record = withdraw_for(row.record or usage, SourceKind.REST.value, now)

    def _withdraw_all(self, page: str, now: str) -> None:
        """Withdraw the usages of a page that is gone, whichever kind of source showed each."""
        for usage in self._usages_at(page):
            self._withdraw([usage], usage.source_kind, now)

    def note_usage(self, page: Page, reference: ImageReference, sha256: str, address: str = "") -> None:
        """Write one use of a picture, and in its history what it said before; `address` is what gave the picture."""
        now = self._now()
        key = self._find_key(page, now)
        usages = self._usages_of(key)
        own_key = usages.key_of(reference) or self._new_key(page, key, reference)
        usages.add(own_key, reference.url, reference.media_id)
        seen = UsageRecord.of(page, reference, keys=(own_key, key), asset=sha256, at=now, address=address)
        there = self._store.page(key)
        if there is not None and there.gone:
            # What a lesser source still shows is gone all the same.
            seen = replace(seen, withdrawn=there.gone)
        with self._store.changing(UsageRecord, seen.key) as row:
            row.record = observe(self._with_source_kind(row.record), seen) if row.record else seen

    def note_asset(self, key: str, sha256: str, address: str) -> None:
        """Write what a usage's picture is now that it was asked for again, and what address gave it."""
        with self._store.changing(UsageRecord, key) as row:
            known = row.record
            if known is not None and not known.withdrawn:
                asset_url = "" if address == known.url else address
                seen = replace(known, asset=sha256, asset_url=asset_url, last_seen=self._now())
                row.record = update_usage(known, seen)

    def _new_key(self, page: Page, key: str, reference: ImageReference) -> str:
        """The key of a new usage; where a page that moved from this address has left its own, another one."""
        named = key
        while (there := self._store.usage(usage_key(named, reference))) is not None and there.page != key:
            named = f"{named}#{page.post_id or ''}"
        return usage_key(named, reference)

    def _usages_at(self, page: str) -> list[UsageRecord]:
        return [self._with_source_kind(usage) for usage in self._store.usages_of_page(page)]

    def _with_source_kind(self, usage: UsageRecord) -> UsageRecord:
        """The usage with the kind of source that showed it, also from a catalog that did not keep that."""
        if usage.source_kind:
            return usage
        page = self._store.page(usage.page)
        return replace(usage, source_kind=source_kind_of(page)) if page is not None else usage

    def note_read(self, page: Page) -> None:
        """Write that a page was read completely: all its uses are on record."""
        now = self._now()
        with self._store.changing(PageRecord, self._find_key(page, now)) as row:
            if row.record is not None and row.record.source_kind == page.source_kind.value:
                row.record = replace(row.record, read=page.lastmod or page.modified or page.published or now)

    def note_moved(self, moved: PostMoved) -> None:
        """Write that a post has another address."""
        page = self._store.page_of_post(moved.api_root, moved.post_id)
        if page is not None and page.url != moved.url:
            self._known.clear()
            move_page(self._store, page, moved.url, self._now())

    def note_gone(self, gone: PostGone) -> None:
        """Write that a post is open to nobody any more: its uses are withdrawn."""
        page = self._store.page_of_post(gone.api_root, gone.post_id)
        if page is None:
            return
        now = self._now()
        with self._store.changing(PageRecord, page.key) as row:
            if row.record is not None:
                since = row.record.gone or now
                row.record = replace(row.record, gone=since, status=gone.status, read="")
        self._withdraw_all(page.key, now)

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
                seen = AssetRecord.of(collected.picture, fetch, collected.original, self._now())
                row.record = look_again(row.record, seen) if row.record is not None else seen
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

    def note_unread(self, address: str, source: str) -> None:
        """Write that something which a web address stands for could not be read, at the address of a document."""
        with self._store.changing(FetchRecord, address) as row:
            if row.record is not None and has_failed(row.record):
                row.record = replace(row.record, asked_for=source)

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
            else:
                record = replace(record, failures=(known.failures if known is not None else 0) + 1)
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

    def note_stray(self, answered: StrayAnswered) -> None:
        """Write whether a page that is in no list of its site's is still there; its uses are withdrawn where not."""
        page, now = self._store.page(answered.url), self._now()
        if page is None or page.post_id is not None:
            return
        moved = self._store.page(answered.final_url)
        if moved is not None and moved.key != page.key:
            self._known.clear()
            merge_page(self._store, page, moved, now)
            return
        gone = (page.gone or now) if answered.status else ""
        self._store.put_page(replace(page, asked=now, gone=gone, status=answered.status))
        if gone:
            self._withdraw_all(page.key, now)

    def note_site(self, site: SiteRead) -> None:
        """Write that a site's list of posts was held against the ledger, and all that came of it is on record."""
        now = self._now()
        self._known.clear()
        for page in self._store.pages_of_site(site.api_root):
            settle_page(self._store, page)
        key = site_key(site.api_root)
        with self._store.changing(SiteState, key) as row:
            known = row.record or SiteState(api_root=key)
            row.record = replace(
                known,
                at=now,
                listed=now if site.is_whole else known.listed,
                mark=site.mark if site.is_complete else known.mark,
                files_checked=now if site.are_files_checked else known.files_checked,
                types=dict(site.types) if site.is_whole else known.types,
                passed_over=dict(site.passed_over) if site.is_whole else known.passed_over,
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
