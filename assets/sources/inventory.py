"""What a WordPress site holds, as a list of ids: of its posts by type, and of its media library.

An id with its time of modification costs some fifty bytes, a post five thousand. The list is complete or says that it
is not: pages are counted by offset, so that what is deleted meanwhile moves others from one page to another; where the
number of objects changed while it was read, it is read again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assets.markup import upload_key
from assets.model import Failure, Outcome
from assets.parsing import text, urls
from assets.parsing.dates import wordpress_time
from assets.parsing.values import as_id, as_list, as_map
from assets.posts import MACHINERY, Collection, Fetched, failure_of, json_of

Ask = Callable[[str], Awaitable[Fetched]]

# A list whose length changes while it is read is read so often; what then slipped through is found the next time.
MOST_WALKS = 3

# In order of ids what is published meanwhile comes at the end, and moves nothing.
_IN_ORDER = (("orderby", "id"), ("order", "asc"))
_POST_FIELDS = ("_fields", "id,type,status,link,date_gmt,modified_gmt,featured_media")
_MEDIA_FIELDS = ("_fields", "id,modified_gmt,source_url,alt_text")

_REFUSED = frozenset({400, 401, 403, 404})


@dataclass(frozen=True, slots=True)
class PostType:
    """A type of posts: its name in records, and its address below the API root."""

    name: str
    route: str


# What every site has that does not tell its types.
DEFAULT_TYPES = (PostType("post", "wp/v2/posts"), PostType("page", "wp/v2/pages"))


@dataclass(frozen=True, slots=True)
class ListedPost:
    """A post as the list tells it. Times are UTC, `""` where the site does not say."""

    post_id: int
    post_type: PostType
    url: str = ""
    status: str = ""
    published: str = ""
    modified: str = ""
    featured_media: int | None = None

    @property
    def is_public(self) -> bool:
        """Whether anybody may look at it."""
        return self.status in ("", "publish")


@dataclass(slots=True)
class Listing:
    """What was listed, by id; `clock` is the site's own time at the beginning, as HTTP has it.

    `refusal` is the status with which the site does not give the list at all, `failures` what it could not make.
    """

    found: dict[int, Mapping[str, object]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    refusal: int | None = None
    clock: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether what is not in the list is not on the site either."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class ListedMedia:
    """The media library as a list: when each item was modified, its alt text, and whose file an address is.

    Programs write alt texts without a word of it in `modified`.
    """

    modified: Mapping[int, str] = field(default_factory=dict)
    by_upload: Mapping[str, int] = field(default_factory=dict)
    alts: Mapping[int, str] = field(default_factory=dict)
    is_whole: bool = True

    def has_changed(self, number: int, read: str) -> bool:
        """Whether an item that was read when it was modified at `read` is another now, or gone."""
        if number in self.modified:
            return self.modified[number] != read
        return self.is_whole and bool(read)


async def list_types(ask: Ask, root: str) -> tuple[list[PostType], Failure | None]:
    """The types of posts as the site tells them, none where it does not; the failure where it did not answer."""
    answer = await ask(endpoint(root, "wp/v2/types"))
    told = json_of(answer)
    if answer.fetch.outcome is not Outcome.FETCHED or not isinstance(told, Mapping):
        is_silent = answer.fetch.status is not None and answer.fetch.status < 500
        return [], None if is_silent else failure_of(answer.fetch)
    found = []
    for name, value in told.items():
        described = as_map(value)
        base = text.clean(described.get("rest_base")).strip("/")
        space = text.clean(described.get("rest_namespace")).strip("/") or "wp/v2"
        if base and "(" not in base and name != "attachment" and name not in MACHINERY:
            found.append(PostType(str(name), f"{space}/{base}"))
    return found, None


async def list_collection(ask: Ask, address: str, query: Sequence[tuple[str, str]]) -> Listing:
    """Every object of a collection, read again where it changed its length meanwhile."""
    listing = Listing()
    for _ in range(MOST_WALKS):
        walk = Collection(ask, address, query)
        failures: list[Failure] = []
        async for item in walk.items():
            if isinstance(item, Failure):
                failures.append(item)
            elif (number := as_id(item.get("id"))) is not None:
                listing.found[number] = item
        listing.failures, listing.refusal = failures, walk.refusal
        listing.clock = listing.clock or walk.clock
        if not walk.has_moved:
            break
    return listing


async def list_posts(
    ask: Ask, root: str, post_type: PostType, since: str = "", statuses: tuple[str, str] | None = None
) -> tuple[dict[int, ListedPost], Listing]:
    """The posts of one type, those alone that were modified after a time where one is given.

    `statuses` is the parameter that asks for more than what is public.
    """
    query = [*_modified_after(since), *([statuses] if statuses else []), _POST_FIELDS, *_IN_ORDER]
    listing = await list_collection(ask, endpoint(root, post_type.route), query)
    return {number: read_listed(item, post_type) for number, item in listing.found.items()}, listing


def read_listed(item: Mapping[str, object], post_type: PostType) -> ListedPost:
    """A post as an object of the list tells it."""
    return ListedPost(
        as_id(item.get("id")) or 0,
        post_type,
        urls.make_absolute(str(item.get("link") or "")),
        text.clean(item.get("status")),
        wordpress_time(item, "date"),
        wordpress_time(item, "modified"),
        as_id(item.get("featured_media")) or (0 if "featured_media" in item else None),
    )


def _modified_after(since: str) -> list[tuple[str, str]]:
    return [("modified_after", since)] if since else []


async def list_media(ask: Ask, root: str, since: str = "") -> tuple[ListedMedia | None, Listing]:
    """The media library, or what was modified in it after a time; None where the site gives nothing of it."""
    query = [*_modified_after(since), _MEDIA_FIELDS, *_IN_ORDER]
    listing = await list_collection(ask, endpoint(root, "wp/v2/media"), query)
    if not listing.is_whole and not listing.found:
        return None, listing
    modified: dict[int, str] = {}
    by_upload: dict[str, int] = {}
    alts: dict[int, str] = {}
    for number, item in listing.found.items():
        modified[number] = wordpress_time(item, "modified")
        if alt := text.from_markup(item.get("alt_text")):
            alts[number] = alt
        address = urls.make_absolute(text.clean(item.get("source_url")))
        if address:
            by_upload.setdefault(upload_key(address), number)
    return ListedMedia(modified, by_upload, alts, listing.is_whole and not since), listing


def endpoint(root: str, route: str) -> str:
    """A route below an API root, in a path or in `?rest_route=`.

    >>> endpoint("https://news.example/?rest_route=/", "wp/v2/posts")
    'https://news.example/?rest_route=/wp/v2/posts'
    """
    return root + route if root.endswith("/") else f"{root}/{route}"


def is_refused(listing: Listing) -> bool:
    """Whether the site has no such list, or keeps it to itself."""
    return listing.refusal in _REFUSED


def as_items(value: object) -> list[Mapping[str, object]]:
    """The objects of a list of the API."""
    return [item for item in as_list(value) if isinstance(item, Mapping)]
