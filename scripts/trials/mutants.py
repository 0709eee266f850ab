"""A sample of mutants of rooms that decide something, and how many of them the tests notice."""

from __future__ import annotations

import argparse
import multiprocessing
import multiprocessing.util
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from trials.mutations import sample
from trials.noticing import Copy, Mutant, import_heavy, limit_of

ROOT = Path(__file__).resolve().parents[2]

ROOMS = ("assets/articles", "assets/markup", "assets/posts", "assets/pictures", "catalog/matching")

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


def sources_of(root: Path, rooms: Sequence[str]) -> dict[str, str]:
    """The modules of rooms by their paths; a room's face only says what others may use."""
    files = (path for room in rooms for path in (root / room).glob("*.py") if path.name != "__init__.py")
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def noticed_by_tests(root: Path, mutants: Sequence[Mutant], jobs: int) -> set[Mutant]:
    """Those of the mutants that tests of their room notice, tried so many at once in copies of the tree."""
    import_heavy()
    forking = multiprocessing.get_context("fork")
    noticed: set[Mutant] = set()
    with ProcessPoolExecutor(jobs, forking, _copy_tree, (root,)) as pool:
        rooms = sorted({str(Path(one.path).parent) for one in mutants})
        limits = dict(zip(rooms, pool.map(_limit, rooms), strict=True))
        trials = {pool.submit(_notices, one, limits[str(Path(one.path).parent)]): one for one in mutants}
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


# A worker's own copy of the tree.
_copies: list[Copy] = []


def _copy_tree(root: Path) -> None:
    folder = tempfile.TemporaryDirectory(prefix="mutants-")
    # A worker that ends runs nothing of `atexit`.
    multiprocessing.util.Finalize(None, folder.cleanup, exitpriority=1)
    _copies.append(Copy(root, Path(folder.name).resolve() / "tree"))


def _limit(room: str) -> int:
    ended = _copies[0].run_room(room)
    if not ended.passed:
        raise SystemExit(f"{room}: its tests fail without a mutant")
    return limit_of(ended)


def _notices(mutant: Mutant, cpu_seconds: int) -> bool:
    return _copies[0].notices(mutant, cpu_seconds)


def table(mutants: Sequence[Mutant], noticed: set[Mutant]) -> str:
    """How many were noticed, by room and in all, in Markdown."""
    made = Counter(Path(one.path).parent.name for one in mutants)
    seen = Counter(Path(one.path).parent.name for one in noticed)
    made["all"], seen["all"] = len(mutants), len(noticed)
    rows = (
        f"| {room} | {made[room]} | {seen[room]} | {100 * seen[room] / made[room]:.1f} |" for room in made
    )
    return "\n".join(["| room | mutants | noticed | of 100 |", "|---|---|---|---|", *rows])


def as_text(mutant: Mutant) -> str:
    """A mutant with its file, its line and the change."""
    return f"{mutant.path}:{mutant.line}\n    - {mutant.before}\n    + {mutant.after}"


if __name__ == "__main__":
    sys.exit(main())
