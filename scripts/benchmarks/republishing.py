"""A made newsroom: WordPress sites that republish photographs and their edits, and what is true of every use.

Each site is a folder: `posts/` holds its posts as the REST API tells them, `wp-content/uploads/` the files. The same
seed makes the same newsroom, but for the ports that the addresses name.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import socket
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any, Literal

import numpy as np
from aiohttp import web
from PIL import Image, ImageOps

LOOPBACK = "127.0.0.1"
UPLOADS = "wp-content/uploads"
POSTS_PER_FILE = 100
MOST_PICTURES_ON_A_PAGE = 3

# WordPress's own sizes and quality. Photographs of a benchmark are small: here a site that filters
# `big_image_size_threshold` scales these down too.
BOXES = {"medium": 300, "thumbnail": 150, "scaled": 480}
SUB_SIZE_QUALITY = 82

# How many uploads get sizes at all, and how many of these are also `-scaled`.
SIZED_SHARE = 0.6
SCALED_SHARE = 0.5

# Of the uses beyond the first one of each file, how many show a size variant instead of the file once more.
VARIANT_SHARE = 0.7

FIRST_DAY = datetime(2025, 3, 1, tzinfo=UTC)
DAYS = 120
MEAN_HOURS_AFTER = 30.0

PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

# Every site uses the same few names, so that one name stands for many pictures.
STEMS = ("photo", "image", "IMG_2025", "foto-news")

WHO = ("Dock workers", "Schoolchildren", "Farmers", "Firefighters", "Delegates", "Street musicians")
DO = ("wait", "gather", "look on", "prepare for the evening", "pass by", "take a rest")
WHERE = ("in the old harbour", "near the town hall", "at the fairground", "on the ring road", "by the river")
CREDITS = (
    "Ana Ferreira/Harbour Press",
    "Tomasz Wilk/Northlight",
    "Ingrid Solberg/Agence Rivage",
    "Mei Tanaka",
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one site republishes: what it makes of captions and credits, and how its theme writes a picture."""

    name: str
    wording: Literal["kept", "reworded", "shortened", "none"]
    credit: Literal["in file", "in caption", "changed", "lost"]
    markup: Literal["block", "classic", "lazy"]
    has_srcset: bool


RECIPES = (
    Recipe("The agency", "kept", "in file", "block", has_srcset=True),
    Recipe("The daily", "kept", "in caption", "block", has_srcset=True),
    Recipe("The portal", "kept", "lost", "classic", has_srcset=False),
    Recipe("The gazette", "reworded", "in caption", "classic", has_srcset=True),
    Recipe("The aggregator", "none", "lost", "lazy", has_srcset=False),
    Recipe("Metro Press", "shortened", "changed", "lazy", has_srcset=True),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One site: `host` is its address and port, `folder` what it serves."""

    host: str
    folder: Path
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class File:
    """A photograph or an edit. `sources` names the photographs in it: one, or a collage's two."""

    path: Path
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """One file of an upload. `kind` is "upload" for its own bytes, else "scaled", "medium" or "thumbnail"."""

    kind: str
    path: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as one site keeps it: the upload itself comes first in `sizes`."""

    site: Site
    media_id: int
    file: File
    sizes: tuple[Size, ...]

    @property
    def main(self) -> Size:
        """What the media item calls its file: `-scaled` where there is one."""
        return self.size("scaled") or self.sizes[0]

    def size(self, kind: str) -> Size | None:
        """The size of that kind."""
        return next((size for size in self.sizes if size.kind == kind), None)

    def address(self, size: Size) -> str:
        """Where a size is served."""
        return f"http://{self.site.host}/{size.path}"


@dataclass(frozen=True, slots=True)
class Use:
    """One size of an upload, wanted by a page at a moment."""

    upload: Upload
    size: Size
    moment: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A post and the pictures it shows."""

    site: Site
    number: int
    uses: tuple[Use, ...]

    @property
    def moment(self) -> datetime:
        """When it was published: when its last picture was at hand."""
        return max(use.moment for use in self.uses)

    @property
    def address(self) -> str:
        """Its permalink."""
        return f"http://{self.site.host}/{self.moment:%Y/%m}/story-{self.number}/"

    @property
    def featured(self) -> Use | None:
        """The use that stands as featured media, if any: only a media item's main file can."""
        first = self.uses[0]
        return first if first.size == first.upload.main else None


def made_sites(folder: Path, hosts: Sequence[str]) -> list[Site]:
    """Sites without anything on them yet."""
    sites = [
        Site(host, folder / f"site-{number + 1}", RECIPES[number % len(RECIPES)])
        for number, host in enumerate(hosts)
    ]
    for site in sites:
        (site.folder / UPLOADS).mkdir(parents=True)
        (site.folder / "posts").mkdir()
    return sites


def made_pages(
    sites: Sequence[Site], originals: Sequence[File], edits: Sequence[File], usages: int, seed: str
) -> list[Page]:
    """Pages written to the sites: each original is used, then each edit; the rest are size variants and reuses."""
    maker = _Maker(sites, seed)
    for file in originals:
        maker.begin(file)
    for number in maker.random.permutation(len(edits))[: usages - len(originals)]:
        maker.use(edits[number])
    while len(maker.uses) < usages:
        maker.use_again()
    pages = list(_pages(maker.uses, maker.random))
    for site in sites:
        posts = [post_item(page, seed) for page in pages if page.site is site]
        for first in range(0, len(posts), POSTS_PER_FILE):
            path = site.folder / "posts" / f"posts-{first // POSTS_PER_FILE + 1}.json"
            text = json.dumps(posts[first : first + POSTS_PER_FILE], ensure_ascii=False)
            path.write_text(text, encoding="utf-8")
    return pages


class _Maker:
    """Decides who uses what, and brings the files to their sites."""

    def __init__(self, sites: Sequence[Site], seed: str) -> None:
        self.random = _random(seed, "newsroom")
        self.uses: list[Use] = []
        self._sites = sites
        self._uploads: dict[tuple[str, Path], Upload] = {}
        self._names: Counter[tuple[str, str]] = Counter()
        # Sizes that nobody shows yet.
        self._unshown: list[tuple[Upload, Size]] = []
        self._began: dict[str, datetime] = {}

    def begin(self, photograph: File) -> None:
        """Use a photograph for the first time."""
        moment = FIRST_DAY + timedelta(days=self.random.uniform(0, DAYS))
        self._began[photograph.sources[0]] = moment
        self._show(photograph, self._site(), moment)

    def use(self, edit: File) -> None:
        """Use an edit, later than the photographs in it."""
        self._show(edit, self._site(), self._later(edit))

    def use_again(self) -> None:
        """Show a size variant that nobody shows, or a file once more, there or on another site."""
        if self._unshown and self.random.random() < VARIANT_SHARE:
            upload, size = self._unshown.pop(self.random.integers(len(self._unshown)))
            self.uses.append(Use(upload, size, self._later(upload.file)))
            return
        known = self.uses[self.random.integers(len(self.uses))].upload
        site = self._site() if self.random.random() < 0.5 else known.site
        self._show(known.file, site, self._later(known.file))

    def _show(self, file: File, site: Site, moment: datetime) -> None:
        upload = self._uploads.get((site.host, file.path)) or self._upload(file, site, moment)
        self.uses.append(Use(upload, upload.sizes[0], moment))

    def _upload(self, file: File, site: Site, moment: datetime) -> Upload:
        name = f"{UPLOADS}/{moment:%Y/%m}/{STEMS[self.random.integers(len(STEMS))]}"
        number = self._names[site.host, name]
        self._names[site.host, name] += 1
        # WordPress counts the uploads of one name.
        name += f"-{number}" if number else ""
        kinds: tuple[str, ...] = ()
        # Half a collage, which a thumbnail can be, would not show both photographs.
        if len(file.sources) == 1 and self.random.random() < SIZED_SHARE:
            kinds = ("medium", "thumbnail")
            kinds += ("scaled",) if self.random.random() < SCALED_SHARE else ()
        upload = Upload(site, 100 + len(self._uploads), file, tuple(_sizes(file, site.folder, name, kinds)))
        self._uploads[site.host, file.path] = upload
        self._unshown += [(upload, size) for size in upload.sizes[1:]]
        return upload

    def _site(self) -> Site:
        return self._sites[int(self.random.integers(len(self._sites)))]

    def _later(self, file: File) -> datetime:
        began = max(self._began[source] for source in file.sources)
        return began + timedelta(hours=0.1 + self.random.exponential(MEAN_HOURS_AFTER))


def _random(*key: str) -> np.random.Generator:
    digest = hashlib.sha256("|".join(key).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _sizes(file: File, folder: Path, name: str, kinds: Sequence[str]) -> Iterator[Size]:
    """The upload's files, written: the bytes themselves, then what WordPress makes of them where they are larger."""
    ending = file.path.suffix.lower()
    path = f"{name}{ending}"
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file.path, folder / path)
    with Image.open(file.path) as opened:
        image = ImageOps.exif_transpose(opened) if kinds else opened
        yield Size("upload", path, *image.size, _sha256(folder / path))
        for kind in kinds:
            side = BOXES[kind]
            if (min if kind == "thumbnail" else max)(image.size) > side:
                resize = ImageOps.fit if kind == "thumbnail" else ImageOps.contain
                smaller = resize(image.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
                path = f"{name}-{kind if kind == 'scaled' else '{}x{}'.format(*smaller.size)}{ending}"
                smaller.save(folder / path, quality=SUB_SIZE_QUALITY)
                yield Size(kind, path, *smaller.size, _sha256(folder / path))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _pages(uses: Sequence[Use], random: np.random.Generator) -> Iterator[Page]:
    """The uses of each site in order of time, one to three a page, no upload twice on one."""
    by_site: dict[str, list[Use]] = defaultdict(list)
    for use in sorted(uses, key=lambda use: use.moment):
        by_site[use.upload.site.host].append(use)
    number = 1000
    for waiting in by_site.values():
        while waiting:
            room = int(random.integers(1, MOST_PICTURES_ON_A_PAGE + 1))
            shown = [waiting.pop(0)]
            while waiting and len(shown) < room and all(waiting[0].upload is not one.upload for one in shown):
                shown.append(waiting.pop(0))
            yield Page(shown[0].upload.site, number, tuple(shown))
            number += 1


# Posts


def post_item(page: Page, seed: str) -> dict[str, Any]:
    """A post as the REST API tells it with `_embed`."""
    featured, time = page.featured, f"{page.moment:%Y-%m-%dT%H:%M:%S}"
    api = f"http://{page.site.host}/wp-json/wp/v2"
    links: dict[str, Any] = {"self": [{"href": f"{api}/posts/{page.number}"}]}
    embedded = {}
    if featured is not None:
        record = {"embeddable": True, "href": f"{api}/media/{featured.upload.media_id}"}
        links["wp:featuredmedia"] = [record]
        embedded = {"wp:featuredmedia": [media_item(featured.upload, seed)]}
    content = "".join(f"{_picture(use, seed)}\n" for use in page.uses if use is not featured)
    return {
        "id": page.number,
        "date": time,
        "date_gmt": time,
        "modified_gmt": time,
        "type": "post",
        "link": page.address,
        "title": {"rendered": f"Story {page.number}"},
        "content": {"rendered": f"<p>Taken this week, passed on since.</p>\n{content}", "protected": False},
        "featured_media": featured.upload.media_id if featured is not None else 0,
        "_links": links,
        "_embedded": embedded or [],
    }


def media_item(upload: Upload, seed: str) -> dict[str, Any]:
    """A media item as it stands embedded in a post."""
    caption, alt, credit = _words(upload, seed)
    main = upload.main
    sizes = {
        size.kind: {"width": size.width, "height": size.height, "source_url": upload.address(size)}
        for size in upload.sizes
        if size.kind in ("medium", "thumbnail")
    }
    details: dict[str, Any] = {
        "width": main.width,
        "height": main.height,
        "file": main.path.removeprefix(f"{UPLOADS}/"),
        "sizes": sizes or [],
        "image_meta": {"credit": credit, "caption": "", "copyright": "", "title": ""},
    }
    if main is not upload.sizes[0]:
        details["original_image"] = Path(upload.sizes[0].path).name
    return {
        "id": upload.media_id,
        "type": "attachment",
        "media_type": "image",
        "mime_type": "image/" + main.path.rpartition(".")[2].replace("jpg", "jpeg"),
        "alt_text": alt,
        "caption": {"rendered": f"<p>{escape(caption)}</p>" if caption else ""},
        "media_details": details,
        "source_url": upload.address(main),
    }


def _picture(use: Use, seed: str) -> str:
    upload, size, recipe = use.upload, use.size, use.upload.site.recipe
    caption, alt, _ = _words(upload, seed)
    number, source, srcset = upload.media_id, upload.address(size), ""
    lazy = "data-" if recipe.markup == "lazy" else ""
    placeholder = f'src="{PLACEHOLDER}" ' if lazy else ""
    medium = upload.size("medium")
    if recipe.has_srcset and medium is not None and size == upload.main:
        # The theme shows a smaller size; what the page uses is the largest one offered.
        source = upload.address(medium)
        srcset = f'{lazy}srcset="{source} {medium.width}w, {upload.address(size)} {size.width}w" '
    image = (
        f'<img {placeholder}{lazy}src="{source}" {srcset}'
        f'width="{size.width}" height="{size.height}" alt="{escape(alt)}" class="wp-image-{number}"/>'
    )
    if recipe.markup == "classic":
        text = f'<p class="wp-caption-text">{escape(caption)}</p>'
        return f'<div id="attachment_{number}" class="wp-caption">{image}{text}</div>'
    return f"<figure>{image}{f'<figcaption>{escape(caption)}</figcaption>' if caption else ''}</figure>"


def _words(upload: Upload, seed: str) -> tuple[str, str, str]:
    """Caption, alt text and the credit in the file's fields: the facts are the photograph's, the words the site's."""
    recipe = upload.site.recipe
    random = _random(seed, "words", upload.file.sources[0])
    who, do, where, credit = (one[random.integers(len(one))] for one in (WHO, DO, WHERE, CREDITS))
    caption = {
        "kept": f"{who} {do} {where} on Tuesday.",
        "reworded": f"What they saw: {who.lower()}, {where}, as they {do}.",
        "shortened": f"{who} {where}.",
        "none": "",
    }[recipe.wording]
    if recipe.credit in ("in caption", "changed"):
        caption += f" (Photo: {credit if recipe.credit == 'in caption' else recipe.name})"
    return caption, f"{who} {where}", credit if recipe.credit == "in file" else ""


# Serving


def listening(sites: int) -> list[socket.socket]:
    """A listening socket for each site, on ports that are free."""
    return [socket.create_server((LOOPBACK, 0), backlog=128) for _ in range(sites)]


@contextmanager
def serving(sites: Sequence[Site], sockets: Sequence[socket.socket]) -> Iterator[None]:
    """The uploads of the sites served from a thread, which has ended when the block is left."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        runners = asyncio.run_coroutine_threadsafe(_start(sites, sockets), loop).result()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(_stop(runners), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(sites: Sequence[Site], sockets: Sequence[socket.socket]) -> list[web.AppRunner]:
    runners = []
    for site, listener in zip(sites, sockets, strict=True):
        application = web.Application()
        application.router.add_static("/wp-content", site.folder / "wp-content")
        runners.append(web.AppRunner(application, access_log=None, shutdown_timeout=1))
        await runners[-1].setup()
        await web.SockSite(runners[-1], listener).start()
    return runners


async def _stop(runners: Sequence[web.AppRunner]) -> None:
    for runner in runners:
        await runner.cleanup()
