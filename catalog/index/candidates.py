"""Which catalogued pictures may show what a query shows: by fingerprint and by local features.

Fingerprints are compared with every row, by faiss; a million of 256 bits take some two milliseconds. Features are
searched in its inverted file of binary vectors (Douze et al., "The Faiss library", 2024): each is filed under the
nearest of some sample features, and a query looks into the few files nearest to each of its own. Taking a sample
instead of training costs nothing and finds as much.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
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
from catalog.index.feature_table import Ints
from catalog.index.naming import Asked, Effort, Found, Namer
from catalog.index.votes import choose_strongest
from catalog.store import DERIVED, INDEX, Finding, FindingKind

BITS = 256

# As many as OMP_NUM_THREADS allows: a worker is one of several.
THREADS = faiss.omp_get_max_threads()

# So many files for the square root of the number of features. With fewer a search goes through more features than it
# need, with more it compares a feature with more files than it saves.
FILES_PER_ROOT = 1.5
LEAST_FILES = 16
MOST_FILES = 65_536

# The files are laid out anew when there are so many times more features than they were made for: files that grew are
# uneven, and a search looks into the full ones.
GROWTH = 2

# From so many files on they are in groups, whose nearest are looked for first, and then the files of these alone.
LEAST_GROUPED = 1024
GROUP_PROBES = 6

# Files a query feature is looked for in: fewer the more there are. Each of a pair's many features need not be found.
PROBES = ((512, 12), (1000, 8), (6000, 6))
PROBES_OF_MOST = 4
LARGE = 4_000_000

# So many features at once, and more than there are files, are searched file by file, each read once for all; with
# fewer than files faiss 1.15 writes beyond its memory there.
LEAST_BY_FILE = 4096

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


class CandidateIndex:
    """The index over the studies of a catalog."""

    def __init__(self, derived: Path, feature_store: FeatureStore) -> None:
        self._path = derived / INDEX
        self._feature_store = feature_store
        self._written = 0
        self._covered = 0
        self._starts = np.zeros(1, dtype=np.int64)
        self._index: faiss.IndexBinaryIVF | None = None
        self._quantizer: faiss.IndexBinary | None = None
        self._designed_for = 0
        self._is_mapped = False
        self._fingerprints: dict[tuple[str, int], faiss.IndexBinaryFlat] = {}
        self._namer = Namer(feature_store)
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
        self._designed_for = _find_design(self._index.nlist)
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
        # Laid out by those alone who will write it: every reader would have to do so again.
        is_outgrown = total > GROWTH * self._designed_for and self._is_worth_writing(len(counts))
        if self._index is None or is_outgrown:
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
        files = min(MOST_FILES, max(LEAST_FILES, round(FILES_PER_ROOT * total**0.5)))
        sample = self._sample(files, total)
        quantizer = _make_quantizer(sample)
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
        if self._index is None or self._covered == self._written:
            return
        if not at_once and not self._is_worth_writing(self._covered):
            return
        beside = self._path.with_suffix(".new")
        try:
            faiss.write_index_binary(self._index, str(beside))
            os.replace(beside, self._path)
        # faiss raises RuntimeError where Python would raise OSError.
        except (RuntimeError, OSError) as error:
            raise CatalogUnwritable(f"{self._path}: the index cannot be written: {error}") from error
        self._written = self._covered

    def _is_worth_writing(self, rows: int) -> bool:
        return rows - self._written >= max(UNWRITTEN_ROWS, UNWRITTEN_SHARE * rows)

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

    def find_named(self, asked: Sequence[Asked], effort: Effort) -> list[list[int]]:
        """For each of some queries the rows that several of its features vote for, and agree on how they lie.

        All are searched at once; those on which most votes agree come first, and at most `MOST_NAMED` are named.
        """
        chosen = [choose_strongest(one.table, effort.features) for one in asked]
        if self._index is None or not sum(map(len, chosen)):
            return [[] for _ in asked]
        queries = [one.table.descriptors[which] for one, which in zip(asked, chosen, strict=True)]
        bits, found = self.search(np.ascontiguousarray(np.concatenate(queries)), effort.neighbours)
        ends = np.cumsum([len(which) for which in chosen])[:-1]
        parts = zip(asked, chosen, np.split(bits, ends), np.split(found, ends), strict=True)
        return [
            self._namer.name(one, effort, Found(which, away, ids, self._starts))
            for one, which, away, ids in parts
        ]

    def count_as(self, stand_ins: Mapping[int, int]) -> None:
        """Count votes for some rows, which are whole copies, as votes for the row that each is a copy of."""
        self._namer.count_as(stand_ins)

    def search(
        self, descriptors: npt.NDArray[np.uint8], neighbours: int
    ) -> tuple[npt.NDArray[np.int32], Ints]:
        """The nearest features to each of some: distances in bits and positions, -1 for none."""
        index = self._index
        if index is None:
            none = np.full((len(descriptors), neighbours), -1, dtype=np.int64)
            return none.astype(np.int32), none
        probes = next((probes for files, probes in PROBES if index.nlist < files), PROBES_OF_MOST)
        index.nprobe = min(probes, index.nlist)
        _share_among_threads(index.ntotal)
        to_files, files = index.quantizer.search(descriptors, index.nprobe)
        # A feature that is filed nowhere has no place among those that are searched file by file.
        is_by_file = len(descriptors) > max(LEAST_BY_FILE, index.nlist) and bool((files >= 0).all())
        index.per_invlist_search = is_by_file
        distance, found = index.search_preassigned(descriptors, neighbours, files, to_files)
        return distance, found


def _make_quantizer(sample: npt.NDArray[np.uint8]) -> faiss.IndexBinary:
    """What finds the nearest of the files, which are those of a sample; of very many in two steps."""
    flat = faiss.IndexBinaryFlat(BITS)
    if len(sample) < LEAST_GROUPED:
        flat.add(sample)
        return flat
    groups = sample[: round(len(sample) ** 0.5)]
    flat.add(np.ascontiguousarray(groups))
    grouped = faiss.IndexBinaryIVF(flat, BITS, len(groups))
    grouped.is_trained, grouped.nprobe = True, GROUP_PROBES
    grouped.add(sample)
    return grouped


def _find_design(files: int) -> int:
    """The number of features that so many files were laid out for."""
    return max(1, round((files / FILES_PER_ROOT) ** 2))


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
