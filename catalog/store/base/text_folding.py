"""What is said of a picture, as one text without case and accents, to be searched for words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from catalog.model import AssetRecord, UsageRecord


def fold_text(text: str) -> str:
    """The text without case and accents, to be searched.

    >>> fold_text("Pyongyang, Québec, STRASSE")
    'pyongyang, quebec, strasse'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def fold_usage_text(usage: UsageRecord) -> str:
    """Caption, alt text and credit of a use, and what they were before, folded."""
    return _fold_lines(_list_texts(usage))


def fold_asset_text(asset: AssetRecord) -> str:
    """What a picture's file says itself, folded."""
    return _fold_lines(value.get("text", "") for value in asset.embedded.values())


def is_said_of(usage: UsageRecord, title: str, words: Iterable[str]) -> bool:
    """Whether folded words are all said of a use, or in its page's folded title."""
    said = fold_usage_text(usage)
    return all(word in said or word in title for word in words)


def is_said_by(asset: AssetRecord, words: Iterable[str]) -> bool:
    """Whether a picture's file says all of some folded words itself."""
    said = fold_asset_text(asset)
    return all(word in said for word in words)


def _list_texts(usage: UsageRecord) -> Iterator[str]:
    yield from (usage.caption, usage.alt, usage.credit)
    for earlier in usage.history:
        yield from (str(earlier.get(name, "")) for name in ("caption", "alt", "credit"))


def _fold_lines(texts: Iterable[str]) -> str:
    # No word that is looked for reaches over a line's end.
    return fold_text("\n".join(filter(None, texts)))
