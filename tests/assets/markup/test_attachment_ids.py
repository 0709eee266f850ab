"""Attachment ids: told in several ways, believed where they can be the site's own."""

from __future__ import annotations

import pytest

from assets.markup.attachment_ids import media_id

PAGE = "https://www.a.example/uk/2025/08/story/"
OWN = "https://a.example/wp-content/uploads/2025/08/k.jpg"


@pytest.mark.parametrize(
    ("attributes", "holder_id"),
    [
        ({"class": "alignnone wp-image-12 size-full"}, ""),
        ({"data-attachment-id": "12"}, ""),
        ({"data-id": "12", "class": None}, ""),
        ({}, "attachment_12"),
        ({"class": "attachment_12"}, ""),
        ({"class": "wp-image-12", "data-id": "99"}, ""),
    ],
)
def test_ids_are_told_in_several_ways(attributes: dict[str, str | None], holder_id: str) -> None:
    assert media_id(attributes, holder_id, [OWN], PAGE) == 12


@pytest.mark.parametrize(
    "value",
    [
        "wp-image-0",
        "wp-image-",
        "wp-image-x",
        "my-wp-image-12",
        "wp-image-" + "9" * 30,
        "attachment-thumbnail",
        "",
    ],
)
def test_what_is_no_id_is_none(value: str) -> None:
    assert media_id({"class": value}, "", [OWN], PAGE) is None


@pytest.mark.parametrize(
    "address",
    [
        OWN,
        "https://a.example/uk/wp-content/uploads/k.jpg",
        "http://a.example/wp-content/uploads/sites/3/k.jpg",
        "https://i0.wp.com/a.example/wp-content/uploads/k.jpg?w=300",
        "https://cdn.a.example/wp-content/uploads/k.jpg",
        "https://a.example/files/2011/03/k.jpg",
    ],
)
def test_an_upload_of_the_site_is_believed(address: str) -> None:
    assert media_id({"class": "wp-image-12"}, "", [address], PAGE) == 12


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://b.example/wp-content/uploads/k.jpg", PAGE),
        ("https://sub.a.example/wp-content/uploads/k.jpg", PAGE),
        ("https://i0.wp.com/b.example/wp-content/uploads/k.jpg", PAGE),
        ("https://a.example/us/wp-content/uploads/k.jpg", PAGE),
        ("https://a.example/images/k.jpg", PAGE),
        (OWN, ""),
    ],
)
def test_a_foreign_picture_has_no_id_here(address: str, page: str) -> None:
    assert media_id({"class": "wp-image-12"}, "", [address], page) is None


def test_the_files_of_a_blog_at_wordpress_com_are_its_own() -> None:
    addresses = ["https://harbour.files.wordpress.com/2013/10/k.jpg"]
    assert media_id({"data-attachment-id": "12"}, "", addresses, "https://harbour.wordpress.com/1/") == 12


@pytest.mark.parametrize(("digits", "known"), [(18, True), (19, False)])
def test_an_id_has_up_to_eighteen_digits(digits: int, known: bool) -> None:
    assert media_id({"data-id": "1" * digits}, "", [OWN], PAGE) == (int("1" * digits) if known else None)


@pytest.mark.parametrize("digits", ["١٢", "1²", "-1", "1.0", " 1"])
def test_an_id_is_written_in_plain_digits(digits: str) -> None:
    assert media_id({"data-id": digits}, "", [OWN], PAGE) is None


def test_one_address_among_the_site_s_uploads_is_enough() -> None:
    assert media_id({"data-id": "12"}, "", ["https://b.example/k.jpg", OWN], PAGE) == 12
