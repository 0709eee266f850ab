from __future__ import annotations

import numpy as np
import pytest
from comparisons import SAME_PLACE, laid, scene, smooth
from PIL import Image

from catalog.matching.pixels.added_strips import (
    Jumps,
    _find_divided,
    _hides,
    _is_explained,
    _seams_of_one,
    _Strips,
    _trim_to_inside,
    has_seam,
    measure_hidden,
)
from catalog.matching.pixels.arrays import Bools, Floats, Pixels, Singles
from catalog.matching.pixels.regions import Box

PICTURE = scene(3)
OTHER = scene(5)
WIDTH, HEIGHT = 240, 160


def mask_of(query: Pixels, asset: Pixels = PICTURE, matrix: Floats = SAME_PLACE) -> Singles:
    """What is hidden, where seams must be as long as the whole frame."""
    comparison = laid(query, asset, matrix)
    height, width = comparison.frame.shared.shape
    return measure_hidden(comparison, Box(0, 0, width, height))


def rows_of(mask: Singles) -> tuple[int, int] | None:
    """First and last row of what is hidden from edge to edge."""
    rows = np.flatnonzero((mask > 0).all(axis=1))
    return (int(rows[0]), int(rows[-1]) + 1) if len(rows) else None


def columns_of(mask: Singles) -> tuple[int, int] | None:
    return rows_of(mask.T)


def with_rows(start: int, end: int, colour: float, share: float = 1.0) -> Pixels:
    """The picture under a bar from edge to edge."""
    found = PICTURE.astype(np.float64)
    found[start:end] = (1 - share) * found[start:end] + share * colour
    return np.rint(found).astype(np.uint8)


def with_columns(start: int, end: int, patch: Pixels | int) -> Pixels:
    found = PICTURE.copy()
    found[:, start:end] = patch
    return found


# What is hidden


def test_in_the_same_picture_nothing_is_hidden() -> None:
    assert not mask_of(PICTURE).any()


@pytest.mark.parametrize(("start", "end"), [(130, 160), (0, 30), (60, 90)])
def test_a_bar_from_edge_to_edge_hides_what_is_beneath(start: int, end: int) -> None:
    assert rows_of(mask_of(with_rows(start, end, 30))) == (start, end)


@pytest.mark.parametrize(("start", "end"), [(0, 40), (200, 240), (90, 130)])
def test_an_upright_bar_hides_what_is_beneath(start: int, end: int) -> None:
    assert columns_of(mask_of(with_columns(start, end, 250))) == (start, end)


def test_a_bar_hides_all_of_it() -> None:
    assert set(np.unique(mask_of(with_rows(130, 160, 30)))) == {0.0, 1.0}


def test_a_bar_beneath_hides_as_well() -> None:
    assert rows_of(mask_of(PICTURE, with_rows(130, 160, 30))) == (130, 160)


def test_a_border_is_four_bars() -> None:
    query = np.full_like(PICTURE, 255)
    query[12:148, 12:228] = PICTURE[12:148, 12:228]
    mask = mask_of(query)
    assert (mask[:12].all(), mask[148:].all(), mask[:, :12].all(), mask[:, 228:].all()) == (True,) * 4
    assert not mask[12:148, 12:228].any()


def test_a_bar_that_lets_light_through_hides_its_share() -> None:
    mask = mask_of(with_rows(60, 90, 30, 0.7))
    assert rows_of(mask) == (60, 90)
    assert mask.max() == pytest.approx(0.7, abs=0.02)


def test_a_bar_of_the_pictures_own_brightness_hides_its_share() -> None:
    """Where it begins and ends the picture is all but gray, so that no seam is to be seen."""
    rows = np.arange(HEIGHT)
    far = np.minimum(np.abs(rows - 60), np.abs(rows - 90))
    contrast = np.clip(0.4 + 0.06 * (far - 6), 0.4, 1)[:, None]
    asset = np.rint(128 + (PICTURE.astype(np.float64) - 128) * contrast).astype(np.uint8)
    query = asset.astype(np.float64)
    query[60:90] = 0.25 * query[60:90] + 0.75 * 128
    mask = mask_of(np.rint(query).astype(np.uint8), asset)
    assert rows_of(mask) == (60, 90)
    assert mask.max() == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_what_dims_less_than_half_hides_nothing(share: float) -> None:
    assert not mask_of(with_rows(60, 90, 30, share)).any()


def test_a_picture_beside_it_hides_what_is_there() -> None:
    mask = mask_of(with_columns(150, WIDTH, OTHER[:, 150:]))
    assert columns_of(mask) == (150, WIDTH)
    assert not mask[:, :150].any()


def test_a_picture_at_the_left_hides_what_is_there() -> None:
    mask = mask_of(with_columns(0, 90, OTHER[:, :90]))
    assert columns_of(mask) == (0, 90)


def test_a_picture_that_runs_into_the_other_is_told_without_a_seam() -> None:
    query = PICTURE.astype(np.float64)
    weight = np.clip((np.arange(WIDTH) - 140) / 12, 0, 1)
    query = np.rint((1 - weight) * query + weight * OTHER).astype(np.uint8)
    found = columns_of(mask_of(query))
    assert found is not None
    assert found[0] == pytest.approx(146, abs=5)
    assert found[1] == WIDTH


def test_a_picture_in_the_middle_is_no_strip() -> None:
    """Rows of letters have seams above and below as well."""
    assert not mask_of(with_columns(90, 150, OTHER[:, 90:150])).any()


def test_what_moved_is_no_strip() -> None:
    query = PICTURE.copy()
    query[40:140, 70:190] = OTHER[40:140, 70:190]
    assert not mask_of(query).any()


@pytest.mark.parametrize(("width", "strip"), [(2, None), (4, (236, 240))])
def test_a_very_narrow_strip_is_the_blur_of_an_edge(width: int, strip: tuple[int, int] | None) -> None:
    assert columns_of(mask_of(with_columns(WIDTH - width, WIDTH, 255))) == strip


def test_a_line_of_the_scene_is_in_both() -> None:
    asset = PICTURE.copy()
    asset[80:] = asset[80:] // 4
    assert not mask_of(asset, asset).any()


def test_a_seam_need_only_be_as_long_as_what_agrees() -> None:
    """Beside another picture a bar under this one ends where this one does."""
    query = with_columns(150, WIDTH, OTHER[:, 150:])
    query[130:, :150] = 30
    comparison = laid(query, PICTURE)
    assert measure_hidden(comparison, Box(0, 0, 150, 160))[130:].all()


def test_a_seam_along_half_of_it_is_none() -> None:
    query = PICTURE.copy()
    query[130:, :120] = 30
    assert not mask_of(query)[:, :120].any()


# Aslant


SQUARE = scene(3, 240, 240)


def turned(degrees: float) -> tuple[Pixels, Floats]:
    """The middle of a square picture, 140 x 100 pixels of it turned, and the transform that lays it back."""
    image = Image.fromarray(SQUARE).rotate(degrees, Image.Resampling.BICUBIC)
    angle = np.radians(degrees)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = (120, 120) - linear @ (120, 120) + linear @ (50, 70)
    return np.array(image)[70:170, 50:190].copy(), np.column_stack([linear, shift])


@pytest.mark.parametrize("degrees", [5, -30, 60])
def test_a_bar_along_a_turned_query_is_found_aslant(degrees: float) -> None:
    query, matrix = turned(degrees)
    query[75:] = 30
    mask = mask_of(query, SQUARE, matrix)
    assert mask.sum() == pytest.approx(25 * 140, rel=0.15)


@pytest.mark.parametrize("degrees", [5, 60])
def test_an_aslant_bar_lies_where_it_is(degrees: float) -> None:
    query, matrix = turned(degrees)
    query[75:] = 30
    comparison = laid(query, SQUARE, matrix)
    height, width = comparison.frame.shared.shape
    mask = measure_hidden(comparison, Box(0, 0, width, height))
    to_frame = comparison.frame.to_frame
    x, y = to_frame[:, :2] @ (matrix[:, :2] @ (70, 88) + matrix[:, 2]) + to_frame[:, 2]
    assert mask[round(y), round(x)] == 1


@pytest.mark.parametrize("gain", [1.0, 0.5])
@pytest.mark.parametrize("degrees", [5, 60])
def test_without_a_bar_a_turned_query_hides_nothing(degrees: float, gain: float) -> None:
    query, matrix = turned(degrees)
    darker = (query * gain + 20).clip(0, 255).astype(np.uint8)
    assert not mask_of(darker, SQUARE, matrix).any()


def test_a_bar_over_a_query_turned_by_a_quarter_is_found() -> None:
    query = np.rot90(with_rows(130, 160, 30)).copy()
    back = np.array([[0.0, -1.0, 240.0], [1.0, 0.0, 0.0]])
    assert rows_of(mask_of(query, PICTURE, back)) == (130, 160)


# Seams


def edge(height: int, rows: int = 40, column: int = 30) -> Pixels:
    """A gray plane that is lighter by so many levels from a column on, in so many of its 40 rows."""
    plane = np.full((40, 60), 100, np.uint8)
    plane[:rows, column:] += height
    return plane


def seams(picture: Pixels) -> list[int]:
    return np.flatnonzero(Jumps.of(picture).seams).tolist()


def test_jumps_are_the_mean_from_column_to_column() -> None:
    assert Jumps.of(np.array([[0, 10, 10], [0, 30, 10]], np.uint8)).levels.tolist() == [20, 10]


@pytest.mark.parametrize(("height", "along"), [(5, 1.0), (4, 0.0)])
def test_a_row_jumps_by_five_levels_at_least(height: int, along: float) -> None:
    assert Jumps.of(edge(height)).along[29] == along


def test_an_edge_is_a_seam() -> None:
    assert seams(edge(50)) == [29]


@pytest.mark.parametrize(("height", "found"), [(8, [29]), (7, [])])
def test_a_seam_jumps_by_eight_levels_at_least(height: int, found: list[int]) -> None:
    assert seams(edge(height)) == found


@pytest.mark.parametrize(("rows", "found"), [(28, [29]), (27, [])])
def test_a_seam_jumps_along_seven_tenths_of_it(rows: int, found: list[int]) -> None:
    assert seams(edge(60, rows)) == found


@pytest.mark.parametrize(("height", "found"), [(25, [29]), (24, [])])
def test_a_seam_jumps_more_than_what_is_around_it(height: int, found: list[int]) -> None:
    """Ten levels from each column to the next, up and down."""
    plane = np.full((40, 60), 100, np.uint8)
    plane[:, 1::2] += 10
    plane[:, 30:] += np.uint8(height + 10)
    assert seams(plane) == found


def test_only_what_is_near_counts_as_around() -> None:
    """Beyond 24 columns the picture may be as busy as it likes."""
    plane = np.full((40, 200), 100, np.uint8)
    plane[:, 100:] += 50
    plane[:, :70:2] += 100
    assert 99 in seams(plane)


def test_a_seam_is_found_within_reach() -> None:
    assert has_seam(edge(50), 30, 3)


@pytest.mark.parametrize(("place", "found"), [(26, False), (27, True), (30, True), (33, True), (34, False)])
def test_a_seam_further_off_is_not(place: int, found: bool) -> None:
    assert has_seam(edge(50), place, 3) == found


def test_at_the_pictures_edge_reach_ends() -> None:
    assert not has_seam(edge(50), 1, 3)


def test_seams_of_one_picture_only_are_told() -> None:
    flat = np.full((40, 60), 100, np.uint8)
    assert _seams_of_one(edge(50), flat) == [30]


def test_the_other_way_round_too() -> None:
    flat = np.full((40, 60), 100, np.uint8)
    assert _seams_of_one(flat, edge(50)) == [30]


def test_a_seam_of_both_pictures_is_none() -> None:
    assert _seams_of_one(edge(50), edge(50)) == []


@pytest.mark.parametrize(("height", "found"), [(25, [30]), (26, [])])
def test_the_other_picture_jumps_half_as_much_at_most(height: int, found: list[int]) -> None:
    assert _seams_of_one(edge(50), edge(height)) == found


@pytest.mark.parametrize(("column", "found"), [(28, []), (32, []), (27, [27, 30]), (33, [30, 33])])
def test_a_seam_two_columns_off_is_the_same(column: int, found: list[int]) -> None:
    assert _seams_of_one(edge(50), edge(50, column=column)) == found


# Parts of strips


@pytest.mark.parametrize(("columns", "allowed"), [(240, 3.0), (480, 6.0), (24, 1.0)])
def test_so_many_blocks_may_agree_in_a_strip_by_chance(columns: int, allowed: float) -> None:
    """Three in ten of the blocks that have room in 24 rows, and one at least."""
    assert _Strips._count_allowed(0.3, np.zeros((24, columns), dtype=np.bool_)) == allowed


@pytest.mark.parametrize(
    ("start", "end", "inner"),
    [
        (20, 50, slice(25, 45)),
        (0, 50, slice(0, 45)),
        (20, 100, slice(25, 100)),
        (20, 31, slice(25, 26)),
        (20, 30, slice(25, 26)),
        (20, 24, slice(22, 23)),
    ],
)
def test_near_its_seams_a_strip_is_not_looked_at(start: int, end: int, inner: slice) -> None:
    assert _trim_to_inside(start, end, 100) == inner


def seen_in(*shares: float) -> tuple[Bools, Bools]:
    """Thirds of a strip of 30 columns and 100 rows in each of which so much is seen, and that all is shared."""
    seen = np.zeros((100, 30), dtype=np.bool_)
    for third, share in enumerate(shares):
        seen[: round(100 * share), 10 * third : 10 * third + 10] = True
    return seen, np.ones_like(seen)


@pytest.mark.parametrize(
    ("shares", "hides"),
    [
        ((0.0, 0.0, 0.0), True),
        ((0.2, 0.2, 0.2), True),
        ((0.21, 0.21, 0.21), False),
        ((0.35, 0.0, 0.0), True),
        ((0.36, 0.0, 0.0), False),
        ((0.0, 0.36, 0.0), False),
        ((0.0, 0.0, 0.36), False),
    ],
)
def test_a_strip_hides_in_which_little_is_seen(shares: tuple[float, ...], hides: bool) -> None:
    assert _hides(*seen_in(*shares)) == hides


def test_what_is_not_shared_is_not_seen() -> None:
    seen, shared = seen_in(1.0, 1.0, 1.0)
    assert _hides(seen, ~shared)


def test_a_strip_of_one_column_hides_as_well() -> None:
    nothing = np.zeros((10, 1), dtype=np.bool_)
    assert _hides(nothing, ~nothing)


# Divided without a seam


def divided(seen: Bools) -> list[tuple[int, int]]:
    return _find_divided(seen, np.ones_like(seen))


def half_seen(line: int = 60, width: int = 120, height: int = 60) -> Bools:
    """All is seen left of a line and nothing right of it."""
    seen = np.zeros((height, width), dtype=np.bool_)
    seen[:, :line] = True
    return seen


def test_what_is_not_seen_right_of_a_line_is_a_strip() -> None:
    (found,) = divided(half_seen())
    assert found == (pytest.approx(60, abs=4), 120)


def test_what_is_not_seen_left_of_a_line_is_a_strip() -> None:
    (found,) = divided(~half_seen())
    assert found == (0, pytest.approx(60, abs=4))


@pytest.mark.parametrize("seen", [np.ones((60, 120), np.bool_), np.zeros((60, 120), np.bool_)])
def test_without_a_line_there_is_no_strip(seen: Bools) -> None:
    assert divided(seen) == []


@pytest.mark.parametrize(("width", "count"), [(56, 1), (55, 0)])
def test_on_either_side_of_the_line_there_is_a_band(width: int, count: int) -> None:
    assert len(divided(half_seen(28, width))) == count


@pytest.mark.parametrize(("height", "count"), [(24, 1), (23, 0)])
def test_the_line_is_as_long_as_a_band(height: int, count: int) -> None:
    assert len(divided(half_seen(height=height))) == count


def speckled(seen: Bools, columns: slice, share: float, rows: slice = slice(None)) -> Bools:
    """The same with such a share of some columns turned round, the same in each row."""
    found = seen.copy()
    part = found[rows, columns]
    step = np.arange(part.size).reshape(part.shape) * 0.6180339887 % 1 < share
    part[step] ^= True
    return found


@pytest.mark.parametrize(("share", "count"), [(0.01, 1), (0.04, 0)])
def test_nearly_all_is_seen_before_the_line(share: float, count: int) -> None:
    assert len(divided(speckled(half_seen(), slice(0, 60), share))) == count


@pytest.mark.parametrize(("share", "count"), [(0.08, 1), (0.13, 0)])
def test_next_to_nothing_is_seen_behind_the_line(share: float, count: int) -> None:
    assert len(divided(speckled(half_seen(), slice(60, 120), share))) == count


@pytest.mark.parametrize(("share", "count"), [(0.04, 1), (0.08, 0)])
def test_each_third_of_the_line_divides_what_is_before(share: float, count: int) -> None:
    assert len(divided(speckled(half_seen(), slice(0, 60), share, slice(20, 40)))) == count


@pytest.mark.parametrize(("share", "count"), [(0.13, 1), (0.18, 0)])
def test_each_third_of_the_line_divides_what_is_behind(share: float, count: int) -> None:
    assert len(divided(speckled(half_seen(), slice(60, 120), share, slice(20, 40)))) == count


@pytest.mark.parametrize(("share", "count"), [(0.15, 1), (0.9, 0)])
def test_far_behind_the_line_little_is_seen_either(share: float, count: int) -> None:
    seen = half_seen(60, 200)
    assert len(divided(speckled(seen, slice(100, 200), share))) == count


@pytest.mark.parametrize(("share", "count"), [(0.05, 1), (0.3, 0)])
def test_far_before_the_line_most_is_seen_too(share: float, count: int) -> None:
    seen = half_seen(140, 200)
    assert len(divided(speckled(seen, slice(0, 60), share))) == count


# Explained by narrower strips


def explained(found: list[tuple[int, int, float]], seen_from: int = 100) -> bool:
    """Whether strips explain that nothing is seen from column 40 on, up to a column."""
    seen = np.zeros((10, 100), dtype=np.bool_)
    seen[:, :40] = seen[:, seen_from:] = True
    return _is_explained(40, 100, found, seen, np.ones_like(seen))


def test_without_narrower_strips_nothing_is_explained() -> None:
    assert not explained([])


def test_strips_elsewhere_explain_nothing() -> None:
    assert not explained([(0, 20, 1.0)])


def test_strips_that_hide_all_of_it_explain_it() -> None:
    assert explained([(45, 95, 1.0)])


def test_a_strip_behind_which_the_picture_goes_on_explains_it() -> None:
    assert explained([(40, 60, 1.0)], seen_from=60)


def test_a_strip_behind_which_nothing_is_seen_explains_nothing() -> None:
    assert not explained([(40, 60, 1.0)])


@pytest.mark.parametrize(("seen_from", "is_explained"), [(86, True), (90, False)])
def test_behind_the_strip_a_third_is_seen_at_least(seen_from: int, is_explained: bool) -> None:
    """Of 35 columns behind it."""
    assert explained([(40, 60, 1.0)], seen_from) == is_explained


def test_waves_show_through_wherever_they_are() -> None:
    assert not mask_of(smooth(240, 160), smooth(240, 160)).any()
