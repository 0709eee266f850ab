"""Credits in captions: the known forms, and what only looks like one."""

from __future__ import annotations

import pytest

from assets.credits.finding import credit_text, split_credit


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("A unit is inspected. (KCNA via REUTERS)", "KCNA via REUTERS"),
        ("A unit is inspected (AP Photo/Jane Doe)", "AP Photo/Jane Doe"),
        ("A unit is inspected. (AP)", "AP"),
        ("A unit is inspected. [Reuters]", "Reuters"),
        ("The square (Photo by Jane Doe/AFP via Getty Images).", "Jane Doe/AFP via Getty Images"),
        ("The square (Picture: Getty)", "Getty"),
        ("The square (Jane Doe / The Harbour Times)", "Jane Doe / The Harbour Times"),
        ("The square. Photo: Jane Doe", "Jane Doe"),
        ("The square. Photo: Jane Doe/AP", "Jane Doe/AP"),
        ("Photo: A. Doe. More of it below.", "A. Doe"),
        ("The square. Photo credit: Jane van der Doe", "Jane van der Doe"),
        ("The square. Photograph: Jane Doe/Reuters", "Jane Doe/Reuters"),
        ("The square Credit: PA", "PA"),
        ("Credit Jane Doe", "Jane Doe"),
        ("The square. Credit... Jane Doe for The Times", "Jane Doe for The Times"),
        ("The square. Credit… Jane Doe", "Jane Doe"),
        ("Image: Psyonix", "Psyonix"),
        ("Image source, Getty Images", "Getty Images"),
        ("The square. Courtesy of Jane Doe", "Jane Doe"),
        ("The square. © Jane Doe", "Jane Doe"),
        ("The square. © 2024 Jane Doe", "Jane Doe"),
        ("The square. Copyright 2024 Jane Doe", "Jane Doe"),
        ("© Jane Doe/dpa", "Jane Doe/dpa"),
        ("The square. Jane Doe/AFP/Getty Images", "Jane Doe/AFP/Getty Images"),
        ("The square.Getty Images", "Getty Images"),
        ("The square – REUTERS/Jane Doe", "REUTERS/Jane Doe"),
        ("REUTERS/Jane Doe", "REUTERS/Jane Doe"),
        ("The square. EPA-EFE/JANE DOE", "EPA-EFE/JANE DOE"),
        ("The square. Imago / Jane Doe", "Imago / Jane Doe"),
        ("The square. picture alliance/dpa", "picture alliance/dpa"),
        ("The square. | Jane Doe", "Jane Doe"),
        ("La plaza. Foto EFE", "EFE"),
        ("La plaza (Foto: plazas.example)", "plazas.example"),
        ("La plaza. Foto: Cortesía Jane Doe", "Cortesía Jane Doe"),
        ("La place. Crédit photo : Jane Doe", "Jane Doe"),
        ("La place (Photo Jane Doe. AFP)", "Jane Doe. AFP"),
        ("Der Platz. Foto: dpa", "dpa"),
        ("Der Platz. Foto: dpa. Weitere Bilder folgen.", "dpa"),
        ("Der Platz | Foto: Zvg.", "Zvg"),
        ("Der Platz. Bild: picture alliance / dpa | Jane Doe", "picture alliance / dpa | Jane Doe"),
        ("Der Platz. Symbolbild: imageBROKER", "imageBROKER"),
        ("Plads. Foto: Jane Doe / NTB", "Jane Doe / NTB"),
        ("Plac. Zdjęcie: Jane Doe/PAP", "Jane Doe/PAP"),
        ("Meydan. Fotoğraf: Jane Doe", "Jane Doe"),
        ("Площадь. Фото: Жанна Доу", "Жанна Доу"),
        ("広場。写真：共同通信", "共同通信"),
        ("広場（提供：AP）", "AP"),
        ("광장 사진=연합뉴스", "연합뉴스"),
    ],
)  # fmt: skip
def test_known_forms_of_credits_are_found(caption: str, credit: str) -> None:
    assert split_credit(caption) == (caption, credit)


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "The leader at a ceremony in the capital on Thursday.",
        "Look at this photo: it was taken from the bridge.",
        "Image: a view of the harbour in the evening light.",
        "The photo by the door shows his father.",
        "She told Reuters that nothing had changed.",
        "He spoke to the news agency AP",
        "The National Aeronautics and Space Administration (NASA)",
        "Anna Weber (EPP/Germany)",
        "A rally in Harrisburg (left) and one in Erie (right)",
        "(a) Men, (b) women, (c) Children",
        "Zermatt, Switzerland | The Matterhorn",
        "The minister (left/right) with guests",
        "Democratic donors, Sen. Jane Doe (D., Mont.), and others",
        "2017 – Beed’s Lake State Park, Hampton, IA",
        "Credit cards are accepted here.",
        "Look at this photo… Amazing!",
        "Jane Doe scored twice. (AET)",
        "A visit in the evening. Foto Museum Harbour",
        "Photo: ",
        "©",
        "(:)",
    ],
)
def test_what_only_looks_like_a_credit_is_left_alone(caption: str) -> None:
    assert split_credit(caption) == (caption, "")


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("> KCNA via REUTERS", "KCNA via REUTERS"),
        ("A unit is inspected. > KCNA via REUTERS", "KCNA via REUTERS"),
        ("A unit is inspected (> KCNA via REUTERS)", "KCNA via REUTERS"),
        ("A unit is inspected. >> KCNA via REUTERS", "KCNA via REUTERS"),
        ("The square. ▶\ufe0f Jane Doe/AFP", "Jane Doe/AFP"),
        ("The square. … Jane Doe/AFP", "Jane Doe/AFP"),
        ("The square. 📷: Jane Doe/AFP", "Jane Doe/AFP"),
        ("The square. Photo: > Jane Doe", "Jane Doe"),
        ("The square (Photo: → AP)", "AP"),
        ("The square. Photo: *Jane Doe", "Jane Doe"),
        ("The square. © » Jane Doe", "Jane Doe"),
        ("The square. Photo: > (Jane Doe)", "Jane Doe"),
        # What a name may begin with.
        ("The square. Photo: @janedoe", "@janedoe"),
        ("The square. Photo: _JaneDoe", "_JaneDoe"),
        ("The square. Photo: “Jane Doe” / AP", "“Jane Doe” / AP"),
        ("Der Platz. Foto: »Jane Doe«", "»Jane Doe«"),
        ("Der Platz. Foto: ›Jane Doe‹", "›Jane Doe‹"),
        ("The square. Photo: ’t Hooft", "’t Hooft"),
        ("The square. Photo: ¡Hola!", "¡Hola!"),
        # Nothing but marks.
        ("The square. Photo: >", ""),
        ("The square. Photo: → ▶ *", ""),
    ],
)
def test_what_points_to_a_credit_is_none_of_it(caption: str, credit: str) -> None:
    assert split_credit(caption) == (caption, credit)


def test_a_credit_does_not_reach_back_into_a_quotation() -> None:
    assert (
        split_credit('Guests at "The Harbour: Part 2." Jane Doe/Getty Images')[1] == "Jane Doe/Getty Images"
    )


def test_a_credit_at_the_end_of_a_long_text_is_found() -> None:
    assert split_credit("The guests went home. " * 200 + "Photo: Jane Doe")[1] == "Jane Doe"


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Photo: Jane Doe/AP", "Jane Doe/AP"),
        ("Photo by Jane Doe", "Jane Doe"),
        ("Credit: Photo: Jane Doe", "Jane Doe"),
        ("(© Jane Doe)", "Jane Doe"),
        ("(Foto: Pool via REUTERS)", "Pool via REUTERS"),
        ("jane doe", "jane doe"),
        ("Shutterstock / Getty Images (Composite)", "Shutterstock / Getty Images (Composite)"),
        ("> KCNA via REUTERS", "KCNA via REUTERS"),
        ("📷 Photo: Jane Doe", "Jane Doe"),
        ("> ", ""),
        ("Foto:", ""),
        ("Credit", ""),
        ("—", ""),
        ("A story that goes on and on. " * 10, ""),
    ],
)
def test_the_label_of_a_credit_element_is_taken_off(text: str, credit: str) -> None:
    assert credit_text(text) == credit


@pytest.mark.parametrize("unit", ["Foto: (", "((", "photo by ", "A/", "© ", "| ", "> ", "»", "Jane Doe/AP "])
def test_a_hostile_caption_is_read_at_once(unit: str) -> None:
    split_credit(unit * 5000)
    credit_text(unit * 5000)


SIXTEEN = "Jane Van Der Doe Of The Great Harbour Times And Its Sunday Paper In The"


@pytest.mark.parametrize(("credit", "found"), [(f"{SIXTEEN} City", True), (f"{SIXTEEN} Old City", False)])
def test_a_credit_has_up_to_sixteen_words(credit: str, found: bool) -> None:
    assert len(credit.split()) == (16 if found else 17)
    assert split_credit(f"The square. Photo: {credit}")[1] == (credit if found else "")


@pytest.mark.parametrize(("length", "found"), [(120, True), (121, False)])
def test_a_credit_has_up_to_120_characters(length: int, found: bool) -> None:
    credit = "J" * (length - 4) + " Doe"
    assert split_credit(f"The square. Photo: {credit}")[1] == (credit if found else "")


@pytest.mark.parametrize(("length", "found"), [(120, True), (121, False)])
def test_a_credit_element_has_up_to_120_characters(length: int, found: bool) -> None:
    assert credit_text("j" * length) == ("j" * length if found else "")


@pytest.mark.parametrize(("words", "found"), [(6, True), (7, False)])
def test_a_person_behind_a_bar_has_up_to_six_words(words: int, found: bool) -> None:
    credit = " ".join(["Jane"] * words)
    assert split_credit(f"The square. | {credit}")[1] == (credit if found else "")


@pytest.mark.parametrize(("length", "found"), [(40, True), (41, False)])
def test_a_credit_in_a_script_without_capitals_has_up_to_40_characters(length: int, found: bool) -> None:
    credit = "共" * length
    assert split_credit(f"広場。写真：{credit}")[1] == (credit if found else "")


def test_a_credit_in_a_script_without_capitals_is_no_sentence() -> None:
    assert split_credit("広場。写真：共同。通信。")[1] == "共同"


def test_a_credit_at_the_end_of_a_long_caption_needs_no_label() -> None:
    caption = (
        "The minister and his guests are seen on their way home from the harbour in the evening light. " * 2
    )
    assert split_credit(f"{caption}Jane Doe/AFP/Getty Images")[1] == "Jane Doe/AFP/Getty Images"


def test_a_credit_at_the_beginning_of_a_long_text_is_found() -> None:
    assert split_credit("Photo: Jane Doe. " + "The guests went home. " * 200)[1] == "Jane Doe"


def test_a_credit_in_the_middle_of_a_long_text_is_not_looked_for() -> None:
    text = "The guests went home. " * 30
    assert split_credit(f"{text}Photo: Jane Doe. {text}")[1] == ""


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("(Jane Doe", "Jane Doe"),
        ("Jane Doe)", "Jane Doe"),
        ("Jane Doe.)", "Jane Doe"),
        ("(Jane Doe)", "Jane Doe"),
        ("【Jane Doe】", "Jane Doe"),
        ("(Jane) Doe (AP)", "(Jane) Doe (AP)"),
        ("(Jane) Doe", "(Jane) Doe"),
        ("Jane (Doe)", "Jane (Doe)"),
        ("x", "x"),
    ],
)
def test_brackets_around_a_credit_are_none_of_it(text: str, credit: str) -> None:
    assert credit_text(text) == credit


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The square (Jane Doe / Star). It rained.", ""),
        ("The square (Photo Jane Doe). It rained.", ""),
        ("The square (Photo Jane Doe)", "Jane Doe"),
        ("The square (Photo: Jane Doe). It rained.", "Jane Doe"),
        ("The square (Jane / Star)", ""),
        ("The square (Jane Mary Ann Sue Doe / Star)", ""),
        ("The square (Jane Mary Ann Doe / Star)", "Jane Mary Ann Doe / Star"),
        ("The square (Jane Doe / the star)", ""),
        ("The square (Jane Doe / )", ""),
    ],
)
def test_a_person_in_brackets_is_credited_at_the_end_with_who_they_work_for(
    caption: str, credit: str
) -> None:
    assert split_credit(caption)[1] == credit


@pytest.mark.parametrize(("length", "credit"), [(400, "Jane Doe"), (401, "")])
def test_a_credit_begins_within_the_last_400_characters(length: int, credit: str) -> None:
    end = "Photo: Jane Doe. It " + "rained " * 60
    assert split_credit("It rained " * 60 + end[:length])[1] == credit


@pytest.mark.parametrize(("before", "credit"), [(399, "J"), (400, "")])
def test_what_stands_behind_the_first_400_characters_is_no_credit(before: int, credit: str) -> None:
    beginning = f"It {'rained ' * 60}"[: before - len(". Photo: ")] + ". Photo: "
    assert len(beginning) == before
    assert split_credit(f"{beginning}Jane Doe {'it rained ' * 60}")[1] == credit


@pytest.mark.parametrize(
    "caption",
    [
        "The square (Photo: Credit: Jane Doe)",
        "The square (Photo: © Jane Doe)",
        "The square (Credit: Photo by Jane Doe)",
        "The square (© Courtesy of Jane Doe)",
    ],
)
def test_a_label_behind_a_label_is_no_part_of_a_credit(caption: str) -> None:
    assert split_credit(caption)[1] == "Jane Doe"


@pytest.mark.parametrize(("words", "credit"), [("de la", ""), ("de dpa", "de dpa")])
def test_small_words_of_two_letters_alone_are_no_credit(words: str, credit: str) -> None:
    assert split_credit(f"Der Platz. Foto: {words}")[1] == credit
