"""WordPress media items: an upload with its sizes, its texts and where they stood."""

from __future__ import annotations

import pytest

from assets.model import Failure, ImageReference, Reason, Role, Stage
from assets.posts.wordpress_media import MediaItem, caption_of, credit_of, is_picture, read_media

UPLOADS = "https://a.example/wp-content/uploads/2025/08/"
SELF = "https://a.example/wp-json/wp/v2/media/8"


def size(name: str, width: object = None, height: object = None) -> dict[str, object]:
    return {"source_url": f"{UPLOADS}{name}", "width": width, "height": height}


def read(name: str = "k.jpg", **fields: object) -> ImageReference:
    """The picture of an upload of that name."""
    found = read_media({"source_url": f"{UPLOADS}{name}", **fields})
    assert isinstance(found, MediaItem)
    return found.reference


def details(width: object = 1000, height: object = 800, /, **fields: object) -> dict[str, object]:
    return {"width": width, "height": height, **fields}


def short(addresses: tuple[str, ...]) -> list[str]:
    return [one.removeprefix(UPLOADS) for one in addresses]


def test_an_upload_is_a_picture_with_an_address() -> None:
    assert read() == ImageReference(f"{UPLOADS}k.jpg", role=Role.CONTENT)


def test_an_item_tells_its_root_its_id_its_link_its_post_and_its_title() -> None:
    item = {
        "id": "8",
        "link": "https://a.example/kim/k/",
        "post": 7,
        "source_url": f"{UPLOADS}k.jpg",
        "title": {"rendered": "Kim&#8217;s"},
        "_links": {"self": [{"href": SELF}]},
    }
    found = read_media(item)
    assert isinstance(found, MediaItem)
    told = (found.api_root, found.media_id, found.link, found.post_id, found.title)
    assert told == ("https://a.example/wp-json/", 8, "https://a.example/kim/k/", 7, "Kim’s")


def test_an_upload_without_an_address_of_its_own_has_that_of_its_guid() -> None:
    found = read_media({"guid": {"rendered": f"{UPLOADS}k.jpg"}})
    assert isinstance(found, MediaItem)
    assert found.reference.url == f"{UPLOADS}k.jpg"


def test_its_own_address_goes_before_its_guid() -> None:
    assert read("k.jpg", guid=f"{UPLOADS}old.jpg").url == f"{UPLOADS}k.jpg"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"mime_type": "video/mp4", "media_type": "file"}, "video/mp4"),
        ({"media_type": "file"}, "file"),
        ({}, "an unknown type"),
    ],
)
def test_a_file_that_is_no_picture_is_told_by_its_type(fields: dict[str, object], what: str) -> None:
    found = read_media({"source_url": f"{UPLOADS}k.mp4", **fields})
    assert found == Failure(Stage.READ, Reason.NO_PICTURE, f"{UPLOADS}k.mp4", f"a media item of {what}")


def test_an_item_without_an_address_is_no_picture() -> None:
    found = read_media({"mime_type": "image/jpeg"})
    assert found == Failure(Stage.READ, Reason.NO_PICTURE, "", "a media item without an address")


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"_links": {"self": [{"href": SELF}]}, "link": "https://a.example/kim/k/"}, SELF),
        ({"link": "https://a.example/kim/k/"}, "https://a.example/kim/k/"),
        ({}, f"{UPLOADS}k.mp4"),
    ],
)
def test_a_failure_has_the_address_of_its_record_its_page_or_its_file(
    fields: dict[str, object], address: str
) -> None:
    found = read_media({"source_url": f"{UPLOADS}k.mp4", **fields})
    assert isinstance(found, Failure)
    assert found.address == address


@pytest.mark.parametrize(
    ("item", "name", "expected"),
    [
        ({"mime_type": "image/jpeg"}, "k.mp4", True),
        ({"mime_type": "video/mp4", "media_type": "image"}, "k.jpg", False),
        ({"media_type": "image"}, "k.mp4", True),
        ({"media_type": "file"}, "k.jpg", False),
        ({"media_type": "picture"}, "k.jpg", True),
        ({}, "k.JPG", True),
        ({}, "k.svg", True),
        ({}, "k.pdf", False),
        ({}, "1*abc", True),
        ({}, "k.2", True),
        ({}, "k.a", True),
    ],
)
def test_a_picture_is_told_by_its_types_else_by_its_name(
    item: dict[str, object], name: str, expected: bool
) -> None:
    assert is_picture(item, UPLOADS + name) is expected


def test_the_upload_s_size_is_the_picture_s() -> None:
    found = read(media_details=details("1000", 800))
    assert (found.width, found.height) == (1000, 800)


def test_other_sizes_are_variants_the_largest_first() -> None:
    sizes = {"s": size("k-100x80.jpg", 100, 80), "l": size("k-500x400.jpg", 500, 400)}
    assert short(read(media_details=details(sizes=sizes)).variants) == ["k-500x400.jpg", "k-100x80.jpg"]


def test_a_size_of_more_pixels_than_the_upload_goes_before_it() -> None:
    found = read(media_details=details(100, 80, sizes={"l": size("k-500x400.jpg", 500, 400)}))
    assert (found.url, found.width, found.height) == (f"{UPLOADS}k-500x400.jpg", 500, 400)


def test_pixels_and_not_the_width_alone_tell_the_larger() -> None:
    sizes = {"wide": size("k-1100x10.jpg", 1100, 10)}
    assert read(media_details=details(1000, 800, sizes=sizes)).url == f"{UPLOADS}k.jpg"


def test_of_equals_the_upload_counts() -> None:
    assert read(media_details=details(sizes={"full": size("other.jpg", 1000, 800)})).url == f"{UPLOADS}k.jpg"


@pytest.mark.parametrize(("width", "height"), [(None, None), (1000, None), (None, 800), (0, 800)])
def test_an_upload_of_unknown_size_counts_before_its_sizes(width: object, height: object) -> None:
    found = read(media_details=details(width, height, sizes={"l": size("k-500x400.jpg", 500, 400)}))
    assert found.url == f"{UPLOADS}k.jpg"


def test_a_size_of_unknown_pixels_is_a_variant() -> None:
    assert short(read(media_details=details(sizes={"l": size("k-500x400.jpg")})).variants) == [
        "k-500x400.jpg"
    ]


def test_a_size_without_an_upload_is_the_picture() -> None:
    found = read_media(
        {"mime_type": "image/jpeg", "media_details": {"sizes": {"l": size("k-500x400.jpg", 500, 400)}}}
    )
    assert isinstance(found, MediaItem)
    assert found.reference.url == f"{UPLOADS}k-500x400.jpg"


@pytest.mark.parametrize(
    "told",
    [
        {"source_url": "k-9x9.jpg"},
        {"url": "k-9x9.jpg"},
        {"file": "k-9x9.jpg"},
        {"source_url": None, "file": "k-9x9.jpg"},
    ],
)
def test_a_size_is_told_by_its_address_or_by_its_file_beside_the_upload(told: dict[str, object]) -> None:
    assert short(read(media_details={"sizes": {"s": told}}).variants) == ["k-9x9.jpg"]


def test_a_file_s_name_may_hold_what_an_address_may_not() -> None:
    assert short(read(media_details={"sizes": {"s": {"file": "k#1?.jpg"}}}).variants) == ["k%231%3F.jpg"]


def test_a_file_s_name_that_looks_like_a_scheme_is_a_name() -> None:
    assert short(read(media_details={"sizes": {"s": {"file": "a:k.jpg"}}}).variants) == ["a%3Ak.jpg"]


@pytest.mark.parametrize(
    "told", [{}, {"file": ""}, {"file": 7}, [], "k-9x9.jpg", {"source_url": "", "file": "k.jpg"}]
)
def test_what_tells_no_file_is_no_size(told: object) -> None:
    assert read(media_details={"sizes": {"s": told}}).variants == ()


def test_a_size_s_file_without_an_upload_lies_nowhere() -> None:
    found = read_media({"mime_type": "image/jpeg", "media_details": {"sizes": {"s": {"file": "k-9x9.jpg"}}}})
    assert isinstance(found, Failure)


def test_the_file_behind_a_scaled_one_is_an_upload() -> None:
    found = read("k-scaled.jpg", media_details={"original_image": "kim.jpg"})
    assert short(found.uploads) == ["kim.jpg", "k.jpg"]


def test_the_file_behind_a_name_is_an_upload() -> None:
    assert short(read("k-scaled.jpg").uploads) == ["k.jpg"]


@pytest.mark.parametrize("original", ["", "../k.jpg", "a/k.jpg", 7, None])
def test_what_is_no_file_s_name_is_no_upload(original: object) -> None:
    assert read(media_details={"original_image": original}).uploads == ()


def test_the_file_that_an_edited_one_was_made_of_is_an_upload() -> None:
    told = {"file": "2025/08/k.jpg", "parent_image": {"file": "2024/12/kim.jpg"}}
    assert read(media_details=told).uploads == ("https://a.example/wp-content/uploads/2024/12/kim.jpg",)


@pytest.mark.parametrize(
    "told",
    [
        {"file": "2025/08/other.jpg", "parent_image": {"file": "2024/12/kim.jpg"}},
        {"file": "25/08/k.jpg", "parent_image": {"file": "2024/12/kim.jpg"}},
        {"parent_image": {"file": "2024/12/kim.jpg"}},
        {"file": "2025/08/k.jpg", "parent_image": {"file": 7}},
        {"file": "2025/08/k.jpg", "parent_image": []},
    ],
)
def test_where_the_uploads_folder_is_unknown_so_is_the_parent(told: dict[str, object]) -> None:
    assert read(media_details=told).uploads == ()


def test_an_upload_that_is_a_variant_already_is_told_once() -> None:
    found = read("k-scaled.jpg", media_details=details(sizes={"o": size("k.jpg")}))
    assert (short(found.variants), found.uploads) == (["k.jpg"], ())


def test_alt_texts_are_plain() -> None:
    assert read(alt_text="Kim &amp; guests").alt == "Kim & guests"


def test_the_day_of_the_upload_is_in_utc() -> None:
    assert read(date_gmt="2025-08-22T10:00:00").uploaded == "2025-08-22T10:00:00Z"


def test_the_item_s_id_is_the_picture_s() -> None:
    assert read(id=8).media_id == 8


CAPTION = {"rendered": "<p>Kim</p>\n"}
DESCRIPTION = {"rendered": '<p class="attachment"><a href=k.jpg><img src=k.jpg> file</a></p>\n<p>Lee</p>'}
META = {"image_meta": {"caption": "Park", "title": "Choi"}}


@pytest.mark.parametrize(
    ("item", "told", "caption"),
    [
        ({"caption": CAPTION, "description": DESCRIPTION}, META, "Kim"),
        ({"caption": {"rendered": ""}, "description": DESCRIPTION}, META, "Lee"),
        ({"description": "Lee"}, META, "Lee"),
        ({}, META, "Park"),
        ({}, {"image_meta": {"caption": "", "title": "Choi"}}, "Choi"),
        ({}, {"image_meta": {"caption": "OLYMPUS DIGITAL CAMERA", "title": "Choi"}}, "Choi"),
        ({}, {"image_meta": {"caption": "untitled-3"}}, ""),
        ({}, {"image_meta": {"caption": "default gateway"}}, "default gateway"),
        ({}, {"image_meta": []}, ""),
        ({}, {}, ""),
    ],
)
def test_the_caption_is_the_item_s_else_its_description_else_the_file_s(
    item: dict[str, object], told: dict[str, object], caption: str
) -> None:
    assert caption_of(item, told)[0] == caption


@pytest.mark.parametrize(
    ("caption", "meta", "credit"),
    [
        ("Photo: Lee", {"credit": "KCNA", "copyright": "2025"}, ("KCNA", "image_meta.credit")),
        ("Photo: Lee", {"credit": "", "copyright": "2025"}, ("2025", "image_meta.copyright")),
        ("Kim. Photo: Lee", {"credit": None}, ("Lee", "caption")),
        ("Kim", {}, ("", "")),
    ],
)
def test_the_credit_is_the_file_s_else_the_caption_s(
    caption: str, meta: dict[str, object], credit: tuple[str, str]
) -> None:
    assert credit_of(caption, meta) == credit


def test_a_reference_has_caption_and_credit_of_its_item() -> None:
    found = read(caption="Kim", media_details={"image_meta": {"credit": "KCNA"}})
    assert (found.caption, found.credit, found.credit_field) == ("Kim", "KCNA", "image_meta.credit")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"caption": "Kim"}, "media caption"),
        ({"description": "Kim"}, "media description"),
        ({"media_details": {"image_meta": {"caption": "Kim"}}}, "image_meta.caption"),
        ({"media_details": {"image_meta": {"title": "Kim"}}}, "image_meta.title"),
        ({}, ""),
    ],
)
def test_a_caption_says_where_it_stood(fields: dict[str, object], field: str) -> None:
    assert read(**fields).caption_field == field


def test_a_plugin_s_credit_goes_before_the_file_s() -> None:
    told = {"image_meta": {"credit": "KCNA"}}
    found = read(caption="Kim (AP)", media_details=told, meta={"_media_credit": "Jane Doe"})
    assert (found.credit, found.credit_field) == ("Jane Doe", "meta._media_credit")
