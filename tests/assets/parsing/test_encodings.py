from __future__ import annotations

import pytest

from assets.parsing.encodings import decode_page

CYRILLIC = "<p>Прес-служба</p>"
TRUE_UTF8 = "<p>Größe</p>"


def meta(charset: str) -> str:
    return f'<meta charset="{charset}">'


# What is UTF-8 beyond doubt


@pytest.mark.parametrize("content_type", ["", "text/html; charset=windows-1251"])
def test_bytes_that_are_utf_8_win_over_any_declaration(content_type: str) -> None:
    assert decode_page((meta("iso-8859-1") + TRUE_UTF8).encode(), content_type).endswith(TRUE_UTF8)


def test_pure_ascii_proves_nothing() -> None:
    japanese = "<p>\u65e5\u672c</p>"
    body = meta("iso-2022-jp").encode() + japanese.encode("iso-2022-jp")
    assert decode_page(body).endswith(japanese)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_byte_order_mark_wins(encoding: str) -> None:
    assert decode_page(CYRILLIC.encode(encoding), "text/html; charset=windows-1252") == CYRILLIC


# What is declared


@pytest.mark.parametrize(
    "content_type",
    ["text/html; charset=windows-1251", 'text/html; charset="Windows-1251"', "text/html;charset=cp1251"],
)
def test_the_header_names_the_encoding(content_type: str) -> None:
    body = (meta("iso-8859-1") + CYRILLIC).encode("cp1251")
    assert decode_page(body, content_type).endswith(CYRILLIC)


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET=windows-1251>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<!-- <meta charset="iso-8859-1"> --><meta charset="windows-1251">',
    ],
)
def test_the_page_names_the_encoding(declaration: str) -> None:
    assert decode_page((declaration + CYRILLIC).encode("cp1251")).endswith(CYRILLIC)


@pytest.mark.parametrize("unknown", ["x-unknown", "hex", "utf-7", "utf-16", "a" * 3000])
def test_where_the_header_names_none_the_page_does(unknown: str) -> None:
    body = (meta("windows-1251") + CYRILLIC).encode("cp1251")
    assert decode_page(body, f"text/html; charset={unknown}").endswith(CYRILLIC)


def test_what_declares_nothing_is_western() -> None:
    assert decode_page("<p>Größe – „so“</p>".encode("cp1252")) == "<p>Größe – „so“</p>"


@pytest.mark.parametrize("label", ["idna", "unicode_escape", "punycode", "undefined"])
def test_no_label_raises(label: str) -> None:
    assert decode_page(b"\xff\\ud8\x00<p>", f"text/html; charset={label}")


# Labels of the standard that mean a larger set, or have another name in Python


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "„"),
        ("us-ascii", "cp1252", "„"),
        ("x-cp1252", "cp1252", "„"),
        ("iso-8859-9", "cp1254", "ğ"),
        ("iso-8859-11", "cp874", "ก"),
        ("tis-620", "cp874", "ก"),
        ("windows-874", "cp874", "ก"),
        ("x-cp1250", "cp1250", "ř"),
        ("x-cp1251", "cp1251", "ж"),
        ("x-mac-cyrillic", "mac_cyrillic", "ж"),
        ("x-mac-roman", "mac_roman", "é"),
        ("logical", "iso8859-8", "ש"),
        ("iso-8859-8-i", "iso8859-8", "ש"),
        ("shift_jis", "cp932", "①"),
        ("x-sjis", "cp932", "①"),
        ("windows-31j", "cp932", "①"),
        ("x-euc-jp", "euc_jp", "日"),
        ("euc-kr", "cp949", "똠"),
        ("ks_c_5601-1987", "cp949", "똠"),
        ("windows-949", "cp949", "똠"),
        ("gb2312", "gb18030", "镕"),
        ("gbk", "gb18030", "镕"),
        ("x-gbk", "gb18030", "镕"),
        ("big5", "big5hkscs", "嘅"),
        ("x-x-big5", "big5hkscs", "嘅"),
        ("utf8mb4", "utf-8", "ж"),
        ("unicode-1-1-utf-8", "utf-8", "ж"),
    ],
)
def test_a_label_stands_for_what_browsers_take_it_for(label: str, encoding: str, text: str) -> None:
    assert decode_page((meta(label) + text).encode(encoding)).endswith(text)
