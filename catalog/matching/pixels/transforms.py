"""Transforms of the plane, as arrays (2, 3): made from places, applied to places, combined, turned back."""

from __future__ import annotations

import numpy as np

from catalog.matching.pixels.arrays import Floats

# Residuals, in pixels, from which a block loses its say in the transform.
SAY_PIXELS = 0.7

# Fewer blocks do not tell stretching from chance: the transform stays a similarity.
STRETCHING_BLOCKS = 12


def transform_places(matrix: Floats, places: Floats) -> Floats:
    """Places (n, 2) taken through a transform (2, 3)."""
    moved: Floats = places @ matrix[:, :2].T + matrix[:, 2]
    return moved


def combine_transforms(last: Floats, first: Floats) -> Floats:
    """The transform (2, 3) that does `first` and then `last`."""
    both: Floats = square_of(last) @ square_of(first)
    return both[:2]


def invert_transform(matrix: Floats) -> Floats:
    """The transform (2, 3) back."""
    return np.asarray(np.linalg.inv(square_of(matrix)), dtype=np.float64)[:2]


def scale_of(matrix: Floats) -> float:
    """How many times longer a transform makes things, in the mean of all directions."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def count_from_middle(matrix: Floats) -> Floats:
    """A transform as OpenCV has it, which counts from the middle of the first pixel and not from its corner."""
    middle = np.array([0.5, 0.5])
    return np.column_stack([matrix[:, :2], matrix[:, :2] @ middle + matrix[:, 2] - middle])


def square_of(matrix: Floats) -> Floats:
    """A transform (2, 3) as a homography (3, 3)."""
    return np.vstack([matrix, [0.0, 0.0, 1.0]])


def fit_transform(here: Floats, there: Floats) -> Floats:
    """The transform (2, 3) from some places to others by least squares; what does not fit loses its say.

    With enough places it may stretch and shear, as squeezed pictures need.
    """
    stretching = len(here) >= STRETCHING_BLOCKS
    say = np.ones(len(here))
    matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    for _ in range(6):
        matrix = _fit_least_squares(here, there, say, stretching=stretching)
        misses = np.linalg.norm(transform_places(matrix, here) - there, axis=1)
        say = 1 / (1 + (misses / SAY_PIXELS) ** 2) ** 2
    return matrix


def _fit_least_squares(here: Floats, there: Floats, say: Floats, *, stretching: bool) -> Floats:
    middle, target = np.average(here, axis=0, weights=say), np.average(there, axis=0, weights=say)
    source, goal = here - middle, there - target
    weighted = source * say[:, None]
    spread = weighted.T @ source
    if stretching and np.linalg.cond(spread) < 1e6:
        linear = np.linalg.solve(spread, weighted.T @ goal).T
    else:
        total = max(float(np.trace(spread)), 1e-9)
        turn = complex(weighted[:, 0] @ goal[:, 0] + weighted[:, 1] @ goal[:, 1], 0) / total
        turn += 1j * float(weighted[:, 0] @ goal[:, 1] - weighted[:, 1] @ goal[:, 0]) / total
        linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, target - linear @ middle])
