"""The folder of a report: written beside, moved into place whole, and never over anything but a report."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import ReportError

# Tells a report from other folders; its text is for a person who wonders.
MARKER = "photodesk-report.txt"
MARKER_TEXT = "A report that photodesk wrote. It is replaced as a whole when the report is written again.\n"

FOLDERS = ("clusters", "data", "static", "thumbs", "views")

STATIC = Path(__file__).parent / "static"

# What the desk has its look from too.
BASE_STYLE = STATIC / "base.css"

_PAGE = re.compile(r"(?:index|sites|list-\d+)\.html")

# What file managers leave in every folder that they show.
_LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """A new folder to write the report into; at the end it takes the place of `folder`, on an exception it is gone."""
    try:
        target = folder.resolve()
        _refuse_others(target)
        part = _make_fresh(target.with_name(f".{target.name}.part"))
        try:
            yield part
            _move(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise ReportError(f"{folder}: {error.strerror or error}") from error


def copy_static(part: Path) -> None:
    """The style sheets and the script."""
    for file in sorted(STATIC.iterdir()):
        (part / "static" / file.name).write_bytes(file.read_bytes())


def _refuse_others(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise ReportError(f"{target}: is a file, not a folder")
    names = sorted(path.name for path in target.iterdir())
    if names and MARKER not in names:
        raise ReportError(f"{target}: holds other things than a report; name a new folder")
    strange = [name for name in names if not _is_ours(name)]
    if strange:
        raise ReportError(f"{target}: holds {strange[0]} beside a report; move it away first")


def _is_ours(name: str) -> bool:
    return name == MARKER or name in FOLDERS or name in _LITTER or _PAGE.fullmatch(name) is not None


def _make_fresh(part: Path) -> Path:
    """An empty folder; what a killed run left behind goes."""
    if part.exists():
        if not (part / MARKER).is_file():
            raise ReportError(f"{part}: is in the way")
        shutil.rmtree(part)
    part.mkdir(parents=True)
    (part / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    for name in FOLDERS:
        (part / name).mkdir()
    return part


def _move(part: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    try:
        part.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
