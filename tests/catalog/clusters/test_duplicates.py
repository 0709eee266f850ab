"""Clusters of copies as `photodesk duplicates` tells them, from drawn photographs that are harvested for real."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pictures import encoded, photo
from PIL import Image, ImageOps
from reports import Desk, launch
from rich.console import Console

import catalog as catalog_package
from catalog.cli import main
from catalog.clusters.duplicates import ClusterFilter
from catalog.model import UsageRecord
from catalog.reports.cluster_json import SCHEMA
from catalog.reports.cluster_tables import cluster_table
from catalog.store.catalog import open_store
from catalog.store.layout import DERIVED

SIZE = (800, 533)


def part(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))


def side_by_side(one: Image.Image, other: Image.Image) -> Image.Image:
    both = Image.new("RGB", (one.width + other.width + 12, one.height), "white")
    both.paste(one)
    both.paste(other, (one.width + 12, 0))
    return both


def made() -> dict[str, bytes]:
    """Files by name: copies of photographs a, b and c, a collage of a and b, a screenshot of a, and d alone."""
    a, b, c, d = (photo(seed, *SIZE) for seed in (50, 51, 52, 53))
    screenshot = Image.new("RGB", (1000, 800), "white")
    screenshot.paste(a.resize((600, 400)), (40, 120))
    pictures = {
        "a": a,
        "a-small": a.resize((400, 267)),
        "a-crop": part(a, 0.0, 0.1, 0.7, 0.9),
        "a-mirrored": ImageOps.mirror(part(a, 0.2, 0.0, 1.0, 1.0)),
        "a-screenshot": screenshot,
        "a-and-b": side_by_side(a.resize((600, 400)), b.resize((600, 400))),
        "b": b,
        "b-crop": part(b, 0.3, 0.2, 1.0, 1.0),
        "b-left": part(b, 0.0, 0.0, 0.45, 1.0),
        "c": c,
        "c-gray": c.convert("L"),
        "d": d,
    }
    return {name: encoded(image, "JPEG", quality=85) for name, image in pictures.items()}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return made()


@pytest.fixture(scope="module")
def harvested(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    pictures, catalog = folder / "pictures", folder / "catalog"
    pictures.mkdir()
    for name, body in files.items():
        (pictures / f"{name}.jpg").write_bytes(body)
    assert main(["harvest", str(pictures), "--catalog", str(catalog)]) == 0
    assert main(["duplicates", "--catalog", str(catalog)]) == 0
    return catalog


@pytest.fixture
def catalog(harvested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(harvested, tmp_path / "catalog"))


@pytest.fixture(scope="module")
def alone(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of one picture, on a site."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "d.jpg").write_bytes(files["d"])
    catalog = folder / "catalog"
    assert main(["harvest", str(folder / "d.jpg"), "--catalog", str(catalog)]) == 0
    assert main(["duplicates", "--catalog", str(catalog)]) == 0
    with open_store(catalog) as store:
        (usage,) = store.usages()
        store.put_usage(replace(usage, site="a.example"))
    return catalog


Told = Callable[..., dict[str, Any]]


@pytest.fixture
def told(catalog: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    def tell(*options: str) -> dict[str, Any]:
        capsys.readouterr()
        assert main(["duplicates", "--catalog", str(catalog), "--format", "json", *options]) == 0
        return json.loads(capsys.readouterr().out)

    return tell


@pytest.fixture(scope="module")
def names(files: dict[str, bytes]) -> dict[str, str]:
    return {hashlib.sha256(body).hexdigest(): name for name, body in files.items()}


def members(document: dict[str, Any], names: dict[str, str]) -> dict[str, set[str]]:
    """The members of each cluster by the name of its best copy."""
    return {
        names[cluster["best"]]: {names[copy["sha256"]] for copy in cluster["copies"]}
        for cluster in document["clusters"]
    }


EXPECTED = {
    "a": {"a", "a-small", "a-crop", "a-mirrored", "a-screenshot", "a-and-b"},
    "b": {"b", "b-crop", "b-left", "a-and-b"},
    "c": {"c", "c-gray"},
}


def test_a_cluster_is_one_photograph_and_a_collage_lies_in_two(told: Told, names: dict[str, str]) -> None:
    assert members(told(), names) == EXPECTED


def test_each_copy_says_how_it_shows_the_best_one(told: Told, names: dict[str, str]) -> None:
    clusters = told()["clusters"]
    copies = {
        names[copy["sha256"]]: copy
        for one in clusters
        for copy in one["copies"]
        if one["best"] != copy["sha256"]
    }
    relations = {name: copy["relation"] for name, copy in copies.items()}
    assert relations == {
        "a-small": "copy",
        "a-crop": "crop",
        "a-mirrored": "crop",
        "a-screenshot": "contained",
        "a-and-b": "contained",
        "b-crop": "crop",
        "b-left": "crop",
        "c-gray": "copy",
    }
    assert copies["a-mirrored"]["mirrored"]
    assert copies["a-crop"]["kept"] == pytest.approx(0.56, abs=0.02)
    assert copies["a-crop"]["crop_box"] == pytest.approx([0, 53, 560, 427], abs=6)
    assert copies["b-crop"]["explanation"].startswith("56 % of the original")


def test_a_folder_of_pictures_counts_as_one_site(told: Told) -> None:
    document = told()
    (folder,) = {site["site"] for cluster in document["clusters"] for site in cluster["sites"]}
    assert folder == str(Path(document["clusters"][0]["uses"][0]["page"]).parent)


def test_the_best_copy_is_the_largest_uncropped_and_says_why(told: Told, names: dict[str, str]) -> None:
    why = {names[one["best"]]: one["why_best"] for one in told()["clusters"]}
    assert why["a"] == "the largest uncropped copy (800 × 533)"


def test_what_was_decided_different_stays_apart(told: Told, names: dict[str, str], catalog: Path) -> None:
    digests = {name: sha256 for sha256, name in names.items()}
    decided = ["decide", digests["c"], digests["c-gray"], "different", "--catalog", str(catalog)]
    assert main(decided) == 0
    assert members(told(), names) == {name: EXPECTED[name] for name in ("a", "b")}


def test_what_was_decided_the_same_comes_together(told: Told, names: dict[str, str], catalog: Path) -> None:
    digests = {name: sha256 for sha256, name in names.items()}
    assert main(["decide", digests["c"], digests["d"], "same", "--catalog", str(catalog)]) == 0
    document = told()
    assert {"c", "c-gray", "d"} in members(document, names).values()
    (copy,) = [
        copy
        for one in document["clusters"]
        for copy in one["copies"]
        if names[copy["sha256"]] in ("c", "d") and copy["sha256"] != one["best"]
    ]
    assert (copy["relation"], copy["decision"]) == (None, "same")
    assert copy["explanation"] == "decided to be the same photo"


def test_pictures_that_come_later_join_without_comparing_the_others_again(
    told: Told, names: dict[str, str], catalog: Path, tmp_path: Path
) -> None:
    before = (catalog / DERIVED / "pairs-3.jsonl").read_bytes()
    assert before.count(b"\n") == len(names)
    new = encoded(part(photo(52, *SIZE), 0.1, 0.1, 0.9, 0.9), "JPEG", quality=70)
    (tmp_path / "c-crop.jpg").write_bytes(new)
    assert main(["harvest", str(tmp_path / "c-crop.jpg"), "--catalog", str(catalog)]) == 0
    grown = members(told(), names | {hashlib.sha256(new).hexdigest(): "c-crop"})
    assert grown == EXPECTED | {"c": {"c", "c-gray", "c-crop"}}
    after = (catalog / DERIVED / "pairs-3.jsonl").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == len(names) + 1


def test_a_torn_line_is_looked_up_again(told: Told, names: dict[str, str], catalog: Path) -> None:
    path = catalog / DERIVED / "pairs-3.jsonl"
    body = path.read_bytes()
    path.write_bytes(body[:-40])
    assert members(told(), names) == EXPECTED
    assert path.read_bytes().count(b"\n") == len(names)


def test_a_rebuilt_index_gives_the_same_clusters(told: Told, names: dict[str, str], catalog: Path) -> None:
    assert main(["index", "--rebuild", "--catalog", str(catalog)]) == 0
    assert not (catalog / DERIVED / "pairs-3.jsonl").exists()
    assert members(told(), names) == EXPECTED


@pytest.mark.parametrize(
    ("options", "best"),
    [
        (["--relation", "contained"], {"a", "b"}),
        (["--relation", "identical"], set()),
        (["--across-sites"], set()),
        (["--site", "news.example"], set()),
        (["--since", "2999-01-01"], set()),
        (["--since", "2001-01-01"], {"a", "b", "c"}),
    ],
)
def test_clusters_are_chosen(told: Told, names: dict[str, str], options: list[str], best: set[str]) -> None:
    assert members(told(*options), names).keys() == best


def test_csv_has_a_row_a_use(catalog: Path, tmp_path: Path, names: dict[str, str]) -> None:
    target = tmp_path / "reuse.csv"
    assert main(["duplicates", "--catalog", str(catalog), "--format", "csv", "-o", str(target)]) == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"), newline="")))
    assert len(rows) == sum(map(len, EXPECTED.values()))
    assert {names[row["asset"]] for row in rows if row["relation"] == "contained"} == {
        "a-screenshot",
        "a-and-b",
    }


def test_the_table_has_a_line_a_cluster(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["duplicates", "--catalog", str(catalog)]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == "cluster copies uses sites spread earliest observed conflicts what is said".split()
    assert sorted(int(line.split()[1]) for line in lines) == [2, 4, 6]


@pytest.mark.parametrize(("columns", "lines"), [(80, 5), (120, 4), (160, 2)])
def test_a_table_is_not_wider_than_its_terminal(columns: int, lines: int, tmp_path: Path) -> None:
    cluster = launch(Desk(tmp_path / "originals"))
    console = Console(file=io.StringIO(), width=columns)
    console.print(cluster_table([cluster], columns))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert (len(shown.splitlines()), max(map(len, shown.splitlines())) <= columns) == (lines, True)
    for told in (cluster.id, " 123 h ", "2025-08-04 agency.example", "caption, credit, credit missing"):
        assert told in shown


# Where it is written


@pytest.mark.parametrize(
    ("name", "begin"), [("reuse.csv", "cluster,"), ("reuse.JSON", '{"schema"'), ("reuse.txt", "cluster ")]
)
def test_the_form_is_what_the_file_s_name_says(catalog: Path, tmp_path: Path, name: str, begin: str) -> None:
    target = tmp_path / "out" / name
    target.parent.mkdir()
    assert main(["duplicates", "--catalog", str(catalog), "-o", str(target)]) == 0
    assert target.read_text(encoding="utf-8").startswith(begin)
    assert list(target.parent.iterdir()) == [target]


def test_a_form_that_is_asked_for_is_told_beside_pages(told: Told, tmp_path: Path) -> None:
    assert len(told("--html", str(tmp_path / "report"))["clusters"]) == len(EXPECTED)
    assert (tmp_path / "report" / "index.html").is_file()


def test_an_earlier_file_is_replaced_and_what_a_link_points_to_is_written(
    catalog: Path, tmp_path: Path
) -> None:
    target, link = tmp_path / "reuse.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    for path in (target, link):
        assert main(["duplicates", "--catalog", str(catalog), "-o", str(path)]) == 0
        assert target.read_text(encoding="utf-8").startswith("cluster,")
    assert link.is_symlink()


def test_a_pipe_is_written_into_and_stays_a_pipe(catalog: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    # Open for reading and writing, so that neither end waits for the other.
    descriptor = os.open(pipe, os.O_RDWR)
    try:
        assert (
            main(["duplicates", "--catalog", str(catalog), "-o", str(pipe), "--relation", "contained"]) == 0
        )
        assert os.read(descriptor, 8) == b"cluster,"
    finally:
        os.close(descriptor)
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["", "none/x.csv", "file/x.csv"])
def test_what_cannot_be_written_is_an_outside_fault(
    catalog: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "file").touch()
    capsys.readouterr()
    assert main(["duplicates", "--catalog", str(catalog), "-o", str(folder / name)]) == 3
    assert capsys.readouterr().err.startswith(f"photodesk: {folder / name}: ")
    assert [path.name for path in folder.iterdir()] == ["file"]


def test_a_folder_of_other_things_is_no_place_for_pages(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["duplicates", "--catalog", str(catalog), "--html", str(tmp_path)]) == 3
    assert "holds other things than a report" in capsys.readouterr().err


# Which are told


def test_a_site_without_pages_is_told(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "--catalog", str(catalog), "--site", "https://www.News.example/uk/"]) == 0
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == "photodesk: the catalog has no page of news.example\n"


def test_a_site_without_pages_is_told_with_those_that_are_named_like_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sites = ["uk.News.example", "news.example", "other.example", *(f"news{one}.org" for one in range(5))]
    with open_store(tmp_path) as store:
        for site in sites:
            store.put_usage(UsageRecord(key=site, page=f"https://{site}/", site=site))
    assert main(["duplicates", "--catalog", str(tmp_path), "--site", "News"]) == 0
    assert capsys.readouterr() == (
        "",
        "photodesk: the catalog has no page of news; it has pages of news.example, news0.org, news1.org, "
        "news2.org, news3.org and 2 more\n",
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "no photo was found twice"),
        (["--since", "2025-08-01"], "no photo that was found twice was used since 2025-08-01T00:00:00Z"),
        (
            ["--across-sites", "--site", "a.example"],
            "no photo that was found twice was used on two sites or more and was used on a.example",
        ),
        (["--relation", "crop"], "no photo that was found twice has a copy that is related as crop"),
    ],
)
def test_where_there_is_nothing_to_show_a_table_says_so_and_has_no_head(
    alone: Path, options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["duplicates", "--catalog", str(alone), *options]) == 0
    assert capsys.readouterr() == ("", f"photodesk: {told}\n")


@pytest.mark.parametrize(("form", "begin"), [("csv", "cluster,"), ("json", '{"schema"')])
def test_for_scripts_nothing_to_show_is_an_answer_as_any(
    alone: Path, form: str, begin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["duplicates", "--catalog", str(alone), "--format", form]) == 0
    output = capsys.readouterr()
    assert output.out.startswith(begin)
    assert output.err == ""


def test_an_empty_catalog_says_that_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_store(tmp_path).close()
    assert main(["duplicates", "--catalog", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "photodesk: the catalog is empty: harvest something first\n")


def test_a_file_in_which_nothing_is_to_be_shown_is_empty(alone: Path, tmp_path: Path) -> None:
    target = tmp_path / "reuse.txt"
    target.write_text("old")
    assert main(["duplicates", "--catalog", str(alone), "-o", str(target)]) == 0
    assert target.read_text() == ""


def test_what_pages_hold_is_counted_in_good_words(
    alone: Path, catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, twice = tmp_path / "report", shutil.copytree(alone, tmp_path / "twice")
    with open_store(twice) as store:
        (usage,) = store.usages()
        store.put_usage(replace(usage, key="v", page="https://a.example/2"))
    capsys.readouterr()
    for folder in (alone, twice, catalog):
        assert main(["duplicates", "--html", str(report), "--catalog", str(folder)]) == 0
    told = [line.removeprefix(f"{report / 'index.html'}: ") for line in capsys.readouterr().err.splitlines()]
    assert told == [
        "0 clusters, 0 copies, 0 uses, 0 sites",
        "1 cluster, 1 copy, 2 uses, 1 site",
        "3 clusters, 12 copies, 12 uses, 1 site",
    ]


@pytest.mark.parametrize(
    ("published", "is_there"),
    [
        ("2025-08-01T00:30:00+03:00", False),
        ("2025-07-31T23:30:00-03:00", True),
        ("2025-08-01T00:00:00Z", True),
        ("2025-07-31", False),
        ("some day", True),
        ("", False),
    ],
)
def test_a_time_counts_by_the_clock_and_not_by_its_letters(
    published: str, is_there: bool, tmp_path: Path
) -> None:
    cluster = launch(Desk(tmp_path / "originals"))
    uses = tuple(replace(use, time=published) for use in cluster.uses)
    assert ClusterFilter(since="2025-08-01T00:00:00Z").has(replace(cluster, uses=uses)) == is_there


def test_the_json_document_follows_its_schema(told: Told) -> None:
    schema = json.loads(
        (Path(catalog_package.__file__).parent / "reports" / "duplicates.schema.json").read_text("utf-8")
    )
    jsonschema.Draft202012Validator.check_schema(schema)
    document = told()
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["schema"] == SCHEMA == schema["title"]


def test_changes_compares_what_came_since_the_last_time(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = encoded(part(photo(52, *SIZE), 0.1, 0.1, 0.9, 0.9), "JPEG", quality=70)
    (tmp_path / "c-crop.jpg").write_bytes(new)
    assert main(["harvest", str(tmp_path / "c-crop.jpg"), "--catalog", str(catalog)]) == 0
    capsys.readouterr()
    assert main(["changes", "--catalog", str(catalog)]) == 0
    output = capsys.readouterr()
    (line,) = (line for line in output.out.splitlines() if "c-crop" in line)
    assert "new use of a known photo" in line
    assert " since 20" in output.err
    assert main(["changes", "--catalog", str(catalog), "--since", "2999-01-01", "--json"]) == 0
    assert capsys.readouterr() == ("", "")
