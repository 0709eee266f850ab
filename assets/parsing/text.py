"""Text from strangers made safe to keep: markup removed, space folded, broken characters dropped."""

from __future__ import annotations

import re
from html import unescape

# Longer alt texts and captions are page bodies that slipped in.
MAX_TEXT_CHARACTERS = 10_000

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\u200b]")
# No character has so many digits, and int() refuses more than 4,300: html.unescape would raise.
_ENDLESS_ENTITY = re.compile(r"&#[0-9]{8,};?")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/li|/h[1-6])\b[^>]*>")


def clean(value: object) -> str:
    """One line of plain text: control characters and lone surrogates dropped, white space folded.

    Anything that is not a string gives `""`.

    >>> clean(" Kim\\n  Jong\\u00a0Un\\x00 "), clean(None)
    ('Kim Jong Un', '')
    """
    if not isinstance(value, str):
        return ""
    return " ".join(_UNWANTED.sub("", value).split())[:MAX_TEXT_CHARACTERS]


def resolve_entities(text: str) -> str:
    """The text with HTML's character references resolved.

    >>> resolve_entities("Kim&#8217;s &amp; Co."), resolve_entities("a&#" + "9" * 5000 + ";b")
    ('Kim’s & Co.', 'ab')
    """
    return unescape(_ENDLESS_ENTITY.sub("", text))


def from_markup(value: object) -> str:
    """The text a reader sees of a piece of HTML, on one line, scripts and styles left out.

    >>> from_markup("<p>Kim&#8217;s <b>visit</b><br>(KCNA)</p>")
    'Kim’s visit (KCNA)'
    """
    if not isinstance(value, str):
        return ""
    if "<" not in value:
        return clean(resolve_entities(value))
    # Who cleans headers and dates does without the parser, which takes longer to load than they do.
    from assets.parsing.htmltree import parse_html

    tree = parse_html(_BREAKS.sub(lambda found: found.group() + " ", _UNWANTED.sub("", value)))
    tree.strip_tags(["script", "style", "noscript", "template", "svg"], recursive=True)
    return clean(tree.body.text() if tree.body is not None else "")
