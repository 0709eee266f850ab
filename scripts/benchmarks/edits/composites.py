"""One drawn element over different photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.edits.cards import lower_third
from benchmarks.edits.cutting import subject
from benchmarks.edits.pictures import COLOURS, WHITE, Random, blended, filled, font, pick, sentence, write

# The element comes from the first chance, how the photograph stands from the second.
Composite = Callable[[Image.Image, Random, Random], Image.Image]


def text_panel(photo: Image.Image, template: Random, told: Random) -> Image.Image:
    """A panel of text over half of the photograph."""
    card = filled(photo, 1200, 675)
    left = pick(template, (0, 600))
    ImageDraw.Draw(card).rectangle((left, 0, left + 600, 675), fill=pick(template, COLOURS))
    y = write(card, (left + 50, 80, 510), sentence(template, 9), 58, WHITE)
    write(card, (left + 50, y + 30, 510), sentence(template, 24), 26, WHITE)
    return card


def share_card(photo: Image.Image, template: Random, told: Random) -> Image.Image:
    """The photograph above, one text below it."""
    card = Image.new("RGB", (1080, 1080), pick(template, COLOURS))
    card.paste(filled(photo, 1080, 540))
    y = write(card, (70, 590, 940), sentence(template, 10), 68, WHITE)
    write(card, (70, y + 30, 940), sentence(template, 16), 32, WHITE)
    return card


def broadcast(photo: Image.Image, template: Random, told: Random) -> Image.Image:
    """One lower third and one channel's mark over another still."""
    still = filled(photo, 1280, 720)
    lower_third(still, template, sentence(template, 5), sentence(template, 7))
    draw = ImageDraw.Draw(still)
    draw.rectangle((1090, 40, 1230, 100), fill=pick(template, COLOURS))
    draw.text((1110, 52), "KANAL 7", font=font(28), fill=WHITE)
    return still


def sponsor_wall(photo: Image.Image, template: Random, told: Random) -> Image.Image:
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
    side = float(told.uniform(0.72, 0.95)) * 640
    person = filled(photo, round(float(told.uniform(0.7, 0.95)) * side), round(side))
    mask = np.zeros((640, 960), np.float32)
    left = int(told.integers(140, 960 - person.width - 120))
    top = 640 - person.height
    mask[top:, left : left + person.width] = subject(person, told)
    front = wall.copy()
    front.paste(person, (left, top))
    return blended(front, wall, mask)


COMPOSITES: Mapping[str, Composite] = {
    "text panel": text_panel,
    "share card": share_card,
    "lower third": broadcast,
    "sponsor wall": sponsor_wall,
}
