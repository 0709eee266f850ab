"""What else a WordPress shows: its home, its posts' own pages, its feed, its sitemap and its export."""

from __future__ import annotations

from collections.abc import Container
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import escape as escape_xml

from servers import Answer, redirect

from wordpress.items import API_RELATION, api_root, content_of, gmt_text, local_text, route
from wordpress.model import POST, Media, Post
from wordpress.site import Site

# Core shows the ten newest posts.
POSTS_IN_FEED = 10


def home_page(site: Site) -> Answer:
    """The home: the newest posts by their titles, and where the API is."""
    newest = sorted(site.public_posts(), key=lambda post: (post.date, post.id), reverse=True)[:POSTS_IN_FEED]
    links = "".join(
        f'<li><a href="{escape(site.link_of(post))}">{escape(post.title)}</a></li>' for post in newest
    )
    return _page(site, "The Gazette", f"<ul>{links}</ul>", "")


def post_page(site: Site, target: str) -> Answer | None:
    """The page of the post with this address, a redirect where it had it once; None for neither."""
    address = site.base + target
    for post in site.posts.values():
        if site.link_of(post) == address:
            return _post_page(site, post) if post.is_public else None
    old = target.strip("/").rpartition("/")[2]
    moved = (post for post in site.public_posts() if old in post.old_slugs)
    return next((redirect(site.link_of(post), 301) for post in moved), None)


def _post_page(site: Site, post: Post) -> Answer:
    kind = site.type_of(post)
    record = route(site, f"wp/v2/{kind.rest_base}/{post.id}")
    featured = site.media.get(post.featured)
    head = f'<link rel="canonical" href="{escape(site.link_of(post))}"/>'
    head += f'<link rel="alternate" title="JSON" type="application/json" href="{escape(record)}"/>'
    top = ""
    if featured is not None:
        head += f'<meta property="og:image" content="{site.base}{featured.path()}"/>'
        top = _featured_image(site, featured)
    text = "<form class='post-password-form'></form>" if post.is_protected else content_of(site, post)
    body = (
        f'<main><article class="post-{post.id}"><h1 class="entry-title">{escape(post.title)}</h1>{top}'
        f'<div class="entry-content">{text}</div></article></main>'
    )
    return _page(site, post.title, body, head)


def _featured_image(site: Site, media: Media) -> str:
    """The featured picture as a theme's template shows it: without its caption."""
    return (
        f'<figure class="wp-block-post-featured-image"><img src="{site.base}{media.path()}" '
        f'alt="{escape(media.alt)}" class="attachment-post-thumbnail wp-post-image wp-image-{media.id}"/></figure>'
    )


def _page(site: Site, title: str, body: str, head: str) -> Answer:
    root = api_root(site)
    text = (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8"/><title>{escape(title)}</title>{head}'
        f'<link rel="{API_RELATION}" href="{escape(root)}"/>'
        f'<link rel="alternate" type="application/rss+xml" href="{site.base}/feed/"/>'
        f'<meta name="generator" content="WordPress 6.1.9"/></head><body>{body}</body></html>'
    )
    return Answer(
        text.encode(),
        content_type="text/html; charset=UTF-8",
        headers={"Link": f'<{root}>; rel="{API_RELATION}"'},
    )


def feed(site: Site) -> Answer:
    """The newest posts with their text, and without their featured pictures, as core's feed has them."""
    posts = (post for post in site.public_posts() if post.type == POST.name)
    newest = sorted(posts, key=lambda post: (post.date, post.id), reverse=True)[:POSTS_IN_FEED]
    items = "".join(_feed_item(site, post) for post in newest)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>The Gazette</title><link>{site.base}</link><description></description>"
        f"<generator>https://wordpress.org/?v=6.1.9</generator>{items}</channel></rss>"
    )
    return Answer(text.encode(), content_type="application/rss+xml; charset=UTF-8")


def _feed_item(site: Site, post: Post) -> str:
    text = "" if post.is_protected else content_of(site, post)
    return (
        f"<item><title>{escape_xml(post.title)}</title><link>{escape_xml(site.link_of(post))}</link>"
        f"<pubDate>{format_datetime(post.date)}</pubDate>"
        f'<guid isPermaLink="false">{site.base}/?p={post.id}</guid>'
        f"<description><![CDATA[{post.text}]]></description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )


def sitemap(site: Site) -> Answer:
    """The addresses of everything public; core makes several files of it."""
    posts = sorted(site.public_posts(), key=lambda post: post.id)
    items = "".join(
        f"<url><loc>{escape_xml(site.link_of(post))}</loc><lastmod>{gmt_text(post.modified)}+00:00</lastmod></url>"
        for post in posts
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'
    return Answer(text.encode(), content_type="application/xml; charset=UTF-8")


def export(site: Site, statuses: Container[str] | None = None) -> str:
    """The site's WXR export as an administrator downloads it: everything, or what has one of some statuses."""
    exported = (post for post in site.posts.values() if statuses is None or post.status in statuses)
    posts = [_exported_post(site, post) for post in exported]
    media = [_exported_media(site, one) for one in site.media.values()]
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0" '
        'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>'
        f"<title>The Gazette</title><link>{site.base}</link><wp:wxr_version>1.2</wp:wxr_version>"
        f"<wp:base_site_url>{site.base}</wp:base_site_url><wp:base_blog_url>{site.base}</wp:base_blog_url>\n"
        f"{''.join(posts)}{''.join(media)}</channel></rss>\n"
    )


def _exported_post(site: Site, post: Post) -> str:
    meta = {"_thumbnail_id": str(post.featured)} if post.featured else {}
    return _exported(
        {
            "title": _cdata(post.title),
            "link": escape_xml(site.link_of(post)),
            "pubDate": format_datetime(post.date),
            "content:encoded": _cdata(content_of(site, post)),
            "excerpt:encoded": _cdata(""),
            "wp:post_id": str(post.id),
            **_export_dates(site, post),
            "wp:post_name": _cdata(post.slug),
            "wp:status": _cdata(post.status),
            "wp:post_parent": "0",
            "wp:post_type": _cdata(post.type),
            "wp:post_password": _cdata("open sesame" if post.is_protected else ""),
        },
        meta,
    )


def _exported_media(site: Site, media: Media) -> str:
    return _exported(
        {
            "title": _cdata(media.slug),
            "link": escape_xml(site.media_link(media)),
            "pubDate": format_datetime(media.date),
            "content:encoded": _cdata(media.description),
            "excerpt:encoded": _cdata(media.caption),
            "wp:post_id": str(media.id),
            **_export_dates(site, media),
            "wp:post_name": _cdata(media.slug),
            "wp:status": _cdata("inherit"),
            "wp:post_parent": str(media.parent),
            "wp:post_type": _cdata("attachment"),
            "wp:attachment_url": _cdata(site.base + media.path()),
        },
        {
            "_wp_attached_file": media.path().removeprefix("/wp-content/uploads/"),
            "_wp_attachment_image_alt": media.alt,
            "_wp_attachment_metadata": _serialized_details(media),
        },
    )


def _export_dates(site: Site, entry: Post | Media) -> dict[str, str]:
    return {
        "wp:post_date": _cdata(local_text(site, entry.date).replace("T", " ")),
        "wp:post_date_gmt": _cdata(gmt_text(entry.date).replace("T", " ")),
        "wp:post_modified": _cdata(local_text(site, entry.modified).replace("T", " ")),
        "wp:post_modified_gmt": _cdata(gmt_text(entry.modified).replace("T", " ")),
    }


def _exported(fields: dict[str, str], meta: dict[str, str]) -> str:
    parts = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{_cdata(name)}</wp:meta_key>"
        f"<wp:meta_value>{_cdata(value)}</wp:meta_value></wp:postmeta>"
        for name, value in meta.items()
    )
    return f"<item>{parts}{metas}</item>\n"


def _serialized_details(media: Media) -> str:
    """`media_details` as PHP serializes them, with the sizes left out."""
    file = media.path().removeprefix("/wp-content/uploads/")
    credit = f'a:1:{{s:6:"credit";s:{len(media.credit.encode())}:"{media.credit}";}}'
    return (
        f'a:4:{{s:5:"width";i:96;s:6:"height";i:96;s:4:"file";s:{len(file)}:"{file}";'
        f's:10:"image_meta";{credit}}}'
    )


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"
