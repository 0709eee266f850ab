"""Every pair of a made file and a catalogued picture, looked up from either side.

There: each file is a query to one catalog of all sources. Back: each source is a query to catalogs of the files, one
for every kind and few files of one source in it, so that none stands in another's light.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assets import Picture
from benchmarks.edits.truth_table import CATALOG, EDITS, Row
from benchmarks.pairwise.small_catalogs import SmallCatalog, Told, build, inspected

# Files of one source in a catalog: a look-up compares no more than eight pictures.
FILES_OF_A_SOURCE = 6

Part = TypeVar("Part")

# What was told of (query, catalogued picture).
Answers = dict[tuple[str, str], Told]


@dataclass(frozen=True, slots=True)
class Round:
    """Files that are catalogued together, and the sources that are looked up there."""

    files: tuple[str, ...]
    sources: tuple[str, ...]


def look_up_there(out: Path, files: Sequence[str], jobs: int) -> Answers:
    """What is told of every file and every catalogued picture."""
    catalogued = sorted((out / CATALOG).iterdir())
    with tempfile.TemporaryDirectory(prefix="bench-there-") as name:
        folder = Path(name)
        with ProcessPoolExecutor(jobs) as pool:
            pictures = zip(catalogued, pool.map(inspected, catalogued, chunksize=8), strict=True)
            names = build(folder, _readable(pictures))
        return look_up(folder, names, out / EDITS, files, jobs)


def look_up(
    catalog: Path, names: Mapping[str, str], folder: Path, files: Sequence[str], jobs: int
) -> Answers:
    """What is told of a folder's files in a catalog that was built, by the names that `build` returned."""
    return _together(_ask, [(catalog, names, folder, files[start::jobs]) for start in range(jobs)], jobs)


def look_up_back(edits: Path, sources: Path, rows: Sequence[Row], jobs: int) -> Answers:
    """What is told of every source and every file that is made of it, asked the other way round."""
    return _together(_ask_round, [(edits, sources, one) for one in rounds(rows)], jobs)


def rounds(rows: Sequence[Row]) -> list[Round]:
    """The files in groups of one kind, few of one source in each."""
    sources: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for row in rows:
        sources[row.file].append(row.source)
        kinds[row.file] = min(row.kind, kinds.get(row.file, row.kind))
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    used: Counter[tuple[str, str]] = Counter()
    for file in sorted(sources):
        before = max(used[kinds[file], source] for source in sources[file])
        used.update((kinds[file], source) for source in sources[file])
        groups[kinds[file], before // FILES_OF_A_SOURCE].append(file)
    return [
        Round(tuple(files), tuple(sorted({source for file in files for source in sources[file]})))
        for _, files in sorted(groups.items())
    ]


def _together(function: Callable[[Part], Answers], parts: Sequence[Part], jobs: int) -> Answers:
    answers: Answers = {}
    with ProcessPoolExecutor(jobs) as pool:
        for some in pool.map(function, parts):
            answers.update(some)
    return answers


def _ask(part: tuple[Path, Mapping[str, str], Path, Sequence[str]]) -> Answers:
    folder, names, edits, files = part
    answers: Answers = {}
    with SmallCatalog.opened(folder, names) as catalog:
        for file in files:
            answers.update({(file, name): told for name, told in catalog.ask(edits / file).told.items()})
    return answers


def _ask_round(part: tuple[Path, Path, Round]) -> Answers:
    edits, sources, one = part
    with tempfile.TemporaryDirectory(prefix="bench-back-") as name:
        paths = [edits / file for file in one.files]
        names = build(Path(name), _readable((path, inspected(path)) for path in paths))
        return _ask((Path(name), names, sources, one.sources))


def _readable(pictures: Iterable[tuple[Path, Picture | None]]) -> Iterable[tuple[Path, Picture]]:
    return ((path, picture) for path, picture in pictures if picture is not None)
