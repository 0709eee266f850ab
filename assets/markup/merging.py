"""References to one picture on one page, made one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assets.markup import variants
from assets.model import ImageReference, Role
from assets.parsing import urls


def merge_references(references: Iterable[ImageReference]) -> tuple[ImageReference, ...]:
    """A page's references with each picture once, featured ones first, positions from 0.

    >>> featured = ImageReference("https://a.example/k.jpg", role=Role.FEATURED)
    >>> content = ImageReference("https://a.example/k.jpg", alt="Kim", position=0)
    >>> [(one.role.value, one.alt) for one in merge_references([content, featured])]
    [('featured', 'Kim')]
    """
    kept: list[ImageReference] = []
    given = sorted(references, key=lambda reference: reference.role is not Role.FEATURED)
    for reference in given:
        twin = _twin(reference, kept)
        if twin is None:
            kept.append(reference)
        else:
            kept[twin] = union(kept[twin], reference)
    return tuple(replace(reference, position=position) for position, reference in enumerate(kept))


def with_media(
    media: Iterable[ImageReference], content: Iterable[ImageReference]
) -> tuple[ImageReference, ...]:
    """A feed entry's references: the first picture it names beside its text is the featured one.

    >>> content = [ImageReference("https://a.example/1.jpg", alt="Kim")]
    >>> named = [ImageReference(f"https://a.example/{name}.jpg", credit="KCNA") for name in (2, 1)]
    >>> [(one.role.value, one.alt, one.credit) for one in with_media(named, content)]
    [('featured', '', 'KCNA'), ('content', 'Kim', 'KCNA')]
    """
    found = list(content)
    for number, named in enumerate(media):
        twin = next((place for place, other in enumerate(found) if is_same(named, other)), None)
        if number == 0:
            found.append(replace(named, role=Role.FEATURED))
        elif twin is None:
            found.append(replace(named, role=Role.CONTENT))
        else:
            found[twin] = union(found[twin], named)
    return merge_references(found)


def _twin(reference: ImageReference, kept: list[ImageReference]) -> int | None:
    """Where the same picture stands already; a content picture is only compared with featured ones.

    Content pictures were told apart when the markup was read, which knows more than their addresses.
    """
    for number, other in enumerate(kept):
        if other.role is Role.FEATURED and is_same(reference, other):
            return number
    return None


def is_same(one: ImageReference, other: ImageReference) -> bool:
    """Whether two references of one page are to the same picture, by media id or by address."""
    if one.media_id is not None and one.media_id == other.media_id:
        return True
    if not (one.resolved and other.resolved):
        return False
    if variants.is_same_picture(one.url, other.url):
        return True
    addresses = {urls.identity(address) for address in (one.url, *one.variants)}
    return any(urls.identity(address) in addresses for address in (other.url, *other.variants))


def union(main: ImageReference, other: ImageReference) -> ImageReference:
    """One reference with the texts of the first, completed from the second, and the addresses of both."""
    best, second = (other, main) if _is_better(other, main) else (main, other)
    offered = [*best.variants, *([second.url] if second.resolved else []), *second.variants]
    captioned = main if main.caption else other
    credited = main if main.credit else other
    return replace(
        main,
        url=best.url,
        variants=deduplicate(offered, without=(best.url,)),
        alt=main.alt or other.alt,
        caption=captioned.caption,
        caption_field=captioned.caption_field,
        credit=credited.credit,
        credit_field=credited.credit_field,
        width=best.width or second.width,
        height=best.height or second.height,
        media_id=main.media_id or other.media_id,
        uploaded=main.uploaded or other.uploaded,
        media_modified=main.media_modified or other.media_modified,
        uploads=deduplicate([*main.uploads, *other.uploads], without=(best.url, *offered)),
        resolved=best.resolved,
        diagnosis=main.diagnosis,
        gallery_caption=main.gallery_caption or other.gallery_caption,
    )


def _is_better(one: ImageReference, other: ImageReference) -> bool:
    """Whether the first address of one picture is the larger, as far as names and sizes tell."""
    if not (one.resolved and other.resolved):
        return one.resolved
    # What markup declares is the size on the page; only the sizes of featured pictures are the files' own.
    given = [
        variants.ImageCandidate(each.url, each.width if each.role is Role.FEATURED else None)
        for each in (other, one)
    ]
    best = variants.choose_largest(given)
    return best is not None and best.address == one.url != other.url


def deduplicate(addresses: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
    """The addresses in order, each once however it is spelled, none that is empty or among `without`.

    >>> deduplicate(["https://a.example/b.jpg", "http://a.example/b.jpg", ""], without=["https://a.example/c.jpg"])
    ('https://a.example/b.jpg',)
    """
    seen = {urls.identity(address) for address in without}
    found: list[str] = []
    for address in addresses:
        key = urls.identity(address)
        if address and key not in seen:
            seen.add(key)
            found.append(address)
    return tuple(found)
