from __future__ import annotations

import numpy as np
import pytest
from comparisons import scene, smooth

from catalog.matching.pixels.arrays import Bools, Pixels
from catalog.matching.pixels.overlay_bars import find_dulled, measure_dimmed, measure_plain

PICTURE = smooth(120, 80)
ALL: Bools = np.ones(PICTURE.shape, dtype=np.bool_)


def mixed(picture: Pixels, colour: float, share: float) -> Pixels:
    """A picture under one colour that hides such a share of it."""
    return np.rint((1 - share) * picture + share * colour).astype(np.uint8)


def with_bar(start: int, end: int, share: float = 0.8, colour: float = 130.0) -> Pixels:
    """The picture with an upright bar."""
    found = PICTURE.copy()
    found[:, start:end] = mixed(PICTURE[:, start:end], colour, share)
    return found


# One colour


def test_a_strip_of_one_colour_is_plain() -> None:
    assert measure_plain(np.full((10, 10), 200, np.uint8), PICTURE[:10, :10], ALL[:10, :10])[0] == 1.0


def test_each_picture_has_its_own_share() -> None:
    bar = np.full((10, 10), 200, np.uint8)
    assert measure_plain(PICTURE[:10, :10], bar, ALL[:10, :10])[1] == 1.0


def test_letters_are_no_part_of_the_colour() -> None:
    bar = np.full((10, 10), 40, np.uint8)
    bar[:, :3] = 255
    assert measure_plain(bar, bar, ALL[:10, :10]) == (0.7, 0.7)


@pytest.mark.parametrize(("step", "share"), [(20, 1.0), (21, 0.5)])
def test_levels_within_twice_ten_are_one_colour(step: int, share: float) -> None:
    bar = np.full((10, 10), 40, np.uint8)
    bar[:, :5] += step
    assert measure_plain(bar, bar, ALL[:10, :10])[0] == share


def test_only_what_both_pictures_have_is_looked_at() -> None:
    bar = np.full((10, 10), 40, np.uint8)
    bar[:, :5] = PICTURE[:10, :5]
    shared = ALL[:10, :10].copy()
    shared[:, :5] = False
    assert measure_plain(bar, bar, shared)[0] == 1.0


def test_where_nothing_is_shared_nothing_is_plain() -> None:
    assert measure_plain(PICTURE, PICTURE, ~ALL) == (0.0, 0.0)


# Mixed with what is beneath


@pytest.mark.parametrize("colour", [0.0, 128.0, 255.0])
def test_a_bar_that_lets_a_fifth_through_hides_four_fifths(colour: float) -> None:
    assert measure_dimmed(mixed(PICTURE, colour, 0.8), PICTURE, ALL, 1.0) == pytest.approx(0.8, abs=0.01)


def test_the_contrast_of_the_whole_is_no_bar() -> None:
    assert measure_dimmed(mixed(PICTURE, 0, 0.7), PICTURE, ALL, 0.6) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("share", "hides"), [(0.52, True), (0.48, False)])
def test_a_bar_hides_half_at_least(share: float, hides: bool) -> None:
    assert (measure_dimmed(mixed(PICTURE, 100, share), PICTURE, ALL, 1.0) > 0) == hides


def test_a_bar_of_one_colour_hides_all() -> None:
    assert measure_dimmed(np.full_like(PICTURE, 30), PICTURE, ALL, 1.0) == 1.0


def test_a_negative_shows_nothing_through() -> None:
    assert measure_dimmed(255 - PICTURE, PICTURE, ALL, 1.0) == 0.0


def test_a_faint_negative_is_as_good_as_one_colour() -> None:
    assert measure_dimmed(255 - mixed(PICTURE, 100, 0.9), PICTURE, ALL, 1.0) == 1.0


def test_another_picture_is_no_bar() -> None:
    assert measure_dimmed(scene(1, 120, 80), PICTURE, ALL, 1.0) == 0.0


@pytest.mark.parametrize(("letters", "share"), [(54, 1.0), (56, 0.0)])
def test_little_more_than_half_of_a_bar_may_be_letters(letters: int, share: float) -> None:
    bar, asset = np.full((20, 100), 100, np.uint8), np.full((20, 100), 60, np.uint8)
    bar[:, : letters // 2], bar[:, letters // 2 : letters] = 0, 255
    asset[::2] = 180
    assert measure_dimmed(bar, asset, ALL[:20, :100], 1.0) == share


@pytest.mark.parametrize(("pixels", "share"), [(50, 1.0), (49, 0.0)])
def test_a_bar_has_fifty_pixels_at_least(pixels: int, share: float) -> None:
    shared = np.zeros_like(ALL)
    shared.ravel()[:: ALL.size // pixels][:pixels] = True
    shared.ravel()[np.flatnonzero(shared)[pixels:]] = False
    assert int(shared.sum()) == pixels
    assert measure_dimmed(np.full_like(PICTURE, 30), PICTURE, shared, 1.0) == share


@pytest.mark.parametrize(("spread", "share"), [(10, 1.0), (9, 0.0)])
def test_over_what_shows_nothing_no_bar_is_seen(spread: int, share: float) -> None:
    asset = np.full((20, 20), 100, np.uint8)
    asset[::2] += 2 * spread
    assert measure_dimmed(np.full((20, 20), 30, np.uint8), asset, ALL[:20, :20], 1.0) == share


def test_without_contrast_the_least_gain_counts() -> None:
    assert measure_dimmed(np.full_like(PICTURE, 30), PICTURE, ALL, 0.0) == 1.0


# Told by dullness alone


def test_a_dull_strip_with_sharp_ends_is_found() -> None:
    assert find_dulled(with_bar(40, 60), PICTURE, ALL, 1.0) == [(40, 60)]


def test_a_dull_strip_at_the_left_edge_is_found() -> None:
    assert find_dulled(with_bar(0, 20), PICTURE, ALL, 1.0) == [(0, 20)]


def test_a_dull_strip_at_the_right_edge_is_found() -> None:
    assert find_dulled(with_bar(100, 120), PICTURE, ALL, 1.0) == [(100, 120)]


def test_two_dull_strips_are_found_apart() -> None:
    both = with_bar(20, 35)
    both[:, 80:95] = with_bar(80, 95)[:, 80:95]
    assert find_dulled(both, PICTURE, ALL, 1.0) == [(20, 35), (80, 95)]


@pytest.mark.parametrize(("end", "found"), [(52, [(40, 52)]), (51, [])])
def test_a_dull_strip_is_as_wide_as_small_letters(end: int, found: list[tuple[int, int]]) -> None:
    assert find_dulled(with_bar(40, end), PICTURE, ALL, 1.0) == found


@pytest.mark.parametrize(("end", "found"), [(58, [(10, 58)]), (59, [])])
def test_most_of_the_picture_is_seen_clearly(end: int, found: list[tuple[int, int]]) -> None:
    """Of 120 columns 48 are four in ten."""
    assert find_dulled(with_bar(10, end), PICTURE, ALL, 1.0) == found


@pytest.mark.parametrize(("share", "found"), [(0.52, [(40, 60)]), (0.48, [])])
def test_through_a_dull_strip_half_is_seen_at_most(share: float, found: list[tuple[int, int]]) -> None:
    assert find_dulled(with_bar(40, 60, share), PICTURE, ALL, 1.0) == found


def test_a_shadow_has_no_sharp_ends() -> None:
    shade = with_bar(40, 60)
    for step in range(6):
        for column in (39 - step, 60 + step):
            shade[:, column] = mixed(PICTURE[:, column], 130, 0.45 - 0.05 * step)
    assert find_dulled(shade, PICTURE, ALL, 1.0) == []


def test_one_sharp_end_is_not_enough() -> None:
    shade = with_bar(40, 60)
    for step in range(6):
        shade[:, 60 + step] = mixed(PICTURE[:, 60 + step], 130, 0.4)
    assert find_dulled(shade, PICTURE, ALL, 1.0) == []


def test_an_end_one_column_from_the_edge_must_be_sharp_too() -> None:
    bar = with_bar(1, 21)
    bar[:, 0] = mixed(PICTURE[:, 0], 130, 0.4)
    assert find_dulled(bar, PICTURE, ALL, 1.0) == []


def test_the_contrast_of_the_whole_is_taken_into_account() -> None:
    assert find_dulled(mixed(with_bar(40, 60), 0, 0.5), PICTURE, ALL, 0.5) == [(40, 60)]


def test_a_picture_without_contrast_shows_no_strip() -> None:
    assert find_dulled(np.full_like(PICTURE, 100), PICTURE, ALL, 0.0) == []


def clear_sky(start: int, end: int) -> Pixels:
    """The picture with nothing in some columns."""
    sky = PICTURE.copy()
    sky[:, start:end] = 200
    return sky


@pytest.mark.parametrize(("end", "found"), [(46, [(40, 60)]), (47, [])])
def test_over_a_third_of_a_strip_nothing_may_be_known(end: int, found: list[tuple[int, int]]) -> None:
    asset = clear_sky(40, end)
    query = asset.copy()
    query[:, 40:60] = mixed(asset[:, 40:60], 130, 0.8)
    assert find_dulled(query, asset, ALL, 1.0) == found


def test_columns_of_few_pixels_say_nothing() -> None:
    """A strip of which fewer than fifty pixels are shared in each column."""
    shared = ALL.copy()
    shared[:31, 40:60] = False
    assert find_dulled(with_bar(40, 60), PICTURE, shared, 1.0) == []


def test_columns_of_fifty_pixels_say_enough() -> None:
    shared = ALL.copy()
    shared[:30, 40:60] = False
    assert find_dulled(with_bar(40, 60), PICTURE, shared, 1.0) == [(40, 60)]


def test_what_is_not_shared_does_not_count() -> None:
    query, shared = with_bar(40, 60), ALL.copy()
    query[:20] = 255
    shared[:20] = False
    assert find_dulled(query, PICTURE, shared, 1.0) == [(40, 60)]
