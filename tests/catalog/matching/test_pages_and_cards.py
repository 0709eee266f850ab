"""Photographs that the query as it is does not show: small ones on a page, under letters, as a negative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from matching import DrawnCatalog
from pages import card, page
from pictures import photo
from PIL import Image, ImageOps

from assets import Query
from catalog.matching.match import Match
from catalog.matching.relation import Relation

SEEDS = range(8)
SIZE = (800, 533)


def scene(seed: int, *size: int) -> Image.Image:
    return photo(seed, *(size or SIZE))


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawnCatalog]:
    pictures = {f"scene {seed}": scene(seed) for seed in SEEDS}
    with DrawnCatalog(tmp_path_factory.mktemp("catalog"), pictures) as drawn:
        yield drawn


def only(catalog: DrawnCatalog, image: Image.Image, seed: int = 3) -> Match:
    found = catalog.found(image)
    assert list(found) == [f"scene {seed}"], found
    return found[f"scene {seed}"]


def without_parts(query: Query) -> Query:
    return replace(query, parts=())


SMALL = page({(60, 600): scene(3, 230, 153)})


def test_a_small_photo_on_a_page_is_contained(catalog: DrawnCatalog) -> None:
    match = only(catalog, SMALL)
    assert (match.relation, match.larger) == (Relation.CONTAINED, "asset")
    assert match.kept > 0.95


def test_the_page_as_a_whole_does_not_show_it(catalog: DrawnCatalog) -> None:
    assert catalog.matcher.matches(without_parts(catalog.query(SMALL))) == []


def test_the_transform_takes_places_of_the_page_to_the_photo(catalog: DrawnCatalog) -> None:
    a, b, c, d, e, f = only(catalog, SMALL).transform
    middle = np.array([a * 175 + b * 676.5 + c, d * 175 + e * 676.5 + f])
    assert np.abs(middle - (400, 266.5)).max() < 4


def test_the_scale_is_that_of_the_photo_on_the_page(catalog: DrawnCatalog) -> None:
    assert only(catalog, SMALL).scale == pytest.approx(230 / 800, rel=0.02)


def test_a_crop_of_the_photo_on_a_page_is_told_with_its_share(catalog: DrawnCatalog) -> None:
    crop = scene(3).crop((200, 0, 800, 533)).resize((300, 266))
    match = only(catalog, page({(60, 600): crop}))
    assert match.relation is Relation.CONTAINED
    assert match.kept == pytest.approx(0.75, abs=0.03)
    assert np.abs(np.array(match.crop_box) - (200, 0, 600, 533)).max() <= 12


def test_a_mirrored_photo_on_a_page_is_said_to_be_mirrored(catalog: DrawnCatalog) -> None:
    match = only(catalog, page({(60, 600): ImageOps.mirror(scene(3, 230, 153))}))
    assert (match.relation, match.mirrored) == (Relation.CONTAINED, True)


def test_all_photos_of_a_contact_sheet_are_found(catalog: DrawnCatalog) -> None:
    places = [(20 + x * 320, 160 + y * 220) for y in range(4) for x in range(2)]
    sheet = page({place: scene(n, 300, 200) for n, place in enumerate(places)}, (660, 1100))
    found = catalog.found(sheet)
    assert sorted(found) == [f"scene {seed}" for seed in SEEDS]
    assert {match.relation for match in found.values()} == {Relation.CONTAINED}


def test_a_page_with_another_photo_matches_nothing(catalog: DrawnCatalog) -> None:
    assert catalog.found(page({(60, 600): scene(30, 230, 153)})) == {}


def test_a_page_s_own_file_is_identical(catalog: DrawnCatalog) -> None:
    sha256 = next(digest for digest, name in catalog.names.items() if name == "scene 3")
    first, *_ = catalog.matcher.matches(catalog.query(SMALL), sha256)
    assert (first.asset, first.relation) == (sha256, Relation.IDENTICAL)


@pytest.mark.parametrize("dimmed", [0.35, 0.5])
def test_a_photo_under_letters_is_the_same_photo(catalog: DrawnCatalog, dimmed: float) -> None:
    match = only(catalog, card(scene(3, 1080, 720), dimmed))
    assert match.relation.is_same_photo


def test_letters_over_a_photo_that_hide_it_are_told(catalog: DrawnCatalog) -> None:
    assert "text laid over it" in only(catalog, card(scene(5, 1080, 720), 0.3), 5).edits


def test_a_card_of_another_photo_matches_nothing(catalog: DrawnCatalog) -> None:
    assert catalog.found(card(scene(30, 1080, 720))) == {}


def test_a_negative_is_the_same_photo(catalog: DrawnCatalog) -> None:
    match = only(catalog, ImageOps.invert(scene(3)))
    assert (match.relation, match.edits) == (Relation.COPY, ("as a negative",))


def test_a_turned_negative_is_the_same_photo(catalog: DrawnCatalog) -> None:
    match = only(catalog, ImageOps.invert(scene(3).rotate(-90, expand=True)))
    assert (match.rotation, match.edits) == (90.0, ("as a negative",))


def test_the_negative_of_another_photo_matches_nothing(catalog: DrawnCatalog) -> None:
    assert catalog.found(ImageOps.invert(scene(30))) == {}


def test_what_is_found_as_it_is_is_not_looked_for_otherwise(
    catalog: DrawnCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = catalog.query(scene(3))
    monkeypatch.setattr("catalog.matching.query_view.uncover", None)
    assert len(catalog.matcher.matches(query)) == 1
