"""What the ledger knows of a WordPress site, for the walk over it, and what is to be asked of it again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from assets import KnownPost, KnownSite, PageKind, SourceKind, moment_of, site_key
from catalog.harvest.failures import is_due
from catalog.harvest.observations import source_kind_of
from catalog.model import PageRecord, UsageRecord
from catalog.store import Store


def known_site(store: Store, api_root: str, reconcile: timedelta | None, now: datetime) -> KnownSite:
    """A site's posts as they are known; with a mark where it need not be listed whole.

    `reconcile` is how long ago it may have been listed whole, None for never.
    """
    posts = {
        page.post_id: _known_post(store, page)
        for page in store.pages_of_site(api_root)
        if page.post_id is not None and page.kind != PageKind.ATTACHMENT.value
    }
    state = store.site_state(site_key(api_root))
    mark = state.mark if state is not None and _is_recent(state.listed, reconcile, now) else ""
    return KnownSite(posts, mark)


def _known_post(store: Store, page: PageRecord) -> KnownPost:
    is_rest = source_kind_of(page) == SourceKind.REST.value
    media = {
        usage.media_id: usage.media_modified
        for usage in store.usages_of_page(page.key)
        if usage.media_id is not None
        and not usage.withdrawn
        and usage.source_kind in ("", SourceKind.REST.value)
    }
    return KnownPost(
        page.read if is_rest else "",
        page.url,
        page.post_type,
        page.featured_media,
        media if is_rest else {},
        bool(page.gone),
    )


def _is_recent(moment: str, within: timedelta | None, now: datetime) -> bool:
    at = moment_of(moment)
    return within is not None and at is not None and now - at < within


def list_again(store: Store, api_root: str, now: datetime, *, all_files: bool) -> Iterator[UsageRecord]:
    """Uses on a site's pages whose picture is to be asked for again though their page is as it was.

    Those without a picture, when their time has come; with `all_files` the others too, to see whether a file was
    exchanged under its name.
    """
    for page in store.pages_of_site(api_root):
        if page.gone or not page.read:
            continue
        for usage in store.usages_of_page(page.key):
            if usage.withdrawn or not usage.url or usage.source_kind != SourceKind.REST.value:
                continue
            if (usage.asset and all_files) or (not usage.asset and is_due(store.fetch(usage.url), now)):
                yield usage
