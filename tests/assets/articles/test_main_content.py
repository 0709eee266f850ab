"""Where the story of a page stands: its text, what holds it, its headline."""

from __future__ import annotations

import pytest

from assets.articles.main_content import MAX_LEVELS, MIN_STORY_BYTES, MainContent, find_story, letters_of
from assets.articles.text_density import TextDensity, measure_text_density
from assets.parsing.htmltree import parse_html


def p(length: int) -> str:
    """A paragraph of so many bytes."""
    return f"<p>{'x' * length}</p>"


# A story of the least length, and two thirds of it in each half.
STORY = p(100) + p(150)
HEADLINE = "Kim visits a farm"


def outline_of(html: str) -> TextDensity:
    return measure_text_density(parse_html(html))


def name_of(outline: TextDensity, number: int) -> str:
    """The id of an element, or its tag where it has none."""
    if number < 0:
        return ""
    element = outline.elements[number]
    return element.node.attributes.get("id") or element.tag


def found(html: str, *titles: str) -> MainContent:
    return find_story(outline_of(html), titles)


def body(html: str, *titles: str) -> str:
    outline = outline_of(html)
    return name_of(outline, find_story(outline, titles).body)


def root(html: str, *titles: str) -> str:
    outline = outline_of(html)
    return name_of(outline, find_story(outline, titles).root)


def headline(html: str, *titles: str) -> str:
    outline = outline_of(html)
    return name_of(outline, find_story(outline, titles).headline)


# Pages without a story


def test_a_page_without_elements_has_no_story() -> None:
    assert find_story(TextDensity(), ()) == MainContent(0, 0, -1, 0)


def test_a_story_has_250_bytes_at_least() -> None:
    assert MIN_STORY_BYTES == 250


def test_the_least_story_is_one() -> None:
    assert found(f"<div>{STORY}</div>").prose == 250


def test_less_prose_is_no_story() -> None:
    assert found(f"<div>{p(100)}{p(149)}</div>").prose == 0


def test_a_page_without_a_story_has_no_headline() -> None:
    assert found(f"<h1>{HEADLINE}</h1>{p(100)}", HEADLINE).headline == -1


@pytest.mark.parametrize("main", ["<main id=x>", "<div id=x role=main>"])
def test_without_a_story_the_main_part_is_taken(main: str) -> None:
    assert body(f"<div>{main}<p>a</p></div></main>") == "x"


def test_without_a_story_the_first_main_part_is_taken() -> None:
    assert body("<div id=x role=main></div><main id=y></main>") == "x"


def test_without_a_story_the_main_part_is_the_root_too() -> None:
    assert root("<div><main id=x><p>a</p></main></div>") == "x"


def test_without_a_main_part_the_whole_page_is_taken() -> None:
    assert (body("<div role=menu>a</div>"), root("<div role=menu>a</div>")) == ("body", "body")


def test_a_page_of_frames_is_taken_whole() -> None:
    assert body("<frameset><frame></frameset>") == "html"


# The text


def test_the_text_is_the_innermost_element_with_all_prose() -> None:
    assert body(f"<main><article><div><div id=x>{STORY}</div></div></article></main>") == "x"


def test_short_texts_beside_do_not_matter() -> None:
    assert body(f"<div><div>{'x' * 59}</div><div id=x>{STORY}</div><div><p>a</p></div></div>") == "x"


def test_the_part_with_most_of_the_prose_is_taken() -> None:
    assert body(f"<main>{p(200)}<div id=x>{p(150)}{p(150)}</div></main>") == "x"


def test_a_part_with_less_of_the_prose_is_not_taken() -> None:
    assert body(f"<main>{p(201)}<div id=x>{p(150)}{p(150)}</div></main>") == "main"


def test_the_largest_part_is_taken() -> None:
    assert body(f"<main><div>{p(80)}</div><div id=x>{STORY}</div><div>{p(80)}</div></main>") == "x"


def test_one_long_paragraph_is_not_the_whole_story() -> None:
    assert body(f"<div id=x>{p(300)}{p(60)}</div>") == "x"


def test_the_text_of_one_paragraph_is_what_holds_it() -> None:
    assert body(f"<div><div id=x>{p(250)}</div></div>") == "x"


def test_a_text_without_a_paragraph_is_found() -> None:
    assert body(f"<div><div id=x>{'x' * 250}</div></div>") == "x"


def test_the_prose_of_the_text_is_told() -> None:
    assert found(f"<main>{p(60)}<div>{p(150)}{p(150)}</div></main>").prose == 300


# Several stories


def story(attributes: str, *, tag: str = "div", inside: str = STORY) -> str:
    return f"<{tag} {attributes}>{inside}</{tag}>"


@pytest.mark.parametrize(
    "one",
    [
        f"<article id=x>{STORY}</article>",
        f"<div id=x itemprop=articleBody>{STORY}</div>",
        f"<div id=x itemprop='text articleBody'>{STORY}</div>",
        f"<div id=x class=articlebody>{STORY}</div>",
        f"<div id=x itemtype=https://schema.org/NewsArticle>{STORY}</div>",
        f"<div id=x itemtype=http://schema.org/BlogPosting>{STORY}</div>",
        f"<div id=x itemtype=http://schema.org/article>{STORY}</div>",
        f"<div id=x itemtype=http://schema.org/Report>{STORY}</div>",
        f"<div id=x><h1>{HEADLINE}</h1>{STORY}</div>",
        f"<div id=x><header><h1>{HEADLINE}</h1></header>{STORY}</div>",
    ],
)
def test_the_first_of_several_stories_is_taken(one: str) -> None:
    other = one.replace("id=x", "id=y")
    assert body(f"<main>{one}{other}</main>") == "x"


def test_a_story_may_hold_its_article_further_in() -> None:
    one = f"<section><article id=x>{STORY}</article></section>"
    assert body(f"<main>{one}{one.replace('id=x', 'id=y')}</main>") == "x"


@pytest.mark.parametrize(
    "one",
    [
        f"<div>{STORY}</div>",
        f"<div class=article-text>{STORY}</div>",
        f"<div><h2>{HEADLINE}</h2>{STORY}</div>",
        f"<div itemtype=https://schema.org/NewsArticles>{STORY}</div>",
        f"<div itemtype=https://schema.org/Person>{STORY}</div>",
        f"<div itemtype=https://news.example/Article>{STORY}</div>",
        f"<div itemtype>{STORY}</div>",
    ],
)
def test_like_parts_that_are_no_stories_are_one_text(one: str) -> None:
    assert body(f"<main>{one}{one}</main>") == "main"


def test_one_story_beside_other_prose_is_not_taken_alone() -> None:
    assert body(f"<main><article>{STORY}</article><div>{STORY}</div></main>") == "main"


def test_a_part_of_more_prose_is_left_for_stories() -> None:
    stories = "".join(f"<article id={name}>{STORY}</article>" for name in "xy")
    assert body(f"<main><div>{p(260)}</div>{stories}</main>") == "x"


def test_stories_of_the_least_prose_count() -> None:
    stories = "".join(f"<article id={name}>{p(150)}{p(100)}</article>" for name in "xy")
    assert body(f"<main>{stories}</main>") == "x"


def test_shorter_stories_do_not_count() -> None:
    stories = "".join(f"<article id={name}>{p(150)}{p(99)}</article>" for name in "xy")
    assert body(f"<main>{stories}</main>") == "main"


def several(share: int) -> str:
    """A page of 5,000 bytes of prose, two stories of which have so many."""
    stories = "".join(f"<article id={name}>{p(share)}</article>" for name in "xy")
    rest = (5000 - 2 * share) // 2
    return f"<main>{stories}<div>{p(rest)}</div><div>{p(rest)}</div></main>"


def test_stories_with_the_least_share_of_the_prose_count() -> None:
    assert body(several(600)) == "x"


def test_stories_with_a_smaller_share_do_not_count() -> None:
    assert body(several(599)) == "main"


@pytest.mark.parametrize(
    "title", [HEADLINE, f"{HEADLINE} | A Example", "KIM VISITS A FARM!", "visits a farm"]
)
@pytest.mark.parametrize("tag", ["h1", "h2"])
def test_of_several_stories_the_one_called_as_the_head_says_is_taken(title: str, tag: str) -> None:
    one = f"<article><{tag}>Lee visits a mine</{tag}>{STORY}</article>"
    other = f"<article id=x><{tag}>{HEADLINE}</{tag}>{STORY}</article>"
    assert body(f"<main>{one}{other}</main>", title) == "x"


def test_any_of_the_titles_may_name_a_story() -> None:
    one = f"<article><h1>Lee visits a mine</h1>{STORY}</article>"
    other = f"<article id=x><h1>{HEADLINE}</h1>{STORY}</article>"
    assert body(f"<main>{one}{other}</main>", "", "A Example", HEADLINE) == "x"


def test_of_several_stories_the_first_with_a_headline_is_taken() -> None:
    one = f"<article><h2>Lee</h2>{STORY}</article>"
    other = f"<article id=x><h1>{HEADLINE}</h1>{STORY}</article>"
    assert body(f"<main>{one}{other}{other.replace('id=x', 'id=y')}</main>") == "x"


def test_of_stories_called_otherwise_the_first_is_taken() -> None:
    stories = "".join(f"<article id={name}><h2>{HEADLINE}</h2>{STORY}</article>" for name in "xy")
    assert body(f"<main>{stories}</main>", "Something else") == "x"


# The headline


def test_the_first_level_headline_before_the_text_is_the_headline() -> None:
    assert headline(f"<main><h1 id=x>Kim</h1><div>{STORY}</div></main>") == "x"


def test_the_last_headline_before_the_text_is_nearest() -> None:
    assert headline(f"<h1>A Example</h1><h1 id=x>Kim</h1><div>{STORY}</div>") == "x"


def test_a_headline_in_the_text_goes_before_one_outside() -> None:
    assert headline(f"<h1>A Example</h1><div><h1 id=x>Kim</h1>{STORY}</div>") == "x"


def test_the_first_headline_in_the_text_is_taken() -> None:
    assert headline(f"<div><h1 id=x>Kim</h1>{STORY}<h1>Lee</h1></div>") == "x"


def test_a_headline_behind_the_text_is_none() -> None:
    assert headline(f"<main><div>{STORY}</div><h1>Kim</h1></main>") == ""


def test_a_story_may_have_no_headline() -> None:
    assert found(f"<div>{STORY}</div>").headline == -1


def test_a_second_level_headline_is_none_by_itself() -> None:
    assert headline(f"<h2>{HEADLINE}</h2><div>{STORY}</div>") == ""


def test_a_second_level_headline_called_as_the_head_says_is_one() -> None:
    html = f"<main><h2 id=x>{HEADLINE}</h2><div>{STORY}</div></main>"
    assert headline(html, HEADLINE) == "x"


def test_a_third_level_headline_is_none() -> None:
    assert headline(f"<h3>{HEADLINE}</h3><div>{STORY}</div>", HEADLINE) == ""


def test_a_headline_called_as_the_head_says_goes_before_others() -> None:
    html = f"<h2 id=x>{HEADLINE}</h2><h1>Lee visits a mine</h1><div>{STORY}</div>"
    assert headline(html, HEADLINE) == "x"


def test_an_empty_headline_is_none() -> None:
    assert headline(f"<h1 id=x>Kim</h1><h1> – </h1><div>{STORY}</div>") == "x"


def test_an_unseen_headline_is_none() -> None:
    assert headline(f"<main><noscript><h1>Kim</h1></noscript><div>{STORY}</div></main>") == ""


def test_a_headline_of_eight_letters_can_be_called_as_the_head_says() -> None:
    assert headline(f"<h2 id=x>Kim at Lee</h2><div>{STORY}</div>", "Kim at Lee – A Example") == "x"


def test_a_shorter_headline_stands_in_titles_by_chance() -> None:
    assert headline(f"<h2>Kim at Le</h2><div>{STORY}</div>", "Kim at Le – A Example") == ""


def test_a_title_of_eight_letters_can_name_a_headline() -> None:
    assert headline(f"<h2 id=x>Kim at Lee today</h2><div>{STORY}</div>", "Kim at Lee") == "x"


def test_a_shorter_title_names_no_headline() -> None:
    assert headline(f"<h2>Kim at Lee today</h2><div>{STORY}</div>", "Kim at Le") == ""


def test_a_headline_of_another_story_is_not_called_so() -> None:
    assert headline(f"<h2>Lee visits a mine</h2><div>{STORY}</div>", HEADLINE) == ""


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Kim’s_visit: day 2", "kimsvisitday2"),
        ("STRASSE Straße", "strassestrasse"),
        ("Qatar", "qatar"),
        ("김정은!", "김정은"),
        ("–", ""),
    ],
)
def test_letters_are_compared_alone(text: str, letters: str) -> None:
    assert letters_of(text) == letters


# What holds the story


def test_a_text_without_a_headline_holds_itself() -> None:
    assert root(f"<main><section><div id=x>{STORY}</div></section></main>") == "x"


def test_what_holds_text_and_headline_holds_the_story() -> None:
    assert root(f"<div><main id=x><h1>Kim</h1><section><div>{STORY}</div></section></main></div>") == "x"


def test_a_text_with_its_headline_holds_itself() -> None:
    assert root(f"<main><div id=x><h1>Kim</h1>{STORY}</div></main>") == "x"


def test_an_article_holds_its_text() -> None:
    assert root(f"<main><article id=x><section><div>{STORY}</div></section></article></main>") == "x"


def test_the_outermost_article_holds_the_story() -> None:
    assert root(f"<article id=x><article><div>{STORY}</div></article></article>") == "x"


def test_what_is_marked_as_an_article_holds_its_text() -> None:
    html = f"<main><div id=x itemtype=https://schema.org/NewsArticle><div>{STORY}</div></div></main>"
    assert root(html) == "x"


@pytest.mark.parametrize("itemtype", ["https://schema.org/WebPage", ""])
def test_what_is_marked_as_something_else_does_not(itemtype: str) -> None:
    assert root(f"<div itemtype='{itemtype}'><div id=x>{STORY}</div></div>") == "x"


def test_what_holds_the_headline_further_out_goes_before_an_article_inside() -> None:
    html = f"<main id=x><h1>Kim</h1><article><div>{STORY}</div></article></main>"
    assert root(html) == "x"


def test_an_article_around_holds_the_story_with_headline_inside() -> None:
    html = f"<article id=x><section><h1>Kim</h1><div>{STORY}</div></section></article>"
    assert root(html) == "x"


def test_what_lies_further_out_than_the_headline_does_not_hold_the_story() -> None:
    html = f"<main><section id=x><h1>Kim</h1><div>{STORY}</div></section></main>"
    assert root(html) == "x"


def test_a_story_that_is_the_whole_page_holds_itself() -> None:
    assert root(f"<html itemtype=http://schema.org/NewsArticle><body>{STORY}") == "body"


@pytest.mark.parametrize("page", ["<body>", "<html itemtype=http://schema.org/NewsArticle>"])
def test_the_page_as_a_whole_does_not_hold_the_story(page: str) -> None:
    assert root(f"{page}<h1>Kim</h1><div id=x>{STORY}</div>") == "x"


def test_a_page_marked_as_an_article_does_not_hold_it() -> None:
    html = f"<body itemtype=http://schema.org/NewsArticle><h1>Kim</h1><div id=x>{STORY}</div>"
    assert root(html) == "x"


def holder(text: int, more: int) -> str:
    """A story of so much prose in an article with so much more beside."""
    half = p(text // 2)
    return f"<article id=x><h1>Kim</h1><div id=y>{half}{half}</div><div>{p(more)}</div></article>"


@pytest.mark.parametrize(
    ("text", "more", "name"), [(1000, 500, "x"), (1000, 501, "y"), (400, 250, "x"), (400, 251, "y")]
)
def test_what_holds_much_more_prose_holds_other_stories_too(text: int, more: int, name: str) -> None:
    assert root(holder(text, more)) == name


def test_going_up_ends_at_the_first_that_holds_too_much() -> None:
    inner = f"<div id=y>{p(300)}{p(300)}</div>"
    html = f"<article><article>{inner}<div>{p(320)}</div></article></article>"
    assert root(html) == "y"


def deep(levels: int) -> str:
    """An article with so many elements between it and its text."""
    return f"<article id=x>{'<div>' * levels}<div id=y>{STORY}</div>{'</div>' * levels}</article>"


def test_an_article_far_out_holds_its_text() -> None:
    assert root(deep(MAX_LEVELS - 1)) == "x"


def test_going_up_has_an_end() -> None:
    assert root(deep(MAX_LEVELS)) == "y"


def test_no_page_nests_more_than_three_hundred_levels() -> None:
    assert MAX_LEVELS == 300


@pytest.mark.parametrize(("before", "after", "name"), [(300, 500, "x"), (300, 501, "y"), (0, 501, "y")])
def test_an_introduction_before_the_text_is_the_storys(before: int, after: int, name: str) -> None:
    text = f"<div id=y>{p(1000)}{p(1000)}</div>"
    html = f"<article id=x><h1>Kim</h1><div>{p(before)}</div>{text}<div>{p(after + 500)}</div></article>"
    assert root(html) == name


def test_blocks_of_one_name_are_one_text() -> None:
    block = "<div class=text-block>{}</div>"
    whole = f"<section id=s>{block.format(p(900))}<img>{block.format(p(300))}</section>"
    assert body(f"<main>{whole}</main>") == "s"


def test_blocks_of_other_names_and_short_ones_are_not() -> None:
    first = f"<div id=a class=text-block>{p(900)}</div>"
    assert body(f"<main>{first}<div class=note>{p(300)}</div></main>") == "a"
    assert body(f"<main>{first}<div class=text-block>{p(90)}</div></main>") == "a"
    assert body(f"<main><div id=a>{p(900)}</div><div>{p(300)}</div></main>") == "a"
