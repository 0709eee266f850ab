from __future__ import annotations

import numpy as np
import pytest

from catalog.index.feature_table import MAX_FEATURE_DISTANCE, FeaturePairs, FeatureTable, Floats
from catalog.matching.alignment import Proposals, pairs_of


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
    found = Proposals(query, asset, pairs).align()
    assert found is not None
    assert found.inliers >= 36
    expected = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    np.testing.assert_allclose(found.matrix[:, :2], expected, atol=0.01)
    np.testing.assert_allclose(found.matrix[:, 2], (30, -12), atol=2)
    assert Proposals(query, asset, pairs).most_votes >= 36


def test_chance_features_agree_on_nothing() -> None:
    query, asset = table(800, 4), table(300, 5)
    pairs = pairs_of(query, asset)
    found = Proposals(query, asset, pairs).align()
    assert found is None or found.inliers <= 4


def test_many_pairs_at_one_point_are_one_inlier() -> None:
    one = table(1, 6)
    many = FeatureTable(
        *(np.repeat(part, 20, axis=0) for part in (one.places, one.sizes, one.angles, one.descriptors))
    )
    pairs = FeaturePairs(np.arange(20), np.arange(20), np.zeros(20, dtype=np.int64))
    found = Proposals(many, many, pairs).align()
    assert found is None or found.inliers == 1


@pytest.mark.parametrize(("of_query", "of_asset"), [(0, 0), (0, 50), (50, 0), (1, 1), (2, 2)])
def test_too_few_features_are_no_error(of_query: int, of_asset: int) -> None:
    query, asset = table(of_query, 7), table(of_asset, 7)
    pairs = pairs_of(query, asset)
    assert Proposals(query, asset, pairs).align() is None
    assert Proposals(query, asset, pairs).most_votes <= 2


# Pairs of features that look alike


def with_descriptors(*rows: int) -> FeatureTable:
    """Features that are told by how many of their 256 bits are set, the first ones."""
    bits = np.array([[1] * row + [0] * (256 - row) for row in rows], dtype=np.uint8)
    count = len(rows)
    return FeatureTable(
        np.zeros((count, 2)), np.ones(count), np.zeros(count), np.packbits(bits, axis=1).reshape(count, 32)
    )


def paired(query: FeatureTable, asset: FeatureTable) -> set[tuple[int, int, int]]:
    """Pairs as the query's feature, the asset's, and by how many bits they differ."""
    pairs = pairs_of(query, asset)
    return set(zip(pairs.query.tolist(), pairs.asset.tolist(), pairs.distance.tolist(), strict=True))


def test_a_feature_is_paired_with_the_two_nearest() -> None:
    assert paired(with_descriptors(30, 0, 10, 20), with_descriptors(2)) == {(1, 0, 2), (2, 0, 8)}


def test_each_feature_of_the_asset_has_pairs_of_its_own() -> None:
    assert paired(with_descriptors(0), with_descriptors(3, 5)) == {(0, 0, 3), (0, 1, 5)}


def test_features_that_differ_too_much_make_no_pair() -> None:
    limit = MAX_FEATURE_DISTANCE
    assert paired(with_descriptors(0), with_descriptors(limit, limit + 1)) == {(0, 0, limit)}


# What agrees on one transform

GRID = np.array([[x, y] for x in (0.0, 100.0, 200.0) for y in (0.0, 100.0, 200.0)])


def at(places: Floats, sizes: Floats | float = 31.0, angles: Floats | float = 0.0) -> FeatureTable:
    count = len(places)
    return FeatureTable(
        np.asarray(places, dtype=np.float64),
        np.broadcast_to(sizes, count).astype(np.float64),
        np.broadcast_to(angles, count).astype(np.float64),
        np.zeros((count, 32), dtype=np.uint8),
    )


def one_by_one(count: int) -> FeaturePairs:
    numbers = np.arange(count)
    return FeaturePairs(numbers, numbers, np.zeros(count, dtype=np.int64))


def votes(query: FeatureTable, asset: FeatureTable) -> float:
    return Proposals(query, asset, one_by_one(len(query.places))).most_votes


def inliers(query: FeatureTable, asset: FeatureTable) -> int:
    found = Proposals(query, asset, one_by_one(len(query.places))).align()
    return found.inliers if found else 0


def middle(value: float, others: float = 0.0) -> Floats:
    """Values of the nine features, of which that in the middle is another."""
    values = np.full(9, float(others))
    values[4] = value
    return values


def moved_middle(x: float, y: float = 0.0) -> FeatureTable:
    places = GRID.copy()
    places[4] += (x, y)
    return at(places)


def test_all_that_agrees_has_a_vote() -> None:
    assert votes(at(GRID), at(GRID)) == pytest.approx(9)


def test_features_of_one_place_in_the_asset_have_one_vote_together() -> None:
    query = at(np.concatenate([GRID, GRID[:1]]))
    pairs = FeaturePairs(np.arange(10), np.array([*range(9), 0]), np.zeros(10, dtype=np.int64))
    assert Proposals(query, at(GRID), pairs).most_votes == pytest.approx(9)


@pytest.mark.parametrize(("count", "expected"), [(2, 0), (3, 3)])
def test_three_features_agree_at_least(count: int, expected: float) -> None:
    assert votes(at(GRID[:count]), at(GRID[:count])) == pytest.approx(expected)


@pytest.mark.parametrize(("count", "is_aligned"), [(2, False), (3, True)])
def test_three_features_make_a_transform(count: int, is_aligned: bool) -> None:
    places = GRID[[0, 2, 6]][:count]
    assert (inliers(at(places), at(places)) > 0) == is_aligned


@pytest.mark.parametrize(("octaves", "agreeing"), [(0.54, 9), (-0.54, 9), (0.56, 8), (-0.56, 8)])
def test_what_is_of_another_size_does_not_agree(octaves: float, agreeing: int) -> None:
    assert votes(at(GRID), at(GRID, middle(31 * 2**octaves, 31))) == pytest.approx(agreeing)


@pytest.mark.parametrize(("degrees", "agreeing"), [(29, 9), (-29, 9), (30, 8), (-30, 8), (180, 8)])
def test_what_is_turned_another_way_does_not_agree(degrees: float, agreeing: int) -> None:
    assert votes(at(GRID), at(GRID, angles=middle(np.radians(degrees)))) == pytest.approx(agreeing)


@pytest.mark.parametrize(("off", "agreeing"), [(47.0, 9), (48.0, 8)])
def test_what_lies_further_off_than_its_distance_allows_does_not_agree(off: float, agreeing: int) -> None:
    """Six pixels and 22 of a hundred: for the corner that it has moved away from, some 47."""
    assert votes(at(GRID), moved_middle(off / np.sqrt(2), off / np.sqrt(2))) == pytest.approx(agreeing)


@pytest.mark.parametrize("count", [320, 321, 400])
def test_of_many_pairs_320_are_looked_at(count: int) -> None:
    places = np.random.default_rng(8).uniform(0, 400, (count, 2))
    assert votes(at(places), at(places)) == pytest.approx(320)


def test_of_many_pairs_the_nearest_are_looked_at() -> None:
    places = np.random.default_rng(8).uniform(0, 400, (400, 2))
    chance = np.random.default_rng(9).uniform(0, 400, (400, 2))
    asset = at(np.where(np.arange(400)[:, None] < 320, chance, places))
    pairs = FeaturePairs(np.arange(400), np.arange(400), np.where(np.arange(400) < 320, 9, 0))
    assert Proposals(at(places), asset, pairs).most_votes >= 80


# The transform they make


@pytest.mark.parametrize(("off", "count"), [(4.0, 9), (4.6, 8)])
def test_what_is_off_by_more_than_four_pixels_is_no_inlier(off: float, count: int) -> None:
    """It pulls the transform after it by a ninth."""
    assert inliers(at(GRID), moved_middle(off)) == count


@pytest.mark.parametrize(("octaves", "count"), [(0.54, 9), (-0.54, 9), (0.56, 8), (-0.56, 8)])
def test_what_is_of_another_size_is_no_inlier(octaves: float, count: int) -> None:
    assert inliers(at(GRID), at(GRID, middle(31 * 2**octaves, 31))) == count


@pytest.mark.parametrize(("degrees", "count"), [(29, 9), (-29, 9), (30, 8), (-30, 8), (180, 8)])
def test_what_is_turned_another_way_is_no_inlier(degrees: float, count: int) -> None:
    assert inliers(at(GRID), at(GRID, angles=middle(np.radians(degrees)))) == count


def test_the_pairs_themselves_decide_and_not_the_proposal() -> None:
    """Each proposal is turned a little, since angles of features are."""
    angles = np.radians([5, -5, 4, -4, 3, -3, 6, -6, 0])
    found = Proposals(at(GRID), at(GRID, angles=angles), one_by_one(9)).align()
    assert found is not None
    np.testing.assert_allclose(found.matrix, [[1, 0, 0], [0, 1, 0]], atol=1e-9)


def test_of_two_transforms_that_with_more_inliers_is_taken() -> None:
    query = at(np.concatenate([GRID, GRID[:6] + 400]))
    asset = at(np.concatenate([GRID, GRID[:6] + np.array([900.0, 0.0])]))
    found = Proposals(query, asset, one_by_one(15)).align()
    assert found is not None
    assert (found.inliers, found.matrix[:, 2].tolist()) == (9, pytest.approx([0, 0], abs=1e-6))


def test_of_more_votes_and_more_points_the_points_decide() -> None:
    """Ten features at three points against six at as many."""
    three = np.repeat(GRID[[0, 2, 6]], (4, 3, 3), axis=0)
    query = at(np.concatenate([three, GRID[:6] + 400]))
    asset = at(np.concatenate([three, GRID[:6] + np.array([900.0, 0.0])]))
    assert inliers(query, asset) == 6


@pytest.mark.parametrize(("apart", "count"), [(0.4, 9), (3.1, 10)])
def test_features_that_lie_together_are_one_point(apart: float, count: int) -> None:
    places = np.concatenate([GRID, GRID[4:5] + np.array([apart, 0.0])])
    assert inliers(at(places), at(places)) == count


def test_in_a_smaller_asset_more_points_lie_together() -> None:
    places = np.concatenate([GRID, GRID[4:5] + np.array([1.6, 0.0])])
    assert inliers(at(places), at(places / 4, 31 / 4)) == 9


def test_in_a_larger_asset_fewer_do() -> None:
    places = np.concatenate([GRID, GRID[4:5] + np.array([1.0, 0.0])])
    assert inliers(at(places), at(places * 4, 31 * 4)) == 10


def test_features_at_one_place_make_no_transform() -> None:
    assert inliers(at(GRID[:1].repeat(5, axis=0)), at(GRID[:1].repeat(5, axis=0))) == 0


def test_what_shrinks_to_nothing_makes_no_transform() -> None:
    assert inliers(at(GRID), at(GRID / 2000, 31 / 2000)) == 0


def test_what_shrinks_to_a_hundredth_makes_one() -> None:
    assert Proposals(at(GRID), at(GRID / 100, 31 / 100), one_by_one(9)).align() is not None
