"""What is done to a picture on its way to a page: of another frame these must not make the same photo."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.edits import cards, pages, retouching
from benchmarks.edits.pictures import Random, fitted, scaled

Form = Callable[[Image.Image, Random], Image.Image]

THUMBNAIL_PIXELS = 150


def plain(picture: Image.Image, rng: Random) -> Image.Image:
    return picture


def half(picture: Image.Image, rng: Random) -> Image.Image:
    return scaled(picture, 0.5)


def thumbnail(picture: Image.Image, rng: Random) -> Image.Image:
    return fitted(picture, THUMBNAIL_PIXELS, THUMBNAIL_PIXELS)


def gray(picture: Image.Image, rng: Random) -> Image.Image:
    return picture.convert("L").convert("RGB")


def compressed(picture: Image.Image, rng: Random) -> Image.Image:
    """As a JPEG of quality 20 has it."""
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=20)
    with Image.open(written) as again:
        return again.convert("RGB")


def noisy(picture: Image.Image, rng: Random) -> Image.Image:
    levels = np.asarray(picture, np.float32) + rng.normal(0, 9, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def sharpened(picture: Image.Image, rng: Random) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(2, 150, 2))


def darkened(picture: Image.Image, rng: Random) -> Image.Image:
    return picture.point(lambda level: round(level * 0.65))


def squared(picture: Image.Image, rng: Random) -> Image.Image:
    """A square from anywhere along the longer side."""
    side = min(picture.size)
    left = int(rng.integers(0, picture.width - side + 1))
    top = int(rng.integers(0, picture.height - side + 1))
    return picture.crop((left, top, left + side, top + side))


# In which forms a frame with moved subjects is met.
OF_BURSTS: Mapping[str, Form] = {
    "plain": plain,
    "half": half,
    "150 px": thumbnail,
    "canvas 40 %": cards.on_canvas,
    "TV": cards.television,
    "phone page": pages.phone_page,
}

# In which forms another photograph of a scene is met.
OF_SIBLINGS: Mapping[str, Form] = {
    **OF_BURSTS,
    "crop 80 %": partial(retouching.cropped, kept=0.8),
    "crop 50 %": partial(retouching.cropped, kept=0.5),
    "square": squared,
    "graded": retouching.graded,
    "gray": gray,
    "dark": darkened,
    "flop": retouching.flopped,
    "quality 20": compressed,
    "noise": noisy,
    "sharpened": sharpened,
    "caption": cards.captioned,
    "border": cards.bordered,
    "logo": cards.with_logo,
    "letterbox": cards.letterboxed,
    "window": pages.desktop,
}
