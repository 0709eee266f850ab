"""JSON that a server wrapped in noise: PHP's notices before it, a cache's comment behind it, a byte order mark.

A site that shows its errors prints them into every answer, and plugins print what they like. The JSON is whole all the
same. A page that merely holds JSON, in a script or an example, is not taken for one.
"""

from __future__ import annotations

import codecs
import json
import re

from assets.parsing.text import clean, resolve_entities

# A plugin that complains of each of a hundred posts on ten lines each writes 300 kB.
MAX_NOISE_BYTES = 1024 * 1024

# Brackets that begin no value: a notice may quote some, and more would be tried for ever.
MAX_STARTS = 64

# A message with the path of its file; the next ones are like it.
MAX_NAMED_CHARACTERS = 200

# A list of objects, an empty list, an object: what APIs answer with. A bracket in prose or code is followed by others.
_START = re.compile(r'\[\s*[{\]]|\{\s*["}]')
_PAGE = re.compile(
    r"(?i)<(?:!doctype|html|head|body|title|meta|link|article|section|main|nav|header|footer|figure|img|h1"
    r"|\?xml|rss|feed|rdf:rdf|channel|urlset|sitemapindex|svg)[\s>]"
)

# Behind these a value is part of a script, or an argument of it.
_OPENERS = frozenset("=([{,:\"'`\\")

_MARKUP = re.compile(r"<!--|-->|<\?(?:php|=)?|\?>|</?[A-Za-z][^<>]*>")

_BYTE_ORDER_MARK = codecs.BOM_UTF8.decode("latin-1")
_scan = json.JSONDecoder(parse_int=lambda _digits: 0).raw_decode


def split_noise(body: bytes) -> tuple[bytes, str]:
    """The JSON of a body and what stands around it; the body as it is and `""` where nothing does.

    What looks clean at both ends is not looked at any further.

    >>> split_noise(b'{"id": 7}<!-- from the cache -->')
    (b'{"id": 7}', 'from the cache')
    >>> split_noise(b'<html><script>[{"id": 7}]</script></html>')[1]
    ''
    """
    if looks_clean(body):
        return body, ""
    # Each byte a character: what JSON is made of is ASCII, and places are the same in both.
    text = body.decode("latin-1")
    place = _find_value(text)
    if place is None:
        return body, ""
    start, end = place
    names = [
        _name_start(body) if not _strip(text[:start]) else _name_bytes(body[:start]),
        _name_bytes(body[end:]),
    ]
    return body[start:end], "; ".join(name for name in names if name)


def looks_clean(body: bytes) -> bool:
    """Whether a body begins and ends as JSON does."""
    return body[:1] in (b"{", b"[") and body.rstrip()[-1:] in (b"}", b"]")


def may_have_noise_before(head: bytes) -> bool:
    """Whether a body that begins like this may be JSON behind noise."""
    text = head.decode("latin-1")
    begun = _strip(text)[:1]
    return begun not in ("{", "[") and _START.search(text, 0, _end_of_noise(text)) is not None


def _find_value(text: str) -> tuple[int, int] | None:
    """Where the value begins and ends."""
    # What begins as JSON has its noise behind it: a second value in it is none of an answer.
    is_first = _strip(text)[:1] in ("{", "[")
    limit, position = _end_of_noise(text), 0
    for _ in range(1 if is_first else MAX_STARTS):
        found = _START.search(text, position, limit)
        if found is None:
            return None
        start = found.start()
        try:
            _, end = _scan(text, start)
        except json.JSONDecodeError as error:
            position = max(error.pos, start + 1)
            continue
        except RecursionError:
            return None
        is_empty = found.group()[-1] in "]}"
        if _may_precede(text[:start], is_empty=is_empty) and _may_follow(text, end, is_empty=is_empty):
            return start, end
        position = end
    return None


def _end_of_noise(text: str) -> int:
    """Before here a value must begin: behind it stands a page, or too much for noise."""
    page = _PAGE.search(text, 0, MAX_NOISE_BYTES)
    return page.start() if page is not None else MAX_NOISE_BYTES


def _strip(text: str) -> str:
    return text.removeprefix(_BYTE_ORDER_MARK).lstrip()


def _may_precede(text: str, *, is_empty: bool) -> bool:
    """Whether this may stand before a value as noise; before an empty one, which proves little, a line or a tag."""
    last = text.rstrip()[-1:]
    if is_empty and _strip(text):
        return last == ">" or "\n" in text[len(text.rstrip()) :]
    return last not in _OPENERS


def _may_follow(text: str, end: int, *, is_empty: bool) -> bool:
    """Whether what follows a value may be noise: markup that does not close what was open before, or other lines."""
    if len(text) - end > MAX_NOISE_BYTES:
        return False
    told = text[end:].lstrip()
    if is_empty:
        return not told or told.startswith("<!--")
    if not told or told[0] == "<":
        return not told.startswith("</")
    # WordPress's own `die( 0 )`.
    if told.rstrip() in ("0", "-1", "1"):
        return True
    return told[0].isalpha() and "\n" in text[end : len(text) - len(told)]


def _name_start(body: bytes) -> str:
    """What harmless things a body begins with."""
    if body.startswith(codecs.BOM_UTF8):
        return "a byte order mark"
    return "blank lines" if body[:1] in (b"\n", b"\r") else ""


def name_noise(noise: str) -> str:
    """Noise as a short clean text, `""` for blanks.

    >>> name_noise("<br /><b>Notice</b>:  Undefined index: lang in <b>/srv/x.php</b> on line <b>9</b><br />")
    'Notice: Undefined index: lang in /srv/x.php on line 9'
    """
    told = clean(resolve_entities(_MARKUP.sub(" ", noise)))[:MAX_NAMED_CHARACTERS]
    # "Notice : text" is how "<b>Notice</b>: text" reads without its tags.
    return told.replace(" :", ":").strip() or ("markup" if clean(noise) else "")


def _name_bytes(noise: bytes) -> str:
    return name_noise(noise.decode("utf-8", "replace"))
