"""What is no picture a desk wants: tracking pixels, emoji, avatars, icons, logos, buttons, placeholders, ads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from assets import urls

# Buttons and icons are smaller, the smallest pictures in old posts larger.
MIN_SIDE_PIXELS = 33

# A picture shown this large is what the page is about, whatever its name says.
PHOTO_SIDE_PIXELS = 400

# Kinds of files that are drawn, never photographed.
_DRAWINGS = (".svg", ".svgz", ".ico")


class Furniture(StrEnum):
    """Why a picture is left out."""

    TRACKER = "tracker"
    EMOJI = "emoji"
    AVATAR = "avatar"
    ICON = "icon"
    LOGO = "logo"
    BUTTON = "button"
    PLACEHOLDER = "placeholder"
    AD = "ad"


_HOSTS: tuple[tuple[re.Pattern[str], Furniture], ...] = (
    (
        re.compile(
            r"(?:^|\.)(?:pixel\.wp\.com|stats\.wp\.com|scorecardresearch\.com|google-analytics\.com|facebook\.com"
            r"|quantserve\.com|feedsportal\.com|feeds\.wordpress\.com|vg\d\d\.met\.vgwort\.de|vgwort\.de|ioam\.de"
            r"|assoc-amazon\.\w+|amazon-adsystem\.com|ir-\w\w\.amazon-adsystem\.com|xiti\.com|chartbeat\.net|pixel\.\w+\.\w+)$"
        ),
        Furniture.TRACKER,
    ),
    (
        re.compile(
            r"(?:^|\.)(?:doubleclick\.net|googlesyndication\.com|adnxs\.com|taboola\.com|outbrain\.com)$"
        ),
        Furniture.AD,
    ),
    (re.compile(r"(?:^|\.)gravatar\.com$"), Furniture.AVATAR),
)
_PATHS: tuple[tuple[re.Pattern[str], Furniture], ...] = (
    (re.compile(r"(?i)/images/core/emoji/|twemoji|/emoji/|/smilies?/|/smiley"), Furniture.EMOJI),
    (
        re.compile(
            r"(?i)/~(?:[rfa]|ff)/|(?:^|[/_-])(?:pixel|beacon|count(?:er)?|track(?:ing|er)?)\.(?:gif|png|php)$|/b\.gif$"
        ),
        Furniture.TRACKER,
    ),
    (
        re.compile(
            r"(?i)(?:^|[/_-])(?:spinner|loader|loading|blank|spacer|transparent|placeholder|lazy|1x1|clear|grey|dummy)(?:[_-]\w+)?\.(?:gif|png|jpe?g|webp)$"
        ),
        Furniture.PLACEHOLDER,
    ),
    (re.compile(r"(?i)\.svgz?$|/favicon|(?:^|[/_-])icons?(?:[/_.-]|$)|\.ico$"), Furniture.ICON),
    (re.compile(r"(?i)(?:^|[/_-])avatars?(?:[/_.-]|$)"), Furniture.AVATAR),
    (re.compile(r"(?i)(?:^|[/_-])logos?(?:[/_.-]|$)"), Furniture.LOGO),
    (
        re.compile(
            r"(?i)(?:^|/)(?:share|tweet|facebook|twitter|whatsapp|pinterest|email|print|rss|donate|subscribe)(?:[_-]\w+)?\.(?:png|gif|jpe?g|webp)$|/addtoany/|/sharedaddy/"
        ),
        Furniture.BUTTON,
    ),
)
_CLASSES: tuple[tuple[re.Pattern[str], Furniture], ...] = (
    (re.compile(r"(?i)(?:^|\s)(?:emoji|wp-smiley|smiley)(?:$|\s)"), Furniture.EMOJI),
    (
        re.compile(
            r"(?i)avatar|gravatar|author[-_]?(?:image|photo|img|pic|thumb|bio|box)|byline[-_]?(?:image|photo|img)|profile[-_]?(?:pic|image|photo)"
        ),
        Furniture.AVATAR,
    ),
    (re.compile(r"(?i)(?:^|[\s_-])(?:icon|ico)(?:$|[\s_-])"), Furniture.ICON),
    (re.compile(r"(?i)(?:^|[\s_-])logo(?:$|[\s_-])"), Furniture.LOGO),
    (
        re.compile(r"(?i)(?:^|[\s_-])(?:share|sharing|social|addtoany|sharedaddy|sociable)(?:$|[\s_-])"),
        Furniture.BUTTON,
    ),
    (
        re.compile(
            r"(?i)(?:^|[\s_-])(?:advert(?:isement|ising)?|adsbygoogle|ad[-_](?:slot|unit|banner)|sponsor(?:ed)?)(?:$|[\s_-])"
        ),
        Furniture.AD,
    ),
)


def furniture(
    address: str, attributes: Mapping[str, str | None], classes: str = "", *, captioned: bool = False
) -> Furniture | None:
    """Why a picture is furniture, None when a desk may want it.

    `classes` are the class words and ids of the element and its nearest ancestors. A picture with a caption is
    not judged by words in its name: news photos show logos and icons too.

    >>> furniture("https://pixel.wp.com/g.gif?blog=1", {})
    <Furniture.TRACKER: 'tracker'>
    >>> furniture("https://news.example/logo-ceremony.jpg", {"width": "1000"}) is None
    True
    """
    url = urls.parse(address)
    if url is None:
        return Furniture.PLACEHOLDER
    for pattern, reason in _HOSTS:
        if pattern.search(url.hostname):
            return reason
    sides = [
        size
        for size in (declared(attributes.get("width")), declared(attributes.get("height")))
        if size is not None
    ]
    if sides and max(sides) <= 3:
        return Furniture.TRACKER
    by_path = _by_path(urls.path_of(address), max(sides, default=0), captioned=captioned)
    if by_path is not None or captioned:
        return by_path
    by_class = next((reason for pattern, reason in _CLASSES if pattern.search(classes)), None)
    return by_class or (Furniture.ICON if sides and max(sides) < MIN_SIDE_PIXELS else None)


def _by_path(path: str, side: int, *, captioned: bool) -> Furniture | None:
    for pattern, reason in _PATHS:
        if not pattern.search(path):
            continue
        if reason is Furniture.LOGO and side >= PHOTO_SIDE_PIXELS:
            continue
        if not captioned or path.lower().endswith(_DRAWINGS):
            return reason
    return None


def declared(value: str | None) -> int | None:
    """A declared size in pixels, None for none, for percents and for nonsense.

    >>> declared("640px"), declared("100%"), declared("0"), declared("1000")
    (640, None, None, 1000)
    """
    found = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*", value or "")
    return int(found.group(1)) or None if found is not None else None


def is_furniture_address(address: str) -> bool:
    """Whether an address alone tells that it is no picture a desk wants."""
    return furniture(address, {}) is not None
