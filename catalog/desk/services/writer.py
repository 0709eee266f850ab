"""Writing to the catalog from the desk: through its own harvest while that runs, else under the lock for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from catalog.desk import held
from catalog.errors import CatalogLocked
from catalog.store import Location, Store, open_catalog

# A harvest from the command line may hold the catalog for hours; a decision of another desk for a moment.
WAIT_SECONDS = 5.0
TRY_SECONDS = 0.25

T = TypeVar("T")


class Writer:
    """Puts records into a catalog that others may be writing to."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._held: Store | None = None
        self._turn = asyncio.Lock()

    @contextmanager
    def holding(self, store: Store) -> Iterator[None]:
        """While the desk itself holds the catalog, everything is written through that store."""
        self._held = store
        try:
            yield
        finally:
            self._held = None

    async def write(self, action: Callable[[Store], T]) -> T:
        """Do something with the store; a Problem where another process holds the catalog for too long."""
        waited = 0.0
        async with self._turn:
            while True:
                if self._held is not None:
                    return action(self._held)
                try:
                    return await asyncio.to_thread(self._write_once, action)
                except CatalogLocked as error:
                    if waited >= WAIT_SECONDS:
                        raise held(error.holder) from error
                waited += TRY_SECONDS
                await asyncio.sleep(TRY_SECONDS)

    def _write_once(self, action: Callable[[Store], T]) -> T:
        with open_catalog(self._location) as catalog:
            return action(catalog.records)
