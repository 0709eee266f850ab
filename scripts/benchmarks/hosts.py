"""Measure a harvest of many hosts beside what its manners allow: a pause for each host, connections for it and in all.

Each address of the loopback is a host, played by a process that answers after a while, and everything else is the
program's own: collector, turns, robots.txt, store. Pages come host by host, or mixed; one host may be slow. The least
time that pauses and connections allow is counted, not measured; a harvest may take 1.2 times as long, or the exit code
is 1. The pictures are small and alike, so that decoding does not count. `--against CHECKOUT` measures another checkout
beside it, each plan in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from assets import Politeness

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "scripts" / "benchmarks" / "politeness"

HOSTS = (20, 60, 200, 1000)
BY_HOST, MIXED, SLOW = "host by host", "mixed", "mixed, one slow"

# Enough for each size to take some ten seconds.
PICTURES = {20: 800, 60: 1800, 200: 1600, 1000: 2000}
PICTURES_A_HOST = 10
PICTURES_A_PAGE = 5

# Few hosts are bounded by their pauses, and many by the connections: slower answers keep it from being the processor.
ANSWERS = {20: 0.1, 60: 0.1, 200: 0.4, 1000: 0.4}
ANSWER_SECONDS = 0.2

MOST = 1.2

# More than a harvest that asks one host after the other takes.
PATIENCE_SECONDS = 1800.0

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """So many hosts, in which order their pages come, how many pictures each has, and how long answers take."""

    hosts: int
    order: str
    pictures: int
    seconds: float
    slow_seconds: float

    def name_hosts(self) -> list[str]:
        """The hosts; the slow one stands first."""
        names = [f"127.1.{number // 250}.{1 + number % 250}" for number in range(self.hosts)]
        return ["127.2.0.1", *names[1:]] if self.order == SLOW else names

    def list_pages(self) -> list[tuple[str, int, int]]:
        """The pages in their order: host, number, pictures."""
        left = [
            (host, first, min(PICTURES_A_PAGE, self.pictures - first))
            for host in self.name_hosts()
            for first in range(0, self.pictures, PICTURES_A_PAGE)
        ]
        if self.order != BY_HOST:
            random.Random(self.hosts).shuffle(left)  # noqa: S311 - a shuffle, no secret
        return left

    def seconds_of(self, host: str) -> float:
        """How long an answer takes."""
        return self.slow_seconds if host.startswith("127.2.") else self.seconds


def shortest_seconds(plan: Plan, manners: Politeness, *, without_slow: bool = False) -> float:
    """What pauses and connections allow: the slowest host, or all answers over all connections.

    A host is asked for robots.txt first, and for its pictures when that has come.
    """
    hosts = [host for host in plan.name_hosts() if not (without_slow and host.startswith("127.2."))]
    alone = []
    for host in hosts:
        answer = plan.seconds_of(host)
        pause, at_once = manners.pause_seconds, manners.connections_per_host
        rounds, more = divmod(plan.pictures - 1, at_once)
        alone.append(max(pause, answer) + rounds * max(at_once * pause, answer) + more * pause + answer)
    held = sum((plan.pictures + 1) * plan.seconds_of(host) for host in hosts)
    return max(*alone, held / manners.connections)


@contextmanager
def serving(plan: Plan, folder: Path) -> Iterator[int]:
    """The port at which every host answers."""
    picture = folder / "picture.png"
    Image.linear_gradient("L").resize((64, 64)).save(picture)
    command = [sys.executable, str(PROGRAMS / "server.py"), str(picture)]
    times = [str(plan.seconds), str(plan.slow_seconds)]
    process = subprocess.Popen([*command, *times], stdout=subprocess.PIPE)
    try:
        yield int(process.stdout.readline() if process.stdout is not None else b"")
    finally:
        process.terminate()
        process.communicate()


def collect(plan: Plan, checkout: Path) -> Json:
    """What collecting took the program of a checkout; None of its time where it was not patient enough."""
    with tempfile.TemporaryDirectory() as name, serving(plan, Path(name)) as port:
        asked = json.dumps({"port": port, "pages": plan.list_pages()})
        done = subprocess.run(
            [sys.executable, str(PROGRAMS / "collecting.py")],
            input=asked,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE_SECONDS,
            env={**os.environ, "PYTHONPATH": str(checkout.resolve())},
        )
    result: Json = json.loads(done.stdout)
    return result


def measure(plan: Plan, checkout: Path) -> Json:
    """One plan and one program: how quick it was, beside what is allowed."""
    took, manners = collect(plan, checkout), Politeness()
    pictures = plan.hosts * plan.pictures
    others = max(at for host, at in took["last"].items() if not host.startswith("127.2."))
    return {
        "pictures_a_second": pictures / took["seconds"],
        "times": took["seconds"] / shortest_seconds(plan, manners),
        "others_times": others / shortest_seconds(plan, manners, without_slow=True),
        "cpu_ms_a_picture": 1000 * took["cpu_seconds"] / pictures,
        "peak_mb": took["peak_bytes"] / 1e6,
        "lost": pictures - took["fetched"],
    }


def measured(plans: Sequence[Plan], against: Path | None, rounds: int = 1) -> list[Json]:
    """Every plan, by this program and by the other one: the quickest round, since others' work only slows."""
    rows = []
    for plan in plans:
        tell(f"{plan.hosts} hosts, {plan.order}")
        row: Json = asdict(plan)
        row["allowed"] = plan.hosts * plan.pictures / shortest_seconds(plan, Politeness())
        row["now"] = min((measure(plan, ROOT) for _ in range(rounds)), key=lambda one: float(one["times"]))
        if against is not None:
            row["before"] = measure(plan, against)
        rows.append(row)
    return rows


def as_text(rows: Sequence[Json]) -> str:
    """The figures as a table in Markdown."""
    programs = [name for name in ("before", "now") if name in rows[0]]
    heads = [f"{name} | times as long | others | CPU ms" for name in programs]
    lines = [
        f"| hosts | pages | pictures | allowed | {' | '.join(heads)} |",
        f"|---:|---|---:|---:|{'---:|' * 4 * len(programs)}",
    ]
    for row in rows:
        pictures = row["hosts"] * row["pictures"]
        cells = [f"{row['hosts']:,}", row["order"], f"{pictures:,}", f"{row['allowed']:.0f}"]
        for name in programs:
            told = row[name]
            cells += [f"{told['pictures_a_second']:.0f}", f"{told['times']:.2f}"]
            cells += [f"{told['others_times']:.2f}", f"{told['cpu_ms_a_picture']:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def tell(text: str) -> None:
    if sys.stderr.isatty() or os.environ.get("CI"):
        print(text, file=sys.stderr)


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench hosts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hosts", type=int, nargs="+", default=HOSTS, metavar="N", help="so many of them")
    parser.add_argument("--orders", nargs="+", default=[BY_HOST, MIXED, SLOW], choices=[BY_HOST, MIXED, SLOW])
    parser.add_argument("--pictures", type=int, metavar="N", help="of each host")
    parser.add_argument(
        "--answer",
        type=float,
        metavar="SECONDS",
        help="answers take (default: 0.1 of few hosts, 0.4 of many)",
    )
    parser.add_argument(
        "--slow-answer", type=float, default=2.0, metavar="SECONDS", help="the slow host's (default: 2)"
    )
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="measure this checkout beside it")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="so often, the quickest counts")
    parser.add_argument("--json", action="store_true", help="one JSON object a line instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    plans = [
        Plan(
            hosts,
            order,
            options.pictures or PICTURES.get(hosts, PICTURES_A_HOST * hosts) // hosts,
            options.answer or ANSWERS.get(hosts, ANSWER_SECONDS),
            options.slow_answer,
        )
        for hosts in options.hosts
        for order in options.orders
    ]
    rows = measured(plans, options.against, options.rounds)
    print("\n".join(map(json.dumps, rows)) if options.json else as_text(rows))
    return int(any(row["now"]["times"] > MOST or row["now"]["lost"] for row in rows))
