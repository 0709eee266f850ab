"""What a made newsroom consists of: sites and how each republishes, files, uploads with their sizes, uses, pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

UPLOADS = "wp-content/uploads"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one site republishes: what it makes of captions and credits, and how its theme writes a picture."""

    name: str
    wording: Literal["kept", "reworded", "shortened", "none"]
    credit: Literal["in file", "in caption", "changed", "lost"]
    markup: Literal["block", "classic", "lazy"]
    has_srcset: bool


RECIPES = (
    Recipe("The agency", "kept", "in file", "block", has_srcset=True),
    Recipe("The daily", "kept", "in caption", "block", has_srcset=True),
    Recipe("The portal", "kept", "lost", "classic", has_srcset=False),
    Recipe("The gazette", "reworded", "in caption", "classic", has_srcset=True),
    Recipe("The aggregator", "none", "lost", "lazy", has_srcset=False),
    Recipe("Metro Press", "shortened", "changed", "lazy", has_srcset=True),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One site: `host` is its address and port, `folder` what it serves."""

    host: str
    folder: Path
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class File:
    """A photograph or an edit. `sources` names the photographs in it: one, or a collage's two."""

    path: Path
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """One file of an upload. `kind` is "upload" for its own bytes, else "scaled", "medium" or "thumbnail"."""

    kind: str
    path: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as one site keeps it: the upload itself comes first in `sizes`."""

    site: Site
    media_id: int
    file: File
    sizes: tuple[Size, ...]

    @property
    def main(self) -> Size:
        """What the media item calls its file: `-scaled` where there is one."""
        return self.size("scaled") or self.sizes[0]

    def size(self, kind: str) -> Size | None:
        """The size of that kind."""
        return next((size for size in self.sizes if size.kind == kind), None)

    def address(self, size: Size) -> str:
        """Where a size is served."""
        return f"http://{self.site.host}/{size.path}"


@dataclass(frozen=True, slots=True)
class Use:
    """One size of an upload, wanted by a page at a moment."""

    upload: Upload
    size: Size
    moment: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A post and the pictures it shows."""

    site: Site
    number: int
    uses: tuple[Use, ...]

    @property
    def moment(self) -> datetime:
        """When it was published: when its last picture was at hand."""
        return max(use.moment for use in self.uses)

    @property
    def address(self) -> str:
        """Its permalink."""
        return f"http://{self.site.host}/{self.moment:%Y/%m}/story-{self.number}/"

    @property
    def featured(self) -> Use | None:
        """The use that stands as featured media, if any: only a media item's main file can."""
        first = self.uses[0]
        return first if first.size == first.upload.main else None


def seeded(*key: str) -> np.random.Generator:
    """Random numbers that are the same for the same key."""
    digest = hashlib.sha256("|".join(key).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))
