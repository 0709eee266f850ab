"""Credits in the fields that plugins and themes give a media item."""

from __future__ import annotations

import pytest

from assets.posts.media_credits import MAX_FIELDS, MAX_LEVELS, plugin_credit


@pytest.mark.parametrize(
    "name",
    [
        "credit",
        "credits",
        "_credit_text",
        "media_credit",
        "image_credit",
        "imageCredit",
        "photo-credit",
        "_wp_attachment_credit",
        "_custom_image_credit_line",
        "photographer",
        "photographer_name",
        "image_copyright",
        "copyright_holder",
        "isc_image_source",
        "photo_source",
        "bildnachweis",
    ],
)
@pytest.mark.parametrize("holder", ["", "meta", "acf"])
def test_a_field_that_is_called_a_credit_is_one(name: str, holder: str) -> None:
    fields: dict[str, object] = {name: "Jane Doe"}
    told = {holder: fields} if holder else fields
    assert plugin_credit(told) == ("Jane Doe", f"{holder}.{name}" if holder else name)


@pytest.mark.parametrize(
    "name",
    [
        "credit_url",
        "_navis_media_credit_org",
        "accredited",
        "author",
        "source_url",
        "source",
        "creditcard",
        "name",
    ],
)
def test_a_field_that_is_called_otherwise_is_none(name: str) -> None:
    assert plugin_credit({"meta": {name: "Jane Doe"}, name: "Jane Doe"}) == ("", "")


def test_a_field_of_something_else_is_not_the_picture_s() -> None:
    assert plugin_credit({"_embedded": {"credit": "Jane Doe"}, "author": {"credit": "Jane Doe"}}) == ("", "")


@pytest.mark.parametrize(
    ("value", "credit", "part"),
    [
        ("Photo: <b>Jane Doe</b> &amp; Sons", "Jane Doe & Sons", ""),
        (["Jane Doe"], "Jane Doe", ""),
        (["", "Jane Doe"], "Jane Doe", ""),
        ({"name": "Jane Doe", "url": "https://a.example/"}, "Jane Doe", ".name"),
        ({"credit_url": "https://a.example/", "_media_credit": "Jane Doe"}, "Jane Doe", "._media_credit"),
        ([{"text": "Jane Doe"}], "Jane Doe", ".text"),
        ({"id": 7}, "", ""),
        ("https://a.example/jane", "", ""),
        ("//a.example/jane", "", ""),
        ("field_5f3a1b2c3d4e5", "", ""),
        ('a:1:{s:4:"name";s:8:"Jane Doe";}', "", ""),
        ("2025", "", ""),
        ("None", "", ""),
        ("x " * 100, "", ""),
        ("", "", ""),
        (7, "", ""),
        (True, "", ""),
        (None, "", ""),
        ([], "", ""),
    ],
)
def test_a_credit_is_a_name_in_one_of_several_forms(value: object, credit: str, part: str) -> None:
    assert plugin_credit({"media_credit": value}) == (credit, f"media_credit{part}" if credit else "")


def test_the_surest_name_counts() -> None:
    fields = {"photo_source": "A", "copyright": "B", "photographer": "C", "credit": "D"}
    names = []
    while fields:
        credit, field = plugin_credit({"acf": fields})
        names.append(credit)
        del fields[field.removeprefix("acf.")]
    assert names == ["D", "C", "B", "A"]


def test_of_equally_sure_names_the_first_counts() -> None:
    assert plugin_credit({"credit": "", "image_credit": "Jane", "photo_credit": "John"})[0] == "Jane"


def test_a_group_of_fields_is_looked_into() -> None:
    assert plugin_credit({"acf": {"rights": {"credit": "Jane Doe"}}}) == ("Jane Doe", "acf.rights.credit")


def test_groups_are_looked_into_so_deep_and_no_deeper() -> None:
    fields: dict[str, object] = {"credit": "Jane Doe"}
    for _ in range(MAX_LEVELS - 1):
        fields = {"group": fields}
    assert plugin_credit({"meta": fields})[0] == "Jane Doe"
    assert plugin_credit({"meta": {"group": fields}})[0] == ""


def test_fields_without_end_are_not_all_read() -> None:
    fields: dict[str, object] = {f"field {number}": "x" for number in range(MAX_FIELDS)}
    assert plugin_credit({"meta": {**fields, "credit": "Jane Doe"}}) == ("", "")
