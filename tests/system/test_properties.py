"""What must hold for any input: parsers raise nothing, the journal keeps what was acknowledged."""

from __future__ import annotations

import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from corpus_data import shared_data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trials.broken_documents import broken, read

from assets import Failure, is_web_address
from catalog.store.journals.journal import Journal
from catalog.store.journals.journal_lines import JournalEntry

FIXED = settings(derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])

POST = {
    "id": 7,
    "type": "post",
    "date_gmt": "2025-08-23T04:41:03",
    "link": "https://news.example/a/",
    "title": {"rendered": "A story"},
    "content": {
        "rendered": "<p>Text</p><figure><img src='https://news.example/wp-content/uploads/a-300x200.jpg' "
        "srcset='a.jpg 1200w, /b.jpg 2x' alt='Kim'><figcaption>A ceremony. (Photo: KCNA)</figcaption></figure>"
    },
    "featured_media": 9,
    "_embedded": {
        "wp:featuredmedia": [{"id": 9, "source_url": "https://news.example/f.jpg", "alt_text": "F"}]
    },
}

PAGE = b"""<!doctype html><html><head><title>A story</title><base href="/x/">
<meta property="og:image" content="https://news.example/a.jpg">
<script type="application/ld+json">{"@type":"NewsArticle","image":{"url":"/b.jpg","caption":"B"}}</script></head>
<body><article><h1>A story</h1><p>Some words of a story that is long enough to be one, and goes on.</p>
<figure><picture><source srcset="c.webp 1x, d.webp 2x"><img src="c.jpg" data-src="e.jpg" alt="C"></picture>
<figcaption>Words. Photo: AFP</figcaption></figure></article></body></html>"""

FEED = b"""<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>News</title><item><title>A</title><link>https://news.example/a/</link><guid>1</guid>
<enclosure url="https://news.example/a.jpg" type="image/jpeg" length="9"/>
<media:content url="https://news.example/b.jpg"><media:credit>Reuters</media:credit></media:content>
<description>&lt;img src="/c.jpg"&gt;</description></item></channel></rss>"""

DRAWN = (json.dumps([POST, POST]).encode(), json.dumps(POST).encode(), PAGE, FEED)


def assert_sound(body: bytes) -> None:
    """Whatever a document says, what is found are failures, and references to web addresses."""
    for part in read(body):
        if not isinstance(part, Failure):
            assert is_web_address(part.url), part.url
            assert all(is_web_address(variant) for variant in part.variants)
            part.caption.encode()


@settings(FIXED, max_examples=300)
@given(st.integers(0, 2**32))
def test_broken_documents_raise_nothing(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    assert_sound(broken(chance.choice(DRAWN), chance, DRAWN))


@settings(FIXED, max_examples=150)
@given(st.binary(max_size=2000))
def test_any_bytes_raise_nothing(body: bytes) -> None:
    assert_sound(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(FIXED, max_examples=200)
@given(st.sampled_from(sorted(POST)), JSON)
def test_a_post_with_any_field_wrong_raises_nothing(field: str, value: object) -> None:
    assert_sound(json.dumps([{**POST, field: value}]).encode())


def test_broken_real_documents_raise_nothing() -> None:
    files = [
        path
        for kind in ("wordpress", "html", "feeds")
        for path in sorted(shared_data(kind).rglob("*.*"))
        if path.is_file()
    ]
    bodies = [path.read_bytes()[:100_000] for path in files[::7]]
    for number in range(300):
        chance = random.Random(number)  # noqa: S311
        assert_sound(broken(chance.choice(bodies), chance, bodies))


# The journal

KEYS = st.text(min_size=1, max_size=8)
DOCUMENTS = st.dictionaries(st.text(max_size=8), JSON.filter(lambda value: value == value), max_size=3)
CHANGES = st.builds(JournalEntry, st.sampled_from(["a", "b"]), KEYS, st.none() | DOCUMENTS)
BATCHES = st.lists(st.lists(CHANGES, min_size=1, max_size=4), max_size=6)

Tables = dict[tuple[str, str], Any]


def expected(batches: list[list[JournalEntry]]) -> Tables:
    tables: Tables = {}
    for change in (one for batch in batches for one in batch):
        if change.document is None:
            tables.pop((change.table, change.key), None)
        else:
            tables[change.table, change.key] = change.document
    return tables


def contents(path: Path) -> Tables:
    journal = Journal(path, read_only=True)
    try:
        return {
            (table, key): document for table in journal.tables for key, document in journal.documents(table)
        }
    finally:
        journal.close()


def written(path: Path, batches: list[list[JournalEntry]], *, compacted: bool = False) -> list[int]:
    """The file's size after each batch."""
    journal, sizes = Journal(path), []
    for batch in batches:
        journal.append(batch)
        sizes.append(path.stat().st_size)
    if compacted:
        journal.compact()
    journal.close()
    return sizes


def same(one: Tables, other: Tables) -> bool:
    # As text, since no NaN equals another; floats beyond JSON become null.
    return json.dumps(sorted(map(repr, one.items()))) == json.dumps(sorted(map(repr, other.items())))


@settings(FIXED, max_examples=50)
@given(BATCHES, st.booleans())
def test_the_journal_holds_what_was_put(batches: list[list[JournalEntry]], compacted: bool) -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "j"
        written(path, batches, compacted=compacted)
        found = contents(path)
        assert found.keys() == expected(batches).keys()
        written(path, [], compacted=True)
        assert same(contents(path), found)


@settings(FIXED, max_examples=50)
@given(BATCHES.filter(bool), st.data())
def test_a_journal_cut_anywhere_holds_every_batch_before_the_cut(
    batches: list[list[JournalEntry]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        path = Path(name) / "j"
        sizes = written(path, batches)
        header = path.read_bytes().index(b"\n") + 1
        cut = data.draw(st.integers(header, sizes[-1]))
        path.write_bytes(path.read_bytes()[:cut])
        whole = sum(size <= cut for size in sizes)
        # Of the batch that was torn whole lines may be there.
        possible = (
            [expected([*batches[:whole], batches[whole][:count]]) for count in range(len(batches[whole]))]
            if (whole < len(batches))
            else [expected(batches)]
        )
        assert contents(path).keys() in [one.keys() for one in possible]
        journal = Journal(path)
        journal.append([JournalEntry("a", "next", {})])
        journal.close()
        assert ("a", "next") in contents(path)


@pytest.mark.parametrize("seed", range(40))
def test_a_rotten_byte_costs_two_lines_at_most_and_is_told(tmp_path: Path, seed: int) -> None:
    chance, path = random.Random(seed), tmp_path / "j"  # noqa: S311
    written(path, [[JournalEntry("a", str(number), {"number": number})] for number in range(30)])
    body = bytearray(path.read_bytes())
    at = chance.randrange(body.index(b"\n") + 1, len(body))
    body[at] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(body))
    assert len(contents(path)) >= 28
    journal = Journal(path, read_only=True)
    try:
        assert journal.damage or journal.torn or len(contents(path)) == 30
    finally:
        journal.close()
