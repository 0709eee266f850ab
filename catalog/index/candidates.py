"""Which catalogued pictures may show what a query shows: by fingerprint and by local features.

Fingerprints are compared with every row, by faiss; a million of 256 bits take some two milliseconds. Features are
searched in its inverted file of binary vectors (Douze et al., "The Faiss library", 2024): each is filed under the
nearest of some sample features, and a query looks into the few files nearest to each of its own. Taking a sample
instead of training costs nothing and finds as much.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# Threads that wait for each other by spinning take ten times the CPU on a machine that has other work; this is read
# when faiss is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import faiss
import numpy as np
import numpy.typing as npt

from assets import Fingerprint
from catalog.errors import CatalogUnwritable
from catalog.index.feature_store import FeatureStore, words_of
from catalog.index.feature_table import MAX_FEATURE_DISTANCE, FeaturePairs, FeatureTable
from catalog.store import DERIVED, INDEX, Finding, FindingKind

Ints = npt.NDArray[np.int64]

BITS = 256

# As many as OMP_NUM_THREADS allows: a worker is one of several.
THREADS = faiss.omp_get_max_threads()

# So many files for the square root of the number of features, to the next power of two. With twice as many a search
# finds no more in the same time, and filing takes twice as long; with half as many the searches of a large index slow.
FILES_PER_ROOT = 0.75
LEAST_FILES = 16
MOST_FILES = 16_384

# The files are laid out anew when there are so many times more features than they were made for.
GROWTH = 8

# Files a query feature is looked for in: of a small index as many as find 9 in 10 of the pairs that exact search finds,
# and of a large one so few that 30 million features take a tenth of a second.
PROBES = 12
PROBES_OF_LARGE = 5
LARGE = 4_000_000

# Nearest features that each of the query's may vote for.
NEIGHBOURS = 6

# Rows that features of the query vote for are looked at by geometry: those with most votes, as the many copies of one
# picture have, and those with the clearest, as the one photo on a page full of letters has. That features that occur
# often should count less is from Jegou, Douze, Schmid, "On the burstiness of visual elements", CVPR 2009.
MOST_VOTED = 12
CLEAREST_VOTED = 16
LEAST_VOTES = 3

# Bits in which fingerprints of a copy may differ. Only candidates: pixels decide.
FAR_PHASH256 = 64
FAR_PHASH64 = 10
MOST_ALIKE = 10

# What the index may lag behind before it is worth writing anew: so many rows, or this share of all.
UNWRITTEN_ROWS = 100
UNWRITTEN_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Alike:
    """A row whose fingerprint is near one of the query's orientations, which are numbered as in `Query`."""

    row: int
    orientation: int
    distance: int


@dataclass(frozen=True, slots=True)
class Voted:
    """A row that features of the query voted for, and the pairs of features."""

    row: int
    pairs: FeaturePairs


class CandidateIndex:
    """The index over the studies of a catalog."""

    def __init__(self, derived: Path, feature_store: FeatureStore) -> None:
        self._path = derived / INDEX
        self._feature_store = feature_store
        self._written = 0
        self._covered = 0
        self._starts = np.zeros(1, dtype=np.int64)
        self._index: faiss.IndexBinaryIVF | None = None
        self._quantizer: faiss.IndexBinaryFlat | None = None
        self._designed_for = 0
        self._is_mapped = False
        self._fingerprints: dict[tuple[str, int], faiss.IndexBinaryFlat] = {}
        self._load()
        self.update()

    # Keep

    def _load(self, *, mapped: bool = True) -> None:
        """Take what is on disk, if it belongs to these studies."""
        self._index, self._is_mapped = None, False
        stored = _read_stored(self._path, self._feature_store, mapped=mapped)
        if stored is None:
            return
        self._index, covered = stored
        self._is_mapped = mapped
        self._covered = self._written = covered
        self._designed_for = max(1, self._index.ntotal)
        self._starts = np.concatenate([[0], np.cumsum(self._feature_store.counts)[:covered]])

    @staticmethod
    def problems(derived: Path, feature_store: FeatureStore) -> Iterator[Finding]:
        """What is wrong with an index on disk: it must belong to these studies."""
        path = derived / INDEX
        if path.exists() and _read_stored(path, feature_store) is None:
            place = f"{DERIVED}/{INDEX}"
            yield Finding(FindingKind.DAMAGED_DERIVED, place, "it does not belong to the studies")

    def update(self) -> None:
        """Take in the studies that came since; in memory, until `save`."""
        counts = self._feature_store.counts
        if len(counts) == self._covered and self._index is not None:
            return
        if self._is_mapped:
            # What is mapped cannot grow; faiss would end the process.
            self._load(mapped=False)
        total = int(counts.sum())
        if self._index is None or total > GROWTH * self._designed_for:
            self._lay_out(total)
        if self._index is None:
            return
        _share_among_threads(total)
        for first in range(self._covered, len(counts), 1000):
            rows = range(first, min(first + 1000, len(counts)))
            self._index.add(np.ascontiguousarray(np.concatenate(list(self._feature_store.descriptors(rows)))))
        self._covered = len(counts)
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def _lay_out(self, total: int) -> None:
        """An empty index whose files suit so many features."""
        self._index, self._covered, self._written, self._is_mapped = None, 0, 0, False
        if not total:
            return
        files = LEAST_FILES
        while files < min(MOST_FILES, FILES_PER_ROOT * total**0.5):
            files *= 2
        sample = self._sample(files, total)
        quantizer = faiss.IndexBinaryFlat(BITS)
        quantizer.add(sample)
        index = faiss.IndexBinaryIVF(quantizer, BITS, len(sample))
        index.is_trained = True
        # Python's reference must outlive the index, which does not own it.
        self._index, self._quantizer, self._designed_for = index, quantizer, total

    def _sample(self, wanted: int, total: int) -> npt.NDArray[np.uint8]:
        """Features to file others under, taken evenly from all over the catalog; the same for the same studies."""
        random = np.random.default_rng(total)
        rows = random.permutation(len(self._feature_store))[: max(64, wanted // 16)]
        pool = np.concatenate(list(self._feature_store.descriptors(rows.tolist())))
        # Hardly any are equal: twice as many as wanted are enough to look for those.
        pool = np.unique(pool[random.permutation(len(pool))[: 2 * wanted]], axis=0)
        return np.ascontiguousarray(pool[random.permutation(len(pool))[:wanted]])

    def save(self, *, at_once: bool = False) -> None:
        """Write the index to disk when enough has come, or at once."""
        behind = self._covered - self._written
        if self._index is None or behind == 0:
            return
        if not at_once and behind < max(UNWRITTEN_ROWS, UNWRITTEN_SHARE * self._covered):
            return
        beside = self._path.with_suffix(".new")
        try:
            faiss.write_index_binary(self._index, str(beside))
            os.replace(beside, self._path)
        # faiss raises RuntimeError where Python would raise OSError.
        except (RuntimeError, OSError) as error:
            raise CatalogUnwritable(f"{self._path}: the index cannot be written: {error}") from error
        self._written = self._covered

    @staticmethod
    def remove(derived: Path) -> None:
        """Forget the index on disk."""
        (derived / INDEX).unlink(missing_ok=True)

    # Ask

    def find_alike(self, orientations: Sequence[Sequence[Fingerprint]]) -> list[Alike]:
        """The distinct rows whose fingerprints are near those of any orientation, the nearest first."""
        distinct = self._feature_store.distinct
        found: dict[int, Alike] = {}
        for bits, most in ((256, FAR_PHASH256), (64, FAR_PHASH64)):
            asked = [one for of in orientations for one in of if (one.algorithm, one.bits) == ("phash", bits)]
            if not asked:
                continue
            numbers, rows, _ = self._search_within(asked, most)
            for number, row in zip(numbers.tolist(), rows.tolist(), strict=True):
                if distinct[row]:
                    self._note(found, row, number, orientations[number])
        return sorted(found.values(), key=lambda one: (one.distance, one.row))[:MOST_ALIKE]

    def _note(
        self, found: dict[int, Alike], row: int, number: int, orientation: Sequence[Fingerprint]
    ) -> None:
        """Keep the orientation in which a row is nearest; the long fingerprint decides."""
        long = next(one for one in orientation if (one.algorithm, one.bits) == ("phash", 256))
        distance = int(distances(self._feature_store.words("phash", 256, row), long))
        known = found.get(row)
        if known is None or (distance, number) < (known.distance, known.orientation):
            found[row] = Alike(row, number, distance)

    def find_near(self, fingerprint: Fingerprint, most_bits: int) -> list[tuple[int, int]]:
        """Every distinct row whose fingerprint of that kind differs in at most so many bits: distance and row."""
        _, rows, bits = self._search_within([fingerprint], most_bits)
        near = self._feature_store.distinct[rows]
        return sorted(zip(bits[near].tolist(), rows[near].tolist(), strict=True))

    def _search_within(self, asked: Sequence[Fingerprint], most_bits: int) -> tuple[Ints, Ints, Ints]:
        """Which of some fingerprints of one kind differ in at most so many bits from which rows, and in how many."""
        flat = self._get_flat_index(asked[0].algorithm, asked[0].bits)
        faiss.omp_set_num_threads(1)
        queries = np.stack([words_of(one).astype(">u8").view(np.uint8) for one in asked])
        limits, bits, rows = flat.range_search(queries, most_bits + 1)
        numbers = np.repeat(np.arange(len(asked)), np.diff(limits.astype(np.int64)))
        return numbers, rows, bits.astype(np.int64)

    def _get_flat_index(self, algorithm: str, bits: int) -> faiss.IndexBinaryFlat:
        """The fingerprints of all rows, to search exactly."""
        flat = self._fingerprints.setdefault((algorithm, bits), faiss.IndexBinaryFlat(bits))
        if flat.ntotal < len(self._feature_store):
            new = self._feature_store.words(algorithm, bits, slice(flat.ntotal, None))
            flat.add(np.ascontiguousarray(new.astype(">u8")).view(np.uint8).reshape(len(new), bits // 8))
        return flat

    def find_voted(self, features: FeatureTable) -> list[Voted]:
        """The rows that most features of a query are near to."""
        if self._index is None or not len(features.descriptors):
            return []
        queries = np.ascontiguousarray(features.descriptors)
        distance, found = self.search(queries, NEIGHBOURS)
        near = (found >= 0) & (distance <= MAX_FEATURE_DISTANCE)
        of_query = np.broadcast_to(np.arange(len(queries))[:, None], near.shape)[near]
        ids, bits = found[near], distance[near].astype(np.int64)
        # What is much nearer than the last of its neighbours is told apart from others; corners of letters are not.
        last = np.where(found[:, -1:] >= 0, distance[:, -1:], MAX_FEATURE_DISTANCE)
        apart = (last - distance)[near] / MAX_FEATURE_DISTANCE
        rows = np.searchsorted(self._starts, ids, side="right") - 1
        return self._rank_voted(rows, of_query, ids, bits, apart)

    def search(
        self, descriptors: npt.NDArray[np.uint8], neighbours: int
    ) -> tuple[npt.NDArray[np.int32], Ints]:
        """The nearest features to each of some: distances in bits and positions, -1 for none."""
        if self._index is None:
            none = np.full((len(descriptors), neighbours), -1, dtype=np.int64)
            return none.astype(np.int32), none
        large = self._index.ntotal >= LARGE
        self._index.nprobe = PROBES_OF_LARGE if large else PROBES
        _share_among_threads(self._index.ntotal)
        distance, found = self._index.search(descriptors, neighbours)
        return distance, found

    def _rank_voted(
        self, rows: Ints, of_query: Ints, ids: Ints, bits: Ints, apart: npt.NDArray[np.float64]
    ) -> list[Voted]:
        order = np.argsort(rows, kind="stable")
        rows, of_query, ids, bits, apart = rows[order], of_query[order], ids[order], bits[order], apart[order]
        voted, begins, votes = np.unique(rows, return_index=True, return_counts=True)
        if not len(voted):
            return []
        most = np.argsort(-votes, kind="stable")[:MOST_VOTED]
        clearest = np.argsort(-np.add.reduceat(apart, begins), kind="stable")[:CLEAREST_VOTED]
        result = []
        for which in dict.fromkeys([*most.tolist(), *clearest.tolist()]):
            if votes[which] < LEAST_VOTES:
                continue
            part = slice(begins[which], begins[which] + votes[which])
            row = int(voted[which])
            result.append(Voted(row, FeaturePairs(of_query[part], ids[part] - self._starts[row], bits[part])))
        return result


def _share_among_threads(features: int) -> None:
    """Have faiss use all threads where an index is so large; in a small one they wait longer than they work."""
    faiss.omp_set_num_threads(THREADS if features >= LARGE else 1)


def _read_stored(
    path: Path, feature_store: FeatureStore, *, mapped: bool = True
) -> tuple[faiss.IndexBinaryIVF, int] | None:
    """The index in a file and how many rows it covers; None where it cannot be read or is not of these studies.

    Mapped into memory it opens at once, and processes that read it share it, but it cannot grow.
    """
    if not path.exists():
        return None
    try:
        index = faiss.read_index_binary(str(path), faiss.IO_FLAG_MMAP_IFC if mapped else 0)
    # faiss raises RuntimeError for whatever is wrong with a file.
    except RuntimeError:
        return None
    if not isinstance(index, faiss.IndexBinaryIVF):
        return None
    ends = np.cumsum(feature_store.counts)
    covered = int(np.searchsorted(ends, index.ntotal, side="right"))
    if index.ntotal and (covered == 0 or int(ends[covered - 1]) != index.ntotal):
        return None
    return index, covered


def distances(words: npt.NDArray[np.uint64], fingerprint: Fingerprint) -> Ints:
    """In how many bits rows of words (…, bits / 64) differ from a fingerprint of the same length."""
    differing: Ints = np.bitwise_count(words ^ words_of(fingerprint)).sum(axis=-1, dtype=np.int64)
    return differing
