"""One address asked for until it ends: hop by hop over its redirects, and again where a failure may pass.

Each hop is vetted, asks its own robots.txt, waits for its host's turn and carries nothing of the hop before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from assets.http import responses, robots_cache
from assets.http.bodies import Cap, Kept, MemorySink, Sink, make_too_large_failure, take
from assets.http.exchange import Exchange, Taken
from assets.http.limits import Politeness
from assets.http.responses import Headers
from assets.http.retries import AttemptFailed, RetryPolicy
from assets.http.robots import forbids_images
from assets.http.robots_cache import RobotsCache, Ruling
from assets.http.ssrf_guard import AddressGuard, AddressRefused
from assets.http.throttle import HostClosed, Throttle
from assets.model import Reason, Validators
from assets.parsing import urls

# The body of an HTTP error is read for a site's own explanation of it, which is short.
ERROR_BODY = Cap(256 * 1024, is_cut=True)
ERROR_BODY_SECONDS = 10.0

ROBOTS_ACCEPT = "text/plain, */*;q=0.5"

# So often in a row a host may ask for a short rest; one that goes on is left alone for longer, or each of its
# addresses would be waited for.
REFUSALS_BORNE = 6

# Answers whose X-Robots-Tag speaks of the picture.
_PICTURE_STATUSES = frozenset({responses.OK, responses.NON_AUTHORITATIVE, responses.NOT_MODIFIED})

_DEFAULT_PORTS = {"http:": 80, "https:": 443}

logger = logging.getLogger(__name__)


class Response(Protocol):
    """An answer whose body is still to come."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Headers:
        """All headers."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it was sent, in pieces."""


class Web(Protocol):
    """The HTTP client: one request to one address, no redirects followed, failures told as AttemptFailed."""

    def get(
        self, address: str, headers: tuple[tuple[str, str], ...]
    ) -> AbstractAsyncContextManager[Response]:
        """Ask once."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for, and within which bounds. `page` is the address of what shows it, `""` for nothing."""

    address: str
    accept: str
    codings: str
    cap: Cap
    total_seconds: float
    redirects: int
    validators: Validators = field(default_factory=Validators)
    page: str = ""
    is_picture: bool = False
    is_robots: bool = False

    def headers(self, address: str) -> tuple[tuple[str, str], ...]:
        """The request headers for one hop."""
        referer = responses.referer_for(self.page, address)
        told = (("Referer", referer),) if referer else ()
        return (("Accept", self.accept), ("Accept-Encoding", self.codings), *told, *self.conditions(address))

    def conditions(self, address: str) -> tuple[tuple[str, str], ...]:
        """Validators belong to the address whose answer gave them; no other is told them."""
        belongs = address == (self.validators.url or self.address)
        return responses.conditions(self.validators) if belongs else ()


class Session:
    """Asks questions politely; shares turns, permissions and the guard among all of them."""

    def __init__(
        self,
        web: Web,
        address_guard: AddressGuard,
        politeness: Politeness,
        retries: RetryPolicy,
        clock: Callable[[], datetime],
    ) -> None:
        self._web = web
        self._address_guard = address_guard
        self._politeness = politeness
        self._retries = retries
        self._clock = clock
        self._throttle = Throttle(politeness.connections, politeness.connections_per_host)
        self._robots_cache = RobotsCache(self._rule)

    async def close(self) -> None:
        """Stop asking for permissions; questions are stopped by who put them."""
        await self._robots_cache.close()

    async def ask(self, request: Request, sink: Sink, exchange: Exchange) -> Taken:
        """The good end of a question; AttemptFailed with the last failure when there is none."""
        name = urls.strip_query(request.address)
        return await self._retries.run(partial(self._attempt, request, sink, exchange), name)

    async def _attempt(self, request: Request, sink: Sink, exchange: Exchange) -> Taken:
        exchange.restart()
        address, passed, left = request.address, {request.address}, request.total_seconds
        for hop in range(request.redirects + 1):
            exchange.address = address
            await self._admit(request, address)
            async with self._turn(address):
                exchange.attempts += not hop
                begun = asyncio.get_running_loop().time()
                try:
                    async with asyncio.timeout(left):
                        step = await self._hop(request, address, sink, exchange)
                except TimeoutError as error:
                    detail = f"no complete answer within {request.total_seconds:g} s"
                    raise AttemptFailed(Reason.TIMEOUT, detail) from error
                left -= asyncio.get_running_loop().time() - begun
            if isinstance(step, Taken):
                return step
            if step in passed:
                raise AttemptFailed(Reason.TOO_MANY_REDIRECTS, f"in a circle, back to {step}")
            passed.add(step)
            address = step
        raise AttemptFailed(Reason.TOO_MANY_REDIRECTS, f"more than {request.redirects}")

    # Before a hop

    async def _admit(self, request: Request, address: str) -> None:
        """AttemptFailed when the address may not be asked."""
        endpoint = _endpoint(address)
        if endpoint is None:
            raise AttemptFailed(Reason.BAD_ADDRESS, "not a web address")
        try:
            self._address_guard.check_literal(*endpoint)
        except AddressRefused as error:
            raise make_refused_failure(error) from error
        if self._politeness.respect_robots and not request.is_robots:
            ruling = await self._robots_cache.ruling(urls.origin_of(address))
            if not self._is_own(address):
                self._throttle.slow_down(_host(address), ruling.delay_seconds(self._politeness.user_agent))
            ruling.check(address, self._politeness.user_agent)

    @asynccontextmanager
    async def _turn(self, address: str) -> AsyncIterator[None]:
        pause = 0.0 if self._is_own(address) else self._politeness.pause_seconds
        try:
            async with self._throttle.turn(_host(address), pause):
                yield
        except HostClosed as error:
            raise AttemptFailed(Reason.RATE_LIMITED, str(error), is_final=True, is_unreached=True) from error

    def _is_own(self, address: str) -> bool:
        endpoint = _endpoint(address)
        return endpoint is not None and self._address_guard.names(*endpoint)

    # A hop

    async def _hop(self, request: Request, address: str, sink: Sink, exchange: Exchange) -> str | Taken:
        """The next address, or the end."""
        headers = request.headers(address) + self._authorization(request, address)
        async with self._web.get(address, headers) as response:
            exchange.status, exchange.headers = response.status, response.headers
            if response.status not in responses.OVERLOADED:
                self._throttle.note_answer(_host(address))
            if response.status in responses.REDIRECTS:
                return _read_next_address(response.headers, address)
            if request.is_picture and response.status in _PICTURE_STATUSES:
                self._check_tag(response.headers)
            if response.status == responses.NOT_MODIFIED and request.conditions(address):
                return Taken(is_unchanged=True)
            reason = responses.reason_for_status(response.status)
            if reason is not None:
                await self._read_error(request, response, sink, exchange)
                raise self._failure(reason, response, address)
            return Taken(await _body(request, response, sink))

    def _authorization(self, request: Request, address: str) -> tuple[tuple[str, str], ...]:
        """The header for an origin of the user's own: never where a redirect or a stranger's page leads to it."""
        credentials = self._politeness.credentials
        is_elsewhere = urls.origin_of(address) != urls.origin_of(request.address)
        if is_elsewhere or (request.page and not credentials.has(request.page)):
            return ()
        header = credentials.header(address)
        return (("Authorization", header),) if header else ()

    def _check_tag(self, headers: Headers) -> None:
        if not self._politeness.respect_robots_tag:
            return
        directive = forbids_images(headers.get_all("x-robots-tag"), self._politeness.user_agent)
        if directive:
            raise AttemptFailed(Reason.ROBOTS_TAG, f"X-Robots-Tag: {directive}")

    async def _read_error(self, request: Request, response: Response, sink: Sink, exchange: Exchange) -> None:
        if request.is_picture or request.is_robots:
            return
        try:
            async with asyncio.timeout(ERROR_BODY_SECONDS):
                await take(response.chunks(), _coding(response), sink, ERROR_BODY)
        except (AttemptFailed, TimeoutError):
            # The status is the news; its explanation is lost.
            return
        exchange.has_error_body = True

    def _failure(self, reason: Reason, response: Response, address: str) -> AttemptFailed:
        """The failure for a status; an overloaded server is left in peace meanwhile, by everyone."""
        detail = f"HTTP {response.status}"
        if response.status not in responses.OVERLOADED:
            return AttemptFailed(reason, detail)
        asked = responses.retry_after_seconds(response.headers.get_first("retry-after"), self._clock())
        if asked is not None:
            detail = f"{detail}, Retry-After {asked:.0f} s"
        host, patience = _host(address), self._retries.max_retry_after_seconds
        if asked is not None and asked > patience:
            self._throttle.close(host, asked, patience)
        elif asked or reason is Reason.RATE_LIMITED:
            self._throttle.rest(host, asked or self._retries.backoff_seconds)
            if self._throttle.count_refusals(host) > REFUSALS_BORNE:
                self._throttle.close(host, patience, patience)
                return AttemptFailed(reason, detail, is_final=True)
        return AttemptFailed(reason, detail, retry_after_seconds=asked)

    def closed_seconds(self, host: str) -> float:
        """For how long no question is put to a host, as it wants it; 0 where it may be asked."""
        return self._throttle.closed_seconds(host.rstrip("."))

    def is_refusing(self, host: str) -> bool:
        """Whether a host refuses whenever it is asked again."""
        return self._throttle.is_refusing(host.rstrip("."))

    # robots.txt

    async def list_sitemaps(self, address: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address names, asked for only where it was not already."""
        origin = urls.origin_of(address)
        if not origin:
            return ()
        ruling = await self._robots_cache.ruling(origin)
        named = (urls.make_absolute(one, f"{origin}/") for one in ruling.robots.sitemaps)
        return tuple(dict.fromkeys(one for one in named if one))

    async def _rule(self, address: str) -> Ruling:
        request = Request(
            address=address,
            accept=ROBOTS_ACCEPT,
            codings="identity",
            cap=Cap(robots_cache.ROBOTS_BYTES, is_cut=True),
            total_seconds=robots_cache.ROBOTS_SECONDS,
            redirects=robots_cache.ROBOTS_REDIRECTS,
            is_robots=True,
        )
        sink, exchange = MemorySink(), Exchange()
        try:
            await self.ask(request, sink, exchange)
        except AttemptFailed as failure:
            is_elsewhere = urls.origin_of(exchange.address) != urls.origin_of(address)
            ruling = robots_cache.ruling_of_failure(failure, exchange.status, is_elsewhere=is_elsewhere)
            if ruling.reason is Reason.ROBOTS and self.closed_seconds(_host(address)):
                # It may be had when the host is asked again.
                return Ruling(ruling.robots, Reason.RATE_LIMITED, ruling.detail)
            if ruling.reason is Reason.ROBOTS:
                logger.warning("%s could not be had, which forbids all: %s", address, failure.reason)
            return ruling
        return robots_cache.ruling_of_body(bytes(sink.data))


def make_refused_failure(error: AddressRefused) -> AttemptFailed:
    """The failure for an address that must not be asked."""
    return AttemptFailed(Reason.ADDRESS_REFUSED, error.detail, is_unreached=True)


async def _body(request: Request, response: Response, sink: Sink) -> Kept:
    declared = response.headers.get_first("content-length")
    if declared.isdigit() and int(declared) > request.cap.max_bytes and not request.cap.is_cut:
        raise make_too_large_failure(request.cap)
    kept = await take(response.chunks(), _coding(response), sink, request.cap)
    if not kept.length:
        raise AttemptFailed(Reason.EMPTY, "no bytes")
    return kept


def _coding(response: Response) -> str:
    return ", ".join(response.headers.get_all("content-encoding"))


def _read_next_address(headers: Headers, address: str) -> str:
    location = headers.get_first("location")
    if not location.strip():
        raise AttemptFailed(Reason.BAD_RESPONSE, "a redirect that leads nowhere")
    target = responses.redirect_target(location, address)
    if not target:
        raise AttemptFailed(Reason.BAD_ADDRESS, f"redirected to {location[:200]}")
    return target


def _host(address: str) -> str:
    """What counts as one host for turns: the name, with a port of its own; http and https alike."""
    return urls.host_of(address).rstrip(".")


def _endpoint(address: str) -> tuple[str, int] | None:
    """The host name and the port that an address leads to; None where it is no web address."""
    url = urls.parse(address)
    if url is None:
        return None
    return url.hostname, int(url.port) if url.port else _DEFAULT_PORTS[url.protocol]
