"""A page's tree measured: prose, text, linked text and pictures below each element."""

from __future__ import annotations

import pytest

from assets.articles.text_density import (
    HEADING_TAGS,
    MIN_PROSE_BYTES,
    Element,
    TextDensity,
    measure_text_density,
)
from assets.parsing.htmltree import parse_html

# Just enough to be prose, and one byte less.
PROSE = "x" * 60
LABEL = "x" * 59


def measured(html: str) -> TextDensity:
    return measure_text_density(parse_html(html))


def one(outline: TextDensity, name: str) -> Element:
    """The element with an id."""
    (found,) = (element for element in outline.elements if element.node.attributes.get("id") == name)
    return found


def read(html: str) -> Element:
    """The element `x` of a page."""
    return one(measured(html), "x")


# The tree


def test_elements_stand_in_document_order() -> None:
    tags = [element.tag for element in measured("<div><p>a<b>b</b></p><img></div><hr>").elements]
    assert tags == ["html", "head", "body", "div", "p", "b", "img", "hr"]


def test_the_number_of_an_element_is_its_place() -> None:
    elements = measured("<div><p>a</p></div><hr>").elements
    assert [element.number for element in elements] == [0, 1, 2, 3, 4, 5]


def test_an_element_knows_the_one_around_it() -> None:
    elements = measured("<div><p>a</p></div><hr>").elements
    assert [element.parent for element in elements] == [-1, 0, 0, 2, 3, 2]


def test_an_element_ends_behind_the_last_one_below() -> None:
    elements = measured("<div><p><b>a</b></p></div><hr>").elements
    assert [element.end for element in elements] == [7, 2, 7, 6, 6, 6, 7]


def test_comments_are_no_elements() -> None:
    assert [element.tag for element in measured("<!-- a --><p>b<!-- c --></p>").elements][3:] == ["p"]


def test_an_empty_document_has_the_elements_that_every_page_has() -> None:
    assert [element.tag for element in measured("").elements] == ["html", "head", "body"]


def test_an_element_keeps_its_node() -> None:
    assert read("<p id=x title=Kim></p>").node.attributes["title"] == "Kim"


def test_ancestors_come_innermost_first() -> None:
    outline = measured("<div><p><b id=x>a</b></p></div>")
    assert [around.tag for around in outline.ancestors(one(outline, "x").number)] == [
        "p",
        "div",
        "body",
        "html",
    ]


def test_the_root_has_no_ancestors() -> None:
    assert list(measured("<p>a</p>").ancestors(0)) == []


def test_below_an_element_stand_all_inside_it() -> None:
    outline = measured("<hr><div id=x><p><b>a</b></p><i>c</i></div><u>d</u>")
    assert [inner.tag for inner in outline.list_descendants(one(outline, "x").number)] == ["p", "b", "i"]


def test_children_are_those_directly_inside() -> None:
    outline = measured("<hr><div id=x><p><b>a</b></p><i>c</i></div><u>d</u>")
    assert [inner.tag for inner in outline.children(one(outline, "x").number)] == ["p", "i"]


@pytest.mark.parametrize("name", ["x", "inner", "last"])
def test_an_element_contains_itself_and_what_is_inside(name: str) -> None:
    outline = measured("<hr id=before><div id=x><p id=inner><b id=last>a</b></p></div><hr id=after>")
    assert outline.contains(one(outline, "x").number, one(outline, name).number)


@pytest.mark.parametrize("name", ["before", "after", "around"])
def test_an_element_contains_nothing_outside(name: str) -> None:
    outline = measured(
        "<div id=around><hr id=before><div id=x><p id=inner><b id=last>a</b></p></div><hr id=after></div>"
    )
    assert not outline.contains(one(outline, "x").number, one(outline, name).number)


def test_no_element_contains_what_was_not_found() -> None:
    assert not measured("<p>a</p>").contains(0, -1)


def test_an_outline_without_a_page_is_empty() -> None:
    assert TextDensity().elements == []


# Prose


def test_a_block_of_enough_text_is_prose() -> None:
    assert read(f"<p id=x>{PROSE}</p>").prose == 60


def test_the_least_prose_is_sixty_bytes() -> None:
    assert MIN_PROSE_BYTES == 60


def test_a_shorter_text_is_no_prose() -> None:
    assert read(f"<p id=x>{LABEL}</p>").prose == 0


def test_an_element_counts_the_text_of_its_own_too_short_for_prose() -> None:
    assert read(f"<p id=x>{LABEL}</p>").own_prose == 59


def test_text_counts_in_bytes() -> None:
    assert read(f"<p id=x>{'文' * 20}</p>").prose == 60


def test_a_broken_character_counts_as_nothing() -> None:
    assert read("<p id=x>Kim \ud800Lee</p>").text == 7


def test_space_around_a_text_does_not_count() -> None:
    assert read(f"<p id=x>  \n{LABEL}\n  </p>").prose == 0


def test_prose_adds_up_around_its_blocks() -> None:
    assert read(f"<div id=x><p>{PROSE}</p><div><p>{PROSE}</p></div></div>").prose == 120


def test_short_blocks_do_not_add_up_to_prose() -> None:
    assert read(f"<div id=x><p>{LABEL}</p><p>{LABEL}</p></div>").prose == 0


def test_own_prose_is_that_of_the_block_alone() -> None:
    assert read(f"<div id=x>{LABEL}<p>{PROSE}</p></div>").own_prose == 59


@pytest.mark.parametrize(
    "tag",
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong"
    " sub sup time tt u var".split(),
)
def test_formatted_words_belong_to_the_block_around_them(tag: str) -> None:
    assert read(f"<p id=x>{'x' * 30}<{tag}>{'x' * 30}</{tag}></p>").prose == 60


def test_formatting_in_formatting_belongs_to_the_block_around() -> None:
    assert read(f"<p id=x>{'x' * 30}<b><i>{'x' * 30}</i></b></p>").own_prose == 60


@pytest.mark.parametrize("tag", ["div", "section", "li", "td", "h2", "custom-tag"])
def test_other_elements_are_blocks_of_their_own(tag: str) -> None:
    html = f"<div id=x>{'x' * 30}<{tag}>{'x' * 30}</{tag}></div>".replace("<td>", "<table><tr><td>").replace(
        "</td>", "</td></tr></table>"
    )
    assert read(html).prose == 0


def test_linked_text_is_no_prose() -> None:
    assert read(f"<p id=x><a href=/1/>{PROSE}</a></p>").prose == 0


def test_a_link_without_an_address_is_no_link() -> None:
    assert read(f"<p id=x><a>{PROSE}</a></p>").prose == 60


@pytest.mark.parametrize("tag", ["nav", "footer", "aside", "figure", "dialog", "menu"])
def test_text_beside_the_story_is_no_prose(tag: str) -> None:
    assert read(f"<div id=x><{tag}><p>{PROSE}</p></{tag}></div>").prose == 0


@pytest.mark.parametrize("tag", ["nav", "footer", "aside", "figure", "dialog", "menu"])
def test_text_beside_the_story_is_text(tag: str) -> None:
    assert read(f"<div id=x><{tag}><p>{PROSE}</p></{tag}></div>").text == 60


def test_what_stands_in_an_aside_is_aside() -> None:
    assert read("<aside><div><p id=x>a</p></div></aside>").is_aside


def test_what_stands_behind_an_aside_is_not() -> None:
    assert not read("<aside>a</aside><p id=x>b</p>").is_aside


@pytest.mark.parametrize(
    "name",
    [
        "comment",
        "comments",
        "commentlist",
        "disqus",
        "respond",
        "kommentar",
        "kommentare",
        "comentario",
        "comentarios",
        "commentaire",
        "commentaires",
        "livefyre",
        "post-comments",
        "comments_area",
        "story comments",
        "Comments",
        "userComments",
    ],
)
def test_comments_are_aside(name: str) -> None:
    assert read(f"<div id=x class='{name}'><p>a</p></div>").is_aside


@pytest.mark.parametrize("name", ["commentary", "nocomments", "responding", "comments2", "story"])
def test_other_words_do_not_name_comments(name: str) -> None:
    assert not read(f"<div id=x class='{name}'></div>").is_aside


@pytest.mark.parametrize("tag", ["main", "article"])
def test_what_holds_a_story_is_not_its_comments(tag: str) -> None:
    assert not read(f"<{tag} id=x class=comments></{tag}>").is_aside


@pytest.mark.parametrize("tag", ["html", "body"])
def test_a_page_is_not_its_comments(tag: str) -> None:
    (found,) = (
        element
        for element in measured("<html class=comments><body class=comments>").elements
        if element.tag == tag
    )
    assert not found.is_aside


# Text and links


def test_text_counts_whatever_its_length() -> None:
    assert read("<div id=x>Kim<p>Lee</p></div>").text == 6


def test_linked_text_counts_apart() -> None:
    found = read("<p id=x>Kim <a href=/1/>visits <b>Lee</b></a></p>")
    assert (found.text, found.linked) == (12, 9)


def test_a_link_has_its_address() -> None:
    assert read("<a id=x href=/1/>Kim</a>").href == "/1/"


def test_a_link_with_an_empty_address_is_none() -> None:
    assert read("<a id=x href=''>Kim</a>").link == -1


def test_a_link_with_an_address_without_a_value_has_none() -> None:
    assert read("<a id=x href>Kim</a>").href == ""


def test_only_links_have_an_address() -> None:
    found = read("<span id=x href=/1/>Kim</span>")
    assert (found.href, found.link) == ("", -1)


def test_what_stands_in_a_link_knows_it() -> None:
    outline = measured("<a id=link href=/1/><b><i id=x>Kim</i></b></a>")
    assert one(outline, "x").link == one(outline, "link").number


def test_what_stands_in_a_link_has_no_address_of_its_own() -> None:
    assert read("<a href=/1/><b id=x>Kim</b></a>").href == ""


def test_a_link_is_in_itself() -> None:
    found = read("<a id=x href=/1/>Kim</a>")
    assert found.link == found.number


def test_what_stands_behind_a_link_is_not_in_it() -> None:
    assert read("<a href=/1/>Kim</a><b id=x>Lee</b>").link == -1


def test_the_root_is_in_no_link() -> None:
    assert measured("<p>Kim</p>").elements[0].link == -1


@pytest.mark.parametrize(
    "tag", "script style template noscript svg math iframe object select textarea title canvas".split()
)
def test_what_the_reader_does_not_see_is_unseen(tag: str) -> None:
    assert read(f"<main><{tag} id=x></{tag}></main>").is_unseen


def test_the_options_of_a_list_are_unseen() -> None:
    assert read("<datalist><option id=x>Kim</datalist>").is_unseen


def test_the_head_of_a_page_is_unseen() -> None:
    assert [element.is_unseen for element in measured("").elements] == [False, True, False]


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "textarea", "select", "object", "canvas"])
def test_what_is_unseen_is_no_text(tag: str) -> None:
    assert read(f"<div id=x><p>Kim</p><{tag}>{PROSE}</{tag}></div>").text == 3


def test_what_is_unseen_is_no_prose() -> None:
    assert read(f"<div id=x><noscript><p>{PROSE}</p></noscript></div>").prose == 0


def test_what_stands_in_something_unseen_is_unseen() -> None:
    assert read("<main><noscript><div><p id=x>Kim</p></div></noscript></main>").is_unseen


def test_what_stands_behind_something_unseen_is_seen() -> None:
    assert not read("<noscript>Kim</noscript><p id=x>Lee</p>").is_unseen


@pytest.mark.parametrize(
    "caption",
    [
        f"<figcaption>{PROSE}</figcaption>",
        f"<p class=wp-caption-text>{PROSE}</p>",
        f"<p class=imageCaption>{PROSE}</p>",
        f"<p itemprop=caption>{PROSE}</p>",
        f"<figcaption><p><b>{PROSE}</b></p></figcaption>",
    ],
)
def test_a_caption_is_no_text_and_no_prose(caption: str) -> None:
    found = read(f"<div id=x>Kim{caption}</div>")
    assert (found.text, found.prose) == (3, 0)


def test_a_linked_caption_is_no_linked_text() -> None:
    assert read("<div id=x><figcaption><a href=/1/>Kim</a></figcaption></div>").linked == 0


def test_a_caption_is_one() -> None:
    assert read("<figcaption id=x>Kim</figcaption>").is_caption


def test_what_stands_in_a_caption_is_caption() -> None:
    assert read("<figcaption><p id=x>Kim</p></figcaption>").is_caption


def test_what_stands_behind_a_caption_is_none() -> None:
    assert not read("<figcaption>Kim</figcaption><p id=x>Lee</p>").is_caption


# Pictures


@pytest.mark.parametrize("tag", ["img", "amp-img"])
def test_pictures_count(tag: str) -> None:
    assert read(f"<div id=x><p><{tag}></{tag}></p><p><{tag}></{tag}></p></div>").pictures == 2


def test_pictures_count_in_what_is_around_them() -> None:
    assert read("<div id=x><img><img></div>").pictures == 2


def test_a_picture_counts_itself() -> None:
    assert read("<img id=x>").pictures == 1


@pytest.mark.parametrize("tag", ["noscript", "object", "canvas"])
def test_unseen_pictures_do_not_count(tag: str) -> None:
    assert read(f"<div id=x><{tag}><img></{tag}></div>").pictures == 0


def test_headings_have_six_levels() -> None:
    assert sorted(HEADING_TAGS) == ["h1", "h2", "h3", "h4", "h5", "h6"]


@pytest.mark.parametrize("tag", ["picture", "video", "source"])
def test_other_media_are_no_pictures(tag: str) -> None:
    assert read(f"<div id=x><{tag}></{tag}></div>").pictures == 0


def test_a_picture_belongs_to_the_block_around() -> None:
    found = measured("<p id=x><picture><img id=y></picture></p>")
    assert one(found, "y").block == one(found, "x").number


def test_an_amp_picture_belongs_to_the_block_around() -> None:
    assert read(f"<p id=x>{'x' * 30}<amp-img>{'x' * 30}</amp-img></p>").own_prose == 60


# Names


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ("class='Story Text'", "story text"),
        ("class='storyText'", "story-text"),
        ("class='page2Text'", "page2-text"),
        ("class='HTMLText'", "htmltext"),
        ("role=main", "main"),
        ("itemprop=articleBody", "article-body"),
        ("data-testid=lead", "lead"),
        ("data-name=lead title=Kim", ""),
        ("class=a data-testid=e itemprop=d role=c", "a c d e"),
        ("class", ""),
        ("class='a-b_c-d_e-f'", "a-b_c-d_e-f"),
        ("class='one a-b-c-d-e-f-g two'", "one two"),
        ("class='a--b__c-_d'", "a--b__c-_d"),
    ],
)
def test_the_words_of_an_element_are_its_names(attributes: str, words: str) -> None:
    assert measured(f"<div {attributes}></div>").elements[3].words == words


def test_an_id_is_one_of_the_names() -> None:
    assert read("<p id=x class=a></p>").words == "a x"


def test_long_names_are_read() -> None:
    assert len(measured(f"<p class={'a' * 2000}>").elements[3].words) == 2000


def test_endless_names_are_left_out() -> None:
    assert measured(f"<p class={'a' * 2001}>").elements[3].words == ""


@pytest.mark.parametrize(
    ("html", "shows"),
    [
        ("<img id=x src=/k.jpg>", True),
        ("<div id=x style='background:url(/k.jpg)'></div>", True),
        ("<video id=x poster=/k.jpg></video>", True),
        ("<div id=x style='background:red'></div>", False),
    ],
)
def test_images_backgrounds_and_posters_show_pictures(html: str, shows: bool) -> None:
    assert read(html).shows_picture is shows


def test_backgrounds_are_not_counted_among_the_images() -> None:
    assert read("<div id=x><div style='background:url(/k.jpg)'></div></div>").pictures == 0
