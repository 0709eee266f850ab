"""The workers of a harvest: those that its inputs need are started early, the others not at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assets import DocumentWorkers, HarvestWorkers, Inspector


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was started, in order."""
    found: list[object] = []
    monkeypatch.setattr(DocumentWorkers, "prepare", lambda one: found.append(one))
    monkeypatch.setattr(Inspector, "prepare_pictures", lambda one: found.append(one))
    return found


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        (["https://news.example/"], ["pages", "pictures"]),
        (["story.html", "-"], ["files", "pictures"]),
        (["story.html", "https://news.example/"], ["pages", "files", "pictures"]),
    ],
)
def test_only_what_the_inputs_need_is_started(
    started: list[object], inputs: Sequence[str], names: list[str]
) -> None:
    workers = HarvestWorkers.prepare(1, inputs)
    assert started == [getattr(workers, name) for name in names]


def test_nothing_is_started_before_it_is_needed(started: list[object]) -> None:
    HarvestWorkers(Inspector(1))
    assert started == []
