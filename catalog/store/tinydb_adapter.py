"""TinyDB's tables over the journal.

TinyDB's own file is rewritten whole, and in place, at every insert. A storage and a table class of ours, its
documented extension points, write only what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from catalog.store.journal import Journal
from catalog.store.journal_index import Name
from catalog.store.journal_lines import JournalEntry, copied


class JournalStorage(Storage):
    """TinyDB's storage interface over a journal.

    `read` and `write` serve what TinyDB does with whole databases; tables append through `append`.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        read_only: bool = False,
        places: Path | None = None,
        columns: Sequence[Name] = (),
    ) -> None:
        self.journal = Journal(path, read_only=read_only, places=places, columns=columns)
        self._batch: dict[tuple[str, str], JournalEntry] | None = None

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The whole database, as TinyDB's interface asks for it."""
        names = set(self.journal.tables) | {table for table, _ in self._batch or {}}
        return {name: dict(self.rows(name)) for name in sorted(names) if self.count(name)} or None

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the database equal `data`, by the differences."""
        changes: list[JournalEntry] = []
        for name, rows in (self.read() or {}).items():
            changes += [JournalEntry(name, key, None) for key in rows if key not in data.get(name, {})]
        for name, wanted in data.items():
            changes += [
                JournalEntry(name, str(key), document)
                for key, document in wanted.items()
                if self.get(name, str(key)) != document
            ]
        self.append(changes)

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()

    def append(self, changes: Iterable[JournalEntry]) -> None:
        """Write changes, or keep them for the end of the batch."""
        if self._batch is None:
            self.journal.append(changes)
        else:
            self._batch.update({(change.table, change.key): change for change in changes})

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect what is appended and write it at the end; on an exception none of it counts."""
        if self._batch is not None:
            yield
            return
        self._batch = {}
        try:
            yield
            self.journal.append(self._batch.values())
        finally:
            self._batch = None

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        """One document, a copy of its own."""
        change = (self._batch or {}).get((table, key))
        if change is None:
            return self.journal.get(table, key)
        return None if change.document is None else copied(change.document)

    def keys(self, table: str) -> list[str]:
        """The keys of a table, in the order in which they came."""
        rows: dict[str, object] = dict.fromkeys(self.journal.tables.get(table, {}))
        for (name, key), change in (self._batch or {}).items():
            if name == table and change.document is None:
                rows.pop(key, None)
            elif name == table:
                rows[key] = None
        return list(rows)

    def count(self, table: str) -> int:
        """How many documents a table holds."""
        return len(self.keys(table)) if self._batch else len(self.journal.tables.get(table, {}))

    def values(self, table: str, field: str) -> Iterator[tuple[str, Any]]:
        """Every key of a table with one field of its document."""
        if not self._batch:
            yield from self.journal.values(table, field)
            return
        yield from ((key, document.get(field)) for key, document in self.rows(table))

    def rows(self, table: str, words: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every key of a table with its document; with folded words those that say none of them may be left out."""
        if not self._batch:
            yield from self.journal.documents(table, words)
            return
        for key in self.keys(table):
            document = self.get(table, key)
            if document is not None:
                yield key, document


class _Rows(MutableMapping[str, Mapping[str, Any]]):
    """A table as TinyDB sees it: documents read when asked for, what was touched remembered."""

    def __init__(self, storage: JournalStorage, table: str) -> None:
        self._storage = storage
        self._table = table
        self._touched: dict[str, dict[str, Any] | None] = {}

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        if key not in self._touched:
            document = self._storage.get(self._table, key)
            if document is None:
                raise KeyError(key)
            self._touched[key] = document
        touched = self._touched[key]
        if touched is None:
            raise KeyError(key)
        return touched

    def __setitem__(self, key: str, document: Mapping[str, Any]) -> None:
        self._touched[key] = copied(document)

    def __delitem__(self, key: str) -> None:
        self[key]
        self._touched[key] = None

    def __iter__(self) -> Iterator[str]:
        stored = self._storage.keys(self._table)
        yield from [key for key in stored if self._touched.get(key, ...) is not None]
        known = set(stored)
        yield from [
            key for key, document in self._touched.items() if document is not None and key not in known
        ]

    def __len__(self) -> int:
        return sum(1 for _ in self) if self._touched else self._storage.count(self._table)

    def clear(self) -> None:
        """Delete every document."""
        self._touched = dict.fromkeys(self._storage.keys(self._table))

    def changes(self) -> list[JournalEntry]:
        """What differs from what is stored."""
        return [
            JournalEntry(self._table, key, document)
            for key, document in self._touched.items()
            if document != self._storage.get(self._table, key)
        ]


class JournalTable(Table):
    """A TinyDB table that writes only what changed. Document ids are texts: the records' own keys."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB annotates int, and documents that it may differ
    default_query_cache_capacity = 0

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return cast("dict[str, Mapping[str, Any]]", _Rows(self._journal_storage, self.name))

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        rows = _Rows(self._journal_storage, self.name)
        updater(rows)
        self._journal_storage.append(rows.changes())
        self.clear_cache()

    def _get_next_id(self) -> str:
        """The next free number, as a text, for documents inserted without a key."""
        numbers = [int(key) for key in self._journal_storage.keys(self.name) if key.isdecimal()]
        return str(max(numbers, default=0) + 1)

    @property
    def _journal_storage(self) -> JournalStorage:
        storage = self.storage
        if not isinstance(storage, JournalStorage):
            raise TypeError(f"a JournalTable needs a JournalStorage, not {type(storage).__name__}")
        return storage


class JournalDB(TinyDB):
    """TinyDB over a journal."""

    table_class = JournalTable
    default_storage_class = JournalStorage  # type: ignore[assignment]  # annotated too narrowly
