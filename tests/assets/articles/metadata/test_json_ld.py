"""What the JSON-LD of a page says of its article and pictures."""

from __future__ import annotations

import json

import pytest

from assets.articles.metadata.json_ld import (
    MAX_PARTS,
    MAX_PICTURES,
    LinkedArticle,
    LinkedPicture,
    parse_block,
    read_linked_data,
)
from assets.parsing.htmltree import parse_html
from tests.support.effort import assert_grows_evenly

PAGE = "https://news.example/uk/story/"
BASE = "https://news.example/base/"
K = "https://cdn.example/k.jpg"


def linked(*values: object, page: str = PAGE, base: str = BASE) -> LinkedArticle:
    scripts = (f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)
    return read_linked_data(parse_html("".join(scripts)), page, base)


def article(**properties: object) -> dict[str, object]:
    return {"@type": "NewsArticle", **properties}


def picture(**properties: object) -> dict[str, object]:
    return {"@type": "ImageObject", "url": K, **properties}


def pictures(*addresses: str) -> tuple[LinkedPicture, ...]:
    return tuple(LinkedPicture((address,)) for address in addresses)


def described(**properties: object) -> LinkedPicture:
    (found,) = linked(picture(**properties)).described
    return found


def test_a_page_without_linked_data_says_nothing() -> None:
    assert linked() == LinkedArticle()


def test_an_article_tells_its_headline_address_times_language_author_and_picture() -> None:
    found = linked(
        article(
            headline="Kim’s visit",
            url=PAGE,
            datePublished="2024-04-26",
            dateModified="2024-04-27",
            inLanguage="en",
            author={"@type": "Person", "name": "Jane Doe"},
            image=K,
        )
    )
    assert found == LinkedArticle(
        headline="Kim’s visit",
        url=PAGE,
        published="2024-04-26",
        modified="2024-04-27",
        language="en",
        authors=("Jane Doe",),
        lead=pictures(K),
    )


# Scripts


@pytest.mark.parametrize(
    ("block", "values"),
    [
        ("", []),
        (" \n", []),
        ('{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, 2]', [[{"a": 1}, 2]]),
        ('{"a": 1} {"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1};\r\n{"b": 2};', [{"a": 1}, {"b": 2}]),
        ('{"a": 1},\t{"b": 2},', [{"a": 1}, {"b": 2}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('<![CDATA[{"a": 1}]]>', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('/*<![CDATA[*/\n{"a": 1}\n/*]]>*/', [{"a": 1}]),
        ('// data\n{"a": 1}', [{"a": 1}]),
        ('{"a": "x // y"}', [{"a": "x // y"}]),
        ('{"a": "x\ny\tz"}', [{"a": "x\ny\tz"}]),
        ('{"a": 1,}', [{"a": 1}]),
        ('{"a": [1, 2, \n],\n}', [{"a": [1, 2]}]),
        ('{"a": "1,}"}', [{"a": "1,}"}]),
        ('{"a": NaN, "b": [Infinity, -Infinity]}', [{"a": None, "b": [None, None]}]),
        ('{"a": 1} {"b"', [{"a": 1}]),
        ('{"a": 1', []),
        ("{'a': 1}", []),
        ("window.data = 1", []),
        ("null", [None]),
    ],
)
def test_a_script_is_read_as_far_as_it_can_be(block: str, values: list[object]) -> None:
    assert list(parse_block(block)) == values


@pytest.mark.parametrize(
    ("digits", "number"), [("1" * 18, 111111111111111111), ("1" * 19, None), ("1" * 5000, None), ("-1", -1)]
)
def test_endless_numbers_are_none(digits: str, number: int | None) -> None:
    assert list(parse_block(f"[{digits}]")) == [[number]]


def test_a_script_that_nests_without_end_is_nothing() -> None:
    assert list(parse_block("[" * 100_000)) == []


@pytest.mark.parametrize("kind", ["application/ld+json", "application/ld+json; charset=utf-8"])
def test_scripts_of_linked_data_are_read(kind: str) -> None:
    html = f'<script type="{kind}">{{"@type": "NewsArticle", "name": "Kim"}}</script>'
    assert read_linked_data(parse_html(html), PAGE).headline == "Kim"


@pytest.mark.parametrize("kind", ["application/json", "text/javascript"])
def test_other_scripts_are_not_read(kind: str) -> None:
    html = f'<script type="{kind}">{{"@type": "NewsArticle", "name": "Kim"}}</script>'
    assert read_linked_data(parse_html(html), PAGE).headline == ""


def test_a_broken_script_does_not_hide_the_next_one() -> None:
    html = '<script type="application/ld+json">{"@type"</script>' + (
        '<script type="application/ld+json">{"@type": "NewsArticle", "name": "Kim"}</script>'
    )
    assert read_linked_data(parse_html(html), PAGE).headline == "Kim"


@pytest.mark.parametrize("value", [None, 1, "NewsArticle", [], {}, [None, ["NewsArticle"]]])
def test_values_that_are_no_objects_say_nothing(value: object) -> None:
    assert linked(value) == LinkedArticle()


# Which object is the article


@pytest.mark.parametrize(
    "kind",
    [
        "Article",
        "NewsArticle",
        "BlogPosting",
        "Report",
        "Recipe",
        "Review",
        "PodcastEpisode",
        "https://schema.org/NewsArticle",
        ["Thing", "NewsArticle"],
        [None, "NewsArticle"],
        {"0": "Thing", "2": "NewsArticle"},
    ],
)
def test_an_article_has_one_of_several_types(kind: object) -> None:
    assert linked({"@type": kind, "headline": "Kim"}).headline == "Kim"


@pytest.mark.parametrize("kind", ["WebSite", "Articles", "VideoObject", "Event", "", None, 7, {"a": 1}])
def test_other_objects_are_no_articles(kind: object) -> None:
    assert linked({"@type": kind, "headline": "Kim"}).headline == ""


def test_an_object_without_a_type_is_no_article() -> None:
    assert linked({"headline": "Kim"}) == LinkedArticle()


@pytest.mark.parametrize("kind", ["WebPage", "ItemPage", "ImageGallery"])
def test_a_page_stands_in_for_an_article(kind: str) -> None:
    assert linked({"@type": kind, "name": "Kim"}).headline == "Kim"


def test_an_article_stands_above_a_page() -> None:
    assert linked({"@type": "WebPage", "name": "Page"}, article(name="Kim")).headline == "Kim"


def test_the_first_article_counts_where_none_says_that_it_is_this_pages() -> None:
    assert linked(article(headline="One"), article(headline="Two")).headline == "One"


@pytest.mark.parametrize(
    "told",
    [
        {"url": PAGE},
        {"url": "http://news.example/uk/story/#top"},
        {"url": "../story/"},
        {"mainEntityOfPage": PAGE},
        {"mainEntityOfPage": {"@id": PAGE}},
        {"mainEntityOfPage": {"url": PAGE}},
        {"@id": PAGE},
    ],
)
def test_the_article_that_says_it_is_this_pages_counts(told: dict[str, object]) -> None:
    assert linked(article(headline="One"), article(headline="Two", **told)).headline == "Two"


def test_an_article_of_another_page_counts_where_there_is_no_other() -> None:
    assert linked(article(headline="One", url="https://news.example/other/")).headline == "One"


def test_a_page_without_an_address_has_the_first_article() -> None:
    assert linked(article(headline="One", url=PAGE), article(headline="Two"), page="").headline == "One"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({"url": "/a/", "mainEntityOfPage": "/b/", "@id": "/c/"}, "/a/"),
        ({"mainEntityOfPage": "/b/", "@id": "/c/"}, "/b/"),
        ({"mainEntityOfPage": {"@id": "/b/", "url": "/d/"}}, "/b/"),
        ({"mainEntityOfPage": {"@id": "", "url": "/d/"}, "@id": "/c/"}, "/d/"),
        ({"url": "/a/", "mainEntityOfPage": {"@id": "/b/"}}, "/a/"),
        ({"mainEntityOfPage": True, "@id": "/c/"}, "/c/"),
        ({"url": ["/a/"], "@id": "/c/"}, "/c/"),
        ({"url": ""}, None),
    ],
)
def test_the_address_of_an_article_has_several_names(told: dict[str, object], address: str | None) -> None:
    assert linked(article(**told)).url == (f"https://news.example{address}" if address else "")


def test_a_relative_address_starts_from_the_base() -> None:
    assert linked(article(url="story/")).url == "https://news.example/base/story/"


OTHERS = [
    "hasPart",
    "isPartOf",
    "mentions",
    "citation",
    "comment",
    "itemListElement",
    "relatedLink",
    "isBasedOn",
    "about",
    "breadcrumb",
    "review",
]


@pytest.mark.parametrize("key", OTHERS)
def test_an_article_below_some_properties_is_another_story(key: str) -> None:
    assert linked({"@type": "Thing", key: [{"item": article(headline="Other")}]}).headline == ""


def test_a_page_below_such_a_property_is_another_one() -> None:
    assert linked({"@type": "Thing", "isPartOf": {"@type": "WebPage", "name": "Other"}}).headline == ""


@pytest.mark.parametrize("key", ["@graph", "mainEntity", "subjectOf"])
def test_an_article_below_other_properties_is_the_pages(key: str) -> None:
    assert linked({"@type": "Thing", key: [article(headline="Kim")]}).headline == "Kim"


def test_a_picture_of_another_story_is_described_all_the_same() -> None:
    assert linked({"@type": "Thing", "hasPart": article(image=picture())}).described == pictures(K)


def test_what_stands_behind_another_story_is_the_pages() -> None:
    assert (
        linked({"mentions": article(headline="Other"), "mainEntity": article(headline="Kim")}).headline
        == "Kim"
    )


def test_outer_objects_come_before_inner_ones() -> None:
    assert linked(article(author=article(headline="Inner"), headline="Outer")).headline == "Outer"


def test_objects_come_in_the_order_of_the_page() -> None:
    inner = [[article(headline="One")], article(headline="Two")]
    assert linked({"@graph": inner}, article(headline="Three")).headline == "One"


@pytest.mark.parametrize(("before", "headline"), [(19_998, "Kim"), (19_999, "")])
def test_objects_beyond_a_limit_are_left_out(before: int, headline: str) -> None:
    assert linked([*([{}] * before), article(headline="Kim")]).headline == headline


def test_texts_and_numbers_are_no_objects_that_count_to_the_limit() -> None:
    assert linked({"keywords": ["farm"] * 20_000}, article(headline="Kim")).headline == "Kim"


# Texts


@pytest.mark.parametrize(
    ("told", "headline"),
    [
        ({"headline": "Kim", "name": "Name"}, "Kim"),
        ({"headline": " ", "name": "Name"}, "Name"),
        ({"name": "Name"}, "Name"),
        ({"headline": " Kim&#8217;s <b>visit</b> "}, "Kim’s visit"),
        ({"headline": ["", "Kim"]}, "Kim"),
        ({"headline": ["One", "Two"]}, "One"),
        ({"headline": {"@value": "Kim", "@language": "en"}}, "Kim"),
        ({"headline": [{"@value": ""}, {"@value": " Kim "}]}, "Kim"),
        ({"headline": {"en": "Kim"}}, ""),
        ({"headline": 7}, ""),
        ({"headline": [["Kim"]]}, ""),
    ],
)
def test_a_headline_comes_in_many_forms(told: dict[str, object], headline: str) -> None:
    assert linked(article(**told)).headline == headline


@pytest.mark.parametrize(
    ("told", "published"),
    [
        ({"datePublished": "2024", "dateCreated": "2023"}, "2024"),
        ({"dateCreated": "2023"}, "2023"),
        ({"datePublished": "", "dateCreated": "2023"}, "2023"),
        ({"dateModified": "2025"}, ""),
        ({"uploadDate": "2025"}, ""),
    ],
)
def test_the_time_of_publication_is_told_else_that_of_creation(
    told: dict[str, object], published: str
) -> None:
    assert linked(article(**told)).published == published


def test_the_time_of_the_last_change_is_told() -> None:
    assert linked(article(datePublished="2024", dateModified=" 2025 ")).modified == "2025"


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("en", "en"),
        (["uk", "en"], "uk"),
        ({"@type": "Language", "name": "English", "alternateName": "en"}, "en"),
        ({"@type": "Language", "name": "en"}, "en"),
        ({"@type": "Language", "name": "en", "alternateName": ""}, "en"),
        ({"@type": "Language"}, ""),
        (7, ""),
    ],
)
def test_a_language_is_told_as_a_text_or_as_an_object(told: object, language: str) -> None:
    assert linked(article(inLanguage=told)).language == language


@pytest.mark.parametrize(
    ("told", "authors"),
    [
        ("Jane Doe", ("Jane Doe",)),
        (["Jane Doe", "John Roe"], ("Jane Doe", "John Roe")),
        ({"name": "Jane Doe"}, ("Jane Doe",)),
        ([{"name": "Jane Doe"}, "John Roe", {"name": ""}, None], ("Jane Doe", "John Roe")),
        ({"name": ["Jane Doe", "John Roe"]}, ("Jane Doe",)),
        ({"name": {"@value": "Jane Doe"}}, ("Jane Doe",)),
        ({"givenName": "Jane"}, ()),
        (None, ()),
    ],
)
def test_authors_are_told_as_texts_or_as_objects(told: object, authors: tuple[str, ...]) -> None:
    assert linked(article(author=told)).authors == authors


# Names of objects


def test_an_object_may_be_named_in_place_of_itself() -> None:
    person = {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}
    assert linked({"@graph": [article(author={"@id": "#jane"}), person]}).authors == ("Jane Doe",)


def test_an_object_may_be_named_together_with_its_type() -> None:
    person = {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}
    assert linked(article(author={"@id": "#jane", "@type": "Person"}), person).authors == ("Jane Doe",)


def test_an_object_that_says_more_than_its_name_stands_for_itself() -> None:
    person = {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}
    short = {"@id": "#jane", "@type": "Person", "name": "J. D."}
    assert linked(person, article(author=short)).authors == ("J. D.",)


def test_the_first_object_of_a_name_counts() -> None:
    one, two = ({"@type": "Person", "@id": "#jane", "name": name} for name in ("One", "Two"))
    assert linked(one, two, article(author={"@id": "#jane"})).authors == ("One",)


@pytest.mark.parametrize("name", ["#nobody", 7, None, ["#jane"]])
def test_a_name_that_nothing_has_stands_for_nothing(name: object) -> None:
    person = {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}
    assert linked(person, article(author={"@id": name})).authors == ()


@pytest.mark.parametrize("name", [7, None, ["#jane"], {"a": "b"}])
def test_an_object_whose_name_is_no_text_is_read_all_the_same(name: object) -> None:
    assert linked(article(headline="Kim", **{"@id": name})).headline == "Kim"


def test_a_name_alone_is_no_object_of_that_name() -> None:
    found = linked(article(image={"@id": "#k"}), {"@type": "ImageObject", "@id": "#k", "url": K})
    assert found.lead == pictures(K)


# The article's pictures


@pytest.mark.parametrize("key", ["image", "primaryImageOfPage", "associatedMedia", "thumbnailUrl"])
def test_an_article_names_its_pictures(key: str) -> None:
    assert linked(article(**{key: K})).lead == pictures(K)


@pytest.mark.parametrize("key", ["logo", "photo", "video"])
def test_other_properties_hold_no_picture_of_the_article(key: str) -> None:
    assert linked(article(**{key: K})).lead == ()


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (("image", "primaryImageOfPage", "thumbnailUrl"), ("image",)),
        (("thumbnailUrl", "primaryImageOfPage"), ("primaryImageOfPage",)),
        (("thumbnailUrl", "associatedMedia", "image"), ("image", "associatedMedia")),
        (("associatedMedia", "primaryImageOfPage"), ("primaryImageOfPage", "associatedMedia")),
        (("thumbnailUrl", "associatedMedia"), ("associatedMedia",)),
    ],
)
def test_the_first_property_with_pictures_counts_and_the_media_with_it(
    names: tuple[str, ...], taken: tuple[str, ...]
) -> None:
    found = linked(article(**{name: f"https://cdn.example/{name}" for name in names}))
    assert found.lead == pictures(*(f"https://cdn.example/{name}" for name in taken))


def test_the_page_names_the_picture_of_an_article_without_one() -> None:
    assert linked(article(), {"@type": "WebPage", "primaryImageOfPage": K}).lead == pictures(K)


def test_the_picture_of_the_article_stands_above_that_of_the_page() -> None:
    found = linked({"@type": "WebPage", "image": "https://cdn.example/page.jpg"}, article(image=K))
    assert found.lead == pictures(K)


def test_media_of_the_page_are_not_those_of_an_article_that_has_a_picture() -> None:
    media = {"@type": "WebPage", "associatedMedia": "https://cdn.example/page.jpg"}
    assert linked(article(image=K), media).lead == pictures(K)


def test_the_first_page_with_a_picture_counts() -> None:
    pages = [{"@type": "WebPage"}, *({"@type": "WebPage", "image": f"{K}?{number}"} for number in (1, 2))]
    assert linked(*pages).lead == pictures(f"{K}?1")


@pytest.mark.parametrize(
    ("told", "addresses"),
    [
        (["/a.jpg", "/b.jpg"], ["/a.jpg", "/b.jpg"]),
        ([picture(url="/a.jpg"), "/b.jpg", None, 7, ["/c.jpg"]], ["/a.jpg", "/b.jpg"]),
        ({"url": "/a.jpg"}, ["/a.jpg"]),
        ({"contentUrl": "/a.jpg"}, ["/a.jpg"]),
        ({"url": ["/a.jpg"]}, ["/a.jpg"]),
        ({"@type": "ImageObject"}, []),
        (" /a.jpg?b=c&amp;d=e ", ["/a.jpg?b=c&d=e"]),
        ("data:image/gif;base64,R0", []),
        ("", []),
        ({"image": "/a.jpg"}, ["/a.jpg"]),
        ({"image": {"url": "/a.jpg"}}, []),
        ({"image": ""}, []),
    ],
)
def test_a_picture_is_named_by_its_address_or_as_an_object(told: object, addresses: list[str]) -> None:
    assert linked(article(image=told)).lead == pictures(*(f"https://news.example{one}" for one in addresses))


def test_an_article_has_a_limit_of_pictures() -> None:
    found = linked(article(image=[f"/{number}.jpg" for number in range(MAX_PICTURES + 1)]))
    assert (len(found.lead), found.lead[-1]) == (500, LinkedPicture(("https://news.example/499.jpg",)))


# Pictures that are described


@pytest.mark.parametrize("kind", ["ImageObject", "schema:ImageObject", ["Thing", "ImageObject"]])
def test_a_picture_is_described_anywhere_on_the_page(kind: object) -> None:
    assert linked({"publisher": [{"photo": {"@type": kind, "url": K}}]}).described == pictures(K)


def test_other_objects_describe_no_picture() -> None:
    assert linked({"@type": "ImageObjectList", "url": K}, {"@type": "VideoObject", "url": K}).described == ()


def test_a_picture_that_is_described_is_no_article() -> None:
    assert linked({"@type": ["ImageObject", "NewsArticle"], "url": K, "name": "Kim"}).headline == ""


def test_a_page_has_a_limit_of_described_pictures() -> None:
    found = linked([picture(url=f"/{number}.jpg") for number in range(MAX_PICTURES + 1)])
    assert (len(found.described), found.described[-1]) == (
        500,
        LinkedPicture(("https://news.example/499.jpg",)),
    )


def test_the_address_of_the_content_comes_first_and_each_once() -> None:
    found = described(url=["/k.jpg", "/c.jpg", 7], contentUrl="/c.jpg")
    assert found.addresses == ("https://news.example/c.jpg", "https://news.example/k.jpg")


@pytest.mark.parametrize(
    ("told", "size"),
    [
        (1200, 1200),
        ("1200", 1200),
        ("1200px", 1200),
        ({"@type": "QuantitativeValue", "value": 1200}, 1200),
        ({"value": "1200"}, 1200),
        ({"@value": 1200}, None),
        ("auto", None),
        (0, None),
        (None, None),
    ],
)
def test_sizes_are_told_as_numbers_texts_or_objects(told: object, size: int | None) -> None:
    found = described(width=told, height=[told])
    assert (found.width, found.height) == (size, None)


def test_height_is_told_beside_width() -> None:
    found = described(width=1200, height="800")
    assert (found.width, found.height) == (1200, 800)


@pytest.mark.parametrize(
    ("told", "caption"),
    [
        ({"caption": "The square", "description": "A square"}, "The square"),
        ({"description": "A square"}, "A square"),
        ({"caption": "<b> </b>", "description": "A square"}, "A square"),
        ({"caption": "The <i>square</i> &amp; more"}, "The square & more"),
        ({"caption": ["The square"]}, "The square"),
        ({"name": "A square"}, ""),
    ],
)
def test_a_picture_has_its_caption_else_its_description(told: dict[str, object], caption: str) -> None:
    assert described(**told).caption == caption


@pytest.mark.parametrize("key", ["caption", "description"])
def test_a_caption_says_where_it_stood(key: str) -> None:
    assert described(**{key: "The square"}).caption_field == f"json-ld {key}"


def test_a_picture_without_a_caption_names_no_field() -> None:
    assert described(name="A square").caption_field == ""


CREDITS = ["creditText", "author", "creator", "copyrightHolder", "copyrightNotice", "provider"]


@pytest.mark.parametrize("key", CREDITS)
def test_a_picture_is_credited_under_one_of_several_names(key: str) -> None:
    found = described(**{key: "Jane Doe"})
    assert (found.credit, found.credit_field) == ("Jane Doe", f"json-ld {key}")


@pytest.mark.parametrize("number", range(5))
def test_the_first_of_these_names_counts(number: int) -> None:
    found = described(**{key: f"By {key}" for key in reversed(CREDITS[number:])})
    assert found.credit == f"By {CREDITS[number]}"


@pytest.mark.parametrize(
    ("told", "credit"),
    [
        ({"name": "Jane Doe"}, "Jane Doe"),
        (["Jane Doe", {"name": "KCNA"}, "Jane Doe"], "Jane Doe, KCNA"),
        ("<a href='/'>Jane</a> &amp; Co.", "Jane & Co."),
        ({"@id": "#jane"}, "J. Doe"),
        ("<b></b>", ""),
    ],
)
def test_credits_are_told_as_texts_or_as_objects(told: object, credit: str) -> None:
    person = {"@type": "Person", "@id": "#jane", "name": "J. Doe"}
    (found,) = linked(person, picture(author=told)).described
    assert found.credit == credit


def test_a_picture_without_a_credit_names_no_field() -> None:
    assert (described().credit, described().credit_field) == ("", "")


# Logos and portraits


@pytest.mark.parametrize(
    "kind",
    ["Organization", "NewsMediaOrganization", "Corporation", "Brand", "Person", "Store", "organization"],
)
@pytest.mark.parametrize("key", ["logo", "image"])
def test_logos_and_portraits_are_emblems(kind: str, key: str) -> None:
    assert linked({"publisher": {"@type": kind, key: K}}).emblems == {K}


def test_each_address_of_a_logo_is_an_emblem() -> None:
    logo = {"@type": "ImageObject", "contentUrl": "/a.png", "url": "/b.png"}
    found = linked({"@type": "Organization", "logo": logo, "image": ["/c.png"]})
    assert found.emblems == {f"https://news.example/{name}.png" for name in "abc"}


def test_a_logo_may_be_named_in_place_of_itself() -> None:
    logo = {"@type": "ImageObject", "@id": "#logo", "url": "/a.png"}
    assert linked(logo, {"@type": "Person", "image": {"@id": "#logo"}}).emblems == {
        "https://news.example/a.png"
    }


@pytest.mark.parametrize("kind", ["WebSite", "Place", "Organizations"])
def test_pictures_of_other_objects_are_no_emblems(kind: str) -> None:
    assert linked({"@type": kind, "logo": K, "image": K}).emblems == frozenset()


def test_an_organisation_in_another_story_has_an_emblem_too() -> None:
    assert linked({"mentions": {"@type": "Organization", "logo": K}}).emblems == {K}


def test_an_article_that_is_an_organisation_is_none() -> None:
    assert linked({"@type": ["NewsArticle", "Organization"], "headline": "Kim"}).headline == ""


def test_the_work_grows_with_the_objects_that_share_one_of_many_addresses() -> None:
    def read(size: int) -> int:
        shared = picture(**{"@id": "#logo", "url": [f"/{number}.jpg" for number in range(size)]})
        sites = [{"@type": "Organization", "logo": {"@id": "#logo"}} for _ in range(size)]
        return len(linked({"@graph": [shared, *sites, article(headline="Kim")]}).emblems)

    assert assert_grows_evenly(read, 1600) == MAX_PARTS


def test_the_work_grows_with_the_authors_of_many_pictures() -> None:
    def read(size: int) -> int:
        author = {"@type": "Person", "@id": "#rosa", "name": ["", *["Rosa Quint"] * size]}
        shown = [picture(url=f"/{number}.jpg", author={"@id": "#rosa"}) for number in range(size)]
        return sum(one.credit == "Rosa Quint" for one in linked({"@graph": [author, *shown]}).described)

    assert assert_grows_evenly(read, 3200) == MAX_PICTURES
