"""The text of a page's bytes, in the encoding a browser would take, or the one the bytes prove."""

from __future__ import annotations

import codecs
import re

from assets.parsing.xmltext import wide_encoding

# Browsers look for a declaration in the first 1,024 bytes only; saved pages carry comments and scripts before it.
HEAD_BYTES = 8192

# Western text without any declaration; what browsers take too.
FALLBACK = "cp1252"

_PARAMETER = re.compile(r"(?i)charset\s*=\s*[\"']?\s*([\w.:-]{1,40})")
_META = re.compile(rb"(?i)<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*([\w.:-]{1,40})")
_XML = re.compile(rb"""\A\s*<\?xml\b[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})""")

# https://encoding.spec.whatwg.org/#names-and-labels where it differs from Python: a label of an old standard stands
# for the larger set that pages really use.
_LABELS = {
    "latin-1": FALLBACK,
    "iso8859-1": FALLBACK,
    "ascii": FALLBACK,
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": FALLBACK,
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "x-euc-jp": "euc_jp",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
}


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a page; bytes of no character become U+FFFD.

    The encoding is that of the byte order mark, of the bytes themselves where they are UTF-8 beyond doubt, of the
    header, of the page's own declaration, in this order.

    >>> decoded("<p>Caf\\u00e9</p>".encode("latin-1"), "text/html; charset=ISO-8859-1")
    '<p>Café</p>'
    """
    wide = wide_encoding(body[:HEAD_BYTES])
    if wide:
        return body.decode(wide, "replace").removeprefix("\ufeff")
    named = codec_of(_declared(body, content_type))
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
        # Some codecs, such as UTF-7's and IDNA's, raise in spite of "replace".
        return body.decode("utf-8", "replace")


def codec_of(label: str) -> str:
    """Python's codec for an encoding label as pages write it, `""` where there is none.

    >>> codec_of("ISO-8859-1"), codec_of("Windows-1251"), codec_of("x-unknown")
    ('cp1252', 'cp1251', '')
    """
    lowered = label.strip().lower()
    try:
        name = codecs.lookup(lowered).name
    except (LookupError, ValueError):
        name = ""
    codec = _LABELS.get(lowered) or _LABELS.get(name) or name
    return codec if codec and _is_text_codec(codec) else ""


def _is_text_codec(codec: str) -> bool:
    """Whether a codec decodes bytes of a page; `hex` and `zip` are codecs too, and wide ones need a mark."""
    if codec.startswith(("utf-16", "utf-32", "utf-7")):
        return False
    try:
        return isinstance(b"".decode(codec), str)
    except (LookupError, ValueError):
        return False


def _declared(body: bytes, content_type: str) -> str:
    """The encoding label of the header, or of the page itself."""
    told = _PARAMETER.search(content_type)
    if told is not None and codec_of(told.group(1)):
        return told.group(1)
    head = body[:HEAD_BYTES]
    found = _META.search(head) or _XML.search(head)
    return found.group(1).decode("ascii", "replace") if found is not None else ""
