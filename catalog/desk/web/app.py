"""The desk put together: routes, guards, what begins and ends with it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from catalog.desk import DeskSettings
from catalog.desk.services import Bundles, Clustering, Comparing, Harvests, Lookups, Thumbnails, View, Writer
from catalog.desk.web.api import Api
from catalog.desk.web.monitoring import Monitoring
from catalog.desk.web.openapi import document
from catalog.desk.web.request_parsing import LINE_BYTES
from catalog.desk.web.security import COOKIE, add_headers, guards, is_token, sign_in, way_back
from catalog.errors import CatalogUnwritable
from catalog.reports.html import BASE_STYLE
from catalog.store import is_catalog, open_catalog

STATIC = Path(__file__).parent.parent / "static"

# Looked at anew each time: a new version of the program must not meet an old page.
FRESH = {"Cache-Control": "no-cache"}

# Views of the page, each with an address of its own.
VIEWS = ("/", "/search", "/photo/{sha256}", "/clusters", "/clusters/{id}", "/harvest")

# What aiohttp itself reads at once; pictures are read in parts and counted.
MOST_FORM_BYTES = 64 * 1024

# Requests that are being answered may take so long when the desk ends.
SHUTDOWN_SECONDS = 3.0


async def make_application(settings: DeskSettings) -> web.Application:
    """The desk as an aiohttp application over the catalog at its location, which is made where there is none."""
    if not is_catalog(settings.catalog):
        open_catalog(settings.catalog).close()
    middlewares = [*guards(settings), _lead_back]
    application = web.Application(middlewares=middlewares, client_max_size=MOST_FORM_BYTES)
    application.on_response_prepare.append(add_headers)
    view = View(settings.catalog)
    slots = settings.workers or os.cpu_count() or 1
    lookups = Lookups(view, settings, slots)
    writer = Writer(settings.catalog)
    comparing = Comparing(view, settings)
    harvests = Harvests(view, comparing, settings)
    clustering = Clustering(view)
    thumbnails = Thumbnails(view, lookups)
    api = Api(
        view, lookups, thumbnails, clustering, comparing, Bundles(view.catalog.location), writer, harvests
    )

    async def running(_application: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            opened.callback(view.close)
            await opened.enter_async_context(lookups)
            await opened.enter_async_context(clustering)
            await opened.enter_async_context(comparing.running(lambda: harvests.current is not None))
            await opened.enter_async_context(harvests)
            yield

    application.cleanup_ctx.append(running)
    add_routes(application, api)
    Monitoring(view, harvests).add_to(application)
    _add_pages(application, settings)
    return application


def add_routes(application: web.Application, api: Api) -> None:
    """The routes of the API."""
    router = application.router
    router.add_get("/api/v1/openapi.json", _describe_api)
    router.add_get("/api/v1/catalog", api.catalog)
    router.add_post("/api/v1/lookups", api.look_up)
    router.add_get("/api/v1/lookups/{id}", api.get_lookup)
    router.add_get("/api/v1/lookups/{id}/picture", api.get_lookup_picture)
    router.add_get("/api/v1/search", api.search)
    router.add_get("/api/v1/assets/{sha256}", api.asset)
    router.add_get("/api/v1/assets/{sha256}/original", api.original)
    router.add_get("/api/v1/assets/{sha256}/thumbnail", api.thumbnail)
    router.add_get("/api/v1/clusters", api.clusters)
    router.add_get("/api/v1/clusters/{cluster}", api.cluster)
    router.add_get("/api/v1/clusters/{cluster}/evidence", api.evidence)
    router.add_get("/api/v1/decisions", api.decisions)
    router.add_post("/api/v1/decisions", api.decide)
    router.add_get("/api/v1/harvests", api.harvest_list)
    router.add_post("/api/v1/harvests", api.harvest_add)
    router.add_get("/api/v1/harvests/{id}", api.harvest)
    router.add_delete("/api/v1/harvests/{id}", api.harvest_cancel)
    router.add_get("/api/v1/harvests/{id}/events", api.harvest_events)


@web.middleware
async def _lead_back(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever opens a page that is not there gets one that leads back; programs get their bare 404."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        is_page = not request.path.startswith(("/api/", "/static/"))
        if not is_page or "text/html" not in request.headers.get("Accept", ""):
            raise
        missing = STATIC / "missing.html"
        return web.FileResponse(missing, status=int(HTTPStatus.NOT_FOUND), headers=FRESH)


async def _describe_api(_request: web.Request) -> web.Response:
    return web.json_response(document())


def _add_pages(application: web.Application, settings: DeskSettings) -> None:
    async def page(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html", headers=FRESH)

    async def static(request: web.Request) -> web.FileResponse:
        # A name is looked up among ours, never joined to a path.
        path = {one.name: one for one in (*STATIC.iterdir(), BASE_STYLE)}.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=FRESH)

    async def ask_token(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "token.html", headers=FRESH)

    async def take_token(request: web.Request) -> web.Response:
        to = request.query.get("to", "/")
        given = (await request.post()).get("token", "")
        if not (settings.token and isinstance(given, str) and await is_token(given, settings.token)):
            raise web.HTTPSeeOther(sign_in(to, is_wrong=True))
        response = web.Response(status=int(HTTPStatus.SEE_OTHER), headers={"Location": way_back(to)})
        response.set_cookie(COOKIE, given, httponly=True, samesite="Strict", secure=request.secure)
        return response

    for path in VIEWS:
        application.router.add_get(path, page)
    application.router.add_get("/static/{name}", static)
    application.router.add_get("/token", ask_token)
    application.router.add_post("/token", take_token)


async def serve(settings: DeskSettings, ready: Callable[[str], None]) -> None:
    """Run the desk until a signal ends it; `ready` hears its address."""
    application = await make_application(settings)
    runner = web.AppRunner(
        application,
        shutdown_timeout=SHUTDOWN_SECONDS,
        access_log=None,
        max_line_size=LINE_BYTES,
        # What a visitor asked for who left is in nobody's way.
        handler_cancellation=True,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.host, settings.port)
        try:
            await site.start()
        except OSError as error:
            place = f"{settings.host}:{settings.port}"
            # asyncio's own words name the place again; a name that is not known has a negative number.
            reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise CatalogUnwritable(f"{place}: {reason or error}") from error
        host, port = runner.addresses[0][:2]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ended.set)
        await ended.wait()
    finally:
        await runner.cleanup()
