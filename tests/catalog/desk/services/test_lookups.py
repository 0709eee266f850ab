from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from parts import Parts, Trouble

from catalog.desk.services.catalog_view import View
from catalog.desk.services.lookups import Lookups
from catalog.desk.settings import DeskSettings
from catalog.store.catalog import open_store


def run(parts: Parts, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Open and close look-ups over stand-ins; what was open in between."""
    monkeypatch.setattr("catalog.desk.services.lookups.WorkerPool", lambda *_options: parts.part("pool"))
    monkeypatch.setattr(
        "catalog.desk.services.lookups.Downloader", lambda *_options: parts.part("downloader")
    )
    open_store(folder).close()
    view = View(folder)

    async def work() -> list[str]:
        async with Lookups(view, DeskSettings(folder), 1):
            return list(parts.open)

    try:
        return asyncio.run(work())
    finally:
        view.close()


def test_workers_and_connections_are_open_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(Parts(), tmp_path, monkeypatch) == ["pool", "downloader"]


@pytest.mark.parametrize("failing", ["close pool", "close downloader"])
def test_all_are_closed_when_one_fails_to(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble, match=failing):
        run(parts, tmp_path, monkeypatch)
    assert parts.open == []


def test_workers_end_when_connections_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts("open downloader")
    with pytest.raises(Trouble, match="open downloader"):
        run(parts, tmp_path, monkeypatch)
    assert parts.open == []
