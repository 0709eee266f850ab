"""A credit taken apart: the names and agencies that it holds, each with its role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assets.credits.agencies import SIGNATURES, Agency, find_agency
from assets.credits.finding import find_label_end
from assets.credits.folding import fold_name, fold_width
from assets.credits.labels import BODY_WORDS, SOURCE_LABELS
from assets.credits.naming import is_caseless, strip_surroundings
from assets.credits.notices import cut_notice, is_note
from assets.credits.signatures import SIGN_BEHIND
from assets.model import CreditName, CreditRole

# Credits are a line; what is longer are terms of use, of which the beginning names the owner.
MAX_SPLIT_CHARACTERS = 1_000

# The uses of a catalog repeat few credits; what is known of the last ones is not worked out again.
KEPT_CREDITS = 4096

# A body signs with its letters: `NDR`. Names of people are longer.
MAX_LETTERS = 5

# Signs, years and licences are no names.
_NOT_NAMES = re.compile(
    r"(?i)[©ⓒ®™℗]|\(c\)|&copy;|\b(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?\b|\bpublic domain\b|\bcreative commons\b"
    r"|\bcc(?:0|[ -](?:by|zero)(?:[ -](?:sa|nc|nd))*(?:[ -]?\d\.\d)?)\b|\bcopyright\b:?"
)
_ADDRESS = re.compile(r"(?i)\b(?:https?://)(?:www\.)?([^\s/|]+)\S*|\bwww\.")
_TERMS = re.compile(
    r"(?i)\bthis (?:material|photo|image|picture|content)\b|\bmay not\b|\bnot for\b"
    r"|\bno (?:use|reproduction)\b|\bwithout (?:prior |written )*permission\b"
)
_VIA = re.compile(r"(?i)(?<!\w)(?:via|vía|through|über)(?!\w)")
_JOINTS = re.compile(r"[/／|｜;；•·=＝:：()\[\]{}<>\n\"“”„«»（）［］【】—]|\s[-–]+\s")
_COMMA = re.compile(r"\s*[,、，]\s*")
_AND = re.compile(r"\s+(?:and|und|et|y|e|og|och|i|ja|en|и|та|und|&|\+)\s+|\s*&\s*")
_FOR = re.compile(r"\s+(?:for|für|pour|para|exclusively for)\s+(?=[A-ZÄÖÜ])")
_BY = re.compile(r"(?i)\s+(?:by|von|par|por)\s+(?=\S)")
_COURTESY = re.compile(
    r"(?i)^(?:courtesy(?: of)?|cortes[ií]a(?: de| di)?|cedida por|provided by|supplied by"
    r"|mit freundlicher genehmigung(?: von)?|avec l['’]aimable autorisation de)\s+"
)
_DOMAIN = re.compile(r"\w\.[a-z]{2,10}\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_SIGNED = re.compile(
    rf"(?i)(?P<head>{SIGNATURES})(?:\s+(?:photos?|images?))?\s+(?P<rest>\S+\s\S.*)|(?P<start>\S+\s\S.*?)\s+(?P<tail>{SIGNATURES})"
)
_WORD = re.compile(r"\w")


@lru_cache(maxsize=KEPT_CREDITS)
def split_names(credit: str) -> tuple[CreditName, ...]:
    """The names and agencies of a credit in their order, each with its role.

    >>> [(one.name, one.role.value) for one in split_names("Photo by Jane Doe/AFP via Getty Images")]
    [('Jane Doe', 'photographer'), ('AFP', 'agency'), ('Getty Images', 'via')]
    >>> [(one.name, one.role.value) for one in split_names("REUTERS/File Photo")]
    [('Reuters', 'agency'), ('File Photo', 'note')]
    """
    line, is_source = _strip(credit[:MAX_SPLIT_CHARACTERS])
    makers, *channels = _VIA.split(line)
    found = list(_read_makers(makers, is_source=is_source))
    for part in channels:
        found += _read_channel(part)
    return tuple(dict.fromkeys(found))


def credits_json(credit: str) -> list[dict[str, str]]:
    """The names and agencies of a credit as JSON tells them.

    >>> credits_json("Jane Doe/AP")
    [{'name': 'Jane Doe', 'role': 'photographer'}, {'name': 'AP', 'role': 'agency'}]
    """
    return [{"name": one.name, "role": one.role.value} for one in split_names(credit)]


def _strip(credit: str) -> tuple[str, bool]:
    """The credit without labels, notices, years and licences, and whether a label says that it names a source."""
    text = strip_surroundings(cut_notice(_ADDRESS.sub(r" \1 ", credit.replace("&amp;", "&"))))
    is_source = False
    for _ in range(3):
        end = find_label_end(text)
        if not end:
            break
        label = fold_width(text[:end]).strip(" :=,|").casefold()
        is_source |= label in SOURCE_LABELS
        text = strip_surroundings(text[end:])
    if behind := SIGN_BEHIND.search(fold_width(text)):
        text = text[: behind.start()]
    text = _NOT_NAMES.sub(" / ", text)
    terms = _TERMS.search(text)
    return (text[: terms.start()] if terms else text), is_source


def _read_makers(text: str, *, is_source: bool) -> Iterator[CreditName]:
    """Who made the picture, and what is noted of it: the first name that no agency has is the photographer's."""
    has_photographer = is_source
    for part in _list_parts(text):
        if isinstance(part, Agency):
            yield CreditName(part.name, CreditRole.AGENCY)
            continue
        role, names = _read_part(part, has_photographer=has_photographer)
        has_photographer |= role is CreditRole.PHOTOGRAPHER
        yield from (CreditName(name, role) for name in names)


def _read_part(part: str, *, has_photographer: bool) -> tuple[CreditRole, list[str]]:
    """The role of a part that is no agency, and the names in it."""
    if is_note(part):
        return CreditRole.NOTE, [part]
    if courtesy := _COURTESY.match(part):
        return CreditRole.SOURCE, [part[courtesy.end() :]]
    if has_photographer or _is_body(part):
        return CreditRole.SOURCE, [part]
    return CreditRole.PHOTOGRAPHER, [name for name in _AND.split(part) if name]


def _read_channel(text: str) -> Iterator[CreditName]:
    for part in _list_parts(text):
        if isinstance(part, Agency):
            yield CreditName(part.name, CreditRole.VIA)
        else:
            yield CreditName(part, CreditRole.NOTE if is_note(part) else CreditRole.VIA)


def _list_parts(text: str) -> Iterator[str | Agency]:
    """The parts of a text between its joints, agencies known; what names nobody is left out."""
    whole = find_agency(text.strip())
    if whole is not None:
        yield whole
        return
    for piece in _JOINTS.split(text):
        yield from _read_piece(piece.strip(" .,-–\t"))


def _read_piece(piece: str) -> Iterator[str | Agency]:
    """The parts of a piece without joints: split at its commas where these stand between parties."""
    if not _WORD.search(piece):
        return
    if (known := _know(piece)) is not None:
        yield known
        return
    sides = [side.strip(" .") for side in _COMMA.split(piece)]
    if len(sides) > 1 and _are_parties(sides):
        for side in sides:
            yield from _read_side(side)
    else:
        yield from _read_side(piece)


def _are_parties(sides: list[str]) -> bool:
    """Whether commas stand between parties, and not in the name of one: `Doe, Jane`."""
    if any(_know(side) is not None for side in sides):
        return True
    return all(len(side.split()) > 1 or is_caseless(side) for side in sides)


def _know(text: str) -> str | Agency | None:
    """An agency or a note that a text is as a whole."""
    return find_agency(text) or (text if is_note(text) else None)


def _read_side(side: str) -> Iterator[str | Agency]:
    """The parties of a text without commas: the two of `AP Photo Jane Doe`, `Jane Doe for The Post`, `EPA-EFE`."""
    known = _know(side)
    if known is not None:
        yield known
    elif found := _SIGNED.fullmatch(side):
        signed = find_agency(found["head"] or found["tail"])
        yield from ([signed] if signed is not None else [])
        yield from _read_unknown(found["rest"] or found["start"])
    elif len(pair := _FOR.split(side, maxsplit=1)) == 2:
        yield from _read_unknown(pair[0])
        yield find_agency(pair[1]) or pair[1]
    elif len(pair := _BY.split(side, maxsplit=1)) == 2:
        yield from _read_unknown(pair[0])
        yield from _read_unknown(pair[1])
    else:
        # `AFP-Getty`, `POOL-AFP`
        pair = [_know(part) for part in side.split("-", 2)]
        known_pair = [one for one in pair if one is not None]
        yield from known_pair if len(known_pair) == len(pair) else _read_unknown(side)


def _read_unknown(text: str) -> Iterator[str | Agency]:
    """A name as it is written, without the marks and numbers around it; nothing where it names nobody."""
    name = text.strip(" .,*_#-–'’`\t")
    known = _know(name)
    if known is not None:
        yield known
    elif fold_name(name):
        yield name


def _is_body(part: str) -> bool:
    """Whether a name is a body's and no person's: by a word in it, or because it is an abbreviation."""
    words = _LETTERS.findall(part.casefold())
    if words[:1] == ["the"] or _DOMAIN.search(part) or not BODY_WORDS.isdisjoint(words):
        return True
    return part.isascii() and part.isupper() and part.isalpha() and len(part) <= MAX_LETTERS
