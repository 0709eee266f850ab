"""Pictures drawn in code for the tests: photo-like scenes by seed, flat ones, metadata blocks to embed."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image, ImageDraw

XMP_NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
}


def photo(seed: int, width: int = 480, height: int = 320) -> Image.Image:
    """A colour scene much like a photograph: detail at every scale, edges, light and dark sides.

    The same seed gives the same scene at every size, as a photograph saved in several sizes does.
    """
    random = np.random.default_rng(seed)
    planes = [_clouds(random, width, height) for _ in range(3)]
    light = _clouds(random, width, height)
    bands = [np.clip(0.35 * plane + 0.65 * light, 0, 255).astype(np.uint8) for plane in planes]
    image = Image.merge("RGB", [Image.fromarray(band) for band in bands])
    _draw_things(image, random)
    return image


def _clouds(random: np.random.Generator, width: int, height: int) -> np.ndarray:
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(1, 7):
        grid = random.uniform(-1, 1, (2 * 2**octave, 3 * 2**octave)).astype(np.float32)
        plane = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(plane) * 0.62**octave
    return 128 + 150 * total


def _draw_things(image: Image.Image, random: np.random.Generator) -> None:
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = random.uniform(0, 1, 2) * image.size
        w, h = random.uniform(0.03, 0.25, 2) * image.size
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        shape = draw.ellipse if random.uniform() < 0.5 else draw.rectangle
        shape((x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=colour)


def flat(colour: str = "#d8d8d8", width: int = 480, height: int = 320) -> Image.Image:
    """One colour and nothing else."""
    return Image.new("RGB", (width, height), colour)


def gradient(width: int = 480, height: int = 320) -> Image.Image:
    """An even slope from black to white, as backgrounds of cards are."""
    return Image.linear_gradient("L").rotate(90).resize((width, height)).convert("RGB")


def logo_on_white(width: int = 480, height: int = 320) -> Image.Image:
    """A small mark in the middle of an empty card."""
    image = flat("white", width, height)
    x, y, r = width // 2, height // 2, min(width, height) // 16
    ImageDraw.Draw(image).ellipse((x - r, y - r, x + r, y + r), fill="navy")
    return image


def encoded(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002
    """The bytes of the picture in a format, with Pillow's options for saving it."""
    body = io.BytesIO()
    image.save(body, format, **options)
    return body.getvalue()


def jpeg_bytes(image: Image.Image, **options: object) -> bytes:
    """The bytes of the picture as JPEG, with Pillow's options for saving it."""
    return encoded(image, "JPEG", **options)


def cut_in_scan(body: bytes, number: int) -> bytes:
    """A drawn progressive JPEG, cut in the middle of one of its scans, the first of which is 1."""
    starts = [found.start() for found in re.finditer(rb"\xff\xda\x00", body)]
    ends = [*starts[1:], len(body) - 2]
    return body[: (starts[number - 1] + 12 + ends[number - 1]) // 2]


def gif_bytes(frames: int, width: int = 8, height: int = 8) -> bytes:
    """An animated GIF of that many tiny frames, no two the same."""
    images = [Image.new("L", (width, height), number % 251) for number in range(frames)]
    return encoded(images[0], "GIF", save_all=True, append_images=images[1:])


def bare_gif(*frames: Image.Image, control: bytes = b"") -> bytes:
    """A GIF without any table of colours, its pixels stored as they are; `control` stands before each frame."""
    width, height = frames[0].size
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0)
    return head + b"".join(control + _bare_frame(frame) for frame in frames) + b";"


def _bare_frame(frame: Image.Image) -> bytes:
    # Codes of 8 bits that are never more than 127: none is ever shorter or longer, and no string is made.
    codes = bytearray()
    levels = [level >> 1 for level in frame.convert("L").tobytes()]
    for start in range(0, len(levels), 100):
        codes += bytes([128, *levels[start : start + 100]])
    codes.append(129)
    blocks = [bytes(codes[start : start + 255]) for start in range(0, len(codes), 255)]
    data = b"".join(bytes([len(block)]) + block for block in blocks)
    return b"," + struct.pack("<HHHHB", 0, 0, *frame.size, 0) + b"\x07" + data + b"\0"


# Metadata blocks

IptcFields = Iterable[tuple[tuple[int, int], bytes]]


def iptc_block(fields: IptcFields) -> bytes:
    """An IPTC-IIM block (the contents of Photoshop resource 0x0404)."""
    return b"".join(
        struct.pack(">BBBH", 0x1C, record, dataset, len(value)) + value for (record, dataset), value in fields
    )


def photoshop_block(iptc: bytes) -> bytes:
    """Photoshop image resources that hold an IPTC block, as TIFF tag 34377 does."""
    return b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(iptc)) + iptc + b"\0" * (len(iptc) % 2)


def with_iptc(jpeg: bytes, iptc: bytes) -> bytes:
    """The JPEG with an IPTC block in an APP13 segment."""
    body = b"Photoshop 3.0\0" + photoshop_block(iptc)
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def xmp_packet(attributes: Mapping[str, str] | None = None, elements: str = "") -> bytes:
    """An XMP packet: properties written as attributes, and elements given as XML."""
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in XMP_NAMESPACES.items())
    written = " ".join(f'{name}="{escape(text)}"' for name, text in (attributes or {}).items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {spaces}><rdf:Description rdf:about="" {written}>{elements}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def exif_block(tags: Mapping[int, object], details: Mapping[int, object] | None = None) -> bytes:
    """An EXIF block: tags of the picture, and tags of its Exif directory (dates and the like)."""
    exif = Image.Exif()
    exif.update(tags)
    if details:
        exif.get_ifd(0x8769).update(details)
    return exif.tobytes()
