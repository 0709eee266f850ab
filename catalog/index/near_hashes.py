"""All pairs of rows whose hashes differ in few bits, without comparing every row with every other.

Bit sampling (Indyk, Motwani, "Approximate nearest neighbors: towards removing the curse of dimensionality", STOC
1998) by sorting: a table takes some of the bits as a key, sorts the rows by it, and compares those with equal keys.
Near rows agree on the sampled bits of one table or another; chance rows are compared and dropped. Sorting one array
of integers is what NumPy does quickest, and takes the memory of that array only.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

# Share of the pairs at the very limit that is found; nearer ones are missed yet more seldom.
WANTED_RECALL = 0.995

# Keys are made of so many parts of a hash at the most: enough that tables are nearly independent, and of 256 bits
# four are gathered at one time.
PARTS = 64
LEAST_KEY_BITS = 8
MOST_KEY_BITS = 32

# Rows with one key are compared with so many that follow. Chance puts two or three together; where more share a
# key, as many nearly equal pictures do, they also share others, and meet there in other company.
MOST_FOLLOWING = 512

# Pairs compared at one time: few enough to stay in the processor's cache, many enough for NumPy.
PAIRS_AT_ONCE = 1 << 16

# Pairs found are held until there are so many, then told apart: the same pair is found in many tables.
HELD_PAIRS = 1 << 23

_ROW_BITS = 32


@dataclass(frozen=True, slots=True)
class NearPairs:
    """Pairs of rows with near hashes.

    `first` (rows,) is for each row the first row with an equal hash, mostly itself. `left` and `right` (pairs,) are
    such first rows, `left` the smaller, each pair once; `bits` (pairs,) says in how many bits, at least one, they
    differ.
    """

    first: Ints
    left: Ints
    right: Ints
    bits: Ints


def find_near_pairs(
    words: Words, most_bits: int, *, recall: float = WANTED_RECALL, threads: int = 0
) -> NearPairs:
    """The pairs of rows that differ in at most `most_bits` bits, of which at least the share `recall` is found.

    `words` (rows, bits / 64) are the hashes, for fewer than 2**32 rows. `threads` 0 is one a core. The same words
    give the same pairs.
    """
    first = _find_first_equal(words)
    distinct = np.flatnonzero(first == np.arange(len(first)))
    columns = [np.ascontiguousarray(words[distinct, column]) for column in range(words.shape[1])]
    found = _Found()
    if len(distinct) > 1:
        tables = _tables(64 * len(columns), len(distinct), most_bits, recall)
        workers = threads or os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            # A few at a time, so that what they found does not pile up.
            while some := list(islice(tables, 2 * workers)):
                for packed in pool.map(lambda parts: _of_table(columns, parts, most_bits), some):
                    found.add(packed)
    packed = found.list_pairs()
    left, right = (packed >> _ROW_BITS).astype(np.int64), (packed & 0xFFFFFFFF).astype(np.int64)
    bits = np.zeros(len(packed), dtype=np.int64)
    for column in columns:
        bits += np.bitwise_count(column[left] ^ column[right])
    return NearPairs(first, distinct[left], distinct[right], bits)


def _find_first_equal(words: Words) -> Ints:
    """For each row the first row that equals it."""
    mixed = np.zeros(len(words), dtype=np.uint64)
    for column in range(words.shape[1]):
        # The multiplier is that of Knuth's multiplicative hashing for 64 bits; equality is checked below.
        mixed = (mixed ^ words[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    same = np.zeros(len(words), dtype=bool)
    same[1:] = (words[order[1:]] == words[order[:-1]]).all(axis=1)
    begins = np.flatnonzero(~same)
    first = np.empty(len(words), dtype=np.int64)
    first[order] = order[begins[np.cumsum(~same) - 1]] if len(words) else order
    return first


def key_bits(rows: int, bits: int) -> int:
    """Bits of a table's key: so many that chance puts few rows together, so few that tables are few."""
    part = bits // PARTS
    wanted = part * math.ceil(math.log2(max(2, rows)) / part)
    return max(LEAST_KEY_BITS, min(wanted, MOST_KEY_BITS, bits // 2))


def count_tables_needed(bits: int, sampled: int, most_bits: int, recall: float) -> int:
    """Tables until a pair that differs in `most_bits` of `bits` agrees on the `sampled` bits of one of them."""
    agrees = math.comb(bits - sampled, most_bits) / math.comb(bits, most_bits)
    return 1 if agrees >= recall else math.ceil(math.log(1 - recall) / math.log1p(-agrees))


def _tables(bits: int, rows: int, most_bits: int, recall: float) -> Iterator[npt.NDArray[np.int64]]:
    """For each table the parts whose bits it takes, drawn so that each part is taken equally often."""
    sampled = key_bits(rows, bits)
    random = np.random.default_rng(sampled)
    wanted = sampled * PARTS // bits
    left = np.zeros(0, dtype=np.int64)
    for _ in range(count_tables_needed(bits, sampled, most_bits, recall)):
        if len(left) < wanted:
            left = random.permutation(PARTS)
        yield left[:wanted]
        left = left[wanted:]


def _of_table(columns: list[Words], parts: npt.NDArray[np.int64], most_bits: int) -> Words:
    """The near pairs among rows with equal keys, packed: left in the upper half, right in the lower."""
    keyed = _sort_by_key(columns, parts)
    keys, rows = keyed >> np.uint64(_ROW_BITS), (keyed & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    del keyed
    found = []
    places = np.arange(len(keys) - 1)
    for following in range(1, MOST_FOLLOWING + 1):
        places = places[: np.searchsorted(places, len(keys) - following)]
        places = places[keys[places] == keys[places + following]]
        if not len(places):
            break
        for start in range(0, len(places), PAIRS_AT_ONCE):
            some = places[start : start + PAIRS_AT_ONCE]
            found.append(_keep_near(columns, rows[some], rows[some + following], most_bits))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)


def _sort_by_key(columns: list[Words], parts: npt.NDArray[np.int64]) -> Words:
    """Key and row number of each row in one integer, in order."""
    keyed = np.zeros(len(columns[0]), dtype=np.uint64)
    bits = 64 * len(columns) // PARTS
    for part in parts.tolist():
        column, shift = divmod(part * bits, 64)
        keyed <<= np.uint64(bits)
        keyed |= columns[column] >> np.uint64(shift) & np.uint64(2**bits - 1)
    keyed <<= np.uint64(_ROW_BITS)
    keyed |= np.arange(len(keyed), dtype=np.uint64)
    keyed.sort()
    return keyed


def _keep_near(
    columns: list[Words], left: npt.NDArray[np.uint32], right: npt.NDArray[np.uint32], most_bits: int
) -> Words:
    """Those of some pairs of rows that are near, packed."""
    bits = np.zeros(len(left), dtype=np.uint16)
    for column in columns:
        bits += np.bitwise_count(column[left] ^ column[right])
        near = bits <= most_bits
        left, right, bits = left[near], right[near], bits[near]
    # Equal keys are in order of their rows.
    return left.astype(np.uint64) << np.uint64(_ROW_BITS) | right


class _Found:
    """Packed pairs, each once."""

    def __init__(self) -> None:
        self._parts: list[Words] = []
        self._held = 0
        self._most = HELD_PAIRS

    def add(self, packed: Words) -> None:
        self._parts.append(packed)
        self._held += len(packed)
        if self._held > self._most:
            self.list_pairs()

    def list_pairs(self) -> Words:
        """Every pair so far, in order."""
        pairs = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.uint64)
        pairs.sort()
        once = np.ones(len(pairs), dtype=bool)
        once[1:] = pairs[1:] != pairs[:-1]
        pairs = pairs[once]
        self._parts, self._held = [pairs], len(pairs)
        self._most = max(HELD_PAIRS, 2 * len(pairs))
        return pairs
