"""Near hashes among made ones: all pairs and single queries, ours and peers', each in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from assets import Fingerprint
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import _ROW, COLUMNS, FeatureStore
from catalog.index.near_hashes import find_near_pairs
from catalog.store.layout import DERIVED, ROWS, STUDIES

# Of so many hashes one is planted near another: clusters of two to some six.
PLANTED_SHARE = 0.1
CLUSTER = 4

# Hashes changed at one time: the making of the hashes must not need more memory than the search among them.
FLIPS_AT_ONCE = 1 << 16

# Neighbours that HNSW is asked for: as many as a cluster has, with room.
NEIGHBOURS = 8
HNSW_LINKS = 32

QUERIES = 100

# imagededup takes a quarter of a minute for so many, and a hundred times that for ten times as many.
MOST_FOR_IMAGEDEDUP = 10_000

_IMAGEDEDUP = """
import json, sys, time
from imagededup.methods import PHash
hashes = json.load(sys.stdin)
clock = time.perf_counter()
found = PHash().find_duplicates(encoding_map=hashes, max_distance_threshold=int(sys.argv[1]))
took = time.perf_counter() - clock
pairs = [[one, other] for one, others in found.items() for other in others if one < other]
print(json.dumps([took, pairs]))
"""

Words = npt.NDArray[np.uint64]
Pairs = npt.NDArray[np.int64]
Json = dict[str, Any]


@cache
def made(size: int, bits: int, most: int) -> tuple[Words, Pairs]:
    """So many hashes (size, bits / 64), and the pairs (pairs, 2) that were planted within `most` bits.

    Of a cluster every member differs from the first in one bit to `most`.
    """
    random = np.random.default_rng([size, bits])
    words = random.integers(0, 2**64, (size, bits // 64), dtype=np.uint64)
    planted = int(size * PLANTED_SHARE)
    places = random.permutation(size)
    members, firsts = places[:planted], places[planted : planted + planted // CLUSTER]
    sources = np.sort(firsts[random.integers(0, len(firsts), planted)])
    flips = _flips(random, planted, bits, most)
    words[members] = words[sources] ^ flips
    pairs = [np.stack([sources, members], axis=1)]
    for apart in range(1, planted):
        # Members of one cluster lie side by side.
        same = sources[apart:] == sources[:-apart]
        if not same.any():
            break
        pairs.append(np.stack([members[:-apart][same], members[apart:][same]], axis=1))
    every = np.sort(np.concatenate(pairs), axis=1)
    near = np.bitwise_count(words[every[:, 0]] ^ words[every[:, 1]]).sum(axis=1, dtype=np.int64) <= most
    return words, every[near]


def _flips(random: np.random.Generator, count: int, bits: int, most: int) -> Words:
    """What to change: one to `most` bits of each, as words."""
    flips = np.empty((count, bits // 64), dtype=np.uint64)
    for start in range(0, count, FLIPS_AT_ONCE):
        part = flips[start : start + FLIPS_AT_ONCE]
        order = random.random((len(part), bits), dtype=np.float32).argsort(axis=1).argsort(axis=1)
        changed = order < random.integers(1, most + 1, (len(part), 1))
        part[:] = np.packbits(changed, axis=1).view(">u8")
    return flips


def measured(size: int, bits: int, most: int, *, with_peers: bool, peers: Path | None) -> Json:
    """Seconds, CPU, memory and recall of every contender."""
    pairs: dict[str, Callable[..., Json]] = {"photodesk": _ours}
    queries: dict[str, Callable[..., Json]] = {"photodesk": _our_query, "faiss HNSW": _hnsw_query}
    if with_peers:
        pairs |= {"faiss flat": _flat, "faiss HNSW": _hnsw}
    else:
        del queries["faiss HNSW"]
    found = {
        "hashes": size,
        "bits": bits,
        "most_bits": most,
        "all_pairs": [{"name": name} | _fresh(work, size, bits, most) for name, work in pairs.items()],
        "queries": [{"name": name} | _fresh(work, size, bits, most) for name, work in queries.items()],
    }
    if peers and bits == 64 and size <= MOST_FOR_IMAGEDEDUP:
        found["all_pairs"].append({"name": "imagededup"} | _imagededup(size, most, peers))
    return found


def _fresh(work: Callable[..., Json], *arguments: object) -> Json:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


# All pairs


def _ours(size: int, bits: int, most: int) -> Json:
    words, planted = made(size, bits, most)

    def search() -> Pairs:
        found = find_near_pairs(words, most)
        return np.stack([found.left, found.right], axis=1)

    return _timed(search, planted, size)


def _flat(size: int, bits: int, most: int) -> Json:
    words, planted = made(size, bits, most)

    def search() -> Pairs:
        codes = _codes(words)
        flat = faiss.IndexBinaryFlat(bits)
        flat.add(codes)
        limits, _, others = flat.range_search(codes, most + 1)
        rows = np.repeat(np.arange(size), np.diff(limits.astype(np.int64)))
        return np.stack([rows, others], axis=1)[rows < others]

    return _timed(search, planted, size)


def _hnsw(size: int, bits: int, most: int) -> Json:
    words, planted = made(size, bits, most)

    def search() -> Pairs:
        codes = _codes(words)
        graph = faiss.IndexBinaryHNSW(bits, HNSW_LINKS)
        graph.add(codes)
        distances, others = graph.search(codes, NEIGHBOURS)
        rows = np.broadcast_to(np.arange(size)[:, None], others.shape)
        near = (distances <= most) & (others >= 0) & (others != rows)
        return np.unique(np.sort(np.stack([rows[near], others[near]], axis=1), axis=1), axis=0)

    return _timed(search, planted, size)


def _timed(search: Callable[[], Pairs], planted: Pairs, size: int) -> Json:
    clock, cpu = time.perf_counter(), time.process_time()
    pairs = search()
    seconds, cpu_seconds = time.perf_counter() - clock, time.process_time() - cpu
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mb": _peak() // 1_000_000,
        "pairs": len(pairs),
        "recall": _recall(pairs, planted, size),
    }


def _recall(pairs: Pairs, planted: Pairs, size: int) -> float:
    return float(np.isin(planted @ [size, 1], np.sort(pairs, axis=1) @ [size, 1]).mean())


def _codes(words: Words) -> npt.NDArray[np.uint8]:
    return np.ascontiguousarray(words.astype(">u8")).view(np.uint8).reshape(len(words), -1)


def _peak() -> int:
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return 1024 * int(found[1]) if found else 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _imagededup(size: int, most: int, peers: Path) -> Json:
    words, planted = made(size, 64, most)
    # Texts of equal length are in the order of their numbers.
    hashes = {f"{row:09}": f"{int(word):016x}" for row, word in enumerate(words[:, 0])}
    command = [str(peers / "bin" / "python"), "-c", _IMAGEDEDUP, str(most)]
    answer = subprocess.run(command, input=json.dumps(hashes), capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, pairs = json.loads(answer.stdout.splitlines()[-1])
    found = np.array([[int(one), int(other)] for one, other in pairs], dtype=np.int64).reshape(-1, 2)
    return {
        "seconds": seconds,
        # It works in processes of its own, which also read what it needs.
        "cpu_seconds": None,
        "peak_mb": after.ru_maxrss // 1000,
        "pairs": len(found),
        "recall": _recall(found, planted, size),
    }


# One query


def _our_query(size: int, bits: int, most: int) -> Json:
    """What `photodesk lookup --phash` asks of its index."""
    words, planted = made(size, bits, most)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / DERIVED).mkdir()
        rows = np.zeros(size, dtype=_ROW)
        rows[COLUMNS["phash", bits]] = words
        rows.tofile(folder / DERIVED / ROWS)
        (folder / DERIVED / STUDIES).touch()
        with FeatureStore(folder / "derived") as studies:
            index = CandidateIndex(folder / "derived", studies)

            def ask(row: int) -> set[int]:
                value = int.from_bytes(words[row].astype(">u8").tobytes(), "big")
                return {other for _, other in index.find_near(Fingerprint("phash", bits, value), most)}

            return _asked(ask, planted)


def _hnsw_query(size: int, bits: int, most: int) -> Json:
    words, planted = made(size, bits, most)
    codes = _codes(words)
    graph = faiss.IndexBinaryHNSW(bits, HNSW_LINKS)
    graph.add(codes)
    faiss.omp_set_num_threads(1)

    def ask(row: int) -> set[int]:
        distances, others = graph.search(codes[row : row + 1], NEIGHBOURS)
        return set(others[distances <= most].tolist())

    return _asked(ask, planted)


def _asked(ask: Callable[[int], set[int]], planted: Pairs) -> Json:
    """The median of queries that one planted pair each answers, and how many of these pairs were found."""
    chosen = planted[np.random.default_rng(1).permutation(len(planted))[:QUERIES]].tolist()
    ask(chosen[0][0])
    seconds, hits = [], 0
    for left, right in chosen:
        clock = time.perf_counter()
        found = ask(left)
        seconds.append(time.perf_counter() - clock)
        hits += right in found
    return {"ms": 1000 * sorted(seconds)[len(seconds) // 2], "recall": hits / len(chosen)}
