"""Notices of rights, orders to editors, and what stands in a credit's place and is none."""

from __future__ import annotations

import pytest

from assets.credits.notices import cut_notice, is_no_credit, is_note


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Jane Doe/AP. All rights reserved.", "Jane Doe/AP"),
        ("Jane Doe/dpa, alle Rechte vorbehalten", "Jane Doe/dpa"),
        ("Jane Doe (Tous droits réservés)", "Jane Doe"),
        ("Jane Doe/EPA DENMARK OUT, NORWAY OUT", "Jane Doe/EPA"),
        ("Jane Doe/EPA/SOUTH KOREA OUT", "Jane Doe/EPA"),
        ("Jane Doe via REUTERS ATTENTION EDITORS - NO RESALES", "Jane Doe via REUTERS"),
        ("Jane Doe/AFP EDITORIAL USE ONLY", "Jane Doe/AFP"),
        ("山田一郎 無断転載禁止", "山田一郎"),
        ("박하늘 기자 (무단 전재 및 재배포 금지)", "박하늘 기자"),
        ("Жанна Доренко. Все права защищены", "Жанна Доренко"),
        # One that stands first.
        ("All rights reserved. Jane Doe", "Jane Doe"),
        ("Mandatory Credit: Photo by Jane Doe/Shutterstock", "Photo by Jane Doe/Shutterstock"),
        # No notice.
        ("Jane Doe/AP", "Jane Doe/AP"),
        ("The lights go OUT", "The lights go OUT"),
        ("İstanbul: all rights reserved", "İstanbul: all rights reserved"),
        ("", ""),
    ],
)
def test_a_notice_is_cut_off_with_all_behind_it(text: str, rest: str) -> None:
    assert cut_notice(text) == rest


@pytest.mark.parametrize(
    "text", ["FILE PHOTO", "Pool", "Handout", "Archiv", "zvg", "Kuvituskuva", "자료사진"]
)
def test_how_a_picture_came_is_a_note(text: str) -> None:
    assert is_note(text)


def test_a_name_is_no_note() -> None:
    assert not is_note("Jane Doe")


@pytest.mark.parametrize(
    "text",
    [
        "n/a",
        "-",
        "",
        "Unbekannt",
        "file photo",
        "(Symbolbild)",
        "Show more",
        "26.10.2025 | 2:43 min",
        "CC BY-SA 4.0",
        "3 h",
        "5 Jan 2025",
    ],
)
def test_what_is_no_credit_is_known(text: str) -> None:
    assert is_no_credit(text)


@pytest.mark.parametrize("text", ["Jane Doe", "AP", "May", "J. March", "2024 Jane Doe", "SEK"])
def test_a_name_that_looks_like_a_time_is_a_credit(text: str) -> None:
    assert not is_no_credit(text)
