"""A site on a real loopback server: quick, with something done before each answer, and addresses that fail for a while.

with serving(Site()) as face:               # in a thread, for programs and tests that run beside it
    face.before = lambda request: ...       # may change the site between any two requests
    face.fail("/wp-content/uploads/", 503)  # from now on, until face.mend()
    face.requests                           # what was asked, in order

face = Face(site, listen())                 # in the loop that asks it
async with face.answering(): ...
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import cast
from urllib.parse import parse_qsl

from patience import PATIENCE_SECONDS
from servers import Answer, Request, parse_request

from wordpress.model import SIZE_ENDINGS, UPLOADS, Media
from wordpress.pages import feed, home_page, post_page, sitemap
from wordpress.pictures import draw
from wordpress.rest import Query, answer_rest
from wordpress.site import Site

# In place of a status: the connection is closed without an answer.
CLOSED = 0

_PICTURE = re.compile(rf"{UPLOADS}photo-(\d+)((?:-\d+x\d+)?)\.png")


@dataclass(frozen=True, slots=True)
class Fault:
    """Addresses that begin so, path and query, and how they fail."""

    prefix: str
    status: int


class Face:
    """How a site answers; `requests` logs what came, in order."""

    def __init__(self, site: Site, listener: socket.socket) -> None:
        self.site = site
        self.requests: list[Request] = []
        self.before: Callable[[Request], None] | None = None
        self.faults: list[Fault] = []
        self._listener = listener
        self.host_port: tuple[str, int] = listener.getsockname()[:2]
        site.base = f"http://{self.host_port[0]}:{self.host_port[1]}"

    @property
    def allowing(self) -> str:
        """What a harvest's command needs to be let ask it."""
        return f"--allow-address={self.host_port[0]}:{self.host_port[1]}"

    def url(self, target: str = "/") -> str:
        """An address of the site."""
        return self.site.base + target

    def fail(self, prefix: str, status: int = 503) -> None:
        """Let what begins so fail from now on; a status of CLOSED ends the connection."""
        self.faults.append(Fault(prefix, status))

    def mend(self) -> None:
        """Let nothing fail any more."""
        self.faults.clear()

    def respond(self, request: Request) -> Answer | None:
        """The answer to a request; None where the connection is to be closed without one."""
        self.requests.append(request)
        if self.before is not None:
            self.before(request)
        fault = next((one for one in self.faults if request.target.startswith(one.prefix)), None)
        if fault is None:
            found = answer(self.site, request)
            return replace(
                found, headers={"Date": format_datetime(self.site.now, usegmt=True), **found.headers}
            )
        return Answer(b"", fault.status, "text/plain") if fault.status != CLOSED else None

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Answer in the running loop while the block lasts."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Connection(self), sock=self._listener.dup())
        try:
            yield
        finally:
            server.close()


class _Connection(asyncio.Protocol):
    """One request, one answer, and the end: the harvest asks for no more on a connection."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._head += data
        if not self._head.endswith(b"\r\n\r\n"):
            return
        found = self._face.respond(parse_request(self._head))
        if found is None:
            self._transport.abort()
            return
        self._transport.write(bytes(found))
        self._transport.close()


def listen() -> socket.socket:
    """A socket on a free port of 127.0.0.1, for a `Face`."""
    return socket.create_server(("127.0.0.1", 0), backlog=256)


@contextmanager
def serving(site: Site) -> Iterator[Face]:
    """The site's face, answering in a thread of its own while the block lasts."""
    with listen() as listener:
        face = Face(site, listener)
        loop, begun = asyncio.new_event_loop(), threading.Event()
        stopped = asyncio.Event()

        async def work() -> None:
            async with face.answering():
                begun.set()
                await stopped.wait()

        thread = threading.Thread(target=lambda: loop.run_until_complete(work()), daemon=True)
        thread.start()
        assert begun.wait(PATIENCE_SECONDS)
        try:
            yield face
        finally:
            loop.call_soon_threadsafe(stopped.set)
            thread.join()
            loop.close()


# What is answered


def answer(site: Site, request: Request) -> Answer:
    """What the site says to a request."""
    query = parse_query(request.query)
    path = request.path
    if "rest_route" in query and path in {"/", "/index.php"}:
        return answer_rest(site, query["rest_route"], query)
    if site.permalinks and path.startswith("/wp-json"):
        return answer_rest(site, path.removeprefix("/wp-json"), query)
    found = _PICTURE.fullmatch(path)
    if found:
        return _picture(site, int(found[1]), found[2], request)
    if path == "/feed/" or query.get("feed") == "rss2":
        return feed(site)
    if path in {"/wp-sitemap.xml", "/sitemap.xml"}:
        return sitemap(site)
    if path == "/robots.txt":
        text = f"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {site.base}/wp-sitemap.xml\n"
        return Answer(text.encode(), content_type="text/plain")
    if request.target == "/":
        return home_page(site)
    return post_page(site, request.target) or _not_found()


def parse_query(text: str) -> Query:
    """The parameters by their names; the parts of a list, which come as `include[]` each, in one."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(text, keep_blank_values=True):
        parts[re.sub(r"\[\d*\]$", "", name)].append(value)
    return {name: ",".join(values) for name, values in parts.items()}


def _picture(site: Site, number: int, ending: str, request: Request) -> Answer:
    media = site.media.get(number)
    size = next((size for size, one in SIZE_ENDINGS.items() if one == ending), "")
    if media is None or not size:
        return _not_found()
    etag = f'"{media.version:x}-{number:x}{ending}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(media.file_at, usegmt=True)}
    if _holds(request, etag, media):
        return Answer(status=304, headers=headers)
    return Answer(draw(number, media.version, size), content_type="image/png", headers=headers)


def _holds(request: Request, etag: str, media: Media) -> bool:
    """Whether what the asker has is what is there."""
    if known := request.headers.get("if-none-match"):
        return known in {etag, "*"}
    since = request.headers.get("if-modified-since")
    return since is not None and _moment(since) >= media.file_at.replace(microsecond=0)


def _moment(text: str) -> datetime:
    return parsedate_to_datetime(text).astimezone(UTC)


def _not_found() -> Answer:
    return Answer(
        b"<!DOCTYPE html><title>Page not found</title><p>It looks like nothing was found.",
        status=404,
        content_type="text/html; charset=UTF-8",
    )
