from __future__ import annotations

import cv2
import numpy as np
import pytest
from pictures import flat, photo
from PIL import Image

from assets.picture_model import Gray
from assets.pictures.local_features import (
    CATALOG_FEATURES,
    QUERY_FEATURES,
    _enlarge,
    _levels,
    _mirror_point,
    _shares,
    _spread,
    descriptors_of,
    extract_features_both_ways,
    features,
    keypoints_of,
    pixels_of,
)


def gray(image: Image.Image) -> Gray:
    levels = image.convert("L")
    return Gray(levels.width, levels.height, levels.tobytes())


def test_features_lie_in_the_picture_and_all_over_it() -> None:
    found = features(gray(photo(1)), 300)
    assert (found.width, found.height, found.count) == (480, 320, 300)
    table = keypoints_of(found)
    assert table.shape == (300, 4)
    assert descriptors_of(found).shape == (300, 32)
    assert (table[:, :2] >= 0).all()
    assert (table[:, :2] <= (480, 320)).all()
    assert (table[:, 2] > 0).all()
    thirds = np.unique((table[:, :2] // (160, 107)).astype(int), axis=0)
    assert len(thirds) == 9


def test_the_same_picture_has_the_same_features() -> None:
    assert features(gray(photo(2)), 300) == features(gray(photo(2)), 300)


@pytest.mark.parametrize("size", [(1, 1), (3, 480), (480, 3), (40, 40)])
def test_pictures_too_small_for_features_are_no_error(size: tuple[int, int]) -> None:
    found = features(gray(photo(1, *size)), 300)
    assert (found.width, found.height) == size
    assert len(keypoints_of(found)) == len(descriptors_of(found)) == found.count


def test_a_flat_picture_has_none() -> None:
    found = features(gray(flat()), 300)
    assert (found.count, found.keypoints, found.descriptors) == (0, b"", b"")


def test_a_thumbnail_has_features_in_its_own_pixels() -> None:
    found = features(gray(photo(3, 150, 100)), 300)
    assert found.count > 100
    assert keypoints_of(found)[:, :2].max() <= 150


def test_mirrored_features_are_those_of_the_mirrored_picture() -> None:
    image = photo(4)
    plain, mirrored = extract_features_both_ways(gray(image), 300)
    assert plain == features(gray(image), 300)
    really = features(gray(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)), 300)
    differing = np.bitwise_count(descriptors_of(mirrored)[:, None] ^ descriptors_of(really)[None]).sum(axis=2)
    nearest = differing.argmin(axis=1)
    equal = differing.min(axis=1) == 0
    assert equal.mean() > 0.9
    distance = np.abs(keypoints_of(mirrored)[:, :2] - keypoints_of(really)[nearest, :2])[equal]
    assert distance.max() < 1


def test_a_picture_is_searched_at_several_sizes() -> None:
    sizes = keypoints_of(features(gray(photo(5)), 300))[:, 2]
    assert len(np.unique(sizes)) == 6
    assert sizes.max() / sizes.min() > 3


def test_a_narrow_strip_is_searched_as_far_as_it_is_more_than_edge() -> None:
    found = features(gray(photo(6, 480, 40)), 300)
    assert found.count > 0
    assert len(np.unique(keypoints_of(found)[:, 2])) == 1


def test_a_catalogued_picture_has_300_features() -> None:
    assert features(gray(photo(7)), CATALOG_FEATURES).count == 300


def test_a_query_has_800() -> None:
    assert features(gray(photo(7, 640, 427)), QUERY_FEATURES).count == 800


# One corner, seen at every size

CORNER = np.full((480, 480), 60, np.uint8)
CORNER[200:, 240:] = 200


def of_corner(pixels: np.ndarray = CORNER) -> np.ndarray:
    height, width = pixels.shape
    return keypoints_of(features(Gray(width, height, pixels.tobytes()), 20))


def test_features_lie_where_the_corner_is() -> None:
    assert np.abs(of_corner()[:, :2] - (241, 201)).max() < 3


def test_each_size_is_three_tenths_larger_than_the_one_before() -> None:
    sizes = of_corner()[:, 2]
    assert sizes / 31 == pytest.approx([1.3**level for level in range(1, 6)], abs=0.01)


def test_features_look_into_the_corner() -> None:
    """Towards the lower right, an eighth of a turn clockwise."""
    assert of_corner()[:, 3] == pytest.approx([np.pi / 4] * 5, abs=0.1)


def test_mirrored_they_look_to_the_lower_left() -> None:
    mirrored = extract_features_both_ways(Gray(480, 480, CORNER.tobytes()), 20)[1]
    assert keypoints_of(mirrored)[:, 3] == pytest.approx([3 * np.pi / 4] * 5, abs=0.1)


def test_of_an_enlarged_picture_features_have_places_in_the_picture_itself() -> None:
    small = CORNER[100:340, 120:360].copy()
    assert np.abs(of_corner(small)[:, :2] - (121, 101)).max() < 3


def test_of_an_enlarged_picture_features_have_sizes_in_the_picture_itself() -> None:
    small = CORNER[100:340, 120:360].copy()
    assert of_corner(small)[0, 2] == pytest.approx(31 * 240 / 400, abs=0.1)


# Sizes that are searched


def test_each_size_is_made_of_the_one_before() -> None:
    levels = _levels(np.zeros((320, 480), np.uint8))
    shapes = [level.pixels.shape for level in levels]
    assert shapes == [(320, 480), (246, 369), (189, 284), (146, 218), (112, 168), (86, 129)]


def test_each_size_knows_how_many_times_smaller_it_is() -> None:
    levels = _levels(np.zeros((320, 480), np.uint8))
    assert [level.scale for level in levels] == pytest.approx([1, 1.3, 1.69, 2.197, 2.8561, 3.71293])


@pytest.mark.parametrize(("height", "count"), [(32, 0), (33, 1), (42, 1), (43, 2)])
def test_sizes_end_where_there_is_nothing_but_edge(height: int, count: int) -> None:
    assert len(_levels(np.zeros((height, 480), np.uint8))) == count


@pytest.mark.parametrize(
    ("count", "shares"), [(900, (262, 202, 155, 119, 92, 70)), (2400, (699, 537, 413, 318, 245, 188))]
)
def test_the_smaller_the_size_the_fewer_points(count: int, shares: tuple[int, ...]) -> None:
    assert _shares(count) == shares


def test_few_points_are_looked_for_at_the_largest_sizes() -> None:
    assert _shares(3) == (1, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("size", "enlarged", "times"),
    [
        ((480, 320), (480, 320), 1.0),
        ((401, 2), (401, 2), 1.0),
        ((400, 300), (400, 300), 1.0),
        ((320, 200), (400, 250), 1.25),
        ((200, 320), (250, 400), 1.25),
        ((100, 50), (400, 200), 4.0),
        ((50, 25), (200, 100), 4.0),
        ((1, 1), (4, 4), 4.0),
        ((320, 1), (400, 1), 1.25),
        ((1, 320), (1, 400), 1.25),
    ],
)
def test_a_small_picture_is_enlarged_up_to_four_times(
    size: tuple[int, int], enlarged: tuple[int, int], times: float
) -> None:
    found, scale = _enlarge(np.zeros(size[::-1], np.uint8))
    assert (found.shape[::-1], scale) == (enlarged, times)


# Points


def test_a_mirrored_point_lies_as_far_from_the_other_edge() -> None:
    point = _mirror_point(cv2.KeyPoint(10, 20, 31, 30, 0.5, 2, 7), 100)
    assert (point.pt, point.size) == ((89, 20), 31)


@pytest.mark.parametrize(("angle", "mirrored"), [(30, 150), (150, 30), (0, 180), (270, 270), (350, 190)])
def test_a_mirrored_point_looks_the_other_way(angle: float, mirrored: float) -> None:
    assert _mirror_point(cv2.KeyPoint(10, 20, 31, angle), 100).angle == mirrored


def test_of_a_mirrored_point_all_else_stays() -> None:
    point = _mirror_point(cv2.KeyPoint(10, 20, 31, 30, 0.5, 2, 7), 100)
    assert (point.response, point.octave, point.class_id) == (0.5, 2, 7)


def taken(*points: tuple[float, float, float], count: int) -> list[int]:
    """Which of some points, given as x, y and strength, are taken of a picture of 60 pixels each way."""
    table = np.array(points)
    return _spread(table[:, :2], table[:, 2], (60, 60), count).tolist()


def test_of_one_cell_the_strongest_are_taken() -> None:
    assert taken((1, 1, 3), (2, 2, 9), (3, 3, 5), count=2) == [1, 2]


def test_each_cell_gives_its_strongest_before_another_gives_a_second() -> None:
    assert taken((1, 1, 9), (2, 2, 8), (51, 1, 2), (1, 51, 1), count=3) == [0, 2, 3]


def test_then_each_gives_a_second() -> None:
    assert taken((1, 1, 9), (2, 2, 8), (3, 3, 7), (51, 1, 2), (52, 1, 1), count=4) == [0, 3, 1, 4]


def test_where_there_are_fewer_points_all_are_taken() -> None:
    assert taken((1, 1, 3), (2, 2, 9), count=5) == [1, 0]


@pytest.mark.parametrize("other", [(10, 1), (1, 10)])
def test_cells_are_a_sixth_of_the_picture(other: tuple[int, int]) -> None:
    assert taken((9.9, 9.9, 9), (9, 9, 8), (*other, 1), count=2) == [0, 2]


@pytest.mark.parametrize("other", [(9.9, 1), (1, 9.9)])
def test_what_lies_nearer_is_in_the_same_cell(other: tuple[int, int]) -> None:
    assert taken((1, 1, 9), (2, 2, 8), (*other, 1), count=2) == [0, 1]


def test_each_cell_is_one_of_its_own() -> None:
    cells = [(10 * column + 5, 10 * row + 5, 1) for row in range(6) for column in range(6)]
    doubles = [(10 * column + 5, 10 * row + 5, 2) for row in range(6) for column in range(6)]
    assert sorted(taken(*cells, *doubles, count=36)) == list(range(36, 72))


def test_a_point_at_the_very_edge_is_in_the_last_cell() -> None:
    assert taken((60, 60, 9), (55, 55, 8), (1, 1, 1), count=2) == [0, 2]


def test_cells_are_wider_where_the_picture_is() -> None:
    table = np.array([[1.0, 1.0], [19.0, 1.0], [21.0, 1.0]])
    assert _spread(table, np.array([9.0, 8.0, 1.0]), (60, 120), 2).tolist() == [0, 2]


def test_pixels_are_rows_of_levels() -> None:
    assert pixels_of(Gray(3, 2, bytes(range(6)))).tolist() == [[0, 1, 2], [3, 4, 5]]
