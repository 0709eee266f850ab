"""Small pictures of assets: made once in a worker, kept beside the other derived files, named by digest."""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from assets import find_path
from catalog.desk import not_found
from catalog.desk.services.catalog_view import View
from catalog.desk.services.lookups import Lookups
from catalog.model import AssetRecord
from catalog.store import THUMBNAILS

# Long sides: a row of a list, a contact sheet, and what is compared; twice that for dense screens.
SIDES = (160, 320, 640, 1024)

logger = logging.getLogger(__name__)


class Thumbnails:
    """The folder of small pictures."""

    def __init__(self, view: View, lookups: Lookups) -> None:
        self._view = view
        self._lookups = lookups

    async def of(self, asset: AssetRecord, side: int) -> Path | bytes:
        """The file with an asset's small picture as WebP, or where none can be written what it would hold."""
        if asset.reason:
            raise not_found(f"{asset.sha256}: the original cannot be shown ({asset.format}, {asset.reason})")
        path = self._view.catalog.derived / THUMBNAILS / asset.sha256[:2] / f"{asset.sha256}-{side}.webp"
        if path.is_file():
            return path
        original = await find_path(self._view.catalog.originals, asset.sha256)
        if original is None:
            raise not_found(f"{asset.sha256}: the original is gone from the catalog")
        body = await self._lookups.make_small(original, asset.orientation, side)
        if body is None:
            raise not_found(f"{asset.sha256}: the original cannot be shown")
        try:
            await asyncio.to_thread(_write, path, body)
        except OSError as error:
            # A disk that is full or read-only costs time at the next visit, no picture.
            logger.warning("%s: not written: %s", path, error.strerror or error)
            return body
        return path


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside it, so that nobody reads half of it.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
