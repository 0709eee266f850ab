"""Whether a picture goes on beyond the edges of another that is a part of it, or is a page around it."""

from __future__ import annotations

import numpy as np

from catalog.matching.pixels import Floats, Pixels, frame_wider, has_seam, steepness

# Share of the strip beyond an edge that must have pixels, and how steep such strips must be beside what is within, in
# the mean of all edges: a photograph's sky or floor is calm beyond one of them. Of blurred surroundings 0.55 was seen.
WHOLE_SIDE = 0.9
CONTINUED_STEEPNESS = 0.6
LEAST_STEEPNESS = 0.01

# A strip whose levels deviate less is of one colour: a sky has noise and a gradient.
PLAIN_LEVELS = 1.5


def continues(matrix: Floats, query: Pixels, asset: Pixels) -> bool:
    """Whether the query shows the same scene beyond the asset's edges, and no page, frame or other picture.

    Beyond every edge that lies in the query there is no seam, and beyond all of them together levels change about as
    much as within; an edge beyond which all is of one colour, as paper is, says nothing.
    """
    wider, margin, (height, width) = frame_wider(query, asset, matrix)
    if wider is None:
        return False
    steep = steepness(wider.pixels)
    # The query may end inside the asset, as another crop of it does.
    there = wider.there[margin : margin + height, margin : margin + width]
    rows, columns = _span(there.mean(axis=1)), _span(there.mean(axis=0))
    inner_rows = slice(margin + rows.start, margin + rows.stop)
    inner_columns = slice(margin + columns.start, margin + columns.stop)
    right, below = margin + width, margin + height
    sides = (
        (1, margin, (inner_rows, slice(0, margin)), (inner_rows, slice(margin, 2 * margin))),
        (1, right, (inner_rows, slice(right, None)), (inner_rows, slice(width, right))),
        (0, margin, (slice(0, margin), inner_columns), (slice(margin, 2 * margin), inner_columns)),
        (0, below, (slice(below, None), inner_columns), (slice(height, below), inner_columns)),
    )
    slopes = []
    for axis, place, beyond, within in sides:
        if wider.there[beyond].mean() < WHOLE_SIDE:
            continue
        if wider.pixels[beyond].std() < PLAIN_LEVELS:
            continue
        along = wider.pixels[inner_rows] if axis == 1 else wider.pixels[:, inner_columns]
        if has_seam(along if axis == 1 else along.T, place, margin // 2):
            return False
        # Where there is more beyond than within, that does not make up for less elsewhere.
        slopes.append(min(1.0, float(steep[beyond].mean() / max(steep[within].mean(), LEAST_STEEPNESS))))
    return bool(slopes) and sum(slopes) / len(slopes) >= CONTINUED_STEEPNESS


def _span(shares: Floats) -> slice:
    """From the first to the last of rows or columns of which half as much is there as of the fullest."""
    full = np.flatnonzero(shares >= shares.max() / 2)
    return slice(int(full[0]), int(full[-1]) + 1)
