"""The folder of originals: files written aside while they come in, then kept under their SHA-256.

A picture with the digest `5f0c…` lies at `5f/5f0c….jpg`. What lies there is complete and on the disk; what
was not kept is gone when its `Incoming` ends, or, after a kill, with `LocalOriginals.clear_incoming`.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from assets.originals.base import StoredFile
from assets.originals.incoming import (
    CHUNK_BYTES,
    INCOMING,
    UNFINISHED,
    Incoming,
    open_incoming,
    translate_faults,
)
from assets.parsing import signatures

# A run may wait long between two parts of a file, and the clocks of machines that share a folder differ.
ABANDONED_SECONDS = 24 * 3600.0

# Beside the folder of originals: what does not belong there, and is not deleted.
SET_ASIDE = "set-aside"

_SHA256_DIGITS = 64
_NAME = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.[a-z0-9]{1,5}")


def sniff_extension(head: bytes) -> str:
    """The extension of an original that begins like this, `.bin` where that tells nothing.

    Names and declared types are not asked: they come from strangers.

    >>> sniff_extension(b"GIF89a"), sniff_extension(b"<svg onload=alert(1)>")
    ('.gif', '.bin')
    """
    return signatures.extension(head)


def is_digest(sha256: str) -> bool:
    """Whether a text may be a SHA-256, so that no name made of it leads elsewhere."""
    return len(sha256) == _SHA256_DIGITS and sha256.isalnum()


def read_digest_in_name(name: str) -> str:
    """The digest that an original of this name has, `""` for what is no original's name.

    >>> read_digest_in_name("5f/incoming.jpg")
    ''
    """
    found = _NAME.fullmatch(name)
    return "" if found is None else found[2]


class LocalOriginals:
    """The folder of originals. What cannot be written there raises OriginalsError.

    Where it `is_shared` other runs may be writing to it at any time.
    """

    is_remote = False

    def __init__(self, folder: Path, *, is_shared: bool = False) -> None:
        self._folder = folder
        self._is_shared = is_shared

    def incoming(self) -> AbstractContextManager[Incoming]:
        """A new file to write to, gone at the end unless it was kept."""
        return open_incoming(self._folder / INCOMING)

    def keep(self, incoming: Incoming) -> Path:
        """Where the original lies from now on, even after a power cut; equal bytes lie there once.

        A file under their name that has other bytes, shortened or rotten, is replaced.
        """
        extension = sniff_extension(incoming.head)
        # The same bytes have the same extension, or had none when their format was not known yet.
        target = self._find_file(incoming.sha256, (extension, signatures.NO_EXTENSION))
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
        return self._find_file(sha256, signatures.EXTENSIONS) if is_digest(sha256) else None

    def holds(self, sha256: str) -> bool:
        """Whether there is an original with this digest."""
        return self.path_of(sha256) is not None

    def _find_file(self, sha256: str, extensions: Iterable[str]) -> Path | None:
        """The original with this digest and one of some extensions."""
        # As text: a Path for each would take longer than asking for it.
        name = f"{self._home(sha256)}{os.sep}{sha256}"
        found = next((end for end in extensions if os.path.isfile(name + end)), None)
        return None if found is None else Path(name + found)

    def clear_incoming(self) -> int:
        """How many unfinished files a killed run had left; they are removed.

        Only for who holds the catalog's lock: another run's files would go as well. Where the folder is shared only
        those go that nobody has written to for a day.
        """
        left = sorted((self._folder / INCOMING).glob(f"*{UNFINISHED}"))
        if self._is_shared:
            left = [path for path in left if _is_abandoned(path)]
        for path in left:
            with translate_faults(path):
                path.unlink(missing_ok=True)
        return len(left)

    # For who checks and mends

    def list_files(self) -> Iterator[StoredFile]:
        """Everything that lies there, in the order of names."""
        for path in files_below(self._folder):
            name = self._name_of(path)
            sha256 = "" if path.is_symlink() else read_digest_in_name(name)
            is_unfinished = path.parent.name == INCOMING and path.suffix == UNFINISHED
            if is_unfinished and self._is_shared and not _is_abandoned(path):
                # Somebody is at it.
                continue
            yield StoredFile(name, sha256, is_unfinished)

    def digest_of(self, name: str) -> str:
        """The SHA-256 of what lies under a name as its bytes are now, `""` where they cannot be read."""
        digest = hashlib.sha256()
        try:
            with (self._folder / name).open("rb") as file:
                while part := file.read(CHUNK_BYTES):
                    digest.update(part)
        except OSError:
            return ""
        return digest.hexdigest()

    def remove(self, name: str) -> None:
        """Remove an unfinished file."""
        path = self._folder / name
        with translate_faults(path):
            path.unlink(missing_ok=True)

    def set_aside(self, name: str) -> str:
        """Take a file out of the originals without deleting it; where it lies now, as seen from the catalog."""
        target = self._folder.parent / SET_ASIDE / name
        with translate_faults(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            number, free = 0, target
            while free.exists() or free.is_symlink():
                number += 1
                free = target.with_name(f"{target.name}.{number}")
            (self._folder / name).rename(free)
        return free.relative_to(self._folder.parent).as_posix()

    def _name_of(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _home(self, sha256: str) -> Path:
        return self._folder / sha256[:2]


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder in the order of names; links are not followed."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            yield from files_below(path)
        else:
            yield path


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


def _is_abandoned(path: Path) -> bool:
    """Whether nobody has written to an unfinished file for so long that its run cannot be there any more."""
    try:
        return time.time() - path.stat().st_mtime > ABANDONED_SECONDS
    except FileNotFoundError:
        return False
