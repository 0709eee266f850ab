"""The benchmark of clustering: a made newsroom harvested, its clusters judged pair by pair against the truth."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.republishing import File, Page, Site, listening, made_pages, made_sites, serving
from benchmarks.truth import PICTURES, Truth, read_truth

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT.parent / "shared" / "bench" / "make_edits.py"

# What must be reached.
PRECISION = 1.0
RECALL = 0.98

# Of the usages, how many show an edit; the others are originals, size variants and reuses.
EDITED_SHARE = 0.75

# Icons are smaller: a harvest leaves them out, and no desk publishes a photograph so small.
MIN_SIDE_PIXELS = 33

# Wrong pairs that are printed of a cluster; JSON has all.
PAIRS_TOLD = 5

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is true of a newsroom's assets, by SHA-256.

    `sources` has the photographs in each, `labels` what to call it, `groups` the scene of a photograph, `originals`
    the asset that is a photograph as it was; `edits` are an edit's name, its asset and a photograph in it,
    `variants` a size variant's kind and the uploads it is made of, `uses` a page and the asset it shows.
    """

    sources: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]
    groups: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)
    edits: Sequence[tuple[str, str, str]] = ()
    variants: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    uses: Sequence[tuple[str, str]] = ()

    def label(self, sha256: str) -> str:
        """What to call an asset."""
        return self.labels.get(sha256, sha256[:12])

    def to_json(self) -> dict[str, Any]:
        """The assets, each with its name and the photographs in it, and the uses, for those who look into a catalog."""
        assets = {
            one: {"name": self.label(one), "photographs": sorted(self.sources[one])} for one in self.sources
        }
        return {"assets": assets, "uses": self.uses}


@dataclass(frozen=True, slots=True)
class Reported:
    """A cluster as it is reported: the upload behind each asset, if it is a size variant, and who uses them."""

    id: str
    copies: Mapping[str, str]
    uses: frozenset[tuple[str, str]] = frozenset()


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench_duplicates", description="Measure clustering on a made newsroom."
    )
    parser.add_argument("folder", type=Path, help="photographs; a manifest.csv may name groups of one scene")
    parser.add_argument("seed", help="any text; the same seed makes the same newsroom")
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


# Making


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


def known_of(pages: Sequence[Page], truth: Truth) -> Known:
    """What is true of the assets that pages show."""
    edits = truth.by_file()
    sources: dict[str, frozenset[str]] = defaultdict(frozenset)
    labels: dict[str, str] = {}
    originals: dict[str, str] = {}
    made: dict[tuple[str, str, str], None] = {}
    variants: dict[str, tuple[str, frozenset[str]]] = {}
    for page in pages:
        for use in page.uses:
            file, sha256 = use.upload.file, use.size.sha256
            of_file = edits.get(file.path, [])
            sources[sha256] |= set(file.sources)
            label = " + ".join(file.sources) + (f" {of_file[0].name}" if of_file else "")
            if use.size is use.upload.sizes[0]:
                labels.setdefault(sha256, label)
                made |= dict.fromkeys((edit.name, sha256, edit.source) for edit in of_file)
                if not of_file:
                    originals[file.path.name] = sha256
            else:
                labels.setdefault(sha256, f"{label}, {use.size.kind}")
                larger = {use.upload.sizes[0].sha256, use.upload.main.sha256} - {sha256}
                behind = variants.get(sha256, ("", frozenset()))[1]
                variants[sha256] = (use.size.kind, behind | larger)
    uses = [(page.address, use.size.sha256) for page in pages for use in page.uses]
    return Known(sources, labels, truth.groups, originals, list(made), variants, uses)


def _is_publishable(path: Path) -> bool:
    with Image.open(path) as image:
        return max(image.size) >= MIN_SIDE_PIXELS


# The commands


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


# Judging


def reported(document: Mapping[str, Any]) -> list[Reported]:
    """The clusters of a `photodesk-duplicates/1` document."""
    return [
        Reported(
            cluster["id"],
            {copy["sha256"]: copy.get("upload") or "" for copy in cluster["copies"]},
            frozenset((use["page"], use["asset"]) for use in cluster.get("uses", [])),
        )
        for cluster in document["clusters"]
    ]


def judged(known: Known, document: Mapping[str, Any]) -> dict[str, Any]:
    """Every figure that the clusters of a document come to."""
    clusters = reported(document)
    photographs = members_of(known)
    true = pairs(photographs.values())
    said = pairs(cluster.copies for cluster in clusters)
    whole = set(photographs.values())
    precision, recall = share(len(said & true), len(said)), share(len(said & true), len(true))
    return {
        "assets": len(known.sources),
        "clusters": len(clusters),
        "precision": precision,
        "recall": recall,
        "passed": (precision or 0.0) >= PRECISION and (1.0 if recall is None else recall) >= RECALL,
        "pairs": {
            "true": len(true),
            "reported": len(said),
            "wrong": len(said - true),
            "same_scene": sum(is_same_scene(known, pair) for pair in said - true),
            "missed": len(true - said),
        },
        "exactly_right": sum(frozenset(cluster.copies) in whole for cluster in clusters),
        "split": split(known, photographs, clusters),
        "glued": glued(known, clusters, said - true),
        "edits": together_by_edit(known, clusters),
        "size_variants": folded(known, clusters),
        "folded_wrongly": folded_wrongly(known, clusters),
        "uses_not_listed": missing_uses(known, clusters),
        "members": [
            {"id": cluster.id, "members": [known.label(one) for one in cluster.copies]}
            for cluster in clusters
        ],
    }


def members_of(known: Known) -> dict[str, frozenset[str]]:
    """The assets that show each photograph."""
    found: dict[str, set[str]] = defaultdict(set)
    for sha256, sources in known.sources.items():
        for source in sources:
            found[source].add(sha256)
    return {source: frozenset(found[source]) for source in sorted(found)}


def pairs(groups: Iterable[Iterable[str]]) -> set[Pair]:
    """Every two that some group holds both."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def is_same_scene(known: Known, pair: Pair) -> bool:
    """Whether two assets show one scene in other frames."""
    one, other = (
        {known.groups[source] for source in known.sources.get(sha256, ()) if source in known.groups}
        for sha256 in pair
    )
    return not one.isdisjoint(other)


def split(
    known: Known, photographs: Mapping[str, frozenset[str]], clusters: Sequence[Reported]
) -> list[dict[str, Any]]:
    """Photographs that no single cluster holds whole, with the parts they fell into."""
    found = []
    for source, members in photographs.items():
        parts = {members.intersection(cluster.copies) for cluster in clusters}
        parts |= {frozenset({one}) for one in members}
        whole = [part for part in parts if part and not any(part < other for other in parts)]
        if len(whole) > 1:
            whole.sort(key=lambda part: (-len(part), sorted(part)))
            names = [sorted(known.label(one) for one in part) for part in whole]
            found.append({"photograph": source, "parts": names})
    return found


def glued(known: Known, clusters: Sequence[Reported], wrong: set[Pair]) -> list[dict[str, Any]]:
    """Clusters that hold two assets without a photograph in common, with the pairs that are wrong."""
    found = []
    for cluster in clusters:
        here = sorted(wrong & pairs([cluster.copies]))
        if here:
            sources = {source for pair in here for one in pair for source in known.sources.get(one, ())}
            found.append(
                {
                    "cluster": cluster.id,
                    "photographs": sorted(sources),
                    "pairs": [[known.label(one) for one in pair] for pair in here],
                }
            )
    return found


def together_by_edit(known: Known, clusters: Sequence[Reported]) -> dict[str, dict[str, float | int | None]]:
    """For each kind of edit how many there are, and which share is in a cluster with the photograph itself."""
    said = pairs(cluster.copies for cluster in clusters)
    rows: dict[str, list[bool]] = defaultdict(list)
    for name, sha256, source in known.edits:
        original = known.originals[source]
        rows[name].append(sha256 == original or _pair(sha256, original) in said)
    return {
        name: {"files": len(row), "together": share(sum(row), len(row))} for name, row in sorted(rows.items())
    }


def folded(known: Known, clusters: Sequence[Reported]) -> dict[str, dict[str, float | int | None]]:
    """For each kind of size variant how many there are, and which shares are with, and folded into, their upload."""
    said = pairs(cluster.copies for cluster in clusters)
    rows: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for sha256, (kind, uploads) in known.variants.items():
        together = any(_pair(sha256, upload) in said for upload in uploads)
        told = [cluster.copies.get(sha256, "") for cluster in clusters]
        rows[kind].append((together, any(_names(upload, uploads) for upload in told)))
    return {
        kind: {
            "files": len(row),
            "together": share(sum(together for together, _ in row), len(row)),
            "folded": share(sum(right for _, right in row), len(row)),
        }
        for kind, row in sorted(rows.items())
    }


def folded_wrongly(known: Known, clusters: Sequence[Reported]) -> list[str]:
    """Assets that are called a size variant of what they are none of."""
    return [
        known.label(sha256)
        for cluster in clusters
        for sha256, upload in cluster.copies.items()
        if upload and not _names(upload, known.variants.get(sha256, ("", frozenset()))[1])
    ]


def missing_uses(known: Known, clusters: Sequence[Reported]) -> int:
    """How many uses of a clustered asset its cluster does not list."""
    return sum(
        use not in cluster.uses for cluster in clusters for use in set(known.uses) if use[1] in cluster.copies
    )


def _names(upload: str, uploads: Iterable[str]) -> bool:
    """Whether a digest, or how one begins, is that of one of the uploads."""
    return bool(upload) and any(one.startswith(upload) for one in uploads)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# Telling


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def figure(value: float | None) -> str:
    """A share; rounded down, so that 1.000 is all."""
    return "" if value is None else f"{math.floor(1000 * value) / 1000:.3f}"


def as_text(result: dict[str, Any]) -> str:
    """The figures and tables, in Markdown."""
    pairs_, costs = result["pairs"], result["costs"]
    lines = [
        "{photographs} photographs, {sites} sites, {pages} pages, {usages} usages "
        "({usages_missing} missing from the ledger), {assets} assets".format_map(result),
        "{clusters} clusters, {exactly_right} exactly right".format_map(result),
        f"precision {figure(result['precision'])}, recall {figure(result['recall'])}",
        "pairs: {true} true, {reported} reported, {wrong} wrong (of them {same_scene} of one scene), "
        "{missed} missed".format_map(pairs_),
        f"uses that their cluster does not list: {result['uses_not_listed']}",
        "{seconds:.1f} s, {ms_an_asset:.1f} ms an asset; {cpu_seconds:.1f} s of CPU, {cpu_ms_an_asset:.1f} ms an "
        "asset".format_map(costs),
        "",
        f"split: {len(result['split'])}",
    ]
    lines += [
        f"- {one['photograph']}: " + " | ".join(", ".join(part) for part in one["parts"])
        for one in result["split"]
    ]
    lines.append(f"glued: {len(result['glued'])}")
    for one in result["glued"]:
        told = "; ".join(" with ".join(pair) for pair in one["pairs"][:PAIRS_TOLD])
        lines.append(f"- {one['cluster']}, {len(one['pairs'])} pairs: {told}")
    lines += ["", "| edit | files | with the photograph |", "|---|---|---|"]
    lines += [
        f"| {name} | {row['files']} | {figure(row['together'])} |" for name, row in result["edits"].items()
    ]
    lines += ["", "| size variant | files | with the upload | folded |", "|---|---|---|---|"]
    for kind, row in result["size_variants"].items():
        lines.append(f"| {kind} | {row['files']} | {figure(row['together'])} | {figure(row['folded'])} |")
    lines += ["", f"folded wrongly: {len(result['folded_wrongly'])}"]
    lines += [f"- {name}" for name in result["folded_wrongly"]]
    if "members" in result:
        lines += ["", *(f"{one['id']}: {', '.join(one['members'])}" for one in result["members"])]
    return "\n".join(lines)
