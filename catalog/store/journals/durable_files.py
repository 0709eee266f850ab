"""Files that last: opened, locked, written whole, and their names settled on the disk."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

from catalog.errors import CatalogLocked, CatalogUnwritable, NotACatalog

# Who waits for a lock looks so often whether it is free: about as long as it takes to write something to a disk.
POLL_SECONDS = 0.005

# Added to a file's name: its successor, while it is written beside it.
BESIDE = ".new"


def open_descriptor(path: Path | None, read_only: bool) -> int:
    """A descriptor of a file, made where it is opened to write; without a path of one that has no name."""
    if path is None:
        with tempfile.TemporaryFile() as file:
            return os.dup(file.fileno())
    flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_CREAT
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC, 0o644)
        if not read_only:
            sync_folder(path.parent)
        return descriptor
    except FileNotFoundError as error:
        raise NotACatalog(f"{path.parent}: there is no catalog here") from error
    except OSError as error:
        raise CatalogUnwritable(f"{path}: {error.strerror or error}") from error


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Make a new or renamed name in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_anew(path: Path, data: bytes) -> None:
    """Put a file with these bytes in the place of what is there; OSError where that fails."""
    beside = path.with_name(f"{path.name}{BESIDE}")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def acquire_lock(path: Path, wait_seconds: float = 0) -> FileLock:
    """The lock of a file, held; CatalogLocked where another process holds it, and for how long one waits.

    It is a file beside the other and ends with the process.
    """
    lock_path = path.with_name(f"{path.name}.lock")
    # Who opens the file in one thread may close it in another.
    lock = FileLock(lock_path, thread_local=False)
    try:
        lock.acquire(timeout=wait_seconds, poll_interval=POLL_SECONDS)
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
