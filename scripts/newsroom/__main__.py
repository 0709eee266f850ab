"""A newsroom on loopback: several WordPress-shaped sites that republish the same photographs.

    python scripts/newsroom --skimage --sites 6 --seed 1
    python scripts/newsroom --photos pictures/ --port-file newsroom.json

Each site answers on its own port until SIGTERM or Ctrl-C. When all are ready, one line a site is printed and
the port file, if one was asked for, holds the sites' addresses and what is true of them, as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web
from facts import facts
from photos import Photo, folder_photos, packaged_photos
from server import SiteServer
from website import Website, build_sites

LOOPBACK = "127.0.0.1"

EXIT_USAGE = 2


def main() -> int:
    arguments = _arguments()
    try:
        photos = packaged_photos() if arguments.skimage else folder_photos(arguments.photos)
    except FileNotFoundError as error:
        print(f"newsroom: {error}", file=sys.stderr)
        return EXIT_USAGE
    if not photos:
        print(f"newsroom: no pictures in {arguments.photos}", file=sys.stderr)
        return EXIT_USAGE
    sockets = [_listening(arguments.first_port and arguments.first_port + n) for n in range(arguments.sites)]
    hosts = [f"{LOOPBACK}:{listening.getsockname()[1]}" for listening in sockets]
    sites = build_sites(hosts, photos, arguments.seed)
    asyncio.run(_serve(sites, sockets, lambda: _announce(sites, photos, arguments.port_file)))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="newsroom", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--skimage", action="store_true", help="the photographs inside the installed scikit-image"
    )
    source.add_argument("--photos", metavar="DIR", type=Path, help="the pictures of a folder")
    parser.add_argument("--sites", metavar="N", type=_positive, default=6, help="how many sites (default: 6)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="which newsroom (default: 1)")
    parser.add_argument(
        "--first-port",
        metavar="PORT",
        type=int,
        default=0,
        help="ports counted from here, where they are free (default: any free ports)",
    )
    parser.add_argument(
        "--port-file", metavar="FILE", type=Path, help="write addresses and facts here when ready"
    )
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _listening(port: int) -> socket.socket:
    """A listening socket on that port of the loopback address, on any free one when it is taken or 0."""
    try:
        return socket.create_server((LOOPBACK, port), backlog=128)
    except OSError:
        return socket.create_server((LOOPBACK, 0), backlog=128)


async def _serve(
    sites: Sequence[Website], sockets: Sequence[socket.socket], ready: Callable[[], None]
) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as stack:
        for site, listening in zip(sites, sockets, strict=True):
            runner = web.AppRunner(SiteServer(site).application(), access_log=None, shutdown_timeout=1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listening).start()
        ready()
        await stopped.wait()


def _announce(sites: Sequence[Website], photos: Sequence[Photo], port_file: Path | None) -> None:
    for site in sites:
        count = sum(not post.is_hidden for post in site.posts)
        print(f"{site.home}  {site.recipe.name}, {count} posts", flush=True)
    if port_file is not None:
        beside = port_file.with_name(f"{port_file.name}.{os.getpid()}")
        beside.write_text(json.dumps(facts(sites, photos), indent=1), encoding="utf-8")
        beside.replace(port_file)


if __name__ == "__main__":
    sys.exit(main())
