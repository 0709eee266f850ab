"""Catalogs of what comparing needs and nothing else, made at once from files, and asked in this process."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2

from assets import Picture, Query
from assets.pictures.inspect_task import inspect, inspect_query
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.matching.match import Match
from catalog.matching.matcher import Matcher
from catalog.store.layout import DERIVED

# Sources are asked about again in every round: so many of them are read once.
QUERIES_KEPT = 120


@dataclass(frozen=True, slots=True)
class Told:
    """What a look-up says of one catalogued picture."""

    relation: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a look-up says of all, by file name, and the seconds of CPU for reading the query and for matching it."""

    told: Mapping[str, Told]
    read_seconds: float
    match_seconds: float


def build(folder: Path, pictures: Iterable[tuple[Path, Picture]]) -> dict[str, str]:
    """Make a catalog in a folder; returns the pictures' names by SHA-256."""
    names = {}
    with FeatureStore(folder / DERIVED, read_only=False) as studies:
        for path, picture in pictures:
            sha256 = digest_of(path)
            names[sha256] = path.name
            studies.add(sha256, picture)
    with FeatureStore(folder / DERIVED) as studies:
        CandidateIndex(folder / DERIVED, studies).save(at_once=True)
    return names


def inspected(path: Path) -> Picture | None:
    """What a catalog keeps of a picture; None, and a line that says why, where there is nothing."""
    found = inspect(str(path))
    if isinstance(found, Picture):
        return found
    print(f"{path}: {found}", file=sys.stderr)
    return None


class SmallCatalog:
    """A catalog that was built, to be asked about files."""

    def __init__(self, studies: FeatureStore, matcher: Matcher, names: Mapping[str, str]) -> None:
        self._studies, self._matcher, self._names = studies, matcher, names

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, names: Mapping[str, str]) -> Iterator[SmallCatalog]:
        """The catalog in a folder, by the names that `build` returned."""
        cv2.setNumThreads(1)
        with FeatureStore(folder / DERIVED) as studies:
            yield cls(studies, Matcher(studies, CandidateIndex(folder / DERIVED, studies)), names)

    def ask(self, path: Path) -> Asked:
        """What is told of a file; a file that cannot be read matches nothing."""
        started = time.process_time()
        query = _query_of(path)
        read = time.process_time()
        matches = [] if query is None else self._matcher.matches(query, digest_of(path))
        matched = time.process_time()
        return Asked(
            {self._names[one.asset]: told_of(one) for one in matches}, read - started, matched - read
        )


def told_of(match: Match) -> Told:
    return Told(match.relation.value, match.relation.is_same_photo)


@lru_cache(QUERIES_KEPT)
def _query_of(path: Path) -> Query | None:
    found = inspect_query(str(path))
    if isinstance(found, Query):
        return found
    print(f"{path}: {found}", file=sys.stderr)
    return None


@lru_cache(4096)
def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
