"""How a catalog is, as a command tells it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pictures import encoded, photo

from catalog.cli import main


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog of one picture."""
    (tmp_path / "a.jpg").write_bytes(encoded(photo(1), "JPEG"))
    assert main(["harvest", str(tmp_path / "a.jpg"), "--catalog", str(tmp_path / "catalog")]) == 0
    return tmp_path / "catalog"


def read(catalog: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert main(["status", "--json", "--catalog", str(catalog)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_records_are_counted(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = read(catalog, capsys)["records"]
    assert records == {"pages": 1, "usages": 1, "assets": 1, "fetches": 1, "runs": 1, "decisions": 0}


def test_what_is_not_compared_is_told_until_it_is(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = read(catalog, capsys)["coverage"]
    main(["duplicates", "--catalog", str(catalog)])
    after = read(catalog, capsys)["coverage"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["uncompared"], after["uncompared"]) == (1, 0)


def test_the_last_harvest_is_told(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = read(catalog, capsys)["last_harvest"]
    assert isinstance(run, dict)
    assert run["finished"] >= run["started"] > ""


def test_a_person_reads_it_in_lines(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["status", "--catalog", str(catalog)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "covers",
        "lacks",
        "records",
        "failures",
        "harvest",
        "disk",
    ]


def test_nothing_has_no_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--catalog", str(tmp_path / "none")]) == 3
    assert "there is no catalog here" in capsys.readouterr().err
