"""A web page read as an article: its own pictures, completed by what its head and its structured data say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from assets import markup, text, urls, variants
from assets.articleroot import article_root, is_teaser, without_surroundings
from assets.head import HeadPicture, PageLinks, links_of
from assets.head import decoded as decoded
from assets.head import page_links as page_links
from assets.linked_data import LinkedArticle, LinkedPicture, linked_article
from assets.merging import distinct
from assets.model import Document, Failure, ImageReference, Page, PageKind, Reading, Reason, Role, Stage

# Parts of addresses that name one picture on a CDN, whatever its size: long enough not to be a word or a year.
_NAME_PART = re.compile(r"[A-Za-z0-9_-]{9,}")


def read_article(document: Document, base_url: str = "") -> Reading:
    """A whole HTML page as its article and the article's pictures; `base_url` is the address a saved page had."""
    page_text = decoded(document.body, document.content_type)
    tree = LexborHTMLParser(page_text)
    given = document.url or base_url
    links = links_of(tree, page_text, given)
    address = given or links.canonical
    if not given and address:
        # A saved page: only now is it known where relative addresses start.
        links = links_of(tree, page_text, address)
    base = links.base or address
    linked = linked_article(tree, base)
    page = _page(document, links, linked, address)
    found = _article_pictures(tree, base, address)
    references = _completed(found, links.pictures, linked)
    failures = () if references else (Failure(Stage.READ, Reason.NO_PICTURE, address or document.source),)
    return Reading(page, references, failures)


def _page(document: Document, links: PageLinks, linked: LinkedArticle, address: str) -> Page:
    own = links.canonical if not document.url and links.canonical else address
    return Page(
        source=document.source,
        url=own,
        site=urls.site_of(own),
        kind=PageKind.ARTICLE,
        title=links.title or linked.headline,
        published=linked.published or links.published,
        modified=linked.modified or links.modified,
        language=links.language,
        api_root=links.api_root,
        post_id=links.post_id,
    )


def _article_pictures(tree: LexborHTMLParser, base: str, address: str) -> list[ImageReference]:
    """The pictures within the article, teasers of other stories left out."""
    without_surroundings(tree)
    root = article_root(tree)
    if root is None:
        root = tree.css_first("main") or tree.body
    if root is None:
        return []
    for picture in root.css("img, amp-img"):
        if is_teaser(picture, address or base):
            picture.decompose()
    return list(markup.read_node(root, base))


def _completed(
    found: list[ImageReference], pictures: tuple[HeadPicture, ...], linked: LinkedArticle
) -> tuple[ImageReference, ...]:
    """The references with what the head and structured data know of them; the lead picture is the featured one."""
    named = [ImageReference(one.url, width=one.width, height=one.height, alt=one.alt) for one in pictures[:1]]
    named += [_reference(one) for one in linked.pictures]
    common = _common_parts(found)
    lead: ImageReference | None = None
    for one in named:
        place = _place(one, found, common)
        if place is not None:
            found[place] = _with(found[place], one)
            if lead is None:
                found[place] = lead = replace(found[place], role=Role.FEATURED)
        elif lead is None:
            lead = replace(one, role=Role.FEATURED)
            found.insert(0, lead)
        elif _is_same(one, lead, set()):
            at = next(number for number, other in enumerate(found) if other.role is Role.FEATURED)
            found[at] = lead = _with(found[at], one)
    for other in map(_reference, linked.others):
        place = _place(other, found, common)
        if place is not None:
            found[place] = _with(found[place], other)
    found.sort(key=lambda reference: reference.role is not Role.FEATURED)
    return tuple(replace(one, position=number) for number, one in enumerate(found))


def _reference(one: LinkedPicture) -> ImageReference:
    return ImageReference(
        one.url,
        caption=one.caption,
        credit=one.credit,
        credit_field=one.credit_field,
        width=one.width,
        height=one.height,
    )


def _place(one: ImageReference, found: list[ImageReference], common: set[str]) -> int | None:
    return next((number for number, other in enumerate(found) if _is_same(one, other, common)), None)


def _is_same(one: ImageReference, other: ImageReference, common: set[str]) -> bool:
    """Whether two references are to one picture, by upload or by a part of the address that only it has."""
    ours, theirs = ((r.url, *r.variants) for r in (one, other))
    if {variants.upload_key(a) for a in ours} & {variants.upload_key(a) for a in theirs}:
        return True
    return bool((_parts(ours) & _parts(theirs)) - common)


def _parts(addresses: Iterable[str]) -> set[str]:
    """What in some addresses may name the picture: long words with digits, or the file's own name."""
    found: set[str] = set()
    for address in addresses:
        path = urls.path_of(variants.upload_address(address) or address)
        found |= {part for part in _NAME_PART.findall(path) if sum(c.isdigit() for c in part) >= 4}
        stem = path.rpartition("/")[2].partition(".")[0]
        if len(stem) >= 9:
            found.add(stem)
    return found


def _common_parts(found: list[ImageReference]) -> set[str]:
    """Parts that stand in the addresses of several pictures: the story's number, not the picture's."""
    counted = Counter(part for one in found for part in _parts((one.url, *one.variants)))
    return {part for part, count in counted.items() if count > 1}


def _with(one: ImageReference, named: ImageReference) -> ImageReference:
    """A reference of the markup completed by what was named elsewhere; the markup's own texts stay."""
    offered = [one.url, *one.variants, named.url, *named.variants]
    best = one.url
    known = variants.named_width(one.url) or one.width or 0
    if (variants.named_width(named.url) or named.width or 0) > known:
        best = named.url
    caption = one.caption or named.caption
    credited = one if one.credit else named
    return replace(
        one,
        url=best,
        variants=distinct(offered, without=(best,)),
        alt=one.alt or named.alt,
        caption=text.clean(caption),
        credit=credited.credit,
        credit_field=credited.credit_field,
        width=one.width or named.width,
        height=one.height or named.height,
    )
