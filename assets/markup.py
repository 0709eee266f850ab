"""The pictures of a piece of HTML: one reference each, with every address, text and size the markup tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assets import text, urls, variants
from assets.captions import caption_of
from assets.furniture import declared, furniture
from assets.model import ImageReference
from assets.srcset import candidates

# A page of more pictures is an index of somebody's disk; the rest of it is left out.
MAX_REFERENCES = 2000

# Levels up from a picture in which class names speak of it.
_NEAR_ANCESTORS = 4

# A node deeper in the tree than this stands in broken markup; looking further up would take quadratic time.
_MAX_ANCESTORS = 40

_ADDRESS_ATTRIBUTES = (
    "data-orig-file",
    "data-full-url",
    "data-large-file",
    "data-large_image",
    "data-original",
    "data-hi-res-src",
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-image",
    "data-url",
    "data-echo",
    "data-actualsrc",
    "src",
)
_SRCSET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset", "data-src-set")

# What such an attribute says is the whole upload, or nearly.
_FULL_ATTRIBUTES = frozenset({"data-orig-file", "data-full-url"})

# Larger than any width a document declares: a link to the full file.
_FULL_WIDTH = 100_000

_PICTURE_PATH = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp)$")
_MEDIA_ID = re.compile(r"\bwp-image-(\d{1,18})\b")


def read_fragment(html: str, base_url: str) -> tuple[ImageReference, ...]:
    """The pictures of a fragment of HTML in document order, each once; furniture is left out.

    >>> [(one.url, one.alt) for one in read_fragment('<p><img src="/k.jpg" alt="Kim" width="640">', "https://a.example/1/")]
    [('https://a.example/k.jpg', 'Kim')]
    """
    if "<" not in html:
        return ()
    root = LexborHTMLParser(html).body
    return read_node(root, base_url) if root is not None else ()


def read_node(root: LexborNode, base_url: str) -> tuple[ImageReference, ...]:
    """The pictures of a parsed subtree in document order, each once; furniture is left out."""
    found: list[ImageReference] = []
    places: dict[str, int] = {}
    for picture in root.css("img, amp-img"):
        reference = _read(picture, base_url)
        if reference is None:
            continue
        keys = {variants.upload_key(address) for address in (reference.url, *reference.variants)}
        place = next((places[key] for key in keys if key in places), None)
        if place is None:
            if len(found) == MAX_REFERENCES:
                break
            place = len(found)
            found.append(reference)
        else:
            found[place] = _joined(found[place], reference)
        places.update(dict.fromkeys(keys, place))
    return tuple(replace(one, position=number) for number, one in enumerate(found))


def _read(picture: LexborNode, base_url: str) -> ImageReference | None:
    attributes = picture.attributes
    offers = _offers(picture, base_url)
    best = max(offers, key=lambda address: offers[address], default="")
    if not best:
        return None
    caption = caption_of(picture)
    words = _class_words(picture)
    for address in offers:
        if furniture(address, attributes, words, captioned=bool(caption.caption)) is not None:
            return None
    return ImageReference(
        best,
        tuple(address for address in offers if address != best),
        alt=text.from_markup(attributes.get("alt")),
        caption=caption.caption,
        credit=caption.credit,
        credit_field=caption.credit_field,
        width=declared(attributes.get("width")),
        height=declared(attributes.get("height")),
        media_id=_media_id(attributes, best, base_url),
        uploads=tuple(one for one in [variants.upload_address(best)] if one and one not in offers),
    )


def _offers(picture: LexborNode, base_url: str) -> dict[str, int]:
    """Every address of a picture with the width it is known or thought to have, in document order."""
    offers: dict[str, int] = {}

    def offer(given: str | None, width: int) -> None:
        address = urls.absolute((given or "").strip(), base_url)
        if address:
            offers[address] = max(width, offers.get(address, 0), variants.named_width(address) or 0)

    attributes = picture.attributes
    for name in _ADDRESS_ATTRIBUTES:
        given = attributes.get(name)
        if name == "src" and offers and _is_placeholder(given or "", picture):
            continue
        width = _FULL_WIDTH if name in _FULL_ATTRIBUTES else declared(attributes.get("width")) or 0
        offer(given, 0 if variants.named_width(urls.absolute(given or "", base_url)) else width)
    sets = [attributes.get(name) for name in _SRCSET_ATTRIBUTES] + list(_source_sets(picture))
    shown = declared(attributes.get("width")) or 1
    for srcset in sets:
        for candidate in candidates(srcset or ""):
            offer(candidate.address, candidate.width or int(candidate.density * shown))
    link = _link(picture)
    address = urls.absolute(link, base_url)
    is_picture = bool(address) and _PICTURE_PATH.search(urls.path_of(address)) is not None
    if is_picture and any(variants.same_picture(address, other) for other in offers):
        offer(link, 0 if variants.named_width(address) else _FULL_WIDTH)
    return offers


def _source_sets(picture: LexborNode) -> Iterator[str]:
    parent = picture.parent
    if parent is not None and parent.tag == "picture":
        for source in parent.css("source"):
            for name in _SRCSET_ATTRIBUTES:
                yield source.attributes.get(name) or ""


def _is_placeholder(address: str, picture: LexborNode) -> bool:
    """Whether a lazily loaded picture's `src` only keeps its place."""
    if not address or address.startswith("data:"):
        return True
    return furniture(address, {}) is not None


def _link(picture: LexborNode) -> str:
    node = picture.parent
    for _ in range(_NEAR_ANCESTORS):
        if node is None or node.tag == "figure":
            return ""
        if node.tag == "a":
            return node.attributes.get("href") or ""
        node = node.parent
    return ""


def _class_words(picture: LexborNode) -> str:
    words = []
    node: LexborNode | None = picture
    for _ in range(_NEAR_ANCESTORS):
        if node is None or node.tag in ("body", "article", "main"):
            break
        words += [node.attributes.get("class") or "", node.attributes.get("id") or ""]
        node = node.parent
    return " ".join(words)


def _media_id(attributes: dict[str, str | None], address: str, base_url: str) -> int | None:
    """The attachment id a class tells, believed only where the file is the page's own site's upload.

    Republishers copy markup with the classes of the site they took it from.
    """
    found = _MEDIA_ID.search(attributes.get("class") or "")
    given = (
        found.group(1)
        if found is not None
        else attributes.get("data-id") or attributes.get("data-attachment-id")
    )
    if not given or not given.isdecimal() or len(given) > 18:
        return None
    file = variants.plain(address)
    is_own = urls.site_of(file) == urls.site_of(base_url) or not base_url
    return int(given) if is_own and "/wp-content/" in file else None


def _joined(one: ImageReference, other: ImageReference) -> ImageReference:
    """Two uses of one picture on one page as one: the first place, the largest address, every text."""
    addresses = dict.fromkeys((one.url, *one.variants, other.url, *other.variants))
    credited = one if one.credit else other
    best = one.url
    if (variants.named_width(one.url) or _FULL_WIDTH) < (variants.named_width(other.url) or _FULL_WIDTH):
        best = other.url
    return replace(
        one,
        url=best,
        variants=tuple(address for address in addresses if address != best),
        alt=one.alt or other.alt,
        caption=one.caption or other.caption,
        credit=credited.credit,
        credit_field=credited.credit_field,
        width=one.width or other.width,
        height=one.height or other.height,
        media_id=one.media_id or other.media_id,
        uploads=tuple(upload for upload in (*one.uploads, *other.uploads) if upload not in addresses),
    )
