"""Words looked for in what is said of pictures, with an index and without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.index import text_index
from catalog.index.text_index import TextIndex
from catalog.lookup.text_search import TextSearch
from catalog.model import AssetRecord, PageRecord, UsageRecord
from catalog.store.base import Put
from catalog.store.embedded import EmbeddedStore


def usage(key: str, page: str = "p", **said: object) -> UsageRecord:
    return replace(UsageRecord(key=key, page=page), **said)  # type: ignore[arg-type] # texts and histories


def page(key: str, title: str) -> PageRecord:
    return PageRecord(key=key, title=title)


def asset(sha256: str, **embedded: str) -> AssetRecord:
    return AssetRecord(sha256=sha256, embedded={kind: {"text": text} for kind, text in embedded.items()})


@pytest.fixture(autouse=True)
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests write need not outlive the power."""
    monkeypatch.setattr(text_index, "_TABLES", text_index._TABLES + "PRAGMA synchronous = OFF;")


@pytest.fixture
def store() -> Iterator[EmbeddedStore]:
    with EmbeddedStore() as opened:
        yield opened


@pytest.fixture(params=["no index", "index of all", "index of nothing"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """How much of the records an index has read: what is found must not depend on it."""
    return str(request.param)


class Searched:
    """A store that is filled, then searched, with an index that was updated before or after it was filled."""

    def __init__(self, store: EmbeddedStore, derived: Path, how: str) -> None:
        self._store, self._how = store, how
        self._index = None if how == "no index" else TextIndex(derived)
        if how == "index of nothing" and self._index is not None:
            # A store without a record has no mark to read from.
            store.put_page(page("before", ""))
            self._index.update(store)

    def put(self, *records: PageRecord | UsageRecord | AssetRecord) -> None:
        for record in records:
            if isinstance(record, PageRecord):
                self._store.put_page(record)
            elif isinstance(record, UsageRecord):
                self._store.put_usage(record)
            else:
                self._store.put_asset(record)

    def search(self, text: str) -> TextSearch:
        if self._how == "index of all" and self._index is not None:
            self._index.update(self._store)
        return TextSearch(self._store, text, self._index)

    def usages(self, text: str) -> list[str]:
        return sorted(one.key for one in self.search(text).usages())

    def assets(self, text: str) -> list[str]:
        return sorted(one.sha256 for one in self.search(text).assets())


@pytest.fixture
def searched(store: EmbeddedStore, tmp_path: Path, index: str) -> Searched:
    return Searched(store, tmp_path / "derived", index)


# Words


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_asked_is_no_search(store: EmbeddedStore, text: str) -> None:
    assert not TextSearch(store, text)


def test_a_word_asked_is_a_search(store: EmbeddedStore) -> None:
    assert TextSearch(store, "kim")


# Usages


@pytest.mark.parametrize("field", ["caption", "alt", "credit"])
def test_a_word_is_found_in_what_a_usage_says(searched: Searched, field: str) -> None:
    searched.put(usage("u", **{field: "Kim visits"}), usage("v", **{field: "Lee"}))
    assert searched.usages("kim") == ["u"]


def test_a_word_is_found_in_what_a_usage_said_before(searched: Searched) -> None:
    searched.put(usage("u", history=[{"caption": "Kim"}]))
    assert searched.usages("kim") == ["u"]


def test_a_word_is_found_in_the_title_of_the_page(searched: Searched) -> None:
    searched.put(page("p", "Kim visits"), usage("u"), usage("v", page="q"))
    assert searched.usages("kim") == ["u"]


def test_a_title_counts_for_every_use_on_its_page(searched: Searched) -> None:
    searched.put(page("p", "Kim visits"), usage("u"), usage("v"))
    assert searched.usages("kim") == ["u", "v"]


def test_words_are_found_partly_in_the_title_and_partly_in_a_usage(searched: Searched) -> None:
    searched.put(page("p", "Kim"), usage("u", caption="visits"), usage("v", caption="inspects"))
    assert searched.usages("kim visits") == ["u"]


def test_all_words_must_be_said(searched: Searched) -> None:
    searched.put(usage("u", caption="Kim visits"), usage("v", caption="Kim inspects"))
    assert searched.usages("kim inspects") == ["v"]


def test_words_of_two_usages_do_not_count_together(searched: Searched) -> None:
    searched.put(usage("u", caption="Kim"), usage("v", caption="visits"))
    assert searched.usages("kim visits") == []


def test_words_stand_in_any_order(searched: Searched) -> None:
    searched.put(usage("u", caption="Kim visits"))
    assert searched.usages("visits kim") == ["u"]


def test_a_word_is_found_within_others(searched: Searched) -> None:
    searched.put(usage("u", caption="revisited"))
    assert searched.usages("visit") == ["u"]


@pytest.mark.parametrize("asked", ["QUEBEC", "québec", "Que\u0301bec"])
def test_case_and_accents_do_not_count(searched: Searched, asked: str) -> None:
    searched.put(usage("u", caption="Québec"))
    assert searched.usages(asked) == ["u"]


def test_a_usage_whose_title_says_all_and_that_says_all_itself_is_found_once(searched: Searched) -> None:
    searched.put(page("p", "Kim"), usage("u", caption="Kim"))
    assert searched.usages("kim") == ["u"]


def test_a_page_without_usages_is_no_usage(searched: Searched) -> None:
    searched.put(page("p", "Kim"))
    assert searched.usages("kim") == []


def test_without_words_every_usage_is_found(searched: Searched) -> None:
    searched.put(usage("u", caption="Kim"), usage("v"))
    assert searched.usages("") == ["u", "v"]


def test_a_usage_comes_as_its_record(searched: Searched) -> None:
    record = usage("u", caption="Kim", alt="A visit")
    searched.put(record)
    assert list(searched.search("kim").usages()) == [record]


def test_a_search_is_asked_more_than_once(searched: Searched) -> None:
    searched.put(usage("u", caption="Kim"))
    search = searched.search("kim")
    assert list(search.usages()) == list(search.usages())


# Assets


def test_a_word_is_found_in_what_a_file_says(searched: Searched) -> None:
    searched.put(asset("aa", caption="Kim visits"), asset("bb", caption="Lee"))
    assert searched.assets("kim") == ["aa"]


def test_words_are_found_in_all_that_a_file_says(searched: Searched) -> None:
    searched.put(asset("aa", caption="Kim visits", credit="AP"), asset("bb", credit="AP"))
    assert searched.assets("kim ap") == ["aa"]


def test_what_a_usage_says_its_file_does_not(searched: Searched) -> None:
    searched.put(asset("aa"), usage("u", asset="aa", caption="Kim"))
    assert searched.assets("kim") == []


def test_without_words_no_asset_is_found(searched: Searched) -> None:
    searched.put(asset("aa", caption="Kim"))
    assert searched.assets("") == []


# Since the index was brought up to date


@pytest.fixture
def indexed(store: EmbeddedStore, tmp_path: Path) -> TextIndex:
    """An index that has read a title, a usage and an asset, which all say Kim."""
    store.put_page(page("p", "Kim’s page"))
    store.put_page(page("q", "Other"))
    store.put_usage(usage("u", page="q", caption="Kim"))
    store.put_usage(usage("v", page="p"))
    store.put_asset(asset("aa", caption="Kim"))
    found = TextIndex(tmp_path / "derived")
    found.update(store)
    return found


def keys(store: EmbeddedStore, index: TextIndex, text: str) -> list[str]:
    search = TextSearch(store, text, index)
    return [one.key for one in search.usages()] + [one.sha256 for one in search.assets()]


def test_what_the_index_has_read_is_found(store: EmbeddedStore, indexed: TextIndex) -> None:
    assert sorted(keys(store, indexed, "kim")) == ["aa", "u", "v"]


def test_a_usage_that_no_longer_says_it_is_not_found(store: EmbeddedStore, indexed: TextIndex) -> None:
    store.put_usage(usage("u", page="q", caption="Lee"))
    assert sorted(keys(store, indexed, "kim")) == ["aa", "v"]


def test_a_usage_that_says_it_now_is_found(store: EmbeddedStore, indexed: TextIndex) -> None:
    store.put_usage(usage("u", page="q", caption="Lee"))
    assert keys(store, indexed, "lee") == ["u"]


def test_a_usage_that_was_put_again_is_found_once(store: EmbeddedStore, indexed: TextIndex) -> None:
    store.put_usage(usage("u", page="q", caption="Kim Jong Un"))
    assert sorted(keys(store, indexed, "kim")) == ["aa", "u", "v"]


def test_usages_of_a_page_whose_title_no_longer_says_it_are_not_found(
    store: EmbeddedStore, indexed: TextIndex
) -> None:
    store.put_page(page("p", "Lee’s page"))
    assert sorted(keys(store, indexed, "kim")) == ["aa", "u"]


def test_usages_of_a_page_whose_title_says_it_now_are_found(store: EmbeddedStore, indexed: TextIndex) -> None:
    store.put_page(page("p", "Lee’s page"))
    assert keys(store, indexed, "lee") == ["v"]


def test_a_file_that_no_longer_says_it_is_not_found(store: EmbeddedStore, indexed: TextIndex) -> None:
    store.put_asset(asset("aa", caption="Lee"))
    assert sorted(keys(store, indexed, "kim")) == ["u", "v"]


def test_a_file_that_says_it_now_is_found(store: EmbeddedStore, indexed: TextIndex) -> None:
    store.put_asset(asset("aa", caption="Lee"))
    assert keys(store, indexed, "lee") == ["aa"]


def test_what_came_since_is_told_after_what_was_read_in_the_order_of_keys(
    store: EmbeddedStore, indexed: TextIndex
) -> None:
    for key in ("z", "a"):
        store.put_usage(usage(key, page="q", caption="Kim"))
    assert [one.key for one in TextSearch(store, "kim", indexed).usages()] == ["u", "v", "a", "z"]


def test_a_usage_on_a_page_without_a_record_is_found_by_what_it_says(
    store: EmbeddedStore, indexed: TextIndex
) -> None:
    store.put_usage(usage("w", page="none", caption="Lee"))
    assert keys(store, indexed, "lee") == ["w"]


def test_what_the_index_knows_and_the_records_do_not_is_passed_over(
    store: EmbeddedStore, indexed: TextIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "usage", lambda _key: None)
    monkeypatch.setattr(store, "asset", lambda _sha256: None)
    assert keys(store, indexed, "kim") == []


def test_what_was_put_since_and_is_gone_is_passed_over(
    store: EmbeddedStore, indexed: TextIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "put_since", lambda _mark: Put([], ["gone"], ["gone"]))
    assert sorted(keys(store, indexed, "kim")) == ["aa", "u", "v"]


def test_an_index_is_asked_once_for_usages_and_assets(
    store: EmbeddedStore, indexed: TextIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    saying = TextIndex.search

    def noted(index: TextIndex, store: EmbeddedStore, words: list[str]) -> object:
        asked.append(words)
        return saying(index, store, words)

    monkeypatch.setattr(TextIndex, "search", noted)
    keys(store, indexed, "KIM  page")
    assert asked == [["kim", "page"]]


def test_without_words_no_index_is_asked(
    store: EmbeddedStore, indexed: TextIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the index is asked")

    monkeypatch.setattr(TextIndex, "search", fail)
    assert keys(store, indexed, "") == ["u", "v"]
