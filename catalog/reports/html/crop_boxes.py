"""Crop boxes over the best copy: which copy shows which part, and where the numbers stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.clusters import Copy
from catalog.reports import VIEW_SIDE, ranges

# Boxes whose edges all lie this near, as a share of the picture's sides, are drawn as one with several numbers.
SAME_EDGE = 0.01

# How many colours and strokes the style sheet knows.
HUES = 8
DASHES = 4

# The number's tag in pixels of the screen where the picture is shown at full width.
TAG_HEIGHT = 26
TAG_PADDING = 16
TAG_CHARACTER = 9
MOST_TAG_CHARACTERS = 12

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Tag:
    """Where the numbers of a frame stand, in pixels of the best copy."""

    text: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class CropFrame:
    """One box on the best copy and the numbers of the copies that show it; `hue` and `dash` are the first one's.

    `is_wider` where a copy shows more than the best one: then the box is all of it.
    """

    numbers: tuple[int, ...]
    box: Box
    tag: Tag
    overlays: tuple[Box, ...] = ()
    is_wider: bool = False

    @property
    def hue(self) -> int:
        """Which colour, from 0."""
        return hue_of(self.numbers[0])

    @property
    def dash(self) -> int:
        """Which stroke, from 0."""
        return (self.numbers[0] - 2) // HUES % DASHES if self.numbers[0] > 1 + HUES else self.hue % DASHES


@dataclass(slots=True)
class _Group:
    box: Box
    numbers: list[int] = field(default_factory=list)
    overlays: list[Box] = field(default_factory=list)
    is_wider: bool = False


def hue_of(number: int) -> int:
    """The colour of a copy's number; the best copy is number 1 and has none."""
    return (number - 2) % HUES


def box_of(copy: Copy, width: int, height: int) -> Box | None:
    """Which part of the best copy, so large, a copy shows; None where nobody compared them."""
    match = copy.match
    if match is None:
        return None
    if match.larger == "query":
        return 0, 0, width, height
    x, y, across, down = match.crop_box
    return (x, y, across, down) if across > 0 and down > 0 else None


def frames(numbered: Sequence[tuple[int, Copy]], width: int, height: int) -> list[CropFrame]:
    """The frames of these copies on a best copy of that size, the largest first, so that small ones lie on top."""
    groups: list[_Group] = []
    for number, copy in numbered:
        box = box_of(copy, width, height)
        if box is None or copy.match is None:
            continue
        group = next((one for one in groups if _is_same(one.box, box, width, height)), None)
        if group is None:
            group = _Group(box)
            groups.append(group)
        group.numbers.append(number)
        group.is_wider = group.is_wider or copy.match.larger == "query"
        if copy.match.larger == "asset":
            group.overlays += copy.match.overlays
    groups.sort(key=lambda one: (-one.box[2] * one.box[3], one.numbers))
    unit = max(width, height, 1) / min(VIEW_SIDE, max(width, height, 1))
    placed: list[Tag] = []
    for group in groups:
        placed.append(_place_tag(group, placed, unit))
    return [
        CropFrame(tuple(group.numbers), group.box, tag, tuple(dict.fromkeys(group.overlays)), group.is_wider)
        for group, tag in zip(groups, placed, strict=True)
    ]


def _is_same(one: Box, other: Box, width: int, height: int) -> bool:
    sides = (width, height)
    return all(
        abs(one[axis] - other[axis]) <= SAME_EDGE * sides[axis]
        and abs(one[axis] + one[axis + 2] - other[axis] - other[axis + 2]) <= SAME_EDGE * sides[axis]
        for axis in (0, 1)
    )


def _place_tag(group: _Group, others: Sequence[Tag], unit: float) -> Tag:
    """The tag inside the upper left corner, moved aside while it would cover another."""
    text = ranges(group.numbers)
    if len(text) > MOST_TAG_CHARACTERS:
        text = f"{group.numbers[0]} +{len(group.numbers) - 1}"
    width, height = (TAG_PADDING + TAG_CHARACTER * len(text)) * unit, TAG_HEIGHT * unit
    left, top, across, down = group.box
    x, y = float(left), float(top)
    while any(_overlap(x, y, width, height, other) for other in others):
        x += width / 4
        if x + width > left + across:
            x, y = float(left), y + height / 4
        if y + height > top + down:
            return Tag(text, float(left), float(top), width, height)
    return Tag(text, round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _overlap(x: float, y: float, width: float, height: float, other: Tag) -> bool:
    return (
        x < other.x + other.width
        and other.x < x + width
        and y < other.y + other.height
        and other.y < y + height
    )
