"""Studies made again from the originals, and the index over them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from matching import inspected
from pictures import photo

from assets import Failure, Picture, Reason, Stage
from catalog.index import build
from catalog.index.build import Studied, study_missing
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.model import AssetRecord
from catalog.store.catalog import Catalog, open_catalog
from catalog.store.layout import INDEX

BODIES = (b"one", b"two", b"three", b"four", b"five")
DIGESTS = tuple(hashlib.sha256(body).hexdigest() for body in BODIES)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return inspected(photo(1, 120, 80), tmp_path_factory.mktemp("inspected"))[1]


class InHand:
    """Stands for the inspector: notes what it is given, and says what it is told to."""

    def __init__(self, picture: Picture) -> None:
        self.picture_of: dict[str, Picture | Failure] = {}
        self.asked: list[str] = []
        self.workers: list[int] = []
        self._picture = picture

    def __call__(self, workers: int) -> Self:
        self.workers.append(workers)
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        return

    async def picture(self, path: Path, address: str) -> Picture | Failure:
        assert str(path) == address
        self.asked.append(path.stem)
        return self.picture_of.get(path.stem, self._picture)


@pytest.fixture
def inspector(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> InHand:
    found = InHand(picture)
    monkeypatch.setattr(build, "Inspector", found)
    return found


def put(catalog: Catalog, *numbers: int, is_there: bool = True) -> None:
    """Records with these numbers, and their originals where they are there."""
    for number in numbers:
        catalog.records.put_asset(AssetRecord(sha256=DIGESTS[number]))
        if is_there:
            with catalog.originals.incoming() as incoming:
                incoming.write(BODIES[number])
                catalog.originals.keep(incoming)


def studied_in(catalog: Catalog) -> list[str]:
    with FeatureStore(catalog.derived) as studies:
        return [studies.sha256_of(row) for row in range(len(studies))]


@pytest.fixture
def catalog(tmp_path: Path, inspector: InHand) -> Iterator[Catalog]:
    with open_catalog(tmp_path) as opened:
        put(opened, 0, 1)
        yield opened


@pytest.fixture
def made(catalog: Catalog, inspector: InHand) -> Catalog:
    """The catalog with both its studies, which the inspector has forgotten."""
    asyncio.run(study_missing(catalog))
    inspector.asked.clear()
    return catalog


def test_studies_that_are_missing_are_made(catalog: Catalog) -> None:
    assert asyncio.run(study_missing(catalog)) == Studied(made=2, total=2, failures=[])
    assert studied_in(catalog) == [DIGESTS[0], DIGESTS[1]]


def test_studies_that_are_there_are_not_made_again(made: Catalog, inspector: InHand) -> None:
    assert asyncio.run(study_missing(made)) == Studied(made=0, total=2, failures=[])
    assert inspector.asked == []


def test_only_the_study_that_is_missing_is_made(made: Catalog, inspector: InHand) -> None:
    put(made, 2)
    assert asyncio.run(study_missing(made)) == Studied(made=1, total=3, failures=[])
    assert inspector.asked == [DIGESTS[2]]


def test_anew_all_studies_are_made(made: Catalog, inspector: InHand) -> None:
    assert asyncio.run(study_missing(made, anew=True)) == Studied(made=2, total=2, failures=[])
    assert inspector.asked == [DIGESTS[0], DIGESTS[1]]


def test_anew_earlier_studies_are_forgotten(made: Catalog, inspector: InHand, picture: Picture) -> None:
    inspector.picture_of[DIGESTS[0]] = Failure(Stage.DECODE, Reason.DECODE_CRASHED, DIGESTS[0])
    inspector.picture_of[DIGESTS[1]] = replace(picture, width=7)
    asyncio.run(study_missing(made, anew=True))
    with FeatureStore(made.derived) as studies:
        assert [(studies.sha256_of(row), studies.size_of(row).width) for row in range(len(studies))] == [
            (DIGESTS[1], 7)
        ]


def test_a_picture_that_cannot_be_read_is_a_failure(catalog: Catalog, inspector: InHand) -> None:
    failure = Failure(Stage.DECODE, Reason.DECODE_CRASHED, DIGESTS[0], "no picture")
    inspector.picture_of[DIGESTS[0]] = failure
    assert asyncio.run(study_missing(catalog)) == Studied(made=1, total=1, failures=[failure])


def test_an_original_that_is_gone_is_a_failure(catalog: Catalog) -> None:
    put(catalog, 2, is_there=False)
    gone = Failure(Stage.READ, Reason.NOT_FOUND, DIGESTS[2], "the original is gone from the catalog")
    assert asyncio.run(study_missing(catalog)) == Studied(made=2, total=2, failures=[gone])


def test_a_picture_that_has_no_study_counts_as_made_and_not_as_there(
    catalog: Catalog, inspector: InHand, picture: Picture
) -> None:
    inspector.picture_of[DIGESTS[0]] = replace(picture, study=None)
    assert asyncio.run(study_missing(catalog)) == Studied(made=2, total=1, failures=[])


def test_an_empty_catalog_has_no_studies(tmp_path: Path, inspector: InHand) -> None:
    with open_catalog(tmp_path / "empty") as catalog:
        assert asyncio.run(study_missing(catalog)) == Studied(made=0, total=0, failures=[])


def test_what_is_done_is_reported_with_what_is_wanted(catalog: Catalog) -> None:
    told: list[tuple[int, int]] = []
    asyncio.run(study_missing(catalog, report=lambda done, wanted: told.append((done, wanted))))
    assert told == [(1, 2), (2, 2)]


def test_what_failed_is_reported_as_done(catalog: Catalog, inspector: InHand) -> None:
    put(catalog, 2, is_there=False)
    told: list[tuple[int, int]] = []
    asyncio.run(study_missing(catalog, report=lambda done, wanted: told.append((done, wanted))))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_pictures_are_taken_in_hand_so_many_at_once(
    catalog: Catalog, inspector: InHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, 2, 3, 4)
    monkeypatch.setattr(build, "AT_ONCE", 2)
    in_hand: list[int] = []
    asyncio.run(study_missing(catalog, report=lambda _done, _wanted: in_hand.append(len(inspector.asked))))
    assert in_hand == [2, 2, 4, 4, 5]


def test_failures_stand_in_the_order_of_pictures(
    catalog: Catalog, inspector: InHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, 2, 3, 4)
    monkeypatch.setattr(build, "AT_ONCE", 2)
    for number in (4, 1, 2):
        failure = Failure(Stage.DECODE, Reason.DECODE_CRASHED, str(number))
        inspector.picture_of[DIGESTS[number]] = failure
    result = asyncio.run(study_missing(catalog))
    assert [failure.address for failure in result.failures] == ["1", "2", "4"]


def test_as_many_workers_as_are_given_inspect(catalog: Catalog, inspector: InHand) -> None:
    asyncio.run(study_missing(catalog, workers=3))
    assert inspector.workers == [3]


def test_without_a_number_it_is_left_to_the_inspector_how_many_workers_there_are(
    catalog: Catalog, inspector: InHand
) -> None:
    asyncio.run(study_missing(catalog))
    assert inspector.workers == [0]


def test_the_index_over_all_studies_is_written(catalog: Catalog) -> None:
    asyncio.run(study_missing(catalog))
    with FeatureStore(catalog.derived) as studies:
        assert CandidateIndex(catalog.derived, studies)._written == 2


def test_an_index_that_is_gone_is_written_though_no_study_is_missing(made: Catalog) -> None:
    (made.derived / INDEX).unlink()
    asyncio.run(study_missing(made))
    assert (made.derived / INDEX).exists()


def test_an_index_that_holds_all_stays_as_it_is(made: Catalog) -> None:
    before = (made.derived / INDEX).stat()
    asyncio.run(study_missing(made))
    after = (made.derived / INDEX).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_anew_the_index_is_written_anew(made: Catalog) -> None:
    before = (made.derived / INDEX).stat().st_mtime_ns
    asyncio.run(study_missing(made, anew=True))
    assert (made.derived / INDEX).stat().st_mtime_ns > before


def test_a_file_that_cannot_be_compared_is_not_studied(tmp_path: Path, inspector: InHand) -> None:
    with open_catalog(tmp_path) as catalog:
        put(catalog, 0, 1)
        catalog.records.put_asset(AssetRecord(sha256=DIGESTS[0], reason="unsupported picture"))
        asyncio.run(study_missing(catalog, anew=True))
    assert inspector.asked == [DIGESTS[1]]


def test_a_file_that_could_be_compared_when_it_came_is_told_as_a_failure(
    tmp_path: Path, inspector: InHand
) -> None:
    with open_catalog(tmp_path) as catalog:
        put(catalog, 0)
        inspector.picture_of[DIGESTS[0]] = Picture("JPEG", 0, 0, reason="damaged picture", detail="JPEG: cut")
        found = asyncio.run(study_missing(catalog))
    assert [(one.reason, one.detail) for one in found.failures] == [(Reason.DAMAGED_PICTURE, "JPEG: cut")]
