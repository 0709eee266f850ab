"""The tables beside made edits: what is true of each file, and what the catalogued pictures show."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

EDITS, CATALOG = "edits", "catalog"
TRUTH, SHOWN = "truth.csv", "catalog.csv"

# What a look-up must say of a file and a catalogued picture: that it is the same photo, that it is not, that at most an
# element is shared; anything may be said of what is half covered.
SAME, OTHER, ELEMENT, ANY = "same", "other", "element", "any"


@dataclass(frozen=True, slots=True)
class Row:
    """What is true of one file and one catalogued picture."""

    file: str
    source: str
    expected: str
    kind: str
    family: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A catalogued picture and a photograph that it shows; what is drawn shows itself."""

    file: str
    photograph: str


def write_tables(folder: Path, rows: Iterable[Row], shown: Iterable[Shown]) -> None:
    """Write both tables into a folder, in an order that does not depend on who was ready first."""
    _write(folder / TRUTH, Row, sorted(map(astuple, rows)))
    _write(folder / SHOWN, Shown, sorted(set(map(astuple, shown))))


def read_rows(folder: Path) -> list[Row]:
    """What is true of the files in a folder."""
    with (folder / TRUTH).open(newline="", encoding="utf-8") as file:
        return [Row(**one) for one in csv.DictReader(file)]


def read_shown(folder: Path) -> Mapping[str, frozenset[str]]:
    """The photographs that each catalogued picture shows."""
    shown: dict[str, frozenset[str]] = {}
    with (folder / SHOWN).open(newline="", encoding="utf-8") as file:
        for one in csv.DictReader(file):
            shown[one["file"]] = shown.get(one["file"], frozenset()) | {one["photograph"]}
    return shown


def _write(path: Path, kind: type[Row] | type[Shown], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([tuple(one.name for one in fields(kind)), *rows])
