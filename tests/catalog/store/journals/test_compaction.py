"""The lines that live, copied to a file of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.store.journals import compaction
from catalog.store.journals.compaction import copy_lines
from catalog.store.journals.journal_lines import JournalEntry, encode_line, header, pack_place

ONE = encode_line(JournalEntry("pages", "a", {"n": 1}))
DEAD = encode_line(JournalEntry("pages", "b", {"text": "dead"}))
TWO = encode_line(JournalEntry("pages", "b", {"n": 2}))
THREE = encode_line(JournalEntry("usages", "a", {"n": 3}))

# Where each begins in the journal.
AT_ONE = len(header())
AT_DEAD = AT_ONE + len(ONE)
AT_TWO = AT_DEAD + len(DEAD)
AT_THREE = AT_TWO + len(TWO)

LIVING = {
    "pages": {"a": pack_place(AT_ONE, len(ONE)), "b": pack_place(AT_TWO, len(TWO))},
    "usages": {"a": pack_place(AT_THREE, len(THREE))},
}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "journal"
    path.write_bytes(header() + ONE + DEAD + TWO + THREE)
    descriptor = os.open(path, os.O_RDWR)
    yield descriptor
    os.close(descriptor)


def test_the_copy_holds_the_living_lines_under_a_first_line(journal: int, tmp_path: Path) -> None:
    copy_lines(tmp_path / "new", journal, LIVING)
    assert (tmp_path / "new").read_bytes() == header() + ONE + TWO + THREE


def test_places_are_those_in_the_copy(journal: int, tmp_path: Path) -> None:
    moved = copy_lines(tmp_path / "new", journal, LIVING)
    assert moved is not None
    assert moved[0] == {
        "pages": {"a": pack_place(AT_ONE, len(ONE)), "b": pack_place(AT_DEAD, len(TWO))},
        "usages": {"a": pack_place(AT_DEAD + len(TWO), len(THREE))},
    }


def test_the_size_is_that_of_the_copy(journal: int, tmp_path: Path) -> None:
    moved = copy_lines(tmp_path / "new", journal, LIVING)
    assert moved is not None
    assert moved[1] == (tmp_path / "new").stat().st_size


def test_lines_are_copied_in_the_order_of_their_keys(journal: int, tmp_path: Path) -> None:
    copy_lines(tmp_path / "new", journal, {"pages": {"b": LIVING["pages"]["b"], "a": LIVING["pages"]["a"]}})
    assert (tmp_path / "new").read_bytes() == header() + TWO + ONE


def test_without_lines_the_first_stands_alone(journal: int, tmp_path: Path) -> None:
    assert copy_lines(tmp_path / "new", journal, {}) == ({}, len(header()))
    assert (tmp_path / "new").read_bytes() == header()


def test_an_empty_table_stays_a_table(journal: int, tmp_path: Path) -> None:
    assert copy_lines(tmp_path / "new", journal, {"runs": {}}) == ({"runs": {}}, len(header()))


def test_a_line_that_rotted_stops_the_copying(journal: int, tmp_path: Path) -> None:
    os.pwrite(journal, b"X", AT_TWO + 12)
    assert copy_lines(tmp_path / "new", journal, LIVING) is None


def test_a_line_beyond_the_end_stops_the_copying(journal: int, tmp_path: Path) -> None:
    assert copy_lines(tmp_path / "new", journal, {"pages": {"a": pack_place(10_000, 40)}}) is None


def test_an_end_of_a_line_that_rotted_is_a_line_end_in_the_copy(journal: int, tmp_path: Path) -> None:
    os.pwrite(journal, b"X", AT_DEAD - 1)
    copy_lines(tmp_path / "new", journal, {"pages": {"a": LIVING["pages"]["a"]}})
    assert (tmp_path / "new").read_bytes() == header() + ONE


@pytest.mark.parametrize("most", [1, len(ONE) + 1, 10_000])
def test_the_copy_is_the_same_in_however_many_parts(
    journal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(compaction, "COPY_BYTES", most)
    copy_lines(tmp_path / "new", journal, LIVING)
    assert (tmp_path / "new").read_bytes() == header() + ONE + TWO + THREE


def written_parts(journal: int, path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> list[bytes]:
    parts: list[bytes] = []
    monkeypatch.setattr(compaction, "COPY_BYTES", most)
    monkeypatch.setattr(compaction, "write_all", lambda _target, data: parts.append(data))
    copy_lines(path, journal, LIVING)
    return parts


def test_as_many_bytes_as_are_copied_at_once_are_written(
    journal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = written_parts(journal, tmp_path / "new", monkeypatch, len(header()) + len(ONE))
    assert parts == [header() + ONE, TWO + THREE, b""]


def test_each_part_begins_to_count_anew(
    journal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = written_parts(journal, tmp_path / "new", monkeypatch, len(TWO))
    assert parts == [header() + ONE, TWO, THREE, b""]


def test_an_earlier_copy_is_written_over(journal: int, tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"x" * 10_000)
    copy_lines(tmp_path / "new", journal, {})
    assert (tmp_path / "new").read_bytes() == header()


def test_the_copy_is_on_the_disk(journal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: settled.append(os.fstat(descriptor).st_size))
    copy_lines(tmp_path / "new", journal, LIVING)
    assert settled == [len(header() + ONE + TWO + THREE)]
