from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from matching import inspected
from patience import PATIENCE_SECONDS
from pictures import photo

from catalog.errors import CatalogUnwritable
from catalog.index import updater
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable
from catalog.index.naming import TOGETHER, Asked
from catalog.index.updater import IndexUpdater
from catalog.store.layout import DERIVED, INDEX


@pytest.fixture
def studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FeatureStore]:
    # A few rows are worth writing an index for.
    monkeypatch.setattr("catalog.index.candidates.UNWRITTEN_ROWS", 1)
    with FeatureStore(tmp_path / "derived", read_only=False) as opened:
        yield opened


def add(studies: FeatureStore, folder: Path, seeds: range) -> None:
    for seed in seeds:
        studies.add(*inspected(photo(seed, 240, 160), folder))
    studies.flush()


def test_what_came_is_filed_meanwhile_and_the_rest_at_the_end(
    tmp_path: Path, studies: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updater, "LEAST_NEW", 2)
    monkeypatch.setattr(updater, "SECONDS_BETWEEN_LOOKS", 0.01)
    filed: Queue[int] = Queue()
    update = CandidateIndex.update

    def noted(index: CandidateIndex) -> None:
        update(index)
        filed.put(index._covered)

    monkeypatch.setattr(CandidateIndex, "update", noted)
    came = 0

    async def harvest() -> None:
        nonlocal came
        async with IndexUpdater(tmp_path / "derived", studies, lambda: came):
            for seeds in (range(3), range(3, 6)):
                add(studies, tmp_path, seeds)
                came = seeds.stop
                assert await asyncio.to_thread(filed.get, timeout=PATIENCE_SECONDS) == seeds.stop
            add(studies, tmp_path, range(6, 7))
            came = 7

    asyncio.run(harvest())
    assert filed.get_nowait() == 7
    with FeatureStore(tmp_path / "derived") as read:
        index = CandidateIndex(tmp_path / "derived", read)
        assert index._written == len(read) == 7
        for row in range(7):
            study = read.study_of(row)
            assert study is not None
            assert index.find_named([Asked(FeatureTable.of(study.features))], TOGETHER)[0][0] == row


def test_a_large_index_is_let_go_and_put_together_at_the_end(
    tmp_path: Path, studies: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updater, "LEAST_NEW", 1)
    monkeypatch.setattr(updater, "MOST_HELD", 3)
    monkeypatch.setattr(updater, "SECONDS_BETWEEN_LOOKS", 0.01)
    came = 0

    async def harvest() -> list[int]:
        nonlocal came
        held = []
        async with IndexUpdater(tmp_path / "derived", studies, lambda: came) as filing:
            for seeds in (range(2), range(2, 6), range(6, 8)):
                add(studies, tmp_path, seeds)
                came = seeds.stop
                for _ in range(3000):
                    await asyncio.sleep(0.01)
                    covered = filing._opened[1]._covered if filing._opened is not None else 0
                    if covered == (came if came <= 3 else 0):
                        break
                held.append(covered)
        return held

    assert asyncio.run(harvest()) == [2, 0, 0]
    with FeatureStore(tmp_path / "derived") as read:
        assert CandidateIndex(tmp_path / "derived", read)._written == len(read) == 8


def test_nothing_new_loads_no_library_and_writes_no_index(
    tmp_path: Path, studies: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Importing it would fail.
    monkeypatch.setitem(sys.modules, "catalog.index.candidates", None)

    async def harvest() -> None:
        async with IndexUpdater(tmp_path / "derived", studies, lambda: 0):
            await asyncio.sleep(0)

    asyncio.run(harvest())
    assert not (tmp_path / DERIVED / INDEX).exists()


def test_an_index_that_cannot_be_written_is_told(
    tmp_path: Path, studies: FeatureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("catalog.index.candidates.os.replace", full)

    async def harvest() -> None:
        async with IndexUpdater(tmp_path / "derived", studies, lambda: 1):
            add(studies, tmp_path, range(1))

    with pytest.raises(CatalogUnwritable, match="the index cannot be written"):
        asyncio.run(harvest())
