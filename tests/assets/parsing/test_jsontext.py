"""JSON from strangers: every value that can be had, a fault in place of what cannot."""

from __future__ import annotations

import json
import random

import pytest

from assets.parsing.jsontext import JsonFault, JsonNoise, json_values, parse_json


def pieces(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def told(body: bytes, size: int = 1 << 20) -> list[object]:
    """The values, faults as their texts."""
    return [
        str(value) if isinstance(value, JsonFault) else value for value in json_values(pieces(body, size))
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": 1}\n{"id": 2}\n{"id": 3}\n',
        b'[{"id": 1}, {"id": 2}, {"id": 3}]',
        b'{"id": 1}{"id": 2} {"id": 3}',
        b'[{"id": 1}]\n[{"id": 2}, {"id": 3}]',
        b'\xef\xbb\xbf\r\n{"id": 1}\r\n\r\n{"id": 2}\r\n{"id": 3}',
        b'\x1e{"id": 1}\n\x1e{"id": 2}\n\x1e{"id": 3}\n',
        b'{"id": 1},\n{"id": 2},\n{"id": 3}',
        b'[\n  {"id": 1},\n  {"id": 2},\n  {"id": 3}\n]\n',
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
def test_values_in_a_row_in_lines_and_in_lists_read_alike(body: bytes, size: int) -> None:
    assert told(body, size) == [{"id": 1}, {"id": 2}, {"id": 3}]


def test_a_bad_line_costs_that_line() -> None:
    assert told(b'{"id": 1}\n{"id": \n{"id": 3}\n') == [
        {"id": 1},
        "Expecting ',' delimiter (line 4, column 1, in the value that begins on line 2)",
        {"id": 3},
    ]


def test_the_inside_of_a_broken_value_is_not_taken_for_a_value() -> None:
    assert told(b'{\n  "a": tru,\n  "b": [\n    {"id": 1}\n  ]\n}') == [
        "Expecting value (line 2, column 8, in the value that begins on line 1)"
    ]


def test_a_list_that_is_cut_off_keeps_what_came() -> None:
    assert told(b'[{"id": 1}, {"id": 2}, {"id')[:2] == [{"id": 1}, {"id": 2}]
    assert told(b'[{"id": 1}, ')[1:] == ["the list does not end (line 1)"]


@pytest.mark.parametrize("size", [1, 5, 1 << 20])
def test_a_fault_names_its_line_and_column(size: int) -> None:
    body = b'[{"id": 1},\n {"id": nope}]'
    assert told(body, size) == [{"id": 1}, "Expecting value (line 2, column 9)"]


def test_numbers_that_no_parser_agrees_on_are_null() -> None:
    assert told(b'{"a": NaN, "b": -Infinity, "c": ' + b"9" * 100_000 + b"}") == [
        {"a": None, "b": None, "c": None}
    ]


def test_broken_characters_are_mended() -> None:
    body = rb'{"a": "\ud83d\ude00 \ud800x\u0000y", "\udc00": ["\ud83d\ude00"]}'
    mended = {"a": "\U0001f600 \ufffdxy", "\ufffd": ["\U0001f600"]}
    assert told(body) == [mended]
    assert parse_json(body) == mended


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert told(b'{"a": "caf\xe9"}') == [{"a": "caf\ufffd"}]


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_deep_nesting_is_a_fault(bracket: bytes) -> None:
    body = bracket * 100_000
    assert "nested too deeply" in str(told(body)[-1])
    assert "nested too deeply" in str(parse_json(body))


def test_nesting_just_below_the_parsers_limit_with_broken_characters_is_no_crash() -> None:
    body = b"[" * 700 + rb'"\ud800"' + b"]" * 700
    assert isinstance(parse_json(body), list | JsonFault)


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"<html>", b"hello", b'{"a": 1} x', b'{"a": 1}{"b": 2}', b'"abc', b"[1"]
)
def test_what_is_not_one_json_text_is_a_fault(body: bytes) -> None:
    assert isinstance(parse_json(body), JsonFault)


@pytest.mark.parametrize("value", [None, 1, -1.5, "x", [], {}, [1, [2]], {"a": {"b": []}}, True])
def test_one_json_text_is_its_value(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value


def test_however_a_body_is_cut_its_values_are_the_same() -> None:
    chance = random.Random(7)  # noqa: S311
    values = [
        {"id": number, "t": "é\n☃\\" * chance.randrange(9), "n": [1.5, None, -3]} for number in range(40)
    ]
    body = "\n".join(json.dumps(value, ensure_ascii=chance.random() < 0.5) for value in values).encode()
    for _ in range(30):
        assert told(body, chance.randrange(1, 200)) == values


def test_damaged_bodies_never_raise() -> None:
    chance = random.Random(11)  # noqa: S311
    body = json.dumps([{"id": 1, "a": ["\ud83d\ude00", {"b": 1e5}]}, {"id": 2}]).encode()
    for _ in range(2_000):
        damaged = bytearray(body)
        for _ in range(chance.randrange(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        told(bytes(damaged), chance.randrange(1, 60))
        parse_json(bytes(damaged))


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_a_comment_behind_the_values_costs_none(size: int) -> None:
    body = b'[{"id": 1}]\n<!-- from the cache -->\n'
    assert told(body, size) == [{"id": 1}, JsonNoise("<!-- from the cache -->\n")]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_a_message_between_lines_costs_none(size: int) -> None:
    body = b'{"id": 1}\nPHP Warning: late\n{"id": 2}\n'
    assert told(body, size) == [{"id": 1}, JsonNoise("PHP Warning: late"), {"id": 2}]


def test_a_page_between_lines_is_a_fault() -> None:
    assert told(b'{"id": 1}\n<html>500</html>\n{"id": 2}\n')[1] == "Expecting value (line 2, column 1)"
