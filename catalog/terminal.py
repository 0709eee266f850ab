"""What commands share: exit codes, texts that are safe to print, warnings, and how far the work is."""

from __future__ import annotations

import contextlib
import json
import os
import re
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

# Marks of direction: from there on a terminal may show the rest of the line backwards (Unicode, UAX 9).
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

# Control characters, C1 ones included: a caption or a file name must not steer the terminal.
_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f{_DIRECTIONS}]")

# Of these JSON escapes the first 32 itself; bytes of file names that are no UTF-8 cannot be encoded.
_NOT_PLAIN_JSON = re.compile(rf"[\x7f-\x9f\ud800-\udfff{_DIRECTIONS}]")


def printable(text: str) -> str:
    r"""The text with control characters, marks of direction and undecodable bytes shown as a mark.

    >>> printable("a\x1b[31mb"), printable("photo\u202egpj.exe")
    ('a\ufffd[31mb', 'photo\ufffdgpj.exe')
    """
    return _CONTROL.sub("\ufffd", text).encode("utf-8", "replace").decode()


def json_line(value: object) -> str:
    r"""A value as JSON on one line that can be printed anywhere and says the same.

    >>> print(json_line({"caf\u00e9": "\x9b31m"}))
    {"café": "\u009b31m"}
    """
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_PLAIN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def keep_streams() -> None:
    """Open on nothing what the parent closed of the standard streams, lest a file of the catalog gets its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    # Python leaves them out then; to `print` one that is missing is standard output.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def warn_of_damage(damage: Sequence[object]) -> None:
    """Tell what was found damaged when the catalog was opened."""
    for part in damage:
        print(f"photodesk: the catalog is damaged: {printable(str(part))}", file=sys.stderr)


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
