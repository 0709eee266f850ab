"""Photographs whose pixels were worked on, and such as were cut, stretched or turned."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from benchmarks.edits.cutting import subject
from benchmarks.edits.pictures import (
    WHITE,
    Random,
    blended,
    blob,
    feathered,
    font,
    pick,
    unit_of,
)


def cloned_over(photo: Image.Image, rng: Random) -> Image.Image:
    """A part of the photograph laid over another part of it, as who removes a person does."""
    height, width = photo.height, photo.width
    place = float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.4, 0.7))
    mask = blob((height, width), rng, place, float(rng.uniform(0.04, 0.09)))
    aside = float(rng.uniform(0.24, 0.34)) * (1 if place[0] < 0.5 else -1)
    matrix = np.array([[1, 0, -aside * width], [0, 1, float(rng.uniform(-0.06, 0.06)) * height]])
    taken = cv2.warpAffine(np.asarray(photo), matrix, photo.size, borderMode=cv2.BORDER_REFLECT)
    return blended(Image.fromarray(np.asarray(taken, np.uint8)), photo, feathered(mask, 2.5 * unit_of(photo)))


def blurred_behind(photo: Image.Image, rng: Random) -> Image.Image:
    """The subject is sharp, all behind it is not."""
    soft = photo.filter(ImageFilter.GaussianBlur(float(rng.uniform(4, 7)) * unit_of(photo)))
    return blended(photo, soft, feathered(subject(photo, rng), 2 * unit_of(photo)))


def graded(photo: Image.Image, rng: Random) -> Image.Image:
    """Another look: tones bent, channels weighed anew, colours stronger or weaker."""
    levels = np.asarray(photo, np.float32) / 255
    levels = np.power(levels, float(rng.uniform(0.7, 1.45)))
    levels = (levels - 0.5) * float(rng.uniform(0.8, 1.25)) + 0.5
    gray = levels.mean(axis=2, keepdims=True)
    levels = gray + (levels - gray) * float(pick(rng, (0.0, 0.5, 1.5)))
    levels *= rng.uniform(0.84, 1.16, 3).astype(np.float32)
    return Image.fromarray((255 * np.clip(levels, 0, 1)).astype(np.uint8))


def recoloured(photo: Image.Image, rng: Random) -> Image.Image:
    """All hues turned by an angle that nobody takes for light."""
    hue, saturation, value = photo.convert("HSV").split()
    by = int(rng.integers(60, 196))
    turned = hue.point([(level + by) % 256 for level in range(256)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")


def watermarked(photo: Image.Image, rng: Random) -> Image.Image:
    """A word in rows over all of it, three fifths white."""
    layer = Image.new("L", photo.size, 0)
    draw, size = ImageDraw.Draw(layer), max(14, round(photo.width / 9))
    word = pick(rng, ("SAMPLE", "PREVIEW", "PHOTOPRESS", "NOT FOR SALE")) + " "
    for row, y in enumerate(range(0, photo.height, round(1.5 * size))):
        draw.text((-(row % 2) * size, y), word * 8, font=font(size), fill=round(255 * 0.6))
    mask = np.asarray(layer.rotate(pick(rng, (0, 20, -20))), np.float32) / np.float32(255)
    return blended(Image.new("RGB", photo.size, WHITE), photo, mask)


def inverted(photo: Image.Image, rng: Random) -> Image.Image:
    return ImageOps.invert(photo)


def stretched(photo: Image.Image, rng: Random) -> Image.Image:
    """Made wider or narrower than it is, from four fifths of it."""
    photo = cropped(photo, rng, 0.8)
    factor = pick(rng, (1.6, 1.4, 0.7))
    return photo.resize((round(photo.width * factor), photo.height), Image.Resampling.LANCZOS)


def blurred(photo: Image.Image, rng: Random) -> Image.Image:
    return photo.filter(ImageFilter.GaussianBlur(8 * unit_of(photo)))


def flopped(photo: Image.Image, rng: Random) -> Image.Image:
    return ImageOps.mirror(photo)


def cropped(photo: Image.Image, rng: Random, kept: float) -> Image.Image:
    """A share of the area, of the same shape, anywhere in it."""
    side = kept**0.5
    width, height = round(side * photo.width), round(side * photo.height)
    left = int(rng.integers(0, photo.width - width + 1))
    top = int(rng.integers(0, photo.height - height + 1))
    return photo.crop((left, top, left + width, top + height))


def two_crops(photo: Image.Image, rng: Random) -> tuple[Image.Image, Image.Image]:
    """Two parts of a photograph, neither in the other, that have a tenth to a third of it in common."""
    reach = float(rng.uniform(0.55, 0.68))
    if photo.width >= photo.height:
        cut = round(reach * photo.width)
        boxes = (0, 0, cut, photo.height), (photo.width - cut, 0, photo.width, photo.height)
    else:
        cut = round(reach * photo.height)
        boxes = (0, 0, photo.width, cut), (0, photo.height - cut, photo.width, photo.height)
    return photo.crop(boxes[0]), photo.crop(boxes[1])
