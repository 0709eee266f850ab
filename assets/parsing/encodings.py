"""The text of a page's bytes, in the encoding a browser would take, or the one the bytes prove."""

from __future__ import annotations

import codecs

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from assets.parsing.xmltext import wide_encoding

# Western text without any declaration; what browsers take too.
FALLBACK = "cp1252"

# A byte order mark, or how XML begins in a wide encoding, stands at the very start.
HEAD_BYTES = 8192

# https://encoding.spec.whatwg.org/#names-and-labels: what neither Python nor w3lib knows, as Python spells names.
_LABELS = {
    "iso_8859_8_i": "iso8859-8",
    "logical": "iso8859-8",
    "unicode_1_1_utf_8": "utf-8",
    "utf8mb4": "utf-8",
    "windows_949": "cp949",
    "x_cp1250": "cp1250",
    "x_cp1251": "cp1251",
    "x_cp1252": FALLBACK,
    "x_euc_jp": "euc_jp",
    "x_gbk": "gb18030",
    "x_mac_cyrillic": "mac_cyrillic",
    "x_mac_roman": "mac_roman",
    "x_x_big5": "big5hkscs",
}


def decode_page(body: bytes, content_type: str = "") -> str:
    """The text of a page; bytes of no character become U+FFFD.

    The encoding is that of the byte order mark, of the bytes themselves where they are UTF-8 beyond doubt, of the
    header, of the page's own declaration, in this order.

    >>> decode_page("<p>Caf\\u00e9</p>".encode("latin-1"), "text/html; charset=ISO-8859-1")
    '<p>Café</p>'
    """
    wide = wide_encoding(body[:HEAD_BYTES])
    if wide:
        return body.decode(wide, "replace").removeprefix("\ufeff")
    named = _find_declared(body, content_type)
    # Pages are often saved as UTF-8 with their old declaration left in; no other encoding's text is valid
    # UTF-8 by chance. Pure ASCII proves nothing: ISO-2022-JP is written in it.
    if named in ("", "utf-8") or not body.isascii():
        try:
            return body.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            pass
    try:
        return body.decode(named or FALLBACK, "replace").removeprefix("\ufeff")
    except UnicodeError:
        # Some codecs, such as IDNA's, raise in spite of "replace".
        return body.decode("utf-8", "replace")


def _find_declared(body: bytes, content_type: str) -> str:
    """The codec of the encoding that the header names, or else the page itself; `""` where there is none."""
    for codec in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        if codec is not None and _is_text_codec(codec):
            return codec
    return ""


def _is_text_codec(codec: str) -> bool:
    """Whether a codec decodes bytes of a page; `hex` and `zip` are codecs too, and wide ones need a mark."""
    if codec.startswith(("utf-16", "utf-32")):
        return False
    try:
        # Of no bytes at all Python makes a text without asking the codec.
        return isinstance(b"a".decode(codec, "replace"), str)
    except (LookupError, ValueError):
        return False


def _codec_named(label: str) -> codecs.CodecInfo | None:
    codec = _LABELS.get(label)
    return codecs.lookup(codec) if codec is not None else None


# w3lib asks Python for the labels that it does not know itself.
codecs.register(_codec_named)
