"""The pictures of a parsed document with what stands around each: holder, link, sources, captions, credits."""

from __future__ import annotations

import pytest

from assets.markup.image_elements import ImageElement, sightings
from assets.parsing.htmltree import parse_html


def see(html: str) -> list[ImageElement]:
    root = parse_html(html).body
    assert root is not None
    return sightings(root)


def see_one(html: str) -> ImageElement:
    (found,) = see(html)
    return found


def sources_of(found: ImageElement) -> list[str]:
    return [node.attributes.get("src") or node.attributes.get("srcset") or "" for node in found.sources]


def captions_of(html: str) -> list[str]:
    """The captions of the first picture's holder."""
    holder = see(html)[0].holder
    assert holder is not None
    return [node.text() for node in holder.captions]


def beside(html: str) -> list[str]:
    """The captions that stand beside the first picture."""
    return [node.text() for node in see(html)[0].captions]


def signs(html: str) -> list[str]:
    """By which signs the credits of the first picture's holder are credits."""
    holder = see(html)[0].holder
    assert holder is not None
    return [credit.sign for credit in holder.credits]


def signs_beside(html: str) -> list[str]:
    return [credit.sign for credit in see(html)[0].credits]


def test_pictures_come_in_document_order() -> None:
    found = see("<p><img src=1><b><img src=2></b></p><img src=3>")
    assert [one.node.attributes["src"] for one in found] == ["1", "2", "3"]


def test_pictures_of_amp_pages_are_seen() -> None:
    assert len(see("<amp-img src=1></amp-img>")) == 1


def test_what_other_elements_show_is_told_with_them() -> None:
    found = see('<img src=1><div style="background:url(/2.jpg)"><img src=3></div><video poster=4></video>')
    assert [one.shown for one in found] == [(), ("/2.jpg",), (), ("4",)]


def test_what_the_root_shows_is_told_first() -> None:
    root = parse_html('<div style="background:url(/1.jpg)"><img src=2></div>').css_first("div")
    assert [one.shown for one in sightings(root)] == [("/1.jpg",), ()]


def test_lists_of_other_posts_are_left_out() -> None:
    found = see('<ul class="wp-block-latest-posts"><li><img src=1></li></ul><img src=2>')
    assert [one.node.attributes["src"] for one in found] == ["2"]


def test_a_background_is_not_counted_among_the_images_of_its_holder() -> None:
    holder = see("<figure><div style='background:url(/k.jpg)'></div><img src=1></figure>")[0].holder
    assert holder is not None
    assert holder.pictures == 1


def test_a_document_without_pictures_has_none() -> None:
    assert see("<p>Kim</p>") == []


def test_comments_and_texts_are_passed_by() -> None:
    assert len(see("Kim<!-- a --><img src=1>and<!-- b -->guests<img src=2><!-- c -->")) == 2


@pytest.mark.parametrize("tag", ["template", "iframe", "object", "select", "textarea"])
def test_what_readers_do_not_see_as_text_is_skipped(tag: str) -> None:
    assert see(f"<{tag}><img src=1></{tag}>") == []


def test_the_walk_goes_on_behind_what_is_skipped() -> None:
    assert len(see("<div><object><img src=1></object></div><img src=2>")) == 1


def test_the_walk_stays_under_its_root() -> None:
    root = parse_html("<div id=a><img src=1></div><img src=2>").css_first("#a")
    assert root is not None
    assert len(sightings(root)) == 1


def test_a_root_without_children_has_no_pictures() -> None:
    root = parse_html("<p id=a></p><img src=2>").css_first("#a")
    assert root is not None
    assert sightings(root) == []


def test_no_more_than_20_000_pictures_are_seen() -> None:
    assert len(see("<img>" * 20_001)) == 20_000


def test_the_link_around_a_picture_is_kept() -> None:
    assert see_one("<a href=' /k.jpg '><span><img src=1></span></a>").link == "/k.jpg"


def test_a_link_ends_where_its_element_ends() -> None:
    assert see_one("<a href=/k.jpg>Kim</a><img src=1>").link == ""


def test_the_sources_of_a_picture_element_are_kept() -> None:
    found = see_one("<picture><source srcset=a><source srcset=b><img src=1></picture>")
    assert sources_of(found) == ["a", "b"]


def test_a_source_outside_a_picture_element_is_none() -> None:
    assert sources_of(see_one("<source srcset=a><img src=1>")) == []


def test_what_else_stands_in_a_picture_element_is_no_source() -> None:
    assert sources_of(see_one("<picture><track src=a><embed src=b><img src=1></picture>")) == []


def test_sources_of_one_picture_are_not_those_of_the_next() -> None:
    found = see(
        "<picture><source srcset=a><img src=1></picture><picture><source srcset=b><img src=2></picture>"
    )
    assert [sources_of(one) for one in found] == [["a"], ["b"]]


def test_a_picture_outside_a_noscript_is_no_fallback() -> None:
    assert not see_one("<img src=1>").is_fallback


def test_a_picture_in_a_noscript_is_a_fallback() -> None:
    assert see_one("<div><noscript><p><img src=1></p></noscript></div>").is_fallback


def test_a_fallback_is_the_twin_of_the_picture_before_it() -> None:
    shown, fallback = see("<img src=1> <!-- lazy --> <noscript><img src=2></noscript>")
    assert fallback.twin is shown


def test_a_fallback_is_the_twin_of_the_picture_in_the_element_before_it() -> None:
    shown, fallback = see("<span><img src=1></span><noscript><img src=2></noscript>")
    assert fallback.twin is shown


@pytest.mark.parametrize(
    "html",
    [
        "<div><noscript><img src=2></noscript></div>",
        "<img src=1><p>Kim</p><noscript><img src=2></noscript>",
        "<div><p><img src=1></p></div><noscript><img src=2></noscript>",
        "<div><noscript><img src=1></noscript><noscript><img src=2></noscript></div>",
        "<img src=1><div><noscript><img src=2></noscript></div>",
    ],
)
def test_a_fallback_without_a_picture_right_before_it_has_no_twin(html: str) -> None:
    assert see(html)[-1].twin is None


def test_a_picture_that_is_shown_has_no_twin() -> None:
    assert see("<img src=1><img src=2>")[1].twin is None


@pytest.mark.parametrize(
    "start",
    [
        "<figure>",
        "<div class=wp-caption>",
        "<div class='a gallery-item b'>",
        "<li class=blocks-gallery-item>",
        "<div class=tiled-gallery-item>",
        "<div itemtype=https://schema.org/ImageObject>",
    ],
)
def test_what_keeps_a_picture_with_its_caption_is_its_holder(start: str) -> None:
    assert see_one(f"{start}<p><img src=1></p>").holder is not None


@pytest.mark.parametrize(
    "start",
    ["<div>", "<div class=wp-caption-box>", "<div class=my-gallery-item>", "<div itemtype=ImageObjects>"],
)
def test_other_boxes_are_no_holders(start: str) -> None:
    assert see_one(f"{start}<p><img src=1></p>").holder is None


def test_the_root_itself_may_be_a_holder() -> None:
    root = parse_html("<figure id=a><img src=1></figure>").css_first("#a")
    assert root is not None
    assert sightings(root)[0].holder is not None


def test_a_holder_knows_the_one_around_it() -> None:
    holder = see_one("<figure id=a><figure id=b><img src=1></figure></figure>").holder
    assert holder is not None
    assert holder.outer is not None
    assert (holder.node.attributes["id"], holder.outer.node.attributes["id"]) == ("b", "a")


def test_a_holder_ends_where_its_element_ends() -> None:
    assert see_one("<figure>Kim</figure><img src=1>").holder is None


def test_a_holder_counts_its_pictures() -> None:
    holder = see("<figure><img src=1><img src=2></figure>")[0].holder
    assert holder is not None
    assert holder.pictures == 2


def test_a_holder_does_not_count_fallbacks() -> None:
    holder = see("<figure><img src=1><noscript><img src=1></noscript></figure>")[0].holder
    assert holder is not None
    assert holder.pictures == 1


def test_a_holder_does_not_count_pictures_of_one_within_it() -> None:
    holder = see("<figure><img src=1><figure><img src=2></figure></figure>")[0].holder
    assert holder is not None
    assert holder.pictures == 1


def test_words_are_the_classes_and_ids_around_a_picture_nearest_first() -> None:
    found = see_one("<div class=a id=b><p class=c id=d><img class=e id=f></p></div>")
    assert found.outer_words == "c d a b"


def test_words_come_from_four_levels_up() -> None:
    html = "<div class=a><div class=b><div class=c><div class=d><div class=e><img src=1>"
    assert see_one(html).outer_words.split() == ["e", "d", "c", "b"]


@pytest.mark.parametrize("tag", ["main", "article"])
def test_words_of_the_article_itself_and_around_it_are_not_near(tag: str) -> None:
    assert see_one(f"<div class=a><{tag} class=b><p class=c><img src=1>").outer_words.split() == ["c"]


def test_words_of_the_root_are_not_near() -> None:
    root = parse_html("<div id=a><p class=b><img src=1></p></div>").css_first("#a")
    assert root is not None
    assert sightings(root)[0].outer_words.split() == ["b"]


@pytest.mark.parametrize(
    "start",
    [
        "<figcaption>",
        "<p class=caption>",
        "<p class='a image-caption b'>",
        "<p class=wp-caption-text>",
        "<p itemprop=caption>",
    ],
)
def test_a_caption_in_a_holder_is_the_holder_s(start: str) -> None:
    assert captions_of(f"<figure><img src=1>{start}Kim</figure>") == ["Kim"]


@pytest.mark.parametrize(
    "name",
    ["has-caption", "no-caption", "with-captions", "text-caption", "font-caption", "caption-video-button"],
)
def test_a_class_that_speaks_of_a_caption_s_box_or_look_is_none(name: str) -> None:
    assert captions_of(f"<figure><img src=1><p class={name}>Kim</p></figure>") == []


def test_a_caption_within_a_caption_is_not_kept_again() -> None:
    html = "<figure><img src=1><figcaption><p class=caption>Kim</p></figcaption></figure>"
    assert captions_of(html) == ["Kim"]


def test_captions_beside_one_another_are_both_kept() -> None:
    html = "<figure><img src=1><figcaption>Kim</figcaption><p class=caption>Lee</p></figure>"
    assert captions_of(html) == ["Kim", "Lee"]


def test_a_figure_in_a_caption_has_captions_of_its_own() -> None:
    html = (
        "<figure><figcaption><figure><img src=1><figcaption>Kim</figcaption></figure></figcaption></figure>"
    )
    assert captions_of(html) == ["Kim"]


@pytest.mark.parametrize(
    "html",
    [
        "<div><img src=1><p class=caption>Kim</p></div>",
        "<div><p><img src=1></p><p class=caption>Kim</p></div>",
        "<div><img src=1><div><div><p class=caption>Kim</p></div></div></div>",
        "<div><img src=1><noscript><img src=1></noscript><p class=caption>Kim</p></div>",
    ],
)
def test_a_caption_outside_any_holder_is_of_the_one_picture_before_it(html: str) -> None:
    assert beside(html) == ["Kim"]


@pytest.mark.parametrize(
    "html",
    [
        "<img src=1><p class=caption>Kim</p>",
        "<div><img src=1><img src=2><p class=caption>Kim</p></div>",
        "<div><figure><img src=1></figure><p class=caption>Kim</p></div>",
        "<div><p class=caption>Kim</p><img src=1></div>",
        "<div><img src=1><div><div><div><p class=caption>Kim</p></div></div></div></div>",
        "<div><img src=1><noscript><img src=1></noscript><img src=2><p class=caption>Kim</p></div>",
    ],
)
def test_a_caption_that_may_be_another_s_is_nobody_s(html: str) -> None:
    assert beside(html) == []


def test_a_caption_is_of_the_picture_in_the_nearest_element_that_has_any() -> None:
    html = "<div><img src=1><section><img src=2><p class=caption>Kim</p></section></div>"
    first, second = see(html)
    assert ([*first.captions], [node.text() for node in second.captions]) == ([], ["Kim"])


@pytest.mark.parametrize(
    ("html", "sign"),
    [
        ("<p class=credit>KCNA</p>", ".credit"),
        ("<p class='a photo-credit b'>KCNA</p>", ".photo-credit"),
        ("<p class=copyright>KCNA</p>", ".copyright"),
        ("<p itemprop=creditText>KCNA</p>", "[itemprop=creditText]"),
        ("<p itemprop='name copyrightHolder'>KCNA</p>", "[itemprop=copyrightHolder]"),
        ("<p itemprop=copyrightNotice>KCNA</p>", "[itemprop=copyrightNotice]"),
        ("<p itemprop=author>Kim</p>", "[itemprop=author]"),
        ("<p itemprop=creator>Kim</p>", "[itemprop=creator]"),
        ("<figcaption><span class=credit>KCNA</span></figcaption>", "figcaption .credit"),
        ("<figcaption><span class=photo-source>KCNA</span></figcaption>", "figcaption .photo-source"),
        ("<figcaption><span itemprop=creator>Kim</span></figcaption>", "figcaption [itemprop=creator]"),
        ("<figcaption><small>KCNA</small></figcaption>", "figcaption small"),
        ("<figcaption><cite>KCNA</cite></figcaption>", "figcaption cite"),
        ("<p class=source>KCNA</p>", ".source"),
        ("<p class=mediaRights>KCNA</p>", ".mediaRights"),
        ("<p class=image_author>Kim</p>", ".image_author"),
        ("<small>KCNA</small>", "small"),
        ("<cite>KCNA</cite>", "cite"),
        ("<footer>KCNA</footer>", "footer"),
    ],
)
def test_a_credit_in_a_holder_has_its_sign(html: str, sign: str) -> None:
    assert signs(f"<figure><img src=1>{html}</figure>") == [sign]


@pytest.mark.parametrize(
    "html",
    [
        "<p class=accredited>KCNA</p>",
        "<p class=credit-button>KCNA</p>",
        "<p class=author>KCNA</p>",
        "<p class=data-source>KCNA</p>",
        "<p itemprop=authors>Kim</p>",
        "<figcaption><span class=source-label>KCNA</span></figcaption>",
        "<figcaption><span class=resource>KCNA</span></figcaption>",
        "<figcaption><b>KCNA</b></figcaption>",
    ],
)
def test_what_only_sounds_like_a_credit_is_none(html: str) -> None:
    assert signs(f"<figure><img src=1>{html}</figure>") == []


def test_a_credit_within_a_credit_makes_a_box_of_the_outer_one() -> None:
    holder = see("<figure><img src=1><p class=credit><b class=credits>KCNA</b></p></figure>")[0].holder
    assert holder is not None
    assert [(one.sign, one.has_inner) for one in holder.credits] == [(".credit", True), (".credits", False)]


def test_a_property_within_a_credit_tells_more_of_it() -> None:
    html = "<figure><img src=1><p class=credit><b itemprop=creditText>KCNA</b></p></figure>"
    assert signs(html) == [".credit", "[itemprop=creditText]"]


def test_a_caption_that_is_called_a_credit_may_hold_one() -> None:
    html = (
        "<figure><img src=1><figcaption class=caption-credit><b class=credit>KCNA</b></figcaption></figure>"
    )
    assert signs(html) == ["figcaption .caption-credit", "figcaption .credit"]


def test_a_figure_in_a_credit_has_credits_of_its_own() -> None:
    html = "<p class=credit><figure><img src=1><i class=credit>KCNA</i></figure>".replace("p ", "div ")
    assert signs(html) == [".credit"]


def test_a_credit_outside_any_holder_is_of_the_one_picture_before_it() -> None:
    assert signs_beside("<div><img src=1><p class=photo-credit>KCNA</p></div>") == [".photo-credit"]


def test_a_credit_before_any_picture_is_nobody_s() -> None:
    assert signs_beside("<div><p class=photo-credit>KCNA</p><img src=1></div>") == []


@pytest.mark.parametrize("html", ["<p class=copyright>KCNA</p>", "<p itemprop=author>Kim</p>"])
def test_outside_any_holder_a_copyright_and_an_author_are_the_page_s(html: str) -> None:
    assert signs_beside(f"<div><img src=1>{html}</div>") == []


def test_outside_any_holder_a_credit_s_property_counts() -> None:
    assert signs_beside("<div><img src=1><p itemprop=copyrightHolder>KCNA</p></div>") == [
        "[itemprop=copyrightHolder]"
    ]


def test_a_copyright_in_a_caption_outside_any_holder_is_the_picture_s() -> None:
    html = "<div><img src=1><p class=caption><b class=copyright>KCNA</b></p></div>"
    assert signs_beside(html) == ["figcaption .copyright"]


@pytest.mark.parametrize("name", ["photo-caption", "photo-credit"])
def test_a_holder_is_no_caption_and_no_credit_itself(name: str) -> None:
    holder = see_one(f"<figure class={name}><img src=1></figure>").holder
    assert holder is not None
    assert (holder.captions, holder.credits) == ([], [])


def test_a_fallback_is_no_twin_of_a_picture_further_up() -> None:
    *_, shown, fallback = see("<p><img src=0></p><p><img src=1></p><noscript><img src=2></noscript>")
    assert fallback.twin is shown
