"""Signatures at the end of captions: agencies, and names before the word that says what somebody did."""

from __future__ import annotations

import pytest

from assets.credits.finding import split_credit
from assets.credits.signatures import find_signed_name, has_agency, is_signed


@pytest.mark.parametrize(
    "text",
    [
        "Reuters",
        "Jane Doe/AP",
        "AP=연합뉴스",
        "AP 연합뉴스",
        "KCNA via REUTERS",
        "imago/Jane Doe",
        "新华社",
        "AP, NASA",
    ],
)
def test_agencies_sign(text: str) -> None:
    assert is_signed(text)


@pytest.mark.parametrize(
    "text", ["", "Jane Doe", "Keystone", "the agency AP", "NASA, ESA", "古い町の石の橋=AP"]
)
def test_other_texts_are_no_signatures(text: str) -> None:
    assert not is_signed(text)


def test_a_pseudonym_beside_an_agency_is_a_signature_of_both() -> None:
    assert has_agency("janedoe - Shutterstock")
    assert not has_agency("Shutterstock")
    assert not has_agency("The old mill of the town in winter - Reuters")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("古い石の橋＝8日、北港で（山田一郎撮影）", "山田一郎"),
        ("古い石の橋（北港で、８日）＝ＡＰ", "ＡＰ"),
        ("古い石の橋（北港消防署提供）", "北港消防署"),
        ("시장이 다리를 건너고 있다. 박하늘 기자", "박하늘"),
        ("시장이 다리를 건너고 있다. 박하늘 선임기자", "박하늘"),
        ("시장이 다리를 건너고 있다. 연합뉴스", "연합뉴스"),
        ("시장이 다리를 건너고 있다. [동문시청 제공]", "동문시청"),
        ("Senoji krantinė. J. Petraitis / QRT nuotr.", "J. Petraitis / QRT"),
        ("老城的石桥。王小明 摄", "王小明"),
        ("老城的石桥。新华社", "新华社"),
        ("The bus at the mill. Supplied", "Supplied"),
        ("Der Bus am Tor. zvg", "zvg"),
    ],
)
def test_signatures_at_the_end_of_a_caption_are_credits(caption: str, credit: str) -> None:
    assert split_credit(caption)[1] == credit


@pytest.mark.parametrize(
    "caption",
    [
        # Who held the camera, and when, is not told.
        "古い石の橋（昨年撮影）",
        "古い石の橋（2024年5月撮影）",
        "古い石の橋（ドローンで撮影）",
        "시장이 다리를 건너고 있다. 그는 기자",
        "시장이 다리를 건너고 있다. (최대 5개)",
        "He never supplied",
        "Supplied",
    ],
)
def test_what_only_ends_like_a_signature_is_no_credit(caption: str) -> None:
    assert split_credit(caption)[1] in ("", "그는")


def test_a_name_before_a_sign_is_short() -> None:
    assert find_signed_name(f"港。{'山' * 16}撮影") == "山" * 16
    assert find_signed_name(f"港。{'山' * 17}撮影") == ""
