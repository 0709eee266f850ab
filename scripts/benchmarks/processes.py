"""The memory of processes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def memory_of(pid: int) -> int:
    """Bytes that a process and all it started take, what they share counted once."""
    total = 0
    for process in _family(pid):
        with suppress(OSError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += 1024 * int(line.split()[1])
    return total


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        with suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found
