"""Captions and credits that the markup gives to a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from assets.credits import credit_text, split_credit
from assets.markup.image_elements import CreditNode, Holder, ImageElement, caption_sign
from assets.parsing import text
from assets.parsing.htmltree import parse_html

# Figures nest in galleries; a caption further out speaks of more than one picture.
MAX_HOLDER_LEVELS = 3

# A caption of more markup than this is a page that slipped in.
MAX_CAPTION_MARKUP = 50_000

# Parts of a caption that stand apart on the page can touch in the source.
_TOUCHING_PARTS = re.compile(
    r"(?i)(?<=[^\s>])(?:</[a-z0-9]+>)*<(?:(?:p|div|small|cite)\b|[a-z]+\s[^>]*(?:credit|copyright|author|source))"
    r"|(?<=[.!?…\"”»)])(?:</[a-z0-9]+>)*<span\b"
)
# "Show more" beside a short caption, and what it would show.
_MAY_HIDE = re.compile(r"(?i)\shidden\b|display\s*:\s*none")
_NOT_SHOWN = re.compile(r"(?i)(?:^|[;\s])display\s*:\s*none")
# Under a picture outside any figure may also stand the footer of the page.
_RIGHTS = re.compile(r"(?i)rights? reserved|alle rechte|tous droits|derechos reservados|direitos reservados")

# Who reads a whole page sets these where the page shows a caption beside a picture without saying so in its markup.
DESCRIBED_ATTRIBUTE = "data-photodesk-described"
NEARBY_ATTRIBUTE = "data-photodesk-nearby"

# Attributes that hold a caption, and what each is called where one came from it.
_CAPTION_ATTRIBUTES = {
    DESCRIBED_ATTRIBUTE: "aria-describedby",
    NEARBY_ATTRIBUTE: "text beside",
    "data-caption": "data-caption",
    "data-image-caption": "data-image-caption",
    "data-mediaviewer-caption": "data-mediaviewer-caption",
}
_CREDIT_ATTRIBUTES = ("data-credit", "data-copyright", "data-portal-copyright", "data-mediaviewer-credit")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as the reader sees it, its credit, and where each of them stood."""

    text: str = ""
    field: str = ""
    credit: str = ""
    credit_field: str = ""


def holder_caption(holder: Holder) -> Caption:
    """The caption and credit of a figure, a caption box or a gallery item."""
    return _caption(holder.captions, holder.credits)


def sighting_caption(element: ImageElement) -> Caption:
    """The caption and credit that stand beside a picture or in its own attributes."""
    found = _caption(element.captions, element.credits)
    attributes = element.node.attributes
    caption, caption_field = found.text, found.field
    if not caption:
        caption, caption_field = _attribute_caption(attributes)
    credit, credit_field = found.credit, found.credit_field
    if not credit:
        credit, credit_field = _attribute_credit(attributes)
    if not credit:
        credit = split_credit(caption)[1]
        credit_field = "caption" if credit else ""
    return Caption(caption, caption_field, credit, credit_field)


def join_captions(captions: Iterable[Caption]) -> Caption:
    """The first caption and the first credit of several; one that an element holds goes before one of a known form.

    >>> join_captions([Caption("Kim (AP)", "figcaption", "AP", "caption"), Caption("", "", "KCNA", ".credit")])
    Caption(text='Kim (AP)', field='figcaption', credit='KCNA', credit_field='.credit')
    """
    given = list(captions)
    captioned = next((one for one in given if one.text), Caption())
    credited = sorted((one for one in given if one.credit), key=lambda one: one.credit_field == "caption")
    if not credited:
        return Caption(captioned.text, captioned.field)
    return Caption(captioned.text, captioned.field, credited[0].credit, credited[0].credit_field)


def _caption(nodes: list[LexborNode], credits_: list[CreditNode]) -> Caption:
    told = ((caption_text(node), caption_sign(node)) for node in nodes)
    caption, caption_field = next((one for one in told if one[0]), ("", ""))
    in_caption = split_credit(caption)[1]
    for one in credits_:
        credit = _element_credit(one, is_whole=any(one.node.mem_id == node.mem_id for node in nodes))
        if credit and credit in in_caption and credit != in_caption:
            # The element names the photographer, the caption goes on with the agency.
            break
        if credit:
            return Caption(caption, caption_field, credit, one.sign)
    return Caption(caption, caption_field, in_caption, "caption" if in_caption else "")


def caption_text(node: LexborNode) -> str:
    """The text of a caption, its parts held apart."""
    html = node.html or ""
    if len(html) > MAX_CAPTION_MARKUP:
        return ""
    if _MAY_HIDE.search(html):
        html = _strip_hidden(html)
    return text.from_markup(_TOUCHING_PARTS.sub(lambda found: " " + found.group(), html))


def _strip_hidden(html: str) -> str:
    """The markup of a caption without the parts of it that are not shown; as it is where nothing would be left."""
    root = parse_html(html).body
    if root is None or root.child is None:
        return html
    whole = root.child.mem_id
    for node in root.css("[hidden], [style]"):
        attributes = node.attributes
        is_hidden = "hidden" in attributes or _NOT_SHOWN.search(attributes.get("style") or "")
        if is_hidden and node.mem_id != whole:
            node.decompose()
    return root.html or html if text.clean(root.text()) else html


def _element_credit(one: CreditNode, *, is_whole: bool) -> str:
    """The credit in an element; where it is the caption itself, only a known form of credit counts."""
    told = text.clean(one.node.attributes.get("content")) or caption_text(one.node)
    if is_whole:
        return split_credit(told)[1]
    return "" if _RIGHTS.search(told) else credit_text(told)


def _attribute_caption(attributes: dict[str, str | None]) -> tuple[str, str]:
    for name, field in _CAPTION_ATTRIBUTES.items():
        if caption := text.from_markup(attributes.get(name)):
            return caption, field
    return "", ""


def _attribute_credit(attributes: dict[str, str | None]) -> tuple[str, str]:
    for name in _CREDIT_ATTRIBUTES:
        if credit := credit_text(text.from_markup(attributes.get(name))):
            return credit, name
    # Jetpack repeats what the upload's own metadata say.
    try:
        meta = json.loads(attributes.get("data-image-meta") or "{}")
    except (ValueError, RecursionError):
        return "", ""
    for name in ("credit", "copyright"):
        if isinstance(meta, dict) and (credit := credit_text(text.clean(meta.get(name)))):
            return credit, f"image_meta.{name}"
    return "", ""
