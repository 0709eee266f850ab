"""How far the work is: a bar on a terminal, elsewhere a line now and then, with the rate and the time that is left."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

# On anything but a terminal a line of progress so often; log files are read later, by people.
PLAIN_PROGRESS_SECONDS = 30.0

# The rate is that of so many seconds: a slow host or a large picture makes it no other.
RATE_SECONDS = 60.0

# Before so many seconds no rate is told.
LEAST_SECONDS = 2.0

# A slower rate is told by the minute.
LEAST_A_SECOND = 0.95


class Tell(Protocol):
    """Takes a line on how far the work is and, where they can be counted, how much is done, of how much in all.

    Without `total` it is not known yet how much there is; `step` names what is counted, where that changes.
    """

    def __call__(
        self, line: str, done: int | None = None, total: int | None = None, *, step: str = ""
    ) -> None:
        """Show it."""
        ...


class Pace:
    """How quick the work is of late, by `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()
        self._step = ""

    def count(self, done: int, step: str = "") -> None:
        """Take in how much is done. Where less is than before, or the step is another one, something else began."""
        if step != self._step or (self._seen and done < self._seen[-1][1]):
            self._seen.clear()
        self._step = step
        now = self._clock()
        self._seen.append((now, done))
        # One that is older is kept, so that there is a rate also where nothing came for long.
        while len(self._seen) > 2 and self._seen[1][0] <= now - RATE_SECONDS:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """How many are done a second; None as long as nothing can be said."""
        if not self._seen:
            return None
        seconds = self._seen[-1][0] - self._seen[0][0]
        return (self._seen[-1][1] - self._seen[0][1]) / seconds if seconds >= LEAST_SECONDS else None

    def text(self, total: int | None = None) -> str:
        """The rate, and with a total the time that is left; empty as long as nothing can be said."""
        rate = self.rate
        if not rate:
            return ""
        told = f"{rate:.1f} a second" if rate >= LEAST_A_SECOND else f"{60 * rate:.1f} a minute"
        if total is None:
            return told
        left = max(0, total - self._seen[-1][1]) / rate
        return f"{told}, {duration_text(left)} left"


def duration_text(seconds: float) -> str:
    """A time in its two largest units.

    >>> [duration_text(seconds) for seconds in (4.2, 150, 12_000, 200_000)]
    ['5 s', '2 min 30 s', '3 h 20 min', '2 d 7 h']
    """
    whole = int(seconds) + (seconds > int(seconds))
    for large, small, size, of_small in (
        ("d", "h", 86_400, 3_600),
        ("h", "min", 3_600, 60),
        ("min", "s", 60, 1),
    ):
        if whole >= size:
            rest = whole % size // of_small
            return f"{whole // size} {large}" + (f" {rest} {small}" if rest else "")
    return f"{whole} s"


@contextlib.contextmanager
def progress_shown() -> Iterator[Tell]:
    """What shows how far the work is: a bar on a terminal, else a line now and then, on standard error."""
    if sys.stderr.isatty():
        with _on_terminal() as tell:
            yield tell
        return
    yield _in_lines()


def _in_lines() -> Tell:
    pace = Pace()
    told = time.monotonic()

    def tell(line: str, done: int | None = None, total: int | None = None, *, step: str = "") -> None:
        nonlocal told
        if done is not None:
            pace.count(done, step)
        if time.monotonic() - told < PLAIN_PROGRESS_SECONDS:
            return
        told = time.monotonic()
        quick = pace.text(total) if done is not None else ""
        print(", ".join(part for part in (line, quick) if part), file=sys.stderr, flush=True)

    return tell


@contextlib.contextmanager
def _on_terminal() -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn
    from rich.text import Text

    class _Line(TextColumn):
        def render(self, task: Task) -> Text:
            # As it is: a file's name has square brackets, and is no markup.
            parts = task.fields.get("line", "starting"), task.fields.get("pace", "")
            return Text(", ".join(part for part in parts if part), overflow="ellipsis", no_wrap=True)

    class _Bar(BarColumn):
        def render(self, task: Task) -> object:  # type: ignore[override]
            return super().render(task) if task.total else Text("")

    pace = Pace()
    columns = SpinnerColumn(), _Bar(bar_width=24), _Line("")
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)

        def tell(line: str, done: int | None = None, total: int | None = None, *, step: str = "") -> None:
            if done is not None:
                pace.count(done, step)
            quick = pace.text(total) if done is not None else ""
            # What is not known, or not any more, has no bar; to `update` None is what was known before.
            shown.tasks[0].total = total
            shown.update(task, completed=done, line=line, pace=quick, refresh=total is None)

        yield tell
