"""Whether blocks differ because something moved, or because something drawn lies over the picture.

A photograph over a photograph is another frame of the scene. Letters, logos and bars are drawn: their gradients are
zero or steep, they burn to white or black, and the picture is seen between them.
"""

from __future__ import annotations

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Bools, Floats, Pixels, Singles
from catalog.matching.pixels.pixel_comparison import SMOOTHING, Blocks, Comparison, means, measure_likeness
from catalog.matching.pixels.regions import STRONG_LEVELS

# Gradients of drawn things are zero or steep: mean squared over mean square is small. Photographs have 0.35 to 0.6.
DRAWN_GRADIENTS = 0.30

# A drawing's levels lie within so many windows of twice this width plus one; slopes are in levels a pixel.
DRAWN_COLOURS = 3
COLOUR_LEVELS = 4
DRAWN_IN_COLOURS = 0.70
STEEP = 12.0
SLOPING = 2.0

# Letters over a picture burn this share of a block to white or black.
DRAWN_EXTREMES = 0.2
BURNT_WHITE = 248
BURNT_BLACK = 7

# Between letters the picture is seen: this share of a block agrees in small windows, or by one level.
COVERED_ALIKE = 0.2
COVERED_AGREEMENT = 0.5
COVERED_LIKENESS = 0.85
LETTER_SIDE = 9
LETTER_LEVELS = 3.0


def find_natural(comparison: Comparison) -> Bools:
    """Which blocks look like a photograph in both pictures: not flat, not drawn, not partly covered."""
    frame, blocks = comparison.frame, comparison.blocks
    natural = np.minimum(blocks.query_levels, blocks.asset_levels) >= STRONG_LEVELS
    for picture in (frame.query, frame.asset):
        natural &= gradient_evenness(picture, blocks) > DRAWN_GRADIENTS
    burnt = _find_burnt(frame.query) - _find_burnt(frame.asset)
    natural &= np.abs(block_means(burnt, blocks)) < DRAWN_EXTREMES
    alike, shows = find_alike_nearby(frame.query, frame.asset)
    seen_between = block_means(alike * shows, blocks) / np.maximum(block_means(shows, blocks), 1e-6)
    return (
        natural
        & (seen_between < COVERED_ALIKE)
        & (_measure_covered_agreement(comparison) < COVERED_AGREEMENT)
    )


def _find_burnt(picture: Pixels) -> Singles:
    """Which pixels are as white or as black as letters are."""
    return ((picture >= BURNT_WHITE) | (picture <= BURNT_BLACK)).astype(np.float32)


def find_alike_nearby(query: Pixels, asset: Pixels) -> tuple[Singles, Singles]:
    """For each pixel whether the few around it are alike in both pictures, and whether they show anything."""
    left, right = (cv2.GaussianBlur(one, (0, 0), SMOOTHING).astype(np.float32) for one in (query, asset))
    likeness, spreads = measure_likeness(left, right, LETTER_SIDE, 1.0)
    shows = np.maximum(*spreads) > LETTER_LEVELS**2
    return (likeness > COVERED_LIKENESS).astype(np.float32), shows.astype(np.float32)


def _measure_covered_agreement(comparison: Comparison) -> Floats:
    """Per block the share of pixels that have one level in common with the other picture's.

    Levels are compared after the contrast by which the agreeing blocks differ; the level that most pixels differ by
    is that of what is not covered.
    """
    frame, blocks = comparison.frame, comparison.blocks
    query, asset = frame.query.astype(np.float32), frame.asset.astype(np.float32)
    gain, _ = comparison.tone
    shares = np.ones(len(blocks.corners))
    for index in np.flatnonzero(~blocks.agreeing):
        left, top = blocks.corners[index].astype(int)
        part = slice(top, top + blocks.side), slice(left, left + blocks.side)
        counts = np.histogram(query[part] - gain * asset[part], bins=64, range=(-256, 256))[0]
        shares[index] = (counts[:-1] + counts[1:]).max() / blocks.side**2
    return shares


def gradient_evenness(picture: Pixels, blocks: Blocks) -> Floats:
    """Per block the squared mean of the gradient over its mean square: 1 is a slope, near 0 letters on paper."""
    steep = steepness(picture)
    square = np.maximum(block_means(steep * steep, blocks), 1e-6)
    evenness: Floats = block_means(steep, blocks) ** 2 / square
    return evenness


def drawnness(picture: Pixels) -> float:
    """How much a picture looks drawn, as texts, charts and flags do: which share of its slopes is steep.

    0 where the levels of gray are too many for a drawing.
    """
    counts = np.bincount(picture.ravel(), minlength=256).astype(np.float64)
    covered = 0.0
    for _ in range(DRAWN_COLOURS):
        most = int(np.convolve(counts, np.ones(2 * COLOUR_LEVELS + 1), "same").argmax())
        part = slice(max(0, most - COLOUR_LEVELS), most + COLOUR_LEVELS + 1)
        covered += counts[part].sum()
        counts[part] = 0
    if covered < DRAWN_IN_COLOURS * picture.size:
        return 0.0
    steep = steepness(picture)
    return int((steep >= STEEP).sum()) / max(1, int((steep >= SLOPING).sum()))


def steepness(picture: Pixels) -> Singles:
    """By how many levels of gray a pixel each pixel's surroundings slope."""
    single = picture.astype(np.float32)
    across, down = (cv2.Sobel(single, -1, x, 1 - x, ksize=1, scale=0.5) for x in (1, 0))
    return np.asarray(np.hypot(across, down), dtype=np.float32)


def block_means(values: Singles, blocks: Blocks) -> Floats:
    """The mean of what every pixel has over each block."""
    left, top = blocks.corners.astype(np.int64).T
    return means(values, left, top, blocks.side)
