"""How fast originals are kept and read in a bucket, beside a folder: one at a time, and sixteen at once.

The bucket is the one of the tests' own server, or with `--address` any other; what is put there stays there.
The tests' server needs what `scripts/environment test` installs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from assets import BucketOriginals, LocalOriginals, OriginalStore

AT_ONCE = (1, 16)
WARMING = 50


def rate(act: Callable[[bytes], object], given: Sequence[bytes], at_once: int) -> float:
    """How many a second."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(act, given))
    return len(given) / (time.perf_counter() - begun)


def warm_up(originals: OriginalStore) -> None:
    """Keep a few: a new server takes seconds to lay out the first of its volumes."""
    for number in range(WARMING):
        with originals.incoming() as incoming:
            incoming.write(b"%d" % number)
            originals.keep(incoming)


def measure(keeping: OriginalStore, reading: OriginalStore, options: argparse.Namespace) -> list[float]:
    """Kept and read a second, for each number at once."""
    found = []

    def keep(body: bytes) -> None:
        with keeping.incoming() as incoming:
            incoming.write(body)
            keeping.keep(incoming)

    def read(sha256: bytes) -> None:
        path = reading.path_of(sha256.decode())
        if path is None:
            raise SystemExit(f"{sha256.decode()}: it was not kept")
        path.read_bytes()

    for at_once in AT_ONCE:
        # Like a photograph: random bytes behind the signature.
        bodies = [
            b"\xff\xd8" + secrets.token_bytes(options.kilobytes * 1000) for _ in range(options.pictures)
        ]
        found.append(rate(keep, bodies, at_once))
        names = [hashlib.sha256(body).hexdigest().encode() for body in bodies]
        found.append(rate(read, names, at_once))
    return found


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench originals", description=__doc__)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--kilobytes", type=int, default=200)
    parser.add_argument("--address", default="", help="s3://bucket/prefix of another server")
    options = parser.parse_args(argv)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if not options.address:
            import s3_server

            server = stack.enter_context(s3_server.running(folder))
            os.environ.update(server.environment)
            options.address = server.new_address()
        local = LocalOriginals(folder / "local" / "originals")
        # Those who read have no copies.
        bucket, reader = (
            BucketOriginals(options.address, folder / "mine"),
            BucketOriginals(options.address, folder / "other"),
        )
        warm_up(bucket)
        in_bucket = measure(bucket, reader, options)
        in_folder = measure(local, local, options)
    print(f"{options.pictures} pictures of {options.kilobytes} kB, a second")
    for number, (there, here) in enumerate(zip(in_bucket, in_folder, strict=True)):
        what = ("kept", "read")[number % 2]
        print(
            f"{what}, {AT_ONCE[number // 2]} at once: bucket {there:.0f}, folder {here:.0f}, {here / there:.1f}"
        )


if __name__ == "__main__":
    main()
