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
    "text", ["", "Jane Doe", "Keystone", "the agency AP", "NASA, ESA", "霧の港に入る北の島の連絡船=AP"]
)
def test_other_texts_are_no_signatures(text: str) -> None:
    assert not is_signed(text)


def test_a_pseudonym_beside_an_agency_is_a_signature_of_both() -> None:
    assert has_agency("janedoe - Shutterstock")
    assert not has_agency("Shutterstock")
    assert not has_agency("The old quay of the town in winter - Reuters")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("霧の港に入る連絡船＝8日、北港で（山田一郎撮影）", "山田一郎"),
        ("霧の港に入る連絡船（北港で、８日）＝ＡＰ", "ＡＰ"),
        ("霧の港に入る連絡船（北港消防署提供）", "北港消防署"),
        ("여객선이 승객을 태우고 있다. 고영수 기자", "고영수"),
        ("여객선이 승객을 태우고 있다. 고영수 선임기자", "고영수"),
        ("여객선이 승객을 태우고 있다. 연합뉴스", "연합뉴스"),
        ("여객선이 승객을 태우고 있다. [북항시청 제공]", "북항시청"),
        ("Keltas uoste. J. Stankaus / LRT nuotr.", "J. Stankaus / LRT"),
        ("渡轮驶入港口。王小明 摄", "王小明"),
        ("渡轮驶入港口。新华社", "新华社"),
        ("The ferry at the quay. Supplied", "Supplied"),
        ("Die Fähre am Kai. zvg", "zvg"),
    ],
)
def test_signatures_at_the_end_of_a_caption_are_credits(caption: str, credit: str) -> None:
    assert split_credit(caption)[1] == credit


@pytest.mark.parametrize(
    "caption",
    [
        # Who held the camera, and when, is not told.
        "霧の港に入る連絡船（昨年撮影）",
        "霧の港に入る連絡船（2024年5月撮影）",
        "霧の港に入る連絡船（ドローンで撮影）",
        "여객선이 승객을 태우고 있다. 그는 기자",
        "여객선이 승객을 태우고 있다. (최대 5개)",
        "He never supplied",
        "Supplied",
    ],
)
def test_what_only_ends_like_a_signature_is_no_credit(caption: str) -> None:
    assert split_credit(caption)[1] in ("", "그는")


def test_a_name_before_a_sign_is_short() -> None:
    assert find_signed_name(f"港。{'山' * 16}撮影") == "山" * 16
    assert find_signed_name(f"港。{'山' * 17}撮影") == ""
