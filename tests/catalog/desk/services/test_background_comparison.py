from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from patience import soon

from catalog.desk.services import background_comparison
from catalog.desk.services.background_comparison import Comparing
from catalog.desk.services.catalog_view import View
from catalog.desk.settings import DeskSettings
from catalog.errors import CatalogUnwritable
from catalog.store.catalog import open_store


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, faults: list[str], *, times: int) -> None:
    """Compare in the background as often; each time fails by the next of the faults, and where it is empty does not."""
    open_store(folder).close()
    view = View(folder)
    comparing = Comparing(view, DeskSettings(folder))
    tried = 0

    async def some(_must_wait: object) -> None:
        nonlocal tried
        tried += 1
        if fault := faults[min(tried, len(faults)) - 1]:
            raise CatalogUnwritable(fault)

    monkeypatch.setattr(comparing, "_compare_some", some)
    monkeypatch.setattr(comparing, "_count", lambda: 1)
    monkeypatch.setattr(background_comparison, "LOOK_SECONDS", 0.0)

    async def work() -> None:
        async with comparing.running(lambda: False):
            await soon(lambda: tried >= times)

    asyncio.run(work())
    view.close()


def test_a_fault_that_lasts_is_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run(tmp_path, monkeypatch, ["no space"], times=3)
    assert caplog.messages == ["nothing is compared in the background: 'no space'"]


def test_a_fault_that_comes_back_is_logged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run(tmp_path, monkeypatch, ["no space", "", "no space", ""], times=4)
    assert caplog.messages == ["nothing is compared in the background: 'no space'"] * 2
