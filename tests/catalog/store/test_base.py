"""What any store must do. Another store joins by one line in `STORES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from memory_store import MemoryStore

from catalog.model import (
    AssetRecord,
    DecisionRecord,
    FetchRecord,
    PageRecord,
    Record,
    RunRecord,
    SiteState,
    UsageRecord,
    decision_key,
)
from catalog.store.base import Finding, FindingKind, Store
from catalog.store.catalog import open_store
from catalog.store.embedded import EmbeddedStore

STORES: dict[str, Callable[[Path], Store]] = {
    "plain": lambda _folder: MemoryStore(),
    "embedded in memory": lambda _folder: EmbeddedStore(),
    "embedded on disk": lambda folder: open_store(folder / "catalog"),
}


@pytest.fixture(params=[*STORES, "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "postgres":
        yield request.getfixturevalue("team_store")
        return
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()


def usage(key: str, page: str = "https://a.example/1", asset: str = "aa", **fields: object) -> UsageRecord:
    return replace(UsageRecord(key=key, page=page, asset=asset), **fields)  # type: ignore[arg-type]


def test_a_page_is_found_by_its_post_as_soon_as_it_was_changed(store: Store) -> None:
    root = "https://a.example/wp-json/"
    assert store.page_of_post(root, 7) is None
    with store.changing(PageRecord, "https://a.example/7/") as row:
        row.record = PageRecord(key="https://a.example/7/", api_root=root, post_id=7)
    assert store.page_of_post(root, 7) == row.record


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


def test_putting_again_replaces(store: Store) -> None:
    for sha256 in ("aa", "bb"):
        store.put_asset(AssetRecord(sha256=sha256))
    store.put_asset(AssetRecord(sha256="aa", width=5))
    assert [(asset.sha256, asset.width) for asset in store.assets()] == [("aa", 5), ("bb", 0)]


def test_the_pages_of_a_wordpress_site_are_found_by_their_posts(store: Store) -> None:
    root = "https://a.example/wp-json/"
    store.put_page(PageRecord(key="7", api_root=root, post_id=7, site="a.example"))
    store.put_page(PageRecord(key="8", api_root="https://b.example/wp-json/", post_id=7, site="b.example"))
    store.put_page(PageRecord(key="feed", url="https://a.example/9/", site="a.example"))
    found = store.page_of_post(root, 7)
    assert found is not None
    assert (found.key, store.page_of_post(root, 8)) == ("7", None)
    assert [page.key for page in store.pages_of_site(root)] == ["7"]
    assert {page.key for page in store.pages_at("a.example")} == {"7", "feed"}


def test_what_is_deleted_is_none(store: Store) -> None:
    store.put_page(PageRecord(key="p"))
    store.put_usage(usage("u"))
    store.delete_page("p")
    store.delete_usage("u")
    assert (store.page("p"), store.usage("u"), store.counts()["usages"]) == (None, None, 0)


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
    found = store.find_unfinished_run("k")
    assert found is not None
    assert found.key == "1"
    assert store.find_unfinished_run("none") is None


def test_a_site_state_is_kept(store: Store) -> None:
    state = SiteState(api_root="https://a.example/wp-json/", newest_modified="2025-08-01T00:00:00Z")
    store.put_site_state(state)
    assert store.site_state("https://a.example/wp-json/") == state
    assert list(store.site_states()) == [state]


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


def test_a_decision_is_found_from_either_picture(store: Store) -> None:
    record = DecisionRecord(key=decision_key("bb", "aa"), first="aa", second="bb", decision="same", by="Ada")
    store.put_decision(record)
    assert store.decision(decision_key("aa", "bb")) == record
    assert list(store.decisions()) == [record]
    assert store.decision(decision_key("aa", "cc")) is None


def test_a_row_is_read_changed_and_written(store: Store) -> None:
    store.put_asset(AssetRecord(sha256="aa", width=1))
    with store.changing(AssetRecord, "aa") as row:
        assert row.record == AssetRecord(sha256="aa", width=1)
        row.record = AssetRecord(sha256="aa", width=2)
    assert store.asset("aa") == AssetRecord(sha256="aa", width=2)


def test_a_row_that_is_not_there_is_none_and_can_be_made(store: Store) -> None:
    with store.changing(FetchRecord, "https://a.example/1.jpg") as row:
        assert row.record is None
        row.record = FetchRecord(url="https://a.example/1.jpg", status=200)
    assert store.fetch("https://a.example/1.jpg") == FetchRecord(url="https://a.example/1.jpg", status=200)


def test_a_row_that_stays_none_is_not_made(store: Store) -> None:
    with store.changing(PageRecord, "p"):
        pass
    assert list(store.pages()) == []


def test_a_row_that_stays_as_it_was_is_not_put_again(store: Store) -> None:
    store.put_usage(usage("1"))
    mark = store.mark()
    with store.changing(UsageRecord, "1") as row:
        row.record = usage("1")
    assert store.put_since(mark) == ([], [], [])


def test_nothing_of_a_row_is_written_when_its_block_fails(store: Store) -> None:
    def fail() -> None:
        with store.changing(AssetRecord, "aa") as row:
            row.record = AssetRecord(sha256="aa")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.asset("aa") is None


def test_a_usage_whose_row_was_changed_is_found_under_its_new_asset(store: Store) -> None:
    store.put_usage(usage("1"))
    assert [one.key for one in store.usages_of_asset("aa")] == ["1"]
    with store.changing(UsageRecord, "1") as row:
        row.record = usage("1", asset="bb")
    assert [one.key for one in store.usages_of_asset("bb")] == ["1"]
    assert store.usages_of_asset("aa") == []


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (PageRecord, PageRecord(key="k")),
        (UsageRecord, UsageRecord(key="k", page="p")),
        (AssetRecord, AssetRecord(sha256="k")),
        (FetchRecord, FetchRecord(url="k")),
        (RunRecord, RunRecord(key="k", inputs_key="i")),
        (SiteState, SiteState(api_root="k")),
        (DecisionRecord, DecisionRecord(key="k", first="aa", second="bb", decision="same")),
    ],
)
def test_a_row_of_every_kind_can_be_changed(store: Store, kind: type[Record], record: Record) -> None:
    with store.changing(kind, "k") as row:
        row.record = record
    with store.changing(kind, "k") as row:
        assert row.record == record


def test_what_was_put_since_a_mark_is_told(store: Store) -> None:
    store.put_asset(AssetRecord(sha256="aa"))
    mark = store.mark()
    store.put_page(PageRecord(key="p"))
    store.put_usage(usage("1"))
    assert store.put_since(mark) == (["p"], ["1"], [])
    assert store.put_since(store.mark()) == ([], [], [])


def test_a_mark_of_another_store_tells_nothing(store: Store) -> None:
    assert store.put_since("99 of another") is None


def test_usages_of_several_assets_come_one_asset_after_the_other(store: Store) -> None:
    for key, asset in (("1", "aa"), ("2", "bb"), ("3", "aa")):
        store.put_usage(usage(key, asset=asset))
    assert [one.key for one in store.usages_of_assets(["bb", "none", "aa"])] == ["2", "1", "3"]


def test_assets_that_are_used_often_enough_are_told(store: Store) -> None:
    for sha256 in ("aa", "bb", "cc"):
        store.put_asset(AssetRecord(sha256=sha256))
    for key, asset in (("1", "aa"), ("2", "aa"), ("3", "bb"), ("4", "lost"), ("5", "lost")):
        store.put_usage(usage(key, asset=asset))
    assert store.list_used_assets(2) == ["aa"]
    assert sorted(store.list_used_assets(1)) == ["aa", "bb"]


def test_sites_that_use_pictures_are_told_once(store: Store) -> None:
    for key, site in (("1", "a.example"), ("2", "a.example"), ("3", "b.example")):
        store.put_usage(usage(key, site=site))
    assert store.sites_using() == {"a.example", "b.example"}


def test_coverage_counts_pages_and_names_their_sites_and_the_first_time(store: Store) -> None:
    for key, site, seen in (
        ("1", "a.example", "2025-08-02T00:00:00Z"),
        ("2", "a.example", "2025-08-01T00:00:00Z"),
        ("3", "", "2025-08-03T00:00:00Z"),
    ):
        store.put_page(PageRecord(key=key, site=site, first_seen=seen))
    assert store.coverage() == (3, {"a.example": 2}, "2025-08-01T00:00:00Z")


def test_an_empty_store_covers_nothing(store: Store) -> None:
    assert store.coverage() == (0, {}, "")


def said(store: Store, *words: str) -> list[str]:
    return sorted(one.key for one in store.find_usages(words))


def spoken(store: Store) -> None:
    store.put_page(PageRecord(key="p", title="Talks resume"))
    store.put_page(PageRecord(key="q", title="Gespräche"))
    store.put_usage(usage("plain", page="p", caption="Two Ministers"))
    store.put_usage(usage("accents", page="q", caption="Les ministères"))
    store.put_usage(usage("quoted", page="q", caption='The "ministers"'))
    store.put_usage(usage("none", page="q", caption="A bridge"))
    store.put_asset(AssetRecord(sha256="aa", embedded={"caption": {"text": "Ministers"}}))


def test_usages_are_found_by_what_is_said_of_them_without_case_and_accents(store: Store) -> None:
    spoken(store)
    assert said(store, "ministers") == ["plain", "quoted"]
    assert said(store, "ministeres") == ["accents"]
    assert said(store, "bridge") == ["none"]


def test_all_words_must_be_said_and_a_pages_title_counts(store: Store) -> None:
    spoken(store)
    assert said(store, "two", "talks") == ["plain"]
    assert said(store, "two", "bridge") == []
    assert said(store, "gesprache") == ["accents", "none", "quoted"]


def test_without_words_every_usage_is_found(store: Store) -> None:
    spoken(store)
    assert said(store) == ["accents", "none", "plain", "quoted"]


def test_assets_are_found_by_what_their_files_say(store: Store) -> None:
    spoken(store)
    assert [one.sha256 for one in store.find_assets(["ministers"])] == ["aa"]
    assert list(store.find_assets(["bridge"])) == []


def test_a_sound_store_tells_no_problems(store: Store) -> None:
    spoken(store)
    assert store.damage == store.damage.__class__()
    assert list(store.problems()) == []


# Findings


def test_a_finding_says_where_and_what() -> None:
    assert str(Finding(FindingKind.STRAY_FILE, "originals/a.txt")) == "originals/a.txt: stray file"


def test_more_words_of_a_finding_stand_in_brackets() -> None:
    told = str(Finding(FindingKind.TORN_JOURNAL, "catalog.jsonl", "28 bytes"))
    assert told == "catalog.jsonl: torn journal (28 bytes)"


def test_what_was_done_about_a_finding_stands_at_the_end() -> None:
    told = str(Finding(FindingKind.LEFT_OVER, "catalog.jsonl.new", mended="removed"))
    assert told == "catalog.jsonl.new: left over: removed"


def test_all_of_a_finding_is_told() -> None:
    told = str(Finding(FindingKind.WRONG_DIGEST, "originals/5f/5f.jpg", "it cannot be read", "set aside"))
    assert told == "originals/5f/5f.jpg: wrong digest (it cannot be read): set aside"
