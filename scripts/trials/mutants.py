"""Change the rooms that decide something, one place at a time, and see how many of the changes their tests notice."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from trials.noticing import ROOT, Copy, Mutant, limit_of

ROOMS = (
    "assets/articles",
    "assets/articles/metadata",
    "assets/credits",
    "assets/markup",
    "assets/posts",
    "assets/pictures",
    "catalog/matching",
    "catalog/matching/pixels",
)

# Fewer of a hundred noticed, and the trial fails.
LEAST_NOTICED = 85

# A line of progress after so many mutants.
PROGRESS_EVERY = 20


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/trial mutants",
        description="Change modules of the program, one place at a time, and see whether the tests of the room notice. "
        "Exit code 1: fewer than 85 of 100 were noticed.",
    )
    names = [Path(room).name for room in ROOMS]
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another sample (default: 1)")
    parser.add_argument("--count", type=int, default=400, metavar="N", help="so many mutants (default: 400)")
    parser.add_argument(
        "--rooms", nargs="+", choices=names, default=names, metavar="ROOM", help=", ".join(names)
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="at once (default: cores)"
    )
    parser.add_argument("--list", action="store_true", help="show the sample and run nothing")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    options = arguments(argv)
    if not has_mutators():
        return 3
    # Not before it is known to be installed.
    from trials.mutations import sample

    rooms = [room for room in ROOMS if Path(room).name in options.rooms]
    mutants = sample(sources_of(ROOT, rooms), options.count, options.seed)
    if options.list:
        print("\n".join(as_text(one) for one in mutants))
        return 0
    noticed = noticed_by_tests(ROOT, mutants, options.jobs)
    print(table(mutants, noticed))
    survivors = [one for one in mutants if one not in noticed]
    print(f"\nnot noticed: {len(survivors)}")
    print("\n".join(as_text(one) for one in survivors))
    return 1 if 100 * len(noticed) < LEAST_NOTICED * len(mutants) else 0


def has_mutators() -> bool:
    """Whether cosmic-ray can be imported, which only this trial needs; it is installed where it is not there."""
    if importlib.util.find_spec("cosmic_ray") is None:
        subprocess.run([ROOT / "scripts" / "environment", "trials"])
        importlib.invalidate_caches()
    is_there = importlib.util.find_spec("cosmic_ray") is not None
    if not is_there:
        print("cosmic-ray is not installed: scripts/environment trials", file=sys.stderr)
    return is_there


def sources_of(root: Path, rooms: Sequence[str]) -> dict[str, str]:
    """The modules of rooms by their paths; a room's face only says what others may use."""
    files = (path for room in rooms for path in (root / room).glob("*.py") if path.name != "__init__.py")
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def noticed_by_tests(root: Path, mutants: Sequence[Mutant], jobs: int) -> set[Mutant]:
    """Those of the mutants that tests of their room notice, so many tried at once, each in a copy of the tree."""
    copies: Queue[Copy] = Queue()
    with tempfile.TemporaryDirectory(prefix="mutants-") as name, ThreadPoolExecutor(jobs) as pool:
        for number in range(jobs):
            copies.put(Copy(root, Path(name).resolve() / str(number)))
        rooms = sorted({room_of(one) for one in mutants})
        limits = dict(zip(rooms, pool.map(lambda room: _limit(copies, room), rooms), strict=True))
        trials = {pool.submit(_notices, copies, one, limits[room_of(one)]): one for one in mutants}
        noticed: set[Mutant] = set()
        for done, trial in enumerate(as_completed(trials), 1):
            if trial.result():
                noticed.add(trials[trial])
            if done % PROGRESS_EVERY == 0:
                print(
                    f"{done} of {len(mutants)}, {done - len(noticed)} not noticed",
                    file=sys.stderr,
                    flush=True,
                )
    return noticed


def _limit(copies: Queue[Copy], room: str) -> int:
    with _lent(copies) as copy:
        ended = copy.run_room(room)
    if not ended.passed:
        raise SystemExit(f"{room}: its tests fail without a mutant")
    return limit_of(ended)


def _notices(copies: Queue[Copy], mutant: Mutant, cpu_seconds: int) -> bool:
    with _lent(copies) as copy:
        return copy.notices(mutant, cpu_seconds)


@contextmanager
def _lent(copies: Queue[Copy]) -> Iterator[Copy]:
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


def room_of(mutant: Mutant) -> str:
    """The folder of a mutant's module."""
    return Path(mutant.path).parent.as_posix()


def table(mutants: Sequence[Mutant], noticed: set[Mutant]) -> str:
    """How many were noticed, by room and in all, in Markdown."""
    made = Counter(Path(room_of(one)).name for one in mutants)
    seen = Counter(Path(room_of(one)).name for one in noticed)
    made["all"], seen["all"] = len(mutants), len(noticed)
    rows = (
        f"| {room} | {made[room]} | {seen[room]} | {100 * seen[room] / made[room]:.1f} |" for room in made
    )
    return "\n".join(["| room | mutants | noticed | of 100 |", "|---|---|---|---|", *rows])


def as_text(mutant: Mutant) -> str:
    """A mutant with its file, its line and the change."""
    return f"{mutant.path}:{mutant.line}\n    - {mutant.before}\n    + {mutant.after}"
