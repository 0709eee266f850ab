"""One catalog by its location: the only place that knows a folder from another kind of location."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from assets import LocalOriginals, OriginalStore
from catalog.errors import CatalogUnwritable, NotACatalog
from catalog.store.base import Finding, FindingKind, Store
from catalog.store.embedded import EmbeddedStore
from catalog.store.journals import BESIDE, acquire_lock, nobody_writing, read_snapshot
from catalog.store.layout import ANY_ORIGINAL, DECISIONS, DERIVED, JOURNAL, JOURNAL_INDEX, ORIGINALS
from catalog.store.postgres import is_address, without_password
from catalog.store.team import (
    find_team_derived,
    find_team_originals,
    has_team_catalog,
    hold_derived,
    open_team_store,
    require_team_catalog,
)

# A folder's path, or an address whose scheme says what kind of catalog it is.
Location: TypeAlias = str | os.PathLike[str]

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Catalog:
    """One catalog: its records, its originals, and the local folder of what is derived from both.

    `location` opens it again, in another process too; a database's may hold a password, so that only `name` is shown.
    A context manager: it is closed at the end.
    """

    location: str = field(repr=False)
    records: Store
    originals: OriginalStore
    derived: Path

    @property
    def name(self) -> str:
        """The location as it may be shown."""
        return without_password(self.location)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing_derived(self) -> Iterator[None]:
        """Keep other processes of this machine from writing features; who writes to a folder alone has its lock.

        CatalogLocked where another one writes them.
        """
        if not self.records.is_shared:
            yield
            return
        with hold_derived(self.derived):
            yield

    def close(self) -> None:
        """Let go of the catalog."""
        self.records.close()


def open_catalog(
    location: Location, *, read_only: bool = False, decides: bool = False, reads_all: bool = False
) -> Catalog:
    """The catalog at a location, which is made there when it is opened to write; a team's is made by `migrate`.

    Who only `decides` writes decisions alone, also while another process writes, and reads the rest.
    With `reads_all` every record is looked at, not only where the derived file says it lies.
    Raises NotACatalog where there is none to read, where the folder holds other things than a catalog, and where the
    records of originals are gone; CatalogLocked where another process writes; CatalogUnwritable. Of a team's catalog
    also CatalogUnreachable, UnsupportedVersion and MissingExtra.
    """
    if address := address_at(location):
        originals, derived = find_team_originals(address), find_team_derived(address)
        return Catalog(address, open_team_store(address, read_only=read_only), originals, derived)
    records = open_store(folder_at(location), read_only=read_only, decides=decides, reads_all=reads_all)
    return Catalog(resolve_location(location), records, originals_at(location), folder_at(location) / DERIVED)


def resolve_location(location: Location) -> str:
    """The location as a process with another working directory needs it."""
    if address := address_at(location):
        return address
    return os.path.abspath(folder_at(location))


def originals_at(location: Location) -> OriginalStore:
    """The originals of the catalog at a location, which is not opened: nothing is asked of its records."""
    if address := address_at(location):
        return find_team_originals(address)
    return LocalOriginals(folder_at(location) / ORIGINALS)


def derived_at(location: Location) -> Path:
    """The local folder of what is derived from the catalog at a location, which is not opened."""
    if address := address_at(location):
        return find_team_derived(address)
    return folder_at(location) / DERIVED


def is_catalog(location: Location) -> bool:
    """Whether there is a catalog to be read."""
    if address := address_at(location):
        return has_team_catalog(address)
    return (folder_at(location) / JOURNAL).is_file()


def has_lost_records(location: Location) -> bool:
    """Whether a catalog's journal is empty or gone beside originals, which come after its first line."""
    if address_at(location):
        return False
    folder = folder_at(location)
    journal = folder / JOURNAL
    is_lost = not journal.stat().st_size if journal.is_file() else not journal.exists()
    return is_lost and next((folder / ORIGINALS).glob(ANY_ORIGINAL), None) is not None


def has_remains(location: Location) -> bool:
    """Whether there is a catalog, or what is left of one."""
    return is_catalog(location) or has_lost_records(location)


def require_catalog(location: Location) -> None:
    """Raise NotACatalog where there is neither a catalog nor what is left of one."""
    if address := address_at(location):
        require_team_catalog(address)
        return
    if not has_remains(location):
        raise no_catalog(folder_at(location))


@contextmanager
def others_kept_out(location: Location) -> Iterator[None]:
    """Hold a catalog's lock, as who writes to it does; a folder that is no catalog gets no lock file.

    A team's catalog has none, since many write to it at the same time.
    CatalogLocked where another process writes; CatalogUnwritable where no lock can be made.
    """
    if address_at(location) or not has_remains(location):
        yield
        return
    lock = acquire_lock(folder_at(location) / JOURNAL)
    try:
        yield
    finally:
        lock.release()


def left_overs(location: Location) -> Iterator[Finding]:
    """What a writer that was killed left beside the records."""
    if address_at(location):
        return
    folder = folder_at(location)
    told = "of a compaction that did not end"
    if (folder / f"{JOURNAL}{BESIDE}").exists():
        yield Finding(FindingKind.LEFT_OVER, f"{JOURNAL}{BESIDE}", told)
    # Others may be compacting this one.
    if (folder / f"{DECISIONS}{BESIDE}").exists():
        with nobody_writing(folder / DECISIONS):
            is_left = (folder / f"{DECISIONS}{BESIDE}").exists()
        if is_left:
            yield Finding(FindingKind.LEFT_OVER, f"{DECISIONS}{BESIDE}", told)


def derived_problems(location: Location) -> Iterator[Finding]:
    """What is wrong with what the store itself derives: the index of the journal, which must be of this journal."""
    if address_at(location):
        return
    folder = folder_at(location)
    places, journal = folder / DERIVED / JOURNAL_INDEX, folder / JOURNAL
    # An empty journal cannot be mapped, and has no index.
    is_of_it = False
    if places.exists() and journal.stat().st_size:
        with journal.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            is_of_it = read_snapshot(places, data) is not None
    if places.exists() and not is_of_it:
        place = f"{DERIVED}/{JOURNAL_INDEX}"
        yield Finding(FindingKind.DAMAGED_DERIVED, place, "it does not belong to the journal")


def unreadable_records(error: NotACatalog) -> Finding:
    """What is told of records that cannot even be opened."""
    return Finding(FindingKind.DAMAGED_JOURNAL, error.file or JOURNAL, str(error))


def remove_left_over(location: Location, finding: Finding) -> None:
    """Remove what `left_overs` told of."""
    folder = folder_at(location)
    is_shared = finding.path.startswith(DECISIONS)
    with nobody_writing(folder / DECISIONS) if is_shared else nullcontext():
        (folder / finding.path).unlink(missing_ok=True)


def open_store(
    folder: Path, *, read_only: bool = False, decides: bool = False, reads_all: bool = False
) -> EmbeddedStore:
    """The records alone, as `open_catalog` opens those of a folder."""
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
    if decides and not (folder / JOURNAL).is_file():
        EmbeddedStore(folder / JOURNAL).close()
    return EmbeddedStore(folder / JOURNAL, read_only=read_only, decides=decides, places=places)


def no_catalog(folder: Path) -> NotACatalog:
    """What is told of a folder without a catalog, or of a file in its place."""
    if os.path.lexists(folder) and not folder.is_dir():
        return NotACatalog(f"{folder}: it is no folder; a catalog is one")
    return NotACatalog(
        f"{folder}: there is no catalog here; `photodesk harvest --catalog {folder}` makes one"
    )


def folder_at(location: Location) -> Path:
    """The folder that a location names; NotACatalog where it names no folder."""
    found = _SCHEME.match(os.fspath(location))
    if found is None:
        return Path(location)
    name = without_password(os.fspath(location))
    raise NotACatalog(f"{name}: a catalog is a folder; none is opened by {found[1]}")


def address_at(location: Location) -> str:
    """The address of a database that a location names, `""` where it is none."""
    text = os.fspath(location)
    return text if is_address(text) else ""


def _prepare(folder: Path) -> None:
    if (folder / JOURNAL).is_file():
        return
    if os.path.lexists(folder) and not folder.is_dir():
        raise no_catalog(folder)
    try:
        if folder.is_dir() and any(not one.name.startswith((JOURNAL, DECISIONS)) for one in folder.iterdir()):
            raise NotACatalog(f"{folder}: the folder holds other things than a catalog")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnwritable(f"{folder}: {error.strerror or error}") from error
