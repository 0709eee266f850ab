"""What the microdata of a page says of its article and pictures."""

from __future__ import annotations

import pytest

from assets.articles.metadata.json_ld import LinkedArticle, LinkedPicture
from assets.articles.metadata.microdata import MAX_ITEMS, read_microdata
from assets.parsing.htmltree import parse_html

BASE = "https://news.example/uk/"


def micro(html: str) -> LinkedArticle:
    return read_microdata(parse_html(html), BASE)


def article(inside: str, kind: str = "NewsArticle") -> str:
    return f'<article itemscope itemtype="https://schema.org/{kind}">{inside}</article>'


def picture(inside: str, name: str = "", kind: str = "ImageObject") -> str:
    prop = f'itemprop="{name}" ' if name else ""
    return f'<div {prop}itemscope itemtype="https://schema.org/{kind}">{inside}</div>'


def meta(name: str, content: str) -> str:
    return f'<meta itemprop="{name}" content="{content}">'


K = '<link itemprop="url" href="/k.jpg">'
K_URL = "https://news.example/k.jpg"


def test_a_page_without_microdata_says_nothing() -> None:
    assert micro("<p>Text</p>") == LinkedArticle()


def test_an_article_tells_its_headline_times_language_author_and_picture() -> None:
    html = article(
        meta("headline", "Kim’s visit")
        + meta("datePublished", "2024-04-26")
        + meta("dateModified", "2024-04-27")
        + meta("inLanguage", "en")
        + meta("author", "Jane Doe")
        + '<img itemprop="image" src="/k.jpg">'
    )
    assert micro(html) == LinkedArticle(
        headline="Kim’s visit",
        published="2024-04-26",
        modified="2024-04-27",
        language="en",
        authors=("Jane Doe",),
        lead=(LinkedPicture((K_URL,)),),
    )


# Articles


@pytest.mark.parametrize(
    "kind", ["Article", "NewsArticle", "BlogPosting", "Report", "Recipe", "newsarticle", "Article/"]
)
def test_an_article_has_one_of_several_types(kind: str) -> None:
    assert micro(article(meta("headline", "Kim"), kind)).headline == "Kim"


@pytest.mark.parametrize("kind", ["WebPage", "Person", "ArticleList", "Thing"])
def test_other_items_are_no_articles(kind: str) -> None:
    assert micro(article(meta("headline", "Kim"), kind)) == LinkedArticle()


def test_a_type_is_schema_orgs() -> None:
    html = f'<div itemscope itemtype="https://other.example/Article">{meta("headline", "Kim")}</div>'
    assert micro(html) == LinkedArticle()


@pytest.mark.parametrize(
    "scope", ['itemtype="https://schema.org/Article"', "itemscope", "itemscope itemtype"]
)
def test_an_item_has_a_scope_and_a_type(scope: str) -> None:
    assert micro(f"<div {scope}>{meta('headline', 'Kim')}</div>") == LinkedArticle()


def test_the_first_article_counts() -> None:
    assert micro(article(meta("headline", "One")) + article(meta("headline", "Two"))).headline == "One"


def test_a_type_among_several_counts() -> None:
    html = f'<div itemscope itemtype="https://schema.org/Thing http://schema.org/Report">{meta("headline", "A")}</div>'
    assert micro(html).headline == "A"


@pytest.mark.parametrize(("before", "headline"), [(MAX_ITEMS - 1, "Kim"), (MAX_ITEMS, "")])
def test_items_beyond_a_limit_are_left_out(before: int, headline: str) -> None:
    items = '<b itemscope itemtype="https://schema.org/Thing"></b>' * before
    assert micro(items + article(meta("headline", "Kim"))).headline == headline


def test_two_hundred_items_are_read() -> None:
    assert MAX_ITEMS == 200


# Texts


@pytest.mark.parametrize(
    ("element", "headline"),
    [
        ('<meta itemprop="headline" content=" Kim \n Jong ">', "Kim Jong"),
        ('<h1 itemprop="headline">Kim’s <b>visit</b></h1>', "Kim’s visit"),
        ('<h1 itemprop="headline" content="">Kim</h1>', "Kim"),
        ('<h1 itemprop="headline" content="Told">Seen</h1>', "Told"),
        ('<time itemprop="headline" datetime="2024">Seen</time>', "2024"),
        ('<time itemprop="headline" datetime="2024" content="2025">Seen</time>', "2025"),
        ('<h1 itemprop="name headline">Kim</h1>', "Kim"),
        ('<h1 itemprop="headlines">Kim</h1>', ""),
        ('<h1 itemprop="headline"></h1>', ""),
        ('<h1 itemprop="headline"></h1><h2 itemprop="headline">Kim</h2>', "Kim"),
        ('<h1 itemprop="headline">One</h1><h2 itemprop="headline">Two</h2>', "One"),
    ],
)
def test_a_text_is_what_a_machine_is_told_else_what_a_reader_sees(element: str, headline: str) -> None:
    assert micro(article(element)).headline == headline


def test_an_item_as_a_text_is_its_name() -> None:
    html = '<div itemprop="author" itemscope>By <span itemprop="name">Jane Doe</span>, Kyiv</div>'
    assert micro(article(html)).authors == ("Jane Doe",)


def test_an_item_without_a_name_as_a_text_is_what_a_reader_sees() -> None:
    assert micro(article('<div itemprop="author" itemscope>Jane Doe</div>')).authors == ("Jane Doe",)


def test_what_a_machine_is_told_of_an_author_goes_before_the_name_inside() -> None:
    html = '<div itemprop="author" itemscope content="Jane Doe"><span itemprop="name">Jane</span></div>'
    assert micro(article(html)).authors == ("Jane Doe",)


def test_the_first_author_counts() -> None:
    assert micro(article(meta("author", "Jane Doe") + meta("author", "John Roe"))).authors == ("Jane Doe",)


def test_an_article_without_an_author_has_none() -> None:
    assert micro(article("Text")).authors == ()


def test_properties_of_an_inner_item_are_not_the_outer_ones() -> None:
    inner = f"<div itemscope>{meta('headline', 'Inner')}</div>"
    assert micro(article(inner + meta("headline", "Outer"))).headline == "Outer"


def test_a_property_may_stand_deep_below_its_item() -> None:
    deep = "<div>" * 60 + meta("headline", "Kim") + "</div>" * 60
    assert micro(article(deep)).headline == "Kim"


def test_a_property_far_below_its_item_is_lost() -> None:
    deep = "<div>" * 61 + meta("headline", "Kim") + "</div>" * 61
    assert micro(article(deep)).headline == ""


# The lead picture


@pytest.mark.parametrize("name", ["image", "thumbnailUrl"])
def test_an_article_names_its_pictures(name: str) -> None:
    assert micro(article(meta(name, "/k.jpg"))).lead == (LinkedPicture((K_URL,)),)


def test_images_come_before_thumbnails() -> None:
    html = meta("thumbnailUrl", "/t.jpg") + meta("image", "/a.jpg") + meta("image", "/b.jpg")
    assert [one.addresses[0][-5:] for one in micro(article(html)).lead] == ["a.jpg", "b.jpg", "t.jpg"]


def test_a_lead_picture_may_be_an_item_itself() -> None:
    html = article(picture(K + meta("width", "1200"), name="image"))
    assert micro(html).lead == (LinkedPicture((K_URL,), width=1200),)


def test_a_lead_picture_without_a_web_address_is_passed_over() -> None:
    html = meta("image", "data:image/gif;base64,R0") + picture("", name="image")
    assert micro(article(html)).lead == ()


def test_a_picture_of_an_inner_item_is_not_the_articles() -> None:
    html = f'<div itemprop="publisher" itemscope>{meta("image", "/logo.png")}</div>'
    assert micro(article(html)).lead == ()


@pytest.mark.parametrize(
    "attributes",
    [
        'content="/k.jpg"',
        'src="/k.jpg"',
        'href="/k.jpg"',
        'data-src="/k.jpg"',
        'src=" /k.jpg "',
        'content="/k.jpg" src="/s.jpg"',
        'src="/k.jpg" href="/h.jpg"',
        'href="/k.jpg" data-src="/d.jpg"',
        'src="data:image/gif;base64,R0" data-src="/k.jpg"',
        'content src="/k.jpg"',
    ],
)
def test_an_address_stands_in_the_first_attribute_that_holds_one(attributes: str) -> None:
    assert micro(article(f'<img itemprop="image" {attributes}>')).lead == (LinkedPicture((K_URL,)),)


def test_other_attributes_hold_no_address() -> None:
    assert micro(article('<img itemprop="image" alt="/k.jpg" srcset="/k.jpg">')).lead == ()


# Pictures that are described


@pytest.mark.parametrize("kind", ["ImageObject", "Photograph", "imageobject"])
def test_a_picture_is_described_anywhere_on_the_page(kind: str) -> None:
    assert micro(picture(K, kind=kind)) == LinkedArticle(described=(LinkedPicture((K_URL,)),))


@pytest.mark.parametrize("kind", ["VideoObject", "ImageObjectList", "ImageGallery"])
def test_other_items_describe_no_picture(kind: str) -> None:
    assert micro(picture(K, kind=kind)) == LinkedArticle()


def test_a_described_picture_and_an_article_stand_side_by_side() -> None:
    found = micro(picture(K) + article(meta("headline", "Kim")))
    assert (found.headline, found.described) == ("Kim", (LinkedPicture((K_URL,)),))


def test_pictures_are_described_in_the_order_of_the_page() -> None:
    html = picture(meta("url", "/a.jpg")) + article(picture(meta("url", "/b.jpg")))
    assert [one.addresses[0][-5:] for one in micro(html).described] == ["a.jpg", "b.jpg"]


def test_the_address_of_the_content_comes_before_that_of_the_picture() -> None:
    html = K + meta("contentUrl", "/c.jpg") + meta("url", "/k.jpg")
    assert micro(picture(html)).described == (LinkedPicture(("https://news.example/c.jpg", K_URL)),)


def test_a_picture_without_an_address_is_none() -> None:
    assert micro(picture(meta("caption", "The square") + meta("url", "mailto:a@b"))).described == ()


def test_a_picture_has_the_size_it_tells() -> None:
    html = K + meta("width", "1200px") + meta("height", "800")
    assert micro(picture(html)).described == (LinkedPicture((K_URL,), width=1200, height=800),)


def test_a_size_may_be_an_item_itself() -> None:
    html = f'{K}<div itemprop="width" itemscope>{meta("name", "1200")}</div>'
    assert micro(picture(html)).described == (LinkedPicture((K_URL,), width=1200),)


@pytest.mark.parametrize(
    ("html", "caption"),
    [
        (meta("caption", "The square"), "The square"),
        (meta("description", "A square"), "A square"),
        (meta("description", "A square") + meta("caption", "The square"), "The square"),
        ('<figcaption itemprop="caption">The <i>square</i></figcaption>', "The square"),
    ],
)
def test_a_picture_has_its_caption_else_its_description(html: str, caption: str) -> None:
    assert [one.caption for one in micro(picture(K + html)).described] == [caption]


@pytest.mark.parametrize("name", ["caption", "description"])
def test_a_caption_says_where_it_stood(name: str) -> None:
    (found,) = micro(picture(K + meta(name, "The square"))).described
    assert found.caption_field == f"microdata {name}"


CREDITS = ["creditText", "author", "creator", "copyrightHolder", "copyrightNotice"]


@pytest.mark.parametrize("name", CREDITS)
def test_a_picture_is_credited_under_one_of_several_names(name: str) -> None:
    (found,) = micro(picture(K + meta(name, "Jane Doe"))).described
    assert (found.credit, found.credit_field) == ("Jane Doe", f"microdata {name}")


@pytest.mark.parametrize("number", range(4))
def test_the_first_of_these_names_counts(number: int) -> None:
    html = "".join(meta(name, f"By {name}") for name in reversed(CREDITS[number:]))
    (found,) = micro(picture(K + html)).described
    assert found.credit == f"By {CREDITS[number]}"


def test_a_picture_without_a_credit_names_no_field() -> None:
    (found,) = micro(picture(K)).described
    assert (found.credit, found.credit_field) == ("", "")


def test_an_item_around_ends_at_the_root() -> None:
    html = f'<html itemscope itemtype="https://schema.org/Article"><body>{meta("headline", "Kim")}'
    assert micro(html).headline == "Kim"


def test_microdata_tells_no_emblems() -> None:
    html = article(f'<div itemprop="publisher" itemscope>{meta("logo", "/logo.png")}</div>')
    assert micro(html).emblems == frozenset()


def test_an_item_at_the_root_of_the_page_is_no_property_of_itself() -> None:
    html = '<html itemscope itemtype="https://schema.org/Article" itemprop="headline"><body>Text'
    assert micro(html).headline == ""
