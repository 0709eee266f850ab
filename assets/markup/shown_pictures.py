"""Pictures that elements other than `img` show: backgrounds, posters of videos, thumbnails that a script paints.

A background is as often decoration as a photograph. An editor's cover, or an element that says it is a picture, shows
one; of any other element only what has the name of a photograph's file and fills a box counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from selectolax.lexbor import LexborNode

from assets.markup.image_urls import is_picture_path, picture_address
from assets.parsing import urls

# An element of more attributes was made to keep us busy.
MAX_ATTRIBUTES = 100

# A longer style is data that slipped in; reading it would take too long.
MAX_STYLE_CHARACTERS = 5_000

PICTURE_TAGS = frozenset({"img", "amp-img"})

# Elements that a site's own script makes pictures of: `lazy-image`, `a-img`, `brick-image-v3`.
_CUSTOM_PICTURE = re.compile(r"(?:[a-z0-9]+-)*(?:img|image|picture|photo)(?:-(?:v?[0-9]+|lazy|element))?")
_SOURCES = ("src", "data-src", "srcset", "data-srcset")

_VIDEOS = frozenset({"video", "amp-video"})
# What shows itself, belongs to what does, or is the page as a whole or a control of it.
_NEVER = frozenset(
    {
        "img",
        "amp-img",
        "picture",
        "source",
        "html",
        "body",
        "nav",
        "footer",
        "button",
        "input",
        "i",
        "svg",
        "iframe",
    }
)

# Behind text and in tables stand bullets, quotation marks and lines.
_TEXTS = frozenset(
    "blockquote caption dd dl dt em h1 h2 h3 h4 h5 h6 label ol p pre strong table tbody td th tr ul".split()
)

# Quoted and bracketed parts are taken whole: an address may hold a semicolon.
_BACKGROUND = re.compile(
    r"""(?i)(?:^|;)\s*(?:background(?:-image)?|--[\w-]*(?:bg|background|image|img|photo)[\w-]*)\s*:"""
    r"""((?:[^;"'(]|"[^"]*"|'[^']*'|\((?:[^"'()]|"[^"]*"|'[^']*'|\([^()]*\))*\))*)"""
)
_URL = re.compile(r"""(?i)url\(\s*(?:"([^"]*)"|'([^']*)'|([^"'()\s]*))\s*\)""")
_REPEATED = re.compile(r"(?i)(?:^|[;\s])background(?:-repeat)?\s*:[^;]*?(?<![\w-])repeat(?:-[xy])?(?![\w-])")
_STYLED_SIDE = re.compile(
    r"(?i)(?:^|;)\s*(width|height)\s*:\s*([0-9]{1,5})(?:\.[0-9]*)?(?:px|(?=\s*(?:;|!|$)))"
)
# A box kept open by its padding has no height of its own.
_KEPT_OPEN = re.compile(r"(?i)padding(?:-top|-bottom)?\s*:")

# Attributes from which a script paints the background.
_PAINTED = re.compile(
    r"data-(?:(?:lazy-)?(?:bg|background|backgroundimage)(?:-?(?:image|img|src|url))?|lazy-?bg|set-?bg|bg-?lazy|image-src"
    r"|(?:vc-)?parallax-(?:image|src)|hero-image|cover-image|thumbnail|poster)"
)
_PICTURE_CLASS = re.compile(
    r"(?:^|\s)(?:wp-block-cover|wp-block-cover-image|wp-block-cover__image-background|wp-block-media-text__media"
    r"|e-gallery-image|elementor-gallery-item__image|wp-image-[0-9]+)(?=\s|$)"
)

# Short names of what decorates, and folders of themes and plugins, whose files are nobody's photographs.
MAX_NAME_WORDS = 3
_DECORATION_NAME = re.compile(
    r"(?i)(?:^|[\W_])(?:bg|back(?:ground|drop)s?|textures?|patterns?|sprites?|overlay|gradient|noise|divider|separator"
    r"|ornaments?|stripes?|bullets?|check(?:-?mark)?|ticks?|icons?|ico|fallback|default|placeholder)(?=$|[\W_]|[0-9])"
)
_THEME_PATH = re.compile(r"(?i)/(?:themes|plugins|mu-plugins|wp-includes|wp-admin)/")


def shown_addresses(tag: str, attributes: Mapping[str, str | None]) -> tuple[str, ...]:
    """The addresses, as they stand there, at which an element that is no `img` shows one picture.

    >>> shown_addresses("div", {"style": "background: url(/k.jpg) center"}), shown_addresses("video", {"poster": "/v"})
    (('/k.jpg',), ('/v',))
    """
    if not attributes or tag in _NEVER or picture_tag(tag, attributes) in PICTURE_TAGS:
        return ()
    if tag in _VIDEOS:
        given = (attributes.get(name) or "" for name in ("data-poster", "poster"))
        return tuple(value for value in given if _is_address(value))
    if tag == "a" and (enlarged := _read_enlarged(attributes)):
        return (enlarged,)
    found = list(_list_backgrounds(attributes))
    if not found or is_picture_element(attributes):
        return tuple(found)
    if tag in _TEXTS or _REPEATED.search(attributes.get("style") or ""):
        return ()
    return tuple(one for one in found if _is_photograph(one))


def picture_tag(tag: str, attributes: Mapping[str, str | None]) -> str:
    """The name of an element, `img` for one that a site's own script makes a picture of.

    >>> picture_tag("lazy-image", {"data-src": "/k.jpg"}), picture_tag("lazy-image", {}), picture_tag("p", {})
    ('img', 'lazy-image', 'p')
    """
    if "-" not in tag or tag in PICTURE_TAGS or not _CUSTOM_PICTURE.fullmatch(tag):
        return tag
    return "img" if any(attributes.get(name) for name in _SOURCES) else tag


def stated_address(attributes: Mapping[str, str | None]) -> str:
    """The address of the picture that an element says it holds (`itemid` of an `ImageObject`), `""` for none.

    A script fills the element; where it holds an image already, that one tells more.

    >>> stated_address({"itemtype": "https://schema.org/ImageObject", "itemid": "/k.jpg"})
    '/k.jpg'
    """
    address = (attributes.get("itemid") or "").strip() if "itemid" in attributes else ""
    is_picture = (attributes.get("itemtype") or "").strip().endswith("/ImageObject")
    return address if is_picture and _is_address(address) and _names_file(address) else ""


def hide_picture(node: LexborNode) -> None:
    """Take a picture out of the tree: the element where it is an image, else what it shows its picture by."""
    is_stated = bool(stated_address(node.attributes))
    if not is_stated and not shown_addresses(node.tag or "", node.attributes):
        node.decompose()
        return
    told = ("poster", "style", "itemid", "data-image")
    for name in [name for name in node.attributes if name in told or _PAINTED.fullmatch(name)]:
        del node.attrs[name]


def is_picture_element(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element says that it is a picture, by its role or as WordPress's own blocks do."""
    return attributes.get("role") == "img" or bool(_PICTURE_CLASS.search(attributes.get("class") or ""))


def read_styled_size(style: str) -> tuple[int | None, int | None]:
    """Width and height of the box that a style gives a background, None where it gives none in pixels.

    >>> read_styled_size("height: 430.5px; width: 100%"), read_styled_size("min-height:20px")
    ((None, 430), (None, None))
    """
    told = {found.group(1).lower(): int(found.group(2)) for found in _STYLED_SIDE.finditer(style)}
    return told.get("width"), told.get("height")


def is_kept_open(style: str) -> bool:
    """Whether an element without a height has room for its background all the same.

    >>> is_kept_open("height: 0; padding-bottom: 56%"), is_kept_open("height: 0")
    (True, False)
    """
    return _KEPT_OPEN.search(style) is not None


def _read_enlarged(attributes: Mapping[str, str | None]) -> str:
    """The picture that a script paints into a link to the same picture, `""` for another link."""
    given = [attributes.get(name) or "" for name in ("data-image", "href")]
    if not all(_is_address(address) for address in given):
        return ""
    shown, linked = (picture_address(urls.make_absolute(one, "https://a.invalid/")) for one in given)
    return given[0] if shown is not None and linked is not None and shown.key == linked.key else ""


def _list_backgrounds(attributes: Mapping[str, str | None]) -> Iterator[str]:
    """The addresses of an element's background: those from which scripts paint it, then that of its style."""
    for name, value in islice(attributes.items(), MAX_ATTRIBUTES):
        if value and name.startswith("data-") and _PAINTED.fullmatch(name):
            told = list(_list_urls(value)) if "url(" in value.lower() else [value.strip()]
            yield from (one for one in told[:1] if _is_address(one))
    style = attributes.get("style") or ""
    if "url(" in style.lower() and len(style) <= MAX_STYLE_CHARACTERS:
        layers = (one for found in _BACKGROUND.finditer(style) for one in _list_urls(found.group(1)))
        # Of several layers the first lies on top; gradients over a picture have no address.
        yield from islice(layers, 1)


def _list_urls(value: str) -> Iterator[str]:
    for found in _URL.finditer(value):
        address = next((part for part in found.groups() if part), "").strip()
        if _is_address(address):
            yield address


def _is_address(value: str) -> bool:
    """Whether a text may be the address of a picture's file, and not the picture itself or a colour."""
    value = value.strip()
    if not value or any(letter in value for letter in "{}<>\n"):
        return False
    return not value.lower().startswith(("data:", "#", "blob:", "javascript:", "linear-", "radial-"))


def _names_file(address: str) -> bool:
    return is_picture_path(urls.path_of(urls.make_absolute(address, "https://a.invalid/")))


def _is_photograph(address: str) -> bool:
    """Whether an address has the name of a picture that somebody took."""
    path = urls.path_of(urls.make_absolute(address, "https://a.invalid/"))
    name = path.rpartition("/")[2].rpartition(".")[0]
    is_named = len(re.findall(r"[^\W_]+", name)) <= MAX_NAME_WORDS and _DECORATION_NAME.search(name)
    return is_picture_path(path) and not is_named and not _THEME_PATH.search(path)
