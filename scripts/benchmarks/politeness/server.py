"""A network of many hosts, played by one process: each address of 127.0.0.0/8 is a host that answers in its time."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import cast

# Hosts whose address begins so answer later.
SLOW = b"127.2."


class Host(asyncio.Protocol):
    """One connection, which is closed behind its answer."""

    def __init__(self, body: bytes, seconds: float, slow_seconds: float) -> None:
        self._body = body
        self._seconds = seconds, slow_seconds
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Know whom to answer."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer in time, as soon as the question is whole."""
        self._asked += data
        if b"\r\n\r\n" in self._asked:
            is_slow = b"\r\nhost: " + SLOW in self._asked.lower()
            asyncio.get_running_loop().call_later(self._seconds[is_slow], self._answer)

    def _answer(self) -> None:
        is_there = not self._asked.startswith(b"GET /robots.txt ")
        body = self._body if is_there else b"none"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png" if is_there else b"HTTP/1.1 404 Not Found"
        length = b"Content-Length: %d" % len(body)
        self._transport.write(b"\r\n".join([head, length, b"Connection: close", b"", body]))
        self._transport.close()


async def serve(body: bytes, seconds: float, slow_seconds: float) -> None:
    """Serve a picture at every address, and print the port."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Host(body, seconds, slow_seconds),
        "0.0.0.0",  # noqa: S104 - which are all addresses of the loopback
        backlog=1024,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]).read_bytes(), float(sys.argv[2]), float(sys.argv[3])))
