"""Local inputs: files, folders and standard input, read into documents one after another.

One bad file costs that file. What a folder holds of no known kind is passed over: its failure has the reason
`PASSED_OVER`, where the same file named by the user has `UNKNOWN_FORMAT` or `EMPTY`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from assets.documents import PIECE_BYTES, Origin, Unpacked, split
from assets.model import Document, Failure, Notice, Reason, Stage

STANDARD_INPUT = "-"

# Deeper folders are a loop that links make.
MAX_FOLDER_DEPTH = 64

_NOT_FOR_US = frozenset({Reason.UNKNOWN_FORMAT, Reason.EMPTY})


def read_sources(
    inputs: Sequence[str], stdin: BinaryIO, base_url: str = "", catalog_marks: frozenset[str] = frozenset()
) -> Iterator[Document | Failure | Notice]:
    """The documents of every input in order; `-` is standard input, `base_url` the address of saved pages.

    A folder that holds all `catalog_marks` is a catalog: harvesting around it must not read its originals again.
    """
    for given in inputs:
        if given == STANDARD_INPUT:
            yield from split(Unpacked(_pieces(stdin)), Origin(given, base_url))
        elif os.path.isdir(given):
            yield from _read_folder(given, base_url, catalog_marks)
        else:
            yield from _read_file(given, base_url)


def _read_folder(
    folder: str, base_url: str, catalog_marks: frozenset[str]
) -> Iterator[Document | Failure | Notice]:
    is_empty = True
    for found in _files(folder, catalog_marks, set(), MAX_FOLDER_DEPTH):
        is_empty = False
        if isinstance(found, Failure):
            yield found
            continue
        for part in _read_file(found, base_url):
            if isinstance(part, Failure) and part.reason in _NOT_FOR_US:
                yield replace(part, reason=Reason.PASSED_OVER)
            else:
                yield part
    if is_empty:
        yield Failure(Stage.READ, Reason.EMPTY, folder, "the folder holds no files")


def _files(
    folder: str, catalog_marks: frozenset[str], entered: set[tuple[int, int]], depth: int
) -> Iterator[str | Failure]:
    """The files below a folder in the order of their names; hidden ones and catalogs are left out."""
    try:
        status = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _make_unreadable_failure(sanitize_path(folder), error)
        return
    # A link to a folder that was already read leads round in a circle, or to what comes anyway.
    if (status.st_dev, status.st_ino) in entered or not depth:
        return
    entered.add((status.st_dev, status.st_ino))
    if catalog_marks and {entry.name for entry in entries} >= catalog_marks:
        yield Failure(Stage.READ, Reason.PASSED_OVER, folder, "a catalog of ours")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = os.path.join(folder, entry.name)
        if _is_folder(entry):
            yield from _files(path, catalog_marks, entered, depth - 1)
        else:
            yield path


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads to itself; opening it tells the user so.
        return False


def _read_file(path: str, base_url: str) -> Iterator[Document | Failure | Notice]:
    opened = _open_file(path)
    if isinstance(opened, Failure):
        yield opened
        return
    with opened:
        origin = Origin(path, base_url, Path(path).name, path=os.path.abspath(path))
        yield from split(Unpacked(_pieces(opened)), origin)


def _open_file(path: str) -> BinaryIO | Failure:
    if path != sanitize_path(path):
        # Such a path can neither be printed nor kept in a catalog.
        return Failure(Stage.READ, Reason.UNREADABLE, sanitize_path(path), "its name is not valid UTF-8")
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return Failure(Stage.READ, Reason.UNREADABLE, path, "not a regular file")
        return open(path, "rb")
    except (OSError, ValueError) as error:
        return _make_unreadable_failure(path, error)


def sanitize_path(path: str) -> str:
    r"""The path with the bytes that are no UTF-8 replaced.

    >>> sanitize_path("a\udce9.jpg")
    'a\ufffd.jpg'
    """
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _make_unreadable_failure(path: str, error: OSError | ValueError) -> Failure:
    """The failure of a file or folder; a path with a NUL character is a ValueError."""
    reason = (
        Reason.NOT_FOUND if isinstance(error, FileNotFoundError | NotADirectoryError) else Reason.UNREADABLE
    )
    detail = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return Failure(Stage.READ, reason, path, detail)
