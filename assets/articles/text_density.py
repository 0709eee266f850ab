"""A page's tree measured: how much prose, linked text and how many pictures stand below each element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assets.markup import picture_tag, shown_addresses, stated_address

# A block with less text of its own is a label, a button or a headline. Bytes of UTF-8: a Chinese character
# says as much as three Latin letters.
MIN_PROSE_BYTES = 60

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong"
    " sub sup time tt u var wbr amp-img img picture".split()
)
# What the reader does not see as text of the page.
_UNSEEN = frozenset(
    "script style template noscript svg math iframe object select option textarea head title canvas".split()
)
# What these are called says which captions there are, not that they are one.
_NO_CAPTION = frozenset({"html", "body", "main", "article", "section", "img", "amp-img", "figure"})
# Prose in these is not the story's.
_ASIDE = frozenset("nav footer aside figure figcaption dialog menu".split())

_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|disqus|respond|kommentare?|comentarios?|commentaires?|livefyre)(?:$|[\s_-])"
)

# Parts of a page that are called after whatever is in them.
_TOPS = frozenset({"html", "body", "main", "article"})
_CAPTION = re.compile(r"(?:^|\s)(?!\S*(?:has|no|show|hide|with|without)[-_]?caption)\S*caption")

_NAMING = ("class", "id", "role", "itemprop", "data-testid")
# Longer lists of names are data that slipped in.
_MAX_NAMING = 2000
_SEAM = re.compile(r"[-_]+")
# A name of so many words is made of a headline.
_SLUG = 6
# WordPress writes a post's terms among its classes: a story filed under `tag-social-media` is no box of buttons.
_TERMS = ("tag-", "category-")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

PICTURE_TAGS = frozenset({"img", "amp-img"})
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(slots=True)
class Element:
    """One element and what stands in it and below it.

    `prose` counts the bytes of unlinked running text, `text` all that a reader sees, `linked` the part of it in
    links; captions count in none of them. `end` is the number behind the last element below. `shows_picture` tells of
    images, backgrounds and posters; `pictures` counts images alone.
    """

    node: LexborNode
    number: int
    parent: int
    tag: str
    words: str
    href: str = ""
    link: int = -1
    block: int = 0
    own_prose: int = 0
    prose: int = 0
    text: int = 0
    linked: int = 0
    pictures: int = 0
    end: int = 0
    is_aside: bool = False
    is_caption: bool = False
    is_unseen: bool = False
    shows_picture: bool = False


@dataclass(slots=True)
class TextDensity:
    """A page's elements in document order; an element's number is its place."""

    elements: list[Element] = field(default_factory=list)

    def ancestors(self, number: int) -> Iterator[Element]:
        """The elements around one, innermost first."""
        number = self.elements[number].parent
        while number >= 0:
            yield self.elements[number]
            number = self.elements[number].parent

    def list_descendants(self, number: int) -> Iterator[Element]:
        """The elements inside one, in document order."""
        for inner in range(number + 1, self.elements[number].end):
            yield self.elements[inner]

    def children(self, number: int) -> Iterator[Element]:
        """The elements directly inside one."""
        inner = number + 1
        while inner < self.elements[number].end:
            yield self.elements[inner]
            inner = self.elements[inner].end

    def contains(self, outer: int, inner: int) -> bool:
        """Whether one element is another, or around it; none is around -1."""
        return outer <= inner < self.elements[outer].end


def measure_text_density(tree: LexborHTMLParser) -> TextDensity:
    """The outline of a parsed page, in time linear in its length."""
    density = TextDensity()
    root = tree.root
    if root is None:
        return density
    places: dict[int, int] = {}
    for node in root.traverse(include_text=True, skip_empty=True):
        parent = node.parent
        above = places.get(parent.mem_id, -1) if parent is not None else -1
        if node.tag == "-text":
            if above >= 0:
                _add_text(density.elements, above, node)
        elif node.is_element_node:
            places[node.mem_id] = len(density.elements)
            density.elements.append(_element(density.elements, node, above))
    _sum_up(density.elements)
    return density


def _element(elements: list[Element], node: LexborNode, parent: int) -> Element:
    attributes = node.attributes
    tag = picture_tag(node.tag or "", attributes)
    around = elements[parent] if parent >= 0 else None
    number = len(elements)
    words = _words(attributes)
    element = Element(node, number, parent, tag, words)
    href = attributes.get("href") or "" if tag == "a" else ""
    element.href = href
    element.link = number if href else around.link if around is not None else -1
    element.block = around.block if around is not None and tag in _INLINE else number
    element.end = number + 1
    element.is_aside = tag in _ASIDE or _is_comments(tag, words)
    element.is_caption = tag == "figcaption" or ("caption" in words and _is_caption(tag, words))
    element.is_unseen = tag in _UNSEEN
    if around is not None:
        element.is_aside |= around.is_aside
        element.is_caption |= around.is_caption
        element.is_unseen |= around.is_unseen
    is_image = tag in PICTURE_TAGS
    element.shows_picture = is_image or (bool(attributes) and _shows_picture(tag, attributes))
    # What stands in <noscript>, or in a picture, is the twin of a picture that scripts load.
    is_twin = element.is_unseen or (around is not None and around.tag in PICTURE_TAGS)
    element.pictures = int(is_image and not is_twin)
    return element


def _shows_picture(tag: str, attributes: dict[str, str | None]) -> bool:
    return bool(shown_addresses(tag, attributes)) or (
        "itemid" in attributes and bool(stated_address(attributes))
    )


def _words(attributes: dict[str, str | None]) -> str:
    """What an element is called, its names taken apart where they are joined; names made of headlines left out."""
    told = " ".join(value for name in _NAMING if (value := attributes.get(name)))
    if len(told) > _MAX_NAMING:
        return ""
    words = _CAMEL.sub("-", told).lower().split()
    return " ".join(
        word for word in words if len(_SEAM.findall(word)) < _SLUG and not word.startswith(_TERMS)
    )


def _is_caption(tag: str, words: str) -> bool:
    """Whether an element is called a caption, and not one that has or shows such."""
    return tag not in _NO_CAPTION and _CAPTION.search(words) is not None


def _is_comments(tag: str, words: str) -> bool:
    return tag not in _TOPS and _COMMENTS.search(words) is not None


def _add_text(elements: list[Element], number: int, node: LexborNode) -> None:
    element = elements[number]
    if element.is_unseen or element.is_caption:
        return
    length = len((node.text_content or "").strip().encode("utf-8", "replace"))
    element.text += length
    if element.link >= 0:
        element.linked += length
    elif not element.is_aside:
        elements[element.block].own_prose += length


def _sum_up(elements: list[Element]) -> None:
    for element in reversed(elements):
        if element.own_prose >= MIN_PROSE_BYTES:
            element.prose += element.own_prose
        if element.parent < 0:
            continue
        around = elements[element.parent]
        around.prose += element.prose
        around.text += element.text
        around.linked += element.linked
        around.pictures += element.pictures
        around.end = max(around.end, element.end)
