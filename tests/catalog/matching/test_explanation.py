"""The sentence that says how a picture matches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.matching.explanation import explained
from catalog.matching.match import Match
from catalog.matching.relation import Relation

SHOWN = (100, 50, 600, 400)
COPY = Match("5f0c", Relation.COPY, crop_box=SHOWN)
CROP = Match("5f0c", Relation.CROP, kept=0.634, crop_box=SHOWN)


@pytest.mark.parametrize(
    ("match", "sentence"),
    [
        (Match("5f0c", Relation.IDENTICAL), "the same file"),
        (Match("5f0c", Relation.SIBLING), "the same scene in another frame, not the same photo"),
        (Match("5f0c", Relation.SHARED_ELEMENT), "one element is in both, not the same photo"),
        (COPY, "the whole picture"),
        (replace(COPY, kept=0.84), "the whole picture, 84 % of it to be seen"),
        (CROP, "63 % of the original"),
        (replace(CROP, larger="query"), "the catalogued picture is cut to 63 % of this one"),
        (replace(CROP, beyond=0.165), "63 % of the original and 16 % beyond it"),
        (replace(CROP, beyond=0.02), "63 % of the original"),
        (replace(CROP, relation=Relation.CONTAINED), "63 % of the original inside this picture"),
        (replace(COPY, relation=Relation.CONTAINED), "the whole original inside this picture"),
    ],
)
def test_it_says_what_is_shown(match: Match, sentence: str) -> None:
    assert explained(match) == sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mirrored": True}, "mirrored"),
        ({"rotation": 90.0}, "turned by 90° clockwise"),
        ({"rotation": 270.0}, "turned by 90° anticlockwise"),
        ({"rotation": 180.0}, "turned by 180°"),
        ({"rotation": 358.0}, "turned by 2° anticlockwise"),
        ({"scale": 0.5}, "scaled to 50 %"),
        ({"scale": 1.6}, "scaled to 160 %"),
        ({"gain": 1.3, "lift": -38.0}, "more contrast"),
        ({"gain": 0.7, "lift": 38.0}, "less contrast"),
        ({"lift": 30.0}, "brighter"),
        ({"gain": 0.7}, "less contrast, darker"),
    ],
)
def test_it_says_what_was_done(changes: dict[str, object], words: str) -> None:
    assert explained(replace(COPY, **changes)) == f"the whole picture, {words}"


@pytest.mark.parametrize("changes", [{"rotation": 0.3}, {"rotation": 359.7}, {"scale": 1.02}, {"lift": 9.0}])
def test_what_is_too_little_to_see_is_not_told(changes: dict[str, object]) -> None:
    assert explained(replace(COPY, **changes)) == "the whole picture"


LOGO = (640, 410, 50, 30)
BAR = (110, 400, 580, 50)


@pytest.mark.parametrize(
    ("box", "changes", "words"),
    [
        (LOGO, {}, "a logo lower right"),
        (LOGO, {"mirrored": True}, "mirrored, a logo lower left"),
        (LOGO, {"rotation": 180.0}, "turned by 180°, a logo upper left"),
        (LOGO, {"rotation": 90.0}, "turned by 90° clockwise, a logo lower left"),
        (BAR, {}, "a bar along the bottom"),
        (BAR, {"rotation": 90.0}, "turned by 90° clockwise, a bar along the left"),
        ((300, 150, 200, 200), {}, "an overlay in the middle"),
        ((110, 60, 300, 120), {}, "an overlay upper left"),
    ],
)
def test_overlays_are_told_as_one_sees_them_in_the_query(
    box: tuple[int, int, int, int], changes: dict[str, object], words: str
) -> None:
    assert explained(replace(COPY, overlays=(box,), **changes)) == f"the whole picture, {words}"


def test_many_overlays_are_counted() -> None:
    boxes = tuple((100 + 60 * step, 60, 30, 30) for step in range(5))
    assert explained(replace(COPY, overlays=boxes)) == "the whole picture, 5 places covered or changed"
