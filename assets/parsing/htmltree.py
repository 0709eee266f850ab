"""HTML from strangers as a tree, built in time proportional to its length.

The parser looks through all open elements at each tag, as the standard has it: a megabyte of unclosed `<div>`
would take it six minutes. Formatting left open is copied into every paragraph that follows, and each attribute is
compared with all others of its element. Documents that do so lose the tags that go too far, not the rest.
"""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

# Browsers nest no deeper (Blink's limit on the depth of the tree); real pages stay far below.
MAX_DEPTH = 512

# Elements that a parser may make up to complete formatting; real pages need some thousands.
MAX_COPIES = 200_000

# Elements with more attributes do not exist; shorter tags are not worth counting.
MAX_ATTRIBUTES = 1000
MIN_COUNTED_CHARACTERS = 20_000

# A whole tag: quotes open after an equals sign only, and one that nothing closes is a letter as any other.
_WHOLE_TAG = re.compile(r"<[A-Za-z](?:=\s*\"[^\"]*\"|=\s*'[^']*'|[^>])*+>?")
# Values are passed over: a picture written into its address is full of slashes.
_ATTRIBUTE_END = re.compile(r"=\s*\"[^\"]*\"|=\s*'[^']*'|=[^\s>]*|[\s/\"']+")
# What looks like a tag in a program or a comment runs into the end of that.
_OUTER_END = re.compile(r"(?:</[A-Za-z]+\s*|--)>\Z")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_FORMATTING = frozenset(
    {"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
# They have no content, or close themselves where the next one begins.
_NEVER_DEEP = re.compile(
    r"area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|amp-img"
    r"|p|li|dt|dd|option|optgroup|tr|td|th|tbody|thead|tfoot|colgroup|html|head|body|rt|rp"
)
_PROGRAMS = frozenset({"script", "style"})


def parse_html(html: str) -> LexborHTMLParser:
    """The tree of a document or a fragment.

    >>> parse_html("<div>" * 100_000 + "<img src=k.jpg>").css_first("img").attributes["src"]
    'k.jpg'
    """
    try:
        return LexborHTMLParser(_drop_excess_tags(html))
    except SelectolaxError as error:
        # The standard has a tree for every text: there was no memory for it.
        raise MemoryError("no memory for the tree") from error


def _drop_excess_tags(html: str) -> str:
    """The same HTML, without the tags that go too far."""
    if len(html) >= MIN_COUNTED_CHARACTERS:
        html = _WHOLE_TAG.sub(_drop_overload, html)
    if html.count("<") <= MAX_DEPTH:
        return html
    count = _Count()
    for found in _TAG.finditer(html):
        count.pass_by(found)
        if count.depth > MAX_DEPTH or count.copies > MAX_COPIES:
            return _flatten(html)
    return html


def _drop_overload(found: re.Match[str]) -> str:
    """A tag as it is, nothing where it has attributes beyond measure."""
    tag = found.group()
    if len(tag) < MIN_COUNTED_CHARACTERS or len(_ATTRIBUTE_END.findall(tag)) <= MAX_ATTRIBUTES:
        return tag
    end = _OUTER_END.search(tag)
    return end.group() if end else ""


def _flatten(html: str) -> str:
    """The same HTML without formatting, and without the tags below the deepest level."""
    count = _Count()
    kept: list[str] = []
    position = 0
    for found in _TAG.finditer(html):
        if found.start() < position or count.keeps(found):
            continue
        kept.append(html[position : found.start()])
        end = html.find(">", found.end())
        position = end + 1 if end >= 0 else len(html)
    return "".join((*kept, html[position:]))


class _Count:
    """How deep a parser stands, tag by tag, judged too deep rather than too shallow."""

    def __init__(self) -> None:
        self.depth = 0
        self.copies = 0
        self._formatting = 0
        self._is_open: Counter[str] = Counter()
        self._outside: tuple[int, int, Counter[str]] | None = None

    def pass_by(self, found: re.Match[str]) -> bool:
        """Count a tag; whether it opens or closes anything."""
        name = found.group(2).lower()
        if name in _PROGRAMS:
            return self._program(is_end=bool(found.group(1)))
        if _NEVER_DEEP.fullmatch(name):
            self.copies += self._formatting
            return True
        if found.group(1) and not self._is_open[name]:
            return False
        step = -1 if found.group(1) else 1
        self._is_open[name] += step
        self.depth += step
        self._formatting += step * (name in _FORMATTING)
        self.copies += self._formatting
        return True

    def keeps(self, found: re.Match[str]) -> bool:
        """Count a tag unless it is formatting or too deep; whether it may stay."""
        name = found.group(2).lower()
        is_deep = self.depth >= MAX_DEPTH and not found.group(1) and not _NEVER_DEEP.fullmatch(name)
        return name not in _FORMATTING and (not is_deep or name in _PROGRAMS) and self.pass_by(found)

    def _program(self, *, is_end: bool) -> bool:
        """Tags within a program are none: what they opened ends with it."""
        if is_end and self._outside is not None:
            self.depth, self._formatting, self._is_open = self._outside
            self._outside = None
        elif not is_end and self._outside is None:
            self._outside = (self.depth, self._formatting, self._is_open)
            self._is_open = Counter()
        return True
