"""The desk as it begins and ends: what it opened is closed, whatever fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiohttp import web
from parts import Parts, Trouble

from catalog.desk.services.catalog_view import View
from catalog.desk.settings import DeskSettings
from catalog.desk.web.app import make_application

Run = Callable[[Parts], list[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Begins and ends a desk whose services are stand-ins; what was open in between."""

    def begin_and_end(parts: Parts) -> list[str]:
        close = View.close

        def noted_close(view: View) -> None:
            parts.open.remove("view")
            close(view)

        monkeypatch.setattr(View, "close", noted_close)
        for name in ("Lookups", "Clustering", "Harvests"):
            part = parts.part(name.lower())
            monkeypatch.setattr(f"catalog.desk.web.app.{name}", lambda *_options, part=part: part)
        comparing = SimpleNamespace(running=lambda _must_wait: parts.part("comparing"))
        monkeypatch.setattr("catalog.desk.web.app.Comparing", lambda *_options: comparing)
        return asyncio.run(_begun_and_ended(parts, tmp_path))

    return begin_and_end


async def _begun_and_ended(parts: Parts, folder: Path) -> list[str]:
    runner = web.AppRunner(await make_application(DeskSettings(folder)))
    parts.open.append("view")
    await runner.setup()
    found = list(parts.open)
    await runner.cleanup()
    return found


def test_harvests_begin_last_and_end_first(run: Run) -> None:
    assert run(Parts()) == ["view", "lookups", "clustering", "comparing", "harvests"]


@pytest.mark.parametrize(
    "failing", ["close harvests", "close comparing", "close clustering", "close lookups"]
)
def test_all_are_closed_when_one_fails_to(run: Run, failing: str) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble):
        run(parts)
    assert parts.open == []


@pytest.mark.parametrize(
    "failing", ["close harvests", "close comparing", "close clustering", "close lookups"]
)
def test_the_error_of_the_one_that_fails_to_close_comes_out(run: Run, failing: str) -> None:
    with pytest.raises(Trouble, match=failing):
        run(Parts(failing))


@pytest.mark.parametrize("failing", ["open lookups", "open clustering", "open comparing", "open harvests"])
def test_what_was_opened_is_closed_when_the_next_cannot_be_opened(run: Run, failing: str) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble, match=failing):
        run(parts)
    assert parts.open == []
