"""Making derived files again: studies that are missing, or all of them, from the originals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assets import Failure, Inspector, OriginalStore, Reason, Stage, find_path
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.store import Catalog

# Pictures in hand at once: enough to keep every worker busy.
AT_ONCE = 32


@dataclass(slots=True)
class Studied:
    """What making studies came to: how many were made, how many there are, and what failed."""

    made: int = 0
    total: int = 0
    failures: list[Failure] = field(default_factory=list)


async def study_missing(
    catalog: Catalog,
    *,
    anew: bool = False,
    workers: int = 0,
    report: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> Studied:
    """Make the studies that are missing, or with `anew` all, and write the index; `report` hears done and wanted."""
    result = Studied()
    with catalog.writing_derived(), FeatureStore(catalog.derived, read_only=False) as feature_store:
        if anew:
            feature_store.clear()
        wanted = [
            asset.sha256
            for asset in catalog.records.assets()
            if not asset.reason and (anew or asset.sha256 not in feature_store)
        ]
        async with Inspector(workers) as inspector:
            done = 0
            async for failure in _study_each(wanted, catalog.originals, inspector, feature_store):
                done += 1
                report(done, len(wanted))
                if failure is None:
                    result.made += 1
                else:
                    result.failures.append(failure)
        feature_store.refresh()
        result.total = len(feature_store)
        await asyncio.to_thread(_write_index, catalog.derived, feature_store, anew=anew)
    return result


def _write_index(derived: Path, feature_store: FeatureStore, *, anew: bool) -> None:
    if anew:
        CandidateIndex.remove(derived)
    CandidateIndex(derived, feature_store).save(at_once=True)


async def _study_each(
    wanted: Sequence[str], originals: OriginalStore, inspector: Inspector, feature_store: FeatureStore
) -> AsyncIterator[Failure | None]:
    """Have each picture inspected and its study kept; yields a failure or None for each, in order."""

    async def one(sha256: str) -> Failure | None:
        path = await find_path(originals, sha256)
        if path is None:
            return Failure(Stage.READ, Reason.NOT_FOUND, sha256, "the original is gone from the catalog")
        picture = await inspector.picture(path, str(path))
        if isinstance(picture, Failure):
            return picture
        if picture.reason:
            # It could be compared when it came.
            return Failure(Stage.DECODE, Reason(picture.reason), str(path), picture.detail)
        feature_store.add(sha256, picture)
        return None

    for start in range(0, len(wanted), AT_ONCE):
        for failure in await asyncio.gather(*(one(sha256) for sha256 in wanted[start : start + AT_ONCE])):
            yield failure
        feature_store.flush()
