"""How a journal's lines are written and read: checksum, operation, table, key, a tab, the document as JSON."""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from catalog.errors import NotACatalog, UnsupportedVersion

FORMAT = "photodesk-catalog"
VERSION = 1

_CHECKSUM_CHARACTERS = 8
_AHEAD_OF_HEAD = _CHECKSUM_CHARACTERS + 1

# Keys are addresses at the most, documents far below what a number of so many bits counts.
_AHEAD_BITS, _LENGTH_BITS = 24, 32
_MOST_AHEAD, _MOST_LENGTH = (1 << _AHEAD_BITS) - 1, (1 << _LENGTH_BITS) - 1


class Place(NamedTuple):
    """Where a document lies in the file: its offset, its length, and what of its line lies ahead of it, in bytes.

    Tables hold them packed into one number, which takes a quarter of the memory.
    """

    offset: int
    length: int
    ahead: int

    @property
    def line(self) -> int:
        """The whole line's length."""
        return self.ahead + self.length + 1

    def packed(self) -> int:
        """The place as one number."""
        return (self.offset << _LENGTH_BITS | self.length) << _AHEAD_BITS | self.ahead

    @classmethod
    def of(cls, packed: int) -> Place:
        """The place that a number stands for.

        >>> Place.of(Place(70_000_000_000, 1300, 80).packed())
        Place(offset=70000000000, length=1300, ahead=80)
        """
        rest = packed >> _AHEAD_BITS
        return cls(rest >> _LENGTH_BITS, rest & _MOST_LENGTH, packed & _MOST_AHEAD)

    @staticmethod
    def line_of(packed: int) -> int:
        """The whole line's length, of a packed place."""
        return (packed & _MOST_AHEAD) + (packed >> _AHEAD_BITS & _MOST_LENGTH) + 1


@dataclass(frozen=True, slots=True)
class Change:
    """One document put under a key, or, where `document` is None, the key deleted."""

    table: str
    key: str
    document: Mapping[str, Any] | None


def header() -> bytes:
    """The first line of a journal."""
    return orjson.dumps([FORMAT, VERSION]) + b"\n"


def header_length(data: mmap.mmap, path: Path | None) -> int:
    """How long the first line is; NotACatalog where it is none of ours, UnsupportedVersion of a later one."""
    end = data.find(b"\n") + 1
    try:
        name, version = orjson.loads(data[:end])
    except ValueError as error:
        raise NotACatalog(f"{path}: not a photodesk catalog") from error
    if name != FORMAT:
        raise NotACatalog(f"{path}: not a photodesk catalog")
    if version != VERSION:
        raise UnsupportedVersion(
            f"{path}: written by a later photodesk (format {version}, this reads {VERSION})"
        )
    return end


def encoded_line(change: Change) -> tuple[bytes, int]:
    """A change as a line, and how many of its bytes lie ahead of the document."""
    operation = "delete" if change.document is None else "put"
    head = _encoded([operation, change.table, change.key])
    body = head + b"\t" + _encoded(change.document)
    return b"%08x %s\n" % (zlib.crc32(body), body), _AHEAD_OF_HEAD + len(head) + 1


def taken_line(line: bytes, offset: int) -> tuple[str, str, int | None] | None:
    """Table, key and packed place of what a line puts, no place for what it deletes; None where it is no good line."""
    body = line[_AHEAD_OF_HEAD:-1]
    if line[:_CHECKSUM_CHARACTERS] != b"%08x" % zlib.crc32(body):
        return None
    head, separator, document = body.partition(b"\t")
    if not separator:
        return None
    operation, table, key = decoded(head)
    if operation != "put":
        return table, key, None
    ahead = _AHEAD_OF_HEAD + len(head) + 1
    # As `Place.packed` has it; this is done for every line of a catalog that is opened.
    return table, key, ((offset + ahead) << _LENGTH_BITS | len(document)) << _AHEAD_BITS | ahead


def _encoded(value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:
        # File names that are no UTF-8 and integers beyond 64 bits are JSON too, only not orjson's.
        return json.dumps(value).encode()


def decoded(data: bytes) -> Any:  # noqa: ANN401 - JSON is of any type
    """The value of a JSON text."""
    try:
        return orjson.loads(data)
    except ValueError:
        return json.loads(data)


def copied(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of its own, as it would come from the file; ten times as quick as `copy.deepcopy`."""
    own: dict[str, Any] = decoded(_encoded(document))
    return own
