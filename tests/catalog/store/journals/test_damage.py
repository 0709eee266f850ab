"""What of a journal cannot be read, told and set aside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.store.journals.damage import Damage, set_aside


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "journal").write_bytes(b"0123456789")
    descriptor = os.open(tmp_path / "journal", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_damage_says_where_it_lies_and_what_it_costs() -> None:
    told = str(Damage("/desk/catalog.jsonl", 24, 7))
    assert told == "/desk/catalog.jsonl: 7 bytes at 24 are damaged; what they held is lost"


def test_damage_that_was_found_lies_in_the_journal_alone() -> None:
    assert not Damage("j", 0, 1).is_aside


def test_each_damaged_part_is_a_line_of_the_file_beside(journal: int, tmp_path: Path) -> None:
    set_aside(tmp_path / "journal", journal, [Damage("j", 2, 3), Damage("j", 8, 1)])
    assert (tmp_path / "journal.damaged").read_bytes() == b"234\n8\n"


def test_what_was_set_aside_before_stays(journal: int, tmp_path: Path) -> None:
    (tmp_path / "journal.damaged").write_bytes(b"before\n")
    set_aside(tmp_path / "journal", journal, [Damage("j", 0, 2)])
    assert (tmp_path / "journal.damaged").read_bytes() == b"before\n01\n"


def test_the_journal_itself_stays(journal: int, tmp_path: Path) -> None:
    set_aside(tmp_path / "journal", journal, [Damage("j", 0, 2)])
    assert (tmp_path / "journal").read_bytes() == b"0123456789"


def test_where_nothing_is_damaged_no_file_is_made(journal: int, tmp_path: Path) -> None:
    set_aside(tmp_path / "journal", journal, [])
    assert [path.name for path in tmp_path.iterdir()] == ["journal"]


def test_a_journal_without_a_name_sets_nothing_aside(journal: int, tmp_path: Path) -> None:
    set_aside(None, journal, [Damage("j", 0, 2)])
    assert [path.name for path in tmp_path.iterdir()] == ["journal"]


def test_what_is_set_aside_is_on_the_disk(
    journal: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: settled.append(os.fstat(descriptor).st_size))
    set_aside(tmp_path / "journal", journal, [Damage("j", 2, 3)])
    assert settled == [4]


def test_where_nothing_can_be_set_aside_that_is_told(journal: int, tmp_path: Path) -> None:
    (tmp_path / "journal.damaged").mkdir()
    with pytest.raises(IsADirectoryError):
        set_aside(tmp_path / "journal", journal, [Damage("j", 2, 3)])
