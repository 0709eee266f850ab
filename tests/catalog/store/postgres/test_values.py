"""Texts and documents that PostgreSQL does not take as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from catalog.model import FetchRecord, PageRecord
from catalog.store.postgres import PostgresStore
from catalog.store.postgres.values import MARK, dump_document, escape, load_document, make_key, unescape

ODD = some.text(some.sampled_from(["a", "\0", "\udcff", "\ud83d", MARK, "0", "f", "é", "\\", '"']))


@given(ODD)
def test_any_text_comes_back(text: str) -> None:
    storable = escape(text)
    assert unescape(storable) == text
    assert "\0" not in storable
    storable.encode()


@given(some.dictionaries(ODD, some.one_of(ODD, some.lists(ODD), some.integers())))
def test_any_document_comes_back(document: dict[str, object]) -> None:
    assert load_document(dump_document(document)) == document


def test_long_keys_differ_where_their_texts_do() -> None:
    assert make_key("x" * 5000) != make_key("x" * 5001)


@pytest.mark.parametrize("key", ["x" * 100_000, "ключ" * 5000, "a\0b", MARK, "/desk/\udcff.jpg"])
def test_a_record_is_found_by_an_odd_key(team_store: PostgresStore, key: str) -> None:
    mark = team_store.mark()
    team_store.put_page(PageRecord(key=key, site=key, title=key))
    team_store.put_fetch(FetchRecord(url=key))
    assert team_store.page(key) == PageRecord(key=key, site=key, title=key)
    assert [page.key for page in team_store.pages_at(key)] == [key]
    assert team_store.put_since(mark) == ([key], [], [])
    assert list(team_store.fetches()) == [FetchRecord(url=key)]
