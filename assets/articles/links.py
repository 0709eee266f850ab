"""Where the links of a page lead: to the page itself and its pictures, to an author, to something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from assets.articles.text_density import TextDensity
from assets.parsing import urls

# More authors than any story has, and the lengths of their names; a longer text speaks of something else.
MAX_LINKED_AUTHORS = 10
_MIN_NAME_BYTES, _MAX_NAME_BYTES = 5, 60

_AUTHOR = re.compile(
    r"(?i)/(?:authors?|autor(?:en|es)?|auteurs?|profiles?|people|staff|users?|by|contributors?)/"
)
_ATTACHMENT = re.compile(r"[?&]attachment_id=|/attachment/")
_PICTURE_PATH = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|tiff?|bmp)$")


class Lead(StrEnum):
    """Where a link leads."""

    NOWHERE = "nowhere"
    AUTHOR = "author"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Place:
    """The page's own address, the base of its relative ones, and the names of its authors."""

    page_url: str
    base_url: str
    authors: tuple[str, ...] = ()

    def lead(self, href: str) -> Lead:
        """Where a link of the page leads; to a picture, to an attachment or a part of the page is nowhere else."""
        address = urls.make_absolute(href, self.base_url)
        path = urls.path_of(address)
        if not address or _PICTURE_PATH.search(path) or _ATTACHMENT.search(address):
            return Lead.NOWHERE
        own, target = _strip_address(self.page_url), _strip_address(address)
        if own.count("/") > 2 and (own == target or target.startswith(f"{own}/")):
            return Lead.NOWHERE
        return Lead.AUTHOR if _AUTHOR.search(path) else Lead.ELSEWHERE

    def is_other_site(self, href: str) -> bool:
        """Whether a link leads to another site; subdomains are one site."""
        here = urls.site_of(self.page_url or self.base_url).split(".")[-2:]
        return urls.site_of(urls.make_absolute(href, self.base_url)).split(".")[-2:] != here


def _strip_address(address: str) -> str:
    return urls.identity(address).partition("?")[0].rstrip("/")


def list_linked_authors(density: TextDensity) -> Iterator[str]:
    """The names of the authors to whose pages a page links."""
    for element in density.elements:
        is_name = element.href and _MIN_NAME_BYTES <= element.text <= _MAX_NAME_BYTES
        if is_name and (_AUTHOR.search(element.href) or element.node.attributes.get("rel") == "author"):
            yield element.node.text()
