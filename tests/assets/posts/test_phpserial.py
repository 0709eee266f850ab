"""PHP's serialized arrays, as exports carry them."""

from __future__ import annotations

import random

import pytest

from assets.posts.phpserial import parse_php

METADATA = (
    'a:4:{s:5:"width";i:800;s:6:"height";i:600;s:5:"sizes";a:1:{s:5:"thumb";a:1:{s:4:"file";s:5:"é.jp";}}'
    's:10:"image_meta";a:3:{s:8:"aperture";d:7.1;s:6:"credit";s:4:"KCNA";s:4:"flag";b:1;}}'
)


def test_picture_metadata_is_read() -> None:
    assert parse_php(METADATA) == {
        "width": 800,
        "height": 600,
        "sizes": {"thumb": {"file": "é.jp"}},
        "image_meta": {"aperture": 7.1, "credit": "KCNA", "flag": True},
    }


def test_lengths_that_a_search_and_replace_broke_do_not_matter() -> None:
    assert parse_php('a:1:{s:4:"file";s:99:"https://new.example/a.jpg";}') == {
        "file": "https://new.example/a.jpg"
    }


def test_a_text_may_hold_quotes_and_semicolons() -> None:
    assert parse_php('s:9:"a";s:1:"b";') == 'a";s:1:"b'


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "hello",
        "a:1:{",
        'O:8:"stdClass":0:{}',
        "R:1;",
        "i:x;",
        's:3:"ab',
        "a:99999999:{i:0;i:0;",
        "a:1:{i:0;" * 5000,
    ],
)
def test_what_is_not_a_serialized_value_is_none(bad: str) -> None:
    assert parse_php(bad) is None


def test_too_much_is_not_read() -> None:
    assert parse_php('s:2000000:"' + "x" * 2_000_000 + '";') is None


def test_damage_never_raises() -> None:
    chance = random.Random(3)  # noqa: S311
    for _ in range(2_000):
        damaged = list(METADATA)
        for _ in range(chance.randrange(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.choice('a:;{}"sidbN0198\ud800')
        parse_php("".join(damaged))


def test_a_text_within_an_array_may_hold_quotes_and_semicolons() -> None:
    assert parse_php('a:1:{s:1:"k";s:9:"a";s:1:"b";}') == {"k": 'a";s:1:"b'}


def test_an_array_is_no_key() -> None:
    assert parse_php("a:1:{a:0:{}i:1;}") is None


def test_nothing_is_a_value() -> None:
    assert parse_php("a:2:{i:0;N;i:1;i:5;}") == {"0": None, "1": 5}


@pytest.mark.parametrize(
    ("written", "value"), [("b:0;", False), ("b:1;", True), ("i:-7;", -7), ("d:0.5;", 0.5)]
)
def test_plain_values_are_read(written: str, value: object) -> None:
    assert parse_php(written) == value


def nested(depth: int) -> str:
    return "a:1:{i:0;" * depth + "i:7;" + "}" * depth


def test_sixteen_arrays_in_one_another_are_read() -> None:
    assert parse_php(nested(16)) is not None


def test_seventeen_are_not() -> None:
    assert parse_php(nested(17)) is None


def of_bytes(count: int) -> str:
    return f's:{count - 13}:"{"x" * (count - 13)}";'


def test_a_megabyte_is_read() -> None:
    assert len(of_bytes(1024 * 1024)) == 1024 * 1024
    assert parse_php(of_bytes(1024 * 1024)) is not None


def test_a_byte_more_is_not() -> None:
    assert parse_php(of_bytes(1024 * 1024 + 1)) is None


def test_blanks_around_a_value_do_not_matter() -> None:
    assert parse_php(" i:7;\n") == 7


@pytest.mark.parametrize("before", ["", "1"])
@pytest.mark.parametrize("value", ["d:0.5;", "b:1;", "i:7;", "N;", "a:0:{}"])
def test_what_comes_behind_a_value_is_read(before: str, value: str) -> None:
    found = parse_php(f"a:2:{{i:1{before};{value}i:2;i:8;}}")
    assert isinstance(found, dict)
    assert found["2"] == 8


@pytest.mark.parametrize("written", ["r:1;", "e:1;", "C:1;", "x:1;", "b;"])
def test_a_value_of_another_type_is_none(written: str) -> None:
    assert parse_php(written) is None
