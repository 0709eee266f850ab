"""The pictures of a parsed document with what stands around each, found in one walk.

Everything is noted on the way, in time proportional to the document: no picture looks up or down the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from assets.credits import caption_class, credit_sign, legend_class
from assets.markup.shown_pictures import PICTURE_TAGS, picture_tag, shown_addresses, stated_address
from assets.markup.tree_steps import find_element_before, find_element_from, walk_elements

# Ten times the references a page may have: buttons and repetitions count here.
MAX_SIGHTINGS = 20_000

# Levels up from a picture in which classes and ids speak of it.
MAX_NEAR_ANCESTORS = 4

# Levels up from a caption outside any figure at which its picture may stand.
MAX_CAPTION_LEVELS = 3

# Longer lists of classes and properties are data that slipped in.
MAX_NAME_CHARACTERS = 1_000

# So many captions and credits of one picture are read; more are somebody's mistake.
MAX_TEXTS = 12

# More blanks and line breaks do not stand between a picture and its caption.
MAX_SIBLINGS = 6

_TOPS = frozenset({"body", "html", "main", "article"})
_HOLDER_CLASS = re.compile(
    r"(?:^|\s)(?:wp-caption|hmedia|gallery-item|blocks-gallery-item|tiled-gallery-item)(?:\s|$)"
)
# Blocks of WordPress and its page builders that list other posts with their featured pictures.
_LIST_CLASS = re.compile(
    r"(?:^|\s)(?:wp-block-(?:latest-posts(?:__list)?|post-template|query|jetpack-(?:related-posts|top-posts)"
    r"|newspack-blocks-(?:homepage-articles|carousel)|(?:kadence|stackable|getwid-recent|coblocks)-posts"
    r"|uagb-post-(?:grid|carousel|masonry)|genesis-blocks-gb-post-grid)"
    r"|jp-relatedposts|yarpp(?:-related|-thumbnails-horizontal)?|crp_related|rp4wp-related-posts|rpwe-block"
    r"|uagb-post-grid|gb-query-loop-wrapper|display-posts-listing|elementor-posts(?:-container)?"
    r"|elementor-widget-posts|fusion-recent-posts)(?=\s|$)"
)


# In these editors set what stands behind a picture without a figure.
_EMPHASIS = frozenset({"em", "i", "small", "cite"})


@dataclass(slots=True)
class CreditNode:
    """An element that holds a credit, and by which sign it is one.

    With `has_inner` others in it are a credit or a caption too: it is the box of them.
    """

    node: LexborNode
    sign: str
    has_inner: bool = False


@dataclass(slots=True, eq=False)
class Holder:
    """An element that keeps pictures together with their caption: a figure, a caption box, a gallery item."""

    node: LexborNode
    outer: Holder | None = None
    captions: list[LexborNode] = field(default_factory=list)
    legends: list[LexborNode] = field(default_factory=list)
    credits: list[CreditNode] = field(default_factory=list)
    # Those directly in it, without twins for browsers that run no scripts.
    pictures: int = 0


@dataclass(slots=True, eq=False)
class ImageElement:
    """One `img` element, or another one that shows a picture, and its surroundings.

    `shown` are the addresses at which an element that is no `img` shows its picture, `sources` the `source`
    elements of its `picture`, `link` the address that a click leads to; `holder` is the nearest, `captions` and
    `credits` stand beside it outside any holder. `twin` is the picture that it may be a form of for browsers that
    do not show that one; `is_inner` tells that it stands in it.
    """

    node: LexborNode
    holder: Holder | None = None
    sources: list[LexborNode] = field(default_factory=list)
    link: str = ""
    outer_words: str = ""
    shown: tuple[str, ...] = ()
    is_fallback: bool = False
    twin: ImageElement | None = None
    is_inner: bool = False
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
    credit: CreditNode | None = None
    is_list: bool = False
    # The picture that it is a part of.
    picture: ImageElement | None = None
    # The picture that it only names, and how many others were seen before.
    stated: ImageElement | None = None
    before: int = 0
    # How many images had been seen when it was opened.
    seen: int = 0
    # Where the caption was noted that it is itself, or that it stands in, and the captions in that one.
    kept: list[LexborNode] | None = None
    inner: list[tuple[LexborNode, Holder | None]] = field(default_factory=list)
    is_box: bool = False


def sightings(root: LexborNode) -> list[ImageElement]:
    """Each element that shows a picture, a node itself and all under it, with its surroundings, up to MAX_SIGHTINGS.

    They are in document order; lists of other posts, which a block of the page makes, are left out.
    """
    walk = _Walk(root)
    for node, is_leaving in walk_elements(root):
        if is_leaving:
            walk.leave()
        else:
            walk.enter(node)
    return walk.seen


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
        left = self._open[-1]
        if left.is_box and len(self._images) > left.seen and left.node.tag != "figcaption":
            self._open_box(left)
        self._open.pop()
        if left.stated is not None and len(self.seen) > left.before:
            # What it holds tells more than its name.
            del self.seen[left.before - 1]

    def _open_box(self, box: _Open) -> None:
        """What seemed a caption holds the picture: the captions are those in it."""
        kept = box.kept
        if kept is None or not any(one.mem_id == box.node.mem_id for one in kept):
            return
        kept[:] = [one for one in kept if one.mem_id != box.node.mem_id]
        kept += [node for node, holder in box.inner if holder is box.holder]

    def enter(self, node: LexborNode) -> None:
        outer = self._open[-1]
        attributes = node.attributes
        tag = picture_tag(node.tag or "", attributes)
        opened = _Open(
            node,
            outer.holder,
            outer.link,
            outer.sources,
            outer.is_fallback,
            outer.is_caption,
            outer.credit,
            outer.is_list or _LIST_CLASS.search(attributes.get("class") or "") is not None,
            seen=len(self._images),
            kept=outer.kept,
            inner=outer.inner,
            picture=outer.picture,
        )
        shown = shown_addresses(tag, attributes)
        is_seen = not opened.is_list and len(self.seen) < MAX_SIGHTINGS
        if is_seen and (tag in PICTURE_TAGS or shown):
            found = self._see(node, outer, shown)
            opened.picture = opened.picture if shown else found
        if tag in PICTURE_TAGS:
            pass
        elif tag == "a":
            opened.link = (attributes.get("href") or "").strip()
            self._enter_text(opened, tag)
        elif tag == "noscript":
            opened.is_fallback = True
        elif tag == "picture":
            opened.sources = []
        elif tag == "source" and outer.sources is not None:
            outer.sources.append(node)
        else:
            self._enter_text(opened, tag)
            if is_seen and "itemid" in attributes and (stated := stated_address(attributes)):
                # It is the picture's own figure.
                opened.stated = self._see(node, opened, (stated,))
                opened.before = len(self.seen)
        self._open.append(opened)

    def _enter_text(self, opened: _Open, tag: str) -> None:
        """Note what an element is to the pictures near it: their holder, a caption, a credit."""
        attributes = opened.node.attributes
        classes = (attributes.get("class") or "")[:MAX_NAME_CHARACTERS]
        prop = (attributes.get("itemprop") or "")[:MAX_NAME_CHARACTERS]
        if self._enter_holder(opened, classes):
            return
        is_caption = tag not in _TOPS and bool(_caption_sign(tag, classes, prop))
        if is_caption:
            self._enter_caption(opened)
        elif opened.holder is not None and not opened.is_caption and _is_legend(opened.holder, classes):
            opened.holder.legends += [opened.node][: MAX_TEXTS - len(opened.holder.legends)]
        elif tag in _EMPHASIS and opened.holder is None:
            self._enter_emphasis(opened)
        if sign := credit_sign(
            tag, classes, prop, is_held=opened.holder is not None, in_caption=opened.is_caption
        ):
            outer = opened.credit
            opened.credit = CreditNode(opened.node, sign)
            if outer is not None:
                outer.has_inner = True
            self._keep_credit(opened.credit, opened)

    def _enter_caption(self, opened: _Open) -> None:
        if opened.credit is not None:
            opened.credit.has_inner = True
        if opened.kept is None:
            # What holds the picture itself is no caption; whether it does is known when it is left.
            opened.is_box = opened.holder is not None and opened.holder.pictures == 0
            opened.inner = []
            opened.kept = self._keep_caption(opened)
        elif len(opened.inner) < MAX_TEXTS:
            opened.inner.append((opened.node, opened.holder))
        opened.is_caption = True

    def _enter_emphasis(self, opened: _Open) -> None:
        """Note a caption as editors write it without a figure: emphasised text alone behind a picture."""
        before = _sibling(opened.node.prev, is_back=True)
        if before is None or not self._images or _sibling(opened.node.next, is_back=False) is not None:
            return
        last = self._images[-1]
        near = (last.node, last.node.parent)
        is_beside = any(one is not None and one.mem_id == before.mem_id for one in near)
        if is_beside and last.holder is None and not last.is_fallback and not last.captions:
            last.captions.append(opened.node)

    def _enter_holder(self, opened: _Open, classes: str) -> bool:
        """Note whether an element keeps pictures together with their caption."""
        attributes = opened.node.attributes
        is_holder = opened.node.tag == "figure" or bool(_HOLDER_CLASS.search(classes))
        if is_holder or (attributes.get("itemtype") or "").endswith("/ImageObject"):
            opened.holder = Holder(opened.node, opened.holder)
            opened.is_caption, opened.credit, opened.kept = False, None, None
            return True
        return False

    def _see(self, node: LexborNode, outer: _Open, shown: tuple[str, ...]) -> ImageElement:
        found = ImageElement(
            node,
            outer.holder,
            outer.sources if outer.sources is not None else [],
            outer.link,
            self._words(),
            shown,
            outer.is_fallback,
        )
        if outer.picture is not None:
            found.twin, found.is_inner = outer.picture, True
        elif outer.is_fallback:
            found.twin = self._twin()
        elif outer.holder is not None and not shown:
            outer.holder.pictures += 1
        self.seen.append(found)
        if not shown and not found.is_inner:
            self._images.append(found)
        return found

    def _twin(self) -> ImageElement | None:
        """The picture that a `noscript` follows: it is the same one, loaded by a script.

        An empty element between them is an icon or a spinner.
        """
        fallback = next((one for one in reversed(self._open) if one.node.tag == "noscript"), None)
        before = find_element_before(fallback.node.prev) if fallback is not None else None
        if before is not None and before.child is None and before.tag not in PICTURE_TAGS:
            before = find_element_before(before.prev)
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

    def _keep_caption(self, opened: _Open) -> list[LexborNode] | None:
        """Note a caption where its picture is known, and say where that is."""
        found = opened.holder or self._find_beside()
        if found is None or len(found.captions) >= MAX_TEXTS:
            return None
        found.captions.append(opened.node)
        return found.captions

    def _keep_credit(self, credit: CreditNode, opened: _Open) -> None:
        found = opened.holder or self._find_beside() or self._find_figure(opened)
        if found is not None and len(found.credits) < MAX_TEXTS:
            found.credits.append(credit)

    def _find_beside(self) -> ImageElement | Holder | None:
        """The one picture before this place within the nearest element that has any.

        A figure stands for its picture where this place follows it and it has no caption of its own.
        """
        for opened in reversed(self._open[1:][-MAX_CAPTION_LEVELS:]):
            inside = [one for one in self._images[opened.seen :][:2] if not one.is_fallback]
            if inside:
                is_alone = len(self._images) - opened.seen <= 2 and len(inside) == 1
                holder = inside[0].holder
                if not is_alone or holder is None:
                    return inside[0] if is_alone else None
                return holder if _is_bare_figure(holder) else None
        return None

    def _find_figure(self, opened: _Open) -> Holder | None:
        """The figure of one picture that an element follows directly."""
        holder = self._images[-1].holder if self._images else None
        before = _sibling(opened.node.prev, is_back=True)
        is_behind = holder is not None and before is not None and before.mem_id == holder.node.mem_id
        return holder if holder is not None and is_behind and _is_bare_figure(holder) else None


def _is_bare_figure(holder: Holder) -> bool:
    """Whether a figure holds one picture, and nothing follows it but what is read now."""
    is_alone = holder.node.tag == "figure" and holder.pictures == 1 and holder.outer is None
    return is_alone and not any(one.tag == "figcaption" for one in _children(holder.node))


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = find_element_from(node.child)
    while child is not None:
        yield child
        child = find_element_from(child.next)


def _sibling(node: LexborNode | None, *, is_back: bool) -> LexborNode | None:
    """The next thing beside an element that a reader sees, blanks and line breaks passed by."""
    for _ in range(MAX_SIBLINGS):
        if node is None:
            return None
        is_blank = node.is_text_node and not (node.text_content or "").strip()
        if not is_blank and not node.is_comment_node and node.tag != "br":
            return node
        node = node.prev if is_back else node.next
    return node


def _is_legend(holder: Holder, classes: str) -> bool:
    """Whether an element of a holder is called as captions are; the microformat of media calls its title a name."""
    return legend_class(classes) or ("fn" in classes.split() and "hmedia" in _classes(holder.node).split())


def caption_sign(node: LexborNode) -> str:
    """By which sign an element is a caption, `""` where it is none."""
    return _caption_sign(node.tag or "", _classes(node), node.attributes.get("itemprop") or "")


def _caption_sign(tag: str, classes: str, prop: str) -> str:
    if tag == "figcaption":
        return tag
    if "caption" in prop:
        return f"[itemprop={prop.strip()}]"
    name = caption_class(classes)
    return f".{name}" if name else ""


def _classes(node: LexborNode) -> str:
    return node.attributes.get("class") or ""
