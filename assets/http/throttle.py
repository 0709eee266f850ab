"""Whose turn it is to ask: many hosts at once, few requests to each, a pause between them, none starved."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# A host that wants to be left alone for longer than anyone here waits is asked again all the same, with one request:
# what one address answers need not hold for the others. From one refusal to the next it is left alone twice as long.
MAX_CLOSED_SECONDS = 3600.0

# After so many refusals in a row, of one request each, the host means it.
CLOSINGS_BELIEVED = 3

logger = logging.getLogger(__name__)


class HostClosed(Exception):
    """The host asked to be left alone for longer than anyone here will wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the host asked for {seconds:.0f} s without requests")


@dataclass(slots=True)
class _Host:
    """What is known of one host; times are the event loop's.

    `refusals` counts what it refused, and `closings` how often that closed it, since it last answered.
    """

    pause_seconds: float
    next_start: float = 0.0
    closed_until: float = 0.0
    asked_seconds: float = 0.0
    refusals: int = 0
    closings: int = 0
    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    is_queued: bool = False
    alarm: asyncio.TimerHandle | None = None


class Throttle:
    """Grants turns to ask hosts: `connections` in all, `per_host` to each.

    Hosts that can be asked stand in one line and are served in rotation. A host that is busy or pausing does
    not stand in it, so that nobody waits for a place while holding one of all.
    """

    def __init__(self, connections: int, per_host: int) -> None:
        self._free = connections
        self._per_host = per_host
        self._hosts: dict[str, _Host] = {}
        self._line: deque[_Host] = deque()

    @asynccontextmanager
    async def turn(self, name: str, pause_seconds: float = 0.0) -> AsyncIterator[None]:
        """Waits for a turn with the host and holds it meanwhile; HostClosed when it will not be asked.

        `pause_seconds` is the least time between the starts of two turns; the longest ever given holds.
        """
        host = self._host(name, pause_seconds)
        await self._wait_for_grant(host)
        try:
            yield
        finally:
            self._give_back(host)

    def slow_down(self, name: str, pause_seconds: float) -> None:
        """From now on leave that much time between the starts of two turns with the host."""
        self._host(name, pause_seconds)

    def rest(self, name: str, seconds: float) -> None:
        """Start no turn with the host for that long, and until it answers again one at a time."""
        host = self._host(name)
        if host.next_start <= _now() + host.pause_seconds:
            # Requests that were under way together are refused together.
            host.refusals += 1
        host.next_start = max(host.next_start, _now() + seconds)
        logger.info("%s: left in peace for %g s", name, seconds)

    def close(self, name: str, asked_seconds: float, patience_seconds: float) -> None:
        """Refuse every turn with the host, those awaited now included, for as long as it asks, within reason.

        That is `patience_seconds` at first, and twice as long each time that it refuses without having answered.
        """
        host = self._host(name)
        if host.closed_until <= _now():
            # Requests that were under way together are refused together.
            seconds = min(asked_seconds, patience_seconds * 2**host.closings, MAX_CLOSED_SECONDS)
            host.closed_until = _now() + seconds
            host.closings += 1
            logger.warning("%s: not asked for %g s; it wants %g s", name, seconds, asked_seconds)
        host.asked_seconds = asked_seconds
        while host.waiting:
            waiter = host.waiting.popleft()
            if not waiter.done():
                waiter.set_exception(HostClosed(asked_seconds))

    def note_answer(self, name: str) -> None:
        """Take a host that refused for one that answers: all turns are granted again."""
        host = self._host(name)
        if host.refusals or host.closings:
            host.refusals = host.closings = 0
            self._enqueue(host)
            self._serve()

    def count_refusals(self, name: str) -> int:
        """How often in a row the host told all to rest, without having answered in between."""
        return self._hosts[name].refusals if name in self._hosts else 0

    def closed_seconds(self, name: str) -> float:
        """For how long every turn with the host is refused, 0 where it may be asked."""
        host = self._hosts.get(name)
        return max(0.0, host.closed_until - _now()) if host is not None else 0.0

    def is_refusing(self, name: str) -> bool:
        """Whether the host refused so often in a row that it need not be waited for."""
        return name in self._hosts and self._hosts[name].closings >= CLOSINGS_BELIEVED

    def _host(self, name: str, pause_seconds: float = 0.0) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(pause_seconds)
        host.pause_seconds = max(host.pause_seconds, pause_seconds)
        return host

    async def _wait_for_grant(self, host: _Host) -> None:
        if host.closed_until > _now():
            raise HostClosed(host.asked_seconds)
        waiter = asyncio.get_running_loop().create_future()
        host.waiting.append(waiter)
        self._enqueue(host)
        self._serve()
        try:
            await waiter
        except asyncio.CancelledError:
            # The turn may have been granted in the very moment of the cancellation.
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._give_back(host)
            raise

    def _give_back(self, host: _Host) -> None:
        host.running -= 1
        self._free += 1
        self._enqueue(host)
        self._serve()

    def _enqueue(self, host: _Host) -> None:
        """Put a host in the line as soon as it can be asked, unless it stands there or has nobody waiting."""
        is_busy = host.running >= (1 if host.refusals or host.closings else self._per_host)
        if host.is_queued or not host.waiting or is_busy or host.alarm is not None:
            return
        pause = host.next_start - _now()
        if pause > 0:
            host.alarm = asyncio.get_running_loop().call_later(pause, self._wake, host)
        else:
            host.is_queued = True
            self._line.append(host)

    def _wake(self, host: _Host) -> None:
        host.alarm = None
        self._enqueue(host)
        self._serve()

    def _serve(self) -> None:
        while self._free and self._line:
            host = self._line.popleft()
            host.is_queued = False
            # It may have been told to rest while it stood in the line.
            if host.next_start <= _now():
                self._grant(host)
            self._enqueue(host)

    def _grant(self, host: _Host) -> None:
        while host.waiting:
            waiter = host.waiting.popleft()
            if not waiter.done():
                host.running += 1
                self._free -= 1
                host.next_start = _now() + host.pause_seconds
                waiter.set_result(None)
                return


def _now() -> float:
    return asyncio.get_running_loop().time()
