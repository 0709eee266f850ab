"""What requests say, read with care: queries, JSON bodies, pictures that are sent."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from assets import in_utc
from catalog.desk import bad_request, too_large, unreadable
from catalog.model import Json

# A JSON body names an address, two pictures or some harvest inputs.
MOST_JSON_BYTES = 64 * 1024

PART_BYTES = 64 * 1024

MOST_TEXT = 2000

# A query has up to six texts, each character up to twelve bytes there: below `LINE_BYTES` in all.
MOST_QUERY_TEXT = 500
LINE_BYTES = 64 * 1024

MOST_OFFSET = 10_000_000

MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
DIGEST = r"[0-9a-fA-F]{4,64}"

_MOMENT = re.compile(MOMENT)
_DIGEST = re.compile(DIGEST)

# What aiohttp raises where a form is torn or makes no sense.
_TORN_FORM = (ValueError, AssertionError, RuntimeError, HttpProcessingError, web.HTTPException)

T = TypeVar("T")


def text(request: web.Request, name: str) -> str:
    """A text of the query, "" where there is none."""
    value = request.query.get(name, "")
    if len(value) > MOST_QUERY_TEXT:
        raise bad_request(f"{name}: more than {MOST_QUERY_TEXT} characters")
    return value


def number(request: web.Request, name: str, default: int, most: int) -> int:
    """A whole number of the query, from 0 to `most`."""
    value = request.query.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) < 12 and int(value) <= most):
        raise bad_request(f"{name}: not a whole number up to {most}: {value[:40]!r}")
    return int(value)


def choice(request: web.Request, name: str, choices: tuple[str, ...], default: str) -> str:
    """One of some words of the query."""
    value = request.query.get(name, "") or default
    if value not in (*choices, default):
        raise bad_request(f"{name}: not one of {', '.join(choices)}: {value[:40]!r}")
    return value


def day(value: str, name: str) -> str:
    """A day as it is, or a time as UTC."""
    if not value:
        return ""
    moment = in_utc(value) if _MOMENT.fullmatch(value) else ""
    if not moment:
        raise bad_request(f"{name}: not a date like 2025-08-01: {value[:40]!r}")
    return value if len(value) == len("2025-08-01") else moment


def digest(value: str) -> str:
    """A SHA-256 or how one begins."""
    if not _DIGEST.fullmatch(value):
        raise bad_request(
            f"{value[:80]!r} is no SHA-256 and no beginning of one (4 to 64 hexadecimal digits)"
        )
    return value.lower()


async def json_object(request: web.Request) -> Json:
    """The body as a JSON object."""
    body = b""
    async for part in request.content.iter_chunked(PART_BYTES):
        body += part
        if len(body) > MOST_JSON_BYTES:
            raise too_large(f"more than {MOST_JSON_BYTES} bytes of JSON")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("the body is not JSON") from None
    if not isinstance(value, dict):
        raise bad_request("the body is no JSON object")
    return value


def field(body: Json, name: str, kind: Callable[[Any], T | None], default: T | None = None) -> T:
    """A field of a JSON object; `kind` gives None for a value that cannot be meant."""
    value = body.get(name)
    if value is None and default is not None:
        return default
    found = kind(value)
    if found is None:
        raise bad_request(f"{name}: missing, or not what is expected")
    return found


def as_text(value: object) -> str | None:
    """A text of sane length without characters that no file can hold."""
    if not isinstance(value, str) or not 0 < len(value) <= MOST_TEXT:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return None if "\x00" in value else value


async def picture(request: web.Request) -> tuple[AsyncIterator[bytes], str]:
    """The picture that a request brings, in parts, and its name; the multipart field is called `picture`."""
    if request.content_type != "multipart/form-data":
        return request.content.iter_chunked(PART_BYTES), "picture"
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name == "picture":
                # The visitor's own name for it is shown, never used as a path.
                return _parts(part), (part.filename or "picture")[:200]
    except _TORN_FORM as error:
        raise bad_request(f"the body is no multipart form: {str(error)[:200]}") from error
    raise unreadable("the form has no field called picture")


async def _parts(part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while chunk := await part.read_chunk(PART_BYTES):
            yield chunk
    except _TORN_FORM as error:
        raise bad_request(f"the body is no multipart form: {str(error)[:200]}") from error
