"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.safe_csv import SafeWriter, cell, escape_cell

STARTS = "=+-@＝＋－＠﹦﹢﹣﹫"


def written(*rows: list[object]) -> str:
    stream = io.StringIO(newline="")
    writer = SafeWriter(stream)
    for row in rows:
        writer.write_row(row)
    return stream.getvalue()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(
    "before", ["", " ", "   ", "\t", "\r\n", "\N{NO-BREAK SPACE}", "\ufeff", "\u200b", "\0"]
)
def test_what_begins_a_formula_gets_an_apostrophe(before: str, start: str) -> None:
    text = f"{before}{start}cmd|' /C calc'!A0"
    assert escape_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tKim", "\rKim", "\nKim"])
def test_what_begins_with_a_tab_or_a_line_end_gets_an_apostrophe(text: str) -> None:
    assert escape_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+3", "-3", ".5", "-.5", "1e5", "-1.5E-3", " -12.5 ", "0", "2025"])
def test_a_plain_number_stays_one(text: str) -> None:
    assert escape_cell(text) == text


@pytest.mark.parametrize(
    "text", ["-", "+", "-1+2", "+82 2 123", "--1", "-1.2.3", "-1e", "-٣", "1\n=2;=3", "-5A1"]
)
def test_what_only_looks_like_a_number_does_not_pass_for_one(text: str) -> None:
    assert escape_cell(text) != text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kim Jong Un waves",
        "AFP - Paris",
        "a=b",
        "'=1",
        "a@b.example",
        "https://a.example/k.jpg?w=1",
        "김정은",
        "{}",
    ],
)
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert escape_cell(text) == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Kim;=1+1;x", "Kim;'=1+1;x"),
        ("Kim; \t@SUM(1)", "Kim;' \t@SUM(1)"),
        ("Kim;\0=1", "Kim;'\0=1"),
        ("Kim; Ri", "Kim; Ri"),
        ("=1;=2", "'=1;'=2"),
    ],
)
def test_a_semicolon_begins_no_formula_either(text: str, safe: str) -> None:
    assert escape_cell(text) == safe


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, "false"),
        (-3, "-3"),
        (-0.5, "-0.5"),
        (["=a", "b"], "'=a b"),
        (("a", "b"), "a b"),
        ([], ""),
        ([{"until": "x"}], '[{"until": "x"}]'),
        ("a\tb\r\nc\nd\u2028e", "a b c d e"),
        ("\x1b[31mred\x9b0m\x7f\0", "[31mred0m"),
        ("\0=1", "'=1"),
        ("=\udcff", "'=?"),
    ],
)
def test_a_value_becomes_one_line_of_text(value: object, text: str) -> None:
    assert cell(value) == text


def test_rows_are_as_the_standard_has_them() -> None:
    assert written(["a", 'say "no"', "x, y"], [1, None, "=z"]) == 'a,"say ""no""","x, y"\r\n1,,\'=z\r\n'


def test_columns_come_first() -> None:
    stream = io.StringIO(newline="")
    SafeWriter(stream, ["page", "=asset"]).write_row(["p", "5f"])
    assert stream.getvalue() == "page,'=asset\r\np,5f\r\n"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=3), min_size=1, max_size=3))
def test_whatever_the_texts_no_cell_begins_a_formula_at_comma_or_semicolon(rows: list[list[str]]) -> None:
    text = written(*rows)
    text.encode("utf-8")
    assert [len(row) for row in csv.reader(io.StringIO(text, newline=""))] == [len(row) for row in rows]
    assert text.count("\r\n") == text.count("\n") == text.count("\r") == len(rows)
    for row in csv.reader(io.StringIO(text, newline="")):
        for part in (part.strip() for whole in row for part in [whole, *whole.split(";")[1:]]):
            assert not part.startswith(tuple(STARTS)) or re.fullmatch(r"[+-][0-9.eE+-]+", part)
