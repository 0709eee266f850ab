"""A site that tries everything at once, harvested by the command: the canary beside it is never reached."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from pictures import jpeg_bytes, photo
from servers import Answer, Line, Request, Server, redirect

from catalog.check import check
from catalog.store.catalog import open_store

# Ways to write 127.0.0.2, where the canary is, and names for this machine.
SPELLINGS = (
    "127.0.0.2",
    "2130706434",
    "0177.0.0.2",
    "0x7f.0.0.2",
    "0x7f000002",
    "127.2",
    "１２７.０.０.２",
    "127。0。0。2",
    "[::ffff:127.0.0.2]",
    "[::ffff:7f00:2]",
    "[64:ff9b::7f00:2]",
    "[2002:7f00:2::1]",
    "user:secret@127.0.0.2",
)

FOREIGN = (
    "file:///etc/passwd",
    "gopher://127.0.0.2/a.jpg",
    "ftp://127.0.0.2/a.jpg",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/a.jpg",
    "http://[fd00:ec2::254]/a.jpg",
)

PROSE = "<p>" + "The ceremony took place in the capital on Sunday, and thousands came. " * 8 + "</p>"
PICTURE = jpeg_bytes(photo(7, 320, 240))
BOMB = (
    b"RIFF"
    + struct.pack("<I", 30)
    + b"WEBPVP8L"
    + struct.pack("<I", 17)
    + b"\x2f\xc6\x32\xb1\x0c"
    + bytes(12)
)


async def endless(_request: Request, line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(2000):
        await line.send(b"10000\r\n" + bytes(0x10000) + b"\r\n")


async def huge_headers(_request: Request, line: Line) -> None:
    await line.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n")


BODIES = {
    "/empty.jpg": Answer(b"", content_type="image/jpeg"),
    "/page.jpg": Answer(b"<!doctype html><script>alert(1)</script>", content_type="image/jpeg"),
    "/vector.jpg": Answer(
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", content_type="image/jpeg"
    ),
    "/postscript.jpg": Answer(b"%!PS-Adobe-3.0 EPSF-3.0\n(id) run\n", content_type="image/jpeg"),
    "/bomb.webp": Answer(BOMB, content_type="image/webp"),
    "/packed.jpg": Answer(
        gzip.compress(bytes(200_000_000), 9), content_type="image/jpeg", headers={"Content-Encoding": "gzip"}
    ),
    "/long.jpg": Answer(
        PICTURE, content_type="image/jpeg", headers={"Content-Length": str(len(PICTURE) + 999)}
    ),
    "/short.jpg": Answer(PICTURE, content_type="image/jpeg", headers={"Content-Length": "100"}),
    "/cut.jpg": Answer(PICTURE[: len(PICTURE) // 2], content_type="image/jpeg"),
    "/circle.jpg": redirect("/circle.jpg"),
    "/file.jpg": redirect("file:///etc/passwd"),
    "/endless.jpg": endless,
    "/headers.jpg": huge_headers,
}


# What came whole and is a picture: evidence of what the site showed.
INCOMPARABLE = ("/vector.jpg", "/postscript.jpg", "/bomb.webp", "/cut.jpg")


def _page(addresses: list[str], canary: Server) -> bytes:
    """A story with all of them in it, which also says that it lies at the canary."""
    pictures = "".join(f"<figure><img src='{escape(one)}'></figure>" for one in addresses)
    return (
        "<html><head><title>A story</title>"
        f"<link rel='https://api.w.org/' href='{canary.url('/wp-json/')}'>"
        f"<link rel='canonical' href='{canary.url('/story/')}'>"
        f"<meta property='og:image' content='{canary.url('/a.jpg')}'>"
        f"</head><body><article><h1>A story</h1>{PROSE}{pictures}{PROSE}</article></body></html>"
    ).encode()


@pytest.fixture
def canary() -> Iterator[Server]:
    """What must never be asked for anything, on another loopback address."""
    with Server(host="127.0.0.2", fallback=Answer(PICTURE, content_type="image/jpeg")) as server:
        yield server


def test_nothing_that_a_site_says_leads_to_another_machine_or_costs_the_harvest(
    canary: Server, tmp_path: Path
) -> None:
    direct = [f"http://{host}:{canary.port}/{number}.jpg" for number, host in enumerate(SPELLINGS)]
    with Server(BODIES | {"/good.jpg": Answer(PICTURE, content_type="image/jpeg")}) as site:
        for number, address in enumerate(direct):
            site.routes[f"/r{number}.jpg"] = redirect(address.encode().decode("latin-1"))
        own = ["/good.jpg", *BODIES, *(f"/r{number}.jpg" for number in range(len(direct)))]
        addresses = [*(site.url(path) for path in own), *direct, *FOREIGN]
        site.routes["/story/"] = Answer(_page(addresses, canary), content_type="text/html")
        catalog = tmp_path / "catalog"
        command = [
            sys.executable,
            "-m",
            "catalog.cli",
            "harvest",
            site.url("/story/"),
            "--json",
            "--catalog",
            catalog,
        ]
        allowed = f"--allow-address={site.host_port[0]}:{site.host_port[1]}"
        done = subprocess.run([*command, allowed], capture_output=True, text=True, timeout=120, check=False)
        asked = set(site.paths)
    assert canary.requests == []
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    summary = json.loads(done.stdout)
    assert set(own) <= asked
    with open_store(catalog, read_only=True) as store:
        ends = {fetch.url: fetch for fetch in store.fetches()}
        kept = {asset.sha256 for asset in store.assets()}
    # The one that is whole, and those that came whole and cannot be compared; the one behind whose declared end more
    # bytes came is cut there and refused.
    whole = ("/good.jpg", *INCOMPARABLE)
    assert kept == {hashlib.sha256(site.routes[path].body).hexdigest() for path in whole}
    for path in own:
        assert bool(ends[site.url(path)].reason) == (path not in whole), path
    assert all(one.reason for address, one in ends.items() if str(canary.port) in address)
    assert summary["fetched"] == len(whole)
    assert check(catalog).findings == []


def test_a_base_that_leads_elsewhere_leads_there_with_no_request(canary: Server, tmp_path: Path) -> None:
    story = (
        f"<html><head><title>A story</title><base href='{canary.url('/')}'></head><body><article>"
        f"<h1>A story</h1>{PROSE}<figure><img src='a.jpg'></figure>{PROSE}</article></body></html>"
    )
    catalog = tmp_path / "c"
    with Server({"/story/": Answer(story.encode(), content_type="text/html")}) as site:
        allowed = f"--allow-address={site.host_port[0]}:{site.host_port[1]}"
        command = [sys.executable, "-m", "catalog.cli", "harvest", site.url("/story/"), "--catalog", catalog]
        done = subprocess.run([*command, allowed], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, canary.requests) == (1, [])
    with open_store(catalog, read_only=True) as store:
        fetch = store.fetch(canary.url("/a.jpg"))
    assert fetch is not None
    assert fetch.reason == "address refused"


def test_a_robots_txt_that_leads_elsewhere_is_not_followed_there(canary: Server, tmp_path: Path) -> None:
    routes = {
        "/robots.txt": redirect(canary.url("/robots.txt")),
        "/a.jpg": Answer(PICTURE, content_type="image/jpeg"),
    }
    with Server(routes) as site:
        (tmp_path / "list.txt").write_text(site.url("/a.jpg"))
        allowed = f"--allow-address={site.host_port[0]}:{site.host_port[1]}"
        command = [
            sys.executable,
            "-m",
            "catalog.cli",
            "harvest",
            tmp_path / "list.txt",
            "--catalog",
            tmp_path / "c",
        ]
        done = subprocess.run([*command, allowed], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "1 robots" in done.stdout
    assert canary.requests == []
