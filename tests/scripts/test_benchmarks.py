"""The benchmark of matching judges as it says, and runs with any generator of edits."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.peers import at_equal_false_matches, distances, hashed
from benchmarks.truth import read_truth
from pictures import encoded, photo
from PIL import ImageOps

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

COLUMNS = "edited_file source_file transformation strength role kept_area width height params".split()

GENERATOR = """
import csv, sys
from pathlib import Path
from PIL import Image, ImageOps

photographs, edits = map(Path, sys.argv[1:3])
edits.mkdir()
rows = []
for path in sorted(photographs.glob("*.png")):
    with Image.open(path) as image:
        width, height = image.size
        made = {
            "mirror": (ImageOps.mirror(image), 1.0, "horizontal"),
            "crop_area": (image.crop((0, 0, width, height * 6 // 10)), 0.6, "keep60"),
        }
        for name, (edit, kept, strength) in made.items():
            file = f"{path.stem}-{name}.jpg"
            edit.save(edits / file, quality=85)
            rows.append([file, path.name, name, strength, "main", kept, *edit.size, "{}"])
with (edits / "ground_truth.csv").open("w", newline="") as out:
    columns = "edited_file source_file transformation strength role kept_area width height params"
    csv.writer(out).writerows([columns.split(), *rows])
"""


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    for seed in range(4):
        (folder / f"{seed}.png").write_bytes(encoded(photo(seed, 480, 320), "PNG"))
    return folder


def test_an_edit_says_which_relations_are_right(photographs: Path, tmp_path: Path) -> None:
    edits = tmp_path / "edits"
    edits.mkdir()
    rows = [
        ["a.jpg", "0.png", "exact_copy", "none", "main", "1.000", "480", "320", "{}"],
        ["b.jpg", "0.png", "crop_area", "keep50", "main", "0.500", "300", "260", "{}"],
        ["c.jpg", "0.png", "pad", "16:9_black", "main", "1.000", "569", "320", "{}"],
        ["d.jpg", "0.png", "pad", "3:2_black", "main", "1.000", "480", "320", "{}"],
        ["e.jpg", "0.png", "chain", "tabloid", "main", "", "480", "320", '{"chain": "mirror+contrast"}'],
        ["f.jpg", "0.png", "collage2", "stack_fit", "main", "1.000", "480", "640", "{}"],
        ["f.jpg", "1.png", "collage2", "stack_fit", "collage_partner", "", "480", "640", "{}"],
    ]
    with (edits / "ground_truth.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    truth = read_truth(edits, photographs)
    told = [(edit.name, set(edit.relations), edit.kept, edit.mirrored) for edit in truth.edits]
    assert told == [
        ("exact_copy", {"identical"}, 1.0, False),
        ("crop_area keep50", {"crop"}, 0.5, False),
        ("pad 16:9_black", {"contained", "crop"}, 1.0, False),
        ("pad 3:2_black", {"contained", "crop", "copy"}, 1.0, False),
        ("chain tabloid", {"copy", "crop", "contained"}, None, True),
        ("collage2 stack_fit", {"contained"}, 1.0, False),
        ("collage2 stack_fit", {"contained"}, None, None),
    ]
    assert [edit.source for edit in truth.by_file()[edits / "f.jpg"]] == ["0.png", "1.png"]
    assert sorted(truth.names.values()) == ["0.png", "1.png", "2.png", "3.png"]


def test_peers_find_a_mirrored_picture(photographs: Path, tmp_path: Path) -> None:
    mirrored = tmp_path / "mirrored.png"
    mirrored.write_bytes(encoded(ImageOps.mirror(photo(2, 480, 320)), "PNG"))
    catalog = [hashed(path) for path in sorted(photographs.iterdir())]
    for kind, query in hashed(mirrored).items():
        away = distances(query, np.stack([one[kind][0] for one in catalog]))
        assert int(away.argmin()) == 2
        assert int(away[2]) <= 2


@pytest.mark.parametrize(
    ("allowed", "distance", "recall"), [(0, 9, 0.5), (1, 11, 0.75), (2, 29, 0.75), (9, 256, 1.0)]
)
def test_peers_stand_at_the_distance_of_as_many_false_matches(
    allowed: int, distance: int, recall: float
) -> None:
    found = {"crop": [("a", 4), ("b", 9), ("c", 10), ("d", 31)]}
    assert at_equal_false_matches(found, [30, 10, 12], allowed) == (distance, {"crop": recall})


def test_the_benchmark_runs_with_another_generator(photographs: Path, tmp_path: Path) -> None:
    generator = tmp_path / "generator.py"
    generator.write_text(GENERATOR)
    command = [sys.executable, SCRIPTS / "bench", "matching", photographs, "seed", "--generator", generator]
    command += ["--verdicts", "0"]
    run = subprocess.run(
        [*command, "--json"],
        env=os.environ | {"PHOTODESK_BENCH_PYTHON": "this"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(run.stdout)
    assert told["photographs"] == 4
    assert told["overall"]["edits"] == 8
    assert told["edits"]["mirror horizontal"]["mirror_right"] == 1.0
    assert told["families"]["mirrored"]["edits"] == told["edits"]["mirror horizontal"]["edits"]
    assert sum(one["edits"] for one in told["families"].values()) == told["overall"]["edits"]
    assert told["edits"]["crop_area keep60"]["kept_within_0.05"] == 1.0
    assert told["overall"] | {"recall": 1.0, "wrong": 0, "relation_right": 1.0} == told["overall"]
    assert told["overall"] | {"recall_back": 1.0, "disagree": 0} == told["overall"]
    assert {"phash", "dhash"} <= told["peers"].keys()
    assert told["costs"]["query_cpu_ms"] > 0


def test_the_benchmark_names_a_folder_that_is_not_there(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, SCRIPTS / "bench", "matching", tmp_path / "none", "seed"],
        env=os.environ | {"PHOTODESK_BENCH_PYTHON": "this"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.strip() == f"{tmp_path / 'none'}: no such folder"
