"""One small gray picture from any picture file, with its real size, orientation and own texts.

Nothing here trusts the file: formats are an allow-list, pixels are capped before memory is taken, and every
way to fail has a reason. Endless decoding and crashes are the business of the worker process around it.
"""

from __future__ import annotations

import errno
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcnsImagePlugin,
    IcoImagePlugin,
    Image,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PsdImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from assets.model import Failure, Reason, Stage
from assets.parsing.signatures import HEAD_BYTES, recognise
from assets.parsing.text import clean
from assets.picture_model import Embedded
from assets.pictures.embedded_metadata import BROKEN_METADATA, orientation, read_embedded
from assets.pictures.shown_picture import DECODER_ERRORS, load_shown

# Long side of the gray picture of a catalogued picture: what fingerprints and local features were measured on.
GRAY_SIDE = 480

# The same of one that is looked up: in a screenshot or collage the catalogued picture is only a part of it.
QUERY_SIDE = 640

# The largest sensors that press pictures come from have 151 (medium format) and 200 (telephones) megapixels.
# At 4 bytes a pixel that is 0.8 GB, which a worker's memory limit still holds.
MAX_PIXELS = 200_000_000

# Pixels that are converted at one time, so that no conversion needs a second copy of a large picture.
STRIP_PIXELS = 4_000_000

# Importing a plugin registers its format; Pillow would otherwise import all forty of them. What news sites
# and desks do not publish stays out, first of all EPS and WMF, which start other programs.
FORMATS = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        GifImagePlugin.GifImageFile,
        WebPImagePlugin.WebPImageFile,
        AvifImagePlugin.AvifImageFile,
        TiffImagePlugin.TiffImageFile,
        BmpImagePlugin.BmpImageFile,
        Jpeg2KImagePlugin.Jpeg2KImageFile,
        IcoImagePlugin.IcoImageFile,
        IcnsImagePlugin.IcnsImageFile,
        PsdImagePlugin.PsdImageFile,
    )
)

# Opening these takes no memory for their pixels, however many there are.
_MEASURED = ("JPEG", "PNG")

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_THEIR_SIDE = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as fingerprints need it, and what its file tells.

    `gray` is upright, on white where the picture is transparent or missing, its long side at most what was asked for.
    `width` and `height` are the full picture's, upright too; `mode` is the file's own. `decoded` is the share of the
    file's rows that are there.
    """

    format: str
    width: int
    height: int
    frames: int
    orientation: int
    mode: str
    gray: Image.Image
    embedded: Embedded
    decoded: float = 1.0


def decode(path: Path, gray_side: int = GRAY_SIDE) -> Decoded | Failure:
    """The picture that browsers show of a file, gray with a long side of at most `gray_side`, or why there is none."""
    address = str(path)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Failure(Stage.DECODE, Reason.NOT_FOUND, address)
    except OSError as error:
        return Failure(Stage.DECODE, Reason.UNREADABLE, address, error.strerror or "")
    with file, _careful_pillow():
        try:
            return _decode_image(file, gray_side)
        except DECODER_ERRORS as error:
            reason, detail = _explain_error(error, file)
            return Failure(Stage.DECODE, reason, address, detail)


def read_size(path: Path, reason: Reason) -> tuple[int, int]:
    """Width and height of a picture that did not decode, as its header tells them; (0, 0) where it does not."""
    is_large = reason is Reason.TOO_MANY_PIXELS
    try:
        with path.open("rb") as file, _careful_pillow():
            if is_large:
                Image.MAX_IMAGE_PIXELS = None
            return Image.open(file, formats=_MEASURED if is_large else FORMATS).size
    except DECODER_ERRORS:
        return 0, 0


@contextmanager
def _careful_pillow() -> Iterator[None]:
    """Pillow with our limits, without its warnings."""
    pixels, threads = Image.MAX_IMAGE_PIXELS, AvifImagePlugin.DEFAULT_MAX_THREADS
    # Pillow warns at this number and raises at twice as many, for WebP before its decoder takes the memory.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    # There is a worker a core already.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    try:
        with warnings.catch_warnings():
            # The rest of its warnings are about metadata, which then is merely absent.
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS, AvifImagePlugin.DEFAULT_MAX_THREADS = pixels, threads


def _decode_image(file: BinaryIO, gray_side: int) -> Decoded:
    opened = Image.open(file, formats=FORMATS)
    width, height, mode = *opened.size, opened.mode
    # Pillow turns TIFF upright by itself while loading and forgets the tag.
    turns_itself = isinstance(opened, TiffImagePlugin.TiffImageFile)
    turn = orientation(opened) if turns_itself else 1
    size = _gray_size(width, height, gray_side)
    # Where the format can, it is decoded at a half, a quarter or an eighth, but no smaller than this.
    shown = load_shown(file, opened, ("L", size))
    image = shown.image
    if image.tell():
        # A later frame of a GIF may be larger than the first.
        width, height = image.size
        size = _gray_size(width, height, gray_side)
    gray = _gray(image, size)
    # As the ground of a page, which browsers leave where nothing came.
    gray.paste(255, (0, shown.blank_from(gray.height), *gray.size))
    if not turns_itself:
        # Only now, since a PNG may carry its EXIF behind the pixels.
        turn = orientation(image)
        gray = gray.transpose(_TURNS[turn]) if turn in _TURNS else gray
        width, height = (height, width) if turn in _ON_THEIR_SIDE else (width, height)
    texts = read_embedded(image)
    return Decoded(image.format or "", width, height, _frames(image), turn, mode, gray, texts, shown.decoded)


def _gray_size(width: int, height: int, side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _frames(image: Image.Image) -> int:
    """How many frames there are, as far as they can be counted; the last step, since it moves in the file."""
    try:
        count = int(getattr(image, "n_frames", 1))
    except (*BROKEN_METADATA, Image.DecompressionBombError):
        count = image.tell() + 1
    return max(1, count)


# Gray


def _gray(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A loaded picture as gray on white, made that small."""
    small = _reduce(image, max(1, max(image.size) // max(size)))
    if small.size == size:
        # Counting frames moves on in the file, and the file's picture with it.
        return image.copy() if small is image else small
    # Less than twice as large by now: two points each way are enough, and OpenCV takes them in a sixth of the time.
    return Image.fromarray(cv2.resize(np.asarray(small), size, interpolation=cv2.INTER_LINEAR))


def _reduce(image: Image.Image, factor: int) -> Image.Image:
    """The picture in gray, a whole number of times smaller, strip by strip."""
    if image.mode == "L" and not image.has_transparency_data:
        # As JPEG's decoder hands it over: there is nothing to convert.
        return image.reduce(factor) if factor > 1 else image
    low, high = _range(image)
    gray = Image.new("L", (-(-image.width // factor), -(-image.height // factor)))
    for top, strip in _strips(image, factor):
        gray.paste(_convert_to_gray(strip, low, high).reduce(factor), (0, top // factor))
    return gray


def _strips(image: Image.Image, factor: int) -> Iterator[tuple[int, Image.Image]]:
    """The picture cut across, each part with its first row; their heights are multiples of the factor."""
    rows = max(1, STRIP_PIXELS // (image.width * factor)) * factor
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _convert_to_gray(image: Image.Image, low: float, high: float) -> Image.Image:
    """A picture of any mode as 8-bit gray of the same size."""
    if _is_deep(image):
        values = (_values(image) - low) * (255 / (high - low))
        return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        coloured = image.convert("RGBA")
        white = Image.new("L", image.size, 255)
        white.paste(coloured.convert("L"), mask=coloured.getchannel("A"))
        return white
    if image.mode == "LAB":
        return image.getchannel("L")
    return image.convert("L")


def _is_deep(image: Image.Image) -> bool:
    """Whether a sample has more than 8 bits, which Pillow's own conversion would clip."""
    return image.mode[0] in "IF"


def _values(image: Image.Image) -> npt.NDArray[np.float64]:
    return np.nan_to_num(np.array(image, dtype=np.float64), copy=False)


def _range(image: Image.Image) -> tuple[float, float]:
    """What counts as black and white in a picture of deep samples.

    White is the largest number of the bits in use: scanners store 10, 12 and 14 bits in 16. Samples with
    fractions count from 0 to 1 or, when there are larger ones, as far as they go.
    """
    if not _is_deep(image):
        return 0.0, 255.0
    least, most = 0.0, 0.0
    for _, strip in _strips(image, 1):
        values = _values(strip)
        least, most = min(least, float(values.min())), max(most, float(values.max()))
    white = max(1.0, most) if image.mode == "F" else float(2 ** max(8, int(most).bit_length()) - 1)
    return least, white


# Reasons


def _explain_error(error: Exception, file: BinaryIO) -> tuple[Reason, str]:
    """The reason behind a decoder's error, by what was raised and by how the file begins."""
    if isinstance(error, Image.DecompressionBombError):
        return Reason.TOO_MANY_PIXELS, clean(str(error))
    if isinstance(error, MemoryError):
        return Reason.TOO_MANY_PIXELS, "decoding needs more memory than a worker may have"
    if isinstance(error, OSError) and error.errno == errno.EIO:
        return Reason.UNREADABLE, error.strerror or ""
    file.seek(0)
    reason, name = recognise(file.read(HEAD_BYTES))
    if reason is not Reason.DAMAGED_PICTURE:
        return reason, name
    if isinstance(error, UnidentifiedImageError):
        return reason, f"{name} with a broken header"
    if str(error).lower().startswith("unsupported"):
        return Reason.UNSUPPORTED_PICTURE, clean(f"{name}: {error}")
    return reason, clean(f"{name}: {error}")
