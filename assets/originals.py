"""The folder of originals: files written aside while they come in, then kept under their SHA-256.

A picture with the digest `5f0c…` lies at `5f/5f0c….jpg`. What lies there is complete and on the disk; what
was not kept is gone when its `Incoming` ends, or, after a kill, with `Originals.clear_incoming`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assets.errors import OriginalsError, SourceError, SourceNotFound, SourceTooLarge, SourceUnreadable
from assets.parsing import signatures

INCOMING = "incoming"
_UNFINISHED = ".part"

# Large enough that Python does not slow down the copying, small beside a picture's memory.
CHUNK_BYTES = 1024 * 1024

_SHA256_DIGITS = 64


def sniff_extension(head: bytes) -> str:
    """The extension of an original that begins like this, `.bin` where that tells nothing.

    Names and declared types are not asked: they come from strangers.

    >>> sniff_extension(b"GIF89a"), sniff_extension(b"<svg onload=alert(1)>")
    ('.gif', '.bin')
    """
    return signatures.extension(head)


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
        with _translated(self.path):
            written = 0
            while written < len(data):
                written += self._file.write(memoryview(data)[written:])
        self._digest.update(data)
        self.length += len(data)
        self.head += data[: signatures.HEAD_BYTES - len(self.head)]

    def restart(self) -> None:
        """Forget what was written, for a body that is sent again from its start."""
        with _translated(self.path):
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
        with _translated(self.path):
            os.fsync(self._file.fileno())


class Originals:
    """The folder of originals. What cannot be written there raises OriginalsError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A new file to write to, gone at the end unless it was kept."""
        path = self._folder / INCOMING / f"{secrets.token_hex(16)}{_UNFINISHED}"
        with _translated(path):
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
                with _translated(path):
                    path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming) -> Path:
        """Where the original lies from now on, even after a power cut; equal bytes lie there once.

        A file under their name that has other bytes, shortened or rotten, is replaced.
        """
        extension = sniff_extension(incoming.head)
        # The same bytes have the same extension, or had none when their format was not known yet.
        target = self._found(incoming.sha256, (extension, signatures.NO_EXTENSION))
        if target is not None and _holds(target, incoming):
            return target
        target = target or self._home(incoming.sha256) / f"{incoming.sha256}{extension}"
        incoming.settle()
        with _translated(target):
            try:
                incoming.path.replace(target)
            except FileNotFoundError:
                target.parent.mkdir(exist_ok=True)
                _settle_folder(self._folder)
                incoming.path.replace(target)
            incoming.is_moved = True
            _settle_folder(target.parent)
        return target

    def import_file(self, path: Path, max_bytes: int) -> tuple[str, int]:
        """SHA-256 and length of a local file, now kept too; SourceError where it cannot be read."""
        with self.incoming() as incoming:
            incoming.copy_from(path, max_bytes)
            self.keep(incoming)
            return incoming.sha256, incoming.length

    def path_of(self, sha256: str) -> Path | None:
        """Where the original with this digest lies, None where there is none."""
        if len(sha256) != _SHA256_DIGITS or not sha256.isalnum():
            return None
        return self._found(sha256, signatures.EXTENSIONS)

    def _found(self, sha256: str, extensions: Iterable[str]) -> Path | None:
        """The original with this digest and one of some extensions."""
        # As text: a Path for each would take longer than asking for it.
        name = f"{self._home(sha256)}{os.sep}{sha256}"
        found = next((end for end in extensions if os.path.isfile(name + end)), None)
        return None if found is None else Path(name + found)

    def clear_incoming(self) -> int:
        """How many unfinished files a killed run had left; they are removed.

        Only for who holds the catalog's lock: another run's files would go as well.
        """
        left = sorted((self._folder / INCOMING).glob(f"*{_UNFINISHED}"))
        for path in left:
            with _translated(path):
                path.unlink(missing_ok=True)
        return len(left)

    def _home(self, sha256: str) -> Path:
        return self._folder / sha256[:2]


def _holds(path: Path, incoming: Incoming) -> bool:
    """Whether a file has the bytes that came in; one that cannot be read has not."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != incoming.length:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == incoming.sha256
    except OSError:
        return False


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OriginalsError(f"{path}: {error.strerror or error}") from error


def _settle_folder(folder: Path) -> None:
    """Have a folder's own entries on the disk: a rename is not there before."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
