"""Keys of records by what is asked of them: the usages of a page or an asset, the page of a post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from assets import site_key
from catalog.model import PageRecord, UsageRecord
from catalog.store.tinydb_adapter import JournalStorage

_Keys = dict[str, dict[str, None]]


class KeyIndexes:
    """Made at the first question, each by itself, and kept up to date since; a harvest asks for some of them only."""

    def __init__(self, storage: JournalStorage) -> None:
        self._storage = storage
        self._by_page: _Keys | None = None
        self._by_asset: _Keys | None = None
        self._by_post: dict[str, dict[int, str]] | None = None

    def forget(self) -> None:
        """Make them anew at the next question."""
        self._by_page = self._by_asset = self._by_post = None

    # Asked

    def of_page(self, page: str) -> Iterable[str]:
        """The usages of a page."""
        if self._by_page is None:
            self._by_page = self._usages_by("page")
        return self._by_page.get(page, {})

    def of_asset(self, sha256: str) -> Iterable[str]:
        """The usages of an asset."""
        if self._by_asset is None:
            self._by_asset = self._usages_by("asset")
        return self._by_asset.get(sha256, {})

    def of_site(self, api_root: str) -> dict[int, str]:
        """The pages of a WordPress site by their posts."""
        if self._by_post is None:
            self._by_post = defaultdict(dict)
            roots = dict(self._storage.values("pages", "api_root"))
            for key, post_id in self._storage.values("pages", "post_id"):
                if post_id is not None and roots.get(key):
                    self._by_post[site_key(roots[key])][post_id] = key
        return self._by_post.get(site_key(api_root), {})

    def _usages_by(self, field: str) -> _Keys:
        found: _Keys = defaultdict(dict)
        for key, value in self._storage.values("usages", field):
            found[value][key] = None
        return found

    # Kept up to date

    def put_page(self, record: PageRecord) -> None:
        """A page was put."""
        if self._by_post is not None and record.api_root and record.post_id is not None:
            self._by_post[site_key(record.api_root)][record.post_id] = record.key

    def drop_page(self, record: PageRecord) -> None:
        """A page was deleted."""
        if self._by_post is not None and record.post_id is not None:
            posts = self._by_post[site_key(record.api_root)]
            if posts.get(record.post_id) == record.key:
                del posts[record.post_id]

    def put_usage(self, known: UsageRecord | None, record: UsageRecord) -> None:
        """A usage was put in the place of the known one."""
        if known is not None and (known.page, known.asset) != (record.page, record.asset):
            self.drop_usage(known)
        if self._by_page is not None:
            self._by_page[record.page][record.key] = None
        if self._by_asset is not None:
            self._by_asset[record.asset][record.key] = None

    def drop_usage(self, record: UsageRecord) -> None:
        """A usage was deleted, or is another's now."""
        if self._by_page is not None:
            self._by_page[record.page].pop(record.key, None)
        if self._by_asset is not None:
            self._by_asset[record.asset].pop(record.key, None)
