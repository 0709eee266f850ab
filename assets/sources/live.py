"""Live sources: a WordPress site paged through its REST API, a page, a feed, a list behind an address.

What an address is, is found by asking it once and looking at the answer. A page that announces a WordPress API and
is the site's home stands for all its posts; one that announces its own post's record stands for that post; anything
else is read as the document it is.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assets.documents import DocumentReader, has_picture_name, set_noise_aside
from assets.markup import merge_references
from assets.model import (
    DocumentKind,
    Failure,
    Fetch,
    ImageReference,
    Notice,
    Outcome,
    Page,
    PageKind,
    PageLinks,
    Reading,
    Role,
    SourceKind,
    Stage,
)
from assets.parsing import text, urls
from assets.parsing.values import as_map
from assets.posts import (
    Fetched,
    ItemKind,
    ParsedAnswer,
    failure_of,
    home_of,
    json_of,
    kind_of,
    media_error,
    read_media,
    root_of_address,
    with_featured,
)
from assets.sources.inventory import DEFAULT_TYPES, PostType, endpoint
from assets.sources.library import MediaLibrary, is_fresh
from assets.sources.site import KnownSite, SitePart, SiteReader
from assets.sources.site_listing import ClosedApi
from assets.sources.site_lists import read_collection
from assets.sources.site_pages import ACCEPT_PAGE, PagesReader, explain
from assets.sources.sitemaps import Web

ACCEPT_JSON = "application/json"

DEFAULT_ROUTES = frozenset(one.route for one in DEFAULT_TYPES)

# With these an API keeps itself to those who have an account.
CLOSED = frozenset({401, 403})

_API_RELATION = "https://api.w.org/"
_LINK_HEADER = re.compile(r"<([^>]*)>([^<]*)")
_END_OF_ROUTE = re.compile(r"[?&#]")
_PAGING_PARAMETER = re.compile(r"(?<=[?&])(?:page|per_page|_embed|offset)=[^&]*&?")


class DocumentFetcher(Protocol):
    """What brings documents in: the downloader."""

    async def document(self, url: str, accept: str = "") -> Fetched:
        """Ask for one document; what fails is told by its fetch."""

    async def list_sitemaps(self, address: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address names."""

    def has_credentials(self, address: str) -> bool:
        """Whether an address is asked with an account of the user's."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How much of a live site to read.

    `since` takes posts modified after that time (ISO 8601, UTC), known ones too; `limit` bounds the posts taken from
    one address; `types` are the types of posts to read, all that are public without any. `known_site` tells what is
    known of the site with an API root, `known_page` what its sitemap said of the modification of a page when it was
    read completely, `""` of one that is to be read.
    """

    since: str = ""
    limit: int | None = None
    types: tuple[str, ...] = ()
    known_site: Callable[[str], KnownSite] = lambda _root: KnownSite()
    known_page: Callable[[str], str] = lambda _address: ""


LivePart = SitePart | Notice


def find_announced_root(answer: Fetched, links: PageLinks) -> str:
    """The API root a page announces, by its Link header or by the link in its head; `""` for none."""
    for value in answer.headers_all("link"):
        for target, parameters in _LINK_HEADER.findall(value):
            if _API_RELATION in parameters:
                return urls.make_absolute(target.strip(), answer.fetch.final_url)
    return links.api_root


def is_home(address: str, api_root: str) -> bool:
    """Whether an address is the home of the site whose API root this is.

    >>> is_home("http://news.example/uk", "https://news.example/uk/wp-json/")
    True
    """
    home = home_of(api_root)
    return bool(home) and urls.identity(address).rstrip("/") == urls.identity(home).rstrip("/")


class LiveReader:
    """Reads addresses into readings; every document it asks for is told to `on_fetch`."""

    def __init__(
        self,
        downloader: DocumentFetcher,
        options: LiveOptions,
        on_fetch: Callable[[Fetch], None] = lambda _fetch: None,
        documents: DocumentReader | None = None,
    ) -> None:
        self._documents = documents or DocumentReader()
        self._downloader = downloader
        self._options = options
        self._on_fetch = on_fetch

    async def _ask(self, address: str, accept: str = ACCEPT_JSON) -> Fetched:
        came = await self._downloader.document(address, accept=accept)
        answer = await set_noise_aside(came, self._documents, is_json=accept == ACCEPT_JSON)
        self._on_fetch(answer.fetch)
        return await self._parse(answer) if accept == ACCEPT_JSON else answer

    async def _parse(self, answer: Fetched) -> ParsedAnswer:
        """An answer with its JSON, which long ones have read elsewhere."""
        return ParsedAnswer(answer, await self._documents.parse_json(answer.data, answer.fetch.final_url))

    async def _guess(self, address: str, accept: str) -> Fetched:
        """Ask for a document of which nobody said that it is there."""
        came = await self._downloader.document(address, accept=accept)
        answer = await set_noise_aside(came, self._documents, is_json=False)
        if answer.fetch.outcome is Outcome.FETCHED:
            self._on_fetch(answer.fetch)
        return answer

    # What an address is

    async def read(self, address: str) -> AsyncIterator[LivePart]:
        """Everything one address stands for, post by post; ends with a `SiteRead` after a whole site."""
        if has_picture_name(urls.path_of(address)):
            yield _lone_picture(address)
            return
        answer = await self._ask(address, ACCEPT_PAGE)
        if answer.fetch.outcome is not Outcome.FETCHED:
            async for part in self._failed(address, answer):
                yield part
            return
        async for part in self._read_answer(address, answer):
            yield part

    async def _read_answer(self, address: str, answer: Fetched) -> AsyncIterator[LivePart]:
        """What an answer is, and what that stands for."""
        kind = await self._documents.detect(answer.data, urls.path_of(address), answer.fetch.content_type)
        if kind in (None, DocumentKind.WORDPRESS):
            answer = await self._parse(answer)
        if isinstance(kind, Failure):
            parts = _iter_async([replace(kind, address=address)])
        elif kind is DocumentKind.HTML:
            parts = self._html(address, answer)
        elif kind is DocumentKind.WORDPRESS or (kind is None and json_of(answer) == []):
            # A list of nothing does not show what it is: its address does.
            parts = self._wordpress(address, answer)
        elif kind is DocumentKind.PICTURE:
            parts = _iter_async([_lone_picture(address)])
        elif kind is DocumentKind.SITEMAP:
            parts = self._pages(address).read_sitemap(answer)
        else:
            parts = self._document(address, answer)
        async for part in parts:
            yield part

    async def _document(self, address: str, answer: Fetched) -> AsyncIterator[LivePart]:
        for part in await self._documents.read_answer(address, answer.fetch, answer.data):
            yield part

    def _failed(self, address: str, answer: Fetched) -> AsyncIterator[LivePart]:
        """What comes of an address that does not answer: of a closed API its site's pages."""
        failure, root = failure_of(answer.fetch, Stage.DOWNLOAD), root_of_address(address)
        if answer.fetch.status not in CLOSED or not root:
            return _iter_async([failure])
        plain = _without_paging(address)
        route = _whole_route(root, plain)
        if plain.rstrip("/") != root.rstrip("/") and route not in DEFAULT_ROUTES:
            return _iter_async([explain(failure)])
        only = PostType("", route) if route else None
        return self._closed(address, replace(failure, address=root), only=only)

    async def _html(self, address: str, answer: Fetched) -> AsyncIterator[LivePart]:
        final = answer.fetch.final_url
        links = await self._documents.read_links(address, answer.fetch, answer.data)
        if isinstance(links, Failure):
            # Its story would end the same way.
            yield links
            return
        root = find_announced_root(answer, links) or await self._probe_root(final, links)
        if root and is_home(final, root):
            async for part in self._site(address, root, feeds=links.feeds):
                yield part
            return
        reading = await self._read_own_record(address, links.rest_record)
        if reading is not None:
            yield reading
            return
        async for part in self._document(address, answer):
            yield part

    async def _probe_root(self, home: str, links: PageLinks) -> str:
        """The root behind `?rest_route=/`, tried on a site's bare address or where WordPress shows.

        A site may keep its API to itself and not announce it: WordPress's bare address is its home all the same.
        """
        url = urls.parse(home)
        if url is None or url.search or not (links.is_wordpress or url.pathname == "/"):
            return ""
        root = f"{url.href}?rest_route=/"
        answer = await self._ask(root)
        if answer.fetch.status in CLOSED and links.is_wordpress and url.pathname == "/":
            return root
        if answer.fetch.outcome is not Outcome.FETCHED:
            return ""
        return root if kind_of(json_of(answer)) is ItemKind.INDEX else ""

    async def _read_own_record(self, source: str, record: str) -> Reading | None:
        """The reading of the post record a page announces, None where it does not serve."""
        if "/wp/v2/" not in record:
            return None
        answer = await self._ask(urls.with_query(record, [("_embed", "wp:featuredmedia")]))
        item = json_of(answer)
        if answer.fetch.outcome is not Outcome.FETCHED or not isinstance(item, Mapping):
            return None
        if kind_of(item) is not ItemKind.POST:
            return None
        (reading,) = await self._documents.read_posts([item], source, record)
        if isinstance(reading, Failure) or not reading.references:
            return None
        library = MediaLibrary(self._ask, reading.page.api_root or root_of_address(record), None)
        (completed,) = await library.complete([reading])
        is_settled = library.has_all(completed) and not is_fresh(reading.page.modified, answer.header("date"))
        return replace(completed, is_settled=is_settled)

    async def _wordpress(self, address: str, answer: Fetched) -> AsyncIterator[LivePart]:
        value, final = json_of(answer), answer.fetch.final_url
        if kind_of(value) is ItemKind.INDEX:
            parts = self._site(address, final)
        elif isinstance(value, list) and root_of_address(final):
            parts = self._collection(address, final, value)
        else:
            parts = self._document(address, answer)
        async for part in parts:
            yield part

    async def _site(
        self,
        source: str,
        root: str,
        only: PostType | None = None,
        feeds: Sequence[str] | None = None,
    ) -> AsyncIterator[LivePart]:
        known, is_own = self._options.known_site(root), self._downloader.has_credentials(root)
        reader = SiteReader(
            self._ask, source, root, self._options, known, only, is_own=is_own, documents=self._documents
        )
        try:
            async for part in reader.read():
                yield part
        except ClosedApi as closed:
            async for instead in self._closed(source, replace(closed.failure, address=root), only, feeds):
                yield instead

    def _closed(
        self,
        source: str,
        failure: Failure,
        only: PostType | None = None,
        feeds: Sequence[str] | None = None,
    ) -> AsyncIterator[LivePart]:
        """What a site has beside an API that fails so; `feeds` are what its home announces, where that is known."""
        home = home_of(failure.address) or urls.make_absolute("/", failure.address)
        return self._pages(source, only).read_closed(failure, home, feeds)

    def _pages(self, source: str, only: PostType | None = None) -> PagesReader:
        web = Web(self._ask, self._guess, self._downloader.list_sitemaps, self._documents)
        types = (only.route.rpartition("/")[2],) if only is not None else self._options.types
        return PagesReader(web, source, replace(self._options, types=types))

    def _collection(self, source: str, address: str, value: list[object]) -> AsyncIterator[LivePart]:
        """What a collection of the API holds: all posts of a type, or what its address asks for."""
        root, plain = root_of_address(address), _without_paging(address)
        route = _whole_route(root, plain)
        first = as_map(value[0]) if value else {}
        kind = kind_of(first)
        if route and (kind is ItemKind.POST or (not value and route in DEFAULT_ROUTES)):
            name = text.clean(first.get("type")) or route.rpartition("/")[2].rstrip("s")
            return self._site(source, root, PostType(name, route))
        return read_collection(self._ask, self._documents, source, root, plain, self._options.limit)

    # Featured media that is not embedded

    async def resolve(self, reading: Reading) -> Reading:
        """The reading with its featured picture looked up; where that fails it says why in its diagnosis."""
        if all(reference.resolved for reference in reading.references):
            return reading
        found = [await self._resolve_reference(reading.page, reference) for reference in reading.references]
        return replace(reading, references=merge_references(found))

    async def _resolve_reference(self, page: Page, reference: ImageReference) -> ImageReference:
        if reference.resolved:
            return reference
        diagnosis = reference.diagnosis
        if diagnosis is None:
            answer = await self._ask(reference.url)
            item = json_of(answer)
            if answer.fetch.outcome is Outcome.FETCHED and isinstance(item, Mapping):
                media = read_media(item)
                if not isinstance(media, Failure):
                    return with_featured(reference, media)
                diagnosis = media
            elif answer.fetch.status is not None:
                diagnosis = media_error(answer.fetch.status, item, reference.url)
            else:
                diagnosis = failure_of(answer.fetch)
        return await self._from_page(page, replace(reference, diagnosis=diagnosis))

    async def _from_page(self, page: Page, reference: ImageReference) -> ImageReference:
        """The page's own og:image in place of featured media that does not answer."""
        if reference.role is not Role.FEATURED or not urls.make_absolute(page.url):
            return reference
        answer = await self._ask(page.url, ACCEPT_PAGE)
        if answer.fetch.outcome is not Outcome.FETCHED:
            return reference
        links = await self._documents.read_links(page.url, answer.fetch, answer.data)
        picture = links.og_image if isinstance(links, PageLinks) else ""
        return replace(reference, url=picture, resolved=True) if picture else reference


def _without_paging(address: str) -> str:
    """A collection's address without the parameters that the walk sets.

    >>> _without_paging("https://news.example/wp-json/wp/v2/posts?per_page=5&categories=3&page=2")
    'https://news.example/wp-json/wp/v2/posts?categories=3'
    """
    return _PAGING_PARAMETER.sub("", address).rstrip("?&")


def _whole_route(root: str, plain: str) -> str:
    """The route below an API root of which an address asks for all, `""` where it asks for a part or is the root.

    >>> _whole_route("https://news.example/wp-json/", "https://news.example/wp-json/wp/v2/posts")
    'wp/v2/posts'
    """
    # In `?rest_route=` the query goes on behind the route.
    route = _END_OF_ROUTE.split(plain.removeprefix(root))[0].strip("/")
    return route if endpoint(root, route) == plain.rstrip("/") else ""


def _lone_picture(address: str) -> Reading:
    page = Page(source=address, site=urls.site_of(address), kind=PageKind.LIST, source_kind=SourceKind.LIST)
    return Reading(page, (ImageReference(urls.make_absolute(address)),))


async def _iter_async(parts: Iterable[Reading | Failure | Notice]) -> AsyncIterator[LivePart]:
    for part in parts:
        yield part
