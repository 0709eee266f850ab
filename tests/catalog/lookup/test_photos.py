"""Photographs put together for an answer: how the query shows each copy, of those that it was not found to show too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.decisions import SAME, Decisions
from catalog.lookup.answer import Found, FoundCopy, Photo
from catalog.lookup.photos import PhotoFinder
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, UsageRecord
from catalog.store.catalog import open_catalog

BEST, HALF, PART = "b" * 64, "5" * 64, "9" * 64
QUERY = "f" * 64

# How copies show the best one, and the query the part of it.
HALVED = Match(BEST, Relation.COPY, crop_box=(0, 0, 800, 600), transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0))
CUT = Match(
    BEST, Relation.CROP, kept=0.25, crop_box=(100, 50, 400, 300), transform=(1.0, 0.0, 100.0, 0.0, 1.0, 50.0)
)
SHOWN = Match(PART, Relation.COPY, crop_box=(0, 0, 400, 300), transform=(4.0, 0.0, 0.0, 0.0, 4.0, 0.0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog of one photograph: the best copy, one half as large, and a part of it, each used once."""
    sizes = {BEST: (800, 600), HALF: (400, 300), PART: (400, 300)}
    with open_catalog(tmp_path) as catalog:
        for day, (sha256, (width, height)) in enumerate(sizes.items(), 1):
            catalog.records.put_asset(AssetRecord(sha256=sha256, width=width, height=height))
            usage = UsageRecord(
                key=sha256,
                page=f"https://{day}.example/",
                site=f"{day}.example",
                asset=sha256,
                published=f"2025-08-0{4 - day}T00:00:00Z",
            )
            catalog.records.put_usage(usage)
    with VerifiedPairs(tmp_path / "derived") as pairs:
        pairs.add(BEST, [])
        pairs.add(HALF, [HALVED.to_json() | {"query": HALF}])
        pairs.add(PART, [CUT.to_json() | {"query": PART}])
    return tmp_path


def photos(folder: Path, hits: Mapping[str, Found], sha256: str = QUERY) -> tuple[Photo, ...]:
    with open_catalog(folder, read_only=True) as catalog:
        finder = PhotoFinder(catalog, Decisions(catalog.records), lambda *_asked: None)
        return finder.photos(sha256, hits, is_final=True)


def hit(match: Match | None = SHOWN, decision: str = "") -> Found:
    return Found(AssetRecord(sha256=PART), "the whole picture", (), match, decision)


def copies(folder: Path, found: Found) -> dict[str, FoundCopy]:
    (photo,) = photos(folder, {PART: found})
    return {copy.copy.asset.sha256: copy for copy in photo.copies}


def test_where_nothing_was_found_there_is_no_photo(folder: Path) -> None:
    assert photos(folder, {}) == ()


def test_a_photo_has_every_copy_the_best_one_first(folder: Path) -> None:
    assert list(copies(folder, hit())) == [BEST, HALF, PART]


def test_a_photo_has_the_uses_of_all_copies_the_earliest_first(folder: Path) -> None:
    (photo,) = photos(folder, {PART: hit()})
    assert [use.usage.asset for use in photo.cluster.uses] == [PART, HALF, BEST]


def test_a_copy_that_the_query_shows_itself_has_its_match(folder: Path) -> None:
    copy = copies(folder, hit())[PART]
    assert (copy.match, copy.through, copy.transform) == (SHOWN, "", SHOWN.transform)


def test_a_copy_that_it_does_not_names_the_one_by_which_it_does(folder: Path) -> None:
    copy = copies(folder, hit())[HALF]
    assert (copy.match, copy.through) == (None, PART)


def test_the_transform_to_the_best_copy_is_composed(folder: Path) -> None:
    assert copies(folder, hit())[BEST].transform == (4.0, 0.0, 100.0, 0.0, 4.0, 50.0)


def test_the_transform_to_another_copy_is_composed_by_way_of_the_best(folder: Path) -> None:
    assert copies(folder, hit())[HALF].transform == (2.0, 0.0, 50.0, 0.0, 2.0, 25.0)


def test_the_same_file_lies_on_itself_unmoved(folder: Path) -> None:
    identical = hit(replace(SHOWN, relation=Relation.IDENTICAL, transform=()))
    assert copies(folder, identical)[BEST].transform == CUT.transform


def test_what_only_a_person_said_tells_no_transform(folder: Path) -> None:
    copy = copies(folder, hit(None, SAME))[BEST]
    assert (copy.through, copy.transform) == (PART, ())


def test_another_copy_is_explained_as_one_of_the_best(folder: Path) -> None:
    assert copies(folder, hit())[HALF].explanation == f"as a copy of {BEST[:12]}: the whole picture"


def test_the_best_copy_is_explained_by_what_shows_it(folder: Path) -> None:
    assert copies(folder, hit())[BEST].explanation == f"the best copy, which copy {PART[:12]} shows"


def test_a_copy_says_how_much_of_its_file_decoded(folder: Path) -> None:
    with open_catalog(folder) as catalog:
        catalog.records.put_asset(AssetRecord(sha256=PART, width=400, height=300, decoded=0.937))
    assert copies(folder, hit())[PART].explanation == "the whole picture; only 93 % of this file decoded"


def test_a_copy_that_the_query_does_not_show_itself_says_so_too(folder: Path) -> None:
    with open_catalog(folder) as catalog:
        catalog.records.put_asset(AssetRecord(sha256=HALF, width=400, height=300, decoded=0.937))
    assert copies(folder, hit())[HALF].explanation.endswith("; only 93 % of this file decoded")
