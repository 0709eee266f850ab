"""Files that last: opened, written whole, and their names settled on the disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from catalog.errors import CatalogUnwritable, NotACatalog


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
