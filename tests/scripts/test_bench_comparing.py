"""The benchmark of comparing measures what it says, on little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks import comparing
from pictures import photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photographs"
    folder.mkdir()
    for seed in range(8):
        photo(seed, 480, 320).save(folder / f"{seed}.jpg", quality=90)
    return folder


def test_what_is_measured_is_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ("--sizes", "20", "40", "--asked", "4")
    little = (*sizes, "--copies", "8", "--grouped", "30", "--catalogs", str(tmp_path / "kept"))
    code = comparing.main([str(folder), *little, "--json"])
    result = json.loads(capsys.readouterr().out)
    assert [row["pictures"] for row in result["sizes"]] == [20, 40]
    assert all(row["recall"] == 1 and row["matches"] == 0 for row in result["sizes"])
    assert [(row["copies"], row["whole"]) for row in result["copies"]] == [(8, 7)]
    assert [row["copies"] for row in result["grouped"]] == [30]
    assert code == (0 if result["passed"] else 1)
    # What was made is taken again.
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["20", "40"]


ROW = {"pictures": 2000, "compare_ms": 30.0, "look_up_ms": 50.0, "recall": 0.99}


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([ROW], 0),
        ([ROW | {"compare_ms": 37.0}], 1),
        ([ROW | {"look_up_ms": 61.0}], 1),
        ([ROW | {"recall": 0.97}], 1),
        ([ROW | {"pictures": 10_000, "compare_ms": 49.0, "look_up_ms": 89.0}], 0),
        ([ROW, ROW | {"pictures": 20_000, "compare_ms": 48.0}], 0),
        ([ROW, ROW | {"pictures": 20_000, "compare_ms": 49.0}], 1),
    ],
)
def test_what_is_beyond_its_limit_is_told(sizes: list[comparing.Json], told: int) -> None:
    assert len(list(comparing.beyond({"sizes": sizes, "copies": [], "grouped": []}))) == told
