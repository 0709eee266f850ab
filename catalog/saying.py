"""What is said of pictures, searched for words: captions, alt texts, credits, titles, and what files say themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

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

    A title counts for every use on its page: pages are gone through once, at the first use that is asked about.
    """

    def __init__(self, store: Store, text: str) -> None:
        self._store = store
        self._wanted = folded(text).split()
        self._titles: dict[str, str] | None = None

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def are_said_of(self, usage: UsageRecord) -> bool:
        """Whether caption, alt text, credit, what they were before, or the page's title have the words."""
        if not self._wanted:
            return True
        said = folded("\n".join(_said(usage)))
        missing = [word for word in self._wanted if word not in said]
        if not missing:
            return True
        title = self._title_of(usage.page)
        return all(word in title for word in missing)

    def are_embedded_in(self, asset: AssetRecord) -> bool:
        """Whether a file says the words itself."""
        said = folded("\n".join(value.get("text", "") for value in asset.embedded.values()))
        return bool(self._wanted) and all(word in said for word in self._wanted)

    def _title_of(self, page: str) -> str:
        """A page's title, where it has any of the words."""
        if self._titles is None:
            self._titles = dict(self._telling_titles())
        return self._titles.get(page, "")

    def _telling_titles(self) -> Iterable[tuple[str, str]]:
        for page in self._store.pages():
            title = folded(page.title)
            if any(word in title for word in self._wanted):
                yield page.key, title


def _said(usage: UsageRecord) -> Iterator[str]:
    yield from (usage.caption, usage.alt, usage.credit)
    for earlier in usage.history:
        yield from (str(earlier.get(name, "")) for name in ("caption", "alt", "credit"))
