"""The embedded store: TinyDB over an append-only journal.

TinyDB's own file is rewritten whole, and in place, at every insert. A storage and a table class of ours, its
documented extension points, write only what changed.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table

from catalog.errors import CatalogUnwritable, NotACatalog
from catalog.journal import Change, Damage, Journal
from catalog.model import AssetRecord, FetchRecord, PageRecord, Record, RunRecord, SiteState, UsageRecord

JOURNAL = "catalog.jsonl"
ORIGINALS = "originals"

R = TypeVar("R", bound=Record)


class JournalStorage(Storage):
    """TinyDB's storage interface over a journal.

    `read` and `write` serve what TinyDB does with whole databases; tables append through `append`.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        self.journal = Journal(path, read_only=read_only)
        self._batch: dict[tuple[str, str], Change] | None = None

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The whole database, as TinyDB's interface asks for it."""
        names = set(self.journal.tables) | {table for table, _ in self._batch or {}}
        return {name: dict(self.rows(name)) for name in sorted(names) if self.count(name)} or None

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the database equal `data`, by the differences."""
        changes: list[Change] = []
        for name, rows in (self.read() or {}).items():
            changes += [Change(name, key, None) for key in rows if key not in data.get(name, {})]
        for name, wanted in data.items():
            changes += [
                Change(name, str(key), document)
                for key, document in wanted.items()
                if self.get(name, str(key)) != document
            ]
        self.append(changes)

    def close(self) -> None:
        """Close the journal."""
        self.journal.close()

    def append(self, changes: Iterable[Change]) -> None:
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
        return None if change.document is None else copy.deepcopy(dict(change.document))

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

    def rows(self, table: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every key of a table with its document."""
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
        self._touched[key] = copy.deepcopy(dict(document))

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

    def changes(self) -> list[Change]:
        """What differs from what is stored."""
        return [
            Change(self._table, key, document)
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


class TinyStore:
    """A `Store` in TinyDB. With `path` None it lives as long as the process."""

    def __init__(self, path: Path | None = None, *, read_only: bool = False) -> None:
        self._db = JournalDB(path, read_only=read_only)
        storage = self._db.storage
        if not isinstance(storage, JournalStorage):
            raise TypeError("TinyDB was given another storage")
        self._storage = storage
        self._by_page: dict[str, dict[str, None]] | None = None
        self._by_asset: dict[str, dict[str, None]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def damage(self) -> Sequence[Damage]:
        """What was found damaged when the catalog was opened."""
        return self._storage.journal.damage

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Collect puts and write them as one batch."""
        try:
            with self._storage.batch():
                yield
        except BaseException:
            # The indexes may hold what was not written.
            self._by_page = self._by_asset = None
            raise

    # Put

    def put_page(self, record: PageRecord) -> None:
        """Keep a page."""
        self._put("pages", record.key, record)

    def put_usage(self, record: UsageRecord) -> None:
        """Keep a usage."""
        known = self.usage(record.key)
        self._put("usages", record.key, record)
        if self._by_page is not None and self._by_asset is not None:
            if known is not None and known.asset != record.asset:
                self._by_asset[known.asset].pop(record.key, None)
            self._by_page[record.page][record.key] = None
            self._by_asset[record.asset][record.key] = None

    def put_asset(self, record: AssetRecord) -> None:
        """Keep an asset."""
        self._put("assets", record.sha256, record)

    def put_fetch(self, record: FetchRecord) -> None:
        """Keep how an address ended."""
        self._put("fetches", record.url, record)

    def put_run(self, record: RunRecord) -> None:
        """Keep a run."""
        self._put("runs", record.key, record)

    def put_site_state(self, record: SiteState) -> None:
        """Keep how far a site has been read."""
        self._put("sites", record.api_root, record)

    def _put(self, table: str, key: str, record: Record) -> None:
        self._db.table(table).upsert(Document(record.to_json(), key))  # type: ignore[arg-type]

    # Find

    def page(self, key: str) -> PageRecord | None:
        """The page with this key."""
        return self._one("pages", key, PageRecord)

    def usage(self, key: str) -> UsageRecord | None:
        """The usage with this key."""
        return self._one("usages", key, UsageRecord)

    def asset(self, sha256: str) -> AssetRecord | None:
        """The asset with this digest."""
        return self._one("assets", sha256, AssetRecord)

    def fetch(self, url: str) -> FetchRecord | None:
        """How an address last ended."""
        return self._one("fetches", url, FetchRecord)

    def run(self, key: str) -> RunRecord | None:
        """The run with this key."""
        return self._one("runs", key, RunRecord)

    def site_state(self, api_root: str) -> SiteState | None:
        """How far a site has been read."""
        return self._one("sites", api_root, SiteState)

    def _one(self, table: str, key: str, kind: type[R]) -> R | None:
        document = self._storage.get(table, key)
        return None if document is None else kind.from_json(document)

    # Go through

    def pages(self) -> Iterator[PageRecord]:
        """Every page, in the order in which they came."""
        return self._all("pages", PageRecord)

    def usages(self) -> Iterator[UsageRecord]:
        """Every usage, in the order in which they came."""
        return self._all("usages", UsageRecord)

    def assets(self) -> Iterator[AssetRecord]:
        """Every asset, in the order in which they came."""
        return self._all("assets", AssetRecord)

    def fetches(self) -> Iterator[FetchRecord]:
        """Every address, in the order in which they came."""
        return self._all("fetches", FetchRecord)

    def runs(self) -> Iterator[RunRecord]:
        """Every run, in the order in which they came."""
        return self._all("runs", RunRecord)

    def _all(self, table: str, kind: type[R]) -> Iterator[R]:
        return (kind.from_json(document) for _, document in self._storage.rows(table))

    def usages_of_page(self, page: str) -> list[UsageRecord]:
        """The usages of one page, by its key."""
        by_page, _ = self._indexes()
        return self._usages(by_page.get(page, {}))

    def usages_of_asset(self, sha256: str) -> list[UsageRecord]:
        """The usages of one asset."""
        _, by_asset = self._indexes()
        return self._usages(by_asset.get(sha256, {}))

    def _usages(self, keys: Iterable[str]) -> list[UsageRecord]:
        found = (self.usage(key) for key in keys)
        return [usage for usage in found if usage is not None]

    def _indexes(self) -> tuple[dict[str, dict[str, None]], dict[str, dict[str, None]]]:
        """Usage keys by page and by asset, made at the first question and kept up to date since."""
        if self._by_page is None or self._by_asset is None:
            self._by_page, self._by_asset = defaultdict(dict), defaultdict(dict)
            for key, document in self._storage.rows("usages"):
                self._by_page[document["page"]][key] = None
                self._by_asset[document["asset"]][key] = None
        return self._by_page, self._by_asset

    def assets_with_prefix(self, prefix: str) -> list[AssetRecord]:
        """The assets whose digest begins so."""
        keys = [key for key in self._storage.keys("assets") if key.startswith(prefix)]
        found = (self.asset(key) for key in keys)
        return [asset for asset in found if asset is not None]

    def unfinished_run(self, inputs_key: str) -> RunRecord | None:
        """The run over the same inputs that did not come to its end."""
        runs = [run for run in self.runs() if run.inputs_key == inputs_key and not run.finished]
        return runs[-1] if runs else None

    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        return {name: self._storage.count(name) for name in ("pages", "usages", "assets", "fetches", "runs")}

    def close(self) -> None:
        """Let go of the catalog."""
        self._db.close()


def open_store(folder: Path, *, read_only: bool = False) -> TinyStore:
    """The store in a catalog's folder, which is made when it is opened to write.

    Raises NotACatalog where there is none to read, or where the folder holds other things than a catalog.
    """
    if not read_only:
        _prepare(folder)
    elif not (folder / JOURNAL).is_file():
        raise NotACatalog(
            f"{folder}: there is no catalog here; `photodesk harvest --catalog {folder}` makes one"
        )
    return TinyStore(folder / JOURNAL, read_only=read_only)


def _prepare(folder: Path) -> None:
    if (folder / JOURNAL).is_file():
        return
    try:
        if folder.is_dir() and any(not one.name.startswith(JOURNAL) for one in folder.iterdir()):
            raise NotACatalog(f"{folder}: the folder holds other things than a catalog")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogUnwritable(f"{folder}: {error.strerror or error}") from error
