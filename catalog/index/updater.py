"""The index brought up to date as a harvest goes, in a thread: at its end little is left to file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from catalog.index.feature_store import FeatureStore

if TYPE_CHECKING:
    from catalog.index.candidates import CandidateIndex

# New pictures that are filed at once: fewer would be filed no sooner than a reader of the catalog could by itself.
LEAST_NEW = 200

# The index is held in memory while it grows, 12 kB a picture: up to so many pictures as a harvest goes, beyond only for
# as long as it takes to put the rest in at the end.
MOST_HELD = 5000

SECONDS_BETWEEN_LOOKS = 1.0


class IndexUpdater:
    """Files the features that come in while its block runs and the index is small; writes the index at the end of it.

    `studies` are those that are written to, `came` says how many pictures have come so far.
    """

    def __init__(self, derived: Path, feature_store: FeatureStore, came: Callable[[], int]) -> None:
        self._derived = derived
        self._feature_store = feature_store
        self._before = len(feature_store)
        self._came = came
        self._opened: tuple[FeatureStore, CandidateIndex] | None = None
        self._is_over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        try:
            if self._task is not None:
                await self._task
            await asyncio.to_thread(self._finish)
        finally:
            if self._opened is not None:
                self._opened[0].close()

    async def _work(self) -> None:
        filed = 0
        while not self._is_over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_BETWEEN_LOOKS):
                    await self._is_over.wait()
            came = self._came()
            if self._before + came > MOST_HELD:
                await asyncio.to_thread(self._let_go)
                return
            if came - filed >= LEAST_NEW and not self._is_over.is_set():
                await asyncio.to_thread(self._file)
                filed = came

    def _file(self) -> CandidateIndex:
        """File what has been written since."""
        if self._opened is None:
            # Half a second of libraries that a harvest with nothing new does without.
            from catalog.index.candidates import CandidateIndex

            feature_store = FeatureStore(self._derived)
            self._opened = feature_store, CandidateIndex(self._derived, feature_store)
            return self._opened[1]
        feature_store, index = self._opened
        feature_store.refresh()
        index.update()
        return index

    def _let_go(self) -> None:
        """Write what has been filed, and hold it no longer."""
        if self._opened is not None:
            feature_store, index = self._opened
            self._opened = None
            with feature_store:
                index.save(at_once=True)

    def _finish(self) -> None:
        self._feature_store.refresh()
        if len(self._feature_store) > self._before:
            self._file().save()
