from __future__ import annotations

import numpy as np
import pytest

from catalog.matching.pixels.arrays import Floats, Singles
from catalog.matching.pixels.common_motion import take_common_away

PLACES = (
    np.stack(np.meshgrid(np.arange(4, 300, 8), np.arange(4, 200, 8)), axis=-1)
    .reshape(-1, 2)
    .astype(np.float32)
)
IN_PART = (PLACES[:, 0] > 180) & (PLACES[:, 1] > 80)


def lengths_left(flow: Singles) -> Floats:
    return np.asarray(np.linalg.norm(take_common_away(PLACES, flow), axis=1), dtype=np.float64)


def test_nothing_is_left_of_what_all_do() -> None:
    flow = np.tile(np.float32([3.0, -1.5]), (len(PLACES), 1))
    assert lengths_left(flow).max() < 0.01


def test_stretching_is_common() -> None:
    assert lengths_left((PLACES * 0.01).astype(np.float32)).max() < 0.01


def test_so_is_tilting() -> None:
    plane = np.array([[1.0, 0.02, 1.0], [0.01, 1.0, 0.0], [1e-4, 5e-5, 1.0]])
    moved = np.column_stack([PLACES, np.ones(len(PLACES))]) @ plane.T
    flow = (moved[:, :2] / moved[:, 2:] - PLACES).astype(np.float32)
    assert np.median(lengths_left(flow)) < 0.1


@pytest.mark.parametrize("still", [(0.0, 0.0), (2.0, 1.0)])
def test_a_part_that_moved_is_left(still: tuple[float, float]) -> None:
    flow = np.tile(np.float32(still), (len(PLACES), 1))
    flow[IN_PART] += np.float32([2.0, 0.0])
    left = lengths_left(flow)
    assert left[IN_PART].min() > 1.8
    assert left[~IN_PART].max() < 0.2
