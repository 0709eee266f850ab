"""Marks: what could be seen at a moment, and what was put by transactions that were not seen then.

A number that grows would lose what is written early and ends late; a snapshot knows which transactions had not ended.
"""

from __future__ import annotations

import re

from catalog.store.base import Put
from catalog.store.postgres.connection import Connection
from catalog.store.postgres.tables import TABLES
from catalog.store.postgres.values import unescape

_SNAPSHOT = re.compile(r"[0-9]+:[0-9]+:[0-9,]*")

# What a reader is told of as new.
_TOLD = ("pages", "usages", "assets", "decisions")

_KEY_FIELDS = {table.name: table.key_field for table in TABLES}

# Nothing before the oldest transaction that was under way then can be new: the index on the numbers leads there.
_NEW = "xid >= pg_snapshot_xmin(%s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)"


class Marks:
    """Marks of one database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._place = self._name_place()

    def make(self) -> str:
        """What can be seen now."""
        ((snapshot,),) = self._connection.fetch("SELECT pg_current_snapshot()::text")
        return f"{self._place} {snapshot}"

    def put_since(self, mark: str) -> Put | None:
        """What was put by transactions that a mark's snapshot does not see; None for another database's mark."""
        snapshot = self._read(mark)
        if snapshot is None:
            return None
        return Put(*(self._list_keys(name, snapshot) for name in Put._fields))

    def is_new(self, mark: str) -> bool:
        """Whether anything was put since a mark was made."""
        snapshot = self._read(mark)
        asked = " OR ".join(f"EXISTS (SELECT FROM {name} WHERE {_NEW})" for name in _TOLD)
        return snapshot is None or bool(
            self._connection.fetch(f"SELECT {asked}", [snapshot] * 2 * len(_TOLD))[0][0]
        )

    def _list_keys(self, name: str, snapshot: str) -> list[str]:
        rows = self._connection.fetch(
            f"SELECT body->>%s FROM {name} WHERE {_NEW} ORDER BY key",  # noqa: S608 - names of ours
            (_KEY_FIELDS[name], snapshot, snapshot),
        )
        return [unescape(key) for (key,) in rows]

    def _read(self, mark: str) -> str | None:
        place, _, snapshot = mark.rpartition(" ")
        return snapshot if place == self._place and _SNAPSHOT.fullmatch(snapshot) else None

    def _name_place(self) -> str:
        """What tells this database from others, and from itself after a restore: it numbers its own transactions."""
        ask = (
            "SELECT system_identifier, timeline_id, (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "FROM pg_control_system(), pg_control_checkpoint()"
        )
        return " ".join(str(one) for one in self._connection.fetch(ask)[0])
