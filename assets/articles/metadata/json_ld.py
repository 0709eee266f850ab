"""What a page's JSON-LD says of its article and pictures (https://schema.org/), however it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from assets.parsing import text, urls
from assets.parsing.values import as_list, as_map, as_size

# A page's data of more objects than this is a catalogue of something else.
MAX_OBJECTS = 20_000

# No article names more pictures of itself in its data.
MAX_PICTURES = 500

# Nor does one thing have more names or addresses; a list that many name would be read for each of them.
MAX_PARTS = 100

# Longer numbers are no sizes; Python takes quadratic time for them.
_MAX_DIGITS = 18

_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Recipe|Review|PodcastEpisode)$")
_PAGE_TYPE = re.compile(r"(?:Page|Gallery)$")
_ORGANISATION_TYPE = re.compile(r"(?i)(?:Organization|Corporation|Brand|Person|Store)$")

# An article below one of these is another story, or a part of this one.
_OTHERS = frozenset(
    "haspart ispartof mentions citation comment itemlistelement relatedlink isbasedon about breadcrumb review".split()
)
_CREDIT_KEYS = ("creditText", "author", "creator", "copyrightHolder", "copyrightNotice", "provider")

_WRAPPING = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->")
_COMMENT_LINE = re.compile(r"^\s*(?://.*|/\*.*?\*/)\s*$", re.MULTILINE)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")


@dataclass(frozen=True, slots=True)
class LinkedPicture:
    """A picture as linked data describes it: its addresses, the largest first where sizes are told."""

    addresses: tuple[str, ...]
    width: int | None = None
    height: int | None = None
    caption: str = ""
    caption_field: str = ""
    credit: str = ""
    credit_field: str = ""


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What linked data says of the page's article.

    `lead` are its pictures, the main one first; `described` every picture described anywhere on the page;
    `emblems` the addresses of logos and portraits.
    """

    headline: str = ""
    url: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    lead: tuple[LinkedPicture, ...] = ()
    described: tuple[LinkedPicture, ...] = ()
    emblems: frozenset[str] = frozenset()


def read_linked_data(tree: LexborHTMLParser, page_url: str, base_url: str = "") -> LinkedArticle:
    """What the JSON-LD of a page says of its article.

    >>> page = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Kim",}</script>'
    >>> read_linked_data(LexborHTMLParser(page), "").headline
    'Kim'
    """
    graph = _Graph(
        value for block in tree.css("script[type*='ld+json']") for value in parse_block(block.text())
    )
    article = _best_article(graph, page_url)
    lead: list[LinkedPicture] = []
    for holder in (article, *graph.pages):
        if lead:
            break
        for key in ("image", "primaryImageOfPage", "associatedMedia", "thumbnailUrl"):
            lead += (
                _pictures(holder.get(key), graph, base_url) if not lead or key == "associatedMedia" else []
            )
    described = [one for item in graph.pictures for one in _pictures(item, graph, base_url)]
    return LinkedArticle(
        headline=text.from_markup(_read_text(article.get("headline")) or _read_text(article.get("name"))),
        url=urls.make_absolute(_address_of(article), base_url),
        published=_read_text(article.get("datePublished")) or _read_text(article.get("dateCreated")),
        modified=_read_text(article.get("dateModified")),
        language=_language(article.get("inLanguage")),
        authors=tuple(_names(article.get("author"), graph)),
        lead=tuple(lead[:MAX_PICTURES]),
        described=tuple(described[:MAX_PICTURES]),
        emblems=frozenset(_emblems(graph, base_url)),
    )


def parse_block(block: str) -> Iterator[object]:
    """The values of a script of JSON-LD, as far as it can be read.

    Scripts are wrapped in comments or CDATA, hold line ends in texts, a comma too many, one object after another.

    >>> list(parse_block('<!-- {"a": [1, 2,]} {"b": "x\\ny"} -->'))
    [{'a': [1, 2]}, {'b': 'x\\ny'}]
    """
    block = _WRAPPING.sub(" ", block)
    for mend in (lambda given: given, lambda given: _TRAILING_COMMA.sub("", _COMMENT_LINE.sub("", given))):
        values = _values(mend(block))
        if values is not None:
            yield from values
            return


def _values(block: str) -> list[object] | None:
    """The values in a row, None where one is broken."""
    decoder = json.JSONDecoder(strict=False, parse_int=_integer, parse_constant=lambda _name: None)
    found: list[object] = []
    position = 0
    while True:
        start = next(
            (place for place in range(position, len(block)) if block[place] not in " \t\r\n;,"), len(block)
        )
        if start == len(block):
            return found
        try:
            value, position = decoder.raw_decode(block, start)
        except (ValueError, RecursionError):
            return found or None
        found.append(value)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_DIGITS else None


# The objects of a page


class _Graph:
    """Every object of the page's linked data, by what it is."""

    def __init__(self, values: Iterable[object]) -> None:
        self.by_id: dict[str, Mapping[str, object]] = {}
        self.articles: list[Mapping[str, object]] = []
        self.pages: list[Mapping[str, object]] = []
        self.pictures: list[Mapping[str, object]] = []
        self.organisations: list[Mapping[str, object]] = []
        for item, is_own in _objects(values):
            self._add(item, is_own=is_own)

    def _add(self, item: Mapping[str, object], *, is_own: bool) -> None:
        name = item.get("@id")
        # With its type alone it is a mention too; what is meant may stand further down.
        if isinstance(name, str) and item.keys() - {"@id", "@type"}:
            self.by_id.setdefault(name, item)
        types = [one for one in as_list(item.get("@type")) or [item.get("@type")] if isinstance(one, str)]
        if any(one.endswith("ImageObject") for one in types):
            self.pictures.append(item)
        elif any(_ORGANISATION_TYPE.search(one) for one in types):
            self.organisations.append(item)
        elif is_own and any(_ARTICLE_TYPE.search(one) for one in types):
            self.articles.append(item)
        elif is_own and any(_PAGE_TYPE.search(one) for one in types):
            self.pages.append(item)

    def resolve(self, value: object) -> object:
        """The object an `@id` alone stands for."""
        item = as_map(value)
        name = item.get("@id")
        return self.by_id.get(name, value) if isinstance(name, str) and len(item) <= 2 else value


def _objects(values: Iterable[object]) -> Iterator[tuple[Mapping[str, object], bool]]:
    """Every object with whether it can be the page's own, outer ones first, without recursion."""
    waiting: list[tuple[object, bool]] = [(value, True) for value in values][::-1]
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        value, is_own = waiting.pop()
        if isinstance(value, Mapping):
            yield value, is_own
            inner = [(part, is_own and key.lower() not in _OTHERS) for key, part in value.items()]
        else:
            inner = [(part, is_own) for part in value] if isinstance(value, list) else []
        waiting += [(part, own) for part, own in reversed(inner) if isinstance(part, list | Mapping)]


def _best_article(graph: _Graph, page_url: str) -> Mapping[str, object]:
    """The article that says it is this page's, else the first; the page itself where none is described."""
    own = urls.identity(page_url)
    for article in graph.articles:
        if page_url and urls.identity(urls.make_absolute(_address_of(article), page_url)) == own:
            return article
    return next(iter([*graph.articles, *graph.pages]), {})


def _address_of(item: Mapping[str, object]) -> str:
    main = item.get("mainEntityOfPage")
    for value in (item.get("url"), as_map(main).get("@id"), as_map(main).get("url"), main, item.get("@id")):
        if isinstance(value, str) and value:
            return value
    return ""


# Pictures


def _pictures(value: object, graph: _Graph, base_url: str) -> list[LinkedPicture]:
    """The pictures a property holds: addresses, objects, names of objects, or lists of them."""
    found: list[LinkedPicture] = []
    for part in value if isinstance(value, list) else [value]:
        item = graph.resolve(part)
        if isinstance(item, str):
            address = _make_absolute(item, base_url)
            found += [LinkedPicture((address,))] if address else []
        elif isinstance(item, Mapping):
            found += _picture(item, graph, base_url)
    return found


def _picture(item: Mapping[str, object], graph: _Graph, base_url: str) -> list[LinkedPicture]:
    addresses = [
        _make_absolute(address, base_url)
        for key in ("contentUrl", "url")
        for address in _texts(item.get(key))
    ]
    addresses = list(dict.fromkeys(address for address in addresses if address))
    if not addresses:
        nested = item.get("image")
        return _pictures(nested, graph, base_url) if isinstance(nested, str) else []
    credit, credit_field = _credit(item, graph)
    caption, caption_field = _caption(item)
    return [
        LinkedPicture(
            tuple(addresses),
            width=_size(item.get("width")),
            height=_size(item.get("height")),
            caption=caption,
            caption_field=caption_field,
            credit=credit,
            credit_field=credit_field,
        )
    ]


def _caption(item: Mapping[str, object]) -> tuple[str, str]:
    """What is said of a picture, and under which key."""
    for key in ("caption", "description"):
        if caption := text.from_markup(_read_text(item.get(key))):
            return caption, f"json-ld {key}"
    return "", ""


def _credit(item: Mapping[str, object], graph: _Graph) -> tuple[str, str]:
    """Who is named for a picture, and under which key."""
    for key in _CREDIT_KEYS:
        credit = text.from_markup(", ".join(dict.fromkeys(_names(item.get(key), graph))))
        if credit:
            return credit, f"json-ld {key}"
    return "", ""


def _names(value: object, graph: _Graph) -> list[str]:
    """The names of the persons or organisations a property holds."""
    names = (_name(graph.resolve(part)) for part in _parts(value))
    return [name for name in names if name]


def _emblems(graph: _Graph, base_url: str) -> Iterator[str]:
    for item in graph.organisations:
        for key in ("logo", "image"):
            for picture in _pictures(item.get(key), graph, base_url):
                yield from picture.addresses


# Values


def _parts(value: object) -> list[object]:
    return value[:MAX_PARTS] if isinstance(value, list) else [value]


def _texts(value: object) -> list[str]:
    return [part for part in _parts(value) if isinstance(part, str)]


def _read_text(value: object) -> str:
    """A text that may come in a list or as a language map's `@value`."""
    for part in _parts(value):
        told = as_map(part).get("@value") if isinstance(part, Mapping) else part
        if isinstance(told, str) and told.strip():
            return told.strip()
    return ""


def _name(value: object) -> str:
    return _read_text(as_map(value).get("name")) if isinstance(value, Mapping) else _read_text(value)


def _size(value: object) -> int | None:
    """A size in pixels, also as a `QuantitativeValue`."""
    return as_size(as_map(value).get("value") if isinstance(value, Mapping) else value)


def _language(value: object) -> str:
    """A language, also as an object: its code is the alternate name (https://schema.org/Language)."""
    if isinstance(value, Mapping):
        return _read_text(value.get("alternateName")) or _read_text(value.get("name"))
    return _read_text(value)


def _make_absolute(address: str, base_url: str) -> str:
    """The address; some templates write it as HTML does, with `&amp;`."""
    return urls.make_absolute(text.resolve_entities(address).strip(), base_url)
