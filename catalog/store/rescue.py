"""Records that cannot even be opened, made so that they can: a first line that rotted, a journal that is gone."""

from __future__ import annotations

from pathlib import Path

from catalog.errors import NotACatalog
from catalog.store.base import Finding, FindingKind
from catalog.store.catalog import Location, address_at, folder_at, has_lost_records, has_remains, open_store
from catalog.store.journals import (
    Damage,
    acquire_lock,
    header,
    is_begun,
    keeps_version,
    nobody_writing,
    parse_line,
    set_aside,
    told_aside,
    write_anew,
)
from catalog.store.layout import DECISIONS, JOURNAL

BEGUN_ANEW = "begun anew; the next harvest of their pages brings the uses of pictures"
DECISIONS_BEGUN_ANEW = "begun anew, with what earlier versions kept elsewhere"


def rescue(location: Location) -> list[Finding]:
    """Give records a beginning that can be read, where they had none but good lines after it, or nothing at all.

    A database's own files are its server's business.
    """
    if address_at(location):
        return []
    folder = folder_at(location)
    found: list[Finding] = []
    # Each journal may need it.
    for _ in range(2):
        try:
            open_store(folder, read_only=True).close()
            break
        except NotACatalog as error:
            if not has_remains(folder):
                raise
            place = error.file or JOURNAL
            done = _rescue_decisions(folder) if place == DECISIONS else _rescue_records(folder)
            if not done:
                raise
            found.append(Finding(FindingKind.DAMAGED_JOURNAL, place, str(error), done))
    if keeps_version(folder / JOURNAL) and not is_begun(folder / DECISIONS) and not found:
        # Whoever opens it to write begins it.
        told = "what was decided is lost, unless there is a copy of it"
        found.append(Finding(FindingKind.DAMAGED_JOURNAL, DECISIONS, told, DECISIONS_BEGUN_ANEW))
    return found


def _rescue_records(folder: Path) -> str:
    """What was done about records that cannot be opened, `""` for nothing."""
    with acquire_lock(folder / JOURNAL):
        if has_lost_records(folder):
            write_anew(folder / JOURNAL, header())
            return BEGUN_ANEW
        return told_aside(JOURNAL) if _mend_header(folder / JOURNAL) else ""


def _rescue_decisions(folder: Path) -> str:
    """As above; a file without a good line is set aside, and begun anew by whoever opens it to write next."""
    path = folder / DECISIONS
    with nobody_writing(path):
        if not _mend_header(path):
            with path.open("rb") as file:
                set_aside(path, file.fileno(), [Damage(str(path), 0, path.stat().st_size)])
            path.unlink()
    return told_aside(DECISIONS)


def _mend_header(path: Path) -> bool:
    """Give a file whose first line rotted a new one, the old set aside; False where no good line follows it."""
    with path.open("rb") as file:
        first = file.readline()
        body = file.read()
        if all(parse_line(line, 0) is None for line in body.splitlines(keepends=True)):
            return False
        set_aside(path, file.fileno(), [Damage(str(path), 0, len(first) - len(b"\n"))])
    write_anew(path, header() + body)
    return True
