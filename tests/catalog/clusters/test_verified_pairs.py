from __future__ import annotations

from pathlib import Path

import pytest
from matching import DrawnCatalog
from pictures import flat, photo

from catalog.clusters import verified_pairs
from catalog.clusters.verified_pairs import VerifiedPairs, sort_copies_first
from catalog.matching.match import Match
from catalog.matching.relation import Relation


def test_what_seems_to_be_a_copy_is_looked_up_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verified_pairs, "WORTH_SORTING", 2)
    pictures = {str(seed): photo(seed, 300, 200) for seed in range(8)}
    pictures |= {
        "smaller 5": photo(5, 300, 200).resize((240, 160)),
        "flat": flat(),
        "flat too": flat("#5a5a5a"),
    }
    with DrawnCatalog(tmp_path, pictures) as catalog:
        every = [catalog.studies.sha256_of(row) for row in range(len(catalog.studies))]
        unknown = "0" * 64
        first = sort_copies_first([unknown, *every], catalog.studies)
    assert first[:2] == [every[5], every[8]]
    assert first[2:] == [unknown, *(one for row, one in enumerate(every) if row not in (5, 8))]


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
