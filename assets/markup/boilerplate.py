"""What is no picture a desk wants: trackers, emoji, avatars, icons, logos, buttons, placeholders, ads.

Three witnesses are heard: the address, the declared size, and the words in the classes and ids of the element
and its nearest ancestors. A large picture, or one with a caption of its own, is not judged by words: news photos
show logos and icons too. Drawings (SVG) are icons and logos as a rule, charts and maps now and then: those that an
editor gave a place of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assets.markup.image_urls import picture_address
from assets.parsing import urls

# Buttons and icons come up to 32 pixels, the smallest photos of old posts are larger.
MIN_SIDE_PIXELS = 33

# Counting pixels are 1 pixel wide, some 2 or 3.
MAX_TRACKER_PIXELS = 3

# A logo, an avatar or a button is rarely shown larger.
LARGE_SIDE_PIXELS = 400

# Icons are drawn at up to so many pixels, even those that accompany a paragraph each.
MAX_DRAWN_ICON_PIXELS = 128

# `brand-logo-white.png` names a logo, `new-club-logo-unveiled-at-city-hall.jpg` what a photo shows.
MAX_NAME_WORDS = 3


class BoilerplateKind(StrEnum):
    """Why a picture is left out."""

    PLACEHOLDER = "placeholder"
    TRACKER = "tracker"
    EMOJI = "emoji"
    AVATAR = "avatar"
    ICON = "icon"
    LOGO = "logo"
    BUTTON = "button"
    AD = "ad"


@dataclass(frozen=True, slots=True)
class ImageContext:
    """What stands around a picture in the markup.

    `words` are the classes and ids of the element itself, `outer_words` those of its nearest ancestors.
    `is_captioned` says that a caption belongs to this picture alone, `is_content` that an editor put it into
    the text, as WordPress's own classes tell, and `is_placed` that it stands in a figure or in a field of its own.
    """

    words: str = ""
    outer_words: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None
    is_captioned: bool = False
    is_content: bool = False
    is_placed: bool = False


_TRACKER_HOSTS = re.compile(
    r"(?:^|\.)(?:pixel\.wp\.com|stats\.(?:wp|wordpress)\.com|feeds\.wordpress\.com|scorecardresearch\.com"
    r"|google-analytics\.com|googletagmanager\.com|quantserve\.com|feedsportal\.com|imrworldwide\.com"
    r"|vgwort\.de|ioam\.de|ivwbox\.de|xiti\.com|chartbeat\.net|statcounter\.com|histats\.com|yadro\.ru"
    r"|mc\.yandex\.ru|(?:top|counter)[\w-]*\.(?:mail|rambler)\.ru|hotlog\.ru|bigmir\.net|a8\.net"
    r"|analytics\.twitter\.com|bat\.bing\.com|track\.hubspot\.com|everesttech\.net|demdex\.net|omtrdc\.net"
    r"|2o7\.net|opecloud\.com|counter\.theconversation\.(?:com|edu\.au)|assoc-amazon\.[\w.]+|yieldoptimizer\.com)$"
)
_AD_HOSTS = re.compile(
    r"(?:^|\.)(?:doubleclick\.net|googlesyndication\.com|googleadservices\.com|adnxs\.com|taboola\.com"
    r"|outbrain\.com|outbrainimg\.com|adform\.net|rubiconproject\.com|pubmatic\.com|revcontent\.com|mgid\.com"
    r"|amazon-adsystem\.com|awin1\.com|zanox\.com|tradedoubler\.com|linksynergy\.com|shareasale\.com"
    r"|adroll\.com|criteo\.(?:com|net))$"
    r"|^(?:ad|ads|adserver|adn|adx|adv)[0-9]*\."
)
_AVATAR_HOSTS = re.compile(r"(?:^|\.)(?:gravatar\.com|graph\.facebook\.com|unavatar\.io)$")
_EMOJI_HOSTS = re.compile(r"(?:^|\.)(?:twemoji\.maxcdn\.com|emoji\.slack-edge\.com)$")
_TELLING_HOSTS = (
    (_TRACKER_HOSTS, BoilerplateKind.TRACKER),
    (_AD_HOSTS, BoilerplateKind.AD),
    (_AVATAR_HOSTS, BoilerplateKind.AVATAR),
    (_EMOJI_HOSTS, BoilerplateKind.EMOJI),
)

# Looked for in host, path and query together: they tell whatever stands around the picture.
_TELLING_ADDRESSES = (
    (
        re.compile(
            r"(?i)/images/core/emoji/|twemoji|/emoji/|/emoji\.php|/smil(?:ies|eys?)/"
            r"|^[^?]*/icon_(?:smile|biggrin|sad|surprised|eek|confused|cool|lol|mad|razz|redface|cry|evil|twisted|rolleyes"
            r"|wink|exclaim|question|idea|arrow|neutral|mrgreen)\.gif(?:\?|$)"
        ),
        BoilerplateKind.EMOJI,
    ),
    (
        re.compile(
            r"(?i)^(?:feeds?|rss)[\w.-]*/~[a-z]{1,2}/|facebook\.com/tr(?:$|[/?])|republication-pixel=|/_/stat\b"
            r"|^[^?]*/(?:piwik|matomo)\.php|^[^?]*/(?:b|g|pixel|beacon|count(?:er)?|track(?:er|ing)?|1px|t)\.(?:gif|php)"
            r"(?:\?|$)|^[^?]*/(?:pixel|beacon|counter)\.png(?:\?|$)"
            r"|^(?:pixel|track(?:er|ing)?|count(?:er)?|beacon|metrics|stats)[0-9]*\."
            r"(?![^?]*\.(?:jpe?g|png|webp|avif)(?:\?|$))"
        ),
        BoilerplateKind.TRACKER,
    ),
    (
        re.compile(
            r"(?i)^[^?]*/(?:img|image|bg|photo)?[_-]?(?:spinner|loader|loading|blank|spacer|trans(?:parent)?|clear(?:dot)?"
            r"|lazy(?:load)?|grey|gray|dummy|empty|pixel|1x1)(?:[_.-](?:image|img|trans|gr[ae]y|white|bg|[0-9x]+))*"
            r"\.(?:gif|png|webp|svg)(?:\?|$)"
            r"|^[^?]*[/_.-](?:place-?holder|ajax-loader|pre-?loader|lazy-?load(?:er|ing)?|1x1|spinner|missing-image)"
            r"(?:[_.-]\w+){0,3}\.(?:gif|png|jpe?g|webp|svg)(?:\?|$)"
            r"|^[^?]*(?:/(?:spinners?|loaders?|placeholders?)/|[/_-]load(?:er|ing)?\.gif(?:\?|$))"
        ),
        BoilerplateKind.PLACEHOLDER,
    ),
    (
        re.compile(
            r"(?i)^[^?]*\.(?:ico|cur)(?:\?|$)|/favicon|/apple-touch-icon"
            # Drawings of the theme and of its plugins, icons by the folder, and sheets of icons.
            r"|^[^?]*/(?:wp-content/(?:themes|plugins|mu-plugins)/|wp-includes/|(?:[\w-]*[_-])?(?:icons?|sprites?|fonts?)/)"
            r"[^?]*\.svgz?(?:\?|$)|^[^?]*sprite[^/?]*\.svgz?(?:\?|$)"
        ),
        BoilerplateKind.ICON,
    ),
    (re.compile(r"(?i)^[^?]*(?:/avatars?/|/(?:default|no|user|blank)[_-]?avatar)"), BoilerplateKind.AVATAR),
)

_DRAWING = re.compile(r"(?i)\.svgz?$")

# Sizes in which advertisements are sold, and hardly any photo is shown.
_AD_SIZES = frozenset(
    {
        (728, 90),
        (970, 90),
        (970, 250),
        (468, 60),
        (234, 60),
        (320, 50),
        (320, 100),
        (160, 600),
        (120, 600),
        (300, 600),
    }
)

# Names of files whose picture is neither large nor captioned.
_BUTTON_NAME = re.compile(
    r"(?i)(?:(?:share|tweet|follow|like|social|icon|btn|button)[_-]?(?:(?:on|this|us|it|with)[_-]?)?)?"
    r"(?:facebook|fb|twitter|tweet|whatsapp|telegram|pinterest|linkedin|instagram|youtube|reddit|flipboard|tumblr"
    r"|digg|stumbleupon|delicious|google-?(?:plus|news)?|gplus|vk|viber|xing|line|email|e-?mail|mail|print|printer"
    r"|pdf|rss|feed|share|donate|subscribe|paypal)"
    r"(?:[_-]?(?:icon|button|btn|share|logo|white|black|color|small|[0-9x]+))*"
)
_ICON_NAME = re.compile(
    r"(?i)(?:^|[_-])(?:icon|ico|arrow|bullet|chevron|button|btn|quote-?mark)s?[0-9]*(?:[_-]|$)"
)
_LOGO_NAME = re.compile(r"(?i)(?:^|[\W_])logo(?:type|s)?[0-9]*(?=$|[\W_])|^\w{0,12}logo$")
_LOGO_ALT = re.compile(r"(?i)(?:[\w.&'’-]+\s){0,4}logo|logo\b.{0,60}")
_PORTRAIT_ALT = re.compile(
    r"(?i)(?:headshot|avatar|(?:profile|author) (?:picture|photo|image))\b|.{1,60} mugshot$"
)


# What stands on many pages to be scanned, signed or paid for.
_PROMPT_NAME = re.compile(
    r"(?i)(?:^|[_-])(?:qr(?:-?code)?|paywall|newsletter|subscribe|(?:ad|content)-?blocker|app-?store|google-?play)"
    r"(?=$|[_-])"
)
_PROMPT_ALT = re.compile(
    r"(?i)(?:[\w.&'’-]+\s){0,2}(?:qr[ -]?codes?|paywall|(?:ad|content)[ -]?blocker|newsletter|app store|google play)"
)


def _compile_class_pattern(words: str) -> re.Pattern[str]:
    """Any of the words as a whole part of a class or id, as `share` is in `post-share__item`."""
    return re.compile(rf"(?i)(?:^|[\s_-])(?:{words})(?=$|[\s_-])")


# Words of the element itself or of what it stands in.
_TELLING_WORDS = (
    (_compile_class_pattern(r"emoji|twemoji|wp-smiley|smiley"), BoilerplateKind.EMOJI),
    (
        _compile_class_pattern(
            r"avatars?|gravatar|userpic|headshot|authorbox|(?:about|guest|post|entry)-author|molongui.*|saboxplugin.*"
            r"|author[_-]*(?:img|image|photo|pic|picture|thumb|box|bio|info|card)|pp-multiple-authors.*"
            r"|(?:bio|byline|profile|author|columnist|contributor)[_-]*(?:img|image|photo|pic|picture)"
        ),
        BoilerplateKind.AVATAR,
    ),
    (
        _compile_class_pattern(
            r"addtoany.*|sharedaddy|sociable|share(?:this|bar|s)?|sharing|shariff|social(?:[_-]\w+|icons?|links?|media|share|bar)?|heateor.*"
            r"|ssba.*|essb.*|swp_.*|dpsp.*|a2a_\w+|st-btn"
        ),
        BoilerplateKind.BUTTON,
    ),
    (_compile_class_pattern(r"logo|logotype|logos|site-?branding"), BoilerplateKind.LOGO),
    (
        _compile_class_pattern(
            r"advert(?:s|isement|isements|ising|orial)?|adsbygoogle|ads?|ad-?(?:slot|unit|box|spot|zone|banner)"
            r"|sponsor(?:ed|s)?|dfp|taboola|outbrain|newsletter(?:-\w+)?|paywall"
        ),
        BoilerplateKind.AD,
    ),
)
# Words that tell of the element itself alone: a photo may stand in a button that enlarges it.
_OWN_WORDS = (
    (_compile_class_pattern(r"icons?|ico|favicon|bullet-point|spinner|arrow|flag"), BoilerplateKind.ICON),
    (_compile_class_pattern(r"buttons?|btn"), BoilerplateKind.BUTTON),
    (_compile_class_pattern(r"logoimg|brand"), BoilerplateKind.LOGO),
)


def is_furniture_address(address: str) -> bool:
    """Whether an address alone tells that no desk wants the picture.

    >>> is_furniture_address("https://pixel.wp.com/g.gif?blog=1"), is_furniture_address("https://a.example/logo.jpg")
    (True, False)
    """
    reason = address_reason(address)
    return (reason or (_by_name(address, ImageContext()) if is_drawing(address) else None)) is not None


def is_drawing(address: str) -> bool:
    """Whether an address has the name of a drawing.

    >>> is_drawing("https://a.example/map.svg?v=2"), is_drawing("https://a.example/map.png")
    (True, False)
    """
    return _DRAWING.search(urls.path_of(address)) is not None


def address_reason(address: str) -> BoilerplateKind | None:
    """Why the picture at an address is furniture, None when its surroundings have to tell.

    >>> address_reason("https://s.w.org/images/core/emoji/15/72x72/1f600.png")
    <BoilerplateKind.EMOJI: 'emoji'>
    """
    url = urls.parse(address)
    if url is None:
        return BoilerplateKind.PLACEHOLDER
    for pattern, reason in _TELLING_HOSTS:
        if pattern.search(url.hostname):
            return reason
    told = f"{url.hostname}{url.pathname}{url.search}"
    return next((reason for pattern, reason in _TELLING_ADDRESSES if pattern.search(told)), None)


def furniture(address: str, context: ImageContext | None = None) -> BoilerplateKind | None:
    """Why a picture is furniture, None when a desk may want it.

    >>> furniture("https://a.example/site-logo.png")
    <BoilerplateKind.LOGO: 'logo'>
    >>> furniture("https://a.example/site-logo.png", ImageContext(width=1000, height=600)) is None
    True
    """
    context = context or ImageContext()
    if reason := address_reason(address):
        return reason
    if is_drawing(address):
        return _judge_drawing(address, context)
    if reason := _by_size(address, context):
        return reason
    if context.is_captioned:
        return None
    if (context.width, context.height) in _AD_SIZES:
        return BoilerplateKind.AD
    reason = _by_words(context)
    if max(_sides(address, context), default=0) >= LARGE_SIDE_PIXELS:
        # Banners are large too.
        return reason if reason is BoilerplateKind.AD else None
    if reason is None and not context.is_content:
        return _by_name(address, context)
    return reason


def _judge_drawing(address: str, context: ImageContext) -> BoilerplateKind | None:
    """Why a drawing is furniture: without a place of its own it is, unless it is large."""
    # WordPress declares 1 x 1 for drawings, whose size it does not know.
    longest = max((side for side in _sides(address, context) if side > 1), default=0)
    if 0 < longest < MIN_SIDE_PIXELS:
        return BoilerplateKind.ICON
    named = _by_name(address, context)
    if named in (BoilerplateKind.ICON, BoilerplateKind.BUTTON):
        return named
    if context.is_captioned:
        return None
    if reason := _by_words(context) or named:
        return reason
    if 0 < longest <= MAX_DRAWN_ICON_PIXELS:
        return BoilerplateKind.ICON
    is_shown_as_picture = context.is_content or context.is_placed or longest >= LARGE_SIDE_PIXELS
    return None if is_shown_as_picture else BoilerplateKind.ICON


def _by_size(address: str, context: ImageContext) -> BoilerplateKind | None:
    """Judged by the declared size, else by the size in the address."""
    sides = _sides(address, context)
    if len(sides) == 2 and max(sides) <= MAX_TRACKER_PIXELS:
        return BoilerplateKind.TRACKER
    return BoilerplateKind.ICON if sides and max(sides) < MIN_SIDE_PIXELS else None


def _sides(address: str, context: ImageContext) -> list[int]:
    """The declared width and height as far as they are known, else those that the address names."""
    sides = [side for side in (context.width, context.height) if side is not None]
    if sides:
        return sides
    found = picture_address(address)
    return [side for side in (found.width, found.height) if side is not None] if found is not None else []


def _by_words(context: ImageContext) -> BoilerplateKind | None:
    words = f"{context.words} {context.outer_words}"
    if reason := next((reason for pattern, reason in _TELLING_WORDS if pattern.search(words)), None):
        return reason
    return next((reason for pattern, reason in _OWN_WORDS if pattern.search(context.words)), None)


def _by_name(address: str, context: ImageContext) -> BoilerplateKind | None:
    """Judged by the name of the file: short names of logos, and drawn formats named as buttons and icons."""
    if _PORTRAIT_ALT.match(context.alt):
        return BoilerplateKind.AVATAR
    if _LOGO_ALT.fullmatch(context.alt):
        return BoilerplateKind.LOGO
    stem, _, ending = urls.path_of(address).rpartition("/")[2].rpartition(".")
    if _PROMPT_ALT.fullmatch(context.alt):
        return BoilerplateKind.AD
    if len(re.findall(r"[^\W_]+", stem)) > MAX_NAME_WORDS:
        return None
    if _PROMPT_NAME.search(stem):
        return BoilerplateKind.AD
    if _LOGO_NAME.search(stem):
        return BoilerplateKind.LOGO
    if ending.lower() in ("jpg", "jpeg"):
        return None
    if _BUTTON_NAME.fullmatch(stem):
        return BoilerplateKind.BUTTON
    return BoilerplateKind.ICON if _ICON_NAME.search(stem) else None


def parse_declared_size(value: str | None) -> int | None:
    """A declared size in pixels, None for none, for shares of the page and for nonsense.

    >>> [parse_declared_size(one) for one in ("640px", "100%", "0", "1000.5")]
    [640, None, None, 1000]
    """
    found = re.fullmatch(r"\s*0*([1-9][0-9]{0,4})(?:\.[0-9]*)?\s*(?:[Pp][Xx])?\s*;?\s*", value or "")
    return int(found.group(1)) if found is not None else None
