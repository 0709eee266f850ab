"""A post's featured picture as plugins and themes tell it, beside or in place of the media item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assets.model import Failure, ImageReference, Role
from assets.parsing import text, urls
from assets.parsing.htmltree import parse_html
from assets.parsing.values import as_list, as_map, as_size
from assets.posts.wordpress_media import read_media

# Fields that hold the picture's address.
_ADDRESS_FIELDS = (
    "jetpack_featured_media_url",
    "featured_image_src",
    "featured_image_url",
    "featured_media_src_url",
    "featured_media_url",
    "fimg_url",
)
_SIZE_FIELDS = ("uagb_featured_image_src", "featured_image_urls", "featured_image_sizes_url")

# What plugins for search engines would write into the page's head, as a map and as markup.
_HEAD_MAPS = ("yoast_head_json", "aioseo_head_json")
_HEAD_MARKUPS = ("yoast_head", "aioseo_head")

# A longer head is a page that slipped in.
MAX_HEAD_CHARACTERS = 200_000


def list_plugin_pictures(item: Mapping[str, object], media_id: int | None) -> Iterator[ImageReference]:
    """Featured pictures as plugins and themes tell them, the fullest account first.

    `media_id` is what the post itself names: a media item of another id is another picture.

    >>> post = {"jetpack_featured_media_url": "https://a.example/k.jpg"}
    >>> [one.url for one in list_plugin_pictures(post, 8)]
    ['https://a.example/k.jpg']
    """
    better = as_map(item.get("better_featured_image"))
    if better:
        found = read_media(better)
        if not isinstance(found, Failure) and (media_id is None or found.media_id in (None, media_id)):
            yield replace(found.reference, role=Role.FEATURED)
    for name in _ADDRESS_FIELDS:
        if address := urls.make_absolute(text.clean(item.get(name))):
            yield ImageReference(address, role=Role.FEATURED)
    for name in _SIZE_FIELDS:
        yield from _list_largest(_read_sized(size) for size in as_map(item.get(name)).values())
    yield from _list_largest(_read_sized(picture) for picture in _list_shared(item))


def _list_shared(item: Mapping[str, object]) -> Iterator[object]:
    """The picture that the page shares itself with, as each field tells the first one of it."""
    for name in _HEAD_MAPS:
        head = as_map(item.get(name))
        told = head.get("og_image") or head.get("og:image")
        first = next(iter(as_list(told)), told)
        if isinstance(first, str):
            first = [first, head.get("og:image:width"), head.get("og:image:height")]
        if first:
            yield first
            return
    for name in _HEAD_MARKUPS:
        markup = item.get(name)
        if isinstance(markup, str) and (shared := _read_head(markup)):
            yield shared
            return


def _read_head(markup: str) -> list[object]:
    """Address, width and height of the first `og:image` of a head, empty where it has none."""
    shared: list[object] = []
    if "og:image" not in markup or len(markup) > MAX_HEAD_CHARACTERS:
        return shared
    for node in parse_html(markup).css("meta[property^='og:image']"):
        name = node.attributes.get("property")
        value = (node.attributes.get("content") or "").strip()
        if name in ("og:image", "og:image:url"):
            if shared and urls.identity(str(shared[0])) != urls.identity(value):
                break
            shared = shared or [value, None, None]
        elif name in ("og:image:width", "og:image:height") and shared:
            shared[1 if name.endswith("width") else 2] = value
    return shared


def _read_sized(value: object) -> ImageReference | None:
    """A picture told as `[address, width, height]`, as a map with `url`, or as an address."""
    if isinstance(value, list):
        value = dict(zip(("url", "width", "height"), value, strict=False))
    told = as_map(value)
    address = urls.make_absolute(text.clean(told.get("url") if told else value))
    if not address:
        return None
    return ImageReference(
        address, role=Role.FEATURED, width=as_size(told.get("width")), height=as_size(told.get("height"))
    )


def _list_largest(pictures: Iterable[ImageReference | None]) -> Iterator[ImageReference]:
    """The largest of several sizes of a picture, the others as its variants."""
    found = [picture for picture in pictures if picture is not None]
    found.sort(key=lambda picture: -(picture.width or 0) * (picture.height or 0))
    if found:
        others = dict.fromkeys(picture.url for picture in found if picture.url != found[0].url)
        yield replace(found[0], variants=tuple(others))
