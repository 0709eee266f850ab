"""One connection pool: addresses asked once, each fault translated where the library tells it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.http_exceptions import ContentLengthError, HttpProcessingError, TransferEncodingError
from yarl import URL

from assets.http.limits import Limits
from assets.http.responses import Headers
from assets.http.retries import AttemptFailed
from assets.http.session import make_refused_failure
from assets.http.ssrf_guard import AddressGuard, AddressRefused
from assets.model import Reason

# Pieces in which a body is read: large enough for a fast disk, small beside a picture.
CHUNK_BYTES = 128 * 1024

# Security policies of large sites pass the client's own 8 KiB.
MAX_HEADER_BYTES = 32 * 1024

# Seconds for which a name's addresses are believed: every request makes a connection of its own.
NAMES_SECONDS = 300

# A name server that does not answer holds a thread for some ten seconds, and a list of old addresses has many
# such names: the others must not wait behind them. Threads are made as needed.
LOOKUPS_AT_ONCE = 64

Lookup = Callable[[str, int], Awaitable[list[str]]]


class Client:
    """aiohttp, told to do one request at a time and nothing of its own accord."""

    def __init__(self, limits: Limits, address_guard: AddressGuard, lookup: Lookup | None) -> None:
        self._limits = limits
        self._address_guard = address_guard
        self._dns = Names()
        self._lookup = lookup or self._dns.lookup
        self._session: aiohttp.ClientSession | None = None

    def require_session(self) -> aiohttp.ClientSession:
        """The open session; RuntimeError outside of `async with`."""
        if self._session is None:
            raise RuntimeError("a Downloader is used inside `async with`")
        return self._session

    def open(self, user_agent: str) -> None:
        """Begin; to be called where the event loop runs."""
        connector = aiohttp.TCPConnector(
            # Reused, a connection can hand over an answer that belongs to the request before.
            force_close=True,
            # Turns are granted elsewhere.
            limit=0,
            resolver=_Resolver(self._address_guard, self._lookup),
            ttl_dns_cache=NAMES_SECONDS,
            socket_factory=self._address_guard.socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self._limits.connect_seconds, sock_read=self._limits.stall_seconds
            ),
            auto_decompress=False,
            trust_env=False,
            max_field_size=MAX_HEADER_BYTES,
            middlewares=(_ask_once,),
        )

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self.require_session(), None
        try:
            await session.close()
        finally:
            self._dns.close()

    @asynccontextmanager
    async def get(self, address: str, headers: tuple[tuple[str, str], ...]) -> AsyncIterator[_Response]:
        """The answer to one request; what fails there or while its body is read is told as AttemptFailed."""
        try:
            # `encoded` keeps yarl from spelling the address in its own way.
            url = URL(address, encoded=True)
            async with self.require_session().get(url, headers=headers, allow_redirects=False) as response:
                yield _Response(response, self._limits)
        except (aiohttp.ClientError, HttpProcessingError) as error:
            raise _translate_error(error, self._limits) from error


class _Response:
    """An answer and, as an iterator, its body; watches the connection for ends that aiohttp keeps quiet."""

    def __init__(self, response: aiohttp.ClientResponse, limits: Limits) -> None:
        self.status = response.status
        self.headers = Headers.of(response.headers.items())
        self._limits = limits
        self._content = response.content
        self._pieces = response.content.iter_chunked(CHUNK_BYTES)
        protocol = response.connection.protocol if response.connection is not None else None
        self._closed = protocol.closed if protocol is not None else None
        if self._closed is not None:
            self._closed.add_done_callback(self._wake)
        elif protocol is not None:
            self._give_up()

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it was sent, in pieces."""
        return self

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            # A body without a length ends with the connection; to aiohttp a reset is as good an end as any.
            if self._was_reset:
                raise self._make_lost_failure() from None
            raise
        except aiohttp.ClientPayloadError as error:
            if self._was_reset:
                raise self._make_lost_failure() from error
            is_short = isinstance(error.__cause__, ContentLengthError | TransferEncodingError)
            reason = Reason.TRUNCATED if is_short else Reason.BAD_RESPONSE
            raise AttemptFailed(reason, str(getattr(error.__cause__, "message", "") or error)) from error
        except (aiohttp.ClientError, HttpProcessingError) as error:
            raise _translate_error(error, self._limits) from error

    @property
    def _was_reset(self) -> bool:
        closed = self._closed
        return (
            closed is not None and closed.done() and not closed.cancelled() and closed.exception() is not None
        )

    def _make_lost_failure(self) -> AttemptFailed:
        return AttemptFailed(Reason.CONNECTION_LOST, "the connection was reset within the body")

    def _wake(self, closed: asyncio.Future[None]) -> None:
        if not closed.cancelled():
            closed.exception()
        self._give_up()

    def _give_up(self) -> None:
        """Ends the wait for a body whose framing broke half-way: aiohttp 3.14 closes and tells nobody."""
        if not self._content.is_eof() and self._content.exception() is None:
            self._content.set_exception(aiohttp.ClientPayloadError("the body is not framed as HTTP asks"))


class Names:
    """Looks names up as the system does, hosts file included, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="names")

    async def lookup(self, host: str, port: int) -> list[str]:
        """The IP addresses of a name, best first; OSError when it has none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _lookup, host, port)

    def close(self) -> None:
        """Wait for no more answers."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str, port: int) -> list[str]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as error:
        # An empty or overlong label: the name cannot be written in a query.
        raise socket.gaierror(socket.EAI_NONAME, "not a possible host name") from error
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


class _Resolver(AbstractResolver):
    """Names looked up, and of their addresses those that may be asked."""

    def __init__(self, address_guard: AddressGuard, lookup: Lookup) -> None:
        self._address_guard = address_guard
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        ips = self._address_guard.vet(host, port, await self._lookup(host, port))
        if not ips:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in ips
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def _ask_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keeps aiohttp from asking a second time by itself, without pause or count, after a lost connection."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError(str(error)) from error


def _translate_error(error: Exception, limits: Limits) -> AttemptFailed:
    """What an error of the HTTP client means for the address."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return _translate_unreached(error)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        detail = f"no connection within {limits.connect_seconds:g} s"
        return AttemptFailed(Reason.TIMEOUT, detail, is_unreached=True)
    if isinstance(error, aiohttp.ServerTimeoutError):
        return AttemptFailed(Reason.TIMEOUT, f"nothing came for {limits.stall_seconds:g} s")
    if isinstance(error, aiohttp.InvalidURL):
        return AttemptFailed(Reason.BAD_ADDRESS, str(error))
    if isinstance(error, aiohttp.ClientConnectionError):
        return AttemptFailed(Reason.CONNECTION_LOST, str(error))
    if isinstance(error, aiohttp.ClientResponseError):
        return AttemptFailed(Reason.BAD_RESPONSE, error.message)
    return AttemptFailed(Reason.BAD_RESPONSE, str(error))


def _translate_unreached(error: aiohttp.ClientConnectorError) -> AttemptFailed:
    cause = error.__cause__
    if isinstance(cause, AddressRefused):
        return make_refused_failure(cause)
    detail = str(getattr(cause, "strerror", "") or cause or error)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return AttemptFailed(Reason.DNS, detail, is_unreached=True)
    if isinstance(error, aiohttp.ClientSSLError):
        return AttemptFailed(Reason.TLS, detail, is_unreached=True)
    return AttemptFailed(Reason.CONNECT, detail, is_unreached=True)
