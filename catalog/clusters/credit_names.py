"""Whom a credit names: people and agencies under one name each, without the words round them.

Where two credits differ, what matters is whether they contradict each other. `agree` holds the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from assets import SELLERS, SOURCES, WIRES, CreditName, CreditRole, find_agency, fold_name, split_names

# In a caption a credit stands in the last line, and begins at one of its last marks.
MAX_TAIL_CHARACTERS = 160
MAX_TAIL_MARKS = 8

_TERMS = re.compile(
    r"(?i)\bthis (?:material|photo|image|picture|content)\b|\bmay not\b|\beditorial use\b|\bnot for\b"
    r"|\bno (?:sales|resale|archives?|use|reproduction)\b|\bwithout (?:prior |written )*permission\b"
)
_LABEL = (
    r"(?:photos?|photographs?|pictures?|images?|fotos?|bild|cr[ée]dit[os]?|source|quelle|фото|fotó|zdjęcie)"
)
_LABEL += r"(?: credits?)?(?:\s*[:=]|\s+(?:by|courtesy(?: of)?)\b)|©"
_LABELLED = re.compile(_LABEL, re.IGNORECASE)
_MARK = re.compile(rf"[(\[（【]\s*|[.!?…。][\"”»’')]*\s*|\s[|•·–—-]+\s+|\|\s*|\s(?={_LABEL})", re.IGNORECASE)
_ENCLOSED = re.compile(r"[^()\[\]（）【】]*[)\]）】][\s.]*")

_AGENCIES = WIRES | SOURCES | SELLERS


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a credit names. `channels` are those of `parties` who only passed the picture on."""

    parties: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def credit_parties(text: str) -> frozenset[str]:
    """The people and agencies that a credit names, each under one name; empty where it names nobody.

    >>> sorted(credit_parties("Photo: JANE  DOE/The Associated Press"))
    ['ap', 'jane doe']
    >>> credit_parties("KCNA via REUTERS") == credit_parties("Korean Central News Agency/Reuters")
    True
    >>> credit_parties("File photo")
    frozenset()
    """
    return parse_credit(text).parties


def agree(one: Named, other: Named) -> bool:
    """Whether credits that name these do not contradict each other.

    They agree where one only leaves out whom the other names: its photographer, its agency or whoever passed the
    picture on. A credit that names nobody contradicts none.
    Where each names somebody whom the other does not, they agree only if both name the same maker, and what one of
    them adds are mere channels: one picture, sold in two shops. A channel is whoever stands behind "via", a picture
    library, or a wire beside a source such as KCNA. Sharing no more than a channel is not agreement.

    >>> kcna = parse_credit("KCNA")
    >>> agree(kcna, parse_credit("KCNA via REUTERS")), agree(kcna, parse_credit("REUTERS"))
    (True, False)
    """
    shared = one.parties & other.parties
    rest, other_rest = one.parties - shared, other.parties - shared
    if not rest or not other_rest:
        return True
    makers = shared - one.channels - other.channels
    return bool(makers) and (rest <= one.channels or other_rest <= other.channels)


def parse_credit(text: str) -> Named:
    """Whom a credit names, and who of them only passed the picture on.

    >>> sorted(parse_credit("STR/KCNA via KNS/AFP via Getty Images").channels)
    ['afp', 'getty images', 'kns']
    """
    named = [(one.role, party) for one in split_names(text) if (party := _party(one))]
    makers = frozenset(party for role, party in named if role is not CreditRole.VIA)
    passed_on = frozenset(party for role, party in named if role is CreditRole.VIA)
    return _with_channels(makers | passed_on, passed_on - makers)


def _party(one: CreditName) -> str:
    """What somebody is compared by, `""` for a note of how the picture came."""
    if one.role is CreditRole.NOTE:
        return ""
    agency = find_agency(one.name)
    return agency.key if agency is not None else fold_name(one.name)


def combine_named(several: Iterable[Named]) -> Named:
    """Whom several fields of one file name together, such as the byline a photographer and the credit an agency."""
    fields = tuple(several)
    parties = frozenset[str]().union(*(one.parties for one in fields))
    makers = frozenset[str]().union(*(one.parties - one.channels for one in fields))
    return _with_channels(parties, parties - makers)


def is_agency(party: str) -> bool:
    """Whether a party is an agency, a source or a library that is known by name."""
    return party in _AGENCIES


def is_maker(party: str) -> bool:
    """Whether a party may have made the picture itself: a source, or a name that no agency is known by."""
    return party in SOURCES or party not in _AGENCIES


def without_credit(caption: str, credit: str, known: Set[str]) -> str:
    """A caption without the credit it holds: `credit` in brackets or behind a label, and any at the end.

    What ends a caption is a credit if all it names are agencies or among `known`, or if it is labelled and in brackets.

    >>> without_credit("Kim inspects a unit. (Photo: Jane Doe/AP)", "", frozenset())
    'Kim inspects a unit.'
    >>> without_credit("He works for NASA", "NASA", {"nasa"})
    'He works for NASA'
    """
    if credit and credit.casefold() in caption.casefold():
        name = re.escape(credit)
        caption = re.sub(
            rf"(?i)[(\[（【]\s*(?:(?:{_LABEL})\s*)?{name}\s*[)\]）】]|(?<!\w)(?:{_LABEL})\s*{name}(?!\w)",
            " ",
            caption,
        ).strip()
    before, tail = caption[:-MAX_TAIL_CHARACTERS], caption[-MAX_TAIL_CHARACTERS:]
    ends = [found.end() for found in _MARK.finditer(tail)][-MAX_TAIL_MARKS:]
    for end in ends if before else [0, *ends]:
        parties = credit_parties(tail[end:])
        # Words such as "this photo" would end a credit; in a caption they belong to a sentence.
        if not parties or _TERMS.search(tail, end):
            continue
        is_bracket = tail[:end].rstrip().endswith(("(", "[", "（", "【")) and _ENCLOSED.fullmatch(tail, end)
        is_known = all(party in known or is_agency(party) for party in parties)
        if is_known or (is_bracket and _LABELLED.match(tail, end)):
            return (before + tail[:end]).rstrip(" ([（【|•·–—-")
    return caption


def _with_channels(parties: frozenset[str], passed_on: frozenset[str]) -> Named:
    channels = passed_on | (parties & SELLERS)
    return Named(parties, channels | (parties & WIRES) if parties & SOURCES else channels)
