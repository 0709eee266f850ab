"""Captions that a class calls so, or that the credit at their end tells from the story."""

from __future__ import annotations

import pytest

from assets.articles.article import read_article
from assets.articles.named_captions import is_pair
from assets.model import Document, DocumentKind, ImageReference

PROSE = "<p>The bus between both towns went back on the road on Friday after a month in the shop.</p>" * 5
IMG = '<img src="/k.jpg" width=1200 height=800 alt="">'


def read(html: str, head: str = "") -> list[ImageReference]:
    page = f"<html><head><title>Bus back</title>{head}</head><body>{html}</body></html>"
    return list(
        read_article(
            Document("page.html", DocumentKind.HTML, "https://a.example/1/", page.encode())
        ).references
    )


def above(box: str) -> list[ImageReference]:
    """The pictures of a box between the headline and the text."""
    return read(f"<main><h1>Bus back</h1>{box}<div class=text>{PROSE}</div></main>")


def within(box: str) -> list[ImageReference]:
    return read(f"<main><h1>Bus back</h1><div class=text>{PROSE}{box}{PROSE}</div></main>")


@pytest.mark.parametrize(
    ("box", "caption", "credit"),
    [
        ("<div class=kep>{}<div class=kepalairas>A bus <b>Fotó: Kiss Anna</b></div></div>", "A bus", "Kiss Anna"),
        ("<div class=foto>{}<p class=podpis>A bus <i>fot. Jan Lis / PAP</i></p></div>", "A bus", "Jan Lis / PAP"),
        ("<div class=article__picture>{}<div><span class=desc>A bus</span></div></div>", "A bus", ""),
        ("<div class=photo>{}<p class=c>© Jane Doe</p><p class=photo__title>A bus</p></div>", "A bus", "Jane Doe"),
        ("<div><span>{}</span><p>A bus. <span>Ana Ruiz / EFE</span></p></div>", "A bus.", "Ana Ruiz / EFE"),
        ("<div><span>{}</span><p>A bus. <i>Ana Ruiz / The Quay</i></p></div>", "A bus.", "Ana Ruiz / The Quay"),
        ("<div class=foto>{}<p class=desc>A bus<b>© Пресс-служба мэрии</b></p></div>", "A bus", "Пресс-служба мэрии"),
        ("<div>{}<p>A bus on the road. Foto: Ana Ruiz</p></div>", "A bus on the road. Foto: Ana Ruiz", "Ana Ruiz"),
    ],
)  # fmt: skip
def test_a_box_above_the_text_has_the_caption_that_its_class_or_credit_tells(
    box: str, caption: str, credit: str
) -> None:
    (found,) = above(box.format(IMG))
    assert (found.caption, found.credit) == (caption, credit)


@pytest.mark.parametrize(
    "box",
    [
        "<div class=hero-image>{}<p class=dek>A bus goes back</p></div>",
        "<div class=photo>{}<p class=author-text>Jane Doe is a reporter</p></div>",
        "<div class=photo>{}<h4 class=title>A bus</h4></div>",
        "<div class=top>{}<p class=text>A bus</p></div>",
        "<div class=photo>{}<p>Jane Doe</p></div>",
    ],
)
def test_what_introduces_the_story_is_no_caption(box: str) -> None:
    (found,) = above(box.format(IMG))
    assert (found.caption, found.credit) == ("", "")


@pytest.mark.parametrize(
    ("behind", "caption", "credit"),
    [
        ("<p>A bus on the road. Foto: Ana Ruiz</p>", "A bus on the road. Foto: Ana Ruiz", "Ana Ruiz"),
        ("<p>市民走过大桥。（王芳 摄）</p>", "市民走过大桥。（王芳 摄）", "王芳"),
        ("<p>A bus. © 2025 Ana Ruiz</p>", "A bus. © 2025 Ana Ruiz", "Ana Ruiz"),
        ("<p>A bus on the road. FOTO: Arhivă</p>", "A bus on the road. FOTO: Arhivă", ""),
        ("<p>A bus (Photo by Ana Ruiz)</p>", "A bus (Photo by Ana Ruiz)", "Ana Ruiz"),
        ("<p>Foto: Ana Ruiz</p>", "", "Ana Ruiz"),
        ("<div class=img-caption>A bus</div>", "A bus", ""),
        # Of these nothing tells that they speak of the picture.
        ("<p>A bus went back on the road.</p>", "", ""),
        ("<p>A bus went back on the road, said Ana Ruiz (dpa)</p>", "", ""),
        ("<p>Quelle: dpa</p>", "", ""),
        ("<p>© 2025 The Quay. All rights reserved.</p>", "", ""),
        ("<h3>A bus. Foto: Ana Ruiz</h3>", "", ""),
        ("<p class=author>Photo: Ana Ruiz</p>", "", ""),
    ],
)
@pytest.mark.parametrize("picture", [f"<p>{IMG}</p>", f"<p><a href=/k.jpg>{IMG}</a></p>", IMG])
def test_the_text_behind_a_picture_is_its_caption_where_it_ends_with_its_credit(
    picture: str, behind: str, caption: str, credit: str
) -> None:
    (found,) = within(picture + behind)
    assert (found.caption, found.credit) == (caption, credit)


@pytest.mark.parametrize(
    ("told", "caption"),
    [
        ("A bus (عکاس: علی کریمی)", "A bus (عکاس: علی کریمی)"),
        ("A bus on the road", ""),
        ("Foto: Ana Ruiz", ""),
    ],
)
def test_a_paragraph_may_hold_a_picture_and_its_caption(told: str, caption: str) -> None:
    (found,) = within(f"<p>{IMG}<br>{told}</p>")
    assert found.caption == caption


def test_a_paragraph_of_the_picture_may_stand_in_a_box_with_its_caption() -> None:
    (found,) = within(
        f'<div class="photo-area"><p class="photo">{IMG}</p><p class="photo-cap">A bus</p></div>'
    )
    assert found.caption == "A bus"


def test_the_lead_picture_outside_the_story_has_the_texts_of_its_box() -> None:
    box = f"""<x-part><x-hero><figure>{IMG}</figure></x-hero><x-meta>
      <x-html class="image-description"><div>A bus on the road</div></x-html>
      <x-html class="image-copyright"><div>Jane Doe / AFP</div></x-html></x-meta></x-part>"""
    story = f"<main><h1>Bus back</h1><div>{PROSE}</div></main>"
    (found,) = read(box + story, '<meta property="og:image" content="https://a.example/k.jpg">')
    assert (found.caption, found.credit) == ("A bus on the road", "Jane Doe / AFP")


def test_a_person_and_for_whom_she_works_are_a_pair() -> None:
    assert [
        is_pair(told) for told in ("Jane Doe / The Quay", "Jane Doe", "Mill / Quay", "Jane Doe / a mill")
    ] == [
        True,
        False,
        False,
        False,
    ]
