from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import scene

from catalog.matching.pixels.arrays import Bools, Pixels
from catalog.matching.pixels.drawings import measure_replaced
from catalog.matching.pixels.outline import Outline

WIDTH, HEIGHT = 480, 320
ALL = np.ones((HEIGHT, WIDTH), dtype=np.bool_)

# Heights of the bars of a chart, in another order.
BARS = (200, 120, 260, 90, 170, 230, 60, 140)
OTHERS = (90, 230, 120, 260, 60, 140, 200, 170)


def replaced(query: Pixels, asset: Pixels, free: Bools = ALL) -> float:
    return measure_replaced(Outline(query, asset, ALL), free)


def chart(heights: tuple[int, ...] = BARS) -> Pixels:
    """Hatched bars on white above a line of letters."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for number, height in enumerate(heights):
        left = 20 + 56 * number
        bar = page[290 - height : 290, left : left + 36]
        bar[::4] = 40
        bar[1::4] = 90
    cv2.putText(page, "Votes by county, in thousands", (20, 312), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 2)
    return page


def written_over(page: Pixels) -> Pixels:
    written = page.copy()
    cv2.putText(written, "BREAKING", (60, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    return written


def test_in_a_copy_nothing_was_replaced() -> None:
    assert replaced(chart(), chart()) == 0


@pytest.mark.parametrize("swapped", [False, True])
def test_what_was_only_added_replaced_nothing(*, swapped: bool) -> None:
    page = chart((60,) * 8)
    query, asset = (written_over(page), page) if swapped else (page, written_over(page))
    assert replaced(query, asset) < 0.01


def test_other_data_add_here_and_take_away_there() -> None:
    assert replaced(chart(OTHERS), chart()) > 0.1


def test_it_is_the_same_asked_from_either_side() -> None:
    assert replaced(chart(OTHERS), chart()) == pytest.approx(replaced(chart(), chart(OTHERS)), abs=0.01)


def test_what_shows_something_else_in_both_was_replaced() -> None:
    page, other = chart(), chart()
    page[100:200, 300:450] = scene(3, WIDTH, HEIGHT)[100:200, 300:450]
    other[100:200, 300:450] = scene(4, WIDTH, HEIGHT)[100:200, 300:450]
    assert replaced(page, other) > 0.1


def test_what_a_strip_hides_was_not_replaced() -> None:
    page = chart()
    page[200:] = scene(3, WIDTH, HEIGHT)[200:]
    free = ALL.copy()
    free[190:] = False
    assert replaced(page, chart(), free) < 0.01


def test_of_plain_pictures_nothing_was_replaced() -> None:
    plain = np.full((HEIGHT, WIDTH), 255, np.uint8)
    assert replaced(plain, plain) == 0
