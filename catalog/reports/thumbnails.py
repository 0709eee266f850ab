"""Small pictures for a report, made anew from the originals: a report never carries a stranger's file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from assets import DECODER_ERRORS, OriginalStore, load_shown
from catalog.model import AssetRecord

# Long sides: a thumbnail is sharp on a dense screen at half its size, a view fills a column.
THUMBNAIL_SIDE = 240
VIEW_SIDE = 960

# At 72 a thumbnail takes 6 to 9 kB and shows no blocks; at 85 twice that.
QUALITY = 72

# Speed against size (0 to 6): 2 is three times as fast as the usual 4, and 4 % larger.
METHOD = 2

# What `assets` decodes; a larger picture has no fingerprints, and is not shown.
MAX_PIXELS = 200_000_000

# What `assets` decodes. EPS and WMF, which start other programs, are not among them.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "JPEG2000", "ICO", "ICNS", "PSD")

_ORIENTATION = 0x0112

# How EXIF's orientation is undone. The record's is taken: it was read when the picture came in.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Thumbnailer(Protocol):
    """Makes the small pictures of a report."""

    def __call__(self, asset: AssetRecord, side: int) -> bytes | None:
        """The asset as WebP, upright, its long side at most `side`; None where it cannot be shown."""
        ...


def fit_size(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of a picture made small enough, never larger than it is.

    >>> fit_size(4000, 2667, 240), fit_size(100, 50, 240)
    ((240, 160), (100, 50))
    """
    scale = min(1.0, side / max(1, width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


class PreviewThumbnails:
    """Thumbnails from the originals.

    The last picture is kept at its larger size, so that the view of a best copy and its thumbnail are decoded once.
    """

    def __init__(self, originals: OriginalStore) -> None:
        self._originals = originals
        self._last: tuple[str, int, Image.Image | None] = ("", 0, None)

    def __call__(self, asset: AssetRecord, side: int) -> bytes | None:
        """The asset as WebP, None where its original is gone or cannot be decoded."""
        if asset.reason:
            # It was tried in a process of its own, and a stranger's drawing is never rendered.
            return None
        sha256, known_side, image = self._last
        if sha256 != asset.sha256 or known_side < side:
            path = self._originals.path_of(asset.sha256)
            image = None if path is None else _make_small(path, asset.orientation, side)
            self._last = (asset.sha256, side, image)
        return None if image is None else _webp(image, side)


def make_small_webp(path: Path, orientation: int, side: int) -> bytes | None:
    """A picture file as WebP, its long side at most `side`; None where it cannot be decoded.

    `orientation` is EXIF's; with 0 the file's own is read.
    """
    image = _make_small(path, orientation, side)
    return None if image is None else _webp(image, side)


def _webp(image: Image.Image, side: int) -> bytes:
    size = fit_size(*image.size, side)
    small = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    body = BytesIO()
    small.save(body, "WEBP", quality=QUALITY, method=METHOD)
    return body.getvalue()


def _make_small(path: Path, orientation: int, side: int) -> Image.Image | None:
    """What browsers show of it, upright, on white where it is transparent or missing, without the file's metadata."""
    with _careful_pillow():
        try:
            # Opening loads the plugins that Pillow does not load by itself, and only these formats are tried.
            Image.init()
            with path.open("rb") as file, Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None
                orientation = orientation or image.getexif().get(_ORIENTATION, 1)
                shown = load_shown(file, image, ("RGB", (side, side)))
                small = _put_on_white(_reduce(shown.image, side))
                small = small.resize(fit_size(*small.size, side), Image.Resampling.LANCZOS)
                small.paste("white", (0, shown.blank_from(small.height), *small.size))
                # Pillow turns TIFF upright by itself.
                turn = None if image.format == "TIFF" else _TURNS.get(orientation)
                return small if turn is None else small.transpose(turn)
        except DECODER_ERRORS:
            return None


def _reduce(image: Image.Image, side: int) -> Image.Image:
    """The picture a whole number of times smaller, still twice as large as asked, before anything is converted."""
    factor = max(image.size) // (2 * side)
    can_average = image.mode in ("L", "RGB", "RGBA", "CMYK", "YCbCr")
    if factor < 2 or not can_average:
        return image
    return image.reduce(factor)


def _put_on_white(image: Image.Image) -> Image.Image:
    if image.mode[0] in "IF":
        return _from_deep(image)
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(coloured, mask=coloured.getchannel("A"))
        return white
    return image.convert("RGB")


def _from_deep(image: Image.Image) -> Image.Image:
    """Samples of more than 8 bits spread from the darkest to the brightest, as Pillow's conversion does not."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = float(values.min()), float(values.max())
    levels = (values - low) * (255 / max(high - low, 1e-9))
    return Image.fromarray(levels.astype(np.uint8)).convert("RGB")


@contextmanager
def _careful_pillow() -> Iterator[None]:
    """Pillow with our limit on pixels, without its warnings about metadata."""
    pixels = Image.MAX_IMAGE_PIXELS
    # Pillow raises at twice this number.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = pixels
