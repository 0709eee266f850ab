"""The tests' own server: it leaves nothing open, whenever it ends."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
from servers import Server

CERTIFICATE = Path(__file__).parent / "certificate.pem"


def certificate() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def is_open(client: socket.socket) -> bool:
    """Whether the other end neither closed nor reset the connection."""
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


# From the turn of its loop in which it may be connected to until the one in which it serves.
@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("is_secure", [False, True])
def test_a_server_that_ends_closes_what_came_some_turns_of_its_loop_before(
    turns: int, is_secure: bool
) -> None:
    server = Server(certificate=certificate() if is_secure else None).__enter__()
    clients: list[socket.socket] = []

    def end_after(turns: int) -> None:
        if turns:
            server._loop.call_soon(end_after, turns - 1)
        else:
            server._stop.set()

    def connect() -> None:
        clients.extend(socket.create_connection(server.host_port) for _ in range(3))
        end_after(turns)

    server._loop.call_soon_threadsafe(connect)
    server._thread.join()
    try:
        assert [is_open(client) for client in clients] == [False, False, False]
    finally:
        for client in clients:
            client.close()
