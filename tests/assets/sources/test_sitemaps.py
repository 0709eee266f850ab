"""Sitemaps followed on a real server: from one to the next, within bounds, each for its own site alone."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from downloads import QUICK, downloader
from servers import Answer, Server, redirect

from assets.http.downloader import Body
from assets.model import Failure, Reason
from assets.parsing import urls
from assets.sources import sitemaps
from assets.sources.sitemaps import SitemapReader, Web


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk came to; pages are told by their paths."""

    pages: list[str]
    failures: list[Failure]
    sitemaps: list[str]

    @property
    def reasons(self) -> list[Reason]:
        return [failure.reason for failure in self.failures]


@pytest.fixture
def site() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def other() -> Iterator[Server]:
    with Server() as server:
        yield server


def urlset(*addresses: str) -> Answer:
    inside = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return Answer(f"<urlset>{inside}</urlset>".encode(), content_type="application/xml")


def index(*addresses: str, lastmod: str = "") -> Answer:
    inside = "".join(
        f"<sitemap><loc>{address}</loc><lastmod>{lastmod}</lastmod></sitemap>" for address in addresses
    )
    return Answer(f"<sitemapindex>{inside}</sitemapindex>".encode(), content_type="application/xml")


def robots(*addresses: str) -> Answer:
    return Answer(
        "".join(f"Sitemap: {address}\n" for address in addresses).encode(), content_type="text/plain"
    )


def walk(
    site: Server, *paths: str, others: tuple[Server, ...] = (), since: str = "", guess: bool = False
) -> Walk:
    """Sitemaps of the site read, by their paths or whole addresses."""

    async def ask() -> Walk:
        limits = replace(QUICK, document_bytes=10_000_000)
        async with downloader(site, *others, limits=limits) as asking:

            async def document(address: str, accept: str) -> Body:
                return await asking.document(address, accept)

            reader = SitemapReader(
                Web(document, document, asking.list_sitemaps), urls.site_of(site.base), since
            )
            await reader.read([urls.make_absolute(path, site.base) for path in paths], is_guess=guess)
        return Walk([page.url for page in reader.pages], reader.failures, reader.sitemaps)

    return asyncio.run(ask())


def test_an_index_is_followed(site: Server) -> None:
    site.routes |= {
        "/map.xml": index("/a.xml", "/b.xml"),
        "/a.xml": urlset("/1/"),
        "/b.xml": urlset("/2/", "/3/"),
    }
    assert walk(site, "/map.xml").pages == [site.url("/1/"), site.url("/2/"), site.url("/3/")]


def test_a_page_named_twice_is_one(site: Server) -> None:
    said = "<urlset><url><loc>/1/</loc><lastmod>2025-08-01</lastmod></url></urlset>"
    site.routes |= {"/a.xml": urlset("/1/"), "/b.xml": Answer(said.encode())}
    assert walk(site, "/a.xml", "/b.xml").pages == [site.url("/1/")]


def test_a_loop_ends(site: Server) -> None:
    site.routes |= {
        "/map.xml": index("/map.xml", "/b.xml"),
        "/b.xml": index("/map.xml", "/a.xml"),
        "/a.xml": urlset("/1/"),
    }
    assert walk(site, "/map.xml").pages == [site.url("/1/")]
    assert len(site.asked("/map.xml")) == 1


def test_indexes_nested_deeper_than_bounded_are_told(site: Server) -> None:
    steps = sitemaps.MAX_DEPTH + 2
    site.routes |= {f"/{step}.xml": index(f"/{step + 1}.xml") for step in range(steps)}
    found = walk(site, "/0.xml")
    assert found.reasons == [Reason.TOO_LARGE]
    assert site.asked(f"/{steps}.xml") == []


def test_sitemaps_beyond_the_most_are_told(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_SITEMAPS", 3)
    names = [f"/{number}.xml" for number in range(6)]
    site.routes |= {"/map.xml": index(*names), **{name: urlset(f"{name}/page/") for name in names}}
    found = walk(site, "/map.xml")
    assert len(found.pages) == 2
    assert found.failures[0].detail.startswith("sitemaps and pages left out: 4")


def test_pages_beyond_the_most_are_told(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_PAGES", 2)
    site.routes["/map.xml"] = urlset("/1/", "/2/", "/3/")
    found = walk(site, "/map.xml")
    assert len(found.pages) == 2
    assert found.failures[0].detail.startswith("sitemaps and pages left out: 1")


def test_a_packed_sitemap_is_unpacked(site: Server) -> None:
    site.routes["/map.xml.gz"] = Answer(gzip.compress(urlset("/1/").body), content_type="application/gzip")
    assert walk(site, "/map.xml.gz").pages == [site.url("/1/")]


def test_a_sitemap_that_unpacks_to_more_than_the_most_is_refused(
    site: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.documents.tasks.MAX_SITEMAP_BYTES", 10_000)
    site.routes["/map.xml.gz"] = Answer(gzip.compress(urlset("/1/").body + b" " * 1_000_000))
    assert walk(site, "/map.xml.gz").reasons == [Reason.TOO_LARGE]


def test_a_torn_packed_sitemap_is_told(site: Server) -> None:
    site.routes["/map.xml.gz"] = Answer(gzip.compress(urlset("/1/").body)[:-9])
    assert walk(site, "/map.xml.gz").reasons == [Reason.UNREADABLE]


def test_a_text_is_a_sitemap(site: Server) -> None:
    site.routes["/map.txt"] = Answer(
        f"{site.url('/1/')}\n{site.url('/2/')}\n".encode(), content_type="text/plain"
    )
    assert walk(site, "/map.txt").pages == [site.url("/1/"), site.url("/2/")]


def test_a_feed_is_a_sitemap(site: Server) -> None:
    feed = f"<rss version='2.0'><channel><item><link>{site.url('/1/')}</link></item></channel></rss>"
    site.routes["/feed/"] = Answer(feed.encode(), content_type="application/rss+xml")
    assert walk(site, "/feed/").pages == [site.url("/1/")]


def test_lists_of_archives_are_not_followed(site: Server) -> None:
    site.routes["/map.xml"] = index("/wp-sitemap-users-1.xml", "/category-sitemap.xml")
    walk(site, "/map.xml")
    assert site.paths == ["/robots.txt", "/map.xml"]


@pytest.mark.parametrize(("lastmod", "is_read"), [("2025-07-31", False), ("2025-08-01", True), ("", True)])
def test_sitemaps_older_than_asked_for_are_not_read(site: Server, lastmod: str, is_read: bool) -> None:
    site.routes |= {"/map.xml": index("/a.xml", lastmod=lastmod), "/a.xml": urlset("/1/")}
    assert bool(walk(site, "/map.xml", since="2025-08-01T12:00:00Z").pages) is is_read


def test_what_does_not_answer_is_told_and_the_rest_read(site: Server) -> None:
    site.routes |= {"/map.xml": index("/a.xml", "/b.xml"), "/b.xml": urlset("/1/")}
    found = walk(site, "/map.xml")
    assert found.pages == [site.url("/1/")]
    assert [(one.reason, one.address) for one in found.failures] == [(Reason.GONE, site.url("/a.xml"))]


def test_a_page_in_place_of_a_sitemap_is_told(site: Server) -> None:
    site.routes["/map.xml"] = Answer(b"<!DOCTYPE html><title>Not here</title>", content_type="text/html")
    assert walk(site, "/map.xml").reasons == [Reason.UNKNOWN_FORMAT]


def test_of_a_guess_that_is_none_nothing_is_told(site: Server) -> None:
    assert walk(site, "/map.xml", guess=True).failures == []


# For whom a sitemap speaks


def test_pages_of_another_site_are_left_out_and_told(site: Server, other: Server) -> None:
    site.routes["/map.xml"] = urlset("/1/", other.url("/2/"))
    found = walk(site, "/map.xml", others=(other,))
    assert found.pages == [site.url("/1/")]
    assert found.failures[0].detail.startswith(f"addresses left out: 1 of {urls.host_of(other.base)}")


def test_pages_of_a_site_whose_robots_txt_names_the_sitemap_are_taken(site: Server, other: Server) -> None:
    other.routes["/robots.txt"] = robots(site.url("/map.xml"))
    site.routes["/map.xml"] = urlset(other.url("/2/"))
    assert walk(site, "/map.xml", others=(other,)).pages == [other.url("/2/")]


def test_a_site_that_names_the_index_is_spoken_for_by_its_sitemaps(site: Server, other: Server) -> None:
    other.routes["/robots.txt"] = robots(site.url("/map.xml"))
    site.routes |= {"/map.xml": index("/a.xml"), "/a.xml": urlset(other.url("/2/"))}
    assert walk(site, "/map.xml", others=(other,)).pages == [other.url("/2/")]


def test_robots_txt_of_another_site_is_asked_once(site: Server, other: Server) -> None:
    site.routes["/map.xml"] = urlset(*(other.url(f"/{number}/") for number in range(5)))
    walk(site, "/map.xml", others=(other,))
    assert other.paths == ["/robots.txt"]


def test_no_more_than_some_other_sites_are_asked(site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_OTHER_HOSTS", 0)
    with Server() as other:
        site.routes["/map.xml"] = urlset(other.url("/2/"))
        walk(site, "/map.xml", others=(other,))
        assert other.paths == []


def test_a_sitemap_elsewhere_that_an_index_names_is_left_out(site: Server, other: Server) -> None:
    other.routes["/a.xml"] = urlset(site.url("/1/"))
    site.routes["/map.xml"] = index(other.url("/a.xml"))
    found = walk(site, "/map.xml", others=(other,))
    assert (found.pages, found.reasons) == ([], [Reason.ADDRESS_REFUSED])


def test_a_sitemap_elsewhere_that_was_given_speaks_for_the_site(site: Server, other: Server) -> None:
    other.routes |= {"/map.xml": index("/a.xml"), "/a.xml": urlset(site.url("/1/"))}
    assert walk(site, other.url("/map.xml"), others=(other,)).pages == [site.url("/1/")]


def test_a_sitemap_is_followed_where_its_site_leads(site: Server) -> None:
    site.routes |= {"/map.xml": redirect("/maps/all.xml"), "/maps/all.xml": urlset("1/")}
    assert walk(site, "/map.xml").pages == [site.url("/maps/1/")]
