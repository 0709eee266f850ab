"""A catalog of drawn photographs on two local sites, and the photo desk over it as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from patience import PATIENCE_SECONDS
from pictures import encoded, photo
from PIL import Image, ImageOps
from servers import Answer, Server

from catalog.cli import main

SIZE = (800, 533)
HOSTILE = '<script>document.title = "taken"</script><img src=x onerror="document.title=1">'

PROSE = (
    "<p>" + "The ceremony took place in the capital on Sunday, and thousands came to see it. " * 6 + "</p>"
)


def made() -> dict[str, Image.Image]:
    """Pictures by name: a and crops of it, b and a gray copy, c alone."""
    a, b, c = (photo(seed, *SIZE) for seed in (60, 61, 62))
    return {
        "a": a,
        "a-crop": ImageOps.mirror(a.crop((80, 40, 680, 500))),
        "a-small": a.resize((400, 267)),
        "b": b,
        "b-gray": b.convert("L"),
        "c": c,
    }


# Per site: page, picture, caption, credit.
STORIES = (
    (
        ("ceremony", "a", "The ceremony in the capital.", "KCNA via REUTERS"),
        ("harvest", "b", "Rice harvest in the north.", "Getty Images"),
        ("alone", "c", HOSTILE, ""),
    ),
    (
        ("gathering", "a-crop", "Thousands gather on the square.", ""),
        ("archive", "a-small", "The ceremony in the capital.", "AFP"),
        ("fields", "b-gray", "Rice harvest in the north.", "Getty Images"),
    ),
)


def site(pictures: Mapping[str, bytes], stories: tuple[tuple[str, ...], ...], day: int) -> Server:
    routes: dict[str, Any] = {
        f"/{name}.jpg": Answer(body, content_type="image/jpeg") for name, body in pictures.items()
    }
    for number, (page, picture, caption, credit) in enumerate(stories):
        told = f"{escape(caption)} (Photo: {credit})" if credit else escape(caption)
        head = f"<meta property='article:published_time' content='2025-08-{day + number:02}T10:00:00Z'>"
        figure = f"<figure><img src='/{picture}.jpg' alt='{page}'><figcaption>{told}</figcaption></figure>"
        html = (
            f"<html><head><title>{page} story</title>{head}</head><body><article><h1>{page} story</h1>"
            f"{PROSE}{figure}{PROSE}</article></body></html>"
        )
        routes[f"/{page}/"] = Answer(html.encode(), content_type="text/html; charset=utf-8")
    return Server(routes)


@contextmanager
def harvested(folder: Path) -> Iterator[tuple[Path, list[Server]]]:
    """A catalog of two sites' pages, and the sites, which go on running."""
    bodies = {name: encoded(image, "JPEG", quality=88) for name, image in made().items()}
    with site(bodies, STORIES[0], 1) as one, site(bodies, STORIES[1], 5) as other:
        servers = [one, other]
        catalog = folder / "catalog"
        pages = [
            server.url(f"/{story[0]}/")
            for server, stories in zip(servers, STORIES, strict=True)
            for story in stories
        ]
        allowed = [
            part for server in servers for part in ("--allow-address", ":".join(map(str, server.host_port)))
        ]
        assert main(["harvest", *pages, "--catalog", str(catalog), *allowed]) == 0
        assert main(["duplicates", "--catalog", str(catalog), "-o", str(folder / "clusters.json")]) == 0
        yield catalog, servers


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.body)


class RunningDesk:
    """The desk as a process, and requests to it."""

    def __init__(self, address: str, process: subprocess.Popen[str]) -> None:
        self.address = address
        self.process = process
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 0

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = PATIENCE_SECONDS,
    ) -> Reply:
        connection = HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response: HTTPResponse = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, told, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, value: object, **headers: str) -> Reply:
        told = {"Content-Type": "application/json", **headers}
        return self.ask("POST", path, json.dumps(value).encode(), told)

    def look_up(self, body: bytes) -> Reply:
        return self.ask("POST", "/api/v1/lookups", body, {"Content-Type": "image/jpeg"})


@contextmanager
def desk(catalog: Path, *options: str) -> Iterator[RunningDesk]:
    command = [
        sys.executable,
        "-m",
        "catalog.cli",
        "serve",
        "--port",
        "0",
        "--catalog",
        str(catalog),
        *options,
    ]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise AssertionError(process.stderr.read() if process.stderr else "the desk did not start")
            yield RunningDesk(address, process)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)
