"""The names of a catalog's files: catalogs made before are opened by them."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from catalog.store import layout
from catalog.store.layout import ANY_ORIGINAL, CATALOG_MARKS, DERIVED_FILES

SHA256 = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("JOURNAL", "catalog.jsonl"),
        ("RECORDS", "catalog.jsonl"),
        ("ORIGINALS", "originals"),
        ("INCOMING", "incoming"),
        ("DERIVED", "derived"),
        ("JOURNAL_INDEX", "places-1.bin"),
        ("ROWS", "rows-3.bin"),
        ("STUDIES", "studies-3.bin"),
        ("INDEX", "features-3.faiss"),
        ("PAIRS", "pairs-3.jsonl"),
        ("PAIRS_LOCK", "pairs-3.jsonl.lock"),
        ("WORDS", "words-1.sqlite"),
        ("WORDS_JOURNAL", "words-1.sqlite-journal"),
        ("THUMBNAILS", "thumbnails-1"),
    ],
)
def test_a_file_has_the_name_that_catalogs_made_before_have(name: str, file: str) -> None:
    assert getattr(layout, name) == file


def test_a_catalog_is_known_by_its_journal_and_its_originals() -> None:
    assert sorted(CATALOG_MARKS) == ["catalog.jsonl", "originals"]


def test_derived_files_of_this_version_are_not_stale() -> None:
    assert sorted(DERIVED_FILES) == [
        "features-3.faiss",
        "pairs-3.jsonl",
        "pairs-3.jsonl.lock",
        "places-1.bin",
        "rows-3.bin",
        "studies-3.bin",
        "thumbnails-1",
        "words-1.sqlite",
        "words-1.sqlite-journal",
    ]


@pytest.mark.parametrize("name", [f"01/{SHA256}.jpg", f"01/{SHA256}.bin"])
def test_an_original_is_known_by_its_digest(name: str) -> None:
    assert PurePath(name).match(ANY_ORIGINAL)


@pytest.mark.parametrize(
    "name",
    [
        f"01/{SHA256[1:]}.jpg",
        f"01/{SHA256}0.jpg",
        f"01/g{SHA256[1:]}.jpg",
        f"01/{SHA256}",
        f"012/{SHA256}.jpg",
        f"{SHA256}.jpg",
    ],
)
def test_another_file_is_no_original(name: str) -> None:
    assert not PurePath(name).match(ANY_ORIGINAL)
