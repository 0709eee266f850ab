"""What a site's theme writes: story pages with all their furniture, the home page, the feed, robots.txt."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from website import Access, Announced, Attachment, Markup, Post, Website

PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
STORIES_ON_HOME = 10
STORIES_IN_FEED = 10
RELATED_STORIES = 3

PARAGRAPHS = (
    "The picture was taken this week and has been passed from desk to desk since.",
    "Officials said that they would comment later in the day.",
    "Readers have sent in pictures of their own, which the desk is looking through.",
)


def readable_posts(site: Website) -> list[Post]:
    """What visitors may see, newest first."""
    return sorted(
        (post for post in site.posts if not post.is_hidden), key=lambda post: post.date, reverse=True
    )


def offset_time(site: Website, moment: datetime) -> str:
    """A moment on the site's clock with its offset."""
    zone = timezone(timedelta(hours=site.recipe.hours_from_utc))
    return moment.astimezone(zone).isoformat(timespec="seconds")


def prints_caption(site: Website) -> bool:
    """Whether the theme prints captions under the pictures of a text."""
    return site.recipe.markup is not Markup.BARE


# Pictures in a text


def content_html(site: Website, post: Post) -> str:
    """The story's text with its pictures, as `content.rendered` and the page both hold it."""
    paragraphs = [f"<p>{escape(text)}</p>" for text in PARAGRAPHS]
    pictures = [_picture(site, upload) for upload in post.content]
    if site.recipe.markup is Markup.GALLERY and pictures:
        pictures = [f'<ul class="wp-block-gallery columns-3 is-cropped">{"".join(pictures)}</ul>']
    parts = [_share_buttons(site, post), f"<p>{escape(post.featured.photo.title)}. {_emoji(site)}</p>"]
    for position in range(max(len(paragraphs), len(pictures))):
        parts += paragraphs[position : position + 1] + pictures[position : position + 1]
    parts.append(
        f'<p><img src="{site.home}wp-content/plugins/stats/pixel.gif?post={post.post_id}" alt="" '
        'width="1" height="1" style="display:none"/></p>'
    )
    return "\n".join(parts) + "\n"


def _picture(site: Website, upload: Attachment) -> str:
    write = {
        Markup.BLOCKS: _block,
        Markup.BARE: _bare,
        Markup.CLASSIC: _classic,
        Markup.LAZY: _lazy,
        Markup.GALLERY: _gallery_item,
        Markup.LINKED: _linked,
    }
    return write[site.recipe.markup](site, upload)


def _source(site: Website, upload: Attachment, size: str) -> str:
    """The attributes that name a file and its size on the page."""
    file = upload.file(size)
    return f'src="{site.file_url(upload, size)}" width="{file.width}" height="{file.height}"'


def _srcset(site: Website, upload: Attachment) -> str:
    """The whole-picture files with their widths; WordPress leaves cut ones out."""
    files = [file for file in upload.files if not file.cropped and file.size != "original"]
    return ", ".join(f"{site.file_url(upload, file.size)} {file.width}w" for file in files)


def _figure(upload: Attachment, image: str) -> str:
    return (
        f'<figure class="wp-block-image size-large">{image}'
        f'<figcaption class="wp-element-caption">{escape(upload.caption)}</figcaption></figure>'
    )


def _block(site: Website, upload: Attachment) -> str:
    return _figure(
        upload,
        f'<img loading="lazy" decoding="async" {_source(site, upload, "large")} alt="{escape(upload.alt)}" '
        f'class="wp-image-{upload.media_id}" srcset="{_srcset(site, upload)}" '
        'sizes="(max-width: 1024px) 100vw, 1024px"/>',
    )


def _bare(site: Website, upload: Attachment) -> str:
    return (
        f'<p><img decoding="async" {_source(site, upload, "full")} alt="{escape(upload.alt)}" '
        'class="image_large__dam-img" loading="lazy"/></p>'
    )


def _classic(site: Website, upload: Attachment) -> str:
    number = upload.media_id
    return (
        f'<div id="attachment_{number}" style="width: 310px" class="wp-caption aligncenter">'
        f'<img aria-describedby="caption-attachment-{number}" {_source(site, upload, "medium")} '
        f'alt="{escape(upload.alt)}" class="size-medium wp-image-{number}" srcset="{_srcset(site, upload)}"/>'
        f'<p id="caption-attachment-{number}" class="wp-caption-text">{escape(upload.caption)}</p></div>'
    )


def _lazy(site: Website, upload: Attachment) -> str:
    file = upload.file("large")
    address = site.file_url(upload, "large")
    common = f'width="{file.width}" height="{file.height}" alt="{escape(upload.alt)}"'
    return _figure(
        upload,
        f'<img src="{PLACEHOLDER}" data-src="{address}" data-srcset="{_srcset(site, upload)}" {common} '
        f'class="lazyload wp-image-{upload.media_id}"/><noscript><img src="{address}" {common} '
        f'class="wp-image-{upload.media_id}"/></noscript>',
    )


def _gallery_item(site: Website, upload: Attachment) -> str:
    return (
        f'<li class="blocks-gallery-item"><figure><img {_source(site, upload, "large")} '
        f'alt="{escape(upload.alt)}" data-id="{upload.media_id}" '
        f'data-full-url="{site.file_url(upload, "full")}" '
        f'data-link="{site.home}?attachment_id={upload.media_id}" class="wp-image-{upload.media_id}"/>'
        f'<figcaption class="blocks-gallery-item__caption">{escape(upload.caption)}</figcaption>'
        "</figure></li>"
    )


def _linked(site: Website, upload: Attachment) -> str:
    image = (
        f'<img decoding="async" {_source(site, upload, "medium_large")} alt="{escape(upload.alt)}" '
        f'class="wp-image-{upload.media_id}"/>'
    )
    return _figure(upload, f'<a href="{site.file_url(upload, "full")}">{image}</a>')


# Furniture


def _emoji(site: Website) -> str:
    return (
        f'<img src="{site.home}wp-includes/images/smilies/icon_smile.png" alt="🙂" '
        'class="wp-smiley emoji" style="height: 1em; max-height: 1em;"/>'
    )


def _avatar(site: Website, who: str, side: int) -> str:
    return (
        f'<img alt="" src="{site.home}avatar/{who}?s={side}&amp;d=mm&amp;r=g" '
        f'class="avatar avatar-{side} photo" width="{side}" height="{side}"/>'
    )


def _share_buttons(site: Website, post: Post) -> str:
    buttons = [
        f'<li><a class="share-{name}" href="{site.link(post)}#share-{name}">'
        f'<img src="{site.home}wp-content/plugins/sharing/{name}.png" alt="Share on {name}" '
        'width="32" height="32"/></a></li>'
        for name in ("facebook", "mail")
    ]
    return f'<ul class="social-share sharedaddy">{"".join(buttons)}</ul>'


def _teaser(site: Website, post: Post, size: str) -> str:
    return (
        f'<article class="teaser"><a href="{site.link(post)}">'
        f'<img {_source(site, post.featured, size)} alt="" '
        f'class="attachment-{size} size-{size} wp-post-image"/>'
        f"<h3>{escape(post.title)}</h3></a></article>"
    )


# Whole pages


def story_page(site: Website, post: Post) -> str:
    """The page of one story."""
    related = [_teaser(site, other, "thumbnail") for other in readable_posts(site) if other is not post]
    if post.is_protected:
        field = '<input name="post_password" type="password"/>'
        text = f'<form class="post-password-form" method="post">{field}</form>'
    else:
        text = _featured(site, post) + f'<div class="entry-content">\n{content_html(site, post)}</div>'
    body = f"""<main><article class="post post-{post.post_id} type-post">
<h1 class="entry-title">{escape(post.title)}</h1>
<div class="author vcard">{_avatar(site, "desk", 48)} <span class="fn">The desk</span>
<time datetime="{offset_time(site, post.date)}">{site.local(post.date):%d %B %Y}</time></div>
{text}
</article></main>
<aside class="related-posts widget"><h2>Related</h2>{"".join(related[:RELATED_STORIES])}</aside>
<ol class="comment-list"><li class="comment">{_avatar(site, "reader", 40)}<p>What a picture!</p></li></ol>"""
    return _page(site, post.title, _story_head(site, post), body)


def _featured(site: Website, post: Post) -> str:
    upload = post.featured
    if upload.access is Access.DELETED:
        return ""
    return (
        f'<figure class="post-thumbnail"><img {_source(site, upload, "full")} alt="{escape(upload.alt)}" '
        f'class="attachment-full size-full wp-post-image" srcset="{_srcset(site, upload)}" '
        f'fetchpriority="high"/><figcaption>{escape(upload.caption)}</figcaption></figure>'
    )


def _story_head(site: Website, post: Post) -> list[str]:
    link = site.link(post)
    full = post.featured.file("full")
    head = [
        f'<link rel="canonical" href="{link}"/>',
        f'<link rel="shortlink" href="{site.home}?p={post.post_id}"/>',
        '<meta property="og:type" content="article"/>',
        f'<meta property="og:title" content="{escape(post.title)}"/>',
        f'<meta property="og:url" content="{link}"/>',
        f'<meta property="og:site_name" content="{escape(site.recipe.name)}"/>',
        f'<meta property="article:published_time" content="{offset_time(site, post.date)}"/>',
        f'<meta property="og:image" content="{site.file_url(post.featured, "full")}"/>',
        f'<meta property="og:image:width" content="{full.width}"/>',
        f'<meta property="og:image:height" content="{full.height}"/>',
    ]
    if site.recipe.announced in (Announced.LINK, Announced.BOTH):
        record = f"{site.api_root}wp/v2/posts/{post.post_id}"
        head.append(f'<link rel="alternate" title="JSON" type="application/json" href="{record}"/>')
    linked_data = json.dumps(_linked_data(site, post), ensure_ascii=False).replace("</", "<\\/")
    head.append(f'<script type="application/ld+json" class="seo-graph">{linked_data}</script>')
    return head


def _linked_data(site: Website, post: Post) -> dict[str, object]:
    full = post.featured.file("full")
    image: dict[str, object] = {
        "@type": "ImageObject",
        "url": site.file_url(post.featured, "full"),
        "width": full.width,
        "height": full.height,
        "caption": post.featured.caption,
    }
    if post.featured.credit:
        image["creditText"] = post.featured.credit
    article = {
        "@type": "NewsArticle",
        "headline": post.title,
        "mainEntityOfPage": site.link(post),
        "datePublished": offset_time(site, post.date),
        "dateModified": offset_time(site, post.modified),
        "image": image,
        "author": {"@type": "Organization", "name": site.recipe.name},
        "publisher": {
            "@type": "Organization",
            "name": site.recipe.name,
            "logo": {"@type": "ImageObject", "url": f"{site.home}wp-content/themes/press/logo.png"},
        },
    }
    return {"@context": "https://schema.org", "@graph": [article]}


def home_page(site: Website) -> str:
    """The page that lists the newest stories."""
    teasers = [_teaser(site, post, "medium") for post in readable_posts(site)[:STORIES_ON_HOME]]
    return _page(site, "Home", [], f"<main>{''.join(teasers)}</main>")


def not_found_page(site: Website) -> str:
    """The theme's page for an address it does not know."""
    return _page(site, "Page not found", [], "<main><h1>That page can&#8217;t be found.</h1></main>")


def _page(site: Website, title: str, head: list[str], body: str) -> str:
    name = escape(site.recipe.name)
    common = [
        f"<title>{escape(title)} &#8211; {name}</title>",
        f'<link rel="alternate" type="application/rss+xml" title="{name} Feed" href="{feed_address(site)}"/>',
    ]
    if site.recipe.announced in (Announced.LINK, Announced.BOTH):
        common.append(f'<link rel="https://api.w.org/" href="{site.api_root}"/>')
    if site.recipe.announced is not Announced.NEITHER:
        common.append(f'<meta name="generator" content="WordPress {site.recipe.version}"/>')
    lines = "\n".join([*common, *head])
    return f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="UTF-8"/>
{lines}
</head><body>
<header><a href="{site.home}" class="custom-logo-link" rel="home"><img alt="{name}" class="custom-logo"
 src="{site.home}wp-content/themes/press/logo.png" width="240" height="60"/></a></header>
{body}
<footer>&copy; {name}</footer>
</body></html>
"""


def feed_address(site: Website) -> str:
    """Where the site's RSS feed is."""
    return f"{site.home}?feed=rss2" if site.has_plain_links else f"{site.home}feed/"


def feed(site: Website) -> str:
    """The newest stories as RSS 2.0 with their whole texts."""
    items = "".join(_feed_item(site, post) for post in readable_posts(site)[:STORIES_IN_FEED])
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{escape(site.recipe.name)}</title>
<atom:link href="{escape(feed_address(site))}" rel="self" type="application/rss+xml"/>
<link>{site.home}</link><language>en-GB</language>{items}</channel></rss>
"""


def _feed_item(site: Website, post: Post) -> str:
    content = "" if post.is_protected else content_html(site, post)
    return f"""<item><title>{escape(post.title)}</title><link>{escape(site.link(post))}</link>
<dc:creator><![CDATA[The desk]]></dc:creator><pubDate>{format_datetime(post.date)}</pubDate>
<guid isPermaLink="false">{site.home}?p={post.post_id}</guid>
<content:encoded><![CDATA[{content}]]></content:encoded></item>
"""


def robots_text(site: Website) -> str:
    """WordPress's own robots.txt."""
    below = site.recipe.prefix
    return f"User-agent: *\nDisallow: {below}wp-admin/\nAllow: {below}wp-admin/admin-ajax.php\n"
