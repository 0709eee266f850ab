"""The derived file of places: with it a store is what it is without, only opened sooner."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from catalog.check import check
from catalog.errors import CatalogUnwritable
from catalog.repair import check_and_mend
from catalog.store.base import FindingKind
from catalog.store.catalog import open_store
from catalog.store.journals import compaction
from catalog.store.journals import journal as journal_module
from catalog.store.journals.journal import Journal
from catalog.store.journals.journal_lines import JournalEntry
from catalog.store.layout import JOURNAL, JOURNAL_INDEX
from catalog.store.record_tables import COLUMNS

Contents = dict[str, list[tuple[str, dict[str, Any]]]]

TABLES = ("pages", "usages", "assets")
COLUMN = (("usages", "asset"),)


@pytest.fixture(autouse=True)
def always_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "UNCOVERED_BYTES", 0)
    monkeypatch.setattr(journal_module, "UNCOVERED_SHARE", 0)


def usage(key: str, asset: str, **more: object) -> JournalEntry:
    return JournalEntry("usages", key, {"key": key, "asset": asset, **more})


def opened(folder: Path, *, places: bool = True, read_only: bool = False) -> Journal:
    path = folder / "derived" / JOURNAL_INDEX if places else None
    return Journal(folder / JOURNAL, read_only=read_only, places=path, columns=COLUMN)


def contents(journal: Journal) -> tuple[Contents, list[tuple[str, Any]]]:
    try:
        return {table: list(journal.documents(table)) for table in TABLES}, list(
            journal.values("usages", "asset")
        )
    finally:
        journal.close()


def both(folder: Path) -> tuple[Any, Any]:
    """What a reader sees with the derived file, and without."""
    return contents(opened(folder, read_only=True)), contents(opened(folder, places=False, read_only=True))


def written(folder: Path, *changes: JournalEntry) -> None:
    journal = opened(folder)
    for change in changes:
        journal.append([change])
    journal.close()


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_written_before_and_since_reads_the_same(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    for _ in range(6):
        journal = opened(tmp_path, places=dice.random() < 0.8)
        for _ in range(dice.randrange(40)):
            table, key = dice.choice(TABLES), f"é{dice.randrange(25)}"
            document = {"key": key, "asset": f"a{dice.randrange(5)}", "n": dice.random()}
            journal.append([JournalEntry(table, key, None if dice.random() < 0.2 else document)])
        if dice.random() < 0.2:
            journal.compact()
        journal.close()
        with_places, without = both(tmp_path)
        assert with_places == without


def test_only_what_came_since_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, *(usage(str(number), "a") for number in range(50)))
    journal = opened(tmp_path)
    monkeypatch.setattr(journal_module, "UNCOVERED_BYTES", 10**9)
    journal.append([usage("new", "b")])
    journal.close()
    taken = []
    take = Journal._take
    monkeypatch.setattr(Journal, "_take", lambda self, *line: taken.append(line) or take(self, *line))
    journal = opened(tmp_path, read_only=True)
    assert len(taken) == 1
    assert [asset for _, asset in journal.values("usages", "asset")] == ["a"] * 50 + ["b"]
    journal.close()


def test_a_small_journal_has_no_such_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "UNCOVERED_BYTES", 100_000)
    written(tmp_path, usage("a", "b"))
    assert not (tmp_path / "derived").exists()


def test_a_damaged_file_counts_for_nothing(tmp_path: Path) -> None:
    written(tmp_path, *(usage(str(number), "a") for number in range(20)))
    places = tmp_path / "derived" / JOURNAL_INDEX
    whole = places.read_bytes()
    expected = contents(opened(tmp_path, places=False, read_only=True))
    for place in range(0, len(whole), 7):
        places.write_bytes(whole[:place] + bytes([whole[place] ^ 0x11]) + whole[place + 1 :])
        assert contents(opened(tmp_path, read_only=True)) == expected
    for size in (0, 1, 100, len(whole) - 1):
        places.write_bytes(whole[:size])
        assert contents(opened(tmp_path, read_only=True)) == expected


def test_a_file_of_another_journal_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    written(tmp_path / "one", usage("a", "1"), usage("b", "2"))
    written(tmp_path / "two", usage("a", "3"), usage("b", "4"))
    (tmp_path / "one" / "derived" / JOURNAL_INDEX).replace(tmp_path / "two" / "derived" / JOURNAL_INDEX)
    with_places, without = both(tmp_path / "two")
    assert with_places == without


def test_a_line_that_rotted_since_is_told_and_what_it_replaced_holds(tmp_path: Path) -> None:
    # Beyond the stretch whose checksum the derived file carries.
    long = usage("b", "2", caption="é" * 5000)
    written(tmp_path, usage("a", "1", text="older"), usage("a", "1", text="newer"), long)
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes().replace(b"newer", b"nXwer"))
    journal = opened(tmp_path, read_only=True)
    assert journal.damage == []
    assert journal.get("usages", "a") == {"key": "a", "asset": "1", "text": "older"}
    assert len(journal.damage) == 1
    journal.close()
    journal = opened(tmp_path, read_only=True)
    assert [document.get("text") for _, document in journal.documents("usages")] == ["older", None]
    journal.close()


def rotten(folder: Path, text: bytes, instead: bytes) -> None:
    """Changed on the disk, in the file that is open."""
    path = folder / JOURNAL
    body = path.read_bytes()
    assert body.count(text) == 1
    with path.open("r+b") as file:
        file.write(body.replace(text, instead))


@pytest.mark.parametrize("last", [False, True])
def test_a_line_that_rotted_since_is_not_copied_over_what_it_replaced(tmp_path: Path, last: bool) -> None:
    long, added = usage("b", "2", caption="é" * 5000), usage("c", "3")
    older, newer = usage("a", "1", text="older"), usage("a", "1", text="newer")
    written(tmp_path, older, *([long, newer] if last else [newer, long]))
    journal = opened(tmp_path)
    rotten(tmp_path, b"newer", b"nXwer")
    journal.compact()
    assert journal.get("usages", "a") == older.document
    journal.append([added])
    journal.close()
    found, without = both(tmp_path)
    assert found == without
    assert dict(found[0]["usages"]) == {one.key: one.document for one in (older, long, added)}
    assert b"nXwer" in (tmp_path / f"{JOURNAL}.damaged").read_bytes()


def test_an_end_of_a_line_that_rotted_since_costs_no_line(tmp_path: Path) -> None:
    changes = [usage("a", "first"), usage("b", "second"), usage("c", "3", caption="é" * 5000)]
    written(tmp_path, *changes)
    journal = opened(tmp_path)
    rotten(tmp_path, b'"first"}\n', b'"first"}X')
    journal.compact()
    journal.close()
    journal = opened(tmp_path, places=False, read_only=True)
    assert journal.damage == []
    assert contents(journal)[0]["usages"] == [(one.key, one.document) for one in changes]


def test_a_disk_that_spoils_every_copy_is_told_and_the_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, usage("a", "1"))
    before = (tmp_path / JOURNAL).read_bytes()
    journal = opened(tmp_path)
    monkeypatch.setattr(compaction, "is_good", lambda _line: False)
    with pytest.raises(CatalogUnwritable, match="Input/output error"):
        journal.compact()
    journal.close()
    assert (tmp_path / JOURNAL).read_bytes() == before
    assert not (tmp_path / f"{JOURNAL}.new").exists()


def test_damage_is_told_at_every_opening(tmp_path: Path) -> None:
    written(tmp_path, usage("a", "1"), usage("b", "2"), usage("c", "3"))
    (tmp_path / "derived" / JOURNAL_INDEX).unlink()
    path = tmp_path / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"asset":"2"', b'"asset":"X"'))
    for _ in range(3):
        journal = opened(tmp_path)
        journal.append([usage("d", "4")])
        assert len(journal.damage) == 1
        journal.close()
    assert (tmp_path / "derived" / JOURNAL_INDEX).exists()


def test_a_rotten_end_that_was_set_aside_is_not_told_again(tmp_path: Path) -> None:
    written(tmp_path, usage("a", "1"), usage("b", "second"))
    rotten(tmp_path, b'"second"', b'"sXcond"')
    journal = opened(tmp_path)
    assert [part.is_aside for part in journal.damage] == [True]
    journal.append([usage("c", "3")])
    journal.close()
    assert (tmp_path / "derived" / JOURNAL_INDEX).exists()
    journal = opened(tmp_path)
    assert journal.damage == []
    journal.close()


def test_a_torn_end_is_cut_off_behind_what_is_covered(tmp_path: Path) -> None:
    written(tmp_path, usage("a", "1"), usage("b", "2"))
    size = (tmp_path / JOURNAL).stat().st_size
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b'0badc0de ["put","usa')
    reader = opened(tmp_path, read_only=True)
    assert reader.torn == 20
    reader.close()
    opened(tmp_path).close()
    assert (tmp_path / JOURNAL).stat().st_size == size


def test_a_reader_follows_a_writer_that_compacts(tmp_path: Path) -> None:
    written(tmp_path, usage("a", "1"), usage("b", "2"))
    reader, writer = opened(tmp_path, read_only=True), opened(tmp_path)
    writer.append([usage("a", "3")])
    assert reader.refresh()
    assert list(reader.values("usages", "asset")) == [("a", "3"), ("b", "2")]
    writer.append([JournalEntry("usages", "b", None)])
    writer.compact()
    assert list(writer.values("usages", "asset")) == [("a", "3")]
    writer.close()
    assert reader.refresh()
    assert list(reader.values("usages", "asset")) == [("a", "3")]
    reader.close()


def test_where_it_cannot_be_written_the_catalog_closes_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "derived").write_text("in the way")
    written(tmp_path, usage("a", "1"))
    assert contents(opened(tmp_path, read_only=True))[1] == [("a", "1")]


def test_a_key_that_is_no_utf_8_is_kept(tmp_path: Path) -> None:
    written(tmp_path, usage("/archive/\udcff.jpg", "1"))
    assert (tmp_path / "derived" / JOURNAL_INDEX).exists()
    with_places, without = both(tmp_path)
    assert with_places == without
    assert with_places[1] == [("/archive/\udcff.jpg", "1")]


async def _mended(folder: Path) -> list[str]:
    return [one.mended for one in (await check_and_mend(folder)).findings]


def test_a_check_reads_every_line_and_a_repair_removes_a_bad_file(tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    with open_store(folder):
        pass
    written(folder, JournalEntry("sites", "x", {"api_root": "x", "newest_modified": "", "at": ""}))
    places = folder / "derived" / JOURNAL_INDEX
    assert check(folder).findings == []
    places.write_bytes(places.read_bytes()[:-1] + b"?")
    assert [(one.kind, one.path) for one in check(folder).findings] == [
        (FindingKind.DAMAGED_DERIVED, f"derived/{JOURNAL_INDEX}")
    ]
    assert asyncio.run(_mended(folder)) == ["removed"]
    assert check(folder).findings == []


def test_the_store_asks_for_its_columns_only() -> None:
    assert set(COLUMN) <= set(COLUMNS)


def test_a_file_that_cannot_be_written_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "derived").write_text("in the way")
    written(tmp_path, usage("a", "b"))
    assert caplog.messages == [f"{tmp_path / 'derived' / JOURNAL_INDEX}: not written: File exists"]
