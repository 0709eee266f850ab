"""What all edits are made with: chance from a seed, photographs read and fitted, words, masks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont, ImageOps

Colour = tuple[int, int, int]
Floats = npt.NDArray[np.float32]
Levels = npt.NDArray[np.uint8]
Random = np.random.Generator
One = TypeVar("One")

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
PAPER: Colour = (250, 250, 248)
COLOURS: tuple[Colour, ...] = (
    (196, 22, 28),
    (16, 62, 130),
    (0, 112, 92),
    (226, 96, 22),
    (92, 28, 112),
    (240, 186, 8),
    (34, 142, 200),
    (58, 58, 62),
)

# Desks' sources are seldom larger on a page, and larger ones only cost time.
LONGEST_SIDE = 1400

# Shifts are said in pixels of a picture whose long side has so many.
UNIT_SIDE = 640

WORDS = (
    "the of minister said on city after new people police report council two during first local fire government "
    "market river station night over plan vote match team final water road school election court workers strike "
    "talks border storm festival mayor budget hospital north south early morning officials residents crowd against "
    "region week price energy public union while according bridge harbour train airport film award summer"
).split()


def random_of(*parts: object) -> Random:
    """Chance that depends on nothing but these words and numbers."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def pick(rng: Random, choices: Sequence[One]) -> One:
    return choices[int(rng.integers(len(choices)))]


def read(path: Path) -> Image.Image:
    """A photograph as displayed, on white where it is transparent, no larger than a page would have it."""
    with Image.open(path) as image:
        shown = ImageOps.exif_transpose(image)
        if shown.has_transparency_data:
            on_white = Image.new("RGBA", shown.size, WHITE)
            on_white.alpha_composite(shown.convert("RGBA"))
            shown = on_white
        picture = shown.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return picture


def scaled(picture: Image.Image, share: float) -> Image.Image:
    width, height = max(8, round(picture.width * share)), max(8, round(picture.height * share))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def fitted(picture: Image.Image, width: int, height: int) -> Image.Image:
    """The whole picture, as large as it goes into a box."""
    return scaled(picture, min(width / picture.width, height / picture.height))


def filled(picture: Image.Image, width: int, height: int) -> Image.Image:
    """The middle of the picture, cut so that it fills a box."""
    return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)


def unit_of(picture: Image.Image) -> float:
    """How many of its pixels make one in a picture of 640."""
    return max(picture.size) / UNIT_SIDE


@lru_cache(64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=max(8, size))


def sentence(rng: Random, words: int) -> str:
    return " ".join(pick(rng, WORDS) for _ in range(words)).capitalize()


def write(
    picture: Image.Image, box: tuple[float, float, float], text: str, size: float, fill: Colour
) -> float:
    """Set a text in lines from (x, y) on, each as wide as the width; the y below the last of them."""
    left, y, width = box
    draw, face = ImageDraw.Draw(picture), font(round(size))
    line = ""
    for word in [*text.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and (not line or draw.textlength(longer, font=face) <= width):
            line = longer
            continue
        draw.text((left, y), line, font=face, fill=fill)
        y += 1.28 * size
        line = word
    return y


def blob(shape: tuple[int, int], rng: Random, centre: tuple[float, float], area: float) -> Floats:
    """A mask (height, width) of a smooth, uneven outline round a centre in shares, with about an area's share."""
    height, width = shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    stretch = float(rng.uniform(0.75, 1.35))
    radius = np.sqrt(area * width * height / np.pi)
    across, down = (xs - centre[0] * width) / stretch, (ys - centre[1] * height) * stretch
    angle = np.arctan2(down, across)
    uneven = np.ones_like(angle)
    for wave in range(2, 6):
        uneven += float(rng.uniform(0.02, 0.11)) * np.sin(wave * angle + float(rng.uniform(0, 6.3)))
    return np.asarray(np.hypot(across, down) <= radius * uneven, dtype=np.float32)


def feathered(mask: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.3, sigma)), dtype=np.float32)


def blended(one: Image.Image, other: Image.Image, mask: Floats) -> Image.Image:
    """The one picture where the mask is 1, the other where it is 0."""
    weight = mask[..., None]
    mixed = np.asarray(one, np.float32) * weight + np.asarray(other, np.float32) * (1 - weight)
    return Image.fromarray(np.clip(mixed + 0.5, 0, 255).astype(np.uint8))


def gradient(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    steps = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    colours = np.array(top, np.float32) * (1 - steps) + np.array(bottom, np.float32) * steps
    return Image.fromarray(np.repeat(colours, width, axis=1).astype(np.uint8))
