"""Drawings after one template: what they tell differs, all else is the same.

Each function takes chance twice: for the template, and for what is told by it.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping

import cv2
import numpy as np
from PIL import Image, ImageDraw

from benchmarks.edits.pictures import (
    BLACK,
    COLOURS,
    PAPER,
    WHITE,
    Colour,
    Random,
    font,
    gradient,
    pick,
    sentence,
    write,
)

INK: Colour = (30, 30, 34)
PALE: Colour = (214, 216, 220)
SIZES = ((800, 450), (800, 500), (1000, 563), (720, 720))
TEAMS = "NOVA BETA RIO MAR LUX ARGO VEGA TERN DELTA ORION KRAS POLO".split()

Drawing = Callable[[Random, Random], Image.Image]


def map_by_shade(template: Random, told: Random) -> Image.Image:
    """Districts, each in the shade of a number."""
    hue = float(template.random())
    shades = [_rgb(hue, 0.2 + 0.15 * step, 0.97 - 0.14 * step) for step in range(5)]
    return _map(template, told, shades)


def map_by_party(template: Random, told: Random) -> Image.Image:
    """Districts, each in the colour of who won it; all are of one brightness, so that gray tells nothing."""
    shades = [_of_luma(_rgb(step / 5 + 0.05, 0.75, 0.9), 128) for step in range(5)]
    return _map(template, told, shades)


def score_card(template: Random, told: Random) -> Image.Image:
    width, height = pick(template, SIZES)
    card = gradient(width, height, pick(template, COLOURS), pick(template, COLOURS))
    draw, side = ImageDraw.Draw(card), 0.3 * height
    discs = [pick(template, COLOURS), pick(template, COLOURS)]
    league = sentence(template, 2)
    first = int(told.integers(len(TEAMS)))
    teams = TEAMS[first], TEAMS[(first + 1 + int(told.integers(len(TEAMS) - 1))) % len(TEAMS)]
    for number, (team, place) in enumerate(zip(teams, (0.22, 0.78), strict=True)):
        middle = place * width, 0.4 * height
        box = (middle[0] - side / 2, middle[1] - side / 2, middle[0] + side / 2, middle[1] + side / 2)
        draw.ellipse(box, fill=discs[number], outline=WHITE, width=5)
        draw.text(middle, team, font=font(round(side / 5)), fill=WHITE, anchor="mm")
    score = f"{int(told.integers(0, 6))} - {int(told.integers(0, 6))}"
    draw.text((width / 2, 0.4 * height), score, font=font(round(0.15 * height)), fill=WHITE, anchor="mm")
    draw.text((width / 2, 0.85 * height), f"FULL TIME  {league}", font=font(24), fill=WHITE, anchor="mm")
    return card


def line_chart(template: Random, told: Random) -> Image.Image:
    chart, frame = _axes(template)
    draw, count = ImageDraw.Draw(chart), int(template.integers(8, 16))
    colours = [pick(template, COLOURS) for _ in range(int(template.integers(1, 3)))]
    for colour in colours:
        levels = np.clip(0.5 + np.cumsum(told.normal(0, 0.17, count)), 0.03, 0.97)
        xs = np.linspace(frame[0], frame[2], count)
        draw.line(list(zip(xs, frame[3] - levels * (frame[3] - frame[1]), strict=True)), fill=colour, width=4)
    return chart


def bar_chart(template: Random, told: Random) -> Image.Image:
    chart, frame = _axes(template)
    draw, count, colour = ImageDraw.Draw(chart), int(template.integers(6, 12)), pick(template, COLOURS)
    step = (frame[2] - frame[0]) / count
    for number, level in enumerate(told.uniform(0.08, 0.95, count)):
        left = frame[0] + step * (number + 0.18)
        top = frame[3] - level * (frame[3] - frame[1])
        draw.rectangle((left, top, left + 0.64 * step, frame[3]), fill=colour)
    return chart


def letter(template: Random, told: Random) -> Image.Image:
    """A letterhead over another letter."""
    page = Image.new("RGB", (800, 1130), PAPER)
    draw, colour = ImageDraw.Draw(page), pick(template, COLOURS)
    draw.ellipse((70, 60, 150, 140), fill=colour)
    draw.polygon([(110, 70), (140, 130), (80, 130)], fill=WHITE)
    draw.text((175, 70), sentence(template, 4).upper(), font=font(30), fill=colour)
    draw.text((175, 112), sentence(template, 6), font=font(18), fill=INK)
    draw.line((70, 165, 730, 165), fill=colour, width=4)
    draw.text((70, 1075), sentence(template, 9), font=font(15), fill=INK)
    y = write(page, (70, 230, 660), sentence(told, int(told.integers(3, 7))), 24, INK) + 20
    while y < 960:
        y = write(page, (70, y, 660), sentence(told, int(told.integers(20, 60))) + ".", 19, INK) + 20
    return page


def social_post(template: Random, told: Random) -> Image.Image:
    """A card of a network with another post of the same account."""
    card = Image.new("RGB", (900, 620), WHITE)
    draw, colour = ImageDraw.Draw(card), pick(template, COLOURS)
    draw.ellipse((40, 40, 140, 140), fill=colour)
    draw.text((90, 90), pick(template, TEAMS)[0], font=font(54), fill=WHITE, anchor="mm")
    draw.text((165, 52), sentence(template, 2), font=font(36), fill=BLACK)
    draw.text((165, 98), "@" + pick(template, TEAMS).lower(), font=font(28), fill=(110, 118, 128))
    write(card, (40, 180, 810), sentence(told, int(told.integers(14, 30))) + ".", 42, BLACK)
    draw.line((40, 530, 860, 530), fill=PALE, width=2)
    for place in range(4):
        left = 60 + 215 * place
        draw.ellipse((left, 556, left + 30, 586), outline=(110, 118, 128), width=3)
        draw.text((left + 44, 556), str(int(told.integers(2, 900))), font=font(26), fill=(110, 118, 128))
    return card


def table_card(template: Random, told: Random) -> Image.Image:
    """A table whose rows have other numbers."""
    card = Image.new("RGB", (900, 600), WHITE)
    draw, colour = ImageDraw.Draw(card), pick(template, COLOURS)
    draw.rectangle((0, 0, 900, 90), fill=colour)
    draw.text((40, 24), sentence(template, 3), font=font(40), fill=WHITE)
    rows = [sentence(template, 2) for _ in range(8)]
    for number, name in enumerate(rows):
        top = 110 + 58 * number
        draw.rectangle((0, top, 900, top + 57), fill=WHITE if number % 2 else (240, 242, 245))
        draw.text((40, top + 12), name, font=font(28), fill=INK)
        for column in range(3):
            figure = f"{float(told.uniform(0, 99)):.1f}"
            draw.text((520 + 150 * column, top + 12), figure, font=font(28), fill=INK)
    return card


def _rgb(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = (round(255 * one) for one in colorsys.hsv_to_rgb(hue % 1, saturation, value))
    return red, green, blue


def _of_luma(colour: Colour, luma: int) -> Colour:
    """The colour made as light as gray of a level, near enough for JPEG."""
    shades = np.array(colour, np.float64)
    for _ in range(20):
        shades = np.clip(shades * luma / max(1.0, float(shades @ (0.299, 0.587, 0.114))), 0, 255)
    red, green, blue = (round(float(one)) for one in shades)
    return red, green, blue


def _map(template: Random, told: Random, shades: list[Colour]) -> Image.Image:
    width, height = pick(template, SIZES)
    count = int(template.integers(24, 46))
    seeds = template.uniform(0.12, 0.9, (count, 2)) * (width, height)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    # Borders that wind: what belongs to a seed is asked a little aside.
    wind = [
        float(template.uniform(4, 9)) * np.sin((ys if axis else xs) / float(template.uniform(9, 24)))
        for axis in (1, 0)
    ]
    away = np.stack([np.hypot(xs + wind[0] - x, ys + wind[1] - y) for x, y in seeds])
    nearest = away.argmin(axis=0)
    land = away.min(axis=0) < 0.17 * width
    colours = np.array([pick(told, shades) for _ in range(count)], np.uint8)
    levels = np.where(land[..., None], colours[nearest], np.array((236, 240, 244), np.uint8)).astype(np.uint8)
    edge = cv2.morphologyEx(
        np.where(land, nearest, count).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)
    )
    levels[np.asarray(edge) > 0] = 255
    drawn = Image.fromarray(levels)
    draw = ImageDraw.Draw(drawn)
    draw.text((20, 14), sentence(template, 5), font=font(28), fill=INK)
    for number, shade in enumerate(shades):
        top = height - 40 - 30 * number
        draw.rectangle((20, top, 44, top + 22), fill=shade)
        draw.text((54, top), sentence(template, 1), font=font(18), fill=INK)
    return drawn


def _axes(template: Random) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """A chart without data, and its frame."""
    width, height = pick(template, SIZES[:3])
    chart = Image.new("RGB", (width, height), pick(template, (WHITE, PAPER, (244, 240, 232))))
    draw = ImageDraw.Draw(chart)
    draw.text((30, 18), sentence(template, 5), font=font(26), fill=INK)
    draw.text((30, height - 30), "Source: " + sentence(template, 3), font=font(15), fill=(130, 132, 138))
    frame = 70.0, 80.0, width - 40.0, height - 80.0
    unit = int(template.integers(2, 30))
    for step in range(6):
        y = frame[3] - step * (frame[3] - frame[1]) / 5
        draw.line((frame[0], y, frame[2], y), fill=PALE, width=1)
        draw.text((30, y - 9), str(step * unit), font=font(16), fill=(110, 112, 118))
    for step in range(8):
        x = frame[0] + step * (frame[2] - frame[0]) / 7
        draw.text((x - 18, frame[3] + 10), str(2015 + step), font=font(16), fill=(110, 112, 118))
    return chart, frame


DRAWINGS: Mapping[str, Drawing] = {
    "map by shade": map_by_shade,
    "map by party": map_by_party,
    "score card": score_card,
    "line chart": line_chart,
    "bar chart": bar_chart,
    "letter": letter,
    "social post": social_post,
    "table": table_card,
}
