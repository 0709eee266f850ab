"""Texts and documents as PostgreSQL takes them, and back.

Its texts and its jsonb hold neither the character NUL nor halves of surrogate pairs, which file names that are no UTF-8
have: these, and the mark that stands for them, are written as the mark and four digits. A key that is too long for an
index is cut, with the digest of the whole; the whole stands in the document.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

# The last character there is, which stands for no letter.
MARK = "\U0010ffff"
_MARK_ITSELF = "ffff"

# In UTF-8: a page of an index takes 2,704 bytes a row, and some kinds have two columns there.
MOST_KEY_BYTES = 1000

_UNSTORABLE = re.compile(f"[\0\ud800-\udfff{MARK}]")
_WRITTEN = re.compile(f"{MARK}([0-9a-f]{{4}})")


def escape(text: str) -> str:
    r"""A text as PostgreSQL takes it.

    >>> unescape(escape("a\0b\udcff")) == "a\0b\udcff"
    True
    """
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub(lambda found: MARK + _digits(found[0]), text)


def _digits(one: str) -> str:
    return _MARK_ITSELF if one == MARK else f"{ord(one):04x}"


def unescape(text: str) -> str:
    """A text that `escape` wrote."""
    if MARK not in text:
        return text
    return _WRITTEN.sub(lambda found: MARK if found[1] == _MARK_ITSELF else chr(int(found[1], 16)), text)


def make_key(text: str) -> str:
    """A key as it stands in a table: itself, or its beginning and its digest where it is very long.

    >>> make_key("https://a.example/1"), len(make_key("x" * 5000)) < 1000
    ('https://a.example/1', True)
    """
    storable = escape(text)
    data = storable.encode()
    if len(data) <= MOST_KEY_BYTES:
        return storable
    digest = hashlib.sha256(data).hexdigest()
    return f"{data[: MOST_KEY_BYTES - 100].decode(errors='ignore')} {digest}"


def make_searchable(text: str) -> str:
    """A folded text, or a word that is looked for, in which what cannot be stored is the same for all."""
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def dump_document(document: Mapping[str, Any]) -> str:
    """A record's document as the text of a jsonb."""
    try:
        text = orjson.dumps(document).decode()
        if "\\u0000" not in text and MARK not in text:
            return text
    except TypeError:
        # File names that are no UTF-8 and integers beyond 64 bits are not orjson's.
        pass
    return json.dumps(_map_texts(document, escape), ensure_ascii=False)


def load_document(data: str | bytes) -> dict[str, Any]:
    """The document that a jsonb's text holds."""
    document: dict[str, Any] = json.loads(data)
    marked = MARK in data if isinstance(data, str) else MARK.encode() in data
    return _map_texts(document, unescape) if marked else document


def _map_texts(value: Any, change: Any) -> Any:  # noqa: ANN401 - JSON is of any type
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {change(name): _map_texts(one, change) for name, one in value.items()}
    return [_map_texts(one, change) for one in value] if isinstance(value, list | tuple) else value
