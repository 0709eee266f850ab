"""XML from strangers made fit for a strict parser: encodings, characters, entities and ampersands mended."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.entities import html5

# XML 1.0, section 2.2: these may not stand in a document, and parsers stop at them.
_FORBIDDEN = bytes([*range(9), 11, 12, *range(14, 32)])

# Every ampersand must begin one of the entities that XML itself knows.
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(\w{2,31};)?")
_CDATA = (b"<![CDATA[", b"]]>")

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(rb"^\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")


def mend_xml(body: bytes) -> bytes:
    """The document as UTF-8, without what XML forbids, HTML's entities as characters.

    >>> mend_xml(b"<a>Q&A &eacute;&amp; \\x0b<![CDATA[R&D]]></a>")
    b'<a>Q&amp;A &#233;&amp; <![CDATA[R&D]]></a>'
    """
    return b"".join(_mend_parts(as_utf8(body).lstrip().translate(None, delete=_FORBIDDEN)))


def as_utf8(body: bytes) -> bytes:
    """The document as UTF-8 without byte order mark or declaration; bytes of no character are replaced.

    >>> as_utf8("<?xml version='1.0' encoding='iso-8859-1'?><a>\\u00e9</a>".encode("latin-1")).decode()
    '<a>é</a>'
    """
    encoding = wide_encoding(body)
    if encoding:
        body = body.decode(encoding, "replace").encode("utf-8", "replace")
    body = body.removeprefix(codecs.BOM_UTF8)
    declaration = _DECLARATION.match(body)
    if declaration is None:
        return _recode_utf8(body, "utf-8")
    told = None if encoding else _ENCODING.search(declaration.group())
    named = told.group(1).decode("ascii", "replace") if told is not None else "utf-8"
    return _recode_utf8(body[declaration.end() :], named)


def local_name(tag: object) -> str:
    """An element's name without its namespace, or without the prefix that the document never declared.

    >>> local_name("{http://www.w3.org/2005/Atom}entry"), local_name("content:encoded")
    ('entry', 'encoded')
    """
    # Comments and processing instructions have a function for a tag.
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def wide_encoding(body: bytes) -> str:
    """The name of the wide encoding a text is in, by its byte order mark or its zeros; `""` for none.

    >>> wide_encoding("<rss/>".encode("utf-16-le")), wide_encoding(b"<rss/>")
    ('utf-16-le', '')
    """
    for mark, encoding in _WIDE_MARKS:
        if body.startswith(mark):
            return encoding
    if len(body) >= 4 and body[1] == body[3] == 0 and body[0] and body[2]:
        return "utf-16-le"
    if len(body) >= 4 and body[0] == body[2] == 0 and body[1] and body[3]:
        return "utf-16-be"
    return ""


def _recode_utf8(body: bytes, named: str) -> bytes:
    try:
        found = codecs.lookup(named).name
        # A wide encoding cannot be true of a declaration that was just read byte by byte.
        encoding = "utf-8" if found.startswith(("utf-16", "utf-32")) else found
        return body if encoding == "utf-8" and _is_utf8(body) else body.decode(encoding, "replace").encode()
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace").encode()


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mend_parts(body: bytes) -> Iterator[bytes]:
    """The document piece by piece; CDATA sections, where an ampersand is itself, are passed over."""
    position = 0
    while (start := body.find(_CDATA[0], position)) >= 0:
        end = body.find(_CDATA[1], start)
        if end < 0:
            break
        yield _AMPERSAND.sub(_mend_entity, body[position:start])
        yield body[start:end]
        position = end
    yield _AMPERSAND.sub(_mend_entity, body[position:])


def _mend_entity(found: re.Match[bytes]) -> bytes:
    entity = found.group(1)
    character = html5.get(entity.decode("ascii", "replace")) if entity else None
    if character is not None:
        return "".join(f"&#{ord(part)};" for part in character).encode()
    return b"&amp;" + found.group()[1:]
