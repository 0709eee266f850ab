"""Names looked up by the system."""

from __future__ import annotations

import asyncio
import socket

import pytest

from assets.http.dns import Names


def lookup(host: str) -> list[str]:
    names = Names()
    try:
        return asyncio.run(names.lookup(host, 80))
    finally:
        names.close()


def test_a_name_has_its_addresses_once_each() -> None:
    found = lookup("localhost")
    assert "127.0.0.1" in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize("host", ["a..example", "x" * 64 + ".example"])
def test_a_name_that_cannot_be_is_not_found(host: str) -> None:
    with pytest.raises(socket.gaierror):
        lookup(host)
