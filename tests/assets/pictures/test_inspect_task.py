from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pages import page
from pictures import encoded, exif_block, flat, iptc_block, photo, with_iptc
from PIL import Image

from assets.errors import WorkerTimeout
from assets.model import Failure, Reason, Stage
from assets.picture_model import Embedded, EmbeddedText, Features, Picture, Query, find_there, missing_side
from assets.pictures import inspect_task
from assets.pictures.inspect_task import inspect, inspect_query, inspect_whole
from assets.pictures.local_features import keypoints_of
from assets.pictures.perceptual_hash import fingerprints
from assets.workers.pool import WorkerPool


def saved(folder: Path, body: bytes) -> str:
    path = folder / "picture"
    path.write_bytes(body)
    return str(path)


def test_a_picture_is_told_whole(tmp_path: Path) -> None:
    image = photo(1, 300, 200).convert("L")
    body = encoded(image.rotate(90, expand=True), "JPEG", quality=100, exif=exif_block({0x0112: 6}))
    found = inspect(saved(tmp_path, with_iptc(body, iptc_block([((2, 110), b"AFP")]))))
    assert isinstance(found, Picture)
    pairs = zip(found.fingerprints, fingerprints(image), strict=True)
    assert max(one.distance(other) for one, other in pairs) <= 2
    assert found == Picture(
        format="JPEG",
        width=300,
        height=200,
        frames=1,
        orientation=6,
        mode="L",
        indistinct=False,
        fingerprints=found.fingerprints,
        embedded=Embedded(credit=EmbeddedText("AFP", "iptc 2:110")),
        study=found.study,
    )
    assert found.study is not None
    preview = Image.open(io.BytesIO(found.study.preview))
    assert (preview.mode, preview.size) == ("L", (300, 200))
    features = found.study.features
    assert (features.width, features.height) == (300, 200)
    assert len(features.keypoints) == 8 * features.count
    assert len(features.descriptors) == 32 * features.count
    assert features.count > 200


def test_a_query_is_seen_from_all_sides(tmp_path: Path) -> None:
    image = photo(1, 1200, 800)
    found = inspect_query(saved(tmp_path, encoded(image, "JPEG")))
    assert isinstance(found, Query)
    assert (found.picture.width, found.picture.height) == (1200, 800)
    assert found.picture.study is None
    assert (found.gray.width, found.gray.height) == (640, 427)
    assert len(found.fingerprints) == 8
    assert found.fingerprints[0] == found.picture.fingerprints[:2]
    assert [one.count for one in found.features] == [800, 800]


def test_a_picture_s_colours_are_told(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, encoded(photo(1, 300, 200), "JPEG")))
    assert isinstance(found, Picture)
    assert found.study is not None
    chroma = Image.open(io.BytesIO(found.study.chroma))
    assert (chroma.format, chroma.mode, chroma.size) == ("JPEG", "L", (96, 128))


def test_a_query_has_the_colours_that_the_catalog_would_keep(tmp_path: Path) -> None:
    path = saved(tmp_path, encoded(photo(1, 300, 200), "JPEG"))
    found, asked = inspect(path), inspect_query(path)
    assert isinstance(found, Picture)
    assert found.study is not None
    assert isinstance(asked, Query)
    assert asked.chroma == found.study.chroma


def test_a_gray_picture_has_no_colours(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, encoded(photo(1, 300, 200).convert("L"), "JPEG")))
    assert isinstance(found, Picture)
    assert found.study is not None
    assert found.study.chroma == b""


def test_the_preview_is_what_pillow_writes(tmp_path: Path) -> None:
    image = photo(1, 300, 200).convert("L")
    found = inspect(saved(tmp_path, encoded(image, "PNG")))
    assert isinstance(found, Picture)
    assert found.study is not None
    expected = np.asarray(
        Image.open(io.BytesIO(encoded(image, "JPEG", quality=inspect_task.PREVIEW_QUALITY)))
    )
    assert (np.asarray(Image.open(io.BytesIO(found.study.preview))) == expected).all()


def test_a_photograph_that_is_looked_up_has_no_parts(tmp_path: Path) -> None:
    found = inspect_query(saved(tmp_path, encoded(photo(1, 1200, 800), "JPEG")))
    assert isinstance(found, Query)
    assert found.parts == ()


def test_a_page_that_is_looked_up_has_its_photographs_as_parts(tmp_path: Path) -> None:
    found = inspect_query(saved(tmp_path, encoded(page({(60, 600): photo(1, 240, 160)}), "PNG")))
    assert isinstance(found, Query)
    assert [part.box for part in found.parts] == [(60, 600, 240, 160)]


def test_a_catalogued_page_is_compared_as_a_whole(tmp_path: Path) -> None:
    path = saved(tmp_path, encoded(page({(60, 600): photo(1, 240, 160)}), "PNG"))
    asked = inspect_query(path)
    assert isinstance(asked, Query)
    assert inspect_whole(path) == replace(asked, parts=())


def test_what_cannot_be_looked_up_is_a_failure(tmp_path: Path) -> None:
    path = saved(tmp_path, b"<html>")
    assert inspect_query(path) == inspect(path)


def test_a_flat_picture_is_indistinct(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, encoded(flat(), "PNG")))
    assert isinstance(found, Picture)
    assert found.indistinct


# Files that are cut short


def cut_picture(folder: Path, orientation: int = 1, share: float = 0.75) -> str:
    body = encoded(photo(1, 480, 320), "JPEG", quality=95, exif=exif_block({0x0112: orientation}))
    return saved(folder, body[: int(share * len(body))])


def margins(found: Features) -> tuple[float, float, float, float]:
    """How far features keep off each side: left, top, right and bottom."""
    points = keypoints_of(found)[:, :2]
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return left, top, found.width - right, found.height - bottom


def test_a_file_that_is_cut_short_is_told_with_the_share_that_is_there(tmp_path: Path) -> None:
    found = inspect(cut_picture(tmp_path))
    assert isinstance(found, Picture)
    assert (found.width, found.height, found.reason) == (480, 320, "")
    assert 0.6 < found.decoded < 0.9


@pytest.mark.parametrize("orientation", range(1, 9))
def test_features_are_of_the_part_that_is_there(tmp_path: Path, orientation: int) -> None:
    found = inspect(cut_picture(tmp_path, orientation))
    assert isinstance(found, Picture)
    assert found.study is not None
    features = found.study.features
    size = (features.width, features.height)
    assert size == ((320, 480) if orientation > 4 else (480, 320))
    left, top, right, bottom = find_there(*size, found.decoded, missing_side(orientation))
    kept_off = margins(features)
    assert features.count > 100
    assert kept_off[0] >= left
    assert kept_off[1] >= top
    assert kept_off[2] >= size[0] - right
    assert kept_off[3] >= size[1] - bottom


@pytest.mark.parametrize("orientation", range(1, 9))
def test_features_of_a_mirrored_query_lie_where_its_other_features_do(
    tmp_path: Path, orientation: int
) -> None:
    found = inspect_query(cut_picture(tmp_path, orientation))
    assert isinstance(found, Query)
    upright, mirrored = (keypoints_of(one)[:, :2] for one in found.features)
    mirrored[:, 0] = found.gray.width - mirrored[:, 0]
    # Those of the smaller sizes lie where the mirrored picture rounded to whole pixels.
    assert np.abs(upright - mirrored).max() < 4
    assert np.abs(upright - mirrored)[:100].max() < 0.1


def test_a_flat_part_is_indistinct_whatever_is_missing(tmp_path: Path) -> None:
    body = encoded(flat("gray"), "PNG", compress_level=0)
    found = inspect(saved(tmp_path, body[: len(body) * 4 // 5]))
    assert isinstance(found, Picture)
    assert found.decoded < 1
    assert found.indistinct


def test_a_query_that_is_cut_short_says_so(tmp_path: Path) -> None:
    found = inspect_query(cut_picture(tmp_path))
    assert isinstance(found, Query)
    assert found.picture.decoded < 1


def test_what_does_not_decode_is_a_failure(tmp_path: Path) -> None:
    path = saved(tmp_path, b"<html>")
    assert inspect(path) == Failure(Stage.DECODE, Reason.NOT_A_PICTURE, path, "looks like HTML")


def test_an_error_nobody_foresaw_is_a_failure_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, gray_side: int) -> Picture:
        raise KeyError("new")

    monkeypatch.setattr(inspect_task, "decode", fail)
    assert inspect("a.jpg") == Failure(Stage.DECODE, Reason.DECODE_CRASHED, "a.jpg", "KeyError: 'new'")


def test_pictures_and_failures_come_whole_from_a_worker(tmp_path: Path) -> None:
    paths = [saved(tmp_path, encoded(photo(1), "PNG")), str(tmp_path / "gone")]

    async def from_worker() -> list[object]:
        async with WorkerPool(inspect, 1) as pool:
            return [await pool.run(path) for path in paths]

    assert asyncio.run(from_worker()) == [inspect(path) for path in paths]


def test_a_picture_that_takes_more_memory_than_a_worker_has_cannot_be_compared(tmp_path: Path) -> None:
    path = saved(tmp_path, encoded(flat("red", 8000, 8000), "PNG", compress_level=1))

    async def from_worker() -> object:
        async with WorkerPool(inspect, 1, memory_bytes=384 * 1024**2) as pool:
            return await pool.run(path)

    found = asyncio.run(from_worker())
    assert isinstance(found, Picture)
    assert (found.width, found.height, found.reason) == (8000, 8000, "too many pixels")


def test_a_drawing_is_told_with_its_size_and_why_it_cannot_be_compared(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, b"<svg viewBox='0 0 640 360' onload='alert(1)'/>"))
    assert found == Picture("SVG", 640, 360, reason="unsupported picture", detail="SVG")


def test_a_picture_that_is_cut_off_is_told_with_the_size_in_its_header(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, encoded(photo(1, 300, 200), "JPEG")[:2000]))
    assert isinstance(found, Picture)
    assert (found.format, found.width, found.height, found.reason) == ("JPEG", 300, 200, "damaged picture")


def test_a_picture_without_a_whole_header_has_no_size(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, b"\xff\xd8\xff\xe0"))
    assert isinstance(found, Picture)
    assert (found.width, found.height) == (0, 0)


def test_a_page_of_html_is_no_picture(tmp_path: Path) -> None:
    found = inspect(saved(tmp_path, b"<!doctype html><svg/>"))
    assert isinstance(found, Failure)
    assert found.reason is Reason.NOT_A_PICTURE


def test_a_drawing_is_not_looked_up(tmp_path: Path) -> None:
    found = inspect_query(saved(tmp_path, b"<svg/>"))
    assert isinstance(found, Failure)
    assert found.reason is Reason.UNSUPPORTED_PICTURE


def test_a_bomb_of_scans_ends_at_the_deadline(tmp_path: Path) -> None:
    body = encoded(flat("gray", 2000, 2000).convert("L"), "JPEG", progressive=True)
    last_scan = body[body.rindex(b"\xff\xda") : -2]
    bomb = body[:-2] + last_scan * 5000 + body[-2:]
    assert len(bomb) < 100_000
    path = saved(tmp_path, bomb)

    async def from_worker() -> None:
        # Seconds of work on any machine; nothing need be done within the deadline.
        async with WorkerPool(inspect, 1, deadline_seconds=0.01) as pool:
            with pytest.raises(WorkerTimeout):
                await pool.run(path)

    asyncio.run(from_worker())


def test_a_worker_loads_neither_the_network_nor_scipy() -> None:
    code = (
        "import sys; import assets.pictures.inspect_task, assets.workers.pool;"
        "assert not {'aiohttp', 'scipy', 'tinydb', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])
