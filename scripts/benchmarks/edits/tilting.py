"""Photographs seen from the side: keystoned, as a print on a table, as a screen."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from benchmarks.edits.pictures import BLACK, WHITE, Random, fitted, pick, scaled

Corners = npt.NDArray[np.float32]

# Where the inside is from each corner.
INWARD: Corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)


def in_perspective(photo: Image.Image, rng: Random, share: float) -> Image.Image:
    """Each corner has moved outwards by up to a share of the sides; what is beyond the picture then is cut off."""
    width, height = photo.size
    inward = share * rng.uniform(0.25, 0.85, (4, 2)).astype(np.float32) * (width, height)
    taken = _corners(width, height) + inward * INWARD
    size = round(width * (1 - share)), round(height * (1 - share))
    return _warped(photo, taken.astype(np.float32), _corners(*size), size, BLACK)


def keystoned(photo: Image.Image, rng: Random, share: float) -> Image.Image:
    """As seen from below or from aside: both ends of one side come nearer by a share of it."""
    width, height = photo.size
    side = int(rng.integers(4))
    inward = np.zeros((4, 2), np.float32)
    # Sides are upper, right, lower, left; corners go round with the clock from the upper left.
    along = 0 if side % 2 == 0 else 1
    ends = [side, (side + 1) % 4]
    inward[ends, along] = share * (width, height)[along]
    return _warped(
        photo, _corners(width, height) + inward * INWARD, _corners(width, height), photo.size, BLACK
    )


def print_at_an_angle(photo: Image.Image, rng: Random) -> Image.Image:
    """A print with a white margin on a table, photographed from above and aside, in warm light."""
    margin = round(float(rng.uniform(0.05, 0.12)) * max(photo.size))
    paper = Image.new("RGB", (photo.width + 2 * margin, photo.height + 2 * margin), WHITE)
    paper.paste(photo, (margin, margin))
    table = tuple(int(one) for one in np.array((118, 84, 62)) + rng.integers(-30, 30, 3))
    shot = _shot(fitted(paper, 900, 900), rng, table, tilt=0.065, room=1.22)
    return _lit(shot, rng, noise=3.0, gamma=float(rng.uniform(0.85, 1.2)), warmth=float(rng.uniform(0, 0.1)))


def screen_at_an_angle(photo: Image.Image, rng: Random) -> Image.Image:
    """A screen in a dark room, photographed: its lines beat with the camera's pixels, highlights are gone."""
    shown = fitted(photo, 860, 640)
    frame = Image.new("RGB", (shown.width + 60, shown.height + 60), (18, 19, 22))
    frame.paste(_with_moire(shown, rng), (30, 30))
    shot = _shot(frame, rng, (26, 28, 34), tilt=0.06, room=1.35)
    return _lit(
        shot, rng, noise=5.0, gamma=float(rng.uniform(0.75, 0.95)), warmth=float(rng.uniform(-0.1, 0))
    )


def _corners(width: float, height: float) -> Corners:
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def _warped(
    picture: Image.Image, taken: Corners, onto: Corners, size: tuple[int, int], around: tuple[int, ...]
) -> Image.Image:
    matrix = cv2.getPerspectiveTransform(taken, onto)
    warped = cv2.warpPerspective(
        np.asarray(picture), matrix, size, flags=cv2.INTER_LINEAR, borderValue=tuple(map(float, around))
    )
    return Image.fromarray(np.asarray(warped, np.uint8))


def _shot(flat: Image.Image, rng: Random, around: tuple[int, ...], tilt: float, room: float) -> Image.Image:
    """Something flat before a background, each corner moved by up to a share of the sides, and turned a little."""
    width, height = round(flat.width * room), round(flat.height * room)
    corners = _corners(flat.width, flat.height)
    moved = corners + rng.uniform(-tilt, tilt, (4, 2)).astype(np.float32) * (flat.width, flat.height) / 1.6
    turn = np.deg2rad(float(rng.uniform(-3, 3)))
    turning = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.array([flat.width / 2, flat.height / 2])
    onto = (moved - middle) @ turning.T + np.array([width / 2, height / 2])
    # No corner leaves the photograph.
    onto = np.clip(onto, 4, np.array([width - 4, height - 4])).astype(np.float32)
    shot = _warped(flat, corners, onto, (width, height), around)
    return shot.filter(ImageFilter.GaussianBlur(0.7))


def _with_moire(shown: Image.Image, rng: Random) -> Image.Image:
    ys, xs = np.mgrid[0 : shown.height, 0 : shown.width].astype(np.float32)
    waves = [
        np.sin(2 * np.pi * (xs * np.cos(angle) + ys * np.sin(angle)) / length)
        for angle, length in ((float(rng.uniform(0, 3.1)), float(rng.uniform(3, 14))) for _ in range(2))
    ]
    strength = float(rng.uniform(3, 8))
    levels = np.asarray(shown, np.float32) + strength * (waves[0] + 0.6 * waves[1])[..., None]
    levels[:: pick(rng, (2, 3))] *= 0.93
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def _lit(shot: Image.Image, rng: Random, noise: float, gamma: float, warmth: float) -> Image.Image:
    """Light that falls off to one side, a tint, a tone, the sensor's noise."""
    levels = np.asarray(shot, np.float32) / 255
    fall = np.linspace(1.0, float(rng.uniform(0.75, 0.9)), shot.width, dtype=np.float32)
    levels = np.power(levels, gamma) * (fall if rng.random() < 0.5 else fall[::-1])[None, :, None]
    levels *= np.array([1 + warmth / 2, 1.0, 1 - warmth], np.float32)
    levels = 255 * levels + rng.normal(0, noise, levels.shape).astype(np.float32)
    return scaled(Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)), 0.9)
