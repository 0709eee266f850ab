"""What is said of pictures, searched for words: captions, alt texts, credits, titles, and what files say themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property

from catalog.contract import Store
from catalog.model import AssetRecord, UsageRecord


def folded(text: str) -> str:
    """The text without case and accents, to be searched.

    >>> folded("Pyongyang, Québec, STRASSE")
    'pyongyang, quebec, strasse'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


class Words:
    """Words that are looked for, all of them, in what is said of one use of a picture; none are found everywhere.

    A title counts for every use on its page.
    """

    def __init__(self, store: Store, text: str) -> None:
        self._store = store
        self._wanted = folded(text).split()

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def usages(self) -> Iterator[UsageRecord]:
        """Every usage whose caption, alt text, credit, what they were before, and page's title have the words together.

        In no order. Without words it is every usage.
        """
        told: set[str] = set()
        for usage in self._store.usages(self._wanted):
            if self._are_said_of(usage):
                told.add(usage.key)
                yield usage
        # A title may say all of them by itself; then its usages say none.
        for page, title in self._titles.items():
            if all(word in title for word in self._wanted):
                yield from (one for one in self._store.usages_of_page(page) if one.key not in told)

    def _are_said_of(self, usage: UsageRecord) -> bool:
        said = folded("\n".join(_said(usage)))
        missing = [word for word in self._wanted if word not in said]
        if not missing:
            return True
        title = self._titles.get(usage.page, "")
        return all(word in title for word in missing)

    def assets(self) -> Iterator[AssetRecord]:
        """Every asset whose file says the words itself; none without words."""
        for asset in self._store.assets(self._wanted) if self._wanted else ():
            said = folded("\n".join(value.get("text", "") for value in asset.embedded.values()))
            if all(word in said for word in self._wanted):
                yield asset

    @cached_property
    def _titles(self) -> dict[str, str]:
        """The titles of pages that have any of the words, gone through once."""
        if not self._wanted:
            return {}
        folded_titles = ((page.key, folded(page.title)) for page in self._store.pages(self._wanted))
        return {key: title for key, title in folded_titles if any(word in title for word in self._wanted)}


def _said(usage: UsageRecord) -> Iterator[str]:
    yield from (usage.caption, usage.alt, usage.credit)
    for earlier in usage.history:
        yield from (str(earlier.get(name, "")) for name in ("caption", "alt", "credit"))
