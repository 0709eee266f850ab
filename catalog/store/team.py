"""A team's catalog by the address of its database: its records, where its originals lie, its local derived files.

The room of its store is loaded when there is one: nobody else waits for that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from assets import LocalOriginals, OriginalStore
from catalog.errors import CatalogLocked, CatalogUnwritable, MissingExtra
from catalog.store.base import Store
from catalog.store.journals import acquire_lock
from catalog.store.layout import DERIVED, ORIGINALS

# Where each machine keeps what can be made again, or fetched again, of the catalogs of its teams.
CACHE_VARIABLE = "PHOTODESK_CACHE"


def open_team_store(address: str, *, read_only: bool) -> Store:
    """The records of the catalog in a database."""
    from catalog.store.postgres import PostgresStore

    return PostgresStore(address, read_only=read_only)


def has_team_catalog(address: str) -> bool:
    """Whether a database has a catalog; CatalogUnreachable where it does not answer."""
    from catalog.store.postgres import is_migrated

    return is_migrated(address)


def require_team_catalog(address: str) -> None:
    """Raise NotACatalog where a database has none, UnsupportedVersion where it is of another format."""
    from catalog.store.postgres import PostgresStore

    PostgresStore(address, read_only=True).close()


def find_team_originals(address: str) -> OriginalStore:
    """The originals of a team's catalog, in its bucket or in the folder that all machines share."""
    from catalog.store.postgres import read_settings

    place = read_settings(address).originals
    if not place.startswith("s3://"):
        return LocalOriginals(Path(place), is_shared=True)
    try:
        make_bucket = import_module("assets").BucketOriginals
    except ImportError as error:
        raise MissingExtra("originals in a bucket need obstore: pip install 'photodesk[team]'") from error
    originals: OriginalStore = make_bucket(place, _cache_of(address) / ORIGINALS)
    return originals


def find_team_derived(address: str) -> Path:
    """This machine's folder of what is derived from a team's catalog; it is there."""
    folder = _cache_of(address) / DERIVED
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnwritable(
            f"{error.filename or folder}: {error.strerror or error}; ${CACHE_VARIABLE} names another folder"
        ) from error
    return folder


@contextmanager
def hold_derived(folder: Path) -> Iterator[None]:
    """Write derived files of this machine alone; CatalogLocked where another process does."""
    try:
        lock = acquire_lock(folder)
    except CatalogLocked as error:
        told = f"{folder}: in use by {error.holder}; with another folder in ${CACHE_VARIABLE} both can write"
        raise CatalogLocked(told, error.holder) from error
    try:
        yield
    finally:
        lock.release()


def _cache_of(address: str) -> Path:
    from catalog.store.postgres import read_settings

    return find_cache() / read_settings(address).catalog_id


def find_cache() -> Path:
    """This machine's folder for what it keeps of teams' catalogs."""
    if own := os.environ.get(CACHE_VARIABLE):
        return Path(own).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).absolute() / "photodesk"
