"""A server whose pictures fail in every fifth case, each by its number; it counts the bodies that it gave."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import multiprocessing
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection

import numpy as np
from aiohttp import web
from PIL import Image

FAULT_EVERY = 5

# What an address that fails so must end as; None where the harvest gets over it.
FAULTS: dict[str, str | None] = {
    "not found": "gone",
    "gone": "gone",
    "server error": "server error",
    "server error once": None,
    "reset": "truncated",
    "reset once": None,
    "short body": "truncated",
    "empty": "empty",
    "page": "not a picture",
    # It came as long as the server says: what cannot be compared is kept.
    "cut off": None,
    "private redirect": "address refused",
    "redirect loop": "too many redirects",
    "forbidden": "forbidden",
    "torn gzip": "truncated",
}

DISTINCT = 64


def fault_of(number: int) -> str:
    """How the picture of a number fails, "" where it does not."""
    kinds = list(FAULTS)
    return kinds[number // FAULT_EVERY % len(kinds)] if number % FAULT_EVERY == 0 else ""


@cache
def _drawn(which: int) -> bytes:
    noise = np.random.default_rng(which).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    body = io.BytesIO()
    Image.fromarray(noise).resize((320, 240)).save(body, "JPEG", quality=80)
    return body.getvalue()


def picture(number: int) -> bytes:
    """The picture of a number; bytes behind the end of a JPEG make each a file of its own."""
    return _drawn(number % DISTINCT) + f"{number:08}".encode()


def digest(number: int) -> str:
    """The SHA-256 that the picture of a number must have."""
    body = cut_off(number) if fault_of(number) == "cut off" else picture(number)
    return hashlib.sha256(body).hexdigest()


def cut_off(number: int) -> bytes:
    """The beginning of the picture of a number."""
    return picture(number)[:900]


STATUSES = {"not found": 404, "gone": 410, "forbidden": 403, "server error": 500}
REDIRECTS = {"private redirect": "http://10.0.0.1/a.jpg", "redirect loop": ""}
BODIES: dict[str, Callable[[int], bytes]] = {
    "empty": lambda _: b"",
    "page": lambda _: b"<!doctype html><title>Sorry</title>",
    "cut off": cut_off,
}


class _Site:
    def __init__(self) -> None:
        self.bodies = 0
        self._asked: Counter[int] = Counter()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        self._asked[number] += 1
        is_first = self._asked[number] == 1
        fault = fault_of(number)
        if fault in STATUSES or (fault == "server error once" and is_first):
            return web.Response(status=STATUSES.get(fault, 502))
        if fault in REDIRECTS:
            raise web.HTTPFound(REDIRECTS[fault] or request.path)
        if fault in BODIES:
            return web.Response(body=BODIES[fault](number), content_type="image/jpeg")
        if fault == "torn gzip":
            packed = gzip.compress(picture(number))[:-200]
            headers = {"Content-Encoding": "gzip", "Content-Type": "image/jpeg"}
            return web.Response(body=packed, headers=headers)
        if fault == "reset" or (fault == "reset once" and is_first):
            return await _broken_off(request, picture(number), declared=len(picture(number)), abort=True)
        if fault == "short body":
            return await _broken_off(request, picture(number), declared=99_999, abort=False)
        return self._sound(request, number)

    def _sound(self, request: web.Request, number: int) -> web.Response:
        tag = f'"{number}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        self.bodies += 1
        return web.Response(body=picture(number), content_type="image/jpeg", headers={"ETag": tag})

    async def count(self, _request: web.Request) -> web.Response:
        return web.json_response(self.bodies)


async def _broken_off(request: web.Request, body: bytes, *, declared: int, abort: bool) -> web.StreamResponse:
    """Half of a body, or all of it where more was promised, and then the end of the line."""
    response = web.StreamResponse(headers={"Content-Length": str(declared), "Content-Type": "image/jpeg"})
    await response.prepare(request)
    await response.write(body[: len(body) // 2] if abort else body)
    transport = request.transport
    if transport is not None:
        transport.abort() if abort else transport.close()
    return response


@contextmanager
def faulty_site() -> Iterator[tuple[str, int]]:
    """The server in a process of its own: host and port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield "127.0.0.1", int(ours.recv())
    finally:
        process.terminate()
        process.join()


def _serve(line: Connection) -> None:
    async def run() -> None:
        site = _Site()
        application = web.Application()
        application.router.add_get("/p/{number}.jpg", site.answer)
        application.router.add_get("/count", site.count)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        await web.SockSite(runner, listener).start()
        line.send(listener.getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(run())
