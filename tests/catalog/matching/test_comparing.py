from __future__ import annotations

import numpy as np
import pytest
from comparisons import SAME_PLACE, textured

from catalog.index.feature_store import Size
from catalog.matching.comparing import compare_placed
from catalog.matching.match import Match
from catalog.matching.pixels.arrays import Bools, Floats, Pixels
from catalog.matching.placement import GrayPicture, place
from catalog.matching.relation import Relation

PHOTO = textured(4)
HEIGHT, WIDTH = PHOTO.shape

# Digests: the first comes before that of the catalogued picture, the last after it, so that either may be the base.
BEFORE, ASSET, AFTER = "a" * 64, "b" * 64, "c" * 64

EITHER_BASE = pytest.mark.parametrize(
    "sha256", [BEFORE, AFTER], ids=["asked is the base", "asset is the base"]
)


def picture(gray: Pixels, sha256: str, times: float = 1.0, there: Bools | None = None) -> GrayPicture:
    """A picture so many times as large as its gray copy."""
    height, width = gray.shape
    return GrayPicture(gray, Size(round(times * width), round(times * height), width, height), sha256, there)


def compared(
    asked: GrayPicture,
    asset: GrayPicture,
    matrix: Floats = SAME_PLACE,
    *,
    mirrored: bool = False,
    uncovered: bool = False,
) -> Match | None:
    placed = place(asked, asset, matrix, mirrored=mirrored)
    return compare_placed(placed, placed.laid, 100, asked, asset, uncovered=uncovered)


def match(
    gray: Pixels, sha256: str, matrix: Floats = SAME_PLACE, *, times: float = 1.0, mirrored: bool = False
) -> Match:
    """How a picture shows the catalogued one."""
    found = compared(picture(gray, sha256, times), picture(PHOTO, ASSET, times), matrix, mirrored=mirrored)
    assert found is not None
    return found


def crop_at(left: int, top: int) -> Floats:
    return np.array([[1.0, 0.0, left], [0.0, 1.0, top]])


CROP = PHOTO[40:280, 60:400]


@EITHER_BASE
def test_a_copy_is_told_as_one_of_the_catalogued_picture(sha256: str) -> None:
    found = match(PHOTO, sha256)
    assert (found.asset, found.relation, found.kept) == (ASSET, Relation.COPY, pytest.approx(1, abs=0.01))


@EITHER_BASE
def test_what_the_placement_rests_on_is_told(sha256: str) -> None:
    assert match(PHOTO, sha256).inliers == 100


def test_a_crop_is_told_in_the_asset() -> None:
    found = match(CROP, AFTER, crop_at(60, 40))
    assert (found.relation, found.larger) == (Relation.CROP, "asset")
    assert found.crop_box == pytest.approx((60, 40, 340, 240), abs=3)


def test_what_is_asked_for_may_be_the_larger() -> None:
    found = compared(picture(PHOTO, AFTER), picture(CROP, ASSET), crop_at(-60, -40))
    assert found is not None
    assert (found.relation, found.larger) == (Relation.CROP, "query")
    assert found.crop_box == pytest.approx((60, 40, 340, 240), abs=3)


def test_boxes_are_in_pixels_of_the_picture_and_not_of_its_gray_copy() -> None:
    found = match(CROP, AFTER, crop_at(60, 40), times=2)
    assert found.crop_box == pytest.approx((120, 80, 680, 480), abs=6)


def test_the_box_of_a_mirrored_crop_lies_in_the_asset_as_it_is() -> None:
    found = match(np.ascontiguousarray(CROP[:, ::-1]), AFTER, crop_at(60, 40), mirrored=True)
    assert (found.mirrored, found.crop_box) == (True, pytest.approx((60, 40, 340, 240), abs=3))


def test_the_box_of_a_mirrored_query_that_is_the_larger_lies_in_it_as_it_is() -> None:
    """The crop's left edge is 60 from the right edge of the mirrored picture."""
    asked = picture(np.ascontiguousarray(PHOTO[:, ::-1]), AFTER)
    found = compared(asked, picture(CROP, ASSET), crop_at(-60, -40), mirrored=True)
    assert found is not None
    assert found.crop_box == pytest.approx((WIDTH - 400, 40, 340, 240), abs=3)


@EITHER_BASE
def test_overlays_lie_in_the_larger(sha256: str) -> None:
    query = PHOTO.copy()
    query[100:160, 300:400] = 255
    ((x, y, width, height),) = match(query, sha256).overlays
    assert (x, y, x + width, y + height) == pytest.approx((300, 100, 400, 160), abs=32)


@EITHER_BASE
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_transform_takes_places_of_the_query_to_the_asset(sha256: str, *, mirrored: bool) -> None:
    query = np.ascontiguousarray(PHOTO[:, ::-1]) if mirrored else PHOTO
    expected = (-1, 0, WIDTH, 0, 1, 0) if mirrored else (1, 0, 0, 0, 1, 0)
    assert match(query, sha256, mirrored=mirrored).transform == pytest.approx(expected, abs=0.5)


@EITHER_BASE
def test_contrast_and_brightness_are_those_of_the_query(sha256: str) -> None:
    found = match((PHOTO * 0.6 + 50).astype(np.uint8), sha256)
    assert (found.gain, found.lift) == (pytest.approx(0.6, abs=0.03), pytest.approx(50, abs=4))


def test_the_scale_is_how_much_larger_the_query_shows_it() -> None:
    found = compared(picture(PHOTO, AFTER, 3), picture(PHOTO, ASSET, 2))
    assert found is not None
    assert found.scale == pytest.approx(1.5, abs=0.01)


def test_of_pictures_with_nothing_in_common_nothing_is_told() -> None:
    assert compared(picture(textured(44), AFTER), picture(PHOTO, ASSET)) is None


def test_what_has_no_say_is_not_compared() -> None:
    """The half that shows another picture is said not to be there."""
    query = np.hstack([PHOTO[:, :240], textured(44)[:, 240:]])
    there = np.ones(PHOTO.shape, dtype=np.bool_)
    there[:, 240:] = False
    found = compared(picture(query, AFTER, there=there), picture(PHOTO, ASSET))
    assert found is not None
    assert found.blocks_agreeing == found.blocks_compared


def cut_short(sha256: str) -> GrayPicture:
    """The picture from a file of which four fifths decoded."""
    gray = PHOTO.copy()
    gray[HEIGHT * 4 // 5 :] = 255
    return GrayPicture.of(gray, Size(WIDTH, HEIGHT, WIDTH, HEIGHT, 0.8), sha256)


@EITHER_BASE
def test_a_picture_that_is_cut_short_is_a_crop_of_the_whole(sha256: str) -> None:
    found = compared(cut_short(sha256), picture(PHOTO, ASSET))
    assert found is not None
    assert (found.relation, found.larger, found.kept) == (
        Relation.CROP,
        "asset",
        pytest.approx(0.8, abs=0.02),
    )


@EITHER_BASE
def test_the_whole_shows_more_than_what_is_cut_short(sha256: str) -> None:
    found = compared(picture(PHOTO, sha256), cut_short(ASSET))
    assert found is not None
    assert (found.relation, found.larger, found.kept) == (
        Relation.CROP,
        "query",
        pytest.approx(0.8, abs=0.02),
    )


def test_of_letters_that_were_taken_away_nothing_is_left() -> None:
    page = np.full_like(PHOTO, 255)
    page[100:110, 40:400:3] = 0
    page[200:210, 40:400:5] = 0
    assert compared(picture(page, AFTER), picture(page, ASSET), uncovered=True) is None


def test_why_is_told_where_something_moved() -> None:
    query = PHOTO.copy()
    query[100:220, 150:330] = PHOTO[100:220, 140:320]
    found = match(query, AFTER)
    assert (found.relation, bool(found.why)) == (Relation.SIBLING, True)


def test_what_was_done_to_it_is_told() -> None:
    query = PHOTO.copy()
    query[120:170, 60:110] = textured(44)[120:170, 60:110]
    assert match(query, AFTER).edits == ("recoloured or retouched",)


def test_there_is_no_whole_turn() -> None:
    assert 0 <= match(PHOTO, AFTER).rotation < 360


def test_the_rotation_is_clockwise() -> None:
    """The upper edge of the query is the left edge of the asset turned by a quarter."""
    turned = np.ascontiguousarray(np.rot90(PHOTO, -1))
    matrix = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, float(HEIGHT)]])
    assert match(turned, AFTER, matrix).rotation == pytest.approx(90, abs=0.3)
