"""A real HTTP server on a free loopback port, run in a thread, that answers as told: well, badly, or not at all.

    with Server({"/a.jpg": Answer(b"...", content_type="image/jpeg")}) as server:
        server.url("/a.jpg")        # http://127.0.0.1:40001/a.jpg
        server.host_port            # ("127.0.0.1", 40001), what --allow-address takes
        server.paths                # ["/a.jpg"] after it was asked for

A route is an `Answer`, a function of the `Request` that returns one, or an async function of the `Request` and the
`Line` that sends whatever it likes. Any path without a route is 404.
"""

from __future__ import annotations

import asyncio
import inspect
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self

from patience import PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came; header names are lower-case, `at` is the monotonic time."""

    method: str
    target: str
    headers: Mapping[str, str]
    at: float

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """A well-formed answer. A Content-Length of its own among `headers` stands instead of the true one."""

    body: bytes = b""
    status: int = 200
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0

    def __bytes__(self) -> bytes:
        lines = dict(self.headers)
        if self.content_type:
            lines["Content-Type"] = self.content_type
        names = {name.lower() for name in lines}
        if not names & {"content-length", "transfer-encoding"} and self.status not in (204, 304):
            lines["Content-Length"] = str(len(self.body))
        reason = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "Odd"
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return (
            f"HTTP/1.1 {self.status} {reason}\r\n{head}Connection: close\r\n\r\n".encode("latin-1")
            + self.body
        )


def redirect(location: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": location})


class Line:
    """The connection, for answers that are not well-formed."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def reset(self) -> None:
        """End with a TCP reset instead of a close."""
        raw = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Script = Callable[[Request, Line], Awaitable[None]]
Route = Answer | Callable[[Request], Answer] | Script


class Server:
    """A context manager over the running server; `requests` logs what came, in order."""

    def __init__(
        self,
        routes: Mapping[str, Route] | None = None,
        host: str = "127.0.0.1",
        certificate: ssl.SSLContext | None = None,
        fallback: Route | None = None,
    ) -> None:
        self.routes = dict(routes or {})
        self.host = host
        self.port = 0
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._fallback = fallback or Answer(b"not here", status=404, content_type="text/plain")
        self._certificate = certificate
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(PATIENCE_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def base(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self._certificate else ''}://{host}:{self.port}"

    @property
    def host_port(self) -> tuple[str, int]:
        return (self.host, self.port)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def url(self, target: str) -> str:
        return self.base + target

    def asked(self, path: str) -> list[Request]:
        """The requests for one path."""
        return [request for request in self.requests if request.path == path]

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._accept, self.host, 0, ssl=self._certificate)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        # A connection that was just accepted is a task; had the server closed before it begins, or were it cancelled
        # until then, it would leave its socket open (CPython's issue 109564). So none comes, and they begin.
        for listening in server.sockets:
            self._loop.remove_reader(listening.fileno())
        await asyncio.sleep(0)
        server.close()
        # Such tasks come to a writer meanwhile.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)
            # A task that is cancelled before it has begun closes nothing.
            for writer in self._writers:
                writer.transport.abort()
            await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        self.most_at_once = max(self.most_at_once, len(self._tasks))
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # A client that hangs up, and the end of the test, end a connection here; neither is an error.
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                head = await reader.readuntil(b"\r\n\r\n")
                await self._answer(parse_request(head), Line(writer))
        finally:
            writer.close()
            try:
                await writer.wait_closed()
            except (OSError, asyncio.CancelledError):
                # What the client did not take yet would keep the connection open.
                writer.transport.abort()
            self._writers.discard(writer)

    async def _answer(self, request: Request, line: Line) -> None:
        self.requests.append(request)
        route = self.routes.get(request.path, self._fallback)
        if inspect.iscoroutinefunction(route):
            await route(request, line)
            return
        answer = route if isinstance(route, Answer) else route(request)
        await line.pause(answer.delay_seconds)
        await line.send(bytes(answer))


def parse_request(head: bytes) -> Request:
    """The request whose head this is."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Request(method, target, headers, time.monotonic())


def free_port() -> int:
    """A port of 127.0.0.1 at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
