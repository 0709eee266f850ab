from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pages import Place, page
from pictures import encoded, exif_block, photo
from PIL import Image

from assets.model import Failure, Reason, Stage
from assets.picture_model import QueryPart
from assets.pictures import query_parts
from assets.pictures.decode import QUERY_SIDE, Decoded, decode
from assets.pictures.local_features import pixels_of
from assets.pictures.perceptual_hash import fingerprints_of_orientations
from assets.pictures.query_parts import PART_FEATURES, PART_SIDE, find_parts


def parts(folder: Path, image: Image.Image, format: str = "PNG", **options: object) -> tuple[QueryPart, ...]:  # noqa: A002
    path = folder / "page"
    path.write_bytes(encoded(image, format, **options))
    decoded = decode(path, QUERY_SIDE)
    assert isinstance(decoded, Decoded)
    return find_parts(path, decoded)


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_a_part_has_the_page_s_own_pixels(tmp_path: Path, format: str) -> None:  # noqa: A002
    scene = photo(1, 240, 160)
    (found,) = parts(tmp_path, page({(60, 600): scene}), format)
    assert found.box == (60, 600, 240, 160)
    assert (found.gray.width, found.gray.height) == (240, 160)
    off = pixels_of(found.gray).astype(int) - np.asarray(scene.convert("L"))
    assert np.abs(off).mean() < 4


def test_a_part_has_its_own_colours(tmp_path: Path) -> None:
    ground = page({(60, 600): photo(1, 240, 160)})
    scene = ground.crop((60, 600, 300, 760)).convert("YCbCr")
    (found,) = parts(tmp_path, ground)
    both = Image.open(io.BytesIO(found.chroma))
    assert both.size == (96, 128)
    for number, top in ((1, 0), (2, 64)):
        expected = np.asarray(scene.getchannel(number).resize((96, 64), Image.Resampling.BOX), dtype=int)
        assert np.abs(np.asarray(both)[top : top + 64] - expected).mean() < 3


def test_a_part_is_seen_from_all_sides(tmp_path: Path) -> None:
    (found,) = parts(tmp_path, page({(60, 600): photo(1, 240, 160)}))
    image = Image.frombytes("L", (240, 160), found.gray.pixels)
    assert found.fingerprints == fingerprints_of_orientations(image)
    assert [one.count for one in found.features] == [PART_FEATURES, PART_FEATURES]


def test_a_large_part_is_no_larger_than_a_catalogued_picture(tmp_path: Path) -> None:
    (found,) = parts(tmp_path, page({(60, 600): photo(1, 900, 600)}))
    assert found.box == (60, 600, 900, 600)
    assert (found.gray.width, found.gray.height) == (PART_SIDE, 320)


def test_boxes_are_in_pixels_as_displayed(tmp_path: Path) -> None:
    lying = page({(60, 600): photo(1, 240, 160)}).rotate(90, expand=True)
    (found,) = parts(tmp_path, lying, "JPEG", quality=95, exif=exif_block({0x0112: 6}))
    assert np.abs(np.array(found.box) - (60, 600, 240, 160)).max() <= 1


def test_a_page_that_is_small_anyway_is_not_decoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_parts, "decode", None)
    (found,) = parts(tmp_path, page({(60, 300): photo(1, 240, 160)}, (480, 640)))
    assert found.box == (60, 300, 240, 160)


def test_a_photograph_is_not_decoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_parts, "decode", None)
    assert parts(tmp_path, photo(1, 1280, 960)) == ()


def test_a_page_that_does_not_decode_again_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = Failure(Stage.DECODE, Reason.DAMAGED_PICTURE, "")
    monkeypatch.setattr(query_parts, "decode", lambda *_: failure)
    assert parts(tmp_path, page({(60, 600): photo(1, 240, 160)})) == ()


def test_a_page_of_too_many_pixels_is_decoded_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_parts, "MOST_PIXELS", 1280 * 2400 // 4)
    (found,) = parts(tmp_path, page({(60, 600): photo(1, 240, 160)}))
    assert np.abs(np.array(found.box) - (60, 600, 240, 160)).max() <= 2
    assert (found.gray.width, found.gray.height) == (120, 80)


@pytest.mark.parametrize(("width", "count"), [(100, 1), (70, 0)])
def test_letters_and_icons_are_no_parts(tmp_path: Path, width: int, count: int) -> None:
    pictures: Mapping[Place, Image.Image] = {(60, 300): photo(1, width, width)}
    assert len(parts(tmp_path, page(pictures, (700, 1100)))) == count


def test_the_largest_part_comes_first(tmp_path: Path) -> None:
    pictures = {(60, 200): photo(1, 200, 140), (60, 600): photo(2, 500, 300)}
    assert [one.box[2] for one in parts(tmp_path, page(pictures))] == [500, 200]
