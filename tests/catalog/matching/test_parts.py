from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.index import Size
from catalog.matching.match import Match
from catalog.matching.parts import is_better_of_page, place_in_page
from catalog.matching.relation import Relation

PART = (100, 50, 230, 150)
ASSET = Size(460, 300, 460, 300)
OF_PART = Match(
    "5f0c", Relation.COPY, kept=0.98, crop_box=(0, 0, 460, 300), transform=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0)
)


@pytest.mark.parametrize("relation", [Relation.COPY, Relation.CROP, Relation.CONTAINED])
def test_the_same_photo_on_a_page_is_contained_in_it(relation: Relation) -> None:
    found = place_in_page(replace(OF_PART, relation=relation, kept=0.4), PART, ASSET)
    assert (found.relation, found.kept) == (Relation.CONTAINED, 0.4)


@pytest.mark.parametrize("relation", [Relation.SIBLING, Relation.POSSIBLE, Relation.SHARED_ELEMENT])
def test_what_is_not_the_same_photo_stays_what_it_is(relation: Relation) -> None:
    assert place_in_page(replace(OF_PART, relation=relation), PART, ASSET).relation is relation


@pytest.mark.parametrize("relation", [Relation.COPY, Relation.SIBLING])
def test_the_transform_is_from_the_page(relation: Relation) -> None:
    found = place_in_page(replace(OF_PART, relation=relation), PART, ASSET)
    assert found.transform == (2.0, 0.0, -200.0, 0.0, 2.0, -100.0)


def test_a_mirrored_part_s_transform_is_from_the_page() -> None:
    found = place_in_page(replace(OF_PART, transform=(-2.0, 0.0, 460.0, 0.0, 2.0, 0.0)), PART, ASSET)
    assert found.transform == (-2.0, 0.0, 660.0, 0.0, 2.0, -100.0)


def test_boxes_in_the_asset_stay_where_they_are() -> None:
    match = replace(OF_PART, crop_box=(10, 20, 300, 200), overlays=((30, 40, 50, 60),))
    found = place_in_page(match, PART, ASSET)
    assert (found.crop_box, found.overlays) == ((10, 20, 300, 200), ((30, 40, 50, 60),))


LARGER = replace(
    OF_PART,
    relation=Relation.CROP,
    larger="query",
    kept=0.5,
    beyond=0.1,
    crop_box=(15, 0, 200, 150),
    overlays=((115, 75, 20, 10),),
    transform=(2.5, 0.0, -50.0, 0.0, 2.0, 0.0),
)


def test_a_catalogued_crop_of_the_part_lies_in_the_page_as_far_as_it_is_seen() -> None:
    found = place_in_page(LARGER, PART, ASSET)
    assert (found.relation, found.larger, found.kept, found.beyond) == (
        Relation.CONTAINED,
        "asset",
        0.9,
        0.0,
    )


def test_its_boxes_are_the_asset_s() -> None:
    found = place_in_page(LARGER, PART, ASSET)
    assert (found.crop_box, found.overlays) == ((0, 0, 460, 300), ((238, 150, 50, 20),))


def test_boxes_of_another_frame_are_moved_into_the_page() -> None:
    found = place_in_page(replace(LARGER, relation=Relation.POSSIBLE), PART, ASSET)
    assert (found.crop_box, found.overlays) == ((115, 50, 200, 150), ((215, 125, 20, 10),))


def match(relation: Relation, agreeing: int = 50, compared: int = 60, inliers: int = 20) -> Match:
    return Match("5f0c", relation, inliers=inliers, blocks_agreeing=agreeing, blocks_compared=compared)


@pytest.mark.parametrize(
    ("part", "whole", "is_better"),
    [
        (match(Relation.CONTAINED), match(Relation.SIBLING, 90), True),
        (match(Relation.SIBLING), match(Relation.SHARED_ELEMENT, 90), True),
        (match(Relation.SHARED_ELEMENT, 90), match(Relation.SIBLING), False),
        (match(Relation.CONTAINED, 51), match(Relation.CONTAINED), True),
        (match(Relation.CONTAINED), match(Relation.CONTAINED, 51), False),
        (match(Relation.CONTAINED), match(Relation.CONTAINED), False),
        (match(Relation.CONTAINED, inliers=21), match(Relation.CONTAINED), True),
        (match(Relation.CONTAINED, 90), match(Relation.COPY), False),
        (match(Relation.CONTAINED, 90), match(Relation.CROP), False),
        (match(Relation.CONTAINED, 90), match(Relation.IDENTICAL), False),
        (match(Relation.SHARED_ELEMENT, 90, 99), match(Relation.CONTAINED), False),
    ],
)
def test_the_better_of_part_and_page_is_kept(part: Match, whole: Match, *, is_better: bool) -> None:
    assert is_better_of_page(part, whole) is is_better


@pytest.mark.parametrize(("compared", "is_better"), [(60, True), (59, False)])
def test_another_frame_that_more_pixels_show_is_no_copy(compared: int, *, is_better: bool) -> None:
    part = match(Relation.SIBLING, 30, compared)
    assert is_better_of_page(part, match(Relation.CONTAINED)) is is_better
