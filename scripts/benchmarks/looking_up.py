"""Whole look-ups in a large catalog of drawn photographs and made-up ones, and which candidates its index misses."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from assets import Query
from assets.pictures.inspect_task import inspect_query
from benchmarks.catalogs import KINDS, digest
from benchmarks.desk import make, queries
from catalog.clusters.compared_pictures import ComparedPictures
from catalog.index.candidates import BITS, CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable
from catalog.index.naming import QUICK, THOROUGH, Asked
from catalog.lookup.answer import LookupVerdict
from catalog.lookup.engine import Lookup
from catalog.store.catalog import open_catalog

ROOT = Path(__file__).resolve().parents[2]

FROM_DISK, COLD, WARM, EXACT = 3, 7, 40, 5

Json = dict[str, Any]


def measured(folder: Path, pictures: int) -> Json:
    """Seconds to open, to look up in a new process and in one that is open, and the recall of candidates."""
    if not folder.is_dir():
        print(f"making a catalog of {pictures} pictures", file=sys.stderr)
        make(folder, pictures)
    with tempfile.TemporaryDirectory() as name:
        files, shown = _written(Path(name), COLD + WARM)
        known = list(zip(files, shown, strict=True))
        from_disk = [_cold(folder, file, which, forget=True) for file, which in known[:FROM_DISK]]
        cold = [_cold(folder, file, which) for file, which in known[:COLD]]
        with FeatureStore(folder / "derived") as studies:
            clock = time.perf_counter()
            index = CandidateIndex(folder / "derived", studies)
            index.find_named([Asked(_tables(files[0])[0])], QUICK)
            opened = time.perf_counter() - clock
            count, features = len(studies), int(studies.counts.sum())
        warm = asyncio.run(_warm(folder, files[COLD:]))
        recall = _recall(folder, files, shown)
    return {
        "pictures": count,
        "features": features,
        "figures": {
            "index opens and answers, s": f"{opened:.2f}",
            "`photodesk lookup`, a new process, files not in memory, s (median)": f"{statistics.median(from_disk):.2f}",
            "`photodesk lookup`, a new process, s (median)": f"{statistics.median(cold):.2f}",
            "`photodesk lookup`, a new process, s (slowest)": f"{max(cold):.2f}",
            "a look-up in a process that is open, s (median)": f"{statistics.median(warm):.2f}",
            "a look-up in a process that is open, s (slowest)": f"{max(warm):.2f}",
            **recall,
        },
    }


def _written(folder: Path, count: int) -> tuple[list[Path], list[int | None]]:
    files, shown = [], []
    for number, (body, which) in enumerate(queries(count)):
        files.append(folder / f"{number}.jpg")
        files[-1].write_bytes(body)
        shown.append(which)
    return files, shown


def _cold(folder: Path, file: Path, shown: int | None, *, forget: bool = False) -> float:
    """Seconds of the whole command. The system holds the catalog's files in memory unless it is to `forget` them."""
    for path in folder.rglob("*") if forget else ():
        if path.is_file():
            _forget(path)
    command = [sys.executable, "-m", "catalog.cli", "lookup", str(file), "--catalog", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    clock = time.perf_counter()
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    seconds = time.perf_counter() - clock
    wanted = LookupVerdict.NOT_IN_CATALOG if shown is None else LookupVerdict.USED
    if f": {wanted} (" not in told:
        print(f"{file.name}: not {wanted}", file=sys.stderr)
    return seconds


def _forget(path: Path) -> None:
    """Have the system drop a file from its cache."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def _warm(folder: Path, files: Sequence[Path]) -> list[float]:
    from assets import QueryOptions, QueryReader

    seconds = []
    with (
        open_catalog(folder, read_only=True) as catalog,
        Lookup(catalog, ComparedPictures(catalog.derived)) as desk,
    ):
        async with QueryReader(QueryOptions()) as reader:
            # What is read at the first look-ups stays.
            for file in files[: len(files) // 2]:
                await desk.picture(str(file), reader)
            for file in files[len(files) // 2 :]:
                clock = time.perf_counter()
                await desk.picture(str(file), reader)
                seconds.append(time.perf_counter() - clock)
    return seconds


def _tables(file: Path) -> list[FeatureTable]:
    query = inspect_query(str(file))
    if not isinstance(query, Query):
        raise SystemExit(f"{file}: {query}")
    return [FeatureTable.of(features) for features in query.features]


class _Exact(CandidateIndex):
    """The same votes from an exact search."""

    def __init__(self, folder: Path, studies: FeatureStore) -> None:
        super().__init__(folder, studies)
        self._get_flat_index = faiss.IndexBinaryFlat(BITS)
        for first in range(0, len(studies), 1000):
            rows = range(first, min(first + 1000, len(studies)))
            self._get_flat_index.add(np.ascontiguousarray(np.concatenate(list(studies.descriptors(rows)))))

    def search(
        self, descriptors: npt.NDArray[np.uint8], neighbours: int
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """The nearest features to each of some."""
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        distances, found = self._get_flat_index.search(descriptors, neighbours)
        return distances, found


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Right pictures among the candidates of some queries, and how many there are to be found."""

    queries: int
    found: int
    wanted: int

    def __str__(self) -> str:
        return f"{self.found} of {self.wanted}, {self.queries} queries"


def _candidates(
    folder: Path, known: Sequence[tuple[Path, int]], kind: type[CandidateIndex]
) -> list[_Candidates]:
    """For each query how many of the pictures that show what it shows are candidates."""
    result = []
    with FeatureStore(folder / "derived") as studies:
        index = kind(folder, studies)
        for file, which in known:
            asked = [Asked(table) for table in _tables(file)]
            voted = {row for named in index.find_named(asked, THOROUGH) for row in named}
            right = {studies.row_of(digest(which, at)) for at in range(len(KINDS))}
            result.append(_Candidates(1, len(voted & right), len(right)))
    return result


def _sum(some: Sequence[_Candidates]) -> _Candidates:
    return _Candidates(len(some), sum(one.found for one in some), sum(one.wanted for one in some))


def _recall(folder: Path, files: Sequence[Path], shown: Sequence[int | None]) -> Json:
    """Candidates of all queries by the index, and by exact search of those for which the index missed most.

    Exact search takes a minute a query. Where the index misses nothing there is nothing more to be found.
    """
    known = [(file, which) for file, which in zip(files, shown, strict=True) if which is not None]
    ours = _candidates(folder, known, CandidateIndex)
    missed_most = sorted(range(len(known)), key=lambda at: ours[at].found - ours[at].wanted)[:EXACT]
    print("searching exactly", file=sys.stderr)
    exact = _candidates(folder, [known[at] for at in missed_most], _Exact)
    return {
        "right pictures among candidates, index": str(_sum(ours)),
        "the same of the queries with most missed, index": str(_sum([ours[at] for at in missed_most])),
        "the same of the queries with most missed, exact search": str(_sum(exact)),
    }
