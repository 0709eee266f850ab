"""A WordPress of a few posts, for tests of what a harvest keeps of a site: it lists, and gives posts by their ids.

site = SmallSite()
site.post(7, "kim.jpg")
with site.running() as server:
    server.url("/")
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from urllib.parse import parse_qs

from pictures import jpeg_bytes, photo
from servers import Answer, Request, Server

TYPES = {"post": "posts", "page": "pages"}


class SmallSite:
    """Posts by type and id, and files by name; what a test puts in or takes out is there at the next request."""

    def __init__(self) -> None:
        self.posts: dict[str, dict[int, dict[str, object]]] = {name: {} for name in TYPES}
        self.files: dict[str, Answer] = {}
        self.media: dict[int, dict[str, object]] = {}
        self._server: Server | None = None

    def post(
        self,
        number: int,
        *files: str,
        kind: str = "post",
        modified: str = "2025-08-01T06:00:00",
        featured: int = 0,
    ) -> dict[str, object]:
        """Publish a post, or a page, with pictures, those that are not there yet drawn; `featured` is a media item."""
        for place, name in enumerate(files):
            self.files.setdefault(
                name, Answer(jpeg_bytes(photo(number * 10 + place)), content_type="image/jpeg")
            )
        images = "".join(f"<p>Text.</p><img src='ORIGIN/up/{name}' alt='{name}'>" for name in files)
        self.posts[kind][number] = {
            "id": number,
            "type": kind,
            "status": "publish",
            "link": f"ORIGIN/{number}/",
            "date": "2025-08-01T06:00:00",
            "date_gmt": "2025-08-01T06:00:00",
            "modified_gmt": modified,
            "title": {"rendered": f"Story {number}"},
            "content": {"rendered": images, "protected": False},
            "featured_media": featured,
            "_links": {"self": [{"href": f"ORIGIN/wp-json/wp/v2/{TYPES[kind]}/{number}"}]},
        }
        if featured:
            self.posts[kind][number]["_embedded"] = {"wp:featuredmedia": [self.media[featured]]}
        return self.posts[kind][number]

    def medium(self, number: int, file: str, **fields: object) -> None:
        """Have a picture in the media library."""
        self.files.setdefault(file, Answer(jpeg_bytes(photo(number)), content_type="image/jpeg"))
        self.media[number] = {
            "id": number,
            "type": "attachment",
            "media_type": "image",
            "date": "2025-07-31T18:00:00",
            "date_gmt": "2025-07-31T18:00:00",
            "modified_gmt": "2025-07-31T18:00:00",
            "source_url": f"ORIGIN/up/{file}",
            "alt_text": "",
            "caption": {"rendered": ""},
            "media_details": {"width": 480, "height": 320, "sizes": {}},
            **fields,
        }

    @contextmanager
    def running(self) -> Iterator[Server]:
        with Server(fallback=self._answer) as server:
            self._server = server
            yield server

    def _answer(self, request: Request) -> Answer:
        path = request.path
        if path == "/":
            link = f'<{self._origin}/wp-json/>; rel="https://api.w.org/"'
            return Answer(b"<title>News</title>", content_type="text/html", headers={"Link": link})
        if path.startswith("/up/"):
            return self.files.get(path.removeprefix("/up/"), Answer(status=404))
        if path == "/wp-json/wp/v2/types":
            return self._json({name: {"slug": name, "rest_base": base} for name, base in TYPES.items()})
        for name, base in TYPES.items():
            if path == f"/wp-json/wp/v2/{base}":
                return self._collection(list(self.posts[name].values()), request)
            number = path.removeprefix(f"/wp-json/wp/v2/{base}/")
            if number.isdecimal() and int(number) in self.posts[name]:
                return self._json(self.posts[name][int(number)])
        if path == "/wp-json/wp/v2/media":
            return self._collection(list(self.media.values()), request)
        return self._json({"code": "rest_post_invalid_id", "data": {"status": 404}}, status=404)

    def _collection(self, posts: list[dict[str, object]], request: Request) -> Answer:
        query = {name: values[0] for name, values in parse_qs(request.query).items()}
        posts = sorted(posts, key=lambda post: str(post["id"]).zfill(9))
        if "include" in query:
            posts = [post for post in posts if str(post["id"]) in query["include"].split(",")]
        if "modified_after" in query:
            posts = [post for post in posts if f"{post['modified_gmt']}Z" > query["modified_after"]]
        size, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
        pages = max(1, -(-len(posts) // size))
        totals = {"X-WP-Total": str(len(posts)), "X-WP-TotalPages": str(pages)}
        return self._json(posts[(page - 1) * size : page * size], totals)

    def _json(self, value: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Answer:
        body = json.dumps(value).replace("ORIGIN", self._origin).encode()
        dated = {"Date": formatdate(usegmt=True), **(headers or {})}
        return Answer(body, status=status, content_type="application/json", headers=dated)

    @property
    def _origin(self) -> str:
        return self._server.url("") if self._server is not None else ""
