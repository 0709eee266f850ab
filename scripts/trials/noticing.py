"""Whether the tests of a room notice a mutant of one of its modules."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

# Taken along by each run of tests, which would need seconds to import them.
HEAVY = (
    "PIL.Image",
    "PIL.ImageDraw",
    "aiohttp.web",
    "cv2",
    "feedparser",
    "hypothesis",
    "imagehash",
    "lxml.html",
    "numpy",
    "orjson",
    "pytest",
    "selectolax.lexbor",
    "stamina",
    "tinydb",
    "yarl",
)

# Not copied: what is no source of the program or its tests.
NOT_COPIED = (".*", "__pycache__", "*.egg-info", "build", "dist", "docs", "photodesk-*")

# A run that takes so many times the CPU of all tests of the room, and some seconds, goes on for ever. A slow machine
# needs no more CPU than a quick one, or less than three times as much.
CPU_TIMES, CPU_SECONDS_MORE = 3, 5

# A run that waits for ever takes no CPU; none of these rooms' tests take minutes.
WAIT_SECONDS = 900

# Beyond this a mutant only gathers.
MOST_BYTES = 6 << 30

PYTEST = ("-x", "-q", "--tb=no", "-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change: the lines as they were and as they are, and the whole text."""

    path: str
    line: int
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of tests ended, and the CPU it took."""

    passed: bool
    cpu_seconds: float


class Copy:
    """A copy of the tree, in which modules are changed and tests are run."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self._folder = root, folder
        shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))

    def run_room(self, room: str) -> Ended:
        """All tests of a room such as `assets/markup`, and the examples in its docstrings."""
        return self._run([f"tests/{room}", room], resource.RLIM_INFINITY)

    def notices(self, mutant: Mutant, cpu_seconds: int) -> bool:
        """Whether tests of the mutant's room fail, or go on for more CPU than that."""
        path = self._folder / mutant.path
        original = path.read_bytes()
        try:
            path.write_text(mutant.source, encoding="utf-8")
            self._forget_compiled(path)
            return not all(self._run(tests, cpu_seconds).passed for tests in self._tests_of(mutant.path))
        finally:
            path.write_bytes(original)
            self._forget_compiled(path)

    def _tests_of(self, module: str) -> list[list[str]]:
        """The module's own tests, then all others of its room."""
        path = Path(module)
        own = path.parent / f"test_{path.name}"
        others = sorted((self._folder / "tests" / path.parent).glob("test_*.py"))
        rest = [one.relative_to(self._folder) for one in others if one.name != own.name]
        first = [Path("tests") / own] if len(rest) < len(others) else []
        return [[str(one) for one in tests] for tests in ([*first, path], [*rest, path.parent])]

    def _forget_compiled(self, path: Path) -> None:
        """Remove a module's bytecode, which is told from another's by a second and a size only."""
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            compiled.unlink()

    def _run(self, tests: list[str], cpu_seconds: int) -> Ended:
        child = os.fork()
        if not child:
            self._be_pytest(tests, cpu_seconds)
        _, status, used = os.wait4(child, 0)
        # What it started and did not end.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        return Ended(os.waitstatus_to_exitcode(status) == 0, used.ru_utime + used.ru_stime)

    def _be_pytest(self, tests: list[str], cpu_seconds: int) -> NoReturn:
        """Become the run of tests; the process ends with it."""
        code = 70
        try:
            os.setsid()
            os.chdir(self._folder)
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nothing, stream)
            resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
            resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
            signal.alarm(WAIT_SECONDS)
            os.environ["PYTHONPATH"] = str(self._folder)
            # None of these rooms' tests need plugins, whose import takes longer than most tests.
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            # The tests are those that every clone has.
            os.environ.pop("PHOTODESK_SHARED_DATA", None)
            ours = (self._root, self._root / "scripts")
            sys.path[:] = [str(self._folder), *(one for one in sys.path if Path(one).resolve() not in ours)]
            code = int(importlib.import_module("pytest").main([*PYTEST, *tests]))
        finally:
            os._exit(code)


def limit_of(ended: Ended) -> int:
    """The CPU seconds that a run may take where all tests of the room took this."""
    return int(CPU_TIMES * ended.cpu_seconds) + CPU_SECONDS_MORE


def import_heavy() -> None:
    """Import once what all runs of tests would."""
    for name in HEAVY:
        importlib.import_module(name)
    # What all runs share is no garbage.
    gc.freeze()
