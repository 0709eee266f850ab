from __future__ import annotations

import numpy as np
import pytest

from catalog.index.nearest_features import find_nearest_features


def descriptors(count: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_nearest_are_those_that_counting_bits_finds(count: int) -> None:
    asked, among = descriptors(40, 1), descriptors(90, 2)
    found, distances = find_nearest_features(asked, among, count)
    bits = np.bitwise_count(asked[:, None] ^ among[None]).sum(axis=2, dtype=np.int64)
    assert (distances == np.sort(bits, axis=1)[:, :count]).all()
    assert (np.take_along_axis(bits, found, axis=1) == distances).all()


def test_of_equally_near_ones_the_first_is_taken() -> None:
    one = descriptors(1, 3)
    assert find_nearest_features(one, np.repeat(one, 4, axis=0), 2)[0].tolist() == [[0, 1]]


@pytest.mark.parametrize(("asked", "among", "shape"), [(3, 1, (3, 1)), (0, 5, (0, 0)), (3, 0, (3, 0))])
def test_there_are_no_more_than_there_are(asked: int, among: int, shape: tuple[int, int]) -> None:
    found, distances = find_nearest_features(descriptors(asked, 4), descriptors(among, 5), 2)
    assert found.shape == distances.shape == shape
