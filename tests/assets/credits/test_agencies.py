"""Agencies by the names they sign with."""

from __future__ import annotations

import pytest

from assets.credits.agencies import AGENCIES, SELLERS, SOURCES, WIRES, find_agency, is_ambiguous, is_signature


@pytest.mark.parametrize(
    ("text", "name", "key"),
    [
        ("AP", "AP", "ap"),
        ("AP Photo", "AP", "ap"),
        ("the associated press", "AP", "ap"),
        ("ＲＥＵＴＥＲＳ", "Reuters", "reuters"),
        ("ロイター", "Reuters", "reuters"),
        ("연합뉴스", "Yonhap", "yonhap"),
        ("共同通信", "Kyodo", "kyodo"),
        ("新华社", "Xinhua", "xinhua"),
        ("Anadolu Ajansı", "Anadolu", "anadolu"),
        ("EPA-EFE", "EPA", "epa"),
        ("imago images", "imago", "imago"),
        ("Getty", "Getty Images", "getty images"),
        ("KCNA", "KCNA", "kcna"),
        # Two names with one key.
        ("dpa", "dpa", "dpa"),
        ("dpa-Bildfunk", "dpa-Bildfunk", "dpa"),
        ("iStockphoto", "iStockphoto", "istock"),
    ],
)
def test_an_agency_is_known_by_all_its_names(text: str, name: str, key: str) -> None:
    found = find_agency(text)
    assert found is not None
    assert (found.name, found.key) == (name, key)


@pytest.mark.parametrize("text", ["", "Jane Doe", "Harbour Post", "Photo", "---"])
def test_other_names_are_no_agencies(text: str) -> None:
    assert find_agency(text) is None


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("REUTERS", True),
        ("AFP PHOTO", True),
        ("picture alliance", True),
        ("뉴시스", True),
        # In small letters these are words of a sentence.
        ("reuters", False),
        ("keystone", False),
        # Nobody signs so alone.
        ("White House", False),
        ("Jane Doe", False),
    ],
)
def test_an_agency_signs_as_its_name_is_written(text: str, signs: bool) -> None:
    assert is_signature(text) is signs


def test_names_of_agencies_that_are_also_other_things_are_known() -> None:
    assert is_ambiguous("NASA")
    assert is_ambiguous("Keystone")
    assert not is_ambiguous("Reuters")


def test_wires_sources_and_sellers_are_three_kinds() -> None:
    assert "reuters" in WIRES
    assert "kcna" in SOURCES
    assert "getty images" in SELLERS
    assert not WIRES & SOURCES
    assert WIRES | SOURCES | SELLERS == AGENCIES
