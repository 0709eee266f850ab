"""What any store must do. A second store joins by one line in `STORES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.errors import CatalogLocked, NotACatalog
from catalog.model import (
    AssetRecord,
    DecisionRecord,
    FetchRecord,
    PageRecord,
    RunRecord,
    SiteState,
    UsageRecord,
    decision_key,
)
from catalog.store.base import Store
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _folder: EmbeddedStore(),
    "disk": lambda folder: open_store(folder / "catalog"),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()


def usage(key: str, page: str = "https://a.example/1", asset: str = "aa", **fields: object) -> UsageRecord:
    return replace(UsageRecord(key=key, page=page, asset=asset), **fields)  # type: ignore[arg-type]


def test_a_record_comes_back_as_it_was_put(store: Store) -> None:
    page = PageRecord(
        key="https://a.example/1", title="Kim’s visit", post_id=7, failures=[{"reason": "gone"}]
    )
    asset = AssetRecord(
        sha256="aa", width=640, fingerprints={"phash64": "ff"}, embedded={"credit": {"text": "K"}}
    )
    fetch = FetchRecord(url="https://a.example/1.jpg", status=200, headers={"etag": '"x"'})
    store.put_page(page)
    store.put_usage(usage("u", caption='"quoted" \t and\nlines'))
    store.put_asset(asset)
    store.put_fetch(fetch)
    assert store.page("https://a.example/1") == page
    assert store.usage("u") == usage("u", caption='"quoted" \t and\nlines')
    assert store.asset("aa") == asset
    assert store.fetch("https://a.example/1.jpg") == fetch


def test_what_was_never_put_is_none(store: Store) -> None:
    assert store.page("x") is None
    assert store.usage("x") is None
    assert store.asset("x") is None
    assert store.fetch("x") is None
    assert store.run("x") is None
    assert store.site_state("x") is None


def test_putting_again_replaces_and_keeps_the_place(store: Store) -> None:
    for sha256 in ("aa", "bb"):
        store.put_asset(AssetRecord(sha256=sha256))
    store.put_asset(AssetRecord(sha256="aa", width=5))
    assert [(asset.sha256, asset.width) for asset in store.assets()] == [("aa", 5), ("bb", 0)]


def test_usages_are_found_by_page_and_by_asset(store: Store) -> None:
    store.put_usage(usage("1"))
    store.put_usage(usage("2", page="https://b.example/2"))
    store.put_usage(usage("3", asset="bb"))
    assert [one.key for one in store.usages_of_asset("aa")] == ["1", "2"]
    assert [one.key for one in store.usages_of_page("https://a.example/1")] == ["1", "3"]


def test_a_usage_whose_picture_was_swapped_is_found_under_the_new_asset_only(store: Store) -> None:
    store.put_usage(usage("1"))
    assert store.usages_of_asset("bb") == []
    store.put_usage(usage("1", asset="bb"))
    assert store.usages_of_asset("aa") == []
    assert [one.key for one in store.usages_of_asset("bb")] == ["1"]


def test_a_batch_is_seen_within_and_after(store: Store) -> None:
    with store.batch():
        store.put_asset(AssetRecord(sha256="aa"))
        store.put_asset(AssetRecord(sha256="aa", width=3))
        assert store.asset("aa") == AssetRecord(sha256="aa", width=3)
        assert store.counts()["assets"] == 1
    assert store.asset("aa") == AssetRecord(sha256="aa", width=3)


def test_nothing_of_a_batch_that_failed_counts(store: Store) -> None:
    store.put_usage(usage("1"))
    assert store.usages_of_asset("bb") == []

    def fail() -> None:
        with store.batch():
            store.put_usage(usage("1", asset="bb"))
            store.put_asset(AssetRecord(sha256="cc"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.asset("cc") is None
    assert store.usages_of_asset("bb") == []
    assert [one.key for one in store.usages_of_asset("aa")] == ["1"]


def test_a_record_handed_out_does_not_alias_the_store(store: Store) -> None:
    store.put_asset(AssetRecord(sha256="aa", fingerprints={"phash64": "ff"}))
    found = store.asset("aa")
    assert found is not None
    found.fingerprints["phash64"] = "00"
    assert store.asset("aa") == AssetRecord(sha256="aa", fingerprints={"phash64": "ff"})


def test_assets_are_found_by_the_beginning_of_their_digest(store: Store) -> None:
    for sha256 in ("5f0c", "5f11", "90ab"):
        store.put_asset(AssetRecord(sha256=sha256))
    assert [asset.sha256 for asset in store.assets_with_prefix("5f")] == ["5f0c", "5f11"]


def test_the_last_run_that_did_not_end_is_found_by_its_inputs(store: Store) -> None:
    store.put_run(RunRecord(key="1", inputs_key="k"))
    store.put_run(RunRecord(key="2", inputs_key="k", finished="2025-08-01T00:00:00Z"))
    store.put_run(RunRecord(key="3", inputs_key="other"))
    found = store.unfinished_run("k")
    assert found is not None
    assert found.key == "1"
    assert store.unfinished_run("none") is None


def test_a_site_state_is_kept(store: Store) -> None:
    state = SiteState(api_root="https://a.example/wp-json/", newest_modified="2025-08-01T00:00:00Z")
    store.put_site_state(state)
    assert store.site_state("https://a.example/wp-json/") == state


def test_file_names_that_are_no_utf8_and_huge_numbers_are_kept(store: Store) -> None:
    record = FetchRecord(url="/desk/\udcff.jpg", size=2**70)
    store.put_fetch(record)
    assert store.fetch("/desk/\udcff.jpg") == record
    assert list(store.fetches()) == [record]


def test_counts_tell_how_many_of_each_there_are(store: Store) -> None:
    store.put_asset(AssetRecord(sha256="aa"))
    store.put_usage(usage("1"))
    store.put_usage(usage("2"))
    assert store.counts() == {"pages": 0, "usages": 2, "assets": 1, "fetches": 0, "runs": 0, "decisions": 0}


# The embedded store on disk


def test_a_catalog_opened_again_holds_what_was_put(tmp_path: Path) -> None:
    with open_store(tmp_path / "catalog") as store:
        store.put_asset(AssetRecord(sha256="aa"))
        store.put_usage(usage("1"))
    with open_store(tmp_path / "catalog", read_only=True) as store:
        assert store.asset("aa") == AssetRecord(sha256="aa")
        assert [one.key for one in store.usages_of_asset("aa")] == ["1"]


def test_a_second_writer_is_told_who_holds_the_catalog(tmp_path: Path) -> None:
    with open_store(tmp_path), pytest.raises(CatalogLocked, match=r"in use by process \d+"):
        open_store(tmp_path)


def test_a_reader_is_let_in_beside_a_writer(tmp_path: Path) -> None:
    with open_store(tmp_path) as writer:
        writer.put_asset(AssetRecord(sha256="aa"))
        with open_store(tmp_path, read_only=True) as reader:
            assert reader.counts()["assets"] == 1


def test_reading_a_folder_without_a_catalog_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotACatalog, match="there is no catalog here"):
        open_store(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(NotACatalog, match="other things"):
        open_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.odt"]


def test_a_field_of_a_later_version_is_passed_over() -> None:
    document = AssetRecord(sha256="aa").to_json() | {"mood": "sombre"}
    assert AssetRecord.from_json(document) == AssetRecord(sha256="aa")


def test_a_decision_is_found_from_either_picture(store: Store) -> None:
    record = DecisionRecord(key=decision_key("bb", "aa"), first="aa", second="bb", decision="same", by="Ada")
    store.put_decision(record)
    assert store.decision(decision_key("aa", "bb")) == record
    assert list(store.decisions()) == [record]
    assert store.decision(decision_key("aa", "cc")) is None


def test_records_that_say_none_of_some_words_may_be_left_out(store: Store) -> None:
    store.put_page(PageRecord(key="p", title="Talks resume"))
    store.put_page(PageRecord(key="q", title="Gespräche"))
    store.put_usage(usage("plain", caption="Two Ministers"))
    store.put_usage(usage("accents", caption="Les ministères"))
    store.put_usage(usage("quoted", caption='The "ministers"'))
    store.put_usage(usage("none", caption="A bridge"))
    store.put_asset(AssetRecord(sha256="aa", embedded={"caption": {"text": "Ministers"}}))
    # Only plain ones are looked into, and none that says a word is missing.
    assert {one.key for one in store.usages(["ministers"])} == {"plain", "accents", "quoted"}
    assert {one.key for one in store.usages(["bridge", "two"])} == {"plain", "accents", "quoted", "none"}
    assert {one.key for one in store.pages(["talks"])} == {"p", "q"}
    assert [one.sha256 for one in store.assets(["ministers"])] == ["aa"]
    assert not list(store.assets(["bridge"]))
    assert len(list(store.usages())) == 4
