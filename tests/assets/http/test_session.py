"""Redirects, robots.txt, retries, conditional requests and manners, against real servers."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from downloads import NOON, QUICK, Got, document, downloader, picture, resolving
from patience import PATIENCE_SECONDS, soon
from servers import Answer, Line, Request, Route, Script, Server, redirect

from assets.http.bodies import MemorySink
from assets.http.credentials import Credentials
from assets.http.limits import Limits
from assets.http.retries import RetryPolicy
from assets.http.session import REFUSALS_BORNE
from assets.model import Fetch, Outcome, Reason, Validators

JPEG = b"\xff\xd8\xff\xe0 a picture"
PICTURE = Answer(JPEG, content_type="image/jpeg")
TRYING = replace(QUICK, attempts=3)


def robots(body: str) -> Answer:
    return Answer(body.encode(), content_type="text/plain")


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    """A route that gives one answer after the other, and the last for ever."""
    rest = itertools.chain(answers, itertools.repeat(answers[-1]))
    return lambda _request: next(rest)


def pictures(server: Server, addresses: list[str], limits: Limits = QUICK, **options: object) -> list[Fetch]:
    """Pictures asked for at once, by one downloader."""

    async def ask() -> list[Fetch]:
        async with downloader(server, limits=limits, **options) as asking, asyncio.timeout(PATIENCE_SECONDS):
            return await asyncio.gather(*(asking.picture(address, MemorySink()) for address in addresses))

    return asyncio.run(ask())


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int) -> None:
    with Server({"/a.jpg": redirect("../up/b.jpg#top", status), "/up/b.jpg": PICTURE}) as server:
        fetch = picture(server, "/a.jpg").fetch
        assert (fetch.outcome, fetch.url, fetch.final_url) == (
            Outcome.FETCHED,
            server.url("/a.jpg"),
            server.url("/up/b.jpg"),
        )


def test_bytes_of_a_location_that_are_not_utf8_are_kept() -> None:
    with Server({"/a.jpg": redirect("/\xfc.jpg"), "/%FC.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg").fetch.outcome is Outcome.FETCHED


@pytest.mark.parametrize("location", ["/a.jpg", "/b.jpg"])
def test_a_circle_of_redirects_is_seen(location: str) -> None:
    with Server({"/a.jpg": redirect(location), "/b.jpg": redirect("/a.jpg")}) as server:
        fetch = picture(server, "/a.jpg").fetch
        assert (fetch.outcome, fetch.reason) == (Outcome.FAILED, Reason.TOO_MANY_REDIRECTS)
        assert len(server.asked("/a.jpg")) == 1


def test_an_endless_row_of_redirects_ends_at_the_cap() -> None:
    with Server(fallback=lambda request: redirect(request.path + "x")) as server:
        fetch = picture(server, "/a", respect_robots=False).fetch
        assert (fetch.reason, fetch.status, len(server.requests)) == (Reason.TOO_MANY_REDIRECTS, 302, 5)


def test_a_redirect_carries_no_password_and_no_referrer_to_another_host() -> None:
    with Server({"/b.jpg": PICTURE}) as other:
        location = other.url("/b.jpg").replace("//", "//desk:secret@")
        with Server({"/a.jpg": redirect(location)}) as server:
            [fetch] = pictures(
                server,
                [server.url("/a.jpg")],
                allow_addresses=frozenset({server.host_port, other.host_port}),
            )
        assert fetch.final_url == other.url("/b.jpg")
        assert not {"authorization", "referer", "cookie"} & other.asked("/b.jpg")[0].headers.keys()


# The page that shows a picture


def test_a_picture_is_asked_for_on_behalf_of_the_origin_of_its_page() -> None:
    with Server({"/a.jpg": PICTURE}) as server:
        picture(server, "/a.jpg", referer="http://desk:secret@news.example:8080/draft/7?key=secret#a")
        assert server.asked("/a.jpg")[0].headers["referer"] == "http://news.example:8080/"


@pytest.mark.parametrize("page", ["", "saved/page.html", "/home/ada/page.html", "https://news.example/a"])
def test_nothing_is_told_of_a_file_nor_of_a_page_that_is_safer_than_the_picture(page: str) -> None:
    with Server({"/a.jpg": PICTURE}) as server:
        picture(server, "/a.jpg", referer=page)
        assert "referer" not in server.asked("/a.jpg")[0].headers


def test_another_host_to_which_a_redirect_leads_is_told_the_origin_of_the_page() -> None:
    with Server({"/b.jpg": PICTURE}) as other, Server({"/a.jpg": redirect(other.url("/b.jpg"))}) as server:
        allowed = frozenset({server.host_port, other.host_port})
        picture(server, "/a.jpg", referer=server.url("/story/"), allow_addresses=allowed)
        assert other.asked("/b.jpg")[0].headers["referer"] == server.url("/")


def test_robots_txt_is_told_of_no_page() -> None:
    with Server({"/a.jpg": PICTURE}) as server:
        picture(server, "/a.jpg", referer=server.url("/story/"))
        assert "referer" not in server.asked("/robots.txt")[0].headers


# Passwords for one's own sites


AUTHORIZATION = "Basic YWRhOnNlY3JldA=="


def guarded(request: Request) -> Answer:
    return PICTURE if request.headers.get("authorization") == AUTHORIZATION else Answer(status=401)


def own(*servers: Server) -> Credentials:
    return Credentials({server.base: AUTHORIZATION for server in servers})


def test_an_own_site_is_told_the_password_without_asking_for_it() -> None:
    with Server({"/a.jpg": guarded}) as server:
        fetch = picture(server, "/a.jpg", credentials=own(server)).fetch
        assert (fetch.outcome, len(server.asked("/a.jpg"))) == (Outcome.FETCHED, 1)


def test_documents_and_robots_txt_of_an_own_site_are_asked_for_with_it_too() -> None:
    with Server({"/post": guarded}) as server:
        document(server, "/post", credentials=own(server))
        sent = {request.path: request.headers.get("authorization") for request in server.requests}
        assert sent == {"/robots.txt": AUTHORIZATION, "/post": AUTHORIZATION}


def test_without_the_password_an_own_site_is_closed() -> None:
    with Server({"/a.jpg": guarded}) as server:
        assert picture(server, "/a.jpg").fetch.reason is Reason.UNAUTHORIZED


def test_another_port_of_the_host_is_told_no_password() -> None:
    with Server() as own_server, Server({"/a.jpg": PICTURE}) as server:
        picture(server, "/a.jpg", credentials=own(own_server))
        assert "authorization" not in server.asked("/a.jpg")[0].headers


def test_a_redirect_to_another_port_takes_no_password_along() -> None:
    with Server({"/b.jpg": PICTURE}) as other, Server({"/a.jpg": redirect(other.url("/b.jpg"))}) as server:
        allowed = frozenset({server.host_port, other.host_port})
        picture(server, "/a.jpg", allow_addresses=allowed, credentials=own(server))
        assert "authorization" in server.asked("/a.jpg")[0].headers
        assert "authorization" not in other.asked("/b.jpg")[0].headers


def test_a_redirect_from_elsewhere_does_not_use_the_password_of_an_own_site() -> None:
    with Server({"/b.jpg": PICTURE}) as mine, Server({"/a.jpg": redirect(mine.url("/b.jpg"))}) as server:
        allowed = frozenset({server.host_port, mine.host_port})
        picture(server, "/a.jpg", allow_addresses=allowed, credentials=own(mine))
        assert "authorization" not in mine.asked("/b.jpg")[0].headers


def test_a_redirect_within_an_own_site_goes_on_with_the_password() -> None:
    with Server({"/a.jpg": redirect("/b.jpg"), "/b.jpg": guarded}) as server:
        assert picture(server, "/a.jpg", credentials=own(server)).fetch.outcome is Outcome.FETCHED


def test_a_strangers_page_does_not_use_the_password_of_an_own_site() -> None:
    with Server({"/a.jpg": guarded}) as server:
        asked = picture(server, "/a.jpg", referer="http://stranger.example/", credentials=own(server))
        assert asked.fetch.reason is Reason.UNAUTHORIZED


def test_a_page_of_an_own_site_gets_its_pictures() -> None:
    with Server({"/a.jpg": guarded}) as server:
        asked = picture(server, "/a.jpg", referer=server.url("/draft/"), credentials=own(server))
        assert asked.fetch.outcome is Outcome.FETCHED


def test_no_log_and_no_fetch_holds_a_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Server({"/a.jpg": Answer(status=503)}) as server:
        fetch = picture(server, "/a.jpg", limits=TRYING, credentials=own(server)).fetch
    assert caplog.messages
    assert AUTHORIZATION.split()[1] not in f"{caplog.text} {fetch}"


def test_who_has_credentials_can_be_asked() -> None:
    with Server() as server:
        asking = downloader(server, credentials=own(server))
        assert asking.has_credentials(server.url("/wp-json/"))
        assert not asking.has_credentials("https://news.example/wp-json/")


# robots.txt


def test_what_robots_txt_disallows_is_not_asked() -> None:
    with Server({"/robots.txt": robots("User-agent: *\nDisallow: /up/"), "/up/a.jpg": PICTURE}) as server:
        fetch = picture(server, "/up/a.jpg").fetch
        assert (fetch.outcome, fetch.reason, fetch.attempts) == (Outcome.REFUSED, Reason.ROBOTS, 0)
        assert fetch.detail == "robots.txt disallows it"
        assert server.paths == ["/robots.txt"]


def test_robots_txt_counts_for_documents_too() -> None:
    with Server({"/robots.txt": robots("User-agent: photodesk\nDisallow: /")}) as server:
        assert document(server, "/post").fetch.reason is Reason.ROBOTS


def test_robots_txt_can_be_left_unasked() -> None:
    with Server({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/a.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg", respect_robots=False).fetch.outcome is Outcome.FETCHED
        assert server.paths == ["/a.jpg"]


def list_sitemaps(server: Server, *before: str) -> tuple[str, ...]:
    """The sitemaps that the server's robots.txt names, after these paths were asked for."""

    async def ask() -> tuple[str, ...]:
        async with downloader(server) as asking:
            for path in before:
                await asking.document(server.url(path))
            return await asking.list_sitemaps(server.url("/a/story/"))

    return asyncio.run(ask())


def test_sitemaps_named_in_robots_txt_are_told_absolute_and_once() -> None:
    named = "Sitemap: /a.xml\nSitemap: https://maps.example/b.xml\nSitemap: /a.xml\nSitemap: mailto:x"
    with Server({"/robots.txt": robots(named)}) as server:
        assert list_sitemaps(server) == (server.url("/a.xml"), "https://maps.example/b.xml")


def test_a_site_without_robots_txt_names_no_sitemaps() -> None:
    with Server() as server:
        assert list_sitemaps(server) == ()


def test_robots_txt_that_was_asked_for_is_not_asked_for_its_sitemaps_again() -> None:
    with Server({"/robots.txt": robots("Sitemap: /a.xml")}, fallback=PICTURE) as server:
        list_sitemaps(server, "/page/")
        assert len(server.asked("/robots.txt")) == 1


def test_robots_txt_is_asked_once_however_many_want_to_know() -> None:
    slow = Answer(b"", delay_seconds=0.1)
    with Server({"/robots.txt": slow}, fallback=PICTURE) as server:
        fetches = pictures(server, [server.url(f"/{n}.jpg") for n in range(20)])
        assert {fetch.outcome for fetch in fetches} == {Outcome.FETCHED}
        assert len(server.asked("/robots.txt")) == 1


def test_who_stops_waiting_for_robots_txt_does_not_stop_it_for_others() -> None:
    async def ask(server: Server) -> Fetch:
        async with downloader(server) as asking:
            first = asyncio.create_task(asking.picture(server.url("/a.jpg"), MemorySink()))
            second = asyncio.create_task(asking.picture(server.url("/b.jpg"), MemorySink()))
            await soon(lambda: server.asked("/robots.txt"))
            first.cancel()
            left.set()
            return await second

    left = threading.Event()

    async def late(_request: Request, line: Line) -> None:
        await asyncio.to_thread(left.wait, PATIENCE_SECONDS)
        await line.send(bytes(Answer(b"")))

    with Server({"/robots.txt": late}, fallback=PICTURE) as server:
        assert asyncio.run(ask(server)).outcome is Outcome.FETCHED
        assert server.paths == ["/robots.txt", "/b.jpg"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=401),
        Answer(status=403),
        Answer(status=404),
        Answer(status=410),
        Answer(b""),
        Answer(b"<!DOCTYPE html><p>Disallow: /"),
        redirect("/robots.txt"),
    ],
)
def test_a_robots_txt_that_is_not_there_allows_everything(answer: Answer) -> None:
    with Server({"/robots.txt": answer, "/a.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg").fetch.outcome is Outcome.FETCHED


async def _hang_up(_request: Request, _line: Line) -> None:
    """An answer that does not come."""


async def _be_silent(_request: Request, line: Line) -> None:
    await line.pause(3600)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(status=500), "server error: HTTP 500"),
        (Answer(status=503), "server error: HTTP 503"),
        (Answer(b"abc", headers={"Content-Length": "9"}), "truncated"),
        (Answer(b"abc", headers={"Content-Encoding": "br"}), "bad response"),
        (_hang_up, "connection lost"),
        (_be_silent, "timeout"),
    ],
)
def test_a_robots_txt_that_the_server_fails_to_give_forbids_everything(answer: Route, told: str) -> None:
    with Server({"/robots.txt": answer, "/a.jpg": PICTURE}) as server:
        limits = replace(QUICK, stall_seconds=0.2) if answer is _be_silent else QUICK
        fetch = picture(server, "/a.jpg", limits=limits).fetch
        assert (fetch.outcome, fetch.reason) == (Outcome.REFUSED, Reason.ROBOTS)
        assert told in fetch.detail
        assert server.asked("/a.jpg") == []


def test_a_robots_txt_that_fails_for_a_moment_is_asked_again() -> None:
    answers = in_turn(Answer(status=503), robots("User-agent: *\nDisallow: /x"))
    with Server({"/robots.txt": answers, "/a.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg", limits=TRYING).fetch.outcome is Outcome.FETCHED


def test_a_robots_txt_behind_redirects_counts_for_where_it_was_asked() -> None:
    with Server({"/rules": robots("User-agent: *\nDisallow: /a.jpg")}, fallback=PICTURE) as other:
        routes = {"/robots.txt": redirect(other.url("/rules")), "/a.jpg": PICTURE}
        other.routes["/robots.txt"] = Answer(status=404)
        with Server(routes) as server:
            addresses = [server.url("/a.jpg"), other.url("/a.jpg")]
            allowed = frozenset({server.host_port, other.host_port})
            fetches = pictures(server, addresses, allow_addresses=allowed)
    assert [fetch.reason for fetch in fetches] == [Reason.ROBOTS, None]


def test_five_redirects_to_a_robots_txt_are_followed_and_a_sixth_is_not() -> None:
    rules = robots("User-agent: *\nDisallow: /")
    for count, expected in ((5, Reason.ROBOTS), (6, None)):
        routes: dict[str, Route] = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, count)}
        routes |= {"/robots.txt": redirect("/1"), f"/{count}": rules, "/a.jpg": PICTURE}
        with Server(routes) as server:
            assert picture(server, "/a.jpg").fetch.reason is expected


def test_a_robots_txt_that_leads_to_a_private_address_forbids_everything() -> None:
    with Server({"/robots.txt": redirect("http://10.0.0.1/robots.txt"), "/a.jpg": PICTURE}) as server:
        fetch = picture(server, "/a.jpg").fetch
    assert fetch.reason is Reason.ROBOTS
    assert "10.0.0.1" in fetch.detail


@pytest.mark.parametrize(("padding", "expected"), [(500_000, Reason.ROBOTS), (513_000, None)])
def test_of_a_robots_txt_500_kib_count(padding: int, expected: Reason | None) -> None:
    body = "#" * 99 + "\n"
    rules = robots("User-agent: *\n" + body * (padding // 100) + "Disallow: /\n" + body * 90_000)
    with Server({"/robots.txt": rules, "/a.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg").fetch.reason is expected


def test_a_packed_robots_txt_is_read() -> None:
    rules = Answer(gzip.compress(b"User-agent: *\nDisallow: /"), headers={"Content-Encoding": "gzip"})
    with Server({"/robots.txt": rules, "/a.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg").fetch.reason is Reason.ROBOTS


def test_each_hop_asks_the_robots_txt_of_its_own_origin() -> None:
    with Server({"/robots.txt": robots("User-agent: *\nDisallow: /"), "/b.jpg": PICTURE}) as other:
        with Server({"/a.jpg": redirect(other.url("/b.jpg"))}) as server:
            allowed = frozenset({server.host_port, other.host_port})
            [fetch] = pictures(server, [server.url("/a.jpg")], allow_addresses=allowed)
        assert (fetch.outcome, fetch.reason, fetch.attempts) == (Outcome.REFUSED, Reason.ROBOTS, 1)
        assert fetch.final_url == other.url("/b.jpg")
        assert other.paths == ["/robots.txt"]


@pytest.mark.parametrize("status", [200, 304])
def test_a_picture_tagged_against_keeping_is_refused(status: int) -> None:
    tagged = Answer(JPEG if status == 200 else b"", status=status, headers={"X-Robots-Tag": "noindex, NoAI"})
    with Server({"/a.jpg": tagged}) as server:
        got = picture(server, "/a.jpg", validators=Validators('"1"'))
    assert (got.fetch.outcome, got.fetch.reason) == (Outcome.REFUSED, Reason.ROBOTS_TAG)
    assert (got.fetch.detail, got.data) == ("X-Robots-Tag: noai", b"")
    assert ("x-robots-tag", "noindex, NoAI") in got.fetch.headers


@pytest.mark.parametrize("tag", ["noindex", "googlebot: noai", "photodesk: all"])
def test_a_tag_about_something_else_refuses_nothing(tag: str) -> None:
    with Server({"/a.jpg": Answer(JPEG, headers={"X-Robots-Tag": tag})}) as server:
        assert picture(server, "/a.jpg").fetch.outcome is Outcome.FETCHED


def test_the_tag_is_about_pictures_and_can_be_ignored() -> None:
    with Server({"/a": Answer(JPEG, headers={"X-Robots-Tag": "photodesk: noimageindex"})}) as server:
        assert document(server, "/a").fetch.outcome is Outcome.FETCHED
        assert picture(server, "/a").fetch.reason is Reason.ROBOTS_TAG
        assert picture(server, "/a", respect_robots_tag=False).fetch.outcome is Outcome.FETCHED


# Asking again


@pytest.mark.parametrize(
    "bad", [Answer(status=500), Answer(status=429), Answer(b"x", headers={"Content-Length": "9"})]
)
def test_a_passing_fault_is_asked_again(bad: Answer) -> None:
    with Server({"/a.jpg": in_turn(bad, bad, PICTURE)}) as server:
        got = picture(server, "/a.jpg", limits=TRYING)
    assert (got.fetch.outcome, got.fetch.attempts, got.data) == (Outcome.FETCHED, 3, JPEG)


def test_a_fault_that_does_not_pass_ends_with_the_attempts() -> None:
    with Server({"/a.jpg": Answer(status=502)}) as server:
        fetch = picture(server, "/a.jpg", limits=TRYING).fetch
        assert (fetch.reason, fetch.status, fetch.attempts) == (Reason.SERVER_ERROR, 502, 3)
        assert len(server.asked("/a.jpg")) == 3


@pytest.mark.parametrize(
    "answer", [Answer(status=404), Answer(status=403), Answer(b""), Answer(bytes(200_000))]
)
def test_what_will_say_the_same_again_is_asked_once(answer: Answer) -> None:
    with Server({"/a.jpg": answer}) as server:
        picture(server, "/a.jpg", limits=TRYING)
        assert len(server.asked("/a.jpg")) == 1


def test_a_document_that_fails_otherwise_in_the_end_has_no_old_error_body() -> None:
    answers = in_turn(Answer(b"busy", status=500), Answer(b"x", headers={"Content-Length": "9"}))
    with Server({"/a": answers}) as server:
        body = document(server, "/a", limits=TRYING)
    assert (body.fetch.reason, body.data) == (Reason.TRUNCATED, b"")


def test_retries_print_and_log_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with Server({"/a.jpg": Answer(status=500)}) as server:
        picture(server, "/a.jpg", limits=TRYING)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_retry_is_logged_for_who_wants_to_know_without_what_may_be_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.INFO, "assets.http"),
        Server({"/a.jpg": in_turn(Answer(status=500), PICTURE)}) as server,
    ):
        picture(server, "/a.jpg?key=secret", limits=TRYING)
    assert caplog.messages == [f"{server.url('/a.jpg')}: asked again after: server error"]


def test_a_robots_txt_that_cannot_be_had_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with Server({"/robots.txt": Answer(status=500)}, fallback=PICTURE) as server:
        pictures(server, [server.url("/a.jpg"), server.url("/b.jpg")])
    assert caplog.messages == [
        f"{server.url('/robots.txt')} could not be had, which forbids all: server error"
    ]


def _waited(server: Server, path: str) -> float:
    first, second = server.asked(path)[:2]
    return second.at - first.at


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[str | float]:
    """What is waited for before other attempts: seconds, or the usual."""
    found: list[str | float] = []
    wait_before_next = RetryPolicy.wait_before_next

    def noted(policy: RetryPolicy, error: Exception) -> bool | float:
        wait = wait_before_next(policy, error)
        if wait is not False:
            found.append("the usual" if wait is True else wait)
        return wait

    monkeypatch.setattr(RetryPolicy, "wait_before_next", noted)
    return found


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(status: int, waits: list[str | float]) -> None:
    busy = Answer(status=status, headers={"Retry-After": "1"})
    with Server({"/a.jpg": in_turn(busy, PICTURE)}) as server:
        assert picture(server, "/a.jpg", limits=TRYING).fetch.outcome is Outcome.FETCHED
        assert _waited(server, "/a.jpg") >= 1.0
    assert waits == [1.0]


def test_retry_after_as_a_date_is_waited_for(waits: list[str | float]) -> None:
    date = format_datetime(NOON + timedelta(seconds=1), usegmt=True)
    with Server({"/a.jpg": in_turn(Answer(status=429, headers={"Retry-After": date}), PICTURE)}) as server:
        assert picture(server, "/a.jpg", limits=TRYING, clock=lambda: NOON).fetch.attempts == 2
        assert _waited(server, "/a.jpg") >= 1.0
    assert waits == [1.0]


@pytest.mark.parametrize("value", ["soon", "-1", "1e3", "", "0", "Sat, 01 Jan 2000 00:00:00 GMT", "\x80"])
def test_a_retry_after_without_sense_is_an_ordinary_failure(value: str, waits: list[str | float]) -> None:
    busy = Answer(status=429, headers={"Retry-After": value})
    with Server({"/a.jpg": in_turn(busy, PICTURE)}) as server:
        assert picture(server, "/a.jpg", limits=TRYING).fetch.outcome is Outcome.FETCHED
    assert waits == ["the usual"]


@pytest.mark.parametrize("value", ["978307200", "9" * 400, "Fri, 01 Jan 2055 00:00:00 GMT"])
def test_a_retry_after_of_31_years_is_not_waited_for(value: str) -> None:
    with Server({"/a.jpg": Answer(status=429, headers={"Retry-After": value})}) as server:
        fetch = picture(server, "/a.jpg", limits=TRYING).fetch
        assert (fetch.reason, fetch.attempts) == (Reason.RATE_LIMITED, 1)
        assert fetch.detail.startswith("HTTP 429, Retry-After ")


def test_a_host_that_wants_more_patience_than_we_have_is_asked_no_more() -> None:
    busy = Answer(status=429, headers={"Retry-After": "3600"})
    with Server(fallback=busy) as server:
        addresses = [server.url(f"/{n}.jpg") for n in range(20)]
        # Whoever waited would be waited for in vain.
        limits = replace(TRYING, backoff_seconds=3600)
        fetches = pictures(server, addresses, limits=limits, respect_robots=False, connections_per_host=2)
        assert {fetch.reason for fetch in fetches} == {Reason.RATE_LIMITED}
        assert len(server.requests) <= 2


def later(server: Server, first: str, *others: str, limits: Limits = TRYING) -> list[Fetch]:
    """A picture whose host wants to be left alone, and others that are asked for when it may be asked again."""

    async def ask() -> list[Fetch]:
        async with downloader(server, limits=limits) as asking, asyncio.timeout(PATIENCE_SECONDS):
            fetches = [await asking.picture(server.url(first), MemorySink())]
            closed = asking.closed_seconds(f"{server.host}:{server.port}")
            assert 0 < closed <= limits.max_retry_after_seconds
            await asyncio.sleep(closed + 0.01)
            more = (asking.picture(server.url(one), MemorySink()) for one in others)
            return [*fetches, *await asyncio.gather(*more)]

    return asyncio.run(ask())


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["999999999", "Fri, 01 Jan 2055 00:00:00 GMT"])
def test_a_host_that_refused_one_picture_for_31_years_gives_the_others(status: int, value: str) -> None:
    busy = Answer(status=status, headers={"Retry-After": value})
    limits = replace(TRYING, max_retry_after_seconds=0.2)
    with Server({"/bad.jpg": busy, "/robots.txt": Answer(status=404)}, fallback=PICTURE) as server:
        outcomes = [
            one.outcome for one in later(server, "/bad.jpg", *(f"/{n}.jpg" for n in range(9)), limits=limits)
        ]
    assert outcomes == [Outcome.FAILED, *[Outcome.FETCHED] * 9]


def test_a_robots_txt_that_is_refused_for_long_is_asked_for_again() -> None:
    busy = Answer(status=503, headers={"Retry-After": "3600"})
    limits = replace(TRYING, max_retry_after_seconds=0.2)
    answers = in_turn(busy, Answer(status=404))
    with Server({"/robots.txt": lambda request: answers(request)}, fallback=PICTURE) as server:
        first, second = later(server, "/a.jpg", "/b.jpg", limits=limits)
    assert (first.reason, first.attempts, second.outcome) == (Reason.RATE_LIMITED, 0, Outcome.FETCHED)


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "1"}])
def test_a_host_that_asks_for_one_short_rest_after_the_other_is_left_alone(headers: dict[str, str]) -> None:
    limits = replace(TRYING, attempts=100, backoff_seconds=0.01, max_retry_after_seconds=1.0)
    with Server(fallback=Answer(status=429, headers=headers)) as server:
        addresses = [server.url(f"/{n}.jpg") for n in range(4)]
        fetches = pictures(server, addresses, limits=limits, respect_robots=False, connections_per_host=1)
        assert {fetch.reason for fetch in fetches} == {Reason.RATE_LIMITED}
        assert len(server.requests) == REFUSALS_BORNE + 1


def test_an_overloaded_host_is_left_in_peace_by_everyone() -> None:
    answers = in_turn(Answer(status=429, headers={"Retry-After": "1"}), PICTURE)
    with Server(fallback=lambda request: answers(request)) as server:
        addresses = [server.url(f"/{n}.jpg") for n in range(5)]
        fetches = pictures(server, addresses, limits=TRYING, respect_robots=False, connections_per_host=1)
        assert {fetch.outcome for fetch in fetches} == {Outcome.FETCHED}
        assert server.requests[1].at - server.requests[0].at >= 1.0


# Unchanged


def versioned(etag: str = '"1"', modified: str = "") -> Callable[[Request], Answer]:
    """A picture that answers 304 to its validators."""
    headers = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}

    def answer(request: Request) -> Answer:
        asked = (request.headers.get("if-none-match", ""), request.headers.get("if-modified-since", ""))
        if any(asked) and asked == (etag, modified):
            return Answer(status=304)
        return Answer(JPEG, headers=headers)

    return answer


def again(server: Server, path: str) -> tuple[Got, Got]:
    """A picture asked for twice, the second time with what the first answer gave."""
    first = picture(server, path)
    return first, picture(server, path, validators=first.fetch.validators)


@pytest.mark.parametrize(
    ("etag", "modified"),
    [('"1"', ""), ('W/"1"', ""), ("", "Sat, 23 Aug 2025 04:41:03 GMT"), ("bare-tag", "yesterday")],
)
def test_an_unchanged_picture_moves_no_body(etag: str, modified: str) -> None:
    with Server({"/a.jpg": versioned(etag, modified)}) as server:
        first, second = again(server, "/a.jpg")
    assert (second.fetch.outcome, second.fetch.status, second.data) == (Outcome.UNCHANGED, 304, b"")
    assert (second.fetch.length, second.fetch.sha256, second.fetch.reason) == (0, "", None)
    assert second.fetch.validators == first.fetch.validators


def test_a_304_may_bring_new_validators() -> None:
    with Server({"/a.jpg": Answer(status=304, headers={"ETag": '"2"'})}) as server:
        fetch = picture(server, "/a.jpg", validators=Validators('"1"', "yesterday")).fetch
        assert fetch.validators == Validators('"2"', "yesterday", server.url("/a.jpg"))


def test_a_changed_picture_comes_whole() -> None:
    with Server({"/a.jpg": versioned('"2"')}) as server:
        got = picture(server, "/a.jpg", validators=Validators('"1"'))
    assert (got.fetch.outcome, got.data, got.fetch.validators.etag) == (Outcome.FETCHED, JPEG, '"2"')


def test_a_picture_behind_a_redirect_is_found_unchanged() -> None:
    with Server({"/a.jpg": redirect("/b.jpg"), "/b.jpg": versioned()}) as server:
        _, second = again(server, "/a.jpg")
        assert second.fetch.outcome is Outcome.UNCHANGED
        assert [request.headers.get("if-none-match") for request in server.asked("/a.jpg")] == [None, None]
        assert [request.headers.get("if-none-match") for request in server.asked("/b.jpg")] == [None, '"1"']


def test_validators_are_told_to_no_other_address() -> None:
    with Server({"/a.jpg": redirect("/c.jpg"), "/c.jpg": PICTURE}) as server:
        validators = Validators('"1"', url=server.url("/b.jpg"))
        assert picture(server, "/a.jpg", validators=validators).fetch.outcome is Outcome.FETCHED
        assert all("if-none-match" not in request.headers for request in server.requests)


def test_a_304_nobody_asked_for_is_a_bad_answer() -> None:
    with Server({"/a.jpg": redirect("/b.jpg"), "/b.jpg": Answer(status=304)}) as server:
        fetch = picture(server, "/a.jpg", validators=Validators('"1"')).fetch
    assert (fetch.outcome, fetch.reason) == (Outcome.FAILED, Reason.BAD_RESPONSE)


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', '"\0"', '"é"', '"' + "x" * 300 + '"', "\udcff", " "])
def test_validators_that_cannot_be_sent_are_not(etag: str) -> None:
    with Server({"/a.jpg": PICTURE}) as server:
        assert picture(server, "/a.jpg", validators=Validators(etag)).fetch.outcome is Outcome.FETCHED
        assert not {"if-none-match", "x-evil"} & server.asked("/a.jpg")[0].headers.keys()


@pytest.mark.parametrize("etag", ['"\x01"', '"\xff"', '"' + "x" * 300 + '"'])
def test_validators_that_could_not_be_sent_are_not_kept(etag: str) -> None:
    with Server({"/a.jpg": Answer(JPEG, headers={"ETag": etag})}) as server:
        fetch = picture(server, "/a.jpg").fetch
    assert fetch.validators == Validators()


# Manners


def held_until(is_so: Callable[[], bool]) -> Script:
    """A route that gives its picture as soon as something is so."""

    async def answer(_request: Request, line: Line) -> None:
        await soon(is_so)
        await line.pause(0.02)
        await line.send(bytes(PICTURE))

    return answer


def test_no_more_than_the_connections_of_a_host_are_used() -> None:
    held = held_until(lambda: server.most_at_once >= 4)
    with Server({"/robots.txt": Answer(status=404)}, fallback=held) as server:
        fetches = pictures(server, [server.url(f"/{n}") for n in range(24)], connections_per_host=4)
        assert {fetch.outcome for fetch in fetches} == {Outcome.FETCHED}
        assert server.most_at_once == 4


def test_no_more_than_all_connections_are_used() -> None:
    held = held_until(lambda: server.most_at_once >= 3)
    with Server({"/robots.txt": Answer(status=404)}, fallback=held) as server:
        pictures(server, [server.url(f"/{n}") for n in range(9)], connections=3, connections_per_host=9)
        assert server.most_at_once == 3


def test_a_host_is_left_a_pause_between_requests() -> None:
    with Server(fallback=PICTURE) as server:
        addresses = [f"http://news.example:{server.port}/{n}" for n in range(4)]
        begun = time.monotonic()
        pictures(server, addresses, lookup=resolving(news_example="127.0.0.1"), pause_seconds=0.1)
        times = [request.at for request in server.requests]
    # The start of a request is ours to time, its arrival is the network's.
    assert all(at - begun > 0.1 * before for before, at in enumerate(times))


def test_the_users_own_host_needs_no_pause() -> None:
    with Server(fallback=PICTURE) as server:
        fetches = pictures(server, [server.url(f"/{n}") for n in range(5)], pause_seconds=3600)
        assert {fetch.outcome for fetch in fetches} == {Outcome.FETCHED}


def test_a_crawl_delay_makes_the_pause_longer() -> None:
    rules = robots("User-agent: *\nCrawl-delay: 0.4")
    with Server({"/robots.txt": rules}, fallback=PICTURE) as server:
        addresses = [f"http://news.example:{server.port}/{n}" for n in range(3)]
        pictures(server, addresses, lookup=resolving(news_example="127.0.0.1"), pause_seconds=0.01)
        told, *times = [request.at for request in server.requests]
    assert all(at - told > 0.4 * before for before, at in enumerate(times))


def test_a_slow_host_does_not_hold_up_another() -> None:
    held = held_until(lambda: len(quick.requests) == 7)
    with Server({"/robots.txt": PICTURE}, fallback=held) as slow, Server(fallback=PICTURE) as quick:
        addresses = [slow.url(f"/{n}") for n in range(6)] + [quick.url(f"/{n}") for n in range(6)]
        allowed = frozenset({slow.host_port, quick.host_port})
        pictures(slow, addresses, connections=4, connections_per_host=2, allow_addresses=allowed)
        assert quick.requests[-1].at < slow.requests[-1].at
