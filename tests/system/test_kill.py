"""Killed at any moment, a writer loses nothing that it had acknowledged, and a worker only the picture in hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

from trials import worker_kills
from trials.killing import killed


def test_thirty_kills_lose_nothing(tmp_path: Path) -> None:
    result = killed(tmp_path, 30, seed=4)
    assert result.lost == []
    assert result.left == []
    assert sum(result.kills.values()) == 30
    assert set(result.kills) == {"harvest", "decide", "compaction"}


def test_twenty_killed_workers_cost_no_picture_that_had_a_try_left(tmp_path: Path) -> None:
    run = asyncio.run(worker_kills.killed(tmp_path, 20, seed=1))
    assert (run.kills, run.wrong) == (20, 0)
    assert run.pictures > 0
