"""Credits that a page sets beside its pictures without saying so in its markup, read line by line.

Names of classes that builders make change every week: what they mean is learnt on each page, from the lines whose words
tell that they are credits.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assets.articles.text_density import Element, TextDensity
from assets.credits import (
    credit_text,
    cut_notice,
    find_label_end,
    is_label,
    is_named,
    is_no_credit,
    is_signed,
)
from assets.parsing import text

# A line of more words is a sentence that begins like a credit.
MAX_LINE_WORDS = 14

# A caption and a title may stand between a picture and its credit; what is further off speaks of the story.
MAX_LINES_BETWEEN = 2

# So many lines of one class on a page must be credits by their words before the class alone tells one.
MIN_LEARNT = 2

NO_LINE = frozenset({"button", "noscript", "time", "nav", "ul", "ol", "form"})
# Who wrote the story, and when, stands beside its first picture too.
_BYLINE_WORDS = (
    "author",
    "byline",
    "autor",
    "date",
    "time",
    "breadcrumb",
    "share",
    "tag",
    "category",
    "kicker",
)
_PICTURE_WORDS = ("picture", "photo", "image", "figure", "foto", "bild", "caption")
_WRITTEN_BY = re.compile(
    r"(?i:von|by|por|par|di|door|av|af|od|autor|autora|text|texte|texto)\s*:?\s+(?=[^\W\d_a-z])"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a picture's box: its element and its words."""

    element: Element
    text: str

    @property
    def name(self) -> tuple[str, str]:
        """What elements of this kind are called on the page; the class is `""` where they have none."""
        return self.element.tag, self.element.node.attributes.get("class") or ""


@dataclass(frozen=True, slots=True)
class LineCredit:
    """The credit in the lines of a box, and the number of the line that holds it."""

    credit: str
    place: int


def list_lines(density: TextDensity, box: Element) -> list[Line]:
    """The lines of a box that a reader sees as such: elements with a text of their own, outermost first."""
    found: list[Line] = []
    end = 0
    for element in density.list_descendants(box.number):
        if element.number < end or not element.text or element.is_unseen:
            continue
        if element.tag in NO_LINE:
            end = element.end
        elif not element.pictures and element.text > sum(
            one.text for one in density.children(element.number)
        ):
            end = element.end
            found.append(Line(element, text.from_markup(element.node.html)))
    return found


def find_credit(
    lines: Sequence[Line], picture: Element, learnt: frozenset[tuple[str, str]]
) -> LineCredit | None:
    """The credit among the lines behind a picture, or the one right before it."""
    behind = [place for place, line in enumerate(lines) if line.element.number > picture.number]
    before = [place for place, line in enumerate(lines) if line.element.number < picture.number]
    for place in (*behind[: MAX_LINES_BETWEEN + 1], *before[-1:]):
        if credit := read_line(lines, place) or _read_learnt(lines[place], learnt):
            return LineCredit(credit, place)
    return None


def read_line(lines: Sequence[Line], place: int) -> str:
    """The credit that a line is as a whole: behind a label or a sign, or signed by an agency; `""` where it is none."""
    line = lines[place]
    told = line.text
    # The rights of the page are no picture's.
    if (is_byline(line.element) and not _is_signed_picture(line)) or cut_notice(told) != told:
        return ""
    if place and _WRITTEN_BY.match(lines[place - 1].text):
        return ""
    # `Credit` in an element of its own, the name in the next.
    before = lines[place - 1].text.rstrip(" :") if place else ""
    if before and is_label(before) and len(told.split()) <= MAX_LINE_WORDS and is_named(credit_text(told)):
        return credit_text(told)
    if len(told.split()) > MAX_LINE_WORDS:
        return ""
    start = told.lstrip(" (|/·–-")
    if find_label_end(start) or is_signed(start.strip(" ()")):
        credit = credit_text(told)
        return credit if is_named(credit) else ""
    return ""


def learn_classes(boxes: Iterable[tuple[Element, Sequence[Line]]]) -> frozenset[tuple[str, str]]:
    """The kinds of lines that are credits by their words in several boxes of a page."""
    told: Counter[tuple[str, str]] = Counter()
    others: Counter[tuple[str, str]] = Counter()
    for picture, lines in boxes:
        found = find_credit(lines, picture, frozenset())
        for place, line in enumerate(lines):
            is_credit = found is not None and found.place == place
            (told if is_credit else others)[line.name] += 1
    return frozenset(
        name for name, times in told.items() if name[1] and times >= MIN_LEARNT and others[name] <= times
    )


def _read_learnt(line: Line, learnt: frozenset[tuple[str, str]]) -> str:
    credit = credit_text(line.text) if line.name in learnt else ""
    return credit if credit and is_named(credit) and not is_no_credit(credit) else ""


def _is_signed_picture(line: Line) -> bool:
    """Whether a line that is called an author's stands in a picture's part of the page and is signed by an agency."""
    parent = line.element.node.parent
    classes = (
        f"{line.element.words} {parent.attributes.get('class') or '' if parent is not None else ''}".lower()
    )
    told = line.text.strip(" ()")
    return not _WRITTEN_BY.match(told) and is_signed(told) and any(word in classes for word in _PICTURE_WORDS)


def is_byline(element: Element) -> bool:
    """Whether an element tells who wrote the story, or when."""
    return any(word in element.words for word in _BYLINE_WORDS)
