"""One request at a time, against real servers and names of the test's own."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp.http_exceptions import HttpProcessingError
from clocks import steered
from downloads import QUICK, Run, resolving
from patience import soon
from servers import Answer, Line, Request, Route, Script, Server, free_port, redirect

from assets.http import client as asking
from assets.http.client import MAX_HEADER_BYTES, Client, Lookup, Names
from assets.http.limits import Limits
from assets.http.responses import Headers
from assets.http.retries import AttemptFailed
from assets.http.ssrf_guard import AddressGuard, AddressRefused
from assets.model import Reason

CERTIFICATE = Path(__file__).parents[2] / "support" / "certificate.pem"
AGENT = "Photodesk/1.0"
PICTURE = Answer(b"a picture", content_type="image/jpeg")


@dataclass(frozen=True, slots=True)
class Got:
    """An answer whose body was read to its end."""

    status: int
    headers: Headers
    body: bytes


async def get(client: Client, address: str, headers: tuple[tuple[str, str], ...] = ()) -> Got:
    async with client.get(address, headers) as response:
        body = b"".join([chunk async for chunk in response.chunks()])
        return Got(response.status, response.headers, body)


async def with_client(
    work: Callable[[Client], Awaitable[Got]],
    allowed: tuple[tuple[str, int], ...],
    limits: Limits = QUICK,
    lookup: Lookup | None = None,
) -> Got:
    client = Client(limits, AddressGuard(allowed), lookup)
    client.open(AGENT)
    try:
        return await work(client)
    finally:
        await client.close()


def got(route: Route, path: str = "/a.jpg", headers: tuple[tuple[str, str], ...] = ()) -> Got:
    """What comes of the one address of a server."""
    with Server({"/a.jpg": route}) as server:
        return asyncio.run(
            with_client(lambda client: get(client, server.url(path), headers), (server.host_port,))
        )


def asked(path: str = "/a.jpg", headers: tuple[tuple[str, str], ...] = ()) -> Request:
    """The one request that a server gets."""
    with Server(fallback=PICTURE) as server:
        asyncio.run(with_client(lambda client: get(client, server.url(path), headers), (server.host_port,)))
        return server.requests[0]


def failure(
    address: str,
    *allowed: tuple[str, int],
    limits: Limits = QUICK,
    lookup: Lookup | None = None,
    run: Run = asyncio.run,
) -> AttemptFailed:
    """What comes of an address that is not answered."""
    with pytest.raises(AttemptFailed) as caught:
        run(with_client(lambda client: get(client, address), allowed, limits, lookup))
    return caught.value


def fault(route: Route) -> tuple[Reason, str]:
    """What is told of an answer that is no good one."""
    with Server({"/a.jpg": route}) as server:
        found = failure(server.url("/a.jpg"), server.host_port)
    return found.reason, found.detail


def sends(*pieces: bytes) -> Script:
    """A route of which these bytes come, and then the end."""

    async def route(_request: Request, line: Line) -> None:
        for piece in pieces:
            await line.send(piece)

    return route


def breaking_off(head: bytes, heard: list[bytes]) -> Script:
    """A route that resets the connection once some of the body has been heard."""

    async def route(_request: Request, line: Line) -> None:
        await line.send(head)
        await soon(lambda: heard)
        line.reset()

    return route


# Answers


def test_the_status_is_told() -> None:
    assert got(Answer(b"gone", status=410)).status == 410


def test_the_headers_are_told_with_those_repeated() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noai\r\nx-robots-tag: none\r\nContent-Length: 1\r\n\r\na"
    assert got(sends(head)).headers.get_all("x-robots-tag") == ("noai", "none")


def test_the_body_comes_whole() -> None:
    assert got(Answer(b"a" * 300_000)).body == b"a" * 300_000


def test_the_body_comes_as_it_was_sent() -> None:
    assert got(Answer(b"not unpacked", headers={"Content-Encoding": "gzip"})).body == b"not unpacked"


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    assert got(sends(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na picture")).body == b"a picture"


def test_a_body_in_chunks_is_put_together() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert got(sends(head + b"2\r\na \r\n7\r\npicture\r\n0\r\n\r\n")).body == b"a picture"


def test_a_redirect_is_an_answer_like_another() -> None:
    assert got(redirect("/b.jpg")).headers.get_first("location") == "/b.jpg"


def test_a_header_may_be_as_long_as_large_sites_have_them() -> None:
    assert got(Answer(headers={"X-Policy": "x" * (MAX_HEADER_BYTES - 100)})).status == 200


def test_a_header_that_is_longer_is_a_bad_response() -> None:
    assert fault(Answer(headers={"X-Policy": "x" * 2 * MAX_HEADER_BYTES}))[0] is Reason.BAD_RESPONSE


# Requests


def test_who_asks_is_told() -> None:
    assert asked().headers["user-agent"] == AGENT


def test_headers_are_sent_as_given() -> None:
    assert asked(headers=(("Accept", "image/*"), ("If-None-Match", '"a"'))).headers["if-none-match"] == '"a"'


def test_an_address_is_asked_for_as_it_is_written() -> None:
    assert asked("/caf%e9/%41.jpg?a=b+c%20d").target == "/caf%e9/%41.jpg?a=b+c%20d"


def test_a_connection_is_used_once() -> None:
    assert asked().headers["connection"] == "close"


def test_cookies_are_not_sent_back() -> None:
    with Server(fallback=Answer(b"a", headers={"Set-Cookie": "id=1"})) as server:

        async def twice(client: Client) -> Got:
            await get(client, server.url("/a.jpg"))
            return await get(client, server.url("/b.jpg"))

        asyncio.run(with_client(twice, (server.host_port,)))
        assert "cookie" not in server.requests[1].headers


def test_a_lost_connection_is_not_asked_again() -> None:
    with Server({"/a.jpg": sends()}) as server:
        failure(server.url("/a.jpg"), server.host_port)
        assert len(server.requests) == 1


# Faults of the answer


def test_a_connection_that_ends_without_an_answer_is_lost() -> None:
    assert fault(sends())[0] is Reason.CONNECTION_LOST


def test_a_connection_that_is_reset_before_the_answer_is_lost() -> None:
    async def route(_request: Request, line: Line) -> None:
        line.reset()

    assert fault(route)[0] is Reason.CONNECTION_LOST


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na pict",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\na pict\r\n",
    ],
)
def test_a_body_that_ends_early_is_truncated(head: bytes) -> None:
    assert fault(sends(head))[0] is Reason.TRUNCATED


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na pict",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na pict",
    ],
)
def test_a_reset_within_the_body_loses_the_connection(head: bytes) -> None:
    heard: list[bytes] = []

    async def listen(client: Client) -> Got:
        async with client.get(server.url("/a.jpg"), ()) as response:
            chunks = response.chunks()
            heard.append(await anext(chunks))
            await anext(chunks)
        return Got(response.status, response.headers, b"")

    with Server({"/a.jpg": breaking_off(head, heard)}) as server, pytest.raises(AttemptFailed) as caught:
        asyncio.run(with_client(listen, (server.host_port,)))
    told = (Reason.CONNECTION_LOST, "the connection was reset within the body")
    assert (caught.value.reason, caught.value.detail) == told


def test_a_body_whose_framing_breaks_is_a_bad_response() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert fault(sends(head + b"6\r\na pict\r\n", b"zz\r\nure\r\n"))[0] is Reason.BAD_RESPONSE


def test_what_is_no_http_is_a_bad_response() -> None:
    assert fault(sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"))[0] is Reason.BAD_RESPONSE


def test_a_reached_host_is_not_said_to_be_unreached() -> None:
    with Server({"/a.jpg": sends()}) as server:
        assert not failure(server.url("/a.jpg"), server.host_port).is_unreached


def test_a_host_that_falls_silent_is_a_timeout() -> None:
    limits = replace(QUICK, stall_seconds=30.0)
    with steered() as (runner, clock):

        async def silent(_request: Request, line: Line) -> None:
            await line.send(b"HTTP/1.1 200 OK\r\n")
            while True:
                clock.put_forward_from_afar(30)
                await line.pause(0.01)

        with Server({"/a.jpg": silent}) as server:
            found = failure(server.url("/a.jpg"), server.host_port, limits=limits, run=runner.run)
    assert (found.reason, found.detail) == (Reason.TIMEOUT, "nothing came for 30 s")


# Faults of the host


def test_a_port_at_which_nobody_listens_is_told_as_such() -> None:
    port = free_port()
    found = failure(f"http://127.0.0.1:{port}/", ("127.0.0.1", port))
    assert (found.reason, found.is_unreached) == (Reason.CONNECT, True)


def test_a_name_that_does_not_exist_is_told_as_such() -> None:
    found = failure("http://gone.example/", lookup=resolving())
    assert (found.reason, found.detail, found.is_unreached) == (Reason.DNS, "no such name", True)


def test_a_name_without_an_address_is_told_as_such() -> None:
    found = failure("http://news.example/", lookup=resolving(news_example=""))
    assert (found.reason, found.detail) == (Reason.DNS, "the name has no address")


def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    found = failure("http://news.example/", lookup=resolving(news_example="10.0.0.7"))
    detail = "10.0.0.7 port 80 is not a public address"
    assert (found.reason, found.detail) == (Reason.ADDRESS_REFUSED, detail)


def test_a_private_address_is_refused() -> None:
    assert failure("http://192.168.1.1/").reason is Reason.ADDRESS_REFUSED


def test_a_certificate_of_ones_own_making_is_not_believed() -> None:
    certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.load_cert_chain(CERTIFICATE)
    with Server(certificate=certificate) as server:
        found = failure(server.url("/"), server.host_port)
    assert (found.reason, found.is_unreached) == (Reason.TLS, True)


def test_an_address_that_no_client_takes_is_a_bad_address() -> None:
    assert failure("http://").reason is Reason.BAD_ADDRESS


def test_a_name_that_is_not_found_in_time_is_a_timeout() -> None:
    limits = replace(QUICK, connect_seconds=15.0)
    with steered() as (runner, clock):

        async def slow(_host: str, _port: int) -> list[str]:
            clock.put_forward(16)
            await asyncio.sleep(3600)
            return []

        found = failure("http://news.example/", limits=limits, lookup=slow, run=runner.run)
    told = (Reason.TIMEOUT, "no connection within 15 s", True)
    assert (found.reason, found.detail, found.is_unreached) == told


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (aiohttp.ClientPayloadError("odd"), Reason.BAD_RESPONSE),
        (HttpProcessingError(message="odd"), Reason.BAD_RESPONSE),
        (aiohttp.ClientConnectionError("odd"), Reason.CONNECTION_LOST),
        (aiohttp.ServerTimeoutError("odd"), Reason.TIMEOUT),
        (aiohttp.ConnectionTimeoutError("odd"), Reason.TIMEOUT),
        (aiohttp.InvalidURL("odd"), Reason.BAD_ADDRESS),
    ],
)
def test_every_error_of_the_library_is_told_in_our_words(error: Exception, reason: Reason) -> None:
    assert asking._translate_error(error, QUICK).reason is reason


# Names


def resolved(*ips: str, allowed: tuple[tuple[str, int], ...] = ()) -> list[tuple[str, int]]:
    async def lookup(_host: str, _port: int) -> list[str]:
        return list(ips)

    resolver = asking._Resolver(AddressGuard(allowed), lookup)
    found = asyncio.run(resolver.resolve("news.example", 443))
    return [(one["host"], one["family"]) for one in found]


def test_a_name_leads_to_its_addresses_in_their_order() -> None:
    assert resolved("2606:4700::1", "93.184.216.34") == [
        ("2606:4700::1", socket.AF_INET6),
        ("93.184.216.34", socket.AF_INET),
    ]


def test_of_a_names_addresses_the_private_ones_are_passed_over() -> None:
    assert resolved("10.0.0.7", "93.184.216.34") == [("93.184.216.34", socket.AF_INET)]


def test_a_name_with_private_addresses_only_is_refused() -> None:
    with pytest.raises(AddressRefused):
        resolved("10.0.0.7")


def test_the_users_own_name_may_lead_to_a_private_address() -> None:
    assert resolved("10.0.0.7", allowed=(("news.example", 443),)) == [("10.0.0.7", socket.AF_INET)]


# Open and closed


def test_what_is_not_open_cannot_be_asked() -> None:
    client = Client(QUICK, AddressGuard(), None)
    with pytest.raises(RuntimeError, match="inside `async with`"):
        client.require_session()


def test_what_is_closed_cannot_be_asked_any_more() -> None:
    async def closed() -> None:
        client = Client(QUICK, AddressGuard(), None)
        client.open(AGENT)
        await client.close()
        client.require_session()

    with pytest.raises(RuntimeError):
        asyncio.run(closed())


def test_closing_closes_the_session() -> None:
    async def closed() -> bool:
        client = Client(QUICK, AddressGuard(), None)
        client.open(AGENT)
        session = client.require_session()
        await client.close()
        return session.closed

    assert asyncio.run(closed())


# Names


def lookup(host: str) -> list[str]:
    names = Names()
    try:
        return asyncio.run(names.lookup(host, 80))
    finally:
        names.close()


def test_a_name_has_its_addresses_once_each() -> None:
    found = lookup("localhost")
    assert "127.0.0.1" in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize("host", ["a..example", "x" * 64 + ".example"])
def test_a_name_that_cannot_be_is_not_found(host: str) -> None:
    with pytest.raises(socket.gaierror):
        lookup(host)
