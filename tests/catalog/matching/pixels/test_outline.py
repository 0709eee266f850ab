from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import scene, textured

from catalog.matching.pixels.arrays import Bools, Pixels
from catalog.matching.pixels.outline import Hole, Outline

WIDTH, HEIGHT = 480, 320
PICTURE = textured(4)
OTHER = textured(44)
ALL = np.ones(PICTURE.shape, dtype=np.bool_)

# The part of the picture that is replaced: an eighth.
PART = np.s_[100:220, 160:320]
PART_BOX = (160, 100, 160, 120)


def outline(query: Pixels, asset: Pixels = PICTURE, shared: Bools = ALL) -> Outline:
    return Outline(query, asset, shared)


def with_part(pixels: Pixels, part: tuple[slice, ...] = PART) -> Pixels:
    query = PICTURE.copy()
    query[part] = pixels
    return query


def half() -> Pixels:
    """The left half of the picture beside the right half of another."""
    return np.hstack([PICTURE[:, :240], OTHER[:, 240:]])


def oval() -> Bools:
    mask = cv2.ellipse(np.zeros(PICTURE.shape, np.uint8), (240, 160), (150, 110), 0, 0, 360, 1, -1)
    return np.asarray(mask) > 0


def cut_out() -> Pixels:
    """What lies in an oval, on white."""
    return np.where(oval(), PICTURE, 255).astype(np.uint8)


def moved() -> tuple[Pixels, Pixels]:
    """Two pictures of large plain things, of which some moved by little: they lie on themselves in part."""
    asset = scene(3, WIDTH, HEIGHT)
    query = asset.copy()
    query[100:220, 30:210] = asset[100:220, 40:220]
    return query, asset


def only_hole(query: Pixels, asset: Pixels = PICTURE) -> Hole:
    (hole,) = outline(query, asset).holes
    return hole


# What agrees


def test_all_of_a_copy_agrees() -> None:
    assert outline(PICTURE).share == 1


def test_nothing_of_another_picture_does() -> None:
    assert outline(OTHER).share < 0.05


def test_of_a_split_picture_half_agrees() -> None:
    assert outline(half()).share == pytest.approx(0.5, abs=0.05)


def test_of_plain_pictures_nothing_is_known() -> None:
    plain = np.full_like(PICTURE, 200)
    found = outline(plain, plain)
    assert (found.share, found.is_crisp) == (0, False)


def test_other_levels_agree_as_well() -> None:
    assert outline((PICTURE * 0.6 + 50).astype(np.uint8)).share == 1


def test_where_only_one_has_pixels_nothing_is_lost() -> None:
    shared = ALL.copy()
    shared[:, 230:] = False
    found = outline(half(), shared=shared)
    assert (found.share, found.holes) == (1, ())


def test_what_lies_on_the_side_that_agrees_is_marked() -> None:
    within = outline(half()).within
    assert (within[:, :200].mean(), within[:, 280:].mean()) == (1, 0)


def test_the_mark_has_a_value_for_every_pixel() -> None:
    assert outline(half()).within.shape == PICTURE.shape


# Crisp


@pytest.mark.parametrize(
    "query", [PICTURE, half(), cut_out(), with_part(OTHER[PART])], ids=["copy", "split", "cut out", "pasted"]
)
def test_what_was_cut_is_crisp(query: Pixels) -> None:
    assert outline(query).is_crisp


def test_what_moved_by_little_is_not() -> None:
    assert not outline(*moved()).is_crisp


def test_another_picture_is_not() -> None:
    assert not outline(OTHER).is_crisp


def test_where_all_of_a_part_was_replaced_nothing_agrees_within() -> None:
    assert outline(with_part(OTHER[PART])).is_loss_pure


def test_where_a_part_moved_by_little_some_of_it_agrees_within() -> None:
    assert not outline(*moved()).is_loss_pure


def test_half_of_a_picture_is_of_one_piece() -> None:
    assert outline(half()).is_of_one_piece


def test_strips_of_a_picture_are_not() -> None:
    query = OTHER.copy()
    for left in (0, 160, 320):
        query[:, left : left + 80] = PICTURE[:, left : left + 80]
    assert not outline(query).is_of_one_piece


# Holes


def test_a_copy_has_no_hole() -> None:
    assert outline(PICTURE).holes == ()


def test_a_speck_is_no_hole() -> None:
    assert outline(with_part(OTHER[100:112, 160:172], np.s_[100:112, 160:172])).holes == ()


def test_a_hole_has_its_share_of_the_picture() -> None:
    assert only_hole(with_part(OTHER[PART])).area == pytest.approx(0.125, abs=0.03)


def test_a_hole_has_the_box_around_it() -> None:
    np.testing.assert_allclose(only_hole(with_part(OTHER[PART])).box, PART_BOX, atol=24)


def test_the_largest_hole_comes_first() -> None:
    query = with_part(OTHER[PART])
    query[20:70, 400:450] = OTHER[20:70, 400:450]
    first, second = outline(query).holes
    assert first.area > 2 * second.area


def test_a_rectangle_fills_its_box() -> None:
    assert only_hole(with_part(OTHER[PART])).filled > 0.85


def test_what_lies_around_an_oval_does_not() -> None:
    assert only_hole(cut_out()).filled < 0.75


@pytest.mark.parametrize(
    ("part", "edges"),
    [(PART, 0), (np.s_[:120, 160:320], 1), (np.s_[:120, :160], 2), (np.s_[:, 240:], 3)],
    ids=["middle", "top", "corner", "half"],
)
def test_a_hole_touches_edges(part: tuple[slice, ...], edges: int) -> None:
    assert only_hole(with_part(OTHER[part], part)).edges == edges


def test_a_hole_that_shows_something_in_both_has_detail() -> None:
    assert only_hole(with_part(OTHER[PART])).detail > 0.5


def test_a_large_hole_that_was_wiped_out_has_little() -> None:
    """At its outline levels change in both."""
    assert only_hole(cut_out()).detail < 0.35


@pytest.mark.parametrize("swapped", [False, True])
def test_detail_is_the_same_whichever_was_wiped_out(*, swapped: bool) -> None:
    wiped = with_part(np.full((120, 160), 255, np.uint8))
    pair = (PICTURE, wiped) if swapped else (wiped, PICTURE)
    assert only_hole(*pair).detail == pytest.approx(only_hole(wiped).detail)


# What fills a hole


def cloned() -> Pixels:
    """A part of the picture once more, over another part."""
    return with_part(PICTURE[180:300, 300:460])


@pytest.mark.parametrize("swapped", [False, True])
def test_a_part_that_is_there_still_was_cloned(*, swapped: bool) -> None:
    pair = (PICTURE, cloned()) if swapped else (cloned(), PICTURE)
    found = outline(*pair)
    assert found.is_cloned(found.holes[0])


def test_a_part_of_another_picture_was_not() -> None:
    found = outline(with_part(OTHER[PART]))
    assert not found.is_cloned(found.holes[0])


def test_what_is_gone_from_where_it_came_from_was_not() -> None:
    query = cloned()
    query[180:300, 300:460] = OTHER[180:300, 300:460]
    found = outline(query)
    assert not any(found.is_cloned(hole) for hole in found.holes)


def test_nor_what_left_a_plain_place() -> None:
    query = cloned()
    query[180:300, 300:460] = 90
    found = outline(query)
    assert not any(found.is_cloned(hole) for hole in found.holes)


def test_a_plain_hole_was_not_cloned() -> None:
    found = outline(with_part(np.full((120, 160), 255, np.uint8)))
    assert not found.is_cloned(found.holes[0])


def test_a_part_of_a_pattern_was_not_cloned() -> None:
    """A tile stands where another one stood, and stands everywhere else too."""
    asset = np.tile(textured(4, 60, 40), (8, 8))
    query = asset.copy()
    query[PART] = asset[110:230, 170:330]
    found = outline(query, asset)
    assert not any(found.is_cloned(hole) for hole in found.holes)


def wiped(kind: str) -> Pixels:
    part = PICTURE[PART]
    if kind == "blurred":
        return with_part(np.asarray(cv2.GaussianBlur(part, (0, 0), 8), dtype=np.uint8))
    if kind == "pixelated":
        small = cv2.resize(part, (10, 8), interpolation=cv2.INTER_AREA)
        return with_part(np.asarray(cv2.resize(small, (160, 120), interpolation=cv2.INTER_NEAREST), np.uint8))
    return with_part(np.full((120, 160), 90, np.uint8))


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("kind", ["blurred", "pixelated", "painted out"])
def test_a_part_that_shows_nothing_new_was_wiped(kind: str, *, swapped: bool) -> None:
    pair = (PICTURE, wiped(kind)) if swapped else (wiped(kind), PICTURE)
    found = outline(*pair)
    assert all(found.is_wiped(hole) for hole in found.holes)


def test_a_smooth_part_of_another_picture_was_not() -> None:
    found = outline(with_part(np.asarray(cv2.GaussianBlur(OTHER[PART], (0, 0), 4), dtype=np.uint8)))
    assert not found.is_wiped(found.holes[0])


def inset(scale: float = 2.0) -> Pixels:
    """A part of the picture enlarged, in a rectangle over another part."""
    height, width = round(120 / scale), round(160 / scale)
    part = PICTURE[20 : 20 + height, 20 : 20 + width]
    return with_part(np.asarray(cv2.resize(part, (160, 120), interpolation=cv2.INTER_CUBIC), dtype=np.uint8))


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("scale", [1.5, 2.0, 2.5])
def test_a_rectangle_with_an_enlarged_part_is_an_inset(scale: float, *, swapped: bool) -> None:
    pair = (PICTURE, inset(scale)) if swapped else (inset(scale), PICTURE)
    found = outline(*pair)
    assert found.is_inset(found.holes[0])


def test_a_border_makes_it_no_less_of_one() -> None:
    query = inset()
    cv2.rectangle(query, (160, 100), (319, 219), 255, 6)
    found = outline(query)
    assert found.is_inset(found.holes[0])


@pytest.mark.parametrize("seed", [44, 45, 46, 47])
def test_a_rectangle_of_another_picture_is_none(seed: int) -> None:
    found = outline(with_part(textured(seed)[PART]))
    assert not found.is_inset(found.holes[0])


def test_a_smooth_rectangle_of_another_picture_is_none_either() -> None:
    """What varies over many pixels is alike to much."""
    slope = np.asarray(np.linspace(60, 200, 160)[None].repeat(120, axis=0), dtype=np.uint8)
    found = outline(with_part(slope))
    assert not any(found.is_inset(hole) for hole in found.holes)


def test_what_is_no_rectangle_is_none() -> None:
    found = outline(cut_out())
    assert not found.is_inset(found.holes[0])
