"""JSON Feeds: items as pages, their pictures as references."""

from __future__ import annotations

import json

import pytest

from assets.model import Document, DocumentKind, Failure, PageKind, Reading, Reason, Role, Stage
from assets.posts.jsonfeed import read_json_feed

URL = "https://a.example/feeds/all.json"


def read(body: bytes, url: str = URL) -> list[Reading | Failure]:
    return list(read_json_feed(Document("feed.json", DocumentKind.JSON_FEED, url, body)))


def read_items(*items: object, url: str = URL, **fields: object) -> list[Reading]:
    found = read(json.dumps({"items": items, **fields}).encode(), url)
    return [one for one in found if isinstance(one, Reading)]


def read_item(**fields: object) -> Reading:
    (found,) = read_items(fields)
    return found


def addresses(**fields: object) -> list[str]:
    return [one.url for one in read_item(**fields).references]


def test_what_is_no_json_is_malformed() -> None:
    (found,) = read(b"{")
    assert isinstance(found, Failure)
    assert (found.stage, found.reason, found.address) == (Stage.READ, Reason.MALFORMED, "feed.json")


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"items": []}', b'{"items": ["a", 1]}'])
def test_a_feed_without_entries_is_empty(body: bytes) -> None:
    assert read(body) == [Failure(Stage.READ, Reason.EMPTY, "feed.json", "the feed has no entries")]


def test_a_feed_with_an_entry_has_no_failure() -> None:
    assert len(read(b'{"items": [{}]}')) == 1


def test_entries_come_in_their_order_without_what_is_none() -> None:
    found = read_items({"title": "a"}, "b", {"title": "c"})
    assert [one.page.title for one in found] == ["a", "c"]


def test_an_entry_is_a_feed_entry_of_its_source() -> None:
    page = read_item().page
    assert (page.kind, page.source) == (PageKind.FEED_ENTRY, "feed.json")


def test_an_entry_s_title_is_plain_text() -> None:
    assert read_item(title="Kim&#8217;s <b>visit</b>").page.title == "Kim’s visit"


def test_an_entry_has_its_address_and_site() -> None:
    page = read_item(url="https://www.b.example/1/").page
    assert (page.url, page.site) == ("https://www.b.example/1/", "b.example")


def test_an_entry_s_own_address_goes_before_the_one_it_points_to() -> None:
    assert read_item(url="/1/", external_url="https://b.example/2/").page.url == "https://a.example/1/"


def test_an_entry_without_its_own_address_has_the_one_it_points_to() -> None:
    assert read_item(external_url="https://b.example/2/", id="https://c.example/3/").page.url == (
        "https://b.example/2/"
    )


def test_an_id_that_is_an_address_is_the_entry_s() -> None:
    assert read_item(id="https://c.example/3/").page.url == "https://c.example/3/"


def test_an_id_that_is_no_whole_address_is_none() -> None:
    assert read_item(id="3").page.url == ""


def test_an_entry_without_an_address_is_of_the_feed_s_site() -> None:
    assert read_item().page.site == "a.example"


def test_dates_are_in_utc() -> None:
    page = read_item(
        date_published="2025-08-23T06:00:00+02:00", date_modified="2025-08-24T06:00:00+02:00"
    ).page
    assert (page.published, page.modified) == ("2025-08-23T04:00:00Z", "2025-08-24T04:00:00Z")


def test_an_entry_has_the_feed_s_language() -> None:
    (found,) = read_items({}, language="en")
    assert found.page.language == "en"


def test_an_entry_s_own_language_goes_before_the_feed_s() -> None:
    (found,) = read_items({"language": "ko"}, language="en")
    assert found.page.language == "ko"


def test_addresses_are_read_from_where_the_feed_says_it_is() -> None:
    (found,) = read_items(
        {"image": "k.jpg"}, feed_url="https://b.example/f/x.json", home_page_url="https://c.example/"
    )
    assert found.references[0].url == "https://b.example/f/k.jpg"


def test_addresses_are_read_from_the_home_page_where_the_feed_does_not_say() -> None:
    (found,) = read_items({"image": "k.jpg"}, home_page_url="https://c.example/h/")
    assert found.references[0].url == "https://c.example/h/k.jpg"


def test_addresses_are_read_from_where_the_feed_came_from_else() -> None:
    assert addresses(image="k.jpg") == ["https://a.example/feeds/k.jpg"]


def test_addresses_of_a_content_are_read_from_its_page() -> None:
    found = addresses(url="https://a.example/1/", content_html="<img src=k.jpg>")
    assert found == ["https://a.example/1/k.jpg"]


def test_addresses_of_a_content_without_a_page_are_read_from_the_feed() -> None:
    assert addresses(content_html="<img src=k.jpg>") == ["https://a.example/feeds/k.jpg"]


@pytest.mark.parametrize("html", [None, 1, ["<img src=k.jpg>"]])
def test_a_content_that_is_no_text_has_no_pictures(html: object) -> None:
    assert addresses(content_html=html) == []


def test_pictures_of_the_content_are_content() -> None:
    (found,) = read_item(content_html="<img src=k.jpg>").references
    assert found.role is Role.CONTENT


def test_an_entry_s_picture_is_featured() -> None:
    (found,) = read_item(image="k.jpg").references
    assert found.role is Role.FEATURED


def test_an_entry_s_picture_comes_before_its_banner() -> None:
    assert addresses(banner_image="/b.jpg", image="/a.jpg") == [
        "https://a.example/a.jpg",
        "https://a.example/b.jpg",
    ]


def test_attached_pictures_come_after_it() -> None:
    attached = [{"url": "/b.jpg", "mime_type": "image/jpeg"}]
    assert addresses(attachments=attached, image="/a.jpg") == [
        "https://a.example/a.jpg",
        "https://a.example/b.jpg",
    ]


def test_without_an_address_of_the_feed_pictures_are_of_the_entry_s_site() -> None:
    body = json.dumps(
        {"version": "1", "items": [{"url": "https://b.example/1/", "image": "/k.jpg"}]}
    ).encode()
    (reading,) = read_json_feed(Document("feed.json", DocumentKind.JSON_FEED, body=body))
    assert isinstance(reading, Reading)
    assert [one.url for one in reading.references] == ["https://b.example/k.jpg"]


def test_an_attached_picture_s_title_is_its_caption() -> None:
    attached = [{"url": "/b.jpg", "mime_type": "image/jpeg", "title": "Kim &amp; guests"}]
    (found,) = read_item(attachments=attached).references
    assert (found.caption, found.caption_field) == ("Kim & guests", "attachments.title")


@pytest.mark.parametrize(
    "attachment",
    [{"url": "/b.mp3", "mime_type": "audio/mpeg"}, {"url": "/b.jpg"}, {"mime_type": "image/jpeg"}, "b"],
)
def test_what_else_is_attached_is_no_picture(attachment: object) -> None:
    assert addresses(attachments=[attachment]) == []
