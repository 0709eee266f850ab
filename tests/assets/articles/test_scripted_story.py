"""A story that a page keeps in its scripts alone."""

from __future__ import annotations

import json

import pytest

from assets.articles.scripted_story import (
    MAX_TEXTS,
    MIN_CHARACTERS,
    list_scripted_stories,
)
from assets.parsing.htmltree import parse_html
from tests.support.effort import assert_grows_evenly

STORY = f"<p>{'The ferry is back. ' * 20}</p>"


def found(*programs: str) -> list[str]:
    scripts = "".join(f"<script>{program}</script>" for program in programs)
    return list_scripted_stories(parse_html(f"<html><body>{scripts}</body></html>"))


def spelled(value: object) -> str:
    """A value as serialisers write it within a page."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e")


@pytest.mark.parametrize(
    "program",
    [
        f"state = {spelled({'id': 7, 'body': STORY})}",
        f"self.push([1, {spelled(STORY)}])",
        f"state = {json.dumps({'body': STORY})}",
    ],
)
def test_a_story_is_read_as_it_will_be_shown(program: str) -> None:
    assert found(program) == [STORY]


def test_a_story_may_begin_with_a_box_of_a_picture() -> None:
    html = f'\n<div class="box"><img src="/k.jpg"></div>{STORY}'
    assert found(f"push({spelled(html)})") == [html]


@pytest.mark.parametrize(
    "program",
    [
        f'x = "{"word " * 100}"',
        f"x = {spelled('<p>' + 'x' * (MIN_CHARACTERS - 50))}",
        f'x = "{STORY[:100]}',
        f'x = "<p>\\q{"word " * 100}"',
        f"x = {spelled('<script>' + 'x' * MIN_CHARACTERS)}",
        "",
    ],
)
def test_other_texts_are_no_stories(program: str) -> None:
    assert found(program) == []


def test_the_same_story_twice_is_one() -> None:
    assert found(f"a({spelled(STORY)})", f"b({spelled(STORY)})") == [STORY]


def test_the_longest_stories_are_looked_at() -> None:
    stories = [f"<p>{'x' * (MIN_CHARACTERS + number)}</p>" for number in range(MAX_TEXTS + 2)]
    assert found(*(f"a({spelled(story)})" for story in stories)) == stories[:-4:-1]


@pytest.mark.parametrize("part", ['"', "\\", '\\"', '"\\u003cp'])
def test_the_work_grows_with_a_program_of_quotes(part: str) -> None:
    def read(size: int) -> int:
        return len(found(f"x = '<p>' + {part * size}"))

    assert assert_grows_evenly(read, 400_000) == 0
