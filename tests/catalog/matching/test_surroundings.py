from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import scene

from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.surroundings import _span, continues

WIDER = scene(3, 480, 320)


def at(x: float, y: float) -> Floats:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y]])


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
