"""Feeds read into references, one page an entry: RSS, Atom and RDF, JSON Feed, WordPress exports."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import feedparser
from lxml import etree

from assets.markup import read_fragment, with_media
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    ImageReference,
    Page,
    PageKind,
    Reading,
    Reason,
    SourceKind,
    Stage,
)
from assets.parsing import text, urls
from assets.parsing.xmltext import mend_xml
from assets.posts import feed_media
from assets.posts.jsonfeed import read_json_feed
from assets.posts.wxr import read_export

# What feedparser has raised on hostile input: it trusts attributes, dates and types that a feed only claims.
_FEEDPARSER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class _Feed:
    """What holds for all entries of a feed."""

    source: str
    home: str
    language: str
    is_atom: bool


def read_feed(document: Document) -> Iterator[Reading | Failure]:
    """A reading for each entry of a feed or post of an export, and failures for what could not be read."""
    if document.kind is DocumentKind.WXR:
        yield from read_export(document.body, document.source, document.url)
    elif document.kind is DocumentKind.JSON_FEED:
        yield from read_json_feed(document)
    else:
        yield from _read_syndication(document)


def _read_syndication(document: Document) -> Iterator[Reading | Failure]:
    root, fault = _tree(document.body)
    if root is None:
        yield Failure(Stage.READ, Reason.MALFORMED, document.source, fault)
        return
    # A saved feed without an address of its own is still its site's.
    base = urls.make_absolute(document.url) or feed_media.home_of(root)
    cover = feed_media.feed_cover(root, base)
    elements = root.iter("{*}item", "{*}entry")
    pictures = [
        feed_media.entry_pictures(element, base or feed_media.home_of(element), cover) for element in elements
    ]
    # feedparser would take the words of a picture for the entry's own.
    etree.strip_elements(root, *feed_media.MEDIA_TAGS, with_tail=False)
    try:
        parsed = feedparser.parse(
            io.BytesIO(etree.tostring(root, encoding="utf-8")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": document.url,
            },
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FEEDPARSER_FAULTS as error:
        detail = f"{type(error).__name__}: {error}"
        yield Failure(Stage.READ, Reason.MALFORMED, document.source, detail)
        return
    yield from _readings(document, parsed, pictures)


def _tree(body: bytes) -> tuple[etree._Element | None, str]:
    """The feed's elements as far as they can be recovered, and what is wrong when there are none."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        strip_cdata=False,
    )
    try:
        root = etree.fromstring(mend_xml(body), parser)
    except etree.XMLSyntaxError as error:
        return None, str(error)
    if root is None or (len(root) == 0 and parser.error_log):
        return None, "no XML could be read from the feed"
    return root, ""


def _readings(
    document: Document, parsed: Mapping[str, object], pictures: list[tuple[ImageReference, ...]]
) -> Iterator[Reading | Failure]:
    entries = _list(_get(parsed, "entries"))
    told = _map(_get(parsed, "feed"))
    feed = _Feed(
        document.source,
        urls.make_absolute(document.url) or urls.make_absolute(text.clean(_get(told, "link"))),
        text.clean(_get(told, "language")),
        is_atom=str(_get(parsed, "version")).startswith("atom"),
    )
    for number, entry in enumerate(entries):
        named = pictures[number] if len(pictures) == len(entries) else ()
        yield _reading(_map(entry), feed, named)
    if not entries:
        yield Failure(Stage.READ, Reason.EMPTY, document.source, "the feed has no entries")


def _reading(entry: Mapping[str, object], feed: _Feed, named: tuple[ImageReference, ...]) -> Reading:
    # A feed burner's own link only counts clicks.
    links = (text.clean(_get(entry, name)) for name in ("feedburner_origlink", "link", "id"))
    address = next((found for link in links if link and (found := urls.make_absolute(link, feed.home))), "")
    published = _moment(_get(entry, "published_parsed"))
    modified = _moment(_get(entry, "updated_parsed"))
    page = Page(
        source=feed.source,
        url=address,
        site=urls.site_of(address or feed.home),
        kind=PageKind.FEED_ENTRY,
        title=text.from_markup(_get(entry, "title")),
        # The one date of an RSS 1.0 item is called an update by the parser; Atom tells the two apart.
        published=published or ("" if feed.is_atom else modified),
        modified=modified,
        language=feed.language,
        source_kind=SourceKind.FEED,
    )
    references = with_media(named, _content(entry, address or feed.home))
    return Reading(page, references, tuple(_failures(entry, feed, address)))


def _failures(entry: Mapping[str, object], feed: _Feed, address: str) -> Iterator[Failure]:
    """What is lost when a saved feed tells its own address nowhere."""
    link = text.clean(_get(entry, "link"))
    if link and not address:
        detail = f"an entry's link in {feed.source} is relative: a base URL must be given"
        yield Failure(Stage.READ, Reason.BAD_ADDRESS, link, detail)


def _content(entry: Mapping[str, object], base: str) -> tuple[ImageReference, ...]:
    """The pictures of the fullest text an entry carries: summaries repeat the pictures of the whole."""
    told = [_map(one) for one in (*_list(_get(entry, "content")), _get(entry, "summary_detail"))]
    found = [
        read_fragment(
            str(one.get("value") or ""), urls.make_absolute(str(one.get("base") or ""), base) or base
        )
        for one in told
        if "html" in str(one.get("type") or "html")
    ]
    return max(found, key=len, default=())


def _moment(parsed: object) -> str:
    """Feedparser's UTC time in ISO 8601."""
    if not isinstance(parsed, time.struct_time) or not 0 < parsed.tm_year < 10_000:
        return ""
    return (
        f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"
        f"T{parsed.tm_hour:02}:{parsed.tm_min:02}:{parsed.tm_sec:02}Z"
    )


def _get(table: Mapping[str, object], name: str) -> object:
    """A key as it stands: feedparser's own lookup answers for absent keys with others."""
    return dict.get(table, name) if isinstance(table, dict) else None


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
