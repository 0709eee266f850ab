"""What visitors cannot do to the desk: fill it, hold it up, send too much, or write while another process does."""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from http import HTTPStatus
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from desks import RunningDesk, desk, harvested
from patience import PATIENCE_SECONDS, until
from pictures import encoded, photo
from servers import Line, Request, Server
from trials.breaking import BOMBS

from assets import Limits
from catalog.desk.services import (
    evidence_packing,
    harvest_queue,
    lookups,
)
from catalog.desk.settings import DeskSettings
from catalog.desk.web.app import make_application
from catalog.desk.web.openapi import document
from catalog.store.catalog import Catalog, Location, open_catalog, open_store
from catalog.store.journals import acquire_lock, shared_journal
from catalog.store.layout import DECISIONS, DERIVED, JOURNAL, THUMBNAILS


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with harvested(tmp_path_factory.mktemp("desk")) as (catalog, _sites):
        yield catalog


@asynccontextmanager
async def visited(settings: DeskSettings) -> AsyncIterator[ClientSession]:
    """A desk in this process, and a visitor."""
    server = TestServer(await make_application(settings))
    await server.start_server()
    try:
        async with ClientSession(server.make_url("/")) as session:
            yield session
    finally:
        assert server.runner.server is not None
        connections = [one.transport for one in server.runner.server.connections]
        await server.close()
        # What a visitor who left has not taken would keep its connection open.
        for connection in filter(None, connections):
            connection.abort()
        await asyncio.sleep(0)


async def never(_request: Request, line: Line) -> None:
    await line.pause(3600)


def test_a_full_desk_says_so_and_takes_pictures_again(room: Path) -> None:
    with Server({"/a.jpg": never}) as site:
        allowed = ("--allow-address", ":".join(map(str, site.host_port)))
        with desk(room, "--workers", "1", *allowed) as running:
            assert asyncio.run(_filled(running, site.url("/a.jpg"))) == [503, "2"]
            # Those who waited are gone, and so is what they asked for.
            body = encoded(photo(60, 800, 533), "JPEG", quality=70)
            answer = until(lambda: one if (one := running.look_up(body)).status != 503 else None)
            assert answer.json["verdict"] == "used"


async def _filled(running: RunningDesk, address: str) -> list[object]:
    """What is answered while as many look-ups as are taken wait for an address; then those give up."""
    async with ClientSession(running.address) as session:
        waiting = [
            asyncio.create_task(session.post("/api/v1/lookups", json={"address": address}).__aenter__())
            for _ in range(lookups.MOST_IN_HAND)
        ]
        try:
            while True:
                await asyncio.sleep(0.05)
                async with session.post("/api/v1/lookups", data=b"one more") as answer:
                    if answer.status != 422:
                        return [answer.status, answer.headers["Retry-After"]]
        finally:
            for one in waiting:
                one.cancel()


def hold_until_refused(desk: type, work: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let none of a desk's works begin before another is refused; what is returned is to be told every status."""
    refused = asyncio.Event()
    begun = getattr(desk, work)

    async def held(*arguments: object) -> object:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await refused.wait()
        return await begun(*arguments)

    def tell(status: int) -> None:
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            refused.set()

    monkeypatch.setattr(desk, work, held)
    return tell


def test_two_hundred_bombs_at_once_cost_no_answer_and_no_desk(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = hold_until_refused(lookups.Lookups, "_look_up", monkeypatch)
    bombs = [BOMBS[name]() for name in ("webp", "png", "bmp", "jpeg", "psd", "screen.gif")]

    async def visit() -> tuple[set[int], str]:
        async with visited(DeskSettings(room, workers=2)) as session:

            async def drop(body: bytes) -> int:
                async with session.post(
                    "/api/v1/lookups", data=body, headers={"Content-Type": "image/jpeg"}
                ) as answer:
                    refused(answer.status)
                    return answer.status

            statuses = await asyncio.gather(*(drop(bombs[number % len(bombs)]) for number in range(200)))
            sound = encoded(photo(60, 800, 533), "JPEG", quality=70)
            async with session.post("/api/v1/lookups", data=sound) as answer:
                return set(statuses), (await answer.json())["verdict"]

    assert asyncio.run(visit()) == ({422, 503}, "used")


def test_a_harvest_that_is_cancelled_while_the_catalog_opens_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, may_open, let_go = threading.Event(), threading.Event(), threading.Event()

    @contextmanager
    def followed(catalog: Catalog) -> Iterator[Catalog]:
        with catalog:
            yield catalog
        let_go.set()

    def slow_to_open(location: Location) -> AbstractContextManager[Catalog]:
        opening.set()
        may_open.wait(PATIENCE_SECONDS)
        return followed(open_catalog(location))

    monkeypatch.setattr(harvest_queue, "open_catalog", slow_to_open)

    async def visit(address: str) -> str:
        settings = DeskSettings(tmp_path / "catalog", workers=1)
        async with visited(settings) as session:
            ids = []
            for _ in range(2):
                async with session.post("/api/v1/harvests", json={"inputs": [address]}) as answer:
                    ids.append((await answer.json())["id"])
            await asyncio.to_thread(opening.wait, PATIENCE_SECONDS)
            for name in ids:
                async with session.delete(f"/api/v1/harvests/{name}") as answer:
                    assert (await answer.json())["state"] == "cancelled"
            may_open.set()
            assert await asyncio.to_thread(let_go.wait, PATIENCE_SECONDS)
            async with session.get(f"/api/v1/harvests/{ids[0]}") as answer:
                told = await answer.json()
        assert told["summary"] is None
        return str(told["state"])

    # Nobody may be asked there; a harvest that ran would say so in its summary.
    assert asyncio.run(visit("http://127.0.0.1:9/")) == "cancelled"


def test_too_many_evidence_bundles_at_once_are_refused(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_packing, "MOST_IN_HAND", 2)
    refused = hold_until_refused(evidence_packing.Bundles, "_pack", monkeypatch)

    async def visit() -> list[tuple[int, str | None]]:
        async with visited(DeskSettings(room, workers=1)) as session:
            path = await _evidence_of_one(session)

            async def fetch() -> tuple[int, str | None]:
                async with session.get(path) as answer:
                    await answer.read()
                    refused(answer.status)
                    return answer.status, answer.headers.get("Retry-After")

            told = await asyncio.gather(*(fetch() for _ in range(4)))
            return [*told, await fetch()]

    told = asyncio.run(visit())
    assert sorted(told[:4], key=str) == [(200, None), (200, None), (503, "2"), (503, "2")]
    assert told[4] == (200, None)


def test_a_bundle_that_takes_too_long_is_given_up(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_packing, "PACKING_SECONDS", 0.0)

    async def visit() -> tuple[int, str]:
        async with (
            visited(DeskSettings(room, workers=1)) as session,
            session.get(await _evidence_of_one(session)) as answer,
        ):
            return answer.status, (await answer.json())["detail"]

    assert asyncio.run(visit()) == (503, "the bundle was not packed within 0 seconds")


async def _evidence_of_one(session: ClientSession) -> str:
    async with session.get("/api/v1/clusters?limit=1") as answer:
        cluster = (await answer.json())["clusters"][0]["id"]
    return f"/api/v1/clusters/{cluster}/evidence"


def test_the_desks_own_address_is_not_looked_up(room: Path) -> None:
    with desk(room, "--workers", "1") as running:
        answer = running.post("/api/v1/lookups", {"address": f"{running.address}/static/desk.svg"})
    assert answer.status == 422
    assert "address refused" in answer.json["detail"]


def test_a_picture_that_comes_too_slowly_is_given_up(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "UPLOAD_SECONDS", 0.1)

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    async def visit() -> int:
        async with (
            visited(DeskSettings(room, workers=1)) as session,
            session.post("/api/v1/lookups", data=drip(), headers={"Content-Type": "image/jpeg"}) as answer,
        ):
            return answer.status

    assert asyncio.run(visit()) == 408
    assert "408" in document()["paths"]["/api/v1/lookups"]["post"]["responses"]


@pytest.mark.parametrize("kind", ["image/jpeg", "multipart/form-data; boundary=x"])
def test_a_body_beyond_the_cap_is_refused_in_a_form_too(room: Path, kind: str) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n\r\n'
    body = (head if "form" in kind else b"") + bytes(300_000)

    async def visit() -> int:
        settings = DeskSettings(room, workers=1, limits=Limits(picture_bytes=200_000))
        async with (
            visited(settings) as session,
            session.post("/api/v1/lookups", data=body, headers={"Content-Type": kind}) as answer,
        ):
            return answer.status

    assert asyncio.run(visit()) == 413


@pytest.mark.parametrize(
    "part",
    [
        b'--x\r\nContent-Disposition: form-data; name="\xc2\xa7\x1b"\r\n\r\nx\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="picture"\r\n\r\ntorn',
        b"--x\r\nContent-Transfer-Encoding: odd\r\nContent-Disposition: form-data; name=picture\r\n\r\nx\r\n--x--",
        b"no form at all",
        b"--x\r\n" + b"A: b\r\n" * 20_000,
    ],
)
def test_a_torn_form_is_the_visitors_mistake(room: Path, part: bytes) -> None:
    async def visit() -> int:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        async with (
            visited(DeskSettings(room, workers=1)) as session,
            session.post("/api/v1/lookups", data=part, headers=headers) as answer,
        ):
            return answer.status

    assert asyncio.run(visit()) in (400, 422)


def test_a_method_that_is_not_meant_is_told_which_are(room: Path) -> None:
    with desk(room, "--workers", "1") as running:
        answer = running.ask("PUT", "/api/v1/decisions")
    assert (answer.status, answer.headers["allow"]) == (405, "GET,HEAD,POST")
    assert answer.json["status"] == 405


def a_file_for_a_folder(thumbnail: Path) -> None:
    thumbnail.parents[1].write_text("in the way")


def a_folder_for_a_file(thumbnail: Path) -> None:
    thumbnail.mkdir(parents=True)


@pytest.mark.parametrize("block", [a_file_for_a_folder, a_folder_for_a_file])
def test_a_thumbnail_that_cannot_be_kept_is_shown_all_the_same(
    room: Path, tmp_path: Path, block: Callable[[Path], None]
) -> None:
    catalog = Path(shutil.copytree(room, tmp_path / "catalog", ignore=shutil.ignore_patterns(THUMBNAILS)))
    with open_store(catalog, read_only=True) as store:
        sha256 = store.sha256s()[0]
    block(catalog / DERIVED / THUMBNAILS / sha256[:2] / f"{sha256}-160.webp")

    async def visit() -> tuple[int, str, bytes]:
        async with (
            visited(DeskSettings(catalog, workers=1)) as session,
            session.get(f"/api/v1/assets/{sha256}/thumbnail?side=160") as answer,
        ):
            return answer.status, answer.content_type, (await answer.read())[:4]

    assert asyncio.run(visit()) == (200, "image/webp", b"RIFF")
    assert list(catalog.rglob("*.part")) == []


# Another process that writes


def _hold(catalog: str, held: Event, done: Event) -> None:
    with open_store(Path(catalog)):
        held.set()
        done.wait(PATIENCE_SECONDS)


@pytest.fixture
def holder(room: Path) -> Iterator[Event]:
    """Another process holds the catalog until the event is set."""
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(str(room), held, done))
    process.start()
    try:
        assert held.wait(PATIENCE_SECONDS)
        yield done
    finally:
        done.set()
        process.join(PATIENCE_SECONDS)


def _decision(room: Path, folder: str = "decisions") -> dict[str, str]:
    with open_store(room, read_only=True) as store:
        first, second, *_ = sorted(asset.sha256 for asset in store.assets())
    return {"first": first, "second": second, "decision": "different", "note": folder}


@pytest.mark.usefixtures("holder")
def test_a_decision_waits_for_no_harvest(room: Path) -> None:
    async def visit() -> tuple[int, list[str]]:
        async with visited(DeskSettings(room, workers=1)) as session:
            async with session.post("/api/v1/decisions", json=_decision(room)) as answer:
                status = answer.status
            # What one has decided oneself shows at once.
            async with session.get("/api/v1/decisions") as answer:
                return status, [one["decision"] for one in (await answer.json())["decisions"]]

    assert asyncio.run(visit()) == (201, ["different"])


@pytest.mark.parametrize("held_journal", [DECISIONS, JOURNAL])
def test_a_decision_that_cannot_be_kept_is_said_to_be_not(
    room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held_journal: str
) -> None:
    """Who was stopped while deciding holds the one lock, a harvest of an earlier version the other."""
    catalog = Path(shutil.copytree(room, tmp_path / "catalog"))
    if held_journal == JOURNAL:
        body = (catalog / JOURNAL).read_bytes()
        (catalog / JOURNAL).write_bytes(
            body.replace(b'["photodesk-catalog",2]', b'["photodesk-catalog",1]', 1)
        )
    monkeypatch.setattr(shared_journal, "WAIT_SECONDS", 0.0)

    async def visit() -> tuple[int, str]:
        async with (
            visited(DeskSettings(catalog, workers=1)) as session,
            session.post("/api/v1/decisions", json=_decision(catalog, "not kept")) as answer,
        ):
            return answer.status, (await answer.json())["detail"]

    lock = acquire_lock(catalog / held_journal)
    try:
        status, detail = asyncio.run(visit())
    finally:
        lock.release()
    assert status == 409
    assert re.match(r"nothing was written: the catalog is in use by process \d+ since ", detail)
    with open_store(catalog, read_only=True) as store:
        assert "not kept" not in [one.note for one in store.decisions()]


def test_a_line_that_says_nothing_holds_nobody_up(room: Path) -> None:
    with desk(room, "--workers", "1") as running:
        lines = [socket.create_connection((running.host, running.port)) for _ in range(50)]
        try:
            for line in lines:
                line.sendall(b"POST /api/v1/lookups HTTP/1.1\r\nHost: ")
            assert running.get("/api/v1/catalog").status == 200
        finally:
            for line in lines:
                line.close()
