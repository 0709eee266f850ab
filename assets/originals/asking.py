"""Originals asked for from within an event loop, which must not wait for a network.

A local folder is asked at once: a thread for each question would take longer than the answer.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from assets.originals.base import OriginalStore


async def find_path(originals: OriginalStore, sha256: str) -> Path | None:
    """As `OriginalStore.path_of`."""
    if originals.is_remote:
        return await asyncio.to_thread(originals.path_of, sha256)
    return originals.path_of(sha256)


async def is_held(originals: OriginalStore, sha256: str) -> bool:
    """As `OriginalStore.holds`."""
    if originals.is_remote:
        return await asyncio.to_thread(originals.holds, sha256)
    return originals.holds(sha256)
