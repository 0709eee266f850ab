"""What a lookup came to, in lines: uses whose page is not open to everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.cli.console.answer_text import answer_lines
from catalog.lookup import Coverage
from catalog.lookup.answer import Answer, Found, LookupVerdict, PlacedUsage
from catalog.model import AssetRecord, PageRecord, UsageRecord

NOON = "2025-08-01T12:00:00Z"
USAGE = UsageRecord(key="u", page="https://a.example/7/", site="a.example", asset="5f0c", published=NOON)
PAGE = PageRecord(key=USAGE.page, url=USAGE.page)


def line_of(usage: UsageRecord, page: PageRecord) -> str:
    """The line that tells where and when a use was."""
    found = Found(AssetRecord(sha256="5f0c"), "the same file", (PlacedUsage(usage, page),))
    answer = Answer("kim.jpg", LookupVerdict.USED, Coverage(1, 1, 1, NOON), (found,))
    return list(answer_lines(answer))[2].strip()


@pytest.mark.parametrize(
    ("verdict", "gaps", "told"),
    [
        (LookupVerdict.USED, {}, "used (of 2231 pictures, 1 page, 1 site, since 2025-08-01)"),
        (
            LookupVerdict.USED,
            {"unreadable": 14},
            "used (of 2231 pictures, 1 page, 1 site, since 2025-08-01; 14 of its 2,231 pictures could not be read)",
        ),
        (
            LookupVerdict.NOT_IN_CATALOG,
            {"unreadable": 14},
            "not in this catalog; 14 of its 2,231 pictures could not be read "
            "(of 2231 pictures, 1 page, 1 site, since 2025-08-01)",
        ),
        (
            LookupVerdict.NOT_IN_CATALOG,
            {"unstudied": 2, "uncompared": 9},
            "not in this catalog; 2 of its 2,231 pictures not studied yet (see `photodesk index`) "
            "(of 2231 pictures, 1 page, 1 site, since 2025-08-01)",
        ),
        (
            LookupVerdict.NOT_IN_CATALOG,
            {"uncompared": 9},
            "not in this catalog (of 2231 pictures, 1 page, 1 site, since 2025-08-01)",
        ),
    ],
)
def test_a_verdict_says_what_it_rests_on_and_of_what_it_does_not_speak(
    verdict: LookupVerdict, gaps: dict[str, int], told: str
) -> None:
    answer = Answer("kim.jpg", verdict, Coverage(2231, 1, 1, NOON, **gaps))
    assert list(answer_lines(answer)) == [f"kim.jpg: {told}"]


def test_a_picture_that_was_read_in_part_says_so_below_its_verdict() -> None:
    answer = Answer("kim.jpg", LookupVerdict.NOT_IN_CATALOG, Coverage(1, 1, 1, NOON), decoded=0.937)
    assert list(answer_lines(answer))[1:] == ["  only 93 % of this file decoded"]


@pytest.mark.parametrize(
    ("usage", "page", "told"),
    [
        (USAGE, PAGE, f"{NOON}  a.example"),
        (replace(USAGE, withdrawn=NOON), PAGE, f"{NOON}, withdrawn by {NOON}  a.example"),
        (
            replace(USAGE, withdrawn=NOON),
            replace(PAGE, gone=NOON, status="deleted"),
            f"{NOON}, withdrawn by {NOON} (deleted)  a.example",
        ),
        (USAGE, replace(PAGE, protected=NOON), f"{NOON}, asks for a password since {NOON}  a.example"),
        (USAGE, replace(PAGE, status="draft"), f"{NOON}, a draft  a.example"),
    ],
    ids=["open", "withdrawn", "gone", "protected", "draft"],
)
def test_a_use_says_whether_its_page_is_open(usage: UsageRecord, page: PageRecord, told: str) -> None:
    assert line_of(usage, page).startswith(told)
