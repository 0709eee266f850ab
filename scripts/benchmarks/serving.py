"""The files of a made newsroom, served on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

from benchmarks.newsroom import Site

LOOPBACK = "127.0.0.1"


def listening(sites: int) -> list[socket.socket]:
    """A listening socket for each site, on ports that are free."""
    return [socket.create_server((LOOPBACK, 0), backlog=128) for _ in range(sites)]


@contextmanager
def serving(sites: Sequence[Site], sockets: Sequence[socket.socket]) -> Iterator[None]:
    """The uploads of the sites served from a thread, which has ended when the block is left."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        runners = asyncio.run_coroutine_threadsafe(_start(sites, sockets), loop).result()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(_stop(runners), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(sites: Sequence[Site], sockets: Sequence[socket.socket]) -> list[web.AppRunner]:
    runners = []
    for site, listener in zip(sites, sockets, strict=True):
        application = web.Application()
        application.router.add_static("/wp-content", site.folder / "wp-content")
        runners.append(web.AppRunner(application, access_log=None, shutdown_timeout=1))
        await runners[-1].setup()
        await web.SockSite(runners[-1], listener).start()
    return runners


async def _stop(runners: Sequence[web.AppRunner]) -> None:
    for runner in runners:
        await runner.cleanup()
