from __future__ import annotations

import numpy as np
import pytest

from catalog.index.feature_store import Size
from catalog.matching.displayed import box_in_pixels, chain, in_gray, reverse, scale_matrix, to_displayed
from catalog.matching.pixels.regions import Box
from catalog.matching.pixels.transforms import transform_places

# A query three times as large as its gray copy, and an asset twice as large.
QUERY, ASSET = Size(900, 600, 300, 200), Size(960, 640, 480, 320)


def test_a_transform_of_gray_copies_is_told_between_the_pictures() -> None:
    matrix = np.array([[0.5, 0.0, 10.0], [0.0, 0.5, 20.0]])
    assert to_displayed(matrix, QUERY, ASSET, mirrored=False) == pytest.approx(
        (1 / 3, 0, 20, 0, 1 / 3, 40), abs=1e-6
    )


def test_that_of_the_mirrored_query_is_told_from_the_query_as_it_is() -> None:
    matrix = np.array([[0.5, 0.0, 10.0], [0.0, 0.5, 20.0]])
    assert to_displayed(matrix, QUERY, ASSET, mirrored=True) == pytest.approx(
        (-1 / 3, 0, 320, 0, 1 / 3, 40), abs=1e-6
    )


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_transform_between_the_pictures_is_one_of_gray_copies_again(*, mirrored: bool) -> None:
    matrix = np.array([[0.5, 0.1, 10.0], [-0.1, 0.5, 20.0]])
    told = to_displayed(matrix, QUERY, ASSET, mirrored=mirrored)
    np.testing.assert_allclose(in_gray(told, QUERY, ASSET, mirrored=mirrored), matrix, atol=1e-3)


def test_transforms_are_told_to_the_millionth() -> None:
    assert reverse((3.0, 0.0, 0.0, 0.0, 7.0, 0.0)) == (0.333333, 0.0, 0.0, 0.0, 0.142857, 0.0)


def test_there_is_no_negative_nought() -> None:
    assert str(reverse((1.0, 0.0, 0.0, 0.0, 1.0, 0.0))) == "(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)"


def test_a_chain_does_the_first_before_the_last() -> None:
    assert chain((0, -1, 100, 1, 0, 0), (2, 0, 10, 0, 2, 20)) == (0.0, -2.0, 80.0, 2.0, 0.0, 10.0)


# A picture of 900 x 300 whose gray copy is three times as narrow and twice as low.
UNEVEN = Size(900, 300, 300, 150)


@pytest.mark.parametrize(
    ("box", "flip", "pixels"),
    [
        (Box(10, 20, 30, 40), False, (30, 40, 90, 80)),
        (Box(10, 20, 30, 40), True, (780, 40, 90, 80)),
        (Box(-5, -5, 20, 20), False, (0, 0, 45, 30)),
        (Box(290, 140, 20, 20), False, (870, 280, 30, 20)),
        (Box(290, 140, 20, 20), True, (0, 280, 30, 20)),
        (Box(400, 200, 20, 20), False, (1200, 400, 0, 0)),
        (Box(10.2, 20.3, 30.2, 40), False, (31, 41, 90, 80)),
    ],
)
def test_a_box_is_told_in_pixels_of_the_picture(
    box: Box, flip: bool, pixels: tuple[int, int, int, int]
) -> None:
    assert box_in_pixels(box, UNEVEN, flip=flip) == pixels


# Between gray copies of one picture


def test_a_transform_between_small_copies_is_one_between_larger_ones() -> None:
    """The picture's gray copy of 300 x 150 beside one of 150 x 50."""
    smaller = Size(900, 300, 150, 50)
    matrix = scale_matrix(np.array([[2.0, 0.0, 5.0], [0.0, 2.0, 7.0]]), UNEVEN, smaller)
    places = transform_places(matrix, np.array([[50.0, 20.0]]))
    np.testing.assert_allclose(places, [[2 * 100 + 5, 2 * 60 + 7]])


def test_between_copies_of_one_size_it_stays() -> None:
    matrix = np.array([[0.5, 0.1, 10.0], [-0.1, 0.5, 20.0]])
    np.testing.assert_allclose(scale_matrix(matrix, QUERY, QUERY), matrix)


def test_the_reverse_takes_places_back() -> None:
    there = (0.0, -2.0, 80.0, 2.0, 0.0, 10.0)
    assert chain(reverse(there), there) == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
