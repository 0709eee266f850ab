"""The JSON API under /api/v1: the same words and shapes as the command's."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

from aiohttp import web

from assets import find_path, has_password, is_web_address, parse_hex
from catalog.decisions import DECISIONS, decide, find_contradicted
from catalog.desk import bad_request, not_found
from catalog.desk.services import (
    SIDES,
    SORTS,
    Asked,
    Bundles,
    Clustering,
    Comparing,
    Harvests,
    LookedUp,
    Lookups,
    Search,
    Thumbnails,
    View,
    Writer,
    search_pictures,
)
from catalog.desk.web import request_parsing
from catalog.harvest import now_text
from catalog.lookup import PlacedUsage
from catalog.model import AssetRecord, Json, in_time
from catalog.reports import answer_record, cluster_record, incomplete_text, usage_record
from catalog.store import Store

FOREVER = "private, max-age=31536000, immutable"

MOST_A_PAGE = 200
MOST_INPUTS = 50

RELATIONS = ("identical", "copy", "crop", "contained")
CONFLICTS = ("caption", "credit", "credit missing")


@dataclass(frozen=True, slots=True)
class Api:
    """The handlers, over what the desk is made of."""

    view: View
    lookups: Lookups
    thumbnails: Thumbnails
    clustering: Clustering
    comparing: Comparing
    bundles: Bundles
    writer: Writer
    harvests: Harvests

    # The catalog

    async def catalog(self, _request: web.Request) -> web.Response:
        """What the desk covers, and whether a harvest runs."""
        self.view.refresh()
        sites = self.view.records.coverage().sites
        current = self.harvests.current
        return web.json_response(
            {
                "version": version("photodesk"),
                "coverage": asdict(self.view.coverage),
                "incomplete": incomplete_text(self.view.coverage) or None,
                "sites": [{"site": site, "pages": count} for site, count in sorted(sites.items())],
                "harvest": current.to_json() if current is not None else None,
            }
        )

    # Look-ups

    async def look_up(self, request: web.Request) -> web.Response:
        """Look up the picture in the body, or what a JSON body names."""
        self.view.refresh()
        if request.content_type != "application/json":
            parts, name = await request_parsing.picture(request)
            return await self._answer_lookup(await self.lookups.upload(parts, name))
        body = await request_parsing.json_object(request)
        if "address" in body:
            address = request_parsing.field(body, "address", request_parsing.as_text)
            if not is_web_address(address):
                raise bad_request(f"{address[:200]}: not a web address")
            if has_password(address):
                raise bad_request("address: one with a user name or a password in it is not asked")
            return await self._answer_lookup(await self.lookups.address(address))
        if "asset" in body:
            asset = self.view.asset(
                request_parsing.digest(request_parsing.field(body, "asset", request_parsing.as_text))
            )
            original = await self.lookups.original(asset.sha256, await self._original(asset))
            return await self._answer_lookup(original)
        return await self._fingerprint(request_parsing.field(body, "phash", request_parsing.as_text))

    async def _fingerprint(self, text: str) -> web.Response:
        try:
            asked = parse_hex("phash", text)
        except ValueError as error:
            raise bad_request(str(error)) from None
        near = await self.lookups.find_near(asked.algorithm, asked.bits, asked.value)
        answer = self.view.answerer.of_near(text, asked, near)
        return web.json_response(answer_record(answer) | {"id": None, "picture": None})

    async def get_lookup(self, request: web.Request) -> web.Response:
        """An earlier look-up again, with what is known now."""
        return await self._answer_lookup(self.lookups.get(request.match_info["id"]))

    async def _answer_lookup(self, looked_up: LookedUp) -> web.Response:
        record = answer_record(await self.lookups.answer(looked_up))
        picture = {
            "sha256": looked_up.sha256,
            "width": looked_up.width,
            "height": looked_up.height,
            "url": f"/api/v1/lookups/{looked_up.id}/picture" if looked_up.small else None,
        }
        return web.json_response(record | {"id": looked_up.id, "picture": picture})

    async def get_lookup_picture(self, request: web.Request) -> web.Response:
        """The picture that was looked up, made small and anew."""
        small = self.lookups.get(request.match_info["id"]).small
        if small is None:
            raise not_found("this picture cannot be shown")
        return web.Response(body=small, content_type="image/webp", headers={"Cache-Control": FOREVER})

    # Search and assets

    async def search(self, request: web.Request) -> web.Response:
        """Pictures by what is said of them."""
        self.view.refresh()
        search = Search(
            words=request_parsing.text(request, "words"),
            site=request_parsing.text(request, "site"),
            credit=request_parsing.text(request, "credit"),
            role=request_parsing.text(request, "role"),
            since=request_parsing.day(request_parsing.text(request, "since"), "since"),
            until=request_parsing.day(request_parsing.text(request, "until"), "until"),
            offset=request_parsing.number(request, "offset", 0, request_parsing.MOST_OFFSET),
            limit=request_parsing.number(request, "limit", 48, MOST_A_PAGE),
        )
        with self.view.reading() as store:
            return web.json_response(
                await asyncio.to_thread(search_pictures, store, search, self.view.text_index)
            )

    async def asset(self, request: web.Request) -> web.Response:
        """One asset with its usages."""
        self.view.refresh()
        asset = self._asset(request)
        store = self.view.records
        usages = [PlacedUsage(one, store.page(one.page)) for one in store.usages_of_asset(asset.sha256)]
        usages.sort(key=lambda one: in_time(one.usage))
        await self.clustering.listing()
        told: Json = {
            "usages": [usage_record(one) for one in usages],
            "cluster": self.clustering.known_cluster_of(asset.sha256),
        }
        return web.json_response(asset.to_json() | told)

    async def original(self, request: web.Request) -> web.StreamResponse:
        """An original, to be saved and never shown by the browser."""
        asset = self._asset(request)
        path = await self._original(asset)
        name = f"{asset.sha256}{path.suffix}"
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": FOREVER,
        }
        return web.FileResponse(path, headers=headers)

    async def thumbnail(self, request: web.Request) -> web.StreamResponse:
        """An asset made small."""
        side = request_parsing.number(request, "side", 320, max(SIDES))
        if side not in SIDES:
            raise bad_request(f"side: one of {', '.join(map(str, SIDES))}")
        found = await self.thumbnails.of(self._asset(request), side)
        headers = {"Content-Type": "image/webp", "Cache-Control": FOREVER}
        if isinstance(found, bytes):
            return web.Response(body=found, headers=headers)
        return web.FileResponse(found, headers=headers)

    def _asset(self, request: web.Request) -> AssetRecord:
        return self.view.asset(request_parsing.digest(request.match_info["sha256"]))

    async def _original(self, asset: AssetRecord) -> Path:
        path = await find_path(self.view.catalog.originals, asset.sha256)
        if path is None:
            raise not_found(f"{asset.sha256}: the original is gone from the catalog")
        return path

    # Clusters

    async def clusters(self, request: web.Request) -> web.Response:
        """A page of the clusters."""
        self.view.refresh()
        asked = Asked(
            words=request_parsing.text(request, "words"),
            site=request_parsing.text(request, "site"),
            since=request_parsing.day(request_parsing.text(request, "since"), "since"),
            relation=request_parsing.choice(request, "relation", RELATIONS, ""),
            conflict=request_parsing.choice(request, "conflict", CONFLICTS, ""),
            across_sites=request_parsing.choice(request, "across_sites", ("0", "1"), "0") == "1",
            sort=request_parsing.choice(request, "sort", SORTS, "uses"),
            descending=request_parsing.choice(request, "order", ("asc", "desc"), "desc") == "desc",
            offset=request_parsing.number(request, "offset", 0, request_parsing.MOST_OFFSET),
            limit=request_parsing.number(request, "limit", 50, MOST_A_PAGE),
        )
        return web.json_response(
            await self.clustering.page(asked) | {"uncompared": self.view.coverage.uncompared}
        )

    async def cluster(self, request: web.Request) -> web.Response:
        """One cluster, as `photodesk duplicates --format json` tells it."""
        self.view.refresh()
        cluster_id = request_parsing.digest(request.match_info["cluster"])
        return web.json_response(cluster_record(await self.clustering.cluster(cluster_id)))

    async def evidence(self, request: web.Request) -> web.StreamResponse:
        """The evidence of a cluster or of a picture alone, packed by a process of its own: it decodes the originals."""
        self.view.refresh()
        photograph = await self.clustering.photograph(request_parsing.digest(request.match_info["cluster"]))
        async with self.bundles.packed(photograph) as bundle:
            headers = {
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="evidence-{photograph}.zip"',
            }
            response = web.StreamResponse(headers=headers)
            response.content_length = bundle.stat().st_size
            await response.prepare(request)
            with bundle.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, request_parsing.PART_BYTES):
                    await response.write(chunk)
            await response.write_eof()
            return response

    # Decisions

    async def decisions(self, _request: web.Request) -> web.Response:
        """What people decided, the latest first."""
        self.view.refresh()
        records = sorted(self.view.records.decisions(), key=lambda one: one.at, reverse=True)
        return web.json_response({"decisions": [record.to_json() for record in records]})

    async def decide(self, request: web.Request) -> web.Response:
        """Keep on record whether two pictures are the same photo, and say what that contradicts."""
        body = await request_parsing.json_object(request)
        pair = tuple(_whole_digest(body, name) for name in ("first", "second"))
        decision = request_parsing.field(
            body, "decision", lambda value: value if value in DECISIONS else None
        )
        note = request_parsing.field(body, "note", request_parsing.as_text, " ").strip()
        if pair[0] == pair[1]:
            raise bad_request("one picture cannot be compared with itself")

        def write(store: Store) -> Json:
            record = decide(store, (pair[0], pair[1]), decision, note=note, by="desk", at=now_text())
            against = find_contradicted(store, record)
            return record.to_json() | {"contradicts": [one.to_json() for one in against]}

        told = await self.writer.write(write)
        await self.view.take_in()
        return web.json_response(told, status=int(HTTPStatus.CREATED))

    # Harvests

    async def harvest_list(self, _request: web.Request) -> web.Response:
        """The harvests, the latest first."""
        return web.json_response({"harvests": [job.to_json() for job in self.harvests.all]})

    async def harvest_add(self, request: web.Request) -> web.Response:
        """Queue a harvest of web addresses."""
        body = await request_parsing.json_object(request)
        inputs = request_parsing.field(body, "inputs", _addresses)
        since = request_parsing.day(
            request_parsing.field(body, "since", request_parsing.as_text, " ").strip(), "since"
        )
        limit = body.get("limit")
        if limit is not None and not (type(limit) is int and 0 < limit <= request_parsing.MOST_OFFSET):
            raise bad_request("limit: not a whole number above 0")
        job = self.harvests.add(inputs, since, limit)
        return web.json_response(job.to_json(), status=int(HTTPStatus.ACCEPTED))

    async def harvest(self, request: web.Request) -> web.Response:
        """One harvest."""
        return web.json_response(self.harvests.get(request.match_info["id"]).to_json())

    async def harvest_cancel(self, request: web.Request) -> web.Response:
        """End a harvest; what it brought in is kept."""
        return web.json_response(self.harvests.cancel(request.match_info["id"]).to_json())

    async def harvest_events(self, request: web.Request) -> web.StreamResponse:
        """A harvest's progress as server-sent events, until it has ended."""
        job = self.harvests.get(request.match_info["id"])
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        try:
            async for told in self.harvests.watch(job):
                line = ": alive\n\n" if told is None else f"event: harvest\ndata: {json.dumps(told)}\n\n"
                await response.write(line.encode())
        except ConnectionResetError:
            # The visitor has gone.
            return response
        await response.write_eof()
        return response


def _whole_digest(body: Json, name: str) -> str:
    text = request_parsing.digest(request_parsing.field(body, name, request_parsing.as_text))
    if len(text) != 64:
        raise bad_request(f"{name}: a whole SHA-256 is needed, 64 hexadecimal digits")
    return text


def _addresses(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_INPUTS:
        return None
    found = [request_parsing.as_text(one) for one in value]
    if not all(one is not None and is_web_address(one) for one in found):
        return None
    if any(one is not None and has_password(one) for one in found):
        raise bad_request("inputs: an address with a user name or a password in it is not asked")
    return tuple(one for one in found if one is not None)
