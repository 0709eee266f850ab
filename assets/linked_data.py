"""JSON-LD and microdata of a page: the article it describes, and its pictures with caption, size and credit.

Vocabulary: https://schema.org/NewsArticle, https://schema.org/ImageObject.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from assets import text, urls
from assets.head import is_stand_in, when

_ARTICLE = re.compile(
    r"(?:News|Blog|Opinion|Report|Scholarly|Social|Live|Tech|Review|Analysis)?\w*(?:Article|BlogPosting|Posting)$"
)

# The objects of a page nest a few levels; what nests deeper was made to.
MAX_DEPTH = 20

# A page has some dozens of objects; more are a catalogue of products.
MAX_OBJECTS = 5000

_COMMENT = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_CREDITS = (
    ("creditText", "json-ld creditText"),
    ("copyrightHolder", "json-ld copyrightHolder"),
    ("copyrightNotice", "json-ld copyrightNotice"),
    ("creator", "json-ld creator"),
    ("author", "json-ld author"),
)


@dataclass(frozen=True, slots=True)
class LinkedPicture:
    """A picture that structured data names."""

    url: str
    width: int | None = None
    height: int | None = None
    caption: str = ""
    credit: str = ""
    credit_field: str = ""


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What structured data says of the article: its pictures, and of other pictures by themselves."""

    headline: str = ""
    published: str = ""
    modified: str = ""
    pictures: tuple[LinkedPicture, ...] = ()
    others: tuple[LinkedPicture, ...] = ()


def linked_article(tree: LexborHTMLParser, base: str) -> LinkedArticle:
    """What a page's JSON-LD says of its article, the first one where there are several."""
    objects = list(_objects(tree))
    by_id = {str(one["@id"]): one for one in objects if isinstance(one.get("@id"), str) and len(one) > 1}
    articles = [one for one in objects if _is(one, _ARTICLE)]
    pictures = [_picture(one, base) for one in objects if _is(one, re.compile("ImageObject$"))]
    others = tuple(one for one in pictures if one is not None)
    if not articles:
        return LinkedArticle(others=others)
    article = articles[0]
    return LinkedArticle(
        headline=text.from_markup(article.get("headline")),
        published=when(article.get("datePublished")),
        modified=when(article.get("dateModified")),
        pictures=tuple(_pictures_of(article.get("image"), by_id, base)),
        others=others,
    )


def _objects(tree: LexborHTMLParser) -> Iterator[Mapping[str, object]]:
    count = 0
    for node in tree.css("script[type='application/ld+json']"):
        for one in _walk(_parsed(node.text()), 0):
            count += 1
            if count > MAX_OBJECTS:
                return
            yield one


def _parsed(source: str) -> object:
    """The value of a script, its usual mistakes forgiven: comments around it, line ends in texts, last commas."""
    plain = _COMMENT.sub("", _COMMENT.sub("", source)).strip().rstrip(";")
    for attempt in (plain, _TRAILING_COMMA.sub(r"\1", plain)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    """Every object within a value, outer ones first."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        if "@type" in value:
            yield value
        for name, inner in value.items():
            if name not in (
                "comment",
                "review",
                "mentions",
                "hasPart",
                "isPartOf",
                "publisher",
                "logo",
                "author",
            ):
                yield from _walk(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, depth + 1)


def _is(one: Mapping[str, object], kind: re.Pattern[str]) -> bool:
    given = one.get("@type")
    kinds = given if isinstance(given, list) else [given]
    return any(isinstance(name, str) and kind.search(name.rpartition("/")[2]) for name in kinds)


def _pictures_of(
    value: object, by_id: Mapping[str, Mapping[str, object]], base: str
) -> Iterator[LinkedPicture]:
    """The pictures of an `image` property: an address, an ImageObject, a reference to one, or a list of those."""
    if isinstance(value, list):
        for inner in value[:MAX_OBJECTS]:
            yield from _pictures_of(inner, by_id, base) if not isinstance(inner, list) else ()
    elif isinstance(value, str):
        yield from [one for one in [_picture({"url": value}, base)] if one is not None]
    elif isinstance(value, Mapping):
        known = by_id.get(str(value.get("@id")), {}) if len(value) == 1 else value
        yield from [one for one in [_picture(known, base)] if one is not None]


def _picture(one: Mapping[str, object], base: str) -> LinkedPicture | None:
    given = (one.get("contentUrl"), one.get("url"))
    addresses = [urls.absolute(inner.strip(), base) for value in given for inner in _texts(value)]
    address = next((address for address in addresses if address), "")
    if not address or is_stand_in(address):
        return None
    credit, field = _credit(one)
    caption = next(
        (found for name in ("caption", "description") if (found := text.from_markup(one.get(name)))), ""
    )
    return LinkedPicture(address, _size(one.get("width")), _size(one.get("height")), caption, credit, field)


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _credit(one: Mapping[str, object]) -> tuple[str, str]:
    for name, field in _CREDITS:
        names = [found for value in _listed(one.get(name)) if (found := _named(value))]
        if names:
            return ", ".join(dict.fromkeys(names)), field
    return "", ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _named(value: object) -> str:
    """A person's or an organisation's name, however it is written."""
    return text.from_markup(value.get("name") if isinstance(value, Mapping) else value)


def _size(value: object) -> int | None:
    """A size in pixels, also as a text or a QuantitativeValue."""
    if isinstance(value, Mapping):
        value = value.get("value")
    found = re.match(r"\d{1,5}", str(value)) if isinstance(value, int | float | str) else None
    return int(found.group()) or None if found is not None else None
