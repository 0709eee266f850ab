"""The copies of one photograph in schema.org's words, as JSON-LD (https://schema.org/ImageObject)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assets import make_absolute
from catalog.clusters import Cluster, Copy, Use, is_agency, parse_credit
from catalog.matching import Relation
from catalog.model import AssetRecord, Json
from catalog.reports import is_moment

# What `assets` decodes, and pictures that are kept without. An MPO is a JPEG with another behind it.
_TYPES = """JPEG image/jpeg|MPO image/jpeg|PNG image/png|GIF image/gif|WEBP image/webp|AVIF image/avif|TIFF image/tiff
|BMP image/bmp|JPEG2000 image/jp2|ICO image/vnd.microsoft.icon|ICNS image/icns|PSD image/vnd.adobe.photoshop
|SVG image/svg+xml|HEIC image/heic|HEIF image/heif|EPS application/postscript|PDF application/pdf"""
MEDIA_TYPES = dict(line.split() for line in _TYPES.split("|"))

# A pixel, as UN/CEFACT numbers units for schema.org's unitCode.
PIXEL = "E37"


def image_objects(cluster: Cluster, found_at: Mapping[str, Sequence[str]]) -> Json:
    """A JSON-LD graph of the photograph and each copy as an example of it.

    `found_at` gives for a copy's SHA-256 the addresses that answered with its bytes.
    """
    uses: dict[str, list[Use]] = {}
    for use in cluster.uses:
        uses.setdefault(use.usage.asset, []).append(use)
    photograph = {"@id": "#photograph", "@type": "Photograph", "identifier": cluster.id}
    copies = [
        _image_object(
            copy, cluster.best, found_at.get(copy.asset.sha256, ()), uses.get(copy.asset.sha256, [])
        )
        for copy in cluster.copies
    ]
    return {"@context": "https://schema.org", "@graph": [photograph, *copies]}


def _image_object(copy: Copy, best: AssetRecord, found_at: Sequence[str], uses: Sequence[Use]) -> Json:
    """One copy. Of texts the file's own comes first, then those of its uses in order of time."""
    asset = copy.asset
    address, uploaded = _content_address(found_at, uses)
    said = {
        "@id": f"#{asset.sha256}",
        "@type": "ImageObject",
        "contentUrl": make_absolute(address),
        "sha256": asset.sha256,
        "encodingFormat": MEDIA_TYPES.get(asset.format),
        "width": _pixels(asset.width),
        "height": _pixels(asset.height),
        "contentSize": f"{asset.length} B",
        "dateCreated": _date(embedded_text_of(asset, "created")),
        "uploadDate": _date(uploaded),
        "caption": _deduplicate([embedded_text_of(asset, "caption"), *(use.usage.caption for use in uses)]),
        "creditText": _deduplicate([embedded_text_of(asset, "credit"), *(use.usage.credit for use in uses)]),
        "creator": _maker(embedded_text_of(asset, "byline")),
        "copyrightNotice": embedded_text_of(asset, "copyright"),
        "exampleOfWork": {"@id": "#photograph"},
        "isBasedOn": {"@id": f"#{best.sha256}"} if _is_based_on_best(copy) else None,
        "subjectOf": _web_pages(uses),
    }
    return {name: value for name, value in said.items() if value}


def _pixels(side: int) -> Json | None:
    """A side in schema.org's words, None where it is not known."""
    return {"@type": "QuantitativeValue", "value": side, "unitCode": PIXEL} if side else None


def _content_address(found_at: Iterable[str], uses: Iterable[Use]) -> tuple[str, str]:
    """A web address that gave the bytes, the earliest use's if one's did, and when that was uploaded."""
    confirmed = {address for address in found_at if make_absolute(address)}
    for use in uses:
        for address in (use.usage.url, *use.usage.variants):
            if address in confirmed:
                return address, use.usage.uploaded
    return min(confirmed, default=""), ""


def _is_based_on_best(copy: Copy) -> bool:
    """Whether a copy shows the best one or a part of it; one that shows more is not made of it."""
    match = copy.match
    if match is None or match.relation is Relation.CROP:
        return match is not None and match.larger == "asset"
    return match.relation in (Relation.COPY, Relation.CONTAINED)


def _web_pages(uses: Iterable[Use]) -> list[Json]:
    pages: dict[str, Json] = {}
    for use in uses:
        url, title = (use.page.url, use.page.title) if use.page else (use.usage.page, "")
        said = {"url": make_absolute(url), "headline": title, "datePublished": _date(use.usage.published)}
        pages.setdefault(said["url"], {name: value for name, value in said.items() if value})
    return [{"@type": "WebPage", **page} for address, page in pages.items() if address]


def _maker(byline: str) -> Json | None:
    """Who made a picture; an organization where only agencies are named."""
    parties = parse_credit(byline).parties
    is_organization = parties and all(map(is_agency, parties))
    return {"@type": "Organization" if is_organization else "Person", "name": byline} if byline else None


def embedded_text_of(asset: AssetRecord, kind: str) -> str:
    """A text that is embedded in an asset's file, or ""."""
    return asset.embedded.get(kind, {}).get("text", "")


def _date(text: str) -> str:
    return text if is_moment(text) else ""


def _deduplicate(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text.strip()))
