"""What the ledger knows of a WordPress site, for the walk over it, and what is to be asked of it again."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import datetime, timedelta

from assets import (
    ImageReference,
    KnownPost,
    KnownSite,
    PageKind,
    Role,
    SourceKind,
    is_web_address,
    moment_of,
    root_of_address,
    site_key,
    site_of,
)
from catalog.harvest.failures import has_failed, is_due, is_passing, next_try
from catalog.harvest.observations import source_kind_of
from catalog.harvest.page_history import is_open_status
from catalog.model import PageRecord, UsageRecord
from catalog.store import Store

# Pages that are in no list of their site's are asked for at their addresses: so many a run, each once in a while.
MOST_STRAYS = 50
STRAY_PAUSE = timedelta(days=1)


def known_site(store: Store, api_root: str, reconcile: timedelta | None, now: datetime) -> KnownSite:
    """A site's posts as they are known; with a mark where it need not be listed whole.

    `reconcile` is how long ago it may have been listed whole, None for never.
    """
    posts = {
        page.post_id: _known_post(store, page, now)
        for page in store.pages_of_site(api_root)
        if page.post_id is not None and page.kind != PageKind.ATTACHMENT.value
    }
    state = store.site_state(site_key(api_root))
    mark = state.mark if state is not None and is_recent(state.listed, reconcile, now) else ""
    strays = [page for page in store.pages_at(site_of(api_root)) if _is_stray(page, api_root, now)]
    strays.sort(key=lambda page: page.asked)
    types = tuple(state.types) if state is not None else ()
    return KnownSite(posts, types, mark, [page.url for page in strays[:MOST_STRAYS]])


def _is_stray(page: PageRecord, api_root: str, now: datetime) -> bool:
    """Whether a page is known from a feed or by itself, and was not asked for of late."""
    asked = moment_of(page.asked)
    return (
        page.post_id is None
        and not page.gone
        and source_kind_of(page) in (SourceKind.FEED.value, SourceKind.PAGE.value)
        # A feed may give addresses of http where the API has https.
        and site_key(page.url).startswith(site_key(api_root))
        and (asked is None or now - asked >= STRAY_PAUSE)
    )


def _known_post(store: Store, page: PageRecord, now: datetime) -> KnownPost:
    if source_kind_of(page) != SourceKind.REST.value:
        return KnownPost(url=page.url, post_type=page.post_type, is_gone=bool(page.gone))
    used = [
        usage
        for usage in store.usages_of_page(page.key)
        if usage.media_id is not None
        and not usage.withdrawn
        and usage.source_kind in ("", SourceKind.REST.value)
        # The content of a post that asks for a password is not read again.
        and (not page.protected or usage.role == Role.FEATURED.value)
    ]
    lacks_featured = any(map(_was_to_come_from_page, used))
    return KnownPost(
        "" if lacks_featured and _is_page_due(store, page, now) else page.read,
        page.url,
        page.post_type,
        page.featured_media,
        {usage.media_id: usage.media_modified for usage in used if usage.media_id is not None},
        next((usage.alt for usage in used if _is_featured(usage, page)), None),
        bool(page.gone),
        not page.gone and not is_open_status(page.status),
        lacks_featured,
    )


def _was_to_come_from_page(usage: UsageRecord) -> bool:
    """Whether a featured picture that the library did not give is known by its record alone: no page showed it."""
    return usage.diagnosis is not None and bool(root_of_address(usage.url))


def _is_page_due(store: Store, page: PageRecord, now: datetime) -> bool:
    """Whether a page that did not answer, or was not asked at the address that it has by now, is to be asked."""
    fetch = store.fetch(page.url)
    if fetch is None:
        return is_web_address(page.url)
    # What is refused on this side costs a page no request; reading its post again does.
    at = next_try(fetch)
    return has_failed(fetch) and (is_passing(fetch.reason) or (at is not None and at <= now))


def _is_featured(usage: UsageRecord, page: PageRecord) -> bool:
    """Whether a usage is the featured picture as the library tells it."""
    is_told = bool(usage.media_modified) and usage.diagnosis is None
    return is_told and usage.role == Role.FEATURED.value and usage.media_id == page.featured_media


def is_recent(moment: str, within: timedelta | None, now: datetime) -> bool:
    """Whether something was done within a time that ends now; never where no time is given."""
    at = moment_of(moment)
    return within is not None and at is not None and now - at < within


def known_page(store: Store, address: str, now: datetime) -> str:
    """What was said of a page's modification when it was read completely, `""` where it is to be read.

    A page with a picture that failed, and whose time has come, is to be read: that asks for it again.
    """
    page = store.page(address)
    if page is None and (fetch := store.fetch(address)) is not None:
        page = store.page(fetch.final_url)
    if page is None or page.gone:
        return ""
    for usage in store.usages_of_page(page.key):
        if not usage.withdrawn and _lacks_picture(store, usage, now, ()):
            return ""
    return page.read


def list_again(
    store: Store, api_root: str, now: datetime, *, all_files: bool, lifted: Container[str] = ()
) -> Iterator[UsageRecord]:
    """Uses on a site's pages whose picture is to be asked for again though their page is as it was.

    Those whose best address gave none the last time, when its time has come, also where a picture is there from before
    or from another address; `lifted` are reasons for a pause that hold no longer. With `all_files` all of them, to see
    whether a file was exchanged under its name.
    """
    for page in store.pages_of_site(api_root):
        if page.gone or not page.read:
            continue
        for usage in store.usages_of_page(page.key):
            if usage.withdrawn or usage.source_kind != SourceKind.REST.value or not has_address(usage):
                continue
            if all_files or _lacks_picture(store, usage, now, lifted):
                yield usage


def _lacks_picture(store: Store, usage: UsageRecord, now: datetime, lifted: Container[str]) -> bool:
    """Whether a use has not got what its best address is to give, and that address may be asked."""
    fetch = store.fetch(usage.url)
    if not usage.asset or has_failed(fetch):
        return is_due(fetch, now, lifted)
    # Another page's use of the address may have brought in another file since this one's failed.
    return fetch is not None and fetch.last_good_sha256 not in ("", usage.asset) and not usage.asset_url


def has_address(usage: UsageRecord) -> bool:
    """Whether a use tells the address of a picture: a featured one that was not to be looked up has its record's."""
    return bool(usage.url) and not (_was_to_come_from_page(usage) and not usage.asset)


def reference_of(usage: UsageRecord) -> ImageReference:
    """The reference to a picture's addresses that a usage keeps."""
    return ImageReference(
        usage.url, variants=tuple(usage.variants), role=Role(usage.role), media_modified=usage.media_modified
    )
