"""Another frame made of a photograph: its subjects moved, or the camera."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from benchmarks.edits.pictures import Floats, Levels, Random, blob, feathered, unit_of

# Of so many places those with the most detail are what moves: a piece of sky that moves is not seen to.
PLACES_TRIED = 24

# The edge of what moves is mixed over so many pixels of 640, and so far what it leaves is painted anew.
EDGE_PIXELS, PAINTED_PIXELS = 1.2, 3


def burst(photo: Image.Image, rng: Random, pixels: float, subjects: int = 1) -> Image.Image:
    """The next frame of a burst: each subject has moved by so many pixels of 640 in a direction of its own."""
    share = float(rng.uniform(0.15, 0.35)) / subjects
    for mask in subjects_of(photo, rng, subjects, share):
        photo = moved(photo, mask, _shift(rng, pixels * unit_of(photo)))
    return photo


def parallax(photo: Image.Image, rng: Random, pixels: float) -> Image.Image:
    """The camera has moved: all is shifted, and what stands in front by so many pixels of 640 more."""
    unit = unit_of(photo)
    front = foreground(photo, rng)
    direction = float(rng.choice((-1, 1)))
    photo = moved(photo, front, (direction * pixels * unit, 0.0))
    margin = round(pixels * unit) + 2
    # What came in at one edge was not there before: the other frame ends there.
    across, down = (round(float(rng.uniform(0, 1)) * margin) for _ in range(2))
    return photo.crop(
        (margin + across, down, photo.width - 2 * margin + across, photo.height - margin + down)
    )


def subjects_of(photo: Image.Image, rng: Random, count: int, area: float) -> list[Floats]:
    """Masks of as many smooth regions, each with about an area's share, apart and with detail in them."""
    detail = detail_of(photo)
    masks: list[Floats] = []
    taken = np.zeros(detail.shape, np.float32)
    while len(masks) < count:
        best, most = None, -1.0
        for _ in range(PLACES_TRIED):
            centre = float(rng.uniform(0.25, 0.75)), float(rng.uniform(0.3, 0.75))
            mask = blob((photo.height, photo.width), rng, centre, area)
            there = float((mask * detail).sum() / mask.sum() * (1 - 2 * (mask * taken).sum() / mask.sum()))
            if there > most:
                best, most = mask, there
        if best is None:
            break
        masks.append(best)
        taken = np.maximum(taken, best)
    return masks


def foreground(photo: Image.Image, rng: Random) -> Floats:
    """A mask of what lies below an uneven line about the middle."""
    ys, xs = np.mgrid[0 : photo.height, 0 : photo.width].astype(np.float32)
    waves = sum(
        float(rng.uniform(0.01, 0.05)) * np.sin(wave * np.pi * xs / photo.width + float(rng.uniform(0, 6.3)))
        for wave in range(1, 6)
    )
    line = photo.height * (float(rng.uniform(0.45, 0.62)) + waves)
    return np.asarray(ys > line, np.float32)


def detail_of(photo: Image.Image) -> Floats:
    """How much changes at each pixel: levels are compressed, so that one hard edge does not stand for texture."""
    gray = np.asarray(photo.convert("L"), np.float32)
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return np.minimum(np.hypot(across, down), 120.0).astype(np.float32)


def moved(photo: Image.Image, mask: Floats, shift: tuple[float, float]) -> Image.Image:
    """The photograph with a region of it moved, and what was behind it painted from its surroundings."""
    unit = unit_of(photo)
    levels = np.asarray(photo)
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64)
    there = cv2.warpAffine(levels, matrix, photo.size, borderMode=cv2.BORDER_REFLECT)
    covered = np.asarray(cv2.warpAffine(mask, matrix, photo.size), np.float32)
    behind = _painted(levels, (mask > 0.5) & (covered < 0.5), max(1, round(PAINTED_PIXELS * unit)))
    weight = feathered(covered, EDGE_PIXELS * unit)[..., None]
    mixed = np.asarray(there, np.float32) * weight + behind.astype(np.float32) * (1 - weight)
    return Image.fromarray(np.clip(mixed + 0.5, 0, 255).astype(np.uint8))


def _painted(levels: Levels, hole: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], reach: int) -> Levels:
    """The hole filled from around it."""
    wider = cv2.dilate(hole.astype(np.uint8), np.ones((reach, reach), np.uint8))
    return np.asarray(
        cv2.inpaint(levels, np.asarray(wider, np.uint8), 2 * reach, cv2.INPAINT_TELEA), np.uint8
    )


def _shift(rng: Random, length: float) -> tuple[float, float]:
    angle = float(rng.uniform(0, 2 * np.pi))
    return length * float(np.cos(angle)), length * float(np.sin(angle))
