"""The benchmark of the report makes the catalog that it says it makes, and measures the real command and browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.catalogs import KINDS, made_catalog
from benchmarks.chromium import opened
from benchmarks.report import as_text, main, reported
from browser import CHROMIUM

from catalog.cli import main as photodesk


def test_a_made_catalog_has_so_many_clusters_of_four_copies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_catalog(tmp_path / "catalog", 3)
    assert photodesk(["duplicates", "--catalog", str(tmp_path / "catalog"), "--format", "json"]) == 0
    clusters = json.loads(capsys.readouterr().out)["clusters"]
    assert [len(one["copies"]) for one in clusters] == [len(KINDS)] * 3
    assert [copy["relation"] for copy in clusters[0]["copies"]] == [None, "copy", "crop", "crop"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with a catalog of ten clusters and its report, and the figures."""
    folder = tmp_path_factory.mktemp("measured")
    return folder, reported(folder, 10)


def test_it_measures_the_command_and_what_it_wrote(measured: tuple[Path, dict[str, Any]]) -> None:
    folder, told = measured
    sizes = [path.stat().st_size for path in (folder / "report").rglob("*") if path.is_file()]
    assert (told["clusters"], told["copies"]) == (10, 40)
    assert (told["files"], told["bytes"], told["largest"]["bytes"]) == (len(sizes), sum(sizes), max(sizes))
    assert told["peak_mib"] > 0
    assert told["cpu_seconds"] > 0


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_a_real_browser_uses_the_index(measured: tuple[Path, dict[str, Any]]) -> None:
    told = opened(measured[0] / "report" / "index.html", "picture 4,")
    assert (told["shown"], told["left"]) == (10, "1 of 10 photographs")


def test_the_figures_are_told_as_a_table(measured: tuple[Path, dict[str, Any]]) -> None:
    _, told = measured
    result = {"smaller": told, "larger": told, "growth_mib": 0.0, "browser": None}
    head, rule, *rows = (line for line in as_text(result).splitlines() if line.startswith("|"))
    assert {line.count("|") for line in (head, rule, *rows)} == {10}


@pytest.mark.parametrize("arguments", [["--clusters", "9"], ["--keep", "."]])
def test_what_it_cannot_do_is_a_usage_error(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
