"""TinyDB's tables over the journal.

TinyDB's own file is rewritten whole, and in place, at every insert. A storage, a table and a document class of ours,
its documented extension points, write only what changed.

The store goes through the tables wherever that costs at most 1.1 times what the storage's own methods cost: finding
a record by its key costs 1.05 times as much (one that is not there 1.0, a small one 1.06), going through a table 1.04,
the query for a run that did not end 0.7, putting a record in a batch 1.03 to 1.06, on the disk by itself 1.0. It asks
the storage where the tables cost more, as `scripts/bench tinydb_tables` measures on 20,000 usages:

- counting, 1.6 times, with a `__len__` of the table's own (one more call, 0.06 microseconds a table);
- the keys of a table, 95 times, since TinyDB has no keys without documents;
- one field of every record, 31 times, since the journal's index has it at hand;
- what may say a word, 1.4 times, since the storage passes over lines before they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb import where as where
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from catalog.store.journals import Journal, JournalEntry, Name, SharedJournal, copy_document


class JournalStorage(Storage):
    """TinyDB's storage interface over a journal.

    `read` and `write` serve what TinyDB does with whole databases; our tables read and append a document at a time.
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
        # What the batch that is open has put so far, by table and key; None outside of one.
        self.pending: dict[tuple[str, str], JournalEntry] | None = None

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The whole database, as TinyDB's interface asks for it."""
        names = set(self.journal.tables) | {table for table, _ in self.pending or {}}
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
        if self.pending is None:
            self.journal.append(changes)
        else:
            self.pending.update({(change.table, change.key): change for change in changes})

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect what is appended and write it at the end; on an exception none of it counts."""
        if self.pending is not None:
            yield
            return
        self.pending = {}
        try:
            yield
            self.journal.append(self.pending.values())
        finally:
            self.pending = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While what is read is changed and written; nobody else writes this journal at all."""
        yield

    def get(self, table: str, key: str) -> dict[str, Any] | None:
        """One document, a copy of its own."""
        change = (self.pending or {}).get((table, key))
        if change is None:
            return self.journal.get(table, key)
        return None if change.document is None else copy_document(change.document)

    def keys(self, table: str) -> list[str]:
        """The keys of a table, in the order in which they came."""
        rows: dict[str, object] = dict.fromkeys(self.journal.tables.get(table, {}))
        for (name, key), change in (self.pending or {}).items():
            if name == table and change.document is None:
                rows.pop(key, None)
            elif name == table:
                rows[key] = None
        return list(rows)

    def count(self, table: str) -> int:
        """How many documents a table holds."""
        return len(self.keys(table)) if self.pending else len(self.journal.tables.get(table, {}))

    def values(self, table: str, field: str) -> Iterator[tuple[str, Any]]:
        """Every key of a table with one field of its document."""
        if not self.pending:
            yield from self.journal.values(table, field)
            return
        yield from ((key, document.get(field)) for key, document in self.rows(table))

    def rows(self, table: str, words: Sequence[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every key of a table with its document; with folded words those that say none of them may be left out."""
        if not self.pending:
            yield from self.journal.documents(table, words)
            return
        for key in self.keys(table):
            document = self.get(table, key)
            if document is not None:
                yield key, document


class SharedStorage(JournalStorage):
    """TinyDB's storage interface over a shared journal: what is read and written in one turn is of one state."""

    journal: SharedJournal

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.journal = SharedJournal(path, read_only=read_only)
        self.pending: dict[tuple[str, str], JournalEntry] | None = None
        # The turn that ends with the batch.
        self._batch_turn: ExitStack | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have the turn; within a batch until that ends, for what it puts is written then."""
        if self._batch_turn is None:
            with self.journal.turn():
                yield
            return
        if not self.journal.has_turn:
            self._batch_turn.enter_context(self.journal.turn())
        yield

    def append(self, changes: Iterable[JournalEntry]) -> None:
        """Write changes in a turn, or keep them for the end of the batch."""
        with self.turn():
            super().append(changes)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect what is appended and write it at the end; who puts nothing takes no turn."""
        if self._batch_turn is not None:
            yield
            return
        self._batch_turn = ExitStack()
        try:
            with self._batch_turn, super().batch():
                yield
        finally:
            self._batch_turn = None


class KeyedDocument(Document):
    """A document of a table. Its id is the record's key; it is made in a quarter of the time of TinyDB's own."""

    __slots__ = ("doc_id",)

    def __init__(self, value: Mapping[str, Any], doc_id: str) -> None:
        self.update(value)
        self.doc_id: str = doc_id  # type: ignore[assignment]  # TinyDB annotates int, and documents that it may differ


class JournalTable(Table):
    """A TinyDB table that reads and writes a document at a time; what is overridden here is what the store uses.

    All else that TinyDB's tables do goes through `read` and `write` of the storage, and so through every document.
    """

    document_class = KeyedDocument  # type: ignore[assignment]  # as above
    document_id_class = str  # type: ignore[assignment]  # as above
    _storage: JournalStorage

    def __init__(self, storage: JournalStorage, name: str) -> None:
        # No result of a query is kept: a reader is to see what a writer has put since.
        super().__init__(storage, name, cache_size=0)

    def get(  # type: ignore[override]  # as above
        self, cond: QueryLike | None = None, doc_id: str | None = None, doc_ids: list[str] | None = None
    ) -> Any:  # noqa: ANN401 - a document or a list of them, as TinyDB has it
        """The document with an id, None where there is none; without an id what TinyDB's own table finds."""
        if doc_id is None:
            return super().get(cond, None, doc_ids)  # type: ignore[arg-type]  # as above
        storage = self._storage
        document = (storage if storage.pending else storage.journal).get(self._name, doc_id)
        return None if document is None else KeyedDocument(document, doc_id)

    def search(self, cond: QueryLike) -> list[Document]:
        """The documents that a query holds for, in the order in which they came."""
        return [document for document in self if cond(document)]

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[Any]:
        """Put a document under its id; fields that only the one before has stay. What is as it was is not written."""
        if cond is not None or not isinstance(document, KeyedDocument):
            return super().upsert(document, cond)
        stored = self._storage.get(self._name, document.doc_id)
        wanted = document if stored is None else stored | document
        if wanted != stored:
            self._storage.append([JournalEntry(self._name, document.doc_id, wanted)])
        return [document.doc_id]

    def remove(  # type: ignore[override]  # as above
        self, cond: QueryLike | None = None, doc_ids: Iterable[str] | None = None
    ) -> list[Any]:
        """Delete the documents with these ids; without ids what TinyDB's own table does."""
        if doc_ids is None:
            return super().remove(cond)
        found = [doc_id for doc_id in doc_ids if self._storage.get(self._name, doc_id) is not None]
        self._storage.append([JournalEntry(self._name, doc_id, None) for doc_id in found])
        return found

    def __iter__(self) -> Iterator[Document]:
        return (KeyedDocument(document, key) for key, document in self._storage.rows(self._name))


class JournalDB(TinyDB):
    """TinyDB over a journal."""

    table_class = JournalTable  # type: ignore[assignment]  # annotated too narrowly
    default_storage_class = JournalStorage  # type: ignore[assignment]  # as above

    def table(self, name: str, **options: object) -> JournalTable:
        """The table of this name."""
        return cast("JournalTable", super().table(name, **options))
