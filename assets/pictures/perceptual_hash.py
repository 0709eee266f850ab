"""Perceptual fingerprints of a gray picture, as imagehash defines them, and whether they mean anything.

Every picture is first brought to one small size: hashes of its copies then differ as little as before, and take a
third of the time. Of that small picture imagehash is the definition. Its `phash` imports SciPy for one cosine
transform, half a second at a worker's start; the same transform is done here as two matrix products, and imagehash is
asked where rounding decides.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from assets.picture_model import Fingerprint

# imagehash takes the lowest frequencies of a picture four times the hash's side.
OVERSAMPLING = 4

# Sides of the picture that is hashed. Over 268 press photographs phashes of 64 bits differ from imagehash's own of the
# full picture in none in the median and two in the 95th percentile, as they do without this step.
HASHED_SIDE = 128

# Coefficients reach some 4 million, where two ways to sum them differ by about 1e-8. Only where one lies
# nearer to the median than this, as in pictures with a symmetry, can the order of summing decide a bit.
ROUNDING = 1e-5

# A picture is looked at in 64 x 64 points, as PDQ does for its quality. A point shows detail along a line
# when it is over one level of gray off the middle of its neighbours, which on slopes and with the noise of
# strong JPEG compression it is not.
DETAIL_SIDE = 64
DETAIL_LEVELS = 1

# Share of points that must show detail, across and along. Of 662 press photographs the emptiest, a bird in
# the sky, has 0.07; a card with two words has 0.03; striped flags, whose fingerprints met, have 0 one way.
LEAST_DETAIL = 0.04

_SIZES = {"phash": (64, 256), "dhash": (64,)}


def fingerprints(gray: Image.Image) -> tuple[Fingerprint, ...]:
    """The fingerprints of a gray picture: phash of 64 and of 256 bits, dhash of 64."""
    small = reduce_for_hash(gray)
    return (
        _fingerprint("phash", _phash(small, 8)),
        _fingerprint("phash", _phash(small, 16)),
        _fingerprint("dhash", imagehash.dhash(small, 8).hash),
    )


def reduce_for_hash(gray: Image.Image) -> Image.Image:
    """The small picture that is hashed in the place of a gray one."""
    size = (min(gray.width, HASHED_SIDE), min(gray.height, HASHED_SIDE))
    return gray if size == gray.size else gray.resize(size, Image.Resampling.HAMMING)


def fingerprints_of_orientations(gray: Image.Image) -> tuple[tuple[Fingerprint, ...], ...]:
    """The phashes of a gray picture turned by 0, 90, 180 and 270 degrees clockwise, then mirrored and so turned.

    A mirrored picture has the same cosines, every second column of them negative; a turned one has them
    transposed as well. So no picture need be turned. Of the 256 bits those of the turned picture itself
    differ in two at most, by rounding.
    """
    sides, small = (8, 16), reduce_for_hash(gray)
    waves = [_low_waves(small, side) for side in sides]
    return tuple(
        tuple(_fingerprint("phash", low > np.median(low)) for low in (_turn(low, which) for low in waves))
        for which in range(8)
    )


def _turn(low: npt.NDArray[np.float64], orientation: int) -> npt.NDArray[np.float64]:
    """The cosines of a picture as they are in one of its eight orientations, numbered as in `Query`."""
    signs = np.where(np.arange(len(low)) % 2, -1.0, 1.0)
    if orientation >= 4:
        low = low * signs
    for _ in range(orientation % 4):
        low = low.T * signs
    return low


def negative_of(fingerprint: Fingerprint) -> Fingerprint:
    """The phash of a picture's negative: every wave is upside down, but for the mean, which comes first.

    >>> negative_of(Fingerprint("phash", 64, 0xc000000000000001)).hex
    'bffffffffffffffe'
    """
    waves = (1 << (fingerprint.bits - 1)) - 1
    return replace(fingerprint, value=fingerprint.value ^ waves)


def is_indistinct(gray: Image.Image) -> bool:
    """Whether a picture is flat or nearly so, or only striped: its fingerprints match by chance."""
    small = gray.resize((DETAIL_SIDE, DETAIL_SIDE), Image.Resampling.BOX)
    points = np.asarray(small, dtype=np.int32)
    return min(_detail(points), _detail(points.T)) < LEAST_DETAIL


def _detail(points: npt.NDArray[np.int32]) -> float:
    bends = np.abs(2 * points[:, 1:-1] - points[:, :-2] - points[:, 2:])
    return float((bends > 2 * DETAIL_LEVELS).mean())


def parse_hex(algorithm: str, hex: str) -> Fingerprint:  # noqa: A002
    """The fingerprint that imagehash or `Fingerprint.hex` wrote so; ValueError says what is wrong with it.

    >>> parse_hex("phash", "00000000000000ff")
    Fingerprint(algorithm='phash', bits=64, value=255)
    """
    if algorithm not in _SIZES:
        raise ValueError(f"unknown fingerprint {algorithm!r}: known are {', '.join(_SIZES)}")
    bits = 4 * len(hex)
    if bits not in _SIZES[algorithm]:
        lengths = " or ".join(str(size // 4) for size in _SIZES[algorithm])
        raise ValueError(f"{algorithm} has {lengths} hexadecimal digits, not {len(hex)}")
    if not set(hex) <= set("0123456789abcdefABCDEF"):
        raise ValueError(f"{hex!r} is not hexadecimal")
    return Fingerprint(algorithm, bits, int(hex, 16))


def _fingerprint(algorithm: str, bits: npt.NDArray[np.bool_]) -> Fingerprint:
    return Fingerprint(algorithm, bits.size, int.from_bytes(np.packbits(bits).tobytes(), "big"))


def _phash(gray: Image.Image, side: int) -> npt.NDArray[np.bool_]:
    low = _low_waves(gray, side)
    distance = low - np.median(low)
    if np.abs(distance).min() < ROUNDING:
        by_definition: npt.NDArray[np.bool_] = imagehash.phash(gray, side, OVERSAMPLING).hash
        return by_definition
    return distance > 0


def _low_waves(gray: Image.Image, side: int) -> npt.NDArray[np.float64]:
    """The weights of the lowest cosines in a picture, (side, side)."""
    points = side * OVERSAMPLING
    pixels = np.asarray(gray.resize((points, points), Image.Resampling.LANCZOS), dtype=np.float64)
    waves = _waves(side)
    low: npt.NDArray[np.float64] = waves @ pixels @ waves.T
    return low


@cache
def _waves(side: int) -> npt.NDArray[np.float64]:
    """The lowest cosines of the discrete cosine transform II, one a row."""
    points = side * OVERSAMPLING
    angles = np.outer(np.arange(side), 2 * np.arange(points) + 1) * (np.pi / (2 * points))
    waves: npt.NDArray[np.float64] = 2 * np.cos(angles)
    return waves
