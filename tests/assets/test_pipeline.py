from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest
from parts import Parts, Trouble

from assets.originals.local import LocalOriginals
from assets.pictures import Inspector
from assets.pipeline import Pipeline, PipelineOptions


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
