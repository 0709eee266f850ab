"""Credits in lines beside pictures that nothing but their words tell."""

from __future__ import annotations

import pytest

from assets.articles.article import read_article
from assets.model import Document, DocumentKind, ImageReference

PROSE = "<p>The bus between both towns went back on the road on Friday after a month in the shop.</p>" * 5


def read(box: str) -> list[ImageReference]:
    html = f"<html><body><main><article><h1>Bus back</h1>{PROSE}{box}{PROSE}</article></main></body></html>"
    document = Document("page.html", DocumentKind.HTML, "https://a.example/1/", html.encode())
    return list(read_article(document).references)


def picture(name: str = "k", alt: str = "") -> str:
    return f'<img src="/{name}.jpg" width=1200 height=800 alt="{alt}">'


@pytest.mark.parametrize(
    ("lines", "caption", "credit"),
    [
        ("<div class=q1>Guests at the gate</div><div class=q2>REUTERS</div>", "Guests at the gate", "REUTERS"),
        ("<p><span>Men on a bridge</span></p><p>Image: <!-- -->JANE DOE</p>", "Men on a bridge", "JANE DOE"),
        ("<h4>A crowd waits</h4><p>Foto: Jane Doe/dpa</p>", "A crowd waits", "Jane Doe/dpa"),
        ("<p>© 2025 Jane Doe</p>", "", "Jane Doe"),
        ("<p>A crowd at the gate</p><div><b>Credit:</b> <i>Jane</i></div>", "A crowd at the gate", "Jane"),
        ("<div><span>Kuva</span><span>Jane Doe</span></div>", "", "Jane Doe"),
        ("<div>Anadolu Ajansı</div>", "", "Anadolu Ajansı"),
    ],
)  # fmt: skip
def test_a_line_of_the_box_is_a_credit_by_its_words(lines: str, caption: str, credit: str) -> None:
    (found,) = read(f"<div>{picture()}{lines}</div>")
    assert (found.caption, found.credit, found.credit_field) == (caption, credit, "text beside")


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Jane Doe</p>",
        "<p>Keystone</p>",
        "<p>Von Max Holm</p><p>dpa</p>",
        "<p>© 2025 Quay Post. All rights reserved.</p>",
        "<p class=author>Photo: Jane Doe</p>",
        "<button>Photo: Jane Doe</button>",
        "<p>Photo of the day: the old mill in spring</p>",
        "<p>One</p><p>Two</p><p>Three</p><p>Photo: Jane Doe</p>",
    ],
)
def test_other_lines_are_no_credits(lines: str) -> None:
    (found,) = read(f"<div>{picture()}{lines}</div>")
    assert found.credit == ""


def test_a_class_is_learnt_from_lines_that_tell_themselves() -> None:
    lines = ("Getty Images", "Jane Doe/AFP", "The Harbour Desk", "a word on the old mill")
    boxes = [
        f"<div>{picture(str(number))}<p>Guests at the gate no. {number}</p><div class=k2>{line}</div></div>{PROSE}"
        for number, line in enumerate(lines)
    ]
    assert [one.credit for one in read("".join(boxes))] == [
        "Getty Images",
        "Jane Doe/AFP",
        "The Harbour Desk",
        "",
    ]


def test_one_line_teaches_nothing() -> None:
    boxes = "".join(
        f"<div>{picture(str(number))}<div class=k2>{line}</div></div>{PROSE}"
        for number, line in enumerate(("Getty Images", "The Harbour Desk"))
    )
    assert [one.credit for one in read(boxes)] == ["Getty Images", ""]


def test_a_text_behind_the_box_that_repeats_the_alt_text_is_the_caption() -> None:
    (found,) = read(
        f"<div><picture>{picture(alt='Old mill')}</picture></div><div><span>Old mill</span></div>"
    )
    assert (found.caption, found.credit) == ("Old mill", "")


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("<span class=author>Jane Doe / AFP</span>", "Jane Doe / AFP"),
        ("<span class=author>By Jane Doe / AFP</span>", ""),
        ("<span class=author>Jane Doe</span>", ""),
    ],
)
def test_an_author_in_a_pictures_description_is_its_own_where_an_agency_signs(line: str, credit: str) -> None:
    (found,) = read(
        f"<div>{picture()}<div class=picture-desc><span>Guests at the gate</span>{line}</div></div>"
    )
    assert found.credit == credit
