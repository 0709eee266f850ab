"""Captions and credits of the markup: which belong to which picture."""

from __future__ import annotations

import pytest

from assets.markup.captions import DESCRIBED_ATTRIBUTE, NEARBY_ATTRIBUTE
from assets.markup.fragment import read_fragment
from assets.model import ImageReference

IMG = '<img src="/k.jpg">'


def read(html: str) -> tuple[ImageReference, ...]:
    return read_fragment(html, "https://a.example/1/")


@pytest.mark.parametrize(
    "html",
    [
        f"<figure>{IMG}<figcaption>The <b>square</b></figcaption></figure>",
        f"<figure><figcaption>The square</figcaption><div>{IMG}</div></figure>",
        f"<figure><a href='/k.jpg'>{IMG}</a><noscript>{IMG}</noscript><figcaption>The square</figcaption></figure>",
        f'<div id="attachment_7" class="wp-caption alignleft">{IMG}<p class="wp-caption-text">The square</p></div>',
        f'<dl class="gallery-item"><dt>{IMG}</dt><dd class="wp-caption-text gallery-caption">The square</dd></dl>',
        f'<li class="blocks-gallery-item">{IMG}<figcaption>The square</figcaption></li>',
        f'<div>{IMG}<p class="image-caption">The square</p></div>',
        f'<div><span>{IMG}</span></div><div class="imageCaption">The square</div>',
        f'[caption id="attachment_7" width="300"]{IMG} The square[/caption]',
        f'<figure><div class="wp-caption">{IMG}</div><figcaption>The square</figcaption></figure>',
    ],
)
def test_the_caption_of_a_picture_is_found(html: str) -> None:
    assert [found.caption for found in read(f"<div>{html}</div>")] == ["The square"]


@pytest.mark.parametrize(
    "html",
    [
        f"<figure>{IMG}</figure><figcaption>The square</figcaption>",
        f'{IMG}<p class="text-caption">The square</p>',
        f'{IMG}<div class="wp-caption"><p>The square</p></div>',
        f"<figure>{IMG}<figcaption> </figcaption></figure>",
        f'<figure><script class="caption">x</script>{IMG}</figure>',
        f'<div class="teaser-caption">The square</div>{IMG}',
    ],
)
def test_what_is_no_caption_of_a_picture_is_not_taken_for_one(html: str) -> None:
    assert [found.caption for found in read(html)] == [""]


def test_pictures_of_a_gallery_have_their_own_captions() -> None:
    html = (
        "<figure><figure><img src=/a.jpg><figcaption>One</figcaption></figure>"
        "<figure><img src=/b.jpg></figure><figcaption>The gallery</figcaption></figure>"
    )
    assert [found.caption for found in read(html)] == ["One", ""]


def test_a_caption_of_several_pictures_belongs_to_none_of_them() -> None:
    html = "<figure><img src=/a.jpg><img src=/b.jpg><figcaption>Two squares</figcaption></figure>"
    assert [found.caption for found in read(html)] == ["", ""]


def test_icons_do_not_make_a_figure_one_of_several_pictures() -> None:
    html = '<figure><img src=/a.jpg><img class="zoom-icon" src=/zoom.png><figcaption>The square</figcaption></figure>'
    assert [found.caption for found in read(html)] == ["The square"]


def test_a_caption_beside_several_pictures_belongs_to_none_of_them() -> None:
    html = '<div><img src=/a.jpg><img src=/b.jpg><p class="caption">Two squares</p></div>'
    assert [found.caption for found in read(html)] == ["", ""]


@pytest.mark.parametrize(
    ("inside", "credit", "credit_field"),
    [
        ('<figcaption>The square <span class="credit">Jane Doe</span></figcaption>', "Jane Doe", "figcaption .credit"),
        ('<span class="wp-media-credit">Photo: Jane Doe</span>', "Jane Doe", ".wp-media-credit"),
        ('<figcaption>A square</figcaption><p class="img__copyright">© Jane Doe</p>', "Jane Doe", ".img__copyright"),
        ("<figcaption>The square <small>Foto: Jane Doe</small></figcaption>", "Jane Doe", "figcaption small"),
        ("<figcaption>The square <cite>Jane Doe</cite></figcaption>", "Jane Doe", "figcaption cite"),
        ('<figcaption>A square <b class="img-author">Jane Doe</b></figcaption>', "Jane Doe", "figcaption .img-author"),
        ('<span itemprop="copyrightHolder">Jane Doe</span>', "Jane Doe", "[itemprop=copyrightHolder]"),
        ('<meta itemprop="creditText" content="Jane Doe">', "Jane Doe", "[itemprop=creditText]"),
        ("<figcaption>The square (Jane Doe/AP)</figcaption>", "Jane Doe/AP", "caption"),
        ('<figcaption>The square. <i class="credit">Jane Doe</i> (Jane Doe/AP)</figcaption>', "Jane Doe/AP", "caption"),
        ('<figcaption class="credit">Photo: Jane Doe</figcaption>', "Jane Doe", "figcaption .credit"),
        ('<figcaption class="credit">The square at night</figcaption>', "", ""),
        ('<span class="credit">Photo:</span>', "", ""),
        ('<p class="author">Jane Doe</p>', "", ""),
    ],
)  # fmt: skip
def test_credits_of_a_figure_say_where_they_stood(inside: str, credit: str, credit_field: str) -> None:
    (found,) = read(f"<figure>{IMG}{inside}</figure>")
    assert (found.credit, found.credit_field) == (credit, credit_field)


@pytest.mark.parametrize(
    ("html", "field"),
    [
        (f"<figure>{IMG}<figcaption>The square</figcaption></figure>", "figcaption"),
        (f'<figure>{IMG}<p class="big img-caption">The square</p></figure>', ".img-caption"),
        (f'<figure>{IMG}<p itemprop="caption description">The square</p></figure>', "[itemprop=caption description]"),
        (f'<div>{IMG}<p class="wp-caption-text">The square</p></div>', ".wp-caption-text"),
        ("[caption]<img src='/k.jpg'> The square[/caption]", "figcaption"),
        ('<img src="/k.jpg" data-image-caption="The square">', "data-image-caption"),
        (f"<figure>{IMG}<figcaption></figcaption></figure>", ""),
        (IMG, ""),
    ],
)  # fmt: skip
def test_a_caption_says_where_it_stood(html: str, field: str) -> None:
    assert [one.caption_field for one in read(html)] == [field]


@pytest.mark.parametrize(
    ("name", "field"), [(DESCRIBED_ATTRIBUTE, "aria-describedby"), (NEARBY_ATTRIBUTE, "text beside")]
)
def test_a_caption_that_the_markup_does_not_tell_says_how_it_was_found(name: str, field: str) -> None:
    (found,) = read(f'<img src="/k.jpg" data-caption="A square" {name}="The square">')
    assert (found.caption, found.caption_field) == ("The square", field)


@pytest.mark.parametrize(
    ("inside", "caption"),
    [
        ('The square.<span class="credit">Jane Doe</span>', "The square."),
        ('The square<span class="credit">Jane Doe</span> at night', "The square at night"),
        ("<p>The square</p><p>Jane Doe</p>", "The square Jane Doe"),
        ("T<span>he</span> square", "The square"),
        ("The square<span hidden>Show more</span>", "The square"),
        ('The square<b style="color: red; display:none">Show more</b>', "The square"),
        ('The <b style="opacity: 0.5">square</b>', "The square"),
        ("<span hidden>The square</span>", "The square"),
    ],
)
def test_parts_of_a_caption_are_held_apart(inside: str, caption: str) -> None:
    (found,) = read(f"<figure>{IMG}<figcaption>{inside}</figcaption></figure>")
    assert found.caption == caption


def test_a_caption_that_is_hidden_as_a_whole_is_read() -> None:
    (found,) = read(f"<figure>{IMG}<figcaption hidden>The square <b>at night</b></figcaption></figure>")
    assert found.caption == "The square at night"


def test_attributes_of_a_picture_tell_caption_and_credit() -> None:
    (found,) = read('<img src="/k.jpg" data-caption="The square" data-credit="Jane Doe/AP">')
    assert (found.caption, found.credit, found.credit_field) == ("The square", "Jane Doe/AP", "data-credit")


@pytest.mark.parametrize("meta", ["{", "[]", "null", '{"credit": 1}', "[" * 10_000])
def test_broken_image_meta_tells_nothing(meta: str) -> None:
    (found,) = read(f"<img src='/k.jpg' data-image-meta='{meta}'>")
    assert found.credit == ""


def test_the_rights_of_the_page_are_no_credit() -> None:
    html = f'<div>{IMG}<div class="copyright">© 2025 The Harbour Times</div></div>'
    assert [found.credit for found in read(html)] == [""]


def test_a_credit_that_a_caption_goes_on_with_stands_before_other_elements() -> None:
    caption = '<figcaption><i class="credit">Jane Doe</i>. The square (Jane Doe/AP)</figcaption>'
    (found,) = read(f'<figure>{IMG}{caption}<p class="copyright">Harbour Times</p></figure>')
    assert (found.credit, found.credit_field) == ("Jane Doe/AP", "caption")
