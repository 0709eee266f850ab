"""Comparisons brought up to date: what is asked of studying and of pairing, and who has to wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets import Failure, FeatureRecord, Features, Picture, Reason, Stage
from catalog.clusters import comparison
from catalog.clusters.comparison import Compared, compare_missing
from catalog.clusters.pairing import Paired
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.errors import CatalogLocked, NotACatalog
from catalog.index.build import Studied
from catalog.index.feature_store import FeatureStore
from catalog.model import AssetRecord
from catalog.store.catalog import Catalog, open_catalog

FIRST, SECOND = "aa" * 32, "bb" * 32
UNREADABLE = Failure(Stage.DECODE, Reason.DECODE_CRASHED, FIRST, "unreadable")
GONE = Failure(Stage.READ, Reason.NOT_FOUND, SECOND, "gone")

Report = Callable[[int, int], None]


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """A catalog of two pictures that were neither studied nor compared."""
    with open_catalog(tmp_path / "catalog") as catalog:
        for sha256 in (FIRST, SECOND):
            catalog.records.put_asset(AssetRecord(sha256=sha256))
    return tmp_path / "catalog"


def study(location: Path, *pictures: str) -> None:
    picture = Picture("JPEG", 8, 8, study=FeatureRecord(Features(8, 8), b"preview"))
    with FeatureStore(location / "derived", read_only=False) as studies:
        for sha256 in pictures:
            studies.add(sha256, picture)


def compare(location: Path, *pictures: str) -> None:
    with VerifiedPairs(location / "derived") as pairs:
        for sha256 in pictures:
            pairs.add(sha256, [])


class Asked:
    """Stands for studying and pairing: notes what was asked, tells of one picture, and fails as it is told to."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.workers: list[int] = []
        self.studying: list[Failure] = []
        self.pairing: list[Failure] = []
        self.locked = ""

    async def study_missing(self, catalog: Catalog, *, workers: int, report: Report) -> Studied:
        self._note("study", workers, report)
        # Only who writes can put.
        catalog.records.put_asset(AssetRecord(sha256=FIRST, width=8))
        return Studied(made=1, failures=self.studying)

    async def pair_missing(self, catalog: Catalog, *, workers: int, report: Report) -> Paired:
        self._note("pair", workers, report)
        # Only where nobody writes can one be let in to write.
        open_catalog(catalog.location).close()
        return Paired(done=1, failures=self.pairing)

    def _note(self, step: str, workers: int, report: Report) -> None:
        if step == self.locked:
            raise CatalogLocked("in use")
        self.steps.append(step)
        self.workers.append(workers)
        report(1, 2)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    monkeypatch.setattr(comparison, "study_missing", found.study_missing)
    monkeypatch.setattr(comparison, "pair_missing", found.pair_missing)
    return found


def test_pictures_that_came_are_studied_and_then_compared(location: Path, asked: Asked) -> None:
    assert compare_missing(location) == Compared()
    assert asked.steps == ["study", "pair"]


def test_where_all_are_compared_nothing_is_asked(location: Path, asked: Asked) -> None:
    compare(location, FIRST, SECOND)
    assert compare_missing(location) == Compared()
    assert asked.steps == []


def test_where_one_is_not_compared_it_is(location: Path, asked: Asked) -> None:
    compare(location, FIRST)
    study(location, SECOND)
    compare_missing(location)
    assert asked.steps == ["pair"]


def test_pictures_that_are_studied_are_only_compared(location: Path, asked: Asked) -> None:
    study(location, FIRST, SECOND)
    compare_missing(location)
    assert asked.steps == ["pair"]


def test_where_one_has_no_study_it_is_studied(location: Path, asked: Asked) -> None:
    study(location, FIRST)
    compare_missing(location)
    assert asked.steps == ["study", "pair"]


def test_pictures_that_are_compared_need_no_study(location: Path, asked: Asked) -> None:
    compare(location, FIRST)
    study(location, SECOND)
    compare_missing(location)
    assert "study" not in asked.steps


def test_who_only_compares_does_not_hold_up_who_writes(location: Path, asked: Asked) -> None:
    study(location, FIRST, SECOND)
    with open_catalog(location):
        # The stand-in for pairing is not let in to write: then all are said to wait.
        assert compare_missing(location).waiting == 2
    assert asked.steps == ["pair"]


def test_as_many_workers_as_are_given_do_both(location: Path, asked: Asked) -> None:
    compare_missing(location, workers=3)
    assert asked.workers == [3, 3]


def test_each_step_is_reported_by_its_name(location: Path, asked: Asked) -> None:
    told: list[tuple[str, int, int]] = []
    compare_missing(location, report=lambda *step: told.append(step))
    assert told == [("studied", 1, 2), ("compared", 1, 2)]


def test_failures_of_both_are_told_in_order(location: Path, asked: Asked) -> None:
    asked.studying, asked.pairing = [UNREADABLE], [GONE]
    assert compare_missing(location) == Compared((UNREADABLE, GONE))


def test_while_another_writes_the_pictures_wait(location: Path, asked: Asked) -> None:
    with open_catalog(location):
        assert compare_missing(location) == Compared(waiting=2)
    assert asked.steps == []


def test_only_those_that_are_not_compared_wait(location: Path, asked: Asked) -> None:
    compare(location, FIRST)
    with open_catalog(location):
        assert compare_missing(location).waiting == 1
    assert asked.steps == []


def test_while_another_compares_what_failed_before_is_told(location: Path, asked: Asked) -> None:
    asked.studying, asked.locked = [UNREADABLE], "pair"
    assert compare_missing(location) == Compared((UNREADABLE,), waiting=2)


def test_without_a_catalog_nothing_is_compared(tmp_path: Path, asked: Asked) -> None:
    with pytest.raises(NotACatalog):
        compare_missing(tmp_path)
    assert asked.steps == []


def test_an_empty_catalog_has_nothing_to_compare(tmp_path: Path, asked: Asked) -> None:
    open_catalog(tmp_path).close()
    assert compare_missing(tmp_path) == Compared()
    assert asked.steps == []
