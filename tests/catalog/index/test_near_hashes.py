from __future__ import annotations

import numpy as np
import pytest

from catalog.index import near_hashes
from catalog.index.near_hashes import Words, count_tables_needed, find_near_pairs

Pairs = dict[tuple[int, int], int]


def made(rows: int, bits: int, most: int, seed: int) -> tuple[Words, list[tuple[int, int]]]:
    """Random hashes, every tenth an earlier one with up to `most` bits flipped; and who is near whom."""
    random = np.random.default_rng(seed)
    hashes = random.integers(0, 2, (rows, bits), dtype=np.uint8)
    planted = []
    for row in range(10, rows, 10):
        source = int(random.integers(0, row))
        hashes[row] = hashes[source]
        hashes[row, random.choice(bits, random.integers(1, most + 1), replace=False)] ^= 1
        planted.append((source, row))
    return np.packbits(hashes, axis=1).view(">u8").astype(np.uint64), planted


def by_brute_force(words: Words, most: int) -> Pairs:
    found = {}
    for row in range(len(words)):
        bits = np.bitwise_count(words[row] ^ words[row + 1 :]).sum(axis=1, dtype=np.int64)
        found |= {(row, row + 1 + int(other)): int(bits[other]) for other in np.flatnonzero(bits <= most)}
    return found


def found_in(words: Words, most: int, **options: float) -> Pairs:
    found = find_near_pairs(words, most, **options)  # type: ignore[arg-type]  # a table of options
    return {
        (left, right): bits
        for left, right, bits in zip(
            found.left.tolist(), found.right.tolist(), found.bits.tolist(), strict=True
        )
    }


@pytest.mark.parametrize(("bits", "most"), [(64, 10), (256, 31)])
@pytest.mark.parametrize("seed", range(3))
def test_nearly_every_near_pair_is_found_and_no_other(bits: int, most: int, seed: int) -> None:
    words, _ = made(3000, bits, most, seed)
    exact, found = by_brute_force(words, most), found_in(words, most)
    assert len(exact) > 290
    assert found.items() <= exact.items()
    assert len(found) >= 0.99 * len(exact)


def test_the_same_words_give_the_same_pairs_however_many_threads() -> None:
    words, _ = made(2000, 256, 31, 7)
    one, four = find_near_pairs(words, 31, threads=1), find_near_pairs(words, 31, threads=4)
    assert (one.left == four.left).all()
    assert (one.right == four.right).all()


def test_equal_hashes_are_told_by_the_first_of_them_and_not_paired() -> None:
    words, _ = made(500, 256, 31, 1)
    words[[20, 44, 499]] = words[3]
    found = find_near_pairs(words, 31)
    assert found.first[[3, 20, 44, 499]].tolist() == [3, 3, 3, 3]
    others = np.setdiff1d(np.arange(500), [20, 44, 499])
    assert (found.first[others] == others).all()
    assert not set(found.left.tolist() + found.right.tolist()) & {20, 44, 499}
    assert (found.bits > 0).all()


def test_ten_thousand_equal_hashes_are_no_fifty_million_pairs() -> None:
    words = np.zeros((10_000, 4), dtype=np.uint64)
    words[-1, 2] = 7
    found = find_near_pairs(words, 31)
    assert list(zip(found.left.tolist(), found.right.tolist(), found.bits.tolist(), strict=True)) == [
        (0, 9999, 3)
    ]


def test_what_is_found_is_told_apart_before_memory_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_hashes, "HELD_PAIRS", 10)
    words, planted = made(1000, 256, 31, 3)
    assert len(set(planted) - found_in(words, 31).keys()) <= 1


@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows_have_no_pairs(rows: int) -> None:
    found = find_near_pairs(np.zeros((rows, 4), dtype=np.uint64), 31)
    assert (len(found.first), len(found.left)) == (rows, 0)


def test_a_pair_at_the_limit_is_missed_as_seldom_as_was_asked_for() -> None:
    random = np.random.default_rng(11)
    hashes = random.integers(0, 2, (4000, 256), dtype=np.uint8)
    hashes[2000:] = hashes[:2000]
    for row in range(2000, 4000):
        hashes[row, random.choice(256, 31, replace=False)] ^= 1
    words = np.packbits(hashes, axis=1).view(">u8").astype(np.uint64)
    found = found_in(words, 31, recall=0.9)
    assert 0.9 <= sum((row, row + 2000) in found for row in range(2000)) / 2000 < 0.98


def test_farther_pairs_need_more_tables() -> None:
    needed = [count_tables_needed(256, 16, most, 0.99) for most in (0, 1, 16, 31, 48)]
    assert needed[0] == 1
    assert needed == sorted(needed)
