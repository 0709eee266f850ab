"""Elements that hold a credit: which of a picture's is the surest, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assets.credits.agencies import find_agency, is_ambiguous
from assets.credits.finding import credit_text, find_label_end, split_credit
from assets.credits.labels import COURTESY
from assets.credits.naming import is_named
from assets.credits.notices import cut_notice, is_no_credit
from assets.credits.signatures import has_agency, is_signed

# A longer text is a caption that an element's name takes for a credit.
MAX_CREDIT_WORDS = 14

# What an element says beyond this is no credit.
MAX_TOLD = 400

# With small print or a source's class a label may lead to so many words that are no names.
MAX_LABELLED_WORDS = 8

# Of names with what joins them every fourth word may begin with a small letter.
SMALL_WORDS_SHARE = 4

# Photographers of picture libraries call themselves as they like: `quaypix`.
MAX_PSEUDONYM_WORDS = 2

_STRONG_SIGN = re.compile(
    r"(?i)credit|copyright|source|quelle|nachweis|photograph|fotograf|urheber|bildrechte|licen[cs]e|lizenz"
)
# Who hands on what another one made stands in an element of its own.
_SECOND_SIGN = re.compile(
    r"(?i)distributor|agen[ct]|agentur|provider|source|quelle|owner|rights|holder|copyright"
)
_SENTENCE_END = re.compile(r"(?<=\w{3})[.!?](?:\s|$)")
_WORD = re.compile(r"\w+")


class Rank(IntEnum):
    """How sure a text is a credit, the surest first."""

    LABELLED = 0
    NAMED = 1
    SHORT = 2
    WITHIN = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class CreditElement:
    """What an element says, the sign by which it holds a credit, and its markup.

    `is_whole` is one that is the caption itself, `is_box` one around others, `is_outside` one of no figure.
    """

    told: str
    sign: str
    html: str = ""
    is_whole: bool = False
    is_box: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class ReadCredit:
    """The credit of some elements, the surest one's own and its sign, and those that are nothing but credit."""

    text: str = ""
    sign: str = ""
    own: str = ""
    elements: tuple[CreditElement, ...] = ()


def read_credit(elements: Sequence[CreditElement]) -> ReadCredit:
    """The credit that some elements give a picture: that of the surest one, with the agency that another one names.

    >>> photographer, agency = CreditElement("Photo by Jane Doe", ".credit"), CreditElement("AP", ".distributor")
    >>> read_credit([photographer, agency]).text
    'Jane Doe/AP'
    """
    given = [(rank_credit(one), one) for one in elements if not one.is_box]
    if all(rank is Rank.NONE for (rank, _), _ in given):
        given = [(rank_credit(one), one) for one in elements if one.is_box]
    read = [(rank, credit, one) for (rank, credit), one in given if rank is not Rank.NONE]
    spent = tuple(one for rank, _, one in read if rank is not Rank.WITHIN)
    spent += tuple(one for one in elements if one.told and not one.is_whole and is_no_credit(one.told))
    if not read:
        return ReadCredit(elements=spent)
    _, credit, best = min(read, key=lambda one: one[0])
    return ReadCredit(_join(credit, best, read), best.sign, credit, spent)


def rank_credit(element: CreditElement) -> tuple[Rank, str]:
    """How sure an element is a credit, and which."""
    told = element.told
    if not told or (element.is_outside and cut_notice(told[:MAX_TOLD]) != told[:MAX_TOLD]):
        return Rank.NONE, ""
    if not element.is_whole and (credit := credit_text(told)):
        is_labelled = find_label_end(told.lstrip(" (|/·–-")) > 0
        words = len(credit.split())
        if (
            is_named(credit)
            or has_agency(credit)
            or _is_agency(credit)
            or (is_labelled and words <= MAX_PSEUDONYM_WORDS)
        ):
            return (Rank.LABELLED if is_labelled else Rank.NAMED), credit
        if _is_short(credit, element.sign, is_labelled=is_labelled):
            return Rank.SHORT, credit
    credit = split_credit(told)[1]
    return (Rank.WITHIN, credit) if credit else (Rank.NONE, "")


def _is_agency(credit: str) -> bool:
    """Whether a text is an agency's name, however it is written, and nothing else at that."""
    return find_agency(credit) is not None and not is_ambiguous(credit)


def _is_short(credit: str, sign: str, *, is_labelled: bool) -> bool:
    """Whether a text that is not only names is a credit in so many words."""
    words = credit.split()
    if len(words) > MAX_CREDIT_WORDS:
        return False
    if credit.casefold().startswith(COURTESY):
        return True
    # `Jane Doe. Styling: Mary Roe. Make-up: Ann Poe`
    if sum(word[0].islower() for word in words) * SMALL_WORDS_SHARE <= len(words):
        return True
    if _SENTENCE_END.search(credit):
        return False
    return _STRONG_SIGN.search(sign) is not None or (is_labelled and len(words) <= MAX_LABELLED_WORDS)


def _join(credit: str, best: CreditElement, read: Iterable[tuple[Rank, str, CreditElement]]) -> str:
    """A credit with the agency that the element behind it names."""
    for rank, other, element in read:
        if element is best or rank is Rank.WITHIN or len(credit) + len(other) > 100:
            continue
        is_second = _SECOND_SIGN.search(element.sign) and element.sign != best.sign and not is_signed(credit)
        if is_second and not _words(other) <= _words(credit) and not _words(credit) <= _words(other):
            return f"{credit}/{other}"
    return credit


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
