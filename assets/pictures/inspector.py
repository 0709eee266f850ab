"""Decoding in worker processes: what a stranger's file does to a decoder stays there."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from assets.errors import WorkerDied, WorkerError, WorkerTimeout
from assets.model import Failure, Reason, Stage
from assets.picture_model import Picture, Query
from assets.workers import DEADLINE_SECONDS, Executor, WorkerPool

# By name: image codecs and OpenCV take 0.3 s to import, which is the workers' business alone.
PICTURES, QUERIES = "assets.pictures.inspect_task:inspect", "assets.pictures.inspect_task:inspect_query"

# Pictures that a busy worker has at hand beside the one it looks at: as many as it reads while a batch is written.
PICTURES_AHEAD = 3


class Inspector:
    """Inspects picture files; an async context manager over worker processes, which start when first needed.

    `workers` is the number of processes for each kind of question, 0 for one a core; a picture that is not decoded
    within `deadline_seconds` is a failure.
    """

    def __init__(self, workers: int = 0, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self._slots = workers or os.cpu_count() or 1
        # Many pictures come one after the other; a query is waited for, and goes to whoever is free first.
        self._pictures = WorkerPool(PICTURES, self._slots, deadline_seconds, ahead=PICTURES_AHEAD)
        self._queries = WorkerPool(QUERIES, self._slots, deadline_seconds)
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self._pictures)
            await opening.enter_async_context(self._queries)
            self._opened = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opened.__aexit__(kind, error, trace)

    def prepare_pictures(self) -> None:
        """Start processes for `picture` before they are needed, and leave a core to who has other things to load."""
        for _ in range(max(1, self._slots - 1)):
            self._pictures.prepare()

    def prepare_queries(self) -> None:
        """Start a process for `query` before it is needed."""
        self._queries.prepare()

    async def picture(self, path: Path, address: str) -> Picture | Failure:
        """What the catalog keeps of a picture file; a failure names the address it came from."""
        found = await self._ask(self._pictures, path, address)
        if isinstance(found, Picture | Failure):
            return found
        raise _make_unexpected_error(found, address)

    async def query(self, path: Path, address: str) -> Query | Failure:
        """What looking up a picture file needs; a failure names the address it came from."""
        found = await self._ask(self._queries, path, address)
        if isinstance(found, Query | Failure):
            return found
        raise _make_unexpected_error(found, address)

    @staticmethod
    async def _ask(pool: Executor, path: Path, address: str) -> object:
        try:
            found = await pool.run(str(path))
        except WorkerTimeout as error:
            return Failure(Stage.DECODE, Reason.DECODE_TIMEOUT, address, str(error))
        except WorkerDied as error:
            return Failure(Stage.DECODE, Reason.DECODE_CRASHED, address, str(error))
        return replace(found, address=address) if isinstance(found, Failure) else found


def _make_unexpected_error(found: object, address: str) -> WorkerError:
    return WorkerError(f"a decode worker answered {type(found).__name__} for {address}")
