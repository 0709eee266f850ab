"""Pictures of 480 pixels: of one that is 640 wide eight pixels are six."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparisons import scene
from pictures import jpeg_bytes
from PIL import Image

from catalog.matching.pixels.arrays import Bools, Pixels
from catalog.matching.pixels.displacement import (
    LEAST_POINTS,
    MOST_SIDE,
    Displacement,
    _find_within_borders,
    _shrink,
    _trim,
    measure_displacement,
)

WIDTH, HEIGHT = 480, 320
PICTURE = scene(3, WIDTH, HEIGHT)
OTHER = scene(43, WIDTH, HEIGHT)
ALL = np.ones(PICTURE.shape, dtype=np.bool_)

# A part of the picture: 14 of a hundred.
TOP, BOTTOM, LEFT, RIGHT = 100, 220, 150, 330


def measured(query: Pixels, asset: Pixels = PICTURE, shared: Bools = ALL) -> Displacement:
    return measure_displacement(query, asset, shared)


def saved(quality: int) -> Pixels:
    image = Image.fromarray(PICTURE)
    decoded = cv2.imdecode(np.frombuffer(jpeg_bytes(image, quality=quality), np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(decoded, dtype=np.uint8)


def with_part_moved(pixels: int, picture: Pixels = PICTURE) -> Pixels:
    query = picture.copy()
    query[TOP:BOTTOM, LEFT:RIGHT] = picture[TOP:BOTTOM, LEFT - pixels : RIGHT - pixels]
    return query


def moved_by(matrix: list[list[float]]) -> Pixels:
    """The whole picture, moved."""
    moved = cv2.warpAffine(
        PICTURE,
        np.array(matrix, dtype=np.float64),
        (WIDTH, HEIGHT),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, dtype=np.uint8)


def shaken(pixels: float) -> Pixels:
    """The picture with every part a little elsewhere, as another object of the same make is."""
    random = np.random.default_rng(1)
    off = cv2.resize(random.normal(0, pixels, (6, 9, 2)).astype(np.float32), (WIDTH, HEIGHT))
    down, across = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return np.asarray(
        cv2.remap(PICTURE, across + off[..., 0], down + off[..., 1], cv2.INTER_LINEAR), dtype=np.uint8
    )


# Copies


def test_in_a_copy_nothing_has_moved() -> None:
    found = measured(PICTURE)
    assert (found.region, found.moved, found.length) == (0, 0, 0)


def test_points_of_a_copy_lie_where_they_were() -> None:
    assert measured(PICTURE).typical < 0.01


@pytest.mark.parametrize("quality", [80, 50, 30, 10])
def test_a_compressed_copy_is_no_other_frame(quality: int) -> None:
    assert not measured(saved(quality)).is_another_frame


def test_strong_compression_pulls_points_off_by_a_fraction_of_a_pixel() -> None:
    assert 0.05 < measured(saved(30)).typical < 0.3


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_grading_moves_nothing(gamma: float) -> None:
    graded = (255 * (PICTURE / 255) ** gamma).astype(np.uint8)
    assert not measured(graded).is_another_frame


def test_shading_moves_nothing() -> None:
    shade = np.linspace(0.4, 1.0, WIDTH)
    assert not measured((PICTURE * shade).astype(np.uint8)).is_another_frame


@pytest.mark.parametrize(
    "matrix",
    [[[1, 0, 3], [0, 1, 2]], [[1.01, 0, -2], [0, 1.01, -2]], [[1, 0.01, -1], [-0.01, 1, 2]]],
    ids=["shifted", "enlarged", "turned"],
)
def test_what_all_of_it_has_in_common_is_no_motion(matrix: list[list[float]]) -> None:
    found = measured(moved_by(matrix))
    assert (found.region, found.is_another_frame) == (0, False)


def test_a_tilt_of_all_of_it_is_no_motion() -> None:
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=np.float32)
    tilted = np.array([[6, 4], [474, 0], [480, 318], [0, 312]], dtype=np.float32)
    plane = cv2.getPerspectiveTransform(corners, tilted)
    query = cv2.warpPerspective(PICTURE, plane, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    assert not measured(np.asarray(query, dtype=np.uint8)).is_another_frame


# Motion


@pytest.mark.parametrize("seed", [3, 5, 7, 9])
def test_a_part_that_moved_by_eight_pixels_in_640_is_another_frame(seed: int) -> None:
    picture = scene(seed, WIDTH, HEIGHT)
    assert measured(with_part_moved(6, picture), picture).is_another_frame


@pytest.mark.parametrize(("pixels", "has_moved"), [(1, False), (4, True), (14, True)])
def test_what_moved_less_than_a_two_hundredth_of_the_long_side_is_no_region(
    pixels: int, has_moved: bool
) -> None:
    assert (measured(with_part_moved(pixels)).region > 0.05) == has_moved


def test_how_far_it_moved_is_told_as_a_share_of_the_long_side() -> None:
    assert measured(with_part_moved(6)).length == pytest.approx(6 / WIDTH, abs=0.002)


def test_how_much_of_it_moved_is_told_as_a_share_of_the_points() -> None:
    area = (BOTTOM - TOP) * (RIGHT - LEFT) / (WIDTH * HEIGHT)
    assert measured(with_part_moved(6)).region == pytest.approx(area, abs=0.04)


def test_either_picture_may_be_the_one_in_which_it_moved() -> None:
    query = with_part_moved(6)
    assert measured(PICTURE, query).is_another_frame


def test_after_compression_it_is_told_as_well() -> None:
    image = Image.fromarray(with_part_moved(6))
    body = np.frombuffer(jpeg_bytes(image, quality=50), np.uint8)
    assert measured(np.asarray(cv2.imdecode(body, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)).is_another_frame


def test_two_parts_that_moved_in_two_directions_are_two_regions() -> None:
    query = PICTURE.copy()
    query[40:160, 60:200] = PICTURE[40:160, 54:194]
    query[180:300, 260:420] = PICTURE[180:300, 268:428]
    found = measured(query)
    assert 0 < found.region < 0.75 * found.moved


def test_the_gain_is_how_much_more_alike_they_are_when_it_is_undone() -> None:
    assert measured(with_part_moved(6)).gain > measured(saved(30)).gain + 0.02


def test_many_parts_that_are_off_by_little_are_another_frame() -> None:
    found = measured(shaken(2))
    assert (found.region < 0.02, found.is_another_frame) == (True, True)


def test_what_was_pasted_over_a_part_has_not_moved() -> None:
    query = PICTURE.copy()
    query[TOP:BOTTOM, LEFT:RIGHT] = OTHER[TOP:BOTTOM, LEFT:RIGHT]
    assert measured(query).region < 0.01


def test_what_was_pasted_over_a_part_is_lost() -> None:
    query = PICTURE.copy()
    query[TOP:BOTTOM, LEFT:RIGHT] = OTHER[TOP:BOTTOM, LEFT:RIGHT]
    assert 0.05 < measured(query).lost < 0.25


def test_what_moved_is_found_again() -> None:
    assert measured(with_part_moved(14)).explained > 0.8


def test_of_another_picture_next_to_nothing_is_found_again() -> None:
    assert measured(OTHER).explained < 0.1


def test_a_gain_in_likeness_counts_apart_where_it_comes_of_motion() -> None:
    assert measured(with_part_moved(14)).gain_of_moved > 10 * measured(saved(10)).gain_of_moved


# How large it is looked at


def test_a_large_frame_is_looked_at_small() -> None:
    small, _, shared = _shrink(PICTURE, PICTURE, ALL)
    assert (small.shape, shared.shape) == ((192, MOST_SIDE), (192, MOST_SIDE))


def test_a_small_one_is_looked_at_as_it_is() -> None:
    small, _, _ = _shrink(PICTURE[:160, :240], PICTURE[:160, :240], ALL[:160, :240])
    np.testing.assert_array_equal(small, PICTURE[:160, :240])


def test_what_is_not_shared_stays_so() -> None:
    shared = ALL.copy()
    shared[:, WIDTH // 2 :] = False
    small = _shrink(PICTURE, PICTURE, shared)[2]
    assert small.mean() == pytest.approx(0.5, abs=0.01)


# Borders


@pytest.mark.parametrize("paper", [0, 255])
def test_a_border_moves_nothing(paper: int) -> None:
    query = np.full_like(PICTURE, paper)
    query[20:300, 30:450] = PICTURE[20:300, 30:450]
    assert not measured(query).is_another_frame


def test_what_moved_within_a_border_has_moved() -> None:
    query = np.full_like(PICTURE, 255)
    query[20:300, 30:450] = with_part_moved(6)[20:300, 30:450]
    assert measured(query).is_another_frame


def test_points_lie_within_the_borders_of_both_and_a_margin() -> None:
    query, asset = PICTURE.copy(), PICTURE.copy()
    query[:20], query[300:] = 255, 255
    asset[:, :30] = 0
    expected = np.zeros_like(ALL)
    expected[29:291, 39:] = True
    np.testing.assert_array_equal(_find_within_borders(query, asset, 9), expected)


def test_a_picture_without_borders_is_not_trimmed() -> None:
    assert _trim(PICTURE, 9) == (0, 0, HEIGHT, WIDTH)


def test_a_plain_picture_is_not_trimmed() -> None:
    assert _trim(np.full_like(PICTURE, 200), 9) == (0, 0, HEIGHT, WIDTH)


# Too little to tell


def test_of_a_plain_picture_there_are_no_points() -> None:
    assert measured(np.full_like(PICTURE, 200), np.full_like(PICTURE, 200)).points == 0


def test_what_is_not_shared_has_no_say() -> None:
    assert measured(with_part_moved(14), shared=np.zeros_like(ALL)).points == 0


def test_what_moved_where_only_one_has_pixels_has_no_say() -> None:
    shared = ALL.copy()
    shared[TOP - 10 : BOTTOM + 10, LEFT - 20 : RIGHT + 10] = False
    assert not measured(with_part_moved(6), shared=shared).is_another_frame


def test_few_points_tell_nothing() -> None:
    few = Displacement(points=LEAST_POINTS - 1, typical=5.0, gain=0.3, weakest=0.5, lost=0.5)
    assert (few.odds, few.is_another_frame) == (-math.inf, False)


# What it comes to

SMALL = Displacement(points=500, typical=0.1, gain=0.001, weakest=0.95, lost=0.0)
LARGE = Displacement(points=500, typical=1.2, gain=0.05, weakest=0.9, lost=0.02)


@pytest.mark.parametrize(("found", "is_another"), [(SMALL, False), (LARGE, True)])
def test_the_odds_tell_what_is_off_by_little_everywhere(found: Displacement, is_another: bool) -> None:
    assert found.is_another_frame == is_another


@pytest.mark.parametrize(
    ("evidence", "has_moved"),
    [
        ({"region": 0.03}, True),
        ({"region": 0.029}, False),
        ({"moved": 0.06}, True),
        ({"moved": 0.059}, False),
        ({"gain_of_moved": 0.04}, True),
        ({"gain_of_moved": 0.039}, False),
    ],
)
def test_one_region_that_moved_or_all_or_the_gain_is_enough(
    evidence: dict[str, float], *, has_moved: bool
) -> None:
    found = replace(Displacement(points=500, typical=0.2, weakest=0.9), **evidence)
    assert (found.has_moved, found.is_another_frame) == (has_moved, has_moved)


@pytest.mark.parametrize(
    ("evidence", "has_moved"),
    [
        ({"region": 0.02}, True),
        ({"region": 0.019}, False),
        ({"moved": 0.03}, True),
        ({"moved": 0.029}, False),
        ({"gain_of_moved": 0.012, "moved": 0.001}, True),
        ({"gain_of_moved": 0.011, "moved": 0.001}, False),
        ({"gain_of_moved": 0.012}, False),
    ],
)
def test_in_an_exact_copy_less_is_enough(evidence: dict[str, float], *, has_moved: bool) -> None:
    found = replace(Displacement(points=500, typical=0.09, weakest=0.9), **evidence)
    assert found.has_moved == has_moved


def test_pictures_of_which_nothing_was_asked_are_no_other_frames() -> None:
    assert not Displacement().is_another_frame
