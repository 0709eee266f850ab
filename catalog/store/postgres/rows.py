"""Records read and written one by one, by several writers: what any question of the store rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Self, cast

from catalog.model import Record
from catalog.store.base import R, Row, Written
from catalog.store.postgres.batch import GATE, Conflict, Pending, Place
from catalog.store.postgres.connection import Connection, Params, logger
from catalog.store.postgres.settings import require_format
from catalog.store.postgres.tables import TABLE_OF, Table
from catalog.store.postgres.values import load_document, make_key

# Work that others' changes have undone so often is done with all others kept out.
FREE_TRIES = 3

# Records of some 2 kB each, held at once by whoever goes through all of a kind.
PAGE_ROWS = 1000


class Rows:
    """The rows of all kinds, with what the batch that is open has put over them."""

    is_shared = True
    finds_words = True
    damage: tuple[str, ...] = ()

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        self._connection = Connection(address, read_only=read_only)
        self._pending: Pending | None = None
        try:
            require_format(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the catalog."""
        self._connection.close()

    # Batches

    @contextmanager
    def batch(self) -> Iterator[Written]:
        """Collect puts and write them as one transaction; rows that are changed within are locked until its end."""
        if self._pending is not None:
            yield self._pending.written
            return
        with self._collected(Pending()) as pending:
            yield pending.written

    def write_batch(self, work: Callable[[], None]) -> Written:
        """Do work as one batch that locks nothing until its end; again where another writer was quicker."""
        if self._pending is not None:
            work()
            return self._pending.written
        for _ in range(FREE_TRIES):
            try:
                with self._collected(Pending(seen={})) as pending:
                    work()
                return pending.written
            except Conflict as error:
                logger.info("%s: done again, since another writer changed %r", self._connection, str(error))
        with self._collected(Pending()) as pending:
            self._shut_gate(pending)
            work()
        return pending.written

    @contextmanager
    def _collected(self, pending: Pending) -> Iterator[Pending]:
        """Collect puts, and write them at the end."""
        self._pending = pending
        try:
            with ExitStack() as stack:
                pending.stack = stack
                yield pending
                if pending.is_locking:
                    self._write(pending)
            if not pending.is_locking and pending.puts:
                pending.written.new_assets += self._connection.do_in_transaction(
                    lambda: self._pass_gate(pending)
                )
        finally:
            self._pending = None

    def _pass_gate(self, pending: Pending) -> int:
        # A single row is the last one that is waited for.
        if len(pending.puts) > 1:
            self._connection.fetch("SELECT pg_advisory_xact_lock_shared(%s)", (GATE,))
        return pending.write(self._connection)

    def _shut_gate(self, pending: Pending) -> None:
        """Begin a transaction that may lock rows in any order."""
        if not pending.is_locking:
            pending.stack.enter_context(self._connection.transaction())
            pending.is_locking = True
            self._connection.fetch("SELECT pg_advisory_xact_lock(%s)", (GATE,))

    def _write(self, pending: Pending) -> None:
        """Write what was put so far, in the transaction that was begun."""
        pending.written.new_assets += pending.write(self._connection)
        for name, key in pending.list_unused():
            self._connection.fetch(f"DELETE FROM {name} WHERE key = %s", (key,))  # noqa: S608 - a name of ours
        pending.settle()

    def _settle(self) -> None:
        """Have the database itself know what was put, before it is asked something about all records."""
        if self._pending is not None and (self._pending.puts or self._pending.reserved):
            self._shut_gate(self._pending)
            self._write(self._pending)

    # One

    @contextmanager
    def changing(self, kind: type[R], key: str) -> Iterator[Row[R]]:
        """A row to be read, changed and written; nobody else changes it meanwhile, or what was done is done again."""
        table, place = TABLE_OF[kind], make_key(key)
        if self._pending is None:
            with self._collected(Pending()) as pending:
                pending.stack.enter_context(self._connection.transaction())
                pending.is_locking = True
                self._lock_row(pending, table, place)
                yield from self._changed(kind, table, place)
            return
        if self._pending.seen is None:
            self._shut_gate(self._pending)
            self._lock_row(self._pending, table, place)
        yield from self._changed(kind, table, place)

    def _changed(self, kind: type[R], table: Table, key: str) -> Iterator[Row[R]]:
        known = self._find(kind, key)
        row = Row(known)
        yield row
        if row.record is not None and row.record != known:
            self._put(row.record)

    def _lock_row(self, pending: Pending, table: Table, key: str) -> None:
        """Lock a row; one that is not there is made, so that nobody else makes it."""
        if (table.name, key) in pending.puts or (table.name, key) in pending.reserved:
            return
        lock = f"SELECT true FROM {table.name} WHERE key = %s FOR UPDATE"  # noqa: S608 - a name of ours
        while not self._connection.fetch(lock, (key,)):
            if self._connection.fetch(table.reserve, (key,)):
                pending.reserved.add((table.name, key))
                return

    def _put(self, record: Record) -> None:
        table = TABLE_OF[type(record)]
        if self._pending is not None:
            self._pending.put(table, table.key_of(record), record)
            return
        with self.batch():
            self._put(record)

    def _delete(self, kind: type[Record], key: str) -> None:
        table = TABLE_OF[kind]
        with self.batch():
            if self._pending is not None:
                self._pending.put(table, make_key(key), None)

    def _find(self, kind: type[R], key: str) -> R | None:
        """The record with a key as its table has it."""
        table = TABLE_OF[kind]
        place = (table.name, key)
        if self._pending is not None and place in self._pending.puts:
            return _copy(cast("R | None", self._pending.puts[place][1]))
        statement = f"SELECT xid::text, body::text FROM {table.name} WHERE key = %s"  # noqa: S608 - a name of ours
        found = self._connection.fetch(statement, (key,))
        if self._pending is not None:
            self._pending.note_seen(table, key, found[0][0] if found else None)
            if place in self._pending.reserved:
                return None
        return kind.from_json(load_document(found[0][1])) if found else None

    # Several

    def _list(
        self,
        kind: type[R],
        condition: str,
        params: Params,
        is_meant: Callable[[R], bool],
        order: str = "came",
    ) -> list[R]:
        """The records for which a condition holds, those of the open batch by `is_meant`."""
        table = TABLE_OF[kind]
        rows = self._connection.fetch(
            f"SELECT key, xid::text, body::text FROM {table.name} WHERE {condition} ORDER BY {order}",  # noqa: S608
            params,
        )
        return [*self._read(kind, rows), *self._list_put(kind, is_meant)]

    def _go_through(
        self, kind: type[R], condition: str, params: Params, is_meant: Callable[[R], bool]
    ) -> Iterator[R]:
        """The same a page at a time, in the order of keys."""
        table, after = TABLE_OF[kind], ""
        statement = (
            f"SELECT key, xid::text, body::text FROM {table.name} "  # noqa: S608 - names of ours
            f"WHERE key > %s AND {condition} ORDER BY key LIMIT {PAGE_ROWS}"
        )
        put = list(self._list_put(kind, is_meant))
        while True:
            rows = self._connection.fetch(statement, (after, *params))
            yield from self._read(kind, rows)
            if len(rows) < PAGE_ROWS:
                break
            after = rows[-1][0]
        yield from put

    def _read(self, kind: type[R], rows: list[tuple[Any, ...]]) -> Iterator[R]:
        table, pending = TABLE_OF[kind], self._pending
        for key, xid, body in rows:
            if pending is not None:
                place: Place = (table.name, key)
                if place in pending.puts or place in pending.reserved:
                    continue
                pending.note_seen(table, key, xid)
            yield kind.from_json(load_document(body))

    def _list_put(self, kind: type[R], is_meant: Callable[[R], bool]) -> Iterator[R]:
        name = TABLE_OF[kind].name
        for (table, _), (_, record) in list((self._pending.puts if self._pending else {}).items()):
            if table == name and record is not None and is_meant(cast("R", record)):
                yield cast("R", _copy(record))


def _copy(record: R | None) -> R | None:
    """A record that shares nothing with the one that was put."""
    return None if record is None else type(record).from_json(record.to_json())
