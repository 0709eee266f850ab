"""What a page is known by, and how it keeps its uses when its address changes.

A post of WordPress is known by its id: a changed slug or a new permalink structure moves the page, and what the ledger
has of it moves along. Anything else is known by its address, else by its source.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from assets import Page, Reading, site_key, upload_key
from catalog.harvest.observations import is_weaker, join_usages, observe, source_kind_of, withdraw
from catalog.harvest.page_history import is_open_status
from catalog.model import PageRecord, UsageRecord
from catalog.store import Store

# Readings that wait for an earlier one of the same page, of some 5 kB each.
READINGS_HELD = 10_000


def page_key(page: Page) -> str:
    """What a page new to the ledger is known by: its address, else its source, made absolute, and its id there.

    >>> page_key(Page("post.json", url="https://news.example/7/"))
    'https://news.example/7/'
    """
    if page.url:
        return page.url
    source = page.source if page.source == "-" or "://" in page.source else os.path.abspath(page.source)
    return f"{source}#{page.post_id}" if page.post_id is not None else source


def find_page_key(store: Store, page: Page, at: str, on_move: Callable[[], None] = lambda: None) -> str:
    """The key of the page in the ledger, which is moved when its post has another address at `at`."""
    known = _find_post(store, page.api_root, page.post_id)
    if known is not None:
        # Another kind of source may have another address for the same page, and a draft has one of its own.
        has_moved = bool(page.url) and page.url != known.url and is_open_status(page.status)
        is_told = has_moved and not is_weaker(page.source_kind, source_kind_of(known))
        if not is_told:
            return known.key
        on_move()
        return move_page(store, known, page.url, at)
    key = page_key(page)
    there = store.page(key)
    if there is None or not _is_another(there, page):
        return key
    # An export names no API: the post whose id it tells is found by the site of the one that is there.
    own = None if page.api_root else _find_post(store, there.api_root, page.post_id)
    if own is not None:
        return own.key
    return _make_room(store, there, key, page.post_id)


def move_page(store: Store, page: PageRecord, url: str, at: str) -> str:
    """Put a page and its usages under another address, seen at `at`; the key they have now."""
    key = _take_address(store, page, url)
    was_open = is_open_status(page.status) or bool(page.gone)
    earlier = [*page.earlier, *([{"url": page.url, "until": at}] if was_open else [])]
    _rename(store, page, key, replace(page, key=key, url=url, earlier=earlier))
    return key


def _find_post(store: Store, api_root: str, post_id: int | None) -> PageRecord | None:
    return store.page_of_post(api_root, post_id) if api_root and post_id is not None else None


def _is_another(there: PageRecord, page: Page) -> bool:
    """Whether the record at a page's address is that of another post."""
    return (
        page.post_id is not None
        and there.post_id is not None
        and there.post_id != page.post_id
        and (not page.api_root or site_key(there.api_root) == site_key(page.api_root))
    )


def _take_address(store: Store, page: PageRecord, url: str) -> str:
    """The key for a page at an address, whose former page it takes over where that is known from elsewhere."""
    there = store.page(url)
    if there is None:
        return url
    if there.post_id is None:
        _absorb(store, there, page)
    return _make_room(store, there, url, page.post_id)


def _make_room(store: Store, there: PageRecord, key: str, post_id: int | None) -> str:
    """The key for a page at an address where another one is: a page that is gone makes room."""
    if there.post_id is None:
        return key
    if not there.gone:
        return f"{key}#{post_id}"
    _rename(store, there, f"{key}#{there.post_id}", replace(there, key=f"{key}#{there.post_id}"))
    return key


def _absorb(store: Store, there: PageRecord, page: PageRecord) -> None:
    """Take over what a feed or the page itself told of the address to which a post has moved."""
    own = {upload_key(usage.url): usage for usage in store.usages_of_page(page.key)}
    kinds = source_kind_of(there), source_kind_of(page)
    for usage in store.usages_of_page(there.key):
        known = own.get(upload_key(usage.url))
        if known is None:
            continue
        observed, known = (
            replace(one, source_kind=one.source_kind or kind)
            for one, kind in zip((usage, known), kinds, strict=True)
        )
        if is_weaker(known.source_kind, observed.source_kind):
            continue
        is_same_kind = known.source_kind == observed.source_kind
        store.put_usage(join_usages(known, observed) if is_same_kind else observe(known, observed))
        # Told by the other one now, which keeps its key; this one never was a use of its own.
        store.delete_usage(usage.key)


def _rename(store: Store, page: PageRecord, key: str, renamed: PageRecord) -> None:
    store.put_page(renamed)
    for usage in store.usages_of_page(page.key):
        with store.changing(UsageRecord, usage.key) as row:
            row.record = replace(row.record or usage, page=key)
    store.delete_page(page.key)


def merge_page(store: Store, stray: PageRecord, page: PageRecord, at: str) -> None:
    """Put what is known of an address with the page to which it leads now; what that does not show is withdrawn."""
    _absorb(store, stray, page)
    for usage in store.usages_of_page(stray.key):
        moved = replace(usage, page=page.key, source_kind=usage.source_kind or source_kind_of(stray))
        store.put_usage(withdraw(moved, source_kind_of(page), at))
    store.put_page(replace(page, earlier=[*page.earlier, {"url": stray.url, "until": at}]))
    store.delete_page(stray.key)


def settle_page(store: Store, page: PageRecord) -> None:
    """Give a page its own address for a key, when what stood there has moved away."""
    if not page.url or page.key == page.url or page.gone:
        return
    key = _take_address(store, page, page.url)
    if key != page.key:
        _rename(store, page, key, replace(page, key=key))


class PagesUnderWay:
    """Pages whose pictures are being collected, each read once at a time.

    Of two readings of one page the later one waits until all of the earlier is on record: what it says is gone, or
    changed, is told by comparing it with that. Pages are remembered by numbers alone, since there may be millions.
    """

    def __init__(self) -> None:
        self._left: dict[int, int] = {}
        self._held: dict[int, deque[Reading]] = {}
        self._count = 0

    @property
    def is_full(self) -> bool:
        """Whether whoever reads pages should wait."""
        return self._count >= READINGS_HELD

    def may_begin(self, reading: Reading) -> bool:
        """Whether a page may be collected now, which it then is; it is handed out later if it may not."""
        marks = _marks_of(reading.page)
        for mark in marks:
            if mark in self._left:
                self._held.setdefault(mark, deque()).append(reading)
                self._count += 1
                return False
        self._left.update(dict.fromkeys(marks, len(reading.references)))
        return True

    def is_last_of(self, page: Page) -> bool:
        """Count one reference of a page as collected; whether it was the last."""
        for mark in _marks_of(page):
            self._left[mark] -= 1
            is_last = not self._left[mark]
        return is_last

    def end(self, page: Page) -> list[Reading]:
        """Take a page as collected; the readings that waited for that alone, which are under way now."""
        marks, begun = _marks_of(page), []
        for mark in marks:
            self._left.pop(mark, None)
        for mark in marks:
            held = self._held.pop(mark, deque())
            while held and mark not in self._left:
                reading = held.popleft()
                self._count -= 1
                if self.may_begin(reading):
                    begun.append(reading)
            if held:
                # Those that were held meanwhile, for another mark, came later.
                self._held[mark] = held
        return begun


def _marks_of(page: Page) -> tuple[int, ...]:
    """A page by its address and, where it is a post, by its id: of two that are one, one of these is the same."""
    by_address = hash(page_key(page))
    if not page.api_root or page.post_id is None:
        return (by_address,)
    return (by_address, hash((site_key(page.api_root), page.post_id)))
