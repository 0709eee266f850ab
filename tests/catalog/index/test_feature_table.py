"""Local features as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from assets import Features
from catalog.index.feature_table import MAX_FEATURE_DISTANCE, FeaturePairs, FeatureTable

# Two features: x and y, size, angle, in the units in which they are stored.
KEYPOINTS = np.array([[64, 128, 192, 0], [640, 32, 64, 0x4000]], dtype="<u2").tobytes()
FEATURES = Features(640, 480, 2, KEYPOINTS, bytes(range(64)))


def test_places_are_in_pixels() -> None:
    assert FeatureTable.of(FEATURES).places.tolist() == [[1.0, 2.0], [10.0, 0.5]]


def test_sizes_are_in_pixels() -> None:
    assert FeatureTable.of(FEATURES).sizes.tolist() == [3.0, 1.0]


def test_angles_are_in_radians() -> None:
    assert FeatureTable.of(FEATURES).angles.tolist() == pytest.approx([0.0, np.pi / 2])


def test_descriptors_are_rows_of_32_bytes() -> None:
    assert FeatureTable.of(FEATURES).descriptors.tolist() == [list(range(32)), list(range(32, 64))]


def test_a_picture_without_features_has_empty_arrays_of_the_same_form() -> None:
    table = FeatureTable.of(Features(640, 480))
    shapes = (table.places.shape, table.sizes.shape, table.angles.shape, table.descriptors.shape)
    assert shapes == ((0, 2), (0,), (0,), (0, 32))


def test_pairs_tell_query_asset_and_distance() -> None:
    pairs = FeaturePairs(np.array([0]), np.array([1]), np.array([2]))
    assert (pairs.query.tolist(), pairs.asset.tolist(), pairs.distance.tolist()) == ([0], [1], [2])


def test_features_that_look_alike_differ_in_a_quarter_of_their_bits() -> None:
    assert MAX_FEATURE_DISTANCE == 68
