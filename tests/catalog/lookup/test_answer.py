"""What a lookup answers."""

from __future__ import annotations

import pytest

from catalog.clusters.cluster import Copy, Extent
from catalog.decisions import DIFFERENT, SAME, UNDECIDED
from catalog.lookup.answer import Answer, Found, FoundCopy, LookupVerdict, PlacedUsage
from catalog.lookup.coverage import Coverage
from catalog.matching.matcher import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, UsageRecord


def found(relation: Relation | None = None, decision: str = "") -> Found:
    match = Match("aa", relation) if relation is not None else None
    return Found(AssetRecord(sha256="aa"), "told", (), match, decision)


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


# How far it has spread


def test_a_picture_sums_up_its_own_uses() -> None:
    usages = [
        PlacedUsage(UsageRecord(key=time, page="p", site=site, published=time), None)
        for time, site in (("2025", "a.example"), ("2026", "b.example"), ("2027", "a.example"))
    ]
    extent = Found(AssetRecord(sha256="aa"), "told", tuple(usages)).extent
    assert extent == Extent(uses=3, sites=2, copies=1, earliest="2025", earliest_site="a.example")


def test_a_picture_that_nobody_uses_has_no_earliest_use() -> None:
    assert found().extent == Extent(uses=0, sites=0, copies=1)


@pytest.mark.parametrize(
    ("match", "decision", "is_direct"),
    [(Match("aa", Relation.COPY), "", True), (None, SAME, True), (None, "", False)],
)
def test_a_copy_is_direct_where_the_query_or_a_person_says_so(
    match: Match | None, decision: str, is_direct: bool
) -> None:
    copy = Copy(AssetRecord(sha256="aa"), "told")
    assert FoundCopy(copy, "told", match, decision).is_direct is is_direct


# Answers


def test_verdicts_are_told_in_these_words() -> None:
    assert [verdict.value for verdict in LookupVerdict] == ["used", "possible", "not in this catalog"]


def test_an_answer_of_nothing_has_found_and_set_aside_nothing() -> None:
    answer = Answer("kim.jpg", LookupVerdict.NOT_IN_CATALOG, Coverage(0, 0, 0, ""))
    assert (answer.photos, answer.found, answer.set_aside) == ((), (), 0)
