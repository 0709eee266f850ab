"""The credit that stands in a caption, in the forms that agencies and newsrooms write.

Only known forms count, and what follows them must look like names: a wrong credit costs a desk more than none.
The caption is evidence and stays as it is. Forms are sought in the text with its letters in their usual width, and
found credits returned as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assets.credits.agencies import find_agency, is_signature
from assets.credits.folding import fold_width
from assets.credits.labels import (
    BARE_LABELS,
    BODY_WORDS,
    BY_NOUNS,
    LABELS,
    MAX_LABEL_CHARACTERS,
    NO_NAME_BEFORE_SIGN,
    OTHER_JOBS,
    SMALL_BODIES,
    WEAK_BARE_LABELS,
    is_label,
)
from assets.credits.naming import (
    MAX_CREDIT_CHARACTERS,
    is_caseless,
    is_named,
    is_person,
    strip_surroundings,
)
from assets.credits.notices import SIGNING_NOTES, cut_notice, is_no_credit, is_note
from assets.credits.signatures import (
    JOINT,
    LAST_SENTENCE,
    SIGN_BEHIND,
    find_signed_name,
    has_agency,
    is_signed,
)

# Behind a bar alone stands a person, rarely with a firm.
MAX_BARRED_WORDS = 6

# In brackets behind a sentence stands a name and no explanation.
MAX_BRACKETED_WORDS = 5

# Behind a label without a colon stand one or two people, with whom they work for.
MAX_BARE_WORDS = 7

# A body's name in small letters has few words: more are a sentence.
MAX_BODY_WORDS = 5

# A credit stands at the beginning or the end; captions that are whole stories are not searched in the middle.
MAX_END_CHARACTERS = 400

# The same caption is read for its text, for its elements and for what repeats it.
KEPT_PIECES = 1024

# What a label begins behind, and what leads from it to the credit.
_BOUNDARY = re.compile(r"[\s(\[（【「|•·/–—.,;!?。\"”»)\]、=]")
_COLON = re.compile(r"\s*(?:[:=/]|\.{3}|…)\s*")
_BY = re.compile(
    r"(?i)(?<![^\s(\[|•·–—.,/])(?P<noun>[a-z]+)\s+(?:by|courtesy of|courtesy|credit)\s+(?=[^\W\d_]|@|-)"
)
_COURTESY = re.compile(r"(?:^|[\s(\[|•·–—.])(?i:courtesy|gentileza)(?: of| de)?\s+(?=[A-Z])")
_SIGN = re.compile(
    r"(?i)(?:©|ⓒ|Ⓒ|&copy;|(?:^|(?<=[.!?)|]\s)|(?<=[(（])|(?<=[^\x00-\x7f]))\(c\)|(?<!\w)copyright(?=\s*(?:[:©(]|(?:19|20)\d\d)))\s*:?\s*"
    r"(?:copyright\s*|\(c\)\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)?\d\d)?[\s,]+)?(?:by\s+)?"
)
_COPYRIGHT = re.compile(r"(?:^|[.!?)|–—-]\s*)(?i:copyright)\s+(?=[^\W\d_a-z])")
_IMAGE_SOURCE = re.compile(r"(?i)^image (?:source|copyright),\s*")
_CREDIT_NAME = re.compile(r"^(?:Photo |Image )?Credits?\s+(?=[A-Z])")
_FORMS = (_SIGN, _COPYRIGHT, _COURTESY, _IMAGE_SOURCE, _CREDIT_NAME)
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,140})[)\]）】]")

# Where an unlabelled credit may begin: after a sentence, even glued to it, after a dash or a bar.
_BEGINNING = re.compile(r"(?:[.!?…。]|[.!?…]?[\"”»’)\]])\s*|\s[|•·–—-]+\s+|\s/\s*|\|\s*|(?<=[)\w])=")
_BARRED = re.compile(r"[.!?…][\"”»]?\s*\|\s*([^|]+)$")
# A word of three letters ends a sentence, one of fewer may be somebody's initial.
_SENTENCE_END = re.compile(r"(?<=\w{3})[.!?]\s|。")
_CREDIT_END = re.compile(rf"{_SENTENCE_END.pattern}|\s[–—•|]\s|[;\n]")
_QUOTES = re.compile(r"[\"“”„«»]")
_BEHIND_SENTENCE = re.compile(r"(?:\w{3}[.!?…][\"”»’)]*|。|[!?])\s*$")
_INNER_COLON = re.compile(r"\s*[:=]")
# `Foto di Jane Doe`, behind a sentence or a dash; "de" leads to what is seen as often.
_AUTHORED = re.compile(r"^(?:di|von|av|af|door|par|por)\s+(?=[^\W\d_])")
_FILE = re.compile(r"(?i)^file(?: photo)?\s*:\s*")
_LABEL_WORD = re.compile(r"[^\s|/(,;.]+$")


def split_credit(caption: str) -> tuple[str, str]:
    """The caption as it is, and the credit that it holds; `""` where no known form is met.

    >>> split_credit("Kim inspects a unit. (KCNA via REUTERS)")[1]
    'KCNA via REUTERS'
    >>> split_credit("A storm on the coast. Photo: Jane Doe/AP")[1]
    'Jane Doe/AP'
    >>> split_credit("Look at this photo: it was real.")[1]
    ''
    """
    pieces = [caption[-MAX_END_CHARACTERS:]]
    if len(caption) > MAX_END_CHARACTERS:
        pieces.append(caption[:MAX_END_CHARACTERS])
    return caption, next((credit for piece in pieces if (credit := _find_in(piece))), "")


def credit_text(text: str) -> str:
    """The credit of an element that is one by its class, without the label before it.

    >>> credit_text("Photo: Jane Doe/AP"), credit_text("(© Jane Doe)"), credit_text("Image source, Getty Images")
    ('Jane Doe/AP', 'Jane Doe', 'Getty Images')
    >>> credit_text("picture alliance / Jane Doe"), credit_text("Jane Doe/EPA. All rights reserved.")
    ('picture alliance / Jane Doe', 'Jane Doe/EPA')
    """
    credit = strip_label(text)
    if len(credit) > MAX_CREDIT_CHARACTERS or is_label(credit) or is_no_credit(credit):
        return ""
    return credit if re.search(r"\w", credit) else ""


def strip_label(text: str) -> str:
    """A text without the labels and signs of a credit before it, the notice behind it, and the marks around it."""
    credit = strip_surroundings(cut_notice(text[: MAX_END_CHARACTERS * 2]))
    # `Credit: Photo: Jane Doe`
    for _ in range(3):
        end = find_label_end(credit)
        if not end:
            break
        credit = strip_surroundings(credit[end:])
    behind = SIGN_BEHIND.search(fold_width(credit))
    return strip_surroundings(credit[: behind.start()]) if behind and behind.start() else credit


def find_label_end(text: str) -> int:
    """Where behind its label a text that begins with one goes on; 0 where it begins with none.

    >>> find_label_end("Photo: Jane"), find_label_end("Photo by Jane"), find_label_end("picture alliance")
    (7, 9, 0)
    """
    folded = fold_width(text)
    if found := (
        _match_by(folded) or _SIGN.match(folded) or _IMAGE_SOURCE.match(folded) or _COURTESY.match(folded)
    ):
        return found.end()
    return _find_colon_end(folded) or _find_bare_end(folded)


@lru_cache(maxsize=KEPT_PIECES)
def _find_in(piece: str) -> str:
    """The first credit of a piece, as it is written there."""
    return next((credit for credit in _find_written(piece) if credit), "")


def _find_written(piece: str) -> Iterator[str]:
    """The credits of a piece as they are written there."""
    folded = fold_width(piece)
    cut = cut_notice(folded)
    for credit in _find_credits(cut):
        place = folded.rfind(credit) if credit else -1
        yield piece[place : place + len(credit)] if place >= 0 else credit


def _find_credits(piece: str) -> Iterator[str]:
    """What each of the known forms makes of a piece of a caption, the surest form first."""
    for found in _BRACKETS.finditer(piece):
        is_last = not piece[found.end() :].strip(" .")
        yield _read_bracketed(found, piece[: found.start()], is_last=is_last)
    for start in _label_ends(piece):
        yield _names(piece[start:])
    for form in _FORMS:
        for found in form.finditer(piece):
            yield _names(piece[found.end() :])
    yield _find_unlabelled(piece)
    yield find_signed_name(piece)
    if barred := _BARRED.search(piece):
        credit = strip_surroundings(barred.group(1))
        is_short = len(credit.split()) <= MAX_BARRED_WORDS and not is_no_credit(credit)
        yield credit if is_short and is_named(credit) else ""


def _label_ends(piece: str) -> Iterator[int]:
    """Where in a piece a credit may begin, behind a label and a colon or "by"."""
    for colon in _COLON.finditer(piece):
        if colon.end() < len(piece) and _is_label_before(piece, colon):
            yield colon.end()
    for found in _BY.finditer(piece):
        if found["noun"].lower() in BY_NOUNS and not piece[found.end()].islower():
            yield found.end()


def _is_label_before(piece: str, colon: re.Match[str]) -> bool:
    """Whether a label ends at a place: the words before it, as many as are one."""
    end = colon.start()
    start = max(0, end - MAX_LABEL_CHARACTERS)
    window = piece[start:end]
    starts = [found.end() for found in _BOUNDARY.finditer(window)]
    if start == 0:
        starts.insert(0, 0)
    return any(window[place:] and _leads(window[place:], colon) for place in starts)


def _leads(label: str, colon: re.Match[str]) -> bool:
    """Whether a label leads to a credit: behind a colon, in Chinese and Japanese also behind a stroke."""
    if not is_label(label):
        return False
    mark = colon.group().strip()
    # `Credit… Jane Doe`; behind other words dots leave something out.
    return mark in (":", "=") or (is_caseless(label) if mark == "/" else "credit" in label.casefold())


def _match_by(text: str) -> re.Match[str] | None:
    found = _BY.match(text)
    return found if found is not None and found["noun"].lower() in BY_NOUNS else None


def _find_bare_end(text: str) -> int:
    """Where a label without a colon ends at the beginning of a text: a name with a capital follows."""
    words = [*re.finditer(r"\S+", text[:MAX_LABEL_CHARACTERS])][:4]
    for word in reversed(words):
        rest = text[word.end() :].lstrip(" ,|")
        label = text[: word.end()].rstrip(",|")
        is_name = rest[:1].isalpha() and not rest[:1].islower()
        if (
            (is_name or rest[:1] in tuple("@“\"'’(©"))
            and is_label(label)
            and not is_signature(f"{label} {rest}")
        ):
            return len(text) - len(rest)
    return 0


def _read_bracketed(found: re.Match[str], before: str, *, is_last: bool) -> str:
    """The credit in brackets: behind a label, or, at the end of a caption, signed by an agency or behind a sentence."""
    # `[File: Jane Doe/AP]` says how old it is, and by whom.
    inner = _FILE.sub("", found.group(1))
    if end := _find_sure_label_end(inner):
        return _names(inner[end:])
    if not is_last:
        return ""
    if end := _find_photo_end(inner):
        return _names(inner[end:])
    if is_signed(inner):
        person = _find_person_before(before) if _is_of_agencies(inner) else ""
        return f"{person} ({strip_surroundings(inner)})" if person else strip_surroundings(inner)
    if credit := find_signed_name(inner, is_enclosed=True):
        return credit
    # In others stand references and what a quotation leaves out.
    if found.group()[0] not in "(（":
        return ""
    # A person and who they work for: `(Jane Doe / Toronto Star)`.
    person, _, employer = inner.partition("/")
    is_pair = len(person.split()) in (2, 3, 4) and employer.strip()[:1].isupper() and is_named(inner)
    return strip_surroundings(inner) if is_pair or _is_behind_sentence(inner, before) else ""


def _find_sure_label_end(inner: str) -> int:
    """Where behind a label with a colon, "by" or a sign a text goes on."""
    for found in (_match_by(inner), *(form.match(inner) for form in _FORMS)):
        if found is not None:
            return found.end()
    return _find_colon_end(inner)


def _find_colon_end(text: str) -> int:
    """Where behind a label and a colon at its beginning a text goes on; 0 where it begins otherwise."""
    colons = _COLON.finditer(text, 0, MAX_LABEL_CHARACTERS)
    return next((colon.end() for colon in colons if _leads(text[: colon.start()], colon)), 0)


def _find_photo_end(text: str) -> int:
    """Where behind "Photo", "Foto" and the like, without a colon, a text goes on; 0 where it begins otherwise."""
    word, _, rest = text.partition(" ")
    label = word.casefold()
    if label in BARE_LABELS or label in WEAK_BARE_LABELS:
        return len(text) - len(rest.lstrip())
    return 0


def _is_of_agencies(inner: str) -> bool:
    return all(is_signature(part.strip()) for part in JOINT.split(inner))


def _find_person_before(before: str) -> str:
    """The name that stands between the last sentence of a caption and its end, alone."""
    found = LAST_SENTENCE.match(before[-MAX_CREDIT_CHARACTERS:])
    rest = found["rest"].strip() if found is not None else ""
    return rest if is_person(rest) else ""


def _is_behind_sentence(inner: str, before: str) -> bool:
    """Whether brackets at the end hold a name that stands behind a sentence: `… the yard stood. (Doe's)`."""
    words = inner.split()
    if not 1 <= len(words) <= MAX_BRACKETED_WORDS or any(letter.isdigit() for letter in inner):
        return False
    # One word in capitals is as often an abbreviation explained.
    if (
        not inner[:1].isupper()
        or (len(words) == 1 and inner.isupper())
        or is_note(inner)
        or is_no_credit(inner)
        or not _BEHIND_SENTENCE.search(before)
    ):
        return False
    return is_named(inner) and not _QUOTES.search(inner) and inner.casefold() not in NO_NAME_BEFORE_SIGN


def _find_unlabelled(piece: str) -> str:
    """A credit at the end of a caption without a colon: behind a label alone, or signed by an agency."""
    for start in (0, *(found.end() for found in _BEGINNING.finditer(piece))):
        rest = piece[start:].rstrip(" .)]").lstrip(" /|•·–—-")
        if not rest or len(rest) > MAX_CREDIT_CHARACTERS or (not start and _is_phrase_signed(rest)):
            continue
        if (end := _find_photo_end(rest)) and not is_signature(JOINT.split(rest, maxsplit=1)[0].strip()):
            if credit := _read_bare(rest, end, is_first=not start):
                return credit
        elif (rest.casefold() in SIGNING_NOTES and start) or (
            is_signed(rest) and not _SENTENCE_END.search(rest) and not _QUOTES.search(rest)
        ):
            return strip_surroundings(rest)
    return ""


def _is_phrase_signed(rest: str) -> bool:
    """Whether a text of a script without capitals is what is seen, a sign and who took it: the latter is the credit."""
    for sign in ("=", " | "):
        first, joint, _ = rest.partition(sign)
        if joint and is_caseless(first) and not is_signature(first.strip()):
            return True
    return False


def _read_bare(rest: str, end: int, *, is_first: bool) -> str:
    """The names behind a label without a colon, where nothing else follows to the end of the caption."""
    names = _AUTHORED.sub("", rest[end:])
    if is_signature(names):
        return names
    if not is_named(names) or _SENTENCE_END.search(names) or _QUOTES.search(names):
        return ""
    if is_signed(names):
        return names
    is_weak = is_first or rest[:end].strip().casefold() in WEAK_BARE_LABELS
    first, *_ = re.split(r"[,/]", names)
    words = names.split()
    # `Foto Museum Harbour`
    is_body = not BODY_WORDS.isdisjoint(first.casefold().split())
    is_short = len(words) <= MAX_BARE_WORDS and not is_body and not any(map(str.isdigit, names))
    return names if is_short and not is_weak and is_person(first) else ""


def _names(rest: str) -> str:
    """The names that a text begins with, `""` where it begins with anything else."""
    credit = strip_surroundings(rest[:MAX_END_CHARACTERS])
    for _ in range(3):
        end = _find_sure_label_end(credit)
        if not end:
            break
        credit = strip_surroundings(credit[end:])
    credit = _cut_other_jobs(credit)
    if found := SIGN_BEHIND.search(credit):
        credit = strip_surroundings(credit[: found.start()]) or credit
    if is_named(credit) or has_agency(credit) or find_agency(credit) is not None or _is_body(credit):
        return "" if is_no_credit(credit) else credit
    for found in _CREDIT_END.finditer(credit):
        before = strip_surroundings(credit[: found.start()])
        return before if is_named(before) and not is_no_credit(before) else ""
    return ""


def _is_body(credit: str) -> bool:
    """Whether a few small words behind a label call a body or a person's own archive: `пресс-служба мэрии`."""
    words = credit.casefold().split()
    is_short = 0 < len(words) <= MAX_BODY_WORDS and not credit.endswith((".", "!", "?"))
    return is_short and (words[0] in SMALL_BODIES or " ".join(words[:2]) in SMALL_BODIES)


def _cut_other_jobs(credit: str) -> str:
    """A credit without what another label in it leads to: `Jane Doe | Video: John Roe`."""
    for colon in _INNER_COLON.finditer(credit):
        word = _LABEL_WORD.search(credit[: colon.start()][-MAX_LABEL_CHARACTERS:])
        if word is not None and (word.group().casefold() in OTHER_JOBS or word.group().casefold() in LABELS):
            before = credit[: colon.start() - len(word.group())]
            return strip_surroundings(before) or credit
    return credit
