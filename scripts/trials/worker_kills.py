"""Kill decode workers while they work: only the picture in hand is lost, and it is tried once more.

Pictures are inspected without end, each of them known, until so many workers were killed. Those whose workers were
killed at both tries are lost, and counted. The exit code is 1 where another did not come, or came as something else.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assets import Failure, Inspector, Picture, Reason
from trials.breaking import sound

WORKERS = 2

# A worker takes half a second to start; then it has some pictures in hand before it is killed.
SECONDS_BETWEEN = (0.05, 0.5)


# No picture is ended for its time, however busy the machine.
DEADLINE_SECONDS = 600.0

# Each of the two tries of a picture ends with one kill at least: of its worker at work, or of all that would start.
KILLS_OF_A_LOSS = 2


@dataclass(slots=True)
class Run:
    """What the kills cost: pictures `lost` had both tries killed, `wrong` ones came as others, or were lost to less."""

    kills: int = 0
    pictures: int = 0
    lost: int = 0
    wrong: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/trial worker-kills",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=1000, metavar="N", help="so many (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="other moments")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        run = asyncio.run(killed(Path(name), options.kills, options.seed))
    print(f"{run.kills} workers killed, {run.pictures} pictures read as they should be")
    print(f"{run.lost} pictures lost whose workers were killed at both tries, as is meant")
    print(f"{run.wrong} pictures came as others, or were lost though a try was left to them")
    return 1 if run.wrong else 0


async def killed(folder: Path, kills: int, seed: int) -> Run:
    """Pictures inspected while workers are killed, until so many were."""
    run = Run()
    chance = random.Random(seed)  # noqa: S311 - which moments, nothing secret
    files = {}
    for name, body in sound().items():
        path = folder / name
        path.write_bytes(body)
        files[path] = name
    others = set(workers())
    was_read = asyncio.Event()
    async with Inspector(WORKERS, DEADLINE_SECONDS) as inspector:
        known = {path: await inspector.picture(path, name) for path, name in files.items()}

        async def work() -> None:
            while run.kills < kills:
                path, before = chance.choice(list(files)), run.kills
                found = await inspector.picture(path, files[path])
                enough = run.kills - before >= KILLS_OF_A_LOSS
                if isinstance(found, Failure) and found.reason is Reason.DECODE_CRASHED and enough:
                    run.lost += 1
                elif isinstance(found, Picture) and found == known[path]:
                    run.pictures += 1
                    was_read.set()
                else:
                    run.wrong += 1

        async def kill() -> None:
            while run.kills < kills:
                was_read.clear()
                await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN))
                # Where starting takes longer than that, no picture would ever come between two kills.
                if run.kills % 2:
                    await was_read.wait()
                alive = [one for one in workers() if one not in others]
                if alive:
                    with suppress(ProcessLookupError):
                        os.kill(chance.choice(alive), signal.SIGKILL)
                        run.kills += 1

        # As many pictures as workers: none waits, and is told as killed while it did.
        await asyncio.gather(kill(), *(work() for _ in range(WORKERS)))
    return run


def workers() -> list[int]:
    """The workers among this process's children that live; one that was killed may not be collected yet."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(child) for child in found if _is_worker(Path("/proc") / child)]


def _is_worker(process: Path) -> bool:
    try:
        # One that is gone but not collected has no command line any more.
        return b"assets.workers.process" in (process / "cmdline").read_bytes()
    except OSError:
        return False
