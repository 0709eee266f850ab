"""WordPress REST objects told apart, and their fields in whatever form they come."""

from __future__ import annotations

import pytest

from assets.model import Failure, Reason, Stage
from assets.parsing.dates import _wordpress_date, wordpress_time
from assets.posts.wordpress_rest import (
    ItemKind,
    api_root_of,
    error_failure,
    is_wordpress,
    kind_of,
    links,
    markup_of,
    media_record,
    reason_of_status,
    root_of_address,
    text_of,
)

ROOT = "https://a.example/wp-json/"


def linking(**relations: object) -> dict[str, object]:
    return {"_links": {name.replace("__", ":"): [{"href": href}] for name, href in relations.items()}}


@pytest.mark.parametrize(
    "item",
    [
        {"title": {"rendered": "Kim"}},
        {"content": {"rendered": "Kim"}},
        {"excerpt": "", "guid": {"rendered": "https://a.example/?p=7"}},
        {"title": "Kim", "date_gmt": "2025-08-23T04:41:03"},
        {"title": "Kim", "modified_gmt": "2025-08-23T04:41:03"},
        {"title": "Kim", "comment_status": "open"},
        {"title": "Kim", "_links": {}},
        {"content": "Kim", "_embedded": {}},
        {"featured_media": 7},
        {"featured_media": 7, "type": "post"},
        {"featured_media": 7, "type": "page"},
        {"featured_media": 7, "type": "recipe"},
        {"featured_media": 7, "type": ["post"]},
    ],
)
def test_what_has_parts_and_marks_of_a_post_is_one(item: object) -> None:
    assert kind_of(item) is ItemKind.POST


@pytest.mark.parametrize(
    "item",
    [
        {"title": "Kim", "content": "Kim"},
        {"guid": {"rendered": "https://a.example/?p=7"}, "_links": {}},
        {"featured_media": 7, "author_name": "Kim"},
        {"featured_media": 7, "avatar_urls": {}},
        {"featured_media": 7, "taxonomy": "category"},
        {"featured_media": 7, "subtype": "post"},
        {"featured_media": 7, "rest_base": "posts"},
        {},
        [],
        None,
        "post",
    ],
)
def test_what_lacks_them_or_has_marks_of_something_else_is_none(item: object) -> None:
    assert kind_of(item) is ItemKind.OTHER


@pytest.mark.parametrize(
    "kind",
    "comment custom_css customize_changeset nav_menu_item oembed_cache revision user_request wp_block wp_font_face "
    "wp_font_family wp_global_styles wp_navigation wp_template wp_template_part".split(),
)
def test_parts_of_the_machinery_are_no_posts(kind: str) -> None:
    assert kind_of({"featured_media": 7, "type": kind}) is ItemKind.OTHER


@pytest.mark.parametrize(
    "item",
    [
        {"type": "attachment"},
        {"media_type": "image", "source_url": ""},
        {"mime_type": "image/jpeg", "source_url": ""},
        {"media_details": {}, "source_url": ""},
        {"alt_text": "", "source_url": ""},
    ],
)
def test_what_has_marks_of_an_upload_is_a_media_item(item: object) -> None:
    assert kind_of(item) is ItemKind.MEDIA


@pytest.mark.parametrize("item", [{"source_url": ""}, {"media_type": "image"}, {"type": "image"}])
def test_half_the_marks_of_an_upload_make_no_media_item(item: object) -> None:
    assert kind_of(item) is ItemKind.OTHER


@pytest.mark.parametrize("item", [{"namespaces": [], "routes": {}}, {"namespaces": [], "name": "News"}])
def test_a_list_of_namespaces_makes_a_site_s_index(item: object) -> None:
    assert kind_of(item) is ItemKind.INDEX


@pytest.mark.parametrize(
    "item", [{"namespaces": []}, {"namespaces": "wp/v2", "name": "News"}, {"routes": {}}]
)
def test_half_an_index_is_none(item: object) -> None:
    assert kind_of(item) is ItemKind.OTHER


@pytest.mark.parametrize("data", [None, "", [], {}, {"status": 404}])
def test_a_code_a_message_and_a_status_make_an_error(data: object) -> None:
    assert kind_of({"code": "rest_no_route", "message": "No.", "data": data}) is ItemKind.ERROR


@pytest.mark.parametrize(
    "item",
    [
        {"code": "rest_no_route", "message": "No."},
        {"code": "rest_no_route", "message": "No.", "data": {"params": {}}},
        {"code": "rest_no_route", "message": "No.", "data": None, "id": 7},
        {"code": 404, "message": "No.", "data": None},
        {"code": "rest_no_route", "message": 404, "data": None},
        {"code": "rest_no_route", "data": None},
        {"message": "No.", "data": None},
    ],
)
def test_half_an_error_is_none(item: object) -> None:
    assert kind_of(item) is ItemKind.OTHER


@pytest.mark.parametrize(
    "item", [{"featured_media": 7}, {"_links": {}}, {"avatar_urls": {}}, {"taxonomy": ""}]
)
def test_posts_users_and_categories_are_from_wordpress(item: object) -> None:
    assert is_wordpress(item)


@pytest.mark.parametrize("item", [{"name": "Kim"}, {}, [], None, "_links"])
def test_other_json_is_not_from_wordpress(item: object) -> None:
    assert not is_wordpress(item)


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        ({"rendered": "<p>a</p>", "raw": "a"}, "<p>a</p>"),
        ({"raw": "a"}, "a"),
        ({"rendered": None, "raw": "a"}, ""),
        ("a", "a"),
        ([], ""),
        (False, ""),
        (None, ""),
    ],
)
def test_the_markup_of_a_field_is_read(value: object, markup: str) -> None:
    assert markup_of(value) == markup


def test_the_text_of_a_field_is_plain() -> None:
    assert text_of({"rendered": "<p>Kim&#8217;s</p>"}) == "Kim’s"


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({"date": "2024-11-07T10:36:54", "date_gmt": "2024-11-07T15:36:54"}, "2024-11-07T15:36:54Z"),
        ({"date": "2024-11-07T10:36:54"}, "2024-11-07T10:36:54"),
        ({"date": "2024-11-07T10:36:54", "date_gmt": "0000-00-00T00:00:00"}, "2024-11-07T10:36:54"),
        ({"modified": "2024-11-07T10:36:54"}, ""),
    ],
)
def test_a_moment_is_in_utc_where_that_is_known(item: dict[str, object], told: str) -> None:
    assert wordpress_time(item, "date") == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2013-06-07 03:00:44", "2013-06-07T03:00:44Z"),
        ("2013-06-07T03:00:44+09:00", "2013-06-07T03:00:44+09:00"),
        ("2013-06-07T03:00:44.000", "2013-06-07T03:00:44Z"),
        ("0000-01-01T00:00:00", ""),
        ("2013-00-07T03:00:44", ""),
        ("2013-06-00T03:00:44", ""),
        ("2013-06-07", ""),
        ("", ""),
        (20130607, ""),
        (None, ""),
    ],
)
def test_a_date_is_in_iso_8601(value: object, told: str) -> None:
    assert _wordpress_date(value, "Z") == told


def test_a_date_without_an_offset_may_stay_so() -> None:
    assert _wordpress_date("2013-06-07 03:00:44") == "2013-06-07T03:00:44"


def test_links_are_those_of_a_relation() -> None:
    item = {"_links": {"self": [{"href": "https://a.example/1"}, {"href": "https://a.example/2"}]}}
    assert links(item, "self") == ["https://a.example/1", "https://a.example/2"]


def test_links_of_the_first_relation_that_has_any_count() -> None:
    item = linking(about="https://a.example/2", author="https://a.example/3")
    assert links(item, "self", "about", "author") == ["https://a.example/2"]


def test_a_relation_with_links_that_are_none_has_none() -> None:
    item = {
        "_links": {
            "self": [{"href": 7}, {}, "x", {"href": "/relative"}],
            "about": [{"href": "https://a.example/2"}],
        }
    }
    assert links(item, "self", "about") == ["https://a.example/2"]


def test_links_that_are_none_are_left_out_beside_others() -> None:
    item = {"_links": {"self": [{"href": "/relative"}, {"href": "https://a.example/2"}]}}
    assert links(item, "self") == ["https://a.example/2"]


@pytest.mark.parametrize("item", [{}, {"_links": []}, {"_links": {"self": None}}])
def test_an_object_without_links_has_none(item: dict[str, object]) -> None:
    assert links(item, "self") == []


@pytest.mark.parametrize("relation", ["self", "collection", "about", "author", "wp__attachment"])
def test_an_object_tells_its_root_by_any_of_its_own_links(relation: str) -> None:
    assert api_root_of(linking(**{relation: f"{ROOT}wp/v2/posts/7"})) == ROOT


def test_a_link_that_tells_no_root_is_passed_over() -> None:
    assert api_root_of(linking(self="https://a.example/7/", about=f"{ROOT}wp/v2/types/post")) == ROOT


@pytest.mark.parametrize(
    "item", [{}, linking(self="https://a.example/7/"), linking(next=f"{ROOT}wp/v2/posts")]
)
def test_an_object_without_such_links_tells_no_root(item: dict[str, object]) -> None:
    assert api_root_of(item) == ""


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://a.example/wp-json/wp/v2/posts/7", ROOT),
        ("https://a.example/wp-json/", ROOT),
        ("https://a.example/uk/wp-json/acf/v3/posts", "https://a.example/uk/wp-json/"),
        ("https://a.example/api/wp/v2/posts?page=2", "https://a.example/api/"),
        ("https://a.example/?rest_route=/wp/v2/posts/7", "https://a.example/?rest_route=/"),
        (
            "https://a.example/index.php?lang=ko&rest_route=%2Fwp%2Fv2",
            "https://a.example/index.php?rest_route=/",
        ),
        (
            "https://public-api.wordpress.com/wp/v2/sites/123/posts",
            "https://public-api.wordpress.com/wp/v2/sites/123/",
        ),
        ("https://a.example/posts/7", ""),
        ("https://a.example/?next=/wp-json/", ""),
        ("", ""),
    ],
)
def test_the_root_is_what_a_record_lies_under(address: str, root: str) -> None:
    assert root_of_address(address) == root


@pytest.mark.parametrize(
    ("item", "record"),
    [
        (linking(self=f"{ROOT}wp/v2/posts/7"), f"{ROOT}wp/v2/media/8"),
        (
            linking(self="https://public-api.wordpress.com/wp/v2/sites/123/posts/7"),
            "https://public-api.wordpress.com/wp/v2/sites/123/media/8",
        ),
        ({"link": "https://a.example/2025/kim/"}, f"{ROOT}wp/v2/media/8"),
        (
            {"link": "https://a.example/uk/kim/", "guid": {"rendered": "https://a.example/uk/?p=7"}},
            "https://a.example/uk/wp-json/wp/v2/media/8",
        ),
        (
            {"link": "https://a.example/uk/kim/", "guid": "http://a.example/uk/?page_id=7"},
            "https://a.example/uk/wp-json/wp/v2/media/8",
        ),
        ({"link": "https://a.example/kim/", "guid": "https://old.example/uk/?p=7"}, f"{ROOT}wp/v2/media/8"),
        ({"link": "https://a.example/kim/", "guid": "https://a.example/uk/kim/"}, f"{ROOT}wp/v2/media/8"),
        ({"guid": "https://a.example/uk/?p=7"}, ""),
        ({}, ""),
    ],
)
def test_the_record_of_a_media_item_lies_under_the_site_s_root(item: dict[str, object], record: str) -> None:
    assert media_record(item, 8) == record


def test_an_error_tells_its_code_and_message() -> None:
    item = {"code": "rest_forbidden", "message": "Sorry, <b>no</b>.", "data": {"status": 403}}
    assert error_failure(item, "https://a.example/") == Failure(
        Stage.DISCOVER, Reason.FORBIDDEN, "https://a.example/", "rest_forbidden: Sorry, no."
    )


def test_an_error_s_own_status_goes_before_the_answer_s() -> None:
    assert error_failure({"data": {"status": 404}}, "", 500).reason is Reason.GONE


def test_an_error_without_a_status_has_the_answer_s() -> None:
    assert error_failure({"data": {"status": "404"}}, "", 500).reason is Reason.SERVER_ERROR


@pytest.mark.parametrize(
    ("item", "detail"),
    [
        ({"code": "x"}, "x"),
        ({"message": "No."}, "No."),
        ({}, "HTTP 500"),
        ({"code": None, "message": 1}, "HTTP 500"),
    ],
)
def test_an_error_tells_what_there_is(item: dict[str, object], detail: str) -> None:
    assert error_failure(item, "", 500).detail == detail


def test_an_error_without_anything_tells_nothing() -> None:
    assert error_failure({}, "").detail == ""


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.UNAUTHORIZED),
        (403, Reason.FORBIDDEN),
        (404, Reason.GONE),
        (410, Reason.GONE),
        (429, Reason.RATE_LIMITED),
        (400, Reason.CLIENT_ERROR),
        (499, Reason.CLIENT_ERROR),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (399, Reason.BAD_RESPONSE),
        (200, Reason.BAD_RESPONSE),
        (None, Reason.BAD_RESPONSE),
    ],
)
def test_a_status_has_its_reason(status: int | None, reason: Reason) -> None:
    assert reason_of_status(status) is reason
