"""The features of one picture that are nearest to each of another's, compared one by one."""

from __future__ import annotations

import os

# As in `candidates`: read when faiss is loaded, whichever module comes first.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import faiss
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def find_nearest_features(
    asked: npt.NDArray[np.uint8], among: npt.NDArray[np.uint8], count: int
) -> tuple[Ints, Ints]:
    """For each of some descriptors the `count` nearest among others, or all where there are fewer.

    Positions and distances in bits, (asked, count), the nearest first; of equally near ones the first.
    """
    count = min(count, len(among))
    if not len(asked) or not count:
        return np.zeros((len(asked), 0), dtype=np.int64), np.zeros((len(asked), 0), dtype=np.int64)
    # Half a millisecond of work is done before other threads would have begun theirs.
    faiss.omp_set_num_threads(1)
    flat = faiss.IndexBinaryFlat(8 * among.shape[1])
    flat.add(np.ascontiguousarray(among))
    distances, found = flat.search(np.ascontiguousarray(asked), count)
    return found.astype(np.int64), distances.astype(np.int64)
