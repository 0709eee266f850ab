"""What is said of a picture, as one text to be searched."""

from __future__ import annotations

import pytest

from catalog.model import AssetRecord, UsageRecord
from catalog.store.base import fold_asset_text, fold_text, fold_usage_text, is_said_by, is_said_of


def usage(*history: dict[str, object], **said: str) -> UsageRecord:
    return UsageRecord(key="u", page="https://a.example/story", history=list(history), **said)  # type: ignore[arg-type] # texts


# Folding


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kim VISITS", "kim visits"),
        ("Québec", "quebec"),
        ("QUÉBEC", "quebec"),
        ("Que\u0301bec", "quebec"),
        ("Straße", "strasse"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("Łódź", "łodz"),
        ("ｆｕｌｌ", "full"),
        ("ﬁle", "file"),
        ("И\u0306", "и"),
        ("①", "1"),
        ("平壤", "平壤"),
        ("", ""),
    ],
)
def test_a_text_is_folded(text: str, plain: str) -> None:
    assert fold_text(text) == plain


@pytest.mark.parametrize("text", ["a.b, c-d\t(e)", "50% a_b it's", "\udcff", "line\nline"])
def test_marks_and_white_stay(text: str) -> None:
    assert fold_text(text) == text


def test_folding_is_the_same_for_both_sides() -> None:
    assert fold_text("ﬁnal ÉTÉ") == fold_text("FINAL été")


def test_what_is_asked_with_accents_is_found_in_plain_letters() -> None:
    assert fold_text("QUÉBEC") in fold_text("Old Quebec")


def test_letters_of_syllables_fold_alike_however_they_are_written() -> None:
    assert fold_text("평양") == fold_text("\u1111\u1167\u11bc\u110b\u1163\u11bc")


# Usages


def test_a_usage_says_caption_alt_text_and_credit_in_lines() -> None:
    said = fold_usage_text(usage(caption="Kim visits", alt="A Unit", credit="KCNA"))
    assert said == "kim visits\na unit\nkcna"


def test_a_usage_says_what_it_said_before() -> None:
    said = fold_usage_text(
        usage({"caption": "Lee", "alt": "A Bridge", "credit": "AP"}, {"alt": "Roe"}, caption="Kim")
    )
    assert said == "kim\nlee\na bridge\nap\nroe"


def test_what_is_empty_makes_no_line() -> None:
    assert fold_usage_text(usage({"caption": ""}, caption="Kim", credit="AP")) == "kim\nap"


def test_a_usage_without_words_says_nothing() -> None:
    assert fold_usage_text(usage()) == ""


@pytest.mark.parametrize("field", ["url", "role", "site", "published", "credit_field"])
def test_a_usage_says_nothing_by_its_other_fields(field: str) -> None:
    assert fold_usage_text(usage(**{field: "Kim"})) == ""


def test_a_usage_says_nothing_by_other_fields_that_it_had() -> None:
    assert fold_usage_text(usage({"url": "https://a.example/kim.jpg", "until": "2025-08-01"})) == ""


def test_what_was_no_text_before_is_told_as_one() -> None:
    assert fold_usage_text(usage({"caption": 7})) == "7"


# Files


def test_a_file_says_all_its_texts_in_lines() -> None:
    record = AssetRecord(
        sha256="aa",
        embedded={"credit": {"text": "AP", "field": "iptc 2:110"}, "caption": {"text": "Kim visits"}},
    )
    assert fold_asset_text(record) == "ap\nkim visits"


def test_a_field_of_a_file_without_a_text_says_nothing() -> None:
    record = AssetRecord(sha256="aa", embedded={"created": {"field": "exif"}, "credit": {"text": ""}})
    assert fold_asset_text(record) == ""


def test_a_file_without_metadata_says_nothing() -> None:
    assert fold_asset_text(AssetRecord(sha256="aa", original="5f/kim.jpg")) == ""


# Words


def test_words_are_said_of_a_use_that_says_all_of_them() -> None:
    assert is_said_of(usage(caption="Kim visits"), "", ["visit", "kim"])


def test_words_are_said_of_a_use_whose_page_s_title_says_all_of_them() -> None:
    assert is_said_of(usage(), "kim visits", ["visit", "kim"])


def test_words_are_said_of_a_use_partly_by_itself_and_partly_by_the_title() -> None:
    assert is_said_of(usage(caption="Kim"), "a visit", ["kim", "visit"])


def test_words_of_which_one_is_missing_are_not_said_of_a_use() -> None:
    assert not is_said_of(usage(caption="Kim"), "a visit", ["kim", "lee"])


def test_a_word_is_not_said_over_the_end_of_a_field() -> None:
    assert not is_said_of(usage(caption="Kim", alt="visits"), "", ["kimvisits"])


def test_no_words_are_said_of_any_use() -> None:
    assert is_said_of(usage(), "", [])


def test_words_are_said_by_a_file_that_says_all_of_them() -> None:
    record = AssetRecord(sha256="aa", embedded={"caption": {"text": "Kim visits"}, "credit": {"text": "AP"}})
    assert is_said_by(record, ["ap", "kim"])


def test_words_of_which_one_is_missing_are_not_said_by_a_file() -> None:
    record = AssetRecord(sha256="aa", embedded={"caption": {"text": "Kim visits"}})
    assert not is_said_by(record, ["kim", "lee"])


def test_no_words_are_said_by_any_file() -> None:
    assert is_said_by(AssetRecord(sha256="aa"), [])
