"""What the head of a page says of it."""

from __future__ import annotations

import pytest

from assets.articles.metadata.head import MAX_SHARED, Head, SharedPicture, page_links, read_head
from assets.model import PageLinks
from assets.parsing.htmltree import parse_html

PAGE = "https://news.example/uk/story/"


def head(html: str, url: str = PAGE) -> Head:
    return read_head(parse_html(html), url)


def meta(name: str, content: str, key: str = "property") -> str:
    return f'<meta {key}="{name}" content="{content}">'


def link(relation: str, href: str, kind: str = "") -> str:
    return f'<link rel="{relation}" href="{href}" type="{kind}">'


def shared(*metas: tuple[str, str]) -> tuple[SharedPicture, ...]:
    return head("".join(meta(name, content) for name, content in metas)).shared


def test_a_silent_page_says_nothing() -> None:
    assert head("<p>Text</p>", "") == Head()


def test_an_empty_page_says_nothing() -> None:
    assert head("", "") == Head()


# Elements of the head


@pytest.mark.parametrize("key", ["property", "name", "itemprop", "http-equiv"])
def test_a_meta_element_is_named_by_any_of_four_attributes(key: str) -> None:
    assert head(meta("generator", "Press 1", key)).generator == "Press 1"


def test_a_meta_element_may_have_two_names() -> None:
    html = '<meta name="generator" property="og:type" content="article">'
    assert (head(html).generator, head(html).og_type) == ("article", "article")


def test_names_of_meta_elements_are_read_in_any_case_and_between_spaces() -> None:
    assert head(meta(" OG:Type ", " article ")).og_type == "article"


@pytest.mark.parametrize(
    "nothing",
    [
        '<meta name="generator">',
        meta("generator", ""),
        meta("generator", " "),
        "<meta name content='A'>",
        "<meta>",
    ],
)
def test_a_meta_element_without_a_content_is_passed_over(nothing: str) -> None:
    assert head(nothing + meta("generator", "Press 1")).generator == "Press 1"


def test_the_first_of_two_like_meta_elements_counts() -> None:
    assert head(meta("generator", "Press 1") + meta("generator", "Press 2")).generator == "Press 1"


def test_what_stands_in_the_body_is_read_too() -> None:
    assert head(f"<body><p>Text</p>{meta('generator', 'Press 1')}").generator == "Press 1"


def test_the_generator_is_one_line() -> None:
    assert head(meta("generator", "Press \n 1")).generator == "Press 1"


# Titles


def test_the_title_is_that_for_sharing() -> None:
    html = meta("twitter:title", "Short") + meta("og:title", "Kim&amp;#8217;s <b>visit</b>")
    assert head(html).title == "Kim’s visit"


def test_twitters_title_stands_in_for_open_graphs() -> None:
    assert head(meta("twitter:title", "Short", "name")).title == "Short"


def test_the_documents_title_is_kept_beside_that_for_sharing() -> None:
    found = head("<title>\n Kim’s visit - News </title>" + meta("og:title", "Kim’s visit"))
    assert (found.title, found.document_title) == ("Kim’s visit", "Kim’s visit - News")


def test_the_documents_title_is_no_title_for_sharing() -> None:
    assert head("<title>News</title>").title == ""


def test_the_type_is_lower_case() -> None:
    assert head(meta("og:type", "Article")).og_type == "article"


# Times

PUBLISHED = [
    "article:published_time",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "datePublished",
    "date",
    "DC.date.issued",
    "DC.date",
    "dcterms.created",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "cXenseParse:recs:publishtime",
]
MODIFIED = [
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "last-modified",
    "lastmod",
    "dateModified",
    "dcterms.modified",
]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_time_of_publication_has_many_names(name: str) -> None:
    assert (head(meta(name, "2024-04-26")).published, head(meta(name, "2024-04-26")).modified) == (
        ("2024-04-26",),
        (),
    )


@pytest.mark.parametrize("name", MODIFIED)
def test_the_time_of_the_last_change_has_many_names(name: str) -> None:
    assert (head(meta(name, "2024-04-26")).published, head(meta(name, "2024-04-26")).modified) == (
        (),
        ("2024-04-26",),
    )


def test_times_of_publication_come_in_the_order_of_their_names() -> None:
    html = "".join(meta(name, str(number)) for number, name in enumerate(PUBLISHED))
    assert head(html).published == tuple(str(number) for number in range(15))


def test_times_of_publication_are_ordered_by_name_not_by_place() -> None:
    assert head(meta("date", "2001") + meta("article:published_time", "2002")).published == ("2002", "2001")


def test_times_of_the_last_change_come_in_the_order_of_their_names() -> None:
    html = "".join(meta(name, str(number)) for number, name in reversed(list(enumerate(MODIFIED))))
    assert head(html).modified == tuple(str(number) for number in range(7))


def test_times_are_kept_as_they_stand() -> None:
    assert head(meta("date", "last Tuesday")).published == ("last Tuesday",)


# Languages


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="en-GB">', "en-GB"),
        ('<html xml:lang="de">', "de"),
        ('<html lang="" xml:lang="de">', "de"),
        ('<html lang="en" xml:lang="de">', "en"),
        (meta("content-language", "fr", "http-equiv"), "fr"),
        (meta("og:locale", "uk_UA"), "uk-UA"),
        (meta("inLanguage", "ko", "itemprop"), "ko"),
        ('<html lang="en">' + meta("content-language", "fr", "http-equiv"), "en"),
        (meta("og:locale", "uk_UA") + meta("content-language", "fr", "http-equiv"), "fr"),
        (meta("inLanguage", "ko", "itemprop") + meta("og:locale", "uk_UA"), "uk-UA"),
    ],
)
def test_the_language_is_told_by_the_root_then_by_meta_elements(html: str, language: str) -> None:
    assert head(html).language == language


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("en_US", "en-US"),
        (" en ", "en"),
        ("en, fr", "en"),
        ("en ,fr", "en"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("e", ""),
        ("abcdefgh", "abcdefgh"),
        ("abcdefghi", ""),
        ("en-", ""),
        ("en-a", "en-a"),
        ("en-abcdefgh", "en-abcdefgh"),
        ("en-abcdefghi", ""),
        ("{{ lang }}", ""),
        ("English (UK)", ""),
        ("419", ""),
    ],
)
def test_a_language_is_a_tag_or_nothing(told: str, language: str) -> None:
    assert head(f'<html lang="{told}">').language == language


# Addresses


def test_relative_addresses_start_from_the_pages_own() -> None:
    found = head(link("canonical", "?page=1") + meta("og:url", "../other/"))
    assert (found.base, found.canonical, found.og_url) == (
        PAGE,
        "https://news.example/uk/story/?page=1",
        "https://news.example/uk/other/",
    )


def test_a_base_element_moves_where_relative_addresses_start() -> None:
    found = head('<base href="https://cdn.example/a/">' + link("canonical", "story/"))
    assert (found.base, found.canonical) == ("https://cdn.example/a/", "https://cdn.example/a/story/")


def test_a_base_element_may_be_relative_itself() -> None:
    assert head('<base href=" /de/ ">').base == "https://news.example/de/"


@pytest.mark.parametrize(
    "nothing", ["<base>", "<base target=_top>", '<base href="about:blank">', "<base href>"]
)
def test_a_base_element_of_no_web_address_is_passed_over(nothing: str) -> None:
    assert head(f"{nothing}<p>").base == PAGE


def test_the_first_base_element_of_a_web_address_counts() -> None:
    html = '<base href="javascript:0"><base href="https://one.example/"><base href="https://two.example/">'
    assert head(html).base == "https://one.example/"


@pytest.mark.parametrize(
    ("html", "base"),
    [
        (link("canonical", "https://news.example/a/"), "https://news.example/a/"),
        (meta("og:url", "https://news.example/b/"), "https://news.example/b/"),
        (
            meta("og:url", "https://news.example/b/") + link("canonical", "https://news.example/a/"),
            "https://news.example/a/",
        ),
        (link("canonical", "/a/") + meta("og:url", "https://news.example/b/"), "https://news.example/b/"),
        (meta("og:url", "/b/") + meta("og:url", "https://news.example/c/"), "https://news.example/c/"),
        (link("canonical", "/a/") + link("canonical", "https://news.example/c/"), "https://news.example/c/"),
        (link("next", "https://news.example/c/"), ""),
        (meta("og:video", "https://news.example/c/"), ""),
        (meta("og:image", "https://news.example/c.jpg"), ""),
    ],
)
def test_a_saved_page_starts_from_the_address_it_gives_itself(html: str, base: str) -> None:
    assert head(html, "").base == base


def test_the_address_a_page_came_from_stands_above_the_one_it_gives_itself() -> None:
    assert head(link("canonical", "https://news.example/a/")).base == PAGE


NOTE = "<!-- saved from url=(0033)https://news.example/saved/story/ -->"


@pytest.mark.parametrize(
    ("html", "base"),
    [
        (NOTE, "https://news.example/saved/story/"),
        ("<!doctype html>\n<!--saved from url=(0022)https://news.example/a/-->", "https://news.example/a/"),
        ("<!--saved from url=(0022)https://news.example/a/ -->", "https://news.example/a/"),
        ("<!-- saved from url=(0014)about:internet -->", ""),
        ("<!-- saved from url=(22)https://news.example/a/ -->", ""),
        (NOTE + meta("og:url", "https://news.example/b/"), "https://news.example/b/"),
    ],
)
def test_a_saved_page_starts_from_the_note_of_the_browser_that_saved_it(html: str, base: str) -> None:
    assert head(f"{html}<html><body><p>Text</p>", "").base == base


@pytest.mark.parametrize(("before", "base"), [(1900, "https://news.example/saved/story/"), (2040, "")])
def test_the_note_of_a_browser_stands_at_the_beginning(before: int, base: str) -> None:
    assert head(f"<!--{'-' * before}-->{NOTE}<html>", "").base == base


@pytest.mark.parametrize("before", ["", "."])
def test_a_character_cut_in_two_where_the_note_is_looked_for_does_no_harm(before: str) -> None:
    assert head(f"{NOTE}<html><p>{before}{'é' * 2000}", "").base == "https://news.example/saved/story/"


def test_the_first_canonical_link_of_a_web_address_counts() -> None:
    html = link("canonical", "mailto:a@b") + link("canonical", "/one/") + link("canonical", "/two/")
    assert head(html).canonical == "https://news.example/one/"


def test_relations_are_words_in_any_case() -> None:
    assert head(link("Shortlink CANONICAL", "/one/")).canonical == "https://news.example/one/"


def test_a_relation_is_a_whole_word() -> None:
    assert head(link("canonical-mobile", "/one/")).canonical == ""


@pytest.mark.parametrize(
    "nothing", ["<link rel=canonical>", "<link href=/a/>", "<link rel=canonical href=' '>"]
)
def test_a_link_without_a_relation_or_an_address_is_passed_over(nothing: str) -> None:
    assert head(nothing + link("canonical", " /one/ ")).canonical == "https://news.example/one/"


@pytest.mark.parametrize("kind", ["application/rss+xml", "application/atom+xml", "application/feed+json"])
def test_feeds_are_alternates_of_a_feeds_type(kind: str) -> None:
    assert head(link("alternate", "/feed/", kind.upper())).feeds == ("https://news.example/feed/",)


@pytest.mark.parametrize(
    "other",
    [
        link("alternate", "/feed/"),
        link("alternate", "/feed/", "text/html"),
        link("stylesheet", "/feed/", "application/rss+xml"),
        link("alternate", "feed:/", "application/rss+xml"),
    ],
)
def test_other_alternates_are_no_feeds(other: str) -> None:
    assert head(other).feeds == ()


def test_feeds_come_in_order_each_once() -> None:
    kind = "application/rss+xml"
    html = link("alternate", "/b/", kind) + link("alternate", "/a/", kind) + link("alternate", "/b/", kind)
    assert head(html).feeds == ("https://news.example/b/", "https://news.example/a/")


@pytest.mark.parametrize("relation", ["icon", "shortcut icon", "apple-touch-icon"])
def test_icons_are_those_of_the_browser_and_of_apple(relation: str) -> None:
    assert head(link(relation, "/i.png")).icons == ("https://news.example/i.png",)


@pytest.mark.parametrize("relation", ["mask-icon", "preload", "stylesheet"])
def test_other_links_are_no_icons(relation: str) -> None:
    assert head(link(relation, "/i.png")).icons == ()


# The picture for sharing


@pytest.mark.parametrize("name", ["og:image", "og:image:url", "og:image:secure_url"])
def test_open_graphs_picture_is_for_sharing(name: str) -> None:
    assert shared((name, "/k.jpg")) == (SharedPicture("https://news.example/k.jpg"),)


def test_sizes_and_text_behind_a_picture_are_its_own() -> None:
    found = shared(
        ("og:image", "/k.jpg"),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "Kim &amp;amp; Co."),
    )
    assert found == (SharedPicture("https://news.example/k.jpg", 1200, 630, "Kim & Co."),)


def test_sizes_before_the_first_picture_are_its_own() -> None:
    found = shared(("og:image:width", "1200"), ("og:image:height", "630"), ("og:image", "/k.jpg"))
    assert found == (SharedPicture("https://news.example/k.jpg", 1200, 630),)


def test_sizes_of_the_second_picture_are_not_those_of_the_first() -> None:
    found = shared(("og:image", "/a.jpg"), ("og:image:width", "1200"), ("og:image", "/b.jpg"))
    assert found == (
        SharedPicture("https://news.example/a.jpg", 1200),
        SharedPicture("https://news.example/b.jpg"),
    )


def test_sizes_between_two_pictures_are_those_of_the_picture_before() -> None:
    found = shared(("og:image", "/a.jpg"), ("og:image", "/b.jpg"), ("og:image:width", "1200"))
    assert [one.width for one in found] == [None, 1200]


def test_sizes_that_are_none_are_left_out() -> None:
    found = shared(("og:image", "/k.jpg"), ("og:image:width", "auto"), ("og:image:height", "0"))
    assert found == (SharedPicture("https://news.example/k.jpg"),)


def test_the_secure_address_of_a_picture_is_no_picture_more() -> None:
    found = shared(
        ("og:image", "http://news.example/k.jpg"), ("og:image:secure_url", "https://cdn.example/k.jpg")
    )
    assert found == (SharedPicture("http://news.example/k.jpg"),)


def test_a_picture_that_is_named_again_keeps_its_size_and_takes_the_new_spelling() -> None:
    found = shared(
        ("og:image", "http://news.example/k.jpg"),
        ("og:image:width", "1200"),
        ("og:image", "https://news.example/k.jpg"),
    )
    assert found == (SharedPicture("https://news.example/k.jpg", 1200),)


def test_a_picture_without_a_web_address_is_passed_over() -> None:
    found = shared(("og:image", "/a.jpg"), ("og:image", "data:image/gif;base64,R0"), ("og:image:width", "9"))
    assert found == (SharedPicture("https://news.example/a.jpg", 9),)


def test_sizes_without_a_picture_are_none() -> None:
    assert shared(("og:image:width", "1200"), ("og:image:alt", "Kim")) == ()


@pytest.mark.parametrize("name", ["twitter:image", "twitter:image:src", "image", "thumbnail"])
def test_older_forms_name_a_picture_for_sharing(name: str) -> None:
    assert shared((name, "/k.jpg")) == (SharedPicture("https://news.example/k.jpg"),)


@pytest.mark.parametrize("name", ["twitter:image", "twitter:image:src"])
def test_twitters_picture_has_twitters_text(name: str) -> None:
    found = shared((name, "/k.jpg"), ("twitter:image:alt", "Kim &amp;amp; Co."))
    assert found == (SharedPicture("https://news.example/k.jpg", alt="Kim & Co."),)


@pytest.mark.parametrize("name", ["image", "thumbnail"])
def test_twitters_text_belongs_to_no_other_picture(name: str) -> None:
    found = shared((name, "/k.jpg"), ("twitter:image:alt", "Kim"))
    assert found == (SharedPicture("https://news.example/k.jpg"),)


@pytest.mark.parametrize("name", ["twitter:image", "image"])
def test_a_picture_of_an_older_form_without_a_web_address_is_passed_over(name: str) -> None:
    assert shared((name, "data:image/gif;base64,R0")) == ()


def test_the_oldest_form_is_a_link() -> None:
    assert head(link("image_src", "/k.jpg")).shared == (SharedPicture("https://news.example/k.jpg"),)


def test_pictures_for_sharing_come_by_the_age_of_their_form() -> None:
    html = link("image_src", "/f.jpg") + "".join(
        meta(name, address)
        for name, address in [
            ("thumbnail", "/e.jpg"),
            ("image", "/d.jpg"),
            ("twitter:image:src", "/c.jpg"),
            ("twitter:image", "/b.jpg"),
            ("og:image", "/a.jpg"),
        ]
    )
    assert [one.url[-5:] for one in head(html).shared] == [
        "a.jpg",
        "b.jpg",
        "c.jpg",
        "d.jpg",
        "e.jpg",
        "f.jpg",
    ]


def test_one_picture_in_two_forms_is_shared_once_as_the_first_form_says() -> None:
    found = shared(
        ("og:image", "https://news.example/k.jpg"),
        ("og:image:width", "1200"),
        ("twitter:image", "http://news.example/k.jpg"),
    )
    assert found == (SharedPicture("https://news.example/k.jpg", 1200),)


def test_pictures_for_sharing_beyond_a_limit_are_left_out() -> None:
    found = shared(*(("og:image", f"/{number}.jpg") for number in range(MAX_SHARED + 1)))
    assert (len(found), found[-1].url) == (20, "https://news.example/19.jpg")


# WordPress


def test_the_api_is_announced_by_a_link() -> None:
    assert head(link("https://api.w.org/", "/wp-json/")).api_root == "https://news.example/wp-json/"


def test_the_pages_record_is_an_alternate_of_json() -> None:
    html = link("alternate", "/wp-json/wp/v2/posts/7", "application/json")
    assert head(html).rest_record == "https://news.example/wp-json/wp/v2/posts/7"


@pytest.mark.parametrize(
    "other",
    [
        link("alternate", "/feed/", "application/rss+xml"),
        link("preload", "/data/", "application/json"),
        link("alternate", "data:7", "application/json"),
    ],
)
def test_other_links_are_no_record(other: str) -> None:
    assert head(other + link("alternate", "/r/", "application/json")).rest_record == "https://news.example/r/"


@pytest.mark.parametrize(
    ("html", "post_id"),
    [
        (link("alternate", "/wp-json/wp/v2/posts/7", "application/json"), 7),
        (link("alternate", "/wp-json/wp/v2/my-kind/7?lang=uk", "application/json"), 7),
        (link("alternate", "/?rest_route=/wp/v2/pages/7&amp;a=b", "application/json"), 7),
        (link("alternate", "/wp-json/wp/v2/posts/7/revisions", "application/json"), None),
        (link("alternate", f"/wp-json/wp/v2/posts/{'7' * 19}", "application/json"), None),
        (link("alternate", f"/wp-json/wp/v2/posts/{'7' * 18}", "application/json"), 777777777777777777),
        (link("shortlink", "/?p=8"), 8),
        (link("shortlink", "/?page_id=8"), 8),
        (link("shortlink", "/?a=b&amp;p=8&amp;c=d"), 8),
        (link("shortlink", "/?pp=8"), None),
        (link("shortlink", "/?p=8a"), None),
        (link("shortlink", f"/?p={'8' * 19}"), None),
        (link("shortlink", "https://wp.me/abc") + link("shortlink", "/?p=8"), 8),
        (link("canonical", "/?p=8"), None),
        ('<body class="single postid-9 logged">', 9),
        ('<body class="page-id-9">', 9),
        ('<body class="attachmentid-9">', 9),
        ('<body class="parent-pageid-9">', None),
        ('<body class="postid-9x">', None),
        ('<body class="xpostid-9">', None),
        (f'<body class="postid-{"9" * 19}">', None),
        ("<body class>", None),
        ('<div class="postid-9">', None),
    ],
)
def test_the_posts_id_is_read_from_its_record_its_short_link_or_the_body(
    html: str, post_id: int | None
) -> None:
    assert head(html).post_id == post_id


RECORD = link("alternate", "/wp-json/wp/v2/posts/7", "application/json")
SHORT_LINK = link("shortlink", "/?p=8")


@pytest.mark.parametrize(
    ("html", "post_id"), [(SHORT_LINK + RECORD, 7), (SHORT_LINK, 8)], ids=["record", "short link"]
)
def test_the_record_stands_above_the_short_link_and_that_above_the_body(html: str, post_id: int) -> None:
    assert head(f'{html}<body class="postid-9">').post_id == post_id


@pytest.mark.parametrize(
    "html",
    [
        meta("generator", "WordPress 6.5", "name"),
        meta("generator", "wordpress.com", "name"),
        link("https://api.w.org/", "/api/"),
        link("stylesheet", "/wp-content/themes/a/style.css"),
        link("stylesheet", "/wp-includes/a.css"),
        link("preload", "/wp-json/a"),
        '<script src="/wp-includes/js/a.js"></script>',
        '<img src="/wp-content/uploads/k.jpg">',
    ],
)
def test_wordpress_is_told_by_its_generator_its_links_and_its_files(html: str) -> None:
    assert head(html).is_wordpress is True


@pytest.mark.parametrize(
    "html",
    [
        meta("generator", "Not WordPress", "name"),
        link("stylesheet", "/content/style.css"),
        '<link href="/wp-includes/a.css">',
        '<script src="/js/a.js"></script>',
        "<script>'/wp-includes/js/a.js'</script>",
        '<img data-src="/wp-content/uploads/k.jpg">',
        '<a href="/wp-content/uploads/k.jpg">',
        '<img src="/k.jpg">',
        "<img src>",
    ],
)
def test_a_page_without_a_sign_of_wordpress_is_none(html: str) -> None:
    assert head(html).is_wordpress is False


# What a page announces


def test_a_page_announces_its_address_its_api_its_feeds_and_its_picture() -> None:
    html = (
        meta("generator", "WordPress 6.5", "name")
        + link("canonical", "/a/")
        + link("https://api.w.org/", "/wp-json/")
        + RECORD
        + link("alternate", "/feed/", "application/rss+xml")
        + meta("og:image", "/a.jpg")
        + meta("og:image", "/b.jpg")
    )
    assert page_links(html, PAGE) == PageLinks(
        canonical="https://news.example/a/",
        api_root="https://news.example/wp-json/",
        rest_record="https://news.example/wp-json/wp/v2/posts/7",
        feeds=("https://news.example/feed/",),
        og_image="https://news.example/a.jpg",
        generator="WordPress 6.5",
        is_wordpress=True,
    )


def test_a_silent_page_announces_nothing() -> None:
    assert page_links("", PAGE) == PageLinks()


def test_bytes_of_a_page_are_read_in_the_encoding_of_the_header() -> None:
    html = meta("generator", "Прес 1").encode("windows-1251")
    assert page_links(html, PAGE, "text/html; charset=windows-1251").generator == "Прес 1"
