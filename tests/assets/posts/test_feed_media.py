"""Pictures that an entry names beside its text, and the cover of its feed."""

from __future__ import annotations

import pytest
from lxml import etree

from assets.model import ImageReference
from assets.posts.feed_media import entry_pictures, feed_cover

BASE = "https://a.example/1/"
NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:old="http://search.yahoo.com/mrss" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


def parse(inside: str) -> etree._Element:
    parser = etree.XMLParser(recover=True)
    return etree.fromstring(f"<item {NAMESPACES}>{inside}</item>", parser)


def pictures(inside: str, cover: str = "") -> tuple[ImageReference, ...]:
    return entry_pictures(parse(inside), BASE, cover)


def picture(inside: str) -> ImageReference:
    (found,) = pictures(inside)
    return found


def names(inside: str, cover: str = "") -> list[str]:
    return [one.url.removeprefix(BASE) for one in pictures(inside, cover)]


def content(name: str, inside: str = "", **attributes: str) -> str:
    told = "".join(f' {one}="{value}"' for one, value in attributes.items())
    return f'<media:content url="{name}"{told}>{inside}</media:content>'


def test_an_entry_without_media_has_no_pictures() -> None:
    assert pictures("<title>Kim</title>") == ()


def test_a_content_element_is_a_picture() -> None:
    assert picture(content("k.jpg")) == ImageReference(f"{BASE}k.jpg")


def test_a_content_element_tells_its_size() -> None:
    found = picture(content("k.jpg", width="640", height="480"))
    assert (found.width, found.height) == (640, 480)


@pytest.mark.parametrize("prefix", ["old", "undeclared"])
def test_the_namespace_is_known_by_other_spellings(prefix: str) -> None:
    inside = '<P:content url="k.jpg"/>'.replace("P", "old" if prefix == "old" else "media")
    text = f"<item {NAMESPACES if prefix == 'old' else ''}>{inside}</item>"
    entry = etree.fromstring(text, etree.XMLParser(recover=True))
    assert [one.url for one in entry_pictures(entry, BASE)] == [f"{BASE}k.jpg"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"medium": "image"},
        {"medium": "image", "type": "video/mp4"},
        {"type": "image/jpeg"},
        {"type": "image"},
        {"type": "application/octet-stream"},
    ],
)
def test_a_content_element_is_a_picture_by_its_medium_its_type_or_its_name(
    attributes: dict[str, str],
) -> None:
    assert names(content("k.jpg", **attributes).replace("k.jpg", "https://a.example/1/k.jpg")) == ["k.jpg"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"medium": "video"},
        {"medium": "audio", "type": "image/jpeg"},
        {"type": "video/mp4"},
        {"type": "text/html"},
    ],
)
def test_a_content_element_of_another_kind_is_none(attributes: dict[str, str]) -> None:
    assert names(content("https://a.example/k.jpg", **attributes)) == []


@pytest.mark.parametrize("url", ["https://a.example/k.mp4", "https://a.example/k", ""])
def test_a_content_element_of_no_kind_is_a_picture_by_its_name_alone(url: str) -> None:
    assert names(content(url)) == []


def test_a_name_needs_no_host() -> None:
    assert names(content("k.jpg")) == ["k.jpg"]


def test_a_picture_s_address_may_stand_in_the_element() -> None:
    assert names("<media:thumbnail> k.jpg </media:thumbnail>") == ["k.jpg"]


def test_a_thumbnail_is_a_picture_where_there_is_no_other() -> None:
    assert names('<media:thumbnail url="k.jpg"/>') == ["k.jpg"]


def test_the_largest_of_several_thumbnails_counts() -> None:
    inside = '<media:thumbnail url="a.jpg" width="100"/><media:thumbnail url="b.jpg" width="300"/>'
    assert names(inside) == ["b.jpg"]


def test_other_thumbnails_are_its_variants() -> None:
    inside = '<media:thumbnail url="a.jpg" width="100"/><media:thumbnail url="b.jpg" width="300"/>'
    assert picture(inside).variants == (f"{BASE}a.jpg",)


def test_the_first_of_thumbnails_without_sizes_counts() -> None:
    assert names('<media:thumbnail url="a.jpg"/><media:thumbnail url="b.jpg"/>') == ["a.jpg"]


def test_a_thumbnail_in_a_content_element_is_read() -> None:
    assert names(content("k.mp4", '<media:thumbnail url="k.jpg"/>', medium="video")) == ["k.jpg"]


def test_contents_beside_each_other_are_pictures_of_their_own() -> None:
    assert names(content("a.jpg") + content("b.jpg")) == ["a.jpg", "b.jpg"]


def test_contents_of_a_group_are_one_picture() -> None:
    inside = f"<media:group>{content('a.jpg', width='100')}{content('b.jpg', width='300')}</media:group>"
    found = picture(inside)
    assert (found.url, found.width, found.variants) == (f"{BASE}b.jpg", 300, (f"{BASE}a.jpg",))


def test_a_thumbnail_of_a_group_is_a_rendition_of_its_content() -> None:
    inside = f'<media:group>{content("a.jpg", width="100")}<media:thumbnail url="b.jpg"/></media:group>'
    assert picture(inside).variants == (f"{BASE}b.jpg",)


def test_a_group_comes_before_what_stands_beside_it() -> None:
    assert names(f"{content('b.jpg')}<media:group>{content('a.jpg')}</media:group>") == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("inside", "field", "told"),
    [
        ("<media:title>Kim</media:title>", "alt", "Kim"),
        ("<media:description>Kim &amp;amp; guests</media:description>", "caption", "Kim & guests"),
        ("<media:credit>KCNA</media:credit>", "credit", "KCNA"),
    ],
)
@pytest.mark.parametrize("place", ["content", "group", "entry"])
def test_words_are_told_of_a_content_its_group_or_its_entry(
    inside: str, field: str, told: str, place: str
) -> None:
    parts = [inside if place == one else "" for one in ("content", "group", "entry")]
    found = picture(f"<media:group>{content('k.jpg', parts[0])}{parts[1]}</media:group>{parts[2]}")
    assert getattr(found, field) == told


def test_the_nearest_words_count() -> None:
    inside = f"{content('k.jpg', '<media:title>near</media:title>')}<media:title>far</media:title>"
    assert picture(inside).alt == "near"


def test_the_group_s_words_count_before_the_entry_s() -> None:
    group = f"<media:group>{content('k.jpg')}<media:title>near</media:title></media:group>"
    assert picture(f"{group}<media:title>far</media:title>").alt == "near"


def test_a_thumbnail_has_no_words() -> None:
    assert picture('<media:thumbnail url="k.jpg"/><media:title>Kim</media:title>').alt == ""


@pytest.mark.parametrize(
    ("inside", "field"), [("<media:description>Kim</media:description>", "media:description"), ("", "")]
)
def test_a_caption_says_where_it_stood(inside: str, field: str) -> None:
    assert picture(content("k.jpg", inside)).caption_field == field


def test_a_credit_has_its_field() -> None:
    assert picture(content("k.jpg", "<media:credit>KCNA</media:credit>")).credit_field == "media:credit"


def test_no_credit_has_no_field() -> None:
    assert picture(content("k.jpg")).credit_field == ""


def test_the_photographer_is_credited_before_others() -> None:
    inside = "<media:credit>KCNA</media:credit><media:credit role='photographer'>Lee</media:credit>"
    assert picture(content("k.jpg", inside)).credit == "Lee"


def test_a_photographer_without_a_name_is_passed_over() -> None:
    inside = "<media:credit role='photographer'/><media:credit>KCNA</media:credit>"
    assert picture(content("k.jpg", inside)).credit == "KCNA"


def test_a_credit_is_without_the_word_for_it() -> None:
    assert picture(content("k.jpg", "<media:credit>Photo: KCNA</media:credit>")).credit == "KCNA"


@pytest.mark.parametrize(
    "inside",
    [
        '<enclosure url="k.jpg" type="image/jpeg"/>',
        '<enclosure url="k.jpg" type="IMAGE/JPEG"/>',
        '<enclosure url="k.jpg"/>',
        '<enclosure url="k.jpg" type="application/octet-stream"/>',
        '<link rel="enclosure" href="k.jpg"/>',
    ],
)
def test_an_enclosed_picture_is_read(inside: str) -> None:
    assert names(inside) == ["k.jpg"]


def test_an_enclosure_of_a_picture_s_type_needs_no_picture_s_name() -> None:
    assert names('<enclosure url="k" type="image/jpeg"/>') == ["k"]


@pytest.mark.parametrize(
    "inside",
    [
        '<enclosure url="k.mp3" type="audio/mpeg"/>',
        '<enclosure url="k.jpg" type="audio/mpeg"/>',
        '<enclosure url="k.mp3"/>',
        '<enclosure type="image/jpeg"/>',
        '<link rel="alternate" href="k.jpg"/>',
        '<link href="k.jpg"/>',
        '<guid url="k.jpg" type="image/jpeg"/>',
    ],
)
def test_what_else_is_enclosed_or_linked_is_no_picture(inside: str) -> None:
    assert [name for name in names(inside) if name != BASE] == []


def test_a_podcast_s_picture_is_read() -> None:
    assert names('<itunes:image href="k.jpg"/>') == ["k.jpg"]


@pytest.mark.parametrize(
    "inside", ["<image>k.jpg</image>", "<image><title>x</title><url> k.jpg </url></image>"]
)
def test_an_image_element_holds_an_address(inside: str) -> None:
    assert names(inside) == ["k.jpg"]


def test_an_empty_image_element_is_no_picture() -> None:
    assert names("<image/>") == []


def test_an_image_element_is_not_read_beside_other_pictures() -> None:
    assert names(f"{content('a.jpg')}<image>b.jpg</image>") == ["a.jpg"]


def test_the_feed_s_cover_is_no_picture_of_an_entry() -> None:
    assert names("<image>k.jpg</image>", cover=f"{BASE}k.jpg") == []


def test_another_picture_than_the_feed_s_cover_is() -> None:
    assert names("<image>k.jpg</image>", cover=f"{BASE}cover.jpg") == ["k.jpg"]


def test_a_picture_named_twice_is_one() -> None:
    assert names(content("k.jpg") + '<enclosure url="k.jpg"/>') == ["k.jpg"]


@pytest.mark.parametrize("other", ["k.jpg?w=300", "k-300x200.jpg"])
def test_another_size_of_a_picture_is_its_rendition(other: str) -> None:
    assert len(pictures(content("k.jpg") + f'<enclosure url="{other}" type="image/jpeg"/>')) == 1


@pytest.mark.parametrize("other", ["l.jpg", "https://b.example/1/k.jpg", "2/k.jpg"])
def test_another_file_is_another_picture(other: str) -> None:
    assert len(pictures(content("k.jpg") + f'<enclosure url="{other}" type="image/jpeg"/>')) == 2


def test_addresses_of_a_script_that_differ_in_the_query_are_other_pictures() -> None:
    inside = '<enclosure url="show?id=1" type="image/jpeg"/><enclosure url="show?id=2" type="image/jpeg"/>'
    assert len(pictures(inside)) == 2


def test_the_larger_rendition_counts_wherever_it_stands() -> None:
    inside = content("k-300x200.jpg") + '<enclosure url="k-1024x683.jpg"/>'
    assert names(inside) == ["k-1024x683.jpg"]


def test_a_rendition_keeps_the_words_of_the_first() -> None:
    inside = content("k-300x200.jpg", "<media:title>Kim</media:title>") + '<enclosure url="k-1024x683.jpg"/>'
    assert picture(inside).alt == "Kim"


def test_a_tracker_is_no_picture() -> None:
    assert pictures(content("https://pixel.wp.com/g.gif")) == ()


def test_a_feed_has_a_cover_in_its_channel() -> None:
    feed = etree.fromstring("<rss><channel><image><url>k.jpg</url></image></channel></rss>")
    assert feed_cover(feed, BASE) == f"{BASE}k.jpg"


def test_a_feed_without_a_channel_has_a_cover_of_its_own() -> None:
    feed = etree.fromstring("<feed><image>k.jpg</image></feed>")
    assert feed_cover(feed, BASE) == f"{BASE}k.jpg"


def test_a_feed_without_a_picture_has_no_cover() -> None:
    assert feed_cover(etree.fromstring("<rss><channel/></rss>"), BASE) == ""


def test_a_drawing_that_an_entry_encloses_is_its_picture() -> None:
    assert names('<enclosure url="votes.svg" type="image/svg+xml"/>') == ["votes.svg"]


def test_a_drawn_logo_is_none() -> None:
    assert names('<enclosure url="logo.svg" type="image/svg+xml"/>') == []
