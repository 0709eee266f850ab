"""The benchmark of clustering judges as it says, and its newsroom is harvested as it says it is."""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from benchmarks.duplicates import arguments, choose, harvested, ledger, made_newsroom, problem_of
from benchmarks.judging import judged
from benchmarks.known import Known
from benchmarks.tables import as_text
from pictures import encoded, photo

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

GENERATOR = """
import csv, sys
from pathlib import Path
from PIL import Image, ImageOps

photographs, edits = map(Path, sys.argv[1:3])
edits.mkdir()
rows = []
names = sorted(path.name for path in photographs.glob("*.png"))
for name in names:
    with Image.open(photographs / name) as image:
        mirrored, tiny = ImageOps.mirror(image), image.resize((30, 20))
        mirrored.save(edits / f"mirrored-{name}.jpg", quality=85)
        tiny.save(edits / f"tiny-{name}.jpg")
        rows.append([f"mirrored-{name}.jpg", name, "mirror", "horizontal", "main", 1.0, *image.size, "{}"])
        rows.append([f"tiny-{name}.jpg", name, "resize", "6pct", "main", 1.0, 30, 20, "{}"])
with Image.open(photographs / names[0]) as one, Image.open(photographs / names[1]) as other:
    collage = Image.new("RGB", (one.width + other.width, one.height))
    collage.paste(one, (0, 0))
    collage.paste(other, (one.width, 0))
    collage.save(edits / "collage.jpg")
for name, role in zip(names, ("main", "collage_partner")):
    rows.append(["collage.jpg", name, "collage2", "side_fit", role, "", *collage.size, "{}"])
with (edits / "ground_truth.csv").open("w", newline="") as out:
    columns = "edited_file source_file transformation strength role kept_area width height params"
    csv.writer(out).writerows([columns.split(), *rows])
"""

# Photograph a has two edits, b one; ab is a collage of both. c and d show one scene, t is a thumbnail of c.
KNOWN = Known(
    sources={
        "a": frozenset("a"),
        "a1": frozenset("a"),
        "a2": frozenset("a"),
        "ab": frozenset("ab"),
        "b": frozenset("b"),
        "b1": frozenset("b"),
        "c": frozenset("c"),
        "t": frozenset("c"),
        "d": frozenset("d"),
    },
    labels={"a": "a.jpg", "a1": "a.jpg mirror"},
    groups={"c": "scene", "d": "scene"},
    originals={"a": "a", "b": "b", "c": "c", "d": "d"},
    edits=[
        ("mirror", "a1", "a"),
        ("mirror", "b1", "b"),
        ("blur", "a2", "a"),
        ("collage", "ab", "a"),
        ("collage", "ab", "b"),
        ("exact_copy", "d", "d"),
    ],
    variants={"t": ("thumbnail", frozenset({"c"}))},
    uses=[("page-1", "a"), ("page-1", "b"), ("page-2", "t")],
)

RIGHT = ("a a1 a2 ab", "b b1 ab", "c t")


def document(*clusters: str, uploads: dict[str, str] | None = None) -> dict[str, Any]:
    """What the command would write of these clusters, each named by its first member."""
    return {
        "schema": "photodesk-duplicates/2",
        "clusters": [
            {
                "id": members.split()[0],
                "why_best": "the largest",
                "copies": [
                    {"sha256": one, "relation": "copy", "upload": (uploads or {}).get(one, "")}
                    for one in members.split()
                ],
                "uses": [
                    {"page": page, "asset": asset} for page, asset in KNOWN.uses if asset in members.split()
                ],
            }
            for members in clusters
        ],
    }


@pytest.mark.parametrize(
    ("clusters", "precision", "recall", "exactly_right", "passed"),
    [
        (RIGHT, 1.0, 1.0, 3, True),
        (("a a1 a2 ab", "b b1", "c t"), 1.0, 8 / 10, 2, False),
        (("a a1 ab", "a2", "b b1 ab", "c t"), 1.0, 7 / 10, 2, False),
        (("a a1 a2 ab b b1", "c t"), 10 / 16, 1.0, 1, False),
        (("a a1 a2 ab", "b b1 ab", "c t d"), 10 / 12, 1.0, 2, False),
        ((), None, 0.0, 0, False),
    ],
    ids=["right", "collage in one only", "split", "glued", "one scene", "nothing"],
)
def test_clusters_are_judged_pair_by_pair(
    clusters: tuple[str, ...], precision: float | None, recall: float, exactly_right: int, passed: bool
) -> None:
    found = judged(KNOWN, document(*clusters))
    told = [found[name] for name in ("precision", "recall", "exactly_right", "passed")]
    assert told == [precision, recall, exactly_right, passed]


def test_all_but_two_of_a_hundred_pairs_are_enough() -> None:
    many = Known({f"{n}": frozenset({f"photo {n // 2}"}) for n in range(200)}, {})
    clusters = [f"{n} {n + 1}" for n in range(0, 200, 2)]
    assert judged(many, document(*clusters[2:]))["passed"]
    assert not judged(many, document(*clusters[3:]))["passed"]


def test_a_split_photograph_is_told_with_its_parts() -> None:
    found = judged(KNOWN, document("a a1", "b b1 ab", "c t"))
    assert found["split"] == [{"photograph": "a", "parts": [["a.jpg", "a.jpg mirror"], ["a2"], ["ab"]]}]


def test_a_collage_in_two_clusters_splits_and_glues_nothing() -> None:
    found = judged(KNOWN, document(*RIGHT))
    assert (found["split"], found["glued"], found["pairs"]["wrong"]) == ([], [], 0)


def test_a_glued_cluster_is_told_with_its_wrong_pairs() -> None:
    found = judged(KNOWN, document("a a1 ab b"))
    pairs = [["a.jpg", "b"], ["a.jpg mirror", "b"]]
    assert found["glued"] == [{"cluster": "a", "photographs": ["a", "b"], "pairs": pairs}]
    assert found["pairs"]["same_scene"] == 0


def test_other_frames_of_one_scene_are_wrong_and_counted_apart() -> None:
    found = judged(KNOWN, document("c t d", "a b"))
    assert (found["pairs"]["wrong"], found["pairs"]["same_scene"]) == (3, 2)


def test_an_asset_that_nobody_knows_is_wrong_with_everything() -> None:
    found = judged(KNOWN, document("a stranger"))
    assert (found["pairs"]["wrong"], found["glued"][0]["pairs"]) == (1, [["a.jpg", "stranger"]])


def test_edits_are_counted_where_the_photograph_is() -> None:
    found = judged(KNOWN, document("a a1 ab", "b ab", "b1 a2"))["edits"]
    assert {name: (row["files"], row["together"]) for name, row in found.items()} == {
        "blur": (1, 0.0),
        "collage": (2, 1.0),
        "exact_copy": (1, 1.0),
        "mirror": (2, 0.5),
    }


@pytest.mark.parametrize(
    ("uploads", "folded", "wrongly"),
    [({"t": "c"}, 1.0, []), ({}, 0.0, []), ({"t": "a"}, 0.0, ["t"]), ({"t": "c", "c": "d"}, 1.0, ["c"])],
    ids=["right", "not folded", "into another upload", "no variant"],
)
def test_size_variants_are_folded_into_their_own_upload(
    uploads: dict[str, str], folded: float, wrongly: list[str]
) -> None:
    found = judged(KNOWN, document(*RIGHT, uploads=uploads))
    assert found["size_variants"] == {"thumbnail": {"files": 1, "together": 1.0, "folded": folded}}
    assert found["folded_wrongly"] == wrongly


def test_a_use_that_a_cluster_leaves_out_is_counted() -> None:
    told = document(*RIGHT)
    assert judged(KNOWN, told)["uses_not_listed"] == 0
    told["clusters"][0]["uses"] = []
    assert judged(KNOWN, told)["uses_not_listed"] == 1


def test_the_text_rounds_no_share_up_to_one() -> None:
    costs = {"seconds": 1.0, "cpu_seconds": 2.0, "ms_an_asset": 3.0, "cpu_ms_an_asset": 4.0}
    counts = {"photographs": 4, "sites": 1, "pages": 2, "usages": 3, "usages_missing": 0}
    result = judged(KNOWN, document(*RIGHT)) | {"costs": costs, "recall": 0.9999} | counts
    lines = as_text(result).splitlines()
    assert "precision 1.000, recall 0.999" in lines
    assert "| mirror | 2 | 1.000 |" in lines
    assert lines[-3:] == ["a: a.jpg, a.jpg mirror, a2, ab", "b: b, b1, ab", "c: c, t"]


# The newsroom


def options_of(folder: Path, generator: Path, *words: str) -> argparse.Namespace:
    return arguments([f"{folder}", "seed", "--generator", f"{generator}", *words])


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    for seed in range(3):
        (folder / f"{seed}.png").write_bytes(encoded(photo(seed, 600, 400), "PNG"))
    return folder


@pytest.fixture
def generator(tmp_path: Path) -> Path:
    path = tmp_path / "generator.py"
    path.write_text(GENERATOR)
    return path


def test_every_usage_of_the_newsroom_comes_into_the_ledger(
    photographs: Path, generator: Path, tmp_path: Path
) -> None:
    options = options_of(photographs, generator, "--photographs", "3", "--usages", "30", "--sites", "4")
    pages, known = harvested(options, tmp_path / "work", tmp_path / "work" / "catalog")
    assert len(known.uses) == 30
    assert Counter(ledger(tmp_path / "work" / "catalog")) == Counter(known.uses)
    assert known.originals.keys() == {"0.png", "1.png", "2.png"}
    # What is smaller than an icon was left out.
    assert {name for name, _, _ in known.edits} == {"mirror horizontal", "collage2 side_fit"}
    assert {len(sources) for sources in known.sources.values()} == {1, 2}
    assert {kind for kind, _ in known.variants.values()} <= {"scaled", "medium", "thumbnail"}
    assert known.variants
    for _, uploads in known.variants.values():
        assert uploads <= known.sources.keys()
    assert len({page.site.host for page in pages}) == 4


def test_the_same_seed_makes_the_same_newsroom_but_for_the_ports(
    photographs: Path, generator: Path, tmp_path: Path
) -> None:
    options = options_of(photographs, generator, "--photographs", "3", "--usages", "12", "--sites", "2")
    told = []
    for hosts in (["127.0.0.1:4001", "127.0.0.1:4002"], ["127.0.0.1:5001", "127.0.0.1:5002"]):
        work = tmp_path / hosts[0][-4:]
        sites, _, known = made_newsroom(options, work, hosts)
        posts = "".join(path.read_text(encoding="utf-8") for path in sorted(work.glob("newsroom/*/posts/*")))
        for site in sites:
            assert site.host in posts
            posts = posts.replace(site.host, site.folder.name)
        told.append((posts, known.sources, known.labels, known.edits, known.variants))
    assert told[0] == told[1]


def test_frames_of_one_scene_are_chosen_together(photographs: Path, tmp_path: Path) -> None:
    with (photographs / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [("0.png", "photo", "quay"), ("1.png", "graphic", ""), ("2.png", "photo", "quay")]
        csv.writer(file).writerows([("file", "kind", "group"), *rows])
    assert choose(photographs, tmp_path / "chosen", 3, "seed") == 2
    with (tmp_path / "chosen" / "manifest.csv").open(newline="", encoding="utf-8") as file:
        assert [(row["file"], row["group"]) for row in csv.DictReader(file)] == [
            ("0.png", "quay"),
            ("2.png", "quay"),
        ]


def test_more_photographs_than_usages_are_refused(photographs: Path, generator: Path) -> None:
    problem = problem_of(options_of(photographs, generator, "--photographs", "3", "--usages", "2"))
    assert problem == "at least one photograph, one site, and a usage of each photograph are needed"


def test_the_script_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, SCRIPTS / "bench", "duplicates", tmp_path / "none", "seed"],
        env=os.environ | {"PHOTODESK_BENCH_PYTHON": "this"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.strip() == f"{tmp_path / 'none'}: no such folder"


def test_the_result_is_plain_json() -> None:
    found = judged(KNOWN, document(*RIGHT))
    assert json.loads(json.dumps(found)) == found
