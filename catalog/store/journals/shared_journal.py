"""A journal that several processes write, each for the moment of a turn.

Who has the turn holds the lock, has taken in what the others wrote, appends, and lets go; the next one waits for that
and for nothing else. Readers take no lock. What was written and not acknowledged, because the disk was full, is taken
back: who has read it by then reads the file anew.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from catalog.errors import CatalogUnwritable
from catalog.store.journals.damage import Damage
from catalog.store.journals.durable_files import acquire_lock, write_anew
from catalog.store.journals.journal import Journal
from catalog.store.journals.journal_index import mark_of
from catalog.store.journals.journal_lines import JournalEntry, encode_line, header

# A turn takes as long as the disk: who has it for longer has been stopped, or waits for a disk that is gone.
WAIT_SECONDS = 5.0


def is_begun(path: Path) -> bool:
    """Whether there is such a journal: one that a crash left empty has yet to be begun."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def begin(path: Path, entries: Iterable[JournalEntry]) -> None:
    """Make a journal with these entries, on the disk; CatalogUnwritable where that fails."""
    try:
        write_anew(path, header() + b"".join(map(encode_line, entries)))
    except OSError as error:
        raise CatalogUnwritable(f"{path}: {error.strerror or error}") from error


@contextmanager
def nobody_writing(path: Path) -> Iterator[None]:
    """Hold the lock of such a journal; where none can be had, as in a folder that is read only, nobody writes."""
    with ExitStack() as held:
        with suppress(CatalogUnwritable):
            held.callback(acquire_lock(path, WAIT_SECONDS).release)
        yield


def look_at(path: Path) -> tuple[list[Damage], int]:
    """What of such a journal is damaged, and how many bytes at its end are torn, when nobody is writing them."""
    with nobody_writing(path):
        journal = Journal(path, read_only=True)
    journal.close()
    return journal.damage, journal.torn


class SharedJournal(Journal):
    """Tables in an append-only file that others write too; one that is begun. In a turn it is opened to write."""

    _path: Path

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        super().__init__(path, read_only=True)
        self._has_turns = not read_only
        self._seen = self.mark()

    @property
    def has_turn(self) -> bool:
        """Whether it is this one's turn."""
        return self._lock is not None

    def refresh(self) -> bool:
        """Take in what others wrote; whether there was anything."""
        if self.has_turn:
            return False
        is_new = self._take_in()
        self._seen = self.mark()
        return is_new

    def _take_in(self) -> bool:
        if self._seen != mark_of(self._descriptor, self._size) and self._path.exists():
            self._reopen()
            return True
        return super().refresh()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn, with all that others wrote taken in; one within another is the same.

        CatalogLocked where somebody else has it for longer than it takes to write; CatalogUnwritable.
        """
        if self.has_turn:
            yield
            return
        if not self._has_turns:
            raise CatalogUnwritable(f"{self._path}: opened for reading only")
        self._lock = acquire_lock(self._path, WAIT_SECONDS)
        try:
            self._take_in()
            self._open_to_write()
            yield
        finally:
            self._read_only = True
            self._seen = self.mark()
            self._unlock()
            self._lock = None

    def _open_to_write(self) -> None:
        """Open the file anew under the same number, by which others may be reading it, and cut off a torn end."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
            try:
                if not os.path.samestat(os.fstat(descriptor), os.fstat(self._descriptor)):
                    raise CatalogUnwritable(f"{self._path}: it was exchanged for another file just now")
                os.dup2(descriptor, self._descriptor, inheritable=False)
            finally:
                os.close(descriptor)
            self._read_only = False
            with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as data:
                self._handle_end(data)
        except OSError as error:
            raise CatalogUnwritable(f"{self._path}: {error.strerror or error}") from error
