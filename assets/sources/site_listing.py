"""All posts of a WordPress site as lists of ids, type by type.

Types that nobody can look at, and those that the user does not want, are passed over and counted. An account of one's
own on the site shows what is not public too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Container, Sequence

from assets.model import Failure, Reason, Stage
from assets.parsing import urls
from assets.parsing.values import as_map
from assets.posts import failure_of, json_of
from assets.sources.inventory import (
    DEFAULT_TYPES,
    Ask,
    ListedPost,
    PostType,
    endpoint,
    is_refused,
    list_posts,
    list_types,
)

# All that an author of the site has written; what lies in the trash is gone.
OWN_STATUSES = ("status", "publish,future,draft,pending,private")

_CLOSED = frozenset({401, 403})


class ClosedApi(Exception):
    """The site does not give its posts to us."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class SiteListing:
    """What a site holds: `posts` by id, of the `types` that were listed, with their numbers in `counts`.

    `passed_over` are the numbers of posts of other types. `clock` is the site's own time at the beginning, as HTTP has
    it. What is not there is not on the site either if the listing `is_whole`, or if it is of `whole_types`; the listing
    `is_complete` unless something failed.
    """

    def __init__(self, ask: Ask, root: str, since: str = "", *, is_own: bool = False) -> None:
        self._ask = ask
        self._root = root
        self._since = since
        self._refusals: list[Failure] = []
        self.is_own = is_own
        self.posts: dict[int, ListedPost] = {}
        self.types: list[PostType] = []
        self.whole_types: set[str] = set()
        self.counts: dict[str, int] = {}
        self.passed_over: dict[str, int] = {}
        self.clock = ""
        self.is_whole = not since
        self.is_complete = True

    async def go_through(
        self, wanted: Sequence[str], known_types: Container[str], only: PostType | None = None
    ) -> AsyncIterator[Failure]:
        """List all types, or those `wanted`, or the `only` one; yields what failed. ClosedApi where nothing is given.

        Of a type that is not among `known_types` the site is asked whether it is public; others are passed over.
        """
        told = [only] if only is not None else []
        if only is None:
            told, failure = await list_types(self._ask, self._root)
            if failure is not None:
                self.is_whole = self.is_complete = False
                yield failure
        names = set(wanted)
        for post_type in told or DEFAULT_TYPES:
            if names and not names & {post_type.name, post_type.route.rpartition("/")[2]}:
                refused = await self._pass_over(post_type)
                # Where the types are not told, what is wanted may be behind the same door.
                self._refusals += [] if told else refused
                continue
            async for failure in self._list_type(post_type, known_types, is_told=bool(told)):
                yield failure
        if self._refusals and not self.types:
            raise ClosedApi(self._refusals[0])

    async def _list_type(
        self, post_type: PostType, known_types: Container[str], *, is_told: bool
    ) -> AsyncIterator[Failure]:
        found, listing = await list_posts(self._ask, self._root, post_type, self._since, self.statuses)
        if self.is_own and is_refused(listing):
            # Whom a site does not know it takes for anybody, and anybody may not ask for drafts.
            self.is_own = False
            yield self._tell_unknown()
            found, listing = await list_posts(self._ask, self._root, post_type, self._since)
        self.clock = self.clock or listing.clock
        if is_refused(listing):
            self._refusals += listing.failures
            if is_told:
                self.passed_over[post_type.name] = 0
            return
        if listing.is_whole:
            self.whole_types.add(post_type.name)
        else:
            self.is_whole = self.is_complete = False
            for failure in listing.failures:
                yield failure
        is_known = post_type in DEFAULT_TYPES or post_type.name in known_types
        if found and not is_known and not await self._is_public(post_type):
            self.passed_over[post_type.name] = len(found)
            return
        self.types.append(post_type)
        self.counts[post_type.name] = len(found)
        self.posts.update(found)

    @property
    def statuses(self) -> tuple[str, str] | None:
        """The parameter that asks for what is not public too, where the site shows it."""
        return OWN_STATUSES if self.is_own else None

    def _tell_unknown(self) -> Failure:
        detail = "the site does not take the account given for one that may see drafts: public posts only"
        return Failure(Stage.DISCOVER, Reason.UNAUTHORIZED, self._root, detail)

    async def _is_public(self, post_type: PostType) -> bool:
        """Whether posts of a type have pages of their own, as the site's search tells, which knows such types only."""
        query = [("subtype", post_type.name), ("per_page", "1"), ("_fields", "id")]
        answer = await self._ask(urls.with_query(endpoint(self._root, "wp/v2/search"), query))
        # A site without a search says nothing of it.
        return as_map(json_of(answer)).get("code") != "rest_invalid_param"

    async def _pass_over(self, post_type: PostType) -> list[Failure]:
        """Count what is not read of a type; the failure where the site keeps even that to itself."""
        address = urls.with_query(
            endpoint(self._root, post_type.route), [("per_page", "1"), ("_fields", "id")]
        )
        answer = await self._ask(address)
        total = answer.header("x-wp-total")
        self.passed_over[post_type.name] = int(total) if total.isdecimal() else 0
        return [failure_of(answer.fetch)] if answer.fetch.status in _CLOSED else []
