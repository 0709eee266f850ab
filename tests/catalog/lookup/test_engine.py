"""Lookup, decide and index, as the command is used."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from newsroom import DRAWN_PHOTOS, Newsroom
from pictures import encoded, flat, jpeg_bytes, photo
from PIL import Image, ImageOps
from servers import Answer, Server

from catalog.cli import main
from catalog.index.feature_store import FeatureStore
from catalog.store.catalog import open_store
from catalog.store.layout import DERIVED, STUDIES

SEEDS = range(6)
POST = {
    "id": 7,
    "type": "post",
    "date_gmt": "2025-08-23T04:41:03",
    "link": "https://news.example/a-story/",
    "title": {"rendered": "Cérémonie à Pyongyang"},
    "featured_media": 0,
}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for seed in SEEDS:
        photo(seed, 800, 533).save(folder / f"scene-{seed}.jpg", quality=90)
    return folder


@pytest.fixture(scope="module")
def harvested(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog of the pictures' folder and of a post whose picture is the first of them."""
    folder = tmp_path_factory.mktemp("harvested")
    body = (pictures / "scene-0.jpg").read_bytes()
    with Server({"/kim.jpg": Answer(body, content_type="image/jpeg")}) as server:
        caption = "<figcaption>Kim inspects a unit. (KCNA via REUTERS)</figcaption>"
        content = f'<figure><img src="{server.url("/kim.jpg")}" alt="Kim’s visit">{caption}</figure>'
        post = folder / "post.json"
        post.write_text(json.dumps(POST | {"content": {"rendered": content}}))
        allow = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
        assert main(["harvest", "--catalog", str(folder / "catalog"), str(pictures), str(post), allow]) == 0
    return folder / "catalog"


@pytest.fixture
def desk(harvested: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(harvested, tmp_path / "catalog"))


def looked_up(
    capsys: pytest.CaptureFixture[str], desk: Path, *arguments: str | Path, code: int = 0
) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["lookup", "--catalog", str(desk), "--json", *map(str, arguments)]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def copies_in(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How the query shows each copy of the photographs in an answer, by the copy's digest."""
    return {copy["sha256"]: copy["query"] for photo in answer["photos"] for copy in photo["copies"]}


def uses_in(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Every use of the photographs in an answer."""
    return [use for photo in answer["photos"] for use in photo["uses"]]


def part_of(seed: int) -> Image.Image:
    return ImageOps.mirror(photo(seed, 800, 533).crop((80, 0, 720, 480)))


def test_a_file_is_found_with_every_use(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], pictures: Path
) -> None:
    (tmp_path / "query.jpg").write_bytes(jpeg_bytes(part_of(0)))
    (answer,) = looked_up(capsys, desk, tmp_path / "query.jpg")
    assert answer["query"] == str(tmp_path / "query.jpg")
    assert answer["verdict"] == "used"
    coverage = answer["coverage"]
    assert (coverage["pictures"], coverage["pages"], coverage["sites"]) == (6, 7, 1)
    assert coverage["since"].startswith("20")
    ((sha256, match),) = copies_in(answer).items()
    assert sha256 == digest(pictures / "scene-0.jpg")
    assert (match["relation"], match["mirrored"], match["larger"]) == ("crop", True, "asset")
    assert match["kept"] == pytest.approx(0.72, abs=0.02)
    assert match["explanation"].startswith("72 % of the original, mirrored")
    assert match["blocks_agreeing"] > 0.9 * match["blocks_compared"] > 20
    by_site = {use["site"]: use for use in uses_in(answer)}
    assert by_site["news.example"] == by_site["news.example"] | {
        "page": "https://news.example/a-story/",
        "title": "Cérémonie à Pyongyang",
        "published": "2025-08-23T04:41:03Z",
        "caption": "Kim inspects a unit. (KCNA via REUTERS)",
        "alt": "Kim’s visit",
        "credit": "KCNA via REUTERS",
    }
    assert by_site[""]["page"] == str(pictures / "scene-0.jpg")


def test_what_a_person_reads(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = tmp_path / "query.jpg"
    query.write_bytes(jpeg_bytes(part_of(0)))
    assert main(["lookup", "--catalog", str(desk), str(query)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{query}: used (of 6 pictures, 7 pages, 1 site, since 20")
    assert lines[1].startswith(
        "  2 uses on 2 sites in 1 copy, earliest observed 2025-08-23 04:41 UTC at news.example"
    )
    assert "crop: 72 % of the original, mirrored" in lines[2]
    assert "    2025-08-23T04:41:03Z  news.example https://news.example/a-story/" in lines
    assert "      credit: KCNA via REUTERS" in lines


def test_what_is_not_there_is_said_to_be_not_in_this_catalog(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.png").write_bytes(encoded(photo(70), "PNG"))
    (tmp_path / "flat.png").write_bytes(encoded(flat(), "PNG"))
    answers = looked_up(capsys, desk, tmp_path / "other.png", tmp_path / "flat.png")
    found = [(answer["verdict"], answer["photos"], answer["others"]) for answer in answers]
    assert found == [("not in this catalog", [], [])] * 2


def test_the_same_file_is_identical(desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (answer,) = looked_up(capsys, desk, pictures / "scene-3.jpg")
    (match,) = copies_in(answer).values()
    assert (match["relation"], match["explanation"], match["kept"]) == ("identical", "the same file", 1.0)


def test_a_web_address_is_looked_up(desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = jpeg_bytes(photo(2, 800, 533).resize((400, 267)))
    with Server({"/p.jpg": Answer(body, content_type="image/jpeg")}) as server:
        allow = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
        answer, failed = looked_up(capsys, desk, server.url("/p.jpg"), server.url("/none.jpg"), allow, code=1)
    assert answer["verdict"] == "used"
    found = {sha256: match["relation"] for sha256, match in copies_in(answer).items()}
    assert found == {digest(pictures / "scene-2.jpg"): "copy"}
    assert failed["verdict"] is None
    assert failed["error"]["reason"] == "gone"


def test_a_private_address_is_not_asked(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Server({}) as server:
        (failed,) = looked_up(capsys, desk, server.url("/p.jpg"), code=1)
        assert server.paths == []
    assert failed["error"]["reason"] == "address refused"


@pytest.mark.parametrize("digits", [8, 64])
def test_an_asset_is_looked_up_by_its_digest(
    desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str], digits: int
) -> None:
    sha256 = digest(pictures / "scene-4.jpg")
    (answer,) = looked_up(capsys, desk, sha256[:digits].upper())
    assert {sha256: match["relation"] for sha256, match in copies_in(answer).items()} == {sha256: "identical"}


def test_a_digest_is_found_though_its_original_is_lost(
    desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(desk / "originals")
    (answer,) = looked_up(capsys, desk, digest(pictures / "scene-4.jpg"))
    assert answer["verdict"] == "used"


def test_an_unknown_digest_is_not_in_the_catalog(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (answer,) = looked_up(capsys, desk, "0" * 64)
    assert answer["verdict"] == "not in this catalog"


def test_a_hash_from_elsewhere_makes_a_match_possible_and_no_more(
    desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = digest(pictures / "scene-1.jpg")
    with open_store(desk, read_only=True) as store:
        asset = store.asset(sha256)
        assert asset is not None
        phash = asset.fingerprints["phash64"]
    near = f"{int(phash, 16) ^ 0b1001:016x}"
    found, none = looked_up(capsys, desk, "--phash", near, "--phash", f"{int(phash, 16) ^ (2**64 - 1):016x}")
    assert found["verdict"] == "possible"
    assert [(one["asset"], one["relation"]) for one in found["others"]] == [(sha256, None)]
    assert "differs in 2 of 64 bits" in found["others"][0]["explanation"]
    assert none["verdict"] == "not in this catalog"


@pytest.mark.parametrize("words", ["ceremonie PYONGYANG", "kcna", "inspects unit", "Kim’s"])
def test_words_are_looked_up(
    desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    (answer,) = looked_up(capsys, desk, "--text", words)
    assert answer["verdict"] == "used"
    assert [one["asset"] for one in answer["others"]] == [digest(pictures / "scene-0.jpg")]
    assert [usage["site"] for usage in answer["others"][0]["usages"]] == ["news.example"]


def test_words_that_nobody_said_are_not_there(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (answer,) = looked_up(capsys, desk, "--text", "Kim Reykjavik")
    assert answer["verdict"] == "not in this catalog"


def test_what_cannot_be_read_is_named_and_the_others_are_answered(
    desk: Path, tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    capsys.readouterr()
    arguments = [str(tmp_path / "none.jpg"), str(tmp_path / "text.jpg"), str(pictures / "scene-0.jpg")]
    assert main(["lookup", "--catalog", str(desk), *arguments]) == 1
    output = capsys.readouterr()
    assert "none.jpg: not found" in output.err
    assert "text.jpg: not a picture" in output.err
    assert "identical" in output.out


def test_a_query_is_needed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "--catalog", str(desk)]) == 2
    assert "give a picture" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--text", ""], "argument --text: '' holds no words"),
        (["--text", " \n"], "holds no words"),
        (["--text", "Kim", "--text", " "], "holds no words"),
        ([""], "an empty text names no picture"),
    ],
)
def test_an_empty_question_is_a_usage_error(
    desk: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["lookup", "--catalog", str(desk), *arguments])
    assert raised.value.code == 2
    output = capsys.readouterr()
    assert told in output.err
    assert output.out == ""


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("none.jpg", "none.jpg: not found (no such file)"),
        ("./none.jpg", "./none.jpg: not found (no such file)"),
        ("7b4", "7b4: not found (no such file; the beginning of a SHA-256 needs 4 digits or more)"),
        ("ftp://x/y.jpg", "ftp://x/y.jpg: bad address (only http and https addresses can be asked)"),
        ("FILE:///y.jpg", "FILE:///y.jpg: bad address (only http and https addresses can be asked)"),
        ("folder/", "folder/: unreadable (a folder: give its files, or harvest it)"),
        ("folder", "folder: unreadable (a folder: give its files, or harvest it)"),
    ],
)
def test_a_question_that_is_no_picture_is_told_what_it_would_have_to_be(
    desk: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert main(["lookup", "--catalog", str(desk), query]) == 1
    assert capsys.readouterr() == ("", f"{told}\n")


def test_a_file_with_a_short_name_of_digits_is_looked_up(
    desk: Path,
    tmp_path: Path,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copy(pictures / "scene-0.jpg", tmp_path / "7b4")
    monkeypatch.chdir(tmp_path)
    (answer,) = looked_up(capsys, desk, "7b4")
    assert answer["verdict"] == "used"


def test_without_a_catalog_nothing_is_looked_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "--catalog", str(tmp_path / "none"), "x.jpg"]) == 3
    assert "there is no catalog here" in capsys.readouterr().err


def test_lookup_writes_nothing(desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in sorted(desk.rglob("*"))}
    looked_up(capsys, desk, pictures / "scene-0.jpg", "--text", "Kim")
    assert {path: path.stat().st_mtime_ns for path in sorted(desk.rglob("*"))} == before


# Decisions


def decided(desk: Path, *arguments: str | Path) -> int:
    return main(["decide", "--catalog", str(desk), *map(str, arguments)])


def test_what_was_decided_wins_and_is_taken_back(
    desk: Path, tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = tmp_path / "query.jpg"
    query.write_bytes(jpeg_bytes(part_of(0)))
    sha256 = digest(pictures / "scene-0.jpg")
    assert decided(desk, query, sha256[:8], "different", "--note", "another frame", "--by", "Ada") == 0
    (answer,) = looked_up(capsys, desk, query)
    assert (answer["verdict"], answer["photos"], answer["set_aside"]) == ("not in this catalog", [], 1)
    assert decided(desk, sha256, query, "undecided") == 0
    (answer,) = looked_up(capsys, desk, query)
    assert (answer["verdict"], copies_in(answer)[sha256]["decision"]) == ("used", "undecided")
    with open_store(desk, read_only=True) as store:
        (record,) = store.decisions()
    assert record.history == [
        {"decision": "different", "note": "another frame", "by": "Ada", "at": record.history[0]["at"]}
    ]


def test_what_was_decided_to_be_the_same_is_found_though_nothing_is_alike(
    desk: Path, tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(encoded(photo(70), "PNG"))
    sha256 = digest(pictures / "scene-5.jpg")
    assert decided(desk, other, sha256, "same") == 0
    (answer,) = looked_up(capsys, desk, other)
    assert answer["verdict"] == "used"
    assert {one: match["decision"] for one, match in copies_in(answer).items()} == {sha256: "same"}


def test_decisions_survive_a_rebuild(
    desk: Path, tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = tmp_path / "query.jpg"
    query.write_bytes(jpeg_bytes(part_of(1)))
    assert decided(desk, query, pictures / "scene-1.jpg", "different") == 0
    assert main(["index", "--catalog", str(desk), "--rebuild"]) == 0
    (answer,) = looked_up(capsys, desk, query)
    assert answer["verdict"] == "not in this catalog"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [("none.jpg", "0000", "no such file"), ("", "0000", "no such file")],
)
def test_a_picture_nobody_knows_cannot_be_decided_about(
    desk: Path, capsys: pytest.CaptureFixture[str], first: str, second: str, told: str
) -> None:
    assert decided(desk, first, second, "same") == 2
    assert told in capsys.readouterr().err


def test_a_picture_is_not_compared_with_itself(
    desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = pictures / "scene-1.jpg"
    assert decided(desk, path, digest(path), "same") == 2
    assert "with itself" in capsys.readouterr().err


# Derived files


def test_lost_derived_files_are_told_of_and_made_again(
    desk: Path, tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = tmp_path / "query.jpg"
    query.write_bytes(jpeg_bytes(part_of(2)))
    expected = looked_up(capsys, desk, query)
    shutil.rmtree(desk / DERIVED)
    missing, identical = looked_up(capsys, desk, query, pictures / "scene-2.jpg")
    assert (missing["verdict"], missing["coverage"]["unstudied"]) == ("not in this catalog", 6)
    assert [match["relation"] for match in copies_in(identical).values()] == ["identical"]
    capsys.readouterr()
    assert main(["index", "--catalog", str(desk)]) == 0
    assert capsys.readouterr().out == "6 pictures studied, 6 can be compared, 0 failed\n"
    assert looked_up(capsys, desk, query) == expected


@pytest.mark.parametrize("option", [[], ["--rebuild"]])
def test_derived_files_are_the_same_however_they_were_made(desk: Path, option: list[str]) -> None:
    with FeatureStore(desk / "derived") as studies:
        before = {studies.sha256_of(row): studies.study_of(row) for row in range(len(studies))}
    if not option:
        shutil.rmtree(desk / DERIVED)
    assert main(["index", "--catalog", str(desk), *option]) == 0
    with FeatureStore(desk / "derived") as studies:
        assert {studies.sha256_of(row): studies.study_of(row) for row in range(len(studies))} == before


def test_a_lost_original_is_named_when_its_study_is_to_be_made(
    desk: Path, pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256 = digest(pictures / "scene-0.jpg")
    next(desk.glob(f"originals/*/{sha256}*")).unlink()
    capsys.readouterr()
    assert main(["index", "--catalog", str(desk), "--rebuild"]) == 1
    output = capsys.readouterr()
    assert f"{sha256}: not found" in output.err
    assert output.out == "5 pictures studied, 5 can be compared, 1 failed\n"


def test_a_torn_study_is_made_again_by_index(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desk / DERIVED / STUDIES
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert main(["index", "--catalog", str(desk)]) == 0
    with FeatureStore(desk / "derived") as studies:
        assert len(studies) == 6


def test_the_photographs_of_a_newsroom_are_found_on_every_site(
    newsroom: Newsroom, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six sites republish each photograph in their own sizes and cuts: one lookup finds all of them."""
    desk = tmp_path / "catalog"
    allow = [f"--allow-address={host}" for host in newsroom.allow]
    assert main(["harvest", "--catalog", str(desk), *newsroom.sites, *allow]) == 1
    query = tmp_path / "query.jpg"
    reserved = {url for site in newsroom.facts["sites"] for url in site["reserved"]}
    for seed in range(DRAWN_PHOTOS):
        query.write_bytes(jpeg_bytes(photo(seed).resize((360, 240))))
        (answer,) = looked_up(capsys, desk, query)
        assert answer["verdict"] == "used"
        assert {match["relation"] for match in copies_in(answer).values()} <= {"copy", "crop", "contained"}
        found = {use["page"] for use in uses_in(answer)}
        uses = [use for use in newsroom.facts["uses"] if use["photo"] == f"scene-{seed}"]
        # Pictures whose items are not public may be had all the same, those reserved by a header not.
        had = [use for use in uses if use["access"] == "public" and use["url"] not in reserved]
        assert {use["post_url"] for use in had} <= found
        assert found <= {use["post_url"] for use in uses}
