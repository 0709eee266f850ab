"""An append-only file of checksummed JSON lines that holds tables of documents by key.

    ["photodesk-catalog",1]
    1b2c3d4e ["put","assets","5f0c…"]<TAB>{"sha256":"5f0c…", …}
    7f8e9d0c ["delete","usages","90ab…"]<TAB>null

Each line stands by itself: its CRC-32 tells a torn or rotten line from a good one, and the last line of a key holds.
A batch is written at once and synced once, and is acknowledged then; of one that was torn by a crash the whole
lines stay, the torn one goes. Documents stay on disk; memory holds where each lies, so that a large catalog opens
quickly. Rewriting without the dead lines goes to a new file that is moved into place.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import CatalogUnwritable, NotACatalog
from catalog.linecoding import Change, Place, decoded, encoded_line, header, header_length, taken_line
from catalog.locking import locked

# Beside the file: what could not be read of it, and its successor while it is written.
DAMAGED = ".damaged"
COMPACTED = ".new"

# Rewriting costs reading and writing everything that lives: worth it when most of the file is dead, and never for
# a file this small.
COMPACT_FLOOR_BYTES = 4 * 1024 * 1024
COMPACT_DEAD_SHARE = 0.6

# Live lines copied to the new file at once while compacting.
_COPY_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no good line, and no torn end either; `is_aside` once they lie in a file of their own."""

    path: str
    offset: int
    length: int
    is_aside: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.length} bytes at {self.offset} are damaged; what they held is lost"


class Journal:
    """Tables in an append-only file; one writer, any number of readers.

    A reader (`read_only`) takes no lock and sees what was complete when it opened, and what `refresh`
    finds later. With `path` None the journal
    lives in an unnamed temporary file.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._lock = locked(path) if path is not None and not read_only else None
        self.tables: dict[str, dict[str, int]] = {}
        self.damage: list[Damage] = []
        self.torn = 0
        try:
            self._descriptor = _opened(path, read_only)
            self._size = self._live = 0
            self._load()
        except BaseException:
            self._unlock()
            raise

    # Reading

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        """The document under a key, None where there is none."""
        place = self.tables.get(table, {}).get(key)
        return None if place is None else self._read(Place.of(place))

    def documents(self, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every key of a table with its document, in the order in which the keys were first put.

        What is put or deleted meanwhile does not show.
        """
        rows = list(self.tables.get(table, {}).items())
        if not rows:
            return
        # A page of the file is read once, not a document at a time; what a compaction replaces stays as it was.
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            for key, packed in rows:
                place = Place.of(packed)
                yield key, decoded(data[place.offset : place.offset + place.length])

    def _read(self, place: Place) -> dict[str, Any]:
        document: dict[str, Any] = decoded(os.pread(self._descriptor, place.length, place.offset))
        return document

    def _load(self) -> None:
        if os.fstat(self._descriptor).st_size == 0:
            if self._read_only:
                return
            self._write(header())
            return
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            self._size = header_length(data, self._path)
            good_end = self._scan(data)
            torn = len(data) - good_end
            # A crash leaves a line without its end; a whole one that is not good was acknowledged, and rotted.
            is_rotten = data.find(b"\n", good_end) >= 0
        self._size = good_end
        if is_rotten:
            self.damage.append(Damage(str(self._path), good_end, torn, is_aside=not self._read_only))
        else:
            self.torn = torn
        if torn and not self._read_only:
            self._set_aside(self.damage[-1:] if is_rotten else [])
            os.ftruncate(self._descriptor, good_end)

    def _scan(self, data: mmap.mmap) -> int:
        """Take in every good line; the end of the last one."""
        position = good_end = self._size
        end = len(data)
        while position < end:
            stop = data.find(b"\n", position) + 1
            line = data[position:stop] if stop else b""
            if line and self._take(line, position):
                if good_end < position:
                    self.damage.append(Damage(str(self._path), good_end, position - good_end))
                good_end = stop
            position = stop or end
        return good_end

    def _take(self, line: bytes, offset: int) -> bool:
        """Note what a line says; False when it is not a good line."""
        taken = taken_line(line, offset)
        if taken is None:
            return False
        self._note(*taken)
        return True

    def _note(self, table: str, key: str, place: int | None) -> None:
        rows = self.tables.get(table)
        if rows is None:
            rows = self.tables[table] = {}
        old = rows.get(key)
        if old is not None:
            self._live -= Place.line_of(old)
        if place is None:
            rows.pop(key, None)
        else:
            rows[key] = place
            self._live += Place.line_of(place)

    def refresh(self) -> bool:
        """Take in what a writer has added since; whether there was anything. Only a reader has others that write."""
        if self._path is None or not self._read_only:
            return False
        try:
            now = os.stat(self._path)
        except FileNotFoundError:
            # Between two names while a writer compacts, or gone for good: what is open is still whole.
            return False
        mine = os.fstat(self._descriptor)
        if (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino):
            self._reopen()
            return True
        if now.st_size <= self._size:
            return False
        known = self._size
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            self._size = self._scan(data) if known else header_length(data, self._path)
            if not known:
                self._size = self._scan(data)
        return self._size > known

    def _reopen(self) -> None:
        """Read the file that a writer has put in the place of the one that is open."""
        fresh = Journal(self._path, read_only=True)
        os.close(self._descriptor)
        self._descriptor, self.tables, self.damage = fresh._descriptor, fresh.tables, fresh.damage
        self._size, self._live = fresh._size, fresh._live

    # Writing

    def append(self, changes: Iterable[Change]) -> None:
        """Write the changes as one batch; they are on the disk when this returns, or none of them counts."""
        lines = [(change, *encoded_line(change)) for change in changes]
        if not lines:
            return
        offset = self._size
        self._write(b"".join(line for _, line, _ in lines))
        for change, line, ahead in lines:
            place = Place(offset + ahead, len(line) - 1 - ahead, ahead)
            self._note(change.table, change.key, place.packed() if change.document is not None else None)
            offset += len(line)
        if self._is_mostly_dead():
            self.compact()

    def _write(self, data: bytes) -> None:
        if self._read_only:
            raise CatalogUnwritable(f"{self._path}: opened for reading only")
        try:
            view, position = memoryview(data), self._size
            while view:
                written = os.pwrite(self._descriptor, view, position)
                view, position = view[written:], position + written
            os.fsync(self._descriptor)
        except OSError as error:
            # Nothing half-written stays, whether or not the disk takes more.
            os.ftruncate(self._descriptor, self._size)
            raise CatalogUnwritable(f"{self._path}: {error.strerror or error}") from error
        self._size += len(data)

    def _is_mostly_dead(self) -> bool:
        return self._size > COMPACT_FLOOR_BYTES and self._live < self._size * (1 - COMPACT_DEAD_SHARE)

    def compact(self) -> None:
        """Rewrite the file without its dead lines; damaged bytes are set aside in a file of their own first."""
        if self._path is None or self._read_only:
            return
        beside = self._path.with_name(f"{self._path.name}{COMPACTED}")
        try:
            self._set_aside([part for part in self.damage if not part.is_aside])
            with beside.open("wb") as file:
                moved = self._copy_live(file.fileno())
                os.fsync(file.fileno())
            beside.replace(self._path)
            _sync_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise CatalogUnwritable(f"{beside}: {error.strerror or error}") from error
        os.close(self._descriptor)
        self._descriptor = descriptor
        self.damage = []
        self.tables, self._size = moved
        self._live = self._size - len(header())

    def _copy_live(self, target: int) -> tuple[dict[str, dict[str, int]], int]:
        """Copy the header and every live line; where they lie now, and the new size."""
        moved: dict[str, dict[str, int]] = {}
        parts = [header()]
        size = pending = len(parts[0])
        for table, rows in self.tables.items():
            moved[table] = {}
            for key, packed in rows.items():
                place = Place.of(packed)
                parts.append(os.pread(self._descriptor, place.line, place.offset - place.ahead))
                moved[table][key] = place._replace(offset=size + place.ahead).packed()
                size += place.line
                pending += place.line
                if pending >= _COPY_BYTES:
                    _write_all(target, b"".join(parts))
                    parts, pending = [], 0
        _write_all(target, b"".join(parts))
        return moved, size

    def _set_aside(self, parts: Sequence[Damage]) -> None:
        if self._path is None or not parts:
            return
        with self._path.with_name(f"{self._path.name}{DAMAGED}").open("ab") as file:
            for part in parts:
                file.write(os.pread(self._descriptor, part.length, part.offset) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Close the file and let the next writer in."""
        os.close(self._descriptor)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()


def mend_header(path: Path) -> bool:
    """Give a file whose first line rotted a new one, the old set aside; False where no good line follows it."""
    with path.open("rb") as file:
        first = file.readline()
        body = file.read()
    second = body[: body.find(b"\n") + 1]
    if taken_line(second, 0) is None:
        return False
    with path.with_name(f"{path.name}{DAMAGED}").open("ab") as aside:
        aside.write(first)
    beside = path.with_name(f"{path.name}{COMPACTED}")
    with beside.open("wb") as file:
        file.write(header() + body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)
    return True


def _opened(path: Path | None, read_only: bool) -> int:
    if path is None:
        with tempfile.TemporaryFile() as file:
            return os.dup(file.fileno())
    flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_CREAT
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC, 0o644)
        if not read_only:
            _sync_folder(path.parent)
        return descriptor
    except FileNotFoundError as error:
        raise NotACatalog(f"{path.parent}: there is no catalog here") from error
    except OSError as error:
        raise CatalogUnwritable(f"{path}: {error.strerror or error}") from error


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    """Make a new or renamed name in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
