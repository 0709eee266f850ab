"""Which catalogued pictures show the same photo: every verified match between two of them, in a derived file.

The file has a line for each picture and only grows. A line that a crash tore is dropped, and its picture looked up
again. Of a picture that shows what another does and nothing else, a whole copy of it, the line says so: what matches
the other is not told of the copy again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filelock import FileLock

from catalog.clusters.pair_lines import PairLines
from catalog.errors import CatalogUnwritable
from catalog.index import FeatureStore
from catalog.matching import Match, Relation
from catalog.model import Json
from catalog.store import DERIVED, PAIRS, Finding, FindingKind, acquire_lock

# How a line begins that tells of a whole copy.
_COPY = re.compile(rb'\{"picture":"([0-9a-f]{64})","copy_of":"([0-9a-f]{64})"')


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
        self._copies: dict[str, str] = {}
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

    @property
    def copies(self) -> Mapping[str, str]:
        """By the SHA-256 of a whole copy that of the picture of which it shows all, and nothing else."""
        return self._copies

    def add(self, sha256: str, matches: Sequence[Json], *, copy_of: str = "") -> None:
        """Keep what looking up a picture came to, or comparing it with the one whose whole copy it is."""
        told = {"picture": sha256} | ({"copy_of": copy_of} if copy_of else {}) | {"matches": matches}
        line = json.dumps(told, separators=(",", ":")).encode() + b"\n"
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
        if told.get("copy_of"):
            self._copies[picture] = told["copy_of"]
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


def find_stand_ins(derived: Path, feature_store: FeatureStore) -> dict[int, int]:
    """By the row of each whole copy that of the picture which stands for it, without the matches of any.

    A file of a large catalog is read in a tenth of the time that its matches would take.
    """
    found: dict[int, int] = {}
    with suppress(FileNotFoundError), (derived / PAIRS).open("rb") as file:
        for line in file:
            if told := _COPY.match(line):
                copy, best = (feature_store.row_of(part.decode()) for part in told.groups())
                if copy is not None and best is not None:
                    found[copy] = best
    # Where a better one came later, it stands for the one before too.
    return {copy: found.get(best, best) for copy, best in found.items()}
