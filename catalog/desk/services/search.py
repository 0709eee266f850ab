"""Search by what is said of pictures: captions, alt texts, credits, titles, and where and when they were used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.index import TextIndex
from catalog.lookup import PlacedUsage, TextSearch
from catalog.model import AssetRecord, Json, UsageRecord, use_time_of
from catalog.reports import usage_record
from catalog.store import Store, fold_text


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is empty is not asked for. `since` and `until` are days or times as UTC."""

    words: str = ""
    site: str = ""
    credit: str = ""
    role: str = ""
    since: str = ""
    until: str = ""
    offset: int = 0
    limit: int = 48

    def finds(self, usage: UsageRecord) -> bool:
        """Whether a usage is looked for, its words aside."""
        time = use_time_of(usage)
        return (
            (not self.site or usage.site == self.site)
            and (not self.role or usage.role == self.role)
            and (not self.credit or fold_text(self.credit) in fold_text(usage.credit))
            and (not self.since or time >= self.since)
            # A day means the whole of it.
            and (not self.until or time[: len(self.until)] <= self.until)
        )

    @property
    def only_words(self) -> bool:
        """Whether nothing is asked of the use itself, so that a file's own words count too."""
        return bool(self.words) and not (self.site or self.credit or self.role or self.since or self.until)


def search_pictures(store: Store, search: Search, text_index: TextIndex | None = None) -> Json:
    """The pictures whose usages are found, those used last first, as the API tells them."""
    found: dict[str, list[UsageRecord]] = {}
    words = TextSearch(store, search.words, text_index)
    for usage in words.usages():
        if usage.asset and search.finds(usage):
            found.setdefault(usage.asset, []).append(usage)
    if search.only_words:
        for one in words.assets():
            found.setdefault(one.sha256, [])
    ordered = sorted(found, key=lambda sha256: (_latest_of(found[sha256]), sha256), reverse=True)
    shown = ordered[search.offset : search.offset + search.limit]
    results = [
        _result(store, asset, found[sha256]) for sha256 in shown if (asset := store.asset(sha256)) is not None
    ]
    return {"total": len(ordered), "offset": search.offset, "results": results}


def _latest_of(usages: Iterable[UsageRecord]) -> str:
    return max(map(use_time_of, usages), default="")


def _result(store: Store, asset: AssetRecord, usages: list[UsageRecord]) -> Json:
    latest_first = sorted(usages, key=use_time_of, reverse=True)
    placed = [PlacedUsage(usage, store.page(usage.page)) for usage in latest_first]
    return {
        "asset": asset.sha256,
        "format": asset.format,
        "reason": asset.reason or None,
        "decoded": asset.decoded,
        "width": asset.width,
        "height": asset.height,
        "usages": [usage_record(one) for one in placed],
    }
