"""What a picture file says of itself, in IPTC, XMP and EXIF, each text with the field it stood in.

The blocks come from anybody's software and are often broken; each is read on its own, and what cannot be read
is absent. Fields are those of the IPTC Photo Metadata Standard and its mapping to EXIF.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress

from lxml import etree
from PIL import Image, PsdImagePlugin, TiffImagePlugin

from assets.parsing.dates import moment_of
from assets.parsing.text import clean
from assets.picture_model import Embedded, EmbeddedText

# Real packets have some kilobytes; those with thumbnails and edit histories inside reach a few hundred.
MAX_XMP_BYTES = 4 * 1024 * 1024

# No photograph is older than photography; such dates come from unset clocks.
EARLIEST_YEAR = 1826

# What Pillow and lxml were seen to raise on broken metadata blocks.
BROKEN_METADATA = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)

_CREDIT = ("iptc 2:110", "xmp photoshop:Credit")
_BYLINE = ("iptc 2:80", "xmp dc:creator", "exif Artist")
_COPYRIGHT = ("iptc 2:116", "xmp dc:rights", "exif Copyright")
_TITLE = ("iptc 2:105", "xmp photoshop:Headline", "iptc 2:5", "xmp dc:title")
_CAPTION = ("iptc 2:120", "xmp dc:description", "exif ImageDescription")
_CREATED = ("iptc 2:55", "xmp photoshop:DateCreated", "exif DateTimeOriginal", "xmp xmp:CreateDate")
_DATES = frozenset(_CREATED)

_IPTC_TEXTS = (110, 80, 116, 105, 5, 120)
_IPTC_RESOURCE = 0x0404
_XMP_RESOURCE = 0x0424
_IPTC_TAG = 33723
_UTF8_DECLARED = b"\x1b%G"

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
_XMP_NAMES = tuple(
    field.removeprefix("xmp ")
    for fields in (_CREDIT, _BYLINE, _COPYRIGHT, _TITLE, _CAPTION, _CREATED)
    for field in fields
    if field.startswith("xmp ")
)

_EXIF_DIRECTORY = 0x8769
_ORIENTATION = 0x0112
_EXIF_TEXTS = {"exif Artist": 0x013B, "exif Copyright": 0x8298, "exif ImageDescription": 0x010E}
_DATE_TIME_ORIGINAL = 0x9003
_OFFSET_TIME_ORIGINAL = 0x9011

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:[-:/]?(?P<month>\d\d)(?:[-:/]?(?P<day>\d\d))?)?"
    r"(?:[T ]+(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"[ ]*(?P<zone>Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def read_embedded(image: Image.Image) -> Embedded:
    """The texts a decoded picture carries, the most trusted field first, `None` where it is silent."""
    found: dict[str, str] = {}
    for read in (_iptc, _xmp, _exif):
        with suppress(*BROKEN_METADATA):
            found.update(read(image))
    texts = {field: iso_moment(text) if field in _DATES else clean(text) for field, text in found.items()}
    return Embedded(
        credit=_first(texts, _CREDIT),
        byline=_first(texts, _BYLINE),
        copyright=_first(texts, _COPYRIGHT),
        title=_first(texts, _TITLE),
        caption=_first(texts, _CAPTION),
        created=_first(texts, _CREATED),
    )


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1, upright, where it is absent or nonsense."""
    value: object = None
    with suppress(*BROKEN_METADATA):
        value = image.getexif().get(_ORIENTATION)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def iso_moment(text: str) -> str:
    """A date of IPTC, XMP or EXIF as ISO 8601, as precise as it was; `""` for nonsense.

    >>> iso_moment("2003:05:01 10:11:12"), iso_moment("20030501T101112+0200"), iso_moment("2003-05")
    ('2003-05-01T10:11:12', '2003-05-01T10:11:12+02:00', '2003-05')
    >>> iso_moment("20030000"), iso_moment("0000:00:00 00:00:00")
    ('2003', '')
    """
    found = _MOMENT.fullmatch(clean(text))
    if found is None or int(found["year"]) < EARLIEST_YEAR:
        return ""
    date = "-".join(part for part in _read_known_date(found) if part)
    time = ":".join(part for part in found.group("hour", "minute", "second") if part)
    zone = re.sub(r"(\d\d)(\d\d)$", r"\1:\2", found["zone"] or "")
    moment = f"{date}T{time}{zone}" if time and len(date) == 10 else date
    whole = moment if len(moment) >= 10 else f"{moment}-01-01"[:10]
    return moment if moment_of(whole) is not None else ""


def _read_known_date(found: re.Match[str]) -> tuple[str, str, str]:
    """Year, month and day; IPTC writes 00 for a month or day that is not known."""
    month = (found["month"] or "").replace("00", "")
    day = (found["day"] or "").replace("00", "") if month else ""
    return found["year"], month, day


def _first(texts: Mapping[str, str], fields: tuple[str, ...]) -> EmbeddedText | None:
    """The first field that has a text, unless a later one has the same text and more of it.

    IPTC cuts a credit at 32 bytes and a caption at 2,000; XMP carries them whole.
    """
    best: EmbeddedText | None = None
    for field in fields:
        text = texts.get(field, "")
        if text and (best is None or (len(text) > len(best.text) and text.startswith(best.text))):
            best = EmbeddedText(text, field)
    return best


# IPTC


def _iptc(image: Image.Image) -> dict[str, str]:
    values: dict[tuple[int, int], list[bytes]] = {}
    for key, value in _datasets(_iptc_block(image)):
        values.setdefault(key, []).append(value)
    declared = values.get((1, 90), [b""])[0] == _UTF8_DECLARED
    found = {
        f"iptc 2:{number}": ", ".join(_decode_text(value, declared) for value in values[2, number])
        for number in _IPTC_TEXTS
        if (2, number) in values
    }
    if (2, 55) in values:
        date = _decode_text(values[2, 55][0], declared).strip()
        time = _decode_text(values.get((2, 60), [b""])[0], declared).strip()
        whole = f"{date}T{time}"
        found["iptc 2:55"] = whole if iso_moment(whole) else date
    return found


def _iptc_block(image: Image.Image) -> bytes:
    block: object
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        # As bytes: Photoshop declares them as 32-bit numbers.
        block = image.tag.tagdata.get(_IPTC_TAG)
        if not block:
            block = image.get_photoshop_blocks().get(_IPTC_RESOURCE, {}).get("data")
    elif isinstance(image, PsdImagePlugin.PsdImageFile):
        block = _psd_resource(image, _IPTC_RESOURCE)
    else:
        resources = image.info.get("photoshop")
        block = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else None
    return block if isinstance(block, bytes) else b""


def _psd_resource(image: PsdImagePlugin.PsdImageFile, wanted: int) -> bytes:
    return next((data for number, _, data in image.resources if number == wanted), b"")


def _datasets(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """The data sets of an IIM block (IIM 4.2, chapter 1.5) as far as it can be read."""
    position = 0
    while position + 5 <= len(block) and block[position] == 0x1C:
        record, number, size = struct.unpack_from(">BBH", block, position + 1)
        position += 5
        if size & 0x8000:
            octets = size & 0x7FFF
            size = int.from_bytes(block[position : position + octets], "big")
            position += octets
        yield (record, number), block[position : position + size]
        position += size


def _decode_text(value: bytes, declared_utf8: bool = False) -> str:
    """Text whose character set is declared rarely and wrongly often; what is valid UTF-8 is UTF-8."""
    if declared_utf8:
        # A byte limit may have cut the last character in two.
        return value.decode("utf-8", "ignore")
    for charset in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return value.decode(charset)
    return value.decode("latin-1")


# XMP


def _xmp(image: Image.Image) -> dict[str, str]:
    packet = _xmp_packet(image)
    # XMP has no document type; one is an attack by entities.
    if not packet or len(packet) > MAX_XMP_BYTES or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return {}
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    root = etree.fromstring(packet.strip(b"\0 \t\r\n"), parser)
    found: dict[str, str] = {}
    # Below rdf:RDF only: descriptions deeper down are of other files, such as a collage's parts.
    descriptions = [] if root is None else root.iterfind(f".//{_RDF}RDF/{_RDF}Description")
    for description in descriptions:
        for name in _XMP_NAMES:
            text = _property(description, name)
            if text and f"xmp {name}" not in found:
                found[f"xmp {name}"] = text
    return found


def _xmp_packet(image: Image.Image) -> bytes:
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        return _psd_resource(image, _XMP_RESOURCE)
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if isinstance(packet, str):
        return packet.encode("utf-8", "replace")
    return packet if isinstance(packet, bytes) else b""


def _property(description: etree._Element, name: str) -> str:
    """A property's text: of a list all items, of alternatives the default language's."""
    prefix, local = name.split(":")
    tag = f"{{{_NAMESPACES[prefix]}}}{local}"
    attribute = description.get(tag)
    if attribute is not None:
        return str(attribute)
    element = description.find(tag)
    if element is None:
        return ""
    items = element.findall(f".//{_RDF}li")
    if not items:
        return _inner_text(element)
    if element.find(f"{_RDF}Alt") is not None:
        chosen = next((item for item in items if item.get(_XML_LANGUAGE) == "x-default"), items[0])
        return _inner_text(chosen)
    return ", ".join(text for text in map(_inner_text, items) if text)


def _inner_text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


# EXIF


def _exif(image: Image.Image) -> dict[str, str]:
    exif = image.getexif()
    found: dict[str, str] = {}
    for field, tag in _EXIF_TEXTS.items():
        with suppress(*BROKEN_METADATA):
            found[field] = _exif_text(exif.get(tag))
    with suppress(*BROKEN_METADATA):
        details = exif.get_ifd(_EXIF_DIRECTORY)
        moment = _exif_text(details.get(_DATE_TIME_ORIGINAL))
        zoned = moment + _exif_text(details.get(_OFFSET_TIME_ORIGINAL))
        found["exif DateTimeOriginal"] = zoned if iso_moment(zoned) else moment
    return found


def _exif_text(value: object) -> str:
    """A text tag; its parts, such as photographer and editor in Copyright, are separated by NUL."""
    if isinstance(value, str):
        # Pillow reads every text as Latin-1.
        value = value.encode("latin-1", "replace")
    if not isinstance(value, bytes):
        return ""
    return "; ".join(part.strip() for part in _decode_text(value).split("\0") if part.strip())
