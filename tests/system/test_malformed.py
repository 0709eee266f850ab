"""A sample of malformed pictures through the workers: each ends as a picture or with a reason, and no worker dies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from benchmarks.breaking import BOMBS, malformed, sound
from benchmarks.malformed import inspected

from assets import Reason

REASONS = {reason.value for reason in Reason} | {"read all the same"}


def test_every_sound_file_is_a_picture(tmp_path: Path) -> None:
    """Otherwise breaking them would tell nothing."""
    run = asyncio.run(inspected(tmp_path, sound().items()))
    assert run.reasons == {"read all the same": len(sound())}


def test_each_malformed_picture_ends_with_a_reason_and_no_worker_dies(tmp_path: Path) -> None:
    run = asyncio.run(inspected(tmp_path, malformed(240, seed=2)))
    assert sum(run.reasons.values()) == 240
    assert set(run.reasons) <= REASONS
    assert run.without_reason == []
    assert run.crashed == []


def test_the_same_seed_makes_the_same_files() -> None:
    assert list(malformed(30, seed=3)) == list(malformed(30, seed=3))
    assert list(malformed(30, seed=3)) != list(malformed(30, seed=4))


@pytest.mark.parametrize("name", ["png", "screen.gif", "bmp", "jpeg", "psd"])
def test_a_bomb_is_refused_for_its_pixels(tmp_path: Path, name: str) -> None:
    run = asyncio.run(inspected(tmp_path, [(name, BOMBS[name]())], workers=1))
    assert run.reasons == {Reason.TOO_MANY_PIXELS.value: 1}


def test_a_webp_that_claims_almost_too_much_is_no_picture_and_costs_no_worker(tmp_path: Path) -> None:
    run = asyncio.run(inspected(tmp_path, [("webp", BOMBS["webp"]())], workers=1))
    assert run.reasons == {Reason.DAMAGED_PICTURE.value: 1}


def test_a_scan_bomb_is_ended_with_its_deadline_and_the_next_picture_is_read(tmp_path: Path) -> None:
    files = [("scans", BOMBS["scans.jpeg"]()), ("sound", sound()["jpeg"])]
    run = asyncio.run(inspected(tmp_path, files, workers=1))
    assert run.reasons == {Reason.DECODE_TIMEOUT.value: 1, "read all the same": 1}
