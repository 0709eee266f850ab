"""What failed and is still lacking: pictures that uses have no file of, pages and documents that could not be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assets import PageKind, Reason, SourceKind, Stage, is_web_address, site_of
from catalog.harvest import has_address, has_failed, is_passing, next_try, to_the_minute
from catalog.model import FetchRecord, Json, PageRecord, RunRecord, UsageRecord
from catalog.store import Store

# What is told of a use that was not asked for yet, as when a run was ended.
NOT_ASKED = "not asked yet"

# What will happen next where only a change brings it.
NEVER = "never by itself"

_AT_EACH_HARVEST = {
    Reason.BAD_ADDRESS.value: f"{NEVER}: it is no address that can be asked",
    Reason.ADDRESS_REFUSED.value: f"{NEVER}: it is refused unless --allow-address names it",
    Reason.ROBOTS.value: "at each harvest robots.txt is read, and it is asked when that allows it",
}


class FailureKind(StrEnum):
    """What was not to be had."""

    PICTURE = "picture"
    FEATURED = "featured picture"
    PAGE = "page"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFailure:
    """An address that failed and is needed: by live uses on `pages`, or for reading what a user harvests.

    A FEATURED picture is one of which the site tells no address, at that of its media item. `at` is when it was last
    asked for, `first_at` when first, `last_good_at` when it last gave something; `failures` counts those since.
    `next_step` says what will happen next, `not_before` when, `""` for the next harvest. With `has_picture` every use
    has a picture all the same, from before or from another address.
    """

    kind: FailureKind
    address: str
    reason: str
    detail: str = ""
    status: int | None = None
    at: str = ""
    first_at: str = ""
    last_good_at: str = ""
    failures: int = 0
    next_step: str = ""
    not_before: str = ""
    sites: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    usages: tuple[str, ...] = ()
    has_picture: bool = False

    def to_json(self) -> Json:
        """The failure as a JSON object."""
        return {
            "kind": self.kind.value,
            "address": self.address,
            "reason": self.reason,
            "detail": self.detail,
            "status": self.status,
            "at": self.at,
            "first_at": self.first_at,
            "last_good_at": self.last_good_at,
            "failures": self.failures,
            "next": self.next_step,
            "not_before": self.not_before,
            "sites": list(self.sites),
            "pages": list(self.pages),
            "usages": list(self.usages),
            "has_picture": self.has_picture,
        }


def list_failures(
    store: Store, now: datetime, site: str = "", reasons: Collection[str] = ()
) -> list[ListedFailure]:
    """Everything that failed and is needed, the newest first; of one site, or for some reasons, where told."""
    listed = [
        one
        for one in _Lister(store, now).list_all()
        if (not site or site in one.sites) and (not reasons or one.reason in reasons)
    ]
    return sorted(listed, key=lambda one: (one.at, one.address), reverse=True)


class _Lister:
    """Goes once through fetches, usages, pages and runs."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now
        self._failed = {fetch.url: fetch for fetch in store.fetches() if has_failed(fetch)}

    def list_all(self) -> Iterator[ListedFailure]:
        pictures: dict[str, list[UsageRecord]] = defaultdict(list)
        featured: dict[str, list[UsageRecord]] = defaultdict(list)
        used = set()
        for usage in self._store.usages():
            used.add(usage.url)
            if usage.withdrawn or (usage.asset and usage.url not in self._failed):
                continue
            (pictures if has_address(usage) else featured)[usage.url].append(usage)
        for address, usages in pictures.items():
            yield self._picture(address, usages)
        for address, usages in featured.items():
            yield self._featured(address, usages)
        yield from self._pages()
        yield from self._documents(used)

    # Pictures

    def _picture(self, address: str, usages: Sequence[UsageRecord]) -> ListedFailure:
        pages = self._pages_of(usages)
        fetch = self._failed.get(address)
        if fetch is None:
            seen = max(usage.last_seen for usage in usages)
            fetch = FetchRecord(url=address, reason=NOT_ASKED, at=seen, first_at=seen)
        next_step, not_before = self._next_of_picture(fetch, pages)
        return _of_fetch(
            fetch,
            FailureKind.PICTURE,
            detail="; ".join(part for part in (fetch.detail, _told_of_featured(usages)) if part),
            next_step=next_step,
            not_before=not_before,
            usages=usages,
            has_picture=all(usage.asset for usage in usages),
        )

    def _next_of_picture(self, fetch: FetchRecord, pages: Sequence[PageRecord]) -> tuple[str, str]:
        if fetch.reason in _AT_EACH_HARVEST:
            return _AT_EACH_HARVEST[fetch.reason], ""
        live = [page for page in pages if _is_read_again(page)]
        if not live:
            return f"asked again when {_name_sources(pages)} is harvested again", ""
        at = next_try(fetch)
        if at is None or at <= self._now:
            return f"asked again at the next harvest of {_name_sources(live)}", ""
        changed = "its post changes" if any(page.api_root for page in live) else "another page uses it"
        return f"not before {to_the_minute(at)}, unless {changed}", at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _featured(self, address: str, usages: Sequence[UsageRecord]) -> ListedFailure:
        pages, told = self._pages_of(usages), usages[0].diagnosis or {}
        reason, last = str(told.get("reason", "")), max(usage.last_seen for usage in usages)
        live = [page for page in pages if _is_read_again(page)]
        if not live:
            next_step = f"looked up again when {_name_sources(pages)} is harvested again"
        elif is_passing(reason) or not all(page.read for page in live):
            next_step = f"looked up again at the next harvest of {_name_sources(live)}"
        else:
            next_step = f"{NEVER}: looked up again when its post or its item in the media library changes"
        return ListedFailure(
            kind=FailureKind.FEATURED,
            address=address,
            reason=reason,
            detail=str(told.get("detail", "")),
            at=last,
            first_at=min(usage.first_seen for usage in usages),
            next_step=next_step,
            sites=_distinct(usage.site for usage in usages),
            pages=_distinct(usage.page for usage in usages),
            usages=tuple(usage.key for usage in usages),
        )

    def _pages_of(self, usages: Iterable[UsageRecord]) -> list[PageRecord]:
        found = (self._store.page(key) for key in _distinct(usage.page for usage in usages))
        return [page for page in found if page is not None]

    # Pages

    def _pages(self) -> Iterator[ListedFailure]:
        for page in self._store.pages():
            if not page.gone:
                for failure in page.failures:
                    yield _of_page(page, failure)

    # Documents

    def _documents(self, used: Collection[str]) -> Iterator[ListedFailure]:
        """Feeds, lists, pages and answers of an API that what a user harvests could not do without."""
        runs = {run.key: run for run in self._store.runs()}
        last_of_input = _last_of_inputs(runs.values())
        last = max((run.started for run in runs.values()), default="")
        for fetch in self._failed.values():
            if fetch.url in used:
                continue
            run = runs.get(fetch.run)
            # Before `asked_for` was kept, of an input that failed its run tells that it was one.
            source = fetch.asked_for or (fetch.url if run is not None and fetch.url in run.inputs else "")
            if fetch.stage == Stage.READ.value and not is_web_address(fetch.url):
                is_current, source = run is not None and run.started == last, fetch.url
            else:
                is_current = bool(source) and (
                    run is None or run.started >= last_of_input.get(source, run.started)
                )
            if is_current:
                yield self._document(fetch, source)

    def _document(self, fetch: FetchRecord, source: str) -> ListedFailure:
        page = self._store.page(fetch.url)
        return _of_fetch(
            fetch,
            FailureKind.PAGE if page is not None else FailureKind.DOCUMENT,
            detail=fetch.detail,
            next_step=f"asked again when {source} is harvested again",
            page=page,
        )


def _last_of_inputs(runs: Iterable[RunRecord]) -> Mapping[str, str]:
    """When the last harvest of each input that came to its end was begun."""
    last: dict[str, str] = {}
    for run in runs:
        if run.finished:
            for one in run.inputs:
                last[one] = max(last.get(one, ""), run.started)
    return last


def _of_fetch(
    fetch: FetchRecord,
    kind: FailureKind,
    *,
    detail: str,
    next_step: str,
    not_before: str = "",
    usages: Sequence[UsageRecord] = (),
    page: PageRecord | None = None,
    has_picture: bool = False,
) -> ListedFailure:
    sites = [usage.site for usage in usages] or [page.site if page is not None else site_of(fetch.url)]
    return ListedFailure(
        kind=kind,
        address=fetch.url,
        reason=fetch.reason,
        detail=detail,
        status=fetch.status,
        at=fetch.at,
        first_at=fetch.first_at,
        last_good_at=fetch.last_good_at,
        failures=fetch.failures,
        next_step=next_step,
        not_before=not_before,
        sites=_distinct(sites),
        pages=_distinct(usage.page for usage in usages) or ((page.key,) if page is not None else ()),
        usages=tuple(usage.key for usage in usages),
        has_picture=has_picture,
    )


def _of_page(page: PageRecord, failure: Json) -> ListedFailure:
    if failure.get("reason") == Reason.PROTECTED.value:
        next_step = "read again when it asks for no password any more; its uses stay as they were last seen"
    elif page.source_kind == SourceKind.REST.value and page.read:
        next_step = f"{NEVER}: read again when it changes"
    else:
        next_step = f"read again when {page.source or page.key} is harvested again"
    return ListedFailure(
        kind=FailureKind.PAGE,
        address=str(failure.get("address", "")) or page.key,
        reason=str(failure.get("reason", "")),
        detail=str(failure.get("detail", "")),
        at=page.last_seen,
        first_at=page.protected or page.first_seen,
        next_step=next_step,
        sites=_distinct([page.site]),
        pages=(page.key,),
    )


def _is_read_again(page: PageRecord) -> bool:
    """Whether the next harvest of a page's site or feed comes by it, without being told of this page alone."""
    is_named = page.kind in (PageKind.LIST.value, PageKind.FILE.value)
    return is_web_address(page.source) and not is_named


def _told_of_featured(usages: Sequence[UsageRecord]) -> str:
    """Why the first choice for a featured picture was not to be had, where this address stands for it."""
    for usage in usages:
        if usage.diagnosis:
            return f"in place of its media item: {usage.diagnosis.get('reason', '')}"
    return ""


def _name_sources(pages: Iterable[PageRecord]) -> str:
    """What a user harvests to have these pages read."""
    sources = _distinct(page.source or page.key for page in pages)
    if not sources:
        return "its page"
    return sources[0] + (f" or {len(sources) - 1} more" if len(sources) > 1 else "")


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
