from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from assets.model import ImageReference, Page, Reading
from assets.pipeline import Pipeline
from catalog.harvest.collector import Collector
from catalog.harvest.ledger import Ledger
from catalog.harvest.summary import HarvestSummary
from catalog.index.feature_store import FeatureStore
from catalog.store.catalog import open_store

ADDRESSES = ("https://news.example/a.jpg", "https://news.example/b.jpg")


class Broken:
    """A pipeline that is asked for each address, and fails once it has been asked for all of them."""

    def __init__(self, addresses: int) -> None:
        self._left = addresses
        self._asked = asyncio.Event()

    async def collect(self, address: str, _validators: object, _referer: str) -> None:
        self._left -= 1
        if not self._left:
            self._asked.set()
        await self._asked.wait()
        raise RuntimeError(address)


def collect(folder: Path, *addresses: str) -> None:
    """Collect these addresses, each of which fails by a mistake."""
    references = tuple(map(ImageReference, addresses))

    async def work() -> None:
        with open_store(folder) as store, FeatureStore(folder, read_only=False) as studies:
            pipeline = cast("Pipeline", Broken(len(references)))
            ledger = Ledger(store, "inputs", ())
            async with Collector(store, ledger, studies, pipeline, HarvestSummary()) as collector:
                await collector.take(Reading(Page("news"), references))
                await collector.finish()

    asyncio.run(work())


def test_what_stops_the_last_address_comes_out(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"a\.jpg"):
        collect(tmp_path, ADDRESSES[0])


def test_what_else_died_is_logged_beside_the_error_that_comes_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RuntimeError) as caught:
        collect(tmp_path, *ADDRESSES)
    (message,) = caplog.messages
    both = {f"a part of the harvest died too: {error!r}" for error in map(RuntimeError, ADDRESSES)}
    assert both - {message} == {f"a part of the harvest died too: {caught.value!r}"}
