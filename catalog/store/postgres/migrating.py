"""Migrations: the schema of a catalog made, or brought to this program's format, by numbered files of SQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from catalog.errors import CatalogError, UnsupportedVersion
from catalog.store.postgres.connection import Connection
from catalog.store.postgres.settings import (
    CATALOG_ID,
    FORMAT,
    ORIGINALS,
    TeamSettings,
    read_format,
    read_settings,
    settings_of,
)
from catalog.store.postgres.tables import TABLES

# Two that migrate at once take turns: an arbitrary number of ours.
LOCK = 0x70686F746F

_VERSIONS = """
    CREATE TABLE IF NOT EXISTS migrations (
        version integer PRIMARY KEY,
        applied timestamptz NOT NULL DEFAULT now()
    )
"""


def migrate(
    address: str, originals: str = "", tell: Callable[[str], None] = lambda _line: None
) -> TeamSettings:
    """Make the catalog in a database, or bring it up to date; the settings it has then.

    `originals` is where the originals of a new catalog lie: an `s3://` address with a bucket, or an absolute folder
    that all machines share; without it a folder of this machine. UnsupportedVersion where a later program wrote it.
    """
    with closing(Connection(address)) as connection, connection.transaction():
        connection.fetch("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        before = read_format(connection)
        if before > FORMAT:
            raise UnsupportedVersion(
                f"{connection}: written by a later photodesk (format {before}, this knows {FORMAT})"
            )
        if not before:
            connection.run_script(_VERSIONS)
        for version in range(before + 1, FORMAT + 1):
            connection.run_script(_read(f"migrations/{version:04}.sql"))
            connection.fetch("INSERT INTO migrations (version) VALUES (%s)", (version,))
            tell(f"migration {version} applied")
        connection.run_script(_read("words.sql"))
        _settle_numbers(connection)
        if not before:
            _write_settings(connection, originals)
        settings = settings_of(connection)
        if originals and check_place(originals) != settings.originals:
            settings = _move_originals(connection, settings, check_place(originals))
    read_settings.cache_clear()
    return settings


def check_place(originals: str) -> str:
    """A place for originals in its standard form; CatalogError where it is none that all machines can have."""
    if originals.startswith("s3://"):
        if not originals.removeprefix("s3://").strip("/"):
            raise CatalogError(f"{originals}: an address of originals names a bucket, as s3://bucket/prefix")
        return originals.rstrip("/")
    if "://" in originals:
        raise CatalogError(f"{originals}: originals lie at s3://bucket/prefix or in a folder")
    if not os.path.isabs(originals):
        raise CatalogError(
            f"{originals}: a folder of originals is named from the root, the same on all machines"
        )
    return os.path.normpath(originals)


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _write_settings(connection: Connection, originals: str) -> None:
    catalog_id = str(uuid.uuid4())
    place = check_place(originals) if originals else str(_own_folder(catalog_id))
    for name, value in ((CATALOG_ID, catalog_id), (ORIGINALS, place)):
        connection.fetch("INSERT INTO settings (name, value) VALUES (%s, %s)", (name, value))


def _own_folder(catalog_id: str) -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base).absolute() / "photodesk" / catalog_id / "originals"


def _move_originals(connection: Connection, known: TeamSettings, place: str) -> TeamSettings:
    """Take another place for originals, as long as there are none."""
    ((has_assets,),) = connection.fetch("SELECT EXISTS (SELECT FROM assets)")
    if has_assets:
        raise CatalogError(
            f"{connection}: the originals of this catalog lie at {known.originals}; it has pictures, so that "
            "they would have to be moved first"
        )
    connection.fetch("UPDATE settings SET value = %s WHERE name = %s", (place, ORIGINALS))
    return TeamSettings(known.catalog_id, place)


def _settle_numbers(connection: Connection) -> None:
    """Number rows anew that another server's transactions wrote, as after a restore: here those are yet to come."""
    for table in TABLES:
        connection.fetch(
            f"UPDATE {table.name} SET xid = pg_current_xact_id() "  # noqa: S608 - a name of ours
            "WHERE xid > pg_current_xact_id()"
        )
