"""The addresses that a document gives for one picture: attributes, `srcset`, `source`s, link to the full file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from assets.markup.boilerplate import BoilerplateKind, address_reason, is_drawing, parse_declared_size
from assets.markup.image_elements import ImageElement
from assets.markup.image_urls import is_picture_path
from assets.markup.srcset import parse_srcset
from assets.markup.variants import ImageCandidate, is_same_picture, origin_address, read_named_width
from assets.parsing import urls

# More addresses of one picture than any theme writes; the rest is somebody's mistake.
MAX_ADDRESSES = 100

# An element of more attributes was made to keep us busy.
MAX_ATTRIBUTES = 100

# Shorter names, such as `1` or `image`, are given to many pictures of a site's other hosts.
MIN_TELLING_NAME = 8

_FULL = re.compile(r"data-(?:orig-file|full-url|full|full-src|large_image|zoom-image|big-src)")
_LOADED = re.compile(
    r"data-(?:src|lazy-src|lazy|original|echo|actualsrc|lazyload|lazy-load|flickity-lazyload|img|img-src|image-src"
    r"|delayed-url|deferred-src|cfsrc|ezsrc)"
)
_SIZES = re.compile(r"data-(?:large-file|medium-file|hi-res-src|src-retina|low-res-src)")
_LOADED_SRCSETS = re.compile(r"data-[\w-]*srcset")
# Some scripts take a list where an address is usual.
_LIST = re.compile(r"\s[0-9]+(?:w|(?:\.[0-9]+)?x)\s*(?:,|$)")
_LIKELY = re.compile(r"data-[\w-]*(?:src|original|lazy|full|image|img|hi-?res)[\w-]*")
_UNLIKELY = re.compile(
    r"title|caption|desc|meta|alt|name|facebook|pin|share|width|height|id$|type|placeholder|thumb"
)
# Templates that nobody filled in, and scripts where an address should be.
_PROGRAM = re.compile(r"\{\{|\$\{|<%|[\"']https?:")
_SIZE_IN_NAME = re.compile(
    r"(?i)^(?:thumbs?|tn|small|preview|mini)[_-]|[_-](?:thumb(?:nail)?|small|medium|large|preview|tn|full|[0-9]{2,4}(?:px|w|x[0-9]+)?)$"
)


def offers_of(element: ImageElement, base_url: str) -> list[ImageCandidate]:
    """Every address of a picture, in document order; placeholders are left out."""
    if element.shown:
        found = _list_shown(element.shown, base_url)
    else:
        own = _own_offers(element.node, base_url)[:MAX_ADDRESSES]
        # What the element itself says comes behind its sources, and is kept whatever their number.
        found = [*_source_offers(element.sources, base_url)[: MAX_ADDRESSES - len(own)], *own]
    # Beside another file a drawing is what stands there until that is loaded, or the same in another format.
    found = [one for one in found if not is_drawing(one.address)] or found
    if (link := _find_linked(element.link, found, base_url)) is not None:
        found.insert(0, link)
    best: dict[str, ImageCandidate] = {}
    for candidate in found[:MAX_ADDRESSES]:
        key = urls.identity(candidate.address)
        best[key] = _merge_candidates(best[key], candidate) if key in best else candidate
    return list(best.values())


def _list_shown(shown: tuple[str, ...], base_url: str) -> list[ImageCandidate]:
    """The addresses of a background or a poster; what a script replaces is kept as another size alone."""
    found = [one for address in shown for one in _address(address, base_url, None)]
    return [one for one in found if one is found[0] or is_same_picture(one.address, found[0].address)]


def _merge_candidates(one: ImageCandidate, other: ImageCandidate) -> ImageCandidate:
    """Two offers of one address as one."""
    return ImageCandidate(
        one.address,
        max(one.width or 0, other.width or 0) or None,
        one.is_full or other.is_full,
        one.is_alternative and other.is_alternative,
    )


def _own_offers(node: LexborNode, base_url: str) -> list[ImageCandidate]:
    attributes = dict(islice(node.attributes.items(), MAX_ATTRIBUTES))
    shown = parse_declared_size(attributes.get("width"))
    loaded = [*_list_loaded(attributes, base_url, shown)]
    plain: list[ImageCandidate] = []
    for name in ("src", "srcset"):
        value = attributes.get(name) or ""
        plain += _srcset(value, base_url, shown) if name == "srcset" else _address(value, base_url, shown)
    if loaded:
        # What a script replaces may be a grey box or a blurred copy: only another size of the same is kept.
        plain = [
            one for one in plain if any(is_same_picture(one.address, other.address) for other in loaded[:10])
        ]
    told = [
        one for name in attributes if _FULL.fullmatch(name) for one in _list_full(attributes, name, base_url)
    ]
    told += [
        one
        for name in attributes
        if _SIZES.fullmatch(name)
        for one in _address(attributes[name] or "", base_url, None)
    ]
    known = [one for one in (*plain, *loaded, *told) if not is_drawing(one.address)]
    return [*plain, *loaded, *told, *_list_guessed(attributes, base_url, known)]


def _list_loaded(
    attributes: dict[str, str | None], base_url: str, shown: int | None
) -> Iterator[ImageCandidate]:
    """The addresses that a script puts into `src` and `srcset`."""
    for name, value in attributes.items():
        if _LOADED.fullmatch(name) and not _LIST.search(value or ""):
            yield from _address(value or "", base_url, shown)
        elif _LOADED.fullmatch(name) or _LOADED_SRCSETS.fullmatch(name):
            yield from _srcset(value or "", base_url, shown)


def _list_full(attributes: dict[str, str | None], name: str, base_url: str) -> Iterator[ImageCandidate]:
    width = (
        parse_declared_size((attributes.get("data-orig-size") or "").partition(",")[0])
        if name == "data-orig-file"
        else None
    )
    for one in _address(attributes[name] or "", base_url, width):
        yield ImageCandidate(one.address, one.width, is_full=True)


def _list_guessed(
    attributes: dict[str, str | None], base_url: str, known: list[ImageCandidate]
) -> Iterator[ImageCandidate]:
    """Addresses in attributes of no known name: other sizes of the picture, or all there is of it."""
    for name, value in attributes.items():
        is_known = (
            _FULL.fullmatch(name) or _LOADED.fullmatch(name) or _SIZES.fullmatch(name) or "srcset" in name
        )
        if is_known or not value or not _LIKELY.fullmatch(name) or _UNLIKELY.search(name):
            continue
        address = urls.make_absolute(value.strip(), base_url)
        if not value.startswith(("/", "http:", "https:")) or not is_picture_path(urls.path_of(address)):
            continue
        for one in _address(value, base_url, None):
            if not known or any(is_same_picture(one.address, other.address) for other in known[:10]):
                yield one


def _source_offers(sources: list[LexborNode], base_url: str) -> list[ImageCandidate]:
    found: list[ImageCandidate] = []
    for source in sources[:MAX_ADDRESSES]:
        for name, value in source.attributes.items():
            if name in ("srcset", "src", "data-src") or _LOADED_SRCSETS.fullmatch(name):
                found += _srcset(value or "", base_url, parse_declared_size(source.attributes.get("width")))
    return [ImageCandidate(one.address, one.width, is_alternative=True) for one in found]


def _srcset(value: str, base_url: str, shown: int | None) -> list[ImageCandidate]:
    found: list[ImageCandidate] = []
    for candidate in parse_srcset(value)[:MAX_ADDRESSES]:
        width = candidate.width
        if width is None:
            # A density multiplies the size at which the picture is shown.
            width = round((shown or 1) * min(candidate.density or 1, 10))
        found += _address(candidate.address, base_url, width)
    return found


def _address(value: str, base_url: str, width: int | None) -> list[ImageCandidate]:
    """The address as an offer, none where it is no address or leads to a placeholder."""
    address = "" if _PROGRAM.search(value) else urls.make_absolute(value.strip(), base_url)
    if not address or _is_stand_in(address):
        return []
    return [ImageCandidate(address, width)]


def _is_stand_in(address: str) -> bool:
    reason = address_reason(address)
    return reason is BoilerplateKind.PLACEHOLDER or reason is BoilerplateKind.ICON


def _find_linked(href: str, candidates: list[ImageCandidate], base_url: str) -> ImageCandidate | None:
    """The full file that a picture links to, None where the link leads elsewhere or to another picture."""
    address = urls.make_absolute(href, base_url) if candidates and href else ""
    if not address or not is_picture_path(urls.path_of(origin_address(address))) or _is_stand_in(address):
        return None
    is_same = any(
        is_same_picture(address, one.address) or _is_namesake(address, one.address) for one in candidates
    )
    return ImageCandidate(address, read_named_width(address), is_full=True) if is_same else None


def _is_namesake(full: str, shown: str) -> bool:
    """Whether a file is called as the one shown, in another folder perhaps: `full/k.jpg` and `thumbs/k.jpg`."""
    ours, theirs = origin_address(full), origin_address(shown)
    name = _name(ours)
    if not name or name != _name(theirs):
        return False
    return urls.site_of(ours) == urls.site_of(theirs) or len(name) >= MIN_TELLING_NAME


def _name(address: str) -> str:
    stem = urls.path_of(address).rpartition("/")[2].rpartition(".")[0]
    return _SIZE_IN_NAME.sub("", stem).lower()
