"""What of a site is handed to the walk over it, and which pictures are asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assets import Failure, KnownPost, KnownSite, Reason, Role, Stage, site_key
from catalog.harvest.known_site import (
    MOST_STRAYS,
    has_address,
    is_recent,
    known_page,
    known_site,
    list_again,
    reference_of,
)
from catalog.model import FetchRecord, PageRecord, SiteState, UsageRecord, failure_json
from catalog.store import Store

ROOT = "https://news.example/wp-json/"
STORY = "https://news.example/7/"
BEST = "https://news.example/up/kim.jpg"
SMALL = "https://news.example/up/kim-300x200.jpg"
NOON = datetime(2025, 8, 1, 12, tzinfo=UTC)

USAGE = UsageRecord(key="u", page=STORY, url=BEST, variants=[SMALL], source_kind="rest")
PAGE = PageRecord(key=STORY, url=STORY, api_root=ROOT, post_id=7, source_kind="rest", read="2025-07-01")


@pytest.fixture(autouse=True)
def _known(store: Store) -> None:
    store.put_page(PAGE)


def failed(reason: str) -> FetchRecord:
    return FetchRecord(url=BEST, outcome="failed", reason=reason, at="2025-08-01T11:00:00Z", failures=1)


def asked_again(store: Store, later: timedelta = timedelta(0), *, all_files: bool = False) -> bool:
    return bool(list(list_again(store, ROOT, NOON + later, all_files=all_files)))


def test_what_failed_for_a_passing_reason_is_asked(store: Store) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed("server error"))
    assert asked_again(store)


def test_what_failed_for_good_is_asked_when_its_time_has_come(store: Store) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed("gone"))
    assert [asked_again(store, timedelta(hours=hours)) for hours in (0, 24)] == [False, True]


def test_an_address_that_gave_its_picture_to_another_use_meanwhile_is_asked(store: Store) -> None:
    store.put_usage(USAGE)
    store.put_fetch(FetchRecord(url=BEST, outcome="fetched", at="2025-08-01T11:00:00Z"))
    assert asked_again(store)


def test_a_picture_that_came_from_a_smaller_size_is_asked_at_its_best_address(store: Store) -> None:
    store.put_usage(replace(USAGE, asset="5f0c", asset_url=SMALL))
    store.put_fetch(failed("server error"))
    assert asked_again(store)


def test_a_picture_that_is_kept_from_before_is_asked(store: Store) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    store.put_fetch(failed("server error"))
    assert asked_again(store)


def test_a_picture_that_came_is_left_alone(store: Store) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    store.put_fetch(FetchRecord(url=BEST, outcome="fetched", at="2025-08-01T11:00:00Z"))
    assert not asked_again(store)


def test_all_are_asked_where_files_are_checked(store: Store) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    assert asked_again(store, all_files=True)


@pytest.mark.parametrize("all_files", [False, True])
def test_the_record_of_a_featured_picture_is_not_asked_for_as_a_picture(
    store: Store, all_files: bool
) -> None:
    diagnosis = failure_json(Failure(Stage.DISCOVER, Reason.FORBIDDEN, ROOT))
    store.put_usage(replace(USAGE, url=f"{ROOT}wp/v2/media/8", variants=[], diagnosis=diagnosis))
    assert not asked_again(store, all_files=all_files)


@pytest.mark.parametrize("page", [replace(PAGE, gone="2025-08-01"), replace(PAGE, read="")])
def test_nothing_is_asked_of_a_page_that_is_gone_or_read_anyway(store: Store, page: PageRecord) -> None:
    store.put_page(page)
    store.put_usage(USAGE)
    store.put_fetch(failed("server error"))
    assert not asked_again(store)


@pytest.mark.parametrize("reason", ["unsupported picture", "too many pixels"])
def test_what_a_former_version_did_not_keep_is_asked(store: Store, reason: str) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed(reason))
    assert asked_again(store)


def test_a_page_is_read_again_whose_picture_was_kept_but_not_decoded(store: Store) -> None:
    store.put_usage(replace(USAGE, asset="5f0c"))
    before = known_page(store, STORY, NOON)
    store.put_fetch(failed("decode timeout"))
    assert (before, known_page(store, STORY, NOON)) == ("2025-07-01", "")


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn": "2025-08-01"},
        {"source_kind": "feed"},
        {"source_kind": ""},
        {"url": "", "variants": []},
    ],
)
def test_only_uses_that_rest_shows_now_are_asked(store: Store, fields: dict[str, Any]) -> None:
    store.put_usage(replace(USAGE, **fields))
    assert not asked_again(store, all_files=True)


def test_what_was_never_asked_is_asked(store: Store) -> None:
    store.put_usage(USAGE)
    assert asked_again(store)


def test_what_failed_for_a_reason_that_was_lifted_is_asked(store: Store) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed("robots tag"))
    assert [
        bool(list(list_again(store, ROOT, NOON, all_files=False, lifted=lifted)))
        for lifted in ((), {"robots tag"})
    ] == [False, True]


def test_pictures_of_another_site_are_not_asked(store: Store) -> None:
    store.put_usage(USAGE)
    assert not list(list_again(store, "https://other.example/wp-json/", NOON, all_files=True))


def test_a_picture_is_asked_at_all_the_addresses_that_its_use_keeps() -> None:
    usage = replace(USAGE, role="featured", media_modified="2025-07-01")
    reference = reference_of(usage)
    assert (reference.url, reference.variants, reference.role) == (BEST, (SMALL,), Role.FEATURED)
    assert reference.media_modified == "2025-07-01"


def test_a_record_of_the_library_that_gave_a_picture_is_an_address() -> None:
    diagnosis = failure_json(Failure(Stage.DISCOVER, Reason.FORBIDDEN, ROOT))
    assert has_address(replace(USAGE, url=f"{ROOT}wp/v2/media/8", asset="aa", diagnosis=diagnosis))


# What is handed to the walk over a site


def walk(store: Store, reconcile: timedelta | None = None, later: timedelta = timedelta(0)) -> KnownSite:
    return known_site(store, ROOT, reconcile, NOON + later)


def post(store: Store) -> KnownPost:
    return walk(store).posts[7]


def test_a_post_is_known_as_it_was_read(store: Store) -> None:
    store.put_page(replace(PAGE, post_type="page", featured_media=8))
    assert post(store) == KnownPost("2025-07-01", STORY, "page", 8)


@pytest.mark.parametrize(
    ("kind", "read"), [("rest", "2025-07-01"), ("wxr", ""), ("feed", ""), ("", "2025-07-01")]
)
def test_a_post_counts_as_read_only_where_rest_showed_it(store: Store, kind: str, read: str) -> None:
    store.put_page(replace(PAGE, kind="post", source_kind=kind))
    assert post(store).read == read


def test_a_post_that_was_gone_is_known_to_have_been(store: Store) -> None:
    store.put_page(replace(PAGE, gone="2025-07-02"))
    assert post(store).is_gone


@pytest.mark.parametrize(
    ("fields", "media"),
    [
        ({}, {8: "2025-07-01"}),
        ({"source_kind": ""}, {8: "2025-07-01"}),
        ({"withdrawn": "2025-07-02"}, {}),
        ({"source_kind": "feed"}, {}),
        ({"media_id": None}, {}),
    ],
)
def test_a_posts_media_are_those_of_the_uses_that_rest_shows_now(
    store: Store, fields: dict[str, Any], media: dict[int, str]
) -> None:
    store.put_usage(replace(USAGE, **({"media_id": 8, "media_modified": "2025-07-01"} | fields)))
    assert post(store).media == media


@pytest.mark.parametrize(
    ("fields", "alt"),
    [
        ({}, "Kim"),
        ({"role": "content"}, None),
        ({"media_id": 9}, None),
        ({"media_modified": ""}, None),
        ({"diagnosis": {"reason": "forbidden"}}, None),
        ({"withdrawn": "2025-07-02"}, None),
    ],
)
def test_a_posts_featured_alt_text_is_what_the_library_told(
    store: Store, fields: dict[str, Any], alt: str | None
) -> None:
    store.put_page(replace(PAGE, featured_media=8))
    use = {"role": "featured", "alt": "Kim", "media_id": 8, "media_modified": "2025-07-01"}
    store.put_usage(replace(USAGE, **(use | fields)))  # type: ignore[arg-type]
    assert post(store).featured_alt == alt


@pytest.mark.parametrize(
    ("fields", "is_draft"),
    [
        ({"status": "draft"}, True),
        ({"status": "publish"}, False),
        ({"status": ""}, False),
        # It was open before.
        ({"status": "draft", "gone": "2025-07-02"}, False),
    ],
)
def test_a_post_that_was_never_open_is_a_draft(store: Store, fields: dict[str, str], is_draft: bool) -> None:
    store.put_page(replace(PAGE, **fields))  # type: ignore[arg-type]
    assert post(store).is_draft is is_draft


def test_of_a_post_that_asks_for_a_password_only_the_featured_picture_is_kept_up_with(store: Store) -> None:
    store.put_page(replace(PAGE, protected="2025-07-02"))
    store.put_usage(replace(USAGE, key="f", role="featured", media_id=8, media_modified="m"))
    store.put_usage(replace(USAGE, key="c", role="content", media_id=9, media_modified="m"))
    assert post(store).media == {8: "m"}


FORBIDDEN = failure_json(Failure(Stage.DISCOVER, Reason.FORBIDDEN, ROOT))
RECORD = replace(USAGE, url=f"{ROOT}wp/v2/media/8", role="featured", media_id=8, diagnosis=FORBIDDEN)


def page_ended(outcome: str, reason: str = "") -> FetchRecord:
    return FetchRecord(url=STORY, outcome=outcome, reason=reason, at="2025-08-01T11:00:00Z", failures=1)


@pytest.mark.parametrize(
    ("page", "read"),
    [
        (page_ended("failed", "server error"), ""),
        (page_ended("failed", "gone"), "2025-07-01"),
        # It has no picture of its own.
        (page_ended("fetched"), "2025-07-01"),
        # To read the post again costs its site requests, whoever refuses to ask for the page.
        (page_ended("refused", "robots.txt"), "2025-07-01"),
    ],
)
def test_a_post_whose_page_was_to_give_its_featured_picture_is_read_again_where_that_may_pass(
    store: Store, page: FetchRecord, read: str
) -> None:
    store.put_usage(RECORD)
    store.put_fetch(page)
    assert post(store).read == read


def test_a_post_whose_page_was_not_there_is_read_again_after_a_pause(store: Store) -> None:
    store.put_usage(RECORD)
    store.put_fetch(page_ended("failed", "gone"))
    assert walk(store, later=timedelta(days=1)).posts[7].read == ""


def test_a_post_whose_page_was_asked_at_its_former_address_is_read_again(store: Store) -> None:
    store.put_usage(RECORD)
    assert post(store).read == ""


def test_a_post_whose_featured_picture_came_is_not_read_for_its_page(store: Store) -> None:
    store.put_usage(replace(RECORD, url=BEST))
    store.put_fetch(page_ended("failed", "server error"))
    assert post(store).read == "2025-07-01"


@pytest.mark.parametrize(
    ("fields", "lacks"), [({}, True), ({"url": BEST}, False), ({"diagnosis": None}, False)]
)
def test_a_post_lacks_the_featured_picture_that_neither_its_library_nor_its_page_gave(
    store: Store, fields: dict[str, Any], *, lacks: bool
) -> None:
    store.put_usage(replace(RECORD, **fields))
    assert post(store).lacks_featured is lacks


def test_a_post_that_only_an_export_told_has_no_media_that_were_read(store: Store) -> None:
    store.put_page(replace(PAGE, source_kind="wxr"))
    store.put_usage(replace(USAGE, media_id=8))
    assert post(store).media == {}


def test_an_upload_that_an_export_tells_is_no_post(store: Store) -> None:
    store.put_page(replace(PAGE, kind="attachment"))
    assert walk(store).posts == {}


def test_posts_of_another_site_are_not_handed_on(store: Store) -> None:
    other = "https://other.example/"
    store.put_page(replace(PAGE, key=other, url=other, api_root=f"{other}wp-json/", post_id=9))
    assert list(walk(store).posts) == [7]


def state(store: Store, **fields: Any) -> None:  # noqa: ANN401 - a site's fields
    store.put_site_state(SiteState(api_root=site_key(ROOT), mark="m", **fields))


@pytest.mark.parametrize(
    ("reconcile", "mark"),
    [(None, ""), (timedelta(days=2), "m"), (timedelta(hours=23), ""), (timedelta(days=1), "")],
)
def test_a_site_that_was_listed_whole_of_late_has_a_mark(
    store: Store, reconcile: timedelta | None, mark: str
) -> None:
    state(store, listed="2025-07-31T12:00:00Z")
    assert walk(store, reconcile).mark == mark


def test_a_site_that_was_never_listed_whole_has_no_mark(store: Store) -> None:
    state(store)
    assert walk(store, timedelta(days=9999)).mark == ""


def test_the_types_of_which_posts_were_open_are_told(store: Store) -> None:
    state(store, types={"post": 2, "page": 1})
    assert list(walk(store).types) == ["post", "page"]


def test_of_a_site_that_is_new_nothing_is_known(store: Store) -> None:
    assert known_site(store, "https://other.example/wp-json/", timedelta(days=1), NOON) == KnownSite(
        strays=[]
    )


def test_a_use_whose_address_gave_another_file_to_another_page_is_asked_for_again(store: Store) -> None:
    store.put_page(
        PageRecord(key="p", api_root=ROOT, post_id=7, source_kind="rest", read="2025-08-01T06:00:00Z")
    )
    store.put_usage(
        UsageRecord(key="u", page="p", url="https://news.example/k.jpg", source_kind="rest", asset="aa")
    )
    store.put_fetch(
        FetchRecord(url="https://news.example/k.jpg", outcome="fetched", sha256="bb", last_good_sha256="bb")
    )
    assert [usage.key for usage in list_again(store, ROOT, NOON, all_files=False)] == ["u"]


# Pages that are in no list


def stray(name: str = "s", **fields: Any) -> PageRecord:  # noqa: ANN401 - a page's fields
    url = f"https://news.example/{name}/"
    told: dict[str, Any] = {"url": url, "site": "news.example", "source_kind": "feed"}
    return PageRecord(key=url, **(told | fields))


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_a_page_that_is_known_from_elsewhere_is_a_stray(store: Store, kind: str) -> None:
    store.put_page(stray(source_kind=kind))
    assert walk(store).strays == ["https://news.example/s/"]


@pytest.mark.parametrize(
    "fields",
    [
        {"post_id": 9},
        {"gone": "2025-07-01"},
        {"source_kind": "list"},
        {"source_kind": "file"},
        {"source_kind": "wxr"},
        {"asked": "2025-07-31T13:00:00Z"},
        {"site": "other.example"},
        {"url": "http://other.example/s/"},
    ],
)
def test_what_has_an_id_or_is_gone_or_no_page_of_the_site_or_was_just_asked_is_none(
    store: Store, fields: dict[str, Any]
) -> None:
    store.put_page(stray(**fields))
    assert walk(store).strays == []


def test_a_stray_may_be_known_by_http_where_the_api_is_asked_by_https(store: Store) -> None:
    store.put_page(stray(url="http://news.example/s/"))
    assert walk(store).strays == ["http://news.example/s/"]


def test_a_page_of_another_site_on_the_same_host_is_no_stray(store: Store) -> None:
    store.put_page(stray())
    assert known_site(store, "https://news.example/uk/wp-json/", None, NOON).strays == []


def test_a_stray_is_asked_again_after_a_day(store: Store) -> None:
    store.put_page(stray(asked="2025-08-01T12:00:00Z"))
    assert [walk(store, later=timedelta(hours=hours)).strays != [] for hours in (23, 24)] == [False, True]


def test_the_strays_that_waited_longest_are_asked_and_not_too_many_at_once(store: Store) -> None:
    asked = [f"2025-07-{1 + number % 28:02}T{number // 28:02}:00:00Z" for number in range(MOST_STRAYS + 5)]
    for number, at in enumerate(asked):
        store.put_page(stray(str(number), asked=at))
    at = {page.url: page.asked for page in store.pages()}
    assert [at[url] for url in walk(store).strays] == sorted(asked)[:MOST_STRAYS]


@pytest.mark.parametrize(
    ("moment", "within", "recent"),
    [
        ("2025-08-01T11:00:00Z", timedelta(hours=2), True),
        ("2025-08-01T10:00:00Z", timedelta(hours=2), False),
        ("2025-08-01T11:00:00Z", None, False),
        ("", timedelta(hours=2), False),
        ("of late", timedelta(hours=2), False),
    ],
)
def test_recent_is_what_was_done_within_a_time(moment: str, within: timedelta | None, recent: bool) -> None:
    assert is_recent(moment, within, NOON) is recent


# Pages of a sitemap


def test_a_page_is_known_as_it_was_read(store: Store) -> None:
    assert known_page(store, STORY, NOON) == "2025-07-01"


def test_a_page_that_is_not_known_is_to_be_read(store: Store) -> None:
    assert known_page(store, "https://news.example/other/", NOON) == ""


def test_a_page_is_known_by_the_address_that_leads_to_it(store: Store) -> None:
    store.put_fetch(FetchRecord(url="https://news.example/?p=7", outcome="fetched", final_url=STORY))
    assert known_page(store, "https://news.example/?p=7", NOON) == "2025-07-01"


def test_a_page_that_is_gone_is_to_be_read(store: Store) -> None:
    store.put_page(replace(PAGE, gone="2025-07-02"))
    assert known_page(store, STORY, NOON) == ""


@pytest.mark.parametrize(
    ("reason", "fields", "read"),
    [
        ("server error", {}, ""),
        ("gone", {}, "2025-07-01"),
        ("server error", {"withdrawn": "2025-07-02"}, "2025-07-01"),
        ("server error", {"asset": "aa"}, ""),
        ("gone", {"asset": "aa"}, "2025-07-01"),
    ],
)
def test_a_page_with_a_picture_that_is_due_is_to_be_read(
    store: Store, reason: str, fields: dict[str, Any], read: str
) -> None:
    store.put_usage(replace(USAGE, **fields))
    store.put_fetch(failed(reason))
    assert known_page(store, STORY, NOON) == read


def test_a_page_with_a_picture_whose_pause_is_over_is_to_be_read(store: Store) -> None:
    store.put_usage(USAGE)
    store.put_fetch(failed("gone"))
    assert known_page(store, STORY, NOON + timedelta(days=1)) == ""
