"""What is done with one body that a stranger sent, in a worker or in this process: the same functions, by name.

A worker answers in pieces, so that neither its pool nor who waits is held up by a document that holds very much.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import orjson

from assets.documents import detection
from assets.documents.contents import guard, read_document
from assets.documents.readings import read_answer
from assets.documents.unpacking import Unpacked
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    Fetch,
    Outcome,
    Reading,
    Reason,
    SitemapPage,
    Stage,
)
from assets.parsing.json_noise import split_noise
from assets.parsing.jsontext import JsonFault, parse_json
from assets.parsing.values import as_list, as_map
from assets.posts import Sitemap, parse_feed_sitemap, parse_sitemap, parse_text_sitemap, read_post

# The most that a sitemap may have unpacked, by the standard.
MAX_SITEMAP_BYTES = 50 * 1024 * 1024

# What is sent at a time is unpickled in one go by who waits, and holds up everything else there: some ms.
PIECE_WEIGHT = 300
PIECE_SECONDS = 0.5

# So much JSON is as heavy as one picture of a page, and so many numbers.
JSON_BYTES_A_WEIGHT, JSON_VALUES_A_WEIGHT = 2048, 50

# The API lists a hundred objects at a time; more are nothing that was asked for.
MAX_JSON_VALUES = 10_000

# A value of more parts takes 50 ms to be handed over; a post of a whole book has some thousands.
MAX_JSON_PARTS = 500_000

Options = Mapping[str, str]


def run_task(name: str, body: bytes, options: Options) -> Iterator[object]:
    """The parts that a task finds in a body."""
    return _TASKS[name](body, options)


def _links(body: bytes, options: Options) -> Iterator[object]:
    """What a page announces."""
    from assets.articles import page_links

    yield page_links(body, options["url"], options["content_type"])


def _answer(body: bytes, options: Options) -> Iterator[object]:
    """What the document yields that an address gave."""
    fetch = Fetch(
        options["url"],
        Outcome.FETCHED,
        "",
        final_url=options["final_url"],
        content_type=options["content_type"],
    )
    return read_answer(options["source"], fetch, body)


def _document(body: bytes, options: Options) -> Iterator[object]:
    """What a document yields whose kind is known."""
    kind = DocumentKind(options["kind"])
    return read_document(
        Document(options["source"], kind, options["url"], body, content_type=options["content_type"])
    )


def _posts(body: bytes, options: Options) -> Iterator[object]:
    """A reading for each post in a list of the API's objects."""
    for item in map(as_map, _load(body)):
        yield from guard(_read_post(item, options["source"]), str(item.get("link") or options["source"]))


def _load(body: bytes) -> list[object]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = json.loads(body)
    return as_list(found)


def _read_post(item: Mapping[str, object], source: str) -> Iterator[Reading]:
    yield read_post(item, source)


def _kind(body: bytes, options: Options) -> Iterator[object]:
    """What a body is: a text, `""` for nothing that we read."""
    kind = detection.detect(body, options["name"], options["content_type"])
    yield kind.value if kind is not None else ""


def _noise(body: bytes, options: Options) -> Iterator[object]:
    """Where the JSON in a body begins and ends, what stands around it, and whether it shows what it is."""
    data, noise = split_noise(body)
    start = body.index(data)
    yield start, start + len(data), noise, bool(noise) and detection.detect(data) is not None


def _json(body: bytes, options: Options) -> Iterator[object]:
    """`list` and the elements of a list one by one, `value` and another value, or `fault` and its parts.

    The third is what it weighs.
    """
    value = parse_json(body)
    if isinstance(value, JsonFault):
        yield "fault", (value.problem, value.line, value.column, value.first_line), 1.0
    elif not isinstance(value, list):
        yield _weigh_value(value)
    elif len(value) > MAX_JSON_VALUES:
        yield "fault", (f"a list of more than {MAX_JSON_VALUES:,} values", 1, 0, 0), 1.0
    else:
        yield "list", None, 1.0
        for element in value:
            yield _weigh_value(element)


def _weigh_value(value: object) -> tuple[str, object, float]:
    written = json.dumps(value)
    if written.count(",") + written.count(":") > MAX_JSON_PARTS:
        return "fault", (f"a value of more than {MAX_JSON_PARTS:,} parts", 1, 0, 0), 1.0
    return "value", value, len(written) / JSON_BYTES_A_WEIGHT + 1 / JSON_VALUES_A_WEIGHT


# A parser by what a sitemap may be.
_SITEMAP_PARSERS: dict[DocumentKind, Callable[[bytes, str], Sitemap | None]] = {
    DocumentKind.SITEMAP: parse_sitemap,
    DocumentKind.FEED: parse_feed_sitemap,
    DocumentKind.ADDRESSES: parse_text_sitemap,
}


def _sitemap(body: bytes, options: Options) -> Iterator[object]:
    """The pages and sitemaps that a sitemap names, without their pictures, and how many it left out; or a failure."""
    stream = Unpacked([body])
    unpacked = stream.read_whole(MAX_SITEMAP_BYTES)
    address = options["source"]
    if unpacked is None:
        detail = f"a sitemap of more than {MAX_SITEMAP_BYTES:,} bytes"
        yield Failure(Stage.DISCOVER, Reason.TOO_LARGE, address, detail)
        return
    if stream.fault:
        yield Failure(Stage.DISCOVER, Reason.UNREADABLE, address, stream.fault)
        return
    kind = detection.detect(unpacked, content_type=options["content_type"])
    parse = _SITEMAP_PARSERS.get(kind) if kind is not None else None
    found = parse(unpacked, options["url"]) if parse is not None else None
    if found is None:
        yield Failure(Stage.DISCOVER, Reason.UNKNOWN_FORMAT, address, "no sitemap")
        return
    yield from found.sitemaps
    for page in found.pages:
        # Its pictures are told by the page itself.
        yield SitemapPage(page.url, page.modified, page.published, page.title, page.language)
    yield found.left_out


_TASKS: dict[str, Callable[[bytes, Options], Iterator[object]]] = {
    "links": _links,
    "answer": _answer,
    "document": _document,
    "posts": _posts,
    "kind": _kind,
    "noise": _noise,
    "json": _json,
    "sitemap": _sitemap,
}


# In a worker


class _Begun:
    """The document that a worker has in hand, and the key under which it is gone on with."""

    key = ""
    parts: Iterator[object] = iter(())


def answer(argument: str) -> tuple[str, list[object]]:
    """The next parts of a document, and the key for more, `""` at its end; what a worker runs.

    The argument is JSON: a task with the path of its body, or the key of what was begun.
    """
    told = json.loads(argument)
    if "key" not in told:
        _Begun.key = secrets.token_hex(8)
        _Begun.parts = guard(_begin(told), told["options"].get("source", ""))
    elif told["key"] != _Begun.key:
        # Another worker had it in hand, and died of it.
        return "", [Failure(Stage.READ, Reason.READ_CRASHED, "", "the worker that read it died")]
    piece: list[object] = []
    weight, end = 0.0, time.monotonic() + PIECE_SECONDS
    for part in _Begun.parts:
        piece.append(part)
        weight += _weigh(part)
        if weight >= PIECE_WEIGHT or time.monotonic() >= end:
            return _Begun.key, piece
    _Begun.key, _Begun.parts = "", iter(())
    return "", piece


def _begin(told: Mapping[str, object]) -> Iterator[object]:
    options = {str(name): str(value) for name, value in as_map(told["options"]).items()}
    yield from run_task(str(told["task"]), Path(str(told["path"])).read_bytes(), options)


def _weigh(part: object) -> float:
    if isinstance(part, Reading):
        return 1 + len(part.references)
    # A value of JSON.
    return float(part[2]) if isinstance(part, tuple) and len(part) == 3 else 1
