"""Posts, media items and types as the REST API shows them to a stranger, and the errors it tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from wordpress.model import MACHINERY, SIZES, Figure, Media, Post, PostType
from wordpress.site import Site

Json = dict[str, Any]

API_RELATION = "https://api.w.org/"


class RestError(Exception):
    """What the API answers in place of what was asked for."""

    def __init__(self, status: int, code: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "data": {"status": status, **data}}


def api_root(site: Site) -> str:
    """The address of the API, which depends on whether the site has pretty links."""
    return f"{site.base}/wp-json/" if site.permalinks else f"{site.base}/index.php?rest_route=/"


def route(site: Site, path: str) -> str:
    """The address of a route below the API's root."""
    return api_root(site) + path


def local_text(site: Site, moment: datetime) -> str:
    """A time as the site's own clock shows it."""
    return gmt_text(moment + site.offset)


def gmt_text(moment: datetime) -> str:
    """A time in UTC, as the API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def index_item(site: Site) -> Json:
    """The root of the API."""
    routes = {f"/wp/v2/{one.rest_base}": {"methods": ["GET"]} for one in (*site.types, *MACHINERY)}
    return {
        "name": "The Gazette",
        "description": "",
        "url": site.base,
        "home": site.base,
        "gmt_offset": site.offset.total_seconds() / 3600,
        "timezone_string": "",
        "namespaces": ["oembed/1.0", "wp/v2"],
        "authentication": [],
        "routes": {"/": {"methods": ["GET"]}, **routes},
        "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
    }


def type_items(site: Site) -> dict[str, Json]:
    """What `/wp/v2/types` says in the context of a view: every type that has a collection, whoever may read it."""
    return {one.name: _type_item(site, one) for one in (*site.types, *MACHINERY)}


def _type_item(site: Site, kind: PostType) -> Json:
    return {
        "description": "",
        "hierarchical": kind.hierarchical,
        "has_archive": bool(kind.rewrite),
        "name": kind.label,
        "slug": kind.name,
        "icon": None,
        "taxonomies": [],
        "rest_base": kind.rest_base,
        "rest_namespace": "wp/v2",
        "_links": {
            "collection": [{"href": route(site, "wp/v2/types")}],
            "wp:items": [{"href": route(site, f"wp/v2/{kind.rest_base}")}],
        },
    }


def post_item(site: Site, post: Post) -> Json:
    """A post as its collection and its own record show it."""
    kind = site.type_of(post)
    item: Json = {
        "id": post.id,
        "date": local_text(site, post.date),
        "date_gmt": gmt_text(post.date),
        "guid": {"rendered": f"{site.base}/?p={post.id}"},
        "modified": local_text(site, post.modified),
        "modified_gmt": gmt_text(post.modified),
        "slug": post.slug,
        "status": post.status,
        "type": post.type,
        "link": site.link_of(post),
        "title": {"rendered": escape(post.title)},
        "content": {
            "rendered": "" if post.is_protected else content_of(site, post),
            "protected": post.is_protected,
        },
        "excerpt": {
            "rendered": "" if post.is_protected else f"<p>{escape(post.text)}</p>\n",
            "protected": post.is_protected,
        },
        "author": 1,
        "featured_media": post.featured,
        "comment_status": "open",
        "ping_status": "open",
        "template": "",
        "meta": [],
        "_links": {
            "self": [{"href": route(site, f"wp/v2/{kind.rest_base}/{post.id}")}],
            "collection": [{"href": route(site, f"wp/v2/{kind.rest_base}")}],
            "about": [{"href": route(site, f"wp/v2/types/{kind.name}")}],
        },
    }
    if kind.hierarchical:
        item |= {"parent": 0, "menu_order": 0}
    if post.featured:
        # For an upload that is gone core links its root.
        record = f"wp/v2/media/{post.featured}" if post.featured in site.media else ""
        item["_links"]["wp:featuredmedia"] = [{"embeddable": True, "href": route(site, record)}]
    return item


def content_of(site: Site, post: Post) -> str:
    """The text of a post as it is shown."""
    figures = "\n".join(_figure(site, figure) for figure in post.figures)
    return f"\n<p>{escape(post.text)}</p>\n{figures}\n"


def _figure(site: Site, figure: Figure) -> str:
    media = site.media.get(figure.media)
    # The text of a post holds addresses: what was deleted is named as before.
    shown = media or Media(figure.media, site.now, site.now, site.now)
    sizes = ", ".join(f"{site.base}{shown.path(size)} {side}w" for size, side in SIZES.items())
    responsive = f' srcset="{sizes}" sizes="100vw"' if media else ""
    side = SIZES[figure.size]
    return (
        f'<figure class="wp-block-image size-{figure.size}"><img decoding="async" width="{side}" height="{side}" '
        f'src="{site.base}{shown.path(figure.size)}" alt="{escape(figure.alt)}" '
        f'class="wp-image-{figure.media}"{responsive}/>'
        f'<figcaption class="wp-element-caption">{escape(figure.caption)}</figcaption></figure>'
    )


def media_item(site: Site, media: Media, *, embedded: bool = False) -> Json:
    """A media item; embedded with a post it has the site's local date alone, and no description."""
    item = {
        "id": media.id,
        "date": local_text(site, media.date),
        "slug": media.slug,
        "type": "attachment",
        "link": site.media_link(media),
        "title": {"rendered": media.slug},
        "author": 1,
        "caption": {"rendered": f"<p>{escape(media.caption)}</p>\n" if media.caption else ""},
        "alt_text": media.alt,
        "media_type": "image",
        "mime_type": "image/png",
        "media_details": _media_details(site, media),
        "source_url": site.base + media.path(),
        "_links": {
            "self": [{"href": route(site, f"wp/v2/media/{media.id}")}],
            "collection": [{"href": route(site, "wp/v2/media")}],
            "about": [{"href": route(site, "wp/v2/types/attachment")}],
        },
    }
    if embedded:
        return item
    return item | {
        "date_gmt": gmt_text(media.date),
        "guid": {"rendered": site.base + media.path()},
        "modified": local_text(site, media.modified),
        "modified_gmt": gmt_text(media.modified),
        "status": "inherit",
        "comment_status": "open",
        "ping_status": "closed",
        "template": "",
        "meta": [],
        "description": {"rendered": _description(site, media)},
        "post": media.parent or None,
    }


def _media_details(site: Site, media: Media) -> Json:
    side = SIZES["full"]
    meta = dict.fromkeys(("camera", "caption", "copyright", "title"), "")
    sizes = {
        size: {
            "file": media.path(size).rpartition("/")[2],
            "width": SIZES[size],
            "height": SIZES[size],
            "mime_type": "image/png",
            "source_url": site.base + media.path(size),
        }
        for size in SIZES
    }
    return {
        "width": side,
        "height": side,
        "file": media.path().removeprefix("/wp-content/uploads/"),
        "filesize": 1000,
        "sizes": sizes,
        "image_meta": {
            "aperture": "0",
            "credit": media.credit,
            "created_timestamp": "0",
            "keywords": [],
            **meta,
        },
    }


def _description(site: Site, media: Media) -> str:
    address = site.base + media.path()
    image = f'<img width="96" height="96" src="{address}" alt=""/>'
    shown = f"<p class=\"attachment\"><a href='{address}'>{image}</a></p>\n"
    return shown + (f"<p>{escape(media.description)}</p>\n" if media.description else "")


def embed(site: Site, item: Json, embeddables: Sequence[str]) -> Json:
    """The item with what it links embedded, errors where that may not be read."""
    links = item.get("_links", {}).get("wp:featuredmedia", [])
    if not links or (embeddables and "wp:featuredmedia" not in embeddables):
        return item
    return item | {"_embedded": {"wp:featuredmedia": [_embedded(site, links[0]["href"])]}}


def _embedded(site: Site, href: str) -> Json:
    number = href.rpartition("/")[2]
    media = site.media.get(int(number)) if number.isdigit() else None
    if media is None:
        return index_item(site) if href == api_root(site) else invalid_id().body
    return media_item(site, media, embedded=True) if site.is_readable(media) else forbidden().body


def forbidden() -> RestError:
    """What is told of what is there and not for everybody."""
    return RestError(401, "rest_forbidden", "Sorry, you are not allowed to do that.")


def invalid_id() -> RestError:
    """What is told of what is not there, or is of another type."""
    return RestError(404, "rest_post_invalid_id", "Invalid post ID.")


def invalid_parameters(**messages: str) -> RestError:
    """What is told of parameters that are not as they must be."""
    details = {
        name: {"code": "rest_invalid_param", "message": message, "data": None}
        for name, message in messages.items()
    }
    return RestError(
        400,
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(messages)}",
        params=messages,
        details=details,
    )
