"""Files that came and cannot be compared keep their use, their bytes and the reason; all that looks at assets copes."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from assets import Failure, Picture, Reason, Stage
from catalog.cli import main
from catalog.harvest.results import explain_unreadable, look_again
from catalog.model import AssetRecord
from catalog.store.catalog import open_store
from catalog.store.layout import JOURNAL

DRAWING = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 360' onload='alert(1)'><path d='M0 0'/></svg>"
)
PROSE = "<p>" + "The votes were counted in the capital on Sunday, and thousands came to see it. " * 6 + "</p>"


def figure(name: str, caption: str) -> str:
    return f"<figure><img src='/{name}' alt='{caption}'><figcaption>{caption}</figcaption></figure>"


def story(*figures: str) -> Answer:
    body = f"<article><h1>A story</h1>{PROSE}{''.join(figures)}{PROSE}</article>"
    return Answer(
        f"<html><head><title>A story</title></head><body>{body}</body></html>".encode(), 200, "text/html"
    )


VOTES, HALL, GONE = (
    figure("votes-by-region.svg", "Votes by region"),
    figure("hall.jpg", "The city hall"),
    figure("gone.svg", "Turnout"),
)


def news() -> Server:
    return Server(
        {
            "/one/": story(VOTES, HALL),
            "/two/": story(VOTES, figure("cut.jpg", "Kim waves"), GONE),
            "/votes-by-region.svg": Answer(DRAWING, headers={"ETag": '"v"'}, content_type="image/svg+xml"),
            "/hall.jpg": Answer(jpeg_bytes(photo(1, 640, 480)), content_type="image/jpeg"),
            "/cut.jpg": Answer(jpeg_bytes(photo(2, 300, 200))[:3000], content_type="image/jpeg"),
            "/gone.svg": Answer(b"<!doctype html><svg/>Not here", content_type="text/html"),
        }
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """A catalog, the site it came from, and how to run commands over it."""

    catalog: Path
    server: Server
    capsys: pytest.CaptureFixture[str]

    def run(self, command: str, *arguments: str) -> tuple[int, str]:
        """The exit code of a command, and what it prints."""
        self.capsys.readouterr()
        code = main([command, "--catalog", str(self.catalog), *arguments])
        return code, self.capsys.readouterr().out

    def harvest(self) -> dict[str, Any]:
        pages = [self.server.url("/one/"), self.server.url("/two/")]
        allowed = "{}:{}".format(*self.server.host_port)
        return dict(
            json.loads(
                self.run("harvest", "--json", f"--allow-address={allowed}", *pages)[1].splitlines()[-1]
            )
        )

    def assets(self) -> dict[str, AssetRecord]:
        """The assets by format and reason."""
        with open_store(self.catalog, read_only=True) as store:
            return {explain_unreadable(one) or one.format: one for one in store.assets()}

    @property
    def drawing(self) -> AssetRecord:
        return self.assets()["SVG, unsupported picture"]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with news() as server:
        yield Desk(tmp_path / "catalog", server, capsys)


@pytest.fixture
def harvested(desk: Desk) -> Desk:
    desk.harvest()
    return desk


# The ledger


def test_each_has_a_record_that_says_what_it_is(harvested: Desk) -> None:
    assert harvested.assets().keys() == {"SVG, unsupported picture", "JPEG, damaged picture", "JPEG"}


def test_its_record_has_the_size_that_its_file_tells_and_no_fingerprints(harvested: Desk) -> None:
    drawing = harvested.drawing
    assert (drawing.width, drawing.height, drawing.length) == (640, 360, len(DRAWING))
    assert drawing.fingerprints == {}


def test_its_bytes_are_kept(harvested: Desk) -> None:
    assert (harvested.catalog / "originals" / harvested.drawing.original).read_bytes() == DRAWING


def test_its_uses_have_it(harvested: Desk) -> None:
    with open_store(harvested.catalog, read_only=True) as store:
        uses = store.usages_of_asset(harvested.drawing.sha256)
    assert sorted(use.page.rpartition(":")[2][5:] for use in uses) == ["/one/", "/two/"]


def test_its_address_has_not_failed(harvested: Desk) -> None:
    with open_store(harvested.catalog, read_only=True) as store:
        fetch = store.fetch(harvested.server.url("/votes-by-region.svg"))
    assert fetch is not None
    assert (fetch.outcome, fetch.reason, fetch.failures) == ("fetched", "", 0)
    assert fetch.detail == "SVG that cannot be compared: unsupported picture"


def test_a_page_that_says_not_found_is_a_failure(harvested: Desk) -> None:
    with open_store(harvested.catalog, read_only=True) as store:
        fetch = store.fetch(harvested.server.url("/gone.svg"))
    assert fetch is not None
    assert (fetch.outcome, fetch.reason) == ("failed", "not a picture")


def test_the_summary_counts_them_by_what_they_are(desk: Desk) -> None:
    summary = desk.harvest()
    assert (summary["fetched"], summary["failed"], summary["assets_new"]) == (3, 1, 3)
    assert summary["unreadable"] == {"SVG, unsupported picture": 1, "JPEG, damaged picture": 1}


def test_the_summary_tells_of_them_in_words(desk: Desk) -> None:
    allowed = "{}:{}".format(*desk.server.host_port)
    _, told = desk.run("harvest", f"--allow-address={allowed}", desk.server.url("/one/"))
    assert told.splitlines()[1] == "kept, but could not be read: 1 SVG, unsupported picture"


def test_it_is_asked_for_again_as_any_other(harvested: Desk) -> None:
    harvested.harvest()
    asked = [one for one in harvested.server.requests if one.path == "/votes-by-region.svg"]
    assert [one.headers.get("if-none-match", "") for one in asked] == ["", '"v"']


def test_a_smaller_size_that_can_be_compared_is_taken_where_the_best_cannot(desk: Desk) -> None:
    image = "<img srcset='/cut.jpg 300w, /hall.jpg 200w' src='/hall.jpg' alt='The hall'>"
    desk.server.routes["/one/"] = story(f"<figure>{image}<figcaption>The hall</figcaption></figure>")
    desk.harvest()
    with open_store(desk.catalog, read_only=True) as store:
        (use,) = (one for one in store.usages() if one.page == desk.server.url("/one/"))
        asset = store.asset(use.asset)
    assert asset is not None
    assert (asset.reason, use.asset_url) == ("", desk.server.url("/hall.jpg"))


# What looks at assets


def test_a_check_misses_nothing_of_them(harvested: Desk) -> None:
    assert harvested.run("check")[0] == 0


def test_an_index_made_anew_passes_them_over(harvested: Desk) -> None:
    code, told = harvested.run("index", "--rebuild")
    assert (code, told) == (0, "1 pictures studied, 1 can be compared, 0 failed\n")


def test_two_uses_of_the_same_drawing_are_duplicates(harvested: Desk) -> None:
    code, told = harvested.run("duplicates", "--format", "json")
    (cluster,) = json.loads(told)["clusters"]
    (copy,) = cluster["copies"]
    assert (code, len(cluster["uses"]), copy["sha256"]) == (0, 2, harvested.drawing.sha256)
    assert (copy["format"], copy["reason"]) == ("SVG", "unsupported picture")


def test_comparing_is_done_once_it_is_done(harvested: Desk) -> None:
    harvested.run("duplicates")
    before = (harvested.catalog / "derived" / "pairs-3.jsonl").read_bytes()
    harvested.run("duplicates")
    assert (harvested.catalog / "derived" / "pairs-3.jsonl").read_bytes() == before


def test_the_report_renders_none_of_it(harvested: Desk, tmp_path: Path) -> None:
    harvested.run("duplicates", "--html", str(tmp_path / "report"))
    pictures = [path for path in (tmp_path / "report").rglob("*") if path.suffix in (".svg", ".webp", ".bin")]
    page = next((tmp_path / "report" / "clusters").glob("*.html")).read_text()
    assert pictures == []
    assert "640 × 360 SVG, cannot be compared: unsupported picture" in page


def test_a_bundle_holds_its_bytes_and_no_picture_of_it(harvested: Desk, tmp_path: Path) -> None:
    bundle = tmp_path / "evidence.zip"
    code, _ = harvested.run("evidence", harvested.drawing.sha256, "-o", str(bundle))
    with zipfile.ZipFile(bundle) as files:
        kept = [name for name in files.namelist() if not name.endswith((".html", ".css", ".js"))]
        assert (code, files.read(f"originals/{harvested.drawing.sha256}.bin")) == (0, DRAWING)
    assert not any(name.endswith((".svg", ".webp")) for name in kept)


def test_the_same_file_is_found_by_its_bytes(harvested: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mine.svg"
    path.write_bytes(DRAWING)
    code, told = harvested.run("lookup", str(path), "--json")
    answer = json.loads(told)
    assert (code, answer["verdict"]) == (0, "used")
    (photo,) = answer["photos"]
    assert [one["query"]["relation"] for one in photo["copies"]] == ["identical"]


def test_another_drawing_is_said_to_be_comparable_with_nothing(harvested: Desk, tmp_path: Path) -> None:
    path = tmp_path / "other.svg"
    path.write_bytes(b"<svg/>")
    code, told = harvested.run("lookup", str(path), "--json")
    answer = json.loads(told)
    assert (code, answer["verdict"]) == (1, None)
    assert answer["error"]["detail"].endswith("the catalog has no file of the same bytes")


def test_it_is_found_by_its_digest(harvested: Desk) -> None:
    told = harvested.run("lookup", harvested.drawing.sha256[:8], "--json")[1]
    (photo,) = json.loads(told)["photos"]
    assert [one["format"] for one in photo["copies"]] == ["SVG"]


def test_a_lookup_says_how_many_files_could_not_be_read(harvested: Desk) -> None:
    coverage = json.loads(harvested.run("lookup", "--text", "votes", "--json")[1])["coverage"]
    assert (coverage["pictures"], coverage["unreadable"], coverage["unstudied"]) == (3, 2, 0)


def test_a_record_that_was_lost_is_made_again(harvested: Desk) -> None:
    drawing = harvested.drawing
    journal = harvested.catalog / JOURNAL
    lines = journal.read_bytes().splitlines(keepends=True)
    lost = f'["put","assets","{drawing.sha256}"]'.encode()
    journal.write_bytes(b"".join(line for line in lines if lost not in line))
    shutil.rmtree(harvested.catalog / "derived")
    harvested.run("check", "--repair")
    again = harvested.drawing
    assert (again.original, again.width, again.reason) == (drawing.original, 640, "unsupported picture")


# Our own trouble


def test_a_picture_that_was_not_decoded_in_time_is_looked_at_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_slow(_self: object, _path: Path, address: str) -> Picture | Failure:
        return Failure(Stage.DECODE, Reason.DECODE_TIMEOUT, address)

    with monkeypatch.context() as patch:
        patch.setattr("assets.pictures.inspector.Inspector.picture", too_slow)
        desk.harvest()
    before = desk.assets()["JPEG, decode timeout"]
    desk.harvest()
    hall = desk.assets()["JPEG"]
    assert (before.fingerprints, len(hall.fingerprints)) == ({}, 3)


def test_meanwhile_its_use_has_its_bytes_and_its_address_has_failed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crashed(_self: object, _path: Path, address: str) -> Picture | Failure:
        return Failure(Stage.DECODE, Reason.DECODE_CRASHED, address)

    monkeypatch.setattr("assets.pictures.inspector.Inspector.picture", crashed)
    desk.harvest()
    with open_store(desk.catalog, read_only=True) as store:
        fetch = store.fetch(desk.server.url("/hall.jpg"))
        uses = [one for one in store.usages() if one.url == desk.server.url("/hall.jpg")]
    assert fetch is not None
    assert (fetch.outcome, fetch.reason) == ("failed", "decode crashed")
    assert [one.asset for one in uses] == [fetch.sha256]


def test_what_is_known_of_a_file_stays_while_nothing_better_is() -> None:
    known = AssetRecord(sha256="5f", reason="damaged picture", first_seen="2025-08-01")
    assert look_again(known, AssetRecord(sha256="5f", reason="damaged picture")) is known


def test_what_was_compared_once_stays_comparable() -> None:
    known = AssetRecord(sha256="5f", width=640)
    assert look_again(known, AssetRecord(sha256="5f", reason="decode crashed")) is known


def test_a_file_that_decodes_by_now_keeps_when_it_was_first_seen_and_what_it_is_related_to() -> None:
    related = [{"asset": "0c", "relation": "upload of", "evidence": "https://a.example/k.jpg"}]
    known = AssetRecord(sha256="5f", reason="decode timeout", first_seen="2025-08-01", related=related)
    seen = look_again(known, AssetRecord(sha256="5f", width=640, first_seen="2025-08-02"))
    assert (seen.width, seen.reason, seen.first_seen, seen.related) == (640, "", "2025-08-01", related)
