"""What all points of two pictures that lie one over the other have in common of their displacements."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Floats, Singles

# A homography is the common displacement only where it explains so much more than an affine field.
PLANE_GAIN = 0.1


def take_common_away(places: Singles, flow: Singles) -> Floats:
    """What a robust affine field leaves of the flow, or a homography where that explains clearly more."""
    source, shift = places.astype(np.float64), flow.astype(np.float64)
    middle = source.mean(axis=0)
    terms = np.column_stack([np.ones(len(source)), (source - middle) / 100])
    most = Counter(map(tuple, np.round(shift).astype(int).tolist())).most_common(1)[0][0]
    best, best_fit = shift, -1.0
    # Begun at the most frequent displacement, the field is that of what did not move, and not of all in the mean.
    for start in (np.median(shift, axis=0), np.array(most, dtype=np.float64), np.zeros(2)):
        left = _fit_field(terms, shift, start)
        fit = _share_explained(left)
        if fit > best_fit:
            best, best_fit = left, fit
    plane, _ = cv2.findHomography(source, source + shift, cv2.USAC_MAGSAC, 0.5, maxIters=1000)
    if plane is not None:
        goal = np.column_stack([source, np.ones(len(source))]) @ np.asarray(plane, dtype=np.float64).T
        left = np.asarray(source + shift - goal[:, :2] / goal[:, 2:], dtype=np.float64)
        if _share_explained(left) > best_fit + PLANE_GAIN:
            return left
    return best


def _fit_field(terms: Floats, shift: Floats, start: Floats) -> Floats:
    """What is left of displacements by the affine field that most agree with; others lose their say step by step."""
    left = shift - start
    say = 1 / (1 + (left * left).sum(axis=1)) ** 2
    for tolerance in (1.5, 1.0, 0.6, 0.4, 0.3, 0.3, 0.3, 0.3):
        weighted = terms * say[:, None]
        field = np.linalg.solve(weighted.T @ terms + 1e-6 * np.eye(3), weighted.T @ shift)
        left = shift - terms @ field
        say = 1 / (1 + (left * left).sum(axis=1) / tolerance**2) ** 2
    return left


def _share_explained(left: Floats) -> float:
    return float((1 / (1 + (left * left).sum(axis=1) / 0.3**2)).mean())
