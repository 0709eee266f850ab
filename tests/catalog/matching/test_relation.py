from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, laid, scene

from catalog.matching.overlays import find_natural
from catalog.matching.pixel_comparison import Comparison, Floats, Pixels, compare
from catalog.matching.regions import Box
from catalog.matching.relation import Relation, Verdict, _span, _visible_box, continues, judge

PICTURE = scene(3)
OTHER = scene(8)
WIDER = scene(3, 480, 320)
WIDTH, HEIGHT = 240, 160

# Inliers of which no doubt is left.
MANY = 100


def at(x: float, y: float) -> Floats:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y]])


def verdict(
    query: Pixels, asset: Pixels = PICTURE, matrix: Floats = SAME_PLACE, inliers: int = MANY
) -> Verdict | None:
    return judge(laid(query, asset, matrix), inliers)


def relation(
    query: Pixels, asset: Pixels = PICTURE, matrix: Floats = SAME_PLACE, inliers: int = MANY
) -> Relation | None:
    found = verdict(query, asset, matrix, inliers)
    return found.relation if found else None


def same(query: Pixels, asset: Pixels = PICTURE, matrix: Floats = SAME_PLACE) -> Verdict:
    """The verdict on what is the same photo."""
    found = verdict(query, asset, matrix)
    assert found is not None
    assert found.relation.is_same_photo
    return found


def near(box: Box, *numbers: float) -> bool:
    return bool(np.abs(np.subtract((box.x, box.y, box.width, box.height), numbers)).max() < 2.5)


# Relations


@pytest.mark.parametrize("kind", [Relation.IDENTICAL, Relation.COPY, Relation.CROP, Relation.CONTAINED])
def test_these_are_the_same_photo(kind: Relation) -> None:
    assert kind.is_same_photo


@pytest.mark.parametrize("kind", [Relation.SIBLING, Relation.SHARED_ELEMENT])
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


@pytest.mark.parametrize(("height", "kind"), [(1000, Relation.CONTAINED), (1100, Relation.SHARED_ELEMENT)])
def test_of_a_page_a_picture_takes_a_thirtieth_at_least(height: int, kind: Relation) -> None:
    """Three of a hundred; smaller ones are elements of the page."""
    assert relation(on_page(1200, height, 50, 70), PICTURE, at(-50, -70), 10) is kind


def test_a_picture_in_another_is_contained() -> None:
    page = scene(9, 400, 300)
    page[70:230, 50:290] = PICTURE
    assert relation(page, PICTURE, at(-50, -70)) is Relation.CONTAINED


def test_beside_another_picture_it_is_contained() -> None:
    query = PICTURE.copy()
    query[:, 120:] = OTHER[:, 120:]
    assert relation(query) is Relation.CONTAINED


@pytest.mark.parametrize(("rows", "kind"), [(62, Relation.COPY), (67, Relation.CONTAINED)])
def test_a_bar_hides_two_fifths_at_most(rows: int, kind: Relation) -> None:
    query = PICTURE.copy()
    query[HEIGHT - rows :] = 30
    assert relation(query) is kind


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


def counted(agreeing: int, differing: int, asset: Pixels = PICTURE) -> Comparison:
    """A picture laid over itself, of whose 70 blocks the first so many agree and the last so many differ.

    The rest say neither.
    """
    comparison = laid(asset, asset)
    count = len(comparison.blocks.likeness)
    likeness = np.full(count, 0.6)
    likeness[:agreeing] = 1
    likeness[count - differing :] = 0
    blocks = replace(
        comparison.blocks,
        likeness=likeness,
        offsets=np.zeros((count, 2)),
        query_levels=np.full(count, 20.0),
        asset_levels=np.full(count, 20.0),
        detail=np.full((2, count), 5.0),
    )
    return replace(comparison, blocks=blocks)


def counted_relation(agreeing: int, differing: int, inliers: int = MANY) -> Relation | None:
    found = judge(counted(agreeing, differing), inliers)
    return found.relation if found else None


def is_same_photo(agreeing: int, differing: int, inliers: int = MANY) -> bool:
    found = counted_relation(agreeing, differing, inliers)
    return found is not None and found.is_same_photo


def test_blocks_that_agree_and_that_were_compared_are_counted() -> None:
    found = judge(counted(40, 20), MANY)
    assert found is not None
    assert (found.agreeing, found.compared) == (40, 60)


@pytest.mark.parametrize(("agreeing", "differing", "same"), [(27, 33, True), (26, 34, False)])
def test_not_quite_half_of_what_is_compared_agrees(agreeing: int, differing: int, same: bool) -> None:
    """45 of a hundred: 27 of 60 are."""
    assert is_same_photo(agreeing, differing) == same


@pytest.mark.parametrize(("inliers", "same"), [(8, True), (7, False)])
def test_with_few_inliers_more_must_agree(inliers: int, same: bool) -> None:
    assert is_same_photo(30, 30, inliers) == same


@pytest.mark.parametrize(("agreeing", "same"), [(48, True), (47, False)])
def test_with_few_inliers_four_in_five_agree(agreeing: int, same: bool) -> None:
    assert is_same_photo(agreeing, 60 - agreeing, 0) == same


@pytest.mark.parametrize(("differing", "same"), [(10, True), (9, False)])
def test_of_few_blocks_more_must_agree(differing: int, same: bool) -> None:
    """Fifteen that agree, of 25 or 24."""
    assert is_same_photo(15, differing) == same


@pytest.mark.parametrize(("agreeing", "same"), [(6, True), (5, False)])
def test_six_blocks_agree_at_least(agreeing: int, same: bool) -> None:
    assert is_same_photo(agreeing, 1) == same


@pytest.mark.parametrize(
    ("agreeing", "inliers", "same"), [(4, 20, True), (3, 20, False), (4, 19, False), (5, 19, False)]
)
def test_of_a_simple_drawing_four_are_enough(agreeing: int, inliers: int, same: bool) -> None:
    assert is_same_photo(agreeing, 0, inliers) == same


def test_where_one_differs_four_are_not_enough() -> None:
    assert not is_same_photo(4, 1)


def test_where_nothing_was_compared_there_is_no_verdict() -> None:
    comparison = laid(PICTURE, PICTURE)
    none = {
        name: getattr(comparison.blocks, name)[..., :0]
        for name in ("query_levels", "asset_levels", "detail", "likeness")
    }
    empty = replace(comparison.blocks, corners=np.zeros((0, 2)), offsets=np.zeros((0, 2)), **none)
    assert judge(replace(comparison, blocks=empty), MANY) is None


# Another frame, or an element of both


@pytest.mark.parametrize(("inliers", "kind"), [(14, Relation.SIBLING), (13, Relation.SHARED_ELEMENT)])
def test_another_frame_is_told_by_fourteen_inliers(inliers: int, kind: Relation) -> None:
    assert counted_relation(20, 50, inliers) is kind


def test_what_agrees_as_a_whole_is_an_element_of_both() -> None:
    assert counted_relation(20, 50, 0) is Relation.SHARED_ELEMENT


def test_too_little_to_be_an_element_is_nothing() -> None:
    assert counted_relation(5, 60, 0) is None


def test_another_frame_shows_all_that_the_asset_shows() -> None:
    found = judge(counted(20, 50), 14)
    assert found is not None
    assert (found.larger, found.kept) == ("asset", 1.0)


def moved() -> Comparison:
    query = PICTURE.copy()
    query[40:140, 70:190] = OTHER[40:140, 70:190]
    return laid(query, PICTURE)


def test_where_something_moved_it_is_another_frame() -> None:
    found = judge(moved(), MANY)
    assert found is not None
    assert found.relation is Relation.SIBLING


def of_which_differ(count: int, others: int = 0, agreeing: int = 70) -> Relation | None:
    """A comparison in which so many blocks of photograph over photograph differ, and others of what is drawn.

    Of the rest so many at most agree.
    """
    comparison = moved()
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
    found = judge(replace(comparison, blocks=blocks), MANY)
    return found.relation if found else None


@pytest.mark.parametrize(("count", "kind"), [(4, Relation.COPY), (5, Relation.SIBLING)])
def test_what_moved_is_seven_in_a_hundred_blocks_at_least(count: int, kind: Relation) -> None:
    """Of 70 blocks 4.9."""
    assert of_which_differ(count) is kind


@pytest.mark.parametrize(("count", "kind"), [(3, Relation.COPY), (4, Relation.SIBLING)])
def test_of_few_blocks_what_moved_is_four_at_least(count: int, kind: Relation) -> None:
    assert of_which_differ(count, agreeing=20) is kind


def test_what_differs_otherwise_has_not_moved() -> None:
    assert of_which_differ(4, 6) is Relation.COPY


# Enough of both to be the same photo


def overlapping(width: int) -> tuple[Pixels, Pixels, Floats]:
    """Two pictures of which the right end of one is the left end of the other."""
    query, asset = scene(11), scene(12)
    query[:, WIDTH - width :] = PICTURE[:, :width]
    asset[:, :width] = PICTURE[:, :width]
    return query, asset, at(width - WIDTH, 0)


@pytest.mark.parametrize(("width", "same"), [(90, True), (78, False)])
def test_a_third_of_a_picture_is_more_than_an_element(width: int, same: bool) -> None:
    """35 of a hundred are 84 columns."""
    found = relation(*overlapping(width))
    assert found is not None
    assert found.is_same_photo == same


# Drawn


def chart(bars: int = 9) -> Pixels:
    """Bars of three colours on white."""
    image = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for place in range(bars):
        top, left = 20 + 37 * place % 90, 12 + 25 * place
        image[top:150, left : left + 15] = 0 if place % 2 else 128
    return image


def test_a_drawing_in_itself_is_a_copy() -> None:
    assert relation(chart(), chart()) is Relation.COPY


def test_a_drawing_of_which_a_fifth_differs_is_not_the_same() -> None:
    comparison = counted(56, 14, chart())
    found = judge(comparison, MANY)
    assert found is None or not found.relation.is_same_photo


@pytest.mark.parametrize(("agreeing", "same"), [(60, True), (59, False)])
def test_of_a_drawing_six_in_seven_agree(agreeing: int, same: bool) -> None:
    """85 of a hundred are 59.5 of 70."""
    found = judge(counted(agreeing, 70 - agreeing, chart()), MANY)
    assert (found is not None and found.relation.is_same_photo) == same


@pytest.mark.parametrize(("height", "kind"), [(320, Relation.CONTAINED), (350, Relation.SHARED_ELEMENT)])
def test_on_a_page_a_drawing_takes_three_tenths_at_least(height: int, kind: Relation) -> None:
    page = np.full((height, 400), 255, np.uint8)
    page[70:230, 50:290] = chart()
    assert relation(page, chart(), at(-50, -70), 10) is kind


def test_a_headline_over_two_photographs_is_an_element_of_both() -> None:
    query, asset = scene(11), scene(12)
    for picture in (query, asset):
        picture[110:150] = 255
        cv2.putText(picture, "Record heat closes schools", (8, 135), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    assert relation(query, asset) is Relation.SHARED_ELEMENT


def test_four_blocks_of_what_is_not_whole_are_not_enough() -> None:
    comparison = counted(4, 0)
    larger = np.zeros((HEIGHT, 2 * WIDTH), np.uint8)
    found = judge(replace(comparison, query=larger), MANY)
    assert found is None or not found.relation.is_same_photo


# Beyond the asset


def beyond(query: Pixels, x: int = 100, y: int = 80) -> bool:
    """Whether a query goes on beyond the picture that lies in its middle."""
    return continues(at(-x, -y), query, WIDER[80:240, 100:340])


def framed_by(surroundings: Pixels) -> Pixels:
    query = surroundings.copy()
    query[80:240, 100:340] = WIDER[80:240, 100:340]
    return query


def test_the_scene_goes_on_beyond_a_crop() -> None:
    assert beyond(WIDER)


def test_a_page_does_not() -> None:
    assert not beyond(framed_by(np.full_like(WIDER, 255)))


def test_another_picture_around_it_does_not() -> None:
    assert not beyond(framed_by(scene(21, 480, 320)))


BLURRED = np.asarray(cv2.GaussianBlur(WIDER, (0, 0), 6), dtype=np.uint8)


def test_a_blurred_copy_around_it_does_not() -> None:
    assert not beyond(framed_by(BLURRED))


SIDES = pytest.mark.parametrize("side", [np.s_[:, :100], np.s_[:, 340:], np.s_[:80], np.s_[240:]])


@SIDES
def test_a_calm_sky_beyond_one_edge_goes_on(side: tuple[slice, ...]) -> None:
    query = WIDER.copy()
    query[side] = BLURRED[side]
    assert beyond(query)


@SIDES
def test_a_seam_at_any_edge_is_enough(side: tuple[slice, ...]) -> None:
    query = WIDER.copy()
    query[side] = scene(21, 480, 320)[side]
    assert not beyond(query)


@SIDES
def test_paper_beyond_one_edge_says_nothing(side: tuple[slice, ...]) -> None:
    query = WIDER.copy()
    query[side] = 255
    assert beyond(query)


def test_noise_of_paper_says_nothing_either() -> None:
    """Beyond two edges; were they calm parts of the scene, it would not go on."""
    query = WIDER.copy()
    noise = np.random.default_rng(1).normal(250, 1, WIDER.shape).clip(0, 255).astype(np.uint8)
    query[:80], query[:, :100] = noise[:80], noise[:, :100]
    assert beyond(query)


@pytest.mark.parametrize(
    ("query", "x", "y"),
    [
        (WIDER[80:, 100:], 0, 0),
        (WIDER[:240, :340], 100, 80),
        (WIDER[:, 100:340], 0, 80),
        (WIDER[80:240], 100, 0),
    ],
)
def test_beyond_edges_that_both_share_nothing_need_go_on(query: Pixels, x: int, y: int) -> None:
    assert beyond(query, x, y)


def test_where_both_end_together_nothing_goes_on() -> None:
    assert not beyond(WIDER[80:240, 100:340], 0, 0)


def test_a_query_that_ends_inside_the_asset_goes_on() -> None:
    assert beyond(WIDER[:200, :300])


def test_beyond_a_picture_too_small_for_margins_nothing_is_known() -> None:
    assert not continues(at(-100, -80), WIDER, WIDER[80:100, 100:120])


# Boxes and spans


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


@pytest.mark.parametrize(
    ("shares", "span"),
    [
        ([0, 1, 1, 0], slice(1, 3)),
        ([0.5, 1, 0.49], slice(0, 2)),
        ([0, 0.3, 0.6, 0.2, 0.3], slice(1, 5)),
        ([1], slice(0, 1)),
    ],
)
def test_a_span_reaches_as_far_as_half_of_the_fullest(shares: list[float], span: slice) -> None:
    assert _span(np.array(shares)) == span


def test_pictures_with_nothing_in_common_are_not_even_compared() -> None:
    assert compare(OTHER, PICTURE, SAME_PLACE) is None
