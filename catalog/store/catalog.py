"""Opening a catalog by its location."""

from __future__ import annotations

import os
from pathlib import Path

from catalog.errors import CatalogUnwritable, NotACatalog
from catalog.store.embedded import EmbeddedStore
from catalog.store.layout import ANY_ORIGINAL, DERIVED, JOURNAL, JOURNAL_INDEX, ORIGINALS


def open_store(folder: Path, *, read_only: bool = False, reads_all: bool = False) -> EmbeddedStore:
    """The store in a catalog's folder, which is made when it is opened to write.

    With `reads_all` every record is looked at, not only where the derived file says it lies.
    Raises NotACatalog where there is none to read, where the folder holds other things than a catalog, and where the
    records of originals are gone.
    """
    if has_lost_records(folder):
        state = "empty" if (folder / JOURNAL).exists() else "gone"
        raise NotACatalog(
            f"{folder / JOURNAL}: it is {state}, though there are originals; put back a copy of it, or let "
            "`photodesk check --repair` make the records of pictures again"
        )
    if not read_only:
        _prepare(folder)
    elif not (folder / JOURNAL).is_file():
        raise no_catalog(folder)
    places = None if reads_all else folder / DERIVED / JOURNAL_INDEX
    return EmbeddedStore(folder / JOURNAL, read_only=read_only, places=places)


def no_catalog(folder: Path) -> NotACatalog:
    """What is told of a folder without a catalog, or of a file in its place."""
    if os.path.lexists(folder) and not folder.is_dir():
        return NotACatalog(f"{folder}: it is no folder; a catalog is one")
    return NotACatalog(
        f"{folder}: there is no catalog here; `photodesk harvest --catalog {folder}` makes one"
    )


def has_lost_records(folder: Path) -> bool:
    """Whether a catalog's journal is empty or gone beside originals, which come after its first line."""
    journal = folder / JOURNAL
    is_lost = not journal.stat().st_size if journal.is_file() else not journal.exists()
    return is_lost and next((folder / ORIGINALS).glob(ANY_ORIGINAL), None) is not None


def _prepare(folder: Path) -> None:
    if (folder / JOURNAL).is_file():
        return
    if os.path.lexists(folder) and not folder.is_dir():
        raise no_catalog(folder)
    try:
        if folder.is_dir() and any(not one.name.startswith(JOURNAL) for one in folder.iterdir()):
            raise NotACatalog(f"{folder}: the folder holds other things than a catalog")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnwritable(f"{folder}: {error.strerror or error}") from error
