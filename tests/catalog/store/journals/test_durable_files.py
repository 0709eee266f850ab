"""Files that last: opened, written whole, their names settled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog.errors import CatalogUnwritable, NotACatalog
from catalog.store.journals import durable_files
from catalog.store.journals.durable_files import open_descriptor, sync_folder, write_all


@contextmanager
def descriptor_of(path: Path | None, *, read_only: bool = False) -> Iterator[int]:
    descriptor = open_descriptor(path, read_only)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def test_a_file_is_made_where_it_is_opened_to_write(tmp_path: Path) -> None:
    with descriptor_of(tmp_path / "j"):
        assert (tmp_path / "j").read_bytes() == b""


def test_a_file_that_is_there_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"lines")
    with descriptor_of(tmp_path / "j") as descriptor:
        assert os.read(descriptor, 10) == b"lines"


def test_a_file_that_is_opened_to_write_is_written(tmp_path: Path) -> None:
    with descriptor_of(tmp_path / "j") as descriptor:
        os.write(descriptor, b"lines")
    assert (tmp_path / "j").read_bytes() == b"lines"


def test_a_file_that_is_opened_to_read_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"lines")
    with (
        descriptor_of(tmp_path / "j", read_only=True) as descriptor,
        pytest.raises(OSError, match="Bad file"),
    ):
        os.write(descriptor, b"more")


def test_a_new_file_is_read_by_all_and_written_by_its_owner(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with descriptor_of(tmp_path / "j"):
            assert (tmp_path / "j").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)


@pytest.mark.parametrize("read_only", [True, False])
def test_a_descriptor_is_not_handed_to_other_programs(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "j").write_bytes(b"")
    with descriptor_of(tmp_path / "j", read_only=read_only) as descriptor:
        assert not os.get_inheritable(descriptor)


def test_without_a_path_a_file_without_a_name_is_written(tmp_path: Path) -> None:
    with descriptor_of(None) as descriptor:
        os.write(descriptor, b"lines")
        assert os.pread(descriptor, 10, 0) == b"lines"
        assert os.fstat(descriptor).st_nlink == 0


def test_reading_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog):
        open_descriptor(tmp_path / "j", read_only=True)
    assert not (tmp_path / "j").exists()


@pytest.mark.parametrize("read_only", [True, False])
def test_in_a_folder_that_is_not_there_there_is_no_catalog(tmp_path: Path, read_only: bool) -> None:
    with pytest.raises(NotACatalog) as caught:
        open_descriptor(tmp_path / "none" / "j", read_only)
    assert str(caught.value) == f"{tmp_path}/none: there is no catalog here"


def test_what_cannot_be_opened_to_write_is_told_with_its_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogUnwritable) as caught:
        open_descriptor(tmp_path, read_only=False)
    assert str(caught.value) == f"{tmp_path}: Is a directory"


def test_a_fault_without_words_is_told_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError("no words")

    monkeypatch.setattr(durable_files.os, "open", fail)
    with pytest.raises(CatalogUnwritable, match=r"j: no words$"):
        open_descriptor(tmp_path / "j", read_only=False)


def settled_folders(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    found: list[Path] = []
    monkeypatch.setattr(durable_files, "sync_folder", found.append)
    return found


def test_the_name_of_a_file_that_is_opened_to_write_is_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = settled_folders(monkeypatch)
    with descriptor_of(tmp_path / "j"):
        assert settled == [tmp_path]


def test_who_reads_settles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "j").write_bytes(b"")
    settled = settled_folders(monkeypatch)
    with descriptor_of(tmp_path / "j", read_only=True):
        assert settled == []


def test_every_byte_is_written_however_few_are_taken_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(durable_files.os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    with descriptor_of(tmp_path / "j") as descriptor:
        write_all(descriptor, b"0123456789")
    assert (tmp_path / "j").read_bytes() == b"0123456789"


def test_writing_nothing_writes_nothing(tmp_path: Path) -> None:
    with descriptor_of(tmp_path / "j") as descriptor:
        write_all(descriptor, b"")
    assert (tmp_path / "j").read_bytes() == b""


def test_a_folder_is_settled_and_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[int] = []

    def noted(descriptor: int) -> None:
        assert os.path.samestat(os.fstat(descriptor), tmp_path.stat())
        settled.append(descriptor)

    monkeypatch.setattr(durable_files.os, "fsync", noted)
    sync_folder(tmp_path)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(*settled)


def test_a_folder_that_cannot_be_settled_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fail(descriptor: int) -> None:
        asked.append(descriptor)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(durable_files.os, "fsync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        sync_folder(tmp_path)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(*asked)
