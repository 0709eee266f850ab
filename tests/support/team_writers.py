"""What several processes do to one team's catalog at the same time; each is a program of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

from catalog.model import DecisionRecord, UsageRecord, decision_key
from catalog.store.postgres import PostgresStore

KEY = "u"


def add_history(store: PostgresStore, name: str, count: int) -> None:
    """Add entries to one usage's history, each by a change of its own."""
    for number in range(count):
        with store.changing(UsageRecord, KEY) as row:
            row.record = _with_entry(row.record, f"{name} {number}")


def add_history_in_batches(store: PostgresStore, name: str, count: int) -> None:
    """Add entries to the histories of two usages, which are locked in either order."""
    keys = ("a", "b") if name in "02" else ("b", "a")
    for number in range(count):
        with store.batch():
            for key in keys:
                with store.changing(UsageRecord, key) as row:
                    row.record = _with_entry(row.record, f"{name} {number}", key)


def add_history_freely(store: PostgresStore, name: str, count: int) -> None:
    """The same by batches that lock nothing until their end."""
    keys = ("a", "b") if name in "02" else ("b", "a")

    def work() -> None:
        for key in keys:
            with store.changing(UsageRecord, key) as row:
                row.record = _with_entry(row.record, f"{name} {number}", key)

    for number in range(count):  # noqa: B007 - `work` takes it
        store.write_batch(work)


def decide(store: PostgresStore, name: str, count: int) -> None:
    """Decide about two pictures, again and again."""
    for number in range(count):
        with store.changing(DecisionRecord, decision_key("aa", "bb")) as row:
            history = [*row.record.history, {"by": f"{name} {number}"}] if row.record else []
            row.record = DecisionRecord(
                key=decision_key("aa", "bb"), first="aa", second="bb", decision="same", history=history
            )


def _with_entry(usage: UsageRecord | None, entry: str, key: str = KEY) -> UsageRecord:
    known = usage or UsageRecord(key=key, page="p")
    return replace(known, history=[*known.history, {"until": entry}])


def run_writers(function: str, address: str, writers: Sequence[str], count: int) -> None:
    """Have processes do something at the same time, and wait for all."""
    command = [sys.executable, "-m", "team_writers", function, address]
    running = [subprocess.Popen([*command, name, str(count)]) for name in writers]
    assert [one.wait() for one in running] == [0] * len(running)


if __name__ == "__main__":
    with PostgresStore(sys.argv[2]) as opened:
        globals()[sys.argv[1]](opened, sys.argv[3], int(sys.argv[4]))
