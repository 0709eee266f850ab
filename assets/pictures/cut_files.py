"""Picture files that were cut short, as far as they go: what browsers show of them, and how many rows are really there.

A decoder does not tell how far it came, and what it leaves may look like a part of any picture. So a file is decoded
several times with something else in the place of what is missing: rows that come out alike do not depend on it.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile

from assets.pictures.jpeg_scans import Extent, read_scans

# Of 40 photographs cut to half of their bytes all are found, looked up or catalogued; cut to two fifths 27, to three
# tenths 11. Of less than half a page shows more of what is missing than of what is there.
LEAST_DECODED = 0.5

# A cut file is decoded up to four times over, which a worker has no time for where once takes seconds; what the web
# shows has a fraction of these pixels.
MOST_PIXELS = 40_000_000

# Left, top, right and bottom of a part of a picture.
Box = tuple[int, int, int, int]

JPEGS = ("JPEG", "MPO")

# Their decoders hand out rows as they come; Pillow's other ones all or nothing.
_BY_ROW = ("PNG", "GIF")

_END_OF_IMAGE = b"\xff\xd9"

# What may follow a JPEG's data instead of what does: decoded as more of it, each comes to other pixels.
_TAILS = (b"", b"\x55\xaa" * 64, b"\x0f\xc3\x99" * 42)

# What an empty picture may be filled with before its rows are decoded into it.
_FILLS = (255, 0)

# Of a picture of 10,000 rows a single one can be told.
_SHARES = 10_000

# Pixels whose sums are taken at one time.
_STRIP_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A loaded picture as browsers show it.

    `decoded` is the share of its rows that are there, from the top of the file. What is below them is blank, or where
    `has_rest` is coarse: something is seen, and nothing can be compared.
    """

    image: Image.Image
    decoded: float = 1.0
    has_rest: bool = True

    def blank_from(self, height: int) -> int:
        """The row from which on a copy of so many rows is blank; all of them where it is not."""
        return height if self.has_rest else int(self.decoded * height)


def load_cut(
    file: BinaryIO, image: ImageFile.ImageFile, draft: tuple[str, tuple[int, int]]
) -> ShownPicture | None:
    """The picture of a file that could not be loaded as a whole; None where it is not cut, or too much is missing.

    `image` is the file as it was opened, `draft` mode and size in which it is wanted.
    """
    if image.width * image.height > MOST_PIXELS:
        return None
    if image.format in JPEGS:
        file.seek(0)
        shown = _load_cut_jpeg(file.read(), draft)
    elif image.format in _BY_ROW:
        shown = _load_rows(file, image.format)
    else:
        return None
    if shown is None or shown.decoded < LEAST_DECODED:
        return None
    # As it is told and kept, and never more than there is.
    return replace(shown, decoded=math.floor(shown.decoded * _SHARES) / _SHARES)


# JPEG


def _load_cut_jpeg(body: bytes, draft: tuple[str, tuple[int, int]]) -> ShownPicture | None:
    scans = read_scans(body)
    if scans.is_ended or scans.extent is Extent.NONE:
        return None
    # A cut between the two bytes of a marker would make one of what follows.
    body = body.rstrip(b"\xff")
    decoded = 1.0
    if scans.extent is Extent.LAST_SCAN:
        # In all its colours: where only one of them is missing, gray alone would not tell.
        decoded = _share_alike([_row_sums(_open_jpeg(body + tail, ("RGB", draft[1]))) for tail in _TAILS])
    if decoded < LEAST_DECODED:
        return None
    return ShownPicture(_open_jpeg(body, draft), decoded, scans.is_coarse_below)


def _open_jpeg(body: bytes, draft: tuple[str, tuple[int, int]]) -> Image.Image:
    image = Image.open(BytesIO(body + _END_OF_IMAGE), formats=JPEGS)
    image.draft(*draft)
    image.load()
    return image


# Rows that are decoded one by one


def _load_rows(file: BinaryIO, kind: str) -> ShownPicture:
    # One at a time: two large pictures are more than a worker may hold.
    sums = _row_sums(*_open_rows(file, kind, _FILLS[0]))
    image, frame = _open_rows(file, kind, _FILLS[1])
    pairs = zip(sums, _row_sums(image, frame), strict=True)
    missing = [row for row, (one, other) in enumerate(pairs) if one != other]
    if not missing:
        return ShownPicture(image)
    # Rows that come after some that are missing: interlaced, a pass after the other over the whole picture.
    has_rest = missing[-1] - missing[0] >= len(missing)
    if has_rest:
        _repeat_rows(image, frame, missing)
    return ShownPicture(image, (frame[1] + missing[0]) / image.height, has_rest)


def _open_rows(file: BinaryIO, kind: str, fill: int) -> tuple[Image.Image, Box]:
    """The picture, and the part of it that its first frame is decoded into; the rest of the frame is filled."""
    file.seek(0)
    image = Image.open(file, formats=(kind,))
    frame = image.tile[0].extents or (0, 0, *image.size)
    prepare: Callable[[], None] = image.load_prepare

    def prepare_filled() -> None:
        prepare()
        bands = len(image.getbands())
        image.im.paste(fill if bands == 1 else (fill,) * bands, (0, 0, *image.im.size))

    image.load_prepare = prepare_filled  # type: ignore[method-assign] # Pillow has no other way to begin with a picture
    with _truncation_allowed():
        image.load()
    return image, frame


def _repeat_rows(image: Image.Image, frame: Box, missing: Sequence[int]) -> None:
    """Show interlaced rows that did not come as the row above them, as browsers do."""
    left, top, right, _ = frame
    for row in missing:
        if row:
            above = image.crop((left, top + row - 1, right, top + row))
            image.paste(above, (left, top + row))


@contextmanager
def _truncation_allowed() -> Iterator[None]:
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


# Which rows are alike


def _row_sums(image: Image.Image, box: Box | None = None) -> list[int]:
    """A checksum for each row of a loaded picture, or of a part of it."""
    left, top, right, bottom = box or (0, 0, *image.size)
    rows = max(1, _STRIP_PIXELS // max(1, right - left))
    sums = []
    for start in range(top, bottom, rows):
        strip = np.asarray(image.crop((left, start, right, min(start + rows, bottom))))
        sums += [zlib.crc32(row.tobytes()) for row in strip]
    return sums


def _share_alike(sums: Sequence[Sequence[int]]) -> float:
    """The share of rows from the top that are alike in all.

    >>> _share_alike([[1, 2, 3, 4], [1, 2, 9, 4]])
    0.5
    """
    alike = 0
    for row in zip(*sums, strict=True):
        if len(set(row)) > 1:
            break
        alike += 1
    return alike / max(1, len(sums[0]))
