"""Posts asked for by their ids, as many at a time as their site gives.

A set of ids does not shift while somebody publishes. Sites cap how many they give, some without a word; one post that
a server cannot make costs the others nothing; a server that knows no `include` has all its posts gone through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from assets.model import Failure, Outcome
from assets.parsing import urls
from assets.parsing.values import as_id, as_map
from assets.posts import (
    EMBED,
    MAX_BROKEN_POSTS_ON_END,
    PAGE_CANNOT_BE_MADE,
    Collection,
    Fetched,
    choose_smaller_size,
    failure_of,
    json_of,
)
from assets.sources.inventory import Ask, PostType, as_items, endpoint

POSTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class FetchedPosts:
    """Posts in one answer, and the time of the site's clock then, as HTTP has it."""

    items: Sequence[Mapping[str, object]]
    clock: str


class PostFetcher:
    """Posts of one type; `is_whole` tells whether each came that was asked for.

    With `embeds` a post has its featured picture's item with it, which makes it twice as long; the library tells more.
    `statuses` is the parameter that asks for what is not public too.
    """

    def __init__(
        self,
        ask: Ask,
        root: str,
        post_type: PostType,
        *,
        embeds: bool = True,
        statuses: tuple[str, str] | None = None,
    ) -> None:
        self._ask = ask
        self._address = endpoint(root, post_type.route)
        self._extra = [*([EMBED] if embeds else []), *([statuses] if statuses else [])]
        self._at_once = POSTS_AT_ONCE
        self._waiting: list[Sequence[int]] = []
        self.is_whole = True

    async def fetch(self, numbers: Sequence[int]) -> AsyncIterator[FetchedPosts | Failure]:
        """The posts with these ids, in parts; one that its server cannot make costs itself alone."""
        self._waiting = [numbers] if numbers else []
        broken_on_end = 0
        while self._waiting and broken_on_end < MAX_BROKEN_POSTS_ON_END:
            part = self._waiting.pop(0)
            if len(part) > self._at_once:
                self._put_back(part[: self._at_once], part[self._at_once :])
                continue
            answer = await self._ask_for(part)
            value = json_of(answer)
            if answer.fetch.outcome is not Outcome.FETCHED or not isinstance(value, list):
                if not self._split(part, answer, as_map(value)):
                    self.is_whole = False
                    broken_on_end += 1
                    yield failure_of(answer.fetch)
                continue
            broken_on_end = 0
            items, wanted = as_items(value), set(part)
            found = [item for item in items if as_id(item.get("id")) in wanted]
            yield FetchedPosts(found, answer.header("date"))
            left = wanted.difference(as_id(item.get("id")) or 0 for item in found)
            if len(found) < len(items):
                async for posts in self._walk(left.union(*self._waiting)):
                    yield posts
                return
            self._take_up(left, len(found), answer.header("x-wp-total"))

    async def _ask_for(self, part: Sequence[int]) -> Fetched:
        query = [("include", ",".join(map(str, part))), ("orderby", "include"), ("per_page", str(len(part)))]
        return await self._ask(urls.with_query(self._address, [*query, *self._extra]))

    def _put_back(self, *parts: Sequence[int]) -> None:
        self._waiting = [*(part for part in parts if part), *self._waiting]

    def _split(self, part: Sequence[int], answer: Fetched, told: Mapping[str, object]) -> bool:
        """Have a part that the server did not make asked for in smaller ones; False where that will not help."""
        if answer.fetch.reason is not None and answer.fetch.reason not in PAGE_CANNOT_BE_MADE:
            return False
        is_cap = told.get("code") == "rest_invalid_param"
        smaller = choose_smaller_size(len(part), told if is_cap else None)
        if not smaller:
            return False
        if is_cap:
            self._at_once = smaller
        self._put_back(*(part[start : start + smaller] for start in range(0, len(part), smaller)))
        return True

    def _take_up(self, left: set[int], found: int, total: str) -> None:
        """Ask once more for what a site that gives fewer at a time has left out; what is not there is not asked for."""
        if not left:
            return
        if found and total != str(found):
            self._at_once = found
            self._put_back(sorted(left))
        else:
            self.is_whole = False

    async def _walk(self, wanted: set[int]) -> AsyncIterator[FetchedPosts | Failure]:
        """Every post of the type, of which some are taken: for a server that does not know `include`."""
        collection, found = Collection(self._ask, self._address, self._extra), []
        async for item in collection.items():
            if isinstance(item, Failure):
                self.is_whole = False
                yield item
            elif (number := as_id(item.get("id"))) in wanted:
                wanted.discard(number or 0)
                found.append(item)
            if len(found) == POSTS_AT_ONCE:
                yield FetchedPosts(found, collection.clock)
                found = []
        yield FetchedPosts(found, collection.clock)
        if wanted:
            self.is_whole = False
