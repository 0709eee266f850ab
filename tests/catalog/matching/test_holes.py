from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import textured

from catalog.matching.holes import Holes
from catalog.matching.pixels.arrays import Pixels
from catalog.matching.pixels.outline import Outline

PHOTO = textured(4)
ANOTHER = textured(44)

# A sixth, a fourteenth and a fortieth of the picture.
SUBJECT, PART, SPOT = np.s_[90:250, 160:320], np.s_[100:210, 190:290], np.s_[130:190, 200:265]


def holes(query: Pixels) -> Holes:
    return Holes(Outline(query, PHOTO, np.ones(PHOTO.shape, dtype=np.bool_)))


def filled(part: tuple[slice, ...], pixels: Pixels) -> Holes:
    query = PHOTO.copy()
    query[part] = pixels
    return holes(query)


def of_another(part: tuple[slice, ...]) -> Holes:
    return filled(part, ANOTHER[part])


def blurred(picture: Pixels, part: tuple[slice, ...]) -> Holes:
    return filled(part, np.asarray(cv2.GaussianBlur(picture, (0, 0), 14), dtype=np.uint8)[part])


def cloned() -> Holes:
    return filled(np.s_[40:160, 60:200], PHOTO[180:300, 300:440])


def with_inset() -> Holes:
    part = cv2.resize(PHOTO[20:80, 20:110], (180, 120), interpolation=cv2.INTER_CUBIC)
    return filled(np.s_[110:230, 160:340], np.asarray(part, dtype=np.uint8))


def test_a_sixth_is_a_subject() -> None:
    found = of_another(SUBJECT)
    assert (found.has_other_subject, found.has_foreign_subject) == (True, True)


def test_a_smaller_part_is_none() -> None:
    found = of_another(PART)
    assert (found.has_other_subject, found.has_foreign_subject) == (False, False)


@pytest.mark.parametrize(("part", "is_foreign"), [(SUBJECT, True), (PART, True), (SPOT, False)])
def test_a_part_is_foreign_from_a_twentieth_on(part: tuple[slice, ...], *, is_foreign: bool) -> None:
    assert of_another(part).has_foreign_part == is_foreign


def test_of_a_copy_nothing_is_foreign() -> None:
    found = holes(PHOTO)
    assert (found.has_foreign_part, found.has_other_subject, found.has_plain_subject) == (False, False, False)


@pytest.mark.parametrize("own", [cloned(), with_inset()], ids=["cloned", "inset"])
def test_what_is_from_the_picture_itself_is_not_foreign(own: Holes) -> None:
    assert (own.has_foreign_part, own.has_other_subject) == (False, False)


def test_what_touches_two_edges_is_no_subject() -> None:
    assert not of_another(np.s_[150:, 260:]).has_other_subject


def test_a_soft_subject_is_plain() -> None:
    found = blurred(ANOTHER, SUBJECT)
    assert (found.has_plain_subject, found.has_other_subject) == (True, False)


def test_what_was_blurred_is_no_subject() -> None:
    assert not blurred(PHOTO, SUBJECT).has_plain_subject


@pytest.mark.parametrize("level", [30, 128, 255])
def test_nor_is_what_was_painted_out(level: int) -> None:
    assert not filled(SUBJECT, np.full((160, 160), level, np.uint8)).has_plain_subject


def test_with_a_hole_inside_it_is_not_cut() -> None:
    assert not of_another(SUBJECT).is_cut


def test_what_lost_all_of_a_side_is() -> None:
    assert of_another(np.s_[:, 240:]).is_cut


@pytest.mark.parametrize(
    ("pixels", "name"),
    [(ANOTHER[:, 200:], "beside or over another picture"), (np.full((320, 280), 255, np.uint8), "cut out")],
)
def test_what_became_of_the_rest_is_named(pixels: Pixels, name: str) -> None:
    assert filled(np.s_[:, 200:], pixels).name_cut() == name


@pytest.mark.parametrize(
    ("found", "name"),
    [(cloned(), "retouched"), (with_inset(), "with an inset"), (of_another(PART), "")],
    ids=["cloned", "inset", "another"],
)
def test_how_a_hole_was_filled_is_named(found: Holes, name: str) -> None:
    assert found.name_filling() == name
