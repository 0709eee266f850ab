from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest
from effort import assert_grows_evenly

from catalog.index.copies import COPY_BITS, find_copies, find_repeated
from catalog.index.feature_store import FeatureStore


class Hashes:
    """Stands for studies of which only the fingerprints matter."""

    def __init__(self, bits: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> None:
        self._words = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
        self.distinct = np.ones(len(bits), dtype=np.bool_)

    def __len__(self) -> int:
        return len(self._words)

    def words(self, _algorithm: str, _bits: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
        return self._words


def made(copies: Sequence[int], *, away: int = 10, others: int = 50, seed: int = 1) -> FeatureStore:
    """Random hashes; of each number of copies all are so many bits from the first of them."""
    random = np.random.default_rng(seed)
    rows = []
    for count in copies:
        first = random.integers(0, 2, 256, dtype=np.uint8)
        rows.append(first)
        for _ in range(count - 1):
            copy = first.copy()
            copy[random.choice(256, away, replace=False)] ^= 1
            rows.append(copy)
    rows += list(random.integers(0, 2, (others, 256), dtype=np.uint8))
    return cast(FeatureStore, Hashes(np.array(rows)))


def in_order(rows: Sequence[int]) -> Sequence[int]:
    return sorted(rows)


def test_copies_are_gathered_around_the_best() -> None:
    store = made([7, 3, 5])
    assert find_copies(store, range(len(store)), 5, in_order) == [list(range(7)), list(range(10, 15))]


def test_the_best_is_what_the_caller_says() -> None:
    store = made([6])
    (group,) = find_copies(store, range(len(store)), 5, lambda rows: sorted(rows, reverse=True))
    assert group == [5, 4, 3, 2, 1, 0]


def test_a_group_without_any_that_is_wanted_is_not_told() -> None:
    store = made([6, 6])
    assert find_copies(store, [8], 5, in_order) == [list(range(6, 12))]


def test_those_with_the_same_fingerprint_are_copies() -> None:
    store = made([6], away=0)
    assert find_copies(store, [0], 5, in_order) == [list(range(6))]


def test_what_is_near_to_a_copy_but_not_to_the_best_is_in_another_group() -> None:
    # Each of the six is 20 bits from the first, and those about 40 from each other.
    store = made([7], away=20)
    (group,) = find_copies(store, [0], 2, in_order)
    assert group == list(range(7))
    best_last = find_copies(store, [0], 2, lambda rows: sorted(rows, reverse=True))
    assert all(len(one) < 7 for one in best_last)


def test_a_picture_whose_fingerprint_means_nothing_is_no_copy() -> None:
    store = made([6])
    store.distinct[2] = False
    assert find_copies(store, [0], 5, in_order) == [[0, 1, 3, 4, 5]]


def test_what_the_caller_leaves_out_is_in_no_group() -> None:
    store = made([6])
    assert find_copies(store, [0], 5, lambda rows: [row for row in rows if row != 3]) == [[0, 1, 2, 4, 5]]


@pytest.mark.parametrize("away", [0, COPY_BITS])
def test_rows_with_a_near_one_are_repeated(away: int) -> None:
    store = made([2, 1, 3], away=away, others=100)
    assert np.flatnonzero(find_repeated(store)).tolist() == [0, 1, 3, 4, 5]


def test_an_empty_catalog_has_none() -> None:
    store = made([], others=1)
    assert find_copies(store, [0], 2, in_order) == []
    assert find_repeated(store).tolist() == [False]


def test_the_work_for_copies_of_one_picture_grows_with_their_number() -> None:
    found = assert_grows_evenly(lambda count: find_copies(made([count], others=0), [0], 5, in_order), 2400)
    assert [len(one) for one in found] == [2400]
