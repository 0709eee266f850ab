"""TinyDB over the journal: its tables do what TinyDB's own do, a line a document."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tinydb import Query, TinyDB, where
from tinydb.storages import MemoryStorage

from catalog.store.tinydb_adapter import JournalDB, JournalStorage, JournalTable, KeyedDocument


@pytest.fixture
def db(tmp_path: Path) -> Iterator[JournalDB]:
    opened = JournalDB(tmp_path / "j")
    yield opened
    opened.close()


def storage_of(db: JournalDB) -> JournalStorage:
    assert isinstance(db.storage, JournalStorage)
    return db.storage


def put(table: JournalTable, key: str, **document: object) -> None:
    table.upsert(KeyedDocument(document, key))


def test_a_table_does_what_tinydb_s_own_does(db: JournalDB) -> None:
    """Seeded random operations, the in-memory storage of TinyDB as the oracle."""
    theirs = TinyDB(storage=MemoryStorage)
    theirs.table_class.document_id_class = str  # type: ignore[assignment]
    try:
        for number in range(400):
            mine, other = (_operate(one, random.Random(number)) for one in (db, theirs))  # noqa: S311
            assert mine == other
        assert sorted(map(str, db.table("t").all())) == sorted(map(str, theirs.table("t").all()))
    finally:
        theirs.table_class.document_id_class = int


def _operate(db: TinyDB, choose: random.Random) -> object:
    table, key, value = db.table("t"), str(choose.randrange(30)), choose.randrange(5)
    row = KeyedDocument({"key": key, "value": value}, key)
    operation = choose.choice(
        ["upsert", "update", "remove", "search", "count", "get", "contains", "update_fields", "upsert_where"]
    )
    if operation == "upsert":
        return table.upsert(row)
    if operation == "upsert_where":
        return table.upsert(row, Query().key == key)
    if operation == "update":
        return table.update({"extra": value}, Query().value == value)
    if operation == "update_fields":
        return table.update_multiple([({"many": 1}, Query().key == key)])
    if operation == "remove":
        return sorted(table.remove(Query().key == key))
    if operation == "search":
        return sorted(map(str, table.search(Query().value == value)))
    if operation == "count":
        return table.count(Query().value == value)
    if operation == "get":
        return table.get(Query().key == key)
    return table.contains(Query().key == key)


def test_a_document_comes_with_its_key(db: JournalDB) -> None:
    put(db.table("t"), "a", n=1)
    assert [document.doc_id for document in db.table("t")] == ["a"]
    assert db.table("t").get(doc_id="a").doc_id == "a"


def test_a_document_handed_out_does_not_alias_what_a_batch_has_put(db: JournalDB) -> None:
    with storage_of(db).batch():
        put(db.table("t"), "a", names=["Kim"])
        db.table("t").get(doc_id="a")["names"].append("Ada")
        assert db.table("t").get(doc_id="a") == {"names": ["Kim"]}


def test_fields_that_are_not_put_again_stay(db: JournalDB) -> None:
    put(db.table("t"), "a", n=1, mood="sombre")
    put(db.table("t"), "a", n=2)
    assert db.table("t").get(doc_id="a") == {"n": 2, "mood": "sombre"}


def test_a_document_put_as_it_is_writes_nothing(db: JournalDB, tmp_path: Path) -> None:
    put(db.table("t"), "a", n=1)
    size = (tmp_path / "j").stat().st_size
    put(db.table("t"), "a", n=1)
    assert (tmp_path / "j").stat().st_size == size


def test_adding_costs_the_same_however_many_there_are(db: JournalDB, tmp_path: Path) -> None:
    """Bytes written, not time: one document adds one line, at the first and at the hundredth."""
    sizes = [(tmp_path / "j").stat().st_size]
    for number in range(100):
        put(db.table("t"), f"{number:04}", n=1)
        sizes.append((tmp_path / "j").stat().st_size)
    assert len({after - before for before, after in pairwise(sizes)}) == 1


def test_a_query_within_a_batch_finds_what_it_has_put(db: JournalDB) -> None:
    put(db.table("t"), "a", n=1)
    with storage_of(db).batch():
        put(db.table("t"), "b", n=1)
        assert [document.doc_id for document in db.table("t").search(where("n") == 1)] == ["a", "b"]


def test_a_query_asked_again_finds_what_was_put_since(db: JournalDB) -> None:
    put(db.table("t"), "a", n=1)
    assert db.table("t").count(where("n") == 1) == 1
    put(db.table("t"), "b", n=1)
    assert db.table("t").count(where("n") == 1) == 2


def test_a_query_of_a_reader_finds_what_a_writer_has_put_since(db: JournalDB, tmp_path: Path) -> None:
    put(db.table("t"), "a", n=1)
    reader = JournalDB(tmp_path / "j", read_only=True)
    assert reader.table("t").count(where("n") == 1) == 1
    put(db.table("t"), "b", n=1)
    storage_of(reader).journal.refresh()
    assert reader.table("t").count(where("n") == 1) == 2
    reader.close()


def test_nothing_of_a_batch_that_failed_is_in_a_table(db: JournalDB) -> None:
    def fail() -> None:
        with storage_of(db).batch():
            put(db.table("t"), "a", n=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert db.table("t").all() == []


def test_what_tinydb_removes_stays_removed(db: JournalDB, tmp_path: Path) -> None:
    put(db.table("t"), "a", n=1)
    put(db.table("t"), "b", n=2)
    db.table("t").remove(where("n") == 1)
    reader = JournalDB(tmp_path / "j", read_only=True)
    assert [document.doc_id for document in reader.table("t")] == ["b"]
    reader.close()
