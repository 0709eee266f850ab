"""What any place for originals must do: a local folder is one, a bucket of an object store another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from assets.originals.incoming import Incoming


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What lies among the originals: an original by the SHA-256 of its name, or a stray, whose `sha256` is `""`.

    `is_unfinished` is a stray that did not come in whole. `put_at`, with its time zone, is when it was put there, where
    other machines may have put it a moment ago and not said so yet; None where only who holds the catalog's lock can.
    """

    name: str
    sha256: str = ""
    is_unfinished: bool = False
    # What lies there is the same whenever it came.
    put_at: datetime | None = field(default=None, compare=False)


class OriginalStore(Protocol):
    """Where originals lie, each once, under its SHA-256. What cannot be written there raises OriginalsError.

    A name is a place among the originals, `5f/5f0c….jpg`; a path is a local file with the same bytes, which may be a
    copy. `tests/assets/originals/test_base.py` holds what all must pass.

    `is_remote` ones wait for a network, whatever they are asked.
    """

    is_remote: bool

    def incoming(self) -> AbstractContextManager[Incoming]:
        """A new file to write to, gone at the end unless it was kept."""

    def keep(self, incoming: Incoming) -> Path:
        """Keep what came in, durably; equal bytes lie there once. The path's last two parts are its name."""

    def path_of(self, sha256: str) -> Path | None:
        """The original with this digest, None where there is none.

        A copy may go again, a quarter of an hour after it was asked for at the earliest.
        """

    def holds(self, sha256: str) -> bool:
        """Whether there is an original with this digest; it need not be brought here for that."""

    def clear_incoming(self) -> int:
        """How many unfinished files a killed run had left; they are removed.

        Only for who holds the catalog's lock, where there is one: another run's files may go as well.
        """

    # For who checks and mends

    def list_files(self) -> Iterator[StoredFile]:
        """Everything that lies there, in the order of names."""

    def digest_of(self, name: str) -> str:
        """The SHA-256 of what lies under a name as its bytes are now, `""` where they cannot be read."""

    def remove(self, name: str) -> None:
        """Remove an unfinished file."""

    def set_aside(self, name: str) -> str:
        """Take a file out of the originals without deleting it; where it lies now, as seen from the catalog."""
