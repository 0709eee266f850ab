"""Sizes of one picture, told apart by their addresses.

What a name says is a hypothesis: two addresses that agree are taken for one picture within one page, never
across the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assets.markup.image_urls import picture_address
from assets.parsing import urls

# WordPress scales what is larger down to this (its `big_image_size_threshold`) and calls it `-scaled`.
SCALED_WIDTH = 2560

# Wider than any width a document declares: the whole upload.
WHOLE_WIDTH = 1_000_000


@dataclass(frozen=True, slots=True)
class ImageCandidate:
    """An address that a document gives for a picture.

    `width` is what the document says of this address; `is_full` that it calls it the full file;
    `is_alternative` that it is another encoding or shape for some browsers.
    """

    address: str
    width: int | None = None
    is_full: bool = False
    is_alternative: bool = False


def upload_key(address: str) -> str:
    """A name for the upload behind an address, the same for each of its sizes.

    >>> upload_key("https://www.a.example/k-300x200.jpg") == upload_key("http://i2.wp.com/a.example/k.jpg?w=800")
    True
    """
    found = picture_address(address)
    return found.key if found is not None else urls.identity(address)


def upload_keys(address: str) -> frozenset[str]:
    """Every name under which another size of the picture may be met.

    `k-1920x1080.jpg` can be a size of `k.jpg` or an upload that is called so.

    >>> len(upload_keys("https://a.example/k-1920x1080.jpg")), len(upload_keys("https://a.example/k.jpg"))
    (2, 1)
    """
    found = picture_address(address)
    return frozenset({found.key, found.file_key} if found is not None else {urls.identity(address)})


def is_same_picture(one: str, other: str) -> bool:
    """Whether two addresses seem to be sizes of one upload.

    >>> is_same_picture("https://a.example/k-150x150.jpg", "https://i1.wp.com/a.example/k.jpg?w=800")
    True
    >>> is_same_picture("https://a.example/k-1.jpg", "https://a.example/k-2.jpg")
    False
    """
    return bool(one and other) and not upload_keys(one).isdisjoint(upload_keys(other))


def upload_address(address: str) -> str:
    """The address of the upload behind a size of it, `""` where the address names no size.

    >>> upload_address("https://a.example/2025/08/k-scaled.jpg")
    'https://a.example/2025/08/k.jpg'
    >>> upload_address("https://a.files.wordpress.com/2025/08/k.jpg?w=1024")
    'https://a.files.wordpress.com/2025/08/k.jpg'
    >>> upload_address("https://a.example/2025/08/k-2.jpg")
    ''
    """
    found = picture_address(address)
    if found is None or not (found.is_sized or found.is_proxied):
        return ""
    # A parameter that remains may sign the size that was asked for.
    if "?" in found.upload and not found.suffix:
        return ""
    return found.upload if urls.identity(found.upload) != urls.identity(found.address) else ""


def origin_address(address: str) -> str:
    """The address a picture has at its own site, without a proxy before it; `""` where it is no web address.

    >>> origin_address("https://i0.wp.com/a.example/k.jpg?resize=300%2C200&ssl=1")
    'https://a.example/k.jpg'
    """
    found = picture_address(address)
    if found is None:
        return ""
    return found.file if found.is_proxied else found.address


def read_named_width(address: str) -> int | None:
    """The width in pixels that an address names, None where it names none.

    >>> read_named_width("https://a.example/k-300x200.jpg"), read_named_width("https://a.example/k.jpg?w=1024")
    (300, 1024)
    """
    found = picture_address(address)
    return found.width if found is not None else None


def choose_largest(candidates: Iterable[ImageCandidate]) -> ImageCandidate | None:
    """The offer of the most pixels as far as names and declarations tell, the first of equals.

    An upload without a suffix is larger than each of its sizes, whatever they declare.

    >>> choose_largest([ImageCandidate("https://a.example/k-300x200.jpg", 600), ImageCandidate("https://a.example/k.jpg")]).address
    'https://a.example/k.jpg'
    """
    given = list(candidates)
    found = (picture_address(candidate.address) for candidate in given)
    sized = {one.key for one in found if one is not None and one.is_sized}
    return max(given, key=lambda candidate: _rank(candidate, sized), default=None)


def _rank(candidate: ImageCandidate, sized: set[str]) -> tuple[int, bool, bool, bool]:
    """How wide an offer seems, then whether it is uncut, for every browser, and the file's own address."""
    found = picture_address(candidate.address)
    if found is None:
        return 0, False, False, False
    if found.suffix in ("scaled", "rotated") and found.width is None:
        width = max(SCALED_WIDTH, candidate.width or 0)
    elif found.is_sized:
        # A name tells its own file; a query can ask for more than there is, and the document knows better.
        asked = found.width or found.height or 0
        width = asked if found.suffix else max(asked, candidate.width or 0)
    elif candidate.is_full or found.file_key in sized:
        # A proxy re-encodes: it comes second to the file itself.
        width = WHOLE_WIDTH - found.is_proxied
    else:
        width = candidate.width or 0
    return width, not found.cuts, not candidate.is_alternative, not found.is_proxied
