"""The kinds of arrays that pictures and their places are held in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Levels of gray, a row a line.
Pixels = npt.NDArray[np.uint8]

# Levels of Cb and of Cr, (2, height, width).
Planes = npt.NDArray[np.uint8]
