"""The REST API's answers, in the words and with the errors of WordPress core."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from items import embedded_media, media_item, post_item
from website import Access, Attachment, Post, Website

MAX_PER_PAGE = 100

POST_ORDERS = (
    "author",
    "date",
    "id",
    "include",
    "modified",
    "parent",
    "relevance",
    "slug",
    "include_slugs",
    "title",
)

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a JSON value, and headers beside the usual ones."""

    status: int
    value: object
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> bytes:
        """The value as PHP writes it: slashes escaped, everything in ASCII."""
        return json.dumps(self.value, separators=(",", ":")).replace("/", "\\/").encode()


class Refused(Exception):
    """A request that WordPress answers with an error."""

    def __init__(self, status: int, code: str, message: str, data: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.answer = Answer(status, error(status, code, message, data))


def error(status: int, code: str, message: str, data: dict[str, object] | None = None) -> dict[str, object]:
    """An error body."""
    return {"code": code, "message": message, "data": {"status": status, **(data or {})}}


UNAUTHORIZED = error(401, "rest_forbidden", "Sorry, you are not allowed to do that.")
INVALID_ID = error(404, "rest_post_invalid_id", "Invalid post ID.")
NO_ROUTE = error(404, "rest_no_route", "No route was found matching the URL and request method.")


def answer(site: Website, route: str, query: Query) -> Answer:
    """What the API says to one GET request for a route such as `/wp/v2/posts`."""
    try:
        return _answer(site, [part for part in route.split("/") if part], query)
    except Refused as refusal:
        return refusal.answer


def _answer(site: Website, parts: Sequence[str], query: Query) -> Answer:
    match parts:
        case []:
            return Answer(200, _index(site))
        case ["wp", "v2", "posts"]:
            return _posts(site, query)
        case ["wp", "v2", "media"]:
            return _media_list(site, query)
        case ["wp", "v2", "posts", number] if number.isdigit():
            return _one_post(site, int(number), query)
        case ["wp", "v2", "media", number] if number.isdigit():
            return _one_media(site, int(number), query)
    return Answer(404, NO_ROUTE)


def _index(site: Website) -> dict[str, object]:
    routes = ("/", "/wp/v2", "/wp/v2/posts", "/wp/v2/posts/(?P<id>[\\d]+)", "/wp/v2/media")
    return {
        "name": site.recipe.name,
        "description": "",
        "url": site.home.rstrip("/"),
        "home": site.home.rstrip("/"),
        "gmt_offset": str(site.recipe.hours_from_utc),
        "timezone_string": "",
        "namespaces": ["oembed/1.0", "wp/v2"],
        "authentication": [],
        "routes": {route: {"namespace": "wp/v2", "methods": ["GET"], "endpoints": []} for route in routes},
        "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
    }


# Single items


def _one_post(site: Website, number: int, query: Query) -> Answer:
    post = next((post for post in site.posts if post.post_id == number), None)
    if post is None:
        return Answer(404, INVALID_ID)
    if post.is_hidden:
        return Answer(401, UNAUTHORIZED)
    return Answer(200, _narrowed(_with_embedded(site, post, query), query))


def _one_media(site: Website, number: int, query: Query) -> Answer:
    upload = next((upload for upload in site.attachments if upload.media_id == number), None)
    refusal = _refusal(upload)
    if upload is None or refusal is not None:
        status = 401 if refusal is UNAUTHORIZED else 404
        return Answer(status, refusal or INVALID_ID)
    return Answer(200, _narrowed(media_item(site, upload), query))


def _refusal(upload: Attachment | None) -> dict[str, object] | None:
    if upload is None or upload.access is Access.DELETED:
        return INVALID_ID
    return UNAUTHORIZED if upload.access is Access.UNAUTHORIZED else None


def _with_embedded(site: Website, post: Post, query: Query) -> dict[str, object]:
    """The post, with its featured media inside where `_embed` and `_fields` let it."""
    item = post_item(site, post)
    wanted = query.get("_embed")
    if wanted is None or not _embeds_media(wanted):
        return item
    media = _refusal(post.featured) or embedded_media(site, post.featured)
    return {**item, "_embedded": {"wp:featuredmedia": [media]}}


def _embeds_media(wanted: str) -> bool:
    return wanted in ("", "1", "true") or "wp:featuredmedia" in wanted.split(",")


def _narrowed(item: dict[str, object], query: Query) -> dict[str, object]:
    """The item with only the `_fields` asked for; a dotted one goes one level down."""
    names = [name.strip() for name in query.get("_fields", "").split(",") if name.strip()]
    if not names:
        return item
    narrowed: dict[str, object] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        value = item.get(outer)
        if outer not in item:
            continue
        if not inner:
            narrowed[outer] = value
        elif isinstance(value, dict) and inner in value:
            part = narrowed.setdefault(outer, {})
            if isinstance(part, dict):
                part[inner] = value[inner]
    return narrowed


# Collections


def _posts(site: Website, query: Query) -> Answer:
    chosen = _filtered(site, site.posts, query)
    order_by = query.get("orderby", "date")
    if order_by not in POST_ORDERS:
        names = f"{', '.join(POST_ORDERS[:-1])}, and {POST_ORDERS[-1]}"
        raise _invalid("orderby", "rest_not_in_enum", f"orderby is not one of {names}.")
    keys: dict[str, Callable[[Post], tuple[object, ...]]] = {
        "id": lambda post: (post.post_id,),
        "modified": lambda post: (post.modified, post.post_id),
        "title": lambda post: (post.title,),
        "slug": lambda post: (post.slug,),
    }
    key = keys.get(order_by, lambda post: (post.date, post.post_id))
    chosen.sort(key=key, reverse=_is_descending(query))
    if order_by == "include" and "include" in query:
        wanted = _numbers(query, "include")
        chosen.sort(key=lambda post: wanted.index(post.post_id))
    part, headers = _paged(site, "wp/v2/posts", len(chosen), query)
    # Core drops what the caller may not read after it counted and cut the page.
    items = [_with_embedded(site, post, query) for post in chosen[part] if not post.is_hidden]
    return Answer(200, [_narrowed(item, query) for item in items], headers)


def _media_list(site: Website, query: Query) -> Answer:
    uploads = [upload for upload in site.attachments if upload.access is not Access.DELETED]
    if "include" in query:
        uploads = [upload for upload in uploads if upload.media_id in _numbers(query, "include")]
    uploads.sort(key=lambda upload: (upload.date, upload.media_id), reverse=_is_descending(query))
    part, headers = _paged(site, "wp/v2/media", len(uploads), query)
    items = [media_item(site, upload) for upload in uploads[part] if upload.access is Access.PUBLIC]
    return Answer(200, [_narrowed(item, query) for item in items], headers)


def _filtered(site: Website, posts: Sequence[Post], query: Query) -> list[Post]:
    chosen = list(posts)
    tests: dict[str, Callable[[Post, datetime], bool]] = {
        "before": lambda post, moment: post.date < moment,
        "after": lambda post, moment: post.date > moment,
    }
    if site.recipe.knows_modified_after:
        tests["modified_before"] = lambda post, moment: post.modified < moment
        tests["modified_after"] = lambda post, moment: post.modified > moment
    for name, test in tests.items():
        if name in query:
            moment = _moment(site, name, query[name])
            chosen = [post for post in chosen if test(post, moment)]
    if "include" in query:
        wanted = _numbers(query, "include")
        chosen = [post for post in chosen if post.post_id in wanted]
    if "slug" in query:
        chosen = [post for post in chosen if post.slug in query["slug"].split(",")]
    return chosen


def _moment(site: Website, name: str, value: str) -> datetime:
    """A moment given in ISO 8601; without an offset it is on the site's own clock."""
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+"))
    except ValueError:
        raise _invalid(name, "rest_invalid_date", "Invalid date.") from None
    if moment.tzinfo is None:
        return (moment - timedelta(hours=site.recipe.hours_from_utc)).replace(tzinfo=UTC)
    return moment


def _numbers(query: Query, name: str) -> list[int]:
    texts = [text.strip() for text in query[name].split(",") if text.strip()]
    for place, text in enumerate(texts):
        if not text.isdigit():
            raise _invalid(name, "rest_invalid_type", f"{name}[{place}] is not of type integer.")
    return [int(text) for text in texts]


def _is_descending(query: Query) -> bool:
    order = query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise _invalid("order", "rest_not_in_enum", "order is not one of asc and desc.")
    return order == "desc"


def _number(query: Query, name: str, default: int, least: int, most: int | None = None) -> int:
    text = query.get(name, str(default))
    try:
        number = int(text)
    except ValueError:
        raise _invalid(name, "rest_invalid_type", f"{name} is not of type integer.") from None
    if most is not None and not least <= number <= most:
        message = f"{name} must be between {least} (inclusive) and {most} (inclusive)"
        raise _invalid(name, "rest_out_of_bounds", message)
    if number < least:
        raise _invalid(name, "rest_out_of_bounds", f"{name} must be greater than or equal to {least}")
    return number


def _invalid(name: str, code: str, message: str) -> Refused:
    details = {name: {"code": code, "message": message, "data": None}}
    return Refused(
        400,
        "rest_invalid_param",
        f"Invalid parameter(s): {name}",
        {"params": {name: message}, "details": details},
    )


def _paged(site: Website, route: str, total: int, query: Query) -> tuple[slice, tuple[tuple[str, str], ...]]:
    """Which of so many items to send, with the paging headers."""
    size = _number(query, "per_page", 10, 1, MAX_PER_PAGE)
    page = _number(query, "page", 1, 1)
    pages = math.ceil(total / size)
    if page > pages and total > 0:
        message = "The page number requested is larger than the number of pages available."
        raise Refused(400, "rest_post_invalid_page_number", message)
    first = _number(query, "offset", (page - 1) * size, 0)
    headers = [("X-WP-Total", str(total)), ("X-WP-TotalPages", str(pages))]
    links = [
        f'<{_page_address(site, route, query, number)}>; rel="{relation}"'
        for relation, number, exists in (("prev", page - 1, page > 1), ("next", page + 1, page < pages))
        if exists
    ]
    if links:
        headers.append(("Link", ", ".join(links)))
    return slice(first, first + size), tuple(headers)


def _page_address(site: Website, route: str, query: Query, number: int) -> str:
    parameters = {name: value for name, value in query.items() if name != "rest_route"} | {
        "page": str(number)
    }
    address = site.api_root + route
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
