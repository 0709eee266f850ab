"""Where a theme's own names tell that the story stands, and that a page is a list."""

from __future__ import annotations

import pytest

from assets.articles.marked_story import find_headline, find_marked_post, is_list
from assets.articles.text_density import TextDensity, measure_text_density
from assets.parsing.htmltree import parse_html


def outline_of(html: str) -> TextDensity:
    return measure_text_density(parse_html(html))


def found(html: str, post_id: int | None = None) -> tuple[str, str] | None:
    """The ids of the post and of its text."""
    marked = find_marked_post(outline_of(html), post_id)
    if marked is None:
        return None
    root, text = (element.node.attributes.get("id") or element.tag for element in marked)
    return root, text


TEXT = "<div id=y class=entry-content><p>The ferry is back.</p></div>"


@pytest.mark.parametrize(
    "html",
    [
        f"<article id=x class='post type-post hentry'><h1>Ferry</h1>{TEXT}</article>",
        f"<div id=x class='page type-page hentry'>{TEXT}</div>",
        "<article id=x class=h-entry><div id=y class=e-content>Ferry</div></article>",
        "<article id=x class=hentry><div id=y class='post-content clearfix'>Ferry</div></article>",
        f"<main id=x><h1>Ferry</h1>{TEXT}</main>",
    ],
)
def test_the_one_post_of_a_page_is_marked_with_its_text(html: str) -> None:
    assert found(f"<body>{html}") == ("x", "y")


def test_a_post_without_a_marked_text_is_its_own_text() -> None:
    assert found("<main id=x class='site-main post-7 type-page hentry'><p>Ferry</p></main>") == ("x", "x")


def test_of_several_posts_that_of_the_page_is_taken() -> None:
    posts = "".join(
        f"<article id=a{number} class='post-{number} type-post hentry'>"
        f"<div id=t{number} class=entry-content>x</div></article>"
        for number in (6, 7, 8)
    )
    assert (found(posts, 7), found(posts, 9), found(posts)) == (("a7", "t7"), None, None)


@pytest.mark.parametrize(
    "html",
    [
        "<body class='hentry'><p>Ferry</p>",
        "<aside><div class=hentry>Ferry</div></aside>",
        "<div class=comments><div class=h-entry>Ferry</div></div>",
        "<ul><li class='wp-block-post post-7 type-post'>Ferry</li></ul>",
        "<div class=entry-content>a</div><div class=entry-content>b</div>",
        "<div class=entry-content-wrapper>a</div>",
        "<p>Ferry</p>",
    ],
)
def test_other_pages_have_no_marked_post(html: str) -> None:
    assert found(html) is None


def test_posts_of_a_query_are_none_of_the_pages() -> None:
    query = (
        "<ul class=wp-block-post-template><li class='wp-block-post post-8 type-post'><h2>Lee</h2></li></ul>"
    )
    assert found(f"<main id=x><h1>Ferry</h1>{TEXT}{query}</main>") == ("x", "y")


@pytest.mark.parametrize(("html", "told"), [("<h2>A</h2><h1>B</h1>", "B"), ("<h2>A</h2><h3>B</h3>", "A")])
def test_the_headline_of_a_post_is_its_first_of_the_first_level(html: str, told: str) -> None:
    density = outline_of(f"<article class=hentry>{html}</article>")
    root = next(element for element in density.elements if element.tag == "article")
    assert density.elements[find_headline(density, root)].node.text() == told


def test_a_post_may_have_no_headline() -> None:
    density = outline_of("<article class=hentry>x</article>")
    assert find_headline(density, density.elements[-1]) == -1


@pytest.mark.parametrize(
    "classes",
    [
        "archive date wp-embed-responsive",
        "archive category category-harbour",
        "home blog",
        "search search-results",
        "search-no-results",
        "error404",
    ],
)
def test_a_page_of_wordpress_may_be_a_list(classes: str) -> None:
    assert is_list(outline_of(f"<body class='{classes}'><article class=hentry>x</article>"))


@pytest.mark.parametrize(
    "classes",
    [
        "single single-post postid-7",
        "page page-id-7 blog",
        "home page page-id-2",
        "post-template-default single single-post postid-501 archive",
        "blogger archives",
        "",
    ],
)
def test_a_post_or_a_page_is_no_list(classes: str) -> None:
    assert not is_list(outline_of(f"<body class='{classes}'><article class=hentry>x</article>"))
