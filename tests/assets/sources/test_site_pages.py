"""A site that keeps its API to itself, and sitemaps as addresses: their pages read on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from downloads import QUICK, downloader
from servers import Answer, Request, Server, redirect

from assets.model import Failure, Fetch, PageKind, Reading, Reason, SourceKind, Stage
from assets.sources.live import LiveOptions, LiveReader

WORDS = "The harbour was calm on Monday, and the ships that came in had waited outside for days. " * 6
CLOSED = Answer(b'{"code": "rest_not_logged_in", "message": "No.", "data": {"status": 401}}', status=401)
TODAY = "Sat, 23 Aug 2025 12:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Read:
    """What an address gave, and the documents that were told."""

    readings: list[Reading] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    told: list[Fetch] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        return [reading.page.url for reading in self.readings]


def story(name: str, head: str = "", picture: bool = True) -> Answer:
    shown = f'<img src="/{name}.jpg" alt="{name}">' if picture else ""
    body = (
        f"<html><head><title>{name}</title>{head}</head><body><article><h1>{name}</h1>"
        f"<p>{WORDS}</p>{shown}<p>{WORDS}</p></article></body></html>"
    )
    return Answer(body.encode(), content_type="text/html; charset=utf-8", headers={"Date": TODAY})


def urlset(*entries: tuple[str, str]) -> Answer:
    inside = "".join(f"<url><loc>{loc}</loc><lastmod>{lastmod}</lastmod></url>" for loc, lastmod in entries)
    return Answer(f"<urlset>{inside}</urlset>".encode(), content_type="application/xml")


def feed(*links: str) -> Answer:
    items = "".join(
        f"<item><title>x</title><link>{link}</link><pubDate>Fri, 0{day} Aug 2025 08:00:00 GMT</pubDate>"
        f"<description>&lt;img src='{link}a.jpg'&gt;</description></item>"
        for day, link in enumerate(links, start=1)
    )
    body = f"<rss version='2.0'><channel>{items}</channel></rss>"
    return Answer(body.encode(), content_type="application/rss+xml")


def home(*links: str) -> Answer:
    head = "".join(links)
    return Answer(f"<html><head>{head}</head><body></body></html>".encode(), content_type="text/html")


def feed_link(address: str) -> str:
    return f"<link rel='alternate' type='application/rss+xml' href='{address}'>"


API = "<link rel='https://api.w.org/' href='/wp-json/'>"
GENERATOR = "<meta name='generator' content='WordPress 6.5'>"


@pytest.fixture
def site() -> Iterator[Server]:
    """A site that announces an API which it keeps to itself."""

    def answer(request: Request) -> Answer:
        closed = request.path.startswith("/wp-json/") or "rest_route=" in request.query
        return CLOSED if closed else Answer(b"not here", status=404)

    with Server(fallback=answer) as server:
        server.routes["/"] = home(API)
        yield server


def with_stories(site: Server, *lastmods: str, place: str = "/wp-sitemap.xml") -> None:
    """Give the site stories /0/, /1/ ... with these modifications in its sitemap."""
    names = [str(number) for number, _ in enumerate(lastmods)]
    site.routes[place] = urlset(
        *((f"/{name}/", lastmod) for name, lastmod in zip(names, lastmods, strict=True))
    )
    site.routes |= {f"/{name}/": story(name) for name in names}


def read(
    site: Server, path: str = "/", known: Callable[[str], str] = lambda _url: "", **options: object
) -> Read:
    """What the site's address gives."""

    async def ask() -> Read:
        found = Read()
        async with downloader(site, limits=replace(QUICK, document_bytes=1_000_000)) as asking:
            live = LiveOptions(known_page=known, **options)  # type: ignore[arg-type]
            async for part in LiveReader(asking, live, found.told.append).read(site.url(path)):
                if isinstance(part, Reading):
                    found.readings.append(part)
                elif isinstance(part, Failure):
                    found.failures.append(part)
        return found

    return asyncio.run(ask())


# A closed API


def test_a_closed_api_is_told_with_its_address_and_what_helps(site: Server) -> None:
    with_stories(site, "")
    (failure,) = read(site).failures
    assert failure == Failure(
        Stage.DISCOVER,
        Reason.UNAUTHORIZED,
        site.url("/wp-json/"),
        f"HTTP 401: the site keeps its API to itself; its sitemap {site.url('/wp-sitemap.xml')} is read instead, "
        "which tells no media ids and dates; with an account of yours: --credentials",
    )


def test_a_forbidden_api_is_told_as_forbidden(site: Server) -> None:
    site.routes["/wp-json/wp/v2/posts"] = Answer(b"{}", status=403)
    assert read(site).failures[0].reason is Reason.FORBIDDEN


def test_the_pages_of_the_sitemap_are_read_as_pages(site: Server) -> None:
    with_stories(site, "2025-08-01T08:00:00Z")
    (reading,) = read(site).readings
    assert (reading.page.url, reading.page.kind, reading.page.source_kind, reading.page.source) == (
        site.url("/0/"),
        PageKind.ARTICLE,
        SourceKind.PAGE,
        site.url("/"),
    )
    assert [one.url for one in reading.references] == [site.url("/0.jpg")]


def test_the_sitemap_that_robots_txt_names_is_preferred(site: Server) -> None:
    with_stories(site, "", place="/maps/all.xml")
    site.routes["/robots.txt"] = Answer(b"Sitemap: /maps/all.xml", content_type="text/plain")
    assert read(site).urls == [site.url("/0/")]
    assert site.asked("/wp-sitemap.xml") == []


@pytest.mark.parametrize("place", ["/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml"])
def test_a_sitemap_at_a_usual_place_is_found(site: Server, place: str) -> None:
    with_stories(site, "", place=place)
    assert read(site).urls == [site.url("/0/")]


def test_a_place_without_a_sitemap_is_not_told(site: Server) -> None:
    with_stories(site, "", place="/sitemap.xml")
    assert site.url("/wp-sitemap.xml") not in {fetch.url for fetch in read(site).told}


def test_a_site_without_a_sitemap_is_read_by_its_feed(site: Server) -> None:
    site.routes |= {"/": home(API, feed_link("/feed/")), "/feed/": feed(site.url("/1/"))}
    found = read(site)
    assert (found.urls, found.readings[0].page.source_kind) == ([site.url("/1/")], SourceKind.FEED)
    assert f"its feed {site.url('/feed/')} is read instead" in found.failures[0].detail


def test_a_feed_of_comments_is_not_the_sites(site: Server) -> None:
    links = (feed_link("/comments/feed/"), feed_link("/feed/"))
    site.routes |= {"/": home(API, *links), "/feed/": feed(site.url("/1/"))}
    assert read(site).urls == [site.url("/1/")]


def test_a_site_with_neither_says_so(site: Server) -> None:
    assert "it announces neither a sitemap nor a feed" in read(site).failures[0].detail


def test_the_api_itself_as_an_address_is_told_and_gone_around(site: Server) -> None:
    with_stories(site, "")
    found = read(site, "/wp-json/")
    assert (found.urls, found.failures[0].address) == ([site.url("/0/")], site.url("/wp-json/"))


def test_the_api_as_an_address_finds_the_feed_too(site: Server) -> None:
    site.routes |= {"/": home(API, feed_link("/feed/")), "/feed/": feed(site.url("/1/"))}
    assert read(site, "/wp-json/").urls == [site.url("/1/")]


def test_all_posts_of_a_closed_api_as_an_address_are_the_sitemap_of_posts(site: Server) -> None:
    names = ("/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-page-1.xml")
    inside = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    site.routes |= {"/wp-sitemap.xml": Answer(f"<sitemapindex>{inside}</sitemapindex>".encode())}
    site.routes |= {name: urlset((f"/{number}/", "")) for number, name in enumerate(names)}
    site.routes |= {f"/{number}/": story(str(number)) for number in range(2)}
    assert read(site, "/wp-json/wp/v2/posts").urls == [site.url("/0/")]


@pytest.mark.parametrize("part", ["posts/7", "posts?categories=3", "media"])
def test_a_part_of_a_closed_api_stands_for_nothing_else(site: Server, part: str) -> None:
    with_stories(site, "")
    found = read(site, f"/wp-json/wp/v2/{part}")
    assert found.urls == []
    assert found.failures[0].detail == (
        "HTTP 401: the site keeps its API to itself; with an account of yours: --credentials"
    )


def test_a_closed_api_that_is_not_announced_is_found(site: Server) -> None:
    site.routes["/"] = lambda request: CLOSED if request.query else home(GENERATOR)
    with_stories(site, "")
    found = read(site)
    assert (found.urls, found.failures[0].address) == ([site.url("/0/")], site.url("/?rest_route=/"))


def test_a_site_that_is_no_wordpress_is_read_as_a_page(site: Server) -> None:
    site.routes["/"] = story("home")
    with_stories(site, "")
    assert read(site).urls == [site.url("/")]


def test_pages_beside_a_site_in_a_folder_are_not_its(site: Server) -> None:
    site.routes |= {
        "/uk/": home("<link rel='https://api.w.org/' href='/uk/wp-json/'>"),
        "/uk/wp-json/wp/v2/posts": CLOSED,
        "/robots.txt": Answer(b"Sitemap: /all.xml", content_type="text/plain"),
        "/all.xml": urlset(("/uk/1/", ""), ("/2/", "")),
        "/uk/1/": story("1"),
    }
    assert read(site, "/uk/").urls == [site.url("/uk/1/")]


@pytest.mark.parametrize("wanted", ["report", "reports"])
def test_types_narrow_what_is_read(site: Server, wanted: str) -> None:
    names = ("/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-report-1.xml", "/more.xml")
    inside = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    site.routes |= {"/wp-sitemap.xml": Answer(f"<sitemapindex>{inside}</sitemapindex>".encode())}
    site.routes |= {name: urlset((f"/{number}/", "")) for number, name in enumerate(names)}
    site.routes |= {f"/{number}/": story(str(number)) for number in range(3)}
    assert read(site, types=(wanted,)).urls == [site.url("/1/"), site.url("/2/")]


# Pages of a sitemap


def test_a_sitemap_is_an_address(site: Server) -> None:
    with_stories(site, "", "", place="/map.xml")
    found = read(site, "/map.xml")
    assert (found.urls, found.failures) == ([site.url("/0/"), site.url("/1/")], [])


def test_a_sitemap_without_pages_says_so(site: Server) -> None:
    site.routes["/map.xml"] = urlset()
    assert [failure.reason for failure in read(site, "/map.xml").failures] == [Reason.EMPTY]


def test_the_newest_pages_come_first(site: Server) -> None:
    with_stories(site, "2025-08-01", "2025-08-03T08:00:00Z", "2025-08-02")
    assert read(site).urls == [site.url("/1/"), site.url("/2/"), site.url("/0/")]


def test_a_limit_bounds_the_pages(site: Server) -> None:
    with_stories(site, "2025-08-01", "2025-08-03", "2025-08-02")
    assert read(site, limit=1).urls == [site.url("/1/")]
    assert site.asked("/0/") == []


def test_pages_that_are_as_they_were_are_not_asked_for(site: Server) -> None:
    with_stories(site, "2025-08-01T08:00:00Z", "2025-08-02T08:00:00Z")
    known = {site.url("/0/"): "2025-08-01T08:00:00Z", site.url("/1/"): "2025-08-01T08:00:00Z"}
    assert read(site, known=known.__getitem__).urls == [site.url("/1/")]
    assert site.asked("/0/") == []


def test_a_limit_is_not_used_up_by_what_fails(site: Server) -> None:
    with_stories(site, "2025-08-03", "2025-08-02", "2025-08-01")
    site.routes["/0/"] = Answer(b"", status=404)
    assert read(site, limit=1).urls == [site.url("/1/")]


def test_several_pages_are_asked_for_at_once_and_told_in_order(site: Server) -> None:
    with_stories(site, *(f"2025-08-0{day}" for day in range(9, 0, -1)))
    site.routes["/0/"] = replace(story("0"), delay_seconds=0.2)
    assert read(site).urls == [site.url(f"/{number}/") for number in range(9)]
    assert site.most_at_once > 1


def test_a_limit_counts_what_is_read(site: Server) -> None:
    with_stories(site, "2025-08-03", "2025-08-02", "2025-08-01")
    known = {site.url("/0/"): "2025-08-03"}
    assert read(site, known=lambda url: known.get(url, ""), limit=1).urls == [site.url("/1/")]


def test_a_page_without_lastmod_is_asked_for_again(site: Server) -> None:
    with_stories(site, "")
    assert read(site, known=lambda _url: "2025-08-01T08:00:00Z").urls == [site.url("/0/")]


def test_only_pages_modified_since_are_asked_for(site: Server) -> None:
    with_stories(site, "2025-08-01T08:00:00Z", "2025-08-03T08:00:00Z", "2025-08-02")
    assert read(site, since="2025-08-02T12:00:00Z").urls == [site.url("/1/"), site.url("/2/")]
    assert site.asked("/0/") == []


@pytest.mark.parametrize(("published", "is_read"), [("2025-08-01T08:00:00Z", False), ("2025-08-03", True)])
def test_a_page_without_lastmod_is_as_old_as_it_says(site: Server, published: str, is_read: bool) -> None:
    with_stories(site, "")
    site.routes["/0/"] = story("0", f"<meta property='article:published_time' content='{published}'>")
    assert bool(read(site, since="2025-08-02T12:00:00Z").urls) is is_read


def test_entries_of_a_feed_are_taken_by_date_and_limit(site: Server) -> None:
    links = [site.url(f"/{number}/") for number in range(4)]
    site.routes |= {"/": home(API, feed_link("/feed/")), "/feed/": feed(*links)}
    assert read(site, since="2025-08-01T12:00:00Z", limit=2).urls == links[1:3]


def test_the_front_page_is_no_story(site: Server) -> None:
    site.routes["/map.xml"] = urlset(("/", ""), ("/0/", ""))
    site.routes["/0/"] = story("0")
    read(site, "/map.xml")
    assert site.asked("/") == []


def test_a_page_that_leads_to_another_site_is_left_out(site: Server) -> None:
    with_stories(site, "")
    with Server({"/a/": story("a")}) as other:
        site.routes["/0/"] = redirect(other.url("/a/"))
        found = read(site)
    assert (found.urls, found.failures[1].reason) == ([], Reason.ADDRESS_REFUSED)


def test_what_is_no_page_is_told(site: Server) -> None:
    with_stories(site, "")
    site.routes["/0/"] = Answer(b"%PDF-1.7", content_type="application/pdf")
    assert read(site).failures[1].reason is Reason.UNKNOWN_FORMAT


def test_a_page_that_does_not_answer_is_told(site: Server) -> None:
    site.routes["/map.xml"] = urlset(("/0/", ""))
    assert [(one.reason, one.address) for one in read(site, "/map.xml").failures] == [
        (Reason.GONE, site.url("/0/"))
    ]


def test_a_story_without_a_picture_is_no_failure(site: Server) -> None:
    with_stories(site, "")
    site.routes["/0/"] = story("0", picture=False)
    (reading,) = read(site).readings
    assert (reading.failures, reading.has_bare_story) == ((), True)


def test_a_page_keeps_what_the_sitemap_said_of_its_modification(site: Server) -> None:
    with_stories(site, "2025-08-01T08:00:00Z")
    assert read(site).readings[0].page.lastmod == "2025-08-01T08:00:00Z"


def test_what_a_page_does_not_say_the_sitemap_of_news_does(site: Server) -> None:
    news = "<news:news><news:publication_date>2025-08-01T08:00:00Z</news:publication_date></news:news>"
    site.routes |= {
        "/map.xml": Answer(f"<urlset><url><loc>/0/</loc>{news}</url></urlset>".encode()),
        "/0/": story("0"),
    }
    assert read(site, "/map.xml").readings[0].page.published == "2025-08-01T08:00:00Z"


@pytest.mark.parametrize(
    ("lastmod", "is_settled"),
    [
        ("2025-08-22", True),
        ("2025-08-23", False),
        ("2025-08-23T08:00:00Z", True),
        ("2025-08-23T12:00:00Z", False),
        ("", True),
    ],
)
def test_what_may_change_without_lastmod_telling_is_not_settled(
    site: Server, lastmod: str, is_settled: bool
) -> None:
    with_stories(site, lastmod)
    assert read(site).readings[0].is_settled is is_settled
