"""The terminal: exit codes, standard streams, warnings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from catalog.reports import sanitize_text

# Exit codes.
EXIT_DONE = 0
EXIT_SOME_FAILED = 1
EXIT_USAGE = 2
EXIT_OUTSIDE_FAULT = 3
EXIT_INTERRUPTED = 130


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
        print(f"photodesk: the catalog is damaged: {sanitize_text(str(part))}", file=sys.stderr)
