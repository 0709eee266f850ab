"""Texts and names made comparable: width and shape of letters, accents, initials, words that name nobody."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

# What a credit says of how a picture came, and whose job it was, but not who they are.
_NOISE = frozenset(
    """
    the photo photos photograph photographs photography photographer photographers picture pictures pic pics
    image images illustration illustrations graphic composite collage montage fotomontage screenshot screengrab video
    still credit credits line source sources courtesy copyright copyrights mandatory handout file pool archive archives
    stringer str stf staff contributor contributed freelance wire provided supplied submitted special to by of from via
    rights reserved all and others other unknown author creator owner caption inc ltd llc gmbh sgt
    foto fotos fotograf fotografin fotografen bild bilder bildquelle bildnachweis fotocredit fotoquelle archivbild
    archivfoto archiv symbolbild symbolfoto titelbild beitragsbild quelle rechte privat zvg nachweis
    credito creditos fotografo fotografa fotografia imagen imagenes imagem archivo arquivo cortesia cedida divulgacao
    reproducao fonte fuente immagine immagini
    photographie photographe par archivio droits reserves dr
    beeld kuva valokuva zdjecie zdjecia fot fotografi fotograaf fotografie fotograf sursa
    фото фотография фотографія архив источник джерело снимка φωτο φωτογραφια صورة تصوير عکس
    写真 写真提供 提供 撮影 画像 사진 사진제공 제공 图片 图片来源 图源 圖片 摄影 ảnh
    """.split()
)
# After "Foto" they lead to a name; elsewhere they belong to one, as in "von Trier".
_LEADING = frozenset("de da di del van von por per av af od do".split())

_COPYRIGHTS = str.maketrans("ⓒⒸ", "©©")
_MARKS = re.compile(r"[\u0300-\u036f]")
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])\.")
# `Jane Doe/Shutterstock (123456a)`
_NUMBER = re.compile(r"\d{4,}[a-z]?")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "æ": "ae", "Æ": "ae", "œ": "oe"}
    | dict.fromkeys("'’‘`´ʼ")
    | dict.fromkeys("-_", " ")
)


def split_table(table: str) -> frozenset[str]:
    """The entries of a table of words, which stand between bars and line ends, in small letters.

    >>> sorted(split_table("Foto|Bild"))
    ['bild', 'foto']
    """
    rows = table.strip().splitlines()
    return frozenset(
        " ".join(one.split()).casefold() for row in rows for one in row.split("|") if one.strip()
    )


def fold_width(text: str) -> str:
    """The text with every letter and mark in its usual shape, each where it stood.

    >>> fold_width("（ＡＰ＝共同）")
    '(AP=共同)'
    """
    if text.isascii():
        return text
    # Its usual shape is a letter like any other.
    text = text.translate(_COPYRIGHTS)
    whole = unicodedata.normalize("NFKC", text)
    if len(whole) == len(text):
        return whole
    # What becomes several letters, or joins others, stays as it is: places in both texts are the same.
    shapes = (unicodedata.normalize("NFKC", letter) for letter in text)
    return "".join(shape if len(shape) == 1 else letter for shape, letter in zip(shapes, text, strict=True))


def fold_name(text: str) -> str:
    """A name folded: letters only, small, without accents, dots of initials, and words that name nobody.

    >>> fold_name("Foto: J. R.  DOÉ"), fold_name("File photo")
    ('jr doe', '')
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    plain = _INITIAL.sub(r"\1 ", unicodedata.normalize("NFC", _MARKS.sub("", plain)))
    words = (word.strip(".,;:!?@#*…–。") for word in plain.split())
    # `J. R. Doe`, `J.R. Doe` and `JR Doe` are one.
    runs = groupby((word for word in words if word), key=_is_initial)
    joined = (["".join(run)] if initials else run for initials, run in runs)
    return " ".join(_strip_noise([word for run in joined for word in run]))


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalpha()


def _strip_noise(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while end and (words[end - 1] in _NOISE or _NUMBER.fullmatch(words[end - 1])):
        end -= 1
    while start < end and (words[start] in _NOISE or (start and words[start] in _LEADING)):
        start += 1
    rest = words[start:end]
    # `n/a`, `***`
    is_name = any(letter.isalnum() for word in rest for letter in word) and not all(map(_is_initial, rest))
    return rest if is_name else []
