"""Where a page's story stands by the names that themes give it: `hentry`, `entry-content`, the post's own id.

The microformat's and WordPress' names (https://microformats.org/wiki/hentry, `post_class()`, `body_class()`) tell
the story of a page with hardly any text, and tell a list of posts from a post.
"""

from __future__ import annotations

import re

from assets.articles.text_density import HEADING_TAGS, Element, TextDensity

_POST = re.compile(r"(?:^|\s)(?:hentry|h-entry|type-(?:post|page))(?=$|\s)")
_CONTENT = re.compile(
    r"(?:^|\s)(?:entry-content|e-content|post-content|wp-block-post-content|article-?body|post-body)(?=$|\s)"
)
_LIST = re.compile(r"(?:^|\s)(?:archive|blog|search-(?:no-)?results|error404)(?=$|\s)")
_SINGLE = re.compile(
    r"(?:^|\s)(?:single|singular|page|attachment|(?:postid|page-id|attachmentid)-\d+)(?=$|\s)"
)


def is_list(density: TextDensity) -> bool:
    """Whether a page of WordPress lists posts, as a month, a category or a search does, and is none itself."""
    body = next((element for element in density.elements if element.tag == "body"), None)
    classes = (body.node.attributes.get("class") or "").lower() if body is not None else ""
    return bool(_LIST.search(classes)) and not _SINGLE.search(classes)


def find_marked_post(density: TextDensity, post_id: int | None) -> tuple[Element, Element] | None:
    """The element of the page's one post and that of its text, None where the markup does not tell.

    Of several posts, as a page shows related ones, the one with the page's own id is taken.
    """
    posts: list[Element] = []
    contents: list[Element] = []
    own = re.compile(rf"(?:^|\s)post-{post_id}(?=$|\s)") if post_id else None
    root: Element | None = None
    for element in density.elements:
        # A query of block themes lists its posts in `li`.
        if not element.words or element.tag in ("body", "li") or element.is_aside or element.is_unseen:
            continue
        if own is not None and root is None and own.search(element.words):
            root = element
        if _POST.search(element.words) and not (posts and density.contains(posts[-1].number, element.number)):
            posts.append(element)
        elif _CONTENT.search(element.words):
            contents.append(element)
    if root is None and len(posts) == 1:
        root = posts[0]
    if root is not None:
        inside = (one for one in contents if density.contains(root.number, one.number))
        return root, next(inside, root)
    if posts or len(contents) != 1:
        return None
    # Block themes give the post no element of its own.
    main = next((one for one in density.ancestors(contents[0].number) if one.tag == "main"), contents[0])
    return main, contents[0]


def find_headline(density: TextDensity, root: Element) -> int:
    """The first headline of a post, -1 where it has none."""
    headings = [one for one in density.list_descendants(root.number) if one.tag in HEADING_TAGS]
    first = next((one for one in headings if one.tag == "h1"), None) or next(iter(headings), None)
    return first.number if first is not None else -1
