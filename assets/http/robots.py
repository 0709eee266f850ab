"""What a site asks of robots: its robots.txt (RFC 9309) and the X-Robots-Tag of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from protego import Protego

# What forbids keeping a picture; `noindex` is about search results, not about the picture.
_FORBIDS_IMAGES = frozenset({"noimageindex", "noai", "noimageai", "none"})

# Directives that are written `name: value` themselves, and so do not name a robot.
_VALUED_DIRECTIVES = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})

# Not the hour of a date, which has a colon behind it too.
_ROBOT_NAME = re.compile(r"[a-z_][a-z0-9._-]*|\*")

_CLIENT_ERRORS = range(400, 500)
_SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one robots.txt."""

    _rules: Protego

    ALLOW_ALL: ClassVar[Robots]
    DISALLOW_ALL: ClassVar[Robots]

    @classmethod
    def parse(cls, body: str) -> Self:
        """The rules that a robots.txt holds; lines that make no sense are passed over.

        >>> rules = Robots.parse("User-agent: *\\nDisallow: /private/\\nAllow: /private/press/")
        >>> rules.allows("https://news.example/private/press/a.jpg", "Photodesk/1.0")
        True
        >>> rules.allows("https://news.example/private/a.jpg", "Photodesk/1.0")
        False
        """
        return cls(Protego.parse(body.removeprefix("\ufeff")))

    def allows(self, url: str, user_agent: str) -> bool:
        """Whether that robot may ask for the address."""
        return bool(self._rules.can_fetch(url, product_token(user_agent)))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of sitemaps that it names, for every robot, as they stand.

        >>> Robots.parse("Sitemap: https://news.example/map.xml\\nUser-agent: *\\nDisallow: /a/").sitemaps
        ('https://news.example/map.xml',)
        """
        return tuple(self._rules.sitemaps)

    def crawl_delay(self, user_agent: str) -> float | None:
        """The seconds that robot is asked to leave between requests, None when it is not."""
        delay = self._rules.crawl_delay(product_token(user_agent))
        return None if delay is None else float(delay)


Robots.ALLOW_ALL = Robots.parse("")
Robots.DISALLOW_ALL = Robots.parse("User-agent: *\nDisallow: /")


def product_token(user_agent: str) -> str:
    """The name by which robots.txt knows a robot: its User-Agent up to the first slash or space.

    The rest may hold words that a group for another robot would match.

    >>> product_token("Photodesk/1.0 (+https://github.com/x)")
    'photodesk'
    """
    return user_agent.split("/")[0].split(" ")[0].lower()


def rules_for_status(status: int) -> Robots | None:
    """The rules that an HTTP status stands for without looking at the body; None when the body counts.

    A robots.txt that is not there allows everything, one that the server fails to give forbids everything
    (RFC 9309, 2.3.1.3 and 2.3.1.4).

    >>> rules_for_status(404) is Robots.ALLOW_ALL, rules_for_status(503) is Robots.DISALLOW_ALL
    (True, True)
    """
    if status in _CLIENT_ERRORS:
        return Robots.ALLOW_ALL
    if status in _SERVER_ERRORS:
        return Robots.DISALLOW_ALL
    return None


def forbids_images(header_values: Iterable[str], user_agent: str) -> str:
    """The directive of an X-Robots-Tag that forbids that robot to keep the picture, `""` when none does.

    >>> forbids_images(["googlebot: noindex", "noarchive, NoAI"], "Photodesk/1.0")
    'noai'
    >>> forbids_images(["otherbot: noimageindex", "unavailable_after: 25 Jun 2030 15:00:00 PST"], "Photodesk")
    ''
    """
    token = product_token(user_agent)
    for value in header_values:
        # A robot's name holds for the rest of its line, or until the next name where lines were folded.
        robot = ""
        for part in value.lower().split(","):
            name, colon, rest = (piece.strip() for piece in part.partition(":"))
            if colon and name not in _VALUED_DIRECTIVES and _ROBOT_NAME.fullmatch(name):
                robot, name = name, rest
            if robot in ("", "*", token) and name in _FORBIDS_IMAGES:
                return name
    return ""
