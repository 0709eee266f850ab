"""Sizes of one upload: which copies of a photograph are size variants of which, on the same site.

WordPress writes a dozen sizes of every upload, and posts show now one, now another. On one site that is no reuse.
What shows it, the strongest first: the upload that the harvest fetched from behind a size, the addresses that one use
gives for its picture (`media_details.sizes`, `original_image`, `srcset`), the media id, the upload's name.

Names and ids are hypotheses. They count only because everything here was verified to show one photograph.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from urllib.parse import unquote

from assets import upload_key
from catalog.model import AssetRecord, UsageRecord

# The relation that the ledger writes beside an upload that it fetched.
SIZE_VARIANT = "size variant of"

_SCHEME = re.compile(r"^[A-Za-z]+://(?:www\.)?")


@dataclass(frozen=True, slots=True)
class Variant:
    """`upload` is the SHA-256 of the upload that an asset is a size of, or of the largest size; `evidence` says why."""

    upload: str
    evidence: str


class _Strength(IntEnum):
    """How strong a piece of evidence is, the strongest first."""

    RELATED = 0
    OFFERED = 1
    MEDIA_ID = 2
    NAME = 3


@dataclass(frozen=True, slots=True)
class _Link:
    """Two assets that are sizes of one upload on one site, and what shows it."""

    strength: _Strength
    one: str
    other: str
    evidence: str


class _Place:
    """What one site shows of the photograph: the copies it uses, at which addresses, and how large they are."""

    def __init__(self, name: str, usages: Sequence[UsageRecord], members: Mapping[str, AssetRecord]) -> None:
        self.name = name
        self.usages = usages
        self.members = members
        self.named_as_uploads = {usage.asset for usage in usages if _is_named_as_upload(usage.url)}

    def rank(self, sha256: str) -> tuple[int, bool, int, str]:
        """The larger the copy the higher; of equals what is named as an upload, then the longer file."""
        asset = self.members[sha256]
        return pixels(asset), sha256 in self.named_as_uploads, asset.length, sha256

    def usages_of(self, sha256: str) -> list[UsageRecord]:
        """The usages of one copy."""
        return [usage for usage in self.usages if usage.asset == sha256]


def fold_variants(assets: Sequence[AssetRecord], usages: Sequence[UsageRecord]) -> dict[str, Variant]:
    """From each size variant's SHA-256 to its upload, among copies that were verified to show one photograph.

    A size of a size is told with the upload on top. Never across sites: who takes a size from elsewhere reuses it. An
    asset that several sites use is a variant only if it is one on each of them, and one without any usage only by what
    the harvest wrote of it. Where a usage has no site, its page stands for one.

    >>> k, small = AssetRecord(sha256="aa", width=900, height=600), AssetRecord(sha256="bb", width=300, height=200)
    >>> on = "https://news.example/up/"
    >>> first = UsageRecord(key="1", page="p", site="news.example", asset="aa", url=on + "k.jpg")
    >>> second = UsageRecord(key="2", page="q", site="news.example", asset="bb", url=on + "k-300x200.jpg")
    >>> fold_variants([k, small], [first, second])
    {'bb': Variant(upload='aa', evidence='named k-300x200.jpg, a size of k.jpg')}
    """
    members = {asset.sha256: asset for asset in assets}
    by_place: dict[str, list[UsageRecord]] = defaultdict(list)
    for usage in usages:
        if usage.asset in members:
            by_place[usage.site or usage.page].append(usage)
    used_on: dict[str, set[str]] = {sha256: set() for sha256 in members}
    for name, there in by_place.items():
        for usage in there:
            used_on[usage.asset].add(name)
    found = {
        name: _variants_on(_Place(name, by_place.get(name, ()), members), used_on) for name in (*by_place, "")
    }
    on_all = {
        sha256: _find_common_variant(sha256, used_on[sha256] or {""}, found, members) for sha256 in members
    }
    return _to_the_top({sha256: variant for sha256, variant in on_all.items() if variant is not None})


def pixels(asset: AssetRecord) -> int:
    """How many pixels a picture has."""
    return asset.width * asset.height


def _find_common_variant(
    sha256: str,
    places: Iterable[str],
    found: Mapping[str, Mapping[str, Variant]],
    members: Mapping[str, AssetRecord],
) -> Variant | None:
    """What an asset is a variant of, None unless it is one at every place that uses it."""
    variants = [found[place].get(sha256) for place in sorted(places)]
    whole = [variant for variant in variants if variant is not None]
    if len(whole) < len(variants):
        return None
    uploads = (members[variant.upload] for variant in whole)
    top = max(uploads, key=lambda asset: (pixels(asset), asset.length, asset.sha256))
    return Variant(top.sha256, _join_evidence(variant.evidence for variant in whole))


def _join_evidence(evidence: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(evidence))


def _to_the_top(variants: dict[str, Variant]) -> dict[str, Variant]:
    """Every variant with an upload that is no variant itself."""
    resolved = {}
    for sha256, variant in variants.items():
        upload = variant.upload
        while upload in variants:
            upload = variants[upload].upload
        resolved[sha256] = Variant(upload, variant.evidence)
    return resolved


# On one site


def _variants_on(place: _Place, used_on: Mapping[str, set[str]]) -> dict[str, Variant]:
    """The size variants that one site shows, each with the largest of its sizes."""
    links = [
        *_link_related(place, used_on),
        *_link_offered_together(place),
        *_of_one_media_item(place),
        *_of_one_name(place),
    ]
    by_member: dict[str, list[_Link]] = defaultdict(list)
    for link in links:
        by_member[link.one].append(link)
        by_member[link.other].append(link)
    variants: dict[str, Variant] = {}
    for group in _groups(by_member):
        top = max(group, key=place.rank)
        shown = _trace_evidence(top, by_member)
        for sha256 in group - {top}:
            variants[sha256] = Variant(top, _join_evidence(shown[sha256]))
    return variants


def _groups(by_member: Mapping[str, Sequence[_Link]]) -> Iterator[set[str]]:
    """Assets that links join, directly or through others."""
    left = set(by_member)
    while left:
        group: set[str] = set()
        reached = {left.pop()}
        while reached:
            sha256 = reached.pop()
            group.add(sha256)
            reached |= {other for link in by_member[sha256] for other in (link.one, link.other)} - group
        left -= group
        yield group


def _trace_evidence(top: str, by_member: Mapping[str, Sequence[_Link]]) -> dict[str, list[str]]:
    """What shows of each asset of a group that it is a size of the top: links whose weakest is as strong as can be."""
    shown: dict[str, list[str]] = {}
    ways: list[tuple[int, int, str, list[str]]] = [(0, 0, top, [])]
    while ways:
        weakest, steps, sha256, evidence = heappop(ways)
        if sha256 in shown:
            continue
        shown[sha256] = evidence
        for link in by_member[sha256]:
            other = link.other if link.one == sha256 else link.one
            way = (max(weakest, link.strength), steps + 1, other, [link.evidence, *evidence])
            heappush(ways, way)
    return shown


# What shows it


def _link_related(place: _Place, used_on: Mapping[str, set[str]]) -> Iterator[_Link]:
    """Uploads that the harvest fetched from behind a size; they need no usage of their own."""
    for sha256, asset in place.members.items():
        if used_on[sha256] and place.name not in used_on[sha256]:
            continue
        for related in asset.related:
            upload = place.members.get(related.get("asset", ""))
            if upload is None or related.get("relation") != SIZE_VARIANT:
                continue
            address = related.get("evidence", "")
            # Several sites may use these bytes: the evidence is of the site that has the upload.
            told_here = len(used_on[sha256]) < 2 or _has_upload(place.usages_of(sha256), address)
            if told_here and pixels(asset) <= pixels(upload):
                yield _Link(
                    _Strength.RELATED,
                    sha256,
                    upload.sha256,
                    f"the upload behind it was fetched from {address}",
                )


def _has_upload(usages: Iterable[UsageRecord], address: str) -> bool:
    key = upload_key(address)
    return any(upload_key(one) == key for usage in usages for one in (usage.url, *usage.variants))


def _link_offered_together(place: _Place) -> Iterator[_Link]:
    """Copies at addresses that one use gives for its picture."""
    found_at: dict[str, set[str]] = defaultdict(set)
    for usage in place.usages:
        found_at[_normalize_address(usage.url)].add(usage.asset)
    for address, here in found_at.items():
        yield from _all_of_one(place, here, _Strength.OFFERED, f"one address for both: {address}")
    for usage in place.usages:
        of_media = f" of media {usage.media_id}" if usage.media_id is not None else ""
        for address in usage.variants:
            for other in sorted(found_at.get(_normalize_address(address), set()) - {usage.asset}):
                evidence = f"both are among the sizes{of_media} given by {usage.page}"
                yield _Link(_Strength.OFFERED, usage.asset, other, evidence)


def _of_one_media_item(place: _Place) -> Iterator[_Link]:
    """Copies that the site's media library keeps under one id."""
    by_id: dict[int, set[str]] = defaultdict(set)
    for usage in place.usages:
        if usage.media_id is not None:
            by_id[usage.media_id].add(usage.asset)
    for media_id, here in by_id.items():
        yield from _all_of_one(place, here, _Strength.MEDIA_ID, f"same media id {media_id} on {place.name}")


def _all_of_one(place: _Place, here: Set[str], strength: _Strength, evidence: str) -> Iterator[_Link]:
    """Links from each of some copies to the largest of them."""
    largest = max(here, key=place.rank)
    for sha256 in sorted(here - {largest}):
        yield _Link(strength, sha256, largest, evidence)


def _of_one_name(place: _Place) -> Iterator[_Link]:
    """Copies whose addresses name one upload, in sizes that go with it."""
    by_upload: dict[str, dict[str, str]] = defaultdict(dict)
    for usage in place.usages:
        addresses = by_upload[upload_key(usage.url)]
        # Of several addresses of a copy the one that names an upload counts, whichever use came first.
        known = addresses.get(usage.asset, usage.url)
        addresses[usage.asset] = min(known, usage.url, key=lambda one: (not _is_named_as_upload(one), one))
    for addresses in by_upload.values():
        # `k-1920x1080.jpg` larger than `k.jpg` is no size of it but an upload that is called so.
        uploads = [sha256 for sha256 in addresses if _is_named_as_upload(addresses[sha256])]
        upload = max(uploads or addresses, key=place.rank)
        for sha256 in addresses:
            if sha256 != upload and (not uploads or _fits(place.members[sha256], place.members[upload])):
                yield _Link(
                    _Strength.NAME, sha256, upload, _explain_names(addresses[sha256], addresses[upload])
                )


def _explain_names(variant: str, upload: str) -> str:
    """What two addresses of one upload say.

    >>> _explain_names("https://a.example/k-300x200.jpg", "https://a.example/k-1024x683.jpg")
    'named k-300x200.jpg and k-1024x683.jpg, sizes of one upload'
    """
    if _is_named_as_upload(upload):
        return f"named {_name(variant)}, a size of {_name(upload)}"
    return f"named {_name(variant)} and {_name(upload)}, sizes of one upload"


def _fits(variant: AssetRecord, upload: AssetRecord) -> bool:
    """Whether neither side is longer than the upload's; WordPress never enlarges, and may have turned the upload.

    What has no size, as some files that cannot be compared, fits nothing.
    """
    if not (pixels(variant) and pixels(upload)):
        return False
    sides = zip(sorted((variant.width, variant.height)), sorted((upload.width, upload.height)), strict=True)
    return all(own <= whole for own, whole in sides)


def _is_named_as_upload(address: str) -> bool:
    """Whether an address names the upload itself, with no size in its name, its query or a proxy before it.

    >>> [_is_named_as_upload(f"https://www.a.example/{name}") for name in ("k.jpg", "k-300x200.jpg", "k.jpg?w=300")]
    [True, False, False]
    """
    return upload_key(address) == f"//{_SCHEME.sub('', unquote(address))}"


def _normalize_address(address: str) -> str:
    """An address as it is compared: however its scheme and its characters are written."""
    return _SCHEME.sub("", unquote(address.partition("#")[0]))


def _name(address: str) -> str:
    """The file's name and its query.

    >>> _name("https://a.example/2025/08/k.jpg?w=300")
    'k.jpg?w=300'
    """
    path, _, query = address.partition("#")[0].partition("?")
    name = unquote(path).rpartition("/")[2]
    return f"{name}?{query}" if query else name
