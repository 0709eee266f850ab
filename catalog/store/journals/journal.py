"""An append-only file of checksummed JSON lines that holds tables of documents by key.

    ["photodesk-catalog",2]
    1b2c3d4e ["put","assets","5f0c…"]<TAB>{"sha256":"5f0c…", …}
    7f8e9d0c ["delete","usages","90ab…"]<TAB>null

Each line stands by itself: its CRC-32 tells a torn or rotten line from a good one, and the last line of a key holds.
A batch is written at once and synced once, and is acknowledged then; of one that was torn by a crash the whole
lines stay, the torn one goes. Documents stay on disk; memory holds where each lies, which a derived file tells
without reading all of them, so that a large catalog opens quickly. Rewriting without the dead lines goes to a new
file that is moved into place.
"""

from __future__ import annotations

import errno
import logging
import mmap
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from catalog.errors import CatalogUnwritable
from catalog.store.journals.compaction import Moved, copy_lines
from catalog.store.journals.damage import Damage, cut_off, note, set_aside
from catalog.store.journals.durable_files import BESIDE, acquire_lock, open_descriptor, sync_folder
from catalog.store.journals.journal_index import (
    Column,
    Name,
    Snapshot,
    mark_of,
    read_marked_size,
    read_snapshot,
    write_snapshot,
)
from catalog.store.journals.journal_lines import (
    MOST_FILE,
    JournalEntry,
    document_of,
    encode_line,
    header,
    header_length,
    is_good,
    may_say,
    pack_place,
    parse_line,
    raise_version,
    unpack_place,
)

# Rewriting costs reading and writing everything that lives: worth it when most of the file is dead, and never for
# a file this small.
COMPACT_FLOOR_BYTES = 4 * 1024 * 1024
COMPACT_DEAD_SHARE = 0.6

# Reading so much takes a quarter of a second: what is not covered by the derived file may be as large.
UNCOVERED_BYTES = 16 * 1024 * 1024
UNCOVERED_SHARE = 0.1

# The second copy is of lines that have just been read: a disk that spoils some of them again is not to be trusted.
COPY_TRIES = 3

logger = logging.getLogger(__name__)


class Journal:
    """Tables in an append-only file; one writer, any number of readers.

    A reader (`read_only`) takes no lock and sees what was complete when it opened, and what `refresh`
    finds later. With `path` None the journal lives in an unnamed temporary file. `places` is the derived file of
    places and of `columns`; without it every line is read.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        read_only: bool = False,
        places: Path | None = None,
        columns: Sequence[Name] = (),
    ) -> None:
        self._path = path
        self._read_only = read_only
        self._places = places
        self._column_names = columns
        self._columns: dict[Name, Column] = {}
        # By table the keys whose record is another than the columns tell of, and from which offset on they are known.
        self._changed: dict[str, set[str]] = defaultdict(set)
        self._changed_from = 0
        self._is_loaded = False
        self._covered = 0
        self._lock = acquire_lock(path) if path is not None and not read_only else None
        self.tables: dict[str, dict[str, int]] = {}
        self.damage: list[Damage] = []
        self.torn = 0
        try:
            self._descriptor = open_descriptor(path, read_only)
            self._size = self._live = 0
            self._load()
            self._is_loaded, self._changed_from = True, self._covered if self._columns else self._size
        except BaseException:
            self._unlock()
            raise

    # Reading

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        """The document under a key, None where there is none."""
        place = self.tables.get(table, {}).get(key)
        if place is None:
            return None
        offset, length = unpack_place(place)
        line = os.pread(self._descriptor, length, offset)
        if not is_good(line):
            self._read_anew()
            return self.get(table, key)
        return document_of(line)

    def documents(self, table: str, words: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every key of a table with its document, in the order in which the keys were first put.

        With folded words those that say none of them may be left out. What is put or deleted meanwhile does not show.
        """
        wanted = [word.encode("utf-8", "surrogatepass") for word in words]
        rows = list(self.tables.get(table, {}).items())
        if not rows:
            return
        # A page of the file is read once, not a document at a time; what a compaction replaces stays as it was.
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            for key, place in rows:
                offset, length = unpack_place(place)
                line = data[offset : offset + length]
                if is_good(line):
                    if may_say(line, wanted):
                        yield key, document_of(line)
                    continue
                self._read_anew()
                older = self.get(table, key)
                if older is not None:
                    yield key, older

    def values(self, table: str, field: str) -> Iterator[tuple[str, Any]]:
        """Every key of a table with one field of its document, in the order of `documents`."""
        column = self._columns.get((table, field))
        if column is None:
            yield from ((key, document.get(field)) for key, document in self.documents(table))
            return
        changed = self._changed[table]
        if not changed:
            yield from zip(column.keys, map(column.texts.__getitem__, column.codes), strict=True)
            return
        told = zip(column.keys, column.codes, strict=True)
        for key in list(self.tables.get(table, {})):
            if key not in changed:
                # Both are in one order; what the column has besides was changed or deleted.
                yield key, column.texts[next(code for name, code in told if name == key)]
            elif (document := self.get(table, key)) is not None:
                yield key, document.get(field)

    def mark(self) -> str:
        """How far the journal goes, to be asked for what was put since."""
        return mark_of(self._descriptor, self._size)

    def keys_since(self, mark: str, tables: Sequence[str]) -> list[list[str]] | None:
        """The keys of each table's records that were put after a mark was made; None where it is of another file."""
        size = read_marked_size(self._descriptor, mark)
        if size is None:
            return None
        return [self._put_from(size, table) for table in tables]

    def _put_from(self, offset: int, table: str) -> list[str]:
        rows = self.tables.get(table, {})
        keys = self._changed[table] if offset >= self._changed_from else rows
        # A place is larger the later it lies; what was deleted has none.
        least = pack_place(offset, 0)
        return [key for key in keys if rows.get(key, 0) >= least]

    def _read_anew(self) -> None:
        """Read every line, where one that the derived file tells of has rotted since."""
        self.tables, self._columns, self._changed = {}, {}, defaultdict(set)
        self._live = self._covered = 0
        self._is_loaded, self._changed_from = False, self._size
        # What lies in no line of the file any more is not found again.
        self.damage = [part for part in self.damage if part.is_aside or part.offset >= self._size]
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            good_end = self._scan(data, header_length(data, self._path), self._size)
        self._is_loaded = True
        if good_end < self._size:
            note(self.damage, Damage(str(self._path), good_end, self._size - good_end))

    def _load(self) -> None:
        if os.fstat(self._descriptor).st_size == 0:
            if self._read_only:
                return
            self._write(header())
            return
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
            start = header_length(data, self._path)
            self._size = self._scan(data, self._take_snapshot(data) or start, len(data))
            self._handle_end(data)
            if not self._read_only:
                raise_version(self._path, self._descriptor, data[:start])

    def _handle_end(self, data: mmap.mmap) -> None:
        """Note what lies behind the last good line; who writes cuts it off."""
        torn = len(data) - self._size
        # A crash leaves a line without its end; a whole one that is not good was acknowledged, and rotted.
        is_rotten = data.find(b"\n", self._size) >= 0
        if is_rotten:
            note(self.damage, Damage(str(self._path), self._size, torn, is_aside=not self._read_only))
        self.torn = 0 if is_rotten else torn
        if torn and not self._read_only:
            cut_off(self._path, self._descriptor, self._size, self.damage[-1:] if is_rotten else [])

    def _take_snapshot(self, data: mmap.mmap) -> int:
        """Take over what the derived file tells; how much of the journal that is."""
        snapshot = read_snapshot(self._places, data) if self._places is not None else None
        if snapshot is None:
            return 0
        self.tables, self._columns, self._live = snapshot.tables, snapshot.columns, snapshot.live
        self._covered = snapshot.covered
        note(self.damage, *(Damage(str(self._path), offset, length) for offset, length in snapshot.damage))
        return snapshot.covered

    def _scan(self, data: mmap.mmap, start: int, end: int) -> int:
        """Take in every good line between two offsets; the end of the last one."""
        position = good_end = start
        while position < end:
            stop = data.find(b"\n", position, end) + 1
            line = data[position:stop] if stop else b""
            if line and self._take(line, position):
                if good_end < position:
                    note(self.damage, Damage(str(self._path), good_end, position - good_end))
                good_end = stop
            position = stop or end
        return good_end

    def _take(self, line: bytes, offset: int) -> bool:
        """Note what a line says; False when it is not a good line."""
        taken = parse_line(line, offset)
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
            self._live -= unpack_place(old)[1]
        if self._columns or self._is_loaded:
            self._changed[table].add(key)
        if place is None:
            rows.pop(key, None)
        else:
            rows[key] = place
            self._live += unpack_place(place)[1]

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
            self._size = self._scan(data, known or header_length(data, self._path), len(data))
        return self._size > known

    def _reopen(self) -> None:
        """Read the file that a writer has put in the place of the one that is open."""
        fresh = Journal(self._path, read_only=True, places=self._places, columns=self._column_names)
        os.close(self._descriptor)
        self._descriptor, self.tables, self.damage = fresh._descriptor, fresh.tables, fresh.damage
        self._size, self._live, self._covered = fresh._size, fresh._live, fresh._covered
        self._columns, self._changed, self._changed_from = fresh._columns, fresh._changed, fresh._changed_from

    # Writing

    def append(self, changes: Iterable[JournalEntry]) -> None:
        """Write the changes as one batch; they are on the disk when this returns, or none of them counts."""
        lines = [(change, encode_line(change)) for change in changes]
        if not lines:
            return
        offset = self._size
        self._write(b"".join(line for _, line in lines))
        for change, line in lines:
            place = pack_place(offset, len(line)) if change.document is not None else None
            self._note(change.table, change.key, place)
            offset += len(line)
        if self._is_mostly_dead():
            self.compact()

    def _write(self, data: bytes) -> None:
        if self._read_only:
            raise CatalogUnwritable(f"{self._path}: opened for reading only")
        if self._size + len(data) > MOST_FILE:
            raise CatalogUnwritable(f"{self._path}: a catalog of {MOST_FILE >> 30} GiB is full")
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
        beside = self._path.with_name(f"{self._path.name}{BESIDE}")
        try:
            moved = self._copy_live_lines(beside)
            # After copying, which may have found more of it.
            set_aside(self._path, self._descriptor, [part for part in self.damage if not part.is_aside])
            beside.replace(self._path)
            sync_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise CatalogUnwritable(f"{beside}: {error.strerror or error}") from error
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = descriptor
        self.damage = []
        logger.info("%s: rewritten: %d bytes instead of %d", self._path, moved[1], self._size)
        self.tables, self._size = moved
        self._live = self._size - len(header())
        # The columns hold, the places do not.
        self._covered, self._changed_from = 0, self._size

    def _copy_live_lines(self, beside: Path) -> Moved:
        """Every live line in a new file; OSError where some of them reads otherwise each time."""
        for _ in range(COPY_TRIES):
            moved = copy_lines(beside, self._descriptor, self.tables)
            if moved is not None:
                return moved
            # A line rotted since the file was opened: what it had replaced lives again, and is copied.
            self._read_anew()
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def _keep_places(self) -> None:
        """Write the derived file, where opening without what came since would take noticeably longer."""
        uncovered = self._size - self._covered
        least = max(UNCOVERED_BYTES, UNCOVERED_SHARE * self._size)
        if self._places is None or self._read_only or uncovered <= least:
            return
        columns = {
            (table, field): Column.of(
                list(self.tables.get(table, {})), [str(value or "") for _, value in self.values(table, field)]
            )
            for table, field in self._column_names
            if table in self.tables
        }
        # What was cut off and set aside lies where new lines have come since.
        damage = tuple((part.offset, part.length) for part in self.damage if not part.is_aside)
        snapshot = Snapshot(self._size, self._live, self.tables, columns, damage)
        # What can be made again is no reason to fail: the disk may be full.
        try:
            with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
                write_snapshot(self._places, snapshot, data)
        except OSError as error:
            logger.warning("%s: not written: %s", self._places, error.strerror or error)

    def close(self) -> None:
        """Close the file and let the next writer in."""
        try:
            self._keep_places()
        finally:
            os.close(self._descriptor)
            self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()
