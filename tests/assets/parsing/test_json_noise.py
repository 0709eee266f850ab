"""JSON that a server wrapped in noise: read, the noise named; what is no JSON answer stays a fault."""

from __future__ import annotations

import json
import random

import pytest

from assets.parsing.json_noise import may_have_noise_before, split_noise
from assets.parsing.jsontext import JsonFault, parse_json

POSTS = [{"id": 3, "title": {"rendered": "Ferry [late] {again}"}}]
TEXT = json.dumps(POSTS).encode()


def read(body: bytes) -> tuple[object, str]:
    """The value of a body, and the noise around it."""
    text, noise = split_noise(body)
    return parse_json(text), noise


@pytest.mark.parametrize(
    ("before", "named"),
    [
        (
            b"<br />\n<b>Notice</b>:  Undefined variable $x in <b>/www/a.php</b> on line <b>7</b><br />\n",
            "Notice: Undefined variable $x in /www/a.php on line 7",
        ),
        (
            b"\nDeprecated: Function each() is deprecated in /www/b.php on line 2\n",
            "Deprecated: Function each() is deprecated in /www/b.php on line 2",
        ),
        (b"<?php // left over ?>", "// left over"),
        (b"<!-- served by node 4 -->\n", "served by node 4"),
        (b"\xef\xbb\xbf", "a byte order mark"),
        (b"\r\n\r\n", "blank lines"),
        (b"ok", "ok"),
        (b"Notice: [0] => {x} in /www/c.php\n", "Notice: [0] => {x} in /www/c.php"),
        (
            "Avertissement\u202f: variable non d\u00e9finie\n".encode(),
            "Avertissement: variable non d\u00e9finie",
        ),
    ],
)
def test_noise_before_a_value_is_named(before: bytes, named: str) -> None:
    assert read(before + TEXT) == (POSTS, named)


@pytest.mark.parametrize(
    ("behind", "named"),
    [
        (b"\n<!-- cached 12:00 -->", "cached 12:00"),
        (b"<br />\n<b>Warning</b>: late in <b>/www/d.php</b>", "Warning: late in /www/d.php"),
        (b"\nWarning: late in /www/d.php on line 3\n", "Warning: late in /www/d.php on line 3"),
        (b"0", "0"),
    ],
)
def test_noise_behind_a_value_is_named(behind: bytes, named: str) -> None:
    assert read(TEXT + behind) == (POSTS, named)


def test_noise_at_both_ends_is_named_once_each() -> None:
    assert read(b"<!-- a -->{}<!-- b -->") == ({}, "a; b")


def test_an_empty_list_behind_a_message_is_the_value() -> None:
    assert read(b"Warning: x in /www/a.php on line 1\n[]") == (
        [],
        "Warning: x in /www/a.php on line 1",
    )


def test_clean_json_has_no_noise() -> None:
    assert read(TEXT) == (POSTS, "")


def test_long_noise_is_named_by_its_beginning() -> None:
    noise = read(b"Notice: the same again\n" * 500 + TEXT)[1]
    assert noise.startswith("Notice: the same again")
    assert len(noise) <= 200


def test_broken_characters_and_numbers_are_mended_behind_noise_too() -> None:
    assert read(b'<br>{"a": NaN, "b": "\\ud800"}')[0] == {"a": None, "b": "\ufffd"}


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE html><html><body><script>[{"id": 1}]</script></body></html>',
        b'<html><head></head><body>[{"id": 1}]</body></html>',
        b'<html><body>[{"id": 1}]<br>and so on</body></html>',
        b'<p>Such as:</p><pre>[{"id": 1}]</pre>',
        b'<?xml version="1.0"?><rss><channel><item><![CDATA[{"id": 1}]]></item></channel></rss>',
        b'var settings = {"id": 1};',
        b'callback([{"id": 1}]);',
        b'{"id": 1}\n{"id": 2}',
        b'{"id": 1} and more',
        b'{"id": [{"id": 2}],,}',
        b'[{"id": 1}, {"id": 2}',
        b"see [] and {}",
        b"<p>[]<br>",
        b"Notice: nothing follows\n",
        b"",
    ],
)
def test_what_is_no_json_answer_stays_a_fault(body: bytes) -> None:
    value, noise = read(body)
    assert isinstance(value, JsonFault)
    assert noise == ""


def test_a_clean_end_is_not_looked_behind() -> None:
    body = b'{"a": 1} x {"b": 2}'
    assert split_noise(body) == (body, "")


@pytest.mark.parametrize(
    ("head", "may"),
    [(b"Warning: x\n[{", True), (b"[{", False), (b" {", False), (b"<html>[{", False), (b"Hello.", False)],
)
def test_only_what_begins_with_noise_may_have_it_before(head: bytes, may: bool) -> None:
    assert may_have_noise_before(head) is may


def test_brackets_without_end_are_given_up() -> None:
    body = b"x" + b'[{"a":' * 50_000
    assert split_noise(body) == (body, "")


def test_a_value_beyond_the_most_noise_is_not_looked_for() -> None:
    body = b"x" * (1024 * 1024 + 1) + TEXT
    assert split_noise(body) == (body, "")


def test_damaged_bodies_never_raise() -> None:
    chance = random.Random(5)  # noqa: S311
    body = b"<br>Notice: [x]\n" + TEXT + b"\n<!-- c -->"
    for _ in range(2_000):
        damaged = bytearray(body)
        for _ in range(chance.randrange(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        read(bytes(damaged))
