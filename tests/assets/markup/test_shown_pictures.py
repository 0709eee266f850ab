"""Pictures that elements other than images show: backgrounds, posters, thumbnails that a script paints."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborNode

from assets.markup.shown_pictures import (
    MAX_ATTRIBUTES,
    MAX_NAME_WORDS,
    MAX_STYLE_CHARACTERS,
    hide_picture,
    is_kept_open,
    is_picture_element,
    picture_tag,
    read_styled_size,
    shown_addresses,
    stated_address,
)
from assets.parsing.htmltree import parse_html


def node_of(html: str) -> LexborNode:
    root = parse_html(html).body
    assert root is not None
    assert root.child is not None
    return root.child


def addresses_of(node: LexborNode) -> tuple[str, ...]:
    return shown_addresses(node.tag or "", node.attributes)


def shown(html: str) -> list[str]:
    return list(addresses_of(node_of(html)))


def style(value: str, attributes: str = "") -> list[str]:
    """What a `div` of a style shows."""
    return shown(f'<div style="{value}" {attributes}></div>')


@pytest.mark.parametrize(
    "value",
    [
        "background-image:url(/k.jpg)",
        "background-image: url( /k.jpg );",
        "background-image: url('/k.jpg')",
        "background-image: url(&quot;/k.jpg&quot;)",
        "color: red; BACKGROUND: URL(/k.jpg) center / cover no-repeat",
        "background-image: linear-gradient(rgba(0, 0, 0, .5), rgba(0, 0, 0, .5)), url(/k.jpg)",
        "background: url(data:image/png;base64,AAAA), url(/k.jpg)",
        "background-image: url('data:image/svg+xml;utf8,<svg/>'); background-image: url(/k.jpg)",
        "background-image: url(/k.jpg), url(/m.jpg)",
        "--hero-bg: url(/k.jpg)",
    ],
)
def test_a_background_is_a_picture(value: str) -> None:
    assert style(value) == ["/k.jpg"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "background: red",
        "background-image: none",
        "background-image: linear-gradient(red, blue)",
        "background-image: url(data:image/jpeg;base64,AAAA)",
        "background-image: url()",
        "background-image: url(#clip)",
        "background-image: url({{ picture }})",
        "background-image: url(/k.jpg",
        "list-style-image: url(/k.jpg)",
        "mask: url(/k.jpg)",
        "cursor: url(/k.png), auto",
    ],
)
def test_what_names_no_file_of_a_background_is_none(value: str) -> None:
    assert style(value, "role=img") == []


@pytest.mark.parametrize(
    "address",
    [
        "/arrow.svg",
        "/media/7",
        "/img/hero-bg.jpg",
        "/img/background.png",
        "/img/texture_2.jpg",
        "/img/sprite.png",
        "/img/check.png",
        "/img/bullet-2.gif",
        "/wp-content/themes/news/k.jpg",
        "/wp-content/plugins/slider/k.jpg",
    ],
)
def test_what_decorates_is_shown_by_what_says_it_is_a_picture_alone(address: str) -> None:
    told = f"background-image:url({address})"
    assert (style(told), style(told, "role=img")) == ([], [address])


@pytest.mark.parametrize("words", [MAX_NAME_WORDS, MAX_NAME_WORDS + 1])
def test_a_long_name_may_speak_of_a_background(words: int) -> None:
    name = "-".join(["background", *["kim"] * (words - 1)])
    found = style(f"background-image:url(/{name}.jpg)")
    assert found == ([f"/{name}.jpg"] if words > MAX_NAME_WORDS else [])


@pytest.mark.parametrize(
    ("told", "is_shown"),
    [
        ("background-repeat: repeat", False),
        ("background-repeat: repeat-x", False),
        ("background-repeat: no-repeat", True),
        ("background-size: cover", True),
    ],
)
def test_what_is_repeated_is_a_pattern(told: str, is_shown: bool) -> None:
    assert bool(style(f"background-image:url(/k.jpg); {told}")) is is_shown


@pytest.mark.parametrize("tag", ["p", "h2", "blockquote", "ul", "pre"])
def test_what_stands_behind_a_text_is_none(tag: str) -> None:
    assert shown(f'<{tag} style="background-image:url(/k.jpg)">Kim</{tag}>') == []


@pytest.mark.parametrize("tag", ["section", "figure", "a", "span", "li", "header"])
def test_what_fills_a_box_is_a_picture(tag: str) -> None:
    assert shown(f'<{tag} style="background-image:url(/k.jpg)"></{tag}>') == ["/k.jpg"]


@pytest.mark.parametrize(
    "classes",
    [
        "wp-block-cover",
        "wp-block-cover__image-background wp-image-8",
        "e-gallery-image",
        "alignfull wp-block-cover-image",
        "wp-image-8",
    ],
)
def test_blocks_of_wordpress_say_that_they_are_pictures(classes: str) -> None:
    assert is_picture_element({"class": classes})


@pytest.mark.parametrize(
    "attributes", [{}, {"role": "button"}, {"class": "wp-block-cover__inner-container"}, {"class": None}]
)
def test_other_elements_do_not(attributes: dict[str, str | None]) -> None:
    assert not is_picture_element(attributes)


@pytest.mark.parametrize(
    "name",
    ["data-bg", "data-background", "data-background-image", "data-bg-url", "data-lazy-bg", "data-setbg",
     "data-image-src", "data-thumbnail", "data-poster"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["/k.jpg", "url(/k.jpg)", " /k.jpg "])
def test_scripts_paint_backgrounds_from_attributes(name: str, value: str) -> None:
    assert shown(f'<div {name}="{value}"></div>') == ["/k.jpg"]


@pytest.mark.parametrize(
    "told", ['data-bg="#fff"', 'data-bg="dark"', "data-bg", 'data-background-size="/k.jpg"']
)
def test_what_else_attributes_tell_of_a_background_is_no_picture(told: str) -> None:
    assert shown(f"<div {told}></div>") == []


def test_what_a_script_paints_goes_before_what_it_replaces() -> None:
    assert style("background-image:url(/grey.gif)", "data-bg=/k.jpg") == ["/k.jpg", "/grey.gif"]


@pytest.mark.parametrize("tag", ["video", "amp-video"])
def test_a_video_shows_its_poster(tag: str) -> None:
    assert shown(f'<{tag} poster="/k"></{tag}>') == ["/k"]


@pytest.mark.parametrize("poster", ["", "poster", "poster=''", "poster='data:image/gif;base64,AAAA'"])
def test_a_video_without_a_poster_shows_nothing(poster: str) -> None:
    assert shown(f"<video {poster} src=/k.mp4></video>") == []


@pytest.mark.parametrize("tag", ["img", "i", "button", "nav", "footer", "iframe"])
def test_some_elements_have_no_pictures_behind_them(tag: str) -> None:
    assert shown(f'<{tag} style="background-image:url(/k.jpg)"></{tag}>') == []


def test_the_background_of_the_page_is_none_of_its_pictures() -> None:
    body = parse_html('<body style="background-image:url(/k.jpg)">x').body
    assert body is not None
    assert addresses_of(body) == ()


def test_a_style_without_end_is_not_read() -> None:
    told = "background-image:url(/k.jpg);"
    assert style(told + " " * (MAX_STYLE_CHARACTERS - len(told))) == ["/k.jpg"]
    assert style(told + " " * MAX_STYLE_CHARACTERS) == []


@pytest.mark.parametrize("part", ["background:(;", "background:url(", "background:'", "background:(((("])
def test_a_style_that_closes_nothing_takes_no_time(part: str) -> None:
    assert style(part * (MAX_STYLE_CHARACTERS // len(part) - 1) + "url(") == []


def test_attributes_without_end_are_not_all_read() -> None:
    more = " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES))
    assert shown(f"<div {more} data-bg=/k.jpg></div>") == []


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ("width:300px;height:200px", (300, 200)),
        ("color:red; HEIGHT : 43.5px !important", (None, 43)),
        ("width:0;height:0", (0, 0)),
        ("max-width:300px;min-height:200px;line-height:20px", (None, None)),
        ("width:100%;height:50vh", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_style_tells_the_size_of_a_box(told: str, size: tuple[int | None, int | None]) -> None:
    assert read_styled_size(told) == size


@pytest.mark.parametrize(
    ("told", "expected"),
    [("height:0;padding-top:50%", True), ("padding : 20px", True), ("height:0", False), ("", False)],
)
def test_padding_keeps_a_box_open(told: str, expected: bool) -> None:
    assert is_kept_open(told) is expected


def test_a_hidden_background_leaves_what_stands_before_it() -> None:
    tree = parse_html('<div style="background:url(/k.jpg)" data-bg="/k.jpg" class="card"><p>Kim</p></div>')
    node = tree.css_first("div")
    hide_picture(node)
    assert (addresses_of(node), node.attributes, node.text()) == ((), {"class": "card"}, "Kim")


def test_a_hidden_image_is_taken_out() -> None:
    tree = parse_html("<p><img src=/k.jpg>Kim</p>")
    hide_picture(tree.css_first("img"))
    assert tree.css_first("p").html == "<p>Kim</p>"


# Custom elements, and elements that name their picture


@pytest.mark.parametrize("tag", ["a-img", "lazy-image", "brick-image-v3", "story-picture", "news-photo"])
def test_a_custom_element_with_an_address_is_read_as_an_image(tag: str) -> None:
    assert picture_tag(tag, {"data-src": "/k.jpg"}) == "img"


@pytest.mark.parametrize("tag", ["image-gallery", "lazy-video", "imagery-box", "picture", "div"])
def test_other_elements_keep_their_names(tag: str) -> None:
    assert picture_tag(tag, {"src": "/k.jpg"}) == tag


def test_a_custom_element_without_an_address_keeps_its_name() -> None:
    assert picture_tag("lazy-image", {"alt": "Kim"}) == "lazy-image"


@pytest.mark.parametrize(
    ("itemtype", "itemid", "told"),
    [
        (
            "https://schema.org/ImageObject",
            "https://cdn.example/k.jpg?w=600",
            "https://cdn.example/k.jpg?w=600",
        ),
        ("http://schema.org/ImageObject", " /k.jpg ", "/k.jpg"),
        ("http://schema.org/NewsArticle", "https://cdn.example/k.jpg", ""),
        ("http://schema.org/ImageObject", "#picture", ""),
        ("http://schema.org/ImageObject", "https://a.example/picture/7", ""),
    ],
)
def test_an_image_object_may_be_named_by_its_address(itemtype: str, itemid: str, told: str) -> None:
    assert stated_address({"itemtype": itemtype, "itemid": itemid}) == told


def test_a_hidden_image_object_has_no_name_any_more() -> None:
    node = node_of(
        "<figure itemscope itemtype=http://schema.org/ImageObject itemid=/k.jpg><p>Kim</p></figure>"
    )
    hide_picture(node)
    assert (stated_address(node.attributes), node.text()) == ("", "Kim")


# Links that a script paints their picture into


@pytest.mark.parametrize(
    ("image", "href", "found"),
    [
        (
            "//img.example/7/quay.jpg?w=750",
            "https://img.example/7/quay.jpg?w=1600",
            ("//img.example/7/quay.jpg?w=750",),
        ),
        (
            "//lh3.googleusercontent.com/abc=s750",
            "//lh3.googleusercontent.com/abc=s1000",
            ("//lh3.googleusercontent.com/abc=s750",),
        ),
        ("/7/quay.jpg", "/7/ferry.jpg", ()),
        ("/7/quay.jpg", "https://share.example/?u=story", ()),
        ("/7/quay.jpg", "", ()),
    ],
)
def test_a_link_to_the_picture_that_it_is_painted_with_shows_it(
    image: str, href: str, found: tuple[str, ...]
) -> None:
    assert shown_addresses("a", {"data-image": image, "href": href}) == found
    assert shown_addresses("div", {"data-image": image, "href": href}) == ()
