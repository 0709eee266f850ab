"""The words for a picture file, as frozen values: fingerprint, embedded text, features, picture.

Sizes are pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A perceptual hash as an integer with a name; unlike kinds never compare."""

    algorithm: str
    bits: int
    value: int

    @property
    def name(self) -> str:
        """Algorithm and size in one word, as records and reports key it.

        >>> Fingerprint("phash", 64, 0xff).name
        'phash64'
        """
        return f"{self.algorithm}{self.bits}"

    @property
    def hex(self) -> str:
        """The value as fixed-width lower-case hexadecimal, as imagehash prints it.

        >>> Fingerprint("phash", 64, 0xff).hex
        '00000000000000ff'
        """
        return f"{self.value:0{self.bits // 4}x}"

    def distance(self, other: Fingerprint) -> int:
        """Number of differing bits; ValueError when the kinds differ.

        >>> Fingerprint("phash", 64, 0b1100).distance(Fingerprint("phash", 64, 0b1010))
        2
        """
        if (self.algorithm, self.bits) != (other.algorithm, other.bits):
            raise ValueError(f"cannot compare {self.name} with {other.name}")
        return (self.value ^ other.value).bit_count()


@dataclass(frozen=True, slots=True)
class EmbeddedText:
    """A text found inside a picture's own metadata and the field it stood in, such as `iptc 2:110`."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """What the picture file says of itself; `None` where it is silent."""

    credit: EmbeddedText | None = None
    byline: EmbeddedText | None = None
    copyright: EmbeddedText | None = None
    title: EmbeddedText | None = None
    caption: EmbeddedText | None = None
    created: EmbeddedText | None = None


@dataclass(frozen=True, slots=True)
class Gray:
    """A gray picture: one byte a pixel, 0 is black, row by row from the top."""

    width: int
    height: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Features:
    """Local features of a gray picture of `width` x `height` pixels.

    `keypoints` holds four little-endian 16-bit numbers for each: x and y in 1/64 pixel from the upper
    left corner, size in 1/64 pixel, angle in 1/65536 turn. `descriptors` holds 32 bytes for each, in the same order.
    """

    width: int
    height: int
    count: int = 0
    keypoints: bytes = b""
    descriptors: bytes = b""


@dataclass(frozen=True, slots=True)
class FeatureRecord:
    """What comparing needs of a catalogued picture beyond its fingerprints: its features, itself in gray, its colours.

    `preview` is a gray JPEG of `features.width` x `features.height` pixels. `chroma` is another one with the two planes
    Cb and Cr of the whole picture, one above the other, about 96 pixels along the long side; empty where it is gray.
    """

    features: Features
    preview: bytes
    chroma: bytes = b""


@dataclass(frozen=True, slots=True)
class Picture:
    """What decoding told of a picture file.

    `width` and `height` are real pixels after EXIF orientation (1 to 8; 1 is upright).
    `indistinct` pictures are flat or nearly so: their fingerprints match by chance.
    `decoded` is the share of its rows that are there, less than 1.0 where the file is cut short; `orientation` tells at
    which side the others are missing (`missing_side`).
    `reason` says why one cannot be compared, in the words of `Reason`, and `detail` what was seen. Such a picture has
    neither fingerprints nor a study, and a size only where its file tells it without being decoded.
    """

    format: str
    width: int
    height: int
    frames: int = 1
    orientation: int = 1
    mode: str = ""
    indistinct: bool = False
    fingerprints: tuple[Fingerprint, ...] = ()
    embedded: Embedded = field(default_factory=Embedded)
    study: FeatureRecord | None = None
    reason: str = ""
    detail: str = ""
    decoded: float = 1.0


class Side(IntEnum):
    """A side of a picture as displayed; the numbers are on disk."""

    BOTTOM = 0
    TOP = 1
    LEFT = 2
    RIGHT = 3


# Where EXIF's orientations 1 to 8 turn the bottom of a file's picture to.
_BOTTOM_AT = (
    Side.BOTTOM,
    Side.BOTTOM,
    Side.TOP,
    Side.TOP,
    Side.RIGHT,
    Side.LEFT,
    Side.LEFT,
    Side.RIGHT,
)


def missing_side(orientation: int) -> Side:
    """The side of a picture at which the last rows of its file are displayed.

    >>> missing_side(1).name, missing_side(6).name
    ('BOTTOM', 'LEFT')
    """
    return _BOTTOM_AT[orientation - 1] if 1 <= orientation <= len(_BOTTOM_AT) else Side.BOTTOM


def find_there(width: int, height: int, decoded: float, side: Side) -> tuple[int, int, int, int]:
    """The part of a picture that is there, where a share of it is missing at a side: left, top, right and bottom.

    >>> find_there(640, 480, 0.9, Side.BOTTOM), find_there(640, 480, 0.9, Side.LEFT)
    ((0, 0, 640, 432), (64, 0, 640, 480))
    """
    if side in (Side.LEFT, Side.RIGHT):
        there = max(1, int(width * decoded))
        return (width - there, 0, width, height) if side is Side.LEFT else (0, 0, there, height)
    there = max(1, int(height * decoded))
    return (0, height - there, width, height) if side is Side.TOP else (0, 0, width, there)


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A photograph on a page that is looked up: its box, x, y, width and height as displayed, and what `Query` has."""

    box: tuple[int, int, int, int]
    gray: Gray
    fingerprints: tuple[tuple[Fingerprint, ...], ...]
    features: tuple[Features, Features]
    chroma: bytes = b""


@dataclass(frozen=True, slots=True)
class Query:
    """A picture that is looked up, as comparing needs it.

    `fingerprints` holds the phashes of all eight orientations: turned by 0, 90, 180 and 270 degrees
    clockwise, then mirrored and so turned. `features` are those of the gray picture as it is and mirrored.
    `parts` are the photographs on a page, a screenshot or a contact sheet, from all its pixels; a photograph has none.
    `chroma` is as in `FeatureRecord`.
    """

    picture: Picture
    gray: Gray
    fingerprints: tuple[tuple[Fingerprint, ...], ...]
    features: tuple[Features, Features]
    parts: tuple[QueryPart, ...] = ()
    chroma: bytes = b""
