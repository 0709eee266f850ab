"""Verdicts are judged as the benchmark says, in both directions."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from benchmarks import verdicts_pairs
from benchmarks.edits.truth_table import ANY, ELEMENT, OTHER, SAME, Row
from benchmarks.pairwise import judgement, tables
from benchmarks.pairwise.both_ways import FILES_OF_A_SOURCE, rounds
from benchmarks.pairwise.costs import compared
from benchmarks.pairwise.scenes import Scenes
from benchmarks.pairwise.small_catalogs import Told
from pictures import encoded, photo
from PIL import Image

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

COPY, SIBLING = Told("copy", is_same=True), Told("sibling", is_same=False)

ROWS = [
    Row("edit.jpg", "a.jpg", SAME, "crop", "plain"),
    Row("frame.jpg", "a.jpg", OTHER, "burst", "moved"),
    Row("chart.jpg", "base.jpg", ELEMENT, "chart", "template"),
    Row("split.jpg", "b.jpg", ANY, "split", "cut"),
]
SCENES = Scenes(
    {name: frozenset({name}) for name in ("a.jpg", "b.jpg", "c.jpg", "base.jpg")}
    | {"half.jpg": frozenset({"a.jpg"})},
    {"a.jpg": "street", "c.jpg": "street"},
)


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPTS / "bench", *words],
        env=os.environ | {"PHOTODESK_BENCH_PYTHON": "this"},
        capture_output=True,
        text=True,
        check=False,
    )


def judged(there: dict[tuple[str, str], Told], back: dict[tuple[str, str], Told]) -> dict[str, Any]:
    return judgement.summary(judgement.judge(ROWS, there, back), there, back, SCENES)


def test_what_is_told_both_ways_agrees() -> None:
    told = judged({("edit.jpg", "a.jpg"): COPY}, {("a.jpg", "edit.jpg"): COPY})
    assert (told["disagree"], told["wrong"]) == ([], [])


def test_what_is_told_one_way_only_disagrees() -> None:
    told = judged({("edit.jpg", "a.jpg"): COPY}, {("a.jpg", "edit.jpg"): SIBLING})
    assert told["disagree"] == ["crop: edit.jpg and a.jpg: there copy, back sibling"]


@pytest.mark.parametrize(("back", "count"), [({}, 0), ({("a.jpg", "edit.jpg"): SIBLING}, 1)])
def test_what_is_not_found_one_way_does_not_contradict(back: dict[tuple[str, str], Told], count: int) -> None:
    row = next(one for one in judged({("edit.jpg", "a.jpg"): COPY}, back)["kinds"] if one["kind"] == "crop")
    assert (row["disagree"], row["contradict"]) == (1, count)


def test_another_frame_told_to_be_the_same_either_way_is_wrong() -> None:
    told = judged({}, {("a.jpg", "frame.jpg"): COPY})
    assert told["wrong"] == ["burst: frame.jpg and a.jpg: there nothing, back copy"]


def test_what_is_half_covered_is_never_wrong() -> None:
    assert judged({("split.jpg", "b.jpg"): COPY}, {("b.jpg", "split.jpg"): COPY})["wrong"] == []


def test_a_match_that_no_row_names_is_told_where_no_photograph_is_in_common() -> None:
    assert judged({("edit.jpg", "b.jpg"): COPY}, {})["unrelated"] == ["edit.jpg and b.jpg: copy"]


def test_a_match_with_a_part_of_another_frame_is_told_apart() -> None:
    told = judged({("frame.jpg", "half.jpg"): COPY}, {})
    assert (told["frames"], told["unrelated"]) == (["frame.jpg and half.jpg: copy"], [])


def test_a_match_with_another_picture_of_the_photograph_is_right() -> None:
    assert judged({("edit.jpg", "half.jpg"): COPY}, {})["unrelated"] == []


def test_a_sibling_of_one_group_shares_the_scene() -> None:
    assert judged({("edit.jpg", "c.jpg"): SIBLING}, {})["siblings"]["photographs"] == {
        "rows": 1,
        "false": [],
    }


def test_a_sibling_of_another_scene_is_named() -> None:
    told = judged({}, {("b.jpg", "edit.jpg"): SIBLING})["siblings"]["photographs"]
    assert told == {"rows": 1, "false": ["edit.jpg and b.jpg"]}


def test_two_drawings_of_a_template_are_no_scene() -> None:
    told = judged({("chart.jpg", "base.jpg"): SIBLING}, {})["siblings"]["drawings"]
    assert told["false"] == ["chart.jpg and base.jpg"]


def test_figures_are_told_by_what_was_expected() -> None:
    told = judged({("edit.jpg", "a.jpg"): COPY}, {})
    row = next(one for one in told["kinds"] if one["kind"] == "crop")
    assert (row["expected"], row["pairs"], row["same_there"], row["same_back"], row["disagree"]) == (
        "same",
        1,
        1,
        0,
        1,
    )


def test_the_text_names_what_was_wrong() -> None:
    text = tables.as_text(judged({("frame.jpg", "a.jpg"): COPY}, {}))
    assert "- burst: frame.jpg and a.jpg: there copy, back nothing" in text


def test_a_catalog_has_few_files_of_one_source() -> None:
    rows = [Row(f"{number:02}.jpg", "a.jpg", SAME, "crop", "plain") for number in range(20)]
    counted = [Counter(source for _ in one.files for source in one.sources) for one in rounds(rows)]
    assert max(one["a.jpg"] for one in counted) <= FILES_OF_A_SOURCE


def test_every_file_is_in_one_catalog() -> None:
    rows = [Row(f"{number:02}.jpg", f"{number % 3}.jpg", SAME, "crop", "plain") for number in range(20)]
    assert sorted(file for one in rounds(rows) for file in one.files) == sorted(row.file for row in rows)


def test_files_of_different_kinds_are_not_catalogued_together() -> None:
    rows = [Row("one.jpg", "a.jpg", SAME, "crop", "plain"), Row("two.jpg", "a.jpg", OTHER, "burst", "moved")]
    assert [one.files for one in rounds(rows)] == [("two.jpg",), ("one.jpg",)]


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photographs")
    for seed in range(3):
        (folder / f"{seed}.png").write_bytes(encoded(photo(seed, 360, 260), "PNG"))
    return folder


@pytest.fixture(scope="module")
def edits(photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("edits") / "out"
    done = run("verdicts-edits", photographs, out, "--photos", "1", "--family", "photographs", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return out


def test_a_crop_is_found_in_both_directions(photographs: Path, edits: Path) -> None:
    done = run("verdicts", photographs, "1", "--keep", edits, "--jobs", "1", "--json")
    rows = {(row["kind"], row["expected"]): row for row in json.loads(done.stdout)["kinds"]}
    row = rows["crop 60", "same"]
    assert (row["same_there"], row["same_back"], row["disagree"]) == (1, 1, 0)


def test_the_cpu_of_each_sort_of_work_is_told(edits: Path) -> None:
    costs = compared(edits, None)["this"]
    assert all(
        costs[name] > 0 for name in ("catalogued_picture_ms", "edited_photograph_ms", "page_screenshot_ms")
    )


def test_a_folder_that_is_not_empty_is_left_alone(photographs: Path) -> None:
    done = run("verdicts-edits", photographs, photographs)
    assert (done.returncode, done.stderr.strip()) == (2, f"{photographs}: not empty")


# Labelled pairs

PAIRS = [
    verdicts_pairs.Pair("a", "b", "S"),
    verdicts_pairs.Pair("a", "c", "N"),
    verdicts_pairs.Pair("b", "c", "U"),
]


def test_pairs_are_counted_by_label_and_by_truth() -> None:
    answers = {("a", "b"): COPY, ("b", "a"): COPY, ("c", "a"): COPY}
    told = verdicts_pairs.judged(PAIRS, answers, frozenset({("a", "b")}), ["S"], ["N"])
    assert {
        name: (row["same_there"], row["same_back"], row["joined"]) for name, row in told["rows"].items()
    } == {
        "label N": (0, 1, 0),
        "label S": (1, 1, 1),
        "label U": (0, 0, 0),
        "not counted": (0, 0, 0),
        "other": (0, 1, 0),
        "same": (1, 1, 1),
    }


def test_a_pair_that_is_joined_though_another_photograph_is_wrong() -> None:
    answers = {("a", "b"): COPY, ("b", "a"): COPY}
    told = verdicts_pairs.judged(PAIRS, answers, frozenset({("a", "b"), ("a", "c")}), ["S"], ["N"])
    assert told["wrong"] == ["N a and c: there nothing, back nothing, joined"]


def test_labelled_pictures_are_looked_up_and_clustered(tmp_path: Path) -> None:
    (tmp_path / "whole.png").write_bytes(encoded(photo(1, 480, 320), "PNG"))
    half = photo(1, 480, 320).resize((240, 160), Image.Resampling.LANCZOS)
    (tmp_path / "half.jpg").write_bytes(encoded(half, "JPEG"))
    (tmp_path / "another.png").write_bytes(encoded(photo(2, 480, 320), "PNG"))
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        rows = [("a", "b", "label"), ("whole.png", "half.jpg", "S"), ("whole.png", "another.png", "N")]
        csv.writer(file).writerows(rows)
    done = run("verdicts-pairs", tmp_path, "--jobs", "1", "--json")
    told = json.loads(done.stdout)
    assert {name: row["joined"] for name, row in told["rows"].items()} == {
        "label N": 0,
        "label S": 1,
        "other": 0,
        "same": 1,
    }
