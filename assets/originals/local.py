"""The folder of originals: files written aside while they come in, then kept under their SHA-256.

A picture with the digest `5f0c…` lies at `5f/5f0c….jpg`. What lies there is complete and on the disk; what
was not kept is gone when its `Incoming` ends, or, after a kill, with `LocalOriginals.clear_incoming`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.originals.incoming import INCOMING, Incoming, translate_faults
from assets.parsing import signatures

_UNFINISHED = ".part"


_SHA256_DIGITS = 64


def sniff_extension(head: bytes) -> str:
    """The extension of an original that begins like this, `.bin` where that tells nothing.

    Names and declared types are not asked: they come from strangers.

    >>> sniff_extension(b"GIF89a"), sniff_extension(b"<svg onload=alert(1)>")
    ('.gif', '.bin')
    """
    return signatures.extension(head)


class LocalOriginals:
    """The folder of originals. What cannot be written there raises OriginalsError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A new file to write to, gone at the end unless it was kept."""
        path = self._folder / INCOMING / f"{secrets.token_hex(16)}{_UNFINISHED}"
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
        with translate_faults(target):
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
            with translate_faults(path):
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


def _settle_folder(folder: Path) -> None:
    """Have a folder's own entries on the disk: a rename is not there before."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
