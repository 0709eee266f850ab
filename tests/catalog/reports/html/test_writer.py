"""The report of duplicates: which files it writes, what stands in them, and what it refuses."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import encoded, exif_block, flat, photo
from PIL import Image
from reports import HOSTILE, SITES, Desk, cluster, digest, launch, many, newsroom_clusters, quiet, use
from selectolax.lexbor import LexborHTMLParser

from assets.originals.local import LocalOriginals
from catalog.clusters.cluster import Cluster, Copy
from catalog.model import AssetRecord
from catalog.reports.html.cluster_page import COPIES_ON_PAGE, USES_ON_PAGE
from catalog.reports.html.crop_boxes import frames
from catalog.reports.html.sites_page import SiteCounts
from catalog.reports.html.timeline import MOST_LANES, timeline
from catalog.reports.html.writer import About, PreviewThumbnails, ReportError, Totals, write_report
from catalog.reports.thumbnails import THUMBNAIL_SIDE, VIEW_SIDE

ABOUT = About("Duplicates", "Covers 6 sites.", "Written on a Monday.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk") / "originals")


@pytest.fixture(scope="module")
def clusters(desk: Desk) -> list[Cluster]:
    return newsroom_clusters(desk)


@pytest.fixture(scope="module")
def report(desk: Desk, clusters: list[Cluster], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports") / "report"
    write_report(clusters, folder, PreviewThumbnails(LocalOriginals(desk.originals)), ABOUT)
    return folder


def no_pictures(_asset: AssetRecord, _side: int) -> None:
    return None


def read(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(one.text().split()) for one in page.css(selector)]


def files_in(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# The folder


def test_it_says_what_it_holds(clusters: list[Cluster], tmp_path: Path) -> None:
    told = write_report(clusters, tmp_path / "report", no_pictures)
    assert told == Totals(clusters=7, copies=18, uses=22, sites=7, conflicts=2)


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    done: list[int] = []
    write_report(many(3), tmp_path / "report", no_pictures, done=done.append)
    assert done == [1, 2, 3]


def test_the_same_clusters_give_the_same_bytes(
    desk: Desk, clusters: list[Cluster], report: Path, tmp_path: Path
) -> None:
    write_report(clusters, tmp_path / "again", PreviewThumbnails(LocalOriginals(desk.originals)), ABOUT)
    assert files_in(tmp_path / "again") == files_in(report)


def test_no_clusters_are_a_report_too(tmp_path: Path) -> None:
    write_report([], tmp_path / "report", no_pictures)
    assert texts(read(tmp_path / "report" / "index.html"), ".totals dd") == ["0"] * 5


def test_an_earlier_report_is_replaced_whole(desk: Desk, tmp_path: Path) -> None:
    write_report(many(3), tmp_path / "report", no_pictures)
    write_report([launch(desk)], tmp_path / "report", no_pictures)
    assert len(list((tmp_path / "report" / "clusters").iterdir())) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    write_report(many(1), tmp_path, no_pictures)
    assert (tmp_path / "index.html").is_file()


@pytest.mark.parametrize("marked", [True, False])
def test_a_folder_with_other_things_is_refused(tmp_path: Path, marked: bool) -> None:
    folder = tmp_path / "report"
    if marked:
        write_report(many(1), folder, no_pictures)
    folder.mkdir(exist_ok=True)
    (folder / "notes.txt").write_text("mine")
    before = files_in(folder)
    with pytest.raises(ReportError):
        write_report(many(1), folder, no_pictures)
    assert files_in(folder) == before


def test_what_a_file_manager_left_is_no_obstacle(tmp_path: Path) -> None:
    write_report(many(1), tmp_path / "report", no_pictures)
    (tmp_path / "report" / ".DS_Store").write_text("")
    write_report(many(1), tmp_path / "report", no_pictures)


def test_a_file_in_the_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("mine")
    with pytest.raises(ReportError, match="not a folder"):
        write_report(many(1), tmp_path / "report", no_pictures)


def test_a_report_that_breaks_off_leaves_the_earlier_one(tmp_path: Path) -> None:
    def broken() -> Iterator[Cluster]:
        yield from many(1)
        raise KeyboardInterrupt

    write_report(many(2), tmp_path / "report", no_pictures)
    before = files_in(tmp_path / "report")
    with pytest.raises(KeyboardInterrupt):
        write_report(broken(), tmp_path / "report", no_pictures)
    assert files_in(tmp_path / "report") == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    write_report(many(2), tmp_path / ".report.part", no_pictures)
    write_report(many(1), tmp_path / "report", no_pictures)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError):
        write_report(many(1), tmp_path / "file" / "report", no_pictures)


def test_clusters_are_taken_one_at_a_time(tmp_path: Path) -> None:
    taken = 0

    def counted() -> Iterator[Cluster]:
        nonlocal taken
        for one in many(8):
            taken += 1
            yield one

    ahead: list[int] = []
    write_report(counted(), tmp_path / "report", no_pictures, done=lambda done: ahead.append(taken - done))
    assert max(ahead) == 1


@pytest.mark.parametrize("name", ["../escape", "", "5f/0c", "5F0C"])
def test_only_a_digest_names_a_file(tmp_path: Path, name: str) -> None:
    (one,) = many(1)
    with pytest.raises(ValueError, match="no digest"):
        write_report([replace(one, id=name)], tmp_path / "report", no_pictures)


# Pictures


def test_each_asset_has_one_small_picture_and_the_best_a_view(clusters: list[Cluster], report: Path) -> None:
    assert {path.stem for path in (report / "thumbs").iterdir()} == {
        copy.asset.sha256 for one in clusters for copy in one.copies
    }
    assert {path.stem for path in (report / "views").iterdir()} == {one.best.sha256 for one in clusters}
    for folder, side in (("thumbs", THUMBNAIL_SIDE), ("views", VIEW_SIDE)):
        for path in (report / folder).iterdir():
            with Image.open(path) as image:
                assert image.format == "WEBP"
                assert max(image.size) <= side


def pictured(tmp_path: Path, body: bytes, orientation: int = 1, side: int = 100) -> Image.Image | None:
    sha256 = hashlib.sha256(body).hexdigest()
    (tmp_path / sha256[:2]).mkdir(exist_ok=True)
    (tmp_path / sha256[:2] / f"{sha256}.bin").write_bytes(body)
    asset = AssetRecord(sha256=sha256, orientation=orientation)
    made = PreviewThumbnails(LocalOriginals(tmp_path))(asset, side)
    return None if made is None else Image.open(io.BytesIO(made))


def test_a_picture_is_made_upright_and_loses_its_metadata(tmp_path: Path) -> None:
    image = flat("white", 400, 200)
    image.paste("black", (0, 0, 200, 200))
    body = encoded(image, "JPEG", exif=exif_block({0x0112: 6, 0x010E: "secret"}))
    made = pictured(tmp_path, body, orientation=6)
    assert made.size == (50, 100)
    assert made.convert("L").getpixel((25, 10)) < 20 < 235 < made.convert("L").getpixel((25, 90))
    assert "exif" not in made.info


def test_a_file_that_is_cut_short_is_shown_as_far_as_it_goes_on_white(tmp_path: Path) -> None:
    body = encoded(photo(1, 400, 200).point(lambda level: level // 2), "JPEG")
    made = pictured(tmp_path, body[: len(body) * 3 // 4])
    assert made.size == (100, 50)
    assert made.convert("L").getpixel((50, 10)) < 150
    assert made.convert("L").getpixel((50, 48)) > 245


def test_of_an_animation_the_frame_is_shown_that_is_compared(tmp_path: Path) -> None:
    body = encoded(flat("black", 400, 200), "GIF", save_all=True, append_images=[photo(1, 400, 200)])
    made = pictured(tmp_path, body)
    assert made.convert("L").getextrema()[1] > 100


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    made = pictured(tmp_path, encoded(Image.new("RGBA", (300, 200), (0, 0, 0, 0)), "PNG"))
    assert made.getpixel((50, 30)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16", "RGB"])
def test_pictures_of_any_mode_are_shown(tmp_path: Path, mode: str) -> None:
    image = photo(1, 300, 200)
    image = Image.new(mode, (300, 200), 400) if mode == "I;16" else image.convert(mode)
    made = pictured(tmp_path, encoded(image, "TIFF" if mode == "CMYK" else "PNG"))
    assert made.size == (100, 67)


@pytest.mark.parametrize(
    "body", [b"", b"no picture", b"%!PS-Adobe-3.0 EPSF-3.0\n", encoded(photo(1), "PNG")[:900]]
)
def test_what_cannot_be_decoded_is_not_shown(tmp_path: Path, body: bytes) -> None:
    assert pictured(tmp_path, body) is None


def test_a_picture_too_large_for_us_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.reports.thumbnails.MAX_PIXELS", 1000)
    assert pictured(tmp_path, encoded(photo(1), "JPEG")) is None


def test_an_original_that_is_gone_is_said_on_the_pages(tmp_path: Path) -> None:
    write_report(many(1), tmp_path / "report", PreviewThumbnails(LocalOriginals(tmp_path)))
    (page,) = (tmp_path / "report" / "clusters").iterdir()
    assert "no picture to show" in read(page).text()
    assert read(page).css("img") == []


# Pages


def test_every_link_within_the_report_leads_somewhere(report: Path) -> None:
    for path in report.rglob("*.html"):
        page = read(path)
        names = {one.attributes.get("id") for one in page.css("[id]")}
        for name in ("href", "src"):
            for address in [one.attributes.get(name) for one in page.css(f"[{name}]")]:
                file, _, fragment = address.partition("#")
                if file.startswith(("https:", "data:")):
                    continue
                assert not file or (path.parent / file).is_file(), f"{path.name}: {address}"
                assert file or fragment in names, f"{path.name}: {address}"


def test_a_page_names_its_neighbours(clusters: list[Cluster], report: Path) -> None:
    ids = [one.id for one in clusters]
    page = read(report / "clusters" / f"{ids[1]}.html")
    told = {one.attributes.get("rel"): one.attributes.get("href") for one in page.css(".top a[rel]")}
    assert told == {"prev": f"{ids[0]}.html", "next": f"{ids[2]}.html"}


def test_the_four_dates_stay_apart(desk: Desk, report: Path) -> None:
    page = read(report / "clusters" / f"{launch(desk).id}.html")
    cells = {one.attributes.get("data-label"): one for one in page.css("#use-1 [data-label]")}
    told = {
        name: [time.attributes.get("datetime") for time in cell.css("time")] for name, cell in cells.items()
    }
    assert told == {
        "published": ["2025-08-04T06:42:00Z"],
        "created": ["2025-08-03T17:20:11"],
        "uploaded": ["2025-08-04T06:12:00Z"],
        "seen": ["2025-11-23T09:00:00Z", "2025-11-24T09:00:00Z"],
        "after": [],
        "copy": [],
    }


def test_captions_that_disagree_stand_as_a_diff(desk: Desk, report: Path) -> None:
    page = read(report / "clusters" / f"{launch(desk).id}.html")
    assert texts(page, ".diff del") == ["to", "dawn, 3"]
    assert texts(page, ".diff ins") == ["from", "dusk,", "Archive picture."]


def test_a_size_variant_tells_its_upload_and_how_one_knows(desk: Desk, report: Path) -> None:
    page = read(report / "clusters" / f"{launch(desk).id}.html")
    assert "A size variant of the upload that is copy 1: the file name ends in -800x533" in texts(
        page, "#copy-2 .facts"
    )


def test_a_copy_that_only_a_person_named_has_no_box(desk: Desk, tmp_path: Path) -> None:
    one = quiet(desk, 11, [(SITES[0], 0)], "x")
    named = replace(one.copies[1], match=None, explanation="", decision="same")
    write_report([replace(one, copies=(one.copies[0], named))], tmp_path / "report", no_pictures)
    page = read(tmp_path / "report" / "clusters" / f"{one.id}.html")
    assert texts(page, "#copy-2 .sentence") == ["decided to be the same photo"]
    assert page.css("#copy-2 .measured div") == []


def test_never_first_always_earliest_observed(report: Path) -> None:
    for path in report.rglob("*.html"):
        assert not re.search(r"\bfirst (use|seen|published|observed)", read(path).text())


def test_long_clusters_go_on_on_further_pages(tmp_path: Path) -> None:
    best = Copy(AssetRecord(sha256=digest("best"), width=100, height=80), "the best copy")
    others = [Copy(AssetRecord(sha256=digest(at)), "the whole picture") for at in range(COPIES_ON_PAGE)]
    uses = [use(best, f"site-{at % 90}.example", at, title=f"Page {at}") for at in range(USES_ON_PAGE + 20)]
    one = cluster([best, *others], uses)
    write_report([one], tmp_path / "report", no_pictures)
    first, second = (read(tmp_path / "report" / "clusters" / f"{one.id}{part}.html") for part in ("", "-2"))
    assert len(first.css(".uses tbody tr")) == USES_ON_PAGE
    assert second.css(".uses tbody tr")[0].attributes.get("id") == f"use-{USES_ON_PAGE + 1}"
    assert [row.attributes.get("id") for row in second.css(".copy")] == [f"copy-{COPIES_ON_PAGE + 1}"]
    assert first.css(".parts a[rel=next]")[0].attributes.get("href") == f"{one.id}-2.html"
    assert second.css(".parts a[rel=prev]")[0].attributes.get("href") == f"{one.id}.html"


# Strangers' texts


def test_hostile_texts_make_no_elements_and_no_addresses(report: Path) -> None:
    for path in report.rglob("*.html"):
        page = read(path)
        assert page.css("[onerror]") == []
        assert [
            one.attributes.get("src") for one in page.css("script") if not one.attributes.get("src")
        ] == []
        assert all(one.attributes.get("src").endswith(".webp") for one in page.css("img"))
        for link in page.css("a[href]"):
            assert not link.attributes.get("href").lower().startswith(("javascript", "data"))
            if link.attributes.get("href").startswith("http"):
                assert link.attributes.get("rel") == "noopener noreferrer nofollow"


def test_the_rows_cannot_end_their_script(report: Path) -> None:
    script = (report / "data" / "index.js").read_text(encoding="utf-8")
    assert not set("<>&\u2028\u2029") & set(script)
    assert "onerror" in script


def test_a_long_caption_is_cut_and_opens(clusters: list[Cluster], report: Path) -> None:
    page = read(report / "clusters" / f"{clusters[-1].id}.html")
    assert HOSTILE[:9] in page.text()
    (long,) = page.css(".uses details.long")
    assert len(long.css("summary bdi")[0].text()) < 500
    assert "90,000 more characters left out here" in long.text()


def test_half_a_character_does_not_stop_the_report(tmp_path: Path) -> None:
    best = Copy(AssetRecord(sha256="5f0c", width=10, height=10), "\ud83d")
    write_report(
        [cluster([best], [use(best, "a.example", 0, title="\ud83d half")])], tmp_path / "r", no_pictures
    )
    assert (tmp_path / "r" / "clusters" / "5f0c.html").is_file()


# Boxes, lanes, sites


def test_equal_boxes_are_one_frame_and_large_ones_lie_below(desk: Desk) -> None:
    one = launch(desk)
    numbered = list(enumerate(one.copies, 1))[1:]
    made = frames(numbered, one.best.width, one.best.height)
    assert [frame.numbers for frame in made] == [(2, 6), (4,), (3,), (5,)]
    assert made[0].box == (0, 0, 1200, 800)
    assert made[0].is_wider
    assert made[1].overlays == ((700, 640, 340, 80),)


def test_numbers_do_not_lie_on_each_other(desk: Desk) -> None:
    best = launch(desk).best.sha256
    copies = [desk.crop(3, best, (0, 0, 1200 - 100 * at, 800 - 60 * at)) for at in range(6)]
    tags = [frame.tag for frame in frames(list(enumerate(copies, 2)), 1200, 800)]
    places = {(tag.x, tag.y) for tag in tags}
    assert len(places) == 6
    for one in tags:
        for other in tags:
            apart = one.x + one.width <= other.x + 0.1 or other.x + other.width <= one.x + 0.1
            assert one is other or one.y != other.y or apart


def test_a_dot_lies_where_its_time_is(desk: Desk) -> None:
    line = timeline(launch(desk))
    dots = {lane.name: [dot.x for dot in lane.dots] for lane in line.lanes}
    left, right = dots["agency.example"][0], dots["daily.example"][-1]
    assert dots["evening.example"] == [pytest.approx(left + (right - left) * 31 / 122.5, abs=0.1)]
    assert [mark.text for mark in line.marks] == [f"{day} Aug 2025" for day in range(5, 10)]


def test_sites_beyond_a_drawing_share_a_lane() -> None:
    best = Copy(AssetRecord(sha256="5f0c"), "")
    uses = [use(best, f"site-{at:02}.example", at) for at in range(MOST_LANES + 12)]
    line = timeline(cluster([best], uses))
    assert len(line.lanes) == MOST_LANES + 1
    assert line.lanes[-1].name == "12 more sites"


@pytest.mark.parametrize("span", [0.0, 0.01, 0.7, 5, 47, 300, 5000, 90_000, 400_000])
@pytest.mark.parametrize(
    "starts", ["2025-08-04T06:42:00Z", "2025-08-04", "some day", "9999-12-31T23:59:59-12:00"]
)
def test_an_axis_has_some_marks_but_not_many(span: float, starts: str) -> None:
    best = Copy(AssetRecord(sha256="5f0c"), "")
    uses = [replace(use(best, "a.example", hours), time=starts) for hours in (0.0, span)]
    line = timeline(cluster([best], uses))
    assert 1 <= len(line.marks) <= 8
    assert all(line.left <= mark.x <= line.width for mark in line.marks)


def test_a_use_before_the_one_that_came_first_is_on_the_drawing() -> None:
    best = Copy(AssetRecord(sha256="5f0c"), "")
    one, other = use(best, "a.example", 0), use(best, "b.example", 10)
    line = timeline(cluster([best], [one, replace(other, hours_after=-3.0)]))
    dots = {lane.name: lane.dots[0] for lane in line.lanes}
    assert line.left == dots["b.example"].x < dots["a.example"].x < line.width
    assert dots["b.example"].is_earliest


def test_uses_without_a_date_are_counted_not_drawn() -> None:
    best = Copy(AssetRecord(sha256="5f0c"), "")
    dated, undated = use(best, "a.example", 0), use(best, "b.example", 0, title="x")
    undated = replace(undated, time="", hours_after=None)
    assert timeline(cluster([best], [dated, undated])).undated == 1
    assert timeline(cluster([best], [undated])) is None


def test_one_site_shares_with_nobody(desk: Desk, tmp_path: Path) -> None:
    write_report(
        [quiet(desk, 12, [(SITES[2], 3), (SITES[2], 9)], "A bridge reopens")], tmp_path / "r", no_pictures
    )
    assert read(tmp_path / "r" / "sites.html").css(".matrix") == []
    assert texts(read(tmp_path / "r" / "index.html"), ".totals dt") == [
        "photograph",
        "copies",
        "uses",
        "site",
        "in conflict",
    ]


def test_the_matrix_counts_what_two_sites_share(clusters: list[Cluster]) -> None:
    counts = SiteCounts()
    for one in clusters:
        counts.add(one)
    matrix = counts.matrix()
    agency, daily, radio = (matrix.sites.index(site) for site in (SITES[0], SITES[1], SITES[5]))
    assert matrix.rows[agency][daily].shares == matrix.rows[daily][agency].shares == 4
    assert matrix.rows[radio][agency].says == "radio.example and agency.example share 1"
    assert matrix.rows[agency][agency].shares == 5
    told = {row.site: row for row in counts.rows()}
    assert (told[SITES[0]].clusters, told[SITES[0]].earliest, told[SITES[0]].partner) == (5, 3, SITES[1])
