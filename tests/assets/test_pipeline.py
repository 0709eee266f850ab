from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Self, cast

import pytest
from downloads import QUICK, politeness
from parts import Parts, Trouble
from pictures import encoded, jpeg_bytes, photo
from servers import Answer, Server

from assets.model import Failure, Outcome, Reason, Stage
from assets.originals.local import LocalOriginals
from assets.pictures import Inspector
from assets.pipeline import Collected, Pipeline, PipelineOptions


def pipeline(parts: Parts, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """A pipeline of stand-ins."""
    monkeypatch.setattr("assets.pipeline.Downloader", lambda *_options: parts.part("downloader"))
    monkeypatch.setattr("assets.pipeline.BatchedKeeper", lambda _originals: parts.part("keeper"))
    inspector = cast("Inspector", parts.part("inspector"))
    return Pipeline(PipelineOptions(LocalOriginals(folder)), lambda _sha256: False, inspector)


def run(parts: Parts, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Open and close a pipeline; what was open in between."""

    async def work() -> list[str]:
        async with pipeline(parts, folder, monkeypatch):
            return list(parts.open)

    return asyncio.run(work())


def test_connections_and_workers_are_open_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(Parts(), tmp_path, monkeypatch) == ["downloader", "inspector"]


@pytest.mark.parametrize("failing", ["close keeper", "close inspector", "close downloader"])
def test_all_are_closed_when_one_fails_to(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble):
        run(parts, tmp_path, monkeypatch)
    assert parts.open == []


@pytest.mark.parametrize("failing", ["close keeper", "close inspector", "close downloader"])
def test_the_error_of_the_one_that_fails_to_close_comes_out(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Trouble, match=failing):
        run(Parts(failing), tmp_path, monkeypatch)


def test_what_was_opened_is_closed_when_the_next_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts("open inspector")
    with pytest.raises(Trouble, match="open inspector"):
        run(parts, tmp_path, monkeypatch)
    assert parts.open == []


# What cannot be compared

DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' width='640' height='360'/>"
CUT = jpeg_bytes(photo(2))[:3000]


class InTrouble:
    """Stands for the inspector: its worker ends badly."""

    def __init__(self, reason: Reason) -> None:
        self._reason = reason

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        return

    async def picture(self, _path: Path, address: str) -> Failure:
        return Failure(Stage.DECODE, self._reason, address)


def collect(
    folder: Path, body: bytes, headers: Mapping[str, str] | None = None, inspector: InTrouble | None = None
) -> Collected:
    """What becomes of a picture that a server gives with these headers."""

    async def work(server: Server) -> Collected:
        options = PipelineOptions(LocalOriginals(folder), politeness(server), QUICK, 1)
        async with Pipeline(options, lambda _sha256: False, cast("Inspector | None", inspector)) as pipeline:
            return await pipeline.collect(server.url("/picture"))

    with Server({"/picture": Answer(body, headers=headers or {})}) as server:
        return asyncio.run(work(server))


def is_kept(folder: Path, found: Collected) -> bool:
    return LocalOriginals(folder).path_of(found.fetch.sha256) is not None


@pytest.mark.parametrize("body", [DRAWING, CUT, b"%PDF-1.7\n", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"])
def test_a_picture_that_cannot_be_compared_is_kept(tmp_path: Path, body: bytes) -> None:
    found = collect(tmp_path, body)
    assert (found.fetch.outcome, is_kept(tmp_path, found)) == (Outcome.FETCHED, True)


def test_its_fetch_says_why(tmp_path: Path) -> None:
    told = [collect(tmp_path, body).fetch.detail.partition(" (")[0] for body in (DRAWING, CUT)]
    assert told == [
        "SVG that cannot be compared: unsupported picture",
        "JPEG that cannot be compared: damaged picture, JPEG: image file is truncated",
    ]


def test_a_drawing_lies_under_a_name_that_no_browser_opens(tmp_path: Path) -> None:
    assert collect(tmp_path, DRAWING).original.endswith(".bin")


@pytest.mark.parametrize("body", [b"<!doctype html><svg/>", b"Not here", b'{"code": "gone"}', b"PK\x03\x04"])
def test_what_is_no_picture_is_not_kept(tmp_path: Path, body: bytes) -> None:
    found = collect(tmp_path, body)
    assert (found.fetch.reason, is_kept(tmp_path, found)) == (Reason.NOT_A_PICTURE, False)


def test_a_damaged_picture_whose_end_nothing_tells_is_not_kept(tmp_path: Path) -> None:
    found = collect(tmp_path, CUT, {"Transfer-Encoding": "identity"})
    assert (found.fetch.reason, is_kept(tmp_path, found)) == (Reason.DAMAGED_PICTURE, False)


def test_a_damaged_local_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "cut.jpg"
    path.write_bytes(CUT)

    async def work() -> Collected:
        async with Pipeline(
            PipelineOptions(LocalOriginals(tmp_path), workers=1), lambda _sha256: False
        ) as pipeline:
            return await pipeline.import_file(str(path))

    found = asyncio.run(work())
    assert (found.fetch.outcome, is_kept(tmp_path, found)) == (Outcome.FETCHED, True)


@pytest.mark.parametrize("reason", [Reason.DECODE_TIMEOUT, Reason.DECODE_CRASHED])
def test_a_picture_that_our_decoder_had_trouble_with_is_kept_and_has_failed(
    tmp_path: Path, reason: Reason
) -> None:
    found = collect(tmp_path, encoded(photo(1), "JPEG"), inspector=InTrouble(reason))
    assert (found.fetch.reason, is_kept(tmp_path, found)) == (reason, True)


def test_what_our_decoder_had_trouble_with_and_is_no_picture_is_not_kept(tmp_path: Path) -> None:
    found = collect(tmp_path, b"<html>", inspector=InTrouble(Reason.DECODE_CRASHED))
    assert (found.picture, is_kept(tmp_path, found)) == (None, False)
