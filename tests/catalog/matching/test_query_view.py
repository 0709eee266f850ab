from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pages import card, page
from pictures import encoded, photo
from PIL import Image

from assets import Query
from assets.pictures.inspect_task import inspect_query
from assets.pictures.local_features import pixels_of
from catalog.matching.query_view import QueryView

SCENE = photo(3, 640, 480)


def query_of(image: Image.Image, folder: Path) -> Query:
    path = folder / "query"
    path.write_bytes(encoded(image, "PNG", compress_level=1))
    found = inspect_query(str(path))
    assert isinstance(found, Query), found
    return found


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    return query_of(SCENE, tmp_path_factory.mktemp("query"))


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Query:
    """A page with a photograph of 400 x 300."""
    return query_of(page({(60, 700): SCENE.resize((400, 300))}), tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def under_letters(tmp_path_factory: pytest.TempPathFactory) -> QueryView:
    """What is seen of a quote card without its letters."""
    query = query_of(card(SCENE), tmp_path_factory.mktemp("card"))
    view = QueryView.of(query).without_letters(query.gray)
    assert view is not None
    return view


# As it is


def test_it_is_seen_in_gray(query: Query) -> None:
    np.testing.assert_array_equal(QueryView.of(query).gray, pixels_of(query.gray))


def test_its_size_is_that_of_the_picture(query: Query) -> None:
    size = QueryView.of(query).size
    assert (size.width, size.height) == (640, 480)


def test_its_features_are_those_as_it_is_and_mirrored(query: Query) -> None:
    view = QueryView.of(query)
    assert [len(one.places) for one in view.features] == [one.count for one in query.features]


def test_its_digest_is_known_where_it_is_given(query: Query) -> None:
    assert QueryView.of(query, "5f0c").catalogued.sha256 == "5f0c"


def test_every_pixel_of_it_has_a_say(query: Query) -> None:
    assert QueryView.of(query).catalogued.there is None


def test_of_a_file_that_is_cut_short_what_is_there_has(query: Query) -> None:
    cut = replace(query, picture=replace(query.picture, decoded=0.5))
    there = QueryView.of(cut).catalogued.there
    assert there is not None
    assert 0.4 < there.mean() < 0.5


# As the catalog would keep it


def test_it_is_as_large_as_the_catalog_would_keep_it(query: Query) -> None:
    kept = QueryView.of(query).catalogued
    assert (kept.size.gray_width, kept.size.gray_height) == kept.gray.shape[::-1]
    assert kept.gray.size <= QueryView.of(query).gray.size


def test_it_shows_the_same_then(query: Query) -> None:
    kept = QueryView.of(query).catalogued.gray
    small = np.asarray(SCENE.convert("L").resize(kept.shape[::-1], Image.Resampling.BOX), dtype=float)
    assert np.corrcoef(small.ravel(), kept.astype(float).ravel())[0, 1] > 0.99


# A photograph on a page


def test_a_part_of_a_page_is_seen_as_a_picture_of_its_own(paged: Query) -> None:
    view = QueryView.of_part(paged.parts[0])
    assert (view.size.width, view.size.height) == pytest.approx((400, 300), abs=16)


def test_it_is_known_to_be_a_part(paged: Query) -> None:
    assert (QueryView.of_part(paged.parts[0]).is_part, QueryView.of(paged).is_part) == (True, False)


def test_a_part_has_no_digest(paged: Query) -> None:
    assert QueryView.of_part(paged.parts[0]).sha256 == ""


# Under letters


def test_a_photograph_has_no_letters_to_take_away(query: Query) -> None:
    assert QueryView.of(query).without_letters(query.gray) is None


def test_where_letters_were_nothing_has_a_say(under_letters: QueryView) -> None:
    assert under_letters.there is not None
    white = np.asarray(card(SCENE).convert("L").resize(under_letters.there.shape[::-1])) > 240
    assert under_letters.there[white].mean() < 0.05


def test_so_it_is_in_what_the_catalog_would_keep(under_letters: QueryView) -> None:
    kept = under_letters.catalogued
    assert kept.there is not None
    assert kept.there.shape == kept.gray.shape
    assert 0.5 < kept.there.mean() < 1


def test_only_features_find_it(under_letters: QueryView) -> None:
    assert (len(under_letters.features) > 0, under_letters.fingerprints) == (True, ())


# As a negative


def test_in_a_negative_black_is_white(query: Query) -> None:
    view = QueryView.of(query)
    np.testing.assert_array_equal(view.as_negative().gray, 255 - view.gray)


def test_only_fingerprints_find_it(query: Query) -> None:
    negative = QueryView.of(query).as_negative()
    assert (negative.features, len(negative.fingerprints)) == ((), len(query.fingerprints))


def test_the_negative_of_a_negative_is_found_by_what_finds_the_picture(query: Query) -> None:
    assert QueryView.of(query).as_negative().as_negative().fingerprints == query.fingerprints
