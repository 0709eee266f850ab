"""Captions and credits that the markup gives to a picture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from assets.credits import (
    CAPTION_LABELS,
    CreditElement,
    ReadCredit,
    credit_text,
    find_label_end,
    is_label,
    is_named,
    is_person,
    is_signed,
    read_credit,
    split_credit,
)
from assets.markup.image_elements import CreditNode, Holder, ImageElement, caption_sign
from assets.parsing import text
from assets.parsing.htmltree import parse_html

# Figures nest in galleries; a caption further out speaks of more than one picture.
MAX_HOLDER_LEVELS = 3

# A caption of more parts is no text with a credit behind it.
MAX_PARTS = 8

# What is nested deeper in a caption is broken markup, and stays.
MAX_NESTED = 100

# A caption of more markup than this is a page that slipped in.
MAX_CAPTION_MARKUP = 50_000

# Parts of a caption that stand apart on the page can touch in the source.
_TOUCHING_PARTS = re.compile(
    r"(?i)(?<=[^\s>])(?:</[a-z0-9]+>)*<(?:(?:p|div|small|cite)\b|[a-z]+\s[^>]*(?:credit|copyright|author|source))"
    r"|(?<=[.!?…\"”»)])(?:</[a-z0-9]+>)*<span\b"
)
# "Show more" beside a short caption, and what it would show.
_MAY_HIDE = re.compile(r"(?i)\shidden\b|display\s*:\s*none|<button\b|sr-only|visually-?hidden|screen-reader")
_READ_ALOUD = re.compile(r"(?i)(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?)(?=\s|$)")
_NOT_SHOWN = re.compile(r"(?i)(?:^|[;\s])display\s*:\s*none")
_ESCAPED = re.compile(r"</?[a-z]+(?:\s[^<>]*)?>")
# `<figcaption><span>Legende:</span> …`
_FIRST_LABEL = re.compile(
    r"\s*<[a-z]+\b[^<>]*>\s*(?:<[a-z]+\b[^<>]*>\s*)+(?P<label>[^<>]{2,30}?:?)\s*(?:</[a-z]+>\s*)(?P<colon>:?)"
)
# `The Harbour Shimbun`; "Good News" is a title.
_PRESS_NAME = re.compile(
    r"The(?: [^\W\d_][\w.-]*){0,3} (?:Times|Post|News|Press|Tribune|Herald|Gazette|Journal|Chronicle|Observer)"
    r"|(?:\S+ ){1,3}(?:Shimbun|Shinbun|News Agency|Press Agency)"
)
# What stood between a caption and its credit, and before it.
_LEFT_MARKS = " |/·•–—-,"
_LAST_LABEL = re.compile(
    r"(?:^|(?<=[.!?)\"”»]\s)|(?<=[.!?)\"”»])|(?<=\s))(?P<label>[^\W\d_]+(?: [^\W\d_]+){0,2})\s*[:：]\s*$"
)

# What stands before a credit in a description; a label at its beginning leads to what is seen.
MIN_DESCRIPTION_CHARACTERS = 16

# Who reads a whole page sets these where the page shows a caption beside a picture without saying so in its markup.
DESCRIBED_ATTRIBUTE = "data-photodesk-described"
NEARBY_ATTRIBUTE = "data-photodesk-nearby"
NEARBY_CREDIT_ATTRIBUTE = "data-photodesk-credit"

# Attributes that hold a caption, and what each is called where one came from it.
_CAPTION_ATTRIBUTES = {
    DESCRIBED_ATTRIBUTE: "aria-describedby",
    NEARBY_ATTRIBUTE: "text beside",
    "data-caption": "data-caption",
    "data-image-caption": "data-image-caption",
    "data-mediaviewer-caption": "data-mediaviewer-caption",
}
_CREDIT_ATTRIBUTES = {
    NEARBY_CREDIT_ATTRIBUTE: "text beside",
    "data-credit": "data-credit",
    "data-copyright": "data-copyright",
    "data-portal-copyright": "data-portal-copyright",
    "data-mediaviewer-credit": "data-mediaviewer-credit",
}


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption as the reader sees it, its credit, and where each of them stood."""

    text: str = ""
    field: str = ""
    credit: str = ""
    credit_field: str = ""


def holder_caption(holder: Holder) -> Caption:
    """The caption and credit of a figure, a caption box or a gallery item."""
    return _caption(holder.captions, holder.credits, holder.legends)


def sighting_caption(element: ImageElement) -> Caption:
    """The caption and credit that stand beside a picture or in its own attributes."""
    found = _caption(element.captions, element.credits, is_outside=True)
    attributes = element.node.attributes
    caption, caption_field = found.text, found.field
    if not caption:
        caption, caption_field = _attribute_caption(attributes)
    credit, credit_field = found.credit, found.credit_field
    if not credit:
        credit, credit_field = _attribute_credit(attributes)
    if not credit and element.holder is not None and element.holder.pictures == 1:
        credit, credit_field = _attribute_credit(element.holder.node.attributes)
    if not credit:
        credit = split_credit(caption)[1]
        credit_field = "caption" if credit else ""
    return Caption(caption, caption_field, credit, credit_field)


def described_credit(element: ImageElement) -> Caption:
    """The credit at the end of what stands for a picture where it is not seen, and of what is shown over it.

    Their beginning tells what is seen: a label there leads to that.
    """
    attributes = element.node.attributes
    alt, title = (text.from_markup(attributes.get(name)) for name in ("alt", "title"))
    if (
        alt
        and title.startswith(alt)
        and (behind := title[len(alt) :].strip()).startswith(("|", "/", "-", "–"))
    ):
        credit = credit_text(behind)
        if is_named(credit):
            return Caption(credit=credit, credit_field="title")
    for name, told in (("alt", alt), ("title", title)):
        credit = split_credit(told)[1]
        if credit and (is_signed(credit) or told.find(credit) >= MIN_DESCRIPTION_CHARACTERS):
            return Caption(credit=credit, credit_field=name)
    return Caption()


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


def _caption(
    nodes: list[LexborNode],
    credits_: list[CreditNode],
    legends: Sequence[LexborNode] = (),
    *,
    is_outside: bool = False,
) -> Caption:
    told = [(node, said) for node in nodes if (said := caption_text(node))]
    described = [(node, said) for node in legends if (said := caption_text(node))]
    if described and len(told) == 1 and told[0][0].tag != "figcaption" and _is_credit_alone(told[0][1]):
        # What is called a caption is its credit.
        return _caption([], [*credits_, CreditNode(told[0][0], caption_sign(told[0][0]))], legends)
    told = told or described
    read = read_credit([_credit_element(one, told, is_outside=is_outside) for one in credits_])
    lines = [(node, said) for node, said in told if not _is_credit_of_others(node, said, told, read)]
    node, whole = lines[0] if lines else (None, "")
    in_caption = split_credit(whole)[1]
    if node is None:
        return Caption("", "", read.text, read.sign)
    if read.own and read.own in in_caption and read.text not in (in_caption, in_caption.replace(" ", "")):
        # The element names the photographer, the caption goes on with the agency.
        return Caption(whole, caption_sign(node), in_caption, "caption")
    if not read.text:
        read = _read_second_line(told, node, read)
    caption = _text_without(node, whole, read)
    field = caption_sign(node) or node.tag or ""
    if not read.text and (own := _read_own_part(node, whole)) is not None:
        return Caption(own.text, field, own.credit, f"{field} {own.credit_field}")
    if not read.text and not in_caption and (first := _read_first_line(node)):
        rest = whole[len(first) :].lstrip(_LEFT_MARKS)
        return Caption(rest, field, first, f"{field} {_list_parts(node)[0].tag}")
    if not read.text and not in_caption and (last := _read_last_part(node)):
        return Caption(caption, field, last, f"{field} {_list_parts(node)[-1].tag}")
    if read.text:
        return Caption(caption, field if caption else "", read.text, read.sign)
    return Caption(caption, field if caption else "", in_caption, "caption" if in_caption else "")


def _is_credit_of_others(
    node: LexborNode, said: str, told: Sequence[tuple[LexborNode, str]], read: ReadCredit
) -> bool:
    """Whether a caption is nothing but the credit, and another one says what is seen."""
    if len(told) < 2:
        return False
    html = node.html or ""
    if any(one.html == html for one in read.elements):
        return True
    return _is_credit_alone(said)


def _is_credit_alone(said: str) -> bool:
    """Whether a text is a label and a name, and nothing else."""
    return find_label_end(said.lstrip(_LEFT_MARKS)) > 0 and is_named(credit_text(said))


def _read_second_line(
    told: Sequence[tuple[LexborNode, str]], caption: LexborNode, read: ReadCredit
) -> ReadCredit:
    """The credit of a further caption that is nothing else: `Image Credits: Jane Doe`."""
    for node, said in told:
        if node.mem_id != caption.mem_id and find_label_end(said) and is_named(credit := credit_text(said)):
            return ReadCredit(credit, caption_sign(node), credit, read.elements)
    return read


def _text_without(node: LexborNode, whole: str, read: ReadCredit) -> str:
    """The text of a caption without the elements of it that hold nothing but its credit, and their labels."""
    html = node.html or ""
    inner = [one.html for one in read.elements if one.html and one.html != html and one.html in html]
    if not inner:
        return _text_before_credit(node) or whole
    for part in inner:
        html = html.replace(part, " ", 1)
    rest = _text_of(html).strip(_LEFT_MARKS)
    label = _LAST_LABEL.search(rest)
    if label is not None and is_label(label["label"]):
        rest = rest[: label.start()].rstrip(_LEFT_MARKS)
    return rest


def _text_before_credit(node: LexborNode) -> str:
    """The text of a caption that stands in an element of its own before the bare words of its credit."""
    parts = [one for one in _list_parts(node) if not one.is_element_node or (one.text() or "").strip()]
    if len(parts) != 2 or not parts[0].is_element_node or not parts[1].is_text_node:
        return ""
    said = text.clean(parts[1].text_content)
    return caption_text(parts[0]) if find_label_end(said) and is_named(credit_text(said)) else ""


def _read_last_part(node: LexborNode) -> str:
    """The name that the last element of a caption holds alone, behind a sentence: who took the picture."""
    parts = _list_parts(node)
    if not 2 <= len(parts) <= MAX_PARTS or not parts[-1].is_element_node or parts[-1].tag == "a":
        return ""
    said = caption_text(parts[-1])
    before = text.clean(parts[-2].text() if parts[-2].is_element_node else parts[-2].text_content)
    return said if is_person(said) and before.endswith((".", "!", "?", ".”", ".«", '."')) else ""


def _read_own_part(node: LexborNode, whole: str) -> Caption | None:
    """A caption and the credit that its last element is alone, by a label or an agency's signature."""
    parts = _list_parts(node)
    while len(parts) == 1 and parts[0].is_element_node:
        parts = _list_parts(parts[0])
    if not 2 <= len(parts) <= MAX_PARTS or not parts[-1].is_element_node or parts[-1].tag == "a":
        return None
    if parts[-1].tag == "span" and not parts[-1].attributes.get("class"):
        # Programs in which people write leave such in running text.
        return None
    said = caption_text(parts[-1])
    start = said.strip(" ()|/·–-")
    if not whole.endswith(said) or not (find_label_end(start) or is_signed(start)):
        return None
    credit = credit_text(said)
    rest = whole[: -len(said)].rstrip(_LEFT_MARKS)
    return Caption(rest, "", credit, parts[-1].tag or "") if rest and credit and is_named(credit) else None


def _read_first_line(node: LexborNode) -> str:
    """The newspaper's or agency's name that a caption has on a line of its own before what is seen."""
    parts = _list_parts(node)
    if len(parts) < 3 or not parts[0].is_element_node or parts[1].tag != "br":
        return ""
    said = caption_text(parts[0])
    return said if _PRESS_NAME.fullmatch(said) and is_named(said) else ""


def _list_parts(node: LexborNode) -> list[LexborNode]:
    """What stands directly in an element, blanks and comments left out, as far as it is of few parts."""
    found: list[LexborNode] = []
    child = node.child
    while child is not None and len(found) <= MAX_PARTS:
        if child.is_element_node or (child.is_text_node and (child.text_content or "").strip()):
            found.append(child)
        child = child.next
    return found


def caption_text(node: LexborNode) -> str:
    """The text of a caption, its parts held apart, without a label in an element of its own before it."""
    html = node.html or ""
    return "" if len(html) > MAX_CAPTION_MARKUP else _text_of(html)


def _text_of(html: str) -> str:
    if _MAY_HIDE.search(html):
        html = _strip_hidden(html)
    label = _FIRST_LABEL.match(html)
    if label is not None and label["label"].strip(" :").casefold() in CAPTION_LABELS:
        html = html[: label.start("label")] + html[label.end("label") :].replace(
            ":", "", label["colon"] != ""
        )
    return text.from_markup(_TOUCHING_PARTS.sub(lambda found: " " + found.group(), html))


def _strip_hidden(html: str) -> str:
    """The markup of a caption without the parts of it that are not shown; as it is where nothing would be left."""
    root = parse_html(html).body
    if root is None or root.child is None:
        return html
    whole = root.child.mem_id
    hidden = {
        node.mem_id: node
        for node in root.css("[hidden], [style], [class], button")
        if node.mem_id != whole and _is_hidden(node)
    }
    # What is gone with another one may not be asked for anything any more.
    outermost = [node for node in hidden.values() if not _is_within(node, hidden)]
    for node in outermost:
        node.decompose()
    return root.html or html if text.clean(root.text()) else html


def _is_hidden(node: LexborNode) -> bool:
    """Whether a part of a caption is not shown, or is a button, or is only read aloud."""
    attributes = node.attributes
    if "hidden" in attributes or node.tag == "button" or _NOT_SHOWN.search(attributes.get("style") or ""):
        return True
    return _READ_ALOUD.search(attributes.get("class") or "") is not None and not _leads_on(node)


def _is_within(node: LexborNode, others: Mapping[int, LexborNode]) -> bool:
    around = node.parent
    for _ in range(MAX_NESTED):
        if around is None:
            return False
        if around.mem_id in others:
            return True
        around = around.parent
    return True


def _leads_on(node: LexborNode) -> bool:
    """Whether what is only read aloud is the label of the credit behind it."""
    return is_label(text.clean(node.text()).strip(" :,|"))


def _credit_element(
    one: CreditNode, captions: Sequence[tuple[LexborNode, str]], *, is_outside: bool
) -> CreditElement:
    """What an element with a credit says; where it is the only caption itself, only a known form of credit counts."""
    html = one.node.html or ""
    told = text.clean(one.node.attributes.get("content"))
    if not told and len(html) <= MAX_CAPTION_MARKUP:
        told = _text_of(html.replace("</span><span", "</span> <span"))
    if _ESCAPED.search(told):
        # Some plugins print the markup of a credit as a text.
        told = text.from_markup(told)
    is_caption = any(one.node.mem_id == node.mem_id for node, _ in captions)
    return CreditElement(told, one.sign, html, is_caption and len(captions) < 2, one.has_inner, is_outside)


def _attribute_caption(attributes: dict[str, str | None]) -> tuple[str, str]:
    for name, field in _CAPTION_ATTRIBUTES.items():
        if caption := text.from_markup(attributes.get(name)):
            return caption, field
    return "", ""


def _attribute_credit(attributes: dict[str, str | None]) -> tuple[str, str]:
    for name, field in _CREDIT_ATTRIBUTES.items():
        if credit := credit_text(text.from_markup(attributes.get(name))):
            return credit, field
    # Jetpack repeats what the upload's own metadata say.
    try:
        meta = json.loads(attributes.get("data-image-meta") or "{}")
    except (ValueError, RecursionError):
        return "", ""
    for name in ("credit", "copyright"):
        if isinstance(meta, dict) and (credit := credit_text(text.clean(meta.get(name)))):
            return credit, f"image_meta.{name}"
    return "", ""
