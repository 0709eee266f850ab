"""Local inputs: files, folders and standard input become documents; one bad file costs that file."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pytest

from assets.model import Document, DocumentKind, Failure, Reason
from assets.sources.local import read_sources

POST = {"id": 7, "title": {"rendered": "Kim"}, "content": {"rendered": ""}, "featured_media": 0}
PNG = b"\x89PNG\r\n\x1a\n"


def read(*inputs: str | Path, stdin: bytes = b"", base_url: str = "") -> list[Document | Failure]:
    marks = frozenset({"originals", "catalog.jsonl"})
    return list(read_sources([str(given) for given in inputs], io.BytesIO(stdin), base_url, marks))


def failure(*inputs: str | Path) -> Failure:
    found = read(*inputs)
    assert len(found) == 1
    assert isinstance(found[0], Failure)
    return found[0]


def write(path: Path, content: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_file_is_a_document(tmp_path: Path) -> None:
    path = write(tmp_path / "post.json", POST)
    assert read(path) == [Document(str(path), DocumentKind.WORDPRESS, value=POST)]


def test_a_packed_file_is_read_by_its_content(tmp_path: Path) -> None:
    path = write(tmp_path / "dump.json.gz", gzip.compress(json.dumps([POST, POST]).encode()))
    assert [part.value for part in read(path) if isinstance(part, Document)] == [POST, POST]


def test_standard_input_is_a_document() -> None:
    assert read("-", stdin=json.dumps(POST).encode()) == [Document("-", DocumentKind.WORDPRESS, value=POST)]


def test_saved_pages_get_the_address_the_user_gave(tmp_path: Path) -> None:
    path = write(tmp_path / "story.html", b"<html></html>")
    document = read(path, base_url="https://news.example/story/")[0]
    assert isinstance(document, Document)
    assert document.url == "https://news.example/story/"


def test_a_picture_is_known_by_its_absolute_path_and_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "kim.png", PNG)
    monkeypatch.chdir(tmp_path)
    assert read("kim.png") == [Document("kim.png", DocumentKind.PICTURE, path=str(tmp_path / "kim.png"))]


def test_a_picture_on_standard_input_has_no_file() -> None:
    found = read("-", stdin=PNG)[0]
    assert isinstance(found, Failure)
    assert found.reason is Reason.UNKNOWN_FORMAT


def test_a_folder_is_read_to_its_depth_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.png", "a/z.png", "a/10.png", "c/d/e.png", "B.png"):
        write(tmp_path / name, PNG)
    found = [os.path.relpath(part.source, tmp_path) for part in read(tmp_path) if isinstance(part, Document)]
    assert found == ["B.png", "a/10.png", "a/z.png", "b.png", "c/d/e.png"]


def test_a_file_in_a_folder_is_named_as_it_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "dump" / "a" / "post.json", POST)
    monkeypatch.chdir(tmp_path)
    part = read("dump")[0]
    assert isinstance(part, Document)
    assert part.source == os.path.join("dump", "a", "post.json")


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.png", ".cache/a.png", "._a.png"):
        write(tmp_path / name, PNG)
    assert failure(tmp_path).reason is Reason.EMPTY


def test_a_catalog_in_the_folder_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "photodesk-catalog" / "originals" / "5f" / "5f0c.png", PNG)
    write(tmp_path / "photodesk-catalog" / "catalog.jsonl", b"")
    write(tmp_path / "kim.png", PNG)
    assert [part.source for part in read(tmp_path) if isinstance(part, Document)] == [
        str(tmp_path / "kim.png")
    ]
    assert failure(tmp_path / "photodesk-catalog").reason is Reason.PASSED_OVER


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"Plain words.", Reason.UNKNOWN_FORMAT), (b"", Reason.EMPTY), (b"[]", Reason.EMPTY)],
)
def test_what_is_no_input_is_passed_over_in_a_folder_and_a_failure_when_named(
    tmp_path: Path, content: bytes, reason: Reason
) -> None:
    path = write(tmp_path / "notes.txt", content)
    assert failure(path).reason is reason
    assert failure(tmp_path).reason is Reason.PASSED_OVER
    assert failure(tmp_path).address == str(path)


def test_a_bad_file_in_a_folder_costs_that_file(tmp_path: Path) -> None:
    write(tmp_path / "a.json", b'{"id": 1, "title"')
    write(tmp_path / "b.json", POST)
    found = read(tmp_path)
    assert isinstance(found[0], Failure)
    assert found[0].reason is Reason.MALFORMED
    assert isinstance(found[1], Document)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    found = failure(tmp_path / "nothing.json")
    assert (found.reason, found.address) == (Reason.NOT_FOUND, str(tmp_path / "nothing.json"))
    assert failure(write(tmp_path / "a.json", POST) / "b").reason is Reason.NOT_FOUND


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000])
def test_a_name_that_no_file_can_have_is_a_failure(name: str) -> None:
    assert failure(name).reason in (Reason.NOT_FOUND, Reason.UNREADABLE)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    path = write(tmp_path / "post.json", POST)
    path.chmod(0)
    assert failure(path).reason is Reason.UNREADABLE


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert failure(tmp_path / "pipe").reason is Reason.UNREADABLE
    assert failure(tmp_path).reason is Reason.UNREADABLE


def test_a_device_is_not_read() -> None:
    assert failure("/dev/zero").reason is Reason.UNREADABLE


def test_a_link_that_leads_to_itself_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert failure(tmp_path).reason is Reason.UNREADABLE


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    write(tmp_path / "a" / "kim.png", PNG)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert [part.source for part in read(tmp_path) if isinstance(part, Document)] == [
        str(tmp_path / "a" / "kim.png")
    ]


def test_a_link_to_nothing_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "gone.json").symlink_to(tmp_path / "nothing.json")
    assert failure(tmp_path).reason is Reason.NOT_FOUND


def test_a_name_that_is_no_text_is_a_failure_that_can_be_printed(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(PNG)
    except OSError:
        pytest.skip("this file system takes no such name")
    found = failure(tmp_path)
    assert found.reason is Reason.UNREADABLE
    assert found.address == str(tmp_path / "caf\ufffd.png")


def test_all_inputs_are_read_in_their_order(tmp_path: Path) -> None:
    one, two = write(tmp_path / "1.json", POST), write(tmp_path / "2.json", POST)
    found = read(two, "nothing", one, "-", stdin=b"https://a.example/b.jpg\n")
    assert [part.source if isinstance(part, Document) else part.address for part in found] == [
        str(two),
        "nothing",
        str(one),
        "-",
    ]


def test_a_long_dump_is_read_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for number in range(20_000):
            file.write(json.dumps({**POST, "id": number}).encode() + b"\n")
    parts = read_sources([str(path)], io.BytesIO())
    first = next(parts)
    assert isinstance(first, Document)
    assert first.value == {**POST, "id": 0}
    assert sum(1 for _ in parts) == 19_999
