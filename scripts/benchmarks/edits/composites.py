"""One drawn element over different photographs, one backdrop behind different people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.edits.cards import lower_third
from benchmarks.edits.cutting import subject
from benchmarks.edits.pictures import COLOURS, WHITE, Random, filled, fitted, font, pick, sentence, write

# Of a photograph and a backdrop; the element comes from the first chance, how the photograph stands from the second.
Composite = Callable[[Image.Image, Image.Image, Random, Random], Image.Image]


def text_panel(photo: Image.Image, backdrop: Image.Image, template: Random, told: Random) -> Image.Image:
    """A panel of text over half of the photograph."""
    card = filled(photo, 1200, 675)
    left = pick(template, (0, 600))
    ImageDraw.Draw(card).rectangle((left, 0, left + 600, 675), fill=pick(template, COLOURS))
    y = write(card, (left + 50, 80, 510), sentence(template, 9), 58, WHITE)
    write(card, (left + 50, y + 30, 510), sentence(template, 24), 26, WHITE)
    return card


def share_card(photo: Image.Image, backdrop: Image.Image, template: Random, told: Random) -> Image.Image:
    """The photograph above, one text below it."""
    card = Image.new("RGB", (1080, 1080), pick(template, COLOURS))
    card.paste(filled(photo, 1080, 540))
    y = write(card, (70, 590, 940), sentence(template, 10), 68, WHITE)
    write(card, (70, y + 30, 940), sentence(template, 16), 32, WHITE)
    return card


def broadcast(photo: Image.Image, backdrop: Image.Image, template: Random, told: Random) -> Image.Image:
    """One lower third and one channel's mark over another still."""
    still = filled(photo, 1280, 720)
    lower_third(still, template, sentence(template, 5), sentence(template, 7))
    draw = ImageDraw.Draw(still)
    draw.rectangle((1090, 40, 1230, 100), fill=pick(template, COLOURS))
    draw.text((1110, 52), "KANAL 7", font=font(28), fill=WHITE)
    return still


def sponsor_wall(photo: Image.Image, backdrop: Image.Image, template: Random, told: Random) -> Image.Image:
    """One wall of marks; before it stands what another photograph has in its middle."""
    wall = Image.new("RGB", (960, 640), pick(template, (WHITE, (20, 40, 90), (236, 236, 236))))
    draw = ImageDraw.Draw(wall)
    marks = [(sentence(template, 1).upper(), pick(template, COLOURS)) for _ in range(5)]
    for row in range(7):
        for column in range(6):
            name, colour = marks[(2 * row + column) % 5]
            left, top = 165 * column - 60 + 40 * (row % 2), 96 * row + 20
            draw.rounded_rectangle((left, top, left + 140, top + 58), 12, fill=colour)
            draw.text((left + 12, top + 16), name[:9], font=font(22), fill=WHITE)
    return _with_person(wall, photo, told)


def one_backdrop(photo: Image.Image, backdrop: Image.Image, template: Random, told: Random) -> Image.Image:
    """One place out of focus; before it stands what another photograph has in its middle."""
    wall = filled(backdrop, 960, 640).filter(ImageFilter.GaussianBlur(float(template.uniform(0.5, 2))))
    return _with_person(wall, photo, told)


def _with_person(wall: Image.Image, photo: Image.Image, told: Random) -> Image.Image:
    """The wall, and as large as fits before it what stands in the middle of a photograph: a fifth of it or more."""
    width, height = wall.size
    mask = Image.fromarray((255 * subject(photo, told)).astype(np.uint8))
    box = mask.point(lambda level: 255 if level > 127 else 0).getbbox() or (0, 0, *photo.size)
    room = round(float(told.uniform(0.55, 0.65)) * width), round(float(told.uniform(0.85, 0.98)) * height)
    person = fitted(photo.crop(box), *room)
    place = int(told.integers(width // 10, width - person.width - width // 10)), height - person.height
    front = wall.copy()
    front.paste(person, place, mask.crop(box).resize(person.size))
    return front


COMPOSITES: Mapping[str, Composite] = {
    "text panel": text_panel,
    "share card": share_card,
    "lower third": broadcast,
    "sponsor wall": sponsor_wall,
    "one backdrop": one_backdrop,
}

# Where the backdrop is to be seen.
WITH_BACKDROP = {"one backdrop"}
