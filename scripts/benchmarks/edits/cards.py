"""Photographs under texts and in television's shapes."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.edits.pictures import (
    BLACK,
    COLOURS,
    WHITE,
    Random,
    filled,
    fitted,
    font,
    pick,
    scaled,
    sentence,
    write,
)

YELLOW = (255, 190, 30)


def quote_card(photo: Image.Image, rng: Random) -> Image.Image:
    """The photograph dimmed to a third or half, large white words over it."""
    width, height = pick(rng, ((1080, 1080), (1080, 1350), (1200, 675)))
    dim = float(rng.uniform(0.35, 0.5))
    card = filled(photo, width, height).point(lambda level: round(level * dim))
    size = height * float(rng.uniform(0.075, 0.095))
    text = f"“{sentence(rng, int(rng.integers(9, 15)))}”"
    below = write(card, (0.08 * width, 0.14 * height, 0.8 * width), text, size, WHITE)
    write(card, (0.08 * width, below + 0.4 * size, 0.8 * width), sentence(rng, 3), 0.5 * size, YELLOW)
    _footer(card, pick(rng, COLOURS), sentence(rng, 2).upper())
    return card


def gradient_card(photo: Image.Image, rng: Random) -> Image.Image:
    """The photograph cut square or 4:5; its lower half fades into dark, where the headline stands."""
    width, height = pick(rng, ((1080, 1080), (1080, 1350)))
    levels = np.asarray(filled(photo, width, height), np.float32)
    begins = float(rng.uniform(0.25, 0.42))
    fade = np.clip((np.linspace(0, 1, height, dtype=np.float32) - begins) / 0.3, 0, 1)
    card = Image.fromarray((levels * (1 - 0.97 * fade)[:, None, None]).astype(np.uint8))
    draw, size = ImageDraw.Draw(card), 0.052 * height
    top = 0.7 * height
    draw.rectangle((0.06 * width, top - 1.5 * size, 0.26 * width, top - 0.3 * size), fill=pick(rng, COLOURS))
    draw.text((0.08 * width, top - 1.35 * size), "BREAKING", font=font(round(0.65 * size)), fill=WHITE)
    write(card, (0.06 * width, top, 0.86 * width), sentence(rng, int(rng.integers(8, 13))), size, WHITE)
    return card


def pillars(photo: Image.Image, rng: Random) -> Image.Image:
    """The upright middle of the photograph in 16:9, its own blur on both sides, as of a phone's video."""
    width, height = pick(rng, ((1280, 720), (1920, 1080), (960, 540)))
    behind = filled(photo, width, height).filter(ImageFilter.GaussianBlur(height / 32))
    upright = filled(photo, round(height * pick(rng, (9 / 16, 3 / 4, 2 / 3))), height)
    behind.paste(upright, ((width - upright.width) // 2, 0))
    return behind


def television(photo: Image.Image, rng: Random) -> Image.Image:
    """A still of a broadcast: 16:9, a lower third, the channel's mark."""
    still = filled(photo, 1280, 720)
    lower_third(still, rng, sentence(rng, 5), sentence(rng, 7))
    draw = ImageDraw.Draw(still)
    draw.rounded_rectangle((1120, 36, 1230, 86), 10, fill=pick(rng, COLOURS))
    draw.text((1142, 46), f"TV{int(rng.integers(2, 99))}", font=font(28), fill=WHITE)
    return still.filter(ImageFilter.GaussianBlur(0.6))


def lower_third(still: Image.Image, rng: Random, title: str, line: str) -> None:
    """Draw a band with a title and a line over the lower part of a still."""
    width, height = still.size
    draw, colour = ImageDraw.Draw(still), pick(rng, COLOURS)
    draw.rectangle((0, 0.79 * height, width, 0.9 * height), fill=colour)
    draw.rectangle((0, 0.9 * height, width, 0.97 * height), fill=(24, 24, 26))
    draw.text((0.04 * width, 0.81 * height), title, font=font(round(0.06 * height)), fill=WHITE)
    draw.text((0.04 * width, 0.91 * height), line, font=font(round(0.038 * height)), fill=WHITE)


def on_canvas(photo: Image.Image, rng: Random) -> Image.Image:
    """The photograph at two fifths in the middle of black."""
    canvas, small = Image.new("RGB", photo.size, BLACK), scaled(photo, 0.4)
    canvas.paste(small, ((canvas.width - small.width) // 2, (canvas.height - small.height) // 2))
    return canvas


def captioned(photo: Image.Image, rng: Random) -> Image.Image:
    """A strip with a caption below it."""
    strip = round(0.14 * photo.height)
    made = Image.new("RGB", (photo.width, photo.height + strip), WHITE)
    made.paste(photo)
    write(
        made,
        (0.03 * made.width, photo.height + 0.2 * strip, 0.94 * made.width),
        sentence(rng, 9),
        strip / 3,
        BLACK,
    )
    return made


def bordered(photo: Image.Image, rng: Random) -> Image.Image:
    border = round(0.05 * max(photo.size))
    made = Image.new("RGB", (photo.width + 2 * border, photo.height + 2 * border), pick(rng, COLOURS))
    made.paste(photo, (border, border))
    return made


def with_logo(photo: Image.Image, rng: Random) -> Image.Image:
    made, side = photo.copy(), round(0.16 * min(photo.size))
    left, top = pick(rng, (side // 4, photo.width - side - side // 4)), side // 4
    draw = ImageDraw.Draw(made)
    draw.ellipse((left, top, left + side, top + side), fill=pick(rng, COLOURS))
    draw.text((left + 0.25 * side, top + 0.25 * side), "N24", font=font(round(side / 3)), fill=WHITE)
    return made


def _footer(card: Image.Image, colour: tuple[int, int, int], text: str) -> None:
    top = round(0.94 * card.height)
    ImageDraw.Draw(card).rectangle((0, top, card.width, card.height), fill=colour)
    write(card, (0.08 * card.width, top + 0.012 * card.height, card.width), text, 0.036 * card.height, WHITE)


def letterboxed(photo: Image.Image, rng: Random) -> Image.Image:
    """The whole photograph in 1:1, black above and below or on both sides."""
    canvas = Image.new("RGB", (1000, 1000), BLACK)
    whole = fitted(photo, 1000, 1000)
    canvas.paste(whole, ((1000 - whole.width) // 2, (1000 - whole.height) // 2))
    return canvas
