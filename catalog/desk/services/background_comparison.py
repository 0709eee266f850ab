"""What is done in the background about what others harvested: looked up, for the clusters, and indexed by its words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from assets import AssetsError
from catalog.clusters import VerifiedPairs, list_unpaired, pair_missing
from catalog.desk import DeskSettings
from catalog.desk.services.background_tasks import begin
from catalog.desk.services.catalog_view import View
from catalog.errors import CatalogError, CatalogLocked
from catalog.index import FeatureStore
from catalog.store import Catalog, open_catalog

# How often it is asked whether there are new pictures.
LOOK_SECONDS = 2.0

# Whoever looks a picture up now comes before.
BACKGROUND_WORKERS = 1

logger = logging.getLogger(__name__)


class Comparing:
    """Looks up what nobody has compared yet, while no harvest of the desk's own runs."""

    def __init__(self, view: View, settings: DeskSettings) -> None:
        self._view = view
        self._workers = settings.workers
        self._turn = asyncio.Lock()
        self._fault = ""
        self.left = 0

    @asynccontextmanager
    async def running(self, must_wait: Callable[[], bool]) -> AsyncIterator[None]:
        """Compare while the block runs, unless there is something more urgent; all that was found is kept."""
        task = begin(self._work(must_wait), "the comparison in the background")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def compare_new(self, catalog: Catalog, report: Callable[[int, int], None]) -> None:
        """Look up all that is new now; where another process does it already that goes on in its own time."""
        async with self._turn:
            with suppress(CatalogLocked):
                await pair_missing(catalog, workers=self._workers, report=report)

    async def _work(self, must_wait: Callable[[], bool]) -> None:
        seen = -1
        while True:
            self._view.refresh()
            if seen != self._view.version and not must_wait():
                seen = self._view.version
                self.left = await asyncio.to_thread(self._count)
                await asyncio.to_thread(self._index_words)
            if self.left and not must_wait():
                await self._try(must_wait)
            await asyncio.sleep(LOOK_SECONDS)

    async def _try(self, must_wait: Callable[[], bool]) -> None:
        """Look some up; a folder that cannot be written, or another process at it: the desk answers all the same."""
        fault = ""
        try:
            await self._compare_some(must_wait)
        except (CatalogError, AssetsError) as error:
            fault = str(error)
        if fault and fault != self._fault:
            # It is tried every few seconds: logged when it begins.
            logger.warning("nothing is compared in the background: %r", fault)
        self._fault = fault

    def _count(self) -> int:
        derived = self._view.catalog.derived
        with self._view.reading() as records, FeatureStore(derived) as feature_store:
            return len(list_unpaired(records, VerifiedPairs(derived), feature_store))

    def _index_words(self) -> None:
        with self._view.reading() as records:
            self._view.text_index.update(records)

    async def _compare_some(self, must_wait: Callable[[], bool]) -> None:
        def report(done: int, wanted: int) -> None:
            self.left = wanted - done

        async with self._turn:
            with open_catalog(self._view.catalog.location, read_only=True) as catalog:
                await pair_missing(catalog, workers=BACKGROUND_WORKERS, report=report, is_enough=must_wait)
