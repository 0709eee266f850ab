"""A web page read as an article."""

from __future__ import annotations

import json

import pytest

from assets.articles.article import read_article
from assets.model import Document, DocumentKind, Failure, ImageReference, Page, Reading, Reason, Role, Stage
from tests.support.effort import assert_grows_evenly

URL = "https://www.news.example/uk/story/"
CDN = "https://cdn.example/"

PROSE = "<p>The leader went to the farm on Friday and looked at the new halls, as the state agency said.</p>"
STORY = PROSE * 4
PICTURE = '<img src="https://cdn.example/farm.jpg">'


def read(html: str | bytes, url: str = URL, base_url: str = "", content_type: str = "") -> Reading:
    body = html if isinstance(html, bytes) else html.encode()
    document = Document("story.html", DocumentKind.HTML, url, body, content_type=content_type)
    return read_article(document, base_url)


def page(html: str, url: str = URL, base_url: str = "") -> Page:
    return read(html, url, base_url).page


def pictures(html: str, url: str = URL) -> tuple[ImageReference, ...]:
    return read(html, url).references


def names(html: str) -> list[str]:
    return [one.url.removeprefix(CDN) for one in pictures(html)]


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def linked(**properties: object) -> str:
    value = json.dumps({"@type": "NewsArticle", **properties})
    return f'<script type="application/ld+json">{value}</script>'


def micro(**properties: str) -> str:
    told = "".join(
        f'<data itemprop="{name}" content="{content}"></data>' for name, content in properties.items()
    )
    return f'<div itemscope itemtype="https://schema.org/NewsArticle">{told}</div>'


def story(inside: str, head: str = "", around: str = "") -> str:
    return f"<head>{head}</head><body>{around}<article><h1>The leader at the farm</h1>{inside}{STORY}</article></body>"


# What a reading is


def test_a_story_with_a_picture_is_a_page_and_its_references() -> None:
    assert read(story(PICTURE)) == Reading(
        Page("story.html", url=URL, site="news.example"), (ImageReference(f"{CDN}farm.jpg"),)
    )


def test_a_story_without_a_picture_is_a_failure_that_says_so() -> None:
    assert read(story("")) == Reading(
        Page("story.html", url=URL, site="news.example"),
        failures=(Failure(Stage.READ, Reason.NO_PICTURE, URL, "an article without a picture"),),
        has_bare_story=True,
    )


@pytest.mark.parametrize("html", ["", "<p>Hello", "<body></body>"])
def test_a_page_without_a_story_is_a_failure_that_says_so(html: str) -> None:
    assert read(html) == Reading(
        Page("story.html", url=URL, site="news.example"),
        failures=(Failure(Stage.READ, Reason.NO_PICTURE, URL, "a page without an article"),),
    )


def test_a_failure_of_a_page_without_an_address_names_its_source() -> None:
    (failure,) = read(story(""), url="").failures
    assert failure.address == "story.html"


def test_a_page_without_a_story_has_its_pictures_all_the_same() -> None:
    assert names(f"<p>Hello</p>{PICTURE}") == ["farm.jpg"]


def test_a_background_of_the_story_is_a_reference() -> None:
    hero = '<div class="cover" style="background-image: url(https://cdn.example/hero.jpg)"></div>'
    assert names(f"<article><h1>The farm</h1>{hero}{STORY}{PICTURE}</article>") == ["hero.jpg", "farm.jpg"]


HERO = 'style="background-image: url(https://cdn.example/hero.jpg)"'


@pytest.mark.parametrize(
    "before",
    [
        f"<div {HERO}><h1>The farm that was visited</h1></div>",
        f'<div class="page-header" {HERO}></div>',
        f'<section class="hero" {HERO}><img src="https://cdn.example/arrow-large.jpg"></section>',
        f'<div class="site"><div class="entry-image" {HERO}></div></div>',
    ],
)
def test_a_hero_before_the_story_is_its_first_picture(before: str) -> None:
    title = "<title>The farm that was visited</title>"
    assert names(f"{title}<body>{before}<main><article>{STORY}{PICTURE}</article></main>") == [
        "hero.jpg",
        "farm.jpg",
    ]


@pytest.mark.parametrize(
    "before",
    [
        f"<div {HERO}></div>",
        f'<header class="site-header" {HERO}></header>',
        f'<nav><div class="hero" {HERO}></div></nav>',
        f'<a class="hero" href="/other/" {HERO}><h2>Somewhere else again</h2></a>',
        f'<div class="hero" {HERO.replace("hero.jpg", "icon.svg")}><img src="https://cdn.example/big.jpg"></div>',
    ],
)
def test_other_backgrounds_before_the_story_are_none_of_its_pictures(before: str) -> None:
    assert names(f"{before}<main><article>{STORY}{PICTURE}</article></main>") == ["farm.jpg"]


def test_a_hero_that_the_story_shows_again_is_one_reference() -> None:
    html = f'<div class="hero" style="background-image: url({CDN}farm-1200x600.jpg)"></div>'
    assert len(pictures(f"{html}<main><article>{STORY}{PICTURE}</article></main>")) == 1


def test_a_page_without_a_story_has_no_hero() -> None:
    assert names(f'<div class="hero" {HERO}></div><main>{PICTURE}</main>') == ["farm.jpg"]


def test_a_background_that_is_foreign_leaves_its_text_to_the_story() -> None:
    card = f'<a href="/other/" style="background-image: url({CDN}card.jpg)"><h3>Somewhere else again</h3></a>'
    assert names(f"<main><article>{STORY}{PICTURE}</article>{card}</main>") == ["farm.jpg"]


def test_the_encoding_of_the_header_is_heard() -> None:
    html = story(PICTURE, "<title>Прес</title>").encode("windows-1251")
    assert read(html, content_type="text/html; charset=windows-1251").page.title == "Прес"


# Addresses

CANONICAL = '<link rel="canonical" href="https://news.example/canonical/">'
OG_URL = meta("og:url", "https://news.example/og/")
BASE = '<base href="https://news.example/base/">'


@pytest.mark.parametrize(
    ("html", "url", "base_url", "told"),
    [
        (CANONICAL + OG_URL + BASE, URL, "https://other.example/", URL),
        (CANONICAL + OG_URL + BASE, "", "https://other.example/", "https://news.example/canonical/"),
        (OG_URL + BASE, "", "https://other.example/", "https://news.example/og/"),
        (BASE, "", "https://other.example/", "https://other.example/"),
        (BASE, "", "", "https://news.example/base/"),
        ("", "", "", ""),
    ],
)
def test_the_address_of_a_page_has_several_sources(html: str, url: str, base_url: str, told: str) -> None:
    assert page(html, url, base_url).url == told


def test_the_site_is_that_of_the_pages_address() -> None:
    assert page(CANONICAL, "https://www.other.example/").site == "other.example"


@pytest.mark.parametrize(
    ("url", "base_url", "address"),
    [
        (URL, "", "https://www.news.example/uk/story/k.jpg"),
        (URL, "https://other.example/a/", "https://other.example/a/k.jpg"),
        ("", "https://other.example/a/", "https://other.example/a/k.jpg"),
    ],
)
def test_relative_addresses_start_from_the_page_or_from_where_the_user_says(
    url: str, base_url: str, address: str
) -> None:
    (found,) = read(story('<img src="k.jpg">'), url, base_url).references
    assert found.url == address


def test_a_page_without_an_address_has_none_unless_the_user_says_one() -> None:
    document = Document("story.html", DocumentKind.HTML, "", story('<img src="k.jpg">').encode())
    assert read_article(document).page.url == ""


def test_relative_addresses_of_linked_data_start_from_the_base() -> None:
    found = pictures(story("", BASE + linked(image="farm.jpg")))
    assert [one.url for one in found] == ["https://news.example/base/farm.jpg"]


def test_relative_addresses_of_microdata_start_from_the_base() -> None:
    found = pictures(story(micro(image="farm.jpg"), BASE))
    assert [one.url for one in found] == ["https://news.example/base/farm.jpg"]


def test_the_article_of_linked_data_is_that_of_the_pages_address() -> None:
    html = linked(headline="Other", url="https://news.example/b/") + linked(headline="Kim", url=URL)
    assert page(html).title == "Kim"


def lost(html: str, url: str = "") -> Failure:
    (failure,) = read(html, url).failures
    return failure


def test_relative_pictures_of_a_page_without_an_address_are_told() -> None:
    assert lost(story('<img src="a.jpg"><img src="b.jpg">')) == Failure(
        Stage.READ,
        Reason.BAD_ADDRESS,
        "story.html",
        "a.jpg: relative, and the page does not tell its own address; --base-url says it",
    )


def test_relative_pictures_are_told_beside_others_that_are_found() -> None:
    found = read(story(f'{PICTURE}<img src="a.jpg">'), url="")
    assert ([one.url for one in found.references], len(found.failures)) == ([f"{CDN}farm.jpg"], 1)


def test_a_page_with_relative_pictures_has_no_bare_story() -> None:
    assert read(story('<img src="a.jpg">'), url="").has_bare_story is False


@pytest.mark.parametrize(
    "element",
    [
        '<img src="a.jpg">',
        '<img data-src="a.jpg">',
        '<amp-img src="a.jpg"></amp-img>',
        '<img src="data:image/gif;base64,R0" data-src="a.jpg">',
        f'<img src="{CDN}farm.jpg" data-src="a.jpg">',
    ],
)
def test_a_picture_has_its_address_in_one_of_two_attributes(element: str) -> None:
    assert lost(story(element)).detail.startswith("a.jpg: relative")


@pytest.mark.parametrize(
    "element",
    [
        '<a href="a.jpg">A</a>',
        '<img alt="a.jpg">',
        "<img src>",
        '<img src="data:image/gif;base64,R0">',
        PICTURE,
        '<iframe src="a.html"></iframe>',
    ],
)
def test_what_is_no_relative_picture_is_not_told_as_lost(element: str) -> None:
    assert Reason.BAD_ADDRESS not in [failure.reason for failure in read(story(element), url="").failures]


def test_a_long_relative_address_is_told_on_one_line() -> None:
    assert lost(story('<img src="a\n\nb.jpg">')).detail.startswith("a b.jpg: relative")


# What the page says of itself


@pytest.mark.parametrize(
    ("html", "title"),
    [
        (
            meta("og:title", "Head")
            + linked(headline="Linked")
            + micro(headline="Micro")
            + "<title>T</title>",
            "Head",
        ),
        (linked(headline="Linked") + micro(headline="Micro") + "<title>T</title>", "Linked"),
        (micro(headline="Micro") + "<title>T</title>", "Micro"),
        ("<title>T</title>", "T"),
        ("<h1>Seen</h1>", ""),
    ],
)
def test_the_title_has_several_sources(html: str, title: str) -> None:
    assert page(html).title == title


HEAD_TIMES = meta("article:published_time", "2002-01-01") + meta("article:modified_time", "2002-02-02")
LINKED_TIMES = linked(datePublished="2001-01-01", dateModified="2001-02-02")
MICRO_TIMES = micro(datePublished="2003-01-01", dateModified="2003-02-02")
SEEN = story('<time datetime="2004-01-01">2004</time>')


@pytest.mark.parametrize(
    ("html", "published", "modified"),
    [
        (LINKED_TIMES + HEAD_TIMES + MICRO_TIMES + SEEN, "2001-01-01", "2001-02-02"),
        (HEAD_TIMES + MICRO_TIMES + SEEN, "2002-01-01", "2002-02-02"),
        (MICRO_TIMES + SEEN, "2003-01-01", "2003-02-02"),
        (SEEN, "2004-01-01", ""),
        (linked(datePublished="soon", dateModified="soon") + HEAD_TIMES, "2002-01-01", "2002-02-02"),
        ("", "", ""),
    ],
)
def test_times_have_several_sources(html: str, published: str, modified: str) -> None:
    found = page(html)
    assert (found.published, found.modified) == (published, modified)


def test_the_first_time_of_the_head_that_is_one_counts() -> None:
    html = meta("article:published_time", "yesterday") + meta("date", "2002-01-01")
    assert page(html).published == "2002-01-01"


@pytest.mark.parametrize(
    ("inside", "published"),
    [
        (
            '<time>2004-01-01</time><time datetime="2005-01-01"></time><time datetime="2006-01-01">',
            "2005-01-01",
        ),
        ('<time datetime="soon"></time><time datetime="2005-01-01"></time>', "2005-01-01"),
        ('<span datetime="2005-01-01"></span>', ""),
        ("<time datetime></time>", ""),
    ],
)
def test_a_time_of_the_story_is_the_first_that_is_told_to_machines(inside: str, published: str) -> None:
    assert page(story(inside)).published == published


def test_times_outside_the_story_are_not_the_storys() -> None:
    assert page(story("", around='<div><time datetime="2005-01-01"></time></div>')).published == ""


def test_a_page_without_a_story_has_no_time_of_it() -> None:
    assert page('<main><time datetime="2005-01-01"></time></main>').published == ""


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="uk">' + linked(inLanguage="en") + micro(inLanguage="de"), "uk"),
        (linked(inLanguage="en") + micro(inLanguage="de"), "en"),
        (micro(inLanguage="de"), "de"),
        ("", ""),
    ],
)
def test_the_language_has_several_sources(html: str, language: str) -> None:
    assert page(html).language == language


SHORT_LINK = '<link rel="shortlink" href="/?p=7">'


def test_a_post_of_wordpress_has_the_root_of_its_api_and_an_id() -> None:
    found = page('<link rel="https://api.w.org/" href="/wp-json/">' + SHORT_LINK)
    assert (found.api_root, found.post_id) == ("https://www.news.example/wp-json/", 7)


def test_a_post_of_wordpress_has_an_id_where_its_api_is_not_announced() -> None:
    found = page(meta("generator", "WordPress 6") + SHORT_LINK)
    assert (found.api_root, found.post_id) == ("", 7)


def test_a_page_of_another_system_has_no_id() -> None:
    assert page(SHORT_LINK).post_id is None


# The pictures of the story


def test_pictures_come_in_the_order_of_the_story() -> None:
    html = story(f'{PICTURE}<img src="{CDN}hall.jpg">')
    assert [(one.url, one.position) for one in pictures(html)] == [
        (f"{CDN}farm.jpg", 0),
        (f"{CDN}hall.jpg", 1),
    ]


def test_pictures_outside_the_story_are_not_the_storys() -> None:
    assert names(story(PICTURE, around=f'<div><img src="{CDN}hall.jpg"></div>')) == ["farm.jpg"]


def test_pictures_that_lead_to_other_stories_are_left_out() -> None:
    teaser = f'<aside><a href="/other/"><img src="{CDN}hall.jpg">Another story of today</a></aside>'
    assert names(story(PICTURE + teaser)) == ["farm.jpg"]


def author(name: str) -> str:
    return f'<div><img src="{CDN}face.jpg" alt="Photo of {name}"></div>'


@pytest.mark.parametrize(
    "told", [linked(author="Jane Doe"), micro(author="Jane Doe")], ids=["linked", "micro"]
)
def test_portraits_of_the_authors_are_left_out(told: str) -> None:
    assert names(story(PICTURE + author("Jane Doe"), around=told)) == ["farm.jpg"]


def test_a_portrait_of_somebody_else_is_the_storys() -> None:
    assert names(story(PICTURE + author("John Roe"), linked(author="Jane Doe"))) == ["farm.jpg", "face.jpg"]


def test_a_caption_set_beside_a_picture_is_read() -> None:
    box = f"<div>{PICTURE}<div>The leader in the new hall of the farm</div></div>"
    assert [one.caption for one in pictures(story(PROSE + box))] == ["The leader in the new hall of the farm"]


@pytest.mark.parametrize("key", ["logo", "image"])
def test_logos_are_left_out(key: str) -> None:
    publisher = {"@type": "Organization", key: f"{CDN}hall.jpg"}
    html = story(f'{PICTURE}<img src="{CDN}hall.jpg">', linked(publisher=publisher))
    assert names(html) == ["farm.jpg"]


def test_a_picture_of_which_a_size_is_a_logo_is_left_out() -> None:
    publisher = {"@type": "Organization", "logo": f"{CDN}hall.jpg?w=300"}
    picture = f'<img src="{CDN}hall.jpg?w=900" srcset="{CDN}hall.jpg?w=300 300w">'
    assert names(story(PICTURE + picture, linked(publisher=publisher))) == ["farm.jpg"]


def test_a_logo_is_no_featured_picture() -> None:
    publisher = {"@type": "Organization", "logo": f"{CDN}hall.jpg"}
    html = story(PICTURE, linked(publisher=publisher) + meta("og:image", f"{CDN}hall.jpg"))
    assert names(html) == ["farm.jpg"]


# The featured picture


@pytest.mark.parametrize(
    "told",
    [
        meta("og:image", f"{CDN}hall.jpg"),
        linked(image=f"{CDN}hall.jpg"),
        micro(image=f"{CDN}hall.jpg"),
    ],
    ids=["head", "linked", "micro"],
)
def test_the_featured_picture_has_several_sources(told: str) -> None:
    found = pictures(story("", around=told))
    assert [(one.url, one.role) for one in found] == [(f"{CDN}hall.jpg", Role.FEATURED)]


def test_a_picture_for_sharing_that_the_page_does_not_show_is_none_of_a_story_with_pictures() -> None:
    found = pictures(story(PICTURE, meta("og:image", f"{CDN}hall.jpg")))
    assert [(one.url, one.role) for one in found] == [(f"{CDN}farm.jpg", Role.CONTENT)]


@pytest.mark.parametrize(
    ("told", "featured"),
    [
        (meta("og:image", "/head.jpg") + linked(image="/linked.jpg") + micro(image="/micro.jpg"), "head"),
        (linked(image="/linked.jpg") + micro(image="/micro.jpg"), "linked"),
        (micro(image="/micro.jpg"), "micro"),
    ],
)
def test_the_head_stands_above_linked_data_and_that_above_microdata(told: str, featured: str) -> None:
    found = pictures(story("", around=told))
    assert [one.url for one in found] == [f"https://www.news.example/{featured}.jpg"]


def test_a_picture_above_the_story_that_the_head_names_has_what_the_markup_says() -> None:
    lead = f'<figure><img src="{CDN}hall.jpg" alt="The hall"><figcaption>A hall</figcaption></figure>'
    found = pictures(story(PICTURE, meta("og:image", f"{CDN}hall.jpg"), around=lead))
    assert [(one.alt, one.caption) for one in found] == [("The hall", "A hall"), ("", "")]


def test_without_a_named_picture_none_above_the_story_is_taken() -> None:
    lead = f'<figure><img src="{CDN}hall.jpg" alt="The hall"></figure>'
    assert names(story(PICTURE, around=lead)) == ["farm.jpg"]


@pytest.mark.parametrize(
    "described",
    [
        '<script type="application/ld+json">'
        '{"@type": "ImageObject", "url": "https://cdn.example/farm.jpg", "creditText": "KCNA"}</script>',
        '<div itemscope itemtype="https://schema.org/ImageObject"><meta itemprop="creditText" content="KCNA">'
        '<link itemprop="url" href="https://cdn.example/farm.jpg"></div>',
    ],
    ids=["linked", "micro"],
)
def test_a_picture_that_is_described_has_its_credit(described: str) -> None:
    assert [one.credit for one in pictures(story(PICTURE, around=described))] == ["KCNA"]


def test_linked_data_stand_above_microdata_in_what_they_describe() -> None:
    one = {"@type": "ImageObject", "url": f"{CDN}farm.jpg", "caption": "Linked"}
    other = (
        '<div itemscope itemtype="https://schema.org/ImageObject"><meta itemprop="caption" content="Micro">'
        '<link itemprop="url" href="https://cdn.example/farm.jpg"></div>'
    )
    found = pictures(story(PICTURE, linked(video=one), around=other))
    assert [found.caption for found in found] == ["Linked"]


def test_addresses_of_one_picture_are_paired_by_what_no_other_picture_has() -> None:
    inside = '<img src="https://cdn.example/77777777_wide.jpg" alt="Wide">'
    found = pictures(story(inside, meta("og:image", f"{CDN}77777777_square.jpg")))
    assert [(one.role, one.alt) for one in found] == [(Role.FEATURED, "Wide")]


def test_what_three_pictures_have_in_common_pairs_none() -> None:
    inside = "".join(f'<img src="{CDN}77777777/{name}.jpg">' for name in ("farm", "hall", "cows"))
    assert len(pictures(story(inside, meta("og:image", f"{CDN}77777777/leader.jpg")))) == 3


def test_what_three_relative_pictures_have_in_common_pairs_none() -> None:
    inside = "".join(f'<img src="/77777777/{name}.jpg">' for name in ("farm", "hall", "cows"))
    assert len(pictures(story(inside, meta("og:image", "/77777777/leader.jpg")))) == 3


def test_what_the_pages_address_has_pairs_no_pictures() -> None:
    inside = f'<img src="{CDN}77777777/farm.jpg">'
    html = story(inside, meta("og:image", f"{CDN}77777777/hall.jpg"))
    found = pictures(html, "https://news.example/77777777/")
    assert [(one.url, one.variants) for one in found] == [(f"{CDN}77777777/farm.jpg", ())]


# Which story


@pytest.mark.parametrize(
    "head",
    [
        meta("og:title", "The second story"),
        linked(headline="The second story"),
        "<title>The second story - News</title>",
        micro(headline="The second story"),
    ],
    ids=["head", "linked", "document", "micro"],
)
def test_of_several_stories_the_one_is_read_that_the_page_is_called_by(head: str) -> None:
    one, two = (
        f'<article><h1>The {name} story</h1><img src="{CDN}{name}.jpg">{STORY}</article>'
        for name in ("first", "second")
    )
    assert names(f"{head}<main>{one}{two}</main>") == ["second.jpg"]


def test_of_several_stories_the_first_is_read_where_none_is_named() -> None:
    one, two = (
        f'<article><h1>The {name} story</h1><img src="{CDN}{name}.jpg">{STORY}</article>'
        for name in ("first", "second")
    )
    assert names(f"<main>{one}{two}</main>") == ["first.jpg"]


def test_the_caption_of_linked_data_is_searched_for_a_credit() -> None:
    told = {"@type": "ImageObject", "url": "/k.jpg", "caption": "The old mill. Photo: Jane Doe/AP"}
    script = (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "image": told})}</script>'
    )
    prose = "<p>The bus between both towns went back on the road on Friday after a month in the shop.</p>" * 5
    html = f"<html><head>{script}</head><body><article><h1>Bus</h1>{prose}</article></body></html>"
    document = Document("page.html", DocumentKind.HTML, "https://a.example/1/", html.encode())
    (found,) = read_article(document).references
    assert (found.credit, found.credit_field) == ("Jane Doe/AP", "json-ld caption")


# What the page calls its own, and what players show


def test_a_picture_that_the_head_names_is_the_storys_whatever_its_box_is_called() -> None:
    box = f'<div class="sidebar headmedia"><img src="{CDN}hall-12345678.jpg" alt="The hall"></div>'
    found = pictures(story(box + PICTURE, meta("og:image", f"{CDN}hall-12345678.jpg")))
    assert [(one.role, one.alt) for one in found] == [(Role.FEATURED, "The hall"), (Role.CONTENT, "")]


def test_a_picture_that_the_head_names_is_not_looked_for_in_boxes_beside_the_story() -> None:
    box = f'<aside><a href="/lee/"><img src="{CDN}hall.jpg"> Lee goes to town again</a></aside>'
    assert names(story(PICTURE, meta("og:image", f"{CDN}hall.jpg"), around=box)) == ["farm.jpg"]


@pytest.mark.parametrize(("more", "found"), [("", ["play.jpg"]), (PICTURE, ["farm.jpg"])])
def test_what_a_player_shows_counts_where_the_story_has_nothing_else(more: str, found: list[str]) -> None:
    player = f'<video poster="{CDN}play.jpg"></video>'
    html = f"<body><article><h1>The leader at the farm</h1><div>{STORY}{player}{STORY}{more}</div></article>"
    assert names(html) == found


def test_the_work_grows_with_the_pictures_that_linked_data_describe() -> None:
    def read_many(size: int) -> int:
        told = [
            {"@type": "ImageObject", "@id": f"#{number}", "url": f"{CDN}{number}.jpg", "caption": "Kim"}
            for number in range(size)
        ]
        graph = {"@graph": [*told, {"@type": "NewsArticle", "image": [{"@id": one["@id"]} for one in told]}]}
        shown = "".join(f'<img src="{CDN}{number}.jpg">' for number in range(size))
        head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
        return len(pictures(story(shown, head)))

    assert assert_grows_evenly(read_many, 1600) == 1600


# Pages of WordPress' themes

THUMB = f'<img class="attachment-large wp-post-image" src="{CDN}quay.jpg" alt="The quay">'
SHORT = "<p>The ferry is back.</p>"
FURTHER = "".join(
    f'<li class="wp-block-post post-{number} type-post"><a href="/{number}/">'
    f'<img class="wp-post-image" src="{CDN}{number}.jpg"><h3>Story number {number}</h3></a>'
    '<time class="published" datetime="2001-01-01"></time></li>'
    for number in range(3)
)
THEMES = [
    f'<article class="post-7 post type-post hentry"><header><h1>Ferry</h1>'
    f'<figure class="post-thumbnail">{THUMB}</figure></header>'
    f'<div class="entry-content">{SHORT}</div><footer class="entry-footer">'
    '<time class="entry-date published" datetime="2025-02-13"></time></footer></article>',
    f'<main><h1>Ferry</h1><figure class="wp-block-post-featured-image">{THUMB}</figure>'
    f'<div class="entry-content wp-block-post-content">{SHORT}</div>'
    '<div class="wp-block-post-date"><time datetime="2025-02-13"></time></div></main>',
    f'<main class="site-main post-7 type-page hentry"><div class="page-header"><h1>Ferry</h1></div>{THUMB}'
    f'<div class="page-content">{SHORT}<abbr class="published" title="2025-02-13"></abbr></div></main>',
]


def themed(inside: str, classes: str = "single single-post postid-7") -> str:
    head = '<meta name="generator" content="WordPress 6.8">'
    more = f'<div class="widget"><ul class="wp-block-post-template">{FURTHER}</ul></div>'
    return f'<head>{head}</head><body class="{classes}">{inside}{more}</body>'


@pytest.mark.parametrize("inside", THEMES, ids=["classic", "blocks", "builder"])
def test_a_short_post_is_an_article_with_its_featured_picture_and_its_time(inside: str) -> None:
    found = read(themed(inside))
    assert [(one.url, one.role, one.alt) for one in found.references] == [
        (f"{CDN}quay.jpg", Role.FEATURED, "The quay")
    ]
    assert (found.page.published, found.failures) == ("2025-02-13", ())


def test_a_short_post_without_a_picture_is_an_article_without_one() -> None:
    found = read(themed(THEMES[0].replace(THUMB, "")))
    assert (found.references, found.failures[0].detail) == ((), "an article without a picture")


def test_the_picture_that_the_head_names_stays_the_featured_one() -> None:
    html = story(
        f'{PICTURE}<p><img class="wp-post-image" src="{CDN}quay.jpg"></p>', meta("og:image", f"{CDN}farm.jpg")
    )
    assert [(one.url, one.role) for one in pictures(html)] == [
        (f"{CDN}farm.jpg", Role.FEATURED),
        (f"{CDN}quay.jpg", Role.CONTENT),
    ]


def test_the_featured_picture_of_a_theme_comes_first() -> None:
    found = pictures(story(f'{PICTURE}<p><img class="wp-post-image" src="{CDN}quay.jpg"></p>'))
    assert [(one.url, one.role, one.position) for one in found] == [
        (f"{CDN}quay.jpg", Role.FEATURED, 0),
        (f"{CDN}farm.jpg", Role.CONTENT, 1),
    ]


@pytest.mark.parametrize(
    "classes", ["archive date", "archive category", "home blog", "search search-results"]
)
def test_a_list_of_posts_is_no_article(classes: str) -> None:
    found = read(themed(THEMES[0] + f"<div>{STORY}</div>", classes))
    assert (found.references, found.page.published) == ((), "")
    assert found.failures[0].detail == "a page without an article"


def test_a_story_that_stands_in_a_script_alone_is_read() -> None:
    body = (
        f'<figure><img src="/quay.jpg" alt="The quay"><figcaption>The old quay</figcaption></figure>{STORY}'
    )
    value = json.dumps({"body": body}).replace("<", "\\u003c")
    html = (
        f"<head>{meta('og:title', 'Ferry')}</head><body><main></main><script>start({value})</script></body>"
    )
    found = read(html)
    assert [(one.url, one.alt, one.caption) for one in found.references] == [
        ("https://www.news.example/quay.jpg", "The quay", "The old quay")
    ]


def test_a_story_in_the_markup_goes_before_one_in_a_script() -> None:
    value = json.dumps(f'<p><img src="/quay.jpg">{STORY}')
    assert names(story(PICTURE, around=f"<script>start({value})</script>")) == ["farm.jpg"]


ABOVE = [
    f'<header class="site-header featured-image"><figure class="post-thumbnail">{THUMB}</figure>'
    '<h1 class="entry-title">Ferry</h1></header>',
    f'<header><p>Harbour Post</p></header><div class="single-featured-image-header">{THUMB}</div>',
    f'<div id="masthead"><div id="branding">{THUMB}</div></div>',
]


@pytest.mark.parametrize("above", ABOVE, ids=["headline", "picture", "header"])
def test_the_featured_picture_of_a_theme_may_stand_above_the_post(above: str) -> None:
    headline = "" if "h1" in above else "<h1>Ferry</h1>"
    text = f'<div class="entry-content">{SHORT}{PICTURE}</div>'
    post = f'<article class="post-7 type-post has-post-thumbnail hentry">{headline}{text}</article>'
    found = pictures(themed(f"<div>{above}<main>{post}</main></div>"))
    assert [(one.url, one.role, one.alt) for one in found] == [
        (f"{CDN}quay.jpg", Role.FEATURED, "The quay"),
        (f"{CDN}farm.jpg", Role.CONTENT, ""),
    ]
