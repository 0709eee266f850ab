"""A WordPress API without a server, for tests of what is asked for and what is made of the answers, in milliseconds.

site = FakeRest()
site.add(post(7), post(8, type="page"), media(3, "kim.jpg"))
site.answers["wp/v2/types"] = failed(503)     # by route, or by the whole address of a request or a page
asyncio.run(list_types(site.ask, ROOT))
site.asked                                    # what was asked for, in order
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from assets.model import Fetch, Outcome, Reason

HOME = "https://news.example/"
ROOT = f"{HOME}wp-json/"
UPLOADS = f"{HOME}wp-content/uploads/"
NOON = "Sat, 23 Aug 2025 12:00:00 GMT"
MONDAY = "2025-08-18T08:00:00"

Json = dict[str, Any]
Query = Mapping[str, str]

_REASONS = {401: Reason.UNAUTHORIZED, 403: Reason.FORBIDDEN, 404: Reason.GONE, 410: Reason.GONE}


@dataclass(frozen=True, slots=True)
class Came:
    """An answer as the downloader brings it; header names are lower-case."""

    fetch: Fetch
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def headers_all(self, name: str) -> tuple[str, ...]:
        return (self.headers[name],) if name in self.headers else ()


def came(value: object, address: str = "", **headers: str) -> Came:
    """What was asked for: JSON, or bytes as they are; `final_url` is where it was found, if elsewhere."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    found = {name.replace("_", "-"): told for name, told in {"date": NOON, **headers}.items()}
    final = found.pop("final-url", address)
    kind = found.pop("content-type", "text/html" if isinstance(value, bytes) else "application/json")
    return Came(Fetch(address, Outcome.FETCHED, "2025", 200, final_url=final, content_type=kind), data, found)


def failed(status: int | None, value: object = None, address: str = "") -> Came:
    """An error of the site's, or no answer at all where the status is None."""
    reason = Reason.SERVER_ERROR if status is None or status >= 500 else Reason.CLIENT_ERROR
    reason = Reason.TIMEOUT if status is None else _REASONS.get(status, reason)
    fetch = Fetch(address, Outcome.FAILED, "2025", status, reason, detail=f"HTTP {status}", final_url=address)
    return Came(fetch, json.dumps(value).encode() if value is not None else b"", {"date": NOON})


def refusal(code: str, status: int = 400, params: Query | None = None) -> Came:
    """A REST error; `params` says of parameters what is wrong with them."""
    return failed(
        status, {"code": code, "message": "No.", "data": {"status": status, "params": params or {}}}
    )


def post(number: int, content: str = "", **fields: object) -> Json:
    """A post that is public since Monday, or another type; what is None is left out."""
    item = {
        "id": number,
        "type": "post",
        "status": "publish",
        "link": f"{HOME}{number}/",
        "date_gmt": MONDAY,
        "modified_gmt": MONDAY,
        "title": {"rendered": f"Story {number}"},
        "content": {"rendered": content, "protected": False},
        "featured_media": 0,
        **fields,
    }
    return {name: value for name, value in item.items() if value is not None}


def media(number: int, file: str, **fields: object) -> Json:
    """A picture of the library, uploaded on Monday."""
    item = {
        "id": number,
        "type": "attachment",
        "media_type": "image",
        "link": f"{HOME}?attachment_id={number}",
        "date_gmt": MONDAY,
        "modified_gmt": MONDAY,
        "source_url": f"{UPLOADS}{file}",
        "alt_text": "",
        "caption": {"rendered": ""},
        "media_details": {"width": 900, "height": 600, "sizes": {}},
        **fields,
    }
    return {name: value for name, value in item.items() if value is not None}


class FakeRest:
    """Objects by the last part of their collection's route, and how the site gives them.

    `before` may change the site between any two requests.
    """

    def __init__(self) -> None:
        self.types: Json = {"post": {"rest_base": "posts"}, "page": {"rest_base": "pages"}}
        self.lists: dict[str, dict[int, Json]] = {"posts": {}, "pages": {}, "media": {}}
        self.answers: dict[str, Came | Callable[[Query], Came]] = {}
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda _address: None
        # Types that nobody can look at: the search knows public ones only.
        self.hidden: set[str] = set()
        # The most that a list holds, and whether the site says so or just sends fewer.
        self.most = 100
        self.caps_silently = False
        # Objects with which no page can be made.
        self.broken: set[int] = set()
        self.tells_totals = True
        self.knows_include = True
        self.knows_modified_after = True
        self.knows_account = False
        self.clock = NOON

    def add(self, *items: Json) -> None:
        """Publish objects, each of its own type."""
        for item in items:
            base = "media" if item["type"] == "attachment" else self.types[item["type"]]["rest_base"]
            self.lists.setdefault(base, {})[item["id"]] = item

    def add_type(self, name: str, base: str, *numbers: int) -> None:
        """Have one more type of posts, with posts of these ids."""
        self.types[name] = {"rest_base": base}
        self.lists.setdefault(base, {})
        self.add(*(post(number, type=name) for number in numbers))

    def asked_for(self, route: str) -> list[Query]:
        """The parameters of each request for a route."""
        asked = [address.partition("?") for address in self.asked]
        return [dict(parse_qsl(query)) for path, _, query in asked if path == ROOT + route]

    async def ask(self, address: str) -> Came:
        self.before(address)
        self.asked.append(address)
        found = self._answer(address)
        if found.fetch.url:
            return found
        final = found.fetch.final_url or address
        told = {name: getattr(found.fetch, name) for name in ("outcome", "at", "status", "reason", "detail")}
        told["content_type"] = found.fetch.content_type
        return Came(Fetch(address, final_url=final, **told), found.data, found.headers)

    def _answer(self, address: str) -> Came:
        path, _, text = address.partition("?")
        query = dict(parse_qsl(text))
        for name in (address, path, path.removeprefix(ROOT)):
            if name in self.answers:
                told = self.answers[name]
                return told(query) if callable(told) else told
        route = path.removeprefix(f"{ROOT}wp/v2/")
        if route == "types":
            return came(self.types)
        if route == "search":
            is_known = query.get("subtype", "post") not in self.hidden
            return came([]) if is_known else refusal("rest_invalid_param")
        base, _, number = route.partition("/")
        if number.isdecimal() and int(number) in self.lists.get(base, {}):
            return came(self.lists[base][int(number)], date=self.clock)
        if number or base not in self.lists:
            return refusal("rest_post_invalid_id" if number else "rest_no_route", 404)
        return self._collection(list(self.lists[base].values()), query)

    def _collection(self, items: list[Json], query: Query) -> Came:
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if size > self.most and not self.caps_silently:
            limit = f"per_page must be between 1 (inclusive) and {self.most} (inclusive)"
            return refusal("rest_invalid_param", params={"per_page": limit})
        if "status" in query and not self.knows_account:
            return refusal("rest_invalid_param", params={"status": "Status is forbidden."})
        statuses = query.get("status", "publish,inherit").split(",")
        found = [item for item in items if item.get("status", "publish") in statuses]
        if "include" in query and self.knows_include:
            order = query["include"].split(",")
            found = [item for item in found if str(item["id"]) in order]
            found.sort(key=lambda item: order.index(str(item["id"])))
        if "modified_after" in query and self.knows_modified_after:
            found = [item for item in found if f"{item['modified_gmt']}Z" > query["modified_after"]]
        size = min(size, self.most)
        pages = -(-len(found) // size)
        if page > max(pages, 1):
            return refusal("rest_post_invalid_page_number")
        shown = found[(page - 1) * size : page * size]
        if any(item["id"] in self.broken for item in shown):
            return failed(500)
        totals = {"x_wp_total": str(len(found)), "x_wp_totalpages": str(pages)} if self.tells_totals else {}
        return came(shown, date=self.clock, **totals)
