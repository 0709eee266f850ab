"""Copies of originals on this machine: so many bytes, those that nobody asked for longest go first.

Several processes share one folder. A copy that was handed out stays for `HANDED_OUT_SECONDS` after that, even where
the copies take more room than they should, so that whoever was given its path can open it; open files stay readable
anyway. When a copy was last handed out is its file's time of change. Every copy is held against its digest before it
is handed out.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from assets.errors import OriginalsError
from assets.originals.incoming import Incoming, translate_faults

# A picture waits in line for a worker for a minute or two at most, and is opened at once then.
HANDED_OUT_SECONDS = 15 * 60.0

DEFAULT_BYTES = 10 * 1024**3
BYTES_VARIABLE = "PHOTODESK_CACHE_BYTES"

# So much of the room is used before copies are counted again, and so much is free afterwards: counting goes through
# all of them.
_SHARE_BETWEEN_COUNTS = 0.05
_SHARE_LEFT = 0.9

_LOCK = "lock"


def cache_bytes() -> int:
    """How many bytes copies may take on this machine; OriginalsError where the variable is no number."""
    told = os.environ.get(BYTES_VARIABLE, "")
    if not told:
        return DEFAULT_BYTES
    if not (told.isascii() and told.isdigit()):
        raise OriginalsError(f"{BYTES_VARIABLE}={told!r}: it must be a number of bytes")
    return int(told)


class OriginalCache:
    """The folder of copies, by the names of the originals: `5f/5f0c….jpg`."""

    def __init__(self, folder: Path, max_bytes: int, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._now = now
        self._lock = FileLock(folder / _LOCK, thread_local=True)
        # None: not counted yet.
        self._uncounted: int | None = None

    def find(self, names: Iterable[str], sha256: str) -> Path | None:
        """A copy under one of some names whose bytes have the digest, None where there is none."""
        for name in names:
            path = self._folder / name
            if os.path.isfile(path) and self._hand_out(path):
                if _digest_of(path) == sha256:
                    return path
                path.unlink(missing_ok=True)
        return None

    def take(self, incoming: Incoming, name: str) -> Path:
        """Have what came in as the copy of that name, whose path this is."""
        path = self._folder / name
        with translate_faults(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._touch(incoming.path)
            incoming.path.replace(path)
            incoming.is_moved = True
        self._make_room(incoming.length)
        return path

    def drop(self, name: str) -> None:
        """Have no copy of that name any more."""
        (self._folder / name).unlink(missing_ok=True)

    def _hand_out(self, path: Path) -> bool:
        """Whether a copy is there, and stays."""
        with self._locked():
            try:
                self._touch(path)
            except FileNotFoundError:
                return False
        return True

    def _touch(self, path: Path) -> None:
        os.utime(path, (self._now(), self._now()))

    def _make_room(self, length: int) -> None:
        if self._uncounted is not None:
            self._uncounted += length
            if self._uncounted < self._max_bytes * _SHARE_BETWEEN_COUNTS:
                return
        self._uncounted = 0
        there = sorted(_copies_below(self._folder))
        size = sum(length for _, length, _ in there)
        if size <= self._max_bytes:
            return
        for handed_out, length, path in there:
            if size <= self._max_bytes * _SHARE_LEFT or handed_out > self._now() - HANDED_OUT_SECONDS:
                return
            size -= length if self._evict(path) else 0

    def _evict(self, path: str) -> bool:
        """Whether a copy was removed; it may have been handed out since it was counted."""
        with self._locked():
            try:
                if os.stat(path).st_mtime > self._now() - HANDED_OUT_SECONDS:
                    return False
                os.unlink(path)
            except FileNotFoundError:
                pass
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with translate_faults(self._folder), self._lock:
            yield


def _copies_below(folder: Path) -> Iterator[tuple[float, int, str]]:
    """When each copy was handed out, its length, its path."""
    for home in os.scandir(folder):
        if not home.is_dir(follow_symlinks=False):
            continue
        for one in os.scandir(home):
            try:
                stat = one.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield stat.st_mtime, stat.st_size, one.path


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
