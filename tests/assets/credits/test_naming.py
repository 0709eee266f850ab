"""Texts that consist of names, and what stands around them."""

from __future__ import annotations

import pytest

from assets.credits.naming import is_caseless, is_named, is_person, strip_surroundings


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe",
        "Jane van der Doe/AP",
        "picture alliance/dpa",
        "imageBROKER",
        "plazas.example",
        "共同通信",
        "@janedoe",
    ],
)
def test_names_are_known_by_their_capitals(text: str) -> None:
    assert is_named(text)


@pytest.mark.parametrize("text", ["", "The square at night", "de la", "—", "共同。通信", "J" * 121])
def test_other_texts_are_no_names(text: str) -> None:
    assert not is_named(text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Jane Doe", True),
        ("J. R. Doe", True),
        ("Jane van der Doe", True),
        ("Reuters", False),
        ("Pier 39 Doe", False),
        ("Doe, Jane", False),
        ("Jane Mary Ann Sue Eve Doe", False),
        ("jane Doe", False),
    ],
)
def test_a_person_has_two_names_and_no_digit(text: str, person: bool) -> None:
    assert is_person(text) is person


def test_scripts_without_capitals_are_known() -> None:
    assert is_caseless("共同")
    assert not is_caseless("共同 AP")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("> (Jane Doe)", "Jane Doe"),
        ("| Jane Doe /", "Jane Doe"),
        ("Jane (Doe)", "Jane (Doe)"),
        ("＝共同", "共同"),
        ("", ""),
    ],
)
def test_marks_around_a_credit_are_taken_off(text: str, inside: str) -> None:
    assert strip_surroundings(text) == inside
