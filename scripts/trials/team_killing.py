"""Kill harvests, deciders, the database and the bucket's server of a team's catalog at random points.

Two harvests and a decider work in one catalog of a PostgreSQL and an S3 server of this script's own. One of these five
is killed at some moment: a process by SIGKILL, the database at once, without writing what it holds (SIGQUIT), the S3
server by SIGKILL; servers come back. Then all that was acknowledged before must be there, once, and every record must
have its original. The exit code is 1 where it is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postgres_server import PostgresServer, running_server
from s3_server import S3Server

from catalog.check import check
from catalog.store import migrate, open_catalog
from trials.killing import ROOT, pictures_served

HARVESTS = ("one", "two")
VICTIMS = (*HARVESTS, "decide", "database", "bucket")

# Pictures that each harvest adds a round, and how many of them it may have asked for when something is killed.
NEW_PICTURES = 40

# From its start until something is killed.
SECONDS = (0.3, 3.0)

# What a harvest or a decider may take to end, with a server that comes back meanwhile.
PATIENCE_SECONDS = 180.0

DECIDING = """
import sys
from catalog.decisions import decide
from catalog.store import open_catalog

location, number = sys.argv[1], int(sys.argv[2])
with open_catalog(location, decides=True) as catalog:
    assets = sorted(catalog.records.sha256s())
    while True:
        pair = assets[number % len(assets)], assets[(number * 7 + 1) % len(assets)]
        if pair[0] != pair[1]:
            decide(catalog.records, pair, "same", note=str(number), by="victim", at="2026-01-01T00:00:00Z")
            print(number, flush=True)
        number += 1
"""

Known = dict[str, set[str]]


@dataclass(slots=True)
class Result:
    """What the kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    refused: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/trial team-killing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=100, metavar="N", help="so many (default: 100)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="other moments")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name, running_server() as database, bucket(Path(name)) as server:
        result = killed(Path(name), database, server, options.kills, options.seed)
    figures: dict[str, Any] = {
        "kills": dict(result.kills),
        "lost": result.lost,
        "left": result.left,
        "ended by a lost server": result.refused,
    }
    print(json.dumps(figures) if options.json else as_text(figures))
    return 1 if result.lost or result.left else 0


@contextmanager
def bucket(work: Path) -> Iterator[S3Server]:
    """An S3 server, which this process and those that it starts are let in to."""
    folder = work / "s3"
    folder.mkdir()
    server = S3Server(folder)
    server.start()
    os.environ.update(server.environment)
    try:
        yield server
    finally:
        server.kill()


def killed(work: Path, database: PostgresServer, server: S3Server, kills: int, seed: int) -> Result:
    """So many kills, each amid two harvests and a decider."""
    result, moments = Result(), random.Random(seed)  # noqa: S311 - which moments, nothing secret
    location = database.make_database()
    os.environ["PHOTODESK_CACHE"] = str(work / "cache")
    migrate(location, server.new_address(), lambda _line: None)
    with pictures_served() as served:
        for number in range(kills):
            victim = moments.choice(VICTIMS)
            _play(_Round(work, location, database, server, served.address, number), victim, moments, result)
            result.kills[victim] += 1
        _see_whole(location, result)
    return result


@dataclass(frozen=True, slots=True)
class _Round:
    work: Path
    location: str
    database: PostgresServer
    server: S3Server
    address: str
    number: int

    def harvest(self, name: str) -> subprocess.Popen[str]:
        """Pictures of its own and some that both harvest, of this round and of the one before."""
        addresses = self.work / f"{name}.txt"
        begin = NEW_PICTURES * 3 * max(0, self.number - 1)
        end = NEW_PICTURES * 3 * (self.number + 1)
        own = HARVESTS.index(name)
        chosen = [one for one in range(begin, end) if one % 3 in (own, 2)]
        addresses.write_text("".join(f"{self.address}/{one}.jpg\n" for one in chosen))
        host = self.address.removeprefix("http://")
        command = ["-m", "catalog.cli", "harvest", str(addresses), "--workers", "1", "--allow-address", host]
        return self.start(command, name)

    def decide(self) -> subprocess.Popen[str]:
        return self.start(["-c", DECIDING, self.location, str(100_000 * (self.number + 1))], "decide")

    def start(self, command: list[str], name: str) -> subprocess.Popen[str]:
        environment = os.environ | {
            "PHOTODESK_CATALOG": self.location,
            "PHOTODESK_CACHE": str(self.work / f"cache-{name}"),
        }
        return subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=environment,
        )


def _play(this: _Round, victim: str, moments: random.Random, result: Result) -> None:
    processes = {name: this.harvest(name) for name in HARVESTS}
    if _known(this.location)["assets"]:
        processes["decide"] = this.decide()
    time.sleep(moments.uniform(*SECONDS))
    before = _known(this.location)
    if victim == "database":
        this.database.stop(signal.SIGQUIT)
        this.database.start()
    elif victim == "bucket":
        this.server.kill()
        this.server.start()
    elif victim in processes:
        processes[victim].kill()
    decided = _end(processes, victim, result)
    after = _known(this.location)
    for table, keys in before.items():
        result.lost += [f"{victim}: {table} {key}" for key in sorted(keys - after[table])]
    with open_catalog(this.location, read_only=True) as catalog:
        notes = set()
        for decision in catalog.records.decisions():
            notes |= {decision.note, *(str(earlier["note"]) for earlier in decision.history)}
    result.lost += [f"{victim}: decision {one}" for one in decided if one not in notes]


def _end(processes: dict[str, subprocess.Popen[str]], victim: str, result: Result) -> list[str]:
    """Wait for the harvests and end the decider; what that said was kept."""
    for name in HARVESTS:
        try:
            code = processes[name].wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            processes[name].kill()
            result.left.append(f"{victim}: a harvest did not come to its end")
            continue
        result.refused += name != victim and code not in (0, 1)
    decider = processes.get("decide")
    if decider is None:
        return []
    decider.kill()
    said, _ = decider.communicate()
    return [line for line in said.splitlines(keepends=False)[:-1] if line]


def _known(location: str) -> Known:
    """The keys of every table as a reader sees them."""
    with open_catalog(location, read_only=True) as catalog:
        store = catalog.records
        return {
            "pages": {one.key for one in store.pages()},
            "usages": {one.key for one in store.usages()},
            "assets": set(store.sha256s()),
            "fetches": {one.url for one in store.fetches()},
            "runs": {one.key for one in store.runs()},
            "decisions": {one.key for one in store.decisions()},
        }


def _see_whole(location: str, result: Result) -> None:
    """Every record has its original, each picture is there once, and nothing else is wrong with records."""
    # What is derived lies on the machines of those that were killed, and is made again there.
    found = [one for one in check(location).findings if "derived" not in one.kind.value]
    result.left += [str(one) for one in found]


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    kills = ", ".join(f"{count} {kind}" for kind, count in sorted(figures["kills"].items()))
    lines = [
        ("kills", kills),
        ("acknowledged and lost", str(len(figures["lost"]))),
        ("not whole", str(len(figures["left"]))),
        ("others that ended for a lost server", str(figures["ended by a lost server"])),
    ]
    table = "\n".join(["| kill | |", "|---|---|", *(f"| {name} | {value} |" for name, value in lines)])
    return "\n".join([table, "", *figures["lost"][:20], *figures["left"][:20]]).rstrip()
