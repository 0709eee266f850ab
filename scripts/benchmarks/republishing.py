"""A made newsroom: WordPress sites that republish photographs and their edits, and what is true of every use.

Each site is a folder: `posts/` holds its posts as the REST API tells them, `wp-content/uploads/` the files. The same
seed makes the same newsroom, but for the ports that the addresses name.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from benchmarks.newsroom import RECIPES, UPLOADS, File, Page, Site, Size, Upload, Use, seeded
from benchmarks.posts import post_item

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

# Every site uses the same few names, so that one name stands for many pictures.
STEMS = ("photo", "image", "IMG_2025", "foto-news")


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
        self.random = seeded(seed, "newsroom")
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
