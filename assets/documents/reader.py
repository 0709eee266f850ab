"""Documents as values: whoever asks for them need not know where they are read.

In this process by default; a harvest has it done by `DocumentWorkers`. What cannot be read there is a failure that
names the document, and costs nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import replace
from types import TracebackType
from typing import Protocol

import orjson

from assets.documents import detection
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    Fetch,
    NamedSitemap,
    Notice,
    PageLinks,
    Reading,
    Reason,
    SitemapPage,
    Stage,
)
from assets.parsing.json_noise import looks_clean, split_noise
from assets.parsing.jsontext import JsonFault, parse_json
from assets.posts import MAX_BROKEN_POSTS_ON_END, Sitemap

# What is looked at or parsed as JSON in a few ms is so here: handing it over takes about as long.
SMALL_BYTES = 256 * 1024

Part = Reading | Failure | Notice


class TaskRunner(AbstractAsyncContextManager[object], Protocol):
    """Runs a task of `tasks` on a body, somewhere; at the end of its block all that was started for it is gone."""

    def run(self, task: str, body: bytes, options: Mapping[str, str]) -> AsyncGenerator[object, None]:
        """The parts that it finds, a failure where it did not come to its end."""


class RunHere(AbstractAsyncContextManager["RunHere"]):
    """Runs tasks in this process, and holds it up meanwhile."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing was started."""

    async def run(self, task: str, body: bytes, options: Mapping[str, str]) -> AsyncGenerator[object, None]:
        """The parts that a task finds in a body."""
        # It brings parsers, which who has workers does not need.
        from assets.documents.tasks import run_task

        for part in run_task(task, body, options):
            yield part


class DocumentReader:
    """Reads what was asked for, by a runner of tasks."""

    def __init__(self, runner: TaskRunner | None = None) -> None:
        self._runner = runner or RunHere()

    async def read_links(self, source: str, fetch: Fetch, body: bytes) -> PageLinks | Failure:
        """What a page announces."""
        options = {"source": source, "url": fetch.final_url, "content_type": fetch.content_type}
        found = await self._first("links", body, options)
        return found if isinstance(found, PageLinks | Failure) else _unexpected(found, source)

    async def read_answer(self, source: str, fetch: Fetch, body: bytes) -> list[Part]:
        """What the document that an address gave yields; `source` is what the user gave."""
        options = {
            "source": source,
            "url": fetch.url,
            "final_url": fetch.final_url,
            "content_type": fetch.content_type,
        }
        return [_as_part(part, source) async for part in self._run("answer", body, options, fetch.final_url)]

    async def read_document(self, document: Document) -> AsyncGenerator[Part, None]:
        """What a document yields that is none of WordPress's API, part by part."""
        options = {
            "source": document.source,
            "kind": document.kind.value,
            "url": document.url,
            "content_type": document.content_type,
        }
        async with aclosing(self._run("document", document.body, options, document.source)) as parts:
            async for part in parts:
                yield _as_part(part, document.source)

    async def read_posts(
        self, items: Sequence[Mapping[str, object]], source: str, address: str
    ) -> list[Reading | Failure]:
        """A reading for each post among the API's objects; one that cannot be read costs itself.

        `address` is what a failure names.
        """
        found = await self._read_posts(items, source, address)
        if len(found) >= len(items):
            return found
        # What one of them did cost others their place: each is read alone.
        found, failed_on_end = [], 0
        for item in items:
            one = await self._read_posts([item], source, str(item.get("link") or address))
            found += one
            failed_on_end = failed_on_end + 1 if any(isinstance(part, Failure) for part in one) else 0
            if failed_on_end == MAX_BROKEN_POSTS_ON_END:
                break
        return found

    async def _read_posts(
        self, items: Sequence[Mapping[str, object]], source: str, address: str
    ) -> list[Reading | Failure]:
        written: list[bytes] = []
        for item in items:
            written.append(_write(item))
            # A hundred long ones must not hold up the connections.
            await asyncio.sleep(0)
        body = b"[" + b",".join(written) + b"]"
        parts = [part async for part in self._run("posts", body, {"source": source}, address)]
        return [part if isinstance(part, Reading | Failure) else _unexpected(part, address) for part in parts]

    async def detect(self, body: bytes, name: str, content_type: str) -> DocumentKind | Failure | None:
        """What a body is, None where it is nothing that we read."""
        if len(body) <= SMALL_BYTES:
            return detection.detect(body, name, content_type)
        found = await self._first("kind", body, {"name": name, "content_type": content_type}, name)
        if isinstance(found, Failure):
            return found
        return DocumentKind(found) if isinstance(found, str) and found else None

    async def parse_json(self, body: bytes, address: str) -> object:
        """The value of a whole JSON text, or a `JsonFault`."""
        if len(body) <= SMALL_BYTES:
            return parse_json(body)
        value: object = JsonFault("no value", 1)
        async for part in self._run("json", body, {}, address):
            word, told, _ = part if isinstance(part, tuple) and len(part) == 3 else ("", None, 0)
            if isinstance(part, Failure):
                return JsonFault(part.detail, 1)
            if word == "fault" and isinstance(told, tuple):
                return JsonFault(*told)
            if word == "list":
                value = []
            elif isinstance(value, list):
                value.append(told)
            else:
                value = told
        return value

    async def find_json(self, body: bytes, address: str) -> tuple[bytes, str, bool]:
        """The JSON of a body, what stands around it, and whether it shows what it is."""
        if looks_clean(body):
            return body, "", False
        if len(body) <= SMALL_BYTES:
            data, noise = split_noise(body)
            return data, noise, bool(noise) and detection.detect(data) is not None
        found = await self._first("noise", body, {}, address)
        match found:
            case (int(start), int(end), str(noise), bool(is_known)):
                return body[start:end], noise, is_known
        return body, "", False

    async def read_sitemap(self, address: str, fetch: Fetch, body: bytes) -> Sitemap | Failure:
        """The pages and sitemaps that a sitemap names, without their pictures."""
        options = {"source": address, "url": fetch.final_url, "content_type": fetch.content_type}
        sitemap = Sitemap()
        async for part in self._run("sitemap", body, options, address):
            if isinstance(part, Failure):
                return part
            if isinstance(part, SitemapPage):
                sitemap.pages.append(part)
            elif isinstance(part, NamedSitemap):
                sitemap.sitemaps.append(part)
            elif isinstance(part, int):
                sitemap.left_out = part
        return sitemap

    async def _first(self, task: str, body: bytes, options: Mapping[str, str], address: str = "") -> object:
        async with aclosing(self._run(task, body, options, address or options.get("source", ""))) as parts:
            async for part in parts:
                return part
        return None

    async def _run(
        self, task: str, body: bytes, options: Mapping[str, str], address: str
    ) -> AsyncGenerator[object, None]:
        async with aclosing(self._runner.run(task, body, options)) as parts:
            async for part in parts:
                if isinstance(part, Failure) and not part.address:
                    yield replace(part, address=address)
                else:
                    yield part


def _write(item: Mapping[str, object]) -> bytes:
    try:
        return orjson.dumps(item)
    except TypeError:
        # An integer of more than 64 bits, a lone surrogate.
        return json.dumps(item).encode()


def _as_part(found: object, address: str) -> Part:
    return found if isinstance(found, Reading | Failure | Notice) else _unexpected(found, address)


def _unexpected(found: object, address: str) -> Failure:
    """The failure of a worker that something has taken over."""
    return Failure(Stage.READ, Reason.READ_CRASHED, address, f"a worker answered {type(found).__name__}")
