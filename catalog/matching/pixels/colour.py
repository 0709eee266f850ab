"""Where two pictures that agree in gray have other colours: a party's districts on a map, a flag, a shirt.

Colours are kept small, as the two planes Cb and Cr beside a gray picture. Grading changes all of them in one way: what
a smooth map of colours, fitted robustly, explains is no difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catalog.matching.pixels.arrays import Bools, Floats, Pixels, Planes, Singles
from catalog.matching.pixels.pixel_comparison import Comparison
from catalog.matching.pixels.transforms import combine_transforms, count_from_middle, scale_of

# Side of a block in frame pixels; where a plane has fewer pixels, so many of its own.
BLOCK = 12
LEAST_POINTS = 2

# Points taken of a block each way, and the share of it that both pictures must have.
POINTS = 3
WHOLE_SHARE = 0.95

# Blurring by so few pixels changes nothing.
LEAST_BLUR = 0.3

# Fewer blocks do not tell a change of all colours from that of one.
LEAST_BLOCKS = 16

# With so many the map may be curved, as contrast, saturation beyond what a screen has, and few levels make it.
BLOCKS_OF_CURVED = 64

# A map of colours is fitted in so many rounds; a block so far off, in levels, has half a say. What pulls it towards no
# change at all is as little as keeps it solvable.
ROUNDS = 8
SAY_LEVELS = 8.0
RIDGE = 1e-3

# Only a block whose brightness is explained to so many levels has another colour: others have something laid over them.
AS_BRIGHT = 16.0

# Colours say something where those of one block in ten are so many levels off what the brightness alone makes of them:
# gray, sepia and duotones are not.
LEAST_SPREAD = 8.0
SPREAD_PERCENTILE = 90.0

NEUTRAL = 128.0


@dataclass(frozen=True, slots=True)
class Recoloured:
    """How far colours are off, in levels, block by block over the frame; 0 where gray differs or has no say."""

    levels: Floats

    def share(self, limit: float) -> float:
        """The share of the largest connected region of blocks that are off by more."""
        beyond = (self.levels > limit).astype(np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(beyond, connectivity=4)
        return float(stats[1:, cv2.CC_STAT_AREA].max()) / beyond.size if count > 1 else 0.0


def decode_chroma(chroma: bytes) -> Planes | None:
    """The planes Cb and Cr of a study, (2, height, width); None where the picture is gray."""
    if not chroma:
        return None
    both = cv2.imdecode(np.frombuffer(chroma, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if both is None else np.asarray(both, dtype=np.uint8).reshape(2, -1, both.shape[1])


def measure_recoloured(
    comparison: Comparison, chroma: tuple[Planes | None, Planes | None], free: Bools
) -> Recoloured | None:
    """How far colours are off where gray agrees and both are `free`; None where one is gray, or they tell nothing.

    `chroma` is that of the comparison's query and asset.
    """
    query, asset = chroma
    if query is None or asset is None:
        return None
    frame = comparison.frame
    to_frame = (
        _from_planes(query, comparison.query, combine_transforms(frame.to_frame, comparison.matrix)),
        _from_planes(asset, comparison.asset, frame.to_frame),
    )
    coarse = max(map(scale_of, to_frame))
    side = max(BLOCK, LEAST_POINTS * coarse)
    height, width = frame.shared.shape
    size = int(width // side), int(height // side)
    if size[0] * size[1] < LEAST_BLOCKS:
        return None
    has_say = _shrink(free, size) > WHOLE_SHARE
    if int(has_say.sum()) < LEAST_BLOCKS:
        return None
    coarse = max(coarse, side / POINTS)
    of_query, of_asset = (
        np.dstack(
            [_shrink(gray, size), *(_lay_plane(one, matrix, (width, height), size, coarse) for one in planes)]
        )[has_say].astype(np.float64)
        - NEUTRAL
        for gray, planes, matrix in zip((frame.query, frame.asset), (query, asset), to_frame, strict=True)
    )
    if min(_spread(of_query), _spread(of_asset)) < LEAST_SPREAD:
        return None
    # A map that takes colours away hides what differs; the other way it shows.
    off = np.maximum(_misses(of_query, of_asset), _misses(of_asset, of_query))
    is_as_bright = off[:, 0] <= AS_BRIGHT
    levels = np.zeros(has_say.shape)
    levels[has_say] = np.where(is_as_bright, np.hypot(off[:, 1], off[:, 2]), 0.0)
    return Recoloured(levels)


def _from_planes(planes: Planes, gray: Pixels, matrix: Floats) -> Floats:
    """The transform of a gray picture's pixels as one of pixels of its planes."""
    across, down = gray.shape[1] / planes.shape[2], gray.shape[0] / planes.shape[1]
    return combine_transforms(matrix, np.array([[across, 0.0, 0.0], [0.0, down, 0.0]]))


def _shrink(values: Pixels | Bools | Singles, size: tuple[int, int]) -> Singles:
    return np.asarray(cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def _lay_plane(
    plane: Pixels, matrix: Floats, frame: tuple[int, int], size: tuple[int, int], coarse: float
) -> Singles:
    """A plane's means over the blocks of a frame, of pixels as coarse as given, so that both are as sharp."""
    own = scale_of(matrix)
    blur = 0.5 * float(np.sqrt(max(0.0, (coarse / own) ** 2 - 1)))
    values: Singles = plane.astype(np.float32)
    if blur > LEAST_BLUR:
        blurred = cv2.GaussianBlur(values, (0, 0), blur, borderType=cv2.BORDER_REPLICATE)
        values = np.asarray(blurred, dtype=np.float32)
    points = size[0] * POINTS, size[1] * POINTS
    to_points = np.array([[points[0] / frame[0], 0.0, 0.0], [0.0, points[1] / frame[1], 0.0]])
    centred = count_from_middle(combine_transforms(to_points, matrix))
    laid = cv2.warpAffine(values, centred, points, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return _shrink(np.asarray(laid, dtype=np.float32), size)


def _spread(colours: Floats) -> float:
    """How far chroma is off what brightness alone makes of it."""
    gray = colours[:, 0] / NEUTRAL
    terms = np.column_stack([np.ones(len(gray)), gray, gray**2])
    rest = colours[:, 1:] - terms @ np.linalg.lstsq(terms, colours[:, 1:], rcond=None)[0]
    return float(np.percentile(np.hypot(rest[:, 0], rest[:, 1]), SPREAD_PERCENTILE))


def _misses(source: Floats, goal: Floats) -> Floats:
    """How far each block is off after the best map of colours: brightness, Cb and Cr.

    It is looked for from two sides, all having a say and only what is as it was: of a large part in another colour the
    first makes the rule. With blocks enough it may then be curved.
    """
    terms = np.column_stack([source / NEUTRAL, np.ones(len(source))])
    starts = np.ones(len(source)), _weigh(goal - source)
    rest = min((_fit_map(terms, source, goal, say) for say in starts), key=_measure_loss)
    if len(source) >= BLOCKS_OF_CURVED:
        parts = source.T / NEUTRAL
        products = [parts[one] * parts[other] for one in range(3) for other in range(one, 3)]
        rest = _fit_map(np.column_stack([terms, *products]), source, goal, _weigh(rest))
    return np.abs(rest)


def _fit_map(terms: Floats, source: Floats, goal: Floats, say: Floats) -> Floats:
    """What a map of colours, a sum of terms, leaves, fitted by what each block has to say at first."""
    pull = RIDGE * np.eye(terms.shape[1])
    as_is = NEUTRAL * pull[:, :3]
    rest = goal - source
    for _ in range(ROUNDS):
        weighted = terms * say[:, None]
        rest = goal - terms @ np.linalg.solve(weighted.T @ terms + pull, weighted.T @ goal + as_is)
        say = _weigh(rest)
    return rest


def _weigh(rest: Floats) -> Floats:
    """The say of blocks that are so far off."""
    return np.asarray(1 / (1 + (_size_of(rest) / SAY_LEVELS) ** 2))


def _measure_loss(rest: Floats) -> float:
    return float(np.log1p((_size_of(rest) / SAY_LEVELS) ** 2).sum())


def _size_of(rest: Floats) -> Floats:
    return np.asarray(np.hypot(rest[:, 1], rest[:, 2]) + 0.5 * np.abs(rest[:, 0]))
