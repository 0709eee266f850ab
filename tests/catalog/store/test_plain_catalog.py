"""A catalog of plain dictionaries is harvested, searched, looked up and compared as the one on disk is."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from memory_originals import MemoryOriginals
from memory_store import MemoryStore
from pictures import jpeg_bytes, photo
from servers import Answer, Server

from assets import Politeness, QueryOptions, QueryReader, parse_allowed
from catalog.clusters.duplicates import ClusterBuilder
from catalog.decisions import decide
from catalog.harvest.run import Harvest, HarvestOptions
from catalog.lookup.answer import Answer as LookupAnswer
from catalog.lookup.engine import Lookup
from catalog.reports.answer_json import answer_record
from catalog.reports.changes import list_changes
from catalog.reports.cluster_json import cluster_record
from catalog.store.catalog import Catalog, open_catalog

PAGE = """<html><head><title>{title}</title><link rel="canonical" href="https://{site}/{title}/"></head>
<body><article><h1>{title}</h1><p>{words}</p><figure><img src="{picture}" alt="A bridge">
<figcaption>{caption}</figcaption></figure></article></body></html>"""


@dataclass(frozen=True, slots=True)
class Room:
    """Both catalogs, and what they are harvested from."""

    on_disk: Catalog
    plain: Catalog
    pages: Path
    allowed: Politeness


def written(room: Path, server: Server, caption: str = "The bridge at dawn. Photo: Ada Lovelace") -> None:
    for site, title, picture in (
        ("a.example", "dawn", "/1.jpg"),
        ("b.example", "morning", "/1.jpg"),
        ("b.example", "noon", "/2.jpg"),
    ):
        told = caption if title == "dawn" else "A bridge."
        text = PAGE.format(
            title=title,
            site=site,
            picture=server.url(picture),
            caption=told,
            words="Words of the story. " * 40,
        )
        (room / f"{title}.html").write_text(text, encoding="utf-8")


@contextmanager
def built(folder: Path) -> Iterator[Room]:
    pages = folder / "pages"
    pages.mkdir()
    bodies = {f"/{number}.jpg": Answer(jpeg_bytes(photo(number, 320, 240))) for number in (1, 2)}
    with Server(bodies) as server, open_catalog(folder / "catalog") as on_disk:
        plain = Catalog("", MemoryStore(), MemoryOriginals(folder / "spool"), folder / "derived")
        allowed = Politeness(allow_addresses=frozenset({parse_allowed(f"127.0.0.1:{server.port}")}))
        both = Room(on_disk, plain, pages, allowed)
        written(pages, server)
        harvested(both)
        written(pages, server, "A bridge in the evening. Photo: Ada Lovelace")
        harvested(both)
        yield both


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with built(tmp_path_factory.mktemp("room")) as made:
        yield made


def harvested(room: Room) -> None:
    for catalog in (room.on_disk, room.plain):
        options = HarvestOptions(workers=1, politeness=room.allowed)
        summary = asyncio.run(Harvest(catalog, options).run([str(room.pages)], io.BytesIO()))
        assert summary.failed == 0


def looked_up(catalog: Catalog, picture: str) -> dict[str, object]:
    async def ask() -> LookupAnswer:
        async with QueryReader(QueryOptions(workers=1)) as reader:
            with Lookup(catalog, ()) as lookup:
                answer = await lookup.picture(picture, reader)
                assert isinstance(answer, LookupAnswer)
                return answer

    return timeless(answer_record(asyncio.run(ask())))


def timeless(told: object) -> object:
    """What was told without the times at which either catalog was harvested."""
    if isinstance(told, dict):
        return {key: timeless(value) for key, value in told.items() if key not in TIMES}
    return [timeless(one) for one in told] if isinstance(told, list | tuple) else told


TIMES = {"first_seen", "last_seen", "since", "earliest_observed", "time", "time_observed", "until", "seen"}


def test_both_hold_the_same_uses(room: Room) -> None:
    uses = [
        sorted((one.page, one.asset, one.caption, one.credit) for one in catalog.records.usages())
        for catalog in (room.on_disk, room.plain)
    ]
    assert uses[0] == uses[1]
    assert len(uses[0]) == 3


def test_both_count_and_cover_the_same(room: Room) -> None:
    one, other = (catalog.records for catalog in (room.on_disk, room.plain))
    assert one.counts() == other.counts()
    assert one.coverage()[:2] == other.coverage()[:2] == (3, {"a.example": 1, "b.example": 2})


def test_both_hold_the_same_originals(room: Room) -> None:
    assert list(room.on_disk.originals.list_files()) == list(room.plain.originals.list_files())
    assert len(list(room.plain.originals.list_files())) == 2


def test_both_answer_a_lookup_alike(room: Room, tmp_path: Path) -> None:
    (tmp_path / "cut.jpg").write_bytes(jpeg_bytes(photo(1, 320, 240).crop((40, 30, 300, 220))))
    answers = [looked_up(catalog, str(tmp_path / "cut.jpg")) for catalog in (room.on_disk, room.plain)]
    assert answers[0] == answers[1]
    assert answers[0]["verdict"] == "used"


def test_both_find_the_same_clusters(room: Room) -> None:
    told = []
    for catalog in (room.on_disk, room.plain):
        builder = ClusterBuilder(catalog)
        told.append([timeless(cluster_record(one)) for one in builder.clusters(builder.groups())])
    assert told[0] == told[1]
    assert len(told[0]) == 1


def test_both_join_what_was_decided_to_be_the_same(tmp_path: Path) -> None:
    groups = []
    with built(tmp_path) as room:
        for catalog in (room.on_disk, room.plain):
            first, second = sorted(catalog.records.sha256s())
            decide(catalog.records, (first, second), "same", note="", by="Ada", at="2026-01-01T00:00:00Z")
            found = ClusterBuilder(catalog).groups()
            groups.append([[one.sha256 for one in group.members] for group in found])
    assert groups[0] == groups[1]
    assert [len(group) for group in groups[0]] == [2]


def test_both_tell_the_same_changes(room: Room) -> None:
    told = [
        [(one.kind, one.page, one.before, one.after) for one in list_changes(catalog.records, "")]
        for catalog in (room.on_disk, room.plain)
    ]
    assert told[0] == told[1]
    assert ("caption edited", "https://a.example/dawn/") in {(kind, page) for kind, page, _, _ in told[0]}
