"""Measure matching: edit photographs as republishers do, look every edit up, and print what was found, edit by edit.

Makes the edits with the generator (`--generator`, by default bench/make_edits.py of the shared data), harvests the
photographs and looks up each edit, and each photograph among the edits: `back` is how many it finds of them,
`disagree` how many only one of both ways finds. Beside it stand phash, dhash and PDQ of the whole picture, hashed in
both directions, at the largest distance at which they accept no more wrong pictures. Below stands what
`scripts/bench verdicts` measures with `--verdicts` photographs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from assets import Picture, Query
from assets.pictures.decode import decode
from assets.pictures.inspect_task import inspect, inspect_query
from benchmarks import large
from benchmarks.edits.making import Plan
from benchmarks.edits.truth_table import SAME
from benchmarks.edits.truth_table import Row as TruthRow
from benchmarks.families import family_of, in_order
from benchmarks.matching_tables import as_text
from benchmarks.pairwise.both_ways import Answers, look_up_back
from benchmarks.pairwise.judgement import NOTHING
from benchmarks.peers import at_equal_false_matches, distances, hashed, hashers
from benchmarks.truth import PICTURES, Edit, Truth, read_truth
from benchmarks.verdicts import made_and_judged
from catalog.index.candidates import CandidateIndex
from catalog.index.feature_store import FeatureStore
from catalog.matching.match import Match
from catalog.matching.matcher import Matcher
from catalog.store.layout import DERIVED

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT.parent / "shared" / "bench" / "make_edits.py"

KEPT_ERROR = 0.05

# Files whose decoding and inspecting is timed, and queries in the large catalog.
TIMED_FILES = 300
TIMED_QUERIES = 40


@dataclass(slots=True)
class Row:
    """What became of one kind of edit."""

    edits: int = 0
    found: int = 0
    found_back: int = 0
    disagree: int = 0
    relation_right: int = 0
    mirror_judged: int = 0
    mirror_right: int = 0
    kept_judged: int = 0
    kept_right: int = 0
    kept_errors: list[float] = field(default_factory=list)
    wrong: int = 0
    same_scene: int = 0


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench matching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="photographs; a manifest.csv may name groups of one scene"
    )
    parser.add_argument("seed", metavar="SEED", help="any text; the same seed makes the same edits")
    parser.add_argument("--generator", type=Path, default=GENERATOR, help="the program that makes edits")
    parser.add_argument(
        "--kind", default="photo", help="photo, graphic or any, where the manifest tells (default: photo)"
    )
    parser.add_argument("--per-photo", type=int, default=6, metavar="N", help="edits of each (default: 6)")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="edit only so many photographs")
    parser.add_argument("--all", action="store_true", help="every edit of each")
    parser.add_argument(
        "--verdicts",
        type=int,
        default=12,
        metavar="N",
        help="other frames, pasted and small photographs, drawings, made of N photographs (default: 12; 0: none)",
    )
    parser.add_argument(
        "--large", type=int, default=0, metavar="N", help="also time a catalog of N made-up pictures"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if not options.folder.is_dir():
        print(f"{options.folder}: no such folder", file=sys.stderr)
        return 2
    if not options.generator.is_file():
        print(f"{options.generator}: no such generator; name one with --generator", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="bench-matching-") as name:
        result = measured(options, Path(name))
    print(json.dumps(result) if options.json else as_text(result))
    return 0


def measured(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Every figure of the benchmark."""
    folder, edits, catalog = options.folder, work / "edits", work / "catalog"
    make_edits(options, edits)
    truth = read_truth(edits, folder)
    files = truth.by_file()
    tell(f"{len(truth.edits)} edits in {len(files)} files; harvesting {len(truth.names)} photographs")
    harvest(folder, catalog)
    started = time.monotonic()
    with ProcessPoolExecutor(initializer=_open, initargs=(catalog,)) as pool:
        looked_up = list(pool.map(_look_up, files, chunksize=8))
    tell(f"looked up in {time.monotonic() - started:.0f} s; looking up the photographs among the edits")
    back = look_up_back(edits, folder, _pairs(truth), os.cpu_count() or 1)
    tell("hashing for the peers")
    rows = table(truth, zip(files, (found for found, _, _ in looked_up), strict=True), back)
    overall = summed(rows.values())
    peers = compared(truth, folder, sum(row.wrong for row in rows.values()))
    pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    result = {
        "photographs": len(truth.names),
        "seed": options.seed,
        "overall": figures(overall),
        "families": in_families(rows, peers),
        "edits": {name: figures(row) for name, row in sorted(rows.items())},
        "peers": peers,
        "same_scene": same_scene(truth, files, overall),
        "costs": costs(pictures[:: max(1, len(pictures) // TIMED_FILES)])
        | {
            "query_cpu_ms": 1000 * float(np.mean([one for _, one, _ in looked_up])),
            "match_cpu_ms": 1000 * float(np.mean([one for _, _, one in looked_up])),
            "match_cpu_ms_95th": 1000 * float(np.percentile([one for _, _, one in looked_up], 95)),
            "derived_bytes_a_picture": sum(one.stat().st_size for one in (catalog / DERIVED).iterdir())
            / max(1, len(truth.names)),
        },
    }
    if options.verdicts:
        plan = Plan(folder.resolve(), work / "verdicts", options.seed, photos=options.verdicts)
        result["verdicts"] = made_and_judged(plan, os.cpu_count() or 1)
    if options.large:
        tell(f"making up {options.large} pictures")
        # Of a collage the first photograph is looked for.
        sources = [(path, edits[0].source) for path, edits in files.items()]
        some = sources[:: max(1, len(sources) // TIMED_QUERIES)]
        result["large"] = measured_large(work, pictures, some, options.large)
    return result


def make_edits(options: argparse.Namespace, edits: Path) -> None:
    command = [sys.executable, options.generator, options.folder, edits, "--seed", options.seed]
    command += ["--all"] if options.all else ["--per-photo", str(options.per_photo)]
    command += ["--jobs", str(os.cpu_count() or 1), "--limit", str(options.limit)]
    if (options.folder / "manifest.csv").exists():
        command += ["--kind", options.kind]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def harvest(folder: Path, catalog: Path) -> None:
    """Bring the photographs in by the command; files that are none, and address lists, are passed over."""
    pictures = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES]
    command = [sys.executable, "-m", "catalog.cli", "harvest", "--catalog", catalog, *pictures]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"the harvest ended with {done.returncode}: {done.stderr}")


# Looking up, in processes of their own

_matcher: Matcher


def _open(catalog: Path) -> None:
    global _matcher
    cv2.setNumThreads(1)
    studies = FeatureStore(catalog / "derived")
    _matcher = Matcher(studies, CandidateIndex(catalog / "derived", studies))


def _look_up(path: Path) -> tuple[list[Match], float, float]:
    """The matches of a file, and the seconds of CPU for reading it and for matching."""
    import hashlib

    started = time.process_time()
    query = inspect_query(str(path))
    read = time.process_time()
    if not isinstance(query, Query):
        tell(f"{path}: {query}")
        return [], read - started, 0.0
    matches = _matcher.matches(query, hashlib.sha256(path.read_bytes()).hexdigest())
    return matches, read - started, time.process_time() - read


# Judging


def _pairs(truth: Truth) -> list[TruthRow]:
    """Every edit and what it is made of, as what is looked up the other way round."""
    return [TruthRow(edit.file.name, edit.source, SAME, edit.name, "edits") for edit in truth.edits]


def table(truth: Truth, looked_up: Iterable[tuple[Path, list[Match]]], back: Answers) -> dict[str, Row]:
    """What became of each kind of edit."""
    rows: dict[str, Row] = defaultdict(Row)
    edits = truth.by_file()
    for path, matches in looked_up:
        same = {truth.names[one.asset]: one for one in matches if one.relation.is_same_photo}
        own = {edit.source for edit in edits[path]}
        groups = {truth.groups.get(source) for source in own} - {None}
        for edit in edits[path]:
            is_found_back = back.get((edit.source, path.name), NOTHING).is_same
            rows[edit.name].found_back += is_found_back
            rows[edit.name].disagree += is_found_back != (edit.source in same)
            judge(rows[edit.name], edit, same.get(edit.source))
        for name in same.keys() - own:
            if truth.groups.get(name) in groups:
                rows[edits[path][0].name].same_scene += 1
            else:
                rows[edits[path][0].name].wrong += 1
                tell(f"wrong: {path.name} ({edits[path][0].name} of {', '.join(own)}) as {name}")
    return dict(rows)


def judge(row: Row, edit: Edit, match: Match | None) -> None:
    row.edits += 1
    if match is None:
        return
    row.found += 1
    row.relation_right += match.relation.value in edit.relations
    if edit.mirrored is not None:
        row.mirror_judged += 1
        row.mirror_right += match.mirrored == edit.mirrored
    if edit.kept is not None:
        row.kept_judged += 1
        # What surrounds the photograph is not part of it: what is kept is the original's share.
        kept = match.kept if match.larger == "asset" else 1.0
        row.kept_right += abs(kept - edit.kept) <= KEPT_ERROR
        row.kept_errors.append(abs(kept - edit.kept))


def summed(rows: Iterable[Row]) -> Row:
    total = Row()
    for row in rows:
        for name in Row.__slots__:
            setattr(total, name, getattr(total, name) + getattr(row, name))
    return total


def figures(row: Row) -> dict[str, float | int | None]:
    return {
        "edits": row.edits,
        "recall": share(row.found, row.edits),
        "recall_back": share(row.found_back, row.edits),
        "disagree": row.disagree,
        "wrong": row.wrong,
        "relation_right": share(row.relation_right, row.found),
        "mirror_right": share(row.mirror_right, row.mirror_judged),
        "kept_within_0.05": share(row.kept_right, row.kept_judged),
        "kept_error": float(np.mean(row.kept_errors)) if row.kept_errors else None,
    }


def in_families(rows: Mapping[str, Row], peers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The figures of kinds of edits taken together, with the peers' recall of each."""
    members: dict[str, list[str]] = defaultdict(list)
    for name in rows:
        members[family_of(name)].append(name)
    told = {}
    for family in in_order(set(members)):
        names = members[family]
        row = summed(rows[name] for name in names)
        recalls = {
            kind: sum(one["edits"][name] * rows[name].edits for name in names) / row.edits
            for kind, one in peers.items()
        }
        told[family] = figures(row) | {"peers": recalls}
    return told


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def same_scene(truth: Truth, files: dict[Path, list[Edit]], overall: Row) -> dict[str, float | int | None]:
    """Pairs of an edit and another picture of its scene, and the share not taken for the same photo."""
    sizes: dict[str, int] = defaultdict(int)
    for group in truth.groups.values():
        sizes[group] += 1
    pairs = sum(
        sizes[truth.groups[edit.source]] - 1
        for one in files.values()
        for edit in one
        if edit.source in truth.groups
    )
    return {
        "pairs": pairs,
        "taken_for_the_same": overall.same_scene,
        "right": share(pairs - overall.same_scene, pairs),
    }


def compared(truth: Truth, folder: Path, allowed: int) -> dict[str, Any]:
    """The peers' recall by edit, at the distances at which they accept no more wrong pictures than we."""
    names = sorted(truth.names.values())
    files = truth.by_file()
    with ProcessPoolExecutor() as pool:
        of_catalog = list(pool.map(hashed, [folder / name for name in names], chunksize=8))
        of_edits = list(pool.map(hashed, files, chunksize=8))
    peers: dict[str, Any] = {}
    for kind in hashers():
        catalog = np.stack([one[kind][0] for one in of_catalog])
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        wrong: list[int] = []
        for edits, hashes in zip(files.values(), of_edits, strict=True):
            away = distances(hashes[kind], catalog)
            own = {edit.source for edit in edits}
            groups = {truth.groups.get(source) for source in own} - {None}
            for edit in edits:
                found[edit.name].append((edit.source, int(away[names.index(edit.source)])))
            unrelated = [
                i for i, name in enumerate(names) if name not in own and truth.groups.get(name) not in groups
            ]
            near = np.sort(away[unrelated])[: allowed + 1]
            wrong += near.tolist()
        limit, recall = at_equal_false_matches(found, wrong, allowed)
        everything = [distance for one in found.values() for _, distance in one]
        overall = sum(distance <= limit for distance in everything) / len(everything)
        peers[kind] = {"distance": limit, "recall": overall, "edits": recall}
    return peers


# Costs


def costs(pictures: Sequence[Path]) -> dict[str, float]:
    """Milliseconds of CPU to decode a picture, and to take fingerprints and features on top of that."""
    decoding, inspecting = [], []
    for path in pictures:
        for seconds, function in ((decoding, lambda one: decode(Path(one))), (inspecting, inspect)):
            function(str(path))
            started = time.process_time()
            function(str(path))
            seconds.append(time.process_time() - started)
    return {
        "decode_cpu_ms": 1000 * float(np.mean(decoding)),
        "on_top_of_decoding_cpu_ms": 1000 * float(np.mean(inspecting) - np.mean(decoding)),
    }


def measured_large(
    work: Path, pictures: Sequence[Path], edits: Sequence[tuple[Path, str]], size: int
) -> dict[str, float]:
    digests = {path.name: f"{number:064x}" for number, path in enumerate(pictures)}
    real = [
        (digests[path.name], found) for path in pictures if isinstance(found := inspect(str(path)), Picture)
    ]
    asked = [
        (digests[source], found)
        for path, source in edits
        if source in digests and isinstance(found := inspect_query(str(path)), Query)
    ]
    (work / "large").mkdir()
    return large.measured(work / "large", real, asked, size)


# Telling


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
