"""Kill harvests, decisions and compactions at random points, and see that nothing acknowledged is lost.

After each SIGKILL the catalog must open, hold all that was acknowledged before, and `photodesk check --repair` must
leave it whole. The exit code is 1 where one does not.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from catalog.check import check
from catalog.errors import CatalogError
from catalog.repair import check_and_mend
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore
from catalog.store.layout import JOURNAL

ROOT = Path(__file__).resolve().parents[2]

# A catalog is begun anew after so many kills, so that its making is killed too.
KILLS_A_CATALOG = 50

# Where all harvests of a new catalog were killed before they kept anything, the next one is let through.
MOST_WITHOUT_PICTURES = 4

# New pictures for each harvest, which comes after what the harvests before it were killed at.
NEW_PICTURES = 30

# One harvest in so many is killed while it starts, the others while it asks for pictures or thereafter.
EARLY_EVERY = 5

# Seconds after which a victim is killed: after its start, after some answer to it, after its first acknowledgement.
EARLY_SECONDS = (0.0, 0.8)
HARVEST_SECONDS = (0.0, 1.2)
OTHER_SECONDS = (0.0, 0.15)

DECIDING = """
import sys
from pathlib import Path
import catalog.store.journals.journal
from catalog.decisions import decide
from catalog.store.catalog import open_store

catalog.store.journals.journal.COMPACT_FLOOR_BYTES = 20_000
folder, number = Path(sys.argv[1]), int(sys.argv[2])
with open_store(folder, read_only=True) as store:
    assets = sorted(asset.sha256 for asset in store.assets())
while True:
    first = number % len(assets)
    second = (first + 1 + number // len(assets) % (len(assets) - 1)) % len(assets)
    with open_store(folder, decides=True) as store:
        pair = assets[first], assets[second]
        decide(store, pair, "same", note=str(number), by="victim", at="2026-01-01T00:00:00Z")
    print(number, flush=True)
    number += 1
"""

COMPACTING = """
import sys
from pathlib import Path
import catalog.store.journals.journal
from catalog.model import RunRecord
from catalog.store.catalog import open_store

catalog.store.journals.journal.COMPACT_FLOOR_BYTES = 20_000
folder, number = Path(sys.argv[1]), int(sys.argv[2])
with open_store(folder) as store:
    while True:
        summary = {"number": number, "padding": "x" * 3000}
        store.put_run(RunRecord(key=f"victim-{number % 10}", inputs_key="victim", finished="now", summary=summary))
        print(number, flush=True)
        number += 1
"""

Known = dict[str, set[str]]


@dataclass(slots=True)
class Result:
    """What the kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    mended: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    slowest_opening: float = 0.0
    most_records: int = 0


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial killing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="so many (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="other moments")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    with tempfile.TemporaryDirectory() as name:
        result = killed(Path(name), options.kills, options.seed)
    figures = {
        "kills": dict(result.kills),
        "lost": result.lost,
        "not_mended": result.left,
        "mended": dict(result.mended),
        "slowest_opening_seconds": round(result.slowest_opening, 3),
        "most_records": result.most_records,
    }
    print(json.dumps(figures) if options.json else as_text(figures))
    return 1 if result.lost or result.left else 0


def killed(work: Path, kills: int, seed: int) -> Result:
    """So many kills, three in ten of them of decisions and three of compactions."""
    result = Result()
    moments = random.Random(seed)  # noqa: S311 - which moments, nothing secret
    # A row of their own: how many moments there are depends on how far the victims come.
    kinds = random.Random(seed).choices(("harvest", "decide", "compaction"), (4, 3, 3), k=kills)  # noqa: S311
    with pictures_served() as served:
        for number in range(kills):
            catalog = work / f"catalog-{number // KILLS_A_CATALOG}"
            if number % KILLS_A_CATALOG == 0 and number:
                shutil.rmtree(work / f"catalog-{number // KILLS_A_CATALOG - 1}")
            victim = _Victim(work, catalog, served, number, moments, result)
            if number % KILLS_A_CATALOG == MOST_WITHOUT_PICTURES and _count(catalog) < 2:
                victim.spared_harvest()
            kind = kinds[number] if _count(catalog) > 1 else "harvest"
            {"harvest": victim.harvest, "decide": victim.decide, "compaction": victim.compaction}[kind]()
            result.kills[kind] += 1
            _see(catalog, result)
    return result


@dataclass(slots=True)
class Served:
    """A server that runs: its address, and how many pictures it gave."""

    address: str = ""
    answers: int = 0


class _Victim:
    """One process that is killed."""

    def __init__(
        self, work: Path, catalog: Path, served: Served, number: int, moments: random.Random, result: Result
    ) -> None:
        self._work, self._catalog, self._served = work, catalog, served
        self._number, self._moments, self._result = number, moments, result

    def harvest(self) -> None:
        """A harvest of the pictures so far and some new ones."""
        with self._harvesting() as process:
            if self._moments.randrange(EARLY_EVERY) == 0:
                time.sleep(self._moments.uniform(*EARLY_SECONDS))
            else:
                wanted = self._served.answers + self._moments.randint(1, NEW_PICTURES + 5)
                while self._served.answers < wanted and process.poll() is None:
                    time.sleep(0.002)
                time.sleep(self._moments.uniform(*HARVEST_SECONDS))
            before = _known(self._catalog)
            process.send_signal(signal.SIGKILL)
        _compare(before, _known(self._catalog), "harvest", self._result)

    def spared_harvest(self) -> None:
        """A harvest that is let through."""
        with self._harvesting() as process:
            process.wait()

    def _harvesting(self) -> subprocess.Popen[str]:
        last = self._number % KILLS_A_CATALOG
        addresses = self._work / "addresses.txt"
        first = (self._number - last) * NEW_PICTURES
        pictures = range(first, first + (last + 1) * NEW_PICTURES)
        addresses.write_text("".join(f"{self._served.address}/{one}.jpg\n" for one in pictures))
        host = self._served.address.removeprefix("http://")
        command = ["-m", "catalog.cli", "harvest", str(addresses), "--catalog", str(self._catalog)]
        return _started([*command, "--workers", "1", "--allow-address", host])

    def decide(self) -> None:
        """Decisions, one after the other, each a catalog opened and closed."""
        before = _known(self._catalog)
        acknowledged = self._last_word(DECIDING)
        now = _known(self._catalog)
        _compare(before, now, "decide", self._result)
        with open_store(self._catalog, read_only=True) as store:
            notes = {decision.note for decision in store.decisions()} | {
                earlier["note"] for decision in store.decisions() for earlier in decision.history
            }
        numbers = range(1000 * self._number, acknowledged + 1)
        self._result.lost += [f"decision {one}" for one in numbers if str(one) not in notes]

    def compaction(self) -> None:
        """A few records written over and over, so that most of the file is dead again and again."""
        before = _known(self._catalog)
        acknowledged = self._last_word(COMPACTING)
        _compare(before, _known(self._catalog), "compaction", self._result)
        with open_store(self._catalog, read_only=True) as store:
            for number in range(max(1000 * self._number, acknowledged - 9), acknowledged + 1):
                run = store.run(f"victim-{number % 10}")
                if run is None or run.summary["number"] < number:
                    self._result.lost.append(f"run {number}")

    def _last_word(self, program: str) -> int:
        """The last number that the program said was kept before it was killed."""
        with _started(["-c", program, str(self._catalog), str(1000 * self._number)]) as process:
            assert process.stdout is not None  # noqa: S101
            said = [process.stdout.readline()]
            time.sleep(self._moments.uniform(*OTHER_SECONDS))
            process.send_signal(signal.SIGKILL)
            said += process.stdout.read().splitlines(keepends=True)
        whole = [int(line) for line in said if line.endswith("\n")]
        if not whole:
            self._result.lost.append(f"the victim of kill {self._number} did not begin")
        return whole[-1] if whole else -1


def _started(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )


def _known(catalog: Path) -> Known:
    """The keys of every table as a reader sees them."""
    if not (catalog / JOURNAL).is_file():
        return {}
    with open_store(catalog, read_only=True) as store:
        return {
            "pages": {one.key for one in store.pages()},
            "usages": {one.key for one in store.usages()},
            "assets": {one.sha256 for one in store.assets()},
            "fetches": {one.url for one in store.fetches()},
            "runs": {one.key for one in store.runs()},
            "decisions": {one.key for one in store.decisions()},
        }


def _count(catalog: Path) -> int:
    return len(_known(catalog).get("assets", ()))


def _compare(before: Known, after: Known, what: str, result: Result) -> None:
    for table, keys in before.items():
        result.lost += [f"{what}: {table} {key}" for key in sorted(keys - after.get(table, set()))]


def _see(catalog: Path, result: Result) -> None:
    """The catalog opens, and is whole or can be mended."""
    if not (catalog / JOURNAL).is_file():
        # Killed before there was a catalog.
        return
    started = time.perf_counter()
    try:
        with open_store(catalog, read_only=True) as store:
            result.most_records = max(result.most_records, _records(store))
    except CatalogError as error:
        result.lost.append(f"it does not open: {error}")
        return
    result.slowest_opening = max(result.slowest_opening, time.perf_counter() - started)
    if not check(catalog).findings:
        return
    for one in asyncio.run(check_and_mend(catalog, workers=1)).findings:
        if one.mended:
            result.mended[one.kind.value] += 1
        else:
            result.left.append(str(one))
    result.left += [f"still: {one}" for one in check(catalog).findings]


def _records(store: EmbeddedStore) -> int:
    return sum(store.counts().values())


@contextmanager
def pictures_served() -> Iterator[Served]:
    """A server with a picture of its own at every number."""
    served = Served()
    noise = np.random.default_rng(1).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    body = io.BytesIO()
    Image.fromarray(noise).resize((160, 120)).save(body, "JPEG")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Bytes after the end of a JPEG make each file another asset.
            is_picture = self.path.endswith(".jpg")
            answer = body.getvalue() + self.path.encode() if is_picture else b""
            self.send_response(200 if is_picture else 404)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            served.answers += is_picture

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        handle_error: Callable[..., None] = lambda *_: None

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        served.address = f"http://127.0.0.1:{server.server_address[1]}"
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_text(figures: dict[str, Any]) -> str:
    """The figures as a table in Markdown."""
    kills = ", ".join(f"{count} {kind}" for kind, count in sorted(figures["kills"].items()))
    mended = ", ".join(f"{count} {kind}" for kind, count in sorted(figures["mended"].items())) or "nothing"
    lines = [
        ("kills", kills),
        ("acknowledged and lost", str(len(figures["lost"]))),
        ("not mended", str(len(figures["not_mended"]))),
        ("mended by check --repair", mended),
        ("slowest opening", f"{figures['slowest_opening_seconds']:.2f} s"),
    ]
    table = "\n".join(["| SIGKILL | |", "|---|---|", *(f"| {name} | {value} |" for name, value in lines)])
    return "\n".join([table, "", *figures["lost"][:20], *figures["not_mended"][:20]]).rstrip()
