"""Pictures on a page that are not its story's: teasers of other stories, boxes, portraits of authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from assets import urls
from assets.outline import HEADING_TAGS, PICTURE_TAGS, Element, Outline
from assets.story import MAX_LEVELS, Story

# What holds more prose is no card that leads to another story, but a part of this one.
MAX_CARD_BYTES = 600

# A shorter link text is a label ("More", "Photos"), not the headline of another story.
MIN_TEASER_BYTES = 12

# In a card that leads elsewhere at least this part of the text is the link.
_MOSTLY_LINKED = 0.5

# So many linked pictures side by side are a row of teasers, whatever stands beside them.
_ROW = 3

_BOX_TAGS = frozenset("nav footer dialog menu select iframe template".split())
_BOX_ROLES = re.compile(r"(?:^|\s)(?:navigation|banner|contentinfo|search|dialog)(?:$|\s)")
_SIDE = re.compile(r"(?:^|\s)complementary(?:$|\s)")

# Words that name a box beside the story, as a class name or a part of one joined by hyphens or underscores.
_BOX_WORDS = re.compile(
    r"(?:^|[\s_-])(?:related(?!-to)|relateds?|related-?\w+|recommend\w*|recirc\w*|most-?(?:read|popular|viewed|recent)"
    r"|popular|trending|newsletters?\w*|sign-?up|subscribe\w*|outbrain|taboola|adverts?|advertisement"
    r"|comments?|disqus|commentlist|respond|sidebar|breadcrumbs?|share(?:bar|buttons?|tools?)?|sharing|social"
    r"|author-?(?:bio|box|info|card|image|photo|avatar|profile)|byline|readmore|read-?(?:more|also|next)|see-?also"
    r"|more-?(?:stories|news|from|articles|on)|up-?next|next-?(?:post|article|story)|prev(?:ious)?-?(?:post|article)"
    r"|cookie\w*|consent|masthead|jp-relatedposts|sharedaddy|yarpp\w*|site-?(?:header|footer))(?:$|[\s_-])"
)
# Words that name boxes as well as parts of a story: they count where the box leads elsewhere.
_WEAK_WORDS = re.compile(
    r"(?:^|[\s_-])(?:promos?|promoted|teasers?|sponsor\w*|widget|modal|popup|partners?|cards?|carousel|latest|list)"
    r"(?:$|[\s_-])"
)
_AUTHOR = re.compile(
    r"(?i)/(?:authors?|autor(?:en|es)?|auteurs?|profiles?|people|staff|users?|by|contributors?)/"
)
_ATTACHMENT = re.compile(r"[?&]attachment_id=|/attachment/")
_PICTURE_PATH = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp)$")


class Lead(StrEnum):
    """Where a link leads."""

    NOWHERE = "nowhere"
    PICTURE = "picture"
    AUTHOR = "author"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Place:
    """The page's own address and the base of its relative ones."""

    page_url: str
    base_url: str

    def lead(self, href: str) -> Lead:
        """Where a link of the page leads; an attachment's page and a part of the page lead nowhere else."""
        address = urls.absolute(href, self.base_url)
        if not address:
            return Lead.NOWHERE
        path = urls.path_of(address)
        if _PICTURE_PATH.search(path):
            return Lead.PICTURE
        own = urls.identity(self.page_url).partition("?")[0].rstrip("/")
        target = urls.identity(address).partition("?")[0].rstrip("/")
        is_part = own.count("/") > 2 and target.startswith(f"{own}/")
        if (own == target and own.count("/") > 2) or is_part or _ATTACHMENT.search(address):
            return Lead.NOWHERE
        return Lead.AUTHOR if _AUTHOR.search(path) else Lead.ELSEWHERE


def foreign_pictures(outline: Outline, story: Story, place: Place) -> list[tuple[Element, str]]:
    """The pictures that lead to, or speak of, something else than the page's story, each with the sign of it."""
    judge = _Judge(outline, story, place)
    found = ((element, judge.sign(element)) for element in outline.elements if element.tag in PICTURE_TAGS)
    return [(element, sign) for element, sign in found if sign]


class _Judge:
    """Judges a page's pictures one by one."""

    def __init__(self, outline: Outline, story: Story, place: Place) -> None:
        self._outline = outline
        self._story = story
        self._place = place
        self._leads: dict[int, Lead] = {}
        self._away: dict[int, bool] = {}

    def sign(self, picture: Element) -> str:
        """What tells that a picture is foreign, `""` for the story's own."""
        around = list(islice(self._around(picture), MAX_LEVELS))
        box = next((element for element in around if self._is_box(element)), None)
        if box is not None:
            return f"box {box.tag} {box.words}"[:80]
        link = self._lead(picture.link)
        if link is Lead.AUTHOR:
            return "author"
        card = self._card(picture, around)
        if link is Lead.ELSEWHERE and self._is_told(picture, card):
            return "teaser"
        if link is Lead.ELSEWHERE and self._is_in_row(around):
            return "row"
        return "card" if card is not None and self._is_teaser_card(card) else ""

    def _around(self, picture: Element) -> Iterator[Element]:
        """The elements around a picture up to those that hold the story's text or headline."""
        for element in self._outline.ancestors(picture.number):
            if self._outline.contains(element.number, self._story.body):
                return
            if self._story.headline >= 0 and self._outline.contains(element.number, self._story.headline):
                return
            yield element

    # Boxes

    def _is_box(self, element: Element) -> bool:
        if element.tag in _BOX_TAGS or _BOX_ROLES.search(element.words):
            return True
        if element.prose > MAX_CARD_BYTES:
            return False
        if element.tag == "header":
            return not self._outline.contains(self._story.root, element.number)
        if _BOX_WORDS.search(element.words):
            return True
        is_weak = element.tag == "aside" or _SIDE.search(element.words) or _WEAK_WORDS.search(element.words)
        return is_weak is not None and bool(is_weak) and self._leads_away(element)

    def _leads_away(self, element: Element) -> bool:
        """Whether a link with a text inside an element leads to another page."""
        if element.number not in self._away:
            self._away[element.number] = any(self._teasing_links(element))
        return self._away[element.number]

    def _teasing_links(self, element: Element) -> Iterator[Element]:
        for inner in self._outline.below(element.number):
            is_worded = inner.href and inner.text >= MIN_TEASER_BYTES and not inner.is_caption
            if is_worded and self._lead(inner.number) is Lead.ELSEWHERE:
                yield inner

    # Cards

    def _lead(self, link: int) -> Lead:
        if link < 0:
            return Lead.NOWHERE
        if link not in self._leads:
            self._leads[link] = self._place.lead(self._outline.elements[link].href)
        return self._leads[link]

    def _card(self, picture: Element, around: list[Element]) -> Element | None:
        """The largest element around a picture that holds no other one and little prose."""
        card = None
        for element in around:
            if element.pictures > 1 or element.prose > MAX_CARD_BYTES:
                break
            card = element
        return card

    def _is_told(self, picture: Element, card: Element | None) -> bool:
        """Whether a linked picture's link has a text, its own or of another link to the same page."""
        link = self._outline.elements[picture.link]
        if link.text >= MIN_TEASER_BYTES:
            return True
        if card is None:
            return False
        return any(
            inner.href == link.href and inner.text >= MIN_TEASER_BYTES
            for inner in self._outline.below(card.number)
        )

    def _is_in_row(self, around: list[Element]) -> bool:
        """Whether a linked picture stands in a row of such, with no prose between them."""
        for element in around:
            if element.pictures >= _ROW:
                return element.prose <= MAX_CARD_BYTES and self._all_lead_away(element)
        return False

    def _all_lead_away(self, element: Element) -> bool:
        return all(
            self._lead(inner.link) is Lead.ELSEWHERE
            for inner in self._outline.below(element.number)
            if inner.tag in PICTURE_TAGS
        )

    def _is_teaser_card(self, card: Element) -> bool:
        """Whether most of what is said beside a picture is a link elsewhere, or its heading is one."""
        linked = 0
        for inner in self._teasing_links(card):
            linked += inner.text
            if self._is_heading(inner):
                return True
        return linked >= MIN_TEASER_BYTES and linked >= _MOSTLY_LINKED * card.text

    def _is_heading(self, link: Element) -> bool:
        if any(inner.tag in HEADING_TAGS for inner in self._outline.below(link.number)):
            return True
        return any(around.tag in HEADING_TAGS for around in islice(self._outline.ancestors(link.number), 3))
