"""A journal that several write by turns: nothing that one wrote is lost by another, and nobody waits for longer."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from catalog.errors import CatalogLocked, CatalogUnwritable
from catalog.store.journals import shared_journal as module
from catalog.store.journals.durable_files import acquire_lock
from catalog.store.journals.journal_lines import JournalEntry, encode_line, header
from catalog.store.journals.shared_journal import SharedJournal, begin, is_begun, look_at, nobody_writing

WRITER = """
import sys
from pathlib import Path
from catalog.store.journals import JournalEntry, SharedJournal
journal = SharedJournal(Path(sys.argv[1]))
name, number = sys.argv[2], int(sys.argv[3])
while True:
    with journal.turn():
        before = journal.get("rows", "count") or {"by": []}
        journal.append([
            JournalEntry("rows", f"{name} {number}", {"text": "x" * 300}),
            JournalEntry("rows", "count", {"by": [*before["by"], f"{name} {number}"]}),
        ])
    print(number, flush=True)
    number += 1
"""


def put(key: str, **document: object) -> JournalEntry:
    return JournalEntry("rows", key, document)


def rows_of(journal: SharedJournal) -> dict[str, dict[str, object]]:
    return dict(journal.documents("rows"))


def write(journal: SharedJournal, *entries: JournalEntry) -> None:
    with journal.turn():
        journal.append(entries)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    begin(tmp_path / "j", [])
    return tmp_path / "j"


@pytest.fixture
def one(path: Path) -> Iterator[SharedJournal]:
    with closing(SharedJournal(path)) as journal:
        yield journal


@pytest.fixture
def other(path: Path) -> Iterator[SharedJournal]:
    with closing(SharedJournal(path)) as journal:
        yield journal


# Beginning one


def test_a_journal_that_is_not_there_is_not_begun(tmp_path: Path) -> None:
    assert not is_begun(tmp_path / "j")


def test_a_journal_that_a_crash_left_empty_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"")
    assert not is_begun(tmp_path / "j")


def test_a_journal_with_its_first_line_is_begun(path: Path) -> None:
    assert is_begun(path)
    assert path.read_bytes() == header()


def test_a_journal_is_begun_with_what_is_known(tmp_path: Path) -> None:
    begin(tmp_path / "j", [put("a", n=1), put("b", n=2)])
    with closing(SharedJournal(tmp_path / "j")) as journal:
        assert rows_of(journal) == {"a": {"n": 1}, "b": {"n": 2}}


def test_a_journal_that_cannot_be_begun_is_told(tmp_path: Path) -> None:
    (tmp_path / "j.new").mkdir()
    with pytest.raises(CatalogUnwritable, match=rf"^{tmp_path}/j: Is a directory"):
        begin(tmp_path / "j", [])


# Turns


def test_what_one_wrote_the_other_reads(one: SharedJournal, other: SharedJournal) -> None:
    write(one, put("a", n=1))
    assert other.refresh()
    assert rows_of(other) == {"a": {"n": 1}}


def test_where_nothing_is_new_nothing_is_taken_in(one: SharedJournal, other: SharedJournal) -> None:
    assert not other.refresh()
    write(one, put("a", n=1))
    other.refresh()
    assert not other.refresh()


def test_what_one_wrote_himself_is_not_new_to_him(one: SharedJournal) -> None:
    write(one, put("a", n=1))
    assert not one.refresh()


def test_a_turn_begins_with_what_others_wrote(one: SharedJournal, other: SharedJournal) -> None:
    write(one, put("a", n=1))
    with other.turn():
        assert other.get("rows", "a") == {"n": 1}


def test_who_writes_by_turns_overwrites_nothing(one: SharedJournal, other: SharedJournal) -> None:
    for number in range(4):
        write(one, put(f"one {number}"))
        write(other, put(f"other {number}"), put("both", n=number))
    one.refresh()
    assert list(rows_of(one)) == [
        *("one 0", "other 0", "both", "one 1", "other 1", "one 2", "other 2", "one 3", "other 3")
    ]


def test_a_turn_within_a_turn_is_the_same(one: SharedJournal) -> None:
    with one.turn(), one.turn():
        one.append([put("a", n=1)])
    assert rows_of(one) == {"a": {"n": 1}}


def test_within_a_turn_nothing_is_new(one: SharedJournal) -> None:
    with one.turn():
        assert not one.refresh()


def test_a_turn_that_ends_within_another_does_not_end_that(path: Path, one: SharedJournal) -> None:
    with one.turn():
        with one.turn():
            pass
        assert one.has_turn
        with pytest.raises(CatalogLocked):
            acquire_lock(path)
    assert not one.has_turn
    acquire_lock(path).release()


def test_who_has_no_turn_writes_nothing(path: Path, one: SharedJournal) -> None:
    with pytest.raises(CatalogUnwritable, match="opened for reading only"):
        one.append([put("a", n=1)])
    with one.turn():
        pass
    with pytest.raises(CatalogUnwritable, match="opened for reading only"):
        one.append([put("a", n=1)])
    assert path.read_bytes() == header()


def test_a_turn_that_fails_lets_the_next_one_in(path: Path, one: SharedJournal, other: SharedJournal) -> None:
    def fail() -> None:
        with one.turn():
            one.append([put("a", n=1)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    write(other, put("b", n=2))
    assert rows_of(other) == {"a": {"n": 1}, "b": {"n": 2}}


def test_a_reader_has_no_turns(path: Path) -> None:
    with closing(SharedJournal(path, read_only=True)) as reader:
        with pytest.raises(CatalogUnwritable, match=rf"^{path}: opened for reading only$"), reader.turn():
            pass
        assert not path.with_name("j.lock").exists()


def test_another_is_waited_for(path: Path, one: SharedJournal, other: SharedJournal) -> None:
    with one.turn():
        waiting = Thread(target=write, args=(other, put("other", n=2)))
        waiting.start()
        one.append([put("one", n=1)])
    waiting.join()
    assert list(rows_of(other)) == ["one", "other"]


def test_one_that_takes_too_long_is_named(
    one: SharedJournal, other: SharedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.0)
    with (
        one.turn(),
        pytest.raises(CatalogLocked, match=f"in use by process {os.getpid()} since"),
        other.turn(),
    ):
        pass
    assert not other.has_turn
    write(other, put("a", n=1))


def test_a_lock_that_was_deleted_is_made_again(path: Path, one: SharedJournal, other: SharedJournal) -> None:
    write(one, put("a", n=1))
    path.with_name("j.lock").unlink()
    write(other, put("b", n=2))
    path.with_name("j.lock").unlink()
    write(one, put("c", n=3))
    assert list(rows_of(one)) == ["a", "b", "c"]


def test_a_journal_that_was_deleted_is_not_written(path: Path, one: SharedJournal) -> None:
    path.unlink()
    with pytest.raises(CatalogUnwritable, match=rf"^{path}: No such file"):
        write(one, put("a", n=1))


def test_a_journal_that_was_put_back_is_followed(path: Path, one: SharedJournal) -> None:
    write(one, put("a", n=1))
    copy = path.read_bytes()
    write(one, put("b", n=2))
    path.unlink()
    path.write_bytes(copy)
    write(one, put("c", n=3))
    assert list(rows_of(one)) == ["a", "c"]


def test_what_may_not_be_written_is_told(
    path: Path, one: SharedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: Callable[..., int] = os.open

    def refused(file: str | Path, flags: int, *more: int, **named: int) -> int:
        if file == path:
            raise OSError(13, "Permission denied")
        return opened(file, flags, *more, **named)

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(CatalogUnwritable, match=rf"^{path}: Permission denied$"):
        write(one, put("a", n=1))
    monkeypatch.undo()
    write(one, put("a", n=1))


# Damage


def test_a_torn_end_is_cut_off_by_the_next_turn(path: Path, one: SharedJournal, other: SharedJournal) -> None:
    write(one, put("a", n=1))
    with path.open("ab") as file:
        file.write(encode_line(put("torn", n=2))[:-5])
    write(other, put("b", n=3))
    assert path.read_bytes() == header() + encode_line(put("a", n=1)) + encode_line(put("b", n=3))
    assert rows_of(other) == {"a": {"n": 1}, "b": {"n": 3}}
    assert one.refresh()
    assert rows_of(one) == {"a": {"n": 1}, "b": {"n": 3}}


def test_a_rotten_end_is_set_aside_by_the_next_turn(path: Path, one: SharedJournal) -> None:
    with path.open("ab") as file:
        file.write(b"rotten\n")
    write(one, put("a", n=1))
    assert path.read_bytes() == header() + encode_line(put("a", n=1))
    assert path.with_name("j.damaged").read_bytes() == b"rotten\n\n"


def test_who_has_read_what_was_taken_back_reads_anew(
    path: Path, one: SharedJournal, other: SharedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full when it was to be settled; meanwhile somebody had read it."""

    def full(_descriptor: int) -> None:
        other.refresh()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CatalogUnwritable, match="No space left"):
            write(one, put("a", n=1))
    write(one, put("much longer than the other", n=2), put("c", n=3))
    assert other.refresh()
    assert list(rows_of(other)) == ["much longer than the other", "c"]


def test_who_has_read_what_was_taken_back_writes_nothing_in_its_place(
    path: Path, one: SharedJournal, other: SharedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        other.refresh()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CatalogUnwritable, match="No space left"):
            write(one, put("a", n=1))
    write(other, put("b", n=2))
    assert path.read_bytes() == header() + encode_line(put("b", n=2))


def test_what_is_damaged_is_told_and_where_it_is_torn(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"rotten\n" + encode_line(put("a", n=1)) + b"torn")
    damage, torn = look_at(path)
    assert [(part.offset, part.length) for part in damage] == [(len(header()), 7)]
    assert torn == 4


def test_a_line_that_is_being_written_is_not_torn(
    path: Path, one: SharedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks waits until it is written."""
    found: list[int] = []
    looking = Thread(target=lambda: found.append(look_at(path)[1]))
    pwrite: Callable[[int, bytes, int], int] = os.pwrite

    def slow(descriptor: int, data: bytes, offset: int) -> int:
        written = pwrite(descriptor, data[:10], offset)
        if not looking.ident:
            looking.start()
        return written

    monkeypatch.setattr(os, "pwrite", slow)
    write(one, put("a", n=1))
    looking.join()
    assert found == [0]


def test_where_no_lock_can_be_had_nobody_writes(path: Path) -> None:
    path.with_name("j.lock").mkdir()
    with nobody_writing(path):
        assert look_at(path) == ([], 0)


def test_while_nobody_is_writing_nobody_does(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.0)
    with closing(SharedJournal(path)) as journal:
        with nobody_writing(path), pytest.raises(CatalogLocked):
            write(journal, put("a", n=1))
        write(journal, put("a", n=1))


# Compaction


def test_a_compaction_is_followed(one: SharedJournal, other: SharedJournal) -> None:
    for number in range(10):
        write(one, put("a", n=number))
    other.refresh()
    with one.turn():
        one.compact()
    write(other, put("b", n=10))
    assert rows_of(other) == {"a": {"n": 9}, "b": {"n": 10}}
    one.refresh()
    assert rows_of(one) == rows_of(other)


def test_without_a_turn_nothing_is_compacted(path: Path, one: SharedJournal) -> None:
    for number in range(2):
        write(one, put("a", n=number))
    before = path.read_bytes()
    one.compact()
    assert path.read_bytes() == before


# Killed


@pytest.mark.parametrize("seed", range(2))
def test_killed_writers_lose_nothing_they_acknowledged(path: Path, seed: int) -> None:
    moments = random.Random(seed)  # noqa: S311
    kept: dict[str, int] = {"one": -1, "other": -1}
    for _ in range(3):
        writers = {
            name: subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), name, str(kept[name] + 1)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in kept
        }
        for name, process in writers.items():
            assert process.stdout is not None
            for _ in range(moments.randrange(1, 20)):
                kept[name] = int(process.stdout.readline())
        for name, process in writers.items():
            process.send_signal(signal.SIGKILL)
            rest, _ = process.communicate()
            kept[name] = int(rest.split()[-1]) if rest.split() else kept[name]
        with closing(SharedJournal(path)) as journal:
            told = journal.get("rows", "count")
            assert told is not None
            acknowledged = {f"{name} {number}" for name, last in kept.items() for number in range(last + 1)}
            assert acknowledged <= set(rows_of(journal))
            # What is read, changed and written in a turn is in the order of the turns: nobody's is lost.
            assert acknowledged <= set(told["by"])
            assert journal.damage == []
