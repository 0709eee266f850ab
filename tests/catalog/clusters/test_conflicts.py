"""Where uses of one photograph disagree: captions, credits, and credits that are missing."""

from __future__ import annotations

import pytest
from effort import assert_grows_evenly

from catalog.clusters.cluster import Copy, Statement, Use, Word
from catalog.clusters.conflicts import MAX_DIFFS, conflicts_of
from catalog.model import AssetRecord, PageRecord, UsageRecord

CAPTION = "Kim Jong Un inspects a unit."


def use(
    number: int,
    *,
    page: str = "",
    title: str = "",
    asset: str = "aa",
    site: str = "",
    alt: str = "",
    caption: str = "",
    credit: str = "",
    withdrawn: str = "",
) -> Use:
    page = page or f"https://site{number}.example/story"
    usage = UsageRecord(
        key=f"u{number}",
        page=page,
        site=site or f"site{number}.example",
        asset=asset,
        alt=alt,
        caption=caption,
        credit=credit,
        credit_field="figcaption .credit" if credit else "",
        withdrawn=withdrawn,
    )
    return Use(usage, PageRecord(key=page, title=title), f"2025-08-{number % 28 + 1:02}T00:00:00Z")


def captioned(*captions: str) -> list[Use]:
    return [use(number, caption=caption) for number, caption in enumerate(captions)]


def credited(*credits_given: str) -> list[Use]:
    return [use(number, credit=credit) for number, credit in enumerate(credits_given)]


def copy(sha256: str = "aa", **embedded: str) -> Copy:
    fields = {
        "credit": "iptc 2:110",
        "byline": "iptc 2:80",
        "copyright": "iptc 2:116",
        "caption": "iptc 2:120",
    }
    held = {kind: {"text": text, "field": fields[kind]} for kind, text in embedded.items()}
    return Copy(AssetRecord(sha256=sha256, embedded=held), "the same file")


# Captions


@pytest.mark.parametrize(
    "other",
    [
        "  Kim Jong Un\n inspects a unit. ",
        "KIM JONG UN INSPECTS A UNIT",
        "<p>Kim Jong Un <b>inspects</b> a&nbsp;unit.</p>",
        "Kim Jong Un inspects&lt;br&gt;a unit.",
        "“Kim Jong Un” inspects a unit!",
        "Ｋｉｍ Jong Un inspects a u\u00adnit.",
        "Kim Jong Un inspects a unit. (KCNA via REUTERS)",
        "Kim Jong Un inspects a unit. Photo: Jane Doe/AP",
        "Kim Jong Un inspects a unit (Photo by John Roe)",
        "Kim Jong Un inspects …",
        "Kim Jong Un insp...",
        "Kim Jong Un inspects a [...]",
        "Kim Jong Un inspects a unit…",
    ],
)
def test_captions_that_say_the_same_are_one_wording(other: str) -> None:
    found = conflicts_of([], [use(1, caption=CAPTION), use(2, caption=other, credit="Jane Doe")])
    assert [wording.text for wording in found.captions] == [CAPTION]
    assert [one.usage for one in found.captions[0].statements] == ["u1", "u2"]
    assert found.captions[0].diff == ()


@pytest.mark.parametrize(
    ("other", "diff"),
    [
        (
            "Kim Jong Un inspects a factory.",
            (
                Word("same", "Kim Jong Un inspects a"),
                Word("removed", "unit."),
                Word("added", "factory."),
            ),
        ),
        ("Kim inspects a unit", (Word("same", "Kim"), Word("removed", "Jong Un"), Word("same", "inspects a unit"))),
        ("On Monday: " + CAPTION, (Word("added", "On Monday:"), Word("same", CAPTION))),
        ("Bridges", (Word("removed", CAPTION), Word("added", "Bridges"))),
    ],
)  # fmt: skip
def test_another_caption_is_shown_as_a_word_diff(other: str, diff: tuple[Word, ...]) -> None:
    found = conflicts_of([], captioned(CAPTION, other))
    assert [wording.text for wording in found.captions] == [CAPTION, other]
    assert found.captions[1].diff == diff
    assert found.kinds == ("caption",)


def test_wordings_stand_in_the_order_in_which_they_were_first_said() -> None:
    found = conflicts_of([], captioned("One", "Two", "one.", "Three", "TWO"))
    assert [[one.usage for one in wording.statements] for wording in found.captions] == [
        ["u0", "u2"],
        ["u1", "u4"],
        ["u3"],
    ]


def test_a_statement_says_where_it_stands() -> None:
    found = conflicts_of([], [use(1, caption=CAPTION)])
    assert found.captions[0].statements == (
        Statement(CAPTION, "caption", "aa", "u1", "site1.example", "https://site1.example/story"),
    )


def test_a_wording_is_told_by_its_first_full_text() -> None:
    found = conflicts_of([], captioned("Kim Jong…", CAPTION, "Kim Jong Un in…"))
    assert [wording.text for wording in found.captions] == [CAPTION]
    assert len(found.captions[0].statements) == 3


def test_a_text_that_breaks_off_stands_with_the_earliest_that_begins_so() -> None:
    found = conflicts_of(
        [], captioned("Kim visits a unit", "Kim visits a farm", "Kim visits a…", "Ki…", "Lee…")
    )
    assert [[one.usage for one in wording.statements] for wording in found.captions] == [
        ["u0", "u2", "u3"],
        ["u1"],
        ["u4"],
    ]


def test_a_caption_that_does_not_break_off_is_another_wording_than_a_longer_one() -> None:
    assert len(conflicts_of([], captioned("Kim Jong Un", CAPTION)).captions) == 2


@pytest.mark.parametrize("empty", ["", "  ", "<p></p>", "&nbsp;", "…", "\x00", "(AP)", "AP Photo/Jane Doe"])
def test_empty_captions_and_mere_credits_say_nothing(empty: str) -> None:
    found = conflicts_of([], [use(1, caption=CAPTION, credit="Jane Doe/AP"), use(2, caption=empty)])
    assert len(found.captions) == 1


def test_a_caption_in_the_file_follows_those_of_uses() -> None:
    found = conflicts_of([copy("bb", caption="A unit is inspected.")], captioned(CAPTION))
    assert [wording.text for wording in found.captions] == [CAPTION, "A unit is inspected."]
    assert found.captions[1].statements == (Statement("A unit is inspected.", "iptc 2:120", "bb"),)


@pytest.mark.parametrize("junk", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "DCIM\\100GOPRO", "IMG_1234.jpg"])
def test_what_cameras_write_is_no_caption(junk: str) -> None:
    assert conflicts_of([copy(caption=junk)], []).captions == ()


def test_an_alt_text_counts_where_its_page_has_no_caption() -> None:
    found = conflicts_of([], [use(1, caption=CAPTION, alt="a parade"), use(2, alt="A bridge")])
    assert [wording.text for wording in found.captions] == [CAPTION, "A bridge"]
    assert found.captions[1].statements[0].field == "alt"


def test_an_alt_text_does_not_count_where_another_use_on_its_page_has_a_caption() -> None:
    uses = [use(1, page="p", caption=CAPTION), use(2, page="p", alt="A bridge")]
    assert len(conflicts_of([], uses).captions) == 1


@pytest.mark.parametrize("alt", ["kim-inspects-1024x683.jpg", "IMG_1234.JPG", "DSC 1234.png", " "])
def test_a_file_name_is_no_alt_text(alt: str) -> None:
    assert conflicts_of([], [use(1, alt=alt)]).captions == ()


def test_an_alt_text_that_is_the_pages_title_says_nothing() -> None:
    assert conflicts_of([], [use(1, alt="KIM INSPECTS A UNIT", title="Kim inspects a unit")]).captions == ()


@pytest.mark.parametrize("alt_first", [True, False])
def test_an_alt_text_that_a_caption_holds_is_no_other_wording(alt_first: bool) -> None:
    uses = [use(1, alt="Kim Jong Un"), use(2, caption=CAPTION)]
    found = conflicts_of([], uses if alt_first else uses[::-1])
    assert [wording.text for wording in found.captions] == [CAPTION]


def test_nothing_said_is_no_conflict() -> None:
    found = conflicts_of([copy()], [use(1), use(2)])
    assert found.kinds == ()
    assert found.recovered is None


# Credits


@pytest.mark.parametrize(
    ("texts", "wordings"),
    [
        (["AP", "The Associated Press", "Jane Doe/AP"], ["AP"]),
        (["Jane Doe/AP", "John Roe/AP", "AP"], ["Jane Doe/AP", "John Roe/AP"]),
        (["AP", "Jane Doe/AP", "John Roe/AP"], ["AP", "John Roe/AP"]),
        (["REUTERS", "KCNA via REUTERS"], ["REUTERS"]),
        (["REUTERS", "KCNA via REUTERS", "KCNA"], ["REUTERS", "KCNA"]),
        (["NASA", "The Daily Stamp"], ["NASA", "The Daily Stamp"]),
        (["Handout", "NASA"], ["NASA"]),
        (["", ""], []),
    ],
)
def test_credits_that_contradict_each_other_are_wordings(texts: list[str], wordings: list[str]) -> None:
    assert [wording.text for wording in conflicts_of([], credited(*texts)).credits] == wordings


def test_a_credit_says_which_field_it_stands_in() -> None:
    found = conflicts_of([copy(credit="NASA")], credited("NASA"))
    assert [one.field for one in found.credits[0].statements] == ["figcaption .credit", "iptc 2:110"]
    assert found.credits[0].diff == ()


def test_statements_of_a_credit_stand_in_order_of_time() -> None:
    found = conflicts_of([], credited("AP", "Jane Doe/AP", "Associated Press"))
    assert [one.usage for one in found.credits[0].statements] == ["u0", "u1", "u2"]


def test_the_fields_of_one_file_do_not_contradict_each_other() -> None:
    found = conflicts_of([copy(byline="Jane Doe", credit="AP", copyright="© The Harbour Post")], [])
    assert len(found.credits) == 1
    assert len(found.credits[0].statements) == 3


def test_a_use_may_contradict_a_file() -> None:
    found = conflicts_of([copy(byline="Jane Doe", credit="AP")], credited("John Roe/AP", "Jane Doe"))
    assert [wording.text for wording in found.credits] == ["John Roe/AP", "Jane Doe"]
    assert found.kinds == ("credit",)


# Missing credits


def test_a_credit_is_missing_where_others_have_one() -> None:
    uses = [*credited("", "NASA", "Handout"), use(3, withdrawn="2025-09-01T00:00:00Z")]
    found = conflicts_of([], uses)
    assert found.credit_missing == ("u0", "u2", "u3")
    assert found.kinds == ("credit missing",)


def test_a_credit_is_missing_where_the_file_has_one() -> None:
    assert conflicts_of([copy(copyright="© NASA")], [use(1)]).credit_missing == ("u1",)


def test_no_credit_is_missing_where_nobody_has_one() -> None:
    assert conflicts_of([copy(credit="Photo")], [use(1)]).credit_missing == ()


def test_nothing_is_recovered_where_nothing_is_missing() -> None:
    assert conflicts_of([copy(credit="NASA")], credited("NASA")).recovered is None


@pytest.mark.parametrize(
    ("copies", "texts", "recovered"),
    [
        ([copy("aa", credit="NASA"), copy("bb", credit="ESA")], ["", "AP"], ("NASA", "iptc 2:110", "aa")),
        ([copy("aa"), copy("bb", credit="ESA")], ["", "AP"], ("ESA", "iptc 2:110", "bb")),
        ([copy("aa", byline="Jane Doe"), copy("bb", credit="ESA")], ["", "AP"], ("Jane Doe", "iptc 2:80", "aa")),
        ([copy("aa", copyright="© Harbour Post")], ["", "AP"], ("AP", "figcaption .credit", "aa")),
        ([copy("aa", copyright="© Harbour Post")], [""], ("© Harbour Post", "iptc 2:116", "aa")),
        ([copy("aa")], ["", "AP", "NASA"], ("AP", "figcaption .credit", "aa")),
        ([copy("aa")], ["", "AP", "Jane Doe/AP"], ("Jane Doe/AP", "figcaption .credit", "aa")),
        ([copy("aa")], ["", "AP", "Site9/AP"], ("Site9/AP", "figcaption .credit", "aa")),
        ([copy("aa")], ["", "AP", "Site2/AP"], ("AP", "figcaption .credit", "aa")),
        ([copy("aa", credit="REUTERS")], ["", "KCNA via REUTERS"], ("KCNA via REUTERS", "figcaption .credit", "aa")),
        ([copy("aa", credit="NASA")], ["", "Jane Doe/AP"], ("NASA", "iptc 2:110", "aa")),
        (
            [copy("aa", byline="Jane Doe", credit="AP")],
            ["", "AP"],
            ("Jane Doe/AP", "iptc 2:80 + iptc 2:110", "aa"),
        ),
        ([copy("aa", byline="Jane Doe", credit="Jane Doe/AP")], [""], ("Jane Doe/AP", "iptc 2:110", "aa")),
    ],
)  # fmt: skip
def test_the_credit_of_the_best_standing_is_recovered(
    copies: list[Copy], texts: list[str], recovered: tuple[str, str, str]
) -> None:
    found = conflicts_of(copies, credited(*texts)).recovered
    assert found is not None
    assert (found.text, found.field, found.asset) == recovered


# Hostile texts


@pytest.mark.parametrize(
    "unit",
    [
        "<script>",
        "<",
        "<b ",
        "&",
        "&amp;",
        "&#",
        "9",
        "a ",
        "\x00",
        "(",
        "Photo: ",
        "\ufdfa",
        "word",
        "... ",
        "\ud800",
    ],
)
def test_a_megabyte_of_anything_takes_no_long_time(unit: str) -> None:
    def work(length: int) -> None:
        text = unit * (length // len(unit))
        uses = [*captioned(text, "x" + text, CAPTION), *credited(text)]
        conflicts_of([copy(caption=text, credit=text)], uses)

    assert_grows_evenly(work, 1_000_000)


def test_ten_thousand_uses_that_say_the_same_take_no_long_time() -> None:
    uses = [use(number, caption=CAPTION * 100, credit="Jane Doe/AP") for number in range(10_000)]
    found = assert_grows_evenly(lambda count: conflicts_of([], uses[:count]), len(uses))
    assert len(found.captions[0].statements) == 10_000


def test_ten_thousand_uses_that_all_say_other_things_take_no_long_time() -> None:
    uses = [
        use(
            number,
            caption=f"{number} " + CAPTION + "…",
            alt=f"Picture {number}",
            credit=f"Jane Doe{number}/AP",
        )
        for number in range(10_000)
    ]
    found = assert_grows_evenly(lambda count: conflicts_of([], uses[:count]), len(uses))
    assert len(found.captions) == len(found.credits) == 10_000


def test_past_a_number_of_wordings_a_diff_is_no_longer_searched() -> None:
    found = conflicts_of(
        [], captioned(*(f"one {number} two x{number} three" for number in range(MAX_DIFFS + 2)))
    )
    last, last_but_one = found.captions[-1].diff, found.captions[-2].diff
    assert [word.change for word in last_but_one] == [
        "same",
        "removed",
        "added",
        "same",
        "removed",
        "added",
        "same",
    ]
    assert [word.change for word in last] == ["removed", "added"]
