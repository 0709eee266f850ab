"""A whole WordPress site held against what is known of it: new and changed posts are read, others moved or gone.

What the site holds is listed by id; no date that it tells stands for what was seen. New and changed posts are asked
for by their ids, a hundred at a time: a set of ids does not shift while somebody publishes. What is in no list is asked
for by its id, and is gone where that says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assets.documents import DocumentReader
from assets.model import Failure, Outcome, Reading
from assets.parsing import urls
from assets.parsing.dates import http_moment
from assets.parsing.values import as_id, as_map
from assets.posts import Fetched, ItemKind, failure_of, json_of, kind_of
from assets.sources.inventory import (
    Ask,
    ListedMedia,
    ListedPost,
    PostType,
    endpoint,
    is_refused,
    list_media,
    read_listed,
)
from assets.sources.library import MediaLibrary, is_fresh
from assets.sources.post_fetcher import FetchedPosts, PostFetcher
from assets.sources.site_listing import SiteListing

# What is said of a post that its site does not show any more.
DELETED, NOT_PUBLIC = "deleted", "not public"

_STATUS_WORDS = {401: NOT_PUBLIC, 403: NOT_PUBLIC, 404: DELETED, 410: DELETED}


@dataclass(frozen=True, slots=True)
class KnownPost:
    """What is known of a post: `read` is the modification that was read completely, `""` where none was.

    `media` are the library's items that it uses, and the modification of each that was read; `featured_alt` is the alt
    text of its featured one. `is_gone` says that it was not there the last time, `is_draft` that it was never open,
    `lacks_featured` that neither the library nor the page at its address gave the featured picture.
    """

    read: str = ""
    url: str = ""
    post_type: str = ""
    featured_media: int | None = None
    media: Mapping[int, str] = field(default_factory=dict)
    featured_alt: str | None = None
    is_gone: bool = False
    is_draft: bool = False
    lacks_featured: bool = False


@dataclass(frozen=True, slots=True)
class KnownSite:
    """What is known of a site: its posts by id, and from what time of its clock on a quick run asks, `""` for all.

    `types` are those that are known to be public. `strays` are addresses of its pages that are known from
    elsewhere, a feed, without an id: where they are in no list, their own addresses tell whether they are still there.
    """

    posts: Mapping[int, KnownPost] = field(default_factory=dict)
    types: Collection[str] = ()
    mark: str = ""
    strays: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PostMoved:
    """A post has another address than before."""

    api_root: str
    post_id: int
    url: str


@dataclass(frozen=True, slots=True)
class PostGone:
    """A post is open to nobody any more; `status` says why."""

    api_root: str
    post_id: int
    status: str


@dataclass(frozen=True, slots=True)
class StrayAnswered:
    """A page that is in no list was asked for at its address, which led to `final_url`.

    `status` says why it is gone, `""` where it is there.
    """

    url: str
    status: str
    final_url: str = ""


@dataclass(frozen=True, slots=True)
class SiteRead:
    """A site's list of posts was gone through.

    `is_whole` tells that all of it was listed, `is_complete` that all that was new or changed in it was read too; from
    `mark` on, a time of the site's own clock, a quick run may ask. `types` are the numbers of posts by type,
    `passed_over` those of types that were not read. `are_files_checked` is for whoever asks for the pictures.
    """

    api_root: str
    mark: str = ""
    is_whole: bool = False
    is_complete: bool = False
    types: Mapping[str, int] = field(default_factory=dict)
    passed_over: Mapping[str, int] = field(default_factory=dict)
    are_files_checked: bool = False


class SiteOptions(Protocol):
    """How much of a site to read."""

    @property
    def since(self) -> str:
        """Only posts modified since then, known ones too."""

    @property
    def limit(self) -> int | None:
        """At most so many posts."""

    @property
    def types(self) -> Sequence[str]:
        """Types of posts by name or by the last part of their address; all without any."""


SitePart = Reading | Failure | PostMoved | PostGone | StrayAnswered | SiteRead


class SiteReader:
    """One walk over one site."""

    def __init__(
        self,
        ask: Ask,
        source: str,
        root: str,
        options: SiteOptions,
        known: KnownSite,
        only: PostType | None = None,
        *,
        is_own: bool = False,
        documents: DocumentReader | None = None,
    ) -> None:
        self._ask = ask
        self._documents = documents or DocumentReader()
        self._source = source
        self._root = root
        self._options = options
        self._known = known
        self._only = only
        self._is_quick = bool(known.mark) or bool(options.since)
        self._listing = SiteListing(ask, root, options.since or known.mark, is_own=is_own)
        self._is_complete = True
        self._lacks_library = False

    async def read(self) -> AsyncIterator[SitePart]:
        """What changed on the site; ends with a `SiteRead`. ClosedApi where it does not give its posts at all."""
        site = self._listing
        async for failure in site.go_through(self._options.types, self._known.types, self._only):
            yield failure
        media, listing = await list_media(self._ask, self._root, self._options.since or self._known.mark)
        if not is_refused(listing):
            self._lacks_library = media is None
            for failure in listing.failures:
                self._is_complete = False
                yield failure
        async for part in self._find_gone():
            yield part
        for post in self._listing.posts.values():
            known = self._known.posts.get(post.post_id)
            if known is None or known.is_gone or known.is_draft:
                continue
            if post.is_public and post.url and known.url != post.url:
                yield PostMoved(self._root, post.post_id, post.url)
        async for part in self._read_changed(media):
            yield part
        async for stray in self._look_for_strays():
            yield stray
        yield SiteRead(
            self._root,
            self._mark(),
            self._is_whole,
            self._is_complete and site.is_complete,
            site.counts,
            site.passed_over,
        )

    @property
    def _is_whole(self) -> bool:
        """Whether all that the site holds was listed."""
        return self._listing.is_whole and not (self._options.types or self._only)

    def _mark(self) -> str:
        """When the list was begun, by the site's own clock."""
        moment = http_moment(self._listing.clock)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else ""

    # What is gone

    async def _find_gone(self) -> AsyncIterator[SitePart]:
        """Posts that are in no list, asked for by their ids: what the ids say is believed, what they do not is not."""
        if self._is_quick:
            return
        whole = self._listing.whole_types
        is_all_whole = all(post_type.name in whole for post_type in self._listing.types)
        for number, known in self._known.posts.items():
            is_listed = known.post_type in whole if known.post_type else is_all_whole
            if number in self._listing.posts or known.is_gone or not is_listed:
                continue
            async for part in self._look_for(number, known):
                yield part

    async def _look_for(self, number: int, known: KnownPost) -> AsyncIterator[SitePart]:
        told = ""
        for post_type in self._listing.types:
            if known.post_type and known.post_type != post_type.name:
                continue
            answer = await self._ask(endpoint(self._root, f"{post_type.route}/{number}"))
            item = as_map(json_of(answer))
            if answer.fetch.outcome is Outcome.FETCHED and as_id(item.get("id")) == number:
                status = str(item.get("status") or "publish")
                if status == "publish":
                    # It slipped from the list, which says nothing of it.
                    self._listing.posts[number] = read_listed(item, post_type)
                else:
                    yield PostGone(self._root, number, status)
                return
            word = _STATUS_WORDS.get(answer.fetch.status or 0)
            if word is None or not await self._is_of_api(answer, post_type):
                self._is_complete = False
                yield failure_of(answer.fetch)
                return
            told = NOT_PUBLIC if NOT_PUBLIC in (told, word) else word
        if told:
            yield PostGone(self._root, number, told)

    async def _is_of_api(self, answer: Fetched, post_type: PostType) -> bool:
        """Whether it is the API that refuses; where it moved or was shut meanwhile, something else answers for it."""
        if kind_of(json_of(answer)) is ItemKind.ERROR:
            return True
        query = [("per_page", "1"), ("_fields", "id")]
        listed = await self._ask(urls.with_query(endpoint(self._root, post_type.route), query))
        return listed.fetch.outcome is Outcome.FETCHED and isinstance(json_of(listed), list)

    async def _look_for_strays(self) -> AsyncIterator[StrayAnswered]:
        listed = (
            {urls.identity(post.url) for post in self._listing.posts.values()} if self._is_whole else set()
        )
        for url in self._known.strays if self._is_whole else ():
            if urls.identity(url) in listed:
                continue
            answer = await self._ask(url)
            if answer.fetch.outcome is Outcome.FETCHED:
                yield StrayAnswered(url, "", answer.fetch.final_url)
            elif answer.fetch.status in _STATUS_WORDS:
                yield StrayAnswered(url, _STATUS_WORDS[answer.fetch.status])

    # What is new or changed

    def _changed(self, media: ListedMedia | None) -> list[ListedPost]:
        changed = [post for post in self._listing.posts.values() if self._is_changed(post, media)]
        # The newest first: they are what a run that ends early should have.
        changed.sort(key=lambda post: (post.published, post.post_id), reverse=True)
        # What was under way when a run ended is in no quick list.
        listed = {post.post_id for post in changed}
        left = [
            ListedPost(number, post_type)
            for number, known in self._known.posts.items()
            if self._is_quick and not known.read and not known.is_gone and number not in listed
            for post_type in self._listing.types
            if post_type.name == known.post_type
        ]
        return changed + left

    def _is_changed(self, post: ListedPost, media: ListedMedia | None) -> bool:
        known = self._known.posts.get(post.post_id)
        if self._options.since and post.modified:
            # Sites before 5.7 do not know modified_after and list everything.
            return post.modified > self._options.since
        if known is None or (known.is_gone and post.is_public):
            return True
        if not post.modified or known.read != post.modified:
            return True
        if known.lacks_featured and post.url != known.url:
            return True
        if post.featured_media is not None and known.featured_media != post.featured_media:
            return True
        if media is None:
            return False
        alt = media.alts.get(known.featured_media or 0, known.featured_alt)
        return known.featured_alt not in (None, alt) or any(
            media.has_changed(*item) for item in known.media.items()
        )

    async def _read_changed(self, media: ListedMedia | None) -> AsyncIterator[SitePart]:
        changed = self._changed(media)
        if self._options.limit is not None and len(changed) > self._options.limit:
            changed = changed[: self._options.limit]
            self._is_complete = False
        library = MediaLibrary(self._ask, self._root, media)
        by_type: dict[PostType, list[ListedPost]] = {}
        for post in changed:
            by_type.setdefault(post.post_type, []).append(post)
        for post_type, posts in by_type.items():
            fetcher = PostFetcher(
                self._ask, self._root, post_type, embeds=media is None, statuses=self._listing.statuses
            )
            async for part in fetcher.fetch([post.post_id for post in posts]):
                if isinstance(part, Failure):
                    self._is_complete = False
                    yield part
                    continue
                for found in await self._read(part, library):
                    self._is_complete = self._is_complete and isinstance(found, Reading)
                    yield found
            if not fetcher.is_whole:
                self._is_complete = False
        for failure in library.failures:
            self._is_complete = False
            yield failure

    async def _read(self, answer: FetchedPosts, library: MediaLibrary) -> list[Reading | Failure]:
        found = await self._documents.read_posts(answer.items, self._source, self._root)
        failures = [part for part in found if isinstance(part, Failure)]
        readings = [
            replace(one, page=replace(one.page, api_root=self._root))
            for one in found
            if isinstance(one, Reading)
        ]
        completed = await library.complete(readings)
        return failures + [
            replace(
                one,
                is_settled=library.has_all(one)
                # Whose file an address is only the library's list tells.
                and not (self._lacks_library and one.references)
                and not is_fresh(one.page.modified, answer.clock),
            )
            for one in completed
        ]
