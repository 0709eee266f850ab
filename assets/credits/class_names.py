"""Names of elements that say that one is a caption or a credit: classes, properties, tags."""

from __future__ import annotations

import re
from functools import lru_cache

# A caption, and not the box that has one, nor the size of its letters. Whether there is one is said in classes too.
_CAPTION_CLASS = re.compile(
    r"(?i)(?:^|\s)(?!wp-caption(?:\s|$)|(?:text|font|type)-|\S*(?:video|button|icon|toggle|drawer|lightbox)"
    r"|(?:\S*[_-])?(?:has|no|with|without|hide|show)[_-]?caption)\S*caption\S*"
)
# In a figure these are captions where nothing says so more clearly.
_LEGEND_CLASS = re.compile(
    r"(?i)(?:^|\s)(?:\S*[_-])?(?:cutline|legende?|bildunterschrift|bildtext|infotext|subtitle|subtitulo"
    r"|(?:image|photo|picture|media|figure|bild|foto)[_-]*(?:text|desc|description|info))(?=$|[\s_-])"
)
_CREDIT_CLASS = re.compile(
    r"(?i)(?:^|\s)(?!\S*(?:accredit|footer|menu|creditcard|credit-card|toggle|button|icon|drawer|label))"
    r"\S*(?:credit|copyright)\S*"
)
# Words of which names of classes are made: of these one is enough in a figure; of those in a caption, or beside a word
# for pictures.
_WORD = re.compile(r"[A-Z]?[a-z\u00df-\u00ff]+|[A-Z]+(?![a-z])")
_SOURCE_WORDS = frozenset(
    """
    source sources quelle bildquelle fotoquelle photographer photographers fotograf fotografo photographe byline agency
    agentur agence agencia distributor attribution rights bildrechte nachweis bildnachweis urheber kilde kilder kalla
    källa lahde fuente fonte bron zrodlo zdroj izvor courtesy license licence lizenz
    """.split()
)
_AUTHOR_WORDS = frozenset("author autor auteur owner provider creator".split())
_PICTURE_WORDS = frozenset(
    "image images img photo photos foto fotos picture pic media bild bilder figure caption beeld imagen imagem".split()
)
_NO_SOURCE_WORDS = frozenset(
    "label icon button toggle data menu link list social set avatar bio open".split()
)
# A name of more words is made of a headline.
_MAX_CLASS_WORDS = 8
# A site's elements share their names: what is known of the last ones is not worked out again.
KEPT_NAMES = 4096
# Longer names and lists of them are data that slipped in.
MAX_CLASS_CHARACTERS = 100
MAX_CLASSES = 30
# In a figure what is small print, a work's title or a foot is mostly its source.
_CREDIT_TAGS = frozenset({"small", "cite", "footer"})
_CREDIT_PROPERTIES = ("creditText", "copyrightHolder", "copyrightNotice", "author", "creator")


@lru_cache(maxsize=KEPT_NAMES)
def caption_class(classes: str) -> str:
    """The class that says that an element is a caption, `""` where none does.

    >>> caption_class("big img-caption"), caption_class("has-caption"), caption_class("gallery")
    ('img-caption', '', '')
    """
    found = _CAPTION_CLASS.search(classes)
    return found.group().strip() if found is not None else ""


@lru_cache(maxsize=KEPT_NAMES)
def legend_class(classes: str) -> bool:
    """Whether an element of a figure is called as captions are where no other is called one.

    >>> legend_class("photo-description"), legend_class("description")
    (True, False)
    """
    return _LEGEND_CLASS.search(classes) is not None


@lru_cache(maxsize=KEPT_NAMES)
def credit_sign(tag: str, classes: str, prop: str, *, is_held: bool, in_caption: bool) -> str:
    """By which sign an element is a credit, `""` where it is none.

    `is_held` is one of a figure, `in_caption` one of a caption: there more names tell a credit.

    >>> credit_sign("span", "big photo-credit", "", is_held=False, in_caption=False)
    '.photo-credit'
    >>> credit_sign("small", "", "", is_held=True, in_caption=True)
    'figcaption small'
    """
    where = "figcaption " if in_caption else ""
    named = next((name for name in _CREDIT_PROPERTIES if name in prop.split()), "")
    if named and (is_held or named not in ("author", "creator")):
        return f"{where}[itemprop={named}]"
    found = _CREDIT_CLASS.search(classes)
    # Outside any figure a copyright is the page's own.
    if found and (is_held or in_caption or "copyright" not in found.group().lower()):
        return f"{where}.{found.group().strip()}"
    if classes and (name := _source_class(classes, is_held=is_held, in_caption=in_caption)):
        return f"{where}.{name}"
    return f"{where}{tag}" if (is_held or in_caption) and tag in _CREDIT_TAGS else ""


def _source_class(classes: str, *, is_held: bool, in_caption: bool) -> str:
    """The class that says that an element holds who a picture is from, `""` where none does."""
    for name in classes.split()[:MAX_CLASSES]:
        words = {word.lower() for word in _WORD.findall(name[:MAX_CLASS_CHARACTERS])}
        if words & _NO_SOURCE_WORDS or len(words) > _MAX_CLASS_WORDS:
            continue
        is_of_picture = in_caption or bool(words & _PICTURE_WORDS)
        if words & _SOURCE_WORDS and (is_held or is_of_picture):
            return name
        if is_of_picture and words & _AUTHOR_WORDS:
            return name
    return ""
