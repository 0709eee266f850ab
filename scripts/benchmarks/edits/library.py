"""The photographs that are edited: which a seed takes, and which show one scene."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp", ".tif", ".tiff"}

# Of smaller ones a small edit shows nothing by which anybody could tell them.
LEAST_SIDE = 240


@dataclass(frozen=True, slots=True)
class Library:
    """A folder's pictures, and of its photographs the groups of one scene."""

    folder: Path
    pictures: tuple[str, ...]
    photographs: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]

    def chosen(self, seed: str, count: int) -> list[str]:
        """So many photographs that are large enough, those without another of their scene first."""
        grouped = {name for members in self.groups.values() for name in members}
        order = sorted(
            self.photographs,
            key=lambda name: (name in grouped, hashlib.sha256(f"{seed}|{name}|chosen".encode()).digest()),
        )
        taken: list[str] = []
        for name in order:
            if len(taken) == count:
                break
            if self._is_large(name):
                taken.append(name)
        return taken

    def siblings(self) -> dict[str, tuple[str, ...]]:
        """For each photograph of a group the others of it."""
        return {
            name: tuple(other for other in members if other != name)
            for members in self.groups.values()
            for name in members
        }

    def _is_large(self, name: str) -> bool:
        with Image.open(self.folder / name) as image:
            return min(image.size) >= LEAST_SIDE


def read_library(folder: Path) -> Library:
    """The pictures of a folder; its `manifest.csv`, where there is one, tells photographs and groups."""
    pictures = tuple(sorted(path.name for path in folder.iterdir() if path.suffix.lower() in SUFFIXES))
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        return Library(folder, pictures, pictures, {})
    with manifest.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["file"] in set(pictures)]
    photographs = [row for row in rows if row.get("kind", "photo") == "photo"]
    return Library(folder, pictures, tuple(sorted(row["file"] for row in photographs)), _groups(photographs))


def _groups(rows: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.get("group"):
            groups[row["group"]].append(row["file"])
    return {group: tuple(sorted(names)) for group, names in sorted(groups.items()) if len(names) > 1}
