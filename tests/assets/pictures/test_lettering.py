from __future__ import annotations

import numpy as np
import pytest
from pages import WORDS, card, page
from pictures import flat, photo
from PIL import Image, ImageDraw, ImageFont

from assets.picture_model import Gray
from assets.pictures.lettering import find_letters, uncover
from assets.pictures.local_features import keypoints_of, pixels_of

SCENE = photo(3, 640, 480)


def gray(image: Image.Image) -> Gray:
    levels = image.convert("L")
    return Gray(levels.width, levels.height, levels.tobytes())


def letters(image: Image.Image) -> np.ndarray | None:
    return find_letters(np.asarray(image.convert("L")))


def test_letters_over_a_dimmed_photograph_are_found() -> None:
    found = letters(card(SCENE))
    assert found is not None
    white = np.asarray(card(SCENE).convert("L")) >= 200
    assert found[white].mean() > 0.98
    assert found.mean() < 0.25


def test_black_letters_over_a_pale_photograph_are_found() -> None:
    image = SCENE.point(lambda level: 150 + level * 100 // 255)
    draw = ImageDraw.Draw(image)
    for number in range(4):
        words = " ".join(WORDS[3 * number : 3 * number + 3])
        draw.text((50, 90 + 60 * number), words, "black", font=ImageFont.load_default(48))
    assert letters(image) is not None


@pytest.mark.parametrize("seed", range(6))
def test_a_photograph_has_no_letters(seed: int) -> None:
    assert letters(photo(seed, 640, 480)) is None


def test_one_word_is_no_lettering() -> None:
    image = SCENE.copy()
    ImageDraw.Draw(image).text((50, 400), "mayor", "white", font=ImageFont.load_default(40))
    assert letters(image) is None


@pytest.mark.parametrize("size", [(1, 1), (159, 640), (640, 159)])
def test_a_small_picture_is_not_looked_at(size: tuple[int, int]) -> None:
    assert letters(card(SCENE).resize(size)) is None


def test_the_photograph_has_its_levels_again() -> None:
    uncovered = uncover(gray(card(SCENE, 0.4)))
    assert uncovered is not None
    levels = pixels_of(uncovered.gray)[uncovered.there]
    assert (np.percentile(levels, 1) <= 5, np.percentile(levels, 99) >= 250) == (True, True)


def test_the_photograph_is_what_it_was_where_it_shows() -> None:
    uncovered = uncover(gray(card(SCENE)))
    assert uncovered is not None
    before = np.asarray(SCENE.convert("L"))[uncovered.there].astype(float)
    after = pixels_of(uncovered.gray)[uncovered.there].astype(float)
    assert np.corrcoef(before, after)[0, 1] > 0.98


def test_letters_are_painted_over() -> None:
    image = card(SCENE)
    uncovered = uncover(gray(image))
    assert uncovered is not None
    white = np.asarray(image.convert("L")) >= 250
    assert pixels_of(uncovered.gray)[white].mean() < 200


def test_features_lie_off_the_letters() -> None:
    image = card(SCENE)
    uncovered, covered = uncover(gray(image)), letters(image)
    assert uncovered is not None
    assert covered is not None
    for found, lettered in zip(uncovered.features, (covered, covered[:, ::-1]), strict=True):
        x, y = keypoints_of(found)[:, :2].astype(int).T
        assert found.count == len(x) > 300
        assert not lettered[y, x].any()


def test_a_panel_that_letters_stand_on_has_no_say() -> None:
    image = card(SCENE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 400, 640, 480), fill="#202020")
    draw.text((50, 415), " ".join(WORDS[:5]), "white", font=ImageFont.load_default(40))
    uncovered = uncover(gray(image))
    assert uncovered is not None
    assert uncovered.there[405:, :].mean() < 0.2
    assert uncovered.there[:390, :].mean() > 0.6


@pytest.mark.parametrize("paper", [flat("black", 640, 480), flat("#303030", 640, 480)])
def test_letters_on_nothing_cover_no_photograph(paper: Image.Image) -> None:
    assert uncover(gray(card(paper, 1.0))) is None


def test_what_has_no_letters_is_not_uncovered() -> None:
    assert uncover(gray(SCENE)) is None


def test_a_page_of_text_covers_no_photograph() -> None:
    assert uncover(gray(page({}).resize((341, 640), Image.Resampling.BOX))) is None
