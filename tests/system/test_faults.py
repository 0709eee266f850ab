"""What goes wrong around a harvest: a full disk, a folder that cannot be written, the clock put back, a server gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from patience import PATIENCE_SECONDS, until
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from assets import Collected, Fetch, ImageReference, Outcome, Page, Reading, Role
from catalog.check import check
from catalog.harvest.ledger import Ledger
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore

Mounted = Callable[[str], None]
PICTURES = 30


def harvest(catalog: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "catalog.cli", "harvest", "--catalog", catalog, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def commanded(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "catalog.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


def decide(catalog: Path) -> subprocess.CompletedProcess[str]:
    with open_store(catalog, read_only=True) as store:
        first, second, *_ = (asset.sha256 for asset in store.assets())
    command = [
        sys.executable,
        "-m",
        "catalog.cli",
        "decide",
        first,
        second,
        "different",
        "--catalog",
        catalog,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)


def allowing(server: Server) -> str:
    return f"--allow-address={server.host_port[0]}:{server.host_port[1]}"


def listed(folder: Path, server: Server) -> Path:
    path = folder / "addresses.txt"
    path.write_text("".join(f"{server.url(f'/{number}.jpg')}\n" for number in range(PICTURES)))
    return path


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    bodies = {
        f"/{number}.jpg": Answer(jpeg_bytes(photo(number, 320, 240)), content_type="image/jpeg")
        for number in range(PICTURES)
    }
    with Server(bodies) as server:
        yield server


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Path, Mounted]]:
    """A file system of its own in memory, and how to mount it anew with other options."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", options, "photodesk-test", str(folder)]
        return (
            shutil.which("mount") is not None
            and not subprocess.run(command, capture_output=True, check=False).returncode
        )

    if not mount("size=400k"):
        pytest.skip("mounting a small file system needs rights that are not there")

    def again(options: str) -> None:
        assert mount(f"remount,{options}")

    try:
        yield folder, again
    finally:
        subprocess.run(["umount", str(folder)], check=False)


@pytest.mark.parametrize("kilobytes", [100, 350, 600, 850])
def test_a_full_disk_is_told_and_nothing_is_lost_or_half_written(
    small_disk: tuple[Path, Mounted], site: Server, tmp_path: Path, kilobytes: int
) -> None:
    """Whoever writes when the disk is full: originals, studies, records or the index."""
    folder, mount_again = small_disk
    mount_again(f"size={kilobytes}k")
    catalog, addresses = folder / "catalog", listed(tmp_path, site)
    done = harvest(catalog, addresses, allowing(site))
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert str(folder) in done.stderr
    with open_store(catalog, read_only=True) as store:
        assert store.damage == []
        kept = {asset.sha256 for asset in store.assets()}
    mount_again("size=50m")
    assert harvest(catalog, addresses, allowing(site)).returncode == 0
    with open_store(catalog, read_only=True) as store:
        assert kept <= {asset.sha256 for asset in store.assets()}
        assert store.counts()["assets"] == PICTURES
    assert check(catalog).findings == []


def test_a_folder_that_cannot_be_written_is_told_and_can_be_read(
    small_disk: tuple[Path, Mounted], site: Server, tmp_path: Path
) -> None:
    folder, mount_again = small_disk
    mount_again("size=50m")
    catalog, addresses = folder / "catalog", listed(tmp_path, site)
    assert harvest(catalog, addresses, allowing(site)).returncode == 0
    mount_again("ro")
    checked = commanded("check", "--catalog", catalog)
    assert (checked.returncode, checked.stdout.endswith(": whole\n")) == (0, True)
    assert "Read-only file system" in checked.stderr
    for done in (harvest(catalog, addresses, allowing(site)), decide(catalog)):
        assert done.returncode == 3
        assert "Read-only file system" in done.stderr
        assert "Traceback" not in done.stderr
    command = [
        sys.executable,
        "-m",
        "catalog.cli",
        "lookup",
        addresses.with_name("a.jpg"),
        "--catalog",
        catalog,
    ]
    addresses.with_name("a.jpg").write_bytes(jpeg_bytes(photo(3, 320, 240)))
    found = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert ": used" in found.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_without_the_right_to_write_is_told(tmp_path: Path, site: Server) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o555)
    done = harvest(folder / "catalog", listed(tmp_path, site), allowing(site))
    assert done.returncode == 3
    assert "Permission denied" in done.stderr


def test_a_server_that_goes_costs_its_addresses_and_the_next_harvest_brings_them(tmp_path: Path) -> None:
    body = jpeg_bytes(photo(1, 320, 240))
    # Half of them are not answered before the server goes.
    slow = {
        f"/{number}.jpg": Answer(body + bytes([number]), content_type="image/jpeg", delay_seconds=delay)
        for number, delay in enumerate([0] * (PICTURES // 2) + [3600] * (PICTURES // 2))
    }
    catalog = tmp_path / "catalog"
    with Server(slow) as server:
        port, addresses = server.port, listed(tmp_path, server)
        command = [
            sys.executable,
            "-m",
            "catalog.cli",
            "harvest",
            "--catalog",
            catalog,
            addresses,
            allowing(server),
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        until(lambda: len(server.paths) > PICTURES // 2 or process.poll() is not None)
        assert process.poll() is None
    _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1
    assert "Traceback" not in told
    with open_store(catalog, read_only=True) as store:
        ends = [store.fetch(f"http://127.0.0.1:{port}/{number}.jpg") for number in range(PICTURES)]
    assert all(one is not None for one in ends)
    failed = {one.reason for one in ends if one is not None and one.outcome == "failed"}
    assert failed
    assert failed <= {"connect", "connection lost", "truncated", "robots"}


# The clock


def _seen_at(store: EmbeddedStore, at: str, caption: str) -> None:
    page = Page("a.html", url="https://news.example/a/", site="news.example")
    reference = ImageReference("https://news.example/a.jpg", Role.CONTENT, caption=caption)
    ledger = Ledger(store, "inputs", ["a.html"], now=lambda: at)
    fetch = Fetch(reference.url, Outcome.FETCHED, at, sha256="5f" * 32)
    with store.batch():
        ledger.note_page(Reading(page, [reference], []))
        ledger.note_collected(Collected(fetch))
        ledger.note_usage(page, reference, "5f" * 32)
        ledger.note_end({}, finished=True)


def test_a_clock_that_was_put_back_undoes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path / "catalog") as store:
        _seen_at(store, "2026-05-02T10:00:00Z", "Before")
        _seen_at(store, "2026-01-01T00:00:00Z", "After")
        (usage,) = store.usages()
        (page,) = store.pages()
    assert usage.caption == "After"
    assert usage.history[0]["caption"] == "Before"
    for record in (usage, page):
        assert (record.first_seen, record.last_seen) == ("2026-01-01T00:00:00Z", "2026-05-02T10:00:00Z")
