"""Measure comparing all pictures with each other: in catalogs of several sizes, many copies of one picture, clusters.

Each catalog has the photographs of FOLDER and made-up pictures; some of the photographs are compared with all, and
edits of them, a crop and a smaller copy each, are looked up. The copies of one photograph differ in size and quality
and are compared as `photodesk duplicates` does it. All figures are CPU time of one thread. Ends with 1 where one of
them is beyond its limit; `--catalogs` keeps what is made for the next time, which takes minutes for the largest.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

# Read when NumPy and faiss are loaded: one thread each, as a worker has.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
from PIL import Image

from assets import Picture, Query, inspect_whole
from assets.pictures.inspect_task import inspect, inspect_query
from benchmarks.large import Maker
from benchmarks.matching import harvest
from benchmarks.truth import PICTURES
from catalog.clusters.grouping import groups_of_graph
from catalog.clusters.match_graph import MatchGraph
from catalog.clusters.pairing import PICTURES_OF_TASK, pair_missing
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.matching.match import Match
from catalog.matching.matcher import Matcher
from catalog.matching.relation import Relation
from catalog.model import AssetRecord
from catalog.store.catalog import open_catalog
from catalog.store.layout import DERIVED

SIZES = (2_000, 10_000, 100_000)
COPIES = (60, 240, 1_000)
GROUPED = (1_000, 5_000)

# Limits, and up to how many pictures they hold: beyond, the second.
SMALL = 2_000
MOST_MS_COMPARED = (36.0, 50.0)
MOST_MS_LOOKED_UP = (60.0, 90.0)
MOST_MS_A_COPY = 40.0
MOST_SECONDS_GROUPED = 2.0

# A picture may cost so many times as much in ten times as many.
MOST_GROWTH = 1.6

LEAST_RECALL = 0.98

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph of the folder and what a catalog keeps of it."""

    path: Path
    sha256: str
    picture: Picture


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench comparing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="photographs")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, metavar="N", help="pictures")
    parser.add_argument("--copies", type=int, nargs="*", default=COPIES, metavar="N", help="of one")
    parser.add_argument("--grouped", type=int, nargs="*", default=GROUPED, metavar="N", help="in a cluster")
    parser.add_argument(
        "--asked", type=int, default=128, metavar="N", help="compare, and look up, so many (default: 128)"
    )
    parser.add_argument(
        "--catalogs", type=Path, metavar="DIR", help="make the catalogs there, or take them from there"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if not options.folder.is_dir():
        print(f"{options.folder}: no such folder", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="bench-comparing-") as name:
        work = Path(name)
        with nullcontext(options.catalogs) if options.catalogs else nullcontext(work / "catalogs") as kept:
            result = measured(options, work, kept)
    print(json.dumps(result) if options.json else as_text(result))
    return 0 if result["passed"] else 1


def measured(options: argparse.Namespace, work: Path, catalogs: Path) -> Json:
    """Every figure of the benchmark."""
    photographs = list(inspected(options.folder))
    sizes = sorted(options.sizes)
    for folder in made_catalogs(photographs, sizes, catalogs):
        tell(f"made {folder.name}")
    result: Json = {
        "sizes": [among(catalogs / str(size), photographs, options.asked, work) for size in sizes],
        "copies": [copied(photographs[0].path, count, work / f"copies {count}") for count in options.copies],
        "grouped": [grouped(count) for count in options.grouped],
    }
    result["passed"] = not list(beyond(result))
    return result


def inspected(folder: Path) -> Iterator[Photograph]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in PICTURES and isinstance(found := inspect(str(path)), Picture):
            yield Photograph(path, sha256(path.read_bytes()).hexdigest(), found)


def made_catalogs(photographs: Sequence[Photograph], sizes: Sequence[int], into: Path) -> Iterator[Path]:
    """The derived files of catalogs of so many pictures, the photographs first; each goes on from the one before."""
    maker = Maker([one.picture for one in photographs])
    before: Path | None = None
    for size in sizes:
        folder = into / str(size)
        if not folder.exists():
            if before is not None:
                shutil.copytree(before, folder)
            with FeatureStore(folder / DERIVED, read_only=False) as studies:
                for one in photographs:
                    studies.add(one.sha256, one.picture)
                for _ in range(size - len(photographs) if before is None else size - int(before.name)):
                    studies.add(*maker.picture())
            yield folder
        before = folder


# In catalogs of several sizes


def among(folder: Path, photographs: Sequence[Photograph], count: int, work: Path) -> Json:
    """CPU of comparing some of the photographs with all pictures, and of looking edits of them up."""
    step = max(1, len(photographs) // count)
    some, others = photographs[::step][:count], photographs[step // 2 :: step][:PICTURES_OF_TASK]
    with FeatureStore(folder / DERIVED) as studies:
        started = time.process_time()
        index = CandidateIndex(folder / DERIVED, studies)
        built = time.process_time() - started
        index.save(at_once=True)
        # As a worker opens it: mapped into memory.
        matcher = Matcher(studies, CandidateIndex(folder / DERIVED, studies))
        # A worker reads the index from the disk once, for all pictures that it compares.
        compared(matcher, others)
        tell(f"{len(studies)} pictures: comparing {len(some)}")
        return {
            "pictures": len(studies),
            "features": int(studies.counts.sum()),
            "index_ms": 1000 * built / len(studies),
            **compared(matcher, some),
            **looked_up(matcher, some, work),
        }


def compared(matcher: Matcher, some: Sequence[Photograph]) -> Json:
    decoding = matching = 0.0
    found = 0
    for part in (some[first : first + PICTURES_OF_TASK] for first in range(0, len(some), PICTURES_OF_TASK)):
        clock = time.process_time()
        read = [(inspect_whole(str(one.path)), one.sha256) for one in part]
        decoding += time.process_time() - clock
        clock = time.process_time()
        queries = [(query, digest) for query, digest in read if isinstance(query, Query)]
        matches = matcher.matches_of_many(queries)
        matching += time.process_time() - clock
        found += sum(match.relation.is_same_photo for of in matches for match in of) - len(matches)
    return {
        "decode_ms": 1000 * decoding / len(some),
        "compare_ms": 1000 * (decoding + matching) / len(some),
        "matches": found,
    }


def looked_up(matcher: Matcher, some: Sequence[Photograph], work: Path) -> Json:
    reading = matching = 0.0
    found = asked = 0
    for path, source in edits_of(some, work / "edits"):
        clock = time.process_time()
        query = inspect_query(str(path))
        reading += time.process_time() - clock
        if isinstance(query, Query):
            clock = time.process_time()
            matches = matcher.matches(query)
            matching += time.process_time() - clock
            asked += 1
            found += any(one.asset == source and one.relation.is_same_photo for one in matches)
    return {
        "read_ms": 1000 * reading / asked,
        "look_up_ms": 1000 * (reading + matching) / asked,
        "looked_up": asked,
        "recall": found / asked,
    }


def edits_of(some: Sequence[Photograph], folder: Path) -> Iterator[tuple[Path, str]]:
    """A crop and a smaller copy of each, with the digest of what it is made of."""
    folder.mkdir(exist_ok=True)
    for one in some:
        with Image.open(one.path) as image:
            whole = image.convert("RGB")
        width, height = whole.size
        made = {
            "crop": whole.crop((width // 5, height // 6, width * 9 // 10, height * 9 // 10)),
            "smaller": whole.resize((max(1, width // 2), max(1, height // 2))),
        }
        for name, edit in made.items():
            path = folder / f"{one.path.stem} {name}.jpg"
            if not path.exists():
                edit.save(path, quality=80)
            yield path, one.sha256


# Copies of one


def copied(photograph: Path, count: int, work: Path) -> Json:
    """CPU of comparing so many copies of one photograph that differ in their bytes."""
    work.mkdir()
    with Image.open(photograph) as image:
        whole = image.convert("RGB")
    whole.thumbnail((960, 960))
    for number in range(count):
        share = 1 - 0.5 * (number % 50) / 50
        copy = whole.resize((round(whole.width * share), round(whole.height * share)))
        # What is written into each file makes its bytes its own.
        copy.save(work / f"{number}.jpg", quality=60 + number % 35, comment=str(number).encode())
    tell(f"harvesting {count} copies")
    harvest(work, work / "catalog")
    tell(f"comparing {count} copies")
    with open_catalog(work / "catalog", read_only=True) as catalog:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock = time.process_time()
        done = asyncio.run(pair_missing(catalog, workers=1)).done
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = time.process_time() - clock
        seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        whole_copies = len(VerifiedPairs(catalog.derived).copies)
    shutil.rmtree(work)
    return {"copies": done, "whole": whole_copies, "ms_a_copy": 1000 * seconds / done}


def grouped(count: int) -> Json:
    """CPU of building the cluster of so many copies that match the best one."""
    best, *others = [f"{number:064x}" for number in range(count)]
    assets = [
        AssetRecord(sha256=one, width=1200 - place % 7, height=800)
        for place, one in enumerate((best, *others))
    ]
    graph = MatchGraph({asset.sha256: asset for asset in assets})
    match = Match(
        best,
        Relation.COPY,
        crop_box=(0, 0, 1200, 800),
        inliers=200,
        blocks_agreeing=500,
        blocks_compared=510,
        transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    )
    for one in others:
        graph.matches[one, best] = match
        graph.join(one, best)
    clock = time.process_time()
    (group,) = groups_of_graph(graph, lambda *_: None)
    return {"copies": len(group.members), "seconds": time.process_time() - clock}


# Telling


def beyond(result: Json) -> Iterator[str]:
    """What is beyond its limit."""
    for row in result["sizes"]:
        yield from beyond_of_size(row)
    rows = {row["pictures"]: row["compare_ms"] for row in result["sizes"]}
    for size, cost in rows.items():
        if rows.get(10 * size, 0) > MOST_GROWTH * cost:
            yield f"{rows[10 * size] / cost:.2f} times as much among ten times {size:,}"
    for row in result["copies"]:
        if row["copies"] >= max(COPIES) and row["ms_a_copy"] > MOST_MS_A_COPY:
            yield f"{row['ms_a_copy']:.0f} ms a copy of {row['copies']:,}"
    for row in result["grouped"]:
        if row["seconds"] > MOST_SECONDS_GROUPED:
            yield f"{row['seconds']:.1f} s for a cluster of {row['copies']:,}"


def beyond_of_size(row: Json) -> Iterator[str]:
    is_large = row["pictures"] > SMALL
    for name, limits in (("compare_ms", MOST_MS_COMPARED), ("look_up_ms", MOST_MS_LOOKED_UP)):
        if row[name] > limits[is_large]:
            yield f"{name} {row[name]:.0f} among {row['pictures']:,}: more than {limits[is_large]:.0f}"
    if row["recall"] < LEAST_RECALL:
        yield f"recall {row['recall']:.3f} among {row['pictures']:,}: less than {LEAST_RECALL}"


def as_text(result: Json) -> str:
    """The figures as tables in Markdown, and what is beyond its limit."""
    lines = [
        "| pictures | features | compared, ms | of it decoding | looked up, ms | of it reading | recall | index, ms |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['pictures']:,} | {row['features']:,} | {row['compare_ms']:.1f} | {row['decode_ms']:.1f} "
        f"| {row['look_up_ms']:.1f} | {row['read_ms']:.1f} | {row['recall']:.3f} | {row['index_ms']:.2f} |"
        for row in result["sizes"]
    ]
    lines += ["", "| copies of one | of them whole | ms a copy |", "|---:|---:|---:|"]
    lines += [
        f"| {row['copies']:,} | {row['whole']:,} | {row['ms_a_copy']:.1f} |" for row in result["copies"]
    ]
    lines += ["", "| in one cluster | s |", "|---:|---:|"]
    lines += [f"| {row['copies']:,} | {row['seconds']:.2f} |" for row in result["grouped"]]
    return "\n".join([*lines, *(f"\nBeyond its limit: {one}" for one in beyond(result))])


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
