"""The sentence that says how a picture matches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.matching.explanation import explain_match, percent
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
        (Match("5f0c", Relation.POSSIBLE, why="few pixels"), "possibly the same photo: few pixels"),
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
    assert explain_match(match) == sentence


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
    assert explain_match(replace(COPY, **changes)) == f"the whole picture, {words}"


@pytest.mark.parametrize("changes", [{"rotation": 0.3}, {"rotation": 359.7}, {"scale": 1.02}, {"lift": 9.0}])
def test_what_is_too_little_to_see_is_not_told(changes: dict[str, object]) -> None:
    assert explain_match(replace(COPY, **changes)) == "the whole picture"


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
    assert explain_match(replace(COPY, overlays=(box,), **changes)) == f"the whole picture, {words}"


def test_many_overlays_are_counted() -> None:
    boxes = tuple((100 + 60 * step, 60, 30, 30) for step in range(5))
    assert explain_match(replace(COPY, overlays=boxes)) == "the whole picture, 5 places covered or changed"


# At the edges of what is told


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scale": 1.029}, ""),
        ({"scale": 0.971}, ""),
        ({"scale": 1.04}, ", scaled to 104 %"),
        ({"scale": 0.96}, ", scaled to 96 %"),
        ({"rotation": 0.4}, ""),
        ({"rotation": 0.5}, ", turned by 0.5° clockwise"),
        ({"rotation": 359.5}, ", turned by 0.5° anticlockwise"),
        ({"rotation": 179.6}, ", turned by 180° clockwise"),
        ({"rotation": 179.7}, ", turned by 180°"),
        ({"rotation": 180.3}, ", turned by 180°"),
        ({"gain": 1.15, "lift": -19.2}, ""),
        ({"gain": 1.16, "lift": -20.5}, ", more contrast"),
        ({"gain": 0.86, "lift": 17.9}, ""),
        ({"gain": 0.84, "lift": 20.5}, ", less contrast"),
        ({"lift": 12.0}, ""),
        ({"lift": -12.0}, ""),
        ({"lift": 12.1}, ", brighter"),
        ({"lift": -12.1}, ", darker"),
        ({"gain": 1.1, "lift": -25.0}, ", darker"),
    ],
)
def test_what_is_just_enough_to_see_is_told(changes: dict[str, object], words: str) -> None:
    assert explain_match(replace(COPY, **changes)) == f"the whole picture{words}"


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [(0.97, "the whole picture"), (0.96, "the whole picture, 96 % of it to be seen")],
)
def test_the_whole_is_there_from_97_of_a_hundred_on(kept: float, sentence: str) -> None:
    assert explain_match(replace(COPY, kept=kept)) == sentence


@pytest.mark.parametrize(
    ("beyond", "sentence"),
    [(0.029, "63 % of the original"), (0.04, "63 % of the original and 4 % beyond it")],
)
def test_what_lies_beyond_is_told_from_there_on_too(beyond: float, sentence: str) -> None:
    assert explain_match(replace(CROP, beyond=beyond)) == sentence


def overlay(x: int, y: int, width: int, height: int) -> str:
    """What is said of a box over a picture that is shown 600 x 400 large from (100, 50) on."""
    told = explain_match(replace(COPY, overlays=((100 + x, 50 + y, width, height),)))
    return told.removeprefix("the whole picture, ")


@pytest.mark.parametrize(
    ("box", "told"),
    [
        ((0, 0, 420, 160), "a bar along the top"),
        ((0, 0, 419, 160), "an overlay upper"),
        ((0, 0, 420, 161), "an overlay upper"),
        ((90, 120, 420, 160), "a bar across the middle"),
        ((90, 230, 420, 160), "a bar along the bottom"),
        ((0, 60, 240, 280), "a bar along the left"),
        ((0, 60, 240, 279), "an overlay left"),
        ((0, 60, 241, 280), "an overlay left"),
        ((180, 60, 240, 280), "a bar down the middle"),
        ((360, 60, 240, 280), "a bar along the right"),
    ],
)
def test_a_bar_is_long_and_narrow(box: tuple[int, int, int, int], told: str) -> None:
    assert overlay(*box) == told


@pytest.mark.parametrize(
    ("box", "told"),
    [
        ((0, 0, 200, 120), "a logo upper left"),
        ((0, 0, 200, 121), "an overlay upper left"),
        ((400, 280, 200, 120), "a logo lower right"),
        ((0, 280, 200, 120), "a logo lower left"),
        ((400, 0, 200, 120), "a logo upper right"),
        ((280, 0, 40, 40), "an overlay upper"),
        ((0, 180, 40, 40), "an overlay left"),
        ((280, 180, 40, 40), "an overlay in the middle"),
    ],
)
def test_a_logo_is_small_and_in_a_corner(box: tuple[int, int, int, int], told: str) -> None:
    assert overlay(*box) == told


@pytest.mark.parametrize(
    ("x", "told"),
    [
        (181, "an overlay upper"),
        (178, "a logo upper left"),
        (379, "an overlay upper"),
        (382, "a logo upper right"),
    ],
)
def test_a_third_ends_a_sixth_from_the_middle(x: int, told: str) -> None:
    """Boxes of 40 pixels, whose middle is 20 further on."""
    assert overlay(x, 0, 40, 40) == told


def test_what_lies_over_a_larger_query_is_told_as_it_lies_there() -> None:
    match = replace(CROP, larger="query", mirrored=True, rotation=180.0, overlays=(LOGO,))
    told = "the catalogued picture is cut to 63 % of this one, mirrored, turned by 180°, a logo lower right"
    assert explain_match(match) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(3, "a logo upper left, a logo upper right, a logo lower left"), (4, "4 places covered or changed")],
)
def test_three_overlays_are_named(count: int, told: str) -> None:
    boxes = ((100, 50, 30, 30), (670, 50, 30, 30), (100, 420, 30, 30), (670, 420, 30, 30))
    assert explain_match(replace(COPY, overlays=boxes[:count])) == f"the whole picture, {told}"


def test_overlays_of_which_the_same_is_said_are_named_once() -> None:
    boxes = ((100, 50, 30, 30), (140, 50, 30, 30))
    assert explain_match(replace(COPY, overlays=boxes)) == "the whole picture, a logo upper left"


def test_shares_are_rounded() -> None:
    assert [percent(share) for share in (0.0, 0.634, 0.636, 1.0)] == ["0 %", "63 %", "64 %", "100 %"]
