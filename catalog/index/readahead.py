"""A large file read from the disk in order, before it is looked into at random."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

# Smaller files are read quickly in any order.
LEAST_BYTES = 16 * 1024 * 1024

# Linux reads no more than some megabytes at one request.
STEP_BYTES = 4 * 1024 * 1024

# A larger part of the memory would only push out what others need.
MOST_OF_MEMORY = 0.5


def read_ahead(path: Path) -> threading.Thread | None:
    """Have the system read a file into its cache, in a thread that may be left to itself.

    None where there is nothing to be gained: no such file, a small one, one too large for the memory, or a system that
    takes no advice. Where the file is in memory already this costs some hundredths of a second.
    """
    try:
        size, memory = path.stat().st_size, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
    if not hasattr(os, "posix_fadvise") or not LEAST_BYTES <= size <= MOST_OF_MEMORY * memory:
        return None
    thread = threading.Thread(target=_advise, args=(path, size), daemon=True)
    thread.start()
    return thread


def _advise(path: Path, size: int) -> None:
    with suppress(OSError), path.open("rb") as file:
        for offset in range(0, size, STEP_BYTES):
            os.posix_fadvise(file.fileno(), offset, STEP_BYTES, os.POSIX_FADV_WILLNEED)
