"""The files of an upload: the site's own copy of a photograph and the sizes WordPress makes of it.

Which files there are and how large is arithmetic; a file's bytes are made when somebody first asks for them,
the same ones every time.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from photos import Photo, press_picture
from PIL import Image, ImageDraw, ImageFont, ImageOps

# WordPress 5.3 and later publishes uploads past this as `-scaled`.
BIG_IMAGE_THRESHOLD = 2560

# Name, greatest width and height (0 for any), whether the size is cut to exactly that.
SIZES = (
    ("medium", 300, 300, False),
    ("large", 1024, 1024, False),
    ("thumbnail", 150, 150, True),
    ("medium_large", 768, 0, False),
    ("1536x1536", 1536, 1536, False),
    ("2048x2048", 2048, 2048, False),
)

MIME_TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "png": "image/png"}
FORMATS = {"jpg": "JPEG", "webp": "WEBP", "png": "PNG"}

# Sub-sizes are re-encoded at WordPress's own quality.
SUB_SIZE_QUALITY = 82

SITE_COPIES_KEPT = 6

EXIF_DESCRIPTION, EXIF_ARTIST, EXIF_COPYRIGHT = 0x010E, 0x013B, 0x8298
IPTC_BYLINE, IPTC_CREDIT, IPTC_COPYRIGHT, IPTC_CAPTION = 80, 110, 116, 120


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a site does to the photographs it republishes."""

    long_side: int
    quality: int
    shape: float | None = None
    mirrored: bool = False
    stamp: str = ""
    extension: str = "jpg"
    keeps_metadata: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """One file of an upload, named as in the uploads folder."""

    size: str
    name: str
    width: int
    height: int
    cropped: bool = False

    @property
    def extension(self) -> str:
        """What stands after the last dot."""
        return self.name.rpartition(".")[2]

    @property
    def mime_type(self) -> str:
        """The type the file is served as."""
        return MIME_TYPES[self.extension]


def copy_size(photo: Photo, treatment: Treatment) -> tuple[int, int]:
    """Width and height of the site's own copy."""
    width, height = photo.width, photo.height
    if photo.is_graphic:
        return width, height
    if treatment.shape is not None:
        width, height = (
            min(width, round(height * treatment.shape)),
            min(height, round(width / treatment.shape)),
        )
    return fitted(width, height, treatment.long_side, treatment.long_side)


def fitted(width: int, height: int, max_width: int, max_height: int) -> tuple[int, int]:
    """The size inside a box of that width and height (0 for any), never enlarged."""
    ratios = [limit / side for limit, side in ((max_width, width), (max_height, height)) if limit]
    ratio = min([1.0, *ratios])
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def files_of(stem: str, photo: Photo, treatment: Treatment) -> tuple[File, ...]:
    """Every file of an upload: `full` first, `original` where that is `-scaled`, then the sizes."""
    extension = "png" if photo.is_graphic else treatment.extension
    width, height = copy_size(photo, treatment)
    full = File("full", f"{stem}.{extension}", width, height)
    if max(width, height) <= BIG_IMAGE_THRESHOLD:
        return (full, *_sub_sizes(stem, full))
    original = File("original", full.name, width, height)
    width, height = fitted(width, height, BIG_IMAGE_THRESHOLD, BIG_IMAGE_THRESHOLD)
    full = File("full", f"{stem}-scaled.{extension}", width, height)
    return (full, original, *_sub_sizes(stem, full))


def _sub_sizes(stem: str, full: File) -> Iterator[File]:
    for size, max_width, max_height, cropped in SIZES:
        if cropped:
            width, height = min(full.width, max_width), min(full.height, max_height)
        else:
            width, height = fitted(full.width, full.height, max_width, max_height)
        if (width, height) != (full.width, full.height):
            yield File(size, f"{stem}-{width}x{height}.{full.extension}", width, height, cropped)


def entity_tag(photo: Photo, treatment: Treatment, file: File) -> str:
    """A tag that changes when the bytes of the file would."""
    return hashlib.sha256(repr((photo.digest, treatment, file)).encode()).hexdigest()[:16]


def render(photo: Photo, treatment: Treatment, file: File) -> bytes:
    """The bytes of one file."""
    picture = site_copy(photo, treatment)
    is_upload = (file.width, file.height) == picture.size
    if not is_upload:
        resize = ImageOps.fit if file.cropped else Image.Image.resize
        picture = resize(picture, (file.width, file.height), Image.Resampling.LANCZOS)
    exif = _exif(photo) if is_upload and treatment.keeps_metadata and not photo.is_graphic else None
    body = io.BytesIO()
    quality = treatment.quality if is_upload else SUB_SIZE_QUALITY
    options = {"exif": exif} if exif is not None else {}
    picture.save(body, FORMATS[file.extension], quality=quality, **options)
    data = body.getvalue()
    return _with_iptc(data, photo) if exif is not None and file.extension == "jpg" else data


@lru_cache(maxsize=SITE_COPIES_KEPT)
def site_copy(photo: Photo, treatment: Treatment) -> Image.Image:
    """The photograph as the site's editor uploads it: cut, scaled, mirrored, stamped."""
    picture = press_picture(photo)
    size = copy_size(photo, treatment)
    if size != picture.size:
        picture = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    if treatment.mirrored and not photo.is_graphic:
        picture = ImageOps.mirror(picture)
    if treatment.stamp and not photo.is_graphic:
        picture = _stamped(picture, treatment.stamp)
    return picture


def _stamped(picture: Image.Image, words: str) -> Image.Image:
    """The picture with a site's logo in its lower right corner."""
    stamped = picture.copy()
    draw = ImageDraw.Draw(stamped, "RGBA")
    font = ImageFont.load_default(size=max(10, picture.height // 18))
    left, top, right, bottom = draw.textbbox((0, 0), words, font=font)
    margin = picture.height // 30
    x, y = picture.width - (right - left) - 2 * margin, picture.height - (bottom - top) - 2 * margin
    box = (x - margin, y - margin, picture.width - margin, picture.height - margin)
    draw.rectangle(box, fill=(200, 16, 46, 230))
    draw.text((x - left, y - top - margin // 2), words, font=font, fill="white")
    return stamped


def _exif(photo: Photo) -> Image.Exif:
    exif = Image.Exif()
    exif[EXIF_DESCRIPTION] = photo.caption
    exif[EXIF_ARTIST] = photo.credit
    exif[EXIF_COPYRIGHT] = f"© {photo.credit}"
    return exif


def _with_iptc(jpeg: bytes, photo: Photo) -> bytes:
    """The JPEG with an IPTC-IIM block (record 2) in an APP13 segment."""
    texts = (
        (IPTC_BYLINE, photo.credit.partition("/")[0]),
        (IPTC_CREDIT, photo.credit),
        (IPTC_COPYRIGHT, f"© {photo.credit}"),
        (IPTC_CAPTION, photo.caption),
    )
    # 1:90 declares UTF-8.
    iptc = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for dataset, text in texts:
        value = text.encode()
        iptc += struct.pack(">BBBH", 0x1C, 2, dataset, len(value)) + value
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(iptc)) + iptc + b"\0" * (len(iptc) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]
