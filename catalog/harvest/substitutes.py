"""What a server gave in place of pictures: a hot-link notice, "image unavailable", as the ledger shows it.

A substitute has the same bytes behind addresses that have nothing in common. A photograph that was uploaded twice has
two names, seldom more, and they are like each other; a placeholder that a theme shows everywhere has one address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from assets import upload_key
from catalog.model import AssetRecord, UsageRecord

# So many unlike names for the same bytes on one host are no photograph's. Of 525 captions and alt texts of real posts,
# feeds and pages, which is more than there were photographs, all but one stood with four unlike names at most on one
# host; the one was the caption of all 56 pictures of a gallery.
LEAST_UNLIKE_NAMES = 5

# Fewer are enough, alike or not, where the bytes are not what most of the addresses are said to hold: then it is no
# upload under several names, which would be what it was.
LEAST_ADDRESSES_BELIED = 3

# Declared sizes are rounded, and themes cut a little.
MOST_SHAPE_DIFFERENCE = 0.1

# Numbers, sizes and marks of a copy at the end of a name: another upload or size of what is called so.
_SUFFIX = re.compile(
    r"(?:[-_ .]*(?:\(\d{1,6}\)|\d+x\d+|\d{1,20}|e\d{13}|scaled|rotated|edited|cropped|copy|kopie|copie|copia))+$"
)

# Cameras and agencies number their pictures behind a few letters: there the number is the name.
LEAST_NAMING_LETTERS = 5
LEAST_NAMING_DIGITS = 4

# Formats that no server makes of a JPEG of its own accord, as it does with WebP and AVIF.
_UNLIKE_JPEG = frozenset({"PNG", "GIF", "BMP", "SVG"})
_JPEG_NAME = re.compile(r"(?i)\.jpe?g$")


@dataclass(frozen=True, slots=True)
class Substitute:
    """The host that gave the same bytes for so many unlike addresses."""

    host: str
    addresses: int

    def __str__(self) -> str:
        return f"probable substitute: {self.addresses} unlike addresses of {self.host} gave these same bytes"


@dataclass(slots=True)
class _Served:
    """What one host gave the bytes for; what most of its uses say of them."""

    uploads: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    uses: int = 0
    belied: int = 0


def find_substitutes(asset: AssetRecord, usages: Sequence[UsageRecord]) -> Mapping[str, Substitute]:
    """By host, where these bytes probably stand in for others; `usages` are all of the asset.

    >>> asset = AssetRecord(sha256="aa", width=300, height=100)
    >>> named = ("harbour", "mayor", "ferry", "storm", "market-hall")
    >>> uses = [UsageRecord(key=n, page="p", asset="aa", url=f"https://news.example/{n}.jpg") for n in named]
    >>> [str(found) for found in find_substitutes(asset, uses).values()]
    ['probable substitute: 5 unlike addresses of news.example gave these same bytes']
    >>> find_substitutes(asset, uses[:2])
    {}
    """
    if len(usages) < LEAST_ADDRESSES_BELIED:
        return {}
    by_host: dict[str, _Served] = defaultdict(_Served)
    for usage in usages:
        upload = upload_key(usage.url)
        host = _host_of(upload)
        if host:
            served = by_host[host]
            served.uploads.add(upload)
            served.names.add(_name_of(upload))
            served.uses += 1
            served.belied += _is_belied(asset, usage)
    counts = {host: _count_unlike(served) for host, served in by_host.items()}
    return {host: Substitute(host, count) for host, count in counts.items() if count}


def substitute_of(usage: UsageRecord, substitutes: Mapping[str, Substitute]) -> Substitute | None:
    """The substitute that a usage got, by its address."""
    return substitutes.get(_host_of(upload_key(usage.url))) if substitutes else None


def explain_substitutes(substitutes: Mapping[str, Substitute]) -> str:
    """What is told of an asset that stands in for others, `""` where it does not."""
    return "; ".join(map(str, substitutes.values()))


def _count_unlike(served: _Served) -> int:
    """How many unlike addresses show a substitute, 0 where none is shown."""
    if len(served.names) >= LEAST_UNLIKE_NAMES:
        return len(served.names)
    is_belied = served.belied * 2 > served.uses
    return len(served.uploads) if is_belied and len(served.uploads) >= LEAST_ADDRESSES_BELIED else 0


def _host_of(upload: str) -> str:
    """The host that an upload lies on, `""` for a file."""
    return upload[2:].partition("/")[0] if upload.startswith("//") else ""


def _name_of(upload: str) -> str:
    """What an upload is called, without what tells it from others of its name."""
    file = unquote(upload.partition("?")[0].rstrip("/").rpartition("/")[2]).casefold()
    stem = file.rpartition(".")[0] or file
    bare = _SUFFIX.sub("", stem)
    letters = sum(character.isalpha() for character in bare)
    digits = sum(character.isdigit() for character in stem)
    is_numbered = letters < LEAST_NAMING_LETTERS and digits >= LEAST_NAMING_DIGITS
    return stem if is_numbered else bare


def _is_belied(asset: AssetRecord, usage: UsageRecord) -> bool:
    """Whether the bytes are not what a usage says of them: another shape, or a format that its name excludes."""
    if asset.format in _UNLIKE_JPEG and _JPEG_NAME.search(usage.url.partition("?")[0]):
        return True
    sizes: Sequence[int | None] = (usage.width, usage.height, asset.width, asset.height)
    width, height, real_width, real_height = (size or 0 for size in sizes)
    if not (width and height and real_width and real_height):
        return False
    return abs(width * real_height / (height * real_width) - 1) > MOST_SHAPE_DIFFERENCE
