"""Where on a page its story stands: the element that holds the running text, its headline and its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assets.articles.marked_story import find_headline, find_marked_post
from assets.articles.text_density import MIN_PROSE_BYTES, Element, TextDensity

# Less prose than this is no story: a front page's longest summary, a cookie notice.
MIN_STORY_BYTES = 250

# The element that holds the story's text has at least this part of the page's prose; letters, comments and
# notices have the rest.
_MOST = 0.6

# One of several stories on a page has at least this much prose and this part of all.
_MIN_SHARE = 0.12

# Going up from the text, an element that holds this much more prose holds other stories too.
_MUCH_MORE = 1.5

# Shorter headlines stand in any title by chance.
_MIN_HEADLINE_LETTERS = 8

# More levels than any page nests; beyond it markup is broken, and going up takes too long.
MAX_LEVELS = 300

_NO_LETTER = re.compile(r"[\W_]+")
_STORY_TYPE = re.compile(r"schema\.org/\w*(?:Article|Posting|Report)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MainContent:
    """The numbers of the element of the story's text, of the one that holds the story, and of its headline.

    `headline` is -1 where none was found; `prose` is 0 where the page has no story.
    """

    body: int
    root: int
    headline: int = -1
    prose: int = 0


def find_story(density: TextDensity, titles: Iterable[str], post_id: int | None = None) -> MainContent:
    """Where the page's story stands; the page's main part where there is no story.

    `titles` are what the head says the story is called: of several stories on an endless page the one so
    called is taken, else the first. `post_id` is the page's own number in WordPress. A post that its theme marks
    as one is the story however short it is.
    """
    if not density.elements:
        return MainContent(0, 0)
    wanted = [letters for title in titles if len(letters := letters_of(title)) >= _MIN_HEADLINE_LETTERS]
    headlines = _headlines(density, wanted)
    found = _find_by_prose(density, headlines)
    marked = find_marked_post(density, post_id)
    if marked is None or (found.prose and density.contains(marked[0].number, found.body)):
        return found
    root, text = marked
    is_own = bool(post_id) and f"post-{post_id}" in root.words.split()
    if found.prose and not is_own and not _has_title(density, root):
        # One teaser among other things.
        return found
    if not text.text and not root.pictures:
        return found
    headline = find_headline(density, root)
    if not _has_title(density, root) and len(headlines) == 1:
        # The headline and the featured picture stand above the post, in the site's header.
        headline = headlines[0]
        around = (one for one in density.ancestors(root.number) if density.contains(one.number, headline))
        root = next(around, root)
    return MainContent(text.number, root.number, headline, max(text.prose, text.text, root.pictures))


def _find_by_prose(density: TextDensity, headlines: list[int]) -> MainContent:
    """The story by its running text alone."""
    body = _body(density, headlines)
    prose = density.elements[body].prose
    if prose < MIN_STORY_BYTES:
        main = _main(density)
        return MainContent(main, main)
    headline = _find_nearest_headline(density, headlines, body)
    return MainContent(body, _root(density, body, headline), headline, prose)


def letters_of(text: str) -> str:
    """The letters and digits of a text alone, in lower case, to compare names by.

    >>> letters_of("Kim’s visit: day 2")
    'kimsvisitday2'
    """
    return _NO_LETTER.sub("", text).casefold()


def _headlines(density: TextDensity, wanted: list[str]) -> list[int]:
    """The headlines that are called as the head says; every first-level one where none is."""
    first: list[int] = []
    named: list[int] = []
    for element in density.elements:
        if element.tag not in ("h1", "h2") or element.is_unseen:
            continue
        letters = letters_of(element.node.text())
        if element.tag == "h1" and letters:
            first.append(element.number)
        if len(letters) >= _MIN_HEADLINE_LETTERS and any(
            letters in title or title in letters for title in wanted
        ):
            named.append(element.number)
    return named or first


def _body(density: TextDensity, headlines: list[int]) -> int:
    """The innermost element with most of the prose, going down from the page's root."""
    current = density.elements[0]
    while True:
        inner = [child for child in density.children(current.number) if child.prose]
        if not inner:
            return current.number
        largest = max(inner, key=lambda child: child.prose)
        if largest.prose < _MOST * current.prose:
            several = [child for child in inner if _is_story(density, child, current)]
            if len(several) < 2:
                return current.number
            largest = _choose_story(density, several, headlines)
        # One long paragraph among few is not the whole story, nor is one block of several.
        if largest.tag == "p" or _has_like_blocks(largest, inner, current):
            return current.number
        current = largest


def _has_like_blocks(largest: Element, inner: list[Element], around: Element) -> bool:
    """Whether an editor's program cut a text into blocks: others beside the largest have its name and prose too."""
    if not largest.words or largest.tag == "article":
        return False
    least = max(MIN_PROSE_BYTES, _MIN_SHARE * around.prose)
    return any(
        one is not largest and (one.tag, one.words) == (largest.tag, largest.words) and one.prose >= least
        for one in inner
    )


def _is_story(density: TextDensity, element: Element, around: Element) -> bool:
    """Whether an element is a story of its own beside others."""
    if element.prose < max(MIN_STORY_BYTES, _MIN_SHARE * around.prose):
        return False
    attributes = element.node.attributes
    # The words hold the standard's `articleBody` taken apart.
    if "articleBody" in (attributes.get("itemprop") or "") or "articlebody" in element.words:
        return True
    if element.tag == "article" or _STORY_TYPE.search(attributes.get("itemtype") or ""):
        return True
    return any(inner.tag in ("h1", "article") for inner in density.list_descendants(element.number))


def _choose_story(density: TextDensity, stories: list[Element], headlines: list[int]) -> Element:
    for story in stories:
        if any(density.contains(story.number, headline) for headline in headlines):
            return story
    return stories[0]


def _main(density: TextDensity) -> int:
    """The page's main part by its markup, or all of it."""
    for element in density.elements:
        if element.tag == "main" or element.node.attributes.get("role") == "main":
            return element.number
    return next((element.number for element in density.elements if element.tag == "body"), 0)


def _find_nearest_headline(density: TextDensity, headlines: list[int], body: int) -> int:
    """The last headline at or before the text's own beginning, or the first inside it."""
    inside = [number for number in headlines if density.contains(body, number)]
    before = [number for number in headlines if number < body]
    return inside[0] if inside else before[-1] if before else -1


def _root(density: TextDensity, body: int, headline: int) -> int:
    """The element that holds the story with its headline and lead picture, and no other story."""
    limit = max(_MUCH_MORE * density.elements[body].prose, density.elements[body].prose + MIN_STORY_BYTES)
    # An introduction between the headline and the entries of a live report is the story's.
    limit += _introduction(density, body, headline)
    root = body
    for level, around in enumerate(density.ancestors(body)):
        if level == MAX_LEVELS or around.tag in ("body", "html") or around.prose > limit:
            break
        is_marked = around.tag == "article" or _STORY_TYPE.search(
            around.node.attributes.get("itemtype") or ""
        )
        adds_headline = not density.contains(root, headline)
        if is_marked or (adds_headline and density.contains(around.number, headline)):
            root = around.number
    return root


def _introduction(density: TextDensity, body: int, headline: int) -> int:
    """The prose between the headline and the text, 0 where the text holds the headline."""
    if not 0 <= headline < body:
        return 0
    between = (density.elements[number].own_prose for number in range(headline + 1, body))
    return sum(prose for prose in between if prose >= MIN_PROSE_BYTES)


def _has_title(density: TextDensity, element: Element) -> bool:
    return any(inner.tag == "h1" for inner in density.list_descendants(element.number))
