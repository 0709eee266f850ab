"""Which pictures of a site are asked for again though their posts are as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assets import Failure, Reason, Stage
from catalog.harvest.known_site import known_page, list_again
from catalog.model import FetchRecord, PageRecord, UsageRecord, failure_json
from catalog.store.embedded import EmbeddedStore

ROOT = "https://news.example/wp-json/"
STORY = "https://news.example/7/"
BEST = "https://news.example/up/kim.jpg"
SMALL = "https://news.example/up/kim-300x200.jpg"
NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)

USAGE = UsageRecord(key="u", page=STORY, url=BEST, variants=[SMALL], source_kind="rest")
PAGE = PageRecord(key=STORY, url=STORY, api_root=ROOT, post_id=7, source_kind="rest", read="2025-07-01")


@pytest.fixture
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as store:
        store.put_page(PAGE)
        yield store


def failed(reason: str) -> FetchRecord:
    return FetchRecord(url=BEST, outcome="failed", reason=reason, at="2025-08-01T11:00:00Z", failures=1)


def asked_again(store: EmbeddedStore, later: timedelta = timedelta(0), *, all_files: bool = False) -> bool:
    return bool(list(list_again(store, ROOT, NOON + later, all_files=all_files)))


def test_what_failed_for_a_passing_reason_is_asked(store: EmbeddedStore) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed("server error"))
    assert asked_again(store)


def test_what_failed_for_good_is_asked_when_its_time_has_come(store: EmbeddedStore) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed("gone"))
    assert [asked_again(store, timedelta(hours=hours)) for hours in (0, 24)] == [False, True]


def test_an_address_that_gave_its_picture_to_another_use_meanwhile_is_asked(store: EmbeddedStore) -> None:
    store.put_usage(USAGE)
    store.put_fetch(FetchRecord(url=BEST, outcome="fetched", at="2025-08-01T11:00:00Z"))
    assert asked_again(store)


def test_a_picture_that_came_from_a_smaller_size_is_asked_at_its_best_address(store: EmbeddedStore) -> None:
    store.put_usage(replace(USAGE, asset="5f0c", asset_url=SMALL))
    store.put_fetch(failed("server error"))
    assert asked_again(store)


def test_a_picture_that_is_kept_from_before_is_asked(store: EmbeddedStore) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    store.put_fetch(failed("server error"))
    assert asked_again(store)


def test_a_picture_that_came_is_left_alone(store: EmbeddedStore) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    store.put_fetch(FetchRecord(url=BEST, outcome="fetched", at="2025-08-01T11:00:00Z"))
    assert not asked_again(store)


def test_all_are_asked_where_files_are_checked(store: EmbeddedStore) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    assert asked_again(store, all_files=True)


@pytest.mark.parametrize("all_files", [False, True])
def test_the_record_of_a_featured_picture_is_not_asked_for_as_a_picture(
    store: EmbeddedStore, all_files: bool
) -> None:
    diagnosis = failure_json(Failure(Stage.DISCOVER, Reason.FORBIDDEN, ROOT))
    store.put_usage(replace(USAGE, url=f"{ROOT}wp/v2/media/8", variants=[], diagnosis=diagnosis))
    assert not asked_again(store, all_files=all_files)


@pytest.mark.parametrize("page", [replace(PAGE, gone="2025-08-01"), replace(PAGE, read="")])
def test_nothing_is_asked_of_a_page_that_is_gone_or_read_anyway(
    store: EmbeddedStore, page: PageRecord
) -> None:
    store.put_page(page)
    store.put_usage(USAGE)
    store.put_fetch(failed("server error"))
    assert not asked_again(store)


@pytest.mark.parametrize("reason", ["unsupported picture", "too many pixels"])
def test_what_a_former_version_did_not_keep_is_asked(store: EmbeddedStore, reason: str) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed(reason))
    assert asked_again(store)


def test_a_page_is_read_again_whose_picture_was_kept_but_not_decoded(store: EmbeddedStore) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    before = known_page(store, STORY, NOON)
    store.put_fetch(failed("decode timeout"))
    assert (before, known_page(store, STORY, NOON)) == ("2025-07-01", "")
