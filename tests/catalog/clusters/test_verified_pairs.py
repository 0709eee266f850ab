from __future__ import annotations

from pathlib import Path

import pytest
from matching import DrawnCatalog
from pictures import photo

from catalog.clusters.verified_pairs import VerifiedPairs, find_stand_ins
from catalog.matching.match import Match
from catalog.matching.relation import Relation


def test_around_some_pictures_all_is_taken_in_that_matches_connect_with_them(tmp_path: Path) -> None:
    copy = Match("", Relation.COPY).to_json()
    with VerifiedPairs(tmp_path) as pairs:
        pairs.add("a" * 64, [copy | {"query": "a" * 64, "asset": "b" * 64}])
        pairs.add("c" * 64, [copy | {"query": "c" * 64, "asset": "b" * 64}])
        pairs.add("d" * 64, [copy | {"query": "d" * 64, "asset": "e" * 64}])
    around = VerifiedPairs(tmp_path, is_whole=False)
    assert around.read_around(["a" * 64]) == {"a" * 64, "b" * 64, "c" * 64}


def test_what_is_another_photo_connects_nothing(tmp_path: Path) -> None:
    sibling = Match("", Relation.SIBLING).to_json()
    with VerifiedPairs(tmp_path) as pairs:
        pairs.add("a" * 64, [sibling | {"query": "a" * 64, "asset": "b" * 64}])
    assert VerifiedPairs(tmp_path, is_whole=False).read_around(["a" * 64]) == {"a" * 64}


def test_what_nothing_connects_is_not_taken_in(tmp_path: Path) -> None:
    copy = Match("", Relation.COPY).to_json()
    with VerifiedPairs(tmp_path) as pairs:
        pairs.add("a" * 64, [copy | {"query": "a" * 64, "asset": "b" * 64}])
        pairs.add("d" * 64, [copy | {"query": "d" * 64, "asset": "e" * 64}])
    around = VerifiedPairs(tmp_path, is_whole=False)
    around.read_around(["a" * 64])
    assert "d" * 64 not in around


@pytest.mark.parametrize("first", ["a", "b"])
def test_another_frame_found_from_either_side_keeps_two_apart(tmp_path: Path, first: str) -> None:
    copy, sibling = Match("", Relation.COPY).to_json(), Match("", Relation.SIBLING).to_json()
    other = "b" if first == "a" else "a"
    with VerifiedPairs(tmp_path) as pairs:
        pairs.add(first * 64, [copy | {"query": first * 64, "asset": other * 64}])
        pairs.add(other * 64, [sibling | {"query": other * 64, "asset": first * 64}])
    assert VerifiedPairs(tmp_path).of(first * 64) == {}


def test_another_frame_of_one_picture_says_nothing_of_a_third(tmp_path: Path) -> None:
    copy, sibling = Match("", Relation.COPY).to_json(), Match("", Relation.SIBLING).to_json()
    with VerifiedPairs(tmp_path) as pairs:
        told = [
            sibling | {"query": "a" * 64, "asset": "b" * 64},
            copy | {"query": "a" * 64, "asset": "c" * 64},
        ]
        pairs.add("a" * 64, told)
    assert set(VerifiedPairs(tmp_path).of("a" * 64)) == {"c" * 64}


def test_a_whole_copy_is_kept_with_the_picture_that_stands_for_it(tmp_path: Path) -> None:
    copy = Match("", Relation.COPY).to_json()
    with VerifiedPairs(tmp_path) as pairs:
        pairs.add("a" * 64, [copy | {"query": "a" * 64, "asset": "b" * 64}], copy_of="b" * 64)
        pairs.add("b" * 64, [])
    again = VerifiedPairs(tmp_path)
    assert again.copies == {"a" * 64: "b" * 64}
    assert "a" * 64 in again
    assert set(again.of("a" * 64)) == {"b" * 64}


def test_the_rows_of_whole_copies_are_told_without_their_matches(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {str(seed): photo(seed, 120, 80) for seed in range(4)}) as catalog:
        names = [catalog.studies.sha256_of(row) for row in range(4)]
        with VerifiedPairs(tmp_path / "derived") as pairs:
            pairs.add(names[0], [], copy_of=names[1])
            pairs.add(names[3], [])
            pairs.add("0" * 64, [], copy_of=names[1])
        assert find_stand_ins(tmp_path / "derived", catalog.studies) == {0: 1}
        # A better one came later.
        with VerifiedPairs(tmp_path / "derived") as pairs:
            pairs.add(names[1], [], copy_of=names[2])
        assert find_stand_ins(tmp_path / "derived", catalog.studies) == {0: 2, 1: 2}


def test_where_nothing_was_compared_nothing_stands_for_another(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {}) as catalog:
        assert find_stand_ins(tmp_path / "derived", catalog.studies) == {}
