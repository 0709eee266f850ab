"""CSV that is safe to open in a spreadsheet: no text of a stranger is run as a formula.

A caption may say `=HYPERLINK(…)`, and a spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
Such a cell gets an apostrophe in front. JSON Lines hold every text as it is.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from typing import Protocol

# Full-width and small forms too: spreadsheets of East Asian languages read them as the plain ones.
_STARTS = r"[=+\-@＝＋－＠﹦﹢﹣﹫]"

# What a spreadsheet may pass over, or what is taken out here: white space, control characters, invisible marks.
_PASSED_OVER = r"[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"

_FORMULA = re.compile(rf"[\t\r\n]|{_PASSED_OVER}{_STARTS}")

# Where the semicolon separates, as in most of Europe, a spreadsheet opens a cell behind each that is in a text.
_FORMULA_BEHIND = re.compile(rf";(?={_PASSED_OVER}{_STARTS})")

_NUMBER = re.compile(r" *[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)? *")

_LINE_BREAKS = re.compile(r"\r\n|[\t-\r\x1c-\x1e\x85\u2028\u2029]")

# Marks of direction are among them: they turn the rest of a row around, in a terminal and in some spreadsheets.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class TextStream(Protocol):
    """What CSV is written to. A file is opened with `newline=""` and UTF-8."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def escape_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs as a formula; a plain number stays one.

    >>> escape_cell("=HYPERLINK(1)"), escape_cell("  ＠SUM(1)"), escape_cell("-12.5"), escape_cell("AFP - Paris")
    ("'=HYPERLINK(1)", "'  ＠SUM(1)", '-12.5', 'AFP - Paris')

    So too where a spreadsheet that separates cells by semicolons would begin another one:

    >>> escape_cell("Kim; =1+1")
    "Kim;' =1+1"
    """
    if _NUMBER.fullmatch(text):
        return text
    text = _FORMULA_BEHIND.sub(";'", text)
    return f"'{text}" if _FORMULA.match(text) else text


def cell(value: object) -> str:
    r"""A value as the text of a safe cell, on one line and without control characters and marks of direction.

    A list of texts is told with spaces between; any other nested value is JSON.

    >>> cell(None), cell(True), cell(-3), cell(["a", "b"]), cell({"at": 1}), cell("two\r\nlines\x1b[0m")
    ('', 'true', '-3', 'a b', '{"at": 1}', 'two lines[0m')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        text = " ".join(value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _fold_to_line(escape_cell(text))


def _fold_to_line(text: str) -> str:
    """The text without what could begin a row or steer a terminal, and fit for UTF-8."""
    text = _CONTROL.sub("", _LINE_BREAKS.sub(" ", text))
    return text.encode("utf-8", "replace").decode()


class SafeWriter:
    """Writes values as rows of CSV (RFC 4180: lines end with CR LF), every cell a safe one."""

    def __init__(self, stream: TextStream, columns: Sequence[str] = ()) -> None:
        self._writer = csv.writer(stream, lineterminator="\r\n")
        if columns:
            self.write_row(columns)

    def write_row(self, values: Iterable[object]) -> None:
        """Write one row."""
        self._writer.writerow([cell(value) for value in values])
