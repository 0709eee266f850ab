"""One small gray picture from any picture file and its colours, with its real size, orientation and own texts.

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

# Long side of the planes in which colours are kept: they told as much of drawings in other colours as 480 pixels did.
CHROMA_SIDE = 96

# So many points each way are taken for one of theirs: JPEG has colours averaged already.
_POINTS_OF_AVERAGED, _POINTS = 2, 4

# Quality of the planes: 1.3 KB a photograph. At 80 they are a fifth larger.
CHROMA_QUALITY = 70

# No colour, and how far off it compression and rounding leave gray.
NEUTRAL = 128
NEUTRAL_LEVELS = 3

# JPEG compresses squares of so many pixels.
_SQUARE = 8

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
    `colours` is the same in YCbCr, of another size; None where the file is gray, or its colours are not told.
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
    colours: Image.Image | None = None


def decode(path: Path, gray_side: int = GRAY_SIDE, colour_side: int = CHROMA_SIDE) -> Decoded | Failure:
    """The picture that browsers show of a file, gray with a long side of at most `gray_side`, or why there is none.

    Its colours have a long side of some times `colour_side`.
    """
    address = str(path)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return Failure(Stage.DECODE, Reason.NOT_FOUND, address)
    except OSError as error:
        return Failure(Stage.DECODE, Reason.UNREADABLE, address, error.strerror or "")
    with file, _careful_pillow():
        try:
            return _decode_image(file, gray_side, colour_side)
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


def _decode_image(file: BinaryIO, gray_side: int, colour_side: int) -> Decoded:
    opened = Image.open(file, formats=FORMATS)
    width, height, mode = *opened.size, opened.mode
    # Pillow turns TIFF upright by itself while loading and forgets the tag.
    turns_itself = isinstance(opened, TiffImagePlugin.TiffImageFile)
    turn = orientation(opened) if turns_itself else 1
    size = gray_size(width, height, gray_side)
    # Where the format can, it is decoded at a half, a quarter or an eighth, but no smaller than this.
    shown = load_shown(file, opened, ("YCbCr" if _is_in_ycbcr(opened) else "L", size))
    image = shown.image
    if image.tell():
        # A later frame of a GIF may be larger than the first.
        width, height = image.size
        size = gray_size(width, height, gray_side)
    gray, colours = _gray(image, size), _take_colours(image, colour_side)
    # As the ground of a page, which browsers leave where nothing came.
    gray.paste(255, (0, shown.blank_from(gray.height), *gray.size))
    if colours is not None:
        colours.paste((255, NEUTRAL, NEUTRAL), (0, shown.blank_from(colours.height), *colours.size))
    if not turns_itself:
        # Only now, since a PNG may carry its EXIF behind the pixels.
        turn = orientation(image)
        if turn in _TURNS:
            gray = gray.transpose(_TURNS[turn])
            colours = colours and colours.transpose(_TURNS[turn])
        width, height = (height, width) if turn in _ON_THEIR_SIDE else (width, height)
    texts, frames = read_embedded(image), _frames(image)
    return Decoded(image.format or "", width, height, frames, turn, mode, gray, texts, shown.decoded, colours)


def gray_size(width: int, height: int, side: int) -> tuple[int, int]:
    """Width and height of a picture's gray copy, whose long side is at most `side`."""
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
    if image.mode == "YCbCr" and image.width * image.height <= STRIP_PIXELS:
        # As JPEG's decoder hands that over: gray is one of its three planes.
        plane = image.getchannel(0)
        return plane.reduce(factor) if factor > 1 else plane
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


# Colours


def _is_in_ycbcr(image: Image.Image) -> bool:
    """Whether it is a JPEG whose colours lie in YCbCr, so that they come with its gray; some have RGB, or are gray."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or image.mode != "RGB":
        return False
    # As libjpeg decides, but for files that say both.
    names = bytes(layer[0] for layer in image.layer)
    return bool(image.info.get("adobe_transform", 1)) and names != b"RGB"


def _take_colours(image: Image.Image, side: int) -> Image.Image | None:
    """A loaded picture in YCbCr on white, large enough for planes of a long side; None where it has no colours."""
    if image.mode not in ("YCbCr", "RGB", "RGBA", "RGBX", "P", "PA", "CMYK"):
        return None
    is_averaged = image.mode == "YCbCr"
    many = _POINTS_OF_AVERAGED if is_averaged else _POINTS
    width, height = _plane_size(image.size, side)
    size = many * width, many * height
    points = image.resize(size, Image.Resampling.NEAREST)
    if points.has_transparency_data:
        coloured = points.convert("RGBA")
        points = Image.new("RGB", size, "white")
        points.paste(coloured, mask=coloured.getchannel("A"))
    return points if is_averaged else points.convert("RGB").convert("YCbCr")


def compress_chroma(colours: Image.Image | None) -> bytes:
    """The planes Cb and Cr of a picture as `FeatureRecord` has them; nothing where it is gray."""
    if colours is None:
        return b""
    size = _plane_size(colours.size, CHROMA_SIDE)
    many = colours.width // size[0]
    is_multiple = colours.size == (many * size[0], many * size[1])
    small = colours.reduce(many) if is_multiple else colours.resize(size, Image.Resampling.BOX)
    both = Image.new("L", (size[0], 2 * size[1]))
    both.paste(small.getchannel(1))
    both.paste(small.getchannel(2), (0, size[1]))
    planes = np.asarray(both)
    if max(int(planes.max()) - NEUTRAL, NEUTRAL - int(planes.min())) <= NEUTRAL_LEVELS:
        return b""
    return compress_gray(both, CHROMA_QUALITY)


def compress_gray(gray: Image.Image, quality: int) -> bytes:
    """A gray picture as JPEG: byte for byte what Pillow writes, in less time."""
    return cv2.imencode(".jpg", np.asarray(gray), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _plane_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size of a picture's planes: JPEG compresses squares, and planes that fill them do not run into each other."""
    scale = min(1.0, side / max(size))
    width, height = (_SQUARE * max(1, round(length * scale / _SQUARE)) for length in size)
    return width, height


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
