from __future__ import annotations

import numpy as np
import pytest

from catalog.index.feature_table import FeatureTable
from catalog.index.votes import MOST_HELD, Votes, choose_strongest, count_support

PLACES = np.array([[20.0 * (number % 6), 20.0 * (number // 6)] for number in range(36)])


def table_of(places: np.ndarray[tuple[int, int], np.dtype[np.float64]], size: float = 31.0) -> FeatureTable:
    count = len(places)
    none = np.zeros((count, 32), dtype=np.uint8)
    return FeatureTable(places, np.full(count, size), np.zeros(count), none)


def votes_for(
    row: int, which: list[int], *, turn: complex = 1, shift: complex = 0, noise: float = 0
) -> Votes:
    """Votes of features at `PLACES`, for places of a picture on which the query lies turned and moved."""
    random = np.random.default_rng(row)
    moved = PLACES[which] @ (1, 1j) * turn + shift
    moved += noise * (random.normal(size=len(which)) + 1j * random.normal(size=len(which)))
    keypoints = np.stack(
        [moved.real, moved.imag, np.full(len(which), 31 * abs(turn)), np.full(len(which), np.angle(turn))],
        axis=1,
    )
    count = len(which)
    return Votes(np.full(count, row), np.array(which), np.arange(count), np.full(count, 30), keypoints)


def together(*some: Votes) -> Votes:
    return Votes(
        *(
            np.concatenate([getattr(one, name) for one in some])
            for name in ("rows", "of_query", "of_asset", "bits", "keypoints")
        )
    )


def support(votes: Votes) -> dict[int, int]:
    rows, found = count_support(table_of(PLACES), votes)
    return dict(zip(rows.tolist(), found.tolist(), strict=True))


@pytest.mark.parametrize("turn", [1, 0.5, 1j, -2, 0.7 + 0.7j])
def test_votes_that_lay_the_query_alike_agree(turn: complex) -> None:
    assert support(votes_for(4, list(range(10)), turn=turn, shift=50 + 20j)) == {4: 10}


def test_each_row_is_counted_by_itself() -> None:
    votes = together(votes_for(7, list(range(5))), votes_for(2, list(range(10, 18)), turn=0.5))
    assert support(votes) == {2: 8, 7: 5}


def test_what_lies_elsewhere_does_not_agree() -> None:
    scattered = votes_for(1, list(range(12)), noise=400)
    assert support(scattered)[1] <= 3


@pytest.mark.parametrize("which", ["size", "angle"])
def test_another_size_or_angle_does_not_agree(which: str) -> None:
    votes = votes_for(1, list(range(6)))
    votes.keypoints[:3, 2 if which == "size" else 3] += 31 if which == "size" else 1
    assert support(votes)[1] == 3


def test_features_that_are_one_point_have_one_voice() -> None:
    votes = votes_for(1, [0, 0, 0, 0])
    assert support(votes) == {1: 1}
    one_of_asset = votes_for(1, list(range(5)))
    one_of_asset.of_asset[:] = 3
    assert support(one_of_asset) == {1: 1}


def test_of_very_many_votes_the_nearest_are_held_against_each_other() -> None:
    many = votes_for(1, list(range(36)))
    assert support(many) == {1: MOST_HELD}
    many.keypoints[: 36 - MOST_HELD, :2] += 500 * np.random.default_rng(1).random((36 - MOST_HELD, 2))
    many.bits[: 36 - MOST_HELD] = 60
    assert support(many) == {1: MOST_HELD}


def test_a_feature_without_a_size_agrees_with_none() -> None:
    votes = votes_for(1, list(range(5)))
    votes.keypoints[0] = 0
    assert support(votes) == {1: 4}


def test_without_votes_no_row_has_any() -> None:
    assert support(votes_for(1, [])) == {}


def test_votes_for_copies_of_other_sizes_agree_as_votes_for_one() -> None:
    copies = [
        votes_for(row, [3 * row, 3 * row + 1], turn=scale) for row, scale in ((0, 1), (1, 0.5), (2, 0.8))
    ]
    sizes = np.array([[480.0, 320], [240, 160], [384, 256]])
    votes = together(*copies)
    assert set(support(votes).values()) == {2}
    assert support(votes.count_as(np.zeros(6, dtype=np.int64), sizes)) == {0: 6}


def test_a_point_that_several_copies_have_is_one() -> None:
    votes = together(votes_for(0, [5]), votes_for(1, [5]), votes_for(2, [6]))
    sizes = np.full((3, 2), 400.0)
    assert support(votes.count_as(np.zeros(3, dtype=np.int64), sizes)) == {0: 2}


def test_the_strongest_are_taken_of_every_size() -> None:
    sizes = np.repeat([31.0, 40.3, 52.4], [100, 60, 40])
    table = FeatureTable(np.zeros((200, 2)), sizes, np.zeros(200), np.zeros((200, 32), dtype=np.uint8))
    chosen = choose_strongest(table, 50)
    assert len(chosen) == 50
    assert np.bincount(np.searchsorted([31.0, 40.3, 52.4], sizes[chosen])).tolist() == [25, 15, 10]
    assert chosen.tolist() == [*range(25), *range(100, 115), *range(160, 170)]
    assert choose_strongest(table, 500).tolist() == list(range(200))
