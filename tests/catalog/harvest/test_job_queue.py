"""Jobs handed out: hosts in rotation, few of each in hand, none lost, by a clock that nobody waits for."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable

import clocks
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import ImageReference, Page
from catalog.harvest import job_queue
from catalog.harvest.job_queue import (
    JOBS_AT_ONCE,
    JOBS_OF_A_HOST,
    JOBS_OF_FEW_HOSTS,
    JOBS_OF_NO_HOST,
    Again,
    AnyJob,
    HostQueue,
    Job,
)
from catalog.model import UsageRecord


class Hosts:
    """Hosts that want to be left alone until a moment, and those that refuse for good."""

    def __init__(self) -> None:
        self.open_at: dict[str, float] = {}
        self.refusing: set[str] = set()

    def closed_seconds(self, name: str) -> float:
        return max(0.0, self.open_at.get(name, 0.0) - asyncio.get_running_loop().time())

    def is_refusing(self, name: str) -> bool:
        return name in self.refusing


def queue_of(jobs: Iterable[AnyJob] = (), hosts: Hosts | None = None) -> HostQueue:
    hosts = hosts or Hosts()
    queue = HostQueue(hosts.closed_seconds, hosts.is_refusing)
    for job in jobs:
        queue.put(job)
    return queue


def job(host: str, number: int = 0, site: str = "news.example") -> Job:
    return Job(host, Page(site, site=site), ImageReference(f"https://{host}/{number}.jpg"), {}, True)


def jobs(*told: str) -> list[Job]:
    """Jobs by their hosts, a letter each, numbered by their order."""
    return [job(host, number) for number, host in enumerate("".join(told))]


async def got(queue: HostQueue) -> AnyJob | None:
    """The next job, None where there is none to be had."""
    try:
        return await asyncio.wait_for(queue.get(), 0.001)
    except TimeoutError:
        return None


async def all_of(queue: HostQueue) -> list[AnyJob]:
    """All that can be had without giving any back."""
    found = []
    while (one := await got(queue)) is not None:
        found.append(one)
    return found


async def one_by_one(queue: HostQueue) -> list[AnyJob]:
    """All jobs, each of which is done before the next is taken."""
    found = []
    while (one := await got(queue)) is not None:
        found.append(one)
        queue.done(one)
    return found


def order(found: Iterable[AnyJob]) -> str:
    return "".join(one.host for one in found)


def numbers(found: Iterable[AnyJob]) -> list[int]:
    return [int(one.reference.url.split("/")[-1].split(".")[0]) for one in found if isinstance(one, Job)]


def run(work: Coroutine[object, object, None]) -> None:
    clocks.run(work)


def test_hosts_are_served_in_rotation() -> None:
    async def work() -> None:
        assert order(await all_of(queue_of(jobs("aaaabbcc")))) == "abcabcaa"

    run(work())


def test_a_host_that_comes_later_has_its_turn_at_once() -> None:
    async def work() -> None:
        queue = queue_of(jobs("aaaa"))
        first = await got(queue)
        queue.put(job("b"))
        assert order(filter(None, [first, *await all_of(queue)])) == "aabaa"

    run(work())


def test_jobs_of_one_host_and_site_come_in_their_order() -> None:
    async def work() -> None:
        assert numbers(await one_by_one(queue_of(job("a", number) for number in range(50)))) == list(
            range(50)
        )

    run(work())


def test_sites_that_share_a_host_are_served_in_rotation() -> None:
    async def work() -> None:
        told = [job("cdn", number, site) for site in ("large", "small") for number in range(4)]
        found = await one_by_one(queue_of(told))
        assert [one.site for one in found] == ["large", "small"] * 4

    run(work())


def test_what_is_asked_again_waits_with_its_site() -> None:
    async def work() -> None:
        again = Again("a", UsageRecord(key="u", page="p", site="news.example"))
        assert await all_of(queue_of([again])) == [again]

    run(work())


def test_a_host_with_many_jobs_in_hand_keeps_no_other_waiting() -> None:
    async def work() -> None:
        queue = queue_of(job("slow", number) for number in range(1000))
        assert len(await all_of(queue)) == JOBS_OF_FEW_HOSTS
        for one in jobs("ab" * 20):
            queue.put(one)
        assert Counter(order(await all_of(queue))) == {"a": JOBS_OF_A_HOST, "b": JOBS_OF_A_HOST}

    run(work())


def test_what_is_in_hand_is_bounded_in_all() -> None:
    async def work() -> None:
        queue = queue_of(job(f"host{number % 100}", number) for number in range(1000))
        found = await all_of(queue)
        assert len(found) == JOBS_AT_ONCE
        queue.done(found[0])
        assert len(await all_of(queue)) == 1

    run(work())


def test_local_files_are_bounded_by_themselves() -> None:
    async def work() -> None:
        told = [*(job("", number) for number in range(500)), *(job(f"h{n % 10}", n) for n in range(200))]
        assert sum(one.host == "" for one in await all_of(queue_of(told))) == JOBS_OF_NO_HOST

    run(work())


def test_a_host_that_makes_trouble_has_fewer_in_hand_until_it_answers() -> None:
    async def work() -> None:
        queue = queue_of(job("a", number) for number in range(200))
        found = await all_of(queue)
        for one in found:
            queue.done(one, was_trouble=True)
        troubled = await all_of(queue)
        queue.done(troubled[0])
        assert (len(troubled), len(await all_of(queue))) == (1, 2)

    run(work())


def test_no_number_of_hosts_is_too_large() -> None:
    async def work() -> None:
        queue = queue_of(job(f"host{number}") for number in range(5000))
        assert len({one.host for one in await one_by_one(queue)}) == 5000

    run(work())


def test_what_does_not_fit_in_memory_waits_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "JOBS_IN_MEMORY", 10)

    async def work() -> None:
        queue = queue_of(job("ab"[number >= 100], number) for number in range(200))
        most = queue.in_memory
        found = []
        while (one := await got(queue)) is not None:
            most = max(most, queue.in_memory)
            found.append(one)
            queue.done(one)
        queue.close()
        assert most <= 10 + job_queue.JOBS_READ + 1
        assert found == [
            one
            for two in zip(range(100), range(100, 200), strict=True)
            for one in (job("a", two[0]), job("b", two[1]))
        ]

    run(work())


def test_reading_waits_where_too_many_jobs_are_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "JOBS_AHEAD", 2)

    async def work() -> None:
        queue = queue_of(jobs("aa"))
        was_full = queue.is_full
        one = await got(queue)
        assert one is not None
        queue.done(one)
        assert (was_full, queue.is_full) == (True, False)

    run(work())


def test_a_closed_host_is_passed_over_until_it_opens() -> None:
    hosts = Hosts()

    async def work() -> None:
        hosts.open_at["a"] = 60.0
        queue = queue_of(jobs("aabb"), hosts)
        assert order(await all_of(queue)) == "bb"
        await asyncio.sleep(61)
        assert order(await all_of(queue)) == "aa"

    run(work())


def test_who_waits_is_woken_when_a_host_opens() -> None:
    hosts = Hosts()

    async def work() -> None:
        hosts.open_at["a"] = 60.0
        await queue_of(jobs("a"), hosts).get()
        assert 60 <= asyncio.get_running_loop().time() < 61

    run(work())


def test_a_job_that_was_put_back_comes_first_when_its_host_opens() -> None:
    hosts = Hosts()

    async def work() -> None:
        queue = queue_of(jobs("aaa"), hosts)
        first = await queue.get()
        hosts.open_at["a"] = 60.0
        assert queue.may_wait("a")
        queue.put_back(first, "a")
        assert await got(queue) is None
        await asyncio.sleep(61)
        assert numbers(await all_of(queue)) == [0, 1, 2]

    run(work())


def test_a_job_that_waits_for_another_host_does_not_come_before_that_opens() -> None:
    hosts = Hosts()

    async def work() -> None:
        hosts.open_at["b"] = 60.0
        queue = queue_of(jobs("a"), hosts)
        queue.put_back(await queue.get(), "b")
        assert await got(queue) is None
        await asyncio.sleep(61)
        assert order(await one_by_one(queue)) == "b"
        await queue.join()

    run(work())


def test_an_open_host_is_no_reason_to_wait() -> None:
    async def work() -> None:
        assert not queue_of(jobs("a")).may_wait("a")

    run(work())


def test_joining_waits_for_a_host_that_may_open() -> None:
    hosts = Hosts()

    async def work() -> None:
        hosts.open_at["a"] = 120.0
        queue = queue_of(jobs("aa"), hosts)
        joined = asyncio.create_task(queue.join())
        queue.done(await queue.get())
        queue.done(await queue.get())
        await joined
        assert asyncio.get_running_loop().time() >= 120

    run(work())


def test_a_host_that_goes_on_refusing_is_given_up_when_nothing_else_is_left() -> None:
    hosts = Hosts()
    hosts.refusing.add("a")

    async def work() -> None:
        hosts.open_at["a"] = 3600.0
        queue = queue_of(jobs("aab"), hosts)
        joined = asyncio.create_task(queue.join())
        other = await queue.get()
        assert (other.host, await got(queue)) == ("b", None)
        queue.done(other)
        left = await all_of(queue)
        assert (order(left), queue.may_wait("a")) == ("aa", False)
        for one in left:
            queue.done(one)
        await joined
        assert asyncio.get_running_loop().time() < 10

    run(work())


def test_a_refusing_host_is_waited_for_while_more_may_come() -> None:
    hosts = Hosts()
    hosts.refusing.add("a")

    async def work() -> None:
        hosts.open_at["a"] = 3600.0
        assert await got(queue_of(jobs("a"), hosts)) is None

    run(work())


def test_who_stops_waiting_loses_no_job() -> None:
    async def work() -> None:
        queue = queue_of()
        waiting = [asyncio.create_task(queue.get()) for _ in range(3)]
        await asyncio.sleep(0)
        queue.put(job("a"))
        waiting[0].cancel()
        await asyncio.sleep(0.1)
        assert [one.done() and not one.cancelled() for one in waiting] == [False, True, False]
        waiting[2].cancel()

    run(work())


class Play:
    """A queue that is used in any way there is; `put`, `in_hand` and `done` are what the test knows of it."""

    def __init__(self, told: list[tuple[str, str]]) -> None:
        self.hosts = Hosts()
        self.queue = queue_of(hosts=self.hosts)
        self.to_come = [job(host, number, site) for number, (host, site) in enumerate(told)]
        self.in_hand: list[AnyJob] = []
        self.done: list[AnyJob] = []

    async def get(self, _number: int) -> None:
        if (one := await got(self.queue)) is not None:
            assert not self.hosts.closed_seconds(one.host)
            self.in_hand.append(one)

    async def close(self, number: int) -> None:
        self.hosts.open_at["abcdef"[number % 6]] = asyncio.get_running_loop().time() + number

    async def finish(self, number: int) -> None:
        if self.in_hand:
            self.done.append(self.in_hand.pop(number % len(self.in_hand)))
            self.queue.done(self.done[-1], was_trouble=bool(number % 2))

    async def put_back(self, number: int) -> None:
        if self.in_hand and self.queue.may_wait(self.in_hand[number % len(self.in_hand)].host):
            one = self.in_hand.pop(number % len(self.in_hand))
            self.queue.put_back(one, one.host)

    async def put(self, _number: int) -> None:
        if self.to_come:
            self.queue.put(self.to_come.pop(0))

    async def end(self) -> None:
        while self.to_come:
            await self.put(0)
        joined = asyncio.create_task(self.queue.join())
        while self.in_hand:
            await self.finish(0)
        while not joined.done():
            if (one := await got(self.queue)) is not None:
                self.in_hand.append(one)
                await self.finish(0)
            await asyncio.sleep(1)
        self.queue.close()


STEPS = [Play.get, Play.close, Play.finish, Play.put_back, Play.put]


@settings(max_examples=150, deadline=None)
@given(
    told=st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xy")), max_size=60),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 50)), max_size=120),
    memory=st.integers(0, 8),
)
def test_every_job_is_done_once_whatever_happens(
    told: list[tuple[str, str]],
    steps: list[tuple[Callable[[Play, int], Awaitable[None]], int]],
    memory: int,
) -> None:
    async def work() -> None:
        play = Play(told)
        for step, number in steps:
            await step(play, number)
        await play.end()
        assert sorted(numbers(play.done)) == list(range(len(told)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job_queue, "JOBS_IN_MEMORY", memory)
        run(work())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), max_size=80), st.integers(0, 8))
def test_rotation_is_fair_and_keeps_the_order_of_each_line(told: list[tuple[str, str]], memory: int) -> None:
    async def work() -> None:
        queue = queue_of(job(host, number, site) for number, (host, site) in enumerate(told))
        found = await one_by_one(queue)
        lines = defaultdict(list)
        for one, number in zip(found, numbers(found), strict=True):
            lines[one.host, one.site].append(number)
        assert all(line == sorted(line) for line in lines.values())
        # As long as a host has jobs, no other has two turns before it has one.
        last = {host: at for at, host in enumerate(order(found))}
        for host, end in last.items():
            turns = [at for at, one in enumerate(order(found)) if one == host]
            for begin, until in zip([-1, *turns], [*turns, end], strict=True):
                between = Counter(order(found)[begin + 1 : until])
                assert all(count <= 1 for one, count in between.items() if one != host)
        queue.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job_queue, "JOBS_IN_MEMORY", memory)
        run(work())
