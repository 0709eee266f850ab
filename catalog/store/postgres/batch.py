"""What a batch has put so far, and how it is written: in one order for all writers, so that none waits in a circle.

There are three ways to write, and no circle among them:

- A batch of puts, and one of `write_batch`, holds no lock while its work is done. At its end it takes the gate
  shared, and writes row by row in the order of tables and keys: who holds a row that it waits for waits for later ones.
- A batch that locks rows one by one, in whatever order (`changing` in `batch`), takes the gate for itself first, so
  that it waits for rows that are written at that moment alone.
- A single row that is put or changed outside of a batch is the only one that is locked, and waits for nothing
  afterwards. A decision is such a row: it waits for no harvest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby

from catalog.model import Record
from catalog.store.base import Written
from catalog.store.postgres.connection import Connection, Params
from catalog.store.postgres.tables import ORDER, Table

# The advisory lock of those who write several rows: an arbitrary number of ours.
GATE = 0x70686F7467

Place = tuple[str, str]


class Conflict(Exception):
    """Another writer changed what a batch had read."""


@dataclass(slots=True)
class Pending:
    """One batch. `puts` are records by table and key, None for those to be deleted.

    `seen` are the transactions that wrote the rows it has read, None where there was no row: they must not have changed
    at the end. Without it whatever is there is replaced. `reserved` are rows it has made to lock them, which hold
    nothing yet. `stack` holds the transaction once it `is_locking`.
    """

    written: Written = field(default_factory=Written)
    puts: dict[Place, tuple[Table, Record | None]] = field(default_factory=dict)
    seen: dict[Place, str | None] | None = None
    reserved: set[Place] = field(default_factory=set)
    stack: ExitStack = field(default_factory=ExitStack)
    is_locking: bool = False

    def put(self, table: Table, key: str, record: Record | None) -> None:
        """Keep a record, or its deletion, for the end."""
        self.puts[table.name, key] = table, record

    def note_seen(self, table: Table, key: str, xid: str | None) -> None:
        """Remember which transaction wrote a row, as it was when it was first read."""
        if self.seen is not None:
            self.seen.setdefault((table.name, key), xid)

    def write(self, connection: Connection) -> int:
        """Write what was put, within a transaction; how many assets are new. Conflict where others were quicker."""
        places = sorted(self.puts, key=lambda place: (ORDER[place[0]], place[1]))
        new = 0
        for (name, statement), run in groupby(places, self._statement_for):
            places_of_run = list(run)
            rows = [self._params_for(place) for place in places_of_run]
            if self.puts[places_of_run[-1]][1] is not None:
                key, body = rows[-1][:2]
                connection.witness(name, str(key), str(body))
            for place, found in zip(places_of_run, connection.run_many(statement, rows), strict=True):
                is_new = bool(found and found[0][0]) or place in self.reserved
                known = self.seen.get(place, "") if self.seen is not None else ""
                if known != "" and (not found or (is_new and known is not None)):
                    raise Conflict(f"{name} {place[1]}")
                new += is_new and name == "assets"
        return new

    def _statement_for(self, place: Place) -> tuple[str, str]:
        table, record = self.puts[place]
        is_known = self.seen is not None and place in self.seen
        if record is None:
            return table.name, table.delete_unchanged if is_known else table.delete
        return table.name, table.upsert_unchanged if is_known else table.upsert

    def _params_for(self, place: Place) -> Params:
        table, record = self.puts[place]
        params = (place[1],) if record is None else table.values_of(record)
        is_known = self.seen is not None and place in self.seen
        return (*params, self.seen[place]) if is_known and self.seen is not None else params

    def list_unused(self) -> Iterator[Place]:
        """Rows that were made to be locked, and that nothing was put into."""
        return (place for place in sorted(self.reserved) if place not in self.puts)

    def settle(self) -> None:
        """Know that all that was put is written, as its own transaction did."""
        for place in self.puts:
            if self.seen is not None:
                self.seen.pop(place, None)
        self.puts.clear()
        self.reserved.clear()
