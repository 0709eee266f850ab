"""What the documents say can be done: their links lead somewhere, their lines of shell run, in bash and in zsh."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from desks import harvested
from servers import Answer, Server

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
COMMANDS = ROOT / "docs" / "commands.md"

MOST_README_BYTES = 8192

FENCE = re.compile(r"^```(?P<info>\S.*)\n(?P<body>(?:.*\n)*?)^```$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)(?P<path>[^)#\s]*)(?:#(?P<heading>[^)\s]+))?\)")

# Why a block is not run: it downloads something, or only shows how something is used.
MARKS = {"network", "example"}

SHELLS = [shell for shell in ("bash", "zsh") if shutil.which(shell)]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of shell in a document, and why they are not run, if they are not."""

    document: str
    lines: tuple[str, ...]
    marks: tuple[str, ...]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path) -> Iterator[Block]:
    for fence in FENCE.finditer(path.read_text(encoding="utf-8")):
        language, *marks = fence["info"].split()
        lines = fence["body"].splitlines()
        if language == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        if language in {"sh", "console"}:
            yield Block(relative(path), tuple(lines), tuple(marks))


def examples_of_help() -> Iterator[str]:
    """The lines under "examples:" in the help of every command."""
    for part in re.findall(r"^examples:\n((?:  .*\n)+)", COMMANDS.read_text(encoding="utf-8"), re.MULTILINE):
        yield from (line.strip() for line in part.splitlines())


BLOCKS = [block for path in DOCUMENTS for block in blocks(path)]

# The lines that are run, each with the last document it stands in: what the README shows, a page shows again.
RUN = {line: block.document for block in BLOCKS if not block.marks for line in block.lines}


def headings(path: Path) -> set[str]:
    """What a heading is linked to by."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    named = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-") for name in named}


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_a_link_leads_to_a_file(path: Path) -> None:
    links = LINK.finditer(path.read_text(encoding="utf-8"))
    missing = [link[0] for link in links if link["path"] and not (path.parent / link["path"]).exists()]
    assert missing == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_a_link_leads_to_a_heading(path: Path) -> None:
    links = [link for link in LINK.finditer(path.read_text(encoding="utf-8")) if link["heading"]]
    missing = [
        link[0]
        for link in links
        if link["heading"] not in headings(path.parent / link["path"] if link["path"] else path)
    ]
    assert missing == []


def test_the_readme_is_short() -> None:
    assert (ROOT / "README.md").stat().st_size <= MOST_README_BYTES


def test_the_readme_leads_to_every_page() -> None:
    linked = {link["path"] for link in LINK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {relative(path) for path in DOCUMENTS} - linked == {"README.md"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_a_page_begins_with_what_it_is_for(path: Path) -> None:
    title, blank, purpose = path.read_text(encoding="utf-8").splitlines()[:3]
    assert title.startswith("# ")
    assert blank == ""
    assert purpose.endswith((".", ":"))


def test_the_reference_is_what_the_commands_say() -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "cli_reference.py", "--check"], check=True)


def test_lines_of_shell_stand_in_blocks_that_are_read() -> None:
    infos = [
        fence["info"].split()
        for path in DOCUMENTS
        for fence in FENCE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert {info[0] for info in infos} <= {"sh", "console", "text"}
    assert {mark for info in infos for mark in info[1:]} <= MARKS


def test_no_line_has_a_comment_behind_it() -> None:
    """An interactive zsh hands it to the command."""
    assert [line for block in BLOCKS for line in block.lines if re.search(r"(^|\s)#", line)] == []


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A folder with the files that lines name, in which every program only writes down what it was given."""
    for name in ("photo.jpg", "republished.jpg", "post.json", "page.html"):
        (tmp_path / name).touch()
    (tmp_path / "bundle").mkdir()
    (tmp_path / "scripts").mkdir()
    for script in (ROOT / "scripts").iterdir():
        if script.is_file():
            stub = tmp_path / "scripts" / script.name
            stub.write_text('#!/bin/sh\nprintf "<%s>" "$0" "$@" >>"$RECORD"\n')
            stub.chmod(0o755)
    return tmp_path


def given(shell: str, line: str, folder: Path) -> list[str]:
    """What the programs of a line are given, in no order: those of a pipe run at once."""
    record = folder / "record"
    record.write_text("")
    # In one piece: the programs of a pipe write at the same time.
    write_down = 'told=$(printf "<%s>" "$@"); printf "%s\\n" "$told" >>"$RECORD"'
    unknown = "".join(
        f"{name}() {{ {write_down}; }}\n"
        for name in ("command_not_found_handle", "command_not_found_handler")
    )
    found = shutil.which(shell)
    assert found
    done = subprocess.run(
        [found, *(["-f"] if shell == "zsh" else ["--norc"]), "-c", unknown + line],
        cwd=folder,
        env={"PATH": str(folder / "none"), "RECORD": str(record)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{shell}: {line}\n{done.stderr}"
    return sorted(record.read_text().splitlines())


@pytest.mark.skipif(len(SHELLS) < 2, reason="bash or zsh is not installed")
def test_bash_and_zsh_read_every_line_alike(recorder: Path) -> None:
    lines = {line for block in BLOCKS for line in block.lines} | set(examples_of_help())
    differing = [
        line for line in sorted(lines) if given("bash", line, recorder) != given("zsh", line, recorder)
    ]
    assert differing == []


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with a catalog and all that lines name, the program that they start, and what they call things."""

    folder: Path
    programs: Path
    names: dict[str, str]

    def called_here(self, line: str) -> str:
        for there, here in self.names.items():
            line = line.replace(there, here)
        return line


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    folder = tmp_path_factory.mktemp("workplace")
    with harvested(folder) as (catalog, (one, other)):
        catalog.rename(folder / "photodesk-catalog")
        names = {
            "https://news.example/uk/": one.url("/ceremony/"),
            "https://news.example/photo.jpg": one.url("/a.jpg"),
            "3d2f88e5c194": hashlib.sha256(body_of(one, "/a.jpg")).hexdigest()[:12],
        }
        write_inputs(folder, one)
        yield Workplace(folder, made_programs(tmp_path_factory.mktemp("programs"), one, other), names)


def body_of(server: Server, path: str) -> bytes:
    answer = server.routes[path]
    assert isinstance(answer, Answer)
    return answer.body


def write_inputs(folder: Path, server: Server) -> None:
    """What somebody may have saved of a site."""
    (folder / "republished.jpg").write_bytes(body_of(server, "/a-crop.jpg"))
    (folder / "photo.jpg").write_bytes(body_of(server, "/c.jpg"))
    (folder / "pictures").mkdir()
    shutil.copy(folder / "photo.jpg", folder / "pictures")
    (folder / "urls.txt").write_text(f"{server.url('/b.jpg')}\n")
    page = body_of(server, "/harvest/").decode()
    canonical = f"<head><link rel='canonical' href='{server.url('/harvest/')}'>"
    (folder / "page.html").write_text(page.replace("<head>", canonical))
    enclosure = f"<enclosure url='{server.url('/b.jpg')}' type='image/jpeg'/>"
    item = f"<item><link>{server.url('/feed/')}</link>{enclosure}</item>"
    (folder / "feed.xml").write_text(f"<rss version='2.0'><channel>{item}</channel></rss>")
    post = {
        "id": 1,
        "link": server.url("/post/"),
        "type": "post",
        "title": {"rendered": "A story"},
        "content": {"rendered": f"<p>A story.</p><img src='{server.url('/a-small.jpg')}' alt=''>"},
    }
    (folder / "post.json").write_text(json.dumps(post))
    (folder / "dump").mkdir()
    shutil.copy(folder / "post.json", folder / "dump")


def made_programs(folder: Path, *servers: Server) -> Path:
    """A folder with a `photodesk` that may ask these servers, with one worker, which is quick for few pictures."""
    allowed = " ".join(f"--allow-address={host}:{port}" for host, port in (one.host_port for one in servers))
    program = folder / "photodesk"
    program.write_text(
        f"""#!/bin/sh
case $1 in
    harvest|lookup) command=$1; shift; set -- "$command" --workers 1 {allowed} "$@" ;;
    duplicates|check|index) command=$1; shift; set -- "$command" --workers 1 "$@" ;;
esac
exec {sys.executable} -m catalog.cli "$@"
"""
    )
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("document", sorted(set(RUN.values())))
def test_what_needs_no_network_runs(document: str, workplace: Workplace, tmp_path: Path) -> None:
    """In the last shell there is, since each has been shown to read lines as the other does."""
    place = tmp_path / "place"
    shutil.copytree(workplace.folder, place)
    lines = [workplace.called_here(line) for line, where in RUN.items() if where == document]
    path = os.pathsep.join((str(workplace.programs), os.environ["PATH"]))
    done = subprocess.run(
        [SHELLS[-1], "-c", "\n".join(["set -exo pipefail", *lines])],
        cwd=place,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
