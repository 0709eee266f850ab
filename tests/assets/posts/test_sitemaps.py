"""Sitemaps become pages with their times and pictures, and further sitemaps; broken ones as far as they go."""

from __future__ import annotations

import pytest

from assets.model import Document, DocumentKind, Failure, ImageReference, Page, Reading, Reason, SourceKind
from assets.posts import sitemaps
from assets.posts.sitemaps import (
    NamedSitemap,
    Sitemap,
    SitemapPage,
    latest_moment,
    lists_archives,
    parse_feed_sitemap,
    parse_sitemap,
    parse_text_sitemap,
    post_type_of,
    read_sitemap,
)

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
PAGE = "https://news.example/harbour/"
CRANE = "https://cdn.example/crane-07.jpg"
NEWS = (
    "<n:news><n:publication><n:name>Quay Post</n:name><n:language>nl</n:language></n:publication>"
    "<n:publication_date>2025-08-01T08:00:00+02:00</n:publication_date><n:title>Ship &amp; shore</n:title></n:news>"
)


def urlset(*entries: str) -> bytes:
    inside = "".join(f"<url>{entry}</url>" for entry in entries)
    return f'<?xml version="1.0"?><urlset {NAMESPACES}>{inside}</urlset>'.encode()


def image(*told: str) -> str:
    inside = "".join(
        f"<image:{one.split('=')[0]}>{one.partition('=')[2]}</image:{one.split('=')[0]}>" for one in told
    )
    return f"<loc>{PAGE}</loc><image:image>{inside}</image:image>"


def parse(body: bytes, address: str = "") -> Sitemap:
    found = parse_sitemap(body, address)
    assert found is not None
    return found


def only_page(*entries: str) -> SitemapPage:
    (page,) = parse(urlset(*entries)).pages
    return page


def only_picture(*told: str) -> ImageReference:
    (picture,) = only_page(image(*told)).pictures
    return picture


# Pages


def test_a_page_has_its_last_modification_in_utc() -> None:
    page = only_page(f"<loc> {PAGE}\n</loc><lastmod>2025-08-01T08:00:00+02:00</lastmod>")
    assert page == SitemapPage(PAGE, "2025-08-01T06:00:00Z")


def test_a_day_alone_stays_one() -> None:
    assert only_page(f"<loc>{PAGE}</loc><lastmod>2025-08-01</lastmod>").modified == "2025-08-01"


@pytest.mark.parametrize("told", ["", "soon", "2025-13-45", "2025", "<b>2025-08-01</b>"])
def test_a_modification_that_is_none_is_left_out(told: str) -> None:
    assert only_page(f"<loc>{PAGE}</loc><lastmod>{told}</lastmod>").modified == ""


def test_news_tell_title_date_and_language_whatever_their_prefix() -> None:
    page = only_page(f"<loc>{PAGE}</loc>{NEWS}")
    assert (page.title, page.published, page.language) == ("Ship & shore", "2025-08-01T06:00:00Z", "nl")


def test_an_index_names_sitemaps() -> None:
    body = (
        f"<sitemapindex {NAMESPACES}><sitemap><loc>https://news.example/a.xml</loc><lastmod>2025-08-01</lastmod>"
        "</sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    )
    assert parse(body.encode(), "https://news.example/map.xml").sitemaps == [
        NamedSitemap("https://news.example/a.xml", "2025-08-01"),
        NamedSitemap("https://news.example/b.xml"),
    ]


@pytest.mark.parametrize("told", ["", "mailto:a@news.example", "not an address"])
def test_an_entry_without_an_address_is_passed_over(told: str) -> None:
    assert [page.url for page in parse(urlset(f"<loc>{told}</loc>", f"<loc>{PAGE}</loc>")).pages] == [PAGE]


@pytest.mark.parametrize(
    "body",
    [
        f"<urlset><url><loc>{PAGE}</loc></url></urlset>",
        f'<s:urlset xmlns:s="urn:other"><s:url><s:loc>{PAGE}</s:loc></s:url></s:urlset>',
        f"<s:urlset><s:url><s:loc>{PAGE}</s:loc></s:url></s:urlset>",
        f"<!-- a --><?xml-stylesheet href='a.xsl'?><urlset><url><loc><![CDATA[{PAGE}]]></loc></url></urlset>",
        f"<urlset><url><loc>{PAGE}</loc></url><url><loc>htt",
        f"\ufeff\n<urlset><url><loc>{PAGE}</loc><priority>&nbsp;</priority></url></urlset>",
    ],
)
def test_it_is_read_in_any_namespace_and_as_far_as_it_goes(body: str) -> None:
    assert [page.url for page in parse(body.encode()).pages] == [PAGE]


def test_all_entries_are_read_of_a_sitemap_larger_than_a_piece() -> None:
    entries = [f"<loc>{PAGE}{number}/</loc>" for number in range(3000)]
    assert [page.url for page in parse(urlset(*entries)).pages] == [f"{PAGE}{n}/" for n in range(3000)]


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Not found</body></html>", b"<rss/>", b"urlset", b"\x00\xff"]
)
def test_anything_else_is_no_sitemap(body: bytes) -> None:
    assert parse_sitemap(body) is None


def test_entities_of_a_file_are_not_followed() -> None:
    body = (
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "https://evil.example/">]>'
        f"<urlset><url><loc>{PAGE}</loc></url><url><loc>&y;</loc></url><url><loc>{PAGE}?a=&x;</loc></url></urlset>"
    )
    assert [page.url for page in parse(body.encode()).pages] == [PAGE, f"{PAGE}?a=&x;"]


def test_addresses_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ADDRESSES", 2)
    found = parse(urlset(*(f"<loc>{PAGE}{number}</loc>" for number in range(5))))
    assert (len(found.pages), found.left_out) == (2, 3)


# Pictures


def test_a_picture_has_its_caption() -> None:
    picture = only_picture(f"loc={CRANE}", "caption=A &lt;b&gt;crane&lt;/b&gt;", "title=Crane")
    assert (picture.url, picture.caption, picture.caption_field) == (CRANE, "A crane", "image:caption")


def test_a_title_stands_where_there_is_no_caption() -> None:
    picture = only_picture(f"loc={CRANE}", "title=A crane at work")
    assert (picture.caption, picture.caption_field) == ("A crane at work", "image:title")


def test_the_name_of_the_file_is_no_title() -> None:
    assert only_picture(f"loc={CRANE}", "title=Crane 07").caption == ""


def test_a_credit_in_the_caption_is_told() -> None:
    picture = only_picture(f"loc={CRANE}", "caption=A crane. Photo: Ada Byron/Quay Press")
    assert (picture.credit, picture.credit_field) == ("Ada Byron/Quay Press", "image:caption")


def test_a_picture_named_twice_is_one() -> None:
    twice = f"<image:image><image:loc>{CRANE}</image:loc></image:image>" * 2
    assert len(only_page(f"<loc>{PAGE}</loc>{twice}").pictures) == 1


def test_pictures_beyond_the_most_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_PICTURES", 2)
    many = "".join(f"<image:image><image:loc>/{number}.jpg</image:loc></image:image>" for number in range(5))
    assert len(only_page(f"<loc>{PAGE}</loc>{many}").pictures) == 2


# Texts and feeds


def test_a_text_names_a_page_a_line() -> None:
    body = f"\ufeff{PAGE}\r\n\r\n# more\r\nnews.example/a\r\nhttps://news.example/b".encode()
    assert [page.url for page in parse_text_sitemap(body).pages] == [PAGE, "https://news.example/b"]


def test_a_feed_names_the_pages_of_its_entries() -> None:
    body = (
        f"<rss version='2.0'><channel><item><title>A</title><link>{PAGE}</link>"
        "<pubDate>Fri, 01 Aug 2025 08:00:00 +0200</pubDate></item></channel></rss>"
    )
    assert parse_feed_sitemap(body.encode(), "https://news.example/feed/").pages == [
        SitemapPage(PAGE, published="2025-08-01T06:00:00Z", title="A")
    ]


# A sitemap as a document


def read(body: bytes) -> list[Reading | Failure]:
    return list(read_sitemap(Document("map.xml", DocumentKind.SITEMAP, body=body)))


def test_its_pictures_are_uses_of_their_pages() -> None:
    (part,) = read(urlset(f"{image(f'loc={CRANE}')}{NEWS}<lastmod>2025-08-02</lastmod>"))
    assert isinstance(part, Reading)
    assert [one.url for one in part.references] == [CRANE]
    assert part.page == Page(
        "map.xml",
        url=PAGE,
        site="news.example",
        title="Ship & shore",
        published="2025-08-01T06:00:00Z",
        modified="2025-08-02",
        language="nl",
        source_kind=SourceKind.SITEMAP,
    )


def test_pages_without_a_picture_are_no_readings() -> None:
    assert len(read(urlset(image(f"loc={CRANE}"), f"<loc>{PAGE}b/</loc>"))) == 1


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        (urlset(), Reason.EMPTY, "the sitemap names no page"),
        (urlset(f"<loc>{PAGE}</loc>"), Reason.NO_PICTURE, "it names pages and no picture"),
        (
            f"<sitemapindex><sitemap><loc>{PAGE}a.xml</loc></sitemap></sitemapindex>".encode(),
            Reason.NO_PICTURE,
            "it names sitemaps and no picture",
        ),
    ],
)
def test_a_sitemap_without_pictures_says_so(body: bytes, reason: Reason, detail: str) -> None:
    (failure,) = read(body)
    assert isinstance(failure, Failure)
    assert failure.reason is reason
    assert failure.detail.startswith(detail)


def test_what_was_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_ADDRESSES", 1)
    failure = read(urlset(image(f"loc={CRANE}"), f"<loc>{PAGE}b/</loc>"))[1]
    assert isinstance(failure, Failure)
    assert failure.detail == "addresses left out: 1 beyond the 1 that a sitemap may have"


# Names and times


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wp-sitemap-taxonomies-post_tag-1.xml", True),
        ("wp-sitemap-users-1.xml", True),
        ("category-sitemap.xml", True),
        ("post_tag-sitemap2.xml", True),
        ("author-sitemap.xml", True),
        ("sitemap-tax-category-1.xml", True),
        ("wp-sitemap-posts-post-1.xml", False),
        ("post-sitemap.xml", False),
        ("page-sitemap1.xml", False),
        ("news-sitemap.xml", False),
        ("sitemap-2025-08.xml", False),
        ("vintage-sitemap.xml", False),
        ("tag-der-offenen-tuer/sitemap.xml", False),
    ],
)
def test_lists_of_archives_are_known_by_their_names(name: str, expected: bool) -> None:
    assert lists_archives(f"https://news.example/{name}") is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wp-sitemap-posts-post-1.xml", "post"),
        ("uk/wp-sitemap-posts-press-release-12.xml", "press-release"),
        ("page-sitemap2.xml", "page"),
        ("report-sitemap.xml.gz", "report"),
        ("sitemap.xml", ""),
        ("sitemap-2025-08.xml", ""),
    ],
)
def test_a_type_of_posts_is_known_by_the_name(name: str, expected: str) -> None:
    assert post_type_of(f"https://news.example/{name}") == expected


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2025-08-01", "2025-08-02T00:00:00+00:00"),
        ("2025-08-01T06:30:00Z", "2025-08-01T06:30:00+00:00"),
        ("9999-12-31", "9999-12-31T23:59:59.999999+00:00"),
    ],
)
def test_a_day_alone_lasts_until_its_end(modified: str, expected: str) -> None:
    latest = latest_moment(modified)
    assert latest is not None
    assert latest.isoformat() == expected


def test_no_time_has_no_latest_moment() -> None:
    assert latest_moment("") is None
