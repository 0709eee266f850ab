"""The downloader and its HTTP client, against a real server that misbehaves in every way known."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import ssl
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clocks import SteeredLoop, steered
from downloads import NOON, QUICK, document, downloader, picture, resolving
from patience import PATIENCE_SECONDS, soon
from servers import Answer, Line, Request, Route, Script, Server, free_port, redirect

from assets.errors import OriginalsError
from assets.http.bodies import MemorySink
from assets.http.downloader import Downloader
from assets.http.limits import Politeness
from assets.http.session import Session
from assets.http.ssrf_guard import AddressGuard
from assets.model import Fetch, Outcome, Reason, Stage, Validators

CERTIFICATE = Path(__file__).resolve().parents[2] / "support" / "certificate.pem"
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def raw(*parts: bytes, pause: float = 0.05, reset: bool = False) -> Script:
    """A route that sends these bytes, one part after the other."""

    async def send(_request: Request, line: Line) -> None:
        for part in parts:
            await line.send(part)
            await line.pause(pause)
        if reset:
            line.reset()

    return send


STALL_SECONDS = 7.0
STALLING = replace(QUICK, stall_seconds=STALL_SECONDS, total_seconds=1e6)


def stalling(clock: SteeredLoop, *parts: bytes, heard: Callable[[], bool] = lambda: True) -> Script:
    """A route that sends these bytes and, once they are heard, no more for one stall after the other by the clock."""

    async def send(_request: Request, line: Line) -> None:
        for part in parts:
            await line.send(part)
        await soon(heard)
        while True:
            clock.put_forward_from_afar(STALL_SECONDS)
            await line.pause(0.01)

    return send


def packed(body: bytes, window: int = zlib.MAX_WBITS) -> bytes:
    """A body as a deflate stream: zlib's, bare with a negative window."""
    packer = zlib.compressobj(wbits=window)
    return packer.compress(body) + packer.flush()


def encoded(body: bytes, coding: str) -> Answer:
    return Answer(body, headers={"Content-Encoding": coding})


# A picture and a document as they should be


def test_a_fetched_picture_is_in_the_sink_and_described() -> None:
    answer = Answer(JPEG, content_type="image/jpeg", headers={"ETag": '"1"', "X-Secret": "no", "Age": "7"})
    with Server({"/a.jpg": answer}) as server:
        got = picture(server, "/a.jpg", clock=lambda: NOON)
        fetch = got.fetch
        assert got.data == JPEG
        assert (fetch.url, fetch.final_url) == (server.url("/a.jpg"), server.url("/a.jpg"))
        assert (fetch.outcome, fetch.status, fetch.reason, fetch.stage) == (Outcome.FETCHED, 200, None, None)
        assert (fetch.length, fetch.sha256) == (len(JPEG), hashlib.sha256(JPEG).hexdigest())
        assert (fetch.at, fetch.attempts) == ("2025-08-23T12:00:00Z", 1)
        assert fetch.validators == Validators('"1"', "", server.url("/a.jpg"))
        assert fetch.content_type == "image/jpeg"
        length = ("content-length", str(len(JPEG)))
        assert fetch.headers == (("content-type", "image/jpeg"), length, ("etag", '"1"'), ("age", "7"))


def test_a_fetched_document_brings_its_headers() -> None:
    answer = Answer(b"[]", content_type="application/json", headers={"X-WP-Total": "3", "Link": "<a>"})
    with Server({"/posts": answer}) as server:
        body = document(server, "/posts")
    assert body.data == b"[]"
    assert (body.header("x-wp-total"), body.headers_all("LINK"), body.header("x")) == ("3", ("<a>",), "")


def test_the_request_names_us_and_asks_for_the_file_as_it_is() -> None:
    with Server({"/a.jpg": Answer(JPEG)}) as server:
        picture(server, "/a.jpg", contact="desk@news.example\r\nX-Evil: 1")
        sent = server.asked("/a.jpg")[0].headers
    assert sent["user-agent"].startswith("Photodesk/")
    assert sent["user-agent"].endswith(" (+desk@news.exampleX-Evil: 1)")
    assert sent["accept-encoding"] == "identity"
    assert sent["accept"] == "image/*, */*;q=0.5"
    assert sent.keys() == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_a_document_is_asked_for_as_told_and_may_come_packed() -> None:
    async def ask(server: Server) -> None:
        async with downloader(server) as asking:
            await asking.document(server.url("/posts"), accept="application/json")

    with Server({"/posts": Answer(b"[]")}) as server:
        asyncio.run(ask(server))
        sent = server.asked("/posts")[0].headers
    assert (sent["accept"], sent["accept-encoding"]) == ("application/json", "gzip, deflate")


def test_an_address_is_asked_for_as_it_is_written() -> None:
    target = "/a%2Cb,(c)[1]/%ED%95%9C%ea%b5%ad'.jpg?u=a+b%20c|d&e=~%zz"
    with Server(fallback=Answer(JPEG)) as server:
        assert picture(server, target).fetch.outcome is Outcome.FETCHED
        assert server.requests[-1].target == target


def test_no_cookie_is_kept() -> None:
    with Server({"/a": Answer(b"x", headers={"Set-Cookie": "id=1; Path=/"})}) as server:

        async def ask() -> None:
            # Under a name: for bare IP addresses aiohttp keeps no cookies anyway.
            async with downloader(
                server, lookup=resolving(news_example="127.0.0.1"), pause_seconds=0
            ) as asking:
                for _ in range(2):
                    await asking.document(f"http://news.example:{server.port}/a")

        asyncio.run(ask())
        assert [request.headers.get("cookie") for request in server.asked("/a")] == [None, None]


def test_proxies_and_passwords_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("default login desk password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with Server({"/a.jpg": Answer(JPEG)}) as server:
        assert picture(server, "/a.jpg").fetch.outcome is Outcome.FETCHED
        assert "authorization" not in server.asked("/a.jpg")[0].headers


def test_a_password_in_an_address_is_not_sent() -> None:
    with Server({"/a.jpg": Answer(JPEG)}) as server:
        address = server.url("/a.jpg").replace("//", "//desk:secret@")
        fetch = picture(server, address).fetch
        assert (fetch.outcome, fetch.url, fetch.final_url) == (Outcome.FETCHED, address, server.url("/a.jpg"))
        assert "authorization" not in server.asked("/a.jpg")[0].headers


def test_bytes_behind_the_declared_length_are_not_taken() -> None:
    with Server({"/a.jpg": raw(OK + b"Content-Length: 3\r\n\r\nabc", b"surplus")}) as server:
        assert picture(server, "/a.jpg").data == b"abc"


async def _surplus_behind_an_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request on the line; behind the answer to one comes, a moment later, another nobody asked for."""
    try:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(OK + b"Content-Length: 4\r\n\r\ngood")
                await writer.drain()
                if b"/bad" in head:
                    await asyncio.sleep(0.02)
                    writer.write(OK + b"Content-Length: 4\r\n\r\nevil")
                    await writer.drain()
    finally:
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()


def test_an_answer_never_reaches_the_next_request() -> None:
    async def ask() -> list[bytes]:
        sinks = [MemorySink() for _ in range(8)]
        server = await asyncio.start_server(_surplus_behind_an_answer, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        politeness = Politeness(allow_addresses=frozenset({(host, port)}), respect_robots=False)
        async with server, Downloader(politeness, QUICK) as asking:
            for sink in sinks:
                await asking.picture(f"http://{host}:{port}/bad", MemorySink())
                await asking.picture(f"http://{host}:{port}/good", sink)
        # The handlers see that their clients are gone.
        while handlers := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(handlers)
        return [bytes(sink.data) for sink in sinks]

    assert asyncio.run(ask()) == [b"good"] * 8


# Answers that are none


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.UNAUTHORIZED),
        (403, Reason.FORBIDDEN),
        (404, Reason.GONE),
        (410, Reason.GONE),
        (429, Reason.RATE_LIMITED),
        (400, Reason.CLIENT_ERROR),
        (451, Reason.CLIENT_ERROR),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (599, Reason.SERVER_ERROR),
        (202, Reason.BAD_RESPONSE),
        (204, Reason.EMPTY),
        (206, Reason.BAD_RESPONSE),
        (300, Reason.BAD_RESPONSE),
        (302, Reason.BAD_RESPONSE),
        (304, Reason.BAD_RESPONSE),
        (999, Reason.BAD_RESPONSE),
    ],
)
def test_a_status_has_its_reason(status: int, reason: Reason) -> None:
    with Server({"/a.jpg": Answer(b"no" if status not in (204, 304) else b"", status=status)}) as server:
        got = picture(server, "/a.jpg")
    fetch = got.fetch
    assert (fetch.outcome, fetch.status, fetch.reason) == (Outcome.FAILED, status, reason)
    assert (fetch.stage, fetch.length, fetch.sha256) == (Stage.DOWNLOAD, 0, "")
    assert got.data == b""


FAULTS: dict[str, tuple[Route, Reason]] = {
    "no answer": (raw(), Reason.CONNECTION_LOST),
    "reset at once": (raw(b"", reset=True), Reason.CONNECTION_LOST),
    "no HTTP": (raw(b"220 mail.example ESMTP\r\n\r\n"), Reason.BAD_RESPONSE),
    "HTTP/2": (raw(b"HTTP/2 200\r\n\r\nabc"), Reason.BAD_RESPONSE),
    "huge header": (raw(OK + b"X-A: " + b"a" * 200_000 + b"\r\n\r\nabc"), Reason.BAD_RESPONSE),
    "many headers": (raw(OK + b"X-A: a\r\n" * 5_000 + b"\r\nabc"), Reason.BAD_RESPONSE),
    "two lengths": (raw(OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), Reason.BAD_RESPONSE),
    "negative length": (raw(OK + b"Content-Length: -3\r\n\r\nabc"), Reason.BAD_RESPONSE),
    "short of its length": (raw(OK + b"Content-Length: 9\r\n\r\nabc"), Reason.TRUNCATED),
    "chunks cut off": (raw(CHUNKED + b"3\r\nabc\r\n"), Reason.TRUNCATED),
    "chunk cut off": (raw(CHUNKED + b"9\r\nabc"), Reason.TRUNCATED),
    "bad chunk": (raw(CHUNKED + b"ZZ\r\nabc\r\n0\r\n\r\n"), Reason.BAD_RESPONSE),
    "bad chunk later": (raw(CHUNKED + b"3\r\nabc\r\n", b"ZZ\r\nabc\r\n0\r\n\r\n"), Reason.BAD_RESPONSE),
    "reset within a length": (
        raw(OK + b"Content-Length: 9\r\n\r\nabc", reset=True),
        Reason.CONNECTION_LOST,
    ),
    "reset within chunks": (raw(CHUNKED + b"3\r\nabc\r\n", reset=True), Reason.CONNECTION_LOST),
    "reset without a length": (raw(OK + b"\r\nabc", b"def", reset=True), Reason.CONNECTION_LOST),
    "nothing": (Answer(b""), Reason.EMPTY),
    "no chunks": (raw(CHUNKED + b"0\r\n\r\n"), Reason.EMPTY),
    "empty gzip": (encoded(b"", "gzip"), Reason.EMPTY),
    "gzip of nothing": (encoded(gzip.compress(b""), "gzip"), Reason.EMPTY),
    "brotli": (encoded(b"\x0b\x02\x80abc\x03", "br"), Reason.BAD_RESPONSE),
    "zstd": (encoded(b"\x28\xb5\x2f\xfd", "zstd"), Reason.BAD_RESPONSE),
    "gzip twice": (encoded(gzip.compress(gzip.compress(b"abc")), "gzip, gzip"), Reason.BAD_RESPONSE),
    "no gzip": (encoded(b"abc", "gzip"), Reason.BAD_RESPONSE),
    "damaged gzip": (encoded(gzip.compress(b"abc")[:-8] + b"12345678", "gzip"), Reason.BAD_RESPONSE),
    "truncated gzip": (encoded(gzip.compress(os.urandom(999))[:500], "gzip"), Reason.TRUNCATED),
    "gzip without its check": (encoded(gzip.compress(b"abc")[:-8], "gzip"), Reason.TRUNCATED),
    "truncated deflate": (encoded(packed(b"abc" * 99)[:-5], "deflate"), Reason.TRUNCATED),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_reason(fault: str) -> None:
    route, reason = FAULTS[fault]
    with Server({"/a.jpg": route}) as server:
        fetch = picture(server, "/a.jpg").fetch
    assert (fetch.outcome, fetch.reason, fetch.length) == (Outcome.FAILED, reason, 0)
    assert fetch.detail


@pytest.mark.parametrize("fault", ["short of its length", "truncated gzip", "bad chunk later"])
def test_a_broken_document_has_no_data(fault: str) -> None:
    with Server({"/a": FAULTS[fault][0]}) as server:
        body = document(server, "/a")
    assert (body.fetch.outcome, body.data) == (Outcome.FAILED, b"")


def test_a_lost_connection_is_asked_for_once_an_attempt() -> None:
    with Server({"/a.jpg": raw()}) as server:
        fetch = picture(server, "/a.jpg", limits=replace(QUICK, attempts=2)).fetch
        assert (fetch.attempts, len(server.asked("/a.jpg"))) == (2, 2)


def test_the_body_of_an_http_error_is_kept_for_documents() -> None:
    with Server({"/a": Answer(b'{"code":"rest_forbidden"}', status=401)}) as server:
        body = document(server, "/a")
    assert (body.fetch.reason, body.data) == (Reason.UNAUTHORIZED, b'{"code":"rest_forbidden"}')


def test_the_body_of_an_http_error_is_cut() -> None:
    with Server({"/a": Answer(b"x" * 2_000_000, status=500)}) as server:
        body = document(server, "/a")
    assert (body.fetch.reason, body.data) == (Reason.SERVER_ERROR, b"x" * 256 * 1024)


TORN = b"HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\nabc"


def test_a_broken_error_body_does_not_hide_the_status() -> None:
    with Server({"/a": raw(TORN, pause=0.0)}) as server:
        body = document(server, "/a")
    assert (body.fetch.reason, body.data) == (Reason.GONE, b"")


def test_a_stalled_error_body_does_not_hide_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, read_error = threading.Event(), Session._read_error

    async def noted(*arguments: Any) -> None:  # noqa: ANN401
        reading.set()
        await read_error(*arguments)

    monkeypatch.setattr(Session, "_read_error", noted)
    with steered() as (runner, clock), Server({"/a": stalling(clock, TORN, heard=reading.is_set)}) as server:
        body = document(server, "/a", limits=STALLING, run=runner.run, respect_robots=False)
    assert (body.fetch.reason, body.data) == (Reason.GONE, b"")


# Codings


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(JPEG), "gzip"),
        (gzip.compress(JPEG), "X-Gzip"),
        (gzip.compress(JPEG[:99]) + gzip.compress(JPEG[99:]), "gzip"),
        (gzip.compress(JPEG) + b"\0" * 512, "gzip"),
        (packed(JPEG), "deflate"),
        (packed(JPEG, -zlib.MAX_WBITS), "deflate"),
        (JPEG, "identity"),
    ],
)
@pytest.mark.parametrize("kind", ["picture", "document"])
def test_a_packed_body_is_unpacked_counted_and_digested(body: bytes, coding: str, kind: str) -> None:
    ask: Callable[..., object] = picture if kind == "picture" else document
    with Server({"/a": encoded(body, coding)}) as server:
        got = ask(server, "/a")
    assert got.data == JPEG  # type: ignore[attr-defined]
    assert got.fetch.length == len(JPEG)  # type: ignore[attr-defined]
    assert got.fetch.sha256 == hashlib.sha256(JPEG).hexdigest()  # type: ignore[attr-defined]


# Bounds


def test_a_picture_of_exactly_the_cap_is_taken() -> None:
    with Server({"/a.jpg": Answer(bytes(100_000))}) as server:
        assert picture(server, "/a.jpg").fetch.outcome is Outcome.FETCHED


def test_of_a_body_declared_beyond_the_cap_nothing_is_read() -> None:
    with Server({"/a.jpg": raw(OK + b"Content-Length: 100001\r\n\r\n", pause=9)}) as server:
        fetch = picture(server, "/a.jpg").fetch
    assert (fetch.reason, fetch.detail) == (Reason.TOO_LARGE, "more than 100,000 bytes")


def test_an_endless_body_is_left_at_the_cap() -> None:
    sent = 0

    async def endless(_request: Request, line: Line) -> None:
        nonlocal sent
        await line.send(OK + b"\r\n")
        while True:
            await line.send(bytes(65536))
            sent += 65536

    with Server({"/a.jpg": endless}) as server:
        got = picture(server, "/a.jpg")
    assert got.fetch.reason is Reason.TOO_LARGE
    assert len(got.data) <= 100_000
    assert sent < 50_000_000


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compression_bomb_is_left_at_the_cap(coding: str) -> None:
    bomb = (gzip.compress if coding == "gzip" else packed)(bytes(90_000_000))
    with Server({"/a": encoded(bomb, coding)}) as server:
        body = document(server, "/a")
    assert (body.fetch.reason, body.data) == (Reason.TOO_LARGE, b"")


def test_a_packed_body_that_unpacks_to_nothing_is_left_at_the_cap() -> None:
    nothing = gzip.compress(b"") * 50_000
    head = OK + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    with Server({"/a": raw(head + b"%x\r\n" % len(nothing), nothing, b"\r\n0\r\n\r\n", pause=0)}) as server:
        assert document(server, "/a").fetch.reason is Reason.TOO_LARGE


def test_a_slow_drip_ends_with_the_total_deadline() -> None:
    sink = MemorySink()
    limits = replace(QUICK, total_seconds=6000, stall_seconds=500)
    with steered() as (runner, clock):

        async def drip(_request: Request, line: Line) -> None:
            await line.send(OK + b"Content-Length: 99\r\n\r\n")
            for sent in range(1, 100):
                await line.send(b"x")
                await soon(lambda sent=sent: len(sink.data) == sent)
                clock.put_forward_from_afar(300)

        async def ask() -> Fetch:
            async with downloader(server, limits=limits, respect_robots=False) as asking:
                return await asking.picture(server.url("/a.jpg"), sink)

        with Server({"/a.jpg": drip}) as server:
            fetch = runner.run(ask())
    assert (fetch.reason, fetch.detail) == (Reason.TIMEOUT, "no complete answer within 6000 s")


@pytest.mark.parametrize("head", [b"", OK + b"Content-Length: 9\r\n\r\nabc"])
def test_a_stall_ends_with_the_stall_timeout(head: bytes) -> None:
    with steered() as (runner, clock), Server({"/a.jpg": stalling(clock, head)}) as server:
        fetch = picture(server, "/a.jpg", limits=STALLING, run=runner.run, respect_robots=False).fetch
    assert (fetch.reason, fetch.detail) == (Reason.TIMEOUT, "nothing came for 7 s")


def test_the_total_deadline_spans_redirects() -> None:
    with steered() as (runner, clock):

        def late(request: Request) -> Answer:
            clock.put_forward_from_afar(20)
            return redirect(f"/{int(request.path[1:]) + 1}")

        with Server({f"/{n}": late for n in range(4)}) as server:
            limits = replace(QUICK, total_seconds=50)
            fetch = picture(server, "/0", limits=limits, run=runner.run, respect_robots=False).fetch
    assert (fetch.reason, fetch.attempts) == (Reason.TIMEOUT, 1)


def test_a_name_that_is_not_found_in_time_is_a_timeout() -> None:
    async def slow(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(3600)
        return []

    with Server() as server:
        address = "http://slow.example/a.jpg"
        fetch = picture(server, address, limits=replace(QUICK, connect_seconds=0.2), lookup=slow).fetch
    assert (fetch.reason, fetch.detail) == (Reason.TIMEOUT, "no connection within 0.2 s")


# Addresses that must not be asked

LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "0.0.0.0",  # noqa: S104 a way to loopback
    "0",
    "[::]",
    "[::1]",
    "localhost",
]


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_in_any_spelling_is_refused(host: str) -> None:
    with Server() as allowed, Server(fallback=Answer(JPEG)) as canary:
        fetch = picture(allowed, f"http://{host}:{canary.port}/a.jpg").fetch
        assert (fetch.outcome, fetch.reason, fetch.attempts) == (Outcome.REFUSED, Reason.ADDRESS_REFUSED, 0)
        assert canary.requests == []


@pytest.mark.parametrize("host", LOOPBACK)
def test_a_redirect_to_loopback_in_any_spelling_is_refused(host: str) -> None:
    with Server(fallback=Answer(JPEG)) as canary:
        location = f"http://{host}:{canary.port}/a.jpg".encode().decode("latin-1")
        with Server({"/a.jpg": redirect(location)}) as server:
            fetch = picture(server, "/a.jpg", respect_robots=False).fetch
        assert (fetch.outcome, fetch.reason, fetch.attempts) == (Outcome.REFUSED, Reason.ADDRESS_REFUSED, 1)
        assert canary.requests == []


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "100.64.0.1", "169.254.169.254", "224.0.0.1", "[fd00:ec2::254]"]
)
def test_private_and_metadata_addresses_are_refused_before_any_request(host: str) -> None:
    with Server() as server:
        fetch = picture(server, f"http://{host}/latest/meta-data", respect_robots=False).fetch
    assert (fetch.outcome, fetch.reason, fetch.attempts) == (Outcome.REFUSED, Reason.ADDRESS_REFUSED, 0)


def test_a_refusal_is_final() -> None:
    async def ask(server: Server) -> Fetch:
        limits = replace(QUICK, attempts=5, backoff_seconds=3600)
        async with downloader(server, limits=limits) as asking, asyncio.timeout(PATIENCE_SECONDS):
            return await asking.picture("http://10.0.0.1/a.jpg", MemorySink())

    with Server() as server:
        assert asyncio.run(ask(server)).outcome is Outcome.REFUSED


@pytest.mark.parametrize("respect_robots", [True, False])
def test_a_name_that_points_to_loopback_is_refused(respect_robots: bool) -> None:
    lookup = resolving(rebound_example="127.0.0.1 127.0.0.2")
    with Server() as allowed, Server(fallback=Answer(JPEG)) as canary:
        address = f"http://rebound.example:{canary.port}/a.jpg"
        fetch = picture(allowed, address, lookup=lookup, respect_robots=respect_robots).fetch
        assert (fetch.outcome, fetch.reason) == (Outcome.REFUSED, Reason.ADDRESS_REFUSED)
        assert canary.requests == []


def test_the_socket_is_refused_where_the_lookup_let_an_address_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressGuard, "vet", lambda _self, _host, _port, ips: list(ips))
    with Server() as allowed, Server(fallback=Answer(JPEG)) as canary:
        address = f"http://rebound.example:{canary.port}/a.jpg"
        fetch = picture(allowed, address, lookup=resolving(rebound_example="127.0.0.1")).fetch
        assert (fetch.outcome, fetch.reason) == (Outcome.REFUSED, Reason.ADDRESS_REFUSED)
        assert canary.requests == []


def test_an_allowed_name_may_be_private() -> None:
    with Server({"/a.jpg": Answer(JPEG)}) as server:
        allowed = frozenset({("archive.example", server.port)})
        lookup = resolving(archive_example="127.0.0.1")
        address = f"http://archive.example:{server.port}/a.jpg"
        fetch = picture(server, address, allow_addresses=allowed, lookup=lookup).fetch
        assert fetch.outcome is Outcome.FETCHED


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://127.0.0.1/", "data:image/gif;base64,R0lGOD", "http://", "//[::1"],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(location: str) -> None:
    with Server({"/a.jpg": redirect(location)}) as server:
        fetch = picture(server, "/a.jpg").fetch
    assert (fetch.outcome, fetch.reason) == (Outcome.REFUSED, Reason.BAD_ADDRESS)


@pytest.mark.parametrize(
    "address", ["", "a.jpg", "file:///etc/passwd", "ftp://news.example/", "http://a b/", "\0"]
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with Server() as server:
        fetch = picture(server, address).fetch
    assert (fetch.url, fetch.outcome, fetch.reason) == (address, Outcome.REFUSED, Reason.BAD_ADDRESS)


# Hosts that cannot be reached; with robots.txt respected, so that it is the first to fail


def test_a_name_that_does_not_exist_is_a_dns_failure() -> None:
    with Server() as server:
        fetch = picture(server, "http://gone.example/a.jpg", lookup=resolving()).fetch
    assert (fetch.outcome, fetch.reason, fetch.detail) == (Outcome.FAILED, Reason.DNS, "no such name")


@pytest.mark.parametrize("host", ["a..example", "x" * 64 + ".example"])
def test_a_name_that_cannot_exist_is_a_dns_failure(host: str) -> None:
    with Server() as server:
        assert picture(server, f"http://{host}/a.jpg").fetch.reason is Reason.DNS


def test_a_refused_connection_is_told_as_such() -> None:
    port = free_port()
    with Server() as server:
        allowed = frozenset({("127.0.0.1", port)})
        fetch = picture(server, f"http://127.0.0.1:{port}/a.jpg", allow_addresses=allowed).fetch
    assert (fetch.outcome, fetch.reason) == (Outcome.FAILED, Reason.CONNECT)


def test_a_self_signed_certificate_is_not_accepted() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Server(fallback=Answer(JPEG), certificate=context) as server:
        fetch = picture(server, "/a.jpg").fetch
        assert (fetch.outcome, fetch.reason, server.requests) == (Outcome.FAILED, Reason.TLS, [])
    assert "self-signed" in fetch.detail


# Edges


def test_a_full_disk_is_no_fault_of_the_network() -> None:
    class FullDisk(MemorySink):
        def write(self, data: bytes) -> None:
            raise OSError(28, "No space left on device")

    async def ask(server: Server) -> None:
        async with downloader(server) as asking:
            await asking.picture(server.url("/a.jpg"), FullDisk())

    with Server({"/a.jpg": Answer(JPEG)}) as server, pytest.raises(OriginalsError, match="No space left"):
        asyncio.run(ask(server))


def test_what_nobody_foresaw_ends_the_one_address_only() -> None:
    async def broken(_host: str, _port: int) -> list[str]:
        raise LookupError("a bug")

    with Server() as server:
        fetch = picture(server, "http://news.example/a.jpg", lookup=broken).fetch
    assert (fetch.outcome, fetch.reason, fetch.detail) == (
        Outcome.FAILED,
        Reason.INTERNAL,
        "LookupError: a bug",
    )


def test_a_cancelled_download_closes_its_connection() -> None:
    begun, closed = threading.Event(), threading.Event()

    async def endless(_request: Request, line: Line) -> None:
        try:
            await line.send(OK + b"Content-Length: 99999\r\n\r\n")
            begun.set()
            while True:
                await line.send(b"x")
                await line.pause(0.01)
        except OSError:
            closed.set()
            raise

    async def ask(server: Server) -> None:
        async with downloader(server) as asking:
            task = asyncio.create_task(asking.picture(server.url("/a.jpg"), MemorySink()))
            assert await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(closed.wait, PATIENCE_SECONDS)

    with Server({"/a.jpg": endless}) as server:
        asyncio.run(ask(server))


def test_a_downloader_that_was_not_entered_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(Downloader(Politeness()).document("http://news.example/"))


def test_what_nobody_foresaw_is_logged_with_where_it_was_raised(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_question: object) -> None:
        raise RuntimeError("\x1b[31m of a stranger's")

    monkeypatch.setattr("assets.http.downloader.Session.ask", fail)
    with Server({}) as server:
        picture(server, "/a.jpg?key=secret")
    (message,) = caplog.messages
    assert message.startswith(f"{server.url('/a.jpg')}: RuntimeError\n")
    assert "in fail" in message
    assert "secret" not in message
    assert "\x1b" not in message


def test_connections_are_closed_when_asking_cannot_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_session: object) -> None:
        raise RuntimeError("in the way")

    monkeypatch.setattr("assets.http.downloader.Session.close", fail)
    opened = Downloader()

    async def work() -> None:
        with pytest.raises(RuntimeError, match="in the way"):
            async with opened:
                pass
        # Were the session still open, this would ask.
        with pytest.raises(RuntimeError, match="is used inside `async with`"):
            await opened.document("http://127.0.0.1:9/")

    asyncio.run(work())
