"""What a lookup came to, in lines: photos with their copies and uses, and what is not known to be the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.cli.console.answer_text import answer_lines
from catalog.clusters.cluster import Cluster, Conflicts, Copy, SiteSpread, Use
from catalog.lookup import Coverage
from catalog.lookup.answer import Answer, Found, FoundCopy, LookupVerdict, Photo, PlacedUsage
from catalog.matching.match import Match
from catalog.matching.relation import Relation
from catalog.model import AssetRecord, PageRecord, UsageRecord

NOON = "2025-08-01T12:00:00Z"
USAGE = UsageRecord(key="u", page="https://a.example/7/", site="a.example", asset="5f0c", published=NOON)
PAGE = PageRecord(key=USAGE.page, url=USAGE.page)
COVERED = Coverage(9, 4, 3, NOON)

FIRST, SECOND, OTHER = ("1" * 64, "2" * 64, "3" * 64)


def photo(*copies: FoundCopy, uses: tuple[Use, ...] = ()) -> Photo:
    sites = tuple(SiteSpread(use.site, use.time, None, 1) for use in uses)
    told = tuple(copy.copy for copy in copies)
    return Photo(Cluster(told[0].asset.sha256[:12], "the largest", told, uses, sites, Conflicts()), copies)


def copy(sha256: str, explanation: str, match: Match | None = None, through: str = "") -> FoundCopy:
    return FoundCopy(Copy(AssetRecord(sha256=sha256), "a copy"), explanation, match, through=through)


def use(sha256: str, site: str, day: int) -> Use:
    time = f"2025-08-{day:02}T10:00:00Z"
    page = f"https://{site}/{day}/"
    return Use(UsageRecord(key=page, page=page, site=site, asset=sha256, published=time), None, time)


def lines(*photos: Photo, found: tuple[Found, ...] = (), coverage: Coverage = COVERED) -> list[str]:
    return list(answer_lines(Answer("kim.jpg", LookupVerdict.USED, coverage, photos, found)))[1:]


DIRECT = copy(FIRST, "63 % of the original", Match(FIRST, Relation.CROP))
THROUGH = copy(SECOND, f"as a copy of {FIRST[:12]}: the whole picture", through=FIRST)


def test_a_photo_is_summed_up_before_its_copies_and_uses_are_told() -> None:
    told = lines(photo(THROUGH, DIRECT, uses=(use(SECOND, "a.example", 1), use(FIRST, "b.example", 2))))
    assert told == [
        "  2 uses on 2 sites in 2 copies, earliest observed 2025-08-01 10:00 UTC at a.example",
        "    111111111111  crop: 63 % of the original",
        "    222222222222  as a copy of 111111111111: the whole picture",
        "    2025-08-01T10:00:00Z  a.example https://a.example/1/  copy 222222222222",
        "    2025-08-02T10:00:00Z  b.example https://b.example/2/  copy 111111111111",
    ]


def test_of_the_only_copy_no_use_says_which_it_is_of() -> None:
    told = lines(photo(DIRECT, uses=(use(FIRST, "a.example", 1),)))
    assert told[-1] == "    2025-08-01T10:00:00Z  a.example https://a.example/1/"


def test_each_of_several_photos_is_summed_up_by_itself() -> None:
    told = lines(
        photo(DIRECT, uses=(use(FIRST, "a.example", 1),)), photo(THROUGH, uses=(use(SECOND, "b.example", 2),))
    )
    assert [line for line in told if " in 1 copy, " in line] == [
        "  photo 1 of 2: 1 use on 1 site in 1 copy, earliest observed 2025-08-01 10:00 UTC at a.example",
        "  photo 2 of 2: 1 use on 1 site in 1 copy, earliest observed 2025-08-02 10:00 UTC at b.example",
    ]


def test_a_photo_says_where_copies_may_be_missing() -> None:
    told = lines(photo(DIRECT), coverage=replace(COVERED, uncompared=2))
    assert told[-1] == "  2 of 9 pictures are not yet compared with the others: copies may be missing"


def test_what_is_not_the_same_photo_follows_in_short_under_a_heading_of_its_own() -> None:
    match = Match(OTHER, Relation.SIBLING)
    usage = PlacedUsage(replace(USAGE, asset=OTHER, caption="Another moment."), PAGE)
    found = Found(AssetRecord(sha256=OTHER), "another frame", (usage,), match)
    assert lines(photo(DIRECT), found=(found,))[-2:] == [
        "  not the same photo, or not known to be:",
        "    333333333333  sibling: another frame; 1 use on 1 site in 1 copy, "
        "earliest observed 2025-08-01 12:00 UTC at a.example",
    ]


def test_a_strangers_site_name_sends_nothing_to_the_terminal() -> None:
    told = lines(photo(DIRECT, uses=(use(FIRST, "a\x1b[31m.example", 1),)))
    assert not any("\x1b" in line for line in told)


def line_of(usage: UsageRecord, page: PageRecord) -> str:
    """The line that tells where and when a use was."""
    found = Found(AssetRecord(sha256="5f0c"), "the same file", (PlacedUsage(usage, page),))
    answer = Answer("kim.jpg", LookupVerdict.USED, Coverage(1, 1, 1, NOON), found=(found,))
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
