"""Pictures on a page that are not its story's: teasers of other stories, boxes, banners, portraits of authors."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile

from assets.articles.links import MAX_LINKED_AUTHORS, Lead, Place, list_linked_authors
from assets.articles.main_content import MAX_LEVELS, MainContent, letters_of
from assets.articles.text_density import HEADING_TAGS, PICTURE_TAGS, Element, TextDensity
from assets.parsing import urls
from assets.parsing.values import as_size

# What holds more prose is no card that leads to another story, but a part of this one.
MAX_CARD_BYTES = 600

# A shorter link text is a label ("More", "Photos"), not the headline of another story.
MIN_TEASER_BYTES = 12

# In a card that leads elsewhere at least this part of the text is the link.
_MOSTLY_LINKED = 0.5

# So many linked pictures side by side are a row of teasers, whatever stands beside them.
_ROW = 3

# Advertisers' banners are this many times wider than high; photographs that link to another site are not.
_BANNER_RATIO = 2.4

# A portrait's text is the author's name and little more: "Photo of Kim Doe".
_MORE_LETTERS = 14

# `sizes` of an icon or a portrait beside a name.
_SMALL_SIZES = re.compile(r"\s*(?:[1-9]\d?|1[01]\d)px\s*")

# Where sites keep the pictures of their boxes.
_BOX_PATH = re.compile(r"(?i)/(?:newsletters?|wp-content/themes)/")

# A picture of a pixel, whatever its file.
_HIDDEN = re.compile(r"(?:^|[;\s])(?:width|height):\s*[01]px")

# What a player shows before it plays; a story without other pictures has it.
PLAYER = "player"
AUTHOR = "author"
HIDDEN = "hidden"

_VIDEO_TAGS = frozenset({"video", "amp-video"})
_BOX_TAGS = frozenset({"nav", "footer", "dialog", "menu", "select", "iframe", "template"})
_BOX_ROLES = re.compile(r"(?:^|\s)(?:navigation|banner|contentinfo|search|dialog)(?:$|\s)")

# Words that name a box beside the story, as a class name or a part of one joined by hyphens or underscores.
_BOX_WORDS = re.compile(
    r"(?:^|[\s_-])(?:related(?:-?\w+)?|recommend\w*|recirc\w*|most-?(?:read|popular|viewed|recent)"
    r"|popular|trending|\w*newsletters?\w*|\w*sign-?up|subscribe\w*|outbrain|taboola|adverts?|advertisement"
    r"|comments?|disqus|commentlist|respond|sidebar|breadcrumbs?|share(?:bar|buttons?|tools?)?|sharing|social"
    r"|authors?-?(?:bio|box|info|card|image|photo|avatar|profile|details|signature)|byline|readmore|see-?also"
    r"|read-?(?:more|also|next)|more-?(?:stories|news|from|articles|on)|up-?next|next-?(?:post|article|story)"
    r"|prev(?:ious)?-?(?:post|article)|cookie\w*|consent|masthead|jp-relatedposts|sharedaddy|yarpp\w*"
    r"|(?:piano|reg|registration|pay|login)-?(?:reg-)?wall|site-?(?:header|footer))(?:$|[\s_-])"
)
# Words that name what plays a video or a sound: what it shows until then is a frame or a programme's cover.
_PLAYER_WORDS = re.compile(
    r"(?:^|(?<!no)(?<!non)(?<!without)(?<!has)[\s_-])(?:videos?|player|vjs|jw-?player|brightcove|podcasts?|audio)(?:$|[\s_-])"
)
# Words that name boxes as well as parts of a story: they count where the box leads elsewhere.
_WEAK_WORDS = re.compile(
    r"(?:^|[\s_-])(?:promos?|promoted|teasers?|sponsor\w*|widget|modal|popup|partners?|cards?|carousel|latest|list"
    r"|teams?)(?:$|[\s_-])"
)
_AD_WORDS = re.compile(
    r"(?i)(?:^|[^a-z])(?:werbung|anzeige|publicidad|publicit[eé]|reklam\w*|adverts?|banner|sponsor)"
)
_PAID_LINK = re.compile(r"(?i)\bsponsored\b")
_SIZE_IN_NAME = re.compile(r"(?<!\d)(\d{3,4})[\s_-]*x[\s_-]*(\d{2,4})(?!\d)")


def find_foreign_pictures(
    density: TextDensity, main_content: MainContent, place: Place
) -> list[tuple[Element, str]]:
    """The pictures that lead to, or speak of, something else than the page's story, each with the sign of it."""
    judge = _Judge(density, main_content, place)
    found = ((element, judge.sign(element)) for element in density.elements if element.shows_picture)
    return [(element, sign) for element, sign in found if sign]


class _Wanted:
    """Tells whether an element holds any of certain others, each of them looked at once."""

    def __init__(self, elements: Iterable[Element], is_wanted: Callable[[Element], bool]) -> None:
        self._elements = list(elements)
        self._numbers = [element.number for element in self._elements]
        self._is_wanted = is_wanted
        # By its place the place of the first wanted one from there on, as far as it was looked for.
        self._next: dict[int, int] = {}

    def is_in(self, around: Element) -> bool:
        """Whether any wanted element stands inside one."""
        start = bisect_right(self._numbers, around.number)
        place = start
        passed: list[int] = []
        while place < len(self._numbers) and self._numbers[place] < around.end:
            passed.append(place)
            if place in self._next:
                place = self._next[place]
                break
            if self._is_wanted(self._elements[place]):
                break
            place += 1
        self._next.update(dict.fromkeys(passed, place))
        return place < len(self._numbers) and self._numbers[place] < around.end


class _Judge:
    """Judges a page's pictures one by one."""

    def __init__(self, density: TextDensity, main_content: MainContent, place: Place) -> None:
        self._density = density
        self._main_content = main_content
        self._place = place
        names = (*place.authors, *islice(list_linked_authors(density), MAX_LINKED_AUTHORS))
        self._authors = list(dict.fromkeys(letters for name in names if (letters := letters_of(name))))
        self._leads: dict[int, Lead] = {}
        self._boxes: dict[int, bool] = {}
        self._headed: dict[int, bool] = {}
        self._away = _Wanted(
            (element for element in density.elements if element.href and not element.is_caption),
            lambda link: self._lead(link.number) is Lead.ELSEWHERE,
        )
        self._own = _Wanted(
            (
                element
                for element in density.elements
                if element.tag in PICTURE_TAGS and not element.is_unseen
            ),
            lambda picture: self._lead(picture.link) is not Lead.ELSEWHERE,
        )
        self._captions = _Wanted(
            (element for element in density.elements if element.is_caption), lambda caption: not caption.href
        )
        self._told: dict[int, frozenset[str]] = {}
        self._cards: dict[int, bool] = {}

    def sign(self, picture: Element) -> str:
        """What tells that a picture is foreign, `""` for the story's own."""
        around = list(islice(self._list_around(picture), MAX_LEVELS))
        box = next((element for element in around if self._is_box(element)), None)
        if box is not None:
            return f"box {box.tag} {box.words}"
        attributes = picture.node.attributes
        if picture.tag in PICTURE_TAGS and _HIDDEN.search(attributes.get("style") or ""):
            return HIDDEN
        # What a script will replace is a theme's file too.
        is_loaded = any(name.startswith("data-") and "src" in name for name in attributes)
        if not is_loaded and _BOX_PATH.search(attributes.get("src") or ""):
            return "box"
        link = self._lead(picture.link)
        if link is Lead.AUTHOR or self._is_portrait(picture):
            return AUTHOR
        if self._is_played(picture, around):
            return PLAYER
        return self._sign_of_card(picture, around, link)

    def _sign_of_card(self, picture: Element, around: list[Element], link: Lead) -> str:
        """What tells by the links beside a picture that it is foreign."""
        card = self._card(around)
        if link is Lead.ELSEWHERE:
            if self._is_told(picture, card):
                return "teaser"
            if self._is_in_row(around):
                return "row"
            if self._is_banner(picture):
                return "banner"
        if card is None:
            return ""
        # A caption of its own is of a picture of the story, whatever link to another one follows it.
        is_captioned = link is Lead.NOWHERE and any(self._is_captioned(element) for element in around)
        leads_away = self._has_linked_heading(card) if is_captioned else self._is_teaser_card(card)
        return "card" if leads_away else ""

    def _is_captioned(self, element: Element) -> bool:
        return element.tag == "figure" and self._captions.is_in(element)

    def _is_played(self, picture: Element, around: list[Element]) -> bool:
        """Whether a picture in the midst of the text is what a player shows, and has no caption of its own."""
        if not self._density.contains(self._main_content.body, picture.number):
            return False
        boxes = [picture, *takewhile(lambda element: element.pictures <= 1, around)]
        is_player = picture.tag in _VIDEO_TAGS or any(
            box.prose <= MAX_CARD_BYTES and _PLAYER_WORDS.search(box.words) for box in boxes
        )
        return is_player and not any(map(self._is_captioned, boxes))

    def _list_around(self, picture: Element) -> Iterator[Element]:
        """The elements around a picture up to those that hold the story's text or headline.

        What shows a picture behind its own contents is the first of them.
        """
        own = [] if picture.tag in PICTURE_TAGS else [picture]
        for element in (*own, *self._density.ancestors(picture.number)):
            if self._density.contains(element.number, self._main_content.body):
                return
            if self._density.contains(element.number, self._main_content.headline):
                return
            yield element

    # Boxes

    def _is_box(self, element: Element) -> bool:
        if element.number not in self._boxes:
            self._boxes[element.number] = self._is_called_box(element)
        return self._boxes[element.number]

    def _is_called_box(self, element: Element) -> bool:
        if element.tag in _BOX_TAGS or _BOX_ROLES.search(element.words):
            return True
        if element.prose > MAX_CARD_BYTES:
            return False
        if element.tag == "header":
            return not self._density.contains(self._main_content.root, element.number)
        if _BOX_WORDS.search(element.words):
            return True
        is_weak = element.tag in ("aside", "article") or "complementary" in element.words
        return (is_weak or bool(_WEAK_WORDS.search(element.words))) and self._away.is_in(element)

    # Cards

    def _lead(self, link: int) -> Lead:
        if link < 0:
            return Lead.NOWHERE
        if link not in self._leads:
            self._leads[link] = self._place.lead(self._density.elements[link].href)
        return self._leads[link]

    def _card(self, around: list[Element]) -> Element | None:
        """The largest element around a picture that holds no other one and little prose."""
        card = None
        for element in around:
            if element.pictures > 1 or element.prose > MAX_CARD_BYTES:
                break
            card = element
        return card

    def _is_told(self, picture: Element, card: Element | None) -> bool:
        """Whether a linked picture's link has a text, its own or of another link to the same page."""
        link = self._density.elements[picture.link]
        if link.text >= MIN_TEASER_BYTES:
            return True
        if card is None:
            return False
        # Unseen pictures share their card, thousands of them one.
        if card.number not in self._told:
            self._told[card.number] = frozenset(
                inner.href
                for inner in self._density.list_descendants(card.number)
                if inner.href and inner.text >= MIN_TEASER_BYTES
            )
        return link.href in self._told[card.number]

    def _is_in_row(self, around: list[Element]) -> bool:
        """Whether a linked picture stands in a row of such, with no prose between them."""
        row = next((element for element in around if element.pictures >= _ROW), None)
        if row is None or row.prose > MAX_CARD_BYTES:
            return False
        return not self._own.is_in(row)

    def _is_teaser_card(self, card: Element) -> bool:
        """Whether a card leads to another story."""
        if card.number not in self._cards:
            self._cards[card.number] = self._leads_to_other(card)
        return self._cards[card.number]

    def _leads_to_other(self, card: Element) -> bool:
        """Whether most of what is said beside a picture is a link elsewhere, or its heading is one."""
        if self._has_linked_heading(card):
            return True
        linked = sum(inner.text for inner in self._list_leading(card) if inner.text >= MIN_TEASER_BYTES)
        return linked >= MIN_TEASER_BYTES and linked >= _MOSTLY_LINKED * card.text

    def _has_linked_heading(self, card: Element) -> bool:
        if card.number not in self._headed:
            self._headed[card.number] = self._is_headed_card(card)
        return self._headed[card.number]

    def _is_headed_card(self, card: Element) -> bool:
        """Whether the heading of a card is a link elsewhere.

        A link without a text that lies over a card with a heading makes the whole card a link.
        """
        has_cover = False
        for inner in self._list_leading(card):
            has_cover |= not inner.text and not inner.pictures
            if inner.text >= MIN_TEASER_BYTES and self._is_heading(inner):
                return True
        return has_cover and any(
            inner.tag in HEADING_TAGS for inner in self._density.list_descendants(card.number)
        )

    def _list_leading(self, card: Element) -> Iterator[Element]:
        """The links of a card that lead elsewhere, those of captions left out."""
        for inner in self._density.list_descendants(card.number):
            if inner.href and not inner.is_caption and self._lead(inner.number) is Lead.ELSEWHERE:
                yield inner

    def _is_heading(self, link: Element) -> bool:
        if any(inner.tag in HEADING_TAGS for inner in self._density.list_descendants(link.number)):
            return True
        return any(around.tag in HEADING_TAGS for around in islice(self._density.ancestors(link.number), 3))

    # Banners and portraits

    def _is_banner(self, picture: Element) -> bool:
        """Whether a linked picture has the name, the link or, leading to another site, the shape of a banner."""
        link = self._density.elements[picture.link]
        attributes = picture.node.attributes
        told = " ".join(attributes.get(name) or "" for name in ("src", "data-src", "alt", "class"))
        around = self._density.elements[link.parent].words if link.parent >= 0 else ""
        if _AD_WORDS.search(
            f"{told} {around} {urls.path_of(urls.make_absolute(link.href, self._place.base_url))}"
        ):
            return True
        if _PAID_LINK.search(link.node.attributes.get("rel") or ""):
            return True
        if not self._place.is_other_site(link.href):
            return False
        width, height = as_size(attributes.get("width")), as_size(attributes.get("height"))
        named = _SIZE_IN_NAME.search(told)
        if named is not None and not (width and height):
            width, height = int(named.group(1)), int(named.group(2))
        return bool(width and height and width >= _BANNER_RATIO * height)

    def _is_portrait(self, picture: Element) -> bool:
        """Whether a picture shows the author: it is small, or its text or its file has the name and little more."""
        attributes = picture.node.attributes
        if _SMALL_SIZES.fullmatch(attributes.get("sizes") or ""):
            return True
        if not self._authors:
            return False
        address = urls.make_absolute(
            attributes.get("data-src") or attributes.get("src") or "", self._place.base_url
        )
        file = _SIZE_IN_NAME.sub("", urls.path_of(address).rpartition("/")[2].rpartition(".")[0])
        return any(
            name in told and len(told) <= len(name) + _MORE_LETTERS and len(name) > 4
            for told in (letters_of(attributes.get("alt") or ""), letters_of(file))
            for name in self._authors
        )
