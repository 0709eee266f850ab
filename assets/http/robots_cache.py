"""What each origin's robots.txt permits: asked once, remembered for the run, shared by all who ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from assets.http.retries import AttemptFailed
from assets.http.robots import Robots, rules_for_status
from assets.model import Reason

ROBOTS_PATH = "/robots.txt"

# RFC 9309, 2.5: at least this much is to be read; what stands behind it does not count.
ROBOTS_BYTES = 500 * 1024

# RFC 9309, 2.3.1.2: after five redirects a robots.txt may count as not there.
ROBOTS_REDIRECTS = 5

# Everything of the site waits for it.
ROBOTS_SECONDS = 30.0

# A fault may pass while a long run goes on; until then the host's other addresses need not wait for it again.
FAULT_SECONDS = 300.0

# Longer delays would in effect close the site to us; its own rules do that better.
MAX_CRAWL_DELAY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What may be asked of an origin: its rules, or why nothing may be asked."""

    robots: Robots
    reason: Reason | None = None
    detail: str = ""

    def check(self, address: str, user_agent: str) -> None:
        """AttemptFailed when the address may not be asked."""
        if self.reason is not None:
            raise AttemptFailed(self.reason, self.detail, is_final=True)
        if not self.robots.allows(address, user_agent):
            raise AttemptFailed(Reason.ROBOTS, "robots.txt disallows it", is_final=True)

    def delay_seconds(self, user_agent: str) -> float:
        """The time the site asks to leave between requests, within reason."""
        return min(self.robots.crawl_delay(user_agent) or 0.0, MAX_CRAWL_DELAY_SECONDS)


def ruling_of_body(body: bytes) -> Ruling:
    """The ruling of a robots.txt that was got."""
    return Ruling(Robots.parse(body.decode("utf-8", "replace")))


def ruling_of_failure(failure: AttemptFailed, status: int | None, *, is_elsewhere: bool) -> Ruling:
    """The ruling where robots.txt was not got (RFC 9309, 2.3.1.2 to 2.3.1.4).

    `status` is the last answer's; `is_elsewhere` tells that it failed where a redirect had led.
    """
    if failure.reason in (Reason.EMPTY, Reason.TOO_MANY_REDIRECTS):
        return Ruling(Robots.ALLOW_ALL)
    if status is not None and rules_for_status(status) is Robots.ALLOW_ALL:
        return Ruling(Robots.ALLOW_ALL)
    if failure.is_unreached and not is_elsewhere:
        # The address in hand would fare no better: this is its own true reason.
        return Ruling(Robots.DISALLOW_ALL, failure.reason, failure.detail)
    detail = f"robots.txt could not be had ({failure.reason}: {failure.detail}), which forbids all"
    return Ruling(Robots.DISALLOW_ALL, Reason.ROBOTS, detail)


class RobotsCache:
    """The rulings of all origins met so far; `ask` gets a new one by its robots.txt address."""

    def __init__(self, ask: Callable[[str], Awaitable[Ruling]]) -> None:
        self._ask = ask
        self._tasks: dict[str, asyncio.Task[Ruling]] = {}

    async def ruling(self, origin: str) -> Ruling:
        """The origin's ruling. Who stops waiting for it does not stop it for the others."""
        task = self._tasks.get(origin)
        if task is None:
            task = self._tasks[origin] = asyncio.create_task(self._fetch_ruling(origin))
        return await asyncio.shield(task)

    async def _fetch_ruling(self, origin: str) -> Ruling:
        ruling = await self._ask(origin + ROBOTS_PATH)
        if ruling.reason is Reason.RATE_LIMITED:
            # Nobody was asked: when the host is asked again, it is for this first.
            self._tasks.pop(origin, None)
        elif ruling.reason is not None:
            asyncio.get_running_loop().call_later(FAULT_SECONDS, self._tasks.pop, origin, None)
        return ruling

    async def close(self) -> None:
        """Stop asking."""
        unfinished = [task for task in self._tasks.values() if not task.done()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
