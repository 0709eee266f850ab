"""Hashes of whole pictures, as peers use them: imagehash's phash and dhash, and PDQ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

Bits = npt.NDArray[np.uint8]

MIRROR = Image.Transpose.FLIP_LEFT_RIGHT


def hashers() -> dict[str, Callable[[Image.Image], Bits]]:
    """The hashes that can be computed here, each as packed bits of an upright RGB picture."""
    found = {
        "phash": lambda image: np.packbits(imagehash.phash(image).hash),
        "dhash": lambda image: np.packbits(imagehash.dhash(image).hash),
    }
    try:
        import pdqhash
    except ImportError:
        return found
    return found | {"pdq": lambda image: np.packbits(pdqhash.compute(np.asarray(image))[0].astype(bool))}


def hashed(path: Path) -> dict[str, list[Bits]]:
    """Every hash of a file, as it is and mirrored."""
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    image.thumbnail((1024, 1024))
    return {name: [hasher(image), hasher(image.transpose(MIRROR))] for name, hasher in hashers().items()}


def distances(query: Sequence[Bits], catalog: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """Bits in which each catalogued picture's hash differs from the query's, in the nearer direction."""
    both = [np.bitwise_count(catalog ^ direction).sum(axis=1, dtype=np.int64) for direction in query]
    nearest: npt.NDArray[np.int64] = np.minimum(*both)
    return nearest


def at_equal_false_matches(
    found: Mapping[str, Sequence[tuple[str, int]]], wrong: Sequence[int], allowed: int
) -> tuple[int, dict[str, float]]:
    """The largest distance that accepts at most `allowed` wrong pairs, and the recall of each edit at it.

    `found` has for each edit's name and file the distance of the right picture, `wrong` those of unrelated pairs.
    """
    ordered = sorted(wrong)
    limit = ordered[allowed] - 1 if len(ordered) > allowed else 256
    return limit, {
        name: sum(distance <= limit for _, distance in one) / len(one) for name, one in found.items()
    }
