"""HTML from strangers as a tree, built in time proportional to its length.

The parser looks through all open elements at each tag, as the standard has it: a megabyte of unclosed `<div>`
would take it six minutes. Formatting left open is copied into every paragraph that follows. Documents that do so
lose the tags that go too far, never their pictures or texts.
"""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

# Browsers nest no deeper (Blink's limit on the depth of the tree); real pages stay far below.
MAX_DEPTH = 512

# Elements that a parser may make up to complete formatting; real pages need some thousands.
MAX_COPIES = 200_000

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
# They have no content, or close themselves where the next one begins.
_NEVER_DEEP = frozenset(
    "area base br col embed hr img input link meta source track wbr amp-img"
    " p li dt dd option optgroup tr td th tbody thead tfoot colgroup html head body rt rp".split()
)


def parse_html(html: str) -> LexborHTMLParser:
    """The tree of a document or a fragment.

    >>> parse_html("<div>" * 100_000 + "<img src=k.jpg>").css_first("img").attributes["src"]
    'k.jpg'
    """
    return LexborHTMLParser(_bounded(html))


def _bounded(html: str) -> str:
    """The same HTML, without formatting and without the tags beyond the deepest level if it goes too far."""
    if html.count("<") <= MAX_DEPTH or not _goes_too_far(html):
        return html
    return _flattened(html)


def _goes_too_far(html: str) -> bool:
    is_open: Counter[str] = Counter()
    depth = formatting = copies = 0
    for found in _TAG.finditer(html):
        name = found.group(2).lower()
        if name in _NEVER_DEEP:
            copies += formatting
        elif not found.group(1):
            is_open[name] += 1
            depth += 1
            formatting += name in _FORMATTING
            copies += formatting
        elif is_open[name]:
            is_open[name] -= 1
            depth -= 1
            formatting -= name in _FORMATTING
        if depth > MAX_DEPTH or copies > MAX_COPIES:
            return True
    return False


def _flattened(html: str) -> str:
    is_open: Counter[str] = Counter()
    depth = 0
    kept: list[str] = []
    position = 0
    for found in _TAG.finditer(html):
        name = found.group(2).lower()
        if name in _NEVER_DEEP:
            continue
        is_kept = name not in _FORMATTING
        if is_kept and not found.group(1):
            is_kept = depth < MAX_DEPTH
            is_open[name] += is_kept
            depth += is_kept
        elif is_kept:
            is_kept = is_open[name] > 0
            is_open[name] -= is_kept
            depth -= is_kept
        if not is_kept and found.start() >= position:
            kept.append(html[position : found.start()])
            end = html.find(">", found.end())
            position = end + 1 if end >= 0 else len(html)
    kept.append(html[position:])
    return "".join(kept)
