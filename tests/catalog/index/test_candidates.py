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
from catalog.index import candidates
from catalog.index.candidates import FAR_PHASH64, FAR_PHASH256, CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable
from catalog.index.naming import QUICK, THOROUGH, TOGETHER, Asked, Effort
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


def named(
    index: CandidateIndex, table: FeatureTable, effort: Effort = TOGETHER, own: int | None = None
) -> list[int]:
    return index.find_named([Asked(table, own)], effort)[0]


@pytest.mark.parametrize("effort", [QUICK, TOGETHER, THOROUGH])
def test_features_name_the_picture_they_are_from(catalog: DrawnCatalog, effort: Effort) -> None:
    for seed in SEEDS:
        part = photo(seed, 300, 200).crop((30, 20, 230, 160))
        table = FeatureTable.of(catalog.query(part).features[0])
        assert named(catalog.index, table, effort)[0] == seed


def test_a_picture_s_own_row_is_not_named(catalog: DrawnCatalog) -> None:
    table = FeatureTable.of(catalog.query(photo(5, 300, 200)).features[0])
    assert 5 in named(catalog.index, table)
    assert 5 not in named(catalog.index, table, own=5)


def test_several_queries_are_answered_as_each_by_itself(catalog: DrawnCatalog) -> None:
    tables = [FeatureTable.of(catalog.query(photo(seed, 240, 160)).features[0]) for seed in (3, 60, 9)]
    empty = FeatureTable(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros((0, 32), dtype=np.uint8))
    together = catalog.index.find_named([Asked(table) for table in (*tables[:2], empty, tables[2])], TOGETHER)
    assert together == [named(catalog.index, table) for table in (*tables[:2], empty, tables[2])]


def test_many_features_are_searched_file_by_file_with_the_same_result(
    catalog: DrawnCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [FeatureTable.of(catalog.query(photo(seed, 240, 160)).features[0]) for seed in SEEDS]
    descriptors = np.concatenate([table.descriptors for table in tables])
    one_by_one, _ = catalog.index.search(descriptors, 3)
    monkeypatch.setattr(candidates, "LEAST_BY_FILE", 0)
    by_file, _ = catalog.index.search(descriptors, 3)
    assert (one_by_one == by_file).all()


def test_fewer_features_than_files_are_not_searched_file_by_file(
    catalog: DrawnCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There faiss 1.15 writes beyond its memory."""
    monkeypatch.setattr(candidates, "LEAST_BY_FILE", 0)
    index = catalog.index._index
    assert index is not None
    table = FeatureTable.of(catalog.query(photo(7, 240, 160)).features[0])
    for count, is_by_file in ((index.nlist, False), (index.nlist + 1, True)):
        catalog.index.search(np.ascontiguousarray(table.descriptors[:count]), 2)
        assert index.per_invlist_search == is_by_file


def test_the_search_of_features_finds_most_of_what_exact_search_finds(catalog: DrawnCatalog) -> None:
    every = np.concatenate(list(catalog.studies.descriptors(range(len(catalog.studies)))))
    exact = faiss.IndexBinaryFlat(256)
    exact.add(np.ascontiguousarray(every))
    descriptors = np.concatenate(
        [FeatureTable.of(catalog.query(photo(seed, 240, 160)).features[0]).descriptors for seed in SEEDS]
    )
    wanted, _ = exact.search(np.ascontiguousarray(descriptors), 1)
    found, _ = catalog.index.search(np.ascontiguousarray(descriptors), 1)
    near = wanted[:, 0] <= 40
    assert near.sum() > 1000
    assert (found[near] == wanted[near]).mean() > 0.9


def test_files_in_groups_find_as_much(catalog: DrawnCatalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "LEAST_GROUPED", 16)
    index = CandidateIndex(catalog.folder / "elsewhere", catalog.studies)
    for seed in SEEDS:
        table = FeatureTable.of(catalog.query(photo(seed, 240, 160)).features[0])
        assert named(index, table)[0] == seed
    (catalog.folder / "elsewhere").mkdir(exist_ok=True)
    index.save(at_once=True)
    again = CandidateIndex(catalog.folder / "elsewhere", catalog.studies)
    table = FeatureTable.of(catalog.query(photo(7, 240, 160)).features[0])
    assert named(again, table) == named(index, table)


def test_votes_for_whole_copies_are_votes_for_the_picture_that_stands_for_them(tmp_path: Path) -> None:
    """Of very many copies each has few votes, and those of one transform are scattered over all."""
    whole = photo(5, 480, 320)
    sizes = [480 - 6 * number for number in range(30)]
    pictures = {str(size): whole.resize((size, size * 2 // 3)) for size in sizes}
    with DrawnCatalog(tmp_path, {"other": photo(6, 300, 200), **pictures}) as catalog:
        table = FeatureTable.of(catalog.query(whole.crop((150, 90, 330, 210))).features[0])
        few = Effort(30, 2, 2, 12)
        catalog.index.count_as(dict.fromkeys(range(2, 31), 1))
        assert named(catalog.index, table, few) == [1]
        assert named(catalog.index, table, few, own=1) == []


def test_an_index_is_laid_out_anew_when_twice_as_many_features_came(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {str(seed): photo(seed, 300, 200) for seed in range(60)}) as catalog:
        catalog.index.save(at_once=True)
        with FeatureStore(tmp_path / "derived", read_only=False) as writing:
            for seed in range(60, 240):
                writing.add(*inspected(photo(seed, 300, 200), tmp_path))
        with FeatureStore(tmp_path / "derived") as studies:
            grown = CandidateIndex(tmp_path / "derived", studies)
            assert catalog.index._index is not None
            assert grown._index is not None
            assert grown._index.nlist > 1.5 * catalog.index._index.nlist
            grown.save()
        assert CandidateIndex(tmp_path / "derived", FeatureStore(tmp_path / "derived"))._written == 240


def test_a_saved_index_is_opened_and_answers_alike(catalog: DrawnCatalog) -> None:
    catalog.index.save(at_once=True)
    again = CandidateIndex(catalog.folder / "derived", catalog.studies)
    table = FeatureTable.of(catalog.query(photo(7, 240, 160)).features[0])
    assert named(again, table) == named(catalog.index, table)


@pytest.mark.parametrize("body", [b"", b"no index", b"IBwF" + bytes(500)])
def test_a_damaged_index_is_made_again(catalog: DrawnCatalog, body: bytes) -> None:
    catalog.index.save(at_once=True)
    (catalog.folder / DERIVED / INDEX).write_bytes(body)
    table = FeatureTable.of(catalog.query(photo(7, 240, 160)).features[0])
    assert named(CandidateIndex(catalog.folder / "derived", catalog.studies), table)[0] == 7


def test_an_index_of_other_studies_is_made_again(catalog: DrawnCatalog, tmp_path: Path) -> None:
    catalog.index.save(at_once=True)
    with DrawnCatalog(tmp_path, {"one": photo(60, 300, 200), "two": photo(61, 300, 200)}) as other:
        (tmp_path / DERIVED / INDEX).write_bytes((catalog.folder / DERIVED / INDEX).read_bytes())
        index = CandidateIndex(tmp_path / "derived", other.studies)
        table = FeatureTable.of(other.query(photo(61, 240, 160)).features[0])
        assert named(index, table)[0] == 1


def test_what_is_added_later_is_found(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {str(seed): photo(seed, 300, 200) for seed in range(3)}) as catalog:
        catalog.index.save(at_once=True)
        with FeatureStore(tmp_path / "derived", read_only=False) as writing:
            for seed in range(3, 40):
                writing.add(*inspected(photo(seed, 300, 200), tmp_path))
        catalog.studies.refresh()
        catalog.index.update()
        table = FeatureTable.of(catalog.query(photo(30, 240, 160)).features[0])
        assert named(catalog.index, table)[0] == 30
        with FeatureStore(tmp_path / "derived") as studies:
            assert named(CandidateIndex(tmp_path / "derived", studies), table)[0] == 30


def test_an_empty_catalog_answers_nothing(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {}) as catalog:
        assert catalog.found(photo(1)) == {}
        catalog.index.save(at_once=True)


def test_a_catalog_of_flat_pictures_answers_nothing(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {"flat": flat()}) as catalog:
        assert catalog.found(photo(1)) == {}
        assert catalog.found(flat("red")) == {}
