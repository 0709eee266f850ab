"""A harvest in which every fifth address fails: each ends as it must, every picture lies under its own address."""

from __future__ import annotations

import asyncio
from pathlib import Path

from trials.faulty import FAULT_EVERY, FAULTS, digest, fault_of
from trials.soaking import soaked

ADDRESSES = 3 * FAULT_EVERY * len(FAULTS)


def test_every_address_is_accounted_for_and_nothing_moves_twice(tmp_path: Path) -> None:
    result = asyncio.run(soaked(tmp_path, ADDRESSES))
    assert result.unaccounted == []
    assert result.misplaced == []
    assert result.wrong_reason == []
    assert result.findings == []
    assert result.bodies[1] == result.bodies[0]


def test_every_fault_comes_up_and_pictures_differ() -> None:
    assert {fault_of(number) for number in range(ADDRESSES)} == {"", *FAULTS}
    assert len({digest(number) for number in range(200)}) == 200
