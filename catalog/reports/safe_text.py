"""Texts of strangers that steer neither a terminal nor what reads JSON."""

from __future__ import annotations

import json
import re

# Marks of direction: from there on a terminal may show the rest of the line backwards (Unicode, UAX 9).
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

# Control characters, C1 ones included: a caption or a file name must not steer the terminal.
_CONTROL = re.compile(rf"[\x00-\x1f\x7f-\x9f{_DIRECTIONS}]")

# Of these JSON escapes the first 32 itself; bytes of file names that are no UTF-8 cannot be encoded.
_NOT_PLAIN_JSON = re.compile(rf"[\x7f-\x9f\ud800-\udfff{_DIRECTIONS}]")


def sanitize_text(text: str) -> str:
    r"""The text with control characters, marks of direction and undecodable bytes shown as a mark.

    >>> sanitize_text("a\x1b[31mb"), sanitize_text("photo\u202egpj.exe")
    ('a\ufffd[31mb', 'photo\ufffdgpj.exe')
    """
    return _CONTROL.sub("\ufffd", text).encode("utf-8", "replace").decode()


def json_line(value: object, escaped: re.Pattern[str] = _NOT_PLAIN_JSON) -> str:
    r"""A value as JSON on one line that can be printed anywhere and says the same; `escaped` characters as numbers.

    >>> print(json_line({"caf\u00e9": "\x9b31m"}))
    {"café": "\u009b31m"}
    """
    text = json.dumps(value, ensure_ascii=False)
    return escaped.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
