"""What is said of pictures, searched for words: captions, alt texts, credits, titles, and what files say themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from catalog.index import Said, TextIndex
from catalog.model import AssetRecord, UsageRecord
from catalog.store import Store, fold_text, is_said_by, is_said_of


class TextSearch:
    """Words that are looked for, all of them, in what is said of one use of a picture; none are found everywhere.

    A title counts for every use on its page. Without an index, and where it has not read enough, the store itself is
    asked.
    """

    def __init__(self, store: Store, text: str, text_index: TextIndex | None = None) -> None:
        self._store = store
        self._wanted = fold_text(text).split()
        self._text_index = text_index

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def usages(self) -> Iterator[UsageRecord]:
        """Every usage whose caption, alt text, credit, what they were before, and page's title have the words together.

        In no order. Without words it is every usage.
        """
        if self._said is None:
            yield from self._store.find_usages(self._wanted)
            return
        since = self._said.since
        new = {
            *since.usages,
            # What a page is called now counts for all its usages.
            *(usage.key for page in since.pages for usage in self._store.usages_of_page(page)),
        }
        for key in self._said.usages:
            usage = self._store.usage(key) if key not in new else None
            if usage is not None:
                yield usage
        for key in sorted(new):
            usage = self._store.usage(key)
            if usage is not None and is_said_of(usage, self._title_of(usage.page), self._wanted):
                yield usage

    def assets(self) -> Iterator[AssetRecord]:
        """Every asset whose file says the words itself; none without words."""
        if not self._wanted:
            return
        if self._said is None:
            yield from self._store.find_assets(self._wanted)
            return
        new = set(self._said.since.assets)
        for sha256 in self._said.assets:
            asset = self._store.asset(sha256) if sha256 not in new else None
            if asset is not None:
                yield asset
        for sha256 in sorted(new):
            asset = self._store.asset(sha256)
            if asset is not None and is_said_by(asset, self._wanted):
                yield asset

    def _title_of(self, key: str) -> str:
        page = self._store.page(key)
        return fold_text(page.title) if page is not None else ""

    @cached_property
    def _said(self) -> Said | None:
        """What the index tells, None without one."""
        return (
            self._text_index.search(self._store, self._wanted) if self._text_index and self._wanted else None
        )
