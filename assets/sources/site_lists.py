"""What an address of a WordPress API lists, if not all posts of a type: a category, a search, the library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace

from assets.documents import DocumentReader
from assets.model import Failure, Reading, Reason, Stage
from assets.parsing import text
from assets.parsing.values import as_id
from assets.posts import EMBED, Collection, ItemKind, attachment_page, kind_of, read_media
from assets.sources.inventory import DEFAULT_TYPES, Ask, list_types
from assets.sources.library import MediaLibrary, is_fresh
from assets.sources.post_fetcher import POSTS_AT_ONCE, PostFetcher


async def read_collection(
    ask: Ask, documents: DocumentReader, source: str, root: str, address: str, limit: int | None
) -> AsyncIterator[Reading | Failure]:
    """The posts and pictures that an address lists, page by page; at most `limit` of them."""
    walk, collection = _ListWalk(ask, documents, source, root), Collection(ask, address, [EMBED])
    async for item in collection.items():
        if walk.taken == limit:
            break
        if isinstance(item, Failure):
            yield item
            continue
        for part in walk.take(item):
            yield part
        if len(walk.posts) == POSTS_AT_ONCE:
            for reading in await walk.complete_posts(collection.clock):
                yield reading
    for reading in await walk.complete_posts(collection.clock):
        yield reading
    async for found in walk.read_hits():
        yield found
    if not walk.taken:
        detail = f"it lists no post and no picture{f', but {walk.other}' if walk.other else ''}"
        yield Failure(Stage.READ, Reason.NO_PICTURE, source, detail)


class _ListWalk:
    """What was met in a list: posts that wait for the library, and posts of which a search told the ids."""

    def __init__(self, ask: Ask, documents: DocumentReader, source: str, root: str) -> None:
        self._ask = ask
        self._documents = documents
        self._source = source
        self._root = root
        self._library = MediaLibrary(ask, root, None)
        self._hits: dict[tuple[str, int], None] = {}
        self.posts: list[Mapping[str, object]] = []
        self.taken = 0
        self.other = ""

    def take(self, item: Mapping[str, object]) -> Iterator[Reading | Failure]:
        """Take an object of the list; what can be told of it at once."""
        self.taken += 1
        if (hit := _read_hit(item)) is not None:
            self._hits[hit] = None
        elif kind_of(item) is ItemKind.MEDIA:
            media = read_media(item)
            yield media if isinstance(media, Failure) else attachment_page(media, self._source)
        elif kind_of(item) is ItemKind.POST:
            self.posts.append(item)
        else:
            self.taken -= 1
            self.other = text.clean(item.get("type") or item.get("taxonomy")) or kind_of(item).value

    async def complete_posts(self, clock: str) -> list[Reading | Failure]:
        """The posts that waited, with what the library says of their pictures; `clock` is the site's own."""
        posts, self.posts = self.posts, []
        return await self._complete(posts, clock)

    async def _complete(self, posts: Sequence[Mapping[str, object]], clock: str) -> list[Reading | Failure]:
        found = await self._documents.read_posts(posts, self._source, self._root)
        failures = [part for part in found if isinstance(part, Failure)]
        readings = [
            replace(one, page=replace(one.page, api_root=self._root))
            for one in found
            if isinstance(one, Reading)
        ]
        return failures + [
            replace(one, is_settled=self._library.has_all(one) and not is_fresh(one.page.modified, clock))
            for one in await self._library.complete(readings)
        ]

    async def read_hits(self) -> AsyncIterator[Reading | Failure]:
        """The posts that a search found, which tells no more than their ids; then what the library did not tell."""
        told, _ = await list_types(self._ask, self._root) if self._hits else ([], None)
        types = (told or DEFAULT_TYPES) if self._hits else ()
        for post_type in types:
            numbers = [number for name, number in self._hits if name == post_type.name]
            async for part in PostFetcher(self._ask, self._root, post_type).fetch(numbers):
                if isinstance(part, Failure):
                    yield part
                    continue
                for reading in await self._complete(part.items, part.clock):
                    yield reading
        for failure in self._library.failures:
            yield failure


def _read_hit(item: Mapping[str, object]) -> tuple[str, int] | None:
    """The type and id of a post that a search found."""
    number = as_id(item.get("id"))
    if number is None or item.get("type") != "post" or "content" in item or "url" not in item:
        return None
    return text.clean(item.get("subtype")), number
