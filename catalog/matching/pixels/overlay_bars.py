"""Bars laid over a picture: of one colour, or of one colour mixed with what is beneath."""

from __future__ import annotations

import numpy as np

from catalog.matching.pixels.arrays import Bools, Floats, Pixels

# Pixels that show nothing are the same when their levels differ by no more.
SAME_LEVELS = 10.0

# Within this distance of a seam the small windows that tell what is seen look beyond it.
BLEEDING = 5

# Through a strip that lets light through the other picture is seen with this share of its contrast at most.
FAINT = 0.5

# Share of a bar that is of one colour, or a mixture of the picture with one; the rest are letters.
MIXED = 0.45
LEAST_PIXELS = 50

# Beside the ends of such a strip it is seen with this share and more, and so it is along most of the picture.
CLEAR = 0.85
LEAST_GAIN = 0.1

# A bar that is told by its dullness alone is as wide as a line of small letters.
LEAST_BAR = 12
BAR_OF_ALL = 0.4

# Share of a bar in which the other picture may show nothing, so that nobody can say how well it is seen.
UNKNOWN = 0.3


def measure_plain(query: Pixels, asset: Pixels, shared: Bools) -> tuple[float, float]:
    """Which share of each picture's strip is of one colour, the background of a bar."""
    query_share, asset_share = (
        max(
            np.convolve(np.bincount(one[shared], minlength=256), np.ones(2 * int(SAME_LEVELS) + 1), "same"),
            default=0.0,
        )
        / max(1, int(shared.sum()))
        for one in (query, asset)
    )
    return float(query_share), float(asset_share)


def measure_dimmed(query: Pixels, asset: Pixels, shared: Bools, gain: float) -> float:
    """Which share a bar that lets some light through hides: one colour is mixed with the picture all over it."""
    left, right = (one[shared].astype(np.float64) for one in (query, asset))
    if len(left) < LEAST_PIXELS or right.std() < SAME_LEVELS:
        return 0.0
    # A logo on the bar may lie where the picture is bright.
    slope = max(0.0, float(np.cov(left, right)[0, 1] / right.var()))
    level = np.median(left - slope * right)
    mixed = (np.abs(left - slope * right - level) <= SAME_LEVELS).mean()
    through = slope / max(gain, LEAST_GAIN)
    return 1.0 - through if through <= FAINT and mixed >= MIXED else 0.0


def find_dulled(query: Pixels, asset: Pixels, shared: Bools, gain: float) -> list[tuple[int, int]]:
    """First and last columns of strips with sharp ends through which the other picture is seen faintly at most.

    A bar of the picture's own brightness has no seam, and a shadow or a gradient has no sharp ends.
    """
    through = _measure_seen_through(query, asset, shared) / max(gain, LEAST_GAIN)
    if (through >= CLEAR).mean() < 1 - BAR_OF_ALL:
        return []
    # Where nothing is known, as on a clear sky, the bar goes on.
    faint = np.isnan(through) | (through <= FAINT)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], faint, [False]]).astype(np.int8)))
    found = []
    for start, end in edges.reshape(-1, 2).tolist():
        known = through[start:end]
        if end - start < LEAST_BAR or np.isnan(known).mean() > UNKNOWN:
            continue
        sides = through[max(0, start - BLEEDING) : start], through[end : end + BLEEDING]
        inner = [side for side in sides if len(side)]
        if inner and all(np.max(side, initial=0.0, where=~np.isnan(side)) >= CLEAR for side in inner):
            found.append((start, end))
    return found


def _measure_seen_through(query: Pixels, asset: Pixels, shared: Bools) -> Floats:
    """For each column the slope of the query's levels on the asset's, not a number where these show nothing."""
    there = shared.astype(np.float32)
    count = np.maximum(1.0, there.sum(axis=0))
    left, right = query * there, asset * there
    means = left.sum(axis=0) / count, right.sum(axis=0) / count
    spread = (right * right).sum(axis=0) / count - means[1] ** 2
    both = (left * right).sum(axis=0) / count - means[0] * means[1]
    shows = (spread >= SAME_LEVELS**2) & (count >= LEAST_PIXELS)
    return np.where(shows, both / np.maximum(spread, 1.0), np.nan).astype(np.float64)
