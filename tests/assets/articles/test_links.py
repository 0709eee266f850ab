"""Where the links of a page lead, and to which authors."""

from __future__ import annotations

import pytest

from assets.articles.links import Lead, Place, list_linked_authors
from assets.articles.text_density import measure_text_density
from assets.parsing.htmltree import parse_html

PAGE = "https://a.example/news/kim/"


def lead(href: str, page: str = PAGE, base: str = PAGE) -> Lead:
    return Place(page, base).lead(href)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#top",
        "mailto:kim@a.example",
        "javascript:void(0)",
        "https://",
        PAGE,
        "/news/kim",
        "/news/kim/?page=2",
        "/news/kim/#photos",
        "/news/kim/photos/2/",
        "http://a.example/news/kim/",
        "/news/kim/authors/lee/",
        "/k.jpg",
        "/k.JPEG",
        "/k.png?w=300",
        "/k.gif",
        "/k.webp",
        "/k.avif",
        "/k.tif",
        "/k.tiff",
        "/k.bmp",
        "https://b.example/k.jpg",
        "/?attachment_id=7",
        "/?p=1&attachment_id=7",
        "/news/other/attachment/k/",
    ],
)
def test_pictures_attachments_and_parts_of_the_page_are_nowhere_else(href: str) -> None:
    assert lead(href) is Lead.NOWHERE


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/news/",
        "/news/kim-2/",
        "/news/lee/",
        "../lee/",
        "https://b.example/news/kim/",
        "//b.example/",
        "/k.jpg/view/",
        "/k.svg",
        "/k.html",
        "/news/?page_attachment_id=7",
        "/attachments/7/",
        "/authority/lee/",
        "/author",
    ],
)
def test_other_pages_are_elsewhere(href: str) -> None:
    assert lead(href) is Lead.ELSEWHERE


@pytest.mark.parametrize(
    "folder",
    "author authors autor autoren autores auteur auteurs profile profiles people staff user users by contributor"
    " contributors AUTHOR".split(),
)
def test_a_link_may_lead_to_an_author(folder: str) -> None:
    assert lead(f"/{folder}/lee/") is Lead.AUTHOR


def test_a_picture_in_the_folder_of_an_author_is_a_picture() -> None:
    assert lead("/author/lee.jpg") is Lead.NOWHERE


def test_all_of_a_site_is_not_a_part_of_its_front_page() -> None:
    assert lead("/news/lee/", page="https://a.example/") is Lead.ELSEWHERE


def test_all_of_a_site_is_not_a_part_of_a_page_without_an_address() -> None:
    assert lead("/news/lee/", page="") is Lead.ELSEWHERE


def test_the_page_in_the_first_folder_has_parts() -> None:
    assert lead("/kim/2/", page="https://a.example/kim") is Lead.NOWHERE


def test_a_query_of_the_page_does_not_matter() -> None:
    assert lead("/kim/", page="https://a.example/kim/?page=2") is Lead.NOWHERE


def test_relative_links_start_at_the_base() -> None:
    assert lead("kim/", base="https://a.example/news/") is Lead.NOWHERE


def test_relative_links_lead_nowhere_without_a_base() -> None:
    assert lead("/news/lee/", base="") is Lead.NOWHERE


@pytest.mark.parametrize("href", ["https://b.example/", "https://a.test/", "//www.b.example/x"])
def test_another_domain_is_another_site(href: str) -> None:
    assert Place(PAGE, PAGE).is_other_site(href)


@pytest.mark.parametrize(
    "href", ["/", "https://www.a.example/", "https://img.a.example/x", "http://a.example/", "kim/"]
)
def test_subdomains_are_one_site(href: str) -> None:
    assert not Place(PAGE, PAGE).is_other_site(href)


def test_a_page_on_a_subdomain_is_on_its_site() -> None:
    assert not Place("https://news.a.example/1/", "").is_other_site("https://img.a.example/")


def test_the_site_of_a_page_without_an_address_is_that_of_its_base() -> None:
    assert not Place("", "https://a.example/").is_other_site("https://a.example/1/")


def test_the_address_of_a_page_goes_before_its_base() -> None:
    assert Place("https://a.example/", "https://b.example/").is_other_site("https://b.example/1/")


# Authors


def authors(html: str) -> list[str]:
    return list(list_linked_authors(measure_text_density(parse_html(html))))


@pytest.mark.parametrize(
    "link", ["<a href=/author/rq/>Rosa Quint</a>", "<a rel=author href=/rosa/>Rosa Quint</a>"]
)
def test_an_author_is_named_by_the_link_to_his_page(link: str) -> None:
    assert authors(f"<p>By {link}</p>") == ["Rosa Quint"]


@pytest.mark.parametrize(
    "link",
    [
        "<a href=/news/rosa/>Rosa Quint</a>",
        "<a href=/author/rq/>RQ</a>",
        f"<a href=/author/rq/>{'all that Rosa Quint wrote ' * 3}</a>",
        "<a href=/author/rq/></a>",
    ],
)
def test_other_links_name_no_author(link: str) -> None:
    assert authors(f"<p>{link}</p>") == []
