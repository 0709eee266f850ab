"""The journal: nothing acknowledged is lost, whatever happens to the process or to the file."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog.errors import CatalogUnwritable, NotACatalog, UnsupportedVersion
from catalog.store.journals import journal as journal_module
from catalog.store.journals.journal import Journal
from catalog.store.journals.journal_lines import JournalEntry

WRITER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from catalog.store.journals.journal import Journal
from catalog.store.journals.journal_lines import JournalEntry
journal = Journal(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    journal.append([JournalEntry("rows", f"{number}-{part}", {"text": "x" * 300}) for part in range(5)])
    print(number, flush=True)
    number += 1
"""


def put(key: str, **document: object) -> JournalEntry:
    return JournalEntry("rows", key, document)


def contents(path: Path) -> dict[str, dict[str, object]]:
    journal = Journal(path, read_only=True)
    try:
        return dict(journal.documents("rows"))
    finally:
        journal.close()


def written(path: Path, *batches: list[JournalEntry]) -> None:
    journal = Journal(path)
    for batch in batches:
        journal.append(batch)
    journal.close()


def test_the_last_word_on_a_key_holds(tmp_path: Path) -> None:
    path = tmp_path / "j"
    written(path, [put("a", n=1), put("b", n=2)], [put("a", n=3)], [JournalEntry("rows", "b", None)])
    assert contents(path) == {"a": {"n": 3}}


def test_whatever_is_cut_off_the_whole_lines_before_it_stay(tmp_path: Path) -> None:
    path = tmp_path / "j"
    written(path, [put("a", n=1)], [put("b", n=2)])
    whole = path.read_bytes()
    ends = [end for end in range(len(whole)) if whole[end : end + 1] == b"\n"]
    for size in range(ends[0] + 1, len(whole) + 1):
        path.write_bytes(whole[:size])
        expected = sum(end < size for end in ends[1:])
        assert len(contents(path)) == expected
        written(path, [put("c", n=3)])
        assert contents(path)["c"] == {"n": 3}
        assert len(contents(path)) == expected + 1


def test_a_torn_end_that_is_cut_off_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "j"
    written(path, [put("a", n=1)], [put("b", n=2)])
    path.write_bytes(path.read_bytes()[:-5])
    torn = len(path.read_bytes().rpartition(b"\n")[2])
    written(path, [put("c", n=3)])
    assert caplog.messages == [f"{path}: cut off behind the last good line: {torn} bytes"]


def test_damage_is_logged_once_however_often_a_catalog_is_opened(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "j"
    written(path, [put("a", text="first")], [put("b", text="second")])
    path.write_bytes(path.read_bytes().replace(b"first", b"fXrst"))
    for _ in range(2):
        contents(path)
    (message,) = caplog.messages
    assert message.startswith(f"{path}: ")
    assert message.endswith("are damaged; what they held is lost")


def test_a_compaction_is_logged_for_who_wants_to_know(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.append([put("a", n=1)])
    journal.append([put("a", n=2)])
    before = path.stat().st_size
    with caplog.at_level(logging.INFO, "catalog.store"):
        journal.compact()
    journal.close()
    assert [(one.levelno, one.message) for one in caplog.records] == [
        (logging.INFO, f"{path}: rewritten: {path.stat().st_size} bytes instead of {before}")
    ]


def test_a_torn_header_is_said_to_be_no_catalog(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_bytes(b'["photodesk-cat')
    with pytest.raises(NotACatalog):
        Journal(path)


def test_a_rotten_byte_costs_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "j"
    written(path, [put(str(number), n=number) for number in range(6)])
    whole = path.read_bytes()
    header = whole.index(b"\n") + 1
    for place in range(header, len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        # A lost line end takes the line after it along.
        assert len(contents(path)) >= 4


def test_damage_amid_good_lines_is_told_and_set_aside_before_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "j"
    written(path, [put("a", text="first")], [put("b", text="second")])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"first", b"fXrst"))
    journal = Journal(path)
    assert [part.offset for part in journal.damage] == [data.index(b"\n") + 1]
    journal.compact()
    assert journal.damage == []
    journal.close()
    assert b"fXrst" in (tmp_path / "j.damaged").read_bytes()
    assert contents(path) == {"b": {"text": "second"}}


@pytest.mark.parametrize("text", ["dear diary\n", "7\n", "null\n", "[1]\n", '{"a":1}\n', "\n", "no end"])
def test_another_file_is_not_taken_for_a_catalog(tmp_path: Path, text: str) -> None:
    path = tmp_path / "j"
    path.write_text(text)
    with pytest.raises(NotACatalog):
        Journal(path)
    assert path.read_text() == text


def test_a_later_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j"
    path.write_text('["photodesk-catalog",3]\n')
    with pytest.raises(UnsupportedVersion, match="later photodesk"):
        Journal(path)


def test_compacting_keeps_what_lives_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    for number in range(50):
        journal.append([put(str(number % 7), n=number, text="é" * number)])
    before, size = list(journal.documents("rows")), path.stat().st_size
    journal.compact()
    assert list(journal.documents("rows")) == before
    journal.append([put("new", n=1)])
    journal.close()
    assert path.stat().st_size < size / 3
    assert list(contents(path).items()) == [*before, ("new", {"n": 1})]


def test_a_file_that_is_mostly_dead_is_compacted_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "COMPACT_FLOOR_BYTES", 10_000)
    path = tmp_path / "j"
    journal = Journal(path)
    for number in range(1000):
        journal.append([put("same", n=number, text="x" * 100)])
    journal.close()
    assert path.stat().st_size < 12_000
    assert contents(path)["same"]["n"] == 999


def test_a_batch_is_on_the_disk_when_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed process does not show it, since the system has the bytes; a power cut would."""
    path = tmp_path / "j"
    journal = Journal(path)
    fsync: Callable[[int], None] = os.fsync
    settled: list[tuple[int, int]] = []

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        settled.append((os.fstat(descriptor).st_ino, os.fstat(descriptor).st_size))

    monkeypatch.setattr(os, "fsync", noted)
    journal.append([put("a", n=1), put("b", n=2)])
    assert settled == [(path.stat().st_ino, path.stat().st_size)]
    journal.compact()
    # The new file before it takes the old one's name, then the name.
    assert settled[1:] == [
        (path.stat().st_ino, path.stat().st_size),
        (tmp_path.stat().st_ino, tmp_path.stat().st_size),
    ]
    journal.close()


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j"
    journal = Journal(path)
    journal.append([put("a", n=1)])
    size = path.stat().st_size
    pwrite: Callable[[int, bytes, int], int] = os.pwrite

    def full(descriptor: int, data: bytes, offset: int) -> int:
        if len(data) <= 10:
            raise OSError(28, "No space left on device")
        return pwrite(descriptor, data[:10], offset)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(CatalogUnwritable, match="No space left"):
        journal.append([put("b", n=2)])
    monkeypatch.undo()
    assert path.stat().st_size == size
    journal.append([put("c", n=3)])
    journal.close()
    assert contents(path) == {"a": {"n": 1}, "c": {"n": 3}}


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path, seed: int) -> None:
    path, moments = tmp_path / "j", random.Random(seed)  # noqa: S311
    acknowledged = -1
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(acknowledged + 1)],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            for _ in range(moments.randrange(1, 40)):
                acknowledged = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            rest = process.stdout.read().split()
        acknowledged = int(rest[-1]) if rest else acknowledged
        found = contents(path)
        assert all(f"{number}-{part}" in found for number in range(acknowledged + 1) for part in range(5))


def test_a_reader_follows_what_a_writer_appends(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    writer = Journal(path)
    writer.append([JournalEntry("pages", "a", {"n": 1})])
    reader = Journal(path, read_only=True)
    assert not reader.refresh()
    writer.append([JournalEntry("pages", "b", {"n": 2}), JournalEntry("pages", "a", None)])
    assert reader.refresh()
    assert dict(reader.documents("pages")) == {"b": {"n": 2}}
    assert not reader.refresh()
    writer.close()
    reader.close()


def test_a_reader_follows_a_writer_that_compacts(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    writer = Journal(path)
    for number in range(10):
        writer.append([JournalEntry("pages", "a", {"n": number})])
    reader = Journal(path, read_only=True)
    writer.compact()
    writer.append([JournalEntry("pages", "b", {"n": 11})])
    assert reader.refresh()
    assert dict(reader.documents("pages")) == {"a": {"n": 9}, "b": {"n": 11}}
    writer.close()
    reader.close()


def test_a_reader_waits_for_the_end_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    with_line = Journal(path)
    with_line.append([JournalEntry("pages", "a", {"n": 1})])
    reader = Journal(path, read_only=True)
    whole = path.read_bytes()
    with_line.append([JournalEntry("pages", "b", {"n": 2})])
    line = path.read_bytes()[len(whole) :]
    path.write_bytes(whole + line[:10])
    assert not reader.refresh()
    path.write_bytes(whole + line)
    assert reader.refresh()
    assert reader.get("pages", "b") == {"n": 2}
    with_line.close()
    reader.close()


def test_a_catalog_opened_in_one_thread_is_let_go_in_another(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        journal = pool.submit(Journal, tmp_path / "j.jsonl").result()
    journal.close()
    Journal(tmp_path / "j.jsonl").close()
