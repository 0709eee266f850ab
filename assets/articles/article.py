"""A web page read as an article: its own pictures, completed by its head and its linked data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

from assets.articles import lead_image
from assets.articles.lead_image import LeadImage
from assets.articles.links import Place
from assets.articles.main_content import MainContent, find_story
from assets.articles.marked_story import is_list
from assets.articles.metadata import Head, LinkedArticle, read_head, read_linked_data, read_microdata
from assets.articles.nearby_captions import mark_captions
from assets.articles.scripted_story import list_scripted_stories
from assets.articles.story_times import StoryTimes, read_times
from assets.articles.teasers import AUTHOR, HIDDEN, PLAYER, find_foreign_pictures
from assets.articles.text_density import PICTURE_TAGS, Element, TextDensity, measure_text_density
from assets.articles.url_groups import Likeness, PictureIndex, UrlGroups
from assets.credits import split_credit
from assets.markup import hide_picture, is_same, read_node, shown_addresses
from assets.model import Document, Failure, ImageReference, Page, Reading, Reason, Role, Stage
from assets.parsing import text, urls
from assets.parsing.dates import iso_time
from assets.parsing.encodings import decode_page
from assets.parsing.htmltree import parse_html

# More pictures above a story are a menu's.
MAX_ABOVE = 40

# What themes call the picture on top of a page.
_HERO = re.compile(
    r"(?:^|[\s_-])(?:hero|jumbotron|(?:page|post|entry|article|single|story|featured|lead|cover|header)[_-]*"
    r"(?:header|cover|hero|banner|image|img|photo|bg|background|thumb(?:nail)?|media))(?=$|[\s_-])"
)

# How WordPress marks the picture that a post has as its own.
_FEATURED = re.compile(r"(?:^|\s)(?:wp-post-image|u-featured)(?=$|\s)")


@dataclass(frozen=True, slots=True)
class _Told:
    """What a page says of itself beside its markup."""

    url: str
    head: Head
    linked: LinkedArticle
    micro: LinkedArticle


def read_article(document: Document, base_url: str = "") -> Reading:
    """The page and the pictures of its story.

    `base_url` is what relative addresses start from where the user says so; the page's own address stays the one
    it came from, or the one it gives itself.
    """
    tree = parse_html(decode_page(document.body, document.content_type))
    head = read_head(tree, base_url or document.url)
    url = document.url or head.canonical or head.og_url or base_url or head.base
    told = _Told(url, head, read_linked_data(tree, url, head.base), read_microdata(tree, head.base))
    density = measure_text_density(tree)
    titles = (told.linked.headline, told.micro.headline, head.title, head.document_title)
    main_content = find_story(density, titles, head.post_id)
    if head.is_wordpress and is_list(density):
        # The pictures are those of the posts it lists, and so are the times.
        failure = Failure(Stage.READ, Reason.NO_PICTURE, url or document.source, "a page without an article")
        return Reading(_page(document.source, told, StoryTimes()), failures=(failure,))
    if not main_content.prose:
        density, main_content = _find_scripted(tree, titles) or (density, main_content)
    page = _page(document.source, told, read_times(density, main_content))
    lost = () if head.base else _relative_addresses(density)
    references = _references(density, main_content, told)
    if lost:
        # Said whatever else was found: pictures that nobody can fetch must not vanish.
        what = f"{lost[0]}: relative, and the page does not tell its own address; --base-url says it"
        failure = Failure(Stage.READ, Reason.BAD_ADDRESS, document.source, text.clean(what))
        return Reading(page, references, failures=(failure,))
    if references:
        return Reading(page, references)
    what = "an article without a picture" if main_content.prose else "a page without an article"
    failure = Failure(Stage.READ, Reason.NO_PICTURE, url or document.source, what)
    return Reading(page, failures=(failure,), has_bare_story=bool(main_content.prose))


def _find_scripted(tree: LexborHTMLParser, titles: Iterable[str]) -> tuple[TextDensity, MainContent] | None:
    """The story of a page that has it in its scripts alone, None where there is none either."""
    for html in list_scripted_stories(tree):
        density = measure_text_density(parse_html(html))
        main_content = find_story(density, titles)
        if main_content.prose:
            return density, main_content
    return None


def _page(source: str, told: _Told, times: StoryTimes) -> Page:
    head, linked, micro = told.head, told.linked, told.micro
    is_wordpress = bool(head.api_root) or head.is_wordpress
    return Page(
        source,
        url=told.url,
        site=urls.site_of(told.url),
        title=head.title or linked.headline or micro.headline or head.document_title,
        published=_first_time((linked.published, *head.published, micro.published, *times.published)),
        modified=_first_time((linked.modified, *head.modified, micro.modified, *times.modified)),
        language=head.language or linked.language or micro.language,
        api_root=head.api_root,
        post_id=head.post_id if is_wordpress else None,
    )


def _references(density: TextDensity, main_content: MainContent, told: _Told) -> tuple[ImageReference, ...]:
    """The references of the story, completed; the tree loses the pictures that are foreign to it."""
    if not density.elements:
        return ()
    head = told.head
    url_groups = UrlGroups(
        told.url, (urls.make_absolute(address, head.base) for address in _list_picture_addresses(density))
    )
    emblems = told.linked.emblems | told.micro.emblems
    named = lead_image.offers(head, (*told.linked.lead, *told.micro.lead), emblems)
    place = Place(told.url, head.base, (*told.linked.authors, *told.micro.authors))
    foreign = find_foreign_pictures(density, main_content, place)
    own = _Named(named, url_groups, head.base)
    hidden = _choose_hidden(density, main_content, foreign, own)
    _hide(density, hidden)
    mark_captions(density, main_content, _list_lead(density, main_content, own) if named else ())
    found = [
        one
        for one in read_node(density.elements[main_content.root].node, head.base)
        if not emblems.intersection((one.url, *one.variants))
    ]
    hero = _read_hero(density, main_content, head.base)
    found = [*(one for one in hero if not any(is_same(one, other) for other in found)), *found]
    described = [lead_image.offer_of(one) for one in (*told.linked.described, *told.micro.described)]
    outside = (one for node in (density.elements[0].node,) for one in read_node(node, head.base))
    references = _credit_by_captions(
        lead_image.complete_references(found, outside, named, described, url_groups)
    )
    if any(one.role is Role.FEATURED for one in references):
        return references
    return _mark_featured(references, density, main_content, head.base, {one.number for one in hidden})


def _hide(density: TextDensity, hidden: list[Element]) -> None:
    """Take pictures out of the tree, and out of its outline: nodes that are gone may not be asked for anything."""
    end = 0
    for element in sorted(hidden, key=lambda one: one.number):
        if element.number < end:
            continue
        is_image = element.tag in PICTURE_TAGS
        hide_picture(element.node)
        if is_image:
            end = element.end
            for inner in (element, *density.list_descendants(element.number)):
                inner.tag, inner.shows_picture = "", False


def _list_lead(density: TextDensity, main_content: MainContent, own: _Named) -> list[Element]:
    """The pictures above the story that the page calls its own."""
    above = (
        one for one in density.elements[: main_content.root] if one.tag in PICTURE_TAGS and not one.is_unseen
    )
    return [one for one in islice(above, MAX_ABOVE) if own.holds(one)]


def _mark_featured(
    references: tuple[ImageReference, ...],
    density: TextDensity,
    main_content: MainContent,
    base_url: str,
    hidden: set[int],
) -> tuple[ImageReference, ...]:
    """The references with the picture first that the theme shows as the post's own, in the story or above it."""
    marked = next(
        (
            element
            for element in density.elements[: density.elements[main_content.root].end]
            if element.tag in PICTURE_TAGS
            and element.number not in hidden
            and _FEATURED.search(element.node.attributes.get("class") or "")
        ),
        None,
    )
    holder = marked.node.parent if marked is not None and main_content.prose else None
    shown = read_node(holder, base_url)[:1] if holder is not None else ()
    if not shown:
        return references
    place = next((place for place, one in enumerate(references) if is_same(one, shown[0])), -1)
    main = references[place] if place >= 0 else shown[0]
    others = [one for number, one in enumerate(references) if number != place]
    ordered = (replace(main, role=Role.FEATURED), *others)
    return tuple(replace(each, position=position) for position, each in enumerate(ordered))


def _credit_by_captions(references: Iterable[ImageReference]) -> tuple[ImageReference, ...]:
    """The references with the credits that captions of linked data hold, where nothing else told one."""
    return tuple(
        replace(one, credit=credit, credit_field=one.caption_field)
        if not one.credit and one.caption and (credit := split_credit(one.caption)[1])
        else one
        for one in references
    )


class _Named:
    """Tells which elements show a picture that the page calls its own."""

    def __init__(self, named: Iterable[LeadImage], url_groups: UrlGroups, base_url: str) -> None:
        self._base_url = base_url
        self._index = PictureIndex(url_groups)
        for one in named:
            self._index.add(0, one.addresses)

    def holds(self, element: Element) -> bool:
        """Whether an element surely shows one of them."""
        attributes = element.node.attributes
        given = [attributes.get(name) or "" for name in ("src", "data-src", "poster")]
        found = [address for one in given if (address := urls.make_absolute(one, self._base_url))]
        found += [urls.make_absolute(one, self._base_url) for one in shown_addresses(element.tag, attributes)]
        return self._index.find(found)[0] is Likeness.STRONG


def _choose_hidden(
    density: TextDensity, main_content: MainContent, foreign: list[tuple[Element, str]], named: _Named
) -> list[Element]:
    """The foreign pictures that are none of the story's.

    What the page calls its own and shows within the story is not foreign, whatever its box is called; what players
    show is the story's where it has nothing else.
    """
    hidden = [
        element
        for element, sign in foreign
        if sign in (AUTHOR, HIDDEN)
        or not (
            named.holds(element)
            if density.contains(main_content.root, element.number)
            else _stands_in_header(density, main_content, element)
        )
    ]
    players = {element.number for element, sign in foreign if sign == PLAYER}
    if players:
        numbers = {element.number for element in hidden}
        has_others = any(
            element.shows_picture and element.number not in numbers
            for element in density.list_descendants(main_content.root)
        )
        if not has_others:
            return [element for element in hidden if element.number not in players]
    return hidden


def _stands_in_header(density: TextDensity, main_content: MainContent, element: Element) -> bool:
    """Whether a theme shows a post's own picture in the site's header above it."""
    root = density.elements[main_content.root]
    is_marked = _FEATURED.search(element.node.attributes.get("class") or "") is not None
    return is_marked and element.number < root.number and "has-post-thumbnail" in root.words.split()


def _read_hero(density: TextDensity, main_content: MainContent, base_url: str) -> tuple[ImageReference, ...]:
    """The background over which a page shows its headline, or of its hero, where that stands before the story."""
    for element in reversed(density.elements[: main_content.root]):
        if not element.shows_picture or element.tag in PICTURE_TAGS:
            continue
        if density.contains(element.number, main_content.root) or not main_content.prose:
            continue
        if density.contains(element.number, main_content.headline) or _HERO.search(element.words):
            shown = shown_addresses(element.tag, element.node.attributes)
            addresses = {urls.make_absolute(address, base_url) for address in shown}
            # What stands over the background is the page's own machinery.
            first = read_node(element.node, base_url)[:1]
            return tuple(one for one in first if addresses.intersection((one.url, *one.variants)))
    return ()


def _relative_addresses(density: TextDensity) -> tuple[str, ...]:
    return tuple(
        address for address in _list_picture_addresses(density) if not urls.make_absolute(address, "")
    )


def _list_picture_addresses(density: TextDensity) -> list[str]:
    return [
        address
        for element in density.elements
        for address in _read_addresses(element.node.attributes, element.tag)
    ]


def _read_addresses(attributes: dict[str, str | None], tag: str) -> Iterator[str]:
    if tag in PICTURE_TAGS:
        for name in ("src", "data-src"):
            address = attributes.get(name) or ""
            if address and not address.startswith("data:"):
                yield address


def _first_time(values: Iterable[str]) -> str:
    return next((moment for value in values if (moment := iso_time(value))), "")
