from __future__ import annotations

import numpy as np
import pytest
from comparisons import blocks_at, laid, scene, smooth
from PIL import Image, ImageDraw

from catalog.matching.pixels.arrays import Bools, Pixels
from catalog.matching.pixels.overlays import (
    _find_burnt,
    _measure_covered_agreement,
    block_means,
    drawnness,
    find_alike_nearby,
    find_natural,
    gradient_evenness,
    steepness,
)
from catalog.matching.pixels.pixel_comparison import Comparison

WIDTH, HEIGHT = 240, 160
PICTURE = scene(3)

# Where something lies over the picture.
PLACE = (slice(40, 140), slice(70, 190))


def over(patch: Pixels | int, asset: Pixels = PICTURE) -> Comparison:
    """The comparison of a picture with itself under something."""
    query = asset.copy()
    query[PLACE] = patch
    return laid(query, asset)


def beneath(comparison: Comparison) -> Bools:
    """Which blocks lie wholly beneath what lies over the picture."""
    left, top = comparison.blocks.corners.T
    side = comparison.blocks.side
    rows, columns = PLACE
    across: Bools = (left >= columns.start) & (left + side <= columns.stop)
    return across & (top >= rows.start) & (top + side <= rows.stop)


def letters(level: int) -> Pixels:
    """The part of the picture with letters over it."""
    image = Image.fromarray(PICTURE[PLACE])
    for row in range(7):
        ImageDraw.Draw(image).text((1, 13 * row), "Talks resume in the north", fill=level, font_size=12)
    return np.array(image)


# Steepness


def test_what_is_flat_is_not_steep() -> None:
    assert steepness(np.full((9, 9), 77, np.uint8)).max() == 0


def test_a_slope_is_as_steep_as_its_levels_a_pixel() -> None:
    slope = np.tile(np.arange(0, 90, 10, dtype=np.uint8), (9, 1))
    assert steepness(slope)[4, 1:-1].tolist() == [10.0] * 7


def test_a_slope_downwards_is_as_steep_as_one_across() -> None:
    slope = np.tile(np.arange(0, 90, 10, dtype=np.uint8), (9, 1)).T
    assert steepness(slope)[1:-1, 4].tolist() == [10.0] * 7


def test_a_slope_both_ways_is_steeper() -> None:
    slope = (np.add.outer(np.arange(9) * 8, np.arange(9) * 6)).astype(np.uint8)
    assert steepness(slope)[4, 4] == pytest.approx(10)


def test_an_edge_is_half_as_steep_as_it_is_high() -> None:
    edge = np.zeros((9, 10), np.uint8)
    edge[:, 5:] = 200
    assert steepness(edge)[4].tolist() == [0, 0, 0, 0, 100, 100, 0, 0, 0, 0]


# Means of blocks


def test_a_block_has_the_mean_of_its_own_pixels() -> None:
    values = np.zeros((20, 30), np.float32)
    values[5:15, 10:20] = 4
    blocks = blocks_at([(10, 5), (0, 0), (15, 5)])
    assert block_means(values, blocks) == pytest.approx([4, 0, 2])


# Evenness of gradients


def test_a_slope_is_even() -> None:
    slope = np.tile(np.arange(0, 120, 6, dtype=np.uint8), (20, 1))
    assert gradient_evenness(slope, blocks_at([(5, 5)])) == pytest.approx([1])


def test_letters_on_paper_are_uneven() -> None:
    paper = np.full((20, 20), 255, np.uint8)
    paper[5:15, 9] = 0
    assert gradient_evenness(paper, blocks_at([(5, 5)]))[0] == pytest.approx(0.2, abs=0.02)


def test_what_is_flat_is_uneven() -> None:
    assert gradient_evenness(np.full((20, 20), 9, np.uint8), blocks_at([(5, 5)])).tolist() == [0]


# Drawnness


def squares(*levels: int) -> Pixels:
    """Upright stripes of some levels, as wide as each other."""
    return np.repeat(np.array(levels, np.uint8), 20)[None].repeat(40, axis=0)


def test_a_drawing_of_few_colours_is_drawn() -> None:
    assert drawnness(squares(0, 255, 128)) == 1.0


def test_a_photograph_is_not() -> None:
    assert drawnness(PICTURE) == 0.0


def test_a_flat_picture_has_no_slope_that_is_steep() -> None:
    assert drawnness(np.full((9, 9), 200, np.uint8)) == 0.0


@pytest.mark.parametrize(("others", "drawn"), [((60, 200), 0.0), ((60,), 1.0)])
def test_seven_tenths_of_a_drawing_are_of_three_colours(others: tuple[int, ...], drawn: float) -> None:
    """Three stripes of four are enough, three of five are not."""
    assert drawnness(squares(0, 255, 128, *others)) == drawn


@pytest.mark.parametrize(("distance", "drawn"), [(8, 0.4), (9, 0.0)])
def test_levels_near_each_other_are_one_colour(distance: int, drawn: float) -> None:
    """Stripes in pairs: were each a colour of its own, three would be half of the picture."""
    pairs = [level + off for level in (20, 120, 220) for off in (0, distance)]
    assert drawnness(squares(*pairs)) == drawn


def test_white_is_a_colour_as_any() -> None:
    assert drawnness(squares(255, 0)) == 1.0


@pytest.mark.parametrize(("height", "drawn"), [(24, 1.0), (23, 0.0)])
def test_steep_are_twelve_levels_a_pixel(height: int, drawn: float) -> None:
    assert drawnness(squares(100, 100 + height)) == drawn


def test_gentle_slopes_are_the_rest_of_what_slopes() -> None:
    """An edge of two steep columns, and one of two gentle ones."""
    assert drawnness(squares(100, 200, 204)) == 0.5


def test_what_hardly_slopes_does_not_count() -> None:
    assert drawnness(squares(100, 200, 203)) == 1.0


# Alike in small windows


def test_the_same_picture_is_alike_wherever_it_shows_something() -> None:
    alike, shows = find_alike_nearby(PICTURE, PICTURE)
    assert alike[shows > 0].all()


def test_another_contrast_is_alike() -> None:
    darker = (PICTURE * 0.5 + 40).astype(np.uint8)
    alike, shows = find_alike_nearby(darker, PICTURE)
    assert alike[shows > 0].mean() > 0.9


def test_another_picture_is_alike_by_chance_only() -> None:
    assert find_alike_nearby(scene(4), PICTURE)[0].mean() < 0.1


def test_a_negative_is_not_alike() -> None:
    assert find_alike_nearby(255 - PICTURE, PICTURE)[0].max() == 0


@pytest.mark.parametrize(("levels", "shows"), [(6, 0.0), (7, 1.0)])
def test_little_detail_shows_nothing(levels: int, shows: float) -> None:
    """At an edge levels deviate by half its height."""
    edge = np.full((40, 40), 100, np.uint8)
    edge[:, 20:] += levels
    assert find_alike_nearby(np.full_like(edge, 100), edge)[1][20, 20] == shows


def test_detail_in_either_picture_shows_something() -> None:
    plain = np.full_like(PICTURE, 100)
    assert np.array_equal(find_alike_nearby(plain, PICTURE)[1], find_alike_nearby(PICTURE, plain)[1])


def test_what_shows_nothing_is_not_alike() -> None:
    assert find_alike_nearby(np.full_like(PICTURE, 100), PICTURE)[0].max() == 0


def test_a_window_has_nine_pixels_each_way() -> None:
    """What differs in three columns is felt four columns beside them."""
    query = smooth(60, 60)
    query[29:32, 29:32] = 0
    found = find_alike_nearby(query, smooth(60, 60))[0]
    assert np.flatnonzero(found[30] == 0).tolist() == list(range(25, 35))


# Burnt


@pytest.mark.parametrize(("level", "burnt"), [(0, 1), (7, 1), (8, 0), (247, 0), (248, 1), (255, 1)])
def test_white_and_black_are_burnt(level: int, burnt: int) -> None:
    assert _find_burnt(np.array([[level]], np.uint8)).tolist() == [[burnt]]


# Natural


def test_a_photograph_over_a_photograph_is_natural() -> None:
    comparison = over(scene(8)[PLACE])
    assert find_natural(comparison)[beneath(comparison)].mean() > 0.7


def test_what_agrees_is_not() -> None:
    comparison = laid(PICTURE, PICTURE)
    assert not find_natural(comparison).any()


def test_one_colour_is_not() -> None:
    comparison = over(60)
    assert not find_natural(comparison)[beneath(comparison)].any()


@pytest.mark.parametrize("level", [0, 255])
def test_letters_over_the_picture_are_not(level: int) -> None:
    comparison = over(letters(level))
    assert not find_natural(comparison)[beneath(comparison)].any()


def test_letters_beneath_are_not_either() -> None:
    asset = PICTURE.copy()
    asset[PLACE] = letters(255)
    comparison = laid(PICTURE, asset)
    assert not find_natural(comparison)[beneath(comparison)].any()


def test_a_drawing_over_the_picture_is_not() -> None:
    card = np.full_like(PICTURE[PLACE], 230)
    card[::12], card[:, ::12] = 60, 60
    comparison = over(card)
    assert not find_natural(comparison)[beneath(comparison)].any()


def test_what_is_lightened_is_not() -> None:
    """The picture is seen, as beneath a veil."""
    comparison = over((PICTURE[PLACE] * 0.5 + 120).astype(np.uint8))
    assert not find_natural(comparison)[beneath(comparison)].any()


# What is seen of a covered block


def test_a_block_that_agrees_is_seen_whole() -> None:
    comparison = laid(PICTURE, PICTURE)
    assert set(_measure_covered_agreement(comparison)[comparison.blocks.agreeing].tolist()) == {1.0}


def test_of_a_block_half_covered_half_is_seen() -> None:
    patch = PICTURE[PLACE].copy()
    patch[:, np.arange(120) // 6 % 2 == 0] = 255
    comparison = over(patch)
    assert _measure_covered_agreement(comparison)[beneath(comparison)] == pytest.approx(0.5, abs=0.05)


def test_of_a_block_under_another_photograph_little_is_seen() -> None:
    comparison = over(scene(8)[PLACE])
    assert _measure_covered_agreement(comparison)[beneath(comparison)].max() < 0.5
