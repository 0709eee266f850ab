from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
import pytest
from matching import DrawnCatalog, inspected
from pictures import flat, photo
from PIL import Image

from assets import Fingerprint, Query
from catalog.index.candidates import FAR_PHASH64, FAR_PHASH256, NEIGHBOURS, CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable
from catalog.store.layout import DERIVED, INDEX

SEEDS = range(24)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawnCatalog]:
    pictures = {str(seed): photo(seed, 300, 200) for seed in SEEDS} | {"flat": flat()}
    with DrawnCatalog(tmp_path_factory.mktemp("catalog"), pictures) as drawn:
        yield drawn


def fingerprints(catalog: DrawnCatalog, algorithm: str, bits: int) -> list[int]:
    words = catalog.studies.words(algorithm, bits)
    return [int.from_bytes(row.astype(">u8").tobytes(), "big") for row in words]


@pytest.mark.parametrize(("algorithm", "bits"), [("phash", 64), ("phash", 256), ("dhash", 64)])
def test_near_fingerprints_are_those_that_counting_bits_finds(
    catalog: DrawnCatalog, algorithm: str, bits: int
) -> None:
    random = np.random.default_rng(bits)
    values = fingerprints(catalog, algorithm, bits)
    for value in values[:8]:
        flipped = sum(1 << int(bit) for bit in random.choice(bits, 9, replace=False))
        asked = Fingerprint(algorithm, bits, value ^ flipped)
        for most in (0, 9, bits // 2 - 4, bits):
            expected = sorted(
                ((asked.value ^ one).bit_count(), row)
                for row, one in enumerate(values)
                if (asked.value ^ one).bit_count() <= most and catalog.studies.distinct[row]
            )
            assert catalog.index.find_near(asked, most) == expected


def brute_force(catalog: DrawnCatalog, query: Query) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    long, short = fingerprints(catalog, "phash", 256), fingerprints(catalog, "phash", 64)
    for orientation, (of_64, of_256) in enumerate(query.fingerprints):
        for row in np.flatnonzero(catalog.studies.distinct).tolist():
            far = (long[row] ^ of_256.value).bit_count()
            near = (short[row] ^ of_64.value).bit_count()
            is_near = far <= FAR_PHASH256 or near <= FAR_PHASH64
            if is_near and (row not in found or far < found[row][0]):
                found[row] = (far, orientation)
    return found


@pytest.mark.parametrize("orientation", range(8))
def test_every_orientation_of_a_query_is_compared(catalog: DrawnCatalog, orientation: int) -> None:
    image = photo(5, 300, 200)
    if orientation >= 4:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    query = catalog.query(image.rotate(90 * (orientation % 4), expand=True))
    alike = catalog.index.find_alike(query.fingerprints)
    assert {one.row: (one.distance, one.orientation) for one in alike} == brute_force(catalog, query)
    assert alike[0].row == 5


def test_without_fingerprints_nothing_is_alike(catalog: DrawnCatalog) -> None:
    assert catalog.index.find_alike(()) == []


def test_features_vote_for_the_picture_they_are_from(catalog: DrawnCatalog) -> None:
    for seed in SEEDS:
        part = photo(seed, 300, 200).crop((30, 20, 230, 160))
        voted = catalog.index.find_voted(FeatureTable.of(catalog.query(part).features[0]))
        assert voted[0].row == seed


def test_the_search_of_features_finds_most_of_what_exact_search_finds(catalog: DrawnCatalog) -> None:
    every = np.concatenate(list(catalog.studies.descriptors(range(len(catalog.studies)))))
    exact = faiss.IndexBinaryFlat(256)
    exact.add(np.ascontiguousarray(every))
    starts = np.concatenate([[0], np.cumsum(catalog.studies.counts)])
    hits = wanted = 0
    for seed in SEEDS:
        table = FeatureTable.of(catalog.query(photo(seed, 240, 160)).features[0])
        distances, ids = exact.search(np.ascontiguousarray(table.descriptors), NEIGHBOURS)
        pairs = {
            pair.row: set(zip(pair.pairs.query.tolist(), pair.pairs.asset.tolist(), strict=True))
            for pair in catalog.index.find_voted(table)
        }
        for query, (distance, feature) in enumerate(zip(distances[:, 0], ids[:, 0], strict=True)):
            row = int(np.searchsorted(starts, feature, side="right") - 1)
            if distance <= 40 and row == seed:
                wanted += 1
                hits += (query, int(feature - starts[row])) in pairs.get(row, ())
    assert wanted > 1000
    assert hits / wanted > 0.85


def test_a_saved_index_is_opened_and_answers_alike(catalog: DrawnCatalog) -> None:
    catalog.index.save(at_once=True)
    again = CandidateIndex(catalog.folder / "derived", catalog.studies)
    table = FeatureTable.of(catalog.query(photo(7, 240, 160)).features[0])
    assert [one.row for one in again.find_voted(table)] == [
        one.row for one in catalog.index.find_voted(table)
    ]


@pytest.mark.parametrize("body", [b"", b"no index", b"IBwF" + bytes(500)])
def test_a_damaged_index_is_made_again(catalog: DrawnCatalog, body: bytes) -> None:
    catalog.index.save(at_once=True)
    (catalog.folder / DERIVED / INDEX).write_bytes(body)
    table = FeatureTable.of(catalog.query(photo(7, 240, 160)).features[0])
    assert CandidateIndex(catalog.folder / "derived", catalog.studies).find_voted(table)[0].row == 7


def test_an_index_of_other_studies_is_made_again(catalog: DrawnCatalog, tmp_path: Path) -> None:
    catalog.index.save(at_once=True)
    with DrawnCatalog(tmp_path, {"one": photo(60, 300, 200), "two": photo(61, 300, 200)}) as other:
        (tmp_path / DERIVED / INDEX).write_bytes((catalog.folder / DERIVED / INDEX).read_bytes())
        index = CandidateIndex(tmp_path / "derived", other.studies)
        table = FeatureTable.of(other.query(photo(61, 240, 160)).features[0])
        assert index.find_voted(table)[0].row == 1


def test_what_is_added_later_is_found(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {str(seed): photo(seed, 300, 200) for seed in range(3)}) as catalog:
        catalog.index.save(at_once=True)
        with FeatureStore(tmp_path / "derived", read_only=False) as writing:
            for seed in range(3, 40):
                writing.add(*inspected(photo(seed, 300, 200), tmp_path))
        catalog.studies.refresh()
        catalog.index.update()
        table = FeatureTable.of(catalog.query(photo(30, 240, 160)).features[0])
        assert catalog.index.find_voted(table)[0].row == 30
        with FeatureStore(tmp_path / "derived") as studies:
            assert CandidateIndex(tmp_path / "derived", studies).find_voted(table)[0].row == 30


def test_an_empty_catalog_answers_nothing(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {}) as catalog:
        assert catalog.found(photo(1)) == {}
        catalog.index.save(at_once=True)


def test_a_catalog_of_flat_pictures_answers_nothing(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {"flat": flat()}) as catalog:
        assert catalog.found(photo(1)) == {}
        assert catalog.found(flat("red")) == {}
