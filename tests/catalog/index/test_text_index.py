from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pictures import encoded, photo

from catalog.cli import main
from catalog.index import text_index as wordindex
from catalog.index.text_index import TextIndex
from catalog.lookup.text_search import TextSearch
from catalog.model import AssetRecord, PageRecord, UsageRecord
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore
from catalog.store.layout import WORDS

# Of letters that fold, words that hold others, and what SQL and JSON would trip over.
VOCABULARY = (
    "Kim visits visitors the Straße STRASSE Québec quebec Ὀδυσσεύς ｆｕｌｌ harvest rice-harvest 50% a_b it's "
    '"quoted" back\\slash <b> 平壤 平 ; DROP \udcff'
).split()


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - made-up records, no secrets


def text(chance: random.Random, most: int = 6) -> str:
    return " ".join(chance.choices(VOCABULARY, k=chance.randint(0, most)))


def usage(chance: random.Random, number: int) -> UsageRecord:
    earlier = {"until": "2026-01-01T00:00:00Z", "caption": text(chance), "alt": "", "credit": ""}
    return UsageRecord(
        key=f"u{number}",
        page=f"https://a.example/{number % 7}",
        url="https://a.example/a.jpg",
        asset=f"{number % 5:064x}",
        caption=text(chance),
        alt=text(chance, 2),
        credit=text(chance, 1),
        history=[earlier] if chance.random() < 0.3 else [],
    )


def u1(**fields: str) -> UsageRecord:
    """A usage that says this, beside what any may."""
    return replace(usage(seeded(1), 1), **fields)  # type: ignore[arg-type] # of texts


def page(chance: random.Random, number: int) -> PageRecord:
    return PageRecord(key=f"https://a.example/{number}", title=text(chance, 3))


def asset(chance: random.Random, number: int) -> AssetRecord:
    return AssetRecord(sha256=f"{number:064x}", embedded={"caption": {"text": text(chance), "field": "iptc"}})


def put_some(store: EmbeddedStore, chance: random.Random, usages: int) -> None:
    with store.batch():
        for number in chance.sample(range(40), usages):
            store.put_usage(usage(chance, number))
        for number in chance.sample(range(7), 2):
            store.put_page(page(chance, number))
        store.put_asset(asset(chance, chance.randrange(5)))


def found(store: EmbeddedStore, words: str, index: TextIndex | None) -> tuple[list[str], list[str]]:
    asked = TextSearch(store, words, index)
    usages = [one.key for one in asked.usages()]
    assets = [one.sha256 for one in asked.assets()]
    assert len(set(usages)) == len(usages)
    return sorted(usages), sorted(assets)


@pytest.fixture
def reads_no_records(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def forbid() -> None:
        def fail(*_: object) -> None:
            raise AssertionError("the records are gone through")

        monkeypatch.setattr(EmbeddedStore, "find_usages", fail)

    return forbid


@pytest.mark.parametrize("seed", range(6))
def test_the_index_finds_what_going_through_the_records_finds(tmp_path: Path, seed: int) -> None:
    chance = seeded(seed)
    index = TextIndex(tmp_path / "derived")
    compared = 0
    with open_store(tmp_path) as store:
        for step in range(8):
            put_some(store, chance, chance.randint(1, 20))
            # Every second time the index is behind.
            if step % 2 == 0:
                index.update(store)
            for words in (*VOCABULARY, *(text(chance, 3) for _ in range(10))):
                if not words:
                    continue
                assert index.search(store, ["x"]) is not None
                wanted = found(store, words, None)
                assert found(store, words, index) == wanted
                compared += len(wanted[0]) > 0
    assert compared > 40


def test_a_search_by_the_index_goes_through_no_records(
    tmp_path: Path, reads_no_records: Callable[[], None]
) -> None:
    with open_store(tmp_path) as store:
        put_some(store, seeded(1), 10)
        store.put_usage(u1(caption="Pyongyang today"))
        TextIndex(tmp_path / "derived").update(store)
        reads_no_records()
        assert found(store, "PYONGYANG", TextIndex(tmp_path / "derived"))[0] == ["u1"]


def test_a_new_title_counts_for_usages_that_were_read_before(tmp_path: Path) -> None:
    index = TextIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        store.put_page(PageRecord(key="https://a.example/1", title="Before"))
        store.put_usage(u1(caption="plain"))
        index.update(store)
        store.put_page(PageRecord(key="https://a.example/1", title="Afterwards"))
        assert found(store, "afterwards plain", index)[0] == ["u1"]
        assert found(store, "before plain", index)[0] == []
        index.update(store)
        assert found(store, "afterwards plain", index)[0] == ["u1"]
        assert found(store, "before plain", index)[0] == []


def test_a_catalog_that_was_rewritten_is_read_anew(tmp_path: Path) -> None:
    index, chance = TextIndex(tmp_path / "derived"), seeded(3)
    with open_store(tmp_path) as store:
        for _ in range(3):
            put_some(store, chance, 20)
        index.update(store)
        store.compact()
        assert index.search(store, ["visit"]) is None
        wanted = found(store, "visit", None)
        assert found(store, "visit", index) == wanted
        index.update(store)
        assert index.search(store, ["visit"]) is not None
        assert found(store, "visit", index) == wanted


def test_an_index_of_another_catalog_is_not_believed(tmp_path: Path) -> None:
    for name in ("one", "other"):
        with open_store(tmp_path / name) as store:
            store.put_usage(u1(caption=name))
            TextIndex(tmp_path / name / "derived").update(store)
    (tmp_path / "one" / "derived" / WORDS).replace(tmp_path / "other" / "derived" / WORDS)
    with open_store(tmp_path / "other") as store:
        index = TextIndex(tmp_path / "other" / "derived")
        assert found(store, "one", index)[0] == []
        assert found(store, "other", index)[0] == ["u1"]
        index.update(store)
        assert found(store, "other", index)[0] == ["u1"]
        assert index.search(store, ["one"]).usages == ()  # type: ignore[union-attr]


def test_a_damaged_index_is_gone_around_and_made_anew(tmp_path: Path) -> None:
    index = TextIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        store.put_usage(u1(caption="Pyongyang"))
        index.update(store)
        path = tmp_path / "derived" / WORDS
        path.write_bytes(b"no database at all" * 1000)
        assert found(store, "pyongyang", index)[0] == ["u1"]
        assert index.search(store, ["pyongyang"]) is None
        index.update(store)
        assert index.search(store, ["pyongyang"]).usages == ("u1",)  # type: ignore[union-attr]


def test_an_index_that_another_process_writes_is_gone_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wordindex, "BUSY_SECONDS", 0.0)
    index = TextIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        store.put_usage(u1(caption="Pyongyang"))
        index.update(store)
        with closing(sqlite3.connect(tmp_path / "derived" / WORDS, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            index.update(store)
            assert index.search(store, ["pyongyang"]) is None
            assert found(store, "pyongyang", index)[0] == ["u1"]
            assert list(index.problems(store)) == []


def test_an_index_that_was_never_filled_is_sound_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = TextIndex(tmp_path / "derived")

    def interrupted(*_: object) -> None:
        raise sqlite3.OperationalError("interrupted")

    with open_store(tmp_path) as store:
        store.put_usage(u1(caption="Pyongyang"))
        monkeypatch.setattr(wordindex, "_insert", interrupted)
        index.update(store)
        assert (tmp_path / "derived" / WORDS).exists()
        assert list(index.problems(store)) == []
        assert index.search(store, ["pyongyang"]) is None
        assert found(store, "pyongyang", index)[0] == ["u1"]


def test_where_much_is_new_the_records_are_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wordindex, "MOST_SINCE", 3)
    index = TextIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        put_some(store, seeded(1), 1)
        index.update(store)
        put_some(store, seeded(2), 10)
        assert index.search(store, ["visit"]) is None


def test_a_reader_searches_without_writing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        put_some(store, seeded(1), 10)
        TextIndex(tmp_path / "derived").update(store)
        put_some(store, seeded(2), 10)
    before = {path: path.read_bytes() for path in (tmp_path / "derived").iterdir()}
    with open_store(tmp_path, read_only=True) as store:
        found(store, "visit", TextIndex(tmp_path / "derived"))
    assert {path: path.read_bytes() for path in (tmp_path / "derived").iterdir()} == before


def test_a_text_that_rotted_is_found_by_check_and_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(tmp_path) as store:
        store.put_page(PageRecord(key="https://a.example/1", title="A title"))
        store.put_usage(u1(asset="", caption="Pyongyang"))
        TextIndex(tmp_path / "derived").update(store)
    assert main(["check", "--catalog", str(tmp_path)]) == 0
    path = tmp_path / "derived" / WORDS
    body = path.read_bytes()
    assert b"pyongyang" in body
    path.write_bytes(body.replace(b"pyongyang", b"pyongyanh"))
    capsys.readouterr()
    assert main(["check", "--catalog", str(tmp_path)]) == 1
    assert (
        f"derived/{WORDS}: damaged derived file (it does not say what the records say)"
        in capsys.readouterr().out
    )
    assert main(["check", "--repair", "--catalog", str(tmp_path)]) == 0
    assert "made anew" in capsys.readouterr().out
    assert main(["check", "--catalog", str(tmp_path)]) == 0
    with open_store(tmp_path, read_only=True) as store:
        assert TextIndex(tmp_path / "derived").search(store, ["pyongyang"]).usages == ("u1",)  # type: ignore[union-attr]


def test_an_index_that_is_behind_is_sound(tmp_path: Path) -> None:
    index = TextIndex(tmp_path / "derived")
    with open_store(tmp_path) as store:
        assert list(index.problems(store)) == []
        put_some(store, seeded(1), 10)
        index.update(store)
        put_some(store, seeded(2), 10)
        assert list(index.problems(store)) == []
        store.compact()
        assert list(index.problems(store)) == []


def test_a_harvest_and_the_index_command_bring_it_up_to_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog, index = tmp_path / "catalog", TextIndex(tmp_path / "catalog" / "derived")
    (tmp_path / "picture.jpg").write_bytes(encoded(photo(1, 320, 240), "JPEG"))
    assert main(["harvest", str(tmp_path / "picture.jpg"), "--catalog", str(catalog)]) == 0
    with open_store(catalog, read_only=True) as store:
        said = index.search(store, ["nothing"])
        assert said is not None
        assert not any(said.since)
    TextIndex.remove(catalog / "derived")
    assert main(["index", "--catalog", str(catalog)]) == 0
    with open_store(catalog, read_only=True) as store:
        said = index.search(store, ["nothing"])
        assert said is not None
        assert not any(said.since)


def test_an_index_that_cannot_be_written_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open_store(tmp_path) as store:
        put_some(store, seeded(1), 3)
        (tmp_path / "derived").write_text("in the way")
        TextIndex(tmp_path / "derived").update(store)
        (tmp_path / "derived").unlink()
    (message,) = caplog.messages
    assert message.startswith(f"{tmp_path / 'derived' / WORDS}: not written: ")


def test_a_folder_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        put_some(store, seeded(1), 3)
        (tmp_path / "derived").write_text("in the way")
        TextIndex(tmp_path / "derived").update(store)
        assert TextIndex(tmp_path / "derived").search(store, ["visit"]) is None
        (tmp_path / "derived").unlink()


# Waiting


def test_how_many_texts_were_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wordindex, "TOLD_EACH", 5)
    told: list[tuple[int, int]] = []
    with open_store(tmp_path) as store:
        with store.batch():
            for number in range(12):
                store.put_usage(usage(seeded(number), number))
        TextIndex(tmp_path / "derived").update(store, lambda done, wanted: told.append((done, wanted)))
    assert told == [(5, 12), (10, 12)]
