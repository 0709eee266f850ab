"""Addresses as a browser reads them: made absolute, compared, and told apart by site.

Parsing is the WHATWG URL standard's (https://url.spec.whatwg.org/) by ada-url, because pages are written for
browsers: tabs and line ends inside an address vanish, a backslash is a slash, `2130706433` is 127.0.0.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlencode

import ada_url

WEB_SCHEMES = frozenset({"http:", "https:"})

# A longer address is an error in a page, not a picture: browsers and servers stop far earlier.
MAX_ADDRESS_CHARACTERS = 8192

_WITH_USER = re.compile(r"(?i)\s*https?:[/\\]*[^/\\?#]*@")

# Every address that is under way is asked for its parts several times.
ADDRESSES_REMEMBERED = 1024


class Url(NamedTuple):
    """An http or https address without its fragment and its parts, named as the standard names them."""

    href: str
    origin: str
    protocol: str
    username: str
    password: str
    host: str
    hostname: str
    port: str
    pathname: str
    search: str


@lru_cache(ADDRESSES_REMEMBERED)
def parse(address: str, base: str = "") -> Url | None:
    """The parsed http or https address without its fragment, or None where there is none."""
    url = _parse_url(address, base)
    return None if url is None else Url(*(getattr(url, name) for name in Url._fields))


def _parse_url(address: str, base: str) -> ada_url.URL | None:
    if not address or len(address) > MAX_ADDRESS_CHARACTERS:
        return None
    try:
        url = ada_url.URL(address, base) if base else ada_url.URL(address)
    except (ValueError, UnicodeError):
        return None
    if url.protocol not in WEB_SCHEMES or not url.hostname:
        return None
    if "#" in address:
        url.hash = ""
    return url


def strip_user(url: Url) -> str:
    """The address without user name and password."""
    if not url.username and not url.password:
        return url.href
    bare = ada_url.URL(url.href)
    bare.username = bare.password = ""
    return str(bare.href)


def make_absolute(address: str, base: str = "") -> str:
    """The absolute http or https address, or `""` where it is none.

    >>> make_absolute(" ../a b.jpg#top", "https://News.example:443/uk/story/")
    'https://news.example/uk/a%20b.jpg'
    >>> make_absolute("data:image/gif;base64,R0lGOD", "https://news.example/")
    ''
    """
    url = _parse_url(address, base)
    return str(url.href) if url is not None else ""


def identity(address: str) -> str:
    """A key equal for two spellings of one address: scheme and percent-encoding aside.

    Sites link the same file as http and https, and write names encoded or plain.

    >>> identity("http://news.example/a%C3%BC.jpg") == identity("https://news.example/aü.jpg")
    True
    """
    url = parse(address)
    if url is None:
        return address
    return f"//{url.host}{unquote(url.pathname)}{url.search}"


def host_of(address: str) -> str:
    """The host, with its port where that is not the scheme's own; `""` where there is none.

    >>> host_of("https://WWW.News.example:8443/a")
    'www.news.example:8443'
    """
    url = parse(address)
    return url.host if url is not None else ""


def site_of(address: str) -> str:
    """The site's name as a desk would say it: the host without a leading `www.`.

    >>> site_of("https://www.news.example/uk/1/")
    'news.example'
    """
    return host_of(address).removeprefix("www.")


def origin_of(address: str) -> str:
    """Scheme, host and port, the unit robots.txt and credentials belong to; `""` where there is none.

    >>> origin_of("https://news.example:443/a/b?c")
    'https://news.example'
    """
    url = parse(address)
    return url.origin if url is not None else ""


def path_of(address: str) -> str:
    """The path alone, percent-decoded.

    >>> path_of("https://news.example/a/%C3%BC.jpg?w=300")
    '/a/ü.jpg'
    """
    url = parse(address)
    return unquote(url.pathname) if url is not None else ""


def with_query(address: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The address with parameters added, joined by `&` where it already holds a query.

    >>> with_query("https://news.example/?rest_route=/wp/v2/posts", [("page", "2")])
    'https://news.example/?rest_route=/wp/v2/posts&page=2'
    """
    query = urlencode(list(parameters))
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{query}"


def strip_query(address: str) -> str:
    """The address as it may stand in a log: in plain characters, without user and query, where secrets lie.

    >>> strip_query("https://user:pass@news.example/a\x1b.jpg?key=secret")
    'https://news.example/a%1B.jpg'
    """
    url = parse(address)
    return f"{url.origin}{url.pathname}" if url is not None else ""


def has_password(text: str) -> bool:
    """Whether an address has a user name or a password in it, however else it is broken.

    >>> has_password("https://ada:secret@news.example/"), has_password("https://news.example/@ada")
    (True, False)
    """
    return _WITH_USER.match(text) is not None


def is_web_address(text: str) -> bool:
    """Whether a command-line argument is a web address rather than a file.

    >>> is_web_address("https://news.example/"), is_web_address("pictures/")
    (True, False)
    """
    return text[:8].lower().startswith(("http://", "https://"))
