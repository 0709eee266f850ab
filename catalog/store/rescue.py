"""Records that cannot even be opened, made so that they can: a first line that rotted, a journal that is gone."""

from __future__ import annotations

import os
from pathlib import Path

from catalog.errors import NotACatalog
from catalog.store.base import Finding, FindingKind
from catalog.store.catalog import Location, folder_at, has_lost_records, has_remains, open_store
from catalog.store.journals import (
    BESIDE,
    Damage,
    acquire_lock,
    header,
    parse_line,
    set_aside,
    sync_folder,
    told_aside,
)
from catalog.store.layout import JOURNAL

BEGUN_ANEW = "begun anew; the next harvest of their pages brings the uses of pictures"


def rescue(location: Location) -> list[Finding]:
    """Give records a beginning that can be read, where they had none but good lines after it, or nothing at all."""
    folder = folder_at(location)
    path = folder / JOURNAL
    try:
        open_store(folder, read_only=True).close()
    except NotACatalog as error:
        if not has_remains(folder):
            raise
        with acquire_lock(path):
            is_lost = has_lost_records(folder)
            if is_lost:
                _begin(path, b"")
            elif not _mend_header(path):
                raise
        done = BEGUN_ANEW if is_lost else told_aside(JOURNAL)
        return [Finding(FindingKind.DAMAGED_JOURNAL, JOURNAL, str(error), done)]
    return []


def _mend_header(path: Path) -> bool:
    """Give a file whose first line rotted a new one, the old set aside; False where no good line follows it."""
    with path.open("rb") as file:
        first = file.readline()
        body = file.read()
        if all(parse_line(line, 0) is None for line in body.splitlines(keepends=True)):
            return False
        set_aside(path, file.fileno(), [Damage(str(path), 0, len(first) - len(b"\n"))])
    _begin(path, body)
    return True


def _begin(path: Path, body: bytes) -> None:
    """Put a journal with these lines in the place of what is there."""
    beside = path.with_name(f"{path.name}{BESIDE}")
    with beside.open("wb") as file:
        file.write(header() + body)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)
