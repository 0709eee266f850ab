"""A lock that one process at a time holds over a file, and that tells the others who holds it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from filelock import FileLock, Timeout

from catalog.errors import CatalogLocked, CatalogUnwritable


def acquire_lock(path: Path) -> FileLock:
    """The lock of a file, held; CatalogLocked where another process holds it.

    It is a file beside the other and ends with the process.
    """
    lock_path = path.with_name(f"{path.name}.lock")
    # Who opens the file in one thread may close it in another.
    lock = FileLock(lock_path, thread_local=False)
    try:
        lock.acquire(timeout=0)
        # For the message of the process that comes second.
        lock_path.write_text(f"process {os.getpid()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
    except Timeout as error:
        holder = lock_path.read_text(encoding="utf-8", errors="replace") or "another process"
        raise CatalogLocked(f"{path.parent}: in use by {holder}", holder) from error
    except OSError as error:
        # Who keeps the error would keep the lock.
        lock.release()
        raise CatalogUnwritable(f"{lock_path}: {error.strerror or error}") from error
    return lock
