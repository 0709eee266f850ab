"""Which addresses a harvest leaves alone although a page that it reads shows them.

Pages and feeds are read anew each time, often each hour, with the same broken pictures. What failed for good is asked
again after its pause, unless something speaks for another answer: the use is new, or its post changed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime

from assets import Failure, ImageReference, Page, PageKind, Reading, Reason, SourceKind, Stage, is_web_address
from catalog.harvest.failures import is_due, next_try, to_the_minute
from catalog.harvest.page_keys import page_key
from catalog.model import FetchRecord, PageRecord, UsageRecord
from catalog.store import Store

_REASONS = frozenset(reason.value for reason in Reason)

# What a user names one by one is asked for whenever he does.
_NAMED = frozenset({PageKind.LIST, PageKind.FILE})


class Pauses:
    """Tells which addresses of a reading are not asked; `lifted` are reasons for a pause that hold no longer."""

    def __init__(self, store: Store, lifted: Container[str] = (), *, asks_all: bool = False) -> None:
        self._store = store
        self._lifted = lifted
        self._asks_all = asks_all

    def list_paused(self, reading: Reading) -> Mapping[str, FetchRecord]:
        """The addresses that are not asked, with how each ended; to be called before the page is written anew."""
        page = reading.page
        if self._asks_all or page.kind in _NAMED or not is_web_address(page.source):
            return {}
        known = self._find_page(page)
        if known is None or (page.source_kind is SourceKind.REST and known.modified != page.modified):
            return {}
        now, paused = datetime.now(UTC), {}
        for usage, reference in self._match(self._store.usages_of_page(known.key), reading.references):
            if page.source_kind is SourceKind.REST and usage.media_modified != reference.media_modified:
                continue
            for address in {reference.url, *reference.variants} & {usage.url, *usage.variants}:
                fetch = self._store.fetch(address)
                # What another version could not do this one may.
                is_known = fetch is not None and fetch.reason in _REASONS
                if fetch is not None and is_known and not is_due(fetch, now, self._lifted):
                    paused[address] = fetch
        return paused

    def _find_page(self, page: Page) -> PageRecord | None:
        known = None
        if page.api_root and page.post_id is not None:
            known = self._store.page_of_post(page.api_root, page.post_id)
        return known or self._store.page(page_key(page))

    @staticmethod
    def _match(
        usages: Iterable[UsageRecord], references: Iterable[ImageReference]
    ) -> Iterable[tuple[UsageRecord, ImageReference]]:
        """The uses that are on record at the very address that is shown now."""
        by_url = {usage.url: usage for usage in usages if not usage.withdrawn}
        for reference in references:
            usage = by_url.get(reference.url)
            if usage is not None and reference.resolved:
                yield usage, reference


def failure_of_paused(fetch: FetchRecord) -> Failure:
    """The failure of an address that is not asked in this run."""
    at = next_try(fetch)
    until = f"not asked again before {to_the_minute(at)}" if at is not None else ""
    detail = "; ".join(part for part in (fetch.detail, until) if part)
    return Failure(Stage(fetch.stage or Stage.DOWNLOAD), Reason(fetch.reason), fetch.url, detail)
