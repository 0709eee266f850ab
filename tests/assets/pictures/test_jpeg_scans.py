"""The scans of a JPEG file, and what of its picture they bring."""

from __future__ import annotations

import pytest
from pictures import cut_in_scan, jpeg_bytes, photo
from PIL import Image

from assets.pictures.jpeg_scans import MOST_SCANS, Extent, JpegScans, Scan, read_scans

BASELINE = jpeg_bytes(photo(1, 120, 80))
PROGRESSIVE = jpeg_bytes(photo(1, 120, 80), progressive=True)
GRAY = jpeg_bytes(photo(1, 120, 80).convert("L"))


def in_scan(number: int) -> bytes:
    return cut_in_scan(PROGRESSIVE, number)


def test_a_baseline_picture_has_one_scan_of_all_it_has() -> None:
    assert read_scans(BASELINE) == JpegScans((1, 2, 3), (Scan((1, 2, 3), 0, 63, False),), True, False)


def test_a_gray_picture_has_one_component() -> None:
    assert read_scans(GRAY).components == (1,)


def test_a_progressive_picture_has_ten_scans() -> None:
    scans = read_scans(PROGRESSIVE).scans
    assert [(scan.first, scan.last, scan.is_refining) for scan in scans[:6]] == [
        (0, 0, False),
        (1, 5, False),
        (1, 63, False),
        (1, 63, False),
        (6, 63, False),
        (1, 63, True),
    ]
    assert len(scans) == 10


@pytest.mark.parametrize("body", [BASELINE, PROGRESSIVE, GRAY])
@pytest.mark.parametrize("lost", [1, 2])
def test_without_its_end_a_picture_is_not_ended(body: bytes, lost: int) -> None:
    found = read_scans(body[:-lost])
    assert (found.is_ended, found.is_running) == (False, True)


def test_a_thumbnail_in_a_segment_does_not_end_the_picture() -> None:
    segment = b"\xff\xe1" + (len(BASELINE) + 2).to_bytes(2) + BASELINE
    assert not read_scans(BASELINE[:2] + segment + BASELINE[2:-2]).is_ended


def test_restart_markers_end_no_scan() -> None:
    body = jpeg_bytes(photo(1, 120, 80), restart_marker_rows=1)
    assert len(read_scans(body).scans) == 1


@pytest.mark.parametrize(
    ("body", "extent"),
    [
        (BASELINE, Extent.ALL),
        (BASELINE[:-2], Extent.LAST_SCAN),
        (BASELINE[: len(BASELINE) // 2], Extent.LAST_SCAN),
        (BASELINE[: BASELINE.index(b"\xff\xda")], Extent.NONE),
        (PROGRESSIVE[:-2], Extent.ALL),
        (in_scan(1), Extent.NONE),
        (in_scan(2), Extent.NONE),
        (in_scan(3), Extent.NONE),
        (in_scan(5), Extent.LAST_SCAN),
        (in_scan(6), Extent.ALL),
        (in_scan(10), Extent.ALL),
    ],
)
def test_rows_are_there_once_all_their_coefficients_came(body: bytes, extent: Extent) -> None:
    assert read_scans(body).extent is extent


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xda\x00\x02", b"\xff\xd8\xff\xc0\x00\x00"]
)
def test_what_is_hardly_a_jpeg_has_no_row(body: bytes) -> None:
    assert read_scans(body).extent is Extent.NONE


@pytest.mark.parametrize("length", range(2, 700, 7))
def test_a_header_cut_anywhere_has_no_scan_that_ended(length: int) -> None:
    assert read_scans(BASELINE[:length]).extent in (Extent.NONE, Extent.LAST_SCAN)


def test_a_file_of_very_many_scans_has_no_row() -> None:
    start = PROGRESSIVE.rindex(b"\xff\xda")
    body = PROGRESSIVE[:-2] + MOST_SCANS * PROGRESSIVE[start : start + 12]
    assert read_scans(body).extent is Extent.NONE


def test_below_the_last_of_several_scans_something_is_seen() -> None:
    assert read_scans(in_scan(5)).is_coarse_below
    assert not read_scans(BASELINE[:-2]).is_coarse_below


def scans(*drawn: tuple[tuple[int, ...], int, int], luma: bool = True, running: bool = True) -> JpegScans:
    """Scans of three components: which they have, and their coefficients."""
    made = tuple(Scan(components, first, last, False) for components, first, last in drawn)
    return JpegScans((1, 2, 3), made, False, running, luma)


MEANS, FINE = ((1, 2, 3), 0, 0), ((1,), 1, 63)


def test_of_colour_the_means_are_enough() -> None:
    assert scans(MEANS, FINE, ((2,), 1, 63)).extent is Extent.ALL


def test_where_lightness_is_in_all_components_each_must_have_come() -> None:
    drawn = MEANS, FINE, ((2,), 1, 63), ((3,), 1, 63)
    assert scans(*drawn, luma=False).extent is Extent.LAST_SCAN
    assert scans(*drawn[:3], luma=False).extent is Extent.NONE


def test_a_scan_of_lightness_that_was_cut_shows_its_rows() -> None:
    assert scans(MEANS, ((2,), 1, 63), FINE).extent is Extent.LAST_SCAN


@pytest.mark.parametrize(
    ("image", "options", "is_luma_first"),
    [
        (photo(1, 60, 40), {}, True),
        (photo(1, 60, 40).convert("L"), {}, True),
        (photo(1, 60, 40), {"keep_rgb": True}, False),
        (photo(1, 60, 40).convert("CMYK"), {}, False),
    ],
)
def test_the_file_says_whether_lightness_stands_apart(
    image: Image.Image, options: dict[str, object], is_luma_first: bool
) -> None:
    assert read_scans(jpeg_bytes(image, **options)).is_luma_first is is_luma_first
