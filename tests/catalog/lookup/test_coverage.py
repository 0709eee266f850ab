"""What a catalog covers, and which of its pictures an answer cannot vouch for."""

from __future__ import annotations

import pytest

from catalog.lookup.coverage import Coverage, coverage_of
from catalog.model import AssetRecord, PageRecord
from catalog.store.embedded import EmbeddedStore

FIRST, SECOND, THIRD = "aa" * 32, "bb" * 32, "cc" * 32


def store_of(*pages: PageRecord, assets: tuple[str, ...] = (), unreadable: str = "") -> EmbeddedStore:
    store = EmbeddedStore()
    for page in pages:
        store.put_page(page)
    for sha256 in assets:
        reason = "unsupported picture" if sha256 == unreadable else ""
        store.put_asset(AssetRecord(sha256=sha256, reason=reason))
    return store


def page(number: int, site: str = "a.example", first_seen: str = "2025-08-01T00:00:00Z") -> PageRecord:
    return PageRecord(key=f"p{number}", site=site, first_seen=first_seen)


def covered(store: EmbeddedStore, studied: str = "", compared: str = "") -> Coverage:
    """What is covered where these pictures are studied and these compared, each named by its first digit."""
    names = {sha256[0]: sha256 for sha256 in (FIRST, SECOND, THIRD)}
    return coverage_of(store, {names[one] for one in studied}, {names[one] for one in compared})


def test_an_empty_catalog_covers_nothing() -> None:
    with store_of() as store:
        assert covered(store) == Coverage(pictures=0, pages=0, sites=0, since="")


def test_pictures_are_counted() -> None:
    with store_of(assets=(FIRST, SECOND)) as store:
        assert covered(store).pictures == 2


def test_pages_are_counted() -> None:
    with store_of(page(1), page(2), page(3)) as store:
        assert covered(store).pages == 3


def test_a_site_counts_once() -> None:
    with store_of(page(1), page(2), page(3, site="b.example")) as store:
        assert covered(store).sites == 2


def test_a_page_without_a_site_counts_for_none() -> None:
    with store_of(page(1, site="")) as store:
        assert covered(store).sites == 0


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3)])
def test_a_catalog_covers_what_was_since_its_first_page_was_seen(order: tuple[int, ...]) -> None:
    with store_of(*(page(number, first_seen=f"2025-08-0{number}T00:00:00Z") for number in order)) as store:
        assert covered(store).since == "2025-08-01T00:00:00Z"


@pytest.mark.parametrize("times", [("2025", "", "2026"), ("", "2025", "2026"), ("2025", "2026", "")])
def test_a_page_of_which_no_time_is_known_says_nothing_of_since_when(times: tuple[str, ...]) -> None:
    with store_of(*(page(number, first_seen=time) for number, time in enumerate(times))) as store:
        assert covered(store).since == "2025"


def test_a_picture_with_features_that_was_compared_lacks_nothing() -> None:
    with store_of(assets=(FIRST,)) as store:
        coverage = covered(store, studied="a", compared="a")
    assert (coverage.unreadable, coverage.unstudied, coverage.uncompared) == (0, 0, 0)


def test_a_picture_with_features_that_was_not_compared_is_uncompared() -> None:
    with store_of(assets=(FIRST, SECOND)) as store:
        coverage = covered(store, studied="ab", compared="a")
    assert (coverage.unstudied, coverage.uncompared) == (0, 1)


@pytest.mark.parametrize("compared", ["", "a"])
def test_a_picture_without_features_is_unstudied_and_so_uncompared(compared: str) -> None:
    with store_of(assets=(FIRST,)) as store:
        coverage = covered(store, compared=compared)
    assert (coverage.unreadable, coverage.unstudied, coverage.uncompared) == (0, 1, 1)


def test_a_picture_that_could_not_be_read_is_unreadable_and_nothing_else() -> None:
    with store_of(assets=(FIRST,), unreadable=FIRST) as store:
        coverage = covered(store)
    assert (coverage.unreadable, coverage.unstudied, coverage.uncompared) == (1, 0, 0)


def test_each_picture_is_counted_for_itself() -> None:
    with store_of(assets=(FIRST, SECOND, THIRD), unreadable=SECOND) as store:
        coverage = covered(store, studied="a")
    assert (coverage.pictures, coverage.unreadable, coverage.unstudied, coverage.uncompared) == (3, 1, 1, 2)
