"""A web page read as an article: its own pictures, completed by what its head says."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from assets import markup, text, urls
from assets.model import Document, ImageReference, Page, Reading, Role


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page's head announces."""

    canonical: str = ""
    api_root: str = ""
    rest_record: str = ""
    feeds: tuple[str, ...] = ()
    og_image: str = ""
    generator: str = ""
    is_wordpress: bool = False


def page_links(html: str | bytes, url: str, content_type: str = "") -> PageLinks:
    """What a page's head announces, addresses made absolute."""
    tree = LexborHTMLParser(html)

    def link(selector: str, attribute: str = "href") -> str:
        node = tree.css_first(selector)
        return urls.absolute((node.attributes.get(attribute) or "") if node is not None else "", url)

    raw = html if isinstance(html, bytes) else html.encode()
    return PageLinks(
        canonical=link("link[rel=canonical]"),
        api_root=link("link[rel='https://api.w.org/']"),
        rest_record=link("link[rel=alternate][type='application/json']"),
        og_image=link("meta[property='og:image']", "content"),
        is_wordpress=b"/wp-content/" in raw or b"/wp-includes/" in raw,
    )


def read_article(document: Document, base_url: str = "") -> Reading:
    """The page and its pictures."""
    tree = LexborHTMLParser(document.body)
    links = page_links(document.body, document.url, document.content_type)
    url = document.url or links.canonical
    root = (
        tree.css_first("[itemprop=articleBody]")
        or tree.css_first("article")
        or tree.css_first("main")
        or tree.body
    )
    found = list(markup.read_node(root, url)) if root is not None else []
    if links.og_image:
        found.insert(0, ImageReference(links.og_image, role=Role.FEATURED))
    title = tree.css_first("title")
    page = Page(document.source, url, urls.site_of(url), title=text.clean(title.text()) if title else "")
    return Reading(page, tuple(found))
