"""Whom credits name, and which of them contradict each other."""

from __future__ import annotations

import pytest
from effort import assert_grows_evenly
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.clusters.credit_names import (
    agree,
    combine_named,
    credit_parties,
    is_agency,
    is_maker,
    parse_credit,
    without_credit,
)


def agree_on(one: str, other: str) -> bool:
    """Whether two credits do not contradict each other."""
    return agree(parse_credit(one), parse_credit(other))


@pytest.mark.parametrize(
    ("credit", "parties"),
    [
        ("AP", {"ap"}),
        ("A.P.", {"ap"}),
        ("The Associated Press", {"ap"}),
        ("AP Photo/Jane Doe", {"ap", "jane doe"}),
        ("AP Photo Jane Doe", {"ap", "jane doe"}),
        ("Jane Doe AP", {"ap", "jane doe"}),
        ("AP photo de", {"ap"}),
        ("(AP Photo/Jane Doe, File)", {"ap", "jane doe"}),
        ("AFP PHOTO / JANE DOE", {"afp", "jane doe"}),
        ("Agence France-Presse", {"afp"}),
        ("Jane Doe/AFP/Getty Images", {"afp", "getty images", "jane doe"}),
        ("Jane Doe / AFP - Getty Images", {"afp", "getty images", "jane doe"}),
        ("AFP-Getty", {"afp", "getty images"}),
        ("Photo by Jane Doe/AFP via Getty Images", {"afp", "getty images", "jane doe"}),
        ("Jane Doe for The Harbour Post via Getty Images", {"getty images", "harbour post", "jane doe"}),
        ("Getty Image", {"getty images"}),
        ("https://www.gettyimages.com/detail/1", {"getty images"}),
        ("REUTERS/Jane Doe/File Photo", {"jane doe", "reuters"}),
        ("Thomson Reuters", {"reuters"}),
        ("POOL/Reuters", {"reuters"}),
        ("POOL-AFP", {"afp"}),
        ("Handout via REUTERS", {"reuters"}),
        ("KCNA via REUTERS", {"kcna", "reuters"}),
        ("Korean Central News Agency/Korea News Service via AP", {"ap", "kcna", "kns"}),
        ("朝鮮中央通信＝共同", {"kcna", "kyodo"}),
        ("사진=연합뉴스", {"yonhap"}),
        ("写真提供：KCNA", {"kcna"}),
        ("EPA-EFE/JANE DOE", {"epa", "jane doe"}),
        ("dpa", {"dpa"}),
        ("Foto: Deutsche Presse-Agentur", {"dpa"}),
        ("Bild: picture alliance / dpa | Jane Doe", {"dpa", "jane doe", "picture alliance"}),
        ("IMAGO/Harbour Sports/ J.Doe", {"harbour sports", "imago", "j doe"}),
        ("Jane Doe/PA Archive/Press Association Images", {"jane doe", "pa"}),
        ("THE CANADIAN PRESS/Jane Doe", {"cp", "jane doe"}),
        ("Фото: Жанна Доу/ТАСС", {"tass", "жанна доу"}),
        ("JANE   DOE", {"jane doe"}),
        ("Jané Dœ", {"jane doe"}),
        ("J. R. Doe", {"jr doe"}),
        ("J.R. Doe", {"jr doe"}),
        ("A. Doe", {"a doe"}),
        ("Jean-Christophe Doe/EPA", {"epa", "jean christophe doe"}),
        ("von Doe/dpa", {"dpa", "von doe"}),
        ("Foto de Jane Doe", {"jane doe"}),
        ("Jane Doe, Staff Photographer", {"jane doe"}),
        ("Jane Doe & John Roe", {"jane doe", "john roe"}),
        ("Jane Doe und John Roe", {"jane doe", "john roe"}),
        ("Jane Doe. AFP", {"afp", "jane doe"}),
        ("U.S. Navy photo by Jane Doe", {"jane doe", "us navy"}),
        ("National Oceanic and Atmospheric Administration", {"noaa"}),
        ("© 2003 Jane Doe", {"jane doe"}),
        ("(c) 2003-2005 Jane Doe", {"jane doe"}),
        ("Jane Doe / Wikimedia Commons / CC BY-SA 3.0", {"jane doe", "wikimedia"}),
        ("Copyright 2015 The Associated Press. All rights reserved. This material may not be published.", {"ap"}),
        ("Mandatory Credit: Photo by Jane Doe/Shutterstock (123456a)", {"jane doe", "shutterstock"}),
        ("plazas.example", {"plazas.example"}),
        ("@janedoe/Twitter", {"janedoe", "twitter"}),
    ],
)  # fmt: skip
def test_a_credit_names_people_and_agencies(credit: str, parties: set[str]) -> None:
    assert credit_parties(credit) == parties


@pytest.mark.parametrize(
    "credit",
    [
        "",
        " ",
        "Photo",
        "Photo:",
        "File photo",
        "Handout",
        "Zvg",
        "© 2024",
        "All rights reserved",
        "n/a",
        "***",
        "Pool",
    ],
)
def test_how_a_picture_came_names_nobody(credit: str) -> None:
    assert credit_parties(credit) == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AP", "The Associated Press"),
        ("AP", "Jane Doe/AP"),
        ("Jane Doe", "Photo: JANE DOE / AP"),
        ("Getty Images", "AFP via Getty Images"),
        ("KCNA", "KCNA via REUTERS"),
        ("REUTERS", "KCNA via REUTERS"),
        ("KCNA via REUTERS", "KCNA/Korea News Service via AP"),
        ("KCNA via REUTERS", "STR/KCNA VIA KNS/AFP via Getty Images"),
        ("KCNA/Reuters", "KCNA/AFP"),
        ("Pool via REUTERS", "Jane Doe/REUTERS"),
        ("Jane Doe/AFP", "Jane Doe/Getty Images"),
        ("Jane Doe/AP", "AP via Shutterstock"),
        ("The Daily Stamp", "Jane Doe for The Daily Stamp"),
        ("EPA", "EPA-EFE/Jane Doe"),
        ("Handout", "AP"),
        ("", "AP"),
    ],
)
def test_credits_agree(one: str, other: str) -> None:
    assert agree_on(one, other)
    assert agree_on(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Doe / AP", "John Roe / AP"),
        ("Jane Doe / AP", "Jane Doe / Reuters"),
        ("Jane Doe/Getty Images", "John Roe/Getty Images"),
        ("Jane Doe/Getty Images", "AFP via Getty Images"),
        ("Jane Doe/Reuters", "KCNA via REUTERS"),
        ("KCNA via REUTERS", "Xinhua via REUTERS"),
        ("KCNA", "REUTERS"),
        ("The Daily Stamp", "NASA"),
        ("Getty Images", "Shutterstock"),
        ("AP", "AFP"),
        ("Jane Doe", "Jane Dow"),
    ],
)
def test_credits_contradict_each_other(one: str, other: str) -> None:
    assert not agree_on(one, other)
    assert not agree_on(other, one)


@pytest.mark.parametrize(
    ("credit", "channels"),
    [
        ("KCNA via REUTERS", {"reuters"}),
        ("KCNA/REUTERS", {"reuters"}),
        ("Jane Doe/REUTERS", set()),
        ("Jane Doe/AFP/Getty Images", {"getty images"}),
        ("Reuters via Reuters", set()),
    ],
)
def test_who_only_passed_a_picture_on_is_known(credit: str, channels: set[str]) -> None:
    assert parse_credit(credit).channels == channels


def test_fields_of_one_file_name_their_parties_together() -> None:
    both = combine_named([parse_credit("Jane Doe"), parse_credit("AFP via Getty Images")])
    assert both == parse_credit("Jane Doe/AFP via Getty Images")
    assert combine_named([]) == parse_credit("")


def test_a_name_that_no_agency_bears_may_be_a_makers() -> None:
    assert is_maker("jane doe")
    assert is_maker("kcna")
    assert not is_maker("reuters")
    assert is_agency("kcna")
    assert not is_agency("jane doe")


@pytest.mark.parametrize(
    ("caption", "credit", "rest"),
    [
        ("A unit is inspected. (KCNA via REUTERS)", "", "A unit is inspected."),
        ("A unit is inspected (AP Photo/Jane Doe, File)", "AP Photo/Jane Doe, File", "A unit is inspected"),
        ("A unit is inspected. REUTERS/Jane Doe", "REUTERS/Jane Doe", "A unit is inspected."),
        ("A unit is inspected Photo: Jane Doe", "Jane Doe", "A unit is inspected"),
        ("A unit is inspected. [Photo by John Roe]", "", "A unit is inspected."),
        ("A unit (Photo: Jane Doe) is inspected.", "Jane Doe", "A unit is inspected."),
        ("A unit is inspected – Getty Images", "", "A unit is inspected"),
        ("A unit is inspected.AFP", "", "A unit is inspected."),
        (
            "Long columns of the unit pass before the guests on the square in the capital on Monday. Jane Doe/AP",
            "Jane Doe/AP",
            "Long columns of the unit pass before the guests on the square in the capital on Monday.",
        ),
        ("Reuters. This photo shows a unit.", "Reuters", "Reuters. This photo shows a unit."),
        ("AP Photo/Jane Doe", "AP Photo/Jane Doe", ""),
        ("A unit (photo by John Roe) is inspected.", "", "A unit (photo by John Roe) is inspected."),
        ("He works for NASA", "NASA", "He works for NASA"),
        ("NASA astronauts in training", "NASA", "NASA astronauts in training"),
        ("A unit is inspected. John Roe", "Jane Doe", "A unit is inspected. John Roe"),
        ("A unit is inspected (right).", "", "A unit is inspected (right)."),
    ],
)
def test_a_credit_is_taken_off_a_caption(caption: str, credit: str, rest: str) -> None:
    assert " ".join(without_credit(caption, credit, {"jane doe"}).split()) == rest


@settings(deadline=None)
@given(st.text(), st.text())
def test_agreement_is_mutual_and_every_credit_agrees_with_itself(one: str, other: str) -> None:
    assert agree_on(one, one)
    assert agree_on(one, other) == agree_on(other, one)


@settings(deadline=None)
@given(st.text())
def test_parties_are_folded_once_and_for_all(text: str) -> None:
    for party in credit_parties(text):
        assert party == party.strip()
        assert party


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "/",
        " via ",
        "Jane Doe ",
        "https://",
        "(c)",
        "- ",
        ". ",
        "J.",
        "\ufdfa",
        "<b>",
        "Photo: ",
        "\ud800",
    ],
)
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    def work(times: int) -> None:
        text = unit * times
        credit_parties(text)
        without_credit(text, unit, frozenset())

    assert_grows_evenly(work, 200_000)
