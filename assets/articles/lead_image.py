"""A page's references completed by what its head and its linked data say: the featured picture, sizes, credits."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assets.articles.metadata import Head, LinkedPicture
from assets.articles.url_groups import Likeness, PictureIndex, UrlGroups
from assets.markup import deduplicate, furniture, read_named_width, union, upload_address
from assets.model import ImageReference, Role
from assets.parsing import urls

# A smaller share picture is an icon.
MIN_SHARED_PIXELS = 200

# No page shows more crops of its lead picture.
_MAX_CROPS = 50

# More addresses of one picture than any page tells.
_MAX_ADDRESSES = 200

_ORIGINAL = re.compile(r"(?i)(?:^|[/_-])(?:original|orig|full|fullsize|master|raw)(?=[/_.-]|$)")
_THEME = re.compile(
    r"/wp-content/(?:themes|plugins|mu-plugins|client-mu-plugins)/|/no-?(?:thumb|image|photo)"
)
# Files that belong to a site's program have a fingerprint in their name, and a folder with other such.
_BUILT = re.compile(
    r"/(?:assets|static|dist|build|bundles)/(?:[^/]+/)*[a-z]{1,12}(?:[-_][a-z]{1,12})?[-.][0-9a-f]{16,64}\.\w{3,4}$"
)
_SIZES = re.compile(r"\d{2,5}x\d{2,5}|20\d\d(?!\d)")
_WORD = re.compile(r"[a-z]+")
_DEFAULT_WORDS = frozenset(
    "a og image images img default share sharing shared social media logo logos facebook fb twitter card cards site"
    " brand branding fallback placeholder thumbnail thumb preview meta open graph opengraph cover banner icon favicon"
    " apple touch blank no none generic web www square rect large small x px dummy avatar jpg png".split()
)
_TELLING_WORDS = frozenset("logo default fallback placeholder favicon blank dummy noimage opengraph".split())


@dataclass(frozen=True, slots=True)
class LeadImage:
    """A picture that the head or linked data names, with what they say of it."""

    addresses: tuple[str, ...]
    width: int | None = None
    height: int | None = None
    alt: str = ""
    caption: str = ""
    caption_field: str = ""
    credit: str = ""
    credit_field: str = ""


def offers(head: Head, lead: Iterable[LinkedPicture], emblems: frozenset[str]) -> list[LeadImage]:
    """The pictures named as the page's own, the main one first; the site's logos and default cards left out."""
    found = [LeadImage((one.url,), one.width, one.height, alt=one.alt) for one in head.shared]
    found += [offer_of(one) for one in lead]
    known = {urls.identity(address) for address in (*emblems, *head.icons)}
    site = urls.site_of(head.canonical or head.og_url or head.base)
    return [
        one for one in found if not any(_is_default(address, one, known, site) for address in one.addresses)
    ]


def offer_of(picture: LinkedPicture) -> LeadImage:
    """A picture of linked data as an offer."""
    return LeadImage(
        picture.addresses,
        picture.width,
        picture.height,
        caption=picture.caption,
        caption_field=picture.caption_field,
        credit=picture.credit,
        credit_field=picture.credit_field,
    )


def _is_default(address: str, lead_image: LeadImage, known: set[str], site: str) -> bool:
    """Whether a picture stands for the site rather than for the page."""
    if urls.identity(address) in known or furniture(address) is not None:
        return True
    if max(lead_image.width or 0, lead_image.height or 0) in range(1, MIN_SHARED_PIXELS):
        return True
    path = urls.path_of(address).lower()
    name = path.rpartition("/")[2]
    words = set(_WORD.findall(name.rpartition(".")[0] or name))
    if words & _TELLING_WORDS or _THEME.search(path) or _BUILT.search(path):
        return True
    # A number is a picture's own: `IMG_4400`, `image-20240916`. Sizes and years are not.
    is_numbered = any(len(digits) > 2 for digits in re.findall(r"\d+", _SIZES.sub("", name)))
    return bool(words) and not is_numbered and words <= _DEFAULT_WORDS | set(_WORD.findall(site))


def complete_references(
    references: Iterable[ImageReference],
    outside: Iterable[ImageReference],
    named: list[LeadImage],
    described: list[LeadImage],
    url_groups: UrlGroups,
) -> tuple[ImageReference, ...]:
    """The page's references with its featured picture first, each with what was said of it elsewhere.

    `named` are the pictures the page calls its own, the main one first; `outside` are those that its markup has
    outside the story, one of which may be the lead picture: they are looked at where the story shows none of the
    named ones. A picture that is named and shown nowhere is a reference where the story has no other.
    """
    found = list(references)
    featured = _take_featured(found, outside, named, url_groups)
    if featured is not None:
        found.insert(0, featured)
    index = PictureIndex(url_groups)
    for place, reference in enumerate(found):
        index.add(place, _addresses(reference))
    for lead_image in (*named, *described):
        _, place = index.find(lead_image.addresses)
        if place >= 0:
            found[place] = with_offer(found[place], lead_image)
            index.add(place, lead_image.addresses)
    return tuple(replace(reference, position=position) for position, reference in enumerate(found))


def _take_featured(
    found: list[ImageReference],
    outside: Iterable[ImageReference],
    named: list[LeadImage],
    url_groups: UrlGroups,
) -> ImageReference | None:
    """The featured picture, taken out of the references where it is one of them; None where the page shows none."""
    groups = _group(named, url_groups)
    further: list[ImageReference] | None = None
    for group in groups:
        addresses = [address for lead_image in group for address in lead_image.addresses]
        shown = _take_reference(found, addresses, url_groups)
        if shown is None:
            further = list(outside) if further is None else further
            shown = _take_reference(further, addresses, url_groups)
        if shown is not None:
            return _complete_featured(shown, group)
    if found or not groups:
        return None
    return _complete_featured(ImageReference(groups[0][0].addresses[0]), groups[0])


def _complete_featured(shown: ImageReference, group: list[LeadImage]) -> ImageReference:
    featured = replace(shown, role=Role.FEATURED)
    for lead_image in group:
        featured = with_offer(featured, lead_image)
    return featured


def _group(named: list[LeadImage], url_groups: UrlGroups) -> list[list[LeadImage]]:
    """The named pictures, those together that seem to be one, in the order of the first of each."""
    groups: list[list[LeadImage]] = []
    index = PictureIndex(url_groups)
    for lead_image in named:
        _, place = index.find(lead_image.addresses)
        if place < 0:
            place = len(groups)
            index.add(place, lead_image.addresses)
            groups.append([])
        groups[place].append(lead_image)
    return groups


def _take_reference(
    references: list[ImageReference], addresses: list[str], url_groups: UrlGroups
) -> ImageReference | None:
    """The picture of these addresses as the references show it, taken out of them: every crop of it."""
    index = PictureIndex(url_groups)
    index.add(0, addresses)
    likeness = [index.find(_addresses(one))[0] for one in references]
    best = max(likeness, default=Likeness.NONE)
    if best is Likeness.NONE:
        return None
    places = [place for place, found in enumerate(likeness) if found is best]
    # What may be the picture is it once; what surely is it may be shown in many crops.
    taken = set(places if best is Likeness.STRONG else places[:1])
    same = [references[place] for place in sorted(taken)]
    references[:] = [one for place, one in enumerate(references) if place not in taken]
    largest = max(same, key=lambda one: one.width or 0)
    others = [one for one in same if one is not largest]
    return functools.reduce(union, others[:_MAX_CROPS], largest)


def _addresses(reference: ImageReference) -> tuple[str, ...]:
    return (reference.url, *reference.variants)


def with_offer(reference: ImageReference, lead_image: LeadImage) -> ImageReference:
    """A reference with the addresses, texts and sizes that an offer of the same picture adds.

    >>> offer = LeadImage(("https://a.example/k.jpg",), 1600, 900, credit="KCNA", credit_field="json-ld creditText")
    >>> one = with_offer(ImageReference("https://a.example/k-300x169.jpg", alt="Kim", width=300), offer)
    >>> one.url, one.variants, one.width, one.credit
    ('https://a.example/k.jpg', ('https://a.example/k-300x169.jpg',), 300, 'KCNA')
    """
    best = reference.url
    for address in lead_image.addresses:
        if _is_larger(address, lead_image.width, best, reference.width):
            best = address
    captioned = reference.caption or not lead_image.caption
    credited = reference.credit or not lead_image.credit
    sized = bool(reference.width or reference.height)
    return replace(
        reference,
        url=best,
        variants=deduplicate((*_addresses(reference), *lead_image.addresses), without=(best,))[
            :_MAX_ADDRESSES
        ],
        alt=reference.alt or lead_image.alt,
        caption=reference.caption if captioned else lead_image.caption,
        caption_field=reference.caption_field if captioned else lead_image.caption_field,
        credit=reference.credit if credited else lead_image.credit,
        credit_field=reference.credit_field if credited else lead_image.credit_field,
        width=reference.width if sized else lead_image.width,
        height=reference.height if sized else lead_image.height,
        uploads=deduplicate(reference.uploads, without=(best, *_addresses(reference), *lead_image.addresses)),
    )


def _is_larger(address: str, width: int | None, best: str, shown: int | None) -> bool:
    """Whether an offered address holds more of the picture than the best one so far."""
    if urls.identity(address) == urls.identity(best):
        return False
    if upload_address(best) == address:
        return True
    if upload_address(address) == best or _ORIGINAL.search(best):
        return False
    if _ORIGINAL.search(urls.path_of(address)):
        return True
    offered = read_named_width(address) or width
    return offered is not None and offered > (read_named_width(best) or shown or 0)
