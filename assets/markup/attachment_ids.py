"""The attachment id that WordPress writes into classes, believed only where it can be the site's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assets.markup.variants import origin_address
from assets.parsing import urls

# MySQL's largest id; a longer number is something else.
MAX_ID_DIGITS = 18

_ID_CLASS = re.compile(r"(?:^|\s)(?:wp-image-|attachment-|attachment_)([0-9]+)(?=\s|$)")
_ID_NAME = re.compile(r"attachment[_-]([0-9]+)")
_UPLOADS = re.compile(r"/(?:wp-content/(?:uploads|blogs\.dir)|app/uploads|files)/")
# A site's own hosts for static files.
_OWN_HOST = re.compile(r"^(?:cdn|static|media|images?|img|assets|files|uploads|content)[0-9]*\.")


def media_id(
    attributes: Mapping[str, str | None], holder_id: str, addresses: Iterable[str], base_url: str
) -> int | None:
    """The attachment id of a picture in its site's media library, None where none is told or believable.

    Republished markup keeps the ids of the site it was written for: the picture must lie among the uploads of the
    site that shows it.

    >>> told = {"class": "wp-image-12"}
    >>> media_id(told, "", ["https://a.example/wp-content/uploads/k.jpg"], "https://a.example/1/")
    12
    >>> media_id(told, "", ["https://a.example/wp-content/uploads/k.jpg"], "https://b.example/1/") is None
    True
    """
    in_class = _ID_CLASS.search(attributes.get("class") or "")
    in_name = _ID_NAME.fullmatch(holder_id)
    given = (
        in_class.group(1) if in_class else "",
        attributes.get("data-attachment-id") or "",
        attributes.get("data-id") or "",
        in_name.group(1) if in_name else "",
    )
    number = next(
        (one for one in given if one.isascii() and one.isdigit() and len(one) <= MAX_ID_DIGITS), "0"
    )
    is_own = int(number) > 0 and any(_is_own_upload(address, base_url) for address in addresses)
    return int(number) if is_own else None


def _is_own_upload(address: str, base_url: str) -> bool:
    """Whether a file lies among the uploads of the site that a page belongs to."""
    origin = origin_address(address)
    ours, theirs = urls.site_of(base_url), urls.site_of(origin)
    if ours and theirs == ours.replace(".wordpress.com", ".files.wordpress.com") != ours:
        return True
    if not ours or ours not in (theirs, _OWN_HOST.sub("", theirs)):
        return False
    path = urls.path_of(origin)
    found = _UPLOADS.search(path)
    # In a network of sites the folder before the uploads is another site's.
    return found is not None and urls.path_of(base_url).startswith(path[: found.start()] + "/")
