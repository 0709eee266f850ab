from __future__ import annotations

import numpy as np
import pytest
from comparisons import blocks_at, corners_of_grid

from catalog.matching.pixels.regions import Box, Grid, Region, move_box

# As rows of a grid of blocks: what agrees, what differs, what says neither.
AGREES, DIFFERS, UNSURE = 1.0, 0.0, 0.6


def one_block(**values: object) -> Grid:
    return Grid(blocks_at([(0, 0)], **values), (10, 10))


def grid_of(*rows: str) -> Grid:
    """A grid of blocks of 10 pixels: + agrees, - differs, . does neither."""
    meaning = {"+": AGREES, "-": DIFFERS, ".": UNSURE}
    likeness = [meaning[mark] for row in rows for mark in row]
    corners = corners_of_grid(len(rows[0]), len(rows))
    return Grid(blocks_at(corners, likeness=likeness), (10 * len(rows), 10 * len(rows[0])))


def rectangle(*rows: str) -> tuple[int, int, int, int]:
    found = grid_of(*rows).rectangle_of_agreement()
    return found.top, found.bottom, found.left, found.right


# Boxes


def test_a_box_takes_rows_and_columns() -> None:
    assert Box(3, 5, 10, 20).pixels == (slice(5, 25), slice(3, 13))


def test_a_box_between_pixels_takes_the_nearest() -> None:
    assert Box(2.6, 5.4, 9.7, 20.3).pixels == (slice(5, 26), slice(3, 12))


def test_a_box_is_taken_through_a_transform() -> None:
    matrix = np.array([[2.0, 0.0, 10.0], [0.0, 3.0, 20.0]])
    assert move_box(matrix, Box(1, 2, 30, 40)) == Box(12, 26, 60, 120)


def test_a_box_that_is_turned_stays_upright() -> None:
    quarter_turn = np.array([[0.0, -1.0, 100.0], [1.0, 0.0, 0.0]])
    assert move_box(quarter_turn, Box(10, 20, 30, 40)) == Box(40, 10, 40, 30)


def test_a_box_turned_by_an_eighth_grows() -> None:
    turn = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, 0.0]])
    assert move_box(turn, Box(0, 0, 10, 20)) == Box(-20, 0, 30, 30)


# What a block says


def test_a_block_with_detail_agrees() -> None:
    assert one_block().agreeing.all()


@pytest.mark.parametrize(("detail", "agrees"), [(1.0, True), (0.99, False)])
def test_a_block_agrees_only_with_detail_in_two_directions(detail: float, agrees: bool) -> None:
    assert one_block(detail=detail).agreeing.any() == agrees


@pytest.mark.parametrize("detail", [[[0.5], [5.0]], [[5.0], [0.5]]])
def test_both_pictures_must_have_the_detail(detail: list[list[float]]) -> None:
    assert not one_block(detail=detail).agreeing.any()


@pytest.mark.parametrize(("likeness", "differs"), [(0.49, True), (0.5, False), (0.6, False), (0.7, False)])
def test_a_block_differs_by_its_likeness(likeness: float, differs: bool) -> None:
    assert one_block(likeness=likeness).differing.any() == differs


@pytest.mark.parametrize(("levels", "differs"), [(8.0, True), (7.9, False)])
def test_a_block_differs_only_where_it_shows_much(levels: float, differs: bool) -> None:
    found = one_block(likeness=0.0, query_levels=levels, asset_levels=0.0)
    assert found.differing.any() == differs


def test_what_only_the_asset_shows_differs_too() -> None:
    assert one_block(likeness=0.0, query_levels=0.0).differing.all()


@pytest.mark.parametrize("offset", [(1.6, 0.0), (0.0, 1.6), (-1.6, 0.0), (0.0, -1.6)])
def test_a_block_that_is_found_elsewhere_differs(offset: tuple[float, float]) -> None:
    assert one_block(offsets=offset).differing.all()


@pytest.mark.parametrize("offset", [(1.5, 0.0), (1.4, 1.4)])
def test_a_block_that_is_found_nearby_does_not(offset: tuple[float, float]) -> None:
    assert not one_block(offsets=offset).differing.any()


def test_a_block_without_detail_is_found_anywhere() -> None:
    assert not one_block(offsets=(1.6, 0.0), detail=0.5).differing.any()


def test_what_agrees_does_not_differ() -> None:
    assert not one_block().differing.any()


# On the grid


def test_values_lie_on_the_grid_as_the_blocks_do() -> None:
    grid = Grid(blocks_at([(20, 0), (0, 0), (0, 10)]), (20, 30))
    assert grid.lay_out(np.array([1.0, 2.0, 3.0])).tolist() == [[2.0, 1.0], [3.0, 0.0]]


def test_blocks_lie_in_a_region_by_row_and_column() -> None:
    inside = grid_of("....", "....", "....").find_inside(Region(1, 3, 1, 2))
    assert np.flatnonzero(inside).tolist() == [5, 9]


def test_the_region_of_all_reaches_the_edges_of_the_frame() -> None:
    grid = Grid(blocks_at([(2, 3), (12, 3), (2, 13), (12, 13)]), (27, 24))
    assert grid.box(Region(0, 2, 0, 2)) == Box(0, 0, 24, 27)


def test_a_region_inside_ends_with_its_blocks() -> None:
    grid = Grid(blocks_at(corners_of_grid(4, 4)), (40, 40))
    assert grid.box(Region(1, 3, 2, 3)) == Box(20, 10, 10, 20)


# The rectangle of agreement


def test_where_all_agrees_it_is_all() -> None:
    assert rectangle("+++", "+++") == (0, 2, 0, 3)


def test_what_differs_at_the_edges_is_left_out() -> None:
    assert rectangle("----", "-++-", "-++-", "----") == (1, 3, 1, 3)


def test_a_column_that_differs_at_the_left_is_left_out() -> None:
    assert rectangle("-+++", "-+++") == (0, 2, 1, 4)


def test_a_row_that_differs_at_the_bottom_is_left_out() -> None:
    assert rectangle("++++", "++++", "----") == (0, 2, 0, 4)


def test_what_differs_in_the_middle_is_borne() -> None:
    assert rectangle("+++", "+-+", "+++") == (0, 3, 0, 3)


def test_what_says_nothing_is_taken_along() -> None:
    assert rectangle("...", ".+.", "...") == (0, 3, 0, 3)


def test_of_two_parts_the_larger_is_taken() -> None:
    assert rectangle("++---++++") == (0, 1, 5, 9)


def test_two_blocks_that_differ_weigh_as_three_that_agree() -> None:
    assert rectangle("++++--++++") == (0, 1, 0, 10)


def test_more_that_differ_part_what_agrees() -> None:
    assert rectangle("++--+++++") == (0, 1, 4, 9)


def test_of_equal_rectangles_the_largest_is_taken() -> None:
    assert rectangle("+++--+++++") == (0, 1, 0, 10)


def test_where_all_differs_it_is_one_block() -> None:
    top, bottom, left, right = rectangle("--", "--")
    assert (bottom - top) * (right - left) == 1
