"""Decisions have a journal of their own: nobody waits for who writes records, and older catalogs are taken over."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from catalog.decisions import decide
from catalog.errors import CatalogLocked, CatalogUnwritable, NotACatalog, UnsupportedVersion
from catalog.model import AssetRecord, DecisionRecord
from catalog.store.base import Finding, FindingKind
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore
from catalog.store.journals import acquire_lock, shared_journal
from catalog.store.layout import DECISIONS, JOURNAL

OLD_HEADER = b'["photodesk-catalog",1]\n'
HEADER = b'["photodesk-catalog",2]\n'


def decision(key: str, told: str = "same", **fields: object) -> DecisionRecord:
    return DecisionRecord(key=key, first="aa", second=key, decision=told, **fields)  # type: ignore[arg-type]


def put(folder: Path, *records: DecisionRecord) -> None:
    with open_store(folder, decides=True) as store:
        for record in records:
            store.put_decision(record)


def decisions_in(folder: Path) -> dict[str, str]:
    with open_store(folder, read_only=True) as store:
        return {one.key: one.decision for one in store.decisions()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".lock"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog with an asset."""
    with open_store(tmp_path / "catalog") as store:
        store.put_asset(AssetRecord(sha256="aa"))
    return tmp_path / "catalog"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A catalog with an asset and two decisions, as the version before wrote it."""
    with open_store(tmp_path / "new") as store:
        store.put_asset(AssetRecord(sha256="aa"))
        store.put_decision(decision("bb"))
        store.put_decision(decision("cc", "different"))
    (tmp_path / "old").mkdir()
    written = [(tmp_path / "new" / name).read_bytes().removeprefix(HEADER) for name in (JOURNAL, DECISIONS)]
    (tmp_path / "old" / JOURNAL).write_bytes(OLD_HEADER + b"".join(written))
    return tmp_path / "old"


# Two journals


def test_a_decision_lies_in_its_own_journal(folder: Path) -> None:
    before = (folder / JOURNAL).read_bytes()
    put(folder, decision("bb"))
    assert (folder / JOURNAL).read_bytes() == before
    assert b'["put","decisions","bb"]' in (folder / DECISIONS).read_bytes()


def test_in_memory_decisions_are_kept_too() -> None:
    with EmbeddedStore() as store:
        store.put_decision(decision("bb"))
        assert [one.key for one in store.decisions()] == ["bb"]


def test_a_decision_is_written_while_another_holds_the_records(folder: Path) -> None:
    with open_store(folder) as harvest:
        put(folder, decision("bb"))
        assert decisions_in(folder) == {"bb": "same"}
        assert harvest.refresh()
        assert [one.key for one in harvest.decisions()] == ["bb"]


def test_who_harvests_decides_too(folder: Path) -> None:
    with open_store(folder) as harvest:
        put(folder, decision("bb"))
        harvest.put_decision(decision("cc"))
        put(folder, decision("dd"))
    assert list(decisions_in(folder)) == ["bb", "cc", "dd"]


def test_who_harvests_adds_to_what_others_decided(folder: Path) -> None:
    with open_store(folder) as harvest:
        put(folder, decision("bb", note="earlier"))
        with harvest.changing(DecisionRecord, "bb") as row:
            assert row.record == decision("bb", note="earlier")
            row.record = decision("bb", "different")
    assert decisions_in(folder) == {"bb": "different"}


def test_a_reader_follows_records_and_decisions(folder: Path) -> None:
    with open_store(folder, read_only=True) as reader:
        put(folder, decision("bb"))
        assert reader.refresh()
        assert reader.counts()["decisions"] == 1
        assert not reader.refresh()
        with open_store(folder) as store:
            store.put_asset(AssetRecord(sha256="bb"))
        assert reader.refresh()
        assert reader.sha256s() == ["aa", "bb"]


def test_a_decision_does_not_count_as_put_records(folder: Path) -> None:
    with open_store(folder, decides=True) as store:
        mark = store.mark()
        store.put_decision(decision("bb"))
        assert store.mark() == mark
        assert store.put_since(mark) == ([], [], [])


def test_a_reader_decides_nothing(folder: Path) -> None:
    with (
        open_store(folder, read_only=True) as reader,
        pytest.raises(CatalogUnwritable, match="opened for reading only"),
    ):
        reader.put_decision(decision("bb"))
    assert decisions_in(folder) == {}


def test_who_only_decides_writes_no_records(folder: Path) -> None:
    with (
        open_store(folder, decides=True) as store,
        pytest.raises(CatalogUnwritable, match="opened for reading only"),
    ):
        store.put_asset(AssetRecord(sha256="bb"))


def test_who_only_decides_reads_the_records(folder: Path) -> None:
    with open_store(folder, decides=True) as store:
        assert store.asset("aa") == AssetRecord(sha256="aa")


def test_who_only_decides_does_not_open_the_records(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large catalog takes seconds to open."""
    with open_store(folder, decides=True) as store, monkeypatch.context() as patched:
        patched.setattr(EmbeddedStore, "_storage", property(lambda _self: pytest.fail("opened")))
        decide(store, ("aa", "bb"), "same", note="", by="Ada", at="2025-08-01T06:00:00Z")
        assert [one.decision for one in store.decisions()] == ["same"]


def test_deciding_makes_a_catalog_where_there_is_none(tmp_path: Path) -> None:
    put(tmp_path / "catalog", decision("bb"))
    assert sorted(contents(tmp_path / "catalog")) == [JOURNAL, DECISIONS]


def test_what_only_remains_of_decisions_is_kept(folder: Path) -> None:
    put(folder, decision("bb"))
    (folder / JOURNAL).unlink()
    open_store(folder).close()
    assert decisions_in(folder) == {"bb": "same"}


# Batches


def test_a_decision_of_a_batch_is_written_with_it(folder: Path) -> None:
    with open_store(folder) as store:
        with store.batch():
            store.put_decision(decision("bb"))
            store.put_asset(AssetRecord(sha256="bb"))
            assert store.decision("bb") == decision("bb")
            assert decisions_in(folder) == {}
        assert decisions_in(folder) == {"bb": "same"}
        assert store.asset("bb") is not None


def test_nothing_of_a_batch_that_failed_is_decided(folder: Path) -> None:
    def fail() -> None:
        with store.batch():
            store.put_decision(decision("bb"))
            raise RuntimeError

    with open_store(folder) as store:
        with pytest.raises(RuntimeError):
            fail()
        assert store.decision("bb") is None
        put(folder, decision("cc"))
    assert decisions_in(folder) == {"cc": "same"}


def test_a_batch_without_a_decision_holds_nobody_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_journal, "WAIT_SECONDS", 0.0)
    with open_store(folder) as store, store.batch():
        store.put_asset(AssetRecord(sha256="bb"))
        put(folder, decision("bb"))
    assert decisions_in(folder) == {"bb": "same"}


def test_a_batch_with_a_decision_has_its_turn_until_it_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_journal, "WAIT_SECONDS", 0.0)
    with open_store(folder) as store:
        with store.batch():
            with store.changing(DecisionRecord, "bb") as row:
                row.record = decision("bb")
            with pytest.raises(CatalogLocked):
                put(folder, decision("bb", "different"))
        put(folder, decision("bb", "undecided"))
    assert decisions_in(folder) == {"bb": "undecided"}


def test_decisions_at_once_lose_nobodys_history(folder: Path) -> None:
    def decide_often(by: str) -> None:
        with open_store(folder, decides=True) as store:
            for number in range(10):
                decide(store, ("aa", "bb"), "same", note=str(number), by=by, at="2025-08-01T06:00:00Z")

    threads = [Thread(target=decide_often, args=(by,)) for by in ("Ada", "Kim", "Lee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(folder, read_only=True) as store:
        (record,) = store.decisions()
    told = [*record.history, {"by": record.by, "note": record.note}]
    for by in ("Ada", "Kim", "Lee"):
        assert [one["note"] for one in told if one["by"] == by] == list(map(str, range(10)))


# Catalogs made before


def test_reading_a_catalog_made_before_changes_nothing(old: Path) -> None:
    before = contents(old)
    assert decisions_in(old) == {"bb": "same", "cc": "different"}
    with open_store(old, read_only=True) as store:
        assert store.decision("bb") == decision("bb")
        assert store.counts()["decisions"] == 2
        assert list(store.problems()) == []
    assert contents(old) == before


@pytest.mark.parametrize("options", [{}, {"decides": True}])
def test_a_catalog_made_before_is_taken_over_by_who_writes(old: Path, options: dict[str, bool]) -> None:
    with open_store(old, **options) as store:
        store.put_decision(decision("bb", "undecided"))
        store.put_decision(decision("dd"))
    assert decisions_in(old) == {"bb": "undecided", "cc": "different", "dd": "same"}
    assert (old / JOURNAL).read_bytes().startswith(HEADER)


def test_who_reads_a_catalog_made_before_follows_its_being_taken_over(old: Path) -> None:
    with open_store(old, read_only=True) as reader:
        put(old, decision("bb", "undecided"))
        assert reader.refresh()
        assert [(one.key, one.decision) for one in reader.decisions()] == [
            ("bb", "undecided"),
            ("cc", "different"),
        ]


def test_an_older_photodesk_that_harvests_is_waited_for(old: Path) -> None:
    lock = acquire_lock(old / JOURNAL)
    before = contents(old)
    with pytest.raises(CatalogLocked):
        put(old, decision("dd"))
    lock.release()
    assert contents(old) == before


@pytest.mark.parametrize("point", ["rename", "fsync"])
def test_taking_over_that_was_broken_off_is_done_again(
    old: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        if point == "rename":
            patched.setattr(Path, "replace", broken)
        else:
            patched.setattr(os, "fsync", broken)
        with pytest.raises(CatalogUnwritable, match="No space left"):
            open_store(old)
    assert decisions_in(old) == {"bb": "same", "cc": "different"}
    put(old, decision("dd"))
    assert decisions_in(old) == {"bb": "same", "cc": "different", "dd": "same"}


def test_what_was_decided_since_wins_over_what_earlier_versions_kept(old: Path) -> None:
    put(old, decision("bb", "different"))
    with open_store(old) as store:
        store.compact()
    assert decisions_in(old) == {"bb": "different", "cc": "different"}


def test_a_decisions_journal_of_a_later_version_is_refused(folder: Path) -> None:
    (folder / DECISIONS).write_bytes(b'["photodesk-catalog",3]\n')
    for options in ({}, {"decides": True}, {"read_only": True}):
        with pytest.raises(UnsupportedVersion, match="later photodesk"):
            open_store(folder, **options)
    acquire_lock(folder / JOURNAL).release()


# Whole or not


def torn(folder: Path) -> None:
    with (folder / DECISIONS).open("ab") as file:
        file.write(b'1b2c3d4e ["put","decisions"')


def rotten(folder: Path) -> None:
    with (folder / DECISIONS).open("r+b") as file:
        file.seek(len(HEADER) + 3)
        file.write(b"X")


BROKEN: list[tuple[Callable[[Path], None], FindingKind, str]] = [
    (torn, FindingKind.TORN_JOURNAL, "cut off"),
    (rotten, FindingKind.DAMAGED_JOURNAL, "set aside in decisions.jsonl.damaged"),
]


@pytest.mark.parametrize(("break_it", "kind", "mended"), BROKEN)
def test_what_is_wrong_with_decisions_is_told_and_mended(
    folder: Path, break_it: Callable[[Path], None], kind: FindingKind, mended: str
) -> None:
    put(folder, decision("bb"), decision("cc"))
    break_it(folder)
    with open_store(folder) as store:
        (finding,) = store.problems()
        assert (finding.kind, finding.path) == (kind, DECISIONS)
        assert store.mend(finding) == mended
        assert list(store.problems()) == []
    assert "cc" in decisions_in(folder)


def test_damaged_decisions_are_told_of_when_a_catalog_is_opened(folder: Path) -> None:
    put(folder, decision("bb"), decision("cc"))
    rotten(folder)
    with open_store(folder, read_only=True) as store:
        (told,) = store.damage
    assert told.startswith(f"{folder / DECISIONS}: ")


def test_a_decision_that_cannot_be_read_is_told_with_its_journal(folder: Path) -> None:
    with open_store(folder, decides=True) as store:
        store.put_decision(DecisionRecord(key="bb", first="aa", second="bb", decision="same"))
        store._tables.storage_of("decisions").append(
            [shared_journal.JournalEntry("decisions", "cc", {"key": "cc"})]
        )
        assert list(store.problems()) == [Finding(FindingKind.UNREADABLE_RECORD, DECISIONS, "decisions cc")]


def test_decisions_that_are_gone_are_told(folder: Path) -> None:
    (folder / DECISIONS).unlink()
    with open_store(folder, read_only=True) as store:
        (finding,) = store.problems()
    assert (finding.kind, finding.path) == (FindingKind.DAMAGED_JOURNAL, DECISIONS)


def test_decisions_that_are_none_of_ours_are_not_passed_over(folder: Path) -> None:
    (folder / DECISIONS).write_bytes(b"dear diary\n")
    for options in ({}, {"decides": True}, {"read_only": True}):
        with pytest.raises(NotACatalog) as caught:
            open_store(folder, **options)
        assert caught.value.file == DECISIONS


def test_both_journals_are_compacted(folder: Path) -> None:
    with open_store(folder) as store:
        for told in ("same", "different", "same", "undecided"):
            store.put_decision(decision("bb", told))
        store.compact()
    assert (folder / DECISIONS).read_bytes().count(b"\n") == 2
    assert decisions_in(folder) == {"bb": "undecided"}


# In any order

PAIRS = st.sampled_from(["bb", "cc", "dd"])
TOLD = st.sampled_from(["same", "different", "undecided"])


class Deciding(RuleBasedStateMachine):
    """Two that decide, a harvest that comes and goes, decides and compacts, and a reader, over one catalog."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = ExitStack()
        self._folder = Path(self._opened.enter_context(TemporaryDirectory())) / "catalog"
        self._harvest: EmbeddedStore | None = open_store(self._folder)
        self._deciders = [
            self._opened.enter_context(open_store(self._folder, decides=True)) for _ in range(2)
        ]
        self._reader = self._opened.enter_context(open_store(self._folder, read_only=True))
        self._notes: dict[str, list[str]] = {}
        self._assets: list[str] = []

    def _decide(self, store: EmbeddedStore, other: str, told: str) -> None:
        note = str(sum(map(len, self._notes.values())))
        decide(store, ("aa", other), told, note=note, by="Ada", at="2025-08-01T06:00:00Z")
        self._notes.setdefault(other, []).append(note)

    @rule(who=st.integers(0, 1), other=PAIRS, told=TOLD)
    def one_decides(self, who: int, other: str, told: str) -> None:
        self._decide(self._deciders[who], other, told)

    @rule(who=st.integers(0, 1))
    def one_opens_anew(self, who: int) -> None:
        self._deciders[who] = self._opened.enter_context(open_store(self._folder, decides=True))

    @rule(who=st.integers(0, 1))
    def one_is_killed_while_writing(self, who: int) -> None:
        torn(self._folder)
        self.one_opens_anew(who)

    @rule(other=PAIRS, told=TOLD)
    def the_harvest_decides(self, other: str, told: str) -> None:
        if self._harvest is not None:
            self._decide(self._harvest, other, told)

    @rule()
    def the_harvest_writes(self) -> None:
        if self._harvest is not None:
            self._assets.append(f"{len(self._assets):02}")
            self._harvest.put_asset(AssetRecord(sha256=self._assets[-1]))

    @rule()
    def the_harvest_compacts(self) -> None:
        if self._harvest is not None:
            self._harvest.compact()

    @rule()
    def the_harvest_ends_or_begins(self) -> None:
        if self._harvest is None:
            self._harvest = open_store(self._folder)
        else:
            self._harvest.close()
            self._harvest = None

    @invariant()
    def the_reader_has_all_of_it_in_order(self) -> None:
        self._reader.refresh()
        found = {
            one.second: [str(earlier["note"]) for earlier in one.history] + [one.note]
            for one in self._reader.decisions()
        }
        assert found == self._notes
        assert list(found) == list(self._notes)
        assert self._reader.sha256s() == self._assets
        assert list(self._reader.damage) == []

    def teardown(self) -> None:
        if self._harvest is not None:
            self._harvest.close()
        self._opened.close()


Deciding.TestCase.settings = settings(
    derandomize=True, database=None, deadline=None, max_examples=15, stateful_step_count=25
)
TestDeciding = Deciding.TestCase


def test_a_copy_of_a_catalog_is_one(folder: Path, tmp_path: Path) -> None:
    put(folder, decision("bb"))
    shutil.copytree(folder, tmp_path / "copy")
    put(tmp_path / "copy", decision("cc"))
    assert list(decisions_in(tmp_path / "copy")) == ["bb", "cc"]
    assert list(decisions_in(folder)) == ["bb"]
