"""What is true of a set of edits: which photograph each is made from, and how it should match."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".bmp", ".tif", ".tiff"}

# What an edit makes of the picture; all others leave it whole.
CUTTING = ("crop_area", "crop_ratio", "crop_area_reshape", "wp_thumb")
SURROUNDING = ("screenshot", "collage2", "pad", "caption_below")

# What draws over the edges, or fills the corners beside a turned picture: it hides a part and frames the rest.
FRAMING = ("border", "rotate_small", "chain")

# A share from which a picture counts as whole, as in catalog.matching.relation.
WHOLE = 0.97


@dataclass(frozen=True, slots=True)
class Edit:
    """One photograph in one edited file. `kept` is None where it is only approximately known."""

    file: Path
    source: str
    name: str
    transformation: str
    kept: float | None
    mirrored: bool | None
    adds_nothing: bool = False

    @property
    def relations(self) -> frozenset[str]:
        """The relations that are right for it."""
        if self.transformation == "exact_copy":
            return frozenset({"identical"})
        if self.transformation in SURROUNDING:
            # A frame may be of the picture's own colours, as black beside a night scene.
            own_colours = {"crop"} if self.transformation == "pad" else set()
            nothing = {"copy"} if self.adds_nothing else set()
            return frozenset({"contained"} | own_colours | nothing)
        if self.transformation in CUTTING:
            is_whole = self.kept is not None and self.kept >= WHOLE
            return frozenset({"copy", "crop"} if is_whole else {"crop"})
        return frozenset({"copy", "crop", "contained"} if self.transformation in FRAMING else {"copy"})


@dataclass(frozen=True, slots=True)
class Truth:
    """Edits, the photographs by SHA-256, and the groups of those that show one scene."""

    edits: tuple[Edit, ...]
    names: Mapping[str, str]
    groups: Mapping[str, str]

    def by_file(self) -> dict[Path, list[Edit]]:
        """The edits of each file; a collage has two."""
        files: dict[Path, list[Edit]] = {}
        for edit in self.edits:
            files.setdefault(edit.file, []).append(edit)
        return files


def read_truth(edits: Path, photographs: Path) -> Truth:
    """The truth that the generator wrote beside its edits, and the manifest beside the photographs."""
    with (edits / "ground_truth.csv").open(newline="", encoding="utf-8") as file:
        rows = [_edit(edits, photographs, row) for row in csv.DictReader(file)]
    names = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.name
        for path in sorted(photographs.iterdir())
        if path.suffix.lower() in PICTURES
    }
    groups = {}
    manifest = photographs / "manifest.csv"
    if manifest.exists():
        with manifest.open(newline="", encoding="utf-8") as file:
            groups = {row["file"]: row["group"] for row in csv.DictReader(file) if row.get("group")}
    return Truth(tuple(rows), names, groups)


def _edit(folder: Path, photographs: Path, row: Mapping[str, str]) -> Edit:
    transformation = row["transformation"]
    params = json.loads(row.get("params") or "{}")
    chain = str(params.get("chain", ""))
    mirrored: bool | None = transformation == "mirror" or "mirror" in chain
    if "random" in chain or row.get("role") == "collage_partner":
        mirrored = None
    kept = float(row["kept_area"]) if row["kept_area"] else None
    return Edit(
        folder / row["edited_file"],
        row["source_file"],
        f"{transformation} {row['strength']}".removesuffix(" none"),
        transformation,
        kept,
        mirrored,
        transformation == "pad" and _has_shape(photographs / row["source_file"], row),
    )


def _has_shape(photograph: Path, row: Mapping[str, str]) -> bool:
    """Whether a photograph already has the shape that its edit was to get."""
    with Image.open(photograph) as picture:
        shapes = sorted((picture.width / picture.height, int(row["width"]) / int(row["height"])))
    return shapes[0] >= WHOLE * shapes[1]
