"""Looking every catalogued picture up among all that are there, in worker processes.

Pictures that come later are looked up then. Where many seem to be whole copies of one picture, each is compared with
the best of them first: what shows all of that and nothing else is not looked up, since it matches what that matches.
All others are looked up many at a time, since one search of all their features costs less than one for each; those
that seem to be copies come first, so that a report made meanwhile has most of its clusters.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from assets import AssetsError, Executor, Failure, Query, Reason, Stage, WorkerPool
from catalog.clusters.grouping import NEARLY_AS_LARGE, rank_metadata
from catalog.clusters.verified_pairs import VerifiedPairs, find_stand_ins
from catalog.index import CandidateIndex, FeatureStore, find_copies, find_repeated
from catalog.matching import WHOLE, Match, Matcher, Relation, reverse
from catalog.model import Json
from catalog.store import INDEX, Catalog, Store, derived_at, originals_at

# Pictures of one task: so many make a search of all their features worth its while.
PICTURES_OF_TASK = 64

# Tasks in hand at once for each worker: one in work, one that waits for it.
TASKS_OF_WORKER = 2

# Fewer are looked up in less time than it is worth to sort them.
WORTH_SORTING = 200

# Fewer copies of one picture are looked up each: then all their matches are known, and cost little.
LEAST_COPIES = 6

# Share of what was compared in which a whole copy agrees with the best one; where more differs it shows something else.
COPY_AGREES = 0.97

# Opening the index of a very large catalog takes seconds, a task of large pictures on a busy machine a minute.
DEADLINE_SECONDS = 300.0

# What a worker may hold beside the index: interpreter, libraries, a decoder at work.
WORKER_BYTES = 3 * 1024**3

# What a task came to for a picture: its matches, or why there are none; and the picture whose whole copy it is.
_Told = tuple[str, list[Json] | Failure, str]


@dataclass(slots=True)
class Paired:
    """What looking up came to: how many pictures were looked up now, and what failed."""

    done: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Task:
    """Pictures to be looked up, or to be compared with the one whose whole copies they seem to be.

    `copies` is how many whole copies are known by then, for a worker to read them anew.
    """

    pictures: tuple[str, ...]
    best: str = ""
    copies: int = 0


async def pair_missing(
    catalog: Catalog,
    *,
    workers: int = 0,
    report: Callable[[int, int], None] = lambda _done, _wanted: None,
    is_enough: Callable[[], bool] = lambda: False,
) -> Paired:
    """Look up every picture that has not been; the studies and the index must be on disk.

    It ends early, with all that it found kept, once `is_enough` says so.
    """
    result = Paired()
    derived = catalog.derived
    with VerifiedPairs(derived) as pairs, FeatureStore(derived) as feature_store:
        wanted = list_unpaired(catalog.records, pairs, feature_store)
        slots = workers or os.cpu_count() or 1
        index = derived / INDEX
        memory = WORKER_BYTES + 2 * (index.stat().st_size if index.exists() else 0)
        async with WorkerPool(pair_pictures, slots, DEADLINE_SECONDS, memory) as pool:
            running = _Running(pool, catalog.location, slots)
            async for sha256, found, copy_of in running.pair(catalog.records, pairs, feature_store, wanted):
                if isinstance(found, Failure):
                    result.failures.append(found)
                else:
                    result.done += sha256 not in pairs
                    pairs.add(sha256, found, copy_of=copy_of)
                report(min(len(wanted), result.done + len(result.failures)), len(wanted))
                if is_enough():
                    break
    return result


def list_unpaired(store: Store, pairs: VerifiedPairs, feature_store: FeatureStore) -> list[str]:
    """The pictures that can be looked up among the others and have not been."""
    return [
        asset.sha256
        for asset in store.assets()
        if asset.sha256 not in pairs and asset.sha256 in feature_store
    ]


# In which order


def sort_copies_first(pictures: Sequence[str], feature_store: FeatureStore) -> list[str]:
    """The pictures, those first that have a fingerprint near another's, as copies of a whole picture have."""
    if len(pictures) < WORTH_SORTING:
        return list(pictures)
    repeated = find_repeated(feature_store)
    rows = {sha256: feature_store.row_of(sha256) for sha256 in pictures}
    return sorted(pictures, key=lambda sha256: (row := rows[sha256]) is None or not repeated[row])


def list_copies(
    store: Store, pairs: VerifiedPairs, feature_store: FeatureStore, wanted: Sequence[str]
) -> Iterator[tuple[str, list[str]]]:
    """Pictures of which others seem to be whole copies, each with those that were not yet compared with it."""
    if len(wanted) + len(pairs.copies) < LEAST_COPIES:
        return
    leading = {feature_store.row_of(best) for best in pairs.copies.values()}

    def sort(rows: Sequence[int]) -> list[int]:
        sizes = {row: feature_store.size_of(row) for row in rows}
        areas = {row: size.width * size.height for row, size in sizes.items()}
        # What is not there of one that is cut short is no copy of anything.
        whole = [row for row in rows if sizes[row].decoded >= 1]
        largest = max((areas[row] for row in whole), default=0)
        away = _measure_distances(feature_store, whole)

        def rank(row: int) -> tuple[object, ...]:
            asset = store.asset(feature_store.sha256_of(row))
            known = rank_metadata(asset) if asset else (True, 0)
            seen = asset.first_seen if asset else ""
            is_smaller = areas[row] < NEARLY_AS_LARGE * largest
            return is_smaller, *known, row not in leading, away[row], seen, feature_store.sha256_of(row)

        return sorted(whole, key=rank)

    rows = [row for sha256 in wanted if (row := feature_store.row_of(sha256)) is not None]
    for best, *others in find_copies(feature_store, rows, LEAST_COPIES, sort):
        leader = feature_store.sha256_of(best)
        names = map(feature_store.sha256_of, others)
        if new := [one for one in names if pairs.copies.get(one) != leader]:
            yield leader, new


def _measure_distances(feature_store: FeatureStore, rows: Sequence[int]) -> dict[int, int]:
    """By row the mean number of bits between its fingerprint and the others': what lies over one costs it some."""
    words = np.array([feature_store.words("phash", 256, row) for row in rows], dtype=np.uint64)
    return {
        row: round(float(np.bitwise_count(words ^ mine).sum(axis=1, dtype=np.int64).mean()))
        for row, mine in zip(rows, words, strict=True)
    }


class _Running:
    """Tasks that workers do, a few at a time."""

    def __init__(self, pool: Executor, location: str, slots: int) -> None:
        self._pool = pool
        self._location = location
        self._slots = slots

    async def pair(
        self, store: Store, pairs: VerifiedPairs, feature_store: FeatureStore, wanted: Sequence[str]
    ) -> AsyncIterator[_Told]:
        """What comparing whole copies with the best of them, and looking up all others, came to, as it comes."""
        copies = [
            _Task(part, best)
            for best, others in list_copies(store, pairs, feature_store, wanted)
            for part in _cut(others, PICTURES_OF_TASK)
        ]
        async for told in self._do(copies):
            yield told
        left = sort_copies_first([one for one in wanted if one not in pairs], feature_store)
        size = max(1, min(PICTURES_OF_TASK, -(-len(left) // self._slots)))
        async for told in self._do([_Task(part, copies=len(pairs.copies)) for part in _cut(left, size)]):
            yield told

    async def _do(self, tasks: Sequence[_Task]) -> AsyncIterator[_Told]:
        waiting = iter(tasks)
        at_once = self._slots * TASKS_OF_WORKER
        running = {asyncio.create_task(self._run(task)) for task in islice(waiting, at_once)}
        try:
            while running:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                running |= {asyncio.create_task(self._run(task)) for task in islice(waiting, len(done))}
                for task in done:
                    for told in task.result():
                        yield told
        finally:
            for task in running:
                task.cancel()

    async def _run(self, task: _Task) -> list[_Told]:
        """What a task came to; where a worker dies of one of its pictures, that one alone fails."""
        argument = json.dumps([self._location, task.copies, task.best, task.pictures])
        try:
            found = await self._pool.run(argument)
        except AssetsError as error:
            if len(task.pictures) > 1:
                halves = _cut(task.pictures, -(-len(task.pictures) // 2))
                return [told for half in halves for told in await self._run(replace(task, pictures=half))]
            failure = Failure(Stage.DECODE, Reason.DECODE_CRASHED, task.pictures[0], str(error))
            found = [failure]
        told = zip(task.pictures, found if isinstance(found, list) else [], strict=False)
        if task.best:
            # What is more than a copy, or could not be compared, is looked up.
            return [(sha256, one, task.best) for sha256, one in told if one and isinstance(one, list)]
        return [(sha256, one, "") for sha256, one in told if isinstance(one, list | Failure)]


def _cut(pictures: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """So many at a time."""
    return (tuple(pictures[first : first + size]) for first in range(0, len(pictures), size))


# In a worker


def pair_pictures(argument: str) -> list[list[Json] | Failure]:
    """The matches of some catalogued pictures with the others, in their order, or why one has none.

    `argument` is a JSON list of the catalog's location, how many whole copies are known, a picture or `""`, and the
    pictures. With the picture they are compared with it alone, and one that is more than a whole copy of it, or none,
    has no matches.
    """
    location, copies, best, pictures = json.loads(argument)
    if best:
        return [_compare_copy(location, best, one) for one in pictures]
    return _look_up(location, copies, pictures)


def _compare_copy(location: str, best: str, copy: str) -> list[Json]:
    feature_store, _ = _open_index(location)
    rows = feature_store.row_of(copy), feature_store.row_of(best)
    if rows[0] is None or rows[1] is None:
        return []
    match = _open_matcher(location, 0).compare_whole(rows[0], rows[1])
    return [match.to_json() | {"query": copy}] if match is not None and _is_whole_copy(match) else []


def _is_whole_copy(match: Match) -> bool:
    """Whether a picture shows all of another and nothing else."""
    return (
        match.relation is Relation.COPY
        and match.kept >= WHOLE
        and 1 - match.beyond >= WHOLE
        and not match.overlays
        and not match.edits
        and match.blocks_agreeing >= COPY_AGREES * match.blocks_compared
    )


def _look_up(location: str, copies: int, pictures: Sequence[str]) -> list[list[Json] | Failure]:
    """The matches of pictures, all looked for at once.

    Other frames of a picture's scene are told too, so that the pair is apart whatever the other direction finds. Where
    the picture seems to be a crop of another it is also said how that other shows it: a picture is no crop of the
    screenshot it lies in.
    """
    # It loads image codecs, which nobody needs who only reads what was found.
    from assets import inspect_whole

    originals = originals_at(location)
    result: dict[str, list[Json] | Failure] = {}
    queries: list[tuple[Query, str]] = []
    feature_store, _ = _open_index(location)
    for sha256 in pictures:
        path = originals.path_of(sha256)
        gone = Failure(Stage.READ, Reason.NOT_FOUND, sha256, "the original is gone from the catalog")
        query = gone if path is None else inspect_whole(str(path))
        result[sha256] = query if isinstance(query, Failure) else []
        if isinstance(query, Query) and feature_store.row_of(sha256) is not None:
            queries.append((query, sha256))
    matcher = _open_matcher(location, copies)
    found = matcher.matches_of_many(queries)
    for (_, sha256), matches in zip(queries, found, strict=True):
        result[sha256] = list(_tell(sha256, matches, matcher, feature_store))
    return [result[sha256] for sha256 in pictures]


def _tell(
    sha256: str, matches: Sequence[Match], matcher: Matcher, feature_store: FeatureStore
) -> Iterator[Json]:
    for match in matches:
        rows = feature_store.row_of(match.asset), feature_store.row_of(sha256)
        if match.asset == sha256 or rows[0] is None or rows[1] is None or not _is_told(match):
            continue
        yield match.to_json() | {"query": sha256}
        if match.relation is Relation.CROP and match.larger == "asset":
            back = matcher.verify(rows[0], rows[1], reverse(match.transform), match.inliers)
            if back is not None and _is_told(back):
                yield back.to_json() | {"query": match.asset}


def _is_told(match: Match) -> bool:
    """Whether a match says that both are the same photo, or that they certainly are not."""
    return match.relation.is_same_photo or match.relation is Relation.SIBLING


@lru_cache(maxsize=1)
def _open_index(location: str) -> tuple[FeatureStore, CandidateIndex]:
    derived = derived_at(location)
    feature_store = FeatureStore(derived)
    return feature_store, CandidateIndex(derived, feature_store)


@lru_cache(maxsize=1)
def _open_matcher(location: str, _copies: int) -> Matcher:
    feature_store, index = _open_index(location)
    return Matcher(feature_store, index, find_stand_ins(derived_at(location), feature_store))
