"""Captions and credits of the markup: which belong to which picture."""

from __future__ import annotations

import pytest
from effort import assert_grows_evenly

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


# Credits in elements of their own


@pytest.mark.parametrize(
    ("inside", "caption", "credit", "credit_field"),
    [
        (
            '<figcaption class="subtitle">The quay</figcaption><figcaption class="copyright">Jane Doe</figcaption>',
            "The quay", "Jane Doe", "figcaption .copyright",
        ),
        (
            "<figcaption>The quay</figcaption><figcaption><b>Image Credits:</b> Harbourware</figcaption>",
            "The quay", "Harbourware", "figcaption",
        ),
        ("<div><span class=caption>The quay.</span><small>dpa</small></div>", "The quay.", "dpa", "small"),
        ("<span><cite>Photo by Jane Doe/Quay Images</cite></span>", "", "Jane Doe/Quay Images", "cite"),
        (
            "<div class=image-credit-wrap><i class='cutline js-caption'>The quay</i>"
            " <i class=credit>(Photo: Jane Doe, AP)</i></div>",
            "The quay", "Jane Doe, AP", ".credit",
        ),
        (
            "<div class=part-copyright>(Symbolbild) Wo keine Brücke steht, ist der Weg weit.</div>"
            "<div class=part-copyright>Bildrechte: dpa-Bildfunk/Max Holm</div>",
            "", "dpa-Bildfunk/Max Holm", ".part-copyright",
        ),
        (
            "<figcaption><i class=credit>Photo by quay</i> /<i class=distributor>Getty Images/iStock</i></figcaption>",
            "", "quay/Getty Images/iStock", "figcaption .credit",
        ),
        (
            "<figcaption>The talks <i class=copy__copyright>Copyright</i>"
            " <i class=copy__credit>Max Marlin/Copyright 2026 The AP. All rights reserved.</i></figcaption>",
            "The talks", "Max Marlin/Copyright 2026 The AP", "figcaption .copy__credit",
        ),
        (
            "<figcaption>The talks. <b class=label>Credit:</b> <b class=credit>Jane Doe</b></figcaption>",
            "The talks.", "Jane Doe", "figcaption .credit",
        ),
        (
            "<figcaption><span>The talks.</span> Photograph: Jane Doe/Reuters</figcaption>",
            "The talks.", "Jane Doe/Reuters", "caption",
        ),
        ("<figcaption><p>The talks.</p><small>26.10.2025 | 2:43 min</small></figcaption>", "The talks.", "", ""),
        (
            "<figcaption>&lt;b&gt;x&lt;/b&gt;</figcaption><i class=credit>&lt;a href=/&gt;Jane Doe&lt;/a&gt;</i>",
            "<b>x</b>", "Jane Doe", ".credit",
        ),
        (
            "<div class=photo-description>The quay at night</div><div class=photo-source>Jane Doe</div>",
            "The quay at night", "Jane Doe", ".photo-source",
        ),
    ],
)  # fmt: skip
def test_a_credit_in_an_element_of_its_own_is_no_part_of_the_caption(
    inside: str, caption: str, credit: str, credit_field: str
) -> None:
    (found,) = read(f"<figure>{IMG}{inside}</figure>")
    assert (found.caption, found.credit, found.credit_field) == (caption, credit, credit_field)


@pytest.mark.parametrize(
    ("inside", "caption"),
    [
        ("<span>The quay.</span> <span>Jane Doe (REUTERS)</span>", "The quay. Jane Doe (REUTERS)"),
        ("<span>The quay.<span> Foto: Jane Doe/AP</span></span>", "The quay. Foto: Jane Doe/AP"),
        ("<span class=hidden-label>Legende:</span> The quay", "The quay"),
        ("<b>Bild:</b> The quay", "The quay"),
        ("<b>Bild</b>: The quay", "The quay"),
        ("<b>Note:</b> The quay", "Note: The quay"),
        ("Bild: The quay", "Bild: The quay"),
        ("The quay <button>Show more</button>", "The quay"),
    ],
)
def test_running_text_stays_as_written_without_labels_that_stand_apart(inside: str, caption: str) -> None:
    (found,) = read(f"<figure>{IMG}<figcaption>{inside}</figcaption></figure>")
    assert found.caption == caption


def test_what_holds_the_picture_is_no_caption() -> None:
    html = f'<figure><div class="image-caption-box">{IMG}<p class="caption-text">The quay</p></div></figure>'
    (found,) = read(html)
    assert (found.caption, found.caption_field) == ("The quay", ".caption-text")


def test_a_class_on_the_page_or_the_picture_that_speaks_of_captions_is_none() -> None:
    html = '<figure><img class="withcaption" src="/k.jpg"></figure><figcaption>The quay</figcaption>'
    assert [
        one.caption for one in read(f'<div class="column"><article class="x-captions">{html}</article></div>')
    ] == ["The quay"]


@pytest.mark.parametrize(
    ("html", "caption"),
    [
        (f"<p>{IMG}<br><em>The old mill. Photo: Jane Doe</em></p>", "The old mill. Photo: Jane Doe"),
        (f"<p><a href=/k.jpg>{IMG}</a> <i>The old mill</i> </p>", "The old mill"),
        (f"<p>{IMG}<em>The old mill</em> is back.</p>", ""),
        (f"<p>{IMG} and <em>the old mill</em></p>", ""),
        (f"<p>{IMG}</p><p><em>The old mill</em></p>", ""),
        (f"<p><img src=/a.jpg>{IMG}<em>The old mill</em></p>", "The old mill"),
    ],
)
def test_emphasis_alone_behind_a_picture_is_its_caption(html: str, caption: str) -> None:
    assert read(html)[-1].caption == caption


GALLERY = (
    "<figure><figure><img src=/a.jpg><figcaption>One</figcaption></figure><figure><img src=/b.jpg>"
    "<i class=credit>AP</i></figure><figcaption>{}</figcaption></figure>"
)


def test_the_credit_of_a_gallery_counts_for_pictures_that_have_none() -> None:
    first, second = read(GALLERY.format("All photos: Jane Doe / Quay Post"))
    assert (first.caption, first.credit, first.credit_field) == (
        "One",
        "Jane Doe / Quay Post",
        "gallery caption",
    )
    assert (second.caption, second.credit, second.credit_field) == ("", "AP", ".credit")


def test_the_caption_of_a_gallery_is_kept_beside() -> None:
    assert [one.gallery_caption for one in read(GALLERY.format("The harbour in winter"))] == [
        "The harbour in winter"
    ] * 2
    (alone,) = read(f"<figure>{IMG}<figcaption>The quay</figcaption></figure>")
    assert alone.gallery_caption == ""


@pytest.mark.parametrize(
    ("attributes", "credit", "field"),
    [
        ('alt="Ein Zug steht am Gleis © QDR Foto: Jane Doe"', "Jane Doe", "alt"),
        ('alt="Der Zug" title="Der Zug | Getty Images/Jane Doe"', "Getty Images/Jane Doe", "title"),
        ('alt="A ferry" title="The old mill in spring. Photo: Jane Doe"', "Jane Doe", "title"),
        ('alt="Photo: Harbour Festival"', "", ""),
        ('alt="Der Zug" title="Der Zug | am alten Kai"', "", ""),
    ],
)
def test_alt_and_title_are_the_last_to_be_asked_for_a_credit(
    attributes: str, credit: str, field: str
) -> None:
    (found,) = read(f'<img src="/k.jpg" {attributes}>')
    assert (found.credit, found.credit_field) == (credit, field)
    (captioned,) = read(
        f'<figure><img src="/k.jpg" {attributes}><figcaption>The quay (AP)</figcaption></figure>'
    )
    assert captioned.credit == "AP"


@pytest.mark.parametrize(
    "unit",
    [
        "<i class=credit>",
        "<i class=caption>",
        "<figcaption>x",
        "<em>",
        "<b class=photo-source>x</b>",
        "<span>Bild:</span>",
    ],
)
def test_many_captions_and_credits_are_read_in_time_that_grows_with_them(unit: str) -> None:
    assert_grows_evenly(lambda times: read(f"<figure>{IMG}{unit * times}</figure>"), 4_000)


def test_a_gallery_is_read_once_for_all_its_pictures() -> None:
    def work(times: int) -> None:
        pictures = "".join(f"<img src=/{number}.jpg>" for number in range(times))
        read(f"<figure>{pictures}<figcaption>{'The old mill. ' * times}</figcaption></figure>")

    assert_grows_evenly(work, 1_600)


def test_a_credit_right_behind_a_figure_is_its_own() -> None:
    credit = '<p class="photo-credit">Photo: Jane Doe</p>'
    assert [one.credit for one in read(f"<figure>{IMG}</figure>{credit}")] == ["Jane Doe"]
    assert [one.credit for one in read(f"<figure>{IMG}</figure><p>The story.</p>{credit}")] == [""]


@pytest.mark.parametrize(
    ("inside", "credit"),
    [
        ("<span>The talks went on.</span><span>Jane Doe</span>", "Jane Doe"),
        ("The talks went on. <i>Jane Doe</i>", "Jane Doe"),
        ("<span>The mayor and</span> <span>Jane Doe</span>", ""),
        ("<span>The talks went on.</span><a href=/jane/>Jane Doe</a>", ""),
        ("<span>Jane Doe</span>", ""),
        ("<span>The talks went on.</span><span>Monday</span>", ""),
    ],
)
def test_a_name_alone_in_the_last_element_behind_a_sentence_is_a_credit(inside: str, credit: str) -> None:
    (found,) = read(f"<figure>{IMG}<figcaption>{inside}</figcaption></figure>")
    assert found.credit == credit


# Credits at other places of a figure


def figure(caption: str) -> str:
    return f"<figure>{IMG}<figcaption>{caption}</figcaption></figure>"


@pytest.mark.parametrize(
    ("html", "caption", "credit"),
    [
        (f'<figure data-credit="Jane Doe">{IMG}<figcaption>The quay</figcaption></figure>', "The quay", "Jane Doe"),
        (figure("<div><p>The quay</p><p><em>Jane Doe/DHA</em></p></div>"), "The quay", "Jane Doe/DHA"),
        (figure("The quay <span class=b1>Foto: Jane Doe</span>"), "The quay", "Jane Doe"),
        (figure("The quay <span>Foto: Jane Doe</span>"), "The quay Foto: Jane Doe", "Jane Doe"),
        (figure("<span>The Harbour Shimbun</span><br>The quay."), "The quay.", "The Harbour Shimbun"),
        (figure("<b>Good News</b><br>The quay."), "Good News The quay.", ""),
        (figure("The quay <small>(ansa)</small>"), "The quay", "ansa"),
        (f"<p>{IMG}<br><small>Forrás: Jane Doe / MTI</small></p>", "Forrás: Jane Doe / MTI", "Jane Doe / MTI"),
        (figure("<span class=sr-only>Image caption, </span>The quay"), "The quay", ""),
        (figure("The quay <span class=visually-hidden>Enlarge this image</span>"), "The quay", ""),
        (figure("<b class=sr-only>Image source, </b>Jane Doe"), "Image source, Jane Doe", "Jane Doe"),
        (f"<figure>{IMG}<p class=media__desc>A quay <b class=caption>— Foto: AP</b></p></figure>", "A quay", "AP"),
        (f'<span class="hmedia">{IMG}<a class="fn" href="/2/">The quay</a></span>', "The quay", ""),
        (f'<figure>{IMG}<a class="fn" href="/2/">The quay</a></figure>', "", ""),
    ],
)  # fmt: skip
def test_a_credit_in_a_place_of_its_own_is_found(html: str, caption: str, credit: str) -> None:
    (found,) = read(html)
    assert (found.caption, found.credit) == (caption, credit)


@pytest.mark.parametrize("times", [1, 20, 300])
def test_hidden_parts_within_hidden_parts_are_left_out_with_them(times: int) -> None:
    inner = '<span hidden class="sr-only">Zoom ' * times + "in" + "</span>" * times
    (found,) = read(figure(f"The quay <button class=x>{inner}</button>" * 3))
    assert found.caption == "The quay The quay The quay"


def test_a_figure_of_two_pictures_does_not_credit_either_by_its_attribute() -> None:
    html = '<figure data-credit="Jane Doe"><img src=/a.jpg><img src=/b.jpg></figure>'
    assert [one.credit for one in read(html)] == ["", ""]
