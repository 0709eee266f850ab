"""Which pages a site's sitemaps name: followed from one to the next, and believed for their own site alone.

A sitemap speaks for its own host (sitemaps.org, "Sitemap file location"), and for another one where that one's
robots.txt names it. What was not followed and not believed is told, and so is what is beyond the bounds.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from assets.documents import DocumentReader
from assets.model import Failure, NamedSitemap, Outcome, Reason, SitemapPage, Stage
from assets.parsing import urls
from assets.parsing.dates import moment_of
from assets.posts import (
    Fetched,
    Sitemap,
    failure_of,
    latest_moment,
    left_out_failure,
    lists_archives,
    post_type_of,
)

# An index that names indexes is against the standard, and seen all the same.
MAX_DEPTH = 3

# A daily one for five years, or 50,000 pages each for the largest archives; asked for at our pace it is ten minutes.
MAX_SITEMAPS = 2_000
MAX_PAGES = 200_000

# So many are looked at before others have the processor.
PAGES_AT_A_TIME = 500

# Other hosts whose robots.txt is asked whether a sitemap speaks for them.
MAX_OTHER_HOSTS = 20

ACCEPT_SITEMAP = "application/xml,text/xml;q=0.9,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class Web:
    """What asks for documents of a type; a guess that is not there is told to nobody.

    `list_sitemaps` tells which sitemaps the robots.txt of an address names.
    """

    ask: Callable[[str, str], Awaitable[Fetched]]
    guess: Callable[[str, str], Awaitable[Fetched]]
    list_sitemaps: Callable[[str], Awaitable[tuple[str, ...]]]
    documents: DocumentReader = field(default_factory=DocumentReader)


@dataclass(frozen=True, slots=True)
class _Queued:
    """A sitemap to be read; `top` is the one that led to it, `depth` the number of steps from there."""

    url: str
    top: str
    depth: int = 0


class SitemapReader:
    """One walk over the sitemaps of a site; `pages` are what they name, `failures` what was not to be had.

    `site` is the site that they speak for. Of sitemaps that were not modified since a time none is read, nor of those
    whose names tell that they are of other types of posts than `types`, where there are any.
    """

    def __init__(self, web: Web, site: str, since: str = "", types: Sequence[str] = ()) -> None:
        self._web = web
        self._site = site
        self._since = moment_of(since)
        self._types = frozenset(types)
        self._queue: deque[_Queued] = deque()
        self._met: set[str] = set()
        self._is_heard: dict[tuple[str, str], bool] = {}
        self._refused: dict[str, list[str]] = {}
        self._pages: dict[str, SitemapPage] = {}
        self._left_out = 0
        self.sitemaps: list[str] = []
        self.failures: list[Failure] = []

    @property
    def pages(self) -> list[SitemapPage]:
        """The pages that were named, each once."""
        return list(self._pages.values())

    async def read(self, addresses: Iterable[str], *, is_guess: bool = False) -> None:
        """Read these sitemaps and those that they name; of a guess that is none nothing is told."""
        self._queue.extend(_Queued(address, address) for address in addresses)
        await self._walk(is_guess=is_guess)

    async def read_answer(self, address: str, answer: Fetched) -> None:
        """Read a sitemap that was asked for already, and those that it names."""
        self._met.add(urls.identity(address))
        await self._take_answer(_Queued(address, address), answer, is_guess=False)
        await self._walk(is_guess=False)

    async def _walk(self, *, is_guess: bool) -> None:
        asked = len(self.sitemaps)
        while self._queue:
            queued = self._queue.popleft()
            if urls.identity(queued.url) in self._met:
                continue
            self._met.add(urls.identity(queued.url))
            if asked >= MAX_SITEMAPS or len(self._pages) >= MAX_PAGES:
                self._left_out += 1
                continue
            asked += 1
            is_guessed = is_guess and not queued.depth
            ask = self._web.guess if is_guessed else self._web.ask
            answer = await ask(queued.url, ACCEPT_SITEMAP)
            await self._take_answer(queued, answer, is_guess=is_guessed)
        self._tell()

    async def _take_answer(self, queued: _Queued, answer: Fetched, *, is_guess: bool) -> None:
        found = await self._parse(queued, answer)
        if isinstance(found, Failure):
            if not is_guess:
                self.failures.append(found)
            return
        self.sitemaps.append(queued.url)
        if found.left_out:
            self.failures.append(replace(left_out_failure(queued.url, found.left_out), stage=Stage.DISCOVER))
        for named in found.sitemaps:
            await self._follow(named, queued)
        for number, page in enumerate(found.pages):
            if not number % PAGES_AT_A_TIME:
                await asyncio.sleep(0)
            if not await self._speaks_for(page.url, queued):
                self._refused.setdefault(queued.url, []).append(page.url)
            elif len(self._pages) >= MAX_PAGES:
                self._left_out += 1
            else:
                self._add(page)

    async def _parse(self, queued: _Queued, answer: Fetched) -> Sitemap | Failure:
        if answer.fetch.outcome is not Outcome.FETCHED:
            return failure_of(answer.fetch)
        return await self._web.documents.read_sitemap(queued.url, answer.fetch, answer.data)

    def _add(self, page: SitemapPage) -> None:
        """Take a page, or complete it where another sitemap named it."""
        key = urls.identity(page.url)
        known = self._pages.get(key)
        if known is None:
            self._pages[key] = page
        else:
            self._pages[key] = replace(
                known,
                modified=known.modified or page.modified,
                published=known.published or page.published,
                title=known.title or page.title,
                language=known.language or page.language,
            )

    # Which are followed, and believed

    async def _follow(self, named: NamedSitemap, by: _Queued) -> None:
        modified = latest_moment(named.modified)
        if self._since is not None and modified is not None and modified < self._since:
            return
        if lists_archives(named.url) or not self._is_of_types(named.url):
            return
        if by.depth >= MAX_DEPTH:
            self._left_out += 1
            return
        is_its_own = urls.site_of(named.url) == urls.site_of(by.url)
        if is_its_own or await self._speaks_for(named.url, by):
            self._queue.append(_Queued(named.url, by.top, by.depth + 1))
        else:
            self._refused.setdefault(by.url, []).append(named.url)

    def _is_of_types(self, address: str) -> bool:
        name = post_type_of(address)
        # A type is given by its name, or as its address has it, which is the plural.
        return not (self._types and name) or bool(self._types & {name, f"{name}s"})

    async def _speaks_for(self, address: str, queued: _Queued) -> bool:
        """Whether a sitemap may name an address."""
        site = urls.site_of(address)
        if site == self._site:
            return True
        key = (site, queued.top)
        if key not in self._is_heard:
            if len({other for other, _top in self._is_heard}) >= MAX_OTHER_HOSTS:
                return False
            named = {urls.identity(one) for one in await self._web.list_sitemaps(address)}
            self._is_heard[key] = bool(named & {urls.identity(queued.top), urls.identity(queued.url)})
        return self._is_heard[key]

    def _tell(self) -> None:
        """Tell what was left out, and for whom a sitemap does not speak."""
        for address, refused in self._refused.items():
            hosts = sorted({urls.host_of(one) for one in refused})
            more = f" and {len(hosts) - 3} more" if len(hosts) > 3 else ""
            detail = (
                f"addresses left out: {len(refused):,} of {', '.join(hosts[:3])}{more}; "
                "a sitemap speaks for its own site, and for those whose robots.txt names it"
            )
            self.failures.append(Failure(Stage.DISCOVER, Reason.ADDRESS_REFUSED, address, detail))
        if self._left_out:
            address = self.sitemaps[0] if self.sitemaps else self._site
            detail = (
                f"sitemaps and pages left out: {self._left_out:,}; at most {MAX_SITEMAPS:,} sitemaps, "
                f"{MAX_DEPTH} steps deep, and {MAX_PAGES:,} pages are read"
            )
            self.failures.append(Failure(Stage.DISCOVER, Reason.TOO_LARGE, address, detail))
        self._refused, self._left_out = {}, 0
