"""What a lookup answers, and what a catalog covers."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets import FeatureRecord, Features, Picture
from catalog.decisions import DIFFERENT, SAME, UNDECIDED
from catalog.index.feature_store import FeatureStore
from catalog.lookup.answer import Answer, Coverage, Found, LookupVerdict, coverage_of
from catalog.matching.matcher import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, PageRecord
from catalog.store.embedded import EmbeddedStore

FIRST, SECOND = "aa" * 32, "bb" * 32


def found(relation: Relation | None = None, decision: str = "") -> Found:
    match = Match("aa", relation) if relation is not None else None
    return Found(AssetRecord(sha256="aa"), "told", (), match, decision)


def store_of(*pages: PageRecord, assets: tuple[str, ...] = ()) -> EmbeddedStore:
    store = EmbeddedStore()
    for page in pages:
        store.put_page(page)
    for sha256 in assets:
        store.put_asset(AssetRecord(sha256=sha256))
    return store


def page(number: int, site: str = "a.example", first_seen: str = "2025-08-01T00:00:00Z") -> PageRecord:
    return PageRecord(key=f"p{number}", site=site, first_seen=first_seen)


# The same photo


@pytest.mark.parametrize(
    ("relation", "is_same"),
    [
        (Relation.IDENTICAL, True),
        (Relation.COPY, True),
        (Relation.CROP, True),
        (Relation.CONTAINED, True),
        (Relation.POSSIBLE, False),
        (Relation.SIBLING, False),
        (Relation.SHARED_ELEMENT, False),
    ],
)
def test_a_match_says_whether_it_is_the_same_photo(relation: Relation, is_same: bool) -> None:
    assert found(relation).is_same_photo is is_same


def test_what_was_decided_the_same_is_the_same_photo_without_a_match() -> None:
    assert found(decision=SAME).is_same_photo


def test_what_was_decided_the_same_is_the_same_photo_whatever_the_match_says() -> None:
    assert found(Relation.SIBLING, SAME).is_same_photo


@pytest.mark.parametrize("decision", ["", DIFFERENT, UNDECIDED])
def test_without_a_match_another_decision_makes_no_same_photo(decision: str) -> None:
    assert not found(decision=decision).is_same_photo


# Answers


def test_verdicts_are_told_in_these_words() -> None:
    assert [verdict.value for verdict in LookupVerdict] == ["used", "possible", "not in this catalog"]


def test_an_answer_of_nothing_has_found_and_set_aside_nothing() -> None:
    answer = Answer("kim.jpg", LookupVerdict.NOT_IN_CATALOG, Coverage(0, 0, 0, ""))
    assert (answer.found, answer.set_aside) == ((), 0)


# Coverage


def test_an_empty_catalog_covers_nothing() -> None:
    with store_of() as store:
        assert coverage_of(store) == Coverage(pictures=0, pages=0, sites=0, since="", not_compared=0)


def test_pictures_are_counted() -> None:
    with store_of(assets=(FIRST, SECOND)) as store:
        assert coverage_of(store).pictures == 2


def test_pages_are_counted() -> None:
    with store_of(page(1), page(2), page(3)) as store:
        assert coverage_of(store).pages == 3


def test_a_site_counts_once() -> None:
    with store_of(page(1), page(2), page(3, site="b.example")) as store:
        assert coverage_of(store).sites == 2


def test_a_page_without_a_site_counts_for_none() -> None:
    with store_of(page(1, site="")) as store:
        assert coverage_of(store).sites == 0


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3)])
def test_a_catalog_covers_what_was_since_its_first_page_was_seen(order: tuple[int, ...]) -> None:
    with store_of(*(page(number, first_seen=f"2025-08-0{number}T00:00:00Z") for number in order)) as store:
        assert coverage_of(store).since == "2025-08-01T00:00:00Z"


@pytest.mark.parametrize("times", [("2025", "", "2026"), ("", "2025", "2026"), ("2025", "2026", "")])
def test_a_page_of_which_no_time_is_known_says_nothing_of_since_when(times: tuple[str, ...]) -> None:
    with store_of(*(page(number, first_seen=time) for number, time in enumerate(times))) as store:
        assert coverage_of(store).since == "2025"


def test_pictures_without_a_study_are_not_compared(tmp_path: Path) -> None:
    picture = Picture("JPEG", 8, 8, study=FeatureRecord(Features(8, 8), b"preview"))
    with (
        store_of(assets=(FIRST, SECOND)) as store,
        FeatureStore(tmp_path, read_only=False) as studies,
    ):
        studies.add(FIRST, picture)
        assert coverage_of(store, studies).not_compared == 1


def test_where_no_studies_are_told_every_picture_counts_as_compared() -> None:
    with store_of(assets=(FIRST, SECOND)) as store:
        assert coverage_of(store).not_compared == 0


def test_files_that_cannot_be_compared_are_counted_apart(tmp_path: Path) -> None:
    with (
        store_of(assets=(FIRST, SECOND)) as store,
        FeatureStore(tmp_path, read_only=False) as studies,
    ):
        store.put_asset(AssetRecord(sha256=FIRST, format="SVG", reason="unsupported picture"))
        coverage = coverage_of(store, studies)
    assert (coverage.not_compared, coverage.incomparable) == (1, 1)
