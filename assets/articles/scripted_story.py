"""A story that a page keeps in its scripts alone, as HTML in a text, until a browser shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

# So many texts, the longest first, are looked at: a page keeps its story, and often a copy of it.
MAX_TEXTS = 3

# Shorter texts hold no story.
MIN_CHARACTERS = 250

# A larger program is a library.
MAX_SCRIPT_CHARACTERS = 4_000_000

# An escape, or the beginning or the end of a text.
_SIGN = re.compile(r'\\.|"', re.DOTALL)
# As it stands, or as serialisers write it so that it does not end the script.
_PARAGRAPH = re.compile(r"(?i)(?:<|\\u003c)(?:p|div|figure)\b")
_BEGINNING = re.compile(r"(?i)(?:\s|\\[nrt])*(?:<|\\u003c)[a-z]")
_STORY = re.compile(r"(?i)\s*<(?:p|div|figure|h[1-6]|section|article|img)\b")


def list_scripted_stories(tree: LexborHTMLParser) -> list[str]:
    """The texts in a page's scripts that may be the HTML of its story, the longest first.

    >>> html = '<script>push({"body": "\\\\u003cp\\\\u003e' + "The ferry is back. " * 20 + '"})</script>'
    >>> [one[:6] for one in list_scripted_stories(LexborHTMLParser(html))]
    ['<p>The']
    """
    found: dict[str, None] = {}
    for script in tree.css("script"):
        program = script.text()
        if len(program) > MAX_SCRIPT_CHARACTERS or not _PARAGRAPH.search(program):
            continue
        for text in _list_texts(program):
            if len(text) >= MIN_CHARACTERS and _BEGINNING.match(text[:100]):
                found.setdefault(text)
    texts = (_decode(text) for text in sorted(found, key=len, reverse=True)[:MAX_TEXTS])
    return [text for text in texts if _STORY.match(text)]


def _list_texts(program: str) -> Iterator[str]:
    """The quoted texts of a program as they are spelled; found in one go, whatever is left open."""
    start = -1
    for sign in _SIGN.finditer(program):
        if sign.group() != '"':
            continue
        if start >= 0:
            yield program[start : sign.start()]
            start = -1
        else:
            start = sign.end()


def _decode(text: str) -> str:
    """The text behind a program's spelling of it, `""` where that is none."""
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""
