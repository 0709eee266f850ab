from __future__ import annotations

import numpy as np
import pytest
from pages import WORDS, card, page
from pictures import flat, gradient, photo
from PIL import Image, ImageDraw, ImageFont

from assets.pictures.photo_regions import MOST_REGIONS, Box, Pixels, find_regions, split_region


def small(image: Image.Image, side: int = 640) -> Pixels:
    gray = image.convert("L")
    gray.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(gray)


def regions(image: Image.Image, least_side: int = 20) -> list[Box]:
    return find_regions(small(image), least_side)


def assert_near(found: Box, wanted: Box, by: int = 3) -> None:
    assert np.abs(np.array(found) - wanted).max() <= by, (found, wanted)


@pytest.mark.parametrize("colours", [("white", "black"), ("#121214", "#e0e0e0"), ("#e5ddd5", "black")])
def test_a_photograph_on_a_page_is_found_and_its_text_is_not(colours: tuple[str, str]) -> None:
    (found,) = regions(page({(60, 600): photo(1, 240, 160)}, colours=colours))
    assert_near(found, (16, 160, 64, 43))


def test_photographs_are_told_the_largest_first() -> None:
    image = page({(60, 300): photo(1, 300, 200), (60, 900): photo(2, 600, 400)})
    first, second = regions(image)
    assert_near(first, (16, 240, 160, 107))
    assert_near(second, (16, 80, 80, 53))


@pytest.mark.parametrize("gap", [8, 40])
def test_all_of_a_contact_sheet_are_found(gap: int) -> None:
    places = [(gap + x * (300 + gap), 160 + y * (200 + gap)) for y in range(4) for x in range(3)]
    sheet = page({place: photo(n, 300, 200) for n, place in enumerate(places)}, (900 + 4 * gap, 1300))
    assert len(regions(sheet)) == 12


def test_no_more_are_told_than_are_looked_up() -> None:
    places = [(20 + x * 150, 20 + y * 110) for y in range(6) for x in range(5)]
    sheet = page({place: photo(n, 130, 90) for n, place in enumerate(places)}, (770, 680))
    assert len(regions(sheet)) == MOST_REGIONS


def test_corners_may_be_rounded() -> None:
    mask = Image.new("L", (500, 400))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 499, 399), 30, fill=255)
    image = page({}, (1080, 2340), ("#0b141a", "white"))
    image.paste(photo(5, 500, 400), (540, 700), mask)
    (found,) = regions(image)
    assert_near(found, (148, 191, 137, 110))


def test_what_sticks_out_of_a_photograph_is_no_part_of_it() -> None:
    image = page({(400, 700): photo(5, 500, 400)}, (1280, 2400))
    draw = ImageDraw.Draw(image)
    for place in ((360, 800), (600, 660), (900, 1000)):
        draw.rectangle((*place, place[0] + 50, place[1] + 50), fill="#505050")
    (found,) = regions(image)
    assert_near(found, (107, 187, 133, 107))


def test_a_photograph_as_wide_as_the_screen_is_found() -> None:
    (found,) = regions(page({(0, 400): photo(4, 1080, 800)}, (1080, 2340)))
    assert_near(found, (0, 109, 295, 219))


@pytest.mark.parametrize("seed", range(6))
def test_a_photograph_has_none(seed: int) -> None:
    assert regions(photo(seed, 640, 480)) == []


@pytest.mark.parametrize(
    "image",
    [flat(), gradient(), page({}), page({}, (1080, 2340), ("black", "white")), card(photo(1, 640, 640))],
    ids=["flat", "gradient", "page", "dark page", "card"],
)
def test_what_shows_no_photograph_has_none(image: Image.Image) -> None:
    assert regions(image) == []


def test_a_box_with_letters_is_no_photograph() -> None:
    image = page({}, (1080, 1400))
    draw = ImageDraw.Draw(image)
    draw.rectangle((200, 500, 700, 800), fill="#204080")
    for number in range(5):
        words = " ".join(WORDS[number : number + 4])
        draw.text((230, 520 + 52 * number), words, "white", font=ImageFont.load_default(36))
    assert regions(image) == []


def test_a_picture_below_the_least_side_is_passed_over() -> None:
    image = page({(60, 600): photo(1, 240, 160)})
    assert len(regions(image, 40)) == 1
    assert regions(image, 46) == []


@pytest.mark.parametrize("size", [(1, 1), (31, 400), (640, 31)])
def test_a_tiny_picture_has_none(size: tuple[int, int]) -> None:
    assert find_regions(np.zeros(size, dtype=np.uint8), 1) == []


def split(image: Image.Image, box: Box, margin: int = 4) -> list[Box]:
    return split_region(np.asarray(image.convert("L")), box, margin)


def test_the_edges_of_a_region_are_found_in_the_page() -> None:
    image = page({(100, 600): photo(1, 300, 200)})
    assert split(image, (97, 603, 306, 199)) == [(100, 600, 300, 200)]


@pytest.mark.parametrize("gap", [2, 20])
def test_photographs_beside_one_another_are_parted(gap: int) -> None:
    image = page({(100, 600): photo(1, 300, 200), (400 + gap, 600): photo(2, 300, 200)})
    assert split(image, (100, 600, 600 + gap, 200)) == [(100, 600, 300, 200), (400 + gap, 600, 300, 200)]


def test_photographs_above_one_another_are_parted() -> None:
    image = page({(100, 600): photo(1, 300, 200), (100, 804): photo(2, 300, 200)})
    assert split(image, (100, 600, 300, 404)) == [(100, 600, 300, 200), (100, 804, 300, 200)]


def test_a_caption_on_a_panel_is_left_out() -> None:
    image = flat("#f0f0f0", 640, 1100)
    image.paste(photo(1, 300, 200), (100, 600))
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 800, 399, 899), fill="white")
    draw.text((110, 830), "the bridge will open", "black", font=ImageFont.load_default(24))
    assert split(image, (100, 600, 300, 300)) == [(100, 600, 300, 200)]


def test_a_calm_stretch_of_a_photograph_parts_nothing() -> None:
    scene = photo(1, 300, 200)
    scene.paste("#808080", (120, 0, 180, 200))
    assert split(page({(100, 600): scene}), (100, 600, 300, 200)) == [(100, 600, 300, 200)]


def test_a_plain_edge_belongs_to_the_photograph() -> None:
    scene = photo(1, 300, 200)
    scene.paste("#808080", (0, 0, 40, 200))
    assert split(page({(100, 600): scene}), (100, 600, 300, 200)) == [(100, 600, 300, 200)]


def test_nothing_but_paper_has_no_parts() -> None:
    assert split(flat(), (100, 100, 60, 60)) == []
