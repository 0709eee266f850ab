"""Captions as a reader sees them, as they are compared, and what changed between two."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.clusters.caption_text import (
    MAX_CAPTION_CHARACTERS,
    MAX_DIFF_WORDS,
    diff_words,
    fold_caption,
    fold_plain,
    split_words,
    strip_markup,
)
from catalog.clusters.cluster import Word


def diff(first: str, other: str, max_words: int = MAX_DIFF_WORDS) -> list[tuple[str, str]]:
    return [(run.change, run.text) for run in diff_words(split_words(first), split_words(other), max_words)]


def joined(runs: tuple[Word, ...], *changes: str) -> str:
    return " ".join(word.text for word in runs if word.change in changes)


# What a reader sees


@pytest.mark.parametrize(
    "tag",
    ["br", "BR", "p", "div", "li", "ul", "ol", "tr", "td", "h1", "h6", "figcaption", "blockquote", "Br/", "br /"],
)  # fmt: skip
def test_a_tag_that_begins_a_block_parts_words(tag: str) -> None:
    assert strip_markup(f"one<{tag}>two") == "one two"


@pytest.mark.parametrize(
    "tag", ["b", "i", "a href='/kim'", "span", "hr", "h7", "pre", "broken", "title", "W:x"]
)
def test_another_tag_parts_no_words(tag: str) -> None:
    assert strip_markup(f"one<{tag}>two") == "onetwo"


@pytest.mark.parametrize("tag", ["</p>", '<p class="wp-caption">', "</P >"])
def test_the_end_and_the_attributes_of_a_block_s_tag_belong_to_it(tag: str) -> None:
    assert strip_markup(f"one{tag}two") == "one two"


@pytest.mark.parametrize("markup", ["<!-- kim -->", "<!DOCTYPE html>", "</b>"])
def test_comments_declarations_and_ends_are_not_seen(markup: str) -> None:
    assert strip_markup(f"one {markup}two") == "one two"


@pytest.mark.parametrize("text", ["3 < 4", "a <4> b", "x > y", "a <> b", "Kim <visits"])
def test_marks_that_make_no_tag_are_seen(text: str) -> None:
    assert strip_markup(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Kim&#8217;s", "Kim’s"),
        ("Kim&#x2019;s", "Kim’s"),
        ("R&amp;D", "R&D"),
        ("a&nbsp;b", "a b"),
        ("AT&T", "AT&T"),
        ("&unknown;", "&unknown;"),
    ],
)
def test_entities_are_read(text: str, seen: str) -> None:
    assert strip_markup(text) == seen


def test_what_was_escaped_once_too_often_is_read() -> None:
    assert strip_markup("Kim&amp;#8217;s &lt;b&gt;visit&lt;/b&gt;") == "Kim’s visit"


def test_what_was_escaped_twice_too_often_is_not() -> None:
    assert strip_markup("R&amp;amp;amp;D") == "R&amp;D"


def test_a_tag_that_was_escaped_once_too_often_parts_words() -> None:
    assert strip_markup("one&lt;br&gt;two") == "one two"


def test_an_entity_of_endless_digits_is_passed_over() -> None:
    assert strip_markup("Kim&#" + "9" * 5000 + "; visits") == "Kim visits"


@pytest.mark.parametrize(("digits", "seen"), [("0000065", "A"), ("00000065", "")])
def test_an_entity_of_eight_digits_is_passed_over(digits: str, seen: str) -> None:
    assert strip_markup(f"&#{digits};") == seen


@pytest.mark.parametrize(
    "white", [" ", "\n", "\t", "\r\n", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0", "\u2003"]
)
def test_white_characters_part_words_by_one_space(white: str) -> None:
    assert strip_markup(f"one{white}{white}two") == "one two"


@pytest.mark.parametrize(
    "unseen",
    [
        "\x00",
        "\x1b",
        "\x7f",
        "\x9f",
        "\xad",
        "\u061c",
        "\u200b",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2060",
        "\u206f",
        "\ufe00",
        "\ufe0f",
        "\ufeff",
        "\ud800\udfff",
    ],
)
def test_what_is_not_seen_parts_no_words(unseen: str) -> None:
    assert strip_markup(f"one{unseen}two") == "onetwo"


def test_a_caption_stands_without_white_at_its_ends() -> None:
    assert strip_markup(" \n Kim \t") == "Kim"


def test_of_a_caption_the_first_ten_thousand_characters_count() -> None:
    assert MAX_CAPTION_CHARACTERS == 10_000
    assert strip_markup("x" * 10_000 + "y") == "x" * 10_000


# As it is compared


@pytest.mark.parametrize("mark", "‘’‚‛‹›`´ʼ′＇")
def test_marks_within_a_word_that_stand_for_an_apostrophe_are_one(mark: str) -> None:
    assert fold_plain(f"Kim{mark}s") == "kim's"


@pytest.mark.parametrize("mark", "“”„‟«»″＂")
def test_marks_within_a_word_that_quote_are_one(mark: str) -> None:
    assert fold_plain(f"a{mark}b") == 'a"b'


@pytest.mark.parametrize("dash", "‐‑‒–−－")
def test_dashes_within_a_word_are_one(dash: str) -> None:
    assert fold_plain(f"north{dash}south") == "north-south"


@pytest.mark.parametrize("dash", "—﹘")
def test_a_long_dash_parts_words(dash: str) -> None:
    assert fold_plain(f"one{dash}two") == "one two"


@pytest.mark.parametrize("mark", " .,;:!?…'\"()[]{}|*•·-。、！？「」【】（）_—“”‘’")
def test_marks_round_words_do_not_count(mark: str) -> None:
    assert fold_plain(f"{mark}Kim{mark} {mark} visits{mark}{mark}") == "kim visits"


@pytest.mark.parametrize("text", ["50%", "#kim", "@kim", "a+b", "$5"])
def test_other_marks_count(text: str) -> None:
    assert fold_plain(text) == text


@pytest.mark.parametrize(
    ("text", "folded"), [("STRASSE", "strasse"), ("Straße", "strasse"), ("Ｋｉｍ", "kim"), ("ﬁ", "fi")]
)
def test_case_and_style_of_letters_do_not_count(text: str, folded: str) -> None:
    assert fold_plain(text) == folded


def test_accents_count() -> None:
    assert fold_plain("Québec") == "québec"


def test_an_accent_counts_alike_however_it_is_written() -> None:
    assert fold_plain("Que\u0301bec") == fold_plain("Qu\u00e9bec")


def test_markup_does_not_count() -> None:
    assert fold_caption("<p>Kim&rsquo;s <b>VISIT</b>.</p>") == "kim's visit"


def test_a_caption_of_marks_alone_says_nothing() -> None:
    assert fold_caption("… – (!)") == ""


def test_words_stand_beside_what_is_compared_of_each() -> None:
    assert split_words("<b>Kim</b> visits – (today).") == (
        ["Kim", "visits", "–", "(today)."],
        ["kim", "visits", "", "today"],
    )


# What changed


def test_nothing_changed_from_nothing_to_nothing() -> None:
    assert diff("", "") == []


def test_what_is_the_same_is_written_as_in_the_other_text() -> None:
    assert diff("Kim visits.", "KIM VISITS") == [("same", "KIM VISITS")]


def test_what_came_is_added() -> None:
    assert diff("", "Kim visits") == [("added", "Kim visits")]


def test_what_went_is_removed() -> None:
    assert diff("Kim visits", "") == [("removed", "Kim visits")]


def test_what_is_the_same_at_both_ends_stays_round_a_change() -> None:
    assert diff("Kim visits a unit", "Kim inspects a unit") == [
        ("same", "Kim"),
        ("removed", "visits"),
        ("added", "inspects"),
        ("same", "a unit"),
    ]


def test_a_word_counts_once_for_the_beginning_or_the_end() -> None:
    assert diff("very very", "very") == [("same", "very"), ("removed", "very")]


def test_what_is_the_same_between_two_changes_is_found() -> None:
    assert diff("a b c", "x b y") == [
        ("removed", "a"),
        ("added", "x"),
        ("same", "b"),
        ("removed", "c"),
        ("added", "y"),
    ]


def test_past_the_most_words_the_rest_is_removed_and_added_whole() -> None:
    assert diff("a b c", "x b y", 2) == [
        ("removed", "a"),
        ("added", "x"),
        ("same", "b"),
        ("removed", "c"),
        ("added", "y"),
    ]
    assert diff("a b c", "x b y", 1) == [("removed", "a b c"), ("added", "x b y")]


def test_the_most_words_are_counted_from_the_first_that_differs() -> None:
    assert diff("s t a b c", "s t x b y", 2)[:4] == [
        ("same", "s t"),
        ("removed", "a"),
        ("added", "x"),
        ("same", "b"),
    ]


def test_the_most_words_do_not_reach_into_what_is_the_same_at_the_end() -> None:
    assert diff("a e f", "x e f", 2) == [("removed", "a"), ("added", "x"), ("same", "e f")]


def test_between_two_that_are_the_same_what_was_removed_stands_before_what_was_added() -> None:
    assert diff("a b c d", "x y c", 1) == [("removed", "a b c d"), ("added", "x y c")]


def test_a_word_that_many_others_repeat_is_found_again() -> None:
    first, other = "x " + "the cat " * 120 + "y", "z " + "the cat " * 120 + "w"
    assert ("same", ("the cat " * 120).rstrip()) in diff(first, other)


def test_past_the_cap_the_rest_is_shown_whole() -> None:
    first = " ".join(f"a{number} b" for number in range(MAX_DIFF_WORDS))
    other = " ".join(f"c{number} b" for number in range(MAX_DIFF_WORDS))
    runs = diff_words(split_words(first), split_words(other))
    assert len(runs) < MAX_DIFF_WORDS * 2
    assert joined(runs, "same", "added") == other
    assert joined(runs, "same", "removed") == first


TEXTS = st.lists(
    st.sampled_from(["Kim", "kim", "visits", "a", "unit.", "unit", "–", "(AP)"]), max_size=12
).map(" ".join)


@settings(deadline=None)
@given(st.one_of(TEXTS, st.text()), st.one_of(TEXTS, st.text()), st.sampled_from([0, 1, 3, MAX_DIFF_WORDS]))
def test_a_diff_holds_both_texts(first: str, other: str, max_words: int) -> None:
    runs = diff_words(split_words(first), split_words(other), max_words)
    assert joined(runs, "same", "added") == strip_markup(other)
    assert fold_caption(joined(runs, "same", "removed")) == fold_caption(strip_markup(first))
    assert all(word.text for word in runs)
    assert all(one.change != following.change for one, following in pairwise(runs))


@settings(deadline=None)
@given(st.text(), st.text())
def test_texts_that_differ_have_a_change_in_their_diff(first: str, other: str) -> None:
    changed = any(word.change != "same" for word in diff_words(split_words(first), split_words(other)))
    assert changed or fold_caption(first) == fold_caption(other)


def test_controls_never_reach_a_diff() -> None:
    runs = diff_words(split_words("Kim"), split_words("Kim\x00\u202e visits\x1b[31m\ud800"))
    assert joined(runs, "same", "added") == "Kim visits[31m"
