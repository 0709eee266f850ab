"""Documents read in worker processes: the same readings, and failures for what a worker cannot stand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clocks import steered
from document_chores import DIES, HANGS
from fake_rest import post
from patience import soon

from assets.documents import DocumentReader, DocumentWorkers, read_documents, read_documents_apart, workers
from assets.model import (
    Document,
    DocumentKind,
    Failure,
    Fetch,
    NamedSitemap,
    Outcome,
    PageLinks,
    Reading,
    Reason,
    Stage,
)
from assets.parsing.jsontext import JsonFault

ADDRESS = "https://news.example/kim/"
FETCH = Fetch(ADDRESS, Outcome.FETCHED, "2025", 200, final_url=ADDRESS, content_type="text/html")
PROSE = "<p>" + "The ceremony took place in the capital on Sunday. " * 10 + "</p>"
MIB = 1024 * 1024

# Longer than any machine takes; a test of a deadline puts the clock forward.
DEADLINE_SECONDS = 600.0

# What the loop may be held up at a time, of its own processor time: how busy the machine is does not count.
MOST_HELD_SECONDS = 0.05


def page(words: str = "", pictures: int = 1) -> bytes:
    shown = "".join(f"<figure><img src='/kim-{number}.jpg'></figure>" for number in range(pictures))
    return f"<html><body><article><h1>Kim</h1>{PROSE}{words}{shown}{PROSE}</article></body></html>".encode()


def with_workers(
    work: Callable[[DocumentReader], Awaitable[object]], slots: int = 1, memory_bytes: int = 512 * MIB
) -> object:
    async def go() -> object:
        async with DocumentWorkers(slots, DEADLINE_SECONDS, memory_bytes) as pool:
            return await work(DocumentReader(pool))

    return asyncio.run(go())


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that hang or die of documents that say so."""
    monkeypatch.setattr(workers, "ANSWER", "document_chores:answer_or_fail")


def test_a_page_is_read_as_it_is_here() -> None:
    async def read(reader: DocumentReader) -> object:
        return await reader.read_links("x", FETCH, page()), await reader.read_answer("x", FETCH, page())

    there, here = with_workers(read), asyncio.run(read(DocumentReader()))  # type: ignore[arg-type]
    assert there == here
    links, (reading,) = there  # type: ignore[misc]
    assert isinstance(links, PageLinks)
    assert [one.url for one in reading.references] == ["https://news.example/kim-0.jpg"]


def test_posts_are_read_as_they_are_here() -> None:
    items = [post(number, f"<p>News.</p><img src='/{number}.jpg' alt='\udc00'>") for number in range(700)]

    async def read(reader: DocumentReader) -> object:
        return await reader.read_posts(items, "x", ADDRESS)

    found = with_workers(read)
    assert found == asyncio.run(read(DocumentReader()))  # type: ignore[arg-type]
    assert len(found) == len(items)  # type: ignore[arg-type]


@pytest.mark.usefixtures("failing")
def test_a_post_that_kills_its_worker_costs_itself() -> None:
    items = [post(1, "a"), post(2, DIES.decode()), post(3, "b")]
    found = with_workers(lambda reader: reader.read_posts(items, "x", ADDRESS))
    assert [one.page.post_id if isinstance(one, Reading) else one.reason for one in found] == [  # type: ignore[attr-defined]
        1,
        Reason.READ_CRASHED,
        3,
    ]


@pytest.mark.usefixtures("failing")
def test_a_document_that_kills_its_worker_is_a_failure_and_the_next_one_is_read() -> None:
    async def read(reader: DocumentReader) -> object:
        lost = await reader.read_answer("x", FETCH, page(DIES.decode()))
        return lost, await reader.read_answer("x", FETCH, page())

    (failure,), (reading,) = with_workers(read)  # type: ignore[misc]
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.address) == (Reason.READ_CRASHED, ADDRESS)
    assert failure.detail == "the worker died: signal 9"
    assert isinstance(reading, Reading)


@pytest.mark.usefixtures("failing")
def test_a_document_that_passes_the_deadline_is_a_failure_and_the_next_one_is_read() -> None:
    with steered() as (runner, clock):

        async def go() -> list[object]:
            async with DocumentWorkers(1, DEADLINE_SECONDS) as pool:
                reader = DocumentReader(pool)
                hung = asyncio.create_task(reader.read_answer("x", FETCH, page(HANGS.decode())))
                await soon(lambda: (pool._folder / "hangs").exists())
                clock.put_forward(DEADLINE_SECONDS)
                return [*await hung, *await reader.read_answer("x", FETCH, page())]

        failure, reading = runner.run(go())
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.address) == (Reason.READ_TIMEOUT, ADDRESS)
    assert isinstance(reading, Reading)


@pytest.mark.parametrize("memory_bytes", [160 * MIB, 250 * MIB])
def test_a_document_that_takes_too_much_memory_is_a_failure_and_the_next_one_is_read(
    memory_bytes: int,
) -> None:
    large = page("<p>Some words of a story.</p>" * 500_000)

    async def read(reader: DocumentReader) -> object:
        return await reader.read_answer("x", FETCH, large), await reader.read_answer("x", FETCH, page())

    (failure,), (reading,) = with_workers(read, memory_bytes=memory_bytes)  # type: ignore[misc]
    assert isinstance(failure, Failure)
    assert failure.reason is Reason.TOO_LARGE
    assert isinstance(reading, Reading)


def test_nothing_that_was_handed_over_is_left() -> None:
    folders: list[Path] = []

    async def go() -> None:
        async with DocumentWorkers(1) as pool:
            folders.append(pool._folder)
            await DocumentReader(pool).read_answer("x", FETCH, page())
            assert list(pool._folder.iterdir()) == []

    asyncio.run(go())
    assert not folders[0].exists()


def documents() -> Iterator[Document | Failure]:
    """Documents of all sorts that have something to do with each other."""
    item = post(7, "<p>News.</p>", featured_media=3)
    yield Document("a.json", DocumentKind.WORDPRESS, value=item)
    for number in range(8):
        url = f"https://news.example/{number}/"
        yield Document(f"{number}.html", DocumentKind.HTML, url, page(pictures=2))
    yield Document(
        "feed.xml", DocumentKind.FEED, body=b"<rss><channel><item><link>https://a.example/1</link></item>"
    )
    yield Failure(Stage.READ, Reason.EMPTY, "b.html")
    yield Document("urls.txt", DocumentKind.ADDRESSES, body=b"https://a.example/1.jpg")


def test_files_are_read_in_their_order_with_what_they_tell_of_each_other() -> None:
    async def read(reader: DocumentReader) -> object:
        return [part async for part in read_documents_apart(documents(), reader)]

    assert with_workers(read) == list(read_documents(documents()))


def test_an_export_comes_in_pieces() -> None:
    entries = b"".join(
        b"<item><title>%d</title><link>https://a.example/%d/</link></item>" % (n, n) for n in range(1000)
    )
    feed = Document("feed.xml", DocumentKind.FEED, body=b"<rss><channel>" + entries + b"</channel></rss>")

    async def read(reader: DocumentReader) -> object:
        return [part async for part in reader.read_document(feed)]

    assert [one.page.title for one in with_workers(read)] == [str(n) for n in range(1000)]  # type: ignore[attr-defined]


def test_a_sitemap_is_read_whole() -> None:
    body = b"<sitemapindex>" + b"".join(
        b"<sitemap><loc>https://a.example/%d.xml</loc></sitemap>" % number for number in range(1000)
    )
    found = with_workers(lambda reader: reader.read_sitemap("x", FETCH, body + b"</sitemapindex>"))
    named = [NamedSitemap(f"https://a.example/{number}.xml") for number in range(1000)]
    assert found.sitemaps == named  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id": 1, "text": "' + b"a" * MIB + b'"}, {"id": 2}]',
        b'{"id": 1, "text": "' + b"a" * MIB + b'"}',
        b"[" + b" " * MIB + b"]",
    ],
)
def test_long_json_is_what_it_is_here(body: bytes) -> None:
    found = with_workers(lambda reader: reader.parse_json(body, "x"))
    assert found == asyncio.run(DocumentReader().parse_json(body, "x"))


@pytest.mark.parametrize(
    "body", [b"[1" + b" " * MIB, b"[" + b"1," * MIB + b"1]", b'{"a": [' + b"1," * MIB + b"1]}"]
)
def test_long_json_that_is_broken_or_no_answer_is_a_fault(body: bytes) -> None:
    assert isinstance(with_workers(lambda reader: reader.parse_json(body, "x")), JsonFault)


@pytest.mark.parametrize(
    "body",
    [
        page("<p>Some words of a story.</p>" * 100_000),
        page(pictures=20_000),
        page("<div class='a'>" * 100_000),
        b"[" + b",".join([b'{"id": 1, "content": {"rendered": "%s"}}' % (b"word, " * 5000)] * 300) + b"]",
    ],
    ids=["paragraphs", "pictures", "nested", "json"],
)
def test_the_loop_is_free_while_a_long_document_is_read(body: bytes) -> None:
    held: list[float] = []

    async def tick() -> None:
        begun = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            held.append(now - begun)
            begun = now
            await asyncio.sleep(0.001)

    async def read(reader: DocumentReader) -> object:
        ticking = asyncio.create_task(tick())
        kind = await reader.detect(body, "", "")
        links = await reader.read_links("x", replace(FETCH, length=len(body)), body)
        found = await reader.read_answer("x", FETCH, body)
        await reader.parse_json(body, "x")
        ticking.cancel()
        return kind, links, found

    with_workers(read)
    assert max(held) < MOST_HELD_SECONDS, f"{max(held):.3f} s"
