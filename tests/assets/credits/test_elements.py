"""Elements that hold a credit: which is the surest, and what several say together."""

from __future__ import annotations

import pytest

from assets.credits.elements import CreditElement, Rank, rank_credit, read_credit


def read(*told: tuple[str, str]) -> str:
    return read_credit([CreditElement(text, sign) for text, sign in told]).text


@pytest.mark.parametrize(
    ("told", "sign", "rank", "credit"),
    [
        ("Photo: Jane Doe", "small", Rank.LABELLED, "Jane Doe"),
        ("© Jane Doe", "small", Rank.LABELLED, "Jane Doe"),
        ("Photo by quaypix", ".credit", Rank.LABELLED, "quaypix"),
        ("Jane Doe/dpa", "small", Rank.NAMED, "Jane Doe/dpa"),
        ("quaypix - Shutterstock", "cite", Rank.NAMED, "quaypix - Shutterstock"),
        ("picture alliance / Jane Doe", ".credit", Rank.NAMED, "picture alliance / Jane Doe"),
        ("Jane Doe. Styling: Mary Roe. Make-up: A", ".credit", Rank.SHORT, "Jane Doe. Styling: Mary Roe. Make-up: A"),
        ("made by a machine for the desk", ".credit", Rank.SHORT, "made by a machine for the desk"),
        # A sentence is searched as a caption is.
        ("The bus is back on the road. Photo: Jane Doe", ".credit", Rank.WITHIN, "Jane Doe"),
        ("The bus is back on the road. It had been away for a month", ".credit", Rank.NONE, ""),
        ("made by a machine for the desk", "small", Rank.NONE, ""),
        ("26.10.2025 | 2:43 min", ".credit", Rank.NONE, ""),
        ("Copyright", ".credit", Rank.NONE, ""),
        ("n/a", ".credit", Rank.NONE, ""),
    ],
)  # fmt: skip
def test_an_element_is_ranked_by_what_it_says(told: str, sign: str, rank: Rank, credit: str) -> None:
    assert rank_credit(CreditElement(told, sign)) == (rank, credit)


def test_the_surest_element_is_read() -> None:
    assert (
        read(("The old mill in spring", ".copyright"), ("Bildrechte: dpa/Max Holm", ".copyright"))
        == "dpa/Max Holm"
    )


@pytest.mark.parametrize(
    ("told", "credit"),
    [
        ((("Photo by quaypix", ".credit"), ("Getty Images/iStock", ".distributor")), "quaypix/Getty Images/iStock"),
        ((("Photo by -", ".credit"), ("AFP via Getty Images", ".distributor")), "AFP via Getty Images"),
        ((("Jane Doe", "[itemprop=author]"), ("Harbour Post", "[itemprop=copyrightHolder]")), "Jane Doe/Harbour Post"),
        # What the first says already is not said twice.
        ((("Jane Doe/AP", ".credit"), ("AP", ".agency")), "Jane Doe/AP"),
        ((("Jane Doe", ".credit"), ("Mary Roe", ".credit")), "Jane Doe"),
    ],
)  # fmt: skip
def test_a_photographer_and_an_agency_are_read_together(
    told: tuple[tuple[str, str], ...], credit: str
) -> None:
    assert read(*told) == credit


def test_a_box_gives_way_to_what_is_in_it() -> None:
    box = CreditElement("The old mill (Photo: Jane Doe, AP)", ".credit-wrap", is_box=True)
    inner = CreditElement("(Photo: Jane Doe, AP)", ".credit")
    assert read_credit([box, inner]).text == "Jane Doe, AP"


def test_a_box_counts_where_what_is_in_it_says_nothing() -> None:
    box = CreditElement("Photo: Jane Doe", ".credit-wrap", is_box=True)
    assert read_credit([box, CreditElement("Photo:", ".credit")]).text == "Jane Doe"


def test_the_rights_of_the_page_are_no_credit_outside_a_figure() -> None:
    told = "© Harbour Post. All rights reserved."
    assert read_credit([CreditElement(told, ".credits", is_outside=True)]).text == ""
    assert read_credit([CreditElement(told, ".credits")]).text == "Harbour Post"


def test_a_duration_is_spent_though_it_is_no_credit() -> None:
    duration = CreditElement("2:43 min", "small")
    assert read_credit([duration]).elements == (duration,)
