"""`photodesk check`: every way in which a catalog can be broken is named, and mended without deleting an original."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from desks import harvested

from catalog.cli import main
from catalog.model import AssetRecord, DecisionRecord, UsageRecord
from catalog.store.catalog import open_store, others_kept_out
from catalog.store.layout import DECISIONS, JOURNAL, JOURNAL_INDEX, ORIGINALS


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with harvested(tmp_path_factory.mktemp("checked")) as (catalog, _sites):
        yield catalog


@pytest.fixture
def catalog(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "catalog"))


def originals(catalog: Path) -> list[Path]:
    return sorted((catalog / ORIGINALS).glob("??/*.jpg"))


def findings(
    catalog: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, list[tuple[str, str, bool]]]:
    """The exit code, and kind, path and whether it was mended, of every finding."""
    capsys.readouterr()
    code = main(["check", "--catalog", str(catalog), "--json", *options])
    told = json.loads(capsys.readouterr().out)
    return code, [(one["kind"], one["path"], bool(one["mended"])) for one in told["findings"]]


def everything_in(catalog: Path) -> dict[str, bytes]:
    return {
        path.relative_to(catalog).as_posix(): path.read_bytes()
        for path in sorted(catalog.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


def change_byte(path: Path, at: int) -> None:
    body = bytearray(path.read_bytes())
    body[at] ^= 0x55
    path.write_bytes(bytes(body))


def test_a_whole_catalog_is_said_to_be_whole(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything_in(catalog)
    assert main(["check", "--catalog", str(catalog)]) == 0
    assert capsys.readouterr().out.startswith("6 originals, ")
    assert main(["check", "--repair", "--catalog", str(catalog)]) == 0
    assert capsys.readouterr().out.rstrip().endswith(": whole")
    assert everything_in(catalog) == before


@pytest.mark.parametrize(
    ("number", "told"), [(1, "1 use has no picture yet"), (2, "2 uses have no picture yet")]
)
def test_uses_without_a_picture_are_counted_and_nothing_is_broken(
    number: int, told: str, catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(catalog) as store:
        page = next(store.pages()).key
        for one in range(number):
            store.put_usage(UsageRecord(key=f"lacking {one}", page=page, url="https://a.example/1.jpg"))
        store.put_usage(UsageRecord(key="gone", page=page, withdrawn="2025-08-01T06:00:00Z"))
    assert main(["check", "--catalog", str(catalog)]) == 0
    whole, lacking = capsys.readouterr().out.splitlines()
    assert whole.endswith(": whole")
    assert lacking == f"{told}: `photodesk failures` tells why"


def torn_journal(catalog: Path) -> str:
    with (catalog / JOURNAL).open("ab") as file:
        file.write(b'1b2c3d4e ["put","assets","5f')
    return JOURNAL


def rotten_line(catalog: Path) -> str:
    # A second batch, so that what rots is one line of many.
    body = (catalog / JOURNAL).read_bytes()
    change_byte(catalog / JOURNAL, body.index(b'["put","runs"') + 3)
    return JOURNAL


def rotten_end(catalog: Path) -> str:
    change_byte(catalog / JOURNAL, (catalog / JOURNAL).stat().st_size - 5)
    return JOURNAL


def rotten_header(catalog: Path) -> str:
    change_byte(catalog / JOURNAL, 4)
    return JOURNAL


def rotten_beginning(catalog: Path) -> str:
    body = (catalog / JOURNAL).read_bytes()
    change_byte(catalog / JOURNAL, 4)
    change_byte(catalog / JOURNAL, body.index(b"\n") + 20)
    return JOURNAL


def emptied_journal(catalog: Path) -> str:
    (catalog / JOURNAL).write_bytes(b"")
    return JOURNAL


def deleted_journal(catalog: Path) -> str:
    (catalog / JOURNAL).unlink()
    return JOURNAL


def unended_compaction(catalog: Path) -> str:
    (catalog / f"{JOURNAL}.new").write_bytes(b"half")
    return f"{JOURNAL}.new"


def decide_twice(catalog: Path) -> Path:
    with open_store(catalog, decides=True) as store:
        for key in ("bb", "cc"):
            store.put_decision(DecisionRecord(key=key, first="aa", second=key, decision="same"))
    return catalog / DECISIONS


def torn_decisions(catalog: Path) -> str:
    with decide_twice(catalog).open("ab") as file:
        file.write(b'1b2c3d4e ["put","decisions"')
    return DECISIONS


def rotten_decision(catalog: Path) -> str:
    change_byte(decide_twice(catalog), 40)
    return DECISIONS


def rotten_decisions_end(catalog: Path) -> str:
    path = decide_twice(catalog)
    change_byte(path, path.stat().st_size - 5)
    return DECISIONS


def rotten_decisions_header(catalog: Path) -> str:
    change_byte(decide_twice(catalog), 4)
    return DECISIONS


def rotten_header_alone(catalog: Path) -> str:
    change_byte(catalog / DECISIONS, 4)
    return DECISIONS


def deleted_decisions(catalog: Path) -> str:
    (catalog / DECISIONS).unlink()
    return DECISIONS


def unended_compaction_of_decisions(catalog: Path) -> str:
    (catalog / f"{DECISIONS}.new").write_bytes(b"half")
    return f"{DECISIONS}.new"


def unended_file(catalog: Path) -> str:
    path = catalog / ORIGINALS / "incoming" / "0a.part"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"half")
    return "originals/incoming/0a.part"


def stray_file(catalog: Path) -> str:
    (catalog / ORIGINALS / "notes.txt").write_text("mine")
    return "originals/notes.txt"


def link_out(catalog: Path) -> str:
    (catalog / ORIGINALS / "00").mkdir(exist_ok=True)
    path = catalog / ORIGINALS / "00" / f"{'0' * 64}.jpg"
    path.symlink_to("/etc/passwd")
    return path.relative_to(catalog).as_posix()


def unrecorded_file(catalog: Path) -> str:
    name = f"{'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}.jpg"
    (catalog / ORIGINALS / "e3").mkdir(exist_ok=True)
    (catalog / ORIGINALS / "e3" / name).write_bytes(b"")
    return f"originals/e3/{name}"


def stale_file(catalog: Path) -> str:
    (catalog / "derived" / "studies-0.bin").write_bytes(b"old")
    return "derived/studies-0.bin"


def rotten_study(catalog: Path) -> str:
    change_byte(catalog / "derived" / "studies-3.bin", 1000)
    return "derived/studies-3.bin"


def torn_rows(catalog: Path) -> str:
    path = catalog / "derived" / "rows-3.bin"
    path.write_bytes(path.read_bytes()[:-7])
    return "derived/rows-3.bin"


def foreign_index(catalog: Path) -> str:
    (catalog / "derived" / "features-3.faiss").write_bytes(b"no index")
    return "derived/features-3.faiss"


def torn_pairs(catalog: Path) -> str:
    with (catalog / "derived" / "pairs-3.jsonl").open("ab") as file:
        file.write(b'{"picture": "5f')
    return "derived/pairs-3.jsonl"


def torn_thumbnail(catalog: Path) -> str:
    sha256 = originals(catalog)[0].stem
    path = catalog / "derived" / "thumbnails-1" / sha256[:2] / f"{sha256}-320.webp"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"RIFF\x00\x01\x00\x00WEBPVP8 ")
    return path.relative_to(catalog).as_posix()


BROKEN: list[tuple[Callable[[Path], str], str]] = [
    (torn_journal, "torn journal"),
    (rotten_line, "damaged journal"),
    (rotten_end, "damaged journal"),
    (rotten_header, "damaged journal"),
    (rotten_beginning, "damaged journal"),
    (emptied_journal, "damaged journal"),
    (deleted_journal, "damaged journal"),
    (unended_compaction, "left over"),
    (torn_decisions, "torn journal"),
    (rotten_decision, "damaged journal"),
    (rotten_decisions_end, "damaged journal"),
    (rotten_decisions_header, "damaged journal"),
    (rotten_header_alone, "damaged journal"),
    (deleted_decisions, "damaged journal"),
    (unended_compaction_of_decisions, "left over"),
    (unended_file, "left over"),
    (stray_file, "stray file"),
    (link_out, "stray file"),
    (unrecorded_file, "file without record"),
    (stale_file, "stale derived file"),
    (rotten_study, "damaged derived file"),
    (torn_rows, "damaged derived file"),
    (foreign_index, "damaged derived file"),
    (torn_pairs, "damaged derived file"),
    (torn_thumbnail, "damaged derived file"),
]


@pytest.mark.parametrize(("break_it", "kind"), BROKEN, ids=[one.__name__ for one, _ in BROKEN])
def test_what_is_broken_is_named_and_mended(
    catalog: Path, capsys: pytest.CaptureFixture[str], break_it: Callable[[Path], str], kind: str
) -> None:
    path = break_it(catalog)
    before = everything_in(catalog)
    code, found = findings(catalog, capsys)
    assert code == 1
    assert (kind, path, False) in found
    assert everything_in(catalog) == before, "a check changes nothing"
    code, found = findings(catalog, capsys, "--repair")
    assert (kind, path, True) in found
    assert (code, findings(catalog, capsys)) == (0, (0, []))


@pytest.mark.parametrize(
    "break_it", [stray_file, unrecorded_file, rotten_line, rotten_end, rotten_header, rotten_beginning]
)
def test_what_is_taken_away_is_set_aside(
    catalog: Path, capsys: pytest.CaptureFixture[str], break_it: Callable[[Path], str]
) -> None:
    path = catalog / break_it(catalog)
    body = path.read_bytes()
    findings(catalog, capsys, "--repair")
    if path.name == JOURNAL:
        aside = (catalog / f"{JOURNAL}.damaged").read_bytes()
        # Of a record that was put again, what it said before is left out.
        last = {line[9:].partition(b"\t")[0]: line for line in body.splitlines()}
        assert all(line in aside for line in set(last.values()) - set(path.read_bytes().splitlines()))
    else:
        aside_path = catalog / "set-aside" / path.relative_to(catalog / ORIGINALS)
        assert aside_path.read_bytes() == body
        assert not path.exists()


@pytest.mark.parametrize("break_it", [rotten_decision, rotten_decisions_end, rotten_decisions_header])
def test_decisions_that_rotted_are_set_aside_and_the_others_stay(
    catalog: Path, capsys: pytest.CaptureFixture[str], break_it: Callable[[Path], str]
) -> None:
    body = (catalog / break_it(catalog)).read_bytes()
    findings(catalog, capsys, "--repair")
    (rotten,) = set(body.splitlines()) - set((catalog / DECISIONS).read_bytes().splitlines())
    assert rotten in (catalog / f"{DECISIONS}.damaged").read_bytes()
    with open_store(catalog, read_only=True) as store:
        kept = {one.key for one in store.decisions()}
    assert kept == {"bb", "cc"} - {key for key in ("bb", "cc") if f'"{key}"]'.encode() in rotten}


def test_decisions_are_written_while_a_catalog_is_checked(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with others_kept_out(catalog):
        decide_twice(catalog)
    assert findings(catalog, capsys) == (0, [])


def test_an_original_whose_bytes_changed_is_set_aside_and_its_record_kept(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = originals(catalog)[0]
    change_byte(path, 500)
    place = path.relative_to(catalog).as_posix()
    assert findings(catalog, capsys)[1] == [
        ("wrong digest", place, False),
        ("record without file", place, False),
    ]
    code, found = findings(catalog, capsys, "--repair")
    assert (code, found) == (1, [("wrong digest", place, True), ("record without file", place, False)])
    assert (catalog / "set-aside" / path.relative_to(catalog / ORIGINALS)).is_file()
    assert findings(catalog, capsys)[1] == [("record without file", place, False)]


def test_a_record_that_was_lost_is_made_again_from_its_original(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(catalog, read_only=True) as store:
        before = {asset.sha256: replace(asset, first_seen="") for asset in store.assets()}
    body = (catalog / JOURNAL).read_bytes()
    change_byte(catalog / JOURNAL, body.index(b'["put","assets"') + 3)
    kinds = {kind for kind, _, _ in findings(catalog, capsys)[1]}
    assert kinds == {"damaged journal", "file without record", "unknown asset", "stale derived file"}
    assert findings(catalog, capsys, "--repair")[0] == 0
    with open_store(catalog, read_only=True) as store:
        # The time is the fetch's then, which ended a moment before the record was written.
        after: dict[str, AssetRecord] = {
            asset.sha256: replace(asset, first_seen="") for asset in store.assets() if asset.first_seen
        }
    assert after == before
    assert findings(catalog, capsys) == (0, [])


@pytest.mark.parametrize(("lose", "state"), [(emptied_journal, "empty"), (deleted_journal, "gone")])
def test_originals_stay_where_they_are_when_all_records_are_lost(
    catalog: Path, capsys: pytest.CaptureFixture[str], lose: Callable[[Path], str], state: str
) -> None:
    lose(catalog)
    for command in (["lookup", "--text", "ceremony"], ["harvest", "x.json"], ["export", "assets"]):
        assert main([*command, "--catalog", str(catalog)]) == 3
        told = capsys.readouterr().err
        assert f"it is {state}, though there are originals" in told
        assert "`photodesk check --repair`" in told
    kept = originals(catalog)
    assert findings(catalog, capsys, "--repair")[0] == 0
    assert originals(catalog) == kept
    assert main(["lookup", str(kept[0]), "--catalog", str(catalog)]) == 0
    assert "the same file" in capsys.readouterr().out


def test_places_of_an_empty_journal_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / JOURNAL).write_bytes(b"")
    (tmp_path / "derived").mkdir()
    (tmp_path / "derived" / JOURNAL_INDEX).write_bytes(b"old")
    assert findings(tmp_path, capsys) == (1, [("damaged derived file", f"derived/{JOURNAL_INDEX}", False)])


def test_a_hostile_name_is_named_and_steers_no_terminal(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsdecode(b"\xe9\x1b]0;owned\x07\n\xc2\x9b31m")
    (catalog / ORIGINALS / name).write_text("mine")
    assert main(["check", "--catalog", str(catalog)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("originals/?\ufffd]0;owned\ufffd\ufffd\ufffd31m: stray file\n")
    assert main(["check", "--json", "--catalog", str(catalog)]) == 1
    told = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(told)
    assert told.encode()
    assert json.loads(told)["findings"][0]["path"] == f"originals/{name}"


def test_a_folder_that_cannot_be_locked_is_checked_all_the_same(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (catalog / f"{JOURNAL}.lock").unlink(missing_ok=True)
    # No file can be made in its place, as on a read-only disk.
    (catalog / f"{JOURNAL}.lock").mkdir()
    assert main(["check", "--catalog", str(catalog)]) == 0
    output = capsys.readouterr()
    assert output.out.endswith(": whole\n")
    assert "what another process writes meanwhile may be told as a finding" in output.err
    assert main(["check", "--repair", "--catalog", str(catalog)]) == 3


def test_an_original_that_is_gone_is_brought_in_again_by_the_next_harvest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with harvested(tmp_path) as (catalog, sites):
        path = originals(catalog)[0]
        path.unlink()
        capsys.readouterr()
        assert main(["check", "--catalog", str(catalog)]) == 1
        assert "the next harvest of it fetches http://127.0.0.1" in capsys.readouterr().out
        pages = [
            site.url(path)
            for site, paths in zip(
                sites,
                (("/ceremony/", "/harvest/", "/alone/"), ("/gathering/", "/archive/", "/fields/")),
                strict=True,
            )
            for path in paths
        ]
        allowed = [part for one in sites for part in ("--allow-address", ":".join(map(str, one.host_port)))]
        assert main(["harvest", *pages, "--catalog", str(catalog), *allowed]) == 0
        assert findings(catalog, capsys) == (0, [])


def test_usages_of_what_is_nowhere_are_named(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(catalog) as store:
        store.put_usage(UsageRecord(key="lost", page="https://gone.example/", asset="5f" * 32))
    code, found = findings(catalog, capsys, "--repair")
    assert code == 1
    assert {kind for kind, _, mended in found if not mended} == {"unknown asset", "unknown page"}


def test_a_catalog_in_use_is_left_alone(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(catalog):
        for options in ([], ["--repair"]):
            assert main(["check", "--catalog", str(catalog), *options]) == 3
            assert "in use by process" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--repair"]])
def test_a_folder_that_is_no_catalog_is_refused_and_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["check", "--catalog", str(tmp_path), *options]) == 3
    assert str(tmp_path) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("options", [[], ["--repair"]])
def test_somebodys_folder_of_originals_is_no_catalog_that_lost_its_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    path = tmp_path / "originals" / "25" / "DSC_0001.jpg"
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    assert main(["check", "--catalog", str(tmp_path), *options]) == 3
    assert "there is no catalog here" in capsys.readouterr().err
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]
