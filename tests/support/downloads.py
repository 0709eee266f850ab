"""Addresses asked for in the tests: one downloader for one question, with bounds that fit a test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from patience import PATIENCE_SECONDS
from servers import Server

from assets.http.bodies import MemorySink
from assets.http.client import Lookup
from assets.http.downloader import Body, Downloader
from assets.http.limits import Limits, Politeness
from assets.model import Fetch, Validators

# Roomy in time, since the machine may be busy; tests of deadlines set their own, or put the clock forward.
QUICK = Limits(
    picture_bytes=100_000,
    document_bytes=100_000,
    total_seconds=PATIENCE_SECONDS,
    connect_seconds=PATIENCE_SECONDS,
    stall_seconds=PATIENCE_SECONDS,
    redirects=4,
    attempts=1,
    max_retry_after_seconds=5.0,
    backoff_seconds=0.01,
)

# `asyncio.run`, or that of a runner whose clock the test holds.
Run = Callable[[Coroutine[object, object, Any]], Any]

NOON = datetime(2025, 8, 23, 12, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Got:
    """A picture's fetch, and what went into the sink."""

    fetch: Fetch
    data: bytes


def politeness(*servers: Server, **options: object) -> Politeness:
    """Manners under which these servers may be asked."""
    allowed = frozenset(server.host_port for server in servers)
    return Politeness(**{"allow_addresses": allowed, **options})


def downloader(*servers: Server, limits: Limits = QUICK, **options: object) -> Downloader:
    """A downloader that may ask these servers; `lookup` and `clock` are its own options, the rest manners."""
    own = {name: options.pop(name) for name in ("lookup", "clock") if name in options}
    return Downloader(politeness(*servers, **options), limits, **own)


def picture(
    server: Server,
    address: str,
    validators: Validators | None = None,
    limits: Limits = QUICK,
    run: Run = asyncio.run,
    referer: str = "",
    **options: object,
) -> Got:
    """One picture, by its path on the server or its whole address."""

    async def ask() -> Got:
        sink = MemorySink()
        async with downloader(server, limits=limits, **options) as asking:
            fetch = await asking.picture(_absolute(server, address), sink, validators, referer)
        return Got(fetch, bytes(sink.data))

    return run(ask())


def document(
    server: Server,
    address: str,
    validators: Validators | None = None,
    limits: Limits = QUICK,
    run: Run = asyncio.run,
    **options: object,
) -> Body:
    """One document, by its path on the server or its whole address."""

    async def ask() -> Body:
        async with downloader(server, limits=limits, **options) as asking:
            return await asking.document(_absolute(server, address), validators=validators)

    return run(ask())


def resolving(**names: str) -> Lookup:
    """A lookup that knows these names only, dots written as underscores."""
    known = {name.replace("_", "."): ips.split() for name, ips in names.items()}

    async def lookup(host: str, _port: int) -> list[str]:
        if host not in known:
            raise OSError(None, "no such name")
        return known[host]

    return lookup


def _absolute(server: Server, address: str) -> str:
    return server.url(address) if address.startswith("/") else address
