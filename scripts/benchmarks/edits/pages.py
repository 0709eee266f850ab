"""Photographs small in what was taken of a screen: chats, pages, contact sheets."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from benchmarks.edits.pictures import (
    BLACK,
    COLOURS,
    PAPER,
    WHITE,
    Colour,
    Random,
    filled,
    fitted,
    font,
    pick,
    sentence,
    write,
)

INK: Colour = (34, 34, 38)
GRAY: Colour = (120, 122, 128)

# A phone's screen, and how wide a photograph stands on a page's column.
PHONE = 1080, 2340
COLUMN_PIXELS = 230
THUMBNAILS = 12


def chat(photo: Image.Image, rng: Random) -> Image.Image:
    """A phone's screen with a chat, the photograph small in one of its bubbles."""
    width, height = PHONE
    page = Image.new("RGB", PHONE, pick(rng, ((236, 229, 221), (230, 236, 240), (18, 27, 34))))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, width, 190), fill=pick(rng, ((7, 94, 84), (32, 44, 51), (40, 90, 160))))
    draw.text((36, 24), f"{int(rng.integers(6, 23))}:{int(rng.integers(10, 59))}", font=font(34), fill=WHITE)
    draw.text((150, 100), sentence(rng, 2), font=font(48), fill=WHITE)
    y, place = 240.0, int(rng.integers(1, 5))
    bubble = 0
    while y < height - 260:
        if bubble == place:
            y = _bubble_with(page, fitted(photo, int(rng.integers(360, 560)), 520), round(y), rng)
        else:
            y = _bubble(page, sentence(rng, int(rng.integers(4, 22))), y, rng)
        bubble += 1
    draw.rounded_rectangle((30, height - 150, width - 170, height - 50), 50, fill=WHITE)
    return page


def _bubble(page: Image.Image, text: str, y: float, rng: Random) -> float:
    left = float(pick(rng, (30, 290)))
    lines = Image.new("RGB", (1, 1))
    below = write(lines, (0, 0, 690), text, 36, INK)
    draw = ImageDraw.Draw(page)
    fill = WHITE if left < 100 else (220, 248, 198)
    draw.rounded_rectangle((left, y, left + 760, y + below + 50), 24, fill=fill)
    write(page, (left + 34, y + 20, 690), text, 36, INK)
    return y + below + 90


def _bubble_with(page: Image.Image, small: Image.Image, y: int, rng: Random) -> float:
    left = pick(rng, (30, page.width - small.width - 60))
    box = (left, y, left + small.width + 24, y + small.height + 70)
    ImageDraw.Draw(page).rounded_rectangle(box, 24, fill=WHITE)
    page.paste(small, (left + 12, y + 12))
    draw = ImageDraw.Draw(page)
    draw.text((left + 24, y + small.height + 22), f"{int(rng.integers(6, 23))}:45", font=font(28), fill=GRAY)
    return y + small.height + 110.0


def news_page(photo: Image.Image, rng: Random) -> Image.Image:
    """A page's whole length with columns of text, the photograph at 230 pixels in one of them."""
    page = Image.new("RGB", (1280, int(rng.integers(2000, 2401))), pick(rng, (WHITE, PAPER)))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1280, 84), fill=pick(rng, COLOURS))
    draw.text((48, 20), sentence(rng, 2).upper(), font=font(40), fill=WHITE)
    top = write(page, (48, 120, 1100), sentence(rng, 9), 54, INK) + 30
    columns, gap = pick(rng, ((3, 40), (4, 32), (2, 48)))
    width = (1280 - 96 - gap * (columns - 1)) / columns
    place, share = int(rng.integers(columns)), float(rng.uniform(0.05, 0.6))
    for column in range(columns):
        left, y = 48 + column * (width + gap), top
        is_open = column == place
        while y < page.height - 260:
            if is_open and y > top + share * (page.height - top):
                y = _figure(page, photo, (round(left), round(y)), rng)
                is_open = False
            y = write(page, (left, y, width), sentence(rng, int(rng.integers(30, 70))) + ".", 21, INK) + 18
    return page


def _figure(page: Image.Image, photo: Image.Image, at: tuple[int, int], rng: Random) -> float:
    small = fitted(photo, COLUMN_PIXELS, COLUMN_PIXELS)
    page.paste(small, at)
    below = at[1] + small.height + 8
    return write(page, (at[0], below, COLUMN_PIXELS), sentence(rng, 9), 15, GRAY) + 16


def phone_page(photo: Image.Image, rng: Random) -> Image.Image:
    """A phone's screen with an article, the photograph across all of it."""
    page = Image.new("RGB", PHONE, WHITE)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, PHONE[0], 170), fill=pick(rng, COLOURS))
    draw.text((48, 80), sentence(rng, 2).upper(), font=font(54), fill=WHITE)
    y = write(page, (48, 220, 980), sentence(rng, 8), 66, BLACK) + 30
    shown = fitted(photo, PHONE[0], 1200)
    page.paste(shown, ((PHONE[0] - shown.width) // 2, round(y)))
    y += shown.height + 30
    while y < PHONE[1]:
        y = write(page, (48, y, 980), sentence(rng, int(rng.integers(20, 50))) + ".", 40, INK) + 40
    return page


def desktop(photo: Image.Image, rng: Random) -> Image.Image:
    """A browser's window with an article, the photograph at half of its width."""
    page = Image.new("RGB", (1366, 768), PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1366, 76), fill=(222, 225, 230))
    draw.rounded_rectangle((160, 40, 1100, 68), 12, fill=WHITE)
    y = write(page, (110, 110, 800), sentence(rng, 7), 38, INK) + 14
    shown = fitted(photo, 683, 500)
    page.paste(shown, (110, round(y)))
    write(page, (840, y, 420), sentence(rng, 110), 20, INK)
    write(page, (110, y + shown.height + 12, 683), sentence(rng, 60), 20, INK)
    return page


def contact_sheet(photos: Sequence[Image.Image], rng: Random) -> Image.Image:
    """Twelve thumbnails with a line each, as an agency's search shows them."""
    across, side, gap = pick(rng, (3, 4)), 250, 26
    rows = -(-len(photos) // across)
    fill = pick(rng, (WHITE, (32, 34, 38)))
    sheet = Image.new("RGB", (across * (side + gap) + gap, rows * (side + gap + 40) + 110), fill)
    write(sheet, (gap, 30, 700), sentence(rng, 3), 38, GRAY)
    is_square = rng.random() < 0.5
    for number, photo in enumerate(photos):
        row, column = divmod(number, across)
        left, top = gap + column * (side + gap), 100 + row * (side + gap + 40)
        small = filled(photo, side, side) if is_square else fitted(photo, side, side)
        sheet.paste(small, (left + (side - small.width) // 2, top + (side - small.height) // 2))
        ImageDraw.Draw(sheet).text((left, top + side + 6), sentence(rng, 3), font=font(18), fill=GRAY)
    return sheet
