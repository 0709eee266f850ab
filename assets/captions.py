"""Captions and credits that stand beside a picture in the markup."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from assets import text
from assets.credits import split_credit

# Levels up from a picture at which its caption may stand.
MAX_LEVELS = 6

_CAPTION_SELECTORS = (
    "figcaption",
    ".wp-caption-text",
    ".gallery-caption",
    "dd.wp-caption-dd",
    "[itemprop=caption]",
)
_CREDIT_SELECTORS = (
    ("[itemprop=creditText]", "microdata creditText"),
    ("[itemprop=copyrightHolder]", "microdata copyrightHolder"),
    (".wp-media-credit, .media-credit, .image-credit, .photo-credit, .photocredit, .credit", ".credit"),
    ("[class*=credit], [class*=Credit]", "[class*=credit]"),
    ("[class*=copyright], [class*=Copyright]", "[class*=copyright]"),
    ("figcaption cite", "figcaption cite"),
    ("figcaption small", "figcaption small"),
)
_SHORTCODE_TEXT = re.compile(r"\[/?caption[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as the reader sees it, its credit, and where the credit stood."""

    caption: str = ""
    credit: str = ""
    credit_field: str = ""


def caption_of(picture: LexborNode) -> Caption:
    """The caption and credit of a picture's own figure, empty where it has none.

    A caption of a figure that holds several pictures belongs to none of them.
    """
    node = picture.parent
    for _ in range(MAX_LEVELS):
        if node is None or node.tag in ("body", "html", "article", "main", "section"):
            break
        holder = _is_holder(node)
        if holder or node.css_first("figcaption, .wp-caption-text") is not None:
            return _read(node) if _is_alone(node) else Caption()
        node = node.parent
    return Caption()


def _is_holder(node: LexborNode) -> bool:
    classes = f" {node.attributes.get('class') or ''} "
    return node.tag == "figure" or " wp-caption " in classes or " gallery-item " in classes


def _is_alone(holder: LexborNode) -> bool:
    pictures = holder.css("img, amp-img")
    if len(pictures) <= 1:
        return True
    twins = {_stem(one) for one in pictures if not _in_noscript(one)}
    return len(twins) <= 1


def _stem(picture: LexborNode) -> str:
    attributes = picture.attributes
    address = attributes.get("data-src") or attributes.get("data-lazy-src") or attributes.get("src") or ""
    return address.split("?")[0]


def _in_noscript(node: LexborNode) -> bool:
    parent = node.parent
    for _ in range(4):
        if parent is None:
            return False
        if parent.tag == "noscript":
            return True
        parent = parent.parent
    return False


def _read(holder: LexborNode) -> Caption:
    found = next((node for one in _CAPTION_SELECTORS if (node := holder.css_first(one)) is not None), None)
    caption = text.from_markup(found.html) if found is not None else ""
    for selector, field in _CREDIT_SELECTORS:
        node = holder.css_first(selector)
        credit = text.from_markup(node.html) if node is not None else ""
        if credit and credit != caption and len(credit) <= 200:
            _, inner = split_credit(credit)
            return Caption(caption, inner or credit, field)
    _, credit = split_credit(caption)
    return Caption(caption, credit, "caption" if credit else "")
