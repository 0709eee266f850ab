"""A page as it is observed again, and what keeps people from it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.harvest.page_history import describe_page_state, is_public, update_page
from catalog.model import PageRecord

NOON = "2025-08-01T12:00:00Z"
LATER = "2025-08-02T12:00:00Z"
LATEST = "2025-08-03T12:00:00Z"


@pytest.mark.parametrize("status", ["", "publish", "inherit"])
def test_of_a_page_that_is_open_nothing_is_told(status: str) -> None:
    assert describe_page_state(PageRecord(key="p", status=status)) == ""


@pytest.mark.parametrize(
    ("status", "told"),
    [("deleted", "deleted"), ("not public", "not public"), ("private", "private"), ("trash", "in the trash")],
)
def test_a_page_that_is_gone_says_why(status: str, told: str) -> None:
    assert describe_page_state(PageRecord(key="p", status=status, gone=NOON)) == told


def test_a_page_that_is_gone_without_a_word_is_gone() -> None:
    assert describe_page_state(PageRecord(key="p", status="publish", gone=NOON)) == "gone"


def test_a_page_with_a_password_says_since_when() -> None:
    page = PageRecord(key="p", status="publish", protected=NOON)
    assert describe_page_state(page) == f"asks for a password since {NOON}"


@pytest.mark.parametrize(
    ("status", "told"), [("draft", "a draft"), ("future", "scheduled"), ("embargoed", "embargoed")]
)
def test_a_page_that_is_not_published_says_what_it_is(status: str, told: str) -> None:
    assert describe_page_state(PageRecord(key="p", status=status)) == told


def test_a_page_that_is_not_known_is_nothing() -> None:
    assert describe_page_state(None) == ""


# What is kept of a page


def seen(kind: str = "rest", at: str = NOON, **fields: Any) -> PageRecord:  # noqa: ANN401 - a page's fields
    """A page as a kind of source shows it."""
    told = {"observed": {kind: at}, "first_seen": at, "last_seen": at}
    return PageRecord(key="p", source_kind=kind, **(told | fields))


def test_a_page_that_is_new_is_as_it_was_seen() -> None:
    assert update_page(None, seen(title="A")) == seen(title="A")


def test_what_the_same_kind_tells_anew_stands() -> None:
    assert update_page(seen(title="A"), seen(at=LATER, title="B")).title == "B"


def test_what_a_stronger_kind_tells_stands() -> None:
    now = update_page(seen("feed", title="A"), seen("rest", at=LATER, title="B"))
    assert (now.title, now.source_kind) == ("B", "rest")


def test_what_a_weaker_kind_tells_otherwise_does_not_stand() -> None:
    now = update_page(seen("rest", title="A"), seen("feed", at=LATER, title="B"))
    assert (now.title, now.source_kind) == ("A", "rest")


@pytest.mark.parametrize("kinds", [("rest", "feed"), ("feed", "rest")])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "A"),
        ("published", NOON),
        ("modified", NOON),
        ("language", "uk"),
        ("api_root", "https://news.example/wp-json/"),
        ("post_id", 7),
        ("post_type", "post"),
        ("featured_media", 0),
    ],
)
def test_what_one_kind_does_not_tell_the_other_may(kinds: tuple[str, str], name: str, value: object) -> None:
    known, now = kinds
    told = update_page(seen(known, **{name: value}), seen(now, at=LATER))
    filled = update_page(seen(known), seen(now, at=LATER, **{name: value}))
    assert getattr(told, name) == getattr(filled, name) == value


@pytest.mark.parametrize("name", ["status", "source", "site", "protected"])
def test_a_weaker_kind_fills_no_other_gap(name: str) -> None:
    assert getattr(update_page(seen(), seen("feed", at=LATER, **{name: "x"})), name) == ""


def test_an_id_that_is_told_is_not_exchanged_by_a_weaker_kind() -> None:
    assert update_page(seen(featured_media=0), seen("feed", at=LATER, featured_media=9)).featured_media == 0


def test_a_page_was_observed_by_each_kind_when_that_first_did() -> None:
    now = update_page(update_page(seen("feed"), seen("rest", at=LATER)), seen("feed", at=LATEST))
    assert now.observed == {"feed": NOON, "rest": LATER}


def test_a_page_was_seen_from_its_first_to_its_last_observation_of_any_kind() -> None:
    now = update_page(seen("rest", at=LATER), seen("feed", at=LATEST))
    assert (now.first_seen, now.last_seen) == (LATER, LATEST)


def test_a_clock_that_was_put_back_makes_no_page_younger() -> None:
    now = update_page(seen(at=LATER), seen(at=NOON))
    assert (now.first_seen, now.last_seen) == (NOON, LATER)


def test_what_is_read_anew_does_not_count_as_read_before_that_is_noted() -> None:
    assert update_page(seen(read=NOON), seen(at=LATER)).read == ""


def test_what_a_weaker_kind_shows_leaves_what_was_read_as_it_is() -> None:
    assert update_page(seen(read=NOON), seen("feed", at=LATER)).read == NOON


@pytest.mark.parametrize("kind", ["rest", "feed"])
def test_the_addresses_that_a_page_had_are_kept(kind: str) -> None:
    earlier = [{"url": "https://news.example/old/", "until": NOON}]
    assert update_page(seen(earlier=earlier), seen(kind, at=LATER)).earlier == earlier


# Gone and back


def test_a_published_post_that_is_a_draft_now_is_gone() -> None:
    now = update_page(seen(status="publish"), seen(at=LATER, status="draft"))
    assert (now.gone, now.status) == (LATER, "draft")


def test_a_draft_that_was_never_public_is_not_gone() -> None:
    assert update_page(seen(status="draft"), seen(at=LATER, status="draft")).gone == ""


def test_a_draft_that_is_published_is_there() -> None:
    assert update_page(seen(status="draft"), seen(at=LATER, status="publish")).gone == ""


@pytest.mark.parametrize("status", ["", "publish"])
def test_a_page_that_was_gone_and_is_public_is_back(status: str) -> None:
    assert update_page(seen(gone=NOON, status="deleted"), seen(at=LATER, status=status)).gone == ""


def test_a_page_that_goes_on_being_gone_is_so_since_it_first_was() -> None:
    was = update_page(seen(status="publish"), seen(at=LATER, status="draft"))
    assert update_page(was, seen(at=LATEST, status="private")).gone == LATER


def test_a_page_that_a_weaker_kind_still_shows_is_gone_all_the_same() -> None:
    now = update_page(seen(gone=NOON, status="deleted"), seen("feed", at=LATER))
    assert (now.gone, now.status) == (NOON, "deleted")


def test_a_page_from_a_feed_that_the_site_says_is_a_draft_is_gone() -> None:
    assert update_page(seen("feed"), seen("rest", at=LATER, status="draft")).gone == LATER


# Protected


def test_a_page_is_protected_since_it_first_asked_for_a_password() -> None:
    was = update_page(seen(), seen(at=LATER, protected=LATER))
    assert update_page(was, seen(at=LATEST, protected=LATEST)).protected == LATER


def test_a_page_that_asks_for_a_password_no_more_is_not_protected() -> None:
    assert update_page(seen(protected=NOON), seen(at=LATER)).protected == ""


def test_a_page_that_a_feed_shows_goes_on_being_protected() -> None:
    assert update_page(seen(protected=NOON), seen("feed", at=LATER)).protected == NOON


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, True),
        ({"status": "publish"}, True),
        ({"status": "draft"}, False),
        ({"status": "publish", "gone": NOON}, False),
        ({"gone": NOON}, False),
        # Who knows the password may look at it.
        ({"status": "publish", "protected": NOON}, True),
    ],
)
def test_public_is_what_anybody_may_look_at(fields: dict[str, str], is_open: bool) -> None:
    assert is_public(seen(**fields)) is is_open


@pytest.mark.parametrize(("status", "url"), [("publish", "/new/"), ("draft", "/old/")])
def test_a_draft_has_an_address_that_its_page_is_not_known_by(status: str, url: str) -> None:
    assert update_page(seen(url="/old/"), seen(at=LATER, status=status, url="/new/")).url == url


def test_a_draft_that_is_new_is_known_by_the_address_it_has() -> None:
    assert update_page(seen(status="draft"), seen(at=LATER, status="draft", url="/?p=7")).url == "/?p=7"
