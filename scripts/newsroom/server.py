"""HTTP for one site: its pages, its API, and the files of its uploads with their validators."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import urlsplit

import pages
import rest
from aiohttp import ETag, web
from PIL import Image, ImageDraw
from renditions import File, entity_tag, render
from website import Announced, Attachment, Post, Website

API_PATHS = ("wp-json", "index.php/wp-json")
UPLOADS = "wp-content/uploads/"

# Paths of the theme's and plugins' own small pictures, and their sizes.
FURNITURE = {
    "wp-content/themes/press/logo.png": (240, 60),
    "wp-content/plugins/sharing/facebook.png": (32, 32),
    "wp-content/plugins/sharing/mail.png": (32, 32),
    "wp-includes/images/smilies/icon_smile.png": (24, 24),
    "wp-content/plugins/stats/pixel.gif": (1, 1),
    "avatar/desk": (96, 96),
    "avatar/reader": (96, 96),
}

REST_HEADERS = {
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Expose-Headers": "X-WP-Total, X-WP-TotalPages, Link",
    "Allow": "GET",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of one upload."""

    upload: Attachment
    file: File


class SiteServer:
    """Answers every request to one site's host and port."""

    def __init__(self, site: Website) -> None:
        self._site = site
        self._stories = {_target(site.link(post)): post for post in site.posts if not post.is_hidden}
        self._stored = {
            f"{upload.folder}/{file.name}": Stored(upload, file)
            for upload in site.attachments
            for file in upload.files
        }
        self._made: dict[Stored, asyncio.Task[bytes]] = {}

    def application(self) -> web.Application:
        """The aiohttp application of the site."""
        application = web.Application()
        application.router.add_get("/{path:.*}", self.answer)
        return application

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What the site says to one GET or HEAD request."""
        site = self._site
        if request.path == "/robots.txt":
            return web.Response(text=pages.robots_text(site))
        if request.path + "/" == site.recipe.prefix:
            return _moved(site.home)
        if not request.path.startswith(site.recipe.prefix):
            return _html(pages.not_found_page(site), status=404)
        path = request.path.removeprefix(site.recipe.prefix)
        route = self._route(path, request.query)
        if route is not None:
            return self._rest(route, request.query)
        if path.startswith(UPLOADS):
            stored = self._stored.get(path.removeprefix(UPLOADS))
            if stored is not None:
                return await self._picture(request, stored)
        if path in FURNITURE:
            return _furniture(path)
        return self._page(path, request)

    # The API

    def _route(self, path: str, query: Mapping[str, str]) -> str | None:
        """The API route that is asked for, None when it is something else."""
        if path in ("", "index.php") and "rest_route" in query:
            return query["rest_route"]
        if self._site.has_plain_links:
            return None
        for start in API_PATHS:
            if path == start or path.startswith(start + "/"):
                return path.removeprefix(start)
        return None

    def _rest(self, route: str, query: Mapping[str, str]) -> web.Response:
        said = rest.answer(self._site, route, _parameters(query))
        response = web.Response(status=said.status, body=said.body, headers=REST_HEADERS)
        response.headers["Content-Type"] = "application/json; charset=UTF-8"
        if self._site.recipe.announced is not Announced.NEITHER:
            response.headers.add("Link", f'<{self._site.api_root}>; rel="https://api.w.org/"')
        for name, value in said.headers:
            response.headers.add(name, value)
        return response

    # Pages

    def _page(self, path: str, request: web.Request) -> web.Response:
        site, query = self._site, request.query
        target = f"{request.path}?{request.query_string}" if "p" in query else request.path
        post = self._stories.get(target)
        if post is not None:
            return self._announcing(_html(pages.story_page(site, post)), post)
        if path == "feed/" or query.get("feed") == "rss2":
            return web.Response(text=pages.feed(site), content_type="application/rss+xml", charset="UTF-8")
        if path in ("", "index.php"):
            return self._front(query)
        return _html(pages.not_found_page(site), status=404)

    def _front(self, query: Mapping[str, str]) -> web.Response:
        """The home page, or where WordPress sends a `?p=` or `?attachment_id=` address."""
        site = self._site
        post = next((p for p in self._stories.values() if str(p.post_id) == query.get("p")), None)
        if post is not None:
            return _moved(site.link(post))
        wanted = query.get("attachment_id")
        upload = next((upload for upload in site.attachments if str(upload.media_id) == wanted), None)
        if upload is not None:
            return _moved(site.file_url(upload, "full"))
        if wanted is not None or "p" in query:
            return _html(pages.not_found_page(site), status=404)
        return self._announcing(_html(pages.home_page(site)), None)

    def _announcing(self, response: web.Response, post: Post | None) -> web.Response:
        """The page with the Link headers that WordPress sends, where the site has not switched them off."""
        if self._site.recipe.announced in (Announced.HEADER, Announced.BOTH):
            root = self._site.api_root
            response.headers.add("Link", f'<{root}>; rel="https://api.w.org/"')
            if post is not None:
                record = f"{root}wp/v2/posts/{post.post_id}"
                response.headers.add(
                    "Link", f'<{record}>; rel="alternate"; title="JSON"; type="application/json"'
                )
        return response

    # Pictures

    async def _picture(self, request: web.Request, stored: Stored) -> web.Response:
        upload, file = stored.upload, stored.file
        tag = entity_tag(upload.photo, self._site.recipe.treatment, file)
        headers = {
            "ETag": f'"{tag}"',
            "Last-Modified": format_datetime(upload.date, usegmt=True),
            "Cache-Control": "public, max-age=31536000",
        }
        if upload.is_reserved:
            headers["X-Robots-Tag"] = "noimageindex"
        if _is_unchanged(request, tag, upload.date):
            return web.Response(status=304, headers=headers)
        if stored not in self._made:
            work = asyncio.to_thread(render, upload.photo, self._site.recipe.treatment, file)
            self._made[stored] = asyncio.create_task(work)
        # Shielded: a visitor who leaves must not end the work that others wait for.
        body = await asyncio.shield(self._made[stored])
        return web.Response(body=body, content_type=file.mime_type, headers=headers)


def _target(address: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_unchanged(request: web.Request, tag: str, modified: datetime) -> bool:
    """Whether the visitor has the file already (RFC 9110 section 13.2.2: the tag counts before the date)."""
    if request.if_none_match is not None:
        return any(known == ETag(tag) or known.value == "*" for known in request.if_none_match)
    return request.if_modified_since is not None and modified <= request.if_modified_since


def _parameters(query: Mapping[str, str]) -> dict[str, str]:
    """The query as PHP reads it: the last of several, `name[]` as a list."""
    parameters: dict[str, str] = {}
    for name, value in query.items():
        plain = name.removesuffix("[]")
        is_list = plain != name and plain in parameters
        parameters[plain] = f"{parameters[plain]},{value}" if is_list else value
    return parameters


def _moved(address: str) -> web.Response:
    return web.Response(status=301, headers={"Location": address})


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", charset="UTF-8")


def _furniture(path: str) -> web.Response:
    kind = "gif" if path.endswith(".gif") else "png"
    return web.Response(body=_furniture_bytes(path, kind), content_type=f"image/{kind}")


@lru_cache
def _furniture_bytes(path: str, kind: str) -> bytes:
    width, height = FURNITURE[path]
    picture = Image.new("RGB", (width, height), "#f2f2f2")
    ImageDraw.Draw(picture).ellipse((0, 0, width - 1, height - 1), fill="#3a5a8a")
    body = io.BytesIO()
    picture.save(body, kind)
    return body.getvalue()
