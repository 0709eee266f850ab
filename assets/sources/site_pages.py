"""The pages of a site that keeps its API to itself: those that its sitemaps name, else the entries of its feed."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from assets.documents import RepeatedPictures
from assets.model import (
    DocumentKind,
    Failure,
    Notice,
    Outcome,
    Page,
    PageLinks,
    Reading,
    Reason,
    SitemapPage,
    Stage,
)
from assets.parsing import urls
from assets.parsing.dates import http_moment, moment_of
from assets.posts import Fetched, failure_of, latest_moment, lists_archives
from assets.sources.library import is_fresh
from assets.sources.sitemaps import SitemapReader, Web

ACCEPT_PAGE = "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.5"

# Where WordPress has its sitemap, its plugins theirs, and everybody else his.
USUAL_PLACES = ("wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml")

# As many as a host is asked for at once.
PAGES_AT_ONCE = 4

_COMMENTS = re.compile(r"(?i)\bcomments\b")
_INSTEAD = "is read instead, which tells no media ids and dates"
_HINT = "with an account of yours: --credentials"

PagePart = Reading | Failure | Notice


class PageOptions(Protocol):
    """How much of a site to read."""

    @property
    def since(self) -> str:
        """Only pages modified since then, known ones too."""

    @property
    def limit(self) -> int | None:
        """At most so many pages."""

    @property
    def types(self) -> Sequence[str]:
        """Types of posts, where a sitemap's name tells them; all without any."""

    @property
    def known_page(self) -> Callable[[str], str]:
        """What the sitemap said of a page's modification when it was read, `""` where that is to be done."""


class PagesReader:
    """Reads pages that a site announces on behalf of `source`, what the user gave."""

    def __init__(self, web: Web, source: str, options: PageOptions) -> None:
        self._web = web
        self._source = source
        self._options = options
        self._since = moment_of(options.since)

    def _sitemap_reader(self, site: str) -> SitemapReader:
        return SitemapReader(self._web, site, self._options.since, self._options.types)

    # A sitemap that was given

    async def read_sitemap(self, answer: Fetched) -> AsyncIterator[PagePart]:
        """The pages that a sitemap names, and those that it names."""
        reader = self._sitemap_reader(urls.site_of(answer.fetch.final_url))
        await reader.read_answer(answer.fetch.url, answer)
        if not reader.pages and not reader.failures:
            yield Failure(Stage.READ, Reason.EMPTY, self._source, "the sitemap names no page")
        for failure in reader.failures:
            yield failure
        async for part in self._read_pages(reader.pages):
            yield part

    # A site whose API is closed

    async def read_closed(
        self, closed: Failure, home: str, feeds: Sequence[str] | None = None
    ) -> AsyncIterator[PagePart]:
        """The pages of the site with this home, told why its API was not read; `feeds` are what the home announces."""
        reader = self._sitemap_reader(urls.site_of(home))
        pages = await self._find_pages(reader, home)
        if pages:
            yield explain(closed, f"its sitemap {reader.sitemaps[0]} {_INSTEAD}")
            for failure in reader.failures:
                yield failure
            async for part in self._read_pages(pages):
                yield part
            return
        announced = await self._list_feeds(home) if feeds is None else feeds
        feed = next((one for one in announced if not _COMMENTS.search(one)), "")
        told = f"its feed {feed} {_INSTEAD}" if feed else "it announces neither a sitemap nor a feed"
        yield explain(closed, told)
        for failure in reader.failures:
            yield failure
        if feed:
            for entry in await self._read_feed(feed):
                yield entry

    async def _find_pages(self, reader: SitemapReader, home: str) -> list[SitemapPage]:
        """The pages below a home, by the sitemaps that robots.txt names, else by one at a usual place."""
        named = await self._web.list_sitemaps(home)
        await reader.read(one for one in named if not lists_archives(one))
        for place in USUAL_PLACES:
            if pages := [page for page in reader.pages if _is_below(page.url, home)]:
                return pages
            await reader.read([urls.make_absolute(place, home)], is_guess=True)
        return [page for page in reader.pages if _is_below(page.url, home)]

    async def _list_feeds(self, home: str) -> Sequence[str]:
        answer = await self._web.ask(home, ACCEPT_PAGE)
        if answer.fetch.outcome is not Outcome.FETCHED:
            return ()
        links = await self._web.documents.read_links(self._source, answer.fetch, answer.data)
        return links.feeds if isinstance(links, PageLinks) else ()

    async def _read_feed(self, feed: str) -> list[PagePart]:
        answer = await self._web.ask(feed, ACCEPT_PAGE)
        if answer.fetch.outcome is not Outcome.FETCHED:
            return [failure_of(answer.fetch, Stage.DOWNLOAD)]
        parts = await self._web.documents.read_answer(self._source, answer.fetch, answer.data)
        entries = [part for part in parts if isinstance(part, Reading) and self._is_wanted(part.page)]
        others = [part for part in parts if not isinstance(part, Reading)]
        return [*others, *entries[: self._options.limit]]

    # Pages

    async def _read_pages(self, pages: Iterable[SitemapPage]) -> AsyncIterator[PagePart]:
        """The pages that are new or changed, the newest first: they are what a run that ends early should have."""
        wanted = [page for page in pages if not _is_home(page.url) and not self._is_old(page)]
        wanted.sort(key=lambda page: page.modified or page.published, reverse=True)
        rest = iter(wanted)
        left = len(wanted) if self._options.limit is None else self._options.limit
        under_way: deque[asyncio.Task[list[PagePart]]] = deque()
        repeated = RepeatedPictures()
        try:
            while left > 0:
                while len(under_way) < min(PAGES_AT_ONCE, left) and (page := await self._find_unread(rest)):
                    under_way.append(asyncio.create_task(self._read_page(page)))
                if not under_way:
                    break
                for part in await under_way.popleft():
                    left -= isinstance(part, Reading)
                    for ready in repeated.take(part):
                        yield ready
            for ready in repeated.flush():
                yield ready
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _find_unread(self, pages: Iterator[SitemapPage]) -> SitemapPage | None:
        """The next page that is not known as it is."""
        for page in pages:
            if not page.modified or page.modified != self._options.known_page(page.url):
                return page
            # Looking up a hundred thousand must not hold up the connections.
            await asyncio.sleep(0)
        return None

    def _is_old(self, page: SitemapPage) -> bool:
        latest = latest_moment(page.modified)
        return self._since is not None and latest is not None and latest <= self._since

    def _is_wanted(self, page: Page) -> bool:
        """Whether a page that was read is new enough, by what it says itself."""
        at = moment_of(page.modified or page.published)
        return self._since is None or at is None or at > self._since

    async def _read_page(self, page: SitemapPage) -> list[PagePart]:
        answer = await self._web.ask(page.url, ACCEPT_PAGE)
        if answer.fetch.outcome is not Outcome.FETCHED:
            return [failure_of(answer.fetch, Stage.DOWNLOAD)]
        final = answer.fetch.final_url
        if urls.site_of(final) != urls.site_of(page.url):
            return [Failure(Stage.DISCOVER, Reason.ADDRESS_REFUSED, page.url, f"it leads away, to {final}")]
        kind = await self._web.documents.detect(answer.data, urls.path_of(final), answer.fetch.content_type)
        if isinstance(kind, Failure):
            return [kind]
        if kind is not DocumentKind.HTML:
            return [
                Failure(
                    Stage.DISCOVER, Reason.UNKNOWN_FORMAT, page.url, "a sitemap names it, and it is no page"
                )
            ]
        found = await self._web.documents.read_answer(self._source, answer.fetch, answer.data)
        parts = (self._complete(part, page, answer) for part in found)
        return [part for part in parts if part is not None]

    def _complete(self, part: PagePart, page: SitemapPage, answer: Fetched) -> PagePart | None:
        """A reading with what the sitemap says of its page; None for one that is too old."""
        if not isinstance(part, Reading):
            return part
        if not page.modified and not self._is_wanted(part.page):
            return None
        told = replace(
            part.page,
            title=part.page.title or page.title,
            published=part.page.published or page.published,
            language=part.page.language or page.language,
            lastmod=page.modified,
        )
        # Of a whole site some stories have no picture; that is no failure.
        is_bare = part.has_bare_story
        failures = tuple(one for one in part.failures if not is_bare or one.reason is not Reason.NO_PICTURE)
        is_settled = part.is_settled and not _may_change_unseen(page.modified, answer.header("date"))
        return replace(part, page=told, failures=failures, is_settled=is_settled)


def explain(closed: Failure, what: str = "") -> Failure:
    """The failure of a closed API with what comes of it."""
    is_refused = closed.reason in (Reason.UNAUTHORIZED, Reason.FORBIDDEN)
    why = "the site keeps its API to itself" if is_refused else "the API does not give its posts"
    told = "; ".join(part for part in (f"{closed.detail}: {why}", what, _HINT) if part)
    return replace(closed, stage=Stage.DISCOVER, detail=told)


def _is_below(address: str, home: str) -> bool:
    return urls.site_of(address) != urls.site_of(home) or urls.path_of(address).startswith(urls.path_of(home))


def _is_home(address: str) -> bool:
    """Whether an address is a site's front page, which shows the pictures of others."""
    url = urls.parse(address)
    return url is not None and url.pathname == "/" and not url.search


def _may_change_unseen(modified: str, clock: str) -> bool:
    """Whether a page may change again without its `lastmod` telling: within a second, or within a day told alone."""
    latest, now = latest_moment(modified), http_moment(clock)
    if latest is None:
        return False
    return is_fresh(modified, clock) or (latest != moment_of(modified) and (now is None or now < latest))
