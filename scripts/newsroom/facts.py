"""What is true of a running newsroom, as JSON for those who test against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pages import prints_caption
from photos import Photo
from website import Access, Attachment, CreditPolicy, Post, Website


def facts(sites: Sequence[Website], photos: Sequence[Photo]) -> dict[str, object]:
    """Addresses to harvest and to allow, and every use of every photograph."""
    return {
        "sites": [_site(site) for site in sites],
        "allow": [site.host for site in sites],
        "photos": [{"name": photo.name, "title": photo.title, "credit": photo.credit} for photo in photos],
        "uses": [use for site in sites for use in _uses(site)],
    }


def _site(site: Website) -> dict[str, object]:
    return {
        "name": site.recipe.name,
        "home": site.home,
        "host": site.host,
        "api_root": site.api_root,
        "announced": site.recipe.announced.value,
        "knows_modified_after": site.recipe.knows_modified_after,
        # `counted` is what X-WP-Total says, `posts` what a visitor is given.
        "counted": len(site.posts),
        "posts": sum(not post.is_hidden for post in site.posts),
        "protected": [site.link(post) for post in site.posts if post.is_protected],
        "hidden": [post.post_id for post in site.posts if post.is_hidden],
        "unauthorized": _media_ids(site, Access.UNAUTHORIZED),
        "deleted": _media_ids(site, Access.DELETED),
        "reserved": [site.file_url(upload, "full") for upload in site.attachments if upload.is_reserved],
    }


def _media_ids(site: Website, access: Access) -> list[int]:
    return [upload.media_id for upload in site.attachments if upload.access is access]


def _uses(site: Website) -> Iterator[dict[str, object]]:
    """Every picture that every story a visitor is given uses, as the API tells it."""
    for post in site.posts:
        if post.is_hidden:
            continue
        yield _use(site, post, post.featured, "featured")
        if not post.is_protected:
            yield from (_use(site, post, upload, "content") for upload in post.content)


def _use(site: Website, post: Post, upload: Attachment, role: str) -> dict[str, object]:
    full = upload.file("full")
    told = role == "featured" or prints_caption(site)
    in_text = site.recipe.credit in (CreditPolicy.IN_CAPTION, CreditPolicy.CHANGED)
    credit_told = told if in_text else role == "featured"
    return {
        "site": site.host,
        "post_url": site.link(post),
        "post_id": post.post_id,
        "role": role,
        "photo": upload.photo.name,
        "media_id": upload.media_id,
        "url": site.file_url(upload, "full"),
        "original_url": site.file_url(upload, "original"),
        "width": full.width,
        "height": full.height,
        "alt": upload.alt,
        "caption": upload.caption if told else "",
        "credit": upload.credit if credit_told else "",
        "access": upload.access.value,
    }
