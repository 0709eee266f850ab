"""What browsers show of a picture file: of an animation the first frame that shows something."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from pictures import encoded, flat, photo
from PIL import Image, ImageFile

from assets.pictures import shown_picture
from assets.pictures.cut_files import ShownPicture
from assets.pictures.shown_picture import is_empty, load_shown

SCENE = photo(1, 120, 80)
OTHER = photo(2, 120, 80)
BLACK = flat("black", 120, 80)


def animated(*frames: Image.Image, format: str = "GIF") -> bytes:  # noqa: A002
    return encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=40, lossless=True)


def shown(body: bytes) -> ShownPicture:
    file = BytesIO(body)
    image = Image.open(file)
    assert isinstance(image, ImageFile.ImageFile)
    return load_shown(file, image, ("L", image.size))


def difference(one: Image.Image, other: Image.Image) -> float:
    pairs = [np.asarray(image.convert("RGB"), dtype=np.float64) for image in (one, other)]
    return float(np.abs(pairs[0] - pairs[1]).mean())


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize("colour", ["black", "white", "#336699"])
def test_a_first_frame_of_one_colour_is_passed_over(format: str, colour: str) -> None:  # noqa: A002
    empty = flat(colour, 120, 80)
    assert difference(shown(animated(empty, SCENE, OTHER, format=format)).image, SCENE) < 12


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_first_frame_that_shows_something_stays(format: str) -> None:  # noqa: A002
    assert difference(shown(animated(SCENE, OTHER, format=format)).image, SCENE) < 12


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_several_empty_frames_are_passed_over(format: str) -> None:  # noqa: A002
    frames = [flat(colour, 120, 80) for colour in ("black", "#040404", "#080808", "white")]
    assert difference(shown(animated(*frames, SCENE, format=format)).image, SCENE) < 12


def test_the_dark_beginning_of_a_fade_is_passed_over() -> None:
    dark = SCENE.point(lambda level: level // 30)
    assert difference(shown(animated(BLACK, dark, SCENE)).image, SCENE) < 12


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_where_no_frame_shows_anything_the_first_stays(format: str) -> None:  # noqa: A002
    found = shown(animated(BLACK, flat("white", 120, 80), format=format)).image
    assert found.convert("L").getextrema() == (0, 0)


def test_a_single_empty_picture_stays() -> None:
    assert shown(animated(BLACK)).image.convert("L").getextrema() == (0, 0)


def test_a_transparent_frame_shows_nothing() -> None:
    clear = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    assert is_empty(clear)


@pytest.mark.parametrize("image", [SCENE, SCENE.convert("L"), SCENE.quantize(8), SCENE.convert("1")])
def test_a_photo_shows_something_in_any_mode(image: Image.Image) -> None:
    assert not is_empty(image)


def test_two_colours_of_one_lightness_show_something() -> None:
    image = flat("#ff0000", 120, 80)
    image.paste("#4c4c4c", (0, 0, 60, 80))
    assert not is_empty(image)


def test_no_more_frames_are_looked_at_than_a_worker_has_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_picture, "MOST_FRAMES", 2)
    body = animated(BLACK, flat("white", 120, 80), BLACK, SCENE)
    assert shown(body).image.convert("L").getextrema() == (0, 0)


def test_no_more_pixels_are_looked_at_than_a_worker_has_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown_picture, "MOST_FRAME_PIXELS", 2 * 120 * 80)
    body = animated(BLACK, flat("white", 120, 80), BLACK, SCENE)
    assert shown(body).image.convert("L").getextrema() == (0, 0)


def test_an_animation_that_is_cut_off_among_its_empty_frames_shows_its_first() -> None:
    body = animated(BLACK, flat("white", 120, 80), SCENE)
    assert shown(body[: len(body) // 3]).image.convert("L").getextrema()[0] == 0


def test_a_file_that_is_cut_is_shown_as_far_as_it_goes() -> None:
    body = encoded(SCENE, "PNG")
    found = shown(body[: len(body) * 9 // 10])
    assert 0.8 < found.decoded < 0.95


def test_of_a_file_that_shows_nothing_its_own_error_is_raised() -> None:
    body = encoded(SCENE, "PNG")
    with pytest.raises(OSError, match="image file is truncated"):
        shown(body[: len(body) // 4])
