"""Pictures in the structured fields of a post."""

from __future__ import annotations

from typing import Any

import pytest

from assets.markup import MAX_REFERENCES
from assets.model import ImageReference, Role
from assets.posts.custom_fields import MAX_LEVELS, MAX_VALUES, add_field_pictures, list_field_pictures

BASE = "https://news.example/uk/7/"
UPLOADS = "https://news.example/uk/wp-content/uploads/2025/08/"
RECORD = "https://news.example/uk/wp-json/wp/v2/media/"


def pictures(fields: object, **post: object) -> list[ImageReference]:
    return list(list_field_pictures({"acf": fields, **post}, BASE))


def names(fields: object, **post: object) -> list[str]:
    return [one.url.removeprefix(UPLOADS) for one in pictures(fields, **post)]


def array(name: str = "k.jpg", **more: object) -> dict[str, Any]:
    """A picture as ACF tells it."""
    return {
        "ID": 8,
        "id": 8,
        "title": "k",
        "filename": name,
        "url": UPLOADS + name,
        "link": "https://news.example/uk/k/",
        "alt": "Kim",
        "caption": "Kim at a table. Photo: Jane Doe",
        "description": "",
        "date": "2025-08-22 10:00:00",
        "mime_type": "image/jpeg",
        "type": "image",
        "icon": "https://news.example/uk/wp-includes/images/media/default.png",
        "width": 2000,
        "height": 1200,
        "sizes": {
            "thumbnail": f"{UPLOADS}k-150x150.jpg",
            "thumbnail-width": 150,
            "thumbnail-height": 150,
        },
        **more,
    }


def linking(*numbers: int) -> dict[str, object]:
    return {"_links": {"acf:attachment": [{"href": f"{RECORD}{number}"} for number in numbers]}}


def embedding(number: int, **more: object) -> dict[str, object]:
    item = {"id": number, "source_url": f"{UPLOADS}e.jpg", "mime_type": "image/jpeg", "alt_text": "E", **more}
    return {"_embedded": {"acf:attachment": [item]}}


def test_an_array_tells_a_picture_in_full() -> None:
    (found,) = pictures({"hero": array()})
    assert found == ImageReference(
        f"{UPLOADS}k.jpg",
        (f"{UPLOADS}k-150x150.jpg",),
        role=Role.CONTENT,
        alt="Kim",
        caption="Kim at a table. Photo: Jane Doe",
        caption_field="media caption",
        credit="Jane Doe",
        credit_field="caption",
        width=2000,
        height=1200,
        media_id=8,
        uploaded="2025-08-22T10:00:00Z",
    )


def test_an_array_may_carry_a_plugin_s_credit() -> None:
    (found,) = pictures({"hero": array(meta={"_media_credit": "John Doe"})})
    assert (found.credit, found.credit_field) == ("John Doe", "meta._media_credit")


def test_the_fields_of_meta_box_are_read_with_the_full_file() -> None:
    told = {"ID": 8, "full_url": f"{UPLOADS}k.jpg", "url": f"{UPLOADS}k-150x150.jpg", "width": 900}
    found = list(list_field_pictures({"meta_box": {"photos": {"8": told}}}, BASE))
    assert [one.url for one in found] == [f"{UPLOADS}k.jpg"]


def test_groups_repeaters_and_layouts_are_looked_through_in_order() -> None:
    fields = {
        "gallery": [array("1.jpg"), array("2.jpg")],
        "group": {"inner": {"photo": array("3.jpg")}},
        "rows": [{"acf_fc_layout": "photo", "photo": array("4.jpg"), "text": "Kim"}, {"photo": False}],
    }
    assert names(fields) == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]


@pytest.mark.parametrize("name", ["ID", "id", "alt", "caption", "width"])
def test_an_array_without_a_type_is_known_by_its_other_parts(name: str) -> None:
    told = {"url": "/uk/wp-content/uploads/2025/08/k.jpg", name: "900"}
    (found,) = pictures({"field": {**told, "alt": "Kim"}})
    assert (found.url, found.alt) == (f"{UPLOADS}k.jpg", "Kim")


@pytest.mark.parametrize(
    "value",
    [
        f"{UPLOADS}k.jpg",
        f" {UPLOADS}k.jpg\n",
        "/uk/wp-content/uploads/2025/08/k.jpg",
        f'<p>Kim</p><img src="{UPLOADS}k.jpg">',
        f'<div style="background-image:url({UPLOADS}k.jpg)"></div>',
    ],
)
def test_a_text_may_be_an_address_or_html(value: str) -> None:
    assert names({"field": value}) == ["k.jpg"]


@pytest.mark.parametrize(
    "value",
    [
        "Kim",
        "",
        "k.jpg",
        "https://news.example/story/",
        f"See {UPLOADS}k.jpg",
        f'<a href="{UPLOADS}k.jpg">Kim</a>',
        f"{UPLOADS}icon.svg",
        None,
        True,
        False,
        8,
        "8",
        1.5,
        [],
        {},
        {"url": ""},
        {"url": 8},
        {"title": "Kim", "url": f"{UPLOADS}k.jpg", "target": ""},
        {"ID": 9, "post_title": "Kim", "post_type": "post", "photo": f"{UPLOADS}k.jpg"},
        {"ID": 9, "display_name": "Kim", "user_avatar": f"{UPLOADS}k.jpg"},
        {"term_id": 9, "image": f"{UPLOADS}k.jpg"},
        array("k.pdf", mime_type="application/pdf", type="application"),
        array("k.mp4", mime_type="video/mp4", type="video"),
    ],
)
def test_other_values_are_no_pictures(value: object) -> None:
    assert names({"field": value}) == []


@pytest.mark.parametrize("fields", [None, False, [], "", 7])
def test_a_post_without_fields_has_none(fields: object) -> None:
    assert names(fields) == []


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("partner_logo", {"width": 200, "height": 100}),
        ("icon", {"width": 64, "height": 64}),
        ("author_photo", {"width": 96, "height": 96}),
    ],
)
def test_furniture_is_known_by_the_name_of_its_field(name: str, more: dict[str, object]) -> None:
    assert names({name: array(caption="", sizes={}, **more)}) == []
    assert names({"photo": array(caption="", sizes={}, **more)}) == ["k.jpg"]


# Ids


@pytest.mark.parametrize("value", [9, [9], {"0": 9}])
def test_an_id_that_the_post_links_is_a_media_item_to_be_looked_up(value: object) -> None:
    (found,) = pictures({"photo": value}, **linking(9))
    assert (found.url, found.media_id, found.resolved, found.role) == (f"{RECORD}9", 9, False, Role.CONTENT)


def test_an_id_that_is_embedded_is_told_in_full() -> None:
    (found,) = pictures({"photo": 9}, **linking(9), **embedding(9))
    assert (found.url, found.alt, found.resolved) == (f"{UPLOADS}e.jpg", "E", True)


def test_an_id_that_is_known_otherwise_is_told_in_full() -> None:
    known = {9: ImageReference(f"{UPLOADS}m.jpg", role=Role.FEATURED, media_id=9)}
    found = list(list_field_pictures({"acf": {"photo": "9"}}, BASE, known))
    assert found == [ImageReference(f"{UPLOADS}m.jpg", media_id=9)]


@pytest.mark.parametrize("name", ["file", "press_pdf", "documents", "download"])
def test_an_id_of_a_file_to_take_away_is_no_picture(name: str) -> None:
    assert names({name: 9}, **linking(9)) == []


@pytest.mark.parametrize("post", [{}, linking(7), {"_links": {"acf:post": [{"href": f"{RECORD}9"}]}}])
def test_other_numbers_are_no_ids(post: dict[str, object]) -> None:
    assert names({"photo": 9}, **post) == []


def test_an_embedded_item_that_is_no_picture_adds_none() -> None:
    assert names({"photo": 9}, **embedding(9, mime_type="application/pdf")) == []


# Beside the content


def test_the_references_of_a_post_have_room_for_so_many() -> None:
    content = tuple(ImageReference(f"{UPLOADS}{number}.jpg") for number in range(MAX_REFERENCES - 1))
    fields = [ImageReference(f"{UPLOADS}{name}.jpg") for name in ("a", "b", "b", "1")]
    found = add_field_pictures(content, fields)
    assert (len(found), found[-1].url, found[-1].position) == (
        MAX_REFERENCES,
        f"{UPLOADS}a.jpg",
        MAX_REFERENCES - 1,
    )


def test_an_unresolved_picture_is_the_one_of_its_id() -> None:
    content = (ImageReference(f"{UPLOADS}k.jpg", media_id=9),)
    record = ImageReference(f"{RECORD}9", media_id=9, resolved=False)
    assert add_field_pictures(content, [record]) == content


# Hostile input


def test_fields_nest_so_deep_and_no_deeper() -> None:
    fields: object = array()
    for _ in range(MAX_LEVELS - 1):
        fields = {"group": fields}
    assert names({"group": fields}) == ["k.jpg"]
    assert names({"group": {"group": fields}}) == []


def test_values_without_end_are_not_all_read() -> None:
    assert len(names({"rows": [f"{UPLOADS}{number}.jpg" for number in range(MAX_VALUES * 2)]})) < MAX_VALUES


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, [None], {"a": None}])
@pytest.mark.parametrize(
    "key", ["ID", "url", "alt", "caption", "date", "mime_type", "sizes", "width", "meta"]
)
def test_no_part_of_an_array_can_break_reading_it(key: str, odd: object) -> None:
    pictures({"hero": array(**{key: odd})})


# Drawings


@pytest.mark.parametrize(
    "value",
    [
        f"{UPLOADS}votes.svg",
        array("votes.svg", mime_type="image/svg+xml", width=0, height=0, sizes={}, caption=""),
        array("votes.svg", mime_type="image/svg+xml", width=1, height=1, sizes={}, caption=""),
        array("votes.svg", mime_type="image/svg+xml", width=640, height=360, sizes={}, caption=""),
    ],
)
def test_a_drawing_in_a_field_is_a_picture(value: object) -> None:
    assert names({"chart": value}) == ["votes.svg"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("icon", f"{UPLOADS}parcel.svg"),
        ("service_icon", f"{UPLOADS}parcel.svg"),
        ("logo", f"{UPLOADS}herald.svg"),
        ("picture", f"{UPLOADS}herald-logo.svg"),
        (
            "picture",
            array("parcel.svg", mime_type="image/svg+xml", width=64, height=64, sizes={}, caption=""),
        ),
    ],
)
def test_an_icon_or_a_logo_that_is_drawn_is_none(field: str, value: object) -> None:
    assert names({field: value}) == []
