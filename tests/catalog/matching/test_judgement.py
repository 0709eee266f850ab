from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, laid, scene, textured

from catalog.matching.judgement import _is_proven, judge
from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.pixels.pixel_comparison import Comparison
from catalog.matching.relation import Relation, Verdict, View

PICTURE = scene(3)
OTHER = scene(8)
WIDTH, HEIGHT = 240, 160

# With texture everywhere, and twice as wide.
PHOTO = textured(4)
ANOTHER = textured(44)

# Inliers of which no doubt is left.
MANY = 100

SIDES = pytest.mark.parametrize("swapped", [False, True])


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


def judged(query: Pixels, asset: Pixels = PHOTO, *, swapped: bool = False) -> Verdict:
    """The verdict on pictures that have something in common; with `swapped` the second is laid over the first."""
    comparison = laid(asset, query) if swapped else laid(query, asset)
    found = judge(comparison, MANY, swapped=swapped)
    assert found is not None
    return found


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


def test_blocks_that_agree_and_that_were_compared_are_counted() -> None:
    found = judge(counted(40, 20), MANY)
    assert found is not None
    assert (found.agreeing, found.compared) == (40, 60)


def is_proven(agreeing: int, differing: int, inliers: int = MANY) -> bool:
    return _is_proven(View(counted(agreeing, differing)), inliers)


@pytest.mark.parametrize(("agreeing", "differing", "proves"), [(30, 30, True), (29, 31, False)])
def test_half_of_what_is_compared_agrees(agreeing: int, differing: int, *, proves: bool) -> None:
    assert is_proven(agreeing, differing) == proves


@pytest.mark.parametrize(("inliers", "proves"), [(8, True), (7, False)])
def test_with_few_inliers_more_must_agree(inliers: int, *, proves: bool) -> None:
    assert is_proven(30, 30, inliers) == proves


@pytest.mark.parametrize(("agreeing", "proves"), [(48, True), (47, False)])
def test_with_few_inliers_four_in_five_agree(agreeing: int, *, proves: bool) -> None:
    assert is_proven(agreeing, 60 - agreeing, 0) == proves


@pytest.mark.parametrize(("differing", "proves"), [(10, True), (9, False)])
def test_of_few_blocks_more_must_agree(differing: int, *, proves: bool) -> None:
    """Fifteen that agree, of 25 or 24."""
    assert is_proven(15, differing) == proves


@pytest.mark.parametrize(("agreeing", "proves"), [(6, True), (5, False)])
def test_six_blocks_agree_at_least(agreeing: int, *, proves: bool) -> None:
    assert is_proven(agreeing, 1) == proves


@pytest.mark.parametrize(
    ("agreeing", "inliers", "proves"), [(4, 20, True), (3, 20, False), (4, 19, False), (5, 19, False)]
)
def test_of_a_simple_drawing_four_are_enough(agreeing: int, inliers: int, *, proves: bool) -> None:
    assert is_proven(agreeing, 0, inliers) == proves


def test_where_one_differs_four_are_not_enough() -> None:
    assert not is_proven(4, 1)


def test_what_is_proven_is_the_same_photo() -> None:
    assert counted_relation(60, 0) is Relation.COPY


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


# A page


def on_page(width: int, height: int, x: int, y: int, paper: int = 255) -> Pixels:
    page = np.full((height, width), paper, np.uint8)
    page[y : y + HEIGHT, x : x + WIDTH] = PICTURE
    return page


@pytest.mark.parametrize(("height", "kind"), [(1000, Relation.CONTAINED), (1100, Relation.SHARED_ELEMENT)])
def test_of_a_page_a_picture_takes_a_thirtieth_at_least(height: int, kind: Relation) -> None:
    """Three of a hundred; smaller ones are elements of the page."""
    assert relation(on_page(1200, height, 50, 70), PICTURE, at(-50, -70), 10) is kind


# Motion


def with_part_moved(pixels: int) -> Pixels:
    query = PHOTO.copy()
    query[100:220, 150:330] = PHOTO[100:220, 150 - pixels : 330 - pixels]
    return query


@SIDES
@pytest.mark.parametrize("pixels", [6, 11, 17])
def test_where_a_part_moved_it_is_another_frame(pixels: int, *, swapped: bool) -> None:
    """By 8, 14 and 22 pixels in 640."""
    assert judged(with_part_moved(pixels), swapped=swapped).relation is Relation.SIBLING


def test_by_how_much_it_moved_is_why() -> None:
    assert judged(with_part_moved(6)).why


# Too few pixels


def thumbnail(width: int, *, labelled: bool) -> Verdict:
    """The verdict on a small copy, with a label on it or without."""
    height = width * 2 // 3
    small = np.array(cv2.resize(PHOTO, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if labelled:
        small[: height // 4, : width // 4] = 255
    found = verdict(small, PHOTO, np.array([[480 / width, 0.0, 0.0], [0.0, 480 / width, 0.0]]))
    assert found is not None
    return found


@pytest.mark.parametrize(("width", "kind"), [(88, Relation.POSSIBLE), (96, Relation.COPY)])
def test_where_too_few_pixels_show_it_what_differs_makes_it_possible(width: int, kind: Relation) -> None:
    assert thumbnail(width, labelled=True).relation is kind


def test_how_few_they_are_is_why() -> None:
    assert "88 × 59 pixels" in thumbnail(88, labelled=True).why


def test_a_small_copy_that_lies_exactly_is_one() -> None:
    assert thumbnail(80, labelled=False).relation is Relation.COPY


def small_frame(moved: int, width: int = 160) -> Verdict:
    """The verdict on a small copy with a label, in which a part moved by so many pixels of the large one."""
    query = with_part_moved(moved) if moved else PHOTO.copy()
    query[:60, :90] = 255
    small = np.array(cv2.resize(query, (width, width * 2 // 3), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    found = verdict(small, PHOTO, np.array([[480 / width, 0.0, 0.0], [0.0, 480 / width, 0.0]]))
    assert found is not None
    return found


def test_a_small_copy_under_a_label_is_one() -> None:
    assert small_frame(0).relation is Relation.COPY


@pytest.mark.parametrize("pixels", [4, 6, 11, 17])
def test_a_small_frame_in_which_a_part_moved_is_none(pixels: int) -> None:
    assert not small_frame(pixels).relation.is_same_photo


# Two crops


@pytest.mark.parametrize("overlap", [150, 60])
def test_two_crops_that_overlap_exactly_are_the_same_photo(overlap: int) -> None:
    left, right = PHOTO[:, : 240 + overlap // 2], PHOTO[:, 240 - overlap // 2 :]
    found = verdict(left, right, at(overlap // 2 - 240, 0))
    assert found is not None
    assert (found.relation, found.beyond > 0.4) == (Relation.CROP, True)


def test_what_overlaps_at_an_edge_and_has_moved_there_is_not() -> None:
    left, right = PHOTO[:, :300].copy(), PHOTO[:, 180:]
    left[60:200, 200:290] = PHOTO[60:200, 194:284]
    found = verdict(left, right, at(-180, 0))
    assert found is None or not found.relation.is_same_photo


# Cut along an outline


def oval(width: int = 190, height: int = 130) -> Pixels:
    return np.asarray(
        cv2.ellipse(np.zeros(PHOTO.shape, np.uint8), (240, 160), (width, height), 0, 0, 360, 1, -1)
    )


@SIDES
def test_what_was_cut_out_is_the_same_photo(*, swapped: bool) -> None:
    query = np.where(oval(150, 110) > 0, PHOTO, 255).astype(np.uint8)
    assert judged(query, swapped=swapped).relation.is_same_photo


def test_that_it_was_cut_out_is_said() -> None:
    query = np.where(oval(150, 110) > 0, PHOTO, 255).astype(np.uint8)
    assert judged(query).edits == ("cut out",)


@SIDES
def test_so_is_what_was_pasted_over_another_photo(*, swapped: bool) -> None:
    query = np.where(oval() > 0, PHOTO, ANOTHER).astype(np.uint8)
    found = judged(query, swapped=swapped)
    assert (found.relation.is_same_photo, found.edits) == (True, ("beside or over another picture",))


@SIDES
def test_so_is_what_is_split_from_corner_to_corner(*, swapped: bool) -> None:
    down, across = np.mgrid[: PHOTO.shape[0], : PHOTO.shape[1]]
    query = np.where(down * 1.5 < across, PHOTO, ANOTHER).astype(np.uint8)
    assert judged(query, swapped=swapped).relation.is_same_photo


@SIDES
def test_another_subject_before_the_same_wall_is_not(*, swapped: bool) -> None:
    query = PHOTO.copy()
    query[90:260, 160:330] = ANOTHER[90:260, 160:330]
    found = judged(query, swapped=swapped)
    assert not found.relation.is_same_photo


def soft(picture: Pixels, part: tuple[slice, ...]) -> Pixels:
    """A part of a picture without its detail, as cloth and skin are."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), dtype=np.uint8)[part]


@SIDES
def test_nor_is_one_that_shows_little(*, swapped: bool) -> None:
    query = np.where(oval(110, 90) > 0, soft(ANOTHER, np.s_[:, :]), PHOTO).astype(np.uint8)
    assert not judged(query, swapped=swapped).relation.is_same_photo


@SIDES
def test_a_blurred_part_is_no_other_subject(*, swapped: bool) -> None:
    query = np.where(oval(110, 90) > 0, soft(PHOTO, np.s_[:, :]), PHOTO).astype(np.uint8)
    assert judged(query, swapped=swapped).relation.is_same_photo


@SIDES
def test_where_a_natural_part_was_replaced_it_is_possible(*, swapped: bool) -> None:
    query = PHOTO.copy()
    query[100:220, 170:260] = ANOTHER[100:220, 170:260]
    found = judged(query, swapped=swapped)
    assert (found.relation, found.why) == (Relation.POSSIBLE, "a part of it was replaced")


@SIDES
def test_what_lies_over_the_rest_does_not_make_what_was_cut_another_frame(*, swapped: bool) -> None:
    """Another frame of the scene lies around it: what is cut out lies exactly all the same."""
    around = np.where(oval() > 0, PHOTO, np.roll(PHOTO, 3, axis=1)).astype(np.uint8)
    query = np.where(oval(200, 140) > 0, around, ANOTHER).astype(np.uint8)
    assert judged(query, swapped=swapped).relation.is_same_photo


@SIDES
@pytest.mark.parametrize("level", [255, 30])
def test_a_plain_box_before_it_is_no_other_subject(level: int, *, swapped: bool) -> None:
    query = PHOTO.copy()
    query[90:230, 150:330] = level
    assert judged(query, swapped=swapped).relation is Relation.COPY


def test_a_part_that_was_cloned_over_another_is_retouching() -> None:
    query = PHOTO.copy()
    query[40:160, 60:200] = PHOTO[180:300, 300:440]
    assert judged(query).relation.is_same_photo


def test_an_enlarged_part_in_a_corner_is_an_inset() -> None:
    query = PHOTO.copy()
    part = cv2.resize(PHOTO[200:260, 300:390], (180, 120), interpolation=cv2.INTER_CUBIC)
    query[10:130, 10:190] = part
    assert judged(query).relation.is_same_photo


# Drawings


def bars(heights: tuple[int, ...]) -> Pixels:
    """Hatched bars on white above a line of letters."""
    page = np.full(PHOTO.shape, 255, np.uint8)
    for number, height in enumerate(heights):
        bar = page[290 - height : 290, 20 + 56 * number : 56 + 56 * number]
        bar[::8], bar[1::8], bar[2::8] = 40, 40, 40
    for row in (310, 30):
        cv2.putText(page, "Votes by county, in thousands", (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    return page


@SIDES
def test_a_chart_with_other_data_is_not_the_same(*, swapped: bool) -> None:
    query = bars((200, 120, 240, 90, 170, 230, 60, 140))
    found = judged(query, bars((180, 140, 220, 110, 190, 210, 80, 120)), swapped=swapped)
    assert not found.relation.is_same_photo


@SIDES
def test_a_wall_of_logos_behind_another_person_is_an_element(*, swapped: bool) -> None:
    wall = np.full(PHOTO.shape, 235, np.uint8)
    for row in range(0, 320, 40):
        for column in range(-60, 480, 90):
            left = column + row % 80
            cv2.rectangle(wall, (left, row + 6), (left + 70, row + 30), 60, -1)
            cv2.putText(wall, "POLO", (left + 8, row + 24), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 250, 2)
    one, other = (np.where(oval(90, 110) > 0, picture, wall).astype(np.uint8) for picture in (PHOTO, ANOTHER))
    assert judged(one, other, swapped=swapped).relation is Relation.SHARED_ELEMENT


def test_the_same_chart_under_a_word_is() -> None:
    chart = bars((60, 80, 60, 90, 70, 80, 60, 90))
    query = chart.copy()
    cv2.putText(query, "BREAKING", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    assert judged(query, chart).relation is Relation.COPY


def card_over(photo: Pixels) -> Pixels:
    card = photo.copy()
    card[:250] = 255
    for row in range(30, 240, 28):
        cv2.putText(card, "The votes were counted on Sunday", (8, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    return card


@SIDES
def test_one_card_over_two_photographs_is_an_element_of_both(*, swapped: bool) -> None:
    assert judged(card_over(PHOTO), card_over(ANOTHER), swapped=swapped).relation is Relation.SHARED_ELEMENT


# Edits


def test_what_agrees_everywhere_was_not_edited() -> None:
    assert judged(PHOTO).edits == ()


def test_a_small_place_that_was_painted_anew_was_retouched() -> None:
    query = PHOTO.copy()
    query[120:170, 60:110] = ANOTHER[120:170, 60:110]
    assert judged(query).edits == ("recoloured or retouched",)


# Under letters


def test_a_photograph_from_which_letters_were_taken_is_judged_as_ever() -> None:
    found = judge(laid(PHOTO, PHOTO), MANY, uncovered=True)
    assert found is not None
    assert found.relation is Relation.COPY


def test_what_is_no_photograph_has_nothing_left_under_its_letters() -> None:
    page = np.full_like(PHOTO, 255)
    cv2.putText(page, "Votes are counted", (20, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    assert judge(laid(page, page), MANY, uncovered=True) is None
