"""A WordPress REST collection, walked to its end: pages of posts, each post once.

Lists shift while they are read, pages fail whole for one broken post, sites cap `per_page`, and some repeat the last
page for ever: the walk copes with each and says what it could not get.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assets.model import Failure, Fetch, Outcome, Reason, Stage
from assets.parsing import urls
from assets.parsing.jsontext import parse_json

# What is embedded with a post, so that its featured picture needs no request of its own.
EMBED = ("_embed", "wp:featuredmedia")

# The most WordPress allows; fewer requests for the site and for us.
POSTS_PER_PAGE = 100

# A site that fails this many single posts on end is not answering: asking on would only burden it.
MAX_BROKEN_POSTS_ON_END = 5

# No site of a hundred million posts exists; a server that always has one more page does.
MAX_PAGES = 1_000_000

# A list that shifts while it is read can hold a page of known posts; a server that repeats itself has them for ever.
MAX_STALE_PAGES_ON_END = 5

_PER_PAGE_LIMIT = re.compile(r"between 1 (?:\([^)]*\) )?and (\d{1,3})")
# A part that the server does not make may be made in smaller ones.
PAGE_CANNOT_BE_MADE = frozenset(
    {Reason.SERVER_ERROR, Reason.CLIENT_ERROR, Reason.MALFORMED, Reason.TOO_LARGE}
)


class Fetched(Protocol):
    """The answer to one request for a document."""

    @property
    def fetch(self) -> Fetch:
        """How the address ended."""

    @property
    def data(self) -> bytes:
        """The decoded body, also of an HTTP error."""

    def header(self, name: str) -> str:
        """One response header, `""` when absent."""

    def headers_all(self, name: str) -> tuple[str, ...]:
        """Every value of a response header."""


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer whose JSON was parsed elsewhere."""

    came: Fetched
    value: object

    @property
    def fetch(self) -> Fetch:
        """How the address ended."""
        return self.came.fetch

    @property
    def data(self) -> bytes:
        """The decoded body."""
        return self.came.data

    def header(self, name: str) -> str:
        """One response header, `""` when absent."""
        return self.came.header(name)

    def headers_all(self, name: str) -> tuple[str, ...]:
        """Every value of a response header."""
        return self.came.headers_all(name)


def json_of(answer: Fetched) -> object:
    """The JSON of an answer, or a `JsonFault`."""
    return answer.value if isinstance(answer, ParsedAnswer) else parse_json(answer.data)


class Collection:
    """One walk through a collection endpoint, for objects of which each is asked for with `query`.

    `failed` counts what it could not get, `refusal` is the status of an endpoint that gives nothing at all. `has_moved`
    tells that the number of objects changed meanwhile: one may have slipped from one page to another, unseen.
    `clock` is the time of the site's own clock at the first answer, as HTTP has it.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[Fetched]],
        endpoint: str,
        query: Sequence[tuple[str, str]] = (),
        size: int = POSTS_PER_PAGE,
    ) -> None:
        self._ask = ask
        self._endpoint = endpoint
        self._query = query
        self._size = size
        self._total_pages: int | None = None
        self._totals: set[str] = set()
        self._broken_on_end = 0
        self._ended = False
        self.failed = 0
        self.refusal: int | None = None
        self.clock = ""

    @property
    def has_moved(self) -> bool:
        """Whether the site told two numbers of objects."""
        return len(self._totals) > 1

    @property
    def size(self) -> int:
        """How many objects the site gives at a time."""
        return self._size

    async def items(self) -> AsyncIterator[Mapping[str, object] | Failure]:
        """Every object of the collection once, by its id, and a failure for each that could not be had."""
        seen: set[object] = set()
        page, stale = 1, 0
        while not self._ended and page <= MAX_PAGES:
            fresh = False
            async for item in self._slice(page, self._size):
                if isinstance(item, Failure):
                    fresh = True
                    yield item
                elif item.get("id") not in seen:
                    fresh = True
                    seen.add(item.get("id"))
                    yield item
            page, stale = page + 1, 0 if fresh else stale + 1
            if self._total_pages is not None:
                self._ended = self._ended or page > self._total_pages
                if stale >= MAX_STALE_PAGES_ON_END and not self._ended:
                    self._ended = True
                    self.failed += 1
                    detail = f"{stale} pages on end with nothing new, of {self._total_pages} promised"
                    yield Failure(Stage.DISCOVER, Reason.BAD_RESPONSE, self._endpoint, detail)
            elif not fresh:
                # Without a count, a page with nothing new is the end, or a server that repeats itself.
                self._ended = True

    async def _slice(self, page: int, size: int) -> AsyncIterator[Mapping[str, object] | Failure]:
        """The objects of one page; a page that the server cannot make is asked for in smaller ones."""
        parameters = [*self._query, ("per_page", str(size)), ("page", str(page))]
        answer = await self._ask(urls.with_query(self._endpoint, parameters))
        value = json_of(answer)
        if answer.fetch.outcome is Outcome.FETCHED and isinstance(value, list):
            self._broken_on_end = 0
            self.clock = self.clock or answer.header("date")
            self._note_total(answer, size)
            for item in value:
                if isinstance(item, Mapping):
                    yield item
            return
        code = value.get("code") if isinstance(value, Mapping) else None
        if code == "rest_post_invalid_page_number":
            self._ended = True
            return
        refusal = value if code == "rest_invalid_param" and isinstance(value, Mapping) else None
        if refusal is not None and "per_page" not in str(refusal):
            # Something else is not allowed, however little is asked for.
            yield self._note_broken(answer, whole=True)
            return
        smaller = choose_smaller_size(size, refusal)
        if not smaller or not self._may_be_split(answer):
            yield self._note_broken(answer, whole=smaller > 0)
        elif refusal is not None and size == self._size:
            # The site's cap on per_page: what was read so far tiles with it only from the start.
            self._size = smaller
            async for item in self._slice(page, smaller):
                yield item
        else:
            async for item in self._split(page, size, smaller):
                yield item

    async def _split(
        self, page: int, size: int, smaller: int
    ) -> AsyncIterator[Mapping[str, object] | Failure]:
        first = (page - 1) * (size // smaller) + 1
        for number in range(first, first + size // smaller):
            if self._ended:
                return
            async for item in self._slice(number, smaller):
                yield item

    def _note_total(self, answer: Fetched, size: int) -> None:
        header = answer.header("x-wp-totalpages")
        if size == self._size and re.fullmatch(r"\d{1,9}", header):
            self._total_pages = int(header)
        if total := answer.header("x-wp-total"):
            self._totals.add(total)

    def _may_be_split(self, answer: Fetched) -> bool:
        return answer.fetch.reason is None or answer.fetch.reason in PAGE_CANNOT_BE_MADE

    def _note_broken(self, answer: Fetched, *, whole: bool) -> Failure:
        """The failure of one object, or of the whole walk when the site does not answer at all."""
        if self.failed == 0 and self._total_pages is None:
            self.refusal = answer.fetch.status
        self.failed += 1
        self._broken_on_end += 1
        if whole or self._broken_on_end >= MAX_BROKEN_POSTS_ON_END:
            self._ended = True
        return failure_of(answer.fetch)


def failure_of(fetch: Fetch, stage: Stage = Stage.DISCOVER) -> Failure:
    """The failure that a fetch without a usable body stands for."""
    return Failure(stage, fetch.reason or Reason.BAD_RESPONSE, fetch.url, fetch.detail)


def choose_smaller_size(size: int, refusal: Mapping[str, object] | None = None) -> int:
    """The next smaller page size that tiles this one, or the one a refusal names; 0 when there is none.

    >>> choose_smaller_size(100), choose_smaller_size(25), choose_smaller_size(1)
    (50, 5, 0)
    >>> choose_smaller_size(100, {"data": {"params": {"per_page": "per_page must be between 1 and 25."}}})
    25
    """
    named = _PER_PAGE_LIMIT.search(str(refusal)) if refusal is not None else None
    if named is not None and 0 < int(named.group(1)) < size:
        return int(named.group(1))
    return next((part for part in range(size // 2, 0, -1) if size % part == 0), 0)
