"""Host names looked up, many at once, beside the work of the event loop."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

# A name server that does not answer holds a thread for some ten seconds, and a list of old addresses has many
# such names: the others must not wait behind them. Threads are made as needed.
LOOKUPS_AT_ONCE = 64


class Names:
    """Looks names up as the system does, hosts file included, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS_AT_ONCE, thread_name_prefix="names")

    async def lookup(self, host: str, port: int) -> list[str]:
        """The IP addresses of a name, best first; OSError when it has none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _lookup, host, port)

    def close(self) -> None:
        """Wait for no more answers."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str, port: int) -> list[str]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as error:
        # An empty or overlong label: the name cannot be written in a query.
        raise socket.gaierror(socket.EAI_NONAME, "not a possible host name") from error
    return list(dict.fromkeys(str(info[4][0]) for info in infos))
