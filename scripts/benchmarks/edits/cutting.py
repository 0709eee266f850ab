"""Photographs cut along an outline or a line, and put elsewhere."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from benchmarks.edits.pictures import (
    COLOURS,
    WHITE,
    Floats,
    Random,
    blended,
    blob,
    feathered,
    filled,
    fitted,
    gradient,
    pick,
)

# The subject is looked for in a copy of this size: its outline is as smooth, and it takes a tenth of the time.
SEARCHED_SIDE = 240

# A subject outside of these shares of the picture was not found, but noise or everything.
LEAST_SUBJECT, MOST_SUBJECT = 0.12, 0.6


def subject(photo: Image.Image, rng: Random) -> Floats:
    """A mask of what stands in the middle; of a smooth outline there where nothing sets itself off."""
    small = fitted(photo, SEARCHED_SIDE, SEARCHED_SIDE)
    found = _grab(small, int(rng.integers(1, 2**31 - 1)))
    if found is None:
        centre = float(rng.uniform(0.42, 0.58)), float(rng.uniform(0.45, 0.6))
        found = blob((small.height, small.width), rng, centre, float(rng.uniform(0.25, 0.4)))
    large = cv2.resize(found, photo.size, interpolation=cv2.INTER_CUBIC)
    smooth = feathered(np.asarray(large, np.float32), max(photo.size) / SEARCHED_SIDE)
    return feathered((smooth > 0.5).astype(np.float32), 0.8)


def _grab(small: Image.Image, seed: int) -> Floats | None:
    cv2.setRNGSeed(seed)
    mask = np.zeros((small.height, small.width), np.uint8)
    left, top = round(0.14 * small.width), round(0.1 * small.height)
    box = (left, top, small.width - 2 * left, small.height - top - 1)
    states = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.asarray(small).copy(), mask, box, *states, 3, cv2.GC_INIT_WITH_RECT)
    front = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    front = cv2.morphologyEx(front, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).astype(np.uint8)
    count, labels, told, _ = cv2.connectedComponentsWithStats(front)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(told[1:, cv2.CC_STAT_AREA]))
    found = (np.asarray(labels) == largest).astype(np.float32)
    return found if LEAST_SUBJECT <= found.mean() <= MOST_SUBJECT else None


def cut_out_on_white(photo: Image.Image, rng: Random) -> Image.Image:
    return blended(photo, Image.new("RGB", photo.size, WHITE), subject(photo, rng))


def cut_out_on_gradient(photo: Image.Image, rng: Random) -> Image.Image:
    top, bottom = pick(rng, COLOURS), pick(rng, COLOURS)
    return blended(photo, gradient(*photo.size, top, bottom), subject(photo, rng))


def cut_out_over(photo: Image.Image, other: Image.Image, rng: Random) -> Image.Image:
    """The subject at its place before another photograph, or smaller and moved aside."""
    mask, behind = subject(photo, rng), filled(other, *photo.size)
    if rng.random() < 0.5:
        return blended(photo, behind, mask)
    share = float(rng.uniform(0.7, 0.9))
    shift = float(rng.uniform(0, 1 - share)) * photo.width, (1 - share) * photo.height
    matrix = np.array([[share, 0, shift[0]], [0, share, shift[1]]])
    moved = cv2.warpAffine(np.asarray(photo), matrix, photo.size, flags=cv2.INTER_AREA)
    mask = np.asarray(cv2.warpAffine(mask, matrix, photo.size), np.float32)
    return blended(Image.fromarray(np.asarray(moved, np.uint8)), behind, mask)


def split(photo: Image.Image, other: Image.Image, rng: Random) -> Image.Image:
    """Two photographs on either side of a slanting line, as of two candidates."""
    width, height = pick(rng, ((900, 600), (1200, 675), (1080, 1080)))
    one, two = filled(photo, width, height), filled(other, width, height)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    slant = float(rng.uniform(0.2, 0.5)) * pick(rng, (-1, 1))
    away = xs - width * (0.5 + float(rng.uniform(-0.04, 0.04))) + slant * (ys - height / 2)
    parted = blended(one, two, (away < 0).astype(np.float32))
    if rng.random() < 0.6:
        line = (np.abs(away) < max(2, width / 220)).astype(np.float32)
        parted = blended(Image.new("RGB", parted.size, WHITE), parted, line)
    return parted


def inset(photo: Image.Image, rng: Random) -> Image.Image:
    """A part of the photograph, enlarged, in a framed rectangle over one of its corners."""
    width, height = photo.size
    across = float(rng.uniform(0.36, 0.44))
    size = round(across * width), round(across * height)
    zoom = float(rng.uniform(1.6, 2.4))
    part = round(size[0] / zoom), round(size[1] / zoom)
    left, top = (round(float(rng.uniform(0.2, 0.5)) * length) for length in photo.size)
    enlarged = photo.crop((left, top, left + part[0], top + part[1])).resize(size, Image.Resampling.BICUBIC)
    border = max(2, round(width / 200))
    framed = Image.new("RGB", (size[0] + 2 * border, size[1] + 2 * border), WHITE)
    framed.paste(enlarged, (border, border))
    margin = round(0.03 * width)
    x = pick(rng, (margin, width - framed.width - margin))
    y = pick(rng, (margin, height - framed.height - margin))
    made = photo.copy()
    made.paste(framed, (x, y))
    return made
