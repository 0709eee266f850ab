"""Captions that a class calls so in a picture's own box, or that the credit at their end tells from the story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from assets.articles.nearby_credits import NO_LINE, Line, LineCredit, is_byline
from assets.articles.text_density import HEADING_TAGS, Element, TextDensity
from assets.credits import (
    credit_text,
    cut_notice,
    find_label_end,
    is_label,
    is_named,
    is_no_credit,
    is_person,
    is_signed,
    split_credit,
)
from assets.parsing import text

# A longer text behind a picture is a part of the story, whoever is named in it.
MAX_CAPTION_CHARACTERS = 420

# So many elements of a line are looked at for its credit.
MAX_INNER = 12

# Levels between a line and its box at which classes speak of a picture.
MAX_CLASS_LEVELS = 5

# A name and for whom it stands: more words are a sentence.
MAX_PAIR_WORDS = 7

# Behind a label in an element of its own so many words are a credit that are no names: `пресс-служба мэрии`.
MAX_LABELLED_WORDS = 5

_PICTURE = re.compile(
    r"(?:^|[\s_-])(?:image|images|img|imagen|imagem|immagine|photo|photos|foto|fotos|picture|pic|figure|media|bild"
    r"|bilde|billede|beeld|kuva|pilt|kep|zdjecie|zdjecia|obrazek|slika|gambar|resim|gorsel|fotograf)(?=$|[\s_-])"
)
# In any box they mean a caption.
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:cutline|legende?|legenda|leyenda|podpis|popisek|kepalairas|alairas|kuvateksti|bildtext|bildetekst"
    r"|bildunterschrift|billedtekst|bijschrift|onderschrift|didascalia|piefoto|pie-de-foto|imgcap|photocap)(?=$|[\s_-])"
)
# In a picture's box they mean one too.
_TEXT = re.compile(
    r"(?:^|[\s_-])(?:cap|desc|description|text|txt|title|info|legend|pie|popis|opis)(?=$|[\s_-])"
)
# What introduces the story stands beside its first picture too.
_OTHER = re.compile(
    r"(?:^|[\s_-])(?:dek|deck|standfirst|lead|lede|teaser|intro|summary|excerpt|headline|subtitle|subheadline|kicker"
    r"|category|tag|meta|date|time|share|promo|button|alt|overlay|counter|label)(?=$|[\s_-])"
)
_NO_CAPTION = NO_LINE | HEADING_TAGS | {"figcaption", "figure", "li", "address", "aside", "blockquote"}
# `Jane Doe`, and what followed a label or preceded a sign of a photographer's.
_LEADS = (":", "：", "=", "＝", "©", "ⓒ", "摄", "攝")
_LAST_LABEL = re.compile(r"[\s(|–—-](?P<label>[^\W\d_]{3,20})\s*:\s*(?P<rest>[^:.()]{2,20}?)[\s.)]*$")
_TAKEN = ("摄", "攝", "撮影", "供图", "供圖")
_SOURCES = re.compile(
    r"(?i)^\W*(?:quelle|source|sources|fuente|fonte|bron|kilde|källa|источник|来源|來源|출처|出典)\b"
)
_LEFT_MARKS = " \t\n\xa0|/·•–—-,"


def find_caption(
    density: TextDensity, picture: Element, box: Element, lines: Sequence[Line], found: LineCredit | None
) -> tuple[str, str]:
    """The caption in a picture's box that its class or its own credit tells, and that credit; `""` for either."""
    credit_place = found.place if found is not None else -1
    for place, line in enumerate(lines):
        if (
            place == credit_place
            or line.element.tag in HEADING_TAGS
            or len(line.text) > MAX_CAPTION_CHARACTERS
        ):
            continue
        if _is_credit_alone(line.text):
            continue
        caption, credit = split_line(density, line.element, line.text)
        is_signed_here = credit or (_is_credited(line.text) and not is_byline(line.element))
        if line.element.number > picture.number and is_signed_here:
            return caption, credit
        if _is_called_caption(density, line.element, box):
            return caption, credit
    return "", ""


def find_following_caption(density: TextDensity, picture: Element, box: Element | None) -> tuple[str, str]:
    """The text right behind a picture or its box that is called a caption or ends with who took the picture."""
    for around in (box, picture):
        end = around.end if around is not None else len(density.elements)
        beside = density.elements[end] if end < len(density.elements) else None
        if beside is None or around is None or beside.parent != around.parent or beside.pictures:
            continue
        if beside.tag in _NO_CAPTION or is_byline(beside):
            continue
        if beside.text > MAX_CAPTION_CHARACTERS * 3 or beside.prose > MAX_CAPTION_CHARACTERS * 3:
            continue
        told = text.from_markup(beside.node.html)
        # The rights of the page speak of no picture.
        if not told or len(told) > MAX_CAPTION_CHARACTERS or cut_notice(told) != told:
            continue
        if _is_credit_alone(told):
            return ("", "") if _SOURCES.match(told) else ("", credit_text(told))
        if beside.is_caption or _is_credited(told):
            return split_line(density, beside, told)
    return "", ""


def read_paragraph(density: TextDensity, picture: Element) -> str:
    """The text behind a picture in the paragraph that holds both, where it ends with who took the picture."""
    for around in islice(density.ancestors(picture.number), MAX_CLASS_LEVELS):
        if around.pictures > 1 or around.text > MAX_CAPTION_CHARACTERS * 3:
            return ""
        if around.tag == "p":
            told = text.from_markup(around.node.html) if around.text else ""
            is_caption = 0 < len(told) <= MAX_CAPTION_CHARACTERS and _is_credited(told)
            return told if is_caption and not is_byline(around) and not _is_credit_alone(told) else ""
    return ""


def split_line(density: TextDensity, element: Element, told: str) -> tuple[str, str]:
    """A text without the credit that stands at its end in an element of its own, and that credit."""
    for inner in islice(density.list_descendants(element.number), MAX_INNER):
        said = text.from_markup(inner.node.html)
        if not said or said == told or not told.endswith(said):
            continue
        if credit := _read_own(said):
            return told[: -len(said)].rstrip(_LEFT_MARKS), credit
    return told, ""


def _read_own(said: str) -> str:
    """The credit that the last element of a line is: behind a label, signed, or a name and for whom it stands."""
    start = said.strip(" ()|/·–-")
    credit = credit_text(said)
    if not credit:
        return ""
    if find_label_end(start):
        return credit if is_named(credit) or len(credit.split()) <= MAX_LABELLED_WORDS else ""
    return credit if is_named(credit) and (is_signed(start) or is_pair(start)) else ""


def is_pair(told: str) -> bool:
    """Whether a text is a person's name and, behind a stroke, for whom it stands.

    >>> is_pair("Jane Doe / The Quay"), is_pair("Jane Doe"), is_pair("Quay/Mill")
    (True, False, False)
    """
    person, stroke, other = told.partition("/")
    is_short = len(told.split()) <= MAX_PAIR_WORDS and is_named(told)
    return bool(stroke) and is_short and is_person(person.strip()) and other.strip()[:1].isupper()


def _is_credit_alone(told: str) -> bool:
    """Whether a text is a label and a name, and nothing else."""
    return find_label_end(told.lstrip(" (|/·–-")) > 0 and is_named(credit_text(told))


def _is_credited(told: str) -> bool:
    """Whether a text is a caption by its last words: a label and a name, or a name and who took the picture."""
    if _SOURCES.match(told):
        return False
    if (found := _LAST_LABEL.search(told)) and is_no_credit(found["rest"]):
        # `Photo: Archive`
        return is_label(found["label"])
    credit = split_credit(told)[1]
    place = told.rfind(credit) if credit else -1
    if place < 0:
        return False
    before, after = told[:place].rstrip(" (（[,-–0123456789"), told[place + len(credit) :].strip(" .)）]。")
    if after:
        return after.endswith(_TAKEN) and len(after) <= 3
    return before.endswith(_LEADS) or before.lower().endswith(" by")


def _is_called_caption(density: TextDensity, line: Element, box: Element) -> bool:
    """Whether the classes of a line, or of what holds it in its box, say that it is a caption."""
    if is_byline(line) or _OTHER.search(line.words) or line.linked * 2 > line.text:
        return False
    named = list(_list_named(density, line, box))
    if any(_CAPTION.search(one.words) for one in named):
        return True
    is_text = any(_TEXT.search(one.words) for one in named)
    return is_text and any(_PICTURE.search(one.words) for one in (*named, box))


def _list_named(density: TextDensity, line: Element, box: Element) -> Iterator[Element]:
    """A line and the elements around it within its box."""
    yield line
    for around in islice(density.ancestors(line.number), MAX_CLASS_LEVELS):
        if around.number <= box.number:
            return
        yield around
