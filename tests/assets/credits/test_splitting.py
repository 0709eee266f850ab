"""Credits taken apart: whom they name, and what each is to the picture."""

from __future__ import annotations

import pytest
from effort import assert_grows_evenly
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.credits.splitting import credits_json, split_names


def split(credit: str) -> dict[str, list[str]]:
    """The names in a credit by their roles."""
    found: dict[str, list[str]] = {}
    for one in split_names(credit):
        found.setdefault(one.role.value, []).append(one.name)
    return found


@pytest.mark.parametrize(
    ("credit", "photographers", "agencies"),
    [
        ("Mary Poe", ["Mary Poe"], []),
        ("Mary Poe/AP", ["Mary Poe"], ["AP"]),
        ("AP Photo/Mary Poe", ["Mary Poe"], ["AP"]),
        ("AP Photo Mary Poe", ["Mary Poe"], ["AP"]),
        ("Mary Poe, AFP", ["Mary Poe"], ["AFP"]),
        ("Mary Poe (REUTERS)", ["Mary Poe"], ["Reuters"]),
        ("picture alliance / dpa | Max Holm", ["Max Holm"], ["picture alliance", "dpa"]),
        ("dpa-Bildfunk/Max Holm", ["Max Holm"], ["dpa-Bildfunk"]),
        ("Foto: Max Holm und Ute Lind/dpa", ["Max Holm", "Ute Lind"], ["dpa"]),
        ("EPA-EFE/MAX HOLM", ["MAX HOLM"], ["EPA"]),
        ("© 2024 Max Holm / laif", ["Max Holm"], ["laif"]),
        ("Max Holm/Copyright 2026 The AP. All rights reserved.", ["Max Holm"], ["AP"]),
        ("AP=연합뉴스", [], ["AP", "Yonhap"]),
        ("写真：共同通信", [], ["Kyodo"]),
        ("山田一郎撮影", ["山田一郎"], []),
        ("박하늘 기자", ["박하늘"], []),
        ("quaypix/Getty Images/iStockphoto", ["quaypix"], ["Getty Images", "iStockphoto"]),
        ("Foto: Alda Ruiz - Anadolu Ajansı", ["Alda Ruiz"], ["Anadolu"]),
    ],
)
def test_photographers_and_agencies_are_told_apart(
    credit: str, photographers: list[str], agencies: list[str]
) -> None:
    found = split(credit)
    assert (found.get("photographer", []), found.get("agency", [])) == (photographers, agencies)
    assert found.keys() <= {"photographer", "agency"}


@pytest.mark.parametrize(
    ("credit", "role", "names"),
    [
        ("Mary Poe/AFP via Getty Images", "via", ["Getty Images"]),
        ("KCNA via REUTERS", "via", ["Reuters"]),
        ("(Mary Poe/The Quay Times via AP)", "source", ["The Quay Times"]),
        ("Mary Poe for The Quay Times via AP", "source", ["The Quay Times"]),
        ("Bildquelle: Wasserwacht", "source", ["Wasserwacht"]),
        ("Courtesy of the Poe family", "source", ["the Poe family"]),
        ("Quay Police", "source", ["Quay Police"]),
        ("QBC", "source", ["QBC"]),
        ("Jana Poe, Deník Přístavu", "source", ["Deník Přístavu"]),
        ("REUTERS/Mary Poe/File Photo", "note", ["File Photo"]),
        ("Bild: Max Holm, Archiv", "note", ["Archiv"]),
        ("Shutterstock / Mary Poe (Composite)", "note", ["Composite"]),
        ("zvg", "note", ["zvg"]),
    ],
)
def test_what_else_a_credit_says_has_a_role_of_its_own(credit: str, role: str, names: list[str]) -> None:
    assert split(credit)[role] == names


@pytest.mark.parametrize("credit", ["", "Photo:", "© 2024", "***", "All rights reserved"])
def test_a_credit_that_names_nobody_holds_no_names(credit: str) -> None:
    assert split_names(credit) == ()


def test_names_are_told_as_json() -> None:
    assert credits_json("Mary Poe via AP") == [
        {"name": "Mary Poe", "role": "photographer"},
        {"name": "AP", "role": "via"},
    ]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_taken_apart(text: str) -> None:
    assert all(one.name.strip() for one in split_names(text))


@pytest.mark.parametrize(
    "unit", ["a", "/", " via ", "Jane Doe ", "and ", "(c)", "- ", ", ", "by ", "AP photo "]
)
def test_a_long_credit_takes_no_long_time(unit: str) -> None:
    assert_grows_evenly(lambda times: split_names(unit * times), 200_000)
