"""Labels of the press, by language."""

from __future__ import annotations

import pytest

from assets.credits.labels import LABELS, MAX_LABEL_CHARACTERS, SOURCE_LABELS, is_label


@pytest.mark.parametrize(
    "text",
    [
        *("Photo", "FILE PHOTO", "Photo  Credit", "Image source", "Photographs by", "Illustration", "Composite"),
        *("Foto", "Bildquelle", "Bildnachweis", "Symbolbild", "Archivfoto", "Symbol-Foto", "Grafik", "Bildrechte"),
        *("Crédit photo", "Crédits", "Photo d’illustration", "Crédito de la imagen", "Fuente", "Fonte", "Cortesía de"),
        *("Arkivfoto", "Kuva", "Kuvituskuva", "Kilde", "Källa", "Lähde", "Skjermdump", "Mynd", "Beeld", "Bron"),
        *("Zdjęcie", "fot.", "Źródło", "Zdroj", "Izvor", "Vir", "Fotó", "Forrás", "Pilt", "Avots", "Šaltinis"),
        *("Фото", "Коллаж", "Колаж", "Источник", "Джерело", "Снимка", "Скриншот"),
        *("Fotoğraf", "Kaynak", "Görsel", "Φωτό", "صورة", "عکس", "منبع", "צילום", "קרדיט", "फोटो"),
        *("写真", "撮影", "提供", "出典", "사진", "사진 출처", "사진 제공", "图", "图片来源", "圖", "摄", "Ảnh"),
        *("Sumber", "Nguồn", "مصدر", "Isithombe", "Πηγή", "स्रोत"),
    ],
)  # fmt: skip
def test_labels_of_the_press_are_known(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize(
    "text", ["", "Karte", "Map", "Video", "Art", "Autor", "Picture alliance", "The photo", "Note"]
)
def test_what_leads_to_other_things_is_no_label(text: str) -> None:
    assert not is_label(text)


def test_every_label_is_short_enough_to_be_looked_up() -> None:
    assert max(map(len, LABELS)) <= MAX_LABEL_CHARACTERS


def test_labels_of_sources_are_labels() -> None:
    assert SOURCE_LABELS <= LABELS
