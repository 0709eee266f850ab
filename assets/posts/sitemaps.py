"""Sitemaps (sitemaps.org) as plain values: pages with their times and pictures, and further sitemaps.

Google's extensions for news and images are read where they stand, elements by their local names. A feed or a text with
an address a line counts as a sitemap too, as the standard has it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lxml import etree

from assets.credits import split_credit
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    ImageReference,
    NamedSitemap,
    Page,
    Reading,
    Reason,
    SitemapPage,
    SourceKind,
    Stage,
)
from assets.parsing import text, urls
from assets.parsing.dates import as_utc, moment_of
from assets.parsing.xmltext import as_utf8, local_name, mend_xml

# The most of one file, by the standard: 50,000 addresses, and 1,000 pictures an address.
MAX_ADDRESSES = 50_000
MAX_PICTURES = 1_000

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

# Lists of categories, tags and authors: by WordPress itself, and by its plugins.
_ARCHIVES = re.compile(
    r"(?i)(?:^|[/_-])(?:wp-sitemap-(?:taxonomies|users)-[^/]*"
    r"|(?:category|categories|post_tag|tags?|post_format|post-format|authors?|users?|taxonomy)[_-]sitemap[^/]*"
    r"|sitemap[_-](?:category|categories|post_tag|tags?|authors?|users?|taxonomies|tax)\b[^/]*)"
)

_POST_TYPE = re.compile(r"/(?:wp-sitemap-posts-([\w-]+?)-\d+|([\w-]+)-sitemap\d*)\.xml(?:\.gz)?$")


@dataclass(slots=True)
class Sitemap:
    """What one sitemap holds; `left_out` counts the addresses beyond the most that one may have."""

    pages: list[SitemapPage] = field(default_factory=list)
    sitemaps: list[NamedSitemap] = field(default_factory=list)
    left_out: int = 0


def parse_sitemap(body: bytes, address: str = "") -> Sitemap | None:
    """The sitemap in an XML text that came from an address, as far as it can be read; None where it is none."""
    events = etree.iterparse(
        io.BytesIO(mend_xml(body)),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    found, root = Sitemap(), None
    try:
        for event, element in events:
            if root is None:
                root = element
                if local_name(root.tag) not in ("urlset", "sitemapindex"):
                    return None
            if event == "end" and element.getparent() is root:
                _take(found, element, address)
                # What was read is let go: a sitemap may have 50 MB.
                element.clear()
                while element.getprevious() is not None:
                    del root[0]
    except etree.XMLSyntaxError:
        # What was read before stands.
        return found if root is not None else None
    return found if root is not None else None


def parse_text_sitemap(body: bytes, address: str = "") -> Sitemap:
    """The sitemap in a text with an address a line; other lines are passed over."""
    found = Sitemap()
    for line in as_utf8(body).decode("utf-8", "replace").splitlines():
        told = line.strip()
        if "://" in told and (url := urls.make_absolute(told)):
            _add(found, SitemapPage(url))
    return found


def parse_feed_sitemap(body: bytes, address: str = "") -> Sitemap:
    """The sitemap that a feed is: its entries' pages."""
    # It takes 0.07 s to import, which only who reads feeds needs.
    from assets.posts.feeds import read_feed

    found = Sitemap()
    for part in read_feed(Document(address, DocumentKind.FEED, address, body)):
        if isinstance(part, Reading) and part.page.url:
            page = part.page
            _add(found, SitemapPage(page.url, page.modified, page.published, page.title, page.language))
    return found


def read_sitemap(document: Document) -> Iterator[Reading | Failure]:
    """The pictures that a sitemap itself names, as uses of their pages: those are asked for by who has a network."""
    sitemap = parse_sitemap(document.body, document.url)
    if sitemap is None or not (sitemap.pages or sitemap.sitemaps):
        yield Failure(Stage.READ, Reason.EMPTY, document.source, "the sitemap names no page")
        return
    pages = [page for page in sitemap.pages if page.pictures]
    for page in pages:
        yield Reading(_page(page, document.source), page.pictures)
    if sitemap.left_out:
        yield left_out_failure(document.source, sitemap.left_out)
    if not pages:
        what = "sitemaps" if sitemap.sitemaps else "pages"
        detail = f"it names {what} and no picture; given by its address, its pages are read"
        yield Failure(Stage.READ, Reason.NO_PICTURE, document.source, detail)


def left_out_failure(address: str, number: int) -> Failure:
    """The failure that tells how many addresses of a sitemap were left out."""
    detail = f"addresses left out: {number:,} beyond the {MAX_ADDRESSES:,} that a sitemap may have"
    return Failure(Stage.READ, Reason.TOO_LARGE, address, detail)


def lists_archives(address: str) -> bool:
    """Whether a sitemap's name tells that it lists categories, tags or authors, and no stories.

    >>> lists_archives("https://news.example/wp-sitemap-taxonomies-category-1.xml")
    True
    >>> lists_archives("https://news.example/wp-sitemap-posts-post-1.xml")
    False
    """
    return _ARCHIVES.search(urls.path_of(address)) is not None


def post_type_of(address: str) -> str:
    """The type of posts that a sitemap lists, as WordPress and its plugins name it; `""` where that does not tell.

    >>> post_type_of("https://news.example/wp-sitemap-posts-report-2.xml"), post_type_of("https://news.example/map.xml")
    ('report', '')
    """
    found = _POST_TYPE.search(urls.path_of(address))
    return next((name for name in found.groups() if name), "") if found is not None else ""


def latest_moment(modified: str) -> datetime | None:
    """The last moment that a `lastmod` can mean: of a day alone its end; None where it tells none.

    >>> latest_moment("2025-08-01").isoformat(), latest_moment("2025-08-01T06:30:00Z").isoformat()
    ('2025-08-02T00:00:00+00:00', '2025-08-01T06:30:00+00:00')
    """
    if not _DAY.fullmatch(modified):
        return moment_of(modified)
    day = moment_of(modified)
    try:
        return day + timedelta(days=1) if day is not None else None
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


# Elements


def _take(found: Sitemap, element: etree._Element, address: str) -> None:
    told = _texts(element)
    url = urls.make_absolute(told.get("loc", ""), address)
    modified = _moment(told.get("lastmod", ""))
    if not url:
        return
    if local_name(element.tag) == "sitemap":
        _add(found, NamedSitemap(url, modified))
    elif local_name(element.tag) == "url":
        news = next((_news(child) for child in element if local_name(child.tag) == "news"), {})
        _add(
            found,
            SitemapPage(
                url,
                modified,
                _moment(news.get("publication_date", "")),
                text.from_markup(news.get("title", "")),
                news.get("language", ""),
                _pictures(element, url),
            ),
        )


def _add(found: Sitemap, named: SitemapPage | NamedSitemap) -> None:
    if len(found.pages) + len(found.sitemaps) >= MAX_ADDRESSES:
        found.left_out += 1
    elif isinstance(named, SitemapPage):
        found.pages.append(named)
    else:
        found.sitemaps.append(named)


def _texts(element: etree._Element) -> dict[str, str]:
    """The texts of an element's children by local name, the first of each."""
    told: dict[str, str] = {}
    for child in element:
        if (name := local_name(child.tag)) and len(child) == 0:
            told.setdefault(name, text.clean(child.text))
    return told


def _news(element: etree._Element) -> dict[str, str]:
    publication = next((child for child in element if local_name(child.tag) == "publication"), None)
    return (_texts(publication) if publication is not None else {}) | _texts(element)


def _pictures(element: etree._Element, url: str) -> tuple[ImageReference, ...]:
    found: dict[str, ImageReference] = {}
    for child in element:
        if local_name(child.tag) != "image" or len(found) >= MAX_PICTURES:
            continue
        told = _texts(child)
        if address := urls.make_absolute(told.get("loc", ""), url):
            found.setdefault(urls.identity(address), _picture(address, told, len(found)))
    return tuple(found.values())


def _picture(address: str, told: dict[str, str], position: int) -> ImageReference:
    caption = text.from_markup(told.get("caption", ""))
    title = text.from_markup(told.get("title", ""))
    # Plugins fill a title that nobody wrote with the file's name.
    is_told = bool(title) and _plain(title) not in _plain(urls.path_of(address))
    words, name = (caption, "caption") if caption else (title, "title") if is_told else ("", "")
    credit = split_credit(words)[1]
    return ImageReference(
        address,
        caption=words,
        caption_field=f"image:{name}" if words else "",
        credit=credit,
        credit_field=f"image:{name}" if credit else "",
        position=position,
    )


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())


def _moment(value: str) -> str:
    return value if _DAY.fullmatch(value) and moment_of(value) else as_utc(value)


def _page(page: SitemapPage, source: str) -> Page:
    return Page(
        source,
        url=page.url,
        site=urls.site_of(page.url),
        title=page.title,
        published=page.published,
        modified=page.modified,
        language=page.language,
        source_kind=SourceKind.SITEMAP,
    )
