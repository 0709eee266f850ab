"""Steps from element to element of a parsed tree."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from assets.markup.tree_steps import find_element_before, find_element_from, walk_elements
from assets.parsing.htmltree import parse_html


def body_of(html: str) -> LexborNode:
    body = parse_html(html).body
    assert body is not None
    return body


def steps(html: str) -> list[str]:
    return [
        f"/{node.tag}" if is_leaving else str(node.tag) for node, is_leaving in walk_elements(body_of(html))
    ]


def test_each_element_is_entered_and_left() -> None:
    assert steps("a<div>b<p>c</p><!-- d --><i></i></div><b></b>") == [
        *("div", "p", "/p", "i", "/i", "/div"),
        *("b", "/b"),
    ]


def test_nothing_is_entered_within_what_no_reader_sees() -> None:
    assert steps("<svg><g></g></svg><object><p>a</p></object>") == ["svg", "/svg", "object", "/object"]


def test_an_element_without_elements_has_no_steps() -> None:
    assert steps("text") == []


def test_a_walk_stays_within_its_element() -> None:
    inner = body_of("<div><p></p></div><b></b>").css_first("div")
    assert inner is not None
    assert [node.tag for node, _ in walk_elements(inner)] == ["p", "p"]


def test_depth_is_no_limit() -> None:
    assert len(steps("<div>" * 400)) == 800


def test_the_nearest_elements_are_found_past_texts_and_comments() -> None:
    body = body_of("<i></i> a <!-- b --> <u></u>")
    first, last = body.css_first("i"), body.css_first("u")
    assert first is not None
    assert last is not None
    found = [find_element_from(first.next), find_element_before(last.prev), find_element_from(None)]
    assert [node.tag if node is not None else None for node in found] == ["u", "i", None]
    assert find_element_before(first.prev) is None
