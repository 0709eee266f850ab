"""What keeps people from a page that was harvested."""

from __future__ import annotations

import pytest

from catalog.harvest.page_history import describe_page_state
from catalog.model import PageRecord

NOON = "2025-08-01T12:00:00Z"


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
