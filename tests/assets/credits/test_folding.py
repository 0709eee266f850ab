"""Texts and names made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.credits.folding import fold_name, fold_width, split_table


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("（ＡＰ＝共同）", "(AP=共同)"),
        ("Jane Doe", "Jane Doe"),
        # What would become several letters stays, so that the rest keeps its place.
        ("㍿ＡＰ", "㍿AP"),
        ("ﾛｲﾀｰ", "ロイター"),
    ],
)
def test_letters_get_their_usual_width(text: str, folded: str) -> None:
    assert fold_width(text) == folded


@settings(deadline=None)
@given(st.text())
def test_folding_the_width_keeps_the_length(text: str) -> None:
    assert len(fold_width(text)) == len(text)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("JANE  DOE", "jane doe"),
        ("Jané Dœ", "jane doe"),
        ("J. R. Doe", "jr doe"),
        ("Photo: Jane Doe", "jane doe"),
        ("Jane Doe 12345a", "jane doe"),
        ("File photo", ""),
        ("n/a", "n/a"),
        ("***", ""),
    ],
)
def test_names_are_folded(name: str, folded: str) -> None:
    assert fold_name(name) == folded


def test_a_table_of_words_is_taken_apart_at_bars_and_lines() -> None:
    assert split_table("Foto|Bild \n  Credit  line|") == {"foto", "bild", "credit line"}
