"""Files that came cut short are kept and compared, and every answer about them says how much of them decoded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from catalog.cli import main
from catalog.model import AssetRecord
from catalog.store.catalog import open_store

WHOLE = jpeg_bytes(photo(1, 640, 480), quality=90)
CUT = WHOLE[: len(WHOLE) * 9 // 10]
UNENDED = jpeg_bytes(photo(2, 640, 480))[:-2]
FIGURE = "<figure><img src='/{0}' alt='{0}'><figcaption>Votes are counted: {0}</figcaption></figure>"
PROSE = "<p>" + "The votes were counted in the capital on Sunday, and thousands came to see it. " * 6 + "</p>"


@dataclass(frozen=True, slots=True)
class Desk:
    """A catalog of a page with two files that are cut short, and how to run commands over it."""

    catalog: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, command: str, *arguments: str) -> str:
        """What a command prints."""
        self.capsys.readouterr()
        assert main([command, "--catalog", str(self.catalog), *arguments]) == 0
        return self.capsys.readouterr().out

    def look_up(self, path: Path) -> dict[str, Any]:
        return dict(json.loads(self.run("lookup", "--json", str(path))))

    def assets(self) -> list[AssetRecord]:
        """The assets, the one that lacks rows first."""
        with open_store(self.catalog, read_only=True) as store:
            return sorted(store.assets(), key=lambda one: one.decoded)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    figures = "".join(FIGURE.format(name) for name in ("cut.jpg", "unended.jpg"))
    page = f"<html><head><title>A story</title></head><body><article><h1>A story</h1>{PROSE}{figures}{PROSE}"
    routes = {
        "/one/": Answer(page.encode(), content_type="text/html"),
        "/cut.jpg": Answer(CUT, content_type="image/jpeg"),
        "/unended.jpg": Answer(UNENDED, content_type="image/jpeg"),
    }
    with Server(routes) as server:
        found = Desk(tmp_path / "catalog", capsys)
        found.run("harvest", server.url("/one/"), "--allow-address={}:{}".format(*server.host_port))
        yield found


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.jpg"
    path.write_bytes(WHOLE)
    return path


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    path = tmp_path / "cut.jpg"
    path.write_bytes(CUT[:-200])
    return path


def test_its_record_has_no_reason_and_the_share_that_is_there(desk: Desk) -> None:
    first, second = desk.assets()
    assert (first.reason, second.reason) == ("", "")
    assert 0.8 < first.decoded < 0.9
    assert second.decoded == 1.0


def test_the_whole_picture_finds_it(desk: Desk, whole: Path) -> None:
    answer = desk.look_up(whole)
    assert answer["verdict"] == "used"
    (photo_found,) = answer["photos"]
    assert [one["sha256"] for one in photo_found["copies"]] == [desk.assets()[0].sha256]


def test_a_match_says_how_much_of_its_file_decoded(desk: Desk, whole: Path) -> None:
    (copy,) = desk.look_up(whole)["photos"][0]["copies"]
    assert 0.8 < copy["decoded"] < 0.9
    assert copy["query"]["explanation"].endswith("% of this file decoded")


def test_a_look_up_says_how_much_of_what_was_asked_decoded(desk: Desk, cut: Path) -> None:
    answer = desk.look_up(cut)
    assert (answer["verdict"], answer["decoded"] < 0.9) == ("used", True)


def test_the_command_says_so_in_words(desk: Desk, cut: Path) -> None:
    lines = desk.run("lookup", str(cut)).splitlines()
    assert lines[1].strip().endswith("% of this file decoded")


def test_clusters_as_json_tell_the_share(desk: Desk, whole: Path) -> None:
    desk.run("harvest", str(whole))
    (cluster,) = json.loads(desk.run("duplicates", "--format", "json"))["clusters"]
    assert [copy["decoded"] < 1 for copy in cluster["copies"]] == [False, True]


def test_the_report_says_so_and_shows_it(desk: Desk, whole: Path, tmp_path: Path) -> None:
    desk.run("harvest", str(whole))
    desk.run("duplicates", "--html", str(tmp_path / "report"))
    page = next((tmp_path / "report" / "clusters").glob("*.html")).read_text()
    assert "% of this file decoded" in page
    assert len(list((tmp_path / "report" / "thumbs").iterdir())) == 2


def test_it_counts_as_compared(desk: Desk, whole: Path) -> None:
    coverage = desk.look_up(whole)["coverage"]
    assert (coverage["unreadable"], coverage["unstudied"]) == (0, 0)


def test_the_whole_one_is_the_best_copy_before_a_crop_too(desk: Desk, whole: Path, tmp_path: Path) -> None:
    crop = tmp_path / "crop.jpg"
    crop.write_bytes(jpeg_bytes(photo(1, 640, 480).crop((60, 40, 460, 340)), quality=90))
    desk.run("harvest", str(whole), str(crop))
    (cluster,) = json.loads(desk.run("duplicates", "--format", "json"))["clusters"]
    assert (len(cluster["copies"]), cluster["best"]) == (3, hashlib.sha256(WHOLE).hexdigest())
