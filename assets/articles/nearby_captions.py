"""Captions that a page sets beside its pictures without saying so in its markup.

What is found is written into the tree in the forms that the reading of pictures knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from assets.articles.main_content import MAX_LEVELS, MainContent
from assets.articles.named_captions import find_caption, find_following_caption, read_paragraph
from assets.articles.nearby_credits import Line, LineCredit, find_credit, learn_classes, list_lines
from assets.articles.text_density import HEADING_TAGS, PICTURE_TAGS, Element, TextDensity
from assets.credits import cut_notice, is_label
from assets.markup import DESCRIBED_ATTRIBUTE, NEARBY_ATTRIBUTE, NEARBY_CREDIT_ATTRIBUTE
from assets.parsing import text

# A longer text beside a picture is a part of the story.
MAX_CAPTION_BYTES = 420

# A shorter one is a label or a counter: "3 of 12".
MIN_CAPTION_BYTES = 18

# So many like boxes side by side, each with a picture and a text, are the slides of a show.
_SLIDES = 3

# WordPress's block of a picture and a part of the story beside it.
_TEXT_BESIDE = "wp-block-media-text"

# Paragraphs and headings hold text of the story, whatever stands beside it.
_NO_BOX = frozenset({"p", "blockquote", "article", "main", "header", *HEADING_TAGS})
_NO_CAPTION = frozenset({"button", "address", "li"})


def mark_captions(density: TextDensity, main_content: MainContent, lead: Sequence[Element] = ()) -> None:
    """Tie the captions of the story's pictures to them, in time linear in the page's length.

    `lead` are pictures outside the story that the page calls its own.
    """
    shown = [
        one
        for one in density.list_descendants(main_content.root)
        if one.tag in PICTURE_TAGS and not one.is_unseen
    ]
    shown = [*lead, *shown]
    described = [(picture, _list_describing_ids(picture)) for picture in shown]
    told = _descriptions(density, main_content, {name for _, names in described for name in names})
    slides = _Slides(density)
    boxes = [(picture, _box(density, main_content, picture)) for picture in shown]
    lines = [(picture, list_lines(density, box) if box is not None else []) for picture, box in boxes]
    learnt = learn_classes(lines)
    for (picture, names), (_, box), (_, said) in zip(described, boxes, lines, strict=True):
        if caption := next((told[name] for name in names if told.get(name)), ""):
            picture.node.attrs[DESCRIBED_ATTRIBUTE] = caption
        elif box is not None:
            _mark(density, main_content, slides, picture, box)
        found = find_credit(said, picture, learnt)
        if found is not None:
            picture.node.attrs[NEARBY_CREDIT_ATTRIBUTE] = found.credit
        if box is not None and not caption:
            _mark_line(density, picture, box, said, found)
        if box is None or density.elements[box.parent].tag == "p":
            box = _box(density, main_content, picture, is_wide=True)
            said = list_lines(density, box) if box is not None else []
        if not caption and not _is_captioned(density, box):
            _mark_named(density, picture, box, said, found)


def _mark(
    density: TextDensity, main_content: MainContent, slides: _Slides, picture: Element, box: Element
) -> None:
    captions = [inner for inner in density.list_descendants(box.number) if _is_caption(inner)]
    if captions:
        if any(inner.tag == "figcaption" for inner in captions) and not _is_in_figure(density, captions[0]):
            box.node.attrs["class"] = f"{box.node.attributes.get('class') or ''} wp-caption"
        return
    is_inside = density.contains(main_content.body, box.number)
    if (is_inside or slides.hold(box)) and (told := _caption(density, picture, box)):
        picture.node.attrs[NEARBY_ATTRIBUTE] = told


def _is_captioned(density: TextDensity, box: Element | None) -> bool:
    """Whether something in a box is called a caption."""
    return box is not None and any(_is_caption(inner) for inner in density.list_descendants(box.number))


def _mark_named(
    density: TextDensity, picture: Element, box: Element | None, lines: list[Line], found: LineCredit | None
) -> None:
    """Tie to a picture the caption that its class or its own credit tells, in its box or right behind it."""
    attributes = picture.node.attributes
    caption, credit = find_caption(density, picture, box, lines, found) if box is not None else ("", "")
    if not caption and not attributes.get(NEARBY_ATTRIBUTE):
        caption, credit = find_following_caption(density, picture, box)
        caption = caption or read_paragraph(density, picture)
    if caption:
        picture.node.attrs[NEARBY_ATTRIBUTE] = caption
    if credit and found is None:
        picture.node.attrs[NEARBY_CREDIT_ATTRIBUTE] = credit


def _is_caption(element: Element) -> bool:
    return element.is_caption and element.tag not in PICTURE_TAGS and not element.shows_picture


def _mark_line(
    density: TextDensity, picture: Element, box: Element, lines: list[Line], found: LineCredit | None
) -> None:
    """Tie a line to a picture as its caption: what stands between it and its credit, or says what the alt text says."""
    if _is_captioned(density, box):
        return
    alt = text.clean(picture.node.attributes.get("alt"))
    behind = [place for place, line in enumerate(lines) if line.element.number > picture.number]
    between = [place for place in behind if found is not None and place < found.place]
    caption = next((lines[place].text for place in behind[:1] if alt and lines[place].text == alt), "")
    if not caption and between and not is_label(lines[between[-1]].text.rstrip(" :")):
        caption = " ".join(lines[place].text for place in between)
    beside = next(iter(_following(density, box)), None)
    if not caption and not behind and alt and beside is not None and beside.text == len(alt.encode()):
        caption = alt if text.from_markup(beside.node.html) == alt else ""
    told = picture.node.attributes.get(NEARBY_ATTRIBUTE) or ""
    # The credit's own line is no caption, nor the end of one.
    if caption or (found is not None and told == lines[found.place].text):
        picture.node.attrs[NEARBY_ATTRIBUTE] = caption


def _following(density: TextDensity, box: Element) -> Iterator[Element]:
    """The element right behind a box."""
    following = density.elements[box.end] if box.end < len(density.elements) else None
    if following is not None and following.parent == box.parent and not following.pictures:
        yield following


def _list_describing_ids(picture: Element) -> list[str]:
    """The ids of the elements that describe a picture."""
    return (picture.node.attributes.get("aria-describedby") or "").split()


def _descriptions(density: TextDensity, main_content: MainContent, names: set[str]) -> dict[str, str]:
    """The texts of the story's elements by their ids; of several that share one, the first has it."""
    told: dict[str, str] = {}
    for element in density.list_descendants(main_content.root) if names else ():
        name = element.node.attributes.get("id") or ""
        if name in names and name not in told:
            told[name] = text.from_markup(element.node.html) if element.text <= MAX_CAPTION_BYTES else ""
    return told


def _box(
    density: TextDensity, main_content: MainContent, picture: Element, *, is_wide: bool = False
) -> Element | None:
    """The largest element that holds a picture, no other one, and little text.

    A wide one goes on around a paragraph of the picture alone.
    """
    box = None
    for element in islice(density.ancestors(picture.number), MAX_LEVELS):
        is_text = element.tag in _NO_BOX and not (is_wide and element.tag == "p" and not element.text)
        is_story = density.contains(element.number, main_content.body) or is_text
        is_story = is_story or _TEXT_BESIDE in element.words
        if is_story or element.pictures > 1 or element.text > MAX_CAPTION_BYTES:
            break
        if density.contains(element.number, main_content.headline):
            break
        box = element
    return box


def _is_in_figure(density: TextDensity, caption: Element) -> bool:
    return any(element.tag == "figure" for element in density.ancestors(caption.number))


class _Slides:
    """Tells which boxes stand among others of their kind that have a picture and a text too."""

    def __init__(self, density: TextDensity) -> None:
        self._density = density
        self._like: dict[int, Counter[str]] = {}

    def hold(self, box: Element) -> bool:
        """Whether a box is one of the slides of a show."""
        if box.parent not in self._like:
            self._like[box.parent] = Counter(
                other.tag
                for other in self._density.children(box.parent)
                if other.pictures == 1 and other.text >= MIN_CAPTION_BYTES
            )
        return self._like[box.parent][box.tag] >= _SLIDES


def _caption(density: TextDensity, picture: Element, box: Element) -> str:
    """The first text behind a picture in its box, where nothing tells that it is something else."""
    inner = list(density.list_descendants(box.number))
    if box.linked * 2 > box.text or any(element.tag in HEADING_TAGS for element in inner):
        return ""
    told = next((text.from_markup(block.node.html) for block in _blocks(inner, picture)), "")
    # The rights of the page speak of no picture.
    return told if cut_notice(told) == told else ""


def _blocks(inner: list[Element], picture: Element) -> Iterator[Element]:
    for element in inner:
        is_behind = element.number > picture.number and element.tag not in _NO_CAPTION
        if is_behind and element.own_prose >= MIN_CAPTION_BYTES and not element.pictures:
            yield element
