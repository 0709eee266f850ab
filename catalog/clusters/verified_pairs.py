"""Which catalogued pictures show the same photo: every verified match between two of them, in a derived file.

Each picture is looked up once among all that are there, in worker processes; pictures that come later are looked up
then. Where there are many, those that seem to be copies come first: a report made meanwhile has most of its clusters.
The file has a line for each picture and only grows. A line that a crash tore is dropped, and its picture looked up
again.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
from filelock import FileLock

from assets import (
    AssetsError,
    Executor,
    Failure,
    Query,
    Reason,
    Stage,
    WorkerPool,
)
from catalog.clusters.near_hashes import find_near_pairs
from catalog.clusters.pair_lines import PairLines
from catalog.errors import CatalogUnwritable
from catalog.index import CandidateIndex, FeatureStore
from catalog.matching import Match, Matcher, Relation, reverse
from catalog.model import Json
from catalog.store import (
    DERIVED,
    INDEX,
    PAIRS,
    Catalog,
    Finding,
    FindingKind,
    Store,
    acquire_lock,
    derived_at,
    originals_at,
)

# Pictures in hand at once: enough to keep every worker busy.
AT_ONCE = 32

# Fewer are looked up in less time than it is worth to sort them. Fingerprints of re-encoded and resized copies differ
# in so many of 256 bits at most.
WORTH_SORTING = 200
COPY_BITS = 31

# Opening the index of a very large catalog takes seconds, matching one picture a tenth of one.
DEADLINE_SECONDS = 120.0

# What a worker may hold beside the index: interpreter, libraries, a decoder at work.
WORKER_BYTES = 3 * 1024**3


class VerifiedPairs:
    """The verified matches among a catalog's pictures; a context manager over the file while it is written.

    One process at a time writes: CatalogLocked where another does. The catalog itself is not held up.
    Not `is_whole`, it begins with nothing, and has what `read_around` takes in.
    """

    def __init__(self, derived: Path, *, is_whole: bool = True) -> None:
        self._path = derived / PAIRS
        self._matches: dict[str, dict[str, Match]] = {}
        self._apart: set[frozenset[str]] = set()
        self._compared: set[str] = set()
        self._end = 0
        self._writing: BinaryIO | None = None
        self._lock: FileLock | None = None
        if is_whole:
            self._read()

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = acquire_lock(self._path)
            # What another process wrote between reading and locking.
            self._read()
            self._writing = self._path.open("r+b" if self._path.exists() else "w+b")
            self._writing.truncate(self._end)
            self._writing.seek(self._end)
        except OSError as error:
            self.__exit__(None, None, None)
            raise CatalogUnwritable(f"{self._path}: {error.strerror or error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writing is not None:
            # Each line was flushed; one that could not be was told of then.
            with suppress(OSError):
                self._writing.close()
            self._writing = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __contains__(self, sha256: str) -> bool:
        """Whether a picture has been looked up among the others."""
        return sha256 in self._compared

    def problems(self) -> Iterator[Finding]:
        """What is wrong with the file."""
        if torn := self._path.stat().st_size - self._end if self._path.exists() else 0:
            yield Finding(FindingKind.DAMAGED_DERIVED, f"{DERIVED}/{PAIRS}", f"{torn} bytes cannot be read")

    def of(self, sha256: str) -> Mapping[str, Match]:
        """The matches with one picture as the query, by the SHA-256 of the other."""
        found = self._matches.get(sha256, {})
        return {other: match for other, match in found.items() if not self.are_apart(sha256, other)}

    def are_apart(self, one: str, other: str) -> bool:
        """Whether two pictures were told to be other frames of one scene, whichever was looked up then."""
        return frozenset((one, other)) in self._apart

    def apart(self) -> Iterator[tuple[str, str]]:
        """The pictures that were told to be other frames of one scene, two by two."""
        return ((one, other) for one, other in map(sorted, self._apart))

    def add(self, sha256: str, matches: Sequence[Json]) -> None:
        """Keep what looking up a picture came to, as `match_original` tells it."""
        line = json.dumps({"picture": sha256, "matches": matches}, separators=(",", ":")).encode() + b"\n"
        if self._writing is not None:
            try:
                self._writing.write(line)
                self._writing.flush()
            except OSError as error:
                raise CatalogUnwritable(f"{self._path}: {error.strerror or error}") from error
        self._take(line)

    def read_around(self, pictures: Iterable[str]) -> set[str]:
        """Take in what is known of some pictures and of all that matches connect with them, which are told."""
        seen: set[str] = set()
        waiting = list(pictures)
        with PairLines(self._path) as lines:
            while waiting:
                one = waiting.pop()
                if one not in seen:
                    seen.add(one)
                    for line in lines.naming(one):
                        self._take(line)
                    waiting += self._matching(one) - seen
        return seen

    def _matching(self, sha256: str) -> set[str]:
        """The pictures that are the same photo as one by a match, whichever of the two was the query."""
        others = {query: matches[sha256] for query, matches in self._matches.items() if sha256 in matches}
        both = (*others.items(), *self._matches.get(sha256, {}).items())
        return {other for other, _ in both if not self.are_apart(sha256, other)}

    def _read(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._end)
            for line in file:
                # What follows a torn line is looked up again.
                if not line.endswith(b"\n") or not self._take(line):
                    break
                self._end += len(line)

    def _take(self, line: bytes) -> bool:
        try:
            told = json.loads(line)
            picture, matches = (
                told["picture"],
                [(one["query"], Match.from_json(one)) for one in told["matches"]],
            )
        except (ValueError, KeyError, TypeError):
            return False
        self._compared.add(picture)
        for query, match in matches:
            if match.relation is Relation.SIBLING:
                self._apart.add(frozenset((query, match.asset)))
                continue
            self._matches.setdefault(query, {}).setdefault(match.asset, match)
        return True

    @staticmethod
    def remove(derived: Path) -> None:
        """Forget every match, to look all pictures up anew."""
        (derived / PAIRS).unlink(missing_ok=True)


# Looking up


@dataclass(slots=True)
class Paired:
    """What looking up came to: how many pictures were looked up now, and what failed."""

    done: int = 0
    failures: list[Failure] = field(default_factory=list)


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
        wanted = sort_copies_first(list_unpaired(catalog.records, pairs, feature_store), feature_store)
        slots = workers or os.cpu_count() or 1
        index = derived / INDEX
        memory = WORKER_BYTES + 2 * (index.stat().st_size if index.exists() else 0)
        async with WorkerPool(match_original, slots, DEADLINE_SECONDS, memory) as pool:
            done = 0
            async for sha256, found in _look_up_all(wanted, catalog.location, pool):
                done += 1
                report(done, len(wanted))
                if isinstance(found, Failure):
                    result.failures.append(found)
                else:
                    pairs.add(sha256, found)
                    result.done += 1
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


def sort_copies_first(pictures: Sequence[str], feature_store: FeatureStore) -> list[str]:
    """The pictures, those first that have a fingerprint near another's, as copies of a whole picture have."""
    if len(pictures) < WORTH_SORTING:
        return list(pictures)
    distinct = np.flatnonzero(feature_store.distinct)
    found = find_near_pairs(feature_store.words("phash", 256)[distinct], COPY_BITS)
    has_near = np.zeros(len(feature_store), dtype=bool)
    repeated = found.first != np.arange(len(distinct))
    for rows in (found.left, found.right, np.flatnonzero(repeated), found.first[repeated]):
        has_near[distinct[rows]] = True
    rows = {sha256: feature_store.row_of(sha256) for sha256 in pictures}
    return sorted(pictures, key=lambda sha256: (row := rows[sha256]) is None or not has_near[row])


async def _look_up_all(
    wanted: Sequence[str], location: str, pool: Executor
) -> AsyncIterator[tuple[str, list[Json] | Failure]]:
    """What looking up each picture came to, as it comes."""

    async def one(sha256: str) -> tuple[str, list[Json] | Failure]:
        try:
            found = await pool.run(json.dumps([location, sha256]))
        except AssetsError as error:
            return sha256, Failure(Stage.DECODE, Reason.DECODE_CRASHED, sha256, str(error))
        return sha256, found if isinstance(found, Failure | list) else []

    waiting = iter(wanted)
    running = {asyncio.create_task(one(sha256)) for sha256 in islice(waiting, AT_ONCE)}
    try:
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
                with suppress(StopIteration):
                    running.add(asyncio.create_task(one(next(waiting))))
    finally:
        for task in running:
            task.cancel()


# In a worker


def match_original(argument: str) -> list[Json] | Failure:
    """The matches of one catalogued picture with the others.

    `argument` is a JSON list of the catalog's location and the picture's SHA-256.

    Other frames of its scene are told too, so that the pair is apart whatever the other direction finds. Where the
    picture seems to be a crop of another it is also said how that other shows it: a picture is no crop
    of the screenshot it lies in.
    """
    # It loads image codecs, which nobody needs who only reads what was found.
    from assets import inspect_whole

    location, sha256 = json.loads(argument)
    path = originals_at(location).path_of(sha256)
    if path is None:
        return Failure(Stage.READ, Reason.NOT_FOUND, sha256, "the original is gone from the catalog")
    matcher, feature_store = _open_matcher(location)
    query = inspect_whole(str(path))
    row = feature_store.row_of(sha256)
    if not isinstance(query, Query) or row is None:
        return query if isinstance(query, Failure) else []
    found = []
    for match in matcher.matches(query, sha256):
        other = feature_store.row_of(match.asset)
        if match.asset == sha256 or other is None or not _is_told(match):
            continue
        found.append(match.to_json() | {"query": sha256})
        if match.relation is Relation.CROP and match.larger == "asset":
            back = matcher.verify(other, row, reverse(match.transform), match.inliers)
            if back is not None and _is_told(back):
                found.append(back.to_json() | {"query": match.asset})
    return found


def _is_told(match: Match) -> bool:
    """Whether a match says that both are the same photo, or that they certainly are not."""
    return match.relation.is_same_photo or match.relation is Relation.SIBLING


@lru_cache(maxsize=1)
def _open_matcher(location: str) -> tuple[Matcher, FeatureStore]:
    derived = derived_at(location)
    feature_store = FeatureStore(derived)
    return Matcher(feature_store, CandidateIndex(derived, feature_store)), feature_store
