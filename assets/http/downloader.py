"""Pictures and documents from the web; every address ends as one `Fetch`, with a reason for what failed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType
from typing import Self

from assets.errors import AssetsError
from assets.http import content_encoding, responses
from assets.http.bodies import Cap, MemorySink, Sink
from assets.http.client import Client, Lookup
from assets.http.exchange import Exchange, build_failed_fetch, build_fetch
from assets.http.limits import Limits, Politeness
from assets.http.responses import Headers
from assets.http.retries import AttemptFailed, RetryPolicy
from assets.http.session import Request, Session
from assets.http.ssrf_guard import AddressGuard
from assets.model import Fetch, Outcome, Reason, Validators
from assets.parsing import urls

# No image type is named: servers that convert would send WebP or AVIF made for browsers, not the original.
ACCEPT_PICTURE = "image/*, */*;q=0.5"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Body:
    """A document as it came: `data` is empty unless it was fetched or explains an HTTP error."""

    fetch: Fetch
    data: bytes = b""
    headers: Headers = field(default_factory=Headers)

    def header(self, name: str) -> str:
        """One response header, `""` when absent."""
        return self.headers.get_first(name)

    def headers_all(self, name: str) -> tuple[str, ...]:
        """Every value of a response header."""
        return self.headers.get_all(name)


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Downloader:
    """Asks for addresses; an async context manager over its connections.

    What goes wrong on the way is told by the `Fetch`; only OriginalsError, from the sink, is raised. `clock`
    and `lookup` (the IP addresses of a host and port) may be replaced.
    """

    def __init__(
        self,
        politeness: Politeness | None = None,
        limits: Limits | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        lookup: Lookup | None = None,
    ) -> None:
        self._politeness = politeness or Politeness()
        self._limits = limits or Limits()
        self._clock = clock
        address_guard = AddressGuard(self._politeness.allow_addresses)
        self._client = Client(self._limits, address_guard, lookup)
        retries = RetryPolicy(
            self._limits.attempts, self._limits.backoff_seconds, self._limits.max_retry_after_seconds
        )
        self._session = Session(self._client, address_guard, self._politeness, retries, clock)
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._client.open(self._politeness.user_agent)
        self._opened.push_async_callback(self._client.close)
        self._opened.push_async_callback(self._session.close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.__aexit__(kind, error, trace)

    def now(self) -> str:
        """The present moment, UTC, ISO 8601 in whole seconds."""
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def has_credentials(self, address: str) -> bool:
        """Whether the origin of an address is told a user name and a password, so that it may show more."""
        return bool(self._politeness.credentials.header(address))

    def closed_seconds(self, host: str) -> float:
        """For how long a host is not asked, as it wants it; 0 where it may be. Who asks is told `rate limited`."""
        return self._session.closed_seconds(host)

    def is_refusing(self, host: str) -> bool:
        """Whether a host refused so often in a row that it need not be waited for."""
        return self._session.is_refusing(host)

    async def picture(
        self, url: str, sink: Sink, validators: Validators | None = None, referer: str = ""
    ) -> Fetch:
        """Ask for a picture and write it to the sink, whose bytes count only when it is FETCHED.

        `referer` is the address of a page that shows it, of which the origin is told.
        """
        request = Request(
            address=responses.strip_credentials(url),
            accept=ACCEPT_PICTURE,
            codings="identity",
            cap=Cap(self._limits.picture_bytes),
            total_seconds=self._limits.total_seconds,
            redirects=self._limits.redirects,
            validators=validators or Validators(),
            page=referer,
            is_picture=True,
        )
        return await self._fetch(url, request, sink, Exchange())

    async def document(self, url: str, accept: str = "", validators: Validators | None = None) -> Body:
        """Ask for a document and bring its body; that of an HTTP error too, which may explain it."""
        request = Request(
            address=responses.strip_credentials(url),
            accept=accept or "*/*",
            codings=content_encoding.ACCEPTED,
            cap=Cap(self._limits.document_bytes),
            total_seconds=self._limits.total_seconds,
            redirects=self._limits.redirects,
            validators=validators or Validators(),
        )
        sink, exchange = MemorySink(), Exchange()
        fetch = await self._fetch(url, request, sink, exchange)
        is_whole = fetch.outcome is Outcome.FETCHED or exchange.has_error_body
        return Body(fetch, bytes(sink.data) if is_whole else b"", exchange.headers)

    async def list_sitemaps(self, address: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address names; none where it cannot be had."""
        self._client.require_session()
        return await self._session.list_sitemaps(address)

    async def _fetch(self, url: str, request: Request, sink: Sink, exchange: Exchange) -> Fetch:
        """How the address ended, whatever happened."""
        self._client.require_session()
        try:
            taken = await self._session.ask(request, sink, exchange)
        except AttemptFailed as failure:
            return build_failed_fetch(url, self.now(), exchange, failure.reason, failure.detail)
        except AssetsError:
            raise
        except Exception as error:
            # One address must not end the run; what nobody foresaw is recorded with it, and here where it was raised.
            lines = "".join(format_tb(error.__traceback__))
            logger.warning("%s: %s\n%s", urls.strip_query(url), type(error).__name__, lines)
            return build_failed_fetch(
                url, self.now(), exchange, Reason.INTERNAL, f"{type(error).__name__}: {error}"
            )
        return build_fetch(url, self.now(), exchange, taken, request.validators)


# The HTTP client
