"""Event loops whose clock is the test's: no test waits for seconds to pass, and none fails because they did.

`run(scenario())` lets seconds pass as soon as nothing else is to be done. `with steered() as (runner, clock)` lets
them pass as they do, and as the test says: `clock.put_forward(30)`.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

# A leap goes this much too far, so that no rounding makes it end before what it leaps to.
HAIR_SECONDS = 1e-6


class SteeredLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be put forward; deadlines that this passes are over at once."""

    def __init__(self) -> None:
        self._ahead_seconds = 0.0
        super().__init__()

    def time(self) -> float:
        return super().time() + self._ahead_seconds

    def put_forward(self, seconds: float) -> None:
        """Let so many seconds have passed; to be called from within the loop."""
        self._ahead_seconds += seconds

    def put_forward_from_afar(self, seconds: float) -> None:
        """The same from another thread."""
        self.call_soon_threadsafe(self.put_forward, seconds)


@contextmanager
def steered() -> Iterator[tuple[asyncio.Runner, SteeredLoop]]:
    """A runner, and its clock."""
    loop = SteeredLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        yield runner, loop


class _LeapingSelector(selectors.DefaultSelector):
    """A selector that does not wait: it leaps over the time that it should have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout is not None and timeout > 0:
            self.now += timeout + HAIR_SECONDS
        return ready


class _LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now


def run(work: Coroutine[object, object, T]) -> T:
    """As `asyncio.run`, in no time; for what waits for nothing outside, neither threads nor connections."""
    with asyncio.Runner(loop_factory=_LeapingLoop) as runner:
        return runner.run(work)
