"""A catalog made by the version that went through sites by `modified`, and its next harvest.

`tests/data/old_catalog` was made by that version of `site` below, of which one picture answered 503 then.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import Answer, Server
from small_site import SmallSite

from catalog.cli import main
from catalog.store.catalog import open_store
from catalog.store.layout import JOURNAL, ORIGINALS

OLD = Path(__file__).parents[2] / "data" / "old_catalog"
OLD_ORIGIN = b"http://127.0.0.1:42179"
FILES = ("seven.jpg", "seven-two.jpg", "eight.jpg", "lead.jpg")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the catalog as it is."""
    return Path(shutil.copytree(OLD, tmp_path / "old"))


def pictures(old: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the site with its bytes as they were then: what draws them may be of another version today."""
    with open_store(old, read_only=True) as store:
        for usage in store.usages():
            asset = store.asset(usage.asset)
            if asset is not None:
                yield usage.url.rpartition("/")[2], (old / ORIGINALS / asset.original).read_bytes()


@pytest.fixture
def site(old: Path) -> SmallSite:
    site = SmallSite()
    for name, body in pictures(old):
        site.files[name] = Answer(body, content_type="image/jpeg")
    site.medium(
        1001,
        "lead.jpg",
        alt_text="The minister arrives",
        caption={"rendered": "<p>The minister arrives. Photo: A. Writer</p>"},
    )
    site.post(7, "seven.jpg", "seven-two.jpg")
    site.post(8, "eight.jpg", featured=1001, modified="2025-08-02T06:00:00")
    site.post(10, "ten.jpg", modified="2025-08-03T06:00:00")
    return site


@pytest.fixture
def server(site: SmallSite) -> Iterator[Server]:
    with site.running() as server:
        yield server


@pytest.fixture
def catalog(server: Server, tmp_path: Path) -> Path:
    """The old catalog, as if it had been made of this server."""
    catalog = Path(shutil.copytree(OLD, tmp_path / "catalog"))
    head, *lines = (OLD / JOURNAL).read_bytes().splitlines()
    bodies = [line[9:].replace(OLD_ORIGIN, server.url("").encode()) for line in lines]
    moved = [b"%08x %s" % (zlib.crc32(body), body) for body in bodies]
    (catalog / JOURNAL).write_bytes(b"\n".join([head, *moved, b""]))
    return catalog


def harvest(catalog: Path, server: Server) -> None:
    allowed = f"--allow-address={server.host_port[0]}:{server.host_port[1]}"
    command = [sys.executable, "-m", "catalog.cli", "harvest", "--catalog", catalog, allowed, server.url("/")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr


def changes(catalog: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["changes", "--catalog", str(catalog)]) == 0
    return capsys.readouterr().out.splitlines()


def test_its_uses_are_read(old: Path) -> None:
    with open_store(old, read_only=True) as store:
        found = {usage.url.rpartition("/")[2]: bool(usage.asset) for usage in store.usages()}
    assert found == dict.fromkeys(FILES, True) | {"ten.jpg": False}


def test_reading_it_changes_nothing(old: Path) -> None:
    before = {path.name: path.read_bytes() for path in old.iterdir() if path.is_file()}
    main(["export", "decisions", "--catalog", str(old)])
    main(["check", "--catalog", str(old)])
    after = {path.name: path.read_bytes() for path in old.iterdir() if path.is_file()}
    assert {name: body for name, body in after.items() if not name.endswith(".lock")} == before


def test_it_is_decided_about(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_store(old, read_only=True) as store:
        first, second, *_ = store.sha256s()
    assert main(["decide", first[:12], second[:12], "same", "--by", "Ada", "--catalog", str(old)]) == 0
    capsys.readouterr()
    assert main(["export", "decisions", "--catalog", str(old)]) == 0
    assert '"decision":"same"' in capsys.readouterr().out.replace(" ", "")
    # What earlier versions refuse as a later one's.
    assert (old / JOURNAL).read_bytes().startswith(b'["photodesk-catalog",2]\n')


def test_its_failures_are_told(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["failures", "--catalog", str(catalog)])
    assert "/up/ten.jpg: server error (HTTP 503)" in capsys.readouterr().out


def test_the_next_harvest_of_a_site_that_is_as_it_was_tells_no_change(
    catalog: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    harvest(catalog, server)
    assert changes(catalog, capsys) == []


def test_the_next_harvest_reads_every_post(catalog: Path, server: Server) -> None:
    harvest(catalog, server)
    with open_store(catalog, read_only=True) as store:
        assert {page.post_id: page.read for page in store.pages()} == {
            7: "2025-08-01T06:00:00Z",
            8: "2025-08-02T06:00:00Z",
            10: "2025-08-03T06:00:00Z",
        }


def test_the_next_harvest_has_each_use_once_and_with_its_picture(catalog: Path, server: Server) -> None:
    harvest(catalog, server)
    with open_store(catalog, read_only=True) as store:
        found = [
            (usage.url.rpartition("/")[2], bool(usage.asset), usage.withdrawn) for usage in store.usages()
        ]
    assert sorted(found) == [(name, True, "") for name in sorted([*FILES, "ten.jpg"])]


def test_a_post_that_was_deleted_meanwhile_is_found_gone(
    site: SmallSite, catalog: Path, server: Server
) -> None:
    del site.posts["post"][7]
    harvest(catalog, server)
    with open_store(catalog, read_only=True) as store:
        assert [page.post_id for page in store.pages() if page.gone] == [7]


def test_a_caption_that_was_edited_meanwhile_is_told_once(
    site: SmallSite, catalog: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    site.media[1001]["caption"] = {"rendered": "<p>The minister leaves. Photo: A. Writer</p>"}
    harvest(catalog, server)
    (told,) = changes(catalog, capsys)
    assert "The minister leaves" in told


def test_the_harvest_after_that_has_nothing_to_read(catalog: Path, server: Server) -> None:
    harvest(catalog, server)
    before = len(server.requests)
    harvest(catalog, server)
    asked = [request.target for request in server.requests[before:]]
    assert not [target for target in asked if "include=" in target or "/up/" in target]
