"""A running newsroom for the tests: `scripts/newsroom` as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patience import until

# Enough for each of the agency's troubled stories; the fifth is large enough to be `-scaled`.
DRAWN_PHOTOS = 8

PROGRAM = Path(__file__).resolve().parents[2] / "scripts" / "newsroom"

STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Where the newsroom is, and what its port file says is true of it.

    `sites` are the home addresses, the agency's first, `allow` the host:port of each. `facts` holds `sites`,
    `photos` and `uses`: one object for each picture in each story, as the API tells it.
    """

    sites: tuple[str, ...]
    allow: tuple[str, ...]
    facts: dict[str, Any]

    def site(self, number: int) -> dict[str, Any]:
        """What is true of one site: where its API is, how many posts it has, what is wrong with some."""
        site: dict[str, Any] = self.facts["sites"][number]
        return site

    def uses(self, number: int) -> list[dict[str, Any]]:
        """Every use of a picture on one site."""
        return [use for use in self.facts["uses"] if use["site"] == self.allow[number]]


@contextmanager
def running(photos: Path, port_file: Path, *options: str) -> Iterator[Newsroom]:
    """A newsroom that republishes the pictures of a folder; it has ended when the block is left."""
    command: list[str | Path] = [
        sys.executable,
        PROGRAM,
        "--photos",
        photos,
        "--port-file",
        port_file,
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port_file, process)
            facts = json.loads(port_file.read_text(encoding="utf-8"))
            homes = tuple(site["home"] for site in facts["sites"])
            yield Newsroom(homes, tuple(facts["allow"]), facts)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port_file: Path, process: subprocess.Popen[bytes]) -> None:
    until(lambda: port_file.exists() or process.poll() is not None)
    if process.returncode is not None:
        raise RuntimeError(f"the newsroom ended with code {process.returncode}")
