from __future__ import annotations

import asyncio

import pytest
from parts import Parts, Trouble

from assets.pictures.inspector import PICTURES, QUERIES, Inspector


def run(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Open and close an inspector of stand-ins; what was open in between."""

    def pool(function: str, *_bounds: object, **_options: object) -> object:
        return parts.part({PICTURES: "pictures", QUERIES: "queries"}[function])

    monkeypatch.setattr("assets.pictures.inspector.WorkerPool", pool)

    async def work() -> list[str]:
        async with Inspector(1):
            return list(parts.open)

    return asyncio.run(work())


def test_both_pools_are_open_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(Parts(), monkeypatch) == ["pictures", "queries"]


@pytest.mark.parametrize("failing", ["close pictures", "close queries"])
def test_both_pools_are_closed_when_one_fails_to(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts(failing)
    with pytest.raises(Trouble):
        run(parts, monkeypatch)
    assert parts.open == []


@pytest.mark.parametrize("failing", ["close pictures", "close queries"])
def test_the_error_of_the_pool_that_fails_to_close_comes_out(
    failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Trouble, match=failing):
        run(Parts(failing), monkeypatch)


def test_the_pool_that_was_opened_is_closed_when_the_other_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = Parts("open queries")
    with pytest.raises(Trouble, match="open queries"):
        run(parts, monkeypatch)
    assert parts.open == []
