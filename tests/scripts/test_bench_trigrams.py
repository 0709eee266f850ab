"""The benchmark of trigrams compares two searches that find the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import trigrams

from catalog.model import UsageRecord
from catalog.store.catalog import open_store


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> trigrams.Json:
    return trigrams.measured(tmp_path_factory.mktemp("trigrams"), 300)


def test_both_searches_find_the_same(result: trigrams.Json) -> None:
    assert result["differ"] == 0


def test_every_word_that_is_timed_is_in_the_table(result: trigrams.Json) -> None:
    text = trigrams.as_text(result)
    assert all(f"| {row['what']} | {row['usages']:,} |" in text for row in result["searches"])


@pytest.mark.parametrize("word", ["yongya", 'say"it', "ang"])
def test_the_trigram_index_finds_a_part_of_a_word(tmp_path: Path, word: str) -> None:
    index = trigrams._TrigramIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        for key, caption in (("u1", 'pyongyang say"it'), ("u2", "yong ongya gya an")):
            store.put_usage(UsageRecord(key=key, page="p", url="u", caption=caption))
        index.update(store)
        said = index.search(store, [word])
    assert said is not None
    assert said.usages == ("u1",)


def test_a_text_that_was_replaced_is_not_found_by_its_former_words(tmp_path: Path) -> None:
    index = trigrams._TrigramIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        for caption in ("before", "afterwards"):
            store.put_usage(UsageRecord(key="u1", page="p", url="u", caption=caption))
            index.update(store)
        said = index.search(store, ["before"])
    assert said is not None
    assert said.usages == ()
