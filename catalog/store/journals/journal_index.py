"""Where every record lies in the journal, and what is asked of whole tables at once, in a derived file.

With it a large catalog opens without reading all of its journal: keys and places come from here, only what was
written since is read. The file names the stretch of the journal it speaks of and carries checksums of itself and of
that stretch's end; where one is wrong it counts for nothing, and the journal is read as if it were not there.

    {"format":"photodesk-places","version":1,"covered":…}      one line of JSON: what follows, and how long
    keys of a table as JSON, their places as 64-bit numbers     for each table
    texts of a column as JSON, for each key which text          for each column
"""

from __future__ import annotations

import os
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.store.journals.journal_lines import decode_json, encode_json

FORMAT = "photodesk-places"
VERSION = 1

# Bytes of the journal, before the end of what is covered, that are compared: more than one record.
_END_BYTES = 4096

# What numbers are written as: 64 bits for places, 32 for codes, which are numbers of texts.
PLACES, CODES = "Q", "I"

# A column that texts of a record make: the table and the field.
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of every record of a table: `codes` (keys,) say which of the `texts` each key of the table has."""

    keys: Sequence[str]
    texts: Sequence[str]
    codes: array[int]

    @classmethod
    def of(cls, keys: Sequence[str], values: Iterable[str]) -> Column:
        """The column of these values, one for each key."""
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return cls(keys, list(numbers), array(CODES, codes))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tables as the first `covered` bytes of a journal make them: keys with packed places.

    `live` are the bytes of good lines that hold, `damage` offsets and lengths of what is no good line.
    """

    covered: int
    live: int
    tables: dict[str, dict[str, int]]
    columns: dict[Name, Column] = field(default_factory=dict)
    damage: tuple[tuple[int, int], ...] = ()


def read_snapshot(path: Path, journal: Any) -> Snapshot | None:  # noqa: ANN401 - bytes or a memory map
    """The snapshot in a file; None where there is none, it is damaged, or it is not of this journal's bytes."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    try:
        end = data.index(b"\n") + 1
        head = decode_json(data[:end])
        body = memoryview(data)[end:]
        if (head["format"], head["version"], head["byteorder"]) != (FORMAT, VERSION, sys.byteorder):
            return None
        if zlib.crc32(body) != head["crc"]:
            return None
        covered = head["covered"]
        if covered > len(journal) or _end_of(journal, covered) != head["end_crc"]:
            return None
        return _unpack(head, body)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _unpack(head: Mapping[str, Any], body: memoryview) -> Snapshot:
    position = 0

    def take(length: int) -> memoryview:
        nonlocal position
        position += length
        return body[position - length : position]

    keys_of: dict[str, list[str]] = {}
    tables: dict[str, dict[str, int]] = {}
    for table in head["tables"]:
        keys = keys_of[table["name"]] = decode_json(bytes(take(table["bytes"])))
        places = _numbers(PLACES, take(8 * len(keys)))
        tables[table["name"]] = dict(zip(keys, places, strict=True))
    columns = {}
    for column in head["columns"]:
        keys, texts = keys_of[column["table"]], decode_json(bytes(take(column["bytes"])))
        columns[column["table"], column["field"]] = Column(keys, texts, _numbers(CODES, take(4 * len(keys))))
    damage = tuple((offset, length) for offset, length in head["damage"])
    return Snapshot(head["covered"], head["live"], tables, columns, damage)


def _numbers(kind: str, data: memoryview) -> array[int]:
    numbers = array(kind)
    numbers.frombytes(data)
    return numbers


def write_snapshot(path: Path, snapshot: Snapshot, journal: Any) -> None:  # noqa: ANN401 - as above
    """Put a snapshot of a journal's bytes in the place of an older one. OSError where it cannot be written."""
    parts: list[bytes] = []
    tables, columns = [], []
    for name, rows in snapshot.tables.items():
        keys = encode_json(list(rows))
        tables.append({"name": name, "bytes": len(keys)})
        parts += [keys, array(PLACES, rows.values()).tobytes()]
    for (table, name), column in snapshot.columns.items():
        texts = encode_json(column.texts)
        columns.append({"table": table, "field": name, "bytes": len(texts)})
        parts += [texts, column.codes.tobytes()]
    body = b"".join(parts)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "byteorder": sys.byteorder,
        "covered": snapshot.covered,
        "end_crc": _end_of(journal, snapshot.covered),
        "live": snapshot.live,
        "damage": snapshot.damage,
        "crc": zlib.crc32(body),
        "tables": tables,
        "columns": columns,
    }
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(".new")
    try:
        beside.write_bytes(encode_json(head) + b"\n" + body)
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _end_of(journal: Any, covered: int) -> int:  # noqa: ANN401 - as above
    return zlib.crc32(journal[max(0, covered - _END_BYTES) : covered])


def mark_of(descriptor: int, size: int) -> str:
    """How far a journal goes, and a checksum of the bytes before."""
    start = max(0, size - _END_BYTES)
    return f"{size} {zlib.crc32(os.pread(descriptor, size - start, start)):08x}"


def read_marked_size(descriptor: int, mark: str) -> int | None:
    """How far a journal went when the mark was made; None where it is of another journal."""
    size = mark.partition(" ")[0]
    return int(size) if size.isdecimal() and mark == mark_of(descriptor, int(size)) else None
