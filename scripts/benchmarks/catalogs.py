"""Catalogs made in code: clusters of four copies each, drawn pictures, uses on many sites, every pair known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from catalog.clusters.verified_pairs import VerifiedPairs
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, PageRecord, UsageRecord
from catalog.store.catalog import open_store
from catalog.store.layout import ORIGINALS

# So many photographs are drawn and shared by all clusters: each copy is decoded as if its file were its own.
PHOTOGRAPHS = 24
WIDTH, HEIGHT = 1200, 800
QUALITY = 85

SITES = 120
CLUSTERS_A_BATCH = 500

START = datetime(2025, 3, 1, tzinfo=UTC)
CAPTIONS = (
    "What can be seen in picture {0}, as the agency describes it, at some length. (Photo: Photographer {1})",
    "Picture {0} as the evening paper has it, in other words and without a name.",
    "",
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of copy: what it shows of the photograph, [x, y, width, height], and how large it is."""

    name: str
    box: tuple[int, int, int, int] = (0, 0, WIDTH, HEIGHT)
    width: int = WIDTH
    mirrored: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return self.width, round(self.width * self.box[3] / self.box[2])

    def of(self, photograph: Image.Image) -> Image.Image:
        """The photograph republished so."""
        x, y, width, height = self.box
        image = photograph.crop((x, y, x + width, y + height)).resize(self.size)
        return ImageOps.mirror(image) if self.mirrored else image

    def match(self, best: str) -> Match:
        """How the copy shows the best one."""
        x, y, width, height = self.box
        step = width / self.width
        is_crop = (width, height) != (WIDTH, HEIGHT)
        return Match(
            best,
            Relation.CROP if is_crop else Relation.COPY,
            kept=round(width * height / (WIDTH * HEIGHT), 3),
            crop_box=self.box,
            mirrored=self.mirrored,
            scale=round(1 / step, 4),
            inliers=80,
            blocks_agreeing=150,
            blocks_compared=153,
            transform=(-step, 0.0, x + width, 0.0, step, y)
            if self.mirrored
            else (step, 0.0, x, 0.0, step, y),
        )


KINDS = (
    _Kind("best"),
    _Kind("small", width=600),
    _Kind("crop", (100, 60, 900, 600), 900),
    _Kind("mirrored", (400, 100, 700, 640), 350, mirrored=True),
)


def made_catalog(folder: Path, clusters: int) -> None:
    """A catalog of so many clusters, compared already."""
    with open_store(folder) as store, VerifiedPairs(folder / "derived") as pairs:
        lengths = _draw(folder / ORIGINALS / "drawn", min(PHOTOGRAPHS, clusters))
        for first in range(0, clusters, CLUSTERS_A_BATCH):
            with store.batch():
                for number in range(first, min(clusters, first + CLUSTERS_A_BATCH)):
                    for asset, page, usage in _records(number, lengths):
                        store.put_asset(asset)
                        store.put_page(page)
                        store.put_usage(usage)
                    for sha256, matches in _matches(number):
                        pairs.add(sha256, matches)


def _draw(folder: Path, photographs: int) -> dict[str, int]:
    """Files of every copy of so many photographs, written; the bytes of each by its name."""
    folder.mkdir(parents=True)
    lengths = {}
    for number, photograph in enumerate(drawn_photographs(photographs)):
        for kind in KINDS:
            path = folder / f"{number}-{kind.name}.jpg"
            kind.of(photograph).save(path, quality=QUALITY)
            lengths[path.name] = path.stat().st_size
    return lengths


def drawn_photographs(count: int, seed: int = 1) -> list[Image.Image]:
    """So many photographs; another seed draws others."""
    random = np.random.default_rng(seed)
    return [_photograph(random) for _ in range(count)]


def _photograph(random: np.random.Generator) -> Image.Image:
    """Clouds of colour with detail at every scale."""
    total = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32)
    for octave in range(1, 8):
        grid = random.uniform(0, 255, (2 * 2**octave, 3 * 2**octave, 3)).astype(np.uint8)
        plane = Image.fromarray(grid).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        total += (np.asarray(plane, dtype=np.float32) - 128) * 0.62**octave
    return Image.fromarray(np.clip(128 + total, 0, 255).astype(np.uint8))


def _records(number: int, lengths: dict[str, int]) -> Iterator[tuple[AssetRecord, PageRecord, UsageRecord]]:
    """The copies of a cluster, each with a page that uses it."""
    for at, kind in enumerate(KINDS):
        name = f"{number % PHOTOGRAPHS}-{kind.name}.jpg"
        site = f"site-{(7 * number + at * (1 + number % 9)) % SITES}.example"
        address = f"https://{site}/2025/{number}-{at}/"
        caption = CAPTIONS[(number + at) % len(CAPTIONS)].format(number, number % 300)
        published = _stamp(number + at * (number % 50) * 1.5)
        asset = AssetRecord(
            sha256=digest(number, at),
            length=lengths[name],
            format="JPEG",
            width=kind.size[0],
            height=kind.size[1],
            original=f"drawn/{name}",
            first_seen=_stamp(0),
        )
        page = PageRecord(
            key=address, url=address, site=site, kind="post", title=f"Story {number}", published=published
        )
        usage = UsageRecord(
            key=digest("usage", number, at)[:32],
            page=address,
            site=site,
            url=f"https://{site}/up/{number}-{at}.jpg",
            role="featured",
            alt=f"Picture {number}",
            caption=caption,
            credit=f"Photographer {number % 300}" if "Photo:" in caption else "",
            credit_field="caption" if "Photo:" in caption else "",
            published=published,
            uploaded=published,
            asset=asset.sha256,
            first_seen=_stamp(0),
            last_seen=_stamp(0),
        )
        yield asset, page, usage


def _matches(number: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What looking each copy of a cluster up came to."""
    best = digest(number, 0)
    yield best, []
    for at, kind in enumerate(KINDS[1:], 1):
        match = kind.match(best)
        told = asdict(match) | {"relation": match.relation.value, "query": digest(number, at)}
        yield digest(number, at), [told]


def digest(*parts: object) -> str:
    """The SHA-256 that is claimed for a copy: the number of its photograph, the place of its kind."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _stamp(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat(timespec="seconds").replace("+00:00", "Z")
