"""A site of one's own that lets nobody in without a password, harvested; the password shows nowhere."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Request, Server

from catalog.cli import main

WORDS = "abcd efgh ijkl mnop"
HEADER = f"Basic {base64.b64encode(f'ada:{WORDS}'.encode()).decode()}"
POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture
def site() -> Iterator[Server]:
    """A site with a post and its picture, both behind a password."""
    with Server() as server:

        def guarded(request: Request) -> Answer:
            if request.headers.get("authorization") != HEADER:
                return Answer(b'{"code": "no", "message": "No.", "data": {"status": 401}}', status=401)
            if request.path == "/a.jpg":
                return Answer(jpeg_bytes(photo(1)), content_type="image/jpeg")
            post = {
                "id": 7,
                "type": "post",
                "link": server.url("/7/"),
                "title": {"rendered": "A story"},
                "content": {"rendered": f'<img src="{server.url("/a.jpg")}">'},
                "featured_media": 0,
            }
            return Answer(json.dumps([post]).encode(), content_type="application/json")

        server.routes |= {POSTS: guarded, "/a.jpg": guarded}
        yield server


def passwords(folder: Path, site: Server, mode: int = 0o600) -> str:
    path = folder / "passwords"
    path.write_text(f"{site.base} ada:{WORDS}\n")
    path.chmod(mode)
    return str(path)


def harvest(site: Server, folder: Path, *arguments: str) -> int:
    allowed = f"--allow-address={site.host}:{site.port}"
    return main(
        ["harvest", site.url(POSTS), allowed, "--catalog", str(folder / "catalog"), "--json", *arguments]
    )


def test_an_own_site_is_harvested_with_its_password(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert harvest(site, tmp_path, "--credentials", passwords(tmp_path, site)) == 0
    assert json.loads(capsys.readouterr().out)["fetched"] == 1


def test_a_netrc_lets_in_too(site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "netrc"
    path.write_text(f'machine {site.host}:{site.port} login ada password "{WORDS}"\n')
    path.chmod(0o600)
    assert harvest(site, tmp_path, "--netrc", str(path)) == 0
    assert json.loads(capsys.readouterr().out)["fetched"] == 1


def test_without_a_password_it_is_closed(site: Server, tmp_path: Path) -> None:
    assert harvest(site, tmp_path) == 1


def test_the_password_is_in_no_output_no_log_and_no_file_of_the_catalog(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    harvest(site, tmp_path, "--credentials", passwords(tmp_path, site))
    printed = "".join(capsys.readouterr())
    kept = b"".join(path.read_bytes() for path in (tmp_path / "catalog").rglob("*") if path.is_file())
    for secret in (WORDS, HEADER.split()[1]):
        assert secret not in printed + caplog.text
        assert secret.encode() not in kept


def test_the_password_is_in_no_line_of_a_dry_run(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert harvest(site, tmp_path, "--credentials", passwords(tmp_path, site), "--dry-run") == 0
    assert WORDS not in "".join(capsys.readouterr())


def test_a_file_that_others_may_read_is_a_usage_error(
    site: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        harvest(site, tmp_path, "--credentials", passwords(tmp_path, site, 0o644))
    assert ended.value.code == 2
    assert "others may read it" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["harvest", "lookup"])
def test_a_password_in_an_address_is_refused_and_not_repeated(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "https://ada:secret@news.example/", "--catalog", str(tmp_path)])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert "--credentials FILE" in told
    assert "secret" not in told


def test_an_input_that_netrc_would_take_for_its_file_is_told(
    site: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["harvest", "--netrc", site.url(POSTS)])
    assert "put inputs before it" in capsys.readouterr().err
