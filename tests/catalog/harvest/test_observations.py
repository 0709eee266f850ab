"""A usage as several kinds of sources tell it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ledgers import HOME, ROOT, day

from catalog.harvest.observations import (
    is_weaker,
    join_usages,
    list_observations,
    observe,
    source_kind_of,
    update_usage,
    withdraw,
    withdraw_for,
)
from catalog.harvest.usage_history import states
from catalog.model import PageRecord, UsageRecord

BEST = f"{HOME}up/kim.jpg"
SMALL = f"{HOME}up/kim-300x200.jpg"
KINDS = ("rest", "wxr", "page", "feed", "sitemap", "list", "file")


def told(kind: str, at: int = 1, **fields: Any) -> UsageRecord:  # noqa: ANN401 - a usage's fields
    """A use as a kind of source tells it on a day."""
    values: dict[str, Any] = {"url": BEST, "role": "content", "asset": "aa"}
    seen = {"first_seen": day(at), "last_seen": day(at)}
    return UsageRecord(key="u", page="p", source_kind=kind, **(values | seen | fields))


# Which kind is which


def test_the_kinds_of_sources_are_in_order_of_authority() -> None:
    weaker = [[is_weaker(one, other) for other in KINDS] for one in KINDS]
    assert weaker == [[at > place for place in range(len(KINDS))] for at in range(len(KINDS))]


def test_a_kind_that_is_not_known_is_weaker_than_any() -> None:
    assert is_weaker("", "file")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"source_kind": "wxr", "api_root": ROOT}, "wxr"),
        ({"kind": "feed entry"}, "feed"),
        ({"kind": "article"}, "page"),
        ({"kind": "list"}, "list"),
        ({"kind": "file"}, "file"),
        ({"kind": "post", "api_root": ROOT}, "rest"),
        ({"kind": "post"}, "wxr"),
    ],
)
def test_a_page_of_an_old_catalog_says_by_what_it_was_which_source_showed_it(
    fields: dict[str, str], kind: str
) -> None:
    assert source_kind_of(PageRecord(key="p", **fields)) == kind  # type: ignore[arg-type]


# The same kind


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_same_kind_tells_otherwise_is_a_change(kind: str) -> None:
    seen = observe(told(kind, 1, alt="Kim"), told(kind, 2, alt="Kim waves"))
    assert seen.history == [{"until": day(1), "seen": day(2), "alt": "Kim"}]


def test_what_another_kind_told_stays_beside_what_the_same_kind_tells() -> None:
    both = observe(told("rest", 1), told("feed", 1, alt="of the feed"))
    assert observe(both, told("rest", 2, alt="new")).observations == both.observations


# A stronger kind


def test_what_a_stronger_kind_tells_is_shown() -> None:
    seen = observe(told("feed", 1, alt="of the feed"), told("rest", 2, alt="of the site"))
    assert (seen.source_kind, seen.alt) == ("rest", "of the site")


def test_what_a_stronger_kind_tells_otherwise_is_no_change() -> None:
    assert observe(told("feed", 1, alt="of the feed"), told("rest", 2, alt="of the site")).history == []


def test_what_the_weaker_kind_told_before_stays_on_record_with_its_history() -> None:
    fed = observe(told("feed", 1, alt="one"), told("feed", 2, alt="two"))
    beside = observe(fed, told("rest", 3)).observations["feed"]
    assert (beside["alt"], beside["history"]) == ("two", fed.history)


def test_the_use_was_first_seen_when_the_weaker_kind_saw_it() -> None:
    assert observe(told("feed", 1), told("rest", 2)).first_seen == day(1)


def test_a_picture_that_only_the_weaker_kind_gave_is_kept_with_its_address() -> None:
    seen = observe(told("feed", 1, url=SMALL, asset="bb"), told("rest", 2, asset=""))
    assert (seen.url, seen.asset, seen.asset_url) == (BEST, "bb", SMALL)


def test_the_picture_of_the_stronger_kind_takes_the_place_of_the_other() -> None:
    seen = observe(told("feed", 1, url=SMALL, asset="bb"), told("rest", 2))
    assert (seen.asset, seen.asset_url) == ("aa", "")


def test_a_picture_kept_from_the_same_address_needs_no_address_of_its_own() -> None:
    assert observe(told("feed", 1), told("rest", 2, asset="")).asset_url == ""


def test_a_use_that_the_weaker_kind_showed_no_more_is_there_as_the_stronger_shows_it() -> None:
    gone = withdraw(told("feed", 1), "feed", day(2))
    assert observe(gone, told("rest", 3)).withdrawn == ""


# A weaker kind


def test_what_a_weaker_kind_tells_is_not_shown() -> None:
    seen = observe(told("rest", 1, alt="of the site"), told("feed", 2, alt="of the feed"))
    assert (seen.source_kind, seen.alt, seen.history) == ("rest", "of the site", [])


def test_what_a_weaker_kind_tells_is_on_record() -> None:
    seen = observe(told("rest", 1), told("feed", 2, alt="of the feed"))
    assert seen.observations["feed"]["alt"] == "of the feed"


def test_what_a_weaker_kind_tells_otherwise_than_before_is_in_its_own_history() -> None:
    known = observe(told("rest", 1), told("feed", 2, alt="one"))
    seen = observe(known, told("feed", 3, alt="two"))
    assert seen.observations["feed"]["history"] == [{"until": day(2), "seen": day(3), "alt": "one"}]


def test_each_weaker_kind_has_an_observation_of_its_own() -> None:
    seen = observe(observe(told("rest", 1), told("feed", 2, alt="fed")), told("page", 3, alt="paged"))
    assert {kind: one["alt"] for kind, one in seen.observations.items()} == {"feed": "fed", "page": "paged"}


def test_a_picture_that_the_stronger_kind_did_not_give_is_taken_from_the_weaker() -> None:
    seen = observe(told("rest", 1, asset=""), told("feed", 2, url=SMALL, asset="bb"))
    assert (seen.asset, seen.asset_url) == ("bb", SMALL)


def test_a_picture_that_the_weaker_kind_gave_from_another_size_is_taken_with_that_address() -> None:
    seen = observe(told("rest", 1, asset=""), told("feed", 2, asset="bb", asset_url=SMALL))
    assert (seen.asset, seen.asset_url) == ("bb", SMALL)


def test_a_picture_of_the_stronger_kind_is_not_exchanged_for_that_of_the_weaker() -> None:
    assert observe(told("rest", 1), told("feed", 2, asset="bb")).asset == "aa"


def test_what_the_stronger_kind_withdrew_a_weaker_one_does_not_bring_back() -> None:
    gone = withdraw(told("rest", 1), "rest", day(2))
    assert observe(gone, told("feed", 3)).withdrawn == day(2)


def test_when_the_stronger_kind_last_saw_it_the_weaker_does_not_put_forward() -> None:
    assert observe(told("rest", 1), told("feed", 5)).last_seen == day(1)


def test_the_most_authoritative_observation_comes_first() -> None:
    seen = observe(observe(observe(told("feed", 1), told("rest", 2)), told("page", 3)), told("wxr", 4))
    assert [one.source_kind for one in list_observations(seen)] == ["rest", "wxr", "page", "feed"]


def test_an_observation_that_is_listed_says_what_its_kind_told() -> None:
    seen = observe(told("rest", 1, alt="site"), told("feed", 2, alt="feed"))
    assert [one.alt for one in list_observations(seen)] == ["site", "feed"]


# Two that are one


def test_of_two_usages_that_are_one_the_one_that_was_seen_last_is_shown() -> None:
    joined = join_usages(told("feed", 1, alt="one"), replace(told("feed", 2, alt="two"), key="o", page="q"))
    assert (joined.key, joined.page, joined.alt) == ("u", "p", "two")
    assert (joined.first_seen, joined.history) == (day(1), [{"until": day(1), "seen": day(2), "alt": "one"}])


def test_of_two_usages_that_are_one_the_other_may_be_the_older() -> None:
    other = replace(told("feed", 1, alt="one"), key="o", page="q")
    joined = join_usages(told("feed", 2, alt="two"), other)
    assert (joined.key, joined.page, joined.alt, joined.first_seen) == ("u", "p", "two", day(1))


def test_two_usages_that_are_one_keep_both_histories() -> None:
    first = observe(told("feed", 1, alt="one"), told("feed", 2, alt="two"))
    second = observe(told("feed", 3, alt="two"), told("feed", 4, alt="three"))
    assert [state.values["alt"] for state in states(join_usages(second, first))] == [
        "one",
        "two",
        "two",
        "three",
    ]


def test_two_usages_that_are_one_keep_what_others_told() -> None:
    first = observe(told("page", 1), told("feed", 1, alt="fed"))
    second = observe(told("page", 2), told("list", 2))
    assert join_usages(second, first).observations.keys() == {"feed", "list"}


# Absence


@pytest.mark.parametrize("kind", KINDS)
def test_what_its_own_kind_shows_no_more_is_withdrawn(kind: str) -> None:
    assert withdraw(told(kind), kind, day(2)).withdrawn == day(2)


def test_what_is_withdrawn_stays_so_since_then() -> None:
    assert withdraw(told("rest", withdrawn=day(2)), "rest", day(3)).withdrawn == day(2)


@pytest.mark.parametrize(
    ("shown", "absent"),
    [
        ("rest", "feed"),
        ("rest", "page"),
        ("rest", "wxr"),
        ("wxr", "feed"),
        ("wxr", "rest"),
        ("page", "rest"),
        ("page", "wxr"),
        ("page", "feed"),
        ("feed", "page"),
        ("list", "rest"),
    ],
)
def test_the_absence_in_one_kind_says_nothing_of_what_another_shows(shown: str, absent: str) -> None:
    usage = told(shown)
    assert withdraw(usage, absent, day(2)) == usage


@pytest.mark.parametrize("absent", ["rest", "wxr"])
def test_what_only_a_feed_showed_goes_with_its_absence_from_the_site(absent: str) -> None:
    gone = withdraw(told("feed", 1, alt="fed"), absent, day(2))
    assert (gone.withdrawn, gone.source_kind) == (day(2), absent)


def test_what_the_feed_told_of_a_use_that_the_site_has_not_stays_on_record() -> None:
    fed = observe(told("feed", 1, alt="one"), told("feed", 2, alt="two"))
    gone = withdraw(fed, "rest", day(3))
    assert (gone.history, gone.observations["feed"]["history"]) == ([], fed.history)


def test_a_feed_that_goes_on_showing_what_the_site_has_not_does_not_bring_it_back() -> None:
    gone = withdraw(told("feed", 1), "rest", day(2))
    assert observe(gone, told("feed", 3)).withdrawn == day(2)


def test_what_the_site_had_not_is_back_when_the_site_shows_it() -> None:
    gone = withdraw(told("feed", 1), "rest", day(2))
    assert observe(gone, told("rest", 3)).withdrawn == ""


def test_a_use_that_a_stronger_kind_would_have_shown_is_withdrawn_by_its_word() -> None:
    gone = withdraw_for(told("wxr", 1), "rest", day(2))
    assert (gone.withdrawn, gone.source_kind, set(gone.observations)) == (day(2), "rest", {"wxr"})


def test_an_export_that_is_read_again_does_not_bring_back_what_the_site_has_not() -> None:
    gone = withdraw_for(told("wxr", 1), "rest", day(2))
    assert observe(gone, told("wxr", 3)).withdrawn == day(2)


def test_a_weaker_kind_that_shows_a_use_no_more_is_noted_in_its_own_observation() -> None:
    seen = withdraw(observe(told("rest", 1), told("feed", 2)), "feed", day(3))
    assert (seen.withdrawn, seen.observations["feed"]["withdrawn"]) == ("", day(3))


def test_a_weaker_kind_that_goes_on_not_showing_a_use_changes_nothing() -> None:
    seen = withdraw(observe(told("rest", 1), told("feed", 2)), "feed", day(3))
    assert withdraw(seen, "feed", day(4)) == seen


def test_a_use_that_is_back_was_withdrawn_as_its_history_says() -> None:
    back = update_usage(told("rest", 1, withdrawn=day(2)), told("rest", 3))
    assert (back.withdrawn, back.history) == (
        "",
        [{"until": day(1), "seen": day(3), "withdrawn": day(2)}],
    )


def test_a_use_that_is_seen_where_it_is_gone_has_no_return_in_its_history() -> None:
    seen = update_usage(told("rest", 1, withdrawn=day(2)), told("rest", 3, withdrawn=day(3)))
    assert (seen.withdrawn, seen.history) == (day(2), [])


# The picture


def test_another_size_that_answered_does_not_take_the_place_of_the_picture() -> None:
    seen = update_usage(told("rest", 1), told("rest", 2, asset="bb", asset_url=SMALL))
    assert (seen.asset, seen.asset_url, seen.history) == ("aa", "", [])


def test_the_picture_that_answers_again_takes_the_place_of_another_size_with_that_ones_address_kept() -> None:
    seen = update_usage(told("rest", 1, asset="bb", asset_url=SMALL), told("rest", 2))
    assert (seen.asset, seen.asset_url) == ("aa", "")
    assert seen.history == [{"until": day(1), "seen": day(2), "asset": "bb", "asset_url": SMALL}]


def test_the_same_bytes_from_another_size_are_no_change() -> None:
    assert update_usage(told("rest", 1, asset_url=SMALL), told("rest", 2)).history == []


def test_other_bytes_at_the_same_address_are_a_change() -> None:
    seen = update_usage(told("rest", 1), told("rest", 2, asset="bb"))
    assert seen.history == [{"until": day(1), "seen": day(2), "asset": "aa"}]


def test_another_size_at_another_address_takes_the_place_of_the_picture() -> None:
    other = f"{HOME}up/kim-2.jpg"
    seen = update_usage(told("rest", 1), told("rest", 2, url=other, asset="bb", asset_url=SMALL))
    assert (seen.asset, seen.asset_url) == ("bb", SMALL)


def test_a_picture_that_failed_this_time_is_kept() -> None:
    seen = update_usage(told("rest", 1), told("rest", 2, asset=""))
    assert (seen.asset, seen.asset_url, seen.history) == ("aa", "", [])


def test_a_picture_that_is_kept_though_the_address_is_another_is_that_of_the_former() -> None:
    seen = update_usage(told("rest", 1), told("rest", 2, url=f"{HOME}up/kim-2.jpg", asset=""))
    assert (seen.asset, seen.asset_url) == ("aa", BEST)


def test_the_first_picture_of_a_use_is_no_change() -> None:
    assert update_usage(told("rest", 1, asset=""), told("rest", 2)).history == []


def test_a_clock_that_was_put_back_does_not_undo_when_a_use_was_seen() -> None:
    seen = update_usage(told("rest", 5), told("rest", 2))
    assert (seen.first_seen, seen.last_seen) == (day(2), day(5))


def test_a_caption_that_stands_elsewhere_is_no_change() -> None:
    before = UsageRecord(key="u", page="p", caption="Kim", caption_field="media caption")
    now = UsageRecord(key="u", page="p", caption="Kim", caption_field="figcaption")
    assert update_usage(before, now) == now


# What the media library says

UPLOADED = {"uploaded": "2025-07-01T06:00:00Z"}
WORDS = {"alt": "Kim", "caption": "Kim waves", "credit": "A. Writer"}
FIELDS = {"caption_field": "media caption", "credit_field": "caption"}


def of_library(role: str, at: int, **words: str) -> UsageRecord:
    return told("rest", at, role=role, **(WORDS | FIELDS | UPLOADED | words))


def library_silent(role: str, at: int) -> UsageRecord:
    """A use whose library does not answer: a picture of the content keeps the post's own words."""
    own = {} if role == "featured" else {name: WORDS[name] for name in ("alt", "caption")}
    return told("rest", at, role=role, **own)


@pytest.mark.parametrize("role", ["content", "featured"])
def test_words_of_the_library_that_vanish_are_no_edit(role: str) -> None:
    assert update_usage(of_library(role, 1), library_silent(role, 2)).history == []


@pytest.mark.parametrize(
    ("role", "names"),
    [("content", ("credit",)), ("featured", ("alt", "caption", "credit"))],
)
def test_words_of_the_library_that_vanish_are_kept(role: str, names: tuple[str, ...]) -> None:
    seen = update_usage(of_library(role, 1), library_silent(role, 2))
    assert {name: getattr(seen, name) for name in names} == {name: WORDS[name] for name in names}


@pytest.mark.parametrize("role", ["content", "featured"])
def test_words_of_the_library_that_come_are_no_edit(role: str) -> None:
    assert update_usage(library_silent(role, 1), of_library(role, 2)).history == []


@pytest.mark.parametrize("role", ["content", "featured"])
def test_words_of_the_library_that_vanish_and_come_back_are_no_edit(role: str) -> None:
    silent = update_usage(of_library(role, 1), library_silent(role, 2))
    assert update_usage(silent, of_library(role, 3)).history == []


@pytest.mark.parametrize(
    ("role", "name"),
    [("content", "credit"), ("featured", "alt"), ("featured", "caption"), ("featured", "credit")],
)
def test_words_of_the_library_that_come_back_as_others_are_an_edit(role: str, name: str) -> None:
    silent = update_usage(of_library(role, 1), library_silent(role, 2))
    seen = update_usage(silent, of_library(role, 3, **{name: "other"}))
    assert [entry[name] for entry in seen.history] == [WORDS[name]]


@pytest.mark.parametrize("name", ["alt", "caption", "credit"])
@pytest.mark.parametrize("role", ["content", "featured"])
def test_words_that_the_library_tells_otherwise_are_an_edit(role: str, name: str) -> None:
    seen = update_usage(of_library(role, 1), of_library(role, 2, **{name: "other"}))
    assert [entry[name] for entry in seen.history] == [WORDS[name]]


@pytest.mark.parametrize("name", ["alt", "caption", "credit"])
@pytest.mark.parametrize("role", ["content", "featured"])
def test_words_that_the_library_took_away_are_an_edit(role: str, name: str) -> None:
    seen = update_usage(of_library(role, 1), of_library(role, 2, **{name: ""}))
    assert [entry[name] for entry in seen.history] == [WORDS[name]]


@pytest.mark.parametrize("name", ["alt", "caption"])
def test_the_posts_own_words_that_were_taken_away_while_the_library_was_silent_are_an_edit(name: str) -> None:
    silent = replace(library_silent("content", 2), **{name: ""})  # type: ignore[arg-type]
    assert [entry[name] for entry in update_usage(of_library("content", 1), silent).history] == [WORDS[name]]


@pytest.mark.parametrize("name", ["alt", "caption", "credit"])
def test_words_that_a_page_took_away_are_an_edit_of_its_own_though_the_site_has_a_library(name: str) -> None:
    """The page never said when a picture was uploaded: what it does not say is no silence of the library."""
    known = observe(of_library("featured", 1), told("page", 2, role="featured", **WORDS))
    seen = observe(known, told("page", 3, role="featured", **(WORDS | {name: ""})))
    assert [entry[name] for entry in seen.observations["page"]["history"]] == [WORDS[name]]


def test_words_of_the_library_that_vanish_from_an_export_beside_are_no_edit() -> None:
    known = observe(of_library("featured", 1), replace(of_library("featured", 2), source_kind="wxr"))
    seen = observe(known, replace(library_silent("featured", 3), source_kind="wxr"))
    assert seen.observations["wxr"]["history"] == []


def test_a_caption_that_was_found_elsewhere_meanwhile_keeps_its_field() -> None:
    silent = replace(library_silent("featured", 2), caption="of the page", caption_field="figcaption")
    seen = update_usage(of_library("featured", 1), silent)
    assert (seen.caption, seen.caption_field) == ("of the page", "figcaption")
