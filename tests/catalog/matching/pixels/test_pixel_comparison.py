from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, blocks_at, laid, scene, smooth

from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.pixels.framing import MARGIN, _warp, corners_of, frame_pictures, frame_wider
from catalog.matching.pixels.pixel_comparison import (
    REFINING_BLOCKS,
    Blocks,
    _blocks,
    _correct_transform,
    _find_steady,
    _interpolate_peak,
    _measure_shown,
    _search_block,
    _snap,
    _steps,
    _tone,
    compare,
    decode_preview,
    means,
)

PICTURE = scene(3)


def matrix(scale: float = 1.0, x: float = 0.0, y: float = 0.0) -> Floats:
    return np.array([[scale, 0.0, x], [0.0, scale, y]])


def halved(picture: Pixels) -> Pixels:
    size = (picture.shape[1] // 2, picture.shape[0] // 2)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


# Small things


def test_a_preview_is_decoded_to_its_levels() -> None:
    body = cv2.imencode(".png", PICTURE)[1].tobytes()
    assert np.array_equal(decode_preview(body), PICTURE)


def test_a_preview_in_colour_is_decoded_to_gray() -> None:
    body = cv2.imencode(".png", np.full((4, 6, 3), 90, np.uint8))[1].tobytes()
    assert decode_preview(body).tolist() == [[90] * 6] * 4


def test_corners_go_round_clockwise() -> None:
    assert corners_of(np.zeros((20, 30), np.uint8)).tolist() == [[0, 0], [30, 0], [30, 20], [0, 20]]


def test_the_mean_of_a_block_is_that_of_its_own_pixels() -> None:
    values = np.arange(100, dtype=np.float32).reshape(10, 10)
    assert means(values, np.array([2]), np.array([3]), 4).tolist() == [values[3:7, 2:6].mean()]


@pytest.mark.parametrize(
    ("length", "steps"),
    [(24, [0]), (35, [0]), (37, [0, 13]), (48, [0, 24]), (100, [0, 25, 51, 76]), (60, [0, 36])],
)
def test_blocks_begin_evenly_spread(length: int, steps: list[int]) -> None:
    assert _steps(length, 24).tolist() == steps


def test_the_top_of_a_parabola_lies_between_pixels() -> None:
    assert _interpolate_peak(np.array([0.0, 1.0, 0.5])) == pytest.approx(1 / 6)


def test_the_top_of_a_parabola_lies_before_the_middle_where_that_is_higher() -> None:
    assert _interpolate_peak(np.array([0.5, 1.0, 0.0])) == pytest.approx(-1 / 6)


def test_where_nothing_bends_the_middle_is_the_top() -> None:
    assert _interpolate_peak(np.array([1.0, 1.0, 1.0])) == 0


def test_at_an_edge_the_middle_is_the_top() -> None:
    assert _interpolate_peak(np.array([0.5, 1.0])) == 0


# What blocks show


def shown(picture: Pixels) -> tuple[float, float]:
    levels, detail = _measure_shown(picture.astype(np.float32), np.array([10]), np.array([10]), 20)
    return float(levels[0]), float(detail[0])


def test_a_block_of_one_colour_shows_nothing() -> None:
    assert shown(np.full((40, 40), 90, np.uint8)) == (0, 0)


def test_levels_are_the_deviation_within_the_block() -> None:
    checks = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((5, 5))) * 60 + 100
    assert shown(checks.astype(np.uint8))[0] == pytest.approx(30)


def test_an_edge_alone_has_no_detail() -> None:
    edge = np.full((40, 40), 50, np.uint8)
    edge[:, 20:] = 200
    assert shown(edge)[1] == pytest.approx(0, abs=1e-3)


def test_a_slanting_edge_has_none_either() -> None:
    slope = np.add.outer(np.arange(40) * 3, np.arange(40) * 3).astype(np.uint8)
    assert shown(slope)[1] == pytest.approx(0, abs=1e-2)


def test_a_corner_has_detail() -> None:
    corner = np.full((40, 40), 50, np.uint8)
    corner[20:, 20:] = 200
    assert shown(corner)[1] > 10


def test_detail_is_the_slope_in_the_flattest_direction() -> None:
    """Waves across are three times as steep as those down."""
    x, y = np.meshgrid(np.arange(40), np.arange(40))
    waves = 128 + 60 * np.sin(x * np.pi / 10) + 20 * np.sin(y * np.pi / 10)
    levels, detail = _measure_shown(waves.astype(np.float32), np.array([10]), np.array([10]), 20)
    assert detail[0] == pytest.approx(20 * np.sin(np.pi / 10) / np.sqrt(2), rel=0.01)
    assert levels[0] == pytest.approx(np.sqrt((60**2 + 20**2) / 2), rel=0.01)


# Flat and agreeing blocks


@pytest.mark.parametrize(("levels", "flat"), [(4.0, False), (3.9, True)])
def test_a_block_that_shows_little_is_flat(levels: float, flat: bool) -> None:
    assert blocks_at([(0, 0)], query_levels=levels, asset_levels=levels).flat.all() == flat


@pytest.mark.parametrize("levels", [(20.0, 0.0), (0.0, 20.0)])
def test_a_block_that_shows_something_in_one_picture_is_not_flat(levels: tuple[float, float]) -> None:
    assert not blocks_at([(0, 0)], query_levels=levels[0], asset_levels=levels[1]).flat.any()


@pytest.mark.parametrize(("likeness", "agrees"), [(0.7, True), (0.69, False)])
def test_a_block_agrees_from_this_likeness_on(likeness: float, agrees: bool) -> None:
    assert blocks_at([(0, 0)], likeness=likeness).agreeing.all() == agrees


@pytest.mark.parametrize(
    ("offset", "agrees"), [((1.0, 0.0), True), ((0.6, -0.8), True), ((0.8, 0.8), False), ((0, 1.01), False)]
)
def test_a_block_agrees_at_its_own_place(offset: tuple[float, float], agrees: bool) -> None:
    assert blocks_at([(0, 0)], offsets=offset).agreeing.all() == agrees


def test_a_flat_block_does_not_agree() -> None:
    assert not blocks_at([(0, 0)], query_levels=0, asset_levels=0).agreeing.any()


# Blocks that the transform is refined by


def steady(search: int = 8, **values: object) -> bool:
    return bool(_find_steady(blocks_at([(0, 0)], **values), search).all())


def test_what_shows_the_same_is_steady() -> None:
    assert steady()


@pytest.mark.parametrize("which", ["query_levels", "asset_levels"])
@pytest.mark.parametrize(("levels", "is_steady"), [(4.0, True), (3.9, False)])
def test_both_pictures_must_show_something(which: str, levels: float, is_steady: bool) -> None:
    assert steady(**{which: levels}) == is_steady


@pytest.mark.parametrize(("likeness", "is_steady"), [(0.7, True), (0.69, False)])
def test_what_is_not_alike_is_not_steady(likeness: float, is_steady: bool) -> None:
    assert steady(likeness=likeness) == is_steady


@pytest.mark.parametrize(("offset", "is_steady"), [((7.4, 0), True), ((7.5, 0), False), ((0, -7.5), False)])
def test_what_lies_at_the_edge_of_the_search_is_not_steady(
    offset: tuple[float, float], is_steady: bool
) -> None:
    assert steady(offsets=offset) == is_steady


# Where a block is found


def found(query: Pixels, asset: Pixels, search: int = 4) -> tuple[float, float, float]:
    singles = (one.astype(np.float32) for one in (query, asset))
    return _search_block(*singles, (40, 30), 24, search)


def test_a_block_is_found_at_its_place() -> None:
    assert found(PICTURE, PICTURE) == pytest.approx((1, 0, 0), abs=0.02)


@pytest.mark.parametrize("shift", [(3, 0), (0, 3), (-3, 2), (2, -3)])
def test_a_block_is_found_where_it_has_moved_to(shift: tuple[int, int]) -> None:
    moved = np.roll(PICTURE, (shift[1], shift[0]), axis=(0, 1))
    assert found(moved, PICTURE) == pytest.approx((1, *shift), abs=0.1)


def test_a_block_is_found_between_pixels() -> None:
    x, y = np.meshgrid(np.arange(120), np.arange(90))

    def waves(shift: float) -> Pixels:
        return (128 + 50 * np.sin((x - shift) / 4) + 50 * np.cos((y - shift) / 5)).astype(np.uint8)

    assert found(waves(1.5), waves(0)) == pytest.approx((1, 1.5, 1.5), abs=0.1)


def test_a_block_is_not_found_beyond_the_search() -> None:
    moved = np.roll(PICTURE, 12, axis=1)
    assert found(moved, PICTURE)[0] < 0.9


def test_at_the_pictures_edge_a_block_is_looked_for_where_there_is_picture() -> None:
    moved = np.roll(PICTURE, (2, 3), axis=(0, 1)).astype(np.float32)
    likeness, x, y = _search_block(moved, PICTURE.astype(np.float32), (0, 0), 24, 4)
    assert (likeness, x, y) == pytest.approx((1, 3, 2), abs=0.25)


# The common frame


def test_the_same_pictures_share_the_whole_frame() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    assert frame.shared.all()


def test_in_its_own_size_a_picture_stays_as_it_is() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    assert np.array_equal(frame.asset, PICTURE)


def test_the_frame_is_what_both_show() -> None:
    frame = frame_pictures(PICTURE[20:120, 40:200], PICTURE, matrix(x=40, y=20))
    assert frame is not None
    assert np.array_equal(frame.query, PICTURE[20:120, 40:200])


def test_the_frame_is_told_where_it_lies_in_the_asset() -> None:
    frame = frame_pictures(PICTURE[20:120, 40:200], PICTURE, matrix(x=40, y=20))
    assert frame is not None
    assert frame.to_frame.tolist() == [[1, 0, -40], [0, 1, -20]]


def test_a_query_that_goes_beyond_the_asset_is_cut_to_it() -> None:
    frame = frame_pictures(PICTURE, PICTURE[20:120, 40:200], matrix(x=-40, y=-20))
    assert frame is not None
    assert frame.query.shape == (100, 160)


@pytest.mark.parametrize("shift", [(240, 0), (0, 160), (-240, 0), (0, -160), (500, 500)])
def test_pictures_beside_each_other_have_no_frame(shift: tuple[int, int]) -> None:
    assert frame_pictures(PICTURE, PICTURE, matrix(x=shift[0], y=shift[1])) is None


def test_only_what_has_a_say_is_shared() -> None:
    there = np.ones(PICTURE.shape, dtype=np.bool_)
    there[:, :60] = False
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE, there)
    assert frame is not None
    assert (frame.shared == there).all()


def test_what_has_a_say_is_made_small_with_the_query() -> None:
    there = np.ones(PICTURE.shape, dtype=np.bool_)
    there[:, :60] = False
    frame = frame_pictures(PICTURE, halved(PICTURE), matrix(0.5), there)
    assert frame is not None
    assert (frame.shared == there[::2, ::2]).all()


def test_what_has_no_say_is_not_compared() -> None:
    there = np.ones(PICTURE.shape, dtype=np.bool_)
    there[:, :60] = False
    comparison = compare(PICTURE, PICTURE, SAME_PLACE, there)
    assert comparison is not None
    assert comparison.blocks.corners[:, 0].min() >= 60


def test_pictures_that_share_one_pixel_have_a_frame() -> None:
    """A strip of a pixel is enlarged to a block, and would be too long were it not short itself."""
    assert frame_pictures(PICTURE[:40, :40], PICTURE[:40, :40], matrix(x=39)) is not None


def test_a_frame_is_not_much_longer_than_the_longest() -> None:
    """A strip of a pixel that is 240 long would be 1,920 long with room for a block."""
    assert frame_pictures(PICTURE, PICTURE, matrix(y=159)) is None


def test_a_larger_query_is_made_as_small_as_the_asset() -> None:
    frame = frame_pictures(PICTURE, halved(PICTURE), matrix(0.5))
    assert frame is not None
    assert frame.query.shape == (80, 120)


def test_a_larger_asset_is_made_as_small_as_the_query() -> None:
    frame = frame_pictures(halved(PICTURE), PICTURE, matrix(2))
    assert frame is not None
    assert frame.asset.shape == (80, 120)


def test_what_is_made_smaller_is_averaged() -> None:
    frame = frame_pictures(halved(PICTURE), PICTURE, matrix(2))
    assert frame is not None
    assert np.abs(frame.asset.astype(int) - halved(PICTURE)).max() <= 1


def test_what_is_made_much_smaller_is_averaged_too() -> None:
    """Stripes of a pixel, of which every fourth would be taken otherwise."""
    stripes = np.zeros((160, 240), np.uint8)
    stripes[:, ::4] = 200
    frame = frame_pictures(np.zeros((40, 60), np.uint8), stripes, matrix(4))
    assert frame is not None
    assert set(frame.asset.ravel().tolist()) == {50}


def test_a_frame_is_at_most_384_pixels_long() -> None:
    large = scene(3, 480, 320)
    frame = frame_pictures(large, large, SAME_PLACE)
    assert frame is not None
    assert frame.query.shape == (256, 384)


def test_a_frame_has_room_for_a_block() -> None:
    small = scene(3, 12, 4)
    frame = frame_pictures(small, small, SAME_PLACE)
    assert frame is not None
    assert frame.query.shape == (8, 24)


def test_where_a_turned_query_has_no_pixels_nothing_is_shared() -> None:
    turn = np.array([[0.8, -0.6, 60.0], [0.6, 0.8, -40.0]])
    frame = frame_pictures(PICTURE, PICTURE, turn)
    assert frame is not None
    assert not frame.shared[0, 0]


def test_a_picture_is_taken_through_a_quarter_turn() -> None:
    turned, there = _warp(PICTURE, np.array([[0.0, -1.0, 160.0], [1.0, 0.0, 0.0]]), (160, 240))
    assert np.array_equal(turned, np.rot90(PICTURE, -1))
    assert there.all()


def test_beyond_a_picture_its_edge_goes_on() -> None:
    wider, there = _warp(PICTURE, matrix(x=3), (250, 160))
    assert np.array_equal(wider[:, 0], PICTURE[:, 0])
    assert there[0, [0, 2, 3, 242, 243]].tolist() == [False, False, True, True, False]


# With a margin


def test_around_the_asset_there_is_a_margin() -> None:
    wider, margin, shape = frame_wider(PICTURE, PICTURE[20:120, 40:200], matrix(x=-40, y=-20))
    assert wider is not None
    assert (margin, shape) == (MARGIN, (100, 160))
    assert np.array_equal(wider.pixels, PICTURE[8:132, 28:212])


def test_it_is_told_where_the_query_ends_within_the_margin() -> None:
    wider = frame_wider(PICTURE, PICTURE[:, 40:200], matrix(x=-40))[0]
    assert wider is not None
    assert wider.there.mean(axis=1)[[0, 11, 12, 171, 172]].tolist() == [0, 0, 1, 1, 0]


def test_with_a_margin_a_large_asset_is_made_smaller_too() -> None:
    large = scene(3, 480, 320)
    assert frame_wider(large, large, SAME_PLACE)[2] == (256, 384)


def test_with_a_margin_the_asset_is_made_as_small_as_the_query() -> None:
    assert frame_wider(halved(PICTURE), PICTURE, matrix(2))[2] == (80, 120)


@pytest.mark.parametrize(("height", "is_there"), [(24, True), (23, False)])
def test_of_a_picture_smaller_than_its_margins_there_is_none(height: int, is_there: bool) -> None:
    wider = frame_wider(PICTURE, PICTURE[:height], SAME_PLACE)[0]
    assert (wider is not None) == is_there


# Blocks of a frame


def all_blocks(query: Pixels, asset: Pixels, transform: Floats = SAME_PLACE, limit: int = 0) -> Blocks:
    frame = frame_pictures(query, asset, transform)
    assert frame is not None
    return _blocks(frame, 2, limit)


def test_blocks_cover_the_frame() -> None:
    blocks = all_blocks(PICTURE, PICTURE)
    assert (blocks.side, len(blocks.corners)) == (24, 10 * 7)


@pytest.mark.parametrize(("height", "side"), [(130, 24), (120, 24), (100, 20), (40, 8), (30, 8)])
def test_in_a_small_frame_blocks_are_a_fifth_of_it(height: int, side: int) -> None:
    assert all_blocks(PICTURE[:height], PICTURE[:height]).side == side


def test_blocks_reach_from_edge_to_edge() -> None:
    corners = all_blocks(PICTURE, PICTURE).corners
    assert (corners.min(axis=0).tolist(), corners.max(axis=0).tolist()) == ([0, 0], [216, 136])


def test_where_a_picture_is_missing_there_is_no_block() -> None:
    turn = np.array([[0.8, -0.6, 60.0], [0.6, 0.8, -40.0]])
    blocks = all_blocks(PICTURE, PICTURE, turn)
    assert not (blocks.corners == 0).all(axis=1).any()


def test_the_same_picture_agrees_in_every_block() -> None:
    assert all_blocks(PICTURE, PICTURE).agreeing.all()


def test_a_flat_block_is_not_looked_for() -> None:
    picture = PICTURE.copy()
    picture[:60, :60] = 90
    blocks = all_blocks(picture, picture)
    assert blocks.likeness[0] == 0


def test_with_a_limit_the_blocks_that_show_most_are_chosen() -> None:
    picture = np.full((160, 240), 100, np.uint8)
    picture[72:120, 96:168] = scene(3, 72, 48)
    corners = all_blocks(picture, picture, limit=4).corners
    assert ((corners >= (72, 48)) & (corners <= (168, 120))).all()


def test_with_a_limit_there_are_no_more_blocks() -> None:
    assert len(all_blocks(PICTURE, PICTURE, limit=REFINING_BLOCKS).corners) == 40


def test_chosen_blocks_keep_their_order() -> None:
    corners = all_blocks(PICTURE, PICTURE, limit=20).corners
    assert np.lexsort((corners[:, 0], corners[:, 1])).tolist() == list(range(20))


# The transform refined


def test_the_transform_follows_what_was_found() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    blocks = blocks_at([(10, 10), (100, 20), (60, 90)], offsets=(3.0, -2.0))
    moved = _correct_transform(SAME_PLACE, frame, blocks, np.ones(3, dtype=np.bool_))
    np.testing.assert_allclose(moved, [[1, 0, -3], [0, 1, 2]], atol=1e-9)


def test_only_steady_blocks_move_the_transform() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    blocks = blocks_at([(10, 10), (100, 20), (60, 90)], offsets=[(0, 0), (0, 0), (7, 7)])
    moved = _correct_transform(SAME_PLACE, frame, blocks, np.array([True, True, False]))
    np.testing.assert_allclose(moved, SAME_PLACE, atol=1e-9)


@pytest.mark.parametrize("shift", [(2.0, 0.0), (0.0, -4.0), (5.0, 3.0), (-7.0, 0.0)])
def test_a_transform_that_is_a_little_off_is_refined(shift: tuple[float, float]) -> None:
    off = matrix(x=40 + shift[0], y=20 + shift[1])
    np.testing.assert_allclose(
        laid(PICTURE[20:120, 40:200], PICTURE, off).matrix, matrix(x=40, y=20), atol=0.1
    )


def test_a_size_that_is_a_little_off_is_refined() -> None:
    np.testing.assert_allclose(laid(PICTURE, PICTURE, matrix(1.03)).matrix, SAME_PLACE, atol=0.25)


def test_a_squeezed_picture_is_stretched_again() -> None:
    squeezed = np.asarray(cv2.resize(PICTURE, (230, 160), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    expected = [[240 / 230, 0, 0], [0, 1, 0]]
    np.testing.assert_allclose(laid(squeezed, PICTURE, matrix(1.02)).matrix, expected, atol=0.1)


# Compared


def test_another_picture_has_nothing_in_common() -> None:
    assert compare(scene(4), PICTURE, SAME_PLACE) is None


def test_pictures_beside_each_other_have_nothing_in_common() -> None:
    assert compare(PICTURE, PICTURE, matrix(x=300)) is None


def test_pictures_of_one_colour_have_nothing_in_common() -> None:
    flat = np.full_like(PICTURE, 100)
    assert compare(flat, flat, SAME_PLACE) is None


def test_what_moves_off_the_asset_has_nothing_in_common() -> None:
    assert compare(PICTURE[:30, :30], PICTURE, matrix(x=-29, y=-29)) is None


def patched(count: int) -> Pixels:
    """Another picture that has so many blocks of 32 pixels in common, far apart."""
    picture = scene(4, 384, 256)
    own = scene(3, 384, 256)
    for place in range(count):
        row, column = divmod(place, 3)
        part = slice(96 * row + 10, 96 * row + 74), slice(120 * column + 10, 120 * column + 74)
        picture[part] = own[part]
    return picture


def test_enough_blocks_alike_are_worth_a_second_look() -> None:
    assert compare(patched(4), scene(3, 384, 256), SAME_PLACE) is not None


def test_too_few_blocks_alike_are_another_picture() -> None:
    """Chance makes one or two of forty."""
    assert compare(patched(0), scene(3, 384, 256), SAME_PLACE) is None


def test_a_part_that_moved_by_two_pixels_is_found_there() -> None:
    query = PICTURE.copy()
    query[40:120, 60:180] = np.roll(PICTURE, 2, axis=1)[40:120, 60:180]
    blocks = laid(query, PICTURE).blocks
    inside = ((blocks.corners >= (64, 44)) & (blocks.corners <= (152, 92))).all(axis=1)
    assert blocks.offsets[inside, 0] == pytest.approx(2, abs=0.3)


# Tone


def tone(query: Pixels, asset: Pixels = PICTURE) -> tuple[float, float]:
    return laid(query, asset).tone


def test_the_same_picture_has_the_same_tone() -> None:
    assert tone(PICTURE) == pytest.approx((1, 0), abs=1e-4)


def test_contrast_and_brightness_are_told_apart() -> None:
    assert tone((PICTURE * 0.5 + 60).astype(np.uint8)) == pytest.approx((0.5, 60), abs=1)


def test_what_covers_a_part_does_not_change_the_tone() -> None:
    query = PICTURE.copy()
    query[:50] = 255
    assert tone(query) == pytest.approx((1, 0), abs=0.05)


def test_where_nothing_agrees_the_tone_is_the_same() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    assert _tone(frame, blocks_at([(0, 0), (30, 30)], likeness=0.5, query_levels=40)) == (1, 0)


def test_waves_without_noise_are_compared_as_well() -> None:
    assert tone(smooth(240, 160), smooth(240, 160)) == pytest.approx((1, 0), abs=1e-4)


# Exactly


def blocks_that_lie(likeness: list[float], across: list[float]) -> Blocks:
    """Twenty blocks with detail, of which the first have other values than the rest: 0.95, and in their place."""
    corners = [(10.0 * number, 0.0) for number in range(20)]
    alike = np.full(20, 0.95)
    alike[: len(likeness)] = likeness
    off = np.zeros((20, 2))
    off[: len(across), 0] = across
    return blocks_at(corners, likeness=alike, offsets=off)


@pytest.mark.parametrize(
    ("likeness", "across", "exactly"),
    [
        ([], [], True),
        ([0.5], [], True),
        ([0.5, 0.5], [], False),
        ([], [2.0], True),
        ([], [2.0, 2.0], False),
        ([], [0.3] * 20, True),
        ([], [0.31] * 20, False),
        ([0.89] * 20, [], False),
    ],
)
def test_nearly_all_blocks_of_an_exact_copy_are_alike_in_their_place(
    likeness: list[float], across: list[float], *, exactly: bool
) -> None:
    assert blocks_that_lie(likeness, across).lie_exactly == exactly


@pytest.mark.parametrize(("count", "exactly"), [(6, True), (5, False)])
def test_of_few_blocks_with_detail_nothing_lies_exactly(count: int, *, exactly: bool) -> None:
    assert blocks_at([(10.0 * number, 0.0) for number in range(count)]).lie_exactly == exactly


def test_corners_near_whole_pixels_are_taken_there() -> None:
    near = np.array([[1.001, 0.0, 10.1], [0.0, 0.999, -20.2]])
    np.testing.assert_allclose(_snap(near, PICTURE), matrix(1.0, 10, -20), atol=1e-9)
