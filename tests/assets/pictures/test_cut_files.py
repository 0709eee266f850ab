"""Picture files that are cut short: which rows are there, held against the same picture whole."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from pictures import cut_in_scan, encoded, jpeg_bytes, photo
from PIL import Image, ImageFile

from assets.pictures import cut_files
from assets.pictures.cut_files import JPEGS, LEAST_DECODED, ShownPicture, load_cut

WIDE = photo(1, 320, 240)
ALPHA = WIDE.convert("RGBA")
PROGRESSIVE = jpeg_bytes(WIDE, progressive=True)
FULL = ("RGB", (320, 240))

JPEG_KINDS: dict[str, bytes] = {
    "4:2:0": jpeg_bytes(WIDE, quality=85),
    "4:4:4": jpeg_bytes(WIDE, quality=85, subsampling=0),
    "4:2:2": jpeg_bytes(WIDE, quality=85, subsampling=1),
    "gray": jpeg_bytes(WIDE.convert("L")),
    "optimized": jpeg_bytes(WIDE, quality=95, optimize=True),
    "restarts": jpeg_bytes(WIDE, restart_marker_blocks=3),
    "RGB": jpeg_bytes(WIDE, keep_rgb=True),
    "CMYK": jpeg_bytes(WIDE.convert("CMYK")),
    "odd size": jpeg_bytes(photo(2, 313, 231)),
}
ROW_KINDS: dict[str, bytes] = {
    "PNG": encoded(WIDE, "PNG"),
    "PNG with alpha": encoded(ALPHA, "PNG"),
    "PNG with a palette": encoded(WIDE.quantize(16), "PNG"),
    "PNG of two levels": encoded(WIDE.convert("1"), "PNG"),
    "PNG of deep samples": encoded(
        Image.fromarray(np.asarray(WIDE.convert("L")).astype(np.uint16) * 257), "PNG"
    ),
    "GIF": encoded(WIDE, "GIF", interlace=0),
    "GIF with transparency": encoded(ALPHA, "GIF", interlace=0),
}


def opened(body: bytes) -> ImageFile.ImageFile:
    return Image.open(BytesIO(body))


def cut(body: bytes, lost: float, draft: tuple[str, tuple[int, int]] = FULL) -> ShownPicture | None:
    """A file without so many bytes at its end, or without that share of them, loaded."""
    kept = body[: len(body) - int(lost if lost >= 1 else lost * len(body))]
    return load_cut(BytesIO(kept), opened(kept), draft)


def shown(body: bytes, lost: float, draft: tuple[str, tuple[int, int]] = FULL) -> ShownPicture:
    found = cut(body, lost, draft)
    assert found is not None
    return found


def rows_alike(part: ShownPicture, whole: Image.Image) -> int:
    """The rows from the top that are as those of the whole picture."""
    pairs = zip(np.asarray(part.image), np.asarray(whole), strict=True)
    differing = [row for row, (one, other) in enumerate(pairs) if not np.array_equal(one, other)]
    return differing[0] if differing else whole.height


# JPEG


@pytest.mark.parametrize("lost", [1, 2, 3, 20, 0.01, 0.1, 0.25, 0.4])
@pytest.mark.parametrize("kind", JPEG_KINDS)
def test_what_is_told_of_a_jpeg_is_there_and_little_more(kind: str, lost: float) -> None:
    body = JPEG_KINDS[kind]
    part = shown(body, lost)
    there = round(part.decoded * part.image.height)
    # A row of blocks is there as a whole or not at all: the lowest may be there as far as it came.
    assert there <= rows_alike(part, opened(body)) < there + 18


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize("kind", JPEG_KINDS)
def test_a_jpeg_without_its_end_is_whole(kind: str, lost: int) -> None:
    assert shown(JPEG_KINDS[kind], lost).decoded == 1.0


@pytest.mark.parametrize("kind", JPEG_KINDS)
def test_a_jpeg_that_lacks_a_byte_of_data_is_not_whole(kind: str) -> None:
    # The last byte may hold nothing but the bits that fill it up.
    assert shown(JPEG_KINDS[kind], 4).decoded < 1


@pytest.mark.parametrize("size", [(160, 120), (80, 60), (40, 30)])
@pytest.mark.parametrize("kind", ["4:2:0", "4:4:4", "gray"])
def test_at_a_reduced_scale_as_much_is_there(kind: str, size: tuple[int, int]) -> None:
    small, large = shown(JPEG_KINDS[kind], 0.25, ("L", size)), shown(JPEG_KINDS[kind], 0.25)
    assert small.image.size == size
    assert small.decoded == pytest.approx(large.decoded, abs=1.5 / size[1])


@pytest.mark.parametrize("lost", [1, 2, 3, 0.01, 0.1, 0.4])
def test_a_progressive_jpeg_whose_last_bits_are_missing_has_all_rows(lost: float) -> None:
    part = shown(PROGRESSIVE, lost)
    assert (part.decoded, part.has_rest) == (1.0, True)


def test_a_progressive_jpeg_that_ends_in_a_scan_that_it_needs_has_the_rows_of_that_scan() -> None:
    body = cut_in_scan(PROGRESSIVE, 5)
    scans = load_cut(BytesIO(body), opened(body), FULL)
    assert scans is not None
    assert 0.5 <= scans.decoded < 0.9
    assert scans.has_rest


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_progressive_jpeg_of_which_too_little_came_shows_nothing(number: int) -> None:
    body = cut_in_scan(PROGRESSIVE, number)
    assert load_cut(BytesIO(body), opened(body), FULL) is None


def test_what_is_missing_of_a_jpeg_is_blank() -> None:
    part = shown(JPEG_KINDS["4:2:0"], 0.25)
    assert part.blank_from(240) == int(240 * part.decoded)


def test_a_jpeg_that_ends_is_not_cut() -> None:
    body = JPEG_KINDS["4:2:0"]
    assert load_cut(BytesIO(body), opened(body), FULL) is None


def test_a_picture_with_another_behind_it_is_cut_as_any_jpeg() -> None:
    body = encoded(WIDE, "MPO", save_all=True, append_images=[photo(2, 320, 240)])
    first = body[: len(body) * 2 // 5]
    found = load_cut(BytesIO(first), opened(first), FULL)
    assert opened(first).format in JPEGS
    assert found is not None
    assert 0.6 < found.decoded < 0.95


# Decoded row by row


@pytest.mark.parametrize("lost", [0.05, 0.1, 0.25, 0.4])
@pytest.mark.parametrize("kind", ROW_KINDS)
def test_what_is_told_of_rows_is_there_and_no_more(kind: str, lost: float) -> None:
    body = ROW_KINDS[kind]
    part = shown(body, lost)
    there = round(part.decoded * part.image.height)
    assert there < part.image.height
    assert rows_alike(part, opened(body)) == there


@pytest.mark.parametrize("kind", ROW_KINDS)
def test_rows_that_are_missing_are_blank(kind: str) -> None:
    assert not shown(ROW_KINDS[kind], 0.25).has_rest


def test_of_an_interlaced_picture_the_rows_down_to_the_first_gap_are_there() -> None:
    body = encoded(WIDE, "GIF", interlace=1)
    part = shown(body, 0.1)
    there = round(part.decoded * part.image.height)
    assert 0.7 < part.decoded < 0.9
    assert rows_alike(part, opened(body)) == there


def test_an_interlaced_row_that_is_missing_is_shown_as_the_one_above() -> None:
    part = shown(encoded(WIDE, "GIF", interlace=1), 0.1)
    rows = np.asarray(part.image)
    assert part.has_rest
    assert np.array_equal(rows[239], rows[238])


def test_what_lies_outside_a_first_frame_is_not_missing() -> None:
    body = encoded(WIDE, "GIF", interlace=0)
    larger = body[:6] + (400).to_bytes(2, "little") + (300).to_bytes(2, "little") + body[10:]
    found = load_cut(BytesIO(larger), opened(larger), FULL)
    assert found is not None
    assert found.decoded == 1.0


# What is no picture any more


@pytest.mark.parametrize("body", [JPEG_KINDS["4:2:0"], ROW_KINDS["PNG"], ROW_KINDS["GIF"]])
def test_of_less_than_half_nothing_is_shown(body: bytes) -> None:
    assert LEAST_DECODED == 0.5
    assert cut(body, 0.65) is None


@pytest.mark.parametrize("format", ["BMP", "TIFF"])
def test_what_no_browser_shows_in_parts_is_not_shown(format: str) -> None:  # noqa: A002
    assert cut(encoded(WIDE, format), 0.1) is None


def test_a_picture_too_large_to_be_decoded_again_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_files, "MOST_PIXELS", 320 * 240 - 1)
    assert cut(JPEG_KINDS["gray"], 2) is None


def test_pillow_is_left_as_it_was() -> None:
    shown(ROW_KINDS["PNG"], 0.1)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_pillow_is_left_as_it_was_by_what_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_image: object) -> None:
        raise OSError("no end")

    body = ROW_KINDS["PNG"][:-500]
    image = opened(body)
    monkeypatch.setattr(type(image), "load_end", fail)
    with pytest.raises(OSError, match="no end"):
        load_cut(BytesIO(body), image, FULL)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
