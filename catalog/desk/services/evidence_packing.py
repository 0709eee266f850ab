"""Evidence bundles for visitors: packed by processes of their own, a few at once."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from catalog.desk import Problem, busy

# Each decodes originals in a process of its own, of up to some hundred megabytes and a core; the look-ups need theirs.
MOST_AT_ONCE = 2

# Bundles in hand at once, those that wait for their turn and those that are being sent included: each is a file.
MOST_IN_HAND = 16

# Packing a cluster's originals takes seconds.
PACKING_SECONDS = 120.0


class Bundles:
    """Packs the evidence of clusters, refused where enough are in hand."""

    def __init__(self, location: str) -> None:
        self._location = location
        self._turn = asyncio.Semaphore(MOST_AT_ONCE)
        self._in_hand = 0

    @asynccontextmanager
    async def packed(self, cluster: str) -> AsyncIterator[Path]:
        """A cluster's bundle as a file, which is there within the block."""
        if self._in_hand >= MOST_IN_HAND:
            raise busy(f"{self._in_hand} evidence bundles are in hand already")
        self._in_hand += 1
        try:
            with tempfile.TemporaryDirectory(prefix="photodesk-") as folder:
                target = Path(folder) / "evidence.zip"
                async with self._turn:
                    await self._pack(cluster, target)
                yield target
        finally:
            self._in_hand -= 1

    async def _pack(self, cluster: str, target: Path) -> None:
        command = [sys.executable, "-m", "catalog.reports.evidence", cluster, str(target)]
        process = await asyncio.create_subprocess_exec(
            *command,
            # Other users see the words of a command, which a database's address with its password is not to be among.
            env=os.environ | {"PHOTODESK_CATALOG": self._location},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(PACKING_SECONDS):
                _, told = await process.communicate()
        except TimeoutError:
            raise busy(f"the bundle was not packed within {PACKING_SECONDS:.0f} seconds") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            detail = told.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail or "the bundle could not be packed")
