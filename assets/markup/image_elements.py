"""The pictures of a parsed document with what stands around each, found in one walk.

Everything is noted on the way, in time proportional to the document: no picture looks up or down the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from assets.markup.shown_pictures import shown_addresses

# Ten times the references a page may have: buttons and repetitions count here.
MAX_SIGHTINGS = 20_000

# Levels up from a picture in which classes and ids speak of it.
MAX_NEAR_ANCESTORS = 4

# Levels up from a caption outside any figure at which its picture may stand.
MAX_CAPTION_LEVELS = 3

_PICTURES = frozenset({"img", "amp-img"})
# What a reader does not see as part of the text.
_SKIPPED = frozenset({"script", "style", "template", "svg", "math", "iframe", "object", "select", "textarea"})
_TOPS = frozenset({"body", "html", "main", "article"})
_HOLDER_CLASS = re.compile(
    r"(?:^|\s)(?:wp-caption|gallery-item|blocks-gallery-item|tiled-gallery-item)(?:\s|$)"
)
# A caption, and not the box that has one, nor the size of its letters.
_CAPTION_CLASS = re.compile(
    r"(?i)(?:^|\s)(?!wp-caption(?:\s|$)|(?:has|no|with|text|font|type|hide|show)-|\S*(?:video|button|icon|toggle|drawer))"
    r"\S*caption\S*"
)
_CREDIT_CLASS = re.compile(
    r"(?i)(?:^|\s)(?!\S*(?:accredit|footer|menu|creditcard|credit-card|toggle|button|icon|drawer|label))"
    r"\S*(?:credit|copyright)\S*"
)
_SOURCE_CLASS = re.compile(
    r"(?i)(?:^|\s)(?!\S*(?:label|icon|button))(?:\S*[_-])?(?:source|author|photographer|agency|attribution|rights|owner)"
    r"(?=$|[\s_-])\S*"
)
_CREDIT_PROPERTIES = ("creditText", "copyrightHolder", "copyrightNotice", "author", "creator")


# Blocks of WordPress and its page builders that list other posts with their featured pictures.
_LIST_CLASS = re.compile(
    r"(?:^|\s)(?:wp-block-(?:latest-posts(?:__list)?|post-template|query|jetpack-(?:related-posts|top-posts)"
    r"|newspack-blocks-(?:homepage-articles|carousel)|(?:kadence|stackable|getwid-recent|coblocks)-posts"
    r"|uagb-post-(?:grid|carousel|masonry)|genesis-blocks-gb-post-grid)"
    r"|jp-relatedposts|yarpp(?:-related|-thumbnails-horizontal)?|crp_related|rp4wp-related-posts|rpwe-block"
    r"|uagb-post-grid|gb-query-loop-wrapper|display-posts-listing|elementor-posts(?:-container)?"
    r"|elementor-widget-posts|fusion-recent-posts)(?=\s|$)"
)


@dataclass(slots=True)
class CreditNode:
    """An element that holds a credit, and by which sign it is one."""

    node: LexborNode
    sign: str


@dataclass(slots=True, eq=False)
class Holder:
    """An element that keeps pictures together with their caption: a figure, a caption box, a gallery item."""

    node: LexborNode
    outer: Holder | None = None
    captions: list[LexborNode] = field(default_factory=list)
    credits: list[CreditNode] = field(default_factory=list)
    # Those directly in it, without twins for browsers that run no scripts.
    pictures: int = 0


@dataclass(slots=True, eq=False)
class ImageElement:
    """One `img` element, or another one that shows a picture, and its surroundings.

    `shown` are the addresses at which an element that is no `img` shows its picture, `sources` the `source`
    elements of its `picture`, `link` the address that a click leads to; `holder` is the nearest, `captions` and
    `credits` stand beside it outside any holder.
    """

    node: LexborNode
    holder: Holder | None = None
    sources: list[LexborNode] = field(default_factory=list)
    link: str = ""
    outer_words: str = ""
    shown: tuple[str, ...] = ()
    is_fallback: bool = False
    twin: ImageElement | None = None
    captions: list[LexborNode] = field(default_factory=list)
    credits: list[CreditNode] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Open:
    """An element that is open while the walk is within it, with what its descendants inherit."""

    node: LexborNode
    holder: Holder | None = None
    link: str = ""
    sources: list[LexborNode] | None = None
    is_fallback: bool = False
    is_caption: bool = False
    is_credit: bool = False
    is_list: bool = False
    # How many images had been seen when it was opened.
    seen: int = 0


def sightings(root: LexborNode) -> list[ImageElement]:
    """Each element that shows a picture, a node itself and all under it, with its surroundings, up to MAX_SIGHTINGS.

    They are in document order; lists of other posts, which a block of the page makes, are left out.
    """
    walk = _Walk(root)
    for node, is_leaving in _steps(root):
        if is_leaving:
            walk.leave()
        else:
            walk.enter(node)
    return walk.seen


def _steps(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each element under a node when it is entered and when it is left, without recursion."""
    depth = 0
    node = root
    is_new = True
    while True:
        if is_new and (child := _element(node.child if node.tag not in _SKIPPED else None)):
            yield child, False
            node, depth = child, depth + 1
            continue
        if depth == 0:
            return
        yield node, True
        following, is_new = _element(node.next), True
        if following is not None:
            yield following, False
            node = following
            continue
        parent = node.parent
        if parent is None:
            return
        node, depth, is_new = parent, depth - 1, False


def _element(node: LexborNode | None) -> LexborNode | None:
    """The node or the next of its siblings that is an element."""
    while node is not None and not node.is_element_node:
        node = node.next
    return node


class _Walk:
    def __init__(self, root: LexborNode) -> None:
        self.seen: list[ImageElement] = []
        # Those of them to which a caption outside any figure can belong.
        self._images: list[ImageElement] = []
        self._open = [_Open(root)]
        self._enter_holder(self._open[0], _classes(root))
        if shown := shown_addresses(root.tag or "", root.attributes):
            self._see(root, self._open[0], shown)

    def leave(self) -> None:
        self._open.pop()

    def enter(self, node: LexborNode) -> None:
        outer = self._open[-1]
        tag, attributes = node.tag or "", node.attributes
        opened = _Open(
            node,
            outer.holder,
            outer.link,
            outer.sources,
            outer.is_fallback,
            outer.is_caption,
            outer.is_credit,
            outer.is_list or _LIST_CLASS.search(attributes.get("class") or "") is not None,
            len(self._images),
        )
        shown = shown_addresses(tag, attributes)
        if (tag in _PICTURES or shown) and not opened.is_list and len(self.seen) < MAX_SIGHTINGS:
            self._see(node, outer, shown)
        if tag in _PICTURES:
            pass
        elif tag == "a":
            opened.link = (attributes.get("href") or "").strip()
        elif tag == "noscript":
            opened.is_fallback = True
        elif tag == "picture":
            opened.sources = []
        elif tag == "source" and outer.sources is not None:
            outer.sources.append(node)
        else:
            self._enter_text(opened, tag)
        self._open.append(opened)

    def _enter_text(self, opened: _Open, tag: str) -> None:
        """Note what an element is to the pictures near it: their holder, a caption, a credit."""
        attributes = opened.node.attributes
        classes = attributes.get("class") or ""
        prop = attributes.get("itemprop") or ""
        if self._enter_holder(opened, classes):
            return
        is_caption = bool(_caption_sign(tag, classes, prop))
        if is_caption and not opened.is_caption:
            opened.is_caption = True
            self._keep_caption(opened)
        sign = _credit_sign(opened, tag, classes, prop)
        if sign and (not opened.is_credit or "itemprop" in sign):
            # The caption itself may be called so; the credit is then one of its parts.
            opened.is_credit = not is_caption
            self._keep_credit(CreditNode(opened.node, sign), opened)

    def _enter_holder(self, opened: _Open, classes: str) -> bool:
        """Note whether an element keeps pictures together with their caption."""
        attributes = opened.node.attributes
        is_holder = opened.node.tag == "figure" or bool(_HOLDER_CLASS.search(classes))
        if is_holder or (attributes.get("itemtype") or "").endswith("/ImageObject"):
            opened.holder = Holder(opened.node, opened.holder)
            opened.is_caption = opened.is_credit = False
            return True
        return False

    def _see(self, node: LexborNode, outer: _Open, shown: tuple[str, ...]) -> None:
        found = ImageElement(
            node,
            outer.holder,
            outer.sources if outer.sources is not None else [],
            outer.link,
            self._words(),
            shown,
            outer.is_fallback,
        )
        if outer.is_fallback:
            found.twin = self._twin()
        elif outer.holder is not None and not shown:
            outer.holder.pictures += 1
        self.seen.append(found)
        if not shown:
            self._images.append(found)

    def _twin(self) -> ImageElement | None:
        """The picture that a `noscript` follows directly: it is the same one, loaded by a script."""
        fallback = next((one for one in reversed(self._open) if one.node.tag == "noscript"), None)
        before = fallback.node.prev if fallback is not None else None
        while before is not None and not before.is_element_node:
            before = before.prev
        last = self.seen[-1] if self.seen else None
        if before is None or last is None or last.is_fallback:
            return None
        near = (last.node, last.node.parent)
        return last if any(one is not None and one.mem_id == before.mem_id for one in near) else None

    def _words(self) -> str:
        """The classes and ids of the nearest ancestors, below the root and the article itself."""
        words: list[str] = []
        for opened in reversed(self._open[1:][-MAX_NEAR_ANCESTORS:]):
            if opened.node.tag in _TOPS:
                break
            attributes = opened.node.attributes
            words += (attributes.get("class") or "", attributes.get("id") or "")
        return " ".join(words)

    def _keep_caption(self, opened: _Open) -> None:
        if opened.holder is not None:
            opened.holder.captions.append(opened.node)
        elif (found := self._find_beside()) is not None:
            found.captions.append(opened.node)

    def _keep_credit(self, credit: CreditNode, opened: _Open) -> None:
        if opened.holder is not None:
            opened.holder.credits.append(credit)
        elif (found := self._find_beside()) is not None:
            found.credits.append(credit)

    def _find_beside(self) -> ImageElement | None:
        """The one picture before this place within the nearest element that has any."""
        for opened in reversed(self._open[1:][-MAX_CAPTION_LEVELS:]):
            inside = [one for one in self._images[opened.seen :][:2] if not one.is_fallback]
            if inside:
                is_alone = len(self._images) - opened.seen <= 2 and len(inside) == 1
                return inside[0] if is_alone and inside[0].holder is None else None
        return None


def caption_sign(node: LexborNode) -> str:
    """By which sign an element is a caption, `""` where it is none."""
    return _caption_sign(node.tag or "", _classes(node), node.attributes.get("itemprop") or "")


def _caption_sign(tag: str, classes: str, prop: str) -> str:
    if tag == "figcaption":
        return tag
    if "caption" in prop:
        return f"[itemprop={prop.strip()}]"
    found = _CAPTION_CLASS.search(classes)
    return f".{found.group().strip()}" if found is not None else ""


def _credit_sign(opened: _Open, tag: str, classes: str, prop: str) -> str:
    """By which sign an element is a credit, `""` where it is none."""
    where = "figcaption " if opened.is_caption else ""
    named = next((name for name in _CREDIT_PROPERTIES if name in prop.split()), "")
    if named and (opened.holder is not None or named not in ("author", "creator")):
        return f"{where}[itemprop={named}]"
    found = _CREDIT_CLASS.search(classes)
    # Outside any figure a copyright is the page's own.
    if found and (opened.holder is not None or opened.is_caption or "copyright" not in found.group().lower()):
        return f"{where}.{found.group().strip()}"
    if opened.is_caption and (found := _SOURCE_CLASS.search(classes)):
        return f"{where}.{found.group().strip()}"
    return f"{where}{tag}" if opened.is_caption and tag in ("small", "cite") else ""


def _classes(node: LexborNode) -> str:
    return node.attributes.get("class") or ""
