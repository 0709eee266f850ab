"""Trees of hostile HTML, built without delay."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from assets.parsing.htmltree import MAX_DEPTH, parse_html

SIZE = 60_000


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * SIZE,
        "<svg><style>" + "<div>" * SIZE,
        '<p title="<script>">' + "<div>" * SIZE,
        "<textarea><script></textarea>" + "<div>" * SIZE,
        "<script>" + "<div>" * SIZE + "</script>" + "<div>" * SIZE,
        "<figcaption><b>" * SIZE,
        "<div></x>" * SIZE,
        "".join(f"<font color={number}>" for number in range(400)) + "<p>x" * SIZE,
        "<img " + " ".join(f"a{number}" for number in range(SIZE)) + ">",
        "<img " + "".join(f'a{number}=">"' for number in range(SIZE)) + ">",
        "<a ='\"" * SIZE,
        "<!--" * SIZE,
    ],
)
def test_a_bomb_becomes_a_small_tree(html: str) -> None:
    tree = parse_html(f"{html}<img src=k.jpg>")
    deepest = depth = 0
    node = tree.root
    while node is not None:
        deepest = max(deepest, depth)
        child = node.child
        if child is not None:
            node, depth = child, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None else None
    assert deepest <= MAX_DEPTH + 10


@pytest.mark.parametrize(
    "html",
    [
        "<p>one<p>two" * 2000,
        "<ul><li>x</ul>" * 2000,
        "<b>x</b>" * 2000,
        "<script>if (a<b) { s = '<div><div>' }</script><p>x</p>" * 2000,
        "<!-- wp:image --><p>x</p>" * 2000,
        '<img src="data:image/png;base64,' + "A/" * 20_000 + '" data-src="k.jpg">',
        '<path d="' + "1 2 " * 20_000 + '"/>',
    ],
)
def test_honest_markup_stays_as_it_is(html: str) -> None:
    assert parse_html(html).html == LexborHTMLParser(html).html


def test_pictures_and_texts_beyond_the_deepest_level_are_kept() -> None:
    tree = parse_html("<div>" * 2000 + "<b>text</b><img src=k.jpg>" + "</div>" * 2000 + "<p>after</p>")
    assert tree.body is not None
    assert tree.body.text() == "textafter"
    assert tree.css_first("img") is not None
