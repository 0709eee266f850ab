"""What reading, writing and asking cost through TinyDB's tables, beside the storage's own methods.

Both ways make the same records of the same catalog, in turns; a ratio is the median over the rounds. CPU is measured,
but the time that passes where every put waits for the disk.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tinydb import where

from benchmarks.stores import usage
from catalog.model import DecisionRecord, Record, RunRecord, UsageRecord
from catalog.store.base import COUNTED, fold_text
from catalog.store.catalog import open_store
from catalog.store.journals.journal_lines import JournalEntry
from catalog.store.layout import DERIVED, JOURNAL, JOURNAL_INDEX
from catalog.store.record_tables import COLUMNS
from catalog.store.tinydb_adapter import JournalStorage, JournalTable, KeyedDocument

RECORDS, ROUNDS = 20_000, 15

# What a catalog that has been used for a year may have.
RUNS = DECISIONS = 500

BATCH, LOOK_UPS = 100, 2000

# What waits for the disk takes so many turns a round, each of one put: a slow one does not count for others.
SYNCED = 40

ONCE = range(1)
WORD = "17,"

# The most that going through TinyDB may cost.
MOST_RATIO = 1.1

R = TypeVar("R", bound=Record)


class Way(Protocol):
    """A way to the records."""

    def one(self, table: str, key: str, kind: type[R]) -> R | None:
        """The record with a key."""

    def put(self, table: str, key: str, record: Record) -> None:
        """Keep a record; fields of a later version stay."""

    def all(self, table: str, kind: type[R]) -> Iterator[R]:
        """Every record of a table."""

    def saying(self, table: str, kind: type[R], word: str) -> Iterator[R]:
        """The records of a table that may say a word."""

    def unfinished_run(self, inputs_key: str) -> RunRecord | None:
        """The last run over some inputs that did not end."""

    def counts(self) -> dict[str, int]:
        """How many records the tables have."""

    def keys(self, table: str) -> list[str]:
        """The keys of a table."""

    def column(self, table: str, field: str) -> list[tuple[str, Any]]:
        """Every key of a table with one field."""


class _Storage:
    """The methods of the storage under TinyDB."""

    def __init__(self, storage: JournalStorage) -> None:
        self._storage = storage

    def one(self, table: str, key: str, kind: type[R]) -> R | None:
        document = self._storage.get(table, key)
        return None if document is None else kind.from_json(document)

    def put(self, table: str, key: str, record: Record) -> None:
        stored, document = self._storage.get(table, key), record.to_json()
        if stored is not None:
            document = stored | document
        if document != stored:
            self._storage.append([JournalEntry(table, key, document)])

    def all(self, table: str, kind: type[R]) -> Iterator[R]:
        return (kind.from_json(document) for _, document in self._storage.rows(table))

    def saying(self, table: str, kind: type[R], word: str) -> Iterator[R]:
        return (kind.from_json(document) for _, document in self._storage.rows(table, [word]))

    def unfinished_run(self, inputs_key: str) -> RunRecord | None:
        runs = [
            run for run in self.all("runs", RunRecord) if run.inputs_key == inputs_key and not run.finished
        ]
        return runs[-1] if runs else None

    def counts(self) -> dict[str, int]:
        return {name: self._storage.count(name) for name in COUNTED}

    def keys(self, table: str) -> list[str]:
        return self._storage.keys(table)

    def column(self, table: str, field: str) -> list[tuple[str, Any]]:
        return list(self._storage.values(table, field))


class _CountedTable(JournalTable):
    """A table with the quickest count; TinyDB's own reads the whole database."""

    def __len__(self) -> int:
        return self._storage.count(self._name)


class _Tables:
    """TinyDB's tables."""

    def __init__(self, storage: JournalStorage) -> None:
        self._tables = {name: _CountedTable(storage, name) for name in COUNTED}

    def one(self, table: str, key: str, kind: type[R]) -> R | None:
        document = self._tables[table].get(doc_id=key)
        return None if document is None else kind.from_json(document)

    def put(self, table: str, key: str, record: Record) -> None:
        self._tables[table].upsert(KeyedDocument(record.to_json(), key))

    def all(self, table: str, kind: type[R]) -> Iterator[R]:
        return map(kind.from_json, self._tables[table])

    def saying(self, table: str, kind: type[R], word: str) -> Iterator[R]:
        says_it = where("caption").test(lambda caption: word in fold_text(caption))
        return map(kind.from_json, self._tables[table].search(says_it))

    def unfinished_run(self, inputs_key: str) -> RunRecord | None:
        found = self._tables["runs"].search(where("inputs_key") == inputs_key)
        runs = [run for run in map(RunRecord.from_json, found) if not run.finished]
        return runs[-1] if runs else None

    def counts(self) -> dict[str, int]:
        return {name: len(self._tables[name]) for name in COUNTED}

    def keys(self, table: str) -> list[str]:
        return [str(document.doc_id) for document in self._tables[table]]

    def column(self, table: str, field: str) -> list[tuple[str, Any]]:
        return [(str(document.doc_id), document[field]) for document in self._tables[table]]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that is done with some things, which are made anew, untimed, for each measurement."""

    name: str
    through: str
    things: Callable[[], Sequence[Any]]
    do: Callable[[Way, Sequence[Any]], object]
    is_synced: bool = False


def operations(storage: JournalStorage, records: int) -> list[Operation]:
    """Each kind of operation of the embedded store, and which of the two it goes through there."""
    # Puts come last, since they make the catalog grow.
    return [*_reads(records), *_puts(storage, records)]


def _reads(records: int) -> list[Operation]:
    keys = [_usage(number).key for number in range(min(records, LOOK_UPS))]
    absent = [f"{key}-" for key in keys]
    decided = [str(number) for number in range(DECISIONS)] * 8
    return [
        Operation("a record by its key", "tables", lambda: keys, _look_up),
        Operation("a record that is not there", "tables", lambda: absent, _look_up),
        Operation("a decision by its key", "tables", lambda: decided, _look_decisions_up),
        Operation("every record of a table, each", "tables", lambda: range(records), _go_through),
        Operation(f"the run that did not end, of {RUNS}", "tables", lambda: range(10), _find_runs),
        Operation("counting six tables", "storage", lambda: range(10_000), _count),
        Operation("the keys of a table", "storage", lambda: ONCE, lambda way, _: way.keys("usages")),
        Operation("one field of all", "storage", lambda: ONCE, lambda way, _: way.column("usages", "asset")),
        Operation("what may say a word", "storage", lambda: ONCE, _search),
    ]


def _look_up(way: Way, keys: Sequence[str]) -> None:
    for key in keys:
        way.one("usages", key, UsageRecord)


def _look_decisions_up(way: Way, keys: Sequence[str]) -> None:
    for key in keys:
        way.one("decisions", key, DecisionRecord)


def _go_through(way: Way, _: Sequence[int]) -> None:
    for _record in way.all("usages", UsageRecord):
        pass


def _find_runs(way: Way, numbers: Sequence[int]) -> None:
    for number in numbers:
        way.unfinished_run(str(number))


def _count(way: Way, numbers: Sequence[int]) -> None:
    for _ in numbers:
        way.counts()


def _search(way: Way, _: Sequence[int]) -> None:
    for _record in way.saying("usages", UsageRecord, WORD):
        pass


def _puts(storage: JournalStorage, records: int) -> list[Operation]:
    known = [_usage(number) for number in range(min(records, LOOK_UPS))]
    same, others = known[:BATCH], known[BATCH:]
    fresh = itertools.count(records)

    def new(count: int) -> list[UsageRecord]:
        return [_usage(next(fresh)) for _ in range(count)]

    def changed() -> list[UsageRecord]:
        return [replace(record, alt=f"Kim, as told in {next(fresh)}") for record in others]

    def put(way: Way, some: Sequence[UsageRecord]) -> None:
        for record in some:
            way.put("usages", record.key, record)

    def put_batches(way: Way, some: Sequence[UsageRecord]) -> None:
        for start in range(0, len(some), BATCH):
            with storage.batch():
                put(way, some[start : start + BATCH])

    return [
        Operation("put a new record, on the disk", "tables", lambda: new(1), put, is_synced=True),
        Operation("put a new record in a batch", "tables", lambda: new(LOOK_UPS), put_batches),
        Operation("put a changed record in a batch", "tables", changed, put_batches),
        Operation("put a record as it is in a batch", "tables", lambda: same * 20, put_batches),
    ]


def _usage(number: int) -> UsageRecord:
    return UsageRecord.from_json(usage(number))


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench tinydb_tables", description="Measure TinyDB's tables."
    )
    parser.add_argument("--records", type=int, default=RECORDS, metavar="N", help="usages in the catalog")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="turns that both ways take")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    with tempfile.TemporaryDirectory() as name:
        rows = measured(Path(name), options.records, options.rounds)
    passed = all(row["ratio"] <= MOST_RATIO for row in rows if row["through"] == "tables")
    print(json.dumps({"operations": rows, "passed": passed}) if options.json else as_text(rows))
    return 0 if passed else 1


def measured(folder: Path, records: int, rounds: int) -> list[dict[str, Any]]:
    """What each operation costs in either way, in microseconds, and the ratio."""
    _make(folder, records)
    storage = JournalStorage(folder / JOURNAL, places=folder / DERIVED / JOURNAL_INDEX, columns=COLUMNS)
    ways = (_Storage(storage), _Tables(storage))
    try:
        return [_row(operation, ways, rounds) for operation in operations(storage, records)]
    finally:
        storage.close()


def _make(folder: Path, records: int) -> None:
    with open_store(folder) as store, store.batch():
        for number in range(records):
            store.put_usage(_usage(number))
        for number in range(RUNS):
            ended = "2026-01-01T00:00:00Z" if number % 7 else ""
            store.put_run(RunRecord(key=str(number), inputs_key=str(number % 50), finished=ended))
        for number in range(DECISIONS):
            store.put_decision(DecisionRecord(key=str(number), first="aa", second="bb", decision="same"))


def _row(operation: Operation, ways: Sequence[Way], rounds: int) -> dict[str, Any]:
    pairs = []
    for turn in range(rounds * (SYNCED if operation.is_synced else 1)):
        # Who comes second finds more in the caches.
        order = ways if turn % 2 else ways[::-1]
        cost = {id(way): _microseconds(operation, way) for way in order}
        pairs.append([cost[id(way)] for way in ways])
    storage, tables = (statistics.median(costs) for costs in zip(*pairs, strict=True))
    return {
        "operation": operation.name,
        "storage_us": round(storage, 2),
        "tables_us": round(tables, 2),
        "ratio": round(statistics.median(after / before for before, after in pairs), 2),
        "through": operation.through,
    }


def _microseconds(operation: Operation, way: Way) -> float:
    things, clock = operation.things(), time.perf_counter if operation.is_synced else time.process_time
    started = clock()
    operation.do(way, things)
    return 1e6 * (clock() - started) / len(things)


def as_text(rows: Sequence[dict[str, Any]]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        "| operation | storage, µs | tables, µs | ratio | the store goes through |",
        "|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {row['operation']} | {row['storage_us']:,.2f} | {row['tables_us']:,.2f} | {row['ratio']:.2f} "
        f"| {row['through']} |"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
