"""The REST API as a stranger meets it: collections with their parameters, single records, totals, errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from servers import Answer

from wordpress.items import (
    Json,
    RestError,
    embed,
    forbidden,
    index_item,
    invalid_id,
    invalid_parameters,
    media_item,
    post_item,
    route,
    type_items,
)
from wordpress.model import MACHINERY, Media, Post
from wordpress.site import Site

Query = Mapping[str, str]
Entry = Post | Media

MOST_PER_PAGE = 100

ORDERS: dict[str, Callable[[Entry], Any]] = {
    "date": lambda entry: (entry.date, entry.id),
    "modified": lambda entry: (entry.modified, entry.id),
    "id": lambda entry: entry.id,
    "slug": lambda entry: entry.slug,
    "title": lambda entry: (entry.title if isinstance(entry, Post) else entry.slug, entry.id),
}


def answer_rest(site: Site, path: str, query: Query) -> Answer:
    """What the API says to a GET for a route: `/`, `/wp/v2/posts`, `/wp/v2/posts/7` and so on."""
    try:
        return _answer(site, path.strip("/"), query)
    except RestError as error:
        return _json(error.body, error.status)


def _answer(site: Site, path: str, query: Query) -> Answer:
    if path == "":
        return _json(select_fields(index_item(site), query))
    if path == "wp/v2/types":
        types = type_items(site)
        return _json({name: select_fields(item, query) for name, item in types.items()})
    found = re.fullmatch(r"wp/v2/types/([\w-]+)", path)
    if found:
        kind = type_items(site).get(found[1])
        if kind is None:
            raise RestError(404, "rest_type_invalid", "Invalid post type.")
        return _json(select_fields(kind, query))
    found = re.fullmatch(r"wp/v2/([\w-]+)(?:/(\d+))?", path)
    if found is None:
        raise _no_route()
    if found[2]:
        return _json(_shown(site, _record(site, found[1], int(found[2])), query))
    return _collection(site, found[1], query)


# One record


def _record(site: Site, rest_base: str, number: int) -> Json:
    if rest_base == "media":
        media = site.media.get(number)
        if media is None:
            raise invalid_id()
        if not site.is_readable(media):
            raise forbidden()
        return media_item(site, media)
    kind = next((one for one in site.types if one.rest_base == rest_base), None)
    if kind is None:
        raise forbidden() if rest_base in {one.rest_base for one in MACHINERY} else _no_route()
    post = site.posts.get(number)
    if post is None or post.type != kind.name:
        raise invalid_id()
    if not post.is_public:
        raise forbidden()
    return post_item(site, post)


# Collections


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of a list is asked for."""

    page: int
    per_page: int
    offset: int | None

    @property
    def first(self) -> int:
        return (self.page - 1) * self.per_page if self.offset is None else self.offset


def _collection(site: Site, rest_base: str, query: Query) -> Answer:
    """A page of a list; what the caller may not read is counted, and left out."""
    part = _part(site, query)
    if rest_base == "media":
        _only(query, "status", ("inherit",))
        entries: Iterable[Entry] = site.media.values()
    else:
        entries = _posts(site, rest_base, query)
    found = _ordered(_filtered(site, entries, query), query)
    pages = -(-len(found) // part.per_page)
    if part.page > pages and found:
        raise RestError(
            400,
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
        )
    shown = found[part.first : part.first + part.per_page]
    items = [_shown(site, item, query) for entry in shown if (item := _item(site, entry)) is not None]
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    if links := _page_links(site, rest_base, query, part.page, pages):
        headers["Link"] = links
    return _json(items, headers=headers)


def _posts(site: Site, rest_base: str, query: Query) -> Iterable[Entry]:
    kind = next((one for one in site.types if one.rest_base == rest_base), None)
    if kind is None:
        return _machinery(rest_base)
    _only(query, "status", ("publish",))
    return (post for post in site.public_posts() if post.type == kind.name)


def _machinery(rest_base: str) -> Iterable[Entry]:
    """What a stranger gets of the types that are parts of the site: some are refused, some show nothing."""
    if rest_base in {"menu-items", "templates", "template-parts"}:
        code = "rest_cannot_view" if rest_base == "menu-items" else "rest_cannot_manage_templates"
        raise RestError(401, code, "Sorry, you are not allowed to view these.")
    if rest_base not in {"blocks", "navigation"}:
        raise _no_route()
    return ()


def _part(site: Site, query: Query) -> _Part:
    page = _number(query, "page", 1)
    per_page = _number(query, "per_page", 10)
    most = MOST_PER_PAGE if site.caps_silently else min(MOST_PER_PAGE, site.most_per_page)
    if not 1 <= per_page <= most:
        raise invalid_parameters(
            per_page=f"per_page must be between 1 (inclusive) and {most} (inclusive)",
        )
    if page < 1:
        raise invalid_parameters(page="page must be greater than or equal to 1")
    offset = _number(query, "offset", 0) if "offset" in query else None
    return _Part(page, min(per_page, site.most_per_page), offset)


def _filtered(site: Site, entries: Iterable[Entry], query: Query) -> list[Entry]:
    tests = _tests(site, query)
    return [entry for entry in entries if all(test(entry) for test in tests)]


def _tests(site: Site, query: Query) -> list[Callable[[Entry], bool]]:
    """What the parameters ask of an entry; times are compared to the second, and none is met by the bound itself."""
    tests: list[Callable[[Entry], bool]] = []
    if "include" in query:
        included = set(_numbers(query, "include"))
        tests.append(lambda entry: entry.id in included)
    if "exclude" in query:
        excluded = set(_numbers(query, "exclude"))
        tests.append(lambda entry: entry.id not in excluded)
    if "slug" in query:
        slugs = set(query["slug"].split(","))
        tests.append(lambda entry: entry.slug in slugs)
    if "parent" in query:
        parents = set(_numbers(query, "parent"))
        tests.append(lambda entry: (entry.parent if isinstance(entry, Media) else 0) in parents)
    if "search" in query:
        words = query["search"].casefold().split()
        tests.append(lambda entry: all(word in _text(entry) for word in words))
    for name, of in (
        ("after", lambda entry: entry.date),
        ("before", lambda entry: entry.date),
        ("modified_after", lambda entry: entry.modified),
        ("modified_before", lambda entry: entry.modified),
    ):
        if name in query:
            tests.append(_time_test(of, _moment(site, query, name), is_after=name.endswith("after")))
    return tests


def _time_test(
    of: Callable[[Entry], datetime], bound: datetime, *, is_after: bool
) -> Callable[[Entry], bool]:
    def test(entry: Entry) -> bool:
        moment = of(entry).replace(microsecond=0)
        return moment > bound if is_after else moment < bound

    return test


def _text(entry: Entry) -> str:
    parts = (
        (entry.title, entry.text)
        if isinstance(entry, Post)
        else (entry.slug, entry.caption, entry.description)
    )
    return " ".join(parts).casefold()


def _ordered(entries: Sequence[Entry], query: Query) -> list[Entry]:
    by, order = query.get("orderby", "date"), query.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise invalid_parameters(order="order is not one of asc and desc.")
    if by == "include":
        if "include" not in query:
            raise RestError(
                400, "rest_orderby_include_missing_include", "You need to define an include parameter."
            )
        places = {number: place for place, number in enumerate(_numbers(query, "include"))}
        return sorted(entries, key=lambda entry: places[entry.id])
    if by not in ORDERS:
        raise invalid_parameters(orderby=f"orderby is not one of {', '.join(ORDERS)}.")
    return sorted(entries, key=ORDERS[by], reverse=order == "desc")


def _item(site: Site, entry: Entry) -> Json | None:
    if isinstance(entry, Media):
        return media_item(site, entry) if site.is_readable(entry) else None
    return post_item(site, entry)


def _shown(site: Site, item: Json, query: Query) -> Json:
    """An item as it is sent: the fields that were asked for, and what the links among them embed."""
    kept = select_fields(item, query)
    if "_embed" not in query:
        return kept
    wanted = [one for one in query["_embed"].split(",") if one not in {"", "1", "true"}]
    return embed(site, kept, wanted)


def _page_links(site: Site, rest_base: str, query: Query, page: int, pages: int) -> str:
    base = route(site, f"wp/v2/{rest_base}")
    others = [("prev", page - 1)] if page > 1 else []
    others += [("next", page + 1)] if page < pages else []

    def link(number: int) -> str:
        parameters = urlencode({**query, "page": number})
        return f"{base}{'&' if '?' in base else '?'}{parameters}"

    return ", ".join(f'<{link(number)}>; rel="{relation}"' for relation, number in others)


# Parameters


def _only(query: Query, name: str, allowed: Sequence[str]) -> None:
    asked = query.get(name, "").split(",")
    if any(one and one not in allowed for one in asked):
        raise invalid_parameters(**{name: "Status is forbidden."})


def _number(query: Query, name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not re.fullmatch(r"-?\d+", text):
        raise invalid_parameters(**{name: f"{name} is not of type integer."})
    return int(text)


def _numbers(query: Query, name: str) -> list[int]:
    texts = [one for one in query[name].split(",") if one.strip()]
    if not all(one.strip().isdigit() for one in texts):
        raise invalid_parameters(**{name: f"{name}[0] is not of type integer."})
    return [int(one) for one in texts]


def _moment(site: Site, query: Query, name: str) -> datetime:
    """A time as it was asked for: without an offset it is the site's local one."""
    try:
        moment = datetime.fromisoformat(query[name])
    except ValueError as error:
        raise invalid_parameters(**{name: "Invalid date."}) from error
    return (moment.replace(tzinfo=UTC) - site.offset) if moment.tzinfo is None else moment.astimezone(UTC)


def _fields(query: Query) -> list[str]:
    return [one.strip() for one in query.get("_fields", "").split(",") if one.strip()]


def select_fields(item: Json, query: Query) -> Json:
    """What `_fields` leaves of an item: names of its fields, or with dots of what is in them."""
    fields = _fields(query)
    if not fields:
        return item
    kept: Json = {}
    for field in fields:
        _keep(item, kept, field.split("."))
    return kept


def _keep(item: Json, kept: Json, path: Sequence[str]) -> None:
    name, rest = path[0], path[1:]
    if name not in item:
        return
    if rest and isinstance(item[name], dict):
        inner = kept.setdefault(name, {})
        if inner is not item[name]:
            _keep(item[name], inner, rest)
    elif not rest:
        kept[name] = item[name]


def _no_route() -> RestError:
    return RestError(404, "rest_no_route", "No route was found matching the URL and request method.")


def _json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(
        json.dumps(value).encode(),
        status=status,
        content_type="application/json; charset=UTF-8",
        headers={"X-Robots-Tag": "noindex", "Allow": "GET", **(headers or {})},
    )
