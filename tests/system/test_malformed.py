"""A sample of malformed pictures through the workers: each ends as a picture or with a reason, and no worker dies."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from clocks import steered
from patience import soon
from trials.breaking import BOMBS, malformed, sound
from trials.malformed import Run, inspected
from trials.worker_kills import workers

from assets import Reason

# Neither a bomb nor a busy machine comes to its end by itself: the clock is put forward.
DEADLINE_SECONDS = 600.0

REASONS = {reason.value for reason in Reason} | {"read all the same"}


def test_every_sound_file_is_a_picture(tmp_path: Path) -> None:
    """Otherwise breaking them would tell nothing."""
    run = asyncio.run(inspected(tmp_path, sound().items(), 0, DEADLINE_SECONDS))
    assert run.reasons == {"read all the same": len(sound())}


def test_each_malformed_picture_ends_with_a_reason_and_no_worker_dies(tmp_path: Path) -> None:
    run = asyncio.run(inspected(tmp_path, malformed(240, seed=2), 0, DEADLINE_SECONDS))
    assert sum(run.reasons.values()) == 240
    assert set(run.reasons) <= REASONS
    assert run.without_reason == []
    assert run.crashed == []


def test_the_same_seed_makes_the_same_files() -> None:
    assert list(malformed(30, seed=3)) == list(malformed(30, seed=3))
    assert list(malformed(30, seed=3)) != list(malformed(30, seed=4))


@pytest.mark.parametrize("name", ["png", "screen.gif", "bmp", "jpeg", "psd"])
def test_a_bomb_is_refused_for_its_pixels(tmp_path: Path, name: str) -> None:
    run = asyncio.run(inspected(tmp_path, [(name, BOMBS[name]())], 1, DEADLINE_SECONDS))
    assert run.reasons == {Reason.TOO_MANY_PIXELS.value: 1}


def test_a_webp_that_claims_almost_too_much_is_no_picture_and_costs_no_worker(tmp_path: Path) -> None:
    run = asyncio.run(inspected(tmp_path, [("webp", BOMBS["webp"]())], 1, DEADLINE_SECONDS))
    assert run.reasons == {Reason.DAMAGED_PICTURE.value: 1}


def is_being_decoded(folder: Path) -> bool:
    """Whether a worker has a file of the folder open, which it has for as long as it decodes it."""
    files = (file for pid in workers() for file in Path(f"/proc/{pid}/fd").iterdir())
    # Others are opened and closed meanwhile.
    return any(os.path.realpath(file).startswith(f"{folder}/") for file in files)


def test_a_scan_bomb_is_ended_with_its_deadline_and_the_next_picture_is_read(tmp_path: Path) -> None:
    files = [("scans", BOMBS["scans.jpeg"]()), ("sound", sound()["jpeg"])]
    with steered() as (runner, clock):

        async def scenario() -> Run:
            inspecting = asyncio.create_task(inspected(tmp_path, files, 1, DEADLINE_SECONDS))
            await soon(lambda: is_being_decoded(tmp_path))
            clock.put_forward(DEADLINE_SECONDS)
            return await inspecting

        run = runner.run(scenario())
    assert run.reasons == {Reason.DECODE_TIMEOUT.value: 1, "read all the same": 1}
