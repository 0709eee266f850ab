"""What a page is known by, and how it keeps its uses when its address changes."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from ledgers import HOME, ROOT, SITE, STORY, Days, day, feed, html, picture, rest, wxr

from assets import Page, PostGone, PostMoved, Reading, SiteRead, SourceKind, StrayAnswered
from catalog.harvest.page_keys import find_page_key, merge_page, move_page, page_key, settle_page
from catalog.model import UsageRecord
from catalog.store import Store

EIGHT = f"{HOME}8/"
NEW = f"{HOME}new/"
OTHER_SITE = "https://other.example/wp-json/"


def gone(days: Days, number: int, post_id: int = 7) -> None:
    days.on(number).note_gone(PostGone(ROOT, post_id, "deleted"))


def moved(days: Days, number: int, post_id: int, url: str) -> None:
    days.on(number).note_moved(PostMoved(ROOT, post_id, url))


def settled(days: Days, number: int) -> None:
    days.on(number).note_site(SiteRead(ROOT))


def live_at(store: Store) -> dict[str, list[str]]:
    """The addresses of pages with the names of the pictures that they use."""
    return {
        page.url: sorted(
            usage.url.rpartition("/")[2] for usage in store.usages_of_page(page.key) if not usage.withdrawn
        )
        for page in store.pages()
    }


# What a page new to the ledger is known by


def test_a_page_is_known_by_its_address() -> None:
    assert page_key(html()) == STORY


def test_a_page_without_an_address_is_known_by_its_absolute_source() -> None:
    assert page_key(Page("page.html")) == os.path.abspath("page.html")


def test_a_post_without_an_address_is_known_by_its_source_and_its_id() -> None:
    assert page_key(Page("/posts.json", post_id=7)) == "/posts.json#7"


@pytest.mark.parametrize("source", ["-", "https://news.example/list.txt"])
def test_a_source_that_is_no_file_is_taken_as_it_is(source: str) -> None:
    assert page_key(Page(source)) == source


def test_a_new_page_has_the_key_of_its_address(store: Store) -> None:
    assert find_page_key(store, rest(), day(1)) == STORY


# Moved


def test_a_post_that_is_read_at_another_address_moves_there(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest(url=NEW), picture())
    assert [(page.key, page.url) for page in days.store.pages()] == [(NEW, NEW)]


def test_a_page_that_moved_keeps_the_address_it_had_and_until_when(days: Days) -> None:
    days.see(1, rest(), picture())
    moved(days, 2, 7, NEW)
    assert days.page().earlier == [{"url": STORY, "until": day(2)}]


def test_a_draft_that_gets_its_address_when_it_is_published_had_none_before(days: Days) -> None:
    days.see(1, rest(url=f"{HOME}?p=7", status="draft"), picture())
    days.see(2, rest(status="publish"), picture())
    assert (days.page().key, days.page().earlier) == (STORY, [])


def test_a_post_that_is_published_again_elsewhere_moved_once(days: Days) -> None:
    days.see(1, rest(status="publish"), picture())
    days.see(2, rest(url=f"{HOME}?p=7", status="draft"), picture())
    days.see(3, rest(url=NEW, status="publish"), picture())
    assert [entry["url"] for entry in days.page().earlier] == [STORY]


def test_a_page_that_moved_twice_keeps_its_addresses_in_order(days: Days) -> None:
    days.see(1, rest(), picture())
    moved(days, 2, 7, NEW)
    moved(days, 3, 7, EIGHT)
    assert [entry["url"] for entry in days.page().earlier] == [STORY, NEW]


def test_a_page_that_moved_back_has_both_addresses_behind_it(days: Days) -> None:
    days.see(1, rest(), picture())
    moved(days, 2, 7, NEW)
    moved(days, 3, 7, STORY)
    assert (days.page().key, [entry["url"] for entry in days.page().earlier]) == (STORY, [STORY, NEW])


def test_the_uses_of_a_page_that_moved_keep_their_keys_and_their_order(days: Days) -> None:
    shown = [picture(f"{name}.jpg", position=at) for at, name in enumerate(("kim", "ann", "bob"))]
    days.see(1, rest(), *shown)
    before = days.usages()
    moved(days, 2, 7, NEW)
    assert [(usage.key, usage.url) for usage in days.usages()] == [(usage.key, usage.url) for usage in before]


def test_a_page_that_moved_and_is_read_there_has_each_use_once(days: Days) -> None:
    days.see(1, rest(), picture())
    key = days.usage().key
    days.see(2, rest(url=NEW), picture())
    assert (days.usage().key, days.usage().page) == (key, NEW)


def test_the_uses_of_a_page_that_moved_keep_their_history(days: Days) -> None:
    days.see(1, rest(), picture(alt="one"))
    days.see(2, rest(), picture(alt="two"))
    moved(days, 3, 7, NEW)
    assert [entry["alt"] for entry in days.usage().history] == ["one"]


def test_a_page_keeps_since_when_it_is_known_where_it_moved(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(4, rest(url=NEW), picture())
    assert days.page().first_seen == day(1)


def test_new_permalinks_move_every_page_and_no_use_is_new(days: Days) -> None:
    for post_id in (7, 8):
        days.see(1, rest(post_id, f"{HOME}{post_id}/"), picture(f"{post_id}.jpg"))
    keys = {usage.key for usage in days.store.usages()}
    for post_id in (7, 8):
        days.see(2, rest(post_id, f"{HOME}2025/08/{post_id}/"), picture(f"{post_id}.jpg"))
    assert {usage.key for usage in days.store.usages()} == keys
    assert live_at(days.store) == {f"{HOME}2025/08/7/": ["7.jpg"], f"{HOME}2025/08/8/": ["8.jpg"]}


def test_another_address_that_a_weaker_kind_tells_moves_no_page(days: Days) -> None:
    days.see(1, rest(), picture())
    page = replace(rest(url=NEW), source_kind=SourceKind.PAGE)
    assert (find_page_key(days.store, page, day(2)), days.page().url) == (STORY, STORY)


def test_a_post_whose_address_is_not_told_stays_where_it_is(days: Days) -> None:
    days.see(1, rest(), picture())
    assert find_page_key(days.store, rest(url=""), day(2)) == STORY


def test_a_post_that_did_not_move_is_not_told_to_have(days: Days) -> None:
    days.see(1, rest(), picture())
    moved(days, 2, 7, STORY)
    assert days.page().earlier == []


def test_a_post_that_is_not_known_cannot_move(days: Days) -> None:
    moved(days, 2, 7, NEW)
    assert list(days.store.pages()) == []


def test_a_post_is_known_whichever_of_its_apis_addresses_tells_it(days: Days) -> None:
    days.see(1, rest(), picture())
    other = rest(url=NEW, api_root=f"{HOME}?rest_route=/")
    assert find_page_key(days.store, other, day(2)) == NEW
    assert len(list(days.store.pages())) == 1


# Two posts and one address


def test_two_posts_that_swap_their_addresses_keep_their_uses(days: Days) -> None:
    days.see(1, rest(7, STORY), picture("seven.jpg"))
    days.see(1, rest(8, EIGHT), picture("eight.jpg"))
    moved(days, 2, 7, EIGHT)
    moved(days, 2, 8, STORY)
    assert live_at(days.store) == {EIGHT: ["seven.jpg"], STORY: ["eight.jpg"]}


def test_two_posts_that_swapped_are_known_by_their_addresses_in_the_end(days: Days) -> None:
    days.see(1, rest(7, STORY), picture("seven.jpg"))
    days.see(1, rest(8, EIGHT), picture("eight.jpg"))
    moved(days, 2, 7, EIGHT)
    moved(days, 2, 8, STORY)
    settled(days, 2)
    assert (days.page(7).key, days.page(8).key) == (EIGHT, STORY)


def test_two_posts_that_swap_their_addresses_with_one_picture_keep_two_uses(days: Days) -> None:
    days.see(1, rest(7, STORY), picture())
    days.see(1, rest(8, EIGHT), picture())
    keys = {usage.key for usage in days.store.usages()}
    days.see(2, rest(7, EIGHT), picture())
    days.see(2, rest(8, STORY), picture())
    settled(days, 2)
    assert {usage.key for usage in days.store.usages()} == keys
    assert live_at(days.store) == {EIGHT: ["kim.jpg"], STORY: ["kim.jpg"]}


def test_a_new_post_at_the_address_of_one_that_is_gone_has_it_for_itself(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    gone(days, 2)
    days.see(3, rest(8, STORY), picture("eight.jpg"))
    assert (days.page(8).key, days.page(7).key) == (STORY, f"{STORY}#7")


def test_a_post_that_is_gone_keeps_its_uses_when_it_makes_room(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    gone(days, 2)
    days.see(3, rest(8, STORY), picture("eight.jpg"))
    assert [usage.withdrawn for usage in days.usages(7)] == [day(2)]
    assert [usage.url for usage in days.usages(8)] == [picture("eight.jpg").url]


def test_a_page_that_moves_to_the_address_of_one_that_is_gone_has_it_for_itself(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(1, rest(8, EIGHT), picture("eight.jpg"))
    gone(days, 2)
    moved(days, 3, 8, STORY)
    assert (days.page(8).key, days.page(7).key) == (STORY, f"{STORY}#7")


def test_a_post_at_the_address_of_one_that_is_there_has_a_key_of_its_own(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    assert (days.page(7).key, days.page(8).key, days.page(8).url) == (STORY, f"{STORY}#8", STORY)


def test_a_page_that_moves_to_the_address_of_one_that_is_there_leaves_it_its_uses(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(1, rest(8, EIGHT), picture("eight.jpg"))
    moved(days, 2, 8, STORY)
    assert [[usage.url for usage in days.usages(post)] for post in (7, 8)] == [
        [picture("seven.jpg").url],
        [picture("eight.jpg").url],
    ]


def test_posts_of_two_sites_with_one_address_are_one_page(days: Days) -> None:
    days.see(1, rest(7), picture())
    assert find_page_key(days.store, rest(9, api_root=OTHER_SITE), day(2)) == STORY


# A page known from a feed, and a post


def test_a_post_that_moves_to_an_address_of_a_feed_takes_its_uses_over(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, feed(NEW), picture(alt="of the feed"))
    days.see(3, rest(url=NEW), picture())
    assert (days.usage().source_kind, days.usage().observations["feed"]["alt"]) == ("rest", "of the feed")


def test_the_use_that_is_taken_over_keeps_the_key_of_the_post(days: Days) -> None:
    days.see(1, rest(), picture())
    key = days.usage().key
    days.see(2, feed(NEW), picture())
    days.see(3, rest(url=NEW), picture())
    assert days.usage().key == key


def test_another_size_that_the_feed_showed_is_the_same_use(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, feed(NEW), picture("kim-300x200.jpg"))
    moved(days, 3, 7, NEW)
    assert days.usage().source_kind == "rest"


def test_a_post_known_by_its_page_takes_over_what_its_new_address_told(days: Days) -> None:
    known = replace(html(), api_root=ROOT, post_id=7)
    days.see(1, known, picture())
    days.see(2, html(NEW), picture())
    days.see(3, replace(known, url=NEW), picture())
    assert live_at(days.store) == {NEW: ["kim.jpg"]}
    assert (days.usage().withdrawn, days.usage().first_seen) == ("", day(1))


def test_what_only_the_feed_showed_goes_along_with_the_page(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, feed(NEW), picture("ann.jpg"))
    moved(days, 3, 7, NEW)
    assert live_at(days.store) == {NEW: ["ann.jpg", "kim.jpg"]}


def test_what_only_the_feed_showed_is_withdrawn_when_the_post_is_read_there(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, feed(NEW), picture("ann.jpg"))
    days.see(3, rest(url=NEW), picture())
    assert live_at(days.store) == {NEW: ["kim.jpg"]}


def test_a_post_read_first_by_its_feed_is_one_page_with_one_use(days: Days) -> None:
    days.see(1, feed(), picture())
    days.see(2, rest(), picture())
    assert (days.page().key, days.usage().source_kind) == (STORY, "rest")


def test_a_feed_that_shows_the_former_address_makes_a_page_of_it(days: Days) -> None:
    days.see(1, rest(), picture())
    moved(days, 2, 7, NEW)
    days.see(3, feed(), picture())
    assert live_at(days.store) == {NEW: ["kim.jpg"], STORY: ["kim.jpg"]}


# A page that leads elsewhere


def test_a_page_that_leads_to_a_post_is_merged_with_it(days: Days) -> None:
    days.see(1, feed(NEW), picture(alt="of the feed"))
    days.see(2, rest(), picture())
    days.on(3).note_stray(StrayAnswered(NEW, "", STORY))
    assert live_at(days.store) == {STORY: ["kim.jpg"]}
    assert days.usage().observations["feed"]["alt"] == "of the feed"


def test_a_page_that_was_merged_is_an_earlier_address_of_the_post(days: Days) -> None:
    days.see(1, feed(NEW), picture())
    days.see(2, rest(), picture())
    days.on(3).note_stray(StrayAnswered(NEW, "", STORY))
    assert days.page().earlier == [{"url": NEW, "until": day(3)}]


def test_what_a_merged_page_alone_showed_is_withdrawn_and_kept(days: Days) -> None:
    days.see(1, feed(NEW), picture("ann.jpg"))
    days.see(2, rest(), picture())
    days.on(3).note_stray(StrayAnswered(NEW, "", STORY))
    kept = {usage.url.rpartition("/")[2]: usage.withdrawn for usage in days.usages()}
    assert kept == {"kim.jpg": "", "ann.jpg": day(3)}


def test_two_pages_of_a_feed_one_of_which_leads_to_the_other_are_one_with_one_use(days: Days) -> None:
    days.see(1, feed(), picture())
    days.see(2, feed(NEW), picture())
    days.on(2).note_stray(StrayAnswered(STORY, "", NEW))
    assert (live_at(days.store), days.usage().first_seen) == ({NEW: ["kim.jpg"]}, day(1))


def test_an_edit_between_two_addresses_of_one_page_is_kept(days: Days) -> None:
    days.see(1, feed(), picture(alt="one"))
    days.see(2, feed(NEW), picture(alt="two"))
    days.on(2).note_stray(StrayAnswered(STORY, "", NEW))
    assert (days.usage().alt, [entry["alt"] for entry in days.usage().history]) == ("two", ["one"])


def test_a_merged_page_may_be_given_directly(days: Days) -> None:
    days.see(1, feed(NEW), picture())
    days.see(2, rest(), picture())
    stray = days.store.page(NEW)
    assert stray is not None
    merge_page(days.store, stray, days.page(), day(3))
    assert [page.key for page in days.store.pages()] == [STORY]


# Settled


def test_a_page_whose_address_became_free_is_known_by_it(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    moved(days, 2, 7, NEW)
    settle_page(days.store, days.page(8))
    assert live_at(days.store) == {NEW: ["seven.jpg"], STORY: ["eight.jpg"]}
    assert days.page(8).key == STORY


def test_a_page_whose_address_is_taken_keeps_its_key(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    settle_page(days.store, days.page(8))
    assert days.page(8).key == f"{STORY}#8"


def test_a_page_settles_in_the_place_of_one_that_is_gone(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    gone(days, 3)
    settle_page(days.store, days.page(8))
    assert (days.page(7).key, days.page(8).key) == (f"{STORY}#7", STORY)


def test_a_page_that_is_gone_does_not_settle(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    moved(days, 2, 7, NEW)
    gone(days, 3, 8)
    settle_page(days.store, days.page(8))
    assert days.page(8).key == f"{STORY}#8"


def test_a_page_that_settles_where_a_feed_showed_something_takes_it_over(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    moved(days, 2, 7, NEW)
    days.see(3, feed(), picture("eight.jpg", alt="of the feed"))
    settle_page(days.store, days.page(8))
    (usage,) = days.usages(8)
    assert usage.observations["feed"]["alt"] == "of the feed"
    assert live_at(days.store) == {NEW: ["seven.jpg"], STORY: ["eight.jpg"]}


def test_a_settled_page_does_not_count_as_moved(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    moved(days, 2, 7, NEW)
    settled(days, 2)
    assert days.page(8).earlier == []


# An export, which names no API


def test_an_export_finds_its_post_by_the_id(days: Days) -> None:
    days.see(1, rest(), picture())
    assert find_page_key(days.store, wxr(), day(2)) == STORY


def test_an_export_finds_a_post_that_shares_its_address_with_another(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, rest(8, STORY), picture("eight.jpg"))
    assert find_page_key(days.store, wxr(8), day(3)) == f"{STORY}#8"


def test_an_export_that_tells_another_post_at_an_address_has_a_page_of_its_own(days: Days) -> None:
    days.see(1, rest(7), picture("seven.jpg"))
    days.see(2, wxr(9), picture("nine.jpg"))
    assert sorted(page.key for page in days.store.pages()) == [STORY, f"{STORY}#9"]


def test_an_export_adds_no_second_use(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, wxr(), picture())
    assert list(days.usage().observations) == ["wxr"]


# Keys of uses


def test_a_use_on_the_address_that_another_page_left_has_a_key_of_its_own(days: Days) -> None:
    days.see(1, rest(7), picture())
    moved(days, 2, 7, NEW)
    days.see(3, rest(8, STORY), picture())
    assert live_at(days.store) == {NEW: ["kim.jpg"], STORY: ["kim.jpg"]}


def test_uses_keep_apart_however_many_pages_had_an_address(days: Days) -> None:
    for post_id in (7, 8, 9):
        days.see(post_id, rest(post_id, STORY), picture())
        moved(days, post_id, post_id, f"{HOME}moved/{post_id}/")
    days.see(10, html(), picture())
    days.see(11, feed(NEW), picture())
    assert [page for page, used in live_at(days.store).items() if used != ["kim.jpg"]] == []
    assert len(list(days.store.usages())) == 5


def test_a_page_that_comes_back_to_its_address_finds_its_use_again(days: Days) -> None:
    days.see(1, rest(7), picture())
    moved(days, 2, 7, NEW)
    days.see(2, rest(8, STORY), picture())
    moved(days, 3, 8, EIGHT)
    days.see(4, rest(7, STORY), picture())
    assert live_at(days.store) == {STORY: ["kim.jpg"], EIGHT: ["kim.jpg"]}
    assert len(list(days.store.usages())) == 2


def test_within_one_run_a_page_takes_over_an_address_whose_uses_were_just_looked_up(days: Days) -> None:
    ledger = days.on(1)
    for page in (rest(7), rest(8, STORY)):
        ledger.note_page(Reading(page, (picture(),)))
        ledger.note_usage(page, picture(), "aa")
        ledger.note_moved(PostMoved(ROOT, page.post_id or 0, f"{HOME}moved/{page.post_id}/"))
    assert live_at(days.store) == {f"{HOME}moved/7/": ["kim.jpg"], f"{HOME}moved/8/": ["kim.jpg"]}


def test_uses_of_an_old_catalog_say_their_kind_when_they_are_taken_over(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, feed(NEW), picture())
    (fed,) = days.store.usages_of_page(NEW)
    days.store.put_usage(replace(fed, source_kind=""))
    moved(days, 3, 7, NEW)
    assert list(days.usage().observations) == ["feed"]


def test_a_move_returns_the_key_that_the_page_has_now(store: Store) -> None:
    days = Days(store)
    days.see(1, rest(), picture())
    assert move_page(store, days.page(), NEW, day(2)) == NEW


def test_a_page_without_uses_moves_too(store: Store) -> None:
    days = Days(store)
    days.see(1, rest())
    move_page(store, days.page(), NEW, day(2))
    assert [(page.key, page.site) for page in store.pages()] == [(NEW, SITE)]


def test_uses_of_other_pages_stay_where_they_are(days: Days) -> None:
    days.see(1, rest(7), picture())
    days.store.put_usage(UsageRecord(key="u", page=EIGHT))
    moved(days, 2, 7, NEW)
    assert [usage.key for usage in days.store.usages_of_page(EIGHT)] == ["u"]
