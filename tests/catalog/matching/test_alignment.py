from __future__ import annotations

import numpy as np
import pytest

from catalog.index.feature_table import FeaturePairs, FeatureTable
from catalog.matching.alignment import agreement, aligned, pairs_of


def table(count: int, seed: int) -> FeatureTable:
    random = np.random.default_rng(seed)
    return FeatureTable(
        places=random.uniform(0, 480, (count, 2)),
        sizes=31 * 1.2 ** random.integers(0, 8, count),
        angles=random.uniform(0, 2 * np.pi, count),
        descriptors=random.integers(0, 256, (count, 32), dtype=np.uint8),
    )


def moved(features: FeatureTable, scale: float, turn: float, shift: tuple[float, float]) -> FeatureTable:
    """The features as another copy of the picture has them: all moved alike, a few bits flipped."""
    random = np.random.default_rng(99)
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    flipped = np.packbits(random.uniform(size=(len(features.descriptors), 256)) < 0.1, axis=1)
    return FeatureTable(
        features.places @ rotation.T + shift,
        features.sizes * scale,
        features.angles + turn,
        features.descriptors ^ flipped,
    )


def joined(one: FeatureTable, other: FeatureTable) -> FeatureTable:
    return FeatureTable(
        *(
            np.concatenate([getattr(part, name) for part in (one, other)])
            for name in ("places", "sizes", "angles", "descriptors")
        )
    )


@pytest.mark.parametrize(
    ("scale", "turn"), [(1.0, 0.0), (0.4, 0.0), (2.5, 0.1), (1.0, np.pi / 2), (0.7, 3.0)]
)
def test_the_transform_is_found_among_chance_features(scale: float, turn: float) -> None:
    common = table(40, 1)
    query = joined(common, table(600, 2))
    asset = joined(moved(common, scale, turn, (30.0, -12.0)), table(200, 3))
    pairs = pairs_of(query, asset)
    found = aligned(query, asset, pairs)
    assert found is not None
    assert found.inliers >= 36
    expected = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    np.testing.assert_allclose(found.matrix[:, :2], expected, atol=0.01)
    np.testing.assert_allclose(found.matrix[:, 2], (30, -12), atol=2)
    assert agreement(query, asset, pairs) >= 36


def test_chance_features_agree_on_nothing() -> None:
    query, asset = table(800, 4), table(300, 5)
    pairs = pairs_of(query, asset)
    found = aligned(query, asset, pairs)
    assert found is None or found.inliers <= 4


def test_many_pairs_at_one_point_are_one_inlier() -> None:
    one = table(1, 6)
    many = FeatureTable(
        *(np.repeat(part, 20, axis=0) for part in (one.places, one.sizes, one.angles, one.descriptors))
    )
    pairs = FeaturePairs(np.arange(20), np.arange(20), np.zeros(20, dtype=np.int64))
    found = aligned(many, many, pairs)
    assert found is None or found.inliers == 1


@pytest.mark.parametrize(("of_query", "of_asset"), [(0, 0), (0, 50), (50, 0), (1, 1), (2, 2)])
def test_too_few_features_are_no_error(of_query: int, of_asset: int) -> None:
    query, asset = table(of_query, 7), table(of_asset, 7)
    pairs = pairs_of(query, asset)
    assert aligned(query, asset, pairs) is None
    assert agreement(query, asset, pairs) <= 2
