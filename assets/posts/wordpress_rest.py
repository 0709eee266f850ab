"""WordPress REST objects told apart, and the fields that sites send in more than one form.

Facts are from the REST API handbook and what sites send: PHP writes an empty map as `[]`, plugins turn ids
into texts, older versions and `_fields` leave keys out, `title` is an object in the API, a text in dumps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from assets.model import Failure, Reason, Stage
from assets.parsing import text, urls
from assets.parsing.values import as_list, as_map


class ItemKind(StrEnum):
    """What a REST object is to us."""

    POST = "post"
    MEDIA = "media item"
    INDEX = "site index"
    ERROR = "error"
    OTHER = "other"


# Post types that are parts of the site's machinery: nobody reads them as a page.
MACHINERY = frozenset(
    {
        "comment",
        "custom_css",
        "customize_changeset",
        "nav_menu_item",
        "oembed_cache",
        "revision",
        "user_request",
        "wp_block",
        "wp_font_face",
        "wp_font_family",
        "wp_global_styles",
        "wp_navigation",
        "wp_template",
        "wp_template_part",
    }
)

# Only objects of a WordPress post have one of these; `title` and `content` alone stand in any JSON.
_POST_MARKS = frozenset(
    {"featured_media", "date_gmt", "modified_gmt", "comment_status", "_links", "_embedded"}
)
_POST_PARTS = ("content", "title", "featured_media", "excerpt")
_NOT_A_POST = ("author_name", "avatar_urls", "taxonomy", "subtype", "rest_base")

_ROOT_SUFFIX = re.compile(r"(?:index\.php/)?wp-json/?$|(?:index\.php)?\?rest_route=/?$")
_REST_ROUTE = re.compile(r"^([^?#]*\?)(?:[^#]*&)?rest_route=(?:/|%2[Ff])")
_NAMESPACE = re.compile(r"^([^?#]*?/)wp/v2/(sites/[^/?#]+/)?")
_PREFIX = re.compile(r"^([^?#]*?/wp-json/)")
_HOME = re.compile(r"^([^?#]*/)\?(?:p|page_id|post_type|attachment_id)=")

_REASONS = {
    401: Reason.UNAUTHORIZED,
    403: Reason.FORBIDDEN,
    404: Reason.GONE,
    410: Reason.GONE,
    429: Reason.RATE_LIMITED,
}


def kind_of(item: object) -> ItemKind:
    """What a parsed REST object is.

    >>> kind_of({"id": 7, "title": {"rendered": "Kim"}, "featured_media": 0})
    <ItemKind.POST: 'post'>
    >>> kind_of({"code": "rest_forbidden", "message": "No.", "data": {"status": 401}})
    <ItemKind.ERROR: 'error'>
    """
    if not isinstance(item, Mapping):
        return ItemKind.OTHER
    if _is_error(item):
        return ItemKind.ERROR
    if isinstance(item.get("namespaces"), list) and ("routes" in item or "name" in item):
        return ItemKind.INDEX
    if _is_media(item):
        return ItemKind.MEDIA
    return ItemKind.POST if _is_post(item) else ItemKind.OTHER


def is_wordpress(item: object) -> bool:
    """Whether an object is from a WordPress API at all, such as a user or a category."""
    if kind_of(item) is not ItemKind.OTHER:
        return True
    marks = ("_links", "avatar_urls", "taxonomy")
    return isinstance(item, Mapping) and any(mark in item for mark in marks)


def _is_error(item: Mapping[str, object]) -> bool:
    if not isinstance(item.get("code"), str) or not isinstance(item.get("message"), str) or "id" in item:
        return False
    return "data" in item and (not item["data"] or "status" in as_map(item["data"]))


def _is_media(item: Mapping[str, object]) -> bool:
    if item.get("type") == "attachment":
        return True
    described = any(key in item for key in ("media_type", "mime_type", "media_details", "alt_text"))
    return described and "source_url" in item


def _is_post(item: Mapping[str, object]) -> bool:
    kind = item.get("type")
    if (isinstance(kind, str) and kind in MACHINERY) or any(key in item for key in _NOT_A_POST):
        return False
    if not any(part in item for part in _POST_PARTS):
        return False
    rendered = any("rendered" in as_map(item.get(key)) for key in ("content", "title", "guid"))
    return rendered or any(mark in item for mark in _POST_MARKS)


def markup_of(value: object) -> str:
    """The HTML of a field that comes as `{"rendered": …}`, as `{"raw": …}` or as a text.

    >>> markup_of({"rendered": "<p>a</p>", "raw": "a"}), markup_of("a"), markup_of([])
    ('<p>a</p>', 'a', '')
    """
    if isinstance(value, Mapping):
        value = value.get("rendered", value.get("raw"))
    return value if isinstance(value, str) else ""


def text_of(value: object) -> str:
    """The plain text of such a field.

    >>> text_of({"rendered": "Kim&#8217;s <i>visit</i>"})
    'Kim’s visit'
    """
    return text.from_markup(markup_of(value))


def links(item: Mapping[str, object], *relations: str) -> list[str]:
    """The addresses of an object's `_links` under the first relation that has any."""
    table = as_map(item.get("_links"))
    for relation in relations:
        found = [as_map(link).get("href") for link in as_list(table.get(relation))]
        addresses = [urls.make_absolute(href) for href in found if isinstance(href, str)]
        if any(addresses):
            return [address for address in addresses if address]
    return []


def api_root_of(item: Mapping[str, object]) -> str:
    """The API root of the site that sent an object, by its own links; `""` where they do not tell.

    >>> api_root_of({"_links": {"self": [{"href": "https://news.example/uk/wp-json/wp/v2/posts/7"}]}})
    'https://news.example/uk/wp-json/'
    """
    for relation in ("self", "collection", "about", "author", "wp:attachment"):
        for address in links(item, relation):
            root = root_of_address(address)
            if root:
                return root
    return ""


def root_of_address(address: str) -> str:
    """The API root that the address of a REST record lies under.

    >>> root_of_address("https://news.example/?rest_route=/wp/v2/posts/7")
    'https://news.example/?rest_route=/'
    >>> root_of_address("https://news.example/index.php/wp-json/wp/v2/posts/7")
    'https://news.example/index.php/wp-json/'
    """
    routed = _REST_ROUTE.match(address)
    if routed is not None:
        return f"{routed.group(1)}rest_route=/"
    spaced = _NAMESPACE.match(address)
    if spaced is not None:
        # WordPress.com answers for all its sites under one host: /wp/v2/sites/<id>/posts.
        return spaced.group() if spaced.group(2) else spaced.group(1)
    prefixed = _PREFIX.match(address)
    return prefixed.group(1) if prefixed is not None else ""


def home_of(api_root: str) -> str:
    """The site's home by its API root, `""` when the root has an unusual form.

    >>> home_of("https://news.example/uk/wp-json/"), home_of("https://news.example/index.php?rest_route=/")
    ('https://news.example/uk/', 'https://news.example/')
    """
    home, count = _ROOT_SUFFIX.subn("", api_root)
    return home if count else ""


def site_key(api_root: str) -> str:
    """What a WordPress site is known by, whichever of its API's addresses it announces; `""` for no root.

    Plain permalinks move the root from `/wp-json/` to `?rest_route=/`, and a certificate from http to https.

    >>> site_key("https://news.example/uk/wp-json/") == site_key("http://news.example/uk/index.php?rest_route=/")
    True
    """
    return urls.identity(home_of(api_root) or api_root) if api_root else ""


def media_record(item: Mapping[str, object], media_id: int) -> str:
    """The address of a media item's REST record, from the root of the post that uses it; `""` if unknown."""
    root = api_root_of(item)
    if "/wp/v2/sites/" in root:
        return f"{root}media/{media_id}"
    home = "" if root else _home_of(item)
    return f"{root or home + 'wp-json/'}wp/v2/media/{media_id}" if root or home else ""


def _home_of(item: Mapping[str, object]) -> str:
    """The site's home as far as a post without `_links` tells it: `guid` names it unless it was imported."""
    link = urls.make_absolute(str(item.get("link") or ""))
    named = _HOME.match(urls.make_absolute(markup_of(item.get("guid"))))
    if named is not None and link and urls.host_of(named.group(1)) == urls.host_of(link):
        return urls.make_absolute(urls.path_of(named.group(1)), link)
    origin = urls.origin_of(link)
    return f"{origin}/" if origin else ""


def error_failure(item: Mapping[str, object], address: str, status: int | None = None) -> Failure:
    """The failure that a REST error object tells, or that the HTTP status tells without one.

    >>> error_failure({"code": "rest_forbidden", "message": "No.", "data": {"status": 401}}, "a.json").reason
    <Reason.UNAUTHORIZED: 'unauthorized'>
    """
    told = as_map(item.get("data")).get("status")
    status = told if isinstance(told, int) else status
    parts = [text.clean(str(item.get("code") or "")), text.from_markup(item.get("message"))]
    detail = ": ".join(part for part in parts if part) or (f"HTTP {status}" if status else "")
    return Failure(Stage.DISCOVER, reason_of_status(status), address, detail)


def reason_of_status(status: int | None) -> Reason:
    """Why a REST record did not come, by its status.

    >>> reason_of_status(404), reason_of_status(503), reason_of_status(None)
    (<Reason.GONE: 'gone'>, <Reason.SERVER_ERROR: 'server error'>, <Reason.BAD_RESPONSE: 'bad response'>)
    """
    if status in _REASONS:
        return _REASONS[status]
    if status is not None and status >= 500:
        return Reason.SERVER_ERROR
    return Reason.CLIENT_ERROR if status is not None and status >= 400 else Reason.BAD_RESPONSE
