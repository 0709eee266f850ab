"""Credits in lines beside pictures that nothing but their words tell."""

from __future__ import annotations

import pytest

from assets.articles.article import read_article
from assets.model import Document, DocumentKind, ImageReference

PROSE = (
    "<p>The ferry between the two islands went back into service on Monday after nine weeks in dry dock.</p>"
    * 5
)


def read(box: str) -> list[ImageReference]:
    html = f"<html><body><main><article><h1>Ferry back</h1>{PROSE}{box}{PROSE}</article></main></body></html>"
    document = Document("page.html", DocumentKind.HTML, "https://a.example/1/", html.encode())
    return list(read_article(document).references)


def picture(name: str = "k", alt: str = "") -> str:
    return f'<img src="/{name}.jpg" width=1200 height=800 alt="{alt}">'


@pytest.mark.parametrize(
    ("lines", "caption", "credit"),
    [
        ("<div class=q1>Fans on the old quay</div><div class=q2>REUTERS</div>", "Fans on the old quay", "REUTERS"),
        ("<p><span>Boats on the quay</span></p><p>Image: <!-- -->JANE DOE</p>", "Boats on the quay", "JANE DOE"),
        ("<h4>Boats wait</h4><p>Foto: Jane Doe/dpa</p>", "Boats wait", "Jane Doe/dpa"),
        ("<p>© 2025 Jane Doe</p>", "", "Jane Doe"),
        ("<p>Boats wait for a tide</p><div><b>Credit:</b> <i>Jane</i></div>", "Boats wait for a tide", "Jane"),
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
        "<p class=author>Photo: Jane Doe</p>",
        "<button>Photo: Jane Doe</button>",
        "<p>Photo of the day: the old quay in winter</p>",
        "<p>One</p><p>Two</p><p>Three</p><p>Photo: Jane Doe</p>",
    ],
)
def test_other_lines_are_no_credits(lines: str) -> None:
    (found,) = read(f"<div>{picture()}{lines}</div>")
    assert found.credit == ""


def test_a_class_is_learnt_from_lines_that_tell_themselves() -> None:
    lines = ("Getty Images", "Jane Doe/AFP", "The Harbour Desk", "a word on the old quay")
    boxes = [
        f"<div>{picture(str(number))}<p>Fans on the quay no. {number}</p><div class=k2>{line}</div></div>{PROSE}"
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
        f"<div><picture>{picture(alt='Old quay')}</picture></div><div><span>Old quay</span></div>"
    )
    assert (found.caption, found.credit) == ("Old quay", "")
