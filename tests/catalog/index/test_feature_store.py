from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matching import inspected
from pictures import flat, photo

from assets import Picture, Side, missing_side
from catalog.errors import CatalogUnwritable
from catalog.index.feature_store import FeatureStore, Size, words_of
from catalog.store.layout import DERIVED, ROWS, STUDIES


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Picture]:
    folder = tmp_path_factory.mktemp("pictures")
    return dict(inspected(image, folder) for image in (photo(1), photo(2, 300, 450), flat()))


def kept(folder: Path, pictures: dict[str, Picture]) -> None:
    with FeatureStore(folder / "derived", read_only=False) as studies:
        for sha256, picture in pictures.items():
            studies.add(sha256, picture)


def test_what_is_added_is_there_when_opened_again(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived") as studies:
        assert len(studies) == 3
        assert studies.distinct.tolist() == [True, True, False]
        for row, (sha256, picture) in enumerate(pictures.items()):
            assert studies.sha256_of(row) == sha256
            assert studies.row_of(sha256) == row
            assert studies.study_of(row) == picture.study
            size = studies.size_of(row)
            assert (size.width, size.height) == (picture.width, picture.height)
            for fingerprint in picture.fingerprints:
                words = studies.words(fingerprint.algorithm, fingerprint.bits)
                np.testing.assert_array_equal(words[row], words_of(fingerprint))
        assert studies.row_of("00" * 32) is None


@pytest.mark.parametrize("decoded", [1.0, 0.9999, 0.93, 0.5])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_what_is_missing_of_a_picture_is_kept_and_no_more_is_told_to_be_there(
    tmp_path: Path, pictures: dict[str, Picture], decoded: float, orientation: int
) -> None:
    sha256, picture = next(iter(pictures.items()))
    kept(tmp_path, {sha256: replace(picture, decoded=decoded, orientation=orientation)})
    with FeatureStore(tmp_path / "derived") as studies:
        size = studies.size_of(0)
    assert decoded - 2 / 65535 < size.decoded <= decoded
    assert size.missing_side is missing_side(orientation)


def test_the_part_that_is_there_is_told_in_pixels_of_the_gray_copy() -> None:
    size = Size(4000, 3000, 480, 360, decoded=0.75, missing_side=Side.RIGHT)
    assert size.there == (0, 0, 360, 360)


def test_the_colours_of_a_picture_are_kept(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived") as studies:
        found = [studies.study_of(row) for row in range(3)]
    assert [study is not None and bool(study.chroma) for study in found] == [True, True, False]


def test_a_picture_is_kept_once(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    kept(tmp_path, pictures)
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived") as studies:
        assert len(studies) == 3


def test_nothing_is_there_before_the_first(tmp_path: Path) -> None:
    with FeatureStore(tmp_path / "derived") as studies:
        assert len(studies) == 0
        assert "00" * 32 not in studies


@pytest.mark.parametrize("lost", [1, 50, 5000, 20_000])
def test_a_torn_end_is_cut_off_and_made_again(
    tmp_path: Path, pictures: dict[str, Picture], lost: int
) -> None:
    kept(tmp_path, pictures)
    path = tmp_path / DERIVED / STUDIES
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - lost)
    with FeatureStore(tmp_path / "derived") as studies:
        assert len(studies) < 3
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived") as studies:
        assert [studies.study_of(row) for row in range(3)] == [one.study for one in pictures.values()]


def test_a_torn_row_is_cut_off_and_made_again(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    kept(tmp_path, pictures)
    path = tmp_path / DERIVED / ROWS
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 7)
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived") as studies:
        assert [studies.study_of(row) for row in range(3)] == [one.study for one in pictures.values()]


def test_a_rotten_study_is_none_and_its_neighbours_stay(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    kept(tmp_path, pictures)
    path = tmp_path / DERIVED / STUDIES
    body = bytearray(path.read_bytes())
    body[100] ^= 1
    path.write_bytes(body)
    with FeatureStore(tmp_path / "derived") as studies:
        assert studies.study_of(0) is None
        assert studies.study_of(1) is not None
        assert not next(studies.descriptors([0])).any()


def test_a_reader_sees_what_is_added_meanwhile(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    (first, one), (second, two), _ = pictures.items()
    with (
        FeatureStore(tmp_path / "derived", read_only=False) as writing,
        FeatureStore(tmp_path / "derived") as reading,
    ):
        writing.add(first, one)
        writing.flush()
        reading.refresh()
        assert len(reading) == 1
        writing.add(second, two)
        writing.flush()
        reading.refresh()
        assert reading.sha256_of(1) == second


def test_cleared_studies_are_made_again(tmp_path: Path, pictures: dict[str, Picture]) -> None:
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived", read_only=False) as studies:
        studies.clear()
        assert len(studies) == 0
    kept(tmp_path, pictures)
    with FeatureStore(tmp_path / "derived") as studies:
        assert [studies.study_of(row) for row in range(3)] == [one.study for one in pictures.values()]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / DERIVED).write_text("a file")
    with pytest.raises(CatalogUnwritable, match="derived"):
        FeatureStore(tmp_path / "derived", read_only=False)
