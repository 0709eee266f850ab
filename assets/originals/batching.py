"""Originals kept on behalf of an event loop: those that come within a moment share a thread.

Keeping waits for the disk and is no business of the loop's thread. A thread for each original cost a twentieth of a
harvest: every wait hands Python's lock to and fro.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assets.originals.base import OriginalStore
from assets.originals.incoming import Incoming

# So long an original waits for others to be kept with: a harvest brings several in that time, and waits for none.
SECONDS_TOGETHER = 0.03

# A network is waited for by so many at once, each original by itself: one after the other they would add up.
REMOTE_AT_ONCE = 16

_Waiting = tuple[Incoming, asyncio.Future[Path]]


class BatchedKeeper:
    """Keeps originals from within an event loop."""

    def __init__(self, originals: OriginalStore) -> None:
        self._originals = originals
        self._waiting: list[_Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        # None: the loop's own threads.
        self._threads = ThreadPoolExecutor(REMOTE_AT_ONCE) if originals.is_remote else None

    async def keep(self, incoming: Incoming) -> Path:
        """As `OriginalStore.keep`."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[Path] = loop.create_future()
        if not self._waiting:
            self._timer = loop.call_later(SECONDS_TOGETHER, self._begin)
        self._waiting.append((incoming, kept))
        return await kept

    async def close(self) -> None:
        """Return when nothing is being moved any more; what has not begun is left."""
        if self._timer is not None:
            self._timer.cancel()
        for _, kept in self._waiting:
            kept.cancel()
        await asyncio.gather(*self._under_way)
        if self._threads is not None:
            self._threads.shutdown(wait=False)

    def _begin(self) -> None:
        # Who waited for the others was cancelled.
        together = [one for one in self._waiting if not one[1].done()]
        self._waiting = []
        groups = [[one] for one in together] if self._originals.is_remote else [together]
        # Slow disks have several of these under way, in a thread each.
        for group in groups if together else ():
            task = asyncio.create_task(self._keep_all(group))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _keep_all(self, together: Sequence[_Waiting]) -> None:
        incoming = [one for one, _ in together]
        results = await asyncio.get_running_loop().run_in_executor(self._threads, self._results, incoming)
        for (_, kept), result in zip(together, results, strict=True):
            if kept.done():
                continue
            if isinstance(result, Path):
                kept.set_result(result)
            else:
                kept.set_exception(result)

    def _results(self, together: Sequence[Incoming]) -> list[Path | Exception]:
        results: list[Path | Exception] = []
        for incoming in together:
            try:
                results.append(self._originals.keep(incoming))
            # Each is told its own; the others are kept all the same.
            except Exception as error:
                results.append(error)
        return results
