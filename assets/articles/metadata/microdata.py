"""What a page's microdata says of its article and pictures (`itemscope`, `itemprop`; https://schema.org/)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assets.articles.metadata.json_ld import LinkedArticle, LinkedPicture
from assets.parsing import text, urls
from assets.parsing.values import as_size

# No page describes more; each costs a walk through its parts.
MAX_ITEMS = 200

# Levels up from a property to the item it belongs to.
_MAX_LEVELS = 60

_ARTICLE_TYPE = re.compile(r"schema\.org/\w*(?:Article|Posting|Report|Recipe)\b", re.IGNORECASE)
_PICTURE_TYPE = re.compile(r"schema\.org/(?:ImageObject|Photograph)\b", re.IGNORECASE)
_CREDIT_PROPERTIES = ("creditText", "author", "creator", "copyrightHolder", "copyrightNotice")
_ADDRESS_ATTRIBUTES = ("content", "src", "href", "data-src")


def read_microdata(tree: LexborHTMLParser, base_url: str) -> LinkedArticle:
    """What the microdata of a page says of its first article and of every picture it describes."""
    scopes = tree.css("[itemscope][itemtype]")[:MAX_ITEMS]
    pictures = [
        one for node in scopes if _PICTURE_TYPE.search(_type(node)) for one in _picture(node, base_url)
    ]
    article = next((node for node in scopes if _ARTICLE_TYPE.search(_type(node))), None)
    if article is None:
        return LinkedArticle(described=tuple(pictures))
    return LinkedArticle(
        headline=_read_property(article, "headline"),
        published=_read_property(article, "datePublished"),
        modified=_read_property(article, "dateModified"),
        language=_read_property(article, "inLanguage"),
        authors=tuple(_authors(article)),
        lead=tuple(_lead(article, base_url)),
        described=tuple(pictures),
    )


def _type(node: LexborNode) -> str:
    return node.attributes.get("itemtype") or ""


def _properties(item: LexborNode, name: str) -> Iterator[LexborNode]:
    """The elements of a property that belong to this item, not to one inside it."""
    for node in item.css(f'[itemprop~="{name}"]'):
        if _item_of(node) == item.mem_id:
            yield node


def _item_of(node: LexborNode) -> int:
    around = node.parent
    for _ in range(_MAX_LEVELS):
        if around is None or "itemscope" in around.attributes:
            break
        around = around.parent
    return around.mem_id if around is not None else 0


def _read_property(item: LexborNode, name: str) -> str:
    """The text of a property: what a machine is told, else what a reader sees."""
    for node in _properties(item, name):
        attributes = node.attributes
        told = attributes.get("content") or attributes.get("datetime")
        if told is None and "itemscope" in attributes:
            told = _read_property(node, "name")
        value = text.clean(told) if told else text.from_markup(node.html)
        if value:
            return value
    return ""


def _authors(article: LexborNode) -> Iterator[str]:
    told = _read_property(article, "author")
    if told:
        yield told


def _lead(article: LexborNode, base_url: str) -> Iterator[LinkedPicture]:
    """The pictures an article names as its own."""
    for name in ("image", "thumbnailUrl"):
        for node in _properties(article, name):
            if "itemscope" in node.attributes:
                yield from _picture(node, base_url)
            else:
                address = _address(node, base_url)
                if address:
                    yield LinkedPicture((address,))


def _picture(item: LexborNode, base_url: str) -> list[LinkedPicture]:
    found = (_address(node, base_url) for name in ("contentUrl", "url") for node in _properties(item, name))
    addresses = tuple(dict.fromkeys(address for address in found if address))
    if not addresses:
        return []
    caption, caption_field = _read_first(item, ("caption", "description"))
    credit, credit_field = _read_first(item, _CREDIT_PROPERTIES)
    return [
        LinkedPicture(
            addresses,
            width=as_size(_read_property(item, "width")),
            height=as_size(_read_property(item, "height")),
            caption=caption,
            caption_field=caption_field,
            credit=credit,
            credit_field=credit_field,
        )
    ]


def _read_first(item: LexborNode, names: tuple[str, ...]) -> tuple[str, str]:
    """What the first of several properties that has a text says, and which it is."""
    for name in names:
        if told := _read_property(item, name):
            return told, f"microdata {name}"
    return "", ""


def _address(node: LexborNode, base_url: str) -> str:
    attributes = node.attributes
    given = (
        urls.make_absolute((attributes.get(name) or "").strip(), base_url) for name in _ADDRESS_ATTRIBUTES
    )
    return next((address for address in given if address), "")
