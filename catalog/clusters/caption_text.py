"""Captions as they are compared: what a reader sees of one, folded, and what changed between two, word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from html import unescape
from itertools import groupby

from catalog.clusters.cluster import Word

# As much of a caption as a harvest keeps; what a later version or another tool wrote beyond is not compared.
MAX_CAPTION_CHARACTERS = 10_000

# SequenceMatcher takes quadratic time. Captions have some fifty words; of longer ones, what follows the first so many
# words that differ is shown whole, as removed and added.
MAX_DIFF_WORDS = 300

_BLOCK_TAG = re.compile(r"(?i)</?(?:br|p|div|li|ul|ol|tr|td|h[1-6]|figcaption|blockquote)\b[^<>]*>")

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![^<>]*>")

# No character has so many digits, and int() refuses more than 4,300.
_ENDLESS_ENTITY = re.compile(r"&#[0-9]{8,};?")

_WHITE_CONTROLS = re.compile(r"[\t-\r\x1c-\x1f\x85]+")

_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)

_STYLES = str.maketrans(
    dict.fromkeys("‘’‚‛‹›`´ʼ′", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–−", "-")
    | {"—": " - "}
)

_EDGES = " .,;:!?…'\"()[]{}|*•·-。、！？「」【】（）_"

# Words of a text, and each as it is compared.
Words = tuple[list[str], list[str]]


def strip_markup(text: str) -> str:
    """What a reader sees of a caption, on one line: no markup, no entities, no characters that are not seen.

    >>> strip_markup("<p>Kim&#8217;s <b>visit</b><br>to a\\u00ad unit</p>")
    'Kim’s visit to a unit'
    """
    text = text[:MAX_CAPTION_CHARACTERS]
    # Twice, for what was escaped once too often.
    for _ in range(2):
        if "<" in text:
            text = _TAG.sub("", _BLOCK_TAG.sub(" ", text))
        if "&" in text:
            text = unescape(_ENDLESS_ENTITY.sub("", text))
    return " ".join(_UNSEEN.sub("", _WHITE_CONTROLS.sub(" ", text)).split())


def fold_caption(text: str) -> str:
    """What two captions have in common if they say the same: words without markup, case and the marks round them.

    >>> fold_caption("Kim\\u2019s  <b>VISIT</b>.") == fold_caption("kim's visit")
    True
    """
    return fold_plain(strip_markup(text))


def diff_words(first: Words, other: Words, max_words: int = MAX_DIFF_WORDS) -> tuple[Word, ...]:
    """What changed from one text to another, in runs of words, markup, case and the marks round words aside.

    The words that are the same or added make up the other text, as it writes them. Those that are the same or removed
    make up the first, but for case and marks. Past `max_words` that differ, the rest is removed and added whole.

    >>> for word in diff_words(split_words("Kim visits a unit."), split_words("KIM inspects a unit")):
    ...     print(word.change, word.text)
    same KIM
    removed visits
    added inspects
    same a unit
    """
    (old, old_keys), (new, new_keys) = first, other
    start = _count_alike(old_keys, new_keys)
    end = _count_alike(old_keys[start:][::-1], new_keys[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    old_cut, new_cut = min(old_end, start + max_words), min(new_end, start + max_words)
    matcher = SequenceMatcher(None, old_keys[start:old_cut], new_keys[start:new_cut], autojunk=False)
    runs = [("same", new[:start])]
    for change, i, i_end, j, j_end in matcher.get_opcodes():
        if change == "equal":
            runs.append(("same", new[start + j : start + j_end]))
        else:
            runs += [("removed", old[start + i : start + i_end]), ("added", new[start + j : start + j_end])]
    runs += [("removed", old[old_cut:old_end]), ("added", new[new_cut:new_end]), ("same", new[new_end:])]
    return _merge_runs((change, words) for change, words in runs if words)


def split_words(text: str) -> Words:
    """The words of a text, and what is compared of each."""
    words = strip_markup(text).split()
    return words, [fold_plain(word) for word in words]


def _count_alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _merge_runs(runs: Iterable[tuple[str, list[str]]]) -> tuple[Word, ...]:
    """The runs, between two that are the same what was removed before what was added, each as one run."""
    merged: list[Word] = []
    for is_same, group in groupby(runs, key=lambda run: run[0] == "same"):
        near = list(group)
        for change in ("same",) if is_same else ("removed", "added"):
            if words := [word for kind, run in near if kind == change for word in run]:
                merged += [Word(change, " ".join(words))]
    return tuple(merged)


def fold_plain(plain: str) -> str:
    """Plain text as it is compared: one case, one style of letters and marks, none round words."""
    text = unicodedata.normalize("NFKC", plain.translate(_STYLES)).casefold().translate(_STYLES)
    return " ".join(word for raw in text.split() if (word := raw.strip(_EDGES)))
