"""The pictures of a piece of HTML: one reference each, with every address, text and size the markup tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborNode

from assets.markup.attachment_ids import media_id
from assets.markup.boilerplate import ImageContext, furniture, parse_declared_size
from assets.markup.captions import (
    MAX_HOLDER_LEVELS,
    Caption,
    described_credit,
    holder_caption,
    join_captions,
    sighting_caption,
)
from assets.markup.image_candidates import MAX_ADDRESSES, offers_of
from assets.markup.image_elements import Holder, ImageElement, sightings
from assets.markup.merging import deduplicate
from assets.markup.shortcodes import captions_as_figures, videos_as_elements
from assets.markup.shown_pictures import is_kept_open, read_styled_size
from assets.markup.variants import ImageCandidate, choose_largest, upload_address, upload_keys
from assets.model import ImageReference
from assets.parsing import text, urls
from assets.parsing.htmltree import parse_html

# A page of more pictures is an index of somebody's disk: the first so many are read, the rest left out.
MAX_REFERENCES = 2000

# Ratios of AMP pictures stand where others have pixels.
_MAX_RATIO = 100

# Counters ask for one pixel in a style where others do in attributes.
_HIDDEN = re.compile(r"(?i)(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)")

_CONTENT_CLASS = re.compile(
    r"(?:^|\s)(?:wp-image-[0-9]+|size-(?:full|large|medium)|align(?:none|left|right|center))(?:\s|$)"
)


@dataclass(slots=True, eq=False)
class _Picture:
    """What is known of one picture so far."""

    sighting: ImageElement
    offers: dict[str, ImageCandidate] = field(default_factory=dict)
    alt: str = ""
    width: int | None = None
    height: int | None = None
    media_id: int | None = None
    holders: list[Holder] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)

    def stand_behind(self) -> None:
        """Note that another form of it, AMP's `fallback`, is for every browser."""
        self.offers = {key: replace(offer, is_alternative=True) for key, offer in self.offers.items()}


def read_fragment(html: str, base_url: str) -> tuple[ImageReference, ...]:
    """The pictures of a fragment of HTML in document order, each once; furniture is left out.

    >>> found = read_fragment('<p><img src="/k.jpg" alt="Kim" width="640">', "https://a.example/1/")
    >>> [(one.url, one.alt, one.width) for one in found]
    [('https://a.example/k.jpg', 'Kim', 640)]
    """
    if "<" not in html and "[video" not in html:
        return ()
    root = parse_html(captions_as_figures(videos_as_elements(html))).body
    return read_node(root, base_url) if root is not None else ()


def read_node(root: LexborNode, base_url: str) -> tuple[ImageReference, ...]:
    """The pictures of a parsed subtree in document order, each once; furniture is left out."""
    pictures = _pictures(sightings(root), base_url)
    alone = _holders_of_one(pictures)
    galleries: dict[int, Caption] = {}
    return tuple(
        _reference(one, alone, _gallery_caption(one, alone, galleries), number)
        for number, one in enumerate(pictures)
    )


def _pictures(seen: list[ImageElement], base_url: str) -> list[_Picture]:
    """Every wanted picture once: twins, and the same upload further down, are one."""
    found: list[_Picture] = []
    places: dict[str, int] = {}
    of_sighting: dict[int, int] = {}
    stand_ins = _list_stand_ins(seen)
    for element in seen:
        candidates = offers_of(element, base_url)
        is_stand_in = bool(stand_ins) and element.node.attributes.get("src") in stand_ins
        if is_stand_in:
            candidates = _without_stand_in(element, candidates, base_url)
        best = choose_largest(candidates)
        # A picture without an address gets that of the one behind it.
        if not is_stand_in if best is None else _is_furniture(best.address, element):
            continue
        keys = {key for candidate in candidates for key in upload_keys(candidate.address)}
        place = next((places[key] for key in sorted(keys) if key in places), None)
        if place is None and element.twin is not None and _is_twin(element, element.twin):
            place = of_sighting.get(id(element.twin))
            if place is not None and "fallback" in element.node.attributes:
                found[place].stand_behind()
        if place is None:
            if len(found) == MAX_REFERENCES:
                break
            place = len(found)
            found.append(_Picture(element))
        _add(found[place], element, candidates, base_url)
        of_sighting[id(element)] = place
        places.update((key, place) for key in keys if key not in places)
    return [one for one in found if one.offers] if stand_ins else found


def _list_stand_ins(seen: list[ImageElement]) -> frozenset[str]:
    """The addresses that stand in `src` until the pictures are loaded, as they stand there.

    They are one for several pictures, which are known by other addresses: those of the `noscript` behind each.
    """
    behind: dict[str, set[str]] = {}
    for element in seen:
        if element.twin is not None and not element.is_inner and _is_twin(element, element.twin):
            shown = element.twin.node.attributes.get("src") or ""
            behind.setdefault(shown, set()).add(element.node.attributes.get("src") or "")
    return frozenset(address for address, loaded in behind.items() if address and len(loaded - {address}) > 1)


def _without_stand_in(
    element: ImageElement, candidates: list[ImageCandidate], base_url: str
) -> list[ImageCandidate]:
    own = urls.identity(urls.make_absolute((element.node.attributes.get("src") or "").strip(), base_url))
    return [one for one in candidates if urls.identity(one.address) != own]


def _is_twin(fallback: ImageElement, shown: ImageElement) -> bool:
    """Whether a picture stands in another, or a `noscript` right behind it says the same, under another address."""
    if fallback.is_inner:
        return True
    ours, theirs = fallback.node.attributes, shown.node.attributes
    return bool(ours.get("alt")) and all(
        ours.get(name) == theirs.get(name) for name in ("alt", "width", "height")
    )


def _is_furniture(address: str, element: ImageElement) -> bool:
    attributes = element.node.attributes
    width, height = _read_declared_size(element.node)
    style = attributes.get("style") or ""
    if element.shown and not is_kept_open(style):
        styled = read_styled_size(style)
        width, height = width or styled[0], height or styled[1]
    elif _HIDDEN.search(style) and not element.shown:
        width = height = 1
    words = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    holder = element.holder
    is_alone = holder is not None and holder.pictures <= 1 and bool(holder.captions)
    context = ImageContext(
        words,
        element.outer_words,
        text.clean(attributes.get("alt")),
        width,
        height,
        is_captioned=is_alone,
        is_content=_CONTENT_CLASS.search(words) is not None,
        is_placed=holder is not None and holder.node.tag == "figure",
    )
    return furniture(address, context) is not None


def _add(picture: _Picture, element: ImageElement, candidates: list[ImageCandidate], base_url: str) -> None:
    """Complete a picture by another sighting of it."""
    for candidate in candidates:
        if len(picture.offers) < MAX_ADDRESSES:
            picture.offers.setdefault(urls.identity(candidate.address), candidate)
    attributes = element.node.attributes
    picture.alt = picture.alt or text.from_markup(_read_alt(element))
    if picture.width is None and picture.height is None:
        picture.width, picture.height = _read_declared_size(element.node)
    if picture.media_id is None:
        holder_id = element.holder.node.attributes.get("id") if element.holder is not None else None
        addresses = [candidate.address for candidate in candidates]
        picture.media_id = media_id(attributes, holder_id or "", addresses, base_url)
    if len(picture.captions) < MAX_ADDRESSES:
        picture.captions.append(sighting_caption(element))
        picture.holders += _holders(element)


def _read_alt(element: ImageElement) -> str | None:
    """What stands for the picture where it is not seen; a video's label speaks of the video."""
    attributes = element.node.attributes
    if element.shown and attributes.get("role") == "img":
        return attributes.get("aria-label")
    return attributes.get("alt") or attributes.get("data-alt-text") or attributes.get("data-alt")


def _holders(element: ImageElement) -> Iterator[Holder]:
    holder = element.holder
    for _ in range(MAX_HOLDER_LEVELS):
        if holder is None:
            return
        yield holder
        holder = holder.outer


def _holders_of_one(pictures: list[_Picture]) -> set[int]:
    """The holders of a single picture: only there a caption speaks of it alone."""
    held: dict[int, set[int]] = {}
    for number, picture in enumerate(pictures):
        for holder in picture.holders:
            held.setdefault(id(holder), set()).add(number)
    return {holder for holder, numbers in held.items() if len(numbers) == 1}


def _reference(picture: _Picture, alone: set[int], gallery: Caption, position: int) -> ImageReference:
    candidates = list(picture.offers.values())
    best = choose_largest(candidates) or candidates[0]
    caption = join_captions(
        [*(holder_caption(holder) for holder in picture.holders if id(holder) in alone), *picture.captions]
    )
    if not caption.credit and gallery.credit:
        caption = replace(caption, credit=gallery.credit, credit_field="gallery caption")
    if not caption.credit:
        described = described_credit(picture.sighting)
        caption = replace(caption, credit=described.credit, credit_field=described.credit_field)
    variants = deduplicate((candidate.address for candidate in candidates), without=(best.address,))
    return ImageReference(
        best.address,
        variants,
        alt=picture.alt,
        caption=caption.text,
        caption_field=caption.field,
        credit=caption.credit,
        credit_field=caption.credit_field,
        width=picture.width,
        height=picture.height,
        media_id=picture.media_id,
        position=position,
        uploads=deduplicate([upload_address(best.address)], without=(best.address, *variants)),
        gallery_caption=gallery.text,
    )


def _gallery_caption(picture: _Picture, alone: set[int], known: dict[int, Caption]) -> Caption:
    """What stands under the gallery that a picture is one of: it is no caption of this one, its credit counts.

    What is `known` of a gallery is read once for all its pictures.
    """
    for holder in picture.holders:
        if id(holder) in alone:
            continue
        if id(holder) not in known:
            known[id(holder)] = holder_caption(holder)
        found = known[id(holder)]
        if found.text or found.credit:
            return found
    return Caption()


def _read_declared_size(node: LexborNode) -> tuple[int | None, int | None]:
    """The size at which a picture is shown; AMP's responsive layouts declare only a shape."""
    attributes = node.attributes
    width, height = (
        parse_declared_size(attributes.get("width")),
        parse_declared_size(attributes.get("height")),
    )
    if (
        node.tag == "amp-img"
        and width is not None
        and height is not None
        and max(width, height) <= _MAX_RATIO
    ):
        is_shape = attributes.get("layout") in ("responsive", "intrinsic", "fill")
        return (None, None) if is_shape else (width, height)
    return width, height
