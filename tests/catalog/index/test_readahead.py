from __future__ import annotations

import os
from pathlib import Path

import pytest
from patience import PATIENCE_SECONDS

from catalog.index import readahead
from catalog.index.readahead import STEP_BYTES, read_ahead


@pytest.fixture
def advised(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """What the system was advised."""
    told: list[tuple[int, int, int]] = []
    monkeypatch.setattr(
        os, "posix_fadvise", lambda _file, offset, length, advice: told.append((offset, length, advice))
    )
    return told


def test_a_large_file_is_read_ahead_to_its_end(tmp_path: Path, advised: list[tuple[int, int, int]]) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(5 * STEP_BYTES + 1)
    thread = read_ahead(path)
    assert thread is not None
    thread.join(PATIENCE_SECONDS)
    assert [offset for offset, _, _ in advised] == [number * STEP_BYTES for number in range(6)]
    assert {advice for _, _, advice in advised} == {os.POSIX_FADV_WILLNEED}


def test_a_small_file_and_one_that_is_not_there_are_left_alone(
    tmp_path: Path, advised: list[tuple[int, int, int]]
) -> None:
    (tmp_path / "small").write_bytes(b"x" * 1000)
    assert read_ahead(tmp_path / "small") is None
    assert read_ahead(tmp_path / "missing") is None
    assert not advised


def test_a_file_too_large_for_the_memory_is_left_alone(
    tmp_path: Path, advised: list[tuple[int, int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readahead, "LEAST_BYTES", 1)
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_PHYS_PAGES": 10, "SC_PAGE_SIZE": 4096}[name])
    (tmp_path / "file").write_bytes(b"x" * 30_000)
    assert read_ahead(tmp_path / "file") is None
    assert not advised


def test_a_system_that_takes_no_advice_is_given_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readahead, "LEAST_BYTES", 1)
    monkeypatch.delattr(os, "posix_fadvise")
    (tmp_path / "file").write_bytes(b"x" * 30_000)
    assert read_ahead(tmp_path / "file") is None
