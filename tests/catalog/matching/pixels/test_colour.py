from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from comparisons import SAME_PLACE, laid
from pictures import encoded, photo
from PIL import Image, ImageDraw

from assets.pictures.decode import compress_chroma
from catalog.index.feature_store import Size
from catalog.matching.pixels.arrays import Bools, Floats, Pixels, Planes
from catalog.matching.pixels.colour import Recoloured, decode_chroma, measure_recoloured
from catalog.matching.pixels.pixel_comparison import Comparison
from catalog.matching.placement import GrayPicture, Placement, lay_flat_over
from catalog.matching.plane import lay_flat

WIDTH, HEIGHT = 360, 240
SCENE = photo(3, WIDTH, HEIGHT)

# As bright as each other, so that gray tells nothing.
RED, GREEN, VIOLET = (212, 72, 72), (60, 146, 60), (128, 96, 190)

# Where a colour is laid over the scene, a tenth of it.
PLACE = (60, 60, 180, 132)


def gray_of(image: Image.Image) -> Pixels:
    return np.array(image.convert("L"))


def chroma_of(image: Image.Image) -> Planes | None:
    return decode_chroma(compress_chroma(image.convert("YCbCr")))


def coloured(colour: tuple[int, int, int], image: Image.Image = SCENE) -> Image.Image:
    """A picture with another colour at a place, as bright everywhere as it was."""
    over = image.copy().convert("YCbCr")
    of_colour = Image.new("RGB", image.size, colour).convert("YCbCr").split()
    bands = [
        band if number == 0 else Image.composite(of_colour[number], band, _mask(image.size))
        for number, band in enumerate(over.split())
    ]
    return Image.merge("YCbCr", bands).convert("RGB")


def _mask(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rectangle(PLACE, fill=255)
    return mask


def measured(
    query: Image.Image, asset: Image.Image, matrix: Floats = SAME_PLACE, free: Bools | None = None
) -> Recoloured | None:
    comparison = laid(gray_of(query), gray_of(asset), matrix)
    shown = comparison.frame.shared if free is None else comparison.frame.shared & free
    return measure_recoloured(comparison, (chroma_of(query), chroma_of(asset)), shown)


def share(found: Recoloured | None, limit: float = 14.0) -> float:
    assert found is not None
    return found.share(limit)


def test_the_same_colours_are_not_off() -> None:
    assert share(measured(SCENE, SCENE)) == 0


def test_a_place_in_another_colour_is_off() -> None:
    assert 0.06 < share(measured(coloured(RED), coloured(GREEN))) < 0.12


def test_it_is_told_which_blocks_are_off() -> None:
    found = measured(coloured(RED), coloured(GREEN))
    assert found is not None
    beyond = found.levels > 14
    assert beyond[6:10, 6:14].all()
    assert beyond[5:11, 5:15].sum() > 0.9 * beyond.sum()


def test_it_is_off_by_as_much_the_other_way_round() -> None:
    one, other = measured(coloured(RED), coloured(GREEN)), measured(coloured(GREEN), coloured(RED))
    assert share(one) == share(other)


def test_what_has_no_say_is_not_off() -> None:
    free = np.ones((HEIGHT, WIDTH), dtype=np.bool_)
    free[PLACE[1] - 6 : PLACE[3] + 6, PLACE[0] - 6 : PLACE[2] + 6] = False
    assert share(measured(coloured(RED), coloured(GREEN), free=free)) == 0


@pytest.mark.parametrize(
    "grading",
    [
        ((1.2, 0.0, 0.0), (0.0, 0.9, 0.0), (0.0, 0.0, 0.7)),
        ((0.8, 0.2, 0.0), (0.2, 0.8, 0.0), (0.0, 0.2, 0.8)),
        ((0.6, 0.3, 0.1), (0.2, 0.7, 0.1), (0.2, 0.3, 0.5)),
    ],
)
def test_grading_is_no_other_colour(grading: tuple[tuple[float, float, float], ...]) -> None:
    graded = np.clip(np.asarray(SCENE) @ np.array(grading).T, 0, 255).astype(np.uint8)
    assert share(measured(Image.fromarray(graded), SCENE)) < 0.01


def test_a_place_in_another_colour_is_off_in_a_graded_picture() -> None:
    graded = np.clip(np.asarray(coloured(RED)) @ np.diag([1.1, 0.9, 0.8]), 0, 255).astype(np.uint8)
    assert 0.06 < share(measured(Image.fromarray(graded), coloured(GREEN))) < 0.12


def test_compression_is_no_other_colour() -> None:
    comparison = laid(gray_of(SCENE), gray_of(SCENE))
    asset = chroma_of(SCENE)
    assert asset is not None
    packed = cv2.imencode(".jpg", asset.reshape(-1, asset.shape[2]), [cv2.IMWRITE_JPEG_QUALITY, 20])[1]
    query = decode_chroma(packed.tobytes())
    assert share(measure_recoloured(comparison, (query, asset), comparison.frame.shared)) == 0


def test_a_cut_picture_is_laid_where_it_belongs() -> None:
    cut = coloured(RED).crop((30, 40, 290, 220)).resize((390, 270), Image.Resampling.LANCZOS)
    matrix = np.array([[2 / 3, 0.0, 30.0], [0.0, 2 / 3, 40.0]])
    assert share(measured(cut, coloured(RED), matrix)) == 0
    assert 0.12 < share(measured(cut, coloured(GREEN), matrix)) < 0.25


# What says nothing


def toned(image: Image.Image) -> Image.Image:
    """A picture in sepia."""
    levels = np.asarray(image.convert("L"), dtype=np.float64)
    return Image.fromarray(
        np.clip(np.dstack([levels + 30, levels + 5, levels - 40]), 0, 255).astype(np.uint8)
    )


@pytest.mark.parametrize("other", [SCENE.convert("L").convert("RGB"), toned(SCENE)])
def test_colours_say_nothing_beside_a_picture_that_is_gray_or_of_one_tint(other: Image.Image) -> None:
    assert measured(SCENE, other) is None
    assert measured(other, SCENE) is None


def test_colours_of_a_few_blocks_say_nothing() -> None:
    free = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)
    free[:36, :48] = True
    assert measured(coloured(RED), coloured(GREEN), free=free) is None


# The planes


def test_a_gray_picture_has_no_planes() -> None:
    assert decode_chroma(b"") is None


def test_planes_lie_one_above_the_other() -> None:
    both = Image.new("L", (96, 128), 90)
    both.paste(170, (0, 64, 96, 128))
    planes = decode_chroma(encoded(both, "JPEG"))
    assert planes is not None
    assert planes.shape == (2, 64, 96)
    assert [round(float(plane.mean())) for plane in planes] == [90, 170]


# Colours of placed pictures


def gray_picture(image: Image.Image) -> GrayPicture:
    return GrayPicture.of(gray_of(image), Size(*image.size, *image.size), chroma=chroma_of(image))


def of_pictures(comparison: Comparison, query: GrayPicture, asset: GrayPicture) -> float:
    return share(measure_recoloured(comparison, (query.chroma, asset.chroma), comparison.frame.shared))


def test_colours_are_mirrored_with_the_picture() -> None:
    mirrored = gray_picture(coloured(RED).transpose(Image.Transpose.FLIP_LEFT_RIGHT)).mirror()
    for colour, least, most in ((RED, 0.0, 0.01), (GREEN, 0.06, 0.12)):
        asset = gray_picture(coloured(colour))
        assert least <= of_pictures(laid(mirrored.gray, asset.gray), mirrored, asset) <= most


def test_colours_are_laid_flat_with_the_picture() -> None:
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=np.float32)
    seen = np.array([[20, 10], [350, 0], [330, 240], [0, 215]], dtype=np.float32)
    away = cv2.getPerspectiveTransform(corners, seen)
    tilted = Image.fromarray(cv2.warpPerspective(np.asarray(coloured(RED)), away, (WIDTH, HEIGHT)))
    flat = lay_flat(gray_of(tilted), np.linalg.inv(away), (HEIGHT, WIDTH))
    assert flat is not None
    for colour, least, most in ((RED, 0.0, 0.01), (GREEN, 0.06, 0.12)):
        asset = gray_picture(coloured(colour))
        placement = Placement(gray_picture(tilted), asset, SAME_PLACE, swapped=False, mirrored=False)
        _, query = lay_flat_over(placement, flat)
        assert least <= of_pictures(laid(query.gray, asset.gray, flat.matrix), query, asset) <= most


def test_a_picture_without_colours_is_laid_flat_without_them() -> None:
    gray = replace(gray_picture(SCENE), chroma=None)
    flat = lay_flat(gray.gray, np.eye(3), gray.gray.shape)
    assert flat is not None
    _, query = lay_flat_over(Placement(gray, gray, SAME_PLACE, swapped=False, mirrored=False), flat)
    assert query.chroma is None
