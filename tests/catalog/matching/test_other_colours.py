"""Pictures that are alike in gray and have other colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matching import DrawnCatalog
from pictures import photo
from PIL import Image, ImageDraw

from catalog.matching.match import Match
from catalog.matching.relation import Relation

# All are as bright as each other.
PARTIES = ((206, 74, 74), (60, 146, 60), (88, 112, 224), (150, 96, 150))

WIDTH, HEIGHT = 640, 440


def drawn_map(results: int) -> Image.Image:
    """Districts in the colours of those who won them, on white, under a title."""
    shape = np.random.default_rng(5)
    middles = shape.uniform(0, 1, (24, 2)) * (WIDTH - 80, HEIGHT - 120)
    y, x = np.mgrid[: HEIGHT - 120, : WIDTH - 80].astype(float)
    x, y = x + 9 * np.sin(y / 21), y + 9 * np.sin(x / 27)
    district = ((x[..., None] - middles[:, 0]) ** 2 + (y[..., None] - middles[:, 1]) ** 2).argmin(axis=2)
    won = np.random.default_rng(results).integers(0, len(PARTIES), len(middles))
    levels = np.array(PARTIES, dtype=np.uint8)[won][district]
    levels[:, 1:][np.diff(district, axis=1) != 0] = 255
    levels[1:][np.diff(district, axis=0) != 0] = 255
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    image.paste(Image.fromarray(levels), (40, 80))
    draw = ImageDraw.Draw(image)
    draw.text((40, 20), "Results by district, final count", fill=(20, 20, 20), font_size=30)
    draw.text((40, HEIGHT - 30), "Source: electoral office", fill=(80, 80, 80), font_size=16)
    return image


def recoloured(image: Image.Image, place: tuple[int, int, int, int]) -> Image.Image:
    """A picture with the colours of a place turned into their opposites, as bright as they were."""
    brightness, *chroma = image.convert("YCbCr").split()
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).ellipse(place, fill=255)
    turned = [Image.composite(one.point([255 - level for level in range(256)]), one, mask) for one in chroma]
    return Image.merge("YCbCr", [brightness, *turned]).convert("RGB")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawnCatalog]:
    pictures = {"map": drawn_map(1), "photo": photo(3, WIDTH, HEIGHT)}
    with DrawnCatalog(tmp_path_factory.mktemp("catalog"), pictures) as made:
        yield made


def smaller(image: Image.Image) -> Image.Image:
    return image.resize((WIDTH // 2, HEIGHT // 2), Image.Resampling.LANCZOS)


def mirrored(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def with_border(image: Image.Image) -> Image.Image:
    bordered = Image.new("RGB", (WIDTH + 60, HEIGHT + 60), (20, 50, 130))
    bordered.paste(image, (30, 30))
    return bordered


def cut(image: Image.Image) -> Image.Image:
    return image.crop((50, 60, WIDTH - 60, HEIGHT - 20))


EDITS = [lambda image: image, smaller, mirrored, with_border, cut]


def found_map(catalog: DrawnCatalog, image: Image.Image) -> Match:
    return catalog.found(image)["map"]


@pytest.mark.parametrize("edit", EDITS)
def test_a_map_in_other_colours_is_another_one(catalog: DrawnCatalog, edit: object) -> None:
    assert callable(edit)
    match = found_map(catalog, edit(drawn_map(2)))
    assert (match.relation, match.why) == (Relation.SHARED_ELEMENT, "a drawing in other colours")


@pytest.mark.parametrize("edit", EDITS)
def test_a_map_in_its_colours_is_the_same(catalog: DrawnCatalog, edit: object) -> None:
    assert callable(edit)
    assert found_map(catalog, edit(drawn_map(1))).relation.is_same_photo


@pytest.mark.parametrize(
    "turned", [lambda image: image.convert("L"), lambda image: image.point(lambda v: 0.8 * v)]
)
def test_a_map_without_its_colours_is_the_same(catalog: DrawnCatalog, turned: object) -> None:
    assert callable(turned)
    assert found_map(catalog, turned(drawn_map(1))).relation.is_same_photo


def test_two_catalogued_maps_in_other_colours_are_two(tmp_path: Path) -> None:
    with DrawnCatalog(tmp_path, {"one": drawn_map(1), "other": drawn_map(2)}) as catalog:
        match = catalog.matcher.verify(0, 1, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), 40)
    assert match is not None
    assert match.why == "a drawing in other colours"


def test_a_photograph_with_a_part_in_another_colour_is_the_same_and_said_to_be_recoloured(
    catalog: DrawnCatalog,
) -> None:
    match = catalog.found(recoloured(photo(3, WIDTH, HEIGHT), (150, 100, 330, 280)))["photo"]
    assert (match.relation, match.edits) == (Relation.COPY, ("recoloured",))


def test_a_graded_photograph_is_not_said_to_be_recoloured(catalog: DrawnCatalog) -> None:
    warm = np.clip(np.asarray(photo(3, WIDTH, HEIGHT)) * (1.15, 1.0, 0.8), 0, 255).astype(np.uint8)
    match = catalog.found(Image.fromarray(warm))["photo"]
    assert (match.relation, match.edits) == (Relation.COPY, ())
