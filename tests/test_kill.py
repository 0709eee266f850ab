"""Killed at any moment, a writer loses nothing that it had acknowledged, and the catalog can be made whole."""

from __future__ import annotations

from pathlib import Path

from benchmarks.killing import killed


def test_thirty_kills_lose_nothing(tmp_path: Path) -> None:
    result = killed(tmp_path, 30, seed=4)
    assert result.lost == []
    assert result.left == []
    assert sum(result.kills.values()) == 30
    assert set(result.kills) == {"harvest", "decide", "compaction"}
