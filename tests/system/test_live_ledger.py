"""A ledger that stays true: a WordPress is played, harvests keep up with it, and in the end both are equal.

`scripts/trial ledger` plays the same for hours.
"""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from ledger_play.machine import machine_on
from ledger_play.play import stage

# A few hundred steps; each play ends with a harvest of the site at rest.
PLAYS, STEPS = 20, 30


def test_a_ledger_keeps_up_with_a_site_whatever_happens_there_and_to_the_harvests(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # A site that fails on purpose is no news.
    caplog.set_level(logging.CRITICAL)
    with stage() as shared:
        run_state_machine_as_test(
            machine_on(shared),
            settings=settings(
                max_examples=PLAYS,
                stateful_step_count=STEPS,
                database=None,
                suppress_health_check=list(HealthCheck),
                # The trial finds the shortest play that shows a fault.
                phases=(Phase.generate,),
            ),
        )
