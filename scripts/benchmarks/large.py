"""A catalog of many made-up pictures: what a query costs there, and what the index finds of what is there.

The features of made-up pictures are drawn at random with the bits' shares and correlations of real ones, as
thresholds of correlated normal variables (a Gaussian copula: Emrich and Piedmonte, "A method for generating
high-dimensional multivariate binary variates", The American Statistician 45, 1991). They crowd together as real ones
do, which features of random bits do not.
"""

from __future__ import annotations

import multiprocessing
import re
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import faiss
import numpy as np
import numpy.typing as npt

from assets import FeatureRecord, Picture, Query
from catalog.index.candidates import BITS, CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.index.feature_table import FeatureTable
from catalog.matching.matcher import Matcher
from catalog.store.layout import DERIVED, INDEX, ROWS, STUDIES

# Features of a query, and queries, for which the index is compared with exact search.
EXACT_FEATURES = 100
EXACT_QUERIES = 5

Figures = dict[str, float]


def measured(
    folder: Path, real: Sequence[tuple[str, Picture]], asked: Sequence[tuple[str, Query]], size: int
) -> Figures:
    """Milliseconds a query, recall, bytes a picture, in a catalog of so many pictures, `real` ones among them.

    `asked` are edits of real pictures, each with the digest of the one it is made of.
    """
    sources, queries = [source for source, _ in asked], [query for _, query in asked]
    started = time.process_time()
    with FeatureStore(folder / "derived", read_only=False) as studies:
        for sha256, picture in real:
            studies.add(sha256, picture)
        maker = Maker([picture for _, picture in real])
        for _ in range(size - len(real)):
            studies.add(*maker.picture())
    with FeatureStore(folder / "derived") as studies:
        index = CandidateIndex(folder / "derived", studies)
        index.save(at_once=True)
        built = time.process_time() - started
        opening = time.perf_counter()
        index = CandidateIndex(folder / "derived", studies)
        opened = time.perf_counter() - opening
        matcher = Matcher(studies, index)
        matcher.matches(queries[0])
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
            memory = fresh.submit(_memory, folder, queries).result()
        clock, process = time.perf_counter(), time.process_time()
        found = [{match.asset for match in matcher.matches(query)} for query in queries]
        figures = {
            "pictures": float(len(studies)),
            "features": float(studies.counts.sum()),
            "match_ms": 1000 * (time.perf_counter() - clock) / len(queries),
            "match_cpu_ms": 1000 * (time.process_time() - process) / len(queries),
            "recall": sum(source in one for source, one in zip(sources, found, strict=True)) / len(queries),
            "features_of_exact_search": _recall(index, studies, queries[:EXACT_QUERIES]),
            "build_cpu_ms_a_picture": 1000 * built / len(studies),
            "open_seconds": opened,
            "index_bytes_a_picture": (folder / DERIVED / INDEX).stat().st_size / len(studies),
            "rows_bytes_a_picture": (folder / DERIVED / ROWS).stat().st_size / len(studies),
            "memory_bytes_a_picture": memory / len(studies),
        }
    for name in (INDEX, ROWS, STUDIES):
        (folder / DERIVED / name).unlink()
    return figures


def _memory(folder: Path, queries: Sequence[Query]) -> int:
    """Bytes that a process needs more once it has answered the queries; what it maps of the files is counted."""
    before = _status("VmRSS")
    with FeatureStore(folder / "derived") as studies:
        matcher = Matcher(studies, CandidateIndex(folder / "derived", studies))
        for query in queries:
            matcher.matches(query)
    return _status("VmHWM") - before


def _status(name: str) -> int:
    """A figure of this process in bytes; `ru_maxrss` would count the process that started it."""
    found = re.search(rf"{name}:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return 1024 * int(found[1]) if found else 0


class Maker:
    """Makes up pictures after real ones: their previews and places, but features and fingerprints of no picture."""

    def __init__(self, real: Sequence[Picture]) -> None:
        self._random = np.random.default_rng(1)
        self._studies = [(picture, picture.study) for picture in real if picture.study is not None]
        bits = np.concatenate([_bits(study) for _, study in self._studies])
        self._thresholds = np.array([NormalDist().inv_cdf(1 - share) for share in bits.mean(axis=0)])
        # Bits that are +1 or -1 and correlate by r come from normal variables that correlate by sin(pi r / 2).
        strengths, directions = np.linalg.eigh(np.sin(np.pi / 2 * np.corrcoef(bits.T.astype(np.float32))))
        mixture = directions * np.sqrt(np.maximum(strengths, 0))
        mixture /= np.sqrt((mixture**2).sum(axis=1, keepdims=True))
        self._mixture = mixture.T.astype(np.float32)

    def picture(self) -> tuple[str, Picture]:
        """A digest and a picture."""
        random = self._random
        picture, study = self._studies[random.integers(len(self._studies))]
        normal = random.standard_normal((study.features.count, BITS), dtype=np.float32)
        descriptors = np.packbits(normal @ self._mixture > self._thresholds, axis=1).tobytes()
        fingerprints = tuple(
            replace(one, value=int.from_bytes(random.bytes(one.bits // 8), "big"))
            for one in picture.fingerprints
        )
        made_up = FeatureRecord(replace(study.features, descriptors=descriptors), study.preview)
        return random.bytes(32).hex(), replace(picture, study=made_up, fingerprints=fingerprints)


def _bits(study: FeatureRecord) -> npt.NDArray[np.uint8]:
    descriptors = np.frombuffer(study.features.descriptors, dtype=np.uint8).reshape(-1, BITS // 8)
    return np.unpackbits(descriptors, axis=1)


def _recall(index: CandidateIndex, studies: FeatureStore, queries: Sequence[Query]) -> float:
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
