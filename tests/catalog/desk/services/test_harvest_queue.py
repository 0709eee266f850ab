from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from patience import soon

from catalog.desk.services.background_comparison import Comparing
from catalog.desk.services.catalog_view import View
from catalog.desk.services.harvest_queue import Harvests, Job
from catalog.desk.settings import DeskSettings
from catalog.errors import CatalogUnwritable
from catalog.store.catalog import open_store


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> Job:
    """A harvest that ends by a fault."""
    open_store(folder).close()
    settings, view = DeskSettings(folder), View(folder)
    harvests = Harvests(view, Comparing(view, settings), settings)

    async def fail(*_job: object) -> None:
        raise fault

    monkeypatch.setattr(harvests, "_run", fail)

    async def work() -> Job:
        async with harvests:
            job = harvests.add(("https://news.example/?key=secret",), "", None)
            await soon(lambda: job.state.value == "failed")
            return job

    try:
        return asyncio.run(work())
    finally:
        view.close()


def test_a_harvest_that_failed_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = run(tmp_path, monkeypatch, CatalogUnwritable("no space"))
    assert caplog.messages == [f"harvest {job.id} failed: CatalogUnwritable('no space')"]


def test_a_harvest_that_failed_by_a_mistake_of_ours_is_logged_with_where_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = run(tmp_path, monkeypatch, RuntimeError("\x1b[31m of a stranger's"))
    (message,) = caplog.messages
    assert message.startswith(f"harvest {job.id} failed: RuntimeError(")
    assert "in fail\n" in message
    assert "\x1b" not in message
