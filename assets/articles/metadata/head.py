"""What a page's head says of it: addresses, names, times, the picture for sharing, and signs of WordPress.

Elements are looked for in the whole page: a picture in the head's `<noscript>` ends the head for a parser, and
what follows stands in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assets.model import PageLinks
from assets.parsing import text, urls
from assets.parsing.encodings import decode_page
from assets.parsing.htmltree import parse_html
from assets.parsing.values import as_size

# More share pictures than any page declares; what follows is a list of something else.
MAX_SHARED = 20

_PICTURE_NAMES = frozenset({"og:image", "og:image:url", "og:image:secure_url"})
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_WORDPRESS_PATH = re.compile(r"/wp-(?:content|includes|json)/")
_POST_CLASS = re.compile(r"(?:^|\s)(?:postid|page-id|attachmentid)-(\d{1,18})(?:\s|$)")
_POST_RECORD = re.compile(r"/wp/v2/[\w-]+/(\d{1,18})(?:[?&]|$)")
_SHORTLINK = re.compile(r"[?&](?:p|page_id)=(\d{1,18})(?:&|$)")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4}\)(\S+)\s*-->")

# Where a saving browser leaves its note: before the root element.
_SAVED_FROM_CHARACTERS = 2048

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "cxenseparse:recs:publishtime",
)
_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "last-modified",
    "lastmod",
    "datemodified",
    "dcterms.modified",
)


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """A picture that the head names for sharing; sizes and text as declared."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page's head says; addresses are absolute, `""` where it is silent.

    `base` is what relative addresses of the page start from. `published` and `modified` are as they stand.
    """

    base: str = ""
    canonical: str = ""
    og_url: str = ""
    og_type: str = ""
    title: str = ""
    document_title: str = ""
    language: str = ""
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    shared: tuple[SharedPicture, ...] = ()
    api_root: str = ""
    rest_record: str = ""
    post_id: int | None = None
    feeds: tuple[str, ...] = ()
    icons: tuple[str, ...] = ()
    generator: str = ""
    is_wordpress: bool = False


def page_links(html: str | bytes, url: str, content_type: str = "") -> PageLinks:
    """What a page announces, addresses absolute.

    >>> links = page_links('<link rel="https://api.w.org/" href="/wp-json/">', "https://news.example/a/")
    >>> links.api_root, links.is_wordpress
    ('https://news.example/wp-json/', True)
    """
    markup = decode_page(html, content_type) if isinstance(html, bytes) else html
    head = read_head(parse_html(markup), url)
    return PageLinks(
        canonical=head.canonical,
        api_root=head.api_root,
        rest_record=head.rest_record,
        feeds=head.feeds,
        og_image=head.shared[0].url if head.shared else "",
        generator=head.generator,
        is_wordpress=head.is_wordpress,
    )


def read_head(tree: LexborHTMLParser, url: str) -> Head:
    """What the head of a page says that came from an address, `""` for a saved one."""
    metas = _metas(tree)
    links = _links(tree)
    known = url or _own_address(metas.all, links) or _read_saved_from(tree)
    base = _base(tree, known)
    title = tree.css_first("title")
    return Head(
        base=base,
        canonical=_first_link(links, "canonical", base),
        og_url=urls.make_absolute(metas.first("og:url"), base),
        og_type=metas.first("og:type").lower(),
        title=text.from_markup(metas.first("og:title") or metas.first("twitter:title")),
        document_title=text.clean(title.text()) if title is not None else "",
        language=_language(tree, metas),
        published=metas.each(_PUBLISHED),
        modified=metas.each(_MODIFIED),
        shared=_list_shared(metas, links, base),
        feeds=tuple(dict.fromkeys(_feeds(links, base))),
        icons=tuple(
            urls.make_absolute(link.href, base)
            for link in links
            if link.relations & {"icon", "apple-touch-icon"}
        ),
        generator=text.clean(metas.first("generator")),
        api_root=_first_link(links, "https://api.w.org/", base),
        rest_record=_record(links, base),
        post_id=_post_id(tree, links, base),
        is_wordpress=_is_wordpress(tree, metas, links),
    )


# Elements of the head


@dataclass(frozen=True, slots=True)
class _Link:
    relations: frozenset[str]
    href: str
    type: str


@dataclass(slots=True)
class _Metas:
    """The page's `<meta>` elements by lower-case name, in order."""

    all: list[tuple[str, str]] = field(default_factory=list)

    def first(self, name: str) -> str:
        return next((value for given, value in self.all if given == name and value), "")

    def each(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The values of several names, in the order of the names."""
        return tuple(value for name in names if (value := self.first(name)))


def _metas(tree: LexborHTMLParser) -> _Metas:
    found = _Metas()
    for node in tree.css("meta"):
        attributes = node.attributes
        content = (attributes.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (attributes.get(key) or "").strip().lower()
            if name and content:
                found.all.append((name, content))
    return found


def _links(tree: LexborHTMLParser) -> list[_Link]:
    found = []
    for node in tree.css("link"):
        attributes = node.attributes
        relations = frozenset((attributes.get("rel") or "").lower().split())
        href = (attributes.get("href") or "").strip()
        if relations and href:
            found.append(_Link(relations, href, (attributes.get("type") or "").strip().lower()))
    return found


def _first_link(links: list[_Link], relation: str, base: str) -> str:
    return next(
        (
            address
            for link in links
            if relation in link.relations and (address := urls.make_absolute(link.href, base))
        ),
        "",
    )


# Addresses


def _own_address(metas: list[tuple[str, str]], links: list[_Link]) -> str:
    """The address a saved page gives itself, before relative ones can be read."""
    for link in links:
        if "canonical" in link.relations and urls.make_absolute(link.href):
            return urls.make_absolute(link.href)
    return next(
        (
            urls.make_absolute(value)
            for name, value in metas
            if name == "og:url" and urls.make_absolute(value)
        ),
        "",
    )


def _read_saved_from(tree: LexborHTMLParser) -> str:
    """The address in the note that browsers leave in a page they save."""
    found = _SAVED_FROM.search(tree.raw_html[:_SAVED_FROM_CHARACTERS].decode("utf-8", "replace"))
    return urls.make_absolute(found.group(1)) if found is not None else ""


def _base(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses start from: `<base href>` where it is a web address, else the page's own."""
    for node in tree.css("base[href]"):
        address = urls.make_absolute((node.attributes.get("href") or "").strip(), url)
        if address:
            return address
    return url


def _feeds(links: list[_Link], base: str) -> Iterator[str]:
    for link in links:
        address = urls.make_absolute(link.href, base)
        if "alternate" in link.relations and link.type in _FEED_TYPES and address:
            yield address


def _record(links: list[_Link], base: str) -> str:
    """The page's own record in the API."""
    for link in links:
        if "alternate" in link.relations and link.type == "application/json":
            address = urls.make_absolute(link.href, base)
            if address:
                return address
    return ""


# The picture for sharing


def _list_shared(metas: _Metas, links: list[_Link], base: str) -> tuple[SharedPicture, ...]:
    """The pictures for sharing: Open Graph's first, then Twitter's, then older forms."""
    found = list(_open_graph(metas, base))
    for name in ("twitter:image", "twitter:image:src", "image", "thumbnail"):
        address = urls.make_absolute(metas.first(name), base)
        if address:
            alt = metas.first("twitter:image:alt") if name.startswith("twitter") else ""
            found.append(SharedPicture(address, alt=text.from_markup(alt)))
    old = _first_link(links, "image_src", base)
    if old:
        found.append(SharedPicture(old))
    distinct = {urls.identity(one.url): one for one in reversed(found)}
    return tuple(one for one in found if distinct.get(urls.identity(one.url)) is one)[:MAX_SHARED]


def _open_graph(metas: _Metas, base: str) -> Iterator[SharedPicture]:
    """Open Graph's pictures; a structured property belongs to the picture before it (https://ogp.me/#structured).

    Many sites write sizes before the first picture: they are that picture's.
    """
    current = SharedPicture("")
    for name, value in metas.all:
        if name in _PICTURE_NAMES:
            address = urls.make_absolute(value, base)
            is_other = urls.identity(current.url) != urls.identity(address)
            if not address or (current.url and name != "og:image"):
                continue
            if current.url and is_other:
                yield current
                current = SharedPicture(address)
            else:
                current = replace(current, url=address)
        elif name == "og:image:width":
            current = replace(current, width=as_size(value))
        elif name == "og:image:height":
            current = replace(current, height=as_size(value))
        elif name == "og:image:alt":
            current = replace(current, alt=text.from_markup(value))
    if current.url:
        yield current


# WordPress


def _post_id(tree: LexborHTMLParser, links: list[_Link], base: str) -> int | None:
    """The WordPress post's id by its record, the short link or the body's class."""
    shortlinks = [link.href for link in links if "shortlink" in link.relations]
    body = tree.body
    classes = (body.attributes.get("class") or "") if body is not None else ""
    for pattern, place in (
        (_POST_RECORD, _record(links, base)),
        *((_SHORTLINK, href) for href in shortlinks),
        (_POST_CLASS, classes),
    ):
        found = pattern.search(place)
        if found is not None:
            return int(found.group(1))
    return None


def _is_wordpress(tree: LexborHTMLParser, metas: _Metas, links: list[_Link]) -> bool:
    if metas.first("generator").lower().startswith("wordpress"):
        return True
    if any("https://api.w.org/" in link.relations or _WORDPRESS_PATH.search(link.href) for link in links):
        return True
    return any(
        _WORDPRESS_PATH.search(node.attributes.get("src") or "") for node in tree.css("script[src], img[src]")
    )


def _language(tree: LexborHTMLParser, metas: _Metas) -> str:
    """The page's language as a tag such as `en-GB`."""
    root: LexborNode | None = tree.root
    told = ""
    if root is not None:
        told = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
    told = told or metas.first("content-language") or metas.first("og:locale") or metas.first("inlanguage")
    tag = text.clean(told).split(",")[0].strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", tag) else ""
