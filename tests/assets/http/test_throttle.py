"""Turns to ask hosts, without a network, by a clock that nobody waits for."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from clocks import run

from assets.http.throttle import HostClosed, Throttle


class Log:
    """Who had a turn when, and how many at once."""

    def __init__(self, turns: Throttle) -> None:
        self.turns = turns
        self.order: list[str] = []
        self.times: list[float] = []
        self.now = self.most = 0

    async def work(self, host: str, seconds: float = 0.0, pause: float = 0.0) -> None:
        async with self.turns.turn(host, pause), self._counted(host):
            await asyncio.sleep(seconds)

    @asynccontextmanager
    async def _counted(self, host: str) -> AsyncIterator[None]:
        self.order.append(host)
        self.times.append(asyncio.get_running_loop().time())
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            yield
        finally:
            self.now -= 1


async def _served(turns: Throttle, *hosts: str, seconds: float = 0.0, pause: float = 0.0) -> Log:
    log = Log(turns)
    await asyncio.gather(*(log.work(host, seconds, pause) for host in hosts))
    return log


@pytest.mark.parametrize(
    ("connections", "per_host", "hosts", "most"),
    [(9, 2, "aaaaaa", 2), (3, 9, "aaaaaa", 3), (9, 2, "aaaabbbb", 4), (3, 2, "aaaabbbb", 3)],
)
def test_the_caps_are_used_and_never_passed(connections: int, per_host: int, hosts: str, most: int) -> None:
    assert run(_served(Throttle(connections, per_host), *hosts, seconds=0.01)).most == most


def test_hosts_are_served_in_rotation() -> None:
    log = run(_served(Throttle(1, 1), *"aaaabbcc", seconds=0.001))
    assert "".join(log.order) == "abcabcaa"


def test_a_pause_holds_between_starts() -> None:
    log = run(_served(Throttle(9, 9), *"aaaa", pause=0.03))
    assert all(later - earlier >= 0.03 for earlier, later in zip(log.times, log.times[1:], strict=False))


def test_a_pausing_host_holds_no_place() -> None:
    async def ask() -> list[str]:
        log = Log(Throttle(1, 1))
        await asyncio.gather(*(log.work(host, pause=0.05 if host == "a" else 0.0) for host in "aaabbbb"))
        return log.order

    assert "".join(run(ask())) == "abbbbaa"


def test_the_longest_pause_told_holds() -> None:
    async def ask() -> list[float]:
        turns = Throttle(9, 9)
        turns.slow_down("a", 0.05)
        turns.slow_down("a", 0.01)
        return (await _served(turns, *"aaa", pause=0.02)).times

    times = run(ask())
    assert all(later - earlier >= 0.05 for earlier, later in itertools.pairwise(times))


def test_a_resting_host_is_not_asked_and_others_are() -> None:
    async def ask() -> tuple[list[str], float]:
        turns = Throttle(9, 9)
        turns.rest("a", 0.1)
        begun = asyncio.get_running_loop().time()
        log = await _served(turns, *"ab")
        return log.order, log.times[1] - begun

    order, waited = run(ask())
    assert order == ["b", "a"]
    assert waited >= 0.1


def test_a_host_told_to_rest_while_others_wait_makes_them_wait_on() -> None:
    async def ask() -> list[float]:
        turns = Throttle(9, 1)
        log = Log(turns)
        first = asyncio.create_task(log.work("a", 0.02))
        second = asyncio.create_task(log.work("a"))
        await asyncio.sleep(0.01)
        turns.rest("a", 0.1)
        await asyncio.gather(first, second)
        return log.times

    first, second = run(ask())
    assert second - first >= 0.1


def test_a_host_told_to_rest_while_it_stands_in_line_is_passed_over() -> None:
    async def ask() -> float:
        turns = Throttle(1, 1)
        log = Log(turns)
        async with turns.turn("b"):
            waiting = asyncio.create_task(log.work("a"))
            await asyncio.sleep(0)
            begun = asyncio.get_running_loop().time()
            turns.rest("a", 0.1)
        await waiting
        return log.times[0] - begun

    assert run(ask()) >= 0.1


def test_a_closed_host_refuses_those_who_wait_and_those_who_come() -> None:
    async def ask() -> list[str]:
        turns = Throttle(9, 1)
        log = Log(turns)
        tasks = [asyncio.create_task(log.work("a", 0.02)) for _ in range(3)]
        await asyncio.sleep(0.01)
        turns.close("a", 60, 60)
        late = asyncio.create_task(log.work("a"))
        ends = await asyncio.gather(*tasks, late, return_exceptions=True)
        return [type(end).__name__ for end in ends]

    assert run(ask()) == ["NoneType", "HostClosed", "HostClosed", "HostClosed"]


def test_a_closed_host_opens_in_time() -> None:
    async def ask() -> None:
        turns = Throttle(9, 1)
        turns.close("a", 0.05, 60)
        with pytest.raises(HostClosed, match="0 s without requests"):
            await _served(turns, "a")
        await asyncio.sleep(0.06)
        await _served(turns, "a")

    run(ask())


@pytest.mark.parametrize("delay", [0.0, 0.005, 0.01, 0.015, 0.02])
def test_a_cancelled_wait_loses_no_turn(delay: float) -> None:
    async def ask() -> int:
        turns = Throttle(2, 1)
        log = Log(turns)
        tasks = [asyncio.create_task(log.work("a", 0.01)) for _ in range(6)]
        await asyncio.sleep(delay)
        for task in tasks[:5]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return (await _served(turns, *"aabb", seconds=0.01)).most

    assert run(asyncio.wait_for(ask(), 5)) == 2


def test_a_turn_granted_in_the_moment_of_the_cancellation_is_given_back() -> None:
    async def ask() -> None:
        turns = Throttle(1, 1)
        log = Log(turns)
        async with turns.turn("a"):
            waiting = asyncio.create_task(log.work("a"))
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.wait_for(log.work("a"), 5)

    run(ask())


def test_an_error_within_a_turn_gives_it_back() -> None:
    async def fail(turns: Throttle) -> None:
        async with turns.turn("a"):
            raise LookupError

    async def ask() -> None:
        turns = Throttle(1, 1)
        with pytest.raises(LookupError):
            await fail(turns)
        await asyncio.wait_for(_served(turns, "a", "b"), 5)

    run(ask())


def test_a_host_that_wants_to_be_left_alone_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def close_twice() -> None:
        turns = Throttle(1, 1)
        turns.close("news.example", 3600, 120)
        turns.close("news.example", 3600, 120)

    run(close_twice())
    assert caplog.messages == ["news.example: not asked for 120 s; it wants 3600 s"]


def test_a_host_that_rests_is_logged_for_who_wants_to_know(caplog: pytest.LogCaptureFixture) -> None:
    async def rest() -> None:
        Throttle(1, 1).rest("news.example", 1.5)

    with caplog.at_level(logging.INFO, "assets.http"):
        run(rest())
    assert [(one.levelno, one.message) for one in caplog.records] == [
        (logging.INFO, "news.example: left in peace for 1.5 s")
    ]


# A host that refuses


async def _refused(asked: float, times: int, wait: bool = True) -> tuple[list[float], bool]:
    """For how long a host is closed each time that it refuses, and whether it is believed then."""
    turns, found = Throttle(9, 9), []
    for _ in range(times):
        turns.close("a", asked, 120)
        found.append(round(turns.closed_seconds("a")))
        await asyncio.sleep(found[-1] + 1 if wait else 1)
    return found, turns.is_refusing("a")


@pytest.mark.parametrize(
    ("asked", "closed"),
    [
        (999_999_999, [120, 240, 480, 960, 1920, 3600, 3600]),
        (300, [120, 240, 300, 300, 300, 300, 300]),
    ],
)
def test_a_host_that_goes_on_refusing_is_closed_for_longer_as_far_as_it_asks(
    asked: float, closed: list[int]
) -> None:
    assert run(_refused(asked, 7))[0] == closed


@pytest.mark.parametrize(("times", "is_refusing"), [(1, False), (2, False), (3, True)])
def test_three_refusals_in_a_row_are_believed(times: int, is_refusing: bool) -> None:
    assert run(_refused(3600, times))[1] == is_refusing


def test_requests_that_are_refused_together_are_one_refusal() -> None:
    closed, is_refusing = run(_refused(3600, 4, wait=False))
    assert (closed, is_refusing) == ([120, 119, 118, 117], False)


def test_an_answer_makes_a_host_one_like_any_other() -> None:
    async def ask() -> tuple[float, bool]:
        turns = Throttle(9, 9)
        for _ in range(3):
            turns.close("a", 3600, 120)
            await asyncio.sleep(3600)
        turns.note_answer("a")
        turns.close("a", 3600, 120)
        return turns.closed_seconds("a"), turns.is_refusing("a")

    assert run(ask()) == (120, False)


@pytest.mark.parametrize("is_short", [True, False])
def test_a_host_that_refused_is_asked_one_at_a_time_until_it_answers(is_short: bool) -> None:
    async def ask() -> list[int]:
        turns = Throttle(9, 4)
        if is_short:
            turns.rest("a", 1)
        else:
            turns.close("a", 3600, 1)
        await asyncio.sleep(2)
        log = Log(turns)
        tasks = [asyncio.create_task(log.work("a", 10)) for _ in range(6)]
        await asyncio.sleep(1)
        before = log.now
        turns.note_answer("a")
        await asyncio.sleep(1)
        after = log.now
        await asyncio.gather(*tasks)
        return [before, after]

    assert run(ask()) == [1, 4]


def test_rests_that_are_told_one_after_the_other_are_counted_until_an_answer_comes() -> None:
    async def ask() -> list[int]:
        turns = Throttle(9, 9)
        counts = [turns.count_refusals("a")]
        for wait in (0, 0, 2, 2):
            await asyncio.sleep(wait)
            turns.rest("a", 1)
            counts.append(turns.count_refusals("a"))
        turns.note_answer("a")
        return [*counts, turns.count_refusals("a")]

    assert run(ask()) == [0, 1, 1, 2, 3, 0]


def test_nothing_is_known_of_a_host_that_was_never_asked() -> None:
    async def ask() -> tuple[float, bool]:
        turns = Throttle(9, 9)
        return turns.closed_seconds("a"), turns.is_refusing("a")

    assert run(ask()) == (0, False)
