"""A catalog of many made-up pictures: what a query costs there, and what the index finds of what is there.

A made-up picture has features of a real one with a quarter of their bits flipped, so that they lie as densely as
real ones do, and chance matches are more frequent than among real pictures.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np

from assets import Picture, Query, Study
from catalog.geometry import FeatureTable
from catalog.index import INDEX, Index
from catalog.matching import Matcher
from catalog.studies import DERIVED, ROWS, STUDIES, Studies

FLIPPED = 0.25

# Features of a query, and queries, for which the index is compared with exact search.
EXACT_FEATURES = 100
EXACT_QUERIES = 5

Figures = dict[str, float]


def measured(
    folder: Path, real: Sequence[tuple[str, Picture]], queries: Sequence[Query], size: int
) -> Figures:
    """Milliseconds a query, recall against exact search, bytes a picture, in a catalog of so many pictures."""
    started = time.process_time()
    with Studies(folder, read_only=False) as studies:
        for sha256, picture in real:
            studies.add(sha256, picture)
        random = np.random.default_rng(1)
        for number in range(size - len(real)):
            picture = real[number % len(real)][1]
            studies.add(random.bytes(32).hex(), _made_up(picture, random))
    with Studies(folder) as studies:
        index = Index(folder, studies)
        index.save(at_once=True)
        built = time.process_time() - started
        opening = time.perf_counter()
        index = Index(folder, studies)
        opened = time.perf_counter() - opening
        matcher = Matcher(studies, index)
        matcher.matches(queries[0])
        clock, process = time.perf_counter(), time.process_time()
        for query in queries:
            matcher.matches(query)
        figures = {
            "pictures": float(len(studies)),
            "features": float(studies.counts.sum()),
            "match_ms": 1000 * (time.perf_counter() - clock) / len(queries),
            "match_cpu_ms": 1000 * (time.process_time() - process) / len(queries),
            "recall_of_exact_search": _recall(index, studies, queries[:EXACT_QUERIES]),
            "build_cpu_ms_a_picture": 1000 * built / len(studies),
            "open_seconds": opened,
            "index_bytes_a_picture": (folder / DERIVED / INDEX).stat().st_size / len(studies),
            "rows_bytes_a_picture": (folder / DERIVED / ROWS).stat().st_size / len(studies),
            "memory_bytes_a_picture": 1024
            * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            / len(studies),
        }
    for name in (INDEX, ROWS, STUDIES):
        (folder / DERIVED / name).unlink()
    return figures


def _made_up(picture: Picture, random: np.random.Generator) -> Picture:
    if picture.study is None:
        return picture
    found = picture.study.features
    flipped = np.packbits(random.random((found.count, 256)) < FLIPPED, axis=1)
    descriptors = np.frombuffer(found.descriptors, dtype=np.uint8).reshape(-1, 32) ^ flipped
    features = replace(found, descriptors=descriptors.tobytes())
    fingerprints = tuple(
        replace(one, value=int.from_bytes(random.bytes(one.bits // 8), "big")) for one in picture.fingerprints
    )
    return replace(picture, study=Study(features, picture.study.preview), fingerprints=fingerprints)


def _recall(index: Index, studies: Studies, queries: Sequence[Query]) -> float:
    """Which share of the nearest features that exact search finds the index finds too."""
    every = faiss.IndexBinaryFlat(256)
    for first in range(0, len(studies), 1000):
        rows = range(first, min(first + 1000, len(studies)))
        every.add(np.ascontiguousarray(np.concatenate(list(studies.descriptors(rows)))))
    hits = wanted = 0
    for query in queries:
        descriptors = np.ascontiguousarray(FeatureTable.of(query.features[0]).descriptors[:EXACT_FEATURES])
        exact, _ = every.search(descriptors, 1)
        found, _ = index.search(descriptors, 1)
        near = exact[:, 0] <= 64
        wanted += int(near.sum())
        hits += int((found[near, 0] == exact[near, 0]).sum())
    return hits / max(1, wanted)
