"""Pictures in the structured fields that plugins add to a post: Advanced Custom Fields, Meta Box.

A field tells a picture as an array of its own words, as the id of a media item, as an address, or as HTML; groups,
repeaters, galleries and layouts nest them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from assets.markup import MAX_REFERENCES, ImageContext, furniture, read_fragment, union, upload_keys
from assets.model import Failure, ImageReference, Role
from assets.parsing import text, urls
from assets.parsing.values import as_id, as_list, as_map
from assets.posts.wordpress_media import MediaItem, read_media
from assets.posts.wordpress_rest import ItemKind, kind_of, links

# Where the plugins put their fields.
HOLDERS = ("acf", "meta_box")

# More values than a newsroom fills in for one post, and deeper than layouts in repeaters in groups.
MAX_VALUES = 5000
MAX_LEVELS = 12

# ACF links the media items whose ids its fields hold.
_RELATION = "acf:attachment"
_RECORD = re.compile(r"/media/(\d{1,19})(?=$|[/?&])")

# Other posts, people, terms and links: their pictures are not the post's.
_OTHERS = (
    "post_type",
    "post_title",
    "user_email",
    "display_name",
    "user_nicename",
    "term_id",
    "taxonomy",
    "target",
)
_PICTURE_NAME = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|heic|bmp|tiff?|svg)$")
# An id under such a name is a file's to take away.
_FILE_KEY = re.compile(
    r"(?i)(?:^|[_-])(?:files?|pdf|docs?|documents?|downloads?|audio|videos?|podcast)(?:$|[_-])"
)
_MARKUP = re.compile(r"(?i)<(?:img|video|picture|figure|amp-img)\b|background(?:-image)?\s*:")


@dataclass(slots=True)
class _Fields:
    """What is needed to read one post's fields; `left` counts the values that may still be looked at."""

    base_url: str
    records: Mapping[int, str]
    embedded: Mapping[int, ImageReference]
    media: Mapping[int, ImageReference]
    left: int = MAX_VALUES


def list_field_pictures(
    item: Mapping[str, object], base_url: str, media: Mapping[int, ImageReference] | None = None
) -> Iterator[ImageReference]:
    """The pictures in a post's structured fields, in their order, furniture left out.

    A media item that a field names by its id alone is told by `media` or by what is embedded; else it stays
    unresolved where the post links it, and is taken for a mere number where it does not.

    >>> post = {"acf": {"hero": {"url": "https://a.example/k.jpg", "alt": "Kim", "mime_type": "image/jpeg"}}}
    >>> [(one.url, one.alt) for one in list_field_pictures(post, "")]
    [('https://a.example/k.jpg', 'Kim')]
    """
    records: dict[int, str] = {}
    for href in links(item, _RELATION):
        found = _RECORD.search(href)
        number = as_id(found.group(1)) if found is not None else None
        if number is not None:
            records.setdefault(number, href)
    fields = _Fields(base_url, records, _embedded(item), media or {})
    for holder in HOLDERS:
        yield from _read_map(as_map(item.get(holder)), (), fields)


def add_field_pictures(
    content: tuple[ImageReference, ...], fields: Iterable[ImageReference]
) -> tuple[ImageReference, ...]:
    """The pictures of the content, then those of the post's structured fields, each once."""
    found = list(content)
    places: dict[object, int] = {}
    for place, picture in enumerate(content):
        places.update(dict.fromkeys(_names(picture) - places.keys(), place))
    for picture in fields:
        names = _names(picture)
        place = min((places[name] for name in names if name in places), default=len(found))
        if place < len(found):
            found[place] = union(found[place], picture)
        elif place < MAX_REFERENCES:
            found.append(replace(picture, position=place))
        places.update(dict.fromkeys(names - places.keys(), place))
    return tuple(found)


def _names(picture: ImageReference) -> set[object]:
    """Under which names another reference may be to the same picture: its media id, its uploads."""
    addresses = (picture.url, *picture.variants) if picture.resolved else ()
    names: set[object] = {key for address in addresses for key in upload_keys(address)}
    return names if picture.media_id is None else names | {picture.media_id}


def _embedded(item: Mapping[str, object]) -> dict[int, ImageReference]:
    """The embedded media items that are pictures, by their ids."""
    found: dict[int, ImageReference] = {}
    for entry in as_list(as_map(item.get("_embedded")).get(_RELATION)):
        media = read_media(as_map(entry)) if kind_of(entry) is ItemKind.MEDIA else None
        if isinstance(media, MediaItem) and media.media_id is not None:
            found.setdefault(media.media_id, media.reference)
    return found


def _read(value: object, path: tuple[str, ...], fields: _Fields) -> Iterator[ImageReference]:
    """The pictures that one value holds; `path` are the names that lead to it."""
    fields.left -= 1
    if fields.left < 0 or len(path) > MAX_LEVELS:
        return
    if isinstance(value, Mapping):
        yield from _read_map(value, path, fields)
    elif isinstance(value, list):
        for one in value:
            yield from _read(one, (*path, ""), fields)
    elif isinstance(value, str) and not value.isdigit():
        yield from _read_text(value, path, fields)
    elif (number := as_id(value)) is not None:
        yield from _read_id(number, path, fields)


def _read_map(
    value: Mapping[str, object], path: tuple[str, ...], fields: _Fields
) -> Iterator[ImageReference]:
    if any(name in value for name in _OTHERS):
        return
    if _is_file(value, fields.base_url):
        media = read_media(_as_rest(value, fields.base_url))
        if not isinstance(media, Failure) and not _is_furniture(media.reference, path):
            yield replace(media.reference, role=Role.CONTENT)
        return
    for name, part in value.items():
        yield from _read(part, (*path, str(name)), fields)


def _is_file(value: Mapping[str, object], base_url: str) -> bool:
    """Whether a map tells one file of the library, a picture or another."""
    address = value.get("full_url") or value.get("url")
    if not isinstance(address, str) or not address:
        return False
    told = any(name in value for name in ("mime_type", "sizes", "filename"))
    is_named = any(name in value for name in ("ID", "id", "alt", "caption", "width"))
    return told or (
        is_named and bool(_PICTURE_NAME.search(urls.path_of(urls.make_absolute(address, base_url))))
    )


def _as_rest(value: Mapping[str, object], base_url: str) -> dict[str, object]:
    """A file as a field tells it, in the words of the REST API."""
    told = as_map(value.get("sizes"))
    # ACF tells sizes in a row: `large`, `large-width`, `large-height`.
    sizes = {
        name: {
            "source_url": urls.make_absolute(address, base_url),
            "width": told.get(f"{name}-width"),
            "height": told.get(f"{name}-height"),
        }
        for name, address in told.items()
        if isinstance(address, str) and address.startswith(("http", "/"))
    }
    address = text.clean(value.get("full_url") or value.get("url"))
    return {
        **{
            name: value[name]
            for name in ("meta", "acf", "credit", "image_credit", "photographer")
            if name in value
        },
        "id": value.get("ID") or value.get("id"),
        "source_url": urls.make_absolute(address, base_url),
        "alt_text": value.get("alt"),
        "caption": value.get("caption"),
        "description": value.get("description"),
        "mime_type": value.get("mime_type"),
        # ACF's date is the attachment's in UTC.
        "date_gmt": value.get("date"),
        "media_details": {"width": value.get("width"), "height": value.get("height"), "sizes": sizes},
    }


def _read_text(value: str, path: tuple[str, ...], fields: _Fields) -> Iterator[ImageReference]:
    """The pictures of a field of HTML, or the one whose address a field holds."""
    if "<" in value:
        if _MARKUP.search(value):
            yield from read_fragment(value, fields.base_url)
        return
    told = value.strip()
    address = urls.make_absolute(told, fields.base_url) if told.startswith(("http", "/")) else ""
    if address and " " not in told and _PICTURE_NAME.search(urls.path_of(address)):
        reference = ImageReference(address)
        if not _is_furniture(reference, path):
            yield reference


def _read_id(number: int, path: tuple[str, ...], fields: _Fields) -> Iterator[ImageReference]:
    """The media item of an id that the post itself links as one; other numbers are none."""
    known = fields.embedded.get(number) or fields.media.get(number)
    if known is not None:
        if not _is_furniture(known, path):
            yield replace(known, role=Role.CONTENT)
    elif number in fields.records and not any(_FILE_KEY.search(name) for name in path):
        yield ImageReference(fields.records[number], media_id=number, resolved=False)


def _is_furniture(reference: ImageReference, path: tuple[str, ...]) -> bool:
    context = ImageContext(
        " ".join(path), alt=reference.alt, width=reference.width, height=reference.height,
        is_captioned=bool(reference.caption), is_placed=True,
    )  # fmt: skip
    return furniture(reference.url, context) is not None
