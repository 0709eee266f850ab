"""What can be wrong with a catalog, as every part of it tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What is wrong."""

    DAMAGED_JOURNAL = "damaged journal"
    TORN_JOURNAL = "torn journal"
    UNREADABLE_RECORD = "unreadable record"
    WRONG_DIGEST = "wrong digest"
    STRAY_FILE = "stray file"
    LEFT_OVER = "left over"
    FILE_WITHOUT_RECORD = "file without record"
    RECORD_WITHOUT_FILE = "record without file"
    UNKNOWN_ASSET = "unknown asset"
    UNKNOWN_PAGE = "unknown page"
    DAMAGED_DERIVED = "damaged derived file"
    STALE_DERIVED = "stale derived file"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: what, where in the catalog, more words, and what was done about it."""

    kind: FindingKind
    path: str
    detail: str = ""
    mended: str = ""

    def __str__(self) -> str:
        parts = [f"{self.path}: {self.kind.value}", f" ({self.detail})" if self.detail else ""]
        return "".join([*parts, f": {self.mended}" if self.mended else ""])
