"""Whether the desk is well, and its figures: for what watches over it, and for nobody else."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from desks import harvested

from catalog.desk.services import View
from catalog.desk.settings import DeskSettings
from catalog.desk.web.app import make_application
from catalog.errors import NotACatalog

TOKEN = "a token that nobody guesses"  # noqa: S105
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}

Got = tuple[int, str]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with harvested(tmp_path_factory.mktemp("desk")) as (catalog, _sites):
        yield catalog


def visit(catalog: Path, work: Callable[[Callable[..., Awaitable[Got]]], Awaitable[None]]) -> None:
    """A desk with a token in this process, asked by a visitor."""

    async def go() -> None:
        server = TestServer(await make_application(DeskSettings(str(catalog), token=TOKEN)))
        await server.start_server()
        try:
            async with ClientSession(server.make_url("/")) as session:

                async def get(path: str, **headers: str) -> Got:
                    async with session.get(path, headers=headers, allow_redirects=False) as answer:
                        return answer.status, await answer.text()

                await work(get)
        finally:
            await server.close()

    asyncio.run(go())


def test_health_is_told_without_a_token_and_by_any_name(room: Path) -> None:
    async def work(get: Callable[..., Awaitable[Got]]) -> None:
        assert await get("/health", Host="10.0.0.3") == (200, '{"status": "ok"}')

    visit(room, work)


def test_a_catalog_that_cannot_be_read_is_no_health(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_view: View) -> None:
        raise NotACatalog("the database is gone; its address is a secret")

    async def work(get: Callable[..., Awaitable[Got]]) -> None:
        monkeypatch.setattr(View, "refresh", fail)
        status, told = await get("/health")
        assert (status, "the catalog cannot be read" in told, "secret" in told) == (503, True, False)

    visit(room, work)


def test_figures_are_for_who_has_the_token(room: Path) -> None:
    async def work(get: Callable[..., Awaitable[Got]]) -> None:
        assert (await get("/metrics"))[0] == 401

    visit(room, work)


def test_figures_tell_how_the_catalog_is(room: Path) -> None:
    figures: dict[str, float] = {}

    async def work(get: Callable[..., Awaitable[Got]]) -> None:
        status, told = await get("/metrics", **WITH_TOKEN)
        assert status == 200
        lines = [line for line in told.splitlines() if not line.startswith("#")]
        figures.update((name, float(value)) for name, value in (line.rsplit(" ", 1) for line in lines))

    visit(room, work)
    assert figures['photodesk_records{kind="pages"}'] > 0
    assert figures['photodesk_pictures_lacking{why="uncompared"}'] == 0
    assert figures["photodesk_harvest_running"] == 0


def test_requests_are_counted_by_route_and_not_by_what_visitors_make_up(room: Path) -> None:
    counted: list[str] = []

    async def work(get: Callable[..., Awaitable[Got]]) -> None:
        await get("/photo/5f0c", **WITH_TOKEN)
        await get("/photo/5f0d", **WITH_TOKEN)
        await get("/made/up/1", **WITH_TOKEN)
        _, told = await get("/metrics", **WITH_TOKEN)
        counted.extend(line for line in told.splitlines() if "request_seconds_count" in line)

    visit(room, work)
    name = "photodesk_request_seconds_count"
    assert f'{name}{{method="GET",route="/photo/{{sha256}}",status="2xx"}} 2.0' in counted
    assert f'{name}{{method="any",route="none",status="4xx"}} 1.0' in counted


def test_without_the_extra_figures_say_what_is_to_be_installed(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    async def work(get: Callable[..., Awaitable[Got]]) -> None:
        status, told = await get("/metrics", **WITH_TOKEN)
        assert (status, "photodesk[team]" in told) == (501, True)

    visit(room, work)
