"""Making derived files again: studies that are missing, or all of them, from the originals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assets import Failure, Inspector, OriginalStore, Reason, Stage
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
    with FeatureStore(catalog.derived, read_only=False) as studies:
        if anew:
            studies.clear()
        wanted = [asset.sha256 for asset in catalog.records.assets() if anew or asset.sha256 not in studies]
        async with Inspector(workers) as inspector:
            done = 0
            async for failure in _studied(wanted, catalog.originals, inspector, studies):
                done += 1
                report(done, len(wanted))
                if failure is None:
                    result.made += 1
                else:
                    result.failures.append(failure)
        studies.refresh()
        result.total = len(studies)
        await asyncio.to_thread(_write_index, catalog.derived, studies, anew=anew)
    return result


def _write_index(derived: Path, studies: FeatureStore, *, anew: bool) -> None:
    if anew:
        CandidateIndex.remove(derived)
    CandidateIndex(derived, studies).save(at_once=True)


async def _studied(
    wanted: Sequence[str], originals: OriginalStore, inspector: Inspector, studies: FeatureStore
) -> AsyncIterator[Failure | None]:
    """Have each picture inspected and its study kept; yields a failure or None for each, in order."""

    async def one(sha256: str) -> Failure | None:
        path = originals.path_of(sha256)
        if path is None:
            return Failure(Stage.READ, Reason.NOT_FOUND, sha256, "the original is gone from the catalog")
        picture = await inspector.picture(path, str(path))
        if isinstance(picture, Failure):
            return picture
        studies.add(sha256, picture)
        return None

    for start in range(0, len(wanted), AT_ONCE):
        for failure in await asyncio.gather(*(one(sha256) for sha256 in wanted[start : start + AT_ONCE])):
            yield failure
        studies.flush()
