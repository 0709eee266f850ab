"""Pictures that a feed names beside an entry's text: Media RSS, enclosures, podcast covers.

Media RSS (https://www.rssboard.org/media-rss) is read from the elements themselves: which credit belongs to
which picture is told by their nesting alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from assets.credits import MADE_LABELS, split_credit
from assets.markup import (
    ImageCandidate,
    choose_largest,
    deduplicate,
    is_furniture_address,
    is_same,
    union,
)
from assets.model import ImageReference
from assets.parsing import text, urls
from assets.parsing.values import as_size
from assets.parsing.xmltext import local_name

_NAMESPACES = ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss")

# Some feeds use the prefix without declaring it.
_MEDIA_TAGS = {
    name: (*(f"{{{namespace}}}{name}" for namespace in _NAMESPACES), f"media:{name}")
    for name in ("content", "credit", "description", "group", "thumbnail", "title")
}

MEDIA_TAGS = tuple(tag for tags in _MEDIA_TAGS.values() for tag in tags)

_PICTURE_NAME = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?)$")
_NO_TYPE = frozenset({"", "application/octet-stream", "binary/octet-stream", "image"})


@dataclass(frozen=True, slots=True)
class _Words:
    """What a feed says of a picture, its own words before its group's and its entry's."""

    alt: str = ""
    caption: str = ""
    credit: str = ""

    def complete(self, other: _Words) -> _Words:
        return _Words(self.alt or other.alt, self.caption or other.caption, self.credit or other.credit)


def entry_pictures(entry: etree._Element, base: str, cover: str = "") -> tuple[ImageReference, ...]:
    """The pictures an entry names outside its text, each once, the most telling first.

    `cover` is the whole feed's picture, which says nothing about the entry.
    """
    found: list[ImageReference] = []
    words = _words(entry)
    for group in _children(entry, "group"):
        found += _scope(group, base, _words(group).complete(words), is_one_work=True)
    found += _scope(entry, base, words, is_one_work=False)
    found += _enclosures(entry, base)
    if not found:
        found = [one for one in _covers(entry, base) if one.url != cover]
    return tuple(one for one in _unite_renditions(found) if not is_furniture_address(one.url))


def feed_cover(feed: etree._Element, base: str) -> str:
    """The address of the whole feed's own picture, `""` where it has none."""
    return next((one.url for one in _covers(_channel(feed), base)), "")


def home_of(scope: etree._Element) -> str:
    """The address of the site or page that a feed or an entry says it is of, `""` where it does not say.

    >>> home_of(etree.fromstring("<rss><channel><link>https://a.example/</link></channel></rss>"))
    'https://a.example/'
    """
    links = [child for child in _channel(scope) if local_name(child.tag) == "link"]
    # A link of Atom without a relation is of the first kind; the second leads to the feed itself.
    for relation in ("alternate", "self"):
        for link in links:
            address = urls.make_absolute((link.get("href") or link.text or "").strip())
            if address and link.get("rel", "alternate") == relation:
                return address
    return ""


def _channel(feed: etree._Element) -> etree._Element:
    return next((child for child in feed if local_name(child.tag) == "channel"), feed)


def _scope(scope: etree._Element, base: str, words: _Words, *, is_one_work: bool) -> list[ImageReference]:
    """The pictures directly in a group or an entry; a group holds one work in several renditions."""
    contents = list(_children(scope, "content"))
    pictures = [
        _picture(one, base, _words(one).complete(words)) for one in contents if _is_picture(one, base)
    ]
    thumbnails = [_picture(one, base) for one in _children(scope, "thumbnail")]
    # A content element may carry its own thumbnail.
    thumbnails += [_picture(one, base) for content in contents for one in _children(content, "thumbnail")]
    found = [one for one in pictures if one is not None]
    small = _as_one([one for one in thumbnails if one is not None])
    if is_one_work:
        return _as_one([*_as_one(found), *small])
    return [*found, *small]


def _picture(element: etree._Element, base: str, words: _Words | None = None) -> ImageReference | None:
    address = urls.make_absolute(element.get("url") or (element.text or "").strip(), base)
    told = words or _Words()
    if not address:
        return None
    return ImageReference(
        address,
        alt=told.alt,
        caption=told.caption,
        caption_field="media:description" if told.caption else "",
        credit=told.credit,
        credit_field="media:credit" if told.credit else "",
        width=as_size(element.get("width")),
        height=as_size(element.get("height")),
    )


def _is_picture(content: etree._Element, base: str) -> bool:
    medium, kind = content.get("medium", ""), content.get("type", "")
    if medium or kind not in _NO_TYPE:
        return medium == "image" or (not medium and kind.startswith("image/"))
    return bool(_PICTURE_NAME.search(urls.path_of(urls.make_absolute(content.get("url") or "", base))))


def _words(scope: etree._Element) -> _Words:
    """The title, description and credit that stand directly in a scope."""
    told = {
        name: next((_text(one) for one in _children(scope, name)), "") for name in ("title", "description")
    }
    given = sorted(_children(scope, "credit"), key=lambda credit: credit.get("role") != "photographer")
    credit = next((_text(one) for one in given if _text(one)), "")
    # Of what somebody drew or put together the word is a part of what the field says.
    is_made = credit.partition(":")[0].casefold() in MADE_LABELS
    named = credit if is_made else split_credit(credit)[1] or credit
    return _Words(told["title"], told["description"], named)


def _enclosures(entry: etree._Element, base: str) -> Iterator[ImageReference]:
    for child in entry:
        is_link = local_name(child.tag) == "link" and child.get("rel") == "enclosure"
        if local_name(child.tag) != "enclosure" and not is_link:
            continue
        address = urls.make_absolute(child.get("url") or child.get("href") or "", base)
        kind = child.get("type", "").lower()
        named = kind in _NO_TYPE and _PICTURE_NAME.search(urls.path_of(address))
        if address and (kind.startswith("image/") or named):
            yield ImageReference(address)


def _covers(scope: etree._Element, base: str) -> Iterator[ImageReference]:
    """Pictures of `<itunes:image href>` and of `<image>`, which holds an address or a `<url>`."""
    for child in scope:
        if local_name(child.tag) != "image":
            continue
        inside = next((part.text for part in child if local_name(part.tag) == "url"), None)
        address = urls.make_absolute((child.get("href") or inside or child.text or "").strip(), base)
        if address:
            yield ImageReference(address)


def _unite_renditions(pictures: Iterable[ImageReference]) -> list[ImageReference]:
    """Each picture once, the renditions of it as its variants."""
    kept: list[ImageReference] = []
    for picture in pictures:
        twin = next((number for number, other in enumerate(kept) if _is_rendition(picture, other)), None)
        if twin is None:
            kept.append(picture)
        else:
            kept[twin] = _as_one([kept[twin], picture])[0]
    return kept


def _is_rendition(one: ImageReference, other: ImageReference) -> bool:
    """Whether two addresses differ in size only: picture servers take the size in the query."""
    path = urls.path_of(one.url)
    same_file = path == urls.path_of(other.url) and urls.host_of(one.url) == urls.host_of(other.url)
    return is_same(one, other) or (same_file and bool(_PICTURE_NAME.search(path)))


def _as_one(pictures: list[ImageReference]) -> list[ImageReference]:
    """All renditions as one reference to the largest, the first of those of equal or unknown size."""
    candidate = choose_largest(ImageCandidate(one.url, one.width) for one in pictures)
    best = next((one for one in pictures if candidate is not None and one.url == candidate.address), None)
    if best is None:
        return []
    for other in pictures:
        if other is not best:
            best = replace(union(best, other), url=best.url, width=best.width, height=best.height)
    addresses = [address for one in pictures for address in (one.url, *one.variants)]
    return [replace(best, variants=deduplicate(addresses, without=(best.url,)))]


def _children(scope: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in scope if child.tag in _MEDIA_TAGS[name])


def _text(element: etree._Element) -> str:
    return text.from_markup("".join(str(part) for part in element.itertext()))
