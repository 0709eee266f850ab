"""What of a journal cannot be read: where it lies, and the file beside in which it is kept."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Added to the journal's name.
DAMAGED = ".damaged"

# A catalog is opened over and over, and has the same damage each time; no log is the better for more parts than this.
MOST_REMEMBERED = 1000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no good line, and no torn end either; `is_aside` once they lie in a file of their own."""

    path: str
    offset: int
    length: int
    is_aside: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.length} bytes at {self.offset} are damaged; what they held is lost"


def told_aside(journal: str) -> str:
    """What is told of damage of a journal, by its name, that was mended.

    >>> told_aside("catalog.jsonl")
    'set aside in catalog.jsonl.damaged'
    """
    return f"set aside in {journal}{DAMAGED}"


def note(known: list[Damage], *parts: Damage) -> None:
    """Add parts to those that are known, and log each that this process has not logged yet."""
    known += parts
    for part in parts:
        _log_once(part)


@lru_cache(MOST_REMEMBERED)
def _log_once(part: Damage) -> None:
    logger.warning("%s", part)


def set_aside(path: Path | None, descriptor: int, parts: Sequence[Damage]) -> None:
    """Copy damaged parts of a journal to the file beside it; one without a name has none. OSError where that fails."""
    if path is None or not parts:
        return
    with path.with_name(f"{path.name}{DAMAGED}").open("ab") as file:
        for part in parts:
            file.write(os.pread(descriptor, part.length, part.offset) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def cut_off(path: Path | None, descriptor: int, size: int, rotten: Sequence[Damage]) -> None:
    """Have a journal end after so many bytes; what rotted behind them is set aside. OSError where that fails."""
    set_aside(path, descriptor, rotten)
    torn = os.fstat(descriptor).st_size - size
    os.ftruncate(descriptor, size)
    logger.warning("%s: cut off behind the last good line: %d bytes", path, torn)
