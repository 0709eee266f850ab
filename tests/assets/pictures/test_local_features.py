from __future__ import annotations

import numpy as np
import pytest
from pictures import flat, photo
from PIL import Image

from assets.model import Gray
from assets.pictures.local_features import descriptors_of, features, features_and_mirrored, keypoints_of


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
    plain, mirrored = features_and_mirrored(gray(image), 300)
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
