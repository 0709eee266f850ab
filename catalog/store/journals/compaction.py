"""The lines of a journal that live, checked and copied to a file that takes its place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from catalog.store.journals.durable_files import write_all
from catalog.store.journals.journal_lines import header, is_good, pack_place, unpack_place

# Lines that are copied at once.
COPY_BYTES = 4 * 1024 * 1024

# By table and key the places of lines in the new file, and its size.
Moved = tuple[dict[str, dict[str, int]], int]


def copy_lines(path: Path, journal: int, tables: Mapping[str, Mapping[str, int]]) -> Moved | None:
    """The lines at these places of an open journal in a file, on the disk; None where one of them is not good."""
    with path.open("wb") as file:
        moved = _write_copies(file.fileno(), journal, tables)
        os.fsync(file.fileno())
    return moved


def _write_copies(target: int, journal: int, tables: Mapping[str, Mapping[str, int]]) -> Moved | None:
    moved: dict[str, dict[str, int]] = {}
    parts = [header()]
    size = pending = len(parts[0])
    for table, rows in tables.items():
        moved[table] = {}
        for key, place in rows.items():
            offset, length = unpack_place(place)
            line = os.pread(journal, length, offset)
            if not is_good(line):
                return None
            # No checksum is over the end of a line.
            parts.append(line[:-1] + b"\n")
            moved[table][key] = pack_place(size, length)
            size += length
            pending += length
            if pending >= COPY_BYTES:
                write_all(target, b"".join(parts))
                parts, pending = [], 0
    write_all(target, b"".join(parts))
    return moved, size
