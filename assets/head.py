"""What a page says of itself in its head: its address, title, dates, pictures, and the API behind it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from assets import text, urls
from assets.dates import as_utc

# The encoding declaration must stand in the first 1024 bytes (HTML standard); old sites begin with comments.
_DECLARATION_BYTES = 4096

# Labels that mean another encoding on the web than in Python (WHATWG Encoding standard, 4.2).
_WEB_LABELS = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(rb"(?i)charset\s*=\s*[\"']?\s*([\w.:-]+)")
_POST_ID = re.compile(r"\b(?:postid|page-id)-(\d{1,18})\b")

# Names of the pictures that sites show when a story has none of its own.
_STAND_IN = re.compile(
    r"(?i)(?:^|[/_-])(?:logo|default|fallback|placeholder|no[-_]?image|share[-_]?(?:image|img|card)?|social[-_]?(?:share|card|image)?"
    r"|og[-_]?(?:image|img|default|logo)|opengraph|facebook|twitter|favicon|site[-_]?icon|apple-touch-icon)(?:[_.-]|\d|$)"
)


@dataclass(frozen=True, slots=True)
class HeadPicture:
    """A picture named in a page's head, with the size and the alt text told there."""

    url: str
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page announces in its head; addresses are absolute, `""` where there is none."""

    canonical: str = ""
    api_root: str = ""
    rest_record: str = ""
    feeds: tuple[str, ...] = ()
    og_image: str = ""
    generator: str = ""
    is_wordpress: bool = False
    base: str = ""
    title: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    post_id: int | None = None
    pictures: tuple[HeadPicture, ...] = ()


def decoded(body: bytes, content_type: str = "") -> str:
    """A page's text, by its byte order mark, its declared encoding, or else UTF-8 or Windows-1252.

    >>> decoded("<meta charset=shift_jis>写真".encode("shift_jis"))
    '<meta charset=shift_jis>写真'
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _CHARSET.search(content_type.encode("latin-1", "replace"))
    declared = declared or _CHARSET.search(body[:_DECLARATION_BYTES])
    label = declared.group(1).decode("ascii", "replace").lower() if declared is not None else "utf-8"
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        name = _WEB_LABELS.get(label, label)
        return body.decode(name if not name.startswith("utf") else "cp1252", "replace")
    except LookupError:
        return body.decode("cp1252", "replace")


def page_links(html: str | bytes, url: str, content_type: str = "") -> PageLinks:
    """What a page announces in its head."""
    page = decoded(html, content_type) if isinstance(html, bytes) else html
    return links_of(LexborHTMLParser(page), page, url)


def links_of(tree: LexborHTMLParser, page: str, url: str) -> PageLinks:
    """What a parsed page announces in its head; `page` is its text, `url` where it came from."""
    metas = _metas(tree)
    base = _base(tree, url)
    pictures = _pictures(metas, base or url)
    html = tree.css_first("html")
    generator = metas.get("generator", [""])[0]
    return PageLinks(
        canonical=_link(tree, "link[rel~=canonical]", url)
        or urls.absolute(metas.get("og:url", [""])[0], url),
        api_root=_link(tree, "link[rel='https://api.w.org/']", url),
        rest_record=_link(tree, "link[rel~=alternate][type='application/json']", url),
        feeds=_feeds(tree, url),
        og_image=pictures[0].url if pictures else "",
        generator=generator,
        is_wordpress="wordpress" in generator.lower() or "/wp-content/" in page or "/wp-includes/" in page,
        base=base,
        title=_title(tree, metas),
        published=_date(
            metas, "article:published_time", "og:article:published_time", "datepublished", "date"
        ),
        modified=_date(metas, "article:modified_time", "og:updated_time", "datemodified", "last-modified"),
        language=text.clean(html.attributes.get("lang")) if html is not None else "",
        post_id=_post_id(tree),
        pictures=pictures,
    )


def is_stand_in(address: str) -> bool:
    """Whether a picture's name says that it stands for the site rather than for the story.

    >>> is_stand_in("https://news.example/img/default-share.png"), is_stand_in("https://news.example/kim.jpg")
    (True, False)
    """
    path = urls.path_of(address)
    return path.lower().endswith((".svg", ".ico")) or _STAND_IN.search(path.rpartition("/")[2]) is not None


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    """The contents of meta elements by lower-case name or property."""
    found: dict[str, list[str]] = {}
    for node in tree.css("meta"):
        given = node.attributes
        name = (given.get("property") or given.get("name") or given.get("itemprop") or "").strip().lower()
        content = given.get("content")
        if name and content:
            found.setdefault(name, []).append(content.strip())
    return found


def _pictures(metas: dict[str, list[str]], base: str) -> tuple[HeadPicture, ...]:
    """The story's pictures that meta elements name, those that stand for the site left out."""
    found: dict[str, HeadPicture] = {}
    for name in ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"):
        for number, given in enumerate(metas.get(name, [])):
            address = urls.absolute(given, base)
            if not address or is_stand_in(address) or urls.identity(address) in found:
                continue
            is_first = name == "og:image" and number == 0
            found[urls.identity(address)] = HeadPicture(
                address,
                _size(metas, "og:image:width") if is_first else None,
                _size(metas, "og:image:height") if is_first else None,
                text.clean(metas.get("og:image:alt", [""])[0]) if is_first else "",
            )
    return tuple(found.values())


def _size(metas: dict[str, list[str]], name: str) -> int | None:
    given = metas.get(name, [""])[0]
    return int(given) or None if given.isdecimal() and len(given) < 6 else None


def _base(tree: LexborHTMLParser, url: str) -> str:
    """The address that relative ones start from, where the page names another than its own."""
    node = tree.css_first("base[href]")
    return urls.absolute(node.attributes.get("href") or "", url) if node is not None else ""


def _link(tree: LexborHTMLParser, selector: str, url: str) -> str:
    node = tree.css_first(selector)
    return urls.absolute(node.attributes.get("href") or "", url) if node is not None else ""


def _feeds(tree: LexborHTMLParser, url: str) -> tuple[str, ...]:
    nodes = tree.css("link[type='application/rss+xml'], link[type='application/atom+xml']")
    found = (urls.absolute(node.attributes.get("href") or "", url) for node in nodes)
    return tuple(dict.fromkeys(address for address in found if address))


def _title(tree: LexborHTMLParser, metas: dict[str, list[str]]) -> str:
    title = tree.css_first("title")
    return text.clean(metas.get("og:title", [""])[0]) or (
        text.clean(title.text()) if title is not None else ""
    )


def _date(metas: dict[str, list[str]], *names: str) -> str:
    given = (when(value) for name in names for value in metas.get(name, []))
    return next((date for date in given if date), "")


def when(value: object) -> str:
    """A date as pages write it, in ISO 8601: UTC where it has an offset, a bare day as it is.

    >>> when("2024-02-14T10:00:00+01:00"), when("2024-02-14"), when("yesterday")
    ('2024-02-14T09:00:00Z', '2024-02-14', '')
    """
    given = value.strip() if isinstance(value, str) else ""
    date = as_utc(given)
    return given if date and len(given) == len("2024-02-14") else date


def _post_id(tree: LexborHTMLParser) -> int | None:
    body = tree.body
    found = _POST_ID.search(body.attributes.get("class") or "") if body is not None else None
    return int(found.group(1)) if found is not None else None
