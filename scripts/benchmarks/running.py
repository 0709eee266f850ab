"""One contender's run: how long it took, the CPU and the memory of all its processes, and what it kept."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import memory_of

# Reading what processes hold costs milliseconds: soon at first, for runs that are over at once, then seldom enough
# not to count.
FIRST_LOOK_SECONDS, LOOK_EVERY_SECONDS = 0.02, 0.5

PICTURES = (".jpg", ".jpeg")


@dataclass(frozen=True, slots=True)
class Contender:
    """Commands that are run in a folder of their own, one after the other, and where the pictures lie then."""

    name: str
    commands: Sequence[Sequence[str]]
    kept_in: str = "."
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run took. Memory is the largest sum of what all its processes held, shared pages counted once."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    kept: int


def ran(contender: Contender, work: Path) -> Ran:
    """Run a contender in a new folder; its output goes to a file there, which an error shows."""
    work.mkdir()
    environment = {
        **os.environ,
        **contender.environment,
        "HOME": str(work),
        "XDG_CACHE_HOME": str(work / ".cache"),
    }
    memory = _Memory()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = time.perf_counter()
    for command in contender.commands:
        with (work / "output.txt").open("ab") as output:
            process = subprocess.Popen(
                command, cwd=work, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            memory.watch(process)
            if process.wait():
                told = (work / "output.txt").read_text(errors="replace")[-2000:]
                raise SystemExit(f"{contender.name}: exit code {process.returncode}\n{told}")
    seconds = time.perf_counter() - clock
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    folder = work / contender.kept_in
    return Ran(
        seconds=seconds,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak_bytes=memory.peak,
        kept=sum(path.suffix in PICTURES for path in folder.rglob("*")),
    )


class _Memory:
    """The most memory that trees of processes held."""

    def __init__(self) -> None:
        self.peak = 0

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Look at a process and all that come from it until it ends, from a thread."""
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        pause = FIRST_LOOK_SECONDS
        while process.poll() is None:
            self.peak = max(self.peak, memory_of(process.pid))
            time.sleep(pause)
            pause = min(2 * pause, LOOK_EVERY_SECONDS)
