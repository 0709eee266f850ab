"""The credit of a media item in the fields that plugins and themes give it, in API and exports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assets.credits import credit_text
from assets.parsing import text
from assets.parsing.values import as_map

# More fields than any site gives its pictures; the rest is somebody's mistake.
MAX_FIELDS = 1000

# Maps in which fields stand at most so deep: a group of a plugin's fields.
MAX_LEVELS = 3

# Where plugins put their fields beside WordPress's own.
_HOLDERS = frozenset(
    {"acf", "custom_fields", "fields", "meta", "meta_box", "metadata", "meta_fields", "post_meta", "postmeta"}
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEAM = re.compile(r"[\s_-]+")
_PICTURE = r"(?:attachment|file|foto|image|img|media|photo|photograph|pic|picture)"
_BEFORE = rf"(?:(?:wp|custom|field|featured|isc|{_PICTURE})_)*"
# What such fields are called, the surest first: the line to print, who took it, whose it is, where it is from.
_NAMES = tuple(
    re.compile(rf"{_BEFORE}(?:{names})")
    for names in (
        r"(?:credit|credits)(?:_(?:line|name|text|info))?|credito|creditos|fotocredits?|bildnachweis"
        r"|attribution|courtesy(?:_of)?",
        r"photographers?(?:_name)?|byline|fotografo?|fotografin",
        r"copyright(?:_(?:holder|line|notice|owner|text))?|urheber|bildrechte",
        rf"{_PICTURE}_source(?:_name|_text)?|bildquelle",
    )
)
# Of a credit told in parts this is the name.
_PARTS = re.compile(r"name|text|value|rendered|raw|label|title")

# Addresses, numbers, keys of other fields and PHP's own notation are no names.
_NO_NAME = re.compile(r"(?i)(?:https?:)?//\S*|www\.\S+|field_[0-9a-f]{6,}|[abdios]:\d+[:;{].*|[\W\d_]*")
_NO_WORD = frozenset({"false", "no", "none", "null", "off", "on", "true", "yes"})


def plugin_credit(item: Mapping[str, object]) -> tuple[str, str]:
    """The credit in a plugin's field, and the field's name with the names of what it stands in.

    >>> plugin_credit({"meta": {"photo_credit": "Photo: Jane Doe"}, "media_credit": []})
    ('Jane Doe', 'meta.photo_credit')
    """
    found = sorted(_credits(item, "", 0), key=lambda one: one[0])
    return found[0][1:] if found else ("", "")


def _credits(fields: Mapping[str, object], path: str, level: int) -> Iterator[tuple[int, str, str]]:
    """Every credit among some fields: how sure its name is, what it says, where it stands."""
    for key, value in list(fields.items())[:MAX_FIELDS]:
        rank = _rank(str(key))
        inner = as_map(value)
        if rank is not None:
            credit, part = _read_credit(value)
            if credit:
                yield rank, credit, f"{path}{key}{part}"
        elif inner and level < MAX_LEVELS and (level or key in _HOLDERS):
            yield from _credits(inner, f"{path}{key}.", level + 1)


def _rank(key: str) -> int | None:
    """How sure a field's name is that it holds a credit, 0 is the surest; None where it is called otherwise."""
    name = _SEAM.sub("_", _CAMEL.sub("_", key)).strip("_").lower()
    return next((rank for rank, names in enumerate(_NAMES) if names.fullmatch(name)), None)


def _read_credit(value: object) -> tuple[str, str]:
    """The credit that a field holds as a text, a list with one, or parts of which one is the name."""
    if isinstance(value, list):
        value = next((one for one in value if one), None)
    if isinstance(value, Mapping):
        for key, part in list(value.items())[:MAX_FIELDS]:
            is_name = _rank(str(key)) is not None or _PARTS.fullmatch(str(key))
            if is_name and isinstance(part, str) and (credit := _read_name(part)):
                return credit, f".{key}"
    return (_read_name(value) if isinstance(value, str) else "", "")


def _read_name(value: str) -> str:
    told = text.from_markup(value)
    return "" if _NO_NAME.fullmatch(told) or told.lower() in _NO_WORD else credit_text(told)
