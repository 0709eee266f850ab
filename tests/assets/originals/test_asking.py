from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from assets.originals.asking import find_path, is_held
from assets.originals.local import LocalOriginals


class Watched(LocalOriginals):
    """Originals that note in which thread they are asked."""

    def __init__(self, folder: Path, is_remote: bool) -> None:
        super().__init__(folder)
        self.is_remote = is_remote
        self.threads: list[int] = []

    def path_of(self, sha256: str) -> Path | None:
        self.threads.append(threading.get_ident())
        return super().path_of(sha256)


@pytest.mark.parametrize("is_remote", [False, True])
def test_the_loop_waits_for_no_network(tmp_path: Path, is_remote: bool) -> None:
    originals = Watched(tmp_path, is_remote)
    with originals.incoming() as incoming:
        incoming.write(b"bytes")
        path, sha256 = originals.keep(incoming), incoming.sha256
    assert asyncio.run(find_path(originals, sha256)) == path
    assert asyncio.run(is_held(originals, sha256))
    assert [one != threading.get_ident() for one in originals.threads] == [is_remote] * 2
