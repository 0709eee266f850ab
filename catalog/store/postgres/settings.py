"""What all machines of a team have in common, in the catalog's database: its id, its format, where originals lie."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache

from catalog.errors import NotACatalog, UnsupportedVersion
from catalog.store.postgres.addresses import without_password
from catalog.store.postgres.connection import Connection

# The number of the newest migration.
FORMAT = 1

ORIGINALS = "originals"
CATALOG_ID = "catalog"


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """A catalog's id, a random UUID, and where its originals lie: an `s3://` address or an absolute folder."""

    catalog_id: str
    originals: str


def read_format(connection: Connection) -> int:
    """The number of the newest migration that was applied, 0 where the database has no catalog."""
    ((is_there,),) = connection.fetch("SELECT to_regclass('migrations') IS NOT NULL")
    if not is_there:
        return 0
    ((version,),) = connection.fetch("SELECT coalesce(max(version), 0) FROM migrations")
    return int(version)


def require_format(connection: Connection) -> None:
    """Raise NotACatalog where there is none, UnsupportedVersion where it has another format than this program's."""
    version = read_format(connection)
    if not version:
        raise NotACatalog(
            f"{connection}: there is no catalog in this database; `photodesk migrate {connection}` makes one"
        )
    if version > FORMAT:
        raise UnsupportedVersion(
            f"{connection}: written by a later photodesk (format {version}, this reads {FORMAT})"
        )
    if version < FORMAT:
        raise UnsupportedVersion(
            f"{connection}: written by an earlier photodesk (format {version}, this needs {FORMAT}): "
            f"`photodesk migrate {connection}` brings it up to date"
        )


def is_migrated(address: str) -> bool:
    """Whether a database has a catalog, of whatever format; CatalogUnreachable where it does not answer."""
    with closing(Connection(address, read_only=True)) as connection:
        return bool(read_format(connection))


# They never change once the catalog has pictures; workers ask for each batch of pictures.
@lru_cache(maxsize=8)
def read_settings(address: str) -> TeamSettings:
    """The settings of the catalog in a database."""
    with closing(Connection(address, read_only=True)) as connection:
        require_format(connection)
        return settings_of(connection)


def settings_of(connection: Connection) -> TeamSettings:
    """The settings of a catalog that is open."""
    found = {str(name): str(value) for name, value in connection.fetch("SELECT name, value FROM settings")}
    try:
        return TeamSettings(found[CATALOG_ID], found[ORIGINALS])
    except KeyError as error:
        told = f"{without_password(str(connection))}: the setting {error} is gone"
        raise NotACatalog(told) from None
