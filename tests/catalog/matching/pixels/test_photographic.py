from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import scene

from catalog.matching.pixels.arrays import Pixels
from catalog.matching.pixels.outline import Outline
from catalog.matching.pixels.photographic import (
    CELL,
    Photographic,
    find_photographic,
    measure_photographic,
)

WIDTH, HEIGHT = 480, 320
PICTURE = scene(3, WIDTH, HEIGHT)
OTHER = scene(43, WIDTH, HEIGHT)
WHITE = np.full_like(PICTURE, 255)


def measured(query: Pixels, asset: Pixels) -> Photographic:
    return measure_photographic(query, asset, Outline(query, asset, np.ones(asset.shape, dtype=np.bool_)))


def letters(picture: Pixels = WHITE) -> Pixels:
    page = picture.copy()
    for row in range(30, HEIGHT, 30):
        cv2.putText(page, "The votes were counted on Sunday", (10, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
    return page


def chart() -> Pixels:
    page = WHITE.copy()
    for number, left in enumerate(range(20, WIDTH - 40, 50)):
        page[60 + 37 * number % 150 : 300, left : left + 30] = 40 + 20 * number
    return page


def panel_over(picture: Pixels) -> Pixels:
    """A card with letters over two thirds of a photograph."""
    card = picture.copy()
    card[: HEIGHT * 2 // 3] = letters()[: HEIGHT * 2 // 3]
    return card


# Which parts look photographic


def test_each_whole_cell_is_looked_at() -> None:
    assert find_photographic(PICTURE[:-1, :-1]).shape == (HEIGHT // CELL - 1, WIDTH // CELL - 1)


def test_much_of_a_photograph_looks_photographic() -> None:
    assert find_photographic(PICTURE).mean() > 0.4


@pytest.mark.parametrize("drawn", [WHITE, letters(), chart()], ids=["plain", "letters", "chart"])
def test_next_to_nothing_that_is_drawn_does(drawn: Pixels) -> None:
    assert find_photographic(drawn).mean() < 0.1


def test_a_soft_photograph_does() -> None:
    """Its levels hold together, but no pixel is flat."""
    noise = np.random.default_rng(1).normal(0, 6, (HEIGHT // 4, WIDTH // 4)).astype(np.float32)
    soft = 120 + cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    assert find_photographic(np.asarray(soft, dtype=np.uint8)).mean() > 0.5


def test_faint_noise_does_not() -> None:
    noise = np.random.default_rng(1).normal(200, 1, PICTURE.shape)
    assert not find_photographic(noise.astype(np.uint8)).any()


# What two pictures have in common


def test_of_a_copy_all_agrees() -> None:
    found = measured(PICTURE, PICTURE)
    assert (found.share, found.lost) == (1, 0)


def test_of_another_photograph_nothing_does() -> None:
    assert measured(OTHER, PICTURE).share < 0.02


def test_what_is_lost_counts_that_either_shows() -> None:
    query = PICTURE.copy()
    query[:, WIDTH // 2 :] = 255
    assert measured(query, PICTURE).lost == pytest.approx(measured(PICTURE, query).lost)


def test_of_a_cut_out_what_was_left_agrees() -> None:
    query = PICTURE.copy()
    query[:, WIDTH // 2 :] = 255
    assert measured(query, PICTURE).share == pytest.approx(0.5, abs=0.15)


def test_one_card_over_two_photographs_leaves_little_that_agrees() -> None:
    assert measured(panel_over(OTHER), panel_over(PICTURE)).share < 0.22


def test_one_card_over_one_photograph_leaves_all_of_it() -> None:
    assert measured(panel_over(PICTURE), panel_over(PICTURE)).share == 1


def test_of_drawings_nothing_counts() -> None:
    found = measured(chart(), WHITE)
    assert (found.agreeing, found.lost) == (0, 0)


def test_cells_that_say_anything_are_counted() -> None:
    assert measured(PICTURE, PICTURE).cells > 0.8 * (HEIGHT // CELL) * (WIDTH // CELL)


def test_plain_cells_say_nothing() -> None:
    assert measured(WHITE, WHITE).cells == 0


def test_of_a_picture_smaller_than_a_cell_nothing_is_told() -> None:
    speck = PICTURE[:12, :200]
    assert measured(speck, speck) == Photographic(0, 0, 0)


def test_where_nothing_counts_the_share_is_nought() -> None:
    assert Photographic(0, 0, 0).share == 0
