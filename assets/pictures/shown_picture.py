"""What browsers show of a picture file: as much as came, and of an animation the first frame that shows something."""

from __future__ import annotations

from itertools import count
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile

from assets.pictures.cut_files import ShownPicture, load_cut

# What 10,000 malformed files made Pillow raise.
DECODER_ERRORS = (
    Image.DecompressionBombError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
)

# A file is handed to its decoder in pieces, which holds up JPEG's at every end of one: of Pillow's 64 KiB a press
# picture has three, and takes a twentieth longer.
PIECE_BYTES = 1024 * 1024

# A frame whose levels spread no wider has no corner that a feature could be taken of (FAST's threshold): black, of one
# colour, or at the very beginning of a fade.
EMPTY_SPREAD = 8.0

# Points each way that tell whether a frame shows something.
_SAMPLE_SIDE = 64

# Openings are black for a second or two; at 25 frames a second that is fifty. A large animation has fewer looked at,
# as many as decode in about a second.
MOST_FRAMES = 100
MOST_FRAME_PIXELS = 100_000_000

_ANIMATED = ("GIF", "WEBP", "PNG")


def load_shown(
    file: BinaryIO, image: ImageFile.ImageFile, draft: tuple[str, tuple[int, int]]
) -> ShownPicture:
    """The picture that browsers show of an opened file, loaded; raises what its decoder does where there is none.

    `draft` is the mode and the least size that are wanted, where the format can be decoded smaller.
    """
    image.draft(*draft)
    image.decodermaxblock = PIECE_BYTES
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        shown = _load_cut(file, image, draft)
        if shown is None:
            raise error from None
        return shown
    if image.format in _ANIMATED and is_empty(image):
        _seek_something(image)
    return ShownPicture(image)


def is_empty(image: Image.Image) -> bool:
    """Whether a loaded picture shows nothing: it is black, or of one colour."""
    sample = image.resize((_SAMPLE_SIDE, _SAMPLE_SIDE), Image.Resampling.NEAREST)
    if sample.has_transparency_data:
        coloured = sample.convert("RGBA")
        sample = Image.new("RGB", coloured.size, "white")
        sample.paste(coloured, mask=coloured.getchannel("A"))
    levels = np.asarray(sample.convert("RGB"), dtype=np.float64)
    return float(levels.std(axis=(0, 1)).max()) < EMPTY_SPREAD


def _load_cut(
    file: BinaryIO, image: ImageFile.ImageFile, draft: tuple[str, tuple[int, int]]
) -> ShownPicture | None:
    try:
        return load_cut(file, image, draft)
    except DECODER_ERRORS:
        return None


def _seek_something(image: ImageFile.ImageFile) -> None:
    """Go on to the first frame that shows something; where none does the first stays."""
    pixels = image.width * image.height
    for number in count(1):
        if number > min(MOST_FRAMES, MOST_FRAME_PIXELS // pixels):
            break
        try:
            image.seek(number)
            image.load()
        # The end, or a frame that is broken.
        except (EOFError, *DECODER_ERRORS):
            break
        if not is_empty(image):
            return
    if image.tell():
        image.seek(0)
    image.load()
