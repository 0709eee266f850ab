"""What a body is, found by looking at it; names and declared types only break ties."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assets.documents.unpacking import Unpacked
from assets.model import Document, DocumentKind, Failure, Notice, Reason, Stage
from assets.parsing.json_noise import may_have_noise_before, name_noise, split_noise
from assets.parsing.jsontext import JsonFault, JsonNoise, json_values
from assets.parsing.signatures import recognise
from assets.parsing.values import as_list, as_map
from assets.parsing.xmltext import as_utf8, wide_encoding
from assets.posts import ItemKind, error_failure, is_wordpress, kind_of

# What a body is shows in its beginning; the longest head met before a feed's root is a licence of some kB.
HEAD_BYTES = 64 * 1024

# A feed, a page or an export is held in memory whole; exports are split by WordPress far below this.
MAX_DOCUMENT_BYTES = 512 * 1024 * 1024

# JSON behind noise is looked at whole before it is taken for what it is; no answer of a site is larger.
MAX_NOISY_BYTES = 64 * 1024 * 1024

_ROOT = re.compile(rb"<(?!\?|!)([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_PROLOGUE = re.compile(
    rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)", re.DOTALL | re.IGNORECASE
)
_FEED_ROOTS = frozenset({b"rss", b"feed", b"rdf", b"channel"})
_SITEMAP_ROOTS = frozenset({b"urlset", b"sitemapindex"})
_HTML_ROOT = re.compile(
    rb"html|head|body|p|div|article|section|main|figure|img|picture|a|h[1-6]|ul|ol|table|span|blockquote|header"
    rb"|footer|nav|center|font|iframe|meta|link|title|script|style|strong|em|b|i|br|hr"
)
_EXPORT = re.compile(rb"xmlns:\w+\s*=\s*[\"']https?://wordpress\.org/export/")
_PAGE = re.compile(rb"(?i)<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]")
_TAG = re.compile(rb"(?i)<(?:p|div|img|figure|a|article|h[1-6])[\s>]")
_ADDRESS = re.compile(rb"(?i)https?://\S+$")

# Names under which a desk keeps pictures, also of kinds that decoding will refuse: the user is told so then.
_PICTURE_NAME = re.compile(
    r"(?i)[^/]\.(?:jpe?g|jpe|jfif|jif|pjpeg|mpo|a?png|jng|gif|webp|avifs?|hei[cf]|hif|bmp|dib|tiff?|svgz?|ico|cur"
    r"|icns|ps[db]|eps|xcf|jp2|j2k|jp[fxc]|jxl|tga|pcx|p[nbgpa]m|dds|qoi|exr|hdr|[we]mf|cr[23w]|n[er][fw]|arw"
    r"|sr[f2w]|dng|orf|rw2|raf|pef|x3f|mrw|3fr|iiq|erf|kdc|dcr)$"
)
_PICTURE_REASONS = frozenset({Reason.DAMAGED_PICTURE, Reason.UNSUPPORTED_PICTURE})

# The lengths that the header of a Windows bitmap can have: its two letters alone begin many a text.
_BITMAP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})

# Lists in which tools wrap the objects they saved, besides the API's own `_envelope`.
_WRAPPERS = ("body", "posts", "pages", "media", "items", "data", "results")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a body came from: what the user gave, its address, its name, its declared type, its file."""

    source: str
    url: str = ""
    name: str = ""
    content_type: str = ""
    path: str = ""


def detect(body: bytes, name: str = "", content_type: str = "") -> DocumentKind | None:
    """What a body is, None where it is nothing we read.

    >>> detect(b'{"id": 7, "title": {"rendered": "Kim"}}'), detect(b"\\xff\\xd8\\xff\\xe0"), detect(b"Hello.")
    (<DocumentKind.WORDPRESS: 'wordpress'>, <DocumentKind.PICTURE: 'picture'>, None)
    """
    stream = Unpacked([body])
    kind = _kind(stream.head(HEAD_BYTES), Origin("", name=name, content_type=content_type), stream.is_packed)
    if kind is not DocumentKind.PICTURE:
        stream, noise = _set_noise_aside(stream)
        kind = None if noise else kind
    if kind is not None:
        return kind
    return _json_kind(stream) if _is_json(stream.head(HEAD_BYTES)) else None


def _json_kind(stream: Unpacked) -> DocumentKind | None:
    """What the first value of JSON shows it to be."""
    values = _unwrap(json_values(_recode(stream)))
    first = next((value for value in values if not isinstance(value, JsonFault | JsonNoise)), None)
    if _is_json_feed(first):
        return DocumentKind.JSON_FEED
    return DocumentKind.WORDPRESS if is_wordpress(first) else None


def documents(
    body: bytes, source: str, url: str = "", name: str = "", content_type: str = ""
) -> Iterator[Document | Failure | Notice]:
    """The documents a body holds: each object of a JSON list or of JSON Lines, else the one it is."""
    yield from split(Unpacked([body]), Origin(source, url, name, content_type))


def split(stream: Unpacked, origin: Origin) -> Iterator[Document | Failure | Notice]:
    """The documents that a stream of bytes holds, JSON read as it comes; faults as failures, noise as a notice."""
    head = stream.head(HEAD_BYTES)
    kind = _kind(head, origin, stream.is_packed)
    if kind is not DocumentKind.PICTURE:
        stream, noise = _set_noise_aside(stream)
        if noise:
            yield Notice(origin.source, noise)
            yield from _json_documents(stream, origin)
            return
    if kind is DocumentKind.PICTURE:
        yield _picture(stream, origin)
    elif not head.strip():
        reason = Reason.UNREADABLE if stream.fault else Reason.EMPTY
        yield Failure(Stage.READ, reason, origin.source, stream.fault or "it holds nothing")
    elif kind is not None:
        yield _read_whole(stream, origin, kind)
    elif _is_json(head):
        yield from _json_documents(stream, origin)
    else:
        detail = "neither WordPress JSON, a page, a feed, a sitemap, a list of addresses nor a picture"
        yield Failure(Stage.READ, Reason.UNKNOWN_FORMAT, origin.source, detail)


def _set_noise_aside(stream: Unpacked) -> tuple[Unpacked, str]:
    """The JSON that stands behind noise, and the noise; the stream and `""` where it holds no such thing."""
    if not may_have_noise_before(stream.head(HEAD_BYTES)):
        return stream, ""
    body = stream.head(MAX_NOISY_BYTES + 1)
    if len(body) > MAX_NOISY_BYTES or stream.fault:
        return stream, ""
    found, noise = split_noise(body)
    if not noise or _json_kind(Unpacked([found])) is None:
        return stream, ""
    return Unpacked([found]), noise


def _kind(head: bytes, origin: Origin, is_packed: bool) -> DocumentKind | None:
    """The kind that the first bytes show; None for JSON, told by its objects, and for the unknown."""
    if has_picture_name(origin.name.removesuffix(".gz") if is_packed else origin.name):
        return DocumentKind.PICTURE
    plain = as_utf8(head).lstrip()
    if plain.startswith(b"<"):
        return _markup_kind(plain)
    if _is_picture(head):
        return DocumentKind.PICTURE
    if _is_json(head):
        return None
    if _is_address_list(plain, is_whole=len(head) < HEAD_BYTES):
        return DocumentKind.ADDRESSES
    if _PAGE.search(plain) or len(_TAG.findall(plain)) > 1 or _is_declared_page(plain, origin):
        return DocumentKind.HTML
    return DocumentKind.PICTURE if origin.content_type.startswith("image/") else None


def has_picture_name(path: str) -> bool:
    """Whether a path or a file name ends like a picture's.

    >>> has_picture_name("/2025/08/Kim-scaled.JPG"), has_picture_name("/a-story.html")
    (True, False)
    """
    return _PICTURE_NAME.search(path) is not None


def _is_picture(head: bytes) -> bool:
    if head[:2] == b"BM":
        return int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS
    return recognise(head)[0] in _PICTURE_REASONS


def _markup_kind(plain: bytes) -> DocumentKind | None:
    """What a text that begins with a tag is, by its first element."""
    position = 0
    while (prologue := _PROLOGUE.match(plain, position)) is not None:
        position = prologue.end()
    root = _ROOT.search(plain, position)
    name = root.group(2).lower() if root is not None else b""
    if name in _FEED_ROOTS:
        return DocumentKind.WXR if _EXPORT.search(plain) else DocumentKind.FEED
    if name in _SITEMAP_ROOTS:
        return DocumentKind.SITEMAP
    if name == b"svg":
        return DocumentKind.PICTURE
    if _HTML_ROOT.fullmatch(name) or _PAGE.search(plain):
        return DocumentKind.HTML
    return None


def _is_declared_page(plain: bytes, origin: Origin) -> bool:
    declared = origin.name.lower().endswith((".html", ".htm", ".xhtml")) or "html" in origin.content_type
    return declared and _TAG.search(plain) is not None


def _is_json(head: bytes) -> bool:
    return as_utf8(head[:HEAD_BYTES]).lstrip()[:1] in (b"{", b"[")


def _is_address_list(plain: bytes, *, is_whole: bool) -> bool:
    """Whether most lines, comments aside, are web addresses."""
    lines = [line.strip() for line in plain.splitlines()]
    if not is_whole and len(lines) > 1:
        lines.pop()
    given = [line for line in lines if line and not line.startswith(b"#")]
    return sum(bool(_ADDRESS.match(line)) for line in given) * 2 > len(given)


def _picture(stream: Unpacked, origin: Origin) -> Document | Failure:
    if origin.path and not stream.is_packed:
        return Document(origin.source, DocumentKind.PICTURE, origin.url, path=origin.path)
    detail = "a picture is read from its own file, not from standard input or a packed one"
    return Failure(Stage.READ, Reason.UNKNOWN_FORMAT, origin.source, detail)


def _read_whole(stream: Unpacked, origin: Origin, kind: DocumentKind) -> Document | Failure:
    body = stream.read_whole(MAX_DOCUMENT_BYTES)
    if body is None:
        detail = f"more than {MAX_DOCUMENT_BYTES:,} bytes"
        return Failure(Stage.READ, Reason.TOO_LARGE, origin.source, detail)
    if stream.fault:
        return Failure(Stage.READ, Reason.UNREADABLE, origin.source, stream.fault)
    if wide_encoding(body):
        return Document(
            origin.source, kind, origin.url, as_utf8(body), content_type="text/plain; charset=utf-8"
        )
    return Document(origin.source, kind, origin.url, body, content_type=origin.content_type)


def _json_documents(stream: Unpacked, origin: Origin) -> Iterator[Document | Failure | Notice]:
    """One document an object; what is no WordPress object is counted into one failure."""
    known = unknown = faults = 0
    for value in _unwrap(json_values(_recode(stream))):
        if isinstance(value, JsonNoise):
            yield Notice(origin.source, name_noise(value.text))
        elif isinstance(value, JsonFault):
            faults += 1
            if not stream.fault:
                yield Failure(Stage.READ, Reason.MALFORMED, origin.source, str(value))
        elif (part := _object_document(value, origin)) is not None:
            known += 1
            yield part
        else:
            unknown += 1
    if stream.fault:
        yield Failure(Stage.READ, Reason.UNREADABLE, origin.source, stream.fault)
    elif unknown:
        detail = f"{unknown} of {known + unknown} JSON values are no WordPress objects"
        yield Failure(Stage.READ, Reason.UNKNOWN_FORMAT, origin.source, detail)
    elif not known and not faults:
        yield Failure(Stage.READ, Reason.EMPTY, origin.source, "an empty JSON list")


def _object_document(value: object, origin: Origin) -> Document | Failure | None:
    """The document that one JSON value is, or the failure that it tells; None for what is not WordPress's."""
    if _is_json_feed(value):
        body = json.dumps(value).encode()
        return Document(origin.source, DocumentKind.JSON_FEED, origin.url, body)
    if kind_of(value) is ItemKind.ERROR:
        return error_failure(as_map(value), origin.url or origin.source)
    if is_wordpress(value):
        return Document(origin.source, DocumentKind.WORDPRESS, origin.url, value=value)
    return None


def _recode(stream: Unpacked) -> Iterator[bytes]:
    """The stream as UTF-8; a text in a wide encoding is short enough to be recoded whole."""
    if wide_encoding(stream.head(HEAD_BYTES)):
        return iter([as_utf8(stream.read_whole(MAX_DOCUMENT_BYTES) or b"")])
    return iter(stream)


def _unwrap(values: Iterator[object]) -> Iterator[object]:
    """The values, those inside lists and known wrappers one by one."""
    for value in values:
        if isinstance(value, list):
            yield from value
        elif isinstance(value, Mapping) and not is_wordpress(value) and not _is_json_feed(value):
            inside = [one for name in _WRAPPERS for one in _members(value.get(name))]
            yield from inside if any(is_wordpress(one) for one in inside) else [value]
        else:
            yield value


def _members(value: object) -> list[object]:
    """The objects of a wrapped list, or the one wrapped object."""
    return as_list(value) if isinstance(value, list) else [value] if isinstance(value, Mapping) else []


def _is_json_feed(value: object) -> bool:
    version = as_map(value).get("version")
    return isinstance(version, str) and "jsonfeed.org/version" in version
