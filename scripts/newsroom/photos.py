"""The photographs that the newsroom's sites share: scikit-image's packaged ones, or a folder of pictures."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from PIL import Image, UnidentifiedImageError

T = TypeVar("T")

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")

# Agencies deliver pictures larger than the packaged ones are; every BIG_EVERY-th is past the 2560 pixels at
# which WordPress keeps the upload aside and publishes a `-scaled` one.
PRESS_SIDE = 1400
BIG_SIDE = 2800
BIG_EVERY = 5

# A press picture of BIG_SIDE takes up to 24 MB decoded.
PRESS_PICTURES_KEPT = 6

PHOTOGRAPHERS = ("Ana Ferreira", "Tomasz Wilk", "Ingrid Solberg", "Joseph Adeyemi", "Mei Tanaka")
AGENCIES = ("Harbour Press", "Northlight", "Agence Rivage")

# File, title, caption, credit, as scikit-image's documentation states them.
PACKAGED = (
    (
        "astronaut.png",
        "Eileen Collins before her first flight",
        "Astronaut Eileen Collins, selected in 1992, poses in front of a model of the space shuttle.",
        "NASA",
    ),
    (
        "coffee.png",
        "Espresso bar reopens",
        "A cup of coffee on a wooden table at the Pikolo Espresso Bar.",
        "Rachel Michetti",
    ),
    (
        "chelsea.png",
        "Missing cat Chelsea is found",
        "Chelsea the cat looks into the camera.",
        "Stefan van der Walt",
    ),
    (
        "rocket.jpg",
        "Falcon 9 lifts off with DSCOVR",
        "A Falcon 9 rocket lifts off from Launch Complex 40 at Cape Canaveral.",
        "SpaceX",
    ),
    (
        "hubble_deep_field.jpg",
        "Hubble's farthest view of the universe",
        "Thousands of galaxies in the Hubble eXtreme Deep Field.",
        "NASA/ESA",
    ),
    (
        "camera.png",
        "The man behind the camera",
        "A photographer at work with a camera on a tripod.",
        "Lav Varshney",
    ),
    (
        "coins.png",
        "Greek coins from Pompeii on show",
        "Rows of Greek coins found at Pompeii.",
        "Brooklyn Museum",
    ),
    (
        "motorcycle_left.png",
        "Motorcycle workshop opens its doors",
        "A motorcycle stands in a garage.",
        "Daniel Scharstein/Middlebury College",
    ),
    (
        "moon.png",
        "New chart of the moon",
        "Craters on the surface of the moon in low light.",
        "NASA",
    ),
    (
        "retina.jpg",
        "Eye clinics ask for earlier tests",
        "A photograph of the back of a healthy human eye.",
        "Mikael Häggström",
    ),
    (
        "ihc.png",
        "Tissue bank celebrates ten years",
        "Stained glands under the microscope.",
        "Center for Microscopy and Molecular Imaging",
    ),
    (
        "clock_motion.png",
        "Clocks go back on Sunday",
        "A wall clock, blurred by the movement of the camera.",
        "Stefan van der Walt",
    ),
    ("brick.png", "Brickworks to close", "A wall built of the works' last bricks.", "CC0Textures"),
    ("grass.png", "Drought reaches the parks", "Grass in a city park this week.", "Linolafett"),
    ("gravel.png", "Gravel pit dispute goes to court", "Gravel from the disputed pit.", "CC0Textures"),
)
PACKAGED_GRAPHICS = (("logo.png", "Graphic of the day", "A snake drawn as a logo.", "scikit-image"),)


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph as the agency delivers it, `width` by `height`."""

    name: str
    path: Path
    digest: str
    width: int
    height: int
    title: str
    caption: str
    credit: str
    is_graphic: bool = False

    @property
    def alt(self) -> str:
        """The caption's words without its full stop, as many desks fill the field."""
        return self.caption.rstrip(".")


def pick(options: Sequence[T], *key: object) -> T:
    """One of the options, always the same one for the same key."""
    return options[int.from_bytes(_hash(*key)[:4], "big") % len(options)]


def chance(*key: object) -> float:
    """A number from 0 up to 1, always the same one for the same key."""
    return int.from_bytes(_hash(*key)[:4], "big") / 2**32


def _hash(*key: object) -> bytes:
    return hashlib.sha256(repr(key).encode()).digest()


def packaged_photos() -> list[Photo]:
    """The photographs inside the installed scikit-image; FileNotFoundError when it is not installed."""
    spec = importlib.util.find_spec("skimage")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            "scikit-image is not installed: pip install scikit-image, or give --photos DIR"
        )
    folder = Path(spec.origin).parent / "data"
    rows = [(row, False) for row in PACKAGED] + [(row, True) for row in PACKAGED_GRAPHICS]
    photos: list[Photo] = []
    for (file, title, caption, credit), is_graphic in rows:
        # A later scikit-image may move a file out of the package, to be downloaded on demand.
        if (folder / file).is_file():
            photos.append(_photo(folder / file, len(photos), (title, caption, credit), is_graphic=is_graphic))
    return _named_apart(photos)


def folder_photos(folder: Path) -> list[Photo]:
    """The pictures of a folder, by name, with titles made of their names and invented credits."""
    photos: list[Photo] = []
    for path in _picture_files(folder):
        title = path.stem.replace("-", " ").replace("_", " ").capitalize()
        credit = f"{pick(PHOTOGRAPHERS, 'by', path.name)}/{pick(AGENCIES, 'for', path.name)}"
        photos.append(_photo(path, len(photos), (title, f"{title}, seen this week.", credit)))
    return _named_apart(photos)


def _picture_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            with Image.open(path, formats=FORMATS):
                yield path
        except (UnidentifiedImageError, OSError):
            continue


def _photo(path: Path, number: int, texts: tuple[str, str, str], *, is_graphic: bool = False) -> Photo:
    title, caption, credit = texts
    with Image.open(path, formats=FORMATS) as image:
        width, height = image.size
    side = BIG_SIDE if number % BIG_EVERY == BIG_EVERY - 1 else PRESS_SIDE
    factor = 1.0 if is_graphic else max(1.0, side / max(width, height))
    return Photo(
        name="-".join(re.findall(r"[a-z0-9]+", title.replace("'", "").lower())) or "picture",
        path=path,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        width=round(width * factor),
        height=round(height * factor),
        title=title,
        caption=caption,
        credit=credit,
        is_graphic=is_graphic,
    )


def _named_apart(photos: Sequence[Photo]) -> list[Photo]:
    """The photographs with `-2`, `-3` after a name that was taken, as WordPress names uploads."""
    uses: Counter[str] = Counter()
    named: list[Photo] = []
    for photo in photos:
        uses[photo.name] += 1
        count = uses[photo.name]
        named.append(photo if count == 1 else replace(photo, name=f"{photo.name}-{count}"))
    return named


@lru_cache(maxsize=PRESS_PICTURES_KEPT)
def press_picture(photo: Photo) -> Image.Image:
    """The photograph at the size the agency delivers."""
    with Image.open(photo.path, formats=FORMATS) as image:
        picture = image.convert("RGBA" if photo.is_graphic else "RGB")
    if picture.size == (photo.width, photo.height):
        return picture
    return picture.resize((photo.width, photo.height), Image.Resampling.BICUBIC)
