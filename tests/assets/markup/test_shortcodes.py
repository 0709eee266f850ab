"""Raw shortcodes of captions and videos."""

from __future__ import annotations

import pytest

from assets.markup.shortcodes import captions_as_figures, videos_as_elements

IMG = '<a href="/k.jpg"><img src="k.jpg" /></a>'


@pytest.mark.parametrize(
    ("html", "caption"),
    [
        (f"[caption]{IMG} The square[/caption]", "The square"),
        (f"[wp_caption]{IMG} The square[/wp_caption]", "The square"),
        (f'[caption id="attachment_7"]{IMG} The <i>square</i>[/caption]', "The <i>square</i>"),
        (f'[caption id="attachment_7" caption="The square"]{IMG}[/caption]', "The square"),
        (f"[caption caption='The square']{IMG}[/caption]", "The square"),
    ],
)
def test_a_shortcode_becomes_a_figure(html: str, caption: str) -> None:
    named = ' id="attachment_7"' if "attachment_7" in html else ""
    expected = f'<figure class="wp-caption"{named}>{IMG}<figcaption>{caption}</figcaption></figure>'
    assert captions_as_figures(f"<p>{html}</p>") == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    "html",
    [
        "[caption]",
        "[/caption]",
        f"[caption]{IMG} never closed",
        "[captions]x[/captions]",
        "[caption <b>]x[/caption]",
    ],
)
def test_what_is_no_shortcode_stays(html: str) -> None:
    assert captions_as_figures(html) == html


def test_an_unclosed_shortcode_does_not_swallow_the_next() -> None:
    html = captions_as_figures(f"[caption]<p>x</p>[caption]{IMG} The square[/caption]")
    assert html.startswith("[caption]<p>x</p><figure")


@pytest.mark.parametrize("html", ["[caption]" * 50_000 + "[/caption]", "[caption " * 50_000 + "[/caption]"])
def test_endless_shortcodes_are_passed_at_once(html: str) -> None:
    assert len(captions_as_figures(html)) < 2 * len(html)


@pytest.mark.parametrize("more", [0, 1])
def test_a_shortcode_of_more_than_20_000_characters_was_never_closed(more: int) -> None:
    inside = IMG + "x" * (20_000 - len(IMG) - len("[/caption]") + more)
    assert captions_as_figures(f"[caption]{inside}[/caption]").startswith("<figure") is not bool(more)


def test_a_shortcode_with_more_than_500_characters_of_attributes_is_none() -> None:
    html = f"[caption {'x' * 500}]{IMG} The square[/caption]"
    assert captions_as_figures(html) == html


def test_several_shortcodes_become_several_figures() -> None:
    html = f"a[caption]{IMG} One[/caption]b[caption]{IMG} Two[/caption]c"
    one, two = (
        f'<figure class="wp-caption">{IMG}<figcaption>{name}</figcaption></figure>' for name in ("One", "Two")
    )
    assert captions_as_figures(html) == f"a{one}b{two}c"


def test_a_shortcode_without_a_picture_is_a_caption_alone() -> None:
    html = "[caption]<p>The square</p>[/caption]"
    assert captions_as_figures(html) == (
        '<figure class="wp-caption"><p>The square</p><figcaption></figcaption></figure>'
    )


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_the_id_of_a_shortcode_is_quoted_in_any_way(quote: str) -> None:
    html = captions_as_figures(f"[caption id={quote}attachment_7{quote}]{IMG} The square[/caption]")
    assert html.startswith('<figure class="wp-caption" id="attachment_7">')


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_video_with_a_poster_becomes_an_element_that_shows_it(quote: str) -> None:
    html = f"<p>[video width={quote}640{quote} poster={quote}/k.jpg?a=1&amp;b=2{quote}][/video]</p>"
    assert videos_as_elements(html) == '<p><video poster="/k.jpg?a=1&amp;b=2"></video>[/video]</p>'


@pytest.mark.parametrize(
    "html",
    [
        "[video mp4='/k.mp4']",
        "[[video poster='/k.jpg']]",
        "[videos poster='/k.jpg']",
        "[video poster='/k.jpg'",
        "Kim",
    ],
)
def test_other_texts_stay_as_they_are(html: str) -> None:
    assert videos_as_elements(html) == html


def test_a_poster_stays_within_its_attribute() -> None:
    html = """[video poster='/k.jpg"onerror="x']"""
    assert videos_as_elements(html) == '<video poster="/k.jpg&quot;onerror=&quot;x"></video>'
