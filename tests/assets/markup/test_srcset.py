"""`srcset` as browsers read it."""

from __future__ import annotations

import pytest

from assets.markup.srcset import Candidate, parse_srcset


@pytest.mark.parametrize(
    ("value", "candidates"),
    [
        ("", []),
        ("a.jpg", [Candidate("a.jpg")]),
        (" a.jpg 300w , b.jpg 600w ", [Candidate("a.jpg", 300), Candidate("b.jpg", 600)]),
        ("a.jpg 300w,b.jpg 600w", [Candidate("a.jpg", 300), Candidate("b.jpg", 600)]),
        ("a.jpg,b.jpg 2x", [Candidate("a.jpg,b.jpg", density=2)]),
        ("a.jpg, b.jpg 2x", [Candidate("a.jpg"), Candidate("b.jpg", density=2)]),
        ("a.jpg?fit=3,2 300w, b.jpg 1.5x", [Candidate("a.jpg?fit=3,2", 300), Candidate("b.jpg", density=1.5)]),
        ("a.jpg 300w 200h", [Candidate("a.jpg", 300)]),
        ("a.jpg 300w,, ,b.jpg", [Candidate("a.jpg", 300), Candidate("b.jpg")]),
        ("data:image/gif;base64,R0lGODlh 1w, a.jpg 300w", [Candidate("a.jpg", 300)]),
        ("a.jpg foo(1, 2), b.jpg 2x", [Candidate("b.jpg", density=2)]),
        ("a.jpg 300px, b.jpg 2x", [Candidate("b.jpg", density=2)]),
        ("a.jpg 0w, b.jpg -1x, c.jpg 1w 2x", []),
        (" 150w,  200w", []),
        (",,,", []),
    ],
)  # fmt: skip
def test_candidates_are_read_by_the_standard(value: str, candidates: list[Candidate]) -> None:
    assert list(parse_srcset(value)) == candidates


@pytest.mark.parametrize("value", ["," * 100_000, "a (" + "(" * 100_000, "a.jpg " + "1x " * 50_000])
def test_an_endless_attribute_is_read_at_once(value: str) -> None:
    assert len(parse_srcset(value)) <= 1
