"""Posts and media as the REST API writes them, with PHP's `[]` for every empty map."""

from __future__ import annotations

from datetime import datetime
from html import escape

from pages import content_html
from website import Attachment, CreditPolicy, Markup, Post, Website

EMBEDDED_MEDIA_FIELDS = (
    "id",
    "date",
    "slug",
    "type",
    "link",
    "title",
    "author",
    "featured_media",
    "caption",
    "alt_text",
    "media_type",
    "mime_type",
    "media_details",
    "source_url",
    "_links",
)


def _dates(site: Website, date: datetime, modified: datetime) -> dict[str, object]:
    return {
        "date": site.local(date).isoformat(),
        "date_gmt": date.replace(tzinfo=None).isoformat(),
        "modified": site.local(modified).isoformat(),
        "modified_gmt": modified.replace(tzinfo=None).isoformat(),
    }


def post_item(site: Website, post: Post) -> dict[str, object]:
    """A post without what `_embed` would add."""
    content = "" if post.is_protected else content_html(site, post)
    excerpt = "" if post.is_protected else f"<p>{escape(post.featured.photo.title)} [&hellip;]</p>\n"
    title = escape(post.title)
    return {
        "id": post.post_id,
        **_dates(site, post.date, post.modified),
        "guid": {"rendered": f"{site.home}?p={post.post_id}"},
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": site.link(post),
        "title": {"rendered": f"Protected: {title}" if post.is_protected else title},
        "content": {"rendered": content, "protected": post.is_protected},
        "excerpt": {"rendered": excerpt, "protected": post.is_protected},
        "author": 2,
        "featured_media": post.featured.media_id,
        "comment_status": "open",
        "ping_status": "closed",
        "sticky": False,
        "template": "",
        "format": "standard",
        "meta": [],
        "categories": [1],
        "tags": [],
        "_links": _post_links(site, post),
    }


def _post_links(site: Website, post: Post) -> dict[str, object]:
    api = f"{site.api_root}wp/v2/"
    parameter = "&" if site.has_plain_links else "?"
    return {
        "self": [{"href": f"{api}posts/{post.post_id}"}],
        "collection": [{"href": f"{api}posts"}],
        "about": [{"href": f"{api}types/post"}],
        "author": [{"embeddable": True, "href": f"{api}users/2"}],
        "wp:featuredmedia": [{"embeddable": True, "href": f"{api}media/{post.featured.media_id}"}],
        "wp:attachment": [{"href": f"{api}media{parameter}parent={post.post_id}"}],
        "curies": [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}],
    }


def media_item(site: Website, upload: Attachment) -> dict[str, object]:
    """A media item whole."""
    full = upload.file("full")
    caption = f"<p>{escape(upload.caption)}</p>\n"
    return {
        "id": upload.media_id,
        **_dates(site, upload.date, upload.date),
        "guid": {"rendered": site.file_url(upload, "original")},
        "slug": upload.photo.name,
        "status": "inherit",
        "type": "attachment",
        "link": f"{site.home}?attachment_id={upload.media_id}",
        "title": {"rendered": escape(upload.photo.title)},
        "author": 2,
        "featured_media": 0,
        "comment_status": "open",
        "ping_status": "closed",
        "template": "",
        "meta": [],
        "description": {"rendered": caption},
        "caption": {"rendered": caption},
        "alt_text": upload.alt,
        "media_type": "image",
        "mime_type": full.mime_type,
        "media_details": _details(site, upload),
        "post": upload.post_id,
        "source_url": site.file_url(upload, "full"),
        "_links": {
            "self": [{"href": f"{site.api_root}wp/v2/media/{upload.media_id}"}],
            "collection": [{"href": f"{site.api_root}wp/v2/media"}],
        },
    }


def embedded_media(site: Website, upload: Attachment) -> dict[str, object]:
    """A media item as `_embed` puts it into a post."""
    item = media_item(site, upload)
    return {name: item[name] for name in EMBEDDED_MEDIA_FIELDS}


def _details(site: Website, upload: Attachment) -> dict[str, object]:
    full = upload.file("full")
    sizes = {
        file.size: {
            "file": file.name,
            "width": file.width,
            "height": file.height,
            "mime_type": file.mime_type,
            "source_url": site.file_url(upload, file.size),
        }
        for file in upload.files
        if file.size != "original"
    }
    if len(sizes) == 1:
        # Only the upload itself: WordPress made nothing smaller.
        sizes = {}
    details: dict[str, object] = {
        "width": full.width,
        "height": full.height,
        "file": f"{upload.folder}/{full.name}",
        "sizes": sizes or [],
        "image_meta": _image_meta(site, upload),
    }
    original = upload.file("original")
    if original.size == "original":
        details["original_image"] = original.name
    return details


def _image_meta(site: Website, upload: Attachment) -> object:
    """What WordPress read from the upload; `[]` where the theme's importer wrote none."""
    if site.recipe.markup is Markup.LAZY:
        return []
    keeps = site.recipe.treatment.keeps_metadata
    return {
        "aperture": "0",
        "credit": upload.credit if keeps or site.recipe.credit is CreditPolicy.IN_IMAGE_META else "",
        "camera": "",
        "caption": upload.photo.caption if keeps else "",
        "created_timestamp": "0",
        "copyright": f"© {upload.photo.credit}" if keeps else "",
        "focal_length": "0",
        "iso": "0",
        "shutter_speed": "0",
        "title": "",
        "orientation": "0",
        "keywords": [],
    }
