from __future__ import annotations

import numpy as np
import pytest
from comparisons import SAME_PLACE, scene

from catalog.matching.pixels.framing import FRAME_SIDE, corners_of, frame_pictures, frame_wider

PICTURE = scene(3)


def test_two_whole_pictures_share_all_of_the_frame() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    assert frame.shared.all()


def test_both_are_the_same_in_their_frame() -> None:
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE)
    assert frame is not None
    assert np.array_equal(frame.query, frame.asset)


def test_a_frame_has_no_longer_side_than_it_needs() -> None:
    large = scene(3, 1200, 800)
    frame = frame_pictures(large, large, SAME_PLACE)
    assert frame is not None
    assert max(frame.shared.shape) == FRAME_SIDE


def test_what_lies_beside_one_another_has_no_frame() -> None:
    assert frame_pictures(PICTURE, PICTURE, np.array([[1.0, 0.0, 900.0], [0.0, 1.0, 0.0]])) is None


@pytest.mark.parametrize("which", [0, 1])
def test_pixels_without_a_say_are_not_shared(which: int) -> None:
    there = np.ones(PICTURE.shape, dtype=np.bool_)
    there[:, :100] = False
    says = (there, None) if which == 0 else (None, there)
    frame = frame_pictures(PICTURE, PICTURE, SAME_PLACE, says)
    assert frame is not None
    assert not frame.shared[:, :99].any()
    assert frame.shared[:, 101:].all()


def test_the_wider_frame_has_a_margin_around_the_asset() -> None:
    wider, margin, (height, width) = frame_wider(PICTURE, PICTURE, SAME_PLACE)
    assert wider is not None
    assert wider.pixels.shape == (height + 2 * margin, width + 2 * margin)


def test_corners_go_clockwise_from_the_upper_left() -> None:
    assert corners_of(np.zeros((2, 3), np.uint8)).tolist() == [[0, 0], [3, 0], [3, 2], [0, 2]]
