"""Whether a text consists of names, and what stands around one."""

from __future__ import annotations

import re

# Credits are names: what is longer is a sentence that begins like one.
MAX_CREDIT_CHARACTERS = 120
MAX_CREDIT_WORDS = 16

# Scripts without capitals give no other sign that a sentence follows.
MAX_CASELESS_CHARACTERS = 40

# Words of credits that begin with a small letter.
_SMALL_WORDS = frozenset(
    """
    a af al and av bin bint by d da das de del della den der des di do dos du e el en et for från from i il
    in la le les of og och on op or os per pour s sa sur t te ten ter the til to tot und uit van vd via vom von vor w
    x y ya z ze zu zum zur и та из для с во iz ve ile dpa imago images picture alliance afp ap epa efe reuters getty
    privat private privé zvg nh dapd ddp pa apa keystone archiv archivo archive archives arquivo arquivos handout
    file pool istock stock shutterstock unsplash pixabay pexels flickr wikimedia commons wikipedia cc nd nc fotolia
    press photo foto courtesy screenshot youtube instagram twitter facebook collection illustration symbolbild
    symbolfoto cortesía cedida divulgação divulgacao reprodução provided supplied submitted contributed family author
    staff montage composite dok laif epd bild mauritius door för ja és nuotr
    """.split()
)

_SEAMS = re.compile(r"[\s/|,;&+·•–—()\[\]=-]+")
_DOMAIN = re.compile(r"\w\.\w\w")

# What may stand around a credit and is none of it, and what only points to it: a quoted mail's mark, arrows, bullets,
# cameras. Signs that a name may begin with stay: a handle's, quotation marks, brackets.
_AROUND = " \t\n\r\u00a0.,;:|•·–—-/=＝"
_POINTERS = ">→➔➜➤►▶▸▷‣■▪●◆▲▼★*~+…📷📸🎥\ufe0f"
_OPENING, _CLOSING = tuple("([（【"), tuple(")]）】")
_BRACKET = re.compile(r"[()\[\]（）【】]")
_OPENING_BRACKET = re.compile(r"[(\[（【]")
_CLOSING_BRACKET = re.compile(r"[)\]）】]")


def strip_surroundings(text: str) -> str:
    """The text without the white space, bars and single brackets around it, and what points to it.

    >>> strip_surroundings("> (Jane Doe)"), strip_surroundings("(Jane) Doe (AP)")
    ('Jane Doe', '(Jane) Doe (AP)')
    """
    # A quotation mark that closes nothing points too; in German it may open.
    closing = "".join(mark for mark, other in (("»", "«"), ("›", "‹")) if other not in text)
    text = text.rstrip(_AROUND).lstrip(_AROUND + _POINTERS + closing)
    if len(text) > 2 and text.startswith(_OPENING) and text.endswith(_CLOSING):
        inside = text[1:-1]
        if not _BRACKET.search(inside):
            return inside.strip()
    if text.endswith(_CLOSING) and not _OPENING_BRACKET.search(text):
        return text[:-1].rstrip(" .")
    if text.startswith(_OPENING) and not _CLOSING_BRACKET.search(text):
        return text[1:].lstrip()
    return text


def is_named(text: str) -> bool:
    """Whether a text consists of names: each word begins with a capital, or is known to stand in credits.

    >>> is_named("Jane van der Doe/AP"), is_named("The square at night")
    (True, False)
    """
    if len(text) > MAX_CREDIT_CHARACTERS:
        return False
    words = [word for word in _SEAMS.split(text) if word]
    if not words or len(words) > MAX_CREDIT_WORDS:
        return False
    if not any(letter.isalnum() for letter in text):
        return False
    if is_caseless(text):
        return len(text) <= MAX_CASELESS_CHARACTERS and "。" not in text
    is_only_small = all(len(word) < 3 and word.islower() for word in words)
    return not is_only_small and all(_is_name(word.strip("\"“”„«»'’‘.:!*")) for word in words)


def is_caseless(text: str) -> bool:
    """Whether a text is of a script without capitals."""
    return not any(letter.isupper() or letter.islower() for letter in text)


def is_person(text: str) -> bool:
    """Whether a text has the shape of a person's name: two to five words, capitals at both ends, no digit.

    >>> is_person("Jane van der Doe"), is_person("J. Doe"), is_person("Reuters"), is_person("The 3 Ships")
    (True, True, False, False)
    """
    words = text.split()
    if not 2 <= len(words) <= 5 or any(letter.isdigit() for letter in text) or not is_named(text):
        return False
    return words[0][:1].isupper() and words[-1][:1].isupper() and "," not in text


def _is_name(word: str) -> bool:
    if not word or not word[0].islower():
        return True
    # `imageBROKER`, `d’Arc`, `carreteraspeligrosas.com`
    if any(letter.isupper() for letter in word) or _DOMAIN.search(word):
        return True
    return word in _SMALL_WORDS
