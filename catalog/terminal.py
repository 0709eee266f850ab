"""What commands share: exit codes, warnings, and how far the work is."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence

# Exit codes.
EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_USAGE = 2
EXIT_OUTSIDE_FAULT = 3
EXIT_INTERRUPTED = 130

# On anything but a terminal a line of progress so often; log files are read later, by people.
PLAIN_PROGRESS_SECONDS = 30.0


def warn_of_damage(damage: Sequence[object]) -> None:
    """Tell what was found damaged when the catalog was opened."""
    for part in damage:
        print(f"photodesk: the catalog is damaged: {part}", file=sys.stderr)


@contextlib.contextmanager
def progress_shown() -> Iterator[Callable[[str], None]]:
    """A callback that shows how far the work is: a live line on a terminal, else a line now and then."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.text import Text

        with Console(stderr=True).status("starting") as status:
            yield lambda line: status.update(Text(line))
        return
    told = time.monotonic()

    def tell(line: str) -> None:
        nonlocal told
        if time.monotonic() - told >= PLAIN_PROGRESS_SECONDS:
            told = time.monotonic()
            print(line, file=sys.stderr, flush=True)

    yield tell
