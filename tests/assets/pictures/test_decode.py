from __future__ import annotations

import errno
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from pictures import bare_gif, cut_in_scan, encoded, exif_block, gif_bytes, jpeg_bytes, photo
from PIL import AvifImagePlugin, Image, ImageChops, ImageFile

from assets.model import Failure, Reason, Stage
from assets.picture_model import EmbeddedText, find_there, missing_side
from assets.pictures import decode as decoding
from assets.pictures.decode import (
    CHROMA_SIDE,
    GRAY_SIDE,
    MAX_PIXELS,
    QUERY_SIDE,
    Decoded,
    compress_chroma,
    decode,
    gray_size,
)

WIDE = photo(1, 120, 80)
UPRIGHT = WIDE.convert("L")


def result(folder: Path, body: bytes) -> Decoded | Failure:
    path = folder / "picture.jpg"
    path.write_bytes(body)
    return decode(path)


def decoded(folder: Path, body: bytes) -> Decoded:
    found = result(folder, body)
    assert isinstance(found, Decoded), found
    return found


def failure(folder: Path, body: bytes) -> tuple[Reason, str]:
    found = result(folder, body)
    assert isinstance(found, Failure), found
    assert found.stage is Stage.DECODE
    assert found.address == str(folder / "picture.jpg")
    return found.reason, found.detail


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two gray pictures in levels."""
    assert one.size == other.size
    return float(np.asarray(ImageChops.difference(one, other)).mean())


# Formats


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("JPEG", {"quality": 95, "keep_rgb": True}),
        ("MPO", {"quality": 95, "save_all": True, "append_images": [WIDE]}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {"quality": 95}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("BMP", {}),
        ("JPEG2000", {}),
    ],
)
def test_every_format_of_the_desk_decodes(tmp_path: Path, format: str, options: dict[str, object]) -> None:  # noqa: A002
    found = decoded(tmp_path, encoded(WIDE, format, **options))
    assert (found.format, found.width, found.height, found.mode) == (format, 120, 80, "RGB")
    assert difference(found.gray, UPRIGHT) < 4


@pytest.mark.parametrize(("format", "side"), [("ICO", 64), ("ICNS", 1024)])
def test_icons_decode_in_their_largest_size(tmp_path: Path, format: str, side: int) -> None:  # noqa: A002
    found = decoded(tmp_path, encoded(photo(1, 64, 64).convert("RGBA"), format))
    assert (found.format, found.width, found.height, found.mode) == (format, side, side, "RGBA")


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "a name.html"
    path.write_bytes(encoded(WIDE, "GIF"))
    found = decode(path)
    assert isinstance(found, Decoded)
    assert found.format == "GIF"


# The gray picture


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (480, 320, (480, 320)),
        (481, 320, (480, 319)),
        (320, 1000, (154, 480)),
        (1000, 667, (480, 320)),
        (1500, 2, (480, 1)),
        (2, 1500, (1, 480)),
        (5, 7, (5, 7)),
    ],
)
def test_the_gray_picture_is_at_most_so_large_and_never_enlarged(
    tmp_path: Path,
    format: str,  # noqa: A002
    width: int,
    height: int,
    size: tuple[int, int],
) -> None:
    found = decoded(tmp_path, encoded(photo(1, width, height), format))
    assert (found.width, found.height) == (width, height)
    assert found.gray.mode == "L"
    assert found.gray.size == size
    assert max(size) <= GRAY_SIDE


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_a_jpeg_at_reduced_scale_looks_like_the_whole(tmp_path: Path, options: dict[str, object]) -> None:
    body = jpeg_bytes(photo(1, 1000, 700), quality=90, **options)
    whole = Image.open(io.BytesIO(body)).convert("L").resize((480, 336), Image.Resampling.LANCZOS)
    assert difference(decoded(tmp_path, body).gray, whole) < 1.5


def test_strips_make_the_same_picture_as_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = encoded(photo(1, 200, 104).resize((2500, 1031)).convert("RGBA"), "PNG", compress_level=1)
    whole = decoded(tmp_path, body).gray
    monkeypatch.setattr(decoding, "STRIP_PIXELS", 10_000)
    assert decoded(tmp_path, body).gray == whole


def transparent(mode: str) -> Image.Image:
    """A black picture whose left half is transparent."""
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 255))
    image.paste((90, 0, 0, 0), (0, 0, 20, 20))
    return image.convert(mode)


PALETTE = Image.new("P", (40, 20), 1)
PALETTE.putpalette([255, 0, 0, 0, 0, 0])
PALETTE.paste(0, (0, 0, 20, 20))
GRAY_KEY = Image.new("L", (40, 20), 0)
GRAY_KEY.paste(90, (0, 0, 20, 20))
COLOUR_KEY = Image.new("RGB", (40, 20), "black")
COLOUR_KEY.paste((1, 2, 3), (0, 0, 20, 20))


@pytest.mark.parametrize(
    "body",
    [
        encoded(transparent("RGBA"), "PNG"),
        encoded(transparent("LA"), "PNG"),
        encoded(GRAY_KEY, "PNG", transparency=90),
        encoded(transparent("RGBA"), "WEBP", lossless=True),
        encoded(transparent("RGBA"), "TIFF"),
        encoded(transparent("RGBA"), "GIF"),
        encoded(PALETTE, "PNG", transparency=0),
        encoded(PALETTE, "GIF", transparency=0),
        encoded(COLOUR_KEY, "PNG", transparency=(1, 2, 3)),
    ],
)
def test_what_is_transparent_is_white(tmp_path: Path, body: bytes) -> None:
    gray = decoded(tmp_path, body).gray
    assert (gray.getpixel((5, 10)), gray.getpixel((35, 10))) == (255, 0)


SLOPE = np.tile(np.linspace(0, 1, 100), (10, 1))


@pytest.mark.parametrize(
    ("values", "format"),
    [
        ((SLOPE * 65535).astype(np.uint16), "PNG"),
        ((SLOPE * 65535).astype(np.uint16), "TIFF"),
        ((SLOPE * 4095).astype(np.uint16), "TIFF"),
        ((SLOPE * (2**31 - 1)).astype(np.int32), "TIFF"),
        ((SLOPE * 255).astype(np.int32), "TIFF"),
        (SLOPE.astype(np.float32), "TIFF"),
        ((SLOPE * 1000).astype(np.float32), "TIFF"),
        (np.where(np.arange(100) == 50, np.nan, SLOPE).astype(np.float32), "TIFF"),
        ((SLOPE * 255).astype(np.uint8), "TIFF"),
    ],
)
def test_deep_samples_are_scaled_and_not_clipped(tmp_path: Path, values: np.ndarray, format: str) -> None:  # noqa: A002
    gray = decoded(tmp_path, encoded(Image.fromarray(values), format)).gray
    found = [gray.getpixel((column, 5)) for column in (0, 25, 75, 99)]
    assert found == pytest.approx([0, 64, 193, 255], abs=1)


def test_samples_below_zero_are_kept_apart(tmp_path: Path) -> None:
    values = np.tile(np.linspace(-1000, 1000, 100), (10, 1)).astype(np.float32)
    gray = decoded(tmp_path, encoded(Image.fromarray(values), "TIFF")).gray
    assert [gray.getpixel((column, 5)) for column in (0, 99)] == [0, 255]
    assert gray.getpixel((50, 5)) == pytest.approx(128, abs=2)


@pytest.mark.parametrize(("mode", "format"), [("1", "PNG"), ("1", "TIFF"), ("P", "GIF"), ("CMYK", "JPEG")])
def test_other_modes_become_gray(tmp_path: Path, mode: str, format: str) -> None:  # noqa: A002
    image = Image.new("RGB", (40, 20), "white")
    image.paste("black", (20, 0, 40, 20))
    found = decoded(tmp_path, encoded(image.convert(mode), format))
    assert found.mode == mode
    assert [found.gray.getpixel(place) for place in ((5, 10), (35, 10))] == pytest.approx([255, 0], abs=2)


def test_lab_becomes_gray_by_its_lightness(tmp_path: Path) -> None:
    found = decoded(tmp_path, encoded(Image.new("LAB", (8, 8), (200, 30, 220)), "TIFF"))
    assert (found.mode, found.gray.getpixel((4, 4))) == ("LAB", 200)


@pytest.mark.parametrize("size", [(1000, 700), (1003, 701), (1500, 1050)])
def test_a_picture_that_is_made_smaller_looks_like_the_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    image = photo(1, 200, 140).resize(size)
    found = decoded(tmp_path, encoded(image, "PNG", compress_level=1)).gray
    whole = image.convert("L").resize(found.size, Image.Resampling.BOX)
    assert difference(found, whole) < 1.5


def test_a_query_is_seen_larger(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(encoded(WIDE.resize((1280, 853)), "PNG", compress_level=1))
    found = decode(path, QUERY_SIDE)
    assert isinstance(found, Decoded)
    assert found.gray.size == (640, 426)


@pytest.mark.parametrize(("level", "gray"), [(0.2, 51), (0.5, 128), (0.8, 204)])
def test_samples_with_fractions_count_from_nought_to_one(tmp_path: Path, level: float, gray: int) -> None:
    values = np.full((10, 100), 0.2, np.float32)
    values[:, 50:] = level
    found = decoded(tmp_path, encoded(Image.fromarray(values), "TIFF")).gray
    assert found.getpixel((75, 5)) == gray


@pytest.mark.parametrize(
    ("most", "white"), [(200, 255), (255, 255), (256, 511), (1023, 1023), (1024, 2047), (65535, 65535)]
)
def test_white_is_the_largest_number_of_the_bits_in_use(tmp_path: Path, most: int, white: int) -> None:
    values = np.full((10, 100), most // 2, np.uint16)
    values[:, 50:] = most
    found = decoded(tmp_path, encoded(Image.fromarray(values), "TIFF")).gray
    assert found.getpixel((25, 5)) == round(255 * (most // 2) / white)


def test_what_is_half_transparent_is_mixed_with_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 51))
    assert decoded(tmp_path, encoded(image, "PNG")).gray.getpixel((4, 4)) == 204


# Colours

RED, GREEN = (200, 30, 40), (30, 160, 60)


def two_halves(width: int = 480, height: int = 320) -> Image.Image:
    """Red above, green below."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (0, height // 2, width, height))
    return image


def planes_of(found: Decoded) -> np.ndarray:
    """The planes Cb and Cr as they are kept."""
    both = np.asarray(Image.open(io.BytesIO(compress_chroma(found.colours)))).astype(int)
    return both.reshape(2, -1, both.shape[1])


def chroma_of(colour: tuple[int, int, int]) -> list[int]:
    return list(Image.new("RGB", (1, 1), colour).convert("YCbCr").getpixel((0, 0)))[1:]


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"subsampling": 0}, {"subsampling": 1}, {"keep_rgb": True}],
)
@pytest.mark.parametrize("size", [(300, 200), (1300, 900), (2100, 1400)])
def test_the_gray_of_a_jpeg_is_what_it_would_be_without_its_colours(
    tmp_path: Path, options: dict[str, object], size: tuple[int, int]
) -> None:
    body = jpeg_bytes(photo(1, *size), **options)
    alone = Image.open(io.BytesIO(body))
    alone.draft("L", gray_size(*size, GRAY_SIDE))
    alone.load()
    assert alone.mode == "L"
    expected = decoding._gray(alone, gray_size(*size, GRAY_SIDE))
    assert decoded(tmp_path, body).gray.tobytes() == expected.tobytes()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_colours_are_kept_in_two_planes(tmp_path: Path, format: str) -> None:  # noqa: A002
    planes = planes_of(decoded(tmp_path, encoded(two_halves(), format)))
    assert planes.shape == (2, 64, CHROMA_SIDE)
    for rows, colour in ((slice(0, 28), RED), (slice(36, 64), GREEN)):
        off = planes[:, rows].mean(axis=(1, 2)) - chroma_of(colour)
        assert np.abs(off).max() <= 3


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_colours_of_a_photograph_take_little_room(tmp_path: Path, format: str) -> None:  # noqa: A002
    found = decoded(tmp_path, encoded(photo(1, 1300, 900), format))
    assert 400 < len(compress_chroma(found.colours)) < 2500


@pytest.mark.parametrize("image", [WIDE.convert("L"), WIDE.convert("L").convert("RGB")])
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_gray_picture_has_no_colours(tmp_path: Path, image: Image.Image, format: str) -> None:  # noqa: A002
    assert compress_chroma(decoded(tmp_path, encoded(image, format)).colours) == b""


def test_a_jpeg_that_has_its_colours_in_rgb_does_not_tell_them(tmp_path: Path) -> None:
    assert decoded(tmp_path, encoded(two_halves(), "JPEG", keep_rgb=True)).colours is None


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_colours_are_turned_upright_too(tmp_path: Path, format: str) -> None:  # noqa: A002
    body = encoded(two_halves(), format, exif=exif_block({0x0112: 6}))
    planes = planes_of(decoded(tmp_path, body))
    assert planes.shape == (2, CHROMA_SIDE, 64)
    # What was above is at the right.
    assert np.abs(planes[:, :, 40:].mean(axis=(1, 2)) - chroma_of(RED)).max() <= 3


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_what_is_transparent_has_no_colour(tmp_path: Path, mode: str) -> None:
    image = two_halves().convert("RGBA")
    image.paste((*RED, 0), (0, 0, 480, 160))
    planes = planes_of(decoded(tmp_path, encoded(image.convert(mode), "PNG")))
    assert np.abs(planes[:, :28] - 128).max() <= 3


def test_what_is_missing_has_no_colour(tmp_path: Path) -> None:
    body = encoded(photo(1, 480, 320), "JPEG", quality=95)
    found = decoded(tmp_path, body[: int(0.75 * len(body))])
    there = int(found.decoded * 64)
    assert 30 < there < 60
    assert np.abs(planes_of(found)[:, there + 2 :] - 128).max() <= 3


@pytest.mark.parametrize("size", [(1, 1), (7, 900), (900, 7), (40, 30)])
def test_colours_of_a_small_or_narrow_picture_are_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    planes = planes_of(decoded(tmp_path, encoded(Image.new("RGB", size, RED), "PNG")))
    assert np.abs(planes.mean(axis=(1, 2)) - chroma_of(RED)).max() <= 3


# Orientation

TURNED = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_the_picture_is_turned_upright(tmp_path: Path, turn: int, format: str) -> None:  # noqa: A002
    stored = TURNED[turn](WIDE)
    found = decoded(tmp_path, encoded(stored, format, quality=95, exif=exif_block({0x0112: turn})))
    assert (found.orientation, found.width, found.height) == (turn, 120, 80)
    assert difference(found.gray, UPRIGHT) < 4


def test_the_rotation_of_an_avif_counts(tmp_path: Path) -> None:
    body = encoded(TURNED[6](WIDE), "AVIF", quality=95, exif=exif_block({0x0112: 6}))
    found = decoded(tmp_path, body)
    assert (found.orientation, found.width, found.height) == (6, 120, 80)
    assert difference(found.gray, UPRIGHT) < 4


@pytest.mark.parametrize("turn", [0, 9, 65535])
def test_an_orientation_that_is_none_means_upright(tmp_path: Path, turn: int) -> None:
    found = decoded(tmp_path, jpeg_bytes(WIDE, exif=exif_block({0x0112: turn})))
    assert (found.orientation, found.width) == (1, 120)


# Frames


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF", "MPO"])
def test_frames_are_counted_and_the_first_is_taken(tmp_path: Path, format: str) -> None:  # noqa: A002
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("white", "black", "gray")]
    found = decoded(tmp_path, encoded(frames[0], format, save_all=True, append_images=frames[1:]))
    assert found.frames == 3
    assert found.gray.getpixel((4, 4)) >= 254


@pytest.mark.parametrize("format", ["JPEG", "PNG", "BMP", "JPEG2000"])
def test_a_still_picture_has_one_frame(tmp_path: Path, format: str) -> None:  # noqa: A002
    assert decoded(tmp_path, encoded(WIDE, format)).frames == 1


def gif_of(count: int) -> bytes:
    """A GIF of 1 x 1 pixel that repeats one frame."""
    body = gif_bytes(1, 1, 1)
    start = body.index(b",")
    return body[:start] + body[start:-1] * count + b";"


def test_ten_thousand_frames_are_counted_quickly(tmp_path: Path) -> None:
    assert decoded(tmp_path, gif_of(10_000)).frames == 10_000


def test_frames_that_are_broken_later_do_no_harm(tmp_path: Path) -> None:
    body = encoded(WIDE, "GIF", save_all=True, append_images=[photo(2, 120, 80), photo(3, 120, 80)])
    found = decoded(tmp_path, body[: len(body) // 2])
    assert found.width == 120
    assert found.frames in (1, 2)


def test_the_texts_of_the_file_come_along(tmp_path: Path) -> None:
    found = decoded(tmp_path, jpeg_bytes(WIDE, exif=exif_block({0x013B: "Ann Lee"})))
    assert found.embedded.byline == EmbeddedText("Ann Lee", "exif Artist")


# What does not decode


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (b"", Reason.EMPTY, ""),
        (b"<!DOCTYPE html><title>404</title>", Reason.NOT_A_PICTURE, "looks like HTML"),
        (b"\xef\xbb\xbf \n<html><body>no", Reason.NOT_A_PICTURE, "looks like HTML"),
        (b'<?xml version="1.0"?><Error/>', Reason.NOT_A_PICTURE, "looks like XML"),
        (b'{"code": "rest_forbidden"}', Reason.NOT_A_PICTURE, "looks like JSON"),
        (b"Not found", Reason.NOT_A_PICTURE, "looks like text"),
        (b"PK\x03\x04\x14\0", Reason.NOT_A_PICTURE, "looks like ZIP"),
        (b"\0\0\0\x18ftypmp42", Reason.NOT_A_PICTURE, "looks like a film (MP4)"),
        (bytes(range(200, 256)), Reason.NOT_A_PICTURE, "no known kind of file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", Reason.UNSUPPORTED_PICTURE, "EPS"),
        (b"%PDF-1.7\n", Reason.UNSUPPORTED_PICTURE, "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.UNSUPPORTED_PICTURE, "SVG"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<svg/>", Reason.UNSUPPORTED_PICTURE, "SVG"),
        (b"<!DOCTYPE svg [" + b"<!ENTITY a 'b'>" * 200, Reason.UNSUPPORTED_PICTURE, "SVG"),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x'><svg:svg>", Reason.UNSUPPORTED_PICTURE, "SVG"),
        (b"<!DOCTYPE html><body><svg/>", Reason.NOT_A_PICTURE, "looks like HTML"),
        (b"<p>Gone</p><svg/>", Reason.NOT_A_PICTURE, "looks like XML"),
        (b"<svgfont/>", Reason.NOT_A_PICTURE, "looks like XML"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Reason.UNSUPPORTED_PICTURE, "HEIC"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", Reason.UNSUPPORTED_PICTURE, "JPEG XL"),
        (b"II*\0\x10\0\0\0CR\x02\0" + b"\0" * 40, Reason.UNSUPPORTED_PICTURE, "Canon CR2"),
        (b"\xd7\xcd\xc6\x9a" + b"\0" * 40, Reason.UNSUPPORTED_PICTURE, "WMF"),
        (b"\x89PNG\r\n\x1a\nnonsense", Reason.DAMAGED_PICTURE, "PNG: Truncated File Read"),
        (b"\xff\xd8\xff\xe0", Reason.DAMAGED_PICTURE, "JPEG with a broken header"),
    ],
)
def test_each_way_not_to_be_a_picture_has_its_reason(
    tmp_path: Path, body: bytes, reason: Reason, detail: str
) -> None:
    assert failure(tmp_path, body) == (reason, detail)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "JPEG2000"])
def test_a_picture_that_is_cut_off_early_is_damaged(tmp_path: Path, format: str) -> None:  # noqa: A002
    body = encoded(photo(1, 300, 200), format)
    reason, detail = failure(tmp_path, body[: len(body) // 3])
    assert reason is Reason.DAMAGED_PICTURE
    assert detail.startswith(format)


@pytest.mark.parametrize("format", ["WEBP", "AVIF", "TIFF", "BMP", "JPEG2000"])
def test_a_picture_that_does_not_come_by_rows_is_damaged_wherever_it_is_cut_off(
    tmp_path: Path,
    format: str,  # noqa: A002
) -> None:
    body = encoded(photo(1, 300, 200), format)
    assert failure(tmp_path, body[: len(body) * 9 // 10])[0] is Reason.DAMAGED_PICTURE


# Files that are cut short


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_picture_that_lacks_its_last_rows_is_told_with_its_whole_size_and_the_share_that_is_there(
    tmp_path: Path,
    format: str,  # noqa: A002
) -> None:
    body = encoded(photo(1, 300, 200), format)
    found = decoded(tmp_path, body[: len(body) * 9 // 10])
    assert (found.width, found.height, found.gray.size) == (300, 200, (300, 200))
    assert 0.8 < found.decoded < 0.95


def test_of_a_whole_picture_all_is_there(tmp_path: Path) -> None:
    assert decoded(tmp_path, jpeg_bytes(WIDE)).decoded == 1.0


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
@pytest.mark.parametrize("side", [GRAY_SIDE, 200])
def test_what_is_there_looks_like_the_whole(tmp_path: Path, format: str, side: int) -> None:  # noqa: A002
    body = encoded(photo(1, 900, 600), format)
    whole = decoded(tmp_path, body)
    found = decoded(tmp_path, body[: len(body) * 4 // 5])
    box = (0, 0, whole.gray.width, int(found.decoded * whole.gray.height))
    assert difference(found.gray.crop(box), whole.gray.crop(box)) < 0.5


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_what_is_missing_is_white(tmp_path: Path, format: str) -> None:  # noqa: A002
    body = encoded(photo(1, 300, 200), format)
    found = decoded(tmp_path, body[: len(body) * 3 // 4])
    rows = np.asarray(found.gray)
    top = int(found.decoded * 200)
    assert (rows[top:] == 255).all()
    assert rows[top - 1].std() > 5


def test_of_a_progressive_picture_the_rest_is_seen(tmp_path: Path) -> None:
    whole = jpeg_bytes(photo(1, 480, 320), progressive=True)
    found = decoded(tmp_path, cut_in_scan(whole, 5))
    assert 0.5 <= found.decoded < 0.9
    assert difference(found.gray, decoded(tmp_path, whole).gray) < 12


@pytest.mark.parametrize("turn", TURNED)
def test_what_is_missing_of_a_turned_picture_is_missing_at_the_side_that_it_was_turned_to(
    tmp_path: Path, turn: int
) -> None:
    stored = TURNED[turn](photo(1, 300, 200))
    body = jpeg_bytes(stored, quality=95, exif=exif_block({0x0112: turn}))
    found = decoded(tmp_path, body[: len(body) * 3 // 4])
    left, top, right, bottom = find_there(300, 200, found.decoded, missing_side(turn))
    there = np.zeros((200, 300), dtype=bool)
    there[top:bottom, left:right] = True
    pixels = np.asarray(found.gray)
    assert 0.6 < found.decoded < 0.9
    assert (pixels[~there] == 255).all()
    assert difference(found.gray.crop((left, top, right, bottom)), upright(left, top, right, bottom)) < 6


def upright(*box: int) -> Image.Image:
    return photo(1, 300, 200).convert("L").crop(box)


# GIFs without a table of colours


CONTROLS = [
    b"",
    *(
        b"!\xf9\x04" + bytes([disposal << 2 | transparent]) + b"\0\0\x05\0"
        for disposal in range(4)
        for transparent in (0, 1)
    ),
]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_gif_without_colours_is_shown_in_levels_of_gray(
    tmp_path: Path, control: bytes, frames: int
) -> None:
    scenes = [photo(seed, 60, 40).point(lambda level: level // 2 + 64) for seed in range(1, 1 + frames)]
    found = decoded(tmp_path, bare_gif(*scenes, control=control))
    assert (found.format, found.mode, found.frames) == ("GIF", "L", frames)
    assert difference(found.gray.point(lambda level: 2 * level), scenes[0].convert("L")) < 3


def test_the_gray_picture_does_not_change_with_its_file(tmp_path: Path) -> None:
    found = decoded(tmp_path, bare_gif(photo(1, 60, 40), photo(2, 60, 40)))
    assert not isinstance(found.gray, ImageFile.ImageFile)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def webp_of(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def with_size(body: bytes, place: int, layout: str, width: int, height: int) -> bytes:
    """A picture whose header claims another size."""
    size = struct.pack(layout, width, height)
    return body[:place] + size + body[place + len(size) :]


JPEG = jpeg_bytes(photo(1, 16, 16))
LARGE_GIF = with_size(gif_bytes(1), 6, "<HH", 65535, 65535)


@pytest.mark.parametrize(
    "body",
    [
        png_of(100_000, 100_000),
        png_of(MAX_PIXELS // 10_000 + 1, 10_000),
        webp_of(16384, 16384),
        LARGE_GIF,
        with_size(JPEG, JPEG.index(b"\xff\xc0") + 5, ">HH", 65500, 65500),
        with_size(encoded(photo(1, 16, 16), "BMP"), 18, "<ii", 30_000, 30_000),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused_before_memory_is_taken(tmp_path: Path, body: bytes) -> None:
    reason, detail = failure(tmp_path, body)
    assert reason is Reason.TOO_MANY_PIXELS
    assert f"limit of {MAX_PIXELS} pixels" in detail


def test_a_picture_without_memory_for_it_has_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(image: Image.Image, size: tuple[int, int]) -> Image.Image:
        raise MemoryError

    monkeypatch.setattr(decoding, "_gray", no_memory)
    assert failure(tmp_path, JPEG)[0] is Reason.TOO_MANY_PIXELS


class BrokenDisk(io.BytesIO):
    """A file that cannot be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(errno.EIO, "Input/output error")


def test_a_disk_that_fails_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", lambda _path, _mode: BrokenDisk())
    found = decode(Path("a.jpg"))
    assert found == Failure(Stage.DECODE, Reason.UNREADABLE, "a.jpg", "Input/output error")


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (OSError("unsupported BMP compression (9)"), Reason.UNSUPPORTED_PICTURE, "JPEG: unsupported BMP "),
        (ValueError("Unsupported mode"), Reason.UNSUPPORTED_PICTURE, "JPEG: Unsupported mode"),
        (OSError(errno.EINVAL, "odd"), Reason.DAMAGED_PICTURE, "JPEG: [Errno 22] odd"),
        (SyntaxError("not a TIFF header"), Reason.DAMAGED_PICTURE, "JPEG: not a TIFF header"),
        (RuntimeError("decoder"), Reason.DAMAGED_PICTURE, "JPEG: decoder"),
        (MemoryError(), Reason.TOO_MANY_PIXELS, "decoding needs more memory than a worker may have"),
    ],
)
def test_an_error_of_the_decoder_is_told_in_our_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: Reason, detail: str
) -> None:
    def fail(image: Image.Image, size: tuple[int, int]) -> Image.Image:
        raise error

    monkeypatch.setattr(decoding, "_gray", fail)
    found = failure(tmp_path, JPEG)
    assert (found[0], found[1][: len(detail)]) == (reason, detail)


def test_a_picture_may_have_as_many_pixels_as_the_largest_sensors() -> None:
    assert MAX_PIXELS == 200_000_000


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "gone.jpg"
    assert decode(path) == Failure(Stage.DECODE, Reason.NOT_FOUND, str(path))


def test_a_folder_is_unreadable(tmp_path: Path) -> None:
    assert decode(tmp_path) == Failure(Stage.DECODE, Reason.UNREADABLE, str(tmp_path), "Is a directory")


def test_the_settings_of_pillow_are_left_as_they_were(tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS, AvifImagePlugin.DEFAULT_MAX_THREADS
    failure(tmp_path, LARGE_GIF)
    assert before == (Image.MAX_IMAGE_PIXELS, AvifImagePlugin.DEFAULT_MAX_THREADS)


def test_a_format_that_starts_other_programs_is_not_even_loaded(tmp_path: Path) -> None:
    """Pillow runs Ghostscript for EPS, whatever the file is called."""
    path = tmp_path / "a.jpg"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n")
    program = (
        "import sys; from pathlib import Path; from assets.pictures.decode import decode\n"
        "decode(Path(sys.argv[1])); print(sorted(name for name in sys.modules if 'EpsImage' in name))"
    )
    told = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
