"""What each stage of a harvest costs by itself: the CPU of a picture's download, decoding and so on, in one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from assets import (
    Collected,
    Downloader,
    Fetch,
    LocalOriginals,
    Outcome,
    Picture,
    Politeness,
    Reading,
    parse_allowed,
    read_documents,
    read_sources,
)
from assets.picture_model import Gray
from assets.pictures.decode import Decoded, decode
from assets.pictures.inspect_task import inspect
from assets.pictures.local_features import CATALOG_FEATURES, features
from assets.pictures.perceptual_hash import fingerprints, is_indistinct
from catalog.harvest.collector import RESULTS_PER_BATCH
from catalog.harvest.ledger import Ledger
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.store.catalog import open_store

# Addresses asked at once.
AT_ONCE = 32

# Enough to tell what one costs.
MOST_PICTURES = 300

T = TypeVar("T")


def stages(pictures: Sequence[Path], addresses: Path, work: Path) -> dict[str, float]:
    """CPU milliseconds a picture of each stage."""
    work.mkdir()
    pictures = pictures[:MOST_PICTURES]
    costs: dict[str, float] = {}

    def cost(name: str, step: Callable[[], T]) -> T:
        started = time.process_time()
        result = step()
        costs[name] = 1000 * (time.process_time() - started) / len(pictures)
        return result

    urls = addresses.read_text().split()[: len(pictures)]
    fetches = cost("download, digest and file", lambda: asyncio.run(_download(urls, work)))
    # What is made once, such as tables of cosines, is made here.
    inspect(str(pictures[0]))
    decoded = cost("decode at reduced scale, gray", lambda: [_decoded(path) for path in pictures])
    cost("hashes", lambda: [(fingerprints(one.gray), is_indistinct(one.gray)) for one in decoded])
    cost("features", lambda: [_features(one) for one in decoded])
    cost("preview", lambda: [one.gray.save(BytesIO(), "JPEG", quality=70) for one in decoded])
    inspected = [found for path in pictures if isinstance(found := inspect(str(path)), Picture)]
    if len(inspected) != len(pictures) or any(one.outcome is not Outcome.FETCHED for one in fetches):
        raise SystemExit("a stage lost a picture")
    cost("catalog", lambda: _catalog(addresses, list(zip(fetches, inspected, strict=True)), work / "catalog"))
    cost("index", lambda: _index(work / "catalog"))
    return costs


async def _download(urls: Sequence[str], work: Path) -> list[Fetch]:
    originals = LocalOriginals(work / "originals")
    gate = asyncio.Semaphore(AT_ONCE)
    allowed = frozenset(parse_allowed(url.split("/", 3)[2]) for url in urls)
    async with Downloader(Politeness(allow_addresses=allowed)) as downloader:

        async def one(url: str) -> Fetch:
            async with gate:
                with originals.incoming() as incoming:
                    fetch = await downloader.picture(url, incoming)
                    originals.keep(incoming)
                    return fetch

        return await asyncio.gather(*(one(url) for url in urls))


def _decoded(path: Path) -> Decoded:
    found = decode(path)
    if not isinstance(found, Decoded):
        raise SystemExit(f"{path}: {found}")
    return found


def _features(decoded: Decoded) -> None:
    gray = Gray(decoded.gray.width, decoded.gray.height, decoded.gray.tobytes())
    features(gray, CATALOG_FEATURES)


def _catalog(addresses: Path, found: Sequence[tuple[Fetch, Picture]], folder: Path) -> None:
    """Page, fetches, assets, usages and studies, written as a harvest writes them."""
    reading = next(
        one for one in read_documents(read_sources([str(addresses)], BytesIO())) if isinstance(one, Reading)
    )
    with open_store(folder) as store, FeatureStore(folder / "derived", read_only=False) as studies:
        ledger = Ledger(store, "0" * 32, [str(addresses)])
        ledger.note_page(reading)
        pairs = list(zip(reading.references, found, strict=False))
        for first in range(0, len(pairs), RESULTS_PER_BATCH):
            with store.batch():
                for reference, (fetch, picture) in pairs[first : first + RESULTS_PER_BATCH]:
                    ledger.note_collected(Collected(fetch, picture, f"{fetch.sha256}.jpg"))
                    studies.add(fetch.sha256, picture)
                    ledger.note_usage(reading.page, reference, fetch.sha256)
            studies.flush()


def _index(folder: Path) -> None:
    with FeatureStore(folder / "derived") as studies:
        CandidateIndex(folder / "derived", studies).save(at_once=True)
