"""Which rows are named, on searches that are written down."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable
from catalog.index.naming import MOST_VOTE_BITS, Asked, Effort, Found, Namer

FEATURES = 100
PLACES = np.array([[24.0 * (number % 10), 24.0 * (number // 10)] for number in range(FEATURES)])
TABLE = FeatureTable(PLACES, np.full(FEATURES, 31.0), np.zeros(FEATURES), np.zeros((FEATURES, 32), np.uint8))

ALL = Effort(FEATURES, 3, 3, 12)


class Rows:
    """Stands for studies: every row has the query's features where the query has them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.gray_sizes = np.full((count, 2), 300.0)

    def __len__(self) -> int:
        return self._count

    def keypoints(self, _row: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
        table = np.zeros((FEATURES, 4), dtype=np.uint16)
        table[:, :2], table[:, 2] = 64 * PLACES, 64 * 31
        return table


def found(neighbours: dict[int, list[int]], bits: int = 30) -> Found:
    """By feature of the query the rows that it is near to, the nearest first, each by the same feature."""
    width = max(map(len, neighbours.values()))
    ids = np.full((FEATURES, width), -1, dtype=np.int64)
    for feature, rows in neighbours.items():
        ids[feature, : len(rows)] = [FEATURES * row + feature for row in rows]
    return Found(
        np.arange(FEATURES), np.full(ids.shape, bits, dtype=np.int32), ids, FEATURES * np.arange(100)
    )


def name(search: Found, own: int | None = None, effort: Effort = ALL, **stand_ins: int) -> list[int]:
    namer = Namer(cast(FeatureStore, Rows(60)))
    namer.count_as({int(row[1:]): best for row, best in stand_ins.items()})
    return namer.name(Asked(TABLE, own), effort, search)


def test_three_votes_that_agree_name_a_row() -> None:
    assert name(found({0: [5], 1: [5], 2: [5], 3: [7], 4: [7]})) == [5]


def test_the_row_with_most_votes_comes_first_and_then_the_earlier() -> None:
    search = found({number: [9, 4, 6] if number < 3 else [6] for number in range(6)})
    assert name(search) == [6, 4, 9]


def test_what_is_too_far_is_no_vote() -> None:
    votes = {0: [5], 1: [5], 2: [5]}
    assert name(found(votes, MOST_VOTE_BITS)) == [5]
    assert name(found(votes, MOST_VOTE_BITS + 1)) == []


def test_a_query_s_own_row_is_not_named() -> None:
    search = found({number: [5, 7] for number in range(8)})
    assert name(search, own=5) == [7]


def test_no_more_are_named_than_are_looked_at() -> None:
    search = found({number: list(range(20)) for number in range(3)})
    assert name(search, effort=Effort(FEATURES, 20, 20, 4)) == [0, 1, 2, 3]


def test_only_the_nearest_of_other_rows_count() -> None:
    search = found({number: [7, 8, 9] for number in range(3)})
    assert name(search, effort=Effort(FEATURES, 3, 2, 12)) == [7, 8]


def test_copies_do_not_take_the_votes_of_other_rows() -> None:
    # The query's own row and two copies are near to all features, another sheet of its template to three.
    neighbours = {number: [1, 2, 3] for number in range(FEATURES)}
    neighbours |= {number: [1, 2, 3, 30] for number in range(3)}
    assert name(found(neighbours), own=1, effort=Effort(FEATURES, 4, 1, 12)) == [2, 3, 30]


def test_votes_that_are_scattered_over_copies_are_counted_for_the_best() -> None:
    search = found({number: [20 + number] for number in range(8)})
    assert name(search) == []
    assert name(search, **{f"r{20 + number}": 20 for number in range(8)}) == [20]
    assert name(search, own=20, **{f"r{20 + number}": 20 for number in range(8)}) == []


def test_a_row_that_came_after_the_copies_were_told_stands_for_itself() -> None:
    search = found({number: [70] for number in range(4)})
    assert name(search, r3=2) == [70]


@pytest.mark.parametrize("neighbours", [{0: [-1]}, {0: [3], 1: [4]}])
def test_nothing_is_named_without_votes(neighbours: dict[int, list[int]]) -> None:
    search = found(neighbours)
    search.ids[search.ids < 0] = -1
    assert name(search) == []
