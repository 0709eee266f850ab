"""Feeds become one page an entry: texts, Media RSS, enclosures and covers; JSON Feed; broken feeds."""

from __future__ import annotations

import json
import random
import time

import pytest

from assets.model import (
    Document,
    DocumentKind,
    Failure,
    ImageReference,
    Page,
    PageKind,
    Reading,
    Reason,
    Role,
)
from assets.posts.feeds import _moment, read_feed

NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
A = "https://news.example/files/a.jpg"
B = "https://news.example/files/b.jpg"


def rss(*items: str, channel: str = "<link>https://news.example/</link><language>en-GB</language>") -> bytes:
    inside = "<title>News</title>" + channel + "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {NAMESPACES}><channel>{inside}</channel></rss>'.encode()


def read(body: bytes, kind: DocumentKind = DocumentKind.FEED, url: str = "") -> list[Reading | Failure]:
    return list(read_feed(Document("feed.xml", kind, url, body)))


def entries(body: bytes, kind: DocumentKind = DocumentKind.FEED, url: str = "") -> list[Reading]:
    found = read(body, kind, url)
    assert all(isinstance(part, Reading) for part in found), found
    return [part for part in found if isinstance(part, Reading)]


def pictures(item: str) -> tuple[ImageReference, ...]:
    return entries(rss(f"<link>https://news.example/1/</link>{item}"))[0].references


def told(item: str) -> list[tuple[str, str]]:
    return [(one.role.value, one.url) for one in pictures(item)]


# Entries


def test_an_entry_is_a_page() -> None:
    item = (
        "<title>Kim&#8217;s &lt;b&gt;visit&lt;/b&gt;</title><link>https://www.news.example/1/</link>"
        "<pubDate>Sat, 23 Aug 2025 06:41:03 +0200</pubDate>"
    )
    page = entries(rss(item))[0].page
    assert (page.source, page.url, page.site) == ("feed.xml", "https://www.news.example/1/", "news.example")
    assert (page.kind, page.title, page.language) == (PageKind.FEED_ENTRY, "Kim’s visit", "en-GB")
    assert page.published == "2025-08-23T04:41:03Z"


def test_the_one_date_of_an_rss_1_item_is_its_publication_but_an_atom_update_is_none() -> None:
    item = (
        "<title>x</title><dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2025-08-23T06:00:00Z</dc:date>"
    )
    assert entries(rss(item))[0].page.published == "2025-08-23T06:00:00Z"
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><updated>2025-08-23T06:00:00Z</updated></entry></feed>'
    page = entries(atom)[0].page
    assert (page.published, page.modified) == ("", "2025-08-23T06:00:00Z")


def test_relative_links_of_a_saved_feed_ask_for_a_base_address() -> None:
    body = rss("<title>x</title><link>/1/</link>", channel="<link>/</link>")
    reading = entries(body)[0]
    assert [(one.reason, one.address) for one in reading.failures] == [(Reason.BAD_ADDRESS, "/1/")]
    reading = entries(body, url="https://news.example/feed/")[0]
    assert (reading.page.url, reading.failures) == ("https://news.example/1/", ())


@pytest.mark.parametrize("date", ["", "soon", "Sat, 99 Foo 2025", "0000-00-00"])
def test_a_date_that_is_none_is_absent(date: str) -> None:
    assert entries(rss(f"<title>x</title><pubDate>{date}</pubDate>"))[0].page.published == ""


def test_the_link_behind_a_feed_burner_is_the_pages_own() -> None:
    body = rss("<link>http://feedproxy.example/~r/x</link><f:origLink>https://news.example/1/</f:origLink>")
    body = body.replace(b"<rss ", b'<rss xmlns:f="http://rssnamespace.org/feedburner/ext/1.0" ')
    assert entries(body)[0].page.url == "https://news.example/1/"


def test_an_atom_feed_is_read() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>N</title>'
        b'<entry><title>One</title><link href="https://news.example/1/"/><published>2025-08-23T06:00:00+02:00</published>'
        b"<updated>2025-08-23T07:00:00+02:00</updated>"
        b'<link rel="enclosure" type="image/jpeg" href="https://news.example/files/b.jpg"/>'
        b'<content type="xhtml" xml:base="https://news.example/files/">'
        b'<div xmlns="http://www.w3.org/1999/xhtml"><p>x</p><img src="a.jpg" alt="A" width="600"/></div>'
        b"</content></entry></feed>"
    )
    reading = entries(body)[0]
    assert (reading.page.url, reading.page.title) == ("https://news.example/1/", "One")
    assert (reading.page.published, reading.page.modified) == ("2025-08-23T04:00:00Z", "2025-08-23T05:00:00Z")
    assert [(one.url, one.alt, one.role) for one in reading.references] == [
        (B, "", Role.FEATURED),
        (A, "A", Role.CONTENT),
    ]


def test_an_rdf_feed_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://news.example/"><title>N</title></channel>'
        '<item rdf:about="https://news.example/1/"><title>One</title><link>https://news.example/1/</link>'
        f'<description>&lt;img src="{A}"&gt;</description></item></rdf:RDF>'
    ).encode()
    reading = entries(body)[0]
    assert (reading.page.url, [one.url for one in reading.references]) == ("https://news.example/1/", [A])


def test_the_fuller_text_gives_the_pictures_once() -> None:
    item = (
        f"<description>&lt;img src='{A}'&gt;</description>"
        f"<content:encoded><![CDATA[<p>x</p><img src='{A}'><p>y</p><img src='{B}'>]]></content:encoded>"
    )
    assert told(item) == [("content", A), ("content", B)]


def test_relative_pictures_are_resolved_against_the_entry() -> None:
    assert told("<description>&lt;img src='/files/a.jpg'&gt;</description>") == [("content", A)]


def test_a_text_that_is_plain_is_not_read_as_markup() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>'
        f'<content type="text">How to write &lt;img src="{A}"&gt;</content></entry></feed>'
    ).encode()
    assert entries(body)[0].references == ()


# Pictures beside the text


@pytest.mark.parametrize(
    "item",
    [
        f'<media:content url="{A}" medium="image"/>',
        f'<media:content url="{A}" type="image/jpeg"/>',
        f'<media:content url="{A}"/>',
        f'<media:group><media:content url="{A}" medium="image"/></media:group>',
        f'<media:thumbnail url="{A}"/>',
        f'<media:content url="https://a.example/f.mp4"><media:thumbnail url="{A}"/></media:content>',
        f'<enclosure url="{A}" type="image/jpeg" length="1"/>',
        f'<enclosure url="{A}" length="1"/>',
        f'<itunes:image href="{A}"/>',
        f"<image><url>{A}</url></image>",
        f"<image>{A}</image>",
    ],
)
def test_a_picture_beside_the_text_is_the_featured_one(item: str) -> None:
    assert told(item) == [("featured", A)]


@pytest.mark.parametrize(
    "item",
    [
        '<media:content url="https://news.example/f.mp4" medium="video"/>',
        '<media:content url="https://news.example/f" type="audio/mpeg"/>',
        '<enclosure url="https://news.example/f.mp3" type="audio/mpeg"/>',
        '<enclosure url="https://news.example/f.jpg.zip" type="application/zip"/>',
        '<media:content url="data:image/gif;base64,R0lGOD" medium="image"/>',
        "<media:content/>",
        "<itunes:image/>",
        '<media:thumbnail url=""/>',
    ],
)
def test_other_media_is_no_picture(item: str) -> None:
    assert told(item) == []


def test_media_rss_tells_words_and_size() -> None:
    item = (
        f'<media:content url="{A}" medium="image" width="900" height="600">'
        "<media:title>Kim</media:title>"
        "<media:description>Kim in &lt;i&gt;Pyongyang&lt;/i&gt;</media:description>"
        '<media:credit role="editor">Someone</media:credit>'
        '<media:credit role="photographer">KCNA</media:credit>'
        "</media:content>"
    )
    found = pictures(item)[0]
    assert (found.width, found.height, found.alt, found.caption) == (900, 600, "Kim", "Kim in Pyongyang")
    assert (found.credit, found.credit_field) == ("KCNA", "media:credit")


def test_words_of_a_picture_stay_its_own() -> None:
    item = (
        f"<title>The story</title><description>The summary</description>"
        f'<media:content url="{A}" medium="image"><media:title>Kim</media:title>'
        "<media:credit>KCNA</media:credit></media:content>"
        f'<media:content url="{B}" medium="image">'
        "<media:description>Other</media:description></media:content>"
    )
    reading = entries(rss(item))[0]
    assert reading.page.title == "The story"
    assert [(one.alt, one.caption, one.credit) for one in reading.references] == [
        ("Kim", "", "KCNA"),
        ("", "Other", ""),
    ]


def test_a_groups_words_hold_for_its_pictures() -> None:
    item = (
        f'<media:group><media:content url="{A}" medium="image"/><media:credit>KCNA</media:credit>'
        "<media:description>Kim</media:description></media:group>"
    )
    assert [(one.caption, one.credit) for one in pictures(item)] == [("Kim", "KCNA")]


def test_a_films_words_are_not_its_thumbnails() -> None:
    item = (
        '<media:group><media:content url="https://news.example/f.mp4" medium="video"/>'
        f'<media:thumbnail url="{A}" width="480" height="360"/>'
        "<media:description>A film</media:description></media:group>"
    )
    assert [(one.url, one.caption, one.width) for one in pictures(item)] == [(A, "", 480)]


def test_renditions_of_one_picture_are_its_variants() -> None:
    item = "".join(
        f'<media:content url="https://img.example/kim.jpg?w={width}&amp;s={width}x" width="{width}"/>'
        for width in (140, 900, 460)
    )
    found = pictures(item)
    assert [(one.url, one.width) for one in found] == [("https://img.example/kim.jpg?w=900&s=900x", 900)]
    assert set(found[0].variants) == {
        "https://img.example/kim.jpg?w=140&s=140x",
        "https://img.example/kim.jpg?w=460&s=460x",
    }


def test_a_groups_contents_are_one_picture() -> None:
    item = (
        f'<media:group><media:content url="{A}" medium="image" width="100" height="80"/>'
        f'<media:content url="{B}" medium="image" width="900" height="700"/></media:group>'
    )
    assert [(one.url, one.variants) for one in pictures(item)] == [(B, (A,))]


def test_of_several_pictures_the_first_is_the_featured_one() -> None:
    item = f'<media:content url="{B}" medium="image"/><media:content url="{A}" medium="image"/>'
    assert told(item) == [("featured", B), ("content", A)]


def test_a_picture_named_beside_the_text_and_in_it_is_one_reference() -> None:
    item = (
        f'<media:content url="{A}" medium="image"><media:credit>KCNA</media:credit></media:content>'
        f'<media:content url="{B}" medium="image"><media:credit>AFP</media:credit></media:content>'
        f"<description>&lt;img src='{B}' alt='Bee'&gt; &lt;img src='{A}' alt='Ay'&gt;</description>"
    )
    assert [(one.url, one.role.value, one.alt, one.credit) for one in pictures(item)] == [
        (A, "featured", "Ay", "KCNA"),
        (B, "content", "Bee", "AFP"),
    ]


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (
            "https://1.bp.blogspot.com/-x/AA/s72-c/storm.jpg",
            "https://1.bp.blogspot.com/-x/AA/s1600/storm.jpg",
        ),
        (
            "https://farm2.staticflickr.com/18/4101_d3b7.jpg",
            "https://farm2.staticflickr.com/18/4101_d3b7_c.jpg",
        ),
    ],
)
def test_a_services_thumbnail_is_a_rendition_of_the_picture_in_the_text(small: str, large: str) -> None:
    item = f"<media:thumbnail url='{small}' width='72'/><description>&lt;img src='{large}'&gt;</description>"
    assert [(one.role.value, one.url, one.variants) for one in pictures(item)] == [
        ("featured", large, (small,))
    ]


def test_the_whole_feeds_cover_is_no_picture_of_an_entry() -> None:
    cover = f'<itunes:image href="{A}"/>'
    body = rss(f"<title>1</title>{cover}", f'<title>2</title><itunes:image href="{B}"/>', channel=cover)
    assert [[one.url for one in reading.references] for reading in entries(body)] == [[], [B]]


def test_a_cover_gives_way_to_pictures_of_the_story() -> None:
    assert told(f'<itunes:image href="{B}"/><enclosure url="{A}" type="image/png"/>') == [("featured", A)]


# JSON Feed


def json_feed(*items: object, **about: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items, **about}).encode()


def test_a_json_feed_is_read() -> None:
    item = {
        "id": "7",
        "url": "/1/",
        "title": "Kim",
        "image": A,
        "banner_image": B,
        "content_html": f'<p>x</p><img src="{A}" alt="Ay">',
        "date_published": "2025-08-23T06:00:00+02:00",
        "attachments": [
            {"url": "https://news.example/files/c.jpg", "mime_type": "image/jpeg", "title": "Sea"},
            {"url": "https://news.example/d.mp3", "mime_type": "audio/mpeg"},
        ],
    }
    body = json_feed(item, home_page_url="https://news.example/", language="en")
    reading = entries(body, DocumentKind.JSON_FEED)[0]
    assert (reading.page.url, reading.page.title, reading.page.language) == (
        "https://news.example/1/",
        "Kim",
        "en",
    )
    assert reading.page.published == "2025-08-23T04:00:00Z"
    assert [(one.url, one.role.value, one.alt, one.caption) for one in reading.references] == [
        (A, "featured", "Ay", ""),
        (B, "content", "", ""),
        ("https://news.example/files/c.jpg", "content", "", "Sea"),
    ]


@pytest.mark.parametrize("odd", [None, 7, True, "", [], {}, ["x"], {"url": 7}])
def test_no_field_of_a_json_feed_can_break_reading_it(odd: object) -> None:
    for key in ("id", "url", "title", "image", "content_html", "date_published", "attachments", "language"):
        assert (
            len(entries(json_feed({"id": "https://news.example/1/", key: odd}), DocumentKind.JSON_FEED)) == 1
        )
    for key in ("items", "home_page_url", "language"):
        read(
            json_feed({"id": "1"}, **{key: odd}) if key != "items" else json_feed(odd), DocumentKind.JSON_FEED
        )


def test_a_json_feed_that_is_none_is_malformed() -> None:
    found = read(b"{", DocumentKind.JSON_FEED)
    assert [part.reason for part in found if isinstance(part, Failure)] == [Reason.MALFORMED]


# Broken feeds


@pytest.mark.parametrize(
    "body",
    [
        rss(f'<title>R&D</title><enclosure url="{A}?x=1&y=2" type="image/jpeg"/>'),
        rss(f'<title>x&nbsp;\x0b</title><enclosure url="{A}" type="image/jpeg"/>'),
        rss(f'<title>caf\u00e9</title><enclosure url="{A}" type="image/jpeg"/>').decode().encode("latin-1"),
        rss(f'<enclosure url="{A}" type="image/jpeg"/>')[:-20],
        rss(f'<enclosure url="{A}" type="image/jpeg"/>').replace(b"</item>", b""),
        b"\n\n <!-- made by hand -->" + rss(f'<enclosure url="{A}" type="image/jpeg"/>'),
        rss(f'<media:thumbnail url="{A}"/>').replace(b'xmlns:media="http://search.yahoo.com/mrss/"', b""),
        rss(f'<enclosure url="{A}" type="image/jpeg"/>').decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?>' + rss(f'<enclosure url="{A}" type="image/jpeg"/>'),
    ],
    ids=[
        "ampersand",
        "entity",
        "encoding",
        "cut",
        "unclosed",
        "late",
        "namespace",
        "utf-16",
        "declared utf-16",
    ],
)
def test_a_broken_feed_yields_what_it_can(body: bytes) -> None:
    reading = entries(body)[0]
    assert [one.url.partition("?")[0] for one in reading.references] == [A]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<rss><channel></channel></rss>", Reason.EMPTY),
        (b"<rss", Reason.MALFORMED),
        (b"", Reason.MALFORMED),
        (b"\x00", Reason.MALFORMED),
    ],
)
def test_a_feed_without_entries_is_a_failure(body: bytes, reason: Reason) -> None:
    found = read(body)
    assert [(part.reason, part.address) for part in found if isinstance(part, Failure)] == [
        (reason, "feed.xml")
    ]
    assert len(found) == 1


def test_entities_are_not_expanded_and_no_file_is_read() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    body = f'<!DOCTYPE rss [{bomb}<!ENTITY file SYSTEM "file:///etc/passwd">]>'.encode() + rss(
        "<title>&e11;&file;</title><link>https://news.example/1/</link>"
    )
    page = entries(body)[0].page
    assert page.url == "https://news.example/1/"
    assert "lol" not in page.title
    assert "root" not in page.title


@pytest.mark.parametrize(
    "item",
    [
        "<pubDate>99999999999999999999</pubDate>",
        "<pubDate>2025-13-45T99:99:99+99:99</pubDate>",
        "<link>http://[</link>",
        "<guid>\ud7ff</guid>",
        "<description>" + "&lt;" * 5000 + "</description>",
        "<a>" * 300,
        '<media:content url="https://a.example/b.jpg" width="9999999999999999999999" height="-1"/>',
        '<georss:point xmlns:georss="http://www.georss.org/georss">nonsense</georss:point>',
        "<itunes:duration>x</itunes:duration><itunes:explicit/>",
    ],
)
def test_no_entry_can_break_reading_the_feed(item: str) -> None:
    assert read(rss(item))


def test_damaged_feeds_never_raise() -> None:
    chance = random.Random(13)  # noqa: S311
    body = rss(
        "<title>x</title><pubDate>Sat, 23 Aug 2025 06:41:03 GMT</pubDate>"
        f'<media:content url="{A}" medium="image">'
        "<media:credit>K</media:credit></media:content>"
        f'<content:encoded><![CDATA[<img src="{B}">]]></content:encoded>'
    )
    for _ in range(200):
        damaged = bytearray(body)
        for _ in range(chance.randrange(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert read(bytes(damaged))


def test_text_behind_a_media_element_stays_the_entry_s() -> None:
    item = f"<description>&lt;p><media:title>x</media:title>&lt;img src='{A}'&gt;</description>"
    assert told(item) == [("content", A)]


def test_an_entry_s_text_in_cdata_is_read() -> None:
    assert told(f"<description><![CDATA[<img src='{A}'>]]></description>") == [("content", A)]


def test_dates_of_a_year_nobody_knew_are_none() -> None:
    assert pages_of("<pubDate>Sat, 01 Jan 0000 06:41:03 GMT</pubDate>")[0].published == ""


def pages_of(*items: str) -> list[Page]:
    return [one.page for one in entries(rss(*items))]


def test_times_have_two_digits_each() -> None:
    assert pages_of("<pubDate>Sun, 02 Mar 2025 04:05:06 GMT</pubDate>")[0].published == "2025-03-02T04:05:06Z"


def test_each_entry_has_its_own_media() -> None:
    found = entries(rss(f'<title>a</title><enclosure url="{A}"/>', f'<title>b</title><enclosure url="{B}"/>'))
    assert [[one.url for one in reading.references] for reading in found] == [[A], [B]]


def test_an_entry_s_title_is_plain_text() -> None:
    assert pages_of("<title>Kim &amp;amp; &lt;i&gt;guests&lt;/i&gt;</title>")[0].title == "Kim & guests"


def test_an_entry_without_an_address_is_of_the_feed_s_site() -> None:
    assert pages_of("<title>x</title>")[0].site == "news.example"


def test_the_address_of_the_feed_goes_before_its_link() -> None:
    body = rss("<link>/1/</link>")
    assert entries(body, url="https://b.example/feed/")[0].page.url == "https://b.example/1/"


def test_an_id_that_is_an_address_is_the_entry_s() -> None:
    item = "<guid isPermaLink='false'>https://news.example/2/</guid>"
    assert pages_of(item)[0].url == "https://news.example/2/"


def test_of_texts_with_as_many_pictures_the_fuller_one_counts() -> None:
    item = (
        f"<description>&lt;img src='{A}' alt='short'&gt;</description>"
        f"<content:encoded><![CDATA[<img src='{A}' alt='whole'>]]></content:encoded>"
    )
    assert [one.alt for one in pictures(item)] == ["whole"]


@pytest.mark.parametrize(
    ("channel", "item", "origin"),
    [
        ("<link>https://news.example/uk/</link>", "", "https://news.example"),
        ("<link>/uk/</link>", "<link>https://b.example/1/</link>", "https://b.example"),
        (
            '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="https://c.example/feed"/>',
            "",
            "https://c.example",
        ),
        (
            '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="hub" href="https://d.example/"/>'
            "<link>https://news.example/</link>",
            "",
            "https://news.example",
        ),
    ],
)
def test_relative_media_of_a_saved_feed_are_of_the_site_it_names(
    channel: str, item: str, origin: str
) -> None:
    body = (
        f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>{channel}<item>{item}'
        '<media:content url="/i/k.jpg" medium="image"/></item></channel></rss>'
    ).encode()
    assert [one.url for one in entries(body)[0].references] == [f"{origin}/i/k.jpg"]


def test_the_address_of_a_feed_goes_before_the_site_it_names() -> None:
    item = '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="/i/k.jpg" medium="image"/>'
    (reading,) = entries(rss(item), url="https://mirror.example/feed/")
    assert [one.url for one in reading.references] == ["https://mirror.example/i/k.jpg"]


def test_an_entry_s_own_base_counts() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="https://b.example/2/"><title>x</title>'
        b"<link href='https://news.example/1/'/><content type='html'>&lt;img src='k.jpg'&gt;</content></entry></feed>"
    )
    assert [one.url for one in entries(body)[0].references] == ["https://b.example/2/k.jpg"]


def test_the_reader_s_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_fault(*_: object, **__: object) -> None:
        raise AttributeError("no such thing")

    monkeypatch.setattr("feedparser.parse", raise_fault)
    (found,) = read(rss("<title>x</title>"))
    assert isinstance(found, Failure)
    assert (found.reason, found.detail) == (Reason.MALFORMED, "AttributeError: no such thing")


@pytest.mark.parametrize(
    ("year", "told"), [(0, ""), (1, "0001-01-02T03:04:05Z"), (9999, "9999-01-02T03:04:05Z"), (10_000, "")]
)
def test_a_year_has_up_to_four_digits(year: int, told: str) -> None:
    assert _moment(time.struct_time((year, 1, 2, 3, 4, 5, 0, 2, 0))) == told


@pytest.mark.parametrize("entity", ['"boom"', 'SYSTEM "file:///etc/passwd"'])
def test_an_entity_is_not_put_in(entity: str) -> None:
    body = f"<!DOCTYPE rss [<!ENTITY word {entity}>]>".encode() + rss("<title>Kim &word; Lee</title>")
    title = entries(body)[0].page.title
    assert title.startswith("Kim ")
    assert "boom" not in title
    assert "root" not in title
