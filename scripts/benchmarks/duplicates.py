"""Measure clustering: let a made newsroom republish photographs, harvest it, and judge the clusters that come out.

Makes the edits with the generator (`--generator`, by default bench/make_edits.py of the shared data), writes WordPress
sites that use them, serves and harvests these, and runs `photodesk duplicates`. Every pair of assets is then compared
with the truth. Ends with 1 where the precision is below 1.000 or the recall below 0.98.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.judging import judged
from benchmarks.known import Known, known_of
from benchmarks.newsroom import File, Page, Site
from benchmarks.republishing import made_pages, made_sites
from benchmarks.serving import listening, serving
from benchmarks.tables import as_text
from benchmarks.truth import PICTURES, read_truth

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT.parent / "shared" / "bench" / "make_edits.py"

# Of the usages, how many show an edit; the others are originals, size variants and reuses.
EDITED_SHARE = 0.75

# Icons are smaller: a harvest leaves them out, and no desk publishes a photograph so small.
MIN_SIDE_PIXELS = 33


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench duplicates",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="photographs; a manifest.csv may name groups of one scene"
    )
    parser.add_argument("seed", metavar="SEED", help="any text; the same seed makes the same newsroom")
    parser.add_argument("--photographs", type=int, default=300, metavar="N", help="so many (default: 300)")
    parser.add_argument("--usages", type=int, default=2000, metavar="N", help="so many (default: 2000)")
    parser.add_argument("--sites", type=int, default=6, metavar="N", help="so many (default: 6)")
    parser.add_argument("--generator", type=Path, default=GENERATOR, help="the program that makes edits")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    parser.add_argument("--members", action="store_true", help="also every cluster's members")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep newsroom, catalog and clusters there")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if problem := problem_of(options):
        print(problem, file=sys.stderr)
        return 2
    with nullcontext(options.keep) if options.keep else tempfile.TemporaryDirectory() as name:
        result = measured(options, Path(name))
    if not options.members:
        result.pop("members")
    print(json.dumps(result) if options.json else as_text(result))
    return 0 if result["passed"] else 1


def problem_of(options: argparse.Namespace) -> str:
    """What is wrong with the arguments, `""` for nothing."""
    if not options.folder.is_dir():
        return f"{options.folder}: no such folder"
    if not options.generator.is_file():
        return f"{options.generator}: no such generator; name one with --generator"
    if min(options.photographs, options.sites) < 1 or options.usages < options.photographs:
        return "at least one photograph, one site, and a usage of each photograph are needed"
    if options.keep and options.keep.exists() and any(options.keep.iterdir()):
        return f"{options.keep}: not empty"
    return ""


def measured(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Every figure of the benchmark."""
    catalog = work / "catalog"
    pages, known = harvested(options, work, catalog)
    tell(f"{len(known.sources)} assets harvested; looking for clusters")
    document, costs = clustered(catalog, work / "duplicates.json", len(known.sources))
    missing = Counter(known.uses) - Counter(ledger(catalog))
    found = judged(known, document)
    return found | {
        "seed": options.seed,
        "photographs": len(known.originals),
        "sites": len({page.site.host for page in pages}),
        "pages": len(pages),
        "usages": len(known.uses),
        "usages_missing": missing.total(),
        "costs": costs,
        # What is not in the ledger cannot be clustered: then something else was measured.
        "passed": found["passed"] and not missing,
    }


def harvested(options: argparse.Namespace, work: Path, catalog: Path) -> tuple[list[Page], Known]:
    """A newsroom made, served and harvested, and what is true of it."""
    sockets = listening(options.sites)
    hosts = ["{}:{}".format(*listener.getsockname()) for listener in sockets]
    sites, pages, known = made_newsroom(options, work, hosts)
    with serving(sites, sockets):
        harvest(sites, catalog)
    return pages, known


def made_newsroom(
    options: argparse.Namespace, work: Path, hosts: Sequence[str]
) -> tuple[list[Site], list[Page], Known]:
    """The sites and pages of a newsroom at these hosts, written to a folder, and what is true of it."""
    photographs, edits = work / "photographs", work / "edits"
    chosen = choose(options.folder, photographs, options.photographs, options.seed)
    per_photo = max(1, round(EDITED_SHARE * options.usages / chosen))
    command = [sys.executable, options.generator, photographs, edits, "--seed", options.seed]
    command += ["--per-photo", str(per_photo), "--jobs", str(os.cpu_count() or 1)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    truth = read_truth(edits, photographs)
    originals = [File(photographs / name, (name,)) for name in sorted(truth.names.values())]
    files = [
        File(path, tuple(edit.source for edit in of_file))
        for path, of_file in sorted(truth.by_file().items())
        if _is_publishable(path)
    ]
    tell(f"{len(files)} edits of {chosen} photographs; making and harvesting the newsroom")
    sites = made_sites(work / "newsroom", hosts)
    pages = made_pages(sites, originals, files, options.usages, options.seed)
    known = known_of(pages, truth)
    (work / "truth.json").write_text(json.dumps(known.to_json(), indent=1), encoding="utf-8")
    return sites, pages, known


def choose(folder: Path, into: Path, count: int, seed: str) -> int:
    """Link so many photographs into a folder with a manifest; says how many.

    Frames of one scene are chosen together: they are what must not be taken for the same.
    """
    rows = [{"file": path.name} for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURES]
    manifest = folder / "manifest.csv"
    if manifest.exists():
        with manifest.open(newline="", encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row.get("kind", "photo") == "photo"]
    scenes: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        scenes[row.get("group") or row["file"]].append(row["file"])
    groups = {name: group for group, names in scenes.items() for name in names if group != name}
    order = sorted(scenes, key=lambda scene: hashlib.sha256(f"{seed}|{scene}|chosen".encode()).digest())
    names = [name for scene in order for name in scenes[scene]][:count]
    into.mkdir(parents=True)
    for name in names:
        (into / name).symlink_to((folder / name).resolve())
    with (into / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            [("file", "kind", "group"), *((name, "photo", groups.get(name, "")) for name in names)]
        )
    return len(names)


def _is_publishable(path: Path) -> bool:
    with Image.open(path) as image:
        return max(image.size) >= MIN_SIDE_PIXELS


def run(*words: str | Path) -> str:
    """What a command prints; one that breaks off ends the benchmark."""
    command = [sys.executable, "-m", "catalog.cli", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"photodesk {words[0]} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def harvest(sites: Sequence[Site], catalog: Path) -> None:
    """Bring in what the sites' posts use, from the sites."""
    allowed = [word for site in sites for word in ("--allow-address", site.host)]
    posts = [site.folder / "posts" for site in sites if any((site.folder / "posts").iterdir())]
    run("harvest", "--catalog", catalog.resolve(), *allowed, *(path.resolve() for path in posts))


def ledger(catalog: Path) -> list[tuple[str, str]]:
    """The page and the asset of every usage in a catalog."""
    lines = run("export", "usages", "--catalog", catalog.resolve()).splitlines()
    return [(usage["page"], usage["asset"]) for usage in map(json.loads, lines)]


def clustered(catalog: Path, into: Path, assets: int) -> tuple[dict[str, Any], dict[str, float]]:
    """The clusters as the command reports them, and what that cost."""
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    run("duplicates", "--catalog", catalog.resolve(), "--format", "json", "-o", into.resolve())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.monotonic() - started
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    document: dict[str, Any] = json.loads(into.read_text(encoding="utf-8"))
    return document, {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "ms_an_asset": 1000 * seconds / assets,
        "cpu_ms_an_asset": 1000 * cpu / assets,
    }


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
