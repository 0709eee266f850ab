from __future__ import annotations

import numpy as np
import pytest

from catalog.index.feature_table import Floats
from catalog.matching.pixels.transforms import (
    STRETCHING_BLOCKS,
    combine_transforms,
    fit_transform,
    invert_transform,
    scale_of,
    transform_places,
)

DOUBLED = np.array([[2.0, 0.0, 10.0], [0.0, 2.0, 20.0]])
QUARTER_TURN = np.array([[0.0, -1.0, 100.0], [1.0, 0.0, 0.0]])


def spread(count: int) -> Floats:
    """Places spread over a square."""
    side = np.arange(count)
    return np.column_stack([(side * 37) % 101, (side * 61) % 97]).astype(np.float64)


def test_places_are_taken_through_a_transform() -> None:
    assert transform_places(DOUBLED, np.array([[3.0, 5.0], [0.0, 0.0]])).tolist() == [[16, 30], [10, 20]]


def test_a_quarter_turn_takes_right_to_down() -> None:
    assert transform_places(QUARTER_TURN, np.array([[10.0, 0.0], [0.0, 30.0]])).tolist() == [
        [100, 10],
        [70, 0],
    ]


def test_of_two_transforms_the_second_argument_is_done_first() -> None:
    assert combine_transforms(DOUBLED, QUARTER_TURN).tolist() == [[0, -2, 210], [2, 0, 20]]


def test_a_transform_is_turned_back() -> None:
    assert invert_transform(DOUBLED).tolist() == [[0.5, 0, -5], [0, 0.5, -10]]


def test_the_scale_is_the_mean_of_all_directions() -> None:
    assert scale_of(np.array([[8.0, 0.0, 5.0], [0.0, 2.0, 5.0]])) == pytest.approx(4)


def test_the_scale_of_what_is_mirrored_is_positive() -> None:
    assert scale_of(np.array([[-3.0, 0.0, 0.0], [0.0, 3.0, 0.0]])) == pytest.approx(3)


def test_a_similarity_is_found_from_two_places() -> None:
    here = np.array([[0.0, 0.0], [10.0, 0.0]])
    there = np.array([[5.0, 5.0], [5.0, 25.0]])
    np.testing.assert_allclose(fit_transform(here, there), [[0, -2, 5], [2, 0, 5]], atol=1e-9)


def test_enough_places_tell_of_stretching() -> None:
    stretched = np.array([[1.2, 0.0, 3.0], [0.1, 0.9, -4.0]])
    here = spread(STRETCHING_BLOCKS)
    np.testing.assert_allclose(fit_transform(here, transform_places(stretched, here)), stretched, atol=1e-9)


def test_fewer_places_leave_a_similarity() -> None:
    here = spread(STRETCHING_BLOCKS - 1)
    (a, b, _), (c, d, _) = fit_transform(here, here * (1.2, 0.9))
    assert (a, b) == pytest.approx((d, -c))


def test_places_on_a_line_leave_a_similarity() -> None:
    here = np.column_stack([np.arange(20.0), np.zeros(20)])
    np.testing.assert_allclose(fit_transform(here, here * 2), [[2, 0, 0], [0, 2, 0]], atol=1e-9)


def test_places_that_are_all_one_are_moved_and_no_more() -> None:
    here = np.full((5, 2), 7.0)
    there = np.full((5, 2), 9.0)
    np.testing.assert_allclose(transform_places(fit_transform(here, there), here), there)


def test_what_does_not_fit_loses_its_say() -> None:
    here = spread(30)
    there = here + np.array([2.0, 0.0])
    there[3] += (40.0, -25.0)
    np.testing.assert_allclose(fit_transform(here, there), [[1, 0, 2], [0, 1, 0]], atol=1e-3)


def test_half_a_pixel_off_still_has_a_say() -> None:
    """Of two camps that are 0.6 pixels apart both are heard."""
    here = np.column_stack([np.repeat(np.arange(0.0, 100, 10), 2), np.tile([0.0, 90.0], 10)])
    there = here + np.where(np.arange(20) % 4 < 2, 0.6, 0.0)[:, None] * (1, 0)
    shift = transform_places(fit_transform(here, there), here).mean(axis=0) - here.mean(axis=0)
    assert 0.2 < shift[0] < 0.4
