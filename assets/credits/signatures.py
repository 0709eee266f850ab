"""Signatures: an agency's name joined to others, and a name before the word that says what its bearer did."""

from __future__ import annotations

import re

from assets.credits.agencies import is_ambiguous, is_signature
from assets.credits.labels import NO_NAME_BEFORE_SIGN
from assets.credits.naming import MAX_CREDIT_CHARACTERS, is_caseless, is_named, strip_surroundings

# A name beside an agency's has few words.
MAX_SIGNATURE_WORDS = 7

# A name before a sign that stands behind it, in scripts without capitals.
MAX_SIGNED_CHARACTERS = 16

JOINT = re.compile(r"\s*/\s*|\s+via\s+|\s+VIA\s+|\s*\|\s*|\s+[-–]\s+|=|\s*·\s*|,\s+")
LAST_SENTENCE = re.compile(r".*(?:\w{3}[.!?…][\"”»’)]*\s+|。)(?P<rest>[^.!?。]*(?:\w{1,2}\.[^.!?。]*)*)$")
# What a name before such a word begins behind.
_LAST_PART = re.compile(r"[(（\[【=、。.,…·・/「」『』:|)）\]】]")
_PARTICLES = tuple("でにをはがもとへや")
_HIRAGANA_END = ("から", "まで", "より", "にて", "を", "で", "に", "が", "は")
# `写真は昨年撮影` tells when, and not by whom.
_TIMES = ("昨年", "今年", "去年", "同日", "当時", "当日", "先月", "先週", "前日")
# Behind a name: with a blank in Korean and Lithuanian, without in Japanese and Chinese.
SIGN_BEHIND = re.compile(
    r"(?:(?<=[\w.)])\s+(?:nuotr\.?|(?:선임|사진|인턴)?기자|제공|摄影?|攝影?)|(?<=\w)(?:撮影|提供|摄影?|攝影?|供图|供圖|제공))\s*(?:\s[\w.+-]+@[\w.-]+)?[.)）]*\s*$"
)


def is_signed(text: str) -> bool:
    """Whether a text is an agency's signature: its name alone, or joined to other names.

    >>> is_signed("Jane Doe/AP"), is_signed("Reuters"), is_signed("Jane Doe"), is_signed("Belga")
    (True, True, False, False)
    """
    text = text.strip()
    if is_signature(text):
        return not is_ambiguous(text)
    if not is_named(text):
        return False
    parts = [part.strip() for part in JOINT.split(text)]
    if any(map(_is_phrase, parts)):
        return False
    if len(parts) > 1 and any(is_signature(part) for part in parts):
        return not all(is_signature(part) and is_ambiguous(part) for part in parts)
    # `AP 연합뉴스`
    words = text.split()
    return is_caseless(words[-1]) and len(words) == 2 and all(map(is_signature, words))


def _is_phrase(part: str) -> bool:
    """Whether a part of a script without capitals is no name: too long, or with what joins words to a sentence."""
    if not is_caseless(part):
        return False
    return len(part) > MAX_SIGNED_CHARACTERS or any(one in part for one in "のにをはが。.")


def has_agency(text: str) -> bool:
    """Whether an agency signs as one part of a short text, whoever the others are.

    >>> has_agency("janedoe - Shutterstock"), has_agency("The guests - and their hosts")
    (True, False)
    """
    parts = [part.strip() for part in JOINT.split(text)]
    return len(parts) > 1 and any(map(is_signature, parts)) and len(text.split()) <= MAX_SIGNATURE_WORDS


def find_signed_name(piece: str, *, is_enclosed: bool = False) -> str:
    """The name at the end of a caption before a word that says what its bearer did: `山田一郎撮影`, `박하늘 기자`."""
    found = SIGN_BEHIND.search(piece[-MAX_CREDIT_CHARACTERS:])
    if found is None:
        return ""
    rest = piece[-MAX_CREDIT_CHARACTERS:][: found.start()]
    seams = [seam.end() for seam in _LAST_PART.finditer(rest)]
    if "nuotr" in found.group():
        name = _strip_sentences(rest)
        return strip_surroundings(name) if name and is_named(name) else ""
    if not seams and not is_enclosed and len(rest) > MAX_SIGNED_CHARACTERS:
        return ""
    name = rest[seams[-1] :].strip() if seams else rest.strip()
    return name if _is_signed_name(name, found.group().strip(" .)）")) else ""


def _strip_sentences(rest: str) -> str:
    """What follows the last sentence of a text, initials and all; the whole where there is one sentence alone."""
    found = LAST_SENTENCE.match(rest)
    return found["rest"].strip() if found is not None else rest.strip()


def _is_signed_name(name: str, sign: str) -> bool:
    if not 2 <= len(name) <= MAX_SIGNED_CHARACTERS or len(name.split()) > 3 or any(map(str.isdigit, name)):
        return False
    if name in NO_NAME_BEFORE_SIGN or name.endswith((*_PARTICLES, *_HIRAGANA_END, *_TIMES)):
        return False
    if sign.endswith("기자") and len(name.replace(" ", "")) > 10:
        return False
    return is_named(name)
