from __future__ import annotations

import io
import struct
import warnings

import pytest
from pictures import (
    encoded,
    exif_block,
    flat,
    iptc_block,
    jpeg_bytes,
    photoshop_block,
    with_iptc,
    xmp_packet,
)
from PIL import Image, PngImagePlugin, TiffImagePlugin

from assets.picture_model import Embedded, EmbeddedText
from assets.pictures.embedded_metadata import MAX_XMP_BYTES, iso_moment, orientation, read_embedded

SMALL = flat(width=16, height=16)
UTF8 = ((1, 90), b"\x1b%G")


def read(body: bytes) -> Embedded:
    # Decoding silences Pillow's warnings about broken blocks.
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(body)) as image:
        image.load()
        return read_embedded(image)


def from_iptc(*fields: tuple[tuple[int, int], bytes]) -> Embedded:
    return read(with_iptc(jpeg_bytes(SMALL), iptc_block(fields)))


def from_xmp(attributes: dict[str, str] | None = None, elements: str = "") -> Embedded:
    return read(jpeg_bytes(SMALL, xmp=xmp_packet(attributes, elements)))


def from_exif(tags: dict[int, object], details: dict[int, object] | None = None) -> Embedded:
    return read(jpeg_bytes(SMALL, exif=exif_block(tags, details)))


def test_a_silent_picture_tells_nothing() -> None:
    assert read(jpeg_bytes(SMALL)) == Embedded()


# IPTC


def test_iptc_fields_are_read() -> None:
    assert from_iptc(
        ((2, 110), b"KCNA/Reuters"),
        ((2, 80), b"Ann Lee"),
        ((2, 116), b"(c) KCNA"),
        ((2, 105), b"A visit"),
        ((2, 120), b"The visit\rin May."),
        ((2, 55), b"20250501"),
        ((2, 60), b"101112+0900"),
    ) == Embedded(
        credit=EmbeddedText("KCNA/Reuters", "iptc 2:110"),
        byline=EmbeddedText("Ann Lee", "iptc 2:80"),
        copyright=EmbeddedText("(c) KCNA", "iptc 2:116"),
        title=EmbeddedText("A visit", "iptc 2:105"),
        caption=EmbeddedText("The visit in May.", "iptc 2:120"),
        created=EmbeddedText("2025-05-01T10:11:12+09:00", "iptc 2:55"),
    )


def test_the_object_name_is_the_title_where_there_is_no_headline() -> None:
    assert from_iptc(((2, 5), b"VISIT 12")).title == EmbeddedText("VISIT 12", "iptc 2:5")


def test_several_bylines_are_all_told() -> None:
    assert from_iptc(((2, 80), b"Ann Lee"), ((2, 80), b"Bo Kim")).byline == EmbeddedText(
        "Ann Lee, Bo Kim", "iptc 2:80"
    )


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ([((2, 110), "김/AFP".encode())], "김/AFP"),
        ([UTF8, ((2, 110), "김/AFP".encode())], "김/AFP"),
        ([((2, 110), "Müller – dpa".encode("cp1252"))], "Müller – dpa"),
        ([((2, 110), b"M\xfcller \x81")], "Müller"),
        # A limit of bytes cut the last character in two.
        ([UTF8, ((2, 110), "AFP 김".encode()[:-1])], "AFP"),
    ],
)
def test_texts_are_read_in_the_character_set_they_are_in(
    fields: list[tuple[tuple[int, int], bytes]], text: str
) -> None:
    assert from_iptc(*fields).credit == EmbeddedText(text, "iptc 2:110")


def test_a_time_that_is_nonsense_leaves_the_date() -> None:
    created = from_iptc(((2, 55), b"20250501"), ((2, 60), b"996112+0900")).created
    assert created == EmbeddedText("2025-05-01", "iptc 2:55")


@pytest.mark.parametrize(
    "tail",
    [
        b"\x1c\x02",
        b"\x1c\x02\x78\x00",
        b"garbage",
        b"\x1c\x02\x78\xff\xff\x00",
        b"\x1c\x02\x78\x80\x04\xff\xff\xff\xff",
        b"\0" * 9,
    ],
)
def test_what_stands_before_a_broken_data_set_is_kept(tail: bytes) -> None:
    block = iptc_block([((2, 110), b"AFP")]) + tail
    assert read(with_iptc(jpeg_bytes(SMALL), block)).credit == EmbeddedText("AFP", "iptc 2:110")


def test_a_data_set_of_extended_length_is_read() -> None:
    block = b"\x1c\x02\x78\x80\x02\x01\x00" + b"x" * 256 + iptc_block([((2, 110), b"AFP")])
    assert read(with_iptc(jpeg_bytes(SMALL), block)).credit == EmbeddedText("AFP", "iptc 2:110")


def tiff_with(tag: int, kind: int, block: bytes) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.tagtype[tag] = kind
    tags[tag] = block
    return encoded(SMALL, "TIFF", tiffinfo=tags)


IPTC_OF_TIFF = iptc_block([((2, 110), b"KCNA via AFP"), ((2, 0), b"\0\0")])
AS_BYTES = tiff_with(33723, 7, IPTC_OF_TIFF)
AS_NUMBERS = AS_BYTES.replace(
    struct.pack("<HHL", 33723, 7, len(IPTC_OF_TIFF)), struct.pack("<HHL", 33723, 4, len(IPTC_OF_TIFF) // 4)
)


@pytest.mark.parametrize("body", [AS_BYTES, AS_NUMBERS, tiff_with(34377, 1, photoshop_block(IPTC_OF_TIFF))])
def test_iptc_of_a_tiff_is_read_as_bytes_as_numbers_and_from_photoshop(body: bytes) -> None:
    assert read(body).credit == EmbeddedText("KCNA via AFP", "iptc 2:110")


# XMP

LISTS = """
    <dc:creator><rdf:Seq><rdf:li>Ann Lee</rdf:li><rdf:li>Bo Kim</rdf:li></rdf:Seq></dc:creator>
    <dc:description><rdf:Alt><rdf:li xml:lang="ko">방문</rdf:li>
        <rdf:li xml:lang="x-default">The visit.</rdf:li></rdf:Alt></dc:description>
    <dc:rights><rdf:Alt><rdf:li xml:lang="en">(c) KCNA</rdf:li></rdf:Alt></dc:rights>
    <photoshop:Credit>KCNA</photoshop:Credit>
"""


def test_xmp_properties_are_read_from_attributes() -> None:
    found = from_xmp({"photoshop:Credit": "AP & AFP", "photoshop:DateCreated": "2025-05-01T10:11+02:00"})
    assert found.credit == EmbeddedText("AP & AFP", "xmp photoshop:Credit")
    assert found.created == EmbeddedText("2025-05-01T10:11+02:00", "xmp photoshop:DateCreated")


def test_xmp_properties_are_read_from_elements_and_lists() -> None:
    assert from_xmp(elements=LISTS) == Embedded(
        credit=EmbeddedText("KCNA", "xmp photoshop:Credit"),
        byline=EmbeddedText("Ann Lee, Bo Kim", "xmp dc:creator"),
        copyright=EmbeddedText("(c) KCNA", "xmp dc:rights"),
        caption=EmbeddedText("The visit.", "xmp dc:description"),
    )


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_xmp_is_read_from_every_format(format: str) -> None:  # noqa: A002
    packet = xmp_packet({"photoshop:Credit": "KCNA"})
    options: dict[str, object] = {"xmp": packet}
    if format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", packet.decode())
        options = {"pnginfo": text}
    elif format == "TIFF":
        options = {"tiffinfo": {700: packet}}
    assert read(encoded(SMALL, format, **options)).credit == EmbeddedText("KCNA", "xmp photoshop:Credit")


def test_descriptions_of_other_files_are_left_out() -> None:
    inner = '<dc:relation><rdf:Description photoshop:Credit="Somebody else"/></dc:relation>'
    assert from_xmp(elements=inner).credit is None


def test_a_cut_packet_is_read_as_far_as_it_goes() -> None:
    packet = xmp_packet(elements=LISTS)
    cut = packet[: packet.index(b"<dc:rights>")]
    assert read(jpeg_bytes(SMALL, xmp=cut)).caption == EmbeddedText("The visit.", "xmp dc:description")


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0\0\0",
        b"not xml",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"<!DOCTYPE x>" + xmp_packet({"photoshop:Credit": "AFP"}),
        b"<!DOCTYPE x [<!ENTITY a 'AFP'>]>" + xmp_packet(elements="<photoshop:Credit>&a;</photoshop:Credit>"),
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"
        + xmp_packet(elements="<photoshop:Credit>&a;</photoshop:Credit>"),
        xmp_packet({"photoshop:Credit": "AFP"}) + b" " * MAX_XMP_BYTES,
    ],
)
def test_a_packet_that_is_broken_hostile_or_huge_tells_nothing(packet: bytes) -> None:
    assert read(encoded(SMALL, "WEBP", xmp=packet)) == Embedded()


# EXIF


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_is_read_from_every_format(format: str) -> None:  # noqa: A002
    exif = exif_block(
        {0x013B: "Ann Lee", 0x8298: "AFP", 0x010E: "The visit."},
        {0x9003: "2025:05:01 10:11:12", 0x9011: "+09:00"},
    )
    assert read(encoded(SMALL, format, exif=exif)) == Embedded(
        byline=EmbeddedText("Ann Lee", "exif Artist"),
        copyright=EmbeddedText("AFP", "exif Copyright"),
        caption=EmbeddedText("The visit.", "exif ImageDescription"),
        created=EmbeddedText("2025-05-01T10:11:12+09:00", "exif DateTimeOriginal"),
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"Bj\xc3\xb6rn", "Björn"),
        (b"Bj\xf6rn", "Björn"),
        (b"Ann Lee\0Agency", "Ann Lee; Agency"),
        (b" \0Agency", "Agency"),
    ],
)
def test_exif_texts_are_whole_and_in_their_character_set(written: bytes, text: str) -> None:
    found = from_exif({0x8298: written}).copyright
    assert found == EmbeddedText(text, "exif Copyright")


@pytest.mark.parametrize("written", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2025:02:30 10:11:12", ""])
def test_an_unset_clock_gives_no_date(written: str) -> None:
    assert from_exif({}, {0x9003: written}).created is None


def test_an_offset_that_is_nonsense_leaves_the_moment() -> None:
    found = from_exif({}, {0x9003: "2025:05:01 10:11:12", 0x9011: "nonsense"}).created
    assert found == EmbeddedText("2025-05-01T10:11:12", "exif DateTimeOriginal")


@pytest.mark.parametrize(("value", "turn"), [(1, 1), (6, 6), (8, 8), (0, 1), (9, 1), (65535, 1)])
def test_an_orientation_is_1_to_8(value: int, turn: int) -> None:
    with Image.open(io.BytesIO(jpeg_bytes(SMALL, exif=exif_block({0x0112: value})))) as image:
        assert orientation(image) == turn


def test_broken_exif_means_upright() -> None:
    with Image.open(io.BytesIO(jpeg_bytes(SMALL, exif=b"Exif\0\0nonsense"))) as image:
        assert orientation(image) == 1


# All three together


def all_three(iptc: bytes, xmp: str, exif: str) -> Embedded:
    body = jpeg_bytes(SMALL, xmp=xmp_packet({"dc:rights": xmp}), exif=exif_block({0x8298: exif}))
    return read(with_iptc(body, iptc_block([((2, 116), iptc)] if iptc else [])))


@pytest.mark.parametrize(
    ("iptc", "xmp", "exif", "expected"),
    [
        (b"A", "B", "C", EmbeddedText("A", "iptc 2:116")),
        (b"", "B", "C", EmbeddedText("B", "xmp dc:rights")),
        (b"", "", "C", EmbeddedText("C", "exif Copyright")),
        # IPTC cut it.
        (
            b"Agence France-",
            "Agence France-Presse",
            "C",
            EmbeddedText("Agence France-Presse", "xmp dc:rights"),
        ),
        (b" ", "B", "C", EmbeddedText("B", "xmp dc:rights")),
    ],
)
def test_iptc_is_trusted_before_xmp_and_xmp_before_exif(
    iptc: bytes, xmp: str, exif: str, expected: EmbeddedText
) -> None:
    assert all_three(iptc, xmp, exif).copyright == expected


def test_a_broken_block_does_not_hide_the_others() -> None:
    body = jpeg_bytes(SMALL, xmp=b"<<<", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    found = read(with_iptc(body, iptc_block([((2, 110), b"AFP")])))
    assert found == Embedded(credit=EmbeddedText("AFP", "iptc 2:110"))


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025:05:01 10:11:12", "2025-05-01T10:11:12"),
        ("2025:05:01 10:11:12.345", "2025-05-01T10:11:12"),
        ("2025-05-01T10:11:12Z", "2025-05-01T10:11:12Z"),
        ("2025-05-01T10:11-0330", "2025-05-01T10:11-03:30"),
        ("20250501", "2025-05-01"),
        ("20250500", "2025-05"),
        ("20250001", "2025"),
        ("2025-05-01Z", "2025-05-01"),
        ("2025-05-01T25:00:00", ""),
        ("2025-13-01", ""),
        ("0001-01-01", ""),
        ("1.5.2025", ""),
        ("２０２５-05-01", ""),
        ("yesterday", ""),
    ],
)
def test_a_moment_is_iso_8601_or_nothing(written: str, moment: str) -> None:
    assert iso_moment(written) == moment


# Photoshop


def psd(*resources: tuple[int, bytes]) -> bytes:
    """A Photoshop file of one pixel with resources."""
    packed = b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) % 2)
        for number, data in resources
    )
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 1, 1, 8, 3)
    return header + struct.pack(">I", 0) + struct.pack(">I", len(packed)) + packed + b"\0" * 4 + b"\0\0abc"


def test_iptc_of_a_photoshop_file_is_read() -> None:
    found = read(psd((0x0404, iptc_block([((2, 110), b"AFP")]))))
    assert found.credit == EmbeddedText("AFP", "iptc 2:110")


def test_xmp_of_a_photoshop_file_is_read() -> None:
    found = read(psd((0x0424, xmp_packet({"photoshop:Credit": "KCNA"}))))
    assert found.credit == EmbeddedText("KCNA", "xmp photoshop:Credit")


def test_a_photoshop_file_without_either_tells_nothing() -> None:
    assert read(psd((0x03ED, b"resolution"))) == Embedded()


# Field by field


@pytest.mark.parametrize(
    ("name", "part"),
    [("photoshop:Headline", "title"), ("dc:title", "title"), ("xmp:CreateDate", "created")],
)
def test_less_trusted_properties_of_xmp_count_where_there_are_no_others(name: str, part: str) -> None:
    found = getattr(from_xmp({name: "2025-05-01"}), part)
    assert found == EmbeddedText("2025-05-01", f"xmp {name}")


def test_the_headline_is_trusted_before_the_title() -> None:
    found = from_xmp({"dc:title": "IMG_1234", "photoshop:Headline": "A visit"}).title
    assert found == EmbeddedText("A visit", "xmp photoshop:Headline")


def test_a_later_field_that_is_only_longer_does_not_count() -> None:
    assert all_three(b"AFP", "Agence France-Presse", "").copyright == EmbeddedText("AFP", "iptc 2:116")


def test_a_later_field_that_says_the_same_does_not_count() -> None:
    assert all_three(b"AFP", "AFP", "").copyright == EmbeddedText("AFP", "iptc 2:116")


def test_the_first_description_of_a_packet_counts() -> None:
    second = '</rdf:Description><rdf:Description photoshop:Credit="AFP">'
    assert from_xmp({"photoshop:Credit": "KCNA"}, second).credit == EmbeddedText(
        "KCNA", "xmp photoshop:Credit"
    )


def test_what_the_first_description_lacks_a_second_may_tell() -> None:
    second = '</rdf:Description><rdf:Description photoshop:Credit="AFP">'
    assert from_xmp(elements=second).credit == EmbeddedText("AFP", "xmp photoshop:Credit")


def test_of_alternatives_without_a_default_the_first_counts() -> None:
    items = '<rdf:li xml:lang="ko">방문</rdf:li><rdf:li xml:lang="en">Visit</rdf:li>'
    found = from_xmp(elements=f"<dc:description><rdf:Alt>{items}</rdf:Alt></dc:description>").caption
    assert found == EmbeddedText("방문", "xmp dc:description")


def test_comments_are_no_text() -> None:
    found = from_xmp(elements="<photoshop:Credit>A<!-- old: B -->FP</photoshop:Credit>").credit
    assert found == EmbeddedText("AFP", "xmp photoshop:Credit")


def test_empty_items_of_a_list_are_left_out() -> None:
    items = "<rdf:li>Ann Lee</rdf:li><rdf:li> </rdf:li><rdf:li>Bo Kim</rdf:li>"
    found = from_xmp(elements=f"<dc:creator><rdf:Seq>{items}</rdf:Seq></dc:creator>").byline
    assert found == EmbeddedText("Ann Lee, Bo Kim", "xmp dc:creator")


def padded(length: int) -> bytes:
    packet = xmp_packet({"photoshop:Credit": "AFP"})
    return packet + b" " * (length - len(packet))


@pytest.mark.parametrize(
    ("length", "expected"),
    [(4_194_304, EmbeddedText("AFP", "xmp photoshop:Credit")), (4_194_305, None)],
)
def test_a_packet_of_four_mebibytes_is_read(length: int, expected: EmbeddedText | None) -> None:
    assert read(encoded(SMALL, "WEBP", xmp=padded(length))).credit == expected


def test_a_data_set_of_one_byte_at_the_end_is_read() -> None:
    assert from_iptc(((2, 110), b"A")).credit == EmbeddedText("A", "iptc 2:110")


def test_a_data_set_without_a_value_at_the_end_is_none() -> None:
    assert from_iptc(((2, 110), b"AFP"), ((2, 80), b"")).byline is None


def test_an_extended_length_has_as_many_bytes_as_it_says() -> None:
    block = b"\x1c\x02\x78\x80\x04\0\0\x01\x2c" + b"x" * 300 + iptc_block([((2, 110), b"AFP")])
    assert read(with_iptc(jpeg_bytes(SMALL), block)).caption == EmbeddedText("x" * 300, "iptc 2:120")


def test_the_first_date_of_several_counts() -> None:
    created = from_iptc(
        ((2, 55), b"20250501"), ((2, 55), b"20240501"), ((2, 60), b"101112"), ((2, 60), b"131415")
    ).created
    assert created == EmbeddedText("2025-05-01T10:11:12", "iptc 2:55")


def test_another_character_set_declared_is_not_believed() -> None:
    found = from_iptc(((1, 90), b"\x1b%A"), ((2, 110), b"M\xfcller")).credit
    assert found == EmbeddedText("Müller", "iptc 2:110")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("1826", "1826"),
        ("1825", ""),
        ("2025", "2025"),
        ("2025-05", "2025-05"),
        ("2025-13", ""),
        ("2025-05-01T10", ""),
        ("2025-05-01T10:11", "2025-05-01T10:11"),
        ("2025-05 10:11", "2025-05"),
        ("2025-05-01T10:11+02:00", "2025-05-01T10:11+02:00"),
        ("2025-05-01T10:11:12+9900", ""),
    ],
)
def test_a_moment_is_as_precise_as_it_was(written: str, moment: str) -> None:
    assert iso_moment(written) == moment
