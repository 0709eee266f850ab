"""Two pictures in their order, and that the judgement on them is one, whichever of them is asked for."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, laid, scene, textured

from assets import Side
from catalog.index.feature_store import Size
from catalog.matching.comparing import compare_placed
from catalog.matching.match import Match
from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.pixels.regions import Box
from catalog.matching.pixels.transforms import combine_transforms, invert_transform, transform_places
from catalog.matching.placement import GrayPicture, Placement, flip_of, lay_flat_over, place
from catalog.matching.plane import lay_flat

PHOTO = textured(4)
ANOTHER = textured(44)
HEIGHT, WIDTH = PHOTO.shape


def picture(gray: Pixels, sha256: str = "", times: float = 1.0) -> GrayPicture:
    """A picture so many times as large as its gray copy."""
    height, width = gray.shape
    return GrayPicture(gray, Size(round(times * width), round(times * height), width, height), sha256)


LARGE, SMALL = picture(scene(3, 480, 320), "a"), picture(scene(3), "b")
HALVING = np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]])


# The order


def test_the_one_with_fewer_pixels_is_the_base() -> None:
    placed = place(LARGE, SMALL, HALVING, mirrored=False)
    assert (placed.laid, placed.base, placed.swapped) == (LARGE, SMALL, False)


def test_it_is_so_too_where_it_is_asked_for() -> None:
    placed = place(SMALL, LARGE, invert_transform(HALVING), mirrored=False)
    assert (placed.laid, placed.base, placed.swapped) == (LARGE, SMALL, True)


def test_pixels_are_those_of_the_picture_and_not_of_its_gray_copy() -> None:
    large = picture(scene(3), "a", times=4)
    assert place(large, LARGE, SAME_PLACE, mirrored=False).base == LARGE


@pytest.mark.parametrize("asked", ["a", "b"])
def test_of_equal_ones_the_digest_that_comes_first_is_the_base(asked: str) -> None:
    first, second = picture(PHOTO, "a"), picture(PHOTO, "b")
    pair = (first, second) if asked == "a" else (second, first)
    assert place(*pair, SAME_PLACE, mirrored=False).base.sha256 == "a"


@pytest.mark.parametrize("swapped", [False, True])
def test_where_no_digest_is_known_levels_decide(*, swapped: bool) -> None:
    one, other = picture(PHOTO), picture(ANOTHER)
    asked, found = (other, one) if swapped else (one, other)
    placed = place(asked, found, SAME_PLACE, mirrored=False)
    np.testing.assert_array_equal(placed.base.gray, min(PHOTO, ANOTHER, key=lambda gray: gray.tobytes()))


# The transform


def test_it_takes_what_is_laid_to_the_base() -> None:
    placed = place(SMALL, LARGE, invert_transform(HALVING), mirrored=False)
    np.testing.assert_allclose(placed.matrix, HALVING)


def test_of_mirror_images_what_is_laid_is_flipped() -> None:
    placed = place(LARGE, SMALL, HALVING, mirrored=True)
    np.testing.assert_array_equal(placed.laid.gray, LARGE.gray[:, ::-1])


def test_of_mirror_images_in_the_other_order_too() -> None:
    placed = place(SMALL, LARGE, invert_transform(HALVING), mirrored=True)
    np.testing.assert_array_equal(placed.laid.gray, LARGE.gray[:, ::-1])


def test_a_mirrored_place_is_the_same_in_both_orders() -> None:
    """What is asked for lies, flipped, forty pixels further right and ten further down in the other."""
    matrix = np.array([[1.0, 0.0, 40.0], [0.0, 1.0, 10.0]])
    asked, other = picture(PHOTO, "a"), picture(PHOTO, "b")
    placed = place(asked, other, matrix, mirrored=True)
    assert placed.swapped
    # A place of the asked picture as it is; of both the mirror images are what is laid over the other.
    in_other = transform_places(combine_transforms(matrix, flip_of(PHOTO)), np.array([[100.0, 50.0]]))
    back = transform_places(placed.matrix, transform_places(flip_of(PHOTO), in_other))
    np.testing.assert_allclose(back, [[100.0, 50.0]])


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_what_was_placed_is_told_as_it_was_asked(*, mirrored: bool, swapped: bool) -> None:
    matrix = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 2.0]])
    asked, other = picture(PHOTO, "a" if swapped else "b"), picture(PHOTO, "b" if swapped else "a")
    placed = place(asked, other, matrix, mirrored=mirrored)
    comparison = replace(laid(PHOTO, PHOTO), matrix=placed.matrix)
    assert placed.swapped == swapped
    np.testing.assert_allclose(placed.matrix_of_asked(comparison), matrix, atol=1e-9)


def test_a_flip_undoes_itself() -> None:
    flip = flip_of(PHOTO)
    np.testing.assert_allclose(combine_transforms(flip, flip), SAME_PLACE)


# What has a say


def test_of_a_whole_picture_every_pixel_has() -> None:
    assert GrayPicture.of(PHOTO, picture(PHOTO).size).there is None


def test_of_one_that_decoded_in_part_what_is_there_has() -> None:
    size = Size(WIDTH, HEIGHT, WIDTH, HEIGHT, 0.5, Side.BOTTOM)
    there = GrayPicture.of(PHOTO, size).there
    assert there is not None
    assert (bool(there[: HEIGHT // 2 - 4, :-1].all()), bool(there[HEIGHT // 2 :].any())) == (True, False)


def test_of_that_only_what_has_a_say_otherwise() -> None:
    size = Size(WIDTH, HEIGHT, WIDTH, HEIGHT, 0.5, Side.BOTTOM)
    say = np.zeros(PHOTO.shape, dtype=np.bool_)
    say[:, :100] = True
    there = GrayPicture.of(PHOTO, size, there=say).there
    assert there is not None
    assert (bool(there[:100, :100].all()), bool(there[:, 100:].any())) == (True, False)


def test_in_the_mirror_image_it_is_flipped_too() -> None:
    say = np.zeros(PHOTO.shape, dtype=np.bool_)
    say[:, :100] = True
    flipped = GrayPicture(PHOTO, picture(PHOTO).size, "a", say).mirror()
    assert flipped.there is not None
    np.testing.assert_array_equal(flipped.there, say[:, ::-1])


# On a plane

TILT = np.array([[0.9, 0.0, 20.0], [0.0, 0.9, 10.0], [0.0002, 0.0, 1.0]])


def on_plane() -> Placement:
    placed = place(picture(PHOTO, "b"), picture(PHOTO, "a"), SAME_PLACE, mirrored=False)
    flat = lay_flat(PHOTO, TILT, PHOTO.shape)
    assert flat is not None
    return lay_flat_over(placed, flat)[0]


def test_what_was_laid_flat_is_compared_in_place_of_the_picture() -> None:
    placed = place(picture(PHOTO, "b"), picture(PHOTO, "a"), SAME_PLACE, mirrored=False)
    flat = lay_flat(PHOTO, TILT, PHOTO.shape)
    assert flat is not None
    np.testing.assert_array_equal(lay_flat_over(placed, flat)[1].gray, flat.pixels)


def test_the_transform_told_is_the_affine_one_that_comes_nearest() -> None:
    placed = on_plane()
    matrix = placed.matrix_of_asked(replace(laid(PHOTO, PHOTO), matrix=placed.matrix))
    corners = np.array([[0.0, 0.0], [WIDTH, 0.0], [WIDTH, HEIGHT], [0.0, HEIGHT]])
    tilted = cv2.perspectiveTransform(corners[None], TILT)[0]
    assert np.abs(transform_places(matrix, corners) - tilted).max() < 12


def test_a_box_of_what_was_laid_flat_is_told_in_the_picture_as_it_is() -> None:
    placed = on_plane()
    assert placed.plane is not None
    place_in_picture = np.array([[[100.0, 60.0], [200.0, 60.0], [200.0, 160.0], [100.0, 160.0]]])
    flat = cv2.perspectiveTransform(place_in_picture, placed.plane)[0]
    left, top = flat.min(axis=0)
    right, bottom = flat.max(axis=0)
    box = placed.box_in_laid(Box(left, top, right - left, bottom - top))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((100, 60, 100, 100), abs=8)


def test_without_a_plane_a_box_stays() -> None:
    placed = place(LARGE, SMALL, HALVING, mirrored=False)
    assert placed.box_in_laid(Box(1, 2, 3, 4)) == Box(1, 2, 3, 4)


# One judgement


def matched(
    asked: GrayPicture, other: GrayPicture, matrix: Floats, *, mirrored: bool = False
) -> Match | None:
    placed = place(asked, other, matrix, mirrored=mirrored)
    return compare_placed(placed, placed.laid, 100, asked, other)


def with_part(part: Pixels, left: int = 160, top: int = 90) -> Pixels:
    edited = PHOTO.copy()
    edited[top : top + part.shape[0], left : left + part.shape[1]] = part
    return edited


OVAL = cv2.ellipse(np.zeros(PHOTO.shape, np.uint8), (240, 160), (150, 110), 0, 0, 360, 1, -1) > 0

EDITS: dict[str, Pixels] = {
    "copy": PHOTO,
    "crop": PHOTO[40:280, 60:400],
    "moved": with_part(PHOTO[90:210, 154:334]),
    "another subject": with_part(ANOTHER[90:260, 160:330]),
    "split": np.hstack([PHOTO[:, :240], ANOTHER[:, 240:]]),
    "cut out": np.where(OVAL, PHOTO, 255).astype(np.uint8),
    "bar": with_part(np.full((70, WIDTH), 20, np.uint8), 0, 250),
    "another": ANOTHER,
}


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("name", list(EDITS))
def test_the_verdict_is_the_same_asked_from_either_side(name: str, *, mirrored: bool) -> None:
    edited = EDITS[name]
    there = np.array([[1.0, 0.0, 60.0], [0.0, 1.0, 40.0]]) if name == "crop" else SAME_PLACE
    gray = np.ascontiguousarray(edited[:, ::-1]) if mirrored else edited
    edit, source = picture(gray, "b"), picture(PHOTO, "a")
    back = invert_transform(there)
    if mirrored:
        back = combine_transforms(flip_of(gray), combine_transforms(back, flip_of(PHOTO)))
    one = matched(edit, source, there, mirrored=mirrored)
    other = matched(source, edit, back, mirrored=mirrored)
    verdicts = [found.relation.is_same_photo if found else None for found in (one, other)]
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize("name", ["copy", "moved", "split", "bar"])
def test_so_is_the_evidence_that_it_rests_on(name: str) -> None:
    edit, source = picture(EDITS[name], "b"), picture(PHOTO, "a")
    one, other = matched(edit, source, SAME_PLACE), matched(source, edit, SAME_PLACE)
    assert one is not None
    assert other is not None
    assert (one.blocks_agreeing, one.blocks_compared) == (other.blocks_agreeing, other.blocks_compared)
