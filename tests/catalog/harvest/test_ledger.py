"""What a harvest finds, written and merged with what was known before."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from ledgers import HOME, ROOT, STORY, Days, day, feed, html, picture, rest, wxr

from assets import (
    Collected,
    Failure,
    Fetch,
    ImageReference,
    Outcome,
    Page,
    PostGone,
    PostMoved,
    Reading,
    Reason,
    Role,
    SiteRead,
    Stage,
    StrayAnswered,
    Validators,
    site_key,
)
from assets.picture_model import Picture
from catalog.harvest.ledger import PAGES_REMEMBERED, Ledger, usage_key
from catalog.model import AssetRecord, FetchRecord, SiteState, UsageRecord
from catalog.store import Store

KIM = f"{HOME}up/kim.jpg"
NEW = f"{HOME}new/"
BROKEN = Failure(Stage.READ, Reason.MALFORMED, STORY)
LOCKED = Failure(Stage.DISCOVER, Reason.PROTECTED, STORY)
BARE = Failure(Stage.READ, Reason.NO_PICTURE, STORY)


def fetched(at: int = 1, **fields: object) -> Fetch:
    return replace(Fetch(KIM, Outcome.FETCHED, day(at), sha256="aa"), **fields)  # type: ignore[arg-type]


def failed(at: int, reason: Reason = Reason.GONE) -> Fetch:
    return Fetch(KIM, Outcome.FAILED, day(at), reason=reason, stage=Stage.DOWNLOAD)


def known(store: Store) -> FetchRecord:
    record = store.fetch(KIM)
    assert record is not None
    return record


# Uses of a page


def test_a_use_that_is_new_is_written_with_its_page_and_kind_of_source(days: Days) -> None:
    days.see(1, rest(), picture())
    usage = days.usage()
    assert (usage.page, usage.source_kind, usage.first_seen, usage.asset) == (STORY, "rest", day(1), "aa")


def test_a_use_is_known_by_its_page_and_the_upload() -> None:
    sizes = (picture(), picture("kim-300x200.jpg"))
    assert len({usage_key(STORY, one) for one in sizes}) == 1
    assert len({usage_key(page, sizes[0]) for page in (STORY, NEW)}) == 2


def test_another_size_is_the_same_use(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest(), picture("kim-300x200.jpg"))
    assert days.usage().first_seen == day(1)


def test_a_picture_that_is_known_by_a_variant_is_the_same_use(days: Days) -> None:
    days.see(1, rest(), picture("other-name.jpg"))
    days.see(2, rest(), picture(variants=(f"{HOME}up/other-name.jpg",)))
    assert days.usage().url == KIM


def test_a_featured_picture_that_was_not_to_be_looked_up_is_known_by_its_id(days: Days) -> None:
    days.see(1, rest(), replace(picture(media_id=8), url=f"{ROOT}wp/v2/media/8", resolved=False), asset="")
    days.see(2, rest(), picture(media_id=8))
    assert (days.usage().first_seen, days.usage().url) == (day(1), KIM)


def test_one_picture_on_two_pages_is_two_uses(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(1, rest(8, f"{HOME}8/"), picture())
    assert len(list(days.store.usages())) == 2


def test_the_address_that_gave_another_size_stands_beside_the_uses_own(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_page(Reading(rest(), (picture(),)))
    ledger.note_usage(rest(), picture(), "aa", f"{HOME}up/kim-300x200.jpg")
    assert days.usage().asset_url == f"{HOME}up/kim-300x200.jpg"


def test_the_address_that_is_the_uses_own_stands_once(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_usage(rest(), picture(), "aa", KIM)
    assert days.usage().asset_url == ""


def test_uses_are_known_also_when_more_pages_were_read_than_are_remembered(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_usage(rest(), picture(), "aa")
    for number in range(PAGES_REMEMBERED + 1):
        ledger._usages_of(f"page {number}", [])
    ledger.note_usage(rest(), picture("kim-300x200.jpg"), "aa")
    assert len(list(days.store.usages())) == 1


# Absence


def test_a_picture_that_a_post_shows_no_more_is_withdrawn(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest())
    assert days.usage().withdrawn == day(2)


def test_a_feed_that_shows_no_picture_says_nothing_of_the_posts(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, feed())
    assert days.usage().withdrawn == ""


def test_a_post_that_does_not_show_what_only_its_feed_did_withdraws_it(days: Days) -> None:
    days.see(1, feed(), picture())
    days.see(2, rest())
    assert days.usage().withdrawn == day(2)


def test_a_post_that_does_not_show_what_its_page_does_leaves_it(days: Days) -> None:
    days.see(1, html(), picture())
    days.see(2, rest())
    assert days.usage().withdrawn == ""


def test_a_page_that_does_not_show_what_its_post_does_leaves_it(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, html())
    assert days.usage().withdrawn == ""


def test_an_export_that_does_not_show_what_rest_does_leaves_it(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, wxr())
    assert days.usage().withdrawn == ""


def test_what_could_not_be_read_is_not_said_to_be_gone(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest(), failures=(BROKEN,))
    assert days.usage().withdrawn == ""


def test_a_story_that_was_read_and_has_no_picture_withdraws_what_it_had(days: Days) -> None:
    days.see(1, html(), picture())
    days.on(2).note_page(Reading(html(), failures=(BARE,), has_bare_story=True))
    assert days.usage().withdrawn == day(2)


def test_a_post_that_asks_for_a_password_keeps_its_uses(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest(), failures=(LOCKED,))
    assert (days.usage().withdrawn, days.page().protected) == ("", day(2))


def open_after_export(days: Days, exported: int, *shown: ImageReference) -> str:
    """Have a post ask for a password from day 2 on, exported on a day, and open on day 4; when its use went."""
    days.see(1, rest())
    if exported == 1:
        days.see(1, wxr(), picture())
    days.see(2, rest(), failures=(LOCKED,))
    if exported == 3:
        days.see(3, wxr(), picture())
    days.see(4, rest(), *shown)
    return days.usage().withdrawn


def test_what_an_export_alone_told_of_a_closed_post_goes_where_that_is_open_without_it(days: Days) -> None:
    assert open_after_export(days, 3) == day(4)


def test_what_an_export_told_of_a_closed_post_stays_where_that_is_open_with_it(days: Days) -> None:
    assert open_after_export(days, 3, picture()) == ""


def test_what_an_export_told_of_an_open_post_stays_when_that_was_closed_meanwhile(days: Days) -> None:
    assert open_after_export(days, 1) == ""


def test_what_an_export_told_of_a_closed_post_stays_while_that_is_closed(days: Days) -> None:
    days.see(2, rest(), failures=(LOCKED,))
    days.see(3, wxr(), picture())
    days.see(4, rest(), failures=(LOCKED,))
    assert days.usage().withdrawn == ""


def test_another_size_of_a_picture_is_no_absence(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_page(Reading(rest(), (picture("kim-300x200.jpg"),)))
    assert days.usage().withdrawn == ""


def test_a_use_that_is_shown_again_is_back_and_its_history_says_so(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest())
    days.see(3, rest(), picture())
    assert days.usage().withdrawn == ""
    assert days.usage().history == [{"until": day(1), "seen": day(3), "withdrawn": day(2)}]


def test_a_use_of_an_old_catalog_has_the_kind_of_source_that_its_page_says(days: Days) -> None:
    days.see(1, rest(), picture())
    days.store.put_usage(replace(days.usage(), source_kind=""))
    days.see(2, feed())
    assert days.usage().withdrawn == ""


def test_a_use_of_an_old_catalog_is_withdrawn_with_its_kind_of_source(days: Days) -> None:
    days.see(1, rest(), picture())
    days.store.put_usage(replace(days.usage(), source_kind=""))
    days.see(2, rest())
    assert (days.usage().source_kind, days.usage().withdrawn) == ("rest", day(2))


# Posts that are open no more


def test_the_uses_of_a_post_that_is_gone_are_withdrawn(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_gone(PostGone(ROOT, 7, "deleted"))
    assert (days.page().gone, days.page().status, days.usage().withdrawn) == (day(2), "deleted", day(2))


def test_a_post_that_is_gone_does_not_count_as_read(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(1).note_read(rest())
    days.on(2).note_gone(PostGone(ROOT, 7, "deleted"))
    assert days.page().read == ""


def test_a_post_stays_gone_since_it_first_was_with_the_word_of_today(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_gone(PostGone(ROOT, 7, "private"))
    days.on(3).note_gone(PostGone(ROOT, 7, "deleted"))
    assert (days.page().gone, days.page().status) == (day(2), "deleted")


def test_every_kind_of_use_of_a_post_that_is_gone_is_withdrawn(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(1, html(), picture("lead.jpg"))
    days.on(2).note_gone(PostGone(ROOT, 7, "deleted"))
    assert [usage.withdrawn for usage in days.store.usages()] == [day(2)] * 2


def test_a_post_that_is_not_known_cannot_be_gone(days: Days) -> None:
    days.on(1).note_gone(PostGone(ROOT, 7, "deleted"))
    assert list(days.store.pages()) == []


def test_what_a_feed_still_shows_of_a_post_that_is_gone_is_gone_all_the_same(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_gone(PostGone(ROOT, 7, "deleted"))
    days.see(3, feed(), picture("ann.jpg"))
    assert [usage.withdrawn for usage in days.store.usages()] == [day(2)] * 2


def test_a_published_post_that_is_a_draft_now_has_its_uses_withdrawn(days: Days) -> None:
    days.see(1, rest(status="publish"), picture())
    days.see(2, rest(status="draft"), picture())
    assert (days.page().gone, days.usage().withdrawn) == (day(2), day(2))


@pytest.mark.parametrize("other", [html, feed])
def test_a_post_that_is_a_draft_now_has_what_others_showed_withdrawn(
    days: Days, other: Callable[[], Page]
) -> None:
    days.see(1, rest(status="publish"), picture())
    days.see(1, other(), picture("lead.jpg"))
    days.see(2, rest(status="draft"), picture())
    assert [usage.withdrawn for usage in days.store.usages()] == [day(2)] * 2


def test_a_draft_that_is_published_again_has_its_uses_back(days: Days) -> None:
    days.see(1, rest(status="publish"), picture())
    days.see(2, rest(status="draft"), picture())
    days.see(3, rest(status="publish"), picture())
    assert (days.page().gone, days.usage().withdrawn) == ("", "")
    assert [entry["withdrawn"] for entry in days.usage().history] == [day(2)]


def test_the_pictures_of_a_draft_are_uses_like_others(days: Days) -> None:
    days.see(1, rest(status="draft"), picture())
    assert days.usage().withdrawn == ""


def test_a_post_that_is_back_has_its_uses_back(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_gone(PostGone(ROOT, 7, "trash"))
    days.see(3, rest(status="publish"), picture())
    assert (days.page().gone, days.usage().withdrawn) == ("", "")


# What counts as read


def test_a_page_was_read_as_its_list_had_it(days: Days) -> None:
    days.see(1, html())
    page = replace(html(), lastmod="2025-07-30", modified="2025-07-31")
    days.on(1).note_read(page)
    (record,) = days.store.pages()
    assert record.read == "2025-07-30"


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"modified": "2025-07-31", "published": "2025-07-30"}, "2025-07-31"),
        ({"modified": "", "published": "2025-07-30"}, "2025-07-30"),
        ({"modified": ""}, day(2)),
    ],
)
def test_a_post_was_read_as_it_was_modified_or_published_or_now(
    days: Days, fields: dict[str, str], read: str
) -> None:
    days.see(1, rest(**fields))
    days.on(2).note_read(rest(**fields))
    assert days.page().read == read


def test_a_feed_that_was_read_does_not_say_that_the_post_was(days: Days) -> None:
    days.see(1, rest())
    days.on(2).note_read(feed())
    assert days.page().read == ""


def test_a_page_that_is_read_anew_does_not_count_as_read_meanwhile(days: Days) -> None:
    days.see(1, rest())
    days.on(1).note_read(rest())
    days.see(2, rest())
    assert days.page().read == ""


# Pictures that were asked for again


def test_a_picture_that_came_late_is_written_to_its_use(days: Days) -> None:
    days.see(1, rest(), picture(), asset="")
    days.on(2).note_asset(days.usage().key, "aa", KIM)
    assert (days.usage().asset, days.usage().asset_url, days.usage().history) == ("aa", "", [])


def test_a_file_that_was_exchanged_under_its_name_is_a_change(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_asset(days.usage().key, "bb", KIM)
    assert [(entry["asset"], entry["seen"]) for entry in days.usage().history] == [("aa", day(2))]


def test_another_size_that_was_asked_for_again_changes_no_picture(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_asset(days.usage().key, "bb", f"{HOME}up/kim-300x200.jpg")
    assert (days.usage().asset, days.usage().history) == ("aa", [])


def test_a_use_that_was_withdrawn_meanwhile_stays_as_it_was(days: Days) -> None:
    days.see(1, rest(), picture())
    days.see(2, rest())
    before = days.usage()
    days.on(3).note_asset(before.key, "bb", KIM)
    assert days.usage() == before


def test_a_use_that_is_not_known_gets_no_picture(days: Days) -> None:
    days.on(1).note_asset("u", "aa", KIM)
    assert list(days.store.usages()) == []


# Addresses


def test_an_address_that_answered_is_written_with_what_it_gave(days: Days) -> None:
    days.on(1).note_collected(Collected(fetched(), Picture("JPEG", 300, 200), "aa/aa.jpg"))
    asset = days.store.asset("aa")
    assert asset is not None
    assert (asset.original, asset.width, asset.first_seen) == ("aa/aa.jpg", 300, day(1))


def test_a_failure_does_not_erase_the_last_success(days: Days) -> None:
    days.on(1).note_document(fetched(1))
    days.on(2).note_document(failed(2))
    record = known(days.store)
    assert (record.outcome, record.last_good_sha256, record.last_good_at) == ("failed", "aa", day(1))


def test_an_unchanged_answer_gave_what_the_last_good_one_did(days: Days) -> None:
    days.on(1).note_document(fetched(1))
    days.on(2).note_document(Fetch(KIM, Outcome.UNCHANGED, day(2)))
    assert (known(days.store).last_good_sha256, known(days.store).last_good_at) == ("aa", day(2))


def test_failures_on_end_are_counted(days: Days) -> None:
    for number in (1, 2, 3):
        days.on(number).note_document(failed(number))
    assert known(days.store).failures == 3


def test_an_answer_ends_the_count_of_failures(days: Days) -> None:
    days.on(1).note_document(failed(1))
    days.on(2).note_document(fetched(2))
    assert known(days.store).failures == 0


def test_an_address_is_known_since_it_was_first_asked(days: Days) -> None:
    days.on(1).note_document(failed(1))
    days.on(2).note_document(fetched(2))
    assert known(days.store).first_at == day(1)


def test_a_failure_keeps_what_a_conditional_request_needs(days: Days) -> None:
    days.on(1).note_document(fetched(1, validators=Validators('"1"', "Fri, 01 Aug 2025 06:00:00 GMT")))
    days.on(2).note_document(failed(2))
    assert (known(days.store).etag, known(days.store).last_modified) == (
        '"1"',
        "Fri, 01 Aug 2025 06:00:00 GMT",
    )


def test_an_answer_without_validators_takes_the_former_ones_away(days: Days) -> None:
    days.on(1).note_document(fetched(1, validators=Validators('"1"')))
    days.on(2).note_document(fetched(2))
    assert known(days.store).etag == ""


def test_an_address_is_told_only_where_the_catalog_holds_its_picture(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_document(fetched())
    before = ledger.fetch_of(KIM)
    days.store.put_asset(AssetRecord(sha256="aa"))
    after = ledger.fetch_of(KIM)
    assert (before, after and after.url) == (None, KIM)


@pytest.mark.parametrize(
    ("fetch", "is_acknowledged"),
    [(fetched(), True), (Fetch(KIM, Outcome.UNCHANGED, day(1)), True), (failed(1), False)],
)
def test_what_this_run_got_is_acknowledged(days: Days, fetch: Fetch, is_acknowledged: bool) -> None:
    ledger = days.on(1)
    ledger.note_document(fetch)
    assert ledger.is_acknowledged(known(days.store)) is is_acknowledged


def test_what_an_interrupted_run_got_is_acknowledged_when_it_goes_on(days: Days) -> None:
    days.on(1).note_document(fetched())
    assert days.on(1).is_acknowledged(known(days.store))


def test_what_another_run_got_is_not_acknowledged(days: Days) -> None:
    days.on(1).note_document(fetched())
    assert not days.on(2).is_acknowledged(known(days.store))


def test_a_run_that_came_to_its_end_is_not_gone_on_with(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_document(fetched())
    ledger.note_end({}, finished=True)
    assert not days.on(1).is_acknowledged(known(days.store))


def test_a_run_that_was_interrupted_keeps_what_it_came_to(days: Days) -> None:
    days.on(1).note_end({"pages": 3}, finished=False)
    (run,) = days.store.runs()
    assert (run.summary, run.finished) == ({"pages": 3}, "")


# Failures


def test_a_file_that_could_not_be_read_is_known_by_its_absolute_path(days: Days) -> None:
    days.on(1).note_failure(Failure(Stage.READ, Reason.UNREADABLE, "page.html"))
    (fetch,) = days.store.fetches()
    assert (fetch.url, fetch.outcome) == (os.path.abspath("page.html"), "failed")


def test_an_address_that_is_none_is_known_as_it_was_given(days: Days) -> None:
    days.on(1).note_failure(Failure(Stage.READ, Reason.BAD_ADDRESS, "http://"))
    (fetch,) = days.store.fetches()
    assert fetch.url == "http://"


def test_a_file_of_no_known_kind_is_skipped_and_has_not_failed(days: Days) -> None:
    days.on(1).note_failure(Failure(Stage.READ, Reason.PASSED_OVER, f"{HOME}notes.odt"))
    (fetch,) = days.store.fetches()
    assert fetch.outcome == "skipped"


def test_a_document_that_could_not_be_read_says_what_was_asked_for(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_document(failed(1))
    ledger.note_unread(KIM, HOME)
    assert known(days.store).asked_for == HOME


def test_a_document_that_answered_does_not(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_document(fetched())
    ledger.note_unread(KIM, HOME)
    assert known(days.store).asked_for == ""


# Uploads


def test_a_size_variant_and_its_upload_name_each_other_once(days: Days) -> None:
    for sha256 in ("aa", "bb"):
        days.store.put_asset(AssetRecord(sha256=sha256))
    for _ in range(2):
        days.on(1).note_upload("bb", "aa", KIM)
    told = {asset.sha256: asset.related for asset in days.store.assets()}
    assert told == {
        "aa": [{"asset": "bb", "relation": "upload of", "evidence": KIM}],
        "bb": [{"asset": "aa", "relation": "size variant of", "evidence": KIM}],
    }


# Sites


def site_state(days: Days) -> SiteState:
    state = days.store.site_state(site_key(ROOT))
    assert state is not None
    return state


WHOLE = SiteRead(ROOT, "m1", is_whole=True, is_complete=True, types={"post": 2}, passed_over={"page": 1})


def test_a_site_that_was_gone_through_whole_says_when_and_what(days: Days) -> None:
    days.on(1).note_site(WHOLE)
    state = site_state(days)
    assert (state.at, state.listed, state.mark) == (day(1), day(1), "m1")
    assert (state.types, state.passed_over) == ({"post": 2}, {"page": 1})


def test_a_quick_run_moves_the_mark_and_leaves_when_all_was_listed(days: Days) -> None:
    days.on(1).note_site(WHOLE)
    days.on(2).note_site(SiteRead(ROOT, "m2", is_complete=True))
    state = site_state(days)
    assert (state.at, state.listed, state.mark, state.types) == (day(2), day(1), "m2", {"post": 2})


def test_a_site_that_was_not_read_completely_keeps_its_mark(days: Days) -> None:
    days.on(1).note_site(WHOLE)
    days.on(2).note_site(SiteRead(ROOT, "m2", is_whole=True))
    assert site_state(days).mark == "m1"


def test_a_site_says_when_its_files_were_checked(days: Days) -> None:
    days.on(1).note_site(replace(WHOLE, are_files_checked=True))
    days.on(2).note_site(WHOLE)
    assert site_state(days).files_checked == day(1)


def test_a_site_is_one_whichever_of_its_apis_addresses_is_read(days: Days) -> None:
    days.on(1).note_site(WHOLE)
    days.on(2).note_site(replace(WHOLE, api_root=f"{HOME}?rest_route=/"))
    assert site_state(days).at == day(2)


# Pages that are in no list


def test_a_page_in_no_list_that_is_there_was_asked(days: Days) -> None:
    days.see(1, feed(), picture())
    days.on(2).note_stray(StrayAnswered(STORY, "", STORY))
    (page,) = days.store.pages()
    assert (page.asked, page.gone, days.usage().withdrawn) == (day(2), "", "")


def test_a_page_in_no_list_that_is_gone_has_its_uses_withdrawn(days: Days) -> None:
    days.see(1, feed(), picture())
    days.on(2).note_stray(StrayAnswered(STORY, "deleted"))
    (page,) = days.store.pages()
    assert (page.gone, page.status, days.usage().withdrawn) == (day(2), "deleted", day(2))


def test_a_page_in_no_list_that_is_back_is_gone_no_more(days: Days) -> None:
    days.see(1, feed(), picture())
    days.on(2).note_stray(StrayAnswered(STORY, "deleted"))
    days.on(3).note_stray(StrayAnswered(STORY, "", STORY))
    (page,) = days.store.pages()
    assert (page.gone, page.status) == ("", "")


def test_a_post_that_was_found_meanwhile_is_no_stray(days: Days) -> None:
    days.see(1, rest(), picture())
    days.on(2).note_stray(StrayAnswered(STORY, "deleted"))
    assert (days.page().gone, days.page().asked) == ("", "")


def test_a_page_that_is_not_known_is_no_stray(days: Days) -> None:
    days.on(1).note_stray(StrayAnswered(NEW, "deleted"))
    assert list(days.store.pages()) == []


def test_a_page_that_leads_to_one_that_is_not_known_stays(days: Days) -> None:
    days.see(1, feed(), picture())
    days.on(2).note_stray(StrayAnswered(STORY, "", NEW))
    assert [(page.key, page.asked) for page in days.store.pages()] == [(STORY, day(2))]


# Moves within a run


def test_a_page_that_moves_within_a_run_is_known_by_its_uses_there(days: Days) -> None:
    ledger = days.on(1)
    ledger.note_usage(rest(), picture(), "aa")
    ledger.note_page(Reading(rest(), (picture(),)))
    ledger.note_moved(PostMoved(ROOT, 7, NEW))
    ledger.note_usage(rest(url=NEW), picture(), "aa")
    assert [usage.page for usage in days.store.usages()] == [NEW]


def test_within_a_run_a_post_at_the_address_of_one_that_moved_leaves_it_its_use(days: Days) -> None:
    """Also where it cannot be said what that post shows no more."""
    ledger = days.on(1)
    for page, failures in ((rest(7), ()), (rest(7, NEW), ()), (rest(8), (BROKEN,))):
        ledger.note_page(Reading(page, (picture(),), failures))
        ledger.note_usage(page, picture(), "aa")
    assert sorted(usage.page for usage in days.store.usages()) == [STORY, NEW]


def test_within_a_run_what_a_feed_shows_of_a_post_that_moved_there_is_the_posts_use(days: Days) -> None:
    """The picture of the feed's entry was under way while the post moved."""
    days.see(1, rest(), picture())
    ledger = days.on(2)
    ledger.note_page(Reading(feed(NEW), (picture(),)))
    ledger.note_moved(PostMoved(ROOT, 7, NEW))
    ledger.note_usage(feed(NEW), picture(), "aa")
    assert list(days.usage().observations) == ["feed"]


def test_within_a_run_what_a_feed_shows_of_a_post_that_is_read_there_is_the_posts_use(days: Days) -> None:
    days.see(1, rest(), picture())
    ledger = days.on(2)
    ledger.note_page(Reading(feed(NEW), (picture(),)))
    ledger.note_page(Reading(rest(url=NEW), (picture(),), (LOCKED,)))
    ledger.note_usage(feed(NEW), picture(), "aa")
    assert list(days.usage().observations) == ["feed"]


def test_within_a_run_a_page_that_was_merged_keeps_its_one_use(days: Days) -> None:
    days.see(1, feed(NEW), picture())
    ledger = days.on(2)
    ledger.note_page(Reading(rest(), (), (LOCKED,)))
    ledger.note_usage(rest(), picture("ann.jpg"), "aa")
    ledger.note_stray(StrayAnswered(NEW, "", STORY))
    ledger.note_usage(rest(), picture(), "aa")
    assert sorted(usage.url for usage in days.store.usages()) == [picture("ann.jpg").url, KIM]


def test_a_featured_picture_and_one_of_the_story_are_told_apart_by_their_uploads(days: Days) -> None:
    days.see(1, rest(), picture(role=Role.FEATURED, media_id=8), picture("ann.jpg", media_id=9))
    assert sorted(usage.media_id or 0 for usage in days.store.usages()) == [8, 9]


def test_a_ledger_of_the_same_inputs_writes_one_run(store: Store) -> None:
    for _ in range(2):
        Ledger(store, "inputs", ["a"])
    assert [run.inputs for run in store.runs()] == [["a"]]


def test_a_use_keeps_what_it_is_though_its_page_is_not_on_record(days: Days) -> None:
    days.store.put_usage(UsageRecord(key="u", page=STORY, url=KIM))
    days.on(1).note_gone(PostGone(ROOT, 7, "deleted"))
    assert days.usage().withdrawn == ""
