"""The part of a page that is the article: where its text lies, without what surrounds every story of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assets import urls

# Of a page's paragraph text so much lies inside the article; captions, teasers and comments share the rest.
BODY_SHARE = 0.6

# A page whose paragraphs are shorter in all has no article to find.
MIN_BODY_CHARACTERS = 200

# What a section with one of these words holds belongs to the site, not to the story.
_SURROUNDINGS = re.compile(
    r"(?i)(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|recirc\w*|teasers?|more-(?:stories|news|from|on|articles)"
    r"|read-?(?:more|next|also)|also-?(?:read|like)|most-?(?:read|popular|viewed)|popular|trending|latest|newsletters?"
    r"|comments?|disqus|sidebar|side-bar|widgets?|promos?|promoted|outbrain|taboola|author-?(?:box|bio|card|info|profile)?"
    r"|byline|bylines|share|sharing|social|sharedaddy|breadcrumbs?|footer|menu|navigation|nav|navbar|cookie|consent"
    r"|subscri\w+|paywall|advert\w*|ads?|ad-?(?:slot|unit|container|wrapper)|sponsor\w*|jp-relatedposts|yarpp\w*"
    r"|next-?(?:post|article|story)|prev(?:ious)?-?(?:post|article|story)|post-?navigation|tags?|masthead|topbar|login"
    r"|up-?next|carousel-related|onward|suggested|infinite|modal|popup|dialog|toolbar|cross-?sell|shop|weather)(?:$|[\s_-])"
)
_SURROUNDING_TAGS = "nav, footer, aside, form, dialog, style, template, object, button, select"
_MARKED_BODY = "[itemprop~=articleBody], [property~=articleBody]"


def without_surroundings(tree: LexborHTMLParser) -> None:
    """Take out of a page what is no part of any article: navigation, teasers, comments, advertisements.

    A section that holds most of the page's text is kept, whatever it is called.
    """
    total = _paragraph_characters(tree.body)
    for node in tree.css(_SURROUNDING_TAGS):
        if _paragraph_characters(node) * 2 <= total or not total:
            node.decompose()
    for node in tree.css("[class], [id]"):
        if node.tag in (
            "html",
            "body",
            "main",
            "article",
            "img",
            "figure",
            "picture",
            "p",
            "a",
            "source",
            "noscript",
        ):
            continue
        words = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if _SURROUNDINGS.search(words) and _paragraph_characters(node) * 4 <= total:
            node.decompose()


def article_root(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the article with its headline and lead picture, None where there is no article."""
    body = _text_body(tree)
    if body is None:
        return None
    node: LexborNode | None = body
    for _ in range(40):
        if node is None or node.tag in ("body", "html"):
            break
        if node.tag in ("article", "main") or node.css_first("h1") is not None:
            return node
        node = node.parent
    return body


def _text_body(tree: LexborHTMLParser) -> LexborNode | None:
    """The smallest element with most of the page's paragraph text."""
    total = _paragraph_characters(tree.body)
    marked = [node for node in tree.css(_MARKED_BODY) if _paragraph_characters(node) >= MIN_BODY_CHARACTERS]
    if marked:
        return marked[0]
    if total < MIN_BODY_CHARACTERS:
        return None
    first = next(
        (
            one
            for one in tree.css("article")
            if _paragraph_characters(one) >= max(MIN_BODY_CHARACTERS, total * 0.25)
        ),
        None,
    )
    node = first if first is not None else tree.body
    if first is not None:
        total = _paragraph_characters(first)
    while node is not None:
        inner = next(
            (one for one in _children(node) if _paragraph_characters(one) >= total * BODY_SHARE), None
        )
        if inner is None or inner.tag == "p":
            return node
        node = inner
    return None


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _paragraph_characters(node: LexborNode | None) -> int:
    """How much text a reader reads in an element's paragraphs."""
    if node is None:
        return 0
    return sum(len(one.text(deep=True)) for one in node.css("p"))


def is_teaser(picture: LexborNode, page_url: str) -> bool:
    """Whether a picture's link leads to another page of the same site, with words of its own: another story."""
    node = picture.parent
    for _ in range(6):
        if node is None or node.tag == "figure":
            return False
        if node.tag == "a":
            return _leads_elsewhere(node.attributes.get("href") or "", page_url)
        node = node.parent
    return False


def _leads_elsewhere(href: str, page_url: str) -> bool:
    target = urls.parse(href, page_url)
    page = urls.parse(page_url)
    if target is None or page is None or urls.site_of(target.href) != urls.site_of(page.href):
        return False
    if re.search(
        r"(?i)\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp)$|/attachment/|attachment_id=",
        target.pathname + target.search,
    ):
        return False
    # An attachment's page lies below its post's.
    return (
        not target.pathname.startswith(page.pathname.rstrip("/") + "/") and target.pathname != page.pathname
    )
