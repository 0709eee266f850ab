"""How work grows with what it is given: in CPU time of its thread, so that no machine is too slow or too busy."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMES_AS_MUCH = 8

# Work that grows as it should takes eight times as long, one that grows with the square sixty-four times; caches and
# other processes make a factor of two.
MOST_TIMES_AS_LONG = 32

# What takes less is not measured well.
LEAST_SECONDS = 0.02


def assert_grows_evenly(work: Callable[[int], T], size: int) -> T:
    """Do some work at an eighth of a size and at the size, and return what comes of that."""
    small, _ = _measured(work, size // TIMES_AS_MUCH)
    large, result = _measured(work, size)
    assert large < MOST_TIMES_AS_LONG * max(small, LEAST_SECONDS), f"{large:.2f} s after {small:.2f} s"
    return result


def _measured(work: Callable[[int], T], size: int) -> tuple[float, T]:
    gc.collect()
    gc.disable()
    try:
        started = time.thread_time()
        result = work(size)
        return time.thread_time() - started, result
    finally:
        gc.enable()
