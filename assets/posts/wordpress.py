"""WordPress posts, pages and media items of the REST API, read into references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assets.markup import merge_references, read_fragment
from assets.model import Failure, ImageReference, Page, PageKind, Reading, Reason, Role, SourceKind, Stage
from assets.parsing import text, urls
from assets.parsing.dates import wordpress_time
from assets.parsing.values import MAX_ID, as_id, as_list, as_map
from assets.posts.custom_fields import add_field_pictures, list_field_pictures
from assets.posts.plugin_pictures import list_plugin_pictures
from assets.posts.wordpress_media import MediaItem, read_media
from assets.posts.wordpress_rest import (
    ItemKind,
    api_root_of,
    error_failure,
    kind_of,
    links,
    markup_of,
    media_record,
    reason_of_status,
    root_of_address,
    text_of,
)

FEATURED_RELATIONS = ("wp:featuredmedia", "https://api.w.org/featuredmedia")

_MEDIA_RECORD = re.compile(r"/media/(\d{1,19})(?=$|[/?&])")

# WordPress's words for posts that have a date but were not published at it.
_NEVER_PUBLISHED = frozenset({"draft", "auto-draft", "pending", "future"})


def read_post(
    item: Mapping[str, object], source: str, media: Mapping[tuple[str, int], MediaItem] | None = None
) -> Reading:
    """The pictures one post, page or custom type uses: the featured one, then those of its content.

    `media` holds media items by (API root, id). A featured picture that is neither embedded nor there, nor
    told by a plugin's field, stays unresolved: its address is the media item's REST record.
    """
    page = page_of(item, source)
    failures: list[Failure] = []
    content = as_map(item.get("content"))
    if content.get("protected") is True and not content.get("rendered"):
        failures.append(
            Failure(Stage.READ, Reason.PROTECTED, page.url or source, "the post asks for a password")
        )
    content_pictures = read_fragment(markup_of(item.get("content")), page.url)
    references = add_field_pictures(content_pictures, list_field_pictures(item, page.url))
    featured = _find_featured(item, media or {})
    if isinstance(featured, Failure):
        failures.append(featured)
    elif featured is not None:
        references = _with_first(featured, references)
    return Reading(page, references, tuple(failures))


def _with_first(featured: ImageReference, content: tuple[ImageReference, ...]) -> tuple[ImageReference, ...]:
    """The featured picture before those of the content, in which it may stand once more.

    While it is unresolved the two stay apart: the media item tells more of it than the content does.
    """
    if featured.resolved:
        return merge_references([featured, *content])
    moved = (replace(reference, position=reference.position + 1) for reference in content)
    return (featured, *moved)


def page_of(item: Mapping[str, object], source: str) -> Page:
    """The page that a post or page stands for."""
    address = urls.make_absolute(str(item.get("link") or ""))
    status = text.clean(item.get("status"))
    return Page(
        source=source,
        url=address,
        site=urls.site_of(address or api_root_of(item)),
        kind=PageKind.PAGE if item.get("type") == "page" else PageKind.POST,
        title=text_of(item.get("title")),
        published=wordpress_time(item, "date") if status not in _NEVER_PUBLISHED else "",
        modified=wordpress_time(item, "modified"),
        api_root=api_root_of(item),
        post_id=as_id(item.get("id")),
        source_kind=SourceKind.REST,
        post_type=text.clean(item.get("type")),
        status=status,
        featured_media=as_id(item.get("featured_media")) or (0 if "featured_media" in item else None),
    )


def attachment_page(media: MediaItem, source: str) -> Reading:
    """A media item on its own, as a page with that one picture."""
    page = Page(
        source=source,
        url=media.link,
        site=urls.site_of(media.link or media.api_root or media.reference.url),
        kind=PageKind.ATTACHMENT,
        title=media.title,
        published=media.reference.uploaded,
        modified=media.reference.media_modified,
        api_root=media.api_root,
        post_id=media.media_id,
        source_kind=SourceKind.REST,
        post_type="attachment",
    )
    return Reading(page, (replace(media.reference, role=Role.CONTENT, position=0),))


def with_featured(reference: ImageReference, media: MediaItem) -> ImageReference:
    """The featured reference, told in full by its media item."""
    return replace(
        media.reference,
        role=reference.role,
        position=reference.position,
        media_id=media.media_id or reference.media_id,
    )


def media_error(status: int, body: object, address: str) -> Failure:
    """Why a media item's REST record did not come, from the answer's status and its body.

    >>> media_error(404, {"code": "rest_post_invalid_id", "message": "Invalid post ID."}, "https://a.example/").reason
    <Reason.GONE: 'gone'>
    """
    return replace(error_failure(as_map(body), address, status), reason=reason_of_status(status))


def _find_featured(
    item: Mapping[str, object], media: Mapping[tuple[str, int], MediaItem]
) -> ImageReference | Failure | None:
    """The featured picture, resolved as far as the document allows; None where the post has none."""
    value = item.get("featured_media")
    media_id = as_id(value)
    record = _record(item, media_id)
    if value in (0, "0", False):
        return None
    embedded = _find_embedded(item, media_id or _linked_id(record))
    diagnosis: Failure | None = None
    if kind_of(embedded) is ItemKind.MEDIA:
        found = read_media(embedded)
        if isinstance(found, Failure):
            return replace(found, address=found.address or record)
        return replace(found.reference, role=Role.FEATURED, media_id=found.media_id or media_id)
    if kind_of(embedded) is ItemKind.ERROR:
        diagnosis = error_failure(embedded, record)
    elif why := _why_gone(item, embedded):
        diagnosis = Failure(Stage.DISCOVER, Reason.GONE, record, why)
    known = media.get((api_root_of(item), media_id)) if media_id is not None else None
    if known is not None:
        return replace(known.reference, role=Role.FEATURED)
    if told := next(list_plugin_pictures(item, media_id), None):
        return replace(told, media_id=told.media_id or media_id, diagnosis=diagnosis)
    if not record:
        return None
    return ImageReference(record, role=Role.FEATURED, media_id=media_id, resolved=False, diagnosis=diagnosis)


def _find_embedded(item: Mapping[str, object], media_id: int | None) -> Mapping[str, object]:
    """The object embedded as featured media, a media item or an error; empty where nothing is.

    A media item of another id is another picture, whatever embedded it; errors and the API's root have no id.
    """
    table = as_map(item.get("_embedded"))
    entries = [as_map(one) for relation in FEATURED_RELATIONS for one in as_list(table.get(relation))]
    wanted = (media_id,) if media_id is not None else tuple(as_id(one.get("id")) for one in entries[:1])
    for number in (*wanted, None):
        found = next((one for one in entries if one and as_id(one.get("id")) == number), None)
        if found is not None:
            return found
    return {}


def _record(item: Mapping[str, object], media_id: int | None) -> str:
    """The address of the featured media's REST record."""
    linked = [href for href in links(item, *FEATURED_RELATIONS) if "/media/" in href]
    if media_id is None:
        return next(iter(linked), "")
    own = (href for href in linked if _linked_id(href) in (None, media_id))
    return next(own, "") or media_record(item, media_id)


def _linked_id(href: str) -> int | None:
    """The id of the media item that the address of a REST record names."""
    found = _MEDIA_RECORD.search(href)
    return as_id(found.group(1)) if found is not None else None


def _why_gone(item: Mapping[str, object], embedded: Mapping[str, object]) -> str:
    """Why no media item can answer, `""` when one may."""
    value = item.get("featured_media")
    if isinstance(value, int) and value > MAX_ID:
        return "the id is beyond any that WordPress counts: a plugin keeps the picture elsewhere"
    linked = links(item, *FEATURED_RELATIONS)
    # For a deleted item core links, and embeds, the root of the API.
    is_root = bool(linked) and "/media/" not in linked[0] and root_of_address(linked[0]) == linked[0]
    if is_root or kind_of(embedded) is ItemKind.INDEX:
        return "the post links no media item: it was deleted, or the API may not show it"
    return ""
