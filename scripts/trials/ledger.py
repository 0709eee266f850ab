"""Play a WordPress and harvests that keep up with it, for as many steps as wanted: the ledger must stay equal to it.

A round is a few hundred steps; each is played from its own number and the seed, so that `--from-round` goes on where
an earlier trial ended. What fails is told with the shortest play that shows it. The exit code is 1 where one does.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from ledger_play.machine import machine_on
from ledger_play.play import Stage, stage

# Rounds are short, so that what a failure costs is its own.
PLAYS_A_ROUND, STEPS_A_PLAY = 20, 50

SECONDS_BETWEEN_LINES = 30.0


@dataclass(slots=True)
class Outcome:
    """What came of the rounds."""

    rounds: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial ledger",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--steps", type=int, default=100_000, metavar="N", help="so many (default: 100000)")
    parser.add_argument("--minutes", type=float, metavar="N", help="end after so long, whatever is left")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which plays (default: 1)")
    parser.add_argument("--from-round", type=int, default=0, metavar="N", help="go on with this round")
    parser.add_argument(
        "--connections", type=int, default=1, metavar="N", help="requests at once (default: 1)"
    )
    parser.add_argument("--failures", type=int, default=1, metavar="N", help="end after so many (default: 1)")
    parser.add_argument("--site-alone", action="store_true", help="read no feed, page or export of the site")
    parser.add_argument("--no-shrinking", action="store_true", help="tell a failure as it came")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    # A site that fails on purpose is no news.
    logging.disable(logging.WARNING)
    with stage(options.connections) as shared:
        outcome = play_rounds(shared, options)
    figures = gather(outcome, shared)
    print(json.dumps(figures) if options.json else as_text(figures))
    return 0 if not outcome.failures else 1


def play_rounds(shared: Stage, options: argparse.Namespace) -> Outcome:
    """Round after round, until the steps are played, the time is over, or enough has failed."""
    outcome = Outcome()
    begun = told = time.monotonic()
    number = options.from_round
    while not _is_over(outcome, shared, options):
        if failure := play_round(shared, f"{options.seed} {number}", options):
            outcome.failures.append(f"round {number}:\n{failure}")
            print(outcome.failures[-1], file=sys.stderr, flush=True)
        number += 1
        outcome.rounds += 1
        outcome.seconds = time.monotonic() - begun
        if time.monotonic() - told >= SECONDS_BETWEEN_LINES:
            told = time.monotonic()
            counts = shared.counts
            print(
                f"round {number}: {counts.steps} steps, {counts.harvests} harvests",
                file=sys.stderr,
                flush=True,
            )
    return outcome


def _is_over(outcome: Outcome, shared: Stage, options: argparse.Namespace) -> bool:
    if options.minutes is not None and outcome.seconds >= options.minutes * 60:
        return True
    return bool(shared.counts.steps >= options.steps or len(outcome.failures) >= options.failures)


def play_round(shared: Stage, seed: str, options: argparse.Namespace) -> str:
    """One round; what failed and the shortest play that shows it, `""` where nothing did."""
    machine = machine_on(shared, reads_other_sources=not options.site_alone)
    # What `hypothesis.seed` does to a test.
    machine._hypothesis_internal_use_seed = seed  # noqa: SLF001
    phases = [Phase.generate] if options.no_shrinking else [Phase.generate, Phase.shrink]
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=PLAYS_A_ROUND,
                stateful_step_count=STEPS_A_PLAY,
                deadline=None,
                derandomize=False,
                database=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
            ),
        )
    # Whatever a harvest raises is a finding.
    except Exception as error:
        return "".join(traceback.format_exception(error))
    return ""


def gather(outcome: Outcome, shared: Stage) -> dict[str, Any]:
    """The figures of the trial."""
    return asdict(shared.counts) | asdict(outcome)


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        ("steps", f"{figures['steps']:,}"),
        ("plays", f"{figures['plays']:,} in {figures['rounds']:,} rounds"),
        ("harvests", f"{figures['harvests']:,}, {figures['early']:,} of them ended early"),
        ("compared with the site", f"{figures['checked']:,} times"),
        ("requests", f"{figures['requests']:,}"),
        ("seconds", f"{figures['seconds']:.0f}"),
        ("failures", str(len(figures["failures"]))),
    ]
    return "\n".join(
        ["| a played WordPress | |", "|---|---|", *(f"| {name} | {value} |" for name, value in lines)]
    )
