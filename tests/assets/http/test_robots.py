"""What a site asks of robots."""

from __future__ import annotations

import pytest

from assets.http.robots import Robots, forbids_images, product_token, rules_for_status

AGENT = "Photodesk/1.0 (+https://github.com/photodesk/photodesk)"
HOME = "https://news.example"


def allows(body: str, path: str) -> bool:
    return Robots.parse(body).allows(HOME + path, AGENT)


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ("", "/a.jpg", True),
        ("User-agent: *\nDisallow: /", "/a.jpg", False),
        ("User-agent: *\nDisallow:", "/a.jpg", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/a.jpg", False),
        ("user-AGENT : *\r\nDISALLOW : /p # press\r\n", "/press/a.jpg", False),
        # The longest rule wins, an Allow where they are equal (RFC 9309, 2.2.2).
        ("User-agent: *\nDisallow: /p/\nAllow: /p/press/", "/p/press/a.jpg", True),
        ("User-agent: *\nDisallow: /p/\nAllow: /p/", "/p/a.jpg", True),
        # A group of one's own stands instead of the one for all (2.2.1).
        ("User-agent: *\nDisallow: /\nUser-agent: photodesk\nDisallow: /x", "/a.jpg", True),
        ("User-agent: *\nAllow: /\nUser-agent: PhotoDesk\nDisallow: /", "/a.jpg", False),
        ("User-agent: otherbot\nUser-agent: photodesk\nDisallow: /", "/a.jpg", False),
        ("User-agent: otherbot\nDisallow: /", "/a.jpg", True),
        # The words of our contact address are no names of ours.
        ("User-agent: github\nDisallow: /", "/a.jpg", True),
        ("User-agent: *\nDisallow: /*.jpg$", "/up/a.jpg", False),
        ("User-agent: *\nDisallow: /*.jpg$", "/up/a.jpg?w=300", True),
        ("User-agent: *\nDisallow: /*?w=", "/up/a.jpg?w=300", False),
        ("User-agent: *\nDisallow: /%C3%BC", "/ü/a.jpg", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("<!DOCTYPE html><title>Not found</title>", "/a.jpg", True),
        ("Disallow: /", "/a.jpg", True),
        ("\x00\xff binary\n\n\nUser-agent *\nDisallow /x", "/x/a.jpg", False),
    ],
)
def test_rules_are_read_as_rfc_9309_says(body: str, path: str, expected: bool) -> None:
    assert allows(body, path) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 10\nUser-agent: photodesk\nCrawl-delay: 1", 1.0),
        ("User-agent: *\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: -3", None),
        ("User-agent: *\nCrawl-delay: inf", None),
    ],
)
def test_the_crawl_delay_is_read(body: str, expected: float | None) -> None:
    assert Robots.parse(body).crawl_delay(AGENT) == expected


def test_all_and_nothing() -> None:
    assert Robots.ALLOW_ALL.allows(HOME, AGENT)
    assert not Robots.DISALLOW_ALL.allows(HOME, AGENT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, None),
        (204, None),
        (302, None),
        (401, True),
        (404, True),
        (429, True),
        (500, False),
        (503, False),
    ],
)
def test_a_status_stands_for_rules(status: int, expected: bool | None) -> None:
    rules = rules_for_status(status)
    assert (rules.allows(HOME, AGENT) if rules is not None else None) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], ""),
        (["noindex, nofollow"], ""),
        (["noimageindex"], "noimageindex"),
        (["NoAI"], "noai"),
        (["noindex", " noimageai "], "noimageai"),
        (["none"], "none"),
        (["photodesk: noimageindex"], "noimageindex"),
        (["*: noai"], "noai"),
        (["googlebot: noimageindex"], ""),
        (["googlebot: noindex, noimageindex"], ""),
        (["googlebot: noindex, photodesk: noimageindex"], "noimageindex"),
        (["googlebot: noindex", "noai"], "noai"),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noai"], "noai"),
        (["max-image-preview:large, noai"], "noai"),
        (["max-image-preview: none"], ""),
        (["noaiish, not-noai"], ""),
    ],
)
def test_a_tag_that_forbids_keeping_pictures_is_found(values: list[str], expected: str) -> None:
    assert forbids_images(values, AGENT) == expected


def test_robots_are_told_apart_by_their_product_token() -> None:
    assert product_token(AGENT) == "photodesk"


def test_sitemaps_are_named_whatever_group_they_stand_in() -> None:
    body = "\ufeffUser-agent: other\nDisallow: /\nsitemap: https://news.example/a.xml\n\nSitemap: /b.xml\n"
    assert Robots.parse(body).sitemaps == ("https://news.example/a.xml", "/b.xml")
