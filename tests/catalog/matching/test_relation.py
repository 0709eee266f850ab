from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, laid, scene

from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.pixels.overlays import find_natural
from catalog.matching.pixels.pixel_comparison import compare
from catalog.matching.pixels.regions import Box
from catalog.matching.relation import Relation, Verdict, View, _visible_box

PICTURE = scene(3)
OTHER = scene(8)
WIDER = scene(3, 480, 320)
WIDTH, HEIGHT = 240, 160


def at(x: float, y: float) -> Floats:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y]])


def same(query: Pixels, asset: Pixels = PICTURE, matrix: Floats = SAME_PLACE) -> Verdict:
    """The verdict on what is known to be the same photo."""
    return View(laid(query, asset, matrix)).make_same_photo_verdict()


def near(box: Box, *numbers: float) -> bool:
    return bool(np.abs(np.subtract((box.x, box.y, box.width, box.height), numbers)).max() < 2.5)


# Relations


@pytest.mark.parametrize("kind", [Relation.IDENTICAL, Relation.COPY, Relation.CROP, Relation.CONTAINED])
def test_these_are_the_same_photo(kind: Relation) -> None:
    assert kind.is_same_photo


@pytest.mark.parametrize("kind", [Relation.POSSIBLE, Relation.SIBLING, Relation.SHARED_ELEMENT])
def test_these_are_not(kind: Relation) -> None:
    assert not kind.is_same_photo


def test_the_whole_in_the_whole_is_a_copy() -> None:
    assert same(PICTURE) == Verdict(
        Relation.COPY, 1.0, "asset", Box(0, 0, 240, 160), (), agreeing=70, compared=70
    )


@pytest.mark.parametrize(("height", "kind"), [(156, Relation.COPY), (154, Relation.CROP)])
def test_what_lacks_more_than_a_thirtieth_is_a_crop(height: int, kind: Relation) -> None:
    assert same(PICTURE[:height]).relation is kind


def test_a_crop_shows_its_share_of_the_asset() -> None:
    assert same(PICTURE[20:140, 30:200], PICTURE, at(30, 20)).kept == pytest.approx(
        120 * 170 / (240 * 160), abs=0.01
    )


def test_a_crop_lies_where_it_was_cut() -> None:
    assert near(same(PICTURE[20:140, 30:200], PICTURE, at(30, 20)).crop_box, 30, 20, 170, 120)


def test_a_crop_of_a_larger_asset_is_told_in_its_pixels() -> None:
    small = np.asarray(cv2.resize(WIDER[40:240, 60:360], (150, 100), interpolation=cv2.INTER_AREA))
    half = np.array([[2.0, 0.0, 60.0], [0.0, 2.0, 40.0]])
    assert near(same(small.astype(np.uint8), WIDER, half).crop_box, 60, 40, 300, 200)


def test_of_which_the_asset_is_a_crop_the_query_is_the_larger() -> None:
    found = same(WIDER, WIDER[80:240, 100:340], at(-100, -80))
    assert (found.relation, found.larger) == (Relation.CROP, "query")


def test_what_the_asset_shows_of_the_query_is_told() -> None:
    found = same(WIDER, WIDER[80:240, 100:340], at(-100, -80))
    assert (found.kept, near(found.crop_box, 100, 80, 240, 160)) == (pytest.approx(0.25, abs=0.01), True)


@pytest.mark.parametrize(("height", "kind"), [(300, Relation.COPY), (294, Relation.CROP)])
def test_a_query_with_little_more_than_the_asset_is_a_copy(height: int, kind: Relation) -> None:
    assert same(WIDER, WIDER[:height]).relation is kind


def test_of_two_crops_the_one_with_more_of_the_other_is_the_smaller() -> None:
    """The query lies four parts in five in the asset, the asset three in five in the query."""
    found = same(WIDER[100:250, 200:450], WIDER[60:260, 100:400], at(100, 40))
    assert (found.larger, found.relation) == ("asset", Relation.CROP)


def test_what_lies_beyond_the_larger_is_told() -> None:
    found = same(WIDER[100:250, 200:450], WIDER[60:260, 100:400], at(100, 40))
    assert found.beyond == pytest.approx(0.2, abs=0.02)


def test_what_lies_beyond_a_larger_query_is_told() -> None:
    found = same(WIDER[60:260, 100:400], WIDER[100:250, 200:450], at(-100, -40))
    assert (found.larger, found.beyond) == ("query", pytest.approx(0.2, abs=0.02))


def test_a_whole_crop_has_nothing_beyond() -> None:
    assert same(PICTURE[20:140, 30:200], PICTURE, at(30, 20)).beyond == 0


# Within another picture


def on_page(width: int, height: int, x: int, y: int, paper: int = 255) -> Pixels:
    page = np.full((height, width), paper, np.uint8)
    page[y : y + HEIGHT, x : x + WIDTH] = PICTURE
    return page


def test_a_picture_on_a_page_is_contained() -> None:
    found = same(on_page(400, 300, 50, 70), PICTURE, at(-50, -70))
    assert (found.relation, found.larger, found.kept) == (
        Relation.CONTAINED,
        "asset",
        pytest.approx(1, abs=0.01),
    )


def test_a_picture_in_another_is_contained() -> None:
    page = scene(9, 400, 300)
    page[70:230, 50:290] = PICTURE
    assert same(page, PICTURE, at(-50, -70)).relation is Relation.CONTAINED


def test_beside_another_picture_it_is_contained() -> None:
    query = PICTURE.copy()
    query[:, 120:] = OTHER[:, 120:]
    assert same(query).relation is Relation.CONTAINED


@pytest.mark.parametrize(("rows", "kind"), [(62, Relation.COPY), (67, Relation.CONTAINED)])
def test_a_bar_hides_two_fifths_at_most(rows: int, kind: Relation) -> None:
    query = PICTURE.copy()
    query[HEIGHT - rows :] = 30
    assert same(query).relation is kind


def test_a_bar_takes_its_share() -> None:
    query = PICTURE.copy()
    query[130:] = 30
    assert same(query).kept == pytest.approx(130 / 160, abs=0.01)


def test_what_a_bar_hides_is_not_in_the_box() -> None:
    query = PICTURE.copy()
    query[130:] = 30
    assert near(same(query).crop_box, 0, 0, 240, 130)


# What lies over it


def test_what_covers_a_part_is_told_by_its_box() -> None:
    query = PICTURE.copy()
    query[60:110, 80:150] = 255
    (box,) = same(query).overlays
    assert near(box, 72, 45, 96, 70)


def test_what_covers_two_parts_is_told_by_two_boxes() -> None:
    query = PICTURE.copy()
    query[20:70, 20:70] = query[90:140, 170:220] = 255
    assert len(same(query).overlays) == 2


def test_what_covers_a_single_block_is_not_told() -> None:
    query = PICTURE.copy()
    query[50:64, 76:92] = 255
    assert same(query).overlays == ()


def test_boxes_are_in_pixels_of_the_larger() -> None:
    """Twice as large as they are compared at."""
    query = WIDER.copy()
    query[120:220, 160:300] = 255
    small = np.asarray(cv2.resize(query, (240, 160), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    (box,) = same(small, WIDER, np.array([[2.0, 0, 0], [0, 2.0, 0]])).overlays
    assert near(box, 144, 90, 192, 140)


# What agrees and what differs


def view(
    query: Pixels, asset: Pixels = PICTURE, matrix: Floats = SAME_PLACE, *, swapped: bool = False
) -> View:
    return View(laid(query, asset, matrix), swapped=swapped)


def replaced() -> Pixels:
    """The picture with a part of another one in its middle."""
    query = PICTURE.copy()
    query[40:140, 70:190] = OTHER[40:140, 70:190]
    return query


def of_which_differ(count: int, others: int = 0, agreeing: int = 70) -> View:
    """A comparison in which so many blocks of photograph over photograph differ, and others of what is drawn.

    Of the rest so many at most agree.
    """
    comparison = laid(replaced(), PICTURE)
    is_natural = find_natural(comparison)
    likeness = np.full(len(is_natural), 0.6)
    likeness[np.flatnonzero(is_natural)] = 1
    likeness[np.flatnonzero(is_natural)[:count]] = 0
    drawn = np.flatnonzero(~is_natural)
    likeness[drawn[:others]] = 0
    likeness[drawn[others : others + agreeing]] = 1
    blocks = replace(
        comparison.blocks,
        likeness=likeness,
        offsets=np.zeros_like(comparison.blocks.offsets),
        detail=np.full_like(comparison.blocks.detail, 5.0),
    )
    return View(replace(comparison, blocks=blocks))


@pytest.mark.parametrize(("count", "has_moved"), [(4, False), (5, True)])
def test_what_moved_is_seven_in_a_hundred_blocks_at_least(count: int, *, has_moved: bool) -> None:
    """Of 70 blocks 4.9."""
    assert of_which_differ(count).has_moved == has_moved


@pytest.mark.parametrize(("count", "has_moved"), [(3, False), (4, True)])
def test_of_few_blocks_what_moved_is_four_at_least(count: int, *, has_moved: bool) -> None:
    assert of_which_differ(count, agreeing=20).has_moved == has_moved


def test_what_differs_otherwise_has_not_moved() -> None:
    assert not of_which_differ(4, 6).has_moved


def test_within_an_outline_only_its_blocks_have_a_say() -> None:
    seen = view(replaced())
    within = np.ones((HEIGHT, WIDTH), dtype=np.float32)
    within[30:150, 60:200] = 0
    found = seen.restricted(within)
    assert (bool(found.differing.any()), bool(found.agreeing.any())) == (False, True)


def test_beyond_it_they_keep_it_in_the_view_itself() -> None:
    seen = view(replaced())
    before = seen.differing
    seen.restricted(np.zeros((HEIGHT, WIDTH), dtype=np.float32))
    assert seen.differing is before


def test_what_lies_outside_it_covers_nothing() -> None:
    seen = view(replaced()).restricted(np.zeros((HEIGHT, WIDTH), dtype=np.float32))
    assert seen.make_same_photo_verdict().overlays == ()


def overlapping(width: int) -> View:
    """Two pictures of which the right end of one is the left end of the other."""
    query, asset = scene(11), scene(12)
    query[:, WIDTH - width :] = PICTURE[:, :width]
    asset[:, :width] = PICTURE[:, :width]
    return view(query, asset, at(width - WIDTH, 0))


@pytest.mark.parametrize(("width", "is_real"), [(90, True), (78, False)])
def test_a_third_of_a_picture_is_more_than_an_element(width: int, *, is_real: bool) -> None:
    """35 of a hundred are 84 columns."""
    assert overlapping(width).is_real_share == is_real


def test_less_than_a_third_is_a_part_of_both_all_the_same() -> None:
    assert overlapping(78).is_part_of_both


def test_what_a_strip_hides_is_not_shown() -> None:
    query = PICTURE.copy()
    query[130:] = 30
    shown = view(query).shown
    assert (bool(shown[:125].all()), bool(shown[135:].any())) == (True, False)


@pytest.mark.parametrize(("top", "is_mostly_hidden"), [(130, False), (70, True)])
def test_what_hides_half_is_more_than_a_bar(top: int, *, is_mostly_hidden: bool) -> None:
    query = PICTURE.copy()
    query[top:] = 30
    assert view(query).is_mostly_hidden == is_mostly_hidden


@pytest.mark.parametrize(("query", "is_whole"), [(PICTURE, True), (PICTURE[:140], False)])
def test_a_crop_is_not_seen_whole(query: Pixels, *, is_whole: bool) -> None:
    assert view(query).is_whole == is_whole


def test_slopes_of_a_photograph_are_more_even_than_those_of_letters() -> None:
    page = np.full_like(PICTURE, 255)
    for row in range(20, HEIGHT, 20):
        cv2.putText(page, "Votes are counted again", (4, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    assert view(page, page).evenness < 0.4 < view(PICTURE).evenness


# Either one may be asked for


def test_for_the_asset_a_crop_of_it_is_what_it_shows() -> None:
    found = view(PICTURE[20:140, 30:200], PICTURE, at(30, 20), swapped=True).make_same_photo_verdict()
    assert (found.relation, found.larger) == (Relation.CROP, "query")


@pytest.mark.parametrize("swapped", [False, True])
def test_whichever_is_asked_for_the_box_lies_in_the_larger(*, swapped: bool) -> None:
    found = view(PICTURE[20:140, 30:200], PICTURE, at(30, 20), swapped=swapped).make_same_photo_verdict()
    assert near(found.crop_box, 30, 20, 170, 120)


def test_for_the_asset_the_page_it_lies_on_contains_it() -> None:
    page = on_page(400, 300, 50, 70)
    found = view(PICTURE, page, at(50, 70), swapped=True).make_same_photo_verdict()
    assert (found.relation, found.larger) == (Relation.CONTAINED, "asset")


@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_not_the_same_is_told_for_the_one_that_was_found(*, swapped: bool) -> None:
    found = view(replaced(), swapped=swapped).make_other_verdict(Relation.SIBLING, "it moved")
    assert (found.relation, found.larger, found.why) == (Relation.SIBLING, "asset", "it moved")


def test_what_was_done_to_it_is_told() -> None:
    assert view(PICTURE).make_same_photo_verdict(("cut out",)).edits == ("cut out",)


# Boxes


def test_what_is_not_hidden_has_a_box() -> None:
    hidden = np.zeros((20, 30), np.float32)
    hidden[:4] = hidden[:, 25:] = 1
    assert _visible_box(hidden) == Box(0, 4, 25, 16)


def test_what_is_hidden_in_part_is_not_in_it() -> None:
    hidden = np.zeros((20, 30), np.float32)
    hidden[15:] = 0.6
    assert _visible_box(hidden) == Box(0, 0, 30, 15)


def test_where_all_is_hidden_there_is_none() -> None:
    assert _visible_box(np.ones((20, 30), np.float32)) == Box(0, 0, 0, 0)


def test_pictures_with_nothing_in_common_are_not_even_compared() -> None:
    assert compare(OTHER, PICTURE, SAME_PLACE) is None
