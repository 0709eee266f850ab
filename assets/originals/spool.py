"""A folder for each writer of a machine, where files lie while they come in; those of writers that died are swept.

A writer holds a lock for as long as it lives, and the system lets go of it when its process ends, however it ends. So
several harvests of one machine never take each other's files away.

    spool/lock              held while a folder is made or swept
    spool/1c….lock          held by the writer of the folder spool/1c…
"""

from __future__ import annotations

import secrets
import shutil
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assets.errors import OriginalsError
from assets.originals.incoming import UNFINISHED, Incoming, open_incoming, translate_faults

_LOCK = "lock"
_LOCKED = ".lock"

# A sweep takes away what a few killed processes left, and nobody holds the lock for longer.
_PATIENCE_SECONDS = 60.0


class Spool:
    """One writer's folder among those of a machine, made when it is first written to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._beginning = threading.Lock()
        self._own: Path | None = None

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A new file to write to, gone at the end unless it was moved."""
        with open_incoming(self._begun()) as incoming:
            yield incoming

    def clear(self) -> int:
        """How many unfinished files there were of this writer and of those that are gone; they are removed."""
        if not self._folder.is_dir():
            return 0
        with self._kept_still():
            removed = 0 if self._own is None else _empty(self._own)
            for lock in sorted(self._folder.glob(f"*{_LOCKED}")):
                removed += self._sweep(lock)
        return removed

    def _begun(self) -> Path:
        with self._beginning:
            if self._own is None:
                with translate_faults(self._folder):
                    self._folder.mkdir(parents=True, exist_ok=True)
                with self._kept_still():
                    own = self._folder / secrets.token_hex(8)
                    # Of no thread: who writes last may be another one than who began.
                    lock = FileLock(f"{own}{_LOCKED}", thread_local=False)
                    lock.acquire(timeout=0)
                    own.mkdir()
                weakref.finalize(self, _leave, own, lock)
                self._own = own
            return self._own

    def _sweep(self, lock_file: Path) -> int:
        """Remove the folder of a writer that is gone; how many unfinished files it held."""
        lock = FileLock(lock_file, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return 0
        try:
            folder = lock_file.with_suffix("")
            removed = _empty(folder)
            _remove_folder(folder, lock_file)
        finally:
            lock.release()
        return removed

    @contextmanager
    def _kept_still(self) -> Iterator[None]:
        """Nobody makes or sweeps a folder meanwhile: between a lock's file and its lock it would seem to be left."""
        with translate_faults(self._folder):
            try:
                with FileLock(self._folder / _LOCK, timeout=_PATIENCE_SECONDS, thread_local=False):
                    yield
            except Timeout as error:
                raise OriginalsError(f"{self._folder}: another process holds its lock") from error


def _empty(folder: Path) -> int:
    left = list(folder.glob(f"*{UNFINISHED}"))
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _leave(folder: Path, lock: FileLock) -> None:
    """Take an own folder away, as its writer ends."""
    _remove_folder(folder, Path(lock.lock_file))
    lock.release()


def _remove_folder(folder: Path, lock_file: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    lock_file.unlink(missing_ok=True)
