"""The command: arguments, exit codes, what goes to which stream."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest
from patience import PATIENCE_SECONDS, until
from servers import Answer, Server

from catalog.cli import main
from catalog.cli.main import COMMANDS
from catalog.model import AssetRecord, DecisionRecord, FetchRecord, PageRecord, UsageRecord
from catalog.store.catalog import open_store
from catalog.store.layout import JOURNAL


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A catalog with one record of each kind."""
    folder = tmp_path / "desk"
    with open_store(folder) as store:
        store.put_asset(AssetRecord(sha256="5f0c", width=640, height=480, fingerprints={"phash64": "ff"}))
        store.put_usage(UsageRecord(key="u", page="https://a.example/1", alt="Kim’s visit", asset="5f0c"))
        store.put_fetch(FetchRecord(url="https://a.example/k.jpg", outcome="fetched", status=200))
    return folder


@pytest.mark.parametrize("arguments", [[], ["harvest"], ["nonsense"], ["harvest", "x", "--limit", "0"]])
def test_what_cannot_be_understood_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: photodesk" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "yesterday"], "'yesterday' is no date like 2025-08-01"),
        (["--base-url", "ftp://a.example/"], "'ftp://a.example/' is not a web address"),
        (["--allow-address", "localhost"], "localhost"),
        (["--types", "posts,"], "'posts,' is no list of types like posts,pages"),
        (["--reconcile", "0"], "'0' is no number of days above 0"),
        (["--reconcile", "soon"], "'soon' is no number of days above 0"),
        (["--check-files", "post.json"], "put inputs before this option"),
    ],
)
def test_a_bad_argument_is_named(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["harvest", "post.json", *arguments])
    assert raised.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["duplicates", "--relation", "cousin"], "invalid choice: 'cousin'"),
        (["duplicates", "--format", "xml"], "invalid choice: 'xml'"),
        (["duplicates", "--since", "2025-13-01"], "'2025-13-01' is no date like 2025-08-01"),
        (["duplicates", "--since", "0001-01-01T00:00+05:00"], "is no date like"),
        (["duplicates", "--workers", "0"], "'0' is not a number above 0"),
        (["evidence", "3d2f"], "required: -o/--output"),
        (["evidence", "-o", "b.zip"], "required: CLUSTER"),
        (["changes", "--since", "yesterday"], "'yesterday' is no date like 2025-08-01"),
    ],
)
def test_a_bad_argument_of_a_report_is_named(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("command", ["harvest", "lookup", "duplicates"])
def test_an_unknown_option_is_told_with_the_usage_of_its_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main([command, "x.jpg", "--sinec", "2025-08-01"])
    assert raised.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith(f"usage: photodesk {command} ")
    assert f"photodesk {command}: error: unrecognized arguments: " in told
    assert "--sinec" in told


@pytest.mark.parametrize(
    "arguments", [["duplicates"], ["evidence", "5f0c", "-o", "b.zip"], ["changes"], ["failures"]]
)
def test_reporting_on_nothing_is_an_outside_fault(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--catalog", str(tmp_path / "none")]) == 3
    assert "there is no catalog here" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_each_command_shows_examples_in_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as raised:
            main([command, "--help"])
        assert raised.value.code == 0
        assert f"examples:\n  photodesk {command}" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_named_and_is_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["harvest", str(tmp_path / "none.json"), "--dry-run"])
    output = capsys.readouterr()
    assert code == 1
    assert output.out == ""
    assert f"{tmp_path}/none.json: not found" in output.err
    assert output.err.count("none.json") == 1


def test_a_dry_run_tells_the_names_in_a_credit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    caption = "<figcaption>A quay. Photo: Jane Doe/AP</figcaption>"
    post = {
        "id": 7,
        "link": "https://a.example/7/",
        "date_gmt": "2025-08-04T08:00:00",
        "type": "post",
        "title": {"rendered": "Ferry"},
        "content": {"rendered": f"<figure><img src='/k.jpg'>{caption}</figure>"},
    }
    (tmp_path / "post.json").write_text(json.dumps(post))
    assert main(["harvest", str(tmp_path / "post.json"), "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (told["credit"], told["gallery_caption"]) == ("Jane Doe/AP", "")
    assert told["credits"] == [{"name": "Jane Doe", "role": "photographer"}, {"name": "AP", "role": "agency"}]


def test_exporting_from_nowhere_is_an_outside_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "assets", "--catalog", str(tmp_path / "none")]) == 3
    output = capsys.readouterr()
    assert output.out == ""
    assert "there is no catalog here" in output.err


@pytest.mark.parametrize(
    "command",
    [
        ["harvest", "x.json"],
        ["lookup", "--text", "Kim"],
        ["decide", "5f0c", "91be", "same"],
        ["export", "assets"],
        ["index"],
        ["check"],
        ["check", "--repair"],
        ["duplicates"],
        ["changes"],
        ["serve", "--port", "0"],
    ],
    ids=" ".join,
)
def test_a_file_in_the_place_of_a_catalog_is_told(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_text("mine")
    (tmp_path / "astray").symlink_to("nowhere")
    for path in (file, tmp_path / "astray"):
        assert main([*command, "--catalog", str(path)]) == 3
        assert capsys.readouterr().err == f"photodesk: {path}: it is no folder; a catalog is one\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["astray", "photo.jpg"]
    assert file.read_text() == "mine"


def test_a_catalog_in_use_is_an_outside_fault(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(desk):
        assert main(["harvest", str(desk.parent / "x.json"), "--catalog", str(desk)]) == 3
    assert "in use by process" in capsys.readouterr().err


def test_the_catalog_is_taken_from_the_environment(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PHOTODESK_CATALOG", str(desk))
    assert main(["export", "assets"]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == "5f0c"


def test_json_lines_hold_whole_records(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "usages", "--catalog", str(desk)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert UsageRecord.from_json(json.loads(line)).alt == "Kim’s visit"


def test_csv_begins_with_its_columns(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "fetches", "--catalog", str(desk), "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["url"], row["status"], row["reason"]) == ("https://a.example/k.jpg", "200", "")


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        (" ＠SUM(1)", "' ＠SUM(1)"),
        ("Kim;=1+1", "Kim;'=1+1"),
        ("two\r\nlines\x1b[0m", "two lines[0m"),
        ("\u202e=1\u2069 photo\u202egpj.exe", "'=1 photogpj.exe"),
    ],
)
def test_no_cell_of_csv_begins_a_formula_or_a_line(
    desk: Path, caption: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(desk) as store:
        store.put_usage(UsageRecord(key="u", page="p", caption=caption))
    assert main(["export", "usages", "--catalog", str(desk), "--format", "csv"]) == 0
    output = capsys.readouterr().out
    (row,) = csv.DictReader(io.StringIO(output, newline=""))
    assert row["caption"] == told
    assert output.count("\r\n") == output.count("\n") == 2


def test_json_lines_hold_a_text_as_it_is(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(desk) as store:
        store.put_usage(UsageRecord(key="u", page="p", caption="=1\n2"))
    assert main(["export", "usages", "--catalog", str(desk)]) == 0
    assert json.loads(capsys.readouterr().out)["caption"] == "=1\n2"


def commanded(
    *arguments: str | Path, stdout: int | IO[str], env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "catalog.cli", *arguments]
    return subprocess.run(
        command,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        env=env,
    )


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    with open_store(tmp_path / "desk") as store, store.batch():
        for number in range(20_000):
            store.put_asset(AssetRecord(sha256=f"{number:064}"))
    command = [sys.executable, "-m", "catalog.cli", "export", "assets", "--catalog", tmp_path / "desk"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("command", [["duplicates", "--format=csv"], ["check"], ["lookup", "--text", "Kim"]])
def test_a_reader_that_is_gone_before_anything_is_told_is_no_error(
    tmp_path: Path, command: list[str]
) -> None:
    open_store(tmp_path / "desk").close()
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = commanded(*command, "--catalog", tmp_path / "desk", stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "command", [["duplicates", "--format", "csv"], ["check"], ["export", "assets", "--format", "csv"]]
)
def test_output_that_a_full_disk_does_not_take_is_an_outside_fault(
    tmp_path: Path, command: list[str], unbuffered: str
) -> None:
    open_store(tmp_path / "desk").close()
    with Path("/dev/full").open("w") as full:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = commanded(*command, "--catalog", tmp_path / "desk", stdout=full, env=environment)
    assert (done.returncode, done.stderr) == (3, "photodesk: standard output: No space left on device\n")


def test_streams_that_the_parent_closed_are_not_the_catalogs_files(tmp_path: Path) -> None:
    """The journal would be opened as number 1 or 2, where libraries write their warnings."""
    shell = 'exec "$0" -m catalog.cli "$@" <&- >&- 2>&-'
    arguments = ["harvest", "-", tmp_path / "none.json", "--catalog", tmp_path / "c"]
    done = subprocess.run(
        ["sh", "-c", shell, sys.executable, *arguments], timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 1
    with open_store(tmp_path / "c", read_only=True) as store:
        assert (store.damage, store.torn) == ([], 0)
        assert {fetch.outcome for fetch in store.fetches()} == {"failed"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_any_command_without_a_word(desk: Path, number: signal.Signals) -> None:
    with Server({"/a.jpg": Answer(b"", delay_seconds=3600)}) as server:
        allowed = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
        command = [sys.executable, "-m", "catalog.cli", "lookup", server.url("/a.jpg"), allowed]
        with subprocess.Popen(
            [*command, "--catalog", desk], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            until(lambda: "/a.jpg" in server.paths or process.poll() is not None)
            process.send_signal(number)
            output = process.communicate(timeout=PATIENCE_SECONDS)
    assert (process.returncode, output) == (130, ("", ""))


# Reading drops control characters; a record may have them all the same, as one of an older version.
STEERING = "\x1b]0;owned\x07\x9b31m\r\x7f\u202e\u2066\u2069\u200e\u200f\u061c"
DIRECTIONS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.mark.parametrize(
    "command",
    [
        ["lookup", "--text", "owned"],
        ["lookup", "--text", "owned", "--json"],
        ["lookup", f"{STEERING}.jpg"],
        ["decide", STEERING, "5f0c", "same"],
        ["changes", "--since", "2025-01-01"],
        ["changes", "--since", "2025-01-01", "--json"],
        ["duplicates"],
        ["duplicates", "--format", "json"],
        ["check"],
        ["check", "--json"],
        *(["export", kind] for kind in ("usages", "pages", "fetches", "decisions")),
        ["export", "usages", "--format", "csv"],
        ["harvest", f"{STEERING}.json", "--dry-run"],
    ],
    ids=lambda command: " ".join(command).replace(STEERING, "steering"),
)
def test_escape_codes_in_a_record_do_not_reach_the_terminal(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = [{"until": "2025-02-01T12:00:00Z", "caption": f"before {STEERING}"}]
    said = {"caption": STEERING, "alt": STEERING, "credit": STEERING, "url": STEERING, "history": before}
    seen = {"first_seen": "2025-02-01T00:00:00Z", "last_seen": "2025-02-02T00:00:00Z"}
    pair = {"key": "k", "first": "5f0c", "second": "91be"}
    decision = DecisionRecord(**pair, decision="same", note=STEERING, by=STEERING)
    with open_store(tmp_path) as store:
        for sha256 in ("5f0c", "91be"):
            store.put_asset(AssetRecord(sha256=sha256, original=f"{sha256}.jpg"))
            page = f"https://a.example/{STEERING}{sha256}"
            store.put_page(PageRecord(key=page, url=page, site=STEERING, title=STEERING, **seen))
            store.put_usage(UsageRecord(key=sha256, page=page, asset=sha256, site=STEERING, **said, **seen))
        store.put_fetch(FetchRecord(url=STEERING, outcome="failed", detail=STEERING))
        store.put_decision(decision)
    main([*command, "--catalog", str(tmp_path)])
    output = capsys.readouterr()
    told = (output.out + output.err).replace("\r\n", "\n")
    assert "owned" in told
    assert [one for one in told if one != "\n" and (ord(one) < 32 or 127 <= ord(one) < 160)] == []
    assert DIRECTIONS & set(told) == set()


def test_help_needs_neither_sockets_nor_codecs() -> None:
    code = "import sys; from catalog.cli import main\ntry: main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded & {"aiohttp", "PIL", "numpy", "lxml", "tinydb", "rich", "orjson"} == set()


def test_a_list_of_addresses_is_read_without_the_parsers_of_feeds() -> None:
    code = (
        "import sys; from assets import read_documents; from assets.model import Document, DocumentKind\n"
        "list(read_documents([Document('-', DocumentKind.ADDRESSES, b'https://a.example/1.jpg')]))\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"feedparser", "assets.posts.feeds", "assets.articles.article"} == set()


def test_a_run_without_a_terminal_prints_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "urls.txt").write_text("https://a.example/\n")
    command = [sys.executable, "-m", "catalog.cli", "harvest", tmp_path / "none", "--catalog", tmp_path / "c"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "TERM": "xterm"}
    )
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[1] == "failed: 1 not found"


def test_of_what_is_logged_the_command_prints_our_own_mistakes_alone() -> None:
    code = (
        "import logging; from catalog.cli.main import _print_only_mistakes\n"
        "_print_only_mistakes()\n"
        "logging.getLogger('catalog.store').warning('a line was torn')\n"
        "logging.getLogger('assets.http').error('a mistake')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "a mistake\n"


def test_a_torn_end_that_is_cut_off_is_not_printed(desk: Path) -> None:
    with (desk / JOURNAL).open("ab") as file:
        file.write(b"torn")
    command = [sys.executable, "-m", "catalog.cli", "index", "--catalog", str(desk)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "torn" not in done.stderr
    assert "cut off" not in done.stderr
