"""Files on their way in: written aside, counted and digested, until they are kept or gone."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assets.errors import OriginalsError, SourceError, SourceNotFound, SourceTooLarge, SourceUnreadable
from assets.parsing import signatures

INCOMING = "incoming"

UNFINISHED = ".part"

# Large enough that Python does not slow down the copying, small beside a picture's memory.
CHUNK_BYTES = 1024 * 1024


def fault_of(error: SourceError | OSError, source: Path) -> str:
    """What kept a local file from being read, without its name, which is told beside it.

    >>> fault_of(SourceNotFound("pictures/k.jpg: no such file"), Path("pictures/k.jpg"))
    'no such file'
    """
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error).removeprefix(f"{source}: ")


class Incoming:
    """One file on its way in: a sink that counts and digests what it is given."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.is_moved = False
        self._file = file
        self._begin()

    def _begin(self) -> None:
        self._digest = hashlib.sha256()
        self.length = 0
        self.head = b""

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()

    def write(self, data: bytes) -> None:
        """Append some bytes; they can be read at `path` at once."""
        with translate_faults(self.path):
            written = 0
            while written < len(data):
                written += self._file.write(memoryview(data)[written:])
        self._digest.update(data)
        self.length += len(data)
        self.head += data[: signatures.HEAD_BYTES - len(self.head)]

    def restart(self) -> None:
        """Forget what was written, for a body that is sent again from its start."""
        with translate_faults(self.path):
            self._file.seek(0)
            self._file.truncate()
        self._begin()

    def copy_from(self, source: Path, max_bytes: int) -> None:
        """Take in a local file; SourceError where it cannot be read, is too large or changes meanwhile."""
        try:
            # Before it is opened: opening a pipe waits for who writes to it.
            if not stat.S_ISREG(source.stat().st_mode):
                raise SourceUnreadable(f"{source}: not a regular file")
            with source.open("rb") as file:
                before = os.fstat(file.fileno())
                while chunk := file.read(CHUNK_BYTES):
                    self.write(chunk)
                    if self.length > max_bytes:
                        raise SourceTooLarge(f"{source}: more than {max_bytes} bytes")
                after = os.fstat(file.fileno())
        except FileNotFoundError as error:
            raise SourceNotFound(f"{source}: no such file") from error
        except OSError as error:
            raise SourceUnreadable(f"{source}: {error.strerror or error}") from error
        if (self.length, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceUnreadable(f"{source}: it changed while it was read")

    def settle(self) -> None:
        """Return once every byte is on the disk."""
        with translate_faults(self.path):
            os.fsync(self._file.fileno())


@contextmanager
def open_incoming(folder: Path) -> Iterator[Incoming]:
    """A new file in a folder, which is made where it is missing; gone at the end unless it was moved."""
    path = folder / f"{secrets.token_hex(16)}{UNFINISHED}"
    with translate_faults(path):
        # Unbuffered, since a worker reads the file by its name before it is kept.
        try:
            file = path.open("xb", buffering=0)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("xb", buffering=0)
    incoming = Incoming(path, file)
    try:
        with file:
            yield incoming
    finally:
        if not incoming.is_moved:
            with translate_faults(path):
                path.unlink(missing_ok=True)


@contextmanager
def translate_faults(path: Path) -> Iterator[None]:
    """Tell of what the system says at a file as an OriginalsError that names it."""
    try:
        yield
    except OSError as error:
        raise OriginalsError(f"{path}: {error.strerror or error}") from error
