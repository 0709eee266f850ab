"""While pictures are not compared with all others every command that depends on it says so, with how many."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pictures import photo

from catalog.cli import main
from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.reports.evidence.bundle import schema_text
from catalog.store.layout import DERIVED

TOLD = "3 of 3 pictures are not yet compared with the others: copies may be missing"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of a photograph, a smaller copy of it and another photograph; nothing is compared."""
    folder = tmp_path_factory.mktemp("harvested")
    pictures = folder / "pictures"
    pictures.mkdir()
    photo(1, 600, 400).save(pictures / "one.jpg", quality=90)
    photo(1, 600, 400).resize((450, 300)).save(pictures / "smaller.jpg", quality=85)
    photo(2, 600, 400).save(pictures / "alone.jpg", quality=90)
    assert main(["harvest", str(pictures), "--catalog", str(folder / "catalog")]) == 0
    return folder / "catalog"


@pytest.fixture
def held(catalog: Path) -> Iterator[Path]:
    """The catalog while another process has the comparison in hand and has come to nothing yet."""
    with VerifiedPairs(catalog / DERIVED):
        yield catalog


def told_by(capsys: pytest.CaptureFixture[str], catalog: Path, *arguments: str) -> tuple[str, str]:
    capsys.readouterr()
    assert main([*arguments, "--catalog", str(catalog)]) == 0
    output = capsys.readouterr()
    return output.out, output.err


def digest_of(capsys: pytest.CaptureFixture[str], catalog: Path, name: str) -> str:
    out, _ = told_by(capsys, catalog, "lookup", str(catalog.parent / "pictures" / name), "--json")
    answer = json.loads(out)
    return next(
        copy["sha256"] for copy in answer["photos"][0]["copies"] if copy["query"]["relation"] == "identical"
    )


def manifest_of(bundle: Path) -> dict[str, Any]:
    with zipfile.ZipFile(bundle) as files:
        return dict(json.loads(files.read("manifest.json")))


def test_a_lookup_says_it_after_the_photo(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = told_by(capsys, held, "lookup", str(held.parent / "pictures" / "one.jpg"))
    assert f"  {TOLD}" in out.splitlines()


def test_a_lookup_finds_the_copies_all_the_same(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = told_by(capsys, held, "lookup", str(held.parent / "pictures" / "one.jpg"))
    assert " in 2 copies, " in out


def test_a_table_says_it_on_standard_error(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = told_by(capsys, held, "duplicates")
    assert f"photodesk: {TOLD}" in err.splitlines()


def test_json_says_it(held: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = told_by(capsys, held, "duplicates", "--format", "json")
    document = json.loads(out)
    assert (document["incomplete"], document["coverage"]["uncompared"]) == (TOLD, 3)


def test_every_page_of_a_report_says_it(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told_by(capsys, held, "duplicates", "--html", str(tmp_path / "report"))
    pages = sorted((tmp_path / "report").rglob("*.html"))
    assert [page.name for page in pages if TOLD not in page.read_text("utf-8")] == []


def test_a_bundle_says_it_in_its_manifest_its_text_and_its_pages(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    _, err = told_by(capsys, held, "evidence", digest_of(capsys, held, "one.jpg"), "-o", str(bundle))
    with zipfile.ZipFile(bundle) as files:
        names = [
            "manifest.json",
            "README.txt",
            *(name for name in files.namelist() if name.endswith(".html")),
        ]
        assert [name for name in names if TOLD not in files.read(name).decode()] == []
    assert f"photodesk: the bundle is incomplete: {TOLD}" in err.splitlines()


def test_a_bundle_that_may_lack_copies_calls_none_the_only_one(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    told_by(capsys, held, "evidence", digest_of(capsys, held, "alone.jpg"), "-o", str(bundle))
    assert manifest_of(bundle)["why_best"] == "the only copy so far (600 × 400)"


def test_an_incomplete_manifest_is_as_its_schema_says(
    held: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    told_by(capsys, held, "evidence", digest_of(capsys, held, "one.jpg"), "-o", str(bundle))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(manifest_of(bundle))


@pytest.fixture(scope="module")
def compared(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same pictures once all have been compared."""
    target = tmp_path_factory.mktemp("compared") / "catalog"
    assert main(["harvest", str(catalog.parent / "pictures"), "--catalog", str(target)]) == 0
    assert main(["duplicates", "--catalog", str(target), "-o", str(target.parent / "clusters.csv")]) == 0
    return target


def test_once_all_were_compared_nothing_says_it(
    compared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = told_by(capsys, compared, "duplicates", "--format", "json", "--html", str(tmp_path / "report"))
    pages = [page.read_text("utf-8") for page in (tmp_path / "report").rglob("*.html")]
    assert not any("not yet compared" in text for text in [out, err, *pages])


def test_once_all_were_compared_a_picture_alone_is_the_only_copy(
    compared: Path, catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "bundle.zip"
    told_by(capsys, compared, "evidence", digest_of(capsys, catalog, "alone.jpg"), "-o", str(bundle))
    assert manifest_of(bundle)["why_best"] == "the only copy (600 × 400)"


def test_rows_have_how_many_pictures_were_not_compared(
    compared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = told_by(capsys, compared, "duplicates", "--format", "csv")
    header, first, *_ = out.splitlines()
    assert (header.rpartition(",")[2], first.rpartition(",")[2]) == ("uncompared", "0")
