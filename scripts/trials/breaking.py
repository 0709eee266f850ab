"""Malformed pictures made from sound ones of every format, the same for the same seed."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from PIL import Image

# A file of each kind; sides small, since what is tested are parsers.
WIDTH, HEIGHT = 96, 64

# Bytes at the start in which headers lie.
HEAD_BYTES = 64

# Decoding so many scans took a core of 2025 ten minutes, so that no machine is through with them before a deadline.
SCANS = 100_000

# Files of a bomb are dear to make, and tell the same each time.
BOMB_EVERY = 40

Made = tuple[str, bytes]


def malformed(count: int, seed: int = 1) -> Iterator[Made]:
    """So many malformed files, each with a name that says of what it was made and how."""
    names = sorted(sound())
    bombs = sorted(BOMBS)
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - nothing secret
        if number % BOMB_EVERY == 0:
            name = bombs[number // BOMB_EVERY % len(bombs)]
            yield f"{number}-bomb-{name}", bomb(name)
            continue
        name = names[number % len(names)]
        how = chance.choice(sorted(BREAKING))
        yield f"{number}-{how}-{name}", BREAKING[how](sound()[name], chance)


@cache
def sound() -> dict[str, bytes]:
    """A sound file in every format and kind that is accepted."""
    random_numbers = np.random.default_rng(5)
    image = Image.fromarray(random_numbers.integers(0, 255, (8, 12, 3), dtype=np.uint8)).resize(
        (WIDTH, HEIGHT)
    )
    frames = [image.rotate(10 * number) for number in range(1, 4)]
    exif = Image.Exif()
    exif[274], exif[315] = 6, "Photographer"
    return {
        "jpeg": _saved(image, "JPEG", exif=exif),
        "progressive.jpeg": _saved(image, "JPEG", progressive=True),
        "cmyk.jpeg": _saved(image.convert("CMYK"), "JPEG"),
        "mpo": _saved(image, "MPO", save_all=True, append_images=frames[:1]),
        "png": _saved(image, "PNG"),
        "palette.png": _saved(image.quantize(16), "PNG"),
        "deep.png": _saved(image.convert("I;16"), "PNG"),
        "gif": _saved(
            image.quantize(64), "GIF", save_all=True, append_images=[one.quantize(64) for one in frames]
        ),
        "webp": _saved(image, "WEBP"),
        "lossless.webp": _saved(image, "WEBP", lossless=True, exif=exif),
        "animated.webp": _saved(image, "WEBP", save_all=True, append_images=frames),
        "avif": _saved(image, "AVIF"),
        "tiff": _saved(image, "TIFF"),
        "lzw.tiff": _saved(image, "TIFF", compression="tiff_lzw"),
        "jpeg.tiff": _saved(image, "TIFF", compression="jpeg"),
        "bmp": _saved(image, "BMP"),
        "jp2": _saved(image, "JPEG2000"),
        "ico": _saved(image.resize((64, 64)), "ICO"),
        "icns": _saved(image.resize((64, 64)), "ICNS"),
        "psd": _psd(image),
    }


def _saved(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002
    body = io.BytesIO()
    image.save(body, format, **options)
    return body.getvalue()


def _psd(image: Image.Image) -> bytes:
    """A Photoshop file with one plane a channel, uncompressed; Pillow reads them and writes none."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, image.height, image.width, 8, 3)
    planes = b"".join(band.tobytes() for band in image.split())
    return head + struct.pack(">III", 0, 0, 0) + struct.pack(">H", 0) + planes


# Breaking


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body))]


def _flipped(body: bytes, chance: random.Random) -> bytes:
    broken = bytearray(body)
    for _ in range(chance.choice((1, 1, 4, 30))):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _lying(body: bytes, chance: random.Random) -> bytes:
    """Numbers in the head that claim too much, too little, or less than nothing."""
    broken = bytearray(body)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(4, min(HEAD_BYTES, len(body) - 4))
        broken[at : at + 4] = chance.choice(
            (
                b"\xff\xff\xff\xff",
                b"\0\0\0\0",
                b"\x7f\xff\xff\xff",
                b"\0\0\xff\xff",
                b"\x80\0\0\0",
                b"\xff\xff\0\0",
            )
        )
    return bytes(broken)


def _holed(body: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(body))
    return body[:first] + body[first + chance.randint(1, 200) :]


def _doubled(body: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(body))
    part = body[first : first + chance.randint(1, 400)]
    return body[:first] + part * chance.randint(2, 50) + body[first:]


def _noisy(body: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(body))
    return body[:first] + chance.randbytes(len(body) - first)


def _spliced(body: bytes, chance: random.Random) -> bytes:
    """The head of one format, the rest of another."""
    other = chance.choice([one for _, one in sorted(sound().items())])
    return body[: chance.randrange(len(body))] + other[chance.randrange(len(other)) :]


def _polyglot(body: bytes, chance: random.Random) -> bytes:
    """A picture that is something else as well, for whom looks at it otherwise."""
    others = (
        b"<script>alert(1)</script>",
        b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF",
        b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        b"GIF89a/*",
        b"#!/bin/sh\n",
    )
    other = chance.choice(others)
    return chance.choice((other + body, body + other, body[:12] + other + body[12:]))


def _foreign(_body: bytes, chance: random.Random) -> bytes:
    """No picture at all, whatever the name says."""
    return chance.choice(
        (
            b"",
            b"\0" * chance.randint(1, 5000),
            chance.randbytes(chance.randint(1, 5000)),
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(ls) run\n",
            b"<!doctype html><title>Not found</title>",
            b"%PDF-1.7\n",
            b"RIFF\xff\xff\xff\xffWEBPVP8X",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        )
    )


BREAKING: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": _cut,
    "flipped": _flipped,
    "lying": _lying,
    "holed": _holed,
    "doubled": _doubled,
    "noisy": _noisy,
    "spliced": _spliced,
    "polyglot": _polyglot,
    "foreign": _foreign,
}


# Bombs


@cache
def bomb(name: str) -> bytes:
    """A file that asks for far more than its length."""
    return BOMBS[name]()


def _webp_bomb() -> bytes:
    """Forty bytes that claim 13,000 pixels squared."""
    size = 13_000 - 1
    bits = size | size << 14
    frame = b"\x2f" + struct.pack("<I", bits) + b"\0" * 11
    chunk = b"VP8L" + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, pixels: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*one) for one in chunks)


def _png_bomb() -> bytes:
    return _png(60_000, 60_000, zlib.compress(bytes(10_000_000), 9))


def _png_below_cap() -> bytes:
    """As many pixels as are let through, all of them there: one bit each."""
    width, height = 14_000, 14_000
    return _png(width, height, zlib.compress(bytes((width // 8 + 1) * height), 9))


def _text_bomb() -> bytes:
    """Sixty megabytes of text in sixty kilobytes of PNG."""
    text = _png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(60_000_000), 9))
    sound_png = sound()["png"]
    return sound_png[:33] + text + sound_png[33:]


def _scan_bomb() -> bytes:
    """A progressive JPEG that repeats one scan thousands of times."""
    image = Image.new("L", (4000, 4000), 128)
    body = _saved(image, "JPEG", progressive=True, quality=50)
    last = body.rindex(b"\xff\xda")
    scan = body[last:-2]
    return body[:-2] + scan * SCANS + b"\xff\xd9"


def _frames_bomb() -> bytes:
    images = [Image.new("L", (8, 8), number % 251) for number in range(10_000)]
    return _saved(images[0], "GIF", save_all=True, append_images=images[1:])


def _gif_bomb() -> bytes:
    """A screen of 65,535 pixels squared, one pixel of which is drawn."""
    body = bytearray(_saved(Image.new("L", (1, 1)), "GIF"))
    body[6:10] = b"\xff\xff\xff\xff"
    return bytes(body)


def _bmp_bomb() -> bytes:
    body = bytearray(sound()["bmp"])
    body[18:26] = struct.pack("<ii", 100_000, 100_000)
    return bytes(body)


def _tiff_bomb() -> bytes:
    """A directory that points to itself."""
    entries = struct.pack("<HHHII", 1, 256, 3, 1, 10)
    return b"II*\0" + struct.pack("<I", 8) + entries + struct.pack("<I", 8)


def _jpeg_bomb() -> bytes:
    body = bytearray(sound()["jpeg"])
    at = body.index(b"\xff\xc0") + 5
    body[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(body)


def _psd_bomb() -> bytes:
    body = bytearray(sound()["psd"])
    body[14:22] = struct.pack(">II", 30_000, 30_000)
    return bytes(body)


BOMBS: dict[str, Callable[[], bytes]] = {
    "webp": _webp_bomb,
    "png": _png_bomb,
    "below the cap.png": _png_below_cap,
    "text.png": _text_bomb,
    "scans.jpeg": _scan_bomb,
    "frames.gif": _frames_bomb,
    "screen.gif": _gif_bomb,
    "bmp": _bmp_bomb,
    "circle.tiff": _tiff_bomb,
    "jpeg": _jpeg_bomb,
    "psd": _psd_bomb,
}
