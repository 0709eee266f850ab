"""Pictures of the size that news sites publish, drawn or made of photographs, for benchmarks of harvests."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from pictures import photo
from PIL import Image, ImageOps

WIDTH, HEIGHT = 1200, 800

# With this grain a drawn scene has as many corners as press photographs have in the mean, and of this quality takes
# as many bytes as they do at this size: some 180 kB.
GRAIN_LEVELS = 3
QUALITY = 90

PHOTOGRAPHS = (".jpg", ".jpeg", ".png", ".webp")


def make_pictures(folder: Path, count: int, photographs: Path | None) -> list[Path]:
    """So many distinct JPEG files; a folder with fewer photographs is gone through again, mirrored and brighter."""
    folder.mkdir(parents=True)
    sources: Sequence[Path | None] = [None]
    if photographs is not None:
        sources = sorted(path for path in photographs.rglob("*") if path.suffix.lower() in PHOTOGRAPHS)
        if not sources:
            raise SystemExit(f"{photographs}: no photographs")
    with ProcessPoolExecutor() as pool:
        numbered = enumerate(islice(cycle(sources), count))
        return list(pool.map(partial(_make, folder, len(sources)), numbered, chunksize=8))


def _make(folder: Path, sources: int, numbered: tuple[int, Path | None]) -> Path:
    number, source = numbered
    path = folder / f"{number:06}.jpg"
    image = _drawn(number) if source is None else _photographed(source, number // sources)
    image.save(path, "JPEG", quality=QUALITY)
    return path


def _drawn(number: int) -> Image.Image:
    pixels = np.asarray(photo(number, WIDTH, HEIGHT), dtype=np.int16)
    grain = np.roll(_grain(), (number * 37, number * 101), axis=(0, 1))
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


@cache
def _grain() -> np.ndarray:
    grain = np.random.default_rng(1).normal(0, GRAIN_LEVELS, (HEIGHT, WIDTH, 1))
    return np.rint(grain).astype(np.int16)


def _photographed(source: Path, time: int) -> Image.Image:
    with Image.open(source) as opened:
        image = ImageOps.fit(ImageOps.exif_transpose(opened).convert("RGB"), (WIDTH, HEIGHT))
    if time % 2:
        image = ImageOps.mirror(image)
    return image.point(lambda level: level + 3 * (time // 2)) if time > 1 else image
