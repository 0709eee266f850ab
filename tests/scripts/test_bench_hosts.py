"""The benchmark of many hosts counts what manners allow, and no harvest is quicker."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import hosts
from benchmarks.hosts import BY_HOST, MIXED, SLOW, Plan, shortest_seconds

from assets import Politeness

MANNERS = Politeness(connections=10, connections_per_host=4, pause_seconds=0.25)


@pytest.mark.parametrize(
    ("plan", "seconds"),
    [
        # Pauses: robots.txt, four pictures of which three wait, the answer to the last.
        (Plan(2, MIXED, 4, 0.1, 2.0), 0.25 + 3 * 0.25 + 0.1),
        # Four connections to the host: the fifth picture waits for the first.
        (Plan(2, MIXED, 6, 2.0, 2.0), 2.0 + 2.0 + 0.25 + 2.0),
        # Ten connections in all, over which 100 hosts answer five times each.
        (Plan(100, MIXED, 4, 0.1, 2.0), 5 * 100 * 0.1 / 10),
        # The one that is slow.
        (Plan(2, SLOW, 4, 0.1, 2.0), 2.0 + 3 * 0.25 + 2.0),
    ],
)
def test_what_manners_allow_is_counted(plan: Plan, seconds: float) -> None:
    assert shortest_seconds(plan, MANNERS) == pytest.approx(seconds)


def test_what_the_others_of_a_slow_host_may_take_is_counted_without_it() -> None:
    plan = Plan(3, SLOW, 4, 0.1, 2.0)
    assert shortest_seconds(plan, MANNERS, without_slow=True) == pytest.approx(1.1)


@pytest.mark.parametrize("order", [BY_HOST, MIXED, SLOW])
def test_every_picture_of_every_host_is_on_a_page(order: str) -> None:
    plan = Plan(7, order, 12, 0.1, 2.0)
    pages = plan.list_pages()
    assert sum(pictures for _, _, pictures in pages) == 7 * 12
    assert {host for host, _, _ in pages} == set(plan.name_hosts())


def test_a_harvest_of_hosts_is_measured_and_loses_nothing() -> None:
    (row,) = hosts.measured([Plan(3, SLOW, 2, 0.01, 0.02)], Path(hosts.ROOT))
    assert (row["now"]["lost"], row["before"]["lost"]) == (0, 0)
    assert row["now"]["times"] >= 1
    assert hosts.as_text([row]).splitlines()[-1].startswith("| 3 | mixed, one slow | 6 |")
