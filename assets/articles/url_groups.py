"""Which addresses on one page are of one picture, though its crops and sizes are named differently.

Image services keep a picture's own number, hash or name in every address of it. What names a picture is what no
other picture on the page has, and what is not in the page's own address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import unquote

from assets.markup import upload_keys
from assets.parsing import urls

# A mark that so many other pictures of a page bear names an account, a day or a folder.
_COMMON = 3

# Names nest addresses at most so deep: a service in front of a service.
_MAX_NESTING = 3

_NESTED = re.compile(r"(?i)https?:/{1,2}(?=[^/])")
_EXTENSION = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp|image)$")
_SIZE = re.compile(r"(?i)(?:^|[-_.~])(?:\d{1,5}x\d{1,5}|[wh]\d{2,5}|\d{2,4}[wh])(?=$|[-_.~])")
_PIECES = re.compile(r"[^0-9a-z]+")
_HASH = re.compile(
    r"(?=[a-z]*\d)[0-9a-f]{8,}|[0-9a-z]*\d{6,}[0-9a-z]*|(?=(?:\D*\d){3})(?=(?:[^a-z]*[a-z]){3})[0-9a-z]{10,}"
)
_DATE = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?")

# Shorter names are given to many pictures: `image`, `photo-1`, `cover`.
_MIN_NAME_CHARACTERS = 8
_GENERIC = re.compile(
    r"(?:original|image|images|photo|picture|thumbnail|thumb|standard|square|wide|large|medium|small|header|cover"
    r"|featured|default|main|landscape|portrait|social|share|desktop|mobile|upload|uploads|master|full|[\d\W_]|jpe?g)*"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What may name the picture behind an address: `strong` names it alone, `weak` may name its subject."""

    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()


class Likeness(IntEnum):
    """How sure it is that two pictures are one."""

    NONE = 0
    WEAK = 1
    STRONG = 2


def marks(address: str) -> Marks:
    """What names the picture behind an address: numbers, hashes, its file's or its folder's name.

    >>> marks("https://img.example/c/kim-visit-farm_16x9.jpg?w=600")
    Marks(strong=frozenset({'kim-visit-farm'}), weak=frozenset())
    """
    *folders, file = _inner_path(address).lower().split("/")
    name = _EXTENSION.sub("", file)
    stem = _SIZE.sub("", name).strip("-_.~ ")
    strong = {piece for part in (*folders, name) for piece in _PIECES.split(part) if _is_number(piece)}
    if _is_name(stem):
        strong.add(stem)
    weak = {part for part in re.split(r"[_.~]+", stem) if "-" in part and _is_name(part)}
    folder = next((part for part in reversed(folders) if part), "")
    # A picture with a folder of its own: its files are called after it, or by their size alone.
    if _is_name(folder) and (stem.startswith(folder) or _GENERIC.fullmatch(stem)):
        weak.add(folder)
    return Marks(frozenset(strong), frozenset(weak - strong))


def _inner_path(address: str) -> str:
    """The decoded path of an address, or of the address that an image service has in its own."""
    url = urls.parse(address)
    if url is None:
        return ""
    path, query = url.pathname, url.search
    for _ in range(_MAX_NESTING):
        inner = _NESTED.split(unquote(f"{path}{query}"))
        if len(inner) == 1:
            break
        path, _, query = inner[-1].partition("?")
        path = f"/{path.partition('/')[2]}"
    return unquote(path).split("&")[0]


def _is_number(piece: str) -> bool:
    return _HASH.fullmatch(piece) is not None and _DATE.fullmatch(piece) is None


def _is_name(part: str) -> bool:
    return (
        len(part) >= _MIN_NAME_CHARACTERS and _GENERIC.fullmatch(part) is None and any(map(str.isalpha, part))
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What an address may be met by: names of its upload, marks that name its picture, and marks of any kind."""

    uploads: frozenset[str]
    strong: frozenset[str]
    all: frozenset[str]


class UrlGroups:
    """Tells which pictures of one page are one; made from the page's address and all its pictures' addresses."""

    def __init__(self, page_url: str, addresses: Iterable[str]) -> None:
        own = marks(page_url)
        files = {urls.identity(address).partition("?")[0]: address for address in addresses}
        self._marks = {address: marks(address) for address in files.values()}
        counts = Counter(mark for found in self._marks.values() for mark in found.strong | found.weak)
        common = {mark for mark, count in counts.items() if count >= _COMMON}
        self._telling_nothing = own.strong | own.weak | common
        self._names: dict[str, Names] = {}

    def likeness(self, one: Iterable[str], other: Iterable[str]) -> Likeness:
        """How sure it is that two pictures, each given by its addresses, are one."""
        index = PictureIndex(self)
        index.add(0, other)
        return index.find(one)[0]

    def names_of(self, address: str) -> Names:
        """What an address may be met by on this page."""
        if address not in self._names:
            found = self._marks.get(address) or marks(address)
            strong = found.strong - self._telling_nothing
            self._names[address] = Names(
                upload_keys(address), strong, strong | (found.weak - self._telling_nothing)
            )
        return self._names[address]


class PictureIndex:
    """Pictures of one page by their places and by what names them, so that none is looked for one by one."""

    def __init__(self, url_groups: UrlGroups) -> None:
        self._url_groups = url_groups
        # By each name the first place that has it.
        self._uploads: dict[str, int] = {}
        self._strong: dict[str, int] = {}
        self._all: dict[str, int] = {}

    def add(self, place: int, addresses: Iterable[str]) -> None:
        """Note addresses of the picture at a place; more of them may follow."""
        for address in addresses:
            names = self._url_groups.names_of(address)
            for table, given in (
                (self._uploads, names.uploads),
                (self._strong, names.strong),
                (self._all, names.all),
            ):
                for name in given:
                    table[name] = min(place, table.get(name, place))

    def find(self, addresses: Iterable[str]) -> tuple[Likeness, int]:
        """How like the one at some addresses the picture is that is most like it, and its place, -1 for none.

        Of pictures equally like it the first is told.
        """
        found = [self._url_groups.names_of(address) for address in addresses]
        sure = [self._uploads[name] for names in found for name in names.uploads & self._uploads.keys()]
        sure += [self._strong[name] for names in found for name in names.strong & self._strong.keys()]
        if sure:
            return Likeness.STRONG, min(sure)
        likely = [self._all[name] for names in found for name in names.all & self._all.keys()]
        return (Likeness.WEAK, min(likely)) if likely else (Likeness.NONE, -1)
