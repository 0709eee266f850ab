"""Decisions from the desk: written at once, whoever else writes to the catalog."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from catalog.desk import held
from catalog.errors import CatalogLocked
from catalog.store import Location, Store, open_catalog

T = TypeVar("T")


class Writer:
    """Puts decisions into a catalog that others may be writing to."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._turn = asyncio.Lock()

    async def write(self, action: Callable[[Store], T]) -> T:
        """Do something with decisions; a Problem where a photodesk of before is writing, or one that was stopped."""
        async with self._turn:
            try:
                return await asyncio.to_thread(self._write_once, action)
            except CatalogLocked as error:
                raise held(error.holder) from error

    def _write_once(self, action: Callable[[Store], T]) -> T:
        with open_catalog(self._location, decides=True) as catalog:
            return action(catalog.records)
