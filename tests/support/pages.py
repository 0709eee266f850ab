"""Pages, screenshots and cards drawn around pictures, for the tests of what is looked up."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFont

WORDS = "the mayor said on monday that the bridge will open again before winter".split()

Place = tuple[int, int]


def page(
    pictures: Mapping[Place, Image.Image],
    size: tuple[int, int] = (1280, 2400),
    colours: tuple[str, str] = ("white", "black"),
) -> Image.Image:
    """A page with a headline, pictures at places, and lines of text where there is room for them."""
    paper, ink = colours
    image = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(image)
    draw.text((60, 40), "The Morning Line", ink, font=ImageFont.load_default(60))
    font = ImageFont.load_default(24)
    for number, y in enumerate(range(160, size[1] - 100, 36)):
        if number % 6 < 5 and not any(top - 40 < y < top + one.height for (_, top), one in pictures.items()):
            words = WORDS[number % 7 :] + WORDS
            draw.text((60, y), " ".join(words[: size[0] // 100]), ink, font=font)
    for place, one in pictures.items():
        image.paste(one, place)
    return image


def card(photo: Image.Image, dimmed: float = 0.5) -> Image.Image:
    """A quote card: the photograph dimmed, with large letters over it."""
    image = photo.point(lambda level: int(level * dimmed))
    draw = ImageDraw.Draw(image)
    size = photo.width // 13
    for number in range(4):
        words = " ".join(WORDS[3 * number : 3 * number + 3])
        place = photo.width // 12, photo.height // 5 + number * size * 5 // 4
        draw.text(place, words, "white", font=ImageFont.load_default(size))
    return image
