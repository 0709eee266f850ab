from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from catalog.matching.pixels import arrays


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (arrays.Floats, np.float64),
        (arrays.Singles, np.float32),
        (arrays.Ints, np.int64),
        (arrays.Bools, np.bool_),
        (arrays.Pixels, np.uint8),
    ],
)
def test_arrays_of_a_kind_hold_values_of_one_type(kind: object, value: type) -> None:
    assert value in get_args(get_args(kind)[1])
