from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from clocks import run

from assets.http.retries import AttemptFailed
from assets.http.robots import Robots
from assets.http.robots_cache import (
    FAULT_SECONDS,
    MAX_CRAWL_DELAY_SECONDS,
    RobotsCache,
    Ruling,
    ruling_of_body,
    ruling_of_failure,
)
from assets.model import Reason

AGENT = "Photodesk/1.0 (+https://github.com/x)"
ORIGIN = "https://news.example"
ALLOWING = Ruling(Robots.ALLOW_ALL)
FAULTY = Ruling(Robots.DISALLOW_ALL, Reason.TIMEOUT, "nothing came for 30 s")


def refusal(ruling: Ruling, path: str = "/a.jpg") -> AttemptFailed | None:
    try:
        ruling.check(ORIGIN + path, AGENT)
    except AttemptFailed as failure:
        return failure
    return None


def reason(ruling: Ruling, path: str = "/a.jpg") -> Reason | None:
    failure = refusal(ruling, path)
    return failure.reason if failure else None


def failed(
    why: Reason, status: int | None = None, *, is_unreached: bool = False, is_elsewhere: bool = False
) -> Ruling:
    failure = AttemptFailed(why, "HTTP 503", is_unreached=is_unreached)
    return ruling_of_failure(failure, status, is_elsewhere=is_elsewhere)


# Rulings


def test_what_the_rules_allow_may_be_asked() -> None:
    assert refusal(ruling_of_body(b"User-agent: *\nDisallow: /private/")) is None


def test_what_the_rules_disallow_may_not() -> None:
    assert reason(ruling_of_body(b"User-agent: *\nDisallow: /private/"), "/private/a.jpg") is Reason.ROBOTS


def test_it_is_said_that_the_rules_disallow_it() -> None:
    failure = refusal(Ruling(Robots.DISALLOW_ALL))
    assert failure is not None
    assert failure.detail == "robots.txt disallows it"


@pytest.mark.parametrize("ruling", [Ruling(Robots.DISALLOW_ALL), FAULTY])
def test_what_may_not_be_asked_is_not_tried_again(ruling: Ruling) -> None:
    failure = refusal(ruling)
    assert failure is not None
    assert failure.is_final


def test_where_nothing_may_be_asked_the_reason_is_told() -> None:
    failure = refusal(FAULTY)
    assert failure is not None
    assert (failure.reason, failure.detail) == (Reason.TIMEOUT, "nothing came for 30 s")


def test_a_reason_forbids_even_what_the_rules_allow() -> None:
    assert reason(Ruling(Robots.ALLOW_ALL, Reason.DNS)) is Reason.DNS


def test_bytes_that_are_no_text_are_passed_over() -> None:
    assert reason(ruling_of_body(b"\xff\xfe\nUser-agent: *\nDisallow: /")) is Reason.ROBOTS


@pytest.mark.parametrize(
    ("delay", "seconds"),
    [(b"5", 5.0), (b"30", MAX_CRAWL_DELAY_SECONDS), (b"31", 30.0), (b"86400", 30.0), (b"0", 0.0)],
)
def test_the_site_may_ask_for_time_between_requests(delay: bytes, seconds: float) -> None:
    assert ruling_of_body(b"User-agent: *\nCrawl-delay: " + delay).delay_seconds(AGENT) == seconds


def test_a_site_that_asks_for_no_time_gets_none() -> None:
    assert ALLOWING.delay_seconds(AGENT) == 0.0


# Where robots.txt was not got


@pytest.mark.parametrize("why", [Reason.EMPTY, Reason.TOO_MANY_REDIRECTS])
def test_a_robots_txt_that_is_as_good_as_none_allows_all(why: Reason) -> None:
    assert failed(why, 200) == ALLOWING


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 499])
def test_a_robots_txt_that_is_not_there_allows_all(status: int) -> None:
    assert failed(Reason.GONE, status) == ALLOWING


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_to_give_it_forbids_all(status: int) -> None:
    assert reason(failed(Reason.SERVER_ERROR, status)) is Reason.ROBOTS


def test_it_is_said_why_it_could_not_be_had() -> None:
    detail = "robots.txt could not be had (server error: HTTP 503), which forbids all"
    assert failed(Reason.SERVER_ERROR, 503).detail == detail


def test_a_timeout_on_the_way_forbids_all() -> None:
    assert reason(failed(Reason.TIMEOUT)) is Reason.ROBOTS


def test_of_a_host_that_is_not_reached_the_true_reason_is_told() -> None:
    ruling = failed(Reason.DNS, is_unreached=True)
    assert ruling == Ruling(Robots.DISALLOW_ALL, Reason.DNS, "HTTP 503")


def test_another_host_that_is_not_reached_is_not_the_reason() -> None:
    ruling = failed(Reason.DNS, is_unreached=True, is_elsewhere=True)
    assert ruling.reason is Reason.ROBOTS


# Remembered


class Site:
    """Answers for robots.txt files, one ruling after the other and the last for ever; counts the questions."""

    def __init__(self, *rulings: Ruling, seconds: float = 0.0) -> None:
        self.asked: list[str] = []
        self._rulings = rulings
        self._seconds = seconds

    async def __call__(self, address: str) -> Ruling:
        self.asked.append(address)
        await asyncio.sleep(self._seconds)
        return self._rulings[min(len(self.asked), len(self._rulings)) - 1]


def remembered(site: Site, work: Callable[[RobotsCache], Awaitable[object]]) -> object:
    async def worked() -> object:
        cache = RobotsCache(site)
        try:
            return await work(cache)
        finally:
            await cache.close()

    return run(worked())


def test_an_origin_is_asked_for_its_robots_txt() -> None:
    site = Site(ALLOWING)
    remembered(site, lambda cache: cache.ruling(ORIGIN))
    assert site.asked == ["https://news.example/robots.txt"]


def test_the_ruling_is_what_the_site_says() -> None:
    assert remembered(Site(FAULTY), lambda cache: cache.ruling(ORIGIN)) is FAULTY


def test_an_origin_is_asked_once_for_the_run() -> None:
    site = Site(ALLOWING)

    async def twice(cache: RobotsCache) -> None:
        await cache.ruling(ORIGIN)
        await asyncio.sleep(10 * FAULT_SECONDS)
        await cache.ruling(ORIGIN)

    remembered(site, twice)
    assert len(site.asked) == 1


def test_who_comes_while_it_is_asked_waits_for_the_same_ruling() -> None:
    site = Site(ALLOWING, seconds=5)
    remembered(site, lambda cache: asyncio.gather(cache.ruling(ORIGIN), cache.ruling(ORIGIN)))
    assert len(site.asked) == 1


def test_each_origin_is_asked_for_its_own() -> None:
    site = Site(ALLOWING)
    other = "http://news.example"
    remembered(site, lambda cache: asyncio.gather(cache.ruling(ORIGIN), cache.ruling(other)))
    assert site.asked == ["https://news.example/robots.txt", "http://news.example/robots.txt"]


def after(seconds: float) -> Callable[[RobotsCache], Awaitable[Ruling]]:
    async def asked_again(cache: RobotsCache) -> Ruling:
        await cache.ruling(ORIGIN)
        await asyncio.sleep(seconds)
        return await cache.ruling(ORIGIN)

    return asked_again


def test_a_fault_is_remembered_for_a_while() -> None:
    assert remembered(Site(FAULTY, ALLOWING), after(FAULT_SECONDS - 1)) is FAULTY


def test_after_a_fault_it_is_asked_anew() -> None:
    assert remembered(Site(FAULTY, ALLOWING), after(FAULT_SECONDS + 1)) is ALLOWING


def test_rules_that_forbid_all_are_no_fault() -> None:
    closed = Ruling(Robots.DISALLOW_ALL)
    assert remembered(Site(closed, ALLOWING), after(FAULT_SECONDS + 1)) is closed


def test_who_stops_waiting_does_not_stop_it_for_the_others() -> None:
    async def one_stops(cache: RobotsCache) -> Ruling:
        first = asyncio.create_task(cache.ruling(ORIGIN))
        second = asyncio.create_task(cache.ruling(ORIGIN))
        await asyncio.sleep(1)
        first.cancel()
        return await second

    assert remembered(Site(ALLOWING, seconds=5), one_stops) is ALLOWING


def test_closing_stops_what_is_being_asked() -> None:
    async def closed() -> bool:
        cache = RobotsCache(Site(ALLOWING, seconds=1_000_000))
        waiting = asyncio.create_task(cache.ruling(ORIGIN))
        await asyncio.sleep(1)
        await cache.close()
        await asyncio.wait([waiting])
        return waiting.cancelled()

    assert run(closed())


def test_closing_takes_no_time() -> None:
    async def closed() -> float:
        cache = RobotsCache(Site(ALLOWING, seconds=1_000_000))
        waiting = asyncio.create_task(cache.ruling(ORIGIN))
        await asyncio.sleep(1)
        await cache.close()
        await asyncio.wait([waiting])
        return asyncio.get_running_loop().time()

    assert run(closed()) < 2


def test_a_ruling_for_which_nobody_was_asked_is_not_remembered() -> None:
    unasked = Ruling(Robots.DISALLOW_ALL, Reason.RATE_LIMITED)
    assert remembered(Site(unasked, ALLOWING), after(1)) is ALLOWING
