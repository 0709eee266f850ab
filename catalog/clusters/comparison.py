"""Bringing comparisons up to date: pictures that came since the last time are studied and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from assets import Failure
from catalog.clusters.pairing import pair_missing
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.errors import CatalogLocked
from catalog.index import FeatureStore, study_missing
from catalog.store import Location, open_catalog


@dataclass(frozen=True, slots=True)
class Compared:
    """What bringing comparisons up to date came to; `waiting` pictures are held up by who writes the catalog."""

    failures: tuple[Failure, ...] = ()
    waiting: int = 0


def compare_missing(
    location: Location,
    workers: int = 0,
    report: Callable[[str, int, int], None] = lambda _step, _done, _wanted: None,
) -> Compared:
    """Compare the pictures that came since the last time; `report` hears step, done and wanted."""
    with open_catalog(location, read_only=True) as catalog, FeatureStore(catalog.derived) as feature_store:
        pairs = VerifiedPairs(catalog.derived)
        missing = [
            one.sha256 for one in catalog.records.assets() if not one.reason and one.sha256 not in pairs
        ]
        if not missing:
            return Compared()
        unstudied = sum(sha256 not in feature_store for sha256 in missing)
    failures: list[Failure] = []
    try:
        if unstudied:
            with open_catalog(location) as catalog:
                studying = study_missing(
                    catalog, workers=workers, report=_make_step_report(report, "studied")
                )
                failures += asyncio.run(studying).failures
        with open_catalog(location, read_only=True) as catalog:
            pairing = pair_missing(catalog, workers=workers, report=_make_step_report(report, "compared"))
            failures += asyncio.run(pairing).failures
    except CatalogLocked:
        return Compared(tuple(failures), waiting=len(missing))
    return Compared(tuple(failures))


def _make_step_report(report: Callable[[str, int, int], None], step: str) -> Callable[[int, int], None]:
    return lambda done, wanted: report(step, done, wanted)
