"""Captions that stand beside pictures without being marked as such."""

from __future__ import annotations

import pytest

from assets.articles.main_content import MainContent, find_story
from assets.articles.nearby_captions import mark_captions
from assets.articles.text_density import TextDensity, measure_text_density
from assets.markup.captions import DESCRIBED_ATTRIBUTE, NEARBY_ATTRIBUTE
from assets.parsing.htmltree import parse_html

STORY = f"<p>{'x' * 200}</p><p>{'x' * 200}</p>"
CAPTION = "Kim visits a farm."
MARKS = (DESCRIBED_ATTRIBUTE, NEARBY_ATTRIBUTE)


def marked(html: str, *titles: str) -> TextDensity:
    """The outline of a page whose captions were marked."""
    outline = measure_text_density(parse_html(html))
    mark_captions(outline, find_story(outline, titles))
    return outline


def captions(html: str) -> list[str]:
    """The captions of a page's pictures."""
    return [
        next((value for name in MARKS if (value := element.node.attributes.get(name))), "")
        for element in marked(html).elements
        if element.tag in ("img", "amp-img")
    ]


def page(box: str) -> str:
    """A story with a box in its text."""
    return f"<div>{STORY}{box}{STORY}</div>"


def in_text(box: str) -> list[str]:
    return captions(page(box))


def classes(html: str, tag: str = "div") -> list[str]:
    """The classes of a page's elements, where they have any."""
    return [
        name
        for element in marked(html).elements
        if element.tag == tag and (name := element.node.attributes.get("class"))
    ]


# The text behind a picture


@pytest.mark.parametrize(
    "box",
    [
        f"<div><img><div>{CAPTION}</div></div>",
        f"<div><img><p>{CAPTION}</p></div>",
        f"<div><div><span><img></span></div><div><div>{CAPTION}</div></div></div>",
        f"<section><amp-img></amp-img><p>{CAPTION}</p></section>",
        f"<div><picture><source><img></picture><p>{CAPTION}</p></div>",
        f"<div><a href=/k.jpg><img></a><p>{CAPTION}</p></div>",
        f"<div><img><p>1 of 9</p><p>{CAPTION}</p></div>",
        f"<div><img><p>{CAPTION}</p><p>Lee visits a mine.</p></div>",
        f"<div><img><noscript><img></noscript><p>{CAPTION}</p></div>",
    ],
)
def test_the_text_behind_a_picture_is_its_caption(box: str) -> None:
    assert in_text(box)[0] == CAPTION


@pytest.mark.parametrize(
    "box",
    [
        f"<div><p>{CAPTION}</p><img></div>",
        f"<div><p><img></p><p>{CAPTION}</p></div>",
        f"<blockquote><img><div>{CAPTION}</div></blockquote>",
        f"<article><img><div>{CAPTION}</div></article>",
        f"<header><img><div>{CAPTION}</div></header>",
        f"<main><img><div>{CAPTION}</div></main>",
        f"<h3><img>{CAPTION}</h3>",
        f"<div><img></div><div>{CAPTION}</div>",
        f"<div><img><h3>Kim</h3><p>{CAPTION}</p></div>",
        f"<div><h6>Kim</h6><img><p>{CAPTION}</p></div>",
        f"<div><img><img><p>{CAPTION}</p></div>",
        f"<div><img><button>{CAPTION}</button></div>",
        f"<div><img><address>{CAPTION}</address></div>",
        f"<div><img><ul><li>{CAPTION}</li></ul></div>",
        f"<div><noscript><img></noscript><p>{CAPTION}</p></div>",
        f"<div><img><a href=/1/>{CAPTION}</a></div>",
        "<div><img></div>",
    ],
)
def test_other_text_beside_a_picture_is_no_caption(box: str) -> None:
    assert set(in_text(box)) == {""}


def test_a_block_with_a_picture_is_no_caption() -> None:
    assert in_text(f"<div><img><div>{CAPTION} <noscript><img></noscript></div></div>")[0] == CAPTION


def test_formatting_and_links_belong_to_a_caption() -> None:
    box = "<div><img><p>Kim <b>visits</b> a farm near <a href=/1/>Lee</a>.</p></div>"
    assert in_text(box) == ["Kim visits a farm near Lee."]


def test_a_caption_may_be_short() -> None:
    assert in_text(f"<div><img><p>{'x' * 18}</p></div>") == ["x" * 18]


def test_a_shorter_text_is_a_label() -> None:
    assert in_text(f"<div><img><p>{'x' * 17}</p></div>") == [""]


def test_a_caption_may_be_long() -> None:
    assert in_text(f"<div><img><p>{'x' * 420}</p></div>") == ["x" * 420]


def test_a_longer_text_is_a_part_of_the_story() -> None:
    assert in_text(f"<div><img><p>{'x' * 421}</p></div>") == [""]


def test_a_caption_may_be_linked_by_half() -> None:
    assert in_text(f"<div><img><p>{'x' * 20}<a href=/1/>{'y' * 20}</a></p></div>") == ["x" * 20 + "y" * 20]


def test_a_text_linked_for_the_most_part_is_no_caption() -> None:
    assert in_text(f"<div><img><p>{'x' * 20}<a href=/1/>{'y' * 21}</a></p></div>") == [""]


def test_the_box_of_a_picture_grows_up_to_the_next_picture() -> None:
    box = f"<div><div><img><p>{CAPTION}</p></div><img></div>"
    assert in_text(box) == [CAPTION, ""]


def test_the_box_of_a_picture_grows_up_to_a_long_text() -> None:
    box = f"<div><div><img><p>{CAPTION}</p></div><p>{'x' * 403}</p></div>"
    assert in_text(box) == [CAPTION]


def test_each_picture_has_its_own_caption() -> None:
    boxes = f"<div><img><p>{CAPTION}</p></div><div><img><p>Lee visits a mine.</p></div>"
    assert in_text(boxes) == [CAPTION, "Lee visits a mine."]


def test_what_holds_the_headline_is_no_box() -> None:
    html = f"<div><section><img><h1>Kim</h1><p>{CAPTION}</p></section>{STORY}</div>"
    assert captions(html) == [""]


def test_a_headline_elsewhere_leaves_the_box() -> None:
    html = f"<div><h1>Kim</h1>{STORY}<section><img><p>{CAPTION}</p></section>{STORY}</div>"
    assert captions(html) == [CAPTION]


def test_what_holds_the_text_is_no_box() -> None:
    assert captions(f"<article><section><img><div>{STORY}</div></section></article>") == [""]


def test_a_box_may_lie_deep() -> None:
    box = f"<section>{'<div>' * 299}<img>{'</div>' * 299}<p>{CAPTION}</p></section>"
    assert in_text(box) == [CAPTION]


def test_going_up_to_a_box_has_an_end() -> None:
    box = f"<section>{'<div>' * 300}<img>{'</div>' * 300}<p>{CAPTION}</p></section>"
    assert in_text(box) == [""]


def test_a_picture_outside_the_story_is_left_alone() -> None:
    assert captions(f"<article>{STORY}</article><div><img><p>{CAPTION}</p></div>") == [""]


# Beside the text


def beside(boxes: str) -> list[str]:
    """The captions of pictures that belong to the story and stand outside its text."""
    return captions(f"<article><section>{boxes}</section><div>{STORY}{STORY}</div></article>")


SLIDE = f"<div><img><p>{CAPTION}</p></div>"


def test_a_lone_picture_outside_the_text_has_no_caption() -> None:
    assert beside(SLIDE) == [""]


def test_two_pictures_outside_the_text_have_no_captions() -> None:
    assert beside(SLIDE * 2) == ["", ""]


def test_slides_have_captions() -> None:
    assert beside(SLIDE * 3) == [CAPTION] * 3


def test_slides_need_not_stand_together() -> None:
    assert beside(f"{SLIDE}<hr>{SLIDE}<hr>{SLIDE}") == [CAPTION] * 3


def test_boxes_of_other_kinds_are_no_slides_of_one_show() -> None:
    other = SLIDE.replace("div", "section")
    assert beside(SLIDE * 2 + other) == ["", "", ""]


def test_boxes_without_a_text_are_no_slides() -> None:
    assert beside(f"{SLIDE * 2}<div><img><p>{'x' * 17}</p></div>") == ["", "", ""]


def test_boxes_with_a_short_text_are_slides() -> None:
    assert beside(f"{SLIDE * 2}<div><img><p>{'x' * 18}</p></div>") == [CAPTION, CAPTION, "x" * 18]


def test_boxes_without_a_picture_are_no_slides() -> None:
    assert beside(f"{SLIDE * 2}<div><p>{CAPTION}</p></div>") == ["", ""]


def test_boxes_with_two_pictures_are_no_slides() -> None:
    assert beside(f"{SLIDE * 2}<div><img><img><p>{CAPTION}</p></div>") == [""] * 4


def test_many_pictures_in_one_place_are_read_in_short_time() -> None:
    assert beside("<i><img></i>" * 2000) == [""] * 2000


# Captions that are marked


def test_a_marked_caption_goes_before_other_text() -> None:
    assert in_text(f"<div><img><p>{CAPTION}</p><p class=caption>Lee</p></div>") == [""]


def test_the_box_of_a_caption_outside_a_figure_is_marked() -> None:
    html = page("<div><img><figcaption>Kim</figcaption></div>")
    assert classes(html) == [" wp-caption"]


def test_the_box_of_a_caption_keeps_its_classes() -> None:
    html = page("<div class=photo><img><figcaption>Kim</figcaption></div>")
    assert classes(html) == ["photo wp-caption"]


def test_the_largest_box_of_a_caption_is_marked() -> None:
    html = page("<div class=a><div class=b><img></div><figcaption>Kim</figcaption></div>")
    assert classes(html) == ["a wp-caption", "b"]


def test_what_holds_the_headline_is_not_marked() -> None:
    html = f"<div><section class=a><img><h1>Kim</h1><figcaption>Lee</figcaption></section>{STORY}</div>"
    assert classes(html, "section") == ["a"]


def test_what_holds_the_text_of_a_short_story_is_not_marked() -> None:
    text = f"<div><p>{'x' * 150}</p><p>{'x' * 100}</p></div>"
    html = f"<article><section class=a><img><figcaption>Lee</figcaption>{text}</section></article>"
    assert classes(html, "section") == ["a"]


def test_a_caption_in_a_figure_needs_no_mark() -> None:
    html = page("<div class=a><figure><img><figcaption>Kim</figcaption></figure></div>")
    assert classes(html) == ["a"]


def test_a_figure_around_the_box_needs_no_mark() -> None:
    html = page("<figure><div class=a><img><figcaption>Kim</figcaption></div></figure>")
    assert classes(html) == ["a"]


def test_a_caption_by_its_class_needs_no_mark() -> None:
    html = page("<div class=a><img><p class=caption>Kim</p></div>")
    assert classes(html) == ["a"]


# Captions by their id


def described(name: str, caption: str) -> list[str]:
    """The captions of a story with a picture that is described by an id."""
    return captions(f"<article><img aria-describedby='{name}'><div>{STORY}{caption}</div></article>")


def test_the_text_that_describes_a_picture_is_its_caption() -> None:
    assert described("c-1", "<p id=c-1>Kim <b>visits</b></p>") == ["Kim visits"]


@pytest.mark.parametrize("name", ["captionText", "Caption-1", "C1", "caption-of-kim-at-the-farm-near-lee"])
def test_any_id_may_describe_a_picture(name: str) -> None:
    assert described(name, f"<p id={name}>Kim</p>") == ["Kim"]


@pytest.mark.parametrize("names", ["c-1 c-2", "c-0 c-1", " c-1\n", "empty c-1"])
def test_the_first_text_of_several_describes_a_picture(names: str) -> None:
    assert described(names, "<p id=c-2>Lee</p><p id=c-1>Kim</p><p id=empty></p>") == ["Kim"]


def test_an_id_is_compared_letter_by_letter() -> None:
    assert described("C-1", "<p id=c-1>Kim</p>") == [""]


def test_one_text_may_describe_many_pictures() -> None:
    pictures = "<img aria-describedby=c-1>" * 2000
    html = f"<article><div>{STORY}</div>{pictures}<p id=c-1 class=caption>{'<b>x</b>' * 2000}</p></article>"
    assert captions(html) == ["x" * 2000] * 2000


def test_a_caption_that_describes_a_picture_is_its_own() -> None:
    assert described("c-1", "<p id=c-1 class=caption>Kim</p>") == ["Kim"]


def test_what_describes_a_picture_goes_before_the_text_behind_it() -> None:
    box = f"<div><img aria-describedby=c-1><p>{CAPTION}</p></div><p id=c-1>Lee</p>"
    assert in_text(box) == ["Lee"]


def test_a_description_may_be_long() -> None:
    assert described("c-1", f"<p id=c-1>{'x' * 420}</p>") == ["x" * 420]


def test_a_longer_description_is_none() -> None:
    assert described("c-1", f"<p id=c-1>{'x' * 421}</p>") == [""]


@pytest.mark.parametrize(
    "other",
    [
        "<p class=c-1>Kim</p>",
        "<p id=c-2>Kim</p>",
        "<p id=c>Kim</p>",
        "<p id=c-11>Kim</p>",
        "<p id=c-1></p>",
        "<p title=c-1>Kim</p>",
    ],
)
def test_other_elements_do_not_describe_a_picture(other: str) -> None:
    assert described("c-1", other) == [""]


def test_the_first_element_of_an_id_describes() -> None:
    assert described("c-1", "<p id=c-1>Kim</p><p id=c-1>Lee</p>") == ["Kim"]


def test_a_class_of_the_name_does_not_hide_the_id() -> None:
    assert described("c-1", "<p class=c-1>Kim</p><p id=c-1>Lee</p>") == ["Lee"]


def test_without_its_description_a_picture_has_the_text_behind_it() -> None:
    assert in_text(f"<div><img aria-describedby=c-1><p>{CAPTION}</p></div>") == [CAPTION]


def test_an_empty_description_leaves_the_text_behind_the_picture() -> None:
    assert in_text(f"<div><img aria-describedby><p>{CAPTION}</p></div>") == [CAPTION]


def test_a_description_outside_the_story_is_none() -> None:
    html = f"<article>{STORY}<img aria-describedby=c-1></article><p id=c-1>Kim</p>"
    assert captions(html) == [""]


def test_an_unseen_picture_has_no_caption() -> None:
    html = page("<noscript><img aria-describedby=c-1></noscript><p id=c-1>Kim</p>")
    assert captions(html) == [""]


def test_a_page_without_a_story_is_read() -> None:
    outline = measure_text_density(parse_html("<main><div><img></div></main>"))
    mark_captions(outline, MainContent(0, 0))
    assert [element.node.attributes for element in outline.elements if element.tag == "img"] == [{}]


def test_the_text_beside_a_picture_in_a_block_of_both_is_the_storys() -> None:
    box = f'<div class="wp-block-media-text"><figure><img></figure><div><p>{CAPTION}</p></div></div>'
    assert in_text(box) == [""]


def test_a_picture_whose_class_speaks_of_captions_has_the_one_behind_its_figure() -> None:
    box = '<div><figure><img class="withcaption"></figure><figcaption class="caption">Kim visits</figcaption></div>'
    assert "wp-caption" in " ".join(classes(page(box)))
