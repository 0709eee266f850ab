"""Waiting for what must come: as short as it takes, and long enough for any machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# A machine so busy that something takes this long is taken for one on which it does not come.
PATIENCE_SECONDS = 120.0

LOOK_EVERY_SECONDS = 0.01


def until(found: Callable[[], T]) -> T:
    """What is found as soon as there is something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (value := found()):
        assert time.monotonic() < end, "waited for in vain"
        time.sleep(LOOK_EVERY_SECONDS)
    return value


async def soon(found: Callable[[], T]) -> T:
    """The same while the event loop goes on."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (value := found()):
        assert time.monotonic() < end, "waited for in vain"
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return value
