"""Whether the tests of a room notice a mutant of one of its modules."""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import resource
import shutil
import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]

# A run of tests is forked from a server that has imported these, which takes a second.
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


# Exit codes of a run that did not come to run tests, and of pytest: passed, and no tests there.
NOT_RUN = 70
PASSED = (0, 5)

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(list(HEAVY))


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
        self._folder = folder
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
        told, telling = _SERVER.Pipe(duplex=False)
        process = _SERVER.Process(target=_be_pytest, args=(str(self._folder), tests, cpu_seconds, telling))
        process.start()
        telling.close()
        process.join(WAIT_SECONDS)
        group = process.pid
        # With what it started and did not end.
        if group is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        process.join()
        passed = process.exitcode in PASSED
        process.close()
        with told:
            try:
                began = told.recv()
            except EOFError as error:
                raise RuntimeError(f"no tests were run in {self._folder}") from error
            return Ended(passed, told.recv() - began if passed else 0.0)


def _be_pytest(folder: str, tests: list[str], cpu_seconds: int, telling: Connection) -> NoReturn:
    """Become a run of tests in a copy of the tree; tell the CPU used when it begins and when it has ended."""
    code = NOT_RUN
    try:
        os.setsid()
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        # Not the working tree, which the starter and an editable install put there.
        sys.path[:] = [folder, *(one for one in sys.path if "site-packages" in one or not _is_ours(one))]
        os.environ["PYTHONPATH"] = folder
        # None of these rooms' tests need plugins, whose import takes longer than most tests.
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        # The tests are those that every clone has.
        os.environ.pop("PHOTODESK_SHARED_DATA", None)
        # What the server imported is no garbage.
        gc.freeze()
        pytest = importlib.import_module("pytest")
        telling.send(_used_seconds())
        code = int(pytest.main([*PYTEST, *tests]))
        telling.send(_used_seconds())
    finally:
        os._exit(code)


def _used_seconds() -> float:
    """The CPU of this process and those it started and saw the end of."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _is_ours(entry: str) -> bool:
    return Path(entry).resolve().is_relative_to(ROOT)


def limit_of(ended: Ended) -> int:
    """The CPU seconds that a run may take where all tests of the room took this."""
    return int(CPU_TIMES * ended.cpu_seconds) + CPU_SECONDS_MORE
