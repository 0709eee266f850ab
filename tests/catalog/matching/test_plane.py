"""Prints and screens that were photographed at an angle; the features are places that a test makes up."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, textured

from catalog.index.feature_table import FeaturePairs, FeatureTable
from catalog.matching.pixels.arrays import Floats, Pixels
from catalog.matching.pixels.transforms import invert_transform, transform_places
from catalog.matching.plane import LaidFlat, find_plane, lay_flat

PICTURE = textured(4)
HEIGHT, WIDTH = PICTURE.shape

# From the picture to how it looks when its right edge is further away, and one that is only smaller and moved.
TILT = np.array([[0.75, 0.0, 30.0], [-0.08, 0.85, 30.0], [-0.0004, 0.0, 1.0]])
FLAT = np.array([[0.8, 0.0, 30.0], [0.0, 0.8, 20.0], [0.0, 0.0, 1.0]])


def on(plane: Floats, places: Floats) -> Floats:
    return np.asarray(cv2.perspectiveTransform(places[None], plane)[0], dtype=np.float64)


def places(count: int) -> Floats:
    return np.random.default_rng(3).uniform((10, 10), (WIDTH - 10, HEIGHT - 10), (count, 2))


def table(of: Floats) -> FeatureTable:
    count = len(of)
    return FeatureTable(of, np.ones(count), np.zeros(count), np.zeros((count, 32), np.uint8))


def found(query: Floats, asset: Floats, matrix: Floats | None = None) -> Floats | None:
    """The homography between features of which each has the same number in both; a similarity as features fit it."""
    number = np.arange(len(query))
    fitted = (
        cv2.estimateAffinePartial2D(query, asset, ransacReprojThreshold=8)[0] if matrix is None else matrix
    )
    pairs = FeaturePairs(number, number, np.zeros_like(number))
    return find_plane((table(query), table(asset)), pairs, np.asarray(fitted, dtype=np.float64), WIDTH)


# Which plane it lies on


def test_a_picture_at_an_angle_lies_on_a_plane() -> None:
    query = places(60)
    plane = found(on(TILT, query), query)
    assert plane is not None
    np.testing.assert_allclose(on(plane, on(TILT, query)), query, atol=0.5)


def test_some_pairs_may_be_wrong() -> None:
    query = places(60)
    asset = query.copy()
    asset[::5] += 25
    plane = found(on(TILT, query), asset)
    assert plane is not None
    np.testing.assert_allclose(on(plane, on(TILT, query)), query, atol=2)


def test_what_a_similarity_explains_needs_no_plane() -> None:
    query = places(60)
    assert found(on(FLAT, query), query) is None


@pytest.mark.parametrize(("count", "is_found"), [(12, True), (11, False)])
def test_twelve_pairs_must_lie_on_it(count: int, *, is_found: bool) -> None:
    query = places(60)[:count]
    assert (found(on(TILT, query), query) is not None) == is_found


def test_points_that_lie_together_count_as_one() -> None:
    query = np.repeat(places(8), 5, axis=0)
    assert found(on(TILT, query), query) is None


def test_pairs_far_from_their_place_are_not_asked() -> None:
    """Two tenths of the long side off."""
    query = places(60)
    far = np.array([[1.0, 0.0, 0.2 * WIDTH], [0.0, 1.0, 0.0]])
    assert found(query, query, far) is None


# Laid flat


def tilted() -> Pixels:
    """The picture as it looks at an angle."""
    return np.asarray(cv2.warpPerspective(PICTURE, TILT, (WIDTH, HEIGHT)), dtype=np.uint8)


def flat(picture: Pixels, plane: Floats) -> LaidFlat:
    laid = lay_flat(picture, plane, PICTURE.shape)
    assert laid is not None
    return laid


BACK = np.linalg.inv(TILT)


def test_laid_flat_it_lies_on_the_picture_again() -> None:
    laid = flat(tilted(), BACK)
    height, width = laid.pixels.shape
    inner = np.array([[150.0, 100.0], [300.0, 100.0], [300.0, 220.0], [150.0, 220.0]])
    back = invert_transform(laid.matrix)
    (left, top), (right, bottom) = transform_places(back, inner)[[0, 2]].round().astype(int)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    seen = cv2.resize(laid.pixels[top:bottom, left:right], (150, 120)).astype(float)
    assert np.corrcoef(seen.ravel(), PICTURE[100:220, 150:300].ravel())[0, 1] > 0.8


def test_its_transform_takes_it_to_the_other() -> None:
    laid = flat(tilted(), BACK)
    place = np.array([[200.0, 120.0]])
    np.testing.assert_allclose(
        transform_places(laid.matrix, on(laid.plane, on(TILT, place))), place, atol=1e-6
    )


def test_a_picture_that_lies_flat_stays() -> None:
    laid = flat(PICTURE, np.eye(3))
    np.testing.assert_array_equal(laid.pixels, PICTURE)


def test_all_of_such_a_picture_is_there() -> None:
    assert flat(PICTURE, np.eye(3)).there.all()


def test_beyond_its_outline_nothing_is_there() -> None:
    laid = flat(tilted(), BACK)
    assert 0.5 < laid.there.mean() < 1


def test_it_is_no_longer_than_what_is_compared() -> None:
    """Laid flat it would be four times as large."""
    laid = lay_flat(PICTURE, np.diag([1.9, 1.9, 1.0]), (2 * HEIGHT, 2 * WIDTH))
    assert laid is not None
    assert max(laid.pixels.shape) == 640


def test_it_reaches_no_further_than_half_beyond_the_other() -> None:
    laid = lay_flat(PICTURE, np.diag([4.0, 4.0, 1.0]), (100, 150))
    assert laid is not None
    assert laid.pixels.shape == (150, 225)


def test_what_would_lie_apart_from_the_other_is_not_laid() -> None:
    apart = np.array([[1.0, 0.0, 5000.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert lay_flat(PICTURE, apart, PICTURE.shape) is None


@pytest.mark.parametrize(
    "plane",
    [
        np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, -1 / 200, 1.0]]),
        np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1 / 200, 0.0, 1.0]]),
    ],
    ids=["behind the eye", "seen from the side"],
)
def test_what_nobody_sees_so_is_not_laid(plane: Floats) -> None:
    assert lay_flat(PICTURE, plane, PICTURE.shape) is None


def test_the_same_place_is_a_plane_too() -> None:
    assert flat(PICTURE, np.vstack([SAME_PLACE, [0, 0, 1]])).pixels.shape == PICTURE.shape
