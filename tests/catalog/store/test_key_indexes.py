"""Keys by page, asset and post, as they are put and deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog.model import PageRecord, UsageRecord
from catalog.store.embedded import EmbeddedStore

ROOT = "https://a.example/wp-json/"


@pytest.fixture
def store() -> EmbeddedStore:
    return EmbeddedStore()


def test_a_usage_that_is_put_on_another_page_is_on_the_first_no_more(store: EmbeddedStore) -> None:
    store.put_usage(UsageRecord(key="u", page="p"))
    assert [one.key for one in store.usages_of_page("p")] == ["u"]
    store.put_usage(UsageRecord(key="u", page="q"))
    assert (store.usages_of_page("p"), [one.key for one in store.usages_of_page("q")]) == ([], ["u"])


def test_a_usage_of_another_asset_is_of_the_first_no_more(store: EmbeddedStore) -> None:
    store.put_usage(UsageRecord(key="u", page="p", asset="aa"))
    assert [one.key for one in store.usages_of_asset("aa")] == ["u"]
    store.put_usage(UsageRecord(key="u", page="p", asset="bb"))
    assert (store.usages_of_asset("aa"), [one.key for one in store.usages_of_asset("bb")]) == ([], ["u"])


@pytest.mark.parametrize("other", ["https://a.example/?rest_route=/", "http://a.example/index.php/wp-json/"])
def test_a_post_is_found_whatever_address_its_api_has(store: EmbeddedStore, other: str) -> None:
    store.put_page(PageRecord(key="p", api_root=ROOT, post_id=7))
    found = store.page_of_post(other, 7)
    assert found is not None
    assert found.key == "p"


def delete(store: EmbeddedStore) -> None:
    store.delete_page("p")


def put_again(store: EmbeddedStore) -> None:
    store.put_page(PageRecord(key="q", api_root=ROOT, post_id=7))
    store.delete_page("p")


@pytest.mark.parametrize(("do", "keys"), [(delete, []), (put_again, ["q"])])
def test_a_page_that_is_deleted_is_of_no_post(
    store: EmbeddedStore, do: Callable[[EmbeddedStore], None], keys: list[str]
) -> None:
    store.put_page(PageRecord(key="p", api_root=ROOT, post_id=7))
    assert store.page_of_post(ROOT, 7) is not None
    do(store)
    assert [page.key for page in store.pages_of_site(ROOT)] == keys


def fail_after_a_put(store: EmbeddedStore) -> None:
    with store.batch():
        store.put_usage(UsageRecord(key="u", page="p"))
        raise RuntimeError


def test_what_a_failed_batch_put_is_forgotten(store: EmbeddedStore) -> None:
    store.usages_of_page("p")
    with pytest.raises(RuntimeError):
        fail_after_a_put(store)
    assert store.usages_of_page("p") == []
