"""WordPress REST objects: told apart, and read into references whatever form their fields come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from assets.model import Failure, ImageReference, PageKind, Reading, Reason, Role
from assets.posts.wordpress import attachment_page, media_error, read_post, with_featured
from assets.posts.wordpress_media import MediaItem, read_media
from assets.posts.wordpress_rest import ItemKind, api_root_of, kind_of

ROOT = "https://news.example/uk/wp-json/"
UPLOADS = "https://news.example/uk/wp-content/uploads/2025/08/"


def post(**fields: object) -> dict[str, Any]:
    return {
        "id": 7,
        "date": "2025-08-23T05:41:03",
        "date_gmt": "2025-08-23T04:41:03",
        "modified": "2025-08-24T05:00:00",
        "modified_gmt": "2025-08-24T04:00:00",
        "type": "post",
        "link": "https://news.example/uk/7/",
        "title": {"rendered": "Kim&#8217;s <b>visit</b>"},
        "content": {"rendered": "", "protected": False},
        "featured_media": 0,
        "_links": {"self": [{"href": f"{ROOT}wp/v2/posts/7"}]},
        **fields,
    }


def media(**fields: object) -> dict[str, Any]:
    return {
        "id": 8,
        "date_gmt": "2025-08-22T10:00:00",
        "link": "https://news.example/uk/7/kim/",
        "title": {"rendered": "kim"},
        "alt_text": "Kim at a table",
        "caption": {"rendered": "<p>Kim in Pyongyang</p>\n"},
        "media_type": "image",
        "mime_type": "image/jpeg",
        "post": 7,
        "source_url": f"{UPLOADS}kim-scaled.jpg",
        "media_details": {
            "width": 2560,
            "height": 1707,
            "file": "2025/08/kim-scaled.jpg",
            "original_image": "kim.jpg",
            "sizes": {
                "thumbnail": {"width": 150, "height": 150, "source_url": f"{UPLOADS}kim-150x150.jpg"},
                "large": {"width": "1024", "height": "683", "source_url": f"{UPLOADS}kim-1024x683.jpg"},
            },
            "image_meta": {"credit": "", "copyright": "", "caption": "", "title": ""},
        },
        "_links": {"self": [{"href": f"{ROOT}wp/v2/media/8"}]},
        **fields,
    }


def embedding(entry: object, relation: str = "wp:featuredmedia", **fields: object) -> dict[str, Any]:
    link = {"embeddable": True, "href": f"{ROOT}wp/v2/media/8"}
    links = {"self": [{"href": f"{ROOT}wp/v2/posts/7"}], relation: [link]}
    return post(**{"featured_media": 8, "_links": links, "_embedded": {relation: [entry]}, **fields})


def item_of(**fields: object) -> MediaItem:
    found = read_media(media(**fields))
    assert isinstance(found, MediaItem)
    return found


def reference_of(**fields: object) -> ImageReference:
    return item_of(**fields).reference


def with_meta(**meta: str) -> dict[str, Any]:
    return {**media()["media_details"], "image_meta": meta}


def featured_of(item: Mapping[str, Any]) -> ImageReference:
    reading = read_post(item, "post.json")
    assert [one.role for one in reading.references][:1] == [Role.FEATURED]
    return reading.references[0]


# What an object is


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (post(), ItemKind.POST),
        (post(type="page"), ItemKind.POST),
        (post(type="partner"), ItemKind.POST),
        ({"title": {"rendered": "Lorem"}, "content": {"rendered": ""}, "date_gmt": "2022"}, ItemKind.POST),
        ({"id": 1, "title": "Lorem", "content": "<p>", "featured_media": 3}, ItemKind.POST),
        (media(), ItemKind.MEDIA),
        ({"type": "attachment", "id": 1}, ItemKind.MEDIA),
        ({"id": 1, "source_url": "https://a.example/b.jpg", "alt_text": ""}, ItemKind.MEDIA),
        ({"name": "News", "namespaces": ["wp/v2"], "routes": {}}, ItemKind.INDEX),
        ({"code": "rest_no_route", "message": "No route.", "data": {"status": 404}}, ItemKind.ERROR),
        ({"code": "rest_no_route", "message": "No route.", "data": None}, ItemKind.ERROR),
        ({"id": 1, "name": "A", "avatar_urls": {}, "_links": {}}, ItemKind.OTHER),
        ({"id": 1, "type": "comment", "content": {"rendered": ""}, "author_name": "A"}, ItemKind.OTHER),
        ({"id": 1, "type": "nav_menu_item", "title": {"rendered": "Home"}}, ItemKind.OTHER),
        ({"id": 1, "title": "No WordPress at all"}, ItemKind.OTHER),
        ({"code": "ok", "message": "done", "data": [1]}, ItemKind.OTHER),
        ([], ItemKind.OTHER),
        (None, ItemKind.OTHER),
    ],
)
def test_an_object_is_known_by_its_fields(item: object, kind: ItemKind) -> None:
    assert kind_of(item) is kind


@pytest.mark.parametrize(
    ("href", "root"),
    [
        ("https://a.example/wp-json/wp/v2/posts/7", "https://a.example/wp-json/"),
        ("https://a.example/uk/wp-json/wp/v2/posts/7", "https://a.example/uk/wp-json/"),
        ("https://a.example/index.php/wp-json/wp/v2/posts/7", "https://a.example/index.php/wp-json/"),
        ("https://a.example/?rest_route=/wp/v2/posts/7", "https://a.example/?rest_route=/"),
        ("https://a.example/?rest_route=%2Fwp%2Fv2%2Fposts%2F7", "https://a.example/?rest_route=/"),
        ("https://a.example/api/wp/v2/posts/7", "https://a.example/api/"),
        ("https://a.example/wp-json/shop/v1/items/7", "https://a.example/wp-json/"),
        ("https://api.example/wp/v2/sites/12/posts/7", "https://api.example/wp/v2/sites/12/"),
        ("https://a.example/story/", ""),
    ],
)
def test_the_api_root_is_told_by_the_objects_own_link(href: str, root: str) -> None:
    assert api_root_of({"_links": {"self": [{"href": href}]}}) == root


@pytest.mark.parametrize("links", [[], {}, None, {"self": []}, {"self": [{}]}, {"self": [{"href": 7}]}])
def test_links_that_tell_nothing_give_no_root(links: object) -> None:
    assert api_root_of({"_links": links}) == ""


# The page


def test_a_post_gives_its_page() -> None:
    page = read_post(post(), "post.json").page
    assert (page.source, page.url, page.site) == ("post.json", "https://news.example/uk/7/", "news.example")
    assert (page.kind, page.title, page.post_id) == (PageKind.POST, "Kim’s visit", 7)
    assert page.api_root == ROOT
    assert (page.published, page.modified) == ("2025-08-23T04:41:03Z", "2025-08-24T04:00:00Z")


@pytest.mark.parametrize(
    "title", ["Kim", {"rendered": "Kim"}, {"raw": "Kim"}, {"rendered": "Kim", "raw": "x"}]
)
def test_a_title_comes_in_many_forms(title: object) -> None:
    assert read_post(post(title=title), "").page.title == "Kim"


@pytest.mark.parametrize("gmt", ["0000-00-00T00:00:00", "", None, False, "soon"])
def test_without_a_sane_utc_date_the_sites_own_clock_stands_without_offset(gmt: object) -> None:
    assert read_post(post(date_gmt=gmt), "").page.published == "2025-08-23T05:41:03"


@pytest.mark.parametrize("number", [2**63, -1, 0, True, "seven", 1.5, None, [], {}])
def test_an_id_that_cannot_be_one_is_none(number: object) -> None:
    assert read_post(post(id=number), "").page.post_id is None


def test_a_post_that_has_almost_nothing_is_still_a_page() -> None:
    reading = read_post({"content": {"rendered": '<img src="https://a.example/b.jpg">'}}, "x.json")
    assert reading.page.url == ""
    assert [one.url for one in reading.references] == ["https://a.example/b.jpg"]


@pytest.mark.parametrize("empty", [[], {}, None, "", 0])
def test_an_empty_map_in_any_form_is_no_trouble(empty: object) -> None:
    item = embedding(media(media_details=empty, _links=empty), meta=empty, excerpt=empty)
    assert featured_of(item).url == f"{UPLOADS}kim-scaled.jpg"
    item = post(_links=empty, _embedded=empty, content=empty, title=empty, guid=empty, class_list=empty)
    assert read_post(item, "").references == ()


def test_a_class_list_may_be_a_map() -> None:
    assert kind_of(post(class_list={"0": "post", "5": "hentry"})) is ItemKind.POST


def test_a_protected_post_says_so() -> None:
    reading = read_post(post(content={"rendered": "", "protected": True}), "post.json")
    assert [one.reason for one in reading.failures] == [Reason.PROTECTED]
    assert reading.failures[0].address == "https://news.example/uk/7/"


def test_relative_pictures_are_resolved_against_the_posts_link() -> None:
    reading = read_post(post(content={"rendered": '<p><img src="../files/a.jpg" alt="A"></p>'}), "")
    assert [one.url for one in reading.references] == ["https://news.example/uk/files/a.jpg"]


# Featured media


@pytest.mark.parametrize("relation", ["wp:featuredmedia", "https://api.w.org/featuredmedia"])
def test_embedded_media_is_the_featured_picture(relation: str) -> None:
    found = featured_of(embedding(media(), relation))
    assert found.url == f"{UPLOADS}kim-scaled.jpg"
    assert (found.width, found.height, found.media_id, found.position) == (2560, 1707, 8, 0)
    assert (found.alt, found.caption, found.uploaded) == (
        "Kim at a table",
        "Kim in Pyongyang",
        "2025-08-22T10:00:00Z",
    )
    assert found.variants == (f"{UPLOADS}kim-1024x683.jpg", f"{UPLOADS}kim-150x150.jpg")
    assert found.uploads == (f"{UPLOADS}kim.jpg",)


@pytest.mark.parametrize("none", [0, "0", False])
def test_zero_is_no_featured_picture(none: object) -> None:
    item = post(featured_media=none, yoast_head_json={"og_image": [{"url": f"{UPLOADS}share.jpg"}]})
    assert read_post(item, "").references == ()


def test_featured_media_that_is_not_embedded_stays_unresolved() -> None:
    found = featured_of(embedding(None, _embedded=[]))
    assert (found.url, found.resolved, found.media_id) == (f"{ROOT}wp/v2/media/8", False, 8)
    assert found.diagnosis is None


def test_a_link_tells_of_a_featured_picture_without_the_key() -> None:
    item = embedding(None, _embedded={})
    del item["featured_media"]
    found = featured_of(item)
    assert (found.url, found.resolved, found.media_id) == (f"{ROOT}wp/v2/media/8", False, None)


@pytest.mark.parametrize(
    ("fields", "record"),
    [
        ({}, f"{ROOT}wp/v2/media/8"),
        ({"_links": []}, "https://news.example/wp-json/wp/v2/media/8"),
        (
            {"_links": [], "guid": {"rendered": "http://news.example/uk/?p=7"}},
            "https://news.example/uk/wp-json/wp/v2/media/8",
        ),
        (
            {"_links": [], "guid": {"rendered": "https://demo.example/?p=7"}},
            "https://news.example/wp-json/wp/v2/media/8",
        ),
    ],
)
def test_the_record_of_featured_media_is_found_without_its_link(fields: dict[str, Any], record: str) -> None:
    assert featured_of(post(featured_media="8", **fields)).url == record


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**70])
def test_an_id_beyond_what_wordpress_counts_is_no_media_item(number: int) -> None:
    found = featured_of(embedding(None, _embedded={}, featured_media=number))
    assert (found.url, found.media_id, found.resolved) == (f"{ROOT}wp/v2/media/8", None, False)
    assert found.diagnosis is not None
    assert found.diagnosis.reason is Reason.GONE


@pytest.mark.parametrize(
    ("status", "reason"),
    [(401, Reason.UNAUTHORIZED), (403, Reason.FORBIDDEN), (404, Reason.GONE), (410, Reason.GONE)],
)
def test_an_embedded_error_is_kept_as_the_diagnosis(status: int, reason: Reason) -> None:
    error = {"code": "rest_forbidden", "message": "Sorry.", "data": {"status": status}}
    found = featured_of(embedding(error))
    assert (found.resolved, found.url) == (False, f"{ROOT}wp/v2/media/8")
    assert found.diagnosis is not None
    assert (found.diagnosis.reason, found.diagnosis.detail) == (reason, "rest_forbidden: Sorry.")


def test_a_plugins_address_serves_where_the_embedded_media_is_an_error() -> None:
    error = {"code": "rest_forbidden", "message": "Sorry.", "data": {"status": 403}}
    found = featured_of(embedding(error, jetpack_featured_media_url=f"{UPLOADS}kim.jpg"))
    assert (found.url, found.resolved, found.media_id) == (f"{UPLOADS}kim.jpg", True, 8)
    assert found.diagnosis is not None
    assert found.diagnosis.reason is Reason.FORBIDDEN


@pytest.mark.parametrize("entry", [None, {"name": "News", "namespaces": [], "routes": {}}])
def test_a_link_to_the_bare_api_root_says_that_the_media_was_deleted(entry: object) -> None:
    links = {"self": [{"href": f"{ROOT}wp/v2/posts/7"}], "wp:featuredmedia": [{"href": ROOT}]}
    found = featured_of(embedding(entry, _links=links))
    assert (found.url, found.resolved) == (f"{ROOT}wp/v2/media/8", False)
    assert found.diagnosis is not None
    assert found.diagnosis.reason is Reason.GONE


def test_featured_media_that_is_no_picture_is_a_failure() -> None:
    film = media(media_type="file", mime_type="video/mp4", source_url=f"{UPLOADS}kim.mp4")
    reading = read_post(embedding(film), "")
    assert reading.references == ()
    assert [one.reason for one in reading.failures] == [Reason.NO_PICTURE]


@pytest.mark.parametrize(
    ("field", "value", "size"),
    [
        ("jetpack_featured_media_url", f"{UPLOADS}k.jpg", (None, None)),
        ("featured_image_src", f"{UPLOADS}k.jpg", (None, None)),
        (
            "better_featured_image",
            {"id": 8, "source_url": f"{UPLOADS}k.jpg", "media_details": {"width": 9, "height": 6}},
            (9, 6),
        ),
        (
            "uagb_featured_image_src",
            {
                "thumbnail": [f"{UPLOADS}k-150x150.jpg", 150, 150],
                "full": [f"{UPLOADS}k.jpg", 900, 600, False],
            },
            (900, 600),
        ),
        (
            "yoast_head_json",
            {"og_image": [{"url": f"{UPLOADS}k.jpg", "width": 900, "height": 600}]},
            (900, 600),
        ),
    ],
)
def test_plugins_tell_the_featured_picture(
    field: str, value: object, size: tuple[int | None, int | None]
) -> None:
    found = featured_of(post(featured_media=8, **{field: value}))
    assert (found.url, found.resolved, found.media_id) == (f"{UPLOADS}k.jpg", True, 8)
    assert (found.width, found.height) == size


@pytest.mark.parametrize(
    "value", [None, "", False, [], {}, 7, "javascript:alert(1)", [None], {"full": [None]}]
)
@pytest.mark.parametrize(
    "field", ["jetpack_featured_media_url", "uagb_featured_image_src", "better_featured_image"]
)
def test_a_plugins_field_that_tells_nothing_is_passed_over(field: str, value: object) -> None:
    assert featured_of(post(featured_media=8, **{field: value})).resolved is False


def test_media_met_elsewhere_resolves_the_featured_picture() -> None:
    found = read_post(post(featured_media=8), "", {(ROOT, 8): item_of()}).references[0]
    assert (found.url, found.role, found.resolved) == (f"{UPLOADS}kim-scaled.jpg", Role.FEATURED, True)


def test_the_same_id_of_another_site_resolves_nothing() -> None:
    other = {("https://other.example/wp-json/", 8): item_of()}
    assert read_post(post(featured_media=8), "", other).references[0].resolved is False


def test_an_unresolved_picture_is_told_in_full_by_its_media_item() -> None:
    unresolved = featured_of(embedding(None, _embedded={}))
    found = with_featured(unresolved, item_of())
    assert (found.role, found.resolved, found.url) == (Role.FEATURED, True, f"{UPLOADS}kim-scaled.jpg")


def test_a_featured_picture_that_stands_in_the_content_too_is_one_reference() -> None:
    html = (
        f'<p>Text</p><img src="{UPLOADS}kim-1024x683.jpg" class="wp-image-8" alt="Other words" width="600">'
    )
    found = read_post(embedding(media(alt_text=""), content={"rendered": html}), "").references
    assert [(one.role, one.url) for one in found] == [(Role.FEATURED, f"{UPLOADS}kim-scaled.jpg")]
    assert (found[0].alt, found[0].width) == ("Other words", 2560)


def test_positions_count_from_the_featured_picture() -> None:
    html = '<img src="https://a.example/1.jpg"><img src="https://a.example/2.jpg">'
    found = read_post(embedding(media(), content={"rendered": html}), "").references
    assert [(one.position, one.role.value) for one in found] == [
        (0, "featured"),
        (1, "content"),
        (2, "content"),
    ]


# Structured fields


def field(name: str, **more: object) -> dict[str, Any]:
    return {"ID": 9, "url": UPLOADS + name, "mime_type": "image/jpeg", "alt": "In a field", **more}


def test_pictures_of_fields_come_behind_those_of_the_content() -> None:
    html = {"rendered": f'<img src="{UPLOADS}a.jpg">'}
    reading = read_post(post(content=html, acf={"photos": [field("b.jpg"), field("c.jpg", ID=10)]}), "")
    assert [(one.url.removeprefix(UPLOADS), one.position) for one in reading.references] == [
        ("a.jpg", 0),
        ("b.jpg", 1),
        ("c.jpg", 2),
    ]


@pytest.mark.parametrize("name", ["a.jpg", "a-300x200.jpg"])
def test_a_picture_of_a_field_that_stands_in_the_content_is_one_reference(name: str) -> None:
    html = {"rendered": f'<img src="{UPLOADS}a-1024x683.jpg">'}
    (found,) = read_post(post(content=html, acf={"photo": field(name)}), "").references
    assert (found.alt, found.media_id) == ("In a field", 9)


def test_a_field_told_twice_is_one_reference() -> None:
    assert len(read_post(post(acf={"a": field("b.jpg"), "b": field("b.jpg")}), "").references) == 1


def test_a_featured_picture_in_a_field_is_one_reference() -> None:
    item = embedding(media(), acf={"hero": field("kim.jpg", ID=8)})
    assert [one.role for one in read_post(item, "").references] == [Role.FEATURED]


# Media items


def test_a_media_item_knows_its_site_its_post_and_its_title() -> None:
    found = item_of()
    assert (found.api_root, found.media_id, found.post_id, found.title) == (ROOT, 8, 7, "kim")
    assert found.link == "https://news.example/uk/7/kim/"


@pytest.mark.parametrize(
    "fields",
    [
        {"media_type": "file", "mime_type": "application/pdf"},
        {"media_type": "image", "mime_type": "video/mp4"},
        {"media_type": "file", "mime_type": ""},
        {"media_type": None, "mime_type": None, "source_url": f"{UPLOADS}a.mp3"},
    ],
)
def test_a_media_item_that_is_no_picture_says_what_it_is(fields: dict[str, Any]) -> None:
    found = read_media(media(**fields))
    assert isinstance(found, Failure)
    assert (found.reason, found.address) == (Reason.NO_PICTURE, f"{ROOT}wp/v2/media/8")


@pytest.mark.parametrize("name", ["a.jpg", "a.WEBP", "photo-160127?w=12"])
def test_without_types_a_media_item_is_judged_by_its_name(name: str) -> None:
    assert reference_of(media_type=None, mime_type=None, source_url=UPLOADS + name).url == UPLOADS + name


def test_a_size_that_is_larger_than_the_source_is_the_best_address() -> None:
    details = {
        "width": 300,
        "height": 200,
        "sizes": {"full": {"width": 900, "height": 600, "source_url": f"{UPLOADS}k.jpg"}},
    }
    found = reference_of(source_url=f"{UPLOADS}k-300x200.jpg", media_details=details)
    assert (found.url, found.width, found.variants) == (f"{UPLOADS}k.jpg", 900, (f"{UPLOADS}k-300x200.jpg",))


def test_without_a_source_the_largest_size_serves() -> None:
    assert reference_of(source_url="", guid=None).url == f"{UPLOADS}kim-1024x683.jpg"


def test_a_media_item_without_any_address_is_a_failure() -> None:
    found = read_media(media(source_url=None, guid={}, media_details=[]))
    assert isinstance(found, Failure)
    assert found.reason is Reason.NO_PICTURE


def test_the_picture_an_edited_one_was_made_from_is_an_upload() -> None:
    details = {
        "file": "2025/08/kim-edited-1.jpg",
        "parent_image": {"attachment_id": 3, "file": "2025/07/kim.jpg"},
    }
    found = reference_of(source_url=f"{UPLOADS}kim-edited-1.jpg", media_details=details)
    assert found.uploads == ("https://news.example/uk/wp-content/uploads/2025/07/kim.jpg",)


def test_an_upload_named_with_odd_characters_is_found_beside_the_picture() -> None:
    details = {**media()["media_details"], "original_image": "día #1?.jpg"}
    assert reference_of(media_details=details).uploads[0] == f"{UPLOADS}d%C3%ADa%20%231%3F.jpg"


@pytest.mark.parametrize(
    ("meta", "caption", "credit", "field"),
    [
        ({"credit": "KCNA", "copyright": "(c) 2025"}, "Kim (Photo: AFP)", "KCNA", "image_meta.credit"),
        ({"credit": "", "copyright": "Reuters"}, "Kim", "Reuters", "image_meta.copyright"),
        ({"credit": ""}, "Kim", "", ""),
    ],
)
def test_the_files_own_credit_goes_before_the_captions(
    meta: dict[str, str], caption: str, credit: str, field: str
) -> None:
    found = reference_of(media_details=with_meta(**meta), caption={"rendered": caption})
    assert (found.credit, found.credit_field, found.caption) == (credit, field, caption)


def test_a_known_form_in_the_caption_gives_the_credit() -> None:
    found = reference_of(caption={"rendered": "<p>Kim in Pyongyang (Photo: Jane Doe)</p>"})
    assert (found.credit, found.credit_field) == ("Jane Doe", "caption")
    assert found.caption == "Kim in Pyongyang (Photo: Jane Doe)"


@pytest.mark.parametrize(
    ("fields", "caption"),
    [
        ({"caption": "Plain"}, "Plain"),
        ({"caption": {"rendered": ""}, "description": {"rendered": "<p>Long words</p>"}}, "Long words"),
        ({"caption": [], "description": {"rendered": '<p class="attachment"><a>k</a></p>\n'}}, ""),
        ({"caption": "", "media_details": with_meta(caption="Inside", title="T")}, "Inside"),
        ({"caption": "", "media_details": with_meta(caption="", title="A short one")}, "A short one"),
        ({"caption": "", "media_details": with_meta(caption="OLYMPUS DIGITAL CAMERA")}, ""),
        ({"caption": "Told", "media_details": with_meta(caption="Inside")}, "Told"),
    ],
)
def test_a_caption_is_looked_for_where_wordpress_puts_it(fields: dict[str, Any], caption: str) -> None:
    assert reference_of(**fields).caption == caption


def test_a_media_item_on_its_own_is_an_attachment_page() -> None:
    reading = attachment_page(item_of(), "media.json")
    page = reading.page
    assert (page.kind, page.source, page.url) == (
        PageKind.ATTACHMENT,
        "media.json",
        "https://news.example/uk/7/kim/",
    )
    assert (page.title, page.post_id, page.api_root, page.site) == ("kim", 8, ROOT, "news.example")
    assert [(one.role, one.url) for one in reading.references] == [(Role.CONTENT, f"{UPLOADS}kim-scaled.jpg")]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, {}, Reason.UNAUTHORIZED),
        (403, None, Reason.FORBIDDEN),
        (
            404,
            {"code": "rest_post_invalid_id", "message": "Invalid post ID.", "data": {"status": 404}},
            Reason.GONE,
        ),
        (500, "oops", Reason.SERVER_ERROR),
        (400, [], Reason.CLIENT_ERROR),
        (429, {}, Reason.RATE_LIMITED),
    ],
)
def test_the_status_says_why_a_media_item_did_not_come(status: int, body: object, reason: Reason) -> None:
    failure = media_error(status, body, "https://a.example/wp-json/wp/v2/media/8")
    assert (failure.reason, failure.address) == (reason, "https://a.example/wp-json/wp/v2/media/8")
    assert failure.detail


# Hostile input

ODD: list[object] = [
    None,
    True,
    0,
    -1,
    2**70,
    1e308,
    "",
    "x",
    "\x00\ufffd",
    [],
    [[]],
    {},
    {"rendered": 7},
    {"href": []},
]
KEYS = [
    "id",
    "link",
    "title",
    "content",
    "featured_media",
    "_links",
    "_embedded",
    "date",
    "date_gmt",
    "guid",
    "type",
]
MEDIA_KEYS = [
    "id",
    "link",
    "title",
    "caption",
    "alt_text",
    "source_url",
    "media_details",
    "mime_type",
    "_links",
    "post",
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_field_of_a_post_can_break_reading_it(odd: object) -> None:
    for key in KEYS:
        assert isinstance(read_post(embedding(media(), **{key: odd}), "x"), Reading), key


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_field_of_a_media_item_can_break_reading_it(odd: object) -> None:
    for key in MEDIA_KEYS:
        assert isinstance(read_media(media(**{key: odd})), MediaItem | Failure), key
    for key in ("width", "height", "file", "sizes", "image_meta", "original_image", "parent_image"):
        details = {**media()["media_details"], key: odd}
        assert isinstance(read_media(media(media_details=details)), MediaItem), key


def test_of_several_embedded_objects_the_first_counts() -> None:
    item = embedding(media())
    item["_embedded"]["wp:featuredmedia"].append(media(source_url=f"{UPLOADS}other.jpg"))
    assert featured_of(item).url == f"{UPLOADS}kim-scaled.jpg"


def test_an_embedded_item_of_another_id_is_not_the_featured_picture() -> None:
    found = featured_of(embedding(media(id=9)))
    assert (found.url, found.media_id, found.resolved) == (f"{ROOT}wp/v2/media/8", 8, False)


def test_of_several_embedded_items_the_featured_one_is_taken() -> None:
    item = embedding(media(id=9, source_url=f"{UPLOADS}other.jpg"))
    item["_embedded"]["https://api.w.org/featuredmedia"] = [media()]
    assert featured_of(item).url == f"{UPLOADS}kim-scaled.jpg"


def test_an_id_may_be_embedded_as_a_text() -> None:
    assert featured_of(embedding(media(id="8"), featured_media="8")).media_id == 8


def test_an_embedded_error_stands_for_the_item_beside_another() -> None:
    error = {"code": "rest_forbidden", "message": "No.", "data": {"status": 403}}
    item = embedding(media(id=9))
    item["_embedded"]["wp:featuredmedia"].append(error)
    found = featured_of(item)
    assert found.diagnosis is not None
    assert (found.resolved, found.diagnosis.reason) == (False, Reason.FORBIDDEN)


def test_without_the_key_the_link_tells_which_item_is_featured() -> None:
    item = embedding(media(id=9))
    del item["featured_media"]
    assert featured_of(item).url == f"{ROOT}wp/v2/media/8"


def test_without_key_and_link_the_embedded_item_is_featured() -> None:
    item = post(_embedded={"wp:featuredmedia": [media()]})
    del item["featured_media"]
    assert featured_of(item).media_id == 8


def test_a_failure_of_an_embedded_object_has_its_own_address() -> None:
    film = media(
        media_type="file", mime_type="video/mp4", _links={"self": [{"href": "https://b.example/film"}]}
    )
    assert [one.address for one in read_post(embedding(film), "").failures] == ["https://b.example/film"]


def test_a_failure_of_an_embedded_object_without_an_address_has_the_record_s() -> None:
    reading = read_post(embedding({"type": "attachment", "mime_type": "video/mp4"}), "")
    assert [one.address for one in reading.failures] == [f"{ROOT}wp/v2/media/8"]


def test_the_linked_record_goes_before_the_one_that_the_root_tells() -> None:
    links = {
        "self": [{"href": f"{ROOT}wp/v2/posts/7"}],
        "wp:featuredmedia": [{"href": "https://b.example/media/8"}],
    }
    assert featured_of(post(featured_media=8, _links=links)).url == "https://b.example/media/8"


def test_a_linked_record_of_another_id_is_another_picture_s() -> None:
    links = {
        "self": [{"href": f"{ROOT}wp/v2/posts/7"}],
        "wp:featuredmedia": [{"href": f"{ROOT}wp/v2/media/9"}],
    }
    assert featured_of(post(featured_media=8, _links=links)).url == f"{ROOT}wp/v2/media/8"


def test_the_first_link_tells_that_the_media_was_deleted() -> None:
    links = {
        "self": [{"href": f"{ROOT}wp/v2/posts/7"}],
        "wp:featuredmedia": [{"href": ROOT}, {"href": "https://b.example/"}],
    }
    found = featured_of(post(featured_media=8, _links=links))
    assert found.diagnosis is not None
    assert found.diagnosis.reason is Reason.GONE


def test_a_link_to_something_else_tells_nothing() -> None:
    links = {"self": [{"href": f"{ROOT}wp/v2/posts/7"}], "wp:featuredmedia": [{"href": f"{ROOT}wp/v2/x/8"}]}
    assert featured_of(post(featured_media=8, _links=links)).diagnosis is None


def test_media_met_elsewhere_go_before_what_plugins_tell() -> None:
    item = post(featured_media=8, jetpack_featured_media_url=f"{UPLOADS}b.jpg")
    assert read_post(item, "", {(ROOT, 8): item_of()}).references[0].url == f"{UPLOADS}kim-scaled.jpg"


def test_an_embedded_item_without_an_id_has_the_post_s() -> None:
    assert featured_of(embedding(media(id=None))).media_id == 8


def test_a_protected_post_that_shows_its_content_is_none() -> None:
    item = post(content={"rendered": "<p>Kim</p>", "protected": True})
    assert read_post(item, "").failures == ()


def test_a_protected_post_without_an_address_is_told_by_its_source() -> None:
    item = post(link="", content={"rendered": "", "protected": True})
    assert [one.address for one in read_post(item, "posts.json").failures] == ["posts.json"]


def test_a_page_is_a_page() -> None:
    assert read_post(post(type="page"), "").page.kind is PageKind.PAGE


def test_a_page_without_an_address_is_of_its_root_s_site() -> None:
    assert read_post(post(link=""), "").page.site == "news.example"


@pytest.mark.parametrize(
    ("found", "site"),
    [
        ({"link": ""}, "news.example"),
        ({"link": "", "_links": {}, "source_url": "https://b.example/k.jpg"}, "b.example"),
        ({"link": "https://c.example/k/"}, "c.example"),
    ],
)
def test_an_attachment_s_page_is_of_its_link_s_its_root_s_or_its_file_s_site(
    found: dict[str, Any], site: str
) -> None:
    assert attachment_page(item_of(**found), "").page.site == site


def test_a_featured_picture_keeps_its_place_and_its_id() -> None:
    reference = ImageReference("https://a.example/", role=Role.FEATURED, position=3, media_id=7)
    found = with_featured(reference, item_of(id=None))
    assert (found.role, found.position, found.media_id) == (Role.FEATURED, 3, 7)


def test_the_picture_of_an_attachment_s_page_is_its_first() -> None:
    (found,) = attachment_page(item_of(), "").references
    assert (found.role, found.position) == (Role.CONTENT, 0)


def test_the_first_upload_of_a_site_can_be_featured() -> None:
    assert featured_of(post(featured_media=1)).media_id == 1


def test_positions_count_from_an_unresolved_featured_picture() -> None:
    html = '<img src="https://a.example/1.jpg"><img src="https://a.example/2.jpg">'
    found = read_post(post(featured_media=8, content={"rendered": html}), "").references
    assert [(one.position, one.resolved) for one in found] == [(0, False), (1, True), (2, True)]
